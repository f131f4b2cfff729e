/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenforeignmemory: of a guest's pages only the shared info has
 * content. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xentoollog.h>
#include <xenforeignmemory.h>


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
