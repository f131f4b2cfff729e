/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room verdict: whether a context would load, who saved it, and why not.
 *
 * Judging a context for a target: check.c the whole and the values, by the
 * rows of rules/load.c; check-guest.c what a restore meets before the context;
 * check-policy.c the policy that the domain gets; check-host.c what that and
 * the host decide; check-frame.c typecodes, lengths, instances and order;
 * check-msr.c the claim of a descriptor; check-presence.c what is there.
 *
 * A host, described: host.c and what follows, host-read.c, host-write.c.
 */
#ifndef CONVERT_VERDICT_CHECK_H
#define CONVERT_VERDICT_CHECK_H

#include "catalogue/cpuid.h"
#include "rules/rules.h"

/* vCPUs of an HVM domain, in every release. */
#define VCPUS_MAX 128

/* One judgement. */
struct check {
    const domctx_context *context;
    struct release target;
    const struct domctx_host *host;
    struct rule_memo *memo;        /* of all releases that are judged for */
    domctx_report *report;
    struct domctx_verdict *verdict;
    enum domctx_severity worst;
    struct domctx_finding decides; /* the verdict */
    int phase;              /* of that finding */
    uint64_t whole, left;   /* bytes of the blob; from the descriptor on */
    bool out_of_step;       /* the first pass, after a false claim */
    bool told_vcpus;        /* that the configuration has fewer */
    struct cpuid_set file;  /* of the file's policy; of what it does not say
                             * all */
    struct cpuid_set unconfigured; /* what the domain can have at most,
                                    * whatever its configuration is */
    struct cpuid_set policy; /* and with its own */
    struct cpuid_set gives; /* and what of it this host gives, if its features
                             * are known */
    struct check_pending {  /* for each rule: what depends on the host */
        bool met;
        uint64_t value;     /* of all records */
    } *pending;
    bool has_device;        /* a record that a PVH domain has no device for,
                             * whatever its instance: that is reported first */
    /* Records seen, by instance and typecode; instance 0 where loaders do not
     * look at it. */
    bool has[VCPUS_MAX][CODE_COUNT];
    bool has_vcpu[VCPUS_MAX];      /* any record of one that is a vCPU's */
};

/* Judge for one release that is not newer than all known.  report may be
 * NULL.  The severity of the worst finding, or -1 when memory is short. */
int check_one(const domctx_context *context, struct release target,
              const struct domctx_host *host, struct rule_memo *memo,
              struct domctx_verdict *verdict, domctx_report *report);

/* The findings from reading the input, but for those that a judgement decides
 * itself.  parsed may be NULL, or report.  0, or -1 when memory is short. */
int check_take_over(const domctx_report *parsed, domctx_report *report);

/* Since when the toolstack is given a handler's own error number. */
extern const struct since own_errors;

/* "EINVAL".  Error numbers of Xen are those of Linux; by name they are the
 * same everywhere. */
const char *error_name(int error);

/*
 * Raise a finding with the outcome and what it means for the verdict.
 * typecode: of the record, for the phase of the load; at->error need not be
 * set.  certain: false where it is so on some processors only.
 */
__attribute__((format(printf, 7, 8)))
void check_raise(struct check *check, enum msg_id id, uint32_t typecode,
                 struct msg_at *at, const struct rule_outcome *outcome,
                 bool certain, const char *format, ...);

/* The same of what a restore meets before it loads the context; error and log
 * are the toolstack's. */
__attribute__((format(printf, 5, 6)))
void check_raise_early(struct check *check, enum msg_id id,
                       struct msg_at *at, const struct rule_outcome *outcome,
                       const char *format, ...);

/* Judge configuration, policies, parameters. */
void check_guest(struct check *check);

/* Work out check->policy and what the host gives, for the rest of these. */
void check_policy(struct check *check);

/* The point releases of a series, a bit each, whose policies give other
 * features, of those that rules are about, than the one before them. */
uint32_t check_policy_steps(cat_version series);

/* Judge what depends on policy and host: a rule that some records met, with
 * the value of all of them. */
void check_settle(struct check *check, const struct rule *rule,
                  uint64_t value);

/* The bits of an MSR's value whose features the domain of the host does not
 * get on the release, or on that host; names: of these bits. */
uint64_t check_msr_lacks(struct release release,
                         const struct domctx_host *host, uint32_t index,
                         uint64_t value, char *names, size_t room);

/* Tell the features of the file's policy that the domain does not get. */
void check_lost_features(struct check *check);

/* The host must have that, by one word. */
void check_needs(struct check *check, const char *word);

/* Judge how a record is framed; true if the loader goes on to what is in
 * it. */
bool check_frame(struct check *check, const struct context_record *record);

/* Judge what the descriptor of a CPU_MSR claims, likewise. */
bool check_msr_length(struct check *check,
                      const struct context_record *record);

/* The record as the loader has it before it looks: what a short body lacks is
 * zero. */
struct check_seen {
    struct context_record record;
    uint8_t body[1536];     /* more than any record of fixed length has */
};
const struct context_record *check_see(const struct check *check,
                                       const struct context_record *record,
                                       struct check_seen *seen);

/* Whether the record is of a device that a PVH domain has not. */
bool check_is_device(uint32_t typecode);

/* What is there, what is not, and for which domains that is. */
void check_presence(struct check *check);

#endif /* CONVERT_VERDICT_CHECK_H */
