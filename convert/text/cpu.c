/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU: segments in a table, the pending event, x87 and SSE. */
#include "text/text.h"
#include "base/bytes.h"
#include "catalogue/codes.h"

#include <string.h>

/* -- x87 and SSE, here and in CPU_XSAVE -------------------------------- */

#define FXSAVE_SIZE 512

/* Write the registers that the record has whole. */
static void put_registers(struct text *text,
                          const struct context_record *record,
                          const struct cat_field *field)
{
    struct cat_registers whole = *field->registers;
    size_t most = whole.count, size = most * whole.stride;
    const uint8_t *bytes = text_bytes(record, field, &size);

    whole.count = (uint16_t)text_whole(&whole, size);
    if (bytes)
        text_registers(text, &whole, bytes);
    if (whole.count < most && whole.count * (size_t)whole.stride < size)
        text_unshown(text, field->offset +
                               whole.count * (size_t)whole.stride);
}

void text_fpu(struct text *text, const struct context_record *record,
              const struct text_plan *plan, size_t first)
{
    const struct cat_field **fields = plan->fields + first;
    size_t size = FXSAVE_SIZE;
    const uint8_t *bytes = text_bytes(record, fields[TEXT_FCW], &size);

    if (!bytes)
        return;
    if (size == FXSAVE_SIZE && all_zero(bytes, size)) {
        text_words(text, "x87 and SSE", "all zero");
        return;
    }
    text_widen(text, fields[TEXT_MXCSR_MASK]
                         ? strlen(fields[TEXT_MXCSR_MASK]->name)
                         : 0);
    for (size_t i = TEXT_FCW; i <= TEXT_MXCSR_MASK; i++)
        text_field(text, record, fields[i], 0);
    text_widen(text, 0);
    put_registers(text, record, fields[TEXT_ST]);
    put_registers(text, record, fields[TEXT_XMM]);
}

/* -- segments ---------------------------------------------------------- */

enum { SEL, LIMIT, BASE, ARBYTES, SEGMENT_FIELDS };
enum { CS, DS, ES, FS, GS, SS, TR, LDTR, SEGMENTS };
enum {
    FIRST_SEGMENT = TEXT_FPU_COUNT,
    IDTR_LIMIT = FIRST_SEGMENT + SEGMENTS * SEGMENT_FIELDS,
    IDTR_BASE, GDTR_LIMIT, GDTR_BASE,
    EVENT, VECTOR, TYPE, HAS_ERROR, ERROR_CODE, VALID,
};

#define SEGMENT(s) s "_sel", s "_limit", s "_base", s "_arbytes"
static const char *const names[] = {
    TEXT_FPU_NAMES("fpu_regs."),
    SEGMENT("cs"), SEGMENT("ds"), SEGMENT("es"), SEGMENT("fs"),
    SEGMENT("gs"), SEGMENT("ss"), SEGMENT("tr"), SEGMENT("ldtr"),
    "idtr_limit", "idtr_base", "gdtr_limit", "gdtr_base",
    "pending_event", "pending_vector", "pending_type",
    "pending_error_valid", "error_code", "pending_valid", NULL,
};

static const char *const claims[] = {
    "fpu_regs", "cs_", "ds_", "es_", "fs_", "gs_", "ss_", "tr_", "ldtr_",
    "idtr_", "gdtr_", "pending_", "error_code", NULL,
};

/* Write a value in a column, or "-" if the record ends in front of it.  The
 * last column has no width: its value is followed by its words. */
static void put_column(struct text *text,
                       const struct context_record *record,
                       const struct cat_field *field, size_t width)
{
    char buf[VALUE_ROOM];
    uint64_t value;
    size_t n = 1;

    if (text_get(record, field, 0, &value))
        n = width > 0 ? value_number(field, 0, value, buf, sizeof(buf))
                      : value_text(field, 0, value, buf, sizeof(buf));
    else
        buf[0] = '-';
    out_put(&text->out, buf, n);
    if (width > 0)
        out_fill(&text->out, ' ', width > n ? width - n : 1);
}

#define NAME_WIDTH 9
#define SEL_WIDTH 10
#define BASE_WIDTH 20
#define LIMIT_WIDTH 12

static void put_segment(struct text *text, const char *name)
{
    out_put(&text->out, "  ", 2);
    out_text(&text->out, name);
    out_fill(&text->out, ' ', NAME_WIDTH - strlen(name));
}

static void put_segments(struct text *text,
                         const struct context_record *record,
                         const struct text_plan *plan)
{
    static const char *const words[SEGMENTS] = { "cs", "ds", "es", "fs",
                                                 "gs", "ss", "tr", "ldtr" };

    text_flush(text);
    out_f(&text->out, "  %-*s%-*s%-*s%-*sattributes\n", NAME_WIDTH,
          "segment", SEL_WIDTH, "selector", BASE_WIDTH, "base", LIMIT_WIDTH,
          "limit");
    for (size_t i = 0; i < SEGMENTS; i++) {
        const struct cat_field **fields =
            plan->fields + FIRST_SEGMENT + i * SEGMENT_FIELDS;

        put_segment(text, words[i]);
        put_column(text, record, fields[SEL], SEL_WIDTH);
        put_column(text, record, fields[BASE], BASE_WIDTH);
        put_column(text, record, fields[LIMIT], LIMIT_WIDTH);
        put_column(text, record, fields[ARBYTES], 0);
        out_put(&text->out, "\n", 1);
    }
    for (size_t i = GDTR_LIMIT; i >= IDTR_LIMIT; i -= 2) {
        put_segment(text, i == IDTR_LIMIT ? "idtr" : "gdtr");
        out_fill(&text->out, ' ', SEL_WIDTH);
        put_column(text, record, plan->fields[i + 1], BASE_WIDTH);
        put_column(text, record, plan->fields[i], 0);
        out_put(&text->out, "\n", 1);
    }
}

/* -- the pending event ------------------------------------------------- */

/* Intel SDM volume 3A, table 6-1; 28 to 30 are AMD's. */
LOCAL_NAMES(exceptions,
    IS(0, 8, 0, "#DE"), IS(0, 8, 1, "#DB"), IS(0, 8, 3, "#BP"),
    IS(0, 8, 4, "#OF"), IS(0, 8, 5, "#BR"), IS(0, 8, 6, "#UD"),
    IS(0, 8, 7, "#NM"), IS(0, 8, 8, "#DF"), IS(0, 8, 10, "#TS"),
    IS(0, 8, 11, "#NP"), IS(0, 8, 12, "#SS"), IS(0, 8, 13, "#GP"),
    IS(0, 8, 14, "#PF"), IS(0, 8, 16, "#MF"), IS(0, 8, 17, "#AC"),
    IS(0, 8, 18, "#MC"), IS(0, 8, 19, "#XM"), IS(0, 8, 20, "#VE"),
    IS(0, 8, 21, "#CP"), IS(0, 8, 28, "#HV"), IS(0, 8, 29, "#VC"),
    IS(0, 8, 30, "#SX"));

#define TYPE_EXCEPTION 3

static void put_event(struct text *text, const struct context_record *record,
                      const struct text_plan *plan)
{
    uint64_t vector, type, valid;
    char name[16];

    text_field(text, record, plan->fields[EVENT], 0);
    if (text_get(record, plan->fields[VALID], 0, &valid) && valid &&
        text_get(record, plan->fields[VECTOR], 0, &vector) &&
        text_get(record, plan->fields[TYPE], 0, &type) &&
        type == TYPE_EXCEPTION &&
        value_names(&exceptions, vector, false, name, sizeof(name)) > 0)
        text_words(text, "pending exception", name);
    text_field(text, record, plan->fields[ERROR_CODE], 0);
}

static void put(struct text *text, const struct context_record *record,
                const struct text_plan *plan)
{
    put_event(text, record, plan);
    put_segments(text, record, plan);
    text_fpu(text, record, plan, 0);
}

const struct text_view text_view_cpu = {
    .type = DOMCTX_HVM_RECORD(CODE_CPU),
    .names = names, .claims = claims, .put = put,
};
