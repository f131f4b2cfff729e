/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For test-check-guest.c alone: a domain for each row of rules/guest.c. */
#ifndef TEST_GUEST_ROWS_H
#define TEST_GUEST_ROWS_H

#include "verdict/judging.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define NO_SUBLEAF UINT32_MAX
#define NOBODY { 0, 0 }

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
    { "guest-vendor", "EINVAL", { .leaves = 5 }, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_AMD,
                        .vendor_name = "HygonGenuine" } },
    { "guest-vendor", "EINVAL", HYGON, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_AMD,
                        .vendor_name = "AuthenticAMD" } },
    { "guest-vendor", "EINVAL", SHANGHAI, R(4, 22, 0), R(4, 21, 2),
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_OTHER,
                        .vendor_name = "CentaurHauls" } },
    { "guest-no-vendor", "EINVAL", LEAF(0, NO_SUBLEAF, 0xd, 1, 2, 3),
      R(4, 22, 0), R(4, 21, 2), DOMCTX_REFUSED, { .domain = NULL } },
    { "guest-no-vendor", "EINVAL", LEAF(0, NO_SUBLEAF, 0xd, 0, 0, 0),
      R(4, 22, 0), R(4, 21, 2), DOMCTX_REFUSED,
      { .vendor = DOMCTX_VENDOR_AMD, .vendor_name = "AuthenticAMD" } },
    { "guest-no-vendor", "EINVAL", LEAF(0, NO_SUBLEAF, 0xd, 0, 0, 0),
      R(4, 22, 0), R(4, 21, 2), DOMCTX_REFUSED, { .max = &least } },
    { "guest-odd-vendor", "", LEAF(0, NO_SUBLEAF, 0xd, 0, 0, 0),
      R(4, 21, 2), R(4, 22, 0), DOMCTX_CHANGED, { .domain = NULL } },
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
    { "guest-lmce", "EINVAL", PARAMS({ 38, 1 }), R(4, 22, 0), R(4, 9, 4),
      DOMCTX_DEPENDS, { .domain = NULL } },
    { "guest-hvm-param", "EINVAL", PARAMS({ 38, 1 }), R(4, 10, 0), NOBODY,
      DOMCTX_REFUSED, { .vendor = DOMCTX_VENDOR_AMD } },
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

#endif /* TEST_GUEST_ROWS_H */
