/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unpack.h"

#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "raise.h"

#define STEP 65536   /* compressed bytes that are read at once */

/* How it ended. */
enum end {
    GOES_ON, AT_END, IS_CUT, IS_DAMAGED, GROWS, WANTS_MEMORY,
};

struct unpack {
    const struct method *method;
    unpack_source *source;
    void *arg;
    lzma_stream xz;
#ifdef HAVE_ZLIB
    z_stream gz;
#endif
    enum end end;
    bool source_ended;
    bool between;         /* a member has ended; what follows is not known */
    uint64_t zeros;       /* behind it */
    uint64_t whole;       /* the bytes up to there */
    bool behind;          /* what follows is none of it */
    uint64_t in, out;     /* bytes used and made */
    size_t first, last;   /* of buf: read and not used */
    uint8_t buf[STEP];
};

/* Turn bytes of buf into up to size bytes at out: how many.  With no bytes
 * left and the source at its end, 0 tells that it is cut. */
struct method {
    const char *name;
    const char *magic;
    size_t length;
    size_t padding;       /* another member may follow zeros in such groups;
                           * 0: it follows at once */
    bool (*begin)(struct unpack *unpack);
    bool (*again)(struct unpack *unpack);
    size_t (*step)(struct unpack *unpack, uint8_t *out, size_t size);
    void (*end)(struct unpack *unpack);
};

/* ------------------------------------------------------------------ */
/* xz                                                                  */
/* ------------------------------------------------------------------ */

static bool xz_again(struct unpack *unpack)
{
    return lzma_stream_decoder(&unpack->xz, UNPACK_MEMORY, 0) == LZMA_OK;
}

static bool xz_begin(struct unpack *unpack)
{
    unpack->xz = (lzma_stream)LZMA_STREAM_INIT;
    return xz_again(unpack);
}

static size_t xz_step(struct unpack *unpack, uint8_t *out, size_t size)
{
    lzma_stream *xz = &unpack->xz;
    lzma_ret result;

    xz->next_in = unpack->buf + unpack->first;
    xz->avail_in = unpack->last - unpack->first;
    xz->next_out = out;
    xz->avail_out = size;
    result = lzma_code(xz, LZMA_RUN);
    unpack->first = unpack->last - xz->avail_in;
    if (result == LZMA_STREAM_END)
        unpack->between = true;
    else if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR)
        unpack->end = WANTS_MEMORY;
    else if (result != LZMA_OK && result != LZMA_BUF_ERROR)
        unpack->end = IS_DAMAGED;
    return size - xz->avail_out;
}

static void xz_end(struct unpack *unpack)
{
    lzma_end(&unpack->xz);
}

/* ------------------------------------------------------------------ */
/* gzip                                                                */
/* ------------------------------------------------------------------ */

#ifdef HAVE_ZLIB
static bool gz_begin(struct unpack *unpack)
{
    return inflateInit2(&unpack->gz, 16 + MAX_WBITS) == Z_OK;
}

static bool gz_again(struct unpack *unpack)
{
    return inflateReset(&unpack->gz) == Z_OK;
}

static size_t gz_step(struct unpack *unpack, uint8_t *out, size_t size)
{
    z_stream *gz = &unpack->gz;
    int result;

    gz->next_in = unpack->buf + unpack->first;
    gz->avail_in = (uInt)(unpack->last - unpack->first);
    gz->next_out = out;
    gz->avail_out = size < STEP ? (uInt)size : STEP;
    size = gz->avail_out;
    result = inflate(gz, Z_NO_FLUSH);
    unpack->first = unpack->last - gz->avail_in;
    if (result == Z_STREAM_END)
        unpack->between = true;
    else if (result == Z_MEM_ERROR)
        unpack->end = WANTS_MEMORY;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        unpack->end = IS_DAMAGED;
    return size - gz->avail_out;
}

static void gz_end(struct unpack *unpack)
{
    inflateEnd(&unpack->gz);
}
#endif

static const struct method methods[] = {
    { "xz", "\xfd" "7zXZ\0", 6, 4, xz_begin, xz_again, xz_step, xz_end },
#ifdef HAVE_ZLIB
    { "gzip", "\x1f\x8b\x08", 3, 0, gz_begin, gz_again, gz_step, gz_end },
#endif
};

/* ------------------------------------------------------------------ */
/* Both                                                                */
/* ------------------------------------------------------------------ */

static const struct method *method_of(const uint8_t *head, size_t size)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (size >= methods[i].length &&
            memcmp(head, methods[i].magic, methods[i].length) == 0)
            return &methods[i];
    return NULL;
}

const char *unpack_name(const uint8_t *head, size_t size)
{
    const struct method *method = method_of(head, size);

    return method ? method->name : NULL;
}

const char *unpack_built(void)
{
#ifdef HAVE_ZLIB
    return "gzip, xz";
#else
    return "xz; built without zlib";
#endif
}

struct unpack *unpack_new(const uint8_t *head, size_t size,
                          unpack_source *source, void *arg)
{
    const struct method *method = method_of(head, size);
    struct unpack *unpack = method ? calloc(1, sizeof(*unpack)) : NULL;

    if (!unpack)
        return NULL;
    unpack->method = method;
    unpack->source = source;
    unpack->arg = arg;
    memcpy(unpack->buf, head, size);
    unpack->last = size;
    if (method->begin(unpack))
        return unpack;
    free(unpack);
    return NULL;
}

void unpack_free(struct unpack *unpack)
{
    if (unpack)
        unpack->method->end(unpack);
    free(unpack);
}

/* More compressed bytes behind those that are left. */
static int refill(struct unpack *unpack)
{
    size_t left = unpack->last - unpack->first;
    ssize_t got;

    memmove(unpack->buf, unpack->buf + unpack->first, left);
    unpack->first = 0;
    unpack->last = left;
    if (left == STEP || unpack->source_ended)
        return 0;
    got = unpack->source(unpack->arg, unpack->buf + left, STEP - left);
    if (got < 0)
        return -1;
    unpack->source_ended = got == 0;
    unpack->last += (size_t)got;
    return 0;
}

/*
 * Another member may follow, as after 'cat a.gz b.gz', or zeros: of a tape's
 * block, which gzip leaves out, or as xz's format pads a member.  Other bytes
 * are none of it.
 */
static void next_member(struct unpack *unpack)
{
    const struct method *method = unpack->method;
    size_t left;

    for (; unpack->first < unpack->last && !unpack->buf[unpack->first];
         unpack->first++)
        unpack->zeros++;
    left = unpack->last - unpack->first;
    if (left < method->length && !unpack->source_ended)
        return;   /* asked again with more */
    if (left >= method->length &&
        memcmp(unpack->buf + unpack->first, method->magic,
               method->length) == 0 &&
        (method->padding ? unpack->zeros % method->padding : unpack->zeros)
            == 0 && method->again(unpack)) {
        unpack->between = false;
        unpack->zeros = 0;
        return;
    }
    unpack->end = AT_END;
    if (left > 0 || (method->padding && unpack->zeros % method->padding))
        unpack->behind = true;
}

static size_t make(struct unpack *unpack, uint8_t *out, size_t size)
{
    if (unpack->between)
        next_member(unpack);
    return unpack->between ? 0 : unpack->method->step(unpack, out, size);
}

/* *stuck: it needs more bytes than there are. */
static size_t step(struct unpack *unpack, uint8_t *out, size_t size,
                   bool *stuck)
{
    size_t before = unpack->last - unpack->first;
    size_t made = make(unpack, out, size);
    size_t used = before - (unpack->last - unpack->first);

    unpack->in += used;
    unpack->out += made;
    if (unpack->between && unpack->zeros == 0)
        unpack->whole = unpack->in;
    *stuck = made == 0 && used == 0;
    if (unpack->end == GOES_ON && unpack->source_ended && *stuck)
        unpack->end = IS_CUT;
    if (unpack->out > UNPACK_FREE &&
        unpack->out / UNPACK_RATIO > unpack->in)
        unpack->end = GROWS;
    return made;
}

ssize_t unpack_read(struct unpack *unpack, void *buf, size_t size)
{
    size_t made = 0;
    bool stuck = false;

    while (made == 0 && size > 0 && unpack->end == GOES_ON) {
        if ((stuck || unpack->first == unpack->last) && refill(unpack) < 0)
            return -1;
        made = step(unpack, buf, size, &stuck);
    }
    return (ssize_t)made;
}

int unpack_fault(const struct unpack *unpack, bool lost,
                 domctx_report *report)
{
    unsigned long long out = unpack->out;
    const char *name = unpack->method->name;

    switch (unpack->end) {
    case IS_CUT:
        return cmd_raise(report, lost ? MSG_PACKED_LOST : MSG_PACKED_CUT, NULL,
                         "the %s file ends early, after %llu bytes of its "
                         "content", name, out);
    case IS_DAMAGED:
        return cmd_raise(report,
                         lost ? MSG_PACKED_LOST : MSG_PACKED_DAMAGED, NULL,
                         "the %s file fails its checksums, after %llu bytes "
                         "of its content",
                         name, out);
    case GROWS:
        return cmd_raise(report, MSG_PACKED_GROWS, NULL,
                         "%llu bytes came out of %llu that %s compressed, "
                         "and it was read no further", out,
                         (unsigned long long)unpack->in, name);
    case WANTS_MEMORY:
        return cmd_raise(report, MSG_PACKED_MEMORY, NULL,
                         "%s needs more memory for it than the %llu MiB that "
                         "it may have", name,
                         (unsigned long long)(UNPACK_MEMORY >> 20));
    case GOES_ON:
    case AT_END:
    default:
        if (unpack->behind)
            cmd_raise(report, MSG_PACKED_BEHIND, NULL,
                      "what %s compressed ends whole at byte %llu; other "
                      "bytes behind that were left out", name,
                      (unsigned long long)unpack->whole);
        return 0;
    }
}

uint64_t unpack_whole(const struct unpack *unpack)
{
    return unpack->behind ? unpack->whole : 0;
}
