/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An image in memory, for a consumer that cannot allocate: a hypervisor that
 * starts during a live update, with the state that its predecessor left.
 *
 * Nothing here allocates, copies, prints or keeps state between calls; the
 * only functions of the C library that are called are memcpy() and memset().
 * The image may lie at any address, aligned or not, and is never written.
 * Several threads may walk it at once, each with a walk of its own.  Stack use
 * is bounded, and nothing beyond the given size is read.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_CORE_H
#define DOMCTX_CORE_H

/* What the functions of this header return: 0, a positive value where it is
 * documented, or one of these errors. */
enum domctx_core_status {
    DOMCTX_CORE_NO_IMAGE = -1,   /* the first record is not START */
    DOMCTX_CORE_CUT = -2,        /* the input ends before END, or within a
                                  * header */
    DOMCTX_CORE_LENGTH = -3,     /* a record passes the end of the input */
    DOMCTX_CORE_PADDING = -4,    /* nonzero bytes after a body */
    DOMCTX_CORE_START = -5,      /* START has another instance than 0 or
                                  * another length than 8, or there is a second
                                  * START */
    DOMCTX_CORE_END = -6,        /* END has an instance or a body */
    DOMCTX_CORE_ROOM = -7,       /* the buffer is too small for the image */
    DOMCTX_CORE_ORDER = -8,      /* the calls come in the wrong order */
};

/* -- Walking ------------------------------------------------------------- */

/* A walk over an image.  The caller allocates it and may copy it. */
struct domctx_walk {
    const uint8_t *buf;
    uint64_t size;
    uint64_t at;                 /* offset of the next record header */
    bool big;                    /* the image's numbers are big-endian */
    bool done;                   /* END was reached */
    uint32_t xen_major, xen_minor;  /* the saver's, in START; a newer one is no
                                     * error */
    uint64_t reserved[3];        /* 0 */
};

/* Begin a walk over size bytes at buf, which must outlive it; after END there
 * may be other data.  Returns 0 or an error; after an error the walk is empty,
 * and the calls below return DOMCTX_CORE_CUT.  Since 0.1. */
int domctx_walk_open(struct domctx_walk *walk, const void *buf, uint64_t size);

/*
 * Step to the next record behind START; its body stays in the buffer.  Returns
 * 1, or 0 if *record is END, or an error.  Types and bodies are not judged, so
 * that unknown records can be stepped over.  Since 0.1.
 */
int domctx_walk_next(struct domctx_walk *walk, struct domctx_record *record);

/* Go back to START.  Since 0.1. */
void domctx_walk_rewind(struct domctx_walk *walk);

/* Bytes from START to the end of the record that was returned last.  Since
 * 0.1. */
uint64_t domctx_walk_consumed(const struct domctx_walk *walk);

/* Find the first record of that type and instance, from START on.  Returns 1,
 * or 0 if there is none, or an error in front of it.  Does not move the walk.
 * Since 0.1. */
int domctx_walk_find(const struct domctx_walk *walk, uint32_t type,
                     uint32_t instance, struct domctx_record *record);

/* -- Filling ------------------------------------------------------------- */

/* An image that is being written into a buffer.  The caller allocates it. */
struct domctx_fill {
    uint8_t *buf;
    uint64_t room, used;
    uint64_t most;               /* the length of the reserved body */
    bool reserved, done;
};

/* Begin an image of at most room bytes at buf with START.  Returns 0 or an
 * error.  Since 0.1. */
int domctx_fill_open(struct domctx_fill *fill, void *buf, uint64_t room,
                     uint32_t xen_major, uint32_t xen_minor);

/* Reserve a body of up to most bytes, for the caller to write at *body.  The
 * record becomes part of the image with domctx_fill_commit(); a second reserve
 * before that replaces the first.  Returns 0 or an error.  Since 0.1. */
int domctx_fill_reserve(struct domctx_fill *fill, uint32_t type,
                        uint32_t instance, uint64_t most, uint8_t **body);

/* Commit the reserved body with its final length, and pad it.  Returns 0 or an
 * error.  Since 0.1. */
int domctx_fill_commit(struct domctx_fill *fill, uint64_t length);

/* Write END; *size is the length of the image.  Returns 0 or an error.  Since
 * 0.1. */
int domctx_fill_close(struct domctx_fill *fill, uint64_t *size);

#endif /* DOMCTX_CORE_H */
