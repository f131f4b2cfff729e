/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed legacy blob, for files that read and judge it. */
#ifndef CONVERT_FORMAT_HVM_H
#define CONVERT_FORMAT_HVM_H

#include "base/bytes.h"
#include "base/keys.h"
#include "base/messages.h"

/* Constants of HVM_SAVE, the same from Xen 3.1 to 4.22. */
#define HVM_MAGIC UINT32_C(0x54381286)
#define HVM_FILE_VERSION UINT32_C(1)
#define HVM_HEADER_LENGTH 24
#define HVM_DESCRIPTOR 8
#define HVM_CODE_MSR 20

struct domctx_hvm {
    const uint8_t *buf;
    uint64_t size;
    uint64_t base;         /* offset of buf in the whole input */
    struct domctx_record *records;
    size_t count;          /* with END */
    struct keys keys;      /* of the records before END */
    uint64_t consumed;
    size_t repaired;
    bool end_unusual;      /* END has an instance or claims a length */
};

/* The length in a record's descriptor, which may differ from the body's. */
static inline uint32_t hvm_claim(const struct domctx_record *record)
{
    return le32((const uint8_t *)record->body - 4);
}

/* Parse a blob that begins at offset base of the whole input; content
 * findings are left out. */
int hvm_parse_framing(const void *buf, uint64_t size, uint64_t base,
                      domctx_hvm **hvm, domctx_report *report);

/*
 * Whether the CPU_MSR record whose body is at body has the length defect of
 * Xen 4.5 to 4.9: the descriptor claims more than the entries take, and what
 * follows the entries is a record.  length is what the descriptor claims,
 * room the bytes from body to the end of the blob.  The true length, or
 * length where there is no defect.
 */
uint64_t hvm_msr_length(const uint8_t *body, uint32_t instance,
                        uint64_t length, uint64_t room);

/* The size of the whole records from HEADER on, without END; *whole counts
 * those after HEADER.  0: HEADER is damaged. */
size_t hvm_whole(const void *buf, uint64_t size, size_t *whole);

/* domctx_salvage() for a blob. */
int hvm_salvage(const uint8_t *buf, size_t size, uint8_t **out,
                size_t *out_size, size_t *whole, domctx_report *report);

#endif /* CONVERT_FORMAT_HVM_H */
