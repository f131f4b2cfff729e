/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An image in memory, for a consumer that has no memory of its own: a
 * hypervisor that starts, with what the one before it left (live update).
 *
 * Nothing here allocates, copies, prints or keeps state between calls; no
 * function of the C library is called but those of memory (memcpy, memset).
 * The image may lie anywhere, aligned or not, and is never written; any number
 * of threads may walk it at once, each with a walk of its own.  The stack that
 * is used is bounded, and nothing is read behind the size that is given.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_CORE_H
#define DOMCTX_CORE_H

/* What the functions of this header return: 0, a positive value where it says
 * so, or what is wrong. */
enum domctx_core_status {
    DOMCTX_CORE_NO_IMAGE = -1,   /* the first record is not START */
    DOMCTX_CORE_CUT = -2,        /* the input ends before END, or within a
                                  * header */
    DOMCTX_CORE_LENGTH = -3,     /* a record passes the end of the input */
    DOMCTX_CORE_PADDING = -4,    /* bytes behind a body are not zero */
    DOMCTX_CORE_START = -5,      /* START has not instance 0 and 8 bytes, or
                                  * there is a second one */
    DOMCTX_CORE_END = -6,        /* END has an instance or a body */
    DOMCTX_CORE_ROOM = -7,       /* the buffer to fill is too small */
    DOMCTX_CORE_ORDER = -8,      /* the calls come in a wrong order */
};

/* -- Walking ------------------------------------------------------------- */

/* A walk over an image; the caller's own, to be copied at will. */
struct domctx_walk {
    const uint8_t *buf;
    uint64_t size;
    uint64_t at;                 /* of the next record header */
    bool big;                    /* the numbers of the image are big-endian */
    bool done;                   /* END was seen */
    uint32_t xen_major, xen_minor;  /* of the saver, as START has it: a newer
                                     * one is no error */
};

/* Begin a walk over size bytes at buf, which outlives it; behind END there may
 * be anything.  0 or what is wrong: then the walk is one of no bytes, in which
 * the calls below find DOMCTX_CORE_CUT.  Since 0.1. */
int domctx_walk_open(struct domctx_walk *walk, const void *buf, uint64_t size);

/*
 * The next record behind START, its body in the buffer: 1, or 0 when that is
 * END (*record is it), or what is wrong.  Types and bodies are not judged: a
 * record that is not known can be stepped over.  Since 0.1.
 */
int domctx_walk_next(struct domctx_walk *walk, struct domctx_record *record);

/* Go back to START.  Since 0.1. */
void domctx_walk_rewind(struct domctx_walk *walk);

/* Bytes from START through the record that was given last.  Since 0.1. */
uint64_t domctx_walk_consumed(const struct domctx_walk *walk);

/* The first record of that type and instance, from START on: 1; 0: there is
 * none; or what is wrong before it.  The walk stays where it is.  Since
 * 0.1. */
int domctx_walk_find(const struct domctx_walk *walk, uint32_t type,
                     uint32_t instance, struct domctx_record *record);

/* -- Filling ------------------------------------------------------------- */

/* An image that is being written into a buffer; the caller's own. */
struct domctx_fill {
    uint8_t *buf;
    uint64_t room, used;
    uint64_t most;               /* of the body that is reserved */
    bool reserved, done;
};

/* Begin an image with START in room bytes at buf.  0 or what is wrong.  Since
 * 0.1. */
int domctx_fill_open(struct domctx_fill *fill, void *buf, uint64_t room,
                     uint32_t xen_major, uint32_t xen_minor);

/* Reserve a body of at most so many bytes, at *body, for the caller to write.
 * The record is there once it is committed; one reserved instead of a commit
 * takes its place.  0 or what is wrong.  Since 0.1. */
int domctx_fill_reserve(struct domctx_fill *fill, uint32_t type,
                        uint32_t instance, uint64_t most, uint8_t **body);

/* Commit the body that is reserved, with its length, and pad it.  0 or what is
 * wrong.  Since 0.1. */
int domctx_fill_commit(struct domctx_fill *fill, uint64_t length);

/* End the image; *size: of all of it.  0 or what is wrong.  Since 0.1. */
int domctx_fill_close(struct domctx_fill *fill, uint64_t *size);

#endif /* DOMCTX_CORE_H */
