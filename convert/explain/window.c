/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines out of what surrounds them. */
#include "explain/window.h"
#include "base/chars.h"
#include "explain/pasted.h"
#include "explain/web.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* One line                                                            */
/* ------------------------------------------------------------------ */

struct span line_around(const char *text, size_t at, size_t size)
{
    size_t least = at > LINE_MAX_BYTES ? at - LINE_MAX_BYTES : 0;
    size_t most = size - at > LINE_MAX_BYTES ? at + LINE_MAX_BYTES : size;
    const char *end = memchr(text + at, '\n', most - at), *begin;

    if (end)
        most = (size_t)(end - text);
    end = memchr(text + at, '\r', most - at);
    begin = memrchr(text + least, '\n', at - least);
    if (begin)
        least = (size_t)(begin - text) + 1;
    begin = memrchr(text + least, '\r', at - least);
    if (begin)
        least = (size_t)(begin - text) + 1;
    return (struct span){ least, end ? (size_t)(end - text) : most };
}

/* "\033[1;31m": behind it, at most the end. */
static size_t over_escape(const char *text, size_t at, size_t end)
{
    at++;
    if (at < end && text[at] == '[')
        for (at++; at < end && (unsigned char)text[at] < 0x40;)
            at++;
    return at < end ? at + 1 : end;
}

size_t over_quotes(const char *text, size_t at, size_t end)
{
    while (at < end) {
        if (strchr(" \t>|", text[at]))
            at++;
        else if (end - at >= 4 && memcmp(text + at, "&gt;", 4) == 0)
            at += 4;
        else if (end - at >= 3 &&
                 (memcmp(text + at, "\342\224\202", 3) == 0 ||
                  memcmp(text + at, "\357\273\277", 3) == 0))
            at += 3;   /* the bar of a box, the byte order mark of a file */
        else
            break;
    }
    return at;
}

/* What is no blank, no mark of a mail or a web page and no colour. */
static bool is_plain(char c)
{
    static const uint64_t marks =
        UINT64_C(1) << '=' | UINT64_C(1) << '&' | UINT64_C(1) << '<' |
        ((UINT64_C(1) << '!') - 1);

    return (unsigned char)c < 64 ? !(marks >> c & 1)
                                 : c != 0x7f && c != '\302';
}

/* As it stands. */
static size_t put_plain(struct window *window, const char *text, size_t at,
                        size_t end)
{
    size_t room = WINDOW_MAX - window->size, raw = at - window->base;
    char *to = window->text + window->size;
    uint32_t *to_raw = window->raw + window->size;
    size_t n = 0;

    if (end - at < room)
        room = end - at;
    for (text += at; n < room && is_plain(text[n]); n++) {
        to[n] = text[n];
        to_raw[n] = (uint32_t)(raw + n);
    }
    window->size += n;
    return at + n;
}

static void put(struct window *window, char c, size_t raw)
{
    if (window->size < WINDOW_MAX) {
        window->raw[window->size] = (uint32_t)(raw - window->base);
        window->text[window->size++] = c;
    }
}

/* The mark that begins there, or a character as it is: how long it is, and
 * what it means, '\0' for nothing.  Mail writes "=3D" for '='. */
static size_t mark_at(const char *text, size_t at, size_t end, char *c)
{
    size_t length = web_at(text + at, end - at, c);

    if (length)
        return length;
    *c = text[at] == '\t' ? ' ' : text[at];
    if (*c == '\033') {
        *c = '\0';
        return over_escape(text, at, end) - at;
    }
    return *c == '=' && end - at >= 3 && memcmp(text + at, "=3D", 3) == 0
               ? 3 : 1;
}

/* Append a line.  Mail ends one with '=' where it broke it. */
static void put_line(struct window *window, const char *text,
                     struct span line)
{
    size_t begin = window->size;
    size_t at = over_quotes(text, line.at, line.end);

    while (at < line.end) {
        size_t length = 1;
        char c = ' ';

        at = put_plain(window, text, at, line.end);
        if (at == line.end || window->size == WINDOW_MAX)
            break;
        if (text[at] != ' ')
            length = mark_at(text, at, line.end, &c);
        if ((c != ' ' || (window->size > begin &&
                          window->text[window->size - 1] != ' ')) &&
            ((unsigned char)c >= ' ' && c != 0x7f))
            put(window, c, at);
        at += length;
    }
    if (line.end - line.at >= 70 && window->size > begin &&
        window->text[window->size - 1] == '=')
        window->size--;
    while (window->size > begin && window->text[window->size - 1] == ' ')
        window->size--;
    window->text[window->size] = '\0';
}

/* ------------------------------------------------------------------ */
/* What stands in front of the words                                   */
/* ------------------------------------------------------------------ */

static bool is_of_time(char c)
{
    return (c >= '+' && c <= ':') || c == 'T' || c == 'Z';   /* +,-./0-9: */
}

/* "Jan 2 ", NULL for none.  The sum of the last two letters of a month is
 * another for each, also in its last five bits. */
static const char *over_day(const char *text)
{
    static const char months[32][4] = {
        [15] = "Jan", [7] = "Feb",  [19] = "Mar", [2] = "Apr",
        [26] = "May", [3] = "Jun",  [1] = "Jul",  [28] = "Aug",
        [21] = "Sep", [23] = "Oct", [5] = "Nov",  [8] = "Dec",
    };
    const char *month;

    if (!text[1])
        return NULL;
    month = months[(unsigned int)(text[1] + text[2]) & 31];
    if (text[0] != month[0] || text[1] != month[1] || text[2] != month[2] ||
        text[3] != ' ' || !char_is_digit(text[4]))
        return NULL;
    for (text += 5; char_is_digit(*text);)
        text++;
    return *text == ' ' ? text + 1 : NULL;
}

/* "10:11:12", "2026-01-02T10:11:12.5+00:00", "[  12.345]", "Jan": behind it
 * and its blank, or NULL. */
static const char *over_time(const char *text)
{
    const char *p = text;
    bool mark = false;

    if (*p >= 'A' && *p <= 'Z')
        return over_day(p);
    if (*p == '[')
        p++;
    while (*p == ' ')
        p++;
    if (!char_is_digit(*p))
        return NULL;
    for (; is_of_time(*p); p++)
        mark |= *p == ':' || *p == '-' || (*p == '.' && *text == '[');
    if (*text == '[' && *p == ' ')   /* "[2026-01-02 10:11:12 3113]" */
        p += strcspn(p, "]");
    if (*p == ']')
        p++;
    return mark && (*p == ' ' || !*p) ? p + (*p == ' ') : NULL;
}

bool has_time(const char *text)
{
    return over_time(text) != NULL;
}

const char *over_lead(const char *text)
{
    const char *behind = over_time(text);

    return behind ? behind : text;
}

static const char *find_anchor(const char *text, const char *end,
                               enum component *component, const char **from)
{
    for (const char *p = text; p < end; p++) {
        const char *behind;

        if (!anchor_may_begin(*p))
            continue;
        behind = p == text || *p == '(' || !char_is_name(p[-1])
                     ? anchor_at(p, component) : NULL;
        if (behind) {
            *from = p;
            return behind;
        }
    }
    return NULL;
}

/* Whether what was put behind begin is no part of the line before it. */
static bool is_led(const struct window *window, size_t begin)
{
    const char *text = window->text + begin;
    enum component component;
    const char *from;

    return over_time(text) || find_anchor(text, window->text + window->size,
                                          &component, &from);
}

bool window_is_led(const struct window *window)
{
    return is_led(window, 0);
}

void window_one(struct window *window, const char *text, struct span line)
{
    window->size = 0;
    window->base = line.at;
    put_line(window, text, line);
    window->first = window->unbroken = window->size;
}

void window_more(struct window *window, const char *text, struct span line,
                 size_t size)
{
    for (size_t n = 1; n < WINDOW_LINES && line.end < size; n++) {
        size_t begin = window->size, next = line.end + 1;

        if (next < size && text[line.end] == '\r' && text[next] == '\n')
            next++;
        line = line_around(text, next, size);
        line.at = next;
        put(window, '\n', next);
        put_line(window, text, line);
        if (is_led(window, begin + 1))
            window->size = begin;   /* another program's, in between */
        else if (window->unbroken == begin)
            window->unbroken = window->size;
        window->text[window->size] = '\0';
    }
}

static void add(struct starts *starts, const char *from, const char *at,
                enum component component, long domid)
{
    if (starts->n < STARTS_MAX)
        starts->start[starts->n++] =
            (struct start){ from, at, component, domid };
}

/* Mail breaks a prefix at a blank. */
static bool is_gap(char c)
{
    return c == ' ' || c == '\n';
}

/* "error: ", a level of a log. */
static const char *over_level(const char *p)
{
    static const char *const levels[] = {
        "critical", "error", "warning", "notice", "info", "progress",
        "verbose", "debug", "detail", "warn",
    };

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        size_t length = strlen(levels[i]);

        if (strncmp(p, levels[i], length) == 0 && p[length] == ':' &&
            is_gap(p[length + 1]))
            return p + length + 2;
    }
    return p;
}

/* "hvm.c:123:d1v0 " and "libxl_exec.c:118:name: ". */
static const char *over_place(const char *p)
{
    const char *end = p;
    size_t colons = 0;

    while (char_is_name(*end) || (*end && strchr(".-:/[]", *end)))
        colons += *end++ == ':';
    return colons >= 2 && is_gap(*end) && strstr(p, ".c:") &&
                   strstr(p, ".c:") < end
               ? end + 1 : p;
}

/* "Domain 4:", since 4.9. */
static const char *over_domain(const char *p, long *domid)
{
    const char *end = p + 7;
    long value = 0;

    if (strncmp(p, "Domain", 6) != 0 || !is_gap(p[6]))
        return p;
    for (; char_is_digit(*end) && value < 1000000; end++)
        value = value * 10 + (*end - '0');
    if (end == p + 7 || *end != ':')
        return p;
    *domid = value;
    return is_gap(end[1]) ? end + 2 : end + 1;
}

/* "d1v0 ", which gprintk() puts in front. */
static const char *over_vcpu(const char *p, long *domid)
{
    const char *end = p;

    if (*end != 'd' || !(char_is_digit(end[1]) || end[1] == '['))
        return p;
    end += strcspn(end, " ");
    if (*end != ' ' || end[-1] == ':')
        return p;
    if (char_is_digit(p[1]) && end - p < 12)
        *domid = strtol(p + 1, NULL, 10);
    return end + 1;
}

/* The parts of a prefix, one after the other; the words are most likely
 * behind all of them. */
static void add_anchored(struct starts *starts, const char *from,
                         const char *p, enum component component)
{
    const char *parts[6];
    size_t n = 0;
    long domid = -1;

    parts[n++] = p;
    if (component == LINE_HV) {
        if (*p == '[' && over_time(p))
            p = parts[n++] = over_time(p);
        p = parts[n++] = over_place(p);
        p = parts[n++] = over_vcpu(p, &domid);
    } else {
        p = parts[n++] = over_level(p);
        if (strncmp(p, "panic: ", 7) == 0)   /* of xc_dom_panic() */
            p = parts[n++] = p + 7;
        p = parts[n++] = over_place(p);
        if (component == LINE_LIBXL)
            p = parts[n++] = over_domain(p, &domid);
    }
    while (n-- > 0)
        if (n == 0 || parts[n] != parts[n - 1])
            add(starts, from, parts[n], component, domid);
}

/* Words of programs that put no name in front: behind whatever a logger
 * puts before them. */
static void add_bare(struct starts *starts, const char *text,
                     const char *end)
{
    const char *p = text, *next;
    size_t n = 0;

    add(starts, p, p, LINE_UNNAMED, -1);
    if (*p == '{' && (next = strstr(p, "\"MESSAGE\":\"")) && next < end) {
        next += strlen("\"MESSAGE\":\"");   /* journalctl -o json */
        add(starts, next, next, LINE_UNNAMED, -1);
    }
    if ((next = over_pasted(p)) && next < end)
        add(starts, next, p = next, LINE_UNNAMED, -1);
    while (((next = over_time(p)) || (next = over_stream(p))) && next < end)
        add(starts, next, p = next, LINE_UNNAMED, -1);
    if (p != text) {   /* the name of the host */
        next = p + strcspn(p, " ");
        if (next < end && *next == ' ')
            add(starts, next + 1, next + 1, LINE_UNNAMED, -1);
    }
    for (; p + 1 < end && n < 10; p++)
        if (strchr(":])|>", *p) && p[1] == ' ') {
            add(starts, p + 2, p + 2, LINE_UNNAMED, -1);
            n++;
        }
}

void window_starts(const struct window *window, struct starts *starts)
{
    const char *end = window->text + window->first, *p = window->text;
    enum component component = LINE_UNNAMED;
    const char *from, *behind;

    starts->n = 0;
    behind = find_anchor(p, end, &component, &from);
    add_bare(starts, p, behind ? from : end);
    while (behind) {
        add_anchored(starts, from, behind, component);
        behind = find_anchor(behind, end, &component, &from);
    }
}

bool window_source(const struct window *window, const char *place,
                   char *name, size_t room, unsigned long *pid)
{
    for (const char *p = place; p-- > window->text;) {
        const char *from = p, *end = p + 1;
        size_t length;

        if (*p != '[' || !char_is_digit(p[1]))
            continue;
        while (end < place && char_is_digit(*end))
            end++;
        if (end[0] != ']' || end[1] != ':' || end - p > 10)
            continue;
        while (from > window->text &&
               (char_is_name(from[-1]) || strchr("-.", from[-1])))
            from--;
        length = (size_t)(p - from) < room ? (size_t)(p - from) : room - 1;
        memcpy(name, from, length);
        name[length] = '\0';
        *pid = strtoul(p + 1, NULL, 10);
        return true;
    }
    return false;
}
