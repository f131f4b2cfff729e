/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deriving the facts that patterns use from the looks. */
#include "diagnose/diagnose.h"

#define RFLAGS_IF 0x200u
#define CR0_PG UINT64_C(0x80000000)
#define SS_DPL(arbytes) ((arbytes) >> 5 & 3)

#define PARAM_CALLBACK_IRQ 0
#define PARAM_ACPI_S_STATE 14
#define PARAM_PAGING_RING 27    /* followed by monitor and sharing */
#define PARAM_SHARING_RING 29
#define ACPI_S3 3
#define REASON_SUSPEND 2

#define NEAR_BYTES 256u
#define STACK_BYTES 1024u   /* a few frames */

static void put(struct facts *facts, uint32_t fact, bool holds)
{
    facts->known |= fact;
    if (holds)
        facts->holds |= fact;
}

uint64_t diag_value(const domctx_context *context, uint32_t type,
                    uint32_t instance, const char *field)
{
    const struct context_record *record = context_find(context, type,
                                                       instance);
    uint64_t value = 0;

    if (record && record->layout)
        context_value(record, field, &value);
    return value;
}

int diag_highest(const struct context_record *regs, const char *name)
{
    const struct cat_field *field;
    uint64_t word;

    if (!regs || !regs->layout)
        return -1;
    field = cat_field(regs->known, regs->layout, name);
    for (size_t i = 8; field && i-- > 0;)
        if (context_get(regs, field, i, &word) && word)
            return (int)(32 * i) + 63 - __builtin_clzll(word);
    return -1;
}

const struct domctx_look *diag_last(const domctx_diagnosis *diagnosis)
{
    return &diagnosis->look[diagnosis->n_looks - 1];
}

/* -- one look, the context ------------------------------------------------ */

static void registers(const domctx_context *context, uint32_t vcpu,
                      struct facts *facts)
{
    const struct context_record *cpu = context_find(context, LIVE_TYPE(CPU),
                                                    vcpu);
    uint64_t rflags, ss, cr0;

    put(facts, V_UP, cpu != NULL);
    if (!cpu || !cpu->layout || !context_value(cpu, "rflags", &rflags) ||
        !context_value(cpu, "ss_arbytes", &ss) ||
        !context_value(cpu, "cr0", &cr0))
        return;
    put(facts, V_IF, rflags & RFLAGS_IF);
    put(facts, V_KERNEL, SS_DPL(ss) == 0);
    put(facts, V_PAGING, cr0 & CR0_PG);
}

/* Only interrupts above the processor's priority are delivered.  The field ppr
 * may be outdated, as Xen's vlapic_set_ppr() runs only when something reads
 * it, so the priority is computed here. */
static void interrupts(const domctx_context *context, uint32_t vcpu,
                       struct facts *facts)
{
    const struct context_record *regs =
        context_find(context, LIVE_TYPE(LAPIC_REGS), vcpu);
    const struct context_record *lapic = context_find(context,
                                                      LIVE_TYPE(LAPIC), vcpu);
    uint64_t disabled, tpr;
    int waits, served, priority;

    if (lapic && lapic->layout &&
        context_value(lapic, "disabled", &disabled))
        put(facts, V_LAPIC, disabled == 0);
    put(facts, V_ASSIST, diag_value(context, LIVE_TYPE(VIRIDIAN_VCPU), vcpu,
                                    "apic_assist_pending"));
    if (!regs || !regs->layout || !context_value(regs, "tpr", &tpr))
        return;
    waits = diag_highest(regs, "irr");
    served = diag_highest(regs, "isr");
    priority = (int)(tpr >> 4 & 15);
    if (served >= 0 && served >> 4 > priority)
        priority = served >> 4;
    put(facts, V_PENDING, waits >= 16);
    put(facts, V_DELIVERABLE, waits >= 16 && waits >> 4 > priority);
}

/* -- one look, the hypervisor --------------------------------------------- */

/* A vCPU that sleeps has run, perhaps for less time than the clock
 * resolves. */
static bool has_run(const struct domctx_live_vcpu *vcpu)
{
    return vcpu->known &&
           (vcpu->cpu_time_ns > 0 || (vcpu->online && vcpu->blocked));
}

static void live_vcpu(const struct domctx_live_vcpu *vcpu,
                      struct facts *facts)
{
    if (!vcpu->known)
        return;
    put(facts, V_ONLINE, vcpu->online);
    put(facts, V_BLOCKED, vcpu->online && vcpu->blocked);
    put(facts, V_WAITING, vcpu->online && vcpu->waiting);
    put(facts, V_RAN, has_run(vcpu));
    if (vcpu->upcall_known)
        put(facts, V_UPCALL, vcpu->upcall_pending);
}

static bool read_param(const struct domctx_live *live, unsigned int n,
                       uint64_t *value)
{
    *value = live->param[n];
    return live->params_known >> n & 1;
}

static void live_params(const struct domctx_live *live, struct facts *facts)
{
    bool known = true, any = false;
    uint64_t value;

    if (read_param(live, PARAM_ACPI_S_STATE, &value))
        put(facts, D_S3, value == ACPI_S3);
    if (read_param(live, PARAM_CALLBACK_IRQ, &value))
        put(facts, D_CALLBACK, value != 0);
    for (unsigned int n = PARAM_PAGING_RING; n <= PARAM_SHARING_RING; n++) {
        known = read_param(live, n, &value) && known;
        any = any || value != 0;
    }
    if (known || any)
        put(facts, D_VM_EVENT, any);
}

static void live_domain(const struct domctx_live *live, struct facts *facts)
{
    uint32_t n_vcpus = diag_live_vcpus(live);
    bool known = n_vcpus > 0, ran = false;

    put(facts, D_SHUT_DOWN, live->shut_down);
    put(facts, D_SUSPENDED, live->shut_down &&
                            live->reason == REASON_SUSPEND);
    put(facts, D_PAUSED, live->paused);
    put(facts, D_DEBUGGED, live->debugged);
    for (uint32_t v = 0; v < n_vcpus; v++) {
        known = known && live->vcpu[v].known;
        ran = ran || has_run(&live->vcpu[v]);
    }
    if (known || ran)
        put(facts, D_RAN, ran);
    live_params(live, facts);
}

/* -- a look and the one before it ----------------------------------------- */

uint64_t diag_between(const domctx_diagnosis *diagnosis, size_t n)
{
    const struct domctx_look *look = &diagnosis->look[n];

    if (n == 0 || !look[-1].live || !look->live ||
        look->live->time_ns <= look[-1].live->time_ns)
        return 0;
    return look->live->time_ns - look[-1].live->time_ns;
}

static bool both_know(const domctx_diagnosis *diagnosis, size_t n,
                      uint32_t vcpu)
{
    const struct domctx_look *look = &diagnosis->look[n];

    return diag_between(diagnosis, n) &&
           vcpu < diag_live_vcpus(look[-1].live) &&
           vcpu < diag_live_vcpus(look->live) &&
           look[-1].live->vcpu[vcpu].known && look->live->vcpu[vcpu].known;
}

uint64_t diag_used(const domctx_diagnosis *diagnosis, size_t n, uint32_t vcpu)
{
    const struct domctx_look *look = &diagnosis->look[n];
    uint64_t before, after;

    if (!both_know(diagnosis, n, vcpu))
        return 0;
    before = look[-1].live->vcpu[vcpu].cpu_time_ns;
    after = look->live->vcpu[vcpu].cpu_time_ns;
    return after > before ? after - before : 0;
}

/* The first look has no earlier one: it gets the facts between it and the
 * second. */
static void put_since(domctx_diagnosis *diagnosis, size_t n, uint32_t vcpu,
                      uint32_t fact, bool holds)
{
    put(&diagnosis->seen[n].vcpu[vcpu], fact, holds);
    if (n == 1)
        put(&diagnosis->seen[0].vcpu[vcpu], fact, holds);
}

static void two_times(domctx_diagnosis *diagnosis, size_t n, uint32_t vcpu)
{
    uint64_t between = diag_between(diagnosis, n);
    uint64_t used = diag_used(diagnosis, n, vcpu);

    if (!both_know(diagnosis, n, vcpu))
        return;
    put_since(diagnosis, n, vcpu, V_BUSY, used > between / 10 * 9);
    put_since(diagnosis, n, vcpu, V_QUIET, used < between / 100);
    put_since(diagnosis, n, vcpu, V_STOPPED, used == 0);
}

static bool is_near(const uint64_t value[2], uint64_t room)
{
    return value[0] < value[1] ? value[1] - value[0] < room
                               : value[0] - value[1] < room;
}

static void two_contexts(domctx_diagnosis *diagnosis, size_t n,
                         uint32_t vcpu)
{
    const struct context_record *cpu[2];
    uint64_t rip[2], rsp[2], tsc[2];

    for (size_t i = 0; i < 2; i++) {
        cpu[i] = context_find(diagnosis->look[n - 1 + i].context,
                              LIVE_TYPE(CPU), vcpu);
        if (!cpu[i] || !cpu[i]->layout ||
            !context_value(cpu[i], "rip", &rip[i]) ||
            !context_value(cpu[i], "rsp", &rsp[i]) ||
            !context_value(cpu[i], "tsc", &tsc[i]))
            return;
    }
    put_since(diagnosis, n, vcpu, V_SAME_RIP, rip[0] == rip[1]);
    put_since(diagnosis, n, vcpu, V_NEAR, is_near(rip, NEAR_BYTES));
    put_since(diagnosis, n, vcpu, V_SAME_STACK, is_near(rsp, STACK_BYTES));
    /* one of the looks is enough */
    put_since(diagnosis, n, vcpu, V_TSC_BACK, tsc[1] < tsc[0] ||
              (diagnosis->seen[n - 1].vcpu[vcpu].holds & V_TSC_BACK));
}

/* -- memory --------------------------------------------------------------- */

static const struct kernel_vcpu *
memory_of(const domctx_diagnosis *diagnosis, size_t n, uint32_t vcpu)
{
    const domctx_memory *memory = diagnosis->look[n].memory;

    return memory && vcpu < memory->n_vcpus ? &memory->vcpu[vcpu] : NULL;
}

uint64_t diag_stolen(const domctx_diagnosis *diagnosis, size_t n,
                     uint32_t vcpu)
{
    const struct kernel_vcpu *before = memory_of(diagnosis, n - 1, vcpu);
    const struct kernel_vcpu *after = memory_of(diagnosis, n, vcpu);

    return before && after && after->runnable_ns > before->runnable_ns
               ? after->runnable_ns - before->runnable_ns : 0;
}

static void two_runstates(domctx_diagnosis *diagnosis, size_t n,
                          uint32_t vcpu)
{
    const struct kernel_vcpu *before = memory_of(diagnosis, n - 1, vcpu);
    const struct kernel_vcpu *after = memory_of(diagnosis, n, vcpu);
    uint64_t between = diag_between(diagnosis, n);

    if (before && after && before->has_runstate && after->has_runstate &&
        between)
        put_since(diagnosis, n, vcpu, V_STOLEN,
                  diag_stolen(diagnosis, n, vcpu) > between / 5);
}

/* A kernel whose vCPUs all sleep stops its clock.  While some run, one vCPU
 * counts the ticks (Linux kernel/time/tick-sched.c, tick_do_timer_cpu); that
 * one may just be waiting for a processor. */
#define CLOCK_NS UINT64_C(500000000)

static void two_clocks(domctx_diagnosis *diagnosis, size_t n)
{
    const domctx_memory *before = diagnosis->look[n - 1].memory;
    const domctx_memory *after = diagnosis->look[n].memory;
    uint32_t any = 0;
    bool stands;

    if (!before || !after || !before->has_jiffies || !after->has_jiffies)
        return;
    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++)
        any |= diagnosis->seen[n].vcpu[v].holds;
    stands = (any & V_BUSY) && !(any & V_STOLEN) &&
             diag_between(diagnosis, n) >= CLOCK_NS &&
             before->jiffies == after->jiffies;
    put(&diagnosis->seen[n].domain, D_CLOCK_STANDS, stands);
    if (n == 1)
        put(&diagnosis->seen[0].domain, D_CLOCK_STANDS, stands);
}

/* -- all vCPUs that are up ------------------------------------------------ */

/* Whether the facts hold on every vCPU that is up; *known: whether that can be
 * decided. */
static bool every(const domctx_diagnosis *diagnosis, const struct seen *seen,
                  uint32_t is, uint32_t not, bool *known)
{
    bool all = true, any = false;

    *known = true;
    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++) {
        const struct facts *facts = &seen->vcpu[v];

        if (!(facts->holds & V_UP))
            continue;
        any = true;
        *known = *known && !((is | not) & ~facts->known);
        all = all && !(is & ~facts->holds) && !(not & facts->holds);
    }
    return any && all;
}

static void all_vcpus(const domctx_diagnosis *diagnosis, struct seen *seen)
{
    bool holds, known;

    holds = every(diagnosis, seen, V_QUIET, 0, &known);
    if (known)
        put(&seen->domain, D_QUIET, holds);
    holds = every(diagnosis, seen, V_BLOCKED, V_IF, &known);
    if (known)
        put(&seen->domain, D_LOCKED, holds);
}

static void one_look(domctx_diagnosis *diagnosis, size_t n)
{
    const struct domctx_look *look = &diagnosis->look[n];
    struct seen *seen = &diagnosis->seen[n];

    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++) {
        registers(look->context, v, &seen->vcpu[v]);
        interrupts(look->context, v, &seen->vcpu[v]);
        if (v < diag_live_vcpus(look->live))
            live_vcpu(&look->live->vcpu[v], &seen->vcpu[v]);
    }
    if (look->live)
        live_domain(look->live, &seen->domain);
    /* Without memory, facts that need symbols are false, not unknown. */
    if (!look->memory) {
        put(&seen->domain, D_PANIC | D_CLOCK_STANDS, false);
        for (uint32_t v = 0; v < diagnosis->n_vcpus; v++)
            put(&seen->vcpu[v], V_STOLEN, false);
    } else if (look->memory->has_panic) {
        put(&seen->domain, D_PANIC, look->memory->panic_cpu >= 0);
    }
}

void diag_facts(domctx_diagnosis *diagnosis)
{
    for (size_t n = 0; n < diagnosis->n_looks; n++)
        one_look(diagnosis, n);
    for (size_t n = 1; n < diagnosis->n_looks; n++) {
        for (uint32_t v = 0; v < diagnosis->n_vcpus; v++) {
            two_times(diagnosis, n, v);
            two_contexts(diagnosis, n, v);
            two_runstates(diagnosis, n, v);
        }
        two_clocks(diagnosis, n);
    }
    for (size_t n = 0; n < diagnosis->n_looks; n++)
        all_vcpus(diagnosis, &diagnosis->seen[n]);
}
