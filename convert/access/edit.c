/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/assign.h"
#include "access/wide.h"
#include "base/bytes.h"
#include "format/builder.h"
#include "format/hvm.h"
#include "format/image.h"
#include "format/trailer.h"
#include "catalogue/types.h"
#include "document/document.h"

#include <stdlib.h>
#include <string.h>

/* An editable copy of a context, and the view of it. */
struct domctx_edit {
    uint8_t *bytes;
    size_t size;
    domctx_context *context;
};

/* The bytes of the image or blob, without what follows its end. */
static void bytes_of_context(const domctx_context *context,
                             const uint8_t **bytes, size_t *size)
{
    if (context->image) {
        *bytes = context->image->buf;
        *size = (size_t)(context->image->size - context->image->trailing);
    } else {
        *bytes = context->blob->buf;
        *size = (size_t)context->blob->consumed;
    }
}

/* Parse the bytes.  Findings are reported only on failure: otherwise they came
 * with the original context. */
static int view_bytes(domctx_edit *edit,
                      const struct domctx_open_options *options,
                      domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result = found ? domctx_open_memory(edit->bytes, edit->size, options,
                                            &edit->context, found)
                       : msg_no_memory(report, 0);

    if (found && result < 0)
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    return result;
}

int domctx_edit_begin(const domctx_context *context, domctx_edit **edit,
                      domctx_report *report)
{
    struct domctx_open_options options = {
        .has_xen = !context->image && context->has_version,
        .xen = { context->xen_major, context->xen_minor, DOMCTX_POINT_ANY },
        .force = true,  /* it was held against the bytes once */
    };
    domctx_edit *new = calloc(1, sizeof(*new));
    const uint8_t *bytes;

    *edit = NULL;
    if (!new)
        return msg_no_memory(report, sizeof(*new));
    bytes_of_context(context, &bytes, &new->size);
    new->bytes = malloc(new->size);
    if (!new->bytes) {
        msg_no_memory(report, new->size);
        free(new);
        return -1;
    }
    memcpy(new->bytes, bytes, new->size);
    if (view_bytes(new, &options, report) < 0) {
        domctx_edit_free(new);
        return -1;
    }
    *edit = new;
    return 0;
}

void domctx_edit_free(domctx_edit *edit)
{
    if (!edit)
        return;
    domctx_context_free(edit->context);
    free(edit->bytes);
    free(edit);
}

/* -- setting ---------------------------------------------------------- */

/* Refuse count fields, and what is computed from the bytes. */
static int check_fixed(const struct located *at, domctx_report *report)
{
    struct msg_at place = context_at(at->record);

    if (!at->field || (at->record->type != DOMCTX_DIGEST &&
                       !(at->field->flags & CAT_UNITS)))
        return 0;
    place.field = at->field->name;
    return msg_raise(report, MSG_EDIT_FIXED, &place,
                     at->record->type == DOMCTX_DIGEST
                         ? "DIGEST is made anew from the bytes"
                         : "the field says how many entries the record has");
}

static void put_field(domctx_edit *edit, const struct located *at,
                      uint64_t value)
{
    /* our own bytes, although the view is const */
    uint8_t *body =
        edit->bytes + (context_base(at->record, at->field) - edit->bytes);

    if (at->record->big)
        cat_set_big(at->field, body, at->element, value);
    else
        cat_set(at->field, body, at->element, value);
}

static void put(domctx_edit *edit, const struct located *at, uint64_t value)
{
    uint8_t wide[CAT_REGISTER_ROOM];

    if (at->field) {
        put_field(edit, at, value);
    } else {
        set_u64(wide, false, value);
        wide_put(at, edit->bytes, wide);
    }
}

int domctx_edit_set(domctx_edit *edit, const char *record, uint32_t instance,
                    const char *field, uint64_t value,
                    domctx_report *report)
{
    struct located at;

    if (locate_one(edit->context, record, instance, field, &at, report) < 0 ||
        check_fixed(&at, report) < 0 || assign_fits(&at, value, report) < 0)
        return -1;
    put(edit, &at, value);
    return 0;
}

static int assign_register(domctx_edit *edit, const struct located *at,
                           const struct assign *assign,
                           domctx_report *report)
{
    uint8_t value[CAT_REGISTER_ROOM];

    if (wide_value(at, assign, value, report) < 0)
        return -1;
    wide_put(at, edit->bytes, value);
    return 0;
}

/* The elements of an array that is one bitmap. */
#define SET_ROOM 64

static int assign_bits(domctx_edit *edit, struct located *at,
                       const struct assign *assign, domctx_report *report)
{
    size_t count = context_count(at->record, at->field);
    uint64_t set[SET_ROOM], value = 0;

    if (count > SET_ROOM)
        count = SET_ROOM;
    if (assign_set(assign, at, count, set, report) < 0)
        return -1;
    for (at->element = 0; at->element < count; at->element++) {
        context_get(at->record, at->field, at->element, &value);
        put(edit, at, assign_set_to(assign->kind, value, set[at->element]));
    }
    return 0;
}

int domctx_edit_assign(domctx_edit *edit, const char *text,
                       domctx_report *report)
{
    struct assign assign;
    struct located at;
    uint64_t value = 0;

    if (assign_parse(text, &assign, report) < 0)
        return -1;
    if (locate(edit->context, assign.record, assign.instance, assign.field,
               &at, report) < 0)
        return -1;
    if (!at.field)
        return assign_register(edit, &at, &assign, report);
    if (check_fixed(&at, report) < 0)
        return -1;
    if (at.element == SIZE_MAX)
        return assign_is_set(&assign, &at)
                   ? assign_bits(edit, &at, &assign, report)
                   : locate_one(edit->context, assign.record,
                                assign.instance, assign.field, &at, report);
    context_get(at.record, at.field, at.element, &value);
    if (assign_value(&assign, &at, &value, report) < 0)
        return -1;
    put(edit, &at, value);
    return 0;
}

/* -- whole records ---------------------------------------------------- */

struct taking {
    domctx_edit *edit;
    domctx_report *report;
};

/* Replace the record of that type and instance. */
static int take_record(void *arg, const struct json_record *record)
{
    const struct taking *taking = arg;
    const struct context_record *old = context_find(
        taking->edit->context, record->type, record->instance);
    struct context_record named = { .type = record->type,
                                    .instance = record->instance };
    struct msg_at at;

    if (!old) {
        named.known = cat_record_of_type(record->type);
        at = context_at(&named);
        at.has_offset = false;
        return msg_raise(taking->report, MSG_SELECT_RECORD, &at,
                         "the context has no such record");
    }
    at = context_at(old);
    if (old->type == DOMCTX_DIGEST)
        return 0;
    if (record->length != old->length) {
        at.field = "length";
        at.expected = (struct msg_value)DEC(old->length);
        at.found = (struct msg_value)DEC(record->length);
        return msg_raise(taking->report, MSG_EDIT_FIXED, &at,
                         "the record has another length than it had");
    }
    if (record->length > 0)
        memcpy(taking->edit->bytes + (old->body - taking->edit->bytes),
               record->body, record->length);
    return 0;
}

int domctx_edit_json(domctx_edit *edit, const void *text, size_t size,
                     domctx_report *report)
{
    const domctx_context *context = edit->context;
    struct taking taking = { edit, report };
    struct json_some some = {
        .hvm = !context->image,
        .big = context->image && context->image->big,
        .has_version = context->has_version, .version = context->version,
        .put = take_record, .arg = &taking,
    };
    uint8_t *before = malloc(edit->size);
    int result;

    if (!before)
        return msg_no_memory(report, edit->size);
    memcpy(before, edit->bytes, edit->size);
    result = json_read_some(text, size, &some, report);
    /* a refused document changes nothing */
    if (result < 0)
        memcpy(edit->bytes, before, edit->size);
    free(before);
    return result;
}

/* -- the result -------------------------------------------------------- */

/* Append a record of the trailer. */
static int put_trailer(domctx_builder *builder, uint32_t type,
                       const void *body, size_t size, domctx_report *report)
{
    return builder_put(builder, type, 0, size, body, size, report);
}

static int put_digest(domctx_builder *builder, bool big,
                      domctx_report *report)
{
    uint8_t body[DIGEST_BODY] = { 0 };

    set_u32(body, big, DIGEST_CRC64_XZ);
    set_u64(body + 8, big,
            digest_of(builder_bytes(builder), builder_size(builder)));
    return put_trailer(builder, DOMCTX_DIGEST, body, sizeof(body), report);
}

/* Copy the records, then the trailer. */
static int put_image(const domctx_edit *edit, domctx_builder *builder,
                     const char *provenance, domctx_report *report)
{
    const domctx_image *image = edit->context->image;
    int result = domctx_builder_reserve(builder, edit->size, report);

    for (size_t i = 0; result == 0 && i < image->count; i++) {
        const struct domctx_record *record = &image->records[i];

        if (record->type == DOMCTX_DIGEST ||
            (record->type == DOMCTX_PROVENANCE && provenance))
            continue;
        result = builder_put(builder, record->type, record->instance,
                             record->length, record->body,
                             (size_t)record->length, report);
    }
    if (result == 0 && provenance)
        result = put_trailer(builder, DOMCTX_PROVENANCE, provenance,
                             strlen(provenance), report);
    if (result == 0 && image->has_digest)
        result = put_digest(builder, image->big, report);
    return result;
}

static int take_image(const domctx_edit *edit, const char *provenance,
                      uint8_t **buf, size_t *size, domctx_report *report)
{
    domctx_builder *builder =
        builder_new_bare(false, edit->context->image->big);
    int result;

    if (!builder)
        return msg_no_memory(report, 0);
    result = put_image(edit, builder, provenance, report);
    if (result == 0)
        result = builder_hand_over(builder, buf, size, report);
    domctx_builder_free(builder);
    return result;
}

/* Content findings are left to whoever opens the result. */
static int take_blob(const domctx_edit *edit, uint8_t **buf, size_t *size,
                     domctx_report *report)
{
    domctx_hvm *hvm;

    if (hvm_parse_framing(edit->bytes, edit->size, 0, &hvm, report) < 0)
        return -1;
    domctx_hvm_free(hvm);
    *buf = malloc(edit->size);
    if (!*buf)
        return msg_no_memory(report, edit->size);
    memcpy(*buf, edit->bytes, edit->size);
    *size = edit->size;
    return 0;
}

int domctx_edit_take(const domctx_edit *edit, const char *provenance,
                     uint8_t **buf, size_t *size, domctx_report *report)
{
    *buf = NULL;
    *size = 0;
    return edit->context->image
               ? take_image(edit, provenance, buf, size, report)
               : take_blob(edit, buf, size, report);
}
