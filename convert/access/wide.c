/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/wide.h"
#include "base/digits.h"
#include "catalogue/xsave.h"

#include <string.h>

/* Read a decimal number of any length into size bytes, lowest first. */
static enum digits_read read_decimal(const char *text, uint8_t *bytes,
                                     size_t size)
{
    if (!*text || text[strspn(text, "0123456789")])
        return DIGITS_NONE;
    memset(bytes, 0, size);
    for (; *text; text++) {
        unsigned int carry = (unsigned int)(*text - '0');

        for (size_t i = 0; i < size; i++) {
            carry += 10u * bytes[i];
            bytes[i] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry)
            return DIGITS_TOO_MANY;
    }
    return DIGITS_NUMBER;
}

int wide_value(const struct located *at, const struct assign *assign,
               uint8_t value[CAT_REGISTER_ROOM], domctx_report *report)
{
    struct msg_at place = context_at(at->record);
    enum digits_read found = digits_read_wide(
        assign->value, strlen(assign->value), value, at->reg.size);

    if (found == DIGITS_NONE)
        found = read_decimal(assign->value, value, at->reg.size);
    place.field = at->reg.name;
    if (found == DIGITS_TOO_MANY)
        return msg_raise(report, MSG_EDIT_RANGE, &place,
                         "the register has %zu bits, too few for the value",
                         8 * at->reg.size);
    if (found == DIGITS_NUMBER && assign->kind == ASSIGN_SET)
        return 0;
    return msg_raise(report, MSG_EDIT_WORD, &place,
                     "set a register with '=' and a number, decimal or 0x..., "
                     "not with '%.40s'", assign->value);
}

/* The initial state of x87 besides its registers (Intel SDM volume 1, section
 * 13.6). */
static const struct {
    const char *name;
    uint64_t value;
} x87[] = {
    { "save_area.fpu_sse.fcw", 0x037f }, { "save_area.fpu_sse.fsw", 0 },
    { "save_area.fpu_sse.ftw", 0 },      { "save_area.fpu_sse.fop", 0 },
    { "save_area.fpu_sse.fip", 0 },      { "save_area.fpu_sse.fdp", 0 },
};

static const struct cat_field *field_of(const struct located *at,
                                        const char *name)
{
    return cat_field(at->record->known, at->reg.layout, name);
}

/* Give a component in its initial state those values, and mark it as in
 * use. */
static void use(const struct located *at, uint8_t *body,
                const struct register_part *part)
{
    const struct cat_field *in_use =
        field_of(at, "save_area.xsave_hdr.xstate_bv");
    uint64_t components = cat_get(in_use, body, 0);

    if (components & part->component)
        return;
    memset(body + part->from, 0, part->whole);
    for (size_t i = 0; part->component == XSAVE_FP &&
                       i < sizeof(x87) / sizeof(x87[0]); i++)
        cat_set(field_of(at, x87[i].name), body, 0, x87[i].value);
    cat_set(in_use, body, 0, components | part->component);
}

void wide_put(const struct located *at, uint8_t *bytes,
              const uint8_t value[CAT_REGISTER_ROOM])
{
    /* our own bytes, although the view is const */
    uint8_t *body = bytes + (at->record->body - bytes);

    for (unsigned int i = 0; i < at->reg.count; i++) {
        const struct register_part *part = &at->reg.part[i];

        if (part->component)
            use(at, body, part);
        memcpy(body + part->at, value, part->size);
        value += part->size;
    }
}
