/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known lines of a log, in constant memory. */
#include "explain/event.h"
#include "explain/web.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct scan *scan_new(void)
{
    struct scan *scan = malloc(sizeof(*scan));

    if (!scan)
        return NULL;
    memset(scan, 0, offsetof(struct scan, buffer));
    scan->index = index_new();
    if (!scan->index) {
        free(scan);
        return NULL;
    }
    return scan;
}

void scan_free(struct scan *scan)
{
    if (scan)
        index_free(scan->index);
    free(scan);
}

/* ------------------------------------------------------------------ */
/* Where a line may be known                                           */
/* ------------------------------------------------------------------ */
/* Whether what begins there is no rest of another line. */
static bool is_head(const struct scan *scan, size_t at)
{
    enum component component;

    return at >= scan->size || has_time(scan->buffer + at) ||
           anchor_at(scan->buffer + at, &component);
}

/* A line with a piece of a known one: where to go on. */
static size_t look_at(struct scan *scan, size_t hit)
{
    struct span line = line_around(scan->buffer, hit, scan->size);
    struct candidates candidates;
    struct found found;
    size_t next, at = hit;
    bool known;

    if (line.at < scan->taken)
        line.at = scan->taken;
    candidates.n = 0;
    find_candidates(scan, scan->buffer, line, &candidates);
    known = candidates.n > 0 &&
            find_broken(scan, line, &candidates, &found, &at);
    if (!known && is_error(scan, line)) {
        at = line.at;
        known = !is_head(scan, line.end + 1) &&
                find_longer(scan, line, &found);
        if (!known && take_cut(scan, line))
            return line.end;
        if (!known)
            note_unknown(scan, line);
    }
    if (!known)
        return line.end;
    next = take(scan, &found, at);
    return next > hit ? next : hit + 1;
}

/* What is told of the line of a place, when it is asked for. */
struct near {
    struct span line;
    bool looked, asked;
    unsigned int anchors;   /* of it, and of those it may be the rest of */
    unsigned int heads;     /* of which no row without a piece is in it */
    bool whole;             /* it is no part of another, and plain text */
};

#define EACH(c) (UINT64_C(0x0101010101010101) * (c))

/* The highest bit of a byte is set where it is zero; of others too, as is
 * looked at then. */
static uint64_t zeros(uint64_t bytes)
{
    return (bytes - EACH(1)) & ~bytes;
}

/* Of eight characters and one behind them: ASCII, and none of "<=&". */
static bool are_plain(const char *p)
{
    uint64_t at, next, marks;

    memcpy(&at, p, sizeof(at));
    memcpy(&next, p + 1, sizeof(next));
    marks = at | (at - EACH(' ')) |
            zeros((at ^ EACH(' ')) | (next ^ EACH(' '))) |
            zeros((at | EACH(1)) ^ EACH('=')) | zeros(at ^ EACH('&'));
    return !(marks & EACH(0x80));
}

/* Of one, which is none of those most likely. */
static bool is_mark(const char *p, size_t size)
{
    char c;

    return ((unsigned char)*p <= ' ' && (*p != ' ' || p[1] == ' ')) ||
           (*p == '=' && p[1] == '3' && p[2] == 'D') ||
           ((*p == '&' || *p == '<' || *p == '\302') && web_at(p, size, &c));
}

/* Whether it stands there as it was printed: no blanks in a row, colours or
 * marks of a mail or of a web page, that a pattern leaves out. */
static bool is_plain(const char *p, size_t size)
{
    const char *end = p + size;

    for (;;) {
        const char *most;

        while (end - p > 8 && are_plain(p))
            p += 8;
        most = end - p > 8 ? p + 8 : end;
        for (; p < most; p++)
            if (is_mark(p, (size_t)(end - p)))
                return false;
        if (p == end)
            return true;
    }
}

static void look_near(const struct scan *scan, size_t at, struct near *near)
{
    const char *text = scan->buffer;
    struct span line = line_around(text, at, scan->size);

    near->looked = true;
    near->line = line;
    near->whole = is_head(scan, line.at) && is_head(scan, line.end + 1) &&
                  is_plain(text + line.at, line.end - line.at);
}

/* Whether the component's prefix is near. */
static bool has_anchor(const struct scan *scan, struct near *near,
                       enum component component)
{
    struct span back = near->line;

    if (!near->asked) {
        near->asked = true;
        for (size_t n = 1; n < WINDOW_LINES && !is_head(scan, back.at); n++)
            if (!line_before(scan, back, &back))
                break;
        near->anchors = anchors_in(scan->buffer + back.at,
                                   near->line.end - back.at);
    }
    return near->anchors >> component & 1;
}

/* Asked of a line once, though its head is met more often. */
static bool may_be_poor(const struct scan *scan, const struct index_row *row,
                        size_t at, struct near *near)
{
    unsigned int head = 1u << index_head_of(row);

    if (!(near->heads & head) &&
        has_poor(scan, row, scan->buffer + at, near->line.end - at))
        return true;
    near->heads |= head;
    return false;
}

static bool may_be_row(const struct scan *scan, const struct index_row *row,
                       size_t at, struct near *near)
{
    const struct line *line = &lines[row->row];
    const char *text;
    size_t size;

    if (!index_may_fit(row, scan->buffer, at, scan->size) ||
        !index_fits(row, scan->buffer, at, scan->size))
        return false;
    if (scan->bare || (row->row == INDEX_HEAD && index_is_error(row)))
        return true;
    if (!near->looked)
        look_near(scan, at, near);
    text = scan->buffer + near->line.at;
    size = near->line.end - near->line.at;
    if (row->row == INDEX_HEAD)
        return !near->whole || may_be_poor(scan, row, at, near);
    if (near->whole && !has_words(line->pattern, text, size))
        return false;
    return !row->weak || has_anchor(scan, near, line->component);
}

static bool may_be_known(const struct scan *scan, size_t at,
                         const struct index_row *rows, size_t n,
                         struct near *near)
{
    for (size_t i = 0; i < n; i++)
        if (may_be_row(scan, &rows[i], at, near))
            return true;
    return false;
}

/* "libxl: error:", behind which mail breaks where a long word follows. */
static bool ends_in_prefix(const char *text, struct span line)
{
    static const char *const prefixes[] = { "libxl: error:", "xc: error:" };

    while (line.end > line.at && strchr("\r ", text[line.end - 1]))
        line.end--;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t length = strlen(prefixes[i]);

        if (line.end - line.at >= length &&
            memcmp(text + line.end - length, prefixes[i], length) == 0)
            return true;
    }
    return false;
}

/* A line and the next one may be one that was broken between them. */
static void look_at_joint(struct scan *scan, size_t end)
{
    struct candidates candidates = { .n = 0 };
    struct found found;
    struct span line;
    size_t at;

    line = line_around(scan->buffer, end, end);
    if (line.at < scan->taken || line.at == line.end)
        return;
    if (ends_in_prefix(scan->buffer, line)) {
        if (find_longer(scan, line, &found))
            take(scan, &found, line.at);
        return;
    }
    find_joined(scan, end, true, &candidates);
    find_joined(scan, end, false, &candidates);
    if (candidates.n > 0 &&
        find_broken(scan, line, &candidates, &found, &at))
        take(scan, &found, at);
}

/* ------------------------------------------------------------------ */
/* All of them                                                         */
/* ------------------------------------------------------------------ */

/* Up to end, of a line whose text goes on to most. */
static void look_line(struct scan *scan, size_t end, size_t most)
{
    struct near near = { .looked = false };
    const struct index_row *rows;
    size_t n;

    if (most - end >= GRAM)
        most = end + GRAM - 1;
    while (scan->next < end) {
        size_t hit = index_find(scan->index, scan->buffer, scan->next, most,
                                &rows, &n);

        if (hit >= end)
            scan->next = end;
        else
            scan->next = may_be_known(scan, hit, rows, n, &near)
                             ? look_at(scan, hit) : hit + STRIDE;
    }
}

/* Where to go on behind a line end: nothing is found in a time. */
static size_t next_line(struct scan *scan, size_t end)
{
    size_t begin = end + 1, next = begin;

    if (begin < scan->size)
        next = (size_t)(over_lead(scan->buffer + begin) - scan->buffer);
    if (next == begin && !is_head(scan, begin))
        look_at_joint(scan, end);
    if (scan->taken > end)
        return scan->taken;
    scan->counted = next;
    return next;
}

static void look(struct scan *scan, size_t end)
{
    while (scan->next < end) {
        size_t begin = scan->next;
        const char *from = scan->buffer + begin;
        const char *line_end = memchr(from, '\n', scan->size - begin);
        size_t at = line_end ? (size_t)(line_end - scan->buffer)
                             : scan->size;

        look_line(scan, at < end ? at : end, at);
        if (scan->stories.lines < CUT_LINES && scan->next == at)
            look_at_cut(scan, (struct span){ begin, at });
        if (scan->next != at || at >= end)
            continue;
        if (scan->stories.lines == 0 && scan->stories.known == 0)
            scan_top(scan);
        if (scan->counted == begin) {   /* as it is of most lines */
            scan->stories.lines++;
            scan->counted = at + 1;
        } else {
            line_number(scan, at + 1);
        }
        scan->next = next_line(scan, at);
    }
}

/* Make room: what is behind the place looked at stays. */
static void move(struct scan *scan)
{
    size_t keep = scan->next > SCAN_AROUND ? scan->next - SCAN_AROUND : 0;

    line_number(scan, keep);
    memmove(scan->buffer, scan->buffer + keep, scan->size - keep);
    scan->size -= keep;
    scan->next -= keep;
    scan->taken -= keep < scan->taken ? keep : scan->taken;
    scan->counted -= keep;
}

void scan_feed(struct scan *scan, const char *bytes, size_t size)
{
    while (size > 0) {
        size_t room = SCAN_BUFFER - scan->size;
        size_t n = size < room ? size : room;

        memcpy(scan->buffer + scan->size, bytes, n);
        scan->binary |= memchr(bytes, '\0', n) != NULL;
        scan->size += n;
        scan->buffer[scan->size] = '\0';
        bytes += n;
        size -= n;
        if (scan->size == SCAN_BUFFER) {
            look(scan, scan->size - SCAN_AROUND);
            move(scan);
        }
    }
}

void scan_end(struct scan *scan)
{
    look(scan, scan->size);
    line_number(scan, scan->size);
    if (scan->size > 0 && scan->buffer[scan->size - 1] != '\n')
        scan->stories.lines++;
    story_end(&scan->stories);
}
