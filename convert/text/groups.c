/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/groups.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The lines that a table of vCPUs may have, so that two of them, the head and
 * the devices fit on a screen of 40 lines. */
#define LINES_MAX 8

/* Of the numbers after the first range: more are left out. */
#define MEMBERS_ROOM 56

/* -- words -------------------------------------------------------------- */

void words_add(struct words *words, const char *text, size_t size)
{
    size_t left = sizeof(words->buf) - 1 - words->used;

    if (size > left)
        size = left;
    memcpy(words->buf + words->used, text, size);
    words->used += size;
    words->buf[words->used] = '\0';
}

void words_text(struct words *words, const char *text)
{
    words_add(words, text, strlen(text));
}

void words_number(struct words *words, uint64_t number)
{
    char buf[24];
    int n = snprintf(buf, sizeof(buf), "%" PRIu64, number);

    words_add(words, buf, n > 0 ? (size_t)n : 0);
}

void words_fill(struct words *words, char c, size_t n)
{
    while (n-- > 0)
        words_add(words, &c, 1);
}

/* -- groups ------------------------------------------------------------- */

/* The vCPUs of a line: the first range, and those after it as words. */
struct group {
    struct words line;
    uint32_t first, first_last;  /* the first range */
    uint32_t from, to;           /* the range that is open */
    bool several;                /* ranges */
    bool cut;                    /* some are left out of others */
    size_t n;                    /* vCPUs */
    char others[MEMBERS_ROOM];   /* closed ranges but the first */
};

struct level {
    struct group group[LINES_MAX];
    size_t n;
    bool full;                   /* there are more */
};

struct groups {
    struct words lines[LEVELS];  /* of the next vCPU */
    struct level level[LEVELS];
};

struct groups *groups_new(struct text *text, size_t count)
{
    struct groups *groups;

    if (text->each || count <= LINES_MAX)
        return NULL;
    groups = calloc(1, sizeof(*groups));
    text->no_memory |= !groups;
    return groups;
}

static int put_range(char *buf, size_t size, uint32_t from, uint32_t to)
{
    return from == to ? snprintf(buf, size, "%" PRIu32, from)
                      : snprintf(buf, size, "%" PRIu32 "-%" PRIu32, from, to);
}

/* Append the open range to the closed ones. */
static void close_range(struct group *group)
{
    size_t used = strlen(group->others);
    char range[32];
    int size = put_range(range, sizeof(range), group->from, group->to);

    if (group->cut || used + (size_t)size + 2 > MEMBERS_ROOM)
        group->cut = true;
    else
        snprintf(group->others + used, MEMBERS_ROOM - used, " %s", range);
}

static void join(struct group *group, uint32_t vcpu)
{
    group->n++;
    if (vcpu == group->to + 1) {
        group->to = vcpu;
    } else {
        if (group->several)
            close_range(group);
        group->several = true;
        group->from = group->to = vcpu;
    }
    if (!group->several)
        group->first_last = vcpu;
}

static void add(struct level *level, uint32_t vcpu, const struct words *line)
{
    for (size_t i = 0; i < level->n; i++)
        if (level->group[i].line.used == line->used &&
            memcmp(level->group[i].line.buf, line->buf, line->used) == 0) {
            join(&level->group[i], vcpu);
            return;
        }
    if (level->n == LINES_MAX) {
        level->full = true;
        return;
    }
    level->group[level->n++] = (struct group){
        .line = *line, .first = vcpu, .first_last = vcpu, .from = vcpu,
        .to = vcpu, .n = 1,
    };
}

struct words *groups_lines(struct groups *groups)
{
    return groups->lines;
}

void groups_add(struct groups *groups, uint32_t vcpu)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (!groups->level[i].full)
            add(&groups->level[i], vcpu, &groups->lines[i]);
}

/* -- writing ------------------------------------------------------------ */

#define NUMBER_WIDTH 6

static void put_number(struct text *text, const char *number)
{
    size_t size = strlen(number);

    if (size < NUMBER_WIDTH)
        out_fill(&text->out, ' ', NUMBER_WIDTH - size);
    out_text(&text->out, number);
    out_put(&text->out, "  ", size < NUMBER_WIDTH + 1 ? 2 : 1);
}

void groups_begin(struct text *text, uint32_t vcpu)
{
    char number[32];

    put_range(number, sizeof(number), vcpu, vcpu);
    put_number(text, number);
}

static void put_group(struct text *text, struct group group)
{
    char number[32];

    put_range(number, sizeof(number), group.first, group.first_last);
    put_number(text, number);
    out_put(&text->out, group.line.buf, group.line.used);
    if (group.several) {
        close_range(&group);
        out_f(&text->out, ", also%s", group.others);
    }
    if (group.cut)
        out_f(&text->out, " and more, %zu in all", group.n);
    out_put(&text->out, "\n", 1);
}

bool groups_put(struct text *text, const struct groups *groups)
{
    for (size_t i = 0; i < LEVELS; i++) {
        const struct level *level = &groups->level[i];

        if (level->full)
            continue;
        for (size_t k = 0; k < level->n; k++)
            put_group(text, level->group[k]);
        return true;
    }
    return false;
}
