/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* MTRR: ranges as addresses and types (Intel SDM volume 3A, section 12.11). */
#include "text/text.h"
#include "catalogue/codes.h"

#include <string.h>

enum { CAP, DEF_TYPE, VAR, FIXED };
static const char *const names[] = { "msr_mtrr_cap", "msr_mtrr_def_type",
                                     "msr_mtrr_var", "msr_mtrr_fixed",
                                     NULL };
static const char *const claims[] = { "msr_mtrr_var", "msr_mtrr_fixed",
                                      NULL };

#define PAIRS 8
#define MASK_VALID 0x800
#define ADDRESS UINT64_C(0x000ffffffffff000)

static const char *type_name(uint64_t type)
{
    static const char *const types[] = { "UC", "WC", "type 2", "type 3",
                                         "WT", "WP", "WB" };

    return type < sizeof(types) / sizeof(types[0]) ? types[type]
                                                   : "unknown type";
}

static void put_span(struct text *text, uint64_t start, uint64_t end,
                     uint64_t type)
{
    out_put(&text->out, "  ", 2);
    out_hex(&text->out, start, 5);
    out_put(&text->out, "-", 1);
    out_hex(&text->out, end - 1, 5);
    out_put(&text->out, " ", 1);
    out_text(&text->out, type_name(type));
}

/* -- variable ranges --------------------------------------------------- */

struct pairs {
    uint64_t base[PAIRS], mask[PAIRS];
    size_t count;             /* of pairs in the record */
};

static void get_pairs(struct text *text,
                      const struct context_record *record,
                      const struct cat_field *field, struct pairs *pairs)
{
    for (pairs->count = 0; pairs->count < PAIRS; pairs->count++) {
        size_t i = 2 * pairs->count;

        if (text_get(record, field, i, &pairs->base[pairs->count]) &&
            text_get(record, field, i + 1, &pairs->mask[pairs->count]))
            continue;
        if (field)
            text_unshown(text, cat_offset(field, i));
        return;
    }
}

/* Savers since 4.12.0 write pair 0 in all places (343eb57023). */
static bool repeated(const struct text *text, const struct pairs *pairs)
{
    if (pairs->count < PAIRS ||
        (text->context->has_version &&
         text->context->version < CAT_V(4, 12)))
        return false;
    for (size_t i = 1; i < PAIRS; i++)
        if (pairs->base[i] != pairs->base[0] ||
            pairs->mask[i] != pairs->mask[0])
            return false;
    return true;
}

/* Write the range that a pair covers.  The mask's ones continue up to the
 * width of physical addresses, which the context does not tell. */
static void put_range(struct text *text, uint64_t base, uint64_t mask)
{
    uint64_t ones = mask & ADDRESS, size = ones & -ones;
    uint64_t start = base & ADDRESS & mask;

    if (!(mask & MASK_VALID)) {
        out_text(&text->out, "  off");
    } else if (!ones) {
        out_text(&text->out, "  everything ");
        out_text(&text->out, type_name(base & 0xff));
    } else if ((ones + size) & (ones + size - 1)) {
        out_text(&text->out, "  where (address & mask) is base ");
        out_text(&text->out, type_name(base & 0xff));
    } else {
        put_span(text, start, start + size, base & 0xff);
    }
}

static void put_pairs(struct text *text, const struct pairs *pairs,
                      size_t count)
{
    char name[TEXT_NUMBER_ROOM];

    for (size_t i = 0; i < count; i++) {
        text_number_name(name, "variable ", i, 1);
        text_begin(text, name);
        out_text(&text->out, "base ");
        out_hex(&text->out, pairs->base[i], 16);
        out_text(&text->out, " mask ");
        out_hex(&text->out, pairs->mask[i], 16);
        put_range(text, pairs->base[i], pairs->mask[i]);
        out_put(&text->out, "\n", 1);
    }
}

static void put_variable(struct text *text,
                         const struct context_record *record,
                         const struct text_plan *plan)
{
    struct pairs pairs;

    get_pairs(text, record, plan->fields[VAR], &pairs);
    if (!repeated(text, &pairs)) {
        put_pairs(text, &pairs, pairs.count);
        return;
    }
    put_pairs(text, &pairs, 1);
    text_mark(text, "variable 1-7 are unknown: %srepeats 0 in their place",
              text->context->has_version
                  ? "Xen since 4.12 "
                  : "if it is 4.12 or later, the saving Xen ");
}

/* -- fixed ranges ------------------------------------------------------ */

#define PER_MSR 8             /* types in an MSR */

/* Start and size of range i of the fixed MSRs. */
static void fixed_place(size_t i, uint32_t *start, uint32_t *size)
{
    if (i == 0) {
        *start = 0;
        *size = 0x10000;
    } else if (i < 3) {
        *start = 0x80000 + 0x20000 * (uint32_t)(i - 1);
        *size = 0x4000;
    } else {
        *start = 0xc0000 + 0x8000 * (uint32_t)(i - 3);
        *size = 0x1000;
    }
}

/* Write the types of n equal MSRs from i on, neighbours of one type as one
 * range. */
static void put_types(struct text *text, size_t i, size_t n, uint64_t value)
{
    uint32_t start, size, last, last_size;

    fixed_place(i, &start, &size);
    fixed_place(i + n - 1, &last, &last_size);
    if (value == (value & 0xff) * UINT64_C(0x0101010101010101)) {
        put_span(text, start, last + PER_MSR * last_size, value & 0xff);
        return;
    }
    for (uint32_t k = 0, m; k < PER_MSR; k += m) {
        uint64_t type = value >> (8 * k) & 0xff;

        for (m = 1; k + m < PER_MSR &&
                    (value >> (8 * (k + m)) & 0xff) == type;)
            m++;
        put_span(text, start + k * size, start + (k + m) * size, type);
    }
}

static void put_fixed(struct text *text, const struct context_record *record,
                      const struct text_plan *plan)
{
    uint64_t value, next;
    char name[TEXT_NUMBER_ROOM];

    for (size_t i = 0, n; text_get(record, plan->fields[FIXED], i, &value);
         i += n) {
        bool one_type =
            value == (value & 0xff) * UINT64_C(0x0101010101010101);

        for (n = 1; one_type &&
                    text_get(record, plan->fields[FIXED], i + n, &next) &&
                    next == value;)
            n++;
        text_number_name(name, "fixed ", i, n);
        text_begin(text, name);
        out_hex(&text->out, value, 16);
        put_types(text, i, n, value);
        out_put(&text->out, "\n", 1);
    }
}

static void put(struct text *text, const struct context_record *record,
                const struct text_plan *plan)
{
    put_variable(text, record, plan);
    put_fixed(text, record, plan);
}

const struct text_view text_view_mtrr = {
    .type = DOMCTX_HVM_RECORD(CODE_MTRR),
    .names = names, .claims = claims, .put = put,
};
