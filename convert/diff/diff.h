/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room diff: two contexts compared.
 *
 * Comparing two contexts: diff.c pairs the records, record.c compares
 * the fields of a pair and bytes.c what no field tells; each difference
 * goes through diff_put(), which leaves out what is to be ignored, counts it,
 * and hands it to the writer.
 */
#ifndef CONVERT_DIFF_DIFF_H
#define CONVERT_DIFF_DIFF_H

#include "context/registers.h"
#include "base/json.h"
#include "catalogue/types.h"
#include "text/text.h"

enum diff_kind {
    DIFF_VALUE,   /* a field has another value */
    DIFF_PLACE,   /* likewise, and in its place is another field there */
    DIFF_FIELD,   /* one side lacks a field */
    DIFF_BYTES,   /* bytes that no field covers */
    DIFF_LENGTH,  /* of the record */
    DIFF_RECORD,  /* one side lacks a record */
    DIFF_TEXT,    /* a member of PROVENANCE */
    DIFF_CONFIG,  /* likewise of a save file's configuration */
};

/* What one side has. */
struct diff_side {
    const struct context_record *record; /* NULL: it has none */
    bool has;                            /* the field, bytes or text */
    const struct cat_field *field;
    size_t index;
    size_t elements;                     /* from index on, that are alike;
                                          * 0: it is about one */
    uint64_t value;
    const uint8_t *bytes;
    const char *text;
    const char *words;                   /* of an entry: what value means */
    const char *number;                  /* of a register, in place of value */
};

/* The field stands for all of its elements that have no parts: they are
 * alike. */
#define DIFF_ALL SIZE_MAX

struct difference {
    enum diff_kind kind;
    bool note;               /* said, but no difference: what loads is the
                              * same, or it is not part of the context */
    bool assumes;            /* DIFF_FIELD: a loader takes the record without
                              * it, and assumes a value */
    uint64_t assumed;        /* what a loader takes where it is missing */
    bool has_key;            /* the element is that of a unit of the tail */
    uint64_t key;            /* with this key in A, or else in B */
    uint64_t offset, size;   /* DIFF_BYTES: in the body */
    const char *part;        /* of them: the register they are of, or NULL */
    const char *member;      /* DIFF_TEXT and DIFF_CONFIG */
    const char *entry;       /* of a register, or of what a save file has
                              * beside its context: its name; or NULL */
    bool moves;              /* an entry that is a clock */
    struct diff_side side[2];
};

/* What became of the records of one type. */
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
        bool moving;                 /* what changes by itself, too */
    } ignore, only;
    size_t nth;                      /* of several with one instance */
    bool differs;                    /* the present pair does */
    uint64_t counted, ignored;
    bool no_memory;
    uint8_t *told[2];                /* of the present pair, for each byte:
                                      * it is in a register that was told */
    struct diff_row *rows;
    size_t n_rows, rows_room;
    bool said;                       /* a line was written */
    struct out out;
    struct json_writer json;
};

/* Where a difference goes. */
void diff_put(struct diff *diff, const struct difference *difference);

/* The record that a difference is about: A's if it has one. */
static inline const struct context_record *
diff_record(const struct difference *difference)
{
    return difference->side[0].record ? difference->side[0].record
                                      : difference->side[1].record;
}

/* Whether to say what a field that one side lacks loads as: paravirtual state
 * is loaded nowhere. */
static inline bool diff_says_assumed(const struct difference *difference)
{
    return difference->assumes && !type_is_pv(diff_record(difference)->type);
}

/* Whether there is a loader that takes a record of that length, and so makes
 * something of what it lacks: some layout has it, other than that of an empty
 * CPU_XSAVE. */
bool diff_loads(const struct context_record *record);

/* What to call the element of that side; of a unit, the key stands in place
 * of its number. */
#define DIFF_LABEL_ROOM CAT_LABEL_ROOM
const char *diff_label(const struct difference *difference, int side,
                       char buf[DIFF_LABEL_ROOM]);

/* --- record.c, registers.c, bytes.c, units.c ----------------------- */

/* Compare two records of one type. */
void diff_records(struct diff *diff, const struct context_record *a,
                  const struct context_record *b);

/* Compare the registers that both have; what was told of the pair is then
 * known until the end. */
void diff_registers(struct diff *diff,
                    const struct context_record *const pair[2],
                    const struct cat_layout *const layout[2]);
void diff_registers_end(struct diff *diff);

/* Whether a register that was told has that byte of a side's record. */
bool diff_told(const struct diff *diff, int side, uint64_t at);

/* Compare the unassigned bits of the fixed parts, and the tails. */
void diff_holes(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2]);
void diff_tails(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2]);

/* Of the tails, from at on, compare the units that have a key; at is then
 * where they end. */
void diff_units(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2], uint64_t at[2]);

/* --- guest.c ------------------------------------------------------- */

/* The value of an entry with what it means: "0x65 (base crash_ctl)". */
#define DIFF_ENTRY_ROOM 560
const char *diff_entry_text(const struct diff_side *side,
                            char buf[DIFF_ENTRY_ROOM]);

/* Compare what two save files say beside their contexts; -1: no memory. */
int diff_guests(struct diff *diff);

/* Warn if a save file has more entries than are kept, and so compared. */
void diff_tell_left_out(const struct diff *diff, domctx_report *report);

/* The row of the summary that a record goes into; NULL: no memory. */
struct diff_row *diff_row_for(struct diff *diff,
                              const struct context_record *record);

/* The rows of what is beside the context, in the place of those of a
 * catalogue: which a name means (size bytes), and whether it has entries of
 * that name.  NULL: none. */
const struct cat_record *diff_guest_record(const char *name, size_t size);
bool diff_guest_names(const struct cat_record *record, const char *name,
                      size_t size);

/* --- ignore.c ------------------------------------------------------ */

/* Read options->ignore and only into diff; what they name must be known. */
int diff_read_rules(struct diff *diff, domctx_report *report);
void diff_free_rules(struct diff *diff);

/* Whether a rule says to leave out the difference; whether it is one of those
 * that are asked for. */
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
