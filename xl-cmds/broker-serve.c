/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that opens files. */
#include "broker-talk.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "signals.h"

struct server {
    const struct broker_names *names;
    domctx_report *report;
    struct file_out out;
    bool writing;
    char path[PATH_MAX];       /* of the output, in a folder */
};

static int serve_open(struct server *server, size_t number,
                      struct stat *status)
{
    const struct broker_names *names = server->names;

    /* "-" is a descriptor that the other side has, not a file of that name */
    if (number < names->n_in && strcmp(names->in[number], "-") != 0)
        return file_open_name(names->in[number], status);
    errno = EPERM;
    return -1;
}

/* The name of the output, of that input if it is in a folder; NULL: there is
 * none. */
static const char *output(struct server *server, size_t number)
{
    const struct broker_names *names = server->names;

    if (!names->folder)
        return names->out;
    return number < names->n_in &&
                   name_in_folder(server->path, names->folder,
                                  names->in[number])
               ? server->path : NULL;
}

/* One output, which there is once. */
static void serve_create(struct server *server,
                         const struct question *question,
                         struct answer *answer)
{
    const char *path = output(server, question->number);
    bool text = question->ask == ASK_CREATE_TEXT;

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

static void serve_check(struct server *server, size_t number,
                        struct answer *answer)
{
    const char *path = output(server, number);

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
        fd = serve_open(server, question->number, &answer->status);
        break;
    case ASK_NULL:
        fd = file_open_null();
        break;
    case ASK_NAMELESS:
        fd = file_open_nameless();
        break;
    case ASK_CHECK:
        serve_check(server, question->number, answer);
        return -1;
    case ASK_CREATE:
    case ASK_CREATE_TEXT:
        serve_create(server, question, answer);
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
    if (talk_put(to, answer, sizeof(*answer), fd) < 0)
        return -1;
    for (size_t i = 0; (finding = domctx_report_get(server->report, i));
         i++) {
        copy = *finding;
        if (talk_put(to, &copy, sizeof(copy), -1) < 0)
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

    while (good && talk_get(from, &question, sizeof(question), NULL) == 0) {
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

void broker_run(int from, const struct broker_names *names)
{
    struct server server = { .names = names, .report = domctx_report_new(),
                             .out = { .fd = -1, .dirfd = -1 } };

    /* What ends the other side ends us by the socket. */
    signals_ignore(from);
    serve_all(from, &server);
    domctx_report_free(server.report);
    _exit(0);
}
