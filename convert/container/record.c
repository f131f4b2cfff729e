/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging the records of a libxc stream as Xen's own readers do. */
#include "container/record.h"
#include "base/bytes.h"
#include "catalogue/hvm-params.h"

#define OPTIONAL UINT32_C(0x80000000)
#define NAME_UNKNOWN "unknown record"

/* REC_LENGTH_MAX up to 4.9; 4.10 has SOURCE_RECORD_MAX. */
#define LENGTH_MAX_4_9 (UINT32_C(8) << 20)

static const char *libxc_record_name(uint32_t type);

struct row;
typedef int judge_fn(struct domctx_source *source, struct libxc *libxc,
                     const struct row *row,
                     const struct stream_header *header);

/* One type.  A body has length bytes plus a multiple of unit, at least once if
 * least is set. */
struct row {
    const char *name;
    uint32_t fixed, unit;
    bool least;
    uint32_t since;      /* the stream version that introduced it */
    judge_fn *judge;     /* NULL: only the length is judged */
    uint8_t most;        /* in an interval; 0: judged elsewhere */
};

/* -- findings ---------------------------------------------------------- */

/* Report a record that occurs more often than an interval may have it; of a
 * policy that comes late none counts. */
static void count(struct domctx_source *source, uint64_t n, uint8_t most)
{
    struct msg_at at = source_here(source);

    at.expected = (struct msg_value)DEC(most);
    at.found = (struct msg_value)DEC(n);
    if (most && n > most)
        msg_raise(source->report, MSG_STREAM_AGAIN, &at,
                  "the record comes again; the last one counts");
}

/* Report nonzero reserved bytes of a record. */
void libxc_reserved(struct domctx_source *source, const char *field,
                    uint64_t found)
{
    struct msg_at at = source_here(source);

    at.field = field;
    at.expected = (struct msg_value)DEC(0);
    at.found = (struct msg_value)HEX(found);
    if (found)
        msg_raise(source->report, MSG_STREAM_RESERVED, &at,
                  "reserved bytes that no release writes");
}

int libxc_bad_length(struct domctx_source *source, uint64_t expected,
                     uint32_t length)
{
    struct msg_at at = source_here(source);

    at.expected = (struct msg_value)DEC(expected);
    at.found = (struct msg_value)DEC(length);
    return msg_raise(source->report, MSG_LIBXC_LENGTH, &at,
                     "readers refuse a record of that length");
}

/* -- bodies -------------------------------------------------------------- */

static int refused(struct domctx_source *source, struct libxc *libxc,
                   const struct row *row,
                   const struct stream_header *header)
{
    struct msg_at at = source_here(source);

    (void)libxc;
    (void)row;
    (void)header;
    msg_raise(source->report, MSG_LIBXC_REFUSED, &at,
              "readers refuse this record in the stream of an HVM guest");
    return 0;
}

/* Readers ignore the body of these. */
static int marker(struct domctx_source *source, struct libxc *libxc,
                  const struct row *row, const struct stream_header *header)
{
    struct msg_at at = source_here(source);

    (void)libxc;
    (void)row;
    at.expected = (struct msg_value)DEC(0);
    at.found = (struct msg_value)DEC(header->length);
    if (header->length)
        msg_raise(source->report, MSG_STREAM_NOT_EMPTY, &at,
                  "the record has a body, which readers drop");
    return 0;
}

static int static_end(struct domctx_source *source, struct libxc *libxc,
                      const struct row *row,
                      const struct stream_header *header)
{
    struct msg_at at = source_here(source);

    if (libxc->seen_static_end)
        msg_raise(source->report, MSG_LIBXC_STATIC_AGAIN, &at,
                  "readers refuse a second STATIC_DATA_END");
    libxc->seen_static_end = true;
    source->policies_at = source->record_at;
    return marker(source, libxc, row, header);
}

/* Whether the policies have been applied. */
static bool is_late(const struct libxc *libxc)
{
    return libxc->seen_static_end || libxc->seen_page;
}

static int policy(struct domctx_source *source, struct libxc *libxc,
                  const struct row *row, const struct stream_header *header)
{
    struct msg_at at = source_here(source);

    if (is_late(libxc)) {
        msg_raise(source->report, MSG_LIBXC_POLICY_LATE, &at,
                  "the record comes after the end of the static data, where "
                  "readers drop it");
        return 0;
    }
    return row->unit == 24 ? source_cpuid_policy(source, header->length)
                           : source_msr_policy(source, header->length);
}

static int page_data(struct domctx_source *source, struct libxc *libxc,
                     const struct row *row,
                     const struct stream_header *header)
{
    struct msg_at at = source_here(source);
    uint8_t bytes[8];

    (void)row;
    if (libxc->version >= 3 && !libxc->seen_static_end && !libxc->seen_page)
        msg_raise(source->report, MSG_LIBXC_STATIC_MISSING, &at,
                  "readers refuse pages before STATIC_DATA_END");
    if (!libxc->seen_static_end && !libxc->seen_page)
        source->policies_at = source->record_at; /* as readers infer it */
    libxc->seen_page = true;
    if (libxc->n[LIBXC_RECORD_CONTEXT] > 0 && !libxc->told_order)
        msg_raise(source->report, MSG_LIBXC_ORDER, &at,
                  "pages behind the HVM context");
    libxc->told_order = libxc->n[LIBXC_RECORD_CONTEXT] > 0;
    if (header->length < sizeof(bytes))
        return 0; /* reported already */
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    libxc_reserved(source, "reserved", le32(bytes + 4));
    return libxc_pages(source, libxc, le32(bytes), header->length);
}

static int tsc_info(struct domctx_source *source, struct libxc *libxc,
                    const struct row *row,
                    const struct stream_header *header)
{
    uint8_t bytes[24];

    if (header->length != row->fixed)
        return 0;
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    source_tsc(source, le32(bytes), le32(bytes + 4), le64(bytes + 8),
               le32(bytes + 16));
    if (libxc->version >= 4)
        return refused(source, libxc, row, header);
    libxc_reserved(source, "reserved", le32(bytes + 20));
    return 0;
}

uint64_t libxc_length_max(cat_version reader)
{
    return reader < CAT_V(4, 10) ? LENGTH_MAX_4_9 : SOURCE_RECORD_MAX;
}

static uint64_t length_limit(const struct libxc *libxc)
{
    return libxc->version == 2 ? libxc_length_max(libxc->saver)
                               : SOURCE_RECORD_MAX;
}

static int hvm_context(struct domctx_source *source, struct libxc *libxc,
                       const struct row *row,
                       const struct stream_header *header)
{
    struct domctx_place place = {
        .length_offset = source->at - 4, .length_width = 4,
        .length = header->length, .align = 8,
        .limit = length_limit(libxc),
    };

    (void)row;
    return source_context(source, &place, stream_pad(header->length));
}

/* 4.6 to 4.8 accept a record that is longer than its count says. */
static void long_params(struct domctx_source *source,
                        const struct libxc *libxc, uint64_t expected,
                        uint32_t length)
{
    struct msg_at at = source_here(source);

    at.expected = (struct msg_value)DEC(expected);
    at.found = (struct msg_value)DEC(length);
    if (libxc->version > 2 || libxc->saver == 0 ||
        libxc->saver >= CAT_V(4, 9)) {
        libxc_bad_length(source, expected, length);
        return;
    }
    source->info.has_long_params = true;
    source->info.long_params_offset = source->record_at;
    msg_raise(source->report, MSG_LIBXC_PARAMS_LONG, &at,
              "the record is longer than its count");
}

static int hvm_params(struct domctx_source *source, struct libxc *libxc,
                      const struct row *row,
                      const struct stream_header *header)
{
    uint8_t bytes[8];
    uint64_t expected;

    (void)row;
    if (header->length < sizeof(bytes))
        return 0; /* reported already */
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    libxc_reserved(source, "reserved", le32(bytes + 4));
    expected = 8 + 16 * (uint64_t)le32(bytes);
    if (header->length > expected)
        long_params(source, libxc, expected, header->length);
    else if (header->length < expected)
        libxc_bad_length(source, expected, header->length);
    if (header->length < expected)
        return 0;
    libxc->has_params = true;
    return source_params(source, le32(bytes));
}

static int shared_info(struct domctx_source *source, struct libxc *libxc,
                       const struct row *row,
                       const struct stream_header *header)
{
    refused(source, libxc, row, header);
    return header->length == row->fixed
               ? source_keep(source, &source->now.shared_info,
                             header->length)
               : 0;
}

static int domain_context(struct domctx_source *source, struct libxc *libxc,
                          const struct row *row,
                          const struct stream_header *header)
{
    (void)row;
    if (libxc->version < 4)
        return 0; /* reported as refused */
    return source_keep(source, &source->now.domain_context, header->length);
}

/* -- what is not there ---------------------------------------------------- */

static const struct {
    uint32_t type;
    uint32_t oldest, newest;  /* stream versions that have it */
    bool always;              /* in every interval, not once */
    const char *text;
} needed[] = {
    { 0x10, 3, 4, false, "a stream of that version without the end of its "
                         "static data" },
    { 0x01, 2, 4, false, "a stream without any memory of the guest" },
    { 0x08, 2, 3, true, "the guest's TSC will start anew" },
    { 0x09, 2, 4, true, "a checkpoint without an HVM context: that of the "
                        "one before stays" },
    { 0x0a, 2, 4, true, "the guest has no way to xenstore and its console" },
    { 0x13, 4, 4, true, "a stream of that version without the record that "
                        "makes it one" },
};

/* Streams before 4.0 have no TSC mode; a missing end of the static data and a
 * missing context are reported elsewhere. */
static bool may_lack(const struct libxc *libxc, uint32_t type, bool end)
{
    return (type == 0x10 && libxc->seen_page) ||
           (type == 0x08 && libxc->saver == 0) ||
           (type == 0x09 && end && !libxc->buffered);
}

/* Report HVM_PARAMS without the page of xenstore, which every saver
 * writes. */
static void judge_params(struct domctx_source *source, struct libxc *libxc)
{
    const struct held *params = &source->now.params;
    struct msg_at at = source_here(source);

    if (!libxc->has_params)
        return;
    libxc->has_params = false;
    for (size_t i = 0; i + 16 <= params->size; i += 16)
        if (le64(params->p + i) == PARAM_STORE_PFN)
            return;
    at.record = libxc_record_name(LIBXC_RECORD_PARAMS);
    msg_raise(source->report, MSG_LIBXC_MISSING, &at,
              "the record has no parameter 1: the guest has no way to "
              "xenstore");
}

/* Report missing records at a checkpoint or the end. */
static void judge_missing(struct domctx_source *source, struct libxc *libxc,
                          const struct stream_header *header)
{
    bool end = header->type == LIBXC_RECORD_END;
    uint64_t n = 0;

    for (size_t i = 1; i < LIBXC_TYPES; i++)
        n += libxc->n[i];
    if (end && libxc->buffered && n == 0)
        return; /* nothing follows the last checkpoint */
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        uint32_t type = needed[i].type;
        struct msg_at at = source_here(source);

        if (libxc->version < needed[i].oldest ||
            libxc->version > needed[i].newest || libxc->n[type] > 0 ||
            (libxc->buffered && !needed[i].always) ||
            may_lack(libxc, type, end))
            continue;
        at.record = libxc_record_name(type);
        msg_raise(source->report, MSG_LIBXC_MISSING, &at,
                  "the record is missing: %s", needed[i].text);
    }
    judge_params(source, libxc);
}

static int end(struct domctx_source *source, struct libxc *libxc,
               const struct row *row, const struct stream_header *header)
{
    judge_missing(source, libxc, header);
    source->loaded_at = source->record_at;
    return marker(source, libxc, row, header);
}

static int checkpoint(struct domctx_source *source, struct libxc *libxc,
                      const struct row *row,
                      const struct stream_header *header)
{
    struct msg_at at = source_here(source);

    judge_missing(source, libxc, header);
    if (!libxc->buffered)
        msg_raise(source->report, MSG_LIBXC_CHECKPOINT, &at,
                  "a stream with checkpoints, which a plain restore "
                  "refuses");
    return marker(source, libxc, row, header);
}

/* -- the table ------------------------------------------------------------ */

static const struct row rows[LIBXC_TYPES] = {
    [0x00] = { "END", 0, 1, false, 2, end, 0 },
    [0x01] = { "PAGE_DATA", 8, 8, true, 2, page_data, 0 },
    [0x02] = { "X86_PV_INFO", 8, 0, false, 2, refused, 0 },
    [0x03] = { "X86_PV_P2M_FRAMES", 8, 8, false, 2, refused, 0 },
    [0x04] = { "X86_PV_VCPU_BASIC", 8, 1, false, 2, refused, 0 },
    [0x05] = { "X86_PV_VCPU_EXTENDED", 8, 1, false, 2, refused, 0 },
    [0x06] = { "X86_PV_VCPU_XSAVE", 8, 1, false, 2, refused, 0 },
    [0x07] = { "SHARED_INFO", 4096, 0, false, 2, shared_info, 1 },
    [0x08] = { "X86_TSC_INFO", 24, 0, false, 2, tsc_info, 1 },
    [0x09] = { "HVM_CONTEXT", 0, 1, false, 2, hvm_context, 1 },
    [0x0a] = { "HVM_PARAMS", 8, 1, false, 2, hvm_params, 2 },
    [0x0b] = { "TOOLSTACK", 0, 1, false, 2, refused, 0 },
    [0x0c] = { "X86_PV_VCPU_MSRS", 8, 1, false, 2, refused, 0 },
    [0x0d] = { "VERIFY", 0, 1, false, 2, marker, 0 },
    [0x0e] = { "CHECKPOINT", 0, 1, false, 2, checkpoint, 0 },
    [0x0f] = { "CHECKPOINT_DIRTY_PFN_LIST", 0, 8, false, 2, refused, 0 },
    [0x10] = { "STATIC_DATA_END", 0, 1, false, 3, static_end, 0 },
    [0x11] = { "X86_CPUID_POLICY", 0, 24, true, 3, policy, 1 },
    [0x12] = { "X86_MSR_POLICY", 0, 16, true, 3, policy, 1 },
    [0x13] = { "DOMAIN_CONTEXT", 0, 1, true, 4, domain_context, 1 },
};

static const char *libxc_record_name(uint32_t type)
{
    return rows[type].name;
}

static void judge_length(struct domctx_source *source, const struct row *row,
                         uint32_t length)
{
    uint32_t least = row->fixed + (row->least ? row->unit : 0);

    if (length < least ||
        (row->unit ? (length - row->fixed) % row->unit
                   : length != row->fixed))
        libxc_bad_length(source, least, length);
}

/* Version 2 with the static records of version 3: readers of 4.14 and later
 * accept it, verify-stream-v2 does not. */
static void judge_version(struct domctx_source *source,
                          const struct libxc *libxc, const struct row *row)
{
    struct msg_at at = source_here(source);

    if (libxc->version >= row->since)
        return;
    at.expected = (struct msg_value)DEC(row->since);
    at.found = (struct msg_value)DEC(libxc->version);
    if (row->since > 3)
        msg_raise(source->report, MSG_LIBXC_REFUSED, &at,
                  "readers refuse this record in a stream of that version");
    else
        msg_raise(source->report, MSG_LIBXC_NEWER, &at,
                  "the record is of a newer version of the stream");
    if (row->since == 3 && !source->info.has_newer) {
        source->info.has_newer = true;
        source->info.newer_offset = source->record_at;
    }
}

static void unknown(struct domctx_source *source, const struct libxc *libxc,
                    uint32_t type)
{
    struct msg_at at = source_here(source);

    at.found = (struct msg_value)HEX(type);
    if (!(type & OPTIONAL))
        msg_raise(source->report, MSG_LIBXC_MANDATORY, &at,
                  "a mandatory record that no release knows");
    else if (libxc->buffered)
        msg_raise(source->report, MSG_LIBXC_BUFFERED, &at,
                  "an unknown record after a checkpoint, which readers "
                  "refuse even if it is optional");
    else
        msg_raise(source->report, MSG_LIBXC_OPTIONAL, &at,
                  "an optional record, which readers step over");
}

static int judge_limit(struct domctx_source *source,
                       const struct libxc *libxc, uint32_t type,
                       uint32_t length)
{
    uint64_t limit = length_limit(libxc);
    struct msg_at at = source_here(source);

    at.found = (struct msg_value)DEC(length);
    at.expected = (struct msg_value)DEC(SOURCE_RECORD_MAX);
    if (length > SOURCE_RECORD_MAX)
        return msg_raise(source->report, MSG_SOURCE_LONG, &at,
                         "a record longer than any reader takes");
    at.expected = (struct msg_value)DEC(limit);
    if (length > limit)
        msg_raise(source->report, MSG_LIBXC_LIMIT, &at,
                  "a record longer than the readers of 4.6 to 4.9 take");
    if (type != LIBXC_RECORD_CONTEXT && length > source->info.longest) {
        source->info.longest = length;
        source->info.longest_offset = source->record_at;
    }
    return 0;
}

int libxc_record(struct domctx_source *source, struct libxc *libxc,
                 const struct stream_header *header)
{
    const struct row *row =
        header->type < LIBXC_TYPES ? &rows[header->type] : NULL;

    source->record = row ? row->name : NAME_UNKNOWN;
    if (judge_limit(source, libxc, header->type, header->length) < 0)
        return -1;
    if (!row) {
        unknown(source, libxc, header->type);
        return 0;
    }
    judge_version(source, libxc, row);
    judge_length(source, row, header->length);
    count(source, ++libxc->n[header->type],
          row->judge == policy && is_late(libxc) ? 0 : row->most);
    return row->judge ? row->judge(source, libxc, row, header) : 0;
}
