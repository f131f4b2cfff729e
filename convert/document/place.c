/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of a JSON document share: places, numbers, kept
 * tokens. */
#include "document/fill.h"
#include "base/chars.h"
#include "base/bytes.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- places ------------------------------------------------------------ */

#define KEY_SHOWN 40  /* of a member's name, which has no limit itself */

/* Append the place to path, beginning with "$"; returns the length. */
static size_t put_place(char path[JSON_PATH_ROOM],
                        const struct json_place *place)
{
    size_t used, room;
    int n;

    if (!place) {
        strcpy(path, "$");
        return 1;
    }
    used = put_place(path, place->up);
    room = JSON_PATH_ROOM - used;
    if (place->key)
        n = snprintf(path + used, room, ".%.*s",
                     (int)utf8_cut(place->key, place->size, KEY_SHOWN),
                     place->key);
    else
        n = snprintf(path + used, room, "[%zu]", place->index);
    return n > 0 && (size_t)n < room ? used + (size_t)n : JSON_PATH_ROOM - 1;
}

void json_path(char path[JSON_PATH_ROOM], const struct json_place *place)
{
    put_place(path, place);
}

int json_refuse(domctx_report *report, enum msg_id id,
                const struct json_place *place, const struct msg_at *at,
                const char *text)
{
    char path[JSON_PATH_ROOM];

    put_place(path, place);
    msg_raise(report, id, at, "%s: %s", text, path);
    return -1;
}

/* -- numbers ----------------------------------------------------------- */

/* Read digits; false if there is none.  *passed: the number needs more than 64
 * bits. */
static bool read_digits(const char *p, size_t size, unsigned int base,
                        uint64_t *value, bool *passed)
{
    *value = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned int digit = char_digit(p[i]);

        if (digit >= base)
            return false;
        *passed = *passed || MUL_OVERFLOW(*value, base, value) ||
                  ADD_OVERFLOW(*value, digit, value);
    }
    return size > 0;
}

static uint64_t largest(unsigned int bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

bool json_number(const struct json_token *token, unsigned int bits,
                 bool is_signed, uint64_t *value, enum msg_id *id)
{
    const char *p = token->text;
    bool hex = token->kind == JSON_STRING, minus = false, passed = false;
    uint64_t max = largest(bits);

    *id = MSG_JSON_TYPE;
    if (hex ? token->size < 3 || memcmp(p, "0x", 2) != 0
            : token->kind != JSON_NUMBER || bits > 32)
        return false;
    if (!hex && is_signed) {
        minus = *p == '-';
        max = minus ? largest(bits - 1) + 1 : largest(bits - 1);
    }
    *id = MSG_JSON_RANGE;
    if (!hex && *p == '-' && !is_signed)
        return false;
    *id = MSG_JSON_TYPE;
    p += hex ? 2 : minus;
    if (!read_digits(p, token->size - (hex ? 2 : minus), hex ? 16 : 10,
                     value, &passed))
        return false;
    *id = MSG_JSON_RANGE;
    if (passed || *value > max)
        return false;
    if (minus)
        *value = -*value & largest(bits);
    return true;
}

bool json_bytes(const struct json_token *token, uint8_t *to, size_t size)
{
    unsigned int high, low;

    if (token->kind != JSON_STRING || token->size / 2 != size ||
        token->size % 2 != 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        high = char_digit(token->text[2 * i]);
        low = char_digit(token->text[2 * i + 1]);
        if ((high | low) & 16)
            return false;
        to[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* -- kept tokens ------------------------------------------------------- */

static bool has_text(enum json_kind kind)
{
    return kind == JSON_KEY || kind == JSON_STRING || kind == JSON_NUMBER;
}

/* A token is stored as its kind, and for a text its size, in one byte or more,
 * and the text: most are short, and there may be millions.  A long text
 * without escapes is not copied but found in the document. */
#define LONG_TEXT 0xff
#define TEXT_THERE 0xfe

/* The offset of a token's text in the document; false if it had escapes. */
static bool text_there(const struct json_kept *kept,
                       const struct json_token *token, size_t *at)
{
    uintptr_t p = (uintptr_t)token->text, text = (uintptr_t)kept->text;

    *at = (size_t)(p - text);
    return token->size >= TEXT_THERE && p >= text &&
           *at <= kept->text_size && token->size <= kept->text_size - *at;
}

static bool make_room(struct json_kept *kept, size_t size)
{
    size_t need, room;
    uint8_t *more;

    if (ADD_OVERFLOW(kept->size, size, &need) ||
        ADD_OVERFLOW(need, 2 + 2 * sizeof(size), &need))
        return false;
    kept->full = need > JSON_KEPT_MAX;
    if (kept->full)
        return false;
    if (need <= kept->room)
        return true;
    room = need > SIZE_MAX / 2 ? need : need + need / 2 + 4096;
    more = realloc(kept->bytes, room);
    if (!more)
        return false;
    kept->bytes = more;
    kept->room = room;
    return true;
}

/* Store the size of a text, and its offset in the document if it is not
 * copied. */
static uint8_t *put_size(uint8_t *p, size_t size, bool there, size_t at)
{
    if (size < TEXT_THERE) {
        *p++ = (uint8_t)size;
        return p;
    }
    *p++ = there ? TEXT_THERE : LONG_TEXT;
    memcpy(p, &size, sizeof(size));
    p += sizeof(size);
    if (there) {
        memcpy(p, &at, sizeof(at));
        p += sizeof(at);
    }
    return p;
}

bool json_keep(struct json_kept *kept, const struct json_token *token)
{
    size_t at = 0;
    bool text = has_text(token->kind);
    bool there = text && text_there(kept, token, &at);
    uint8_t *p;

    if (!make_room(kept, text && !there ? token->size : 0))
        return false;
    p = kept->bytes + kept->size;
    *p++ = (uint8_t)token->kind;
    if (text)
        p = put_size(p, token->size, there, at);
    if (text && !there && token->size > 0) {
        memcpy(p, token->text, token->size);
        p += token->size;
    }
    kept->size = (size_t)(p - kept->bytes);
    return true;
}

bool json_next(const struct json_kept *kept, size_t *at,
               struct json_token *token)
{
    size_t from;
    bool there;

    if (*at >= kept->size)
        return false;
    *token = (struct json_token){ .kind = kept->bytes[(*at)++] };
    if (!has_text(token->kind))
        return true;
    token->size = kept->bytes[(*at)++];
    there = token->size == TEXT_THERE;
    if (token->size >= TEXT_THERE) {
        memcpy(&token->size, kept->bytes + *at, sizeof(token->size));
        *at += sizeof(token->size);
    }
    if (there) {
        memcpy(&from, kept->bytes + *at, sizeof(from));
        *at += sizeof(from);
        token->text = kept->text + from;
        return true;
    }
    token->text = (const char *)kept->bytes + *at;
    *at += token->size;
    return true;
}

void json_skip(const struct json_kept *kept, size_t *at)
{
    struct json_token token;
    size_t depth = 0;

    while (json_next(kept, at, &token)) {
        if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
            depth++;
        else if (token.kind == JSON_OBJECT_END ||
                 token.kind == JSON_ARRAY_END)
            depth--;
        if (depth == 0 && token.kind != JSON_KEY)
            return;
    }
}
