/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The head of a JSON document, which says how to read its records.  It may
 * follow them, so it is looked for first; documents that we wrote have it in
 * their first four members.
 */
#include "document/reading.h"

#include <string.h>

static const char *const head_keys[HEAD_COUNT] = {
    KEY_SCHEMA, KEY_FORMAT, KEY_BYTE_ORDER, KEY_XEN, KEY_RECORDS,
    KEY_GUEST,
};

int json_head_member(const struct json_token *key)
{
    for (int i = 0; i < HEAD_COUNT; i++)
        if (json_is(key, head_keys[i]))
            return i;
    return HEAD_COUNT;
}

int json_refuse_head(const struct document *document, enum msg_id id,
                     int member, const char *text)
{
    struct json_place place = { NULL, head_keys[member],
                                strlen(head_keys[member]), 0 };

    return json_refuse(document->report, id, &place, NULL, text);
}

/* Read one of two words. */
static bool take_word(const struct json_token *token, const char *no,
                      const char *yes, bool *value)
{
    if (token->kind != JSON_STRING)
        return false;
    *value = json_is(token, yes);
    return *value || json_is(token, no);
}

/* Read "4.17" or null. */
static bool take_version(struct document *document,
                         const struct json_token *token)
{
    struct json_token part = { .kind = JSON_NUMBER };
    uint64_t xen_major, xen_minor;
    const char *dot;
    enum msg_id id;

    if (token->kind != JSON_STRING)
        return token->kind == JSON_NULL;
    dot = memchr(token->text, '.', token->size);
    if (!dot)
        return false;
    part.text = token->text;
    part.size = (size_t)(dot - token->text);
    if (!json_number(&part, 32, false, &xen_major, &id))
        return false;
    part.text = dot + 1;
    part.size = token->size - part.size - 1;
    if (!json_number(&part, 32, false, &xen_minor, &id))
        return false;
    document->has_version = true;
    document->version = cat_version_of((uint32_t)xen_major,
                                       (uint32_t)xen_minor);
    return true;
}

/* What other documents of ours are, by the beginning of their schema: the
 * version behind it does not change what they are. */
static const struct other_schema { const char *begins, *words; } others[] = {
    { "xl-context-check-", "a report of 'check'" },
    { "xl-context-diff-", "a report of 'diff'" },
    { "xl-context-diagnose-", "a report of 'diagnose'" },
    { "xl-context-values-", "the values of a field, of 'show --field'" },
    { "xl-context-guest-", "what stands beside the context in a file" },
};

static int refuse_schema(const struct document *document,
                         const struct json_token *token)
{
    size_t size;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        size = strlen(others[i].begins);
        if (token->kind == JSON_STRING && token->size > size &&
            memcmp(token->text, others[i].begins, size) == 0)
            return msg_raise(document->report, MSG_KIND_JSON, NULL,
                             "this JSON is %s, not the document of a "
                             "context", others[i].words);
    }
    return json_refuse_head(document, MSG_JSON_SCHEMA, HEAD_SCHEMA,
                            "no value for this member of the head");
}

static int take_head(struct document *document,
                     const struct json_token *token)
{
    bool right = true;

    switch (document->member) {
    case HEAD_SCHEMA:
        right = take_word(token, JSON_SCHEMA_OLD, JSON_SCHEMA,
                          &document->fill.shapes.whole);
        if (!right)
            return refuse_schema(document, token);
        break;
    case HEAD_FORMAT:
        right = take_word(token, WORD_IMAGE, WORD_HVM, &document->hvm);
        break;
    case HEAD_BYTE_ORDER:
        right = take_word(token, WORD_LITTLE, WORD_BIG, &document->big);
        break;
    case HEAD_XEN:
        right = take_version(document, token);
        break;
    default:
        break;
    }
    if (right)
        return 0;
    return json_refuse_head(document, MSG_JSON_SCHEMA, document->member,
                            "no value for this member of the head");
}

/* The members that this kind of document must have, one bit each. */
static unsigned int wanted(const struct document *document)
{
    return 1u << HEAD_SCHEMA | 1u << HEAD_FORMAT |
           1u << (document->hvm ? HEAD_XEN : HEAD_BYTE_ORDER);
}

/* Whether the value is an object with members, and has a member that only our
 * documents have; an edited document still has "records". */
struct whose { bool ours, members; };

static int find_whose(void *arg, const struct json_token *token)
{
    struct whose *whose = arg;
    int member;

    if (token->depth == 0 && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END)
        whose->ours = true;   /* not an object: its reader reports that */
    if (token->depth != 1 || token->kind != JSON_KEY)
        return 0;
    whose->members = true;
    member = json_head_member(token);
    whose->ours |= member == HEAD_SCHEMA || member == HEAD_BYTE_ORDER ||
                   member == HEAD_RECORDS;
    return whose->ours;
}

/* Refuse valid JSON of another program.  Invalid JSON is left to the later
 * passes, which report the place. */
static int refuse_another(const struct document *document)
{
    struct whose whose = { false, false };
    struct json_error error;
    enum json_result result = json_parse(document->text, document->size,
                                         find_whose, &whose, &error);

    if (result == JSON_NO_MEMORY)
        return msg_no_memory(document->report, document->size);
    if (result != JSON_OK || !whose.members || whose.ours)
        return 0;
    return msg_raise(document->report, MSG_KIND_JSON, NULL,
                     "this JSON is of another program: it has neither schema "
                     "nor records");
}

/* Read the head only, and stop when it is complete. */
static int find_head(void *arg, const struct json_token *token)
{
    struct document *document = arg;

    if (token->depth == 0 && token->kind != JSON_OBJECT &&
        token->kind != JSON_OBJECT_END) {
        json_refuse(document->report, MSG_JSON_SCHEMA, NULL, NULL,
                    "an object is wanted");
        return 1;
    }
    if (token->depth != 1)
        return 0;
    if (token->kind == JSON_KEY) {
        document->member = json_head_member(token);
        return 0;
    }
    if (document->member == HEAD_COUNT)
        return 0;
    if (take_head(document, token))
        return 1;
    document->seen |= 1u << document->member;
    document->member = HEAD_COUNT;
    return !(wanted(document) & ~document->seen);
}

int json_walk(struct document *document, json_handler *handler,
              enum json_result *result)
{
    struct json_error error;
    struct msg_at at = { .has_offset = true };

    document->member = HEAD_COUNT;
    document->seen = 0;
    *result = json_parse(document->text, document->size, handler, document,
                         &error);
    if (*result == JSON_NO_MEMORY)
        return msg_no_memory(document->report, document->size);
    if (*result != JSON_SYNTAX)
        return 0;
    at.offset = error.offset;
    return msg_raise(document->report, MSG_JSON_SYNTAX, &at,
                     "not a JSON document: %s", error.text);
}

int json_read_head(struct document *document)
{
    enum json_result result;
    unsigned int lacks;

    if (refuse_another(document) || json_walk(document, find_head, &result))
        return -1;
    lacks = wanted(document) & ~document->seen;
    for (int i = 0; result == JSON_OK && i < HEAD_COUNT; i++)
        if (lacks >> i & 1)
            return json_refuse_head(document, MSG_JSON_SCHEMA, i,
                                    "the document lacks a member");
    return lacks ? -1 : 0;
}
