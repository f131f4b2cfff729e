/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctxfile.h"

static const struct {
    const char *name;
    uint32_t type;
} names[] = {
    { "END", 0 }, { "START", 1 }, { "SHARED_INFO", 2 }, { "TSC_INFO", 3 },
    { "EVTCHN", 0x50560001 }, { "GRANT_TABLE", 0x50560002 },
    { "HVM_PARAMS", 0x50560003 }, { "VCPU_STATE", 0x50560004 },
    { "CPUID_POLICY", 0x50560005 }, { "MSR_POLICY", 0x50560006 },
    { "PROVENANCE", CTX_PROVENANCE }, { "DIGEST", CTX_DIGEST },
    { "HVM_END", CTX_WRAPPED },
    { "HEADER", CTX_WRAPPED + 1 }, { "CPU", CTX_WRAPPED + 2 },
    { "PIC", CTX_WRAPPED + 3 }, { "IOAPIC", CTX_WRAPPED + 4 },
    { "LAPIC", CTX_WRAPPED + 5 }, { "LAPIC_REGS", CTX_WRAPPED + 6 },
    { "PCI_IRQ", CTX_WRAPPED + 7 }, { "ISA_IRQ", CTX_WRAPPED + 8 },
    { "PCI_LINK", CTX_WRAPPED + 9 }, { "PIT", CTX_WRAPPED + 10 },
    { "RTC", CTX_WRAPPED + 11 }, { "HPET", CTX_WRAPPED + 12 },
    { "PMTIMER", CTX_WRAPPED + 13 }, { "MTRR", CTX_WRAPPED + 14 },
    { "VIRIDIAN_DOMAIN", CTX_WRAPPED + 15 },
    { "CPU_XSAVE", CTX_WRAPPED + 16 },
    { "VIRIDIAN_VCPU", CTX_WRAPPED + 17 },
    { "VMCE_VCPU", CTX_WRAPPED + 18 }, { "TSC_ADJUST", CTX_WRAPPED + 19 },
    { "CPU_MSR", CTX_WRAPPED + 20 },
};

void ctx_die(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("ctxedit: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(2);
}

void *ctx_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (p == NULL) {
        ctx_die("no memory");
    }
    return p;
}

uint64_t ctx_crc64(const uint8_t *p, size_t n)
{
    /* CRC-64/XZ: ECMA-182 polynomial, reflected; bit by bit, since this is
     * the slow but obvious way. */
    uint64_t crc = ~UINT64_C(0);
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^
                  ((crc & 1) ? UINT64_C(0xc96c5795d7870f42) : 0);
        }
    }
    return ~crc;
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void put_le(uint8_t *p, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        p[i] = (uint8_t)(value >> (8 * i));
    }
}

void ctx_insert(struct ctx_file *file, size_t at, uint32_t type,
                uint32_t instance, const uint8_t *body, size_t length,
                bool inner)
{
    size_t want = (file->count + 1) * sizeof(*file->records);
    struct ctx_record *grown = realloc(file->records, want);
    if (grown == NULL) {
        ctx_die("no memory");
    }
    file->records = grown;
    memmove(grown + at + 1, grown + at, (file->count - at) * sizeof(*grown));
    grown[at] = (struct ctx_record){ .type = type, .instance = instance,
                                     .length = length, .inner = inner,
                                     .body = ctx_alloc(length) };
    if (length != 0) {
        memcpy(grown[at].body, body, length);
    }
    file->count++;
}

void ctx_remove(struct ctx_file *file, size_t at)
{
    free(file->records[at].body);
    file->count--;
    memmove(file->records + at, file->records + at + 1,
            (file->count - at) * sizeof(*file->records));
}

/* Legacy records of size bytes at p; returns how many bytes they fill. */
static size_t read_blob(struct ctx_file *file, const uint8_t *p, size_t size)
{
    size_t at = 0;
    while (size - at >= 8) {
        uint32_t code = get32(p + at) & 0xffff;
        uint32_t instance = get32(p + at) >> 16;
        uint32_t length = get32(p + at + 4);
        if (length > size - at - 8) {
            break;
        }
        ctx_insert(file, file->count, CTX_WRAPPED + code, instance,
                   p + at + 8, length, true);
        at += 8 + (size_t)length;
        if (code == 0) {
            break;
        }
    }
    return at;
}

static size_t read_image(struct ctx_file *file, const uint8_t *p, size_t size)
{
    size_t at = 0;
    while (size - at >= 16) {
        uint32_t type = get32(p + at), instance = get32(p + at + 4);
        uint64_t length = get32(p + at + 8) |
                          (uint64_t)get32(p + at + 12) << 32;
        if (length > size - at - 16) {
            break;
        }
        if (type == CTX_WRAPPED) {
            file->form = CTX_WRAP;
            read_blob(file, p + at + 16, (size_t)length);
        } else {
            ctx_insert(file, file->count, type, instance, p + at + 16,
                       (size_t)length, false);
        }
        at += 16 + (((size_t)length + 7) & ~(size_t)7);
        if (at > size) {
            at = size;
        }
    }
    return at;
}

static uint8_t *slurp(const char *path, size_t *size)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (in == NULL) {
        ctx_die("%s: %s", path, strerror(errno));
    }
    uint8_t *buf = NULL;
    size_t have = 0, room = 0;
    for (;;) {
        if (have == room) {
            room = room ? 2 * room : 65536;
            uint8_t *grown = realloc(buf, room);
            if (grown == NULL) {
                ctx_die("no memory");
            }
            buf = grown;
        }
        size_t got = fread(buf + have, 1, room - have, in);
        if (got == 0) {
            break;
        }
        have += got;
    }
    if (in != stdin) {
        fclose(in);
    }
    *size = have;
    return buf;
}

void ctx_read(struct ctx_file *file, const char *path)
{
    size_t size, used;
    uint8_t *buf = slurp(path, &size);
    *file = (struct ctx_file){ .form = CTX_MIGRATED };
    if (size >= 8 && get32(buf) == 1 && get32(buf + 4) == 24) {
        file->form = CTX_BLOB;
        used = read_blob(file, buf, size);
    } else if (size >= 8 && get32(buf) == 1) {
        used = read_image(file, buf, size);
    } else {
        ctx_die("%s: neither an image nor a blob", path);
    }
    file->tail_size = size - used;
    file->tail = ctx_alloc(file->tail_size);
    memcpy(file->tail, buf + used, file->tail_size);
    free(buf);
}

struct sink {
    uint8_t *buf;
    size_t size;
};

static uint8_t *extend(struct sink *sink, size_t size)
{
    uint8_t *grown = realloc(sink->buf, sink->size + size + 1);
    if (grown == NULL) {
        ctx_die("no memory");
    }
    sink->buf = grown;
    memset(grown + sink->size, 0, size);
    sink->size += size;
    return grown + sink->size - size;
}

static void put_inner(struct sink *sink, const struct ctx_record *record)
{
    uint8_t *p = extend(sink, 8 + record->length);
    put_le(p, record->type - CTX_WRAPPED, 2);
    put_le(p + 2, record->instance, 2);
    put_le(p + 4, record->length, 4);
    memcpy(p + 8, record->body, record->length);
}

static void put_outer(struct sink *sink, uint32_t type, uint32_t instance,
                      const uint8_t *body, size_t length)
{
    uint8_t *p = extend(sink, 16 + ((length + 7) & ~(size_t)7));
    put_le(p, type, 4);
    put_le(p + 4, instance, 4);
    put_le(p + 8, length, 8);
    if (length != 0) {
        memcpy(p + 16, body, length);
    }
}

static void put_records(struct sink *sink, struct ctx_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        struct ctx_record *record = &file->records[i];
        if (record->inner && file->form == CTX_WRAP) {
            struct sink blob = { 0 };
            for (; i < file->count && file->records[i].inner; i++) {
                put_inner(&blob, &file->records[i]);
            }
            i--;
            put_outer(sink, CTX_WRAPPED, 0, blob.buf, blob.size);
            free(blob.buf);
        } else if (record->inner) {
            put_inner(sink, record);
        } else {
            if (record->type == CTX_DIGEST && record->length == 16 &&
                !file->keep_digest) {
                put_le(record->body + 8, ctx_crc64(sink->buf, sink->size),
                       8);
            }
            put_outer(sink, record->type, record->instance, record->body,
                      record->length);
        }
    }
}

void ctx_write(struct ctx_file *file, const char *path)
{
    struct sink sink = { 0 };
    put_records(&sink, file);
    if (file->tail_size != 0) {
        memcpy(extend(&sink, file->tail_size), file->tail, file->tail_size);
    }
    FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (out == NULL ||
        fwrite(sink.buf, 1, sink.size, out) != sink.size ||
        fflush(out) != 0 || (out != stdout && fclose(out) != 0)) {
        ctx_die("%s: %s", path, strerror(errno));
    }
    free(sink.buf);
}

void ctx_free(struct ctx_file *file)
{
    while (file->count > 0) {
        ctx_remove(file, file->count - 1);
    }
    free(file->records);
    free(file->tail);
}

void ctx_parse_name(const char *name, uint32_t *type, uint32_t *instance)
{
    char word[40], *end;
    const char *slash = strchr(name, '/');
    size_t length = slash ? (size_t)(slash - name) : strlen(name);
    if (length >= sizeof(word)) {
        ctx_die("%s: no such record type", name);
    }
    memcpy(word, name, length);
    word[length] = '\0';
    *instance = slash ? (uint32_t)strtoul(slash + 1, NULL, 0) : 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(word, names[i].name) == 0) {
            *type = names[i].type;
            return;
        }
    }
    *type = (uint32_t)strtoul(word, &end, 0);
    if (end == word || *end != '\0') {
        ctx_die("%s: no such record type", name);
    }
}

void ctx_print_name(const struct ctx_record *record, char *out, size_t size)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (record->type == names[i].type) {
            snprintf(out, size, "%s/%u", names[i].name, record->instance);
            return;
        }
    }
    snprintf(out, size, "%#x/%u", record->type, record->instance);
}

struct ctx_record *ctx_find(struct ctx_file *file, const char *name)
{
    uint32_t type, instance;
    ctx_parse_name(name, &type, &instance);
    for (size_t i = 0; i < file->count; i++) {
        if (file->records[i].type == type &&
            file->records[i].instance == instance) {
            return &file->records[i];
        }
    }
    return NULL;
}
