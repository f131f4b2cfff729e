/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a save file says about the domain apart from its HVM context: policies,
 * parameters, configuration.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_GUEST_H
#define DOMCTX_GUEST_H

/* The kind of domain that was saved. */
enum domctx_guest {
    DOMCTX_GUEST_UNKNOWN,
    DOMCTX_GUEST_PV,
    DOMCTX_GUEST_HVM,      /* or PVH, if nothing tells which */
    DOMCTX_GUEST_PVH,
};

/* A leaf of X86_CPUID_POLICY. */
struct domctx_cpuid_leaf {
    uint32_t leaf, subleaf;  /* UINT32_MAX: the leaf has no subleaves */
    uint32_t a, b, c, d;
};

/* An entry of X86_MSR_POLICY. */
struct domctx_policy_msr {
    uint32_t index, flags;
    uint64_t value;
};

/* A complete CPUID and MSR policy: what a host can give to a domain.  No
 * release has more than half of that many entries.  Since 0.1. */
#define DOMCTX_POLICY_LEAVES 256
#define DOMCTX_POLICY_MSRS 64
struct domctx_policy {
    size_t n_leaves;         /* 0: not known */
    struct domctx_cpuid_leaf leaves[DOMCTX_POLICY_LEAVES];
    size_t n_msrs;
    struct domctx_policy_msr msrs[DOMCTX_POLICY_MSRS];
};

/* An HVM parameter. */
struct domctx_hvm_param {
    uint64_t index, value;
};

/* Where a record of the stream is, and how many entries it has. */
struct domctx_record_place {
    uint64_t offset;         /* of the record; if there are several, of the
                              * last */
    uint64_t entries;        /* all of them; at most 1024 are kept, and more
                              * are reported ("source-entries") */
};

enum domctx_answer { DOMCTX_UNSAID, DOMCTX_NO, DOMCTX_YES };

/* A word in the configuration that not every release knows. */
struct domctx_odd_word {
    const char *key;         /* "b_info/tsc_mode" in JSON, "bios" in xl's own
                              * language; of the library */
    char word[32];           /* in lower case; cut if it is longer */
};
#define DOMCTX_ODD_MAX 4

/* The keys of the configuration that decide about a restore. */
struct domctx_keys {
    bool known;              /* the configuration was read: keys that it lacks
                              * have their defaults */
    uint32_t max_vcpus;      /* 0: not set */
    enum domctx_answer hap, nested_hvm, pvh, viridian;
    bool viridian_groups;    /* set by a list, besides or instead of
                              * viridian */
    char device_model[32];   /* "qemu_xen_traditional"; "": not set */
    char bios[32];           /* "rombios" */
    char tsc_mode[32];       /* "native_paravirt" */
    enum domctx_answer altp2m; /* several views of the guest's memory */
    struct domctx_odd_word odd[DOMCTX_ODD_MAX]; /* the first of them */
    uint32_t n_odd;
    enum domctx_answer pae;  /* where the stream brings no CPUID policy */
    enum domctx_answer passthrough; /* of the host's devices, and whether */
    bool devices;            /* there are such */
    bool unread;             /* it should be JSON, and is not */
    bool untyped;            /* it is JSON without the type of the domain */
    enum domctx_answer stubdomain; /* the emulator runs in a domain of its
                                    * own */
    uint64_t reserved[3];    /* 0 */
};

/* A domain as a save file has it.  Pointers are NULL where there is no such
 * record, and valid as long as the source. */
struct domctx_domain {
    enum domctx_guest guest;
    uint32_t stream;         /* version of the libxc stream; 0: another */
    const struct domctx_cpuid_leaf *leaves;
    size_t n_leaves;
    struct domctx_record_place leaves_at;
    const struct domctx_policy_msr *msrs;
    size_t n_msrs;
    struct domctx_record_place msrs_at;
    const struct domctx_hvm_param *params; /* of a legacy stream its chunks */
    size_t n_params;
    struct domctx_record_place params_at;
    bool has_tsc;            /* X86_TSC_INFO */
    uint32_t tsc_mode;
    bool has_emulator;       /* the state of one, of this id: */
    uint32_t emulator;       /* 1 qemu-traditional, 2 QEMU, 0 not known */
    struct domctx_keys keys;
    uint64_t reserved[8];    /* 0 */
};

/*
 * The keys that decide, from the JSON of a libxl_domain_config (size bytes),
 * as libxl_domain_config_to_json() makes it and a save file carries it.
 * keys->known is then set, and *type the kind of domain, unless it is NULL.
 * -1: no JSON, or memory is short.  Since 0.1.
 * Ids: no-memory, source-config.
 */
int domctx_keys_read(const char *json, size_t size, struct domctx_keys *keys,
                     enum domctx_guest *type, domctx_report *report);

#endif /* DOMCTX_GUEST_H */
