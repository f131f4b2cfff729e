/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading fields of a context by name.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_FIELD_H
#define DOMCTX_FIELD_H

/*
 * How a field is named here and in domctx/edit.h:
 *
 *   record    "CPU", "HVM_CPU", a name of an older release, "typecode 33";
 *             capitals or not
 *   field     as `xl-context show` prints it: "rip", "redirtbl[5].bits",
 *             "irr[3]"; an array needs the number of the element
 *   an MSR    of CPU_MSR by name or index: "SPEC_CTRL", "0x48"
 *   a register that is wider than a field, or that an XSAVE area has: st0 and
 *             xmm0 of CPU and CPU_XSAVE; ymm0, zmm0, k0, bnd0, pkru, r16 of
 *             CPU_XSAVE, where its area has that component
 *
 * What is not found is refused with the names that are near:
 * "select-record", "select-instance" (a vCPU that is not up has no CPU
 * record), "select-field".
 */

/* The edit distance between asked and name, ignoring case; only the first 40
 * letters count.  For "did you mean".  Since 0.1. */
unsigned int domctx_name_distance(const char *asked, const char *name);

/* -- What the library knows ------------------------------------------- */

/* A record of a legacy blob. */
struct domctx_kind {
    const char *name;      /* "CPU" */
    uint32_t type;         /* DOMCTX_HVM_RECORD(typecode) */
    uint32_t instances;    /* the most; 0: one for each vCPU */
    uint64_t reserved[4];  /* 0 */
};

/* Get kind number i; false past the last.  Since 0.1. */
bool domctx_kind_at(size_t i, struct domctx_kind *kind);

/* The name of field k of kind number i, in any release: "rip", "irr",
 * "redirtbl[].bits".  NULL past the last.  Since 0.1. */
const char *domctx_kind_field(size_t i, size_t k);

/* Word w of those that stand for bits or values of field k of kind number i,
 * as domctx_edit_assign() takes them: "UMIP".  Each is there once.  NULL past
 * the last, and where a field has none.  Since 0.1. */
const char *domctx_kind_word(size_t i, size_t k, size_t w);

/* Room for the name of a register. */
#define DOMCTX_REGISTER_ROOM 24

/* Iterate over the registers that kind number i can have, "st0" to "zmm31":
 * *at starts at 0 and is advanced.  False past the last.  Since 0.1. */
bool domctx_kind_register(size_t i, size_t *at,
                          char name[DOMCTX_REGISTER_ROOM]);

/* -- One field -------------------------------------------------------- */

/*
 * The value of a field: domctx_field(context, "CPU", 1, "rip", &value,
 * report).  A number with a sign is extended to 64 bits; a register of more
 * than 64 bits is refused, "edit-range".  Since 0.1.
 * Ids: select-*, edit-range.
 */
int domctx_field(const domctx_context *context, const char *record,
                 uint32_t instance, const char *field, uint64_t *value,
                 domctx_report *report);

/* Bytes of the widest register, zmm0. */
#define DOMCTX_WIDE_ROOM 64

/* Get the value of a field or register of any width: *size bytes, lowest
 * first, and zeros after them.  A field has 8 bytes, as from domctx_field().
 * Since 0.1.
 * Ids: select-*. */
int domctx_field_wide(const domctx_context *context, const char *record,
                      uint32_t instance, const char *field,
                      uint8_t value[DOMCTX_WIDE_ROOM], size_t *size,
                      domctx_report *report);

/* Room for any value as text. */
#define DOMCTX_VALUE_ROOM 512

/* Get the value as `xl-context show` prints it: the number, and names of its
 * bits, "0x80050033 PE MP ET NE WP AM PG".  Cut off to fit into room bytes (at
 * least 1), NUL included.  Since 0.1.
 * Ids: select-*. */
int domctx_field_text(const domctx_context *context, const char *record,
                      uint32_t instance, const char *field, char *buf,
                      size_t room, domctx_report *report);

/* -- All of them ------------------------------------------------------ */

/* A record of a context. */
struct domctx_entry {
    char name[24];        /* "CPU", "START", "typecode 33" */
    uint32_t type;        /* DOMCTX_HVM_RECORD(typecode) for a legacy record */
    uint32_t instance;
    uint64_t length;      /* of the body */
    uint64_t offset;      /* of the body, in the whole input */
    const uint8_t *body;
    bool known;           /* it has fields; else only bytes */
    uint64_t reserved[4]; /* 0 */
};

/* Get record number i of a context, in the order of the input.  START, HEADER
 * and the trailer count; of HVM_CONTEXT the records in it count.  False past
 * the last.  Since 0.1. */
bool domctx_context_entry(const domctx_context *context, size_t i,
                          struct domctx_entry *entry);

/* An element of a field. */
struct domctx_value {
    char name[80];        /* "rip", "msr[0].val" */
    uint64_t value;       /* sign-extended if it has a sign */
    unsigned int bits;    /* its width */
    uint64_t offset;      /* of its storage unit, in the body */
    bool has_sign;
    bool part;            /* it is a part of another value, which is returned,
                           * too */
    bool padding;         /* reserved */
    bool moves;           /* changes while no vCPU runs: a clock */
    uint64_t reserved[4]; /* 0 */
};

/* Iterate over the values of record number i: *at starts at 0 and is advanced.
 * False past the last, and for an unknown record.  Since 0.1. */
bool domctx_context_value(const domctx_context *context, size_t i,
                          uint64_t *at, struct domctx_value *value);

#endif /* DOMCTX_FIELD_H */
