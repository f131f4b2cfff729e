/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program of the name xl that is none of ours may be a script that leads
 * back to us, by exec or by a child of its own.  TRACE in the environment says
 * which ones have been started, so that the search for the host's xl goes on
 * behind them, whatever becomes of PATH.
 *
 * A host's xl may well have a reason to call xl (a hook): that call is
 * another one, with other arguments, and begins the search anew.  A script
 * that changes the arguments each time looks the same; after NESTED_ANEW
 * calls it is no hook any more.
 */
#include <config.h>

#include "front-end.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRACE "XL_CONTEXT_TRACE"
#define NESTED_ANEW 8

/* Deeper than processes nest on a host. */
#define ANCESTORS_MAX 64

/* A process is known by its number and by when it began, since numbers come
 * again; exec changes neither. */
struct process {
    long number, parent;
    unsigned long long began;
};

/* Fields 4 and 22 of /proc/N/stat; field 2 is a name in brackets, which may
 * hold anything. */
static bool look_up(long number, struct process *process)
{
    char name[40], line[1024];
    const char *p;
    FILE *file;
    int got;

    *process = (struct process){ .number = number };
    snprintf(name, sizeof(name), "/proc/%ld/stat", number);
    file = fopen(name, "re");
    if (!file)
        return false;
    p = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
    got = p ? sscanf(p + 1, " %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u "
                     "%*u %*u %*d %*d %*d %*d %*d %*d %llu",
                     &process->parent, &process->began) : 0;
    fclose(file);
    return got == 2;
}

/* Whether this process is that one or descends from it.  Without /proc it is
 * taken to, so that a loop ends there, too. */
static bool descends_from(const struct process *that)
{
    struct process is = { .parent = (long)getpid() };

    for (int i = 0; i < ANCESTORS_MAX && is.parent > 0; i++) {
        if (!look_up(is.parent, &is))
            return i == 0;
        if (is.number == that->number)
            return is.began == that->began;
    }
    return false;
}

/* FNV-1a, over the words with the zero that ends each. */
static unsigned long long hash(char **argv)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);

    for (char **word = argv[0] ? argv + 1 : argv; *word; word++) {
        const unsigned char *p = (const unsigned char *)*word;

        do
            value = (value ^ *p) * UINT64_C(0x100000001b3);
        while (*p++);
    }
    return value;
}

static void parse_tried(struct trace *trace, const char *text)
{
    struct trace_program program;
    int used = 0;

    while (trace->n_tried < TRACE_TRIED_MAX &&
           sscanf(text, ":%llx.%llx%n", &program.device, &program.inode,
                  &used) == 2) {
        trace->tried[trace->n_tried++] = program;
        text += used;
    }
}

void trace_read(struct trace *trace, char **argv)
{
    const char *text = getenv(TRACE);
    unsigned long long arguments = hash(argv);
    struct process from = { 0 };
    int used = 0;

    *trace = (struct trace){ 0 };
    if (text && sscanf(text, "%ld:%llu:%u:%llx%n", &from.number, &from.began,
                       &trace->nested, &trace->arguments, &used) == 4) {
        trace->inside = descends_from(&from);
        /* the same call once more, or the same process */
        if (trace->inside && (trace->arguments == arguments ||
                              from.number == (long)getpid() ||
                              trace->nested > NESTED_ANEW))
            parse_tried(trace, text + used);
    }
    trace->arguments = arguments;
    trace->nested++;
}

int trace_write(const struct trace *trace)
{
    char text[100 + TRACE_TRIED_MAX * 40];
    struct process self;
    size_t used;

    look_up((long)getpid(), &self);
    used = (size_t)snprintf(text, sizeof(text), "%ld:%llu:%u:%llx",
                            self.number, self.began, trace->nested,
                            trace->arguments);
    for (size_t i = 0; i < trace->n_tried; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 ":%llx.%llx", trace->tried[i].device,
                                 trace->tried[i].inode);
    return setenv(TRACE, text, 1);
}

bool trace_add(struct trace *trace, const struct stat *program)
{
    if (trace->n_tried == TRACE_TRIED_MAX)
        return false;
    trace->tried[trace->n_tried++] = (struct trace_program){
        (unsigned long long)program->st_dev,
        (unsigned long long)program->st_ino,
    };
    return true;
}

bool trace_has(const struct trace *trace, const struct stat *program)
{
    for (size_t i = 0; i < trace->n_tried; i++)
        if (trace->tried[i].device == program->st_dev &&
            trace->tried[i].inode == program->st_ino)
            return true;
    return false;
}
