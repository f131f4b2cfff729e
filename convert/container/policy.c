/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeping the records of a stream that are lists of entries: the two policies
 * and the HVM parameters.  More entries are kept than any release reads; a
 * warning counts those beyond.
 */
#include "container/source.h"
#include "base/bytes.h"
#include "catalogue/cpuid.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 1024
#define PARAM_SIZE 16

/* Warn when more entries are read than kept: those beyond are not judged.
 * before: entries of the records before this one, n: of this one. */
static void tell_more(struct domctx_source *source, uint64_t before,
                      uint64_t n)
{
    struct msg_at at = source_here(source);

    if (before > ENTRIES_MAX || before + n <= ENTRIES_MAX)
        return;
    at.expected = (struct msg_value)DEC(ENTRIES_MAX);
    at.found = (struct msg_value)DEC(before + n);
    msg_raise(source->report, MSG_SOURCE_ENTRIES, &at,
              "more entries than are looked at");
}

/* Read the first entries of a record; returns their number, or -1. */
static int hold_entries(struct domctx_source *source, uint64_t n, size_t size,
                        struct held *held)
{
    *held = (struct held){ NULL, 0 };
    if (n > ENTRIES_MAX)
        n = ENTRIES_MAX;
    return source_hold(source, n * size, held) < 0 ? -1 : (int)n;
}

static struct domctx_record_place place_of(const struct domctx_source *source,
                                           uint64_t entries)
{
    return (struct domctx_record_place){ source->record_at, entries };
}

int source_cpuid_policy(struct domctx_source *source, uint64_t size)
{
    struct domctx_domain *domain = &source->info.domain;
    struct domctx_cpuid_leaf *leaves;
    struct held held;
    int n = hold_entries(source, size / CPUID_LEAF_SIZE, CPUID_LEAF_SIZE,
                         &held);

    if (n < 0)
        return -1;
    tell_more(source, 0, size / CPUID_LEAF_SIZE);
    leaves = calloc((size_t)n + 1, sizeof(*leaves));
    for (int i = 0; leaves && i < n; i++) {
        const uint8_t *p = held.p + CPUID_LEAF_SIZE * i;

        leaves[i] = (struct domctx_cpuid_leaf){
            le32(p), le32(p + 4), le32(p + 8), le32(p + 12), le32(p + 16),
            le32(p + 20) };
    }
    free(held.p);
    if (!leaves)
        return msg_no_memory(source->report, (size_t)n * sizeof(*leaves));
    free(source->leaves);
    domain->leaves = source->leaves = leaves;
    domain->n_leaves = (size_t)n;
    domain->leaves_at = place_of(source, size / CPUID_LEAF_SIZE);
    return 0;
}

int source_msr_policy(struct domctx_source *source, uint64_t size)
{
    struct domctx_domain *domain = &source->info.domain;
    struct domctx_policy_msr *msrs;
    struct held held;
    int n = hold_entries(source, size / MSR_ENTRY_SIZE, MSR_ENTRY_SIZE, &held);

    if (n < 0)
        return -1;
    tell_more(source, 0, size / MSR_ENTRY_SIZE);
    msrs = calloc((size_t)n + 1, sizeof(*msrs));
    for (int i = 0; msrs && i < n; i++) {
        const uint8_t *p = held.p + MSR_ENTRY_SIZE * i;

        msrs[i] = (struct domctx_policy_msr){ le32(p), le32(p + 4),
                                              le64(p + 8) };
    }
    free(held.p);
    if (!msrs)
        return msg_no_memory(source->report, (size_t)n * sizeof(*msrs));
    free(source->msrs);
    domain->msrs = source->msrs = msrs;
    domain->n_msrs = (size_t)n;
    domain->msrs_at = place_of(source, size / MSR_ENTRY_SIZE);
    return 0;
}

/* -- HVM parameters ------------------------------------------------------ */

/* Keep n of all parameters of a record.  A stream may have two such records;
 * a legacy stream has a chunk for each parameter. */
static int add_params(struct domctx_source *source, const uint8_t *p,
                      size_t n, uint64_t all)
{
    struct interval *now = &source->now;
    size_t room = ENTRIES_MAX - now->params.size / PARAM_SIZE;
    uint8_t *more;

    if (n > room)
        n = room;
    more = realloc(now->params.p, now->params.size + n * PARAM_SIZE + 1);
    if (!more)
        return msg_no_memory(source->report,
                             now->params.size + n * PARAM_SIZE);
    now->params.p = more;
    if (n)
        memcpy(more + now->params.size, p, n * PARAM_SIZE);
    now->params.size += n * PARAM_SIZE;
    tell_more(source, now->params_at.entries, all);
    now->params_at = place_of(source, now->params_at.entries + all);
    return 0;
}

int source_params(struct domctx_source *source, uint64_t n)
{
    struct held held;
    int kept = hold_entries(source, n, PARAM_SIZE, &held);
    int result = kept < 0 ? -1 : add_params(source, held.p, (size_t)kept, n);

    free(held.p);
    return result;
}

int source_param(struct domctx_source *source, uint64_t index,
                 uint64_t value)
{
    uint8_t bytes[PARAM_SIZE];

    put_le64(bytes, index);
    put_le64(bytes + 8, value);
    return add_params(source, bytes, 1, 1);
}

int source_decode_params(struct domctx_source *source)
{
    struct domctx_domain *domain = &source->info.domain;
    const struct held *held = &source->whole.params;
    size_t n = held->size / PARAM_SIZE;
    struct domctx_hvm_param *params;

    if (!held->p)
        return 0;
    params = calloc(n + 1, sizeof(*params));
    if (!params)
        return msg_no_memory(source->report, (n + 1) * sizeof(*params));
    for (size_t i = 0; i < n; i++)
        params[i] = (struct domctx_hvm_param){
            le64(held->p + PARAM_SIZE * i),
            le64(held->p + PARAM_SIZE * i + 8) };
    free(source->params);
    domain->params = source->params = params;
    domain->n_params = n;
    domain->params_at = source->whole.params_at;
    return 0;
}
