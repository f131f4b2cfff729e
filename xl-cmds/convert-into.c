/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-into.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "raise.h"
#include "save-file.h"

struct into {
    struct session *session;
    const struct into_job *job;
    domctx_report *report;
    struct input context;       /* what goes in */
    struct save_file save;
    struct domctx_release saver;   /* of the context */
    struct domctx_release release; /* that is to read the new save file */
    bool kept;                  /* it is that of the context, and another than
                                 * the save file's */
    const uint8_t *blob;        /* the context for that release */
    size_t blob_size;
    uint8_t *made;              /* it, where it is that of an image */
};

/* Print the findings; -1 if one of them stops the command. */
static int tell(struct into *into, const char *file)
{
    bool let_pass = into->job->allow_loss || into->job->force;

    session_tell_as(into->session, input_name(file),
                    let_pass ? DOMCTX_WARNING : DOMCTX_LOST);
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
            cmd_raise(into->report, MSG_INTO_LEFT,
                      &(struct cmd_at){ .record =
                                            domctx_type_name(record->type) },
                      "not put in: the save file keeps its own");
}

/* Its own context may be faulty: it goes. */
static int read_save(struct into *into, struct file_out *out)
{
    struct save_file *save = &into->save;

    if (save_file_open(save, into->job->save,
                       into->session->dry_run ? NULL : out,
                       into->report) < 0 ||
        save_file_walk(save, 0, into->report) < 0 ||
        tell(into, into->job->save) < 0)
        return -1;
    domctx_source_hvm(save->found.source, &save->found.hvm, NULL);
    return 0;
}

/* -- releases ------------------------------------------------------------- */

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

/* Which Xen an input says that it is of: 1, or 0 where its bytes have to tell,
 * -1 where they do not. */
static int release_of_input(struct into *into, struct input *input,
                            struct domctx_release *release)
{
    if (input_version(input, &release->xen_major, &release->xen_minor))
        return 1;
    return input_infer(input, &release->xen_major, &release->xen_minor,
                       into->report);
}

/* The Xen that the context is of; where its bytes alone tell, that of the save
 * file if it can be. */
static int find_saver(struct into *into, const struct domctx_release *file)
{
    const struct into_job *job = into->job;
    struct input *context = &into->context;
    int said = 1;

    into->saver.point = DOMCTX_POINT_ANY;
    if (job->xen) {
        into->saver.xen_major = job->xen->xen_major;
        into->saver.xen_minor = job->xen->xen_minor;
        if (input_hold_xen(context, job->xen, job->force, into->report) < 0)
            return -1;
    } else {
        said = release_of_input(into, context, &into->saver);
    }
    if (said < 0)
        return -1;
    if (said == 0 && file && may_be(context->inference, file))
        into->saver = *file;
    return said;
}

/* Without --target the context stays unchanged, even if the save file is of
 * another Xen. */
static void tell_kept(struct into *into, const struct domctx_release *file)
{
    char is[DOMCTX_RELEASE_ROOM], was[DOMCTX_RELEASE_ROOM];

    domctx_release_text(&into->saver, is);
    domctx_release_text(file, was);
    into->kept = true;
    cmd_raise(into->report, MSG_INTO_KEPT, NULL,
              "the context is of Xen %s, the save file of %s: it goes in as "
              "it is, for %s; --target=%s converts it for that", is, was, is,
              was);
}

/* The save file's own Xen, told of by its own name.  1: it is *release; 0: it
 * is not known. */
static int release_of_save(struct into *into, struct domctx_release *release)
{
    release->point = DOMCTX_POINT_ANY;
    if (!into->save.found.hvm &&
        !input_version(&into->save.found, &release->xen_major,
                       &release->xen_minor))
        return 0;
    if (release_of_input(into, &into->save.found, release) < 0) {
        session_tell(into->session, input_name(into->job->save));
        return -1;
    }
    return tell(into, into->job->save) < 0 ? -1 : 1;
}

/* Which Xen the context is of, and which is to read the new save file: the
 * one asked for, or that of the context. */
static int find_releases(struct into *into)
{
    const struct target *target = into->job->target;
    struct domctx_release file = { .point = DOMCTX_POINT_ANY };
    int known = release_of_save(into, &file), said;

    if (known < 0)
        return -1;
    said = find_saver(into, known ? &file : NULL);
    if (said < 0)
        return -1;
    into->release = target->wanted ? target->release : into->saver;
    if (target->wanted || (known && series(&into->saver) == series(&file)) ||
        (into->save.found.inference &&
         may_be(into->save.found.inference, &into->saver)))
        return 0;
    if (known)
        tell_kept(into, &file);
    else if (!said)
        return cmd_raise(into->report, MSG_INTO_TARGET, NULL,
                         "neither the save file nor its context tells which "
                         "Xen it belongs to: give --target=X.Y");
    return 0;
}

/* Whether that release reads the save file. */
static int judge_save(struct into *into)
{
    domctx_report *judged = domctx_report_new();

    if (!judged)
        return cmd_no_memory(into->report, 0);
    domctx_source_judge(into->save.found.source,
                        into->job->target->wanted || into->kept
                            ? &into->release : NULL, true, judged);
    /* check prints the notes */
    domctx_report_forward(into->report, judged, cmd_is_no_note, NULL);
    domctx_report_free(judged);
    return tell(into, into->job->save);
}

/* -- the context ---------------------------------------------------------- */

/* Take the blob unchanged. */
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

/* An unchanged blob must load, too: judge it for the oldest point release that
 * can have saved it. */
static int judge_verbatim(struct into *into)
{
    struct domctx_host host = {
        .domain = &domctx_source_info(into->save.found.source)->domain,
    };
    struct domctx_release release = into->release;
    domctx_hvm *hvm;
    int result;

    /* its findings are known */
    if (domctx_hvm_parse(into->blob, into->blob_size, &hvm, NULL) < 0)
        return cmd_no_memory(into->report, into->blob_size);
    domctx_release_narrow(&release, hvm);
    result = domctx_written_judge(hvm, &release, &host, into->job->force,
                                  into->report);
    domctx_hvm_free(hvm);
    return result;
}

/* The domain that the context was saved from, as far as it says. */
static void uuid_of(struct into *into, struct domctx_provenance *origin)
{
    const struct input *context = &into->context;

    memset(origin, 0, sizeof(*origin));
    if (context->source)
        domctx_source_origin(context->source, origin);
    else if (context->image &&
             domctx_image_provenance(context->image, origin, NULL) != 1)
        memset(origin, 0, sizeof(*origin));
}

/* Guest and context belong together, or it is forced. */
static int judge_guest(struct into *into)
{
    struct domctx_provenance origin;
    domctx_hvm *hvm;
    int result;

    /* its findings are known */
    if (domctx_hvm_parse(into->blob, into->blob_size, &hvm, NULL) < 0)
        return cmd_no_memory(into->report, into->blob_size);
    uuid_of(into, &origin);
    result = domctx_source_same_guest(into->save.found.source, hvm,
                                      origin.uuid, into->report);
    domctx_hvm_free(hvm);
    session_tell_as(into->session, input_name(into->job->context),
                    into->job->force ? DOMCTX_WARNING : DOMCTX_LOST);
    return into->job->force ? 0 : result;
}

/* Unchanged if its own series is the target.  A point release may have to mend
 * what another one saved. */
static int make_context(struct into *into)
{
    const struct domctx_release *release = &into->release;
    struct target *target = into->job->target;

    if (series(&into->saver) == series(release) &&
        release->point == DOMCTX_POINT_ANY)
        return judge_verbatim(into);
    target->release = *release;
    target->domain = &domctx_source_info(into->save.found.source)->domain;
    if (target_convert(target, &into->context, into->saver.xen_major,
                       into->saver.xen_minor, into->job->allow_loss,
                       into->job->force, into->report) < 0)
        return -1;
    into->blob = target->blob;
    into->blob_size = target->size;
    return 0;
}

/* -- the new save file ---------------------------------------------------- */

static int prepare(struct into *into, struct file_out *out)
{
    int result;

    if (input_load_with(&into->context, into->job->context,
                        into->job->allow_loss ? DOMCTX_WALK_CUT : 0,
                        into->report) < 0) {
        session_tell(into->session, input_name(into->job->context));
        return -1;
    }
    note_left(into);
    if (tell(into, into->job->context) < 0 || read_save(into, out) < 0)
        return -1;
    result = find_releases(into);
    if (result < 0) {
        /* what ends the command is not let pass */
        session_tell(into->session, input_name(into->job->context));
        return -1;
    }
    if (tell(into, into->job->context) < 0 || judge_save(into) < 0)
        return -1;
    /* another guest's is that first, whatever else its loader minds */
    result = take_verbatim(into) < 0 || judge_guest(into) < 0
                 ? -1 : make_context(into);
    /* what it would lose is a warning by now, if that is allowed */
    session_tell(into->session, input_name(into->job->context));
    if (result < 0)
        return -1;
    return save_file_splice(&into->save, into->blob, into->blob_size,
                            &into->release, into->report);
}

static void say(const struct into *into)
{
    const struct domctx_source_info *info =
        domctx_source_info(into->save.found.source);
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
            result = save_file_write(&into->save, &out,
                                     output_name(new_save), into->report);
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
    save_file_close(&into.save);
    free(into.made);
    input_free(&into.context);
}
