/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the description of a host, which may come from anyone.  A token's
 * place is its path, the keys down to it: ".xen_version",
 * ".policies.hvm_max.cpuid[].leaf".  Unknown paths have no place.
 */
#include "verdict/host.h"
#include "base/json.h"
#include "base/messages.h"

#include <stdio.h>
#include <string.h>

/* A description takes 30 kB. */
#define TEXT_MAX (1u << 20)
#define PATH_ROOM 96
#define PATH_DEPTH 8

struct reading {
    struct domctx_description *to;
    domctx_report *report;
    char path[PATH_ROOM];
    size_t ends[PATH_DEPTH + 2]; /* ends: of each part of the path, by depth */
    unsigned int depth;
    uint64_t seen;          /* members seen, one bit each */
    bool schema;
    uint32_t objects;       /* objects seen, one bit each */
    unsigned int cells;     /* members of the present entry, likewise */
    void *entry;
};

/* -- findings ------------------------------------------------------------- */

static int refuse(struct reading *reading, enum msg_id id, const char *words)
{
    const char *path = reading->path;
    struct msg_at at = { .found = TEXT(*path ? path + 1 : "all of it") };

    msg_raise(reading->report, id, &at, "the description of a host: %s",
              words);
    return 1;
}

static int refuse_value(struct reading *reading)
{
    return refuse(reading, MSG_HOST_MEMBER,
                  "the member has a value of another kind, or size");
}

static int too_many(struct reading *reading)
{
    return refuse(reading, MSG_HOST_LIMIT,
                  "more entries than any host has");
}

/* -- values --------------------------------------------------------------- */

static void *member_of(struct reading *reading, size_t at)
{
    return (char *)reading->to + at;
}

static bool take_answer(const struct json_token *token,
                        enum domctx_answer *answer)
{
    *answer = token->kind == JSON_TRUE    ? DOMCTX_YES
              : token->kind == JSON_FALSE ? DOMCTX_NO
                                          : DOMCTX_UNSAID;
    return *answer || token->kind == JSON_NULL;
}

static bool take_member(struct reading *reading, size_t which,
                        const struct json_token *token)
{
    const struct host_member *member = &host_members[which];
    void *to = member_of(reading, member->at);
    uint64_t value;

    if (member->kind == HOST_TEXT)
        return json_take_text(token, to, member->size);
    if (member->kind == HOST_ANSWER)
        return take_answer(token, to);
    if (!json_take_number(token, member->kind == HOST_U64 ? UINT64_MAX : 64,
                          &value))
        return false;
    if (member->kind == HOST_U64)
        memcpy(to, &value, sizeof(value));
    else
        *(uint32_t *)to = (uint32_t)value;
    return true;
}

static int take_word(struct reading *reading, size_t which,
                     const struct json_token *token)
{
    struct domctx_features *to = member_of(reading, host_features[which].at);
    uint64_t value;

    if (!json_take_number(token, UINT32_MAX, &value))
        return refuse_value(reading);
    if (to->n == DOMCTX_FEATURE_WORDS)
        return too_many(reading);
    to->word[to->n++] = (uint32_t)value;
    return 0;
}

/* Take a member of an entry; a leaf without subleaves has subleaf null. */
static int take_cell(struct reading *reading, const struct host_cell *cell,
                     const struct json_token *token)
{
    uint64_t value = CPUID_NO_SUBLEAF;
    uint32_t small;
    char *to = (char *)reading->entry + cell->at;
    bool none = token->kind == JSON_NULL && strcmp(cell->key, "subleaf") == 0;

    if (!none && !json_take_number(token, cell->size == sizeof(value)
                                              ? UINT64_MAX : UINT32_MAX,
                                   &value))
        return refuse_value(reading);
    small = (uint32_t)value;
    if (cell->size == sizeof(value))
        memcpy(to, &value, sizeof(value));
    else
        memcpy(to, &small, sizeof(small));
    return 0;
}

static int take_value(struct reading *reading, const struct host_place *found,
                      const struct json_token *token)
{
    switch (found->place) {
    case PLACE_SCHEMA:
        return token->kind == JSON_STRING && json_is(token, HOST_SCHEMA)
                   ? 0 : refuse_value(reading);
    case PLACE_MEMBER:
        return take_member(reading, found->which, token)
                   ? 0 : refuse_value(reading);
    case PLACE_NAMES:
        return token->kind == JSON_STRING ? 0 : refuse_value(reading);
    case PLACE_WORD:
        return take_word(reading, found->which, token);
    case PLACE_LEAF_CELL:
        return take_cell(reading, &host_leaf[found->cell], token);
    case PLACE_MSR_CELL:
        return take_cell(reading, &host_msr[found->cell], token);
    case PLACE_NONE:
    case PLACE_OBJECT:
    case PLACE_WORDS:
    case PLACE_LEAVES:
    case PLACE_LEAF:
    case PLACE_MSRS:
    case PLACE_MSR:
    default:
        return refuse_value(reading);
    }
}

/* -- objects and arrays --------------------------------------------------- */

/* Begin the next entry of a policy. */
static int begin_entry(struct reading *reading, const struct host_place *found)
{
    struct domctx_policy *policy =
        member_of(reading, host_policies[found->which].at);

    reading->cells = 0;
    if (found->place == PLACE_LEAF) {
        if (policy->n_leaves == DOMCTX_POLICY_LEAVES)
            return too_many(reading);
        reading->entry = &policy->leaves[policy->n_leaves++];
        return 0;
    }
    if (policy->n_msrs == DOMCTX_POLICY_MSRS)
        return too_many(reading);
    reading->entry = &policy->msrs[policy->n_msrs++];
    return 0;
}

static int begin(struct reading *reading, const struct host_place *found,
                 enum json_kind kind)
{
    bool object = found->place == PLACE_OBJECT || found->place == PLACE_LEAF ||
                  found->place == PLACE_MSR;
    size_t size = strlen(reading->path);
    bool array = found->place == PLACE_WORDS ||
                 found->place == PLACE_LEAVES || found->place == PLACE_MSRS ||
                 (found->place == PLACE_NAMES &&
                  reading->path[size - 1] != ']');

    if (kind == JSON_OBJECT ? !object : !array)
        return refuse_value(reading);
    return object && found->place != PLACE_OBJECT
               ? begin_entry(reading, found) : 0;
}

static int end_entry(struct reading *reading, size_t n)
{
    return reading->cells == (1u << n) - 1
               ? 0
               : refuse(reading, MSG_HOST_MISSING, "a member is missing");
}

static int end(struct reading *reading, const struct host_place *found)
{
    return found->place == PLACE_LEAF  ? end_entry(reading, N_HOST_LEAF)
           : found->place == PLACE_MSR ? end_entry(reading, N_HOST_MSR)
                                       : 0;
}

/* -- keys ----------------------------------------------------------------- */

/* The bit of an object's place; there are few. */
static uint32_t object_bit(const struct reading *reading,
                           const struct host_place *found)
{
    static const char *const tops[] = { ".domains", ".features", ".policies",
                                        ".xcr0_names" };
    const char *last = strrchr(reading->path, '.');

    for (uint32_t i = 0; i < 4; i++)
        if (strcmp(reading->path, tops[i]) == 0)
            return UINT32_C(1) << i;
    if (strncmp(reading->path, ".features", 9) == 0)
        return UINT32_C(1) << (4 + 3 * found->which +
                               (strcmp(last, ".words") == 0   ? 1
                                : strcmp(last, ".names") == 0 ? 2
                                                              : 0));
    return UINT32_C(1) << (16 + 3 * found->which +
                           (strcmp(last, ".cpuid") == 0 ? 1
                            : strcmp(last, ".msr") == 0 ? 2
                                                        : 0));
}

static bool seen_before(struct reading *reading,
                        const struct host_place *found)
{
    uint32_t object;
    uint64_t bit;
    bool before;

    if (found->place == PLACE_SCHEMA) {
        before = reading->schema;
        reading->schema = true;
    } else if (found->place == PLACE_MEMBER) {
        bit = UINT64_C(1) << found->which;
        before = reading->seen & bit;
        reading->seen |= bit;
    } else if (found->place == PLACE_LEAF_CELL ||
               found->place == PLACE_MSR_CELL) {
        before = reading->cells >> found->cell & 1;
        reading->cells |= 1u << found->cell;
    } else {
        object = object_bit(reading, found);
        before = reading->objects & object;
        reading->objects |= object;
    }
    return before;
}

/* Set the path to that of the enclosing container plus text. */
static bool extend(struct reading *reading, unsigned int depth,
                   const char *front, const char *text, size_t size)
{
    size_t at = reading->ends[depth];

    if (depth > PATH_DEPTH || memchr(text, '\0', size) ||
        memchr(text, '.', size) || memchr(text, '[', size) ||
        at + strlen(front) + size >= PATH_ROOM)
        return false;
    snprintf(reading->path + at, PATH_ROOM - at, "%s%.*s", front, (int)size,
             text);
    return true;
}

static int read_key(struct reading *reading, const struct json_token *token)
{
    struct host_place found;

    if (!extend(reading, token->depth, ".", token->text, token->size))
        return refuse(reading, MSG_HOST_MEMBER,
                      "a member that no description has is in this one");
    found = host_place_of(reading->path);
    if (found.place == PLACE_NONE)
        return refuse(reading, MSG_HOST_MEMBER,
                      "no description has this member");
    if (seen_before(reading, &found))
        return refuse(reading, MSG_HOST_TWICE, "the member stands twice");
    return 0;
}

/* -- tokens --------------------------------------------------------------- */

static int read_token(void *arg, const struct json_token *token)
{
    struct reading *reading = arg;
    struct host_place found;

    if (token->depth > PATH_DEPTH)
        return refuse_value(reading);
    if (token->kind == JSON_KEY)
        return read_key(reading, token);
    if (token->kind == JSON_OBJECT_END || token->kind == JSON_ARRAY_END) {
        reading->path[reading->ends[token->depth + 1]] = '\0';
        if (token->kind == JSON_ARRAY_END)
            return 0;
        found = host_place_of(reading->path);
        return end(reading, &found);
    }
    found = host_place_of(reading->path);
    if (token->kind != JSON_OBJECT && token->kind != JSON_ARRAY)
        return take_value(reading, &found, token);
    if (begin(reading, &found, token->kind) != 0)
        return 1;
    if (token->kind == JSON_ARRAY)
        strcat(reading->path, "[]");
    reading->ends[token->depth + 1] = strlen(reading->path);
    return 0;
}

static int missing(const char *member, domctx_report *report)
{
    struct msg_at at = { .expected = TEXT(member) };

    return msg_raise(report, MSG_HOST_MISSING, &at,
                     "the description of a host: a member is missing");
}

static int read_all(struct reading *reading, const void *text, size_t size)
{
    struct json_error error;
    struct msg_at at = { .has_offset = true };

    switch (json_parse(text, size, read_token, reading, &error)) {
    case JSON_NO_MEMORY:
        return msg_no_memory(reading->report, size);
    case JSON_STOPPED:
        return -1;
    case JSON_SYNTAX:
        at.offset = error.offset;
        return msg_raise(reading->report, MSG_HOST_JSON, &at,
                         "the description of a host is no JSON: %s",
                         error.text);
    case JSON_OK:
    default:
        break;
    }
    if (!reading->schema)
        return missing("schema", reading->report);
    if (!*reading->to->xen_version)
        return missing("xen_version", reading->report);
    return domctx_description_settle(reading->to, reading->report);
}

int domctx_description_read(const void *text, size_t size,
                            struct domctx_description **description,
                            domctx_report *report)
{
    struct reading reading = { .report = report };
    struct msg_at at = { .expected = DEC(TEXT_MAX), .found = DEC(size) };

    *description = NULL;
    if (size > TEXT_MAX)
        return msg_raise(report, MSG_HOST_LIMIT, &at,
                         "the description of a host is longer than any");
    reading.to = domctx_description_new(report);
    if (!reading.to)
        return -1;
    if (read_all(&reading, text, size) < 0) {
        domctx_description_free(reading.to);
        return -1;
    }
    *description = reading.to;
    return 0;
}

/* -- detection ------------------------------------------------------------ */

/* Whether "schema" names a description: the values 1 and 2 stop the parser. */
struct telling {
    bool next, is;
};

static int tell(void *arg, const struct json_token *token)
{
    struct telling *telling = arg;

    if (token->depth > 1)
        return 0;
    if (telling->next) {
        telling->is = token->kind == JSON_STRING && token->size > 16 &&
                      memcmp(token->text, HOST_SCHEMA, 16) == 0;
        return 1;
    }
    telling->next = token->kind == JSON_KEY && json_is(token, "schema");
    return 0;
}

bool domctx_is_description(const void *text, size_t size)
{
    struct telling telling = { false, false };
    struct json_error error;

    json_parse(text, size, tell, &telling, &error);
    return telling.is;
}
