/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/entry.h"
#include "base/chars.h"
#include "catalogue/also.h"
#include "catalogue/names.h"
#include "catalogue/value.h"

#include <stdlib.h>
#include <strings.h>

/* The field with the values of the entries whose key is key. */
static const struct cat_field *held(const struct cat_record *known,
                                    const struct cat_layout *layout,
                                    const struct cat_field *key)
{
    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *field = &known->fields[i];

        if (field != key && field->stride == key->stride &&
            field->count == key->count && !(field->flags & CAT_PAD) &&
            cat_field_in(field, layout))
            return field;
    }
    return NULL;
}

/* Whether "SPEC_CTRL" or "0x48" names the entry with that key. */
static bool is_key(const struct cat_field *key, uint64_t value,
                   const char *asked)
{
    char name[VALUE_ROOM], *end;
    unsigned long long number;
    uint32_t index;

    if (char_is_digit(*asked)) {
        number = strtoull(asked, &end, char_lower(asked[1]) == 'x' ? 16 : 10);
        return !*end && number == value;
    }
    if (key->names == &names_msr && cat_msr_index(asked, &index))
        return index == value;
    return key->names &&
           value_names(key->names, value, false, name, sizeof(name)) > 0 &&
           strcasecmp(name, asked) == 0;
}

bool entry_find(const struct context_record *record,
                const struct cat_layout *layout, const char *asked,
                struct entry *found)
{
    const struct cat_record *known = record->known;
    uint64_t value;

    for (size_t i = 0; layout && i < known->n_fields; i++) {
        const struct cat_field *key = &known->fields[i];

        if (!(key->flags & CAT_KEY) || !cat_field_in(key, layout))
            continue;
        for (size_t k = 0; context_get(record, key, k, &value); k++) {
            if (!is_key(key, value, asked))
                continue;
            found->field = held(known, layout, key);
            found->element = k;
            found->names = key->names == &names_msr
                               ? names_of_msr((uint32_t)value) : NULL;
            return found->field != NULL;
        }
    }
    return false;
}
