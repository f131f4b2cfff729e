/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blobs as a release of Xen saves them: with its lengths, its set of
 * records, and what its saver does to their values. */
#ifndef UNIT_SAVER_H
#define UNIT_SAVER_H

#include "support.h"

#include "catalogue/release.h"

/* What the domain has, and on what it runs. */
enum {
    SAVER_PVH = 0x01,       /* no emulated devices but a LAPIC; 4.7 on */
    SAVER_VIRIDIAN = 0x02,
    SAVER_XSAVE = 0x04,     /* AVX is in use; the host knows all that Xen
                             * knows */
    SAVER_MSR = 0x08,       /* the newest MSR that Xen saves is in use */
    SAVER_SYSCALL = 0x10,
    SAVER_X2APIC = 0x20,
    SAVER_AMD = 0x40,
    SAVER_FPU_UNUSED = 0x80,
};

/* The blob of a domain with two vCPUs. */
void put_saved(struct bytes *b, struct release release, unsigned int what);

#endif /* UNIT_SAVER_H */
