/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making an image or a blob: from records, from the other form, for another
 * release.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_BUILD_H
#define DOMCTX_BUILD_H

/* -- Building ------------------------------------------------------------ */

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
 * nothing.
 * Ids: no-memory. */
int domctx_builder_reserve(domctx_builder *builder, size_t size,
                           domctx_report *report);

/* Append a record: header, length bytes of body (copied), padding.  The
 * limits of the format apply (a legacy length has 32 bits, instance and
 * typecode 16).
 * Ids: build-limit, build-type, no-memory. */
int domctx_builder_add(domctx_builder *builder, uint32_t type,
                       uint32_t instance, const void *body, size_t length,
                       domctx_report *report);

/* Write END, then the trailer: a PROVENANCE record with the JSON text
 * provenance unless that is NULL, and a DIGEST if digest.  A legacy blob
 * takes neither.  What the parse functions would not read is refused with
 * the finding they would give.
 *
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free(), and the builder is only good for domctx_builder_free().
 * Ids: build-limit, build-trailer, those of domctx_image_parse() and
 * domctx_hvm_parse(). */
int domctx_builder_take(domctx_builder *builder, const char *provenance,
                        bool digest, uint8_t **buf, size_t *size,
                        domctx_report *report);

/* Add SHARED_INFO in the written form (flags, reserved word, buffer).
 * is_32bit sets bit 0 of the flags.  size: of the domain's own struct
 * shared_info, which is 3136 on x86-64, 2344 on 32-bit x86 and 1088 on Arm;
 * readers tell the form of the record by it, so others are refused.
 * Ids: call-argument, build-kind, those of domctx_builder_add(). */
int domctx_builder_shared_info(domctx_builder *builder, bool is_32bit,
                               const void *buffer, size_t size,
                               domctx_report *report);

/* Add TSC_INFO with length 24.  mode: 0 default, 1 always emulate, 2 never, 3
 * PVRDTSCP before 4.12, others are refused; khz: frequency; nsec: elapsed
 * time; incarnation: as Xen returned it.
 * Ids: call-argument, build-kind, those of domctx_builder_add(). */
int domctx_builder_tsc_info(domctx_builder *builder, uint32_t mode,
                            uint32_t khz, uint64_t nsec,
                            uint32_t incarnation, domctx_report *report);

/* Add a record of another image (not START, END or the trailer) as writers
 * emit it: SHARED_INFO with the reserved word, TSC_INFO with length 24, in
 * host order.  From a big-endian image, SHARED_INFO, EVTCHN and GRANT_TABLE
 * are refused ("build-byte-order").
 * Ids: build-byte-order, build-kind, those of domctx_builder_add(). */
int domctx_builder_copy(domctx_builder *builder, const domctx_image *image,
                        const struct domctx_record *record,
                        domctx_report *report);

/* -- Between the forms --------------------------------------------------- */

/* Add the blob to an image builder as one HVM_CONTEXT record, HEADER
 * through END as found.  Bytes after END are dropped (reported by the
 * parse).
 * Ids: build-kind, those of domctx_builder_add(). */
int domctx_wrap(domctx_builder *image, const domctx_hvm *hvm,
                domctx_report *report);

/* Add the blob to an image builder, a record for each legacy record (the
 * legacy END has none).  Refused, with the reason, for a blob that the
 * strict framing cannot carry; domctx_wrap() may still take it.
 * Ids: migrate-*, build-kind, those of domctx_builder_add(). */
int domctx_migrate(domctx_builder *image, const domctx_hvm *hvm,
                   domctx_report *report);

/*
 * The legacy blob of an image of either form, byte for byte as it was.
 * On success *buf is malloc'ed memory of *size bytes for the caller to
 * free().  An image without HVM state: DOMCTX_DAMAGED, "image-no-hvm".
 * Ids: image-header-missing, image-no-hvm, build-limit, build-type, those of
 * domctx_hvm_parse().
 */
int domctx_image_to_hvm(const domctx_image *image, uint8_t **buf,
                        size_t *size, domctx_report *report);

/*
 * A blob anew from its records: descriptors that the parse repaired are whole,
 * and bytes after END are gone.  On success *buf is malloc'ed memory of *size
 * bytes for the caller to free().  Since 0.1.
 * Ids: build-limit, those of domctx_hvm_parse().
 */
int domctx_hvm_rebuild(const domctx_hvm *hvm, uint8_t **buf, size_t *size,
                       domctx_report *report);

/* -- Between releases ---------------------------------------------------- */

/* Give a release without a point release the oldest point release of its
 * series that has the layouts of the blob saved.  Nothing changes if every
 * point release has them, or none. */
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
 * DOMCTX_WARNING.  Notes say what was changed.
 *
 * The result need not load: a conversion does not change values that the
 * target refuses.  domctx_check() finds those.
 *
 * The context must know its saver ("convert-xen-needed"); flags that are not
 * known are refused ("call-argument").  On success *blob is malloc'ed memory
 * of *size bytes for the caller to free().
 * Ids: call-argument, convert-xen-needed, compat-*, cpu-*, header-*, lapic-*,
 * msr-*, mtrr-*, record-left-out, record-near-end, rtc-*, tsc-adjust-*,
 * viridian-*, vmce-*, xsave-*, build-limit, those of domctx_hvm_parse().
 */
int domctx_convert_release(const domctx_context *context,
                           const struct domctx_release *target,
                           unsigned int flags, uint8_t **blob, size_t *size,
                           domctx_report *report);

/*
 * A sound image or blob of what is whole of a damaged one: a blob as far as
 * it can be followed, of an image all records that keep the rules of the
 * framing, DIGEST excepted; with the END that they lack, and padding made
 * anew.  *whole is the number of records, START or HEADER and END not
 * counted.  A blob has to have a sound
 * HEADER, an image a sound START.  What is wrong with the input is told by
 * domctx_image_parse() and domctx_hvm_parse(), not here.
 *
 * On success *out is malloc'ed memory of *out_size bytes for the caller to
 * free().  Since 0.1.
 * Ids: salvage-nothing, image-start-missing, build-limit, no-memory.
 */
int domctx_salvage(const void *buf, size_t size, uint8_t **out,
                   size_t *out_size, size_t *whole, domctx_report *report);

/* -- Provenance ---------------------------------------------------------- */

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
    /* To be written: the releases that can have saved the HVM state as it is
     * now; NULL: not known.  domctx_image_releases() reads them.
     * Since 0.1. */
    const struct domctx_releases *releases;
    uint64_t reserved[7];    /* 0 */
};

/* The JSON text of a provenance, malloc'ed, for the caller to free(); NULL
 * when memory is short. */
char *domctx_provenance_json(const struct domctx_provenance *provenance);

/* As above for a conversion: the PROVENANCE of from (which may have none) is
 * kept, and a history entry with what, tool and time is added.  Where from
 * has no PROVENANCE or is NULL, origin has what is known of the input (NULL:
 * nothing).  Nothing else is invented.  origin->releases takes the place of
 * those that are there.  NULL, with a finding, on failure.
 * Ids: provenance-history, sink-failed, no-memory. */
char *domctx_provenance_convert(const domctx_image *from,
                                const struct domctx_provenance *origin,
                                const char *tool, const char *time,
                                const char *what, domctx_report *report);

/* Read the PROVENANCE of an image.  Returns 1 when there is one, 0 when
 * there is none, -1 when it cannot be read (in the report).
 * Ids: provenance-member, no-memory. */
int domctx_image_provenance(const domctx_image *image,
                            struct domctx_provenance *provenance,
                            domctx_report *report);

/* The releases that can have saved it, as PROVENANCE says: false where it does
 * not, or says what cannot be read.  Releases that the library does not know
 * are left out.  Since 0.1. */
bool domctx_image_releases(const domctx_image *image,
                           struct domctx_releases *releases);

/* -- What a save file or stream holds, as parts of an image -------------- */

/* Add what a walked source has besides the HVM context, SHARED_INFO and
 * TSC_INFO, to an image under construction.
 * Ids: source-domain-context, build-byte-order, build-kind, build-limit,
 * build-type, those of domctx_image_parse(). */
int domctx_source_records(const domctx_source *source,
                          domctx_builder *builder, domctx_report *report);

/* Write what a walked source is, a line for each thing, for people.
 * Ids: sink-failed, no-memory. */
int domctx_source_text(const domctx_source *source, domctx_sink *sink,
                       void *arg, domctx_report *report);

/* What a walked source says of where its context comes from: domain_name,
 * uuid, domain_type and source; the rest is empty. */
void domctx_source_origin(const domctx_source *source,
                          struct domctx_provenance *origin);

#endif /* DOMCTX_BUILD_H */
