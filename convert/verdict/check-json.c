/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A verdict as JSON. */
#include "base/json.h"
#include "base/messages.h"
#include "base/out.h"
#include "catalogue/release-set.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Whether it is the output that failed, and not the file itself. */
static bool is_unwritten(const domctx_report *report)
{
    static const char *const ids[] = {
        "file-exists", "file-fifo-foreign", "file-is-input", "file-is-save",
        "file-temp", "file-terminal", "file-write", "result-too-large",
    };
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
            if (strcmp(finding->id, ids[k]) == 0)
                return true;
    return false;
}

/* What became of a file without a verdict. */
static const char *unjudged_word(const domctx_report *report)
{
    enum domctx_severity worst = domctx_report_worst(report);

    return worst == DOMCTX_FOREIGN   ? "of another kind"
           : worst == DOMCTX_DAMAGED ? "damaged"
           : worst == DOMCTX_ERROR   ? "refused"
           : is_unwritten(report)    ? "not written"
                                     : "unreadable";
}

const char *domctx_checked_word(const struct domctx_checked *checked)
{
    if (!checked->verdict)
        return unjudged_word(checked->report);
    if (checked->verdict->outcome != DOMCTX_NO_OUTCOME)
        return domctx_outcome_name(checked->verdict->outcome);
    return domctx_report_worst(checked->report) >= DOMCTX_ERROR ? "faulty"
                                                                : "loads";
}

/* Whether point releases of the target differ in their verdicts. */
static bool differs(const struct domctx_verdict *verdict)
{
    return !set_empty(&verdict->loads) + !set_empty(&verdict->refuses) +
               !set_empty(&verdict->crashes) > 1;
}

/* Append to a text; cut off at the end of the buffer. */
__attribute__((format(printf, 2, 3)))
static void add(char *buf, const char *format, ...)
{
    size_t used = strlen(buf);
    va_list args;

    va_start(args, format);
    vsnprintf(buf + used, DOMCTX_CHECKED_ROOM - used, format, args);
    va_end(args);
}

static bool is_one(const struct domctx_releases *set)
{
    struct domctx_release_range range;

    return set_range(set, 0, &range) &&
           memcmp(&range.first, &range.last, sizeof(range.first)) == 0;
}

/* "4.20.0 refuses", after what else does something else. */
static void add_set(char *buf, const struct domctx_releases *set,
                    const char *one, const char *more)
{
    char points[DOMCTX_RELEASES_ROOM];

    set_words(set, points, sizeof(points));
    add(buf, "%s%s %s", *buf ? "; " : "", points, is_one(set) ? one : more);
}

/* Append what must be done with a file whose context loads, so that a
 * toolstack restores it. */
static void add_ways(char *buf, const domctx_report *report)
{
    static const struct {
        const char *id, *way;
    } ways[] = {
        { "libxc-checkpoint", "by a Remus receiver alone" },
        { "packed-save-file", "once it is decompressed" },
    };
    const struct domctx_finding *finding;

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        for (size_t k = 0; (finding = domctx_report_get(report, k)); k++)
            if (strcmp(finding->id, ways[i].id) == 0) {
                add(buf, ", %s", ways[i].way);
                break;
            }
}

/* Append what the file cannot tell about the host. */
static void add_needs(char *buf, const struct domctx_verdict *verdict)
{
    if (*verdict->needs)
        add(buf, ", if the host has: %s", verdict->needs);
}

static void add_points(char *buf, const struct domctx_verdict *verdict,
                       const domctx_report *report)
{
    char points[DOMCTX_RELEASES_ROOM];
    bool host = verdict->outcome == DOMCTX_CRASHES_HOST;

    if (!set_empty(&verdict->loads)) {
        set_words(&verdict->loads, points, sizeof(points));
        add(buf, "loads on %s", points);
    }
    if (!set_empty(&verdict->refuses))
        add_set(buf, &verdict->refuses, "refuses", "refuse");
    if (!set_empty(&verdict->refuses) && *verdict->error)
        add(buf, ", %s", verdict->error);
    if (!set_empty(&verdict->crashes))
        add_set(buf, &verdict->crashes,
                host ? "crashes the host" : "crashes the domain",
                host ? "crash the host" : "crash the domain");
    if (set_empty(&verdict->loads))
        return;
    add_ways(buf, report);
    if (*verdict->needs)
        add(buf, "; the host must have: %s", verdict->needs);
}

const char *domctx_checked_text(const struct domctx_checked *checked,
                                char buf[DOMCTX_CHECKED_ROOM])
{
    const struct domctx_verdict *verdict = checked->verdict;

    buf[0] = '\0';
    if (verdict && !checked->savers && differs(verdict)) {
        add_points(buf, verdict, checked->report);
        return buf;
    }
    add(buf, "%s", domctx_checked_word(checked));
    if (verdict && verdict->outcome == DOMCTX_NO_OUTCOME)
        add_ways(buf, checked->report);
    if (verdict && !checked->savers &&
        verdict->outcome == DOMCTX_NO_OUTCOME)
        add_needs(buf, verdict);
    if (verdict && *verdict->error)
        add(buf, ", %s", verdict->error);
    if (verdict && *verdict->older_error)
        add(buf, " or %s", verdict->older_error);
    return buf;
}

bool domctx_checked_as(const struct domctx_checked *checked)
{
    const struct domctx_release *target = checked->target, *as;

    if (checked->savers || !checked->verdict || !target)
        return false;
    as = &checked->verdict->judged_as;
    return target->xen_major != as->xen_major ||
           target->xen_minor != as->xen_minor;
}

static void put_one(struct json_writer *writer,
                    const struct domctx_finding *finding)
{
    const struct domctx_message *message = domctx_message_find(finding->id);

    json_put_mark(writer, JSON_OBJECT);
    json_pair_said(writer, "id", finding->id);
    json_pair_said(writer, "severity",
                   domctx_severity_name(finding->severity));
    json_pair_said(writer, "record", finding->record);
    json_pair_said(writer, "field", finding->field);
    if (finding->offset != DOMCTX_NO_OFFSET) {
        json_pair_u64(writer, "offset", finding->offset);
    }
    json_pair_said(writer, "expected", finding->expected);
    json_pair_said(writer, "found", finding->found);
    json_pair_said(writer, "text", finding->text);
    json_pair_said(writer, "outcome", domctx_outcome_name(finding->outcome));
    json_pair_said(writer, "error", finding->error);
    json_pair_said(writer, finding->log_debug ? "log_of_debug_build" : "log",
                   finding->log);
    if (message) {
        json_pair_said(writer, "cause", message->cause);
        json_pair_said(writer, "mend", message->mend);
    }
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_findings(struct json_writer *writer, const char *key,
                         const domctx_report *report)
{
    const struct domctx_finding *finding;

    json_open(writer, key, JSON_ARRAY);
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        put_one(writer, finding);
    json_put_mark(writer, JSON_ARRAY_END);
}

static void put_texts(struct json_writer *writer, const char *key,
                      const char *const *texts, size_t n)
{
    json_open(writer, key, JSON_ARRAY);
    for (size_t i = 0; i < n; i++)
        json_put_string(writer, texts[i]);
    json_put_mark(writer, JSON_ARRAY_END);
}

static void put_cure(struct json_writer *writer,
                     const struct domctx_cure *cure)
{
    json_open(writer, "cure", JSON_OBJECT);
    put_texts(writer, "commands", cure->commands, cure->n_commands);
    put_texts(writer, "tools", cure->tools, cure->n_tools);
    if (cure->converts)
        put_findings(writer, "loses", cure->loses);
    if (cure->in_its_way)
        put_findings(writer, "in_its_way", cure->in_its_way);
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_set(struct json_writer *writer, const char *key,
                    const struct domctx_releases *set)
{
    char text[DOMCTX_RELEASES_ROOM];

    if (!set_empty(set))
        json_pair_said(writer, key, domctx_releases_text(set, text));
}

/* Write words separated by blanks as an array. */
static void put_needs(struct json_writer *writer,
                      const struct domctx_checked *checked)
{
    const char *word = checked->verdict->needs;
    char text[64];

    if (!*word || checked->savers ||
        (checked->verdict->outcome != DOMCTX_NO_OUTCOME &&
         set_empty(&checked->verdict->loads)))
        return;
    json_open(writer, "needs", JSON_ARRAY);
    while (*word) {
        size_t size = strcspn(word, " ");

        snprintf(text, sizeof(text), "%.*s", (int)size, word);
        json_put_string(writer, text);
        word += size + (word[size] == ' ');
    }
    json_put_mark(writer, JSON_ARRAY_END);
}

static void put_verdict(struct json_writer *writer,
                        const struct domctx_checked *checked)
{
    const struct domctx_verdict *verdict = checked->verdict;
    char release[DOMCTX_RELEASE_ROOM];

    if (domctx_checked_as(checked))
        json_pair_said(writer, "judged_as",
                       domctx_release_text(&verdict->judged_as, release));
    json_pair_said(writer, "verdict", domctx_checked_word(checked));
    if (!verdict)
        return;
    json_pair_said(writer, "error", verdict->error);
    json_pair_said(writer, "older_error", verdict->older_error);
    put_needs(writer, checked);
    if (checked->savers || !differs(verdict))
        return;
    put_set(writer, "loads_on", &verdict->loads);
    put_set(writer, "refused_by", &verdict->refuses);
    put_set(writer, "crashed_by", &verdict->crashes);
}

/* Write how many findings a full report dropped, and the worst severity. */
static void put_more(struct json_writer *writer, const domctx_report *report)
{
    size_t dropped = domctx_report_dropped(report);

    if (!dropped)
        return;
    json_pair_u64(writer, "more", dropped);
    json_pair_said(writer, "worst_of_more",
                   domctx_severity_name(domctx_report_dropped_worst(report)));
}

int domctx_checked_json(const struct domctx_checked *checked,
                        domctx_sink *sink, void *arg, domctx_report *report)
{
    struct json_writer writer;
    char release[DOMCTX_RELEASE_ROOM];

    json_begin(&writer, true);
    json_put_mark(&writer, JSON_OBJECT);
    json_pair_said(&writer, "schema", "xl-context-check-1");
    json_pair_said(&writer, "file", checked->name);
    if (checked->savers)
        put_set(&writer, "target", checked->savers);
    else if (checked->target)
        json_pair_said(&writer, "target",
                       domctx_release_text(checked->target, release));
    json_pair_said(&writer, "host", checked->host);
    put_verdict(&writer, checked);
    if (checked->cure)
        put_cure(&writer, checked->cure);
    put_findings(&writer, "findings", checked->report);
    put_more(&writer, checked->report);
    json_put_mark(&writer, JSON_OBJECT_END);
    return json_give(&writer, sink, arg, report);
}
