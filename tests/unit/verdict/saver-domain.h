/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a release writes of a domain beside its context: the CPUID and MSR
 * policies, the HVM parameters and the keys of the configuration, by the
 * processor that it runs on and the kind of guest. */
#ifndef UNIT_SAVER_DOMAIN_H
#define UNIT_SAVER_DOMAIN_H

#include "support.h"

#include "catalogue/release.h"

/* Processors, the older one of each vendor first. */
enum saver_processor { SAVER_SKYLAKE, SAVER_ICE_LAKE, SAVER_ZEN, SAVER_ZEN_4,
                       SAVER_PROCESSORS };
enum domctx_vendor saver_vendor(enum saver_processor processor);

/* What the domain is made as, beside the flags of saver.h. */
enum {
    SAVER_NESTED = 0x1000,
    SAVER_SHADOW = 0x2000,  /* shadow paging */
};

/* A domain, whose arrays the members of domain point to: not to be copied. */
struct saver_domain {
    struct domctx_domain domain;
    struct domctx_cpuid_leaf leaves[128];
    struct domctx_policy_msr msrs[2];
    struct domctx_hvm_param params[16];
};

/* As the release writes it; up to 4.13 a stream has no policy. */
void saver_domain(struct saver_domain *to, struct release release,
                  enum saver_processor processor, unsigned int what);

#endif /* UNIT_SAVER_DOMAIN_H */
