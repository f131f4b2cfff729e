/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room container: walking, judging, splicing and rewriting save files and
 * streams.
 *
 * A walker is called with the input at the first byte of its layer, and
 * returns 0 with the input behind the layer's last byte, or -1.
 */
#ifndef CONVERT_CONTAINER_SOURCE_H
#define CONVERT_CONTAINER_SOURCE_H

#define WALK_OPTIONS (DOMCTX_WALK_PAGES | DOMCTX_WALK_CUT | \
                      DOMCTX_WALK_DAMAGED | DOMCTX_WALK_NO_END)

#include "base/messages.h"
#include "catalogue/release.h"

/* The most that source_peek() can show: a batch of a 64-bit legacy stream, its
 * id and the next id, so that a batch takes one read. */
#define SOURCE_AHEAD 8256

/* The longest record that any release writes (REC_LENGTH_MAX since 4.10). */
#define SOURCE_RECORD_MAX (UINT32_C(128) << 20)

/* The longest context: 4,096 vCPUs take 15 MiB. */
#define SOURCE_CONTEXT_MAX (UINT32_C(16) << 20)

/* Longer configurations are skipped. */
#define SOURCE_CONFIG_MAX (UINT32_C(1) << 20)

/* A copy of bytes of the container. */
struct held {
    uint8_t *p;
    size_t size;
};

/* The state in one checkpoint interval; a plain stream is one interval. */
struct interval {
    struct held context, shared_info, domain_context;
    struct held params;          /* index and value, 64 bits each */
    struct domctx_record_place params_at;
    struct domctx_place place;   /* place of context */
    bool has_tsc;
    uint32_t tsc_mode, tsc_khz, tsc_incarnation;
    uint64_t tsc_nsec;
};

/* How the input ended too early. */
struct source_cut {
    bool is;
    bool in_context;             /* in an HVM context */
    bool in_header;              /* in a record's header, of which all bytes
                                  * read are zero: if it is any, that of END */
    struct msg_at at;
    size_t got;                  /* of what was to be read last */
};

/* Policies cut for an older release (fit.c). */
struct fitted {
    struct domctx_cpuid_leaf *leaves;
    struct domctx_policy_msr *msrs;
    struct domctx_domain before; /* with the container's policies */
    bool is;
    struct patch {               /* in container order */
        struct held record;
        uint64_t offset, was;    /* the range to replace */
    } patch[2];
    size_t n;
};
void fitted_free(struct fitted *fitted);

struct domctx_source {
    struct domctx_reader reader;
    unsigned int options;        /* DOMCTX_WALK_* */
    domctx_report *out;          /* the caller's */
    domctx_report *report;       /* where findings go: out or later */
    domctx_report *later;        /* findings since the last checkpoint */
    bool no_way_back;            /* readers do not fail over from here on */
    uint8_t ahead[SOURCE_AHEAD]; /* read ahead: bytes [first, last) */
    size_t first, last;
    uint64_t at;                 /* offset of the next byte */
    bool ended;                  /* the reader is at its end */
    const char *record;          /* name and offset of the present record, */
    uint64_t record_at;          /* set by source_record() */
    uint64_t body_at, body_size; /* of its body; 0: its header tells no
                                  * length */
    struct source_cut cut;
    struct interval now;         /* the present interval */
    struct interval whole;       /* the last complete one */
    uint64_t params_interval;    /* the interval that whole's params are of */
    uint64_t policies_at;        /* where readers set the policies; 0: not
                                  * reached, or no libxc stream */
    uint64_t loaded_at;          /* where they load the context, likewise */
    uint64_t tsc_at;             /* the record of TSC information */
    bool lacks_end;              /* only END is missing, and */
    uint64_t end_at;             /* was expected at this offset */
    bool lacks_qemu;             /* an HVM guest's stream ends without its
                                  * state, */
    struct msg_at lacks_qemu_at; /* with this END */
    bool bad_qemu;               /* QEMU's state is malformed */
    bool failed_over;            /* the last complete checkpoint is restored */
    struct domctx_place *places;
    size_t room;                 /* of places */
    char *config;
    struct domctx_cpuid_leaf *leaves;  /* info.domain points to it */
    struct domctx_policy_msr *msrs;
    struct domctx_hvm_param *params;
    struct fitted fitted;
    struct domctx_source_info info;
};

/* -- the input --------------------------------------------------------- */

/*
 * Show the next size bytes (at most SOURCE_AHEAD) without taking them; *got is
 * less than size only at the end of the input.  -1: the reader failed.
 */
int source_peek(struct domctx_source *source, size_t size,
                const uint8_t **p, size_t *got);

/* Read size bytes; skip size bytes.  If the input ends first, source->record
 * is reported as cut, later: -1.  How much of the record is missing does not
 * depend on the pieces in which it is read. */
int source_read(struct domctx_source *source, void *buf, size_t size);
int source_skip(struct domctx_source *source, uint64_t size);

/* Skip the rest of the input. */
int source_drain(struct domctx_source *source);

/* Read size bytes into new memory, for free(), with a NUL after them. */
int source_hold(struct domctx_source *source, size_t size,
                struct held *held);

/* The same, but with DOMCTX_WALK_DAMAGED *held gets the bytes before a cut,
 * too. */
int source_hold_part(struct domctx_source *source, size_t size,
                     struct held *held);

/* -- where the walk is ------------------------------------------------- */

/* Begin a layer. */
void source_layer(struct domctx_source *source,
                  enum domctx_container container, uint32_t version);

/* Begin a record: count it, and name it in the following findings. */
void source_record(struct domctx_source *source, const char *name);

/* The body of the present record begins here. */
void source_body(struct domctx_source *source, uint64_t size);

/* The place for a finding about the present record: name and offset. */
struct msg_at source_here(const struct domctx_source *source);

/* The most vCPUs of a legacy stream (XC_SR_MAX_VCPUS of 4.2 and later), more
 * than any HVM domain has. */
#define STREAM_VCPUS 4096

/* Note that only these series, both included, write what was seen.  Intersects
 * with earlier bounds; an empty intersection is ignored. */
void source_bound(struct domctx_source *source, cat_version oldest,
                  cat_version newest);

/* Note that convert-legacy-stream made the stream: the context is of 3.1 to
 * 4.5, whatever the layers around it say. */
void source_converted(struct domctx_source *source);

/* Walk the layer of that kind that begins here. */
int source_inner(struct domctx_source *source,
                 enum domctx_container container);

/* -- what is found ------------------------------------------------------ */

/*
 * Keep the HVM context of place->length bytes that follows; sets padded,
 * offset and interval.  The caller reads the pad bytes after it.
 */
int source_context(struct domctx_source *source,
                   const struct domctx_place *place, size_t pad);

/* Take TSC information. */
void source_tsc(struct domctx_source *source, uint32_t mode, uint32_t khz,
                uint64_t nsec, uint32_t incarnation);

/* Keep a policy that follows, of entries of 24 or 16 bytes. */
int source_cpuid_policy(struct domctx_source *source, uint64_t size);
int source_msr_policy(struct domctx_source *source, uint64_t size);

/* Keep n HVM parameters that follow, after those of the same interval; keep
 * one parameter. */
int source_params(struct domctx_source *source, uint64_t n);
int source_param(struct domctx_source *source, uint64_t index,
                 uint64_t value);

/* Decode the parameters of the last complete interval into info. */
int source_decode_params(struct domctx_source *source);

/* Read size bytes to replace *held. */
int source_keep(struct domctx_source *source, struct held *held,
                size_t size);

/* Note that the state is complete, at a checkpoint (-1: no memory).
 * domctx_source_walk() notes the end itself. */
int source_checkpoint(struct domctx_source *source);
int source_interval(struct domctx_source *source);

/* If the input ended in front of a record's header, note that it is END that
 * is missing: everything before it is there. */
void source_lacks_end(struct domctx_source *source);

/* Read the configuration of size bytes that follows: name, uuid and kind of
 * guest.  Keep it unless it is too large. */
int source_config(struct domctx_source *source, enum domctx_config kind,
                  uint64_t size);

/* Move the findings since the last checkpoint to the caller's report, capped
 * at that severity; further ones go there directly. */
void source_settle(struct domctx_source *source, enum domctx_severity cap);

/* Judge how QEMU's state begins, which comes next and has size bytes
 * (UINT64_MAX: up to the end of the input).  Report one that no emulator reads
 * as id.  -1: the reader failed. */
int source_qemu(struct domctx_source *source, uint64_t size, enum msg_id id);

/* Note that the stream is an HVM guest's; a configuration that says otherwise
 * is a finding. */
void source_is_hvm(struct domctx_source *source);

/* Refuse a PV guest: -1. */
int source_pv(struct domctx_source *source);

/* The newest chunk in a legacy stream (info.chunks): its name, or NULL, and
 * the release that introduced it. */
const char *legacy_newest_chunk(uint32_t seen, struct release *since);

/* -- words --------------------------------------------------------------- */

/* Write the deciding keys of the configuration; write policies and
 * parameters. */
struct out;
void source_put_keys(struct out *out, const struct domctx_keys *keys);
void source_put_domain(struct out *out, const struct domctx_domain *domain);

/* Report what the target refuses in a libxl stream, in any container; -1 if
 * there is something. */
int source_judge_stream(const domctx_source *source,
                        const struct domctx_release *target,
                        domctx_report *report);

/* When a restore meets what a finding is about, as a number: what is met
 * earlier has a smaller one.  of_context: the finding is from judging domain
 * and context, not the container. */
uint64_t source_when(const domctx_source *source,
                     const struct domctx_finding *finding, bool of_context);

/* -- the walkers --------------------------------------------------------- */

struct walker {
    enum domctx_container container;
    const char *name;
    const char *magic;           /* the first bytes, or NULL for is() */
    size_t magic_size;
    bool (*is)(const uint8_t *head, size_t size);
    int (*walk)(struct domctx_source *source);
};

/* The container that begins with these bytes (32 suffice), or NULL.
 * domctx_detect() recognises images and blobs first. */
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
