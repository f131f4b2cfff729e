/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fix.h"
#include "folder.h"
#include "sandbox.h"

const struct option_row fix_options[] = {
    OPTION_HELP,
    { OPT_TARGET, '\0', "target", "X.Y[.Z]|host|FILE",
      "The Xen that shall restore it; else the one that saved it." },
    { OPT_ALLOW_LOSS, '\0', "allow-loss", NULL,
      "Leave out what that Xen cannot have." },
    { OPT_CONTAINER, '\0', "container", "xl",
      "Write a legacy stream anew, as a save file of today's xl." },
    { OPT_FORCE, '\0', "force", NULL,
      "Replace New even where it is a save file already." },
    { OPT_OUTPUT_DIR, '\0', "output-dir", "DIR",
      "Make of each file one of the same name in DIR." },
    OPTIONS_FOLDER,
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

static const struct verb *self(void)
{
    return verb_find("fix");
}

static void fix_one(struct fix *fix, const struct arguments *arguments)
{
    const char *from = arguments->operand[0], *to = arguments->operand[1];

    if (arguments->option[OPT_FORCE])
        file_replace_saves();
    if (sandbox_enter(fix->session, arguments, 1, NULL, to))
        fix_file(fix, from, to);
}

/* arg: what the command line says. */
static bool fix_one_of(void *arg, const char *from, const char *to)
{
    return fix_file(arg, from, to);
}

static void fix_files(struct fix *fix, const struct arguments *arguments)
{
    struct folder folder = { .verb = self(), .one = fix_one_of, .arg = fix,
                             .done = "made" };

    if (arguments->option[OPT_FORCE])
        usage_error(fix->session, self(), "--force replaces one New; nothing "
                    "in --output-dir is replaced");
    else
        folder_run(&folder, fix->session, arguments);
}

/* Whether the options go with each other, and New is not Old. */
static bool fits(struct fix *fix, const struct arguments *arguments)
{
    const char *target = arguments->option[OPT_TARGET];
    const char *container = arguments->option[OPT_CONTAINER];

    if (!folder_fits(fix->session, self(), arguments, "Old and New"))
        return false;
    if (container && (strcmp(container, "xl") != 0 || !target)) {
        usage_error(fix->session, self(),
                    "it is --container=xl, and it goes with --target");
        return false;
    }
    if (arguments->option[OPT_OUTPUT_DIR] ||
        file_check_apart(arguments->operand[0], arguments->operand[1],
                         fix->report) == 0)
        return true;
    session_tell(fix->session, output_name(arguments->operand[1]));
    return false;
}

void cmd_fix(struct session *session, const struct arguments *arguments)
{
    const char *target = arguments->option[OPT_TARGET];
    struct fix fix = {
        .session = session, .report = session->report,
        .allow_loss = arguments->option[OPT_ALLOW_LOSS],
        .anew = arguments->option[OPT_CONTAINER],
    };

    if (fits(&fix, arguments) &&
        (!target || target_parse(session, arguments, &fix.target, target))) {
        if (arguments->option[OPT_OUTPUT_DIR])
            fix_files(&fix, arguments);
        else
            fix_one(&fix, arguments);
    }
    target_free(&fix.target);
}
