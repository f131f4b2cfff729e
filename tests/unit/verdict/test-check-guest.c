/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging what a restore meets beside the context: each row of rules/guest.c
 * in a release that has it and in one that has not, over all of them. */
#include "verdict/test-guest-rows.h"

#include "base/messages.h"
#include "rules/guest.h"

/* -- a domain ------------------------------------------------------------- */

/* A policy of an AMD processor with all that the records need. */
static const struct domctx_cpuid_leaf sound[] = {
    { 0, NO_SUBLEAF, 0xd, 0x68747541, 0x444d4163, 0x69746e65 },
    { 1, NO_SUBLEAF, 0x800f12, 0, 0xf6f83203, 0x178bfbff },
    { 7, 0, 0, 0x209c01a9, 0, 0 },
    { 0x80000000, NO_SUBLEAF, 0x80000008, 0, 0, 0 },
    { 0x80000001, NO_SUBLEAF, 0, 0, 0x171, 0x2fd3fbff },
};
static const struct domctx_policy_msr sound_msrs[] = {
    { 0xce, 0, 0x80000000 },
};
static const struct domctx_hvm_param sound_params[] = {
    { 1, 0xfefff }, { 5, 0xfeffd }, { 19, 1 }, { 33, 8 },
};

static struct judged judge_guest(const struct guest *guest,
                                 struct release target,
                                 const struct domctx_host *like)
{
    struct domctx_cpuid_leaf leaves[N(sound) + 1];
    struct domctx_policy_msr msrs[N(sound_msrs) + 1];
    struct domctx_hvm_param params[N(sound_params) + 2];
    struct domctx_domain domain = {
        .guest = guest->kind ? guest->kind : DOMCTX_GUEST_HVM, .stream = 3,
        .leaves = guest->no_policy ? NULL : leaves,
        .n_leaves = guest->no_policy ? 0 : N(sound) + guest->has_leaf,
        .msrs = msrs, .n_msrs = N(sound_msrs) + (guest->msr.index != 0),
        .params = params, .n_params = N(sound_params),
        .has_tsc = true, .tsc_mode = guest->tsc_mode,
        .has_emulator = true, .emulator = guest->emulator,
        .keys = guest->keys,
    };
    struct domctx_host host = *like;
    struct judged judged;
    struct bytes b = { 0 };

    host.domain = &domain;
    memcpy(leaves, sound, sizeof(sound));
    leaves[N(sound)] = guest->leaf;
    memcpy(msrs, sound_msrs, sizeof(sound_msrs));
    msrs[N(sound_msrs)] = guest->msr;
    memcpy(params, sound_params, sizeof(sound_params));
    for (size_t i = 0; i < 2; i++)
        if (guest->params[i].index)
            params[domain.n_params++] = guest->params[i];
    domain.leaves_at.entries = guest->leaves ? guest->leaves
                                             : domain.n_leaves;
    domain.msrs_at.entries = guest->msrs ? guest->msrs : domain.n_msrs;
    put_saved(&b, target, 0);
    judged = judge(&b, target, target, &host);
    bytes_free(&b);
    return judged;
}

static const struct domctx_finding *find_row(const domctx_report *report,
                                             const struct row *row)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        if (strcmp(finding->id, row->id) == 0 &&
            finding->outcome == row->outcome &&
            strcmp(finding->error, row->error) == 0)
            return finding;
    return NULL;
}

START_TEST(a_row_is_judged)
{
    const struct row *row = &rows[_i];
    static const struct guest good = { .kind = DOMCTX_GUEST_HVM };
    static const struct domctx_host unknown, whole = {
        .max = &least, .hvm = DOMCTX_YES, .hap = DOMCTX_YES,
        .shadow = DOMCTX_YES, .nested_hvm = DOMCTX_YES };
    struct judged bad = judge_guest(&row->guest, row->with, &row->host);
    struct judged fine = judge_guest(
        &good, row->with, strncmp(row->id, "host-", 5) ? &unknown : &whole);
    const struct domctx_finding *finding = find_row(bad.report, row);

    if (!finding)
        show_judged(row->id, bad.report);
    ck_assert_msg(finding != NULL, "row %d %s", _i, row->id);
    ck_assert_ptr_nonnull(domctx_message_find(row->id));
    if (row->outcome == DOMCTX_REFUSED) {
        ck_assert_int_eq(bad.verdict.outcome, DOMCTX_REFUSED);
        ck_assert_str_eq(bad.verdict.error, row->error);
    } else {
        ck_assert_int_eq(bad.verdict.outcome, DOMCTX_NO_OUTCOME);
    }
    ck_assert_msg(row->outcome == DOMCTX_DEPENDS ||
                      !find_row(fine.report, row), "row %d near miss", _i);
    judged_free(&bad);
    judged_free(&fine);
    if (row->without.series) {
        struct judged other = judge_guest(&row->guest, row->without,
                                          &row->host);

        ck_assert_msg(!find_row(other.report, row), "row %d without", _i);
        judged_free(&other);
    }
}
END_TEST

/* A guest on a host of its own vendor, of which only the name is known. */
START_TEST(own_vendor)
{
    static const struct {
        struct guest guest;
        struct domctx_host host;
    } same[] = {
        { { .leaves = 5 }, { .vendor = DOMCTX_VENDOR_AMD,
                             .vendor_name = "AuthenticAMD" } },
        { HYGON, { .vendor = DOMCTX_VENDOR_AMD,
                   .vendor_name = "HygonGenuine" } },
        { SHANGHAI, { .vendor = DOMCTX_VENDOR_OTHER,
                      .vendor_name = "  Shanghai  " } },
    };
    static const char *const ids[] = {
        "guest-vendor", "guest-vendor-host", "guest-no-vendor" };

    for (size_t i = 0; i < N(same); i++) {
        struct judged judged = judge_guest(
            &same[i].guest, RELEASE(4, 22, 0), &same[i].host);

        for (size_t k = 0; k < N(ids); k++)
            ck_assert_uint_eq(count_id(judged.report, ids[k]), 0);
        judged_free(&judged);
    }
}
END_TEST

/* Keys that go together, and words that every release knows. */
START_TEST(sound_keys)
{
    static const struct guest guests[] = {
        KEY(.device_model = "qemu_xen_traditional", .bios = "rombios"),
        KEY(.device_model = "qemu_xen", .bios = "seabios"),
        KEY(.bios = "seabios"), KEY(.bios = "ovmf"),
        KEY(.bios = "rombios", .stubdomain = DOMCTX_YES),
        KEY(.stubdomain = DOMCTX_YES),
        KEY(.device_model = "qemu_xen", .bios = "seabios",
            .stubdomain = DOMCTX_YES),
        KEY(.passthrough = DOMCTX_NO), KEY(.devices = true),
        KEY(.passthrough = DOMCTX_YES, .devices = true),
        KEY(.altp2m = DOMCTX_YES), KEY(.nested_hvm = DOMCTX_YES),
        KEY(.altp2m = DOMCTX_NO, .nested_hvm = DOMCTX_YES),
        ODD("b_info/device_model_version", "qemu_xen"),
        ODD("disks//backend", "tap"), ODD("type", "h"),
    };
    static const struct domctx_host unknown;
    const struct release releases[] = { R(4, 14, 6), R(4, 17, 7),
                                        R(4, 20, 4) };

    for (size_t i = 0; i < N(guests) * N(releases); i++) {
        struct judged judged = judge_guest(&guests[i / N(releases)],
                                           releases[i % N(releases)],
                                           &unknown);

        ck_assert_uint_eq(count_id(judged.report, "guest-config"), 0);
        ck_assert_uint_eq(count_id(judged.report, "guest-config-cut"), 0);
        judged_free(&judged);
    }
}
END_TEST

/* A sound domain, to every release: nothing is said. */
START_TEST(sound_domains_load)
{
    static const struct guest guest = KEY(.hap = DOMCTX_YES);
    static const struct domctx_host unknown;
    cat_version series = release_series((size_t)_i);

    for (int point = 0; point <= release_last_point(series); point++) {
        struct release release = { series, (uint8_t)point };
        struct judged judged = judge_guest(&guest, release, &unknown);
        const struct domctx_finding *finding;

        for (size_t i = 0; (finding = domctx_report_get(judged.report, i));
             i++)
            ck_assert_msg(strncmp(finding->id, "guest-", 6) != 0 ||
                              finding->severity == DOMCTX_NOTE,
                          "%s", finding->id);
        ck_assert_uint_eq(count_id(judged.report, "load-policy"), 0);
        judged_free(&judged);
    }
}
END_TEST

START_TEST(every_rule_is_tested)
{
    for (size_t i = 0; i < n_rules_guest; i++) {
        const struct guest_rule *rule = &rules_guest[i];
        const char *id = domctx_message_at(rule->id)->id;
        bool tested = rule->id == MSG_LOAD_POLICY ||
                      rule->id == MSG_GUEST_VIRIDIAN_MISSING ||
                      rule->id == MSG_GUEST_VIRIDIAN_GROUP;

        for (size_t k = 0; !tested && k < N(rows); k++)
            tested = strcmp(rows[k].id, id) == 0 &&
                     rows[k].outcome == rule->outcome.verdict;
        ck_assert_msg(tested, "%s: %s", id, rule->reason);
        ck_assert(rule->reason[0] && rule->source[0]);
    }
}
END_TEST

/* -- the context against the policy --------------------------------------- */

/* One record of the context set to a value; the policy lacks one feature. */
static struct judged judge_policy(const struct setting *setting,
                                  enum code code, struct release target,
                                  const struct domctx_domain *domain)
{
    struct domctx_host host = { .domain = domain };
    struct judged judged;
    struct bytes b = { 0 };

    put_saved(&b, target, EVERYTHING);
    ck_assert(set_field(&b, target, code, 0, setting));
    judged = judge(&b, target, target, &host);
    bytes_free(&b);
    return judged;
}

static const struct {
    struct setting setting;
    enum code code;
    uint32_t leaf, subleaf;        /* without: */
    unsigned int reg, bit;
    const char *name;
} needs[] = {
    { { "cr4", 0, 0x406b0 }, CODE_CPU, 1, NO_SUBLEAF, 2, 26, "xsave" },
    { { "cr4", 0, 0x106b0 }, CODE_CPU, 7, 0, 1, 0, "fsgsbase" },
    { { "cr4", 0, 0x2006b0 }, CODE_CPU, 7, 0, 1, 20, "smap" },
    { { "cr4", 0, 0x2006b0 }, CODE_CPU, 0x80000001, NO_SUBLEAF, 3, 20,
      "smap" },                    /* which is built on nx */
    { { "cr4", 0, 0x4006b0 }, CODE_CPU, 7, 0, 2, 3, "pku" },
    { { "msr_efer", 0, 0xd01 }, CODE_CPU, 0x80000001, NO_SUBLEAF, 3, 20,
      "nx" },
    { { "msr_efer", 0, 0xd01 }, CODE_CPU, 0x80000001, NO_SUBLEAF, 3, 29,
      "lm" },
};

START_TEST(policy_decides)
{
    struct domctx_cpuid_leaf leaves[] = {
        { 1, NO_SUBLEAF, 0, 0, UINT32_MAX, UINT32_MAX },
        { 7, 0, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX },
        { 0x80000001, NO_SUBLEAF, 0, 0, UINT32_MAX, UINT32_MAX },
    };
    struct domctx_domain domain = { .stream = 3, .leaves = leaves,
                                    .n_leaves = N(leaves) };
    const struct release targets[] = { R(4, 14, 6), R(4, 17, 7),
                                       R(4, 22, 0) };

    for (size_t i = 0; i < N(leaves); i++)
        if (leaves[i].leaf == needs[_i].leaf)
            *(&leaves[i].a + needs[_i].reg) &= ~(UINT32_C(1)
                                                 << needs[_i].bit);
    for (size_t i = 0; i < N(targets); i++) {
        struct judged judged = judge_policy(&needs[_i].setting,
                                            needs[_i].code, targets[i],
                                            &domain);
        const struct domctx_finding *finding =
            find_id(judged.report, "load-policy");

        ck_assert_msg(finding != NULL, "%s", needs[_i].name);
        ck_assert_ptr_nonnull(strstr(finding->text, needs[_i].name));
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_REFUSED);
        judged_free(&judged);
        /* the same domain with all of it: the host decides */
        judged = judge_policy(&needs[_i].setting, needs[_i].code,
                              targets[i], NULL);
        ck_assert_ptr_null(find_id(judged.report, "load-policy"));
        judged_free(&judged);
    }
}
END_TEST

/* Without a policy in the stream: 28301682f4. */
START_TEST(made_up_policies)
{
    static const struct {
        struct release release;
        bool refused;
    } targets[] = {
        { R(4, 17, 7), true }, { R(4, 18, 3), true }, { R(4, 18, 4), false },
        { R(4, 19, 1), true }, { R(4, 19, 2), false }, { R(4, 20, 0), false },
        { R(4, 22, 0), false },
    };
    static const struct domctx_domain domain = { .stream = 2 };

    for (size_t i = 0; i < N(targets); i++) {
        struct domctx_host host = { .domain = &domain };
        static const uint8_t body[24] = { 1, [8] = 0x48, [16] = 0x1, 0x4 };
        struct bytes b = { 0 };
        struct judged judged;

        put_hvm_header(&b);
        put_hvm(&b, CODE_CPU_MSR, 0, body, sizeof(body));
        put_hvm_end(&b);
        judged = judge(&b, targets[i].release, targets[i].release, &host);
        ck_assert_int_eq(count_id(judged.report, "load-policy") > 0,
                         targets[i].refused);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* Nested virtualisation that the configuration does not give. */
START_TEST(vmx_needs_the_configuration)
{
    static const struct setting vmxe = { "cr4", 0, 0x26b0 };
    struct domctx_domain domain = { .stream = 3, .keys = { .known = true,
                                    .max_vcpus = 2 } };
    struct judged judged = judge_policy(&vmxe, CODE_CPU, R(4, 17, 7),
                                        &domain);

    ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 1);
    ck_assert_uint_eq(count_id(judged.report, "load-policy"), 0);
    ck_assert_uint_ge(count_id(judged.report, "load-nested"), 1);
    judged_free(&judged);
    judged = judge_policy(&vmxe, CODE_CPU, R(4, 14, 6), &domain);
    ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 0);
    ck_assert_uint_ge(count_id(judged.report, "load-nested"), 1);
    judged_free(&judged);
    domain.keys.nested_hvm = DOMCTX_YES;
    judged = judge_policy(&vmxe, CODE_CPU, R(4, 17, 7), &domain);
    ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 0);
    ck_assert_ptr_nonnull(strstr(judged.verdict.needs, "vmx"));
    judged_free(&judged);
}
END_TEST

/* Features that only hardware assisted paging has. */
START_TEST(pcid_needs_the_configuration)
{
    static const struct setting pcide = { "cr4", 0, 0x206b0 };
    struct domctx_domain domain = { .stream = 3, .keys = { .known = true,
                                    .max_vcpus = 2, .hap = DOMCTX_NO } };
    struct judged judged = judge_policy(&pcide, CODE_CPU, R(4, 17, 7),
                                        &domain);

    ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 1);
    judged_free(&judged);
    domain.keys.hap = DOMCTX_YES;
    judged = judge_policy(&pcide, CODE_CPU, R(4, 17, 7), &domain);
    ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 0);
    judged_free(&judged);
}
END_TEST

/* Without pae=1 a policy that the toolstack makes has no pae, since 4.14. */
START_TEST(pae_needs_the_configuration)
{
    static const struct setting nothing = { NULL, 0, 0 };
    struct domctx_cpuid_leaf leaf = { 1, NO_SUBLEAF, 0, 0, UINT32_MAX,
                                      UINT32_MAX };
    struct domctx_domain domain = { .stream = 2, .keys = { .known = true,
                                    .max_vcpus = 2, .pae = DOMCTX_NO } };
    const struct { struct release release; bool refused; } targets[] = {
        { R(4, 13, 5), false }, { R(4, 14, 0), true }, { R(4, 22, 0), true },
    };

    for (size_t i = 0; i < N(targets); i++) {
        struct judged judged = judge_policy(&nothing, CODE_CPU,
                                            targets[i].release, &domain);

        ck_assert_msg((count_id(judged.report, "load-policy-config") > 0) ==
                          targets[i].refused, "%zu", i);
        judged_free(&judged);
    }
    domain.leaves = &leaf;
    domain.n_leaves = 1;
    for (int with = 0; with < 2; with++) {
        struct judged judged = judge_policy(&nothing, CODE_CPU, R(4, 17, 7),
                                            &domain);

        ck_assert_uint_eq(count_id(judged.report, "load-policy-config"), 0);
        judged_free(&judged);
        domain.leaves = NULL;
        domain.n_leaves = 0;
        domain.keys.pae = DOMCTX_YES;
    }
}
END_TEST

START_TEST(vcpus_of_the_configuration)
{
    struct domctx_domain domain = { .stream = 3, .keys = { .known = true,
                                    .max_vcpus = 1 } };
    static const struct setting nothing = { NULL, 0, 0 };
    struct judged judged = judge_policy(&nothing, CODE_CPU, R(4, 17, 7),
                                        &domain);

    ck_assert_uint_eq(count_id(judged.report, "load-vcpu-config"), 1);
    ck_assert_int_eq(judged.verdict.outcome, DOMCTX_REFUSED);
    judged_free(&judged);
    domain.keys.max_vcpus = 2;
    judged = judge_policy(&nothing, CODE_CPU, R(4, 17, 7), &domain);
    ck_assert_uint_eq(count_id(judged.report, "load-vcpu-config"), 0);
    judged_free(&judged);
}
END_TEST

START_TEST(viridian_without_its_parameter)
{
    static const struct domctx_hvm_param params[] = { { 1, 7 }, { 9, 0x65 } };
    static const struct setting id = { "guest_os_id", 0, 0x106010001db1d };
    struct domctx_domain domain = { .stream = 3, .params = params,
                                    .n_params = 1 };
    struct judged judged = judge_policy(&id, CODE_VIRIDIAN_DOMAIN,
                                        R(4, 17, 7), &domain);

    ck_assert_uint_eq(count_id(judged.report, "guest-viridian-missing"), 1);
    judged_free(&judged);
    domain.n_params = 2;
    judged = judge_policy(&id, CODE_VIRIDIAN_DOMAIN, R(4, 17, 7), &domain);
    ck_assert_uint_eq(count_id(judged.report, "guest-viridian-missing"), 0);
    judged_free(&judged);
}
END_TEST

/* The value that switches it on, and the group that gives it. */
static const struct {
    enum code code;
    struct setting setting;
    uint64_t group;
    struct release target;
} group_rows[] = {
    { CODE_VIRIDIAN_DOMAIN, { "reference_tsc", 0, 0x5001 }, 0x8,
      R(4, 17, 7) },
    { CODE_VIRIDIAN_VCPU, { "simp_msr", 0, 0x5001 }, 0x80,
      R(4, 17, 7) },
    { CODE_VIRIDIAN_VCPU, { "stimer_config_msr", 0, 0x30009 }, 0x100,
      { CAT_V(4, 20), 1 } },
    { CODE_VIRIDIAN_VCPU, { "stimer_config_msr", 3, 0x30009 }, 0x100,
      { CAT_V(4, 14), 6 } },
};

START_TEST(viridian_without_a_group)
{
    struct domctx_hvm_param param = { 9, 0x3ff & ~group_rows[_i].group };
    struct domctx_domain domain = { .stream = 3, .params = &param,
                                    .n_params = 1 };
    struct setting setting = group_rows[_i].setting;
    struct judged judged = judge_policy(&setting, group_rows[_i].code,
                                        group_rows[_i].target, &domain);

    ck_assert_uint_eq(count_id(judged.report, "guest-viridian-group"), 1);
    judged_free(&judged);
    param.value = 0x3ff;
    judged = judge_policy(&setting, group_rows[_i].code,
                          group_rows[_i].target, &domain);
    ck_assert_uint_eq(count_id(judged.report, "guest-viridian-group"), 0);
    judged_free(&judged);
    param.value &= ~group_rows[_i].group;
    setting.value &= ~UINT64_C(1);   /* it is off */
    judged = judge_policy(&setting, group_rows[_i].code,
                          group_rows[_i].target, &domain);
    ck_assert_uint_eq(count_id(judged.report, "guest-viridian-group"), 0);
    judged_free(&judged);
}
END_TEST

/* Savers write both records of a guest that has the parameter. */
START_TEST(viridian_without_its_records)
{
    static const struct {
        uint64_t param;
        unsigned int missing;
    } groups[] = { { 0, 0 }, { 1, 1 }, { 7, 1 }, { 0x65, 2 } };

    for (size_t i = 0; i < N(groups); i++) {
        struct domctx_hvm_param param = { 9, groups[i].param };
        struct domctx_domain domain = { .stream = 3, .params = &param,
                                        .n_params = 1 };
        struct domctx_host host = { .domain = &domain };
        struct release release = R(4, 17, 7);
        struct bytes b = { 0 };
        struct judged judged;

        put_hvm_header(&b);
        put_hvm_zeros(&b, CODE_CPU, 0, 1032);
        put_hvm_end(&b);
        judged = judge(&b, release, release, &host);
        ck_assert_uint_eq(count_id(judged.report, "load-missing"),
                          groups[i].missing);
        judged_free(&judged);
        bytes_free(&b);
        put_hvm_header(&b);
        put_hvm_zeros(&b, CODE_CPU, 0, 1032);
        put_hvm_zeros(&b, CODE_VIRIDIAN_DOMAIN, 0, 32);
        put_hvm_zeros(&b, CODE_VIRIDIAN_VCPU, 0, 216);
        put_hvm_end(&b);
        judged = judge(&b, release, release, &host);
        ck_assert_uint_eq(count_id(judged.report, "load-missing"), 0);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* -- main ----------------------------------------------------------------- */

int main(void)
{
    Suite *suite = suite_create("check-guest");
    TCase *tc = tcase_create("guest");
    int n = 0;

    while (release_series((size_t)n))
        n++;
    tcase_add_loop_test(tc, a_row_is_judged, 0, (int)N(rows));
    tcase_add_test(tc, own_vendor);
    tcase_add_test(tc, sound_keys);
    tcase_add_loop_test(tc, sound_domains_load, 0, n);
    tcase_add_test(tc, every_rule_is_tested);
    tcase_add_loop_test(tc, policy_decides, 0, (int)N(needs));
    tcase_add_test(tc, made_up_policies);
    tcase_add_test(tc, vmx_needs_the_configuration);
    tcase_add_test(tc, pcid_needs_the_configuration);
    tcase_add_test(tc, pae_needs_the_configuration);
    tcase_add_test(tc, vcpus_of_the_configuration);
    tcase_add_test(tc, viridian_without_its_records);
    tcase_add_test(tc, viridian_without_its_parameter);
    tcase_add_loop_test(tc, viridian_without_a_group, 0, N(group_rows));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
