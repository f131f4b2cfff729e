/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known lines of a log, in constant memory. */
#include "explain/scan.h"
#include "base/chars.h"
#include "explain/ends.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES_MAX 96

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
/* One line                                                            */
/* ------------------------------------------------------------------ */

/* The rows of which a piece stands in the line. */
struct candidates {
    uint16_t row[CANDIDATES_MAX];
    size_t n;
};

static void add_candidate(struct candidates *candidates, uint16_t row)
{
    if (candidates->n == CANDIDATES_MAX)
        return;
    for (size_t i = 0; i < candidates->n; i++)
        if (candidates->row[i] == row)
            return;
    candidates->row[candidates->n++] = row;
}

/* Whether the fixed words of a pattern stand in the text one behind the
 * other. */
static bool has_words(const char *pattern, const char *text, size_t size)
{
    const char *end = text + size;

    while (*pattern) {
        size_t length = strcspn(pattern, "{");

        if (length > 0 && pattern[length] == '\0' &&
            pattern[length - 1] == '.')
            length--;   /* not every logger keeps it */
        if (length > 0) {
            text = memmem(text, (size_t)(end - text), pattern, length);
            if (!text)
                return false;
            text += length;
        }
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return true;
}

static void add_poor(const struct scan *scan, const struct index_row *head,
                     const char *text, size_t size,
                     struct candidates *candidates)
{
    size_t n;
    const uint16_t *poor = index_poor(scan->index, &n);
    enum component component = index_head_of(head);

    for (size_t i = 0; i < n; i++)
        if (lines[poor[i]].component == component &&
            has_words(lines[poor[i]].pattern, text, size))
            add_candidate(candidates, poor[i]);
}

static void find_candidates(const struct scan *scan, const char *text,
                            struct span line, struct candidates *candidates)
{
    const struct index_row *rows;
    size_t n, at = line.at;

    while ((at = index_find(scan->index, text, at, line.end, &rows, &n)) <
           line.end) {
        for (size_t i = 0; i < n; i++)
            if (index_fits(&rows[i], text, at, line.end)) {
                if (rows[i].row == INDEX_HEAD)
                    add_poor(scan, &rows[i], text + at, line.end - at,
                             candidates);
                else
                    add_candidate(candidates, rows[i].row);
            }
        at += STRIDE;
    }
}

struct found {
    const struct line *line;
    struct start start;
    struct match match;
};

/* XAPI's errors are words of their own, wherever they stand. */
static void find_anywhere(const struct window *window,
                          const struct line *line, struct found *found)
{
    size_t length = strcspn(line->pattern, "{");
    char head[160];
    const char *at;
    struct match match;

    if (length == 0 || length >= sizeof(head))
        return;
    memcpy(head, line->pattern, length);
    head[length] = '\0';
    at = strstr(window->text, head);
    if (at && at < window->text + window->first &&
        line_match(line, at, &match) &&
        (!found->line || line_weight(line) > line_weight(found->line))) {
        found->line = line;
        found->match = match;
        found->start = (struct start){ at, at, LINE_XAPI, -1 };
    }
}

/* Of all rows that match from one place the one with most fixed words. */
static void find_from(const struct scan *scan,
                      const struct candidates *candidates,
                      const struct start *start, struct found *found,
                      bool *ran_out)
{
    for (size_t i = 0; i < candidates->n; i++) {
        const struct line *line = &lines[candidates->row[i]];
        struct match match;

        if (start->component != LINE_UNNAMED &&
            start->component != line->component)
            continue;
        if (line_match(line, start->at, &match) &&
            (start->component != LINE_UNNAMED || !line_is_weak(line) ||
             (scan->bare && start->at == scan->window.text)) &&
            (!found->line || line_weight(line) > line_weight(found->line))) {
            found->line = line;
            found->match = match;
            found->start = *start;
        }
        *ran_out |= match.ran_out;
    }
}

/* *ran_out: more lines may make another row of it. */
static bool find(struct scan *scan, const struct candidates *candidates,
                 struct found *found, bool *ran_out)
{
    found->line = NULL;
    window_starts(&scan->window, &scan->starts);
    for (size_t i = 0; i < scan->starts.n && !found->line; i++)
        find_from(scan, candidates, &scan->starts.start[i], found,
                  ran_out);
    for (size_t i = 0; i < candidates->n && !found->line; i++)
        if (lines[candidates->row[i]].component == LINE_XAPI)
            find_anywhere(&scan->window, &lines[candidates->row[i]], found);
    return found->line != NULL;
}

/* ------------------------------------------------------------------ */
/* What was found                                                      */
/* ------------------------------------------------------------------ */

static long domain_of(const struct found *found)
{
    long domid = found->start.domid;

    for (size_t i = 0; i < found->match.n && domid < 0; i++) {
        const struct hole *hole = &found->match.holes[i];
        const char *digits = hole->at + (hole->id != HOLE_DOMID);

        if ((hole->id == HOLE_DOMID || hole->id == HOLE_DOM ||
             hole->id == HOLE_VCPU) && hole->length < 12 &&
            char_is_digit(*digits))
            domid = strtol(digits, NULL, 10);
    }
    return domid;
}

static void make_event(const struct found *found, uint64_t at,
                       struct event *event)
{
    const char *from = found->start.from;
    size_t length = (size_t)(found->match.end - from);

    event->line = found->line;
    event->at = at;
    event->times = 1;
    event->domid = domain_of(found);
    event->anchored = found->start.component != LINE_UNNAMED;
    event->n_holes = 0;
    if (length >= EVENT_TEXT)
        length = EVENT_TEXT - 1;
    memcpy(event->text, from, length);
    event->text[length] = '\0';
    for (char *p = event->text; *p; p++)
        if (*p == '\n')
            *p = ' ';
    for (size_t i = 0; i < found->match.n; i++) {
        struct hole hole = found->match.holes[i];
        size_t offset = (size_t)(hole.at - from);

        if (offset + hole.length > length)
            continue;
        hole.at = event->text + offset;
        event->holes[event->n_holes++] = hole;
    }
}

/* Count line ends up to a place: its number. */
static uint64_t line_number(struct scan *scan, size_t at)
{
    const char *p = scan->buffer + scan->counted;
    const char *end = scan->buffer + at;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        scan->stories.lines++;
        p++;
    }
    if (at > scan->counted)
        scan->counted = at;
    return scan->stories.lines + 1;
}

/* The domain that the prefix of the line in the window names. */
static long domain_in_window(struct scan *scan)
{
    long domid = -1;

    window_starts(&scan->window, &scan->starts);
    for (size_t i = 0; i < scan->starts.n; i++)
        if (scan->starts.start[i].domid >= 0)
            domid = scan->starts.start[i].domid;
    return domid;
}

/* A line of which only what it is for is known. */
static bool take_end(struct scan *scan, const char *text, uint64_t at)
{
    struct found found = { .line = end_of(text) };
    struct event event;

    if (!found.line)
        return false;
    found.start = (struct start){ text, text, LINE_LIBXL,
                                  domain_in_window(scan) };
    found.match.end = text + strcspn(text, "\n");
    make_event(&found, at, &event);
    story_add(&scan->stories, &event);
    return true;
}

/* An error of the toolstack that is not known is not passed over. */
static void note_unknown(struct scan *scan, struct span line)
{
    static const char *const leads[] = { "xc: error: ", "libxl: error: " };

    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
        const char *at;

        if (!memmem(scan->buffer + line.at, line.end - line.at, leads[i],
                    strlen(leads[i])))
            continue;
        window_one(&scan->window, scan->buffer, line);
        at = strstr(scan->window.text, leads[i]);
        if (!at)
            at = scan->window.text;
        if (!take_end(scan, at, line_number(scan, line.at)))
            story_unknown(&scan->stories, at);
        return;
    }
}

/* ------------------------------------------------------------------ */
/* Lines that were broken                                              */
/* ------------------------------------------------------------------ */

static bool line_before(const struct scan *scan, struct span line,
                        struct span *before)
{
    size_t end = line.at;

    if (end == 0 || (scan->buffer[end - 1] != '\n' &&
                     scan->buffer[end - 1] != '\r'))
        return false;
    end--;
    if (end > 0 && scan->buffer[end] == '\n' &&
        scan->buffer[end - 1] == '\r')
        end--;
    *before = line_around(scan->buffer, end, end);
    return true;
}

/* The line alone, and when it goes on, with those behind it. */
static bool find_line(struct scan *scan, struct span line,
                      const struct candidates *candidates,
                      struct found *found)
{
    struct candidates more = *candidates;
    struct span whole = { 0, 0 };
    bool ran_out = false;

    window_one(&scan->window, scan->buffer, line);
    if (find(scan, candidates, found, &ran_out) && !ran_out)
        return true;
    if (!ran_out)
        return false;
    window_more(&scan->window, scan->buffer, line, scan->size);
    whole.end = scan->window.size;
    find_candidates(scan, scan->window.text, whole, &more);
    return find(scan, &more, found, &ran_out);
}

/* The line itself; else the ones before it, as long as this one may be the
 * rest of them.  *at is where it begins. */
static bool find_broken(struct scan *scan, struct span line,
                        const struct candidates *candidates,
                        struct found *found, size_t *at)
{
    size_t hit = line.at;

    for (size_t back = 0; back < WINDOW_LINES; back++) {
        if (find_line(scan, line, candidates, found)) {
            size_t end = (size_t)(found->match.end - scan->window.text);

            *at = line.at;
            if (back == 0 || scan->window.base +
                                 scan->window.raw[end - 1] >= hit)
                return true;
        }
        if ((back == 0 && window_is_led(&scan->window)) ||
            !line_before(scan, line, &line))
            return false;
    }
    return false;
}

/* A line that begins there: where it ends. */
static size_t take(struct scan *scan, const struct found *found, size_t at)
{
    size_t end = (size_t)(found->match.end - scan->window.text);
    struct event event;

    make_event(found, line_number(scan, at), &event);
    story_add(&scan->stories, &event);
    scan->taken = scan->window.base + scan->window.raw[end - 1] + 1;
    return scan->taken;
}

/* A line with a piece of a known one: where to go on. */
static size_t look_at(struct scan *scan, size_t hit)
{
    struct span line = line_around(scan->buffer, hit, scan->size);
    struct candidates candidates;
    struct found found;
    size_t next, at;

    if (line.at < scan->taken)
        line.at = scan->taken;
    candidates.n = 0;
    find_candidates(scan, scan->buffer, line, &candidates);
    if (candidates.n == 0 ||
        !find_broken(scan, line, &candidates, &found, &at)) {
        note_unknown(scan, line);
        return line.end;
    }
    next = take(scan, &found, at);
    return next > hit ? next : hit + 1;
}

/* Whether what begins there is no rest of another line. */
static bool is_head(const struct scan *scan, size_t at)
{
    enum component component;

    return at >= scan->size || has_time(scan->buffer + at) ||
           anchor_at(scan->buffer + at, &component);
}

/* What is told of the line of a place, when it is asked for. */
struct near {
    struct span line;
    bool looked;
    unsigned int anchors;   /* of it, and of those it may be the rest of */
    bool whole;             /* it is no part of another, and plain text */
};

/* Whether it stands there as it was printed: no blanks in a row, colours or
 * marks of a mail, that a pattern leaves out. */
static bool is_plain(const char *p, size_t size)
{
    for (const char *end = p + size; p < end; p++)
        if ((unsigned char)*p < ' ' || (*p == ' ' && p[1] == ' ') ||
            (*p == '=' && p[1] == '3' && p[2] == 'D'))
            return false;
    return true;
}

static void look_near(const struct scan *scan, size_t at, struct near *near)
{
    const char *text = scan->buffer;
    struct span line = line_around(text, at, scan->size), back = line;
    size_t size = line.end - line.at;

    near->looked = true;
    near->line = line;
    near->whole = is_head(scan, line.at) && is_head(scan, line.end + 1) &&
                  is_plain(text + line.at, size);
    for (size_t n = 1; n < WINDOW_LINES && !is_head(scan, back.at); n++)
        if (!line_before(scan, back, &back))
            break;
    near->anchors = anchors_in(text + back.at, line.end - back.at);
}

static bool may_be_row(const struct scan *scan, const struct index_row *row,
                       size_t at, struct near *near)
{
    const struct line *line = &lines[row->row];

    if (!index_fits(row, scan->buffer, at, scan->size))
        return false;
    if (row->row == INDEX_HEAD || scan->bare)
        return true;
    if (!near->looked)
        look_near(scan, at, near);
    if (row->weak && !(near->anchors >> line->component & 1))
        return false;
    return !near->whole ||
           has_words(line->pattern, scan->buffer + near->line.at,
                     near->line.end - near->line.at);
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

/* ------------------------------------------------------------------ */
/* Where two lines meet                                                */
/* ------------------------------------------------------------------ */

/* Mail is broken at blanks, or behind a '=', terminals anywhere, also within
 * the piece that a line is known by: the characters around a line end as
 * they were, with the blank or without it. */
static size_t put_joint(const struct scan *scan, size_t end, bool blank,
                        char joint[2 * PIECE])
{
    const char *text = scan->buffer;
    size_t from = end, to, n = 0;

    while (from > 0 && strchr("\r ", text[from - 1]))
        from--;
    if (!blank && from > 0 && text[from - 1] == '=')
        from--;
    to = over_quotes(text, end + 1, scan->size);
    for (size_t i = from > PIECE - 1 ? from - (PIECE - 1) : 0; i < from; i++)
        joint[n++] = text[i];
    if (blank)
        joint[n++] = ' ';
    for (size_t i = to; i < scan->size && i < to + PIECE - 1; i++)
        joint[n++] = text[i];
    return n;
}

/* The rows that may have been broken there. */
static void find_joined(const struct scan *scan, size_t end, bool blank,
                        struct candidates *candidates)
{
    char joint[2 * PIECE];
    size_t size = put_joint(scan, end, blank, joint);
    const struct index_row *rows;
    size_t n;

    for (size_t from = 0; from < STRIDE; from++)
        for (size_t at = from;
             (at = index_find(scan->index, joint, at, size, &rows, &n)) <
             size; at += STRIDE)
            for (size_t i = 0; i < n; i++)
                if (rows[i].row != INDEX_HEAD &&
                    index_fits(&rows[i], joint, at, size))
                    add_candidate(candidates, rows[i].row);
}

/* A line and the next one may be one that was broken between them. */
static void look_at_joint(struct scan *scan, size_t end)
{
    struct span line = line_around(scan->buffer, end, end);
    struct candidates candidates = { .n = 0 };
    struct found found;
    size_t at;

    if (is_head(scan, end + 1) || line.at < scan->taken ||
        line.at == line.end)
        return;
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

static void look(struct scan *scan, size_t end)
{
    while (scan->next < end) {
        const char *from = scan->buffer + scan->next;
        const char *line_end = memchr(from, '\n', scan->size - scan->next);
        size_t at = line_end ? (size_t)(line_end - scan->buffer)
                             : scan->size;

        look_line(scan, at < end ? at : end, at);
        if (scan->next != at || at >= end)
            continue;
        look_at_joint(scan, at);
        scan->next = scan->taken > at ? scan->taken : at + 1;
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

void scan_fragment(struct scan *scan)
{
    struct span line = line_around(scan->buffer, 0, scan->size);
    struct found found = { .line = NULL };
    struct event event;

    if (scan->stories.n > 0 || scan->stories.lines > WINDOW_LINES)
        return;
    window_one(&scan->window, scan->buffer, line);
    window_more(&scan->window, scan->buffer, line, scan->size);
    for (size_t i = 0; i < n_lines; i++) {
        struct match match;

        if (line_match_rest(&lines[i], scan->window.text, &match) &&
            (!found.line ||
             line_weight(&lines[i]) > line_weight(found.line))) {
            found.line = &lines[i];
            found.match = match;
        }
    }
    if (!found.line) {
        take_end(scan, scan->window.text, 1);
        return;
    }
    found.start = (struct start){ scan->window.text, scan->window.text,
                                  LINE_UNNAMED, -1 };
    make_event(&found, 1, &event);
    story_add(&scan->stories, &event);
}

void scan_end(struct scan *scan)
{
    look(scan, scan->size);
    line_number(scan, scan->size);
    if (scan->size > 0 && scan->buffer[scan->size - 1] != '\n')
        scan->stories.lines++;
    story_end(&scan->stories);
}
