/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vCPU registers that are wider than a field, or not a field at all, by name:
 * st0 and xmm0 of CPU and CPU_XSAVE, and those in the components of an XSAVE
 * area: ymm0, zmm0, k0, pkru.  A register of 256 or 512 bits has several
 * parts: its lower 128 bits are those of xmm.
 */
#ifndef CONVERT_CONTEXT_REGISTERS_H
#define CONVERT_CONTEXT_REGISTERS_H

#include "context/context.h"

#include <domctx.h>

/* A run of bytes of a record; the lowest part of a register comes first. */
struct register_part {
    uint64_t at, size;
    uint64_t component;     /* the component's bit of xstate_bv, or 0 */
    uint64_t from, whole;   /* offset and size of the whole component */
};

#define REGISTER_PARTS 3
#define REGISTER_NAME_ROOM DOMCTX_REGISTER_ROOM
struct cpu_register {
    char name[REGISTER_NAME_ROOM];
    unsigned int count;
    struct register_part part[REGISTER_PARTS];
    size_t size;            /* of all parts */
    const struct cat_layout *layout; /* that the record is decoded with */
};

enum register_is {
    REGISTER_UNKNOWN,  /* no register of that name */
    REGISTER_ABSENT,   /* the record lacks the component */
    REGISTER_THERE,
};

/* Find a register of a record that is decoded with that layout (NULL: an
 * unknown record). */
enum register_is register_find(const struct context_record *record,
                               const struct cat_layout *layout,
                               const char *name,
                               struct cpu_register *found);

/* Refuse an absent register: -1. */
int register_refuse(const struct context_record *record, const char *name,
                    domctx_report *report);

/* Iterate over the names that records of this type can have: *at starts at 0;
 * false past the last.  A register that lies in another comes after it. */
bool register_name(const struct cat_record *known, size_t *at,
                   char name[REGISTER_NAME_ROOM]);

/* Read the value, little-endian. */
void register_get(const struct context_record *record,
                  const struct cpu_register *which,
                  uint8_t value[CAT_REGISTER_ROOM]);

/* Write a value of size bytes as "0x" and all digits. */
#define REGISTER_TEXT_ROOM (2 * CAT_REGISTER_ROOM + 3)
const char *register_text(const uint8_t *value, size_t size,
                          char text[REGISTER_TEXT_ROOM]);

#endif /* CONVERT_CONTEXT_REGISTERS_H */
