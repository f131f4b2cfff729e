/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read of a guest's memory.  Nothing is ever written. */
#ifndef LIBXL_PLUGIN_GUEST_MEMORY_H
#define LIBXL_PLUGIN_GUEST_MEMORY_H

#include "save.h"

#define GUEST_PAGE 4096u
#define GUEST_LEVELS 5u

/* One page, for guest_page_drop(); NULL with errno. */
const uint8_t *guest_page(xlcontext *xlc, uint32_t domid, uint64_t gfn);
void guest_page_drop(xlcontext *xlc, const uint8_t *page);

/* The page tables of a vCPU in long mode; the tables of the last walk stay
 * mapped. */
struct guest_walk {
    xlcontext *xlc;
    uint32_t domid;
    unsigned int levels;
    uint64_t cr3;
    uint64_t frame[GUEST_LEVELS];
    const uint8_t *table[GUEST_LEVELS];
};
void guest_walk_begin(struct guest_walk *walk, xlcontext *xlc,
                      uint32_t domid, uint64_t cr3, bool five_levels);
void guest_walk_end(struct guest_walk *walk);

/* The frame that holds an address; false where nothing is mapped. */
bool guest_frame_of(struct guest_walk *walk, uint64_t address,
                    uint64_t *gfn);

/* -- upcalls.c ------------------------------------------------------------ */

/* Where each vCPU has its vcpu_info. */
struct upcalls {
    struct {
        const uint8_t *page;    /* NULL: not known */
        unsigned int offset;
    } vcpu[DOMCTX_LIVE_VCPUS];
};

/* Find them: outside of a pause, with the room of a capture that is
 * prepared.  What cannot be found is not known, and no failure. */
void upcalls_find(xlcontext *xlc, const struct domain *domain,
                  const struct capture *capture, struct upcalls *upcalls);
void upcalls_release(xlcontext *xlc, struct upcalls *upcalls);

/* Whether a vCPU has an event that it was not yet told of: 1, 0, or -1 where
 * that is not known.  Before the context is fetched: one that comes later has
 * set the vector in IRR too. */
int upcall_of(const struct upcalls *upcalls, uint32_t vcpu);
/* The same of each. */
void upcalls_read(const struct upcalls *upcalls, struct domctx_live *live);

#endif /* LIBXL_PLUGIN_GUEST_MEMORY_H */
