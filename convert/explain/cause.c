/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which line of a story is the cause. */
#include "explain/refine.h"

#include <string.h>

/* The error in a hole, 0 for none. */
static uint64_t error_in(const struct hole *hole)
{
    uint64_t value;
    bool negative;
    int number;

    if (hole->id != HOLE_ERRNO)
        return 0;
    if (hole_number(hole, &value, &negative))
        return value;
    number = errno_of_text(hole->at, hole->length);
    return number > 0 ? (uint64_t)number : 0;
}

/* Broken pipe, connection reset, an end too early: the other end had gone
 * before. */
static bool is_other_end(const struct event *event)
{
    if (strcmp(event_leads(event), "sender-ended") == 0)
        return true;
    for (size_t i = 0; i < event->n_holes; i++) {
        uint64_t error = error_in(&event->holes[i]);

        if (error == 32 || error == 104)
            return true;
    }
    return false;
}

/* In permissive mode XSM only tells what its policy does not allow, and what
 * fails then fails with another error than EPERM. */
static bool only_warns(const struct story *story, const struct event *event)
{
    bool other = false;

    if (strcmp(event->line->leads, "flask-denied") != 0)
        return false;
    for (size_t i = 0; i < story->n; i++)
        for (size_t k = 0; k < story->events[i].n_holes; k++) {
            uint64_t error = error_in(&story->events[i].holes[k]);

            if (error == 1)
                return false;
            other |= error > 0;
        }
    return other;
}

static bool is_excused(const struct story *story, size_t i)
{
    for (size_t k = i + 1; k < story->n; k++)
        if (story->events[k].line->kind == LINE_EXCUSE)
            return true;
    return false;
}

/* A guest is resumed after something else has failed. */
static bool is_after_all(const struct story *story,
                         const struct event *event)
{
    if (strcmp(event->line->leads, "guest-not-resumed") != 0)
        return false;
    for (size_t i = 0; i < story->n; i++)
        if (strcmp(story->events[i].line->leads, event->line->leads) != 0 &&
            (story->events[i].line->kind == LINE_CAUSE ||
             story->events[i].line->kind == LINE_CONSEQUENCE))
            return true;
    return false;
}

static const struct event *first_cause(const struct story *story,
                                       bool other_end)
{
    for (size_t i = 0; i < story->n; i++)
        if (story->events[i].line->kind == LINE_CAUSE &&
            !is_excused(story, i) &&
            !is_after_all(story, &story->events[i]) &&
            !only_warns(story, &story->events[i]) &&
            is_other_end(&story->events[i]) == other_end)
            return &story->events[i];
    return NULL;
}

const struct event *story_own_cause(const struct story *story)
{
    return first_cause(story, false);
}

/* What says most of those that follow from something: a record that was
 * refused before the last word of the toolstack. */
static unsigned int telling(const struct event *event)
{
    if (strcmp(event_leads(event), event->line->leads) != 0)
        return 4;   /* its values say more than its words */
    if (event->line->component == LINE_HV)
        return 3;
    if (strcmp(event->line->leads, "context-refused") == 0)
        return 2;
    return 1;
}

static const struct event *best_consequence(const struct story *story)
{
    const struct event *best = NULL;

    for (size_t i = 0; i < story->n; i++) {
        const struct event *event = &story->events[i];

        if (event->line->kind == LINE_CONSEQUENCE && !is_excused(story, i) &&
            (!best || telling(event) > telling(best)))
            best = event;
    }
    return best;
}

/* A line that sounds like a fault, where nothing else is said but that QEMU
 * was ended, which is for a reason of those who ended it. */
static const struct event *lone_harmless(const struct story *story)
{
    const struct event *harmless = NULL;

    for (size_t i = 0; i < story->n; i++) {
        const struct line *line = story->events[i].line;

        if (line->kind == LINE_CONSEQUENCE &&
            strcmp(line->leads, "qemu-ended") != 0)
            return NULL;
        if (line->kind == LINE_HARMLESS && !harmless)
            harmless = &story->events[i];
    }
    return harmless;
}

const struct event *story_last(const struct story *story, enum line_kind kind)
{
    for (size_t i = story->n; i-- > 0;)
        if (story->events[i].line->kind == kind)
            return &story->events[i];
    return NULL;
}

/* XAPI's errors have their reason behind them, which a client prints in lines
 * of its own. */
#define REASON_LINES 6

static const struct event *reason_of(const struct story *story,
                                     const struct event *event)
{
    for (size_t i = 0; i < story->n; i++) {
        const struct event *other = &story->events[i];

        if (other->line->component == LINE_XAPI &&
            other->line->kind == LINE_CAUSE && other->at > event->at &&
            other->at - event->at <= REASON_LINES &&
            line_weight(other->line) > line_weight(event->line))
            return other;
    }
    return event;
}

const struct event *story_main(const struct story *story)
{
    const struct event *event = first_cause(story, false);

    if (event && event->line->component == LINE_XAPI)
        event = reason_of(story, event);
    if (!event)
        event = first_cause(story, true);
    if (!event)
        event = story_last(story, LINE_EXCUSE);
    if (!event && !story_last(story, LINE_DONE))
        event = lone_harmless(story);
    if (!event)
        event = best_consequence(story);
    if (!event)
        event = story_last(story, LINE_DONE);
    return event ? event : &story->events[0];
}
