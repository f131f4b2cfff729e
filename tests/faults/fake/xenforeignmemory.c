/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenforeignmemory: of a guest's pages only the shared info has
 * content. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/memory.h>

#include "world.h"

struct xenforeignmemory_handle {
    int dummy;
};

xenforeignmemory_handle *xenforeignmemory_open(xentoollog_logger *logger,
                                               unsigned open_flags)
{
    (void)logger;
    (void)open_flags;
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    xenforeignmemory_handle *handle = NULL;
    if (verdict.error == 0) {
        handle = calloc(1, sizeof(*handle));
    }
    fake_leave();
    errno = verdict.error;
    return handle;
}

int xenforeignmemory_close(xenforeignmemory_handle *handle)
{
    fake_gate(__func__, 0, "");
    free(handle);
    fake_leave();
    return 0;
}

static int map_page(uint32_t domid, int prot, uint64_t frame, void **page)
{
    const struct fake_domain *d = fake_domain(domid);
    if (d == NULL) {
        return ESRCH;
    }
    if (prot & PROT_WRITE) {
        fake_append("violations", "shared info mapped for writing\n");
    }
    if (frame != d->shared_frame && frame >= FAKE_FRAMES) {
        return EINVAL;
    }
    if (frame == FAKE_NO_FRAME) {
        return EINVAL;
    }
    int fd = fake_domain_fd(domid);
    *page = frame == d->shared_frame
        ? mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0)
        : mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    close(fd);
    return *page == MAP_FAILED ? ENOMEM : 0;
}

/* As the library does: a frame that cannot be mapped is an error of that
 * frame when the caller gave err, else of the call. */
void *xenforeignmemory_map(xenforeignmemory_handle *handle, uint32_t domid,
                           int prot, size_t pages, const xen_pfn_t *frames,
                           int *err)
{
    (void)handle;
    struct fake_verdict verdict = fake_gate(__func__, domid, "");
    void *page = NULL;
    int error = verdict.error;
    if (error == 0) {
        error = pages != 1 ? EINVAL : map_page(domid, prot, frames[0],
                                               &page);
    }
    if (error != 0 && verdict.error == 0 && err != NULL) {
        err[0] = -error;
        page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                    0);
        error = 0;
    } else if (err != NULL) {
        err[0] = 0;
    }
    fake_leave();
    errno = error ? error : errno;
    return error ? NULL : page;
}

struct xenforeignmemory_resource_handle {
    void *addr;
    size_t size;
};

/* Mapping what the table does not have makes it grow. */
static int map_grants(struct fake_domain *d, unsigned int id,
                      unsigned long frame, unsigned long count, void **at)
{
    size_t offset = offsetof(struct fake_domain, grants);
    if (count > 32 && fake_host()->xen_minor <= 14) {
        return E2BIG;
    }
    if (id == XENMEM_resource_grant_table_id_status) {
        offset = offsetof(struct fake_domain, grant_status);
        if (d->grant_version != 2 || frame + count > FAKE_STATUS) {
            return EINVAL;
        }
        if (frame + count > (d->grant_frames + 7) / 8) {
            fake_append("violations", "a grant table has grown\n");
        }
    } else if (frame + count > d->grant_frames) {
        d->grant_frames = (uint32_t)(frame + count);
        fake_append("violations", "a grant table has grown\n");
    }
    int fd = fake_domain_fd(d->domid);
    *at = mmap(NULL, count * 4096, PROT_READ, MAP_SHARED, fd,
               (off_t)(offset + frame * 4096));
    close(fd);
    return *at == MAP_FAILED ? ENOMEM : 0;
}

xenforeignmemory_resource_handle *xenforeignmemory_map_resource(
    xenforeignmemory_handle *handle, domid_t domid, unsigned int type,
    unsigned int id, unsigned long frame, unsigned long nr_frames,
    void **paddr, int prot, int flags)
{
    (void)handle;
    char detail[48];
    snprintf(detail, sizeof(detail), "%u %lu %lu", id, frame, nr_frames);
    struct fake_verdict verdict = fake_gate(__func__, domid, detail);
    struct fake_domain *d = fake_domain(domid);
    xenforeignmemory_resource_handle *mapped = NULL;
    int error = verdict.error ? verdict.error
                : d == NULL   ? ESRCH
                : type != XENMEM_resource_grant_table || flags ||
                          prot != PROT_READ
                    ? EINVAL
                    : map_grants(d, id, frame, nr_frames, paddr);
    if (error == 0) {
        mapped = calloc(1, sizeof(*mapped));
        mapped->addr = *paddr;
        mapped->size = nr_frames * 4096;
    }
    fake_leave();
    errno = error ? error : errno;
    return mapped;
}

int xenforeignmemory_unmap_resource(xenforeignmemory_handle *handle,
                                    xenforeignmemory_resource_handle *mapped)
{
    (void)handle;
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    munmap(mapped->addr, mapped->size);
    free(mapped);
    fake_leave();
    errno = verdict.error ? verdict.error : errno;
    return verdict.error ? -1 : 0;
}

int xenforeignmemory_unmap(xenforeignmemory_handle *handle, void *addr,
                           size_t pages)
{
    (void)handle;
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    munmap(addr, pages * 4096);
    fake_leave();
    errno = verdict.error ? verdict.error : errno;
    return verdict.error ? -1 : 0;
}
