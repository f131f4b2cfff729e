/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parsing JSON with libyajl.
 *
 * yajl does not check what its allocator returns.  So our allocator leaves the
 * parser by longjmp() when memory is short; every block is on a list, which is
 * freed at the end.
 */
#include "base/json.h"
#include "base/bytes.h"
#include "base/utf8.h"

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* The largest block for yajl: it copies a string that has escapes, and no
 * valid member is half that long. */
#define BLOCK_MAX ((size_t)32 << 20)

/* The header of every block, aligned as malloc() aligns. */
struct block {
    _Alignas(max_align_t) struct block *next;
    struct block *previous;
};

struct parse {
    const void *text;
    size_t size;
    json_handler *handler;
    void *arg;
    struct json_error *error;
    unsigned int depth;
    bool stopped, too_deep, too_long;
    struct block blocks;
    jmp_buf no_memory;
};

static void *link_block(struct parse *parse, struct block *block)
{
    if (!block)
        longjmp(parse->no_memory, 1);
    block->next = parse->blocks.next;
    block->previous = &parse->blocks;
    if (block->next)
        block->next->previous = block;
    parse->blocks.next = block;
    return block + 1;
}

static void unlink_block(struct block *block)
{
    block->previous->next = block->next;
    if (block->next)
        block->next->previous = block->previous;
}

static void *take_memory(void *ctx, size_t size)
{
    size_t bytes;

    if (ADD_OVERFLOW(size, sizeof(struct block), &bytes))
        bytes = SIZE_MAX;
    return link_block(ctx, malloc(bytes));
}

static void give_memory(void *ctx, void *p)
{
    struct block *block = p;

    (void)ctx;
    if (!block)
        return;
    unlink_block(--block);
    free(block);
}

static void *change_memory(void *ctx, void *p, size_t size)
{
    struct block *block = p, *more;
    size_t bytes;

    if (!block)
        return take_memory(ctx, size);
    block--;
    if (size > BLOCK_MAX) {
        ((struct parse *)ctx)->too_long = true;
        longjmp(((struct parse *)ctx)->no_memory, 1);
    }
    if (ADD_OVERFLOW(size, sizeof(struct block), &bytes))
        bytes = SIZE_MAX;
    unlink_block(block);
    more = realloc(block, bytes);
    if (!more)
        free(block);
    return link_block(ctx, more);
}

static void free_blocks(struct parse *parse)
{
    struct block *block;

    while ((block = parse->blocks.next)) {
        parse->blocks.next = block->next;
        free(block);
    }
}

/* Hand a token to the handler; 0 makes yajl stop. */
static int hand_on(struct parse *parse, enum json_kind kind,
                   const void *text, size_t size)
{
    struct json_token token = { kind, parse->depth, text, size };

    parse->stopped = parse->handler(parse->arg, &token) != 0;
    return !parse->stopped;
}

static int open_one(struct parse *parse, enum json_kind kind)
{
    if (parse->depth == JSON_DEPTH_MAX) {
        parse->too_deep = true;
        return 0;
    }
    if (!hand_on(parse, kind, NULL, 0))
        return 0;
    parse->depth++;
    return 1;
}

static int close_one(struct parse *parse, enum json_kind kind)
{
    parse->depth--;
    return hand_on(parse, kind, NULL, 0);
}

static int on_null(void *ctx)
{
    return hand_on(ctx, JSON_NULL, NULL, 0);
}

static int on_boolean(void *ctx, int truth)
{
    return hand_on(ctx, truth ? JSON_TRUE : JSON_FALSE, NULL, 0);
}

static int on_number(void *ctx, const char *text, size_t size)
{
    return hand_on(ctx, JSON_NUMBER, text, size);
}

static int on_string(void *ctx, const unsigned char *text, size_t size)
{
    return hand_on(ctx, JSON_STRING, text, size);
}

static int on_key(void *ctx, const unsigned char *text, size_t size)
{
    return hand_on(ctx, JSON_KEY, text, size);
}

static int on_object(void *ctx)
{
    return open_one(ctx, JSON_OBJECT);
}

static int on_object_end(void *ctx)
{
    return close_one(ctx, JSON_OBJECT_END);
}

static int on_array(void *ctx)
{
    return open_one(ctx, JSON_ARRAY);
}

static int on_array_end(void *ctx)
{
    return close_one(ctx, JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_object_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_array_end,
};

/* yajl's error message as one line. */
static void explain(struct parse *parse, yajl_handle handle)
{
    struct json_error *error = parse->error;
    unsigned char *words = NULL;
    size_t end;

    error->offset = yajl_get_bytes_consumed(handle);
    if (parse->too_deep) {
        snprintf(error->text, sizeof(error->text),
                 "nested deeper than %d", JSON_DEPTH_MAX);
        return;
    }
    words = yajl_get_error(handle, 0, NULL, 0);
    snprintf(error->text, sizeof(error->text), "%s", (const char *)words);
    yajl_free_error(handle, words);
    end = strcspn(error->text, "\n");
    /* the caller appends the place */
    if (end > 0 && error->text[end - 1] == '.')
        end--;
    error->text[end] = '\0';
}

static enum json_result run(struct parse *parse)
{
    yajl_alloc_funcs memory = { take_memory, change_memory, give_memory,
                                parse };
    yajl_handle handle;
    yajl_status status;
    bool whole;

    if (setjmp(parse->no_memory)) {
        snprintf(parse->error->text, sizeof(parse->error->text),
                 "a string with escapes is longer than any");
        return parse->too_long ? JSON_SYNTAX : JSON_NO_MEMORY;
    }
    handle = yajl_alloc(&callbacks, &memory, parse);
    status = yajl_parse(handle, parse->text, parse->size);
    whole = status == yajl_status_ok;
    if (whole)
        status = yajl_complete_parse(handle);
    if (status == yajl_status_ok)
        return JSON_OK;
    if (parse->stopped)
        return JSON_STOPPED;
    explain(parse, handle);
    /* yajl counts the final blank that we fed it */
    if (whole)
        parse->error->offset = parse->size;
    return JSON_SYNTAX;
}

enum json_result json_parse(const void *text, size_t size,
                            json_handler *handler, void *arg,
                            struct json_error *error)
{
    size_t mark = utf8_mark(text, size);
    const unsigned char *first = text; /* NULL if there is none */
    struct parse parse = {
        .text = mark ? first + mark : first, .size = size - mark,
        .handler = handler, .arg = arg, .error = error,
    };
    enum json_result result;

    error->text[0] = '\0';
    error->offset = utf8_valid(text, size);
    if (error->offset < size) {
        snprintf(error->text, sizeof(error->text), "not UTF-8");
        return JSON_SYNTAX;
    }
    error->offset = 0;
    result = run(&parse);
    error->offset += mark;
    free_blocks(&parse);
    return result;
}
