/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON document as the bytes that it describes. */
#include "format/builder.h"
#include "base/bytes.h"
#include "format/frame.h"
#include "format/hvm.h"
#include "document/reading.h"
#include "format/trailer.h"

#include <stdlib.h>
#include <string.h>

/* -- records ------------------------------------------------------------ */

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

/* Take the release from START for the records that follow. */
static void note_version(struct document *document)
{
    struct json_fill *fill = &document->fill;

    if (document->hvm || fill->type != DOMCTX_START || fill->length != 8)
        return;
    fill->has_version = true;
    fill->version = cat_version_of(get32(fill->body, document->big),
                                   get32(fill->body + 4, document->big));
}

/* The places "$.records[i]" and "$.records[i].records[j]". */
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

/* Pass on one record, when only some are read. */
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

/* Append the record that was read. */
static int append(const struct document *document, domctx_builder *to)
{
    const struct json_fill *fill = &document->fill;

    if (builder_put(to, fill->type, fill->instance, fill->claimed,
                    fill->body, fill->length, document->report))
        return -1;
    return builder_size(to) > FRAME_CAP ? json_too_large(document->report)
                                        : 0;
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
    return append(document, document->out);
}

/* The same for a record in HVM_CONTEXT, whose tokens are then dropped. */
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
    return append(document, document->blob);
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

/* Depth 2 is the braces of a record, 3 its members, 4 the braces of a record
 * in HVM_CONTEXT. */
static int in_record(struct document *document,
                     const struct json_token *token)
{
    if (token->depth == 3 && token->kind == JSON_KEY) {
        document->nested_key = !document->hvm &&
                               json_head_member(token) == HEAD_RECORDS;
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
    int member = json_head_member(key);

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

/* Take every token; the values in the head are known already. */
static int take(void *arg, const struct json_token *token)
{
    struct document *document = arg;

    if (document->member == HEAD_GUEST && token->depth > 1)
        return 0; /* not part of the context */
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
        return json_refuse_head(document, MSG_JSON_TYPE, HEAD_RECORDS,
                                "an array is wanted");
    if (document->member == HEAD_GUEST && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END)
        return json_refuse_head(document, MSG_JSON_TYPE, HEAD_GUEST,
                                "an object is wanted");
    return 0;
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
    if (json_walk(document, take, &result) || result != JSON_OK)
        return -1;
    if (document->seen >> HEAD_RECORDS & 1)
        return 0;
    return json_refuse_head(document, MSG_JSON_MEMBER_MISSING, HEAD_RECORDS,
                            "a member is missing");
}

/* Hand over the bytes, if the parser accepts them. */
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
    result = json_read_head(&document);
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
    int result = json_read_head(&document);

    if (result == 0 &&
        (document.hvm != some->hvm || document.big != some->big))
        result = json_refuse_head(&document, MSG_JSON_SCHEMA,
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
