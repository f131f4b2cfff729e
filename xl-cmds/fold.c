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
    struct fold_place *place;

    if (row->count == row->room) {
        size_t room = row->room ? 2 * row->room : 4;

        place = realloc(row->places, room * sizeof(*place));
        if (!place)
            return false;
        row->places = place;
        row->room = room;
    }
    row->values_differ |= !same_values(row->finding, finding);
    place = &row->places[row->count++];
    place->finding = finding;
    split(finding->record, &place->instance);
    return true;
}

static int by_number(const void *left, const void *right)
{
    const struct fold_place *a = left, *b = right;

    return (a->instance > b->instance) - (a->instance < b->instance);
}

/* Sort the places of a row, each once. */
static void tidy(struct fold_row *row)
{
    struct fold_place *places = row->places;
    size_t n = 0;

    qsort(places, row->count, sizeof(*places), by_number);
    for (size_t i = 0; i < row->count; i++) {
        if (n == 0 || places[n - 1].instance != places[i].instance)
            places[n++] = places[i];
        else
            row->twice |= strcmp(places[n - 1].finding->expected,
                                 places[i].finding->expected) != 0;
    }
    row->n_places = n;
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
    for (size_t i = 0; i < fold->count; i++)
        tidy(&fold->rows[i]);
    sort_rows(fold, domctx_report_get(report, first));
    return true;
}

void fold_free(struct fold *fold)
{
    for (size_t i = 0; fold->rows && i < fold->count; i++)
        free(fold->rows[i].places);
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

/* More ranges than this are no help to a reader. */
#define RANGES_MAX 8

/* "0-15", "0, 3-5" */
static void put_ranges(FILE *stream, const struct fold_row *row)
{
    const struct fold_place *places = row->places;
    size_t i = 0, n = row->n_places;

    for (size_t ranges = 0; i < n && ranges < RANGES_MAX; ranges++) {
        size_t from = i++;

        while (i < n && places[i].instance == places[i - 1].instance + 1)
            i++;
        fprintf(stream, "%s%" PRIu32, from ? ", " : "",
                places[from].instance);
        if (i > from + 1)
            fprintf(stream, "-%" PRIu32, places[i - 1].instance);
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
    size_t n = row->n_places;

    if (!found || !name[size]) {
        put_clean(stream, name);
        if (row->count > 1)
            fprintf(stream, " and %zu more", row->count - 1);
        return;
    }
    fputs(kind.name, stream);
    if (kind.instances) {
        if (kind.instances > 1 || n > 1 || row->places[0].instance) {
            putc(' ', stream);
            put_ranges(stream, row);
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
    put_ranges(stream, row);
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

/* What the finding says that should be there is a number. */
static bool is_number(const char *text)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    strtoull(text, &end, 0);
    return !*end;
}

/* Record, field, element and value are shorter. */
#define OPTION_ROOM 300

/* "--set=VMCE_VCPU/11.caps=0x2 ", and how long that is.  Which element of an
 * array it is the words say: "stimer_config_msr[0]". */
static size_t make_option(char option[OPTION_ROOM],
                          const struct fold_row *row,
                          const struct fold_place *place)
{
    const struct domctx_finding *finding = place->finding;
    char index[24] = "";
    size_t element;

    if (sscanf(finding->text, "element %zu: ", &element) == 1)
        snprintf(index, sizeof(index), "[%zu]", element);
    return (size_t)snprintf(option, OPTION_ROOM,
                            "--set=%.*s/%" PRIu32 ".%s%s=%s ",
                            (int)row->name, finding->record, place->instance,
                            finding->field, index, finding->expected);
}

static bool has_field(const struct fold_row *row)
{
    const char *field = row->finding->field;
    struct domctx_kind kind;

    return field[0] && !strstr(field, "[]") && strcmp(field, "length") != 0 &&
           has_instance(row) &&
           find_kind(row->finding->record, row->name, &kind);
}

size_t fold_sets(const struct fold *fold, size_t row)
{
    const struct fold_row *at = &fold->rows[row];
    char option[OPTION_ROOM];
    size_t size = 0;

    if (at->twice || !has_field(at))
        return 0;
    for (size_t i = 0; i < at->n_places && size <= FOLD_SETS_MAX; i++) {
        if (!is_number(at->places[i].finding->expected))
            return 0;
        size += make_option(option, at, &at->places[i]);
    }
    return size <= FOLD_SETS_MAX ? size : 0;
}

const char *fold_record(const struct fold *fold, size_t row, size_t *size)
{
    const struct fold_row *at = &fold->rows[row];
    const char *record = at->finding->record;
    struct domctx_kind kind;

    *size = at->name;
    if (!find_kind(record, *size, &kind))
        *size = 0;
    else if (at->n_places <= 1)
        *size = strlen(record);
    return record;
}

void fold_put_edit(FILE *stream, const struct fold *fold, size_t row)
{
    const struct fold_row *at = &fold->rows[row];
    char option[OPTION_ROOM];
    size_t size;
    const char *record = fold_record(fold, row, &size);

    if (!fold_sets(fold, row)) {
        if (size > 0)
            fprintf(stream, "--record=%.*s ", (int)size, record);
        return;
    }
    for (size_t i = 0; i < at->n_places; i++) {
        make_option(option, at, &at->places[i]);
        fputs(option, stream);
    }
}
