/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU_MSR: a count, then entries of index, reserved word and value.  What is
 * not in the record is 0 (the saver leaves zeros out), but the loader merges:
 * an MSR that the record lacks keeps its value. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define MSR_HEAD 8u
#define MSR_ENTRY 16u

struct msr {
    uint32_t index, reserved;
    uint64_t value;
    uint64_t order;      /* in which the loader would come to it */
    bool present;
};

static size_t msr_count(const struct domctx_record *record)
{
    uint32_t count = 0;
    uint64_t room = !record || record->length < MSR_HEAD
                        ? 0 : (record->length - MSR_HEAD) / MSR_ENTRY;

    if (room)
        memcpy(&count, record->body, sizeof(count));
    return count < room ? count : (size_t)room;
}

static size_t msr_take(struct msr *to, const struct domctx_record *record,
                       bool present)
{
    size_t count = msr_count(record);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = record->body + MSR_HEAD + i * MSR_ENTRY;

        to[i].order = i;
        to[i].present = present;
        memcpy(&to[i].index, entry, 4);
        memcpy(&to[i].reserved, entry + 4, 4);
        memcpy(&to[i].value, entry + 8, 8);
    }
    return count;
}

static int by_index(const void *left, const void *right)
{
    const struct msr *a = left, *b = right;

    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    if (a->present != b->present)
        return a->present ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Both records' MSRs by index, those of now first; *count is how many.  NULL
 * when memory is short.  Either record may be NULL. */
static struct msr *msr_union(const struct domctx_record *image,
                             const struct domctx_record *now, size_t *count)
{
    size_t n = msr_count(now), room = n + msr_count(image);
    struct msr *all = calloc(room ? room : 1, sizeof(*all));

    if (!all)
        return NULL;
    msr_take(all, now, true);
    msr_take(all + n, image, false);
    qsort(all, room, sizeof(*all), by_index);
    *count = room;
    return all;
}

/* The MSR that starts at all[i], as it shall be and as it is: of entries of
 * one index the last counts.  Returns where the next one starts. */
static size_t msr_next(const struct msr *all, size_t count, size_t i,
                       struct msr *wanted, uint64_t *is)
{
    uint32_t index = all[i].index;

    *wanted = (struct msr){ .index = index, .present = all[i].present };
    *is = 0;
    for (; i < count && all[i].index == index; i++) {
        if (all[i].present) {
            *is = all[i].value;
        } else {
            wanted->reserved = all[i].reserved;
            wanted->value = all[i].value;
        }
    }
    return i;
}

static void msr_put(uint8_t *body, uint32_t i, const struct msr *msr)
{
    uint8_t *entry = body + MSR_HEAD + (size_t)i * MSR_ENTRY;

    memcpy(entry, &msr->index, 4);
    memcpy(entry + 4, &msr->reserved, 4);
    memcpy(entry + 8, &msr->value, 8);
}

int merge_msr(struct plan_record *record, const struct domctx_record *now,
              domctx_report *report)
{
    size_t count;
    struct msr *all = msr_union(record->image, now, &count);
    uint8_t *body = all ? calloc(1, MSR_HEAD + count * MSR_ENTRY) : NULL;
    uint32_t used = 0;
    int rc = 0;

    if (!body) {
        free(all);
        return msg_no_memory(report, MSR_HEAD);
    }
    record->differs = false;
    for (size_t i = 0; i < count;) {
        struct msr wanted;
        uint64_t is;

        i = msr_next(all, count, i, &wanted, &is);
        /* Writing a 0 that is there could be refused: not every processor
         * has every MSR. */
        if (!wanted.present && !wanted.value && !wanted.reserved)
            continue;
        record->differs |= wanted.value != is || wanted.reserved;
        msr_put(body, used++, &wanted);
    }
    memcpy(body, &used, sizeof(used));
    if (used)   /* the loader refuses a record without entries */
        rc = plan_want(record, body, MSR_HEAD + (uint64_t)used * MSR_ENTRY,
                       CAT_NEWEST, report);
    free(body);
    free(all);
    return rc;
}

int merge_msr_equal(const struct plan_record *record,
                    const struct domctx_record *now)
{
    struct domctx_record wanted = { .length = record->length,
                                    .body = record->wanted };
    size_t count;
    struct msr *all = msr_union(&wanted, now, &count);
    int equal = 1;

    if (!all)
        return -1;
    for (size_t i = 0; i < count && equal;) {
        struct msr want;
        uint64_t is;

        i = msr_next(all, count, i, &want, &is);
        equal = want.value == is;
    }
    free(all);
    return equal;
}
