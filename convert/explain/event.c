/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a line that was found to an event of a story. */
#include "explain/event.h"
#include "base/chars.h"
#include "explain/ends.h"
#include "explain/other.h"

#include <stdlib.h>
#include <string.h>

#define OTHER_NEAR 4096u    /* bytes searched for marks before a line */
#define OTHER_ASKED 200u    /* known lines, then no more are searched */

/* "domain 7 save/restore helper". */
static long domain_in(const struct hole *hole)
{
    const char *at = memmem(hole->at, hole->length, "domain ", 7);

    return at && at + 7 < hole->at + hole->length && char_is_digit(at[7])
               ? strtol(at + 7, NULL, 10) : -1;
}

/* "xenguest-41-restore[9021]:", "emu-manager-9[7]:", "qemu-dm-3[8]:". */
static long domain_of_source(const struct source *source)
{
    static const char *const programs[] = {
        "xenguest-", "emu-manager-", "qemu-dm-",
    };

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        const char *at = source->name + strlen(programs[i]);
        const char *end = at + strspn(source->pid ? at : "", "0123456789");

        if (strncmp(source->name, programs[i], strlen(programs[i])) == 0 &&
            end > at && end - at < 8 && (!*end || *end == '-'))
            return strtol(at, NULL, 10);
    }
    return -1;
}

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
        else if (hole->id == HOLE_TEXT)
            domid = domain_in(hole);
    }
    return domid;
}

/* QEMU and libvirt print the same lines for another hypervisor, whose marks
 * stand near them then.  In a long log the last answer stays. */
static bool is_other(struct scan *scan, const struct line *line)
{
    size_t from = scan->next > OTHER_NEAR ? scan->next - OTHER_NEAR : 0;
    size_t left = scan->size - from;

    if (line->component != LINE_QEMU && line->component != LINE_LIBVIRT)
        return false;
    if (scan->stories.known < OTHER_ASKED)
        scan->other = is_of_other(scan->buffer + from,
                                  left < 3 * OTHER_NEAR ? left
                                                        : 3 * OTHER_NEAR);
    return scan->other;
}

void make_event(struct scan *scan, const struct found *found, uint64_t at,
                struct event *event)
{
    const char *from = found->start.from;
    size_t length = (size_t)(found->match.end - from);

    event->line = found->line;
    event->at = at;
    event->times = 1;
    event->domid = domain_of(found);
    event->stream = event->cut = false;
    event->other = is_other(scan, found->line);
    event->anchored = found->start.component != LINE_UNNAMED;
    event->n_holes = 0;
    if (!window_source(&scan->window, from, event->source.name,
                       sizeof(event->source.name), &event->source.pid))
        event->source.pid = 0;
    if (event->domid < 0)
        event->domid = domain_of_source(&event->source);
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

static uint64_t line_ends(const char *p, const char *end)
{
    uint64_t n = 0;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        n++;
        p++;
    }
    return n;
}

uint64_t line_number(struct scan *scan, size_t at)
{
    const char *counted = scan->buffer + scan->counted;
    const char *place = scan->buffer + at;

    if (at < scan->counted)   /* a line that was broken before it */
        return scan->stories.lines + 1 - line_ends(place, counted);
    scan->stories.lines += line_ends(counted, place);
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
    make_event(scan, &found, at, &event);
    story_add(&scan->stories, &event);
    return true;
}

/* Where an error of the toolstack begins; NULL. */
static const char *error_in(const char *text, size_t size)
{
    static const char *const leads[] = { "xc: error: ", "libxl: error: " };
    const char *at = NULL;

    for (size_t i = 0; !at && i < sizeof(leads) / sizeof(leads[0]); i++)
        at = memmem(text, size, leads[i], strlen(leads[i]));
    return at;
}

bool is_error(const struct scan *scan, struct span line)
{
    return error_in(scan->buffer + line.at, line.end - line.at) != NULL;
}

void note_unknown(struct scan *scan, struct span line)
{
    const char *at;

    window_one(&scan->window, scan->buffer, line);
    at = error_in(scan->window.text, scan->window.size);
    if (!at)
        at = scan->window.text;
    if (!take_end(scan, at, line_number(scan, line.at)))
        story_unknown(&scan->stories, at);
}

size_t take(struct scan *scan, const struct found *found, size_t at)
{
    size_t end = (size_t)(found->match.end - scan->window.text);
    struct event event;

    if (end > scan->window.unbroken)   /* what was left out may be known */
        end = scan->window.unbroken;
    make_event(scan, found, line_number(scan, at), &event);
    story_add(&scan->stories, &event);
    scan->taken = scan->window.base + scan->window.raw[end - 1] + 1;
    return scan->taken;
}

typedef bool (*rest_match)(const struct line *line, const char *text,
                           struct match *match);

/* The row of which the window has the rest: none where rows of several pages
 * end in the same words. */
static bool find_rest(const struct scan *scan, rest_match matches,
                      struct found *found)
{
    bool several = false;

    found->line = NULL;
    for (size_t i = 0; i < n_lines; i++) {
        struct match match;

        if (!matches(&lines[i], scan->window.text, &match))
            continue;
        several |= found->line &&
                   strcmp(found->line->leads, lines[i].leads) != 0;
        if (!found->line ||
            line_weight(&lines[i]) > line_weight(found->line)) {
            found->line = &lines[i];
            found->match = match;
        }
    }
    if (matches == line_match_end && several)
        found->line = NULL;
    found->start = (struct start){ scan->window.text, scan->window.text,
                                   LINE_UNNAMED, -1 };
    return found->line != NULL;
}

static bool take_rest(struct scan *scan, struct span line,
                      rest_match matches)
{
    struct found found;
    struct event event;

    window_one(&scan->window, scan->buffer, line);
    window_more(&scan->window, scan->buffer, line, scan->size);
    if (!find_rest(scan, matches, &found))
        return false;
    make_event(scan, &found, 1, &event);
    story_add(&scan->stories, &event);
    return true;
}

void scan_fragment(struct scan *scan)
{
    struct span line = line_around(scan->buffer, 0, scan->size);

    if (scan->stories.n == 0 && scan->stories.lines <= WINDOW_LINES &&
        !take_rest(scan, line, line_match_rest) &&
        !take_rest(scan, line, line_match_end))
        take_end(scan, scan->window.text, 1);
}

void scan_top(struct scan *scan)
{
    struct span line = line_around(scan->buffer, 0, scan->size);
    enum component component;

    if (line.end > line.at && !has_time(scan->buffer) &&
        !anchor_at(scan->buffer, &component))
        take_rest(scan, line, line_match_end);
}
