/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing one record as a JSON object. */
#ifndef CONVERT_DOCUMENT_RECORD_H
#define CONVERT_DOCUMENT_RECORD_H

#include "context/context.h"
#include "base/json.h"
#include "catalogue/shape.h"

/* A document being written.  Initialise to zeros, except for the context. */
struct json_writing {
    const domctx_context *context;
    struct json_writer json;
    struct shapes shapes;
    bool no_memory;
};

/* Write element i of a field as a number or "0x...". */
void json_put_number(struct json_writer *json,
                     const struct context_record *record,
                     const struct cat_field *field, size_t i);

/* Open a record's object with its name and instance. */
void json_put_head(struct json_writing *writing, const char *name,
                   uint32_t instance);

/* Write the length in a legacy descriptor, if it differs from the body's. */
void json_put_claimed(struct json_writing *writing, uint64_t length,
                      uint64_t claimed);

/* Write a whole record. */
void json_put_record(struct json_writing *writing,
                     const struct context_record *record, uint64_t claimed);

/* Write the member "guest": what a save file says apart from its context. */
void json_put_guest(struct json_writer *json,
                    const struct domctx_source_info *info);

/* Write a document of the whole context; info: of its save file, or NULL. */
int json_write(const domctx_context *context,
               const struct domctx_source_info *info, domctx_sink *sink,
               void *arg, domctx_report *report);

/* Open the document, and write the members in front of "records". */
void json_put_start(struct json_writing *writing, const char *schema);

#endif /* CONVERT_DOCUMENT_RECORD_H */
