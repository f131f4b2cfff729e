/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room document: a context as a JSON document, both ways, and its
 * schema.
 *
 * The words of a JSON document that its writer, its reader and its schema
 * share; docs/xl-context-json.pod describes it.
 */
#ifndef CONVERT_DOCUMENT_DOCUMENT_H
#define CONVERT_DOCUMENT_DOCUMENT_H

#include "catalogue/catalogue.h"

#include <domctx.h>

#define JSON_SCHEMA "xl-context-2"
#define JSON_SCHEMA_OLD "xl-context-1"            /* is read, too */
#define JSON_VALUES_SCHEMA "xl-context-values-1"  /* of a field alone */
#define JSON_GUEST_SCHEMA "xl-context-guest-1"    /* beside the context */

/* Members of the document. */
#define KEY_SCHEMA      "schema"
#define KEY_FORMAT      "format"
#define KEY_BYTE_ORDER  "byte_order"   /* of an image */
#define KEY_XEN         "xen"          /* of a blob: "4.17" or null */
#define KEY_RECORDS     "records"
#define KEY_GUEST       "guest"        /* of a save file, for reading */

#define WORD_IMAGE      "image"
#define WORD_HVM        "hvm"
#define WORD_LITTLE     "little"
#define WORD_BIG        "big"

/* Members of every record; no field of the catalogue has such a name. */
#define KEY_RECORD      "record"
#define KEY_INSTANCE    "instance"
#define KEY_CLAIMED     "descriptor_length"
#define KEY_LENGTH      "length"       /* of one with fields */
#define KEY_TAIL        "tail"
#define KEY_YMM_HIGH    "ymm_high"     /* of CPU_XSAVE, what is before it */
#define KEY_REST        "rest"
#define KEY_HEX         "hex"          /* of one without */
#define KEY_PROVENANCE  "provenance"   /* of PROVENANCE, as an object, */
#define KEY_TEXT        "text"         /* or where that changed a byte */
#define KEY_AFTER_END   "after_end"    /* of HVM_CONTEXT */

/* The END of a blob, which belongs to its framing. */
#define NAME_END "END"

/* A record of a document: type is an image's, whatever the document is of. */
struct json_record {
    uint32_t type, instance;
    const uint8_t *body;
    size_t length;
};

/* What some records of a context become: they are handed to put one by one,
 * and are not judged together.  The document must be of a kind, blob or image
 * of that byte order, and its records are read as those of that release. */
struct json_some {
    bool hvm, big, has_version;
    cat_version version;
    int (*put)(void *arg, const struct json_record *record);
    void *arg;
};
int json_read_some(const void *text, size_t size,
                   const struct json_some *some, domctx_report *report);

#endif /* CONVERT_DOCUMENT_DOCUMENT_H */
