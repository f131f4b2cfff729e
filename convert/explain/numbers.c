/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of numbers: libxl_error (libxl_types.idl); the records of the two
 * stream formats (docs/specs).
 */
#include "explain/numbers.h"

#include <string.h>

static const struct number_name numbers_libxl_error_rows[] = {
    { 1, "ERROR_NONSPECIFIC", "no information" },
    { 2, "ERROR_VERSION", "another version" },
    { 3, "ERROR_FAIL", "it failed; the reason is in the lines before it" },
    { 4, "ERROR_NI", "not implemented" },
    { 5, "ERROR_NOMEM", "no memory" },
    { 6, "ERROR_INVAL", "an invalid argument" },
    { 7, "ERROR_BADFAIL", "it failed and could not be undone" },
    { 8, "ERROR_GUEST_TIMEDOUT", "the guest did not answer in time" },
    { 9, "ERROR_TIMEDOUT", "it took too long" },
    { 10, "ERROR_NOPARAVIRT", "the guest has no PV drivers" },
    { 11, "ERROR_NOT_READY", "not ready" },
    { 12, "ERROR_OSEVENT_REG_FAIL", "no event could be registered" },
    { 13, "ERROR_BUFFERFULL", "a buffer is full" },
    { 14, "ERROR_UNKNOWN_CHILD", "a child process that libxl does not "
                                 "know" },
    { 15, "ERROR_LOCK_FAIL", "a lock was not got" },
    { 16, "ERROR_JSON_CONFIG_EMPTY", "no JSON configuration is stored" },
    { 17, "ERROR_DEVICE_EXISTS", "the device is there already" },
    { 18, "ERROR_CHECKPOINT_DEVOPS_DOES_NOT_MATCH",
      "no such kind of device for checkpoints" },
    { 19, "ERROR_CHECKPOINT_DEVICE_NOT_SUPPORTED",
      "a device that checkpoints do not support" },
    { 20, "ERROR_VNUMA_CONFIG_INVALID", "the vNUMA configuration" },
    { 21, "ERROR_DOMAIN_NOTFOUND", "the domain is not there" },
    { 22, "ERROR_ABORTED", "it was aborted" },
    { 23, "ERROR_NOTFOUND", "not found" },
    { 24, "ERROR_DOMAIN_DESTROYED", "the domain was destroyed" },
    { 25, "ERROR_FEATURE_REMOVED", "a feature that Xen has no more" },
    { 26, "ERROR_PROTOCOL_ERROR_QMP", "QEMU answered nonsense" },
    { 27, "ERROR_UNKNOWN_QMP_ERROR", "QEMU told an unknown error" },
    { 28, "ERROR_QMP_GENERIC_ERROR", "QEMU told an error" },
    { 29, "ERROR_QMP_COMMAND_NOT_FOUND", "QEMU lacks the command" },
    { 30, "ERROR_QMP_DEVICE_NOT_ACTIVE", "QEMU: device not active" },
    { 31, "ERROR_QMP_DEVICE_NOT_FOUND", "QEMU: no such device" },
    { 32, "ERROR_QEMU_API", "a QEMU with another interface" },
};
TABLE(numbers_libxl_error);

static const struct number_name numbers_hvm_param_rows[] = {
#define PARAM(number, name, words) { number, name, words },
#include "catalogue/hvm-params.def"
#undef PARAM
};
TABLE(numbers_hvm_param);

static const struct number_name numbers_chunk_rows[] = {
#define CHUNK(id, name, body, x, y, z, param) { id, name, #x "." #y "." #z },
#include "catalogue/legacy-chunks.def"
#undef CHUNK
};
TABLE(numbers_chunk);

static const struct number_name numbers_libxc_rows[] = {
    { 0x00, "END", "the end" },
    { 0x01, "PAGE_DATA", "pages of the guest's memory" },
    { 0x02, "X86_PV_INFO", "PV guests" },
    { 0x03, "X86_PV_P2M_FRAMES", "PV guests" },
    { 0x04, "X86_PV_VCPU_BASIC", "PV guests" },
    { 0x05, "X86_PV_VCPU_EXTENDED", "PV guests" },
    { 0x06, "X86_PV_VCPU_XSAVE", "PV guests" },
    { 0x07, "SHARED_INFO", "PV guests" },
    { 0x08, "X86_TSC_INFO", "the guest's TSC" },
    { 0x09, "HVM_CONTEXT", "the hypervisor's context" },
    { 0x0a, "HVM_PARAMS", "the HVM parameters" },
    { 0x0b, "TOOLSTACK", "the toolstack's own data" },
    { 0x0c, "X86_PV_VCPU_MSRS", "PV guests" },
    { 0x0d, "VERIFY", "what follows is compared, not loaded" },
    { 0x0e, "CHECKPOINT", "the end of a checkpoint" },
    { 0x0f, "CHECKPOINT_DIRTY_PFN_LIST", "COLO: changed pages" },
    { 0x10, "STATIC_DATA_END", "before it is what must be first" },
    { 0x11, "X86_CPUID_POLICY", "the CPUID policy" },
    { 0x12, "X86_MSR_POLICY", "the MSR policy" },
};
TABLE(numbers_libxc);

static const struct number_name numbers_libxl_rows[] = {
    { 0, "END", "the end" },
    { 1, "LIBXC_CONTEXT", "a libxc stream follows" },
    { 2, "EMULATOR_XENSTORE_DATA", "keys of the device model" },
    { 3, "EMULATOR_CONTEXT", "the state of the device model" },
    { 4, "CHECKPOINT_END", "the end of a checkpoint" },
    { 5, "CHECKPOINT_STATE", "COLO: the state of the other side" },
};
TABLE(numbers_libxl);

static const struct number_name numbers_cpuid_rows[] = {
    { 0x0, "vendor and highest basic leaf",
      "the guest was given more basic leaves than the host has, or since "
      "4.22 the vendor differs" },
    { 0x1, "family, model and features", "" },
    { 0x4, "caches", "" },
    { 0x7, "more features",
      "subleaf 0 also tells how many subleaves there are: more than the "
      "host's were refused until 4.17.5, 4.18.3 and 4.19 (a2330b51df), "
      "though nothing may be in them" },
    { 0xa, "performance counters", "" },
    { 0xb, "topology", "" },
    { 0xd, "XSAVE components", "" },
    { 0x80000000, "highest extended leaf",
      "the guest was given more extended leaves than the host has" },
    { 0x80000001, "extended features", "" },
    { 0x80000007, "power management, invariant TSC", "" },
    { 0x80000008, "address bits, features", "" },
    { 0x8000001d, "caches of AMD", "" },
    { 0x80000021, "extended features", "" },
};
TABLE(numbers_cpuid);

static const struct number_name numbers_signal_rows[] = {
    { 1, "SIGHUP", "asked to end, as its terminal or starter is gone" },
    { 2, "SIGINT", "interrupted from the keyboard" },
    { 3, "SIGQUIT", "asked to end with a core file" },
    { 4, "SIGILL", "an instruction that the processor does not have" },
    { 6, "SIGABRT", "it gave up by itself: its last line says why" },
    { 7, "SIGBUS", "memory that is not there" },
    { 8, "SIGFPE", "a division by zero or the like" },
    { 9, "SIGKILL", "killed, by somebody or because dom0 has no memory" },
    { 11, "SIGSEGV", "it crashed" },
    { 13, "SIGPIPE", "the other end of its pipe is gone" },
    { 14, "SIGALRM", "its time is over" },
    { 15, "SIGTERM", "asked to end" },
    { 25, "SIGXFSZ", "a file is larger than a limit" },
    { 31, "SIGSYS", "a system call that it may not make" },
};
TABLE(numbers_signal);

/* How strsignal() calls those. */
static const struct number_name numbers_signal_text_rows[] = {
    { 1, "Hangup", "" },
    { 2, "Interrupt", "" },
    { 3, "Quit", "" },
    { 4, "Illegal instruction", "" },
    { 6, "Aborted", "" },
    { 7, "Bus error", "" },
    { 8, "Floating point exception", "" },
    { 9, "Killed", "" },
    { 11, "Segmentation fault", "" },
    { 13, "Broken pipe", "" },
    { 14, "Alarm clock", "" },
    { 15, "Terminated", "" },
    { 25, "File size limit exceeded", "" },
    { 31, "Bad system call", "" },
};
static TABLE(numbers_signal_text);

/* XEN_DOMCTL_PFINFO_* (xen/include/public/domctl.h), bits 28 to 31. */
static const struct number_name numbers_page_type_rows[] = {
    { 0x0, "NOTAB", "an ordinary page" },
    { 0x1, "L1TAB", "a page table of level 1" },
    { 0x2, "L2TAB", "a page table of level 2" },
    { 0x3, "L3TAB", "a page table of level 3" },
    { 0x4, "L4TAB", "a page table of level 4" },
    { 0x9, "L1TAB, pinned", "a page table of level 1" },
    { 0xa, "L2TAB, pinned", "a page table of level 2" },
    { 0xb, "L3TAB, pinned", "a page table of level 3" },
    { 0xc, "L4TAB, pinned", "a page table of level 4" },
    { 0xd, "BROKEN", "a page that the host's memory has lost" },
    { 0xe, "XALLOC", "a page that is only allocated" },
    { 0xf, "XTAB", "no page is there" },
};
TABLE(numbers_page_type);

/* SHUTDOWN_* (xen/include/public/sched.h). */
static const struct number_name numbers_shutdown_rows[] = {
    { 0, "poweroff", "" },
    { 1, "reboot", "" },
    { 2, "suspend", "" },
    { 3, "crash", "" },
    { 4, "watchdog", "" },
    { 5, "soft_reset", "" },
};
TABLE(numbers_shutdown);

/* STATE_IO* (xen/include/public/hvm/ioreq.h). */
static const struct number_name numbers_ioreq_rows[] = {
    { 0, "IOREQ_NONE", "" },
    { 1, "IOREQ_READY", "" },
    { 2, "IOREQ_INPROCESS", "" },
    { 3, "IORESP_READY", "" },
};
TABLE(numbers_ioreq);

/* XEN_X86_EMU_* (xen/include/public/arch-x86/xen.h). */
static const struct number_name numbers_emulation_rows[] = {
    { 0, "LAPIC", "" }, { 1, "HPET", "" },   { 2, "PM", "" },
    { 3, "RTC", "" },   { 4, "IOAPIC", "" }, { 5, "PIC", "" },
    { 6, "VGA", "" },   { 7, "IOMMU", "" },  { 8, "PIT", "" },
    { 9, "USE_PIRQ", "" }, { 10, "VPCI", "" },
};
TABLE(numbers_emulation);

static const struct number_name numbers_poll_rows[] = {
    { 0, "POLLIN", "" },  { 1, "POLLPRI", "" }, { 2, "POLLOUT", "" },
    { 3, "POLLERR", "" }, { 4, "POLLHUP", "" }, { 5, "POLLNVAL", "" },
};
TABLE(numbers_poll);

/* XEN_X86_FPU_INITIALISED (xen/include/public/arch-x86/hvm/save.h). */
static const struct number_name numbers_cpu_flags_rows[] = {
    { 0, "FPU_INITIALISED", "" },
};
TABLE(numbers_cpu_flags);

const struct number_name *number_find(const struct number_table *table,
                                      uint64_t number)
{
    for (size_t i = 0; i < table->n; i++)
        if (table->rows[i].number == number)
            return &table->rows[i];
    return NULL;
}

const struct number_name *number_named(const struct number_table *table,
                                       const char *name)
{
    for (size_t i = 0; i < table->n; i++)
        if (strcmp(table->rows[i].name, name) == 0)
            return &table->rows[i];
    return NULL;
}

int signal_of_text(const char *text, size_t length)
{
    const struct number_table *table = &numbers_signal_text;

    for (size_t i = 0; i < table->n; i++) {
        size_t size = strlen(table->rows[i].name);

        /* "Segmentation fault (core dumped)" */
        if (length >= size && memcmp(table->rows[i].name, text, size) == 0 &&
            (length == size || (length - size >= 2 &&
                                memcmp(text + size, " (", 2) == 0)))
            return (int)table->rows[i].number;
    }
    return -1;
}
