/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "raise.h"
#include "sandbox.h"
#include "signals.h"

/* More than an image, or a text of symbols, may have. */
#define BYTES_MAX (4 * FILE_MAX)
#define STEP 65536

/* -- the other process ---------------------------------------------------- */

/* The exit status carries the worst severity. */
__attribute__((noreturn))
static void work_here(struct session *session,
                      const struct arguments *arguments,
                      const struct apart *apart, pid_t parent, int to)
{
    sandbox_end_with(parent);
    session_forget(session); /* the parent prints those so far */
    sandbox_keep(to);
    if (sandbox_enter(session, arguments, 0, apart->file, apart->out))
        apart->work(session, apart->arg, to);
    session_tell(session, apart->file ? input_name(apart->file) : NULL);
    sandbox_leave();
    fflush(NULL);
    _exit((int)session->worst);
}

/* -- this one ------------------------------------------------------------- */

static int receive(int from, uint8_t **bytes, size_t *size,
                   domctx_report *report)
{
    size_t room = 0;
    ssize_t got = 1;

    while (got != 0) {
        if (room - *size < STEP) {
            uint8_t *more = room > BYTES_MAX
                                ? NULL
                                : realloc(*bytes, room + STEP + room / 2);

            if (!more)
                return cmd_no_memory(report, room);
            *bytes = more;
            room += STEP + room / 2;
        }
        got = read(from, *bytes + *size, room - *size);
        if (got < 0 && errno != EINTR)
            return cmd_raise(report, MSG_SANDBOX, NULL,
                             "the sandbox gave no result: %s",
                             strerror(errno));
        if (got > 0)
            *size += (size_t)got;
    }
    return 0;
}

/* Take over the worst severity of a process that ended. */
static int ended(struct session *session, int status)
{
    if (WIFSIGNALED(status))
        return cmd_raise_signal(session->report, WTERMSIG(status));
    /* a sanitizer has a status of its own */
    if (WEXITSTATUS(status) > DOMCTX_LOST)
        return cmd_raise(session->report, MSG_SANDBOX_KILLED, NULL,
                         "the process that read it ended with status %d",
                         WEXITSTATUS(status));
    session->worst = (enum domctx_severity)WEXITSTATUS(status);
    return 0;
}

static pid_t start(struct session *session,
                   const struct arguments *arguments,
                   const struct apart *apart, int *from)
{
    int ends[2];
    pid_t child, here = getpid();

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    fflush(NULL);
    child = child_fork();
    if (child == 0)
        work_here(session, arguments, apart, here, ends[1]);
    close(ends[1]);
    *from = ends[0];
    if (child < 0)
        close(ends[0]);
    return child;
}

int apart_run(struct session *session, const struct arguments *arguments,
              const struct apart *apart, uint8_t **bytes, size_t *size)
{
    pid_t child;
    int from, result;

    *bytes = NULL;
    *size = 0;
    child = start(session, arguments, apart, &from);
    if (child < 0)
        return cmd_raise(session->report, MSG_SANDBOX, NULL,
                         "the sandbox cannot be set up: %s",
                         strerror(errno));
    result = receive(from, bytes, size, session->report);
    close(from);
    if (ended(session, child_end(child, false)) < 0)
        result = -1;
    if (result < 0 || *size == 0) {
        free(*bytes);
        *bytes = NULL;
        *size = 0;
    }
    return result;
}

/* -- an image ------------------------------------------------------------- */

struct wanted {
    const char *file;
    bool allow_loss;
    image_loader *load;
};

static void load_image(struct session *session, void *arg, int to)
{
    const struct wanted *wanted = arg;
    struct input input = { .size = 0 };

    if (wanted->load(session, &input, wanted->file, wanted->allow_loss) <
        0) {
        session_tell(session, input_name(wanted->file));
        session_refer(session);
        return;
    }
    /* its content is judged where it goes */
    session_forget(session);
    if (file_put(to, input.buf, input.size) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    input_free(&input);
}

/* Bytes of somebody whom a hostile file may have made its own. */
int apart_image(struct session *session, const struct arguments *arguments,
                struct input *input, const char *file, image_loader *load)
{
    struct wanted wanted = { file, arguments->option[OPT_ALLOW_LOSS], load };
    const struct apart apart = { .file = file, .work = load_image,
                                 .arg = &wanted };
    int result;

    memset(input, 0, sizeof(*input));
    result = apart_run(session, arguments, &apart, &input->buf, &input->size);
    if (result == 0 && input->buf)
        result = domctx_image_parse(input->buf, input->size, &input->image,
                                    session->report);
    if (result == 0 && input->image && session->worst < DOMCTX_ERROR)
        return 0;
    input_free(input);
    return -1;
}
