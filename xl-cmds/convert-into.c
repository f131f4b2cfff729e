/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-into.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/messages.h"

#include "file.h"
#include "input.h"

struct into {
    struct session *session;
    const struct into_job *job;
    domctx_report *report;
    struct input context;       /* what goes in */
    struct file_in file;        /* the save file, open if has_file */
    bool has_file;
    bool spooled;               /* the output already holds its bytes */
    struct input save;          /* what was found in it */
    struct domctx_release release; /* that is to read it */
    const uint8_t *blob;        /* the context for that release */
    size_t blob_size;
    uint8_t *made;              /* it, where it is that of an image */
    struct domctx_splice splice;
};

/* Tell what was found; -1 when that forbids to go on. */
static int tell(struct into *into, const char *file)
{
    session_tell_as(into->session, input_name(file),
                    into->job->allow_loss ? DOMCTX_WARNING : DOMCTX_LOST);
    return into->session->worst >= DOMCTX_ERROR ? -1 : 0;
}

/* The save file's own records of the kind stay. */
static void note_left(const struct into *into)
{
    const struct domctx_record *record;
    size_t i = 1; /* behind START */

    while (into->context.image &&
           (record = domctx_image_get(into->context.image, i++)) &&
           record->type != DOMCTX_END)
        if (record->type < DOMCTX_HVM_CONTEXT ||
            record->type > DOMCTX_HVM_LAST)
            msg_raise(into->report, MSG_INTO_LEFT,
                      &(struct msg_at){ .record =
                                            domctx_type_name(record->type) },
                      "not put in: the save file keeps its own");
}

/* -- the save file -------------------------------------------------------- */

static int open_save(struct into *into, struct file_out *out)
{
    const char *path = into->job->save;

    if (file_open(&into->file, path, into->report) < 0)
        return -1;
    into->has_file = true;
    if (domctx_detect(into->file.head, into->file.head_size) !=
        DOMCTX_FORMAT_SAVE)
        return msg_raise(into->report, MSG_INTO_NO_SAVE, NULL,
                         "no save file to put a context into");
    if (into->file.sought || into->session->dry_run)
        return 0;
    into->spooled = out->dirfd >= 0;
    return file_spool(&into->file, out, into->report);
}

/* Its own context may be faulty: it goes. */
static int walk_save(struct into *into)
{
    struct domctx_reader reader = file_walk(&into->file);
    domctx_source *source = domctx_source_new(&reader, into->file.head,
                                              into->file.head_size);

    into->save.source = source;
    if (!source)
        return msg_no_memory(into->report, 0);
    if (domctx_source_walk(source, into->report) < 0 ||
        tell(into, into->job->save) < 0)
        return -1;
    domctx_source_hvm(source, &into->save.hvm, NULL);
    return 0;
}

/* The release that the context is to be made for: the one that the save file
 * belongs to. */
static int find_release(struct into *into)
{
    struct domctx_release *release = &into->release;

    *release = into->job->target->release;
    if (into->job->target->wanted)
        return 0;
    release->point = DOMCTX_POINT_ANY;
    if (input_version(&into->save, &release->xen_major, &release->xen_minor))
        return 0;
    if (!into->save.hvm)
        return msg_raise(into->report, MSG_INTO_TARGET, NULL,
                         "neither the save file nor its context tells which "
                         "Xen it belongs to: give --target=X.Y");
    return input_infer(&into->save, &release->xen_major, &release->xen_minor,
                       into->report);
}

/* What notes there are, "check" tells. */
static bool above_note(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    return finding->severity > DOMCTX_NOTE;
}

/* Whether that release reads the save file. */
static int judge_save(struct into *into)
{
    domctx_report *judged = domctx_report_new();

    if (!judged)
        return msg_no_memory(into->report, 0);
    domctx_source_judge(into->save.source,
                        into->job->target->wanted ? &into->release : NULL,
                        true, judged);
    domctx_report_forward(into->report, judged, above_note, NULL);
    domctx_report_free(judged);
    return tell(into, into->job->save);
}

/* -- the context ---------------------------------------------------------- */

static uint64_t series(const struct domctx_release *release)
{
    return (uint64_t)release->xen_major << 32 | release->xen_minor;
}

/* Whether the release is among those inferred. */
static bool may_be(const domctx_inference *inference,
                   const struct domctx_release *release)
{
    struct domctx_release_range range;

    for (size_t i = 0; domctx_inference_range(inference, i, &range); i++)
        if (series(&range.first) <= series(release) &&
            series(release) <= series(&range.last))
            return true;
    return false;
}

/* Which Xen saved it: that of the save file, where nothing speaks against
 * it. */
static int find_saver(struct into *into, uint32_t *xen_major,
                      uint32_t *xen_minor)
{
    struct input *context = &into->context;

    *xen_major = into->job->xen_major;
    *xen_minor = into->job->xen_minor;
    if (input_version(context, xen_major, xen_minor) || into->job->has_xen)
        return 0;
    if (input_infer(context, xen_major, xen_minor, into->report) < 0)
        return -1;
    if (may_be(context->inference, &into->release)) {
        *xen_major = into->release.xen_major;
        *xen_minor = into->release.xen_minor;
    }
    return 0;
}

/* The blob as it is, byte for byte. */
static int take_verbatim(struct into *into)
{
    const struct input *context = &into->context;

    if (context->image) {
        if (domctx_image_to_hvm(context->image, &into->made,
                                &into->blob_size, into->report) < 0)
            return -1;
        into->blob = into->made;
        return 0;
    }
    into->blob = context->source
                     ? domctx_source_info(context->source)->context
                     : context->buf;
    into->blob_size = domctx_hvm_consumed(context->hvm);
    return 0;
}

/* As it is, if it was saved by the very release it is for; a point release
 * may be one that mends what another one saved. */
static int make_context(struct into *into)
{
    const struct domctx_release *release = &into->release;
    struct target *target = into->job->target;
    struct domctx_release saver = { .point = DOMCTX_POINT_ANY };

    if (find_saver(into, &saver.xen_major, &saver.xen_minor) < 0)
        return -1;
    if (series(&saver) == series(release) &&
        release->point == DOMCTX_POINT_ANY)
        return take_verbatim(into);
    target->release = *release;
    if (target_convert(target, &into->context, saver.xen_major,
                       saver.xen_minor, into->job->allow_loss,
                       into->report) < 0)
        return -1;
    into->blob = target->blob;
    into->blob_size = target->size;
    return 0;
}

/* -- the new save file ---------------------------------------------------- */

/* Of a disk, what follows the save file is none of it. */
static void leave_rest_of_disk(struct into *into)
{
    uint64_t rest = domctx_source_info(into->save.source)->trailing;
    struct domctx_splice *splice = &into->splice;
    struct stat status;

    if (fstat(into->file.fd, &status) == 0 && S_ISBLK(status.st_mode) &&
        rest > 0) {
        splice->piece[splice->n_pieces - 1].size -= rest;
        splice->size -= rest;
    }
}

static int write_pieces(struct into *into, struct file_out *out)
{
    const struct domctx_splice *splice = &into->splice;
    int result = 0;

    progress_begin(&into->file.progress, output_name(into->job->new_save),
                   splice->size);
    for (size_t i = 0; result == 0 && i < splice->n_pieces; i++) {
        const struct domctx_piece *piece = &splice->piece[i];

        result = piece->bytes
                     ? file_write(out, piece->bytes, (size_t)piece->size,
                                  into->report)
                     : file_copy(out, &into->file, piece->offset,
                                 piece->size, into->report);
    }
    return result;
}

/* The output holds the save file.  What lies behind the context moves first,
 * as the new one may need its place. */
static int rearrange(struct into *into, struct file_out *out)
{
    const struct domctx_splice *splice = &into->splice;
    uint64_t at = splice->size;
    int result = 0;

    for (size_t i = splice->n_pieces; result == 0 && i-- > 0;) {
        const struct domctx_piece *piece = &splice->piece[i];

        at -= piece->size;
        if (piece->bytes)
            result = file_write_at(out, at, piece->bytes,
                                   (size_t)piece->size, into->report);
        else if (at != piece->offset)
            result = file_shift(out, piece->offset, at, piece->size,
                                into->report);
    }
    return result < 0 ? -1 : file_resize(out, splice->size, into->report);
}

static int prepare(struct into *into, struct file_out *out)
{
    const struct domctx_release *target = &into->release;
    int result;

    if (input_load_with(&into->context, into->job->context,
                        into->job->allow_loss ? DOMCTX_WALK_CUT : 0,
                        into->report) < 0) {
        session_tell(into->session, input_name(into->job->context));
        return -1;
    }
    note_left(into);
    if (tell(into, into->job->context) < 0 || open_save(into, out) < 0 ||
        walk_save(into) < 0 || find_release(into) < 0 ||
        judge_save(into) < 0)
        return -1;
    result = make_context(into);
    if (tell(into, into->job->context) < 0 || result < 0)
        return -1;
    if (domctx_source_splice(into->save.source, into->blob, into->blob_size,
                             target, &into->splice, into->report) < 0)
        return -1;
    leave_rest_of_disk(into);
    return 0;
}

static void say(const struct into *into)
{
    const struct domctx_source_info *info =
        domctx_source_info(into->save.source);
    const struct domctx_place *place = &info->place[info->last];

    session_verbose(into->session,
                    "a context of %zu bytes in the place of %" PRIu64
                    " at offset %" PRIu64 ", for Xen %" PRIu32 ".%" PRIu32
                    "%s", into->blob_size, place->length, place->offset,
                    into->release.xen_major, into->release.xen_minor,
                    into->session->dry_run ? " (dry run: nowhere)" : "");
}

static void run(struct into *into)
{
    const char *new_save = into->job->new_save;
    bool dry = into->session->dry_run;
    struct file_out out = { .fd = -1, .dirfd = -1 };
    int result;

    if ((dry ? file_check(new_save, into->report)
             : file_create(&out, new_save, into->report)) < 0) {
        session_tell(into->session, output_name(new_save));
        return;
    }
    result = prepare(into, &out);
    session_tell(into->session, input_name(into->job->save));
    if (result == 0) {
        say(into);
        if (!dry)
            result = into->spooled ? rearrange(into, &out)
                                   : write_pieces(into, &out);
        if (!dry && result == 0)
            file_commit(&out, into->report);
    }
    file_discard(&out);
    session_tell(into->session, output_name(new_save));
}

void convert_into(struct session *session, const struct into_job *job)
{
    struct into into = { .session = session, .job = job,
                         .report = session->report };

    run(&into);
    if (into.has_file)
        file_close(&into.file);
    free(into.made);
    input_free(&into.context);
    input_free(&into.save);
}
