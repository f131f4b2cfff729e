/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room diff: two contexts compared.
 *
 * diff.c pairs the records, record.c compares the fields of a pair, bytes.c
 * what no field covers.  Each difference goes through diff_put(), which drops
 * ignored ones, counts the others, and hands them to the writer.
 */
#ifndef CONVERT_DIFF_DIFF_H
#define CONVERT_DIFF_DIFF_H

#include "context/registers.h"
#include "base/json.h"
#include "catalogue/types.h"
#include "text/text.h"

enum diff_kind {
    DIFF_VALUE,   /* a field has another value */
    DIFF_PLACE,   /* a value, and the other layout has another field at its
                   * place */
    DIFF_FIELD,   /* one side lacks a field */
    DIFF_BYTES,   /* bytes that no field covers */
    DIFF_LENGTH,  /* of the record */
    DIFF_RECORD,  /* one side lacks the record */
    DIFF_TEXT,    /* a member of PROVENANCE */
    DIFF_CONFIG,  /* the same, of a save file's configuration */
};

/* One side of a difference. */
struct diff_side {
    const struct context_record *record; /* NULL: the side lacks the record */
    bool has;                            /* the side has the field, bytes or
                                          * text */
    const struct cat_field *field;
    size_t index;
    size_t elements;                     /* if not 0, equal elements from index
                                          * on */
    uint64_t value;
    const uint8_t *bytes;
    const char *text;
    const char *words;                   /* of an entry: the meaning of
                                          * value */
    const char *number;                  /* of a register, instead of value */
};

/* The index for all elements of a field that have no sub-fields, which are
 * equal. */
#define DIFF_ALL SIZE_MAX

struct difference {
    enum diff_kind kind;
    bool note;               /* not counted: what loads is the same, or it is
                              * not part of the context */
    bool assumes;            /* DIFF_FIELD: loaders accept the record without
                              * the field */
    uint64_t assumed;        /* the value that they assume */
    bool has_key;            /* the element is in a unit of the tail */
    uint64_t key;            /* with this key, in A or else in B */
    uint64_t offset, size;   /* DIFF_BYTES: in the body */
    const char *part;        /* the register that the bytes are of, or NULL */
    const char *member;      /* DIFF_TEXT and DIFF_CONFIG */
    const char *entry;       /* name of a register, or of an entry beside the
                              * context; or NULL */
    bool moves;              /* the entry is a clock */
    struct diff_side side[2];
};

/* The counts for records of one type. */
struct diff_row {
    const struct context_record *example;
    uint64_t same, differ, only[2];  /* records */
    uint64_t differences;
};


struct diff_rule;

struct diff {
    const domctx_context *context[2];
    const struct domctx_diff_options *options;
    struct diff_rules {
        struct diff_rule *rule;
        size_t count;
        bool moving;                 /* fields that change by themselves */
    } ignore, only;
    size_t nth;                      /* of several records with one instance */
    bool differs;                    /* the present pair differs */
    uint64_t counted, ignored;
    bool no_memory;
    uint8_t *told[2];                /* for each byte of the present pair: its
                                      * register was reported */
    struct diff_row *rows;
    size_t n_rows, rows_room;
    bool said;                       /* a line was written */
    struct out out;
    struct json_writer json;
};

/* Report a difference. */
void diff_put(struct diff *diff, const struct difference *difference);

/* The record of a difference: A's, if A has one. */
static inline const struct context_record *
diff_record(const struct difference *difference)
{
    return difference->side[0].record ? difference->side[0].record
                                      : difference->side[1].record;
}

/* Whether to report the value that a missing field loads as.  Paravirtual
 * state is never loaded. */
static inline bool diff_says_assumed(const struct difference *difference)
{
    return difference->assumes && !type_is_pv(diff_record(difference)->type);
}

/* Whether a loader accepts records of that length, and so assumes values for
 * missing fields: some layout has it, other than that of an empty
 * CPU_XSAVE. */
bool diff_loads(const struct context_record *record);

/* The label of that side's element; a unit of the tail is named by its key
 * instead of its index. */
#define DIFF_LABEL_ROOM CAT_LABEL_ROOM
const char *diff_label(const struct difference *difference, int side,
                       char buf[DIFF_LABEL_ROOM]);

/* --- record.c, registers.c, bytes.c, units.c ----------------------- */

/* Compare two records of one type. */
void diff_records(struct diff *diff, const struct context_record *a,
                  const struct context_record *b);

/* Compare the registers that both records have; marks their bytes until the
 * pair is done. */
void diff_registers(struct diff *diff,
                    const struct context_record *const pair[2],
                    const struct cat_layout *const layout[2]);
void diff_registers_end(struct diff *diff);

/* Whether the byte belongs to a register that was reported. */
bool diff_told(const struct diff *diff, int side, uint64_t at);

/* Compare the unassigned bits of the fixed parts, and the tails. */
void diff_holes(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2]);
void diff_tails(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2]);

/* Compare the units of the tails that have keys, from at on; at is
 * advanced. */
void diff_units(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2], uint64_t at[2]);

/* --- guest.c ------------------------------------------------------- */

/* Write an entry's value and its meaning: "0x65 (base crash_ctl)". */
#define DIFF_ENTRY_ROOM 560
const char *diff_entry_text(const struct diff_side *side,
                            char buf[DIFF_ENTRY_ROOM]);

/* Compare what two save files say apart from their contexts; -1: no memory. */
int diff_guests(struct diff *diff);

/* Warn if a save file has more entries than are kept, and so compared. */
void diff_tell_left_out(const struct diff *diff, domctx_report *report);

/* The row of a record type in the summary; NULL: no memory. */
struct diff_row *diff_row_for(struct diff *diff,
                              const struct context_record *record);

/* Catalogue records that stand for the lists beside the context.  Find one by
 * its name (size bytes), or NULL; whether it can have an entry of that
 * name. */
const struct cat_record *diff_guest_record(const char *name, size_t size);
bool diff_guest_names(const struct cat_record *record, const char *name,
                      size_t size);

/* --- ignore.c ------------------------------------------------------ */

/* Parse options->ignore and only; unknown names are refused. */
int diff_read_rules(struct diff *diff, domctx_report *report);
void diff_free_rules(struct diff *diff);

/* Whether the difference is to be ignored; whether it is among those asked
 * for. */
bool diff_ignored(const struct diff *diff,
                  const struct difference *difference);
bool diff_wanted(const struct diff *diff,
                 const struct difference *difference);

/* --- the writers -------------------------------------------------------- */

void diff_text_begin(struct diff *diff);
void diff_text_put(struct diff *diff, const struct difference *difference);
void diff_text_end(struct diff *diff);
void diff_json_begin(struct diff *diff);
void diff_json_put(struct diff *diff, const struct difference *difference);
void diff_json_end(struct diff *diff);

#endif /* CONVERT_DIFF_DIFF_H */
