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
    size_t count;                         /* of findings */
    struct fold_place {                   /* where: by instance, each once */
        uint32_t instance;
        const struct domctx_finding *finding;
    } *places;
    size_t n_places;
    bool values_differ;
    bool twice;                           /* two values for one place */
    size_t room;                          /* of places */
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

/* A longer line of options is no command to type. */
#define FOLD_SETS_MAX 1024

/* How long the options are that put the right value into each field of a row;
 * 0: not all values are known, or there are too many. */
size_t fold_sets(const struct fold *fold, size_t row);

/* What edit's --record takes to reach all of a row, in size bytes; none where
 * there is no such record. */
const char *fold_record(const struct fold *fold, size_t row, size_t *size);

/* The options with which edit reaches what a row tells of, each with a space
 * behind: "--set=VMCE_VCPU/11.caps=0x2 " for each where fold_sets(),
 * "--record=CPU_MSR/0 " for the editor otherwise, or nothing. */
void fold_put_edit(FILE *stream, const struct fold *fold, size_t row);

#endif /* XL_CMDS_FOLD_H */
