/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The summary: the records of a context, and a line for each vCPU. */
#include "text/groups.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- the records, counted ---------------------------------------------- */

#define LINE_WIDTH 78

static void put_counts(struct text *text)
{
    const domctx_context *context = text->context;
    size_t column = strlen("records:");

    out_text(&text->out, "records:");
    for (size_t i = 0, n; i < context->count; i += n) {
        char buf[CONTEXT_NAME_ROOM], word[CONTEXT_NAME_ROOM + 24];
        int size;

        for (n = 1; i + n < context->count &&
                    context->records[i + n].type == context->records[i].type;)
            n++;
        size = n > 1 ? snprintf(word, sizeof(word), " %zu %s", n,
                                context_name(&context->records[i], buf))
                     : snprintf(word, sizeof(word), " %s",
                                context_name(&context->records[i], buf));
        if (size > 0 && column + (size_t)size + 1 > LINE_WIDTH) {
            out_text(&text->out, "\n        ");
            column = strlen("records:");
        }
        out_text(&text->out, word);
        if (i + n < context->count)
            out_put(&text->out, ",", 1);
        column += size > 0 ? (size_t)size + 1 : 0;
    }
    out_put(&text->out, "\n", 1);
}

/* -- the vCPUs --------------------------------------------------------- */

struct vcpu {
    uint32_t instance;
    const struct context_record *cpu;  /* NULL: the vCPU is down */
};

/* By instance, and within a vCPU with the CPU record first. */
static int compare(const void *a, const void *b)
{
    const struct vcpu *x = a, *y = b;

    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    return (x->cpu == NULL) - (y->cpu == NULL);
}

/* Whether the vCPU's entry is at *next or directly after it, as in records
 * that are in order; if so, *next is set to it. */
static bool comes_next(const struct vcpu *vcpus, size_t n, size_t *next,
                       uint32_t instance)
{
    for (int i = 0; i < 2 && n > 0; i++) {
        if (*next >= n)
            *next = 0;
        if (vcpus[*next].instance == instance)
            return true;
        ++*next;
    }
    return false;
}

/* Collect one entry for each vCPU with a record; NULL when memory is short. */
static struct vcpu *find_vcpus(const domctx_context *context, size_t *count)
{
    struct vcpu *vcpus = calloc(context->count + 1, sizeof(*vcpus));
    size_t n = 0, unique = 0, next = 0;

    *count = 0;
    if (!vcpus)
        return NULL;
    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];
        bool cpu = record->type == DOMCTX_HVM_RECORD(CODE_CPU);

        if (record->known && record->known->flags & CAT_VCPU &&
            (cpu || !comes_next(vcpus, n, &next, record->instance)))
            vcpus[n++] = (struct vcpu){ record->instance,
                                        cpu ? record : NULL };
    }
    qsort(vcpus, n, sizeof(*vcpus), compare);
    for (size_t i = 0; i < n; i++)
        if (unique == 0 ||
            vcpus[unique - 1].instance != vcpus[i].instance)
            vcpus[unique++] = vcpus[i];
    *count = unique;
    return vcpus;
}

enum { CR0, CR4, EFER, RFLAGS, RIP, CS, SS, WANTED, EVENT = WANTED };
static const char *const names[] = {
    "cr0", "cr4", "msr_efer", "rflags", "rip", "cs_arbytes", "ss_arbytes",
    "pending_valid", NULL,
};

/* The fields of a CPU record in the summary. */
static const struct text_view summary = {
    .type = DOMCTX_HVM_RECORD(CODE_CPU), .names = names,
};

#define CR0_PE UINT64_C(0x1)
#define CR0_PG UINT64_C(0x80000000)
#define CR4_PAE UINT64_C(0x20)
#define CR4_LA57 UINT64_C(0x1000)
#define EFER_LMA UINT64_C(0x400)
#define RFLAGS_IF UINT64_C(0x200)
#define RFLAGS_VM UINT64_C(0x20000)
#define ATTR_L UINT64_C(0x200)
#define ATTR_DB UINT64_C(0x400)
#define ATTR_DPL(attributes) ((unsigned int)((attributes) >> 5 & 3))

static const char *mode_of(const uint64_t v[WANTED])
{
    bool wide = v[CS] & ATTR_DB;

    if (!(v[CR0] & CR0_PE))
        return "real";
    if (v[EFER] & EFER_LMA && v[CS] & ATTR_L)
        return "64-bit";
    if (v[EFER] & EFER_LMA)
        return wide ? "32-bit compat" : "16-bit compat";
    if (v[RFLAGS] & RFLAGS_VM)
        return "virtual-8086";
    return wide ? "32-bit" : "16-bit";
}

static unsigned int cpl_of(const uint64_t v[WANTED])
{
    if (!(v[CR0] & CR0_PE))
        return 0;
    return v[RFLAGS] & RFLAGS_VM && !(v[EFER] & EFER_LMA) ? 3
                                                          : ATTR_DPL(v[SS]);
}

static const char *paging_of(const uint64_t v[WANTED])
{
    if (!(v[CR0] & CR0_PG))
        return "none";
    if (v[EFER] & EFER_LMA)
        return v[CR4] & CR4_LA57 ? "5-level" : "4-level";
    return v[CR4] & CR4_PAE ? "PAE" : "2-level";
}

#define MODE_WIDTH 13
#define PAGING_WIDTH 9

static void add_column(struct words *words, const char *word, size_t width)
{
    words_text(words, word);
    words_fill(words, ' ', width - strlen(word));
}

static void add_rip(struct words *words, uint64_t rip, int level)
{
    char buf[24] = "at several places ";

    if (level == LEVEL_ALL)
        snprintf(buf, sizeof(buf), "0x%016" PRIx64, rip);
    words_text(words, buf);
}

/* The line of a vCPU that is up. */
static void add_up(struct words *words, struct text *text,
                   const struct context_record *cpu, int level)
{
    const struct text_plan *plan = text_plan(text, cpu, &summary);
    uint64_t v[WANTED], event = 0;

    if (!plan)
        return;
    for (size_t i = 0; i < WANTED; i++)
        if (!text_get(cpu, plan->fields[i], 0, &v[i])) {
            words_text(words, "its CPU record is cut off");
            return;
        }
    text_get(cpu, plan->fields[EVENT], 0, &event);
    add_column(words, mode_of(v), MODE_WIDTH + 4);
    words_number(words, cpl_of(v));
    words_text(words, "  ");
    add_rip(words, v[RIP], level);
    words_text(words, "  ");
    add_column(words, paging_of(v), PAGING_WIDTH);
    words_text(words, v[RFLAGS] & RFLAGS_IF ? "on" : "off");
    words_text(words, event ? ", an event is pending" : "");
}

static void add_vcpu(struct words *words, struct text *text,
                     const struct vcpu *vcpu, int level)
{
    words->used = 0;
    if (vcpu->cpu)
        add_up(words, text, vcpu->cpu, level);
    else
        words_text(words, "not up (no CPU record)");
}

static void put_each(struct text *text, const struct vcpu *vcpus,
                     size_t count)
{
    struct words line;

    for (size_t i = 0; i < count && !text->no_memory; i++) {
        add_vcpu(&line, text, &vcpus[i], LEVEL_ALL);
        groups_begin(text, vcpus[i].instance);
        out_put(&text->out, line.buf, line.used);
        out_put(&text->out, "\n", 1);
    }
}

static void put_table(struct text *text, const struct vcpu *vcpus,
                      size_t count)
{
    struct groups *groups = groups_new(text, count);

    for (size_t i = 0; groups && i < count; i++) {
        for (int level = 0; level < LEVELS; level++)
            add_vcpu(groups_lines(groups) + level, text, &vcpus[i], level);
        groups_add(groups, vcpus[i].instance);
    }
    if (!groups || !groups_put(text, groups))
        put_each(text, vcpus, count);
    free(groups);
}

static void put_vcpus(struct text *text)
{
    size_t count, up = 0;
    struct vcpu *vcpus = find_vcpus(text->context, &count);

    if (!vcpus) {
        text->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        up += vcpus[i].cpu != NULL;
    if (count > 0) {
        out_f(&text->out, "vCPUs: %zu, %zu up\n", count, up);
        text_styled(text, TEXT_HEADING, "  vCPU  mode           CPL  rip   "
                    "              paging   interrupts");
        out_put(&text->out, "\n", 1);
        put_table(text, vcpus, count);
    }
    if (up > 0)
        out_text(&text->out, "Whether a vCPU that is up waits in HLT is not "
                 "in a context.\n");
    free(vcpus);
}

void text_head(struct text *text)
{
    text_kind(text);
    text_trailer(text);
    put_counts(text);
    put_vcpus(text);
}
