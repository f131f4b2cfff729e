/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room document: a context as a JSON document, both ways, and its schema.
 *
 * The words of a document that writer, reader and schema share;
 * docs/xl-context-json.pod describes it.
 */
#ifndef CONVERT_DOCUMENT_DOCUMENT_H
#define CONVERT_DOCUMENT_DOCUMENT_H

#include "catalogue/catalogue.h"

#include <domctx.h>

#define JSON_SCHEMA "xl-context-2"
#define JSON_SCHEMA_OLD "xl-context-1"            /* can be read, too */
#define JSON_VALUES_SCHEMA "xl-context-values-1"  /* values of a single
                                                   * field */
#define JSON_GUEST_SCHEMA "xl-context-guest-1"    /* the domain apart from its
                                                   * context */

/* Members of the document. */
#define KEY_SCHEMA      "schema"
#define KEY_FORMAT      "format"
#define KEY_BYTE_ORDER  "byte_order"   /* in an image */
#define KEY_XEN         "xen"          /* in a blob: "4.17" or null */
#define KEY_RECORDS     "records"
#define KEY_GUEST       "guest"        /* in a save file, for people; not
                                        * read */

#define WORD_IMAGE      "image"
#define WORD_HVM        "hvm"
#define WORD_LITTLE     "little"
#define WORD_BIG        "big"

/* Members of every record; no field of the catalogue has such a name. */
#define KEY_RECORD      "record"
#define KEY_INSTANCE    "instance"
#define KEY_CLAIMED     "descriptor_length"
#define KEY_LENGTH      "length"       /* of a record with fields */
#define KEY_TAIL        "tail"
#define KEY_YMM_HIGH    "ymm_high"     /* of CPU_XSAVE; precedes the tail */
#define KEY_REST        "rest"
#define KEY_HEX         "hex"          /* of a record without fields */
#define KEY_PROVENANCE  "provenance"   /* of PROVENANCE, as an object */
#define KEY_TEXT        "text"         /* or as text, if the object would
                                        * change a byte */
#define KEY_AFTER_END   "after_end"    /* of HVM_CONTEXT */

/* The END of a blob, which is part of its framing. */
#define NAME_END "END"

/* A record of a document; type is always that of an image. */
struct json_record {
    uint32_t type, instance;
    const uint8_t *body;
    size_t length;
};

/* For reading some records only: each is passed to put, and they are not
 * judged together.  The document must be of the given kind, a blob or an image
 * of that byte order; records are read as that release's. */
struct json_some {
    bool hvm, big, has_version;
    cat_version version;
    int (*put)(void *arg, const struct json_record *record);
    void *arg;
};
int json_read_some(const void *text, size_t size,
                   const struct json_some *some, domctx_report *report);

#endif /* CONVERT_DOCUMENT_DOCUMENT_H */
