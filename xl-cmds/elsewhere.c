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

/* Where it loads, and what the host must have there: words, some of them on
 * some of those releases alone. */
struct where {
    struct domctx_releases loads;
    struct need {
        char word[24];
        struct domctx_releases on;
    } needs[40];
    size_t n_needs;
    bool more;              /* needs than there is room for */
};

static void include(struct domctx_releases *set,
                    const struct domctx_releases *releases)
{
    for (size_t i = 0; i < DOMCTX_SERIES_ROOM; i++)
        set->points[i] |= releases->points[i];
}

static struct need *find_need(struct where *where, const char *word,
                              size_t size)
{
    struct need *need = where->needs;

    for (size_t i = 0; i < where->n_needs; i++, need++)
        if (strncmp(need->word, word, size) == 0 && !need->word[size])
            return need;
    if (where->n_needs == sizeof(where->needs) / sizeof(where->needs[0]) ||
        size >= sizeof(need->word))
        return NULL;
    where->n_needs++;
    memcpy(need->word, word, size);
    return need;
}

static void add(struct where *where, const struct domctx_verdict *verdict)
{
    include(&where->loads, &verdict->loads);
    for (const char *word = verdict->needs; *word;) {
        size_t size = strcspn(word, " ");
        struct need *need = find_need(where, word, size);

        if (need)
            include(&need->on, &verdict->loads);
        else
            where->more = true;
        word += size + (word[size] == ' ');
    }
}

/* Those of all releases first. */
static void put_needs(FILE *stream, const struct where *where)
{
    char text[DOMCTX_RELEASES_ROOM];
    const char *lead = ", if the host has: ";

    for (int some = 0; some < 2; some++)
        for (size_t i = 0; i < where->n_needs; i++) {
            const struct need *need = &where->needs[i];

            if (memcmp(&need->on, &where->loads, sizeof(need->on)) == 0
                    ? some : !some)
                continue;
            fprintf(stream, "%s%s", lead, need->word);
            if (some)
                fprintf(stream, " (on %s)",
                        domctx_releases_text(&need->on, text));
            lead = " ";
        }
    if (where->more)
        fprintf(stream, "%sand more", lead);
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
    struct domctx_release_range range;
    struct domctx_release series;
    struct domctx_verdict verdict;

    for (size_t i = 0; domctx_release_series(i, &series); i++) {
        if (judge(input, context, &series, domain, parsed, &verdict) < 0)
            return -1;
        /* some points may load what others refuse or crash on */
        if (domctx_releases_range(&verdict.loads, 0, &range))
            add(where, &verdict);
    }
    return 0;
}

/* Cut off where the room ends. */
static void put_where(char buf[ELSEWHERE_ROOM], const struct where *where)
{
    char text[DOMCTX_RELEASES_ROOM];
    FILE *stream = fmemopen(buf, ELSEWHERE_ROOM, "w");

    if (!stream) {
        *buf = '\0';
        return;
    }
    fprintf(stream, "on Xen %s", domctx_releases_text(&where->loads, text));
    put_needs(stream, where);
    fclose(stream);
    buf[ELSEWHERE_ROOM - 1] = '\0';
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
    struct where where = { .n_needs = 0 };
    struct domctx_release_range range;
    domctx_context *context;
    int result;

    /* such a file loads nowhere, though that is only warned of */
    context = cure_has_never(parsed) ? NULL : view(input);
    if (!context)
        return NULL;
    result = find(input, context, domain, parsed, &where);
    domctx_context_free(context);
    if (result < 0)
        return NULL;
    if (domctx_releases_range(&where.loads, 0, &range))
        put_where(buf, &where);
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
