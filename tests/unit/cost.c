/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"
#include "cost.h"

#include <time.h>

double cost_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What else runs on a machine takes caches, and its hypervisor may take the
 * processor: only the least of several times is the work's own. */
#define TRIES 12

/* Sixteen times as much takes sixteen times the time, and somewhat more for
 * sorting and memory; a square would be 256 times. */
void expect_no_square(double (*time_of)(uint32_t n), uint32_t n)
{
    double least[2] = { 1e9, 1e9 };

    for (int i = 0; i < TRIES; i++) {
        double few = time_of(n), more = time_of(16 * n);

        least[0] = few < least[0] ? few : least[0];
        least[1] = more < least[1] ? more : least[1];
        if (least[1] < 80 * least[0])
            return;
    }
    ck_abort_msg("%u: %f s, %u: %f s", n, least[0], 16 * n, least[1]);
}
