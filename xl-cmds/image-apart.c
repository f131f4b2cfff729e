/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image-apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/messages.h"

#include "file.h"
#include "sandbox.h"

/* What its image may have: a context and its trailer. */
#define IMAGE_MAX (2 * FILE_MAX)
#define STEP 65536

/* -- the other process ---------------------------------------------------- */

/* Its exit status is the worst of what it told. */
static void load_here(struct session *session,
                      const struct arguments *arguments, const char *file,
                      image_loader *load, int to)
{
    struct input input = { .size = 0 };

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sandbox_keep(to);
    if (sandbox_enter(session, arguments, 0, file, NULL)) {
        if (load(session, &input, file,
                 arguments->option[OPT_ALLOW_LOSS]) < 0)
            session_tell(session, input_name(file));
        else if (file_put(to, input.buf, input.size) < 0)
            session_worse(session, DOMCTX_SYSTEM);
    }
    if (session->worst >= DOMCTX_ERROR)
        session_refer(session);
    input_free(&input);
    sandbox_leave();
    fflush(NULL);
    _exit((int)session->worst);
}

/* -- this one ------------------------------------------------------------- */

static int receive(int from, struct input *input, domctx_report *report)
{
    size_t room = 0;
    ssize_t got = 1;

    while (got != 0) {
        if (room - input->size < STEP) {
            uint8_t *more = realloc(input->buf, room + STEP + room / 2);

            if (!more || room > IMAGE_MAX)
                return msg_no_memory(report, room);
            input->buf = more;
            room += STEP + room / 2;
        }
        got = read(from, input->buf + input->size, room - input->size);
        if (got < 0 && errno != EINTR)
            return msg_raise(report, MSG_SANDBOX, NULL,
                             "the sandbox gives no image: %s",
                             strerror(errno));
        if (got > 0)
            input->size += (size_t)got;
    }
    return 0;
}

/* How it ended: what it told counts here. */
static int ended(struct session *session, pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    /* a sanitizer ends it with a status of its own */
    if (!WIFEXITED(status) || WEXITSTATUS(status) > DOMCTX_LOST)
        return msg_raise(session->report, MSG_SANDBOX_KILLED, NULL,
                         "the process that read it did not come to its end: "
                         "signal %d",
                         WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    session_worse(session, (enum domctx_severity)WEXITSTATUS(status));
    return session->worst >= DOMCTX_ERROR ? -1 : 0;
}

/* Bytes of somebody whom a hostile file may have made its own. */
static int take(struct session *session, struct input *input, int from,
                pid_t child)
{
    int result = receive(from, input, session->report);

    close(from);
    if (ended(session, child) < 0 || result < 0)
        return -1;
    return domctx_image_parse(input->buf, input->size, &input->image,
                              session->report);
}

int image_apart(struct session *session, const struct arguments *arguments,
                struct input *input, const char *file, image_loader *load)
{
    int ends[2] = { -1, -1 };
    pid_t child = -1;
    int result;

    memset(input, 0, sizeof(*input));
    if (pipe2(ends, O_CLOEXEC) == 0)
        child = fork();
    if (child == 0)
        load_here(session, arguments, file, load, ends[1]);
    if (ends[1] >= 0)
        close(ends[1]);
    if (child < 0) {
        if (ends[0] >= 0)
            close(ends[0]);
        return msg_raise(session->report, MSG_SANDBOX, NULL,
                         "the sandbox cannot be set up: %s",
                         strerror(errno));
    }
    result = take(session, input, ends[0], child);
    if (result < 0)
        input_free(input);
    return result;
}
