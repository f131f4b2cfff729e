/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a JSON document: its head, and the passes over it. */
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

    int member;              /* the head's member whose value is next */
    unsigned int seen;       /* one bit for each of them */
    bool hvm, big, has_version;
    cat_version version;
    const struct json_some *some; /* NULL: read a whole image or blob */

    struct json_fill fill;
    struct json_kept kept;
    domctx_builder *out;     /* the result */
    domctx_builder *blob;    /* the blob in HVM_CONTEXT */
    size_t record, inner;    /* index of the next one */
    struct json_starts starts, inner_starts;
    size_t inner_first;      /* first token of a record in HVM_CONTEXT */
    bool in_records;         /* inside these lists */
    bool in_inner;
    bool nested_key;         /* the value of a record's "records" is next */
};

/* The head's member with that key; HEAD_COUNT if there is none. */
int json_head_member(const struct json_token *key);

/* Report a finding about a member of the head; -1. */
int json_refuse_head(const struct document *document, enum msg_id id,
                     int member, const char *text);

/* Pass each token of the document to handler.  0 if the handler took all or
 * stopped (*result); -1 with a finding for invalid JSON. */
int json_walk(struct document *document, json_handler *handler,
              enum json_result *result);

/* Read the head, which may be anywhere in the document; -1 with a finding. */
int json_read_head(struct document *document);

#endif /* CONVERT_DOCUMENT_READING_H */
