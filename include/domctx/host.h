/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host, described: what decides there about a restore, so that it can be
 * judged on another machine.  xlcontext_describe() asks the Xen that runs
 * here; a file has the same as JSON, see xl-context-host(5).
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_HOST_H
#define DOMCTX_HOST_H

/* Features, as the words of XEN_SYSCTL_get_cpu_featureset. */
#define DOMCTX_FEATURE_WORDS 32
struct domctx_features {
    size_t n;                 /* 0: not known */
    uint32_t word[DOMCTX_FEATURE_WORDS];
};

/*
 * A host.  It is made by domctx_description_new() alone, so that later
 * versions can have more members, and not copied: host points into it.  A text
 * that is empty, a number that is 0 and DOMCTX_UNSAID are what is not known.
 * Since 0.1.
 */
struct domctx_description {
    char tool[64];            /* that asked: "xl-context 0.1.0" */
    char name[256];           /* of the host */
    char time[32];            /* when: "2026-11-28T12:00:00Z" */
    char xen_version[64];     /* as xl info prints it: "4.17.5-pre" */
    char xen_changeset[64];
    char toolstack[64];       /* the library: "libxenlight.so.4.17" */
    char scheduler[32];       /* "credit2" */
    char vendor[32];          /* of the processor: "GenuineIntel" */
    uint32_t phys_bits;       /* of a physical address */
    uint64_t xcr0;            /* the components that a domain can have */
    enum domctx_answer hvm, pvh, hap, shadow, nested_hvm, altp2m;
    struct domctx_features processor;    /* that Xen sees and uses */
    struct domctx_features hvm_max, hvm_default; /* for a domain */
    struct domctx_policy max_policy, default_policy;

    /* From here on domctx_description_settle() fills in. */
    struct domctx_release release;
    struct domctx_host host;  /* for domctx_check() */
};

/* An empty one; NULL when memory is short.
 * Ids: no-memory. */
struct domctx_description *domctx_description_new(domctx_report *report);

/* Free it; NULL is allowed. */
void domctx_description_free(struct domctx_description *description);

/*
 * Fill in what follows from the rest: the release from xen_version, features,
 * vendor and phys_bits from the policies, and host.  What is there already
 * stays.  -1 where xen_version is none, or what is there does not follow.
 * Ids: host-contradicts, host-member.
 */
int domctx_description_settle(struct domctx_description *description,
                              domctx_report *report);

/* Whether the text of size bytes is the description of a host, sound or
 * not. */
bool domctx_is_description(const void *text, size_t size);

/*
 * Read the JSON of a host, which may come from anywhere.  On success
 * *description is settled, and to be freed; otherwise it is NULL, and there is
 * one finding.
 * Ids: host-json, host-limit, host-member, host-missing, host-twice,
 * no-memory, those of domctx_description_settle().
 */
int domctx_description_read(const void *text, size_t size,
                            struct domctx_description **description,
                            domctx_report *report);

/* Write it as JSON.  -1 when the sink fails or memory is short, or where a
 * list is longer than its room.
 * Ids: host-member, no-memory, sink-failed. */
int domctx_description_write(const struct domctx_description *description,
                             domctx_sink *sink, void *arg,
                             domctx_report *report);

#endif /* DOMCTX_HOST_H */
