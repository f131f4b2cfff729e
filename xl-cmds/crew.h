/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Worker processes that read files, each in its sandbox.  Worker k of N reads
 * files k, k + N, ..., and sends its output for each as one message; the
 * parent prints them in the order of the files.  A worker waits while its pipe
 * is full, so memory does not grow with the number of files.
 */
#ifndef XL_CMDS_CREW_H
#define XL_CMDS_CREW_H

#include "many.h"

#define JOBS_MAX 64

/* As many_run().  If a file makes a worker die, that file is reported as lost,
 * and a new worker continues. */
bool crew_run(struct many *many);

#endif /* XL_CMDS_CREW_H */
