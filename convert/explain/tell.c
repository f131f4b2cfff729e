/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A story in words: the cause, what followed from it, what settles it. */
#include "explain/numbers.h"
#include "explain/page-text.h"
#include "explain/refine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put_quoted(struct out *out, const struct event *event)
{
    out_text(out, "> ");
    out_clean(out, event->text, strlen(event->text));
    out_text(out, "\n");
}

/* The line that the story is about: who prints it, and what is in it. */
static void put_line(struct out *out, const struct event *event)
{
    put_quoted(out, event);
    out_f(out, "    %s", component_name(event->line->component));
    if (*event->line->first && !event->cut)
        out_f(out, ", Xen %s to %s", event->line->first, event->line->last);
    if (event->at > 1)
        out_f(out, "; line %" PRIu64, event->at);
    if (event->times > 1)
        out_f(out, ", %" PRIu64 " times", event->times);
    out_text(out, "\n");
    if (event->cut)
        put_wrapped(out, "The line is cut: no other line that is known begins "
                         "like that, but what stood in the rest of it is not "
                         "told.", 4);
    put_holes(out, event->holes, event->n_holes);
    put_errors(out, event->text, event->holes, event->n_holes);
}

/* A line that is not the matter: its page by name and in a sentence, which
 * is that of the reason where the words mislead.  What follows from something
 * else is told as that: what its values alone would say was said before. */
static void put_other(struct out *out, const struct event *event)
{
    const char *leads = event->line->kind == LINE_CONSEQUENCE
                            ? event->line->leads : event_leads(event);
    const char *words = event->line->kind == LINE_HARMLESS
                            ? named_cause(leads) : named_symptom(leads);
    char text[900];

    put_quoted(out, event);
    if (event->line->kind == LINE_INFORMATION ||
        event->line->kind == LINE_BEGINS)
        return;
    put_holes(out, event->holes, event->n_holes);
    put_errors(out, event->text, event->holes, event->n_holes);
    snprintf(text, sizeof(text), "%s: %s", leads, words ? words : "");
    put_wrapped(out, text, 4);
}

static const char *heading_of(enum line_kind kind)
{
    switch (kind) {
    case LINE_CAUSE:
        return "The cause:";
    case LINE_CONSEQUENCE:
        return "This follows from something that is in none of these lines:";
    case LINE_DONE:
        return "It succeeded:";
    case LINE_EXCUSE:
        return "Nothing is wrong here:";
    case LINE_HARMLESS:
        return "This sounds like a fault, and is none:";
    case LINE_INFORMATION:
    case LINE_BEGINS:
    default:
        return "Information, no fault:";
    }
}

/* The rest of the lines of that kind, under a heading. */
static void put_rest(struct out *out, const struct story *story,
                     const struct event *main, enum line_kind kind,
                     const char *heading)
{
    bool any = false;

    for (size_t i = 0; i < story->n; i++) {
        const struct event *event = &story->events[i];

        if (event == main || event->line->kind != kind)
            continue;
        if (!any)
            out_f(out, "\n%s\n", heading);
        any = true;
        put_other(out, event);
    }
}

/* A line that names what is restored. */
static bool names_file(const struct line *line)
{
    return line->kind == LINE_BEGINS ||
           strcmp(line->leads, "restore-ended") == 0;
}

/* The file that was restored, when a line names one. */
static bool file_of(const struct story *story, const char **at,
                    size_t *length)
{
    for (size_t i = 0; i < story->n; i++)
        for (size_t k = 0; k < story->events[i].n_holes; k++) {
            const struct hole *hole = &story->events[i].holes[k];

            if (hole->id == HOLE_PATH && !is_stream(hole) &&
                names_file(story->events[i].line)) {
                *at = hole->at;
                *length = hole->length;
                return true;
            }
        }
    return false;
}

static void put_domain(struct out *out, const struct story *story)
{
    const char *file;
    size_t length;
    bool has_file = file_of(story, &file, &length);

    if (story->domid < 0 && !has_file)
        return;
    if (story->domid >= 0)
        out_f(out, "Domain %ld", story->domid);
    if (story->domid >= 0 && story->sender >= 0)
        out_f(out, " (%ld on the host that sends it)", story->sender);
    if (has_file) {
        out_text(out, story->domid >= 0 ? ", file " : "File ");
        out_clean(out, file, length);
    }
    out_text(out, ":\n\n");
}

/* Of a migration there is no file: where the guest runs yet it is judged for
 * the host that is to take it. */
static void put_live_command(struct out *out, const struct story *story)
{
    out_text(out, "\nThe commands that settle it, the first on the host that "
                  "is to take the guest,\nthe second where it runs:\n"
                  "xl context-host HOST.json\n"
                  "xl context-check --target=HOST.json --domain=");
    if (story->sender >= 0)
        out_f(out, "%ld\n", story->sender);
    else
        out_text(out, "DOMAIN\n");
}

/* Where the file, or the context in it, may be the matter. */
static void put_command(struct out *out, const struct story *story,
                        const struct event *main)
{
    const char *file = "FILE";
    size_t length = 4;

    if ((main->line->kind != LINE_CAUSE &&
         main->line->kind != LINE_CONSEQUENCE) ||
        !is_about_file(event_leads(main)))
        return;
    if (!file_of(story, &file, &length) && story->stream) {
        put_live_command(out, story);
        return;
    }
    out_text(out, "\nThe command that settles it: "
                  "xl context-check --target=host ");
    out_clean(out, file, length);
    out_text(out, "\n");
}

static void put_after_success(struct out *out, const struct story *story,
                              const struct event *main)
{
    const struct event *done = story_last(story, LINE_DONE);

    if (!done || done->at > main->at)
        return;
    put_wrapped(out, "Memory and context had been restored before that: "
                     "they are sound, and not the matter.", 4);
}

static void put_story(struct out *out, const struct story *story)
{
    const struct event *main = story_main(story);
    bool several = story->n > 1;

    put_domain(out, story);
    if (several || main->line->kind != LINE_CAUSE)
        out_f(out, "%s\n", heading_of(main->line->kind));
    put_line(out, main);
    if (main->line->kind == LINE_CAUSE)
        put_after_success(out, story, main);
    if (main->line->kind == LINE_DONE)
        put_wrapped(out, "What goes wrong behind this line is no refused "
                         "context: look at the device model, and at the "
                         "guest itself.", 4);
    out_text(out, "\n");
    put_named(out, event_leads(main));
    put_rest(out, story, main, LINE_CAUSE,
             main->line->kind == LINE_EXCUSE
                 ? "No fault, for the reason above:"
                 : "Met after it, and likely because of it:");
    put_rest(out, story, main, LINE_CONSEQUENCE,
             main->line->kind == LINE_HARMLESS
                 ? "What followed from something that is in none of these "
                   "lines:"
                 : "What followed from it:");
    put_rest(out, story, main, LINE_HARMLESS,
             "Sounds like a fault, and is none:");
    put_rest(out, story, main, LINE_EXCUSE, "Besides:");
    put_rest(out, story, main, LINE_DONE, "What succeeded:");
    put_rest(out, story, main, LINE_BEGINS, "What was tried:");
    put_rest(out, story, main, LINE_INFORMATION, "Information, no fault:");
    put_command(out, story, main);
    if (story->times)
        out_f(out, "\nThe same is met %" PRIu64 " times more.\n",
              story->times);
}

static void put_unknown(struct out *out, const struct stories *stories)
{
    size_t n = stories->n_unknown < UNKNOWN_MAX
                   ? (size_t)stories->n_unknown : UNKNOWN_MAX;

    out_f(out, "\nNot known, though the toolstack calls %s:\n",
          stories->n_unknown == 1 ? "it an error" : "them errors");
    for (size_t i = 0; i < n; i++) {
        out_text(out, "> ");
        out_clean(out, stories->unknown[i], strlen(stories->unknown[i]));
        out_text(out, "\n");
    }
    if (stories->n_unknown > n)
        out_f(out, "    and %" PRIu64 " lines more\n",
              stories->n_unknown - n);
}

/* The stories that went wrong, or those that did not. */
static void put_stories(struct out *out, const struct stories *stories,
                        bool wrong, bool *any)
{
    for (size_t i = 0; i < stories->n; i++) {
        enum line_kind kind = story_main(&stories->story[i])->line->kind;

        if ((kind == LINE_CAUSE || kind == LINE_CONSEQUENCE) != wrong)
            continue;
        if (*any)
            out_text(out, "\n----\n\n");
        *any = true;
        put_story(out, &stories->story[i]);
    }
}

bool story_put(const struct stories *stories, struct out *out)
{
    bool any = false;

    put_stories(out, stories, true, &any);
    put_stories(out, stories, false, &any);
    if (stories->dropped)
        out_f(out, "\n%" PRIu64 " tries between the first and the last are "
              "left out.\n", stories->dropped);
    if (stories->n == 0)
        return false;
    if (stories->n_unknown)
        put_unknown(out, stories);
    if (stories->lines > stories->known + 1)
        out_f(out, "\nOf %" PRIu64 " lines %" PRIu64 " are known; the others "
              "are not, or have nothing to do with a save, a restore or a "
              "migration.\n", stories->lines, stories->known);
    return true;
}
