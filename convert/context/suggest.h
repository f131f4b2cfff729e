/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Refusing an unknown name, with similar names. */
#ifndef CONVERT_CONTEXT_SUGGEST_H
#define CONVERT_CONTEXT_SUGGEST_H

#include "context/select.h"

/* Both return -1. */
int suggest_record(const domctx_context *context, const struct select *select,
                   domctx_report *report);
int suggest_field(const domctx_context *context, const struct select *select,
                  domctx_report *report);

/* Whether record i is the first of its type in the context. */
static inline bool suggest_first(const domctx_context *context, size_t i)
{
    return i == 0 || context->records[i - 1].type != context->records[i].type;
}

#endif /* CONVERT_CONTEXT_SUGGEST_H */
