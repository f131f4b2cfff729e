/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing contexts: what the name of a field means in these two. */
#include "diff/test-diff.h"

#include <stdlib.h>

/* Bodies in which the field, or its element, has another value. */
static void add_changed(struct side *a, struct side *b, uint32_t code,
                        const char *name, size_t i)
{
    const struct cat_record *known = cat_record(code);
    const struct cat_layout *layout = &known->layouts[known->n_layouts - 1];
    const struct cat_field *field = cat_field(known, layout, name);
    uint8_t *zeros = calloc(1, layout->length);
    uint8_t *other = calloc(1, layout->length);

    ck_assert_ptr_nonnull(field);
    cat_set(field, other, i, 1);
    add_record(a, HVM(code), 0, zeros, layout->length);
    add_record(b, HVM(code), 0, other, layout->length);
}

static void end_side(struct side *side)
{
    for (size_t i = 0; i < side->context.count; i++)
        free((void *)(uintptr_t)side->records[i].body);
}

static const struct { const char *list; uint64_t differences; } meanings[] = {
    { "EFER", 1 }, { "IA32_EFER", 1 }, { "MSR_EFER", 1 }, { "CPU.EFER", 1 },
    { "msr_efer", 1 }, { "LAPIC/0.EFER", 1 }, { "PAT", 1 },
    { "APIC_BASE", 1 }, { "count", 1 }, { "PIT.count", 1 },
    { "channels[1].count", 1 }, { "channels[0].count", 0 },
    { "SPEC_CTRL", 1 }, { "IA32_SPEC_CTRL", 1 }, { "0x48", 1 }, { "72", 1 },
    { "CPU/0.SPEC_CTRL", 1 }, { "CPU_MSR.SPEC_CTRL", 1 },
    { "msr[0x48].val", 1 }, { "CPU_MSR/0.msr[0x48].val", 1 },
    { "LSTAR", 0 }, { "TSC_AUX", 1 }, { "TSX_CTRL", 0 },
    { "IA32_TSX_CTRL", 0 }, { "EFER,SPEC_CTRL,PAT", 3 },
};

/* Asked for, and left out. */
START_TEST(what_a_name_means)
{
    /* two entries, of TSC_AUX the same name as of a field */
    uint8_t msrs[2][40] = {
        { 2, [8] = 0x48, [24] = 0x03, [25] = 0x01, [27] = 0xc0 }
    };
    struct domctx_diff_options only = { .only = meanings[_i].list };
    struct domctx_diff_options left = { .ignore = meanings[_i].list };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_changed(&a, &b, 2, "msr_efer", 0);
    add_changed(&a, &b, 5, "apic_base_msr", 0);
    add_changed(&a, &b, 10, "channels[].count", 1);
    add_changed(&a, &b, 14, "msr_pat_cr", 0);
    memcpy(msrs[1], msrs[0], sizeof(msrs[0]));
    msrs[1][16] = msrs[1][32] = 1;
    add_record(&a, HVM(20), 0, memcpy(malloc(40), msrs[0], 40), 40);
    add_record(&b, HVM(20), 0, memcpy(malloc(40), msrs[1], 40), 40);
    EXPECT(a, b, 6, &text);
    ck_assert_msg(compared(&a.context, &b.context, &only, &text) ==
                      meanings[_i].differences,
                  "%s: %s", meanings[_i].list, (char *)text.p);
    ck_assert_msg(compared(&a.context, &b.context, &left, &text) ==
                      6 - meanings[_i].differences,
                  "%s: %s", meanings[_i].list, (char *)text.p);
    end_side(&a);
    end_side(&b);
    bytes_free(&text);
}
END_TEST

TCase *diff_names(void)
{
    TCase *tcase = tcase_create("names");

    tcase_add_loop_test(tcase, what_a_name_means, 0, N(meanings));
    return tcase;
}
