/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of a record as text, driven by its rows in the catalogue. */
#include "text/text.h"
#include "base/digits.h"
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define WIDEST 40    /* the widest column of names */

/* -- plans ------------------------------------------------------------- */

static bool is_claimed(const struct text_view *view, const char *name)
{
    for (const char *const *p = view->claims; p && *p; p++)
        if (strncmp(name, *p, strlen(*p)) == 0)
            return true;
    return false;
}

static size_t digits_of(size_t number)
{
    size_t n = 1;

    while (number /= 10)
        n++;
    return n;
}

/* The longest name of a leaf: with its last index, or as a range that ends
 * with it. */
static size_t leaf_width(const struct shape_node *node)
{
    const struct cat_field *field = node->field;
    size_t runs = field->count / field->run, n = strlen(field->name);
    size_t last = node->in_list ? field->run : field->count;

    if (node->in_list && runs > 0)
        n += digits_of(runs - 1);
    if (node->kind == SHAPE_NUMBERS && field->print != CAT_BITMAP && last > 0)
        n += strlen("[0-]") + digits_of(last - 1);
    return n;
}

/* The width of the column of names for the fields shown. */
static size_t name_width(const struct text_plan *plan)
{
    size_t width = 0;

    for (size_t at = 0; at < plan->shape->count; at++) {
        const struct shape_node *node = &plan->shape->nodes[at];
        size_t n;

        if (node->kind == SHAPE_OBJECT || node->kind == SHAPE_LIST ||
            node->field->flags & CAT_PAD ||
            plan->claimed[node->field - plan->shape->record->fields])
            continue;
        n = leaf_width(node);
        if (n > width)
            width = n;
    }
    return width < WIDEST ? width : WIDEST;
}

static void free_plan(struct text_plan *plan)
{
    if (!plan)
        return;
    free(plan->claimed);
    free(plan->fields);
    free(plan);
}

static struct text_plan *new_plan(const struct shape *shape,
                                  const struct text_view *view)
{
    const struct cat_record *known = shape->record;
    struct text_plan *plan = calloc(1, sizeof(*plan));
    size_t n = 0;

    while (view && view->names && view->names[n])
        n++;
    if (!plan)
        return NULL;
    plan->shape = shape;
    plan->view = view;
    plan->fields = calloc(n + 1, sizeof(*plan->fields));
    plan->claimed = calloc(known->n_fields + 1, sizeof(*plan->claimed));
    if (!plan->fields || !plan->claimed) {
        free_plan(plan);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        plan->fields[i] = cat_field(known, shape->layout, view->names[i]);
    for (size_t i = 0; view && i < known->n_fields; i++)
        plan->claimed[i] = is_claimed(view, known->fields[i].name);
    plan->name_width = name_width(plan);
    return plan;
}

static const struct text_plan *add_plan(struct text *text,
                                        const struct context_record *record,
                                        const struct cat_layout *layout,
                                        const struct text_view *view)
{
    struct text_plan **more, *plan;
    const struct shape *shape = shape_of(&text->shapes, record->known,
                                         layout);

    if (!shape)
        return NULL;
    more = realloc(text->plans, (text->n_plans + 1) * sizeof(*more));
    if (!more)
        return NULL;
    text->plans = more;
    plan = new_plan(shape, view);
    if (plan)
        text->plans[text->n_plans++] = plan;
    return plan;
}

const struct text_plan *text_plan(struct text *text,
                                  const struct context_record *record,
                                  const struct text_view *view)
{
    const struct cat_layout *layout =
        context_nearest_layout(text->context, record);
    const struct text_plan *plan;

    /* try the newest plan first: records of a kind follow each other */
    for (size_t i = text->n_plans; i-- > 0;)
        if (text->plans[i]->shape->layout == layout &&
            text->plans[i]->view == view)
            return text->plans[i];
    plan = add_plan(text, record, layout, view);
    if (!plan)
        text->no_memory = true;
    return plan;
}

void text_plans_free(struct text *text)
{
    for (size_t i = 0; i < text->n_plans; i++)
        free_plan(text->plans[i]);
    free(text->plans);
    shapes_free(&text->shapes);
}

/* -- names and values -------------------------------------------------- */

const uint8_t *text_bytes(const struct context_record *record,
                          const struct cat_field *field, size_t *size)
{
    uint64_t left;

    if (!field || field->offset >= record->length) {
        *size = 0;
        return NULL;
    }
    left = record->length - field->offset;
    if (left < *size)
        *size = (size_t)left;
    return record->body + field->offset;
}

/* Write a value, under a name that may stand for several elements. */
static void put_value(struct text *text, const struct cat_field *field,
                      size_t i, uint64_t value, const char *name)
{
    char buf[VALUE_ROOM];
    size_t number = value_number(field, i, value, buf, sizeof(buf));
    size_t words;

    if (!field->names && field->print != CAT_SELECTOR) {
        text_cell(text, name, buf, number);
        return;
    }
    buf[number] = ' ';
    words = value_words(field, value, buf + number + 1,
                        sizeof(buf) - number - 1);
    text_line(text, name, buf, words > 0 ? number + 1 + words : number);
}

void text_field(struct text *text, const struct context_record *record,
                const struct cat_field *field, size_t i)
{
    char name[CAT_LABEL_ROOM];
    uint64_t value;

    if (!text_get(record, field, i, &value))
        return;
    if (field->count != 1)
        cat_label(field, i, 1, name);
    put_value(text, field, i, value,
              field->count != 1 ? name : field->name);
}

/* -- arrays ------------------------------------------------------------ */

/* Elements [first, first + count) of a record's field. */
struct span {
    const struct context_record *record;
    const struct cat_field *field;
    size_t first, count;
    bool is_plain;            /* a single element, whose name has no index */
};

/* Count the elements from i on that have that value. */
static size_t equal_run(const struct span *span, size_t i, uint64_t value)
{
    size_t n = 1;
    uint64_t other;

    while (i + n < span->count &&
           context_get(span->record, span->field, span->first + i + n,
                       &other) &&
           other == value)
        n++;
    return n;
}

static void put_elements(struct text *text, const struct span *span)
{
    char name[CAT_LABEL_ROOM];
    uint64_t value;

    for (size_t i = 0, n; i < span->count; i += n) {
        size_t at = span->first + i;

        if (!context_get(span->record, span->field, at, &value))
            return;
        if (span->is_plain) {
            put_value(text, span->field, at, value, span->field->name);
            return;
        }
        n = equal_run(span, i, value);
        cat_label(span->field, at, n, name);
        put_value(text, span->field, at, value, name);
    }
}

/* Ranges of set bits, numbered through the whole array. */
struct bits {
    struct text *text;
    bool any;
    uint64_t first, next;   /* the open range; none if equal */
};

static void close_range(struct bits *bits)
{
    char range[48], *p = range;

    if (bits->next == bits->first)
        return;
    if (bits->any)
        *p++ = ' ';
    p = digits_decimal(p, bits->first);
    if (bits->next - bits->first > 1) {
        *p++ = '-';
        p = digits_decimal(p, bits->next - 1);
    }
    out_put(&bits->text->out, range, (size_t)(p - range));
    bits->any = true;
}

static void add_bits(struct bits *bits, uint64_t value, unsigned int width,
                     uint64_t base)
{
    for (unsigned int bit = 0; bit < width && value >> bit; bit++) {
        if (!(value >> bit & 1))
            continue;
        if (bits->next != base + bit) {
            close_range(bits);
            bits->first = base + bit;
        }
        bits->next = base + bit + 1;
    }
}

static void put_bitmap(struct text *text, const struct span *span)
{
    unsigned int width = span->field->bits ? span->field->bits
                                           : 8u * span->field->width;
    struct bits bits = { .text = text };
    char name[CAT_LABEL_ROOM];
    uint64_t value;

    cat_label(span->field, span->first, 0, name);
    text_begin(text, name);
    for (size_t i = 0; i < span->count; i++)
        if (context_get(span->record, span->field, span->first + i, &value))
            add_bits(&bits, value, width, (uint64_t)i * width);
    close_range(&bits);
    out_text(&text->out, bits.any ? "\n" : "none\n");
}

static void put_bytes(struct text *text, const struct span *span)
{
    size_t size = span->count;
    size_t at = context_offset(span->record, span->field, span->first);
    const uint8_t *bytes = span->record->body + at;
    char name[CAT_LABEL_ROOM];

    if (at >= span->record->length)
        return;
    if (size > span->record->length - at)
        size = (size_t)(span->record->length - at);
    cat_label(span->field, span->first, 0, name);
    if (all_zero(bytes, size)) {
        if (!(span->field->flags & CAT_PAD))
            text_line(text, name, "all zero", 8);
        return;
    }
    text_line_f(text, name, "%zu bytes", size);
    text_dump(text, at, bytes, size);
}

static bool is_zero(const struct span *span)
{
    uint64_t value;

    for (size_t i = 0; i < span->count; i++)
        if (context_get(span->record, span->field, span->first + i,
                        &value) &&
            value != 0)
            return false;
    return true;
}

/* -- the tree of a record ---------------------------------------------- */

struct walk {
    struct text *text;
    const struct context_record *record;
    const struct text_plan *plan;
};

static bool claimed(const struct walk *walk, const struct shape_node *node)
{
    const struct text_plan *plan = walk->plan;

    return plan->claimed[node->field - plan->shape->record->fields];
}

static struct span span_of(const struct walk *walk,
                           const struct shape_node *node, size_t nth)
{
    size_t count = shape_elements(node, walk->record->length,
                                  walk->record->second);

    return (struct span){ walk->record, node->field,
                          node->in_list ? nth * count : 0, count,
                          node->kind == SHAPE_NUMBER && !node->in_list };
}

static void put_leaf(const struct walk *walk, const struct shape_node *node,
                     size_t nth)
{
    struct span span = span_of(walk, node, nth);

    if (claimed(walk, node) ||
        (node->field->flags & CAT_PAD && is_zero(&span)))
        return;
    if (node->kind == SHAPE_BYTES)
        put_bytes(walk->text, &span);
    else if (node->kind == SHAPE_NUMBERS && node->field->print == CAT_BITMAP)
        put_bitmap(walk->text, &span);
    else
        put_elements(walk->text, &span);
}

static void put_children(const struct walk *walk,
                         const struct shape_node *parent, size_t nth);

/* Whether the fields of an object of a list that the view does not claim are
 * all zero; *seen: there are such fields. */
static bool empty(const struct walk *walk, const struct shape_node *parent,
                  size_t nth, bool *seen)
{
    for (size_t at = parent->first; at;) {
        const struct shape_node *node = &walk->plan->shape->nodes[at];

        at = node->next;
        if (node->kind == SHAPE_OBJECT || node->kind == SHAPE_LIST) {
            if (!empty(walk, node, nth, seen))
                return false;
        } else if (!claimed(walk, node)) {
            struct span span = span_of(walk, node, nth);

            *seen = true;
            if (!is_zero(&span))
                return false;
        }
    }
    return true;
}

static void put_list(const struct walk *walk, const struct shape_node *node)
{
    size_t count = shape_elements(node, walk->record->length,
                                  walk->record->second);
    char name[CAT_LABEL_ROOM];
    bool seen = false;

    for (size_t i = 0, n; i < count; i += n) {
        for (n = 0; i + n < count && empty(walk, node, i + n, &seen);)
            n++;
        if (!seen)
            return;
        if (n > 0) {
            size_t size = node->size < 40 ? node->size : 40;

            memcpy(name, node->name, size);
            *cat_put_index(name + size, i, n) = '\0';
            text_line(walk->text, name, "all zero", 8);
            continue;
        }
        n = 1;
        text_flush(walk->text);
        put_children(walk, node, i);
    }
}

static void put_children(const struct walk *walk,
                         const struct shape_node *parent, size_t nth)
{
    for (size_t at = parent->first; at;) {
        const struct shape_node *node = &walk->plan->shape->nodes[at];

        at = node->next;
        if (node->kind == SHAPE_OBJECT)
            put_children(walk, node, nth);
        else if (node->kind == SHAPE_LIST)
            put_list(walk, node);
        else
            put_leaf(walk, node, nth);
    }
}

/* -- a record ---------------------------------------------------------- */

void text_fields(struct text *text, const struct context_record *record,
                 const struct text_plan *plan)
{
    struct walk walk = { text, record, plan };

    text->unshown = record->length;
    if (plan->view && plan->view->first)
        plan->view->put(text, record, plan);
    text_widen(text, plan->name_width);
    put_children(&walk, &plan->shape->nodes[0], 0);
    text_widen(text, 0);
    if (plan->view && !plan->view->first)
        plan->view->put(text, record, plan);
    text_rest(text, record, plan);
    text_flush(text);
}
