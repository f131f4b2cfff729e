/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What changed between releases, in the order of the typecodes, with what a
 * conversion has to do for each change, upwards and downwards.
 *
 * A source is the commit in Xen's mainline.  The releases in brackets behind
 * it are point releases that have it too.
 */
#include "rules/rules.h"
#include "rules/named.h"

/* A change of x.y.0 that no stable branch got; one that some got. */
#define SINCE(x, y)        { { RELEASE(x, y, 0) } }
#define SINCE_EACH(...)    { { __VA_ARGS__ } }
#define ALWAYS             { { { 0, 0 } } }

/* Rows about one change share its releases and its source. */
#define CHANGE(since_, source_) .since = since_, .source = source_

/* A field that the change added.  Upwards it gets the value that the catalogue
 * says loaders assume; downwards it is dropped, unless "lost" holds. */
#define FIELD_CAME(code, field_, change, up_id, up_reason, \
                   down_id, down_reason, lost) \
    { .id = up_id, .typecode = CODE_##code, .direction = RULE_UP, \
      .action = RULE_GROW, .field = (field_), change, \
      .reason = up_reason }, \
    { .id = down_id, .typecode = CODE_##code, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = (field_), .cond = lost, change, \
      .reason = down_reason }

/* Bytes that got another meaning in the same place.  Fields that only got
 * another name are in the catalogue. */
#define FIELD_BECAME(code, was_, field_, change, reason_) \
    { .id = RULE_SILENT, .typecode = CODE_##code, .direction = RULE_UP, \
      .action = RULE_KEEP, .was = (was_), .field = (field_), change, \
      .reason = reason_ }

/* A field that gets another value, which the rest of the row gives. */
#define FIELD_SET(code, way, field_, change, id_, cond_, reason_, ...) \
    { .id = id_, .typecode = CODE_##code, .direction = way, \
      .action = RULE_SET, .field = (field_), .cond = cond_, change, \
      .reason = reason_, __VA_ARGS__ }

/* Bits of a field that an older target would refuse or misread. */
#define BITS_GO(code, field_, mask_, change, id_, cond_, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = (field_), .mask = (mask_), \
      .cond = cond_, change, .reason = reason_ }

/* A record that the change added: downwards it is dropped, and the field is
 * lost where the condition holds. */
#define RECORD_GOES(code, field_, change, id_, lost, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = RULE_DOWN, \
      .action = RULE_DROP, .field = (field_), .cond = lost, change, \
      .reason = reason_ }

/* The same for a record as a whole that can be dropped without loss. */
#define RECORD_LEFT(code, change, reason_) \
    { .id = MSG_RECORD_LEFT_OUT, .typecode = CODE_##code, \
      .direction = RULE_DOWN, .action = RULE_DROP, change, \
      .reason = reason_ }

/* A record that the change added, to be made up for an older saver. */
#define RECORD_CAME(code, change, id_, cond_, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = RULE_UP, \
      .action = RULE_INFER, .cond = cond_, change, .reason = reason_ }

/* An MSR of CPU_MSR, by its index. */
#define MSR_CAME(index_, change, id_, reason_) \
    { .id = id_, .typecode = CODE_CPU_MSR, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = "msr[].val", .key = (index_), \
      .cond = IF_NONZERO, change, .reason = reason_ }

/* Bits of an MSR of CPU_MSR that older targets refuse. */
#define MSR_BITS_CAME(index_, bits, change, id_, reason_) \
    { .id = id_, .typecode = CODE_CPU_MSR, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = "msr[].val", .key = (index_), \
      .mask = (bits), .cond = IF_ANY_BIT(bits), change, .reason = reason_ }

/* Components of CPU_XSAVE, by their bits in XCR0. */
#define COMPONENTS(way, bits, change, id_, lost, reason_) \
    { .id = id_, .typecode = CODE_CPU_XSAVE, .direction = way, \
      .action = RULE_SHRINK, .field = "xcr0_accum", .key = (bits), \
      .cond = lost, change, .reason = reason_ }

/* A message alone; the code that acts needs no row. */
#define SAY(code, way, action_, field_, change, id_, cond_, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = way, \
      .action = action_, .field = (field_), .cond = cond_, change, \
      .reason = reason_ }

/* --- changes that several rows are about --------------------------------- */

#define MSR_FLAGS_DEAD \
    SINCE_EACH(RELEASE(4, 6, 6), RELEASE(4, 7, 3), RELEASE(4, 8, 1), \
               RELEASE(4, 9, 0))
#define TSC_AUX_CAME   CHANGE(SINCE(4, 0), "f0308bbb5b79")
#define SYSENTER_WIDE  CHANGE(SINCE(4, 0), "0f1cb96e9785")
#define KHZ_CAME       CHANGE(SINCE(4, 0), "448dac02973e")
#define FPU_FLAG_CAME  CHANGE(SINCE(4, 7), "a3b6844d3b7a")
#define XSAVE_CAME     CHANGE(SINCE(4, 1), "47a3fb966218")
#define XSAVE_SIZED \
    CHANGE(SINCE_EACH(RELEASE(4, 2, 4), RELEASE(4, 3, 1), \
                      RELEASE(4, 4, 0)), "4cc1344447a0")
#define MTRR_CAME      CHANGE(SINCE(3, 2), "f94a35ea70ad")
#define VIRIDIAN_CAME  CHANGE(SINCE(3, 4), "39f97ffa298b")
#define ASSIST_CAME    CHANGE(SINCE(4, 2), "5f47247ded7b")
#define ASSIST_FLAG    CHANGE(SINCE(4, 11), "66bf4ef04869")
#define SYNIC_CAME     CHANGE(SINCE(4, 13), "a85089d0ef57")
#define STIMER_CAME    CHANGE(SINCE(4, 13), "26fba3c85571")
#define TSC_ADJUST_CAME CHANGE(SINCE(4, 3), "e35cd2cce4fe")

/* Copy the legacy part of the XSAVE area, which loaders prefer to the one in
 * CPU, into the CPU record for a target without CPU_XSAVE. */
#define FPU_OF_XSAVE(part, component, init) \
    FIELD_SET(CPU, RULE_DOWN, "fpu_regs." part, XSAVE_CAME, \
              MSG_CPU_FPU_FROM_XSAVE, IF(if_has_xsave), \
              "the x87 and SSE state of CPU_XSAVE is the one that counts", \
              .key = (component), .value = (init), \
              .make = value_of_xsave)

#define FP  UINT64_C(1)
#define SSE UINT64_C(2)
#define YMM UINT64_C(4)

const struct rule rules_change[] = {

/* --- HEADER -------------------------------------------------------------- */

FIELD_BECAME(HEADER, "pad0", "gtsc_khz", KHZ_CAME,
             "3.4 wrote 0, which leaves the frequency of the domain alone"),
SAY(HEADER, RULE_DOWN, RULE_KEEP, "gtsc_khz", KHZ_CAME,
    MSG_HEADER_KHZ_IGNORED, IF_NONZERO,
    "the guest's TSC runs at the frequency of the target's host"),

/* --- CPU ----------------------------------------------------------------- */

FIELD_CAME(CPU, "msr_tsc_aux", TSC_AUX_CAME,
           MSG_CPU_TSC_AUX_ASSUMED,
           "a guest without RDTSCP has not set it",
           MSG_CPU_TSC_AUX_LOST,
           "RDTSCP would give the guest 0 for it", IF_NONZERO),
SAY(CPU, RULE_UP, RULE_REPAIR, "padding0", SYSENTER_WIDE,
    MSG_CPU_SYSENTER_PAD, IF_NONZERO,
    "stale bytes, that later loaders take for the upper half of "
    "sysenter_cs"),
BITS_GO(CPU, "sysenter_cs", ~(uint64_t)UINT32_MAX, SYSENTER_WIDE,
        MSG_CPU_SYSENTER_LOST, IF_ABOVE(UINT32_MAX),
        "the field had 32 bits"),
FIELD_CAME(CPU, "flags", FPU_FLAG_CAME,
           MSG_CPU_FLAGS_ASSUMED,
           "the FPU registers of the record are taken as in use",
           MSG_CPU_FLAGS_LOST,
           "bits besides the one for the FPU would be gone", IF_ABOVE(1)),
FIELD_SET(CPU, RULE_DOWN, "fpu_regs", FPU_FLAG_CAME,
          MSG_CPU_FPU_RESET, IF(if_fpu_unused),
          "loaders without flags take the empty image for the guest's, and "
          "it would run with every SSE exception unmasked", .value = 0),
FIELD_SET(CPU, RULE_DOWN, "fpu_regs.fcw", FPU_FLAG_CAME,
          MSG_CPU_FPU_RESET, IF(if_fpu_unused),
          "the control word of a reset x87 unit", .value = 0x0040),
FIELD_SET(CPU, RULE_DOWN, "fpu_regs.mxcsr", FPU_FLAG_CAME,
          MSG_CPU_FPU_RESET, IF(if_fpu_unused),
          "the control register of a reset SSE unit", .value = 0x1f80),
FPU_OF_XSAVE("fcw", FP, 0x037f),
FPU_OF_XSAVE("fsw", FP, 0),
FPU_OF_XSAVE("ftw", FP, 0),
FPU_OF_XSAVE("fop", FP, 0),
FPU_OF_XSAVE("fip", FP, 0),
FPU_OF_XSAVE("fdp", FP, 0),
FPU_OF_XSAVE("mxcsr", SSE | YMM, 0x1f80),
FPU_OF_XSAVE("st_mantissa", FP, 0),
FPU_OF_XSAVE("st_exponent", FP, 0),
FPU_OF_XSAVE("xmm", SSE, 0),
FIELD_SET(CPU, RULE_DOWN, "msr_flags", CHANGE(MSR_FLAGS_DEAD, "2f1add6e1c87"),
          MSG_CPU_MSR_FLAGS_SET, IF_BITS(UINT64_MAX, 0),
          "older loaders on Intel load LSTAR, STAR and SFMASK only where "
          "bits 0 to 2 say so", .value = 7),
FIELD_SET(CPU, RULE_LOAD, "msr_flags", CHANGE(SINCE(4, 6), "2f1add6e1c87"),
          MSG_CPU_MSR_FLAGS_SET, IF_BITS(UINT64_MAX, 0),
          "whether 0 was meant cannot be told in series of which only later "
          "point releases do not look", .value = 7, .until = MSR_FLAGS_DEAD),

/* --- LAPIC, LAPIC_REGS --------------------------------------------------- */

FIELD_CAME(LAPIC, "tdt_msr", CHANGE(SINCE(4, 1), "464242cd1646"),
           MSG_LAPIC_TDT_ASSUMED,
           "no deadline is armed: the timer had no such mode",
           MSG_LAPIC_TDT_LOST,
           "a TSC deadline that is armed would never come",
           IF(if_deadline_armed)),
FIELD_CAME(LAPIC, "pending_esr",
           CHANGE(SINCE_EACH(RELEASE(4, 18, 5), RELEASE(4, 19, 2),
                             RELEASE(4, 20, 1), RELEASE(4, 21, 0)),
                  "b28b590d4a23"),
           MSG_LAPIC_ESR_ASSUMED,
           "no error waits: none was kept apart from esr",
           MSG_LAPIC_ESR_LOST,
           "errors that the guest has not yet fetched would be gone",
           IF_NONZERO),
SAY(LAPIC_REGS, RULE_UP, RULE_KEEP, "ldr",
    CHANGE(SINCE_EACH(RELEASE(4, 17, 3), RELEASE(4, 18, 1),
                      RELEASE(4, 19, 0)), "90309854fd24"),
    RULE_SILENT, IF_ANYTHING,
    "never worked out anew: by it loaders tell guests of older releases"),

/* --- RTC ----------------------------------------------------------------- */

FIELD_CAME(RTC, "rtc_offset", CHANGE(SINCE(4, 14), "105b06fc7eb1"),
           MSG_RTC_OFFSET_ASSUMED,
           "the offset was the toolstack's matter",
           MSG_RTC_OFFSET_LOST,
           "the guest's clock would be off by it, unless the toolstack sets "
           "the same", IF_NONZERO),

/* --- MTRR ---------------------------------------------------------------- */

RECORD_LEFT(MTRR, MTRR_CAME, "it had none"),
RECORD_GOES(MTRR, "msr_pat_cr", MTRR_CAME, MSG_MTRR_LOST,
            IF_NOT(UINT64_MAX, UINT64_C(0x0007040600070406)),
            "the PAT would be that of a reset"),
RECORD_GOES(MTRR, "msr_mtrr_var", MTRR_CAME, MSG_MTRR_LOST, IF_NONZERO,
            "the variable range would be gone"),
RECORD_GOES(MTRR, "msr_mtrr_fixed", MTRR_CAME, MSG_MTRR_LOST, IF_NONZERO,
            "the fixed ranges would be gone"),
RECORD_GOES(MTRR, "msr_mtrr_def_type", MTRR_CAME, MSG_MTRR_LOST, IF_NONZERO,
            "MTRRs would be disabled"),
FIELD_SET(MTRR, RULE_DOWN, "msr_mtrr_var",
          CHANGE(SINCE(4, 12), "343eb57023c7"),
          MSG_MTRR_REPEATED, IF(if_pair_repeated),
          "savers since 4.12 repeat the first pair; older loaders would "
          "program it eight times", .value = 0),

/* --- VIRIDIAN_DOMAIN ----------------------------------------------------- */

RECORD_LEFT(VIRIDIAN_DOMAIN, VIRIDIAN_CAME, "it had no Viridian guests"),
RECORD_GOES(VIRIDIAN_DOMAIN, "hypercall_gpa", VIRIDIAN_CAME,
            MSG_VIRIDIAN_LOST, IF_NONZERO,
            "the guest's hypercall page would not be there"),
RECORD_GOES(VIRIDIAN_DOMAIN, "guest_os_id", VIRIDIAN_CAME,
            MSG_VIRIDIAN_LOST, IF_NONZERO,
            "the guest would find that it never registered"),
FIELD_CAME(VIRIDIAN_DOMAIN, "time_ref_count",
           CHANGE(SINCE(4, 5), "f6a07643e1cc"),
           MSG_VIRIDIAN_TIME_ASSUMED,
           "the reference counter begins at 0, as that of a new domain",
           MSG_VIRIDIAN_TIME_LOST,
           "the reference counter would begin at 0 again", IF_NONZERO),
FIELD_CAME(VIRIDIAN_DOMAIN, "reference_tsc",
           CHANGE(SINCE(4, 6), "dd94caca5372"),
           MSG_VIRIDIAN_TSC_ASSUMED,
           "no reference TSC page is enabled",
           MSG_VIRIDIAN_TSC_LOST,
           "the reference TSC page that is enabled would not be there",
           IF_ANY_BIT(1)),

/* --- CPU_XSAVE ----------------------------------------------------------- */

RECORD_LEFT(CPU_XSAVE, XSAVE_CAME, "it knew no extended state"),
RECORD_GOES(CPU_XSAVE, "xcr0_accum", XSAVE_CAME, MSG_XSAVE_LOST,
            IF_ANY_BIT(~(FP | SSE)),
            "AVX and later state would be gone; x87 and SSE state goes with "
            "the CPU record"),
/* Keyed on the bytes and the target: START may name another release than the
 * one that wrote the record. */
SAY(CPU_XSAVE, RULE_LOAD, RULE_REPAIR, NULL,
    CHANGE(ALWAYS, "comment in the loader since 4.19"),
    MSG_XSAVE_EMPTY, IF(if_empty),
    "an empty record says that there is no state; no loader takes it"),
SAY(CPU_XSAVE, RULE_LOAD, RULE_REPAIR, NULL, XSAVE_SIZED,
    MSG_XSAVE_EXCESS, IF(if_xsave_excess),
    "savers before wrote the largest area of their host, whatever was used"),
SAY(CPU_XSAVE, RULE_LOAD, RULE_REFUSE, NULL, XSAVE_SIZED,
    MSG_XSAVE_EXCESS_DATA, IF(if_xsave_excess_data),
    "loaders refuse bytes that no component of xcr0_accum has"),
SAY(CPU_XSAVE, RULE_LOAD, RULE_REPAIR, NULL,
    CHANGE(SINCE_EACH(RELEASE(4, 7, 1), RELEASE(4, 8, 0)), "681aea049c4a"),
    MSG_XSAVE_SHORT, IF(if_xsave_short),
    "4.5 to 4.7.0 took a short record as one that ends in zeros, later "
    "loaders refuse it"),
SAY(CPU_XSAVE, RULE_DOWN, RULE_KEEP, NULL, XSAVE_SIZED,
    MSG_XSAVE_HOST_SIZE, IF_ANYTHING,
    "the loader copies the largest area of its host, even past a shorter "
    "record, and refuses a longer one"),
FIELD_SET(CPU_XSAVE, RULE_DOWN, "xfeature_mask",
          CHANGE(SINCE(4, 5), "e2e45c562889"),
          MSG_XSAVE_MASK_SET, IF(if_mask_unfit),
          "older loaders want it within their host's features, and all of "
          "xcr0_accum in it", .make = value_of_accum),
COMPONENTS(RULE_DOWN, 0x18, CHANGE(SINCE(4, 5), "e8121c54ec8c"),
           MSG_XSAVE_MPX_LOST, IF(if_component_used),
           "the bound registers would be gone"),
COMPONENTS(RULE_DOWN, 0xe0, CHANGE(SINCE(4, 5), "e8121c54ec8c"),
           MSG_XSAVE_AVX512_LOST, IF(if_component_used),
           "AVX-512 state would be gone"),
COMPONENTS(RULE_DOWN, 0x200, CHANGE(SINCE(4, 7), "fbf9971241fb"),
           MSG_XSAVE_PKRU_LOST, IF(if_component_used),
           "the protection key rights would be gone"),
COMPONENTS(RULE_DOWN, 0x60000, CHANGE(SINCE(4, 20), "e3b544001272"),
           MSG_XSAVE_AMX_LOST, IF(if_component_used),
           "the tile registers would be gone"),
COMPONENTS(RULE_UP, UINT64_C(1) << 62, CHANGE(SINCE(4, 13), "91f86f8634f9"),
           MSG_XSAVE_LWP_LOST, IF(if_lwp_used),
           "lightweight profiling was taken out, and its state would be "
           "gone"),
COMPONENTS(RULE_LOAD, ~UINT64_C(0x40000000000602ff),
           CHANGE(ALWAYS, "no release up to 4.22 knows them"),
           MSG_XSAVE_UNKNOWN_LOST, IF_ANYTHING,
           "every loader refuses components that it does not know"),

/* --- VIRIDIAN_VCPU ------------------------------------------------------- */

/* The record of a guest from before is not made up: zeros would unmask the
 * interrupt sources that 4.13 added, which begin masked. */
FIELD_BECAME(VIRIDIAN_VCPU, "vp_assist_vector", "vp_assist_pending",
             ASSIST_FLAG, "the same byte, with what it means changed below"),
RECORD_LEFT(VIRIDIAN_VCPU, ASSIST_CAME, "it had no APIC assist page"),
RECORD_GOES(VIRIDIAN_VCPU, "apic_assist", ASSIST_CAME,
            MSG_VIRIDIAN_ASSIST_LOST, IF_ANY_BIT(1),
            "the APIC assist page that is enabled would not be there"),
FIELD_CAME(VIRIDIAN_VCPU, "apic_assist_vector",
           CHANGE(SINCE(4, 7), "78c5f59ebd79"),
           MSG_VIRIDIAN_VECTOR_ASSUMED,
           "no interrupt waits for its end through the assist page",
           MSG_VIRIDIAN_VECTOR_LOST,
           "an interrupt that the guest ends through the assist page would "
           "stay in service", IF_NONZERO),
FIELD_SET(VIRIDIAN_VCPU, RULE_UP, "vp_assist_pending", ASSIST_FLAG,
          MSG_VIRIDIAN_PENDING_SET, IF_ABOVE(1),
          "a vector before, it only says since that one is pending",
          .value = 1),
FIELD_SET(VIRIDIAN_VCPU, RULE_DOWN, "vp_assist_vector", ASSIST_FLAG,
          MSG_VIRIDIAN_VECTOR_SET, IF_NONZERO,
          "older loaders want the vector, which is the highest one that is "
          "in service", .make = value_of_isr),
FIELD_CAME(VIRIDIAN_VCPU, "simp_msr", SYNIC_CAME,
           MSG_VIRIDIAN_SIMP_ASSUMED,
           "no page for synthetic messages is enabled",
           MSG_VIRIDIAN_SIMP_LOST,
           "the page for synthetic messages would not be there", IF_NONZERO),
FIELD_CAME(VIRIDIAN_VCPU, "sint_msr", SYNIC_CAME,
           MSG_VIRIDIAN_SINT_ASSUMED,
           "loaders fill it with zeros, which also clears the mask bits",
           MSG_VIRIDIAN_SINT_LOST,
           "a synthetic interrupt source that is set up would be gone",
           IF_ANY_BIT(~UINT64_C(0x10000))),
FIELD_CAME(VIRIDIAN_VCPU, "stimer_config_msr", STIMER_CAME,
           MSG_VIRIDIAN_STIMER_ASSUMED,
           "no synthetic timer is set up",
           MSG_VIRIDIAN_STIMER_LOST,
           "a synthetic timer that is set up would be gone", IF_NONZERO),
FIELD_CAME(VIRIDIAN_VCPU, "stimer_count_msr", STIMER_CAME,
           MSG_VIRIDIAN_COUNT_ASSUMED,
           "no synthetic timer is set up",
           MSG_VIRIDIAN_COUNT_LOST,
           "the count of a synthetic timer would be gone", IF_NONZERO),
FIELD_SET(VIRIDIAN_VCPU, RULE_LOAD, "stimer_config_msr",
          CHANGE(SINCE(4, 13), "ff7d9aa77e4d, XSA-504"),
          MSG_VIRIDIAN_STIMER_OFF, IF(if_stimer_broken),
          "enabled without a count or an interrupt source it makes older "
          "hypervisors divide by 0; newer ones disable it",
          .mask = 1, .value = 0),

/* --- VMCE_VCPU ----------------------------------------------------------- */

RECORD_LEFT(VMCE_VCPU, CHANGE(SINCE(4, 2), "e1dc98e3c361"),
            "vCPUs get the capabilities of its host"),
FIELD_CAME(VMCE_VCPU, "mci_ctl2_bank0", CHANGE(SINCE(4, 3), "19b03acdd1cd"),
           MSG_VMCE_CTL2_ASSUMED, "no corrected errors are signalled",
           MSG_VMCE_CTL2_LOST, "the guest's setting would be gone",
           IF_NONZERO),
FIELD_CAME(VMCE_VCPU, "mci_ctl2_bank1", CHANGE(SINCE(4, 3), "19b03acdd1cd"),
           MSG_VMCE_CTL2_ASSUMED, "no corrected errors are signalled",
           MSG_VMCE_CTL2_LOST, "the guest's setting would be gone",
           IF_NONZERO),
FIELD_CAME(VMCE_VCPU, "mcg_ext_ctl", CHANGE(SINCE(4, 10), "e2fea563b976"),
           MSG_VMCE_EXT_ASSUMED, "local machine checks are off",
           MSG_VMCE_EXT_LOST, "local machine checks would be off",
           IF_NONZERO),
BITS_GO(VMCE_VCPU, "caps", UINT64_C(1) << 27,
        CHANGE(SINCE(4, 10), "4e731e97072a"),
        MSG_VMCE_LMCE_LOST, IF_ANY_BIT(UINT64_C(1) << 27),
        "older loaders refuse the capability of local machine checks"),
FIELD_SET(VMCE_VCPU, RULE_DOWN, "caps", CHANGE(SINCE(4, 3), "19b03acdd1cd"),
          MSG_VMCE_CMCI_CLEARED, IF_ANY_BIT(0x400),
          "4.2 refuses the capability of corrected machine check interrupts, "
          "which every guest on Intel has since 4.3",
          .mask = 0x400, .value = 0),
FIELD_SET(VMCE_VCPU, RULE_UP, "caps", CHANGE(SINCE(4, 3), "19b03acdd1cd"),
          MSG_VMCE_CAPS_SET, IF(if_amd_caps),
          "4.2 gave every guest capabilities of Intel, which later loaders "
          "refuse on AMD", .mask = 0x1000800, .value = 0),

/* --- TSC_ADJUST ---------------------------------------------------------- */

RECORD_CAME(TSC_ADJUST, TSC_ADJUST_CAME, MSG_TSC_ADJUST_INFERRED,
            IF_ANYTHING, "a guest without the MSR has not set it"),
RECORD_LEFT(TSC_ADJUST, TSC_ADJUST_CAME, "guests had no such MSR"),
RECORD_GOES(TSC_ADJUST, "tsc_adjust", TSC_ADJUST_CAME, MSG_TSC_ADJUST_LOST,
            IF_NONZERO, "the guest would read 0"),

/* --- CPU_MSR ------------------------------------------------------------- */

MSR_CAME(0xd90, CHANGE(SINCE(4, 5), "4c2502450ef1"),
         MSG_MSR_BNDCFGS_LOST, "bound checking in the kernel would be off"),
MSR_CAME(0xc0011027, CHANGE(SINCE(4, 5), "c097f54912d3"),
         MSG_MSR_DR_MASK_LOST, "breakpoint 0 would match one address"),
MSR_CAME(0xc0011019, CHANGE(SINCE(4, 5), "c097f54912d3"),
         MSG_MSR_DR_MASK_LOST, "breakpoint 1 would match one address"),
MSR_CAME(0xc001101a, CHANGE(SINCE(4, 5), "c097f54912d3"),
         MSG_MSR_DR_MASK_LOST, "breakpoint 2 would match one address"),
MSR_CAME(0xc001101b, CHANGE(SINCE(4, 5), "c097f54912d3"),
         MSG_MSR_DR_MASK_LOST, "breakpoint 3 would match one address"),
MSR_CAME(0xda0, CHANGE(SINCE(4, 7), "460b9a4b3630"),
         MSG_MSR_XSS_LOST, "supervisor state components would be off"),
{ .id = MSG_MSR_XSS_REFUSED, .typecode = CODE_CPU_MSR,
  .direction = RULE_UP, .action = RULE_SHRINK, .field = "msr[].val",
  .key = 0xda0, .cond = IF_NONZERO,
  CHANGE(SINCE(4, 13), "4ec08bb82676"),
  .reason = "no guest has XSS any more, and a value but 0 is refused" },
MSR_CAME(0x140,
         CHANGE(SINCE_EACH(RELEASE(4, 8, 4), RELEASE(4, 9, 2),
                           RELEASE(4, 10, 0)), "b90f86be161c"),
         MSG_MSR_MISC_LOST, "CPUID faulting would be off"),
MSR_CAME(0x48,
         CHANGE(SINCE_EACH(RELEASE(4, 7, 5), RELEASE(4, 8, 4),
                           RELEASE(4, 9, 2), RELEASE(4, 10, 1),
                           RELEASE(4, 11, 0)), "0cf2a4eb7693"),
         MSG_MSR_SPEC_CTRL_LOST,
         "speculation controls would be off until the guest sets them "
         "again"),
MSR_BITS_CAME(0x48, 0x4,
              CHANGE(SINCE_EACH(RELEASE(4, 8, 5), RELEASE(4, 9, 4),
                                RELEASE(4, 10, 2), RELEASE(4, 11, 0)),
                     "cd53023df952"),
              MSG_MSR_SPEC_CTRL_BITS_LOST, "SSBD would be off"),
MSR_BITS_CAME(0x48, 0x80,
              CHANGE(SINCE_EACH(RELEASE(4, 14, 5), RELEASE(4, 15, 3),
                                RELEASE(4, 16, 1), RELEASE(4, 17, 0)),
                     "52ce1c97844d"),
              MSG_MSR_SPEC_CTRL_BITS_LOST, "PSFD would be off"),
MSR_BITS_CAME(0x48, 0x478,
              CHANGE(SINCE_EACH(RELEASE(4, 15, 6), RELEASE(4, 16, 6),
                                RELEASE(4, 17, 4), RELEASE(4, 18, 2),
                                RELEASE(4, 19, 0)), "583f1d095052"),
              MSG_MSR_SPEC_CTRL_BITS_LOST,
              "IPRED_DIS, RRSBA_DIS and BHI_DIS would be off"),
MSR_CAME(0xc001011f, CHANGE(SINCE(4, 17), "8ffd5496f464"),
         MSG_MSR_VIRT_SPEC_LOST,
         "speculation controls would be off until the guest sets them "
         "again"),
MSR_CAME(0x6e1, CHANGE(SINCE(4, 18), "59bbbb823d3d"),
         MSG_MSR_PKRS_LOST, "supervisor key rights would be gone"),

/* --- any record ---------------------------------------------------------- */

{ .id = MSG_RECORD_NEAR_END, .typecode = CODE_ANY, .direction = RULE_LOAD,
  .action = RULE_REPAIR, .cond = IF(if_short_near_end),
  .since = SINCE(4, 1),
  .until = SINCE_EACH(RELEASE(4, 3, 4), RELEASE(4, 4, 2), RELEASE(4, 5, 0)),
  .source = "e03284b00e36; mended by 66d0c0aa1f",
  .reason = "the loader looks for the whole length of its own record in "
            "what is left, and refuses the context" },
};
const size_t n_rules_change = sizeof(rules_change) / sizeof(rules_change[0]);
