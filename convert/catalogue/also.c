/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/also.h"
#include "base/chars.h"
#include "catalogue/names.h"

#include <strings.h>

/*
 * MSRs as Intel SDM volume 4 and AMD APM volume 2, appendix A, call them;
 * Viridian's as the Hypervisor Top-Level Functional Specification does,
 * appendix F.  Which field has which is in the save functions of
 * xen/arch/x86/hvm/{hvm,mtrr,vlapic}.c, xen/arch/x86/cpu/mcheck/vmce.c and
 * xen/arch/x86/hvm/viridian/ at RELEASE-4.17.0.
 */
#define CPU(n, f)  { n, "CPU", f, true }
#define MTRR(n, f) { n, "MTRR", f, true }
#define PAIR(i) \
    MTRR("MTRR_PHYSBASE" #i, "msr_mtrr_var[" MTRR_BASE_##i "]"), \
    MTRR("MTRR_PHYSMASK" #i, "msr_mtrr_var[" MTRR_MASK_##i "]")
#define MTRR_BASE_0 "0"
#define MTRR_MASK_0 "1"
#define MTRR_BASE_1 "2"
#define MTRR_MASK_1 "3"
#define MTRR_BASE_2 "4"
#define MTRR_MASK_2 "5"
#define MTRR_BASE_3 "6"
#define MTRR_MASK_3 "7"
#define MTRR_BASE_4 "8"
#define MTRR_MASK_4 "9"
#define MTRR_BASE_5 "10"
#define MTRR_MASK_5 "11"
#define MTRR_BASE_6 "12"
#define MTRR_MASK_6 "13"
#define MTRR_BASE_7 "14"
#define MTRR_MASK_7 "15"
#define SINT(i) \
    { "SINT" #i, "VIRIDIAN_VCPU", "sint_msr[" #i "]", true }
#define STIMER(i) \
    { "STIMER" #i "_CONFIG", "VIRIDIAN_VCPU", \
      "stimer_config_msr[" #i "]", true }, \
    { "STIMER" #i "_COUNT", "VIRIDIAN_VCPU", \
      "stimer_count_msr[" #i "]", true }
#define PLAIN(n, r, f) { n, r, f, false }
#define SEGMENT(s) \
    PLAIN(#s, "CPU", #s "_sel"), PLAIN(#s "_attr", "CPU", #s "_arbytes")

static const struct cat_also rows[] = {
    CPU("EFER", "msr_efer"),
    CPU("STAR", "msr_star"),
    CPU("LSTAR", "msr_lstar"),
    CPU("CSTAR", "msr_cstar"),
    CPU("SFMASK", "msr_syscall_mask"),
    CPU("FMASK", "msr_syscall_mask"),
    CPU("SYSCALL_MASK", "msr_syscall_mask"),
    CPU("FS_BASE", "fs_base"),
    CPU("GS_BASE", "gs_base"),
    CPU("KERNEL_GS_BASE", "shadow_gs"),
    CPU("SHADOW_GS_BASE", "shadow_gs"),
    CPU("TSC_AUX", "msr_tsc_aux"),
    CPU("TSC", "tsc"),
    CPU("TIME_STAMP_COUNTER", "tsc"),
    CPU("SYSENTER_CS", "sysenter_cs"),
    CPU("SYSENTER_ESP", "sysenter_esp"),
    CPU("SYSENTER_EIP", "sysenter_eip"),
    MTRR("PAT", "msr_pat_cr"),
    MTRR("CR_PAT", "msr_pat_cr"),
    MTRR("MTRRCAP", "msr_mtrr_cap"),
    MTRR("MTRR_DEF_TYPE", "msr_mtrr_def_type"),
    MTRR("MTRR_FIX64K_00000", "msr_mtrr_fixed[0]"),
    MTRR("MTRR_FIX16K_80000", "msr_mtrr_fixed[1]"),
    MTRR("MTRR_FIX16K_A0000", "msr_mtrr_fixed[2]"),
    MTRR("MTRR_FIX4K_C0000", "msr_mtrr_fixed[3]"),
    MTRR("MTRR_FIX4K_C8000", "msr_mtrr_fixed[4]"),
    MTRR("MTRR_FIX4K_D0000", "msr_mtrr_fixed[5]"),
    MTRR("MTRR_FIX4K_D8000", "msr_mtrr_fixed[6]"),
    MTRR("MTRR_FIX4K_E0000", "msr_mtrr_fixed[7]"),
    MTRR("MTRR_FIX4K_E8000", "msr_mtrr_fixed[8]"),
    MTRR("MTRR_FIX4K_F0000", "msr_mtrr_fixed[9]"),
    MTRR("MTRR_FIX4K_F8000", "msr_mtrr_fixed[10]"),
    PAIR(0), PAIR(1), PAIR(2), PAIR(3), PAIR(4), PAIR(5), PAIR(6), PAIR(7),
    { "APIC_BASE", "LAPIC", "apic_base_msr", true },
    { "TSC_DEADLINE", "LAPIC", "tdt_msr", true },
    { "TSC_ADJUST", "TSC_ADJUST", "tsc_adjust", true },
    { "MCG_CAP", "VMCE_VCPU", "caps", true },
    { "MC0_CTL2", "VMCE_VCPU", "mci_ctl2_bank0", true },
    { "MC1_CTL2", "VMCE_VCPU", "mci_ctl2_bank1", true },
    { "MCG_EXT_CTL", "VMCE_VCPU", "mcg_ext_ctl", true },
    { "GUEST_OS_ID", "VIRIDIAN_DOMAIN", "guest_os_id", true },
    { "HYPERCALL", "VIRIDIAN_DOMAIN", "hypercall_gpa", true },
    { "TIME_REF_COUNT", "VIRIDIAN_DOMAIN", "time_ref_count", true },
    { "REFERENCE_TSC", "VIRIDIAN_DOMAIN", "reference_tsc", true },
    { "VP_ASSIST_PAGE", "VIRIDIAN_VCPU", "vp_assist_msr", true },
    { "SIMP", "VIRIDIAN_VCPU", "simp_msr", true },
    SINT(0), SINT(1), SINT(2), SINT(3), SINT(4), SINT(5), SINT(6), SINT(7),
    SINT(8), SINT(9), SINT(10), SINT(11), SINT(12), SINT(13), SINT(14),
    SINT(15),
    STIMER(0), STIMER(1), STIMER(2), STIMER(3),
    /* no MSRs */
    PLAIN("eflags", "CPU", "rflags"),
    PLAIN("eip", "CPU", "rip"),
    PLAIN("esp", "CPU", "rsp"),
    SEGMENT(cs), SEGMENT(ds), SEGMENT(es), SEGMENT(fs), SEGMENT(gs),
    SEGMENT(ss), SEGMENT(tr), SEGMENT(ldtr),
    PLAIN("icr", "LAPIC_REGS", "icr_low"),
    PLAIN("lvt_timer", "LAPIC_REGS", "lvtt"),
    PLAIN("lvt_thermal", "LAPIC_REGS", "lvtthmr"),
    PLAIN("lvt_pmc", "LAPIC_REGS", "lvtpc"),
    PLAIN("lvt_lint0", "LAPIC_REGS", "lvt0"),
    PLAIN("lvt_lint1", "LAPIC_REGS", "lvt1"),
    PLAIN("lvt_error", "LAPIC_REGS", "lvterr"),
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Prefixes of MSRs: in Intel's and AMD's manuals, in Linux and Xen, and in
 * Microsoft's specification. */
static const char *const before[] = {
    "HV_X64_MSR_", "MSR_IA32_", "MSR_K8_", "MSR_AMD64_", "MSR_", "IA32_",
    "AMD64_",
};

const char *cat_bare_name(const char *name)
{
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        size_t n = strlen(before[i]);

        if (strncasecmp(name, before[i], n) == 0)
            return name + n;
    }
    return name;
}

static bool is_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, "_");
        b += strspn(b, "_");
        if (char_lower(*a) != char_lower(*b))
            return false;
        if (!*a)
            return true;
    }
}

const struct cat_also *cat_also(const char *asked, size_t *at)
{
    const char *bare = cat_bare_name(asked);

    while (*at < ROWS) {
        const struct cat_also *row = &rows[(*at)++];

        if (is_same(row->name, row->is_msr ? bare : asked))
            return row;
    }
    return NULL;
}

const struct cat_also *cat_also_at(size_t i)
{
    return i < ROWS ? &rows[i] : NULL;
}

bool cat_msr_index(const char *asked, uint32_t *index)
{
    asked = cat_bare_name(asked);
    for (size_t i = 0; i < names_msr.n; i++)
        if (is_same(names_msr.words[i].word, asked)) {
            *index = (uint32_t)names_msr.words[i].value;
            return true;
        }
    return false;
}
