/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all readers of configurations share, and the reader of
 * s-expressions. */
#include "container/guest.h"
#include "container/keys.h"
#include "base/chars.h"
#include "base/utf8.h"

#include <string.h>

static bool has_control(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return true;
    return false;
}

void guest_name(struct domctx_source_info *info, const char *text, size_t size)
{
    if (info->name[0])
        return;
    if (size >= sizeof(info->name) || utf8_valid(text, size) != size ||
        has_control(text, size)) {
        info->left_out = true;
        return;
    }
    memcpy(info->name, text, size);
    info->name[size] = '\0';
}

/* Copy a uuid, adding dashes if it has none; false if it is malformed. */
static bool take_uuid(char uuid[40], const char *text, size_t size)
{
    size_t n = 0, i = 0;

    if (size != 36 && size != 32)
        return false;
    while (n < 36) {
        if (n == 8 || n == 13 || n == 18 || n == 23) {
            if (size == 36 && text[i++] != '-')
                return false;
            uuid[n++] = '-';
        } else {
            if (!char_is_hex(text[i]))
                return false;
            uuid[n++] = char_lower(text[i++]);
        }
    }
    uuid[n] = '\0';
    return true;
}

void guest_uuid(struct domctx_source_info *info, const char *text, size_t size)
{
    char uuid[40];

    if (info->uuid[0])
        return;
    if (take_uuid(uuid, text, size))
        memcpy(info->uuid, uuid, sizeof(uuid));
    else
        info->left_out = info->left_out || size > 0;
}

void guest_kind(struct domctx_source_info *info, const char *text, size_t size)
{
    static const struct {
        const char *word;
        enum domctx_guest guest;
    } words[] = {
        /* xl, JSON and files; builder="generic" means PV */
        { "hvm", DOMCTX_GUEST_HVM },
        { "pv", DOMCTX_GUEST_PV },
        { "pvh", DOMCTX_GUEST_PVH },
        { "generic", DOMCTX_GUEST_PV },
        /* xend and libvirt; old libvirt says "xen" for PV */
        { "linux", DOMCTX_GUEST_PV },
        { "xen", DOMCTX_GUEST_PV },
        { "xenpvh", DOMCTX_GUEST_PVH },
    };

    if (info->guest != DOMCTX_GUEST_UNKNOWN)
        return;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].word) == size &&
            memcmp(words[i].word, text, size) == 0)
            info->guest = words[i].guest;
}

void guest_vcpus(struct domctx_source_info *info, const char *text,
                 size_t size)
{
    if (info->domain.keys.max_vcpus == 0)
        info->domain.keys.max_vcpus = keys_number(text, size);
}

/* A word, without quotes and escapes.  A longer one sets too_long and matches
 * nothing. */
struct word {
    char text[300];
    size_t size;
    bool too_long;
};

static void word_add(struct word *word, char c)
{
    if (word->size == sizeof(word->text))
        word->too_long = true;
    else
        word->text[word->size++] = c;
}

static bool word_is(const struct word *word, const char *text)
{
    return !word->too_long && text_is(word->text, word->size, text);
}

/* Read a quoted word at *p, in either kind of quotes, as Python writes both.
 * Only escapes that can occur in a name are decoded. */
static bool take_quoted(const char **p, const char *end, struct word *word)
{
    char quote = *(*p)++;

    while (*p < end && **p != quote) {
        if (**p == '\\' && end - *p > 1)
            (*p)++;
        word_add(word, *(*p)++);
    }
    if (*p == end)
        return false;
    (*p)++;
    return true;
}

/* Take the value of a key. */
static void take_value(struct domctx_source_info *info,
                       const struct word *key, const struct word *value)
{
    bool name = word_is(key, "name"), uuid = word_is(key, "uuid");

    if (value->too_long)
        info->left_out = info->left_out || name || uuid;
    else if (name)
        guest_name(info, value->text, value->size);
    else if (uuid)
        guest_uuid(info, value->text, value->size);
    else if (word_is(key, "vcpus"))
        guest_vcpus(info, value->text, value->size);
}

/* -- s-expressions: (domain (name web) (image (hvm ...)) ...) --------- */

static void take_atom(const char **p, const char *end, struct word *word)
{
    while (*p < end && !char_is_space(**p) && !strchr("()<>{}[];#", **p))
        word_add(word, *(*p)++);
}

/* Read the next token: '(', ')', 'w' for a word, or 0 at the end. */
static char sxp_token(const char **p, const char *end, struct word *word)
{
    word->size = 0;
    word->too_long = false;
    for (; *p < end; (*p)++) {
        if (**p == '#')
            while (*p + 1 < end && **p != '\n')
                (*p)++;
        else if (**p == '(' || **p == ')')
            return *(*p)++;
        else if (**p == '"' || **p == '\'')
            return take_quoted(p, end, word) ? 'w' : '\0';
        else if (!char_is_space(**p))
            break;
    }
    if (*p == end)
        return '\0';
    take_atom(p, end, word);
    if (word->size == 0) /* skip a stray delimiter */
        (*p)++;
    return 'w';
}

void guest_from_sxp(struct domctx_source_info *info, const char *text,
                    size_t size)
{
    const char *end = text + size;
    struct word word, key = { .size = 0 };
    size_t depth = 0, words = 0;

    for (char token; (token = sxp_token(&text, end, &word));) {
        if (token == '(') {
            depth++;
            words = 0;
            if (depth == 2)
                key.size = 0;
        } else if (token == ')') {
            if (depth <= 1)
                return;
            depth--;
            words = 2; /* after a nested list the first word of this one is
                        * past */
        } else if (words++ == 0) {
            /* (image (hvm ...)): the name of a list tells the kind */
            if (depth == 3 && word_is(&key, "image"))
                guest_kind(info, word.text, word.size);
            if (depth == 2)
                key = word;
        } else if (depth == 2 && words == 2) {
            take_value(info, &key, &word);
        }
    }
}
