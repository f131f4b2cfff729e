/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other toolstacks put around a stream. */
#include "container/legacy-support.h"

static const size_t widths[] = { 8, 4 };

static void put_libvirt(struct bytes *b, uint32_t version, const char *xml)
{
    put_raw(b, "libvirt-xml\n \0 \r", 16);
    put32le(b, version);
    put32le(b, (uint32_t)strlen(xml) + 1);
    put_zero(b, 40);
    put_raw(b, xml, strlen(xml) + 1);
}

static void check_libvirt(int i)
{
    const struct domctx_source_info *info;
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i];
    put_libvirt(&b, 1, "<domain><name>web</name></domain>");
    put_stream(&b);
    source = taken(&b, NULL);
    info = domctx_source_info(source);
    ck_assert_uint_eq(mark_of(source), 7);
    ck_assert_uint_eq(info->n_layers, 2);
    ck_assert_int_eq(info->layer[0].container, DOMCTX_IN_LIBVIRT);
    ck_assert_uint_eq(info->layer[0].version, 1);
    ck_assert_int_eq(info->config_kind, DOMCTX_CONFIG_XML);
    ck_assert_str_eq(info->name, "web");
    domctx_source_free(source);

    b.p[16] = 2; /* a libxl stream has to follow */
    refused(&b, "source-inner");
    b.p[16] = 3;
    refused(&b, "libvirt-version");
    b.p[16] = 0;
    refused(&b, "libvirt-version");
    bytes_free(&b);

    put_libvirt(&b, 1, "");
    b.p[20] = 0;
    b.size--;
    put_stream(&b);
    domctx_source_free(taken(&b, "libvirt-xml"));
    bytes_free(&b);
}

static void put_xend(struct bytes *b, const char *sxp)
{
    struct bytes length = { .big = true };

    put_raw(b, "LinuxGuestRecord", 16);
    put32(&length, (uint32_t)strlen(sxp));
    put_raw(b, length.p, 4);
    bytes_free(&length);
    put_raw(b, sxp, strlen(sxp));
}

static void check_xend(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i];
    put_xend(&b, "(domain (name web) (image (hvm)))");
    put_begin(&b);
    put_vcpus(&b, 0);
    put_id(&b, -9);
    put_tail(&b, 3);
    source = taken(&b, "legacy-no-qemu"); /* which xend leaves out */
    ck_assert_uint_eq(mark_of(source), 3);
    ck_assert_str_eq(domctx_source_info(source)->name, "web");
    expect_bounds(source, 41, 44);
    domctx_source_free(source);
    put_qemu(&b, "QemuDeviceModelRecord", 0);
    source = taken(&b, NULL);
    expect_bounds(source, 41, 44);
    domctx_source_free(source);
    b.p[16] = 0x80;
    refused(&b, "xend-length");
    b.p[16] = 0;
    b.p[18] = 1; /* 256 bytes more than there are */
    refused(&b, "source-cut");
    bytes_free(&b);
}

static void check_xenops_legacy(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;
    size_t mark;

    legacy_width = widths[i];
    put_raw(&b, "XenSavedDomain\n", 15);
    put_begin(&b);
    put_id(&b, -9);
    put_tail(&b, 4);
    mark = b.size;
    put_raw(&b, "QemuDeviceModelRecord\n", 22);
    put_raw(&b, "\0\0\0\3abc", 7);
    source = taken(&b, NULL);
    ck_assert_uint_eq(mark_of(source), 4);
    ck_assert_int_eq(domctx_source_info(source)->layer[0].container,
                     DOMCTX_IN_XENOPS_LEGACY);
    domctx_source_free(source);
    b.p[b.size - 4] = 4;
    refused(&b, "source-rest-cut");
    b.p[mark] = 'q';
    domctx_source_free(taken(&b, "legacy-qemu"));
    bytes_free(&b);
}

static void put_xenrec(struct bytes *b, uint64_t type, uint64_t length)
{
    put64(b, type);
    put64(b, length);
}

static void check_xenops(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;
    size_t end;

    legacy_width = widths[i];
    put_raw(&b, "XenSavedDomv2-\n", 15);
    put_xenrec(&b, 0x0f, 12);
    put_raw(&b, "((time now))", 12);
    put_xenrec(&b, 0xf2, 0);
    put_begin(&b);
    put_id(&b, -9);
    put_tail(&b, 4);
    put_xenrec(&b, 0xf00, 3);
    put_raw(&b, "abc", 3);
    end = b.size;
    put_xenrec(&b, 0xffff, 0);
    source = taken(&b, NULL);
    ck_assert_uint_eq(mark_of(source), 4);
    ck_assert_uint_eq(domctx_source_info(source)->n_layers, 2);
    domctx_source_free(source);
    set64(&b, end + 8, 100); /* the end has none */
    domctx_source_free(taken(&b, "xenops-length"));
    set64(&b, end + 8, 0);
    set64(&b, 15 + 16 + 12 + 8, 8); /* nor has a stream */
    domctx_source_free(taken(&b, "xenops-length"));
    set64(&b, 15 + 16 + 12 + 8, 0);
    set64(&b, end, 0xf14);
    refused(&b, "xenops-type");
    set64(&b, end, 0xf11);
    set64(&b, end + 8, UINT64_MAX);
    refused(&b, "source-rest-cut");
    set64(&b, end + 8, 0);
    set64(&b, end, 0xf10); /* whose end nobody knows */
    domctx_source_free(taken(&b, "xenops-opaque"));
    bytes_free(&b);
}

/* Of two streams the last counts. */
static void check_xenops_twice(int i)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    struct memory memory;
    domctx_source *source;

    legacy_width = widths[i];
    put_raw(&b, "XenSavedDomv2-\n", 15);
    for (uint8_t k = 1; k <= 2; k++) {
        put_xenrec(&b, 0xf2, 0);
        put_begin(&b);
        put_id(&b, -9);
        put_tail(&b, k);
    }
    put_xenrec(&b, 0xffff, 0);
    memory = (struct memory){ .p = b.p, .size = b.size };
    source = walk(&memory, 0, report);
    ck_assert_ptr_nonnull(find_id(report, "stream-again"));
    ck_assert_ptr_nonnull(find_id(report, "source-context-several"));
    ck_assert_uint_eq(domctx_report_count(report), 2);
    ck_assert_uint_eq(mark_of(source), 2);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}

/* What cannot be a name is told of. */
static void check_names(int i)
{
    static const struct {
        const char *in, *out, *id;
    } names[] = {
        { "name web", "web", NULL },
        { "name \"\001\"", "", "source-name" },
        { "name \"\303\"", "", "source-name" },
        { "uuid 1", "", "source-name" },
        { "uuid 01234567-89ab-cdef-0123-456789abcdef", "", NULL },
    };
    char sxp[700];
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = 8;
    if (i < 5)
        snprintf(sxp, sizeof(sxp), "(domain (%s))", names[i].in);
    else
        snprintf(sxp, sizeof(sxp), "(domain (name %0*d))",
                 i == 5 ? 255 : i == 6 ? 256 : 400, 0);
    put_xend(&b, sxp);
    put_stream(&b);
    source = taken(&b, i < 5 ? names[i].id : i == 5 ? NULL : "source-name");
    if (i < 5)
        ck_assert_str_eq(domctx_source_info(source)->name, names[i].out);
    domctx_source_free(source);
    bytes_free(&b);
}

/* Of the smallest save file. */
static void put_part(struct bytes *b, size_t from, size_t to)
{
    struct bytes whole = { 0 };

    put_smallest(&whole);
    put_raw(b, whole.p + from, to - from);
    bytes_free(&whole);
}
#define AT_LIBXL 0x37
#define AT_LIBXC 0x4f
#define AT_TSC 0x97
#define AT_EMULATOR 0x10f
#define AT_LAST 0x127

/* One of each kind, small. */
static void put_wrapped(struct bytes *b, int i)
{
    switch (i) {
    case 0:
        put_libvirt(b, 1, "<domain><name>web</name></domain>");
        put_stream(b);
        return;
    case 1:
        put_xend(b, "(domain (name web))");
        put_stream(b);
        return;
    case 2:
        put_raw(b, "XenSavedDomain\n", 15);
        put_begin(b);
        put_tail(b, 4);
        put_raw(b, "QemuDeviceModelRecord\n\0\0\0\3abc", 29);
        return;
    case 3:
        put_raw(b, "XenSavedDomv2-\n", 15);
        put_xenrec(b, 0xf2, 0);
        put_begin(b);
        put_tail(b, 4);
        put_xenrec(b, 0xffff, 0);
        return;
    case 4:
        put_libvirt(b, 2, "<domain><name>web</name></domain>");
        put_part(b, AT_LIBXL, AT_LAST + 8);
        return;
    case 5:
        put_raw(b, "XenSavedDomv2-\n", 15);
        put_xenrec(b, 0xf0, 0);
        put_part(b, AT_LIBXC, AT_EMULATOR);
        put_xenrec(b, 0xf01, 3);
        put_raw(b, "abc", 3);
        put_xenrec(b, 0xffff, 0);
        return;
    default: /* of version 4 */
        put_part(b, AT_LIBXC, AT_TSC);
        b->p[15] = 4;
        put_stream_record(b, 0x13, "domctx", 6);
        put_part(b, AT_TSC + 32, AT_EMULATOR);
    }
}
#define N_WRAPPED 7

/* All of it is sound. */
static void check_whole(int i)
{
    struct bytes b = { 0 };

    legacy_width = widths[i & 1];
    put_wrapped(&b, i / 2);
    domctx_source_free(taken(&b, NULL));
    bytes_free(&b);
}

/* Every beginning is refused, but for that which ends with the context where
 * xend leaves QEMU's state out. */
static void check_every_beginning(int i)
{
    struct bytes b = { 0 };

    legacy_width = widths[i & 1];
    put_wrapped(&b, i / 2);
    for (size_t size = 0; size < b.size; size++) {
        struct bytes part = { .p = b.p, .size = size };
        domctx_report *report = domctx_report_new();
        struct memory memory = { .size = size };
        bool may = i / 2 == 1 && size == b.size - 30;
        void *mapping;
        size_t length;

        memory.p = at_edge(&part, &mapping, &length);
        domctx_source_free(walk(&memory, may ? 0 : -1, report));
        ck_assert(domctx_report_worst(report) == DOMCTX_DAMAGED || may);
        domctx_report_free(report);
        edge_free(mapping, length);
    }
    bytes_free(&b);
}

/* Each byte changed: no crash, and a context or a refusal. */
static void check_changed(int i)
{
    static const uint8_t with[] = { 0, 1, 0x7f, 0x80, 0xff };
    struct bytes b = { 0 };

    legacy_width = widths[i & 1];
    put_wrapped(&b, i / 2);
    for (size_t at = 0; at < b.size * sizeof(with); at++) {
        uint8_t *p = &b.p[at / sizeof(with)], was = *p;
        struct memory memory = { .p = b.p, .size = b.size };
        domctx_report *report = domctx_report_new();
        domctx_source *source = memory_source(&memory);
        int result;

        *p = with[at % sizeof(with)];
        result = domctx_source_walk(source, report);
        if (result == 0)
            ck_assert_ptr_nonnull(domctx_source_info(source)->context);
        else
            ck_assert_int_ge(domctx_report_worst(report), DOMCTX_FOREIGN);
        domctx_source_free(source);
        domctx_report_free(report);
        *p = was;
    }
    bytes_free(&b);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*check)(int i);
        int rows;
    } tests[] = {
        { "libvirt", check_libvirt, 2 },
        { "xend", check_xend, 2 },
        { "xenops-legacy", check_xenops_legacy, 2 },
        { "xenops", check_xenops, 2 },
        { "xenops-twice", check_xenops_twice, 2 },
        { "names", check_names, 8 },
        { "whole", check_whole, 2 * N_WRAPPED },
        { "every-beginning", check_every_beginning, 2 * N_WRAPPED },
        { "changed", check_changed, 2 * N_WRAPPED },
    };
    Suite *suite = suite_create("wrap");
    TCase *tc = tcase_create("wrap");

    tcase_set_timeout(tc, 300);
    for (size_t k = 0; k < sizeof(tests) / sizeof(tests[0]); k++)
        for (int i = 0; i < tests[k].rows; i++)
            add_named(tc, tests[k].check, i, "%s-%d", tests[k].name, i);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
