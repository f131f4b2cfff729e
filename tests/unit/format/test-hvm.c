/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Legacy blobs: framing, content, and the CPU_MSR length defect. */
#include "support.h"

#include "base/bytes.h"

/* A blob with HEADER, both PICs and END: 32 + 16 + 16 + 8 bytes. */
static void put_small(struct bytes *b)
{
    put_hvm_header(b);
    put_hvm_zeros(b, 3, 0, 8);
    put_hvm_zeros(b, 3, 1, 8);
    put_hvm_end(b);
}

enum { TAKEN = 1, REFUSED = 0 };

/* One byte of the small blob changed, or the blob cut. */
static const struct {
    const char *name;
    size_t at;
    uint8_t value;
    size_t cut;        /* 0: not */
    const char *id;
    int taken;
} rows[] = {
    { "sound", 0, 1, 0, NULL, TAKEN },
    { "first-is-END", 0, 0, 0, "hvm-header-missing", REFUSED },
    { "first-is-CPU", 0, 2, 0, "hvm-header-missing", REFUSED },
    { "first-typecode-257", 1, 1, 0, "hvm-header-missing", REFUSED },
    { "header-length-25", 4, 25, 0, "hvm-header-length", REFUSED },
    { "header-length-16", 4, 16, 0, "hvm-header-length", REFUSED },
    { "header-instance-1", 2, 1, 0, "record-instance", TAKEN },
    { "magic", 8, 0, 0, "hvm-magic", REFUSED },
    { "version-2", 12, 2, 0, "hvm-version", REFUSED },
    { "version-0", 12, 0, 0, "hvm-version", REFUSED },
    { "duplicate-instance", 50, 0, 0, "hvm-duplicate", TAKEN },
    { "instance-2-of-PIC", 50, 2, 0, "record-instance", TAKEN },
    { "typecode-21", 48, 21, 0, "hvm-typecode", TAKEN },
    { "typecode-256+3", 49, 1, 0, "hvm-typecode", TAKEN },
    { "typecode-22-reserved-for-others", 48, 22, 0, "hvm-typecode", TAKEN },
    { "length-of-PIC-0", 52, 16, 0, "hvm-end-missing", REFUSED },
    { "length-past-the-end", 52, 17, 0, "hvm-truncated", REFUSED },
    { "length-2^31", 55, 0x80, 0, "hvm-truncated", REFUSED },
    { "end-instance", 66, 1, 0, "hvm-end-unusual", TAKEN },
    { "end-length", 68, 8, 0, "hvm-end-unusual", TAKEN },
    { "end-length-2^31", 71, 0x80, 0, "hvm-end-unusual", TAKEN },
    { "end-missing", 0, 1, 64, "hvm-end-missing", REFUSED },
    { "cut-in-descriptor", 0, 1, 71, "hvm-truncated", REFUSED },
    { "cut-in-body", 0, 1, 63, "hvm-truncated", REFUSED },
    { "header-alone", 0, 1, 32, "hvm-end-missing", REFUSED },
    { "seven-bytes", 0, 1, 7, "hvm-truncated", REFUSED },
};

/* Every byte that a record is said to have is there. */
static void read_bodies(const struct bytes *b, const domctx_hvm *hvm)
{
    const struct domctx_record *record, *end = NULL;

    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++) {
        uint64_t at = (uint64_t)((const uint8_t *)record->body - b->p);

        ck_assert_uint_le(at, b->size);
        ck_assert_uint_le(record->length, b->size - at);
        end = record;
    }
    ck_assert_uint_eq(end->type, DOMCTX_HVM_END);
    ck_assert_uint_eq(end->length, 0);
    ck_assert_ptr_eq(domctx_hvm_find(hvm, end->type, end->instance), end);
}

static void check_row(int i)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    put_small(&b);
    b.p[rows[i].at] = rows[i].value;
    if (rows[i].cut)
        b.size = rows[i].cut;
    if (rows[i].taken) {
        hvm = hvm_taken(&b, rows[i].id);
        read_bodies(&b, hvm);
        domctx_hvm_free(hvm);
    } else {
        hvm_refused(&b, rows[i].id);
    }
    bytes_free(&b);
}

START_TEST(empty_input)
{
    struct bytes b = { 0 };

    hvm_refused(&b, "hvm-truncated");
}
END_TEST

START_TEST(second_header)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_hvm_zeros(&b, 1, 1, 24);
    put_hvm_end(&b);
    domctx_hvm_free(hvm_taken(&b, "hvm-header-again"));
    bytes_free(&b);
}
END_TEST

START_TEST(bytes_after_end_are_counted)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *f;
    domctx_hvm *hvm;

    put_small(&b);
    put_small(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), 0);
    ck_assert_uint_eq(domctx_hvm_consumed(hvm), 72);
    f = find_id(report, "hvm-after-end");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(f->severity, DOMCTX_NOTE);
    ck_assert_str_eq(f->found, "72");
    ck_assert_uint_eq(f->offset, 72);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(asking_a_blob)
{
    struct bytes b = { 0 };
    const struct domctx_record *record;
    domctx_hvm *hvm;

    put_small(&b);
    hvm = hvm_taken(&b, NULL);
    ck_assert_uint_eq(domctx_hvm_count(hvm), 4);
    ck_assert_uint_eq(domctx_hvm_repaired(hvm), 0);
    ck_assert_ptr_null(domctx_hvm_get(hvm, 4));
    record = domctx_hvm_find(hvm, 3, 1);
    ck_assert_ptr_eq(record, domctx_hvm_get(hvm, 2));
    ck_assert_uint_eq(record->offset, 48);
    ck_assert_uint_eq(record->length, 8);
    ck_assert_ptr_eq(record->body, b.p + 56);
    ck_assert_ptr_eq(domctx_hvm_find(hvm, 0, 0), domctx_hvm_get(hvm, 3));
    ck_assert_ptr_null(domctx_hvm_find(hvm, 0, 1));
    ck_assert_ptr_null(domctx_hvm_find(hvm, 3, 2));
    ck_assert_ptr_eq(domctx_hvm_find(hvm, 1, 0), domctx_hvm_get(hvm, 0));
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

START_TEST(the_first_of_duplicates_is_found)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    put_hvm_header(&b);
    put_hvm_zeros(&b, 9, 0, 8);
    put_hvm(&b, 3, 0, "first...", 8);
    put_hvm(&b, 3, 0, "second..", 8);
    put_hvm_end(&b);
    hvm = hvm_taken(&b, "hvm-duplicate");
    ck_assert_mem_eq(domctx_hvm_find(hvm, 3, 0)->body, "first", 5);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

START_TEST(samples_are_sound)
{
    struct bytes b = { 0 };

    load_sample(&b, samples[_i]);
    domctx_hvm_free(hvm_taken(&b, NULL));
    bytes_free(&b);
}
END_TEST

START_TEST(samples_cut_at_every_byte)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;
    void *mapping;
    size_t mapped, whole;

    load_sample(&b, samples[_i]);
    whole = b.size;
    for (size_t size = 0; size < whole; size++) {
        const uint8_t *p;

        b.size = size;
        p = at_edge(&b, &mapping, &mapped);
        ck_assert_int_eq(domctx_hvm_parse(p, size, &hvm, NULL), -1);
        edge_free(mapping, mapped);
    }
    bytes_free(&b);
}
END_TEST

/* -- releases ------------------------------------------------------------ */

static const struct {
    unsigned int major, minor;
} releases[] = {
    { 3, 1 }, { 3, 2 }, { 3, 3 }, { 3, 4 }, { 4, 0 }, { 4, 1 }, { 4, 2 },
    { 4, 3 }, { 4, 4 }, { 4, 5 }, { 4, 6 }, { 4, 7 }, { 4, 8 }, { 4, 9 },
    { 4, 10 }, { 4, 11 }, { 4, 12 }, { 4, 13 }, { 4, 14 }, { 4, 15 },
    { 4, 16 }, { 4, 17 }, { 4, 18 }, { 4, 19 }, { 4, 20 }, { 4, 21 },
    { 4, 22 },
};
#define N_RELEASES ((int)(sizeof(releases) / sizeof(releases[0])))

static void check_release(int i)
{
    struct bytes b = { 0 };

    put_release(&b, releases[i].major, releases[i].minor, 4);
    domctx_hvm_free(hvm_taken(&b, NULL));
    bytes_free(&b);
}

/* -- the CPU_MSR length defect ------------------------------------------- */

/* A CPU_MSR whose descriptor claims `claimed` entries, with `count` there. */
static void put_msr(struct bytes *b, uint16_t instance, uint32_t claimed,
                    uint32_t count)
{
    put_desc(b, 20, instance, 8 + 16 * claimed);
    put32le(b, count);
    put32le(b, 0);
    for (uint32_t i = 0; i < count; i++) {
        put32le(b, 0xc0011019 + i);
        put32le(b, 0);
        put32le(b, 0x1234 + i);
        put32le(b, 0x5678);
    }
}

/* The vCPUs' counts in one blob, as the defective savers wrote it. */
static const struct {
    const char *name;
    uint32_t claimed;
    uint32_t counts[5];  /* 0 ends */
    size_t repaired;
} defects[] = {
    { "one-vcpu-1-of-2", 2, { 1 }, 1 },
    { "one-vcpu-1-of-4", 4, { 1 }, 1 },
    { "one-vcpu-3-of-4", 4, { 3 }, 1 },
    { "full-is-no-defect", 4, { 4 }, 0 },
    { "intel-4.5-1-of-1", 1, { 1, 1, 1 }, 0 },
    { "two-vcpus", 2, { 1, 1 }, 2 },
    { "two-of-four-then-one", 4, { 2, 1 }, 2 },
    { "claimed-end-falls-on-a-third-record", 4, { 2, 1, 1 }, 3 },
    { "claimed-end-falls-on-end", 4, { 2, 1, 4 }, 2 },
    { "last-is-full", 4, { 1, 2, 4 }, 2 },
    { "first-is-full", 4, { 4, 1, 3 }, 2 },
    { "four-vcpus", 4, { 1, 2, 3, 4 }, 3 },
    { "four-vcpus-1-of-2", 2, { 1, 1, 2, 1 }, 3 },
};

static size_t put_defect(struct bytes *b, int i)
{
    size_t n = 0;

    put_hvm_header(b);
    for (; n < 5 && defects[i].counts[n]; n++)
        put_msr(b, (uint16_t)n, defects[i].claimed, defects[i].counts[n]);
    put_hvm_end(b);
    return n;
}

static void judge_defect(const struct bytes *b, int i, size_t vcpus)
{
    domctx_report *report = domctx_report_new();
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, report), 0);
    ck_assert_uint_eq(domctx_hvm_count(hvm), vcpus + 2);
    ck_assert_uint_eq(domctx_hvm_repaired(hvm), defects[i].repaired);
    ck_assert_uint_eq(count_id(report, "hvm-msr-length"),
                      defects[i].repaired);
    ck_assert_int_lt((int)domctx_report_worst(report), DOMCTX_WARNING);
    for (uint32_t n = 0; n < vcpus; n++) {
        const struct domctx_record *record = domctx_hvm_find(hvm, 20, n);

        ck_assert_uint_eq(record->length, 8 + 16 * defects[i].counts[n]);
        ck_assert_uint_eq(le32(record->body), defects[i].counts[n]);
    }
    domctx_hvm_free(hvm);
    domctx_report_free(report);
}

static void check_defect(int i)
{
    struct bytes b = { 0 };
    size_t vcpus = put_defect(&b, i);

    judge_defect(&b, i, vcpus);
    bytes_free(&b);
}

/* Savers of that age also left stale heap behind END: zeros, ones, or an
 * older context. */
static void check_defect_stale(int i)
{
    static const uint8_t ones[200] = { [0 ... 199] = 0xff };

    for (int kind = 0; kind < 3; kind++) {
        struct bytes b = { 0 };
        size_t vcpus = put_defect(&b, i);

        if (kind == 0)
            put_zero(&b, 200);
        else if (kind == 1)
            put_raw(&b, ones, sizeof(ones));
        else
            put_small(&b);
        judge_defect(&b, i, vcpus);
        bytes_free(&b);
    }
}

/* Whatever does not look like that defect is left alone. */
static void unusual(struct bytes *b, const char *id, int taken)
{
    if (taken) {
        domctx_hvm *hvm = hvm_taken(b, id);

        ck_assert_uint_eq(domctx_hvm_repaired(hvm), 0);
        domctx_hvm_free(hvm);
    } else {
        hvm_refused(b, id);
    }
    bytes_free(b);
}

START_TEST(msr_count_too_large)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 1, 1);
    b.p[40] = 2;
    put_hvm_end(&b);
    unusual(&b, "hvm-msr-count", TAKEN);
}
END_TEST

START_TEST(msr_count_zero)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 0, 0);
    put_hvm_end(&b);
    unusual(&b, "hvm-msr-count", TAKEN);
}
END_TEST

/* What a finding about such a record says does not contradict itself. */
static const struct {
    uint32_t typecode, count, length;
    const char *id, *record, *field, *expected, *found;
} told[] = {
    { 20, 0, 8, "hvm-msr-count", "CPU_MSR/0", "count", "", "0" },
    { 20, 0, 24, "hvm-msr-count", "CPU_MSR/0", "count", "", "0" },
    { 20, 1, 27, "hvm-msr-count", "CPU_MSR/0", "length", "24", "27" },
    { 20, 2, 24, "hvm-msr-count", "CPU_MSR/0", "length", "40", "24" },
    { 20, UINT32_MAX, 24, "hvm-msr-count", "CPU_MSR/0", "length",
      "68719476728", "24" },
    { 33, 0, 24, "hvm-typecode", "typecode 33/0", "", "", "33" },
};

START_TEST(what_is_told)
{
    domctx_report *report = domctx_report_new();
    uint8_t body[27] = { 0 };
    struct bytes b = { 0 };
    const struct domctx_finding *finding;
    domctx_hvm *hvm;

    for (size_t i = 0; i < 4; i++)
        body[i] = (uint8_t)(told[_i].count >> (8 * i));
    put_hvm_header(&b);
    put_hvm(&b, (uint16_t)told[_i].typecode, 0, body, told[_i].length);
    put_hvm_end(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), 0);
    finding = find_id(report, told[_i].id);
    ck_assert_ptr_nonnull(finding);
    ck_assert_str_eq(finding->record, told[_i].record);
    ck_assert_str_eq(finding->field, told[_i].field);
    ck_assert_str_eq(finding->expected, told[_i].expected);
    ck_assert_str_eq(finding->found, told[_i].found);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* No saver wrote an empty CPU_MSR. */
START_TEST(msr_count_zero_in_a_longer_body)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 0);
    put_hvm_end(&b);
    unusual(&b, "hvm-truncated", REFUSED);
}
END_TEST

/* What follows the entries claims less than its own count takes. */
START_TEST(msr_followed_by_what_is_no_msr)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 1);
    put_msr(&b, 1, 1, 2);
    put_hvm_end(&b);
    unusual(&b, "hvm-truncated", REFUSED);
}
END_TEST

/* A body filled up with something, and a sound record behind it. */
START_TEST(msr_filled_tail)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 1);
    for (int i = 0; i < 16; i++)
        put_raw(&b, "\x77", 1);
    put_msr(&b, 1, 2, 2);
    put_hvm_end(&b);
    unusual(&b, "hvm-msr-count", TAKEN);
}
END_TEST

/* The tail is zero, which looks like END; the next vCPU's record is where
 * the descriptor says. */
START_TEST(msr_zero_tail_before_the_next_vcpu)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 1);
    put_zero(&b, 16);
    put_msr(&b, 1, 2, 2);
    put_hvm_end(&b);
    unusual(&b, "hvm-msr-count", TAKEN);
}
END_TEST

/* The same in front of an END with which the blob ends; bytes behind that
 * END, and it is the defect. */
START_TEST(msr_zero_tail_before_end)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    for (size_t slack = 0; slack <= 8; slack += 8) {
        put_hvm_header(&b);
        put_msr(&b, 0, 2, 1);
        put_zero(&b, 16);
        put_hvm_end(&b);
        put_zero(&b, slack);
        if (slack == 0) {
            unusual(&b, "hvm-msr-count", TAKEN);
            continue;
        }
        ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
        ck_assert_uint_eq(domctx_hvm_repaired(hvm), 1);
        domctx_hvm_free(hvm);
        bytes_free(&b);
    }
}
END_TEST

/* More MSRs than any of those releases had: a length of another making. */
START_TEST(msr_claims_more_than_those_releases_could)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 5, 1);
    put_hvm_end(&b);
    unusual(&b, "hvm-truncated", REFUSED);
}
END_TEST

START_TEST(msr_claims_no_whole_entries)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 1);
    b.p[36] = 8 + 16 + 8;
    put_hvm_end(&b);
    unusual(&b, "hvm-end-missing", REFUSED);
}
END_TEST

START_TEST(msr_reserved_word_is_not_zero)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 2, 1);
    b.p[32 + 8 + 8 + 4] = 1;
    put_hvm_end(&b);
    unusual(&b, "hvm-truncated", REFUSED);
}
END_TEST

START_TEST(msr_followed_by_an_earlier_vcpu)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 1, 2, 1);
    put_msr(&b, 0, 2, 2);
    put_hvm_end(&b);
    unusual(&b, "hvm-truncated", REFUSED);
}
END_TEST

/* The bytes of the 4.9 order: a record of 4.10 and later, whose lengths are
 * right, is never touched. */
START_TEST(msr_of_sound_releases)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_msr(&b, 0, 1, 1);
    put_msr(&b, 1, 3, 3);
    put_msr(&b, 2, 8, 8);
    put_hvm_end(&b);
    unusual(&b, NULL, TAKEN);
}
END_TEST

START_TEST(defect_cut_at_every_byte)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;
    void *mapping;
    size_t mapped, whole;

    put_defect(&b, _i);
    whole = b.size;
    for (size_t size = 0; size < whole; size++) {
        const uint8_t *p;

        b.size = size;
        p = at_edge(&b, &mapping, &mapped);
        ck_assert_int_eq(domctx_hvm_parse(p, size, &hvm, NULL), -1);
        edge_free(mapping, mapped);
    }
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hvm");
    TCase *tc = tcase_create("rules");
    int n_defects = (int)(sizeof(defects) / sizeof(defects[0]));

    for (int i = 0; i < (int)(sizeof(rows) / sizeof(rows[0])); i++)
        add_named(tc, check_row, i, "%s", rows[i].name);
    tcase_add_test(tc, empty_input);
    tcase_add_test(tc, second_header);
    tcase_add_test(tc, bytes_after_end_are_counted);
    tcase_add_test(tc, asking_a_blob);
    tcase_add_test(tc, the_first_of_duplicates_is_found);
    suite_add_tcase(suite, tc);
    tc = tcase_create("samples");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, samples_are_sound, 0, (int)n_samples);
    tcase_add_loop_test(tc, samples_cut_at_every_byte, 0, (int)n_samples);
    for (int i = 0; i < N_RELEASES; i++)
        add_named(tc, check_release, i, "release-%u.%u", releases[i].major,
                  releases[i].minor);
    suite_add_tcase(suite, tc);
    tc = tcase_create("msr");
    for (int i = 0; i < n_defects; i++) {
        add_named(tc, check_defect, i, "defect-%s", defects[i].name);
        add_named(tc, check_defect_stale, i, "defect-%s-and-stale-bytes",
                  defects[i].name);
    }
    tcase_add_loop_test(tc, defect_cut_at_every_byte, 0, n_defects);
    tcase_add_test(tc, msr_count_too_large);
    tcase_add_test(tc, msr_count_zero);
    tcase_add_loop_test(tc, what_is_told, 0,
                        (int)(sizeof(told) / sizeof(told[0])));
    tcase_add_test(tc, msr_count_zero_in_a_longer_body);
    tcase_add_test(tc, msr_followed_by_what_is_no_msr);
    tcase_add_test(tc, msr_filled_tail);
    tcase_add_test(tc, msr_zero_tail_before_the_next_vcpu);
    tcase_add_test(tc, msr_zero_tail_before_end);
    tcase_add_test(tc, msr_claims_more_than_those_releases_could);
    tcase_add_test(tc, msr_claims_no_whole_entries);
    tcase_add_test(tc, msr_reserved_word_is_not_zero);
    tcase_add_test(tc, msr_followed_by_an_earlier_vcpu);
    tcase_add_test(tc, msr_of_sound_releases);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
