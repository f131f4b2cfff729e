/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room format: bytes to the records of an image or blob, and back.
 *
 * The rules that a record header alone can break, for readers that have the
 * whole image and for those that see it pass by.
 */
#ifndef CONVERT_FORMAT_FRAME_H
#define CONVERT_FORMAT_FRAME_H

#include "base/messages.h"

/* No context comes near this size (see FILE_MAX of the commands, which is the
 * same).  A record that claims more is refused for its length, not for
 * passing the end of the input: so a file is judged like a pipe, which is not
 * read to its end first. */
#define FRAME_CAP (UINT64_C(16) << 20)

/* Where a reader is: before START, between START and END, after END. */
enum frame_part { FRAME_START, FRAME_BODY, FRAME_TRAILER };

struct frame {
    bool big;              /* byte order, known once START was seen */
    enum frame_part part;
    uint64_t at;           /* offset of the next record header */
    uint64_t limit;        /* nothing may pass this offset */
    bool limit_is_cap;     /* it is a cap of the caller, not the input's
                            * end */
    bool seen_provenance, seen_digest;
};

/* Tell the byte order from the first four bytes of the input; a first
 * record that is not START is a fault. */
int frame_order(struct frame *frame, const uint8_t *first,
                domctx_report *report);

/*
 * Judge the 16 bytes of the header at frame->at and go to the next one.
 * *record is filled, body excepted.
 *
 * 0: the record can be stepped over, although other faults may be in the
 * report (*faults counts them).  -1: there is no next record to go to.
 */
int frame_header(struct frame *frame, const uint8_t *header,
                 struct domctx_record *record, size_t *faults,
                 domctx_report *report);

/* Whether the four bytes after END begin a record of our trailer. */
bool frame_is_trailer(const struct frame *frame, const uint8_t *type);

#endif /* CONVERT_FORMAT_FRAME_H */
