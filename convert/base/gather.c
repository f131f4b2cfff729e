/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sink that collects output in memory. */
#include "base/bytes.h"

#include <domctx.h>

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4096

/* Make room for size bytes: doubled, so that all copies together are at most
 * as long as the text. */
static int make_room(struct domctx_gathered *gathered, size_t size)
{
    size_t room = gathered->room ? gathered->room : FIRST_ROOM;
    char *more;

    if (gathered->text && size <= gathered->room)
        return 0;
    while (room < size)
        if (ADD_OVERFLOW(room, room, &room))
            return -1;
    more = realloc(gathered->text, room);
    if (!more)
        return -1;
    gathered->text = more;
    gathered->room = room;
    return 0;
}

int domctx_gather(void *arg, const char *text, size_t size)
{
    struct domctx_gathered *gathered = arg;
    size_t all;

    if (ADD_OVERFLOW(gathered->size, size, &all) ||
        ADD_OVERFLOW(all, 1, &all) || make_room(gathered, all) < 0)
        return -1;
    if (size)
        memcpy(gathered->text + gathered->size, text, size);
    gathered->size += size;
    gathered->text[gathered->size] = '\0';
    return 0;
}
