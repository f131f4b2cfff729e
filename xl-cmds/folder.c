/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "folder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "raise.h"

bool folder_fits(struct session *session, const struct verb *verb,
                 const struct arguments *arguments, const char *names)
{
    static const enum option_id many[] = { OPT_JSON, OPT_JOBS, OPT_FILES_FROM,
                                           OPT_FILES0_FROM };
    bool alone = true;

    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
        alone &= !arguments->option[many[i]];
    if (arguments->option[OPT_OUTPUT_DIR])
        return true;
    if (alone && arguments->n_operands == 2)
        return true;
    if (alone)
        usage_error(session, verb, "'%s' is for %s, or for --output-dir",
                    verb->name, names);
    else
        usage_error(session, verb, "'%s' takes many files with --output-dir",
                    verb->name);
    return false;
}

static void put_result(const struct folder *folder, const char *from,
                       const char *to, const domctx_report *report)
{
    const struct domctx_checked checked = { .name = from, .report = report };
    bool margin = false;

    if (!folder->json)
        return;
    if (!to) {
        domctx_checked_json(&checked, to_json_line, &margin, NULL);
    } else {
        fputs("{\"file\": ", stdout);
        put_json_string(from);
        fputs(",\"output\": ", stdout);
        put_json_string(to);
        putchar('}');
    }
    putchar('\n');
    stdout_check(folder->many.session);
}

static void one_file(void *arg, size_t i, const domctx_report *lost)
{
    struct folder *folder = arg;
    struct session *session = folder->many.session;
    const char *from = folder->many.names.name[i];
    char to[PATH_MAX];
    domctx_report *told = folder->json ? domctx_report_new() : NULL;
    bool done;

    session->told = told;
    domctx_report_forward(session->report, lost, NULL, NULL);
    done = !lost && name_in_folder(to, folder->path, from) &&
           folder->one(folder->arg, from, to);
    session_tell(session, lost ? from : to);
    session->told = NULL;
    put_result(folder, from, done ? to : NULL, told);
    domctx_report_free(told);
    tally_count(&folder->many.tally, done ? folder->done : "not", 1);
}

/* Asked before the work: afterwards each file would say it. */
static bool is_there(const struct folder *folder, struct session *session)
{
    struct stat status;

    if (stat(folder->path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return true;
        errno = ENOTDIR;
    }
    cmd_raise(session->report, MSG_FILE_TEMP, NULL,
              "no folder to write into: %s%s", strerror(errno),
              errno == ENOENT ? ": make it first" : "");
    session_tell(session, folder->path);
    return false;
}

void folder_run(struct folder *folder, struct session *session,
                const struct arguments *arguments)
{
    struct many *many = &folder->many;

    folder->path = arguments->option[OPT_OUTPUT_DIR];
    *many = (struct many){ .session = session, .arguments = arguments,
                           .folder = folder->path,
                           .one = one_file, .arg = folder };
    file_never_replace();
    if (many_json(session, folder->verb, arguments, &folder->json) &&
        is_there(folder, session) && many_take(many, folder->verb) &&
        names_differ(session, folder->verb, &many->names) &&
        many_run(many)) {
        fprintf(folder->json ? stderr : stdout,
                "%zu files: %zu %s, %zu not\n", many->names.n,
                tally_of(&many->tally, folder->done), folder->done,
                tally_of(&many->tally, "not"));
        stdout_check(session);
    }
    many_free(many);
}
