/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capturing a context, for save and for the rollback copy of restore. */
#ifndef LIBXL_PLUGIN_SAVE_H
#define LIBXL_PLUGIN_SAVE_H

#include "beside.h"
#include "catalogue/catalogue.h"
#include "xlcontext-internal.h"

/* Xen's page on x86, in which the shared info lies. */
#define SHARED_INFO_PAGE 4096u

/* What the pause window fills.  Everything is allocated before it. */
struct capture {
    uint8_t *context;       /* the legacy blob, HVM and PVH only */
    uint32_t room, size;
    struct tsc_info tsc;
    bool has_tsc;
    uint8_t *shared_info;   /* a copy of the page */
    const uint8_t *mapped;  /* the page itself, read-only */
    uint64_t frame;
    bool has_shared_info;
    unsigned int width;     /* PV: bytes of a guest word */
    struct beside beside;
};

/* Allocate and map what a capture of the domain needs.  with: what is taken
 * beside the context, of XLCONTEXT_SAVE_ALL. */
int capture_prepare(xlcontext *xlc, const struct domain *domain,
                    unsigned int with, struct capture *capture,
                    domctx_report *report);

/* Fetch the context; allocates nothing and touches no file.  Returns 1 when
 * the domain outgrew what was prepared: prepare again. */
int capture_fetch(xlcontext *xlc, struct domain *domain,
                  struct capture *capture, domctx_report *report);

/* How often a domain that outgrows its preparation is tried again, and what
 * is said then; -1. */
#define CAPTURE_GROWTHS 8
int capture_outgrown(uint32_t domid, domctx_report *report);

/* Free and unmap. */
void capture_release(xlcontext *xlc, struct capture *capture);

/* Whether the guest's shared info has the 32-bit form.  hvm: its context, or
 * NULL of a PV guest. */
bool capture_is_32bit(const struct capture *capture, const domctx_hvm *hvm,
                      cat_version version);

/* What an image says of the host and the domain beside the capture.  Asked
 * for before the pause: xenstored or the hypervisor may not answer once
 * something has gone wrong. */
struct origin {
    uint32_t xen_major, xen_minor;
    struct domctx_provenance provenance;   /* what a pause does not change */
};
int origin_ask(xlcontext *xlc, uint32_t domid, struct origin *origin,
               domctx_report *report);

/* The image of a capture, malloc'ed; asks nobody.  flags:
 * XLCONTEXT_SAVE_WRAP, _BARE. */
int capture_image(const struct origin *origin, const struct domain *domain,
                  const struct capture *capture, unsigned int flags,
                  uint8_t **image, size_t *size, domctx_report *report);

/* The context that a restore loads over. */
struct rollback {
    const struct origin *origin;
    const struct domain *domain;
    const struct capture *capture;
};

/* The JSON of PROVENANCE, malloc'ed; NULL when memory is short. */
char *live_provenance(const struct origin *origin,
                      const struct domain *domain);

/* "2026-11-28T12:00:00Z", or "". */
void live_time(char *to, size_t size);

#endif /* LIBXL_PLUGIN_SAVE_H */
