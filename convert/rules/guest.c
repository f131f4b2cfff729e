/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read in tools/libxl and tools/libs/light, tools/libxc and tools/libs/guest,
 * xen/lib/x86, xen/arch/x86/{cpuid,cpu-policy,domctl,time}.c and
 * xen/arch/x86/hvm/hvm.c at every release tag from 4.6.0 to 4.22.0.
 */
#include "rules/guest.h"
#include "catalogue/hvm-params.h"

#include <errno.h>

#define SINCE(x, y) .since = { { RELEASE(x, y, 0) } }
#define SINCE_EACH(...) .since = { { __VA_ARGS__ } }
#define UNTIL(x, y) .until = { { RELEASE(x, y, 0) } }
#define UNTIL_EACH(...) .until = { { __VA_ARGS__ } }

/* id, condition, verdict, error, log, reason, source, releases, key */
#define ROW(id_, met_, verdict_, error_, log_, reason_, source_, ...) \
    { .id = id_, .met = guest_##met_, \
      .outcome = OUTCOME(verdict_, error_, log_), .reason = reason_, \
      .source = source_, __VA_ARGS__ }
#define CONFIG(met, log, reason, source, ...) \
    ROW(MSG_GUEST_CONFIG, met, REFUSED, 0, log, reason, source, __VA_ARGS__)
#define POLICY(id, met, verdict, error, reason, source, ...) \
    ROW(id, met, verdict, error, \
        "Failed to set CPUID policy, with leaf, subleaf and MSR", reason, \
        source, __VA_ARGS__)
#define PARAM(id, met, error, reason, source, ...) \
    ROW(id, met, REFUSED, error, "set HVM param, with number and value", \
        reason, source, __VA_ARGS__)

/* a2330b51df: subleaves of leaf 7 up to 2, whatever the host has;
 * fa2d831803: leaves up to 0xd and 0x80000021, likewise. */
#define ANY_SUBLEAF \
    RELEASE(4, 17, 5), RELEASE(4, 18, 3), RELEASE(4, 19, 0)

const struct guest_rule rules_guest[] = {

/* -- configuration ----------------------------------------------------- */

CONFIG(unread,
       "unable to generate libxl__json_object, then invalid domain type",
       "it is no JSON, so the guest has no type",
       "libxl_domain_config_from_json(), 4.5", SINCE(4, 5)),
CONFIG(untyped, "nothing: xl aborts since 4.10",
       "it does not say of which type the domain is, for which there is no "
       "default",
       "domcreate_launch_dm(), 4.5; libxl__arch_domain_prepare_config(), 4.10",
       SINCE(4, 5)),
CONFIG(is_pvh, "invalid domain type", "the release has no PVH domains",
       "4.10", SINCE(4, 5), UNTIL(4, 10)),
ROW(MSG_GUEST_DEVICE_MODEL, traditional, REFUSED, 0,
    "unknown device model version",
    "the release has no qemu-traditional any more",
    "19ab8356ab, 4.21", SINCE(4, 21)),
CONFIG(rombios, "qemu-xen does not support bios=rombios.",
       "rombios is there with qemu-traditional alone", "4.5",
       SINCE(4, 5)),
ROW(MSG_GUEST_ROMBIOS, default_rombios, DEPENDS, 0,
    "qemu-xen does not support bios=rombios.",
    "rombios, and no device_model_version: libxl takes QEMU, which has no "
    "rombios, unless the host has none",
    "libxl__domain_build_info_setdefault(), 4.5", SINCE(4, 5), UNTIL(4, 21)),
CONFIG(traditional_bios, "qemu-xen-traditional requires bios=rombios.",
       "seabios and ovmf are there with QEMU alone", "4.5", SINCE(4, 5),
       UNTIL(4, 21)),
CONFIG(passthrough_off, "passthrough disabled but devices are specified",
       "passthrough is disabled, and there are devices to pass through",
       "libxl__domain_config_setdefault(), 4.13", SINCE(4, 13)),
CONFIG(altp2m_nested, "nestedhvm and altp2mhvm cannot be used together",
       "nested virtualisation and altp2m do not go together",
       "initiate_domain_create(), 4.6", SINCE(4, 9)),
CONFIG(pvrdtscp, "TSC Mode native_paravirt (a.k.a PVRDTSCP) has been removed",
       "the release has no tsc_mode native_paravirt any more",
       "6b10a4c416, 4.12", SINCE(4, 12)),
#define NO_SUCH_WORD "the release knows no such word for this key"
CONFIG(odd_word, "invalid domain type", NO_SUCH_WORD,
       "libxl_domain_config_from_json(), 4.5", SINCE(4, 5)),
CONFIG(odd_text, "an invalid or unknown value, and which",
       NO_SUCH_WORD ", and xl ends with exit 1",
       "xl_parse.c, up to 4.8 xl_cmdimpl.c", SINCE(4, 2)),
#define CUT(met, reason) \
    ROW(MSG_GUEST_CONFIG_CUT, met, CHANGED, 0, \
        "unable to convert libxl__json_object to libxl_domain_config", \
        reason ": " NO_SUCH_WORD, "libxl_domain_config_from_json(), 4.5", \
        SINCE(4, 5))
CUT(odd_behind, "the guest gets no disks and no network interfaces"),
CUT(odd_device, "the guest gets none of the devices behind this one"),
ROW(MSG_GUEST_CONFIG, many_vcpus, REFUSED, EINVAL, "domain creation fail",
    "no domain has that many vCPUs", "4.12", SINCE(4, 12)),
ROW(MSG_GUEST_CONFIG, nested_without_hap, REFUSED, EINVAL,
    "domain creation fail",
    "nested virtualisation needs hardware assisted paging",
    "dbe399b174, 4.15", SINCE(4, 15)),
ROW(MSG_GUEST_CONFIG, altp2m_without_hap, REFUSED, EINVAL,
    "domain creation fail", "altp2m needs hardware assisted paging",
    "0291089f6e, 4.19", SINCE(4, 19)),
#define HOST_CONFIG(met, error, reason, source, ...) \
    ROW(MSG_HOST_CONFIG, met, REFUSED, error, "domain creation fail", \
        reason, source, __VA_ARGS__)
HOST_CONFIG(host_no_hvm, EINVAL, "the host makes no HVM or PVH domains",
    "arch_sanitise_domain_config(), 4.12", SINCE(4, 12)),
HOST_CONFIG(host_no_hap, EINVAL,
    "the configuration asks for hardware assisted paging, which the host "
    "does not have", "arch_sanitise_domain_config(), 4.14", SINCE(4, 14)),
HOST_CONFIG(host_no_shadow, EOPNOTSUPP,
    "the domain needs shadow paging, which the host's Xen does not have",
    "CONFIG_SHADOW_PAGING; XEN_SYSCTL_PHYSCAP_shadow, 4.13", SINCE(4, 13)),
HOST_CONFIG(host_no_nested, EINVAL,
    "the configuration asks for nested virtualisation, which the host does "
    "not have", "hvm_nested_virt_supported(), 4.19", SINCE(4, 19)),
ROW(MSG_GUEST_NESTED, is_nested, DEPENDS, EINVAL, "domain creation fail",
    "the configuration asks for nested virtualisation, which the host must "
    "have", "4.19", SINCE(4, 19), .needs = "nested-virtualisation"),

ROW(MSG_GUEST_ALTP2M, is_altp2m, DEPENDS, EINVAL, "domain creation fail",
    "the configuration asks for altp2m, which the host must have; its views "
    "of the guest's memory are in no stream", "0291089f6e, 4.19",
    SINCE(4, 9), .needs = "altp2m"),
ROW(MSG_GUEST_INNER, may_nest, DEPENDS, 0, NULL,
    "the guest may run guests of its own, and their state is in no stream",
    "hvm_save(), nestedhvm.c", SINCE(4, 6)),

/* -- policies ---------------------------------------------------------- */

POLICY(MSG_GUEST_CPUID, leaf_count, REFUSED, E2BIG,
    "more leaves than any release has room for", "1a6be420e0, 4.14",
    SINCE(4, 14)),
POLICY(MSG_GUEST_OLDER, leaf_count_newer, REFUSED, E2BIG,
    "more leaves than the release has room for", "1a6be420e0, 4.14",
    SINCE(4, 14)),
POLICY(MSG_GUEST_CPUID, leaf_place, REFUSED, ERANGE,
    "no release has a place for this leaf", "1a6be420e0, 4.14",
    SINCE(4, 14)),
POLICY(MSG_GUEST_OLDER, leaf_newer, REFUSED, ERANGE,
    "the release has no place for this leaf", "1a6be420e0, 4.14",
    SINCE(4, 14)),
POLICY(MSG_GUEST_MSR, msr_count, REFUSED, E2BIG,
    "more MSRs than any release has room for", "e32605b07e, 4.14.1",
    SINCE(4, 14)),
POLICY(MSG_GUEST_OLDER, msr_count_newer, REFUSED, E2BIG,
    "more MSRs than the release has room for", "e32605b07e, 4.14.1",
    SINCE(4, 14)),
POLICY(MSG_GUEST_MSR, msr_flags, REFUSED, EINVAL,
    "the flags of the MSR are not zero", "1a6be420e0, 4.14", SINCE(4, 14)),
POLICY(MSG_GUEST_MSR, msr_unknown, REFUSED, ERANGE,
    "the MSR is in no policy", "1a6be420e0, 4.14", SINCE(4, 14)),
POLICY(MSG_GUEST_MSR, msr_wide, REFUSED, EOVERFLOW,
    "PLATFORM_INFO of a policy has 32 bits", "1a6be420e0, 4.14",
    SINCE(4, 14)),
POLICY(MSG_GUEST_CPUID, max_leaf, REFUSED, EINVAL,
    "leaf 0 says more leaves than the release gives on any host",
    "fa2d831803, 4.14", SINCE(4, 14)),
POLICY(MSG_HOST_CPUID, host_leaves, REFUSED, EINVAL,
    "leaf 0 says more leaves than this host gives",
    "x86_cpu_policies_are_compatible(), 4.14", SINCE(4, 14)),
POLICY(MSG_GUEST_VENDOR, other_vendor, REFUSED, EINVAL,
    "the guest was started on a processor of another vendor",
    "c520286a53, 4.22", SINCE(4, 22)),
ROW(MSG_GUEST_VENDOR_OLD, other_vendor, CHANGED, 0, NULL,
    "the guest was started on a processor of another vendor",
    "c520286a53, 4.22", SINCE(4, 14), UNTIL(4, 22)),
POLICY(MSG_GUEST_NO_VENDOR, no_vendor, REFUSED, EINVAL,
    "leaf 0 names no vendor of processors that Xen knows",
    "c520286a53, 4.22", SINCE(4, 22)),
ROW(MSG_GUEST_NO_VENDOR_OLD, no_vendor, CHANGED, 0, NULL,
    "leaf 0 names no vendor of processors that Xen knows",
    "c520286a53, 4.22", SINCE(4, 14), UNTIL(4, 22)),
POLICY(MSG_GUEST_VENDOR_HOST, some_vendor, DEPENDS, EINVAL,
    "the host's processor must be of the vendor in the policy",
    "c520286a53, 4.22", SINCE(4, 22)),
POLICY(MSG_GUEST_CPUID, max_subleaf, REFUSED, EINVAL,
    "leaf 7 says more subleaves than any release gives",
    "e6e85b662b, 4.15", SINCE(4, 15)),
POLICY(MSG_GUEST_OLDER, max_subleaf_newer, REFUSED, EINVAL,
    "leaf 7 says more subleaves than the release gives on any host",
    "e6e85b662b, 4.15", SINCE(4, 15)),
POLICY(MSG_GUEST_LEAVES_HOST, has_subleaves, DEPENDS, EINVAL,
    "leaf 7 of the host's processor must have as many subleaves",
    "e6e85b662b, 4.15; a2330b51df", SINCE(4, 15), UNTIL_EACH(ANY_SUBLEAF)),
POLICY(MSG_HOST_CPUID, host_subleaves, REFUSED, EINVAL,
    "leaf 7 says more subleaves than this host gives",
    "e6e85b662b, 4.15", SINCE(4, 15)),
POLICY(MSG_GUEST_CPUID, max_extended, REFUSED, EINVAL,
    "leaf 0x80000000 says more leaves than any release gives",
    "fa2d831803, 4.14", SINCE(4, 14)),
POLICY(MSG_GUEST_OLDER, max_extended_newer, REFUSED, EINVAL,
    "leaf 0x80000000 says more leaves than the release gives on any host",
    "fa2d831803, 4.14", SINCE(4, 14)),
POLICY(MSG_HOST_CPUID, host_extended, REFUSED, EINVAL,
    "leaf 0x80000000 says more leaves than this host gives",
    "x86_cpu_policies_are_compatible(), 4.14", SINCE(4, 14)),
POLICY(MSG_GUEST_MSR, msr_bits, REFUSED, EINVAL,
    "PLATFORM_INFO has a bit that no HVM guest has", "4.14",
    SINCE(4, 14)),
POLICY(MSG_HOST_MSR, host_msr, REFUSED, EINVAL,
    "PLATFORM_INFO has a bit that this host does not give",
    "x86_cpu_policies_are_compatible(), 4.14", SINCE(4, 14)),

/* -- other records ----------------------------------------------------- */

ROW(MSG_GUEST_TSC, tsc_mode, REFUSED, EINVAL,
    "Unable to set TSC information (22 = Invalid argument)",
    "the release has no such TSC mode", "a4ac3d40ec, 4.12", SINCE(4, 12),
    .of_image = true),

/* -- HVM parameters ---------------------------------------------------- */

PARAM(MSG_GUEST_PARAM, param_index, EINVAL,
      "the release has no such parameter", "4.6", SINCE(4, 6)),
PARAM(MSG_GUEST_PARAM, param_key, EINVAL,
      "no stream sets this parameter since 4.15",
      "dbe399b174, 4.15", SINCE(4, 15), .key = PARAM_NESTEDHVM),
PARAM(MSG_GUEST_PARAM, param_key, EEXIST,
      "no stream sets this parameter since 4.19",
      "0291089f6e, 4.19", SINCE(4, 19), .key = PARAM_ALTP2M),
PARAM(MSG_GUEST_PARAM, param_obsolete, EINVAL,
      "the parameter was removed", "1a16fee21c, 4.14", SINCE(4, 14)),
PARAM(MSG_GUEST_PARAM, param_value, EINVAL,
      "the parameter cannot have this value", "4.6",
      SINCE(4, 6)),
PARAM(MSG_GUEST_PARAM, lmce_on_amd, EINVAL,
      "the guest has local machine checks, and AMD's processors have none",
      "4e731e9707, 4.10", SINCE(4, 10)),
ROW(MSG_GUEST_LMCE, has_lmce, DEPENDS, EINVAL,
    "set HVM param, with number and value",
    "the guest has local machine checks, which the host's processor must "
    "have", "4e731e9707, 4.10", SINCE(4, 10), .needs = "lmce"),
PARAM(MSG_GUEST_PARAM, param_pvh, ENODEV,
      "a PVH guest has no such device", "4.10",
      SINCE(4, 10)),
PARAM(MSG_GUEST_PARAM, param_again, EEXIST,
      "the parameter comes twice, with another value the second time",
      "2c257bd69a, 4.12", SINCE(4, 12)),
PARAM(MSG_GUEST_VIRIDIAN, viridian_preset, EEXIST,
    "libxl sets the parameter from the configuration first, to another value",
    "25ee478662, 4.15", SINCE(4, 6), UNTIL(4, 15)),
PARAM(MSG_GUEST_PARAM, viridian_bits, EINVAL,
      "a group of Viridian that the release does not have, or not the base",
      "948719f3bf, 9835246710, 7e5cffcd1e", SINCE(4, 6)),
ROW(MSG_GUEST_VIRIDIAN_MISSING, viridian_missing, CHANGED, 0, NULL,
    "the guest uses Viridian, and will hang without it: the parameter that "
    "gives it is not in the stream", "25ee478662, 4.15", SINCE(4, 6)),
ROW(MSG_GUEST_VIRIDIAN_GROUP, viridian_group, CHANGED, 0, NULL,
    "the guest uses a group of Viridian that the parameter does not give: "
    "its MSRs are refused, and its timers stand still",
    "10a674b465, 4.6; 4.13", SINCE(4, 6)),

/* -- the context against the policy ------------------------------------ */

ROW(MSG_LOAD_POLICY, no_faulting, REFUSED, ENXIO,
    "load MSR with value failed, and both",
    "PLATFORM_INFO of the file's MSR policy has no CPUID faulting, which "
    "this MSR needs", "4.14", SINCE(4, 14), .typecode = CODE_CPU_MSR),
};
const size_t n_rules_guest = sizeof(rules_guest) / sizeof(rules_guest[0]);

bool guest_rule_holds(const struct guest_rule *rule, struct release target)
{
    return since_some(&rule->since, target) &&
           (rule->until.points[0].series == 0 ||
            !since_all(&rule->until, target));
}
