/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging what was opened: the container and the context in it, for a release
 * or for those that can have saved it.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_JUDGE_H
#define DOMCTX_JUDGE_H

/*
 * The point releases that can have saved a context: those of the series that
 * its START, its container or the caller names, as far as its bytes and its
 * PROVENANCE agree, or all that fit its bytes.  None of a series that the
 * library does not know.  Fails only when memory is short.  Since 0.1.
 * Ids: no-memory, source-later-context, those of domctx_infer().
 */
int domctx_context_savers(const domctx_context *context,
                          struct domctx_releases *savers,
                          domctx_report *report);

/* What a context is judged for; NULL or zeroed: for those that can have saved
 * it.  Since 0.1. */
struct domctx_judging {
    const struct domctx_release *target;  /* NULL: those that can have saved
                                           * it */
    const struct domctx_host *host;       /* what is known of the target, or
                                           * NULL; its domain is not looked
                                           * at */
    const struct domctx_domain *domain;   /* that is to be made there; NULL:
                                           * as the container has it */
    const domctx_source *source;          /* the container; NULL: the one that
                                           * the context was opened from */
    const struct domctx_releases *savers; /* NULL: domctx_context_savers() */
    const domctx_report *parsed;          /* the findings from opening it, or
                                           * NULL; may be the report of the
                                           * call */
    uint64_t reserved[8];                 /* 0 */
};

/*
 * Judge whether it comes back: what `xl context-check` does with a file.  The
 * container is judged first, as a restore meets it first; where that is
 * refused, this is the verdict.  A target without a point release is judged as
 * by domctx_check_series(), and savers as by domctx_check_savers().
 *
 * verdict may be NULL.  Returns 0, or -1 when memory is short.  Since 0.1.
 * Ids: those of domctx_context_savers(), domctx_source_judge(),
 * domctx_check().
 */
int domctx_judge(const domctx_context *context,
                 const struct domctx_judging *how,
                 struct domctx_verdict *verdict, domctx_report *report);

#endif /* DOMCTX_JUDGE_H */
