/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One view of an image and of a blob; releases of Xen, and which of them
 * saved it.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_CONTEXT_H
#define DOMCTX_CONTEXT_H

/* -- One view of both ---------------------------------------------------- */

/* The records of an image of either form or of a blob, in their order, each
 * with what the catalogue knows of it.  Opaque; for the functions below that
 * show, compare or judge. */
typedef struct domctx_context domctx_context;

/* A view of an image, which must outlive it, as must its buffer.  On success
 * *context is new, for domctx_context_free(); on failure it is NULL.
 * Ids: hvm-*, records-many, no-memory. */
int domctx_context_of_image(const domctx_image *image,
                            domctx_context **context, domctx_report *report);

/* The same of a blob.  has_version: xen_major.xen_minor saved it; else a
 * record is read in the newest layout that has its length.
 * Ids: no-memory. */
int domctx_context_of_hvm(const domctx_hvm *hvm, bool has_version,
                          uint32_t xen_major, uint32_t xen_minor,
                          domctx_context **context, domctx_report *report);

/* Free a view (not what it is a view of).  NULL is allowed. */
void domctx_context_free(domctx_context *context);

/* -- Releases of Xen ----------------------------------------------------- */

/* A release, to judge or convert for.  Stable branches differ in what they
 * load, so the point release matters; without it, what is made must load on
 * every point release of the series. */
struct domctx_release {
    uint32_t xen_major, xen_minor;
    uint32_t point;          /* or DOMCTX_POINT_ANY */
};
#define DOMCTX_POINT_ANY UINT32_MAX

/*
 * Read "X.Y" or "X.Y.Z", or a version as `xl info` prints it (xen_version),
 * as tags and packages write it, or as xen_major.xen_minor with xen_extra
 * behind:
 *
 *   4.17.5-3, 4.14.5+94-g12345678, 4.13.4-9.24.1, 4.17.2_02-lp154
 *       what a builder added is not looked at: 4.17.5, 4.14.5, ..., with the
 *       note "release-extra"
 *   4.20.5-pre, 4.20.5-rc1
 *       a state on the way to 4.20.5, which has what 4.20.4 has and maybe
 *       more: 4.20.4
 *   4.20-unstable, 4.20-rc, 4.19.0-rc2, 4.22.0-pre
 *       there is no point release before the first: 4.20.0, 4.19.0, 4.22.0
 *   Xen 4.17, v4.17, RELEASE-4.17.0, stable-4.17, 4.17.x
 *       what stands in front is not looked at; x is any point release
 *
 * Fails for what is no release ("release-malformed"), or for a series that
 * never was or is newer than all that are known ("release-unknown"); a point
 * release newer than those known is taken with a warning
 * ("release-point-newer").
 * Ids: release-*.
 */
int domctx_release_parse(const char *text, struct domctx_release *release,
                         domctx_report *report);

/* Series number i of those that the library knows, oldest first, with
 * DOMCTX_POINT_ANY; false past the last.  Since 0.1. */
bool domctx_release_series(size_t i, struct domctx_release *release);

#define DOMCTX_RELEASE_ROOM 40
/* "4.17" or "4.17.3" in buf, which is returned. */
const char *domctx_release_text(const struct domctx_release *release,
                                char buf[DOMCTX_RELEASE_ROOM]);

/* All releases from first to last, both included, in the order 4.9.4, 4.10.0,
 * 4.10.1 ... */
struct domctx_release_range {
    struct domctx_release first, last;
};

/* A set of point releases: those that can have saved something, say, or those
 * that load it.  Bit z of points[i] is point release z of series number i, of
 * those that this library knows, oldest first; the rest is 0.  An empty set
 * is all 0.  Since 0.1. */
#define DOMCTX_SERIES_ROOM 48
struct domctx_releases {
    uint16_t points[DOMCTX_SERIES_ROOM];
};

/* All point releases of a series, or the one; none if the library does not
 * know it.  Since 0.1. */
void domctx_releases_of(const struct domctx_release *release,
                        struct domctx_releases *releases);

/* Range number i of a set, oldest first, with point releases; false past the
 * last.  A range goes on over the last point release of a series.  Since
 * 0.1. */
bool domctx_releases_range(const struct domctx_releases *releases, size_t i,
                           struct domctx_release_range *range);

#define DOMCTX_RELEASES_ROOM 160
/* "3.1 to 3.4, 4.18.5 to 4.18.6" in buf, which is returned; cut off with
 * "..." where it does not fit, "none" for the empty set.  Since 0.1. */
const char *domctx_releases_text(const struct domctx_releases *releases,
                                 char buf[DOMCTX_RELEASES_ROOM]);

/* -- Which Xen saved it -------------------------------------------------- */

/* What an inference rests on: something seen in the context, and the
 * releases that save such a thing. */
struct domctx_evidence {
    const char *id;     /* stable, e.g. "mtrr-same"; "length" for a length
                         * of a record, "bounds" for what the caller said */
    char record[40];    /* "CPU/0", or "" */
    char seen[80];      /* in words */
    char releases[160]; /* "4.12 to 4.22" */
    bool followed;      /* false: it contradicts what stands before it */
    bool certain;       /* no context of another release has it, be it saved
                         * or converted; else only a saver of another one
                         * would not write it.  Since 0.1. */
};

/* What was found out.  Opaque. */
typedef struct domctx_inference domctx_inference;

/*
 * Find the releases that can have saved a context, from lengths, from which
 * records there are, and from the ways and faults of the savers; START is not
 * looked at.  oldest and newest narrow it (NULL: not known).
 *
 * Evidence that contradicts what was found before it is left out, with a
 * warning "infer-contradiction"; a mere hint is left out without one.  So at
 * least one release is always left.
 *
 * On success *inference is new, for domctx_inference_free(), and needs the
 * context no more.  Fails only when memory is short.
 * Ids: infer-contradiction, no-memory.
 */
int domctx_infer(const domctx_context *context,
                 const struct domctx_release *oldest,
                 const struct domctx_release *newest,
                 domctx_inference **inference, domctx_report *report);

/* Free an inference.  NULL is allowed. */
void domctx_inference_free(domctx_inference *inference);

/* All of them.  Since 0.1. */
void domctx_inference_releases(const domctx_inference *inference,
                               struct domctx_releases *releases);

/* Range number i of the releases, oldest first, with point releases; false
 * past the last.  There is a range 0. */
bool domctx_inference_range(const domctx_inference *inference, size_t i,
                            struct domctx_release_range *range);

/* The ranges in words: "4.7 to 4.11", "4.18.5 to 4.18.6, 4.21 to 4.22". */
const char *domctx_inference_text(const domctx_inference *inference);

/* Whether evidence was left out that was more than a hint. */
bool domctx_inference_contradicts(const domctx_inference *inference);

/* Piece of evidence number i in the order it was looked at; NULL past the
 * last.  What fits every release is left out. */
const struct domctx_evidence *domctx_inference_evidence(
    const domctx_inference *inference, size_t i);

#endif /* DOMCTX_CONTEXT_H */
