/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing an xl save file from a container that no current toolstack reads:
 * the header with the configuration, a libxl stream, in it a libxc stream with
 * the old one's pages, and the emulator's records.
 */
#include "container/rewrite.h"
#include "base/bytes.h"
#include "container/libxl.h"

#include <stdlib.h>
#include <string.h>

#define XL_MAGIC "Xen saved domain, xl format\n \0 \r"
#define XL_MAGIC_SIZE 32
#define FLAG_JSON 1
#define FLAG_STREAM 2

#define LIBXL_END 0
#define LIBXL_LIBXC_CONTEXT 1
#define LIBXL_XENSTORE 2
#define LIBXL_EMULATOR 3

#define RECORD_TSC 0x08
#define RECORD_CONTEXT 0x09
#define RECORD_PARAMS 0x0a
#define RECORD_STATIC_END 0x10
#define TYPE_HVM 2
#define PAGE_SHIFT 12

int rewrite_put(struct rewrite *rewrite, const void *bytes, size_t size)
{
    if (size && !rewrite->stopped &&
        rewrite->writer->put(rewrite->writer->arg, bytes, size) != 0)
        rewrite->stopped = true;
    return rewrite->stopped ? -1 : 0;
}

int rewrite_copy(struct rewrite *rewrite, uint64_t offset, uint64_t size)
{
    if (size && !rewrite->stopped &&
        rewrite->writer->copy(rewrite->writer->arg, offset, size) != 0)
        rewrite->stopped = true;
    return rewrite->stopped ? -1 : 0;
}

int rewrite_header(struct rewrite *rewrite, uint32_t type, uint32_t length)
{
    uint8_t bytes[8];

    put_le32(bytes, type);
    put_le32(bytes + 4, length);
    return rewrite_put(rewrite, bytes, sizeof(bytes));
}

/* Write zeros up to a multiple of 8. */
static int put_padding(struct rewrite *rewrite, uint64_t length)
{
    static const uint8_t zeros[8];

    return rewrite_put(rewrite, zeros, -length & 7);
}

/* -- the headers --------------------------------------------------------- */

/* The configuration is copied: since 4.6 xl reads JSON if the flag is set,
 * else the text of a configuration file.  Those of libvirt and xend are
 * neither. */
static int put_xl(struct rewrite *rewrite)
{
    const struct domctx_source_info *old = rewrite->old;
    bool json = old->config_kind == DOMCTX_CONFIG_JSON;
    uint32_t size = 0;
    uint8_t bytes[20];

    if (old->config && (json || old->config_kind == DOMCTX_CONFIG_XL))
        size = (uint32_t)old->config_size + json; /* with its NUL */
    put_le32(bytes, 0x01020304);
    put_le32(bytes + 4, FLAG_STREAM | (json ? FLAG_JSON : 0));
    put_le32(bytes + 8, 0);
    put_le32(bytes + 12, size ? size + 4 : 0);
    put_le32(bytes + 16, size);
    if (rewrite_put(rewrite, XL_MAGIC, XL_MAGIC_SIZE) < 0 ||
        rewrite_put(rewrite, bytes, size ? 20 : 16) < 0)
        return -1;
    return rewrite_put(rewrite, old->config, size);
}

static int put_libxl(struct rewrite *rewrite)
{
    static const uint8_t header[16] = {
        'L', 'i', 'b', 'x', 'l', 'F', 'm', 't', 0, 0, 0, 2 };

    return rewrite_put(rewrite, header, sizeof(header)) < 0
               ? -1
               : rewrite_header(rewrite, LIBXL_LIBXC_CONTEXT, 0);
}

static bool is_v3(const struct rewrite *rewrite)
{
    return cat_version_of(rewrite->target->xen_major,
                          rewrite->target->xen_minor) >= CAT_V(4, 14);
}

/* A stream of before 4.0 has no mode of the TSC, and nobody is to make one up:
 * who reads the new one is told, as by convert-legacy-stream, that no Xen
 * wrote it, and misses no record that every Xen writes. */
static void put_saver(const struct rewrite *rewrite, uint8_t *at)
{
    bool converted = !rewrite->old->has_tsc;

    put_le32(at, converted ? 0 : rewrite->target->xen_major);
    put_le32(at + 4, converted ? 1 : rewrite->target->xen_minor);
}

static int put_libxc(struct rewrite *rewrite)
{
    uint8_t bytes[40] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                          'X', 'E', 'N', 'F' };

    bytes[15] = is_v3(rewrite) ? 3 : 2;
    put_le32(bytes + 24, TYPE_HVM);
    put_le32(bytes + 28, PAGE_SHIFT);
    put_saver(rewrite, bytes + 32);
    if (rewrite_put(rewrite, bytes, sizeof(bytes)) < 0)
        return -1;
    return is_v3(rewrite) ? rewrite_header(rewrite, RECORD_STATIC_END, 0) : 0;
}

/* -- behind the pages ----------------------------------------------------- */

static int put_tsc(struct rewrite *rewrite)
{
    const struct domctx_source_info *old = rewrite->old;
    uint8_t bytes[24] = { 0 };

    if (!old->has_tsc)
        return 0;
    put_le32(bytes, old->tsc_mode);
    put_le32(bytes + 4, old->tsc_khz);
    put_le64(bytes + 8, old->tsc_nsec);
    put_le32(bytes + 16, old->tsc_incarnation);
    return rewrite_header(rewrite, RECORD_TSC, sizeof(bytes)) < 0
               ? -1
               : rewrite_put(rewrite, bytes, sizeof(bytes));
}

static int put_params(struct rewrite *rewrite)
{
    uint8_t bytes[8 + 16 * REWRITE_PARAMS];
    size_t size = 8 + 16 * rewrite->n_params;

    put_le64(bytes, rewrite->n_params);
    for (size_t i = 0; i < rewrite->n_params; i++) {
        put_le64(bytes + 8 + 16 * i, rewrite->param[i][0]);
        put_le64(bytes + 16 + 16 * i, rewrite->param[i][1]);
    }
    return rewrite_header(rewrite, RECORD_PARAMS, (uint32_t)size) < 0
               ? -1
               : rewrite_put(rewrite, bytes, size);
}

static int put_context(struct rewrite *rewrite)
{
    size_t size = rewrite->context_size;

    if (rewrite_header(rewrite, RECORD_CONTEXT, (uint32_t)size) < 0 ||
        rewrite_put(rewrite, rewrite->context, size) < 0 ||
        put_padding(rewrite, size) < 0)
        return -1;
    return rewrite_header(rewrite, LIBXL_END, 0); /* ends the libxc stream */
}

/* Only qemu-traditional wrote state without a length, or Remus's. */
static bool is_traditional(const struct domctx_source_info *info)
{
    return info->qemu == DOMCTX_QEMU_OLD || info->qemu == DOMCTX_QEMU_REMUS;
}

/* Write the beginning of an emulator record: header, id and index; the caller
 * writes the size bytes that follow. */
static int put_emulator(struct rewrite *rewrite, uint32_t type, uint64_t size)
{
    uint8_t bytes[8] = { is_traditional(rewrite->old) ? EMULATOR_TRADITIONAL
                                                      : EMULATOR_UNKNOWN };

    return rewrite_header(rewrite, type, (uint32_t)(8 + size)) < 0
               ? -1
               : rewrite_put(rewrite, bytes, sizeof(bytes));
}

static int put_emulators(struct rewrite *rewrite)
{
    const struct held *xenstore = &rewrite->xenstore;

    if (xenstore->size &&
        (put_emulator(rewrite, LIBXL_XENSTORE, xenstore->size) < 0 ||
         rewrite_put(rewrite, xenstore->p, xenstore->size) < 0 ||
         put_padding(rewrite, xenstore->size) < 0))
        return -1;
    if (put_emulator(rewrite, LIBXL_EMULATOR, rewrite->qemu_size) < 0 ||
        rewrite_copy(rewrite, rewrite->qemu_at, rewrite->qemu_size) < 0 ||
        put_padding(rewrite, rewrite->qemu_size) < 0)
        return -1;
    return rewrite_header(rewrite, LIBXL_END, 0);
}

static int put_all(struct rewrite *rewrite, uint64_t stream)
{
    if (put_xl(rewrite) < 0 || put_libxl(rewrite) < 0 ||
        put_libxc(rewrite) < 0 || source_skip(rewrite->in, stream) < 0 ||
        rewrite_legacy(rewrite) < 0 || put_tsc(rewrite) < 0)
        return -1;
    return put_params(rewrite) < 0 || put_context(rewrite) < 0
               ? -1
               : put_emulators(rewrite);
}

/* Copy the libxl stream of a foreign container, with the context replaced. */
static int put_stream(struct rewrite *rewrite, const domctx_source *source,
                      uint64_t stream)
{
    struct domctx_piece pieces[DOMCTX_FITTED_MAX];
    struct domctx_splice splice;
    const struct domctx_source_info *old = rewrite->old;
    int result = put_xl(rewrite);
    uint64_t size;
    size_t n = 0;

    if (result == 0)
        result = domctx_source_splice(source, rewrite->context,
                                      rewrite->context_size, rewrite->target,
                                      &splice, rewrite->report);
    if (result == 0)
        n = domctx_source_pieces(source, &splice, pieces, &size);
    for (size_t i = 0; result == 0 && i < n; i++) {
        const struct domctx_piece *piece = &pieces[i];
        uint64_t end = piece->offset + piece->size;
        uint64_t from = piece->offset < stream ? stream : piece->offset;

        if (piece->bytes)
            result = rewrite_put(rewrite, piece->bytes, (size_t)piece->size);
        else if (end > from && from < old->size)
            result = rewrite_copy(rewrite, from,
                                  (end < old->size ? end : old->size) - from);
    }
    return result;
}

/* -- what can be rewritten ------------------------------------------------ */

static const struct domctx_layer *libxl_of(
    const struct domctx_source_info *info)
{
    for (size_t i = 0; i < info->n_layers; i++)
        if (info->layer[i].container == DOMCTX_IN_LIBXL)
            return &info->layer[i];
    return NULL;
}

static int refuse(domctx_report *report, const char *container,
                  const char *why)
{
    return msg_raise(report, MSG_REWRITE, &(struct msg_at){
                         .record = container }, "%s", why);
}

static bool is_xenops(const struct domctx_source_info *info)
{
    return info->layer[0].container == DOMCTX_IN_XENOPS ||
           info->layer[0].container == DOMCTX_IN_XENOPS_LEGACY;
}

/* xl before 4.6 reads no libxl stream; Xen 4.21 dropped qemu-traditional. */
static int judge(const domctx_source *source,
                 const struct domctx_release *target, domctx_report *report)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    const char *name = domctx_container_name(info->layer[0].container);
    cat_version series = cat_version_of(target->xen_major,
                                        target->xen_minor);
    const struct domctx_layer *inner;

    if (info->n_layers == 0)
        return refuse(report, name, "no container was found");
    inner = &info->layer[info->n_layers - 1];
    if (series < CAT_V(4, 6))
        return refuse(report, name,
                      "what is written is not read before Xen 4.6");
    if (libxl_of(info))
        return source_judge_stream(source, target, report);
    if (is_xenops(info))
        return refuse(report, name,
                      "the emulator's state is not in the stream: xe alone "
                      "restores it");
    if (inner->container != DOMCTX_IN_LEGACY ||
        info->qemu == DOMCTX_QEMU_NONE)
        return refuse(report, name,
                      "the emulator's state is not in it, without which an "
                      "HVM guest does not come back");
    if (source->bad_qemu)
        return refuse(report, name,
                      "the emulator's state does not begin as it must, and "
                      "no emulator reads it");
    if (info->n_intervals > 0)
        return refuse(report, name,
                      "a stream with checkpoints is not written anew");
    if (is_traditional(info) && series >= CAT_V(4, 21))
        return refuse(report, name,
                      "the emulator's state is of qemu-traditional, which is "
                      "gone since Xen 4.21: no other reads it");
    return 0;
}

int domctx_source_rewrite(const domctx_source *source,
                          const struct domctx_reader *reader,
                          const void *context, size_t size,
                          const struct domctx_release *target,
                          const struct domctx_writer *writer,
                          domctx_report *report)
{
    static const struct domctx_release oldest = { 4, 6, DOMCTX_POINT_ANY };
    const struct domctx_source_info *info = domctx_source_info(source);
    struct rewrite rewrite = {
        .old = info, .writer = writer, .target = target ? target : &oldest,
        .context = context,
        .context_size = size, .report = report,
    };
    const struct domctx_layer *libxl = libxl_of(info);
    int result = judge(source, rewrite.target, report);

    if (result < 0 || !writer)
        return result;
    rewrite.in = domctx_source_new(reader, NULL, 0);
    if (!rewrite.in)
        return msg_no_memory(report, 0);
    rewrite.in->report = rewrite.in->out = report;
    result = libxl ? put_stream(&rewrite, source, libxl->offset)
                   : put_all(&rewrite,
                             info->layer[info->n_layers - 1].offset);
    if (rewrite.in->cut.is)
        result = msg_raise(report, MSG_SOURCE_CUT, &rewrite.in->cut.at,
                           "the input has become shorter");
    free(rewrite.xenstore.p);
    domctx_source_free(rewrite.in);
    return result;
}
