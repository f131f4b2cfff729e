/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edits.h"

#include <string.h>

#include "file.h"
#include "mend.h"

/* Rows of a kind. */
struct counted {
    size_t set, editor;    /* with --set, in an editor */
    size_t end;            /* the first row of which the values have no more
                            * room in a command */
    bool crash;
};

static const struct domctx_finding *row_of(const struct edits *edits,
                                           size_t row)
{
    const struct domctx_finding *finding = edits->fold->rows[row].finding;

    return edits->is(edits->arg, finding) ? finding : NULL;
}

static struct counted count(const struct edits *edits)
{
    struct counted counted = { .end = SIZE_MAX };
    const struct domctx_finding *finding;
    size_t size = 0;

    for (size_t i = 0; i < edits->fold->count; i++) {
        size_t sets;

        if (!(finding = row_of(edits, i)))
            continue;
        sets = i < counted.end ? fold_sets(edits->fold, i) : 0;
        size += sets;
        if (size > FOLD_SETS_MAX && counted.end == SIZE_MAX)
            counted.end = i;
        if (sets && i < counted.end)
            counted.set++;
        else
            counted.editor++;
        counted.crash |= finding->outcome >= DOMCTX_CRASHES_DOMAIN;
    }
    return counted;
}

static bool is_set(const struct edits *edits, const struct counted *counted,
                   size_t row)
{
    return row < counted->end && row_of(edits, row) &&
           fold_sets(edits->fold, row);
}

size_t edits_rows(const struct edits *edits)
{
    struct counted counted = count(edits);

    return counted.set + counted.editor;
}

static bool at_once(const struct counted *counted)
{
    return counted->crash && counted->set && counted->editor;
}

size_t edits_count(const struct edits *edits)
{
    struct counted counted = count(edits);

    return at_once(&counted) ? 1
                             : (size_t)(counted.set > 0) +
                                   (size_t)(counted.editor > 0);
}

/* "--record=CPU/40 " if all that the editor is for is in that record,
 * "--record=CPU " if it is in one kind of them. */
static void put_record(FILE *stream, const struct edits *edits,
                       const struct counted *counted)
{
    const char *name = NULL;
    size_t size = 0;

    for (size_t i = 0; i < edits->fold->count; i++) {
        const char *record;
        size_t used;

        if (!row_of(edits, i) || is_set(edits, counted, i))
            continue;
        record = fold_record(edits->fold, i, &used);
        if (!name) {
            name = record;
            size = used;
        }
        if (used == size && memcmp(record, name, size) == 0)
            continue;
        size = strcspn(name, "/");
        if (strcspn(record, "/") != size || memcmp(record, name, size) != 0)
            return;
    }
    if (size > 0)
        fprintf(stream, "--record=%.*s ", (int)size, name);
}

void edits_put(FILE *stream, const struct edits *edits,
               const struct session *session, const char *file,
               size_t command)
{
    struct counted counted = count(edits);
    bool piped = file && strcmp(file, input_name("-")) == 0;
    bool sets = command == 0 && counted.set > 0 && !at_once(&counted);

    fprintf(stream, "%sedit ", session->call);
    for (size_t i = 0; sets && i < edits->fold->count; i++)
        if (is_set(edits, &counted, i))
            fold_put_edit(stream, edits->fold, i);
    if (!sets && !at_once(&counted))
        put_record(stream, edits, &counted);
    /* a file is edited by its name */
    mend_put(stream, session, piped ? NULL : file, NULL,
             command == 0 ? "FILE NEW" : "NEW");
}

void edits_tell(FILE *stream, const struct edits *edits,
                const struct session *session, const char *file)
{
    for (size_t i = 0; i < edits_count(edits); i++) {
        fputs(i ? "  and then: " : "  what to type: ", stream);
        edits_put(stream, edits, session, file, i);
        putc('\n', stream);
    }
}
