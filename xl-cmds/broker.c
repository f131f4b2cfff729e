/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "broker-talk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "names.h"
#include "raise.h"
#include "signals.h"

static struct {
    const struct broker_names *names; /* NULL: it does not serve */
    int socket;        /* our end; -1: there is no other process, */
    pid_t child;
    struct opened {    /* but the only inputs: */
        int fd, error; /* -1 once it is given away, or why it is not open */
        bool given;
        struct stat status;
    } only[BROKER_ONLY];
    int null;          /* and /dev/null */
    size_t next;       /* of names->in: the one behind the last asked for */
} broker = { .socket = -1, .only = { { .fd = -1 }, { .fd = -1 } },
             .null = -1 };

/* A file that can be opened at any time: of others each may have to be read
 * before the next can be opened, as of FIFOs. */
static bool opens_at_once(const char *name)
{
    struct stat status;

    return strcmp(name, "-") == 0 ||
           (stat(name, &status) == 0 && S_ISREG(status.st_mode));
}

/* Whether inputs are all there is to open, few and at once. */
static bool are_only(const struct broker_names *names)
{
    if (names->out || names->folder || names->n_in > BROKER_ONLY)
        return false;
    for (size_t i = 0; names->n_in > 1 && i < names->n_in; i++)
        if (!opens_at_once(names->in[i]))
            return false;
    return true;
}

static void open_only(const struct broker_names *names)
{
    for (size_t i = 0; i < names->n_in; i++) {
        struct opened *only = &broker.only[i];

        if (strcmp(names->in[i], "-") == 0)
            continue;
        only->fd = file_open_name(names->in[i], &only->status);
        only->error = only->fd < 0 ? errno : 0;
    }
    broker.null = file_open_null();
    broker.names = names;
}

int broker_start(const struct broker_names *names)
{
    int ends[2];

    if (are_only(names)) {
        open_only(names);
        return 0;
    }

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    fflush(NULL);
    broker.child = fork();
    if (broker.child == 0) {
        close(ends[0]);
        broker_run(ends[1], names);
    }
    close(ends[1]);
    if (broker.child < 0) {
        close(ends[0]);
        return -1;
    }
    broker.names = names;
    broker.socket = ends[0];
    temp_elsewhere(broker.socket);
    return 0;
}

/* -- who asks ------------------------------------------------------------- */

bool broker_serves(void)
{
    return broker.names;
}

void broker_descriptors(int fds[BROKER_FDS])
{
    fds[0] = broker.socket;
    fds[1] = broker.null;
    for (size_t i = 0; i < BROKER_ONLY; i++)
        fds[2 + i] = broker.only[i].fd;
}

void broker_stop(void)
{
    broker.names = NULL;
    if (broker.socket < 0)
        return;
    temp_elsewhere(0);
    close(broker.socket);
    broker.socket = -1;
    while (waitpid(broker.child, NULL, 0) < 0 && errno == EINTR)
        ;
}

static int ask(enum ask what, size_t number, struct answer *answer, int *fd,
               domctx_report *report)
{
    struct question question = { what, number };
    struct domctx_finding finding;

    if (talk_put(broker.socket, &question, sizeof(question), -1) < 0 ||
        talk_get(broker.socket, answer, sizeof(*answer), fd) < 0)
        return -1;
    for (size_t i = 0; i < answer->n_findings; i++) {
        if (talk_get(broker.socket, &finding, sizeof(finding), NULL) < 0)
            return -1;
        domctx_report_add(report, &finding);
    }
    errno = answer->error;
    return answer->result;
}

/* A descriptor, and unless status is NULL what it is of. */
static int ask_fd(enum ask what, size_t number, struct stat *status)
{
    struct answer answer;
    int fd = -1;

    if (ask(what, number, &answer, &fd, NULL) < 0)
        return -1;
    if (fd < 0)
        errno = EMFILE;
    else if (status)
        *status = answer.status;
    return fd;
}

/* Each is given away once, as often as its name is there. */
static int take_only(const char *path, struct stat *status)
{
    int fd;

    for (size_t i = 0; i < broker.names->n_in; i++) {
        struct opened *only = &broker.only[i];

        if (only->given || strcmp(broker.names->in[i], path) != 0)
            continue;
        only->given = true;
        *status = only->status;
        errno = only->error;
        fd = only->fd;
        only->fd = -1;
        return fd;
    }
    errno = EPERM;
    return -1;
}

static bool is_input(size_t i, const char *path)
{
    return strcmp(broker.names->in[i], path) == 0;
}

static bool is_output(size_t i, const char *path)
{
    char name[PATH_MAX];

    return name_in_folder(name, broker.names->folder, broker.names->in[i]) &&
           strcmp(name, path) == 0;
}

/* The first of names->in, from that on and around, which the path is of; n_in:
 * none.  Names are asked for in their order, so of thousands it is near. */
static size_t find(size_t from, const char *path,
                   bool (*is)(size_t i, const char *path))
{
    size_t n = broker.names->n_in;

    for (size_t k = 0; k < n; k++)
        if (is((from + k) % n, path))
            return (from + k) % n;
    return n;
}

int broker_open(const char *path, struct stat *status)
{
    size_t i;

    if (broker.socket < 0)
        return take_only(path, status);
    i = find(broker.next, path, is_input);
    if (i < broker.names->n_in) {
        broker.next = i + 1;
        return ask_fd(ASK_OPEN, i, status);
    }
    errno = EPERM;
    return -1;
}

int broker_null(void)
{
    if (broker.socket < 0)
        return fcntl(broker.null, F_DUPFD_CLOEXEC, 0);
    return ask_fd(ASK_NULL, 0, NULL);
}

int broker_nameless(void)
{
    return ask_fd(ASK_NAMELESS, 0, NULL);
}

/* The broker itself is gone. */
static int is_gone(domctx_report *report)
{
    return cmd_raise(report, MSG_SANDBOX, NULL,
                     "the process that opens files has gone: %s",
                     strerror(errno));
}

/* What came of it is in the report; else the broker refused to do it, or is
 * gone. */
static int told(int result, const struct answer *answer,
                domctx_report *report)
{
    if (result == 0 || answer->n_findings)
        return result;
    if (answer->error)
        return cmd_raise(report, MSG_SANDBOX, NULL,
                         "the process that opens files does not do it: %s",
                         strerror(answer->error));
    return is_gone(report);
}

/* For which input an output is: of the last one that was opened, or of the one
 * behind it. */
static size_t output_number(const char *path)
{
    return broker.names->folder
               ? find(broker.next ? broker.next - 1 : 0, path, is_output) : 0;
}

int broker_create(struct file_out *out, const char *path, bool text,
                  domctx_report *report)
{
    struct answer answer = { .result = -1 };
    int result;

    memset(out, 0, sizeof(*out));
    out->fd = out->dirfd = -1;
    result = ask(text ? ASK_CREATE_TEXT : ASK_CREATE, output_number(path),
                 &answer, &out->fd, report);
    if (result < 0)
        return told(result, &answer, report);
    out->brokered = true;
    out->replaces = answer.replaces;
    out->standard_output = answer.standard_output;
    memcpy(out->name, answer.name, sizeof(out->name));
    if (out->standard_output) {
        if (out->fd >= 0)
            close(out->fd);
        out->fd = STDOUT_FILENO;
    }
    return out->fd >= 0 ? 0 : is_gone(report);
}

int broker_check(const char *path, domctx_report *report)
{
    struct answer answer = { .result = -1 };

    return told(ask(ASK_CHECK, output_number(path), &answer, NULL, report),
                &answer, report);
}

int broker_keep_owner(struct file_out *out, domctx_report *report)
{
    struct answer answer = { .result = -1 };
    int result = told(ask(ASK_KEEP_OWNER, 0, &answer, NULL, report), &answer,
                      report);

    if (result < 0)
        file_discard(out);
    return result;
}

int broker_commit(struct file_out *out, domctx_report *report)
{
    struct answer answer = { .result = -1 };

    out->brokered = false;
    return told(ask(ASK_COMMIT, 0, &answer, NULL, report), &answer, report);
}

void broker_discard(void)
{
    struct answer answer;

    ask(ASK_DISCARD, 0, &answer, NULL, NULL);
}
