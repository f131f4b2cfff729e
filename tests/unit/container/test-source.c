/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Containers of today's xl, and every defect that a byte can make of one. */
#include "container/source-support.h"
#include "container/test-source-rows.h"

#include <errno.h>

static void apply(struct bytes *b, const struct edit *edit)
{
    struct bytes with = { .p = NULL };

    ck_assert_uint_le(edit->at + edit->out, b->size);
    put_raw(&with, b->p, edit->at);
    put_raw(&with, edit->in, edit->in_size);
    put_raw(&with, b->p + edit->at + edit->out,
            b->size - edit->at - edit->out);
    bytes_free(b);
    *b = with;
}

static void make(struct bytes *b, const struct row *row)
{
    put_smallest(b);
    for (size_t i = EDITS_MAX; i-- > 0;)
        if (row->edits[i].in)
            apply(b, &row->edits[i]);
}

/* The ids of a report, in order. */
static void join_ids(const domctx_report *report, char *to, size_t room)
{
    const struct domctx_finding *finding;
    size_t used = 0;

    to[0] = '\0';
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        used += (size_t)snprintf(to + used, room - used, "%s%s",
                                 i ? " " : "", finding->id);
}

static void check_defect(int i)
{
    const struct row *row = &rows[i];
    struct bytes b = { .p = NULL };
    char ids[256];

    make(&b, row);
    /* with any number of bytes read beforehand */
    for (size_t head = 0; head <= 64; head += 4) {
        struct memory memory = { b.p, b.size, head };
        domctx_report *report = domctx_report_new();
        domctx_source *source = memory_source(&memory);

        ck_assert_int_eq(domctx_source_walk(source, report), row->result);
        join_ids(report, ids, sizeof(ids));
        ck_assert_str_eq(ids, row->ids);
        domctx_source_free(source);
        domctx_report_free(report);
    }
    bytes_free(&b);
}

/* Walk what is in b, without any bytes beforehand. */
static int walk(const struct bytes *b, domctx_source **source,
                domctx_report *report)
{
    static struct memory memory;

    memory = (struct memory){ b->p, b->size, 0 };
    *source = memory_source(&memory);
    return domctx_source_walk(*source, report);
}

/* A record that only readers of 4.10 and later take. */
START_TEST(limit_by_era)
{
    static const struct edit to_v2[] = {
        { AT_IMAGE + 15, 1, HEX("\2") },
        { AT_STATIC, 8, HEX("") },
    };
    const uint32_t size = (8 << 20) + 8 * (uint32_t)_i;

    for (uint8_t minor = 9; minor <= 10; minor++) {
        domctx_report *report = domctx_report_new();
        struct bytes b = { .p = NULL }, more = { .p = NULL };
        domctx_source *source;

        put_smallest(&b);
        set32(&b, AT_HVM + 4, size);
        put_zero(&more, size - (AT_PARAMS - AT_BLOB));
        set8(&b, AT_DOMAIN + 12, minor);
        apply(&b, &(struct edit){ AT_PARAMS, 0, (char *)more.p, more.size });
        apply(&b, &to_v2[1]);
        apply(&b, &to_v2[0]);
        ck_assert_int_eq(walk(&b, &source, report), 0);
        expect_only(report, minor == 9 && _i ? "libxc-limit" : NULL);
        ck_assert_uint_eq(domctx_source_info(source)->place[0].limit,
                          minor == 9 ? 8 << 20 : 128 << 20);
        ck_assert_uint_eq(domctx_source_info(source)->context_size, size);
        domctx_source_free(source);
        domctx_report_free(report);
        bytes_free(&b);
        bytes_free(&more);
    }
}
END_TEST

START_TEST(batch)
{
    const uint32_t n = 1024 + (uint32_t)_i;
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    set32(&b, AT_PAGES + 4, 8 + 8 * n);
    set32(&b, AT_PAGES + 8, n);
    put_zero(&more, 8 * (n - 1));
    apply(&b, &(struct edit){ AT_TSC, 0, (char *)more.p, more.size });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    expect_only(report, _i ? "libxc-batch" : NULL);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

/* Long lists are looked at only when that is asked for: a type that is none
 * as the last of n. */
START_TEST(lists)
{
    static const uint32_t sizes[] = { 1, 6, 7, 1032, 1033, 2500 };
    const uint32_t n = sizes[_i / 2];
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    struct memory memory;
    domctx_source *source;

    put_smallest(&b);
    set32(&b, AT_PAGES + 4, 8 + 8 * n);
    set32(&b, AT_PAGES + 8, n);
    for (uint32_t i = 1; i < n; i++)
        put64(&more, UINT64_C(15) << 60 | i);
    put64(&more, UINT64_C(6) << 60 | n);
    apply(&b, &(struct edit){ AT_PAGES + 16, 8, (char *)more.p, more.size });
    memory = (struct memory){ b.p, b.size, 0 };
    source = memory_source(&memory);
    domctx_source_options(source, _i % 2 ? DOMCTX_WALK_PAGES : 0);
    ck_assert_int_eq(domctx_source_walk(source, report), 0);
    ck_assert_int_eq(!find_id(report, "libxc-page-type"),
                     n > 6 && _i % 2 == 0);
    ck_assert_int_eq(!find_id(report, "libxc-batch"), n <= 1024);
    ck_assert_uint_eq(domctx_source_info(source)->context_size, 40);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

/* The keys of an emulator, however many, cost a few calls. */
START_TEST(xenstore)
{
    const uint32_t size = (1 << 20) + 8 * (uint32_t)_i;
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    struct memory memory;
    domctx_source *source;

    put_smallest(&b);
    put32le(&more, 2);
    put32le(&more, size + 8);
    put32le(&more, 2);
    put32le(&more, 0);
    put_zero(&more, size);
    memset(more.p + 16, 'k', size);
    more.p[16 + size / 2] = '\0';
    more.p[16 + size - 1] = '\0';
    apply(&b, &(struct edit){ AT_EMULATOR, 0, (char *)more.p, more.size });
    memory = (struct memory){ b.p, b.size, 0 };
    source = memory_source(&memory);
    ck_assert_int_eq(domctx_source_walk(source, report), 0);
    expect_only(report, _i ? NULL : "libxl-xenstore");
    ck_assert_uint_le(memory.reads, 20);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

/* A page of data for every entry that has one: no more and no fewer. */
START_TEST(pages)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    put64(&more, 0);
    put64(&more, UINT64_C(15) << 60 | 1);
    put64(&more, UINT64_C(_i == 1 ? 0 : 13) << 60 | 2);
    put_zero(&more, _i == 2 ? 2 * 4096 : 4096);
    set32(&b, AT_PAGES + 4, 8 + (uint32_t)more.size);
    set32(&b, AT_PAGES + 8, 3);
    apply(&b, &(struct edit){ AT_PAGES + 16, 8, (char *)more.p, more.size });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    expect_only(report, _i ? "libxc-length" : NULL);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

START_TEST(configuration)
{
    const uint32_t size = (1 << 20) + (uint32_t)_i;
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    set32(&b, 0x2c, size + 4);
    set32(&b, 0x30, size);
    put_zero(&more, size - 3);
    memset(more.p, ' ', more.size);
    apply(&b, &(struct edit){ 0x36, 0, (char *)more.p, more.size });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    expect_only(report, _i ? "source-config-large" : NULL);
    ck_assert_int_eq(!domctx_source_info(source)->config, _i);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

START_TEST(not_recognised)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL };
    domctx_source *source;

    put_raw(&b, "Xen saved domain, xl format\n \0", 30);
    ck_assert_int_eq(walk(&b, &source, report), -1);
    expect_only(report, "source-unknown");
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_UNKNOWN);
    put_raw(&b, " \r", 2);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_SAVE);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* What is behind the last complete checkpoint is no more than a warning, and
 * all that is in the file is accounted for. */
START_TEST(failing_over)
{
    domctx_report *report = domctx_report_new();
    const struct domctx_source_info *info;
    struct bytes b = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    apply(&b, &(struct edit){
        AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END
                       "\2\0\0\0\0\0\0\0\1\0\0\0\xff\xff\xff\xff") });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_WARNING);
    info = domctx_source_info(source);
    ck_assert_uint_eq(info->n_intervals, 1);
    ck_assert_uint_eq(info->place[info->last].offset, AT_BLOB);
    ck_assert_uint_gt(info->trailing, 0);
    ck_assert_uint_eq(info->size + info->trailing, b.size);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* Of more findings behind a checkpoint than are kept, the worst counts. */
START_TEST(many_behind)
{
    enum { MANY = 5000 };
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL }, more = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    put_raw(&more, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END));
    for (int i = 0; i < MANY; i++)
        put_raw(&more, HEX(RECORD("\xd")
                           "\0\0\0\x80\1\0\0\0\0\0\0\0\0\0\0\1"));
    put_raw(&more, HEX(RECORD("\x42")));
    apply(&b, &(struct edit){ AT_END, 0, (char *)more.p, more.size });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_ERROR);
    ck_assert_uint_gt(domctx_report_dropped(report), MANY - 4096);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&more);
}
END_TEST

/* A DOMAIN_CONTEXT that is no image: what can be used is. */
START_TEST(bad_domain_context)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL };
    domctx_source *source;

    put_smallest(&b);
    apply(&b, &(struct edit){ AT_TSC, 32, HEX("\x13\0\0\0\4\0\0\0"
                                             "junk\0\0\0\0") });
    set8(&b, AT_IMAGE + 15, 4);
    ck_assert_int_eq(walk(&b, &source, report), 0);
    ck_assert_uint_eq(domctx_source_info(source)->domain_context_size, 4);
    expect_only(report, NULL);
    ck_assert_int_eq(domctx_source_records(source, builder, report), 0);
    expect_only(report, "source-domain-context");
    domctx_source_free(source);
    domctx_builder_free(builder);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* What the smallest file says. */
START_TEST(found)
{
    const struct domctx_source_info *info;
    domctx_report *report = domctx_report_new();
    struct bytes b = { .p = NULL };
    domctx_source *source;
    domctx_hvm *hvm;

    put_smallest(&b);
    apply(&b, &(struct edit){ AT_TSC, 32, HEX("\x8\0\0\0\x18\0\0\0"
                                             "\1\0\0\0\2\0\0\0"
                                             "\3\0\0\0\0\0\0\0"
                                             "\4\0\0\0\0\0\0\0") });
    ck_assert_int_eq(walk(&b, &source, report), 0);
    info = domctx_source_info(source);
    ck_assert_uint_eq(info->n_layers, 3);
    ck_assert_int_eq(info->layer[0].container, DOMCTX_IN_XL);
    ck_assert_uint_eq(info->layer[0].version, 3);
    ck_assert_int_eq(info->layer[1].container, DOMCTX_IN_LIBXL);
    ck_assert_uint_eq(info->layer[1].version, 2);
    ck_assert_uint_eq(info->layer[1].offset, AT_LIBXL);
    ck_assert_int_eq(info->layer[2].container, DOMCTX_IN_LIBXC);
    ck_assert_uint_eq(info->layer[2].version, 3);
    ck_assert_uint_eq(info->layer[2].offset, AT_IMAGE);
    ck_assert_int_eq(info->guest, DOMCTX_GUEST_HVM);
    ck_assert(info->has_version && !info->converted);
    ck_assert_uint_eq(info->xen_major, 4);
    ck_assert_uint_eq(info->xen_minor, 17);
    ck_assert_uint_eq(info->oldest_minor, 14);
    ck_assert(info->has_tsc);
    ck_assert_uint_eq(info->tsc_mode, 1);
    ck_assert_uint_eq(info->tsc_khz, 2);
    ck_assert_uint_eq(info->tsc_nsec, 3);
    ck_assert_uint_eq(info->tsc_incarnation, 4);
    ck_assert_uint_eq(info->n_contexts, 1);
    ck_assert_uint_eq(info->place[0].length_offset, AT_HVM + 4);
    ck_assert_uint_eq(info->place[0].offset, AT_BLOB);
    ck_assert_uint_eq(info->place[0].length, 40);
    ck_assert_uint_eq(info->place[0].padded, 40);
    ck_assert_uint_eq(info->context_size, 40);
    ck_assert_mem_eq(info->context, b.p + AT_BLOB, 40);
    ck_assert_uint_eq(info->size, b.size);
    ck_assert_uint_eq(info->trailing, 0);
    ck_assert_str_eq(info->config, "{}");
    ck_assert_int_eq(domctx_source_hvm(source, &hvm, report), 0);
    ck_assert_uint_eq(domctx_hvm_get(hvm, 0)->offset, AT_BLOB);
    expect_only(report, NULL);
    domctx_hvm_free(hvm);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

static int64_t broken(void *arg, void *buf, size_t size)
{
    (void)arg;
    (void)buf;
    (void)size;
    errno = EIO;
    return -1;
}

START_TEST(read_fails)
{
    const struct domctx_reader reader = { .read = broken };
    domctx_report *report = domctx_report_new();
    domctx_source *source = domctx_source_new(&reader, NULL, 0);

    ck_assert_int_eq(domctx_source_walk(source, report), -1);
    expect_only(report, "source-read");
    domctx_source_free(source);
    domctx_report_free(report);
}
END_TEST

static const char *cut_at(size_t size)
{
    return size >= AT_BLOB && size < AT_PARAMS ? "source-context-cut"
           : size >= AT_LAST                   ? "source-cut-end"
           : size >= AT_PARAMS                 ? "source-rest-cut"
                                               : "source-cut";
}

/* Cut anywhere, from where it is recognised. */
START_TEST(every_cut)
{
    struct bytes b = { .p = NULL };

    put_smallest(&b);
    for (size_t size = 32; size < b.size; size++) {
        domctx_report *report = domctx_report_new();
        struct bytes cut = { .p = b.p, .size = size };
        domctx_source *source;

        ck_assert_int_eq(walk(&cut, &source, report), -1);
        ck_assert_uint_eq(domctx_report_count(report), 1);
        ck_assert_str_eq(domctx_report_get(report, 0)->id, cut_at(size));
        ck_assert_int_eq(!domctx_source_info(source)->context,
                         size < AT_PARAMS);
        domctx_source_free(source);
        domctx_report_free(report);
    }
    bytes_free(&b);
}
END_TEST

/* The same where that is asked for: from behind the context on it is there. */
START_TEST(cut_behind)
{
    struct bytes b = { .p = NULL };

    put_smallest(&b);
    for (size_t size = 32; size < b.size; size++) {
        domctx_report *report = domctx_report_new();
        struct memory memory = { b.p, size, 0 };
        domctx_source *source = memory_source(&memory);
        bool whole = size >= AT_PARAMS;

        domctx_source_options(source, DOMCTX_WALK_CUT);
        ck_assert_int_eq(domctx_source_walk(source, report), whole ? 0 : -1);
        expect_only(report, whole ? "source-cut-behind" : cut_at(size));
        ck_assert_uint_eq(domctx_source_info(source)->context_size,
                          whole ? 40 : 0);
        domctx_source_free(source);
        domctx_report_free(report);
    }
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *tc = tcase_create("defects");

    for (size_t i = 0; i < N_ROWS; i++)
        add_named(tc, check_defect, (int)i, "row %zu: %s", i,
                  rows[i].ids[0] ? rows[i].ids : "sound");
    suite_add_tcase(suite, tc);
    tc = tcase_create("source");
    tcase_add_loop_test(tc, limit_by_era, 0, 2);
    tcase_add_loop_test(tc, batch, 0, 2);
    tcase_add_loop_test(tc, lists, 0, 12);
    tcase_add_loop_test(tc, pages, 0, 3);
    tcase_add_loop_test(tc, xenstore, 0, 2);
    tcase_add_loop_test(tc, configuration, 0, 2);
    tcase_add_test(tc, not_recognised);
    tcase_add_test(tc, failing_over);
    tcase_add_test(tc, many_behind);
    tcase_add_test(tc, bad_domain_context);
    tcase_add_test(tc, found);
    tcase_add_test(tc, read_fails);
    tcase_add_test(tc, every_cut);
    tcase_add_test(tc, cut_behind);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
