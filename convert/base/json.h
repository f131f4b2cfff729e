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
    unsigned int depth;  /* nesting; both ends of a container have the same */
    const char *text;    /* key and string: UTF-8, escapes decoded; number: as
                          * written.  Not NUL-terminated; may contain NULs */
    size_t size;
};

/* Takes one token; any result but 0 stops the parse. */
typedef int json_handler(void *arg, const struct json_token *token);

enum json_result {
    JSON_OK,
    JSON_SYNTAX,     /* not JSON, not UTF-8, too deep, more than one value,
                      * or more than 32 MiB of a string that has escapes */
    JSON_STOPPED,    /* the handler stopped it */
    JSON_NO_MEMORY,
};

struct json_error {
    char text[120];  /* one line, lower case; for JSON_SYNTAX */
    size_t offset;   /* approximate */
};

/* Parse size bytes of text that hold one value. */
enum json_result json_parse(const void *text, size_t size,
                            json_handler *handler, void *arg,
                            struct json_error *error);

/* Reading the value of a token (json-value.c).  A number is digits, or a
 * string "0x...". */
bool json_is(const struct json_token *token, const char *word);
bool json_take_number(const struct json_token *token, uint64_t max,
                      uint64_t *value);
/* Copy a string, NUL-terminated; false if it contains a NUL or does not fit
 * into size bytes. */
bool json_take_text(const struct json_token *token, char *to, size_t size);

/* A JSON text that is written to a sink or collected in memory.  The first
 * failure sticks. */
struct json_writer {
    struct out *out;     /* the output */
    struct out own;      /* the output of a text in memory */
    char *text;          /* the text in memory */
    size_t size, room;
    unsigned int depth;
    bool spaced;         /* with line breaks and indentation */
    bool flat;           /* this part without them */
    bool failed;         /* out of memory, or nested too deep */
    bool after_key, has_items;
};

/* Begin a text in memory, for json_take(); spaced: over several indented
 * lines. */
void json_begin(struct json_writer *writer, bool spaced);

/* Begin a text that goes to out as it is written, for json_end(). */
void json_begin_out(struct json_writer *writer, struct out *out);

/* Append a token; its depth is ignored.  Invalid UTF-8 in keys and strings
 * becomes U+FFFD. */
void json_put(struct json_writer *writer, const struct json_token *token);

/* Shorthands for tokens. */
void json_put_mark(struct json_writer *writer, enum json_kind kind);
void json_put_key(struct json_writer *writer, const char *key);
void json_put_name(struct json_writer *writer, const char *key, size_t size);
void json_put_string(struct json_writer *writer, const char *text);
void json_put_u64(struct json_writer *writer, uint64_t value);
void json_put_i64(struct json_writer *writer, int64_t value);
void json_put_hex(struct json_writer *writer, uint64_t value);

/* Write a member: key and value. */
void json_pair(struct json_writer *writer, const char *key,
               const char *text);
void json_pair_u64(struct json_writer *writer, const char *key,
                   uint64_t value);
void json_pair_hex(struct json_writer *writer, const char *key,
                   uint64_t value);

/* Write a member, unless text is NULL or "". */
void json_pair_said(struct json_writer *writer, const char *key,
                    const char *text);

/* Open an object or array: a member, or, if key is NULL, an element. */
void json_open(struct json_writer *writer, const char *key,
               enum json_kind kind);

/* Write bytes as a string of hexadecimal digits. */
void json_put_bytes(struct json_writer *writer, const uint8_t *bytes,
                    uint64_t size);

/* Take the finished text, NUL-terminated, for free(); NULL when memory was
 * short.  Empties the writer. */
char *json_take(struct json_writer *writer);

/* Hand the finished text to sink, unless memory was short: 0, or -1 with a
 * finding. */
int json_give(struct json_writer *writer, domctx_sink *sink, void *arg,
              domctx_report *report);

#endif /* CONVERT_BASE_JSON_H */
