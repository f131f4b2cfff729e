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

/* Where it loads. */
struct where {
    struct domctx_releases loads;
    char needs[256];      /* what the host must have there */
};

static bool has_word(const char *words, const char *word, size_t size)
{
    for (const char *at = words; (at = strstr(at, word)); at += size)
        if ((at == words || at[-1] == ' ') &&
            (at[size] == '\0' || at[size] == ' '))
            return true;
    return false;
}

static void add_needs(struct where *where, const char *needs)
{
    while (*needs) {
        size_t size = strcspn(needs, " "), used = strlen(where->needs);
        char word[64];

        snprintf(word, sizeof(word), "%.*s", (int)size, needs);
        if (!has_word(where->needs, word, strlen(word)))
            snprintf(where->needs + used, sizeof(where->needs) - used,
                     "%s%s", used ? " " : "", word);
        needs += size + (needs[size] == ' ');
    }
}

static void add(struct where *where, const struct domctx_verdict *verdict)
{
    for (size_t i = 0; i < DOMCTX_SERIES_ROOM; i++)
        where->loads.points[i] |= verdict->loads.points[i];
    add_needs(where, verdict->needs);
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
                const domctx_report *parsed, struct where *where)
{
    struct domctx_release series;
    struct domctx_verdict verdict;

    for (size_t i = 0; domctx_release_series(i, &series); i++) {
        if (judge(input, context, &series, domain, parsed, &verdict) < 0)
            return -1;
        if (verdict.outcome == DOMCTX_NO_OUTCOME)
            add(where, &verdict);
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
    struct where where = { .needs = "" };
    struct domctx_release_range range;
    char text[DOMCTX_RELEASES_ROOM];
    domctx_context *context;
    int result;

    context = is_never(parsed) ? NULL : view(input);
    if (!context)
        return NULL;
    result = find(input, context, domain, parsed, &where);
    domctx_context_free(context);
    if (result < 0)
        return NULL;
    if (domctx_releases_range(&where.loads, 0, &range))
        snprintf(buf, ELSEWHERE_ROOM, "on Xen %s%s%s",
                 domctx_releases_text(&where.loads, text),
                 *where.needs ? ", if the host has: " : "", where.needs);
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
