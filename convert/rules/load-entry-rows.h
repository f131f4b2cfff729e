/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rows of load.c, which includes this file in its table: a loader lets these
 * values of CPU pass, and the processor then does not enter the guest, which
 * Xen destroys ("VM entry failure", VMEXIT_INVALID).  What Xen puts into the
 * VMCS or VMCB for a guest's register was read in vmx/vmx.c, svm/svm.c and
 * svm/svmdebug.c (vmcb.c); the checks of the processors are in load-entry.c.
 *
 * A row without a vendor holds for both.  The row is certain only for what no
 * processor can have saved or another vendor's alone.
 */

#define ENTRY(id, field, met, reason, source, ...) \
    { AT(id, CPU, field), .cond = IF(met), GIVES(CRASHES_DOMAIN, 0, NULL), \
      WHY(reason, source), __VA_ARGS__ }
#define ENTRY_INTEL(id, field, met, reason) \
    ENTRY(id, field, met, reason, "3.1", EVER, \
          .vendor = DOMCTX_VENDOR_INTEL)
#define SEGMENT_INTEL(field, met, reason) \
    ENTRY_INTEL(MSG_LIVE_CRASH_SEGMENT, field, met, reason)

/* control registers */
ENTRY(MSG_LIVE_CRASH_CONTROL, "cr0", entry_no_write_through,
      "NW is set and CD is not", "3.1", EVER, .vendor = DOMCTX_VENDOR_AMD),
ENTRY(MSG_LIVE_CRASH_CONTROL, "cr4", entry_long_without_pae,
      "long mode is active, and PAE is not set", "3.1", EVER, .hap = true),
ENTRY_INTEL(MSG_LIVE_CRASH_CONTROL, "cr4", entry_pcid_outside_long,
            "PCIDE is set, and long mode is not active"),
ENTRY(MSG_LIVE_CRASH_CONTROL, "cr3", entry_wide_cr3,
      "no processor has such an address", "3.1", UNTIL(4, 14), .hap = true),

/* RIP, RFLAGS, SYSENTER */
ENTRY_INTEL(MSG_LIVE_CRASH_RIP, "rip", entry_bad_rip,
            "no instruction can be there: the address is not canonical, or "
            "above 4 GiB outside of 64-bit mode"),
CHANGED(MSG_LOAD_RIP, CPU, "rip", IF(entry_lost_rip),
        "the address is not canonical: the guest gets a general protection "
        "fault at its first instruction", "3.1", EVER),
ENTRY_INTEL(MSG_LIVE_CRASH_RFLAGS, "rflags", entry_bad_rflags,
            "a reserved bit is set"),
ENTRY_INTEL(MSG_LIVE_CRASH_RFLAGS, "rflags", entry_vm86_in_long,
            "VM is set, and long mode has no virtual 8086 mode"),
ENTRY_INTEL(MSG_LIVE_CRASH_SYSENTER, "sysenter_esp", entry_no_address,
            "the address is not canonical"),
ENTRY_INTEL(MSG_LIVE_CRASH_SYSENTER, "sysenter_eip", entry_no_address,
            "the address is not canonical"),

/* events that are injected */
ENTRY(MSG_LIVE_CRASH_PENDING, "pending_event", entry_no_exception,
      "there is no exception with that vector", "3.1", EVER),
ENTRY(MSG_LIVE_CRASH_PENDING, "pending_event", entry_nmi_as_exception,
      "an NMI is no exception", "3.1", EVER, .vendor = DOMCTX_VENDOR_AMD),
ENTRY_INTEL(MSG_LIVE_CRASH_PENDING, "pending_event", entry_nmi_vector,
            "an NMI has vector 2"),
ENTRY_INTEL(MSG_LIVE_CRASH_PENDING, "pending_event",
            entry_masked_interrupt,
            "an interrupt, and IF of rflags is not set"),

/* segments */
ENTRY(MSG_LIVE_CRASH_SEGMENT, "cs_arbytes", entry_code_of_two_sizes,
      "code is of 64 bits or of 32: both L and D are set", "3.1", EVER),
SEGMENT_INTEL("cs_arbytes", entry_no_code,
              "no code segment that is present and accessed"),
SEGMENT_INTEL("cs_arbytes", entry_other_level,
              "the privilege level is not that of SS"),
SEGMENT_INTEL("ss_arbytes", entry_no_stack,
              "no data segment that is accessed and can be written"),
SEGMENT_INTEL("ds_arbytes", entry_no_data,
              "no segment that is accessed and can be read"),
SEGMENT_INTEL("es_arbytes", entry_no_data,
              "no segment that is accessed and can be read"),
SEGMENT_INTEL("fs_arbytes", entry_no_data,
              "no segment that is accessed and can be read"),
SEGMENT_INTEL("gs_arbytes", entry_no_data,
              "no segment that is accessed and can be read"),
SEGMENT_INTEL("tr_arbytes", entry_no_task,
              "no task state segment of this mode that is present"),
SEGMENT_INTEL("ldtr_arbytes", entry_no_table,
              "no local descriptor table"),
SEGMENT_INTEL("cs_base", entry_wide_base, "it has more than 32 bits"),
SEGMENT_INTEL("ss_base", entry_wide_base, "it has more than 32 bits"),
SEGMENT_INTEL("ds_base", entry_wide_base, "it has more than 32 bits"),
SEGMENT_INTEL("es_base", entry_wide_base, "it has more than 32 bits"),
SEGMENT_INTEL("fs_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("gs_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("tr_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("ldtr_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("gdtr_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("idtr_base", entry_base_no_address,
              "the address is not canonical"),
SEGMENT_INTEL("cs_limit", entry_limit_in_page, "it ends inside a page"),
SEGMENT_INTEL("ss_limit", entry_limit_in_page, "it ends inside a page"),
SEGMENT_INTEL("ds_limit", entry_limit_in_page, "it ends inside a page"),
SEGMENT_INTEL("es_limit", entry_limit_in_page, "it ends inside a page"),
SEGMENT_INTEL("fs_limit", entry_limit_in_page, "it ends inside a page"),
SEGMENT_INTEL("gs_limit", entry_limit_in_page, "it ends inside a page"),
ROW(MSG_LIVE_CRASH_SEGMENT, CPU, "gdtr_limit", IF_ABOVE(UINT16_MAX),
    CRASHES_DOMAIN, 0, NULL, "it has more than 16 bits", "3.1", EVER,
    .vendor = DOMCTX_VENDOR_INTEL),
ROW(MSG_LIVE_CRASH_SEGMENT, CPU, "idtr_limit", IF_ABOVE(UINT16_MAX),
    CRASHES_DOMAIN, 0, NULL, "it has more than 16 bits", "3.1", EVER,
    .vendor = DOMCTX_VENDOR_INTEL),
