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

#define JSON_SCHEMA "xl-context-1"
#define JSON_VALUES_SCHEMA "xl-context-values-1"  /* of a field alone */

/* Members of the document. */
#define KEY_SCHEMA      "schema"
#define KEY_FORMAT      "format"
#define KEY_BYTE_ORDER  "byte_order"   /* of an image */
#define KEY_XEN         "xen"          /* of a blob: "4.17" or null */
#define KEY_RECORDS     "records"

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
#define KEY_REST        "rest"
#define KEY_HEX         "hex"          /* of one without */
#define KEY_TEXT        "text"         /* of PROVENANCE */
#define KEY_AFTER_END   "after_end"    /* of HVM_CONTEXT */

/* The END of a blob, which belongs to its framing. */
#define NAME_END "END"

#endif /* CONVERT_DOCUMENT_DOCUMENT_H */
