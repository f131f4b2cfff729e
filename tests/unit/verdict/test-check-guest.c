/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging what a restore meets beside the context: each row of rules/guest.c
 * in a release that has it and in one that has not, over all of them. */
#include "verdict/judging.h"

#include "base/messages.h"
#include "rules/guest.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define NO_SUBLEAF UINT32_MAX
#define NOBODY { 0, 0 }

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

/* One entry more than a sound domain has, or other keys. */
struct guest {
    struct domctx_cpuid_leaf leaf;
    struct domctx_policy_msr msr;
    struct domctx_hvm_param params[2];
    struct domctx_keys keys;
    enum domctx_guest kind;
    uint32_t tsc_mode, emulator, leaves, msrs;
    bool has_leaf, no_policy;
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

/* -- the rows ------------------------------------------------------------- */

#define LEAF(...) { .leaf = { __VA_ARGS__ }, .has_leaf = true }
#define MSR(...) { .msr = { __VA_ARGS__ } }
#define PARAMS(...) { .params = { __VA_ARGS__ } }
#define KEY(...) { .keys = { .known = true, .max_vcpus = 8, __VA_ARGS__ } }

/* a word of the configuration */
#define ODD(key_, word_) \
    KEY(.odd = { { .key = key_, .word = word_ } }, .n_odd = 1)

#define SHANGHAI \
    LEAF(0, NO_SUBLEAF, 0xd, 0x68532020, 0x20206961, 0x68676e61)
#define HYGON LEAF(0, NO_SUBLEAF, 0xd, 0x6f677948, 0x656e6975, 0x6e65476e)

/* A host that has just what the sound domain has. */
static const struct domctx_policy least = {
    5, { { 0, NO_SUBLEAF, 0xd, 0x68747541, 0x444d4163, 0x69746e65 },
         { 1, NO_SUBLEAF, 0x800f12, 0, 0xf6f83203, 0x178bfbff },
         { 7, 0, 0, 0x209c01a9, 0, 0 },
         { 0x80000000, NO_SUBLEAF, 0x80000008, 0, 0, 0 },
         { 0x80000001, NO_SUBLEAF, 0, 0, 0x171, 0x2fd3fbff } },
    1, { { 0xce, 0, 0x80000000 } },
};
/* One with fewer leaves, and CPUID faulting not at all. */
static const struct domctx_policy less = {
    3, { { 0, NO_SUBLEAF, 0xb, 0x68747541, 0x444d4163, 0x69746e65 },
         { 7, 0, 0, 0x209c01a9, 0, 0 },
         { 0x80000000, NO_SUBLEAF, 0x80000007, 0, 0, 0 } },
    0, { { 0, 0, 0 } },
};
static const struct domctx_policy no_faulting = {
    3, { { 0, NO_SUBLEAF, 0xd, 0x68747541, 0x444d4163, 0x69746e65 },
         { 7, 0, 0, 0x209c01a9, 0, 0 },
         { 0x80000000, NO_SUBLEAF, 0x80000008, 0, 0, 0 } },
    1, { { 0xce, 0, 0 } },
};

/* A domain, the first release that refuses it and the last one before. */
static const struct row {
    const char *id, *error;
    struct guest guest;
    struct release with, without;
    enum domctx_outcome outcome;
    struct domctx_host host;
} rows[] = {
    { "guest-device-model", "", KEY(.device_model = "qemu_xen_traditional"),
      R(4, 21, 0), R(4, 20, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/device_model_version", "none"),
      R(4, 10, 0), R(4, 9, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.device_model = "qemu_xen",
                              .bios = "rombios"),
      R(4, 17, 0), NOBODY, DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.bios = "rombios"), R(4, 21, 0), R(4, 20, 0),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.tsc_mode = "native_paravirt"), R(4, 12, 0),
      R(4, 11, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/device_model_version", "none"),
      R(4, 6, 0), R(4, 7, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/tsc_mode", "mars"), R(4, 22, 0),
      R(4, 4, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("c_info/type", "mars"), R(4, 5, 0),
      R(4, 4, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("c_info/passthrough", "mars"), R(4, 13, 0),
      R(4, 12, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/timer_mode", "mars"), R(4, 10, 0),
      R(4, 9, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/tee", "ffa"), R(4, 17, 7),
      R(4, 18, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("b_info/sched_params/sched", "null"),
      R(4, 8, 5), R(4, 9, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("b_info/type.hvm/bios", "marsbios"),
      R(4, 17, 0), R(4, 4, 4), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("b_info/type.hvm/hdtype", "mars"),
      R(4, 6, 0), R(4, 5, 5), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("b_info/type.hvm/vga/kind", "qxl"),
      R(4, 5, 5), R(4, 6, 0), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("b_info/altp2m", "mars"), R(4, 9, 0),
      R(4, 8, 5), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("disks//backend", "standalone"),
      R(4, 16, 7), R(4, 17, 0), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config-cut", "", ODD("nics//nictype", "mars"), R(4, 22, 0),
      R(4, 4, 4), DOMCTX_CHANGED, { .domain = NULL } },
    { "guest-config", "", ODD("on_crash", "soft-reset"), R(4, 6, 6),
      R(4, 7, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", ODD("type", "mars"), R(4, 10, 0), R(4, 9, 4),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", { .kind = DOMCTX_GUEST_PVH }, R(4, 9, 4),
      R(4, 10, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "EINVAL",
      { .keys = { .known = true, .max_vcpus = 129 } }, R(4, 12, 0),
      R(4, 11, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "EINVAL",
      KEY(.nested_hvm = DOMCTX_YES, .hap = DOMCTX_NO), R(4, 15, 0),
      R(4, 14, 6), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-nested", "EINVAL", KEY(.nested_hvm = DOMCTX_YES), R(4, 19, 0),
      R(4, 18, 6), DOMCTX_DEPENDS, { .domain = NULL } },
    /* policies */
    { "guest-policy-older", "E2BIG", { .leaves = 115 }, R(4, 15, 2),
      R(4, 15, 3), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-cpuid-policy", "E2BIG", { .leaves = 121 }, R(4, 22, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-policy-older", "ERANGE", LEAF(7, 2, 0, 0, 0, 0), R(4, 16, 0),
      R(4, 16, 1), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-policy-older", "ERANGE", LEAF(7, 2, 0, 0, 0, 0), R(4, 14, 4),
      R(4, 14, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-policy-older", "ERANGE",
      LEAF(0x8000001d, NO_SUBLEAF, 0, 0, 0, 0), R(4, 15, 2), R(4, 15, 3),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-cpuid-policy", "ERANGE",
      LEAF(0xa5a5a5a5, 0xa5a5a5a5, 0, 0, 0, 0), R(4, 17, 7), R(4, 13, 5),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-cpuid-policy", "EINVAL", LEAF(0, NO_SUBLEAF, 0xe, 0, 0, 0),
      R(4, 22, 0), R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-policy-older", "EINVAL", LEAF(7, 0, 2, 0x209c01a9, 0, 0),
      R(4, 15, 0), R(4, 15, 3), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-cpuid-policy", "EINVAL", LEAF(7, 0, 3, 0x209c01a9, 0, 0),
      R(4, 22, 0), R(4, 14, 6), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-policy-older", "EINVAL",
      LEAF(0x80000000, NO_SUBLEAF, 0x80000021, 0, 0, 0), R(4, 15, 2),
      R(4, 15, 3), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-cpuid-policy", "EINVAL",
      LEAF(0x80000000, NO_SUBLEAF, 0x80000022, 0, 0, 0), R(4, 22, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-leaves-host", "EINVAL", LEAF(7, 0, 1, 0x209c01a9, 0, 0),
      R(4, 18, 2), R(4, 18, 3), DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-leaves-host", "EINVAL", LEAF(7, 0, 1, 0x209c01a9, 0, 0),
      R(4, 17, 4), R(4, 17, 5), DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-policy-older", "E2BIG", { .msrs = 2 }, R(4, 14, 0), R(4, 14, 1),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-msr-policy", "E2BIG", { .msrs = 3 }, R(4, 22, 0), R(4, 13, 5),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-msr-policy", "EINVAL", MSR(0x10a, 1, 0), R(4, 17, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-msr-policy", "ERANGE", MSR(0x48, 0, 0), R(4, 17, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-msr-policy", "EOVERFLOW", MSR(0xce, 0, UINT64_C(1) << 32),
      R(4, 17, 0), R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-msr-policy", "EINVAL", MSR(0xce, 0, 0x80000001), R(4, 17, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-vendor", "EINVAL", { .leaves = 5 }, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_INTEL } },
    { "guest-other-vendor", "", { .leaves = 5 }, R(4, 21, 2), R(4, 22, 0),
      DOMCTX_CHANGED, { .vendor = DOMCTX_VENDOR_INTEL } },
    { "guest-vendor-host", "EINVAL", { .leaves = 5 }, R(4, 22, 0),
      R(4, 21, 2), DOMCTX_DEPENDS, { .domain = NULL } },
    /* Zhaoxin, VIA, Hygon, and one that nobody knows */
    { "guest-vendor", "EINVAL", SHANGHAI, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_INTEL } },
    { "guest-vendor", "EINVAL", SHANGHAI, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .max = &least } },
    { "guest-other-vendor", "", SHANGHAI, R(4, 14, 0), R(4, 13, 5),
      DOMCTX_CHANGED, { .vendor = DOMCTX_VENDOR_INTEL } },
    { "guest-vendor-host", "EINVAL", SHANGHAI, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-vendor-host", "EINVAL", SHANGHAI, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_DEPENDS, { .vendor = DOMCTX_VENDOR_OTHER } },
    { "guest-vendor", "EINVAL", HYGON, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_OTHER } },
    { "guest-vendor", "EINVAL", LEAF(0, NO_SUBLEAF, 0xd, 1, 2, 3),
      R(4, 22, 0), R(4, 21, 2), DOMCTX_REFUSED,
      { .vendor = DOMCTX_VENDOR_AMD } },
    { "guest-features", "", LEAF(7, 0, 0, 0x249c01a9, 0, 0), R(4, 20, 0),
      R(4, 13, 5), DOMCTX_CHANGED, { .domain = NULL } },
    /* the host's policy */
    { "host-cpuid-policy", "EINVAL", { .leaves = 5 }, R(4, 14, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .max = &less } },
    { "host-cpuid-policy", "EINVAL", LEAF(0, NO_SUBLEAF, 0xb, 0, 0, 0),
      R(4, 22, 0), R(4, 12, 4), DOMCTX_REFUSED, { .max = &less } },
    { "host-cpuid-policy", "EINVAL", LEAF(7, 0, 1, 0x209c01a9, 0, 0),
      R(4, 15, 0), R(4, 14, 6), DOMCTX_REFUSED, { .max = &least } },
    { "host-cpuid-policy", "EINVAL", LEAF(7, 0, 2, 0x209c01a9, 0, 0),
      R(4, 17, 7), R(4, 14, 6), DOMCTX_REFUSED, { .max = &least } },
    { "host-cpuid-policy", "EINVAL",
      LEAF(0x80000000, NO_SUBLEAF, 0x8000001c, 0, 0, 0), R(4, 14, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .max = &least } },
    { "host-msr-policy", "EINVAL", { .leaves = 5 }, R(4, 14, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .max = &no_faulting } },
    /* what the host makes */
    { "host-config", "EINVAL", { .leaves = 5 }, R(4, 12, 0), R(4, 11, 4),
      DOMCTX_REFUSED, { .hvm = DOMCTX_NO } },
    { "host-config", "EINVAL", KEY(.hap = DOMCTX_YES), R(4, 14, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .hap = DOMCTX_NO } },
    { "host-config", "EOPNOTSUPP", KEY(.hap = DOMCTX_NO), R(4, 13, 0),
      R(4, 12, 4), DOMCTX_REFUSED, { .shadow = DOMCTX_NO } },
    { "host-config", "EOPNOTSUPP", KEY(.hap = DOMCTX_UNSAID), R(4, 20, 0),
      R(4, 12, 4), DOMCTX_REFUSED,
      { .shadow = DOMCTX_NO, .hap = DOMCTX_NO } },
    { "guest-config", "", KEY(.altp2m = DOMCTX_YES,
                              .nested_hvm = DOMCTX_YES), R(4, 9, 0),
      R(4, 8, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.device_model = "qemu_xen_traditional",
                              .bios = "seabios"), R(4, 20, 4), R(4, 4, 4),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.device_model = "qemu_xen_traditional",
                              .bios = "ovmf"), R(4, 5, 0), R(4, 21, 0),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", KEY(.passthrough = DOMCTX_NO, .devices = true),
      R(4, 13, 0), R(4, 12, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "", { .keys = { .unread = true } }, R(4, 5, 0),
      R(4, 4, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-config", "EINVAL", KEY(.altp2m = DOMCTX_YES,
                                    .hap = DOMCTX_NO), R(4, 19, 0),
      R(4, 18, 6), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-altp2m", "EINVAL", KEY(.altp2m = DOMCTX_YES), R(4, 22, 0),
      R(4, 8, 5), DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-inner", "", KEY(.nested_hvm = DOMCTX_YES), R(4, 17, 7),
      NOBODY, DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-inner", "", { .leaf = { 1, NO_SUBLEAF, 0x800f12, 0, 0xf6f83223,
                                     0x178bfbff }, .has_leaf = true },
      R(4, 14, 6), NOBODY, DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-inner", "", { .leaf = { 0x80000001, NO_SUBLEAF, 0, 0, 0x175,
                                     0x2fd3fbff }, .has_leaf = true },
      R(4, 22, 0), NOBODY, DOMCTX_DEPENDS, { .domain = NULL } },
    { "host-config", "EINVAL", KEY(.nested_hvm = DOMCTX_YES), R(4, 19, 0),
      R(4, 18, 6), DOMCTX_REFUSED, { .nested_hvm = DOMCTX_NO } },
    /* other records */
    { "guest-tsc-mode", "EINVAL", { .tsc_mode = 3 }, R(4, 12, 0),
      R(4, 11, 4), DOMCTX_REFUSED, { .domain = NULL } },
    /* parameters */
    { "guest-hvm-param", "EINVAL", PARAMS({ 39, 1 }), R(4, 22, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 38, 1 }), R(4, 9, 4),
      R(4, 10, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL",
      PARAMS({ 37, UINT64_C(104) << 32 }), R(4, 8, 5), R(4, 9, 0),
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 36, 8 }), R(4, 6, 1),
      R(4, 6, 3), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 36, 5 }), R(4, 17, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 37, 7 }), R(4, 17, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 15, UINT64_C(1) << 32 }),
      R(4, 9, 0), R(4, 8, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 19, 2 }), R(4, 17, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 33, 65 }), R(4, 6, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 38, 2 }), R(4, 10, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 24, 1 }), R(4, 15, 0),
      R(4, 14, 6), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EEXIST", PARAMS({ 35, 1 }), R(4, 19, 0),
      R(4, 18, 6), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 20, 1 }), R(4, 14, 0),
      R(4, 13, 5), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EEXIST", PARAMS({ 5, 1 }), R(4, 12, 0),
      R(4, 11, 4), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "ENODEV", { .kind = DOMCTX_GUEST_PVH },
      R(4, 17, 0), NOBODY, DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 9, 0x1c01 }), R(4, 14, 6),
      R(4, 15, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 9, 0x381 }), R(4, 12, 4),
      R(4, 13, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 9, 0x2 }), R(4, 22, 0), NOBODY,
      DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-viridian", "EEXIST",
      { .params = { { 9, 0x25 } },
        .keys = { .known = true, .max_vcpus = 8, .viridian = DOMCTX_YES } },
      R(4, 14, 6), R(4, 15, 0), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-viridian", "EEXIST",
      { .params = { { 9, 0x25 } },
        .keys = { .known = true, .max_vcpus = 8, .viridian = DOMCTX_YES } },
      R(4, 9, 0), R(4, 8, 5), DOMCTX_REFUSED, { .domain = NULL } },
};

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

/* Keys that go together, and words that every release knows. */
START_TEST(sound_keys)
{
    static const struct guest guests[] = {
        KEY(.device_model = "qemu_xen_traditional", .bios = "rombios"),
        KEY(.device_model = "qemu_xen", .bios = "seabios"),
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
                      rule->id == MSG_GUEST_VIRIDIAN_MISSING;

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
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
