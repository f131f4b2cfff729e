/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A document may describe bytes that no reader accepts.  Its author never saw
 * their offsets, so the parser's findings get the place in the document
 * instead.
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

/* The arguments of json_relay(). */
struct relay {
    const struct json_starts *starts;
    uint64_t end;
    const struct json_place *up;
};

/* The record that has the byte at offset; starts->count if there is none. */
static size_t record_at(const struct relay *relay, uint64_t offset)
{
    const struct json_starts *starts = relay->starts;
    size_t low = 0, high = starts->count, middle;

    if (offset >= relay->end)
        return starts->count;
    while (low < high) {
        middle = low + (high - low) / 2;
        if (starts->at[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : starts->count;
}

/* Replace the place of a finding by the path in the document. */
static bool put_path(struct domctx_finding *finding, void *arg)
{
    const struct relay *relay = arg;
    size_t count = relay->starts->count;
    size_t n = record_at(relay, finding->offset);
    struct json_place records = { relay->up, "records", strlen("records"),
                                  0 };
    struct json_place record = { &records, NULL, 0, n };
    char path[JSON_PATH_ROOM], text[sizeof(finding->text)];

    if (finding->offset == DOMCTX_NO_OFFSET)
        return true;
    json_path(path, n < count               ? &record
                    : relay->up && count == 0 ? relay->up
                                              : &records);
    snprintf(text, sizeof(text), "%.*s: %s",
             (int)(sizeof(text) - strlen(path) - 3), finding->text, path);
    memcpy(finding->text, text, sizeof(text));
    return true;
}

void json_relay(const domctx_report *from, const struct json_starts *starts,
                uint64_t end, const struct json_place *up,
                domctx_report *report)
{
    struct relay relay = { .starts = starts, .end = end, .up = up };

    domctx_report_forward(report, from, put_path, &relay);
}
