/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crew.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "raise.h"
#include "sandbox.h"
#include "signals.h"

/* Bytes by which a worker may be ahead. */
#define PIPE_ROOM (1 << 20)

/* Header of the result of a file; the bytes for stdout and then those for
 * stderr follow. */
struct piece {
    uint64_t file, out, err;
    int worst;             /* enum domctx_severity */
    bool stopped;          /* there is no sandbox: nothing comes any more */
    struct tally tally;
};

struct worker {
    pid_t pid;             /* 0: there is none */
    int from;              /* its pipe */
    size_t first;          /* the file that it begins with */
};

struct crew {
    struct many *many;
    struct worker worker[JOBS_MAX];
    bool stopped;
};

/* -- a worker --------------------------------------------------------- */

/* Redirect the descriptor into a file in memory. */
static int gather(int fd)
{
    int memory = memfd_create("xl-context", MFD_CLOEXEC), result;

    if (memory < 0)
        return -1;
    result = dup2(memory, fd);
    close(memory);
    return result < 0 ? -1 : 0;
}

/* Words on their way; no process does both. */
static char part[MANY_ROOM];

/* Copy the gathered bytes to the pipe. */
static int pour(int from, uint64_t size, int to)
{
    if (size == 0)
        return 0;
    for (uint64_t at = 0; at < size;) {
        ssize_t got = pread(from, part, sizeof(part), (off_t)at);

        if (got <= 0 || file_put(to, part, (size_t)got) < 0)
            return -1;
        at += (uint64_t)got;
    }
    return ftruncate(from, 0) < 0 || lseek(from, 0, SEEK_SET) < 0 ? -1 : 0;
}

static int send_piece(struct many *many, size_t file, bool stopped, int to)
{
    struct piece piece = { .file = file, .worst = (int)many->session->worst,
                           .stopped = stopped, .tally = many->tally };
    off_t out, err;

    fflush(NULL);
    out = lseek(STDOUT_FILENO, 0, SEEK_CUR);
    err = lseek(STDERR_FILENO, 0, SEEK_CUR);
    if (out < 0 || err < 0)
        return -1;
    piece.out = (uint64_t)out;
    piece.err = (uint64_t)err;
    many->tally = (struct tally){ .row = { { .n = 0 } } };
    return file_put(to, &piece, sizeof(piece)) < 0 ||
                   pour(STDOUT_FILENO, piece.out, to) < 0 ||
                   pour(STDERR_FILENO, piece.err, to) < 0
               ? -1 : 0;
}

static void work(struct many *many, size_t first, int to)
{
    if (gather(STDOUT_FILENO) < 0 || gather(STDERR_FILENO) < 0)
        return;
    many->tally = (struct tally){ .row = { { .n = 0 } } };
    sandbox_keep(to);
    if (!sandbox_enter_many(many->session, many->arguments,
                            many->names.name, many->names.n,
                            many->folder)) {
        send_piece(many, first, true, to);
        return;
    }
    for (size_t i = first; i < many->names.n; i += many->jobs) {
        many_one(many, i, NULL);
        if (send_piece(many, i, false, to) < 0)
            break;
    }
    sandbox_leave();
}

/* -- the parent ------------------------------------------------------- */

/* Close the pipes of the other workers. */
static void close_pipes(const struct crew *crew)
{
    for (size_t i = 0; i < JOBS_MAX; i++)
        if (crew->worker[i].pid)
            close(crew->worker[i].from);
}

static bool start(struct crew *crew, struct worker *worker, size_t first)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_ROOM);
    fflush(NULL);
    worker->first = first;
    worker->pid = 0;
    worker->pid = child_fork();
    if (worker->pid == 0) {
        close_pipes(crew);
        close(ends[0]);
        work(crew->many, first, ends[1]);
        exit(0);
    }
    close(ends[1]);
    worker->from = ends[0];
    if (worker->pid > 0)
        return true;
    worker->pid = 0;
    close(ends[0]);
    return false;
}

static bool take(int from, void *buf, size_t size)
{
    char *to = buf;

    while (size > 0) {
        ssize_t got = read(from, to, size);

        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            to += got;
            size -= (size_t)got;
        }
    }
    return true;
}

static bool take_words(int from, uint64_t size, FILE *to)
{
    while (size > 0) {
        size_t n = size < sizeof(part) ? (size_t)size : sizeof(part);

        if (!take(from, part, n))
            return false;
        fwrite(part, 1, n, to);
        size -= n;
    }
    return true;
}

/* A worker ends the whole run only before it has read anything, and never
 * without an error. */
static bool is_sound(const struct piece *piece, const struct worker *worker,
                     size_t file)
{
    return piece->file == file && piece->worst >= DOMCTX_NOTE &&
           piece->worst <= DOMCTX_LOST &&
           (!piece->stopped || (file == worker->first &&
                                piece->worst >= DOMCTX_ERROR));
}

/* A hostile file may have taken over the worker: take only words and numbers
 * from it, within bounds. */
static bool take_piece(struct crew *crew, const struct worker *worker,
                       size_t file)
{
    struct session *session = crew->many->session;
    struct piece piece;

    if (!worker->pid || !take(worker->from, &piece, sizeof(piece)) ||
        !is_sound(&piece, worker, file) ||
        !take_words(worker->from, piece.out, stdout))
        return false;
    if (piece.err)
        fflush(stdout);
    if (!take_words(worker->from, piece.err, stderr))
        return false;
    tally_merge(&crew->many->tally, &piece.tally, crew->many->names.n);
    session_higher(session, (enum domctx_severity)piece.worst);
    crew->stopped = piece.stopped;
    return true;
}

/* End the worker, at once or after its last file; its wait status. */
static int end(struct worker *worker, bool now)
{
    int status;

    if (!worker->pid)
        return 0;
    close(worker->from);
    status = child_end(worker->pid, now);
    worker->pid = 0;
    return status;
}

/* Report a file whose worker died, and start another worker. */
static void lose(struct crew *crew, struct worker *worker, size_t file)
{
    struct session *session = crew->many->session;
    enum domctx_severity before = session->worst;
    bool was = worker->pid;
    int status = end(worker, true);
    domctx_report *lost = domctx_report_new();

    if (lost && was && WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM)
        cmd_raise_signal(lost, WTERMSIG(status));
    else if (lost)
        cmd_raise(lost, MSG_SANDBOX, NULL,
                  "the process that reads files has gone");
    many_one(crew->many, file, lost);
    session_higher(session, before);
    domctx_report_free(lost);
    if (file + crew->many->jobs < crew->many->names.n)
        start(crew, worker, file + crew->many->jobs);
}

bool crew_run(struct many *many)
{
    struct crew crew = { .many = many };
    size_t i;

    if (many->jobs > many->names.n)
        many->jobs = (unsigned int)many->names.n;
    for (i = 0; i < many->jobs; i++)
        start(&crew, &crew.worker[i], i);
    for (i = 0; i < many->names.n && !ferror(stdout) && !crew.stopped; i++) {
        struct worker *worker = &crew.worker[i % many->jobs];

        if (!take_piece(&crew, worker, i))
            lose(&crew, worker, i);
    }
    for (size_t k = 0; k < many->jobs; k++)
        end(&crew.worker[k], i < many->names.n);
    return !crew.stopped;
}
