/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room catalogue: constant facts: records, layouts, fields, names,
 * releases; it parses no input.
 *
 * The catalogue: one table of every legacy record, every layout it has had,
 * and every field; and one of the same kind for the other records of an
 * image.  Nothing else knows an offset.
 */
#ifndef CONVERT_CATALOGUE_CATALOGUE_H
#define CONVERT_CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A Xen release x.y as one number that compares as releases do. */
typedef uint16_t cat_version;
#define CAT_V(xen_major, xen_minor) \
    ((cat_version)(((xen_major) << 8) | (xen_minor)))
#define CAT_OLDEST CAT_V(3, 1)
#define CAT_NEWEST CAT_V(4, 22)
#define CAT_EVER   UINT16_MAX   /* "to" of a layout still in use */

/* Not releases, but sets of fields: the 1016-byte form of CPU that 4.0.2 and
 * later accept (the offsets of 3.4, with the sysenter_cs of 4.0); and none. */
#define CAT_CPU_COMPAT CAT_V(3, 255)
#define CAT_NO_FIELDS  CAT_V(0, 0)

/* START's 32-bit pair as a cat_version, saturated. */
cat_version cat_version_of(uint32_t xen_major, uint32_t xen_minor);

/* The highest TSC mode; the first is 0.  a4ac3d40ec (4.12) removed 3,
 * PVRDTSCP. */
uint32_t cat_tsc_mode_last(cat_version version);

/* How a field behaves. */
enum {
    CAT_MOVES = 0x01,   /* a clock: changes even while no vCPU runs */
    CAT_IGNORED = 0x02, /* loaders since 4.9 do not take it over, or remake
                         * it */
    CAT_PENDING = 0x04, /* pending interrupts, a bit each: may only grow while
                         * the domain is paused (LAPIC_REGS.tmr goes with
                         * irr, bit by bit) */
    CAT_PAD = 0x08,     /* padding or reserved */
    CAT_PART = 0x10,    /* our name for a part of the field it lies in */
    CAT_VIEW = 0x20,    /* another member of the union it lies in */
    CAT_KEY = 0x40,     /* identifies a unit of the tail */
    CAT_UNITS = 0x80,   /* the number of units in the tail */
};

/* How to print a value. */
enum cat_print { CAT_HEX, CAT_DEC, CAT_FLAGS, CAT_SELECTOR, CAT_BITMAP,
                 CAT_ENUM, CAT_SIGNED };

struct cat_names; /* names.h */

/* Registers in a row, each one little-endian number: "xmm0" to "xmm15". */
struct cat_registers {
    const char *name;             /* before the number of the first */
    uint8_t first;
    const char *suffix;           /* after it, at most 7 letters */
    uint16_t width, stride, count; /* bytes of one, bytes to the next */
};
#define CAT_REGISTER_ROOM 64      /* bytes of the widest */

/*
 * A field.  It belongs to the layouts whose "fields" is between from and to.
 * Bit-fields have bits != 0.
 *
 * Rows overlap only where a CAT_PART or CAT_VIEW row lies within a row
 * before it; its flags then stand in place of that row's.
 */
struct cat_field {
    const char *name;
    uint16_t offset;   /* of the first element, or of the storage unit */
    uint8_t width;     /* bytes of an element, or of the storage unit */
    uint8_t bit, bits; /* bit-field: lowest bit, number of bits */
    uint16_t count;    /* elements in all; 0: as many as the tail holds */
    uint16_t stride;   /* bytes from one run of elements to the next */
    uint8_t run;       /* elements side by side in a run */
    uint8_t print;     /* enum cat_print */
    uint8_t flags;
    bool second;       /* it is in the second table of the tail, and its
                        * offset counts from the start of that table */
    uint8_t assumed;   /* the value that loaders give it if the record is
                        * too short to have it */
    cat_version from, to;
    const struct cat_names *names; /* of its bits or values, or NULL */
    const char *now;   /* the name it has in later layouts, or NULL */
    /* registers wider than an element, of which the row has the first parts;
     * count 0: the row has further parts of registers of a row before; or
     * NULL */
    const struct cat_registers *registers;
};

/* A number of 32 bits that a body must have for a layout. */
struct cat_said {
    uint16_t offset;
    uint32_t value;
};

/* A layout of a record. */
struct cat_layout {
    uint32_t length;        /* fixed part */
    uint16_t tail;          /* bytes of a unit of the tail; 0: no tail */
    cat_version from, to;   /* the releases of which every one has it */
    cat_version backported; /* first series with point releases that have
                             * it too, or 0 */
    cat_version fields;     /* selects the fields: see from, to of those */
    const char *name;       /* an earlier name of the record, or NULL */
    const struct cat_said *said; /* distinguishes layouts of one length, or
                                  * NULL */
    uint8_t n_said;
    uint16_t tables[2];     /* if the tail has two tables: the offsets of the
                             * 32-bit numbers of units in each; else 0 */
};

/* How a record behaves. */
enum {
    CAT_VCPU = 0x01,      /* one instance a vCPU */
    CAT_VARIABLE = 0x02,  /* a tail follows the fixed part */
    CAT_OPTIONAL = 0x04,  /* left out though the device or vCPU exists */
    CAT_INTERRUPT = 0x08, /* interrupt state */
    CAT_DEVICE = 0x10,    /* only in domains that have the device */
};

struct cat_record {
    uint32_t typecode;             /* of a legacy record; else image type */
    const char *name;
    const char *image_name;        /* "HVM_" and the name, if legacy */
    uint8_t flags;
    uint16_t instances;            /* how many; 0 for one a vCPU */
    cat_version from;              /* first release with the record */
    const struct cat_layout *layouts;
    size_t n_layouts;
    const struct cat_field *fields;
    size_t n_fields;
};

/* The table of legacy records: records-hvm.c, in the order of the
 * typecodes. */
extern const struct cat_record cat_table[];
extern const size_t cat_table_size;

/* The same for the other types of an image: records-image.c, ordered by type.
 * Their layouts hold for every release; their "fields" is no release, but the
 * number of a set of fields. */
extern const struct cat_record cat_image_table[];
extern const size_t cat_image_table_size;

/* The record with that typecode, or NULL. */
const struct cat_record *cat_record(uint32_t typecode);

/* The record of an image type: HVM_*, the specification's and ours, or
 * NULL. */
const struct cat_record *cat_record_of_type(uint32_t type);

/* Record number i of the table, or NULL past the last. */
const struct cat_record *cat_record_at(size_t i);

/* The name the record had in that release; NULL when record is. */
const char *cat_name(const struct cat_record *record, cat_version version);

/*
 * The layout that a body of that length has for a saver of that release, or
 * NULL.  Where several layouts share the length the release decides; a
 * layout that was backported is accepted for any release from the first
 * series it was backported to on.
 *
 * Lengths only: whether a count inside a CPU_MSR agrees with the length is
 * for the reader of the framing.
 */
const struct cat_layout *cat_layout(const struct cat_record *record,
                                    uint64_t length, cat_version version);

/* The first layout of that length, of any release; or NULL. */
const struct cat_layout *cat_some_layout(const struct cat_record *record,
                                         uint64_t length);

/* Reads the 32-bit number at that offset of a body, from the body or from its
 * JSON; false: the body lacks it. */
typedef bool cat_reader(const void *arg, const struct cat_record *record,
                        uint16_t offset, uint32_t *value);

/* The first layout of that length whose numbers the body has, or NULL.
 * *second is the offset of the second table of the tail, or 0. */
const struct cat_layout *cat_layout_said(const struct cat_record *record,
                                         uint64_t length, cat_reader *read,
                                         const void *arg, uint64_t *second);

/* Whether the body of such a record tells its layout. */
bool cat_says_layout(const struct cat_record *record);

/* Whether a body of that length can have the layout. */
bool cat_layout_has(const struct cat_layout *layout, uint64_t length);

/* Whether the field belongs to the layout. */
static inline bool cat_field_in(const struct cat_field *field,
                                const struct cat_layout *layout)
{
    return layout->fields >= field->from && layout->fields <= field->to;
}

/* The named field of a layout, or NULL. */
const struct cat_field *cat_field(const struct cat_record *record,
                                  const struct cat_layout *layout,
                                  const char *name);

/* The name of the field in the newest layout that has it. */
static inline const char *cat_last_name(const struct cat_field *field)
{
    return field->now ? field->now : field->name;
}

/* How many bits an element of the field has. */
static inline unsigned int cat_bits(const struct cat_field *field)
{
    return field->bits ? field->bits : 8u * field->width;
}

/* Number of whole elements that a body of that length has of the field.
 * second: where the second table of its tail begins; 0: there is none. */
size_t cat_count_in(const struct cat_field *field, uint64_t length,
                    uint64_t second);

/* The same for a body without a second table. */
static inline size_t cat_count(const struct cat_field *field, uint64_t length)
{
    return cat_count_in(field, length, 0);
}

/* Whether a bit (0: the lowest) of that byte of the body belongs to the field;
 * if so, *index is the element.  Not for fields of a second table. */
bool cat_covers(const struct cat_field *field, uint64_t byte,
                unsigned int bit, size_t *index);

/* The name of n elements from element i on, in buf: "sint_msr[3]",
 * "timers[2].cmp", "res2[3-9]"; 0: of all in that object, "timers[2].res". */
#define CAT_LABEL_ROOM 192
const char *cat_label(const struct cat_field *field, size_t i, size_t n,
                      char buf[CAT_LABEL_ROOM]);

/* Write "[2]", or "[2-5]" for four elements, or nothing for none: at most 43
 * bytes, without a final zero.  Returns the end of what it wrote. */
char *cat_put_index(char *p, size_t i, size_t n);

/* Byte offset in the body, or in the second table if the field is there, of
 * element i (of its storage unit). */
size_t cat_offset(const struct cat_field *field, size_t i);

/* Get element i of a field in a body (bit-fields shifted down, no sign
 * extension), and set it (excess bits are cut off).  The caller has checked
 * that the body has the element.  For fields of a second table, body points to
 * that table. */
uint64_t cat_get(const struct cat_field *field, const uint8_t *body,
                 size_t i);
void cat_set(const struct cat_field *field, uint8_t *body, size_t i,
             uint64_t value);

/* The same where numbers are big-endian. */
uint64_t cat_get_big(const struct cat_field *field, const uint8_t *body,
                     size_t i);
void cat_set_big(const struct cat_field *field, uint8_t *body, size_t i,
                 uint64_t value);

/*
 * Compare two bodies of one layout and length, leaving out the fields that
 * have one of the flags in ignore.  CAT_PENDING fields, unless ignored, must
 * be equal.  The flags of a part or view hold for its bits in place of those
 * of the field it lies in.  Bytes that no field covers and a variable tail
 * are compared as bytes.
 *
 * Returns NULL when they are equal.  Else the first field that differs (the
 * narrowest row for those bits; &cat_tail for bytes outside every field),
 * with the element in *index (the byte offset for cat_tail).
 */
extern const struct cat_field cat_tail;
const struct cat_field *cat_differs(const struct cat_record *record,
                                    const struct cat_layout *layout,
                                    const uint8_t *a, const uint8_t *b,
                                    uint64_t length, unsigned int ignore,
                                    size_t *index);

/* How a typecode without a name is called: this, and its number. */
#define TYPECODE_PREFIX "typecode "

#endif /* CONVERT_CATALOGUE_CATALOGUE_H */
