/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A story in a few lines, for somebody who did not ask: below the message
 * of a command. */
#include "explain/numbers.h"
#include "explain/page-text.h"
#include "explain/refine.h"

#include <stdio.h>

static void put_part(struct out *out, const char *lead, const char *text)
{
    char whole[900];

    snprintf(whole, sizeof(whole), "%s: %s.", lead, text);
    put_wrapped(out, whole, 4);
}

static void put_brief(struct out *out, const struct event *event)
{
    const char *name = event_leads(event);
    const struct page *page = page_named(name);
    const struct domctx_message *message = domctx_message_find(name);

    if (page)
        put_part(out, name, page->symptom);
    put_holes(out, event->holes, event->n_holes);
    if (page || message)
        put_part(out, page ? "Cause" : name,
                 page ? page->cause : message->cause);
    if (page || message)
        put_part(out, "What to do", page ? page->mend : message->mend);
    out_f(out, "    More of it: xl context-explain %s\n", name);
}

bool story_put_brief(const struct stories *stories, struct out *out)
{
    bool any = false;

    for (size_t i = 0; i < stories->n; i++) {
        const struct event *event = story_main(&stories->story[i]);

        if (event->line->kind != LINE_CAUSE &&
            event->line->kind != LINE_CONSEQUENCE)
            continue;
        put_brief(out, event);
        any = true;
    }
    return any;
}
