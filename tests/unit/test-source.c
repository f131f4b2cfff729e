/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Containers of today's xl, and every defect that a byte can make of one. */
#include "source-support.h"

#include <errno.h>

#define HEX(bytes) (bytes), sizeof(bytes) - 1
#define EDITS_MAX 5

/* Take out and put in. */
struct edit {
    uint64_t at, out;
    const char *in;
    size_t in_size;
};

/* The smallest file with this done to it, from the last edit to the first:
 * what is said, and whether there is a context to take. */
struct row {
    const char *ids;     /* separated by a blank */
    int result;
    struct edit edits[EDITS_MAX];
};

/* Places in the smallest file. */
#define AT_LIBXL 0x37
#define AT_CONTEXT 0x47   /* LIBXC_CONTEXT */
#define AT_IMAGE 0x4f
#define AT_DOMAIN 0x67
#define AT_STATIC 0x77
#define AT_PAGES 0x7f
#define AT_TSC 0x97       /* 32 bytes */
#define AT_HVM 0xb7
#define AT_BLOB 0xbf
#define AT_PARAMS 0xe7    /* 32 bytes */
#define AT_END 0x107
#define AT_EMULATOR 0x10f
#define AT_LAST 0x127

#define EMULATOR "\3\0\0\0\x0c\0\0\0\2\0\0\0\0\0\0\0QEVM\0\0\0\0"
#define RECORD(type) type "\0\0\0\0\0\0\0"
#define CHECKPOINT_END RECORD("\4")
/* eight bytes of keys and values */
#define XENSTORE(text) \
    HEX("\2\0\0\0\x10\0\0\0\2\0\0\0\0\0\0\0" text)
#define TSC "\x8\0\0\0\x18\0\0\0" "01234567012345670123\0\0\0\0"
#define PARAMS "\xa\0\0\0\x8\0\0\0" "\0\0\0\0\0\0\0\0"
#define POLICY "\x12\0\0\0\x10\0\0\0" "0123456789abcdef"
#define NO_PAGE "\1\0\0\0\x10\0\0\0\1\0\0\0\0\0\0\0" \
    "\0\0\0\0\0\0\0\xf0"
/* edits that make it of 4.minor */
#define V2(minor) { AT_IMAGE + 15, 1, HEX("\2") }, \
    { AT_DOMAIN + 12, 1, HEX(minor) }, { AT_STATIC, 8, HEX("") }
#define KIND_PV HEX("\x1d\0\0\0\x19\0\0\0{\"c_info\":{\"type\":\"pv\"}}\0")
/* optional data and configuration of a kind of guest */
#define KIND(kind) \
    HEX("\x1e\0\0\0\x1a\0\0\0{\"c_info\":{\"type\":\"" kind "\"}}\0")

static const struct row rows[] = {
    { "", 0, { { 0 } } },
    /* xl header */
    { "xl-byte-order", -1, { { 0x20, 4, HEX("\1\2\3\4") } } },
    { "xl-flags", -1, { { 0x24, 1, HEX("\7") } } },
    { "xl-flags", -1, { { 0x27, 1, HEX("\x80") } } },
    { "xl-optional-flags", 0, { { 0x28, 1, HEX("\1") } } },
    { "xl-no-config", 0, { { 0x2c, 11, HEX("\0\0\0\0") } } },
    { "xl-config-length", -1, { { 0x2c, 1, HEX("\3") } } },
    { "xl-config-length", -1, { { 0x30, 1, HEX("\4") } } },
    { "xl-config-length", -1, { { 0x30, 4, HEX("\xff\xff\xff\xff") } } },
    { "xl-config-surplus", 0,
      { { 0x2c, 1, HEX("\x9") }, { 0x37, 0, HEX("ab") } } },
    { "source-config", 0, { { 0x34, 1, HEX("[") } } },
    { "source-config", 0, { { 0x34, 1, HEX("\xff") } } },
    { "xl-text-config", 0, { { 0x24, 1, HEX("\2") } } },
    { "source-inner", -1, { { AT_LIBXL, 1, HEX("l") } } },
    { "xl-config-surplus source-config-large source-cut", -1,
      { { 0x2c, 4, HEX("\xff\xff\xff\xff") },
                          { 0x30, 4, HEX("\xff\xff\xff\0") } } },
    /* libxl */
    { "libxl-version", -1, { { AT_LIBXL + 11, 1, HEX("\3") } } },
    { "stream-big-endian", -1, { { AT_LIBXL + 15, 1, HEX("\1") } } },
    { "libxl-converted", 0, { { AT_LIBXL + 15, 1, HEX("\2") } } },
    { "", 0, { { AT_LIBXL + 15, 1, HEX("\2") },
               { AT_DOMAIN + 8, 1, HEX("\0") } } },
    { "libxl-xenstore-late", 0, { { AT_LAST, 0, HEX("\2\0\0\0\x8\0\0\0"
                                    "\2\0\0\0\0\0\0\0") } } },
    { "libxl-emulator-empty", 0, { { AT_EMULATOR + 4, 1, HEX("\x8") },
                                   { AT_EMULATOR + 16, 8, HEX("") } } },
    { "stream-reserved", 0, { { AT_LIBXL + 12, 1, HEX("\x80") } } },
    { "libxl-unknown", -1, { { AT_EMULATOR, 1, HEX("\6") } } },
    { "libxl-unknown", -1, { { AT_EMULATOR + 3, 1, HEX("\x80") } } },
    { "libxl-length", -1, { { AT_EMULATOR + 4, 1, HEX("\7") } } },
    { "libxl-checkpoint", -1, { { AT_EMULATOR, 1, HEX("\4") } } },
    { "libxl-checkpoint", -1, { { AT_EMULATOR, 1, HEX("\5") } } },
    { "libxl-order", -1, { { AT_CONTEXT, 0, HEX(EMULATOR) } } },
    { "libxl-order", -1, { { AT_EMULATOR, 0, HEX(RECORD("\1")) } } },
    { "libxl-order", -1, { { AT_CONTEXT, 0, HEX(RECORD("\0")) } } },
    { "libxl-emulator", 0, { { AT_EMULATOR + 8, 1, HEX("\3") } } },
    { "stream-again", 0, { { AT_LAST, 0, HEX(EMULATOR) } } },
    { "stream-padding", 0, { { AT_LAST - 1, 1, HEX("\1") } } },
    { "stream-not-empty", 0, { { AT_LAST + 4, 4, HEX("\1\0\0\0\0\0\0\0"
                                                     "\0\0\0\0") } } },
    { "source-after-end", 0, { { AT_LAST + 8, 0, HEX("x") } } },
    { "", 0, { { AT_EMULATOR, 24, HEX("") } } },          /* as of PVH */
    { "", 0, { { AT_EMULATOR, 0, HEX("\2\0\0\0\x8\0\0\0"
                                     "\1\0\0\0\0\0\0\0") } } },
    { "libxl-xenstore", 0, { { AT_EMULATOR, 0, XENSTORE("a/b\0cde\0") } } },
    { "libxl-xenstore", 0, { { AT_EMULATOR, 0,
                               XENSTORE("a\0\0bcd\0\0") } } },
    { "libxl-xenstore-bad", 0, { { AT_EMULATOR, 0,
                                   XENSTORE("abc\0defg") } } },
    { "libxl-xenstore-bad", 0, { { AT_EMULATOR, 0,
                                   XENSTORE("/bc\0def\0") } } },
    { "libxl-xenstore-bad", 0, { { AT_EMULATOR, 0,
                                   XENSTORE("abcdefg\0") } } },
    { "libxl-xenstore-bad", 0, { { AT_EMULATOR, 0,
                                   XENSTORE("\0a\0bcde\0") } } },
    { "", 0, { { 0x2c, 11, KIND("hvm") } } },
    { "libxl-emulator-missing", 0, { { 0x2c, 11, KIND("hvm") },
                                     { AT_EMULATOR, 24, HEX("") } } },
    { "libxl-no-emulator", 0, { { 0x2c, 11, KIND("pvh") } } },
    { "", 0, { { 0x2c, 11, KIND("pvh") }, { AT_EMULATOR, 24, HEX("") } } },
    { "libxc-guest", 0, { { 0x2c, 11, KIND_PV },
                          { AT_EMULATOR, 24, HEX("") } } },
    /* libxc headers */
    { "libxc-mark", -1, { { AT_IMAGE, 1, HEX("\0") } } },
    { "libxc-mark", -1, { { AT_IMAGE + 8, 1, HEX("Y") } } },
    { "libxc-version", -1, { { AT_IMAGE + 15, 1, HEX("\1") } } },
    { "libxc-version", -1, { { AT_IMAGE + 15, 1, HEX("\5") } } },
    { "stream-big-endian", -1, { { AT_IMAGE + 17, 1, HEX("\1") } } },
    { "stream-reserved", 0, { { AT_IMAGE + 16, 1, HEX("\1") } } },
    { "stream-reserved", 0, { { AT_IMAGE + 23, 1, HEX("\1") } } },
    { "source-pv", -1, { { AT_DOMAIN, 1, HEX("\1") } } },
    { "libxc-type", -1, { { AT_DOMAIN, 1, HEX("\3") } } },
    { "libxc-page-shift", -1, { { AT_DOMAIN + 4, 1, HEX("\xd") } } },
    { "stream-reserved", 0, { { AT_DOMAIN + 6, 1, HEX("\1") } } },
    { "libxc-era", 0, { { AT_DOMAIN + 12, 1, HEX("\xd") } } },
    { "libxc-era", 0, { { AT_IMAGE + 15, 1, HEX("\2") },
                        { AT_STATIC, 8, HEX("") } } },
    { "", 0, { { AT_IMAGE + 15, 1, HEX("\2") },           /* 4.13 */
               { AT_DOMAIN + 12, 1, HEX("\xd") },
               { AT_STATIC, 8, HEX("") } } },
    { "libxc-refused libxc-missing", 0, { { AT_IMAGE + 15, 1, HEX("\4") } } },
    { "libxc-missing", 0, { { AT_IMAGE + 15, 1, HEX("\4") },
                            { AT_TSC, 32, HEX("") } } },
    { "", 0, { { AT_IMAGE + 15, 1, HEX("\4") },
               { AT_TSC, 32, HEX("\x13\0\0\0\x8\0\0\0" "01234567") } } },
    { "", 0, { { AT_DOMAIN + 8, 1, HEX("\0") } } },       /* converted */
    /* libxc records */
    { "libxc-newer", 0, { { AT_IMAGE + 15, 1, HEX("\2") },
                          { AT_DOMAIN + 12, 1, HEX("\xd") } } },
    { "libxc-static-missing", 0, { { AT_STATIC, 8, HEX("") } } },
    { "libxc-static-again", 0, { { AT_STATIC, 0, HEX(RECORD("\x10")) } } },
    { "stream-not-empty", 0, { { AT_STATIC + 4, 4,
                                 HEX("\1\0\0\0\0\0\0\0\0\0\0\0") } } },
    { "libxc-policy-late", 0, { { AT_HVM, 0, HEX("\x12\0\0\0\x10\0\0\0"
                                                 "0123456789abcdef") } } },
    { "", 0, { { AT_STATIC, 0, HEX("\x12\0\0\0\x10\0\0\0"
                                   "0123456789abcdef") } } },
    { "libxc-length", 0, { { AT_STATIC, 0, HEX(RECORD("\x12")) } } },
    { "libxc-length", 0, { { AT_STATIC, 0, HEX("\x11\0\0\0\x10\0\0\0"
                                               "0123456789abcdef") } } },
    { "libxc-pages", 0, { { AT_PAGES + 8, 1, HEX("\0") } } },
    { "libxc-length", 0, { { AT_PAGES + 8, 1, HEX("\2") } } },
    { "libxc-length", 0, { { AT_PAGES + 8, 4, HEX("\xff\xff\xff\xff") } } },
    { "libxc-length", 0, { { AT_PAGES + 4, 1, HEX("\x18") },
                           { AT_PAGES + 24, 0, HEX("\0\0\0\0\0\0\0\0") } } },
    { "libxc-length", 0, { { AT_PAGES + 4, 20, HEX("\0\0\0\0") } } },
    { "stream-reserved", 0, { { AT_PAGES + 12, 1, HEX("\1") } } },
    { "libxc-mandatory", 0, { { AT_HVM, 0, HEX(RECORD("\x14")) } } },
    { "libxc-optional", 0, { { AT_HVM, 0, HEX("\0\0\0\x80\0\0\0\0") } } },
    { "libxc-refused", 0, { { AT_HVM, 0, HEX(RECORD("\x0b")) } } },
    { "libxc-refused", 0, { { AT_HVM, 0, HEX("\2\0\0\0\x8\0\0\0"
                                             "01234567") } } },
    { "libxc-refused", 0, { { AT_HVM, 0, HEX("\x13\0\0\0\x8\0\0\0"
                                             "01234567") } } },
    { "libxc-refused libxc-missing", 0,
                          { { AT_IMAGE + 15, 1, HEX("\4") },
                            { AT_TSC, 32, HEX("\x8\0\0\0\x18\0\0\0"
                                             "0123456701234567"
                                             "0123\0\0\0\0") } } },
    { "", 0, { { AT_TSC, 32, HEX("\x8\0\0\0\x18\0\0\0" "0123456701234567"
                                "0123\0\0\0\0") } } },
    { "stream-reserved", 0,
      { { AT_TSC, 32, HEX("\x8\0\0\0\x18\0\0\0" "0123456701234567"
                         "0123\0\0\1\0") } } },
    { "libxc-length", 0, { { AT_TSC, 32, HEX("\x8\0\0\0\x8\0\0\0"
                                            "01234567") } } },
    { "", 0, { { AT_HVM, 0, HEX("\xa\0\0\0\x8\0\0\0" "\0\0\0\0\0\0\0\0") } } },
    { "libxc-length", 0, { { AT_HVM, 0, HEX("\xa\0\0\0\x8\0\0\0"
                                            "\1\0\0\0\0\0\0\0") } } },
    { "libxc-length", 0, { { AT_HVM, 0, HEX(RECORD("\xa")) } } },
    { "", 0, { { AT_HVM, 0, HEX(RECORD("\xd")) } } },
    /* what is not there, too often, or elsewhere */
    { "libxc-missing", 0, { { AT_TSC, 32, HEX("") } } },
    { "libxc-missing", 0, { { AT_PARAMS, 32, HEX("") } } },
    { "libxc-missing", 0, { { AT_PAGES, 24, HEX("") } } },
    { "libxc-missing libxc-missing", 0, { { AT_STATIC, 8 + 24, HEX("") } } },
    { "libxc-missing libxc-missing libxc-missing libxc-missing "
      "source-context-missing", -1,
      { { AT_STATIC, AT_END - AT_STATIC, HEX("") } } },
    { "", 0, { { AT_DOMAIN + 8, 1, HEX("\0") },           /* from 3.4 */
               { AT_TSC, 32, HEX("") } } },
    { "libxc-missing", 0, { { AT_DOMAIN + 8, 1, HEX("\0") },
                            { AT_PARAMS, 32, HEX("") } } },
    { "stream-again", 0, { { AT_TSC, 0, HEX(TSC) } } },
    { "stream-again", 0, { { AT_STATIC, 0, HEX(POLICY POLICY) } } },
    { "", 0, { { AT_PARAMS, 0, HEX(PARAMS) } } },
    { "stream-again", 0, { { AT_PARAMS, 0, HEX(PARAMS PARAMS) } } },
    { "libxc-order", 0, { { AT_PARAMS, 0, HEX(NO_PAGE) } } },
    { "libxc-order", 0, { { AT_PAGES, 24, HEX("") },
                          { AT_PARAMS, 0, HEX(NO_PAGE NO_PAGE) } } },
    { "stream-reserved", 0, { { AT_PARAMS + 12, 1, HEX("\1") } } },
    { "libxc-length", 0, { { AT_PARAMS + 4, 1, HEX("\x20") },
                           { AT_END, 0, HEX("\0\0\0\0\0\0\0\0") } } },
    { "libxc-length", 0, { V2("\x9"),
                           { AT_PARAMS + 4, 1, HEX("\x20") },
                           { AT_END, 0, HEX("\0\0\0\0\0\0\0\0") } } },
    { "libxc-params-long", 0,
      { V2("\x8"), { AT_PARAMS + 4, 1, HEX("\x20") },
        { AT_END, 0, HEX("\0\0\0\0\0\0\0\0") } } },
    { "libxc-length", 0, { V2("\x8"), { AT_PARAMS + 8, 1, HEX("\2") } } },
    /* lists of pages */
    { "libxc-page-type", 0, { { AT_PAGES + 23, 1, HEX("\x50") } } },
    { "libxc-page-type", 0, { { AT_PAGES + 23, 1, HEX("\x80") } } },
    { "", 0, { { AT_PAGES + 23, 1, HEX("\xd0") } } },     /* BROKEN */
    { "libxc-length", 0, { { AT_PAGES + 23, 1, HEX("\0") } } },
    { "libxc-page-table libxc-length", 0,
      { { AT_PAGES + 23, 1, HEX("\x10") } } },
    { "libxc-page-table libxc-length", 0,
      { { AT_PAGES + 23, 1, HEX("\xc0") } } },
    { "stream-reserved", 0, { { AT_PAGES + 23, 1, HEX("\xf8") } } },
    { "stream-reserved", 0, { { AT_PAGES + 22, 1, HEX("\x10") } } },
    { "", 0, { { AT_PAGES + 22, 1, HEX("\xf") } } },
    { "source-long", -1, { { AT_HVM + 7, 1, HEX("\x80") } } },
    { "source-long", -1, { { AT_HVM + 4, 4, HEX("\1\0\0\x8") } } },
    { "source-context-cut", -1, { { AT_HVM + 4, 4, HEX("\0\0\0\x8") } } },
    { "source-context-missing", -1, { { AT_HVM, 48, HEX("") } } },
    { "source-context-empty", -1, { { AT_HVM + 4, 44, HEX("\0\0\0\0") } } },
    { "stream-again source-context-several", 0,
      { { AT_END, 0, HEX("\x9\0\0\0\x8\0\0\0" "\0\0\0\0\0\0\0\0") } } },
    /* checkpoints */
    { "libxc-checkpoint source-checkpoint-end", 0,
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END) },
        { AT_END, 0x28, HEX("") } } },
    { "libxc-checkpoint libxc-buffered", 0,
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END
                         "\0\0\0\x80\0\0\0\0") } } },
    { "libxc-checkpoint source-cut", -1,
      { { AT_END, 0x28, HEX(RECORD("\xe") EMULATOR) } } },
    /* damage behind a checkpoint: readers go back to it */
    { "libxc-checkpoint source-long source-checkpoint-damaged", 0,
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END
                         "\1\0\0\0\xff\xff\xff\xff") } } },
    { "libxc-checkpoint libxc-mandatory source-checkpoint-end", 0,
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END
                         "\x42\0\0\0\0\0\0\0") },
        { AT_END, 0x28, HEX("") } } },
    { "libxc-checkpoint libxc-missing libxc-missing libxc-missing "
      "libxl-unknown source-checkpoint-damaged", 0, /* the second is void */
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END
                         RECORD("\xe") RECORD("\6")) } } },
    { "libxc-checkpoint libxl-unknown", -1, /* none is complete */
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR RECORD("\6")) } } },
    /* nor from behind the end of the libxc stream */
    { "libxc-checkpoint libxl-checkpoint", -1,
      { { AT_END, 0, HEX(RECORD("\xe") EMULATOR CHECKPOINT_END) },
        { AT_LAST, 0, HEX(CHECKPOINT_END) } } },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

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
    if (size >= AT_LIBXL && size < AT_LIBXL + 8)
        return "source-inner";
    return size >= AT_BLOB && size < AT_PARAMS ? "source-context-cut"
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
    tcase_add_loop_test(tc, configuration, 0, 2);
    tcase_add_test(tc, not_recognised);
    tcase_add_test(tc, failing_over);
    tcase_add_test(tc, bad_domain_context);
    tcase_add_test(tc, found);
    tcase_add_test(tc, read_fails);
    tcase_add_test(tc, every_cut);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
