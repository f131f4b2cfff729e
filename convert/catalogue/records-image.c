/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of an image that are no legacy records: the specification's
 * and ours.
 *
 * SHARED_INFO is four bytes of flags, a reserved word that only some writers
 * put there, and struct shared_info of the domain's own architecture.  Its
 * names, offsets and widths are those of the public headers
 * xen/include/public/xen.h, arch-x86/xen*.h and arch-arm.h at
 * RELEASE-4.22.0; the sizes are the same in every release since 3.1.  Fields
 * that are younger (vcpu_info[].time.flags, arch.p2m_*: 4.6) were padding.
 */
#include "catalogue/rows.h"
#include "catalogue/types.h"

#include <domctx.h>

/* Releases have no part in what these records look like. */
#define ANY .from = 0, .to = CAT_EVER
#define LAYOUT_ANY(len) { .length = (len), ANY, .fields = CAT_OLDEST }

/* Bytes as they come. */
#define LAYOUT_BYTES { .length = 0, .tail = 1, ANY, .fields = CAT_NO_FIELDS }

/* --- END, START --------------------------------------------------------- */

static const struct cat_layout end_layouts[] = {
    LAYOUT_ANY(0),
};

static const struct cat_layout start_layouts[] = {
    LAYOUT_ANY(8),
};

static const struct cat_field start_fields[] = {
    FIELD("xen_major", 0, 4, DEC, 0, ANY),
    FIELD("xen_minor", 4, 4, DEC, 0, ANY),
};

/* --- SHARED_INFO -------------------------------------------------------- */

/* The length tells architecture and form; each has its set of fields. */
enum shared_form { X86_64_AT_4 = 1, X86_32_AT_4, ARM_AT_4,
                   X86_64_AT_8, X86_32_AT_8, ARM_AT_8 };
#define SET(form) .from = (form), .to = (form)

static const struct cat_layout shared_info_layouts[] = {
    { .length = 8 + SHARED_INFO_X86_64, ANY, .fields = X86_64_AT_8 },
    { .length = 4 + SHARED_INFO_X86_64, ANY, .fields = X86_64_AT_4 },
    { .length = 8 + SHARED_INFO_X86_32, ANY, .fields = X86_32_AT_8 },
    { .length = 4 + SHARED_INFO_X86_32, ANY, .fields = X86_32_AT_4 },
    { .length = 8 + SHARED_INFO_ARM, ANY, .fields = ARM_AT_8 },
    { .length = 4 + SHARED_INFO_ARM, ANY, .fields = ARM_AT_4 },
};

/* vcpu_info[c] of s bytes at offset o, its time at t of each.  Events come
 * in though no vCPU runs. */
#define VCPU_TIME(form, o, c, s, t) \
    ARRAY("vcpu_info[].time.version", (o) + (t), 4, c, s, DEC, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].time.pad0", (o) + (t) + 4, 4, c, s, HEX, PAD, \
          SET(form)), \
    ARRAY("vcpu_info[].time.tsc_timestamp", (o) + (t) + 8, 8, c, s, HEX, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].time.system_time", (o) + (t) + 16, 8, c, s, DEC, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].time.tsc_to_system_mul", (o) + (t) + 24, 4, c, s, \
          HEX, 0, SET(form)), \
    ARRAY("vcpu_info[].time.tsc_shift", (o) + (t) + 28, 1, c, s, SIGNED, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].time.flags", (o) + (t) + 29, 1, c, s, FLAGS, 0, \
          SET(form), NAMED(time_flags))
#define VCPU_EVENTS(form, o, c, s, w) \
    ARRAY("vcpu_info[].evtchn_upcall_pending", (o), 1, c, s, DEC, PENDING, \
          SET(form)), \
    ARRAY("vcpu_info[].evtchn_pending_sel", (o) + (w), w, c, s, BITMAP, \
          PENDING, SET(form))

/* Event channel bits in words of w bytes, as many as a word has bits; then
 * the wall clock, which Xen renews whenever the host sets its own. */
#define EVENTS(form, o, w) \
    ARRAY("evtchn_pending", (o), w, 8 * (w), w, BITMAP, PENDING, \
          SET(form)), \
    ARRAY("evtchn_mask", (o) + 8 * (w) * (w), w, 8 * (w), w, BITMAP, 0, \
          SET(form)), \
    FIELD("wc_version", (o) + 16 * (w) * (w), 4, DEC, MOVES, SET(form)), \
    FIELD("wc_sec", (o) + 16 * (w) * (w) + 4, 4, DEC, MOVES, SET(form)), \
    FIELD("wc_nsec", (o) + 16 * (w) * (w) + 8, 4, DEC, MOVES, SET(form))

#define SHARED_X86_64(form, o) \
    VCPU_EVENTS(form, o, 32, 64, 8), \
    ARRAY("vcpu_info[].evtchn_upcall_mask", (o) + 1, 1, 32, 64, DEC, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].arch.cr2", (o) + 16, 8, 32, 64, HEX, 0, SET(form)), \
    ARRAY("vcpu_info[].arch.pad", (o) + 24, 8, 32, 64, HEX, PAD, \
          SET(form)), \
    VCPU_TIME(form, o, 32, 64, 32), \
    EVENTS(form, (o) + 2048, 8), \
    FIELD("wc_sec_hi", (o) + 3084, 4, DEC, MOVES, SET(form)), \
    FIELD("arch.max_pfn", (o) + 3088, 8, HEX, 0, SET(form)), \
    FIELD("arch.pfn_to_mfn_frame_list_list", (o) + 3096, 8, HEX, 0, \
          SET(form)), \
    FIELD("arch.nmi_reason", (o) + 3104, 8, HEX, 0, SET(form)), \
    FIELD("arch.p2m_cr3", (o) + 3112, 8, HEX, 0, SET(form)), \
    FIELD("arch.p2m_vaddr", (o) + 3120, 8, HEX, 0, SET(form)), \
    FIELD("arch.p2m_generation", (o) + 3128, 8, DEC, 0, SET(form))

#define SHARED_X86_32(form, o) \
    VCPU_EVENTS(form, o, 32, 64, 4), \
    ARRAY("vcpu_info[].evtchn_upcall_mask", (o) + 1, 1, 32, 64, DEC, 0, \
          SET(form)), \
    ARRAY("vcpu_info[].arch.cr2", (o) + 8, 4, 32, 64, HEX, 0, SET(form)), \
    RUNS("vcpu_info[].arch.pad", (o) + 12, 4, 160, 5, 64, HEX, PAD, \
         SET(form)), \
    VCPU_TIME(form, o, 32, 64, 32), \
    EVENTS(form, (o) + 2048, 4), \
    FIELD("arch.max_pfn", (o) + 2316, 4, HEX, 0, SET(form)), \
    FIELD("arch.pfn_to_mfn_frame_list_list", (o) + 2320, 4, HEX, 0, \
          SET(form)), \
    FIELD("arch.nmi_reason", (o) + 2324, 4, HEX, 0, SET(form)), \
    FIELD("arch.p2m_cr3", (o) + 2328, 4, HEX, 0, SET(form)), \
    FIELD("arch.p2m_vaddr", (o) + 2332, 4, HEX, 0, SET(form)), \
    FIELD("arch.p2m_generation", (o) + 2336, 4, DEC, 0, SET(form)), \
    FIELD("arch.wc_sec_hi", (o) + 2340, 4, DEC, MOVES, SET(form))

/* Of both widths: xen_ulong_t has 64 bits there. */
#define SHARED_ARM(form, o) \
    VCPU_EVENTS(form, o, 1, 48, 8), \
    ARRAY("vcpu_info[].pad0", (o) + 1, 1, 1, 48, HEX, PAD, SET(form)), \
    VCPU_TIME(form, o, 1, 48, 16), \
    EVENTS(form, (o) + 48, 8), \
    FIELD("wc_sec_hi", (o) + 1084, 4, DEC, MOVES, SET(form))

static const struct cat_field shared_info_fields[] = {
    FIELD("flags", 0, 4, FLAGS, 0, ANY, NAMED(shared_flags)),
    FIELD("reserved", 4, 4, HEX, PAD, .from = X86_64_AT_8, .to = ARM_AT_8),
    SHARED_X86_64(X86_64_AT_8, 8),
    SHARED_X86_64(X86_64_AT_4, 4),
    SHARED_X86_32(X86_32_AT_8, 8),
    SHARED_X86_32(X86_32_AT_4, 4),
    SHARED_ARM(ARM_AT_8, 8),
    SHARED_ARM(ARM_AT_4, 4),
};

/* --- TSC_INFO ----------------------------------------------------------- */

/* 20 bytes as the specification draws it, 24 with the tail that a 64-bit
 * compiler gives the structure and that we write. */
static const struct cat_layout tsc_info_layouts[] = {
    { .length = 24, ANY, .fields = 2 },
    { .length = 20, ANY, .fields = 1 },
};

static const struct cat_field tsc_info_fields[] = {
    FIELD("mode",         0, 4, ENUM, 0, ANY, NAMED(tsc_mode)),
    FIELD("khz",          4, 4, DEC, 0, ANY),
    FIELD("nsec",         8, 8, DEC, MOVES, ANY),
    FIELD("incarnation", 16, 4, DEC, 0, ANY),
    FIELD("reserved",    20, 4, HEX, PAD, .from = 2, .to = 2),
};

/* --- a whole legacy blob, and what is captured but never restored ------- */

static const struct cat_layout bytes_layouts[] = { LAYOUT_BYTES };

/* --- the trailer -------------------------------------------------------- */

static const struct cat_layout digest_layouts[] = {
    LAYOUT_ANY(16),
};

static const struct cat_field digest_fields[] = {
    FIELD("algorithm", 0, 4, ENUM, 0, ANY, NAMED(digest)),
    FIELD("reserved",  4, 4, HEX, PAD, ANY),
    FIELD("value",     8, 8, HEX, 0, ANY),
};

/* --- all of them, in ascending order of the types ----------------------- */

/* type, name, prefix of its tables */
#define RECORD(n, prefix) \
    { DOMCTX_##n, #n, #n, 0, 1, CAT_OLDEST, ROWS(prefix##_layouts), \
      ROWS(prefix##_fields) }
#define BARE(n, f, prefix) \
    { DOMCTX_##n, #n, #n, (f), 1, CAT_OLDEST, ROWS(prefix##_layouts), \
      NULL, 0 }

const struct cat_record cat_image_table[] = {
    BARE(END, 0, end),
    RECORD(START, start),
    RECORD(SHARED_INFO, shared_info),
    RECORD(TSC_INFO, tsc_info),
    BARE(HVM_CONTEXT, VARIABLE, bytes),
    BARE(EVTCHN, VARIABLE, bytes),
    BARE(GRANT_TABLE, VARIABLE, bytes),
    BARE(PROVENANCE, VARIABLE, bytes),
    RECORD(DIGEST, digest),
};
const size_t cat_image_table_size =
    sizeof(cat_image_table) / sizeof(cat_image_table[0]);
