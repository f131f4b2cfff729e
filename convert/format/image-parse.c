/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing a domain context image: its framing, from START to the trailer. */
#include "format/image.h"
#include "base/bytes.h"
#include "catalogue/types.h"

#include <stdlib.h>

static int cut_in_header(const struct frame *frame, domctx_report *report)
{
    uint64_t left = frame->limit - frame->at;
    struct msg_at at = {
        .has_offset = true, .offset = frame->at,
        .expected = DEC(DOMCTX_HEADER_SIZE), .found = DEC(left),
    };

    if (frame->part == FRAME_TRAILER)
        return msg_raise(report, MSG_TRAILER_TRUNCATED, &at,
                         "the trailer ends within a record header");
    if (left == 0 && frame->part == FRAME_BODY)
        return msg_raise(report, MSG_IMAGE_END_MISSING, &at,
                         "the input ends without END");
    return msg_raise(report, MSG_IMAGE_TRUNCATED, &at,
                     "the input ends within a record header");
}

/* What follows END, and a record of the trailer: 1: a record; 0: nothing more
 * of ours; -1: damage. */
static int next_in_trailer(const struct frame *frame, const uint8_t *header,
                           uint64_t left, domctx_report *report)
{
    switch (frame_after_end(frame, header, left)) {
    case FRAME_GOES_ON:
        return 1;
    case FRAME_DAMAGED:
        return frame_damaged(frame, header, report);
    case FRAME_UNTOLD:
        return left < 4 && frame_begins_trailer(frame, header, left)
                   ? cut_in_header(frame, report)
                   : 0;
    case FRAME_OVER:
    default:
        return 0;
    }
}

/*
 * Read the next record.  1: *record is filled in; 0: the image and its trailer
 * are complete; -1: a fault that ends the reading.
 */
static int next_record(struct frame *frame, const uint8_t *buf,
                       struct domctx_record *record, size_t *faults,
                       domctx_report *report)
{
    uint64_t left = frame->limit - frame->at;
    const uint8_t *header;
    int follows;

    if (left == 0) /* buf may be NULL */
        return frame->part == FRAME_TRAILER ? 0
                                            : cut_in_header(frame, report);
    header = buf + frame->at;
    if (frame->part == FRAME_TRAILER) {
        follows = next_in_trailer(frame, header, left, report);
        if (follows <= 0)
            return follows;
    }
    if (frame->part == FRAME_START && left >= 4 &&
        frame_order(frame, header, report))
        return -1;
    if (left < DOMCTX_HEADER_SIZE)
        return cut_in_header(frame, report);
    if (frame_header(frame, header, record, faults, report))
        return -1;
    record->body = header + DOMCTX_HEADER_SIZE;
    return 1;
}

/* Count the records first, so that the table is allocated once and never
 * larger than the input. */
static int count_records(struct domctx_image *image, domctx_report *report)
{
    struct frame frame = { .limit = image->size };
    struct domctx_record record;
    size_t faults = 0;
    int got;

    while ((got = next_record(&frame, image->buf, &record, &faults,
                              report)) > 0) {
        if (image->count++ == RECORDS_MAX)
            return records_many(at_record(&record), report);
        if (frame.part != FRAME_TRAILER || record.type == DOMCTX_END) {
            image->inner = image->count;
            image->consumed = frame.at;
        }
    }
    image->big = frame.big;
    image->trailing = image->size - frame.at;
    image->has_digest = frame.seen_digest;
    return got < 0 || faults ? -1 : 0;
}

/* Fill the table.  This walk cannot fail: the first one passed the same
 * headers. */
static int fill_records(struct domctx_image *image, domctx_report *report)
{
    struct frame frame = { .limit = image->size };
    size_t faults = 0, bytes;

    if (!bytes_of(image->count, sizeof(*image->records), &bytes))
        return msg_no_memory(report, SIZE_MAX);
    image->records = malloc(bytes);
    if (!image->records)
        return msg_no_memory(report, bytes);
    for (size_t i = 0; i < image->count; i++)
        next_record(&frame, image->buf, &image->records[i], &faults, NULL);
    image->xen_major = get32(image->records[0].body, image->big);
    image->xen_minor = get32(image->records[0].body + 4, image->big);
    return 0;
}

static int check_padding(const struct domctx_image *image,
                         domctx_report *report)
{
    int result = 0;

    for (size_t i = 0; i < image->count; i++) {
        const struct domctx_record *record = &image->records[i];
        struct msg_at at = at_record(record);
        uint64_t pad = -record->length & (DOMCTX_ALIGN - 1);

        if (all_zero(record->body + record->length, pad))
            continue;
        at.field = "padding";
        at.expected = (struct msg_value)DEC(0);
        result = msg_raise(report,
                           i < image->inner ? MSG_IMAGE_PADDING
                                            : MSG_TRAILER_PADDING,
                           &at, "the padding is not zero");
    }
    return result;
}

static int check_duplicates(struct domctx_image *image,
                            domctx_report *report)
{
    const struct domctx_record *record;
    size_t i = 0;
    int result = 0;

    if (!keys_build(&image->keys, image->records + 1, image->inner - 2))
        return msg_no_memory(report, image->inner * sizeof(uint64_t));
    while ((record = keys_repeat(&image->keys, &i))) {
        struct msg_at at = at_record(record);

        result = msg_raise(report, MSG_IMAGE_DUPLICATE, &at,
                           "a record of this type and instance came before");
    }
    return result;
}

/* Find the form of the HVM state; both forms at once are a fault. */
static int find_form(struct domctx_image *image, domctx_report *report)
{
    const struct domctx_record *wrapped = NULL, *migrated = NULL;
    struct msg_at at;

    for (size_t i = 1; i + 1 < image->inner; i++) {
        if (image->records[i].type == DOMCTX_HVM_CONTEXT)
            wrapped = &image->records[i];
        else if (!migrated && type_is_hvm(image->records[i].type))
            migrated = &image->records[i];
    }
    image->form = wrapped    ? DOMCTX_FORM_WRAPPED
                  : migrated ? DOMCTX_FORM_MIGRATED
                             : DOMCTX_FORM_NO_HVM;
    if (!wrapped || !migrated)
        return 0;
    at = at_record(migrated);
    return msg_raise(report, MSG_IMAGE_BOTH_FORMS, &at,
                     "the image has HVM_CONTEXT and records of its own for "
                     "HVM state");
}

static int check_reserved(const struct domctx_image *image,
                          domctx_report *report)
{
    int result = 0;

    for (size_t i = 1; i + 1 < image->inner; i++)
        result |= image_check_reserved(&image->records[i], image->big,
                                       report);
    return result;
}

static int parse_into(struct domctx_image *image, domctx_report *report)
{
    int result;

    if (count_records(image, report) || fill_records(image, report))
        return -1;
    result = check_padding(image, report);
    result |= check_duplicates(image, report);
    result |= find_form(image, report);
    result |= check_reserved(image, report);
    return result | trailer_check(image, report);
}

int image_parse_framing(const void *buf, size_t size, domctx_image **image,
                        domctx_report *report)
{
    struct domctx_image *parsed = calloc(1, sizeof(*parsed));

    *image = NULL;
    if (!parsed)
        return msg_no_memory(report, sizeof(*parsed));
    parsed->buf = buf;
    parsed->size = size;
    if (parse_into(parsed, report)) {
        domctx_image_free(parsed);
        return -1;
    }
    *image = parsed;
    return 0;
}

int domctx_image_parse(const void *buf, size_t size, domctx_image **image,
                       domctx_report *report)
{
    if (image_parse_framing(buf, size, image, report))
        return -1;
    if (image_check_content(*image, report)) {
        domctx_image_free(*image);
        *image = NULL;
        return -1;
    }
    return 0;
}

void domctx_image_free(domctx_image *image)
{
    if (!image)
        return;
    keys_free(&image->keys);
    free(image->records);
    free(image);
}
