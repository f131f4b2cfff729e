/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The summary: the records of a context, and a line for each vCPU. */
#include "text/text.h"
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

static void put_column(struct text *text, const char *word, size_t width)
{
    out_text(&text->out, word);
    out_fill(&text->out, ' ', width - strlen(word));
}

static void put_vcpu(struct text *text, const struct vcpu *vcpu)
{
    const struct text_plan *plan;
    uint64_t v[WANTED], event = 0;

    out_f(&text->out, "%6" PRIu32 "  ", vcpu->instance);
    if (!vcpu->cpu) {
        out_text(&text->out, "not up (no CPU record)\n");
        return;
    }
    plan = text_plan(text, vcpu->cpu, &summary);
    if (!plan)
        return;
    for (size_t i = 0; i < WANTED; i++)
        if (!text_get(vcpu->cpu, plan->fields[i], 0, &v[i])) {
            out_text(&text->out, "its CPU record is cut off\n");
            return;
        }
    text_get(vcpu->cpu, plan->fields[EVENT], 0, &event);
    put_column(text, mode_of(v), MODE_WIDTH + 4);
    out_dec(&text->out, cpl_of(v));
    out_put(&text->out, "  ", 2);
    out_hex(&text->out, v[RIP], 16);
    out_put(&text->out, "  ", 2);
    put_column(text, paging_of(v), PAGING_WIDTH);
    out_text(&text->out, v[RFLAGS] & RFLAGS_IF ? "on" : "off");
    out_text(&text->out, event ? ", an event is pending\n" : "\n");
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
    }
    for (size_t i = 0; i < count; i++)
        put_vcpu(text, &vcpus[i]);
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
