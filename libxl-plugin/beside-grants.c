/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The grant table of a domain.
 *
 * Mapping a frame that the table does not have yet makes Xen grow it, for
 * good (gnttab_acquire_resource(), every release); so exactly the frames
 * that GNTTABOP_query_size counts are mapped.  Up to 4.14 a call maps no more
 * than 32 frames (9244528955).
 */
#include "beside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#define CHUNK 32u

/* 8 MiB of them, half of what a file may have; a domain has 64 unless it is
 * told otherwise. */
#define FRAMES_MAX 2048u

/* grant_to_status_frames() of a 16-byte entry and its 2-byte status. */
#define FRAMES_A_STATUS 8u

static int map_chunk(xlcontext *xlc, uint32_t domid, unsigned int id,
                     struct beside_frames *frames)
{
    uint32_t first = frames->n_mapped * CHUNK;
    uint32_t count = frames->count - first < CHUNK ? frames->count - first
                                                   : CHUNK;
    void *at = NULL;
    xenforeignmemory_resource_handle *mapped =
        xenforeignmemory_map_resource(xlc->fmem, (domid_t)domid,
                                      XENMEM_resource_grant_table, id, first,
                                      count, &at, PROT_READ, 0);

    if (!mapped)
        return -1;
    frames->mapped[frames->n_mapped] = mapped;
    frames->at[frames->n_mapped++] = at;
    return 0;
}

/* 0, -1 when memory is short, or an errno. */
static int map_frames(xlcontext *xlc, uint32_t domid, unsigned int id,
                      uint32_t count, struct beside_frames *frames)
{
    uint32_t chunks = (count + CHUNK - 1) / CHUNK;
    size_t size = (size_t)count * XC_PAGE_SIZE;

    frames->count = count;
    if (count == 0)
        return 0;
    frames->mapped = calloc(chunks, sizeof(*frames->mapped));
    frames->at = calloc(chunks, sizeof(*frames->at));
    frames->copy = malloc(size);
    if (!frames->mapped || !frames->at || !frames->copy)
        return -1;
    /* The pause must not wait for page faults. */
    memset(frames->copy, 0, size);
    while (frames->n_mapped < chunks)
        if (map_chunk(xlc, domid, id, frames) < 0)
            return errno ? errno : EIO;
    return 0;
}

static int map_table(xlcontext *xlc, uint32_t domid,
                     struct beside_grants *grants)
{
    uint32_t status = grants->version == 2
                          ? (grants->frames + FRAMES_A_STATUS - 1) /
                                FRAMES_A_STATUS
                          : 0;
    int error = map_frames(xlc, domid, XENMEM_resource_grant_table_id_shared,
                           grants->frames, &grants->shared);

    return error != 0 ? error
           : map_frames(xlc, domid, XENMEM_resource_grant_table_id_status,
                        status, &grants->status);
}

/* The size and version of now: 0, or the reason why not in lack. */
static int look(xlcontext *xlc, uint32_t domid, struct beside_grants *now,
                struct beside_lack *lack)
{
    if (call_grant_size(xlc, domid, &now->frames, &now->max) < 0 ||
        call_grant_version(xlc, domid, &now->version) < 0) {
        lack->error = errno;
        return -1;
    }
    return 0;
}

int grants_prepare(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_grants *grants = &beside->grants;
    struct beside_lack *lack = &beside->fate[BESIDE_GRANTS].lack;
    int error;

    if (look(xlc, domid, grants, lack) < 0)
        return 0;
    if (grants->frames > FRAMES_MAX) {
        lack->words = "the table has more than 2048 frames";
        return 0;
    }
    error = map_table(xlc, domid, grants);
    if (error > 0)
        lack->error = error;
    return error < 0 ? -1 : 0;
}

static void copy_frames(struct beside_frames *frames)
{
    uint32_t left = frames->count;

    for (uint32_t i = 0; i < frames->n_mapped; i++) {
        uint32_t count = left < CHUNK ? left : CHUNK;

        memcpy(frames->copy + (size_t)i * CHUNK * XC_PAGE_SIZE,
               frames->at[i], (size_t)count * XC_PAGE_SIZE);
        left -= count;
    }
}

int grants_copy(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_fate *fate = &beside->fate[BESIDE_GRANTS];
    struct beside_grants *grants = &beside->grants;
    struct beside_grants now;

    if (fate->lack.error || fate->lack.words ||
        look(xlc, domid, &now, &fate->lack) < 0)
        return 0;
    if (now.frames != grants->frames || now.version != grants->version)
        return 1;
    copy_frames(&grants->shared);
    copy_frames(&grants->status);
    fate->taken = true;
    return 0;
}

/* So many frames of the table are stored: those of zeros at its end are
 * not. */
static uint32_t stored(const struct beside_frames *shared)
{
    uint32_t count = shared->count;

    while (count > 0) {
        const uint8_t *frame = shared->copy +
                               (size_t)(count - 1) * XC_PAGE_SIZE;

        if (frame[0] != 0 || memcmp(frame, frame + 1, XC_PAGE_SIZE - 1) != 0)
            break;
        count--;
    }
    return count;
}

int grants_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report)
{
    const struct beside_grants *grants = &beside->grants;
    struct domctx_grant_table record = {
        .flags = beside->paused ? DOMCTX_GRANTS_PAUSED : 0,
        .version = grants->version,
        .nr_frames = grants->frames,
        .max_nr_frames = grants->max,
        .nr_stored = stored(&grants->shared),
        .nr_status = grants->status.count,
        .shared = grants->shared.copy,
        .status = grants->status.copy,
    };

    return domctx_builder_grant_table(builder, &record, report);
}

static void release(xlcontext *xlc, struct beside_frames *frames)
{
    for (uint32_t i = 0; i < frames->n_mapped; i++)
        xenforeignmemory_unmap_resource(xlc->fmem, frames->mapped[i]);
    free(frames->mapped);
    free(frames->at);
    free(frames->copy);
}

void grants_release(xlcontext *xlc, struct beside_grants *grants)
{
    release(xlc, &grants->shared);
    release(xlc, &grants->status);
}
