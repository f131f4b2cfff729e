/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building images and legacy blobs. */
#include "format/builder.h"
#include "catalogue/catalogue.h"
#include "base/bytes.h"
#include "format/image.h"
#include "format/trailer.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

struct domctx_builder {
    bool hvm, big;
    uint8_t *buf;
    size_t size, room;
    /* sticky: every later call raises the first failure again */
    enum { SOUND, SHORT_OF_MEMORY, REFUSED } state;
    size_t asked;
    enum msg_id refusal;
    struct domctx_record refused;
};

static int raise_refusal(const domctx_builder *builder,
                         domctx_report *report)
{
    struct msg_at at = builder->hvm ? at_hvm(&builder->refused)
                                    : at_record(&builder->refused);

    at.found = (struct msg_value)HEX(builder->refused.type);
    return msg_raise(report, builder->refusal, &at,
                     "the record cannot be built");
}

/* -1, with the finding, if an earlier call failed. */
static int failed_before(const domctx_builder *builder,
                         domctx_report *report)
{
    if (!builder)
        return msg_no_memory(report, sizeof(*builder));
    if (builder->state == SHORT_OF_MEMORY)
        return msg_no_memory(report, builder->asked);
    if (builder->state == REFUSED)
        return raise_refusal(builder, report);
    return 0;
}

static int no_memory(domctx_builder *builder, size_t size,
                     domctx_report *report)
{
    builder->state = SHORT_OF_MEMORY;
    builder->asked = size;
    return msg_no_memory(report, size);
}

static int refuse(domctx_builder *builder, enum msg_id id, uint32_t type,
                  uint32_t instance, domctx_report *report)
{
    builder->state = REFUSED;
    builder->refusal = id;
    builder->refused = (struct domctx_record){
        .type = type, .instance = instance, .offset = builder->size,
    };
    return raise_refusal(builder, report);
}

int domctx_builder_reserve(domctx_builder *builder, size_t size,
                           domctx_report *report)
{
    uint8_t *more;

    if (failed_before(builder, report))
        return -1;
    if (size <= builder->room)
        return 0;
    more = realloc(builder->buf, size);
    if (!more)
        return no_memory(builder, size, report);
    builder->buf = more;
    builder->room = size;
    return 0;
}

/* Grow the buffer by size bytes; *at is the new part. */
static int extend(domctx_builder *builder, size_t size, uint8_t **at,
                  domctx_report *report)
{
    size_t need, room;

    if (ADD_OVERFLOW(builder->size, size, &need))
        return no_memory(builder, SIZE_MAX, report);
    if (need > builder->room) {
        room = need > SIZE_MAX / 2 ? need : need + need / 2;
        if (domctx_builder_reserve(builder, room, report))
            return -1;
    }
    *at = builder->buf + builder->size;
    builder->size = need;
    return 0;
}

/* Append an image record: the header, and a zeroed body and padding that the
 * caller fills. */
static int put_image(domctx_builder *builder, uint32_t type,
                     uint32_t instance, size_t length, uint8_t **body,
                     domctx_report *report)
{
    uint64_t padded;
    size_t whole;
    uint8_t *p;

    if (!round_up_8(length, &padded) ||
        ADD_OVERFLOW(padded, DOMCTX_HEADER_SIZE, &whole))
        return no_memory(builder, SIZE_MAX, report);
    if (extend(builder, whole, &p, report))
        return -1;
    set_u32(p, builder->big, type);
    set_u32(p + 4, builder->big, instance);
    set_u64(p + 8, builder->big, length);
    *body = p + DOMCTX_HEADER_SIZE;
    memset(*body, 0, padded);
    return 0;
}

static int put_hvm(domctx_builder *builder, uint32_t type, uint32_t instance,
                   uint64_t claimed, size_t length, uint8_t **body,
                   domctx_report *report)
{
    size_t whole;
    uint8_t *p;

    if (type > UINT16_MAX || instance > UINT16_MAX || claimed > UINT32_MAX)
        return refuse(builder, MSG_BUILD_LIMIT, type, instance, report);
    if (ADD_OVERFLOW(length, HVM_DESCRIPTOR, &whole))
        return no_memory(builder, SIZE_MAX, report);
    if (extend(builder, whole, &p, report))
        return -1;
    put_le16(p, (uint16_t)type);
    put_le16(p + 2, (uint16_t)instance);
    put_le32(p + 4, (uint32_t)claimed);
    *body = p + HVM_DESCRIPTOR;
    return 0;
}

static domctx_builder *new_builder(bool hvm)
{
    domctx_builder *builder = calloc(1, sizeof(*builder));

    if (builder)
        builder->hvm = hvm;
    return builder;
}

domctx_builder *domctx_builder_image(uint32_t xen_major, uint32_t xen_minor)
{
    domctx_builder *builder = new_builder(false);
    uint8_t *body;

    if (!builder)
        return NULL;
    if (put_image(builder, DOMCTX_START, 0, 8, &body, NULL)) {
        domctx_builder_free(builder);
        return NULL;
    }
    put_le32(body, xen_major);
    put_le32(body + 4, xen_minor);
    return builder;
}

domctx_builder *domctx_builder_hvm(void)
{
    return new_builder(true);
}

domctx_builder *builder_new_bare(bool hvm, bool big)
{
    domctx_builder *builder = new_builder(hvm);

    if (builder)
        builder->big = big;
    return builder;
}

void domctx_builder_free(domctx_builder *builder)
{
    if (builder)
        free(builder->buf);
    free(builder);
}

static bool own_record(const domctx_builder *builder, uint32_t type)
{
    if (builder->hvm)
        return type == DOMCTX_HVM_END;
    return type == DOMCTX_START || type == DOMCTX_END ||
           type_in_trailer(type);
}

int builder_put(domctx_builder *builder, uint32_t type, uint32_t instance,
                uint64_t claimed, const void *body, size_t length,
                domctx_report *report)
{
    uint8_t *to;

    if (failed_before(builder, report))
        return -1;
    if (builder->hvm
            ? put_hvm(builder, type, instance, claimed, length, &to, report)
            : put_image(builder, type, instance, length, &to, report))
        return -1;
    if (length)
        memcpy(to, body, length);
    return 0;
}

int domctx_builder_add(domctx_builder *builder, uint32_t type,
                       uint32_t instance, const void *body, size_t length,
                       domctx_report *report)
{
    if (failed_before(builder, report))
        return -1;
    if (own_record(builder, type))
        return refuse(builder, MSG_BUILD_TYPE, type, instance, report);
    return builder_put(builder, type, instance, length, body, length,
                       report);
}

int builder_need_image(domctx_builder *builder, uint32_t type,
                       domctx_report *report)
{
    if (failed_before(builder, report))
        return -1;
    if (builder->hvm)
        return refuse(builder, MSG_BUILD_KIND, type, 0, report);
    return 0;
}

size_t builder_size(const domctx_builder *builder)
{
    return builder->size;
}

const uint8_t *builder_bytes(const domctx_builder *builder)
{
    return builder->buf;
}

int builder_shared_info(domctx_builder *builder, bool is_32bit,
                        const void *buffer, size_t size,
                        domctx_report *report)
{
    size_t length;
    uint8_t *body;

    if (builder_need_image(builder, DOMCTX_SHARED_INFO, report))
        return -1;
    if (ADD_OVERFLOW(size, 8, &length))
        return no_memory(builder, SIZE_MAX, report);
    if (put_image(builder, DOMCTX_SHARED_INFO, 0, length, &body, report))
        return -1;
    put_le32(body, is_32bit);
    if (size)
        memcpy(body + 8, buffer, size);
    return 0;
}

int domctx_builder_shared_info(domctx_builder *builder, bool is_32bit,
                               const void *buffer, size_t size,
                               domctx_report *report)
{
    if (builder_need_image(builder, DOMCTX_SHARED_INFO, report))
        return -1;
    if (size != SHARED_INFO_X86_64 && size != SHARED_INFO_X86_32 &&
        size != SHARED_INFO_ARM)
        return refuse(builder, MSG_CALL_ARGUMENT, DOMCTX_SHARED_INFO, 0,
                      report);
    return builder_shared_info(builder, is_32bit, buffer, size, report);
}

int builder_tsc_info(domctx_builder *builder, uint32_t mode, uint32_t khz,
                     uint64_t nsec, uint32_t incarnation,
                     domctx_report *report)
{
    uint8_t *body;

    if (builder_need_image(builder, DOMCTX_TSC_INFO, report) ||
        put_image(builder, DOMCTX_TSC_INFO, 0, 24, &body, report))
        return -1;
    put_le32(body, mode);
    put_le32(body + 4, khz);
    put_le64(body + 8, nsec);
    put_le32(body + 16, incarnation);
    return 0;
}

/* The release in START, with which the image begins. */
static cat_version saver_of(const domctx_builder *builder)
{
    return cat_version_of(get32(builder->buf + DOMCTX_HEADER_SIZE, false),
                          get32(builder->buf + DOMCTX_HEADER_SIZE + 4, false));
}

int domctx_builder_tsc_info(domctx_builder *builder, uint32_t mode,
                            uint32_t khz, uint64_t nsec,
                            uint32_t incarnation, domctx_report *report)
{
    if (builder_need_image(builder, DOMCTX_TSC_INFO, report))
        return -1;
    if (mode > cat_tsc_mode_last(saver_of(builder)))
        return refuse(builder, MSG_CALL_ARGUMENT, DOMCTX_TSC_INFO, 0, report);
    return builder_tsc_info(builder, mode, khz, nsec, incarnation, report);
}

/* SHARED_INFO has two forms: the buffer follows the flags, or a reserved word
 * between them.  A body of neither length is copied unchanged. */
static int copy_shared_info(domctx_builder *builder,
                            const struct domctx_record *record,
                            domctx_report *report)
{
    size_t buffer = image_shared_buffer(record);

    if (buffer == 0)
        return domctx_builder_add(builder, record->type, record->instance,
                                  record->body, record->length, report);
    return builder_shared_info(builder, record->body[0] & 1,
                               record->body + buffer,
                               record->length - buffer, report);
}

static int copy_tsc_info(domctx_builder *builder, const domctx_image *image,
                         const struct domctx_record *record,
                         domctx_report *report)
{
    const uint8_t *body = record->body;

    return builder_tsc_info(builder, get32(body, image->big),
                            get32(body + 4, image->big),
                            get64(body + 8, image->big),
                            get32(body + 16, image->big), report);
}

int domctx_builder_copy(domctx_builder *builder, const domctx_image *image,
                        const struct domctx_record *record,
                        domctx_report *report)
{
    bool hvm = record->type == DOMCTX_HVM_CONTEXT ||
               type_is_hvm(record->type);

    if (builder_need_image(builder, record->type, report))
        return -1;
    if (record->type == DOMCTX_TSC_INFO && record->length >= 20 &&
        record->length <= 24)
        return copy_tsc_info(builder, image, record, report);
    if (image->big && !hvm && !own_record(builder, record->type))
        return refuse(builder, MSG_BUILD_BYTE_ORDER, record->type,
                      record->instance, report);
    if (record->type == DOMCTX_SHARED_INFO)
        return copy_shared_info(builder, record, report);
    return domctx_builder_add(builder, record->type, record->instance,
                              record->body, record->length, report);
}

static int put_trailer(domctx_builder *builder, const char *provenance,
                       bool digest, domctx_report *report)
{
    size_t covered;
    uint8_t *body;

    if (provenance) {
        size_t length = strlen(provenance);

        if (length > PROVENANCE_MAX)
            return msg_raise(report, MSG_PROVENANCE_JSON, NULL,
                             "PROVENANCE would be too long");
        if (put_image(builder, DOMCTX_PROVENANCE, 0, length, &body, report))
            return -1;
        memcpy(body, provenance, length);
    }
    covered = builder->size;
    if (!digest)
        return 0;
    if (put_image(builder, DOMCTX_DIGEST, 0, DIGEST_BODY, &body, report))
        return -1;
    put_le32(body, DIGEST_CRC64_XZ);
    put_le64(body + 8, digest_of(builder->buf, covered));
    return 0;
}

static int put_end(domctx_builder *builder, const char *provenance,
                   bool digest, domctx_report *report)
{
    uint8_t *body;

    if (!builder->hvm)
        return put_image(builder, DOMCTX_END, 0, 0, &body, report) ||
                       put_trailer(builder, provenance, digest, report)
                   ? -1
                   : 0;
    if (provenance || digest)
        return refuse(builder, MSG_BUILD_TRAILER, DOMCTX_HVM_END, 0, report);
    return put_hvm(builder, DOMCTX_HVM_END, 0, 0, 0, &body, report);
}

/* Parse the framing before handing the result over, as no reader accepts a
 * broken one.  Content is not judged. */
static int judge(const domctx_builder *builder, domctx_hvm **hvm,
                 domctx_report *report)
{
    domctx_image *image;
    domctx_hvm *own;

    if (builder->hvm) {
        if (hvm_parse_framing(builder->buf, builder->size, 0,
                              hvm ? hvm : &own, report))
            return -1;
        if (!hvm)
            domctx_hvm_free(own);
        return 0;
    }
    if (image_parse_framing(builder->buf, builder->size, &image, report))
        return -1;
    domctx_image_free(image);
    return 0;
}

/* hvm: as for builder_take_hvm(), or NULL. */
static int hand_over(domctx_builder *builder, uint8_t **buf, size_t *size,
                     domctx_hvm **hvm, domctx_report *report)
{
    *buf = NULL;
    *size = 0;
    if (failed_before(builder, report) || judge(builder, hvm, report))
        return -1;
    *buf = builder->buf;
    *size = builder->size;
    builder->buf = NULL;
    builder->size = builder->room = 0;
    return 0;
}

int builder_hand_over(domctx_builder *builder, uint8_t **buf, size_t *size,
                      domctx_report *report)
{
    return hand_over(builder, buf, size, NULL, report);
}

static int take(domctx_builder *builder, const char *provenance, bool digest,
                uint8_t **buf, size_t *size, domctx_hvm **hvm,
                domctx_report *report)
{
    size_t before;

    *buf = NULL;
    *size = 0;
    if (failed_before(builder, report))
        return -1;
    before = builder->size;
    if (put_end(builder, provenance, digest, report) == 0 &&
        hand_over(builder, buf, size, hvm, report) == 0)
        return 0;
    builder->size = before;
    return -1;
}

int builder_take_hvm(domctx_builder *builder, uint8_t **buf, size_t *size,
                     domctx_hvm **hvm, domctx_report *report)
{
    if (hvm)
        *hvm = NULL;
    return take(builder, NULL, false, buf, size, hvm, report);
}

int domctx_builder_take(domctx_builder *builder, const char *provenance,
                        bool digest, uint8_t **buf, size_t *size,
                        domctx_report *report)
{
    return take(builder, provenance, digest, buf, size, NULL, report);
}
