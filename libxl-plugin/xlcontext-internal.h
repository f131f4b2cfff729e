/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of libxlcontext. */
#ifndef LIBXL_PLUGIN_LIVE_H
#define LIBXL_PLUGIN_LIVE_H

#include "base/messages.h"

#include <libxl.h>
#include <libxl_utils.h>
#include <pthread.h>
#include <signal.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/hvm/params.h>
#include <xlcontext.h>

struct rollback;

struct xlcontext {
    libxl_ctx *ctx;
    xentoollog_logger *logger;
    bool owned;                /* we made ctx and logger, and free them */
    xc_interface *xch;
    xenforeignmemory_handle *fmem;
    /* for xlcontext_hold(), from another thread */
    pthread_mutex_t holding;   /* xlcontext_hold() never gives it back */
    uint64_t held;             /* HELD and the number of the domain, or 0 */
    const struct rollback *rollback;
};

#define HELD (UINT64_C(1) << 32)

/* ------------------------------------------------------------------ */
/* call.c: hypercalls, with EINTR and EAGAIN tried again.               */
/* All return 0 or -1 with errno and report nothing; allocate nothing.  */
/* ------------------------------------------------------------------ */

int call_pause(xlcontext *xlc, uint32_t domid);
int call_unpause(xlcontext *xlc, uint32_t domid);

/* ESRCH: there is no such domain. */
int call_info(xlcontext *xlc, uint32_t domid, xc_domaininfo_t *info);

/* An upper bound for the length of the context. */
int call_context_size(xlcontext *xlc, uint32_t domid, uint32_t *size);

/* *size: capacity in, length out.  ENOSPC when the capacity is too small. */
int call_get_context(xlcontext *xlc, uint32_t domid, uint8_t *buf,
                     uint32_t *size);
int call_set_context(xlcontext *xlc, uint32_t domid, const uint8_t *buf,
                     uint32_t size);

struct tsc_info {
    uint32_t mode, khz, incarnation;
    uint64_t nsec;
};
int call_tsc_info(xlcontext *xlc, uint32_t domid, struct tsc_info *tsc);

/* PV: bytes in a guest word. */
int call_guest_width(xlcontext *xlc, uint32_t domid, unsigned int *width);

int call_param(xlcontext *xlc, uint32_t domid, uint32_t param,
               uint64_t *value);

/* These calls change the guest. */
int call_set_param(xlcontext *xlc, uint32_t domid, uint32_t param,
                   uint64_t value);
int call_inject_msi(xlcontext *xlc, uint32_t domid, uint64_t address,
                    uint32_t data);

int call_vcpu_info(xlcontext *xlc, uint32_t domid, uint32_t vcpu,
                   xc_vcpuinfo_t *info);

/* EINVAL: there is no such port.  Members that the status lacks stay
 * unchanged. */
struct port_status {
    uint32_t status;     /* EVTCHNSTAT_* */
    uint32_t vcpu;       /* the vCPU that is notified */
    uint32_t value;      /* a remote port, VIRQ or PIRQ */
    uint16_t remote;     /* the remote domain */
};
int call_port_status(xlcontext *xlc, uint32_t domid, uint32_t port,
                     struct port_status *status);

/* The frames that the grant table has, and the most it may have. */
int call_grant_size(xlcontext *xlc, uint32_t domid, uint32_t *frames,
                    uint32_t *max);
int call_grant_version(xlcontext *xlc, uint32_t domid, uint32_t *version);

/* -- policy.c ------------------------------------------------------------- */

/* XEN_SYSCTL_cpu_policy_* of the host; the domain's own.  On failure policy is
 * empty. */
int call_system_policy(xlcontext *xlc, uint32_t index,
                       struct domctx_policy *policy);
int call_domain_policy(xlcontext *xlc, uint32_t domid,
                       struct domctx_policy *policy);

/* Turn a failed call's errno into a finding; what names the operation
 * ("pausing the domain").  A missing domain and missing privilege are
 * DOMCTX_SYSTEM, other errors DOMCTX_LIVE.  Returns -1. */
int call_failed(domctx_report *report, uint32_t domid, const char *what,
                int error);

/* The text of an errno; thread-safe. */
#define ERROR_TEXT(error) msg_errno(error, (char[MSG_ERRNO_ROOM]){ 0 })

/* ------------------------------------------------------------------ */
/* window.c: one pause and one unpause of our own around the work        */
/* ------------------------------------------------------------------ */

struct domain;

struct window {
    struct domain *domain;
    bool open;
    bool was_paused;        /* the domain, directly before our pause */
    uint64_t start_ns, length_ns;
    sigset_t signals;
};

/* Note what is lost with this process: a pause of ours, HELD and the domain,
 * or 0; the context that is loaded over, or NULL.  Before a pause, a
 * load and an unpause, and behind them.  Once xlcontext_hold() has told of it,
 * these do not come back. */
void hold_pause(xlcontext *xlc, uint64_t held);
void hold_copy(xlcontext *xlc, const struct rollback *rollback);

/* The monotonic clock, in nanoseconds. */
uint64_t now_ns(void);

/* Pause; from here on no signal of the outside ends the thread until the
 * window is closed.  On failure the domain is as before. */
int window_open(xlcontext *xlc, struct window *window,
                struct domain *domain, domctx_report *report);

/* Take our pause back, unless keep.  A failing unpause is DOMCTX_LOST; that
 * there is no such domain any more is noted in it, for the caller to tell. */
int window_close(xlcontext *xlc, struct window *window, bool keep,
                 domctx_report *report);

/* save.c: the same without the window.  *gone: the domain is; once it is
 * known, nothing is said of the pause. */
int unpause(xlcontext *xlc, uint32_t domid, bool *gone,
            domctx_report *report);

/* Behind a window with -p: whether the domain is still paused; told if not. */
bool pause_stands(xlcontext *xlc, struct domain *domain,
                  domctx_report *report);

/* Tell that a domain has gone whose context was taken by then. */
void gone_behind(uint32_t domid, domctx_report *report);

/* ------------------------------------------------------------------ */
/* domain.c: what is known about a domain                               */
/* ------------------------------------------------------------------ */

struct domain {
    uint32_t domid;
    xc_domaininfo_t info;
    bool hvm, paused;
    bool gone;              /* or going: domain_gone() has seen it */
    bool seen;              /* in the window that is open, itself */
    char uuid[40];
};

/* Get a domain's facts; domain 0, dying and missing domains are refused. */
int domain_look(xlcontext *xlc, uint32_t domid, struct domain *domain,
                domctx_report *report);

/* Get info anew, without a finding: 0, or -1 with errno; ESRCH also if the
 * domid belongs to another domain now. */
int domain_refresh(xlcontext *xlc, struct domain *domain);

/* Behind something that failed: whether that is because the domain has been
 * destroyed meanwhile, which is told.  no_context: its context was refused
 * with EINVAL, as Xen does while it takes a domain apart and still lists it
 * (hvm_save(), is_dying). */
bool domain_gone(xlcontext *xlc, struct domain *domain, bool no_context,
                 domctx_report *report);

/* The running hypervisor's release. */
int host_version(xlcontext *xlc, uint32_t *xen_major, uint32_t *xen_minor,
                 domctx_report *report);

/* The vendor of this processor, on which loaders depend. */
enum domctx_vendor host_vendor(void);

/* ------------------------------------------------------------------ */
/* console.c: the hypervisor's own log                                  */
/* ------------------------------------------------------------------ */

struct console {
    uint32_t index;
    bool usable;
};

/* Remember the present end of the log; not usable where it cannot be
 * found. */
void console_mark(xlcontext *xlc, struct console *console);

/* Tell each line of the log from a mark on, or all that is left of it: from is
 * NULL. */
typedef void console_line(const char *line, void *arg);
void console_lines(xlcontext *xlc, const struct console *from,
                   console_line *tell, void *arg);

/* The text of a line by Xen itself, after its "(XEN) " and the time, or NULL.
 * Lines of guests have "(d1) " there (guest_printk()), lines of dom0 no
 * prefix: their text can be anything. */
const char *console_words(const char *line);

/* Xen's lines about a domain since the mark, malloc'ed, or NULL. */
char *console_since(xlcontext *xlc, const struct console *console,
                    uint32_t domid);

/* ------------------------------------------------------------------ */
/* fit.c: does the image still fit this domain?                         */
/* ------------------------------------------------------------------ */

/* Rule 1.  Reports why the image does not fit.  Allocates nothing. */
int fit_check(const struct domctx_provenance *provenance, bool known,
              const struct domain *domain, domctx_report *report);

/* Whether the domain has never run since it was built. */
bool fit_never_run(const struct domain *domain);

#endif /* LIBXL_PLUGIN_LIVE_H */
