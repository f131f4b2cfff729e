/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging for a set of point releases: those of a target series, or those that
 * can have saved the context.
 */
#include "verdict/check.h"
#include "catalogue/release-set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More records than any domain has.  A longer context, which no release saved,
 * is judged for one release of a set only. */
#define RECORDS_MAX ((size_t)VCPUS_MAX * CODE_COUNT)

static bool is_oversize(const domctx_context *context)
{
    return context->count > RECORDS_MAX;
}

/* The point releases, one bit each, that may judge differently from the one
 * before them: all of them if a domain is judged, too. */
static uint32_t find_steps(cat_version series, const struct domctx_host *host)
{
    return host && host->domain
               ? UINT32_MAX
               : rules_steps(series) | steps_of(&own_errors, series) |
                     check_policy_steps(series);
}

/* Judging one context for several releases finds what is the same for all of
 * them once.  Without memory for that, it is found again each time. */
static void remember(struct rule_memo *memo, const domctx_context *context)
{
    if (!is_oversize(context))
        memo->silent = calloc(context->count + 1,
                              n_rules_load * sizeof(*memo->silent));
}

/* Add the release to the set of its verdict. */
static void sort_in(struct domctx_verdict *all, struct release release,
                    enum domctx_outcome outcome)
{
    struct domctx_releases one = set_of(release);

    set_or(outcome == DOMCTX_NO_OUTCOME ? &all->loads
           : outcome == DOMCTX_REFUSED  ? &all->refuses
                                        : &all->crashes, &one);
}

/* ------------------------------------------------------------------ */
/* A series                                                            */
/* ------------------------------------------------------------------ */

/* A finding, and the point releases that have it, one bit each. */
struct shared {
    struct domctx_finding finding;
    unsigned int points;
};

struct series {
    const domctx_context *context;
    const struct domctx_host *host;
    struct rule_memo memo;
    uint32_t steps;                 /* points that differ from the one
                                     * before */
    struct domctx_verdict *verdict; /* of the series */
    struct domctx_verdict newer;    /* of the point release judged last */
    struct release last;            /* judged last; from new to old */
    struct release decider;         /* whose verdict that of the series is */
    unsigned int all;               /* the points judged, one bit each */
    struct shared *findings;        /* of the series */
    size_t count, room;
    size_t deciding;                /* index of the finding that decides the
                                     * verdict */
    bool cut;                       /* a report was full */
    bool brief;                     /* merge deciding findings alone */
};

/* Whether two findings are the same, apart from the error number: up to 4.15
 * most errors are EPERM. */
static bool same(const struct domctx_finding *a,
                 const struct domctx_finding *b)
{
    return a->id == b->id && a->offset == b->offset &&
           a->outcome == b->outcome &&
           strcmp(a->record, b->record) == 0 &&
           strcmp(a->field, b->field) == 0 &&
           strcmp(a->found, b->found) == 0 && strcmp(a->text, b->text) == 0;
}

/* Find the finding in the list, searching from index at, then from 0: reports
 * of two releases are much alike.  count if it is not there. */
static size_t place_of(const struct series *series,
                       const struct domctx_finding *finding, size_t at)
{
    for (size_t n = 0; n < series->count; n++) {
        size_t i = (at + n) % series->count;

        if (same(&series->findings[i].finding, finding))
            return i;
    }
    return series->count;
}

static bool grow(struct series *series)
{
    size_t room = series->room ? 2 * series->room : 64;
    struct shared *more;

    if (series->count < series->room)
        return true;
    more = realloc(series->findings, room * sizeof(*more));
    if (!more)
        return false;
    series->findings = more;
    series->room = room;
    return true;
}

/* Whether a finding of a point release is merged: every finding is, or, where
 * they are too many, the one that refuses or crashes there. */
static bool joins(const struct series *series,
                  const struct domctx_finding *finding, bool decides)
{
    return !series->brief ||
           (decides && finding->outcome >= DOMCTX_REFUSED);
}

/* Merge the findings of one point release.  *deciding: index of a finding in
 * the report, and on return in the list. */
static bool join(struct series *series, uint8_t point,
                 const domctx_report *report, size_t *deciding)
{
    const struct domctx_finding *finding;
    size_t at = 0, decides = 0;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++) {
        if (!joins(series, finding, i == *deciding))
            continue;
        at = place_of(series, finding, at);
        if (at == series->count) {
            if (!grow(series))
                return false;
            series->findings[series->count++] =
                (struct shared){ .finding = *finding };
        }
        series->findings[at].points |= 1u << point;
        if (i == *deciding)
            decides = at;
        at++;
    }
    *deciding = decides;
    series->cut |= domctx_report_dropped(report) > 0;
    return true;
}

/* Take the newest release's verdict for the series, unless an older one
 * crashes; an older release's error is reported.  A crash has no error
 * number. */
static void decide(struct series *series, struct release release,
                   const struct domctx_verdict *verdict, size_t deciding)
{
    struct domctx_verdict *all = series->verdict;
    char since[RELEASE_ROOM];

    if (series->all == 0 || (verdict->outcome > DOMCTX_REFUSED &&
                             verdict->outcome > all->outcome)) {
        struct domctx_verdict before = *all;

        *all = *verdict;
        all->loads = before.loads;
        all->refuses = before.refuses;
        all->crashes = before.crashes;
        all->judged_as.point = DOMCTX_POINT_ANY;
        series->deciding = deciding;
        series->decider = release;
    } else if (all->outcome > DOMCTX_REFUSED) {
        return;
    } else if (*verdict->error && !*all->error) {
        all->error = verdict->error;
    } else if (*verdict->error && !*all->older_error &&
               strcmp(all->error, verdict->error) != 0) {
        snprintf(all->older_error, sizeof(all->older_error), "%s before %s",
                 verdict->error, release_text(series->last, since));
    }
}

static void follow(struct series *series, struct release release,
                   const struct domctx_verdict *verdict, size_t deciding)
{
    decide(series, release, verdict, deciding);
    sort_in(series->verdict, release, verdict->outcome);
    series->all |= 1u << release.point;
    series->last = release;
}

/* A point release without a difference to the next newer one gets that one's
 * verdict. */
static void join_alike(struct series *series, struct release release)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->findings[i].points >> series->last.point & 1)
            series->findings[i].points |= 1u << release.point;
    follow(series, release, &series->newer, series->deciding);
}

static int judge_point(struct series *series, struct release release)
{
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    size_t deciding;
    int result = -1;

    if (report && check_one(series->context, release, series->host,
                            &series->memo, &verdict, report) >= 0) {
        deciding = verdict.finding;
        if (join(series, release.point, report, &deciding)) {
            follow(series, release, &verdict, deciding);
            series->newer = verdict;
            result = 0;
        }
    }
    domctx_report_free(report);
    return result;
}

/* The finding as the series' report has it: if the series loads the context, a
 * refusal by some point releases is no error. */
static struct domctx_finding told(const struct series *series,
                                  const struct shared *shared)
{
    struct domctx_finding finding = shared->finding;
    struct release whole = { series->last.series, RELEASE_ANY };
    struct domctx_releases set = set_of(whole);
    char points[DOMCTX_RELEASES_ROOM];

    if (shared->points != series->all) {
        for (size_t i = 0; i < RELEASE_SET_SERIES; i++)
            set.points[i] &= (uint16_t)shared->points;
        set_words(&set, points, sizeof(points));
        snprintf(finding.text, sizeof(finding.text), "%.60s: %.170s", points,
                 shared->finding.text);
    }
    if (series->verdict->outcome == DOMCTX_NO_OUTCOME &&
        finding.severity == DOMCTX_ERROR)
        finding.severity = DOMCTX_WARNING;
    return finding;
}

static void report_all(const struct series *series, domctx_report *report)
{
    struct domctx_finding finding;

    for (size_t i = 0; i < series->count; i++) {
        finding = told(series, &series->findings[i]);
        domctx_report_add(report, &finding);
    }
    if (series->verdict->outcome == DOMCTX_NO_OUTCOME)
        return;
    finding = told(series, &series->findings[series->deciding]);
    series->verdict->finding = msg_keep(report, &finding);
}

/* The findings of the release that decides, and what decides for others. */
static int report_brief(struct series *series, domctx_report *report)
{
    struct domctx_verdict verdict;
    struct domctx_finding finding;

    if (check_one(series->context, series->decider, series->host,
                  &series->memo, &verdict, report) < 0)
        return -1;
    series->verdict->finding = verdict.finding;
    for (size_t i = 0; i < series->count; i++)
        if (!(series->findings[i].points >> series->decider.point & 1)) {
            finding = told(series, &series->findings[i]);
            domctx_report_add(report, &finding);
            msg_keep(report, &finding);
        }
    return 0;
}

static int judge_points(struct series *series, cat_version version)
{
    int point = release_last_point(version), result = 0;

    *series->verdict = (struct domctx_verdict){ .error = "" };
    series->all = 0;
    series->count = 0;
    for (; point >= 0 && result == 0 && (series->brief || !series->cut);
         point--) {
        struct release release = { version, (uint8_t)point };

        if (series->all && !(series->steps >> series->last.point & 1))
            join_alike(series, release);
        else
            result = judge_point(series, release);
    }
    return result;
}

/* Where there is too much to compare, the verdict is that of all, and the
 * findings are those of one. */
static int judge_series(struct series *series, cat_version version,
                        domctx_report *report)
{
    int result;

    series->steps = find_steps(version, series->host);
    remember(&series->memo, series->context);
    result = judge_points(series, version);
    if (result == 0 && series->cut) {
        series->brief = true;
        result = judge_points(series, version);
    }
    if (result < 0)
        return msg_no_memory(report, 0);
    if (series->brief)
        return report_brief(series, report);
    report_all(series, report);
    return 0;
}

int domctx_check_series(const domctx_context *context,
                        const struct domctx_release *target,
                        const struct domctx_host *host,
                        const domctx_report *parsed,
                        struct domctx_verdict *verdict,
                        domctx_report *report)
{
    struct release release = release_of(target);
    struct domctx_verdict own;
    struct series series = { .context = context, .host = host,
                             .verdict = verdict ? verdict : &own };
    bool alone = release.point != RELEASE_ANY || is_oversize(context);
    int result;

    if (release.series > CAT_NEWEST)
        release.series = CAT_NEWEST;
    if (alone || release_last_point(release.series) < 0)
        return domctx_check(context, target, host, parsed, verdict, report);
    if (check_take_over(parsed, report) < 0)
        return -1;
    result = judge_series(&series, release.series, report);
    free(series.findings);
    rule_memo_free(&series.memo);
    return result;
}

/* ------------------------------------------------------------------ */
/* The savers                                                          */
/* ------------------------------------------------------------------ */

/* What speaks against a release as the saver. */
struct objections {
    enum domctx_outcome outcome;
    enum domctx_severity worst;
};

static bool has_fewer(const struct objections *a, const struct objections *b)
{
    return a->outcome != b->outcome ? a->outcome < b->outcome
                                    : a->worst < b->worst;
}

static int object(const domctx_context *context, struct release release,
                  const struct domctx_host *host, struct rule_memo *memo,
                  struct objections *objections)
{
    struct domctx_verdict verdict;
    int worst = check_one(context, release, host, memo, &verdict, NULL);

    if (worst < 0)
        return -1;
    *objections = (struct objections){ verdict.outcome,
                                       (enum domctx_severity)worst };
    return 0;
}

/* Find the release with the fewest objections; *sets gets the verdict of each.
 * A context that no release has saved is judged for the first only. */
static int best_of(const domctx_context *context,
                   const struct domctx_releases *savers,
                   const struct domctx_host *host, struct rule_memo *memo,
                   struct domctx_verdict *sets, struct release *best)
{
    struct objections fewest = { 0 }, these = { 0 };
    size_t seen = 0;

    for (size_t i = 0; release_series(i); i++) {
        struct release release = { release_series(i), 0 };
        uint32_t steps = savers->points[i] ? find_steps(release.series, host)
                                           : 0;
        bool alike = false; /* alike: the last objections hold for this
                             * release, too */

        for (; release.point <= release_newest(i).point; release.point++) {
            alike = alike && !(steps >> release.point & 1);
            if (!(savers->points[i] >> release.point & 1) ||
                (seen && is_oversize(context)))
                continue;
            if (!alike &&
                object(context, release, host, memo, &these) < 0)
                return -1;
            alike = true;
            sort_in(sets, release, these.outcome);
            if (seen++ == 0 || has_fewer(&these, &fewest)) {
                fewest = these;
                *best = release;
            }
        }
    }
    return 0;
}

int domctx_check_savers(const domctx_context *context,
                        const struct domctx_releases *savers,
                        const struct domctx_host *host,
                        const domctx_report *parsed,
                        struct domctx_verdict *verdict,
                        domctx_report *report)
{
    struct domctx_verdict own, sets = { .error = "" };
    struct release best = { CAT_NEWEST, RELEASE_ANY };
    struct rule_memo memo = { .silent = NULL };
    int result;

    if (!verdict)
        verdict = &own;
    if (check_take_over(parsed, report) < 0)
        return -1;
    remember(&memo, context);
    if (best_of(context, savers, host, &memo, &sets, &best) < 0)
        result = msg_no_memory(report, 0);
    else
        result = check_one(context, best, host, &memo, verdict, report);
    rule_memo_free(&memo);
    if (result < 0)
        return -1;
    verdict->loads = sets.loads;
    verdict->refuses = sets.refuses;
    verdict->crashes = sets.crashes;
    return 0;
}
