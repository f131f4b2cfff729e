/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an edit changes, and how Xen judges it. */
#include "editing.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "raise.h"

void editing_forget(struct edit *edit)
{
    domctx_context_free(edit->new);
    free(edit->bytes);
    edit->new = NULL;
    edit->bytes = NULL;
}

/* -- the changes ------------------------------------------------------ */

int editing_take(const domctx_context *context, struct edit *edit,
                 edit_change *change, const void *text, size_t size)
{
    domctx_edit *copy;
    int result = domctx_edit_begin(context, &copy, edit->report);

    if (result == 0)
        result = change(edit, copy, text, size);
    if (result == 0)
        result = domctx_edit_take(copy, NULL, &edit->bytes, &edit->size,
                                  edit->report);
    domctx_edit_free(copy);
    return result;
}

int editing_nothing(struct edit *edit, domctx_edit *copy,
                    const void *text, size_t size)
{
    (void)edit, (void)copy, (void)text, (void)size;
    return 0;
}

/* Every --set in its order; each that is wrong is told. */
int editing_fields(struct edit *edit, domctx_edit *copy,
                   const void *text, size_t size)
{
    const char *word;
    size_t at = 0;
    int result = 0;

    (void)text, (void)size;
    while ((word = arguments_next(edit->arguments, OPT_SET, &at)))
        if (domctx_edit_assign(copy, word, edit->report) < 0)
            result = -1;
    return result;
}

int editing_records(struct edit *edit, domctx_edit *copy,
                    const void *text, size_t size)
{
    return domctx_edit_json(copy, text, size, edit->report);
}

/* All of it out of the editor. */
int editing_read(struct edit *edit, const void *text, size_t size)
{
    if (domctx_json_read(text, size, &edit->bytes, &edit->size,
                         edit->report) < 0)
        return -1;
    if (domctx_detect(edit->bytes, edit->size) ==
        (edit->input.image ? DOMCTX_FORMAT_IMAGE : DOMCTX_FORMAT_HVM))
        return 0;
    return cmd_raise(edit->report, MSG_EDIT_FIXED, NULL,
                     "an image stays an image, and a blob a blob");
}

/* -- judging ---------------------------------------------------------- */

static int view(const struct edit *edit, const uint8_t *bytes, size_t size,
                domctx_context **context, domctx_report *parsed)
{
    /* what is typed may contradict the saver: that is for the judgement */
    struct domctx_open_options options = { .force = true };

    options.has_xen = !edit->input.image &&
                      domctx_context_release(edit->old, &options.xen);
    return domctx_open_memory(bytes, size, &options, context, parsed);
}

/* What was made, as a view; errors in its content go to parsed. */
int editing_open(struct edit *edit, domctx_report *parsed)
{
    if (view(edit, edit->bytes, edit->size, &edit->new, parsed) == 0)
        return 0;
    domctx_report_forward(edit->report, parsed, NULL, NULL);
    return -1;
}

/* For the Xens that can have saved it as it was. */
static int judge(struct edit *edit, const domctx_context *context,
                 const domctx_report *parsed, domctx_report *judged)
{
    struct domctx_host host = { .domain = NULL };
    struct domctx_releases savers;
    struct domctx_release oldest;
    struct domctx_release_range range;
    struct domctx_verdict verdict;

    if (edit->input.source)
        host.domain = &domctx_source_info(edit->input.source)->domain;
    if (input_savers(&edit->input, &oldest, &savers, edit->report) < 0)
        return -1;
    return domctx_releases_range(&savers, 0, &range)
               ? domctx_check_savers(context, &savers, &host, parsed,
                                     &verdict, judged)
               : domctx_check(context, &oldest, &host, parsed, NULL, judged);
}

/* What it was, read as what was made is read: what nobody typed is found in
 * both. */
static int judge_old(struct edit *edit, domctx_report *was)
{
    domctx_report *parsed = domctx_report_new();
    domctx_context *same = NULL;
    int result;

    if (!parsed)
        return cmd_no_memory(edit->report, 0);
    result = view(edit, edit->same, edit->same_size, &same, parsed) == 0
                 ? judge(edit, same, parsed, was)
                 : judge(edit, edit->old, NULL, was);
    domctx_context_free(same);
    domctx_report_free(parsed);
    return result;
}

static bool is_same(const struct domctx_finding *a,
                    const struct domctx_finding *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->record, b->record) == 0 &&
           strcmp(a->field, b->field) == 0 &&
           strcmp(a->found, b->found) == 0 && strcmp(a->text, b->text) == 0;
}

static const struct domctx_finding *find(const domctx_report *report,
                                         const struct domctx_finding *finding)
{
    const struct domctx_finding *has;

    for (size_t i = 0; (has = domctx_report_get(report, i)); i++)
        if (is_same(has, finding))
            return has;
    return NULL;
}

/* What is refused of the new one, and what the old one is refused for. */
struct before {
    const domctx_report *was;
    const struct domctx_finding *first; /* of was that stays */
    bool stops;                         /* something of was stops the edit */
};

/* What was refused before the edit is not what stops it, unless it is worse
 * than refused. */
static bool is_new(struct domctx_finding *finding, void *arg)
{
    struct before *before = arg;
    const struct domctx_finding *was;

    if (finding->severity < DOMCTX_ERROR)
        return true;
    was = find(before->was, finding);
    if (finding->outcome >= DOMCTX_CRASHES_DOMAIN) {
        before->stops |= was != NULL;
        return true;
    }
    if (was && !before->first)
        before->first = was;
    return !was;
}

/* What the edit brings that is not refused: each warning, and of the notes
 * that a loader makes something else of what was typed, which is the point of
 * an edit. */
static bool is_brought(struct domctx_finding *finding, void *arg)
{
    const domctx_report *was = arg;

    return (finding->severity == DOMCTX_WARNING ||
            (finding->severity == DOMCTX_NOTE &&
             finding->outcome == DOMCTX_CHANGED)) &&
           !find(was, finding);
}

/* Errors of the new one alone are told; of those of both the first. */
static int tell_judged(struct edit *edit, domctx_report *was,
                       domctx_report *judged)
{
    struct before before = { .was = was };
    domctx_report *new = domctx_report_new();
    int result = -1;

    if (!new)
        return cmd_no_memory(edit->report, 0);
    domctx_report_forward(new, judged, is_new, &before);
    edit->session->as_typed = !before.stops;
    result = domctx_written_tell(new, edit->force, edit->report);
    if (result == 0 && before.first)
        cmd_raise(edit->report, MSG_EDIT_BEFORE, NULL,
                  "refused as before: %s: %s; '%scheck %s' says what to type",
                  before.first->record, before.first->text,
                  edit->session->call, output_name(edit->to));
    domctx_report_forward(edit->report, judged, is_brought, was);
    domctx_report_free(new);
    return result;
}

int editing_judge(struct edit *edit)
{
    domctx_report *parsed = domctx_report_new();
    domctx_report *judged = domctx_report_new();
    domctx_report *was = domctx_report_new();
    int result = -1;

    edit->session->as_typed = true;
    if (!parsed || !judged || !was)
        cmd_no_memory(edit->report, 0);
    else if (editing_open(edit, parsed) == 0 &&
             judge_old(edit, was) == 0 &&
             judge(edit, edit->new, parsed, judged) == 0)
        result = tell_judged(edit, was, judged);
    domctx_report_free(parsed);
    domctx_report_free(judged);
    domctx_report_free(was);
    return result;
}
