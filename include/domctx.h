/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libdomctx: domain context images and legacy hvm_save blobs.
 *
 * The library works on buffers that the caller owns.  It never prints, never
 * exits, has no global state and may be used from several threads as long as
 * one object is used by one thread at a time.  It needs no Xen library and no
 * privilege.
 *
 * Conventions, unless a function says otherwise:
 *  - a function that can fail returns 0 for success and -1 for failure, and
 *    says why in the domctx_report it was given (which may be NULL);
 *  - sizes, lengths and offsets are in bytes;
 *  - a pointer to const bytes handed in must stay valid and unchanged as long
 *    as the object made from it; nothing is copied;
 *  - every symbol is available since version 0.1 of the library.
 */
#ifndef DOMCTX_H
#define DOMCTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ */
/* Findings: the one shape of every message                            */
/* ------------------------------------------------------------------ */

/* How bad a finding is; ordered, worse is larger. */
enum domctx_severity {
    DOMCTX_NOTE,    /* said, no harm: something was repaired or dropped */
    DOMCTX_WARNING, /* worth a look, stops nothing */
    DOMCTX_ERROR,   /* the content will not load, does not fit, or would
                     * lose something */
    DOMCTX_DAMAGED, /* the framing is broken or not recognised */
    DOMCTX_SYSTEM,  /* no memory, no such domain, no Xen, no privilege, I/O */
    DOMCTX_LIVE,    /* a live operation failed, the guest is as before */
    DOMCTX_LOST,    /* a live operation failed, the guest is not as before */
};

/* The finding has no place in a file. */
#define DOMCTX_NO_OFFSET UINT64_MAX

/* What a loader makes of a value; see domctx_check(). */
enum domctx_outcome {
    DOMCTX_NO_OUTCOME,      /* the finding is not about a loader */
    DOMCTX_CHANGED,         /* loads, but drops or corrects it, silently */
    DOMCTX_DEPENDS,         /* on the processor, the release's build or the
                             * configuration of the domain, which no context
                             * shows */
    DOMCTX_REFUSED,         /* the whole load fails with an error number */
    DOMCTX_CRASHES_DOMAIN,  /* inside the load, or when it runs on */
    DOMCTX_CRASHES_HOST,    /* likewise */
};

/* One finding.  The strings live as long as the report. */
struct domctx_finding {
    const char *id;        /* stable, e.g. "image-end-missing" */
    enum domctx_severity severity;
    char record[40];       /* "CPU/0", or "" */
    char field[40];        /* "cr0", or "" */
    uint64_t offset;       /* from the start of the input, or NO_OFFSET */
    char expected[64];     /* a value in words or digits, or "" */
    char found[64];        /* likewise */
    char text[240];        /* what is wrong, lower case, no full stop */
    enum domctx_outcome outcome;
    const char *error;     /* "EINVAL", as the toolstack sees it, or "" */
    const char *log;       /* what the hypervisor's log says, or "" */
};

/* A list of findings.  Opaque. */
typedef struct domctx_report domctx_report;

/* A new, empty report, or NULL when memory is short.  Free it with
 * domctx_report_free(). */
domctx_report *domctx_report_new(void);

/* Free a report and the findings in it.  NULL is allowed. */
void domctx_report_free(domctx_report *report);

/* Number of findings kept.  At most 4096 are kept; more are only counted,
 * see domctx_report_dropped(). */
size_t domctx_report_count(const domctx_report *report);

/* Finding number i, 0 <= i < count; NULL beyond.  Owned by the report and
 * valid until the next call that can add to it. */
const struct domctx_finding *domctx_report_get(const domctx_report *report,
                                               size_t i);

/* Number of findings that were counted but not kept. */
size_t domctx_report_dropped(const domctx_report *report);

/* The worst severity ever added (dropped ones included); DOMCTX_NOTE for an
 * empty report. */
enum domctx_severity domctx_report_worst(const domctx_report *report);

/* The word for a severity, e.g. "error"; never NULL. */
const char *domctx_severity_name(enum domctx_severity severity);

/* Documentation of a message id. */
struct domctx_message {
    const char *id;
    enum domctx_severity severity;
    const char *cause; /* one sentence */
    const char *mend;  /* one sentence: what the reader can do */
};

/* "refused", "crashes the domain", ...; "" for DOMCTX_NO_OUTCOME. */
const char *domctx_outcome_name(enum domctx_outcome outcome);

/* Message number i of the table of all messages, or NULL past the last.
 * The table is constant. */
const struct domctx_message *domctx_message_at(size_t i);

/* The message with that id, or NULL. */
const struct domctx_message *domctx_message_find(const char *id);

/* ------------------------------------------------------------------ */
/* Records                                                             */
/* ------------------------------------------------------------------ */

/* Record types: the specification's, then this project's. */
#define DOMCTX_END          UINT32_C(0)
#define DOMCTX_START        UINT32_C(1)
#define DOMCTX_SHARED_INFO  UINT32_C(2)
#define DOMCTX_TSC_INFO     UINT32_C(3)
#define DOMCTX_HVM_CONTEXT  UINT32_C(0x48560000) /* a whole legacy blob */
#define DOMCTX_HVM_RECORD(code) (DOMCTX_HVM_CONTEXT + (uint32_t)(code))
#define DOMCTX_HVM_LAST     UINT32_C(0x4856ffff)
#define DOMCTX_EVTCHN       UINT32_C(0x50560001)
#define DOMCTX_GRANT_TABLE  UINT32_C(0x50560002)
#define DOMCTX_PROVENANCE   UINT32_C(0x584c0001) /* trailer, after END */
#define DOMCTX_DIGEST       UINT32_C(0x584c0002) /* trailer, last */

/* Bytes of a record header; records start at multiples of the alignment. */
#define DOMCTX_HEADER_SIZE  16
#define DOMCTX_ALIGN        8

/* Typecodes of a legacy blob that the framing itself knows. */
#define DOMCTX_HVM_END      0
#define DOMCTX_HVM_HEADER   1

/* One record, in an image or in a legacy blob. */
struct domctx_record {
    uint32_t type;       /* image type, or the legacy typecode in a blob */
    uint32_t instance;
    uint64_t length;     /* of the body, without padding */
    uint64_t offset;     /* of the record header, from the start of input */
    const uint8_t *body; /* in the caller's buffer */
};

/* The name of an image record type ("START", "HVM_CPU", "PROVENANCE"), or
 * NULL when the type is not known. */
const char *domctx_type_name(uint32_t type);

/* The name of a legacy typecode ("CPU"), or NULL when it is not known. */
const char *domctx_hvm_name(uint32_t typecode);

/* ------------------------------------------------------------------ */
/* What is in a buffer                                                 */
/* ------------------------------------------------------------------ */

enum domctx_format {
    DOMCTX_FORMAT_UNKNOWN,
    DOMCTX_FORMAT_IMAGE, /* a domain context image, migrated or bare */
    DOMCTX_FORMAT_HVM,   /* a legacy blob */
    DOMCTX_FORMAT_SAVE,  /* a save file or stream: domctx_source_new() */
    DOMCTX_FORMAT_JSON,  /* a JSON document, for domctx_json_read() */
};

/* Tell the format from the first bytes (32 suffice).  Says nothing about
 * whether the rest is sound. */
enum domctx_format domctx_detect(const void *buf, size_t size);

/* ------------------------------------------------------------------ */
/* Reading a domain context image                                      */
/* ------------------------------------------------------------------ */

enum domctx_form {
    DOMCTX_FORM_NO_HVM,   /* no HVM state: a PV domain's image */
    DOMCTX_FORM_WRAPPED,  /* one HVM_CONTEXT record */
    DOMCTX_FORM_MIGRATED, /* a record for each legacy record */
};

/* A parsed image.  Opaque. */
typedef struct domctx_image domctx_image;

/*
 * Parse and validate the image at buf, through END and our trailer.
 *
 * Framing faults (DOMCTX_DAMAGED) make it fail; content findings (a known
 * record with a length that no layout of the START version has, an unknown
 * legacy typecode) are added to the report with DOMCTX_ERROR and do not.
 * A blob in HVM_CONTEXT is parsed too: broken framing in it makes this fail,
 * its content is judged.  Bytes after END that are not our trailer: one
 * warning.
 *
 * On success *image is a new object over buf, to be freed with
 * domctx_image_free(); on failure it is NULL.
 */
int domctx_image_parse(const void *buf, size_t size, domctx_image **image,
                       domctx_report *report);

/* Free an image object (not the buffer).  NULL is allowed. */
void domctx_image_free(domctx_image *image);

/* Number of records from START through END and of the trailer. */
size_t domctx_image_count(const domctx_image *image);

/* Record number i in file order, trailer records after END included; NULL
 * past the last. */
const struct domctx_record *domctx_image_get(const domctx_image *image,
                                             size_t i);

/* The record of that type and instance, or NULL. */
const struct domctx_record *domctx_image_find(const domctx_image *image,
                                              uint32_t type,
                                              uint32_t instance);

/* START's version. */
void domctx_image_version(const domctx_image *image, uint32_t *xen_major,
                          uint32_t *xen_minor);

/* Wrapped, migrated, or without HVM state. */
enum domctx_form domctx_image_form(const domctx_image *image);

/* Whether the framing is big-endian. */
bool domctx_image_big_endian(const domctx_image *image);

/* Bytes from START through END: what a reader that follows the
 * specification consumes. */
uint64_t domctx_image_consumed(const domctx_image *image);

/* Bytes after END that are not our trailer. */
uint64_t domctx_image_trailing(const domctx_image *image);

/* Whether a DIGEST is present (a present one has been verified). */
bool domctx_image_has_digest(const domctx_image *image);

/* The number of 32 bits at p, in the image's own byte order.  Bodies of HVM
 * records are little-endian whatever that is. */
uint32_t domctx_image_u32(const domctx_image *image, const void *p);

/* The number of 64 bits at p, likewise. */
uint64_t domctx_image_u64(const domctx_image *image, const void *p);

/* ------------------------------------------------------------------ */
/* Reading an image whose length is not known (a pipe)                  */
/* ------------------------------------------------------------------ */

/* State of a stream: how far the framing has been followed.  Opaque. */
typedef struct domctx_stream domctx_stream;

/* A new stream that accepts at most max bytes; NULL when memory is short. */
domctx_stream *domctx_stream_new(uint64_t max);

/* Free a stream.  NULL is allowed. */
void domctx_stream_free(domctx_stream *stream);

/*
 * Look at size bytes that follow what was fed before.  The framing is
 * checked as far as headers, lengths and caps go; the bytes need not start
 * or end at a record.
 *
 * Returns the number of bytes to read next, never more than the image and
 * its trailer have, but for one case: after END and after PROVENANCE it is
 * 16, the header of a trailer record that may follow, and the input ending
 * there is no fault.  0: after DIGEST, or when what follows END is not our
 * trailer.  -1: a framing fault, in the report; so does every later call.
 */
int64_t domctx_stream_feed(domctx_stream *stream, const void *buf,
                           size_t size, domctx_report *report);

/* Bytes from START through END, and through the trailer as far as complete
 * records of it were fed; 0 as long as END was not. */
uint64_t domctx_stream_length(const domctx_stream *stream);

/* ------------------------------------------------------------------ */
/* Reading a legacy blob                                               */
/* ------------------------------------------------------------------ */

/* A parsed blob.  Opaque. */
typedef struct domctx_hvm domctx_hvm;

/*
 * Parse the legacy blob at buf: HEADER first, END last.
 *
 * The CPU_MSR length defect of Xen 4.5 to 4.9 is recognised, undone in the
 * records that domctx_hvm_get() returns, and reported.  Bytes after END are
 * reported.  A duplicate instance and an unknown typecode are reported with
 * DOMCTX_ERROR and do not make it fail; broken framing does
 * (DOMCTX_DAMAGED).
 *
 * On success *hvm is a new object over buf, to be freed with
 * domctx_hvm_free(); on failure it is NULL.
 */
int domctx_hvm_parse(const void *buf, size_t size, domctx_hvm **hvm,
                     domctx_report *report);

/* Free a blob object (not the buffer).  NULL is allowed. */
void domctx_hvm_free(domctx_hvm *hvm);

/* Number of records, HEADER and END included. */
size_t domctx_hvm_count(const domctx_hvm *hvm);

/* Record number i in file order, or NULL past the last. */
const struct domctx_record *domctx_hvm_get(const domctx_hvm *hvm, size_t i);

/* The first record of that typecode and instance, or NULL. */
const struct domctx_record *domctx_hvm_find(const domctx_hvm *hvm,
                                            uint32_t typecode,
                                            uint32_t instance);

/* Bytes from HEADER through END. */
uint64_t domctx_hvm_consumed(const domctx_hvm *hvm);

/* Number of CPU_MSR descriptors that had to be repaired. */
size_t domctx_hvm_repaired(const domctx_hvm *hvm);

/* ------------------------------------------------------------------ */
/* Reading a save file or stream that holds a context                  */
/* ------------------------------------------------------------------ */

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

/* The kind of domain that was saved. */
enum domctx_guest {
    DOMCTX_GUEST_UNKNOWN,
    DOMCTX_GUEST_PV,
    DOMCTX_GUEST_HVM,      /* or PVH, where nothing tells the two apart */
    DOMCTX_GUEST_PVH,
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
};

/* What a walk found.  Pointers are valid as long as the source. */
struct domctx_source_info {
    struct domctx_layer layer[DOMCTX_LAYERS_MAX]; /* outermost first */
    size_t n_layers;
    char words[64];                 /* "xl save file, libxl stream 2 ..." */
    enum domctx_guest guest;
    bool has_version;               /* the stream names the Xen: */
    uint32_t xen_major, xen_minor;
    bool converted;                 /* made by convert-legacy-stream */
    uint32_t oldest_major, oldest_minor; /* the releases whose contexts */
    uint32_t newest_major, newest_minor; /* such a container holds */
    enum domctx_config config_kind;
    const char *config;             /* terminated; NULL: none, too large */
    size_t config_size;
    char name[256], uuid[40];       /* from it; "": not said */
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
    uint64_t size;                  /* bytes that the container takes */
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

/*
 * Read the container to the end of the input.  Besides the configuration
 * (1 MiB at most) and the records that info points at, no more than a few
 * KiB are held.  Of guest memory nothing is read, only skipped.
 *
 * Returns 0 when there is an HVM context, whole, and the framing could be
 * followed; findings of DOMCTX_ERROR say what Xen's own readers refuse.  On
 * failure (-1) the report says why and info has what was found up to there.
 * To be called once.
 */
int domctx_source_walk(domctx_source *source, domctx_report *report);

/* What the walk found. */
const struct domctx_source_info *domctx_source_info(
    const domctx_source *source);

/* The HVM context of a walked source, parsed as domctx_hvm_parse() does;
 * offsets in findings and records are those in the container.  The source
 * must outlive *hvm. */
int domctx_source_hvm(const domctx_source *source, domctx_hvm **hvm,
                      domctx_report *report);

/* ------------------------------------------------------------------ */
/* One view of both                                                    */
/* ------------------------------------------------------------------ */

/* The records of an image of either form or of a blob, in their order, each
 * with what the catalogue knows of it.  Opaque; for the functions below that
 * show, compare or judge. */
typedef struct domctx_context domctx_context;

/* A view of an image, which must outlive it, as must its buffer.  On success
 * *context is new, for domctx_context_free(); on failure it is NULL. */
int domctx_context_of_image(const domctx_image *image,
                            domctx_context **context, domctx_report *report);

/* The same of a blob.  has_version: xen_major.xen_minor saved it; else a
 * record is read in the newest layout that has its length. */
int domctx_context_of_hvm(const domctx_hvm *hvm, bool has_version,
                          uint32_t xen_major, uint32_t xen_minor,
                          domctx_context **context, domctx_report *report);

/* Free a view (not what it is a view of).  NULL is allowed. */
void domctx_context_free(domctx_context *context);

/* ------------------------------------------------------------------ */
/* Releases of Xen                                                     */
/* ------------------------------------------------------------------ */

/* A release, to judge or convert for.  Stable branches differ in what they
 * load, so the point release matters; without it, what is made must load on
 * every point release of the series. */
struct domctx_release {
    uint32_t xen_major, xen_minor;
    uint32_t point;          /* or DOMCTX_POINT_ANY */
};
#define DOMCTX_POINT_ANY UINT32_MAX

/* Read "X.Y" or "X.Y.Z".  Fails for what is no release ("release-malformed"),
 * and for one that never was or is newer than those known here
 * ("release-unknown"); a point release newer than those known is taken with
 * a warning ("release-point-newer"). */
int domctx_release_parse(const char *text, struct domctx_release *release,
                         domctx_report *report);

#define DOMCTX_RELEASE_ROOM 40
/* "4.17" or "4.17.3" in buf, which is returned. */
const char *domctx_release_text(const struct domctx_release *release,
                                char buf[DOMCTX_RELEASE_ROOM]);

/* ------------------------------------------------------------------ */
/* Which Xen saved it                                                  */
/* ------------------------------------------------------------------ */

/* All releases from first to last, both included, in the order 4.9.4, 4.10.0,
 * 4.10.1 ... */
struct domctx_release_range {
    struct domctx_release first, last;
};

/* What an inference rests on: something seen in the context, and the
 * releases that save such a thing. */
struct domctx_evidence {
    const char *id;     /* stable, e.g. "mtrr-same"; "length" for a length
                         * of a record, "bounds" for what the caller said */
    char record[40];    /* "CPU/0", or "" */
    char seen[80];      /* in words */
    char releases[160]; /* "4.12 to 4.22" */
    bool followed;      /* false: it contradicts what stands before it */
};

/* What was found out.  Opaque. */
typedef struct domctx_inference domctx_inference;

/*
 * Find the releases that can have saved a context, from lengths, from which
 * records there are, and from the ways and faults of the savers; START is not
 * looked at.  oldest and newest narrow it (NULL: not known).
 *
 * Evidence that contradicts what was found before it is left out, with a
 * warning "infer-contradiction"; a mere hint gives way without a word.  So
 * there is always a release left.
 *
 * On success *inference is new, for domctx_inference_free(), and needs the
 * context no more.  Fails only when memory is short.
 */
int domctx_infer(const domctx_context *context,
                 const struct domctx_release *oldest,
                 const struct domctx_release *newest,
                 domctx_inference **inference, domctx_report *report);

/* Free an inference.  NULL is allowed. */
void domctx_inference_free(domctx_inference *inference);

/* Range number i of the releases, oldest first, with point releases; false
 * past the last.  There is a range 0. */
bool domctx_inference_range(const domctx_inference *inference, size_t i,
                            struct domctx_release_range *range);

/* The ranges in words: "4.7 to 4.11", "4.18.5 to 4.18.6, 4.21 to 4.22". */
const char *domctx_inference_text(const domctx_inference *inference);

/* Whether evidence was left out that was more than a hint. */
bool domctx_inference_contradicts(const domctx_inference *inference);

/* Piece of evidence number i in the order it was looked at; NULL past the
 * last.  What fits every release is left out. */
const struct domctx_evidence *domctx_inference_evidence(
    const domctx_inference *inference, size_t i);

/* ------------------------------------------------------------------ */
/* Putting a context back into a save file                             */
/* ------------------------------------------------------------------ */

/* A run of bytes: of the container from offset on where bytes is NULL. */
struct domctx_piece {
    const void *bytes;
    uint64_t offset, size;
};
#define DOMCTX_PIECES_MAX 6

/* A container with another context in it, as pieces to be written one after
 * the other.  Some point into this object itself: do not copy it. */
struct domctx_splice {
    struct domctx_piece piece[DOMCTX_PIECES_MAX];
    size_t n_pieces;
    uint64_t size;          /* of all pieces */
    uint8_t length[4], padding[8];
};

/*
 * Put the legacy blob context in the place of the HVM context that a walked
 * source found: its length and padding are right for the container, and every
 * other byte is that of the container, what follows its end included.  The
 * blob is taken as it is.  target: the release that shall read it; NULL: the
 * one that wrote the container.
 *
 * "splice-limit" for a context that it does not read; other contexts in the
 * container stay and are told of ("splice-others").
 */
int domctx_source_splice(const domctx_source *source, const void *context,
                         size_t size, const struct domctx_release *target,
                         struct domctx_splice *splice,
                         domctx_report *report);

/* ------------------------------------------------------------------ */
/* Output                                                              */
/* ------------------------------------------------------------------ */

/* Where output goes, a piece at a time.  Anything but 0 stops the writer,
 * which then fails with "sink-failed". */
typedef int domctx_sink(void *arg, const char *text, size_t size);

/* ------------------------------------------------------------------ */
/* Text                                                                */
/* ------------------------------------------------------------------ */

/* What to show; zeros show all, a summary first. */
struct domctx_text_options {
    bool list;            /* only a line for each record */
    const char *record;   /* the records of that name ("CPU"); or NULL */
    bool has_instance;    /* and of that instance */
    uint32_t instance;
    const char *field;    /* that field of them ("rip", "irr[3]"), a line
                           * for each element; or NULL */
    bool colour;          /* with escape sequences for a terminal */
};

/*
 * Write the context as text for people.  The text may change from version to
 * version; programs read JSON, or the lines that field gives: record,
 * instance, field and value are "CPU/0 rip 0xffffffff81000000", words may
 * follow.
 *
 * Fails when there is no such record or field ("select-record",
 * "select-instance", "select-field").  On failure the sink may have had a
 * part of it.
 */
int domctx_text(const domctx_context *context,
                const struct domctx_text_options *options, domctx_sink *sink,
                void *arg, domctx_report *report);

/* ------------------------------------------------------------------ */
/* JSON                                                                */
/* ------------------------------------------------------------------ */

/*
 * Write the context as a JSON document, see xl-context-json(5): every record
 * and every field, so that domctx_json_read() gives the same bytes again,
 * START through the trailer or HEADER through END.
 *
 * The same context always gives the same text.  On failure the sink may have
 * had a part of it.
 */
int domctx_json_write(const domctx_context *context, domctx_sink *sink,
                      void *arg, domctx_report *report);

/*
 * Write what options choose of the context for programs to read: all as
 * domctx_json_write() does; some records in a document of the same kind, none
 * of them in another; or the values of a field one by one.  list and colour
 * are not looked at.  Fails as domctx_text() does.
 */
int domctx_json_show(const domctx_context *context,
                     const struct domctx_text_options *options,
                     domctx_sink *sink, void *arg, domctx_report *report);

/* Write the JSON Schema (draft 2020-12) of such documents, which is also
 * installed as a file. */
int domctx_json_schema(domctx_sink *sink, void *arg, domctx_report *report);

/*
 * The image or blob that a JSON document stands for.  DIGEST is made anew.
 * What is wrong is said with its place in the document, "$.records[3].cr0";
 * what the framing of an image or blob does not allow is refused as the
 * parse functions refuse it.
 *
 * Memory: at most some four times the size of the text.
 *
 * On success *buf is malloc'ed memory of *buf_size bytes for the caller to
 * free().
 */
int domctx_json_read(const void *text, size_t size, uint8_t **buf,
                     size_t *buf_size, domctx_report *report);

/* ------------------------------------------------------------------ */
/* Comparing                                                           */
/* ------------------------------------------------------------------ */

/* How to compare; zeroed: everything, as text. */
struct domctx_diff_options {
    /* What to leave out, separated by commas: RECORD, RECORD/INSTANCE,
     * either with .FIELD, FIELD of any record, and "moving" for the fields
     * that change by themselves while a domain is paused.  Or NULL. */
    const char *ignore;
    bool json;           /* a JSON document, see xl-context(1) */
    bool summary;        /* the summary alone */
    const char *name[2]; /* what to call the two, or NULL */
    bool inferred[2];    /* the release of that one is an inference */
};

/*
 * Compare two contexts record by record and field by field, and write what
 * differs, then a summary.  Fields go by their names, whatever layouts the
 * records have.  What makes no difference to what is loaded is written as a
 * note, and so is what the trailer of an image says.
 *
 * *differences is the number of differences that are neither notes nor left
 * out.  An unknown name in options->ignore is refused ("diff-ignore").
 */
int domctx_diff(const domctx_context *a, const domctx_context *b,
                const struct domctx_diff_options *options,
                domctx_sink *sink, void *arg, uint64_t *differences,
                domctx_report *report);

/* ------------------------------------------------------------------ */
/* Judging                                                             */
/* ------------------------------------------------------------------ */

/* Whose processor the target has. */
enum domctx_vendor {
    DOMCTX_VENDOR_UNKNOWN,
    DOMCTX_VENDOR_INTEL,
    DOMCTX_VENDOR_AMD,     /* and Hygon */
};

/* What is known of a host beside its release. */
struct domctx_host {
    enum domctx_vendor vendor;
    /* What it can give to an HVM domain, as the words of
     * XEN_SYSCTL_get_cpu_featureset; NULL when that is not known.
     * Borrowed. */
    const uint32_t *features;
    size_t n_features;
};

/* What comes of a load, all in all. */
struct domctx_verdict {
    enum domctx_outcome outcome; /* of what ends the load; DOMCTX_NO_OUTCOME:
                                  * it loads */
    const char *error;           /* "EINVAL", or "" */
    size_t finding;              /* which one in the report, for an outcome */
    size_t depends;              /* findings of DOMCTX_DEPENDS */
};

/*
 * Judge whether the target would load the context, and what it would make of
 * it.  Every finding is about the HVM records as they are, without any
 * conversion; it has the outcome, and for DOMCTX_REFUSED the error number.
 * DOMCTX_ERROR: refused, or crashes; DOMCTX_WARNING: loads and something is
 * lost or changed; DOMCTX_NOTE: loads, with something to compare or to know.
 *
 * With DOMCTX_POINT_ANY, what any point release refuses is refused.  host may
 * be NULL: what depends on it is then a note.
 *
 * parsed holds the findings from reading the input, or is NULL; they are
 * taken over into report, but for those that this judgement decides itself.
 * verdict may be NULL.  Returns 0, or -1 when memory is short.
 */
int domctx_check(const domctx_context *context,
                 const struct domctx_release *target,
                 const struct domctx_host *host,
                 const domctx_report *parsed, struct domctx_verdict *verdict,
                 domctx_report *report);

/* A judged input. */
struct domctx_checked {
    const char *name;                     /* of the file */
    const struct domctx_release *target;  /* NULL: was not judged */
    const struct domctx_verdict *verdict; /* NULL likewise */
    const domctx_report *report;
};

/* "loads", "refused", "crashes the domain", "crashes the host"; "damaged" or
 * "unreadable" for what was not judged; "faulty" where the HVM state loads
 * and a record of the image itself is wrong. */
const char *domctx_checked_word(const struct domctx_checked *checked);

/* Write it as one JSON object: "file", "target", "verdict", "error" and
 * "findings", each of which has the members of struct domctx_finding that
 * are known and the "cause" and "mend" of its id. */
int domctx_checked_json(const struct domctx_checked *checked,
                        domctx_sink *sink, void *arg, domctx_report *report);

/*
 * Write what is known about a message id ("load-cr0"), about a page
 * (domctx_explained()), or about text pasted from a log of Xen or of its
 * tools: the cause, the releases, what to do.  Of several pages that fit the
 * text the best comes first.
 *
 * -1 with "explain-unknown", which names what is near, when nothing is.
 */
int domctx_explain(const char *text, domctx_sink *sink, void *arg,
                   domctx_report *report);

/* The name of page number i, or NULL past the last. */
const char *domctx_explained(size_t i);

/* ------------------------------------------------------------------ */
/* Building                                                            */
/* ------------------------------------------------------------------ */

/* An image or blob under construction.  Opaque.  The first failure sticks:
 * later calls do nothing but fail with the same finding.  The calls take a
 * NULL builder for one that had no memory. */
typedef struct domctx_builder domctx_builder;

/* A builder of a domain context image: START is written at once.  NULL when
 * memory is short. */
domctx_builder *domctx_builder_image(uint32_t xen_major, uint32_t xen_minor);

/* A builder of a legacy blob.  The caller adds HEADER first; END is written
 * by domctx_builder_take(). */
domctx_builder *domctx_builder_hvm(void);

/* Free a builder and what it holds.  NULL is allowed. */
void domctx_builder_free(domctx_builder *builder);

/* Make room for size bytes in all, so that adding up to that many allocates
 * nothing. */
int domctx_builder_reserve(domctx_builder *builder, size_t size,
                           domctx_report *report);

/* Append a record: header, length bytes of body (copied), padding.  The
 * limits of the format apply (a legacy length has 32 bits, instance and
 * typecode 16). */
int domctx_builder_add(domctx_builder *builder, uint32_t type,
                       uint32_t instance, const void *body, size_t length,
                       domctx_report *report);

/* Write END, then the trailer: a PROVENANCE record with the JSON text
 * provenance unless that is NULL, and a DIGEST if digest.  A legacy blob
 * takes neither.  What the parse functions would not read is refused with
 * the finding they would give.
 *
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free(), and the builder is only good for domctx_builder_free(). */
int domctx_builder_take(domctx_builder *builder, const char *provenance,
                        bool digest, uint8_t **buf, size_t *size,
                        domctx_report *report);

/* Add SHARED_INFO in the written form (flags, reserved word, buffer).
 * is_32bit sets bit 0 of the flags. */
int domctx_builder_shared_info(domctx_builder *builder, bool is_32bit,
                               const void *buffer, size_t size,
                               domctx_report *report);

/* Add TSC_INFO with length 24.  mode: 0 default, 1 always emulate, 2 never;
 * khz: frequency; nsec: elapsed time; incarnation: as Xen returned it. */
int domctx_builder_tsc_info(domctx_builder *builder, uint32_t mode,
                            uint32_t khz, uint64_t nsec,
                            uint32_t incarnation, domctx_report *report);

/* Add a record of another image (not START, END or the trailer) as writers
 * emit it: SHARED_INFO with the reserved word, TSC_INFO with length 24, in
 * host order.  From a big-endian image, SHARED_INFO, EVTCHN and GRANT_TABLE
 * are refused ("build-byte-order"). */
int domctx_builder_copy(domctx_builder *builder, const domctx_image *image,
                        const struct domctx_record *record,
                        domctx_report *report);

/* ------------------------------------------------------------------ */
/* Between the forms                                                   */
/* ------------------------------------------------------------------ */

/* Add the blob to an image builder as one HVM_CONTEXT record, HEADER
 * through END as found.  Bytes after END are dropped (reported by the
 * parse). */
int domctx_wrap(domctx_builder *image, const domctx_hvm *hvm,
                domctx_report *report);

/* Add the blob to an image builder, a record for each legacy record (the
 * legacy END has none).  Refused, with the reason, for a blob that the
 * strict framing cannot carry; domctx_wrap() may still take it. */
int domctx_migrate(domctx_builder *image, const domctx_hvm *hvm,
                   domctx_report *report);

/*
 * The legacy blob of an image of either form, byte for byte as it was.
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free().  An image without HVM state: DOMCTX_DAMAGED, "image-no-hvm".
 */
int domctx_image_to_hvm(const domctx_image *image, uint8_t **buf,
                        size_t *size, domctx_report *report);

/* ------------------------------------------------------------------ */
/* Between releases                                                    */
/* ------------------------------------------------------------------ */

/* Give a release without a point release the oldest one of its series whose
 * layouts the blob saved has, which that series saved.  Nothing changes where
 * the layouts are those of every point release, or of none. */
void domctx_release_narrow(struct domctx_release *release,
                           const domctx_hvm *saved);

/* Flags of domctx_convert_release(). */
#define DOMCTX_ALLOW_LOSS 1u   /* leave out what the target cannot have */

/*
 * The legacy blob that the target release would load to the same effect:
 * each record in the target's layout, filled with what its own loader
 * assumes where the saver had less, and known defects of the saver undone.
 *
 * What would be lost is judged by value: a field that the target lacks may go
 * when it holds what is assumed without it.  Each loss is a finding of
 * DOMCTX_ERROR and nothing is made, or, with DOMCTX_ALLOW_LOSS, of
 * DOMCTX_WARNING.  What was changed is told in notes.
 *
 * The context must know its saver ("convert-xen-needed").  On success *blob
 * is malloc'ed memory of *size bytes for the caller to free().
 */
int domctx_convert_release(const domctx_context *context,
                           const struct domctx_release *target,
                           unsigned int flags, uint8_t **blob, size_t *size,
                           domctx_report *report);

/* ------------------------------------------------------------------ */
/* Provenance                                                          */
/* ------------------------------------------------------------------ */

/* What PROVENANCE says.  A string that is not known is "", a number that is
 * not known has its flag false. */
struct domctx_provenance {
    char tool[64];           /* "xl-context 0.1" */
    char host[256];          /* where it was saved */
    char time[32];           /* ISO 8601, UTC */
    char domain_name[256];
    char uuid[40];           /* 36 characters, lower case */
    char domain_type[16];    /* "hvm", "pvh" or "pv" */
    bool has_domid;
    uint32_t domid;
    bool has_cpu_time;
    uint64_t cpu_time_ns;    /* accumulated over all vCPUs */
    char xen_version[64];    /* "4.17.7" with the extra version */
    char xen_changeset[128];
    char source[64];         /* container, e.g. "live", "hvm" */
};

/* The JSON text of a provenance, malloc'ed, for the caller to free(); NULL
 * when memory is short. */
char *domctx_provenance_json(const struct domctx_provenance *provenance);

/* As above for a conversion: the PROVENANCE of from (which may have none) is
 * kept, and a history entry with what, tool and time is added.  Where from
 * has no PROVENANCE or is NULL, origin has what is known of the input.
 * Nothing else is invented.  NULL, with a finding, on failure. */
char *domctx_provenance_convert(const domctx_image *from,
                                const struct domctx_provenance *origin,
                                const char *tool, const char *time,
                                const char *what, domctx_report *report);

/* Read the PROVENANCE of an image.  Returns 1 when there is one, 0 when
 * there is none, -1 when it cannot be read (in the report). */
int domctx_image_provenance(const domctx_image *image,
                            struct domctx_provenance *provenance,
                            domctx_report *report);

/* ------------------------------------------------------------------ */
/* What a save file or stream holds, as parts of an image              */
/* ------------------------------------------------------------------ */

/* Add what a walked source has besides the HVM context, SHARED_INFO and
 * TSC_INFO, to an image under construction. */
int domctx_source_records(const domctx_source *source,
                          domctx_builder *builder, domctx_report *report);

/* Write what a walked source is, a line for each thing, for people. */
int domctx_source_text(const domctx_source *source, domctx_sink *sink,
                       void *arg, domctx_report *report);

/* What a walked source says of where its context comes from: domain_name,
 * uuid, domain_type and source; the rest is empty. */
void domctx_source_origin(const domctx_source *source,
                          struct domctx_provenance *origin);

#ifdef __cplusplus
}
#endif

#endif /* DOMCTX_H */
