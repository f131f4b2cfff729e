/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing a legacy hvm_save blob: its framing. */
#include "format/hvm.h"
#include "base/bytes.h"
#include "format/content.h"
#include "catalogue/types.h"

#include <stdlib.h>

/* The position of a walk over the descriptors. */
struct walk {
    const uint8_t *buf;
    uint64_t size, at, base;
};

static int cut_short(const struct walk *walk, domctx_report *report)
{
    uint64_t left = walk->size - walk->at;
    struct msg_at at = {
        .has_offset = true, .offset = walk->base + walk->at,
        .expected = DEC(HVM_DESCRIPTOR), .found = DEC(left),
    };

    if (left == 0 && walk->at > 0)
        return msg_raise(report, MSG_HVM_END_MISSING, &at,
                         "the blob ends without END");
    return msg_raise(report, MSG_HVM_TRUNCATED, &at,
                     "the blob ends within a descriptor");
}

/* Read the descriptor at walk->at and advance past the body.  Fails at the end
 * of the input. */
static int next_record(struct walk *walk, struct domctx_record *record,
                       size_t *repaired, domctx_report *report)
{
    const uint8_t *p = walk->buf + walk->at;
    struct msg_at at;
    uint64_t room;

    if (walk->size - walk->at < HVM_DESCRIPTOR)
        return cut_short(walk, report);
    room = walk->size - walk->at - HVM_DESCRIPTOR;
    record->type = le16(p);
    record->instance = le16(p + 2);
    record->length = le32(p + 4);
    record->offset = walk->base + walk->at;
    record->body = p + HVM_DESCRIPTOR;
    walk->at += HVM_DESCRIPTOR;
    if (record->type == DOMCTX_HVM_END) {
        record->length = 0; /* END has no body, whatever its descriptor
                             * claims */
        return 0;
    }
    if (record->type == HVM_CODE_MSR) {
        uint64_t length = hvm_msr_length(record->body, record->instance,
                                         record->length, room);

        *repaired += length != record->length;
        record->length = length;
    }
    if (record->length > room) {
        at = at_hvm(record);
        at.expected = (struct msg_value)DEC(record->length);
        at.found = (struct msg_value)DEC(room);
        return msg_raise(report, MSG_HVM_TRUNCATED, &at,
                         "the blob ends within a record");
    }
    walk->at += record->length;
    return 0;
}

static int check_header(const struct domctx_record *header,
                        domctx_report *report)
{
    struct msg_at at = at_hvm(header);
    uint32_t value;

    if (header->length != HVM_HEADER_LENGTH) {
        at.expected = (struct msg_value)DEC(HVM_HEADER_LENGTH);
        at.found = (struct msg_value)DEC(header->length);
        return msg_raise(report, MSG_HVM_HEADER_LENGTH, &at,
                         "HEADER has a wrong length");
    }
    value = le32(header->body);
    if (value != HVM_MAGIC) {
        at.expected = (struct msg_value)HEX(HVM_MAGIC);
        at.found = (struct msg_value)HEX(value);
        return msg_raise(report, MSG_HVM_MAGIC, &at,
                         "HEADER has a wrong magic number");
    }
    value = le32(header->body + 4);
    if (value != HVM_FILE_VERSION) {
        at.expected = (struct msg_value)DEC(HVM_FILE_VERSION);
        at.found = (struct msg_value)DEC(value);
        return msg_raise(report, MSG_HVM_VERSION, &at,
                         "HEADER has an unknown version of the format");
    }
    return 0;
}

/* Check the first record, which distinguishes a blob from any other input. */
static int check_first(const struct walk *walk, domctx_report *report)
{
    struct msg_at at = {
        .has_offset = true, .offset = walk->base,
        .expected = DEC(DOMCTX_HVM_HEADER),
    };

    if (walk->size < HVM_DESCRIPTOR)
        return cut_short(walk, report);
    at.found = (struct msg_value)DEC(le16(walk->buf));
    if (le16(walk->buf) != DOMCTX_HVM_HEADER)
        return msg_raise(report, MSG_HVM_HEADER_MISSING, &at,
                         "the first record is not HEADER");
    return 0;
}

static int count_records(domctx_hvm *hvm, domctx_report *report)
{
    struct walk walk = { hvm->buf, hvm->size, 0, hvm->base };
    struct domctx_record record;

    if (check_first(&walk, report))
        return -1;
    do {
        if (next_record(&walk, &record, &hvm->repaired, report))
            return -1;
        if (hvm->count == RECORDS_MAX)
            return records_many(at_hvm(&record), report);
        if (hvm->count++ == 0 && check_header(&record, report))
            return -1;
    } while (record.type != DOMCTX_HVM_END);
    hvm->end_unusual = record.instance != 0 || hvm_claim(&record) != 0;
    hvm->consumed = walk.at;
    return 0;
}

static int fill_records(domctx_hvm *hvm, domctx_report *report)
{
    struct walk walk = { hvm->buf, hvm->size, 0, hvm->base };
    size_t bytes, repaired = 0;

    if (!bytes_of(hvm->count, sizeof(*hvm->records), &bytes))
        return msg_no_memory(report, SIZE_MAX);
    hvm->records = malloc(bytes);
    if (!hvm->records)
        return msg_no_memory(report, bytes);
    for (size_t i = 0; i < hvm->count; i++)
        next_record(&walk, &hvm->records[i], &repaired, NULL);
    if (!keys_build(&hvm->keys, hvm->records, hvm->count - 1))
        return msg_no_memory(report, bytes);
    return 0;
}

size_t hvm_whole(const void *buf, uint64_t size, size_t *whole)
{
    struct walk walk = { buf, size, 0, 0 };
    struct domctx_record record;
    size_t repaired = 0, end;

    *whole = 0;
    if (check_first(&walk, NULL) ||
        next_record(&walk, &record, &repaired, NULL) ||
        check_header(&record, NULL))
        return 0;
    for (end = (size_t)walk.at;
         *whole < RECORDS_MAX - 1 &&
         !next_record(&walk, &record, &repaired, NULL) &&
         record.type != DOMCTX_HVM_END;
         ++*whole)
        end = (size_t)walk.at;
    return end;
}

int hvm_parse_framing(const void *buf, uint64_t size, uint64_t base,
                      domctx_hvm **hvm, domctx_report *report)
{
    domctx_hvm *parsed = calloc(1, sizeof(*parsed));

    *hvm = NULL;
    if (!parsed)
        return msg_no_memory(report, sizeof(*parsed));
    parsed->buf = buf;
    parsed->size = size;
    parsed->base = base;
    if (count_records(parsed, report) || fill_records(parsed, report)) {
        domctx_hvm_free(parsed);
        return -1;
    }
    *hvm = parsed;
    return 0;
}

int domctx_hvm_parse(const void *buf, size_t size, domctx_hvm **hvm,
                     domctx_report *report)
{
    if (hvm_parse_framing(buf, size, 0, hvm, report))
        return -1;
    content_check_blob(*hvm, NULL, report);
    return 0;
}

void domctx_hvm_free(domctx_hvm *hvm)
{
    if (!hvm)
        return;
    keys_free(&hvm->keys);
    free(hvm->records);
    free(hvm);
}

size_t domctx_hvm_count(const domctx_hvm *hvm)
{
    return hvm->count;
}

const struct domctx_record *domctx_hvm_get(const domctx_hvm *hvm, size_t i)
{
    return i < hvm->count ? &hvm->records[i] : NULL;
}

const struct domctx_record *domctx_hvm_find(const domctx_hvm *hvm,
                                            uint32_t typecode,
                                            uint32_t instance)
{
    const struct domctx_record *end = &hvm->records[hvm->count - 1];

    if (typecode == DOMCTX_HVM_END)
        return instance == end->instance ? end : NULL;
    return keys_find(&hvm->keys, typecode, instance);
}

uint64_t domctx_hvm_consumed(const domctx_hvm *hvm)
{
    return hvm->consumed;
}

size_t domctx_hvm_repaired(const domctx_hvm *hvm)
{
    return hvm->repaired;
}
