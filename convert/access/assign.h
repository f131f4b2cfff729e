/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing an assignment to a field, and its value. */
#ifndef CONVERT_ACCESS_ASSIGN_H
#define CONVERT_ACCESS_ASSIGN_H

#include "access/locate.h"

/* How a value is changed. */
enum assign_kind { ASSIGN_SET, ASSIGN_ADD, ASSIGN_REMOVE };

/* One change in words, taken apart: "CPU/1.rip=5". */
#define ASSIGN_NAME_ROOM 80
struct assign {
    char record[ASSIGN_NAME_ROOM];
    uint32_t instance;
    char field[ASSIGN_NAME_ROOM];
    enum assign_kind kind;
    const char *value;       /* in the text */
};

/* Take text apart. */
int assign_parse(const char *text, struct assign *assign,
                 domctx_report *report);

/* Apply the assignment: *value is the present value of the field, and then the
 * new one.  A bit of a whole bitmap (located->element is SIZE_MAX) selects the
 * element first, and *value is read from that. */
int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report);

/* Whether the field has room for the value, a sign included; else why. */
int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report);

#endif /* CONVERT_ACCESS_ASSIGN_H */
