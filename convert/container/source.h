/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room container: save files and streams: walk, check, splice.
 *
 * Walking a container: what the walkers of its layers share.  A walker is
 * called with the input at the first byte of its layer, and returns 0 with
 * the input behind its last, or -1.
 */
#ifndef CONVERT_CONTAINER_SOURCE_H
#define CONVERT_CONTAINER_SOURCE_H

#include "base/messages.h"
#include "catalogue/release.h"

/* Bytes that source_peek() can show: a batch of a 64-bit legacy stream with
 * its id and the next one's, which so takes one read. */
#define SOURCE_AHEAD 8256

/* No release writes a longer record (REC_LENGTH_MAX of 4.10 and later). */
#define SOURCE_RECORD_MAX (UINT32_C(128) << 20)

/* No context is longer: 4,096 vCPUs make 15 MiB. */
#define SOURCE_CONTEXT_MAX (UINT32_C(16) << 20)

/* Longer configurations are stepped over. */
#define SOURCE_CONFIG_MAX (UINT32_C(1) << 20)

/* Bytes taken out of the container. */
struct held {
    uint8_t *p;
    size_t size;
};

/* What one checkpoint interval holds; a plain stream is one interval. */
struct interval {
    struct held context, shared_info, domain_context;
    struct held params;          /* index and value, 64 bits each */
    struct domctx_record_place params_at;
    struct domctx_place place;   /* of context */
    bool has_tsc;
    uint32_t tsc_mode, tsc_khz, tsc_incarnation;
    uint64_t tsc_nsec;
};

/* The input ended too early. */
struct source_cut {
    bool is;
    bool in_context;             /* within an HVM context */
    bool in_header;              /* in a record's header, with nothing of it
                                  * but zeros: that of an END, if any */
    struct msg_at at;
};

/* The policies for an older release (fit.c). */
struct fitted {
    struct domctx_cpuid_leaf *leaves;
    struct domctx_policy_msr *msrs;
    struct domctx_domain before; /* with the policies of the container */
    bool is;
    struct patch {               /* in the order of the container */
        struct held record;
        uint64_t offset, was;    /* which it replaces */
    } patch[2];
    size_t n;
};
void fitted_free(struct fitted *fitted);

struct domctx_source {
    struct domctx_reader reader;
    unsigned int options;        /* DOMCTX_WALK_* */
    domctx_report *out;          /* the caller's */
    domctx_report *report;       /* for findings: out or later */
    domctx_report *later;        /* those since the last checkpoint */
    bool no_way_back;            /* readers do not fail over from here */
    uint8_t ahead[SOURCE_AHEAD]; /* read and not taken: [first, last) */
    size_t first, last;
    uint64_t at;                 /* offset of the next byte to take */
    bool ended;                  /* the reader has no more */
    const char *record;          /* where findings are: set by */
    uint64_t record_at;          /* source_record() */
    struct source_cut cut;
    struct interval now;         /* not complete yet */
    struct interval whole;       /* of the last complete one */
    uint64_t params_interval;    /* number of the one that its params are of */
    bool lacks_end;              /* all was there but END, which was to come */
    uint64_t end_at;             /* at this offset */
    bool bad_qemu;               /* QEMU's state in a legacy stream is none */
    bool failed_over;            /* the last complete checkpoint counts */
    struct domctx_place *places;
    size_t room;                 /* for places */
    char *config;
    struct domctx_cpuid_leaf *leaves;  /* info.domain has them const */
    struct domctx_policy_msr *msrs;
    struct domctx_hvm_param *params;
    struct fitted fitted;
    struct domctx_source_info info;
};

/* -- the input --------------------------------------------------------- */

/*
 * Show the next size bytes (at most SOURCE_AHEAD), which stay to be taken;
 * *got is fewer only at the end of the input.  -1: the reader failed.
 */
int source_peek(struct domctx_source *source, size_t size,
                const uint8_t **p, size_t *got);

/* Take size bytes; step over them.  When the input has fewer this is the cut
 * of source->record, and -1. */
int source_read(struct domctx_source *source, void *buf, size_t size);
int source_skip(struct domctx_source *source, uint64_t size);

/* Step over all that is left. */
int source_drain(struct domctx_source *source);

/* Take size bytes into new memory (for free()) with a 0 behind them. */
int source_hold(struct domctx_source *source, size_t size,
                struct held *held);

/* The same; with DOMCTX_WALK_DAMAGED *held has what there is when the input
 * has fewer, which is a cut all the same. */
int source_hold_part(struct domctx_source *source, size_t size,
                     struct held *held);

/* -- where the walk is ------------------------------------------------- */

/* A layer begins here. */
void source_layer(struct domctx_source *source,
                  enum domctx_container container, uint32_t version);

/* A record begins here; counted, and named by the findings to come. */
void source_record(struct domctx_source *source, const char *name);

/* The place of a finding about the current record: its name and offset. */
struct msg_at source_here(const struct domctx_source *source);

/* vCPUs of a legacy stream, XC_SR_MAX_VCPUS of 4.2 and later: more than any
 * HVM domain has. */
#define STREAM_VCPUS 4096

/* Only these releases write what was seen (series, both included); bounds
 * set before are intersected; if nothing is left, the earlier ones hold. */
void source_bound(struct domctx_source *source, cat_version oldest,
                  cat_version newest);

/* convert-legacy-stream made it: the context is of 3.1 to 4.5, whatever the
 * layers around it say. */
void source_converted(struct domctx_source *source);

/* The layer that begins here is a container of that kind: walk it. */
int source_inner(struct domctx_source *source,
                 enum domctx_container container);

/* -- what is found ------------------------------------------------------ */

/*
 * An HVM context of place->length bytes (padded, offset and interval are
 * filled in) follows: keep it.  The pad bytes of padding behind it stay to be
 * read.
 */
int source_context(struct domctx_source *source,
                   const struct domctx_place *place, size_t pad);

/* TSC information. */
void source_tsc(struct domctx_source *source, uint32_t mode, uint32_t khz,
                uint64_t nsec, uint32_t incarnation);

/* A policy of entries of 24 and 16 bytes follows: keep what of it can be
 * kept. */
int source_cpuid_policy(struct domctx_source *source, uint64_t size);
int source_msr_policy(struct domctx_source *source, uint64_t size);

/* As many HVM parameters follow, to come behind those of the same interval;
 * one of them. */
int source_params(struct domctx_source *source, uint64_t n);
int source_param(struct domctx_source *source, uint64_t index,
                 uint64_t value);

/* The parameters of the last complete interval as info has them. */
int source_decode_params(struct domctx_source *source);

/* Keep what size bytes hold in place of what *held had. */
int source_keep(struct domctx_source *source, struct held *held,
                size_t size);

/* The state up to here is complete: at a checkpoint (-1: no memory); and at
 * the end, which domctx_source_walk() sees itself. */
int source_checkpoint(struct domctx_source *source);
int source_interval(struct domctx_source *source);

/* If the input ended where the header of a record was to come, that was the
 * END, since there is all that comes before it. */
void source_lacks_end(struct domctx_source *source);

/* The configuration of size bytes follows: keep it if it is not too large,
 * and read name, uuid and kind of guest from it. */
int source_config(struct domctx_source *source, enum domctx_config kind,
                  uint64_t size);

/* Give the findings since the last checkpoint to the caller, none worse than
 * cap, who has all others from now on. */
void source_settle(struct domctx_source *source, enum domctx_severity cap);

/* The stream is that of an HVM guest; the configuration may know more, or say
 * another, which is a finding. */
void source_is_hvm(struct domctx_source *source);

/* This is a PV guest: raises the finding, returns -1. */
int source_pv(struct domctx_source *source);

/* Of the chunks of a legacy stream (info.chunks) the one that came last: its
 * name, or NULL, and with which release it came. */
const char *legacy_newest_chunk(uint32_t seen, struct release *since);

/* -- words --------------------------------------------------------------- */

/* What decides of the configuration; policies and parameters. */
struct out;
void source_put_keys(struct out *out, const struct domctx_keys *keys);
void source_put_domain(struct out *out, const struct domctx_domain *domain);

/* Raise what the target refuses in a libxl stream whatever container it is in;
 * returns -1 if there is something. */
int source_judge_stream(const domctx_source *source,
                        const struct domctx_release *target,
                        domctx_report *report);

/* -- the walkers --------------------------------------------------------- */

struct walker {
    enum domctx_container container;
    const char *name;
    const char *magic;           /* the first bytes, or NULL for */
    size_t magic_size;
    bool (*is)(const uint8_t *head, size_t size);
    int (*walk)(struct domctx_source *source);
};

/* The container that begins with these bytes (32 suffice), or NULL.  Images
 * and blobs, which domctx_detect() tells first, are none. */
const struct walker *walker_of(const uint8_t *head, size_t size);

int source_walk_xl(struct domctx_source *source);
int source_walk_libxl(struct domctx_source *source);
int source_walk_libxc(struct domctx_source *source);
int source_walk_libvirt(struct domctx_source *source);
int source_walk_xend(struct domctx_source *source);
int source_walk_xenops(struct domctx_source *source);
int source_walk_xenops_legacy(struct domctx_source *source);
bool source_is_legacy(const uint8_t *head, size_t size);
int source_walk_legacy(struct domctx_source *source);

#endif /* CONVERT_CONTAINER_SOURCE_H */
