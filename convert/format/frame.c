/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Record headers of a domain context image: type, instance, length. */
#include "format/frame.h"
#include "base/bytes.h"
#include "format/core.h"
#include "format/trailer.h"
#include "catalogue/catalogue.h"
#include "catalogue/types.h"

#define START_LENGTH 8

int frame_order(struct frame *frame, const uint8_t *first,
                domctx_report *report)
{
    struct msg_at at = {
        .has_offset = true, .expected = HEX(DOMCTX_START),
        .found = HEX(le32(first)),
    };

    if (le32(first) != DOMCTX_START && be32(first) != DOMCTX_START)
        return msg_raise(report, MSG_IMAGE_START_MISSING, &at,
                         "the first record is not START");
    frame->big = be32(first) == DOMCTX_START;
    return 0;
}

bool frame_begins_trailer(const struct frame *frame, const uint8_t *p,
                          size_t size)
{
    static const uint32_t types[] = { DOMCTX_PROVENANCE, DOMCTX_DIGEST };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        size_t same = 0;

        while (same < size && same < 4 &&
               p[same] == (uint8_t)(types[i] >> 8 * (frame->big ? 3 - same
                                                                : same)))
            same++;
        if (same == size)
            return true;
    }
    return false;
}

/* Whether the record at p, with an instance and a length that it may have, is
 * PROVENANCE or DIGEST by its body. */
static bool has_trailer_shape(const struct frame *frame, const uint8_t *p)
{
    const uint8_t *body = p + DOMCTX_HEADER_SIZE;

    return body[0] == '{' || (get64(p + 8, frame->big) == DIGEST_BODY &&
                              get32(body, frame->big) == DIGEST_CRC64_XZ &&
                              get32(body + 4, frame->big) == 0);
}

/* The lengths of an object, "{}" and up, and of a digest. */
static bool may_be_trailer_length(uint64_t length)
{
    return length >= 2 && length <= PROVENANCE_MAX;
}

enum frame_after frame_after_end(const struct frame *frame, const uint8_t *p,
                                 uint64_t size)
{
    if (size < 4)
        return FRAME_UNTOLD;
    if (type_in_trailer(get32(p, frame->big)))
        return FRAME_GOES_ON;
    if (frame->seen_digest || (size >= 8 && get32(p + 4, frame->big) != 0) ||
        (size >= DOMCTX_HEADER_SIZE &&
         !may_be_trailer_length(get64(p + 8, frame->big))))
        return FRAME_OVER;
    if (size < FRAME_SHAPE)
        return FRAME_UNTOLD;
    return has_trailer_shape(frame, p) ? FRAME_DAMAGED : FRAME_OVER;
}

int frame_damaged(const struct frame *frame, const uint8_t *p,
                  domctx_report *report)
{
    struct msg_at at = {
        .has_offset = true, .offset = frame->at, .field = "type",
        .expected = HEX(p[DOMCTX_HEADER_SIZE] == '{' ? DOMCTX_PROVENANCE
                                                     : DOMCTX_DIGEST),
        .found = HEX(get32(p, frame->big)),
    };

    return msg_raise(report, MSG_TRAILER_TYPE, &at,
                     "a record after END is one of the trailer by all but "
                     "its type");
}

/* Report a fault of a header, with expected and found value. */
static void fault(enum msg_id id, const struct domctx_record *record,
                  const char *field, uint64_t expected, uint64_t found,
                  const char *text, size_t *faults, domctx_report *report)
{
    struct msg_at at = at_record(record);

    at.field = field;
    at.expected = (struct msg_value)DEC(expected);
    at.found = (struct msg_value)DEC(found);
    msg_raise(report, id, &at, "%s", text);
    ++*faults;
}

static void check_start(const struct domctx_record *record, size_t *faults,
                        domctx_report *report)
{
    if (record->instance != 0)
        fault(MSG_IMAGE_START_INSTANCE, record, "instance", 0,
              record->instance, "START has a wrong instance", faults,
              report);
    if (record->length != START_LENGTH)
        fault(MSG_IMAGE_START_LENGTH, record, "length", START_LENGTH,
              record->length, "START has a wrong length", faults, report);
}

static void check_end(const struct domctx_record *record, size_t *faults,
                      domctx_report *report)
{
    if (record->instance != 0)
        fault(MSG_IMAGE_END_INSTANCE, record, "instance", 0,
              record->instance, "END has a wrong instance", faults, report);
    if (record->length != 0)
        fault(MSG_IMAGE_END_LENGTH, record, "length", 0, record->length,
              "END has a body", faults, report);
}

/* Whether each vCPU has a record of this type. */
static bool is_of_vcpu(uint32_t type)
{
    return cat_record_of_type(type)->flags & CAT_VCPU;
}

/* Judge a record between START and END. */
static void check_inner(const struct domctx_record *record, size_t *faults,
                        domctx_report *report)
{
    struct msg_at at = at_record(record);

    if (record->type == DOMCTX_START) {
        msg_raise(report, MSG_IMAGE_START_AGAIN, &at, "a second START");
        ++*faults;
    } else if (type_in_trailer(record->type)) {
        msg_raise(report, MSG_IMAGE_TRAILER_EARLY, &at,
                  "a record of the trailer stands before END");
        ++*faults;
    } else if (!type_known(record->type)) {
        at.found = (struct msg_value)HEX(record->type);
        msg_raise(report, MSG_IMAGE_TYPE_UNKNOWN, &at,
                  "unknown record type");
        ++*faults;
    } else if (type_is_hvm(record->type) || is_of_vcpu(record->type)) {
        if (record->instance > UINT16_MAX)
            fault(MSG_IMAGE_INSTANCE_RANGE, record, "instance", UINT16_MAX,
                  record->instance,
                  "the instance of such a record has 16 bits", faults,
                  report);
    } else if (record->instance != 0) {
        fault(MSG_IMAGE_INSTANCE, record, "instance", 0, record->instance,
              "wrong instance of a domain-wide record", faults, report);
    }
}

static void check_trailer(struct frame *frame,
                          const struct domctx_record *record, size_t *faults,
                          domctx_report *report)
{
    struct msg_at at = at_record(record);
    bool digest = record->type == DOMCTX_DIGEST;

    if (record->instance != 0)
        fault(MSG_TRAILER_INSTANCE, record, "instance", 0, record->instance,
              "wrong instance of a trailer record", faults, report);
    if (digest && record->length != DIGEST_BODY)
        fault(MSG_DIGEST_LENGTH, record, "length", DIGEST_BODY,
              record->length, "DIGEST has a wrong length", faults, report);
    if (digest ? frame->seen_digest : frame->seen_provenance) {
        msg_raise(report, MSG_TRAILER_DUPLICATE, &at,
                  "the trailer has this record twice");
        ++*faults;
    } else if (frame->seen_digest) {
        msg_raise(report, MSG_TRAILER_ORDER, &at, "DIGEST is not last");
        ++*faults;
    }
    if (digest)
        frame->seen_digest = true;
    else
        frame->seen_provenance = true;
}

/* How many bytes the record at frame->at may have under the cap. */
static uint64_t cap_room(const struct frame *frame)
{
    uint64_t cap = frame->limit_is_cap ? frame->limit : FRAME_CAP;
    uint64_t body = frame->at + DOMCTX_HEADER_SIZE;

    return cap > body ? cap - body : 0;
}

/* Advance past the body and its padding, if they are in the input. */
static int step(struct frame *frame, const struct domctx_record *record,
                domctx_report *report)
{
    uint64_t room = frame->limit - frame->at - DOMCTX_HEADER_SIZE, padded;
    struct msg_at at = at_record(record);

    at.field = "length";
    at.expected = (struct msg_value)DEC(room);
    at.found = (struct msg_value)DEC(record->length);
    if (!round_up_8(record->length, &padded))
        return msg_raise(report, MSG_IMAGE_LENGTH_OVERFLOW, &at,
                         "the length passes 2^64 when it is padded");
    if (padded > room && frame->part == FRAME_TRAILER)
        return msg_raise(report, MSG_TRAILER_TRUNCATED, &at,
                         "the trailer ends within a record");
    /* report the cap first: a reader that cannot see the end reports the
     * same */
    if (padded > room && padded > cap_room(frame)) {
        at.expected = (struct msg_value)DEC(cap_room(frame));
        return msg_raise(report, MSG_IMAGE_LIMIT, &at,
                         "the record passes the limit on the size of an "
                         "image");
    }
    if (padded > room)
        return msg_raise(report, MSG_IMAGE_LENGTH, &at,
                         "the record passes the end of the input");
    frame->at += DOMCTX_HEADER_SIZE + padded;
    return 0;
}

int frame_header(struct frame *frame, const uint8_t *header,
                 struct domctx_record *record, size_t *faults,
                 domctx_report *report)
{
    core_decode(header, frame->big, frame->at, record);
    switch (frame->part) {
    case FRAME_START:
        check_start(record, faults, report);
        break;
    case FRAME_BODY:
        if (record->type == DOMCTX_END)
            check_end(record, faults, report);
        else
            check_inner(record, faults, report);
        break;
    case FRAME_TRAILER:
    default:
        check_trailer(frame, record, faults, report);
        break;
    }
    if (step(frame, record, report))
        return -1;
    if (frame->part == FRAME_START)
        frame->part = FRAME_BODY;
    else if (frame->part == FRAME_BODY && record->type == DOMCTX_END)
        frame->part = FRAME_TRAILER;
    return 0;
}
