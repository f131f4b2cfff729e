/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value of a field out of what somebody wrote. */
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

/*
 * The value that a field gets: *value is what it has, and then what it is to
 * have.  located->element is chosen where bits of a whole bitmap are counted
 * through (*value is then that of no element yet).
 */
int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report);

/* Whether the field has room for the value, a sign included; else why. */
int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report);

#endif /* CONVERT_ACCESS_ASSIGN_H */
