/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "convert-file.h"
#include "convert-into.h"
#include "file.h"
#include "folder.h"
#include "raise.h"
#include "sandbox.h"
#include "verbs.h"

const struct option_row convert_options[] = {
    OPTION_HELP,
    { OPT_FROM, '\0', "from", "F",
      "Insist that In is image, wrapped, hvm or json." },
    { OPT_TO, '\0', "to", "F",
      "Write image (the default), wrapped, hvm or json." },
    { OPT_XEN, '\0', "xen", "X.Y[.Z]",
      "The Xen that saved an HVM blob; else it is inferred." },
    { OPT_TARGET, '\0', "target", "X.Y[.Z]|host|FILE",
      "Make what that release of Xen loads." },
    { OPT_BARE, '\0', "bare", NULL,
      "Write no trailer (origin and checksum)." },
    { OPT_ALLOW_LOSS, '\0', "allow-loss", NULL,
      "Go on over errors of In, and leave out what Xen cannot have." },
    { OPT_DAMAGED, '\0', "damaged", NULL,
      "Take out what is whole of a damaged file." },
    { OPT_FORCE, '\0', "force", NULL,
      "Write also what the release refuses, though not what crashes it, and "
      "over another save file." },
    { OPT_INTO, '\0', "into", "SAVEFILE",
      "Out: a copy of SAVEFILE with In in the place of its context." },
    { OPT_OUTPUT_DIR, '\0', "output-dir", "DIR",
      "Convert each file into one of the same name in DIR." },
    OPTIONS_FOLDER,
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

static const struct verb *self(void)
{
    return verb_find("convert");
}

static bool parse_format(struct session *session, const char *word,
                         enum domctx_output *format)
{
    for (int i = 0; convert_formats[i]; i++) {
        if (strcmp(word, convert_formats[i]) == 0) {
            *format = (enum domctx_output)i;
            return true;
        }
    }
    usage_error(session, self(),
                "'%s' is no format: there are image, wrapped, hvm and json",
                word);
    return false;
}

static bool parse_xen(struct conversion *job, const char *text)
{
    if (domctx_release_parse(text, &job->xen, job->report) < 0) {
        session_tell(job->session, "--xen");
        return false;
    }
    job->has_xen = true;
    job->xen_major = job->xen.xen_major;
    job->xen_minor = job->xen.xen_minor;
    return true;
}

static bool parse_job(struct conversion *job,
                      const struct arguments *arguments)
{
    const char *from = arguments->option[OPT_FROM];
    const char *to = arguments->option[OPT_TO];
    const char *xen = arguments->option[OPT_XEN];
    const char *target = arguments->option[OPT_TARGET];

    job->bare = arguments->option[OPT_BARE];
    job->allow_loss = arguments->option[OPT_ALLOW_LOSS];
    job->force = arguments->option[OPT_FORCE];
    job->damaged = arguments->option[OPT_DAMAGED];
    job->has_from = from;
    if ((from && !parse_format(job->session, from, &job->from)) ||
        (to && !parse_format(job->session, to, &job->to)))
        return false;
    if (job->bare && job->to == DOMCTX_TO_JSON) {
        usage_error(job->session, self(),
                    "--bare is about an image, not about --to=json");
        return false;
    }
    return (!xen || parse_xen(job, xen)) &&
           (!target || target_parse(job->session, arguments, &job->target,
                                    target));
}

/* --into: another work, with some of the options. */
static void into(struct conversion *job, const struct arguments *arguments)
{
    struct into_job into = {
        .save = arguments->option[OPT_INTO],
        .context = arguments->operand[0], .new_save = arguments->operand[1],
        .allow_loss = job->allow_loss, .force = job->force,
        .xen = job->has_xen ? &job->xen : NULL,
        .target = &job->target,
    };

    if (job->has_from || arguments->option[OPT_TO] || job->bare ||
        job->damaged)
        usage_error(job->session, self(),
                    "--from, --to, --bare and --damaged have no meaning with "
                    "--into");
    else
        convert_into(job->session, &into);
    target_free(&job->target);
}

static void convert_one(struct conversion *job,
                        const struct arguments *arguments)
{
    const char *to = arguments->operand[1];
    const char *save = arguments->option[OPT_INTO];

    if (file_check_place(arguments->operand[0], to, job->report) < 0 ||
        (save && file_check_place(save, to, job->report) < 0)) {
        session_tell(job->session, output_name(to));
        return;
    }
    job->onto_itself = file_is_same(arguments->operand[0], to);
    if (save || job->force || job->onto_itself)
        file_replace_saves();
    if (!sandbox_enter(job->session, arguments, 1, save, to))
        return;
    if (save) {
        into(job, arguments);
        return;
    }
    convert_file(job, arguments->operand[0], to);
    session_tell(job->session, output_name(to));
    convert_free_made(job);
    target_free(&job->target);
}

/* -- many ----------------------------------------------------------------- */

/* arg: the job that the command line says. */
static bool convert_one_of(void *arg, const char *from, const char *to)
{
    struct conversion job = *(const struct conversion *)arg;
    bool done = convert_file(&job, from, to);

    convert_free_made(&job);
    target_free_made(&job.target);
    return done;
}

static void convert_files(struct conversion *job,
                          const struct arguments *arguments)
{
    struct folder folder = { .verb = self(), .one = convert_one_of,
                             .arg = job, .done = "converted" };

    if (arguments->option[OPT_INTO])
        usage_error(job->session, self(),
                    "--into writes one file, --output-dir many");
    else
        folder_run(&folder, job->session, arguments);
    target_free(&job->target);
}

void cmd_convert(struct session *session, const struct arguments *arguments)
{
    struct conversion job = { .session = session, .report = session->report };

    if (!folder_fits(session, self(), arguments, "In and Out") ||
        !parse_job(&job, arguments))
        return;
    session->target = job.target.wanted ? &job.target.release : NULL;
    if (arguments->option[OPT_OUTPUT_DIR])
        convert_files(&job, arguments);
    else
        convert_one(&job, arguments);
    session->target = NULL;
}
