/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue of CPU features, of policies and of HVM parameters. */
#include "support.h"

#include "catalogue/cpuid.h"
#include "catalogue/hvm-params.h"
#include "rules/rules.h"

#define R(x, y, z) RELEASE(x, y, z)

/* -- names --------------------------------------------------------------- */

START_TEST(every_name_is_there_once)
{
    const char *seen[CPUID_WORDS * 32];
    size_t n = 0;

    for (unsigned int word = 0; word < CPUID_WORDS; word++)
        for (unsigned int bit = 0; bit < 32; bit++) {
            const char *name = cpuid_name(word, bit);

            if (!name)
                continue;
            for (size_t i = 0; i < n; i++)
                ck_assert_str_ne(name, seen[i]);
            seen[n++] = name;
        }
    ck_assert_uint_gt(n, 250);
    ck_assert_ptr_null(cpuid_name(CPUID_WORDS, 0));
    ck_assert_ptr_null(cpuid_name(0, 32));
    ck_assert_str_eq(cpuid_name(5, 16), "avx512f");
    ck_assert_str_eq(cpuid_name(13, 4), "bhi_ctrl");
    ck_assert_str_eq(cpuid_name(17, 30), "its_no");
}
END_TEST

/* Whatever a rule of the loader asks for has a name. */
START_TEST(rules_ask_for_what_has_a_name)
{
    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule_feature *row = rules_load[i].features;

        for (; row && row->bits; row++) {
            ck_assert_ptr_nonnull(cpuid_name(row->word, row->bit));
            ck_assert_ptr_nonnull(cpuid_name(row->word2, row->bit2));
        }
    }
}
END_TEST

/* -- bounds -------------------------------------------------------------- */

static bool bound_has(struct release release, unsigned int word,
                      unsigned int bit)
{
    struct cpuid_set bound;

    ck_assert(cpuid_bound(release, &bound));
    return cpuid_has(&bound, word, bit);
}

START_TEST(every_release_has_its_bound)
{
    struct cpuid_set bound;

    for (size_t i = 0; release_series(i); i++) {
        struct release release = release_newest(i);
        int last = release.point;

        for (int point = 0; point <= last; point++) {
            release.point = (uint8_t)point;
            ck_assert_int_eq(cpuid_bound(release, &bound),
                             release.series >= CAT_V(4, 9));
        }
        release.point = RELEASE_ANY;
        ck_assert_int_eq(cpuid_bound(release, &bound),
                         release.series >= CAT_V(4, 9));
    }
    ck_assert(cpuid_bound(R(4, 40, 0), &bound));
}
END_TEST

/* feature, first release of its series that gives it and the last that does
 * not */
static const struct {
    uint8_t word, bit;
    struct release with, without;
} came[] = {
    { 6, 2, R(4, 10, 0), R(4, 9, 4) },        /* umip */
    { 6, 31, R(4, 18, 0), R(4, 17, 7) },      /* pks */
    { 10, 6, R(4, 22, 0), R(4, 21, 2) },      /* lass */
    { 9, 26, R(4, 10, 1), R(4, 10, 0) },      /* ibrsb */
    { 13, 4, R(4, 18, 2), R(4, 18, 1) },      /* bhi_ctrl */
    { 13, 4, R(4, 17, 4), R(4, 17, 3) },
    { 13, 4, R(4, 16, 6), R(4, 16, 5) },
    { 13, 4, R(4, 15, 6), R(4, 15, 5) },
    { 13, 0, R(4, 14, 5), R(4, 14, 4) },      /* intel_psfd */
    { 11, 8, R(4, 18, 0), R(4, 17, 7) },      /* auto_ibrs */
    { 3, 15, R(4, 12, 4), R(4, 13, 0) },      /* lwp, which went */
    { 5, 26, R(4, 19, 6), R(4, 20, 0) },      /* avx512pf, likewise */
};

START_TEST(features_come_and_go)
{
    ck_assert(bound_has(came[_i].with, came[_i].word, came[_i].bit));
    ck_assert(!bound_has(came[_i].without, came[_i].word, came[_i].bit));
}
END_TEST

START_TEST(a_series_gives_what_all_of_it_give)
{
    ck_assert(!bound_has(SERIES(4, 18), 13, 4));
    ck_assert(bound_has(SERIES(4, 19), 13, 4));
    ck_assert(!bound_has(SERIES(4, 17), 6, 7)); /* cet_ss: nobody's */
}
END_TEST

/* -- what is built on what ----------------------------------------------- */

START_TEST(what_is_built_on_a_feature_goes_with_it)
{
    static const struct {
        uint8_t word, bit, gone_word, gone_bit;
        bool gone;
    } rows[] = {
        { 2, 20, 5, 20, true },     /* nx: smap */
        { 0, 6, 6, 3, true },       /* pae: lm: pku */
        { 1, 26, 5, 16, true },     /* xsave: avx: avx2: avx512f */
        { 9, 26, 13, 4, true },     /* ibrsb: bhi_ctrl */
        { 9, 29, 17, 30, true },    /* arch_caps: its_no */
        { 8, 14, 11, 8, true },     /* ibrs: auto_ibrs */
        { 5, 7, 5, 20, false },     /* smep: smap stays */
        { 1, 28, 5, 14, false },    /* avx: mpx stays */
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cpuid_set set;

        memset(&set, 0xff, sizeof(set));
        cpuid_close(&set);
        ck_assert(cpuid_has(&set, rows[i].gone_word, rows[i].gone_bit));
        set.word[rows[i].word] &= ~(UINT32_C(1) << rows[i].bit);
        cpuid_close(&set);
        ck_assert_int_eq(!cpuid_has(&set, rows[i].gone_word,
                                    rows[i].gone_bit), rows[i].gone);
    }
}
END_TEST

/* -- what is read of a policy -------------------------------------------- */

static const struct {
    struct release first, last;
    struct policy_limits limits;
} limits_rows[] = {
    { R(4, 14, 0), R(4, 14, 0), { 1, 0x8000001c, 114, 1 } },
    { R(4, 14, 1), R(4, 14, 4), { 1, 0x8000001c, 114, 2 } },
    { R(4, 14, 5), R(4, 14, 6), { 2, 0x80000021, 120, 2 } },
    { R(4, 15, 0), R(4, 15, 2), { 1, 0x8000001c, 114, 2 } },
    { R(4, 15, 3), R(4, 15, 7), { 2, 0x80000021, 120, 2 } },
    { R(4, 16, 0), R(4, 16, 0), { 1, 0x80000021, 119, 2 } },
    { R(4, 16, 1), R(4, 16, 7), { 2, 0x80000021, 120, 2 } },
    { R(4, 17, 0), R(4, 17, 7), { 2, 0x80000021, 120, 2 } },
    { R(4, 18, 0), R(4, 18, 6), { 2, 0x80000021, 120, 2 } },
    { R(4, 19, 0), R(4, 19, 6), { 2, 0x80000021, 120, 2 } },
    { R(4, 20, 0), R(4, 20, 4), { 2, 0x80000021, 120, 2 } },
    { R(4, 21, 0), R(4, 21, 2), { 2, 0x80000021, 120, 2 } },
    { R(4, 22, 0), R(4, 22, 0), { 2, 0x80000021, 120, 2 } },
};

/* The limit on entries is the number of places that there are. */
static int places(const struct policy_limits *limits)
{
    int n = 0;

    for (uint32_t leaf = 0; leaf <= 0xf; leaf++)
        for (uint32_t subleaf = 0; subleaf < 80; subleaf++)
            n += policy_has_leaf(limits, leaf, subleaf);
    for (uint32_t leaf = 0; leaf < 0x200; leaf++)
        n += policy_has_leaf(limits, leaf, CPUID_NO_SUBLEAF) +
             policy_has_leaf(limits, 0x40000000 + leaf, CPUID_NO_SUBLEAF) +
             policy_has_leaf(limits, 0x80000000 + leaf, CPUID_NO_SUBLEAF);
    return n;
}

START_TEST(limits_are_those_of_the_release)
{
    struct release release = limits_rows[_i].first;
    const struct policy_limits *wanted = &limits_rows[_i].limits;
    struct policy_limits limits;

    for (; release.point <= limits_rows[_i].last.point; release.point++) {
        ck_assert(policy_limits(release, &limits));
        ck_assert_uint_eq(limits.leaf_7, wanted->leaf_7);
        ck_assert_uint_eq(limits.extended, wanted->extended);
        ck_assert_uint_eq(limits.leaves, wanted->leaves);
        ck_assert_uint_eq(limits.msrs, wanted->msrs);
        ck_assert_int_eq(places(&limits), (int)limits.leaves);
    }
}
END_TEST

START_TEST(limits_of_a_series_are_those_of_its_first)
{
    struct policy_limits limits;

    ck_assert(!policy_limits(R(4, 13, 5), &limits));
    ck_assert(!policy_limits(SERIES(4, 13), &limits));
    ck_assert(policy_limits(SERIES(4, 14), &limits));
    ck_assert_uint_eq(limits.msrs, 1);
    ck_assert(policy_limits(SERIES(4, 16), &limits));
    ck_assert_uint_eq(limits.leaves, 119);
    ck_assert(policy_limits(R(4, 40, 0), &limits));
    ck_assert_uint_eq(limits.leaves, 120);
}
END_TEST

START_TEST(places_of_leaves)
{
    static const struct policy_limits newest = { 2, 0x80000021, 120, 2 };
    static const struct {
        uint32_t leaf, subleaf;
        bool has;
    } rows[] = {
        { 0, UINT32_MAX, true },  { 0, 0, false },
        { 4, 5, true },           { 4, 6, false },
        { 4, UINT32_MAX, false }, { 7, 2, true },
        { 7, 3, false },          { 0xb, 1, true },
        { 0xb, 2, false },        { 0xd, 62, true },
        { 0xd, 63, false },       { 0xe, UINT32_MAX, false },
        { 0x40000000, UINT32_MAX, true },
        { 0x40000001, UINT32_MAX, false },
        { 0x40000100, UINT32_MAX, true },
        { 0x80000021, UINT32_MAX, true },
        { 0x80000022, UINT32_MAX, false },
        { 0xa5a5a5a5, 0xa5a5a5a5, false },
        { UINT32_MAX, UINT32_MAX, false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        ck_assert_int_eq(policy_has_leaf(&newest, rows[i].leaf,
                                         rows[i].subleaf), rows[i].has);
    ck_assert(policy_has_msr(0xce));
    ck_assert(policy_has_msr(0x10a));
    ck_assert(!policy_has_msr(0x48));
}
END_TEST

START_TEST(vendors)
{
    ck_assert_int_eq(cpuid_vendor(0x756e6547, 0x6c65746e, 0x49656e69),
                     DOMCTX_VENDOR_INTEL);
    ck_assert_int_eq(cpuid_vendor(0x68747541, 0x444d4163, 0x69746e65),
                     DOMCTX_VENDOR_AMD);
    ck_assert_int_eq(cpuid_vendor(0x6f677948, 0x656e6975, 0x6e65476e),
                     DOMCTX_VENDOR_AMD);
    ck_assert_int_eq(cpuid_vendor(0x68532020, 0x20206961, 0x68676e61),
                     DOMCTX_VENDOR_OTHER);
    ck_assert_int_eq(cpuid_vendor(0x746e6543, 0x736c7561, 0x48727561),
                     DOMCTX_VENDOR_OTHER);
    ck_assert_int_eq(cpuid_vendor(0, 0, 0), DOMCTX_VENDOR_UNKNOWN);
}
END_TEST

/* -- HVM parameters ------------------------------------------------------ */

START_TEST(parameters_by_release)
{
    static const struct {
        struct release release;
        unsigned int count;
        uint64_t mask, preset;
    } rows[] = {
        { R(4, 2, 5), 0, 0x1, 0 },     { R(4, 5, 5), 0, 0x7, 0 },
        { R(4, 6, 1), 36, 0xf, 0x5 },  { R(4, 6, 3), 37, 0xf, 0x5 },
        { R(4, 8, 0), 37, 0x3f, 0x25 }, { R(4, 9, 0), 38, 0x7f, 0x65 },
        { R(4, 12, 4), 39, 0x7f, 0x65 }, { R(4, 14, 6), 39, 0x3ff, 0x65 },
        { R(4, 15, 0), 39, 0x1fff, 0 }, { R(4, 22, 0), 39, 0x1fff, 0 },
        { SERIES(4, 6), 36, 0xf, 0x5 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_uint_eq(hvm_param_count(rows[i].release), rows[i].count);
        ck_assert_uint_eq(hvm_viridian_mask(rows[i].release), rows[i].mask);
        ck_assert_uint_eq(hvm_viridian_default(rows[i].release),
                          rows[i].preset);
    }
}
END_TEST

START_TEST(parameters_in_words)
{
    static const struct {
        uint64_t index, value;
        const char *name, *words;
    } rows[] = {
        { 0, 0, "CALLBACK_IRQ", "off" },
        { 0, 9, "CALLBACK_IRQ", "GSI 9" },
        { 0, UINT64_C(0x0100000000001802), "CALLBACK_IRQ",
          "PCI device 3, INTC" },
        { 0, UINT64_C(0x02000000000000f3), "CALLBACK_IRQ", "vector 243" },
        { 0, UINT64_C(0x03000000000000f3), "CALLBACK_IRQ", "off" },
        { 9, 0x65, "VIRIDIAN",
          "base time_ref_count apic_assist crash_ctl" },
        { 9, 0x2001, "VIRIDIAN", "base unknown" },
        { 38, 1, "MCA_CAP", "" },
    };
    char buf[400], small[8];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_str_eq(hvm_param_name(rows[i].index), rows[i].name);
        ck_assert_str_eq(hvm_param_words(rows[i].index, rows[i].value, buf,
                                         sizeof(buf)), rows[i].words);
    }
    ck_assert_ptr_null(hvm_param_name(39));
    ck_assert_ptr_null(hvm_param_name(3));
    ck_assert_ptr_null(hvm_param_name(UINT64_MAX));
    hvm_param_words(9, UINT64_MAX, small, sizeof(small));
    ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cpuid");
    TCase *tc = tcase_create("catalogue");

    tcase_add_test(tc, every_name_is_there_once);
    tcase_add_test(tc, rules_ask_for_what_has_a_name);
    tcase_add_test(tc, every_release_has_its_bound);
    tcase_add_loop_test(tc, features_come_and_go, 0,
                        (int)(sizeof(came) / sizeof(came[0])));
    tcase_add_test(tc, a_series_gives_what_all_of_it_give);
    tcase_add_test(tc, what_is_built_on_a_feature_goes_with_it);
    tcase_add_loop_test(tc, limits_are_those_of_the_release, 0,
                        (int)(sizeof(limits_rows) /
                              sizeof(limits_rows[0])));
    tcase_add_test(tc, limits_of_a_series_are_those_of_its_first);
    tcase_add_test(tc, places_of_leaves);
    tcase_add_test(tc, vendors);
    tcase_add_test(tc, parameters_by_release);
    tcase_add_test(tc, parameters_in_words);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
