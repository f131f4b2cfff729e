/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capturing a context, for save and for restore's rollback copy. */
#ifndef LIBXL_PLUGIN_SAVE_H
#define LIBXL_PLUGIN_SAVE_H

#include "beside.h"
#include "catalogue/catalogue.h"
#include "xlcontext-internal.h"

/* Xen's page size on x86; the shared info is one page. */
#define SHARED_INFO_PAGE 4096u

/* Filled in the pause window; all buffers are allocated before. */
struct capture {
    uint8_t *context;       /* the legacy blob, only for HVM and PVH */
    uint32_t room, size;
    struct tsc_info tsc;
    bool has_tsc;
    uint8_t *shared_info;   /* a copy of the page */
    const uint8_t *mapped;  /* the page itself, read-only */
    uint64_t frame;
    bool has_shared_info;
    unsigned int width;     /* PV: bytes in a guest word */
    struct beside beside;
};

/* Allocate and map all that a capture of the domain needs.  with:
 * XLCONTEXT_SAVE_*, the state to read apart from the context. */
int capture_prepare(xlcontext *xlc, const struct domain *domain,
                    unsigned int with, struct capture *capture,
                    domctx_report *report);

/* Fetch the context; allocates nothing and uses no file.  Returns 1 if the
 * domain has grown beyond what was prepared: prepare again. */
int capture_fetch(xlcontext *xlc, struct domain *domain,
                  struct capture *capture, domctx_report *report);

/* How often to retry for a growing domain; report that it still grows, -1. */
#define CAPTURE_GROWTHS 8
int capture_outgrown(uint32_t domid, domctx_report *report);

/* Free and unmap everything. */
void capture_release(xlcontext *xlc, struct capture *capture);

/* Whether the guest's shared info has the 32-bit layout.  hvm: its context, or
 * NULL for a PV guest. */
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
