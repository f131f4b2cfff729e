/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing pages and messages. */
#include "explain/page-text.h"

#include "explain/page-edit.h"
#include "catalogue/release-set.h"
#include "rules/words.h"
#include "catalogue/types.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 76

void put_wrapped(struct out *out, const char *text, size_t indent)
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
    put_edit(out, message->mend);
}

static void put_page(struct out *out, const struct page *page)
{
    out_f(out, "%s\n", page->name);
    put_sentence(out, "", page->symptom);
    out_text(out, "\n");
    put_sentence(out, "Cause: ", page->cause);
    put_sentence(out, "Releases: ", page->releases);
    put_sentence(out, "What to do: ", page->mend);
    put_edit(out, page->mend);
    if (page->ids[0] == PAGE_NO_ID)
        return;
    for (size_t i = 0; i < PAGE_IDS && page->ids[i] != PAGE_NO_ID; i++)
        out_f(out, "    See also: %s\n",
              domctx_message_at(page->ids[i])->id);
}

/* The pages that a message stands on. */
static void put_pages_of(struct out *out,
                         const struct domctx_message *message)
{
    const struct page *page;

    for (size_t i = 0; (page = page_about(message, i)); i++)
        out_f(out, "    See also: %s\n", page->name);
}

bool put_named(struct out *out, const char *name)
{
    const struct domctx_message *message = domctx_message_find(name);
    const struct page *page = page_named(name);

    if (message)
        put_message(out, message);
    if (message && page)
        out_text(out, "\n");
    if (page)
        put_page(out, page);
    if (message)
        put_pages_of(out, message);
    return message || page;
}

const char *named_symptom(const char *name)
{
    const struct page *page = page_named(name);
    const struct domctx_message *message = domctx_message_find(name);

    return page ? page->symptom : message ? message->cause : NULL;
}

const char *named_cause(const char *name)
{
    const struct page *page = page_named(name);
    const struct domctx_message *message = domctx_message_find(name);

    return page ? page->cause : message ? message->cause : NULL;
}

void put_page_list(struct out *out)
{
    const struct page *page;
    const char *chapter;

    for (size_t i = 0; (page = page_at(i, &chapter)); i++) {
        if (chapter)
            out_f(out, "%s%s:\n", i ? "\n" : "", chapter);
        out_f(out, "  %s\n", page->name);
        put_wrapped(out, page->symptom, 6);
    }
}
