/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines of which only the head is left: a terminal, a pager, a mail or a
 * table did not show the rest.
 */
#include "explain/event.h"

#include <string.h>

/* As long as a line is where somebody cuts it. */
#define CUT_LEAST 48u
/* Fixed characters that have to stand there, behind the prefix of a component
 * and without one: fewer are the head of too many lines. */
#define CUT_FIXED 20u
#define CUT_FIXED_BARE 26u
/* Lines that are tried in a log, and a log in which those without a prefix
 * are: each is held against all rows. */
#define CUT_TRIED 40u
#define CUT_SHORT_LOG 20u

/* Take off what is shown in place of the rest; whether there is any. */
static bool without_mark(struct window *window)
{
    static const char *const marks[] = { "...", "\342\200\246", ">", "$" };
    size_t size = window->size;

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t length = strlen(marks[i]);

        if (size <= length || memcmp(window->text + size - length, marks[i],
                                     length) != 0)
            continue;
        size -= length;
        while (size > 0 && window->text[size - 1] == ' ')
            size--;
        window->size = window->first = window->unbroken = size;
        window->text[size] = '\0';
        return true;
    }
    return false;
}

/* Whether the line behind that place cannot be the rest of the one before. */
static bool begins_another(const struct scan *scan, size_t at)
{
    const char *text = scan->buffer;
    struct span next;

    if (at >= scan->size)
        return true;
    next = line_around(text, at, scan->size);
    next.at = over_quotes(text, at, next.end);
    return next.at >= next.end || has_time(text + next.at) ||
           anchors_in(text + next.at, next.end - next.at);
}

/* What stands there most of all, until something longer is met. */
struct most {
    size_t fixed;
    bool several;   /* it may be one of several that lead elsewhere */
};

static void hold_against(const struct line *line, const struct start *start,
                         struct found *found, struct most *most)
{
    size_t least = start->component == LINE_UNNAMED ? CUT_FIXED_BARE
                                                    : CUT_FIXED;
    size_t fixed;
    struct match match;

    if ((start->component != LINE_UNNAMED &&
         start->component != line->component) ||
        line->pattern[0] != start->at[0])
        return;
    fixed = line_match_cut(line, start->at, &match);
    if (fixed < least || fixed < most->fixed)
        return;
    most->several = fixed == most->fixed &&
                    (most->several ||
                     strcmp(found->line->leads, line->leads) != 0);
    if (fixed > most->fixed) {
        *found = (struct found){ line, *start, match };
        most->fixed = fixed;
    }
}

/* A pattern that begins with any word says too little by its head. */
static bool find_cut(struct scan *scan, struct found *found)
{
    bool is_short = scan->stories.lines < CUT_SHORT_LOG;
    bool begins[256] = { false };
    struct starts *starts = &scan->starts;
    struct most most = { 0, false };

    window_starts(&scan->window, starts);
    for (size_t i = 0; i < starts->n; i++)
        if (is_short || starts->start[i].component != LINE_UNNAMED)
            begins[(unsigned char)*starts->start[i].at] = true;
    begins['{'] = false;
    for (size_t i = 0; i < n_lines; i++)
        for (size_t k = 0; begins[(unsigned char)*lines[i].pattern] &&
                           k < starts->n; k++)
            if (is_short || starts->start[k].component != LINE_UNNAMED)
                hold_against(&lines[i], &starts->start[k], found, &most);
    return most.fixed > 0 && !most.several;
}

bool take_cut(struct scan *scan, struct span line)
{
    struct found found;
    struct event event;
    bool marked;

    if (scan->tried >= CUT_TRIED)
        return false;
    window_one(&scan->window, scan->buffer, line);
    marked = without_mark(&scan->window);
    if (!marked && (line.end - line.at < CUT_LEAST ||
                    !begins_another(scan, line.end + 1)))
        return false;
    scan->tried++;
    if (!find_cut(scan, &found))
        return false;
    make_event(scan, &found, line_number(scan, line.at), &event);
    event.cut = true;
    story_add(&scan->stories, &event);
    scan->taken = line.end;
    return true;
}

void look_at_cut(struct scan *scan, struct span line)
{
    const char *text = scan->buffer;

    if (line.end > line.at && text[line.end - 1] == '\r')
        line.end--;
    if (scan->taken > line.at || line.end - line.at < CUT_FIXED ||
        is_error(scan, line))
        return;
    if (scan->stories.lines < CUT_SHORT_LOG ||
        anchors_in(text + line.at, line.end - line.at))
        take_cut(scan, line);
}
