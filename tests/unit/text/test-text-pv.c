/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paravirtual state as text: channels, grants, parameters and policies as
 * tables, and what is not in the layout that is known as bytes.
 */
#include "text/test-text.h"

#define FRAME DOMCTX_FRAME_SIZE

/* The text of what the builder has. */
static char *text_built(domctx_builder *builder)
{
    domctx_context *context;
    domctx_image *image;
    uint8_t *buf;
    size_t size;
    char *text;

    buf = take_built(builder, NULL, true, &size);
    ck_assert_int_eq(domctx_image_parse(buf, size, &image, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    text = text_of_context(context, NULL);
    domctx_context_free(context);
    domctx_image_free(image);
    free(buf);
    return text;
}

/* A record of which the body is that; numbers[] are offset and 32 bits. */
static char *text_of_body(uint32_t type, size_t length,
                          const uint32_t (*numbers)[2])
{
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_image *image;
    char *text;

    put_start(&b, 4, 17);
    put_zeros(&b, type, 0, length);
    for (; numbers[0][0] || numbers[0][1]; numbers++)
        set32(&b, 24 + 16 + numbers[0][0], numbers[0][1]);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    text = text_of_context(context, NULL);
    domctx_context_free(context);
    domctx_image_free(image);
    bytes_free(&b);
    return text;
}

/* -- event channels ------------------------------------------------------- */

static const struct domctx_port all_kinds[] = {
    { .port = 1, .status = DOMCTX_PORT_INTERDOMAIN, .flags = 5,
      .priority = 255, .vcpu = 0, .remote = 77, .domid = 0 },
    { .port = 2, .status = DOMCTX_PORT_UNBOUND, .flags = 6, .priority = 7,
      .vcpu = 1, .domid = 3 },
    { .port = 3, .status = DOMCTX_PORT_PIRQ, .flags = 4, .priority = 255,
      .remote = 16, .domid = DOMCTX_DOMID_NONE },
    { .port = 4, .status = DOMCTX_PORT_VIRQ, .flags = 7, .priority = 255,
      .remote = 1, .domid = DOMCTX_DOMID_NONE },
    { .port = 5, .status = DOMCTX_PORT_VIRQ, .priority = 255,
      .remote = 20, .domid = DOMCTX_DOMID_NONE },
    { .port = 6, .status = DOMCTX_PORT_IPI, .flags = 8, .priority = 255,
      .vcpu = 1, .domid = DOMCTX_DOMID_NONE },
    { .port = 7, .status = DOMCTX_PORT_REFUSED, .priority = 255,
      .domid = DOMCTX_DOMID_NONE },
    { .port = 5000, .status = DOMCTX_PORT_IPI, .priority = 255,
      .domid = DOMCTX_DOMID_NONE },
};

static char *text_of_ports(uint32_t flags, uint64_t callback, size_t first,
                           size_t n)
{
    struct domctx_evtchn evtchn = {
        .flags = flags, .nr_valid = 8192, .callback_irq = callback,
        .store_port = 1, .console_port = 2,
        .shared_info_gfn = DOMCTX_NOT_READ, .ports = all_kinds + first,
        .n_ports = n,
    };
    domctx_builder *builder = domctx_builder_image(4, 17);

    ck_assert_int_eq(domctx_builder_evtchn(builder, &evtchn, NULL), 0);
    return text_built(builder);
}

START_TEST(ports_are_a_table)
{
    char *text = text_of_ports(DOMCTX_EVTCHN_ABI, 1, 0, 7);

    expect_line(text, "port status to vCPU state", true);
    expect_line(text, "1 interdomain domain 0 port 77 0 pending (store)",
                true);
    expect_line(text, "2 unbound waits for domain 3 1 masked priority 7 "
                      "(console)", true);
    expect_line(text, "3 pirq 16 0 -", true);
    expect_line(text, "4 virq 1 DEBUG 0 pending masked", true);
    expect_line(text, "5 virq 20 0 not known", true);
    expect_line(text, "6 ipi 1 not known linked", true);
    expect_line(text, "7 refused 0 not known", true);
    free(text);
    text = text_of_ports(0, 1, 0, 0);
    expect_line(text, "port status to vCPU state", false);
    free(text);
}
END_TEST

/* The ABI, how it is known, and how events come in. */
START_TEST(abi_and_callback)
{
    static const struct {
        uint32_t flags;
        uint64_t callback;
        size_t first, n;
        const char *abi, *words;
    } rows[] = {
        { DOMCTX_EVTCHN_ABI, UINT64_C(0x02000000000000f3), 0, 2,
          "ABI 2-level, for all closed ports are masked",
          "callback vector 243" },
        { DOMCTX_EVTCHN_ABI | DOMCTX_EVTCHN_FIFO, 1, 0, 2,
          "ABI FIFO, for the guest's ports leave the 2-level bits clear",
          "callback GSI 1, or a vector of each vCPU's own" },
        { DOMCTX_EVTCHN_ABI | DOMCTX_EVTCHN_FIFO, 0, 0, 8,
          "ABI FIFO, for 2-level has no port 5000", "callback off" },
        { 0, UINT64_C(0x0100000000001802), 0, 2, "ABI not known",
          "callback PCI device 3, INTC" },
        { 0, DOMCTX_NOT_READ, 3, 1,
          "ABI not known; port 4 is VIRQ DEBUG, which Linux 5.11 binds for "
          "2-level alone", "callback not read" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = text_of_ports(rows[i].flags, rows[i].callback,
                                   rows[i].first, rows[i].n);

        expect_line(text, rows[i].abi, true);
        expect_line(text, rows[i].words, true);
        free(text);
    }
}
END_TEST

/* Entries that are longer than those known are bytes. */
START_TEST(longer_entries_are_bytes)
{
    static const uint32_t numbers[][2] = {
        { 0, 48 }, { 4, 32 }, { 8, 1 }, { 16, 64 }, { 48, 1 }, { 52, 5 },
        { 64, 0x7fff }, { 72, 0xabcd }, { 0, 0 } };
    char *text = text_of_body(DOMCTX_EVTCHN, 80, numbers);

    expect_line(text, "port status to vCPU state", false);
    expect_line(text, "entry_size 32", true);
    expect_line(text, "0x0040 ff 7f 00 00 00 00 00 00 cd ab 00 00 00 00 00 "
                      "00", true);
    free(text);
}
END_TEST

/* -- grants --------------------------------------------------------------- */

static void le(uint8_t *at, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static char *text_of_table(uint32_t version, const uint8_t *shared,
                           uint32_t stored, const uint8_t *status,
                           uint32_t nr_status)
{
    struct domctx_grant_table table = {
        .version = version, .nr_frames = 3, .max_nr_frames = 64,
        .nr_stored = stored, .nr_status = nr_status, .shared = shared,
        .status = status,
    };
    domctx_builder *builder = domctx_builder_image(4, 17);

    ck_assert_int_eq(domctx_builder_grant_table(builder, &table, NULL), 0);
    return text_built(builder);
}

START_TEST(grants_of_version_1)
{
    static uint8_t shared[2 * FRAME];
    char *text;

    le(shared + 8 * 8, 2, 1 | 4);               /* read-only */
    le(shared + 8 * 8 + 4, 4, 0xabc);
    le(shared + 8 * 9, 2, 1 | 8 | 16);          /* mapped, written */
    le(shared + 8 * 9 + 2, 2, 5);
    le(shared + FRAME, 2, 2 | 8);               /* transfer, completed */
    text = text_of_table(1, shared, 2, NULL, 0);
    expect_line(text, "table 3 of 1536 entries granted, 1 in use now", true);
    expect_line(text, "frame 0 2 of 512 entries granted, 1 in use now",
                true);
    expect_line(text, "frame 1 1 of 512 entries granted, 0 in use now",
                true);
    expect_line(text, "8 domain 0 frame 0xabc access readonly", true);
    expect_line(text, "9 domain 5 frame 0x0 access reading writing", true);
    expect_line(text, "512 domain 0 frame 0x0 transfer completed", true);
    free(text);
}
END_TEST

START_TEST(grants_of_version_2)
{
    static uint8_t shared[2 * FRAME], status[FRAME];
    char *text;

    le(shared + 16 * 8, 2, 1 | 8 | 16); /* no bits of this version */
    le(shared + 16 * 8 + 8, 8, UINT64_C(0x123456789a));
    le(shared + 16 * 9, 2, 1 | 256);            /* a part of a page */
    le(shared + 16 * 9 + 4, 2, 512);
    le(shared + 16 * 9 + 6, 2, 64);
    le(shared + 16 * 256, 2, 3);                /* transitive */
    le(shared + 16 * 256 + 2, 2, 7);
    le(shared + 16 * 256 + 4, 2, 6);
    le(shared + 16 * 256 + 8, 4, 1234);
    le(status + 2 * 9, 2, 8);
    le(status + 2 * 256, 2, 8 | 16);
    text = text_of_table(2, shared, 2, status, 1);
    expect_line(text, "table 3 of 768 entries granted, 2 in use now", true);
    expect_line(text, "frame 0 2 of 256 entries granted, 1 in use now",
                true);
    expect_line(text, "8 domain 0 frame 0x123456789a access", true);
    expect_line(text, "9 domain 0 frame 0x0 bytes 512-576 access reading "
                      "sub-page", true);
    expect_line(text, "256 domain 7 domain 6 reference 1234 transitive "
                      "reading writing", true);
    free(text);
    text = text_of_table(2, shared, 2, NULL, 0);
    expect_line(text, "** without status frames: what is in use is not known",
                true);
    expect_line(text, "8 domain 0 frame 0x123456789a access (status not "
                      "known)", true);
    free(text);
}
END_TEST

/* A table that is not as its header says is bytes. */
START_TEST(other_tables_are_bytes)
{
    static const uint32_t numbers[][2] = {
        { 0, 32 }, { 4, 3 }, { 8, 4096 }, { 12, 1 }, { 16, 1 }, { 28, 1 },
        { 40, 0x1234 }, { 0, 0 } };
    static const uint32_t lies[][2] = {
        { 0, 32 }, { 4, 1 }, { 8, 4096 }, { 12, 9 }, { 16, 9 }, { 28, 9 },
        { 40, 0x1234 }, { 0, 0 } };
    static const uint32_t more[][2] = {
        { 0, 40 }, { 4, 1 }, { 8, 4096 }, { 12, 1 }, { 16, 1 }, { 28, 1 },
        { 32, 0x77 }, { 40, 1 }, { 0, 0 } };
    char *text = text_of_body(DOMCTX_GRANT_TABLE, 32 + FRAME, numbers);

    expect_line(text, "0x0020 00 00 00 00 00 00 00 00 34 12 00 00 00 00 00 "
                      "00", true);
    free(text);
    text = text_of_body(DOMCTX_GRANT_TABLE, 32 + FRAME, lies);
    expect_line(text, "0x0020 00 00 00 00 00 00 00 00 34 12 00 00 00 00 00 "
                      "00", true);
    free(text);
    text = text_of_body(DOMCTX_GRANT_TABLE, 40 + FRAME, more);
    expect_line(text, "0x0020 77 00 00 00 00 00 00 00", true);
    expect_line(text, "frame 0 1 of 512 entries granted, 0 in use now",
                true);
    free(text);
}
END_TEST

/* -- parameters and policies ---------------------------------------------- */

START_TEST(parameters_by_name)
{
    static const struct domctx_hvm_param params[] = {
        { 0, UINT64_C(0x02000000000000f3) }, { 2, 1 }, { 9, 3 },
        { 77, 0x10 } };
    domctx_builder *builder = domctx_builder_image(4, 17);
    char *text;

    ck_assert_int_eq(domctx_builder_hvm_params(builder, params, 4, NULL), 0);
    text = text_built(builder);
    expect_line(text, "CALLBACK_IRQ 0x2000000000000f3 vector 243", true);
    expect_line(text, "STORE_EVTCHN 0x1", true);
    expect_line(text, "VIRIDIAN 0x3 base no_freq", true);
    expect_line(text, "parameter 77 0x10", true);
    free(text);
}
END_TEST

START_TEST(policies_by_feature)
{
    static const struct domctx_cpuid_leaf leaves[] = {
        { 0, UINT32_MAX, 13, 0x68747541, 0x444d4163, 0x69746e65 },
        { 1, UINT32_MAX, 0, 0, UINT32_C(1) << 26, 1 | 1 << 25 | 1 << 26 },
        { 7, 0, 0, 1 << 5, 0, 0 } };
    static const struct domctx_policy_msr msrs[] = {
        { 0xce, 0, UINT64_C(0x80000000) }, { 0x10a, 0, 1 } };
    domctx_builder *builder = domctx_builder_image(4, 17);
    char *text;

    ck_assert_int_eq(domctx_builder_cpuid_policy(builder, leaves, 3, NULL),
                     0);
    ck_assert_int_eq(domctx_builder_msr_policy(builder, msrs, 2, NULL), 0);
    text = text_built(builder);
    expect_line(text, "leaf:subleaf eax ebx ecx edx", true);
    expect_line(text, "0x00000000 0000000d 68747541 444d4163 69746e65",
                true);
    expect_line(text, "0x00000001 00000000 00000000 04000000 06000001",
                true);
    expect_line(text, "xsave fpu sse sse2", true);
    expect_line(text, "0x00000007:0 00000000 00000020 00000000 00000000",
                true);
    expect_line(text, "avx2", true);
    expect_line(text, "0x0000010a ARCH_CAPABILITIES 0x1", true);
    expect_line(text, "rdcl_no", true);
    free(text);
}
END_TEST

TCase *tcase_pv(void)
{
    TCase *tcase = tcase_create("pv");

    tcase_add_test(tcase, ports_are_a_table);
    tcase_add_test(tcase, abi_and_callback);
    tcase_add_test(tcase, longer_entries_are_bytes);
    tcase_add_test(tcase, grants_of_version_1);
    tcase_add_test(tcase, grants_of_version_2);
    tcase_add_test(tcase, other_tables_are_bytes);
    tcase_add_test(tcase, parameters_by_name);
    tcase_add_test(tcase, policies_by_feature);
    return tcase;
}
