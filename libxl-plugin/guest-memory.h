/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a guest's memory.  Nothing is ever written. */
#ifndef LIBXL_PLUGIN_GUEST_MEMORY_H
#define LIBXL_PLUGIN_GUEST_MEMORY_H

#include "save.h"

#define GUEST_PAGE 4096u
#define GUEST_LEVELS 5u

/* Map one page, for guest_page_drop(); NULL with errno. */
const uint8_t *guest_page(xlcontext *xlc, uint32_t domid, uint64_t gfn);
void guest_page_drop(xlcontext *xlc, const uint8_t *page);

/* Walking the page tables of a vCPU in long mode.  The tables of the last walk
 * stay mapped. */
struct guest_walk {
    xlcontext *xlc;
    uint32_t domid;
    unsigned int levels;
    uint64_t cr3;
    uint64_t frame[GUEST_LEVELS];
    const uint8_t *table[GUEST_LEVELS];
};
void guest_walk_end(struct guest_walk *walk);

/* Find the frame that an address is mapped to; false if there is none. */
bool guest_frame_of(struct guest_walk *walk, uint64_t address,
                    uint64_t *gfn);

/* Read up to size bytes at an address; returns how many are mapped. */
size_t guest_read(struct guest_walk *walk, uint64_t address, void *buf,
                  size_t size);

/* The registers of a vCPU that is up and runs a 64-bit kernel, from its
 * record; false otherwise. */
struct guest_cpu {
    uint64_t efer, cr3, cr4, base;   /* base: of GS in the kernel */
};
bool guest_cpu(const domctx_hvm *hvm, uint32_t vcpu, struct guest_cpu *cpu);

/* Begin walks of its page tables.  kernel: of those of the kernel, if page
 * table isolation may have loaded a program's; false if it cannot have. */
bool guest_walk_cpu(struct guest_walk *walk, xlcontext *xlc, uint32_t domid,
                    const struct guest_cpu *cpu, bool kernel);

/* -- look-memory.c -------------------------------------------------------- */

/* A context that was just fetched, parsed for reading memory by symbols. */
struct fetched {
    domctx_hvm *hvm;
    domctx_context *context;
};
int fetched_parse(const uint8_t *blob, uint32_t size,
                  struct fetched *fetched, domctx_report *report);
void fetched_free(struct fetched *fetched);

/* A guest, and the registers for reading its memory. */
struct guest_reader {
    xlcontext *xlc;
    uint32_t domid;
    const domctx_hvm *hvm;
};
/* A domctx_memory_fn whose arg is a struct guest_reader: tries the present
 * page table, then the kernel's. */
size_t guest_reader_read(void *arg, uint32_t vcpu, uint64_t address,
                         void *buf, size_t size);

/* Read the memory that a diagnosis uses by the symbols of the kernel; the
 * guest is paused and its context fetched.  *memory is NULL if the guest has
 * no context (PV). */
int memory_read(xlcontext *xlc, uint32_t domid,
                const struct capture *capture, const domctx_symbols *symbols,
                domctx_memory **memory, domctx_report *report);

/* -- upcalls.c ------------------------------------------------------------ */

/* The vcpu_info of each vCPU. */
struct upcalls {
    struct {
        const uint8_t *page;    /* NULL: unknown */
        unsigned int offset;
    } vcpu[DOMCTX_LIVE_VCPUS];
};

/* Find them, by the kernel's symbols if there are any.  Called outside a
 * pause, with the buffers of a prepared capture.  One that cannot be found
 * stays unknown, which is no failure. */
void upcalls_find(xlcontext *xlc, const struct domain *domain,
                  const struct capture *capture,
                  const domctx_symbols *symbols, struct upcalls *upcalls);
void upcalls_release(xlcontext *xlc, struct upcalls *upcalls);

/* Whether an event is pending that the vCPU was not told of: 1, 0, or -1 if
 * unknown.  Call it before the context is fetched: a later event sets the
 * vector in IRR as well. */
int upcall_of(const struct upcalls *upcalls, uint32_t vcpu);
/* The same for each vCPU. */
void upcalls_read(const struct upcalls *upcalls, struct domctx_live *live);

#endif /* LIBXL_PLUGIN_GUEST_MEMORY_H */
