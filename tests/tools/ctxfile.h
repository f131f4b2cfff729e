/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A context file as a list of records, for tests only.  On purpose it shares
 * nothing with libdomctx: it makes the broken files that libdomctx has to
 * refuse, and it is the second opinion on framing and digest.
 */
#ifndef TESTS_CTXFILE_H
#define TESTS_CTXFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CTX_WRAPPED 0x48560000u
#define CTX_PROVENANCE 0x584c0001u
#define CTX_DIGEST 0x584c0002u

struct ctx_record {
    uint32_t type;     /* of the image; in blobs and wrapped images the
                        * records of the blob have CTX_WRAPPED + typecode */
    uint32_t instance;
    uint8_t *body;
    size_t length;
    bool inner;        /* lies in a blob, or in the wrapped record */
};

enum ctx_form { CTX_BLOB, CTX_MIGRATED, CTX_WRAP };

struct ctx_file {
    enum ctx_form form;
    struct ctx_record *records;
    size_t count;
    uint8_t *tail;     /* bytes that are no record, at the very end */
    size_t tail_size;
    bool keep_digest;  /* write DIGEST as it stands */
};

/* Read, write; a message on stderr and exit status 2 when that fails. */
void ctx_read(struct ctx_file *file, const char *path);
void ctx_write(struct ctx_file *file, const char *path);
void ctx_free(struct ctx_file *file);

/* "CPU/0", "START", "0x48560002/1" as type and instance.  The legacy END of
 * a blob is "HVM_END". */
void ctx_parse_name(const char *name, uint32_t *type, uint32_t *instance);
void ctx_print_name(const struct ctx_record *record, char *out, size_t size);

/* The record, or NULL. */
struct ctx_record *ctx_find(struct ctx_file *file, const char *name);

/* Insert a record at a position; remove the one at a position. */
void ctx_insert(struct ctx_file *file, size_t at, uint32_t type,
                uint32_t instance, const uint8_t *body, size_t length,
                bool inner);
void ctx_remove(struct ctx_file *file, size_t at);

/* CRC-64/XZ. */
uint64_t ctx_crc64(const uint8_t *p, size_t n);

__attribute__((noreturn, format(printf, 1, 2)))
void ctx_die(const char *format, ...);
void *ctx_alloc(size_t size);

#endif
