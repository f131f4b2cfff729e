/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sorting the lines of a log into what was tried. */
#include "explain/story.h"

#include <stdio.h>
#include <string.h>

static bool is_fault(const struct event *event)
{
    return event->line->kind == LINE_CAUSE ||
           event->line->kind == LINE_CONSEQUENCE;
}

static bool has_fault(const struct story *story)
{
    for (size_t i = 0; i < story->n; i++)
        if (is_fault(&story->events[i]))
            return true;
    return false;
}

static bool has_ended(const struct story *story)
{
    for (size_t i = 0; i < story->n; i++) {
        enum line_kind kind = story->events[i].line->kind;

        if (kind != LINE_BEGINS && kind != LINE_INFORMATION &&
            kind != LINE_HARMLESS)
            return true;
    }
    return false;
}

/* The same lines with other numbers: reported once. */
static bool is_same(const struct story *a, const struct story *b)
{
    if (a->n != b->n || !has_fault(a))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->events[i].line != b->events[i].line)
            return false;
    return true;
}

/* The last story is over: another like it is not kept. */
static void fold(struct stories *stories)
{
    struct story *last = &stories->story[stories->n - 1];

    for (size_t i = 0; i + 1 < stories->n; i++)
        if (is_same(&stories->story[i], last)) {
            stories->story[i].times++;
            stories->n--;
            return;
        }
}

static struct story *begin(struct stories *stories)
{
    struct story *story;

    if (stories->n > 0)
        fold(stories);
    if (stories->n == STORIES_MAX) {
        /* the first and the last ones say most */
        stories->dropped++;
        stories->n--;
    }
    story = &stories->story[stories->n++];
    story->n = 0;
    story->left_out = story->times = 0;
    story->domid = story->sender = -1;
    story->stream = false;
    story->source.pid = 0;
    return story;
}

/* Whether two lines are of one program that runs twice at a time. */
static bool is_other_run(const struct source *a, const struct source *b)
{
    return a->pid && b->pid && a->pid != b->pid &&
           strcmp(a->name, b->name) == 0;
}

/* The last story that the line of a process may belong to. */
static struct story *last_of(struct stories *stories,
                             const struct source *source)
{
    for (size_t i = stories->n; i-- > 0;)
        if (!is_other_run(&stories->story[i].source, source))
            return &stories->story[i];
    return begin(stories);
}

/* The story that a line belongs to: by its process, by its domain, or the
 * one that goes on.  The hypervisor's log is often pasted behind that of the
 * tools. */
static struct story *story_of(struct stories *stories,
                              const struct event *event)
{
    struct story *last = last_of(stories, &event->source);

    if (event->line->kind == LINE_BEGINS)
        return has_ended(last) ? begin(stories) : last;
    if (event->domid < 0 || last->domid < 0 || last->domid == event->domid)
        return last;
    for (size_t i = stories->n; i-- > 0;)
        if (stories->story[i].domid == event->domid)
            return &stories->story[i];
    return begin(stories);
}

bool is_stream(const struct hole *hole)
{
    static const char name[] = "migration stream";

    return hole->id == HOLE_PATH &&
           (*hole->at == '<' || (hole->length == sizeof(name) - 1 &&
                                 memcmp(hole->at, name, hole->length) == 0));
}

/* Whether a line begins what has no file: a migration. */
static bool begins_stream(const struct event *event)
{
    if (event->line->kind != LINE_BEGINS)
        return false;
    for (size_t i = 0; i < event->n_holes; i++)
        if (is_stream(&event->holes[i]))
            return true;
    return strcmp(event->line->leads, "migration-begins") == 0;
}

static void copy(struct event *to, const struct event *from)
{
    *to = *from;
    for (size_t i = 0; i < to->n_holes; i++)
        to->holes[i].at = to->text + (from->holes[i].at - from->text);
}

void story_copy(struct story *to, const struct story *from)
{
    *to = *from;
    for (size_t i = 0; i < to->n; i++)
        copy(&to->events[i], &from->events[i]);
}

/* The last line that is no fault, the number of them for none. */
static size_t least_of(const struct story *story)
{
    for (size_t i = story->n; i-- > 0;)
        if (story->events[i].line->kind == LINE_INFORMATION)
            return i;
    return story->n;
}

void story_take(struct story *story, const struct event *event)
{
    size_t at = story->n;

    if (story->n == STORY_EVENTS) {
        story->left_out++;
        at = is_fault(event) ? least_of(story) : story->n;
        if (at == story->n)
            return;
        for (; at + 1 < story->n; at++)
            copy(&story->events[at], &story->events[at + 1]);
        story->n--;
    }
    copy(&story->events[at], event);
    story->n++;
}

void story_sort(struct story *story)
{
    for (size_t i = 1; i < story->n; i++)
        for (size_t k = i; k > 0 && story->events[k - 1].at >
                                        story->events[k].at; k--) {
            struct event later;

            copy(&later, &story->events[k - 1]);
            copy(&story->events[k - 1], &story->events[k]);
            copy(&story->events[k], &later);
        }
}

/* Whether the story has the line already: it is counted then. */
static bool is_counted(struct story *story, const struct line *line)
{
    for (size_t i = 0; i < story->n; i++)
        if (story->events[i].line == line) {
            story->events[i].times++;
            return true;
        }
    return false;
}

void story_add(struct stories *stories, const struct event *event)
{
    struct story *story = story_of(stories, event);
    struct event own;

    stories->known++;
    if (!story->source.pid)
        story->source = event->source;
    if (event->domid >= 0 && is_fault(event))
        story->domid = event->domid;
    if (is_counted(story, event->line))
        return;
    story->stream |= begins_stream(event);
    copy(&own, event);
    own.stream = story->stream;
    story_take(story, &own);
}

/* Nothing in it is of Xen alone, and something is of another hypervisor. */
static bool is_of_none(const struct story *story)
{
    bool other = false;

    for (size_t i = 0; i < story->n; i++) {
        const struct event *event = &story->events[i];

        if (event->line->component != LINE_QEMU &&
            event->line->component != LINE_LIBVIRT)
            return false;
        other |= event->other;
    }
    return other;
}

void story_end(struct stories *stories)
{
    size_t n = 0;

    if (stories->n > 0)
        fold(stories);
    stories_join_ends(stories);
    for (size_t i = 0; i < stories->n; i++) {
        if (is_of_none(&stories->story[i])) {
            stories->other = true;
            continue;
        }
        if (n < i)
            story_copy(&stories->story[n], &stories->story[i]);
        n++;
    }
    stories->n = n;
}

void story_unknown(struct stories *stories, const char *text)
{
    if (stories->n_unknown < UNKNOWN_MAX)
        snprintf(stories->unknown[stories->n_unknown], EVENT_TEXT, "%s",
                 text);
    stories->n_unknown++;
}
