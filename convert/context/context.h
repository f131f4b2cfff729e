/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room context: one view of both forms, selecting records and fields, and
 * PROVENANCE.
 *
 * A view lists the records of an image of either form, or of a blob, in their
 * order, each with its catalogue entry and layout.  All code that shows,
 * compares or judges a context works on this view.
 */
#ifndef CONVERT_CONTEXT_CONTEXT_H
#define CONVERT_CONTEXT_CONTEXT_H

#include "catalogue/catalogue.h"
#include "base/messages.h"

/* One record.  A legacy record has the type DOMCTX_HVM_RECORD(typecode) in
 * every kind of input. */
struct context_record {
    uint32_t type, instance;
    uint64_t length;
    uint64_t second;                  /* offset in the body of the second
                                       * table of its tail; 0: none */
    uint64_t offset;                  /* of the body, in the whole input */
    const uint8_t *body;              /* points into the input */
    bool big;                         /* numbers are big-endian */
    const struct cat_record *known;   /* NULL: an unknown typecode */
    const struct cat_layout *layout;  /* the saver's; NULL: none with that
                                       * length */
};

struct domctx_context {
    const domctx_image *image;  /* the viewed image, or the blob below */
    const domctx_hvm *blob;
    domctx_hvm *wrapped;        /* the blob in HVM_CONTEXT, or NULL */
    bool has_version;           /* START has a version, or the caller gave
                                 * one */
    uint32_t xen_major, xen_minor;
    cat_version version;        /* CAT_NEWEST if unknown */
    struct context_record *records;
    size_t count;
    bool inferred;              /* the version is an inference */
    const struct domctx_source_info *guest; /* of the save file that it was
                                 * opened from, or NULL */
    struct opened *opened;      /* owned by the view, or NULL */
    void (*close)(struct opened *opened); /* frees opened */
};

/*
 * domctx_context_of_image() and domctx_context_of_hvm() make it.  The legacy
 * END and HVM_CONTEXT itself are no records of the view; START, END and the
 * trailer are.
 */

/* The layout of that length: the saver's if has_version, else the newest; NULL
 * if there is none. */
const struct cat_layout *context_layout(const struct cat_record *known,
                                        uint64_t length, bool has_version,
                                        cat_version version);

/* The layout to decode a record with: its own, or, if the saver has none of
 * that length, the saver's nearest.  NULL for an unknown record. */
const struct cat_layout *
context_nearest_layout(const domctx_context *context,
                       const struct context_record *record);

/* The record of that type and instance, or NULL. */
const struct context_record *
context_find(const domctx_context *context, uint32_t type,
             uint32_t instance);

/* The name of a record: "CPU" for HVM_CPU in every input, "START", or, written
 * to buf, "typecode 33". */
#define CONTEXT_NAME_ROOM 24
const char *context_name(const struct context_record *record,
                         char buf[CONTEXT_NAME_ROOM]);

/* The place for findings about a record. */
struct msg_at context_at(const struct context_record *record);

/* How many whole elements of the field the record has. */
static inline size_t context_count(const struct context_record *record,
                                   const struct cat_field *field)
{
    return cat_count_in(field, record->length, record->second);
}

/* The offset of element i in the body. */
static inline size_t context_offset(const struct context_record *record,
                                    const struct cat_field *field, size_t i)
{
    return cat_offset(field, i) + (field->second ? record->second : 0);
}

/* The bytes from which the offsets of the field's elements count. */
static inline const uint8_t *context_base(const struct context_record *record,
                                          const struct cat_field *field)
{
    return record->body + (field->second ? record->second : 0);
}

/* Read element i of the field into *value; false if it is not wholly inside
 * the body. */
bool context_get(const struct context_record *record,
                 const struct cat_field *field, size_t i, uint64_t *value);

/* Read element 0 of a field by name, of a record with a layout. */
bool context_value(const struct context_record *record, const char *field,
                   uint64_t *value);

#endif /* CONVERT_CONTEXT_CONTEXT_H */
