/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tests/data/traceability.txt, both ways: each change between releases and
 * each failure that users met has a rule, evidence or message that exists, or
 * a paragraph in the manual that says that it cannot be seen; and each rule,
 * piece of evidence and paragraph is there for something.
 */
#include "support.h"

#include "verdict/infer.h"
#include "rules/rules.h"

/* Rows of compat-rules.json, entries of the failure catalogue. */
#define CHANGES 78
#define FAILURES 31

#define IDS_MAX 600

/* What traceability.txt says. */
static struct coverage {
    struct bytes text;
    const char *ids[IDS_MAX];
    const char *records[IDS_MAX], *sinces[IDS_MAX];  /* of a change; NULL */
    const char *record, *since;   /* of the line that is read */
    size_t count;
    bool changes[CHANGES + 1], failures[FAILURES + 1];
} coverage;

static void once(bool *seen, size_t size, unsigned long number)
{
    ck_assert_uint_ge(number, 1);
    ck_assert_uint_lt(number, size);
    ck_assert_msg(!seen[number], "number %lu is there twice", number);
    seen[number] = true;
}

/* The words before the colon, which end up cut at the blanks. */
static void read_head(char *head)
{
    char *rest, *kind = strtok_r(head, " ", &rest);
    char *number = strtok_r(NULL, " ", &rest);

    coverage.record = coverage.since = NULL;
    if (strcmp(kind, "change") == 0) {
        coverage.record = strtok_r(NULL, " ", &rest);
        coverage.since = strtok_r(NULL, " ", &rest);
    }

    ck_assert_ptr_nonnull(kind);
    if (strcmp(kind, "change") == 0 && number)
        once(coverage.changes, CHANGES + 1, strtoul(number, NULL, 10));
    else if (strcmp(kind, "failure") == 0 && number)
        once(coverage.failures, FAILURES + 1, strtoul(number, NULL, 10));
    else
        ck_assert_str_eq(kind, "more");
}

static void read_line(char *line)
{
    char *ids = strchr(line, ':'), *rest;

    if (*line == '#' || *line == '\0')
        return;
    ck_assert_msg(ids != NULL, "no colon in: %s", line);
    *ids++ = '\0';
    read_head(line);
    ids = strtok_r(ids, " ", &rest);
    ck_assert_msg(ids != NULL, "nothing covers: %s", line);
    for (; ids; ids = strtok_r(NULL, " ", &rest)) {
        ck_assert_uint_lt(coverage.count, IDS_MAX);
        coverage.records[coverage.count] = coverage.record;
        coverage.sinces[coverage.count] = coverage.since;
        coverage.ids[coverage.count++] = ids;
    }
}

static void setup(void)
{
    char *rest, *line;

    load_sample(&coverage.text, "traceability.txt");
    put_raw(&coverage.text, "", 1);
    for (line = strtok_r((char *)coverage.text.p, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        read_line(line);
}

static void teardown(void)
{
    bytes_free(&coverage.text);
    memset(&coverage, 0, sizeof(coverage));
}

static bool is_covered(const char *id)
{
    for (size_t i = 0; i < coverage.count; i++)
        if (strcmp(coverage.ids[i], id) == 0)
            return true;
    return false;
}

static bool is_evidence(const char *id)
{
    for (size_t i = 0; i < evidence_count; i++)
        if (strcmp(evidence_table[i].id, id) == 0)
            return true;
    return false;
}

static bool is_message(const char *id)
{
    const struct domctx_message *message;

    for (size_t i = 0; (message = domctx_message_at(i)); i++)
        if (strcmp(message->id, id) == 0)
            return true;
    return false;
}

#define UNSEEN "unseen:"

/* The paragraphs on what cannot be seen. */
static char *paragraphs(struct bytes *page)
{
    char *begin;

    load_sample(page, "../../docs/xl-context-rules.pod.in");
    put_raw(page, "", 1);
    begin = strstr((char *)page->p, "\n=head1 WHAT CANNOT BE SEEN");
    ck_assert_ptr_nonnull(begin);
    return begin;
}

static bool has_paragraph(const char *name)
{
    struct bytes page = { 0 };
    char item[80];
    bool found;

    snprintf(item, sizeof(item), "\n=item B<%s>\n", name);
    found = strstr(paragraphs(&page), item) != NULL;
    bytes_free(&page);
    return found;
}

START_TEST(all_are_there)
{
    for (size_t i = 1; i <= CHANGES; i++)
        ck_assert_msg(coverage.changes[i], "change %zu is missing", i);
    for (size_t i = 1; i <= FAILURES; i++)
        ck_assert_msg(coverage.failures[i], "failure %zu is missing", i);
}
END_TEST

START_TEST(ids_exist)
{
    for (size_t i = 0; i < coverage.count; i++) {
        const char *id = coverage.ids[i];

        if (strncmp(id, UNSEEN, strlen(UNSEEN)) == 0)
            ck_assert_msg(has_paragraph(id + strlen(UNSEEN)),
                          "%s has no paragraph", id);
        else
            ck_assert_msg(is_evidence(id) || is_message(id),
                          "%s is no rule, evidence or message", id);
    }
}
END_TEST

static void rules_are_covered(const struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct domctx_message *message =
            domctx_message_at((size_t)rules[i].id);

        if (rules[i].id == RULE_SILENT)
            continue;
        ck_assert_ptr_nonnull(message);
        ck_assert_msg(is_covered(message->id), "%s covers nothing",
                      message->id);
    }
}

START_TEST(rules_cover)
{
    rules_are_covered(rules_change, n_rules_change);
    rules_are_covered(rules_load, n_rules_load);
}
END_TEST

/* The mainline release of a set: the last of its points. */
static cat_version mainline(const struct since *since)
{
    cat_version last = 0;

    for (size_t i = 0; i < SINCE_MAX && since->points[i].series; i++)
        last = since->points[i].series;
    return last;
}

/* Whether a row with the id is about that record and begins or ends with
 * that release; *any: whether there is a row with the id for that record. */
static bool has_row_of(const struct rule *rules, size_t count, size_t line,
                       bool *any)
{
    struct release since;
    bool found = false;

    ck_assert(release_parse(coverage.sinces[line], &since));
    for (size_t i = 0; i < count; i++) {
        const struct cat_record *record = cat_record(rules[i].typecode);

        if (rules[i].id == RULE_SILENT || !record ||
            strcmp(domctx_message_at((size_t)rules[i].id)->id,
                   coverage.ids[line]) != 0 ||
            strcmp(record->name, coverage.records[line]) != 0)
            continue;
        *any = true;
        /* what the host decides is asked of every release */
        found |= rules[i].outcome.verdict == DOMCTX_DEPENDS ||
                 mainline(&rules[i].since) == since.series ||
                 mainline(&rules[i].until) == since.series;
    }
    return found;
}

/* Changes whose release stands in another table than those of rules:
 * frame_takes_compat, rule_logs. */
static bool is_elsewhere(size_t line)
{
    static const struct {
        const char *record, *since;
    } rows[] = { { "CPU", "4.2" }, { "VMCE_VCPU", "4.16" } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(coverage.records[line], rows[i].record) == 0 &&
            strcmp(coverage.sinces[line], rows[i].since) == 0)
            return true;
    return false;
}

/* Of the rules that cover a change, one has its record and its release. */
START_TEST(releases_agree)
{
    size_t checked = 0;

    for (size_t i = 0; i < coverage.count;) {
        size_t first = i;
        bool any = false, found = false;

        for (; i < coverage.count &&
               coverage.sinces[i] == coverage.sinces[first]; i++)
            if (coverage.sinces[i])
                found |= has_row_of(rules_change, n_rules_change, i, &any) ||
                         has_row_of(rules_load, n_rules_load, i, &any);
        ck_assert_msg(!any || found || is_elsewhere(first),
                      "%s %s: no rule of that release: %s",
                      coverage.records[first], coverage.sinces[first],
                      coverage.ids[first]);
        checked += found;
    }
    ck_assert_uint_gt(checked, 40);
}
END_TEST

START_TEST(evidence_covers)
{
    for (size_t i = 0; i < evidence_count; i++)
        ck_assert_msg(is_covered(evidence_table[i].id), "%s covers nothing",
                      evidence_table[i].id);
}
END_TEST

START_TEST(paragraphs_cover)
{
    struct bytes page = { 0 };
    char *item = paragraphs(&page);
    size_t count = 0;

    while ((item = strstr(item, "\n=item B<"))) {
        char id[80];

        item += strlen("\n=item B<");
        snprintf(id, sizeof(id), UNSEEN "%.*s", (int)strcspn(item, ">"),
                 item);
        ck_assert_msg(is_covered(id), "%s covers nothing", id);
        count++;
    }
    ck_assert_uint_gt(count, 0);
    bytes_free(&page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("coverage");
    TCase *tcase = tcase_create("coverage");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, all_are_there);
    tcase_add_test(tcase, ids_exist);
    tcase_add_test(tcase, rules_cover);
    tcase_add_test(tcase, releases_agree);
    tcase_add_test(tcase, evidence_covers);
    tcase_add_test(tcase, paragraphs_cover);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
