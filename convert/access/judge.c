/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judge a container and then its context, in the order of a restore. */
#include "access/access.h"

#include <string.h>

#include "catalogue/release-set.h"
#include "container/source.h"

/* One judgement. */
struct judging {
    struct domctx_judging how;       /* the caller's, defaults filled in */
    struct domctx_releases savers;   /* to judge for, if no target is given */
    struct domctx_release target;    /* the target, if one is given */
    struct domctx_finding container; /* of the findings that refuse the
                                      * container the one that is met first */
    uint64_t when;                   /* when that is */
    domctx_report *report;
};

/* Keep a finding that refuses the container, if it is met before the others;
 * refused: there are others. */
static void keep_first(struct judging *judging, bool refused,
                       const struct domctx_finding *finding)
{
    uint64_t when = source_when(judging->how.source, finding, false);

    if (refused && when >= judging->when)
        return;
    judging->container = *finding;
    judging->container.outcome = DOMCTX_REFUSED;
    judging->when = when;
}

/* Find what refuses the container for the target. */
static bool find_refused(struct judging *judging, const domctx_report *judged)
{
    const struct domctx_finding *finding;
    bool refused = false;

    for (size_t i = 0; (finding = domctx_report_get(judged, i)); i++) {
        /* a warning: only some point releases of a series refuse it */
        if (finding->outcome != DOMCTX_REFUSED ||
            finding->severity < DOMCTX_ERROR)
            continue;
        keep_first(judging, refused, finding);
        refused = true;
    }
    return refused;
}

/* Judge the container: 1 if the target refuses it, 0 if not, -1 when memory is
 * short.  A report of its own is used first, as the caller's may be full. */
static int judge_container(struct judging *judging)
{
    const domctx_source *source = judging->how.source;
    domctx_report *judged;
    int result;

    if (!source)
        return 0;
    judged = domctx_report_new();
    if (!judged)
        return msg_no_memory(judging->report, 0);
    domctx_source_judge(source, judging->how.target, false, judged);
    result = find_refused(judging, judged);
    domctx_report_forward(judging->report, judged, NULL, NULL);
    domctx_report_free(judged);
    return result;
}

/* Whether a finding from reading is about the container; then every release
 * refuses the file for it. */
static bool is_of_container(const struct domctx_finding *finding)
{
    static const char *const ids[] = { "source-", "libxl-", "libxc-",
                                       "legacy-", "libvirt-" };

    for (size_t i = 0; finding->severity == DOMCTX_ERROR &&
                       i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strncmp(finding->id, ids[i], strlen(ids[i])) == 0)
            return true;
    return false;
}

/* Find what every release refuses the container for; refused: the target does
 * so already. */
static bool stream_is_refused(struct judging *judging, bool refused)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; judging->how.source &&
                       (finding = domctx_report_get(judging->how.parsed, i));
         i++) {
        if (!is_of_container(finding))
            continue;
        keep_first(judging, refused, finding);
        refused = true;
    }
    return refused;
}

/* Whether what refuses the domain is met before what refuses the
 * container. */
static bool is_before(const struct judging *judging,
                      const struct domctx_verdict *verdict)
{
    const struct domctx_finding *finding =
        verdict->outcome == DOMCTX_NO_OUTCOME
            ? NULL : domctx_report_get(judging->report, verdict->finding);

    return finding &&
           source_when(judging->how.source, finding, true) < judging->when;
}

/* Every point release refuses the container; that is the verdict, unless the
 * domain is refused before. */
static void container_decides(const struct judging *judging,
                              struct domctx_verdict *verdict)
{
    static const struct domctx_releases none;

    verdict->loads = verdict->refuses = verdict->crashes = none;
    verdict->needs[0] = '\0';
    if (is_before(judging, verdict))
        return;
    verdict->outcome = judging->container.outcome;
    verdict->error = judging->container.error;
    verdict->older_error[0] = '\0';
    verdict->finding = msg_keep(judging->report, &judging->container);
}

/* Judge for the target, or for those that can have saved it. */
static int judge_context(const struct judging *judging,
                         const domctx_context *context,
                         struct domctx_verdict *verdict)
{
    const struct domctx_judging *how = &judging->how;
    struct domctx_host host = { .domain = NULL };

    if (how->host)
        host = *how->host;
    host.domain = how->domain;
    if (!set_empty(&judging->savers))
        return domctx_check_savers(context, &judging->savers, &host,
                                   how->parsed, verdict, judging->report);
    return domctx_check_series(context, &judging->target, &host, how->parsed,
                               verdict, judging->report);
}

/* Fill in the defaults. */
static int complete(struct judging *judging, const domctx_context *context)
{
    struct domctx_judging *how = &judging->how;

    if (!how->source)
        how->source = domctx_context_source(context);
    if (!how->domain && how->source)
        how->domain = &domctx_source_info(how->source)->domain;
    if (how->target) {
        judging->target = *how->target;
        return 0;
    }
    domctx_context_release(context, &judging->target);
    if (!how->savers)
        return domctx_context_savers(context, &judging->savers,
                                     judging->report);
    judging->savers = *how->savers;
    return 0;
}

int domctx_judge(const domctx_context *context,
                 const struct domctx_judging *how,
                 struct domctx_verdict *verdict, domctx_report *report)
{
    struct judging judging = { .report = report };
    struct domctx_verdict own;
    int refused;

    if (how)
        judging.how = *how;
    if (!verdict)
        verdict = &own;
    if (complete(&judging, context) < 0)
        return -1;
    refused = judge_container(&judging);
    if (refused >= 0)
        refused = stream_is_refused(&judging, refused > 0);
    if (refused < 0 || judge_context(&judging, context, verdict) < 0)
        return -1;
    if (refused)
        container_decides(&judging, verdict);
    return 0;
}
