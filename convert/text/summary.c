/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context on one screen: for each vCPU its interrupts and timer, and a line
 * for each device. */
#include "text/groups.h"
#include "catalogue/codes.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- a field ------------------------------------------------------------- */

/* Append the numbers of the bits set in a bitmap: "33 243", or "none". */
static void add_bits(struct words *words, const struct context_record *record,
                     const struct cat_field *field)
{
    char buf[VALUE_ROOM];
    uint64_t value;
    bool any = false;

    for (size_t i = 0; i < field->count; i++) {
        if (!text_get(record, field, i, &value) || value == 0)
            continue;
        if (any)
            words_text(words, " ");
        any = true;
        words_add(words, buf, value_number(field, i, value, buf, sizeof(buf)));
    }
    if (!any)
        words_text(words, "none");
}

/* Append the value's name, or else the value. */
static void add_value(struct words *words, const struct cat_field *field,
                      size_t i, uint64_t value)
{
    char buf[VALUE_ROOM];
    size_t n = value_words(field, value, buf, sizeof(buf));

    if (n == 0)
        n = value_number(field, i, value, buf, sizeof(buf));
    words_add(words, buf, n);
}

/* The label of a field: "cmp" of "timers[].cmp"; none for the lines of PCI_IRQ
 * and ISA_IRQ, whose names say nothing. */
static const char *label_of(const struct cat_field *field)
{
    const char *dot = strrchr(field->name, '.');

    if (strcmp(field->name, "i") == 0)
        return "asserted";
    return dot ? dot + 1 : field->name;
}

/* Append all elements of a field: "mode rate; never-set; event". */
static void add_field(struct words *words,
                      const struct context_record *record,
                      const struct cat_field *field)
{
    uint64_t value;

    if (!text_get(record, field, 0, &value))
        return;
    if (words->used > 0)
        words_text(words, ", ");
    words_text(words, label_of(field));
    words_text(words, " ");
    if (field->print == CAT_BITMAP) {
        add_bits(words, record, field);
        return;
    }
    for (size_t i = 0; text_get(record, field, i, &value); i++) {
        if (i > 0)
            words_text(words, "; ");
        add_value(words, field, i, value);
    }
}

/* -- vCPUs --------------------------------------------------------------- */

enum { TPR, ISR, IRR, LVTT, TMICT, TMCCT };
static const char *const regs_names[] = { "tpr", "isr", "irr", "lvtt",
                                          "tmict", "tmcct", NULL };
static const struct text_view regs_view = {
    .type = DOMCTX_HVM_RECORD(CODE_LAPIC_REGS), .names = regs_names,
};

/* Bits 18:17 of LVTT, see the APIC's timer in the SDM, volume 3. */
#define LVTT_MODE(lvtt) ((lvtt) >> 17 & 3)
#define LVTT_DEADLINE 2

static bool value_of(const struct text *text, uint32_t code,
                     uint32_t instance, const char *field, uint64_t *value)
{
    const struct context_record *record =
        context_find(text->context, DOMCTX_HVM_RECORD(code), instance);

    return record && record->layout && context_value(record, field, value);
}

/* Append the timer's deadline, relative to the guest's TSC at the save; exact:
 * with the cycles. */
static void add_deadline(struct words *words, const struct text *text,
                         uint32_t vcpu, bool exact)
{
    uint64_t deadline, tsc;

    if (!value_of(text, CODE_LAPIC, vcpu, "tdt_msr", &deadline))
        return;
    if (deadline == 0) {
        words_text(words, ", not set");
    } else if (!value_of(text, CODE_CPU, vcpu, "tsc", &tsc)) {
        words_text(words, ", due at TSC ");
        words_number(words, deadline);
    } else if (!exact) {
        words_text(words, deadline >= tsc ? ", due later" : ", was due");
    } else {
        words_text(words, ", due ");
        words_number(words, deadline >= tsc ? deadline - tsc
                                            : tsc - deadline);
        words_text(words, deadline >= tsc ? " cycles later"
                                          : " cycles before");
    }
}

static void add_timer(struct words *words, const struct text *text,
                      const struct context_record *regs,
                      const struct text_plan *plan, bool exact)
{
    uint64_t lvtt, initial, current;

    if (!text_get(regs, plan->fields[LVTT], 0, &lvtt) ||
        !text_get(regs, plan->fields[TMICT], 0, &initial) ||
        !text_get(regs, plan->fields[TMCCT], 0, &current)) {
        words_text(words, "cut off");
        return;
    }
    add_value(words, plan->fields[LVTT], 0, lvtt);
    if (LVTT_MODE(lvtt) == LVTT_DEADLINE) {
        add_deadline(words, text, regs->instance, exact);
    } else if (initial == 0) {
        words_text(words, ", not set");
    } else if (!exact) {
        words_text(words, ", runs");
    } else {
        words_text(words, ", ");
        words_number(words, current);
        words_text(words, " of ");
        words_number(words, initial);
        words_text(words, " left");
    }
}

#define LIST_WIDTH 12

/* Append a list in a column; if it is wider, with a blank after it. */
static void add_list(struct words *words, const struct context_record *regs,
                     const struct cat_field *field, int level)
{
    size_t from = words->used;

    if (level == LEVEL_LEAST)
        words_text(words, "differ");
    else if (field)
        add_bits(words, regs, field);
    words_fill(words, ' ', words->used - from < LIST_WIDTH
                               ? LIST_WIDTH - (words->used - from) : 1);
}

/* The line of a vCPU. */
static void add_vcpu(struct words *words, const struct text *text,
                     const struct context_record *regs,
                     const struct text_plan *plan, int level)
{
    char tpr_words[16];
    uint64_t tpr;

    words->used = 0;
    if (!text_get(regs, plan->fields[TPR], 0, &tpr)) {
        words_text(words, "its LAPIC_REGS record is cut off");
        return;
    }
    snprintf(tpr_words, sizeof(tpr_words), "0x%02" PRIx64 "  ", tpr);
    words_text(words, tpr_words);
    for (size_t i = ISR; i <= IRR; i++)
        add_list(words, regs, plan->fields[i], level);
    add_timer(words, text, regs, plan, level == LEVEL_ALL);
}

static void put_vcpu(struct text *text, const struct context_record *regs)
{
    const struct text_plan *plan = text_plan(text, regs, &regs_view);
    struct words line;

    if (!plan)
        return;
    add_vcpu(&line, text, regs, plan, LEVEL_ALL);
    groups_begin(text, regs->instance);
    out_put(&text->out, line.buf, line.used);
    out_put(&text->out, "\n", 1);
}

static void group_vcpu(struct text *text, struct groups *groups,
                       const struct context_record *regs)
{
    const struct text_plan *plan = text_plan(text, regs, &regs_view);

    if (!plan)
        return;
    for (int i = 0; i < LEVELS; i++)
        add_vcpu(groups_lines(groups) + i, text, regs, plan, i);
    groups_add(groups, regs->instance);
}

/* Write each of them, or add it to the groups. */
static void each_vcpu(struct text *text, struct groups *groups)
{
    const domctx_context *context = text->context;

    for (size_t i = 0; i < context->count && !text->out.failed; i++) {
        const struct context_record *record = &context->records[i];

        if (record->type != regs_view.type)
            continue;
        if (groups)
            group_vcpu(text, groups, record);
        else
            put_vcpu(text, record);
    }
}

static size_t count_vcpus(const domctx_context *context)
{
    size_t count = 0;

    for (size_t i = 0; i < context->count; i++)
        count += context->records[i].type == regs_view.type;
    return count;
}

static void put_vcpus(struct text *text)
{
    size_t count = count_vcpus(text->context);
    struct groups *groups;

    if (count == 0)
        return;
    text_styled(text, TEXT_HEADING, "  vCPU  TPR   in service  "
                "pending     timer");
    out_put(&text->out, "\n", 1);
    groups = groups_new(text, count);
    if (groups)
        each_vcpu(text, groups);
    if (!groups || !groups_put(text, groups))
        each_vcpu(text, NULL);
    free(groups);
}

/* -- devices ------------------------------------------------------------- */

/* The fields that tell most about a device.  All members are named, because
 * GCC 10 (Debian 11) warns of those that follow a compound literal. */
#define DEVICE(code, ...) \
    { .type = DOMCTX_HVM_RECORD(CODE_##code), \
      .names = (const char *const[]){ __VA_ARGS__, NULL }, \
      .claims = NULL, .takes_tail = false, .first = false, .put = NULL }
static const struct text_view devices[] = {
    DEVICE(PIC, "irr", "imr", "isr", "elcr"),
    DEVICE(PCI_IRQ, "i"),
    DEVICE(ISA_IRQ, "i"),
    DEVICE(PCI_LINK, "route"),
    DEVICE(PIT, "channels[].mode", "channels[].count", "speaker_data_on"),
    DEVICE(HPET, "config", "isr", "mc64"),
    DEVICE(PMTIMER, "tmr_val", "pm1a_sts", "pm1a_en"),
    DEVICE(VIRIDIAN_DOMAIN, "guest_os_id", "hypercall_gpa",
           "reference_tsc"),
};

static void add_fields(struct words *words,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    for (size_t i = 0; plan->view->names[i]; i++)
        add_field(words, record, plan->fields[i]);
}

#define PIN_MASKED UINT64_C(0x10000)
#define PIN_REMOTE_IRR UINT64_C(0x4000)

/* Append the pins whose bits under mask equal value: "pins open 1 4 8, wait
 * for an EOI none". */
static void add_pins(struct words *words, const struct context_record *record,
                     const struct cat_field *bits, uint64_t mask,
                     uint64_t wanted)
{
    uint64_t pin;
    bool any = false;

    for (size_t i = 0; text_get(record, bits, i, &pin); i++) {
        if ((pin & mask) != wanted)
            continue;
        words_text(words, " ");
        words_number(words, i);
        any = true;
    }
    if (!any)
        words_text(words, " none");
}

static void add_ioapic(struct words *words,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    words_text(words, "pins open");
    add_pins(words, record, plan->fields[0], PIN_MASKED, 0);
    words_text(words, ", wait for an EOI");
    add_pins(words, record, plan->fields[0], PIN_REMOTE_IRR, PIN_REMOTE_IRR);
}

static void add_rtc(struct words *words, const struct context_record *record,
                    const struct text_plan *plan)
{
    char date[TEXT_DATE_ROOM];

    words_text(words, "date ");
    words_text(words, text_rtc_date(record, plan, date) ? date : "none");
}

/* Devices with a view of their own. */
static const struct {
    const struct text_view *view;
    void (*add)(struct words *words, const struct context_record *record,
                const struct text_plan *plan);
} in_words[] = {
    { &text_view_ioapic, add_ioapic },
    { &text_view_rtc, add_rtc },
};

static bool put_in_words(struct text *text,
                         const struct context_record *record,
                         struct words *words)
{
    const struct text_plan *plan;

    for (size_t i = 0; i < sizeof(in_words) / sizeof(in_words[0]); i++)
        if (in_words[i].view->type == record->type) {
            plan = text_plan(text, record, in_words[i].view);
            if (plan)
                in_words[i].add(words, record, plan);
            return true;
        }
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        if (devices[i].type == record->type) {
            plan = text_plan(text, record, &devices[i]);
            if (plan)
                add_fields(words, record, plan);
            return true;
        }
    if (record->known)
        return false;
    words_text(words, "not known here");
    return true;
}

#define DEVICE_WIDTH 17

static void put_device(struct text *text, const struct context_record *record)
{
    char buf[CONTEXT_NAME_ROOM], title[CONTEXT_NAME_ROOM + 16];
    struct words words = { .used = 0 };

    if (!put_in_words(text, record, &words))
        return;
    snprintf(title, sizeof(title), "%s/%" PRIu32,
             context_name(record, buf), record->instance);
    out_f(&text->out, "  %-*s ", DEVICE_WIDTH, title);
    out_text(&text->out, words.used ? words.buf : "cut off");
    out_put(&text->out, "\n", 1);
}

void text_summary(struct text *text)
{
    const domctx_context *context = text->context;

    text_head(text);
    put_vcpus(text);
    text_styled(text, TEXT_HEADING, "devices:");
    out_put(&text->out, "\n", 1);
    for (size_t i = 0; i < context->count && !text->out.failed; i++)
        put_device(text, &context->records[i]);
}
