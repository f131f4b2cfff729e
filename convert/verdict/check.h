/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room verdict: whether a context would load, who saved it, and why not.
 *
 * Judging a context for a target: check.c has the whole and the values, by the
 * rows of rules/load.c; check-guest.c what a restore meets before the context;
 * check-policy.c the policy that the domain gets; check-host.c what policy and
 * host decide; check-frame.c typecodes, lengths, instances and order;
 * check-msr.c the length that a descriptor claims; check-presence.c missing
 * records.
 *
 * The description of a host: host.c, host-place.c, host-read.c, host-write.c.
 */
#ifndef CONVERT_VERDICT_CHECK_H
#define CONVERT_VERDICT_CHECK_H

#include "catalogue/cpuid.h"
#include "rules/rules.h"

/* The most vCPUs of an HVM domain, in every release. */
#define VCPUS_MAX 128

/* One judgement, for one release. */
struct check {
    const domctx_context *context;
    struct release target;
    const struct domctx_host *host;
    enum domctx_vendor vendor;     /* of the host's processors, or the only one
                                    * that there can be; 0: not known */
    struct rule_memo *memo;        /* shared by all releases that are judged */
    domctx_report *report;
    struct domctx_verdict *verdict;
    enum domctx_severity worst;
    struct domctx_finding decides; /* the finding that decides */
    int phase;              /* phase of that finding */
    uint64_t whole, left;   /* bytes of the blob; bytes from the present
                             * descriptor on */
    bool out_of_step;       /* the first pass lost its way at a false length */
    bool told_vcpus;        /* reported that the domain has fewer */
    struct cpuid_set file;  /* the file's policy; all set where it has no
                             * leaf */
    struct cpuid_set unconfigured; /* the largest that the domain can have with
                                    * any configuration */
    struct cpuid_set policy; /* the same with its own configuration */
    struct cpuid_set gives; /* the part that this host provides, if known */
    struct check_pending {  /* by rule: what the host decides */
        bool met;
        uint64_t value;     /* of all records together */
    } *pending;
    bool has_device;        /* a record of a device that PVH lacks was seen: of
                             * these only the first is reported */
    /* Records seen, by instance and typecode; instance 0 if loaders ignore
     * it. */
    bool has[VCPUS_MAX][CODE_COUNT];
    bool has_vcpu[VCPUS_MAX];      /* a record of this vCPU was seen */
};

/* Judge for one release, which must be known.  report may be NULL.  Returns
 * the worst severity, or -1 when memory is short. */
int check_one(const domctx_context *context, struct release target,
              const struct domctx_host *host, struct rule_memo *memo,
              struct domctx_verdict *verdict, domctx_report *report);

/* Forward the findings from reading, except those that judging raises itself.
 * parsed may be NULL, or the same as report.  0, or -1 when memory is
 * short. */
int check_take_over(const domctx_report *parsed, domctx_report *report);

/* Since when the toolstack gets a handler's own error number. */
extern const struct since own_errors;

/* The name of an error number of Xen, which are Linux's: "EINVAL".  Names are
 * the same on every system. */
const char *error_name(int error);

/*
 * Raise a finding, and count it for the verdict.  typecode: of the record, for
 * the phase of the load; at->error is set here.  certain: false if only some
 * processors behave so.
 */
__attribute__((format(printf, 7, 8)))
void check_raise(struct check *check, enum msg_id id, uint32_t typecode,
                 struct msg_at *at, const struct rule_outcome *outcome,
                 bool certain, const char *format, ...);

/* Raise a finding about something before the context; error and log are the
 * toolstack's. */
__attribute__((format(printf, 5, 6)))
void check_raise_early(struct check *check, enum msg_id id,
                       struct msg_at *at, const struct rule_outcome *outcome,
                       const char *format, ...);

/* Judge configuration, policies and parameters. */
void check_guest(struct check *check);

/* Set check->policy and check->gives; must precede the functions below. */
void check_policy(struct check *check);

/* The point releases of a series, one bit each, whose policies differ from the
 * release before in a feature that a rule is about. */
uint32_t check_policy_steps(cat_version series);

/* Judge a rule that depends on policy and host, with the value of all records
 * that met it. */
void check_settle(struct check *check, const struct rule *rule,
                  uint64_t value);

/* The bits of an MSR's value whose features the host's domain does not get
 * from the release, or on that host; names: the names of these bits. */
uint64_t check_msr_lacks(struct release release,
                         const struct domctx_host *host, uint32_t index,
                         uint64_t value, char *names, size_t room);

/* Report features of the file's policy that the domain does not get. */
void check_lost_features(struct check *check);

/* Add a feature that the host must have to the verdict. */
void check_needs(struct check *check, const char *word);

/* Judge how a record is framed; true if the loader goes on to its content. */
bool check_frame(struct check *check, const struct context_record *record);

/* Judge the length that a CPU_MSR's descriptor claims; true if the loader goes
 * on. */
bool check_msr_length(struct check *check,
                      const struct context_record *record);

/* A record as the loader sees it: hvm_load_entry_zeroextend() fills a short
 * body with zeros. */
struct check_seen {
    struct context_record record;
    uint8_t body[1536];     /* longer than any record of fixed length */
};
const struct context_record *check_see(const struct check *check,
                                       const struct context_record *record,
                                       struct check_seen *seen);

/* Whether PVH domains lack the device of the record. */
bool check_is_device(uint32_t typecode);

/* Whether the configuration makes a PVH domain. */
bool check_is_pvh(const struct check *check);

/* Judge which records are there, and which domains can have them. */
void check_presence(struct check *check);

#endif /* CONVERT_VERDICT_CHECK_H */
