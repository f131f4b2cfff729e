/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of an image, one row each: a sound image, what is changed in it,
 * and the one message that must come.  Every row runs in both byte orders.
 * A row without a message is the positive beside its negatives.
 */
#include "support.h"

#include <bytes.h>

/* The images that rows start from, and where their records are. */
enum base {
    MIN,      /* START 0, END 24 (40 bytes) */
    GOLD,     /* START 0, SHARED_INFO 24, TSC_INFO 3184, END 3224 */
    GOLD32,   /* START 0, SHARED_INFO 24, TSC_INFO 2392, END 2432 */
    ARM,      /* START 0, SHARED_INFO 24, END 1136 */
    MIGRATED, /* START 0, HEADER 24, PIC/0 64, PIC/1 88, END 112 (128) */
    WRAPPED,  /* START 0, HVM_CONTEXT 24 (body 40: HEADER 40, PIC/0 72,
               * PIC/1 88, END 104), END 112 (128) */
    TRAILER,  /* START 0, END 24, PROVENANCE 40, DIGEST 64 (96) */
    NOTHING,  /* no bytes */
};

enum what {
    DONE,
    S8, S32, S64, /* set at: value, in the image's order */
    L32,          /* set at: value, little-endian */
    CUT,          /* to at bytes */
    REC,          /* append a record: at type, value instance, length zeros */
    HEAD,         /* append a header alone */
    STARTREC, ENDREC,
    TEXT,         /* append PROVENANCE with this text */
    SEAL,         /* append a DIGEST */
    RAW,          /* append length bytes of value */
};

struct op {
    enum what what;
    uint64_t at, value, length;
    const char *text;
};

struct row {
    const char *name;
    enum base base;
    const char *id;   /* NULL: sound, no finding */
    bool taken;       /* the image is taken although something is said */
    struct op ops[8];
};

#define TAKEN true
#define REFUSED false
#define SOUND NULL, true
#define BIG UINT64_C(0xffffffffffffffff)

#define HVM(code) DOMCTX_HVM_RECORD(code)

static const struct row rows[] = {
    /* what a v1 image is */
    { "smallest-image", MIN, SOUND, { { DONE } } },
    { "golden-x86-64", GOLD, SOUND, { { DONE } } },
    { "golden-x86-32", GOLD32, SOUND, { { DONE } } },
    { "golden-arm", ARM, SOUND, { { DONE } } },
    { "migrated", MIGRATED, SOUND, { { DONE } } },
    { "wrapped", WRAPPED, SOUND, { { DONE } } },
    { "trailer", TRAILER, SOUND, { { DONE } } },

    /* the beginning */
    { "empty-input", NOTHING, "image-truncated", REFUSED, { { DONE } } },
    { "three-bytes", MIN, "image-truncated", REFUSED, { { CUT, 3 } } },
    { "first-is-END", MIN, "image-start-missing", REFUSED,
      { { S32, 0, 0 } } },
    { "first-is-SHARED_INFO", MIN, "image-start-missing", REFUSED,
      { { S32, 0, 2 } } },
    { "first-is-HVM-record", MIN, "image-start-missing", REFUSED,
      { { S32, 0, HVM(1) } } },
    { "first-type-all-ones", MIN, "image-start-missing", REFUSED,
      { { S32, 0, UINT32_MAX } } },
    { "start-instance-1", MIN, "image-start-instance", REFUSED,
      { { S32, 4, 1 } } },
    { "start-length-0", MIN, "image-start-length", REFUSED,
      { { CUT, 0 }, { HEAD, 1, 0, 0 }, { ENDREC } } },
    { "start-length-7", MIN, "image-start-length", REFUSED,
      { { S64, 8, 7 } } },
    { "start-length-9", MIN, "image-start-length", REFUSED,
      { { CUT, 0 }, { REC, 1, 0, 9 }, { ENDREC } } },
    { "start-length-16", MIN, "image-start-length", REFUSED,
      { { CUT, 0 }, { REC, 1, 0, 16 }, { ENDREC } } },
    { "start-again", MIN, "image-start-again", REFUSED,
      { { CUT, 24 }, { STARTREC }, { ENDREC } } },
    { "start-again-instance-1", MIN, "image-start-again", REFUSED,
      { { CUT, 24 }, { REC, 1, 1, 8 }, { ENDREC } } },

    /* the end */
    { "end-missing", MIN, "image-end-missing", REFUSED, { { CUT, 24 } } },
    { "end-missing-after-records", GOLD, "image-end-missing", REFUSED,
      { { CUT, 3224 } } },
    { "end-cut-by-one", MIN, "image-truncated", REFUSED, { { CUT, 39 } } },
    { "end-instance-1", MIN, "image-end-instance", REFUSED,
      { { S32, 28, 1 } } },
    { "end-length-8", MIN, "image-end-length", REFUSED,
      { { S64, 32, 8 }, { RAW, 0, 0, 8 } } },
    { "end-length-1", MIN, "image-end-length", REFUSED,
      { { S64, 32, 1 }, { RAW, 0, 0, 8 } } },
    { "after-end-one-byte", MIN, "image-after-end", TAKEN,
      { { RAW, 0, 0, 1 } } },
    { "after-end-zeros", MIN, "image-after-end", TAKEN,
      { { RAW, 0, 0, 64 } } },
    { "after-end-garbage", MIN, "image-after-end", TAKEN,
      { { RAW, 0, 0xa5, 100 } } },
    { "after-end-another-image", MIN, "image-after-end", TAKEN,
      { { STARTREC }, { ENDREC } } },
    { "after-end-a-record-with-a-mad-length", MIN, "image-after-end", TAKEN,
      { { HEAD, 2, 0, BIG } } },

    /* lengths */
    { "length-passes-by-one", GOLD, "image-length", REFUSED,
      { { S64, 32, 3201 } } },
    { "length-to-the-end", GOLD, "image-end-missing", REFUSED,
      { { S64, 32, 3200 } } },
    { "length-2^63", GOLD, "image-length", REFUSED,
      { { S64, 32, UINT64_C(1) << 63 } } },
    { "length-2^64-8", GOLD, "image-length", REFUSED,
      { { S64, 32, BIG - 7 } } },
    { "length-2^64-16", GOLD, "image-length", REFUSED,
      { { S64, 32, BIG - 15 } } },
    { "length-2^64-40", GOLD, "image-length", REFUSED,
      { { S64, 32, BIG - 39 } } },
    { "length-2^64-7", GOLD, "image-length-overflow", REFUSED,
      { { S64, 32, BIG - 6 } } },
    { "length-2^64-1", GOLD, "image-length-overflow", REFUSED,
      { { S64, 32, BIG } } },
    { "length-2^32", GOLD, "image-length", REFUSED,
      { { S64, 32, UINT64_C(1) << 32 } } },
    { "start-length-2^64-1", MIN, "image-start-length", REFUSED,
      { { CUT, 0 }, { REC, 1, 0, 9 }, { ENDREC } } },
    { "padding-cut", MIN, "image-length", REFUSED,
      { { CUT, 24 }, { HEAD, HVM(9), 0, 4 }, { RAW, 0, 0, 7 } } },

    /* padding and reserved */
    { "padding-first-byte", MIN, "image-padding", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_EVTCHN, 0, 4 }, { S8, 44, 1 },
        { ENDREC } } },
    { "padding-last-byte", MIN, "image-padding", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_EVTCHN, 0, 1 }, { S8, 47, 0x80 },
        { ENDREC } } },
    { "padding-zero", MIN, SOUND,
      { { CUT, 24 }, { REC, DOMCTX_EVTCHN, 0, 1 }, { S8, 40, 0x80 },
        { ENDREC } } },
    { "shared-info-flags-bit-1", GOLD, "shared-info-flags", REFUSED,
      { { S32, 40, 2 } } },
    { "shared-info-flags-bit-31", GOLD, "shared-info-flags", REFUSED,
      { { S32, 40, UINT32_C(1) << 31 } } },
    { "shared-info-reserved-word", GOLD, "shared-info-reserved", REFUSED,
      { { S32, 44, 1 } } },
    { "shared-info-reserved-word-x86-32", GOLD32, "shared-info-reserved",
      REFUSED, { { S32, 44, 0x80000000 } } },
    { "shared-info-reserved-word-arm", ARM, "shared-info-reserved", REFUSED,
      { { S32, 44, 1 } } },
    { "shared-info-buffer-at-4-x86-64", GOLD, SOUND,
      { { CUT, 24 }, { REC, 2, 0, 3140 }, { S32, 44, 7 }, { ENDREC } } },
    { "shared-info-buffer-at-4-x86-32", GOLD, SOUND,
      { { CUT, 24 }, { REC, 2, 0, 2348 }, { S32, 40, 1 }, { S32, 44, 7 },
        { ENDREC } } },
    { "shared-info-buffer-at-4-arm", GOLD, SOUND,
      { { CUT, 24 }, { REC, 2, 0, 1092 }, { S32, 44, 7 }, { ENDREC } } },
    { "tsc-info-20", GOLD, SOUND,
      { { CUT, 24 }, { REC, 3, 0, 20 }, { S32, 40, 2 }, { ENDREC } } },
    { "tsc-info-24-tail", GOLD, "tsc-info-reserved", REFUSED,
      { { S32, 3184 + 16 + 20, 1 } } },
    { "tsc-info-20-padding", MIN, "image-padding", REFUSED,
      { { CUT, 24 }, { REC, 3, 0, 20 }, { S32, 60, 1 }, { ENDREC } } },

    /* types and instances */
    { "type-4", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, 4, 0, 8 }, { ENDREC } } },
    { "type-all-ones", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, UINT32_MAX, 0, 0 }, { ENDREC } } },
    { "type-below-HVM_CONTEXT", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, 0x4855ffff, 0, 0 }, { ENDREC } } },
    { "type-above-HVM-records", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, 0x48570000, 0, 0 }, { ENDREC } } },
    { "type-0x50560000", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, 0x50560000, 0, 0 }, { ENDREC } } },
    { "type-0x50560003", MIN, "image-type-unknown", REFUSED,
      { { CUT, 24 }, { REC, 0x50560003, 0, 0 }, { ENDREC } } },
    { "type-EVTCHN-and-GRANT_TABLE", MIN, SOUND,
      { { CUT, 24 }, { REC, DOMCTX_EVTCHN, 0, 8 },
        { REC, DOMCTX_GRANT_TABLE, 0, 8 }, { ENDREC } } },
    { "shared-info-instance-1", GOLD, "image-instance", REFUSED,
      { { S32, 28, 1 } } },
    { "tsc-info-instance-1", GOLD, "image-instance", REFUSED,
      { { S32, 3188, 1 } } },
    { "hvm-context-instance-1", WRAPPED, "image-instance", REFUSED,
      { { S32, 28, 1 } } },
    { "evtchn-instance-1", MIN, "image-instance", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_EVTCHN, 1, 8 }, { ENDREC } } },
    { "grant-table-instance-all-ones", MIN, "image-instance", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_GRANT_TABLE, UINT32_MAX, 8 },
        { ENDREC } } },
    { "hvm-instance-65535", MIGRATED, SOUND,
      { { CUT, 112 }, { REC, HVM(19), 65535, 8 }, { ENDREC } } },
    { "hvm-instance-65536", MIGRATED, "image-instance-range", REFUSED,
      { { CUT, 112 }, { REC, HVM(19), 65536, 8 }, { ENDREC } } },

    /* duplicates and forms */
    { "duplicate-shared-info", GOLD, "image-duplicate", REFUSED,
      { { CUT, 3224 }, { REC, 2, 0, 3144 }, { ENDREC } } },
    { "duplicate-tsc-info", GOLD, "image-duplicate", REFUSED,
      { { CUT, 3224 }, { REC, 3, 0, 24 }, { ENDREC } } },
    { "duplicate-side-by-side", MIGRATED, "image-duplicate", REFUSED,
      { { S32, 92, 0 } } },
    { "duplicate-far-apart", MIGRATED, "image-duplicate", REFUSED,
      { { CUT, 112 }, { REC, HVM(9), 0, 8 }, { REC, HVM(3), 0, 8 },
        { ENDREC } } },
    { "duplicate-hvm-context", WRAPPED, "image-duplicate", REFUSED,
      { { CUT, 112 }, { REC, DOMCTX_HVM_CONTEXT, 0, 0 }, { ENDREC } } },
    { "order-is-free", MIGRATED, SOUND,
      { { CUT, 112 }, { REC, HVM(13), 0, 8 }, { REC, HVM(9), 0, 8 },
        { REC, 3, 0, 24 }, { ENDREC } } },
    { "both-forms-wrapped-first", WRAPPED, "image-both-forms", REFUSED,
      { { CUT, 112 }, { REC, HVM(9), 0, 8 }, { ENDREC } } },
    { "both-forms-migrated-first", MIGRATED, "image-both-forms", REFUSED,
      { { CUT, 112 }, { REC, DOMCTX_HVM_CONTEXT, 0, 8 }, { ENDREC } } },

    /* content: said, but the image is taken */
    { "shared-info-length-0", MIN, "shared-info-length", TAKEN,
      { { CUT, 24 }, { REC, 2, 0, 0 }, { ENDREC } } },
    { "shared-info-length-3", MIN, "shared-info-length", TAKEN,
      { { CUT, 24 }, { REC, 2, 0, 3 }, { ENDREC } } },
    { "shared-info-length-page", MIN, "shared-info-length", TAKEN,
      { { CUT, 24 }, { REC, 2, 0, 4096 }, { ENDREC } } },
    { "shared-info-length-3143", MIN, "shared-info-length", TAKEN,
      { { CUT, 24 }, { REC, 2, 0, 3143 }, { ENDREC } } },
    { "shared-info-64-bit-size-with-32-bit-flag", GOLD, "shared-info-length",
      TAKEN, { { S32, 40, 1 } } },
    { "shared-info-32-bit-size-without-flag", GOLD32, "shared-info-length",
      TAKEN, { { S32, 40, 0 } } },
    { "shared-info-arm-with-32-bit-flag", ARM, "shared-info-length", TAKEN,
      { { S32, 40, 1 } } },
    { "shared-info-arm-with-tsc-info", ARM, "image-arch-mixed", TAKEN,
      { { CUT, 1136 }, { REC, 3, 0, 24 }, { ENDREC } } },
    { "shared-info-arm-with-hvm-state", MIGRATED, "image-arch-mixed", TAKEN,
      { { CUT, 112 }, { REC, 2, 0, 1096 }, { ENDREC } } },
    { "tsc-info-length-0", MIN, "tsc-info-length", TAKEN,
      { { CUT, 24 }, { REC, 3, 0, 0 }, { ENDREC } } },
    { "tsc-info-length-19", MIN, "tsc-info-length", TAKEN,
      { { CUT, 24 }, { REC, 3, 0, 19 }, { ENDREC } } },
    { "tsc-info-length-32", MIN, "tsc-info-length", TAKEN,
      { { CUT, 24 }, { REC, 3, 0, 32 }, { ENDREC } } },
    { "tsc-info-mode-2", GOLD, SOUND, { { S32, 3200, 2 } } },
    { "tsc-info-mode-3", GOLD, "tsc-info-mode", TAKEN,
      { { S32, 3200, 3 } } },
    { "tsc-info-mode-all-ones", GOLD, "tsc-info-mode", TAKEN,
      { { S32, 3200, UINT32_MAX } } },
    { "hvm-header-missing", MIN, "image-header-missing", TAKEN,
      { { CUT, 24 }, { REC, HVM(9), 0, 8 }, { ENDREC } } },
    { "hvm-header-not-first", MIN, "image-header-missing", TAKEN,
      { { CUT, 24 }, { REC, HVM(9), 0, 8 }, { REC, HVM(1), 0, 24 },
        { ENDREC } } },
    { "hvm-header-magic", MIGRATED, "image-header-magic", TAKEN,
      { { L32, 40, 0x54381287 } } },
    { "hvm-header-version", MIGRATED, "image-header-version", TAKEN,
      { { L32, 44, 2 } } },
    { "hvm-header-instance", MIGRATED, "record-instance", TAKEN,
      { { S32, 28, 1 } } },
    { "hvm-typecode-21", MIGRATED, "hvm-typecode", TAKEN,
      { { CUT, 112 }, { REC, HVM(21), 0, 8 }, { ENDREC } } },
    { "hvm-typecode-65535", MIGRATED, "hvm-typecode", TAKEN,
      { { CUT, 112 }, { REC, HVM(65535), 0, 8 }, { ENDREC } } },
    { "hvm-pic-instance-2", MIGRATED, "record-instance", TAKEN,
      { { CUT, 112 }, { REC, HVM(3), 2, 8 }, { ENDREC } } },
    { "hvm-rtc-instance-1", MIGRATED, "record-instance", TAKEN,
      { { CUT, 112 }, { REC, HVM(11), 1, 24 }, { ENDREC } } },
    { "hvm-pci-link-length-9", MIGRATED, "record-length", TAKEN,
      { { CUT, 112 }, { REC, HVM(9), 0, 9 }, { ENDREC } } },
    { "hvm-pci-link-length-0", MIGRATED, "record-length", TAKEN,
      { { CUT, 112 }, { REC, HVM(9), 0, 0 }, { ENDREC } } },
    { "hvm-cpu-of-4.6-in-4.17", MIGRATED, "record-length", TAKEN,
      { { CUT, 112 }, { REC, HVM(2), 0, 1024 }, { ENDREC } } },
    { "hvm-cpu-of-4.6-in-4.6", MIGRATED, SOUND,
      { { S32, 20, 6 }, { CUT, 112 }, { REC, HVM(2), 0, 1024 },
        { ENDREC } } },
    { "hvm-lapic-24-in-4.17", MIGRATED, SOUND,
      { { CUT, 112 }, { REC, HVM(5), 0, 24 }, { ENDREC } } },
    { "hvm-lapic-32-in-4.17", MIGRATED, "record-length", TAKEN,
      { { CUT, 112 }, { REC, HVM(5), 0, 32 }, { ENDREC } } },
    { "hvm-lapic-24-in-4.19", MIGRATED, SOUND,
      { { S32, 20, 19 }, { CUT, 112 }, { REC, HVM(5), 0, 24 },
        { ENDREC } } },
    { "hvm-lapic-32-in-4.19", MIGRATED, SOUND,
      { { S32, 20, 19 }, { CUT, 112 }, { REC, HVM(5), 0, 32 },
        { ENDREC } } },
    { "hvm-vmce-24-in-4.9", MIGRATED, SOUND,
      { { S32, 20, 9 }, { CUT, 112 }, { REC, HVM(18), 0, 24 },
        { ENDREC } } },
    { "hvm-vmce-24-in-4.10", MIGRATED, "record-length", TAKEN,
      { { S32, 20, 10 }, { CUT, 112 }, { REC, HVM(18), 0, 24 },
        { ENDREC } } },
    { "hvm-vmce-32-in-4.9", MIGRATED, "record-length", TAKEN,
      { { S32, 20, 9 }, { CUT, 112 }, { REC, HVM(18), 0, 32 },
        { ENDREC } } },
    { "hvm-cpu-msr-count-0", MIGRATED, "hvm-msr-count", TAKEN,
      { { CUT, 112 }, { REC, HVM(20), 0, 8 }, { ENDREC } } },
    { "hvm-cpu-msr-count-1", MIGRATED, SOUND,
      { { CUT, 112 }, { REC, HVM(20), 0, 24 }, { L32, 128, 1 },
        { ENDREC } } },
    { "hvm-cpu-msr-count-2-in-24-bytes", MIGRATED, "hvm-msr-count", TAKEN,
      { { CUT, 112 }, { REC, HVM(20), 0, 24 }, { L32, 128, 2 },
        { ENDREC } } },
    { "hvm-cpu-msr-count-2^32-1", MIGRATED, "hvm-msr-count", TAKEN,
      { { CUT, 112 }, { REC, HVM(20), 0, 24 }, { L32, 128, UINT32_MAX },
        { ENDREC } } },
    { "version-4.22", GOLD, SOUND, { { S32, 20, 22 } } },
    { "version-4.23", GOLD, "image-newer", TAKEN, { { S32, 20, 23 } } },
    { "version-5.0", GOLD, "image-newer", TAKEN,
      { { S32, 16, 5 }, { S32, 20, 0 } } },
    { "version-all-ones", GOLD, "image-newer", TAKEN,
      { { S32, 16, UINT32_MAX }, { S32, 20, UINT32_MAX } } },
    { "version-3.2^32-1-is-older-than-4", GOLD, SOUND,
      { { S32, 16, 3 }, { S32, 20, UINT32_MAX } } },
    { "version-0.0", GOLD, SOUND, { { S32, 16, 0 }, { S32, 20, 0 } } },

    /* the blob in HVM_CONTEXT */
    { "wrapped-no-header", WRAPPED, "hvm-header-missing", REFUSED,
      { { S8, 40, 2 } } },
    { "wrapped-bad-magic", WRAPPED, "hvm-magic", REFUSED,
      { { S8, 48, 0 } } },
    { "wrapped-no-end", WRAPPED, "hvm-end-missing", REFUSED,
      { { S64, 32, 64 }, { CUT, 104 }, { ENDREC } } },
    { "wrapped-cut", WRAPPED, "hvm-truncated", REFUSED,
      { { S64, 32, 56 }, { CUT, 96 }, { ENDREC } } },
    { "wrapped-empty", MIN, "hvm-truncated", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_HVM_CONTEXT, 0, 0 }, { ENDREC } } },
    { "wrapped-duplicate", WRAPPED, "hvm-duplicate", TAKEN,
      { { S8, 90, 0 } } },
    { "wrapped-unknown-typecode", WRAPPED, "hvm-typecode", TAKEN,
      { { S8, 88, 99 } } },
    { "wrapped-bytes-after-end", WRAPPED, "hvm-after-end", TAKEN,
      { { S64, 32, 80 }, { CUT, 112 }, { RAW, 0, 0xee, 8 }, { ENDREC } } },

    /* the trailer */
    { "provenance-alone", TRAILER, SOUND, { { CUT, 64 } } },
    { "digest-alone", MIN, SOUND, { { SEAL } } },
    { "provenance-before-end", MIN, "image-trailer-early", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_PROVENANCE, 0, 2 }, { ENDREC } } },
    { "digest-before-end", MIN, "image-trailer-early", REFUSED,
      { { CUT, 24 }, { REC, DOMCTX_DIGEST, 0, 16 }, { ENDREC } } },
    { "provenance-instance-1", TRAILER, "trailer-instance", REFUSED,
      { { S32, 44, 1 } } },
    { "digest-instance-1", TRAILER, "trailer-instance", REFUSED,
      { { S32, 68, 1 } } },
    { "provenance-padding", TRAILER, "trailer-padding", REFUSED,
      { { CUT, 64 }, { S8, 63, 1 }, { SEAL } } },
    { "provenance-twice", TRAILER, "trailer-duplicate", REFUSED,
      { { CUT, 64 }, { TEXT, .text = "{}" }, { SEAL } } },
    { "digest-twice", TRAILER, "trailer-duplicate", REFUSED, { { SEAL } } },
    { "provenance-after-digest", MIN, "trailer-order", REFUSED,
      { { SEAL }, { TEXT, .text = "{}" } } },
    { "trailer-cut-in-type", TRAILER, "image-after-end", TAKEN,
      { { CUT, 43 } } },
    { "trailer-cut-in-header", TRAILER, "trailer-truncated", REFUSED,
      { { CUT, 44 } } },
    { "trailer-cut-in-body", TRAILER, "trailer-truncated", REFUSED,
      { { CUT, 63 } } },
    { "trailer-cut-in-digest-header", TRAILER, "trailer-truncated", REFUSED,
      { { CUT, 79 } } },
    { "trailer-cut-in-digest", TRAILER, "trailer-truncated", REFUSED,
      { { CUT, 95 } } },
    { "trailer-length-2^64-1", TRAILER, "image-length-overflow", REFUSED,
      { { S64, 48, BIG } } },
    { "trailer-length-2^64-8", TRAILER, "trailer-truncated", REFUSED,
      { { S64, 48, BIG - 7 } } },
    { "after-trailer", TRAILER, "image-after-end", TAKEN,
      { { RAW, 0, 0, 9 } } },
    { "digest-length-8", MIN, "digest-length", REFUSED,
      { { REC, DOMCTX_DIGEST, 0, 8 } } },
    { "digest-length-24", MIN, "digest-length", REFUSED,
      { { REC, DOMCTX_DIGEST, 0, 24 } } },
    { "digest-algorithm-0", TRAILER, "digest-algorithm", REFUSED,
      { { S32, 80, 0 } } },
    { "digest-algorithm-2", TRAILER, "digest-algorithm", REFUSED,
      { { S32, 80, 2 } } },
    { "digest-reserved-word", TRAILER, "digest-reserved", REFUSED,
      { { S32, 84, 1 } } },
    { "digest-value", TRAILER, "digest-mismatch", REFUSED,
      { { S8, 88, 0x77 } } },
    { "digest-of-other-bytes", TRAILER, "digest-mismatch", REFUSED,
      { { S32, 20, 16 } } },
    { "digest-covers-provenance", TRAILER, "digest-mismatch", REFUSED,
      { { S64, 48, 3 }, { S8, 58, ' ' } } },
    { "provenance-empty", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "" } } },
    { "provenance-array", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "[]" } } },
    { "provenance-string", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "\"x\"" } } },
    { "provenance-number", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "1" } } },
    { "provenance-cut", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "{\"a\":1" } } },
    { "provenance-two-objects", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "{}{}" } } },
    { "provenance-nul-at-the-end", MIN, "provenance-json", REFUSED,
      { { REC, DOMCTX_PROVENANCE, 0, 3 } } },
    { "provenance-latin-1", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "{\"a\":\"\xe4\"}" } } },
    { "provenance-overlong-utf-8", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "{\"a\":\"\xc0\xaf\"}" } } },
    { "provenance-surrogate", MIN, "provenance-json", REFUSED,
      { { TEXT, .text = "{\"a\":\"\xed\xa0\x80\"}" } } },
    { "provenance-utf-8", MIN, SOUND,
      { { TEXT, .text = "{\"a\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}" }
      } },
};
#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static void put_shared(struct bytes *b, uint32_t flags, size_t size)
{
    size_t at = b->size + 16;

    put_zeros(b, DOMCTX_SHARED_INFO, 0, 8 + size);
    set32(b, at, flags);
}

static void put_pic_blob(struct bytes *b)
{
    struct bytes blob = { 0 };

    put_hvm_header(&blob);
    put_hvm_zeros(&blob, 3, 0, 8);
    put_hvm_zeros(&blob, 3, 1, 8);
    put_hvm_end(&blob);
    put_record(b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    bytes_free(&blob);
}

static void put_migrated(struct bytes *b)
{
    size_t at = b->size + 16;

    put_zeros(b, HVM(1), 0, 24);
    put_le32(b->p + at, 0x54381286);
    put_le32(b->p + at + 4, 1);
    put_zeros(b, HVM(3), 0, 8);
    put_zeros(b, HVM(3), 1, 8);
}

static void put_base(struct bytes *b, enum base base)
{
    if (base == NOTHING)
        return;
    put_start(b, 4, 17);
    if (base == GOLD || base == GOLD32) {
        put_shared(b, base == GOLD32, base == GOLD ? 3136 : 2344);
        put_zeros(b, DOMCTX_TSC_INFO, 0, 24);
    } else if (base == ARM) {
        put_shared(b, 0, 1088);
    } else if (base == MIGRATED) {
        put_migrated(b);
    } else if (base == WRAPPED) {
        put_pic_blob(b);
    }
    put_end(b);
    if (base == TRAILER) {
        put_record(b, DOMCTX_PROVENANCE, 0, "{}", 2);
        put_digest(b);
    }
}

static void apply(struct bytes *b, const struct op *op)
{
    switch (op->what) {
    case S8:
        set8(b, op->at, (uint8_t)op->value);
        break;
    case S32:
        set32(b, op->at, (uint32_t)op->value);
        break;
    case S64:
        set64(b, op->at, op->value);
        break;
    case L32:
        put_le32(b->p + op->at, (uint32_t)op->value);
        break;
    case CUT:
        b->size = op->at;
        break;
    case REC:
        put_zeros(b, (uint32_t)op->at, (uint32_t)op->value, op->length);
        break;
    case HEAD:
        put_header(b, (uint32_t)op->at, (uint32_t)op->value, op->length);
        break;
    case STARTREC:
        put_start(b, 4, 17);
        break;
    case ENDREC:
        put_end(b);
        break;
    case TEXT:
        put_record(b, DOMCTX_PROVENANCE, 0, op->text, strlen(op->text));
        break;
    case SEAL:
        put_digest(b);
        break;
    case RAW:
        for (uint64_t i = 0; i < op->length; i++) {
            uint8_t byte = (uint8_t)op->value;

            put_raw(b, &byte, 1);
        }
        break;
    case DONE:
    default:
        break;
    }
}

static void check_row(int i)
{
    const struct row *row = &rows[i / 2];
    struct bytes b = { .big = i % 2 };
    domctx_image *image;

    put_base(&b, row->base);
    for (size_t n = 0; n < 8 && row->ops[n].what != DONE; n++)
        apply(&b, &row->ops[n]);
    if (row->taken) {
        image = image_taken(&b, row->id);
        ck_assert(domctx_image_big_endian(image) == b.big);
        domctx_image_free(image);
    } else {
        image_refused(&b, row->id);
    }
    bytes_free(&b);
}

/* A sound image cut at every length: refused, but where what is left is an
 * image. */
static void check_cut(int base)
{
    struct bytes b = { 0 };
    size_t whole;

    put_base(&b, (enum base)base);
    whole = b.size;
    for (size_t size = 0; size < whole; size++) {
        domctx_report *report = domctx_report_new();
        domctx_image *image;
        void *mapping;
        size_t mapped;
        const uint8_t *p;
        int result;

        b.size = size;
        p = at_edge(&b, &mapping, &mapped);
        result = domctx_image_parse(p, size, &image, report);
        /* after END and after PROVENANCE an image may end, and three bytes
         * do not tell yet whether a trailer's record begins */
        if (base == TRAILER && (size & ~3u) == 40)
            expect_only(report, size == 40 ? NULL : "image-after-end");
        else if (base == TRAILER && (size & ~3u) == 64)
            expect_only(report, size == 64 ? NULL : "image-after-end");
        else
            ck_assert_msg(result == -1, "taken with %zu bytes", size);
        ck_assert_int_eq(result, image ? 0 : -1);
        domctx_image_free(image);
        edge_free(mapping, mapped);
        domctx_report_free(report);
    }
    b.size = whole;
    bytes_free(&b);
}

START_TEST(two_faults_are_both_told)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 4, 17);
    put_zeros(&b, 77, 0, 0);
    put_zeros(&b, DOMCTX_TSC_INFO, 5, 24);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), -1);
    ck_assert_uint_eq(domctx_report_count(report), 2);
    ck_assert_ptr_nonnull(find_id(report, "image-type-unknown"));
    ck_assert_ptr_nonnull(find_id(report, "image-instance"));
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(findings_say_where)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *f;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 5, 24);
    put_end(&b);
    domctx_image_parse(b.p, b.size, &image, report);
    f = find_id(report, "image-instance");
    ck_assert_str_eq(f->record, "TSC_INFO/5");
    ck_assert_str_eq(f->field, "instance");
    ck_assert_uint_eq(f->offset, 24);
    ck_assert_str_eq(f->expected, "0");
    ck_assert_str_eq(f->found, "5");
    ck_assert_int_eq(f->severity, DOMCTX_DAMAGED);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(a_newer_image_names_the_release_known)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 5, 0);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), 0);
    ck_assert_ptr_nonnull(
        strstr(find_id(report, "image-newer")->text, "4.22"));
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(a_newer_image_with_an_unknown_record_is_refused)
{
    struct bytes b = { 0 };

    put_start(&b, 5, 0);
    put_zeros(&b, 4, 0, 8);
    put_end(&b);
    image_refused(&b, "image-type-unknown");
    bytes_free(&b);
}
END_TEST

START_TEST(asking_an_image)
{
    struct bytes b = { .big = _i };
    const struct domctx_record *record;
    domctx_image *image;
    uint32_t major, minor;

    put_base(&b, TRAILER);
    put_zero(&b, 5);
    image = image_taken(&b, "image-after-end");
    domctx_image_version(image, &major, &minor);
    ck_assert_uint_eq(major, 4);
    ck_assert_uint_eq(minor, 17);
    ck_assert_uint_eq(domctx_image_count(image), 4);
    ck_assert_uint_eq(domctx_image_consumed(image), 40);
    ck_assert_uint_eq(domctx_image_trailing(image), 5);
    ck_assert(domctx_image_has_digest(image));
    ck_assert_int_eq(domctx_image_form(image), DOMCTX_FORM_NO_HVM);
    ck_assert_ptr_null(domctx_image_get(image, 4));
    record = domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    ck_assert_ptr_eq(record, domctx_image_get(image, 2));
    ck_assert_uint_eq(record->offset, 40);
    ck_assert_uint_eq(record->length, 2);
    ck_assert_ptr_eq(record->body, b.p + 56);
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_DIGEST, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_DIGEST, 1));
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_START, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_START, 1));
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_END, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_END, 1));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_SHARED_INFO, 0));
    record = domctx_image_get(image, 0);
    ck_assert_uint_eq(domctx_image_u32(image, record->body + 4), 17);
    ck_assert_uint_eq(domctx_image_u64(image, record->body - 8), 8);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(every_record_is_found_in_any_order)
{
    struct bytes b = { 0 };
    domctx_image *image;

    put_start(&b, 4, 17);
    put_migrated(&b);
    for (uint32_t i = 0; i < 1000; i++)
        put_zeros(&b, HVM(19), i * 7919 % 1000, 8);
    put_end(&b);
    image = image_taken(&b, NULL);
    for (uint32_t i = 0; i < 1000; i++) {
        const struct domctx_record *record =
            domctx_image_find(image, HVM(19), i);

        ck_assert_ptr_nonnull(record);
        ck_assert_uint_eq(record->instance, i);
    }
    ck_assert_ptr_null(domctx_image_find(image, HVM(19), 1000));
    ck_assert_ptr_null(domctx_image_find(image, HVM(18), 0));
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(formats_are_told_apart)
{
    struct bytes b = { 0 };
    uint8_t other[32] = { 0x7f, 'E', 'L', 'F' };

    put_start(&b, 4, 17);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_IMAGE);
    ck_assert_int_eq(domctx_detect(b.p, 7), DOMCTX_FORMAT_UNKNOWN);
    set32(&b, 4, 24); /* an image with a wrong instance ... */
    set32(&b, 8, 0x54381286); /* ... but this is a blob's HEADER */
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    bytes_free(&b);
    b.big = true;
    put_start(&b, 4, 17);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_IMAGE);
    bytes_free(&b);
    put_hvm_header(&b);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    ck_assert_int_eq(domctx_detect(b.p, 8), DOMCTX_FORMAT_HVM);
    b.p[9] = 0; /* damaged magic: still a blob, and told so */
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    bytes_free(&b);
    ck_assert_int_eq(domctx_detect(other, sizeof(other)),
                     DOMCTX_FORMAT_UNKNOWN);
    ck_assert_int_eq(domctx_detect(other, 0), DOMCTX_FORMAT_UNKNOWN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image");
    TCase *tc = tcase_create("rules");

    tcase_set_timeout(tc, 60);
    for (int i = 0; i < N_ROWS * 2; i++)
        add_named(tc, check_row, i, "%s%s", rows[i / 2].name,
                  i % 2 ? "-big-endian" : "");
    suite_add_tcase(suite, tc);
    tc = tcase_create("cuts");
    tcase_set_timeout(tc, 300);
    for (int base = MIN; base <= TRAILER; base++)
        add_named(tc, check_cut, base, "cut-at-every-byte-%d", base);
    suite_add_tcase(suite, tc);
    tc = tcase_create("asking");
    tcase_add_test(tc, two_faults_are_both_told);
    tcase_add_test(tc, findings_say_where);
    tcase_add_test(tc, a_newer_image_names_the_release_known);
    tcase_add_test(tc, a_newer_image_with_an_unknown_record_is_refused);
    tcase_add_loop_test(tc, asking_an_image, 0, 2);
    tcase_add_test(tc, every_record_is_found_in_any_order);
    tcase_add_test(tc, formats_are_told_apart);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
