/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of a plan: laying them out, finding them, and the blob that
 * loads them. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

static int by_key(const void *left, const void *right)
{
    const struct plan_record *a = left, *b = right;

    if (a->typecode != b->typecode)
        return a->typecode < b->typecode ? -1 : 1;
    if (a->instance != b->instance)
        return a->instance < b->instance ? -1 : 1;
    return 0;
}

/* By key; of one key the image's before the present ones, each in the order
 * of its context. */
static int by_place(const void *left, const void *right)
{
    const struct plan_record *a = left, *b = right;
    int keys = by_key(left, right);

    if (keys)
        return keys;
    if (!a->image != !b->image)
        return a->image ? -1 : 1;
    if (a->image)
        return a->image->offset < b->image->offset ? -1 : 1;
    return a->present->offset < b->present->offset ? -1 : 1;
}

/* Loaders ignore the instance of a record that a domain has once. */
static uint32_t instance_of(const struct cat_record *type,
                            const struct domctx_record *record)
{
    if (type && !(type->flags & CAT_VCPU) && type->instances == 1)
        return 0;
    return record->instance;
}

static size_t lay_one(struct plan_record *to, const domctx_hvm *hvm,
                      bool image)
{
    size_t used = 0, count = domctx_hvm_count(hvm);

    for (size_t i = 0; i < count; i++) {
        const struct domctx_record *record = domctx_hvm_get(hvm, i);
        const struct cat_record *type = cat_record(record->type);

        if (record->type == DOMCTX_HVM_END)
            continue;
        to[used++] = (struct plan_record){
            .typecode = record->type,
            .instance = instance_of(type, record),
            .type = type,
            .image = image ? record : NULL,
            .present = image ? NULL : record,
        };
    }
    return used;
}

/* Make one of the two records with the same key.  Of duplicates in one
 * context the last counts, as in the loader. */
static void join(struct plan_record *into, const struct plan_record *from)
{
    if (from->image)
        into->image = from->image;
    if (from->present)
        into->present = from->present;
}

int plan_lay(struct plan *plan, const domctx_hvm *image,
             const domctx_hvm *present, cat_version version,
             domctx_report *report)
{
    size_t room = domctx_hvm_count(image) + domctx_hvm_count(present);
    size_t used, last = 0;

    *plan = (struct plan){ .records = calloc(room, sizeof(*plan->records)),
                           .version = version };
    if (!plan->records)
        return msg_no_memory(report, room * sizeof(*plan->records));
    used = lay_one(plan->records, image, true);
    used += lay_one(plan->records + used, present, false);
    qsort(plan->records, used, sizeof(*plan->records), by_place);
    for (size_t i = 1; i < used; i++) {
        if (by_key(&plan->records[last], &plan->records[i]) == 0)
            join(&plan->records[last], &plan->records[i]);
        else
            plan->records[++last] = plan->records[i];
    }
    plan->count = used ? last + 1 : 0;
    return 0;
}

struct plan_record *plan_find(const struct plan *plan, uint32_t typecode,
                              uint32_t instance)
{
    struct plan_record key = { .typecode = typecode, .instance = instance };

    return bsearch(&key, plan->records, plan->count, sizeof(key), by_key);
}

int plan_want(struct plan_record *record, const uint8_t *body,
              uint64_t length, cat_version version, domctx_report *report)
{
    uint8_t *wanted;

    if (length > UINT32_MAX || !(wanted = malloc(length ? length : 1)))
        return msg_no_memory(report, length);
    if (length)
        memcpy(wanted, body, length);
    free(record->wanted);
    record->wanted = wanted;
    record->length = (uint32_t)length;
    record->layout = record->type ? cat_layout(record->type, length, version)
                                  : NULL;
    return 0;
}

bool plan_differs(const struct plan *plan, const struct plan_record *record,
                  bool restore_time)
{
    unsigned int ignore = CAT_IGNORED | (restore_time ? 0 : CAT_MOVES);
    size_t index;

    if (!record->present || record->length != record->present->length)
        return true;
    if (!record->layout)
        return memcmp(record->wanted, record->present->body,
                      record->length) != 0;
    return loaded_differs(plan, record, record->present->body, NULL, ignore,
                          &index) != NULL;
}

void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        free(plan->records[i].wanted);
    free(plan->records);
    *plan = (struct plan){ 0 };
}

static int make_blob(const struct plan *plan, const domctx_hvm *present,
                     bool whole, uint8_t **blob, size_t *size,
                     domctx_report *report)
{
    const struct domctx_record *header = domctx_hvm_get(present, 0);
    domctx_builder *builder = domctx_builder_hvm();
    int rc;

    *blob = NULL;
    if (!builder)
        return msg_no_memory(report, 0);
    rc = domctx_builder_add(builder, DOMCTX_HVM_HEADER, 0, header->body,
                            (size_t)header->length, report);
    for (size_t i = 0; rc == 0 && i < plan->count; i++) {
        const struct plan_record *record = &plan->records[i];

        if ((whole || record->load) && record->wanted &&
            record->typecode != DOMCTX_HVM_HEADER)
            rc = domctx_builder_add(builder, record->typecode,
                                    record->instance, record->wanted,
                                    record->length, report);
    }
    if (rc == 0)
        rc = domctx_builder_take(builder, NULL, false, blob, size, report);
    domctx_builder_free(builder);
    return rc;
}

int plan_blob(const struct plan *plan, const domctx_hvm *present,
              uint8_t **blob, size_t *size, domctx_report *report)
{
    return make_blob(plan, present, false, blob, size, report);
}

int plan_whole_blob(const struct plan *plan, const domctx_hvm *present,
                    uint8_t **blob, size_t *size, domctx_report *report)
{
    return make_blob(plan, present, true, blob, size, report);
}
