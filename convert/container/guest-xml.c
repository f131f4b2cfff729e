/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a few elements of libvirt's XML, without an XML library: three
 * elements at known places in text that libvirt wrote.  A document type, other
 * entities and text that is not well-formed end the reading without an error.
 */
#include "container/guest.h"
#include "base/chars.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

struct scan {
    const char *p, *end;
    size_t depth;         /* open elements around p */
    char path[3][16];     /* their names; a cut one matches nothing */
};

static bool starts(const struct scan *scan, const char *text)
{
    size_t size = strlen(text);

    return (size_t)(scan->end - scan->p) >= size &&
           memcmp(scan->p, text, size) == 0;
}

/* Advance past the next occurrence of text; false if there is none. */
static bool pass(struct scan *scan, const char *text)
{
    const char *at = memmem(scan->p, (size_t)(scan->end - scan->p), text,
                            strlen(text));

    if (at)
        scan->p = at + strlen(text);
    return at;
}

/* Advance from the name of an element past its '>', which may also occur
 * inside an attribute's value.  *empty: it is an empty element, "<a/>". */
static bool pass_attributes(struct scan *scan, bool *empty)
{
    char quote = '\0';

    for (; scan->p < scan->end; scan->p++) {
        char c = *scan->p;

        if (quote) {
            if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *empty = scan->p[-1] == '/';
            scan->p++;
            return true;
        }
    }
    return false;
}

/* Enter an element, from its '<'. */
static bool open_element(struct scan *scan)
{
    size_t n = 0;
    char name[sizeof(scan->path[0])];
    bool empty;

    for (scan->p++; scan->p < scan->end && !strchr(" \t\r\n/>", *scan->p);
         scan->p++)
        if (n < sizeof(name) - 1)
            name[n++] = *scan->p;
    name[n] = '\0';
    if (!pass_attributes(scan, &empty))
        return false;
    if (empty)
        return scan->depth > 0;
    if (scan->depth < 3)
        memcpy(scan->path[scan->depth], name, sizeof(name));
    scan->depth++;
    return true;
}

/* Advance past one tag, comment or declaration; false at the end. */
static bool pass_markup(struct scan *scan)
{
    if (starts(scan, "<!--"))
        return pass(scan, "-->");
    if (starts(scan, "<?"))
        return pass(scan, "?>");
    if (starts(scan, "<![CDATA["))
        return pass(scan, "]]>");
    if (starts(scan, "<!"))
        return false;
    if (starts(scan, "</")) {
        if (scan->depth <= 1)
            return false;
        scan->depth--;
        return pass(scan, ">");
    }
    return open_element(scan);
}

/* The number in "#38" or "#x26"; 0 if malformed. */
static uint32_t entity_number(const char *text, size_t size)
{
    uint32_t base = 10, value = 0;
    size_t i = 1;

    if (size > 1 && text[1] == 'x') {
        base = 16;
        i = 2;
    }
    if (i == size)
        return 0;
    for (; i < size; i++) {
        uint32_t digit = char_digit(text[i]);

        if (digit >= base || value > 0x10ffff)
            return 0;
        value = value * base + digit;
    }
    return value > 0x10ffff ? 0 : value;
}

/* The character that an entity stands for, named without '&' and ';'; 0 if
 * unknown. */
static uint32_t entity(const char *text, size_t size)
{
    static const struct {
        const char *name;
        uint32_t is;
    } names[] = { { "amp", '&' },  { "lt", '<' },    { "gt", '>' },
                  { "quot", '"' }, { "apos", '\'' } };

    if (size > 0 && text[0] == '#')
        return entity_number(text, size);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i].name) == size &&
            memcmp(names[i].name, text, size) == 0)
            return names[i].is;
    return 0;
}

/* The longest valid one is "&#x10ffff;", plus leading zeros. */
#define ENTITY_MAX 16

/* Decode the text up to the next '<' into out; returns its size, or SIZE_MAX
 * if it cannot be decoded. */
static size_t take_text(const struct scan *scan, char *out, size_t room)
{
    const char *p = scan->p, *semicolon;
    size_t size = 0, left;

    while (p < scan->end && *p != '<') {
        uint32_t c;

        if (size + 4 > room)
            return SIZE_MAX;
        if (*p != '&') {
            out[size++] = *p++;
            continue;
        }
        left = (size_t)(scan->end - p);
        semicolon = memchr(p, ';', left < ENTITY_MAX ? left : ENTITY_MAX);
        c = semicolon ? entity(p + 1, (size_t)(semicolon - p - 1)) : 0;
        if (!c)
            return SIZE_MAX;
        size += utf8_put(out + size, c);
        p = semicolon + 1;
    }
    return size;
}

static bool is_at(const struct scan *scan, size_t depth, const char *name)
{
    return scan->depth == depth && strcmp(scan->path[depth - 1], name) == 0;
}

/* Take an element's text if it is one of the three. */
static void take_element(struct domctx_source_info *info,
                         const struct scan *scan)
{
    char text[300];
    size_t size;

    if (scan->depth < 2 || strcmp(scan->path[0], "domain") != 0)
        return;
    size = take_text(scan, text, sizeof(text));
    if (is_at(scan, 2, "name"))
        guest_name(info, text, size);
    else if (is_at(scan, 2, "uuid"))
        guest_uuid(info, text, size);
    else if (is_at(scan, 2, "vcpu"))
        guest_vcpus(info, text, size);
    else if (is_at(scan, 3, "type") && strcmp(scan->path[1], "os") == 0)
        guest_kind(info, text, size);
}

void guest_from_xml(struct domctx_source_info *info, const char *text,
                    size_t size)
{
    struct scan scan = { .p = text, .end = text + size };
    size_t before;

    while (pass(&scan, "<")) {
        scan.p--;
        before = scan.depth;
        if (!pass_markup(&scan))
            return;
        if (scan.depth > before)
            take_element(info, &scan);
    }
}
