/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "elsewhere.h"

#include <stdio.h>
#include <string.h>

#include "cure.h"

static const char nowhere[] = "on no release of Xen";

bool elsewhere_is_nowhere(const char *where)
{
    return strcmp(where, nowhere) == 0;
}

/* What no plain restore takes loads nowhere, though it is only warned of. */
static bool is_never(const domctx_report *parsed)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(parsed, i)); i++)
        if (cure_is_never(finding))
            return true;
    return false;
}

static void add(struct domctx_releases *all,
                const struct domctx_releases *more)
{
    for (size_t i = 0; i < DOMCTX_SERIES_ROOM; i++)
        all->points[i] |= more->points[i];
}

static int judge(const struct input *input, const domctx_context *context,
                 const struct domctx_release *series,
                 const struct domctx_domain *domain,
                 const domctx_report *parsed, struct domctx_verdict *verdict)
{
    struct domctx_judging how = {
        .target = series, .domain = domain, .source = input->source,
        .parsed = parsed,
    };
    domctx_report *report = domctx_report_new();
    int result = report ? domctx_judge(context, &how, verdict, report) : -1;

    domctx_report_free(report);
    return result;
}

/* The point releases of all series that load it; -1: memory is short. */
static int find(const struct input *input, const domctx_context *context,
                const struct domctx_domain *domain,
                const domctx_report *parsed, struct domctx_releases *loads)
{
    struct domctx_release series;
    struct domctx_verdict verdict;

    for (size_t i = 0; domctx_release_series(i, &series); i++) {
        if (judge(input, context, &series, domain, parsed, &verdict) < 0)
            return -1;
        if (verdict.outcome == DOMCTX_NO_OUTCOME)
            add(loads, &verdict.loads);
    }
    return 0;
}

/* For the releases that can have saved it. */
static domctx_context *view(struct input *input)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;
    struct domctx_releases savers;
    struct domctx_release saver;

    if (report && input_savers(input, &saver, &savers, report) == 0)
        input_view(input, true, saver.xen_major, saver.xen_minor, &context,
                   report);
    domctx_report_free(report);
    return context;
}

const char *elsewhere(struct input *input, const struct domctx_domain *domain,
                      const domctx_report *parsed, char buf[ELSEWHERE_ROOM])
{
    struct domctx_releases loads = { { 0 } };
    struct domctx_release_range range;
    char text[DOMCTX_RELEASES_ROOM];
    domctx_context *context;
    int result;

    context = is_never(parsed) ? NULL : view(input);
    if (!context)
        return NULL;
    result = find(input, context, domain, parsed, &loads);
    domctx_context_free(context);
    if (result < 0)
        return NULL;
    if (domctx_releases_range(&loads, 0, &range))
        snprintf(buf, ELSEWHERE_ROOM, "on Xen %s",
                 domctx_releases_text(&loads, text));
    else
        snprintf(buf, ELSEWHERE_ROOM, "%s", nowhere);
    return buf;
}

bool elsewhere_partly(struct input *input, const struct domctx_release *series,
                      const domctx_report *parsed,
                      char buf[DOMCTX_CHECKED_ROOM])
{
    domctx_context *context = view(input);
    struct domctx_verdict verdict;
    struct domctx_checked checked = { .target = series, .verdict = &verdict };
    struct domctx_release_range range;
    bool partly = context &&
                  judge(input, context, series, NULL, parsed, &verdict) == 0 &&
                  verdict.outcome == DOMCTX_NO_OUTCOME &&
                  domctx_releases_range(&verdict.refuses, 0, &range);

    domctx_context_free(context);
    if (partly)
        domctx_checked_text(&checked, buf);
    return partly;
}
