/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging the content of an image: the specification's records, and its HVM
 * state. */
#include "format/image.h"
#include "base/bytes.h"
#include "format/content.h"
#include "catalogue/types.h"

#define SHARED_32BIT UINT32_C(1)  /* the only flag */
#define TSC_LENGTH 20             /* as the specification has it */
#define TSC_LENGTH_TAIL 24        /* with the reserved word at its end */

/* Whether length is that of flags and a buffer of size bytes, with or without
 * the reserved word between them. */
static bool holds(uint64_t length, uint64_t size)
{
    return length == 4 + size || length == 8 + size;
}

size_t image_shared_buffer(const struct domctx_record *record)
{
    static const uint64_t sizes[] = { SHARED_INFO_X86_64, SHARED_INFO_X86_32,
                                      SHARED_INFO_ARM };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (holds(record->length, sizes[i]))
            return record->length - sizes[i];
    return 0;
}

static int zero_word(const struct domctx_record *record, uint64_t offset,
                     uint32_t value, enum msg_id id, domctx_report *report)
{
    struct msg_at at = at_record(record);

    if (value == 0)
        return 0;
    at.field = "reserved";
    at.offset += DOMCTX_HEADER_SIZE + offset;
    at.expected = (struct msg_value)DEC(0);
    at.found = (struct msg_value)HEX(value);
    return msg_raise(report, id, &at, "a reserved word is not zero");
}

static int check_shared_reserved(const struct domctx_record *record,
                                 bool big, domctx_report *report)
{
    struct msg_at at = at_record(record);
    uint32_t flags;
    int result = 0;

    if (record->length < 4)
        return 0; /* a wrong length: reported with the content */
    flags = get32(record->body, big);
    if (flags & ~SHARED_32BIT) {
        at.field = "flags";
        at.expected = (struct msg_value)HEX(flags & SHARED_32BIT);
        at.found = (struct msg_value)HEX(flags);
        result = msg_raise(report, MSG_SHARED_INFO_FLAGS, &at,
                           "SHARED_INFO has unknown flags");
    }
    if (image_shared_buffer(record) == 8)
        result |= zero_word(record, 4, get32(record->body + 4, big),
                            MSG_SHARED_INFO_RESERVED, report);
    return result;
}

int image_check_reserved(const struct domctx_record *record, bool big,
                         domctx_report *report)
{
    if (record->type == DOMCTX_SHARED_INFO)
        return check_shared_reserved(record, big, report);
    if (record->type == DOMCTX_TSC_INFO && record->length == TSC_LENGTH_TAIL)
        return zero_word(record, TSC_LENGTH,
                         get32(record->body + TSC_LENGTH, big),
                         MSG_TSC_INFO_RESERVED, report);
    return 0;
}

static bool is_arm_shared(const struct domctx_record *record)
{
    return record && holds(record->length, SHARED_INFO_ARM);
}

static void check_shared(const struct domctx_image *image,
                         domctx_report *report)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_SHARED_INFO, 0);
    struct msg_at at;
    bool is_32bit;

    if (!record)
        return;
    is_32bit = record->length >= 4 &&
               get32(record->body, image->big) & SHARED_32BIT;
    if (is_32bit ? holds(record->length, SHARED_INFO_X86_32)
                 : holds(record->length, SHARED_INFO_X86_64) ||
                       holds(record->length, SHARED_INFO_ARM))
        return;
    at = at_record(record);
    at.field = "length";
    at.expected = (struct msg_value)DEC(
        8 + (is_32bit ? SHARED_INFO_X86_32 : SHARED_INFO_X86_64));
    at.found = (struct msg_value)DEC(record->length);
    msg_raise(report, MSG_SHARED_INFO_LENGTH, &at,
              "SHARED_INFO has a length that its flags do not allow");
}

static void check_tsc(const struct domctx_image *image,
                      cat_version saver, domctx_report *report)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_TSC_INFO, 0);
    struct msg_at at;
    uint32_t mode;

    if (!record)
        return;
    at = at_record(record);
    if (record->length != TSC_LENGTH && record->length != TSC_LENGTH_TAIL) {
        at.field = "length";
        at.expected = (struct msg_value)DEC(TSC_LENGTH_TAIL);
        at.found = (struct msg_value)DEC(record->length);
        msg_raise(report, MSG_TSC_INFO_LENGTH, &at,
                  "TSC_INFO has a wrong length");
        return;
    }
    mode = get32(record->body, image->big);
    if (mode <= cat_tsc_mode_last(saver))
        return;
    at.field = "mode";
    at.expected = (struct msg_value)DEC(cat_tsc_mode_last(saver));
    at.found = (struct msg_value)DEC(mode);
    msg_raise(report, MSG_TSC_INFO_MODE, &at,
              "TSC_INFO has a mode that Xen %u.%u does not know",
              image->xen_major, image->xen_minor);
}

/* ARM has neither TSC_INFO nor HVM state. */
static void check_architecture(const struct domctx_image *image,
                               domctx_report *report)
{
    const struct domctx_record *shared =
        domctx_image_find(image, DOMCTX_SHARED_INFO, 0);
    struct msg_at at;

    if (!is_arm_shared(shared) ||
        (image->form == DOMCTX_FORM_NO_HVM &&
         !domctx_image_find(image, DOMCTX_TSC_INFO, 0)))
        return;
    at = at_record(shared);
    msg_raise(report, MSG_IMAGE_ARCH_MIXED, &at,
              "the shared info of an ARM domain beside records of an x86 "
              "domain");
}

/* Check HEADER, which every loader reads first. */
static void check_header(const struct domctx_record *record,
                         domctx_report *report)
{
    struct msg_at at = at_record(record);

    if (record->type != DOMCTX_HVM_RECORD(DOMCTX_HVM_HEADER)) {
        msg_raise(report, MSG_IMAGE_HEADER_MISSING, &at,
                  "the HVM state does not begin with HEADER");
        return;
    }
    if (record->length < 8)
        return; /* too short: reported by the length check */
    if (le32(record->body) != HVM_MAGIC) {
        at.field = "magic";
        at.expected = (struct msg_value)HEX(HVM_MAGIC);
        at.found = (struct msg_value)HEX(le32(record->body));
        msg_raise(report, MSG_IMAGE_HEADER_MAGIC, &at,
                  "HEADER has a wrong magic number");
    }
    if (le32(record->body + 4) != HVM_FILE_VERSION) {
        at.field = "version";
        at.expected = (struct msg_value)DEC(HVM_FILE_VERSION);
        at.found = (struct msg_value)DEC(le32(record->body + 4));
        msg_raise(report, MSG_IMAGE_HEADER_VERSION, &at,
                  "HEADER has an unknown version of the format");
    }
}

static void check_migrated(const struct domctx_image *image,
                           cat_version saver, domctx_report *report)
{
    bool first = true;

    for (size_t i = 1; i + 1 < image->inner; i++) {
        struct domctx_record record = image->records[i];

        if (!type_is_hvm(record.type))
            continue;
        if (first)
            check_header(&record, report);
        first = false;
        record.type = type_to_hvm(record.type);
        content_check_hvm(&record, &saver, report);
    }
}

static int check_wrapped(const struct domctx_image *image,
                         cat_version saver, domctx_report *report)
{
    const struct domctx_record *record =
        domctx_image_find(image, DOMCTX_HVM_CONTEXT, 0);
    domctx_hvm *hvm;

    if (hvm_parse_framing(record->body, record->length,
                          record->offset + DOMCTX_HEADER_SIZE, &hvm,
                          report))
        return -1;
    content_check_blob(hvm, &saver, report);
    domctx_hvm_free(hvm);
    return 0;
}

static void check_version(const struct domctx_image *image,
                          cat_version saver, domctx_report *report)
{
    struct msg_at at;

    if (saver <= CAT_NEWEST)
        return;
    at = at_record(&image->records[0]);
    msg_raise(report, MSG_IMAGE_NEWER, &at,
              "saved by Xen %u.%u, newer than %u.%u, the newest release "
              "known here", image->xen_major, image->xen_minor,
              CAT_NEWEST >> 8, CAT_NEWEST & 0xff);
}

static int check_pv(const struct domctx_image *image, domctx_report *report)
{
    int result = 0;

    for (size_t i = 1; result == 0 && i + 1 < image->inner; i++)
        if (type_is_pv(image->records[i].type))
            result = content_check_pv(&image->records[i], image->big,
                                      report);
    return result;
}

int image_check_content(const struct domctx_image *image,
                        domctx_report *report)
{
    cat_version saver = cat_version_of(image->xen_major, image->xen_minor);

    check_version(image, saver, report);
    check_shared(image, report);
    check_tsc(image, saver, report);
    check_architecture(image, report);
    if (check_pv(image, report))
        return -1;
    if (image->form == DOMCTX_FORM_WRAPPED)
        return check_wrapped(image, saver, report);
    if (image->form == DOMCTX_FORM_MIGRATED)
        check_migrated(image, saver, report);
    return 0;
}
