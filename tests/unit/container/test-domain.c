/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a walk keeps of a domain beside its context. */
#include "container/legacy-support.h"

#include "container/guest.h"
#include "container/keys.h"
#include "rules/guest.h"

static const struct domctx_cpuid_leaf leaves[] = {
    { 0, UINT32_MAX, 0xd, 0x756e6547, 0x6c65746e, 0x49656e69 },
    { 7, 0, 2, 0x10000, 0, 0 },
    { 7, 2, 0, 0, 0, 0x10 },
};
static const struct domctx_policy_msr msrs[] = {
    { 0xce, 0, 0x80000000 }, { 0x10a, 1, UINT64_C(0x4000000000000002) },
};
static const struct domctx_hvm_param params[] = {
    { 1, 0xfeffc }, { 9, 0x65 }, { UINT64_C(0x100000009), UINT64_MAX },
};
#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char config[] =
    "{\"c_info\": {\"type\": \"hvm\", \"hap\": \"True\"}, \"b_info\": {"
    "\"max_vcpus\": 3, \"nested_hvm\": \"False\", "
    "\"device_model_version\": \"qemu_xen_traditional\", "
    "\"device_model_stubdomain\": \"True\", "
    "\"tsc_mode\": \"native_paravirt\", "
    "\"type.hvm\": {\"bios\": \"rombios\", \"viridian\": \"True\", "
    "\"viridian_enable\": [0, 2]}}}";

/* -- a save file --------------------------------------------------------- */

START_TEST(records_are_kept)
{
    const struct saved saved = {
        .config = config, .leaves = leaves, .n_leaves = N(leaves),
        .msrs = msrs, .n_msrs = N(msrs), .params = params,
        .n_params = N(params), .tsc_mode = 3, .emulator = 1,
    };
    const struct domctx_domain *domain;
    struct bytes b = { 0 };
    domctx_source *source;

    put_save_file(&b, &saved);
    source = taken(&b, NULL);
    domain = &domctx_source_info(source)->domain;
    ck_assert_int_eq(domain->guest, DOMCTX_GUEST_HVM);
    ck_assert_uint_eq(domain->stream, 3);
    ck_assert_uint_eq(domain->n_leaves, N(leaves));
    ck_assert_uint_eq(domain->leaves_at.entries, N(leaves));
    ck_assert_mem_eq(domain->leaves, leaves, sizeof(leaves));
    ck_assert_uint_eq(b.p[domain->leaves_at.offset], 0x11);
    ck_assert_uint_eq(domain->n_msrs, N(msrs));
    ck_assert_mem_eq(domain->msrs, msrs, sizeof(msrs));
    ck_assert_uint_eq(b.p[domain->msrs_at.offset], 0x12);
    ck_assert_uint_eq(domain->n_params, N(params));
    ck_assert_mem_eq(domain->params, params, sizeof(params));
    ck_assert_uint_eq(b.p[domain->params_at.offset], 0xa);
    ck_assert(domain->has_tsc);
    ck_assert_uint_eq(domain->tsc_mode, 3);
    ck_assert(domain->has_emulator);
    ck_assert_uint_eq(domain->emulator, 1);
    domctx_source_free(source);
    bytes_free(&b);
}
END_TEST

/* The container as the pieces make it. */
static void put_pieces(struct bytes *to, const struct bytes *from,
                       const domctx_source *source)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    struct domctx_piece piece[DOMCTX_FITTED_MAX];
    struct domctx_splice splice;
    uint64_t size;
    size_t n;

    ck_assert_int_eq(domctx_source_splice(source, info->context,
                                          info->context_size, NULL, &splice,
                                          NULL), 0);
    n = domctx_source_pieces(source, &splice, piece, &size);
    for (size_t i = 0; i < n; i++)
        put_raw(to, piece[i].bytes ? piece[i].bytes
                                   : from->p + piece[i].offset,
                (size_t)piece[i].size);
    ck_assert_uint_eq(to->size, size);
}

static const struct fit_row {
    struct domctx_release target;
    size_t leaves, msrs;         /* that are left */
} fits[] = {
    { { 4, 13, 5 }, 3, 2 }, { { 4, 14, 0 }, 2, 1 }, { { 4, 14, 4 }, 2, 2 },
    { { 4, 14, 5 }, 3, 2 }, { { 4, 15, 2 }, 2, 2 }, { { 4, 15, 3 }, 3, 2 },
    { { 4, 16, 0 }, 2, 2 }, { { 4, 16, 1 }, 3, 2 }, { { 4, 22, 0 }, 3, 2 },
    { { 4, 14, DOMCTX_POINT_ANY }, 2, 1 },
};

START_TEST(policies_fit)
{
    const struct fit_row *row = &fits[_i];
    const struct saved saved = { .leaves = leaves, .n_leaves = N(leaves),
                                 .msrs = msrs, .n_msrs = N(msrs) };
    bool goes = row->leaves < N(leaves) || row->msrs < N(msrs);
    const struct domctx_domain *domain;
    struct bytes b = { 0 }, made = { 0 };
    domctx_source *source, *again;

    put_save_file(&b, &saved);
    source = taken(&b, NULL);
    domain = &domctx_source_info(source)->domain;
    ck_assert_int_eq(domctx_source_fit(source, &row->target, 0, NULL),
                     goes ? -1 : 0);
    ck_assert_uint_eq(domain->n_leaves, N(leaves));
    ck_assert_uint_eq(domain->n_msrs, N(msrs));
    ck_assert_int_eq(domctx_source_fit(source, &row->target,
                                       DOMCTX_ALLOW_LOSS, NULL), 0);
    ck_assert_uint_eq(domain->n_leaves, row->leaves);
    ck_assert_uint_eq(domain->n_msrs, row->msrs);
    ck_assert_uint_eq(domain->leaves[1].a, row->leaves == 2 ? 1 : 2);
    put_pieces(&made, &b, source);
    again = taken(&made, NULL);
    ck_assert_mem_eq(domctx_source_info(again)->domain.leaves,
                     domain->leaves, row->leaves * sizeof(leaves[0]));
    ck_assert_mem_eq(domctx_source_info(again)->domain.msrs, domain->msrs,
                     row->msrs * sizeof(msrs[0]));
    ck_assert_uint_eq(domctx_source_info(again)->domain.n_leaves,
                      row->leaves);
    domctx_source_free(again);
    ck_assert_int_eq(domctx_source_fit(source, NULL, 0, NULL), 0);
    ck_assert_mem_eq(domain->leaves, leaves, sizeof(leaves));
    ck_assert_mem_eq(domain->msrs, msrs, sizeof(msrs));
    bytes_free(&made);
    put_pieces(&made, &b, source);
    ck_assert_mem_eq(made.p, b.p, b.size);
    domctx_source_free(source);
    bytes_free(&made);
    bytes_free(&b);
}
END_TEST

START_TEST(what_is_not_there_is_null)
{
    const struct domctx_domain *domain;
    struct bytes b = { 0 };
    domctx_source *source;

    put_smallest(&b);
    source = taken(&b, NULL);
    domain = &domctx_source_info(source)->domain;
    ck_assert_ptr_null(domain->leaves);
    ck_assert_ptr_null(domain->msrs);
    ck_assert_uint_eq(domain->n_params, 1);
    ck_assert(!domain->keys.known);
    domctx_source_free(source);
    bytes_free(&b);
}
END_TEST

/* A record longer than any release reads is counted, kept in part, and
 * reported. */
START_TEST(of_many_leaves_few_are_kept)
{
    enum { MANY = 5000 };
    struct domctx_cpuid_leaf *many = calloc(MANY, sizeof(*many));
    struct saved saved = { .leaves = many, .n_leaves = MANY };
    const struct domctx_domain *domain;
    struct bytes b = { 0 };
    domctx_source *source;

    many[1023].a = 77;
    put_save_file(&b, &saved);
    source = taken(&b, "source-entries");
    domain = &domctx_source_info(source)->domain;
    ck_assert_uint_eq(domain->n_leaves, 1024);
    ck_assert_uint_eq(domain->leaves_at.entries, MANY);
    ck_assert_uint_eq(domain->leaves[1023].a, 77);
    domctx_source_free(source);
    bytes_free(&b);
    free(many);
}
END_TEST

/* _i: 1024 parameters are all kept, and nothing is reported; of one more, and
 * of many more, the first 1024. */
START_TEST(of_many_params_few_are_kept)
{
    static const size_t counts[] = { 1024, 1025, 5000 };
    size_t n = counts[_i];
    struct domctx_hvm_param *many = calloc(n, sizeof(*many));
    struct saved saved = { .params = many, .n_params = n };
    const struct domctx_domain *domain;
    struct bytes b = { 0 };
    domctx_source *source;

    many[0].index = 1;
    many[1023].value = 78;
    put_save_file(&b, &saved);
    source = taken(&b, _i ? "source-entries" : NULL);
    domain = &domctx_source_info(source)->domain;
    ck_assert_uint_eq(domain->n_params, 1024);
    ck_assert_uint_eq(domain->params_at.entries, n);
    ck_assert_uint_eq(domain->params[1023].value, 78);
    domctx_source_free(source);
    bytes_free(&b);
    free(many);
}
END_TEST

/* Cut or bent at every byte: no fault, no leak. */
START_TEST(every_beginning)
{
    const struct saved saved = {
        .config = config, .leaves = leaves, .n_leaves = N(leaves),
        .msrs = msrs, .n_msrs = N(msrs), .params = params,
        .n_params = N(params),
    };
    struct bytes b = { 0 };

    put_save_file(&b, &saved);
    for (size_t size = 0; size < b.size; size += stride()) {
        struct bytes part = { .p = b.p, .size = size };
        struct memory memory = { .size = size };
        domctx_report *report = domctx_report_new();
        domctx_source *source;
        void *mapping;
        size_t length;

        memory.p = at_edge(&part, &mapping, &length);
        source = memory_source(&memory);
        ck_assert_int_eq(domctx_source_walk(source, report), -1);
        domctx_source_free(source);
        domctx_report_free(report);
        edge_free(mapping, length);
    }
    for (size_t at = 0; at < b.size; at += stride()) {
        struct memory memory = { .p = b.p, .size = b.size };
        domctx_source *source;

        b.p[at] ^= 0xff;
        source = memory_source(&memory);
        domctx_source_walk(source, NULL);
        domctx_source_free(source);
        b.p[at] ^= 0xff;
    }
    bytes_free(&b);
}
END_TEST

/* -- legacy streams ------------------------------------------------------ */

static const struct {
    int32_t id;
    uint64_t index;
} chunks[] = {
    { -3, 12 },  { -4, 15 },  { -8, 17 },  { -10, 19 }, { -11, 9 },
    { -14, 34 }, { -15, 27 }, { -16, 28 }, { -17, 29 }, { -19, 32 },
    { -20, 33 }, { -21, 36 },
};

START_TEST(chunks_are_parameters)
{
    const struct domctx_domain *domain;
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = 8;
    put_begin(&b);
    put_batch(&b, 1, 0);
    put_vcpus(&b, 0);
    for (size_t i = 0; i < N(chunks); i++) {
        put_id(&b, chunks[i].id);
        put32le(&b, 0);
        put32le(&b, 100 + (uint32_t)i);
        put32le(&b, 7);
    }
    put_chunk(&b, -9);
    put_tail(&b, 7);
    put_qemu(&b, "DeviceModelRecord0002", 5);
    source = taken(&b, NULL);
    domain = &domctx_source_info(source)->domain;
    ck_assert_uint_eq(domain->stream, 0);
    ck_assert_uint_eq(domain->n_params, N(chunks) + 3);
    for (size_t i = 0; i < N(chunks); i++) {
        ck_assert_uint_eq(domain->params[i].index, chunks[i].index);
        ck_assert_uint_eq(domain->params[i].value,
                          (UINT64_C(7) << 32) + 100 + i);
    }
    ck_assert_uint_eq(domain->params[N(chunks)].index, 5);
    ck_assert_uint_eq(domain->params[N(chunks) + 2].index, 1);
    domctx_source_free(source);
    bytes_free(&b);
}
END_TEST

/* -- configurations ------------------------------------------------------ */

static struct domctx_keys keys_of(const char *text)
{
    const struct saved saved = { .config = text };
    struct domctx_keys keys;
    struct bytes b = { 0 };
    domctx_source *source;

    put_save_file(&b, &saved);
    source = taken(&b, NULL);
    keys = domctx_source_info(source)->domain.keys;
    domctx_source_free(source);
    bytes_free(&b);
    return keys;
}

START_TEST(json_keys)
{
    struct domctx_keys keys = keys_of(config);

    ck_assert(keys.known);
    ck_assert_uint_eq(keys.max_vcpus, 3);
    ck_assert_int_eq(keys.hap, DOMCTX_YES);
    ck_assert_int_eq(keys.nested_hvm, DOMCTX_NO);
    ck_assert_int_eq(keys.pvh, DOMCTX_UNSAID);
    ck_assert_int_eq(keys.viridian, DOMCTX_YES);
    ck_assert(keys.viridian_groups);
    ck_assert_str_eq(keys.device_model, "qemu_xen_traditional");
    ck_assert_str_eq(keys.bios, "rombios");
    ck_assert_int_eq(keys.stubdomain, DOMCTX_YES);
    ck_assert_str_eq(keys.tsc_mode, "native_paravirt");
}
END_TEST

/* Which type it is, has no default; a part of a configuration need not say. */
START_TEST(json_without_type)
{
    static const struct {
        const char *text;
        bool untyped;
    } rows[] = {
        { "{\"c_info\": {\"type\": \"hvm\"}, \"b_info\": {}}", false },
        { "{\"c_info\": {\"name\": \"a\"}, \"b_info\": {}}", true },
        { "{\"b_info\": {\"type.hvm\": {}}}", true },
        { "{\"c_info\": {\"type\": null}, \"b_info\": {}}", true },
        { "{\"c_info\": {\"type\": \"mars\"}, \"b_info\": {}}", false },
        { "{\"c_info\": {\"name\": \"a\"}}", false },
        { "{}", false },
    };

    for (size_t i = 0; i < N(rows); i++)
        ck_assert_int_eq(keys_of(rows[i].text).untyped, rows[i].untyped);
}
END_TEST

/* Answers as JSON has them, and as libxl writes them. */
START_TEST(json_that_answers)
{
    static const struct {
        const char *text;
        enum domctx_answer answer;
    } rows[] = {
        { "{\"b_info\": {\"nested_hvm\": true}}", DOMCTX_YES },
        { "{\"b_info\": {\"nested_hvm\": false}}", DOMCTX_NO },
        { "{\"b_info\": {\"nested_hvm\": \"True\"}}", DOMCTX_YES },
        { "{\"b_info\": {\"nested_hvm\": \"False\"}}", DOMCTX_NO },
        { "{\"b_info\": {\"nested_hvm\": null}}", DOMCTX_UNSAID },
        { "{\"b_info\": {\"nested_hvm\": \"\"}}", DOMCTX_UNSAID },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        ck_assert_msg(keys_of(rows[i].text).nested_hvm == rows[i].answer,
                      "%s", rows[i].text);
}
END_TEST

/* Keys elsewhere, of another type, too long: as if they were not there. */
START_TEST(json_that_says_nothing)
{
    static const char *const texts[] = {
        "{\"b_info\": {}}",
        "{\"b_info\": {\"max_vcpus\": \"3\", \"nested_hvm\": 1, "
        "\"tsc_mode\": 3, \"type.hvm\": {\"viridian\": \"<default>\", "
        "\"viridian_enable\": []}}}",
        "{\"b_info\": {\"x\": {\"max_vcpus\": 3}, "
        "\"y\": [{\"max_vcpus\": 4}, {\"type.hvm\": {\"bios\": \"no\"}}]}}",
        "{\"max_vcpus\": 3, \"b_info\": {\"type.pv\": {\"bios\": \"no\"}}, "
        "\"c_info\": {\"max_vcpus\": 3}}",
        "{\"b_info\": {\"max_vcpus\": 99999999999, \"tsc_mode\": "
        "\"0123456789012345678901234567890123456789\"}}",
        "{\"b_info\": {\"max_vcpus\": -1, \"tsc_mode\": \"a\\u0000b\"}}",
    };
    static const struct domctx_keys nothing = { .known = true };

    struct domctx_keys keys = keys_of(texts[_i]);
    ck_assert_int_eq(keys.known, nothing.known);
    ck_assert_uint_eq(keys.max_vcpus, 0);
    ck_assert_int_eq(keys.nested_hvm, DOMCTX_UNSAID);
    ck_assert_int_eq(keys.viridian, DOMCTX_UNSAID);
    ck_assert(!keys.viridian_groups);
    ck_assert_str_eq(keys.device_model, "");
    ck_assert_str_eq(keys.bios, "");
    ck_assert_str_eq(keys.tsc_mode, "");
}
END_TEST

START_TEST(deep_json)
{
    struct domctx_keys keys = keys_of(
        "{\"b_info\": {\"a\": {\"b\": {\"c\": {\"d\": {\"e\": 1}}}}, "
        "\"max_vcpus\": 5}}");

    ck_assert_uint_eq(keys.max_vcpus, 5);
    keys = keys_of("{\"b_info\": {\"schedule\": [[[[1]]]], "
                   "\"max_vcpus\": 6}}");
    ck_assert_uint_eq(keys.max_vcpus, 6);
}
END_TEST

START_TEST(json_of_old_releases)
{
    struct domctx_keys keys = keys_of(
        "{\"c_info\": {\"pvh\": true}, \"b_info\": {\"type.hvm\": "
        "{\"nested_hvm\": \"True\"}}}");

    ck_assert_int_eq(keys.pvh, DOMCTX_YES);
    ck_assert_int_eq(keys.nested_hvm, DOMCTX_YES);
}
END_TEST

/* Lines of xl's own language. */
START_TEST(xl_keys)
{
    static const char *const lines[] = {
        "name = 'web'", "  vcpus=2", "maxvcpus = 4 # at most",
        "nestedhvm=1", "device_model_version = \"qemu-xen-traditional\"",
        "tsc_mode = 'native_paravirt'", "viridian = [ 'base', 'stimer' ]",
    };
    struct domctx_keys keys = { .known = false };

    for (size_t i = 0; i < N(lines); i++)
        keys_line(&keys, lines[i], strlen(lines[i]));
    ck_assert(!keys.known);
    ck_assert_uint_eq(keys.max_vcpus, 4);
    ck_assert_int_eq(keys.nested_hvm, DOMCTX_YES);
    ck_assert_str_eq(keys.device_model, "qemu_xen_traditional");
    ck_assert_str_eq(keys.tsc_mode, "native_paravirt");
    ck_assert(keys.viridian_groups);
    ck_assert_int_eq(keys.viridian, DOMCTX_UNSAID);
    keys_line(&keys, "memory = 512", 12);
    ck_assert(keys.known);
    keys_line(&keys, "vcpus = 9", 9);      /* maxvcpus counts */
    ck_assert_uint_eq(keys.max_vcpus, 4);
}
END_TEST

/* A text that names the kind is a whole configuration, and a domain without
 * vcpus has one (libxl_create.c, 4.1 to 4.22); what has neither says
 * nothing. */
START_TEST(vcpus_of_a_text)
{
    static const struct {
        const char *line;
        uint32_t vcpus;
    } texts[] = {
        { "builder = 'hvm'", 1 }, { "type = \"hvm\"", 1 },
        { "memory = 512", 1 }, { "vcpus = 2", 2 }, { "name = 'web'", 0 },
    };

    for (size_t i = 0; i < N(texts); i++) {
        struct domctx_domain domain = { .guest = DOMCTX_GUEST_HVM };

        keys_line(&domain.keys, texts[i].line, strlen(texts[i].line));
        ck_assert_uint_eq(guest_vcpus_of(&domain), texts[i].vcpus);
    }
}
END_TEST

/* -- main ---------------------------------------------------------------- */

int main(void)
{
    Suite *suite = suite_create("domain");
    TCase *tc = tcase_create("kept");

    tcase_add_test(tc, records_are_kept);
    tcase_add_loop_test(tc, policies_fit, 0, N(fits));
    tcase_add_test(tc, what_is_not_there_is_null);
    tcase_add_test(tc, of_many_leaves_few_are_kept);
    tcase_add_loop_test(tc, of_many_params_few_are_kept, 0, 3);
    tcase_add_test(tc, every_beginning);
    tcase_add_test(tc, chunks_are_parameters);
    tcase_add_test(tc, json_keys);
    tcase_add_test(tc, json_without_type);
    tcase_add_test(tc, json_that_answers);
    tcase_add_loop_test(tc, json_that_says_nothing, 0, 6);
    tcase_add_test(tc, deep_json);
    tcase_add_test(tc, json_of_old_releases);
    tcase_add_test(tc, xl_keys);
    tcase_add_test(tc, vcpus_of_a_text);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
