/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/test-infer.h"

struct inferred infer_from(const struct bytes *b,
                           const struct domctx_release *oldest,
                           const struct domctx_release *newest)
{
    struct inferred result = { NULL, domctx_report_new() };
    domctx_context *context;
    domctx_hvm *hvm;
    void *mapping;
    size_t size;
    const uint8_t *p = at_edge(b, &mapping, &size);

    ck_assert_int_eq(domctx_hvm_parse(p, b->size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_infer(context, oldest, newest, &result.inference,
                                  result.report), 0);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    edge_free(mapping, size);
    return result;
}

struct inferred infer(const struct bytes *b)
{
    return infer_from(b, NULL, NULL);
}

void inferred_free(struct inferred *result)
{
    domctx_inference_free(result->inference);
    domctx_report_free(result->report);
}

const struct domctx_evidence *
evidence_of(const domctx_inference *inference, const char *id)
{
    const struct domctx_evidence *found;

    for (size_t i = 0; (found = domctx_inference_evidence(inference, i));
         i++)
        if (strcmp(found->id, id) == 0)
            return found;
    return NULL;
}

static int in_order(const struct domctx_release *a,
                    const struct domctx_release *b)
{
    if (a->xen_major != b->xen_major)
        return a->xen_major < b->xen_major ? -1 : 1;
    if (a->xen_minor != b->xen_minor)
        return a->xen_minor < b->xen_minor ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

bool contains(const domctx_inference *inference, struct release release)
{
    struct domctx_release wanted = { release.series >> 8,
                                     release.series & 0xff, release.point };
    struct domctx_release_range range;

    for (size_t i = 0; domctx_inference_range(inference, i, &range); i++)
        if (in_order(&range.first, &wanted) <= 0 &&
            in_order(&wanted, &range.last) <= 0)
            return true;
    return false;
}

void edit(struct bytes *b, uint32_t typecode, const char *name,
                 size_t i, uint64_t value)
{
    const struct cat_record *known = cat_record(typecode);
    const struct domctx_record *record;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    record = domctx_hvm_find(hvm, typecode, 0);
    ck_assert_ptr_nonnull(record);
    for (size_t n = 0; n < known->n_layouts; n++) {
        const struct cat_field *field =
            cat_field(known, &known->layouts[n], name);

        if (field && cat_layout_has(&known->layouts[n], record->length)) {
            cat_set(field, b->p + (record->body - b->p), i, value);
            break;
        }
        ck_assert_uint_lt(n + 1, known->n_layouts);
    }
    domctx_hvm_free(hvm);
}

void leave_out(struct bytes *b, uint32_t typecode)
{
    struct bytes other = { 0 };
    const struct domctx_record *record;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        if (record->type != typecode)
            put_raw(&other, b->p + record->offset, 8 + record->length);
    domctx_hvm_free(hvm);
    bytes_free(b);
    *b = other;
}
