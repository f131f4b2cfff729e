/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read in tools/libs/guest/xg_sr_save_x86_hvm.c (write_hvm_params),
 * xg_sr_common_x86.c (write_x86_cpu_policy_records), xen/lib/x86/cpuid.c
 * (x86_cpuid_copy_to_buffer) and cpu-policy.h (CPUID_GUEST_NR_*) at the tags
 * from 4.6.0 to 4.22.0.  The features that a release gives are the table of
 * the catalogue, which test-cpuid holds; nothing else here is the library's.
 */
#include "verdict/saver-domain.h"
#include "verdict/saver.h"

#include "catalogue/cpuid.h"

#define NONE CPUID_NO_SUBLEAF

static const struct processor {
    enum domctx_vendor vendor;
    const char *name;           /* as leaf 0 has it: EBX, EDX, ECX */
    uint32_t signature, subleaf_7, components, extended;
    uint32_t word[CPUID_WORDS]; /* its features, before the release's mask */
} processors[SAVER_PROCESSORS] = {
    [SAVER_SKYLAKE] = { DOMCTX_VENDOR_INTEL, "GenuineIntel", 0x50654, 0, 0xff,
        0x80000008,
        { 0xbfebfbff, 0x77fefbff, 0x2c100800, 0x121, 0xf, 0xd39ffffb, 0x8,
          0x100, 0, 0xbc000400, 0, 0, 0, 0, 0, 0, 0x2000000b, 0, 0 } },
    [SAVER_ICE_LAKE] = { DOMCTX_VENDOR_INTEL, "GenuineIntel", 0x606a6, 2,
        0x2e7, 0x80000008,
        { 0xbfebfbff, 0x77fefbff, 0x2c100800, 0x121, 0xf, 0xf1bf27eb,
          0x405f4e, 0x100, 0, 0xbc040410, 0x30, 0, 0, 0x17, 0, 0,
          0x1d0a006b, 0, 0 } },
    [SAVER_ZEN] = { DOMCTX_VENDOR_AMD, "AuthenticAMD", 0x800f12, 0, 7,
        0x8000001f,
        { 0x178bfbff, 0x7ed8320b, 0x2fd3fbff, 0x35c233ff, 0xf, 0x209c01a9, 0,
          0x6799, 0x1007, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
    [SAVER_ZEN_4] = { DOMCTX_VENDOR_AMD, "AuthenticAMD", 0xa10f11, 0, 0x2e7,
        0x80000028,
        { 0x178bfbff, 0x7efa320b, 0x2fd3fbff, 0x75c237ff, 0xf, 0xf1bf97a9,
          0x405fce, 0x6799, 0x791ef257, 0x10000010, 0x20, 0x462fcf, 0, 0, 0,
          0, 0, 0, 6 } },
};

/* CPUID_GUEST_NR_FEAT and CPUID_GUEST_NR_EXTD, less one. */
static const struct since leaf_7_has_2 = {
    { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 1),
      RELEASE(4, 17, 0) } };
static const struct since has_80000021 = {
    { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 0) } };
static const struct since writes_arch_caps = { { RELEASE(4, 14, 1) } };
/* from the default policy on, 4b2cdbfe76 */
static const struct since gives_arch_caps = {
    { RELEASE(4, 14, 6), RELEASE(4, 15, 5), RELEASE(4, 16, 5),
      RELEASE(4, 17, 2), RELEASE(4, 18, 0) } };

enum domctx_vendor saver_vendor(enum saver_processor processor)
{
    return processors[processor].vendor;
}

/* -- policies ------------------------------------------------------------- */

static uint32_t word4(const char *text)
{
    return (uint32_t)(uint8_t)text[0] | (uint32_t)(uint8_t)text[1] << 8 |
           (uint32_t)(uint8_t)text[2] << 16 | (uint32_t)(uint8_t)text[3] << 24;
}

/* The domain's features: what processor, release and paging give. */
static void features_of(const struct processor *processor,
                        struct release release, unsigned int what,
                        struct cpuid_set *set)
{
    ck_assert(cpuid_bound(release, set));
    for (size_t i = 0; i < CPUID_WORDS; i++)
        set->word[i] &= processor->word[i];
    set->word[1] |= UINT32_C(1) << 31;      /* hypervisor */
    if (what & SAVER_SHADOW) {              /* neither pcid nor pku */
        set->word[1] &= ~(UINT32_C(1) << 17);
        set->word[2] &= ~(UINT32_C(1) << 26);
        set->word[5] &= ~(UINT32_C(1) << 10);
        set->word[6] &= ~(UINT32_C(1) << 3 | UINT32_C(1) << 31);
    }
    if (!(what & SAVER_NESTED)) {
        set->word[1] &= ~(UINT32_C(1) << 5);
        set->word[3] &= ~(UINT32_C(1) << 2);
    }
    if (!since_all(&gives_arch_caps, release)) {
        set->word[9] &= ~(UINT32_C(1) << 29);
        set->word[16] = set->word[17] = 0;
    }
    cpuid_close(set);
}

static uint32_t feature_word(const struct cpuid_set *set, uint32_t leaf,
                             uint32_t subleaf, enum cpuid_register reg)
{
    for (size_t i = 0; i < CPUID_WORDS; i++)
        if (cpuid_places[i].leaf == leaf &&
            cpuid_places[i].subleaf == subleaf && cpuid_places[i].reg == reg)
            return set->word[i];
    return 0;
}

static struct domctx_cpuid_leaf *add_leaf(struct saver_domain *to,
                                          const struct cpuid_set *set,
                                          uint32_t leaf, uint32_t subleaf)
{
    struct domctx_cpuid_leaf *added = &to->leaves[to->domain.n_leaves++];

    ck_assert_uint_lt(to->domain.n_leaves,
                      sizeof(to->leaves) / sizeof(to->leaves[0]));
    *added = (struct domctx_cpuid_leaf){
        leaf, subleaf, feature_word(set, leaf, subleaf, CPUID_A),
        feature_word(set, leaf, subleaf, CPUID_B),
        feature_word(set, leaf, subleaf, CPUID_C),
        feature_word(set, leaf, subleaf, CPUID_D),
    };
    return added;
}

/* Leaf d: subleaves 0, 1, and each up to the highest component. */
static void add_components(struct saver_domain *to,
                           const struct cpuid_set *set, uint32_t components)
{
    add_leaf(to, set, 0xd, 0)->a = components;
    add_leaf(to, set, 0xd, 1);
    for (uint32_t i = 2; i < 32 && components >> i; i++)
        add_leaf(to, set, 0xd, i)->a = components >> i & 1 ? 64 : 0;
}

static void add_basic(struct saver_domain *to, struct release release,
                      const struct processor *processor,
                      const struct cpuid_set *set)
{
    bool intel = processor->vendor == DOMCTX_VENDOR_INTEL;
    uint32_t most = since_all(&leaf_7_has_2, release) ? 2 : 1;
    uint32_t subleaf_7 = processor->subleaf_7 < most ? processor->subleaf_7
                                                     : most;
    struct domctx_cpuid_leaf *leaf = add_leaf(to, set, 0, NONE);

    *leaf = (struct domctx_cpuid_leaf){
        0, NONE, 0xd, word4(processor->name), word4(processor->name + 8),
        word4(processor->name + 4) };
    add_leaf(to, set, 1, NONE)->a = processor->signature;
    add_leaf(to, set, 2, NONE);
    add_leaf(to, set, 3, NONE);
    for (uint32_t i = 0; i <= (intel ? 4 : 0); i++)
        add_leaf(to, set, 4, i)->a = intel && i < 4 ? 1 + i / 2 : 0;
    add_leaf(to, set, 5, NONE);
    add_leaf(to, set, 6, NONE);
    for (uint32_t i = 0; i <= subleaf_7; i++)
        add_leaf(to, set, 7, i)->a |= i ? 0 : subleaf_7;
    for (uint32_t i = 8; i <= 0xa; i++)
        add_leaf(to, set, i, NONE);
    add_leaf(to, set, 0xb, 0);
    add_leaf(to, set, 0xc, NONE);
    add_components(to, set, processor->components);
}

static void add_extended(struct saver_domain *to, struct release release,
                         const struct processor *processor,
                         const struct cpuid_set *set)
{
    uint32_t most = since_all(&has_80000021, release) ? 0x80000021
                                                      : 0x8000001c;

    if (processor->extended < most)
        most = processor->extended;
    add_leaf(to, set, 0x40000000, NONE);
    add_leaf(to, set, 0x40000100, NONE);
    for (uint32_t i = 0x80000000; i <= most; i++)
        add_leaf(to, set, i, NONE)->a |=
            i == 0x80000000   ? most
            : i == 0x80000008 ? 0x3030
                              : 0;
}

/* Both MSRs whatever their value, since e32605b07e. */
static void add_msrs(struct saver_domain *to, struct release release,
                     const struct cpuid_set *set)
{
    struct domctx_domain *domain = &to->domain;

    to->msrs[0] = (struct domctx_policy_msr){ 0xce, 0, 0x80000000 };
    to->msrs[1] = (struct domctx_policy_msr){
        0x10a, 0, (uint64_t)set->word[17] << 32 | set->word[16] };
    domain->msrs = to->msrs;
    domain->n_msrs = since_all(&writes_arch_caps, release) ? 2 : 1;
    domain->msrs_at.entries = domain->n_msrs;
}

static void add_policies(struct saver_domain *to, struct release release,
                         enum saver_processor which, unsigned int what)
{
    const struct processor *processor = &processors[which];
    struct cpuid_set set;

    features_of(processor, release, what, &set);
    add_basic(to, release, processor, &set);
    add_extended(to, release, processor, &set);
    add_msrs(to, release, &set);
    to->domain.leaves = to->leaves;
    to->domain.leaves_at.entries = to->domain.n_leaves;
}

/* -- parameters ----------------------------------------------------------- */

static void add_param(struct saver_domain *to, uint64_t index,
                      uint64_t value)
{
    ck_assert_uint_lt(to->domain.n_params,
                      sizeof(to->params) / sizeof(to->params[0]));
    to->params[to->domain.n_params++] =
        (struct domctx_hvm_param){ index, value };
}

/* What "viridian = 1" means to the toolstack. */
static uint64_t viridian_of(cat_version series)
{
    return series >= CAT_V(4, 15)  ? 0x1865
           : series >= CAT_V(4, 9) ? 0x65
           : series >= CAT_V(4, 7) ? 0x25
                                   : 5;
}

/* In the order of write_hvm_params(); those that are 0 are left out. */
static void add_params(struct saver_domain *to, struct release release,
                       enum saver_processor processor, unsigned int what)
{
    static const struct since fip = { { RELEASE(4, 6, 3),
                                        RELEASE(4, 7, 0) } };
    cat_version series = release.series;
    bool hvm = !(what & SAVER_PVH);

    add_param(to, 1, 0xfefff);
    add_param(to, 5, 0xfeffd);
    add_param(to, 6, 0xfeffc);
    add_param(to, 27, 0xfeffb);
    add_param(to, 28, 0xfeffa);
    add_param(to, 29, 0xfeff9);
    if (what & SAVER_VIRIDIAN)
        add_param(to, 9, viridian_of(series));
    add_param(to, 17, 0xfeffe);
    add_param(to, 12, 0xfeff7000);
    if (hvm && series < CAT_V(4, 14))
        add_param(to, 4, 1);
    if (hvm) {
        add_param(to, 19, 1);
        add_param(to, 34, 0xfc00);
        add_param(to, 32, 0xfeff0);
        add_param(to, 33, 8);
        if (series < CAT_V(4, 9))
            add_param(to, 15, 0xfc001000);
        else
            add_param(to, 37, UINT64_C(0x1080) << 32 | 0xfc001000);
    }
    if (since_all(&fip, release) &&
        saver_vendor(processor) == DOMCTX_VENDOR_INTEL)
        add_param(to, 36, 8);
    to->domain.params = to->params;
    to->domain.params_at.entries = to->domain.n_params;
}

/* -- configuration -------------------------------------------------------- */

static void set_keys(struct domctx_keys *keys, unsigned int what)
{
    bool hvm = !(what & SAVER_PVH);

    keys->known = true;
    keys->max_vcpus = 2;
    if (what & SAVER_VIRIDIAN)
        keys->viridian = DOMCTX_YES;
    if (what & SAVER_NESTED)
        keys->nested_hvm = DOMCTX_YES;
    if (what & SAVER_SHADOW)
        keys->hap = DOMCTX_NO;
    if (hvm) {
        strcpy(keys->device_model, "qemu_xen");
        strcpy(keys->bios, "seabios");
    }
    strcpy(keys->tsc_mode, "default");
}

void saver_domain(struct saver_domain *to, struct release release,
                  enum saver_processor processor, unsigned int what)
{
    bool policy = release.series >= CAT_V(4, 14);

    memset(to, 0, sizeof(*to));
    to->domain.guest = what & SAVER_PVH ? DOMCTX_GUEST_PVH
                                        : DOMCTX_GUEST_HVM;
    to->domain.stream = policy ? 3 : 2;
    if (policy)
        add_policies(to, release, processor, what);
    add_params(to, release, processor, what);
    to->domain.has_tsc = true;
    to->domain.has_emulator = !(what & SAVER_PVH);
    to->domain.emulator = to->domain.has_emulator ? 2 : 0;
    set_keys(&to->domain.keys, what);
}
