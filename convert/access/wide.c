/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/wide.h"
#include "base/bytes.h"
#include "base/chars.h"
#include "catalogue/codes.h"
#include "catalogue/xsave.h"

#include <string.h>
#include <strings.h>

/* Places in the area (Intel SDM volume 1, sections 10.5.1 and 13.4.2).  AVX is
 * the first component beyond the legacy ones, so it follows the header in
 * both forms. */
#define XMM_AT 160
#define BV_AT 512
#define COMP_BV_AT 520
#define COMPACTED (UINT64_C(1) << 63)
#define HALF 16
#define REGISTERS 16

/* "ymm3": its number, or -1. */
static int number_of(const char *name, const char *kind)
{
    const char *p = name + 3;
    int number = 0;

    if (strncasecmp(name, kind, 3) != 0 || !*p || strlen(p) > 2)
        return -1;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return -1;
        number = 10 * number + (*p - '0');
    }
    return number < REGISTERS ? number : -1;
}

bool wide_named(const struct assign *assign)
{
    return strcasecmp(assign->record, "CPU_XSAVE") == 0 &&
           (number_of(assign->field, "xmm") >= 0 ||
            number_of(assign->field, "ymm") >= 0);
}

/* "0x" and digits, little-endian into size bytes. */
static int read_wide(const struct assign *assign, uint8_t *value, size_t size,
                     const struct msg_at *at, domctx_report *report)
{
    const char *text = assign->value;
    size_t n = strlen(text);

    memset(value, 0, size);
    if (assign->kind != ASSIGN_SET || n < 3 || text[0] != '0' ||
        char_lower(text[1]) != 'x')
        return msg_raise(report, MSG_EDIT_WORD, at,
                         "a register of this width is given with '=', as a "
                         "number that begins with 0x");
    for (text += 2, n -= 2; n > 1 && *text == '0'; n--)
        text++;
    if (n > 2 * size)
        return msg_raise(report, MSG_EDIT_RANGE, at,
                         "the register has %zu bits, too few for the value",
                         8 * size);
    for (size_t i = 0; i < n; i++) {
        unsigned int digit = char_digit(text[n - 1 - i]);

        if (digit > 15)
            return msg_raise(report, MSG_EDIT_WORD, at,
                             "'%.40s' is no number", assign->value);
        value[i / 2] |= (uint8_t)(digit << (i % 2 ? 4 : 0));
    }
    return 0;
}

/* Whether there is a place for the component. */
static bool has_ymm(const uint8_t *body, uint64_t length)
{
    uint64_t comp = le64(body + XSAVE_FIXED + COMP_BV_AT);
    uint64_t accum = le64(body + 16); /* xcr0_accum */

    return length >= XSAVE_FIXED + XSAVE_LEGACY + HALF * REGISTERS &&
           (comp & COMPACTED ? comp : accum) & XSAVE_YMM;
}

/* A component that was in its initial state gets that, and then counts. */
static void use(uint8_t *area, uint64_t component, size_t at)
{
    uint64_t in_use = le64(area + BV_AT);

    if (!(in_use & component))
        memset(area + at, 0, HALF * REGISTERS);
    set_u64(area + BV_AT, false, in_use | component);
}

int wide_assign(const domctx_context *context, uint8_t *bytes,
                const struct assign *assign, domctx_report *report)
{
    const struct context_record *record = context_find(
        context, DOMCTX_HVM_RECORD(CODE_CPU_XSAVE), assign->instance);
    int ymm = number_of(assign->field, "ymm");
    int number = ymm >= 0 ? ymm : number_of(assign->field, "xmm");
    size_t place = HALF * (size_t)number;
    uint8_t value[2 * HALF], *area;
    struct msg_at at;

    if (!record)
        return msg_raise(report, MSG_SELECT_RECORD, NULL,
                         "there is no CPU_XSAVE/%u", assign->instance);
    at = context_at(record);
    at.field = assign->field;
    if (record->length < XSAVE_FIXED + XSAVE_LEGACY ||
        (ymm >= 0 && !has_ymm(record->body, record->length)))
        return msg_raise(report, MSG_SELECT_FIELD, &at,
                         "the record has no place for that register");
    if (read_wide(assign, value, ymm >= 0 ? 2 * HALF : HALF, &at, report) < 0)
        return -1;
    /* ours, though the view of it is for reading */
    area = bytes + (record->body - bytes) + XSAVE_FIXED;
    use(area, XSAVE_SSE, XMM_AT);
    memcpy(area + XMM_AT + place, value, HALF);
    if (ymm < 0)
        return 0;
    use(area, XSAVE_YMM, XSAVE_LEGACY);
    memcpy(area + XSAVE_LEGACY + place, value + HALF, HALF);
    return 0;
}
