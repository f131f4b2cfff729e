/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context as a JSON document. */
#include "document/document.h"
#include "base/bytes.h"
#include "base/messages.h"
#include "format/hvm.h"
#include "format/image.h"
#include "document/record.h"

#include <inttypes.h>
#include <stdio.h>

/* Write the records of a blob with its END, which is not in the view.  *next
 * is the index of the blob's first record, and on return of the record after
 * it. */
static void put_blob(struct json_writing *writing, const domctx_hvm *blob,
                     const struct context_record **next)
{
    const struct domctx_record *end = &blob->records[blob->count - 1];

    json_open(&writing->json, KEY_RECORDS, JSON_ARRAY);
    for (size_t i = 0; i + 1 < blob->count; i++, ++*next)
        json_put_record(writing, *next, le32((*next)->body - 4));
    json_put_head(writing, NAME_END, end->instance);
    json_put_claimed(writing, end->length, hvm_claim(end));
    json_put_mark(&writing->json, JSON_OBJECT_END);
    json_put_mark(&writing->json, JSON_ARRAY_END);
}

static void put_wrapped(struct json_writing *writing,
                        const struct domctx_record *record,
                        const struct context_record **next)
{
    const domctx_hvm *blob = writing->context->wrapped;
    uint64_t consumed = blob->consumed;

    json_put_head(writing, "HVM_CONTEXT", record->instance);
    put_blob(writing, blob, next);
    if (consumed < record->length) {
        json_put_key(&writing->json, KEY_AFTER_END);
        json_put_bytes(&writing->json, record->body + consumed,
                       record->length - consumed);
    }
    json_put_mark(&writing->json, JSON_OBJECT_END);
}

static void put_image(struct json_writing *writing,
                      const domctx_image *image)
{
    const struct context_record *next = writing->context->records;
    struct json_writer *json = &writing->json;

    json_open(json, KEY_RECORDS, JSON_ARRAY);
    for (size_t i = 0; i < image->count; i++) {
        if (image->records[i].type == DOMCTX_HVM_CONTEXT)
            put_wrapped(writing, &image->records[i], &next);
        else
            json_put_record(writing, next, next->length), next++;
    }
    json_put_mark(json, JSON_ARRAY_END);
}

static void put_version(struct json_writing *writing)
{
    struct json_writer *json = &writing->json;
    char version[32];

    json_put_key(json, KEY_XEN);
    if (!writing->context->has_version) {
        json_put_mark(json, JSON_NULL);
        return;
    }
    snprintf(version, sizeof(version), "%" PRIu32 ".%" PRIu32,
             writing->context->xen_major, writing->context->xen_minor);
    json_put_string(json, version);
}

void json_put_start(struct json_writing *writing, const char *schema)
{
    const domctx_image *image = writing->context->image;
    struct json_writer *json = &writing->json;

    json_put_mark(json, JSON_OBJECT);
    json_pair(json, KEY_SCHEMA, schema);
    json_pair(json, KEY_FORMAT, image ? WORD_IMAGE : WORD_HVM);
    if (!image) {
        put_version(writing);
        return;
    }
    json_pair(json, KEY_BYTE_ORDER, image->big ? WORD_BIG : WORD_LITTLE);
}

static int put_document(const domctx_context *context,
                        const struct domctx_source_info *info,
                        domctx_sink *sink, void *arg, domctx_report *report)
{
    const struct context_record *first = context->records;
    struct json_writing writing = { .context = context };
    struct out out;
    int result;

    out_begin(&out, sink, arg);
    json_begin_out(&writing.json, &out);
    json_put_start(&writing, JSON_SCHEMA);
    if (context->image)
        put_image(&writing, context->image);
    else
        put_blob(&writing, context->blob, &first);
    if (info)
        json_put_guest(&writing.json, info);
    json_put_mark(&writing.json, JSON_OBJECT_END);
    out_put(&out, "\n", 1);
    shapes_free(&writing.shapes);
    result = out_end(&out, report);
    return writing.no_memory ? msg_no_memory(report, 0) : result;
}

/* -- refusing what could not be read back ------------------------------- */

/* The most characters that a byte of a record takes: in PIC it takes 29. */
#define MOST_OF_A_BYTE 48

struct counted {
    uint64_t left;
    bool too_long;
};

static int count(void *arg, const char *text, size_t size)
{
    struct counted *counted = arg;

    (void)text;
    counted->too_long = size > counted->left;
    counted->left -= counted->too_long ? 0 : size;
    return counted->too_long ? -1 : 0;
}

/* A context that may become too long is first written to nowhere. */
static bool is_too_long(const domctx_context *context,
                        const struct domctx_source_info *info)
{
    struct counted counted = { DOMCTX_JSON_MAX, false };
    uint64_t size = 0;

    for (size_t i = 0; i < context->count; i++)
        size += context->records[i].length + DOMCTX_HEADER_SIZE;
    if (size < DOMCTX_JSON_MAX / MOST_OF_A_BYTE)
        return false;
    put_document(context, info, count, &counted, NULL);
    return counted.too_long;
}

int json_write(const domctx_context *context,
               const struct domctx_source_info *info, domctx_sink *sink,
               void *arg, domctx_report *report)
{
    struct msg_at at = { .expected = DEC(DOMCTX_JSON_MAX) };

    if (is_too_long(context, info))
        return msg_raise(report, MSG_JSON_LONG, &at,
                         "as JSON the context would be longer than what is "
                         "read back");
    return put_document(context, info, sink, arg, report);
}

int domctx_json_write(const domctx_context *context, domctx_sink *sink,
                      void *arg, domctx_report *report)
{
    return json_write(context, NULL, sink, arg, report);
}
