/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * format-page FILE: copies the POD text in FILE to standard output, with the
 * first layout of a record in place of a line "@layout NAME@", as the
 * catalogue has it, and what units another one has in place of "@units NAME
 * NUMBER@".
 */
#include "catalogue/catalogue.h"
#include "catalogue/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cat_record *find(const char *name, size_t size)
{
    for (size_t i = 0; i < cat_image_table_size; i++)
        if (strlen(cat_image_table[i].name) == size &&
            memcmp(cat_image_table[i].name, name, size) == 0)
            return &cat_image_table[i];
    return NULL;
}

/* The columns of names and of words. */
#define NAME 14
#define WORDS 33

/* "bit 0 online", "1 unbound": of bits and of values. */
static void put_words(const struct cat_field *field)
{
    int wide = (int)strlen(field->name) < WORDS - NAME
                   ? WORDS - NAME - (int)strlen(field->name)
                   : 1;
    const char *before = "";

    /* parameters and MSRs have lists of their own */
    if (!field->names || field->names->n > 16)
        return;
    for (size_t i = 0; i < field->names->n; i++) {
        const struct cat_word *word = &field->names->words[i];
        bool bit = field->print == CAT_FLAGS &&
                   (word->mask & (word->mask - 1)) == 0;

        if (!word->word || (field->print == CAT_FLAGS && !bit))
            continue;
        printf("%s%*s", before, wide, "");
        printf(bit ? "bit %u %s" : "%u %s",
               (unsigned int)(bit ? word->bit : word->value), word->word);
        before = ",\n";
        wide = WORDS;
    }
}

static void put_field(const struct cat_field *field, uint32_t fixed)
{
    bool unit = field->count == 0;

    printf(" %s%5u %4u  %s", unit ? "+" : " ",
           (unsigned int)(unit ? field->offset - fixed : field->offset),
           field->width, field->name);
    put_words(field);
    putchar('\n');
}

/* Where the units of a table begin. */
static void put_start(const struct cat_record *record,
                      const struct cat_layout *layout,
                      const struct cat_field *unit)
{
    uint16_t at = layout->tables[0];

    if (!unit->second) {
        printf(" %u and on: units of %u bytes\n", layout->length,
               unit->stride);
        return;
    }
    for (size_t i = 0; i < record->n_fields; i++)
        if (record->fields[i].offset == at && record->fields[i].count == 1)
            printf(" %u + %s * %u and on: units of %u bytes\n",
                   layout->length, record->fields[i].name, layout->tail,
                   unit->stride);
}

static void put_rows(const struct cat_record *record, size_t number)
{
    const struct cat_layout *layout = &record->layouts[number];
    const struct cat_field *unit = NULL;

    puts(" offset size  field");
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (!cat_field_in(field, layout) || (number > 0 && field->count))
            continue;
        if (field->count == 0 && (!unit || unit->second != field->second)) {
            unit = field;
            put_start(record, layout, unit);
        }
        put_field(field, field->second ? 0 : layout->length);
    }
    if (!unit)
        printf(" %u bytes in all\n", layout->length);
}

static bool put_line(const char *line)
{
    const struct cat_record *record;
    unsigned int number = 1;
    char name[24];

    if (line[0] != '@') {
        fputs(line, stdout);
        return true;
    }
    if (sscanf(line, "@layout %23[A-Z0-9_]@", name) != 1 &&
        sscanf(line, "@units %23[A-Z0-9_] %u@", name, &number) != 2)
        return false;
    record = find(name, strlen(name));
    if (!record || number < 1 || number > record->n_layouts)
        return false;
    put_rows(record, number - 1);
    return true;
}

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    bool known = true;
    char line[512];

    if (!in) {
        fprintf(stderr, "format-page: %s: %s\n", argc == 2 ? argv[1] : "",
                argc == 2 ? strerror(errno) : "one file is wanted");
        return EXIT_FAILURE;
    }
    while (known && fgets(line, sizeof(line), in))
        known = put_line(line);
    if (!known)
        fprintf(stderr, "format-page: no such record: %s", line);
    if (!known || ferror(in) || fclose(in) != 0 || fflush(stdout) != 0)
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
