/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values that the RTC's registers can hold (MC146818 data sheet). */
#include "access/assign.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <string.h>

/* Registers 0 to 9, time and alarm: the highest number that each holds. */
static const struct clock {
    uint8_t most;
    bool alarm;    /* takes any value from 0xc0 on ("don't care") */
    bool hours;
} clocks[] = {
    { 59, false, false }, { 59, true, false },  /* seconds */
    { 59, false, false }, { 59, true, false },  /* minutes */
    { 23, false, true },  { 23, true, true },   /* hours */
    { 7, false, false },  { 31, false, false }, /* days */
    { 12, false, false }, { 99, false, false }, /* month, year */
};
#define CLOCKS (sizeof(clocks) / sizeof(clocks[0]))

static const struct clock *clock_of(const struct located *located)
{
    const struct cat_field *field = located->field;

    return located->record->known->typecode == CODE_RTC &&
                   field->width == 1 && field->count == 1 &&
                   field->offset < CLOCKS
               ? &clocks[field->offset]
               : NULL;
}

/* Read register B, in which the guest sets the format; false if the record
 * lacks it. */
static bool get_mode(const struct context_record *record, uint64_t *b)
{
    const struct cat_field *mode =
        record->layout ? cat_field(record->known, record->layout,
                                   "cmos_data.reg_b")
                       : NULL;

    return mode && context_get(record, mode, 0, b);
}
#define MODE_BINARY 4 /* DM: binary, else BCD */
#define MODE_24H    2 /* else hours 1 to 12, PM in bit 7 */

int assign_clock(const struct assign *assign, const struct located *located,
                 uint64_t value, domctx_report *report)
{
    const struct clock *clock = clock_of(located);
    struct msg_at at = context_at(located->record);
    uint64_t count = value, number, mode;
    unsigned int most;

    if (!clock || !get_mode(located->record, &mode) || mode & MODE_BINARY)
        return 0;
    most = clock->most;
    at.field = located->field->name;
    at.found = (struct msg_value)HEX(value);
    /* "30" may be meant as 30 or as 0x1e */
    if (assign_decimal(assign->value, strlen(assign->value), UINT64_MAX,
                       &number) && number > 9)
        return msg_raise(report, MSG_EDIT_RANGE, &at,
                         "the clock counts in decimal digits: write 0x%"
                         PRIu64 " for %" PRIu64, number, number);
    if (clock->alarm && value >= 0xc0)
        return 0;
    if (clock->hours && !(mode & MODE_24H)) {
        count &= 0x7f;
        most = 12;
    }
    if ((count & 0xf) <= 9 && count >> 4 <= 9 &&
        10 * (count >> 4) + (count & 0xf) <= most)
        return 0;
    return msg_raise(report, MSG_EDIT_RANGE, &at,
                     "the clock counts in decimal digits, 0x30 for 30, here "
                     "to 0x%u%s", most,
                     most == 12 && clock->hours ? ", 0x80 more for PM" : "");
}
