/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-told.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "mend.h"

#define EDIT "xl context-edit "

size_t context_vcpus(const domctx_context *context)
{
    struct domctx_entry entry;
    size_t n = 0;

    for (size_t i = 0; domctx_context_entry(context, i, &entry); i++)
        n += strcmp(entry.name, "LAPIC") == 0;
    return n;
}

/* ------------------------------------------------------------------ */
/* What to do                                                          */
/* ------------------------------------------------------------------ */

static void put_mend(const struct told *told, const char *what,
                     const char *mend)
{
    printf("    %s: ", what);
    mend_put(stdout, told->session, told->file,
             told->judged ? told->target : NULL, mend);
    putchar('\n');
}

/* The command that the finding itself ends with, and which is to stand before
 * the file; NULL: there is none. */
static const char *decoder_of(const struct domctx_finding *finding)
{
    static const char *const ids[] = { "kind-archive", "kind-coded",
                                       "kind-compressed", "kind-encrypted",
                                       "kind-shifted" };
    const char *colon = strrchr(finding->text, ':');

    for (size_t i = 0; colon && i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strcmp(finding->id, ids[i]) == 0)
            return colon + 2;
    return NULL;
}

/* The file's name stands where the command has it, or else at the end; of what
 * stands in a compressed file, it is that of a pipe. */
static void put_piped(const struct told *told, const char *decoder)
{
    const char *file = told->packed ? "-" : told->file;

    fputs("  what to type: ", stdout);
    if (told->packed) {
        printf("%s -dc", told->packed);
        mend_put(stdout, told->session, told->file, NULL, " FILE | ");
    }
    mend_put(stdout, told->session, file, NULL, decoder);
    if (!strstr(decoder, "FILE"))
        mend_put(stdout, told->session, file, NULL, " FILE");
    mend_put(stdout, told->session, NULL, NULL, " | xl context-check -\n");
}

/* A loss of more kinds than this is counted. */
#define LOSS_LINES 5

static void put_loss(const struct told *told, const char *label)
{
    struct fold fold = { .vcpus = told->vcpus };
    size_t limit = told->session->verbose ? SIZE_MAX : LOSS_LINES, more = 0;

    if (!fold_report(&fold, told->cure->loss, SIZE_MAX))
        return;
    for (size_t i = 0; i < fold.count; i++) {
        if (i >= limit) {
            more += fold.rows[i].count;
            continue;
        }
        printf("    %s: ", label);
        fold_put(stdout, &fold, i);
        putchar('\n');
    }
    if (more)
        printf("    and %zu more; -v shows them\n", more);
    fold_free(&fold);
}

/* ------------------------------------------------------------------ */
/* Findings                                                            */
/* ------------------------------------------------------------------ */

/* What there is to do about it, or NULL: what a conversion does is said once,
 * below all of them. */
static const char *mend_of(const struct told *told,
                           const struct domctx_finding *finding)
{
    const struct domctx_message *message = domctx_message_find(finding->id);

    if (!message || decoder_of(finding) ||
        (cure_converts(finding) && told->cure->kind != CURE_NOT_ASKED) ||
        (finding->severity >= DOMCTX_ERROR && told->cure->kind == CURE_FREE))
        return NULL;
    return message->mend;
}

/* "    refused, EINVAL; in the log: bad CR4 and its value" */
static void put_outcome(const struct domctx_finding *finding)
{
    printf("    %s", domctx_outcome_name(finding->outcome));
    if (*finding->error)
        printf(", %s", finding->error);
    if (*finding->log)
        printf("; in the log%s: %s",
               finding->log_debug ? " of a debug build" : "", finding->log);
    putchar('\n');
}

/* The command for an error that its cure stands for, or NULL: one that mends
 * all of it is told below. */
static const char *command_of(const struct told *told,
                              const struct domctx_finding *finding)
{
    return finding->severity >= DOMCTX_ERROR && mend_of(told, finding) &&
                   !cure_converts(finding) && told->cure->kind < CURE_FREE
               ? mend_command(domctx_message_find(finding->id)) : NULL;
}

static bool edits(const char *command)
{
    return command && strncmp(command, EDIT, sizeof(EDIT) - 1) == 0;
}

/* With the options that reach it. */
static void put_command_of(const struct told *told, const struct fold *fold,
                           size_t row)
{
    const char *command = command_of(told, fold->rows[row].finding);

    if (!edits(command)) {
        put_mend(told, "what to type", command);
        return;
    }
    printf("    what to type: %sedit ", told->session->call);
    fold_put_edit(stdout, fold, row);
    mend_put(stdout, told->session, told->file, NULL,
             command + sizeof(EDIT) - 1);
    putchar('\n');
}

/* Whether a row told by hand has to be mended: then the rest is looked at once
 * more. */
static bool is_edited(const struct told *told, const struct fold *fold)
{
    for (size_t i = 0; i < fold->count; i++)
        if (edits(command_of(told, fold->rows[i].finding)))
            return true;
    return false;
}

static void put_rest(const struct told *told, const struct fold *fold)
{
    char release[DOMCTX_RELEASE_ROOM];

    if (is_edited(told, fold)) {
        printf("  and then: %scheck --target=%s NEW\n", told->session->call,
               domctx_release_text(told->target, release));
        return;
    }
    puts("  what to type: nothing; a conversion does not mend all of it");
    put_loss(told, "in its way");
}

/* The command that brings the guest back: of a save file one that keeps the
 * guest's memory. */
static void put_command(const struct told *told, const struct fold *fold)
{
    bool lossy = told->cure->kind == CURE_LOSSY;
    char release[DOMCTX_RELEASE_ROOM];

    if (told->cure->kind == CURE_NONE)
        put_rest(told, fold);
    if (told->cure->kind < CURE_FREE)
        return;
    printf("  what to type%s: %s%s %s--target=%s ",
           told->partly ? " for those that refuse it" : "",
           told->session->call, told->is_save ? "fix" : "convert",
           lossy ? "--allow-loss " : "",
           domctx_release_text(told->target, release));
    put_clean(stdout, told->file);
    printf(" NEW%s\n", lossy ? "" : "    (nothing is lost)");
    if (lossy)
        put_loss(told, "it leaves out");
}

static size_t lines_of(const struct told *told,
                       const struct domctx_finding *finding)
{
    return 1u + (finding->outcome != DOMCTX_NO_OUTCOME) +
           (mend_of(told, finding) || decoder_of(finding)) +
           (command_of(told, finding) != NULL);
}

static void put_row(const struct told *told, const struct fold *fold,
                    size_t row, bool whole)
{
    const struct domctx_finding *finding = fold->rows[row].finding;
    const char *mend = mend_of(told, finding);

    printf("  %s: ", domctx_severity_name(finding->severity));
    fold_put(stdout, fold, row);
    putchar('\n');
    if (!whole)
        return;
    if (finding->outcome != DOMCTX_NO_OUTCOME)
        put_outcome(finding);
    if (mend)
        put_mend(told, "to do", mend);
    if (command_of(told, finding))
        put_command_of(told, fold, row);
    if (decoder_of(finding))
        put_piped(told, decoder_of(finding));
    if (told->session->verbose)
        put_pages(stdout, finding, "    ");
}

/* Rows to be told: the notes at the end are for -v. */
static size_t told_of(const struct told *told, const struct fold *fold)
{
    size_t n = fold->count;

    while (!told->session->verbose && n > 0 &&
           fold->rows[n - 1].finding->severity == DOMCTX_NOTE)
        n--;
    return n;
}

/* The verdict, what to type, what that costs, what is not told and where more
 * is told have lines of their own. */
static size_t lines_for(const struct told *told)
{
    size_t loss = domctx_report_count(told->cure->loss);

    if (told->session->verbose)
        return SIZE_MAX;
    if (told->cure->kind == CURE_FREE)
        loss = 0;
    return FOLD_LINES - 4 - (loss > LOSS_LINES ? LOSS_LINES + 1 : loss);
}

static void put_rows(const struct told *told, const struct fold *fold)
{
    size_t n = told_of(told, fold), lines = 0, row = 0, more = 0;
    size_t room = lines_for(told);
    size_t dropped = domctx_report_dropped(told->report);
    enum domctx_severity worst = domctx_report_dropped_worst(told->report);
    bool whole;

    for (size_t i = 0; i < n; i++)
        lines += lines_of(told, fold->rows[i].finding);
    whole = lines <= room;
    for (lines = 0; row < n && lines < room; row++) {
        bool full = whole || row == 0;

        put_row(told, fold, row, full);
        lines += full ? lines_of(told, fold->rows[row].finding) : 1;
    }
    for (size_t i = row; i < n; i++) {
        more += fold->rows[i].count;
        if (fold->rows[i].finding->severity > worst)
            worst = fold->rows[i].finding->severity;
    }
    if (more || dropped) {
        fputs("  and ", stdout);
        put_dropped(stdout, more + dropped, worst, more);
    }
}

/* The command for more about what was told first and is not only noted.  A
 * finding that ends with what to type needs no more. */
static void put_reference(const struct told *told, const struct fold *fold)
{
    const struct domctx_finding *finding =
        fold->count ? fold->rows[0].finding : NULL;

    if (finding && finding->severity >= DOMCTX_WARNING &&
        finding->severity != DOMCTX_SYSTEM && !decoder_of(finding))
        printf("  more about it: %sexplain %s\n", told->session->call,
               finding->id);
}

void tell_findings(const struct told *told)
{
    struct fold fold = { .vcpus = told->vcpus };

    if (!fold_report(&fold, told->report, told->first)) {
        puts("  (not enough memory to tell the findings)");
        return;
    }
    put_rows(told, &fold);
    put_command(told, &fold);
    put_reference(told, &fold);
    fold_free(&fold);
}
