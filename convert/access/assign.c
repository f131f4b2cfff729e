/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/assign.h"
#include "base/chars.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- parsing ------------------------------------------------------------ */

int assign_malformed(const char *text, const char *why,
                     domctx_report *report)
{
    return msg_raise(report, MSG_EDIT_ASSIGN, NULL,
                     "'%.80s' is no change of a field: %s", text, why);
}

/* Copy text without surrounding blanks; false if nothing is left or it is too
 * long. */
static bool copy(char *to, size_t room, const char *from, size_t size)
{
    for (; size > 0 && *from == ' '; size--)
        from++;
    while (size > 0 && from[size - 1] == ' ')
        size--;
    if (size == 0 || size >= room)
        return false;
    memcpy(to, from, size);
    to[size] = '\0';
    return true;
}

/* Read decimal digits only, up to limit. */
bool assign_decimal(const char *p, size_t size, uint64_t limit,
                         uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned int digit = (unsigned int)(unsigned char)p[i] - '0';

        if (digit > 9 || *number > (limit - digit) / 10)
            return false;
        *number = 10 * *number + digit;
    }
    return size > 0;
}

/* Parse "CPU/1" or "CPU". */
static bool parse_record(const char *text, size_t size,
                         struct assign *assign)
{
    const char *slash = memchr(text, '/', size);
    size_t name = slash ? (size_t)(slash - text) : size;
    uint64_t instance = 0;

    if (!copy(assign->record, sizeof(assign->record), text, name) ||
        (slash && !assign_decimal(slash + 1, size - name - 1, UINT32_MAX,
                                &instance)))
        return false;
    assign->instance = (uint32_t)instance;
    return true;
}

/* The operator, by the character in front of '='. */
static enum assign_kind kind_of(char c)
{
    static const char operators[] = " +-|&^";
    const char *found = strchr(operators, c);

    return c && c != ' ' && found ? (enum assign_kind)(found - operators)
                                  : ASSIGN_SET;
}

static int take_value(const char *text, const char *value,
                      struct assign *assign, domctx_report *report)
{
    if (!value[strspn(value, ASSIGN_SEPARATORS)])
        return assign_malformed(text, "no value behind the '='", report);
    if (!copy(assign->value, sizeof(assign->value), value, strlen(value)))
        return assign_malformed(text, "the value is too long", report);
    return 0;
}

int assign_parse(const char *text, struct assign *assign,
                 domctx_report *report)
{
    size_t left = strcspn(text, "="), record = strcspn(text, ".=");
    size_t end = left;

    if (!text[left])
        return assign_malformed(text, "no '=' in it", report);
    if (record >= left)
        return assign_malformed(text, "no '.' between record and field",
                                report);
    assign->kind = kind_of(text[left - 1]);
    if (assign->kind != ASSIGN_SET)
        end--;
    if (!parse_record(text, record, assign))
        return assign_malformed(text, "no record, as in CPU/0, in front of "
                                "the '.'", report);
    if (end <= record + 1 ||
        !copy(assign->field, sizeof(assign->field), text + record + 1,
              end - record - 1))
        return assign_malformed(text, "no field behind the '.'", report);
    return take_value(text, text + left + 1, assign, report);
}

/* -- numbers ---------------------------------------------------------- */

static bool read_hex(const char *p, uint64_t *number)
{
    size_t digits = strspn(p, "0123456789abcdefABCDEF");

    *number = 0;
    if (digits == 0 || p[digits] || digits > 16)
        return false;
    for (; *p; p++)
        *number = *number << 4 | char_digit(*p);
    return true;
}

/* Read "0x1f", "31" or "-1"; false for anything else and above 64 bits. */
bool assign_number(const char *text, uint64_t *number)
{
    bool minus = *text == '-';
    const char *p = text + minus;

    if (!minus && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
        return read_hex(p + 2, number);
    if (!assign_decimal(p, strlen(p), minus ? (uint64_t)INT64_MAX + 1
                                          : UINT64_MAX, number))
        return false;
    if (minus)
        *number = -*number;
    return true;
}

int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report)
{
    const struct cat_field *field = located->field;
    unsigned int bits = field ? cat_bits(field)
                              : (unsigned int)located->reg.size * 8;
    struct msg_at at = context_at(located->record);
    bool negative = field && field->print == CAT_SIGNED && bits < 64 &&
                    value >> (bits - 1) == UINT64_MAX >> (bits - 1);

    if (bits >= 64 || value >> bits == 0 || negative)
        return 0;
    at.field = field ? field->name : located->reg.name;
    at.expected = (struct msg_value)MOST(UINT64_MAX >> (64 - bits));
    at.found = (struct msg_value)HEX(value);
    return msg_raise(report, MSG_EDIT_RANGE, &at,
                     "the field has %u bits, too few for the value", bits);
}
