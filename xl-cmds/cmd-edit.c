/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A context with other values in some fields: by --set, or in an editor as
 * JSON; shown as a difference, judged, and put where it was.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apart.h"
#include "cure.h"
#include "editing.h"
#include "raise.h"
#include "sandbox.h"
#include "save-file.h"
#include "unpack.h"
#include "verbs.h"

const struct option_row edit_options[] = {
    OPTION_HELP,
    { OPT_SET, 's', "set", "FIELD=VALUE",
      "Change a field, as CPU/0.rip=0x1000; may be repeated." },
    { OPT_RECORD, 'r', "record", "NAME",
      "In the editor, only the records NAME, or NAME/INSTANCE." },
    { OPT_FORCE, '\0', "force", NULL,
      "Write also what Xen refuses, though not what crashes it, and over "
      "another save file." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* -- what is shown and asked ------------------------------------------ */

/* The difference; where the result goes to standard output, beside it.  What
 * nobody could see is not written. */
static int show(struct edit *edit)
{
    enum domctx_severity before = edit->session->worst;
    struct domctx_diff_options options = {
        .name = { "as it was", "as edited" }, .lines = true,
    };
    struct stream_sink shown = {
        .stream = strcmp(edit->to, "-") == 0 ? stderr : stdout,
    };
    uint64_t differences;

    if (edit->input.source)
        options.kind[0] = options.kind[1] =
            domctx_source_info(edit->input.source)->words;
    domctx_diff(edit->old, edit->new, &options, stream_put, &shown,
                &differences, edit->report);
    if (shown.error)
        errno = shown.error;
    stdout_check(edit->session);
    return before < DOMCTX_SYSTEM && edit->session->worst >= DOMCTX_SYSTEM
               ? -1 : 0;
}

static bool may_ask(const struct edit *edit)
{
    return edit->asks && !edit->session->ask_nothing &&
           !edit->session->dry_run;
}

/* -- writing ---------------------------------------------------------- */

/* What the history of an image says. */
static void put_what(const struct edit *edit, char *what, size_t room)
{
    const char *word;
    size_t at = 0, used;

    used = (size_t)snprintf(what, room, "edited");
    while ((word = arguments_next(edit->arguments, OPT_SET, &at)) &&
           used < room)
        used += (size_t)snprintf(what + used, room - used, " %s", word);
}

/* A line of history for an image that has a PROVENANCE. */
static int note_history(struct edit *edit)
{
    const domctx_image *image = domctx_context_image(edit->new);
    char when[32], what[200], *provenance;
    domctx_edit *copy;
    uint8_t *bytes = NULL;
    time_t now = time(NULL);
    struct tm parts;
    int result;

    if (!image || !domctx_image_find(image, DOMCTX_PROVENANCE, 0))
        return 0;
    gmtime_r(&now, &parts);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &parts);
    put_what(edit, what, sizeof(what));
    provenance = domctx_provenance_convert(image, NULL, PACKAGE_STRING, when,
                                           what, edit->report);
    if (!provenance)
        return -1;
    result = domctx_edit_begin(edit->new, &copy, edit->report);
    if (result == 0)
        result = domctx_edit_take(copy, provenance, &bytes, &edit->size,
                                  edit->report);
    domctx_edit_free(copy);
    free(provenance);
    if (result < 0)
        return -1;
    editing_forget(edit);
    edit->bytes = bytes;
    return edit->input.json ? editing_open(edit, NULL) : 0;
}

/* What the walk finds was told when the file was read, unless it fails;
 * *endless: the END is missing, and is to be written. */
static int walk_again(struct save_file *save, bool *endless,
                      domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result = found ? save_file_walk(save, DOMCTX_WALK_NO_END, found)
                       : cmd_no_memory(report, 0);

    *endless = result == 0 && cure_is_endless(found);
    if (found && result < 0)
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    return result;
}

/* In its place in the save file; without out as far as nothing is written. */
static int write_save(struct edit *edit, struct file_out *out)
{
    struct save_file save = { .has_file = false };
    int result = save_file_open(&save, edit->from, out, edit->report);
    bool endless;

    if (result == 0)
        result = walk_again(&save, &endless, edit->report);
    if (result == 0)
        result = save_file_splice(&save, edit->bytes, edit->size, NULL,
                                  edit->report);
    if (result == 0 && out)
        result = endless ? save_file_plain(&save, out, edit->report)
                         : save_file_write(&save, out,
                                           output_name(edit->to),
                                           edit->report);
    save_file_close(&save);
    return result;
}

static int write_bytes(struct edit *edit, struct file_out *out)
{
    struct file_sink sink = { out, edit->report };

    if (edit->input.source)
        return write_save(edit, out);
    if (edit->input.json)
        return domctx_json_write(edit->new, file_sink_put, &sink,
                                 edit->report);
    return file_write(out, edit->bytes, edit->size, edit->report);
}

/* The file as it is now, in the sandbox as well. */
static int look(const struct edit *edit, struct stat *status)
{
    struct file_in in;
    const char *packed;

    if (file_open(&in, edit->from, edit->report) < 0)
        return -1;
    *status = in.status;
    packed = unpack_name(in.head, in.head_size);
    file_close(&in);
    if (packed && strcmp(edit->from, edit->to) == 0)
        return cmd_raise(edit->report, MSG_EDIT_PACKED, NULL,
                         "the file is compressed by %s, and would not be "
                         "any more", packed);
    return 0;
}

/* Whether the file is the one that was read. */
static int is_still(const struct edit *edit)
{
    struct stat now;

    if (look(edit, &now) < 0)
        return -1;
    if (now.st_ino == edit->seen.st_ino &&
        now.st_dev == edit->seen.st_dev &&
        now.st_size == edit->seen.st_size &&
        now.st_mtim.tv_sec == edit->seen.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == edit->seen.st_mtim.tv_nsec)
        return 0;
    return cmd_raise(edit->report, MSG_EDIT_CHANGED, NULL,
                     "another program has changed the file since it was "
                     "read; nothing written");
}

static int create(const struct edit *edit, struct file_out *out)
{
    int result = edit->input.json
                     ? file_create_text(out, edit->to, edit->report)
                     : file_create(out, edit->to, edit->report);

    return result == 0 && edit->to == edit->from
               ? file_keep_owner(out, edit->report)
               : result;
}

/* What can be refused before anything is written. */
static int prepare(struct edit *edit)
{
    if (note_history(edit) < 0 ||
        file_fits(edit->size, edit->report) < 0)
        return -1;
    return is_still(edit);
}

/* A dry run. */
static int rehearse(struct edit *edit)
{
    int result = prepare(edit);

    if (result == 0)
        result = file_check(edit->to, edit->report);
    if (result == 0 && edit->input.source)
        result = write_save(edit, NULL);
    session_tell(edit->session, output_name(edit->to));
    return result;
}

static int write_new(struct edit *edit)
{
    struct file_out out = { .fd = -1, .dirfd = -1 };
    int result = prepare(edit);

    if (result == 0)
        result = create(edit, &out);
    if (result == 0)
        result = write_bytes(edit, &out);
    /* a save file may have taken minutes */
    if (result == 0 && out.replaces)
        result = is_still(edit);
    if (result == 0)
        result = file_commit(&out, edit->report);
    file_discard(&out);
    session_tell(edit->session, output_name(edit->to));
    return result;
}

/* -- the two ways ----------------------------------------------------- */

enum end { END_DONE, END_FAILED, END_AGAIN };

/* The result is judged and shown; what the edit made wrong is told without a
 * cure, which would take it for damage. */
static int look_at(struct edit *edit)
{
    int result = editing_judge(edit);

    if (edit->new && show(edit) < 0)
        result = -1;
    session_tell(edit->session, edit->from);
    edit->session->as_typed = false;
    return result;
}

/* What was made by change: shown, judged, asked about and written. */
static enum end finish(struct edit *edit, bool again)
{
    const char *question = again ? "write it? [y]es, [n]o, [e]dit again:"
                                 : "write it? [y]es, [n]o:";
    int answer = 'y';

    if (edit->size == edit->same_size && edit->to == edit->from &&
        memcmp(edit->bytes, edit->same, edit->size) == 0) {
        cmd_raise(edit->report, MSG_EDIT_SAME, NULL,
                  "nothing is changed, and nothing written");
        return END_DONE;
    }
    if (look_at(edit) < 0)
        return END_FAILED;
    if (edit->session->dry_run)
        return rehearse(edit) < 0 ? END_FAILED : END_DONE;
    if (may_ask(edit))
        answer = edit_ask(question);
    if (answer == 'e' && again)
        return END_AGAIN;
    /* of what was typed only a "no" takes leave */
    if (answer != 'y')
        return again && answer != 'n' ? END_FAILED : END_DONE;
    return write_new(edit) < 0 ? END_FAILED : END_DONE;
}

static void edit_by_set(struct edit *edit)
{
    if (editing_take(edit->old, edit, editing_fields, NULL, 0) == 0 &&
        finish(edit, false) == END_FAILED && !edit->force)
        cmd_raise(edit->report, MSG_EDIT_UNWRITTEN, NULL,
                  "nothing written");
}

static int read_old(struct edit *edit)
{
    if (input_load_with(&edit->input, edit->from, DOMCTX_WALK_NO_END,
                        edit->report) < 0 ||
        input_view(&edit->input, false, 0, 0, &edit->old, edit->report) < 0)
        return -1;
    /* what is wrong with it as it was is not what stops an edit; with a text
     * it has been told */
    if (edit->typed)
        session_forget(edit->session);
    else
        session_tell_as(edit->session, edit->from, DOMCTX_NOTE);
    if (editing_take(edit->old, edit, editing_nothing, NULL, 0) < 0)
        return -1;
    edit->same = edit->bytes;
    edit->same_size = edit->size;
    edit->bytes = NULL;
    return 0;
}

static void edit_free(struct edit *edit)
{
    editing_forget(edit);
    free(edit->same);
    domctx_context_free(edit->old);
    input_free(&edit->input);
}

/* An editor is a program that the sandbox does not let start, so what is read
 * before it and what becomes of it behind it are the work of other
 * processes. */
static void write_text(struct session *session, void *arg, int to)
{
    struct edit *edit = arg;
    FILE *stream = fdopen(to, "w");
    struct stream_sink shown = { .stream = stream };

    if (!stream)
        cmd_no_memory(session->report, 0);
    else if (read_old(edit) == 0)
        domctx_json_show(edit->old, &edit->some, stream_put, &shown,
                         session->report);
    if (stream && (fclose(stream) != 0 || shown.error))
        session_worse(session, DOMCTX_SYSTEM);
    edit_free(edit);
}

static void use_text(struct session *session, void *arg, int to)
{
    struct edit *edit = arg;
    const uint8_t *text = edit->typed;
    size_t size = edit->typed_size;
    uint8_t end = END_FAILED;

    if (read_old(edit) == 0 &&
        (edit->some.record
             ? editing_take(edit->old, edit, editing_records, text, size)
             : editing_read(edit, text, size)) == 0)
        end = (uint8_t)finish(edit, true);
    if (file_put(to, &end, 1) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    edit_free(edit);
}

static int make_text(struct edit *edit, struct edit_text *text)
{
    const struct apart apart = { .file = edit->from, .work = write_text,
                                 .arg = edit };
    uint8_t *json;
    size_t size;

    if (look(edit, &edit->seen) < 0 ||
        apart_run(edit->session, edit->arguments, &apart, &json, &size) < 0)
        return -1;
    if (json && edit->session->worst < DOMCTX_ERROR)
        return edit_text_begin(text, (char *)json, size, edit->report);
    free(json);
    return -1;
}

/* One look at the text in the editor. */
static enum end edit_once(struct edit *edit, struct edit_text *text)
{
    const struct apart apart = { .file = edit->from, .out = edit->to,
                                 .work = use_text, .arg = edit };
    enum end end = END_FAILED;
    uint8_t *now, *byte;
    size_t size;

    if (edit_text_run(text, &now, &size, edit->report) < 0)
        return END_FAILED;
    if (!now) {
        cmd_raise(edit->report, MSG_EDIT_SAME, NULL,
                  "nothing is changed, and nothing written");
        return END_DONE;
    }
    edit->typed = now;
    edit->typed_size = size;
    if (apart_run(edit->session, edit->arguments, &apart, &byte, &size) ==
            0 &&
        byte && *byte <= END_AGAIN)
        end = (enum end)*byte;
    free(byte);
    free(now);
    return end;
}

/* Who has gone cannot say it any more. */
static bool wants_again(void)
{
    int answer = edit_ask("edit it again? [Y]es, [n]o:");

    return answer != 'n' && answer != 0;
}

/* After a failure back to the editor, with what was typed. */
static void edit_by_editor(struct edit *edit)
{
    enum domctx_severity before = edit->session->worst;
    struct edit_text text;
    enum end end;
    bool typed;

    if (!edit_has_editor()) {
        cmd_raise(edit->report, MSG_EDIT_EDITOR, NULL,
                  "no terminal for vi: give the values with "
                  "--set=RECORD/INSTANCE.FIELD=VALUE, or name an editor in "
                  "EDITOR");
        return;
    }
    if (make_text(edit, &text) < 0)
        return;
    for (;;) {
        end = edit_once(edit, &text);
        session_tell(edit->session, edit->from);
        if (end == END_FAILED && may_ask(edit) && wants_again())
            end = END_AGAIN;
        if (end != END_AGAIN)
            break;
        edit->session->worst = before;
    }
    typed = end == END_FAILED && edit_text_typed(&text);
    if (typed)
        cmd_raise(edit->report, MSG_EDIT_KEPT, NULL,
                  "nothing written; what was typed is in %s", text.file);
    else if (end == END_FAILED)
        cmd_raise(edit->report, MSG_EDIT_UNWRITTEN, NULL, "nothing written");
    edit_text_end(&text, typed);
}

/* -- the command line ------------------------------------------------- */

static bool parse_edit(struct edit *edit)
{
    const char *record = edit->arguments->option[OPT_RECORD];

    if (strcmp(edit->from, "-") == 0) {
        usage_error(edit->session, verb_find("edit"),
                    "a file is edited by its name, not standard input");
        return false;
    }
    if (record && edit->arguments->option[OPT_SET]) {
        usage_error(edit->session, verb_find("edit"),
                    "--record is for the editor, which --set does without");
        return false;
    }
    return !record || record_parse(edit->session, verb_find("edit"), record,
                                   edit->record, sizeof(edit->record),
                                   &edit->some);
}

void cmd_edit(struct session *session, const struct arguments *arguments)
{
    struct edit edit = {
        .session = session, .report = session->report,
        .arguments = arguments, .from = arguments->operand[0],
        .to = arguments->operand[arguments->n_operands - 1],
        .force = arguments->option[OPT_FORCE], .asks = edit_can_ask(),
    };

    if (!parse_edit(&edit))
        return;
    if (edit.force || file_is_same(edit.from, edit.to))
        file_replace_saves();
    if (file_check_place(edit.from, edit.to, edit.report) < 0)
        session_tell(session, output_name(edit.to));
    else if (!arguments->option[OPT_SET])
        edit_by_editor(&edit);
    else if (sandbox_enter(session, arguments, 1, NULL, edit.to) &&
             look(&edit, &edit.seen) == 0 && read_old(&edit) == 0)
        edit_by_set(&edit);
    session_tell(session, edit.from);
    edit_free(&edit);
}
