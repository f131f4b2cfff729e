/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines that were copied out of the source of a web page, as that of a bug
 * tracker or of a list's archive: entities for the characters that HTML keeps
 * for itself, and the tags that stand around preformatted text.
 */
#include "explain/web.h"

#include "base/chars.h"

#include <stdbool.h>
#include <string.h>

#define TAG_MAX 200u    /* of a tag with its attributes */

/* Behind the '&'. */
static const struct entity {
    const char *name;
    char c;
} entities[] = {
    { "lt;", '<' },   { "gt;", '>' },    { "amp;", '&' },
    { "quot;", '"' }, { "apos;", '\'' }, { "nbsp;", ' ' },
    { "Tab;", ' ' },  { "NewLine;", ' ' },
};

static bool begins(const char *text, size_t size, const char *with)
{
    size_t length = strlen(with);

    return size >= length && memcmp(text, with, length) == 0;
}

/* "#39;", "#x27;": of the characters that a log has; the end of a line is a
 * blank. */
static size_t number_at(const char *name, size_t size, char *c)
{
    bool hex = size > 1 && char_lower(name[1]) == 'x';
    unsigned int value = 0, base = hex ? 16 : 10;
    size_t at = hex ? 2 : 1;
    bool blank;

    for (; at < size && at < 8 && char_digit(name[at]) < base; at++)
        value = value * base + char_digit(name[at]);
    if (at == size || name[at] != ';')
        return 0;
    blank = value == 160 || value == '\t' || value == '\n' || value == '\r';
    *c = blank ? ' ' : (char)value;
    return blank || (value >= ' ' && value < 0x7f) ? at + 1 : 0;
}

static size_t entity_at(const char *name, size_t size, char *c)
{
    if (size > 0 && *name == '#')
        return number_at(name, size, c);
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (begins(name, size, entities[i].name)) {
            *c = entities[i].c;
            return strlen(entities[i].name);
        }
    return 0;
}

/* What was quoted twice is meant once: "&amp;lt;". */
static size_t entities_at(const char *text, size_t size, char *c)
{
    size_t at = 1, length;

    while (begins(text + at, size - at, "amp;") &&
           entity_at(text + at + 4, size - at - 4, c))
        at += 4;
    length = entity_at(text + at, size - at, c);
    return length ? at + length : 0;
}

/* Whether a name, in any case, is one of those that stand around text;
 * "<stdin>" is none. */
static bool is_tag(const char *name, size_t length)
{
    static const char *const tags[] = {
        "a",    "b",   "blockquote", "br",   "code", "div",    "em", "font",
        "i",    "kbd", "li",         "ol",   "p",    "pre",    "q",  "samp",
        "small", "span", "strong",   "td",   "th",   "tr",     "tt", "u",
        "ul",
    };

    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t at = 0;

        while (at < length && char_lower(name[at]) == tags[i][at])
            at++;
        if (at == length && !tags[i][at])
            return true;
    }
    return false;
}

static size_t tag_at(const char *text, size_t size)
{
    size_t from = size > 1 && text[1] == '/' ? 2 : 1, at = from;
    const char *end;

    while (at < size && char_is_name(text[at]))
        at++;
    if (!is_tag(text + from, at - from) || at == size ||
        !strchr(" />", text[at]))
        return 0;
    end = memchr(text + at, '>', size - at < TAG_MAX ? size - at : TAG_MAX);
    return end ? (size_t)(end - text) + 1 : 0;
}

size_t web_at(const char *text, size_t size, char *c)
{
    *c = '\0';
    if (size > 0 && *text == '<')
        return tag_at(text, size);
    if (size > 0 && *text == '&')
        return entities_at(text, size, c);
    if (begins(text, size, "\302\240")) {
        *c = ' ';
        return 2;
    }
    return 0;
}
