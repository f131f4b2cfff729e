/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EMULATOR_XENSTORE_DATA: judging the emulator's keys and values as libxl's
 * reader does. */
#include "container/libxl.h"

#include <stdlib.h>

/* Longer data is not judged: xenstore has no such values. */
#define LOOKED_AT (UINT32_C(1) << 20)

struct strings {
    bool inside;       /* inside a string */
    bool is_value;     /* this string, or the next one, is a value */
    bool bad_key;      /* an empty key, or one with a leading '/' */
};

static void look_at(struct strings *strings, const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!strings->inside && !strings->is_value &&
            (p[i] == '\0' || p[i] == '/'))
            strings->bad_key = true;
        strings->inside = p[i] != '\0';
        if (!strings->inside)
            strings->is_value = !strings->is_value;
    }
}

int libxl_xenstore(struct domctx_source *source, uint32_t size)
{
    struct strings strings = { .inside = false };
    struct msg_at at = source_here(source);
    struct held held;

    if (size == 0 || size > LOOKED_AT)
        return 0;
    if (source_hold(source, size, &held) < 0)
        return -1;
    look_at(&strings, held.p, held.size);
    free(held.p);
    if (strings.bad_key || strings.inside || strings.is_value)
        msg_raise(source->report, MSG_LIBXL_XENSTORE_BAD, &at,
                  strings.bad_key ? "a key is empty or absolute"
                                  : "a key has no value, or a string no end");
    else
        msg_raise(source->report, MSG_LIBXL_XENSTORE, &at,
                  "verify-stream-v2 refuses this sound record");
    return 0;
}
