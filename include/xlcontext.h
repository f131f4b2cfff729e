/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxlcontext: the context of a live domain, on top of libxenlight.
 *
 * The caller provides a libxl_ctx and a xentoollog logger; both must outlive
 * the xlcontext made from them.  Findings go to a domctx_report as in
 * domctx.h; the logger only gets progress and debug messages.  An xlcontext
 * must be used by one thread at a time.
 *
 * Every symbol is available since version 0.1 of the library.
 */
#ifndef XLCONTEXT_H
#define XLCONTEXT_H

#include <domctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* libxl.h and xentoollog.h have the same typedefs, which C allows since C11;
 * a program that uses xlcontext_connect() needs neither header. */
typedef struct libxl__ctx libxl_ctx;
typedef struct xentoollog_logger xentoollog_logger;

/* A connection to the hypervisor.  Opaque. */
typedef struct xlcontext xlcontext;

/* Open the connection.  ctx and logger are borrowed.  On success *xlc is to
 * be closed with xlcontext_close().
 * Ids: live-no-privilege, live-no-xen, no-memory. */
int xlcontext_open(libxl_ctx *ctx, xentoollog_logger *logger,
                   xlcontext **xlc, domctx_report *report);

/* Receives one line of the Xen libraries' own log, without its newline.
 * level is an xentoollog_level of <xentoollog.h>: larger is more serious, 7
 * (XTL_WARN) a warning, 8 (XTL_ERROR) an error. */
typedef void xlcontext_log(void *arg, int level, const char *line);

/* Open a connection without a libxl_ctx and a logger: the library makes both,
 * and xlcontext_close() frees them.  log is called with arg.
 * Ids: those of xlcontext_open(). */
int xlcontext_connect(xlcontext **xlc, xlcontext_log *log, void *arg,
                      domctx_report *report);

/* Close the connection; domains are left as they are.  NULL is allowed. */
void xlcontext_close(xlcontext *xlc);

/*
 * Describe this host: on success *description is settled, and for
 * domctx_description_free().  Facts that neither hypervisor nor toolstack tell
 * stay unknown, with a note.
 * Ids: host-untold, live-no-xen, no-memory, those of
 * domctx_description_settle().
 */
int xlcontext_describe(xlcontext *xlc,
                       struct domctx_description **description,
                       domctx_report *report);

/* Find a domain by name, or by number when the text is one.  Domain 0 is
 * refused ("live-self"); the domain that the caller runs in is refused when it
 * is going to be paused.  Names need xenstore ("live-no-names").
 * Ids: live-call-failed, live-dying, live-no-domain, live-no-memory,
 * live-no-names, live-no-privilege, live-self. */
int xlcontext_find(xlcontext *xlc, const char *name, uint32_t *domid,
                   domctx_report *report);

/* Flags of xlcontext_save(). */
#define XLCONTEXT_SAVE_LEAVE_PAUSED 0x1u /* keep our pause on success */
#define XLCONTEXT_SAVE_WRAP         0x2u /* wrapped instead of migrated */
#define XLCONTEXT_SAVE_BARE         0x4u /* no trailer */
/* Take this beside the context, too; records of domctx/pv.h. */
#define XLCONTEXT_SAVE_EVTCHN  0x010u /* event channels */
#define XLCONTEXT_SAVE_GRANTS  0x020u /* the grant table */
#define XLCONTEXT_SAVE_PARAMS  0x040u /* HVM parameters */
#define XLCONTEXT_SAVE_POLICY  0x080u /* CPUID and MSR policies */
#define XLCONTEXT_SAVE_VCPUS   0x100u /* what is known of each vCPU */
#define XLCONTEXT_SAVE_ALL     0x1f0u

/* The result of a save. */
struct xlcontext_saved {
    uint8_t *image;        /* malloc'ed, the caller free()s it */
    size_t size;
    uint64_t paused_ns;    /* length of the pause window, in nanoseconds */
    bool left_paused;      /* our pause is still on the domain, see
                            * xlcontext_unpause() */
    uint64_t reserved[8];  /* 0 */
};

/*
 * Capture the context of a domain: pause it, fetch the context, unpause it.
 * The hypervisor counts pauses, so a domain that was paused before stays
 * paused.
 *
 * flags: XLCONTEXT_SAVE_*.  XLCONTEXT_SAVE_LEAVE_PAUSED does not add a pause
 * of ours to a domain that is already paused.  On failure *saved is all zero,
 * and the domain is as before, unless the report has "live-still-paused"
 * (DOMCTX_LOST): then our pause is still on it, see xlcontext_unpause().
 *
 * XLCONTEXT_SAVE_EVTCHN to XLCONTEXT_SAVE_VCPUS only read: only existing
 * frames of the grant table are mapped, as mapping others would make it grow.
 * State that the hypervisor or the kernel refuses, or that this kind of domain
 * lacks, is missing from the image, and a note ("live-not-taken") says why.
 * Ids: live-*, migrate-*, build-kind, those of domctx_builder_take().
 */
int xlcontext_save(xlcontext *xlc, uint32_t domid, unsigned int flags,
                   struct xlcontext_saved *saved, domctx_report *report);

/* What a save file would say about a live domain apart from its context.
 * Opaque. */
typedef struct xlcontext_guest xlcontext_guest;

/*
 * Ask for the policies, parameters and configuration of an HVM or PVH domain,
 * without pausing or changing it.  On success *guest is for
 * xlcontext_guest_free().  What cannot be read stays unknown, with a note.
 * Ids: live-untold, no-memory, those of xlcontext_find().
 */
int xlcontext_guest_ask(xlcontext *xlc, uint32_t domid,
                        xlcontext_guest **guest, domctx_report *report);

/* Free it; NULL is allowed. */
void xlcontext_guest_free(xlcontext_guest *guest);

/* The domain, for struct domctx_host; valid as long as guest. */
const struct domctx_domain *xlcontext_guest_domain(
    const xlcontext_guest *guest);

/* Remove the pause that XLCONTEXT_SAVE_LEAVE_PAUSED or
 * XLCONTEXT_RESTORE_LEAVE_PAUSED left, for a caller that failed later.
 * Returns 0 also if that pause is gone, because another program unpaused the
 * domain or the domain no longer exists; this is a warning.
 * Ids: live-still-paused, live-pause-gone. */
int xlcontext_unpause(xlcontext *xlc, uint32_t domid, domctx_report *report);

/* The result of a look at a domain. */
struct xlcontext_looked {
    uint8_t *image;        /* as from xlcontext_save(); malloc'ed, the caller
                            * free()s it */
    size_t size;
    struct domctx_live live;
    uint64_t paused_ns;    /* length of the pause window, in nanoseconds */
    domctx_memory *memory; /* from xlcontext_look_with(); for
                            * domctx_memory_free() */
    uint64_t reserved[7];  /* 0 */
};

/*
 * Look at a domain, for domctx_diagnose(): its context, event channels, grant
 * table, and what the hypervisor tells about it, in one pause as in
 * xlcontext_save(); a running domain continues afterwards.  What the
 * hypervisor refuses to tell is unknown in live, and no failure.  Since 0.1.
 *
 * On failure *looked is all zero, and the domain is as xlcontext_save() leaves
 * it.
 *
 * Ids: those of xlcontext_save().
 */
int xlcontext_look(xlcontext *xlc, uint32_t domid,
                   struct xlcontext_looked *looked, domctx_report *report);

/*
 * Look at a domain, and in the same pause read its memory by the symbols of
 * its Linux kernel, as domctx_memory_read() does; the pages are mapped
 * read-only.  symbols may be NULL.  Since 0.1.
 *
 * Ids: those of xlcontext_look(), no-memory.
 */
int xlcontext_look_with(xlcontext *xlc, uint32_t domid,
                        const domctx_symbols *symbols,
                        struct xlcontext_looked *looked,
                        domctx_report *report);

/* The result of a cure. */
struct xlcontext_cured {
    unsigned int vcpus;    /* how many were given their upcall */
    unsigned int vector;   /* the vector used; 0: chosen by Xen */
    uint64_t reserved[4];  /* 0 */
};

/*
 * Inject the event channel upcall into each vCPU of a domain that is up, as
 * the load of an older context, or a fault, may have lost it.  Only for guests
 * with a per-vCPU upcall vector (HVM_PARAM_CALLBACK_IRQ is 1); any other is
 * refused and not changed.  A vCPU that had lost no upcall gets a spurious
 * interrupt, which its handler ignores.
 *
 * vector: the guest's, from 32 to 255 (Linux: 0xf3), if it has no PC interrupt
 * controllers (PVH); 0: take it from Xen's log.  Since 0.1.
 *
 * The domain is paused meanwhile, as by xlcontext_save().
 * Ids: live-no-upcall, live-upcall-vector, and those of xlcontext_save().
 */
int xlcontext_cure_upcall(xlcontext *xlc, uint32_t domid,
                          unsigned int vector, struct xlcontext_cured *cured,
                          domctx_report *report);

/* Flags of xlcontext_restore(). */
#define XLCONTEXT_RESTORE_LEAVE_PAUSED 0x01u /* keep our pause on success */
#define XLCONTEXT_RESTORE_FORCE        0x02u /* over findings of severity
                                              * error that do not crash */
#define XLCONTEXT_RESTORE_ALLOW_LOSS   0x04u /* over what would be lost */
#define XLCONTEXT_RESTORE_TIME         0x08u /* clocks from the image */
#define XLCONTEXT_RESTORE_DRY_RUN      0x10u /* judge only, load nothing */

/* The result of a restore. */
struct xlcontext_restored {
    size_t loaded;         /* records handed to the hypervisor */
    size_t kept;           /* records that equal the present ones */
    uint64_t paused_ns;    /* length of the pause window */
    bool left_paused;      /* our pause is still on the domain */
    uint8_t *rollback;     /* image of the context as it was before (the
                            * legacy blob if no image can be made of it),
                            * only when the guest could not be put back
                            * (DOMCTX_LOST), and then for the caller to keep
                            * in a file and free(); else NULL */
    size_t rollback_size;
    char *log;             /* the hypervisor's own words on a failure, lines
                            * separated by '\n', or NULL; the caller
                            * free()s it */
    uint64_t reserved[8];  /* 0 */
};

/*
 * Load the context in image (size bytes, either form) into a live domain:
 * convert it for the running release if it is of another, judge it, pause,
 * fetch the present context as rollback copy and exemplar, load what differs,
 * read back and compare, resume.
 *
 * Fails with findings of DOMCTX_DAMAGED or DOMCTX_ERROR before the guest was
 * changed; of DOMCTX_LIVE when a load failed and the former context was put
 * back; of DOMCTX_LOST when that failed too; of DOMCTX_SYSTEM when the domain
 * was destroyed meanwhile.  The domain's pause state is as before, except in
 * two cases: LEAVE_PAUSED after success, and DOMCTX_LOST.  After DOMCTX_LOST a
 * pause of ours stays on the domain (left_paused), even if it was paused
 * before: what is neither the old nor the new guest must not run when another
 * program takes back its own pause.
 *
 * While the domain is paused the signals that end a program are blocked in
 * the calling thread.  A program with several threads blocks them in the
 * others, too, or a signal that another thread takes leaves the domain
 * paused: see xlcontext_unpause().  The same holds for xlcontext_save().
 * Ids: live-*, load-*, those of domctx_image_parse(), domctx_image_to_hvm()
 * and domctx_convert_release().
 */
int xlcontext_restore(xlcontext *xlc, uint32_t domid, const void *image,
                      size_t size, unsigned int flags,
                      struct xlcontext_restored *restored,
                      domctx_report *report);

/* What a connection holds during a call that has not returned. */
struct xlcontext_held {
    bool paused;             /* our pause is on the domain, or may be: its
                              * hypercall has not returned */
    uint32_t domid;          /* the domain */
    const uint8_t *rollback; /* the context from before the load, as in struct
                              * xlcontext_restored, but owned by the library;
                              * NULL: no load has begun, or it is complete */
    size_t rollback_size;
    uint64_t reserved[8];    /* 0 */
};

/*
 * Tell a thread that is about to end the process what would be lost, while
 * another thread is in a call on xlc that does not return.  *held does not
 * change, and stays valid until the process ends: if the call proceeds after
 * all, it stops for good before its next pause, load or unpause.  xlc may be
 * NULL if xlcontext_connect() has not returned: then nothing is held.
 */
void xlcontext_hold(xlcontext *xlc, struct xlcontext_held *held);

#ifdef __cplusplus
}
#endif

#endif /* XLCONTEXT_H */
