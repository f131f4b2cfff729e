/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The checks that the loader of each release makes on the body of a record
 * once its length is accepted, in the loader's order.  Framing (typecodes,
 * lengths, instances, presence) is in verdict/check-frame.c.
 *
 * Read in xen/arch/x86/hvm/{hvm,save,vlapic,vpic,irq,mtrr}.c, vmx/vmx.c,
 * svm/svm.c, viridian/, emul-i8254.c, xstate.c, msr.c and cpu/mcheck/vmce.c
 * at every release tag from 4.0.0 to 4.22.0.  A row names the commit and the
 * releases that brought its check.
 */
#include "rules/load-named.h"
#include "rules/load-rows.h"

#include <errno.h>

#undef PIC   /* libtool's, for shared objects */

/* --- the log ------------------------------------------------------------- */

/* Up to 4.1 only debug builds printed these lines.  For some that is so to
 * this day, for others it was until 96e5ad4c47.  The log names the MSR that
 * was refused since 2f413e22fa. */
const struct rule_log rule_logs[] = {
    [LOG_USUAL] = { { { { 0, 0 } } }, { { RELEASE(4, 2, 0) } }, "" },
    [LOG_DEBUG] = { { { { 0, 0 } } }, { { { CAT_EVER, 0 } } },
                    ", in debug builds" },
    [LOG_LATE] = { { { { 0, 0 } } },
                   { { RELEASE(4, 13, 4), RELEASE(4, 14, 3),
                       RELEASE(4, 15, 1), RELEASE(4, 16, 0) } },
                   ", before 4.16 (4.13.4, 4.14.3, 4.15.1) in debug builds" },
    [LOG_MSR] = { { { RELEASE(4, 20, 0) } }, { { RELEASE(4, 20, 0) } },
                  ", since 4.20" },
};

/* --- features of a processor, by words of a featureset ------------------- */

enum { F_1D, F_1C, F_E1D, F_E1C, F_7B0 = 5, F_7C0, F_E8B = 8, F_7D0,
       F_7A1, F_E21A, F_7D2 = 13 };

static const struct rule_feature cr4_features[] = {
    { 0x003, F_1D, 1, 0, 0 },          /* VME PVI: VME */
    { 0x004, F_1D, 4, 0, 0 },          /* TSD: TSC */
    { 0x008, F_1D, 2, 0, 0 },          /* DE */
    { 0x010, F_1D, 3, 0, 0 },          /* PSE */
    { 0x020, F_1D, 6, 0, 0 },          /* PAE */
    { 0x040, F_1D, 7, F_1D, 14 },      /* MCE: MCE or MCA */
    { 0x080, F_1D, 13, 0, 0 },         /* PGE */
    { 0x200, F_1D, 24, 0, 0 },         /* OSFXSR: FXSR */
    { 0x400, F_1D, 25, 0, 0 },         /* OSXMMEXCPT: SSE */
    { 0x800, F_7C0, 2, 0, 0 },         /* UMIP */
    { 0x2000, F_1C, 5, 0, 0 },         /* VMXE: VMX */
    { 0x10000, F_7B0, 0, 0, 0 },       /* FSGSBASE */
    { 0x20000, F_1C, 17, 0, 0 },       /* PCIDE: PCID */
    { 0x40000, F_1C, 26, 0, 0 },       /* OSXSAVE: XSAVE */
    { 0x100000, F_7B0, 7, 0, 0 },      /* SMEP */
    { 0x200000, F_7B0, 20, 0, 0 },     /* SMAP */
    { 0x400000, F_7C0, 3, 0, 0 },      /* PKE: PKU */
    { 0x800000, F_7C0, 7, F_7D0, 20 }, /* CET: CET_SS or CET_IBT */
    { 0x1000000, F_7C0, 31, 0, 0 },    /* PKS */
    { 0x8000000, F_7A1, 6, 0, 0 },     /* LASS */
    { 0, 0, 0, 0, 0 },
};
static const struct rule_feature efer_features[] = {
    { 0x001, F_E1D, 11, 0, 0 },        /* SCE: SYSCALL */
    { 0x500, F_E1D, 29, 0, 0 },        /* LME LMA: LM */
    { 0x800, F_E1D, 20, 0, 0 },        /* NX */
    { 0x1000, F_E1C, 2, 0, 0 },        /* SVME: SVM */
    { 0x4000, F_E1D, 25, 0, 0 },       /* FFXSE: FFXSR */
    { 0x200000, F_E21A, 8, 0, 0 },     /* AIBRSE: AutoIBRS */
    { 0, 0, 0, 0, 0 },
};
static const struct rule_feature xcr0_features[] = {
    { 0x3, F_1C, 26, 0, 0 },           /* x87 SSE: XSAVE */
    { 0x4, F_1C, 28, 0, 0 },           /* YMM: AVX */
    { 0x18, F_7B0, 14, 0, 0 },         /* BNDREGS BNDCSR: MPX */
    { 0xe0, F_7B0, 16, 0, 0 },         /* opmask and ZMM: AVX512F */
    { 0x200, F_7C0, 3, 0, 0 },         /* PKRU: PKU */
    { 0x60000, F_7D0, 24, 0, 0 },      /* TILECFG TILEDATA: AMX-TILE */
    { UINT64_C(1) << 62, F_E1C, 15, 0, 0 }, /* LWP */
    { 0, 0, 0, 0, 0 },
};
/* IBRS and STIBP need no feature but the MSR's own. */
static const struct rule_feature spec_ctrl_features[] = {
    { 0x4, F_7D0, 31, F_E8B, 24 },     /* SSBD: SSBD or AMD_SSBD */
    { 0x80, F_7D2, 0, F_E8B, 28 },     /* PSFD: INTEL_PSFD or PSFD */
    { 0x18, F_7D2, 1, 0, 0 },          /* IPRED_DIS_U _S: IPRED_CTRL */
    { 0x60, F_7D2, 2, 0, 0 },          /* RRSBA_DIS_U _S: RRSBA_CTRL */
    { 0x400, F_7D2, 4, 0, 0 },         /* BHI_DIS_S: BHI_CTRL */
    { 0, 0, 0, 0, 0 },
};
#define NEEDS(name, word, bit, word2, bit2) \
    static const struct rule_feature name[] = { \
        { UINT64_MAX, (word), (bit), (word2), (bit2) }, { 0, 0, 0, 0, 0 } }
NEEDS(needs_ibrsb, F_7D0, 26, 0, 0);
NEEDS(needs_ibrs, F_7D0, 26, F_E8B, 14);
static const struct rule_feature needs_nothing[] = { { 0, 0, 0, 0, 0 } };
NEEDS(needs_virt_ssbd, F_E8B, 25, 0, 0);
NEEDS(needs_dbext, F_E1C, 26, 0, 0);
NEEDS(needs_mpx, F_7B0, 14, 0, 0);
NEEDS(needs_pks, F_7C0, 31, 0, 0);

/* --- values -------------------------------------------------------------- */

/* VME PVI TSD DE PSE PAE MCE PGE PCE OSFXSR OSXMMEXCPT */
#define CR4_BASE UINT64_C(0x7ff)
#define CR4_UMIP UINT64_C(0x800)
#define CR4_VMXE UINT64_C(0x2000)
#define CR4_FSGSBASE UINT64_C(0x10000)
#define CR4_PCIDE UINT64_C(0x20000)
#define CR4_OSXSAVE UINT64_C(0x40000)
#define CR4_SMEP UINT64_C(0x100000)
#define CR4_SMAP UINT64_C(0x200000)
#define CR4_PKE UINT64_C(0x400000)
#define CR4_CET UINT64_C(0x800000)
#define CR4_PKS UINT64_C(0x1000000)
#define CR4_LASS UINT64_C(0x8000000)

#define CR4_4_0 (CR4_BASE | CR4_OSXSAVE)
#define CR4_4_1 (CR4_4_0 | CR4_FSGSBASE | CR4_SMEP)
#define CR4_4_2 (CR4_4_1 | CR4_PCIDE | CR4_VMXE)
#define CR4_4_5 (CR4_4_2 | CR4_SMAP)
#define CR4_4_7 (CR4_4_5 | CR4_PKE)
#define CR4_4_10 (CR4_4_7 | CR4_UMIP)
#define CR4_4_16 (CR4_4_10 | CR4_CET)
#define CR4_4_18 (CR4_4_16 | CR4_PKS)
#define CR4_4_22 (CR4_4_18 | CR4_LASS)

#define CR4_ROW(allowed, source, ...) \
    { AT(MSG_LOAD_CR4, CPU, "cr4"), .cond = IF_ANY_BIT(~(allowed)), \
      GIVES(REFUSED, EINVAL, "bad CR4 and its value"), \
      WHY("no guest of that release has these bits of CR4", source), \
      __VA_ARGS__ }

#define EFER_SCE UINT64_C(0x1)
#define EFER_LME_LMA UINT64_C(0x500)
#define EFER_NX UINT64_C(0x800)
#define EFER_SVME UINT64_C(0x1000)
#define EFER_LMSLE UINT64_C(0x2000)
#define EFER_FFXSE UINT64_C(0x4000)
#define EFER_AIBRSE UINT64_C(0x200000)

#define EFER_4_0 (EFER_SCE | EFER_LME_LMA | EFER_NX | EFER_FFXSE)
#define EFER_4_1 (EFER_4_0 | EFER_LMSLE)
#define EFER_4_2 (EFER_4_1 | EFER_SVME)
#define EFER_4_12 (EFER_4_0 | EFER_SVME)
#define EFER_4_18 (EFER_4_12 | EFER_AIBRSE)

/* ef0269c621 made loaders refuse unknown bits again, as up to 4.5. */
#define EFER_STRICT_SINCE \
    RELEASE(4, 8, 5), RELEASE(4, 9, 3), RELEASE(4, 10, 2), \
    RELEASE(4, 11, 1), RELEASE(4, 12, 0)
#define EFER_ROW(allowed, source, ...) \
    { AT(MSG_LOAD_EFER, CPU, "msr_efer"), .cond = IF_ANY_BIT(~(allowed)), \
      GIVES(REFUSED, EINVAL, "bad EFER and its value"), \
      WHY("no guest of that release has these bits of EFER", source), \
      __VA_ARGS__ }

#define SEGMENT(name) \
    { AT(MSG_LOAD_ATTRIBUTES, CPU, name "_arbytes"), \
      .cond = IF(load_folded_attributes), GIVES(CHANGED, 0, NULL), \
      WHY("the attributes are as the VMCS has them and are folded", "3.1") }

#define PIT_ROW(name, cond_) \
    { AT(MSG_LOAD_PIT, PIT, name), .cond = cond_, GIVES(REFUSED, EDOM, NULL), \
      WHY("no guest can bring this value about", "c53013da6f, 4.19"), \
      SINCE(4, 19) }
#define CHANNEL(name, last) \
    { AT(MSG_LOAD_PIT, PIT, "channels[]." name), .cond = IF_ABOVE(last), \
      GIVES(REFUSED, EDOM, NULL), \
      WHY("no guest can bring this value about", "c53013da6f, 4.19"), \
      SINCE(4, 19) }

/* XSA-504 */
#define STIMER_MENDED \
    RELEASE(4, 17, 7), RELEASE(4, 18, 6), RELEASE(4, 19, 6), \
    RELEASE(4, 20, 4), RELEASE(4, 21, 2), RELEASE(4, 22, 0)

/* XSA-472: Xen keeps Viridian pages mapped, and trusts that they are */
#define PAGES_ASSUMED \
    SINCE(4, 13), UNTIL_EACH(RELEASE(4, 17, 6), RELEASE(4, 18, 6), \
        RELEASE(4, 19, 4), RELEASE(4, 20, 2), RELEASE(4, 21, 0))

/* d7bb8e88a0, 681aea049c, and the first fix of the length, 4cc1344447 */
#define XSAVE_BY_ACCUM \
    RELEASE(4, 2, 4), RELEASE(4, 3, 1), RELEASE(4, 4, 0)
#define XSAVE_TRIMS \
    RELEASE(4, 3, 4), RELEASE(4, 4, 2), RELEASE(4, 5, 0)
#define XSAVE_EXACT RELEASE(4, 7, 1), RELEASE(4, 8, 0)

#define XSAVE_BV "save_area.xsave_hdr.xstate_bv"
#define XSAVE_INCONSISTENT "inconsistent xsave state, with its values"
#define XSAVE_STATE(field, cond_, reason, source, ...) \
    { AT(MSG_LOAD_XSAVE_STATE, CPU_XSAVE, field), .cond = cond_, \
      GIVES(REFUSED, EINVAL, XSAVE_INCONSISTENT), WHY(reason, source), \
      __VA_ARGS__ }
#define OUTSIDE "has components that xcr0_accum lacks"
#define COMBINATION "is a combination of components that XSETBV refuses"

/* x87 SSE YMM LWP; AVX-512 and MPX; PKRU; AMX */
#define LWP (UINT64_C(1) << 62)
#define XCR0_4_1 (UINT64_C(0x7) | LWP)
#define XCR0_4_5 (UINT64_C(0xff) | LWP)
#define XCR0_4_7 (UINT64_C(0x2ff) | LWP)
#define XCR0_4_13 UINT64_C(0x2ff)
#define XCR0_4_20 UINT64_C(0x602ff)
#define COMPONENTS(allowed, source, ...) \
    { AT(MSG_LOAD_XSAVE_COMPONENT, CPU_XSAVE, "xcr0_accum"), \
      .cond = IF_ANY_BIT(~(allowed)), \
      GIVES(REFUSED, EINVAL, XSAVE_INCONSISTENT), \
      WHY("no guest of that release has these components", source), \
      __VA_ARGS__ }

/* GUEST_MCG_CAP and INTEL_GUEST_MCG_CAP of cpu/mcheck/vmce.c, and the other
 * bits that loaders accept: CTL_P and the number of banks; TES and SER, which
 * 4.2 gives to every guest and later releases to guests on Intel; CMCI, which
 * every guest on Intel has since 4.3; LMCE */
#define MCG_ALL UINT64_C(0x1ff)
#define MCG_4_2 (MCG_ALL | UINT64_C(0x1000800))
#define MCG_4_3 (MCG_4_2 | UINT64_C(0x400))
#define MCG_4_10 (MCG_4_3 | UINT64_C(0x8000000))
#define MCE_ROW(bits, reason, source, ...) \
    { AT(MSG_LOAD_MCE_CAPS, VMCE_VCPU, "caps"), .cond = IF_ANY_BIT(bits), \
      GIVES(REFUSED, EINVAL, \
            "unsupported MCA capabilities, and those that are"), \
      LOGGED(LATE), WHY(reason, source), __VA_ARGS__ }

#define MSR_INDEX(index) IF_BITS(UINT64_MAX, index)
#define MSR_CAME(index, source, ...) \
    { AT(MSG_LOAD_MSR_UNKNOWN, CPU_MSR, "msr[].index"), \
      .cond = MSR_INDEX(index), GIVES(REFUSED, ENXIO, NULL), \
      WHY("the release does not know this MSR yet", source), __VA_ARGS__ }
#define MSR_UNHANDLED "attempted load of unhandled MSR, and which"
#define MSR_FAILED "load MSR with value failed, and both"
#define MSR_VALUE(cond_, reason, source, ...) \
    { AT(MSG_LOAD_MSR_VALUE, CPU_MSR, "msr[].val"), .cond = cond_, \
      GIVES(REFUSED, ENXIO, MSR_FAILED), LOGGED(MSR), \
      WHY(reason, source), __VA_ARGS__ }
/* The bits that an MSR may have. */
#define MSR_BITS(index, bits, source, ...) \
    { AT(MSG_LOAD_MSR_VALUE, CPU_MSR, "msr[].val"), .key = (index), \
      .mask = (bits), .cond = IF(load_msr_bits), \
      GIVES(REFUSED, ENXIO, MSR_FAILED), LOGGED(MSR), \
      WHY("a bit that no guest of that release has", source), __VA_ARGS__ }
#define MSR_NEEDS(index, features_, ...) \
    { AT(MSG_LOAD_HOST_MSR, CPU_MSR, "msr[].index"), \
      .cond = MSR_INDEX(index), GIVES(DEPENDS, ENXIO, MSR_FAILED), \
      LOGGED(MSR), .features = (features_), \
      WHY("needs a feature of the processor", "4.5"), __VA_ARGS__ }

/* SPEC_CTRL: the MSR; SSBD and PSFD, which AMD has too; IPRED, RRSBA, BHI. */
#define SPEC_CTRL_CAME \
    RELEASE(4, 7, 5), RELEASE(4, 8, 4), RELEASE(4, 9, 2), \
    RELEASE(4, 10, 1), RELEASE(4, 11, 0)
#define SPEC_CTRL_SSBD \
    RELEASE(4, 8, 5), RELEASE(4, 9, 4), RELEASE(4, 10, 2), RELEASE(4, 11, 0)
#define SPEC_CTRL_PSFD \
    RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 1), \
    RELEASE(4, 17, 0)
#define SPEC_CTRL_BHI \
    RELEASE(4, 15, 6), RELEASE(4, 16, 6), RELEASE(4, 17, 4), \
    RELEASE(4, 18, 2), RELEASE(4, 19, 0)

const struct rule rules_load[] = {

/* --- CPU ----------------------------------------------------------------- */

REFUSED(MSG_LOAD_CPU_PAD, CPU, "pad0", IF_NONZERO, EINVAL, NULL,
        "the word after flags is not zero", "eb68c40ba5, 4.7", SINCE(4, 7)),
REFUSED(MSG_LOAD_CR0, CPU, "cr0", IF(load_bad_cr0), EINVAL,
        "bad CR0 and its value",
        "an unknown bit, ET clear, or paging without protection", "3.1",
        EVER),
CR4_ROW(CR4_4_0, "4.0",
        UNTIL_EACH(RELEASE(4, 1, 2), RELEASE(4, 2, 0))),
CR4_ROW(CR4_4_1, "4.1.2",
        SINCE_EACH(RELEASE(4, 1, 2), RELEASE(4, 2, 0)), UNTIL(4, 2)),
CR4_ROW(CR4_4_2, "4.2", SINCE(4, 2), UNTIL(4, 5)),
CR4_ROW(CR4_4_5, "4.5", SINCE(4, 5), UNTIL(4, 7)),
CR4_ROW(CR4_4_7, "4.7", SINCE(4, 7), UNTIL(4, 10)),
CR4_ROW(CR4_4_10, "4.10", SINCE(4, 10), UNTIL(4, 16)),
CR4_ROW(CR4_4_16, "4.16", SINCE(4, 16), UNTIL(4, 18)),
CR4_ROW(CR4_4_18, "4.18", SINCE(4, 18), UNTIL(4, 22)),
CR4_ROW(CR4_4_22, "4.22", SINCE(4, 22)),
CHANGED(MSG_LOAD_NESTED, CPU, "cr4", IF_ANY_BIT(CR4_VMXE),
        "CR4.VMXE is set: the guest runs guests of its own, and their state "
        "is in no context", "345fd6d01e, 4.15", SINCE(4, 2)),
CHANGED(MSG_LOAD_NESTED, CPU, "msr_efer", IF_ANY_BIT(EFER_SVME),
        "EFER.SVME is set: the guest runs guests of its own, and their state "
        "is in no context", "4.2", SINCE(4, 2)),
EFER_ROW(EFER_4_0, "4.0", UNTIL(4, 1)),
EFER_ROW(EFER_4_1, "4.1", SINCE(4, 1), UNTIL(4, 2)),
EFER_ROW(EFER_4_2, "4.2", SINCE(4, 2), UNTIL(4, 6)),
EFER_ROW(EFER_4_2, "ef0269c621, 4.11.1, 4.10.2, 4.9.3, 4.8.5",
         SINCE_EACH(EFER_STRICT_SINCE), UNTIL(4, 12)),
EFER_ROW(EFER_4_12, "ef0269c621, 4.12", SINCE(4, 12), UNTIL(4, 18)),
EFER_ROW(EFER_4_18, "4.18", SINCE(4, 18)),
REFUSED(MSG_LOAD_EFER_MODE, CPU, "msr_efer", IF(load_lma_without_lme), EINVAL,
        "bad EFER and its value", "LMA is set and LME is not", "3.1",
        UNTIL(4, 6)),
REFUSED(MSG_LOAD_EFER_MODE, CPU, "msr_efer", IF(load_lma_inconsistent), EINVAL,
        "bad EFER, inconsistent with CR0.PG",
        "LMA is set, and LME or PG of CR0 is not", "4b898944d3, 4.6",
        SINCE(4, 6)),
REFUSED(MSG_LOAD_DEBUG, CPU, "dr6", IF_ABOVE(UINT32_MAX), EINVAL,
        "bad DR6 or DR7, and both values",
        "the upper half of DR6 is not zero", "15987cb03f, 4.18",
        SINCE(4, 18)),
REFUSED(MSG_LOAD_DEBUG, CPU, "dr7", IF_ABOVE(UINT32_MAX), EINVAL,
        "bad DR6 or DR7, and both values",
        "the upper half of DR7 is not zero", "15987cb03f, 4.18",
        SINCE(4, 18)),
REFUSED(MSG_LOAD_CR3, CPU, "cr3", IF_ANY_BIT(~UINT64_C(0) << 52), EINVAL,
        "bad CR3 and its value", "no processor has such an address",
        "80872597e6, 4.14", SINCE(4, 14)),
REFUSED(MSG_LOAD_CPU_FLAGS, CPU, "flags", IF_ANY_BIT(~UINT64_C(1)), EINVAL,
        "bad flags value in CPU context", "a flag that is not known",
        "a3b6844d3b, 4.7", SINCE(4, 7)),
REFUSED(MSG_LOAD_TSC_AUX, CPU, "msr_tsc_aux", IF_ABOVE(UINT32_MAX), EINVAL,
        "bad MSR_TSC_AUX and its value", "the register has 32 bits",
        "5f5a7a6d36, 4.12", SINCE(4, 12)),
SEGMENT("cs"), SEGMENT("ds"), SEGMENT("es"), SEGMENT("fs"), SEGMENT("gs"),
SEGMENT("ss"), SEGMENT("tr"), SEGMENT("ldtr"),
ROW(MSG_LIVE_CRASH_PENDING, CPU, "pending_event", IF(load_bad_event),
    CRASHES_DOMAIN, EINVAL, "invalid pending event",
    "the event has a type that is not valid, or a reserved bit", "3.1",
    EVER, LOGGED(DEBUG)),
ROW(MSG_LIVE_CRASH_PENDING, CPU, "pending_event", IF(load_event_of_vmx),
    CRASHES_DOMAIN, EINVAL, "invalid pending event",
    "only Intel processors have events of this type", "4.9",
    SINCE(4, 9), .vendor = DOMCTX_VENDOR_AMD, LOGGED(DEBUG)),
ROW(MSG_LIVE_CRASH_ERROR_CODE, CPU, "error_code", IF(load_bad_error_code),
    CRASHES_DOMAIN, EINVAL, "invalid error code",
    "the error code of the pending event has more than 16 bits", "4.9",
    SINCE(4, 9), LOGGED(DEBUG)),
ROW(MSG_LIVE_CRASH_ADDRESS, CPU, "msr_lstar", IF(load_not_canonical),
    CRASHES_HOST, 0, NULL, "the address is not canonical, and writing it to"
    " the processor's MSR stops the host", "3.1", EVER,
    .vendor = DOMCTX_VENDOR_INTEL),
ROW(MSG_LIVE_CRASH_ADDRESS, CPU, "shadow_gs", IF(load_not_canonical),
    CRASHES_HOST, 0, NULL, "the address is not canonical, and writing it to"
    " the processor's MSR stops the host", "3.1", EVER,
    .vendor = DOMCTX_VENDOR_INTEL),
/* The VMX code writes all of DR7 to the VMCS.  What the SVM code writes to the
 * VMCB, and the VMX code to DR6, is written only if a breakpoint is enabled;
 * Xen keeps 32 bits of DR6 since 4.12. */
ROW(MSG_LIVE_CRASH_DR7, CPU, "dr7", IF_ABOVE(UINT32_MAX), CRASHES_DOMAIN, 0,
    NULL, "the upper half of DR7 is not zero, and the guest cannot be "
    "entered", "3.1", UNTIL(4, 18), .vendor = DOMCTX_VENDOR_INTEL),
ROW(MSG_LIVE_CRASH_DR7, CPU, "dr7", IF(entry_wide_debug), CRASHES_DOMAIN, 0,
    NULL, "the upper half of DR7 is not zero, and a breakpoint is enabled: "
    "the guest cannot be entered", "3.1", UNTIL(4, 18),
    .vendor = DOMCTX_VENDOR_AMD),
ROW(MSG_LIVE_CRASH_DR6, CPU, "dr6", IF(entry_wide_debug), CRASHES_HOST, 0,
    NULL, "the upper half of DR6 is not zero, and a breakpoint is enabled: "
    "writing it to the processor stops the host", "3.1", UNTIL(4, 12),
    .vendor = DOMCTX_VENDOR_INTEL),
ROW(MSG_LIVE_CRASH_DR6, CPU, "dr6", IF(entry_wide_debug), CRASHES_DOMAIN, 0,
    NULL, "the upper half of DR6 is not zero, and a breakpoint is enabled: "
    "the guest cannot be entered", "3.1", UNTIL(4, 12),
    .vendor = DOMCTX_VENDOR_AMD),
#include "rules/load-entry-rows.h"
CHANGED(MSG_LOAD_EVENT_DROPPED, CPU, "pending_event", IF(load_event_dropped),
        "the guest raises this event again by itself: it is dropped", "3.1",
        EVER),
CHANGED(MSG_LOAD_FPU_ZERO, CPU, "fpu_regs.mxcsr", IF(load_fpu_all_zero),
        "the FPU image is all zero and counts as live state",
        "a3b6844d3b, 4.7", EVER),
FPU_OF_XSAVE("fcw"), FPU_OF_XSAVE("fsw"), FPU_OF_XSAVE("ftw"),
FPU_OF_XSAVE("fop"), FPU_OF_XSAVE("fip"), FPU_OF_XSAVE("fdp"),
FPU_OF_XSAVE("mxcsr"), FPU_OF_XSAVE("st_mantissa"),
FPU_OF_XSAVE("st_exponent"), FPU_OF_XSAVE("xmm"),
CHANGED(MSG_LOAD_MSR_FLAGS, CPU, "msr_flags", IF(load_msr_flag_missing),
        "LSTAR, STAR and SFMASK are not loaded into the processor",
        "2f1add6e1c, 4.9",
        UNTIL_EACH(RELEASE(4, 6, 6), RELEASE(4, 7, 3), RELEASE(4, 8, 1),
                   RELEASE(4, 9, 0)), .vendor = DOMCTX_VENDOR_INTEL),
DEPENDS(MSG_LOAD_HOST_CR4, CPU, "cr4", IF_ANY_BIT(~UINT64_C(0x100)), EINVAL,
        "bad CR4 and its value", cr4_features,
        "these bits of CR4 need features of the domain", "3.1", EVER),
DEPENDS(MSG_LOAD_HOST_EFER, CPU, "msr_efer", IF_NONZERO, EINVAL,
        "bad EFER and the reason", efer_features,
        "these bits of EFER need features of the domain", "3.1", EVER),
DEPENDS(MSG_LOAD_HOST_CR3, CPU, "cr3", IF_ABOVE(UINT32_MAX), EINVAL,
        "bad CR3 and its value", NULL,
        "the highest of these bits must be a physical address bit of the "
        "domain", "80872597e6, 4.14", SINCE(4, 14), .address = true),

/* --- PIC ----------------------------------------------------------------- */

REFUSED(MSG_LOAD_PIC_OUTPUT, PIC, "int_output", IF_ABOVE(1), EDOM, NULL,
        "an output is 0 or 1", "69c89dd787, 4.19", SINCE(4, 19)),
REFUSED(MSG_LOAD_PIC_ROLE, PIC, "is_master", IF(load_wrong_pic_role), EINVAL,
        NULL, "not 1 in instance 0, or not 0 in instance 1",
        "69c89dd787, 4.19", SINCE(4, 19)),
/* Xen computes the address of the domain from that of a PIC and its role. */
ROW(MSG_LIVE_CRASH_PIC, PIC, "is_master", IF(load_wrong_pic_role),
    CRASHES_HOST,
    0, NULL, "not 1 in instance 0, or not 0 in instance 1: the role of the "
    "other PIC, which stops the host",
    "3.1", UNTIL(4, 19)),
REFUSED(MSG_LOAD_PIC_OUTPUT, PIC, "int_output", IF(load_pic_output_in_init),
        EINVAL, NULL, "a PIC in its initialisation has no output",
        "69c89dd787, 4.19", SINCE(4, 19)),
REFUSED(MSG_LOAD_PIC_ELCR, PIC, "elcr", IF(load_bad_elcr), EINVAL, NULL,
        "an interrupt that is always edge triggered", "69c89dd787, 4.19",
        SINCE(4, 19)),

/* --- LAPIC, LAPIC_REGS --------------------------------------------------- */

REFUSED(MSG_LOAD_APIC_BASE, LAPIC, "apic_base_msr", IF_BITS(0xc00, 0x400),
        EINVAL, NULL, "EXTD is set and EN is not", "f9e0cccf7b, 4.5",
        SINCE(4, 5)),
/* Xen divides by 10 times the divisor, in 32 bits since 4.1, when the guest
 * reads the current count.  Divisors for which that is not 0 make the timer
 * run at another rate until the guest writes the divide configuration. */
ROW(MSG_LIVE_CRASH_DIVISOR, LAPIC, "timer_divisor", IF_BITS(UINT32_MAX, 0),
    CRASHES_HOST, 0, NULL, "Xen divides by it when the guest reads its timer, "
    "which stops the host", "3.1", EVER),
ROW(MSG_LIVE_CRASH_DIVISOR, LAPIC, "timer_divisor",
    IF_BITS(UINT32_MAX, 0x80000000), CRASHES_HOST, 0, NULL,
    "10 times as much is 0 in 32 bits, by which Xen divides when the guest "
    "reads its timer, which stops the host", "4.1", SINCE(4, 1)),
CHANGED(MSG_LOAD_LDR_FIXED, LAPIC_REGS, "ldr", IF(load_ldr_of_old_xen),
        "an x2APIC's logical ID of Xen 4.4 or older is worked out anew",
        "f9e0cccf7b, 4.5", SINCE(4, 5)),
ROW(MSG_LOAD_LDR_BOGUS, LAPIC_REGS, "ldr", IF(load_ldr_bogus), CHANGED, 0,
    "bogus x2APIC record, with ID and LDR",
    "the logical ID does not follow from the APIC ID", "90309854fd, 4.19",
    SINCE_EACH(RELEASE(4, 17, 3), RELEASE(4, 18, 1), RELEASE(4, 19, 0))),

/* --- PCI_LINK ------------------------------------------------------------ */

REFUSED(MSG_LOAD_LINK_PAD, PCI_LINK, "pad0", IF_NONZERO, EINVAL, NULL,
        "the padding is not zero", "7a3bd1cbc4, 4.19", SINCE(4, 19)),
REFUSED(MSG_LOAD_LINK_ROUTE, PCI_LINK, "route", IF_ABOVE(15), EINVAL,
        "PCI-ISA link out of range", "there is no such ISA interrupt",
        "7a3bd1cbc4, 4.19", SINCE(4, 19)),
/* Xen uses the route as an index into its counters before it checks it. */
ROW(MSG_LIVE_CRASH_LINK, PCI_LINK, "route", IF_ABOVE(15), CRASHES_HOST, EINVAL,
    "PCI-ISA link out of range", "there is no such ISA interrupt; the load "
    "fails when the route is already in place, and the hypervisor counts "
    "outside its tables", "3.1", UNTIL(4, 19), LOGGED(LATE)),

/* --- PIT ----------------------------------------------------------------- */

PIT_ROW("speaker_data_on", IF_ABOVE(1)),
PIT_ROW("pad0", IF_NONZERO),
CHANNEL("count", 0x10000),
CHANNEL("count_latched", 4),
CHANNEL("read_state", 4),
CHANNEL("write_state", 4),
CHANNEL("rw_mode", 3),
CHANNEL("gate", 1),
CHANNEL("bcd", 1),
REFUSED(MSG_LOAD_PIT_GATE, PIT, "channels[].gate", IF(load_gate_closed),
        EINVAL,
        NULL, "the gate of this channel is wired open", "c53013da6f, 4.19",
        SINCE(4, 19)),

/* --- HPET, MTRR ---------------------------------------------------------- */

CHANGED(MSG_LOAD_HPET_ROUTE, HPET, "timers[].config", IF(load_hpet_route),
        "the interrupt is none of those that the timer offers: another is "
        "chosen", "ec40d3fe21, 4.12", SINCE(4, 12), .by_target = true),
/* The count is bits 7:0; Xen takes at most 8. */
REFUSED(MSG_LOAD_MTRR_COUNT, MTRR, "msr_mtrr_cap", IF(load_mtrr_count), EINVAL,
        "too many variable range MTRRs",
        "more variable MTRRs than the record has room for",
        "76159f10b1, 4.12", SINCE(4, 12), LOGGED(DEBUG)),
CHANGED(MSG_LOAD_MTRR_PAT, MTRR, "msr_pat_cr", IF(load_bad_memory_types),
        "a memory type is not valid: the PAT is left out", "3.2", EVER),
CHANGED(MSG_LOAD_MTRR_IGNORED, MTRR, "msr_mtrr_fixed",
        IF(load_bad_memory_types),
        "a memory type is not valid: the register is left out", "3.2",
        EVER),
CHANGED(MSG_LOAD_MTRR_IGNORED, MTRR, "msr_mtrr_var", IF(load_bad_variable),
        "a memory type or a reserved bit: the register is left out", "3.2",
        EVER),
CHANGED(MSG_LOAD_MTRR_IGNORED, MTRR, "msr_mtrr_def_type",
        IF(load_bad_mtrr_type),
        "a memory type or a reserved bit: the register is left out", "3.2",
        EVER),
CHANGED(MSG_LOAD_MTRR_PAIRS, MTRR, "msr_mtrr_var", IF(load_pairs_repeated),
        "the first pair is enabled (bit 11 of its mask), and the seven others "
        "are like it", "343eb57023, 4.12",
        EVER),

/* --- VIRIDIAN ------------------------------------------------------------ */

DEPENDS(MSG_LOAD_VIRIDIAN, VIRIDIAN_DOMAIN, "hypercall_gpa", IF_BITS(0, 0), 0,
        NULL, NULL, "the domain must be created with viridian", "3.4", EVER),
DEPENDS(MSG_LOAD_VIRIDIAN_BUILD, VIRIDIAN_DOMAIN, "hypercall_gpa", IF_BITS(0,
        0),
        EINVAL, "unknown entry typecode 15", NULL,
        "a build without Viridian support refuses the record",
        "43c1c49b00, 4.22", SINCE(4, 22)),
REFUSED(MSG_LOAD_VIRIDIAN_PAD, VIRIDIAN_VCPU, "_pad", IF_NONZERO, EINVAL, NULL,
        "the padding is not zero", "646c312844, 4.7", SINCE(4, 7)),
ROW(MSG_LIVE_CRASH_STIMER, VIRIDIAN_VCPU, "stimer_config_msr",
    IF(load_stimer_divides), CRASHES_HOST, 0, NULL,
    "the timer is periodic with a count of 0, and a division by it stops "
    "the host",
    "XSA-504", SINCE(4, 13), UNTIL_EACH(STIMER_MENDED)),
ROW(MSG_LIVE_CRASH_REFERENCE_TSC, VIRIDIAN_DOMAIN, "reference_tsc",
    IF(load_page_unmapped), CRASHES_HOST, 0, NULL,
    "no guest has memory there, and Xen writes to address 0",
    "5776a2e9db, XSA-472", PAGES_ASSUMED),
ROW(MSG_LIVE_CRASH_MESSAGE_PAGE, VIRIDIAN_VCPU, "simp_msr",
    IF(load_stimer_without_page), CRASHES_HOST, 0, NULL,
    "a timer runs without a page for its message, and Xen writes to "
    "address 0 when it expires", "5776a2e9db, XSA-472", PAGES_ASSUMED),
CHANGED(MSG_LOAD_STIMER, VIRIDIAN_VCPU, "stimer_config_msr",
        IF(load_stimer_disabled),
        "the timer has no interrupt source or no count: it is disabled",
        "ff7d9aa77e, XSA-504", SINCE_EACH(STIMER_MENDED)),

/* --- CPU_XSAVE ----------------------------------------------------------- */

/* Up to 4.3.0 and 4.2.3 the loader checks only the host's limits: its
 * features, and its largest area. */
REFUSED(MSG_LOAD_XSAVE_FEATURES, CPU_XSAVE, "xfeature_mask",
        IF_ANY_BIT(~XCR0_4_1), EINVAL, NULL,
        "no host has these components under that release",
        "47a3fb9662, 4.1", SINCE(4, 1), UNTIL_EACH(XSAVE_BY_ACCUM)),
DEPENDS(MSG_LOAD_HOST_XCR0, CPU_XSAVE, "xfeature_mask", IF_NONZERO, EINVAL,
        NULL, xcr0_features,
        "these components must be the processor's", "47a3fb9662, 4.1",
        SINCE(4, 1), UNTIL_EACH(XSAVE_BY_ACCUM)),
DEPENDS(MSG_LOAD_HOST_XSAVE_SIZE, CPU_XSAVE, NULL, IF(load_xsave_over_600),
        EPERM, "mismatch of type and length, the longest and found", NULL,
        "the length must not be above the largest area of the processor",
        "47a3fb9662, 4.1", SINCE(4, 1), UNTIL_EACH(XSAVE_BY_ACCUM)),
REFUSED(MSG_LOAD_XSAVE_LENGTH, CPU_XSAVE, NULL, IF(load_xsave_under_600),
        EINVAL,
        "xsave length too small", "shorter than the smallest area",
        "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM)),
XSAVE_STATE(XSAVE_BV, IF(load_xstate_outside), "xstate_bv " OUTSIDE,
            "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM)),
XSAVE_STATE("xcr0", IF(load_xstate_outside), "xcr0 " OUTSIDE,
            "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM)),
XSAVE_STATE("xcr0", IF_BITS(1, 0), "xcr0 lacks the x87 state",
            "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM), UNTIL(4, 5)),
XSAVE_STATE("xcr0", IF(load_bad_xcr0_avx), "xcr0 " COMBINATION,
            "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM), UNTIL(4, 5)),
XSAVE_STATE("xcr0_accum", IF(load_bad_xcr0_avx), "xcr0_accum " COMBINATION,
            "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM), UNTIL(4, 5)),
COMPONENTS(XCR0_4_1, "4cc1344447, 4.4", SINCE_EACH(XSAVE_BY_ACCUM),
           UNTIL(4, 5)),
COMPONENTS(XCR0_4_5, "4.5", SINCE(4, 5), UNTIL(4, 7)),
COMPONENTS(XCR0_4_7, "4.7", SINCE(4, 7), UNTIL(4, 13)),
COMPONENTS(XCR0_4_13, "91f86f8634, 4.13", SINCE(4, 13), UNTIL(4, 20)),
COMPONENTS(XCR0_4_20, "e3b5440012, 4.20", SINCE(4, 20)),
XSAVE_STATE("xcr0", IF(load_bad_xcr0), "xcr0 " COMBINATION,
            "e2e45c5628, 4.5", SINCE(4, 5)),
XSAVE_STATE("xcr0_accum", IF(load_bad_xcr0), "xcr0_accum " COMBINATION,
            "e2e45c5628, 4.5", SINCE(4, 5)),
XSAVE_STATE("xcr0", IF(load_half_tile), "xcr0 " COMBINATION,
            "e3b5440012, 4.20", SINCE(4, 20)),
XSAVE_STATE("xcr0_accum", IF(load_half_tile), "xcr0_accum " COMBINATION,
            "e3b5440012, 4.20", SINCE(4, 20)),
REFUSED(MSG_LOAD_XSAVE_MASK, CPU_XSAVE, "xfeature_mask",
        IF(load_mask_too_small),
        EINVAL, XSAVE_INCONSISTENT,
        "xfeature_mask lacks components of xcr0_accum", "4cc1344447, 4.4",
        SINCE_EACH(XSAVE_BY_ACCUM), UNTIL(4, 5)),
REFUSED(MSG_LOAD_XSAVE_COMPACT, CPU_XSAVE, "save_area.xsave_hdr.xcomp_bv",
        IF_NONZERO, EOPNOTSUPP, XSAVE_INCONSISTENT,
        "the area is in the compacted form", "d570d82291, 4.7",
        SINCE(4, 7)),
REFUSED(MSG_LOAD_XSAVE_RESERVED, CPU_XSAVE, "save_area.xsave_hdr.reserved",
        IF_NONZERO, EIO, XSAVE_INCONSISTENT, "a reserved word is not zero",
        "d570d82291, 4.7", SINCE(4, 7)),
REFUSED(MSG_LOAD_XSAVE_LENGTH, CPU_XSAVE, NULL, IF(load_xsave_long),
        EOPNOTSUPP,
        "xsave length, and the one expected",
        "longer than the components take", "4cc1344447, 4.4",
        SINCE_EACH(XSAVE_BY_ACCUM), UNTIL_EACH(XSAVE_TRIMS)),
REFUSED(MSG_LOAD_XSAVE_EXCESS, CPU_XSAVE, NULL, IF(load_xsave_excess),
        EOPNOTSUPP, "xsave length, and where data is that is not zero",
        "data beyond the components", "d7bb8e88a0, 4.5",
        SINCE_EACH(XSAVE_TRIMS)),
REFUSED(MSG_LOAD_XSAVE_LENGTH, CPU_XSAVE, NULL, IF(load_xsave_short), EINVAL,
        "xsave length, and the one expected",
        "shorter than the components take", "681aea049c, 4.8",
        SINCE_EACH(XSAVE_EXACT)),
ROW(MSG_LOAD_XSAVE_TRIMMED, CPU_XSAVE, NULL, IF(load_xsave_trimmed), CHANGED,
        0, "xsave length, and the one expected",
        "zeros beyond the components are left out", "d7bb8e88a0, 4.5",
        SINCE_EACH(XSAVE_TRIMS)),
DEPENDS(MSG_LOAD_HOST_XSAVE, CPU_XSAVE, "xcr0_accum",
        IF(load_xsave_by_processor),
        EINVAL, "xsave length, and the one expected", NULL,
        "the length fits some processors and not others",
        "681aea049c, 4.8", SINCE_EACH(XSAVE_BY_ACCUM)),
DEPENDS(MSG_LOAD_HOST_XCR0, CPU_XSAVE, "xcr0_accum", IF_NONZERO, EINVAL,
        XSAVE_INCONSISTENT, xcr0_features,
        "these components need features of the domain", "4cc1344447, 4.4",
        SINCE_EACH(XSAVE_BY_ACCUM)),

/* --- VMCE_VCPU ----------------------------------------------------------- */

MCE_ROW(~MCG_4_2,
        "a capability that no guest has", "e1dc98e3c3, 4.2", UNTIL(4, 3)),
MCE_ROW(~MCG_4_3,
        "a capability that no guest has", "19b03acdd1, 4.3", SINCE(4, 3),
        UNTIL(4, 10)),
MCE_ROW(~MCG_4_10,
        "a capability that no guest has", "4e731e9707, 4.10",
        SINCE(4, 10)),
MCE_ROW(MCG_4_10 & ~MCG_ALL,
        "a capability that no guest has on AMD", "19b03acdd1, 4.3",
        SINCE(4, 3), .vendor = DOMCTX_VENDOR_AMD),

/* --- CPU_MSR ------------------------------------------------------------- */

REFUSED(MSG_LOAD_MSR_LENGTH, CPU_MSR, NULL, IF(load_msr_under_24), EINVAL,
        "MSR length too small", "no room for one MSR", "bd1f0b45ff, 4.5",
        SINCE(4, 5)),
REFUSED(MSG_LOAD_MSR_LENGTH, CPU_MSR, NULL, IF(load_msr_count), EOPNOTSUPP,
        "MSR length, and the one expected",
        "the length does not fit the count", "bd1f0b45ff, 4.5", SINCE(4, 5)),
REFUSED(MSG_LOAD_MSR_RESERVED, CPU_MSR, "msr[]._rsvd", IF_NONZERO, EOPNOTSUPP,
        NULL, "the word after the index is not zero", "bd1f0b45ff, 4.5",
        SINCE(4, 5)),
REFUSED(MSG_LOAD_MSR_UNKNOWN, CPU_MSR, "msr[].index", IF(load_msr_unknown),
        ENXIO, MSR_UNHANDLED, "no release takes this MSR", "bd1f0b45ff, 4.5",
        SINCE(4, 5), LOGGED(MSR)),
MSR_CAME(0x48, "0cf2a4eb76, 4.11; 4.10.1, 4.9.2, 4.8.4, 4.7.5",
         UNTIL_EACH(SPEC_CTRL_CAME)),
MSR_CAME(0x140, "b90f86be16, 4.10; 4.9.2, 4.8.4",
         UNTIL_EACH(RELEASE(4, 8, 4), RELEASE(4, 9, 2), RELEASE(4, 10, 0))),
MSR_CAME(0xda0, "4.7", UNTIL(4, 7)),
MSR_CAME(0xc001011f, "8ffd5496f4, 4.17", UNTIL(4, 17)),
MSR_CAME(0x6e1, "59bbbb823d, 4.18", UNTIL(4, 18)),
MSR_VALUE(IF(load_msr_32_bits), "the register has 32 bits",
          "c097f54912, 4.5", SINCE(4, 5)),
MSR_VALUE(IF(load_bad_bndcfgs), "an address that is not canonical, or a "
          "reserved bit", "4.8; 4.7.1, 4.6.4, 4.5.4",
          SINCE_EACH(RELEASE(4, 5, 4), RELEASE(4, 6, 4), RELEASE(4, 7, 1),
                     RELEASE(4, 8, 0))),
MSR_VALUE(IF(load_msr_bits), "no guest has supervisor state components",
          "4ec08bb826, 4.13", SINCE(4, 13), .key = 0xda0, .mask = 0),
/* The only defined bit is CPUID faulting. */
MSR_BITS(0x140, 0x1, "b90f86be16, 4.10", SINCE(4, 10)),
MSR_BITS(0x48, 0x3, "0cf2a4eb76, 4.11; 4.10.1, 4.9.2, 4.8.4, 4.7.5",
         SINCE_EACH(SPEC_CTRL_CAME), UNTIL_EACH(SPEC_CTRL_SSBD)),
MSR_BITS(0x48, 0x7, "cd53023df9, 4.11; 4.10.2, 4.9.4, 4.8.5",
         SINCE_EACH(SPEC_CTRL_SSBD), UNTIL_EACH(SPEC_CTRL_PSFD)),
MSR_BITS(0x48, 0x87, "52ce1c9784, 4.17; 4.16.1, 4.15.3, 4.14.5",
         SINCE_EACH(SPEC_CTRL_PSFD), UNTIL_EACH(SPEC_CTRL_BHI)),
MSR_BITS(0x48, 0x4ff, "583f1d0950, 4.19; 4.18.2, 4.17.4, 4.16.6, 4.15.6",
         SINCE_EACH(SPEC_CTRL_BHI)),
REFUSED(MSG_LOAD_MSR_ORDER, CPU_MSR, "msr[].val",
        IF(load_bndcfgs_before_xsave),
        ENXIO, MSR_FAILED, "BNDCFGS is enabled, and no CPU_XSAVE with the "
        "bound registers came before", "832c1803ca, 4.13", SINCE(4, 13),
        LOGGED(MSR)),
DEPENDS(MSG_LOAD_MSR_HOSTS, CPU_MSR, "count", IF_NONZERO, EINVAL,
        "unknown entry typecode 20", NULL,
        "hosts without MPX, XSAVES or DBEXT do not know the record",
        "b90f86be16, 4.10", SINCE(4, 5), UNTIL(4, 10)),
MSR_NEEDS(0x48, needs_ibrsb, SINCE_EACH(SPEC_CTRL_CAME),
          UNTIL_EACH(SPEC_CTRL_PSFD)),
MSR_NEEDS(0x48, needs_ibrs, SINCE_EACH(SPEC_CTRL_PSFD)),
DEPENDS(MSG_LOAD_HOST_MSR, CPU_MSR, "msr[].val", IF(load_msr_bits), ENXIO,
        MSR_FAILED, spec_ctrl_features,
        "these bits of SPEC_CTRL need features of the domain", "4.11",
        SINCE_EACH(SPEC_CTRL_CAME), .key = 0x48, .mask = 0x3, LOGGED(MSR)),
MSR_NEEDS(0x6e1, needs_pks, SINCE(4, 18)),
MSR_NEEDS(0xd90, needs_mpx, EVER),
MSR_NEEDS(0xc0011019, needs_dbext, EVER),
MSR_NEEDS(0xc001101a, needs_dbext, EVER),
MSR_NEEDS(0xc001101b, needs_dbext, EVER),
MSR_NEEDS(0xc0011027, needs_dbext, EVER),
MSR_NEEDS(0xc001011f, needs_virt_ssbd, SINCE(4, 17)),
/* CPUID faulting is no bit of a featureset; since 4.12 Xen emulates it for
 * HVM on any processor. */
DEPENDS(MSG_LOAD_HOST_MSR, CPU_MSR, "msr[].index", MSR_INDEX(0x140), ENXIO,
        NULL, NULL, "CPUID faulting must be in the domain's policy",
        "b90f86be16, 4.10",
        SINCE_EACH(RELEASE(4, 8, 4), RELEASE(4, 9, 2), RELEASE(4, 10, 0)),
        UNTIL(4, 12)),
DEPENDS(MSG_LOAD_HOST_MSR, CPU_MSR, "msr[].index", MSR_INDEX(0x140), ENXIO,
        MSR_FAILED, needs_nothing,
        "CPUID faulting must be in the domain's policy", "4.12",
        SINCE(4, 12), LOGGED(MSR)),
};
const size_t n_rules_load = sizeof(rules_load) / sizeof(rules_load[0]);
