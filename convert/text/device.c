/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views of interrupt controllers, the clock, MSRs and the trailer. */
#include "text/text.h"
#include "catalogue/codes.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* -- IOAPIC: a line for each pin --------------------------------------- */

enum { REDIRTBL };
static const char *const ioapic_names[] = { "redirtbl[].bits", NULL };
static const char *const ioapic_claims[] = { "redirtbl[]", NULL };

static void put_ioapic(struct text *text,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    const struct cat_field *bits = plan->fields[REDIRTBL];
    char value[VALUE_ROOM], name[TEXT_NUMBER_ROOM];
    uint64_t now, next;

    for (size_t i = 0, n; text_get(record, bits, i, &now); i += n) {
        for (n = 1; text_get(record, bits, i + n, &next) && next == now;)
            n++;
        text_number_name(name, "pin ", i, n);
        text_line(text, name, value,
                  value_text(bits, i, now, value, sizeof(value)));
    }
}

const struct text_view text_view_ioapic = {
    .type = DOMCTX_HVM_RECORD(CODE_IOAPIC),
    .names = ioapic_names, .claims = ioapic_claims, .put = put_ioapic,
};

/* -- PCI_IRQ: the devices that assert ---------------------------------- */

enum { LINES };
static const char *const pci_irq_names[] = { "i", NULL };

/* Bit 4 * device + INTx; see struct hvm_hw_pci_irqs in the public header. */
static void put_pci_irq(struct text *text,
                        const struct context_record *record,
                        const struct text_plan *plan)
{
    const char *before = "device ";
    uint64_t word;

    for (size_t i = 0; text_get(record, plan->fields[LINES], i, &word); i++)
        for (unsigned int bit = 0; bit < 64 && word >> bit; bit++) {
            if (!(word >> bit & 1))
                continue;
            if (*before == 'd')
                text_begin(text, "asserted");
            out_f(&text->out, "%s%zu INT%c", before, 16 * i + bit / 4,
                  'A' + (int)(bit % 4));
            before = ", ";
        }
    if (*before != 'd')
        out_put(&text->out, "\n", 1);
}

const struct text_view text_view_pci_irq = {
    .type = DOMCTX_HVM_RECORD(CODE_PCI_IRQ),
    .names = pci_irq_names, .put = put_pci_irq,
};

/* -- RTC: a date ------------------------------------------------------- */

enum { SECONDS, MINUTES, HOURS, DAY, MONTH, YEAR, REG_B, RTC_FIELDS };
static const char *const rtc_names[] = {
    "cmos_data.seconds", "cmos_data.minutes", "cmos_data.hours",
    "cmos_data.day_of_month", "cmos_data.month", "cmos_data.year",
    "cmos_data.reg_b", NULL,
};

#define REG_B_24H 0x02
#define REG_B_BINARY 0x04
#define HOUR_PM 0x80

/* Decode a number of the clock; 255 for digits that are not BCD. */
static unsigned int clock_number(uint64_t value, bool binary)
{
    if (binary)
        return (unsigned int)value;
    if ((value & 15) > 9 || value >> 4 > 9)
        return 255;
    return (unsigned int)(10 * (value >> 4) + (value & 15));
}

static unsigned int clock_hours(uint64_t value, uint64_t reg_b)
{
    bool binary = reg_b & REG_B_BINARY;
    unsigned int hours;

    if (reg_b & REG_B_24H)
        return clock_number(value, binary);
    hours = clock_number(value & ~(uint64_t)HOUR_PM, binary);
    if (hours < 1 || hours > 12)
        return 255;
    return hours % 12 + (value & HOUR_PM ? 12 : 0);
}

/* The registers in the record do not include the century. */
bool text_rtc_date(const struct context_record *record,
                   const struct text_plan *plan, char date[TEXT_DATE_ROOM])
{
    unsigned int n[REG_B];
    uint64_t v[RTC_FIELDS];

    for (size_t i = 0; i < RTC_FIELDS; i++)
        if (!text_get(record, plan->fields[i], 0, &v[i]))
            return false;
    for (size_t i = 0; i < REG_B; i++)
        n[i] = clock_number(v[i], v[REG_B] & REG_B_BINARY);
    n[HOURS] = clock_hours(v[HOURS], v[REG_B]);
    snprintf(date, TEXT_DATE_ROOM, "20%02u-%02u-%02u %02u:%02u:%02u",
             n[YEAR], n[MONTH], n[DAY], n[HOURS], n[MINUTES], n[SECONDS]);
    return n[SECONDS] < 60 && n[MINUTES] < 60 && n[HOURS] < 24 &&
           n[DAY] >= 1 && n[DAY] <= 31 && n[MONTH] >= 1 && n[MONTH] <= 12 &&
           n[YEAR] < 100;
}

static void put_rtc(struct text *text, const struct context_record *record,
                    const struct text_plan *plan)
{
    char date[TEXT_DATE_ROOM];
    uint64_t last;

    if (!text_get(record, plan->fields[REG_B], 0, &last))
        return;
    text_words(text, "date", text_rtc_date(record, plan, date)
                                 ? date
                                 : "none: the registers hold no date");
}

const struct text_view text_view_rtc = {
    .type = DOMCTX_HVM_RECORD(CODE_RTC),
    .names = rtc_names, .first = true, .put = put_rtc,
};

/* -- CPU_MSR: a line for each MSR -------------------------------------- */

enum { COUNT, INDEX, RSVD, VAL };
static const char *const msr_names[] = { "count", "msr[].index",
                                         "msr[]._rsvd", "msr[].val", NULL };
static const char *const msr_claims[] = { "msr[]", NULL };

static void put_one_msr(struct text *text,
                        const struct context_record *record,
                        const struct text_plan *plan, size_t i,
                        uint64_t index)
{
    const struct cat_names *names = names_of_msr((uint32_t)index);
    char name[VALUE_ROOM], value[VALUE_ROOM];
    uint64_t val, rsvd;
    size_t n;

    value_text(plan->fields[INDEX], i, index, name, sizeof(name));
    if (!text_get(record, plan->fields[VAL], i, &val)) {
        text_words(text, name, "cut off");
        return;
    }
    n = value_number(plan->fields[VAL], i, val, value, sizeof(value));
    if (names) {
        value[n] = ' ';
        n += 1 + value_names(names, val, true, value + n + 1,
                             sizeof(value) - n - 1);
    }
    text_begin(text, name);
    if (strlen(name) < 34) /* the longest name is DR0_ADDRESS_MASK with its
                            * index */
        out_fill(&text->out, ' ',
                 34 - (strlen(name) > 17 ? strlen(name) : 17));
    out_put(&text->out, value, n);
    out_put(&text->out, "\n", 1);
    if (text_get(record, plan->fields[RSVD], i, &rsvd) && rsvd != 0)
        text_field(text, record, plan->fields[RSVD], i);
}

static void put_msr(struct text *text, const struct context_record *record,
                    const struct text_plan *plan)
{
    uint64_t count, index;
    size_t i;

    for (i = 0; text_get(record, plan->fields[INDEX], i, &index); i++)
        put_one_msr(text, record, plan, i, index);
    if (text_get(record, plan->fields[COUNT], 0, &count) && count != i)
        text_mark(text, "the count does not agree with the length");
}

const struct text_view text_view_msr = {
    .type = DOMCTX_HVM_RECORD(CODE_CPU_MSR),
    .names = msr_names, .claims = msr_claims, .put = put_msr,
};

/* -- SHARED_INFO: the time of boot -------------------------------------- */

enum { WC_SEC, WC_SEC_HI, WC_SEC_HI_32 };
static const char *const shared_names[] = { "wc_sec", "wc_sec_hi",
                                            "arch.wc_sec_hi", NULL };

/* The wall clock field is the time at system time 0. */
static void put_shared(struct text *text,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    uint64_t low, high = 0;
    char when[64];
    struct tm tm;
    time_t seconds;

    if (!text_get(record, plan->fields[WC_SEC], 0, &low))
        return;
    if (!text_get(record, plan->fields[WC_SEC_HI], 0, &high))
        text_get(record, plan->fields[WC_SEC_HI_32], 0, &high);
    seconds = (time_t)(high << 32 | low);
    if ((low | high) != 0 && gmtime_r(&seconds, &tm) &&
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
        text_words(text, "wall clock at 0", when);
}

const struct text_view text_view_shared_info = {
    .type = DOMCTX_SHARED_INFO,
    .names = shared_names, .put = put_shared,
};

/* -- PROVENANCE: its members -------------------------------------------- */

static void put_provenance(struct text *text,
                           const struct context_record *record,
                           const struct text_plan *plan)
{
    (void)plan;
    out_put(&text->out, "  ", 2);
    out_clean(&text->out, (const char *)record->body,
              (size_t)record->length);
    out_put(&text->out, "\n", 1);
}

const struct text_view text_view_provenance = {
    .type = DOMCTX_PROVENANCE, .takes_tail = true, .put = put_provenance,
};
