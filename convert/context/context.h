/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room context: the one view of both forms, choosing from it, and
 * PROVENANCE.
 *
 * One view of every input: the records of an image of either form or of a
 * raw blob, in their order, each with its row and layout of the catalogue.
 * What shows, compares or judges a context works on this.
 */
#ifndef CONVERT_CONTEXT_CONTEXT_H
#define CONVERT_CONTEXT_CONTEXT_H

#include "catalogue/catalogue.h"
#include "base/messages.h"

/* One record.  A legacy record has the type DOMCTX_HVM_RECORD(typecode)
 * wherever it was found. */
struct context_record {
    uint32_t type, instance;
    uint64_t length;
    uint64_t offset;                  /* of the body, in the whole input */
    const uint8_t *body;              /* in the input */
    bool big;                         /* numbers are big-endian */
    const struct cat_record *known;   /* NULL: an unknown typecode */
    const struct cat_layout *layout;  /* of the saver; NULL: none of that
                                       * length */
};

struct domctx_context {
    const domctx_image *image;  /* what it is a view of: one of the two */
    const domctx_hvm *blob;
    domctx_hvm *wrapped;        /* the blob in HVM_CONTEXT, or NULL */
    bool has_version;           /* START's, or what the caller said */
    uint32_t xen_major, xen_minor;
    cat_version version;        /* CAT_NEWEST where it is not known */
    struct context_record *records;
    size_t count;
    struct opened *opened;      /* what it owns of all that, or NULL, */
    void (*close)(struct opened *opened); /* and how that is freed */
};

/*
 * domctx_context_of_image() and domctx_context_of_hvm() make it.  The legacy
 * END and HVM_CONTEXT itself are no records of the view; START, END and the
 * trailer are.
 */

/* The layout of a record with that length, by the release that saved it if
 * has_version, else the newest there is; NULL: none. */
const struct cat_layout *context_layout(const struct cat_record *known,
                                        uint64_t length, bool has_version,
                                        cat_version version);

/* The layout to read a record in: its own, or, where its length is none of
 * the saver's, the one of the saver that comes nearest; NULL for a record
 * that is not known. */
const struct cat_layout *
context_nearest_layout(const domctx_context *context,
                       const struct context_record *record);

/* The record of that type and instance, or NULL. */
const struct context_record *
context_find(const domctx_context *context, uint32_t type,
             uint32_t instance);

/* The name of a record: "CPU" for HVM_CPU wherever it was found, "START",
 * "typecode 33"; buf is room for the last kind. */
#define CONTEXT_NAME_ROOM 24
const char *context_name(const struct context_record *record,
                         char buf[CONTEXT_NAME_ROOM]);

/* Where findings about a record are. */
struct msg_at context_at(const struct context_record *record);

/* Whether the field is wholly inside the record's body, and if so element i
 * of it in *value. */
bool context_get(const struct context_record *record,
                 const struct cat_field *field, size_t i, uint64_t *value);

/* The same by the field's name, element 0, for records with a layout. */
bool context_value(const struct context_record *record, const char *field,
                   uint64_t *value);

#endif /* CONVERT_CONTEXT_CONTEXT_H */
