/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Save files and streams: finding the context in one, and putting another
 * into its place.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_SOURCE_H
#define DOMCTX_SOURCE_H

/* -- Reading a save file or stream that holds a context ------------------ */

/*
 * Where the bytes of a source come from.  read() fills buf; skip() goes on
 * without them, as lseek() does or by reading.  Both return the number of
 * bytes, fewer than size only at the end of the input, or a negative number
 * with errno.  skip() is asked for no more than INT64_MAX at once.
 */
struct domctx_reader {
    int64_t (*read)(void *arg, void *buf, size_t size);
    int64_t (*skip)(void *arg, uint64_t size);
    void *arg;
    void *reserved[4];  /* NULL */
};

/* The kinds of container; one may stand in another. */
enum domctx_container {
    DOMCTX_IN_NONE,
    DOMCTX_IN_XL,            /* "xl save"; version: its mandatory flags */
    DOMCTX_IN_LIBVIRT,       /* "virsh save"; version 1 or 2 */
    DOMCTX_IN_XEND,          /* "xm save" */
    DOMCTX_IN_XENOPS,        /* XenServer's xenopsd, structured */
    DOMCTX_IN_XENOPS_LEGACY, /* likewise, older */
    DOMCTX_IN_LIBXL,         /* a libxl stream; version 2 */
    DOMCTX_IN_LIBXC,         /* a libxc stream; version 2, 3 or 4 */
    DOMCTX_IN_LEGACY,        /* that of 3.1 to 4.5; version: 32 or 64 */
};

/* The name of a container ("xl save file"); never NULL. */
const char *domctx_container_name(enum domctx_container container);

/* One layer of what was found. */
struct domctx_layer {
    enum domctx_container container;
    uint32_t version;
    uint64_t offset;       /* where it begins */
};
#define DOMCTX_LAYERS_MAX 4

/* How QEMU's state is marked in a legacy stream. */
enum domctx_qemu {
    DOMCTX_QEMU_NONE,        /* not there, or not of a legacy stream */
    DOMCTX_QEMU_OLD,         /* xend, xl 4.0: it goes on to the end */
    DOMCTX_QEMU_LENGTH,      /* xl 4.1 to 4.5 */
    DOMCTX_QEMU_REMUS,       /* xend's Remus */
};

/* The configuration that a container carries. */
enum domctx_config {
    DOMCTX_CONFIG_NONE,
    DOMCTX_CONFIG_JSON,    /* xl since 4.5 */
    DOMCTX_CONFIG_XL,      /* xl up to 4.4: a configuration file */
    DOMCTX_CONFIG_XML,     /* libvirt */
    DOMCTX_CONFIG_SXP,     /* xend, xenopsd */
};

/* Where an HVM context lies in a container. */
struct domctx_place {
    uint64_t length_offset; /* of the number that is its length */
    uint32_t length_width;  /* bytes of that number, little-endian */
    uint64_t offset;        /* of the context */
    uint64_t length;
    uint64_t padded;        /* bytes it takes in the container, */
    uint32_t align;         /* a multiple of this */
    uint64_t limit;         /* the longest that readers of the release that
                             * wrote it take; UINT32_MAX: there is none */
    uint64_t interval;      /* number of the checkpoint interval */
    uint64_t reserved[2];   /* 0 */
};

/* What a walk found.  Pointers are valid as long as the source. */
struct domctx_source_info {
    struct domctx_layer layer[DOMCTX_LAYERS_MAX]; /* outermost first */
    size_t n_layers;
    char words[64];                 /* "xl save file, libxl stream 2 ..." */
    enum domctx_guest guest;
    bool has_version;               /* the stream names the Xen: */
    uint32_t xen_major, xen_minor;
    uint64_t version_offset;        /* where: two numbers of 32 bits */
    bool converted;                 /* made by convert-legacy-stream */
    uint32_t oldest_major, oldest_minor; /* the releases whose contexts */
    uint32_t newest_major, newest_minor; /* such a container holds */
    enum domctx_config config_kind;
    const char *config;             /* terminated; NULL: none, too large */
    size_t config_size;
    char name[256], uuid[40];       /* of the domain, from the configuration;
                                     * "" where it has none */
    bool left_out;                  /* a name or uuid was left "" because it
                                     * is too long or no text */
    bool has_tsc;                   /* X86_TSC_INFO */
    uint32_t tsc_mode, tsc_khz, tsc_incarnation;
    uint64_t tsc_nsec;
    const uint8_t *shared_info;     /* the record of a stream, or NULL */
    size_t shared_info_size;
    const uint8_t *domain_context;  /* DOMAIN_CONTEXT of version 4, or NULL */
    size_t domain_context_size;
    const uint8_t *context;         /* the HVM context that a restore would
                                     * load, or NULL */
    size_t context_size;
    const struct domctx_place *place; /* of every context, in file order; */
    size_t n_places;                /* of many, the first 1023 and the last */
    size_t last;                    /* the place of context */
    uint64_t n_contexts;            /* all of them */
    uint64_t n_records;             /* of all layers */
    uint64_t n_intervals;           /* complete checkpoint intervals */
    uint32_t chunks;                /* of a legacy stream: bit n is set when
                                     * it has a chunk of id -(n + 1) */
    enum domctx_qemu qemu;
    uint64_t longest, longest_offset; /* the longest record of a libxc
                                     * stream, HVM contexts apart */
    bool has_newer;                 /* a record of version 3 in a libxc */
    uint64_t newer_offset;          /* stream of version 2 */
    bool has_long_params;           /* HVM_PARAMS longer than their count */
    uint64_t long_params_offset;
    struct domctx_domain domain;    /* beside its context */
    uint64_t size;                  /* bytes that the container takes; with
                                     * DOMCTX_WALK_CUT those that are there:
                                     * the padding of the last place may be
                                     * missing */
    uint64_t trailing;              /* bytes after it */
};

/* A container that is read.  Opaque. */
typedef struct domctx_source domctx_source;

/* A source over reader (copied).  head: bytes that were already read from
 * it, at most 64 (copied).  NULL when memory is short. */
domctx_source *domctx_source_new(const struct domctx_reader *reader,
                                 const void *head, size_t head_size);

/* Free a source and what its info points at.  NULL is allowed. */
void domctx_source_free(domctx_source *source);

/* Options of a walk; set them before it. */
#define DOMCTX_WALK_PAGES 1u   /* judge every list of pages (8 KiB a record),
                                * not only the short ones */
#define DOMCTX_WALK_CUT 2u     /* accept an input that ends after a whole
                                * context, with "source-cut-behind" */
#define DOMCTX_WALK_DAMAGED 4u /* likewise, and a container that is cut in its
                                * context or damaged behind it: findings stay
                                * what they are, and what there is of the
                                * context is for domctx_salvage() */
#define DOMCTX_WALK_NO_END 8u  /* accept a stream that ends where its END was
                                * to come, with "source-end-missing" */
/* Others make domctx_source_walk() fail. */
void domctx_source_options(domctx_source *source, unsigned int options);

/*
 * Read the container to the end of the input.  Besides the configuration
 * (1 MiB at most) and the records that info points at, no more than a few
 * KiB are held.  Guest memory is skipped, not read.
 *
 * Returns 0 when there is an HVM context, whole, and the framing could be
 * followed; findings of DOMCTX_ERROR say what Xen's own readers refuse.  On
 * failure (-1) the report says why and info has what was found up to there.
 * To be called once.
 * Ids: source-*, xl-*, libxl-*, libxc-*, legacy-*, libvirt-*, xend-*,
 * xenops-*, stream-*, file-as-text, kind-coded, no-memory.
 */
int domctx_source_walk(domctx_source *source, domctx_report *report);

/* What the walk found. */
const struct domctx_source_info *domctx_source_info(
    const domctx_source *source);

/* The HVM context of a walked source, parsed as domctx_hvm_parse() does;
 * offsets in findings and records are those in the container.  The source
 * must outlive *hvm.
 * Ids: source-context-missing, those of domctx_hvm_parse(). */
int domctx_source_hvm(const domctx_source *source, domctx_hvm **hvm,
                      domctx_report *report);

/*
 * Judge whether the target reads the container that a walked source is:
 * findings of DOMCTX_REFUSED, which are about the container alone and not
 * about the context in it.  replaced: the context will be replaced, so its
 * length is not judged.
 *
 * With a NULL target only what holds for every release is judged.  Notes say
 * where verify-stream-v2 and convert-legacy-stream differ from the readers.
 * Ids: container-*, those of domctx_source_walk().
 */
void domctx_source_judge(const domctx_source *source,
                         const struct domctx_release *target, bool replaced,
                         domctx_report *report);

/* -- Putting a context back into a save file ----------------------------- */

/* A run of bytes: of the container from offset on where bytes is NULL. */
struct domctx_piece {
    const void *bytes;
    uint64_t offset, size;
};
#define DOMCTX_PIECES_MAX 8

/* A container with another context in it, as pieces to be written one after
 * the other.  Some point into this object itself: do not copy it. */
struct domctx_splice {
    struct domctx_piece piece[DOMCTX_PIECES_MAX];
    size_t n_pieces;
    uint64_t size;          /* of all pieces */
    uint8_t version[8], length[4], padding[8];
    uint64_t reserved[8];   /* 0 */
};

/*
 * Put the legacy blob context in the place of the HVM context that a walked
 * source found: its length and padding are right for the container, and every
 * other byte is that of the container, what follows its end included.  The
 * blob is taken as it is.  target: the release that shall read it; NULL: the
 * one that wrote the container.  A container that names another release than
 * the target names the target then, so that the context is read as what it
 * is; no restore looks at it.
 *
 * Returns -1 with "splice-limit" for a context longer than that release reads,
 * and with "source-cut" for a container that ended too early
 * (DOMCTX_WALK_CUT).  Other
 * contexts in the container stay, with a note ("splice-others").
 * Ids: source-context-missing, source-cut, splice-*.
 */
int domctx_source_splice(const domctx_source *source, const void *context,
                         size_t size, const struct domctx_release *target,
                         struct domctx_splice *splice,
                         domctx_report *report);

/*
 * Make the CPUID and MSR policies of a walked source such as the target reads:
 * leaves, subleaves and MSRs that only later releases have a place for go, and
 * the maxima that count them are lowered.  From then on the domain that
 * domctx_source_info() has is that one; domctx_source_pieces() puts it into
 * the container.  What no release reads stays, as all does for a NULL target
 * or one that reads no policies: with that it is as before.
 *
 * An entry that goes and holds something is a finding: DOMCTX_ERROR, and then
 * nothing is changed and -1 returned, or with DOMCTX_ALLOW_LOSS in flags
 * DOMCTX_WARNING.  Since 0.1.
 * Ids: call-argument, policy-fit, policy-lost.
 */
int domctx_source_fit(domctx_source *source,
                      const struct domctx_release *target,
                      unsigned int flags, domctx_report *report);

#define DOMCTX_FITTED_MAX 12

/* The pieces of a splice with the policies that domctx_source_fit() made in
 * the place of the old ones: their number, and the size of all.  They point
 * into source and splice.  Since 0.1. */
size_t domctx_source_pieces(const domctx_source *source,
                            const struct domctx_splice *splice,
                            struct domctx_piece piece[DOMCTX_FITTED_MAX],
                            uint64_t *size);

/*
 * Whether a context can be one of the guest that a walked source is of.  uuid:
 * of the domain that the context was saved from, "" if that is not known.
 * Returns -1 with a finding for each contradiction: "into-other-uuid",
 * "into-other-kind", "into-more-vcpus".  What one side does not know is not
 * compared.  Since 0.1.
 * Ids: into-more-vcpus, into-other-kind, into-other-uuid, those of
 * domctx_source_hvm().
 */
int domctx_source_same_guest(const domctx_source *source,
                             const domctx_hvm *context, const char *uuid,
                             domctx_report *report);

/* -- Writing a container anew --------------------------------------------- */

/* Where a container that is written anew goes: bytes, and runs of the old one
 * from offset on, one behind the other.  Anything but 0 stops.  Since 0.1. */
struct domctx_writer {
    int (*put)(void *arg, const void *bytes, size_t size);
    int (*copy)(void *arg, uint64_t offset, uint64_t size);
    void *arg;
    void *reserved[4];  /* NULL */
};

/*
 * Write the legacy stream that a walked source is, or holds, as an xl save
 * file with a libxl stream, of version 2 or 3 as the target has it.  reader:
 * the same bytes, from the first one on.  context: a blob that the target
 * loads, in place of the old one.
 *
 * The configuration stays what it is if xl reads it (JSON, or the text of a
 * configuration file); else there is none in the new file.  The emulator's
 * state is copied.
 *
 * target: NULL for the oldest that reads such a file, 4.6.  writer: NULL to be
 * told only whether it can be, for which neither reader nor context is wanted.
 *
 * Returns -1 with "container-rewrite" and the reason for a container that
 * cannot be written anew, with what domctx_source_judge() says of a libxl
 * stream that the target does not read, and without a finding when the writer
 * stopped.
 * Since 0.1.
 * Ids: container-*, source-context-missing, splice-limit, those of
 * domctx_source_walk().
 */
int domctx_source_rewrite(const domctx_source *source,
                          const struct domctx_reader *reader,
                          const void *context, size_t size,
                          const struct domctx_release *target,
                          const struct domctx_writer *writer,
                          domctx_report *report);

/*
 * Write the stream that a walked source is, or holds, as one that a plain
 * restore takes: of a stream with checkpoints the guest's memory as it was at
 * the last complete one, with the state of that one alone, and an END behind
 * it; of one without its END (DOMCTX_WALK_NO_END) all there is, and the END.
 * reader: the same bytes, from the first one on.  pieces: the container with
 * another context or other policies in it, as domctx_source_pieces() has it;
 * NULL: as it is.
 *
 * writer: NULL to be told only whether it can be, for which neither reader nor
 * pieces are wanted.
 *
 * Returns -1 with "container-plain" and the reason where it cannot be, and
 * without a finding when the writer stopped.  Since 0.1.
 * Ids: container-plain, source-cut, source-read, no-memory.
 */
int domctx_source_plain(const domctx_source *source,
                        const struct domctx_reader *reader,
                        const struct domctx_piece *pieces, size_t n_pieces,
                        const struct domctx_writer *writer,
                        domctx_report *report);

#endif /* DOMCTX_SOURCE_H */
