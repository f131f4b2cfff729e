/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-page FILE: copies the POD text in FILE to standard output, with the
 * tables of the library in place of the lines @changes@, @loaders@ and
 * @evidence@.  So the page says what the program does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <infer.h>
#include <judge.h>

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
    char first[2] = { *text, '\0' };

    if (*first >= 'a' && *first <= 'z')
        first[0] = (char)(first[0] - 'a' + 'A');
    put(first);
    put(text + 1);
    putchar('.');
}

static void put_set(const struct since *from, const struct since *until)
{
    struct release_set set = set_between(from, until);
    char text[400];

    set_text(&set, text, sizeof(text));
    put(text);
}

static const struct domctx_message *message_of(enum msg_id id)
{
    return domctx_message_at((size_t)id);
}

static const char *record_of(const struct rule *rule)
{
    const struct cat_record *record = cat_record(rule->typecode);

    return record ? record->name : "any record";
}

/* "LAPIC tdt_msr", and the MSR or the components that it is about. */
static void put_subject(const struct rule *rule)
{
    put(record_of(rule));
    if (rule->field) {
        putchar(' ');
        put(rule->field);
    }
    if (rule->key)
        printf(" 0x%llx", (unsigned long long)rule->key);
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
    return a->typecode == b->typecode && a->key == b->key &&
           strcmp(a->source, b->source) == 0 &&
           strcmp(a->field ? a->field : "", b->field ? b->field : "") == 0;
}

static void put_change(const struct rule *rule)
{
    const struct domctx_message *message =
        rule->id == RULE_SILENT ? NULL : message_of(rule->id);

    printf("%s: %s. ", direction_words(rule), action_words(rule->action));
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

        if (i == 0 || !same_change(rule, rule - 1)) {
            fputs("=item ", stdout);
            put_subject(rule);
            fputs("\n\nIn ", stdout);
            put_set(&rule->since, &rule->until);
            fputs("; Xen ", stdout);
            put(rule->source);
            fputs(".\n\n", stdout);
        }
        put_change(rule);
    }
    puts("=back");
}

/* -- what a loader looks at ----------------------------------------------- */

/* "Refused, EINVAL", "Crashes the domain" ... */
static void put_outcome(const struct rule *rule)
{
    const char *outcome = domctx_outcome_name(rule->outcome.verdict);

    printf("%c%s", outcome[0] - 'a' + 'A', outcome + 1);
    if (rule->outcome.error)
        printf(", %s", error_name(rule->outcome.error));
    if (rule->vendor != DOMCTX_VENDOR_UNKNOWN)
        printf(", on %s", rule->vendor == DOMCTX_VENDOR_AMD ? "AMD"
                                                            : "Intel");
}

/* Which values of the field; what only a function knows is in the reason. */
static void put_condition(const struct rule_cond *cond)
{
    unsigned long long mask = cond->mask, operand = cond->operand;

    if (cond->test == RULE_ABOVE)
        printf(" above 0x%llx", operand);
    else if (cond->test == RULE_UNEQUAL && mask == UINT64_MAX)
        printf(" not %llu", operand);
    else if (cond->test == RULE_UNEQUAL && operand)
        printf(" without 0x%llx", operand);
    else if (cond->test == RULE_UNEQUAL && mask >> 63)
        printf(" with other bits than 0x%llx", ~mask);
    else if (cond->test == RULE_UNEQUAL)
        printf(" with bits of 0x%llx", mask);
    else if (cond->test == RULE_EQUAL && mask == UINT64_MAX)
        printf(" 0x%llx", operand);
    else if (cond->test == RULE_EQUAL && mask)
        printf(" & 0x%llx = 0x%llx", mask, operand);
}

static void put_check(const struct rule *rule)
{
    put_outcome(rule);
    fputs(", in ", stdout);
    put_set(&rule->since, &rule->until);
    if (rule->field) {
        fputs(": C<< ", stdout);
        fputs(rule->field, stdout);
        fputs(" >>", stdout);
        put_condition(&rule->cond);
    }
    fputs(". ", stdout);
    put_sentence(rule->reason);
    if (rule->outcome.log) {
        fputs(" In the log: ", stdout);
        put(rule->outcome.log);
        put(rule_logs[rule->outcome.logged].words);
        putchar('.');
    }
    fputs(" Xen ", stdout);
    put(rule->source);
    puts(".\n");
}

/* Whether a row says nothing that the one before it has not said. */
static bool said_before(const struct rule *rule, const struct rule *before)
{
    return rule->id == before->id && rule->outcome.verdict ==
                                         before->outcome.verdict &&
           strcmp(rule->reason, before->reason) == 0 &&
           strcmp(rule->source, before->source) == 0 &&
           memcmp(&rule->since, &before->since, sizeof(rule->since)) == 0;
}

static void put_loaders(void)
{
    const struct rule *before = NULL;

    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule *rule = &rules_load[i];

        if (!before || before->typecode != rule->typecode)
            printf("%s=head2 %s\n\n=over 4\n\n", before ? "=back\n\n" : "",
                   record_of(rule));
        if (!before || before->id != rule->id ||
            before->typecode != rule->typecode)
            printf("=item B<%s>\n\n", message_of(rule->id)->id);
        if (!before || !said_before(rule, before))
            put_check(rule);
        before = rule;
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
         "B<load-xsave-features>, B<load-msr-unknown>\n\nA value that no guest of a release has, by "
         "what its loader refuses.\n");
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

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    char line[512];

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
