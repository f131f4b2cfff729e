/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers are those of xen/include/public/hvm/params.h; limits were read there
 * and in hvm.c at every release tag from 4.6.0 to 4.22.0.  The names are in
 * hvm-params.def.
 */
#include "catalogue/hvm-params.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A value since a release, the newest first. */
struct step {
    struct since since;
    uint64_t value;
};

static uint64_t step_of(const struct step *steps, size_t n,
                        struct release release)
{
    for (size_t i = 0; i < n; i++)
        if (since_all(&steps[i].since, release))
            return steps[i].value;
    return 0;
}
#define STEP_OF(steps, release) \
    step_of(steps, sizeof(steps) / sizeof((steps)[0]), release)

unsigned int hvm_param_count(struct release release)
{
    /* MCA_CAP 4e731e9707, VM86_TSS_SIZED 3619af2b2b, X87_FIP_WIDTH
     * 5d768fb1f3 */
    static const struct step counts[] = {
        { { { RELEASE(4, 10, 0) } }, 39 },
        { { { RELEASE(4, 9, 0) } }, 38 },
        { { { RELEASE(4, 6, 3), RELEASE(4, 7, 0) } }, 37 },
        { { { RELEASE(4, 6, 0) } }, 36 },
    };

    return (unsigned int)STEP_OF(counts, release);
}

uint64_t hvm_viridian_mask(struct release release)
{
    /* 9835246710 and 7e5cffcd1e; 4.13; 9c4555801f; 10a674b465; 4.6;
     * 88f30bcdb5 */
    static const struct step masks[] = {
        { { { RELEASE(4, 15, 0) } }, 0x1fff },
        { { { RELEASE(4, 13, 0) } }, 0x3ff },
        { { { RELEASE(4, 9, 0) } }, 0x7f },
        { { { RELEASE(4, 7, 0) } }, 0x3f },
        { { { RELEASE(4, 6, 0) } }, 0xf },
        { { { RELEASE(4, 5, 0) } }, 0x7 },
        { { { RELEASE(4, 1, 0) } }, 0x1 },
    };

    return STEP_OF(masks, release);
}

uint64_t hvm_viridian_default(struct release release)
{
    /* 25ee478662 */
    static const struct step defaults[] = {
        { { { RELEASE(4, 15, 0) } }, 0 },
        { { { RELEASE(4, 9, 0) } }, 0x65 },
        { { { RELEASE(4, 7, 0) } }, 0x25 },
        { { { RELEASE(4, 6, 0) } }, 0x5 },
    };

    return STEP_OF(defaults, release);
}

/* -- words --------------------------------------------------------------- */

/* The groups of Viridian enlightenments, as a configuration names them. */
static const char *const groups[] = {
    "base", "no_freq", "time_ref_count", "reference_tsc",
    "hcall_remote_tlb_flush", "apic_assist", "crash_ctl", "synic", "stimer",
    "hcall_ipi", "ex_processor_masks", "no_vp_limit", "cpu_hotplug",
};
#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

static void put_groups(uint64_t value, char *buf, size_t room)
{
    size_t used = 0;

    for (size_t i = 0; i < 64 && used < room; i++)
        if (value >> i & 1)
            used += (size_t)snprintf(buf + used, room - used, "%s%s",
                                     used ? " " : "",
                                     i < N_GROUPS ? groups[i] : "unknown");
}

/* The type is in the highest byte.  GSI 1 is what guests write that use a
 * vector per vCPU, where Xen offers that (4.17, e2d2b9fd7a). */
static void put_callback(uint64_t value, char *buf, size_t room)
{
    unsigned int low = (unsigned int)(value & 0xff);

    if (value >> 56 == 0 && low)
        snprintf(buf, room, "GSI %u%s", low,
                 value == 1 ? ", or a vector of each vCPU's own" : "");
    else if (value >> 56 == 1)
        snprintf(buf, room, "PCI device %u, INT%c",
                 (unsigned int)(value >> 11 & 0x1f),
                 "ABCD"[value & 3]);
    else if (value >> 56 == 2)
        snprintf(buf, room, "vector %u", low);
    else
        snprintf(buf, room, "off");
}

const char *hvm_param_words(uint64_t index, uint64_t value, char *buf,
                            size_t room)
{
    buf[0] = '\0';
    if (index == PARAM_VIRIDIAN)
        put_groups(value, buf, room);
    else if (index == PARAM_CALLBACK_IRQ)
        put_callback(value, buf, room);
    return buf;
}
