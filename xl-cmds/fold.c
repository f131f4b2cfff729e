/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fold.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"

/* ------------------------------------------------------------------ */
/* Folding                                                             */
/* ------------------------------------------------------------------ */

/* "LAPIC" of "LAPIC/3": its length, and the instance. */
static size_t split(const char *record, uint32_t *instance)
{
    const char *slash = strrchr(record, '/');
    char *end;

    *instance = 0;
    if (!slash || slash[1] < '0' || slash[1] > '9')
        return strlen(record);
    *instance = (uint32_t)strtoul(slash + 1, &end, 10);
    return *end ? strlen(record) : (size_t)(slash - record);
}

static struct fold_row begin_row(const struct domctx_finding *finding)
{
    uint32_t instance;

    return (struct fold_row){ .finding = finding,
                              .name = split(finding->record, &instance) };
}

static bool has_instance(const struct fold_row *row)
{
    return row->finding->record[row->name] != '\0';
}

/* What mostly differs first: a hostile file has thousands of rows. */
static bool is_alike(const struct fold_row *row, const struct fold_row *other)
{
    const struct domctx_finding *a = row->finding, *b = other->finding;

    return strcmp(a->field, b->field) == 0 && row->name == other->name &&
           a->severity == b->severity && a->outcome == b->outcome &&
           memcmp(a->record, b->record, row->name) == 0 &&
           has_instance(row) && has_instance(other) &&
           strcmp(a->id, b->id) == 0 && strcmp(a->error, b->error) == 0 &&
           strcmp(a->text, b->text) == 0;
}

static bool same_values(const struct domctx_finding *a,
                        const struct domctx_finding *b)
{
    return strcmp(a->expected, b->expected) == 0 &&
           strcmp(a->found, b->found) == 0;
}

static struct fold_row *row_of(struct fold *fold,
                               const struct domctx_finding *finding)
{
    const struct fold_row row = begin_row(finding);

    /* What is alike stands near: findings come record by record.  One about
     * a part of a save file is alike to none, and there may be thousands. */
    for (size_t i = has_instance(&row) ? fold->count : 0; i-- > 0;)
        if (is_alike(&fold->rows[i], &row))
            return &fold->rows[i];
    fold->rows[fold->count] = row;
    return &fold->rows[fold->count++];
}

static bool join(struct fold_row *row, const struct domctx_finding *finding)
{
    uint32_t *more;

    if (row->count == row->next) {
        row->next = row->next ? 2 * row->next : 4;
        more = realloc(row->instances, row->next * sizeof(*more));
        if (!more)
            return false;
        row->instances = more;
    }
    row->values_differ |= !same_values(row->finding, finding);
    split(finding->record, &row->instances[row->count++]);
    return true;
}

/* By severity, equal ones as they are: there are few of them once they are
 * folded, but for a file that was made up. */
static void sort_rows(struct fold *fold, const struct domctx_finding *first)
{
    struct fold_row *rows = fold->rows;

    for (size_t i = 1; i < fold->count; i++) {
        struct fold_row row = rows[i];
        size_t to = i;

        while (to > 0 &&
               rows[to - 1].finding->severity < row.finding->severity)
            to--;
        memmove(&rows[to + 1], &rows[to], (i - to) * sizeof(row));
        rows[to] = row;
    }
    for (size_t i = 1; first && i < fold->count; i++) {
        const struct fold_row row = rows[i], wanted = begin_row(first);

        if (row.finding != first && !is_alike(&row, &wanted))
            continue;
        memmove(&rows[1], &rows[0], i * sizeof(row));
        rows[0] = row;
        return;
    }
}

bool fold_report(struct fold *fold, const domctx_report *report, size_t first)
{
    const struct domctx_finding *finding;
    size_t n = domctx_report_count(report);

    fold->count = 0;
    fold->rows = calloc(n + 1, sizeof(*fold->rows));
    if (!fold->rows)
        return false;
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        if (!join(row_of(fold, finding), finding)) {
            fold_free(fold);
            return false;
        }
    sort_rows(fold, domctx_report_get(report, first));
    return true;
}

void fold_free(struct fold *fold)
{
    for (size_t i = 0; fold->rows && i < fold->count; i++)
        free(fold->rows[i].instances);
    free(fold->rows);
    fold->rows = NULL;
    fold->count = 0;
}

/* ------------------------------------------------------------------ */
/* Words                                                               */
/* ------------------------------------------------------------------ */

static bool find_kind(const char *name, size_t size,
                      struct domctx_kind *kind)
{
    for (size_t i = 0; domctx_kind_at(i, kind); i++)
        if (strlen(kind->name) == size && memcmp(kind->name, name, size) == 0)
            return true;
    return false;
}

static int by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* Sorted, each once. */
static size_t tidy(uint32_t *instances, size_t count)
{
    size_t n = 0;

    qsort(instances, count, sizeof(*instances), by_number);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || instances[n - 1] != instances[i])
            instances[n++] = instances[i];
    return n;
}

/* More ranges than this are no help to a reader. */
#define RANGES_MAX 8

/* "0-15", "0, 3-5" */
static void put_ranges(FILE *stream, const uint32_t *instances, size_t n)
{
    size_t i = 0;

    for (size_t ranges = 0; i < n && ranges < RANGES_MAX; ranges++) {
        size_t from = i++;

        while (i < n && instances[i] == instances[i - 1] + 1)
            i++;
        fprintf(stream, "%s%" PRIu32, from ? ", " : "", instances[from]);
        if (i > from + 1)
            fprintf(stream, "-%" PRIu32, instances[i - 1]);
    }
    if (i < n)
        fprintf(stream, " and %zu more", n - i);
}

/* "LAPIC of vCPUs 0-15", "RTC", "PIC 1" */
static void put_where(FILE *stream, const struct fold *fold,
                      const struct fold_row *row)
{
    const char *name = row->finding->record;
    uint32_t instance;
    size_t size = split(name, &instance);
    struct domctx_kind kind;
    bool found = find_kind(name, size, &kind);
    size_t n = tidy(row->instances, row->count);

    if (!found || !name[size]) {
        put_clean(stream, name);
        if (row->count > 1)
            fprintf(stream, " and %zu more", row->count - 1);
        return;
    }
    fputs(kind.name, stream);
    if (kind.instances) {
        if (kind.instances > 1 || n > 1 || row->instances[0]) {
            putc(' ', stream);
            put_ranges(stream, row->instances, n);
        }
        return;
    }
    if (n > 1 && n == fold->vcpus) {
        if (n == 2)
            fputs(" of both vCPUs", stream);
        else
            fprintf(stream, " of all %zu vCPUs", n);
        return;
    }
    fprintf(stream, " of vCPU%s ", n > 1 ? "s" : "");
    put_ranges(stream, row->instances, n);
}

static void put_value(FILE *stream, const char **lead, const char *word,
                      const char *value)
{
    if (!*value)
        return;
    fprintf(stream, "%s%s", *lead, word);
    put_clean(stream, value);
    *lead = ", ";
}

/* ": cr4 is 0x1526f0, expected 0x1506f0, at offset 0x2d0", or without a field
 * ": expected 3, found 4". */
static void put_values(FILE *stream, const struct fold_row *row)
{
    const struct domctx_finding *finding = row->finding;
    const char *lead = ": ";
    bool named = finding->field[0];

    if (named) {
        put_value(stream, &lead, "", finding->field);
        if (finding->found[0]) {
            lead = "";
            put_value(stream, &lead, " is ", finding->found);
        }
    }
    put_value(stream, &lead, "expected ", finding->expected);
    if (!named)
        put_value(stream, &lead, "found ", finding->found);
    if (row->values_differ)
        fputs(lead[0] == ',' ? ", in the first" : "", stream);
    if (finding->offset != DOMCTX_NO_OFFSET)
        fprintf(stream, "%sat offset 0x%" PRIx64, lead, finding->offset);
}

void fold_put(FILE *stream, const struct fold *fold, size_t row)
{
    const struct domctx_finding *finding = fold->rows[row].finding;

    if (finding->record[0]) {
        put_where(stream, fold, &fold->rows[row]);
        fputs(": ", stream);
    }
    put_clean(stream, finding->text);
    put_values(stream, &fold->rows[row]);
    fprintf(stream, " [%s]", finding->id);
}

/* -- what to type ------------------------------------------------------ */

/* More options than this are no command to type. */
#define SETS_MAX 4

/* What the finding says that should be there is a number. */
static bool is_number(const char *text)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    strtoull(text, &end, 0);
    return !*end;
}

/* "stimer_config_msr[0]": which element of an array it is, the words say. */
static void put_field(FILE *stream, const struct domctx_finding *finding)
{
    size_t element;

    fputs(finding->field, stream);
    if (sscanf(finding->text, "element %zu: ", &element) == 1)
        fprintf(stream, "[%zu]", element);
}

bool fold_sets(const struct fold *fold, size_t row)
{
    const struct fold_row *at = &fold->rows[row];
    const struct domctx_finding *finding = at->finding;
    struct domctx_kind kind;

    return find_kind(finding->record, at->name, &kind) && finding->field[0] &&
           !strstr(finding->field, "[]") &&
           strcmp(finding->field, "length") != 0 && !at->values_differ &&
           tidy(at->instances, at->count) <= SETS_MAX &&
           is_number(finding->expected) && has_instance(at);
}

const char *fold_record(const struct fold *fold, size_t row, size_t *size)
{
    const struct fold_row *at = &fold->rows[row];
    const char *record = at->finding->record;
    struct domctx_kind kind;

    *size = at->name;
    if (!find_kind(record, *size, &kind))
        *size = 0;
    else if (tidy(at->instances, at->count) <= 1)
        *size = strlen(record);
    return record;
}

void fold_put_edit(FILE *stream, const struct fold *fold, size_t row)
{
    const struct fold_row *at = &fold->rows[row];
    size_t size, n = tidy(at->instances, at->count);
    const char *record = fold_record(fold, row, &size);

    if (!fold_sets(fold, row)) {
        if (size > 0)
            fprintf(stream, "--record=%.*s ", (int)size, record);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        fprintf(stream, "--set=%.*s/%" PRIu32 ".", (int)at->name, record,
                at->instances[i]);
        put_field(stream, at->finding);
        fprintf(stream, "=%s ", at->finding->expected);
    }
}
