/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room format: bytes to the records of an image or blob, and back.
 *
 * Rules about a record header alone, for readers that have the whole image and
 * for those that see it in pieces.
 */
#ifndef CONVERT_FORMAT_FRAME_H
#define CONVERT_FORMAT_FRAME_H

#include "base/messages.h"

/* No context comes near this size (FILE_MAX of the commands is the same).  A
 * record that claims more is refused for its length, not for passing the end
 * of the input: so a file gets the same verdict as a pipe, which is not read
 * to its end first. */
#define FRAME_CAP (UINT64_C(16) << 20)

/* Where a reader is: before START, between START and END, after END. */
enum frame_part { FRAME_START, FRAME_BODY, FRAME_TRAILER };

struct frame {
    bool big;              /* byte order, known after START */
    enum frame_part part;
    uint64_t at;           /* offset of the next record header */
    uint64_t limit;        /* no record may pass this offset */
    bool limit_is_cap;     /* limit is the caller's cap, not the end of the
                            * input */
    bool seen_provenance, seen_digest;
};

/* Detect the byte order from the first four bytes of the input; if the first
 * record is not START, that is a fault. */
int frame_order(struct frame *frame, const uint8_t *first,
                domctx_report *report);

/*
 * Judge the 16 bytes of the header at frame->at and advance to the next one.
 * *record is filled in, except for body. 0: the record can be stepped over;
 * other faults may be in the report, *faults of them.  -1: the next record
 * cannot be found.
 */
int frame_header(struct frame *frame, const uint8_t *header,
                 struct domctx_record *record, size_t *faults,
                 domctx_report *report);

/* What stands after END or a record of the trailer. */
enum frame_after {
    FRAME_UNTOLD,          /* more bytes tell */
    FRAME_OVER,            /* nothing of ours */
    FRAME_GOES_ON,         /* a record of the trailer */
    FRAME_DAMAGED,         /* the same, with a damaged type */
};

/* From a header and so many bytes of the body it is told in every case.  No
 * more is looked at: a pipe may wait for an answer before it has more. */
#define FRAME_SHAPE (DOMCTX_HEADER_SIZE + 8)

enum frame_after frame_after_end(const struct frame *frame, const uint8_t *p,
                                 uint64_t size);

/* Report it for what is there. */
int frame_damaged(const struct frame *frame, const uint8_t *p,
                  domctx_report *report);

/* Whether the input ends within the type of a trailer record: size bytes of
 * less than 4. */
bool frame_begins_trailer(const struct frame *frame, const uint8_t *p,
                          size_t size);

#endif /* CONVERT_FORMAT_FRAME_H */
