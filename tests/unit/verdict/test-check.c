/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging for a release: each rule, and contexts that are clean. */
#include "verdict/judging.h"
#include "verdict/test-check-rows.h"

#include "base/messages.h"
#include "rules/rules.h"

/* --- values -------------------------------------------------------------- */

/* Take the length defect of some savers out: it hides what is inside. */
static void mend_msr_lengths(struct bytes *b)
{
    const struct domctx_record *record;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        if (record->type == CODE_CPU_MSR)
            set32(b, (uint64_t)(record->body - b->p) - 4,
                  (uint32_t)record->length);
    domctx_hvm_free(hvm);
}

/* The finding about the row's own record, with its outcome. */
static const struct domctx_finding *find_row(const domctx_report *report,
                                             const struct value_row *row)
{
    const struct domctx_finding *finding;
    char record[40];

    snprintf(record, sizeof(record), "%s/%u", cat_record(row->code)->name,
             row->instance);
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        if (strcmp(finding->id, row->id) == 0 &&
            strcmp(finding->record, record) == 0 &&
            finding->outcome == row->outcome)
            return finding;
    return NULL;
}

static struct judged judge_row(const struct value_row *row, bool bad,
                               struct release release, bool must_have)
{
    const struct domctx_host host = { .vendor = row->vendor };
    struct judged judged;
    struct bytes b = { 0 };
    bool set;

    put_saved(&b, release, EVERYTHING);
    mend_msr_lengths(&b);
    for (size_t i = 0; i < 2; i++)
        set_field(&b, release, row->code, row->instance, &row->also[i]);
    set = set_field(&b, release, row->code, row->instance,
                    bad ? &row->bad : &row->good);
    ck_assert_msg(set || !must_have, "%s: no field %s", row->id,
                  row->bad.field);
    judged = judge(&b, release, release, &host);
    bytes_free(&b);
    return judged;
}

static void value_is_judged(int i)
{
    const struct value_row *row = &value_rows[i];
    struct judged bad = judge_row(row, true, row->with, true);
    struct judged good = judge_row(row, false, row->with, true);
    const struct domctx_finding *finding = find_row(bad.report, row);

    if (!finding)
        show_judged(row->id, bad.report);
    ck_assert_ptr_nonnull(finding);
    ck_assert_str_eq(finding->error, row->error ? row->error : "");
    if (row->outcome >= DOMCTX_REFUSED) {
        ck_assert_int_eq(finding->severity, DOMCTX_ERROR);
        ck_assert_int_ge(bad.verdict.outcome, DOMCTX_REFUSED);
    }
    ck_assert_msg(!find_row(good.report, row), "%s near miss", row->id);
    judged_free(&bad);
    judged_free(&good);
    if (row->without.series) {
        struct judged other = judge_row(row, true, row->without, false);

        ck_assert_msg(!find_row(other.report, row), "%s without", row->id);
        judged_free(&other);
    }
}

/* Every rule has a row, but those that ask for something to compare. */
START_TEST(every_rule_is_tested)
{
    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule *rule = &rules_load[i];
        const char *id = domctx_message_at(rule->id)->id;
        bool tested = rule->outcome.verdict == DOMCTX_DEPENDS ||
                      !rule->field;

        for (size_t k = 0; !tested && k < N_VALUE_ROWS; k++)
            tested = strcmp(value_rows[k].id, id) == 0 &&
                     value_rows[k].code == rule->typecode;
        ck_assert_msg(tested || rule->id == MSG_LOAD_LDR_FIXED ||
                          rule->id == MSG_LOAD_LDR_BOGUS, "%s", id);
        ck_assert_msg(rule->direction == RULE_LOAD, "%s", id);
        ck_assert_msg(rule->reason[0] && rule->source[0], "%s", id);
    }
}
END_TEST

/* --- what is clean ------------------------------------------------------- */

static const unsigned int kinds[] = {
    0, EVERYTHING, EVERYTHING | SAVER_SYSCALL | SAVER_X2APIC,
};

/* What a release wrote, it loads: but what is wrong in the saver itself. */
START_TEST(own_contexts_load)
{
    cat_version series = release_series((size_t)_i);

    for (int point = 0; point <= release_last_point(series); point++) {
        struct release release = { series, (uint8_t)point };

        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
            struct bytes b = { 0 };
            struct judged judged;
            char name[RELEASE_ROOM];
            bool defect;

            put_saved(&b, release, kinds[k]);
            judged = judge(&b, release, release, NULL);
            defect = count_id(judged.report, "load-msr-length") > 0;
            if (judged.verdict.outcome && !defect)
                show_judged(release_text(release, name), judged.report);
            ck_assert(defect || !judged.verdict.outcome);
            if (!defect)
                ck_assert_int_le(domctx_report_worst(judged.report),
                                 DOMCTX_NOTE);
            judged_free(&judged);
            bytes_free(&b);
        }
    }
}
END_TEST

START_TEST(sample_is_clean)
{
    static const struct release targets[] = {
        RELEASE(4, 17, 7), SERIES(4, 17), SERIES(4, 18), SERIES(4, 22),
    };
    struct bytes b = { 0 };

    load_sample(&b, samples[_i]);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct judged judged = judge(&b, SERIES(4, 17), targets[i], NULL);

        show_judged(samples[_i], judged.report);
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_NO_OUTCOME);
        ck_assert_int_eq(domctx_report_worst(judged.report), DOMCTX_NOTE);
        ck_assert_uint_gt(judged.verdict.depends, 0);
        judged_free(&judged);
    }
    bytes_free(&b);
}
END_TEST

/* --- what depends on the host -------------------------------------------- */

/* All that an x86-64 guest of today may want, and more. */
static void all_features(uint32_t features[12])
{
    memset(features, 0xff, 12 * sizeof(*features));
}

START_TEST(host_decides)
{
    uint32_t features[12];
    struct domctx_host host = { .vendor = DOMCTX_VENDOR_AMD,
                                .features = features, .n_features = 12 };
    struct release release = RELEASE(4, 17, 7);
    struct bytes b = { 0 };
    struct judged judged;

    all_features(features);
    put_saved(&b, release, EVERYTHING);
    judged = judge(&b, release, release, &host);
    ck_assert_uint_eq(count_id(judged.report, "load-host-cr4"), 0);
    ck_assert_uint_eq(count_id(judged.report, "load-host-efer"), 0);
    ck_assert_uint_eq(count_id(judged.report, "load-host-xcr0"), 0);
    ck_assert_uint_eq(count_id(judged.report, "load-host-lacks"), 0);
    judged_free(&judged);

    features[1] &= ~(UINT32_C(1) << 28); /* AVX */
    judged = judge(&b, release, release, &host);
    ck_assert_uint_eq(count_id(judged.report, "load-host-lacks"), 1);
    ck_assert_str_eq(find_id(judged.report, "load-host-lacks")->found,
                     "0x4");
    ck_assert_str_eq(judged.verdict.error, "EINVAL");
    judged_free(&judged);

    features[8] &= ~(UINT32_C(1) << 25); /* VIRT_SSBD */
    judged = judge(&b, release, release, &host);
    ck_assert_uint_eq(count_id(judged.report, "load-host-lacks"), 2);
    judged_free(&judged);

    judged = judge(&b, release, release, NULL);
    ck_assert_uint_eq(count_id(judged.report, "load-host-cr4"), 1);
    ck_assert_str_eq(find_id(judged.report, "load-host-cr4")->found,
                     "0x6b0");
    ck_assert_uint_eq(count_id(judged.report, "load-host-efer"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-host-xcr0"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-host-msr"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-viridian"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-viridian-build"), 0);
    ck_assert_uint_eq(count_id(judged.report, "load-msr-hosts"), 0);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* A description may name the components alone. */
START_TEST(components_decide)
{
    static const struct {
        uint64_t xcr0;
        const char *id;
    } cases[] = {
        { 0, "load-host-xcr0" }, { 3, "load-host-lacks" }, { 7, NULL },
        { 0xe7, NULL },
    };
    struct release release = RELEASE(4, 17, 7);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct domctx_host host = { .xcr0 = cases[i].xcr0 };
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, release, EVERYTHING);
        judged = judge(&b, release, release, &host);
        ck_assert_uint_eq(count_id(judged.report, "load-host-xcr0") +
                              count_id(judged.report, "load-host-lacks"),
                          cases[i].id != NULL);
        if (cases[i].id)
            ck_assert_ptr_nonnull(find_id(judged.report, cases[i].id));
        ck_assert_int_eq(judged.verdict.outcome == DOMCTX_REFUSED,
                         cases[i].xcr0 == 3);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* CR3 is held against the address bits of the host. */
START_TEST(address_bits_decide)
{
    static const struct {
        unsigned int bits;
        const char *id, *found;
    } cases[] = {
        { 0, "load-host-cr3", "0x8123456000" },
        { 39, "load-host-lacks", "0x8000000000" },
        { 40, NULL, NULL }, { 52, NULL, NULL },
        { 64, "load-host-cr3", "0x8123456000" },
    };
    struct release release = RELEASE(4, 17, 7);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct domctx_host host = { .phys_bits = cases[i].bits };
        struct setting cr3 = { "cr3", 0, UINT64_C(0x8123456000) };
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, release, 0);
        for (uint32_t vcpu = 0; vcpu < 2; vcpu++)
            set_field(&b, release, CODE_CPU, vcpu, &cr3);
        judged = judge(&b, release, release, &host);
        ck_assert_uint_eq(count_id(judged.report, "load-host-cr3") +
                              count_id(judged.report, "load-host-lacks"),
                          cases[i].id != NULL);
        if (cases[i].id)
            ck_assert_str_eq(find_id(judged.report, cases[i].id)->found,
                             cases[i].found);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* Xen emulates CPUID faulting: a host that tells its features has it. */
START_TEST(cpuid_faulting_is_there)
{
    uint32_t features[14] = { 0 };
    struct domctx_host host = { .features = features, .n_features = 14 };
    struct setting index = { "msr[].index", 0, 0x140 };
    struct setting value = { "msr[].val", 0, 1 };
    struct release release = RELEASE(4, 17, 7);
    struct bytes b = { 0 };
    struct judged judged;

    memset(features, 0xff, sizeof(features));
    put_saved(&b, release, SAVER_MSR);
    set_field(&b, release, CODE_CPU_MSR, 0, &index);
    set_field(&b, release, CODE_CPU_MSR, 0, &value);
    judged = judge(&b, release, release, &host);
    ck_assert_uint_eq(count_id(judged.report, "load-host-msr"), 0);
    ck_assert_int_eq(judged.verdict.outcome, DOMCTX_NO_OUTCOME);
    judged_free(&judged);
    judged = judge(&b, release, release, NULL);
    /* and that of the other vCPU */
    ck_assert_uint_eq(count_id(judged.report, "load-host-msr"), 2);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* Each bit of SPEC_CTRL needs its own feature, of one vendor or the other. */
START_TEST(spec_ctrl_needs_features)
{
    static const struct {
        uint64_t value;
        unsigned int word, bit;   /* the feature that is there beside */
        const char *lacks;
    } cases[] = {
        { 0x3, 0, 0, NULL },      { 0x7, 0, 0, "0x4" },
        { 0x7, 9, 31, NULL },     { 0x7, 8, 24, NULL },
        { 0x80, 13, 0, NULL },    { 0x80, 8, 28, NULL },
        { 0x88, 13, 1, "0x80" },  { 0x18, 13, 1, NULL },
        { 0x460, 13, 2, "0x400" }, { 0x400, 13, 4, NULL },
    };
    struct release release = RELEASE(4, 19, 6);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t features[14] = { 0 };
        struct domctx_host host = { .features = features, .n_features = 14 };
        struct setting index = { "msr[].index", 0, 0x48 };
        struct setting value = { "msr[].val", 0, cases[i].value };
        struct bytes b = { 0 };
        struct judged judged;

        memset(features, 0xff, 8 * sizeof(*features));
        features[8] = ~(UINT32_C(1) << 24 | UINT32_C(1) << 28);
        features[9] = ~(UINT32_C(1) << 31);
        features[cases[i].word] |= UINT32_C(1) << cases[i].bit;
        put_saved(&b, release, SAVER_MSR);
        set_field(&b, release, CODE_CPU_MSR, 0, &index);
        set_field(&b, release, CODE_CPU_MSR, 0, &value);
        judged = judge(&b, release, release, &host);
        if (cases[i].lacks)
            ck_assert_str_eq(find_id(judged.report, "load-host-lacks")->found,
                             cases[i].lacks);
        else
            ck_assert_uint_eq(count_id(judged.report, "load-host-lacks"), 0);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

START_TEST(releases_have_questions_of_their_own)
{
    struct bytes b = { 0 };
    struct setting far = { "cr3", 0, UINT64_C(0x123456000) };
    struct judged judged;

    put_saved(&b, RELEASE(4, 22, 0), EVERYTHING);
    set_field(&b, RELEASE(4, 22, 0), CODE_CPU, 1, &far);
    judged = judge(&b, RELEASE(4, 22, 0), RELEASE(4, 22, 0), NULL);
    ck_assert_uint_eq(count_id(judged.report, "load-viridian-build"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-host-cr3"), 1);
    judged_free(&judged);
    bytes_free(&b);

    put_saved(&b, RELEASE(4, 9, 4), EVERYTHING);
    judged = judge(&b, RELEASE(4, 9, 4), RELEASE(4, 9, 4), NULL);
    ck_assert_uint_eq(count_id(judged.report, "load-msr-hosts"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-host-cr3"), 0);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* Up to 4.3.0 the length is the processor's matter, then xcr0_accum's. */
START_TEST(xsave_of_the_processor)
{
    static const struct {
        struct release release;
        size_t size, accum;
    } cases[] = {
        { R(4, 1, 0), 1, 0 }, { R(4, 2, 3), 1, 0 }, { R(4, 2, 4), 0, 1 },
        { R(4, 3, 0), 1, 0 }, { R(4, 3, 1), 0, 1 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct release release = cases[i].release;
        struct bytes b = { 0 };
        const struct domctx_finding *finding;
        struct judged judged;

        put_saved(&b, release, EVERYTHING);
        judged = judge(&b, release, release, NULL);
        finding = find_id(judged.report, "load-host-xcr0");
        ck_assert_str_eq(finding->field, cases[i].accum ? "xcr0_accum"
                                                        : "xfeature_mask");
        ck_assert_uint_eq(count_id(judged.report, "load-host-xsave-size"),
                          cases[i].size);
        finding = find_id(judged.report, "load-host-xsave-size");
        if (finding) {
            ck_assert_str_eq(finding->field, "length");
            ck_assert_uint_ge(strtoul(finding->found, NULL, 10), 856);
        }
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* --- the verdict --------------------------------------------------------- */

/* Up to 4.18 in the order of the records; then the first pass comes first. */
START_TEST(verdict_is_the_first_refusal)
{
    struct setting cr0 = { "cr0", 0, 0 };
    struct setting count = { "channels[].count", 0, 0x10001 };
    static const struct {
        struct release release;
        const char *id, *error;
    } cases[] = {
        { R(4, 18, 6), "load-cr0", "EINVAL" },
        { R(4, 19, 0), "load-pit", "EDOM" },
    };

    for (size_t i = 0; i < 2; i++) {
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, cases[i].release, 0);
        set_field(&b, cases[i].release, CODE_CPU, 0, &cr0);
        set_field(&b, cases[i].release, CODE_PIT, 0, &count);
        judged = judge(&b, cases[i].release, cases[i].release, NULL);
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_REFUSED);
        ck_assert_str_eq(judged.verdict.error, cases[i].error);
        ck_assert_str_eq(domctx_report_get(judged.report,
                                           judged.verdict.finding)->id,
                         cases[i].id);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* Each handler's own error number came with 96e5ad4c47. */
START_TEST(old_releases_give_eperm)
{
    static const struct {
        struct release release;
        const char *error, *older;
    } cases[] = {
        { R(4, 13, 3), "EPERM", "" },  { R(4, 13, 4), "EINVAL", "" },
        { R(4, 14, 2), "EPERM", "" },  { R(4, 14, 3), "EINVAL", "" },
        { R(4, 15, 0), "EPERM", "" },  { R(4, 15, 1), "EINVAL", "" },
        { R(4, 16, 0), "EINVAL", "" }, { R(4, 12, 4), "EPERM", "" },
        { SERIES(4, 15), "EINVAL", "EPERM before 4.15.1" },
        { SERIES(4, 13), "EINVAL", "EPERM before 4.13.4" },
        { SERIES(4, 16), "EINVAL", "" }, { SERIES(4, 12), "EPERM", "" },
    };
    struct setting cr0 = { "cr0", 0, 0 };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, cases[i].release.point == RELEASE_ANY
                          ? R(4, 13, 5) : cases[i].release, 0);
        set_field(&b, cases[i].release, CODE_CPU, 0, &cr0);
        judged = judge(&b, cases[i].release, cases[i].release, NULL);
        ck_assert_str_eq(judged.verdict.error, cases[i].error);
        ck_assert_str_eq(judged.verdict.older_error, cases[i].older);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* By which release's rules: those of the target, or of the newest known. */
START_TEST(judged_as)
{
    static const struct {
        struct release target;
        struct domctx_release as;
    } cases[] = {
        { R(4, 17, 3), { 4, 17, 3 } },
        { SERIES(4, 22), { 4, 22, DOMCTX_POINT_ANY } },
        { SERIES(4, 23), { 4, 22, DOMCTX_POINT_ANY } },
        { SERIES(5, 0), { 4, 22, DOMCTX_POINT_ANY } },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct domctx_release target = release_public(cases[i].target);
        struct bytes b = { 0 };
        struct judged judged;
        struct domctx_checked checked = { .target = &target };

        put_saved(&b, R(4, 17, 3), 0);
        judged = judge(&b, R(4, 17, 3), cases[i].target, NULL);
        checked.verdict = &judged.verdict;
        ck_assert_mem_eq(&judged.verdict.judged_as, &cases[i].as,
                         sizeof(cases[i].as));
        ck_assert_int_eq(domctx_checked_as(&checked),
                         target.xen_major != 4 || target.xen_minor > 22);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* Whether there is a line, and in which builds, is the release's matter. */
START_TEST(log_is_the_releases)
{
    static const struct {
        struct release release;
        enum code code;
        struct setting bad;
        const char *id, *log;    /* "": silent */
        bool debug;
    } cases[] = {
        { R(4, 1, 6), CODE_CPU, { "cr0", 0, 0 }, "load-cr0", "bad CR0",
          true },
        { R(4, 2, 0), CODE_CPU, { "cr0", 0, 0 }, "load-cr0", "bad CR0",
          false },
        { R(4, 22, 0), CODE_CPU, { "error_code", 0, 0x10000 },
          "live-crash-error-code", "invalid error code", true },
        { R(4, 13, 3), CODE_VMCE_VCPU, { "caps", 0, 0x200 },
          "load-mce-caps", "unsupported MCA", true },
        { R(4, 13, 4), CODE_VMCE_VCPU, { "caps", 0, 0x200 },
          "load-mce-caps", "unsupported MCA", false },
        { R(4, 15, 0), CODE_PCI_LINK, { "route", 0, 16 },
          "live-crash-pci-link", "PCI-ISA link", true },
        { R(4, 19, 0), CODE_PCI_LINK, { "route", 0, 16 },
          "load-link-route", "PCI-ISA link", false },
        { R(4, 19, 6), CODE_CPU_MSR, { "msr[].index", 0, 0x49 },
          "load-msr-unknown", "", false },
        { R(4, 20, 0), CODE_CPU_MSR, { "msr[].index", 0, 0x49 },
          "load-msr-unknown", "unhandled MSR", false },
        { R(4, 20, 0), CODE_CPU_MSR, { "msr[].val", 0, UINT64_MAX },
          "load-msr-value", "load MSR", false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct domctx_finding *finding;
        struct setting event = { "pending_event", 0, 0x80000b0d };
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, cases[i].release, SAVER_MSR);
        set_field(&b, cases[i].release, CODE_CPU, 0, &event);
        ck_assert(set_field(&b, cases[i].release, cases[i].code, 0,
                            &cases[i].bad));
        judged = judge(&b, cases[i].release, cases[i].release, NULL);
        finding = find_id(judged.report, cases[i].id);
        ck_assert_msg(finding != NULL, "no %s", cases[i].id);
        if (*cases[i].log)
            ck_assert_ptr_nonnull(strstr(finding->log, cases[i].log));
        else
            ck_assert_str_eq(finding->log, "");
        ck_assert_int_eq(finding->log_debug, cases[i].debug);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* What is cut off is logged like what is refused. */
START_TEST(trimmed_zeros_are_logged)
{
    static const struct release releases[] = { R(4, 4, 2), R(4, 17, 7) };
    uint8_t body[24 + 576 + 64] = { 0 };

    body[0] = body[8] = body[16] = 3;
    for (size_t i = 0; i < 2; i++) {
        const struct domctx_finding *finding;
        struct bytes b = { 0 };
        struct judged judged;

        put_saved(&b, releases[i], 0);
        b.size -= 8;
        put_hvm(&b, CODE_CPU_XSAVE, 0, body, sizeof(body));
        put_hvm_end(&b);
        judged = judge(&b, releases[i], releases[i], NULL);
        finding = find_id(judged.report, "load-xsave-trimmed");
        ck_assert_ptr_nonnull(finding);
        ck_assert_int_eq(finding->outcome, DOMCTX_CHANGED);
        ck_assert_ptr_nonnull(strstr(finding->log, "xsave length"));
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_NO_OUTCOME);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* --- hostile ------------------------------------------------------------- */

/* xorshift64 */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Whatever the bytes are, a judgement comes of them. */
START_TEST(any_bytes)
{
    struct release saver = { release_series((size_t)_i), 0 };
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)_i;

    for (int round = 0; round < 60; round++) {
        struct bytes b = { 0 };
        domctx_hvm *hvm;

        put_saved(&b, saver, kinds[round % 3]);
        for (int n = 0; n < 40; n++)
            set8(&b, 32 + next_random(&state) % (b.size - 32),
                 (uint8_t)next_random(&state));
        if (domctx_hvm_parse(b.p, b.size, &hvm, NULL) == 0) {
            struct release target = {
                release_series(next_random(&state) % 27), RELEASE_ANY };
            struct judged judged = judge(&b, saver, target, NULL);

            ck_assert_int_le(domctx_report_worst(judged.report),
                             DOMCTX_ERROR);
            judged_free(&judged);
            domctx_hvm_free(hvm);
        }
        bytes_free(&b);
    }
}
END_TEST

static Suite *judge_suite(void)
{
    Suite *suite = suite_create("judge");
    TCase *tc = tcase_create("values");

    tcase_set_timeout(tc, 300);
    for (size_t i = 0; i < N_VALUE_ROWS; i++)
        add_named(tc, value_is_judged, (int)i, "%s: %s", value_rows[i].id,
                  value_rows[i].bad.field);
    tcase_add_test(tc, every_rule_is_tested);
    tcase_add_loop_test(tc, own_contexts_load, 0, 27);
    tcase_add_loop_test(tc, sample_is_clean, 0, (int)n_samples);
    tcase_add_test(tc, host_decides);
    tcase_add_test(tc, components_decide);
    tcase_add_test(tc, address_bits_decide);
    tcase_add_test(tc, cpuid_faulting_is_there);
    tcase_add_test(tc, spec_ctrl_needs_features);
    tcase_add_test(tc, releases_have_questions_of_their_own);
    tcase_add_test(tc, xsave_of_the_processor);
    tcase_add_test(tc, verdict_is_the_first_refusal);
    tcase_add_test(tc, old_releases_give_eperm);
    tcase_add_test(tc, judged_as);
    tcase_add_test(tc, trimmed_zeros_are_logged);
    tcase_add_test(tc, log_is_the_releases);
    tcase_add_loop_test(tc, any_bytes, 0, 27);
    suite_add_tcase(suite, tc);
    return suite;
}

int main(void)
{
    return run_suite(judge_suite());
}
