/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the state of the device model begins, in every container. */
#include "container/source.h"

#include <string.h>

int source_qemu(struct domctx_source *source, uint64_t size, enum msg_id id)
{
    static const char magic[] = "QEVM"; /* QEMU_VM_FILE_MAGIC */
    struct msg_at at = source_here(source);
    size_t want = sizeof(magic) - 1, got;
    const uint8_t *p;

    if (source_peek(source, want, &p, &got) < 0)
        return -1;
    /* where the input is cut, nothing else is wrong with it */
    if (got < want && size >= want && size != UINT64_MAX)
        return 0;
    if (size >= want && got == want && memcmp(p, magic, want) == 0)
        return 0;
    source->bad_qemu = true;
    at.expected = (struct msg_value)TEXT(magic);
    msg_raise(source->report, id, &at,
              "QEMU's state does not begin as it must");
    return 0;
}
