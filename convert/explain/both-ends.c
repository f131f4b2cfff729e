/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A migration has two ends: the guest has one number on the host that sends
 * it and another on the one that takes it, and each end tells its own part.
 * Of one try they are one story.
 */
#include "explain/refine.h"

#include <string.h>

static bool leads_with(const struct event *event, const char *begin)
{
    return strncmp(event->line->leads, begin, strlen(begin)) == 0;
}

static bool is_of_sender(const struct event *event)
{
    return leads_with(event, "save-") || leads_with(event, "guest-runs-on") ||
           leads_with(event, "guest-not-resumed");
}

static bool is_of_receiver(const struct event *event)
{
    static const char *const begins[] = {
        "restore-", "entry-refused", "context-refused", "build-ended",
        "destroyed-after", "sender-ended", "static-data-ended",
    };

    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
        if (leads_with(event, begins[i]))
            return true;
    return false;
}

static bool has(const struct story *story,
                bool (*is)(const struct event *event))
{
    for (size_t i = 0; i < story->n; i++)
        if (is(&story->events[i]))
            return true;
    return false;
}

static bool is_migration(const struct event *event)
{
    return event->stream || leads_with(event, "migration-") ||
           leads_with(event, "sender-ended");
}

static bool is_fault(const struct event *event)
{
    return event->line->kind == LINE_CAUSE ||
           event->line->kind == LINE_CONSEQUENCE;
}

/* What the sender alone tells; the lines of xl on one terminal that name no
 * domain may be with those of the receiver. */
static bool is_sender(const struct story *story)
{
    return has(story, is_of_sender) && has(story, is_fault) &&
           !has(story, is_of_receiver);
}

/* Whether they are the ends of one: not two that had a fault each. */
static bool are_ends(const struct story *from, const struct story *to)
{
    return from->domid != to->domid && has(to, is_of_receiver) &&
           has(to, is_fault) &&
           (has(from, is_migration) || has(to, is_migration)) &&
           (!story_own_cause(from) || !story_own_cause(to));
}

/* The lines of both, in the order of the log; a story has room for those of
 * each kind once. */
static void join(struct story *to, const struct story *from)
{
    to->sender = from->domid;
    to->stream |= from->stream;
    to->left_out += from->left_out;
    for (size_t i = 0; i < from->n; i++)
        story_take(to, &from->events[i]);
    story_sort(to);
}

static void drop(struct stories *stories, size_t at)
{
    stories->n--;
    for (size_t i = at; i < stories->n; i++)
        story_copy(&stories->story[i], &stories->story[i + 1]);
}

/* The only one that may be the sender's, of several receivers the next one:
 * of several guests at a time nobody knows which belong together. */
void stories_join_ends(struct stories *stories)
{
    size_t n = 0, from = 0, to = 0;

    for (size_t i = 0; i < stories->n; i++)
        if (is_sender(&stories->story[i])) {
            from = i;
            n++;
        }
    if (n != 1)
        return;
    while (to < stories->n &&
           (to == from ||
            !are_ends(&stories->story[from], &stories->story[to])))
        to++;
    if (to == stories->n)
        return;
    join(&stories->story[to], &stories->story[from]);
    drop(stories, from);
}
