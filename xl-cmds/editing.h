/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An edit that is under way. */
#ifndef XL_CMDS_EDITING_H
#define XL_CMDS_EDITING_H

#include <sys/stat.h>

#include "edit.h"
#include "input.h"
#include "verbs.h"

/* One run. */
struct edit {
    struct session *session;
    domctx_report *report;          /* the session's */
    const struct arguments *arguments;
    const char *from, *to;          /* files */
    bool force, asks;               /* asks: there is somebody to ask */
    struct domctx_text_options some; /* --record */
    char record[64];
    struct input input;             /* as it was */
    domctx_context *old;
    struct stat seen;               /* the file when it was read */
    const uint8_t *typed;           /* what the editor left, or NULL */
    size_t typed_size;
    uint8_t *same;                  /* it, with nothing changed */
    size_t same_size;
    uint8_t *bytes;                 /* an image or a blob, as it shall be */
    size_t size;
    domctx_context *new;
};

/* What an edit does to a copy of the context. */
typedef int edit_change(struct edit *edit, domctx_edit *copy,
                        const void *text, size_t size);
edit_change editing_nothing, editing_fields, editing_records;

/* Make edit->bytes of the context by a change; editing_read(): of all of a
 * JSON document. */
int editing_take(const domctx_context *context, struct edit *edit,
                 edit_change *change, const void *text, size_t size);
int editing_read(struct edit *edit, const void *text, size_t size);

/* A view of edit->bytes; errors in its content go to parsed. */
int editing_open(struct edit *edit, domctx_report *parsed);

/* The same, judged for the Xens that can have saved it as it was.  The
 * session's as_typed: all that stops it was made wrong by the edit. */
int editing_judge(struct edit *edit);

/* Both are no more. */
void editing_forget(struct edit *edit);

#endif /* XL_CMDS_EDITING_H */
