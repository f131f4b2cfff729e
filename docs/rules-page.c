/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-page FILE: copies the POD text in FILE to standard output, with the
 * tables of the library in place of the lines @changes@, @framing@, @loaders@
 * and @evidence@.  So the page says what the program does.
 *
 * rules-page --rows: a line for each row that must be there, "TABLE RECORD ID
 * FIELD", for the test that counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/infer.h"
#include "verdict/check.h"
#include "rules/descriptor.h"
#include "rules/words.h"

/* Text with what POD would take for its own left alone. */
static void put(const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("E<lt>", stdout);
        else if (*text == '>')
            fputs("E<gt>", stdout);
        else
            putchar(*text);
    }
}

/* A sentence that begins in lower case. */
static void put_sentence(const char *text)
{
    char first[2] = { text_capital(text), '\0' };

    put(first);
    put(text + 1);
    putchar('.');
}

static void put_set(const struct since *from, const struct since *until)
{
    struct domctx_releases set = set_between(from, until);
    char text[400];

    set_text(&set, text, sizeof(text));
    put(text);
}

static const struct domctx_message *message_of(enum msg_id id)
{
    return domctx_message_at((size_t)id);
}

static void put_releases(const struct rule *rule)
{
    struct domctx_releases set = rule_releases(rule);
    char text[400];

    set_text(&set, text, sizeof(text));
    put(text);
}

/* "LAPIC tdt_msr", "CPU_MSR: MSR 0x48 SPEC_CTRL". */
static void put_subject(const struct rule *rule)
{
    char key[RULE_TEXT_ROOM];

    rule_key_text(rule, key, sizeof(key));
    put(rule_record_text(rule));
    if (*key) {
        put(": ");
        put(key);
    } else if (rule->field) {
        putchar(' ');
        put(rule->field);
    }
}

/* -- what changed --------------------------------------------------------- */

static const char *direction_words(const struct rule *rule)
{
    static const char *const words[] = {
        [RULE_UP] = "Upwards", [RULE_DOWN] = "Downwards",
        [RULE_LOAD] = "Both ways",
    };

    return words[rule->direction];
}

static const char *action_words(enum rule_action action)
{
    static const char *const words[] = {
        [RULE_KEEP] = "keep", [RULE_GROW] = "grow", [RULE_INFER] = "infer",
        [RULE_SHRINK] = "shrink", [RULE_DROP] = "drop", [RULE_SET] = "set",
        [RULE_REPAIR] = "repair", [RULE_REFUSE] = "refuse",
    };

    return words[action];
}

/* Rows that are about one change stand side by side in the table. */
static bool same_change(const struct rule *a, const struct rule *b)
{
    struct domctx_releases of_a = rule_releases(a), of_b = rule_releases(b);

    return a->typecode == b->typecode && a->key == b->key &&
           set_same(&of_a, &of_b) &&
           strcmp(a->source, b->source) == 0 &&
           strcmp(a->field ? a->field : "", b->field ? b->field : "") == 0;
}

/* Rows that say the same of one field after the other. */
static bool same_but_field(const struct rule *a, const struct rule *b)
{
    struct domctx_releases of_a = rule_releases(a), of_b = rule_releases(b);

    return a->typecode == b->typecode && a->id == b->id && a->field &&
           b->field && a->direction == b->direction &&
           a->action == b->action && set_same(&of_a, &of_b) &&
           a->mask == b->mask && a->cond.test == b->cond.test &&
           a->cond.named == b->cond.named &&
           (a->typecode == CODE_CPU || a->key == b->key) &&
           strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->source, b->source) == 0;
}

static void put_head(const struct rule *rule)
{
    const struct rule *end = rules_change + n_rules_change;

    fputs("=item ", stdout);
    put_subject(rule);
    while (++rule < end && same_but_field(rule, rule - 1))
        printf(", %s", rule->field);
    rule--;
    fputs("\n\nIn ", stdout);
    put_releases(rule);
    fputs(" (", stdout);
    put(rule->source);
    fputs(").\n\n", stdout);
}

static void put_change(const struct rule *rule)
{
    const struct domctx_message *message =
        rule->id == RULE_SILENT ? NULL : message_of(rule->id);

    char condition[RULE_TEXT_ROOM];

    rule_condition_text(rule, condition, sizeof(condition));
    printf("%s: %s", direction_words(rule), action_words(rule->action));
    if (*condition && !(rule->key && rule->typecode == CODE_CPU_XSAVE)) {
        put(rule->action == RULE_SHRINK || rule->action == RULE_DROP
                ? ", lost where the value is" : ", where the value is");
        put(condition);
    }
    fputs(". ", stdout);
    put_sentence(rule->reason);
    if (message)
        printf(" B<%s>, %s.", message->id,
               domctx_severity_name(message->severity));
    puts("\n");
}

static void put_changes(void)
{
    puts("=over 4\n");
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (i > 0 && same_but_field(rule, rule - 1))
            continue;
        if (i == 0 || !same_change(rule, rule - 1))
            put_head(rule);
        put_change(rule);
    }
    puts("=back");
}

/* -- what a loader looks at ----------------------------------------------- */

/* "Refused, EINVAL", "Crashes the domain" ... */
static void put_outcome(const struct rule_outcome *outcome)
{
    const char *word = domctx_outcome_name(outcome->verdict);

    if (*word)
        printf("%c%s", *word - 'a' + 'A', word + 1);
    else
        fputs("Loads", stdout);
    if (outcome->error)
        printf(", %s", error_name(outcome->error));
}

static void put_log(const struct rule_outcome *outcome)
{
    if (!outcome->log)
        return;
    fputs(" In the log: ", stdout);
    put(outcome->log);
    put(rule_logs[outcome->logged].words);
    putchar('.');
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether two rows differ in their fields alone. */
static bool is_alike(const struct rule *a, const struct rule *b)
{
    struct domctx_releases of_a = rule_releases(a), of_b = rule_releases(b);
    char cond_a[RULE_TEXT_ROOM], cond_b[RULE_TEXT_ROOM];

    return a->typecode == b->typecode && a->id == b->id && a->field &&
           b->field && a->key == b->key && a->vendor == b->vendor &&
           a->cond.named == b->cond.named &&
           a->outcome.verdict == b->outcome.verdict &&
           a->outcome.error == b->outcome.error &&
           a->outcome.logged == b->outcome.logged &&
           same_text(a->outcome.log, b->outcome.log) &&
           same_text(a->reason, b->reason) &&
           same_text(a->source, b->source) && set_same(&of_a, &of_b) &&
           same_text(rule_condition_text(a, cond_a, sizeof(cond_a)),
                     rule_condition_text(b, cond_b, sizeof(cond_b)));
}

static bool is_put(size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_alike(&rules_load[k], &rules_load[i]))
            return true;
    return false;
}

/* ": C<< cr4 >> above ...", with the fields of the rows that are alike. */
static void put_fields(size_t i)
{
    const struct rule *rule = &rules_load[i];
    char key[RULE_TEXT_ROOM], condition[RULE_TEXT_ROOM];
    const char *lead = ": ";

    if (!rule->field)
        return;
    for (size_t k = i; k < n_rules_load; k++) {
        if (k != i && !is_alike(rule, &rules_load[k]))
            continue;
        printf("%sC<< %s >>", lead, rules_load[k].field);
        lead = ", ";
    }
    rule_key_text(rule, key, sizeof(key));
    if (*key)
        printf(" of %s", key);
    put(rule_condition_text(rule, condition, sizeof(condition)));
}

static void put_check(size_t i)
{
    const struct rule *rule = &rules_load[i];

    put_outcome(&rule->outcome);
    if (rule->vendor != DOMCTX_VENDOR_UNKNOWN)
        printf(", on %s", rule->vendor == DOMCTX_VENDOR_AMD ? "AMD"
                                                            : "Intel");
    fputs(", in ", stdout);
    put_releases(rule);
    put_fields(i);
    fputs(". ", stdout);
    put_sentence(rule->reason);
    put_log(&rule->outcome);
    fputs(" (", stdout);
    put(rule->source);
    puts(")\n");
}

/* All rows of the record with the id of row i, which is the first. */
static void put_item(size_t i)
{
    const struct rule *rule = &rules_load[i];

    printf("=item B<%s>\n\n", message_of(rule->id)->id);
    for (size_t k = i; k < n_rules_load; k++)
        if (rules_load[k].id == rule->id &&
            rules_load[k].typecode == rule->typecode && !is_put(k))
            put_check(k);
}

static bool is_first_of_id(size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (rules_load[k].id == rules_load[i].id &&
            rules_load[k].typecode == rules_load[i].typecode)
            return false;
    return true;
}

static void put_loaders(void)
{
    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule *rule = &rules_load[i];

        if (i == 0 || rule[-1].typecode != rule->typecode)
            printf("%s=head2 %s\n\n=over 4\n\n", i ? "=back\n\n" : "",
                   rule_record_text(rule));
        if (is_first_of_id(i))
            put_item(i);
    }
    puts("=back");
}

/* -- framing -------------------------------------------------------------- */

static void put_frame(const struct frame_row *row)
{
    if (row == frame_rows || row[-1].id != row->id)
        printf("=item B<%s>\n\n", message_of(row->id)->id);
    put_outcome(&row->outcome);
    fputs(", in ", stdout);
    put_set(&row->since, &row->until);
    fputs(". ", stdout);
    put_sentence(row->reason);
    put_log(&row->outcome);
    puts("\n");
}

/* One record's line of the lengths. */
static void put_length(const struct frame_length *length)
{
    static const struct since open;

    printf("=item %s\n\n", cat_record(length->typecode)->name);
    printf("%s", error_name(length->error));
    if (length->checked.points[0].series != CAT_EVER) {
        printf(", ENODATA in ");
        put_set(&length->checked, &open);
    }
    if (length->extends.points[0].series != CAT_EVER) {
        printf("; a shorter one is filled with zeros in ");
        put_set(&length->extends, &open);
    }
    puts(".\n");
}

static void put_framing(void)
{
    puts("=over 4\n");
    for (size_t i = 0; i < FRAME_COUNT; i++)
        put_frame(&frame_rows[i]);
    puts("=back\n\n=head2 The errors of a wrong length\n\n=over 4\n");
    for (size_t i = 0; i < n_frame_lengths; i++)
        put_length(&frame_lengths[i]);
    puts("=back\n\n=head2 The order\n\n=over 4\n");
    for (size_t i = 0; i < n_frame_orders; i++) {
        printf("=item %s behind %s\n\n",
               cat_record(frame_orders[i].code)->name,
               cat_record(frame_orders[i].later)->name);
        put_sentence(frame_orders[i].reason);
        puts("\n");
    }
    puts("=back");
}

/* -- evidence ------------------------------------------------------------- */

static void put_evidence(void)
{
    puts("=over 4\n");
    puts("=item B<length>\n\nThe length of a record, by the layouts that "
         "each release had.\n");
    puts("=item B<load-cr4>, B<load-efer>, B<load-xsave-component>, "
         "B<load-xsave-features>, B<load-msr-unknown>\n\n"
         "A value that no guest of a release has, by what its loader "
         "refuses.\n");
    for (size_t i = 0; i < evidence_count; i++) {
        const struct evidence *row = &evidence_table[i];

        printf("=item B<%s>%s\n\n", row->id, row->hint ? " (hint)" : "");
        put_sentence(row->what);
        fputs(" Saved by ", stdout);
        put_set(&row->from, &row->until);
        puts(".\n");
    }
    puts("=back");
}

/* -- the page ------------------------------------------------------------- */

static const struct {
    const char *line;
    void (*put)(void);
} tables[] = {
    { "@changes@\n", put_changes },
    { "@evidence@\n", put_evidence },
    { "@framing@\n", put_framing },
    { "@loaders@\n", put_loaders },
};

static void put_line(const char *line)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (strcmp(line, tables[i].line) == 0) {
            tables[i].put();
            return;
        }
    }
    fputs(line, stdout);
}

static void list_rows(const char *table, const struct rule *rules,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s %s %s %s\n", table, rule_record_text(&rules[i]),
               rules[i].id == RULE_SILENT ? "-" : message_of(rules[i].id)->id,
               rules[i].field ? rules[i].field : "-");
}

static int list(void)
{
    list_rows("change", rules_change, n_rules_change);
    list_rows("load", rules_load, n_rules_load);
    for (size_t i = 0; i < FRAME_COUNT; i++)
        printf("frame - %s -\n", message_of(frame_rows[i].id)->id);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    bool rows = argc == 2 && strcmp(argv[1], "--rows") == 0;
    FILE *in = rows ? NULL : argc == 2 ? fopen(argv[1], "r") : NULL;
    char line[512];

    if (rows)
        return list();
    if (!in) {
        fprintf(stderr, "rules-page: %s: %s\n", argc == 2 ? argv[1] : "",
                argc == 2 ? strerror(errno) : "one file is wanted");
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof(line), in))
        put_line(line);
    if (ferror(in) || fclose(in) != 0 || fflush(stdout) != 0) {
        perror("rules-page");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
