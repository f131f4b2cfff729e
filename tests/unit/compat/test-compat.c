/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each rule of a change: what raises it, what does not, and what is
 * written. */
#include "compat/matrix.h"

#include "compat/compat.h"
#include "context/context.h"
#include "format/hvm.h"

#define ANY RELEASE_ANY

/* A field of a blob's record. */
struct spot {
    uint16_t typecode, instance;
    const char *field;      /* NULL: unused */
    size_t i;
    uint64_t value;
};

#define EDITS 4
static const struct row {
    const char *id;         /* must be raised; with '-' in front, must not */
    struct release saver, target;
    enum matrix_fill fill;
    struct spot edit[EDITS], made[EDITS];
} rows[] = {
    /* HEADER */
    { "header-khz-ignored", SERIES(4, 0), SERIES(3, 4), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_HEADER, 0, "pad0", 0, 2400000 } } },
    { "-header-khz-ignored", SERIES(4, 0), SERIES(3, 4), MATRIX_DEFAULT,
      { { CODE_HEADER, 0, "gtsc_khz", 0, 0 } }, { { 0 } } },
    { "-header-khz-ignored", SERIES(4, 0), SERIES(4, 1), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_HEADER, 0, "gtsc_khz", 0, 2400000 } } },

    /* CPU: inserted in the middle, what follows moves */
    { "cpu-tsc-aux-assumed", SERIES(3, 4), SERIES(4, 0), MATRIX_USED,
      { { CODE_CPU, 1, "tsc", 0, 0x1122334455667788 },
        { CODE_CPU, 1, "error_code", 0, 0x5a } },
      { { CODE_CPU, 1, "msr_tsc_aux", 0, 0 },
        { CODE_CPU, 1, "tsc", 0, 0x1122334455667788 },
        { CODE_CPU, 1, "pending_event", 0, 0x80000030 },
        { CODE_CPU, 1, "error_code", 0, 0x5a } } },
    { "-cpu-tsc-aux-assumed", SERIES(4, 0), SERIES(4, 7), MATRIX_USED,
      { { CODE_CPU, 0, "msr_tsc_aux", 0, 5 } },
      { { CODE_CPU, 0, "msr_tsc_aux", 0, 5 } } },
    { "cpu-tsc-aux-lost", SERIES(4, 0), SERIES(3, 4), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "msr_tsc_aux", 0, 5 } },
      { { CODE_CPU, 0, "tsc", 0, 0 } } },
    { "-cpu-tsc-aux-lost", SERIES(4, 0), SERIES(3, 4), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "tsc", 0, 0x77 } },
      { { CODE_CPU, 0, "tsc", 0, 0x77 } } },
    { "cpu-sysenter-pad", SERIES(3, 4), SERIES(4, 2), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "padding0", 0, 0xdeadbeef },
        { CODE_CPU, 0, "sysenter_cs", 0, 0x60 } },
      { { CODE_CPU, 0, "sysenter_cs", 0, 0x60 } } },
    { "-cpu-sysenter-pad", SERIES(3, 4), SERIES(4, 2), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "sysenter_cs", 0, 0x60 } },
      { { CODE_CPU, 0, "sysenter_cs", 0, 0x60 } } },
    { "cpu-sysenter-lost", SERIES(4, 0), SERIES(3, 1), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "sysenter_cs", 0, 0x100000060 } },
      { { CODE_CPU, 0, "sysenter_cs", 0, 0x60 } } },
    { "-cpu-sysenter-lost", SERIES(4, 0), SERIES(3, 1), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "sysenter_cs", 0, 0xffffffff } },
      { { CODE_CPU, 0, "sysenter_cs", 0, 0xffffffff } } },
    { "cpu-flags-assumed", SERIES(4, 6), SERIES(4, 7), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_CPU, 0, "flags", 0, 1 },
                   { CODE_CPU, 0, "pad0", 0, 0 } } },
    { "-cpu-flags-assumed", SERIES(4, 7), SERIES(4, 8), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "flags", 0, 0 } },
      { { CODE_CPU, 0, "flags", 0, 0 } } },
    { "cpu-flags-lost", SERIES(4, 7), SERIES(4, 6), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "flags", 0, 3 } }, { { 0 } } },
    { "-cpu-flags-lost", SERIES(4, 7), SERIES(4, 6), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "flags", 0, 0 } }, { { 0 } } },
    { "cpu-fpu-reset", SERIES(4, 7), SERIES(4, 6), MATRIX_USED,
      { { CODE_CPU, 1, "flags", 0, 0 } },
      { { CODE_CPU, 1, "fpu_regs.fcw", 0, 0x40 },
        { CODE_CPU, 1, "fpu_regs.mxcsr", 0, 0x1f80 },
        { CODE_CPU, 1, "fpu_regs.xmm", 31, 0 },
        { CODE_CPU, 1, "fpu_regs.fip", 0, 0 } } },
    { "-cpu-fpu-reset", SERIES(4, 7), SERIES(4, 6), MATRIX_USED,
      { { CODE_CPU, 0, "fpu_regs.mxcsr", 0, 0x1fa0 } },
      { { CODE_CPU, 0, "fpu_regs.mxcsr", 0, 0x1fa0 } } },
    { "-cpu-fpu-reset", SERIES(4, 8), SERIES(4, 7), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "flags", 0, 0 } },
      { { CODE_CPU, 0, "fpu_regs.mxcsr", 0, 0 } } },
    { "cpu-fpu-from-xsave", SERIES(4, 2), SERIES(4, 0), MATRIX_DEFAULT,
      { { CODE_CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0, 2 },
        { CODE_CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 3, 0xabcd },
        { CODE_CPU_XSAVE, 0, "save_area.fpu_sse.mxcsr", 0, 0x1fa1 },
        { CODE_CPU_XSAVE, 0, "save_area.fpu_sse.fcw", 0, 0x27f } },
      { { CODE_CPU, 0, "fpu_regs.xmm", 3, 0xabcd },
        { CODE_CPU, 0, "fpu_regs.mxcsr", 0, 0x1fa1 },
        { CODE_CPU, 0, "fpu_regs.fcw", 0, 0x37f } } },
    { "-cpu-fpu-from-xsave", SERIES(4, 2), SERIES(4, 1), MATRIX_DEFAULT,
      { { CODE_CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 3, 0xabcd } },
      { { CODE_CPU, 0, "fpu_regs.xmm", 3, 0 } } },
    { "cpu-msr-flags-set", SERIES(4, 9), SERIES(4, 8), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_CPU, 0, "msr_flags", 0, 7 } } },
    { "cpu-msr-flags-set", SERIES(4, 9), RELEASE(4, 6, 5), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_CPU, 0, "msr_flags", 0, 7 } } },
    { "-cpu-msr-flags-set", SERIES(4, 9), RELEASE(4, 6, 6), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_CPU, 0, "msr_flags", 0, 0 } } },
    { "-cpu-msr-flags-set", SERIES(4, 4), SERIES(4, 2), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_CPU, 0, "msr_flags", 0, 0 } } },
    { "-cpu-msr-flags-set", SERIES(4, 9), SERIES(4, 8), MATRIX_DEFAULT,
      { { CODE_CPU, 0, "msr_flags", 0, 3 },
        { CODE_CPU, 1, "msr_flags", 0, 7 } },
      { { CODE_CPU, 0, "msr_flags", 0, 3 } } },

    /* LAPIC */
    { "lapic-tdt-lost", SERIES(4, 1), SERIES(4, 0), MATRIX_USED,
      { { CODE_LAPIC, 0, "tdt_msr", 0, 99 } }, { { 0 } } },
    { "-lapic-tdt-lost", SERIES(4, 1), SERIES(4, 0), MATRIX_DEFAULT,
      { { CODE_LAPIC, 0, "tdt_msr", 0, 99 } }, { { 0 } } },
    { "lapic-esr-lost", SERIES(4, 21), SERIES(4, 20), MATRIX_DEFAULT,
      { { CODE_LAPIC, 0, "pending_esr", 0, 4 } }, { { 0 } } },
    { "-lapic-esr-lost", SERIES(4, 21), RELEASE(4, 20, 1), MATRIX_DEFAULT,
      { { CODE_LAPIC, 0, "pending_esr", 0, 4 } },
      { { CODE_LAPIC, 0, "pending_esr", 0, 4 } } },
    /* an upgrade that shrinks */
    { "lapic-esr-lost", RELEASE(4, 18, 5), RELEASE(4, 19, 1),
      MATRIX_DEFAULT, { { CODE_LAPIC, 0, "pending_esr", 0, 4 } }, { { 0 } } },
    /* never worked out anew */
    { "-lapic-tdt-lost", SERIES(4, 4), SERIES(4, 22), MATRIX_USED,
      { { CODE_LAPIC_REGS, 1, "ldr", 0, 1 } },
      { { CODE_LAPIC_REGS, 1, "ldr", 0, 1 } } },

    /* RTC */
    { "rtc-offset-lost", SERIES(4, 14), SERIES(4, 13), MATRIX_DEFAULT,
      { { CODE_RTC, 0, "rtc_offset", 0, 3600 } }, { { 0 } } },
    { "-rtc-offset-lost", SERIES(4, 14), SERIES(4, 13), MATRIX_DEFAULT,
      { { 0 } }, { { 0 } } },
    { "rtc-offset-assumed", SERIES(4, 13), SERIES(4, 14), MATRIX_USED,
      { { 0 } }, { { CODE_RTC, 0, "rtc_offset", 0, 0 } } },

    /* MTRR */
    { "mtrr-lost", SERIES(3, 2), SERIES(3, 1), MATRIX_DEFAULT,
      { { CODE_MTRR, 0, "msr_pat_cr", 0, 0x0606060606060606 } }, { { 0 } } },
    { "-mtrr-lost", SERIES(3, 2), SERIES(3, 1), MATRIX_DEFAULT,
      { { 0 } }, { { 0 } } },
    { "mtrr-pairs-repeated", SERIES(4, 17), SERIES(4, 11), MATRIX_DEFAULT,
      { { CODE_MTRR, 0, "msr_mtrr_var", SIZE_MAX, 0xf0000800 } },
      { { CODE_MTRR, 0, "msr_mtrr_var", 0, 0xf0000800 },
        { CODE_MTRR, 0, "msr_mtrr_var", 1, 0xf0000800 },
        { CODE_MTRR, 0, "msr_mtrr_var", 2, 0 },
        { CODE_MTRR, 0, "msr_mtrr_var", 15, 0 } } },
    { "-mtrr-pairs-repeated", SERIES(4, 17), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_MTRR, 0, "msr_mtrr_var", SIZE_MAX, 0xf0000800 } },
      { { CODE_MTRR, 0, "msr_mtrr_var", 15, 0xf0000800 } } },
    { "-mtrr-pairs-repeated", SERIES(4, 17), SERIES(4, 11), MATRIX_DEFAULT,
      { { CODE_MTRR, 0, "msr_mtrr_var", SIZE_MAX, 0xf0000000 } },
      { { CODE_MTRR, 0, "msr_mtrr_var", 15, 0xf0000000 } } },
    { "-mtrr-pairs-repeated", SERIES(4, 11), SERIES(4, 10), MATRIX_DEFAULT,
      { { CODE_MTRR, 0, "msr_mtrr_var", SIZE_MAX, 0xf0000800 } },
      { { CODE_MTRR, 0, "msr_mtrr_var", 15, 0xf0000800 } } },

    /* VIRIDIAN_DOMAIN */
    { "viridian-lost", SERIES(3, 4), SERIES(3, 3), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_DOMAIN, 0, "guest_os_id", 0, 1 } }, { { 0 } } },
    { "-viridian-lost", SERIES(3, 4), SERIES(3, 3), MATRIX_DEFAULT,
      { { 0 } }, { { 0 } } },
    { "viridian-time-lost", SERIES(4, 5), SERIES(4, 4), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_DOMAIN, 0, "time_ref_count", 0, 1 } }, { { 0 } } },
    { "-viridian-time-lost", SERIES(4, 6), SERIES(4, 5), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_DOMAIN, 0, "time_ref_count", 0, 1 } },
      { { CODE_VIRIDIAN_DOMAIN, 0, "time_ref_count", 0, 1 } } },
    { "viridian-tsc-lost", SERIES(4, 6), SERIES(4, 5), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_DOMAIN, 0, "reference_tsc", 0, 0x1001 } },
      { { 0 } } },
    { "-viridian-tsc-lost", SERIES(4, 6), SERIES(4, 5), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_DOMAIN, 0, "reference_tsc", 0, 0x1000 } },
      { { 0 } } },

    /* VIRIDIAN_VCPU */
    { "viridian-assist-lost", SERIES(4, 2), SERIES(4, 1), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist", 0, 1 } }, { { 0 } } },
    { "-viridian-assist-lost", SERIES(4, 2), SERIES(4, 1), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist", 0, 0x1000 } }, { { 0 } } },
    { "viridian-assist-lost", SERIES(4, 17), SERIES(4, 1), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "vp_assist_msr", 0, 1 } }, { { 0 } } },
    { "viridian-pending-set", SERIES(4, 10), SERIES(4, 13), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "vp_assist_vector", 0, 0xd1 } },
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist_pending", 0, 1 } } },
    { "viridian-pending-set", SERIES(4, 7), SERIES(4, 11), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist_vector", 0, 0xd1 } },
      { { CODE_VIRIDIAN_VCPU, 0, "vp_assist_pending", 0, 1 } } },
    { "-viridian-pending-set", SERIES(4, 7), SERIES(4, 9), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist_vector", 0, 0xd1 } },
      { { CODE_VIRIDIAN_VCPU, 0, "vp_assist_vector", 0, 0xd1 } } },
    { "viridian-vector-set", SERIES(4, 12), SERIES(4, 10), MATRIX_USED,
      { { 0 } },
      { { CODE_VIRIDIAN_VCPU, 1, "vp_assist_vector", 0, 0xd1 } } },
    { "viridian-vector-set", SERIES(4, 17), SERIES(4, 8), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 1, "apic_assist_pending", 0, 1 },
        { CODE_LAPIC_REGS, 1, "isr", 0, 0x0000ffff } },
      { { CODE_VIRIDIAN_VCPU, 1, "apic_assist_vector", 0, 0 } } },
    { "-viridian-vector-set", SERIES(4, 12), SERIES(4, 10), MATRIX_DEFAULT,
      { { 0 } },
      { { CODE_VIRIDIAN_VCPU, 1, "vp_assist_vector", 0, 0 } } },
    { "viridian-vector-lost", SERIES(4, 7), SERIES(4, 6), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist_vector", 0, 0x31 } },
      { { 0 } } },
    { "-viridian-vector-lost", SERIES(4, 7), SERIES(4, 6), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist_msr", 0, 0x5001 } },
      { { CODE_VIRIDIAN_VCPU, 0, "apic_assist", 0, 0x5001 } } },
    { "viridian-sint-lost", SERIES(4, 13), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "sint_msr", 4, 0x100b0 } }, { { 0 } } },
    { "-viridian-sint-lost", SERIES(4, 13), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "sint_msr", 4, 0 } }, { { 0 } } },
    { "viridian-simp-lost", SERIES(4, 13), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "simp_msr", 0, 1 } }, { { 0 } } },
    { "viridian-stimer-lost", SERIES(4, 13), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_config_msr", 3, 2 } }, { { 0 } } },
    { "viridian-count-lost", SERIES(4, 13), SERIES(4, 12), MATRIX_DEFAULT,
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_count_msr", 3, 2 } }, { { 0 } } },
    { "viridian-stimer-off", SERIES(4, 13), SERIES(4, 17), MATRIX_USED,
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_count_msr", 2, 0 } },
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_config_msr", 2, 0x20002 },
        { CODE_VIRIDIAN_VCPU, 0, "stimer_config_msr", 1, 0x20003 } } },
    { "viridian-stimer-off", SERIES(4, 22), SERIES(4, 22), MATRIX_USED,
      { { CODE_VIRIDIAN_VCPU, 1, "stimer_config_msr", 0, 3 } },
      { { CODE_VIRIDIAN_VCPU, 1, "stimer_config_msr", 0, 2 } } },
    { "-viridian-stimer-off", SERIES(4, 13), SERIES(4, 17), MATRIX_USED,
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_config_msr", 0, 0x30002 },
        { CODE_VIRIDIAN_VCPU, 0, "stimer_count_msr", 0, 0 } },
      { { CODE_VIRIDIAN_VCPU, 0, "stimer_config_msr", 0, 0x30002 } } },

    /* VMCE_VCPU: AMD family 10h, then Intel */
    { "vmce-caps-set", SERIES(4, 2), SERIES(4, 3), MATRIX_DEFAULT,
      { { CODE_HEADER, 0, "cpuid", 0, 0x100f42 } },
      { { CODE_VMCE_VCPU, 0, "caps", 0, 2 } } },
    { "-vmce-caps-set", SERIES(4, 2), SERIES(4, 3), MATRIX_DEFAULT,
      { { 0 } }, { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } } },
    { "-vmce-caps-set", SERIES(4, 3), SERIES(4, 4), MATRIX_DEFAULT,
      { { CODE_HEADER, 0, "cpuid", 0, 0x100f42 } },
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } } },
    { "vmce-lmce-lost", SERIES(4, 10), SERIES(4, 9), MATRIX_USED,
      { { 0 } }, { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } } },
    { "-vmce-lmce-lost", SERIES(4, 10), SERIES(4, 9), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } },
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } } },
    { "vmce-cmci-cleared", SERIES(4, 3), SERIES(4, 2), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000c02 } },
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000802 } } },
    { "-vmce-cmci-cleared", SERIES(4, 17), SERIES(4, 3), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000c02 } },
      { { CODE_VMCE_VCPU, 0, "caps", 0, 0x1000c02 } } },
    { "vmce-ext-lost", SERIES(4, 10), SERIES(4, 9), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "mcg_ext_ctl", 0, 1 } }, { { 0 } } },
    { "vmce-ctl2-lost", SERIES(4, 3), SERIES(4, 2), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "mci_ctl2_bank1", 0, 1 } }, { { 0 } } },
    { "vmce-ctl2-lost", SERIES(4, 17), SERIES(4, 1), MATRIX_DEFAULT,
      { { CODE_VMCE_VCPU, 0, "mci_ctl2_bank0", 0, 1 } }, { { 0 } } },

    /* TSC_ADJUST */
    { "tsc-adjust-lost", SERIES(4, 3), SERIES(4, 2), MATRIX_DEFAULT,
      { { CODE_TSC_ADJUST, 1, "tsc_adjust", 0, 1 } }, { { 0 } } },
    { "-tsc-adjust-lost", SERIES(4, 3), SERIES(4, 2), MATRIX_DEFAULT,
      { { 0 } }, { { 0 } } },
    { "tsc-adjust-inferred", SERIES(3, 1), SERIES(4, 22), MATRIX_USED,
      { { 0 } }, { { CODE_TSC_ADJUST, 1, "tsc_adjust", 0, 0 } } },

    /* CPU_XSAVE */
    { "xsave-mask-set", SERIES(4, 17), SERIES(4, 4), MATRIX_USED,
      { { CODE_CPU_XSAVE, 0, "xcr0", 0, 7 },
        { CODE_CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0, 7 } },
      { { CODE_CPU_XSAVE, 0, "xfeature_mask", 0, 7 } } },
    { "xsave-unused", SERIES(4, 17), SERIES(4, 4), MATRIX_USED,
      { { CODE_CPU_XSAVE, 0, "xcr0", 0, 7 },
        { CODE_CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0, 7 } },
      { { CODE_CPU_XSAVE, 0, "xcr0_accum", 0, 7 } } },
    { "-xsave-mask-set", SERIES(4, 5), SERIES(4, 4), MATRIX_USED,
      { { 0 } }, { { CODE_CPU_XSAVE, 0, "xfeature_mask", 0, 7 } } },
    { "xsave-pkru-lost", SERIES(4, 17), SERIES(4, 6), MATRIX_USED,
      { { 0 } },
      { { CODE_CPU_XSAVE, 0, "xcr0", 0, 7 },
        { CODE_CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0, 7 } } },
    { "-xsave-pkru-lost", SERIES(4, 17), SERIES(4, 7), MATRIX_USED,
      { { 0 } }, { { CODE_CPU_XSAVE, 0, "xcr0", 0, 0x207 } } },
    { "xsave-unknown-lost", SERIES(4, 17), SERIES(4, 22), MATRIX_USED,
      { { CODE_CPU_XSAVE, 0, "xcr0", 0, 0x407 } },
      { { CODE_CPU_XSAVE, 0, "xcr0", 0, 7 },
        { CODE_CPU_XSAVE, 0, "xcr0_accum", 0, 0x207 } } },
    { "xsave-lost", SERIES(4, 5), SERIES(4, 0), MATRIX_USED,
      { { 0 } }, { { 0 } } },
    { "-xsave-lost", SERIES(4, 2), SERIES(4, 0), MATRIX_DEFAULT,
      { { 0 } }, { { 0 } } },
};

/* The field in a blob, where it is; NULL if it is not there. */
static uint8_t *find_spot(const domctx_hvm *hvm, cat_version version,
                          const struct spot *spot,
                          const struct cat_field **field)
{
    const struct domctx_record *record =
        domctx_hvm_find(hvm, spot->typecode, spot->instance);
    const struct cat_record *known = cat_record(spot->typecode);
    const struct cat_layout *layout =
        record ? cat_layout(known, record->length, version) : NULL;

    *field = layout ? cat_field(known, layout, spot->field) : NULL;
    return *field ? (uint8_t *)(uintptr_t)record->body : NULL;
}

static void edit_blob(struct bytes *blob, struct release saver,
                      const struct spot *edits)
{
    domctx_hvm *hvm;
    const struct cat_field *field;
    uint8_t *body;

    ck_assert_int_eq(domctx_hvm_parse(blob->p, blob->size, &hvm, NULL), 0);
    for (size_t i = 0; i < EDITS && edits[i].field; i++) {
        body = find_spot(hvm, saver.series, &edits[i], &field);
        ck_assert_msg(body != NULL, "no %s to edit", edits[i].field);
        for (size_t k = 0; k < field->count; k++)
            if (k == edits[i].i || edits[i].i == SIZE_MAX)
                cat_set(field, body, k, edits[i].value);
    }
    domctx_hvm_free(hvm);
}

static void check_made(const struct bytes *made, struct release target,
                       const struct spot *spots)
{
    domctx_hvm *hvm;
    const struct cat_field *field;
    uint8_t *body;

    ck_assert_int_eq(domctx_hvm_parse(made->p, made->size, &hvm, NULL), 0);
    for (size_t i = 0; i < EDITS && spots[i].field; i++) {
        body = find_spot(hvm, target.series, &spots[i], &field);
        ck_assert_msg(body != NULL, "no %s was made", spots[i].field);
        ck_assert_msg(cat_get(field, body, spots[i].i) == spots[i].value,
                      "%s: 0x%llx", spots[i].field,
                      (unsigned long long)cat_get(field, body, spots[i].i));
    }
    domctx_hvm_free(hvm);
}

/* An error alone makes a conversion fail; with loss allowed none is left. */
static void check_row(int _i)
{
    const struct row *row = &rows[_i];
    bool wanted = row->id[0] != '-';
    const char *id = row->id + !wanted;
    struct bytes blob = { 0 }, made;
    domctx_report *report = domctx_report_new();
    domctx_report *allowed = domctx_report_new();
    bool fails;

    matrix_blob(&blob, row->saver, row->fill);
    edit_blob(&blob, row->saver, row->edit);
    fails = matrix_convert(&blob, row->saver, row->target, 0, &made,
                           report) < 0;
    ck_assert_int_eq(count_id(report, id) > 0, wanted);
    ck_assert_int_eq(fails, domctx_report_worst(report) >= DOMCTX_ERROR);
    ck_assert_int_eq(made.size == 0, fails);
    bytes_free(&made);
    ck_assert_int_eq(matrix_convert(&blob, row->saver, row->target,
                                    DOMCTX_ALLOW_LOSS, &made, allowed), 0);
    ck_assert_int_le(domctx_report_worst(allowed), DOMCTX_WARNING);
    ck_assert_uint_eq(count_id(allowed, id), count_id(report, id));
    check_made(&made, row->target, row->made);
    bytes_free(&made);
    bytes_free(&blob);
    domctx_report_free(report);
    domctx_report_free(allowed);
}

int main(void)
{
    Suite *suite = suite_create("compat");
    TCase *tcase = tcase_create("compat");

    suite_add_tcase(suite, tcase);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add_named(tcase, check_row, (int)i, "%s", rows[i].id);
    return run_suite(suite);
}
