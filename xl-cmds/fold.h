/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Findings as people read them: those that are alike are one, "LAPIC of all
 * 64 vCPUs", the worst stand first, and what does not fit on a screen is
 * counted.
 */
#ifndef XL_CMDS_FOLD_H
#define XL_CMDS_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <domctx.h>

/* Lines that a reader sees at once; with -v there is no such limit. */
#define FOLD_LINES 20

/* Findings that differ in nothing but the instance, the place and the
 * values. */
struct fold_row {
    const struct domctx_finding *finding; /* the first of them */
    size_t name;                          /* length of its record's name,
                                           * without the instance */
    size_t count;
    uint32_t *instances;                  /* of count */
    bool values_differ;
    size_t next;                          /* room of instances */
};

struct fold {
    struct fold_row *rows;
    size_t count;
    size_t vcpus;      /* of the context, for "all"; 0: not known */
};

/*
 * Fold the findings of a report, which must outlive the fold; the finding
 * with the number first (SIZE_MAX: none) is in the first row, the rest by
 * severity and then as they were raised.  False when memory is short.
 */
bool fold_report(struct fold *fold, const domctx_report *report,
                 size_t first);
void fold_free(struct fold *fold);

/* A row in one line without its end: where, what is wrong, the values, the
 * id. */
void fold_put(FILE *stream, const struct fold *fold, size_t row);

/* Whether a row has the right value of the fields, to be put there. */
bool fold_sets(const struct fold *fold, size_t row);

/* What edit's --record takes to reach all of a row, in size bytes; none where
 * there is no such record. */
const char *fold_record(const struct fold *fold, size_t row, size_t *size);

/* The options with which edit reaches what a row tells of, each with a space
 * behind: "--set=VMCE_VCPU/11.caps=0x2 " where the row has the right value,
 * "--record=CPU_MSR/0 " for the editor where it has not, or nothing. */
void fold_put_edit(FILE *stream, const struct fold *fold, size_t row);

#endif /* XL_CMDS_FOLD_H */
