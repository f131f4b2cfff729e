/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing registers that both records have, each as a whole and by the
 * widest name whose upper part differs: ymm7, or xmm7 if only the lower half
 * differs.
 */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

/* A register of both records. */
struct both {
    struct cpu_register side[2];
    uint8_t value[2][CAT_REGISTER_ROOM];
};

bool diff_told(const struct diff *diff, int side, uint64_t at)
{
    return diff->told[side] && diff->told[side][at];
}

/* Mark its bytes as reported; false when memory is short. */
static bool note_told(struct diff *diff,
                      const struct context_record *const pair[2],
                      const struct both *both)
{
    for (int k = 0; k < 2; k++) {
        const struct cpu_register *reg = &both->side[k];

        if (!diff->told[k])
            diff->told[k] = calloc(1, pair[k]->length);
        if (!diff->told[k])
            return false;
        for (unsigned int i = 0; i < reg->count; i++)
            memset(diff->told[k] + reg->part[i].at, 1, reg->part[i].size);
    }
    return true;
}

/* Whether its highest part differs and was not reported yet. */
static bool upper_differs(const struct diff *diff, const struct both *both)
{
    const struct cpu_register *a = &both->side[0];
    const struct register_part *upper = &a->part[a->count - 1];
    size_t at = a->size - upper->size;

    return !diff_told(diff, 0, upper->at) &&
           memcmp(both->value[0] + at, both->value[1] + at, upper->size) != 0;
}

/* Set the row that has the register, for rules that ignore it. */
static void set_row(struct diff_side *side, const struct cpu_register *reg)
{
    const struct cat_record *known = side->record->known;
    size_t index;

    for (size_t i = 0; reg->count == 1 && i < known->n_fields; i++)
        if (known->fields[i].registers &&
            cat_field_in(&known->fields[i], reg->layout) &&
            cat_covers(&known->fields[i], reg->part[0].at, 0, &index)) {
            side->field = &known->fields[i];
            side->index = index;
        }
}

static void put_both(struct diff *diff,
                     const struct context_record *const pair[2],
                     const struct both *both)
{
    char number[2][REGISTER_TEXT_ROOM];
    struct difference difference = { .kind = DIFF_VALUE,
                                     .entry = both->side[0].name };

    for (int k = 0; k < 2; k++) {
        difference.side[k] = (struct diff_side){
            .record = pair[k], .has = true,
            .number = register_text(both->value[k], both->side[k].size,
                                    number[k]),
        };
        set_row(&difference.side[k], &both->side[k]);
    }
    diff_put(diff, &difference);
}

/* Compare the register of that name, if both records have it. */
static void compare(struct diff *diff,
                    const struct context_record *const pair[2],
                    const struct cat_layout *const layout[2],
                    const char *name)
{
    struct both both;

    for (int k = 0; k < 2; k++) {
        if (register_find(pair[k], layout[k], name, &both.side[k]) !=
            REGISTER_THERE)
            return;
        register_get(pair[k], &both.side[k], both.value[k]);
    }
    if (!upper_differs(diff, &both))
        return;
    if (note_told(diff, pair, &both))
        put_both(diff, pair, &both);
    else
        diff->no_memory = true;
}

void diff_registers(struct diff *diff,
                    const struct context_record *const pair[2],
                    const struct cat_layout *const layout[2])
{
    const struct cat_record *known = pair[0]->known;
    char name[REGISTER_NAME_ROOM];

    for (size_t at = 0; known && register_name(known, &at, name);)
        compare(diff, pair, layout, name);
}

void diff_registers_end(struct diff *diff)
{
    for (int k = 0; k < 2; k++) {
        free(diff->told[k]);
        diff->told[k] = NULL;
    }
}
