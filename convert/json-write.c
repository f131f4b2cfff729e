/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON. */
#include "json.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_begin(struct json_writer *writer, bool spaced)
{
    memset(writer, 0, sizeof(*writer));
    writer->spaced = spaced;
}

static void put(struct json_writer *writer, const char *text, size_t size)
{
    size_t need, room;
    char *more;

    if (writer->failed || size == 0)
        return;
    if (__builtin_add_overflow(writer->size, size, &need) ||
        need > SIZE_MAX / 4) {
        writer->failed = true;
        return;
    }
    if (need >= writer->room) {
        room = need * 2 + 64;
        more = realloc(writer->text, room);
        if (!more) {
            writer->failed = true;
            return;
        }
        writer->text = more;
        writer->room = room;
    }
    memcpy(writer->text + writer->size, text, size);
    writer->size = need;
}

static void put_words(struct json_writer *writer, const char *words)
{
    put(writer, words, strlen(words));
}

static void new_line(struct json_writer *writer)
{
    if (!writer->spaced)
        return;
    put_words(writer, "\n");
    for (unsigned int i = 0; i < writer->depth; i++)
        put_words(writer, "  ");
}

static void put_quoted(struct json_writer *writer, const char *text,
                       size_t size)
{
    char escape[8];
    size_t length;

    put_words(writer, "\"");
    for (size_t i = 0; i < size; i += length ? length : 1) {
        unsigned char c = (unsigned char)text[i];

        length = utf8_length(text + i, size - i);
        if (length == 0) {
            put_words(writer, "\xef\xbf\xbd");
        } else if (c == '"' || c == '\\') {
            escape[0] = '\\';
            escape[1] = (char)c;
            put(writer, escape, 2);
        } else if (c < 0x20 || c == 0x7f) {
            snprintf(escape, sizeof(escape), "\\u%04x", c);
            put(writer, escape, 6);
        } else {
            put(writer, text + i, length);
        }
    }
    put_words(writer, "\"");
}

/* What stands between the token before and one that begins here. */
static void separate(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->has_items)
        put_words(writer, ",");
    if (writer->depth > 0)
        new_line(writer);
    writer->has_items = true;
}

static void put_open(struct json_writer *writer, const char *bracket)
{
    separate(writer);
    put_words(writer, bracket);
    if (++writer->depth > JSON_DEPTH_MAX)
        writer->failed = true;
    writer->has_items = false;
}

static void put_close(struct json_writer *writer, const char *bracket)
{
    writer->depth--;
    if (writer->has_items)
        new_line(writer);
    put_words(writer, bracket);
    writer->has_items = true;
}

static void put_scalar(struct json_writer *writer, const char *words)
{
    separate(writer);
    put_words(writer, words);
}

void json_put(struct json_writer *writer, const struct json_token *token)
{
    switch (token->kind) {
    case JSON_OBJECT:
        put_open(writer, "{");
        return;
    case JSON_ARRAY:
        put_open(writer, "[");
        return;
    case JSON_OBJECT_END:
        put_close(writer, "}");
        return;
    case JSON_ARRAY_END:
        put_close(writer, "]");
        return;
    case JSON_KEY:
        separate(writer);
        put_quoted(writer, token->text, token->size);
        put_words(writer, writer->spaced ? ": " : ":");
        writer->after_key = true;
        return;
    case JSON_STRING:
        separate(writer);
        put_quoted(writer, token->text, token->size);
        return;
    case JSON_NUMBER:
        separate(writer);
        put(writer, token->text, token->size);
        return;
    case JSON_TRUE:
        put_scalar(writer, "true");
        return;
    case JSON_FALSE:
        put_scalar(writer, "false");
        return;
    case JSON_NULL:
    default:
        put_scalar(writer, "null");
    }
}

void json_put_mark(struct json_writer *writer, enum json_kind kind)
{
    struct json_token token = { kind, 0, NULL, 0 };

    json_put(writer, &token);
}

void json_put_key(struct json_writer *writer, const char *key)
{
    struct json_token token = { JSON_KEY, 0, key, strlen(key) };

    json_put(writer, &token);
}

void json_put_string(struct json_writer *writer, const char *text)
{
    struct json_token token = { JSON_STRING, 0, text, strlen(text) };

    json_put(writer, &token);
}

void json_put_u64(struct json_writer *writer, uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRIu64, value);
    put_scalar(writer, digits);
}

void json_put_hex(struct json_writer *writer, uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "0x%" PRIx64, value);
    json_put_string(writer, digits);
}

char *json_take(struct json_writer *writer)
{
    char *text;

    put(writer, "", 1);
    text = writer->text;
    if (writer->failed) {
        free(text);
        text = NULL;
    }
    memset(writer, 0, sizeof(*writer));
    return text;
}
