/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-told.h"

#include <stdlib.h>
#include <string.h>

#include "check-cure.h"
#include "mend.h"

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

/* "    refused, EINVAL; in the log: bad CR4 and its value" */
static void put_outcome(const struct domctx_finding *finding)
{
    printf("    %s", domctx_outcome_name(finding->outcome));
    if (finding->outcome == DOMCTX_CHANGED)
        fputs(": it loads, but this does not come back as it was", stdout);
    else if (finding->outcome == DOMCTX_DEPENDS && !*finding->error)
        fputs(" on the host, or on the domain that it is loaded into",
              stdout);
    if (*finding->error)
        printf(", %s", finding->error);
    if (*finding->log)
        printf("; in the log%s: %s",
               finding->log_debug ? " of a debug build" : "", finding->log);
    putchar('\n');
}

/* Print what is to be typed for a row; one edits a file by its name. */
static void put_typed(const struct told *told, const struct fold *fold,
                      size_t row)
{
    const struct fold alone = { .rows = &fold->rows[row], .count = 1 };

    fputs("what to type: ", stdout);
    if (!told_is_edited(told, &alone))
        mend_lead(stdout, told->file);
    told_put_row(stdout, told, fold, row);
}

/* Whether what is to be edited is told below the rows: what is in several of
 * them is typed at once, and of rows that are folded, whole, none has room for
 * it but the first. */
static bool edits_below(const struct told *told, const struct fold *fold,
                        bool whole)
{
    const struct fold first = { .rows = fold->rows, .count = 1 };
    const struct edits edits = told_edits(told, fold);
    size_t n = edits_rows(&edits);

    return n > 1 || (n > 0 && !whole && !told_is_edited(told, &first));
}

/* Whether there is something to type at a row. */
static bool types_there(const struct told *told, const struct fold *fold,
                        size_t row, bool below)
{
    const struct fold alone = { .rows = &fold->rows[row], .count = 1 };

    return told_types(told, fold->rows[row].finding) &&
           !(below && told_is_edited(told, &alone));
}

static void put_edits(const struct told *told, const struct fold *fold)
{
    const struct edits edits = told_edits(told, fold);

    edits_tell(stdout, &edits, told->session, told->file);
}

/* What only shows once the conversion is tried may be mended before it. */
static void put_way(const struct told *told)
{
    struct fold way = { .vcpus = told->vcpus };

    if (!fold_report(&way, told->cure->loss, SIZE_MAX))
        return;
    if (told_is_edited(told, &way)) {
        bool below = edits_below(told, &way, way.count <= LOSS_LINES);

        for (size_t i = 0; i < way.count && i < LOSS_LINES; i++) {
            printf("  in its way: ");
            fold_put(stdout, &way, i);
            if (types_there(told, &way, i, below)) {
                fputs("\n    ", stdout);
                put_typed(told, &way, i);
            }
            putchar('\n');
        }
        if (below)
            put_edits(told, &way);
        fputs("  and then: ", stdout);
        told_put_command(stdout, told, &way);
        putchar('\n');
    } else {
        puts("  what to type: nothing; a conversion does not mend all of it");
        put_loss(told, "in its way");
    }
    fold_free(&way);
}

/* Whether the release takes something away, whoever converts the rest. */
static bool is_changed(const struct fold *fold)
{
    for (size_t i = 0; i < fold->count; i++)
        if (fold->rows[i].finding->severity == DOMCTX_WARNING &&
            fold->rows[i].finding->outcome == DOMCTX_CHANGED)
            return true;
    return false;
}

static void put_cure(const struct told *told, const struct fold *fold)
{
    enum cure_kind kind = told->cure->kind;

    if (kind == CURE_NOT_ASKED && !told_looks_again(told, fold))
        return;
    if (kind == CURE_NONE && !told_looks_again(told, fold)) {
        put_way(told);
        return;
    }
    printf("  %s: ", kind <= CURE_NONE ? "and then"
                     : told->partly
                         ? "what to type for those that refuse it"
                         : "what to type");
    if (kind > CURE_NONE)
        mend_lead(stdout, told->file);
    told_put_command(stdout, told, fold);
    puts(kind != CURE_FREE ? ""
         : is_changed(fold)
             ? "    (it loses nothing; the release changes what is warned of)"
             : "    (nothing is lost)");
    if (kind == CURE_LOSSY)
        put_loss(told, "it leaves out");
    if (told->cure->vcpus) {
        fputs("  and then: ", stdout);
        told_put_restore(stdout, told);
        printf("    (with maxvcpus=%u in CONFIG)\n", told->cure->vcpus);
    }
}

/* What comes out of the decoder, as the file that xl or another verb needs. */
static void put_kept(const struct told *told, const char *decoder)
{
    fputs("  to keep it as a file: ", stdout);
    mend_lead(stdout, told->file);
    mend_decode(stdout, told->session, told->file, decoder);
    puts(" >NEW");
}

static size_t lines_of(const struct told *told, const struct fold *fold,
                       size_t row, bool below)
{
    const struct domctx_finding *finding = fold->rows[row].finding;

    return 1u + (finding->outcome != DOMCTX_NO_OUTCOME) +
           (mend_decoder(finding) != NULL) +
           (told_mend(told, finding) != NULL) +
           types_there(told, fold, row, below);
}

static void put_row(const struct told *told, const struct fold *fold,
                    size_t row, bool whole, bool below)
{
    const struct domctx_finding *finding = fold->rows[row].finding;
    const char *mend = told_mend(told, finding);

    printf("  %s: ", domctx_severity_name(finding->severity));
    fold_put(stdout, fold, row);
    putchar('\n');
    if (!whole)
        return;
    if (finding->outcome != DOMCTX_NO_OUTCOME)
        put_outcome(finding);
    if (mend)
        put_mend(told, "to do", mend);
    if (types_there(told, fold, row, below)) {
        fputs(mend_decoder(finding) ? "  " : "    ", stdout);
        put_typed(told, fold, row);
        putchar('\n');
    }
    if (mend_decoder(finding))
        put_kept(told, mend_decoder(finding));
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
    else if (told->cure->kind == CURE_NONE)
        loss *= 2; /* a command each */
    if (loss > LOSS_LINES)
        loss = LOSS_LINES + 1;
    return FOLD_LINES - 4 - loss - (*told->elsewhere ? 1 : 0) -
           (told->cure->vcpus ? 1 : 0);
}

static void put_rows(const struct told *told, const struct fold *fold)
{
    size_t n = told_of(told, fold), lines = 0, row = 0, more = 0;
    size_t room = lines_for(told);
    size_t dropped = domctx_report_dropped(told->report);
    enum domctx_severity worst = domctx_report_dropped_worst(told->report);
    const struct edits edits = told_edits(told, fold);
    bool below = edits_below(told, fold, true), whole;

    for (size_t i = 0; i < n; i++)
        lines += lines_of(told, fold, i, below);
    whole = lines + (below ? edits_count(&edits) : 0) <= room;
    below = edits_below(told, fold, whole);
    if (below && room < SIZE_MAX)
        room -= edits_count(&edits);
    for (lines = 0; row < n && lines < room; row++) {
        bool full = whole || row == 0;

        put_row(told, fold, row, full, below);
        lines += full ? lines_of(told, fold, row, below) : 1;
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
    if (below)
        put_edits(told, fold);
}

/* The command for more about what was told first and is not only noted.  A
 * finding that ends with what to type needs no more. */
static void put_reference(const struct told *told, const struct fold *fold)
{
    const struct domctx_finding *finding =
        fold->count ? fold->rows[0].finding : NULL;

    if (finding && finding->severity >= DOMCTX_WARNING &&
        finding->severity != DOMCTX_SYSTEM && !mend_decoder(finding))
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
    put_cure(told, &fold);
    if (*told->elsewhere)
        printf("  it loads as it is %s\n", told->elsewhere);
    put_reference(told, &fold);
    fold_free(&fold);
}
