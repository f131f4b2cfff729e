/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of the smallest save file, each a defect, and what is said of it. */
#ifndef UNIT_TEST_SOURCE_ROWS_H
#define UNIT_TEST_SOURCE_ROWS_H

#include "container/source-support.h"

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
    { "libxl-emulator-bad", 0, { { AT_EMULATOR + 4, 1, HEX("\xb") },
                                 { AT_EMULATOR + 19, 1, HEX("\0") } } },
    { "libxl-emulator-bad", 0, { { AT_EMULATOR + 16, 1, HEX("q") } } },
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
    { "libxc-made-for", 0, { { AT_IMAGE + 15, 1, HEX("\2") },
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
    { "source-long", -1, { { AT_HVM + 4, 4, HEX("\1\0\0\x1") } } },
    { "source-context-cut", -1, { { AT_HVM + 4, 4, HEX("\0\0\0\x1") } } },
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
    { "libxc-checkpoint source-rest-cut", -1,
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

#endif /* UNIT_TEST_SOURCE_ROWS_H */
