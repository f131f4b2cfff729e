/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the numbers of paravirtual state may be, one row each: a sound record,
 * what is changed in it, and the one message that must come with the field
 * and the value.  Every row runs in both byte orders.  A row without a message
 * is the positive beside its negatives.
 */
#include "support.h"

#define FRAME 4096u

/* Offsets in EVTCHN, whose entries are at 48 and 72. */
#define ENTRY(i, offset) (48 + 24 * (i) + (offset))

struct change {
    size_t at, width;
    uint64_t value;
};

struct row {
    const char *name;
    uint32_t type;
    long more;                   /* bytes behind the sound record */
    struct change changes[8];
    const char *id, *field, *found; /* NULL: nothing is said */
};

#define SOUND NULL, NULL, NULL

static const struct row rows[] = {
    { "evtchn", DOMCTX_EVTCHN, 0, { { 0 } }, SOUND },
    { "grants", DOMCTX_GRANT_TABLE, 0, { { 0 } }, SOUND },
    { "params", DOMCTX_HVM_PARAMS, 0, { { 0 } }, SOUND },
    { "vcpu", DOMCTX_VCPU_STATE, 0, { { 0 } }, SOUND },
    { "cpuid", DOMCTX_CPUID_POLICY, 0, { { 0 } }, SOUND },
    { "msrs", DOMCTX_MSR_POLICY, 0, { { 0 } }, SOUND },

    /* sizes */
    { "header-of-47", DOMCTX_EVTCHN, 0, { { 0, 4, 47 } },
      "pv-size", "header_size", "47" },
    { "header-of-0", DOMCTX_GRANT_TABLE, 0, { { 0, 4, 0 } },
      "pv-size", "header_size", "0" },
    { "header-of-31", DOMCTX_GRANT_TABLE, 0, { { 0, 4, 31 } },
      "pv-size", "header_size", "31" },
    { "entries-of-23", DOMCTX_EVTCHN, 0, { { 4, 4, 23 } },
      "pv-size", "entry_size", "23" },
    { "entries-of-0", DOMCTX_EVTCHN, 0, { { 4, 4, 0 } },
      "pv-size", "entry_size", "0" },
    { "frames-of-4095", DOMCTX_GRANT_TABLE, 0, { { 8, 4, 4095 } },
      "pv-size", "frame_size", "4095" },
    { "frames-of-65536", DOMCTX_GRANT_TABLE, 3 * 61440, { { 8, 4, 65536 } },
      SOUND },
    { "header-longer", DOMCTX_EVTCHN, 16,
      { { 0, 4, 64 }, { 48, 8, UINT64_MAX }, { 64, 4, 1 }, { 68, 1, 2 },
        { 76, 4, 7 }, { 88, 4, 5 }, { 92, 1, 5 }, { 104, 2, 0x7fff } },
      SOUND },
    { "header-longer-and-a-domid", DOMCTX_EVTCHN, 16,
      { { 0, 4, 64 }, { 48, 8, UINT64_MAX }, { 64, 4, 1 }, { 68, 1, 2 },
        { 76, 4, 7 }, { 88, 4, 5 }, { 92, 1, 5 }, { 104, 2, 7 } },
      "pv-range", "port[1].domid", "7" },
    { "entries-longer", DOMCTX_EVTCHN, 16,
      { { 4, 4, 32 }, { 72, 8, UINT64_MAX }, { 80, 4, 5 }, { 84, 1, 5 },
        { 96, 2, 0x7fff }, { 104, 8, UINT64_MAX } }, SOUND },
    { "entries-longer-and-not-in-order", DOMCTX_EVTCHN, 16,
      { { 4, 4, 32 }, { 80, 4, 1 }, { 84, 1, 5 }, { 96, 2, 0x7fff } },
      "pv-order", "port[1].port", "1" },
    { "vcpu-longer", DOMCTX_VCPU_STATE, 5, { { 24, 1, 0xff } }, SOUND },

    /* lengths */
    { "evtchn-of-0", DOMCTX_EVTCHN, -96, { { 0 } },
      "pv-length", "length", "0" },
    { "evtchn-of-47", DOMCTX_EVTCHN, -49, { { 0 } },
      "pv-length", "length", "47" },
    { "evtchn-of-48", DOMCTX_EVTCHN, -48, { { 8, 4, 0 } }, SOUND },
    { "an-entry-too-few", DOMCTX_EVTCHN, -24, { { 0 } },
      "pv-length", "length", "72" },
    { "an-entry-too-many", DOMCTX_EVTCHN, 24, { { 0 } },
      "pv-length", "length", "120" },
    { "a-byte-too-many", DOMCTX_EVTCHN, 1, { { 0 } },
      "pv-length", "length", "97" },
    { "product-passes-2^64", DOMCTX_EVTCHN, 0,
      { { 0, 4, UINT32_MAX }, { 4, 4, UINT32_MAX }, { 8, 4, UINT32_MAX } },
      "pv-length", "length", "96" },
    { "product-of-frames", DOMCTX_GRANT_TABLE, 0,
      { { 8, 4, UINT32_MAX }, { 20, 4, UINT32_MAX },
        { 28, 4, UINT32_MAX } }, "pv-length", "length", "12320" },
    { "grants-of-31", DOMCTX_GRANT_TABLE, -(long)(3 * FRAME + 1), { { 0 } },
      "pv-length", "length", "31" },
    { "grants-of-32", DOMCTX_GRANT_TABLE, -(long)(3 * FRAME),
      { { 20, 4, 0 }, { 28, 4, 0 } }, SOUND },
    { "a-frame-too-few", DOMCTX_GRANT_TABLE, -(long)FRAME, { { 0 } },
      "pv-length", "length", "8224" },
    { "a-status-frame-is-a-frame", DOMCTX_GRANT_TABLE, 0,
      { { 20, 4, 0 } }, "pv-length", "length", "12320" },
    { "params-of-7", DOMCTX_HVM_PARAMS, -33, { { 0 } },
      "pv-length", "length", "7" },
    { "params-count-1", DOMCTX_HVM_PARAMS, 0, { { 0, 4, 1 } },
      "pv-length", "length", "40" },
    { "params-count-2^32-1", DOMCTX_HVM_PARAMS, 0, { { 0, 4, UINT32_MAX } },
      "pv-length", "length", "40" },
    { "params-count-0", DOMCTX_HVM_PARAMS, -32, { { 0, 4, 0 } }, SOUND },
    { "vcpu-of-23", DOMCTX_VCPU_STATE, -1, { { 0 } },
      "pv-length", "length", "23" },
    { "half-a-leaf", DOMCTX_CPUID_POLICY, 12, { { 0 } },
      "pv-length", "length", "60" },
    { "no-leaf", DOMCTX_CPUID_POLICY, -48, { { 0 } }, SOUND },
    { "half-an-msr", DOMCTX_MSR_POLICY, -8, { { 0 } },
      "pv-length", "length", "24" },
    { "no-msr", DOMCTX_MSR_POLICY, -32, { { 0 } }, SOUND },

    /* numbers */
    { "port-0", DOMCTX_EVTCHN, 0, { { ENTRY(0, 0), 4, 0 } },
      "pv-range", "port[0].port", "0" },
    { "port-behind-the-last", DOMCTX_EVTCHN, 0, { { ENTRY(1, 0), 4, 64 } },
      "pv-range", "port[1].port", "64" },
    { "port-the-last", DOMCTX_EVTCHN, 0, { { ENTRY(1, 0), 4, 63 } }, SOUND },
    { "no-valid-port", DOMCTX_EVTCHN, 0, { { 16, 4, 0 } },
      "pv-range", "port[0].port", "1" },
    { "valid-131073", DOMCTX_EVTCHN, 0, { { 16, 4, 131073 } },
      "pv-range", "nr_valid", "131073" },
    { "valid-131072", DOMCTX_EVTCHN, 0,
      { { 16, 4, 131072 }, { ENTRY(1, 0), 4, 131071 } }, SOUND },
    { "port-4096-of-2-level", DOMCTX_EVTCHN, 0,
      { { 12, 4, 0x02 }, { 16, 4, 8192 }, { ENTRY(1, 0), 4, 4096 } },
      "pv-range", "port[1].port", "4096" },
    { "port-4095-of-2-level", DOMCTX_EVTCHN, 0,
      { { 12, 4, 0x02 }, { 16, 4, 8192 }, { ENTRY(1, 0), 4, 4095 } },
      SOUND },
    { "port-1024-of-32-bits", DOMCTX_EVTCHN, 0,
      { { 12, 4, 0x0a }, { 16, 4, 8192 }, { ENTRY(1, 0), 4, 1024 } },
      "pv-range", "port[1].port", "1024" },
    { "port-4096-of-FIFO", DOMCTX_EVTCHN, 0,
      { { 12, 4, 0x06 }, { 16, 4, 8192 }, { ENTRY(1, 0), 4, 4096 } },
      SOUND },
    { "status-0", DOMCTX_EVTCHN, 0, { { ENTRY(1, 4), 1, 0 } },
      "pv-range", "port[1].status", "0" },
    { "status-6", DOMCTX_EVTCHN, 0, { { ENTRY(1, 4), 1, 6 } },
      "pv-range", "port[1].status", "6" },
    { "status-254", DOMCTX_EVTCHN, 0, { { ENTRY(1, 4), 1, 254 } },
      "pv-range", "port[1].status", "254" },
    { "status-refused", DOMCTX_EVTCHN, 0, { { ENTRY(1, 4), 1, 255 } },
      SOUND },
    { "priority-16", DOMCTX_EVTCHN, 0, { { ENTRY(0, 6), 1, 16 } },
      "pv-range", "port[0].priority", "16" },
    { "priority-15", DOMCTX_EVTCHN, 0, { { ENTRY(0, 6), 1, 15 } }, SOUND },
    { "domid-0x8000", DOMCTX_EVTCHN, 0, { { ENTRY(0, 16), 2, 0x8000 } },
      "pv-range", "port[0].domid", "32768" },
    { "domid-of-an-ipi", DOMCTX_EVTCHN, 0, { { ENTRY(1, 16), 2, 0 } },
      "pv-range", "port[1].domid", "0" },
    { "remote-of-an-ipi", DOMCTX_EVTCHN, 0, { { ENTRY(1, 12), 4, 1 } },
      "pv-range", "port[1].remote", "1" },
    { "remote-of-a-virq", DOMCTX_EVTCHN, 0,
      { { ENTRY(1, 4), 1, 4 }, { ENTRY(1, 12), 4, 1 } }, SOUND },
    { "version-0", DOMCTX_GRANT_TABLE, 0, { { 4, 4, 0 }, { 20, 4, 0 },
                                            { 28, 4, 3 } },
      "pv-range", "version", "0" },
    { "version-3", DOMCTX_GRANT_TABLE, 0, { { 4, 4, 3 }, { 20, 4, 0 },
                                            { 28, 4, 3 } },
      "pv-range", "version", "3" },
    { "status-frames-of-version-1", DOMCTX_GRANT_TABLE, 0, { { 4, 4, 1 } },
      "pv-range", "nr_status", "1" },
    { "version-1", DOMCTX_GRANT_TABLE, 0, { { 4, 4, 1 }, { 20, 4, 0 },
                                            { 28, 4, 3 } }, SOUND },
    { "frames-above-the-most", DOMCTX_GRANT_TABLE, 0, { { 16, 4, 2 } },
      "pv-range", "nr_frames", "3" },
    { "frames-the-most", DOMCTX_GRANT_TABLE, 0, { { 16, 4, 3 } }, SOUND },
    { "stored-above-the-frames", DOMCTX_GRANT_TABLE, 0,
      { { 4, 4, 1 }, { 12, 4, 2 }, { 20, 4, 0 }, { 28, 4, 3 } },
      "pv-range", "nr_stored", "3" },
    { "status-above-the-frames", DOMCTX_GRANT_TABLE, 0,
      { { 20, 4, 2 }, { 28, 4, 1 } }, "pv-range", "nr_status", "2" },

    /* reserved */
    { "evtchn-flag-6", DOMCTX_EVTCHN, 0, { { 12, 4, 0x41 } },
      "pv-reserved", "flags", "0x41" },
    { "evtchn-all-flags", DOMCTX_EVTCHN, 0, { { 12, 4, 0x3f } }, SOUND },
    { "port-flag-4", DOMCTX_EVTCHN, 0, { { ENTRY(1, 5), 1, 0x10 } },
      "pv-reserved", "port[1].flags", "0x10" },
    { "port-all-flags", DOMCTX_EVTCHN, 0, { { ENTRY(1, 5), 1, 0x0f } },
      SOUND },
    { "port-reserved0", DOMCTX_EVTCHN, 0, { { ENTRY(0, 7), 1, 1 } },
      "pv-reserved", "port[0].reserved0", "0x1" },
    { "port-reserved1", DOMCTX_EVTCHN, 0, { { ENTRY(1, 18), 2, 0x100 } },
      "pv-reserved", "port[1].reserved1", "0x100" },
    { "port-reserved2", DOMCTX_EVTCHN, 0, { { ENTRY(1, 20), 4, 1 } },
      "pv-reserved", "port[1].reserved2", "0x1" },
    { "grants-flag-1", DOMCTX_GRANT_TABLE, 0, { { 24, 4, 2 } },
      "pv-reserved", "flags", "0x2" },
    { "params-reserved", DOMCTX_HVM_PARAMS, 0, { { 4, 4, 1 } },
      "pv-reserved", "reserved", "0x1" },
    { "vcpu-flag-6", DOMCTX_VCPU_STATE, 0, { { 0, 4, 0x40 } },
      "pv-reserved", "flags", "0x40" },
    { "msr-flags", DOMCTX_MSR_POLICY, 0, { { 20, 4, 1 } },
      "pv-reserved", "msr[1].flags", "0x1" },

    /* order, and entries that are there twice */
    { "port-twice", DOMCTX_EVTCHN, 0, { { ENTRY(1, 0), 4, 1 } },
      "pv-order", "port[1].port", "1" },
    { "ports-descend", DOMCTX_EVTCHN, 0, { { ENTRY(0, 0), 4, 9 } },
      "pv-order", "port[1].port", "5" },
    { "param-twice", DOMCTX_HVM_PARAMS, 0, { { 24, 8, 2 } },
      "pv-duplicate", "param[1].index", "2" },
    { "params-descend", DOMCTX_HVM_PARAMS, 0, { { 24, 8, 0 } }, SOUND },
    { "leaf-twice", DOMCTX_CPUID_POLICY, 0,
      { { 24, 4, 0 }, { 28, 4, UINT32_MAX } },
      "pv-duplicate", "leaf[1].leaf", "0x0" },
    { "leaf-with-another-subleaf", DOMCTX_CPUID_POLICY, 0,
      { { 24, 4, 0 }, { 28, 4, 1 } }, SOUND },
    { "msr-twice", DOMCTX_MSR_POLICY, 0, { { 16, 4, 0xce } },
      "pv-duplicate", "msr[1].idx", "0xce" },
};
#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

/* -- sound records -------------------------------------------------------- */

static const struct {
    uint32_t type;
    size_t length;
    struct change changes[12];
} sound[] = {
    /* port 1 interdomain with domain 0, port 5 an IPI */
    { DOMCTX_EVTCHN, 96,
      { { 0, 4, 48 }, { 4, 4, 24 }, { 8, 4, 2 }, { 16, 4, 64 },
        { ENTRY(0, 0), 4, 1 }, { ENTRY(0, 4), 1, 2 },
        { ENTRY(0, 6), 1, 255 }, { ENTRY(0, 12), 4, 77 },
        { ENTRY(1, 0), 4, 5 }, { ENTRY(1, 4), 1, 5 },
        { ENTRY(1, 16), 2, 0x7fff } } },
    { DOMCTX_GRANT_TABLE, 32 + 3 * FRAME,
      { { 0, 4, 32 }, { 4, 4, 2 }, { 8, 4, FRAME }, { 12, 4, 3 },
        { 16, 4, 64 }, { 20, 4, 1 }, { 28, 4, 2 } } },
    { DOMCTX_HVM_PARAMS, 40,
      { { 0, 4, 2 }, { 8, 8, 2 }, { 16, 8, 1 }, { 24, 8, 18 } } },
    { DOMCTX_VCPU_STATE, 24, { { 0, 4, 0x3f } } },
    { DOMCTX_CPUID_POLICY, 48,
      { { 4, 4, UINT32_MAX }, { 24, 4, 7 }, { 28, 4, 0 } } },
    { DOMCTX_MSR_POLICY, 32, { { 0, 4, 0xce }, { 16, 4, 0x10a } } },
};

static void change(struct bytes *b, size_t at, const struct change *change)
{
    for (size_t i = 0; i < change->width; i++) {
        size_t place = b->big ? change->width - 1 - i : i;

        set8(b, at + change->at + place, (uint8_t)(change->value >> (8 * i)));
    }
}

static void put_changed(struct bytes *b, const struct row *row)
{
    size_t body = b->size + 16, k = 0;

    while (sound[k].type != row->type)
        k++;
    put_zeros(b, row->type, 0, (size_t)((long)sound[k].length + row->more));
    put_zero(b, 4 * FRAME); /* room for what is cut off */
    for (size_t i = 0; i < 12; i++)
        change(b, body, &sound[k].changes[i]);
    for (size_t i = 0; i < 8; i++)
        change(b, body, &row->changes[i]);
    b->size = body + (size_t)((long)sound[k].length + row->more);
    while (b->size % 8)
        put_zero(b, 1);
}

static void check_row(int i)
{
    const struct row *row = &rows[i / 2];
    struct bytes b = { .big = i % 2 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_changed(&b, row);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), 0);
    expect_only(report, row->id);
    finding = domctx_report_get(report, 0);
    if (row->id) {
        ck_assert_int_eq(finding->severity, DOMCTX_ERROR);
        ck_assert_str_eq(finding->field, row->field);
        ck_assert_str_eq(finding->found, row->found);
    }
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}

/* The offset is that of the number in the file, wherever an entry is. */
START_TEST(findings_say_where)
{
    static const struct row row = {
        "entries-longer", DOMCTX_EVTCHN, 16,
        { { 4, 4, 32 }, { 80, 4, 5 }, { 84, 4, 5 | 0x1000 }, { 88, 8, 0 },
          { 96, 8, 0x7fff } }, "pv-reserved", NULL, NULL };
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 4, 17);
    put_changed(&b, &row);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), 0);
    expect_only(report, "pv-reserved");
    ck_assert_uint_eq(domctx_report_get(report, 0)->offset,
                      24 + 16 + 48 + 32 + 5);
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pv-content");
    TCase *tcase = tcase_create("rows");

    for (int i = 0; i < 2 * N_ROWS; i++)
        add_named(tcase, check_row, i, "%s%s", rows[i / 2].name,
                  i % 2 ? "-big" : "");
    tcase_add_test(tcase, findings_say_where);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
