/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trailer after END: PROVENANCE and DIGEST. */
#include "format/trailer.h"
#include "base/bytes.h"
#include "format/image.h"
#include "base/json.h"
#include "catalogue/types.h"

#include <lzma.h>

uint64_t digest_of(const uint8_t *buf, size_t size)
{
    return lzma_crc64(buf, size, 0);
}

/* Accept any one object. */
static int only_object(void *arg, const struct json_token *token)
{
    (void)arg;
    return token->depth == 0 && token->kind != JSON_OBJECT &&
           token->kind != JSON_OBJECT_END;
}

static int check_provenance(const struct domctx_record *record,
                            domctx_report *report)
{
    struct json_error error;
    struct msg_at at = at_record(record);

    if (record->length > PROVENANCE_MAX) {
        at.expected = (struct msg_value)DEC(PROVENANCE_MAX);
        at.found = (struct msg_value)DEC(record->length);
        return msg_raise(report, MSG_PROVENANCE_JSON, &at,
                         "PROVENANCE is too long");
    }
    switch (json_parse(record->body, record->length, only_object, NULL,
                       &error)) {
    case JSON_OK:
        return 0;
    case JSON_NO_MEMORY:
        return msg_no_memory(report, record->length);
    case JSON_STOPPED:
        return msg_raise(report, MSG_PROVENANCE_JSON, &at,
                         "PROVENANCE is not a JSON object");
    case JSON_SYNTAX:
    default:
        at.offset += DOMCTX_HEADER_SIZE + error.offset;
        return msg_raise(report, MSG_PROVENANCE_JSON, &at,
                         "PROVENANCE is not JSON: %s", error.text);
    }
}

static int check_digest(const struct domctx_image *image,
                        const struct domctx_record *record,
                        domctx_report *report)
{
    uint32_t algorithm = get32(record->body, image->big);
    uint32_t reserved = get32(record->body + 4, image->big);
    uint64_t stored = get64(record->body + 8, image->big), computed;
    struct msg_at at = at_record(record);

    if (algorithm != DIGEST_CRC64_XZ) {
        at.field = "algorithm";
        at.expected = (struct msg_value)DEC(DIGEST_CRC64_XZ);
        at.found = (struct msg_value)DEC(algorithm);
        return msg_raise(report, MSG_DIGEST_ALGORITHM, &at,
                         "unknown digest algorithm");
    }
    if (reserved != 0) {
        at.field = "reserved";
        at.expected = (struct msg_value)DEC(0);
        at.found = (struct msg_value)HEX(reserved);
        return msg_raise(report, MSG_DIGEST_RESERVED, &at,
                         "the reserved word of DIGEST is not zero");
    }
    computed = digest_of(image->buf, record->offset);
    if (computed == stored)
        return 0;
    at.field = "value";
    at.expected = (struct msg_value)HEX(stored);
    at.found = (struct msg_value)HEX(computed);
    return msg_raise(report, MSG_DIGEST_MISMATCH, &at,
                     "the bytes changed after the digest was made");
}

int trailer_check(struct domctx_image *image, domctx_report *report)
{
    const struct domctx_record *records;
    size_t count;
    int result = 0;

    records = image_trailer(image, &count);
    for (size_t i = 0; i < count; i++)
        result |= records[i].type == DOMCTX_DIGEST
                      ? check_digest(image, &records[i], report)
                      : check_provenance(&records[i], report);
    if (image->trailing > 0) {
        struct msg_at at = {
            .has_offset = true, .offset = image->size - image->trailing,
        };

        /* without the number of bytes: a pipe is not read to its end */
        msg_raise(report, MSG_IMAGE_AFTER_END, &at,
                  "bytes after END that are not a trailer");
    }
    return result;
}
