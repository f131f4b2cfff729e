/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing the description of a host as JSON.  Features are written by name,
 * too, for people to read; the reader takes only the numbers. */
#include "verdict/host.h"
#include "base/json.h"
#include "base/messages.h"
#include "catalogue/names.h"

#include <string.h>

static const void *member_at(const struct domctx_description *description,
                             size_t at)
{
    return (const char *)description + at;
}

static const char *key_of(const char *path)
{
    return strrchr(path, '.') + 1;
}

static void put_answer(struct json_writer *writer, enum domctx_answer answer)
{
    json_put_mark(writer, answer == DOMCTX_YES  ? JSON_TRUE
                          : answer == DOMCTX_NO ? JSON_FALSE
                                                : JSON_NULL);
}

static void put_member(struct json_writer *writer,
                       const struct domctx_description *description,
                       const struct host_member *member)
{
    const void *value = member_at(description, member->at);

    if (member->kind != HOST_ANSWER &&
        ((member->kind == HOST_TEXT && !*(const char *)value) ||
         (member->kind == HOST_U32 && !*(const uint32_t *)value) ||
         (member->kind == HOST_U64 && !*(const uint64_t *)value)))
        return;
    json_put_key(writer, key_of(member->path));
    if (member->kind == HOST_TEXT)
        json_put_string(writer, value);
    else if (member->kind == HOST_U32)
        json_put_u64(writer, *(const uint32_t *)value);
    else if (member->kind == HOST_U64)
        json_put_hex(writer, *(const uint64_t *)value);
    else
        put_answer(writer, *(const enum domctx_answer *)value);
}

/* Write the members of the top level, or those of "domains". */
static void put_members(struct json_writer *writer,
                        const struct domctx_description *description,
                        bool top)
{
    for (size_t i = 0; i < n_host_members; i++)
        if ((strrchr(host_members[i].path, '.') == host_members[i].path) ==
            top)
            put_member(writer, description, &host_members[i]);
}

/* Write the names of components: "x87", "sse", "avx". */
static void put_components(struct json_writer *writer, uint64_t xcr0)
{
    if (!xcr0)
        return;
    json_open(writer, "xcr0_names", JSON_ARRAY);
    writer->flat = true;
    for (size_t i = 0; i < names_xstate.n; i++)
        if (names_xstate.words[i].word && xcr0 & names_xstate.words[i].mask)
            json_put_string(writer, names_xstate.words[i].word);
    json_put_mark(writer, JSON_ARRAY_END);
    writer->flat = false;
}

/* -- features ------------------------------------------------------------- */

static void put_names(struct json_writer *writer,
                      const struct domctx_features *features)
{
    json_open(writer, "names", JSON_ARRAY);
    writer->flat = true;
    for (unsigned int i = 0; i < 32 * (unsigned int)features->n; i++)
        if (features->word[i / 32] >> i % 32 & 1 &&
            cpuid_name(i / 32, i % 32))
            json_put_string(writer, cpuid_name(i / 32, i % 32));
    json_put_mark(writer, JSON_ARRAY_END);
    writer->flat = false;
}

static void put_features(struct json_writer *writer,
                         const struct domctx_description *description,
                         const struct host_part *part)
{
    const struct domctx_features *features =
        member_at(description, part->at);

    if (features->n == 0)
        return;
    json_open(writer, key_of(part->path), JSON_OBJECT);
    json_open(writer, "words", JSON_ARRAY);
    writer->flat = true;
    for (size_t i = 0; i < features->n; i++)
        json_put_hex(writer, features->word[i]);
    json_put_mark(writer, JSON_ARRAY_END);
    writer->flat = false;
    put_names(writer, features);
    json_put_mark(writer, JSON_OBJECT_END);
}

/* -- policies ------------------------------------------------------------- */

/* Write an entry of a policy on one line. */
static void put_cells(struct json_writer *writer,
                      const struct host_cell *cells, size_t n,
                      const void *entry)
{
    json_put_mark(writer, JSON_OBJECT);
    writer->flat = true;
    for (size_t i = 0; i < n; i++) {
        const char *at = (const char *)entry + cells[i].at;
        uint32_t small;
        uint64_t value;

        memcpy(&small, at, sizeof(small));
        value = small;
        if (cells[i].size == sizeof(value))
            memcpy(&value, at, sizeof(value));
        json_put_key(writer, cells[i].key);
        if (value == CPUID_NO_SUBLEAF && strcmp(cells[i].key, "subleaf") == 0)
            json_put_mark(writer, JSON_NULL);
        else
            json_put_hex(writer, value);
    }
    json_put_mark(writer, JSON_OBJECT_END);
    writer->flat = false;
}

static void put_policy(struct json_writer *writer,
                       const struct domctx_description *description,
                       const struct host_part *part)
{
    const struct domctx_policy *policy = member_at(description, part->at);

    if (policy->n_leaves == 0)
        return;
    json_open(writer, key_of(part->path), JSON_OBJECT);
    json_open(writer, "cpuid", JSON_ARRAY);
    for (size_t i = 0; i < policy->n_leaves; i++)
        put_cells(writer, host_leaf, N_HOST_LEAF, &policy->leaves[i]);
    json_put_mark(writer, JSON_ARRAY_END);
    json_open(writer, "msr", JSON_ARRAY);
    for (size_t i = 0; i < policy->n_msrs; i++)
        put_cells(writer, host_msr, N_HOST_MSR, &policy->msrs[i]);
    json_put_mark(writer, JSON_ARRAY_END);
    json_put_mark(writer, JSON_OBJECT_END);
}

/* -- the whole ----------------------------------------------------------- */

static void put_all(struct json_writer *writer,
                    const struct domctx_description *description)
{
    json_put_mark(writer, JSON_OBJECT);
    json_pair(writer, "schema", HOST_SCHEMA);
    put_members(writer, description, true);
    put_components(writer, description->xcr0);
    json_open(writer, "domains", JSON_OBJECT);
    put_members(writer, description, false);
    json_put_mark(writer, JSON_OBJECT_END);
    json_open(writer, "features", JSON_OBJECT);
    for (size_t i = 0; i < N_HOST_FEATURES; i++)
        put_features(writer, description, &host_features[i]);
    json_put_mark(writer, JSON_OBJECT_END);
    json_open(writer, "policies", JSON_OBJECT);
    for (size_t i = 0; i < N_HOST_POLICIES; i++)
        put_policy(writer, description, &host_policies[i]);
    json_put_mark(writer, JSON_OBJECT_END);
    json_put_mark(writer, JSON_OBJECT_END);
}

int domctx_description_write(const struct domctx_description *description,
                             domctx_sink *sink, void *arg,
                             domctx_report *report)
{
    struct json_writer writer;

    if (host_fits(description, report) < 0)
        return -1;
    json_begin(&writer, true);
    put_all(&writer, description);
    return json_give(&writer, sink, arg, report);
}
