/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room rules: what differs between releases, as tables with conditions.
 *
 * The rules of compatibility: one table of what changed between releases and
 * of what each release's loader validates.  A rule is data: where it looks,
 * for which releases it holds, on which values, what follows, why.
 *
 * The table has a file for each kind of knowledge:
 *
 *   change.c  what changed between two releases.  The conversion (compat/)
 *             reads it.  RULE_LOAD rows are there for changes that depend
 *             on the target alone.
 *   load.c    what a loader checks.  The verdict on a context for a target
 *             reads it.  All rows are RULE_LOAD.
 *
 * A rule whose condition is met raises its message; base/messages has the
 * texts of cause and cure.  Nothing else in the library compares a release
 * with a number.
 */
#ifndef CONVERT_RULES_RULES_H
#define CONVERT_RULES_RULES_H

#include "catalogue/codes.h"
#include "context/context.h"
#include "catalogue/release.h"

/*
 * The direction of a conversion that a rule is about.  The change came with
 * rule->since.
 *
 * UP: the saver may be older than the change, the target may have it.  DOWN:
 * the saver may have it, the target may be older.  For a field that a layout
 * added, the length of the record decides instead of the saver's release; for
 * an MSR or an XSAVE component, its presence.
 *
 * LOAD: the target may be one of the releases from rule->since up to, but
 * without, rule->until; the saver does not matter.
 */
enum rule_direction { RULE_UP, RULE_DOWN, RULE_LOAD };

enum rule_action {
    RULE_KEEP,    /* keep the bytes, in a field of another name if the
                   * target has one; the message says what it means there */
    RULE_GROW,    /* fill the field with the value that loaders assume,
                   * which the catalogue has */
    RULE_INFER,   /* add the record, which the saver did not have */
    RULE_SHRINK,  /* drop the field, or the bits of it in mask; the
                   * condition tells whether that loses anything */
    RULE_DROP,    /* drop the record; the condition likewise */
    RULE_SET,     /* write another value into the field, or into the bits
                   * of it in mask */
    RULE_REPAIR,  /* undo a defect of the saver */
    RULE_REFUSE,  /* a loader check fails, or nothing can be written that
                   * loads */
};

/* What a rule is applied to: element i of its field, in a record of a
 * context, for a target. */
struct rule;
struct rule_subject {
    const struct rule *rule;
    const domctx_context *context;
    const struct context_record *record;
    const struct cat_field *field;  /* NULL: the record as a whole */
    size_t i;
    uint64_t value;                 /* of that element */
    struct release target;
};

/* When a rule's message is raised.  IF_... below make them. */
enum rule_test {
    RULE_ALWAYS,
    RULE_EQUAL,    /* (value & mask) == operand */
    RULE_UNEQUAL,  /* (value & mask) != operand */
    RULE_ABOVE,    /* value > operand */
    RULE_NAMED,    /* a function decides: named.c, load-named.c */
};
struct rule_cond {
    enum rule_test test;
    uint64_t mask, operand;
    bool (*named)(const struct rule_subject *subject);
};
#define IF_ANYTHING     { RULE_ALWAYS, 0, 0, NULL }
#define IF_NONZERO      { RULE_UNEQUAL, UINT64_MAX, 0, NULL }
#define IF_BITS(m, v)   { RULE_EQUAL, (m), (v), NULL }
#define IF_NOT(m, v)    { RULE_UNEQUAL, (m), (v), NULL }
#define IF_ANY_BIT(m)   { RULE_UNEQUAL, (m), 0, NULL }
#define IF_ABOVE(n)     { RULE_ABOVE, 0, (n), NULL }
#define IF(function)    { RULE_NAMED, 0, 0, (function) }

/* The releases that log a line, and whether only their debug builds do. */
enum rule_logged { LOG_USUAL, LOG_DEBUG, LOG_LATE, LOG_MSR };
struct rule_log {
    struct since any;      /* builds for debugging do since then */
    struct since release;  /* and all builds since then */
    const char *words;     /* ", in debug builds", behind the gist */
};
extern const struct rule_log rule_logs[];

/* RULE_LOAD: what the target's loader does. */
struct rule_outcome {
    enum domctx_outcome verdict;
    int error;             /* the handler's own errno; releases that make
                            * EPERM of each are known to the judgement */
    const char *log;       /* the gist of the log line, or NULL: silent */
    enum rule_logged logged;
};
#define OUTCOME(verdict_, error_, log_) \
    { .verdict = DOMCTX_##verdict_, .error = (error_), .log = (log_) }
#define OUTCOME_IN(verdict_, error_, log_, logged_) \
    { .verdict = DOMCTX_##verdict_, .error = (error_), .log = (log_), \
      .logged = LOG_##logged_ }

/* RULE_LOAD, DOMCTX_DEPENDS: features of the processor, of which a guest must
 * have one for any of these bits of the value.  Words and bits are those of a
 * featureset.  A table ends with a row without bits. */
struct rule_feature {
    uint64_t bits;
    uint8_t word, bit;
    uint8_t word2, bit2;    /* this one does as well; 0, 0: none */
};

#define RULE_SILENT MSG_COUNT
struct rule {
    enum msg_id id;                /* RULE_SILENT: no message */
    uint16_t typecode;             /* enum code */
    enum rule_direction direction;
    enum rule_action action;
    const char *field;             /* catalogue name; NULL: the record */
    const char *was;               /* RULE_KEEP: the older field with these
                                    * bytes, if they meant something else */
    uint64_t key;                  /* CPU_MSR: the index; CPU_XSAVE's
                                    * xcr0_accum: the components */
    uint64_t mask;                 /* RULE_SET, RULE_SHRINK: 0 for all;
                                    * RULE_LOAD with a key: the bits that
                                    * the MSR may have */
    uint64_t value;                /* RULE_SET: what is written */
    uint64_t (*make)(const struct rule_subject *subject);
                                   /* RULE_SET: computes the value instead */
    struct since since, until;     /* until wholly zero: to this day */
    struct rule_cond cond;
    bool by_target;                /* the condition's function also reads
                                    * subject->target */
    struct rule_outcome outcome;
    enum domctx_vendor vendor;     /* RULE_LOAD: only on such processors */
    bool hap;                      /* RULE_LOAD: only with hardware assisted
                                    * paging, which is the default */
    const struct rule_feature *features;
    bool address;                  /* RULE_LOAD, DOMCTX_DEPENDS: the value
                                    * is a physical address of the host's */
    const char *reason;            /* one sentence, for a reader */
    const char *source;            /* Xen commit or release */
};

extern const struct rule rules_change[];
extern const size_t n_rules_change;
extern const struct rule rules_load[];
extern const size_t n_rules_load;

/* Whether a rule holds between a saver and a target; for RULE_LOAD the saver
 * does not matter. */
bool rule_holds(const struct rule *rule, struct release saver,
                struct release target);

/* A field of a layout by any name that it has had, or that its bytes have had
 * (the RULE_KEEP rows with "was"); NULL if the layout has none. */
const struct cat_field *rule_field(const struct cat_record *record,
                                   const struct cat_layout *layout,
                                   const char *name);

/* Whether the condition is met by the subject, element subject->i. */
bool rule_met(const struct rule *rule, const struct rule_subject *subject);

/* Find the first element of the rule's field, from subject->i on, for which
 * the condition holds; false: none.  Sets rule, field, i and value of the
 * subject.  For a record without the field it is false; a rule without a
 * field is tried once, on the record as a whole. */
bool rule_find(const struct rule *rule, struct rule_subject *subject);

/* The same with the field already looked up, for callers with many records
 * of one layout; NULL: the rule names no field, or the layout lacks it. */
bool rule_find_in(const struct rule *rule, const struct cat_field *field,
                  struct rule_subject *subject);

/*
 * The rows of rules_load about the records of one layout, each with the field
 * that it looks at (NULL: the record as a whole); rows whose field the layout
 * lacks are left out, since they cannot apply.  The lookup by name costs more
 * than all other work of a verdict, so a verdict on several releases does it
 * once.
 */
struct rule_rows {
    struct rule_rows *next;
    const struct cat_layout *layout;
    size_t count;
    struct rule_row {
        size_t rule;                /* its number in rules_load */
        const struct cat_field *field;
    } row[];
};
struct rule_memo {                  /* starts as zeros */
    struct rule_rows *of[CODE_COUNT];
    bool *silent;                   /* for each record of a context and row
                                     * of rules_load: the row applies for no
                                     * target; NULL: not recorded */
};

/* The rows for a record of a known typecode; NULL when memory is short. */
const struct rule_rows *rule_rows(struct rule_memo *memo,
                                  const struct context_record *record);
void rule_memo_free(struct rule_memo *memo);

/* The layout in which a target takes a record: the longest that all releases
 * have for which the target stands; NULL: it does not know the record. */
const struct cat_layout *rules_layout(const struct cat_record *record,
                                      struct release target);

/*
 * The point releases of a series, a bit each, at which some row of the tables
 * about a context begins or ends to hold.  All points between two of them get
 * the same verdict.  The tables about a domain (guest.h) are not included.
 */
uint32_t rules_steps(cat_version series);

/* The same for one "since". */
uint32_t steps_of(const struct since *since, cat_version series);

#endif /* CONVERT_RULES_RULES_H */
