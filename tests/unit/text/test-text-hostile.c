/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every layout of every release, many vCPUs, bodies of every length with any
 * bytes in them, names that do not exist, a receiver that gives up.
 */
#include "text/test-text.h"

#include "catalogue/codes.h"
#include "format/image.h"

/* -- releases ---------------------------------------------------------- */

static const struct {
    unsigned int xen_major, last;
} series[] = { { 3, 4 }, { 4, 22 } };

/* Every record is there, under its name, and nothing is odd about it. */
START_TEST(releases)
{
    for (unsigned int minor = _i ? 0 : 1; minor <= series[_i].last;
         minor++) {
        struct bytes b = { 0 };
        char *text, title[48];
        domctx_hvm *hvm;
        const struct domctx_record *record;

        put_release(&b, series[_i].xen_major, minor, 2);
        text = text_of_saver(&b, series[_i].xen_major, minor, NULL);
        ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
        for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++) {
            if (record->type == CODE_END)
                continue;
            snprintf(title, sizeof(title), "\n%s/%u  %u bytes at 0x",
                     domctx_hvm_name(record->type), record->instance,
                     (unsigned int)record->length);
            ck_assert_msg(strstr(text, title) != NULL, "%u.%u:%s",
                          series[_i].xen_major, minor, title);
        }
        ck_assert_ptr_null(strstr(text, "no such record"));
        ck_assert_ptr_null(strstr(text, "are missing"));
        domctx_hvm_free(hvm);
        free(text);
        bytes_free(&b);
    }
}
END_TEST

START_TEST(vcpu_counts)
{
    static const unsigned int counts[] = { 1, 2, 8, 128, 8192 };
    static const struct domctx_text_options rip = { .field = "rip" };
    struct bytes b = { 0 };
    char *text, line[48];
    size_t lines = 0;

    put_release(&b, 4, 17, counts[_i]);
    text = text_of_saver(&b, 4, 17, NULL);
    snprintf(line, sizeof(line), "\nvCPUs: %u, %u up\n", counts[_i],
             counts[_i]);
    ck_assert_ptr_nonnull(strstr(text, line));
    free(text);
    text = text_of_saver(&b, 4, 17, &rip);
    for (const char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    ck_assert_uint_eq(lines, counts[_i]);
    free(text);
    bytes_free(&b);
}
END_TEST

/* -- bodies ------------------------------------------------------------ */

static const struct cat_record *any_record(size_t i)
{
    return i < cat_table_size ? &cat_table[i]
                              : &cat_image_table[i - cat_table_size];
}

static uint32_t type_of(size_t i)
{
    return i < cat_table_size ? DOMCTX_HVM_RECORD(cat_table[i].typecode)
                              : cat_image_table[i - cat_table_size].typecode;
}

/* One record whose body ends where memory does. */
static void show_body(const struct cat_record *known, uint32_t type,
                      const struct bytes *body, cat_version version, bool big)
{
    struct context_record record = {
        .type = type, .instance = UINT32_MAX, .length = body->size,
        .known = known, .big = big,
        .layout = cat_layout(known, body->size, version),
    };
    struct domctx_record none = { 0 };
    domctx_image image = { .big = big, .records = &none };
    domctx_context context = {
        .image = &image, .has_version = true, .version = version,
        .xen_major = version >> 8, .xen_minor = version & 0xff,
        .records = &record, .count = 1,
    };
    size_t mapped;
    void *mapping;
    char *text;

    record.body = at_edge(body, &mapping, &mapped);
    text = text_of_context(&context, NULL);
    ck_assert_int_eq(strstr(text, "that length: shown as far as it goes") !=
                         NULL, record.layout == NULL);
    free(text);
    edge_free(mapping, mapped);
}

static void fill(struct bytes *body, unsigned int pattern, uint32_t seed)
{
    for (size_t i = 0; i < body->size; i++) {
        seed = seed * 1664525u + 1013904223u;
        body->p[i] = pattern == 0   ? 0
                     : pattern == 1 ? 0xff
                                    : (uint8_t)(seed >> 24);
    }
}

START_TEST(any_length)
{
    static const cat_version versions[] = { CAT_V(3, 1), CAT_V(4, 6),
                                            CAT_NEWEST, CAT_V(9, 9) };
    const struct cat_record *known = any_record((size_t)_i);
    const uint32_t type = type_of((size_t)_i);
    uint64_t longest = 0;

    for (size_t i = 0; i < known->n_layouts; i++)
        if (known->layouts[i].length > longest)
            longest = known->layouts[i].length;
    for (uint64_t length = 0; length < longest + 50; length++) {
        struct bytes body = { 0 };
        uint32_t seed = (uint32_t)(type * 31 + length);

        /* all of the short ones and of those near the end */
        if (length > 40 && length + 10 < longest && length % 37 != 0)
            continue;
        put_zero(&body, length);
        for (unsigned int pattern = 0; pattern < 3; pattern++) {
            fill(&body, pattern, seed);
            show_body(known, type, &body, versions[length % 4],
                      length % 5 == 0);
        }
        bytes_free(&body);
    }
}
END_TEST

START_TEST(unknown_record)
{
    struct bytes b = { 0 };
    char *text;

    put_hvm_header(&b);
    put_hvm_zeros(&b, 33, 5, 40);
    set8(&b, 32 + 8 + 17, 0xab);
    put_hvm_end(&b);
    text = text_of_blob(&b, NULL);
    expect_line(text, "typecode 33/5 40 bytes at 0x28", true);
    expect_line(text, "** not known here", true);
    expect_line(text, "0x0000-0x000f all zero", true);
    expect_line(text, "0x0010 00 ab 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                "00", true);
    free(text);
    bytes_free(&b);
}
END_TEST

/* What no field has is shown all the same, and nothing where it is zero. */
START_TEST(other_bytes)
{
    uint8_t body[1032] = { 0 };
    char *text = text_of_record(CODE_CPU, body, sizeof(body));

    ck_assert_ptr_null(strstr(text, "unassigned bytes"));
    free(text);
    body[511] = 4;
    text = text_of_record(CODE_CPU, body, sizeof(body));
    expect_line(text, "unassigned bytes no field covers them", true);
    expect_line(text, "0x01ff 04", true);
    free(text);
}
END_TEST

/* A record that ends in the middle of a value: what there is of it is shown
 * as bytes, and nothing is where it ends between two. */
static const struct {
    uint32_t typecode, length;
    const char *line;
} cuts[] = {
    { CODE_CPU, 643, "0x0280 01 02 03" },          /* rip */
    { CODE_CPU, 738, "0x02e0 01 02" },             /* cs_sel, in a table */
    { CODE_CPU, 32 + 9, "0x0020 01 02 03 04 05 06 07 08 09" }, /* st0 */
    { CODE_CPU, 160 + 9, "0x00a0 01 02 03 04 05 06 07 08 09" },
    { CODE_IOAPIC, 16 + 8 + 5, "0x0018 01 02 03 04 05" },
    { CODE_MTRR, 8 + 16 + 9, "0x0018 01 02 03 04 05 06 07 08 09" },
    { CODE_MTRR, 136 + 8 + 1, "0x0090 01" },
    { CODE_HPET, 256 + 32 + 3, "0x0120 01 02 03" },
    { CODE_PIT, 16 + 2, "0x0010 01 02" },
    { CODE_PCI_IRQ, 12, "0x0008 01 02 03 04" },
    { CODE_VMCE_VCPU, 17, "0x0010 01" },
    { CODE_CPU_XSAVE, 17, "0x0010 01" },
    { CODE_CPU_XSAVE, 184 + 24, "0x00c8 01 02 03 04 05 06 07 08" },
};

START_TEST(cut_in_a_value)
{
    const char *line = cuts[_i].line;
    unsigned int from;
    uint8_t body[1100] = { 0 };
    char *text;

    ck_assert_int_eq(sscanf(line, "0x%x", &from), 1);
    for (size_t i = from; i < cuts[_i].length; i++)
        body[i] = (uint8_t)(i - from + 1);
    text = text_of_record(cuts[_i].typecode, body, cuts[_i].length);
    expect_line(text, "last bytes of a value that is not whole", true);
    expect_line(text, line, true);
    free(text);
    text = text_of_record(cuts[_i].typecode, body, from);
    ck_assert_ptr_nonnull(strstr(text, "** cut off: "));
    expect_line(text, "last bytes of a value that is not whole", false);
    free(text);
}
END_TEST

START_TEST(too_long)
{
    uint8_t body[30] = { 0 };
    char *text;

    body[25] = 0x5a;
    text = text_of_record(CODE_RTC, body, sizeof(body));
    expect_line(text, "** 6 bytes more than the layout has:", true);
    expect_line(text, "0x0018 00 5a 00 00 00 00", true);
    free(text);
}
END_TEST

/* -- selection --------------------------------------------------------- */

static int take_nothing(void *arg, const char *text, size_t size)
{
    size_t *left = arg;

    (void)text;
    if (size > *left)
        return -1;
    *left -= size;
    return 0;
}

static const struct {
    struct domctx_text_options options;
    const char *id, *words;
} refused[] = {
    { { .record = "CPUX" }, "select-record", "near it: CPU" },
    { { .record = "xyzzy" }, "select-record", "there are HEADER, CPU" },
    { { .record = "MSR" }, "select-record", "near it: CPU_MSR" },
    { { .record = "CPU", .has_instance = true, .instance = 2 },
      "select-instance", "there are 0, 1" },
    { { .field = "rsq" }, "select-field", "near it: rsi, rsp" },
    { { .record = "RTC", .field = "xyzzy" }, "select-field",
      "there are cmos_data," },
    { { .record = "RTC", .field = "rip" }, "select-field",
      "RTC has no field 'rip', but CPU has one" },
    { { .field = "" }, "select-field", "no field is called ''" },
    { { .field = "redirtbl[2]" }, "select-field",
      "no field is called 'redirtbl[2]'; near it: redirtbl[].bits" },
    { { .field = "redirtbl[2].bit" }, "select-field",
      "near it: redirtbl[].bits" },
    { { .field = "sint_msx[3]" }, "select-field", "near it: sint_msr" },
    { { .field = "rsq[]" }, "select-field", "near it: rsi, rsp" },
    { { .record = "HPET", .field = "timers[99999999999999999999999].cmp" },
      "select-field", "but 3 of them" },
    { { .field = "redirtbl[99].bits" }, "select-field", "no element 99" },
    { { .field = "redi[5]rtbl.bits" }, "select-field", "no field" },
    { { .record = "21" }, "select-record", "no record is called '21'" },
    { { .record = "2x" }, "select-record", "no record is called '2x'" },
    { { .record = "0" }, "select-record", "no record is called '0'" },
    { { .record = "HVM_CONTEXT" }, "select-record",
      "no record is called 'HVM_CONTEXT'" },
};

START_TEST(names_refused)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    size_t left = SIZE_MAX;
    domctx_hvm *hvm;

    put_release(&b, 4, 22, 2);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 22, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_text(context, &refused[_i].options, take_nothing,
                                 &left, report), -1);
    expect_only(report, refused[_i].id);
    ck_assert_msg(strstr(domctx_report_get(report, 0)->text,
                         refused[_i].words) != NULL,
                  "%s", domctx_report_get(report, 0)->text);
    ck_assert_uint_eq(left, SIZE_MAX);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* A wrapped blob is a record of its image, and none of what is shown. */
START_TEST(wrapped_refused)
{
    static const struct domctx_text_options options = {
        .record = "hvm_context" };
    domctx_report *report = domctx_report_new();
    struct bytes blob = { 0 }, b = { 0 };
    size_t left = SIZE_MAX;
    domctx_context *context;
    domctx_image *image;

    put_release(&blob, 4, 17, 1);
    put_start(&b, 4, 17);
    put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_end(&b);
    image = image_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    ck_assert_int_eq(domctx_text(context, &options, take_nothing, &left,
                                 report), -1);
    expect_only(report, "select-record");
    ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->text,
                                 "shown by the records in it"));
    domctx_context_free(context);
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&blob);
    bytes_free(&b);
}
END_TEST

static const struct {
    const char *record, *field, *text;
} chosen[] = {
    { "TSC_ADJUST", "tsc_adjust", "TSC_ADJUST/0 tsc_adjust "
      "0x0000000000000000\n" },
    { "hvm_pci_link", "ROUTE[2]", "PCI_LINK/0 route[2] 0\n" },
    { "19", "tsc_adjust", "TSC_ADJUST/0 tsc_adjust 0x0000000000000000\n" },
    { "Typecode 19", "tsc_adjust", "TSC_ADJUST/0 tsc_adjust "
      "0x0000000000000000\n" },
    { "33", NULL, "\ntypecode 33/0  2 bytes at 0x490\n  ** not known here\n"
      "    0x0000-0x0001 all zero\n" },
    { "VIRIDIAN", "guest_os_id",
      "VIRIDIAN_DOMAIN/0 guest_os_id 0x0000000000000000\n" },
    { "HPET", "timers[].cmp", "HPET/0 timers[0].cmp 0x0000000000000000\n"
      "HPET/0 timers[1].cmp 0x0000000000000000\n"
      "HPET/0 timers[2].cmp 0x0000000000000000\n" },
    { "HPET", "timers[1].cmp", "HPET/0 timers[1].cmp 0x0000000000000000\n" },
};

START_TEST(names_taken)
{
    struct domctx_text_options options = { .record = chosen[_i].record,
                                           .field = chosen[_i].field };
    struct bytes b = { 0 };
    char *text;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_PCI_LINK, 0, 8);
    put_hvm_zeros(&b, CODE_HPET, 0, 1048);
    put_hvm_zeros(&b, CODE_VIRIDIAN_DOMAIN, 0, 32);
    put_hvm_zeros(&b, CODE_TSC_ADJUST, 0, 8);
    put_hvm_zeros(&b, 33, 0, 2);
    put_hvm_end(&b);
    text = text_of_saver(&b, 4, 17, &options);
    ck_assert_str_eq(text, chosen[_i].text);
    free(text);
    bytes_free(&b);
}
END_TEST

/* -- the receiver ------------------------------------------------------ */

START_TEST(receiver_gives_up)
{
    static const struct domctx_text_options all;
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    size_t left = 40000;
    domctx_hvm *hvm;

    put_release(&b, 4, 17, 8);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_text(context, &all, take_nothing, &left, report),
                     -1);
    expect_only(report, "sink-failed");
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

TCase *tcase_hostile(void)
{
    TCase *tcase = tcase_create("hostile");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, releases, 0, 2);
    tcase_add_loop_test(tcase, vcpu_counts, 0, 5);
    tcase_add_loop_test(tcase, any_length, 0,
                        (int)(cat_table_size + cat_image_table_size));
    tcase_add_test(tcase, unknown_record);
    tcase_add_test(tcase, other_bytes);
    tcase_add_loop_test(tcase, cut_in_a_value, 0,
                        (int)(sizeof(cuts) / sizeof(cuts[0])));
    tcase_add_test(tcase, too_long);
    tcase_add_loop_test(tcase, names_refused, 0,
                        (int)(sizeof(refused) / sizeof(refused[0])));
    tcase_add_test(tcase, wrapped_refused);
    tcase_add_loop_test(tcase, names_taken, 0,
                        (int)(sizeof(chosen) / sizeof(chosen[0])));
    tcase_add_test(tcase, receiver_gives_up);
    return tcase;
}
