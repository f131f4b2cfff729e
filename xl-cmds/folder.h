/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A verb that makes of each of many files one of the same name in a folder:
 * its --output-dir.
 */
#ifndef XL_CMDS_FOLDER_H
#define XL_CMDS_FOLDER_H

#include "many.h"

/* The options that go with --output-dir and mean nothing without it. */
#define OPTIONS_FOLDER                                                      \
    OPTION_JSON_LINES("With --output-dir: a line of JSON a file."),         \
    OPTION_JOBS,                                                            \
    OPTIONS_NAMES

struct folder {
    const char *path;      /* of the folder */
    const struct verb *verb;
    /* Make of the file from the file to; false: there is none, and why not is
     * told or in the session's report. */
    bool (*one)(void *arg, const char *from, const char *to);
    void *arg;
    const char *done;      /* what was done with a file, in a word */
    struct many many;      /* the rest is of folder_run() */
    enum many_json json;
};

/* Whether the operands of a verb for In and Out are what its options are for;
 * false, and told: not.  names: In and Out in its help. */
bool folder_fits(struct session *session, const struct verb *verb,
                 const struct arguments *arguments, const char *names);

/* Look at the command line, then work on all files.  No file is replaced. */
void folder_run(struct folder *folder, struct session *session,
                const struct arguments *arguments);

#endif /* XL_CMDS_FOLDER_H */
