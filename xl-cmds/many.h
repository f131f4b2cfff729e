/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A verb that looks at one file after the other, of however many: in this
 * process, or as -j says in several of them at once, each in a sandbox of its
 * own.  What they say stands in the order of the files all the same.
 */
#ifndef XL_CMDS_MANY_H
#define XL_CMDS_MANY_H

#include "names.h"

/* How often a word was what came of a file. */
#define TALLY_ROWS 10
#define TALLY_CAUSES 12
#define TALLY_FIRST 3
struct tally {
    struct {
        char word[24];     /* "": there is no more */
        size_t n;
    } row[TALLY_ROWS];
    /* why files were refused: by the id of what decided, the first of them by
     * number; what there is no room for is left out */
    struct {
        char id[48];       /* "": there is no more */
        size_t n;
        size_t first[TALLY_FIRST];
    } cause[TALLY_CAUSES];
};

void tally_count(struct tally *tally, const char *word, size_t n);
size_t tally_of(const struct tally *tally, const char *word);

/* File number i was refused for that. */
void tally_cause(struct tally *tally, const char *id, size_t i);

/* Add what a worker counted, of n files: it may have been taken over. */
void tally_merge(struct tally *tally, struct tally *part, size_t n);

/* ": 2 loads, 1 damaged" */
void tally_put(FILE *stream, const struct tally *tally);

/* Words for stdout that are written at once: those about several files. */
#define MANY_ROOM 65536

struct many {
    struct session *session;
    const struct arguments *arguments;
    struct names names;
    unsigned int jobs;
    const char *folder;    /* where a file of the same name is written for
                            * each, or NULL */
    /* Process file number i: findings go to the session and the tally, output
     * to stdout and stderr. lost: why the process that worked on it died, or
     * NULL. */
    void (*one)(void *arg, size_t i, const domctx_report *lost);
    void *arg;
    struct tally tally;
};

#define OPTION_JOBS                                                         \
    { OPT_JOBS, 'j', "jobs", "N",                                           \
      "Work on N files at a time; the order stays." }

/* The files and the number of processes from the command line.  False, and
 * told: not to go on.  many_free() in any case. */
bool many_take(struct many *many, const struct verb *verb);
void many_free(struct many *many);

/* All files, in order, until nobody takes the output; the exit status is the
 * highest of them.  False, and told: there is no sandbox. */
bool many_run(struct many *many);

/* File number i here: the session has what came of this file alone. */
void many_one(struct many *many, size_t i, const domctx_report *lost);

/* What of the command line asks for JSON. */
enum many_json { JSON_NO, JSON_WHOLE, JSON_LINES };
#define OPTION_JSON_LINES(help) { OPT_JSON, '\0', "json", "[lines]", help }

/* "--json", "--json=lines"; false, and told, for another word. */
bool many_json(struct session *session, const struct verb *verb,
               const struct arguments *arguments, enum many_json *json);

/* A domctx_sink that writes JSON to stdout in one line; arg is a bool, false
 * at first.  The caller ends the line. */
int to_json_line(void *arg, const char *text, size_t size);

/* Write text to stdout as a string of JSON. */
void put_json_string(const char *text);

#endif /* XL_CMDS_MANY_H */
