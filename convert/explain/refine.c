/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values that say more than the words of a line: which record, which error,
 * which leaf.
 */
#include "explain/refine.h"

#include "catalogue/cpuid.h"
#include "explain/numbers.h"

#include <stdlib.h>
#include <string.h>

/*
 * A line that leads to from leads to to when all of when hold: the name of a
 * hole and what is in it.  "none": the line has no such hole; "any": whatever
 * is in it; "nowhere": what no release has; "chunk": the id of one in a legacy
 * stream; "legacy": how such a stream begins; "stream" alone: the story is
 * of a migration.  Of several rows the first counts.
 */
static const struct refinement {
    const char *from, *when, *to;
} refinements[] = {
    { "entry-refused", "typecode=16 errno=none", "xsave-without-need" },
    { "entry-refused", "typecode=16", "xsave-refused" },
    { "entry-refused", "typecode=20 errno=6", "msr-refused" },
    { "entry-refused", "typecode=20 errno=any", "msr-descriptor" },
    { "entry-refused", "typecode=20 errno=none", "msr-descriptor" },
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
    { "policy-refused", "errno=34 leaf=nowhere", "policy-damaged" },
    { "policy-refused", "errno=34 msr=nowhere", "policy-damaged" },
    { "policy-refused", "errno=34", "policy-no-place" },
    { "policy-refused", "errno=7", "policy-no-place" },
    { "policy-refused", "leaf=7", "policy-leaf-7" },
    { "policy-refused", "leaf=0", "policy-leaves" },
    { "policy-refused", "leaf=0x80000000", "policy-leaves" },
    { "parameter-refused", "param=9 errno=17", "parameter-viridian" },
    { "parameter-refused", "param=9 errno=22", "parameter-viridian-group" },
    { "parameter-refused", "param=9 errno=19", "parameter-no-viridian" },
    { "parameter-refused", "errno=19", "parameter-of-hvm" },
    { "parameter-refused", "param=nowhere errno=22", "parameter-damaged" },
    { "parameter-refused", "param=36 errno=22", "parameter-newer" },
    { "parameter-refused", "param=37 errno=22", "parameter-newer" },
    { "parameter-refused", "param=38 errno=22", "parameter-newer" },
    { "parameter-refused", "param=38 errno=17", "parameter-mca" },
    { "legacy-chunk", "batch=1970103633", "legacy-past-end" },
    { "legacy-chunk", "batch=chunk", "legacy-chunk-newer" },
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
    { "libxc-mark", "marker=legacy", "libxc-legacy" },
    { "libxc-mark", "marker=any", "libxc-other" },
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

/* Whether no release has the leaf, MSR or parameter; all ones stand for
 * none. */
static bool is_nowhere(const struct event *event, enum hole_id id,
                       uint64_t value)
{
    struct policy_limits most = policy_limits_of_all();
    const struct hole *hole = find_hole(event, HOLE_SUBLEAF, 0);
    uint64_t subleaf = CPUID_NO_SUBLEAF;

    if (value == UINT32_MAX)
        return false;
    if (id == HOLE_MSR)
        return value > UINT32_MAX || !policy_has_msr((uint32_t)value);
    if (id == HOLE_PARAM)
        return !number_find(&numbers_hvm_param, value);
    return id == HOLE_LEAF && (!hole || hole_value(hole, &subleaf)) &&
           (value > UINT32_MAX || subleaf > UINT32_MAX ||
            !policy_has_leaf(&most, (uint32_t)value, (uint32_t)subleaf));
}

/* Whether the number is of that kind, which a word tells. */
static bool is_kind(const struct event *event, const struct hole *hole,
                    const char *kind, uint64_t value)
{
    uint64_t size;
    unsigned int width;

    if (strcmp(kind, "legacy") == 0)
        return ident_of_legacy(hole->id == HOLE_MARKER
                                   ? __builtin_bswap64(value) : value,
                               &size, &width);
    if (strcmp(kind, "nowhere") == 0)
        return is_nowhere(event, hole->id, value);
    return strcmp(kind, "chunk") == 0 && *hole->at == '-' &&
           number_find(&numbers_chunk, value);
}

static bool holds(const struct event *event, enum hole_id id, size_t nth,
                  const char *want, size_t length)
{
    const struct hole *hole = find_hole(event, id, nth);
    char word[12] = "";
    uint64_t value;
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
    if (known && hole && *want >= 'a' && length < sizeof(word)) {
        memcpy(word, want, length);
        return is_kind(event, hole, word, value);
    }
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
