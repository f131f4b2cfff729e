/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory types that the MTRRs of the first vCPU set, as a bar (Intel SDM
 * volume 3A, section 12.11). */
#include "html/html.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PAIRS 8
#define FIXED 88              /* types of the first MiB, a byte each */
#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)
#define VALID UINT64_C(0x800)
#define ENABLED UINT64_C(0x800)
#define FIXED_ENABLED UINT64_C(0x400)
#define ADDRESS UINT64_C(0x000ffffffffff000)

enum { UC = 0, WC = 1, WT = 4, WP = 5, WB = 6, MIXED = 8 };

static const struct {
    const char *name, *colour;
} types[] = {
    [UC] = { "UC, uncached", "cb" },
    [WC] = { "WC, write combining", "cf" },
    { "type 2, reserved", "ce" },
    { "type 3, reserved", "ce" },
    [WT] = { "WT, write through", "cc" },
    [WP] = { "WP, write protected", "cd" },
    [WB] = { "WB, write back", "ca" },
    { "type 7, reserved", "ce" },
    [MIXED] = { "types that must not meet", "ce" },
};

struct memory {
    uint64_t base[PAIRS], size[PAIRS];
    unsigned int type[PAIRS];
    size_t n;                  /* ranges that are valid */
    bool scattered;            /* a mask with holes was left out */
    uint64_t def_type, cap;
    uint8_t fixed[FIXED];
    bool has_fixed;
};

static void add_range(struct memory *memory, uint64_t base, uint64_t mask)
{
    uint64_t ones = mask & ADDRESS, size = ones & -ones;

    if (!(mask & VALID) || !ones)
        return;
    if ((ones + size) & (ones + size - 1)) {
        memory->scattered = true;
        return;
    }
    /* Savers since 4.12.0 write pair 0 in all places (343eb57023). */
    if (memory->n > 0 && memory->size[0] == size &&
        memory->base[0] == (base & ADDRESS & mask) &&
        memory->type[0] == (base & 0xff))
        return;
    memory->base[memory->n] = base & ADDRESS & mask;
    memory->size[memory->n] = size;
    memory->type[memory->n++] = base & 0xff;
}

static bool read_memory(const struct context_record *record,
                        struct memory *memory)
{
    uint64_t base, mask, value;

    *memory = (struct memory){ .n = 0 };
    if (!html_get(record, "msr_mtrr_def_type", 0, &memory->def_type))
        return false;
    for (size_t i = 0; i < PAIRS; i++)
        if (html_get(record, "msr_mtrr_var", 2 * i, &base) &&
            html_get(record, "msr_mtrr_var", 2 * i + 1, &mask))
            add_range(memory, base, mask);
    memory->has_fixed = memory->def_type & FIXED_ENABLED;
    for (size_t i = 0; i < FIXED / 8; i++) {
        memory->has_fixed &= html_get(record, "msr_mtrr_fixed", i, &value);
        for (size_t k = 0; memory->has_fixed && k < 8; k++)
            memory->fixed[8 * i + k] = (uint8_t)(value >> 8 * k);
    }
    return true;
}

/* -- types ------------------------------------------------------------ */

static unsigned int known(uint64_t type)
{
    return type < MIXED ? (unsigned int)type : MIXED;
}

/* Where ranges overlap, UC wins, and WT over WB. */
static unsigned int meet(unsigned int a, unsigned int b)
{
    if (a == b)
        return a;
    if (a == UC || b == UC)
        return UC;
    return (a == WT && b == WB) || (a == WB && b == WT) ? WT : MIXED;
}

static unsigned int type_at(const struct memory *memory, uint64_t address)
{
    unsigned int type = MIXED;
    bool any = false;

    if (!(memory->def_type & ENABLED))
        return UC;
    for (size_t i = 0; i < memory->n; i++) {
        if (address < memory->base[i] ||
            address - memory->base[i] >= memory->size[i])
            continue;
        type = any ? meet(type, known(memory->type[i]))
                   : known(memory->type[i]);
        any = true;
    }
    return any ? type : known(memory->def_type & 0xff);
}

/* Size of fixed range i: 64 KiB, then 16 KiB, then 4 KiB. */
static uint64_t fixed_size(size_t i)
{
    return i < 8 ? 0x10000 : i < 24 ? 0x4000 : 0x1000;
}

/* -- bars ------------------------------------------------------------- */

static void put_part(struct html *html, uint64_t from, uint64_t to,
                     unsigned int type)
{
    char title[120];

    snprintf(title, sizeof(title), "0x%" PRIx64 "-0x%" PRIx64 ": %s", from,
             to - 1, types[type].name);
    html_part(html, types[type].colour, to - from, title);
}

static void begin_bar(struct html *html, const char *what)
{
    html_tag(html, "<p>");
    html_put(html, what);
    html_tag(html, "</p>\n<div class=\"bar\" role=\"img\" aria-label=\"");
    html_put(html, what);
    html_tag(html, "\">");
}

static void put_fixed(struct html *html, const struct memory *memory)
{
    uint64_t from = 0, to = 0;

    begin_bar(html, "The first MiB, to scale");
    for (size_t i = 0; i < FIXED; i++) {
        to += fixed_size(i);
        if (i + 1 < FIXED && memory->fixed[i] == memory->fixed[i + 1])
            continue;
        put_part(html, from, to, known(memory->fixed[i]));
        from = to;
    }
    html_tag(html, "</div>\n");
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Collect the addresses where the type may change, up to the end of the
 * bar. */
static size_t find_edges(const struct memory *memory,
                         uint64_t edges[2 * PAIRS + 2], uint64_t *end)
{
    size_t n = 0;

    *end = 4 * GIB;
    for (size_t i = 0; i < memory->n; i++)
        if (memory->base[i] + memory->size[i] > *end)
            *end = memory->base[i] + memory->size[i];
    edges[n++] = 0;
    for (size_t i = 0; i < memory->n; i++) {
        edges[n++] = memory->base[i];
        edges[n++] = memory->base[i] + memory->size[i];
    }
    edges[n++] = *end;
    qsort(edges, n, sizeof(*edges), by_value);
    return n;
}

static void put_ranges(struct html *html, const struct memory *memory)
{
    uint64_t edges[2 * PAIRS + 2], end, from = 0;
    size_t n = find_edges(memory, edges, &end);
    char what[80], room[HTML_SIZE_ROOM];

    snprintf(what, sizeof(what), "Addresses up to %s, to scale",
             html_size(room, end));
    begin_bar(html, what);
    for (size_t i = 1; i < n; i++) {
        if (edges[i] == from ||
            (i + 1 < n &&
             type_at(memory, from) == type_at(memory, edges[i])))
            continue;
        put_part(html, from, edges[i], type_at(memory, from));
        from = edges[i];
    }
    html_tag(html, "</div>\n");
}

static void put_key(struct html *html)
{
    html_tag(html, "<p class=\"dim\">");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (i == 2 || i == 3 || i == 7)
            continue;
        html_tag_f(html, "<span class=\"key %s\"></span>%s ",
                   types[i].colour, types[i].name);
    }
    html_tag(html, "</p>\n");
}

static void put_table(struct html *html, const struct memory *memory)
{
    html_tag(html, "<div class=\"wide\"><table class=\"n\"><thead><tr>"
             "<th>range</th><th>from</th><th>to</th><th>type</th></tr>"
             "</thead><tbody>\n");
    for (size_t i = 0; i < memory->n; i++)
        html_tag_f(html, "<tr><th scope=\"row\">%zu</th><td>0x%" PRIx64
                   "</td><td>0x%" PRIx64 "</td><td>%s</td></tr>\n", i,
                   memory->base[i], memory->base[i] + memory->size[i] - 1,
                   types[known(memory->type[i])].name);
    html_tag_f(html, "<tr><th scope=\"row\">elsewhere</th><td></td><td></td>"
               "<td>%s</td></tr>\n</tbody></table></div>\n",
               memory->def_type & ENABLED
                   ? types[known(memory->def_type & 0xff)].name
                   : "UC: the MTRRs are off");
}

void html_memory(struct html *html)
{
    struct html_vcpus vcpus;
    struct memory memory;

    html_vcpus(html, &vcpus);
    if (vcpus.n == 0 ||
        !read_memory(html_record(html, CODE_MTRR, vcpus.vcpu[0]), &memory))
        return;
    html_tag_f(html, "<section id=\"memory\"><h2>Types of memory</h2>\n"
               "<p class=\"dim\">By the MTRRs of vCPU %" PRIu32 "</p>\n",
               vcpus.vcpu[0]);
    put_ranges(html, &memory);
    if (memory.has_fixed && memory.def_type & ENABLED)
        put_fixed(html, &memory);
    put_key(html);
    put_table(html, &memory);
    if (memory.scattered)
        html_tag(html, "<p>A range whose mask has holes is not shown.</p>\n");
    html_tag(html, "</section>\n");
}
