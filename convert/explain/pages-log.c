/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else the hypervisor says when it loads or saves a context. */
#include "explain/pages.h"

const struct page pages_log[] = {
{ "length-mismatch",
  "a record has another length than the loader's own",
  "records have grown; a shorter one is accepted for the types that the log "
  "calls zeroextended, a longer one never",
  "every release; the bracketed word is in the log since 4.5, 4.4.2 and "
  "4.3.4",
  "convert the context with --target=X.Y.Z (a save file: context-fix)",
  IDS(MSG_LOAD_LENGTH, MSG_LOAD_SHORT_RECORD) },
{ "unknown-typecode",
  "a record is of a type that the loader does not know",
  "the context is of a newer Xen, of a downstream (22 to 34), or the type is "
  "there on some hosts only: 20 in 4.5 to 4.9, 15 and 17 in a 4.22 without "
  "Viridian", "every release: no loader skips a record",
  "convert the context with --target=X.Y.Z (a save file: context-fix), which "
  "leaves the record out",
  IDS(MSG_LOAD_TYPECODE, MSG_LOAD_MSR_HOSTS, MSG_LOAD_VIRIDIAN_BUILD) },
{ "no-end",
  "the context has no END", "it was cut, or its length was stored too small; "
  "before 4.19 all of its records have been loaded by then",
  "every release", "take a complete copy", IDS(MSG_HVM_END_MISSING) },
{ "bad-header",
  "HEADER is refused", "what was loaded is no HVM context, or was damaged",
  "every release", "check that this is the right file",
  IDS(MSG_LOAD_HEADER, MSG_HVM_MAGIC, MSG_HVM_VERSION) },
{ "no-such-vcpu",
  "a record is of a vCPU that the domain does not have",
  "the domain was created with fewer vCPUs than the context has; only debug "
  "builds log it", "every release",
  "set maxvcpus of the domain to at least that of the saved one",
  IDS(MSG_LOAD_VCPUS, MSG_LOAD_INSTANCE) },
{ "bad-cr0",
  "CR0 is refused", "an unknown bit, ET clear, or paging without protection: "
  "no processor has such a CR0", "every release",
  "mend cr0 of the CPU record; if Xen wrote it, save again",
  IDS(MSG_LOAD_CR0) },
{ "bad-cr3",
  "CR3 is refused", "it has bits above the physical address bits of the "
  "domain's policy, or under shadow paging is no page of the guest, which "
  "crashes the domain", "the first since 4.14, the second in every release",
  "mend cr3 of the CPU record, or give the domain more address bits",
  IDS(MSG_LOAD_CR3, MSG_LOAD_HOST_CR3, MSG_LIVE_CRASH_CR3) },
{ "bad-flags",
  "flags of a CPU record is refused", "only bit 0 has a meaning",
  "since 4.7", "clear the other bits of flags of the CPU record",
  IDS(MSG_LOAD_CPU_FLAGS) },
{ "bad-tsc-aux",
  "TSC_AUX is refused", "the register has 32 bits", "since 4.12",
  "clear the upper half of msr_tsc_aux of the CPU record",
  IDS(MSG_LOAD_TSC_AUX) },
{ "pending-event",
  "the domain crashes inside the load",
  "the event that waits for a vCPU has a type, a reserved bit or an error "
  "code that no processor takes",
  "every release; the error code since 4.9; the reason in debug builds only",
  "mend pending_event or error_code of the CPU record",
  IDS(MSG_LIVE_CRASH_PENDING, MSG_LIVE_CRASH_ERROR_CODE,
      MSG_LIVE_CRASH_CR3) },
{ "pci-link",
  "PCI_LINK is refused", "a link goes to an interrupt above 15",
  "every release; before 4.19 the route is in place when it is refused, so "
  "the domain must not run on", "mend route of the PCI_LINK record",
  IDS(MSG_LOAD_LINK_ROUTE, MSG_LIVE_CRASH_LINK) },
{ "msr-refused",
  "an MSR in CPU_MSR is refused",
  "the release does not know it, or the domain's policy lacks its feature "
  "or the bits of its value",
  "every release since 4.5; logged since 4.20",
  "convert the context with --target=X.Y.Z (a save file: context-fix) for "
  "what the release does not know; give the domain the feature for the rest",
  IDS(MSG_LOAD_MSR_UNKNOWN, MSG_LOAD_MSR_VALUE, MSG_LOAD_MSR_ORDER,
      MSG_LOAD_HOST_MSR, MSG_LOAD_MSR_LENGTH) },
{ "too-many-mtrrs",
  "MTRR is refused", "the count in the capability register is above 8",
  "since 4.12; logged by debug builds", "mend msr_mtrr_cap",
  IDS(MSG_LOAD_MTRR_COUNT) },
{ "other-processor",
  "the log says that the processors or the hypervisors differ",
  "family, model or stepping of the two hosts differ, or the build of Xen "
  "does; nothing was refused for it",
  "every release; up to 4.0 a differing stepping is logged, too",
  "nothing needs to be done, unless the guest misbehaves",
  NO_IDS },
{ "xsave-refused",
  "CPU_XSAVE is refused",
  "-22: a state component that the domain's policy does not have, a "
  "combination that no processor takes, or a length; -95: a component that "
  "the host's processor does not have, data behind the components, or the "
  "compacted form; -5: a reserved word; the line before it says which",
  "every release since 4.2.4, 4.3.1 and 4.4; the number since 4.16, 4.15.1, "
  "4.14.3 and 4.13.4",
  "run 'xl context-check --target=X.Y.Z' on the save file; convert (of a "
  "save file: context-fix) mends the length",
  IDS(MSG_LOAD_XSAVE_STATE, MSG_LOAD_XSAVE_COMPONENT, MSG_LOAD_XSAVE_LENGTH,
      MSG_LOAD_XSAVE_EXCESS, MSG_LOAD_HOST_XCR0, MSG_LOAD_HOST_XSAVE) },
{ "cut-blob",
  "the context ends within a record",
  "it was cut, its length was stored too small, or a length in it is wrong, "
  "so that what follows is no record",
  "every release; in these words since 4.5",
  "take a complete copy; 'xl context-check' tells the record",
  IDS(MSG_HVM_TRUNCATED, MSG_HVM_END_MISSING, MSG_LOAD_MSR_LENGTH) },
{ "check-refused",
  "a device's record is refused before anything is loaded",
  "its values are none that a guest can bring about (-33, -22), its length is "
  "wrong (-61), or the domain has no such device (-19)",
  "since 4.19 (c53013da6f, 69c89dd787, 7a3bd1cbc4)",
  "run 'xl context-check --target=X.Y.Z' on the context: it names the field",
  IDS(MSG_LOAD_PIT, MSG_LOAD_PIT_GATE, MSG_LOAD_PIC_OUTPUT,
      MSG_LOAD_PIC_ROLE, MSG_LOAD_PIC_ELCR, MSG_LOAD_LINK_ROUTE) },
{ "lapic-refused",
  "LAPIC or LAPIC_REGS is refused before anything is loaded",
  "apic_base_msr has EXTD without EN, or the domain has no such vCPU; a wrong "
  "length is -61 there",
  "since 4.20; the first is refused since 4.5",
  "mend apic_base_msr, or give the domain as many vCPUs as the saved one had",
  IDS(MSG_LOAD_APIC_BASE, MSG_LOAD_INSTANCE, MSG_LOAD_VCPUS) },
{ "apic-id",
  "the log has an APIC ID that it calls bogus, and the load goes on",
  "outside of x2APIC mode the ID of a vCPU is twice its number; another one "
  "was set by the guest, or by a tool",
  "4.5 to 4.17.2 and 4.18.0",
  "nothing needs to be done, unless interrupts are lost",
  NO_IDS },
{ "context-refused",
  "the toolstack says that the context was not loaded",
  "the number is the error of the record that was refused: 22 a value or a "
  "length, 61 a length, 95 a form or a feature, 19 a device that the domain "
  "does not have, 6 an MSR; the reason is in the hypervisor's log",
  "every release; up to 4.12, and in the first point releases of 4.13 to "
  "4.15, it is 1 for all of them",
  "look at 'xl dmesg', and run 'xl context-check --target=X.Y.Z' on the save "
  "file",
  NO_IDS },
{ "entry-refused",
  "the line that ends every load that fails",
  "it names the record that was refused; the line above it has the reason, "
  "where there is one",
  "every release; with the error number since 4.16, 4.15.1, 4.14.3 and "
  "4.13.4, with the name of the record since 4.19",
  "run 'xl context-check --target=X.Y.Z' on the context",
  NO_IDS },
{ "host-xsave-size",
  "CPU_XSAVE is longer than the largest area of this host's processor",
  "those releases take the host's own size as the limit, whatever the guest "
  "uses: it was saved on a processor with more state",
  "4.1 and 4.2.0 to 4.3.0",
  "update Xen on that host, or restore it on a processor with as much state",
  IDS(MSG_LOAD_XSAVE_LENGTH, MSG_LOAD_HOST_XSAVE_SIZE) },
{ "vm-entry-failed",
  "the processor does not enter the guest, which is crashed",
  "the state of a vCPU is none that the processor takes (reason 0x80000021), "
  "or an MSR could not be loaded (0x80000022); right behind a restore it came "
  "out of the save file: segments, RIP, RFLAGS, CR4, SYSENTER, DR7 or "
  "pending_event that loaders take unseen",
  "every release; each checks more of it in the load itself",
  "run 'xl context-check --target=X.Y.Z' on the save file: it judges the "
  "values that a processor refuses; the lines behind it have the state",
  IDS(MSG_LIVE_CRASH_SEGMENT, MSG_LIVE_CRASH_CONTROL, MSG_LIVE_CRASH_RIP,
      MSG_LIVE_CRASH_RFLAGS, MSG_LIVE_CRASH_DR7) },
{ "hv-loading",
  "the hypervisor tells which record it loads",
  "information only, with guest_loglvl=all or in debug builds",
  "every release", "nothing needs to be done", NO_IDS },
{ "hv-saving",
  "the hypervisor tells which record it saves",
  "information only, with guest_loglvl=all or in debug builds",
  "every release", "nothing needs to be done", NO_IDS },
};
const size_t n_pages_log = sizeof(pages_log) / sizeof(pages_log[0]);
