/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converting between the legacy blob and the two forms of an image. */
#include "format/builder.h"
#include "base/bytes.h"
#include "format/content.h"
#include "format/image.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

int domctx_wrap(domctx_builder *image, const domctx_hvm *hvm,
                domctx_report *report)
{
    if (builder_need_image(image, DOMCTX_HVM_CONTEXT, report))
        return -1;
    return domctx_builder_add(image, DOMCTX_HVM_CONTEXT, 0, hvm->buf,
                              hvm->consumed, report);
}

/* Refuse a blob whose records the migrated form cannot carry. */
static int check_migratable(const domctx_hvm *hvm, domctx_report *report)
{
    const struct domctx_record *record;
    size_t i = 0;
    int result = 0;

    while ((record = keys_repeat(&hvm->keys, &i))) {
        struct msg_at at = at_hvm(record);

        result = msg_raise(report, MSG_MIGRATE_DUPLICATE, &at,
                           "an image cannot hold this record twice");
    }
    if (hvm->end_unusual) {
        struct msg_at at = at_hvm(&hvm->records[hvm->count - 1]);

        result = msg_raise(report, MSG_MIGRATE_END, &at,
                           "an image cannot hold an END like this one");
    }
    return result;
}

/* Room for END and a trailer of usual size. */
#define TAIL_ROOM 4096

/* Reserve room in an image for a blob's records.  On overflow,
 * domctx_builder_add() refuses the record that does not fit. */
static int reserve_migrated(domctx_builder *image, const domctx_hvm *hvm,
                            domctx_report *report)
{
    size_t size = builder_size(image);

    if (ADD_OVERFLOW(size, TAIL_ROOM, &size))
        return 0;
    for (size_t i = 0; i + 1 < hvm->count; i++) {
        uint64_t padded;

        if (!round_up_8(hvm->records[i].length, &padded) ||
            ADD_OVERFLOW(size, padded, &size) ||
            ADD_OVERFLOW(size, DOMCTX_HEADER_SIZE, &size))
            return 0;
    }
    return domctx_builder_reserve(image, size, report);
}

int domctx_migrate(domctx_builder *image, const domctx_hvm *hvm,
                   domctx_report *report)
{
    if (builder_need_image(image, DOMCTX_HVM_CONTEXT, report) ||
        check_migratable(hvm, report) ||
        reserve_migrated(image, hvm, report))
        return -1;
    for (size_t i = 0; i + 1 < hvm->count; i++) {
        const struct domctx_record *record = &hvm->records[i];
        struct msg_at at = at_hvm(record);

        if (domctx_builder_add(image, DOMCTX_HVM_RECORD(record->type),
                               record->instance, record->body,
                               record->length, report))
            return -1;
        if (hvm_claim(record) == record->length)
            continue;
        at.field = "length";
        at.expected = (struct msg_value)DEC(record->length);
        at.found = (struct msg_value)DEC(hvm_claim(record));
        msg_raise(report, MSG_MIGRATE_REPAIRED, &at,
                  "the record is carried with its true length");
    }
    return 0;
}

static int unwrap(const domctx_image *image, uint8_t **buf, size_t *size,
                  domctx_report *report)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_HVM_CONTEXT, 0);
    domctx_hvm *hvm;
    uint64_t consumed;

    if (hvm_parse_framing(record->body, record->length,
                          record->offset + DOMCTX_HEADER_SIZE, &hvm,
                          report))
        return -1;
    consumed = hvm->consumed;
    domctx_hvm_free(hvm);
    *buf = malloc(consumed);
    if (!*buf)
        return msg_no_memory(report, consumed);
    memcpy(*buf, record->body, consumed);
    *size = consumed;
    return 0;
}

/* The size of the blob that the records of the migrated form make; the first
 * of them must be HEADER. */
static int blob_size(const domctx_image *image, size_t *size,
                     domctx_report *report)
{
    bool first = true;

    *size = HVM_DESCRIPTOR;
    for (size_t i = 1; i + 1 < image->inner; i++) {
        const struct domctx_record *record = &image->records[i];
        struct msg_at at;

        if (!type_is_hvm(record->type))
            continue;
        if (first &&
            record->type != DOMCTX_HVM_RECORD(DOMCTX_HVM_HEADER)) {
            at = at_record(record);
            return msg_raise(report, MSG_IMAGE_HEADER_MISSING, &at,
                             "the HVM state does not begin with HEADER");
        }
        first = false;
        if (ADD_OVERFLOW(*size, record->length, size) ||
            ADD_OVERFLOW(*size, HVM_DESCRIPTOR, size))
            return msg_no_memory(report, SIZE_MAX);
    }
    return 0;
}

int image_demigrate(const domctx_image *image, uint8_t **buf, size_t *size,
                    domctx_hvm **hvm, domctx_report *report)
{
    domctx_builder *builder;
    size_t need;
    int result;

    if (blob_size(image, &need, report))
        return -1;
    builder = domctx_builder_hvm();
    result = domctx_builder_reserve(builder, need, report);
    for (size_t i = 1; result == 0 && i + 1 < image->inner; i++) {
        const struct domctx_record *record = &image->records[i];

        if (type_is_hvm(record->type))
            result = domctx_builder_add(builder, type_to_hvm(record->type),
                                        record->instance, record->body,
                                        record->length, report);
    }
    if (result == 0)
        result = builder_take_hvm(builder, buf, size, hvm, report);
    domctx_builder_free(builder);
    return result;
}

int domctx_image_to_hvm(const domctx_image *image, uint8_t **buf,
                        size_t *size, domctx_report *report)
{
    *buf = NULL;
    *size = 0;
    switch (image->form) {
    case DOMCTX_FORM_WRAPPED:
        return unwrap(image, buf, size, report);
    case DOMCTX_FORM_MIGRATED:
        return image_demigrate(image, buf, size, NULL, report);
    case DOMCTX_FORM_NO_HVM:
    default:
        return msg_raise(report, MSG_IMAGE_NO_HVM, NULL,
                         "the image holds no HVM state");
    }
}

int domctx_hvm_rebuild(const domctx_hvm *hvm, uint8_t **buf, size_t *size,
                       domctx_report *report)
{
    domctx_builder *builder = domctx_builder_hvm();
    int result = 0;

    *buf = NULL;
    *size = 0;
    for (size_t i = 0; result == 0 && i + 1 < hvm->count; i++)
        result = domctx_builder_add(builder, hvm->records[i].type,
                                    hvm->records[i].instance,
                                    hvm->records[i].body,
                                    hvm->records[i].length, report);
    if (result == 0)
        result = domctx_builder_take(builder, NULL, false, buf, size, report);
    domctx_builder_free(builder);
    return result;
}
