/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenguest: what the processor gives to an HVM domain. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xenguest.h>

#include "world.h"

/* FAKE_XEN_FEATURES: the words in hexadecimal, with commas between. */
int xc_get_cpu_featureset(xc_interface *xch, uint32_t index,
                          uint32_t *nr_features, uint32_t *featureset)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    const char *p = getenv("FAKE_XEN_FEATURES");
    uint32_t count = 0;

    (void)xch;
    fake_leave();
    errno = verdict.error;
    if (verdict.error)
        return -1;
    while (p && *p && count < *nr_features &&
           index == XEN_SYSCTL_cpu_featureset_hvm) {
        char *end;

        featureset[count++] = (uint32_t)strtoul(p, &end, 16);
        p = *end == ',' ? end + 1 : end;
    }
    *nr_features = count;
    return 0;
}
