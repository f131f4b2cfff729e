/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening whatever holds a context: an image, a blob, JSON, a save file or a
 * stream.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_OPEN_H
#define DOMCTX_OPEN_H

/* How to open; NULL or zeroed: as the input says by itself. */
struct domctx_open_options {
    bool has_xen;                /* xen saved it: for an input that does not */
    struct domctx_release xen;   /* say so; what it infers is else taken.  Its
                                  * point release is held against the bytes
                                  * and then forgotten. */
    unsigned int walk;           /* DOMCTX_WALK_*: how a save file is walked */
    bool force;                  /* believe xen though the bytes contradict it,
                                  * or the library does not know it */
    uint64_t reserved[4];        /* 0 */
};

/*
 * The context in a file: a domain context image of either form, a legacy
 * blob, a JSON document of one of these, or any of the save files and streams
 * of domctx/source.h; which of them is told from the bytes.  Of a save file
 * the guest's memory is stepped over.
 *
 * A blob says nowhere which Xen saved it, nor do most containers.  Without
 * options->has_xen it is inferred, and the oldest release that can have saved
 * it is that of the context; domctx_context_inference() has them all.
 *
 * What is wrong with the content (an unknown record, a length that no layout
 * has) is in the report and does not make it fail.  Broken framing does
 * (DOMCTX_DAMAGED), and so do "file-open", "file-read", "file-folder",
 * "file-too-large" (16 MiB, JSON 64; no save file), "file-unknown", and the
 * kinds of domctx_unknown() (DOMCTX_FOREIGN).  After "file-open" errno is that
 * of open(2).
 *
 * An options->xen is not believed blindly: "convert-xen-known" if the input
 * names another one; and without options->force "release-unknown" for one that
 * the library does not know (where the input does not name it), and what
 * domctx_context_saved_by() refuses.
 *
 * On success *context is new, for domctx_context_free(), and owns all that it
 * stands on; on failure it is NULL.  Since 0.1.
 * Ids: file-open, file-read, file-folder, file-too-large, convert-xen-known,
 * call-argument, release-unknown, no-memory, those of domctx_unknown(),
 * domctx_image_parse(), domctx_hvm_parse(), domctx_json_read(),
 * domctx_source_walk(), domctx_source_infer(), domctx_context_saved_by().
 */
int domctx_open(const char *path, const struct domctx_open_options *options,
                domctx_context **context, domctx_report *report);

/* The same of a descriptor: a file, disk, pipe or socket, which is read from
 * where it stands, and stays the caller's.  It is read as by
 * domctx_read_whole(), so an image may come through a pipe that its writer
 * keeps open.  Since 0.1.
 * Ids: those of domctx_open(). */
int domctx_open_fd(int fd, const struct domctx_open_options *options,
                   domctx_context **context, domctx_report *report);

/* The same of size bytes at buf, which must stay as they are as long as the
 * context.  Since 0.1.
 * Ids: those of domctx_open(). */
int domctx_open_memory(const void *buf, size_t size,
                       const struct domctx_open_options *options,
                       domctx_context **context, domctx_report *report);

/*
 * Read an input whole, for the functions that parse a buffer.  head: the first
 * bytes, which were already read; 32 tell the format.  reader: the bytes
 * behind them; its skip() is not called.  left: how many those are; 0: not
 * known, as on a pipe.  most: the longest input to accept.
 *
 * An image that comes from a pipe, or with more than most bytes behind it as
 * on a disk, is read to its own end: through DIGEST, or through END and the
 * header of the record behind it, if that is no trailer.  All else is read to
 * the end of the input.
 *
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free(); on failure it is NULL.  Since 0.1.
 * Ids: file-read, file-too-large, no-memory, those of domctx_stream_feed().
 */
int domctx_read_whole(const struct domctx_reader *reader, const void *head,
                      size_t head_size, uint64_t left, uint64_t most,
                      uint8_t **buf, size_t *size, domctx_report *report);

/* -- What a context stands on ----------------------------------------- */

/* What it was opened from; of a view, DOMCTX_FORMAT_IMAGE or _HVM.  Since
 * 0.1. */
enum domctx_format domctx_context_format(const domctx_context *context);

/* The series of Xen that saved it, with DOMCTX_POINT_ANY: of START, of the
 * container, as the caller said, or inferred.  False where it is not known
 * (a view that was made without).  Since 0.1. */
bool domctx_context_release(const domctx_context *context,
                            struct domctx_release *release);

/* The image, the blob, the walked container and the inference behind it;
 * NULL: there is none.  The blob is there for a raw one, one in a container,
 * and one that an image wraps.  All of them live as long as the context.
 * Since 0.1. */
const domctx_image *domctx_context_image(const domctx_context *context);

/* See domctx_context_image(). */
const domctx_hvm *domctx_context_hvm(const domctx_context *context);

/* See domctx_context_image(); not const, for domctx_source_fit(). */
domctx_source *domctx_context_source(const domctx_context *context);

/* See domctx_context_image(). */
const domctx_inference *domctx_context_inference(
    const domctx_context *context);

/*
 * Whether xen can have saved the context: "convert-xen-contradicted" for each
 * length, record and value that it never saves, and for a PROVENANCE that
 * names other releases.  Returns 0, or -1 with at least one of these, or when
 * memory is short.  Of a series that the library does not know, nothing is
 * said.  Since 0.1.
 * Ids: convert-xen-contradicted, no-memory.
 */
int domctx_context_saved_by(const domctx_context *context,
                            const struct domctx_release *xen,
                            domctx_report *report);

/*
 * domctx_infer() for a blob out of a container: within what the container
 * tells, unless the blob is plainly one of a later release, put into it
 * ("source-later-context").  source: NULL for a blob by itself.  On success
 * *inference is new, for domctx_inference_free().  Fails only when memory is
 * short.  Since 0.1.
 * Ids: source-later-context, those of domctx_infer().
 */
int domctx_source_infer(const domctx_source *source,
                        const domctx_context *context,
                        domctx_inference **inference, domctx_report *report);

#endif /* DOMCTX_OPEN_H */
