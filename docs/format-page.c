/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * format-page FILE: copies the POD text in FILE to standard output, with the
 * first layout of a record in place of a line "@layout NAME@", as the
 * catalogue has it.
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

static void put_layout(const struct cat_record *record)
{
    const struct cat_layout *layout = &record->layouts[0];
    bool units = false;

    puts(" offset size  field");
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (!cat_field_in(field, layout))
            continue;
        if (field->count == 0 && !units)
            printf(" %u and on: units of %u bytes\n", layout->length,
                   field->stride);
        units = units || field->count == 0;
        put_field(field, layout->length);
    }
    if (!units)
        printf(" %u bytes in all\n", layout->length);
}

static bool put_line(const char *line)
{
    static const char word[] = "@layout ";
    const size_t size = sizeof(word) - 1;
    const struct cat_record *record;

    if (strncmp(line, word, size) != 0) {
        fputs(line, stdout);
        return true;
    }
    record = find(line + size, strcspn(line + size, "@"));
    if (record)
        put_layout(record);
    return record != NULL;
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
