/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the matrix as text. */
#include "compat/matrix.h"

#include "format/hvm.h"
#include <inttypes.h>
#include <stdarg.h>
#include "format/trailer.h"

__attribute__((format(printf, 2, 3)))
static void say(struct bytes *text, const char *format, ...)
{
    char line[256];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    ck_assert(n >= 0 && (size_t)n < sizeof(line));
    put_raw(text, line, (size_t)n);
}

/* Append a word, on a new line when this one is full. */
static void word(struct bytes *text, size_t *line, const char *w)
{
    size_t used = text->size - *line;

    if (used > 9 && used + 1 + strlen(w) > 79) {
        say(text, "\n        ");
        *line = text->size - 8;
    }
    say(text, " %s", w);
}

/* Each id once, with how often. */
static void put_ids(struct bytes *text, const domctx_report *report)
{
    const struct domctx_message *message;
    size_t line = text->size;
    char w[80];

    say(text, "       ");
    for (size_t i = 0; (message = domctx_message_at(i)); i++) {
        size_t n = count_id(report, message->id);

        snprintf(w, sizeof(w), "%s%s*%zu",
                 message->severity == DOMCTX_ERROR ? "!" : "", message->id,
                 n);
        if (n == 1)
            *strrchr(w, '*') = '\0';
        if (n)
            word(text, &line, w);
    }
    say(text, "\n");
}

/* How one record is other than it was; "" if it is not. */
static void change(char w[80], const struct domctx_record *was,
                   const struct domctx_record *is)
{
    const char *name = domctx_hvm_name(was ? was->type : is->type);
    size_t differ = 0;

    w[0] = '\0';
    if (!is || !was) {
        snprintf(w, 80, "%c%s", is ? '+' : '-', name);
    } else if (was->length != is->length) {
        snprintf(w, 80, "%s:%" PRIu64 ">%" PRIu64, name, was->length,
                 is->length);
    } else {
        for (uint64_t i = 0; i < is->length; i++)
            differ += was->body[i] != is->body[i];
        if (differ)
            snprintf(w, 80, "%s~%zu", name, differ);
    }
}

/* The changes of the records of one blob, each once, with how often. */
static void put_changes_of(struct bytes *text, size_t *line,
                           const domctx_hvm *of, const domctx_hvm *other,
                           bool new)
{
    const struct domctx_record *record, *its;
    char last[80] = "", w[80], times[88];
    size_t n = 0;

    for (size_t i = 0; (record = domctx_hvm_get(of, i)); i++) {
        bool end = record->type == DOMCTX_HVM_END;

        its = end ? NULL
                  : domctx_hvm_find(other, record->type, record->instance);
        w[0] = '\0';
        if (!end && (!new || !its))
            change(w, new ? NULL : record, new ? record : its);
        if (strcmp(w, last) != 0 || end) {
            snprintf(times, sizeof(times), n > 1 ? "%s*%zu" : "%s", last, n);
            if (last[0])
                word(text, line, times);
            n = 0;
            strcpy(last, w);
        }
        n++;
    }
}

static void put_changes(struct bytes *text, const struct bytes *was,
                        const struct bytes *is)
{
    domctx_hvm *old, *new;
    size_t line = text->size;

    ck_assert_int_eq(domctx_hvm_parse(was->p, was->size, &old, NULL), 0);
    ck_assert_int_eq(domctx_hvm_parse(is->p, is->size, &new, NULL), 0);
    say(text, "       ");
    put_changes_of(text, &line, old, new, false);
    put_changes_of(text, &line, new, old, true);
    say(text, "\n");
    domctx_hvm_free(old);
    domctx_hvm_free(new);
}

/* What becomes of one: what it is called, and the lines below that. */
static void put_row(struct bytes *row, const struct bytes *blob,
                    struct release saver, struct release target)
{
    domctx_report *report = domctx_report_new();
    struct bytes made;
    bool lossless =
        matrix_convert(blob, saver, target, 0, &made, report) == 0;

    if (!lossless)
        ck_assert_int_eq(matrix_convert(blob, saver, target,
                                        DOMCTX_ALLOW_LOSS, &made, NULL), 0);
    if (made.size == blob->size && !memcmp(made.p, blob->p, made.size)) {
        ck_assert(lossless);
        say(row, "as it is\n");
    } else {
        say(row, "%s, %zu bytes, %016" PRIx64 "\n",
            lossless ? "converted" : "refused; with loss", made.size,
            digest_of(made.p, made.size));
        put_changes(row, blob, &made);
    }
    if (domctx_report_count(report))
        put_ids(row, report);
    bytes_free(&made);
    domctx_report_free(report);
}

/* The targets whose row is the same as that of target first. */
static void put_targets(struct bytes *text, const struct bytes *rows,
                        size_t first)
{
    char name[RELEASE_ROOM];
    size_t line = text->size;
    bool same, was = false;

    say(text, "   ");
    for (size_t i = first; i < matrix_n; i++, was = same) {
        char w[40];
        bool goes_on;

        same = rows[i].size == rows[first].size &&
               memcmp(rows[i].p, rows[first].p, rows[i].size) == 0;
        if (!same)
            continue;
        goes_on = i + 1 < matrix_n && rows[i + 1].size == rows[i].size &&
                  memcmp(rows[i + 1].p, rows[i].p, rows[i].size) == 0;
        if (was && goes_on)
            continue;
        snprintf(w, sizeof(w), "%s%s", was ? "to " : "",
                 release_text(matrix_releases[i], name));
        word(text, &line, w);
    }
    say(text, ": ");
}

static void put_body(struct bytes *text, const struct bytes *blob,
                     struct release saver)
{
    struct bytes *rows = calloc(matrix_n, sizeof(*rows));
    bool seen;

    ck_assert_ptr_nonnull(rows);
    for (size_t i = 0; i < matrix_n; i++)
        put_row(&rows[i], blob, saver, matrix_releases[i]);
    for (size_t i = 0; i < matrix_n; i++) {
        seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = rows[k].size == rows[i].size &&
                   memcmp(rows[k].p, rows[i].p, rows[i].size) == 0;
        if (seen)
            continue;
        put_targets(text, rows, i);
        put_raw(text, rows[i].p, rows[i].size);
    }
    for (size_t i = 0; i < matrix_n; i++)
        bytes_free(&rows[i]);
    free(rows);
}

/* Whether two savers' parts are the same; *text is the first one's. */
static bool is_like(const struct bytes *text, const struct bytes *blob,
                    struct release other, enum matrix_fill fill)
{
    struct bytes its = { 0 }, body = { 0 };
    bool same;

    matrix_blob(&its, other, fill);
    same = its.size == blob->size && !memcmp(its.p, blob->p, its.size);
    if (same) {
        put_body(&body, &its, other);
        same = body.size == text->size &&
               memcmp(body.p, text->p, body.size) == 0;
    }
    bytes_free(&its);
    bytes_free(&body);
    return same;
}

void matrix_section(struct bytes *text, size_t saver, enum matrix_fill fill)
{
    struct release release = matrix_releases[saver];
    struct bytes blob = { 0 }, body = { 0 };
    char name[RELEASE_ROOM];

    matrix_blob(&blob, release, fill);
    say(text, "\nsaved by %s, %s: %zu bytes, %016" PRIx64 "\n",
        release_text(release, name), matrix_fill_names[fill], blob.size,
        digest_of(blob.p, blob.size));
    put_body(&body, &blob, release);
    if (saver > 0 && is_like(&body, &blob, matrix_releases[saver - 1], fill))
        say(text, "    all as from %s\n",
            release_text(matrix_releases[saver - 1], name));
    else
        put_raw(text, body.p, body.size);
    bytes_free(&body);
    bytes_free(&blob);
}
