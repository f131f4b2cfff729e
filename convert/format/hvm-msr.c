/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The CPU_MSR length defect.  Xen 4.5, 4.6, 4.7.0-4.7.4, 4.8.0-4.8.2 and
 * 4.9.0-4.9.1 wrote a descriptor for the largest possible number of entries,
 * but wrote only the entries in use (fixed by Xen commit d2f86bf60469).
 * CPU_MSR was the highest typecode of those releases, so what follows it is
 * the next vCPU's CPU_MSR or END.
 */
#include "format/hvm.h"
#include "base/bytes.h"

#define MSR_FIXED 8    /* count, and a word of padding */
#define MSR_ENTRY 16   /* index, reserved word, value */
#define MSR_MAX 4      /* the most entries that those releases could write */

static uint64_t length_for(uint64_t count)
{
    return MSR_FIXED + MSR_ENTRY * count;
}

/* Whether the record at p can be the CPU_MSR of a later vCPU: its count
 * matches the length in its descriptor. */
static bool is_later_msr(const uint8_t *p, uint64_t room, uint32_t instance)
{
    uint64_t length, count;

    if (room < HVM_DESCRIPTOR + MSR_FIXED + MSR_ENTRY)
        return false;
    length = le32(p + 4);
    count = le32(p + HVM_DESCRIPTOR);
    return le16(p) == HVM_CODE_MSR && le16(p + 2) > instance &&
           count >= 1 && length >= length_for(count) &&
           length <= length_for(MSR_MAX);
}

static bool is_end(const uint8_t *p, uint64_t room)
{
    return room >= HVM_DESCRIPTOR && all_zero(p, HVM_DESCRIPTOR);
}

/* Whether the entries look right: the word after each index must be 0. */
static bool entries_look_right(const uint8_t *body, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (le32(body + length_for(i) + 4) != 0)
            return false;
    return true;
}

uint64_t hvm_msr_length(const uint8_t *body, uint32_t instance,
                        uint64_t length, uint64_t room)
{
    uint64_t count, stated;

    if (room < MSR_FIXED || length > length_for(MSR_MAX) ||
        length % MSR_ENTRY != MSR_FIXED)
        return length;
    count = le32(body);
    stated = length_for(count);
    if (count == 0 || stated >= length || stated > room ||
        !entries_look_right(body, count))
        return length;
    if (is_later_msr(body + stated, room - stated, instance))
        return stated;
    if (!is_end(body + stated, room - stated))
        return length;
    /* A whole blob whose END is where the descriptor says: the zeros before it
     * are unusual, but no defect. */
    if (room == length + HVM_DESCRIPTOR &&
        is_end(body + length, room - length))
        return length;
    /* The zeros read as END; but if the next vCPU's record is where the
     * descriptor says, they belong to the body. */
    if (length < room && is_later_msr(body + length, room - length,
                                      instance))
        return length;
    return stated;
}
