/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing what two save files say apart from their contexts.  Each part is
 * treated as a record, and each entry as a field.
 */
#include "diff/diff.h"
#include "base/chars.h"
#include "container/guest-rows.h"

#include <domctx.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order of the summary puts these after the context's records.  The types
 * of policies and parameters are an image's. */
#define PART(part, number, text) \
    [part] = { .typecode = (number), .name = (text), .image_name = (text) }
static const struct cat_record parts[GUEST_PARTS] = {
    PART(GUEST_CONFIG, 0, "CONFIG"),
    PART(GUEST_TSC, DOMCTX_TSC_INFO, "TSC_INFO"),
    PART(GUEST_CPUID, 0x50560005, "CPUID_POLICY"),
    PART(GUEST_MSR, 0x50560006, "MSR_POLICY"),
    PART(GUEST_PARAMS, 0x50560003, "HVM_PARAMS"),
};

/* Records that stand for the parts in the summary, which keeps pointers. */
#define EXAMPLE(part) \
    [part] = { .type = UINT32_MAX - (part), .known = &parts[part] }
static const struct context_record examples[GUEST_PARTS] = {
    EXAMPLE(GUEST_CONFIG), EXAMPLE(GUEST_TSC), EXAMPLE(GUEST_CPUID),
    EXAMPLE(GUEST_MSR),    EXAMPLE(GUEST_PARAMS),
};

/* Longer lines of a configuration are cut. */
#define LINE_ROOM 120

const struct cat_record *diff_guest_record(const char *name, size_t size)
{
    for (size_t i = 0; i < GUEST_PARTS; i++)
        if (text_is(name, size, parts[i].name))
            return &parts[i];
    return NULL;
}

bool diff_guest_names(const struct cat_record *record, const char *name,
                      size_t size)
{
    for (size_t i = 0; i < GUEST_PARTS; i++)
        if (strcmp(record->name, parts[i].name) == 0 &&
            guest_names((enum guest_part)i, name, size))
            return true;
    return false;
}

const char *diff_entry_text(const struct diff_side *side,
                            char buf[DIFF_ENTRY_ROOM])
{
    bool words = side->words && *side->words;

    if (side->number) {
        snprintf(buf, DIFF_ENTRY_ROOM, "%s", side->number);
        return buf;
    }
    snprintf(buf, DIFF_ENTRY_ROOM, "0x%" PRIx64 "%s%s%s", side->value,
             words ? " (" : "", words ? side->words : "", words ? ")" : "");
    return buf;
}

/* -- entries ------------------------------------------------------------- */

struct pair {
    struct diff *diff;
    struct diff_row *row;                /* of the summary */
    const struct context_record *record;
};

/* Whether the entry is a register of value 0.  A missing leaf counts as 0, so
 * of a leaf that only one side has, EAX alone is reported, as a note. */
static bool is_no_value(const struct guest_row *row)
{
    return row->part == GUEST_CPUID && !row->value;
}

/* Report an entry; a or b may be NULL. */
static void put_entry(const struct pair *pair, const struct guest_row *a,
                      const struct guest_row *b)
{
    const struct guest_row *row[2] = { a, b };
    char name[GUEST_NAME_ROOM], words[2][GUEST_WORDS_ROOM];
    struct difference difference = {
        .kind = a && b ? DIFF_VALUE : DIFF_FIELD,
        .entry = guest_row_name(a ? a : b, name),
        .moves = guest_row_moves(a ? a : b),
    };

    for (int k = 0; k < 2; k++) {
        struct diff_side *side = &difference.side[k];

        side->record = pair->record;
        side->has = row[k];
        if (!row[k])
            continue;
        side->value = row[k]->value;
        side->words = guest_row_words(row[k], row[!k], words[k]);
        difference.note |= !row[!k] && is_no_value(row[k]);
    }
    diff_put(pair->diff, &difference);
}

static void put_text(const struct pair *pair, const char *member,
                     const char *a, const char *b, bool note)
{
    struct difference difference = {
        .kind = DIFF_CONFIG, .note = note, .member = member,
        .side = { { .record = pair->record, .has = a, .text = a },
                  { .record = pair->record, .has = b, .text = b } },
    };

    diff_put(pair->diff, &difference);
}

/* Compare two entries; a or b may be NULL. */
static void put_rows(const struct pair *pair, const struct guest_row *a,
                     const struct guest_row *b)
{
    const struct guest_row *some = a ? a : b;
    bool both = a && b;
    char name[GUEST_NAME_ROOM];

    if (both && a->value == b->value && strcmp(a->text, b->text) == 0)
        return;
    if (some->part == GUEST_CONFIG)
        put_text(pair, guest_row_name(some, name), a ? a->text : NULL,
                 b ? b->text : NULL, false);
    else if (both || !is_no_value(some) || guest_row_is_eax(some))
        put_entry(pair, a, b);
}

/* -- the text of the configuration --------------------------------------- */

/* Copy the line with the first difference. */
static void copy_line(const char *text, size_t size, size_t at,
                      char line[LINE_ROOM])
{
    size_t first = at, last = at;

    while (first > 0 && text[first - 1] != '\n')
        first--;
    while (first < at && char_is_blank(text[first]))
        first++;
    while (last < size && text[last] != '\n')
        last++;
    if (last - first >= LINE_ROOM)
        last = first + LINE_ROOM - 1;
    memcpy(line, text + first, last - first);
    line[last - first] = '\0';
}

/* Report a difference in the rest of the configuration, such as a disk, as a
 * note: it does not decide about a restore. */
static void compare_config_text(const struct pair *pair)
{
    const struct domctx_source_info *const *guest =
        pair->diff->options->guest;
    char line[2][LINE_ROOM];
    size_t at = 0;

    if (!guest[0]->config || !guest[1]->config || pair->diff->differs ||
        guest[0]->config_kind != guest[1]->config_kind)
        return;
    while (at < guest[0]->config_size && at < guest[1]->config_size &&
           guest[0]->config[at] == guest[1]->config[at])
        at++;
    if (at == guest[0]->config_size && at == guest[1]->config_size)
        return;
    for (int k = 0; k < 2; k++)
        copy_line(guest[k]->config, guest[k]->config_size, at, line[k]);
    put_text(pair, "text", line[0], line[1], true);
}

/* -- parts --------------------------------------------------------------- */

static void put_only(const struct pair *pair, int side, uint64_t size)
{
    struct context_record record = *pair->record;
    struct difference difference = { .kind = DIFF_RECORD };

    record.length = size;
    difference.side[side].record = &record;
    difference.side[side].has = true;
    pair->row->only[side]++;
    diff_put(pair->diff, &difference);
}

/* Compare the entries of one part, which are next in both lists. */
static void compare_part(const struct pair *pair, enum guest_part part,
                         const struct guest_row *next[2],
                         const struct guest_row *const end[2])
{
    while ((next[0] < end[0] && next[0]->part == part) ||
           (next[1] < end[1] && next[1]->part == part)) {
        bool has[2] = { next[0] < end[0] && next[0]->part == part,
                        next[1] < end[1] && next[1]->part == part };
        int order = !has[0]   ? 1
                    : !has[1] ? -1
                              : guest_row_order(next[0], next[1]);

        put_rows(pair, order <= 0 ? next[0] : NULL,
                 order >= 0 ? next[1] : NULL);
        next[0] += order <= 0;
        next[1] += order >= 0;
    }
}

static void skip_part(enum guest_part part, const struct guest_row **next,
                      const struct guest_row *end)
{
    while (*next < end && (*next)->part == part)
        ++*next;
}

static int compare_next(struct diff *diff, enum guest_part part,
                        const struct guest_row *next[2],
                        const struct guest_row *const end[2])
{
    struct pair pair = { diff, NULL, &examples[part] };
    uint64_t size[2];

    for (int k = 0; k < 2; k++)
        size[k] = guest_part_size(diff->options->guest[k], part);
    if (!size[0] && !size[1] && part != GUEST_CONFIG)
        return 0;
    pair.row = diff_row_for(diff, pair.record);
    if (!pair.row)
        return -1;
    if (part != GUEST_CONFIG && !size[0] != !size[1]) {
        put_only(&pair, size[0] ? 0 : 1, size[0] + size[1]);
        for (int k = 0; k < 2; k++)
            skip_part(part, &next[k], end[k]);
        return 0;
    }
    diff->differs = false;
    compare_part(&pair, part, next, end);
    if (part == GUEST_CONFIG)
        compare_config_text(&pair);
    pair.row->same += !diff->differs;
    pair.row->differ += diff->differs;
    return 0;
}

/* How many entries of the domain's lists the walk did not keep. */
static uint64_t entries_left_out(const struct domctx_domain *domain)
{
    return domain->leaves_at.entries - domain->n_leaves +
           domain->msrs_at.entries - domain->n_msrs +
           domain->params_at.entries - domain->n_params;
}

void diff_tell_left_out(const struct diff *diff, domctx_report *report)
{
    const struct domctx_source_info *const *guest = diff->options->guest;

    if (!guest[0] || !guest[1])
        return;
    for (int k = 0; k < 2; k++) {
        uint64_t n = entries_left_out(&guest[k]->domain);

        if (n)
            msg_raise(report, MSG_SOURCE_ENTRIES,
                      &(struct msg_at){ .found = DEC(n) },
                      "%s has entries of policies or parameters beyond those "
                      "that are kept: they are not compared", k ? "B" : "A");
    }
}

int diff_guests(struct diff *diff)
{
    const struct domctx_source_info *const *guest = diff->options->guest;
    struct guest_row *rows[2] = { NULL, NULL };
    const struct guest_row *next[2], *end[2];
    size_t n[2] = { 0, 0 };
    int rc = 0;

    if (!guest[0] || !guest[1])
        return 0;
    diff->nth = 0;
    for (int k = 0; k < 2; k++) {
        rows[k] = guest_rows(guest[k], &n[k]);
        if (!rows[k])
            rc = -1;
        next[k] = rows[k];
        end[k] = rows[k] ? rows[k] + n[k] : NULL;
    }
    for (int part = 0; rc == 0 && part < GUEST_PARTS; part++)
        rc = compare_next(diff, (enum guest_part)part, next, end);
    free(rows[0]);
    free(rows[1]);
    return rc;
}
