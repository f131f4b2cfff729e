/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CPU_XSAVE by component: where the vendors put them, the compacted form,
 * and what is cut off or not known.
 */
#include "text/test-text.h"

#include "catalogue/codes.h"

#define AREA 24
#define ACCUM 16
#define XSTATE_BV (AREA + 512)
#define XCOMP_BV (AREA + 520)

#define AVX 0x4u
#define BND 0x18u
#define AVX512 0xe0u
#define PKRU 0x200u
#define AMX 0x60000u
#define LWP (UINT64_C(1) << 62)
#define COMPACTED (UINT64_C(1) << 63)

static void put_u64(uint8_t *p, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

/* A record of that area, with one byte set at an offset of the area. */
static char *text_with(uint64_t accum, uint64_t bv, uint64_t comp,
                       size_t area, size_t at, uint8_t value)
{
    uint8_t *body = calloc(1, AREA + area);
    char *text;

    ck_assert_ptr_nonnull(body);
    put_u64(body + ACCUM, accum);
    put_u64(body + XSTATE_BV, bv);
    put_u64(body + XCOMP_BV, comp);
    if (at)
        body[at] = value;
    text = text_of_record(CODE_CPU_XSAVE, body, AREA + area);
    free(body);
    return text;
}

/* Where a component is, in an area of the length that a saver gives it. */
static const struct {
    uint64_t accum;
    size_t area, at; /* at: in the area */
    const char *form, *component, *line;
} places[] = {
    { 7, 832, 576, "standard", "AVX 256 bytes at 0x258, in use",
      "ymm0_high 0x00000000000000000000000000000001" },
    { 7, 832, 576 + 15 * 16, "standard", "AVX 256 bytes at 0x258, in use",
      "ymm15_high 0x00000000000000000000000000000001" },
    { 7 | BND, 1088, 960, "standard, places as on Intel",
      "BNDREGS 64 bytes at 0x3d8, in use",
      "bnd0 0x00000000000000000000000000000001" },
    { 7 | BND, 1088, 1032, "standard, places as on Intel",
      "BNDCSR 64 bytes at 0x418, in use", "bndcsr1 0x0000000000000001" },
    { 7 | AVX512, 2688, 1088, "standard, places as on Intel",
      "OPMASK 64 bytes at 0x458, in use", "k0 0x0000000000000001" },
    { 7 | AVX512, 2432, 832, "standard, places as on AMD",
      "OPMASK 64 bytes at 0x358, in use", "k0 0x0000000000000001" },
    { 7 | AVX512 | PKRU, 2696, 2688, "standard, places as on Intel",
      "PKRU 8 bytes at 0xa98, in use", "pkru0 0x00000001" },
    { 7 | AVX512 | PKRU, 2440, 2432, "standard, places as on AMD",
      "PKRU 8 bytes at 0x998, in use", "pkru0 0x00000001" },
    { 7 | PKRU, 2440, 2432, "standard, places as on AMD",
      "PKRU 8 bytes at 0x998, in use", "pkru0 0x00000001" },
    { 7 | PKRU, 2696, 2688, "standard, places as on Intel",
      "PKRU 8 bytes at 0xa98, in use", "pkru0 0x00000001" },
    { 7 | LWP, 960, 832, "standard, places as on AMD",
      "LWP 128 bytes at 0x358, in use",
      "0x0358 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" },
    { 7 | AVX512 | PKRU | AMX, 11008, 2752, "standard, places as on Intel",
      "TILECFG 64 bytes at 0xad8, in use",
      "0x0ad8 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" },
    { 7 | AVX512 | PKRU | AMX, 11008, 2816, "standard, places as on Intel",
      "TILEDATA 8192 bytes at 0xb18, in use",
      "0x0b28-0x2b17 all zero" },
};

START_TEST(place)
{
    char *text = text_with(places[_i].accum, places[_i].accum, 0,
                           places[_i].area, AREA + places[_i].at, 1);
    char line[80];

    snprintf(line, sizeof(line), "form %s", places[_i].form);
    expect_line(text, line, true);
    expect_line(text, places[_i].component, true);
    expect_line(text, places[_i].line, true);
    ck_assert_ptr_null(strstr(text, "**"));
    ck_assert_ptr_null(strstr(text, "other bytes"));
    free(text);
}
END_TEST

/* A length of neither vendor: a saver before 4.2.4 filled up to the most that
 * its host has. */
START_TEST(not_sure)
{
    char *text = text_with(7 | PKRU, 7 | PKRU, 0, 4000, AREA + 3999, 1);

    ck_assert_ptr_nonnull(strstr(text, "** Intel and AMD differ"));
    expect_line(text, "PKRU 8 bytes at 0xa98, in use", true);
    expect_line(text, "other bytes 1304", true);
    free(text);
    /* too short for one of the two */
    text = text_with(7 | PKRU, 7 | PKRU, 0, 2500, AREA + 2432, 1);
    ck_assert_ptr_null(strstr(text, "**"));
    expect_line(text, "pkru0 0x00000001", true);
    free(text);
}
END_TEST

START_TEST(initial_state)
{
    char *text = text_with(7, 3, 0, 832, 0, 0);

    expect_line(text, "AVX 256 bytes at 0x258, in its initial state", true);
    expect_line(text, "ymm0-15_high 0", false);
    free(text);
    text = text_with(7, 3, 0, 832, AREA + 600, 1);
    expect_line(text,
                "AVX 256 bytes at 0x258, in its initial state; not loaded:",
                true);
    expect_line(text, "ymm1_high 0x00000000000000010000000000000000", true);
    free(text);
}
END_TEST

/* OPMASK comes right after AVX, and tiles at a multiple of 64. */
START_TEST(compacted)
{
    uint64_t mask = 7 | 0x20 | PKRU | 0x20000;
    char *text = text_with(mask, mask, COMPACTED | mask, 1024, AREA + 896,
                           7);

    expect_line(text, "form compacted", true);
    expect_line(text, "** no release of Xen loads the compacted form", true);
    expect_line(text, "AVX 256 bytes at 0x258, in use", true);
    expect_line(text, "OPMASK 64 bytes at 0x358, in use", true);
    expect_line(text, "PKRU 8 bytes at 0x398, in use", true);
    expect_line(text, "pkru0 0x00000007", true);
    expect_line(text, "TILECFG 64 bytes at 0x3d8, in use", true);
    free(text);
    /* what comes after a component of unknown size has no place */
    mask = 7 | UINT64_C(1) << 40 | LWP;
    text = text_with(mask, mask, COMPACTED | mask, 1024, 0, 0);
    expect_line(text, "LWP its place is not known", true);
    expect_line(text, "** components that are not known here: 0x10000000000",
                true);
    free(text);
}
END_TEST

/* What a component that is cut off still has is shown: registers that are
 * whole, and the bytes of the last one. */
START_TEST(cut_off)
{
    char *text = text_with(7 | AVX512, 7 | AVX512, 0, 1200, AREA + 1152, 1);

    expect_line(text, "** ZMM_HI256 is cut off: only 48 of 512 bytes at "
                "0x498", true);
    expect_line(text, "zmm0_high 0x000000000000000000000000000000000000000000"
                "0000000000000000000001", true);
    expect_line(text, "zmm1_high 0", false);
    expect_line(text, "0x04b8-0x04c7 all zero", true);
    expect_line(text, "** HI16_ZMM is cut off: only 0 of 1024 bytes at "
                "0x698", true);
    expect_line(text, "OPMASK 64 bytes at 0x458, in use", true);
    free(text);
    text = text_with(7, 7, 0, 576 + 100, AREA + 576 + 99, 0xab);
    expect_line(text, "** AVX is cut off: only 100 of 256 bytes at 0x258",
                true);
    expect_line(text, "ymm0-5_high 0", true);
    expect_line(text, "0x02b8 00 00 00 ab", true);
    free(text);
    text = text_with(UINT64_MAX, UINT64_MAX, 0, 576, 0, 0);
    expect_line(text, "** AVX is cut off: only 0 of 256 bytes at 0x258", true);
    ck_assert_ptr_nonnull(strstr(text, "components that are not known"));
    free(text);
    text = text_with(UINT64_MAX, UINT64_MAX, UINT64_MAX, 2000, 0, 0);
    expect_line(text, "AVX 256 bytes at 0x258, in use", true);
    free(text);
}
END_TEST

/* Of BNDCSR and PKRU not all bytes are registers. */
START_TEST(no_register)
{
    char *text = text_with(7 | BND, 7 | BND, 0, 1088, 0, 0);

    ck_assert_ptr_null(strstr(text, "0x0428"));
    free(text);
    text = text_with(7 | BND, 7 | BND, 0, 1088, AREA + 1024 + 16, 9);
    expect_line(text, "0x0428 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                "00", true);
    free(text);
}
END_TEST

/* Its bit 63 is what makes it the compacted form. */
START_TEST(no_form)
{
    char *text = text_with(7, 7, 7, 832, AREA + 576, 1);

    ck_assert_ptr_nonnull(strstr(text, "** xcomp_bv is not 0, but its bit "
                                       "63 is"));
    expect_line(text, "form standard", true);
    expect_line(text, "AVX 256 bytes at 0x258, in use", true);
    free(text);
    text = text_with(7, 7, 0, 832, AREA + 576, 1);
    ck_assert_ptr_null(strstr(text, "**"));
    free(text);
}
END_TEST

/* Before 4.7 the word of xcomp_bv was reserved. */
START_TEST(before_xcomp_bv)
{
    struct bytes b = { 0 };
    char *text;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_CPU_XSAVE, 0, 856);
    set64(&b, 32 + 8 + ACCUM, 7);
    set64(&b, 32 + 8 + XCOMP_BV, COMPACTED);
    put_hvm_end(&b);
    text = text_of_saver(&b, 4, 6, NULL);
    expect_line(text, "form standard", true);
    expect_line(text, "save_area.xsave_hdr.reserved[0] 0x8000000000000000",
                true);
    free(text);
    text = text_of_saver(&b, 4, 7, NULL);
    expect_line(text, "form compacted", true);
    free(text);
    bytes_free(&b);
}
END_TEST

TCase *tcase_xsave(void)
{
    TCase *tcase = tcase_create("xsave");

    tcase_add_loop_test(tcase, place, 0,
                        (int)(sizeof(places) / sizeof(places[0])));
    tcase_add_test(tcase, not_sure);
    tcase_add_test(tcase, initial_state);
    tcase_add_test(tcase, compacted);
    tcase_add_test(tcase, cut_off);
    tcase_add_test(tcase, no_register);
    tcase_add_test(tcase, no_form);
    tcase_add_test(tcase, before_xcomp_bv);
    return tcase;
}
