/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ctxfuzz IN FOLDER COUNT SEED: COUNT files in FOLDER, each the context IN
 * with one thing changed, one in eight with two, and on standard output a line
 * for each: its name and what was done to it.  The same seed makes the same
 * files.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctxfile.h"

static uint64_t state;

/* xorshift64 */
static uint64_t any(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t n)
{
    return (size_t)(any() >> 11) % n;
}

/* Values at the edge of what is checked somewhere. */
static uint64_t edge(void)
{
    static const uint64_t values[] = {
        0, 1, 2, 4, 5, 15, 16, 0xff, 0xffff, 0x10000, 0x10001, 0x7fffffff,
        0x80000000, 0xffffffff, UINT64_C(0x100000000),
        UINT64_C(0x8000000000000000), UINT64_MAX,
    };
    size_t n = sizeof(values) / sizeof(values[0]);
    size_t i = below(n + 2);

    return i < n ? values[i] : any();
}

struct change {
    struct ctx_file *file;
    struct ctx_record *record;
    size_t at;     /* its number */
    char what[80];
};

/* Half of CPU is the FPU's image, of which no value is refused. */
static size_t begin_of(const struct ctx_record *record)
{
    return record->type == CTX_WRAPPED + 2 && record->length > 640 ? 512 : 0;
}

/* A number of 1, 2, 4 or 8 bytes at a multiple of its width. */
static bool field(struct change *change)
{
    struct ctx_record *record = change->record;
    size_t width = (size_t)1 << below(4), offset;
    uint64_t value = edge();

    if (record->length < width)
        return false;
    if (width < 8)
        value &= (UINT64_C(1) << (8 * width)) - 1;
    offset = begin_of(record) + below((record->length - begin_of(record)) /
                                      width) * width;
    for (size_t i = 0; i < width; i++)
        record->body[offset + i] = (uint8_t)(value >> (8 * i));
    snprintf(change->what, sizeof(change->what), "%zu:%zu = 0x%" PRIx64,
             offset, width, value);
    return true;
}

static bool bit(struct change *change)
{
    struct ctx_record *record = change->record;
    size_t offset, number = below(8);

    if (record->length == 0)
        return false;
    offset = begin_of(record) + below(record->length - begin_of(record));
    record->body[offset] ^= (uint8_t)(1u << number);
    snprintf(change->what, sizeof(change->what), "bit %zu of byte %zu",
             number, offset);
    return true;
}

static bool resize(struct change *change)
{
    struct ctx_record *record = change->record;
    size_t by = 1 + below(16), length;
    uint8_t *body;

    length = below(2) && record->length >= by ? record->length - by
                                              : record->length + by;
    body = ctx_alloc(length);
    memcpy(body, record->body,
           length < record->length ? length : record->length);
    free(record->body);
    record->body = body;
    snprintf(change->what, sizeof(change->what), "length %zu, was %zu",
             length, record->length);
    record->length = length;
    return true;
}

static bool drop(struct change *change)
{
    ctx_remove(change->file, change->at);
    snprintf(change->what, sizeof(change->what), "dropped");
    return true;
}

static bool again(struct change *change)
{
    struct ctx_record copy = *change->record;

    ctx_insert(change->file, change->at + 1, copy.type, copy.instance,
               copy.body, copy.length, copy.inner);
    snprintf(change->what, sizeof(change->what), "twice");
    return true;
}

static bool rename_it(struct change *change)
{
    change->record->type = CTX_WRAPPED + 2 + (uint32_t)below(40);
    snprintf(change->what, sizeof(change->what), "typecode %" PRIu32,
             change->record->type - CTX_WRAPPED);
    return true;
}

static bool renumber(struct change *change)
{
    change->record->instance = below(2) ? (uint32_t)below(4)
                                        : (uint32_t)below(0x10000);
    snprintf(change->what, sizeof(change->what), "instance %" PRIu32,
             change->record->instance);
    return true;
}

/* In front of another record, but never behind END. */
static bool move(struct change *change)
{
    struct ctx_record from = *change->record;
    size_t to = below(change->file->count - 1);
    uint8_t *body;

    if (to == change->at)
        return false;
    body = ctx_alloc(from.length);
    memcpy(body, from.body, from.length);
    ctx_remove(change->file, change->at);
    ctx_insert(change->file, to, from.type, from.instance, body,
               from.length, from.inner);
    free(body);
    snprintf(change->what, sizeof(change->what), "moved from %zu to %zu",
             change->at, to);
    return true;
}

/* Mostly values: that is where most of a loader's checks are. */
static bool (*const ways[])(struct change *) = {
    field, field, field, field, field, field, field, bit, bit, bit, bit,
    resize, resize, drop, again, rename_it, renumber, move,
};

/* The record of that type after skipping some; count: how many there are. */
static size_t nth(const struct ctx_file *file, uint32_t type, size_t skip,
                  size_t *count)
{
    size_t found = 0;

    *count = 0;
    for (size_t at = 0; at < file->count; at++) {
        if (file->records[at].type != type)
            continue;
        if (*count == skip)
            found = at;
        ++*count;
    }
    return found;
}

/* Any record but END, which has nothing that a loader looks at.  Each type
 * is as likely as any other, so that vCPUs do not crowd out devices. */
static size_t pick(const struct ctx_file *file)
{
    for (;;) {
        uint32_t type = CTX_WRAPPED + 1 + (uint32_t)below(20);
        size_t count;

        nth(file, type, 0, &count);
        if (count)
            return nth(file, type, below(count), &count);
    }
}

static void change_one(struct ctx_file *file)
{
    struct change change = { .file = file };
    char name[60];

    do {
        change.at = pick(file);
        change.record = &file->records[change.at];
        ctx_print_name(change.record, name, sizeof(name));
    } while (!ways[below(sizeof(ways) / sizeof(ways[0]))](&change));
    printf(" %s %s", name, change.what);
}

static void one(const char *in, const char *folder, size_t number)
{
    struct ctx_file file = { 0 };
    char path[4096];

    ctx_read(&file, in);
    snprintf(path, sizeof(path), "%s/%03zu", folder, number);
    printf("%03zu", number);
    change_one(&file);
    if (below(8) == 0) {
        printf(" and");
        change_one(&file);
    }
    putchar('\n');
    ctx_write(&file, path);
    ctx_free(&file);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: ctxfuzz IN FOLDER COUNT SEED\n", stderr);
        return 2;
    }
    /* a seed of 0 would stay 0 */
    state = strtoull(argv[4], NULL, 0) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (size_t i = 0; i < strtoul(argv[3], NULL, 0); i++)
        one(argv[1], argv[2], i);
    return 0;
}
