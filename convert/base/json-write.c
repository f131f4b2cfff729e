/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON. */
#include "base/digits.h"
#include "base/json.h"
#include "base/bytes.h"
#include "base/messages.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

/* -- the output ------------------------------------------------------ */

/* The sink that collects text in memory. */
static int keep(void *arg, const char *text, size_t size)
{
    struct json_writer *writer = arg;
    size_t need, room;
    char *more;

    if (writer->failed)
        return 0;
    writer->failed = true;
    if (ADD_OVERFLOW(writer->size, size, &need) ||
        need > SIZE_MAX / 4)
        return 0;
    if (need >= writer->room) {
        room = need * 2 + 64;
        more = realloc(writer->text, room);
        if (!more)
            return 0;
        writer->text = more;
        writer->room = room;
    }
    memcpy(writer->text + writer->size, text, size);
    writer->size = need;
    writer->failed = false;
    return 0;
}

void json_begin(struct json_writer *writer, bool spaced)
{
    memset(writer, 0, sizeof(*writer));
    writer->spaced = spaced;
    writer->out = &writer->own;
    out_begin(writer->out, keep, writer);
}

void json_begin_out(struct json_writer *writer, struct out *out)
{
    memset(writer, 0, sizeof(*writer));
    writer->spaced = true;
    writer->out = out;
}

char *json_take(struct json_writer *writer)
{
    char *text;

    out_put(writer->out, "", 1);
    out_end(writer->out, NULL);
    text = writer->text;
    if (writer->failed) {
        free(text);
        text = NULL;
    }
    memset(writer, 0, sizeof(*writer));
    return text;
}

int json_give(struct json_writer *writer, domctx_sink *sink, void *arg,
              domctx_report *report)
{
    char *text = json_take(writer);
    struct out out;

    if (!text)
        return msg_no_memory(report, 0);
    out_begin(&out, sink, arg);
    out_text(&out, text);
    free(text);
    return out_end(&out, report);
}

int domctx_json_string(const char *text, domctx_sink *sink, void *arg,
                       domctx_report *report)
{
    struct json_writer writer;

    json_begin(&writer, false);
    json_put_string(&writer, text);
    return json_give(&writer, sink, arg, report);
}

/* -- tokens ------------------------------------------------------------ */

static void new_line(struct json_writer *writer)
{
    if (!writer->spaced || writer->flat)
        return;
    out_put(writer->out, "\n", 1);
    out_fill(writer->out, ' ', 2 * (size_t)writer->depth);
}

/* A byte repeated in a 64-bit word. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes may be zero; never false if one is. */
static uint64_t may_be_zero(uint64_t bytes)
{
    return (bytes - EIGHT(1)) & EIGHT(0x80);
}

/* Whether eight bytes need no escape; may be false for bytes that need
 * none. */
static bool are_plain(const char *text)
{
    uint64_t bytes;

    memcpy(&bytes, text, sizeof(bytes));
    return !((bytes & EIGHT(0x80)) |
             ((bytes - EIGHT(0x20)) & EIGHT(0x80)) |
             may_be_zero(bytes ^ EIGHT('"')) |
             may_be_zero(bytes ^ EIGHT('\\')) |
             may_be_zero(bytes ^ EIGHT(0x7f)));
}

/* How many bytes at the front of text need no escape. */
static size_t plain_length(const char *text, size_t size)
{
    size_t i = 0;

    while (size - i >= 8 && are_plain(text + i))
        i += 8;
    while (i < size && (unsigned char)text[i] >= 0x20 &&
           (unsigned char)text[i] < 0x7f && text[i] != '"' &&
           text[i] != '\\')
        i++;
    return i;
}

/* Write the character that plain_length() stopped at; returns its length. */
static size_t put_special(struct out *out, const char *text, size_t size)
{
    size_t length = utf8_length(text, size);
    uint32_t c = length ? utf8_decode(text, length) : 0xfffd;

    if (c == '"' || c == '\\')
        out_f(out, "\\%c", (char)c);
    else if (utf8_hidden(c) && c > 0xffff)
        out_f(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
              0xdc00 + (c & 0x3ff));
    else if (utf8_hidden(c))
        out_f(out, "\\u%04x", c);
    else if (length)
        out_put(out, text, length);
    else
        out_text(out, "\xef\xbf\xbd");
    return length ? length : 1;
}

static void put_quoted(struct json_writer *writer, const char *text,
                       size_t size)
{
    out_put(writer->out, "\"", 1);
    for (size_t i = 0; i < size;) {
        size_t plain = plain_length(text + i, size - i);

        out_put(writer->out, text + i, plain);
        i += plain;
        if (i < size)
            i += put_special(writer->out, text + i, size - i);
    }
    out_put(writer->out, "\"", 1);
}

/* Write the comma, line break and indentation that go before a token. */
static void separate(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->has_items)
        out_put(writer->out, ", ", writer->spaced && writer->flat ? 2 : 1);
    if (writer->depth > 0)
        new_line(writer);
    writer->has_items = true;
}

static void put_open(struct json_writer *writer, const char *bracket)
{
    separate(writer);
    out_put(writer->out, bracket, 1);
    if (++writer->depth > JSON_DEPTH_MAX)
        writer->failed = true;
    writer->has_items = false;
}

static void put_close(struct json_writer *writer, const char *bracket)
{
    writer->depth--;
    if (writer->has_items)
        new_line(writer);
    out_put(writer->out, bracket, 1);
    writer->has_items = true;
}

static void put_scalar(struct json_writer *writer, const char *words,
                       size_t size)
{
    separate(writer);
    out_put(writer->out, words, size);
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
        json_put_name(writer, token->text, token->size);
        return;
    case JSON_STRING:
        separate(writer);
        put_quoted(writer, token->text, token->size);
        return;
    case JSON_NUMBER:
        put_scalar(writer, token->text, token->size);
        return;
    case JSON_TRUE:
        put_scalar(writer, "true", 4);
        return;
    case JSON_FALSE:
        put_scalar(writer, "false", 5);
        return;
    case JSON_NULL:
    default:
        put_scalar(writer, "null", 4);
    }
}

void json_put_mark(struct json_writer *writer, enum json_kind kind)
{
    struct json_token token = { kind, 0, NULL, 0 };

    json_put(writer, &token);
}

void json_put_name(struct json_writer *writer, const char *key, size_t size)
{
    separate(writer);
    put_quoted(writer, key, size);
    out_put(writer->out, ": ", writer->spaced ? 2 : 1);
    writer->after_key = true;
}

void json_put_key(struct json_writer *writer, const char *key)
{
    json_put_name(writer, key, strlen(key));
}

void json_put_string(struct json_writer *writer, const char *text)
{
    struct json_token token = { JSON_STRING, 0, text, strlen(text) };

    json_put(writer, &token);
}

void json_put_u64(struct json_writer *writer, uint64_t value)
{
    char digits[20];

    put_scalar(writer, digits,
               (size_t)(digits_decimal(digits, value) - digits));
}

void json_put_i64(struct json_writer *writer, int64_t value)
{
    char digits[21] = "-", *p = digits;

    if (value < 0)
        p++;
    p = digits_decimal(p, value < 0 ? -(uint64_t)value : (uint64_t)value);
    put_scalar(writer, digits, (size_t)(p - digits));
}

void json_put_hex(struct json_writer *writer, uint64_t value)
{
    char digits[20] = "\"0x", *p = digits_hex(digits + 3, value, 1);

    *p++ = '"';
    put_scalar(writer, digits, (size_t)(p - digits));
}

void json_pair(struct json_writer *writer, const char *key,
               const char *text)
{
    json_put_key(writer, key);
    json_put_string(writer, text);
}

void json_pair_u64(struct json_writer *writer, const char *key,
                   uint64_t value)
{
    json_put_key(writer, key);
    json_put_u64(writer, value);
}

void json_pair_hex(struct json_writer *writer, const char *key,
                   uint64_t value)
{
    json_put_key(writer, key);
    json_put_hex(writer, value);
}

void json_pair_said(struct json_writer *writer, const char *key,
                    const char *text)
{
    if (text && *text)
        json_pair(writer, key, text);
}

void json_open(struct json_writer *writer, const char *key,
               enum json_kind kind)
{
    if (key)
        json_put_key(writer, key);
    json_put_mark(writer, kind);
}

void json_put_bytes(struct json_writer *writer, const uint8_t *bytes,
                    uint64_t size)
{
    char digits[512];
    size_t used = 0;

    put_scalar(writer, "\"", 1);
    for (uint64_t i = 0; i < size; i++) {
        digits[used++] = hex_digits[bytes[i] >> 4];
        digits[used++] = hex_digits[bytes[i] & 15];
        if (used == sizeof(digits)) {
            out_put(writer->out, digits, used);
            used = 0;
        }
    }
    out_put(writer->out, digits, used);
    out_put(writer->out, "\"", 1);
}
