/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room text: a context in words.
 *
 * Records are shown by their rows in the catalogue; a few have a view, which
 * shows some of their fields in a better form.
 */
#ifndef CONVERT_TEXT_TEXT_H
#define CONVERT_TEXT_TEXT_H

#include "context/context.h"
#include "base/out.h"
#include "catalogue/shape.h"
#include "catalogue/value.h"

struct text_plan;

/* A text that is written. */
struct text {
    struct out out;
    const domctx_context *context;
    bool colour;
    bool each;                /* a line for each vCPU, however many */
    size_t cells;             /* cells on the present line */
    size_t used;              /* columns used by the last of them */
    size_t name_width;        /* width of the column of names */
    struct shapes shapes;
    struct text_plan **plans;
    size_t n_plans;
    uint64_t unshown;         /* where a cut record's value begins that no view
                               * shows */
    bool no_memory;
    domctx_report *report;
    bool failed;              /* the report says why */
};

/* -- lines: put.c ------------------------------------------------- */

enum text_style { TEXT_HEADING, TEXT_WARNING };

/* Write text in a style, if colour is on. */
void text_styled(struct text *text, enum text_style style, const char *words);

/* Set the width of the column of names from here on; 0: the usual one. */
#define TEXT_NAME_WIDTH 17
void text_widen(struct text *text, size_t width);

/* Write a short value in a cell; two cells share a line if names are short. */
void text_cell(struct text *text, const char *name, const char *value,
               size_t size);

/* Begin a line with its name; the caller ends it. */
void text_begin(struct text *text, const char *name);

/* Write a value on a line of its own. */
void text_line(struct text *text, const char *name, const char *value,
               size_t size);
void text_words(struct text *text, const char *name, const char *words);
__attribute__((format(printf, 3, 4)))
void text_line_f(struct text *text, const char *name, const char *format,
                 ...);

/* End a line of cells.  Everything that does not use cells must call it
 * first. */
void text_flush(struct text *text);

/* Write a line about something unusual. */
__attribute__((format(printf, 2, 3)))
void text_mark(struct text *text, const char *format, ...);

/* Write bytes in hex, 16 a line, with runs of zeros shortened; at: the offset
 * to print for the first. */
void text_dump(struct text *text, uint64_t at, const uint8_t *bytes,
               uint64_t size);

/* "pin 3", or "pin 3-5" for three pins. */
#define TEXT_NUMBER_ROOM 72
void text_number_name(char buf[TEXT_NUMBER_ROOM], const char *name, size_t i,
                      size_t n);

/* Write registers, each as one number, with runs of zeros shortened. */
void text_registers(struct text *text, const struct cat_registers *which,
                    const uint8_t *bytes);

/* How many of the registers fit whole into size bytes. */
size_t text_whole(const struct cat_registers *which, uint64_t size);

/* -- fields: fields.c --------------------------------------------- */

/* How records of one layout are shown. */
struct text_plan {
    const struct shape *shape;
    const struct text_view *view;      /* or NULL */
    const struct cat_field **fields;   /* the view's fields, by its numbering;
                                        * NULL if the layout lacks one */
    bool *claimed;                     /* rows of the record that the view
                                        * shows */
    size_t name_width;                 /* for rows that it does not show */
};

/* A view: shows some fields of a record in its own form. */
struct text_view {
    uint32_t type;
    const char *const *names;  /* the fields that put() needs, NULL at the
                                * end */
    const char *const *claims; /* prefixes of the names that it shows, NULL at
                                * the end; other fields are shown as usual */
    bool takes_tail;           /* shows the tail, too */
    bool first;                /* is shown in front of the other fields */
    void (*put)(struct text *text, const struct context_record *record,
                const struct text_plan *plan);
};

/* The plan for a record; NULL when memory is short. */
const struct text_plan *text_plan(struct text *text,
                                  const struct context_record *record,
                                  const struct text_view *view);

void text_plans_free(struct text *text);

/* Read element i of a field; false if the layout lacks it. */
static inline bool text_get(const struct context_record *record,
                            const struct cat_field *field, size_t i,
                            uint64_t *value)
{
    return field && context_get(record, field, i, value);
}

/* The bytes of the record at the field's offset; *size is at most its old
 * value. */
const uint8_t *text_bytes(const struct context_record *record,
                          const struct cat_field *field, size_t *size);

/* Write one field as usual. */
void text_field(struct text *text, const struct context_record *record,
                const struct cat_field *field, size_t i);

/* Write the fields that the plan's view does not show, and the unassigned
 * bytes. */
void text_fields(struct text *text, const struct context_record *record,
                 const struct text_plan *plan);

/* Write the unassigned bytes (rest.c). */
void text_rest(struct text *text, const struct context_record *record,
               const struct text_plan *plan);

/* The record is cut inside the field at offset at, so a view does not show
 * that field. */
static inline void text_unshown(struct text *text, uint64_t at)
{
    if (at < text->unshown)
        text->unshown = at;
}

/* -- views ------------------------------------------------------------- */

extern const struct text_view text_view_cpu, text_view_xsave,
    text_view_ioapic, text_view_pci_irq, text_view_rtc, text_view_mtrr,
    text_view_msr, text_view_shared_info, text_view_provenance,
    text_view_evtchn, text_view_grants, text_view_params, text_view_cpuid,
    text_view_msrs;

/* The x87 and SSE state: scalar fields in the plan from first on, then
 * st_mantissa and xmm. */
enum { TEXT_FCW, TEXT_FSW, TEXT_FTW, TEXT_FOP, TEXT_FIP, TEXT_FDP,
       TEXT_MXCSR, TEXT_MXCSR_MASK, TEXT_ST, TEXT_XMM, TEXT_FPU_COUNT };
#define TEXT_FPU_NAMES(prefix) \
    prefix "fcw", prefix "fsw", prefix "ftw", prefix "fop", prefix "fip", \
    prefix "fdp", prefix "mxcsr", prefix "mxcsr_mask", \
    prefix "st_mantissa", prefix "xmm"
void text_fpu(struct text *text, const struct context_record *record,
              const struct text_plan *plan, size_t first);

/* The date in an RTC record, by the plan of text_view_rtc; false if its
 * registers hold no valid date. */
#define TEXT_DATE_ROOM 48
bool text_rtc_date(const struct context_record *record,
                   const struct text_plan *plan, char date[TEXT_DATE_ROOM]);

/* -- the whole: list.c, head.c, summary.c --------------------- */

/* Write the kind of input, then its trailer. */
void text_kind(struct text *text);
void text_trailer(struct text *text);

/* Write a line for each record, and nothing else. */
void text_list(struct text *text);

/* Write a summary of the records, and a line for each vCPU. */
void text_head(struct text *text);

/* Write the summary, and a line for the interrupts of each vCPU and for each
 * device. */
void text_summary(struct text *text);

#endif /* CONVERT_TEXT_TEXT_H */
