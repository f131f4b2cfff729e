/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A JSON document as the bytes it stands for.
 *
 * What the records mean hangs on the head of the document, which may stand
 * behind them, so the head is looked for first: in a document as we write
 * it, that takes its first four members.
 */
#include "format/builder.h"
#include "base/bytes.h"
#include "format/hvm.h"
#include "document/document.h"
#include "document/fill.h"
#include "format/trailer.h"

#include <stdlib.h>
#include <string.h>

/* -- the head ---------------------------------------------------------- */

enum { HEAD_SCHEMA, HEAD_FORMAT, HEAD_BYTE_ORDER, HEAD_XEN, HEAD_RECORDS,
       HEAD_GUEST, HEAD_COUNT };
static const char *const head_keys[HEAD_COUNT] = {
    KEY_SCHEMA, KEY_FORMAT, KEY_BYTE_ORDER, KEY_XEN, KEY_RECORDS,
    KEY_GUEST,
};

struct document {
    domctx_report *report;
    const void *text;
    size_t size;

    int member;              /* of the head, whose value comes next */
    unsigned int seen;       /* a bit for each */
    bool hvm, big, has_version;
    cat_version version;
    const struct json_some *some; /* NULL: all of an image or blob */

    struct json_fill fill;
    struct json_kept kept;
    domctx_builder *out;     /* the image or blob */
    domctx_builder *blob;    /* in HVM_CONTEXT */
    size_t record, inner;    /* of which comes next */
    struct json_starts starts, inner_starts;
    size_t inner_first;      /* token of a record in HVM_CONTEXT */
    bool in_records;         /* of the document; of HVM_CONTEXT */
    bool in_inner;
    bool nested_key;         /* the value of "records" of a record is next */
};

static int head_member(const struct json_token *key)
{
    for (int i = 0; i < HEAD_COUNT; i++)
        if (key->size == strlen(head_keys[i]) &&
            memcmp(key->text, head_keys[i], key->size) == 0)
            return i;
    return HEAD_COUNT;
}

static int refuse_head(const struct document *document, enum msg_id id,
                       int member, const char *text)
{
    struct json_place place = { NULL, head_keys[member],
                                strlen(head_keys[member]), 0 };

    return json_refuse(document->report, id, &place, NULL, text);
}

/* One of two words. */
static bool take_word(const struct json_token *token, const char *no,
                      const char *yes, bool *value)
{
    if (token->kind != JSON_STRING)
        return false;
    *value = json_is(token, yes);
    return *value || json_is(token, no);
}

/* "4.17", or null. */
static bool take_version(struct document *document,
                         const struct json_token *token)
{
    struct json_token part = { .kind = JSON_NUMBER };
    uint64_t xen_major, xen_minor;
    const char *dot;
    enum msg_id id;

    if (token->kind != JSON_STRING)
        return token->kind == JSON_NULL;
    dot = memchr(token->text, '.', token->size);
    if (!dot)
        return false;
    part.text = token->text;
    part.size = (size_t)(dot - token->text);
    if (!json_number(&part, 32, false, &xen_major, &id))
        return false;
    part.text = dot + 1;
    part.size = token->size - part.size - 1;
    if (!json_number(&part, 32, false, &xen_minor, &id))
        return false;
    document->has_version = true;
    document->version = cat_version_of((uint32_t)xen_major,
                                       (uint32_t)xen_minor);
    return true;
}

static int take_head(struct document *document,
                     const struct json_token *token)
{
    bool right = true;

    switch (document->member) {
    case HEAD_SCHEMA:
        right = take_word(token, JSON_SCHEMA_OLD, JSON_SCHEMA,
                          &document->fill.shapes.whole);
        break;
    case HEAD_FORMAT:
        right = take_word(token, WORD_IMAGE, WORD_HVM, &document->hvm);
        break;
    case HEAD_BYTE_ORDER:
        right = take_word(token, WORD_LITTLE, WORD_BIG, &document->big);
        break;
    case HEAD_XEN:
        right = take_version(document, token);
        break;
    default:
        break;
    }
    return right ? 0
                 : refuse_head(document, MSG_JSON_SCHEMA, document->member,
                               "no value for this member of the head");
}

/* The members that the format needs. */
static unsigned int wanted(const struct document *document)
{
    return 1u << HEAD_SCHEMA | 1u << HEAD_FORMAT |
           1u << (document->hvm ? HEAD_XEN : HEAD_BYTE_ORDER);
}

/* Whether an object has members, and one that only our documents have; an
 * edited document still has records. */
struct whose { bool ours, members; };

static int find_whose(void *arg, const struct json_token *token)
{
    struct whose *whose = arg;
    int member;

    if (token->depth == 0 && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END)
        whose->ours = true;   /* no object: its reader says so */
    if (token->depth != 1 || token->kind != JSON_KEY)
        return 0;
    whose->members = true;
    member = head_member(token);
    whose->ours |= member == HEAD_SCHEMA || member == HEAD_BYTE_ORDER ||
                   member == HEAD_RECORDS;
    return whose->ours;
}

/* Refuse valid JSON of another program.  Leave invalid JSON to the later
 * walks, which report the place. */
static int refuse_another(const struct document *document)
{
    struct whose whose = { false, false };
    struct json_error error;
    enum json_result result = json_parse(document->text, document->size,
                                         find_whose, &whose, &error);

    if (result == JSON_NO_MEMORY)
        return msg_no_memory(document->report, document->size);
    if (result != JSON_OK || !whose.members || whose.ours)
        return 0;
    return msg_raise(document->report, MSG_KIND_JSON, NULL,
                     "this JSON is of another program: it has neither schema "
                     "nor records");
}

/* Looks for the head alone, and stops when all of it was seen. */
static int find_head(void *arg, const struct json_token *token)
{
    struct document *document = arg;

    if (token->depth == 0 && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END) {
        json_refuse(document->report, MSG_JSON_SCHEMA, NULL, NULL,
                    "an object is wanted");
        return 1;
    }
    if (token->depth != 1)
        return 0;
    if (token->kind == JSON_KEY) {
        document->member = head_member(token);
        return 0;
    }
    if (document->member == HEAD_COUNT)
        return 0;
    if (take_head(document, token))
        return 1;
    document->seen |= 1u << document->member;
    document->member = HEAD_COUNT;
    return !(wanted(document) & ~document->seen);
}

/* -- records ----------------------------------------------------------- */

/* Compute DIGEST over the bytes built so far. */
static void renew_digest(struct document *document)
{
    struct json_fill *fill = &document->fill;

    if (!document->hvm && fill->type == DOMCTX_DIGEST &&
        fill->length == DIGEST_BODY)
        set_u64(fill->body + 8, document->big,
                digest_of(builder_bytes(document->out),
                          builder_size(document->out)));
}

/* Take the release from START, for the records behind it. */
static void note_version(struct document *document)
{
    struct json_fill *fill = &document->fill;

    if (document->hvm || fill->type != DOMCTX_START || fill->length != 8)
        return;
    fill->has_version = true;
    fill->version = cat_version_of(get32(fill->body, document->big),
                                   get32(fill->body + 4, document->big));
}

/* "$.records[i]" and "$.records[i].records[j]". */
struct places {
    struct json_place records, record, inner_records, inner;
};

static void make_places(const struct document *document,
                        struct places *places)
{
    const size_t size = strlen(KEY_RECORDS);

    places->records = (struct json_place){ NULL, KEY_RECORDS, size, 0 };
    places->record = (struct json_place){ &places->records, NULL, 0,
                                          document->record };
    places->inner_records = (struct json_place){ &places->record,
                                                 KEY_RECORDS, size, 0 };
    places->inner = (struct json_place){ &places->inner_records, NULL, 0,
                                         document->inner };
}

static int not_a_record(const struct document *document, bool inner)
{
    struct places places;

    make_places(document, &places);
    return json_refuse(document->report, MSG_JSON_TYPE,
                       inner ? &places.inner : &places.record, NULL,
                       "an object is wanted");
}

/* Check the framing of a blob in HVM_CONTEXT: no reader accepts an image with
 * a broken one. */
static int judge_wrapped(const struct document *document,
                         const struct json_place *place)
{
    const struct json_fill *fill = &document->fill;
    const struct json_starts *starts = &document->inner_starts;
    uint64_t base = builder_size(document->out) + DOMCTX_HEADER_SIZE;
    domctx_report *own;
    domctx_hvm *hvm;
    int result;

    if (document->hvm || fill->type != DOMCTX_HVM_CONTEXT)
        return 0;
    own = domctx_report_new();
    if (!own)
        return msg_no_memory(document->report, 0);
    result = hvm_parse_framing(fill->body, fill->length, base, &hvm, own);
    for (size_t i = 0; i < starts->count; i++)
        starts->at[i] += base;
    json_relay(own, starts, base + fill->length, place, document->report);
    domctx_hvm_free(hvm);
    domctx_report_free(own);
    return result;
}

/* One of some. */
static int put_one(const struct document *document)
{
    const struct json_fill *fill = &document->fill;
    struct json_record record = {
        .type = document->hvm ? DOMCTX_HVM_RECORD(fill->type) : fill->type,
        .instance = fill->instance, .body = fill->body,
        .length = fill->length,
    };

    return document->some->put(document->some->arg, &record);
}

static int end_record(struct document *document)
{
    struct json_fill *fill = &document->fill;
    struct places places;

    make_places(document, &places);
    fill->in_blob = document->hvm;
    if (document->blob) {
        fill->blob = builder_bytes(document->blob);
        fill->blob_size = builder_size(document->blob);
    }
    fill->has_blob = document->blob;
    if (json_fill(fill, &document->kept, 0, &places.record))
        return -1;
    document->record++;
    domctx_builder_free(document->blob);
    document->blob = NULL;
    if (document->some)
        return put_one(document);
    note_version(document);
    renew_digest(document);
    if (judge_wrapped(document, &places.record))
        return -1;
    document->inner_starts.count = 0;
    if (!json_start(&document->starts, builder_size(document->out)))
        return msg_no_memory(document->report, 0);
    return builder_put(document->out, fill->type, fill->instance,
                       fill->claimed, fill->body, fill->length,
                       document->report);
}

/* The same of a record in HVM_CONTEXT, whose tokens are then forgotten. */
static int end_inner(struct document *document)
{
    struct json_fill *fill = &document->fill;
    struct places places;

    make_places(document, &places);
    fill->in_blob = true;
    if (json_fill(fill, &document->kept, document->inner_first,
                  &places.inner))
        return -1;
    document->inner++;
    document->kept.size = document->inner_first;
    if (!json_start(&document->inner_starts, builder_size(document->blob)))
        return msg_no_memory(document->report, 0);
    return builder_put(document->blob, fill->type, fill->instance,
                       fill->claimed, fill->body, fill->length,
                       document->report);
}

static int keep(struct document *document, const struct json_token *token)
{
    struct places places;

    if (json_keep(&document->kept, token))
        return 0;
    if (!document->kept.full)
        return msg_no_memory(document->report, token->size);
    make_places(document, &places);
    return json_refuse(document->report, MSG_JSON_RECORD_LONG,
                       &places.record, NULL,
                       "more members and elements than any record has");
}

/* Depths: 2 the braces of a record, 3 its members, 4 the braces of a record
 * in HVM_CONTEXT. */
static int in_record(struct document *document,
                     const struct json_token *token)
{
    if (token->depth == 3 && token->kind == JSON_KEY) {
        document->nested_key = !document->hvm &&
                               head_member(token) == HEAD_RECORDS;
    } else if (token->depth == 3 && document->nested_key) {
        document->in_inner = token->kind == JSON_ARRAY;
        document->nested_key = document->in_inner;
        if (document->in_inner && !document->blob) {
            document->blob = builder_new_bare(true, false);
            document->inner = 0;
            if (!document->blob)
                return msg_no_memory(document->report, 0);
        }
    } else if (token->depth == 4 && document->in_inner) {
        if (token->kind == JSON_OBJECT_END)
            return end_inner(document);
        document->inner_first = document->kept.size;
        return token->kind == JSON_OBJECT ? 0
                                          : not_a_record(document, true);
    }
    return keep(document, token);
}

/* -- the document ------------------------------------------------------ */

static int take_key(struct document *document, const struct json_token *key)
{
    struct json_place place = { NULL, key->text, key->size, 0 };
    int other = document->hvm ? HEAD_BYTE_ORDER : HEAD_XEN;
    int member = head_member(key);

    document->member = member;
    if (member == HEAD_COUNT || member == other ||
        (member == HEAD_GUEST && !document->hvm))
        return json_refuse(document->report, MSG_JSON_MEMBER_UNKNOWN, &place,
                           NULL, "no such member");
    if (document->seen >> document->member & 1)
        return json_refuse(document->report, MSG_JSON_MEMBER_TWICE, &place,
                           NULL, "a member is there twice");
    document->seen |= 1u << document->member;
    return 0;
}

/* All tokens; the values of the head are known. */
static int take(void *arg, const struct json_token *token)
{
    struct document *document = arg;

    if (document->member == HEAD_GUEST && token->depth > 1)
        return 0; /* no part of the context */
    if (token->depth > 2)
        return in_record(document, token);
    if (token->depth == 2) {
        if (token->kind == JSON_OBJECT_END)
            return end_record(document);
        document->kept.size = 0;
        return token->kind == JSON_OBJECT ? 0
                                          : not_a_record(document, false);
    }
    if (token->depth == 0)
        return 0;
    if (token->kind == JSON_KEY)
        return take_key(document, token);
    if (document->member == HEAD_RECORDS && token->kind != JSON_ARRAY &&
        token->kind != JSON_ARRAY_END)
        return refuse_head(document, MSG_JSON_TYPE, HEAD_RECORDS,
                           "an array is wanted");
    if (document->member == HEAD_GUEST && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END)
        return refuse_head(document, MSG_JSON_TYPE, HEAD_GUEST,
                           "an object is wanted");
    return 0;
}

/* 0 when the handler saw all there is. */
static int walk(struct document *document, json_handler *handler,
                enum json_result *result)
{
    struct json_error error;
    struct msg_at at = { .has_offset = true };

    document->member = HEAD_COUNT;
    document->seen = 0;
    *result = json_parse(document->text, document->size, handler, document,
                         &error);
    if (*result == JSON_NO_MEMORY)
        return msg_no_memory(document->report, document->size);
    if (*result != JSON_SYNTAX)
        return 0;
    at.offset = error.offset;
    return msg_raise(document->report, MSG_JSON_SYNTAX, &at,
                     "not a JSON document: %s", error.text);
}

static int read_head(struct document *document)
{
    enum json_result result;
    unsigned int lacks;

    if (refuse_another(document) || walk(document, find_head, &result))
        return -1;
    lacks = wanted(document) & ~document->seen;
    for (int i = 0; result == JSON_OK && i < HEAD_COUNT; i++)
        if (lacks >> i & 1)
            return refuse_head(document, MSG_JSON_SCHEMA, i,
                               "the document lacks a member");
    return lacks ? -1 : 0;
}

static int read_records(struct document *document)
{
    enum json_result result;

    document->fill.report = document->report;
    document->fill.text_size = document->size;
    document->fill.big = document->big;
    document->fill.has_version = document->has_version;
    document->fill.version = document->version;
    document->out = builder_new_bare(document->hvm, document->big);
    if (!document->out)
        return msg_no_memory(document->report, 0);
    if (walk(document, take, &result) || result != JSON_OK)
        return -1;
    return document->seen >> HEAD_RECORDS & 1
               ? 0
               : refuse_head(document, MSG_JSON_MEMBER_MISSING, HEAD_RECORDS,
                             "a member is missing");
}

/* Hand over the bytes if the parser accepts them. */
static int hand_over(struct document *document, uint8_t **buf,
                     size_t *buf_size)
{
    domctx_report *own = domctx_report_new();
    uint64_t end = builder_size(document->out);
    int result;

    if (!own)
        return msg_no_memory(document->report, 0);
    result = builder_hand_over(document->out, buf, buf_size, own);
    json_relay(own, &document->starts, end, NULL, document->report);
    domctx_report_free(own);
    return result;
}

static void free_document(struct document *document)
{
    domctx_builder_free(document->out);
    domctx_builder_free(document->blob);
    json_fill_free(&document->fill);
    free(document->kept.bytes);
    free(document->starts.at);
    free(document->inner_starts.at);
}

int domctx_json_read(const void *text, size_t size, uint8_t **buf,
                     size_t *buf_size, domctx_report *report)
{
    struct document document = {
        .report = report, .text = text, .size = size,
        .kept = { .text = text, .text_size = size },
    };
    int result;

    *buf = NULL;
    *buf_size = 0;
    result = read_head(&document);
    if (result == 0)
        result = read_records(&document);
    if (result == 0)
        result = hand_over(&document, buf, buf_size);
    free_document(&document);
    return result;
}

int json_read_some(const void *text, size_t size,
                   const struct json_some *some, domctx_report *report)
{
    struct document document = {
        .report = report, .text = text, .size = size, .some = some,
        .kept = { .text = text, .text_size = size },
    };
    int result = read_head(&document);

    if (result == 0 &&
        (document.hvm != some->hvm || document.big != some->big))
        result = refuse_head(&document, MSG_JSON_SCHEMA,
                             document.hvm != some->hvm ? HEAD_FORMAT
                                                       : HEAD_BYTE_ORDER,
                             "differs from that of the context");
    if (result == 0) {
        document.has_version = some->has_version;
        document.version = some->version;
        result = read_records(&document);
    }
    free_document(&document);
    return result;
}
