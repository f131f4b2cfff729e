/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values that say more than the words of a line: which record, which error,
 * which leaf.
 */
#include "explain/refine.h"

#include "explain/numbers.h"

#include <stdlib.h>
#include <string.h>

/*
 * A line that leads to from leads to to when all of when hold: the name of a
 * hole and what is in it.  "none": the line has no such hole; "any": whatever
 * is in it; "stream" alone: the story is of a migration.  Of several rows the
 * first counts.
 */
static const struct refinement {
    const char *from, *when, *to;
} refinements[] = {
    { "entry-refused", "typecode=16 errno=none", "xsave-without-need" },
    { "entry-refused", "typecode=16", "xsave-refused" },
    { "entry-refused", "typecode=20 errno=6", "msr-refused" },
    { "entry-refused", "typecode=20", "msr-descriptor" },
    { "entry-refused", "errno=19", "device-in-pvh" },
    { "entry-refused", "typecode=5 word=check errno=22", "lapic-refused" },
    { "entry-refused", "typecode=6 word=check errno=22", "lapic-refused" },
    { "entry-refused", "typecode=5 errno=22", "lapic-length" },
    { "entry-refused", "typecode=5 errno=61", "lapic-length" },
    { "entry-refused", "typecode=10 word=check", "check-refused" },
    { "entry-refused", "typecode=3 word=check", "check-refused" },
    { "entry-refused", "typecode=9 word=check", "check-refused" },
    { "context-refused", "errno=1", "operation-not-permitted" },
    { "length-mismatch", "typecode=2 bytes=1024 bytes=1016", "cpu-of-3.4" },
    { "length-mismatch", "typecode=5 bytes=24 bytes=32", "lapic-length" },
    { "msr-refused", "msr=0x48", "spec-ctrl-bits" },
    { "policy-refused", "errno=34", "policy-no-place" },
    { "policy-refused", "errno=7", "policy-no-place" },
    { "policy-refused", "leaf=7", "policy-leaf-7" },
    { "policy-refused", "leaf=0", "policy-leaves" },
    { "policy-refused", "leaf=0x80000000", "policy-leaves" },
    { "parameter-refused", "param=9 errno=17", "parameter-viridian" },
    { "legacy-chunk", "batch=1970103633", "legacy-past-end" },
    { "source-cut", "errno=90", "legacy-chunk" },
    { "source-cut", "stream", "sender-ended" },
    { "helper-ended", "status=255", "migration-channel" },
    { "helper-ended", "sigtext=4", "helper-crashed" },
    { "helper-ended", "sigtext=6", "helper-crashed" },
    { "helper-ended", "sigtext=7", "helper-crashed" },
    { "helper-ended", "sigtext=8", "helper-crashed" },
    { "helper-ended", "sigtext=11", "helper-crashed" },
    { "container-converter", "sigtext=4", "helper-crashed" },
    { "container-converter", "sigtext=6", "helper-crashed" },
    { "container-converter", "sigtext=7", "helper-crashed" },
    { "container-converter", "sigtext=8", "helper-crashed" },
    { "container-converter", "sigtext=11", "helper-crashed" },
    { "configuration-refused", "errno=1", "flask-denied" },
    { "configuration-refused", "errno=12", "host-memory" },
    { "configuration-refused", "errno=13", "tools-of-another-xen" },
    { "libxl-version", "ident=legacy", "legacy-not-converted" },
    { "libxl-version", "ident=0xffffffffffffffff", "libxl-head-missing" },
    { "libxl-version", "ident=any", "libxl-other" },
    /* PKRU at Intel's place, where AMD's host wants it */
    { "xsave-too-long", "n=any bytes=0xaa0 n=0x9a0", "xsave-compacted" },
    { "xsave-too-long", "bytes=0xaa0 x=0x9a0", "xsave-compacted" },
};

static const struct hole *find_hole(const struct event *event,
                                    enum hole_id id, size_t nth)
{
    for (size_t i = 0; i < event->n_holes; i++)
        if (event->holes[i].id == id && nth-- == 0)
            return &event->holes[i];
    return NULL;
}

/* The typecode that a record's name stands for. */
static bool record_code(const struct event *event, uint64_t *value)
{
    const struct hole *hole = find_hole(event, HOLE_RECORD, 0);
    const struct cat_record *record =
        hole ? record_named(hole->at, hole->length) : NULL;

    if (record)
        *value = record->typecode;
    return record;
}

/* An error may be told by its text. */
static bool hole_value(const struct hole *hole, uint64_t *value)
{
    bool negative;
    int number = -1;

    if (hole_number(hole, value, &negative))
        return true;
    if (hole->id == HOLE_ERRNO)
        number = errno_of_text(hole->at, hole->length);
    else if (hole->id == HOLE_SIGNAL_TEXT)
        number = signal_of_text(hole->at, hole->length);
    *value = number >= 0 ? (uint64_t)number : 0;
    return number >= 0;
}

static bool holds(const struct event *event, enum hole_id id, size_t nth,
                  const char *want, size_t length)
{
    const struct hole *hole = find_hole(event, id, nth);
    unsigned int width;
    uint64_t value, size;
    bool known;

    if (strncmp(want, "none", length) == 0)
        return !hole && !event->cut;
    if (strncmp(want, "any", length) == 0)
        return hole;
    if (hole && id == HOLE_WORD)
        return hole->length == length && memcmp(hole->at, want, length) == 0;
    known = hole && hole_value(hole, &value);
    if (!known && id == HOLE_TYPECODE)
        known = record_code(event, &value);
    if (strncmp(want, "legacy", length) == 0)
        return known && ident_of_legacy(value, &size, &width);
    return known && value == strtoull(want, NULL, 0);
}

static bool all_hold(const struct event *event, const char *when)
{
    size_t seen[HOLE_COUNT] = { 0 };

    if (strcmp(when, "stream") == 0)
        return event->stream;
    while (*when) {
        size_t name = strcspn(when, "=");
        size_t length = strcspn(when + name + 1, " ");
        enum hole_id id = HOLE_N;

        while (id < HOLE_COUNT &&
               (strlen(hole_kinds[id].name) != name ||
                memcmp(hole_kinds[id].name, when, name) != 0))
            id++;
        if (id == HOLE_COUNT ||
            !holds(event, id, seen[id]++, when + name + 1, length))
            return false;
        when += name + 1 + length;
        when += *when == ' ';
    }
    return true;
}

const char *event_leads(const struct event *event)
{
    const char *from = event->line->leads;

    for (size_t i = 0; i < sizeof(refinements) / sizeof(refinements[0]); i++)
        if (strcmp(refinements[i].from, from) == 0 &&
            all_hold(event, refinements[i].when))
            return refinements[i].to;
    return from;
}

const char *refined_from(const char *page, const char **when)
{
    for (size_t i = 0; i < sizeof(refinements) / sizeof(refinements[0]); i++)
        if (strcmp(refinements[i].to, page) == 0) {
            *when = refinements[i].when;
            return refinements[i].from;
        }
    return NULL;
}
