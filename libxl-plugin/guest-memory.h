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
void guest_walk_end(struct guest_walk *walk);

/* The frame that holds an address; false where nothing is mapped. */
bool guest_frame_of(struct guest_walk *walk, uint64_t address,
                    uint64_t *gfn);

/* So many bytes at an address as are mapped, up to size. */
size_t guest_read(struct guest_walk *walk, uint64_t address, void *buf,
                  size_t size);

/* The registers of a vCPU that is up and runs a kernel of 64 bits, in its
 * record; false: it is none. */
struct guest_cpu {
    uint64_t efer, cr3, cr4, base;   /* base: of GS in the kernel */
};
bool guest_cpu(const domctx_hvm *hvm, uint32_t vcpu, struct guest_cpu *cpu);

/* Its page tables; kernel: those of the kernel, where those of a program under
 * page table isolation may be loaded, else false. */
bool guest_walk_cpu(struct guest_walk *walk, xlcontext *xlc, uint32_t domid,
                    const struct guest_cpu *cpu, bool kernel);

/* -- look-memory.c -------------------------------------------------------- */

/* A view of a context just fetched, for what symbols tell of it. */
struct fetched {
    domctx_hvm *hvm;
    domctx_context *context;
};
int fetched_parse(const uint8_t *blob, uint32_t size,
                  struct fetched *fetched, domctx_report *report);
void fetched_free(struct fetched *fetched);

/* A guest, and the registers by which its memory is read. */
struct guest_reader {
    xlcontext *xlc;
    uint32_t domid;
    const domctx_hvm *hvm;
};
/* A domctx_memory_fn of a struct guest_reader: by the present page table, or
 * else by that of the kernel. */
size_t guest_reader_read(void *arg, uint32_t vcpu, uint64_t address,
                         void *buf, size_t size);

/* What the symbols of its kernel tell of a guest that is paused and whose
 * context was fetched; NULL of one that has none. */
int memory_read(xlcontext *xlc, uint32_t domid,
                const struct capture *capture, const domctx_symbols *symbols,
                domctx_memory **memory, domctx_report *report);

/* -- upcalls.c ------------------------------------------------------------ */

/* Where each vCPU has its vcpu_info. */
struct upcalls {
    struct {
        const uint8_t *page;    /* NULL: not known */
        unsigned int offset;
    } vcpu[DOMCTX_LIVE_VCPUS];
};

/* Find them: outside of a pause, with the room of a capture that is
 * prepared; by the kernel's symbols, if there are any.  What cannot be found
 * is not known, and no failure. */
void upcalls_find(xlcontext *xlc, const struct domain *domain,
                  const struct capture *capture,
                  const domctx_symbols *symbols, struct upcalls *upcalls);
void upcalls_release(xlcontext *xlc, struct upcalls *upcalls);

/* Whether a vCPU has an event that it was not yet told of: 1, 0, or -1 where
 * that is not known.  Before the context is fetched: one that comes later has
 * set the vector in IRR too. */
int upcall_of(const struct upcalls *upcalls, uint32_t vcpu);
/* The same of each. */
void upcalls_read(const struct upcalls *upcalls, struct domctx_live *live);

#endif /* LIBXL_PLUGIN_GUEST_MEMORY_H */
