/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of rules: what every row must have, and when a rule holds. */
#include "support.h"

#include "catalogue/cpuid.h"
#include "rules/rules.h"
#include "verdict/check.h"

static const struct rule *rule_of(enum msg_id id)
{
    for (size_t i = 0; i < n_rules_change; i++)
        if (rules_change[i].id == id)
            return &rules_change[i];
    ck_abort_msg("no rule raises %s", domctx_message_at(id)->id);
    return NULL;
}

/* Whether some layout of the record has the field. */
static bool has_field(const struct cat_record *record, const char *name)
{
    for (size_t i = 0; i < record->n_layouts; i++)
        if (cat_field(record, &record->layouts[i], name))
            return true;
    return false;
}

static const char *id_of(const struct rule *rule)
{
    return rule->id == RULE_SILENT ? rule->reason
                                   : domctx_message_at(rule->id)->id;
}

START_TEST(rows_are_whole)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];
        const struct cat_record *record = cat_record(rule->typecode);

        ck_assert_msg(rule->reason && rule->reason[0], "row %zu", i);
        ck_assert_msg(rule->source && rule->source[0], "%s", id_of(rule));
        ck_assert_msg(record || rule->typecode == CODE_ANY, "%s",
                      id_of(rule));
        if (rule->field)
            ck_assert_msg(record && has_field(record, rule->field),
                          "%s: no field %s", id_of(rule), rule->field);
        if (rule->was)
            ck_assert_msg(record && has_field(record, rule->was),
                          "%s: no field %s", id_of(rule), rule->was);
        /* a direction needs a change */
        ck_assert_msg(rule->direction == RULE_LOAD ||
                          rule->since.points[0].series,
                      "%s", id_of(rule));
        ck_assert_msg(rule->cond.test != RULE_NAMED || rule->cond.named,
                      "%s", id_of(rule));
    }
}
END_TEST

/* A row of that action for a field of a layout, by whatever name. */
static bool has_row(const struct cat_record *record,
                    const struct cat_layout *layout,
                    const struct cat_field *field, enum rule_action action)
{
    for (size_t i = 0; i < n_rules_change; i++)
        if (rules_change[i].typecode == record->typecode &&
            rules_change[i].action == action &&
            rule_field(record, layout, rules_change[i].field) == field)
            return true;
    return false;
}

/* What one layout has and another of the record has not is filled, and
 * judged before it goes. */
static void compare_layouts(const struct cat_record *record,
                            const struct cat_layout *with,
                            const struct cat_layout *without)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (field->flags & (CAT_PAD | CAT_PART | CAT_VIEW) ||
            !cat_field_in(field, with) ||
            rule_field(record, without, field->name))
            continue;
        ck_assert_msg(has_row(record, with, field, RULE_GROW),
                      "%s.%s grows without a rule", record->name,
                      field->name);
        ck_assert_msg(has_row(record, with, field, RULE_SHRINK),
                      "%s.%s goes without a rule", record->name,
                      field->name);
    }
}

START_TEST(every_field_has_its_rows)
{
    const struct cat_record *record;

    for (size_t r = 1; (record = cat_record_at(r)); r++) {
        if (record->flags & CAT_VARIABLE)
            continue;
        for (size_t a = 0; a < record->n_layouts; a++)
            for (size_t b = 0; b < record->n_layouts; b++)
                compare_layouts(record, &record->layouts[a],
                                &record->layouts[b]);
    }
}
END_TEST

/* A record that came has rows for when it goes. */
START_TEST(every_record_can_go)
{
    const struct cat_record *record;

    for (size_t r = 1; (record = cat_record_at(r)); r++) {
        bool goes = record->from == CAT_OLDEST ||
                    record->typecode == CODE_CPU_MSR;

        for (size_t i = 0; i < n_rules_change && !goes; i++)
            goes = rules_change[i].typecode == record->typecode &&
                   rules_change[i].action == RULE_DROP &&
                   !rules_change[i].field &&
                   rules_change[i].since.points[0].series == record->from;
        ck_assert_msg(goes, "%s", record->name);
    }
}
END_TEST

/* pending_esr: 4.18.5, 4.19.2, 4.20.1, 4.21. */
static const struct {
    enum msg_id id;
    struct release saver, target;
    bool holds;
} holds[] = {
    { MSG_LAPIC_ESR_ASSUMED, SERIES(4, 17), RELEASE(4, 18, 5), true },
    { MSG_LAPIC_ESR_ASSUMED, SERIES(4, 17), RELEASE(4, 18, 4), false },
    { MSG_LAPIC_ESR_ASSUMED, SERIES(4, 17), SERIES(4, 22), true },
    { MSG_LAPIC_ESR_ASSUMED, SERIES(4, 21), SERIES(4, 22), false },
    { MSG_LAPIC_ESR_LOST, SERIES(4, 21), SERIES(4, 20), true },
    { MSG_LAPIC_ESR_LOST, SERIES(4, 18), RELEASE(4, 19, 1), true },
    { MSG_LAPIC_ESR_LOST, SERIES(4, 18), RELEASE(4, 19, 2), false },
    { MSG_LAPIC_ESR_LOST, SERIES(4, 17), SERIES(4, 16), false },
    { MSG_LAPIC_TDT_LOST, SERIES(4, 10), SERIES(4, 9), false },
    { MSG_LAPIC_TDT_LOST, SERIES(4, 10), SERIES(4, 0), true },
    { MSG_LAPIC_TDT_ASSUMED, SERIES(3, 4), SERIES(4, 10), true },
};

START_TEST(rule_holds_between)
{
    const struct rule *rule = rule_of(holds[_i].id);

    ck_assert_int_eq(rule_holds(rule, holds[_i].saver, holds[_i].target),
                     holds[_i].holds);
}
END_TEST

/* LOAD looks at the target alone, from since until until. */
START_TEST(load_holds)
{
    static const struct rule rule = {
        .direction = RULE_LOAD,
        .since = { { RELEASE(4, 5, 0) } },
        .until = { { RELEASE(4, 11, 2), RELEASE(4, 12, 0) } },
    };
    struct release any = SERIES(3, 1);

    ck_assert(!rule_holds(&rule, any, SERIES(4, 4)));
    ck_assert(rule_holds(&rule, any, SERIES(4, 5)));
    ck_assert(rule_holds(&rule, any, RELEASE(4, 11, 1)));
    ck_assert(rule_holds(&rule, any, SERIES(4, 11)));
    ck_assert(!rule_holds(&rule, any, RELEASE(4, 11, 2)));
    ck_assert(!rule_holds(&rule, any, SERIES(4, 12)));
}
END_TEST

static bool is_seven(const struct rule_subject *subject)
{
    return subject->value == 7;
}

static const struct {
    struct rule_cond cond;
    uint64_t value;
    bool met;
} conds[] = {
    { { RULE_ALWAYS, 0, 0, NULL }, 0, true },
    { IF_NONZERO, 0, false },
    { IF_NONZERO, UINT64_C(1) << 63, true },
    { IF_BITS(3, 2), 6, true },
    { IF_BITS(3, 2), 7, false },
    { IF_NOT(1, 1), 2, true },
    { IF_NOT(1, 1), 3, false },
    { IF_ANY_BIT(0x0c), 4, true },
    { IF_ANY_BIT(0x0c), 0xf3, false },
    { IF_ABOVE(3), 3, false },
    { IF_ABOVE(3), 4, true },
    { IF(is_seven), 7, true },
    { IF(is_seven), 8, false },
};

START_TEST(condition)
{
    struct rule rule = { .cond = conds[_i].cond };
    struct rule_subject subject = { .value = conds[_i].value };

    ck_assert_int_eq(rule_met(&rule, &subject), conds[_i].met);
}
END_TEST

/* An element of an array, a field that the record lacks, the record. */
START_TEST(find_looks_at_each)
{
    struct rule rule = { .field = "route", .cond = IF_ABOVE(15) };
    uint8_t body[8] = { 5, 16, 10, 17 };
    const struct cat_record *known = cat_record(CODE_PCI_LINK);
    struct context_record record = {
        .known = known, .length = sizeof(body), .body = body,
        .layout = cat_layout(known, sizeof(body), CAT_NEWEST),
    };
    struct rule_subject subject = { .record = &record };

    ck_assert(rule_find(&rule, &subject));
    ck_assert_uint_eq(subject.i, 1);
    ck_assert_uint_eq(subject.value, 16);
    subject.i++;
    ck_assert(rule_find(&rule, &subject));
    ck_assert_uint_eq(subject.i, 3);
    subject.i++;
    ck_assert(!rule_find(&rule, &subject));
    rule.field = "tdt_msr";
    subject.i = 0;
    ck_assert(!rule_find(&rule, &subject));
    rule.field = NULL;
    rule.cond = (struct rule_cond){ .test = RULE_ALWAYS };
    ck_assert(rule_find(&rule, &subject));
    subject.i++;
    ck_assert(!rule_find(&rule, &subject));
}
END_TEST

/* An id is an error where something goes, and a note where nothing does. */
START_TEST(ids_are_of_their_kind)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];
        enum domctx_severity severity;

        if (rule->id == RULE_SILENT)
            continue;
        severity = domctx_message_at(rule->id)->severity;
        if (rule->action == RULE_SHRINK || rule->action == RULE_REFUSE ||
            (rule->action == RULE_DROP && rule->field))
            ck_assert_msg(severity == DOMCTX_ERROR, "%s", id_of(rule));
        else
            ck_assert_msg(severity <= DOMCTX_WARNING, "%s", id_of(rule));
    }
}
END_TEST

/* What is assumed upwards goes without loss downwards. */
START_TEST(assumed_is_no_loss)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < n_rules_change; i++) {
        const struct rule *up = &rules_change[i], *down = up + 1;
        const struct cat_record *record = cat_record(up->typecode);
        struct context_record row = { .known = record };
        struct rule_subject subject = { .record = &row };

        if (up->action != RULE_GROW)
            continue;
        n++;
        ck_assert_int_eq(down->action, RULE_SHRINK);
        ck_assert_str_eq(up->field, down->field);
        ck_assert(!memcmp(&up->since, &down->since, sizeof(up->since)));
        for (size_t f = 0; f < record->n_fields; f++)
            if (strcmp(record->fields[f].name, up->field) == 0)
                subject.value = record->fields[f].assumed;
        ck_assert_msg(!rule_met(down, &subject), "%s", id_of(down));
    }
    ck_assert_uint_gt(n, 10);
}
END_TEST

/* Append the names of a rule's features, as check_settle() does. */
static void add_features(struct domctx_verdict *verdict,
                         const struct rule_feature *feature)
{
    for (; feature && feature->bits; feature++) {
        size_t used = strlen(verdict->needs);
        bool two = feature->word2 || feature->bit2;
        char name[64];

        if (cpuid_has(&cpuid_common, feature->word, feature->bit))
            continue;
        snprintf(name, sizeof(name), "%s%s%s",
                 cpuid_name(feature->word, feature->bit), two ? "/" : "",
                 two ? cpuid_name(feature->word2, feature->bit2) : "");
        if (strstr(verdict->needs, name))
            continue;
        ck_assert_uint_lt(used + strlen(name) + 1, sizeof(verdict->needs));
        snprintf(verdict->needs + used, sizeof(verdict->needs) - used,
                 "%s%s", used ? " " : "", name);
    }
}

/* A verdict has room for all that a host must have, or the list would be cut
 * in silence: every feature, one vendor, and nested virtualisation, which no
 * release gives together with altp2m. */
START_TEST(needs_have_room)
{
    static const char others[] = " AuthenticAMD nested-virtualisation";
    struct domctx_verdict verdict = { 0 };

    for (size_t i = 0; i < n_rules_load; i++)
        add_features(&verdict, rules_load[i].features);
    ck_assert_uint_gt(strlen(verdict.needs), 60);
    ck_assert_uint_lt(strlen(verdict.needs) + strlen(others),
                      sizeof(verdict.needs));
}
END_TEST

/* A record of fixed length fits where its short body is filled with zeros: a
 * longer one would be judged by no rule.  The same number stands in
 * libxl-plugin/crash-rules.c. */
START_TEST(fixed_records_have_room)
{
    struct check_seen seen;
    uint64_t longest = 0;

    for (size_t i = 0; cat_record_at(i); i++) {
        const struct cat_record *record = cat_record_at(i);

        for (size_t k = 0; k < record->n_layouts; k++)
            if (!record->layouts[k].tail &&
                record->layouts[k].length > longest)
                longest = record->layouts[k].length;
    }
    ck_assert_uint_ge(longest, 1024);
    ck_assert_uint_le(longest, sizeof(seen.body));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tc = tcase_create("rules");

    suite_add_tcase(suite, tc);
    tcase_add_test(tc, rows_are_whole);
    tcase_add_test(tc, every_field_has_its_rows);
    tcase_add_test(tc, every_record_can_go);
    tcase_add_loop_test(tc, rule_holds_between, 0,
                        sizeof(holds) / sizeof(holds[0]));
    tcase_add_test(tc, load_holds);
    tcase_add_loop_test(tc, condition, 0, sizeof(conds) / sizeof(conds[0]));
    tcase_add_test(tc, find_looks_at_each);
    tcase_add_test(tc, ids_are_of_their_kind);
    tcase_add_test(tc, assumed_is_no_loss);
    tcase_add_test(tc, needs_have_room);
    tcase_add_test(tc, fixed_records_have_room);
    return run_suite(suite);
}
