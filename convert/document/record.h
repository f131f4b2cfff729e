/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One record as a JSON object. */
#ifndef CONVERT_DOCUMENT_RECORD_H
#define CONVERT_DOCUMENT_RECORD_H

#include "context/context.h"
#include "base/json.h"
#include "catalogue/shape.h"

/* A document being written.  Begins as zeros but for the context. */
struct json_writing {
    const domctx_context *context;
    struct json_writer json;
    struct shapes shapes;
    bool no_memory;
};

/* Element i of a field as a number or "0x...". */
void json_put_number(struct json_writer *json,
                     const struct context_record *record,
                     const struct cat_field *field, size_t i);

/* Open the object of a record: its name and instance. */
void json_put_head(struct json_writing *writing, const char *name,
                   uint32_t instance);

/* What the descriptor of a legacy record claims, if that is not its
 * length. */
void json_put_claimed(struct json_writing *writing, uint64_t length,
                      uint64_t claimed);

/* All of a record. */
void json_put_record(struct json_writing *writing,
                     const struct context_record *record, uint64_t claimed);

/* What a save file says beside its context, as member "guest". */
void json_put_guest(struct json_writer *json,
                    const struct domctx_source_info *info);

/* The document, of a context whole; info: of its save file, or NULL. */
int json_write(const domctx_context *context,
               const struct domctx_source_info *info, domctx_sink *sink,
               void *arg, domctx_report *report);

/* The document up to its records, "{" included. */
void json_put_start(struct json_writing *writing, const char *schema);

#endif /* CONVERT_DOCUMENT_RECORD_H */
