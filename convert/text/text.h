/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room text: a context in words.
 *
 * A context as text.  What a record looks like follows from its rows in the
 * catalogue; a few records have a view that shows some of their fields in a
 * better way.
 */
#ifndef CONVERT_TEXT_TEXT_H
#define CONVERT_TEXT_TEXT_H

#include "context/context.h"
#include "base/out.h"
#include "catalogue/shape.h"
#include "catalogue/value.h"

struct text_plan;

/* A text that is being written. */
struct text {
    struct out out;
    const domctx_context *context;
    bool colour;
    size_t cells;             /* on the line that has begun */
    size_t used;              /* columns of the last of them */
    size_t name_width;        /* of the column of names */
    struct shapes shapes;
    struct text_plan **plans;
    size_t n_plans;
    uint64_t unshown;         /* a record that is cut off: nothing shows the
                               * bytes from there on */
    bool no_memory;
    domctx_report *report;
    bool failed;              /* and the report says why */
};

/* -- lines: put.c ------------------------------------------------- */

enum text_style { TEXT_HEADING, TEXT_WARNING };

/* Text in a style, if there is colour. */
void text_styled(struct text *text, enum text_style style, const char *words);

/* The column of names, from here on; 0 for the usual one. */
#define TEXT_NAME_WIDTH 17
void text_widen(struct text *text, size_t width);

/* A short value in a cell, two of which share a line where names are
 * short. */
void text_cell(struct text *text, const char *name, const char *value,
               size_t size);

/* Begin a line of its own with its name; the caller ends it. */
void text_begin(struct text *text, const char *name);

/* A value on a line of its own. */
void text_line(struct text *text, const char *name, const char *value,
               size_t size);
void text_words(struct text *text, const char *name, const char *words);
__attribute__((format(printf, 3, 4)))
void text_line_f(struct text *text, const char *name, const char *format,
                 ...);

/* End the line that cells have begun; what does not use cells calls it
 * first. */
void text_flush(struct text *text);

/* A line that says what is odd. */
__attribute__((format(printf, 2, 3)))
void text_mark(struct text *text, const char *format, ...);

/* Bytes in hex, 16 a line, runs of zeros shortened; at: what the first is
 * called. */
void text_dump(struct text *text, uint64_t at, const uint8_t *bytes,
               uint64_t size);

/* "pin 3", or "pin 3-5" for three. */
#define TEXT_NUMBER_ROOM 72
void text_number_name(char buf[TEXT_NUMBER_ROOM], const char *name, size_t i,
                      size_t n);

/* Registers, each as one number; runs of empty ones are shortened. */
void text_registers(struct text *text, const struct cat_registers *which,
                    const uint8_t *bytes);

/* How many of them are whole in so many bytes. */
size_t text_whole(const struct cat_registers *which, uint64_t size);

/* -- fields: fields.c --------------------------------------------- */

/* What is to be shown of records of one layout, and how. */
struct text_plan {
    const struct shape *shape;
    const struct text_view *view;      /* or NULL */
    const struct cat_field **fields;   /* of the view, by its own numbers;
                                        * NULL where the layout lacks it */
    bool *claimed;                     /* by row of the record */
    size_t name_width;                 /* for those that are not */
};

/* Shows some fields of a record in its own way. */
struct text_view {
    uint32_t type;
    const char *const *names;  /* the fields that put() wants, up to NULL */
    const char *const *claims; /* the beginnings of names that it shows, up
                                * to NULL; the rest is shown as usual */
    bool takes_tail;           /* it shows the tail, too */
    bool first;                /* it comes before the rest */
    void (*put)(struct text *text, const struct context_record *record,
                const struct text_plan *plan);
};

/* The plan for a record, view or not; NULL when memory is short. */
const struct text_plan *text_plan(struct text *text,
                                  const struct context_record *record,
                                  const struct text_view *view);

void text_plans_free(struct text *text);

/* Element i of a field that the layout may lack. */
static inline bool text_get(const struct context_record *record,
                            const struct cat_field *field, size_t i,
                            uint64_t *value)
{
    return field && context_get(record, field, i, value);
}

/* Bytes of the record from the field's place on, at most size; how many there
 * are in *size. */
const uint8_t *text_bytes(const struct context_record *record,
                          const struct cat_field *field, size_t *size);

/* One field as usual. */
void text_field(struct text *text, const struct context_record *record,
                const struct cat_field *field, size_t i);

/* All fields of a record that the plan's view does not claim, and the
 * unassigned bytes. */
void text_fields(struct text *text, const struct context_record *record,
                 const struct text_plan *plan);

/* The unassigned bytes: rest.c. */
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

/* The x87 and SSE state: scalars are fields of the plan from first on, then
 * st_mantissa and xmm. */
enum { TEXT_FCW, TEXT_FSW, TEXT_FTW, TEXT_FOP, TEXT_FIP, TEXT_FDP,
       TEXT_MXCSR, TEXT_MXCSR_MASK, TEXT_ST, TEXT_XMM, TEXT_FPU_COUNT };
#define TEXT_FPU_NAMES(prefix) \
    prefix "fcw", prefix "fsw", prefix "ftw", prefix "fop", prefix "fip", \
    prefix "fdp", prefix "mxcsr", prefix "mxcsr_mask", \
    prefix "st_mantissa", prefix "xmm"
void text_fpu(struct text *text, const struct context_record *record,
              const struct text_plan *plan, size_t first);

/* The date that an RTC shows, by the plan of text_view_rtc; false: its
 * registers hold none. */
#define TEXT_DATE_ROOM 48
bool text_rtc_date(const struct context_record *record,
                   const struct text_plan *plan, char date[TEXT_DATE_ROOM]);

/* -- the whole: list.c, head.c, summary.c --------------------- */

/* What the input is, then the contents of its trailer. */
void text_kind(struct text *text);
void text_trailer(struct text *text);

/* All records, a line each, in place of everything else. */
void text_list(struct text *text);

/* What is in it, with a line for each vCPU. */
void text_head(struct text *text);

/* That, and a line for the interrupts of each vCPU and for each device. */
void text_summary(struct text *text);

#endif /* CONVERT_TEXT_TEXT_H */
