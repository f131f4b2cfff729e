/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of numbers: errno of Linux, which Xen uses, too
 * (xen/include/public/errno.h); libxl_error (libxl_types.idl); the records
 * of the two stream formats (docs/specs).
 */
#include "explain/numbers.h"

#include <string.h>

#define TABLE(name) \
    const struct number_table name = { \
        name##_rows, sizeof(name##_rows) / sizeof(name##_rows[0]) }

static const struct number_name numbers_errno_rows[] = {
    { 0, "no error", "Success" },
    { 1, "EPERM", "Operation not permitted" },
    { 2, "ENOENT", "No such file or directory" },
    { 3, "ESRCH", "No such process" },
    { 4, "EINTR", "Interrupted system call" },
    { 5, "EIO", "Input/output error" },
    { 6, "ENXIO", "No such device or address" },
    { 7, "E2BIG", "Argument list too long" },
    { 8, "ENOEXEC", "Exec format error" },
    { 9, "EBADF", "Bad file descriptor" },
    { 10, "ECHILD", "No child processes" },
    { 11, "EAGAIN", "Resource temporarily unavailable" },
    { 12, "ENOMEM", "Cannot allocate memory" },
    { 13, "EACCES", "Permission denied" },
    { 14, "EFAULT", "Bad address" },
    { 16, "EBUSY", "Device or resource busy" },
    { 17, "EEXIST", "File exists" },
    { 18, "EXDEV", "Invalid cross-device link" },
    { 19, "ENODEV", "No such device" },
    { 20, "ENOTDIR", "Not a directory" },
    { 21, "EISDIR", "Is a directory" },
    { 22, "EINVAL", "Invalid argument" },
    { 23, "ENFILE", "Too many open files in system" },
    { 24, "EMFILE", "Too many open files" },
    { 25, "ENOTTY", "Inappropriate ioctl for device" },
    { 26, "ETXTBSY", "Text file busy" },
    { 27, "EFBIG", "File too large" },
    { 28, "ENOSPC", "No space left on device" },
    { 29, "ESPIPE", "Illegal seek" },
    { 30, "EROFS", "Read-only file system" },
    { 31, "EMLINK", "Too many links" },
    { 32, "EPIPE", "Broken pipe" },
    { 33, "EDOM", "Numerical argument out of domain" },
    { 34, "ERANGE", "Numerical result out of range" },
    { 35, "EDEADLK", "Resource deadlock avoided" },
    { 36, "ENAMETOOLONG", "File name too long" },
    { 37, "ENOLCK", "No locks available" },
    { 38, "ENOSYS", "Function not implemented" },
    { 39, "ENOTEMPTY", "Directory not empty" },
    { 40, "ELOOP", "Too many levels of symbolic links" },
    { 61, "ENODATA", "No data available" },
    { 62, "ETIME", "Timer expired" },
    { 71, "EPROTO", "Protocol error" },
    { 74, "EBADMSG", "Bad message" },
    { 75, "EOVERFLOW", "Value too large for defined data type" },
    { 84, "EILSEQ", "Invalid or incomplete multibyte or wide character" },
    { 85, "ERESTART", "Interrupted system call should be restarted" },
    { 88, "ENOTSOCK", "Socket operation on non-socket" },
    { 90, "EMSGSIZE", "Message too long" },
    { 92, "ENOPROTOOPT", "Protocol not available" },
    { 95, "EOPNOTSUPP", "Operation not supported" },
    { 98, "EADDRINUSE", "Address already in use" },
    { 99, "EADDRNOTAVAIL", "Cannot assign requested address" },
    { 100, "ENETDOWN", "Network is down" },
    { 101, "ENETUNREACH", "Network is unreachable" },
    { 103, "ECONNABORTED", "Software caused connection abort" },
    { 104, "ECONNRESET", "Connection reset by peer" },
    { 105, "ENOBUFS", "No buffer space available" },
    { 106, "EISCONN", "Transport endpoint is already connected" },
    { 107, "ENOTCONN", "Transport endpoint is not connected" },
    { 110, "ETIMEDOUT", "Connection timed out" },
    { 111, "ECONNREFUSED", "Connection refused" },
    { 112, "EHOSTDOWN", "Host is down" },
    { 113, "EHOSTUNREACH", "No route to host" },
    { 114, "EALREADY", "Operation already in progress" },
    { 115, "EINPROGRESS", "Operation now in progress" },
    { 122, "EDQUOT", "Disk quota exceeded" },
    { 125, "ECANCELED", "Operation canceled" },
};
TABLE(numbers_errno);

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

/* Basic exit reasons of VMX (Intel's manual, volume 3, appendix C). */
static const struct number_name numbers_vmx_exit_rows[] = {
    { 0, "an exception or NMI", "" },
    { 1, "an interrupt", "" },
    { 2, "a triple fault", "" },
    { 9, "a task switch", "" },
    { 10, "CPUID", "" },
    { 12, "HLT", "" },
    { 28, "access to a control register", "" },
    { 29, "access to a debug register", "" },
    { 30, "an I/O instruction", "" },
    { 31, "RDMSR", "" },
    { 32, "WRMSR", "" },
    { 33, "invalid guest state: the registers do not fit together", "" },
    { 34, "MSR loading: the processor took no value of the list", "" },
    { 41, "a machine check", "" },
    { 48, "an EPT violation", "" },
    { 49, "an EPT misconfiguration", "" },
    { 55, "XSETBV", "" },
};
TABLE(numbers_vmx_exit);

/* VMEXIT_* (AMD's manual, volume 2, appendix C), cut to 32 bits. */
static const struct number_name numbers_svm_exit_rows[] = {
    { 0x60, "an interrupt", "" },
    { 0x61, "NMI", "" },
    { 0x72, "CPUID", "" },
    { 0x78, "HLT", "" },
    { 0x7b, "an I/O instruction", "" },
    { 0x7c, "access to an MSR", "" },
    { 0x7f, "a shutdown: a triple fault", "" },
    { 0x81, "VMMCALL", "" },
    { 0x400, "a nested page fault", "" },
    { 0xffffffff, "invalid guest state: the registers do not fit together",
      "" },
};
TABLE(numbers_svm_exit);

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

const char *errno_text(size_t i)
{
    return i < numbers_errno.n ? numbers_errno.rows[i].words : NULL;
}

/* libxc keeps 31 characters of a text. */
#define CUT_TEXT 31

int errno_of_text(const char *text, size_t length)
{
    while (length > 0 && strchr(" .;,", text[length - 1]))
        length--;
    for (size_t i = 0; i < numbers_errno.n; i++) {
        const char *words = numbers_errno.rows[i].words;

        if (strncmp(words, text, length) == 0 &&
            (strlen(words) == length || length == CUT_TEXT))
            return (int)numbers_errno.rows[i].number;
    }
    return -1;
}
