/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "set pad0 of the CPU record to 0" as a command. */
#include "explain/page-edit.h"

#include "catalogue/catalogue.h"
#include "explain/page-text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FIELDS_MAX 4

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The word goes on, as "fpu_regs.fcw" does behind "fpu_regs". */
static bool goes_on(const char *at)
{
    return in_word(*at) || (*at == '.' && in_word(at[1]));
}

/* Where the word stands in the text, or NULL. */
static const char *find_word(const char *text, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at += size)
        if ((at == text || !in_word(at[-1])) && !goes_on(at + size))
            return at;
    return NULL;
}

/* "the CPU record", "the MTRR records", "all CPU records". */
static bool names_record(const char *mend, const char *name)
{
    const char *at = find_word(mend, name);

    return at && strncmp(at + strlen(name), " record", strlen(" record")) == 0;
}

/* Whether there is something to do to a field. */
static bool changes(const char *mend)
{
    static const char *const words[] = { "set", "clear", "mend" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (find_word(mend, words[i]))
            return true;
    return false;
}

/* Whether an earlier row has the name: as another layout does. */
static bool came_before(const struct cat_record *record, size_t field)
{
    for (size_t i = 0; i < field; i++)
        if (strcmp(record->fields[i].name, record->fields[field].name) == 0)
            return true;
    return false;
}

static size_t list(const char *mend, const struct cat_record *record,
                   const struct cat_field *fields[FIELDS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < record->n_fields && n < FIELDS_MAX; i++)
        if (find_word(mend, record->fields[i].name) &&
            !came_before(record, i))
            fields[n++] = &record->fields[i];
    return n;
}

void put_edit(struct out *out, const char *mend)
{
    const struct cat_field *fields[FIELDS_MAX];
    const struct cat_record *record;
    size_t n = 0, at;
    char text[FIELDS_MAX * 80 + 80]; /* names have up to 32 characters */

    if (!changes(mend) || strstr(mend, "context-edit"))
        return;
    for (size_t i = 0; n == 0 && (record = cat_record_at(i)); i++)
        if (names_record(mend, record->name))
            n = list(mend, record, fields);
    if (n == 0)
        return;
    at = (size_t)snprintf(text, sizeof(text), "What to type: xl context-edit");
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at,
                               " --set=%s/0.%s%s=VALUE", record->name,
                               fields[i]->name, fields[i]->count != 1 &&
                               !fields[i]->bits ? "[0]" : "");
    snprintf(text + at, sizeof(text) - at, " FILE NEW");
    put_wrapped(out, text, 4);
}
