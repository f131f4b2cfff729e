/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's memory by the addresses of its kernel, in pages that are mapped
 * read-only. */
#include "guest-memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Page tables of a guest in long mode: Intel SDM volume 3, 4.5. */
#define ENTRY_PRESENT UINT64_C(0x1)
#define ENTRY_LARGE UINT64_C(0x80)
#define ENTRY_FRAME(entry) (((entry) & UINT64_C(0x000ffffffffff000)) >> 12)
#define LEVEL_BITS 9u
#define LARGE_LEVEL_MAX 3u   /* 1 GiB */

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

void guest_walk_begin(struct guest_walk *walk, xlcontext *xlc,
                      uint32_t domid, uint64_t cr3, bool five_levels)
{
    *walk = (struct guest_walk){ .xlc = xlc, .domid = domid, .cr3 = cr3,
                                 .levels = five_levels ? 5 : 4 };
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
