/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams of Xen 3.1 to 4.5. */
#include "container/legacy-support.h"

/* -- sound ones ---------------------------------------------------------- */

static const size_t widths[] = { 8, 4 };

static void check_sound(int i)
{
    const struct domctx_source_info *info;
    struct bytes b = { 0 };
    domctx_source *source;
    uint64_t at;

    legacy_width = widths[i];
    put_stream(&b);
    source = taken(&b, NULL);
    info = domctx_source_info(source);
    ck_assert_uint_eq(info->n_layers, 1);
    ck_assert_int_eq(info->layer[0].container, DOMCTX_IN_LEGACY);
    ck_assert_uint_eq(info->layer[0].version, legacy_width * 8);
    ck_assert_int_eq(info->guest, DOMCTX_GUEST_HVM);
    ck_assert(!info->has_version);
    ck_assert_uint_eq(mark_of(source), 7);
    at = b.size - 21 - 4 - 5 - CONTEXT_SIZE;
    ck_assert_uint_eq(info->n_places, 1);
    ck_assert_uint_eq(info->place[0].offset, at);
    ck_assert_uint_eq(info->place[0].length_offset, at - 4);
    ck_assert_uint_eq(info->place[0].length, CONTEXT_SIZE);
    ck_assert_uint_eq(info->place[0].padded, CONTEXT_SIZE);
    ck_assert_uint_eq(info->size, b.size);
    ck_assert(info->has_tsc);
    ck_assert_uint_eq(info->tsc_mode, 2);
    ck_assert_uint_eq(info->tsc_nsec, 0x1122334455667788);
    ck_assert_uint_eq(info->tsc_khz, 3000000);
    ck_assert_uint_eq(info->tsc_incarnation, 5);
    expect_bounds(source, 41, 45);
    domctx_source_free(source);
    bytes_free(&b);
}

static void check_every_beginning(int i)
{
    struct bytes b = { 0 };

    legacy_width = widths[i];
    put_stream(&b);
    for (size_t size = 0; size < b.size; size++) {
        struct memory memory = { .size = size };
        domctx_report *report = domctx_report_new();
        struct bytes part = { .p = b.p, .size = size };
        void *mapping;
        size_t length;
        uint64_t context = b.size - 21 - 4 - 5 - CONTEXT_SIZE;

        memory.p = at_edge(&part, &mapping, &length);
        domctx_source_free(walk(&memory, -1, report));
        expect_only(report, size < 12          ? "source-unknown"
                            : size < context   ? "source-cut"
                            : size < context + CONTEXT_SIZE
                                ? "source-context-cut"
                                : "source-rest-cut");
        domctx_report_free(report);
        edge_free(mapping, length);
    }
    bytes_free(&b);
}

/* A batch costs one read and one skip. */
static void check_cost(int i)
{
    enum { BATCHES = 200 };
    struct bytes b = { 0 };
    struct memory memory = { 0 };

    legacy_width = widths[i];
    put_begin(&b);
    for (int k = 0; k < BATCHES; k++)
        put_batch(&b, 1024, 0);
    put_vcpus(&b, 0);
    put_id(&b, -9);
    put_tail(&b, 1);
    put_qemu(&b, "DeviceModelRecord0002", 30000);
    memory.p = b.p;
    memory.size = b.size;
    domctx_source_free(walk(&memory, 0, NULL));
    ck_assert_uint_le(memory.reads, BATCHES + 6);
    ck_assert_uint_le(memory.skips, BATCHES + 4);
    bytes_free(&b);
}

/* -- chunks -------------------------------------------------------------- */

/* By -id - 1: the oldest release that writes it, or the refusal. */
static const struct {
    uint32_t since;
    const char *id;
} chunks[] = {
    { 41, NULL }, { 41, NULL }, { 41, NULL }, { 41, NULL },
    { 0, "legacy-tmem" }, { 0, "legacy-tmem" }, { 41, NULL }, { 41, NULL },
    { 41, NULL }, { 41, NULL }, { 41, NULL }, { 0, "legacy-compressed" },
    { 0, "legacy-compressed" }, { 42, NULL }, { 42, NULL }, { 42, NULL },
    { 42, NULL }, { 42, NULL }, { 45, NULL }, { 45, NULL }, { 45, NULL },
    { 0, "legacy-chunk" }, { 0, "legacy-chunk" },
};
#define N_CHUNKS ((int)(sizeof(chunks) / sizeof(chunks[0])))

static void check_chunk(int i)
{
    domctx_source *source;
    struct bytes b = { 0 };

    for (int w = 0; w < 2; w++) {
        legacy_width = widths[w];
        put_begin(&b);
        put_batch(&b, 3, 0);
        put_chunk(&b, -i - 1);
        put_batch(&b, 2, 0);
        put_id(&b, -9);
        put_tail(&b, 7);
        put_qemu(&b, "DeviceModelRecord0002", 5);
        if (chunks[i].id) {
            refused(&b, chunks[i].id);
        } else {
            source = taken(&b, NULL);
            expect_bounds(source, chunks[i].since, 45);
            ck_assert_uint_eq(mark_of(source), 7);
            domctx_source_free(source);
        }
        bytes_free(&b);
    }
}

/* A stream with the number id where an id stands. */
static void check_ids(int i)
{
    static const int32_t ids[] = { 1025, INT32_MAX, INT32_MIN, -100 };
    struct bytes b = { 0 };

    legacy_width = 8;
    put_begin(&b);
    put_batch(&b, 1, 0);
    put_id(&b, ids[i]);
    put_zero(&b, 100);
    refused(&b, "legacy-chunk");
    bytes_free(&b);
}

/* -- vCPUs, lengths, entries --------------------------------------------- */

static const struct {
    uint32_t highest, oldest;
    const char *id;
} vcpus[] = {
    { 0, 41, NULL }, { 63, 41, NULL }, { 64, 42, NULL }, { 4095, 42, NULL },
    { 4096, 0, "legacy-vcpus" }, { UINT32_MAX, 0, "legacy-vcpus" },
};

static void check_vcpus(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = 4;
    put_begin(&b);
    if (vcpus[i].id) {
        put_id(&b, -2);
        put32le(&b, vcpus[i].highest);
        put_zero(&b, 64);
        refused(&b, vcpus[i].id);
    } else {
        put_vcpus(&b, vcpus[i].highest);
        put_id(&b, -9);
        put_tail(&b, 7);
        put_qemu(&b, "DeviceModelRecord0002", 5);
        source = taken(&b, NULL);
        expect_bounds(source, vcpus[i].oldest, 45);
        domctx_source_free(source);
    }
    bytes_free(&b);
}

/* Lengths that promise more than there is, and more than memory. */
static void check_lengths(int i)
{
    static const uint32_t lengths[] = { UINT32_MAX, INT32_MAX, 4096 };
    struct bytes b = { 0 };

    legacy_width = 8;
    put_begin(&b);
    put_id(&b, -18);
    put32le(&b, lengths[i]);
    put_zero(&b, 100);
    refused(&b, "source-cut");
    bytes_free(&b);

    put_begin(&b);
    put_id(&b, 0);
    put_zero(&b, 24);
    put32le(&b, lengths[i]);
    put_zero(&b, 100);
    refused(&b, lengths[i] > 16u << 20 ? "source-long"
                                        : "source-context-cut");
    bytes_free(&b);

    put_begin(&b);
    put_tail(&b, 1);
    put_raw(&b, "DeviceModelRecord0002", 21);
    put32le(&b, lengths[i]);
    put_raw(&b, "QEVM", 4);
    put_zero(&b, 96);
    refused(&b, "source-rest-cut");
    bytes_free(&b);
}

static void check_no_context(int i)
{
    struct bytes b = { 0 };

    legacy_width = widths[i];
    put_begin(&b);
    put_id(&b, 0);
    put_zero(&b, 24);
    put32le(&b, 0);
    put_qemu(&b, "DeviceModelRecord0002", 5);
    refused(&b, "source-context-empty");
    bytes_free(&b);
}

/* By type: whether pages follow, and what is said. */
static void check_types(int type)
{
    const char *id = type > 0 && type < 13 ? "legacy-page-type" : NULL;
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = type & 1 ? 8 : 4;
    put_begin(&b);
    put_batch(&b, 3, (uint32_t)type);
    put_id(&b, -9);
    put_tail(&b, 7);
    put_qemu(&b, "DeviceModelRecord0002", 5);
    source = taken(&b, id);
    expect_bounds(source, type == 13 ? 43 : type == 14 ? 42 : 41, 45);
    domctx_source_free(source);
    bytes_free(&b);
}

static void check_entry(int i)
{
    struct bytes b = { 0 };

    legacy_width = 8;
    put_begin(&b);
    put_id(&b, 2);
    put64(&b, 1);
    put64(&b, UINT64_C(1) << (32 + i));
    put_zero(&b, 8192);
    refused(&b, "legacy-entry");
    bytes_free(&b);
}

/* -- the end of the stream ------------------------------------------------ */

/* Without LAST_CHECKPOINT: 3.1 to 4.0, or Remus. */
static void check_old(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i];
    put_begin(&b);
    put_batch(&b, 2, 0);
    put_vcpus(&b, 0);
    put_tail(&b, 9);
    put_qemu(&b, "QemuDeviceModelRecord", 0);
    source = taken(&b, NULL);
    expect_bounds(source, 40, 40); /* TSC_INFO is there since 4.0 */
    ck_assert_uint_eq(domctx_source_info(source)->trailing, 0);
    domctx_source_free(source);
    /* behind its signature any end is one */
    b.size -= 9;
    domctx_source_free(taken(&b, NULL));
    b.size -= 1;
    domctx_source_free(taken(&b, "legacy-qemu"));
    b.p[b.size - 3] = 'q';
    domctx_source_free(taken(&b, "legacy-qemu"));
    bytes_free(&b);
}

static void check_no_tsc(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i];
    put_ul(&b, 0x100);
    put_batch(&b, 2, 15);
    put_vcpus(&b, 0);
    put_tail(&b, 9);
    put_qemu(&b, "QemuDeviceModelRecord", 0);
    source = taken(&b, NULL);
    expect_bounds(source, 31, 40);
    ck_assert(!domctx_source_info(source)->has_tsc);
    domctx_source_free(source);
    bytes_free(&b);
}

static void check_signature(int i)
{
    domctx_source *source;
    struct bytes b = { 0 };

    legacy_width = widths[i];
    put_begin(&b);
    put_tail(&b, 9);
    put_qemu(&b, "DeviceModelRecord0003", 50);
    source = taken(&b, "legacy-qemu");
    ck_assert_uint_eq(mark_of(source), 9);
    domctx_source_free(source);
    bytes_free(&b);
}

/* Three checkpoints, cut everywhere: the last that is whole counts. */
static void check_remus(int i)
{
    struct bytes b = { 0 };
    size_t ends[4] = { 0 };

    legacy_width = widths[i];
    put_begin(&b);
    for (uint8_t k = 1; k <= 3; k++) {
        put_batch(&b, 1, 0);
        put_vcpus(&b, 0);
        put_tail(&b, k);
        put_qemu(&b, "RemusDeviceModelState", 5);
        ends[k] = b.size;
    }
    for (size_t size = ends[1]; size <= b.size; size++) {
        struct memory memory = { .p = b.p, .size = size };
        domctx_report *report = domctx_report_new();
        domctx_source *source = walk(&memory, 0, report);
        uint8_t whole = size >= ends[3] ? 3 : size >= ends[2] ? 2 : 1;

        ck_assert_uint_eq(mark_of(source), whole);
        ck_assert_uint_eq(domctx_report_worst(report) >= DOMCTX_ERROR, 0);
        expect_bounds(source, 40, 44);
        domctx_source_free(source);
        domctx_report_free(report);
    }
    bytes_free(&b);
}

/* Damage behind a checkpoint is the end of the sender; what Xen reads and we
 * do not is none. */
static void check_failing_over(int i)
{
    static const int32_t ids[] = { 5000, -99, -2, -12, -13, -6 };
    struct bytes b = { 0 };
    domctx_source *source;
    struct memory memory;
    domctx_report *report = domctx_report_new();

    legacy_width = widths[i & 1];
    put_begin(&b);
    for (uint8_t k = 1; k <= 2; k++) {
        put_batch(&b, 1, 0);
        put_tail(&b, k);
        put_qemu(&b, "RemusDeviceModelState", 5);
    }
    put_batch(&b, 1, 0);
    put_id(&b, ids[i / 2]);
    put32le(&b, 4096); /* of -2: more vCPUs than there are */
    put_zero(&b, 50);
    memory = (struct memory){ .p = b.p, .size = b.size };
    if (ids[i / 2] <= -6 && ids[i / 2] >= -13) {
        domctx_source_free(walk(&memory, -1, report));
        ck_assert_int_eq(domctx_report_worst(report), DOMCTX_DAMAGED);
    } else {
        source = walk(&memory, 0, report);
        ck_assert_uint_eq(mark_of(source), 2);
        ck_assert_int_eq(domctx_report_worst(report), DOMCTX_WARNING);
        ck_assert_ptr_nonnull(find_id(report, "source-checkpoint-damaged"));
        domctx_source_free(source);
    }
    domctx_report_free(report);
    bytes_free(&b);
}

/* The body that says that it is the last ends the stream. */
static void check_last(int i)
{
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i];
    put_stream(&b);
    put_batch(&b, 1, 0);
    source = taken(&b, "source-after-end");
    ck_assert_uint_eq(mark_of(source), 7);
    ck_assert_uint_eq(domctx_source_info(source)->trailing,
                      4 + legacy_width + 4096);
    domctx_source_free(source);
    bytes_free(&b);
}

static void check_pv(int i)
{
    struct bytes b = { 0 };

    legacy_width = widths[i];
    put_ul(&b, 0x100);
    put_ul(&b, UINT64_MAX);
    put_zero(&b, 100);
    refused(&b, "source-pv");
    bytes_free(&b);
}

/* A header of xl of 4.0 to 4.4 around it. */
static void put_xl(struct bytes *b, const char *config)
{
    put_raw(b, "Xen saved domain, xl format\n \0 \r\4\3\2\1", 36);
    put_zero(b, 8);
    put32le(b, 4 + (uint32_t)strlen(config));
    put32le(b, (uint32_t)strlen(config));
    put_raw(b, config, strlen(config));
}

/* What excludes the releases of the header does not move them. */
static void check_bounds(int i)
{
    static const int32_t ids[] = { -19, -21, -14 };
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = widths[i & 1];
    put_xl(&b, "a=1");
    put_begin(&b);
    put_chunk(&b, ids[i / 2]);
    put_vcpus(&b, 0);
    put_id(&b, -9);
    put_tail(&b, 7);
    put_qemu(&b, "DeviceModelRecord0002", 5);
    source = taken(&b, i / 2 < 2 ? "source-bounds" : NULL);
    expect_bounds(source, i / 2 < 2 ? 41 : 42, 44);
    domctx_source_free(source);
    bytes_free(&b);
}

/* The configuration is that of another kind of guest, or not. */
static void check_kind(int i)
{
    static const struct {
        const char *config, *id;
    } kinds[] = {
        { "name='a'\nbuilder='hvm'\n", NULL },
        { "name='a'\nbuilder='generic'\n", "libxc-guest" },
        { "name='a'\n", NULL },
        { " \tname = 'a'\n  builder = 'generic'", "libxc-guest" },
    };
    struct bytes b = { 0 };
    domctx_source *source;

    legacy_width = 8;
    put_xl(&b, kinds[i].config);
    put_stream(&b);
    source = taken(&b, kinds[i].id);
    ck_assert_str_eq(domctx_source_info(source)->name, "a");
    ck_assert_int_eq(domctx_source_info(source)->guest, DOMCTX_GUEST_HVM);
    domctx_source_free(source);
    bytes_free(&b);
}

#define N_DETECT 19

/* The first number of a stream may look like another format's. */
static void check_detect(int i)
{
    static const struct {
        uint8_t head[16];
        enum domctx_format is;
    } rows[] = {
        /* 64 GiB: a big-endian START, but for its length */
        { { 0, 0, 0, 1, 0, 0, 0, 0, 0xf9, 0xff, 0xff, 0xff },
          DOMCTX_FORMAT_SAVE },
        { { 0, 0, 0, 1, 0, 0, 0, 0, 0, 4 }, DOMCTX_FORMAT_SAVE },
        { { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8 },
          DOMCTX_FORMAT_IMAGE },
        { { 1, 0, 0, 0, 0, 0, 0, 0, 8 }, DOMCTX_FORMAT_IMAGE },
        /* 32-bit: a batch of 1, of 1024, of 1025; tmem; TSC_INFO; PV */
        { { 0, 1, 0, 0, 1, 0, 0, 0 }, DOMCTX_FORMAT_SAVE },
        { { 0, 1, 0, 0, 0, 4, 0, 0 }, DOMCTX_FORMAT_SAVE },
        { { 0, 1, 0, 0, 1, 4, 0, 0 }, DOMCTX_FORMAT_UNKNOWN },
        { { 0, 1, 0, 0, 0xfb, 0xff, 0xff, 0xff }, DOMCTX_FORMAT_SAVE },
        { { 0, 1, 0, 0, 0xf9, 0xff, 0xff, 0xff }, DOMCTX_FORMAT_SAVE },
        { { 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff }, DOMCTX_FORMAT_SAVE },
        /* no pages; chunks that come first in no stream; text; nothing */
        { { 0, 0, 0, 0, 1, 0, 0, 0 }, DOMCTX_FORMAT_UNKNOWN },
        { { 0, 1, 0, 0, 0xfe, 0xff, 0xff, 0xff }, DOMCTX_FORMAT_UNKNOWN },
        { { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, DOMCTX_FORMAT_UNKNOWN },
        { "kernel = \"x\"", DOMCTX_FORMAT_UNKNOWN },
        /* pages whose number ends in a brace, with blanks before it */
        { { '{', 0, 0x10, 0, 0, 0, 0, 0, 0xf9, 0xff, 0xff, 0xff },
          DOMCTX_FORMAT_SAVE },
        { { '{', 0x22, 0, 0, 0xf9, 0xff, 0xff, 0xff }, DOMCTX_FORMAT_SAVE },
        { { '\n', '{', ' ', 0, 1, 0, 0, 0 }, DOMCTX_FORMAT_SAVE },
        { { ' ', '{', '"', 'a', '"', ':', '1', ',', '"', 'b', '"', ':', '2',
            '}', '\n', '\n' }, DOMCTX_FORMAT_JSON },
        { { 0 }, DOMCTX_FORMAT_UNKNOWN },
    };

    ck_assert_uint_eq(sizeof(rows) / sizeof(rows[0]), N_DETECT);
    ck_assert_int_eq(domctx_detect(rows[i].head, 16), rows[i].is);
    ck_assert_int_eq(domctx_detect(rows[i].head, 7),
                     rows[i].is == DOMCTX_FORMAT_JSON
                         ? DOMCTX_FORMAT_JSON : DOMCTX_FORMAT_UNKNOWN);
}

/* -- anything else ------------------------------------------------------- */

/* Each byte of small files changed: no crash, and either the context that is
 * there or a refusal. */
static void check_changed(int i)
{
    static const uint8_t with[] = { 0, 1, 0x7f, 0x80, 0xff };
    struct bytes b = { 0 };

    legacy_width = widths[i];
    put_begin(&b);
    put_batch(&b, 2, 15);
    for (int32_t id = -1; id >= -21; id--)
        if (!chunks[-id - 1].id)
            put_chunk(&b, id);
    put_tail(&b, 1);
    put_qemu(&b, "RemusDeviceModelState", 5);
    for (size_t at = 0; at < b.size; at++) {
        uint8_t was = b.p[at];

        for (size_t k = 0; k < sizeof(with); k++) {
            struct memory memory = { .p = b.p, .size = b.size };
            domctx_source *source = memory_source(&memory);
            domctx_report *report = domctx_report_new();
            int result;

            b.p[at] = with[k];
            result = domctx_source_walk(source, report);
            ck_assert_int_eq(result < 0, !domctx_source_info(source)->context
                             || domctx_report_worst(report)
                                    >= DOMCTX_FOREIGN);
            domctx_source_free(source);
            domctx_report_free(report);
        }
        b.p[at] = was;
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
        { "sound", check_sound, 2 },
        { "every-beginning", check_every_beginning, 2 },
        { "cost", check_cost, 2 },
        { "chunk", check_chunk, N_CHUNKS },
        { "id", check_ids, 4 },
        { "vcpus", check_vcpus, 6 },
        { "length", check_lengths, 3 },
        { "context-empty", check_no_context, 2 },
        { "type", check_types, 16 },
        { "entry", check_entry, 32 },
        { "old", check_old, 2 },
        { "without-tsc", check_no_tsc, 2 },
        { "signature", check_signature, 2 },
        { "remus", check_remus, 2 },
        { "failing-over", check_failing_over, 12 },
        { "last", check_last, 2 },
        { "pv", check_pv, 2 },
        { "bounds", check_bounds, 6 },
        { "kind", check_kind, 4 },
        { "detect", check_detect, N_DETECT },
        { "changed", check_changed, 2 },
    };
    Suite *suite = suite_create("legacy");
    TCase *tc = tcase_create("legacy");

    tcase_set_timeout(tc, 300);
    for (size_t k = 0; k < sizeof(tests) / sizeof(tests[0]); k++)
        for (int i = 0; i < tests[k].rows; i++)
            add_named(tc, tests[k].check, i, "%s-%d", tests[k].name, i);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
