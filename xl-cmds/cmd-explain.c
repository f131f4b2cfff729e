/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message, a line, a log, a number or a symptom means. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "called.h"
#include "explain.h"
#include "file.h"
#include "raise.h"
#include "sandbox.h"
#include "verbs.h"

const struct option_row explain_options[] = {
    OPTION_HELP,
    OPTION_NO_SANDBOX,
    OPTION_WORDS
};

/* ------------------------------------------------------------------ */
/* A log                                                               */
/* ------------------------------------------------------------------ */

/* Of what has a NUL in each piece; a crash leaves fewer in a log.  Beyond it
 * comes a disk, guest memory or /dev/zero. */
#define BINARY_MAX ((size_t)64 << 20)

static int feed_all(struct file_in *in, domctx_explainer *explainer,
                    domctx_report *report)
{
    static char buf[65536];
    size_t binary = 0;

    domctx_explain_feed(explainer, in->head, in->head_size);
    while (binary < BINARY_MAX) {
        ssize_t got = file_get(in, buf, sizeof(buf));

        if (got < 0)
            return cmd_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                             strerror(errno));
        if (got == 0)
            return file_unpacked(in, report);
        if (memchr(buf, '\0', (size_t)got))
            binary += (size_t)got;
        domctx_explain_feed(explainer, buf, (size_t)got);
    }
    return cmd_raise(report, MSG_EXPLAIN_ENDED, NULL,
                     "it is no text: reading ended behind %zu MiB of pieces "
                     "with NUL bytes", binary >> 20);
}

static void explain_log(struct session *session, const char *path)
{
    domctx_explainer *explainer;
    struct called called;
    struct file_in in;

    if (file_open(&in, path, session->report) == 0) {
        explainer = file_unpack(&in, session->report) == 0
                        ? domctx_explain_begin(session->report) : NULL;
        if (explainer) {
            feed_all(&in, explainer, session->report);
            called_open(&called, session, stdout);
            domctx_explain_end(explainer, called_put, &called,
                               session->report);
            called_close(&called);
        }
        file_close(&in);
    }
    session_tell(session, input_name(path));
}

/* ------------------------------------------------------------------ */
/* Words                                                               */
/* ------------------------------------------------------------------ */

void explain_text(struct session *session, const char *text,
                  const char *subject)
{
    struct called called;

    called_open(&called, session, stdout);
    domctx_explain(text, called_put, &called, session->report);
    called_close(&called);
    session_tell(session, subject);
}

/* Links that end nowhere are a file that cannot be read. */
static bool is_file(const char *operand)
{
    struct stat status;

    return stat(operand, &status) == 0 || errno == ELOOP;
}

static bool is_log(const char *operand)
{
    return strcmp(operand, "-") == 0 ||
           (!domctx_explain_knows(operand) && is_file(operand));
}

/* Words that the shell has taken apart. */
static char *joined(const struct arguments *arguments)
{
    size_t size = 1;
    char *text;

    for (int i = 0; i < arguments->n_operands; i++)
        size += strlen(arguments->operand[i]) + 1;
    text = malloc(size);
    if (!text)
        return NULL;
    *text = '\0';
    for (int i = 0; i < arguments->n_operands; i++) {
        strcat(text, i ? " " : "");
        strcat(text, arguments->operand[i]);
    }
    return text;
}

/* "file.log", "./log": a file was meant. */
static bool looks_like_file(const char *text)
{
    const char *dot = strrchr(text, '.');

    return !strpbrk(text, " \t\n") &&
           (*text == '/' || strncmp(text, "./", 2) == 0 ||
            (dot && (strcmp(dot, ".log") == 0 || strcmp(dot, ".txt") == 0)));
}

static void explain_words(struct session *session,
                          const struct arguments *arguments)
{
    char *text = joined(arguments);

    if (!text)
        cmd_no_memory(session->report, 0);
    else if (looks_like_file(text))
        explain_log(session, text);   /* which reports the error */
    else
        explain_text(session, text, NULL);
    free(text);
    session_tell(session, NULL);
}

/* Whether each operand stands for itself; otherwise they are one text.  logs:
 * those that are files, asked while names can be asked for. */
static bool stand_alone(const struct arguments *arguments, bool *logs)
{
    for (int i = 0; i < arguments->n_operands; i++)
        logs[i] = is_log(arguments->operand[i]);
    for (int i = 0; i < arguments->n_operands; i++)
        if (!logs[i] && !strpbrk(arguments->operand[i], " \t\n") &&
            !domctx_explain_knows(arguments->operand[i]))
            return false;
    return true;
}

static void explain_each(struct session *session,
                         const struct arguments *arguments, const bool *logs)
{
    for (int i = 0; i < arguments->n_operands && !ferror(stdout); i++) {
        const char *operand = arguments->operand[i];

        if (i)
            putchar('\n');
        if (logs[i])
            explain_log(session, operand);
        else
            explain_text(session, operand, NULL);
    }
}

void cmd_explain(struct session *session, const struct arguments *arguments)
{
    bool *logs = calloc((size_t)arguments->n_operands + 1, sizeof(*logs));
    bool alone = logs && stand_alone(arguments, logs);

    if (!logs)
        cmd_no_memory(session->report, 0);
    else if (arguments->n_operands == 0)
        domctx_explain_list(to_stdout, NULL, session->report);
    else if (!alone)
        explain_words(session, arguments);
    else if (sandbox_enter(session, arguments, arguments->n_operands, NULL,
                           NULL))
        explain_each(session, arguments, logs);
    free(logs);
    stdout_check(session);
    session_tell(session, NULL);
}
