/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How what a function costs grows with its input. */
#ifndef UNIT_COST_H
#define UNIT_COST_H

#include <stdint.h>

/* The time that this process has had of a processor, in seconds. */
double cost_now(void);

/* Fail if time_of(16 * n) is like the square of time_of(n): times in seconds
 * of a processor, of n things and of sixteen times as many. */
void expect_no_square(double (*time_of)(uint32_t n), uint32_t n);

#endif /* UNIT_COST_H */
