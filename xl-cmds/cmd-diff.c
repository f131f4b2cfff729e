/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "input.h"
#include "raise.h"
#include "sandbox.h"
#include "verbs.h"

const struct option_row diff_options[] = {
    OPTION_HELP,
    { OPT_JSON, '\0', "json", NULL, "Write a JSON document." },
    { OPT_RECORD, 'r', "record", "NAME[/INST]",
      "Only that record; may be repeated." },
    { OPT_FIELD, 'F', "field", "NAME",
      "Only that field or register; may be repeated." },
    { OPT_IGNORE, '\0', "ignore", "LIST",
      "Leave out records, fields, or what is moving; may be repeated." },
    { OPT_SUMMARY, '\0', "summary", NULL,
      "Write only how many of each record differ." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* One of the two. */
struct side {
    struct input input;
    domctx_context *context;
};

/* What is odd in the content of a file stops no comparison and is no
 * difference. */
static bool load(struct session *session, struct side *side,
                 const char *file)
{
    if (input_load(&side->input, file, session->report) < 0 ||
        input_view(&side->input, false, 0, 0, &side->context,
                   session->report) < 0) {
        session_tell(session, input_name(file));
        return false;
    }
    session_tell_as(session, input_name(file), DOMCTX_NOTE);
    return true;
}

static int put(void *arg, const char *text, size_t size)
{
    return fwrite(text, 1, size, arg) == size ? 0 : -1;
}

static void compare(struct session *session, const struct side side[2],
                    struct domctx_diff_options options)
{
    uint64_t differences = 0;
    int rc;

    for (int i = 0; i < 2; i++) {
        options.inferred[i] = side[i].input.inference;
        if (side[i].input.source)
            options.kind[i] = domctx_source_info(side[i].input.source)->words;
    }
    for (int i = 0; side[0].input.source && side[1].input.source && i < 2;
         i++)
        options.guest[i] = domctx_source_info(side[i].input.source);
    rc = domctx_diff(side[0].context, side[1].context, &options, put, stdout,
                     &differences, session->report);

    if (ferror(stdout) || fflush(stdout) != 0)
        session_forget(session);
    stdout_check(session);
    session_tell(session, NULL);
    if (rc == 0 && differences)
        session_worse(session, DOMCTX_WARNING);
}

/* The names that options gave, with commas between them. */
struct names_list {
    FILE *out;
    char *text;
    size_t size;
};

static bool add_name(void *arg, const char *record, const char *field)
{
    struct names_list *list = arg;

    fprintf(list->out, "%s%s%s%s", ftell(list->out) > 0 ? "," : "",
            record ? record : "", record && field ? "." : "",
            field ? field : "");
    return true;
}

/* What is compared, and what is left out; NULL if no option says so. */
static bool list_names(const struct arguments *arguments,
                       struct names_list *only, struct names_list *ignore)
{
    const char *name;
    size_t at = 0;

    only->out = open_memstream(&only->text, &only->size);
    ignore->out = open_memstream(&ignore->text, &ignore->size);
    if (!only->out || !ignore->out)
        return false;
    arguments_each(arguments, add_name, only);
    while ((name = arguments_next(arguments, OPT_IGNORE, &at)))
        add_name(ignore, name, NULL);
    return fflush(only->out) == 0 && fflush(ignore->out) == 0;
}

static void names_list_free(struct names_list *list)
{
    if (list->out)
        fclose(list->out);
    free(list->text);
}

static void diff_files(struct session *session,
                       const struct arguments *arguments, const char *only,
                       const char *ignore)
{
    struct side side[2] = { 0 };
    char **file = arguments->operand;
    const struct domctx_diff_options options = {
        .only = arguments->option[OPT_RECORD] || arguments->option[OPT_FIELD]
                    ? only : NULL,
        .ignore = arguments->option[OPT_IGNORE] ? ignore : NULL,
        .json = arguments->option[OPT_JSON],
        .summary = arguments->option[OPT_SUMMARY],
        .name = { input_name(file[0]), input_name(file[1]) },
    };

    if (load(session, &side[0], file[0]) && load(session, &side[1], file[1]))
        compare(session, side, options);
    for (int i = 0; i < 2; i++) {
        domctx_context_free(side[i].context);
        input_free(&side[i].input);
    }
}

void cmd_diff(struct session *session, const struct arguments *arguments)
{
    struct names_list only = { 0 }, ignore = { 0 };

    if (!list_names(arguments, &only, &ignore)) {
        cmd_no_memory(session->report, 0);
        session_tell(session, NULL);
    } else if (sandbox_enter(session, arguments, 2, NULL, NULL)) {
        diff_files(session, arguments, only.text, ignore.text);
    }
    names_list_free(&only);
    names_list_free(&ignore);
}
