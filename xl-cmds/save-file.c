/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "save-file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker.h"
#include "mend.h"
#include "raise.h"
#include "unpack.h"

/* Report what the file is instead of a save file. */
static int no_save_file(struct save_file *save, domctx_report *report)
{
    enum domctx_format format = domctx_detect(save->file.head,
                                              save->file.head_size);
    domctx_report *found = domctx_report_new();

    if (!found)
        return cmd_no_memory(report, 0);
    save->file.lost = format == DOMCTX_FORMAT_UNKNOWN;
    if (save->file.lost)
        file_unknown(&save->file, found);
    else
        cmd_raise(found, MSG_INTO_NO_SAVE, NULL, "no save file");
    if (file_unpacked(&save->file, report) == 0)
        domctx_report_forward(report, found, save->packed ? mend_packed : NULL,
                              &save->packed);
    domctx_report_free(found);
    return -1;
}

int save_file_open(struct save_file *save, const char *path,
                   struct file_out *out, domctx_report *report)
{
    if (file_open(&save->file, path, report) < 0)
        return -1;
    save->has_file = true;
    save->packed = unpack_name(save->file.head, save->file.head_size);
    if (file_unpack(&save->file, report) < 0)
        return -1;
    if (domctx_detect(save->file.head, save->file.head_size) !=
        DOMCTX_FORMAT_SAVE)
        return no_save_file(save, report);
    if (save->file.sought || !out)
        return 0;
    save->in_output = out->replaces;
    return file_spool(&save->file, out, report);
}

/* Walk, from a pipe also into the file that holds its bytes from then on. */
static int walk(struct save_file *save, domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result;

    if (!found)
        return cmd_no_memory(report, 0);
    result = domctx_source_walk(save->found.source, found);
    save->file.lost = input_is_lost(save->found.source);
    if (save->file.spool_error)
        result = file_spooled(&save->file, report);
    else if (file_unpacked(&save->file, report) < 0)
        result = -1;   /* what was found follows from it */
    else
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    return result == 0 && save->file.spooling
               ? file_spooled(&save->file, report)
               : result;
}

int save_file_walk(struct save_file *save, unsigned int options,
                   domctx_report *report)
{
    struct domctx_reader reader = file_walk(&save->file);

    save->found.source = domctx_source_new(&reader, save->file.head,
                                           save->file.head_size);
    if (!save->found.source)
        return cmd_no_memory(report, 0);
    domctx_source_options(save->found.source, options);
    return walk(save, report);
}

/* -- the new save file ---------------------------------------------------- */

/* On a disk, leave out the bytes behind the save file. */
static void leave_rest_of_disk(struct save_file *save)
{
    uint64_t rest = domctx_source_info(save->found.source)->trailing;
    struct domctx_splice *splice = &save->splice;

    if (S_ISBLK(save->file.status.st_mode) && rest > 0) {
        splice->piece[splice->n_pieces - 1].size -= rest;
        splice->size -= rest;
    }
}

static void take_pieces(struct save_file *save)
{
    save->n_pieces = domctx_source_pieces(save->found.source, &save->splice,
                                          save->piece, &save->size);
}

int save_file_splice(struct save_file *save, const void *blob, size_t size,
                     const struct domctx_release *target,
                     domctx_report *report)
{
    if (file_fits(size, report) < 0 ||
        domctx_source_splice(save->found.source, blob, size, target,
                             &save->splice, report) < 0)
        return -1;
    leave_rest_of_disk(save);
    take_pieces(save);
    return 0;
}

void save_file_keep(struct save_file *save)
{
    const struct domctx_source_info *info =
        domctx_source_info(save->found.source);
    uint64_t size = info->size + info->trailing;

    save->splice = (struct domctx_splice){ .n_pieces = 1, .size = size };
    save->splice.piece[0].size = size;
    leave_rest_of_disk(save);
    take_pieces(save);
}

static int write_pieces(struct save_file *save, struct file_out *out,
                        const char *name, domctx_report *report)
{
    int result = 0;

    progress_begin(&save->file.progress, name, save->size);
    for (size_t i = 0; result == 0 && i < save->n_pieces; i++) {
        const struct domctx_piece *piece = &save->piece[i];

        result = piece->bytes
                     ? file_write(out, piece->bytes, (size_t)piece->size,
                                  report)
                     : file_copy(out, &save->file, piece->offset,
                                 piece->size, report);
    }
    return result;
}

/* Move pieces up from the last one on, or down from the first one on, so that
 * none overwrites one that has not moved yet. */
static int move(struct save_file *save, struct file_out *out, bool up,
                domctx_report *report)
{
    uint64_t at = up ? save->size : 0;
    int result = 0;

    for (size_t i = 0; result == 0 && i < save->n_pieces; i++) {
        const struct domctx_piece *piece =
            &save->piece[up ? save->n_pieces - 1 - i : i];

        at -= up ? piece->size : 0;
        if (!piece->bytes && (up ? at > piece->offset : at < piece->offset))
            result = file_shift(out, piece->offset, at, piece->size, report);
        at += up ? 0 : piece->size;
    }
    return result;
}

/* The output already holds the save file: first move the pieces that change
 * place. */
static int rearrange(struct save_file *save, struct file_out *out,
                     domctx_report *report)
{
    int result = move(save, out, true, report);
    uint64_t at = 0;

    if (result == 0)
        result = move(save, out, false, report);
    for (size_t i = 0; result == 0 && i < save->n_pieces; i++) {
        const struct domctx_piece *piece = &save->piece[i];

        if (piece->bytes)
            result = file_write_at(out, at, piece->bytes,
                                   (size_t)piece->size, report);
        at += piece->size;
    }
    return result < 0 ? -1 : file_resize(out, save->size, report);
}

int save_file_write(struct save_file *save, struct file_out *out,
                    const char *name, domctx_report *report)
{
    return save->in_output ? rearrange(save, out, report)
                           : write_pieces(save, out, name, report);
}

/* -- written anew --------------------------------------------------------- */

struct anew {
    struct save_file *save;
    struct file_out *out;
    domctx_report *report;
};

static int anew_put(void *arg, const void *bytes, size_t size)
{
    struct anew *anew = arg;

    return file_write(anew->out, bytes, size, anew->report);
}

static int anew_copy(void *arg, uint64_t offset, uint64_t size)
{
    struct anew *anew = arg;

    return file_copy(anew->out, &anew->save->file, offset, size,
                     anew->report);
}

int save_file_rewrite(struct save_file *save, const void *blob, size_t size,
                      const struct domctx_release *target,
                      struct file_out *out, domctx_report *report)
{
    struct anew anew = { save, out, report };
    struct domctx_writer writer = { .put = anew_put, .copy = anew_copy,
                                    .arg = &anew };
    struct domctx_reader reader;

    if (file_fits(size, report) < 0)
        return -1;
    save->file.at = 0;
    reader = file_walk(&save->file);
    return domctx_source_rewrite(save->found.source, &reader, blob, size,
                                 target, &writer, report);
}

/* The output holds the old one: it goes aside, into a file without a name. */
static int put_aside(struct save_file *save, struct file_out *out,
                     domctx_report *report)
{
    struct file_out aside = { .dirfd = -1 };

    aside.fd = broker_serves() ? broker_nameless() : file_open_nameless();
    if (aside.fd < 0)
        return cmd_raise(report, MSG_FILE_TEMP, NULL,
                         "cannot keep the input for a second look: %s",
                         strerror(errno));
    if (file_copy(&aside, &save->file, 0, save->file.size, report) < 0)
        return -1;
    close(save->file.fd);
    save->file.fd = aside.fd;
    save->in_output = false;
    if (lseek(out->fd, 0, SEEK_SET) < 0)
        return file_fail(out, report);
    return file_resize(out, 0, report);
}

int save_file_plain(struct save_file *save, struct file_out *out,
                    domctx_report *report)
{
    struct anew anew = { save, out, report };
    struct domctx_writer writer = { .put = anew_put, .copy = anew_copy,
                                    .arg = &anew };
    struct domctx_reader reader;

    if (save->in_output && put_aside(save, out, report) < 0)
        return -1;
    save->file.at = 0;
    reader = file_walk(&save->file);
    return domctx_source_plain(save->found.source, &reader, save->piece,
                               save->n_pieces, &writer, report);
}

void save_file_close(struct save_file *save)
{
    if (save->has_file)
        file_close(&save->file);
    save->has_file = false;
    input_free(&save->found);
}
