/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields by their names, read and changed, of every release. */
#include "access/access-support.h"

#include <inttypes.h>

/* -- what there is ---------------------------------------------------- */

/* "redirtbl[5].bits" is "redirtbl[].bits", and "irr[3]" is "irr". */
static bool is_of(const char *element, const char *name)
{
    for (; *name; name++, element++) {
        if (*element != *name)
            return false;
        if (*element == '[')
            element += strspn(element + 1, "0123456789");
    }
    return !*element || *element == '[';
}

/* Each record and field of a context is among those that are known. */
static bool is_known(const struct domctx_entry *entry, const char *field)
{
    struct domctx_kind kind;
    const char *name;

    for (size_t i = 0; domctx_kind_at(i, &kind); i++) {
        if (kind.type != entry->type)
            continue;
        ck_assert_str_eq(kind.name, entry->name);
        ck_assert(kind.instances == 0 || entry->instance < kind.instances);
        for (size_t k = 0; (name = domctx_kind_field(i, k)); k++)
            if (is_of(field, name))
                return true;
    }
    return false;
}

START_TEST(what_is_known)
{
    struct bytes b = { 0 };
    domctx_context *context;
    struct domctx_entry entry;
    struct domctx_value value;
    size_t known = 0;

    put_release(&b, 4, 17, 2);
    ck_assert_int_eq(domctx_open_memory(b.p, b.size, NULL, &context, NULL),
                     0);
    for (size_t i = 0; domctx_context_entry(context, i, &entry); i++)
        for (uint64_t at = 0; domctx_context_value(context, i, &at, &value);
             known++)
            if (!value.padding)
                ck_assert_msg(is_known(&entry, value.name), "%s.%s",
                              entry.name, value.name);
    ck_assert_uint_gt(known, 100);
    ck_assert_ptr_null(domctx_kind_field(0, 1000));
    ck_assert_ptr_null(domctx_kind_field(1000, 0));
    ck_assert_ptr_null(domctx_kind_word(1000, 0, 0));
    ck_assert_uint_eq(domctx_name_distance("CPU", "cpu"), 0);
    ck_assert_uint_eq(domctx_name_distance("LAPCI", "LAPIC"), 2);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* -- every field of every release ------------------------------------- */

static const struct domctx_release releases[] = {
    { 3, 1, DOMCTX_POINT_ANY }, { 3, 4, DOMCTX_POINT_ANY },
    { 4, 0, DOMCTX_POINT_ANY }, { 4, 2, DOMCTX_POINT_ANY },
    { 4, 4, DOMCTX_POINT_ANY }, { 4, 6, DOMCTX_POINT_ANY },
    { 4, 9, DOMCTX_POINT_ANY }, { 4, 14, DOMCTX_POINT_ANY },
    { 4, 17, DOMCTX_POINT_ANY }, { 4, 22, DOMCTX_POINT_ANY },
};
#define RELEASES (int)(sizeof(releases) / sizeof(releases[0]))

/* Each value that the iterator gives is that of the name it gives. */
START_TEST(every_name_is_found)
{
    struct bytes b = { 0 };
    domctx_context *context = opened_release(&b, &releases[_i]);
    struct domctx_entry entry;
    struct domctx_value value;
    size_t records = 0, values = 0, step = stride();

    for (size_t i = 0; domctx_context_entry(context, i, &entry); i++) {
        uint64_t at = 0;

        records++;
        ck_assert(entry.known);
        ck_assert_ptr_eq(entry.body, b.p + entry.offset);
        while (domctx_context_value(context, i, &at, &value)) {
            ck_assert_uint_lt(value.offset, entry.length);
            if (values++ % step == 0)
                ck_assert_uint_eq(value_of(context, entry.name,
                                           entry.instance, value.name),
                                  value.value);
        }
        ck_assert(!domctx_context_value(context, i, &at, &value));
    }
    ck_assert_uint_gt(records, 8);
    ck_assert_uint_gt(values, 400);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* The other value of so many bits. */
static uint64_t flipped(const struct domctx_value *value)
{
    return value->value ^
           (value->bits < 64 && !value->has_sign
                ? (UINT64_C(1) << value->bits) - 1 : UINT64_MAX);
}

static void take_again(domctx_edit *edit, const struct bytes *b,
                       bool is_same, const char *what)
{
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    ck_assert_uint_eq(size, b->size);
    if ((memcmp(buf, b->p, size) == 0) != is_same)
        ck_abort_msg("%s: %s", what, is_same ? "not taken back"
                                             : "not changed");
    free(buf);
}

/* Set, and set back: the first changes bytes, the second makes them what they
 * were.  HEADER's own fields may be such that nothing reads the result. */
START_TEST(every_field_is_set)
{
    struct bytes b = { 0 };
    domctx_context *context = opened_release(&b, &releases[_i]);
    domctx_edit *edit;
    struct domctx_entry entry;
    struct domctx_value value;
    size_t set = 0;

    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    for (size_t i = 0; domctx_context_entry(context, i, &entry); i++) {
        uint64_t at = 0;

        while (strcmp(entry.name, "HEADER") != 0 &&
               domctx_context_value(context, i, &at, &value)) {
            if (strcmp(value.name, "count") == 0 &&
                strcmp(entry.name, "CPU_MSR") == 0)
                continue;
            if (set++ % (7 * stride()) != 0)
                continue;
            ck_assert_int_eq(domctx_edit_set(edit, entry.name,
                                             entry.instance, value.name,
                                             flipped(&value), NULL), 0);
            take_again(edit, &b, false, value.name);
            ck_assert_int_eq(domctx_edit_set(edit, entry.name,
                                             entry.instance, value.name,
                                             value.value, NULL), 0);
            take_again(edit, &b, true, value.name);
        }
    }
    ck_assert_uint_gt(set, 400);
    domctx_edit_free(edit);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* -- names ------------------------------------------------------------ */

/* A blob of 4.17 with an MSR in each vCPU's CPU_MSR. */
static void put_blob(struct bytes *b)
{
    static const uint32_t msr[] = { 1, 0, 0x48, 0, 5, 0 };
    struct bytes body = { 0 };

    put_release(b, 4, 17, 2);
    b->size -= 8; /* END */
    for (size_t i = 0; i < sizeof(msr) / sizeof(msr[0]); i++)
        put32le(&body, msr[i]);
    put_hvm(b, 20, 7, body.p, (uint32_t)body.size);
    put_hvm_end(b);
    bytes_free(&body);
}

START_TEST(other_names)
{
    struct bytes b = { 0 };
    domctx_context *context;
    uint64_t rip, bits;

    put_blob(&b);
    context = opened_417(&b);
    rip = value_of(context, "CPU", 1, "rip");
    ck_assert_uint_eq(value_of(context, "cpu", 1, "RIP"), rip);
    ck_assert_uint_eq(value_of(context, "HVM_CPU", 1, "rip"), rip);
    ck_assert_uint_eq(value_of(context, "typecode 2", 1, "rip"), rip);
    bits = value_of(context, "IOAPIC", 0, "redirtbl[5].bits");
    ck_assert_uint_eq(value_of(context, "IOAPIC", 0,
                               "redirtbl[5].fields.vector"), bits & 0xff);
    ck_assert_uint_eq(value_of(context, "IOAPIC", 0,
                               "redirtbl[5].fields.reserved[2]"),
                      bits >> 40 & 0xff);
    ck_assert_uint_eq(value_of(context, "CPU_MSR", 7, "SPEC_CTRL"), 5);
    ck_assert_uint_eq(value_of(context, "CPU_MSR", 7, "spec_ctrl"), 5);
    ck_assert_uint_eq(value_of(context, "CPU_MSR", 7, "0x48"), 5);
    ck_assert_uint_eq(value_of(context, "CPU_MSR", 7, "72"), 5);
    ck_assert_uint_eq(value_of(context, "CPU_MSR", 7, "msr[0].val"), 5);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

static const struct { const char *record; uint32_t instance;
                      const char *field, *id, *text; } unknown[] = {
    { "CPUU", 0, "rip", "select-record", "near it: CPU" },
    { "", 0, "rip", "select-record", "no record" },
    { "CPU", 9, "rip", "select-instance", "there are 0, 1" },
    { "CPU", 0, "ripp", "select-field", "near it:" },
    { "CPU", 0, "", "select-field", "no field" },
    { "CPU", 0, "rip[1]", "select-field", "no element 1" },
    { "CPU_MSR", 7, "0110", "select-field", "" }, /* not 0x48 in octal */
    { "LAPIC_REGS", 0, "irr", "select-field", "8 elements" },
    { "LAPIC_REGS", 0, "irr[8]", "select-field", "no element 8" },
    { "LAPIC_REGS", 0, "irr[18446744073709551615]", "select-field",
      "no such element" },
    { "IOAPIC", 0, "redirtbl[99].bits", "select-field", "no element 99" },
    { "IOAPIC", 0, "redirtbl[5].fields.reserved", "select-field", "" },
    { "IOAPIC", 0, "redirtbl[5].fields.reserved[4]", "select-field", "" },
    { "CPU_MSR", 7, "EFER", "select-field", "EFER" },
    { "CPU_MSR", 7, "0x49", "select-field", "0x49" },
    { "CPU_MSR", 7, "msr[1].val", "select-field", "no element 1" },
};

/* The field after the change, with the report's only id or none. */
static uint64_t assigned_in(const struct bytes *b, uint32_t instance,
                            const char *text, const char *record,
                            const char *field, const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = opened_417(b), *after;
    struct bytes made = { 0 };
    domctx_edit *edit;
    uint64_t value;

    ck_assert_int_eq(domctx_edit_begin(context, &edit, report), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, text, report), id ? -1 : 0);
    expect_only(report, id);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &made.p, &made.size,
                                      NULL), 0);
    after = opened_417(&made);
    value = value_of(after, record, instance, field);
    domctx_context_free(after);
    free(made.p);
    domctx_edit_free(edit);
    domctx_context_free(context);
    domctx_report_free(report);
    return value;
}

static uint64_t assigned(const struct bytes *b, const char *text,
                         const char *record, const char *field,
                         const char *id)
{
    return assigned_in(b, 0, text, record, field, id);
}

/* An entry's bits in the words that show prints for them. */
START_TEST(words_of_an_entry)
{
    struct bytes b = { 0 };

    put_blob(&b);
    ck_assert_uint_eq(assigned_in(&b, 7, "CPU_MSR/7.SPEC_CTRL=0x1 IBRS",
                                  "CPU_MSR", "SPEC_CTRL", NULL), 1);
    ck_assert_uint_eq(assigned_in(&b, 7, "CPU_MSR/7.SPEC_CTRL=0x1 STIBP",
                                  "CPU_MSR", "SPEC_CTRL", "edit-word"), 5);
    ck_assert_uint_eq(assigned_in(&b, 7, "CPU_MSR/7.SPEC_CTRL+=2",
                                  "CPU_MSR", "SPEC_CTRL", "edit-word"), 5);
    bytes_free(&b);
}
END_TEST

START_TEST(unknown_names)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    uint64_t value = 5;

    put_blob(&b);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_field(context, unknown[_i].record,
                                  unknown[_i].instance, unknown[_i].field,
                                  &value, report), -1);
    ck_assert_uint_eq(value, 0);
    expect_only(report, unknown[_i].id);
    ck_assert_msg(strstr(domctx_report_get(report, 0)->text,
                         unknown[_i].text), "'%s'",
                  domctx_report_get(report, 0)->text);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* -- in words --------------------------------------------------------- */

static const struct { const char *text, *field; uint64_t before, after;
                      const char *id; } rows[] = {
    { "CPU/0.rip=0x1234", "rip", 7, 0x1234, NULL },
    { "CPU.rip=10", "rip", 7, 10, NULL },
    { "cpu/0.RIP=0xffffffffffffffff", "rip", 7, UINT64_MAX, NULL },
    { "CPU/0.rip=18446744073709551615", "rip", 7, UINT64_MAX, NULL },
    { "CPU/0.rip=18446744073709551616", "rip", 7, 7, "edit-word" },
    { "CPU/0.rip=0x10000000000000000", "rip", 7, 7, "edit-range" },
    { "CPU/0.rip=ffffffff81000000", "rip", 7, 7, "edit-word" },
    { "CPU/0.rip=0x", "rip", 7, 7, "edit-word" },
    { "CPU/0.rip=0x12g", "rip", 7, 7, "edit-word" },
    { "CPU/0.rip= 5", "rip", 7, 5, NULL },
    { "CPU/0.rip=5 6", "rip", 7, 7, "edit-word" },
    { "CPU/0.rip+=5", "rip", 7, 12, NULL },
    { "CPU/0.rip=", "rip", 7, 7, "edit-assign" },
    { "CPU/0.rip", "rip", 7, 7, "edit-assign" },
    { "CPU/0=5", "rip", 7, 7, "edit-assign" },
    { "CPU/.rip=5", "rip", 7, 7, "edit-assign" },
    { "CPU/x.rip=5", "rip", 7, 7, "edit-assign" },
    { "CPU/4294967296.rip=5", "rip", 7, 7, "edit-assign" },
    { "CPU/0.=5", "rip", 7, 7, "edit-assign" },
    { ".rip=5", "rip", 7, 7, "edit-assign" },
    { "=", "rip", 7, 7, "edit-assign" },
    { "", "rip", 7, 7, "edit-assign" },
    { "CPU/9.rip=5", "rip", 7, 7, "select-instance" },
    { "CPU/0.ripp=5", "rip", 7, 7, "select-field" },
    { "CPU/0.cr4=PAE|PGE", "cr4", 1, 0xa0, NULL },
    { "CPU/0.cr4+=UMIP", "cr4", 0x20, 0x820, NULL },
    { "CPU/0.cr4+=umip, pge", "cr4", 0x20, 0x8a0, NULL },
    { "CPU/0.cr4-=PAE|PGE", "cr4", 0x8a0, 0x800, NULL },
    { "CPU/0.cr4-=PAE", "cr4", 0x800, 0x800, NULL },
    { "CPU/0.cr4+=UMIPP", "cr4", 0x20, 0x20, "edit-word" },
    { "CPU/0.cr4+=UMIP|X", "cr4", 0x20, 0x20, "edit-word" },
    { "CPU/0.cr4+=0x800", "cr4", 0x20, 0x20, "edit-word" },
    { "CPU/0.cs_sel=0x100000000", "cs_sel", 8, 8, "edit-range" },
    { "CPU/0.cs_sel=-1", "cs_sel", 8, 8, "edit-range" },
};
#define ROWS (int)(sizeof(rows) / sizeof(rows[0]))

static void set(struct bytes *b, const char *record, const char *field,
                uint64_t value)
{
    domctx_context *context = opened_417(b);
    domctx_edit *edit;
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_set(edit, record, 0, field, value, NULL),
                     0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    domctx_edit_free(edit);
    domctx_context_free(context);
    memcpy(b->p, buf, size);
    free(buf);
}

START_TEST(in_words)
{
    struct bytes b = { 0 };

    put_release(&b, 4, 17, 2);
    set(&b, "CPU", rows[_i].field, rows[_i].before);
    ck_assert_msg(assigned(&b, rows[_i].text, "CPU", rows[_i].field,
                           rows[_i].id) == rows[_i].after,
                  "%s", rows[_i].text);
    bytes_free(&b);
}
END_TEST

START_TEST(bits_of_a_bitmap)
{
    struct bytes b = { 0 };

    put_release(&b, 4, 17, 2);
    set(&b, "LAPIC_REGS", "irr[1]", 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr+=33", "LAPIC_REGS",
                               "irr[1]", NULL), 0x10002);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr-=48", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr[1]-=16", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr+=256", "LAPIC_REGS",
                               "irr[1]", "edit-range"), 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr[1]+=32", "LAPIC_REGS",
                               "irr[1]", NULL), 0x10001);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr[1]+=64", "LAPIC_REGS",
                               "irr[1]", "edit-range"), 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=1", "LAPIC_REGS",
                               "irr[0]", NULL), 2);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=1", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=none", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=all", "LAPIC_REGS",
                               "irr[7]", NULL), 0xffffffff);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=48 60-70", "LAPIC_REGS",
                               "irr[1]", NULL), 0xf0010000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=48 60-70", "LAPIC_REGS",
                               "irr[2]", NULL), 0x7f);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr+=32 63", "LAPIC_REGS",
                               "irr[1]", NULL), 0x80010001);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr-=0-255", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr&=~48 49", "LAPIC_REGS",
                               "irr[1]", NULL), 0);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=250-256", "LAPIC_REGS",
                               "irr[1]", "edit-range"), 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr+=none", "LAPIC_REGS",
                               "irr[1]", "edit-word"), 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr=0x30", "LAPIC_REGS",
                               "irr[1]", "select-field"), 0x10000);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr[1]+=0 31", "LAPIC_REGS",
                               "irr[1]", NULL), 0x80010001);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr[1]=all", "LAPIC_REGS",
                               "irr[1]", NULL), 0xffffffff);
    ck_assert_uint_eq(assigned(&b, "LAPIC_REGS/0.irr+=x", "LAPIC_REGS",
                               "irr[1]", "edit-word"), 0x10000);
    bytes_free(&b);
}
END_TEST

START_TEST(what_is_fixed)
{
    domctx_report *report = domctx_report_new();
    struct bytes blob = { 0 }, b = { 0 };
    domctx_context *context;
    domctx_edit *edit;

    put_blob(&blob);
    put_image_of(&b, &blob, false);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_set(edit, "DIGEST", 0, "value", 5, report),
                     -1);
    expect_only(report, "edit-fixed");
    domctx_report_clear(report);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU_MSR/7.count=2", report),
                     -1);
    expect_only(report, "edit-fixed");
    domctx_edit_free(edit);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* -- images ----------------------------------------------------------- */

/* Only the field and the digest change; with another PROVENANCE that too. */
START_TEST(an_image)
{
    struct bytes blob = { 0 }, b = { 0 }, made = { 0 };
    struct domctx_provenance provenance;
    domctx_context *context, *after;
    domctx_edit *edit;

    load_sample(&blob, samples[0]);
    put_image_of(&b, &blob, _i);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU/1.rip=0x99", NULL), 0);
    domctx_context_free(context);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &made.p, &made.size, NULL),
                     0);
    ck_assert_uint_eq(made.size, b.size);
    after = opened_417(&made);
    ck_assert_uint_eq(value_of(after, "CPU", 1, "rip"), 0x99);
    domctx_context_free(after);
    free(made.p);
    ck_assert_int_eq(domctx_edit_take(edit, "{\"tool\": \"x\"}", &made.p,
                                      &made.size, NULL), 0);
    after = opened_417(&made);
    ck_assert_int_eq(domctx_image_provenance(domctx_context_image(after),
                                             &provenance, NULL), 1);
    ck_assert_str_eq(provenance.tool, "x");
    ck_assert(domctx_image_has_digest(domctx_context_image(after)));
    domctx_context_free(after);
    free(made.p);
    domctx_edit_free(edit);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* Some records as JSON, back into what they are of. */
static int put_text(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static void put_cpu_as_json(struct bytes *json, const struct bytes *b)
{
    static const struct domctx_text_options cpu = { .record = "CPU" };
    domctx_context *context = opened_417(b);

    ck_assert_int_eq(domctx_json_show(context, &cpu, put_text, json, NULL),
                     0);
    put_raw(json, "", 1);
    domctx_context_free(context);
}

static void replace(struct bytes *json, const char *from, const char *to)
{
    char *at = strstr((char *)json->p, from);

    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
}

START_TEST(some_as_json)
{
    static const struct { const char *from, *to, *id; } bad[] = {
        { "\"instance\": 1", "\"instance\": 9", "select-record" },
        { "\"rip\"", "\"rop\"", "json-member-unknown" },
        { "\"records\"", "\"recordz\"", "json-member-unknown" },
    };
    struct bytes blob = { 0 }, b = { 0 }, json = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_context *context, *after;
    struct bytes made = { 0 };
    domctx_edit *edit;

    load_sample(&blob, samples[0]);
    if (_i < 2)
        put_image_of(&b, &blob, _i);
    else
        put_raw(&b, blob.p, blob.size);
    put_cpu_as_json(&json, &b);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_json(edit, json.p, json.size - 1, NULL), 0);
    take_again(edit, &b, true, "nothing was edited");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        replace(&json, bad[i].from, bad[i].to);
        ck_assert_int_eq(domctx_edit_json(edit, json.p, json.size - 1,
                                          report), -1);
        expect_only(report, bad[i].id);
        domctx_report_clear(report);
        replace(&json, bad[i].to, bad[i].from);
        take_again(edit, &b, true, "refused");
    }
    replace(&json, "\"rip\": \"0xffff", "\"rip\": \"0xabcd");
    ck_assert_int_eq(domctx_edit_json(edit, json.p, json.size - 1, NULL), 0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &made.p, &made.size, NULL),
                     0);
    after = opened_417(&made);
    ck_assert_uint_eq(value_of(after, "CPU", 0, "rip") >> 48, 0xabcd);
    ck_assert_uint_eq(value_of(after, "CPU", 1, "rip"),
                      value_of(context, "CPU", 1, "rip"));
    domctx_context_free(after);
    domctx_context_free(context);
    domctx_edit_free(edit);
    domctx_report_free(report);
    free(made.p);
    bytes_free(&json);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* What nothing would read is not handed out; the edit goes on. */
START_TEST(a_broken_header)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_edit *edit;
    uint8_t *buf;
    size_t size;

    load_sample(&b, samples[0]);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "HEADER.magic=5", NULL), 0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, report), -1);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_DAMAGED);
    ck_assert_ptr_null(buf);
    ck_assert_int_eq(domctx_edit_assign(edit, "HEADER.magic=0x54381286",
                                        NULL), 0);
    take_again(edit, &b, true, "magic");
    domctx_edit_free(edit);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(as_text)
{
    char text[DOMCTX_VALUE_ROOM], small[6];
    struct bytes b = { 0 };
    domctx_context *context;

    put_release(&b, 4, 17, 1);
    set(&b, "CPU", "cr4", 0x820);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_field_text(context, "CPU", 0, "cr4", text,
                                       sizeof(text), NULL), 0);
    ck_assert_str_eq(text, "0x0000000000000820 PAE UMIP");
    ck_assert_int_eq(domctx_field_text(context, "CPU", 0, "cr4", small,
                                       sizeof(small), NULL), 0);
    ck_assert_str_eq(small, "0x000");
    ck_assert_int_eq(domctx_field_text(context, "CPU", 0, "x", text,
                                       sizeof(text), NULL), -1);
    ck_assert_str_eq(text, "");
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edit");
    TCase *tc = tcase_create("edit");

    tcase_add_test(tc, what_is_known);
    tcase_add_loop_test(tc, every_name_is_found, 0, RELEASES);
    tcase_add_loop_test(tc, every_field_is_set, 0, RELEASES);
    tcase_add_test(tc, other_names);
    tcase_add_test(tc, words_of_an_entry);
    tcase_add_loop_test(tc, unknown_names, 0,
                        (int)(sizeof(unknown) / sizeof(unknown[0])));
    tcase_add_loop_test(tc, in_words, 0, ROWS);
    tcase_add_test(tc, bits_of_a_bitmap);
    tcase_add_test(tc, what_is_fixed);
    tcase_add_loop_test(tc, an_image, 0, 2);
    tcase_add_loop_test(tc, some_as_json, 0, 3);
    tcase_add_test(tc, a_broken_header);
    tcase_add_test(tc, as_text);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
