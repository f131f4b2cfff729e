/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PROVENANCE: where an image comes from, as JSON. */
#include "base/chars.h"
#include "base/bytes.h"
#include "format/image.h"
#include "base/json.h"
#include "catalogue/release-set.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

/* The text members, in the order of writing. */
static const struct {
    const char *key;
    size_t offset, size;
} texts[] = {
#define TEXT_MEMBER(name) \
    { #name, offsetof(struct domctx_provenance, name), \
      sizeof(((struct domctx_provenance *)0)->name) }
    TEXT_MEMBER(tool),
    TEXT_MEMBER(host),
    TEXT_MEMBER(time),
    TEXT_MEMBER(domain_name),
    TEXT_MEMBER(uuid),
    TEXT_MEMBER(domain_type),
    TEXT_MEMBER(xen_version),
    TEXT_MEMBER(xen_changeset),
    TEXT_MEMBER(source),
#undef TEXT_MEMBER
};
#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

/* The number members follow them. */
enum { MEMBER_DOMID = N_TEXTS, MEMBER_CPU_TIME, MEMBER_NONE };

static const char *member_key(size_t member)
{
    return member == MEMBER_DOMID      ? "domid"
           : member == MEMBER_CPU_TIME ? "cpu_time_ns"
                                       : texts[member].key;
}

/* "xen_releases": [["4.17.3", "4.17.7"], ["4.18.1", "4.18.4"]] */
#define RELEASES "xen_releases"

static void put_releases(struct json_writer *writer,
                         const struct domctx_releases *releases)
{
    struct domctx_release_range range;
    char text[DOMCTX_RELEASE_ROOM];

    if (!releases || !domctx_releases_range(releases, 0, &range))
        return;
    json_open(writer, RELEASES, JSON_ARRAY);
    for (size_t i = 0; domctx_releases_range(releases, i, &range); i++) {
        json_put_mark(writer, JSON_ARRAY);
        json_put_string(writer, domctx_release_text(&range.first, text));
        json_put_string(writer, domctx_release_text(&range.last, text));
        json_put_mark(writer, JSON_ARRAY_END);
    }
    json_put_mark(writer, JSON_ARRAY_END);
}

static void put_members(struct json_writer *writer,
                        const struct domctx_provenance *provenance)
{
    for (size_t i = 0; i < N_TEXTS; i++)
        json_pair_said(writer, texts[i].key,
                       (const char *)provenance + texts[i].offset);
    if (provenance->has_domid) {
        json_pair_u64(writer, "domid", provenance->domid);
    }
    if (provenance->has_cpu_time) {
        json_pair_hex(writer, "cpu_time_ns", provenance->cpu_time_ns);
    }
    put_releases(writer, provenance->releases);
}

char *domctx_provenance_json(const struct domctx_provenance *provenance)
{
    struct json_writer writer;

    json_begin(&writer, false);
    json_put_mark(&writer, JSON_OBJECT);
    put_members(&writer, provenance);
    json_put_mark(&writer, JSON_OBJECT_END);
    return json_take(&writer);
}

/* -- reading --------------------------------------------------------- */

struct reading {
    struct domctx_provenance *to;
    size_t member;            /* the one whose value is next */
    unsigned int seen;        /* one bit for each member */
    bool bad;                 /* the member has a wrong type or value */
};

static size_t find_member(const struct json_token *token)
{
    for (size_t i = 0; i < MEMBER_NONE; i++)
        if (json_is(token, member_key(i)))
            return i;
    return MEMBER_NONE;
}

static bool take_member(struct reading *reading,
                        const struct json_token *token)
{
    struct domctx_provenance *to = reading->to;
    uint64_t number;

    if (reading->member < N_TEXTS)
        return json_take_text(token,
                              (char *)to + texts[reading->member].offset,
                              texts[reading->member].size);
    if (reading->member == MEMBER_DOMID) {
        if (!json_take_number(token, UINT32_MAX, &number))
            return false;
        to->domid = (uint32_t)number;
        return to->has_domid = true;
    }
    return to->has_cpu_time =
               json_take_number(token, UINT64_MAX, &to->cpu_time_ns);
}

static int read_token(void *arg, const struct json_token *token)
{
    struct reading *reading = arg;

    if (token->depth != 1)
        return 0;
    if (token->kind == JSON_KEY) {
        reading->member = find_member(token);
        if (reading->member != MEMBER_NONE) {
            reading->bad = reading->seen >> reading->member & 1;
            reading->seen |= 1u << reading->member;
        }
    } else if (reading->member != MEMBER_NONE) {
        reading->bad = !take_member(reading, token);
        if (!reading->bad)
            reading->member = MEMBER_NONE;
    }
    return reading->bad;
}

int domctx_image_provenance(const domctx_image *image,
                            struct domctx_provenance *provenance,
                            domctx_report *report)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    struct reading reading = { provenance, MEMBER_NONE, 0, false };
    struct json_error error;
    struct msg_at at;

    memset(provenance, 0, sizeof(*provenance));
    if (!record)
        return 0;
    switch (json_parse(record->body, record->length, read_token, &reading,
                       &error)) {
    case JSON_OK:
        return 1;
    case JSON_NO_MEMORY:
        return msg_no_memory(report, record->length);
    case JSON_STOPPED:
    case JSON_SYNTAX: /* cannot happen: the parse of the image accepted the
                       * JSON */
    default:
        at = at_record(record);
        at.field = reading.bad ? member_key(reading.member) : NULL;
        return msg_raise(report, MSG_PROVENANCE_MEMBER, &at,
                         "a member of PROVENANCE cannot be read");
    }
}

/* -- the releases -------------------------------------------------------- */

struct ranges {
    struct domctx_releases set;
    bool here, bad;           /* here: inside the list */
    size_t n;                 /* texts of the present range */
    struct release first;
};

static bool take_bound(struct ranges *ranges, const struct json_token *token)
{
    char text[DOMCTX_RELEASE_ROOM];
    struct domctx_releases set;
    struct release release;

    if (!json_take_text(token, text, sizeof(text)) ||
        !release_parse(text, &release) || ranges->n > 1)
        return false;
    if (ranges->n++ == 0) {
        ranges->first = release;
        return true;
    }
    set = set_from_to(ranges->first, release);
    set_or(&ranges->set, &set);
    return true;
}

static int range_token(void *arg, const struct json_token *token)
{
    struct ranges *ranges = arg;

    if (token->depth == 1) {
        ranges->here = token->kind == JSON_KEY ? json_is(token, RELEASES)
                                               : ranges->here &&
                                                     token->kind == JSON_ARRAY;
        return 0;
    }
    if (!ranges->here || token->depth > 3)
        return 0;
    if (token->depth == 3)
        ranges->bad |= !take_bound(ranges, token);
    else if (token->kind == JSON_ARRAY)
        ranges->n = 0;
    else
        ranges->bad |= token->kind != JSON_ARRAY_END || ranges->n != 2;
    return ranges->bad;
}

bool domctx_image_releases(const domctx_image *image,
                           struct domctx_releases *releases)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    struct ranges ranges = { .bad = !record };
    struct json_error error;

    memset(releases, 0, sizeof(*releases));
    if (!record || json_parse(record->body, record->length, range_token,
                              &ranges, &error) != JSON_OK ||
        ranges.bad || set_empty(&ranges.set))
        return false;
    *releases = ranges.set;
    return true;
}

/* -- adding to the history --------------------------------------------- */

struct entry {
    const char *what, *tool, *time;
};

struct copying {
    struct json_writer writer;
    const struct entry *entry;
    const struct domctx_releases *releases; /* NULL: keep the old list */
    bool skipping;            /* inside the old list */
    bool at_history;          /* the value of "history" is next */
    bool in_history, done;
    bool bad;
};

static void put_entry(struct json_writer *writer, const struct entry *entry)
{
    json_put_mark(writer, JSON_OBJECT);
    json_pair_said(writer, "what", entry->what);
    json_pair_said(writer, "tool", entry->tool);
    json_pair_said(writer, "time", entry->time);
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_history(struct json_writer *writer,
                        const struct entry *entry)
{
    json_open(writer, "history", JSON_ARRAY);
    put_entry(writer, entry);
    json_put_mark(writer, JSON_ARRAY_END);
}

/* Skip the old list of releases, and write the new one before the object
 * ends. */
static bool is_replaced(struct copying *copying,
                        const struct json_token *token)
{
    if (!copying->releases)
        return false;
    if (token->depth == 1 && token->kind == JSON_KEY)
        copying->skipping = json_is(token, RELEASES);
    if (token->depth == 0 && token->kind == JSON_OBJECT_END) {
        copying->skipping = false;
        put_releases(&copying->writer, copying->releases);
    }
    return copying->skipping && token->depth > 0;
}

/* Copy every token; insert the new entry at the end of the history, or make a
 * history at the end of the object. */
static int copy_token(void *arg, const struct json_token *token)
{
    struct copying *copying = arg;

    if (is_replaced(copying, token))
        return 0;
    if (token->depth == 1 && copying->at_history) {
        copying->bad = copying->done || token->kind != JSON_ARRAY;
        copying->at_history = false;
        copying->in_history = true;
    } else if (token->depth == 1 && copying->in_history) {
        put_entry(&copying->writer, copying->entry);
        copying->in_history = false;
        copying->done = true;
    } else if (token->depth == 0 && token->kind == JSON_OBJECT_END &&
               !copying->done) {
        put_history(&copying->writer, copying->entry);
    }
    if (token->depth == 1 && token->kind == JSON_KEY)
        copying->at_history = json_is(token, "history");
    json_put(&copying->writer, token);
    return copying->bad || copying->writer.failed;
}

static char *new_history(const struct domctx_provenance *origin,
                         const struct entry *entry)
{
    struct json_writer writer;

    json_begin(&writer, false);
    json_put_mark(&writer, JSON_OBJECT);
    put_members(&writer, origin);
    put_history(&writer, entry);
    json_put_mark(&writer, JSON_OBJECT_END);
    return json_take(&writer);
}

static char *add_history(const struct domctx_record *record,
                         const struct entry *entry,
                         const struct domctx_releases *releases,
                         domctx_report *report)
{
    struct copying copying = { .entry = entry, .releases = releases };
    struct json_error error;
    enum json_result result;
    struct msg_at at = at_record(record);
    char *json;

    json_begin(&copying.writer, false);
    result = json_parse(record->body, record->length, copy_token, &copying,
                        &error);
    json = json_take(&copying.writer);
    if (copying.bad || result == JSON_SYNTAX) {
        free(json);
        at.field = "history";
        msg_raise(report, MSG_PROVENANCE_HISTORY, &at,
                  "the history in PROVENANCE cannot be added to");
        return NULL;
    }
    if (!json || result != JSON_OK) {
        free(json);
        msg_no_memory(report, record->length);
        return NULL;
    }
    return json;
}

char *domctx_provenance_convert(const domctx_image *from,
                                const struct domctx_provenance *origin,
                                const char *tool, const char *time,
                                const char *what, domctx_report *report)
{
    const struct domctx_record *record =
        from ? domctx_image_find(from, DOMCTX_PROVENANCE, 0) : NULL;
    static const struct domctx_provenance unknown;
    struct entry entry = { what, tool, time };
    char *json;

    if (record)
        return add_history(record, &entry,
                           origin ? origin->releases : NULL, report);
    json = new_history(origin ? origin : &unknown, &entry);
    if (!json)
        msg_no_memory(report, 0);
    return json;
}
