/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs.h"

const struct option_row help_options[] = { OPTION_HELP, OPTION_LAST };

void cmd_help(struct session *session, const struct arguments *arguments)
{
    const struct verb *verb;

    if (arguments->n_operands == 0) {
        printf("usage: %s<Verb> [options] ...\n\n"
               "Save, restore, convert and show the hypervisor context of "
               "a Xen domain.\n\nverbs:\n",
               session->call);
        verb_list("", stdout);
        printf("\nbefore the verb, as with xl, or after it:\n"
               "  -v  tell more (may be given several times)\n"
               "  -N  dry run: judge everything, change nothing\n"
               "  -T  time and process id before log lines\n"
               "  -t  show progress although standard error is no terminal\n"
               "  -f  edit asks nothing; elsewhere without an effect\n"
               "\nwithout a verb:\n"
               "  --version  the version, what was built in, where to write\n"
               "\n'%shelp <Verb>' says more on one verb; manual pages: "
               "xl-context(1),\nand of each verb, as xl-context-show(1).\n",
               session->call);
        stdout_check(session);
        return;
    }
    verb = verb_asked(session, arguments->operand[0]);
    if (!verb)
        return;
    verb_help(session, verb, stdout);
    stdout_check(session);
}
