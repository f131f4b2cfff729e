/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of a host as JSON: written, read, and read after somebody
 * was at it. */
#include "verdict/made-host.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct cpuid_set some = { { 0x178bfbff, 0xfef83203, 0x2fd3fbff,
                                         0x75c237ff, 0xf, 0x219c95a9 } };

static struct domctx_description *read_text(const char *text, size_t size,
                                            domctx_report *report)
{
    struct domctx_description *host;

    if (domctx_description_read(text, size, &host, report) < 0)
        ck_assert_ptr_null(host);
    return host;
}

/* The text edited: each find once, by what is put there. */
static char *edited(const struct bytes *b, const char *find,
                    const char *put)
{
    const char *text = (const char *)b->p, *at = strstr(text, find);
    char *made = malloc(b->size + strlen(put) + 1);

    ck_assert_msg(at != NULL, "%s", find);
    ck_assert_ptr_nonnull(made);
    memcpy(made, text, (size_t)(at - text));
    strcpy(made + (at - text), put);
    strcat(made, at + strlen(find));
    return made;
}

/* For json-schema.sh, into its folder. */
static void keep(const struct bytes *b, int i)
{
    const char *folder = getenv("JSON_DOCUMENTS");
    char name[4096];
    FILE *file;

    if (!folder)
        return;
    snprintf(name, sizeof(name), "%s/host-%d.json", folder, i);
    file = fopen(name, "w");
    ck_assert(file && fwrite(b->p, 1, b->size, file) == b->size &&
              fclose(file) == 0);
}

START_TEST(comes_back)
{
    cat_version series = release_series((size_t)_i);
    struct release release = { series, (uint8_t)release_last_point(series) };
    struct domctx_description *host = made_host(release, MADE_AMD, &some);
    domctx_report *report = domctx_report_new();
    struct domctx_description *other;
    struct bytes b, again;
    char text[DOMCTX_RELEASE_ROOM];

    made_text(host, &b);
    keep(&b, _i);
    ck_assert(domctx_is_description(b.p, b.size));
    other = read_text((char *)b.p, b.size, report);
    expect_only(report, NULL);
    ck_assert_str_eq(domctx_release_text(&other->release, text),
                     host->xen_version);
    ck_assert_int_eq(other->host.vendor, DOMCTX_VENDOR_AMD);
    ck_assert_uint_eq(other->host.phys_bits, 48);
    ck_assert_uint_eq(other->xcr0, 7);
    ck_assert_uint_eq(other->host.n_features, CPUID_WORDS);
    ck_assert_mem_eq(other->host.features, some.word, sizeof(some.word));
    ck_assert_int_eq(other->host.nested_hvm, DOMCTX_UNSAID);
    ck_assert_int_eq(other->altp2m, DOMCTX_NO);
    ck_assert_int_eq(other->host.shadow, DOMCTX_NO);
    made_text(other, &again);
    ck_assert_str_eq((char *)b.p, (char *)again.p);
    bytes_free(&b);
    bytes_free(&again);
    domctx_description_free(host);
    domctx_description_free(other);
    domctx_report_free(report);
}
END_TEST

/* Each feature by itself has its name beside its word. */
START_TEST(features_are_named)
{
    size_t named = 0;

    for (unsigned int i = 0; i < 32 * CPUID_WORDS; i++) {
        struct domctx_description *host = domctx_description_new(NULL);
        const char *name = cpuid_name(i / 32, i % 32);
        char wanted[80];
        struct bytes b;

        snprintf(wanted, sizeof(wanted), "\"names\": [%s%s%s]",
                 name ? "\"" : "", name ? name : "", name ? "\"" : "");
        host->hvm_max.n = CPUID_WORDS;
        host->hvm_max.word[i / 32] = UINT32_C(1) << i % 32;
        made_text(host, &b);
        ck_assert_msg(strstr((char *)b.p, wanted) != NULL, "%s: %s", wanted,
                      (char *)b.p);
        named += name != NULL;
        bytes_free(&b);
        domctx_description_free(host);
    }
    ck_assert_uint_gt(named, 200);
}
END_TEST

/* What follows from the rest need not be there. */
START_TEST(little_is_enough)
{
    static const char text[] =
        "{\"schema\": \"xl-context-host-1\", \"xen_version\": \"4.17.5-pre\"}";
    static const char *const unknown[] = {
        "tool\"", "name\"", "vendor", "phys_bits", "xcr0", "words",
        "cpuid",
    };
    domctx_report *report = domctx_report_new();
    struct domctx_description *host =
        read_text(text, sizeof(text) - 1, report);
    struct bytes b;

    expect_only(report, NULL);
    ck_assert_uint_eq(host->release.xen_minor, 17);
    ck_assert_uint_eq(host->release.point, 4);
    ck_assert_ptr_null(host->host.features);
    ck_assert_ptr_null(host->host.max);
    ck_assert_int_eq(host->host.vendor, DOMCTX_VENDOR_UNKNOWN);
    made_text(host, &b);
    for (size_t i = 0; i < N(unknown); i++)
        ck_assert_msg(!strstr((char *)b.p, unknown[i]), "%s", unknown[i]);
    bytes_free(&b);
    host->xcr0 = 7;
    made_text(host, &b);
    ck_assert_ptr_nonnull(strstr((char *)b.p, "\"xcr0\": \"0x"));
    ck_assert_ptr_nonnull(strstr((char *)b.p, "\"xcr0_names\": [\""));
    bytes_free(&b);
    domctx_description_free(host);
    domctx_report_free(report);
}
END_TEST

static const struct {
    const char *find, *put, *id, *word;
} edits[] = {
    { "{", "[", "host-member", "kind" },
    { "\"schema\":", "\"schema\"", "host-json", "JSON" },
    { "\"schema\": \"xl-context-host-1\"", "\"schema\": \"xl-context-host-2\"",
      "host-member", "kind" },
    { "\"schema\": \"xl-context-host-1\",", "", "host-missing", "missing" },
    { "\"xen_version\"", "\"tool\"", "host-twice", "twice" },
    { "\"vendor\"", "\"name\"", "host-twice", "twice" },
    { "\"xen_version\"", "\"xenversion\"", "host-member", "member" },
    { "\"xen_version\": \"", "\"xen_version\": \"x", "host-member",
      "release" },
    { "\"xen_version\": \"4.17.7\"", "\"xen_version\": \"8.3\"",
      "host-member", "XCP-ng 8.3 has Xen 4.17" },
    { "\"xen_version\": \"4.17.7\"", "\"xen_version\": \"debian12\"",
      "host-member", "Debian 12 has Xen 4.17" },
    { "\"xen_version\": \"4.17.7\"", "\"xen_version\": 4", "host-member",
      "kind" },
    { "\"xen_version\": \"4.17.7\"", "\"xen_version\": \"\"", "host-missing",
      "missing" },
    { "AuthenticAMD", "GenuineIntel", "host-contradicts", "contradicts" },
    { "\"phys_bits\": 48", "\"phys_bits\": 46", "host-contradicts",
      "contradicts" },
    { "\"phys_bits\": 48", "\"phys_bits\": 65", "host-member", "kind" },
    { "\"phys_bits\": 48", "\"phys_bits\": -1", "host-member", "kind" },
    { "\"xcr0\": \"0x7\"", "\"xcr0\": \"0x3\"", "host-contradicts",
      "contradicts" },
    { "\"xcr0\": \"0x7\"", "\"xcr0\": \"7\"", "host-member", "kind" },
    { "\"hvm\": true", "\"hvm\": 1", "host-member", "kind" },
    { "\"hap\"", "\"hvm\"", "host-twice", "twice" },
    { "\"domains\"", "\"domain\"", "host-member", "member" },
    { "\"features\"", "\"domains\"", "host-twice", "twice" },
    { "\"hvm_default\"", "\"hvm_max\"", "host-twice", "twice" },
    { "\"names\"", "\"words\"", "host-twice", "twice" },
    { "\"0x178bfbff\"", "\"0x178bfbfe\"", "host-contradicts",
      "contradicts" },
    { "\"0x178bfbff\"", "\"0x1178bfbff\"", "host-member", "kind" },
    { "\"subleaf\": null", "\"subleaf\": true", "host-member", "kind" },
    { "\"subleaf\": null, ", "", "host-missing", "missing" },
    { "\"subleaf\": null", "\"leaf\": \"0x0\"", "host-twice", "twice" },
    { "\"leaf\": \"0x0\"", "\"leaf\": null", "host-member", "kind" },
    { "\"idx\": \"0xce\"", "\"index\": \"0xce\"", "host-member", "member" },
    { "\"flags\": \"0x0\", ", "", "host-missing", "missing" },
    { "\"msr\": [", "\"cpuid\": [", "host-twice", "twice" },
    { "\"names\": [", "\"names\": [{\"a\": 1},", "host-member", "kind" },
    { "\"names\": [", "\"names\": [[[[[[[[[[[[1]]]]]]]]]],", "host-member",
      "kind" },
    { "\"a test\"", "\"a\\u0000test\"", "host-member", "kind" },
    { "\"tool\"", "\"tool.x\"", "host-member", "member" },
    { "\"tool\"", "\"\"", "host-member", "member" },
    { "\"tool\"", "\"domains.hvm\"", "host-member", "member" },
};

/* A vendor that was typed: what is none would leave the verdict open. */
static const struct {
    const char *vendor;
    int is;              /* -1: refused */
} typed[] = {
    { "GenuineIntel", DOMCTX_VENDOR_INTEL },
    { "AuthenticAMD", DOMCTX_VENDOR_AMD },
    { "HygonGenuine", DOMCTX_VENDOR_AMD },
    { "  Shanghai  ", DOMCTX_VENDOR_OTHER },
    { "", DOMCTX_VENDOR_UNKNOWN },
    { "amd", -1 },
    { "Intel", -1 },
    { "GenuineIntle", -1 },
    { "genuineintel", -1 },
    { "GenuineIntelX", -1 },
};

START_TEST(a_typed_vendor)
{
    domctx_report *report = domctx_report_new();
    struct domctx_description *host;
    char text[120];

    snprintf(text, sizeof(text),
             "{\"schema\": \"xl-context-host-1\", \"xen_version\": "
             "\"4.22.0\", \"vendor\": \"%s\"}", typed[_i].vendor);
    host = read_text(text, strlen(text), report);
    expect_only(report, typed[_i].is < 0 ? "host-member" : NULL);
    ck_assert(!host == (typed[_i].is < 0));
    if (host) {
        ck_assert_int_eq(host->host.vendor, typed[_i].is);
        ck_assert_str_eq(host->host.vendor_name, typed[_i].vendor);
    }
    domctx_description_free(host);
    domctx_report_free(report);
}
END_TEST

START_TEST(an_edit_is_seen)
{
    struct domctx_description *host = made_host(RELEASE(4, 17, 7), MADE_AMD,
                                                &some);
    domctx_report *report = domctx_report_new();
    /* the order is that of the features: the maximum counts */
    struct bytes b;
    char *text;

    made_text(host, &b);
    text = edited(&b, edits[_i].find, edits[_i].put);
    ck_assert_ptr_null(read_text(text, strlen(text), report));
    expect_only(report, edits[_i].id);
    ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->text,
                                 edits[_i].word));
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_DAMAGED);
    ck_assert_ptr_nonnull(domctx_message_find(edits[_i].id));
    free(text);
    bytes_free(&b);
    domctx_description_free(host);
    domctx_report_free(report);
}
END_TEST

/* One finding of the reader's own, or a host. */
static void read_odd(const struct bytes *b)
{
    domctx_report *report = domctx_report_new();
    struct domctx_description *host;
    const struct domctx_finding *finding;
    void *mapping;
    size_t size;
    const uint8_t *p = at_edge(b, &mapping, &size);

    domctx_is_description(p, b->size);
    host = read_text((const char *)p, b->size, report);
    finding = domctx_report_get(report, 0);
    ck_assert(host ? !finding
                   : finding && strncmp(finding->id, "host-", 5) == 0 &&
                         !domctx_report_get(report, 1));
    domctx_description_free(host);
    domctx_report_free(report);
    edge_free(mapping, size);
}

/* Cut anywhere, and any byte another one. */
START_TEST(hostile_bytes)
{
    static const char others[] = "\0\"\\{}[],:0x-n~\xff";
    struct domctx_description *host = made_host(RELEASE(4, 20, 4), MADE_INTEL,
                                                &some);
    struct bytes b;
    size_t whole;
    uint8_t was;

    made_text(host, &b);
    whole = b.size;
    for (size_t i = 0; i < whole; i += 7 * stride()) {
        b.size = i;
        read_odd(&b);
    }
    b.size = whole;
    for (size_t i = 0; i < whole; i += stride()) {
        was = b.p[i];
        b.p[i] = (uint8_t)others[i % (sizeof(others) - 1)];
        read_odd(&b);
        b.p[i] = was;
    }
    bytes_free(&b);
    domctx_description_free(host);
}
END_TEST

static void repeat(struct bytes *b, const char *text, int n)
{
    for (int i = 0; i < n; i++) {
        if (i)
            put_raw(b, ",", 1);
        put_raw(b, text, strlen(text));
    }
}

#define HEAD "{\"schema\": \"xl-context-host-1\", \"xen_version\": \"4.17\", "

START_TEST(more_than_any_host_has)
{
    static const struct {
        const char *head, *entry, *tail;
        int most;
    } cases[] = {
        { HEAD "\"features\": {\"processor\": {\"words\": [", "1", "]}}}",
          DOMCTX_FEATURE_WORDS },
        { HEAD "\"policies\": {\"hvm_max\": {\"cpuid\": [",
          "{\"leaf\": 1, \"subleaf\": 2, \"a\": 0, \"b\": 0, \"c\": 0, "
          "\"d\": 0}", "]}}}", DOMCTX_POLICY_LEAVES },
        { HEAD "\"policies\": {\"hvm_default\": {\"msr\": [",
          "{\"idx\": 1, \"flags\": 0, \"val\": \"0xffffffffffffffff\"}",
          "]}}}", DOMCTX_POLICY_MSRS },
        { HEAD "\"xcr0_names\": [", "\"avx\"", "]}", 1 << 17 },
    };

    for (int more = 0; more < 2; more++) {
        domctx_report *report = domctx_report_new();
        struct domctx_description *host;
        struct bytes b = { 0 };

        put_raw(&b, cases[_i].head, strlen(cases[_i].head));
        repeat(&b, cases[_i].entry, cases[_i].most + more);
        put_raw(&b, cases[_i].tail, strlen(cases[_i].tail));
        host = read_text((char *)b.p, b.size, report);
        if (more)
            ck_assert_uint_eq(count_id(report, "host-limit"),
                              cases[_i].most < 1 << 17 || b.size > 1 << 20);
        else if (cases[_i].most < 1 << 17)
            expect_only(report, NULL);
        domctx_description_free(host);
        domctx_report_free(report);
        bytes_free(&b);
    }
}
END_TEST

/* What is another JSON, or none. */
START_TEST(others_are_none)
{
    static const char *const texts[] = {
        "", "{}", "[]", "1", "{\"schema\": \"xl-context-1\"}",
        "{\"schema\": 1}", "{\"a\": {\"schema\": \"xl-context-host-1\"}}",
        "{\"format\": \"image\"",
    };

    for (size_t i = 0; i < N(texts); i++)
        ck_assert_msg(!domctx_is_description(texts[i], strlen(texts[i])),
                      "%s", texts[i]);
    ck_assert(domctx_is_description("{\"schema\": \"xl-context-host-9\"", 30));
}
END_TEST

/* The keys that decide, from the JSON of libxl. */
START_TEST(keys_of_a_configuration)
{
    static const char json[] =
        "{\"c_info\": {\"type\": \"pvh\", \"hap\": \"False\"}, "
        "\"b_info\": {\"max_vcpus\": 3, \"nested_hvm\": \"True\"}}";
    domctx_report *report = domctx_report_new();
    enum domctx_guest type;
    struct domctx_keys keys;

    ck_assert_int_eq(domctx_keys_read(json, sizeof(json) - 1, &keys, &type,
                                      report), 0);
    expect_only(report, NULL);
    ck_assert(keys.known);
    ck_assert_uint_eq(keys.max_vcpus, 3);
    ck_assert_int_eq(keys.hap, DOMCTX_NO);
    ck_assert_int_eq(keys.nested_hvm, DOMCTX_YES);
    ck_assert_int_eq(type, DOMCTX_GUEST_PVH);
    ck_assert_int_eq(domctx_keys_read(json, sizeof(json) - 2, &keys, NULL,
                                      report), -1);
    expect_only(report, "source-config");
    domctx_report_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host-file");
    TCase *tests = tcase_create("description");
    int n = 0;

    while (release_series((size_t)n))
        n++;
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, comes_back, 0, n);
    tcase_add_test(tests, features_are_named);
    tcase_add_test(tests, little_is_enough);
    tcase_add_loop_test(tests, a_typed_vendor, 0, N(typed));
    tcase_add_loop_test(tests, an_edit_is_seen, 0, N(edits));
    tcase_add_test(tests, hostile_bytes);
    tcase_add_loop_test(tests, more_than_any_host_has, 0, 4);
    tcase_add_test(tests, others_are_none);
    tcase_add_test(tests, keys_of_a_configuration);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
