/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The point releases of a series at which the tables change. */
#include "rules/rules.h"

#include "rules/descriptor.h"

/* Point release 0 is left out: a series begins with it in any case. */
uint32_t steps_of(const struct since *since, cat_version series)
{
    for (size_t i = 0; i < SINCE_MAX && since->points[i].series; i++)
        if (since->points[i].series == series && since->points[i].point)
            return UINT32_C(1) << since->points[i].point;
    return 0;
}

static uint32_t steps_of_both(const struct since *since,
                              const struct since *until, cat_version series)
{
    return steps_of(since, series) | steps_of(until, series);
}

static uint32_t steps_of_log(const struct rule_outcome *outcome,
                             cat_version series)
{
    const struct rule_log *log = &rule_logs[outcome->logged];

    return steps_of_both(&log->any, &log->release, series);
}

uint32_t rules_steps(cat_version series)
{
    uint32_t steps = steps_of_both(&frame_short_ends, &frame_takes_compat,
                                   series);

    for (size_t i = 0; i < n_rules_change; i++)
        steps |= steps_of_both(&rules_change[i].since,
                               &rules_change[i].until, series);
    for (size_t i = 0; i < n_rules_load; i++)
        steps |= steps_of_both(&rules_load[i].since, &rules_load[i].until,
                               series) |
                 steps_of_log(&rules_load[i].outcome, series);
    for (size_t i = 0; i < n_frame_lengths; i++)
        steps |= steps_of_both(&frame_lengths[i].extends,
                               &frame_lengths[i].checked, series);
    for (size_t i = 0; i < FRAME_COUNT; i++)
        steps |= steps_of_both(&frame_rows[i].since, &frame_rows[i].until,
                               series) |
                 steps_of_log(&frame_rows[i].outcome, series);
    return steps;
}
