/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of an image beside the legacy ones: those of the specification,
 * and this project's.
 *
 * SHARED_INFO has four bytes of flags, a reserved word that only some writers
 * put there, and struct shared_info of the domain's own architecture.  Its
 * names, offsets and widths are those of the public headers
 * xen/include/public/xen.h, arch-x86/xen*.h and arch-arm.h at
 * RELEASE-4.22.0; the sizes are the same in every release since 3.1.  Fields
 * that are younger (vcpu_info[].time.flags, arch.p2m_*: 4.6) were padding.
 */
#include "catalogue/rows.h"
#include "catalogue/types.h"

#include <domctx.h>

/* The layouts of these records do not depend on the release. */
#define ANY .from = 0, .to = CAT_EVER
#define LAYOUT_ANY(len) { .length = (len), ANY, .fields = CAT_OLDEST }

/* Bytes without fields. */
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

/* The length tells architecture and form.  Each has its own set of fields. */
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

/* vcpu_info[c] at offset o, with s bytes each and its time at offset t.
 * Events arrive even while no vCPU runs. */
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

/* For 32-bit and 64-bit ARM: xen_ulong_t has 64 bits in both. */
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

/* 20 bytes as in the specification, or 24 with the padding that a 64-bit
 * compiler adds, which we write. */
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

/* --- paravirtual state, captured and never restored --------------------- */

/*
 * The header of a table has the sizes of header and units.  If they are those
 * known here, header and units have fields (TABLE; TABLE_V2 for the second
 * form of a unit).  If a newer writer made
 * them longer, only the header has fields, and the units are bytes (HEAD).  A
 * body too short for a header is bytes as well: its JSON is "hex", as it was
 * before these records had fields.
 */
enum pv_form { TABLE = 1, HEAD, TABLE_V2 };
#define IN_HEAD .from = TABLE, .to = TABLE_V2
#define LAYOUT_TABLE(len, t, s) \
    { .length = (len), .tail = (t), ANY, .fields = TABLE, .said = (s), \
      .n_said = sizeof(s) / sizeof((s)[0]) }
#define LAYOUT_HEAD(len) { .length = (len), .tail = 1, ANY, .fields = HEAD }

/* The results of EVTCHNOP_status; closed ports have no unit. */
static const struct cat_said evtchn_said[] = { { 0, 48 }, { 4, 24 } };

static const struct cat_layout evtchn_layouts[] = {
    LAYOUT_TABLE(48, 24, evtchn_said),
    LAYOUT_HEAD(48),
    LAYOUT_BYTES,
};

static const struct cat_field evtchn_fields[] = {
    FIELD("header_size",      0, 4, DEC, 0, IN_HEAD),
    FIELD("entry_size",       4, 4, DEC, 0, IN_HEAD),
    FIELD("nr_entries",       8, 4, DEC, UNITS, IN_HEAD),
    FIELD("flags",           12, 4, FLAGS, 0, IN_HEAD, NAMED(evtchn_flags)),
    FIELD("nr_valid",        16, 4, DEC, 0, IN_HEAD),
    FIELD("max_port",        20, 4, DEC, 0, IN_HEAD),
    FIELD("callback_irq",    24, 8, HEX, 0, IN_HEAD),
    FIELD("store_port",      32, 4, DEC, 0, IN_HEAD),
    FIELD("console_port",    36, 4, DEC, 0, IN_HEAD),
    FIELD("shared_info_gfn", 40, 8, HEX, 0, IN_HEAD),
    ARRAY("port[].port", 48, 4, 0, 24, DEC, KEY, SET(TABLE)),
    ARRAY("port[].status", 52, 1, 0, 24, ENUM, 0, SET(TABLE),
          NAMED(port_status)),
    ARRAY("port[].flags", 53, 1, 0, 24, FLAGS, 0, SET(TABLE),
          NAMED(port_flags)),
    ARRAY("port[].priority", 54, 1, 0, 24, DEC, 0, SET(TABLE)),
    ARRAY("port[].reserved0", 55, 1, 0, 24, HEX, PAD, SET(TABLE)),
    ARRAY("port[].vcpu", 56, 4, 0, 24, DEC, 0, SET(TABLE)),
    ARRAY("port[].remote", 60, 4, 0, 24, DEC, 0, SET(TABLE)),
    ARRAY("port[].domid", 64, 2, 0, 24, DEC, 0, SET(TABLE)),
    ARRAY("port[].reserved1", 66, 2, 0, 24, HEX, PAD, SET(TABLE)),
    ARRAY("port[].reserved2", 68, 4, 0, 24, HEX, PAD, SET(TABLE)),
};

/* The frames as they are.  Their entries are grant_entry_v1_t of the public
 * header grant_table.h, the version that guests use unless they ask for the
 * other; or grant_entry_v2_t, with grant_status_t in the status frames that
 * follow.  An entry of version 2 has the names of its form sub_page: full_page
 * is the same with page_off and length 0.  The form transitive has trans_domid
 * in place of page_off, and gref in the lower half of frame. */
static const struct cat_said grant_said[] = {
    { 0, 32 }, { 4, 1 }, { 8, 4096 }, { 20, 0 },
};
static const struct cat_said grant_said_v2[] = {
    { 0, 32 }, { 4, 2 }, { 8, 4096 },
};

static const struct cat_layout grant_layouts[] = {
    LAYOUT_TABLE(32, 4096, grant_said),
    { .length = 32, .tail = 4096, ANY, .fields = TABLE_V2,
      .said = grant_said_v2,
      .n_said = sizeof(grant_said_v2) / sizeof(grant_said_v2[0]),
      .tables = { 28, 20 } }, /* nr_stored, nr_status */
    LAYOUT_HEAD(32),
    LAYOUT_BYTES,
};

static const struct cat_field grant_fields[] = {
    FIELD("header_size",    0, 4, DEC, 0, IN_HEAD),
    FIELD("version",        4, 4, DEC, 0, IN_HEAD),
    FIELD("frame_size",     8, 4, DEC, 0, IN_HEAD),
    FIELD("nr_frames",     12, 4, DEC, 0, IN_HEAD),
    FIELD("max_nr_frames", 16, 4, DEC, 0, IN_HEAD),
    FIELD("nr_status",     20, 4, DEC, 0, IN_HEAD),
    FIELD("flags",         24, 4, FLAGS, 0, IN_HEAD, NAMED(grant_table_flags)),
    FIELD("nr_stored",     28, 4, DEC, 0, IN_HEAD),
    ARRAY("grant[].flags", 32, 2, 0, 8, FLAGS, 0, SET(TABLE),
          NAMED(grant_flags)),
    ARRAY("grant[].domid", 34, 2, 0, 8, DEC, 0, SET(TABLE)),
    ARRAY("grant[].frame", 36, 4, 0, 8, HEX, 0, SET(TABLE)),
    ARRAY("grant[].flags", 32, 2, 0, 16, FLAGS, 0, SET(TABLE_V2),
          NAMED(grant_flags)),
    ARRAY("grant[].domid", 34, 2, 0, 16, DEC, 0, SET(TABLE_V2)),
    ARRAY("grant[].page_off", 36, 2, 0, 16, DEC, 0, SET(TABLE_V2)),
    ARRAY("grant[].trans_domid", 36, 2, 0, 16, DEC, PART, SET(TABLE_V2)),
    ARRAY("grant[].length", 38, 2, 0, 16, DEC, 0, SET(TABLE_V2)),
    ARRAY("grant[].frame", 40, 8, 0, 16, HEX, 0, SET(TABLE_V2)),
    ARRAY("grant[].gref", 40, 4, 0, 16, DEC, PART, SET(TABLE_V2)),
    ARRAY("grant_status", 0, 2, 0, 2, FLAGS, 0, SET(TABLE_V2), .second = true,
          NAMED(grant_status)),
};

/* The layouts of HVM_PARAMS, X86_CPUID_POLICY and X86_MSR_POLICY in a save
 * stream (docs/specs/libxc-migration-stream.pandoc). */
static const struct cat_layout params_layouts[] = {
    { .length = 8, .tail = 16, ANY, .fields = TABLE },
};

static const struct cat_field params_fields[] = {
    FIELD("count",        0, 4, DEC, UNITS, ANY),
    FIELD("reserved",     4, 4, HEX, PAD, ANY),
    ARRAY("param[].index", 8, 8, 0, 16, ENUM, KEY, SET(TABLE),
          NAMED(hvm_params)),
    ARRAY("param[].value", 16, 8, 0, 16, HEX, 0, SET(TABLE)),
};

static const struct cat_layout cpuid_layouts[] = {
    { .length = 0, .tail = 24, ANY, .fields = TABLE },
};

/* Leaf and subleaf together are the key. */
static const struct cat_field cpuid_fields[] = {
    ARRAY("leaf[].place", 0, 8, 0, 24, HEX, KEY, SET(TABLE)),
    ARRAY("leaf[].leaf", 0, 4, 0, 24, HEX, VIEW, SET(TABLE)),
    ARRAY("leaf[].subleaf", 4, 4, 0, 24, HEX, VIEW, SET(TABLE)),
    ARRAY("leaf[].a", 8, 4, 0, 24, HEX, 0, SET(TABLE)),
    ARRAY("leaf[].b", 12, 4, 0, 24, HEX, 0, SET(TABLE)),
    ARRAY("leaf[].c", 16, 4, 0, 24, HEX, 0, SET(TABLE)),
    ARRAY("leaf[].d", 20, 4, 0, 24, HEX, 0, SET(TABLE)),
};

static const struct cat_layout msrs_layouts[] = {
    { .length = 0, .tail = 16, ANY, .fields = TABLE },
};

static const struct cat_field msrs_fields[] = {
    ARRAY("msr[].idx", 0, 4, 0, 16, HEX, KEY, SET(TABLE), NAMED(msr)),
    ARRAY("msr[].flags", 4, 4, 0, 16, HEX, 0, SET(TABLE)),
    ARRAY("msr[].val", 8, 8, 0, 16, HEX, 0, SET(TABLE)),
};

/* The results of XEN_DOMCTL_getvcpuinfo.  A longer record begins with
 * these. */
static const struct cat_layout vcpu_state_layouts[] = {
    LAYOUT_ANY(24),
    LAYOUT_HEAD(24),
};

static const struct cat_field vcpu_state_fields[] = {
    FIELD("flags",    0, 4, FLAGS, 0, ANY, NAMED(vcpu_flags)),
    FIELD("last_cpu", 4, 4, DEC, MOVES, ANY),
    FIELD("cpu_time", 8, 8, DEC, MOVES, ANY),
    FIELD("time",    16, 8, DEC, MOVES, ANY),
};

/* --- a whole legacy blob ------------------------------------------------ */

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
#define PV(n, f, i, prefix) \
    { DOMCTX_##n, #n, #n, (f), (i), CAT_OLDEST, ROWS(prefix##_layouts), \
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
    PV(EVTCHN, VARIABLE, 1, evtchn),
    PV(GRANT_TABLE, VARIABLE, 1, grant),
    PV(HVM_PARAMS, VARIABLE, 1, params),
    PV(VCPU_STATE, VCPU | VARIABLE, 0, vcpu_state),
    PV(CPUID_POLICY, VARIABLE, 1, cpuid),
    PV(MSR_POLICY, VARIABLE, 1, msrs),
    BARE(PROVENANCE, VARIABLE, bytes),
    RECORD(DIGEST, digest),
};
const size_t cat_image_table_size =
    sizeof(cat_image_table) / sizeof(cat_image_table[0]);
