/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context put into the place of another: all other bytes stay. */
#include "container/legacy-support.h"

/* -- containers ---------------------------------------------------------- */

static void put_bare_libxc(struct bytes *b)
{
    struct bytes whole = { 0 };

    put_smallest(&whole);
    put_raw(b, whole.p + 0x4f, 0x10f - 0x4f);
    bytes_free(&whole);
}

static void put_xl_legacy(struct bytes *b)
{
    put_raw(b, "Xen saved domain, xl format\n \0 \r\4\3\2\1", 36);
    put_zero(b, 8);
    put32le(b, 7);
    put32le(b, 3);
    put_raw(b, "a=1", 3);
    put_stream(b);
}

static void put_libvirt_2(struct bytes *b)
{
    struct bytes whole = { 0 };

    put_smallest(&whole);
    put_raw(b, "libvirt-xml\n \0 \r\2\0\0\0\5\0\0\0", 24);
    put_zero(b, 40);
    put_raw(b, "<a/>", 5);
    put_raw(b, whole.p + 0x37, whole.size - 0x37);
    bytes_free(&whole);
}

static void put_xend(struct bytes *b)
{
    put_raw(b, "LinuxGuestRecord\0\0\0\3(a)", 23);
    put_stream(b);
}

static void put_xenops(struct bytes *b)
{
    put_raw(b, "XenSavedDomv2-\n", 15);
    put64(b, 0xf0);
    put64(b, 0);
    put_bare_libxc(b);
    put64(b, 0xffff);
    put64(b, 0);
}

static void put_xenops_legacy(struct bytes *b)
{
    put_raw(b, "XenSavedDomain\n", 15);
    put_begin(b);
    put_tail(b, 4);
    put_raw(b, "QemuDeviceModelRecord\n\0\0\0\3abc", 29);
}

static const struct {
    const char *name;
    void (*put)(struct bytes *b);
    size_t width;
} containers[] = {
    { "xl", put_smallest, 8 },
    { "libxc", put_bare_libxc, 8 },
    { "libvirt", put_libvirt_2, 8 },
    { "xenops", put_xenops, 8 },
    { "legacy-64", put_stream, 8 },
    { "legacy-32", put_stream, 4 },
    { "xl-legacy-64", put_xl_legacy, 8 },
    { "xl-legacy-32", put_xl_legacy, 4 },
    { "xend", put_xend, 8 },
    { "xenops-legacy", put_xenops_legacy, 4 },
};
#define N_CONTAINERS ((int)(sizeof(containers) / sizeof(containers[0])))

static void put_container(struct bytes *b, int i)
{
    legacy_width = containers[i].width;
    containers[i].put(b);
    put_raw(b, "junk", 4); /* which is kept, too */
}

/* -- splicing ------------------------------------------------------------ */

static domctx_source *walked(const struct bytes *b)
{
    struct memory memory = { .p = b->p, .size = b->size };

    return walk(&memory, 0, NULL);
}

/* All pieces, one after the other. */
static void join(struct bytes *to, const struct bytes *from,
                 const struct domctx_splice *splice)
{
    for (size_t i = 0; i < splice->n_pieces; i++) {
        const struct domctx_piece *piece = &splice->piece[i];

        if (piece->bytes) {
            put_raw(to, piece->bytes, piece->size);
        } else {
            ck_assert_uint_le(piece->offset, from->size);
            ck_assert_uint_le(piece->size, from->size - piece->offset);
            put_raw(to, from->p + piece->offset, piece->size);
        }
    }
    ck_assert_uint_eq(to->size, splice->size);
}

/* A blob with more bytes than the one that is there. */
static void put_blob(struct bytes *b, size_t more)
{
    put_hvm_header(b);
    for (size_t i = 0; i < more; i++)
        put_raw(b, &(uint8_t){ (uint8_t)(i * 7 + 1) }, 1);
    put_hvm_end(b);
}

/* old with context in the place of the one that is there. */
static void splice_into(struct bytes *to, const struct bytes *old,
                        const struct bytes *context)
{
    domctx_source *source = walked(old);
    domctx_report *report = domctx_report_new();
    struct domctx_splice splice;

    ck_assert_int_eq(domctx_source_splice(source, context->p, context->size,
                                          NULL, &splice, report), 0);
    expect_only(report, NULL);
    join(to, old, &splice);
    domctx_report_free(report);
    domctx_source_free(source);
}

/* Both files split around the record: what stands before its length and
 * behind its padding is equal, its length and padding are right. */
static void compare(const struct bytes *old, const struct bytes *new,
                    const struct bytes *context)
{
    domctx_source *before = walked(old), *after = walked(new);
    const struct domctx_source_info *a = domctx_source_info(before);
    const struct domctx_source_info *b = domctx_source_info(after);
    const struct domctx_place *from = &a->place[a->last];
    const struct domctx_place *to = &b->place[b->last];
    size_t a_behind = from->offset + from->padded;
    size_t b_behind = to->offset + to->padded;

    ck_assert_uint_eq(to->length_offset, from->length_offset);
    ck_assert_uint_eq(to->offset, from->offset);
    ck_assert_mem_eq(new->p, old->p, from->length_offset);
    ck_assert_uint_eq(to->length, context->size);
    ck_assert_mem_eq(new->p + to->offset, context->p, context->size);
    ck_assert_uint_eq(to->padded % to->align, 0);
    ck_assert_uint_lt(to->padded - to->length, to->align);
    for (size_t i = to->length; i < to->padded; i++)
        ck_assert_uint_eq(new->p[to->offset + i], 0);
    ck_assert_uint_eq(new->size - b_behind, old->size - a_behind);
    ck_assert_mem_eq(new->p + b_behind, old->p + a_behind,
                     old->size - a_behind);
    ck_assert_uint_eq(b->n_layers, a->n_layers);
    ck_assert_uint_eq(b->n_records, a->n_records);
    domctx_source_free(before);
    domctx_source_free(after);
}

static void check_container(int i)
{
    static const size_t more[] = { 0, 1, 7, 8, 9, 16, 4000, 100003 };

    for (size_t k = 0; k < sizeof(more) / sizeof(more[0]); k++) {
        struct bytes old = { 0 }, new = { 0 }, back = { 0 };
        struct bytes context = { 0 }, was = { 0 };
        domctx_source *source;
        const struct domctx_source_info *info;

        put_container(&old, i);
        put_blob(&context, more[k]);
        splice_into(&new, &old, &context);
        compare(&old, &new, &context);
        /* and the old one back */
        source = walked(&old);
        info = domctx_source_info(source);
        put_raw(&was, info->context, info->context_size);
        domctx_source_free(source);
        splice_into(&back, &new, &was);
        ck_assert_uint_eq(back.size, old.size);
        ck_assert_mem_eq(back.p, old.p, old.size);
        bytes_free(&old);
        bytes_free(&new);
        bytes_free(&back);
        bytes_free(&context);
        bytes_free(&was);
    }
}

/* Of a container that was cut behind its context, in the padding or later,
 * nothing is made; but of one with checkpoints, which may end so. */
static void check_cut(int i)
{
    struct bytes old = { 0 }, whole = { 0 }, context = { 0 };
    size_t n_cut = 0;

    put_container(&old, i);
    put_blob(&context, 3); /* with padding, where there is any */
    splice_into(&whole, &old, &context);
    for (size_t size = 1; size < whole.size - 4; size++) {
        struct memory memory = { .p = whole.p, .size = size };
        domctx_source *source = memory_source(&memory);
        domctx_report *report = domctx_report_new();
        struct domctx_splice splice;

        domctx_source_options(source, DOMCTX_WALK_CUT);
        if (domctx_source_walk(source, report) == 0 &&
            count_id(report, "source-cut-behind")) {
            n_cut++;
            domctx_report_clear(report);
            ck_assert_int_eq(domctx_source_splice(source, "", 1, NULL,
                                                  &splice, report), -1);
            expect_only(report, "source-cut");
            ck_assert_uint_eq(splice.n_pieces, 0);
        }
        domctx_source_free(source);
        domctx_report_free(report);
    }
    ck_assert_uint_gt(n_cut, 0);
    bytes_free(&old);
    bytes_free(&whole);
    bytes_free(&context);
}

/* -- limits --------------------------------------------------------------- */

#define MIB (1u << 20)

static const struct {
    int container;
    uint8_t xen_minor, version;  /* of a libxc stream */
    uint32_t target_minor;       /* 0: none */
    size_t size;
    const char *id;
} limits[] = {
    { 1, 17, 3, 0, 8 * MIB + 1, NULL },
    { 1, 17, 3, 0, 128 * MIB, NULL },
    { 1, 17, 3, 0, 128 * MIB + 1, "splice-limit" },
    { 1, 9, 2, 0, 8 * MIB, NULL },
    { 1, 9, 2, 0, 8 * MIB + 1, "splice-limit" },
    { 1, 10, 2, 0, 8 * MIB + 1, NULL },
    { 1, 9, 2, 10, 8 * MIB + 1, NULL },
    { 1, 10, 2, 9, 8 * MIB + 1, "splice-limit" },
    { 1, 17, 3, 9, 8 * MIB, NULL },
    { 4, 0, 0, 0, 128 * MIB + 1, NULL },
    { 5, 0, 0, 9, 128 * MIB + 1, NULL },
};
#define N_LIMITS ((int)(sizeof(limits) / sizeof(limits[0])))

static void check_limit(int i)
{
    struct domctx_release target = { 4, limits[i].target_minor,
                                     DOMCTX_POINT_ANY };
    domctx_report *report = domctx_report_new();
    struct domctx_splice splice;
    struct bytes b = { 0 };
    domctx_source *source;
    int result;

    put_container(&b, limits[i].container);
    if (limits[i].version) {
        b.p[15] = limits[i].version;
        b.p[0x24] = limits[i].xen_minor;
        if (limits[i].version == 2) { /* which has no STATIC_DATA_END */
            memmove(b.p + 0x28, b.p + 0x30, b.size - 0x30);
            b.size -= 8;
        }
    }
    source = walked(&b);
    /* of the bytes nothing is looked at */
    result = domctx_source_splice(source, b.p, limits[i].size,
                                  target.xen_minor ? &target : NULL, &splice,
                                  report);
    ck_assert_int_eq(result, limits[i].id ? -1 : 0);
    expect_only(report, limits[i].id);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}

/* -- several contexts ----------------------------------------------------- */

static void check_several(int i)
{
    struct bytes old = { 0 }, new = { 0 }, context = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    struct domctx_splice splice;
    domctx_source *source;
    size_t first, last;

    legacy_width = i ? 4 : 8;
    put_begin(&old);
    put_tail(&old, 1);
    first = old.size - CONTEXT_SIZE;
    put_qemu(&old, "RemusDeviceModelState", 5);
    put_vcpus(&old, 0);
    put_tail(&old, 2);
    last = old.size - CONTEXT_SIZE;
    put_qemu(&old, "RemusDeviceModelState", 5);
    put_blob(&context, 5);

    source = walked(&old);
    ck_assert_int_eq(domctx_source_splice(source, context.p, context.size,
                                          NULL, &splice, report), 0);
    expect_only(report, "splice-others");
    finding = find_id(report, "splice-others");
    ck_assert_uint_eq(finding->offset, first);
    join(&new, &old, &splice);
    ck_assert_mem_eq(new.p, old.p, last - 4);
    ck_assert_mem_eq(new.p + last, context.p, context.size);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&old);
    bytes_free(&new);
    bytes_free(&context);
}

/* For another release than the stream names, it names that one; for the one
 * that it names, and in a legacy stream, only the context changes. */
static void check_marked(int i)
{
    struct domctx_release target = { 4, i ? 22 : 17, DOMCTX_POINT_ANY };

    for (int k = 0; k < N_CONTAINERS; k++) {
        struct bytes old = { 0 }, new = { 0 }, context = { 0 };
        const struct domctx_source_info *info;
        struct domctx_splice splice;
        domctx_source *source, *after;
        uint64_t at;

        put_container(&old, k);
        put_blob(&context, 9);
        source = walked(&old);
        info = domctx_source_info(source);
        at = info->version_offset;
        ck_assert_int_eq(domctx_source_splice(source, context.p,
                                              context.size, &target, &splice,
                                              NULL), 0);
        join(&new, &old, &splice);
        after = walked(&new);
        if (info->has_version) {
            ck_assert_uint_eq(domctx_source_info(after)->xen_major, 4);
            ck_assert_uint_eq(domctx_source_info(after)->xen_minor,
                              target.xen_minor);
            ck_assert_mem_eq(new.p, old.p, at);
            ck_assert_mem_eq(new.p + at + 8, old.p + at + 8,
                             info->place[info->last].length_offset - at - 8);
            if (info->xen_minor == target.xen_minor)
                ck_assert_mem_eq(new.p + at, old.p + at, 8);
        } else {
            ck_assert_mem_eq(new.p, old.p,
                             info->place[info->last].length_offset);
        }
        domctx_source_free(source);
        domctx_source_free(after);
        bytes_free(&old);
        bytes_free(&new);
        bytes_free(&context);
    }
}

/* A source without a context has no place for one. */
static void check_none(int i)
{
    domctx_report *report = domctx_report_new();
    struct memory memory = { .size = 0 };
    domctx_source *source = walk(&memory, -1, NULL);
    struct domctx_splice splice;

    (void)i;
    ck_assert_int_eq(domctx_source_splice(source, "", 1, NULL, &splice,
                                          report), -1);
    expect_only(report, "source-context-missing");
    domctx_source_free(source);
    domctx_report_free(report);
}

int main(void)
{
    Suite *suite = suite_create("splice");
    TCase *tc = tcase_create("splice");

    tcase_set_timeout(tc, 300);
    for (int i = 0; i < N_CONTAINERS; i++)
        add_named(tc, check_container, i, "%s", containers[i].name);
    for (int i = 0; i < N_CONTAINERS; i++)
        add_named(tc, check_cut, i, "cut-%s", containers[i].name);
    for (int i = 0; i < N_LIMITS; i++)
        add_named(tc, check_limit, i, "limit-%d", i);
    for (int i = 0; i < 2; i++)
        add_named(tc, check_several, i, "several-%d", i);
    add_named(tc, check_none, 0, "none");
    add_named(tc, check_marked, 0, "marked-same");
    add_named(tc, check_marked, 1, "marked-other");
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
