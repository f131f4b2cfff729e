/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "broker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "names.h"
#include "raise.h"
#include "signals.h"

enum ask { ASK_OPEN, ASK_NULL, ASK_NAMELESS, ASK_CHECK, ASK_CREATE,
           ASK_CREATE_TEXT, ASK_KEEP_OWNER, ASK_COMMIT, ASK_DISCARD };

/* A message each way; behind the answer, as many findings, a message each. */
struct question {
    enum ask ask;
    size_t number;     /* of broker_names.in */
};

struct answer {
    int result, error;
    size_t n_findings;
    bool replaces, standard_output;
    char name[NAME_MAX + 1];
};

static struct {
    const struct broker_names *names; /* NULL: it does not serve */
    int socket;        /* our end; -1: there is no other process, */
    pid_t child;
    struct opened {    /* but the only inputs: */
        int fd, error; /* -1 once it is given away, or why it is not open */
        bool given;
    } only[BROKER_ONLY];
    int null;          /* and /dev/null */
    size_t next;       /* of names->in: the one behind the last asked for */
} broker = { .socket = -1, .only = { { -1, 0, false }, { -1, 0, false } },
             .null = -1 };

/* -- messages, a descriptor with one of them ------------------------------ */

union fd_room {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static int put(int to, void *data, size_t size, int fd)
{
    union fd_room room = { .bytes = { 0 } };
    struct iovec part = { data, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    struct cmsghdr *header;
    ssize_t sent;

    if (fd >= 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = sizeof(room.bytes);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof(int));
    }
    do
        sent = sendmsg(to, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : -1;
}

/* fd may be NULL where none comes. */
static int get(int from, void *data, size_t size, int *fd)
{
    union fd_room room = { .bytes = { 0 } };
    struct iovec part = { data, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    struct cmsghdr *header;
    ssize_t got;

    message.msg_control = room.bytes;
    message.msg_controllen = sizeof(room.bytes);
    do
        got = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (fd)
        *fd = -1;
    if (fd && header && header->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(header), sizeof(int));
    if (got >= 0 && got != (ssize_t)size)
        errno = EPIPE;
    return got == (ssize_t)size ? 0 : -1;
}

/* -- the broker ----------------------------------------------------------- */

struct server {
    const struct broker_names *names;
    domctx_report *report;
    struct file_out out;
    bool writing;
    size_t last;               /* of names->in, opened */
    char path[PATH_MAX];       /* of the output, in a folder */
};

static int serve_open(struct server *server, size_t number)
{
    server->last = number;
    if (number < server->names->n_in)
        return file_open_name(server->names->in[number]);
    errno = EPERM;
    return -1;
}

/* The name of the output; NULL: there is none. */
static const char *output(struct server *server)
{
    const struct broker_names *names = server->names;

    if (!names->folder)
        return names->out;
    return server->last < names->n_in &&
                   name_in_folder(server->path, names->folder,
                                  names->in[server->last])
               ? server->path : NULL;
}

/* One output, which there is once. */
static void serve_create(struct server *server, bool text,
                         struct answer *answer)
{
    const char *path = output(server);

    answer->result = -1;
    answer->error = EPERM;
    if (server->writing || !path)
        return;
    answer->result = text ? file_create_text(&server->out, path,
                                             server->report)
                          : file_create(&server->out, path, server->report);
    server->writing = answer->result == 0;
    answer->replaces = server->out.replaces;
    answer->standard_output = server->out.standard_output;
    memcpy(answer->name, server->out.name, sizeof(answer->name));
}

static void serve_check(struct server *server, struct answer *answer)
{
    const char *path = output(server);

    answer->result = path ? file_check(path, server->report) : -1;
}

static void serve_keep_owner(struct server *server, struct answer *answer)
{
    answer->result = server->writing ? file_keep_owner(&server->out,
                                                       server->report)
                                     : -1;
    /* a failure has discarded it */
    server->writing = answer->result == 0;
}

static void serve_end(struct server *server, bool commit,
                      struct answer *answer)
{
    if (commit && server->writing)
        answer->result = file_commit(&server->out, server->report);
    else if (server->writing)
        file_discard(&server->out);
    server->writing = false;
}

/* Returns the descriptor that goes with the answer, or -1; *ours: it stays
 * open here. */
static int serve(struct server *server, const struct question *question,
                 struct answer *answer, bool *ours)
{
    int fd = -1;

    switch (question->ask) {
    case ASK_OPEN:
        fd = serve_open(server, question->number);
        break;
    case ASK_NULL:
        fd = file_open_null();
        break;
    case ASK_NAMELESS:
        fd = file_open_nameless();
        break;
    case ASK_CHECK:
        serve_check(server, answer);
        return -1;
    case ASK_CREATE:
    case ASK_CREATE_TEXT:
        serve_create(server, question->ask == ASK_CREATE_TEXT, answer);
        *ours = true;
        return answer->result == 0 ? server->out.fd : -1;
    case ASK_KEEP_OWNER:
        serve_keep_owner(server, answer);
        return -1;
    case ASK_COMMIT:
    case ASK_DISCARD:
        serve_end(server, question->ask == ASK_COMMIT, answer);
        return -1;
    default:
        break;
    }
    answer->result = fd < 0 ? -1 : 0;
    answer->error = errno;
    return fd;
}

static int reply(int to, const struct server *server, struct answer *answer,
                 int fd)
{
    const struct domctx_finding *finding;
    struct domctx_finding copy;

    answer->n_findings = domctx_report_count(server->report);
    if (put(to, answer, sizeof(*answer), fd) < 0)
        return -1;
    for (size_t i = 0; (finding = domctx_report_get(server->report, i));
         i++) {
        copy = *finding;
        if (put(to, &copy, sizeof(copy), -1) < 0)
            return -1;
    }
    domctx_report_clear(server->report);
    return 0;
}

/* Until the other side is gone, by whatever end. */
static void serve_all(int from, struct server *server)
{
    struct question question;
    bool good = true;

    while (good && get(from, &question, sizeof(question), NULL) == 0) {
        struct answer answer = { .result = 0, .error = EPERM };
        bool ours = false;
        int fd = serve(server, &question, &answer, &ours);

        good = reply(from, server, &answer, fd) == 0;
        if (fd >= 0 && !ours)
            close(fd);
    }
    if (server->writing)
        file_discard(&server->out);
}

static void run_server(int from, const struct broker_names *names)
{
    struct server server = { .names = names, .report = domctx_report_new(),
                             .out = { .fd = -1, .dirfd = -1 } };

    /* What ends the other side ends us by the socket. */
    signals_ignore();
    serve_all(from, &server);
    domctx_report_free(server.report);
    _exit(0);
}

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
        only->fd = file_open_name(names->in[i]);
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
        run_server(ends[1], names);
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

    if (put(broker.socket, &question, sizeof(question), -1) < 0 ||
        get(broker.socket, answer, sizeof(*answer), fd) < 0)
        return -1;
    for (size_t i = 0; i < answer->n_findings; i++) {
        if (get(broker.socket, &finding, sizeof(finding), NULL) < 0)
            return -1;
        domctx_report_add(report, &finding);
    }
    errno = answer->error;
    return answer->result;
}

/* A descriptor alone. */
static int ask_fd(enum ask what, size_t number)
{
    struct answer answer;
    int fd = -1;

    if (ask(what, number, &answer, &fd, NULL) < 0)
        return -1;
    if (fd < 0)
        errno = EMFILE;
    return fd;
}

/* Each is given away once, as often as its name is there. */
static int take_only(const char *path)
{
    int fd;

    for (size_t i = 0; i < broker.names->n_in; i++) {
        struct opened *only = &broker.only[i];

        if (only->given || strcmp(broker.names->in[i], path) != 0)
            continue;
        only->given = true;
        errno = only->error;
        fd = only->fd;
        only->fd = -1;
        return fd;
    }
    errno = EPERM;
    return -1;
}

/* Names are asked for in their order, so of thousands the next is near. */
int broker_open(const char *path)
{
    size_t n;

    if (broker.socket < 0)
        return take_only(path);
    n = broker.names->n_in;
    for (size_t k = 0; k < n; k++) {
        size_t i = (broker.next + k) % n;

        if (strcmp(broker.names->in[i], path) == 0) {
            broker.next = i + 1;
            return ask_fd(ASK_OPEN, i);
        }
    }
    errno = EPERM;
    return -1;
}

int broker_null(void)
{
    if (broker.socket < 0)
        return fcntl(broker.null, F_DUPFD_CLOEXEC, 0);
    return ask_fd(ASK_NULL, 0);
}

int broker_nameless(void)
{
    return ask_fd(ASK_NAMELESS, 0);
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

int broker_create(struct file_out *out, const char *path, bool text,
                  domctx_report *report)
{
    struct answer answer = { .result = -1 };
    int result;

    (void)path; /* it is the one of the command line */
    memset(out, 0, sizeof(*out));
    out->fd = out->dirfd = -1;
    result = ask(text ? ASK_CREATE_TEXT : ASK_CREATE, 0, &answer, &out->fd,
                 report);
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

    (void)path;
    return told(ask(ASK_CHECK, 0, &answer, NULL, report), &answer, report);
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
