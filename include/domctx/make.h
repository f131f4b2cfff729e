/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a file of what was opened: in another format, for another release.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_MAKE_H
#define DOMCTX_MAKE_H

/*
 * domctx_convert_release(), and the judgement of what came of it: what the
 * target would refuse makes it fail, or with DOMCTX_LET_REFUSED is a warning.
 * What would crash the domain or the host is never let pass.  host: what is
 * known of the target, with the domain of the save file that the context is
 * in, or goes into; or NULL.
 *
 * On success *blob is malloc'ed memory of *size bytes for the caller to
 * free(), and *hvm, which is over it, is for domctx_hvm_free(); on failure
 * both are NULL.  Since 0.1.
 * Ids: those of domctx_convert_release(), domctx_hvm_parse(), domctx_check().
 */
int domctx_convert_judged(const domctx_context *context,
                          const struct domctx_release *target,
                          const struct domctx_host *host, unsigned int flags,
                          uint8_t **blob, size_t *size, domctx_hvm **hvm,
                          domctx_report *report);

/*
 * The judgement that domctx_convert_judged() ends with, of a blob that goes
 * into a file as it is.  host->domain: of the save file that it is in, or goes
 * into; what the release refuses of that itself is not told, for it is not
 * what is written.  let_pass: what the release would refuse is a warning.
 *
 * Returns 0, or -1 where something may not pass.  Since 0.1.
 * Ids: no-memory, those of domctx_check().
 */
int domctx_written_judge(const domctx_hvm *hvm,
                         const struct domctx_release *release,
                         const struct domctx_host *host, bool let_pass,
                         domctx_report *report);

/* The same where domctx_check() or its like has put its findings into judged,
 * of which those are left that are told.  Since 0.1.
 * Ids: those of domctx_check(). */
int domctx_written_tell(domctx_report *judged, bool let_pass,
                        domctx_report *report);

/* What is made.  Since 0.1. */
enum domctx_output {
    DOMCTX_TO_IMAGE,     /* a domain context image, migrated */
    DOMCTX_TO_WRAPPED,   /* the same, with the blob in one record */
    DOMCTX_TO_HVM,       /* a legacy blob */
    DOMCTX_TO_JSON,      /* a document, see xl-context-json(5) */
};

/* More flags, beside DOMCTX_ALLOW_LOSS.  Since 0.1. */
#define DOMCTX_LET_REFUSED 2u  /* make also what the target refuses, though
                                * not what crashes it */
#define DOMCTX_BARE 4u         /* an image without PROVENANCE and DIGEST */
#define DOMCTX_PART 8u         /* PROVENANCE shall say that the input is what
                                * domctx_salvage() left of another */

/* How to make it; NULL or zeroed: an image, for the release that saved the
 * context.  Since 0.1. */
struct domctx_making {
    enum domctx_output to;
    unsigned int flags;
    const struct domctx_release *target;  /* that shall load it; NULL: the one
                                           * that saved it */
    const struct domctx_host *host;       /* what is known of the target, or
                                           * NULL */
    const domctx_hvm *converted;          /* what domctx_convert_judged() made
                                           * for the target; NULL: it is
                                           * called */
    const domctx_source *source;          /* the container; NULL: the one that
                                           * the context was opened from */
    const struct domctx_releases *savers; /* NULL: domctx_context_savers() */
    const char *tool;                     /* for PROVENANCE: the program,
                                           * "backup 1.2"; NULL: the library */
    const char *time;                     /* "2026-11-28T12:00:00Z"; NULL:
                                           * now */
    const char *input;                    /* what it was opened from, "save
                                           * file"; NULL: its format */
    uint64_t reserved[8];                 /* 0 */
};

/*
 * Make it: what `xl context-convert` writes.  Image, blob and JSON carry each
 * other byte for byte; JSON that stands for an image of the same form gives
 * the very bytes that it was made from.
 *
 * Findings of DOMCTX_ERROR from opening are not looked at: a caller that wants
 * no more than is loaded gives a target, or asks domctx_judge().  An image or
 * JSON for a target is read again: what domctx_image_parse() then has to say
 * as DOMCTX_ERROR makes it fail, but with DOMCTX_LET_REFUSED.  The release
 * that saved the context must be known ("convert-xen-needed").  The memory of
 * the guest is not in what is made; domctx_source_splice() puts a blob back
 * into a save file.
 *
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free().  Since 0.1.
 * Ids: call-argument, convert-left, convert-xen-needed, those of
 * domctx_convert_judged(), domctx_context_savers(),
 * domctx_source_records(), domctx_migrate(), domctx_wrap(),
 * domctx_builder_copy(), domctx_builder_take(), domctx_hvm_rebuild(),
 * domctx_image_to_hvm(), domctx_json_write(),
 * domctx_image_parse(), domctx_provenance_convert().
 */
int domctx_make(const domctx_context *context,
                const struct domctx_making *how, uint8_t **buf, size_t *size,
                domctx_report *report);

#endif /* DOMCTX_MAKE_H */
