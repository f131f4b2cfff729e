/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/context.h"
#include "base/bytes.h"
#include "format/hvm.h"
#include "format/image.h"
#include "catalogue/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct cat_layout *context_layout(const struct cat_record *known,
                                        uint64_t length, bool has_version,
                                        cat_version version)
{
    const struct cat_layout *layout =
        cat_layout(known, length, has_version ? version : CAT_NEWEST);

    if (has_version && version <= CAT_NEWEST)
        return layout;
    for (size_t i = known->n_layouts; !layout && i-- > 0;)
        layout = cat_layout(known, length, known->layouts[i].to);
    return layout;
}

/* Whether that release, or a backport to it, saves the layout. */
static bool saver_has(const domctx_context *context,
                      const struct cat_layout *layout)
{
    cat_version from = layout->backported ? layout->backported
                                          : layout->from;

    return !context->has_version ||
           (context->version >= from && context->version <= layout->to);
}

const struct cat_layout *
context_nearest_layout(const domctx_context *context,
                       const struct context_record *record)
{
    const struct cat_layout *best = record->layout;
    bool best_fits = false;

    for (size_t i = 0; record->known && !record->layout &&
                       i < record->known->n_layouts;
         i++) {
        const struct cat_layout *layout = &record->known->layouts[i];
        bool fits = saver_has(context, layout);
        /* prefer the shortest that is long enough, else the longest */
        bool nearer = !best || (best->length < record->length
                                    ? layout->length > best->length
                                    : layout->length >= record->length &&
                                          layout->length < best->length);

        if (fits > best_fits || (fits == best_fits && nearer)) {
            best = layout;
            best_fits = fits;
        }
    }
    return best;
}

/* Read a number of the record that selects its layout; it stands in front of
 * the part that varies. */
static bool read_said(const void *arg, const struct cat_record *known,
                      uint16_t offset, uint32_t *value)
{
    const struct context_record *record = arg;

    (void)known;
    *value = get32(record->body + offset, record->big);
    return true;
}

static void add(domctx_context *context, const struct domctx_record *record,
                uint32_t type, uint64_t body_offset)
{
    struct context_record *row = &context->records[context->count++];

    row->type = type;
    row->instance = record->instance;
    row->length = record->length;
    row->body = record->body;
    row->offset = body_offset;
    row->big = context->image && context->image->big && !type_is_hvm(type);
    row->known = cat_record_of_type(type);
    if (row->known && cat_says_layout(row->known))
        row->layout = cat_layout_said(row->known, row->length, read_said,
                                      row, &row->second);
    else if (row->known)
        row->layout = context_layout(row->known, row->length,
                                     context->has_version,
                                     context->version);
}

/* Add the records of a blob, without END.  base: offset of its header. */
static void add_blob(domctx_context *context, const domctx_hvm *blob)
{
    for (size_t i = 0; i < blob->count; i++) {
        const struct domctx_record *record = &blob->records[i];

        if (record->type != DOMCTX_HVM_END)
            add(context, record, DOMCTX_HVM_RECORD(record->type),
                record->offset + HVM_DESCRIPTOR);
    }
}

static int make_room(domctx_context *context, size_t count,
                     domctx_report *report)
{
    context->records = calloc(count ? count : 1,
                              sizeof(*context->records));
    return context->records
               ? 0
               : msg_no_memory(report, count * sizeof(*context->records));
}

static void add_image(domctx_context *context)
{
    const domctx_image *image = context->image;

    for (size_t i = 0; i < image->count; i++) {
        const struct domctx_record *record = &image->records[i];

        if (record->type == DOMCTX_HVM_CONTEXT)
            add_blob(context, context->wrapped);
        else
            add(context, record, record->type,
                record->offset + DOMCTX_HEADER_SIZE);
    }
}

static void set_version(domctx_context *context, uint32_t xen_major,
                        uint32_t xen_minor)
{
    context->has_version = true;
    context->xen_major = xen_major;
    context->xen_minor = xen_minor;
    context->version = cat_version_of(xen_major, xen_minor);
}

static int view_image(domctx_context *context, domctx_report *report)
{
    const domctx_image *image = context->image;
    const struct domctx_record *wrapped =
        domctx_image_find(image, DOMCTX_HVM_CONTEXT, 0);
    size_t count = image->count;

    set_version(context, image->xen_major, image->xen_minor);
    if (wrapped) {
        /* its findings were reported with the image */
        if (hvm_parse_framing(wrapped->body, wrapped->length,
                              wrapped->offset + DOMCTX_HEADER_SIZE,
                              &context->wrapped, NULL) < 0)
            return msg_no_memory(report, wrapped->length);
        count += context->wrapped->count;
    }
    if (make_room(context, count, report) < 0)
        return -1;
    add_image(context);
    return 0;
}

int domctx_context_of_image(const domctx_image *image,
                            domctx_context **context, domctx_report *report)
{
    *context = calloc(1, sizeof(**context));
    if (!*context)
        return msg_no_memory(report, sizeof(**context));
    (*context)->image = image;
    if (view_image(*context, report) == 0)
        return 0;
    domctx_context_free(*context);
    *context = NULL;
    return -1;
}

int domctx_context_of_hvm(const domctx_hvm *hvm, bool has_version,
                          uint32_t xen_major, uint32_t xen_minor,
                          domctx_context **context, domctx_report *report)
{
    *context = calloc(1, sizeof(**context));
    if (!*context)
        return msg_no_memory(report, sizeof(**context));
    (*context)->blob = hvm;
    (*context)->version = CAT_NEWEST;
    if (has_version)
        set_version(*context, xen_major, xen_minor);
    if (make_room(*context, hvm->count, report) < 0) {
        domctx_context_free(*context);
        *context = NULL;
        return -1;
    }
    add_blob(*context, hvm);
    return 0;
}

void domctx_context_free(domctx_context *context)
{
    if (!context)
        return;
    domctx_hvm_free(context->wrapped);
    free(context->records);
    if (context->opened)
        context->close(context->opened);
    free(context);
}

/* The first record of the view that is in the blob; NULL if there is no
 * blob. */
static const struct context_record *first_of_blob(
    const domctx_context *context)
{
    const struct domctx_record *wrapped;

    if (context->blob)
        return context->records;
    if (!context->wrapped)
        return NULL;
    wrapped = domctx_image_find(context->image, DOMCTX_HVM_CONTEXT, 0);
    return context->records + (wrapped - context->image->records);
}

/* Find a legacy record by the index of the parsed form: judging looks up the
 * vCPU's other records for each record. */
static const struct context_record *find_hvm(const domctx_context *context,
                                             uint32_t type,
                                             uint32_t instance)
{
    const struct context_record *first = first_of_blob(context);
    const domctx_hvm *hvm = context->blob ? context->blob
                                          : context->wrapped;
    const struct domctx_record *found;

    if (!hvm) {
        found = domctx_image_find(context->image, type, instance);
        return found ? &context->records[found - context->image->records]
                     : NULL;
    }
    found = domctx_hvm_find(hvm, type_to_hvm(type), instance);
    return found ? first + (found - hvm->records) : NULL;
}

const struct context_record *
context_find(const domctx_context *context, uint32_t type,
             uint32_t instance)
{
    if (type_is_hvm(type))
        return find_hvm(context, type, instance);
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].type == type &&
            context->records[i].instance == instance)
            return &context->records[i];
    return NULL;
}

const char *context_name(const struct context_record *record,
                         char buf[CONTEXT_NAME_ROOM])
{
    if (record->known)
        return record->known->name;
    if (type_is_hvm(record->type))
        snprintf(buf, CONTEXT_NAME_ROOM, "typecode %" PRIu32,
                 type_to_hvm(record->type));
    else
        snprintf(buf, CONTEXT_NAME_ROOM, "type 0x%08" PRIx32, record->type);
    return buf;
}

struct msg_at context_at(const struct context_record *record)
{
    return (struct msg_at){
        .record = record->known ? record->known->name : "typecode",
        .typecode = record->known ? 0 : type_to_hvm(record->type),
        .has_instance = true,
        .instance = record->instance,
        .has_offset = true,
        .offset = record->offset,
    };
}

bool context_get(const struct context_record *record,
                 const struct cat_field *field, size_t i, uint64_t *value)
{
    const uint8_t *base = context_base(record, field);

    if (i >= context_count(record, field) ||
        context_offset(record, field, i) + field->width > record->length)
        return false;
    *value = record->big ? cat_get_big(field, base, i)
                         : cat_get(field, base, i);
    return true;
}

bool context_value(const struct context_record *record, const char *field,
                   uint64_t *value)
{
    const struct cat_field *row =
        record->layout ? cat_field(record->known, record->layout, field)
                       : NULL;

    return row && context_get(record, row, 0, value);
}
