/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rescuing the whole records of a damaged image or blob.  A blob is read as
 * far as its descriptors can be followed; of an image, records that break a
 * framing rule are left out, too.
 */
#include "format/builder.h"
#include "format/frame.h"
#include "format/hvm.h"
#include "format/image.h"
#include "base/bytes.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

/* -- blobs --------------------------------------------------------------- */

int hvm_salvage(const uint8_t *buf, size_t size, uint8_t **out,
                size_t *out_size, size_t *whole, domctx_report *report)
{
    size_t length = hvm_whole(buf, size, whole);

    if (length == 0)
        return msg_raise(report, MSG_SALVAGE_NOTHING, NULL,
                         "neither its first record nor another is whole");
    *out = malloc(length + HVM_DESCRIPTOR);
    if (!*out)
        return msg_no_memory(report, length + HVM_DESCRIPTOR);
    memcpy(*out, buf, length);
    memset(*out + length, 0, HVM_DESCRIPTOR);
    *out_size = length + HVM_DESCRIPTOR;
    return 0;
}

/* -- images -------------------------------------------------------------- */

struct salvage {
    const uint8_t *buf;
    struct frame frame;
    struct domctx_record *records;  /* those without a fault */
    size_t count;
    uint8_t *blob;                  /* the body of a cut HVM_CONTEXT, the last
                                     * record */
    size_t in_blob;                 /* whole records in it */
};

/* Read the next record: 1 if it has no fault, 0 if it has one, -1 after the
 * last that can be read. */
static int next_record(struct salvage *salvage, struct domctx_record *record)
{
    struct frame *frame = &salvage->frame;
    const uint8_t *header = salvage->buf + frame->at;
    bool trailer = frame->part == FRAME_TRAILER;
    size_t faults = 0;

    if (frame->limit - frame->at < DOMCTX_HEADER_SIZE ||
        (trailer && frame_after_end(frame, header, DOMCTX_HEADER_SIZE) !=
                        FRAME_GOES_ON) ||
        frame_header(frame, header, record, &faults, NULL) < 0)
        return -1;
    record->body = header + DOMCTX_HEADER_SIZE;
    if (record->type == DOMCTX_END && !trailer) {
        record->instance = 0; /* END counts whatever instance and length it
                               * has */
        record->length = 0;
        return 1;
    }
    /* DIGEST covers records that may be missing */
    return !faults && record->type != DOMCTX_DIGEST &&
           (trailer || !image_check_reserved(record, frame->big, NULL));
}

/* Rescue the blob of an HVM_CONTEXT that is cut by the end of the input. */
static void read_wrapped(struct salvage *salvage,
                         const struct domctx_record *record)
{
    const struct frame *frame = &salvage->frame;
    size_t size;

    if (frame->part != FRAME_BODY || record->type != DOMCTX_HVM_CONTEXT ||
        record->instance != 0 || record->offset != frame->at ||
        hvm_salvage(salvage->buf + frame->at + DOMCTX_HEADER_SIZE,
                    (size_t)(frame->limit - frame->at) - DOMCTX_HEADER_SIZE,
                    &salvage->blob, &size, &salvage->in_blob, NULL) < 0)
        return;
    salvage->records[salvage->count] = *record;
    salvage->records[salvage->count].body = salvage->blob;
    salvage->records[salvage->count++].length = size;
}

/* Allocate a record for each header that the input has room for, and read. */
static int read_image(struct salvage *salvage, domctx_report *report)
{
    size_t room = (size_t)(salvage->frame.limit / DOMCTX_HEADER_SIZE);
    struct domctx_record record = { .type = DOMCTX_END };
    int got = 0;

    if (room > RECORDS_MAX)
        room = RECORDS_MAX;
    salvage->records = calloc(room + 1, sizeof(*salvage->records));
    if (!salvage->records)
        return msg_no_memory(report, room * sizeof(*salvage->records));
    while (salvage->count < room &&
           (got = next_record(salvage, &record)) >= 0) {
        if (got)
            salvage->records[salvage->count++] = record;
        else if (salvage->count == 0)
            break; /* without a sound START nothing can be read */
    }
    if (salvage->count == 0)
        return msg_raise(report, MSG_SALVAGE_NOTHING, NULL,
                         "neither its first record nor another is whole");
    if (got < 0)
        read_wrapped(salvage, &record);
    return 0;
}

/* Drop the migrated records if there is an HVM_CONTEXT, which has them all: an
 * image has one form. */
static void drop_other_form(const struct salvage *salvage, bool *drop)
{
    bool wrapped = false;

    for (size_t i = 0; i < salvage->count; i++)
        wrapped |= salvage->records[i].type == DOMCTX_HVM_CONTEXT;
    for (size_t i = 0; wrapped && i < salvage->count; i++)
        drop[i] |= salvage->records[i].type != DOMCTX_HVM_CONTEXT &&
                   type_is_hvm(salvage->records[i].type);
}

/* Of records with equal type and instance, keep the first. */
static int drop_repeated(struct salvage *salvage, domctx_report *report)
{
    const struct domctx_record *record;
    struct keys keys = { .count = 0 };
    size_t i = 0, kept = 0;
    bool *drop = calloc(salvage->count, sizeof(*drop));

    if (!drop || !keys_build(&keys, salvage->records, salvage->count)) {
        free(drop);
        return msg_no_memory(report, salvage->count);
    }
    while ((record = keys_repeat(&keys, &i)))
        drop[record - salvage->records] = true;
    keys_free(&keys);
    drop_other_form(salvage, drop);
    for (i = 0; i < salvage->count; i++)
        if (!drop[i])
            salvage->records[kept++] = salvage->records[i];
    salvage->count = kept;
    free(drop);
    return 0;
}

/* Write the kept records, and END if it was not reached. */
static int write_image(const struct salvage *salvage,
                       domctx_builder *builder, size_t *whole,
                       domctx_report *report)
{
    bool ended = false;
    int result = 0;

    for (size_t i = 0; result == 0 && i < salvage->count; i++) {
        const struct domctx_record *record = &salvage->records[i];

        ended |= record->type == DOMCTX_END;
        if (record->body == salvage->blob)
            *whole += salvage->in_blob;
        else
            *whole += !ended && record->type != DOMCTX_START;
        result = builder_put(builder, record->type, record->instance,
                             record->length, record->body,
                             (size_t)record->length, report);
    }
    if (result == 0 && !ended)
        result = builder_put(builder, DOMCTX_END, 0, 0, NULL, 0, report);
    return result;
}

int image_salvage(const uint8_t *buf, size_t size, uint8_t **out,
                  size_t *out_size, size_t *whole, domctx_report *report)
{
    struct salvage salvage = { .buf = buf, .frame = { .limit = size } };
    domctx_builder *builder = NULL;
    int result = frame_order(&salvage.frame, buf, report);

    if (result == 0)
        result = read_image(&salvage, report);
    if (result == 0)
        result = drop_repeated(&salvage, report);
    if (result == 0) {
        builder = builder_new_bare(false, salvage.frame.big);
        result = builder ? write_image(&salvage, builder, whole, report)
                         : msg_no_memory(report, size);
    }
    if (result == 0)
        result = builder_hand_over(builder, out, out_size, report);
    domctx_builder_free(builder);
    free(salvage.blob);
    free(salvage.records);
    return result;
}
