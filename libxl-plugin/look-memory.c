/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a guest's memory by the symbols of its kernel. */
#include "guest-memory.h"

#include <string.h>

/* The oldest release that this library runs on: the record of a vCPU is the
 * same since. */
#define XEN_MAJOR 4
#define XEN_MINOR 14

int fetched_parse(const uint8_t *blob, uint32_t size,
                  struct fetched *fetched, domctx_report *report)
{
    *fetched = (struct fetched){ .hvm = NULL };
    if (domctx_hvm_parse(blob, size, &fetched->hvm, report) < 0)
        return -1;
    if (domctx_context_of_hvm(fetched->hvm, true, XEN_MAJOR, XEN_MINOR,
                              &fetched->context, report) == 0)
        return 0;
    fetched_free(fetched);
    return -1;
}

void fetched_free(struct fetched *fetched)
{
    domctx_context_free(fetched->context);
    domctx_hvm_free(fetched->hvm);
    *fetched = (struct fetched){ .hvm = NULL };
}

size_t guest_reader_read(void *arg, uint32_t vcpu, uint64_t address,
                         void *buf, size_t size)
{
    const struct guest_reader *reader = arg;
    struct guest_walk walk;
    struct guest_cpu cpu;
    size_t got = 0;

    if (!guest_cpu(reader->hvm, vcpu, &cpu))
        return 0;
    for (int kernel = 0; kernel < 2 && got == 0; kernel++) {
        if (!guest_walk_cpu(&walk, reader->xlc, reader->domid, &cpu, kernel))
            break;
        got = guest_read(&walk, address, buf, size);
        guest_walk_end(&walk);
    }
    return got;
}

int memory_read(xlcontext *xlc, uint32_t domid,
                const struct capture *capture, const domctx_symbols *symbols,
                domctx_memory **memory, domctx_report *report)
{
    struct guest_reader reader = { .xlc = xlc, .domid = domid };
    struct fetched fetched;
    int rc;

    *memory = NULL;
    if (!capture->context)
        return 0;
    if (fetched_parse(capture->context, capture->size, &fetched, report) < 0)
        return -1;
    reader.hvm = fetched.hvm;
    rc = domctx_memory_read(symbols, fetched.context, guest_reader_read,
                            &reader, memory, report);
    fetched_free(&fetched);
    return rc;
}
