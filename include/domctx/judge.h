/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging an opened context and its container, for a release or for those that
 * can have saved it.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_JUDGE_H
#define DOMCTX_JUDGE_H

/*
 * The point releases that can have saved a context: of the series that START,
 * its container or the caller names, those that its bytes and PROVENANCE fit;
 * without a named series, all that its bytes fit.  Empty for a series that the
 * library does not know.  Fails only when memory is short.  Since 0.1.
 * Ids: no-memory, source-later-context, those of domctx_infer().
 */
int domctx_context_savers(const domctx_context *context,
                          struct domctx_releases *savers,
                          domctx_report *report);

/* How to judge; NULL or zeroed: for the releases that can have saved the
 * context.  Since 0.1. */
struct domctx_judging {
    const struct domctx_release *target;  /* NULL: those that can have saved
                                           * it */
    const struct domctx_host *host;       /* the target, as far as it is known,
                                           * or NULL; its member domain is
                                           * ignored */
    const struct domctx_domain *domain;   /* the domain to be made there; NULL:
                                           * the container's */
    const domctx_source *source;          /* the container; NULL: the one that
                                           * was opened */
    const struct domctx_releases *savers; /* NULL: domctx_context_savers() */
    const domctx_report *parsed;          /* the findings from opening it, or
                                           * NULL; may be the report of the
                                           * call */
    uint64_t reserved[8];                 /* 0 */
};

/*
 * Judge whether a restore would load the context: what `xl context-check` does
 * with a file.  The container is judged first, as a restore reads it first; if
 * the target refuses it, that is the verdict.  A target without a point
 * release is judged by domctx_check_series(), savers by domctx_check_savers().
 *
 * verdict may be NULL.  Returns 0, or -1 when memory is short.  Since 0.1.
 * Ids: those of domctx_context_savers(), domctx_source_judge(),
 * domctx_check().
 */
int domctx_judge(const domctx_context *context,
                 const struct domctx_judging *how,
                 struct domctx_verdict *verdict, domctx_report *report);

#endif /* DOMCTX_JUDGE_H */
