/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layouts of Xen 4.17 against the installed <xen/hvm/save.h>: offsets
 * and sizes by static assertion, the catalogue against the same numbers when
 * the test runs.
 */
#include "catalogue/test-catalogue.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#if defined(__has_include) && (defined(__x86_64__) || defined(__i386__))
#if __has_include(<xen/hvm/save.h>)
#define HAVE_HEADER 1
#endif
#endif

#ifdef HAVE_HEADER
#include <xen/xen.h>

#include <xen/hvm/save.h>

/* The two records with a tail have a code but no type of their own there. */
DECLARE_HVM_SAVE_TYPE(CPU_XSAVE, CPU_XSAVE_CODE, struct hvm_hw_cpu_xsave);
struct __HVM_SAVE_TYPE_CPU_MSR { /* an open array must come last */
    char c[CPU_MSR_CODE];
    struct hvm_msr t;
};

/* A type for each typecode; and the numbers, held by the compiler.  LAPIC
 * has eight bytes more where pending_esr is in the header. */
#define RECORD(code, name, length) \
    typedef HVM_SAVE_TYPE(name) type_##code; \
    _Static_assert(sizeof(type_##code) == (length) || \
                   ((code) == 5 && sizeof(type_##code) == 32), #name); \
    _Static_assert(HVM_SAVE_CODE(name) == (code), #name);
#define FIELD(code, member, offset, size, count) \
    _Static_assert(offsetof(type_##code, member) == (offset), #member); \
    _Static_assert(sizeof(((type_##code *)0)->member) == (size), #member);
#define BITS(code, member)
#include "catalogue/test-catalogue-header.def"
#undef RECORD
#undef FIELD
#undef BITS

static const struct {
    uint32_t code, length;
    const char *name;
} records[] = {
#define RECORD(code, name, length) { code, length, #name },
#define FIELD(code, member, offset, size, count)
#define BITS(code, member)
#include "catalogue/test-catalogue-header.def"
#undef RECORD
#undef FIELD
#undef BITS
};

/* A bit-field is found by setting all its bits in an empty structure. */
#define SETTER(code, member, line) SETTER_(code, member, line)
#define SETTER_(code, member, line) \
    static void set_##line(void *p) \
    { \
        ((type_##code *)p)->member--; \
    }
#define RECORD(code, name, length)
#define FIELD(code, member, offset, size, count)
#define BITS(code, member) SETTER(code, member, __LINE__)
#include "catalogue/test-catalogue-header.def"
#undef RECORD
#undef FIELD
#undef BITS

#define SETTER_OF(line) SETTER_OF_(line)
#define SETTER_OF_(line) set_##line

static const struct {
    uint32_t code;
    const char *member;
    size_t offset, size, count;
    void (*set)(void *);
} members[] = {
#define RECORD(code, name, length)
#define FIELD(code, member, offset, size, count) \
    { code, #member, offset, size, count, NULL },
#define BITS(code, member) \
    { code, #member, 0, 0, 0, SETTER_OF(__LINE__) },
#include "catalogue/test-catalogue-header.def"
#undef RECORD
#undef FIELD
#undef BITS
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static const struct cat_layout *layout_417(uint32_t code)
{
    const struct cat_record *record = cat_record(code);

    ck_assert_ptr_nonnull(record);
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        if (records[i].code == code) {
            ck_assert_str_eq(records[i].name, record->name);
            return cat_layout(record, records[i].length, CAT_V(4, 17));
        }
    return NULL;
}

/* "timers[0].cmp" is timers[].cmp, "res5[0]" is res5. */
static void field_name(const char *member, char *name, size_t size)
{
    size_t n = 0;

    for (; *member && n + 1 < size; member++) {
        if (strcmp(member, "[0]") == 0)
            break;
        if (*member != '0' || member[-1] != '[')
            name[n++] = *member;
    }
    name[n] = '\0';
}

START_TEST(member)
{
    const struct cat_record *record = cat_record(members[_i].code);
    const struct cat_layout *layout = layout_417(members[_i].code);
    const struct cat_field *field;
    uint64_t theirs[256] = { 0 };
    uint8_t ours[sizeof(theirs)] = { 0 };
    char name[64];

    ck_assert_ptr_nonnull(layout);
    field_name(members[_i].member, name, sizeof(name));
    field = cat_field(record, layout, name);
    ck_assert_msg(field != NULL, "%s %s", record->name, name);
    ck_assert_int_eq(field->flags & CAT_PART, 0);
    if (members[_i].set) {
        ck_assert_uint_gt(field->bits, 0);
        members[_i].set(theirs);
        cat_set(field, ours, 0, UINT64_MAX);
        ck_assert_msg(memcmp(ours, theirs, sizeof(ours)) == 0, "%s %s",
                      record->name, name);
        return;
    }
    ck_assert_uint_eq(field->bits, 0);
    ck_assert_uint_eq(field->offset, members[_i].offset);
    ck_assert_uint_eq(field->width, members[_i].size);
    ck_assert_uint_eq(field->count, members[_i].count);
}
END_TEST

/* No row of 4.17 is without a member, and no record either. */
START_TEST(complete)
{
    const struct cat_record *record = &cat_table[_i];
    const struct cat_layout *layout = layout_417(record->typecode);
    size_t rows = 0, listed = 0;

    ck_assert_ptr_nonnull(layout);
    for (size_t i = 0; i < record->n_fields; i++)
        rows += cat_field_in(&record->fields[i], layout) &&
                !(record->fields[i].flags & CAT_PART);
    for (size_t i = 0; i < MEMBERS; i++)
        listed += members[i].code == record->typecode;
    ck_assert_uint_eq(rows, listed);
}
END_TEST

TCase *tcase_header(void)
{
    TCase *tcase = tcase_create("header");

    tcase_add_loop_test(tcase, member, 0, (int)MEMBERS);
    tcase_add_loop_test(tcase, complete, 0, (int)cat_table_size);
    return tcase;
}

#else

TCase *tcase_header(void)
{
    printf("skipped: the layouts against <xen/hvm/save.h>: "
           "no such header for this machine\n");
    return tcase_create("header");
}

#endif
