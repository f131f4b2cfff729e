/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every ordered pair of releases: what becomes of a context that uses
 * nothing, and of one that uses everything, against a recorded table.
 *
 * test-matrix --write FILE writes the table; "make update-matrix" here puts it
 * into its place, where git shows what a change of the rules does.
 */
#include "compat/matrix.h"

static void put_head(struct bytes *text)
{
    static const char head[] =
        "# What becomes of a context on the way from one release to each of "
        "the others.\n"
        "# Made by \"make -C tests/unit update-matrix\"; read by test-matrix."
        "\n#\n"
        "# A row: targets, the lot, size and CRC-64 of the blob made; the "
        "records that are\n"
        "# other than they were (+new, -gone, :length>length, ~bytes that "
        "differ,\n"
        "# *times); the message ids, !error, *times.\n";

    put_raw(text, head, sizeof(head) - 1);
}

/* The lines of a section, in the recorded table; NULL if it is not there. */
static const char *find_section(const struct bytes *table,
                                const struct bytes *section, size_t *size)
{
    const char *start = NULL, *end = (const char *)table->p + table->size;
    size_t title = (size_t)((char *)memchr(section->p + 1, ':',
                                           section->size - 1) -
                            (char *)section->p);

    for (const char *p = (const char *)table->p; p && p < end;
         p = memchr(p + 1, '\n', (size_t)(end - p - 1))) {
        if (end - p < 2 || memcmp(p, "\ns", 2) != 0)
            continue;
        if (start) {
            *size = (size_t)(p - start) + 1;
            return start;
        }
        if ((size_t)(end - p) > title &&
            memcmp(p, section->p, title) == 0)
            start = p;
    }
    *size = start ? (size_t)(end - start) : 0;
    return start;
}

START_TEST(as_recorded)
{
    struct bytes table = { 0 }, section = { 0 };
    const char *recorded;
    size_t size, line = 1;

    load_sample(&table, "matrix.txt");
    matrix_section(&section, (size_t)_i / MATRIX_FILLS,
                   (enum matrix_fill)(_i % MATRIX_FILLS));
    recorded = find_section(&table, &section, &size);
    ck_assert_ptr_nonnull(recorded);
    /* the section that follows begins with an empty line */
    if (size == section.size + 1)
        size--;
    for (size_t i = 0; i < section.size && i < size; i++) {
        ck_assert_msg((char)section.p[i] == recorded[i],
                      "line %zu of the section: '%.*s' instead of '%.*s'; "
                      "\"make update-matrix\" here shows all", line,
                      (int)strcspn((char *)section.p + i, "\n"),
                      (char *)section.p + i,
                      (int)strcspn(recorded + i, "\n"), recorded + i);
        line += section.p[i] == '\n';
    }
    ck_assert_uint_eq(size, section.size);
    bytes_free(&section);
    bytes_free(&table);
}
END_TEST

static const char *to_write;

START_TEST(write_table)
{
    struct bytes text = { 0 };
    FILE *file = fopen(to_write, "wb");

    ck_assert_ptr_nonnull(file);
    put_head(&text);
    for (size_t i = 0; i < matrix_n; i++)
        for (int fill = 0; fill < MATRIX_FILLS; fill++)
            matrix_section(&text, i, (enum matrix_fill)fill);
    ck_assert_uint_eq(fwrite(text.p, 1, text.size, file), text.size);
    ck_assert_int_eq(fclose(file), 0);
    bytes_free(&text);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("matrix");
    TCase *tcase = tcase_create("matrix");

    suite_add_tcase(suite, tcase);
    if (argc > 2 && strcmp(argv[1], "--write") == 0) {
        to_write = argv[2];
        tcase_add_test(tcase, write_table);
        return run_suite(suite);
    }
    for (size_t i = 0; i < matrix_n * MATRIX_FILLS; i += stride())
        tcase_add_loop_test(tcase, as_recorded, (int)i, (int)i + 1);
    return run_suite(suite);
}
