/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include "base/bytes.h"
#include "catalogue/catalogue.h"
#include <stdarg.h>
#include <sys/mman.h>
#include "format/trailer.h"
#include <unistd.h>

const char *const samples[] = {
    "xen-4.17-hvm2.ctx", "xen-4.17-hvmnopv.ctx", "xen-4.17-pvhoff.ctx",
};
const size_t n_samples = sizeof(samples) / sizeof(samples[0]);

void bytes_free(struct bytes *b)
{
    free(b->p);
    b->p = NULL;
    b->size = b->room = 0;
}

void put_raw(struct bytes *b, const void *p, size_t size)
{
    if (b->size + size > b->room) {
        b->room = (b->size + size) * 2;
        b->p = realloc(b->p, b->room);
        ck_assert_ptr_nonnull(b->p);
    }
    if (size)
        memcpy(b->p + b->size, p, size);
    b->size += size;
}

void put_zero(struct bytes *b, size_t size)
{
    static const uint8_t zeros[4096];

    for (; size > sizeof(zeros); size -= sizeof(zeros))
        put_raw(b, zeros, sizeof(zeros));
    put_raw(b, zeros, size);
}

static void order32(const struct bytes *b, uint8_t *p, uint32_t value)
{
    put_le32(p, b->big ? __builtin_bswap32(value) : value);
}

static void order64(const struct bytes *b, uint8_t *p, uint64_t value)
{
    put_le64(p, b->big ? __builtin_bswap64(value) : value);
}

void put16le(struct bytes *b, uint16_t value)
{
    uint8_t p[2];

    put_le16(p, value);
    put_raw(b, p, 2);
}

void put32(struct bytes *b, uint32_t value)
{
    uint8_t p[4];

    order32(b, p, value);
    put_raw(b, p, 4);
}

void put32le(struct bytes *b, uint32_t value)
{
    uint8_t p[4];

    put_le32(p, value);
    put_raw(b, p, 4);
}

void put64(struct bytes *b, uint64_t value)
{
    uint8_t p[8];

    order64(b, p, value);
    put_raw(b, p, 8);
}

void set8(struct bytes *b, uint64_t at, uint8_t value)
{
    ck_assert_uint_lt(at, b->size);
    b->p[at] = value;
}

void set32(struct bytes *b, uint64_t at, uint32_t value)
{
    ck_assert_uint_le(at + 4, b->size);
    order32(b, b->p + at, value);
}

void set64(struct bytes *b, uint64_t at, uint64_t value)
{
    ck_assert_uint_le(at + 8, b->size);
    order64(b, b->p + at, value);
}

void put_header(struct bytes *b, uint32_t type, uint32_t instance,
                uint64_t length)
{
    put32(b, type);
    put32(b, instance);
    put64(b, length);
}

void put_record(struct bytes *b, uint32_t type, uint32_t instance,
                const void *body, size_t length)
{
    put_header(b, type, instance, length);
    put_raw(b, body, length);
    put_zero(b, -length & 7);
}

void put_zeros(struct bytes *b, uint32_t type, uint32_t instance,
               size_t length)
{
    put_header(b, type, instance, length);
    put_zero(b, length + (-length & 7));
}

void put_start(struct bytes *b, uint32_t xen_major, uint32_t xen_minor)
{
    put_header(b, DOMCTX_START, 0, 8);
    put32(b, xen_major);
    put32(b, xen_minor);
}

void put_end(struct bytes *b)
{
    put_header(b, DOMCTX_END, 0, 0);
}

void put_desc(struct bytes *b, uint16_t typecode, uint16_t instance,
              uint32_t length)
{
    put16le(b, typecode);
    put16le(b, instance);
    put32le(b, length);
}

void put_hvm(struct bytes *b, uint16_t typecode, uint16_t instance,
             const void *body, uint32_t length)
{
    put_desc(b, typecode, instance, length);
    put_raw(b, body, length);
}

void put_hvm_zeros(struct bytes *b, uint16_t typecode, uint16_t instance,
                   uint32_t length)
{
    put_desc(b, typecode, instance, length);
    put_zero(b, length);
}

void put_hvm_header(struct bytes *b)
{
    put_desc(b, 1, 0, 24);
    put32le(b, 0x54381286);
    put32le(b, 1);
    put_zero(b, 16);
}

void put_hvm_end(struct bytes *b)
{
    put_desc(b, 0, 0, 0);
}

void put_digest(struct bytes *b)
{
    uint64_t value = digest_of(b->p, b->size);

    put_header(b, DOMCTX_DIGEST, 0, DIGEST_BODY);
    put32(b, DIGEST_CRC64_XZ);
    put32(b, 0);
    put64(b, value);
}

/* The record's length in that release: its newest layout there. */
static bool release_length(const struct cat_record *record,
                           cat_version version, uint32_t *length)
{
    const struct cat_layout *best = NULL;

    if (version < record->from)
        return false;
    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];

        if (version >= layout->from && version <= layout->to &&
            (!best || layout->from > best->from))
            best = layout;
    }
    if (!best)
        return false;
    *length = best->length;
    return true;
}

/* A pattern that is the same for each run and different for each record;
 * CPU_MSR gets two entries, CPU_XSAVE a tail. */
static void put_pattern(struct bytes *b, uint16_t typecode, uint16_t instance,
                        uint32_t length)
{
    uint32_t tail = typecode == 20 ? 32 : typecode == 16 ? 256 : 0;
    uint32_t seed = typecode * 2654435761u + instance;
    size_t at;

    put_desc(b, typecode, instance, length + tail);
    at = b->size;
    put_zero(b, length + tail);
    for (uint32_t i = 0; i < length + tail; i++) {
        seed = seed * 1664525u + 1013904223u;
        b->p[at + i] = (uint8_t)(seed >> 24);
    }
    if (typecode == 20) {
        put_le32(b->p + at, 2);
        put_le32(b->p + at + 4, 0);
        put_le64(b->p + at + 8, 0x48);
        put_le64(b->p + at + 24, 0x140);
    }
}

void put_release(struct bytes *b, unsigned int xen_major,
                 unsigned int xen_minor, unsigned int vcpus)
{
    cat_version version = cat_version_of(xen_major, xen_minor);
    const struct cat_record *record;
    uint32_t length;

    put_hvm_header(b);
    for (size_t i = 0; (record = cat_record_at(i)); i++) {
        unsigned int count =
            record->flags & CAT_VCPU ? vcpus : record->instances;

        if (record->typecode < 2 ||
            !release_length(record, version, &length))
            continue;
        for (unsigned int n = 0; n < count; n++)
            put_pattern(b, (uint16_t)record->typecode, (uint16_t)n, length);
    }
    put_hvm_end(b);
}

size_t stride(void)
{
    const char *share = getenv("SHARE");
    unsigned long n = share ? strtoul(share, NULL, 10) : 1;

    return n ? n : 1;
}

int rounds_of(int all)
{
    int share = (int)stride();

    return share > 1 ? all / share + 1 : all;
}

void load_sample(struct bytes *b, const char *name)
{
    char path[4096];
    FILE *file;
    int c;

    snprintf(path, sizeof(path), "%s/%s", TEST_DATA, name);
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    while ((c = getc(file)) != EOF) {
        uint8_t byte = (uint8_t)c;

        put_raw(b, &byte, 1);
    }
    fclose(file);
}

const uint8_t *at_edge(const struct bytes *b, void **mapping, size_t *size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t whole = (b->size + page - 1) / page * page;
    uint8_t *p;

    *size = whole + page;
    *mapping = mmap(NULL, *size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(*mapping != MAP_FAILED);
    p = (uint8_t *)*mapping + whole - b->size;
    if (b->size)
        memcpy(p, b->p, b->size);
    ck_assert_int_eq(mprotect((uint8_t *)*mapping + whole, page, PROT_NONE),
                     0);
    return p;
}

void edge_free(void *mapping, size_t size)
{
    munmap(mapping, size);
}

static void show(const domctx_report *report)
{
    const struct domctx_finding *f;

    for (size_t i = 0; (f = domctx_report_get(report, i)); i++)
        fprintf(stderr, "# [%s] %s: %s\n", f->id, f->record, f->text);
}

void expect_only(const domctx_report *report, const char *id)
{
    size_t count = domctx_report_count(report);
    bool right = id ? count == 1 &&
                          !strcmp(domctx_report_get(report, 0)->id, id)
                    : count == 0;

    if (!right)
        show(report);
    ck_assert_msg(right, "wanted only %s, got %zu findings, the first is %s",
                  id ? id : "nothing", count,
                  count ? domctx_report_get(report, 0)->id : "none");
}

const struct domctx_finding *find_id(const domctx_report *report,
                                     const char *id)
{
    const struct domctx_finding *f;

    for (size_t i = 0; (f = domctx_report_get(report, i)); i++)
        if (!strcmp(f->id, id))
            return f;
    return NULL;
}

size_t count_id(const domctx_report *report, const char *id)
{
    const struct domctx_finding *f;
    size_t count = 0;

    for (size_t i = 0; (f = domctx_report_get(report, i)); i++)
        count += !strcmp(f->id, id);
    return count;
}

static domctx_image *parse_image(const struct bytes *b, int wanted,
                                 const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_image *image;
    void *mapping;
    size_t size;
    const uint8_t *p = at_edge(b, &mapping, &size);
    int result = domctx_image_parse(p, b->size, &image, report);

    if (result != wanted)
        show(report);
    ck_assert_int_eq(result, wanted);
    ck_assert_int_eq(image == NULL, result != 0);
    expect_only(report, id);
    if (result == 0) {
        /* the caller's object is over his own bytes, not the mapping */
        domctx_image_free(image);
        ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    }
    edge_free(mapping, size);
    domctx_report_free(report);
    return image;
}

void image_refused(const struct bytes *b, const char *id)
{
    parse_image(b, -1, id);
}

domctx_image *image_taken(const struct bytes *b, const char *id)
{
    return parse_image(b, 0, id);
}

static domctx_hvm *parse_hvm(const struct bytes *b, int wanted,
                             const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_hvm *hvm;
    void *mapping;
    size_t size;
    const uint8_t *p = at_edge(b, &mapping, &size);
    int result = domctx_hvm_parse(p, b->size, &hvm, report);

    if (result != wanted)
        show(report);
    ck_assert_int_eq(result, wanted);
    ck_assert_int_eq(hvm == NULL, result != 0);
    expect_only(report, id);
    if (result == 0) {
        domctx_hvm_free(hvm);
        ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    }
    edge_free(mapping, size);
    domctx_report_free(report);
    return hvm;
}

void hvm_refused(const struct bytes *b, const char *id)
{
    parse_hvm(b, -1, id);
}

domctx_hvm *hvm_taken(const struct bytes *b, const char *id)
{
    return parse_hvm(b, 0, id);
}

struct viewed view_blob(const struct bytes *b, uint32_t xen_major,
                        uint32_t xen_minor)
{
    struct viewed viewed;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &viewed.hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(viewed.hvm, true, xen_major,
                                           xen_minor, &viewed.context,
                                           NULL), 0);
    return viewed;
}

void viewed_free(struct viewed *viewed)
{
    domctx_context_free(viewed->context);
    domctx_hvm_free(viewed->hvm);
}

uint8_t *take_built(domctx_builder *builder, const char *provenance,
                    bool digest, size_t *size)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf;

    ck_assert_int_eq(domctx_builder_take(builder, provenance, digest, &buf,
                                         size, report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    domctx_builder_free(builder);
    return buf;
}

/* The names live as long as the program, on a list that is reachable. */
struct named {
    struct named *next;
    TTest test;
    char name[120];
};
static struct named *all_named;

void add_named(TCase *tc, TFun fn, int i, const char *format, ...)
{
    struct named *named = calloc(1, sizeof(*named));
    va_list args;

    if (!named)
        abort();
    va_start(args, format);
    vsnprintf(named->name, sizeof(named->name), format, args);
    va_end(args);
    named->test = (TTest){ named->name, fn, __FILE__, __LINE__ };
    named->next = all_named;
    all_named = named;
    tcase_add_loop_test(tc, &named->test, i, i + 1);
}

int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    while (all_named) {
        struct named *next = all_named->next;

        free(all_named);
        all_named = next;
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
