/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registers of a vCPU that are wider than a field, or have none, by their
 * names: st0 and xmm0 of CPU and CPU_XSAVE, and what the components of an
 * XSAVE area have: ymm0, zmm0, k0, pkru.  A register of 256 or 512 bits lies
 * in parts: its lower 128 bits are those of xmm.
 */
#ifndef CONVERT_CONTEXT_REGISTERS_H
#define CONVERT_CONTEXT_REGISTERS_H

#include "context/context.h"

#include <domctx.h>

/* Bytes of a record, the lowest of a register first. */
struct register_part {
    uint64_t at, size;
    uint64_t component;     /* its bit of xstate_bv, or 0 */
    uint64_t from, whole;   /* where all of that component is */
};

#define REGISTER_PARTS 3
#define REGISTER_NAME_ROOM DOMCTX_REGISTER_ROOM
struct cpu_register {
    char name[REGISTER_NAME_ROOM];
    unsigned int count;
    struct register_part part[REGISTER_PARTS];
    size_t size;            /* of all */
    const struct cat_layout *layout; /* that the record is read in */
};

enum register_is {
    REGISTER_UNKNOWN,  /* the record has none of that name */
    REGISTER_ABSENT,   /* it may, but this one lacks the component */
    REGISTER_THERE,
};

/* Find a register of a record that is read in that layout (NULL: unknown). */
enum register_is register_find(const struct context_record *record,
                               const struct cat_layout *layout,
                               const char *name,
                               struct cpu_register *found);

/* Refuse one that is absent: -1. */
int register_refuse(const struct context_record *record, const char *name,
                    domctx_report *report);

/* The names that such records have, one after the other: the first with *at
 * 0; false past the last.  What lies in another comes behind it. */
bool register_name(const struct cat_record *known, size_t *at,
                   char name[REGISTER_NAME_ROOM]);

/* Its value, little-endian. */
void register_get(const struct context_record *record,
                  const struct cpu_register *which,
                  uint8_t value[CAT_REGISTER_ROOM]);

/* A value of size bytes as a number: "0x" and all digits. */
#define REGISTER_TEXT_ROOM (2 * CAT_REGISTER_ROOM + 3)
const char *register_text(const uint8_t *value, size_t size,
                          char text[REGISTER_TEXT_ROOM]);

#endif /* CONVERT_CONTEXT_REGISTERS_H */
