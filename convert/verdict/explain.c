/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding the page for an id or for what a log said, and writing it. */
#include "verdict/explain.h"
#include "base/out.h"
#include "catalogue/release-set.h"
#include "rules/words.h"
#include "catalogue/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is looked at of a text; a log line has no more. */
#define TEXT_MAX 2048

/* ------------------------------------------------------------------ */
/* Matching                                                            */
/* ------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Lower case, and one blank for any run of them: pasted text is broken at
 * odd places. */
static void normalise(const char *text, char *to, size_t room)
{
    size_t n = 0;

    for (; *text && n + 1 < room; text++) {
        bool blank = *text == ' ' || *text == '\t' || *text == '\n' ||
                     *text == '\r';

        if (blank && (n == 0 || to[n - 1] == ' '))
            continue;
        to[n++] = blank ? ' ' : lower(*text);
    }
    while (n > 0 && to[n - 1] == ' ')
        n--;
    to[n] = '\0';
}

/* The place behind the first piece in text, or NULL. */
static const char *after(const char *text, const char *piece, size_t length)
{
    for (; strlen(text) >= length; text++)
        if (strncmp(text, piece, length) == 0)
            return text + length;
    return NULL;
}

static bool has_pattern(const char *text, const char *pattern)
{
    while (text && *pattern) {
        size_t length = strcspn(pattern, "*");

        text = after(text, pattern, length);
        pattern += length + (pattern[length] == '*');
    }
    return text != NULL;
}

/* How well a text fits the page: the length of the longest pattern that it
 * has, 0 for none. */
static size_t explain_fit(const struct explain_page *page, const char *text)
{
    char plain[TEXT_MAX];
    size_t best = 0;

    normalise(text, plain, sizeof(plain));
    for (size_t i = 0; i < EXPLAIN_PATTERNS && page->patterns[i]; i++) {
        size_t length = strlen(page->patterns[i]);

        if (length > best && has_pattern(plain, page->patterns[i]))
            best = length;
    }
    return best;
}

static const struct explain_page *page_named(const char *name)
{
    for (size_t i = 0; i < n_explain_pages; i++)
        if (strcmp(explain_pages[i].name, name) == 0)
            return &explain_pages[i];
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Writing                                                             */
/* ------------------------------------------------------------------ */

#define WIDTH 76

/* Words, broken into lines, each after the indentation. */
static void put_wrapped(struct out *out, const char *text, size_t indent)
{
    size_t column = 0;

    while (*text) {
        size_t length = strcspn(text, " ");

        if (column && column + 1 + length > WIDTH) {
            out_text(out, "\n");
            column = 0;
        }
        if (column)
            out_text(out, " ");
        else
            out_fill(out, ' ', indent);
        column += (column ? 1 : indent) + length;
        out_put(out, text, length);
        text += length + (text[length] == ' ');
    }
    out_text(out, "\n");
}

/* A sentence of a table, with its capital and its full stop. */
static void put_sentence(struct out *out, const char *lead, const char *text)
{
    char whole[900];
    size_t start = strlen(lead);

    snprintf(whole, sizeof(whole), "%s%s.", lead, text);
    whole[start] = text_capital(whole + start);
    put_wrapped(out, whole, 4);
}

/* The releases in which a row holds; for a change, those that have it. */
static void put_rule(struct out *out, const struct rule *rule)
{
    struct domctx_releases set = rule_releases(rule);
    const struct rule_outcome *outcome = &rule->outcome;
    const char *log = rule->direction == RULE_LOAD ? outcome->log : NULL;
    const char *verdict = domctx_outcome_name(outcome->verdict);
    char releases[200], key[RULE_TEXT_ROOM], condition[RULE_TEXT_ROOM];
    char whole[1200];

    set_text(&set, releases, sizeof(releases));
    rule_key_text(rule, key, sizeof(key));
    rule_condition_text(rule, condition, sizeof(condition));
    snprintf(whole, sizeof(whole), "%s: %s%s%s%s%s%s: %s%s%s%s%s%s (%s)",
             releases, rule_record_text(rule), rule->field ? " " : "",
             rule->field ? rule->field : "", *key ? " of " : "", key,
             condition, rule->reason,
             *verdict ? "; " : "", verdict,
             log ? "; the log says: " : "", log ? log : "",
             log ? rule_logs[outcome->logged].words : "", rule->source);
    put_wrapped(out, whole, 8);
}

static void put_rules_of(struct out *out, const struct rule *rules,
                         size_t count, const char *id, bool *any)
{
    for (size_t i = 0; i < count; i++) {
        if (rules[i].id == RULE_SILENT ||
            strcmp(domctx_message_at(rules[i].id)->id, id) != 0)
            continue;
        if (!*any)
            out_text(out, "\n    In the releases:\n");
        *any = true;
        put_rule(out, &rules[i]);
    }
}

/* The page of a message: what it means, where it holds, what to do. */
static void put_message(struct out *out,
                        const struct domctx_message *message)
{
    bool any = false;

    out_f(out, "%s (%s)\n", message->id,
          domctx_severity_name(message->severity));
    put_sentence(out, "", message->cause);
    put_rules_of(out, rules_load, n_rules_load, message->id, &any);
    put_rules_of(out, rules_change, n_rules_change, message->id, &any);
    out_text(out, "\n");
    put_sentence(out, "What to do: ", message->mend);
}

static void put_page(struct out *out, const struct explain_page *page)
{
    out_f(out, "%s\n", page->name);
    put_sentence(out, "", page->symptom);
    out_text(out, "\n");
    put_sentence(out, "Cause: ", page->cause);
    put_sentence(out, "Releases: ", page->releases);
    put_sentence(out, "What to do: ", page->mend);
    if (page->ids[0] == EXPLAIN_NO_ID)
        return;
    for (size_t i = 0; i < EXPLAIN_IDS && page->ids[i] != EXPLAIN_NO_ID; i++)
        out_f(out, "    See also: %s\n",
              domctx_message_at(page->ids[i])->id);
}

/* ------------------------------------------------------------------ */
/* What a line names                                                   */
/* ------------------------------------------------------------------ */

/* Error numbers of a load. */
static void put_error(struct out *out, const char *lead, int error)
{
    static const struct {
        int error;
        const char *words;
    } errors[] = {
        { 1, "EPERM" }, { 2, "ENOENT, no such instance" },
        { 5, "EIO, a reserved word" },
        { 6, "ENXIO, an MSR or its value" },
        { 19, "ENODEV, the domain has no such device" },
        { 22, "EINVAL, a value or a length" },
        { 33, "EDOM, a value out of its range" },
        { 61, "ENODATA, a length" },
        { 95, "EOPNOTSUPP, a form or a feature that is not supported" },
    };

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (error == errors[i].error)
            out_f(out, "%s%d is %s.\n", lead, error, errors[i].words);
}

/* "lapic_regs:0": the record of that name. */
static const struct cat_record *named_record(const char *text,
                                             unsigned int *instance)
{
    const struct cat_record *record;
    char name[40];

    if (sscanf(text, "%39[a-z0-9_]:%5u", name, instance) != 2)
        return NULL;
    for (size_t i = 0; (record = cat_record_at(i)); i++) {
        char other[40];

        normalise(record->name, other, sizeof(other));
        if (strcmp(name, other) == 0)
            return record;
    }
    return NULL;
}

/* "failed to load entry 16/0", since 4.19 "failed to check PIT:0". */
static const struct cat_record *entry_of(const char *text,
                                         unsigned int *instance)
{
    static const char *const leads[] = { "failed to load ",
                                         "failed to check " };
    const struct cat_record *record = NULL;
    const char *entry = after(text, "entry ", 6);
    unsigned int code;

    if (entry && sscanf(entry, "%5u/%5u", &code, instance) == 2)
        return cat_record(code);
    for (size_t i = 0; !record && i < 2; i++) {
        entry = after(text, leads[i], strlen(leads[i]));
        record = entry ? named_record(entry, instance) : NULL;
    }
    return record;
}

/* The record, and the error: of the log, or of the toolstack "(22 = ". */
static void put_entry(struct out *out, const char *text)
{
    const char *rc = after(text, "rc -", 4);
    const char *number = after(text, "hvm context (", 13);
    unsigned int instance;
    const struct cat_record *record = entry_of(text, &instance);

    if (record)
        out_f(out, "Entry %u/%u is the record %s, instance %u.\n",
              (unsigned int)record->typecode, instance, record->name,
              instance);
    if (rc)
        put_error(out, "rc -", atoi(rc));
    else if (number)
        put_error(out, "Error ", atoi(number));
    if (record || rc || number)
        out_text(out, "\n");
}

/* ------------------------------------------------------------------ */
/* What is near                                                        */
/* ------------------------------------------------------------------ */

/* Length of the longest common part. */
static size_t common(const char *a, const char *b)
{
    size_t best = 0;

    for (const char *p = a; *p; p++)
        for (const char *q = b; *q; q++) {
            size_t n = 0;

            while (p[n] && p[n] == q[n])
                n++;
            if (n > best)
                best = n;
        }
    return best;
}

/* Shorter agreement is chance: "load", "live" and their dashes. */
#define NEAR_LEAST 6

struct near {
    const char *name;
    size_t common;
};

static void consider(struct near near[3], const char *name, const char *text)
{
    struct near one = { name, common(name, text) };

    for (size_t i = 0; i < 3; i++) {
        if (one.common >= NEAR_LEAST && one.common > near[i].common) {
            struct near other = near[i];

            near[i] = one;
            one = other;
        }
    }
}

/* What is near to a name; to a line of a log each of its common words is. */
static int tell_unknown(const char *text, domctx_report *report)
{
    const struct domctx_message *message;
    struct near near[3] = { { "", 0 }, { "", 0 }, { "", 0 } };
    char plain[TEXT_MAX];

    normalise(text, plain, sizeof(plain));
    if (!strchr(plain, ' ')) {
        for (size_t i = 0; (message = domctx_message_at(i)); i++)
            consider(near, message->id, plain);
        for (size_t i = 0; i < n_explain_pages; i++)
            consider(near, explain_pages[i].name, plain);
    }
    return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                     near[0].common ? "nothing is known about it; near to it "
                                      "are %s %s %s"
                                    : "nothing is known about it%s%s%s",
                     near[0].name, near[1].name, near[2].name);
}

/* ------------------------------------------------------------------ */
/* The whole                                                           */
/* ------------------------------------------------------------------ */

/* The page that fits best of those that have not been written; NULL. */
static const struct explain_page *next_fitting(const char *text,
                                               const bool *written)
{
    const struct explain_page *best = NULL;
    size_t best_fit = 0;

    for (size_t i = 0; i < n_explain_pages; i++) {
        size_t fit = written[i] ? 0 : explain_fit(&explain_pages[i], text);

        if (fit > best_fit) {
            best_fit = fit;
            best = &explain_pages[i];
        }
    }
    return best;
}

static bool put_fitting(struct out *out, const char *text)
{
    bool written[64] = { false }; /* more than there are pages */
    const struct explain_page *page;
    bool any = false;

    while ((page = next_fitting(text, written))) {
        written[page - explain_pages] = true;
        out_text(out, any ? "\n" : "");
        put_page(out, page);
        any = true;
    }
    return any;
}

/* A name: of a message, of a page, or both. */
static bool put_named(struct out *out, const char *name)
{
    const struct domctx_message *message = domctx_message_find(name);
    const struct explain_page *page = page_named(name);

    if (message)
        put_message(out, message);
    if (message && page)
        out_text(out, "\n");
    if (page)
        put_page(out, page);
    for (size_t i = 0; message && i < n_explain_pages; i++)
        for (size_t k = 0; k < EXPLAIN_IDS; k++)
            if (explain_pages[i].ids[k] != EXPLAIN_NO_ID &&
                domctx_message_at(explain_pages[i].ids[k]) == message)
                out_f(out, "    See also: %s\n", explain_pages[i].name);
    return message || page;
}

int domctx_explain(const char *text, domctx_sink *sink, void *arg,
                   domctx_report *report)
{
    struct out out;
    char plain[TEXT_MAX];
    bool found;

    normalise(text, plain, sizeof(plain));
    out_begin(&out, sink, arg);
    found = put_named(&out, plain);
    if (!found) {
        put_entry(&out, plain);
        found = put_fitting(&out, plain);
    }
    if (!found)
        return tell_unknown(text, report);
    return out_end(&out, report);
}

const char *domctx_explained(size_t i)
{
    return i < n_explain_pages ? explain_pages[i].name : NULL;
}
