/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes that look at files, each in its sandbox.  Worker k of N looks at
 * the files k, k + N, ... and sends what it said of each in one piece; whoever
 * started them takes the pieces in the order of the files.  A worker waits
 * while its pipe is full, so nothing grows with the number of files.
 */
#ifndef XL_CMDS_CREW_H
#define XL_CMDS_CREW_H

#include "many.h"

#define JOBS_MAX 64

/* As many_run().  Where a worker ends, by whatever is in a file, that file is
 * lost, and another worker takes its place. */
bool crew_run(struct many *many);

#endif /* XL_CMDS_CREW_H */
