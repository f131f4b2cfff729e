/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A document may stand for what no reader takes.  What the parser of its bytes
 * says is told with the place in the document, not only with an offset that
 * its author never saw.
 */
#include "document/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool json_start(struct json_starts *starts, uint64_t offset)
{
    size_t room = starts->room + starts->room / 2 + 64;
    uint64_t *more;

    if (starts->count == starts->room) {
        more = realloc(starts->at, room * sizeof(*more));
        if (!more)
            return false;
        starts->at = more;
        starts->room = room;
    }
    starts->at[starts->count++] = offset;
    return true;
}

/* The record that has the byte at offset; starts->count: none. */
static size_t record_at(const struct json_starts *starts, uint64_t offset,
                        uint64_t end)
{
    size_t i = starts->count;

    if (offset >= end)
        return starts->count;
    while (i > 0 && starts->at[i - 1] > offset)
        i--;
    return i > 0 ? i - 1 : starts->count;
}

/* One finding, and where in the document. */
static void tell(domctx_report *report, const struct domctx_finding *finding,
                 const struct json_starts *starts, uint64_t end,
                 const struct json_place *up)
{
    size_t n = record_at(starts, finding->offset, end);
    struct json_place records = { up, "records", strlen("records"), 0 };
    struct json_place record = { &records, NULL, 0, n };
    struct domctx_finding told = *finding;
    char path[JSON_PATH_ROOM];

    if (finding->offset != DOMCTX_NO_OFFSET) {
        json_path(path, n < starts->count         ? &record
                        : up && starts->count == 0 ? up
                                                   : &records);
        snprintf(told.text, sizeof(told.text), "%.*s: %s",
                 (int)(sizeof(told.text) - strlen(path) - 3), finding->text,
                 path);
    }
    msg_forward(report, &told, finding->severity);
}

void json_relay(const domctx_report *from, const struct json_starts *starts,
                uint64_t end, const struct json_place *up,
                domctx_report *report)
{
    for (size_t i = 0; i < domctx_report_count(from); i++)
        tell(report, domctx_report_get(from, i), starts, end, up);
}
