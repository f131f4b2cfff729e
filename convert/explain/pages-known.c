/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The known failures, each found in Xen's history by the commit that mended
 * it.
 */
#include "explain/pages.h"

const struct page pages_known[] = {
{ "cpu-of-3.4",
  "Xen 4.0 or 4.1 refuses the CPU record of a guest saved by 3.4 or older",
  "4.0 put msr_tsc_aux into the middle of the record, which grew from 1016 to"
  " 1024 bytes, and did not take the old one apart",
  "4.0.0, 4.0.1 and 4.1.0; mended in 4.0.2, 4.1.1 and 4.2 (620ce29a2d)",
  "convert the context with --target=X.Y.Z (a save file: context-fix), which "
  "writes the record as the target has it", IDS(MSG_LOAD_LENGTH) },
{ "viridian-parameter",
  "Windows hangs after a restore, or its writes to the EOI register do "
  "nothing",
  "the toolstack did not carry the parameter that turns the Viridian "
  "interface on; the loader takes the records all the same",
  "up to 4.1; mended in 4.2 (26ddefddf0)",
  "create the domain with the viridian setting it had, then restore",
  IDS(MSG_LOAD_VIRIDIAN) },
{ "pat-before-4.2",
  "with nested paging the guest is slow after a restore, or its device memory "
  "is wrong",
  "the saver took PAT from a place where nested paging does not keep it",
  "savers up to 4.1; mended in 4.2 (9cfc1be3b9)",
  "set msr_pat_cr of the MTRR records to what the guest's kernel uses, or "
  "restart the guest", IDS(MSG_LOAD_MTRR_PAT) },
{ "stale-sysenter",
  "a 32-bit guest on AMD crashes at its first SYSENTER after a restore",
  "the saver wrote SYSENTER registers that were out of date",
  "savers up to 4.0; mended in 4.1 (6dbb66c9e5)",
  "set sysenter_cs, sysenter_esp and sysenter_eip of the CPU records to the "
  "guest kernel's, or restart the guest", NO_IDS },
{ "xsave-without-need",
  "the restore fails on a host without XSAVE, or at record 16 without a "
  "reason in the log",
  "the saver wrote CPU_XSAVE for guests that never used it, and the loader "
  "refuses it where the processor has no XSAVE",
  "savers up to 4.3.0 and 4.2.3; mended in 4.4, 4.3.1 and 4.2.4 "
  "(4cc1344447)",
  "leave CPU_XSAVE out if xcr0_accum is 3 or less: the same state is in CPU",
  IDS(MSG_LOAD_XSAVE_STATE, MSG_LOAD_HOST_XCR0) },
{ "xsave-too-long",
  "CPU_XSAVE is refused for its length",
  "Xen up to 4.3.0 and 4.2.3 wrote the area for all that the host's "
  "processor has; later ones want what xcr0_accum asks for",
  "refused by 4.2.4, 4.3.1 to 4.3.3, 4.4.0 and 4.4.1; zeros at the end are "
  "let pass since 4.5, 4.4.2 and 4.3.4 (d7bb8e88a0)",
  "convert the context with --target=X.Y.Z (a save file: context-fix): zeros "
  "are cut off; other bytes there mean that xcr0_accum or the area is damaged",
  IDS(MSG_LOAD_XSAVE_LENGTH, MSG_LOAD_XSAVE_EXCESS,
      MSG_LOAD_XSAVE_TRIMMED) },
{ "short-record-at-the-end",
  "a sound context is refused at one of its last records",
  "a record shorter than the loader's own is accepted, but the bytes left in "
  "the buffer were compared with the loader's own length",
  "4.1, 4.2, 4.3.0 to 4.3.3, 4.4.0 and 4.4.1; mended in 4.5, 4.4.2 and 4.3.4 "
  "(66d0c0aa1f)",
  "convert the context with --target=X.Y.Z (a save file: context-fix), which "
  "gives each record its full length, or put bytes after END; of a context "
  "that was cut, see cut-blob",
  IDS(MSG_LOAD_SHORT_RECORD, MSG_HVM_TRUNCATED) },
{ "x2apic-ldr",
  "interrupts are lost in a guest in x2APIC mode, or the log has its ID and "
  "LDR",
  "the logical ID of an x2APIC follows from its APIC ID; Xen up to 4.4 left "
  "it at 1, and later ones made it from the number of the vCPU",
  "savers up to 4.4 (f9e0cccf7b) and up to 4.18.0 (90309854fd); loaders "
  "since 4.19, 4.18.1 and 4.17.3 keep the second kind and log a third",
  "leave id and ldr of LAPIC_REGS as they were saved: the guest may have read "
  "them; set them only if the record is known to have been edited",
  IDS(MSG_LOAD_LDR_BOGUS, MSG_LOAD_LDR_FIXED) },
{ "tsc-apart",
  "time goes backwards between the vCPUs of a restored guest",
  "the saver read each vCPU's TSC at its own moment",
  "savers up to 4.4; mended in 4.5 (88e64cb785)",
  "set tsc of all CPU records to one value", NO_IDS },
{ "clocks-before-4.6",
  "the clock of Windows jumps by minutes when the guest is migrated",
  "the counters of PMTIMER and HPET were saved against a guest time of 0",
  "savers up to 4.5; mended in 4.6.0 (244582a01d)",
  "let the guest set its clock; the right counters are not in the context",
  NO_IDS },
{ "posted-interrupts",
  "an interrupt is lost over save and restore on a host with virtual APIC",
  "posted interrupts were not in IRR when it was saved, and the loader did "
  "not tell the processor which interrupt is in service",
  "savers up to 4.4 (607e8494c4, 4.5); loaders up to 4.2 (db2ba9286c, 4.3)",
  "let the guest's driver time out, or reset the device in the guest",
  NO_IDS },
{ "fpu-never-used",
  "a guest that never used its FPU gets floating point exceptions after a "
  "restore",
  "its FPU image was saved as zeros, and zeros are a state in which every "
  "exception is unmasked",
  "savers up to 4.6; since 4.7 flags says whether there is an image "
  "(a3b6844d3b)",
  "set fpu_regs.fcw of the CPU record to 0x37f and fpu_regs.mxcsr to 0x1f80",
  IDS(MSG_LOAD_FPU_ZERO) },
{ "query-crash",
  "Xen itself crashes when a tool asks for a CPU record while a guest shuts "
  "down",
  "with no vCPU up the record was empty, and a length went below zero",
  "4.4 to 4.8.1; mended in 4.9, 4.8.2, 4.7.3 and 4.6.6 (ed719d7ca6)",
  "update Xen; save asks for the whole context, which did not crash",
  NO_IDS },
{ "partial-get",
  "a tool gets the record of another vCPU, or half a record",
  "asking for one record worked out its place from the size of the type, "
  "which is wrong when a vCPU is down or a record has no fixed size",
  "up to 4.3.1 and 4.2.3; mended in 4.4, 4.3.2 and 4.2.4 (e019c606f5)",
  "take the whole context, as save does", NO_IDS },
{ "msr-descriptor",
  "CPU_MSR is refused by the very release that wrote it, or by a later one",
  "the saver wrote a descriptor for as many MSRs as the host may have, and "
  "then only those in use",
  "savers 4.5, 4.6, 4.7.0 to 4.7.4, 4.8.0 to 4.8.2, 4.9.0 and 4.9.1; mended "
  "in 4.10, 4.9.2, 4.8.3 and 4.7.5 (d2f86bf604)",
  "convert the context with --target=X.Y.Z (a save file: context-fix): the "
  "descriptor gets its true length",
  IDS(MSG_LOAD_MSR_LENGTH, MSG_HVM_MSR_LENGTH) },
{ "xsave-compacted",
  "CPU_XSAVE has the length of the other vendor's processor: a guest of AMD "
  "on a host of Intel, or the other way round; or it is compressed",
  "of another length it was laid out by a processor of the other vendor: PKRU "
  "is at 2432 in the area of AMD and at 2688 in that of Intel, so that 0x9a0 "
  "is AMD's length of the record and 0xaa0 is Intel's; the compacted form no "
  "Xen writes, such a record was made by a tool; 4.7.0 read beyond its end",
  "checked since 4.8 and 4.7.1 (681aea049c)",
  "restore it on a host of the same vendor; 'xl context-check "
  "--target=X.Y.Z' on the save file tells the components; convert (of a save "
  "file: context-fix) gives a short record its length",
  IDS(MSG_LOAD_XSAVE_COMPACT, MSG_LOAD_XSAVE_LENGTH) },
{ "syscall-registers",
  "the guest crashes at SYSCALL after a restore, or sees the host's "
  "registers",
  "Intel loaders wrote LSTAR, STAR and SFMASK to the processor only where "
  "msr_flags says so, and later savers write 0 there",
  "loaders up to 4.6.5, 4.7.2 and 4.8.0; mended in 4.9, 4.8.1, 4.7.3 and "
  "4.6.6 (2f1add6e1c)",
  "set msr_flags of the CPU records to 7; convert (of a save file: "
  "context-fix) does for such a target",
  IDS(MSG_LOAD_MSR_FLAGS) },
{ "xsave-beyond-policy",
  "a guest that was restored by the same host before is refused after an "
  "update of Xen (err=-22), or by another host (err=-95)",
  "the guest has switched on state components that its CPUID policy (-22), "
  "or the host's processor (-95), does not have; -5 is a reserved word of "
  "the header that is not zero",
  "the policy counts since 4.12, 4.11.1, 4.10.2, 4.9.3 and 4.8.5 "
  "(361b835fa0)",
  "give the domain a policy with the features in accum that xcr0_max lacks; "
  "they cannot be taken from a running guest",
  IDS(MSG_LOAD_XSAVE_STATE, MSG_LOAD_XSAVE_COMPONENT,
      MSG_LOAD_XSAVE_COMPACT, MSG_LOAD_XSAVE_RESERVED, MSG_LOAD_HOST_XCR0) },
{ "policy-of-cr4-and-efer",
  "CR4 or EFER is refused, often after features were levelled",
  "each bit needs a feature of the domain's CPUID policy; older loaders asked "
  "the host instead",
  "the policy counts since 4.12, and in 4.11.2, 4.10.3 and 4.9.4 for CR4 "
  "(9d8c1d1814), 4.11.1, 4.10.2, 4.9.3 and 4.8.5 for EFER (ef0269c621)",
  "give the domain the features that the guest uses: since 4.18 the log names "
  "the rejected bits of CR4",
  IDS(MSG_LOAD_CR4, MSG_LOAD_EFER, MSG_LOAD_EFER_MODE, MSG_LOAD_HOST_CR4,
      MSG_LOAD_HOST_EFER) },
{ "operation-not-permitted",
  "a restore ends with \"Operation not permitted\"",
  "this is no question of privilege: those releases make -1 of every refusal "
  "of a record, and -1 is EPERM; the cause stands in the hypervisor's log "
  "above the line with \"failed to load entry\", or only a debug build tells "
  "it",
  "up to 4.12, and 4.13.0 to 4.13.3, 4.14.0 to 4.14.2 and 4.15.0; since "
  "then each refusal has its own error (96e5ad4c47), but for a wrong "
  "length of VMCE_VCPU",
  "look at 'xl dmesg', and run 'xl context-check --target=X.Y.Z' on the save "
  "file: it names the record, the field and the value",
  IDS(MSG_LOAD_LENGTH, MSG_LOAD_TYPECODE) },
{ "spec-ctrl-bits",
  "a guest that moves to an older processor model, or to another point "
  "release, is refused with ENXIO at CPU_MSR",
  "the guest has set bits of SPEC_CTRL that the domain's policy there does "
  "not have, or that the release there does not know: SSBD came with 4.11, "
  "4.10.2, 4.9.4 and 4.8.5, PSFD with 4.17, 4.16.1, 4.15.3 and 4.14.5, "
  "IPRED_DIS, RRSBA_DIS and BHI_DIS with 4.19, 4.18.2, 4.17.4, 4.16.6 and "
  "4.15.6, so that a newer release may know fewer; the stream of a guest of "
  "4.13 or older brings no CPUID policy, and toolstacks up to 4.18.3 and "
  "4.19.1 make one without BHI_CTRL, PSFD and their like (28301682f4)",
  "savers up to 4.16.0, 4.15.2 and 4.14.4 write all bits; since 4.17, 4.16.1,"
  " 4.15.3 and 4.14.5 only those of the policy (969a57f73f)",
  "take a point release that knows the bits, or clear those that the target "
  "lacks in the value of MSR 0x48; convert with --target=X.Y.Z and "
  "--allow-loss does it for the release (of a save file: context-fix)",
  IDS(MSG_LOAD_MSR_VALUE, MSG_LOAD_HOST_MSR, MSG_MSR_SPEC_CTRL_BITS_LOST) },
{ "cpuid-faulting",
  "a guest's CPUID faulting is off after it has moved",
  "the MSR that holds the setting was not in the context",
  "savers up to 4.9.1 and 4.8.3; mended in 4.10, 4.9.2 and 4.8.4 "
  "(b90f86be16)",
  "set it again in the guest", IDS(MSG_LOAD_MSR_UNKNOWN) },
{ "rtc-offset",
  "the guest's RTC is wrong after it has moved",
  "the offset of its clock was not in the context, and the toolstack did not "
  "carry it",
  "savers up to 4.13; since 4.14 RTC has rtc_offset (105b06fc7e)",
  "set rtc_timeoffset in the domain's configuration",
  NO_IDS },
{ "hpet-32-bit",
  "the console of Windows 10 is alive and takes no input after it has moved",
  "a 32-bit HPET timer was armed a minute ahead when it was loaded",
  "loaders up to 4.12; mended in 4.13 (b144cf45d5)",
  "wait for the minute, or restart the guest", NO_IDS },
{ "viridian-time-sources",
  "the reference time of Windows jumps when it moves",
  "its two Viridian clocks were loaded from different times",
  "up to 4.12; mended in 4.13 (5a82d598d2)",
  "restart the guest, or move it from 4.13 on", NO_IDS },
{ "debug-registers",
  "the guest cannot be entered after the load, or DR6 and DR7 are refused",
  "bits above 31 in DR6 or DR7 are no state of a processor; older loaders "
  "let them pass",
  "refused since 4.18 (15987cb03f); before that the processor does not enter "
  "the guest, and before 4.12 an Intel host stops of DR6",
  "clear the upper halves of dr6 and dr7 in the CPU record",
  IDS(MSG_LOAD_DEBUG, MSG_LIVE_CRASH_DR7, MSG_LIVE_CRASH_DR6) },
{ "lapic-length",
  "a guest that was saved by a patched stable release is refused by a newer "
  "one, at LAPIC",
  "pending_esr made the record 32 bytes long, in the middle of three stable "
  "branches; a loader from before takes 24 at most",
  "savers 4.18.5, 4.19.2, 4.20.1, 4.21 and later; refused by 4.19.0, 4.19.1 "
  "and 4.20.0, and by everything older (b28b590d4a)",
  "convert the context with --target=X.Y.Z (a save file: context-fix): the "
  "point release matters",
  IDS(MSG_LOAD_LENGTH, MSG_LAPIC_ESR_LOST, MSG_LOAD_APIC_BASE) },
{ "mce-capabilities",
  "VMCE_VCPU is refused, often between Intel and AMD",
  "the machine check capabilities are those of the saving host's vendor; Xen "
  "4.2 gave Intel's to every guest, and LMCE came with 4.10",
  "by design (e1dc98e3c3, 19b03acdd1, 4e731e9707)",
  "clear bits 11, 24 and 27 of caps of the VMCE_VCPU record for an AMD host, "
  "bit 27 for one before 4.10", IDS(MSG_LOAD_MCE_CAPS) },
{ "device-in-pvh",
  "an HVM guest's context is refused with ENODEV, mostly at record 3, PIC",
  "the domain it is loaded into has no such device: it is a PVH domain",
  "by design since 4.7", "load it into an HVM domain", IDS(MSG_LOAD_KIND) },
{ "one-variable-mtrr",
  "only one of the guest's variable MTRRs is left after it has moved, and no "
  "error is told",
  "the saver writes the first of them in the place of each",
  "savers since 4.12.0, still in 4.22 (343eb57023)",
  "have the guest set its MTRRs anew; restore into a live guest leaves them "
  "as they are", IDS(MSG_LOAD_MTRR_PAIRS, MSG_LIVE_MTRR_PAIRS) },
{ "synthetic-timer",
  "Xen itself stops with a divide error after a load",
  "a Viridian synthetic timer was enabled with a count of 0",
  "up to 4.21.1, 4.20.3, 4.19.5, 4.18.5 and 4.17.6 (XSA-504, ff7d9aa77e)",
  "update Xen; clear bit 0 of the timer's stimer_config_msr in the "
  "VIRIDIAN_VCPU record",
  IDS(MSG_LIVE_CRASH_STIMER, MSG_LOAD_STIMER, MSG_LIVE_CRASH_DIVISOR) },
{ "viridian-page",
  "Xen itself stops with a page fault at address 0 after a load",
  "the Viridian reference TSC page of the context is not in the guest's "
  "memory, or a synthetic timer runs without a page for its message",
  "4.13 to 4.17.5, 4.18.5, 4.19.3 and 4.20.1 (XSA-472, 5776a2e9db)",
  "update Xen; clear bit 0 of reference_tsc of the VIRIDIAN_DOMAIN record, or "
  "of the timer's configuration",
  IDS(MSG_LIVE_CRASH_REFERENCE_TSC, MSG_LIVE_CRASH_MESSAGE_PAGE) },
};
const size_t n_pages_known = sizeof(pages_known) / sizeof(pages_known[0]);
