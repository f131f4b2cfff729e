/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON document that is being read: its head, and the walks over it. */
#ifndef CONVERT_DOCUMENT_READING_H
#define CONVERT_DOCUMENT_READING_H

#include "document/document.h"
#include "document/fill.h"

enum { HEAD_SCHEMA, HEAD_FORMAT, HEAD_BYTE_ORDER, HEAD_XEN, HEAD_RECORDS,
       HEAD_GUEST, HEAD_COUNT };

struct document {
    domctx_report *report;
    const void *text;
    size_t size;

    int member;              /* of the head, whose value comes next */
    unsigned int seen;       /* a bit for each */
    bool hvm, big, has_version;
    cat_version version;
    const struct json_some *some; /* NULL: all of an image or blob */

    struct json_fill fill;
    struct json_kept kept;
    domctx_builder *out;     /* the image or blob */
    domctx_builder *blob;    /* in HVM_CONTEXT */
    size_t record, inner;    /* of which comes next */
    struct json_starts starts, inner_starts;
    size_t inner_first;      /* token of a record in HVM_CONTEXT */
    bool in_records;         /* of the document; of HVM_CONTEXT */
    bool in_inner;
    bool nested_key;         /* the value of "records" of a record is next */
};

/* Which member of the head a key is; HEAD_COUNT: none. */
int json_head_member(const struct json_token *key);

/* Add a finding about a member of the head; -1. */
int json_refuse_head(const struct document *document, enum msg_id id,
                     int member, const char *text);

/* Hand each token of the document to handler.  0 when the handler saw all of
 * them or stopped (*result); -1 with a finding for broken JSON. */
int json_walk(struct document *document, json_handler *handler,
              enum json_result *result);

/* Read the head, wherever it stands in the document; -1 with a finding. */
int json_read_head(struct document *document);

#endif /* CONVERT_DOCUMENT_READING_H */
