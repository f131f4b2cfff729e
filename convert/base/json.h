/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and writing JSON as a stream of tokens.  json-parse.c is the only
 * file that knows which library parses; the writer needs none.
 */
#ifndef CONVERT_BASE_JSON_H
#define CONVERT_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/out.h"

/* Deeper nesting is refused, by the parser and by the writer. */
#define JSON_DEPTH_MAX 64

enum json_kind {
    JSON_OBJECT, JSON_OBJECT_END, JSON_ARRAY, JSON_ARRAY_END,
    JSON_KEY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL,
};

struct json_token {
    enum json_kind kind;
    unsigned int depth;  /* containers around it; equal for both ends of
                          * one container */
    const char *text;    /* key and string: UTF-8, escapes undone; number:
                          * as written.  Not terminated, NULs possible */
    size_t size;
};

/* Takes one token; anything but 0 stops the parse. */
typedef int json_handler(void *arg, const struct json_token *token);

enum json_result {
    JSON_OK,
    JSON_SYNTAX,     /* not JSON, not UTF-8, too deep, more than one value,
                      * or more than 32 MiB of a string that has escapes */
    JSON_STOPPED,    /* by the handler */
    JSON_NO_MEMORY,
};

struct json_error {
    char text[120];  /* one line, lower case; for JSON_SYNTAX */
    size_t offset;   /* about where */
};

/* Parse size bytes of text that hold one value. */
enum json_result json_parse(const void *text, size_t size,
                            json_handler *handler, void *arg,
                            struct json_error *error);

/* What a token says, in json-value.c.  A number is digits, or a string
 * "0x...". */
bool json_is(const struct json_token *token, const char *word);
bool json_take_number(const struct json_token *token, uint64_t max,
                      uint64_t *value);
/* A string without NUL, terminated, that fits into size bytes. */
bool json_take_text(const struct json_token *token, char *to, size_t size);

/* JSON on its way to a sink, or into a text in memory.  The first failure
 * sticks. */
struct json_writer {
    struct out *out;     /* where it goes */
    struct out own;      /* the same, for a text in memory */
    char *text;          /* that text */
    size_t size, room;
    unsigned int depth;
    bool spaced;         /* line breaks and indentation */
    bool flat;           /* a part without them */
    bool failed;         /* memory, or depth */
    bool after_key, has_items;
};

/* Start a text in memory, for json_take(); indented over several lines if
 * spaced. */
void json_begin(struct json_writer *writer, bool spaced);

/* Start one that goes to out as it is written, for json_end(). */
void json_begin_out(struct json_writer *writer, struct out *out);

/* Append a token (its depth is not looked at).  Bytes of keys and strings
 * that are not UTF-8 become U+FFFD. */
void json_put(struct json_writer *writer, const struct json_token *token);

/* Shorthands. */
void json_put_mark(struct json_writer *writer, enum json_kind kind);
void json_put_key(struct json_writer *writer, const char *key);
void json_put_name(struct json_writer *writer, const char *key, size_t size);
void json_put_string(struct json_writer *writer, const char *text);
void json_put_u64(struct json_writer *writer, uint64_t value);
void json_put_i64(struct json_writer *writer, int64_t value);
void json_put_hex(struct json_writer *writer, uint64_t value);

/* A member: its key and its value. */
void json_pair(struct json_writer *writer, const char *key,
               const char *text);
void json_pair_u64(struct json_writer *writer, const char *key,
                   uint64_t value);
void json_pair_hex(struct json_writer *writer, const char *key,
                   uint64_t value);

/* A member that is left out where text is NULL or "". */
void json_pair_said(struct json_writer *writer, const char *key,
                    const char *text);

/* Open an object or array: a member, or with NULL for key an element. */
void json_open(struct json_writer *writer, const char *key,
               enum json_kind kind);

/* A string of two hexadecimal digits a byte. */
void json_put_bytes(struct json_writer *writer, const uint8_t *bytes,
                    uint64_t size);

/* The finished text, terminated, for the caller to free(); NULL when memory
 * was short.  The writer is empty afterwards. */
char *json_take(struct json_writer *writer);

/* The same handed to sink, all of it or nothing: 0, or -1 with the finding. */
int json_give(struct json_writer *writer, domctx_sink *sink, void *arg,
              domctx_report *report);

#endif /* CONVERT_BASE_JSON_H */
