/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hosts made up for tests. */
#ifndef UNIT_MADE_HOST_H
#define UNIT_MADE_HOST_H

#include "support.h"

#include "catalogue/cpuid.h"

/* The bytes of leaf 0. */
#define MADE_AMD "AuthenticAMD"
#define MADE_INTEL "GenuineIntel"

/* A policy with those features, with all leaves that any release has; the
 * number of entries is that of a release. */
void made_policy(struct domctx_policy *policy, const char *vendor,
                 const struct cpuid_set *set);

/* A host of that release with those features, and settled. */
struct domctx_description *made_host(struct release release,
                                     const char *vendor,
                                     const struct cpuid_set *set);

/* Its JSON, terminated; the caller frees b. */
void made_text(const struct domctx_description *host, struct bytes *b);

#endif /* UNIT_MADE_HOST_H */
