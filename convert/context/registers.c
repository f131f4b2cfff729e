/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/registers.h"
#include "base/chars.h"
#include "base/digits.h"
#include "catalogue/codes.h"
#include "context/xsave-area.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* -- kinds of registers ------------------------------------------------ */

/* Registers of one name.  Their lowest part is the row's registers, if there
 * is such a row; higher parts are in components of the area, which are named
 * by their bits of XCR0 (Intel SDM volume 1, section 15.5). */
struct kind {
    struct cat_registers names;
    const char *row;
    uint8_t bit[REGISTER_PARTS - 1];
    bool view;              /* aliases the lower bits of another: not listed */
};

static const struct kind kinds[] = {
    { { "zmm", 0, "", 64, 64, 16 }, "xmm", { 2, 6 }, false },
    { { "ymm", 0, "", 32, 32, 16 }, "xmm", { 2, 0 }, false },
    { { "xmm", 0, "", 16, 16, 16 }, "xmm", { 0, 0 }, false },
    { { "st", 0, "", 10, 16, 8 }, "st", { 0, 0 }, false },
    { { "mm", 0, "", 8, 16, 8 }, "st", { 0, 0 }, true },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The row whose elements are parts of those registers, or NULL. */
static const struct cat_field *row_of(const struct cat_record *known,
                                      const struct cat_layout *layout,
                                      const char *name)
{
    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *row = &known->fields[i];

        if (row->registers && row->registers->count &&
            strcmp(row->registers->name, name) == 0 &&
            (!layout || cat_field_in(row, layout)))
            return row;
    }
    return NULL;
}

/* Kind number i; after the table those of the components.  count 0: none. */
#define ALL_KINDS (N_KINDS + XSAVE_PARTS)
static struct kind kind_at(size_t i)
{
    const struct xsave_part *part;

    if (i < N_KINDS)
        return kinds[i];
    part = &xsave_parts[i - N_KINDS];
    return (struct kind){ part->registers, NULL, { part->bit, 0 }, false };
}

/* Whether records of that type can have it. */
static bool has_kind(const struct cat_record *known,
                     const struct cat_layout *layout,
                     const struct kind *kind)
{
    return (!kind->bit[0] || known->typecode == CODE_CPU_XSAVE) &&
           (!kind->row || row_of(known, layout, kind->row));
}

/* -- names ------------------------------------------------------------- */

static void make_name(char name[REGISTER_NAME_ROOM],
                      const struct cat_registers *which, size_t i)
{
    if (which->count == 1)
        snprintf(name, REGISTER_NAME_ROOM, "%s", which->name);
    else
        snprintf(name, REGISTER_NAME_ROOM, "%s%zu%s", which->name,
                 which->first + i, which->suffix);
}

/* The number of the register with that name; count if there is none. */
static size_t number_of(const struct cat_registers *which, const char *name)
{
    size_t letters = strlen(which->name), number = 0, digits = 0;
    const char *p = name + letters;

    if (strncasecmp(name, which->name, letters) != 0)
        return which->count;
    for (; digits < 3 && char_is_digit(p[digits]); digits++)
        number = 10 * number + (size_t)(p[digits] - '0');
    if (strcasecmp(p + digits, which->suffix) != 0 ||
        (digits > 1 && *p == '0') || (digits == 0 && which->count > 1))
        return which->count;
    number = digits == 0 ? 0 : number - which->first;
    return number < which->count ? number : which->count;
}

bool register_name(const struct cat_record *known, size_t *at,
                   char name[REGISTER_NAME_ROOM])
{
    for (; *at >> 8 < ALL_KINDS; *at = ((*at >> 8) + 1) << 8) {
        struct kind kind = kind_at(*at >> 8);

        if ((*at & 0xff) >= kind.names.count ||
            kind.view || !has_kind(known, NULL, &kind))
            continue;
        make_name(name, &kind.names, *at & 0xff);
        ++*at;
        return true;
    }
    return false;
}

/* -- parts ------------------------------------------------------------- */

static void add_part(struct cpu_register *found, uint64_t from,
                     const struct cat_registers *which, size_t i,
                     uint64_t component)
{
    found->part[found->count++] = (struct register_part){
        .at = from + i * which->stride, .size = which->width,
        .component = component, .from = from,
        .whole = (uint64_t)which->count * which->stride,
    };
    found->size += which->width;
}

/* Add the part in the component with that bit; false if the area has no place
 * for the component. */
static bool add_component(struct cpu_register *found,
                          const struct xsave_area *area, unsigned int bit,
                          size_t i)
{
    for (size_t k = 0; k < XSAVE_PARTS; k++) {
        const struct xsave_part *part = &xsave_parts[k];

        if (part->bit != bit || !(area->present >> bit & 1) ||
            area->at[k] == XSAVE_NOWHERE)
            continue;
        add_part(found, area->base + area->at[k], &part->registers, i,
                 UINT64_C(1) << bit);
        found->part[found->count - 1].whole = part->size;
        return true;
    }
    return false;
}

static bool all_there(const struct context_record *record,
                      const struct cpu_register *found)
{
    for (unsigned int i = 0; i < found->count; i++)
        if (found->part[i].from > record->length ||
            found->part[i].whole > record->length - found->part[i].from)
            return false;
    return found->count > 0;
}

static bool find_parts(const struct context_record *record,
                       const struct cat_layout *layout,
                       const struct kind *kind, size_t number,
                       struct cpu_register *found)
{
    struct xsave_area area;
    bool in_area = xsave_area(record, layout, &area);
    const struct cat_field *row =
        kind->row ? row_of(record->known, layout, kind->row) : NULL;

    if (row) {
        struct cat_registers low = *row->registers;

        /* mm0 is the lower 64 bits of st0 */
        if (low.width > kind->names.width)
            low.width = kind->names.width;
        add_part(found, row->offset, &low, number,
                 !in_area ? 0 : *kind->row == 'x' ? XSAVE_SSE : XSAVE_FP);
    }
    for (size_t i = 0; i < REGISTER_PARTS - 1 && kind->bit[i]; i++)
        if (!in_area || !add_component(found, &area, kind->bit[i], number))
            return false;
    return all_there(record, found);
}

/* -- finding and reading ----------------------------------------------- */

enum register_is register_find(const struct context_record *record,
                               const struct cat_layout *layout,
                               const char *name, struct cpu_register *found)
{
    *found = (struct cpu_register){ .count = 0 };
    for (size_t i = 0; layout && i < ALL_KINDS; i++) {
        struct kind kind = kind_at(i);
        size_t number = kind.names.count ? number_of(&kind.names, name) : 0;

        if (number == kind.names.count ||
            !has_kind(record->known, layout, &kind))
            continue;
        make_name(found->name, &kind.names, number);
        found->layout = layout;
        return find_parts(record, layout, &kind, number, found)
                   ? REGISTER_THERE
                   : REGISTER_ABSENT;
    }
    return REGISTER_UNKNOWN;
}

void register_get(const struct context_record *record,
                  const struct cpu_register *which,
                  uint8_t value[CAT_REGISTER_ROOM])
{
    for (unsigned int i = 0; i < which->count; i++) {
        memcpy(value, record->body + which->part[i].at, which->part[i].size);
        value += which->part[i].size;
    }
}

const char *register_text(const uint8_t *value, size_t size,
                          char text[REGISTER_TEXT_ROOM])
{
    text[0] = '0';
    text[1] = 'x';
    *digits_wide(text + 2, value, size) = '\0';
    return text;
}

int register_refuse(const struct context_record *record, const char *name,
                    domctx_report *report)
{
    struct msg_at at = context_at(record);

    at.field = "xcr0_accum";
    return msg_raise(report, MSG_SELECT_FIELD, &at,
                     "the record has no place for register %.20s: its area "
                     "lacks the component", name);
}
