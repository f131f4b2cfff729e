/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The INT line of the two 8259s.
 *
 * An int_output without an interrupt that would be delivered is a BUG() of
 * the hypervisor when the guest next takes one (vpic_intack, 4.14 to 4.22),
 * and one that is missing is a lost interrupt.  So it is never merged, but
 * worked out from the registers, after the 8259A's data sheet: the highest
 * priority among the unmasked requests interrupts if it is above what is in
 * service.
 */
#include "catalogue/codes.h"
#include "plan.h"

#define CASCADE 2       /* the master's input that the slave drives */
#define NO_PRIORITY 8

static uint64_t get(const struct plan_record *pic, const char *name)
{
    const struct cat_field *field = cat_field(pic->type, pic->layout, name);

    return field ? cat_get(field, pic->wanted, 0) : 0;
}

static void set(struct plan_record *pic, const char *name, uint64_t value)
{
    const struct cat_field *field = cat_field(pic->type, pic->layout, name);

    if (field)
        cat_set(field, pic->wanted, 0, value);
}

/* 0 is the highest; priorities rotate. */
static unsigned int priority_of(const struct plan_record *pic, uint64_t lines)
{
    unsigned int first = (unsigned int)get(pic, "priority_add");

    for (unsigned int i = 0; i < NO_PRIORITY; i++)
        if (lines >> ((first + i) & 7) & 1)
            return i;
    return NO_PRIORITY;
}

static bool interrupts(const struct plan_record *pic, bool master)
{
    uint64_t waiting = get(pic, "irr") & ~get(pic, "imr");
    uint64_t served = get(pic, "isr");
    unsigned int first = (unsigned int)get(pic, "priority_add");
    unsigned int best = priority_of(pic, waiting);

    if (get(pic, "init_state") || best == NO_PRIORITY)
        return false;
    if (master && get(pic, "special_fully_nested_mode") &&
        ((first + best) & 7) == CASCADE)
        served &= ~(UINT64_C(1) << CASCADE);
    if (get(pic, "special_mask_mode"))
        served &= ~get(pic, "imr");
    return best < priority_of(pic, served);
}

/* Both PICs, or false where the domain or the plan has not both. */
static bool both(const struct plan *plan, struct plan_record **master,
                 struct plan_record **slave)
{
    *master = plan_find(plan, CODE_PIC, 0);
    *slave = plan_find(plan, CODE_PIC, 1);
    return *master && (*master)->wanted && (*master)->layout &&
           *slave && (*slave)->wanted && (*slave)->layout;
}

void merge_pic_lines(struct plan *plan)
{
    struct plan_record *master, *slave;
    uint64_t cascade = UINT64_C(1) << CASCADE;
    bool line;

    if (!both(plan, &master, &slave))
        return;
    line = interrupts(slave, false);
    set(slave, "int_output", line);
    set(master, "irr", (get(master, "irr") & ~cascade) |
                       (line ? cascade : 0));
    set(master, "int_output", interrupts(master, true));
}

bool merge_pic_differs(const struct plan *plan, struct plan_record *pic)
{
    const struct cat_field *line;

    if (!pic->present || !pic->layout ||
        pic->present->length != pic->length)
        return true;
    line = cat_field(pic->type, pic->layout, "int_output");
    if (line)
        cat_set(line, pic->wanted, 0, cat_get(line, pic->present->body, 0));
    return plan_differs(plan, pic, false);
}
