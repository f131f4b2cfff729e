/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PROVENANCE: where an image comes from, as JSON. */
#include "base/chars.h"
#include "base/bytes.h"
#include "format/image.h"
#include "base/json.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

/* The members that are texts, in the order they are written. */
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

/* The members that are numbers follow them. */
enum { MEMBER_DOMID = N_TEXTS, MEMBER_CPU_TIME, MEMBER_NONE };

static const char *member_key(size_t member)
{
    return member == MEMBER_DOMID      ? "domid"
           : member == MEMBER_CPU_TIME ? "cpu_time_ns"
                                       : texts[member].key;
}

static void put_text(struct json_writer *writer, const char *key,
                     const char *text)
{
    if (!text || !*text)
        return;
    json_put_key(writer, key);
    json_put_string(writer, text);
}

static void put_members(struct json_writer *writer,
                        const struct domctx_provenance *provenance)
{
    for (size_t i = 0; i < N_TEXTS; i++)
        put_text(writer, texts[i].key,
                 (const char *)provenance + texts[i].offset);
    if (provenance->has_domid) {
        json_put_key(writer, "domid");
        json_put_u64(writer, provenance->domid);
    }
    if (provenance->has_cpu_time) {
        json_put_key(writer, "cpu_time_ns");
        json_put_hex(writer, provenance->cpu_time_ns);
    }
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
    size_t member;            /* whose value comes next */
    unsigned int seen;        /* a bit for each member */
    bool bad;                 /* member is what is wrong */
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
    case JSON_SYNTAX: /* was JSON when the image was parsed */
    default:
        at = at_record(record);
        at.field = reading.bad ? member_key(reading.member) : NULL;
        return msg_raise(report, MSG_PROVENANCE_MEMBER, &at,
                         "a member of PROVENANCE cannot be read");
    }
}

/* -- adding to the history --------------------------------------------- */

struct entry {
    const char *what, *tool, *time;
};

struct copying {
    struct json_writer writer;
    const struct entry *entry;
    bool at_history;          /* the value of "history" comes next */
    bool in_history, done;
    bool bad;
};

static void put_entry(struct json_writer *writer, const struct entry *entry)
{
    json_put_mark(writer, JSON_OBJECT);
    put_text(writer, "what", entry->what);
    put_text(writer, "tool", entry->tool);
    put_text(writer, "time", entry->time);
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_history(struct json_writer *writer,
                        const struct entry *entry)
{
    json_put_key(writer, "history");
    json_put_mark(writer, JSON_ARRAY);
    put_entry(writer, entry);
    json_put_mark(writer, JSON_ARRAY_END);
}

/* Write every token again; the entry goes in front of the end of the
 * history, or of the object that has none. */
static int copy_token(void *arg, const struct json_token *token)
{
    struct copying *copying = arg;

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
                         const struct entry *entry, domctx_report *report)
{
    struct copying copying = { .entry = entry };
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
    struct entry entry = { what, tool, time };
    char *json;

    if (record)
        return add_history(record, &entry, report);
    json = new_history(origin, &entry);
    if (!json)
        msg_no_memory(report, 0);
    return json;
}
