/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What releases make of containers, whatever the context in them. */
#include "container/legacy-support.h"

/* -- containers ---------------------------------------------------------- */

/* Places in the smallest file. */
#define STREAM_VERSION 0x5e     /* of the libxc stream */
#define XEN_MINOR 0x73
#define STATIC 0x77      /* 8 bytes */
#define PAGES 0x7f

static void put_v3(struct bytes *b)
{
    put_smallest(b);
}

static void put_v4(struct bytes *b)
{
    put_smallest(b);
    b->p[STREAM_VERSION] = 4;
}

/* Of version 2 with the record of version 3. */
static void put_newer(struct bytes *b)
{
    put_smallest(b);
    b->p[STREAM_VERSION] = 2;
    b->p[XEN_MINOR] = 13;
}

static void put_v2(struct bytes *b)
{
    put_newer(b);
    memmove(b->p + STATIC, b->p + STATIC + 8, b->size - STATIC - 8);
    b->size -= 8;
}

/* With a record, then a context, of 9 MiB. */
static void put_long(struct bytes *b, bool context)
{
    const uint32_t size = 9 << 20;
    struct bytes v2 = { 0 }, body = { 0 };
    size_t at = 0x97 - 8;

    put_v2(&v2);
    while (context && v2.p[at] != 9)
        at += 8 + v2.p[at + 4];
    put_raw(b, v2.p, at);
    put_zero(&body, size);
    put_stream_record(b, context ? 9 : 0x80000042, body.p, size);
    if (context)
        at += 8 + v2.p[at + 4];
    put_raw(b, v2.p + at, v2.size - at);
    bytes_free(&body);
    bytes_free(&v2);
}

static void put_long_record(struct bytes *b)
{
    put_long(b, false);
}

static void put_long_context(struct bytes *b)
{
    put_long(b, true);
}

/* Of 4.8, with HVM_PARAMS longer than their count. */
static void put_params(struct bytes *b)
{
    struct bytes v2 = { 0 };
    const size_t end = 0x107 - 8;

    put_v2(&v2);
    v2.p[XEN_MINOR] = 8;
    v2.p[end - 28] += 8;
    put_raw(b, v2.p, end);
    put_zero(b, 8);
    put_raw(b, v2.p + end, v2.size - end);
    bytes_free(&v2);
}

static void put_xl(struct bytes *b, uint8_t flags)
{
    put_raw(b, "Xen saved domain, xl format\n \0 \r\4\3\2\1", 36);
    put32le(b, flags);
    put32le(b, 0);
    put32le(b, 7);
    put32le(b, 3);
    put_raw(b, "{} ", 3);
}

static void put_xl_4_1(struct bytes *b)
{
    put_xl(b, 0);
    put_stream(b);
}

static void put_xl_4_5(struct bytes *b)
{
    put_xl(b, 1);
    put_stream(b);
}

static void put_32(struct bytes *b)
{
    legacy_width = 4;
    put_stream(b);
    legacy_width = 8;
}

static void put_with(struct bytes *b, int32_t chunk, const char *mark)
{
    put_begin(b);
    put_chunk(b, chunk);
    put_vcpus(b, 0);
    put_id(b, -9);
    put_tail(b, 7);
    put_qemu(b, mark, strcmp(mark, "QemuDeviceModelRecord") == 0 ? 0 : 5);
}

static void put_fip(struct bytes *b)
{
    put_with(b, -21, "DeviceModelRecord0002");
}

static void put_ioreq(struct bytes *b)
{
    put_with(b, -19, "DeviceModelRecord0002");
}

static void put_verify(struct bytes *b)
{
    put_with(b, -1, "DeviceModelRecord0002");
}

static void put_old(struct bytes *b)
{
    put_with(b, -8, "QemuDeviceModelRecord");
}

static void put_remus(struct bytes *b)
{
    put_with(b, -8, "RemusDeviceModelState");
}

static void put_xend(struct bytes *b)
{
    put_raw(b, "LinuxGuestRecord\0\0\0\3(a)", 23);
    put_stream(b);
}

static void put_checkpoints(struct bytes *b)
{
    put_begin(b);
    for (uint8_t i = 0; i < 2; i++) {
        put_vcpus(b, 0);
        put_tail(b, i);
        put_qemu(b, "DeviceModelRecord0002", 5);
    }
}

static void put_checkpoint(struct bytes *b)
{
    put_begin(b);
    put_vcpus(b, 0);
    put_tail(b, 1);
    put_qemu(b, "DeviceModelRecord0002", 5);
}

/* The second one says that it is the last. */
static void put_last(struct bytes *b)
{
    put_checkpoint(b);
    put_id(b, -9);
    put_tail(b, 2);
    put_qemu(b, "DeviceModelRecord0002", 5);
}

/* A second one that is not complete does not count for any reader. */
static void put_cut(struct bytes *b)
{
    put_checkpoint(b);
    put_vcpus(b, 0);
}

static void put_xenopsd(struct bytes *b, size_t width)
{
    legacy_width = width;
    put_raw(b, "XenSavedDomain\n", 15);
    put_begin(b);
    put_id(b, -9);
    put_tail(b, 4);
    put_raw(b, "QemuDeviceModelRecord\n\0\0\0\3abc", 29);
    legacy_width = 8;
}

static void put_xenopsd_64(struct bytes *b)
{
    put_xenopsd(b, 8);
}

static void put_xenopsd_32(struct bytes *b)
{
    put_xenopsd(b, 4);
}

/* -- what is said ------------------------------------------------------- */

static const struct {
    const char *name;
    void (*put)(struct bytes *b);
    uint32_t minor, point;   /* of 4.x; 0: no release */
    bool replaced;
    const char *ids;
} rows[] = {
#define ANY DOMCTX_POINT_ANY
    { "v3", put_v3, 0, 0, false, "" },
    { "v3", put_v3, 14, ANY, false, "" },
    { "v3", put_v3, 22, 0, false, "" },
    { "v3", put_v3, 13, ANY, false, "container-stream" },
    { "v3", put_v3, 13, 5, false, "container-stream" },
    { "v3", put_v3, 6, ANY, false, "container-stream" },
    { "v3", put_v3, 5, ANY, false, "container-xl-flags container-stream" },
    { "v3", put_v3, 4, ANY, false,
      "container-xl-flags container-xl-flags container-stream" },
    { "v2", put_v2, 0, 0, false, "" },
    { "v2", put_v2, 6, 0, false, "" },
    { "v2", put_v2, 22, ANY, false, "" },
    { "v2", put_v2, 5, ANY, false, "container-xl-flags container-stream" },
    { "newer", put_newer, 0, 0, false, "" },
    { "newer", put_newer, 13, ANY, false, "container-record" },
    { "newer", put_newer, 14, ANY, false, "" },
    { "v4", put_v4, 0, 0, false, "libxc-v4" },
    { "v4", put_v4, 22, ANY, false, "libxc-v4" },
    { "v4", put_v4, 6, ANY, false, "libxc-v4" },
    { "long-record", put_long_record, 0, 0, false, "" },
    { "long-record", put_long_record, 10, ANY, false, "" },
    { "long-record", put_long_record, 9, ANY, false, "libxc-limit" },
    { "long-record", put_long_record, 9, ANY, true, "libxc-limit" },
    { "long-context", put_long_context, 9, 4, false, "libxc-limit" },
    { "long-context", put_long_context, 9, 4, true, "" },
    { "long-context", put_long_context, 13, ANY, false, "" },
    { "params", put_params, 0, 0, false, "" },
    { "params", put_params, 8, ANY, false, "" },
    { "params", put_params, 9, ANY, false, "libxc-length" },
    { "bare", put_stream, 0, 0, false, "" },
    { "bare", put_stream, 1, ANY, false, "" },
    { "bare", put_stream, 17, ANY, false, "" },
    { "32", put_32, 4, ANY, false, "" },
    { "32", put_32, 6, ANY, false, "container-width" },
    { "xl-4.1", put_xl_4_1, 0, 0, false, "legacy-verifier legacy-converter" },
    { "xl-4.1", put_xl_4_1, 1, ANY, false,
      "legacy-verifier legacy-converter" },
    { "xl-4.5", put_xl_4_5, 5, ANY, false,
      "legacy-verifier legacy-converter" },
    { "xl-4.5", put_xl_4_5, 4, ANY, false,
      "container-xl-flags legacy-verifier legacy-converter" },
    { "fip", put_fip, 0, 0, false, "legacy-converter" },
    { "fip", put_fip, 4, ANY, false, "container-chunk legacy-converter" },
    { "fip", put_fip, 5, ANY, false, "container-chunk legacy-converter" },
    { "fip", put_fip, 5, 3, false, "container-chunk legacy-converter" },
    { "fip", put_fip, 5, 4, false, "legacy-converter" },
    { "fip", put_fip, 6, 0, false, "container-converter legacy-converter" },
    { "fip", put_fip, 22, ANY, false,
      "container-converter legacy-converter" },
    { "ioreq", put_ioreq, 4, ANY, false, "container-chunk" },
    { "ioreq", put_ioreq, 5, ANY, false, "" },
    { "ioreq", put_ioreq, 6, ANY, false, "" },
    { "verify", put_verify, 5, ANY, false, "legacy-converter" },
    { "verify", put_verify, 6, ANY, false,
      "container-converter legacy-converter" },
    { "verify", put_verify, 6, 1, false,
      "container-converter legacy-converter" },
    { "verify", put_verify, 6, 2, false, "legacy-converter" },
    { "old", put_old, 0, 0, false, "legacy-converter" },
    { "old", put_old, 4, ANY, false, "legacy-converter" },
    { "old", put_old, 6, ANY, false,
      "container-converter legacy-converter" },
    { "remus", put_remus, 17, ANY, false,
      "container-converter legacy-converter" },
    { "xend", put_xend, 0, 0, false, "legacy-converter" },
    { "xend", put_xend, 4, ANY, false, "legacy-converter" },
    { "xend", put_xend, 5, ANY, false,
      "container-toolstack legacy-converter" },
    { "checkpoints", put_checkpoints, 0, 0, false, "legacy-converter" },
    { "checkpoints", put_checkpoints, 2, ANY, false, "legacy-converter" },
    { "checkpoints", put_checkpoints, 3, 1, false, "legacy-converter" },
    { "checkpoints", put_checkpoints, 3, 2, false,
      "container-checkpoint legacy-converter" },
    { "checkpoints", put_checkpoints, 3, ANY, false,
      "container-checkpoint legacy-converter" },
    { "checkpoints", put_checkpoints, 5, 0, false,
      "container-checkpoint legacy-converter" },
    { "checkpoints", put_checkpoints, 6, 0, false,
      "container-checkpoint legacy-converter" },
    { "checkpoint", put_checkpoint, 4, 0, false, "" },
    { "checkpoint, cut", put_cut, 4, 0, false, "legacy-converter" },
    { "last", put_last, 3, 1, false, "legacy-converter" },
    { "last", put_last, 3, 2, false,
      "container-checkpoint legacy-converter" },
    { "xenopsd-64", put_xenopsd_64, 5, ANY, false, "" },
    { "xenopsd-64", put_xenopsd_64, 7, ANY, false, "container-width" },
    { "xenopsd-32", put_xenopsd_32, 7, ANY, false, "" },
};
#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static void judge(const struct bytes *b, const struct domctx_release *target,
                  bool replaced, domctx_report *report)
{
    struct memory memory = { .p = b->p, .size = b->size };
    domctx_source *source = walk(&memory, 0, NULL);

    domctx_source_judge(source, target, replaced, report);
    domctx_source_free(source);
}

static void check_row(int i)
{
    const struct domctx_release target = { 4, rows[i].minor, rows[i].point };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    struct bytes b = { 0 };
    char ids[256] = "";
    size_t used = 0;

    rows[i].put(&b);
    judge(&b, rows[i].minor ? &target : NULL, rows[i].replaced, report);
    for (size_t k = 0; (finding = domctx_report_get(report, k)); k++) {
        used += (size_t)snprintf(ids + used, sizeof(ids) - used, "%s%s",
                                 k ? " " : "", finding->id);
        ck_assert_int_eq(finding->outcome == DOMCTX_REFUSED,
                         finding->severity == DOMCTX_ERROR);
    }
    ck_assert_str_eq(ids, rows[i].ids);
    domctx_report_free(report);
    bytes_free(&b);
}

/* There was no xl; what was not recognised is not judged. */
static void check_edges(int i)
{
    const struct domctx_release target = { 3, 4, ANY };
    struct memory memory = { .size = 0 };
    domctx_report *report = domctx_report_new();
    domctx_source *source = walk(&memory, -1, NULL);
    struct bytes b = { 0 };

    (void)i;
    domctx_source_judge(source, &target, false, report);
    expect_only(report, NULL);
    domctx_source_free(source);
    put_xl_4_1(&b);
    judge(&b, &target, false, report);
    ck_assert_ptr_nonnull(find_id(report, "container-toolstack"));
    domctx_report_free(report);
    bytes_free(&b);
}

int main(void)
{
    Suite *suite = suite_create("container");
    TCase *tc = tcase_create("container");

    tcase_set_timeout(tc, 300);
    for (int i = 0; i < N_ROWS; i++)
        add_named(tc, check_row, i, "%s-%d", rows[i].name, i);
    add_named(tc, check_edges, 0, "edges");
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
