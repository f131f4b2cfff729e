/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guests judged against described hosts: each feature, each vendor, each
 * release. */
#include "verdict/judging.h"
#include "verdict/made-host.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A guest with that policy. */
struct guest {
    struct domctx_policy policy;
    struct domctx_domain domain;
};

static void make_guest(struct guest *guest, const char *vendor,
                       const struct cpuid_set *set)
{
    made_policy(&guest->policy, vendor, set);
    guest->domain = (struct domctx_domain){
        .guest = DOMCTX_GUEST_HVM, .stream = 3,
        .leaves = guest->policy.leaves, .n_leaves = guest->policy.n_leaves,
        .msrs = guest->policy.msrs, .n_msrs = guest->policy.n_msrs,
        .keys = { .known = true, .max_vcpus = 8, .nested_hvm = DOMCTX_YES },
    };
}

static struct judged judge_on(const struct guest *guest,
                              const struct domctx_description *description,
                              struct release target,
                              const struct setting *setting)
{
    struct domctx_host host = description->host;
    struct bytes b = { 0 };
    struct judged judged;

    host.domain = &guest->domain;
    put_saved(&b, target, 0);
    if (setting)
        ck_assert(set_field(&b, target, CODE_CPU, 0, setting));
    judged = judge(&b, target, target, &host);
    bytes_free(&b);
    return judged;
}

/* The newest of the i-th series from 4.14 on. */
static struct release newest(int i)
{
    cat_version series = (cat_version)(CAT_V(4, 14) + i);

    return (struct release){ series, (uint8_t)release_last_point(series) };
}
#define N_SERIES ((int)(CAT_NEWEST - CAT_V(4, 14)) + 1)

static bool names(const struct domctx_finding *finding, const char *name)
{
    size_t size = strlen(finding->text);

    return strstr(finding->text, name) ||
           strcmp(finding->text + size - 3, "...") == 0;
}

/* Word 2 repeats word 0, which counts. */
static bool is_told(unsigned int word, unsigned int bit)
{
    return cpuid_places[word].reg <= CPUID_D && cpuid_name(word, bit) &&
           !cpuid_has(&cpuid_special, word, bit) &&
           !(word == 2 && UINT32_C(0x0183f3ff) >> bit & 1);
}

/* Each feature that the release gives, missing in the host. */
START_TEST(each_feature)
{
    struct release release = newest(_i);
    struct guest guest;
    struct cpuid_set all, less;
    struct domctx_description *host;
    struct judged judged;
    size_t told = 0;

    ck_assert(cpuid_bound(release, &all));
    cpuid_close(&all);
    make_guest(&guest, MADE_INTEL, &all);
    host = made_host(release, MADE_INTEL, &all);
    judged = judge_on(&guest, host, release, NULL);
    ck_assert_ptr_null(find_id(judged.report, "host-features"));
    ck_assert_int_eq(judged.verdict.outcome, DOMCTX_NO_OUTCOME);
    ck_assert_str_eq(judged.verdict.needs,
                     release.series < CAT_V(4, 19) ? ""
                                                   : "nested-virtualisation");
    judged_free(&judged);
    domctx_description_free(host);
    for (unsigned int i = 0; i < 32 * CPUID_WORDS; i++) {
        const struct domctx_finding *finding;

        if (!cpuid_has(&all, i / 32, i % 32) || !is_told(i / 32, i % 32))
            continue;
        less = all;
        less.word[i / 32] &= ~(UINT32_C(1) << i % 32);
        cpuid_close(&less);
        host = made_host(release, MADE_INTEL, &less);
        judged = judge_on(&guest, host, release, NULL);
        finding = find_id(judged.report, "host-features");
        ck_assert_msg(finding && names(finding, cpuid_name(i / 32, i % 32)),
                      "%s", cpuid_name(i / 32, i % 32));
        ck_assert_int_eq(finding->severity, DOMCTX_WARNING);
        judged_free(&judged);
        domctx_description_free(host);
        told++;
    }
    ck_assert_uint_gt(told, 100);
}
END_TEST

/* What the guest has in use, and what it is built on. */
static const struct {
    struct setting setting;
    unsigned int word, bit;
    const char *name;
} uses[] = {
    { { "cr4", 0, 0x406b0 }, 1, 26, "xsave" },
    { { "cr4", 0, 0x106b0 }, 5, 0, "fsgsbase" },
    { { "cr4", 0, 0x1006b0 }, 5, 7, "smep" },
    { { "cr4", 0, 0x2006b0 }, 5, 20, "smap" },
    { { "cr4", 0, 0x2006b0 }, 2, 20, "smap" },     /* built on nx */
    { { "cr4", 0, 0x206b0 }, 1, 17, "pcid" },
    { { "cr4", 0, 0x206b0 }, 2, 29, "pcid" },      /* built on lm */
    { { "cr4", 0, 0xeb0 }, 6, 2, "umip" },
    { { "msr_efer", 0, 0xd01 }, 2, 20, "nx" },
};

START_TEST(what_is_in_use)
{
    for (int i = 0; i < N_SERIES; i++) {
        struct release release = newest(i);
        struct cpuid_set all, less;
        struct domctx_description *whole, *host;
        const struct domctx_finding *finding;
        struct judged judged;
        struct guest guest;

        ck_assert(cpuid_bound(release, &all));
        cpuid_close(&all);
        less = all;
        less.word[uses[_i].word] &= ~(UINT32_C(1) << uses[_i].bit);
        cpuid_close(&less);
        make_guest(&guest, MADE_AMD, &all);
        whole = made_host(release, MADE_AMD, &all);
        host = made_host(release, MADE_AMD, &less);
        judged = judge_on(&guest, whole, release, &uses[_i].setting);
        ck_assert_ptr_null(find_id(judged.report, "load-host-lacks"));
        ck_assert_ptr_null(find_id(judged.report, "load-host-cr4"));
        judged_free(&judged);
        judged = judge_on(&guest, host, release, &uses[_i].setting);
        finding = find_id(judged.report, "load-host-lacks");
        ck_assert_msg(finding && strstr(finding->text, uses[_i].name), "%s",
                      uses[_i].name);
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_REFUSED);
        judged_free(&judged);
        domctx_description_free(whole);
        domctx_description_free(host);
    }
}
END_TEST

/* Each vendor on each, on each release. */
START_TEST(vendors)
{
    static const char *const all[] = { MADE_INTEL, MADE_AMD, "HygonGenuine",
                                       "CentaurHauls" };
    static const struct cpuid_set none;
    struct release release = newest(_i);

    for (size_t i = 0; i < N(all) * N(all); i++) {
        const char *own = all[i / N(all)], *there = all[i % N(all)];
        struct domctx_description *host = made_host(release, there, &none);
        bool other = strcmp(own, there) != 0;
        bool refuses = other && release.series >= CAT_V(4, 22);
        struct guest guest;
        struct judged judged;

        make_guest(&guest, own, &none);
        judged = judge_on(&guest, host, release, NULL);
        ck_assert_uint_eq(count_id(judged.report, "guest-vendor"), refuses);
        ck_assert_uint_eq(count_id(judged.report, "guest-other-vendor"),
                          other && !refuses);
        ck_assert_uint_eq(count_id(judged.report, "guest-vendor-host"), 0);
        judged_free(&judged);
        domctx_description_free(host);
    }
}
END_TEST

/* Without a policy in the stream the host's default counts, and of the most
 * that it gives what the toolstack adds: 057012d289. */
START_TEST(made_up_there)
{
    static const struct setting smep = { "cr4", 0, 0x1006b0 };
    struct release release = RELEASE(4, 20, 4);
    struct domctx_description *host;
    struct guest guest;
    struct judged judged;
    struct cpuid_set all, less;

    ck_assert(cpuid_bound(release, &all));
    less = all;
    less.word[5] &= ~(UINT32_C(1) << 7);
    make_guest(&guest, MADE_AMD, &all);
    guest.domain.leaves = NULL;
    guest.domain.n_leaves = 0;
    host = made_host(release, MADE_AMD, &all);
    judged = judge_on(&guest, host, release, &smep);
    ck_assert_uint_eq(count_id(judged.report, "load-policy"), 0);
    judged_free(&judged);
    made_policy(&host->default_policy, MADE_AMD, &less);
    judged = judge_on(&guest, host, release, &smep);
    ck_assert_uint_eq(count_id(judged.report, "load-policy"), 1);
    ck_assert_ptr_nonnull(strstr(find_id(judged.report, "load-policy")->text,
                                 "on the host lacks smep"));
    judged_free(&judged);
    domctx_description_free(host);
}
END_TEST

/* What is in use, and what a policy that is made up leaves out of it for the
 * configuration's sake: without hardware assisted paging, or, since 4.15
 * (345fd6d01e), without nested virtualisation. */
static const struct {
    struct setting setting;
    const char *vendor, *name;
    bool nested;
} trimmed[] = {
    { { "cr4", 0, 0x206b0 }, MADE_INTEL, "pcid", false },
    { { "cr4", 0, 0x4006b0 }, MADE_INTEL, "pku", false },
    { { "cr4", 0, 0x10006b0 }, MADE_INTEL, "pks", false },
    { { "cr4", 0, 0x26b0 }, MADE_INTEL, "vmx", true },
    { { "msr_efer", 0, 0x1d01 }, MADE_AMD, "svm", true },
};

/* Whether the policy that the domain gets lacks the feature, told as id. */
static bool is_lacking(size_t i, const char *id, struct release release,
                       enum domctx_answer hap, enum domctx_answer nested,
                       enum domctx_answer host_hap)
{
    struct domctx_description *host;
    const struct domctx_finding *finding;
    struct judged judged;
    struct guest guest;
    struct cpuid_set all;
    bool lacks;

    ck_assert(cpuid_bound(release, &all));
    make_guest(&guest, trimmed[i].vendor, &all);
    guest.domain.leaves = NULL;
    guest.domain.n_leaves = 0;
    guest.domain.keys = (struct domctx_keys){ .known = true, .hap = hap,
                                              .nested_hvm = nested };
    host = made_host(release, trimmed[i].vendor, &all);
    host->host.hap = host_hap;
    host->host.nested_hvm = DOMCTX_YES;
    judged = judge_on(&guest, host, release, &trimmed[i].setting);
    finding = find_id(judged.report, id);
    lacks = finding && strstr(finding->text, trimmed[i].name);
    judged_free(&judged);
    domctx_description_free(host);
    return lacks;
}

START_TEST(made_up_for_the_configuration)
{
    const struct release now = RELEASE(4, 20, 4), before = RELEASE(4, 14, 6);
    const enum domctx_answer yes = DOMCTX_YES, no = DOMCTX_NO;
    size_t i = (size_t)_i;
    bool paging = !trimmed[i].nested;
    const char *there = "load-policy", *asked = "load-policy-config";

    ck_assert(!is_lacking(i, there, now, yes, yes, yes));
    ck_assert(!is_lacking(i, asked, now, yes, yes, yes));
    ck_assert(!is_lacking(i, there, now, DOMCTX_UNSAID, yes, yes));
    ck_assert(!is_lacking(i, asked, now, DOMCTX_UNSAID, yes, yes));
    ck_assert(is_lacking(i, asked, now, no, yes, yes) == paging);
    ck_assert(is_lacking(i, there, now, DOMCTX_UNSAID, yes, no) == paging);
    ck_assert(is_lacking(i, asked, now, yes, no, yes) == !paging);
    ck_assert(is_lacking(i, asked, now, yes, DOMCTX_UNSAID, yes) == !paging);
    if (!paging)
        ck_assert(!is_lacking(i, asked, before, yes, no, yes));
}
END_TEST

/* The fewer of host and policy count, but no fewer than 36; there: 0 if the
 * host is not known. */
static const struct {
    uint32_t own, there;
    uint64_t cr3;
    const char *id;
} widths[] = {
    { 48, 40, UINT64_C(1) << 40, "load-host-lacks" },
    { 48, 40, UINT64_C(1) << 39, NULL },
    { 39, 48, UINT64_C(1) << 40, "load-policy" },
    { 39, 40, UINT64_C(1) << 40, "load-policy" },
    { 39, 48, UINT64_C(1) << 38, NULL },
    { 30, 48, UINT64_C(1) << 35, NULL },
    { 30, 48, UINT64_C(1) << 36, "load-policy" },
    { 0, 48, UINT64_C(1) << 36, "load-policy" },
    { 36, 0, UINT64_C(1) << 37, "load-policy" },
    { 36, 0, UINT64_C(1) << 35, "load-host-cr3" },
    { 52, 0, UINT64_C(1) << 51, "load-host-cr3" },
};

START_TEST(address_width)
{
    static const char *const ids[] = { "load-host-lacks", "load-policy",
                                       "load-host-cr3" };
    struct release release = RELEASE(4, 17, 7);
    struct cpuid_set all;

    ck_assert(cpuid_bound(release, &all));
    cpuid_close(&all);
    for (size_t i = 0; i < N(widths); i++) {
        struct setting cr3 = { "cr3", 0, widths[i].cr3 };
        struct domctx_description *host = made_host(release, MADE_AMD, &all);
        struct guest guest;
        struct judged judged;

        host->host.phys_bits = widths[i].there;
        make_guest(&guest, MADE_AMD, &all);
        for (size_t k = 0; k < guest.policy.n_leaves; k++)
            if (guest.policy.leaves[k].leaf == 0x80000008)
                guest.policy.leaves[k].a = widths[i].own;
        judged = judge_on(&guest, host, release, &cr3);
        for (size_t k = 0; k < N(ids); k++)
            ck_assert_msg(count_id(judged.report, ids[k]) ==
                              (widths[i].id &&
                               strcmp(widths[i].id, ids[k]) == 0),
                          "%zu: %s", i, ids[k]);
        judged_free(&judged);
        domctx_description_free(host);
    }
}
END_TEST

/* Before 4.14 the policy has no say, and nothing is refused. */
START_TEST(address_width_before)
{
    static const struct setting cr3 = { "cr3", 0, UINT64_C(1) << 40 };
    struct release release = RELEASE(4, 13, 5);
    struct domctx_description *host;
    struct judged judged;
    struct guest guest;
    struct cpuid_set all;

    ck_assert(cpuid_bound(release, &all));
    host = made_host(release, MADE_AMD, &all);
    host->host.phys_bits = 36;
    make_guest(&guest, MADE_AMD, &all);
    judged = judge_on(&guest, host, release, &cr3);
    ck_assert_uint_eq(count_id(judged.report, "load-policy"), 0);
    ck_assert_uint_eq(count_id(judged.report, "load-host-lacks"), 0);
    judged_free(&judged);
    domctx_description_free(host);
}
END_TEST

/* What only one vendor's processors mind, where the vendor is not known. */
START_TEST(vendor_is_not_guessed)
{
    struct setting lstar = { "msr_lstar", 0, UINT64_C(0x800000000000) };
    struct release release = RELEASE(4, 17, 7);
    struct domctx_host amd = { .vendor = DOMCTX_VENDOR_AMD };
    const struct domctx_finding *finding;
    struct bytes b = { 0 };
    struct judged judged;

    put_saved(&b, release, SAVER_AMD);
    set_field(&b, release, CODE_CPU, 0, &lstar);
    judged = judge(&b, release, release, NULL);
    finding = find_id(judged.report, "live-crash-address");
    ck_assert_int_eq(finding->severity, DOMCTX_WARNING);
    ck_assert_int_eq(finding->outcome, DOMCTX_DEPENDS);
    ck_assert_int_eq(judged.verdict.outcome, DOMCTX_NO_OUTCOME);
    ck_assert_ptr_nonnull(strstr(judged.verdict.needs, "AuthenticAMD"));
    judged_free(&judged);
    judged = judge(&b, release, release, &amd);
    ck_assert_uint_eq(count_id(judged.report, "live-crash-address"), 0);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* A guest with Intel's MCA capabilities loads on Intel alone. */
START_TEST(vendor_that_is_left)
{
    struct setting lstar = { "msr_lstar", 0, UINT64_C(0x800000000000) };
    struct release release = RELEASE(4, 17, 7);
    struct domctx_host other = { .vendor = DOMCTX_VENDOR_OTHER };
    const struct domctx_finding *finding;
    struct bytes b = { 0 };
    struct judged judged;

    put_saved(&b, release, 0);
    set_field(&b, release, CODE_CPU, 0, &lstar);
    judged = judge(&b, release, release, NULL);
    finding = find_id(judged.report, "live-crash-address");
    ck_assert_int_eq(finding->severity, DOMCTX_ERROR);
    ck_assert_int_eq(finding->outcome, DOMCTX_CRASHES_HOST);
    ck_assert_int_eq(judged.verdict.outcome, DOMCTX_CRASHES_HOST);
    judged_free(&judged);
    judged = judge(&b, release, release, &other);
    finding = find_id(judged.report, "live-crash-address");
    ck_assert_int_eq(finding->outcome, DOMCTX_DEPENDS);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *tests = tcase_create("described");

    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, each_feature, 0, N_SERIES);
    tcase_add_loop_test(tests, what_is_in_use, 0, (int)N(uses));
    tcase_add_loop_test(tests, vendors, 0, N_SERIES);
    tcase_add_test(tests, made_up_there);
    tcase_add_loop_test(tests, made_up_for_the_configuration, 0,
                        (int)N(trimmed));
    tcase_add_test(tests, address_width);
    tcase_add_test(tests, address_width_before);
    tcase_add_test(tests, vendor_is_not_guessed);
    tcase_add_test(tests, vendor_that_is_left);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
