/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a vCPU has an event that it was not told of.
 *
 * The flag is in the vcpu_info of the vCPU.  A guest moves that out of the
 * shared info page into its own memory (VCPUOP_register_vcpu_info), and no
 * interface says where to.  Linux has it among the variables of each CPU,
 * which lie behind the base of GS, at the same distance for all.  It is known
 * by the scale of the vCPU's clock in it, which Xen writes and which the copy
 * left behind in the shared info page has too.
 */
#include "guest-memory.h"

#include <string.h>

/* struct vcpu_info of a 64-bit guest (xen.h, arch-x86/xen.h): 64 bytes. */
#define INFO_SIZE 64u
#define INFO_VERSION 32u   /* of the clock; odd while Xen writes it */
#define INFO_PAD 36u
#define INFO_SCALE 56u     /* u32 multiplier, s8 shift, flags, two of 0 */
#define INFO_SCALE_SIZE 5u
#define INFO_TAIL 62u
#define INFO_ALIGN 8u

/* Linux' variables of one CPU, those that are known when it is built. */
#define AREA_PAGES 128u

static bool is_info(const uint8_t *info, const uint8_t *shared)
{
    static const uint8_t zeros[4];
    uint32_t version;

    memcpy(&version, info + INFO_VERSION, sizeof(version));
    return version != 0 && version % 2 == 0 &&
           memcmp(info + INFO_PAD, zeros, 4) == 0 &&
           memcmp(info + INFO_TAIL, zeros, 2) == 0 &&
           memcmp(info + INFO_SCALE, shared + INFO_SCALE,
                  INFO_SCALE_SIZE) == 0;
}

/* The page that holds an address of the kernel. */
static const uint8_t *map_at(struct guest_walk *walk, uint64_t address)
{
    uint64_t gfn;

    if (!guest_frame_of(walk, address, &gfn))
        return NULL;
    return guest_page(walk->xlc, walk->domid, gfn);
}

/* How far behind the base it is; 0: nowhere (the base itself holds the
 * stack's canary). */
static uint64_t search(struct guest_walk *walk, uint64_t base,
                       const uint8_t *shared)
{
    uint64_t found = 0;

    for (unsigned int i = 0; i < AREA_PAGES && !found; i++) {
        uint64_t at = (base & ~(uint64_t)(GUEST_PAGE - 1)) +
                      (uint64_t)i * GUEST_PAGE;
        const uint8_t *page = map_at(walk, at);

        for (unsigned int o = 0; page && !found &&
                                 o <= GUEST_PAGE - INFO_SIZE; o += INFO_ALIGN)
            if (at + o > base && is_info(page + o, shared))
                found = at + o - base;
        guest_page_drop(walk->xlc, page);
    }
    return found;
}

/* Its page through those page tables; NULL: it is not there.  *distance: how
 * far behind the base, if symbols or another vCPU have told; else it is
 * searched for. */
static const uint8_t *map_info(struct guest_walk *walk,
                               const struct guest_cpu *cpu,
                               const uint8_t *shared, uint64_t *distance)
{
    uint64_t behind = *distance ? *distance
                                : search(walk, cpu->base, shared);
    unsigned int offset = (cpu->base + behind) % GUEST_PAGE;
    const uint8_t *page = behind ? map_at(walk, cpu->base + behind) : NULL;

    if (page && (offset > GUEST_PAGE - INFO_SIZE ||
                 !is_info(page + offset, shared))) {
        guest_page_drop(walk->xlc, page);
        page = NULL;
    }
    if (page)
        *distance = behind;
    return page;
}

static void find_one(xlcontext *xlc, uint32_t domid,
                     const struct guest_cpu *cpu, const uint8_t *shared,
                     uint64_t *distance, struct upcalls *upcalls,
                     uint32_t vcpu)
{
    const uint8_t *page = NULL;
    struct guest_walk walk;

    for (int kernel = 0; kernel < 2 && !page; kernel++) {
        if (!guest_walk_cpu(&walk, xlc, domid, cpu, kernel))
            break;
        page = map_info(&walk, cpu, shared, distance);
        guest_walk_end(&walk);
    }
    upcalls->vcpu[vcpu].page = page;
    upcalls->vcpu[vcpu].offset = (cpu->base + *distance) % GUEST_PAGE;
}

void upcalls_find(xlcontext *xlc, const struct domain *domain,
                  const struct capture *capture,
                  const domctx_symbols *symbols, struct upcalls *upcalls)
{
    static const uint8_t no_scale[4];
    struct guest_reader reader = { .xlc = xlc, .domid = domain->domid };
    uint32_t size = capture->room;
    struct fetched fetched;
    struct guest_cpu cpu;
    uint64_t distance;

    *upcalls = (struct upcalls){ 0 };
    if (!domain->hvm || !capture->mapped ||
        memcmp(capture->mapped + INFO_SCALE, no_scale, 4) == 0 ||
        call_get_context(xlc, domain->domid, capture->context, &size) < 0 ||
        fetched_parse(capture->context, size, &fetched, NULL) < 0)
        return;
    reader.hvm = fetched.hvm;
    distance = symbols ? domctx_symbols_vcpu_info(symbols, fetched.context,
                                                  guest_reader_read, &reader)
                       : 0;
    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++)
        if (guest_cpu(fetched.hvm, v, &cpu))
            find_one(xlc, domain->domid, &cpu, capture->mapped, &distance,
                     upcalls, v);
    fetched_free(&fetched);
}

void upcalls_release(xlcontext *xlc, struct upcalls *upcalls)
{
    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++)
        guest_page_drop(xlc, upcalls->vcpu[v].page);
    *upcalls = (struct upcalls){ 0 };
}

int upcall_of(const struct upcalls *upcalls, uint32_t vcpu)
{
    const volatile uint8_t *page =
        vcpu < DOMCTX_LIVE_VCPUS ? upcalls->vcpu[vcpu].page : NULL;

    return page ? page[upcalls->vcpu[vcpu].offset] != 0 : -1;
}

void upcalls_read(const struct upcalls *upcalls, struct domctx_live *live)
{
    for (uint32_t v = 0; v < live->n_vcpus; v++) {
        int upcall = upcall_of(upcalls, v);

        live->vcpu[v].upcall_known = upcall >= 0;
        live->vcpu[v].upcall_pending = upcall > 0;
    }
}
