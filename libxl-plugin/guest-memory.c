/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's memory by the addresses of its kernel, in pages that are mapped
 * read-only. */
#include "guest-memory.h"

#include "catalogue/codes.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Page tables of a guest in long mode: Intel SDM volume 3, 4.5. */
#define ENTRY_PRESENT UINT64_C(0x1)
#define ENTRY_LARGE UINT64_C(0x80)
#define ENTRY_FRAME(entry) (((entry) & UINT64_C(0x000ffffffffff000)) >> 12)
#define LEVEL_BITS 9u
#define LARGE_LEVEL_MAX 3u   /* 1 GiB */

#define EFER_LMA UINT64_C(0x400)
#define CR4_LA57 UINT64_C(0x1000)
#define CR3_USER UINT64_C(0x1000)   /* of page table isolation */
#define KERNEL_HALF UINT64_C(0xff00000000000000)

const uint8_t *guest_page(xlcontext *xlc, uint32_t domid, uint64_t gfn)
{
    xen_pfn_t frame = gfn;
    int error = 0;
    void *page = xenforeignmemory_map(xlc->fmem, domid, PROT_READ, 1, &frame,
                                      &error);

    if (page && error) {
        guest_page_drop(xlc, page);
        errno = -error;
        return NULL;
    }
    return page;
}

void guest_page_drop(xlcontext *xlc, const uint8_t *page)
{
    if (page)
        xenforeignmemory_unmap(xlc->fmem, (void *)(uintptr_t)page, 1);
}

void guest_walk_end(struct guest_walk *walk)
{
    for (size_t i = 0; i < GUEST_LEVELS; i++)
        guest_page_drop(walk->xlc, walk->table[i]);
    *walk = (struct guest_walk){ .xlc = walk->xlc };
}

/* An entry of the table of a level, which stays mapped for the next walk. */
static uint64_t entry_of(struct guest_walk *walk, unsigned int level,
                         uint64_t frame, unsigned int index)
{
    const uint8_t **table = &walk->table[level - 1];
    uint64_t entry;

    if (!*table || walk->frame[level - 1] != frame) {
        guest_page_drop(walk->xlc, *table);
        *table = guest_page(walk->xlc, walk->domid, frame);
        walk->frame[level - 1] = frame;
    }
    if (!*table)
        return 0;
    memcpy(&entry, *table + index * sizeof(entry), sizeof(entry));
    return entry;
}

bool guest_frame_of(struct guest_walk *walk, uint64_t address, uint64_t *gfn)
{
    uint64_t frame = ENTRY_FRAME(walk->cr3), page = address >> 12;

    for (unsigned int level = walk->levels; level > 0; level--) {
        unsigned int below = LEVEL_BITS * (level - 1);
        uint64_t inside = (UINT64_C(1) << below) - 1;
        uint64_t entry = entry_of(walk, level, frame,
                                  page >> below & 0x1ff);

        if (!(entry & ENTRY_PRESENT))
            return false;
        frame = ENTRY_FRAME(entry);
        if (level == 1 ||
            (level <= LARGE_LEVEL_MAX && entry & ENTRY_LARGE)) {
            *gfn = (frame & ~inside) | (page & inside);
            return true;
        }
    }
    return false;
}

size_t guest_read(struct guest_walk *walk, uint64_t address, void *buf,
                  size_t size)
{
    size_t got = 0;

    while (got < size) {
        size_t offset = (address + got) % GUEST_PAGE;
        size_t part = GUEST_PAGE - offset;
        const uint8_t *page;
        uint64_t gfn;

        if (!guest_frame_of(walk, address + got, &gfn))
            break;
        page = guest_page(walk->xlc, walk->domid, gfn);
        if (!page)
            break;
        part = part < size - got ? part : size - got;
        memcpy((uint8_t *)buf + got, page + offset, part);
        guest_page_drop(walk->xlc, page);
        got += part;
    }
    return got;
}

/* -- vCPUs ---------------------------------------------------------------- */

static uint64_t read_field(const struct cat_layout *layout,
                           const struct domctx_record *record,
                           const char *name)
{
    const struct cat_field *field = cat_field(cat_record(CODE_CPU), layout,
                                              name);

    return field ? cat_get(field, record->body, 0) : 0;
}

bool guest_cpu(const domctx_hvm *hvm, uint32_t vcpu, struct guest_cpu *cpu)
{
    const struct domctx_record *record = domctx_hvm_find(hvm, CODE_CPU, vcpu);
    const struct cat_layout *layout =
        record ? cat_some_layout(cat_record(CODE_CPU), record->length) : NULL;

    if (!layout)
        return false;
    cpu->efer = read_field(layout, record, "msr_efer");
    cpu->cr3 = read_field(layout, record, "cr3");
    cpu->cr4 = read_field(layout, record, "cr4");
    cpu->base = read_field(layout, record, "gs_base");
    if (cpu->base < KERNEL_HALF)   /* a program runs */
        cpu->base = read_field(layout, record, "shadow_gs");
    return cpu->efer & EFER_LMA && cpu->base >= KERNEL_HALF;
}

bool guest_walk_cpu(struct guest_walk *walk, xlcontext *xlc, uint32_t domid,
                    const struct guest_cpu *cpu, bool kernel)
{
    if (kernel && !(cpu->cr3 & CR3_USER))
        return false;
    *walk = (struct guest_walk){
        .xlc = xlc, .domid = domid,
        .cr3 = kernel ? cpu->cr3 & ~CR3_USER : cpu->cr3,
        .levels = cpu->cr4 & CR4_LA57 ? 5 : 4,
    };
    return true;
}
