/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The unassigned bytes of a record. */
#include "text/text.h"
#include "base/bytes.h"

#include <string.h>

/* The offset of the next byte with unassigned bits set, or size.  Tests eight
 * bytes at once, as most bodies have none. */
static size_t next_free(const uint8_t *body, const uint8_t *free, size_t i,
                        size_t size)
{
    uint64_t a, b;

    for (; i + sizeof(a) <= size; i += sizeof(a)) {
        memcpy(&a, body + i, sizeof(a));
        memcpy(&b, free + i, sizeof(b));
        if (a & b)
            break;
    }
    while (i < size && !(body[i] & free[i]))
        i++;
    return i;
}

/* Unassigned bits of the fixed part: no field of this layout covers them. */
static void put_free(struct text *text, const struct context_record *record,
                     const struct shape *shape)
{
    size_t size = shape->layout->length, i;
    const uint8_t *body = record->body;

    if (size > record->length)
        size = (size_t)record->length;
    i = next_free(body, shape->free, 0, size);
    if (i < size)
        text_words(text, "unassigned bytes", "no field covers them");
    while (i < size) {
        uint8_t run[64];
        size_t n = 0;

        for (; n < sizeof(run) && i + n < size &&
               body[i + n] & shape->free[i + n]; n++)
            run[n] = body[i + n] & shape->free[i + n];
        text_dump(text, i, run, n);
        i = next_free(body, shape->free, i + n, size);
    }
}

/* The offset of the first value that the end of the record cuts, or
 * UINT64_MAX. */
static uint64_t cut_value(const struct context_record *record,
                          const struct shape *shape)
{
    uint64_t from = record->length;

    for (size_t i = 0; i < shape->record->n_fields; i++) {
        const struct cat_field *field = &shape->record->fields[i];

        for (size_t k = 0; k < field->count; k++) {
            uint64_t at = cat_offset(field, k);

            if (at < from && at + field->width > record->length &&
                cat_field_in(field, shape->layout))
                from = at;
        }
    }
    return from;
}

/* Write what is left of a value that the end of a short record cuts. */
static void put_cut(struct text *text, const struct context_record *record,
                    const struct shape *shape)
{
    uint64_t whole = shape->layout->length, from;

    text_mark(text, "cut off: %llu of %llu bytes are missing",
              (unsigned long long)(whole - record->length),
              (unsigned long long)whole);
    text_unshown(text, cut_value(record, shape));
    from = text->unshown;
    if (from < record->length) {
        text_words(text, "last bytes", "of a value that is not whole");
        text_dump(text, from, record->body + from, record->length - from);
    }
}

/* Write what follows the fixed part and the fields of the tail. */
static void put_tail(struct text *text, const struct context_record *record,
                     const struct text_plan *plan)
{
    const struct cat_layout *layout = plan->shape->layout;
    uint64_t known = layout->length;

    if (record->length < known) {
        put_cut(text, record, plan->shape);
        return;
    }
    if (layout->tail > 0 && plan->view && plan->view->takes_tail)
        return;
    if (layout->tail > 0 && !plan->shape->has_tail)
        known = record->length - (record->length - known) % layout->tail;
    if (record->length == known)
        return;
    if (!plan->shape->has_tail)
        text_mark(text, "%llu bytes more than the layout has:",
                  (unsigned long long)(record->length - known));
    text_dump(text, known, record->body + known, record->length - known);
}

void text_rest(struct text *text, const struct context_record *record,
               const struct text_plan *plan)
{
    put_free(text, record, plan->shape);
    put_tail(text, record, plan);
}
