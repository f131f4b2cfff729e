/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging whether a release would load a context.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_CHECK_H
#define DOMCTX_CHECK_H

/* Whose processor the target has. */
enum domctx_vendor {
    DOMCTX_VENDOR_UNKNOWN,
    DOMCTX_VENDOR_INTEL,
    DOMCTX_VENDOR_AMD,     /* and Hygon */
    DOMCTX_VENDOR_OTHER,   /* VIA and Zhaoxin; since 0.1 */
};

/* What is known of a host, apart from its release. */
struct domctx_host {
    enum domctx_vendor vendor;
    /* What it can give to an HVM domain, as the words of
     * XEN_SYSCTL_get_cpu_featureset; NULL when that is not known.
     * Borrowed. */
    const uint32_t *features;
    size_t n_features;
    unsigned int phys_bits;  /* of a physical address; 0: not known */
    /* The policies that it makes HVM and PVH domains with: the most that it
     * can give, and what it gives unasked; NULL when that is not known.  max
     * and features are to say the same.  Borrowed.  Since 0.1. */
    const struct domctx_policy *max, *initial;
    /* What it can make: HVM and PVH domains at all, hardware assisted and
     * shadow paging, nested virtualisation.  Since 0.1. */
    enum domctx_answer hvm, hap, shadow, nested_hvm;
    /* The domain that is to be made there, as a save file has it beside the
     * context; NULL where it is not known.  Borrowed. */
    const struct domctx_domain *domain;
    uint64_t xcr0;           /* the components of the extended state that a
                              * domain can have, where features are not known;
                              * 0: not known.  Since 0.1. */
    const char *vendor_name; /* "HygonGenuine": Xen compares the names, and
                              * vendor has several as one; NULL or "": not
                              * known.  Borrowed.  Since 0.1. */
    uint64_t reserved[6];    /* 0 */
};

/* What comes of a load as a whole. */
struct domctx_verdict {
    enum domctx_outcome outcome; /* of what ends the load; DOMCTX_NO_OUTCOME:
                                  * it loads */
    const char *error;           /* "EINVAL", or ""; constant, never freed */
    char older_error[32];        /* where point releases of the target
                                  * differ: "EPERM before 4.13.4"; or "" */
    size_t finding;              /* which one in the report, for an outcome;
                                  * the report keeps it, however full it is.
                                  * 0 without a report */
    size_t depends;              /* findings of DOMCTX_DEPENDS */
    char needs[256];             /* what the host must have beside what every
                                  * host has, in words: "avx512f pku" */
    struct domctx_release judged_as; /* the target, or for one newer than
                                      * any that is known the newest */
    /* of domctx_check_series() and domctx_check_savers(): the point releases
     * judged, by their verdicts; since 0.1 */
    struct domctx_releases loads, refuses, crashes;
    uint64_t reserved[8];        /* 0 */
};

/*
 * Judge whether the target would load the context, and what it would change
 * in it.  With host->domain, judge the restore of the whole save file: what a
 * restore meets before the context comes first.  Every other finding is about
 * the HVM records as they are, without any conversion; it has the outcome,
 * and for DOMCTX_REFUSED the error number.
 * DOMCTX_ERROR: refused, or crashes; DOMCTX_WARNING: loads and something is
 * lost or changed; DOMCTX_NOTE: loads, with something to compare or to know.
 *
 * With DOMCTX_POINT_ANY, what any point release refuses is refused.  host may
 * be NULL: what depends on it is then a note.
 *
 * parsed holds the findings from reading the input, or is NULL; they are
 * taken over into report, but for those that this judgement decides itself.
 * parsed may be report: it then holds what was taken over and what was found.
 * verdict may be NULL.  Returns 0, or -1 when memory is short.
 * Ids: guest-*, host-config, host-cpuid-policy, host-features,
 * host-msr-policy, live-crash-*, load-*, no-memory, and whatever parsed
 * holds.
 */
int domctx_check(const domctx_context *context,
                 const struct domctx_release *target,
                 const struct domctx_host *host,
                 const domctx_report *parsed, struct domctx_verdict *verdict,
                 domctx_report *report);

/*
 * The same for a series, point release by point release: verdict->loads and
 * its like say which do what.  A finding that not all of them have names
 * those that do in front of its text.
 *
 * Where the newest point release loads it and others refuse it, the outcome
 * is DOMCTX_NO_OUTCOME, error is that of those which refuse, and what they
 * refuse is a warning.  Where the newest refuses it, or any crashes, that is
 * the outcome.  A target with a point release, or of a series that is not
 * known, is judged as by domctx_check().  Since 0.1.
 * Ids: those of domctx_check().
 */
int domctx_check_series(const domctx_context *context,
                        const struct domctx_release *target,
                        const struct domctx_host *host,
                        const domctx_report *parsed,
                        struct domctx_verdict *verdict,
                        domctx_report *report);

/*
 * Judge whether the context would come back where it was saved: by those that
 * can have saved it (domctx_inference_releases()), of which there must be
 * one.  A release that refuses it, or changes it, has not saved it, so what
 * is reported is what the one with the fewest objections has, the oldest of
 * several; verdict->judged_as is that one.  Since 0.1.
 * Ids: those of domctx_check().
 */
int domctx_check_savers(const domctx_context *context,
                        const struct domctx_releases *savers,
                        const struct domctx_host *host,
                        const domctx_report *parsed,
                        struct domctx_verdict *verdict,
                        domctx_report *report);

/*
 * What a user types to have an input come back, as a program tells it: with
 * NEW for the file that a command writes.  Since 0.1.
 */
struct domctx_cure {
    const char *const *commands;    /* for a shell, in their order */
    size_t n_commands;
    const char *const *tools;       /* programs of them that are not this */
    size_t n_tools;
    bool converts;                  /* one is a conversion, which was tried */
    const domctx_report *loses;     /* what it leaves out; NULL: nothing */
    const domctx_report *in_its_way; /* why no conversion helps, or NULL */
    uint64_t reserved[4];           /* 0 */
};

/* A judged input. */
struct domctx_checked {
    const char *name;                     /* of the file */
    const struct domctx_release *target;  /* NULL: was not judged */
    const struct domctx_verdict *verdict; /* NULL likewise */
    const domctx_report *report;
    const struct domctx_releases *savers; /* of domctx_check_savers(), instead
                                           * of the target; or NULL */
    const struct domctx_cure *cure;       /* NULL: nothing has to be done */
    const char *host;                     /* which description of a host the
                                           * target is, or NULL */
    uint64_t reserved[6];                 /* 0 */
};

/* "loads", "refused", "crashes the domain", "crashes the host"; "faulty" where
 * the HVM state loads and a record of the image itself is wrong.  Without a
 * verdict: "refused" for an error in what was read, "of another kind",
 * "damaged", "not written" where the output failed, or "unreadable". */
const char *domctx_checked_word(const struct domctx_checked *checked);

#define DOMCTX_CHECKED_ROOM 600
/* The word with what belongs to it, in buf, which is returned: "refused,
 * EINVAL or EPERM before 4.15.1", "loads on 4.20.1 and later; 4.20.0 refuses,
 * ENODATA".  Since 0.1. */
const char *domctx_checked_text(const struct domctx_checked *checked,
                                char buf[DOMCTX_CHECKED_ROOM]);

/* Whether it was judged by the rules of another release than the target, which
 * is newer than any that is known. */
bool domctx_checked_as(const struct domctx_checked *checked);

/*
 * Write it as one JSON object: "schema", which is xl-context-check-1; "file";
 * "target"; "judged_as" where that is another release; "verdict", "error",
 * "older_error"; "needs", what the host must have for it, unless those who
 * saved it judge; where point releases of the target differ "loads_on",
 * "refused_by" and "crashed_by"; "cure", if there is one; "findings", each of
 * which has the members of struct domctx_finding that are known and the
 * "cause" and "mend" of its id; and for a report that was full "more", the
 * number of findings that are not among those, and "worst_of_more", the
 * severity of the worst of them.
 *
 * A cure has "commands" and "tools", lists of texts; "loses", a list of
 * findings, for a conversion alone and empty where nothing is lost; and
 * "in_its_way", a list of findings, where a conversion was tried in vain.
 *
 * A line that only the log of a debug build has is "log_of_debug_build"
 * instead of "log".
 * Ids: sink-failed, no-memory.
 */
int domctx_checked_json(const struct domctx_checked *checked,
                        domctx_sink *sink, void *arg, domctx_report *report);

#endif /* DOMCTX_CHECK_H */
