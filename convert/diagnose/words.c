/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis in words: sentences of findings, states of vCPUs, evidence. */
#include "diagnose/diagnose.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Characters of a symbol's name; return addresses to print. */
#define SYMBOL_SHOWN 64
#define STACK_SHOWN 24u

void diag_add(char buf[DIAG_ROOM], const char *format, ...)
{
    size_t used = strlen(buf);
    va_list args;

    va_start(args, format);
    vsnprintf(buf + used, DIAG_ROOM - used, format, args);
    va_end(args);
}

/* -- words in braces ------------------------------------------------------ */

typedef void word_fn(const domctx_diagnosis *diagnosis,
                     const struct found *found, char buf[DIAG_ROOM]);

static void put_vcpu(const domctx_diagnosis *diagnosis,
                     const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    diag_add(buf, "%" PRIu32, found->vcpu);
}

static void put_value(const domctx_diagnosis *diagnosis,
                      const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    diag_add(buf, "0x%" PRIx64, found->value);
}

static void put_number(const domctx_diagnosis *diagnosis,
                       const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    diag_add(buf, "%" PRIu64, found->value);
}

static void put_element(const domctx_diagnosis *diagnosis,
                        const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    diag_add(buf, "%zu", found->i);
}

static const struct context_record *
regs_of(const domctx_diagnosis *diagnosis, const struct found *found)
{
    return context_find(diag_last(diagnosis)->context,
                        LIVE_TYPE(LAPIC_REGS), found->vcpu);
}

static void put_irr(const domctx_diagnosis *diagnosis,
                    const struct found *found, char buf[DIAG_ROOM])
{
    diag_add(buf, "0x%02x",
        (unsigned int)diag_highest(regs_of(diagnosis, found), "irr"));
}

static void put_isr(const domctx_diagnosis *diagnosis,
                    const struct found *found, char buf[DIAG_ROOM])
{
    diag_add(buf, "0x%02x",
        (unsigned int)diag_highest(regs_of(diagnosis, found), "isr"));
}

static void put_rip(const domctx_diagnosis *diagnosis,
                    const struct found *found, char buf[DIAG_ROOM])
{
    diag_add(buf, "0x%" PRIx64, diag_value(diag_last(diagnosis)->context,
                                      LIVE_TYPE(CPU), found->vcpu, "rip"));
}

/* Write the numbers of the bits set, through the whole array. */
static void put_bits(const domctx_diagnosis *diagnosis,
                     const struct found *found, char buf[DIAG_ROOM])
{
    const char *separator = "";

    (void)diagnosis;
    for (unsigned int bit = 0; bit < 64; bit++)
        if (found->value >> bit & 1) {
            diag_add(buf, "%s%zu", separator, 64 * found->i + bit);
            separator = ", ";
        }
}

/* The names of SHUTDOWN_* in sched.h. */
static void put_shutdown(const domctx_diagnosis *diagnosis,
                         const struct found *found, char buf[DIAG_ROOM])
{
    static const char *const reasons[] = {
        "poweroff", "reboot (or a triple fault)", "suspend", "crash",
        "watchdog", "soft reset",
    };
    const struct domctx_live *live = diag_last(diagnosis)->live;
    uint32_t reason = live ? live->reason : 0;

    (void)found;
    if (reason < sizeof(reasons) / sizeof(reasons[0]))
        diag_add(buf, "%s", reasons[reason]);
    else
        diag_add(buf, "reason %" PRIu32, reason);
}

static void put_panic(const domctx_diagnosis *diagnosis,
                      const struct found *found, char buf[DIAG_ROOM])
{
    (void)found;
    diag_add(buf, "%" PRId32, diag_last(diagnosis)->memory->panic_cpu);
}

static void put_jiffies(const domctx_diagnosis *diagnosis,
                        const struct found *found, char buf[DIAG_ROOM])
{
    (void)found;
    diag_add(buf, "%" PRIu64, diag_last(diagnosis)->memory->jiffies);
}

static void put_stolen(const domctx_diagnosis *diagnosis,
                       const struct found *found, char buf[DIAG_ROOM])
{
    size_t last = diagnosis->n_looks - 1;

    diag_add(buf, "%" PRIu64,
        diag_stolen(diagnosis, last, found->vcpu) /
            (diag_between(diagnosis, last) / 100 + 1));
}

static const struct {
    const char *name;
    word_fn *put;
} words[] = {
    { "vcpu", put_vcpu }, { "value", put_value }, { "number", put_number },
    { "i", put_element },
    { "irr", put_irr },   { "isr", put_isr },     { "rip", put_rip },
    { "bits", put_bits }, { "shutdown", put_shutdown },
    { "panic", put_panic }, { "jiffies", put_jiffies },
    { "stolen", put_stolen },
};

static void put_word(const domctx_diagnosis *diagnosis,
                     const struct found *found, const char *name,
                     size_t size, char buf[DIAG_ROOM])
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].name) == size &&
            memcmp(words[i].name, name, size) == 0)
            words[i].put(diagnosis, found, buf);
}

const char *diag_sentence(const domctx_diagnosis *diagnosis,
                          const struct found *found, char buf[DIAG_ROOM])
{
    const char *p = found->pattern->rule.reason;

    buf[0] = '\0';
    while (*p) {
        size_t size = strcspn(p, "{");

        diag_add(buf, "%.*s", (int)size, p);
        p += size;
        if (*p == '{') {
            size = strcspn(++p, "}");
            put_word(diagnosis, found, p, size, buf);
            p += size + (p[size] == '}');
        }
    }
    return buf;
}

/* -- vCPUs ---------------------------------------------------------------- */

static const struct facts *facts_of(const domctx_diagnosis *diagnosis,
                                    uint32_t vcpu)
{
    return &diagnosis->seen[diagnosis->n_looks - 1].vcpu[vcpu];
}

const char *diag_state(const domctx_diagnosis *diagnosis, uint32_t vcpu)
{
    const struct facts *facts = facts_of(diagnosis, vcpu);
    const struct domctx_live *live = diag_last(diagnosis)->live;

    if (vcpu >= diag_live_vcpus(live) || !live->vcpu[vcpu].known)
        return facts->holds & V_UP ? "up" : "down";
    if (!live->vcpu[vcpu].online)   /* a PV domain has no CPU records */
        return "down";
    if (facts->holds & V_BUSY)
        return "busy";
    if (live->vcpu[vcpu].running)
        return "running";
    if (facts->holds & V_BLOCKED)
        return "blocked";
    if (!(facts->holds & V_WAITING))
        return "runnable";
    return live->shut_down ? "stopped" : live->paused ? "paused" : "waiting";
}

const char *diag_place(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       char buf[DIAG_ROOM])
{
    const struct facts *facts = facts_of(diagnosis, vcpu);
    size_t last = diagnosis->n_looks - 1;
    uint64_t between = diag_between(diagnosis, last);

    buf[0] = '\0';
    if (!(facts->holds & V_UP))
        return buf;
    if (facts->known & V_KERNEL)
        diag_add(buf, facts->holds & V_KERNEL ? ", kernel" : ", program");
    if (facts->known & V_IF)
        diag_add(buf, facts->holds & V_IF ? ", interrupts on"
                                     : ", interrupts off");
    diag_add(buf, ", rip 0x%" PRIx64,
        diag_value(diag_last(diagnosis)->context, LIVE_TYPE(CPU), vcpu,
                   "rip"));
    if (between && facts->known & V_STOPPED)
        diag_add(buf, ", %" PRIu64 " %% used",
            diag_used(diagnosis, last, vcpu) / (between / 100 + 1));
    return buf;
}

/* -- symbols -------------------------------------------------------------- */

const char *diag_symbol(const domctx_diagnosis *diagnosis, uint64_t address,
                        bool returns, char buf[DIAG_ROOM])
{
    const domctx_symbols *symbols = diag_last(diagnosis)->symbols;
    uint64_t at = address - diagnosis->moved, start = 0;
    const char *name = NULL;

    buf[0] = '\0';
    if (symbols && diagnosis->fit == FIT_YES)
        name = symbols_name(symbols, at - (returns ? 1 : 0), &start);
    if (name)
        diag_add(buf, "%.*s+0x%" PRIx64, SYMBOL_SHOWN, name, at - start);
    return buf;
}

/* A word that points at the beginning of a function is data: calls never
 * return there. */
const char *diag_stack(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       size_t i, char buf[DIAG_ROOM])
{
    const domctx_memory *memory = diag_last(diagnosis)->memory;
    const struct kernel_vcpu *of = memory && vcpu < memory->n_vcpus
                                       ? &memory->vcpu[vcpu] : NULL;
    char word[DIAG_ROOM];

    for (uint32_t n = 0; of && n < of->words && i < STACK_SHOWN; n++) {
        uint64_t at = of->stack[n];

        diag_symbol(diagnosis, at, false, word);
        if (!*diag_symbol(diagnosis, at, true, buf) ||
            (*word && strcmp(strrchr(word, '+'), "+0x0") == 0))
            continue;
        if (i-- == 0)
            return buf;
    }
    return NULL;
}

/* -- all of it ------------------------------------------------------------ */

static size_t count_state(const domctx_diagnosis *diagnosis,
                          const char *state)
{
    size_t count = 0;

    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++)
        count += strcmp(diag_state(diagnosis, v), state) == 0;
    return count;
}

static size_t count_warnings(const domctx_diagnosis *diagnosis)
{
    return domctx_report_total(diagnosis->report, DOMCTX_WARNING);
}

static void nothing_found(const domctx_diagnosis *diagnosis,
                          char buf[DIAG_ROOM])
{
    size_t up = diagnosis->n_vcpus - count_state(diagnosis, "down");

    if (!diag_last(diagnosis)->live)
        diag_add(buf, "Nothing in this context keeps the guest from running, "
                      "as far as a file can tell");
    else if (up && count_state(diagnosis, "blocked") == up)
        diag_add(buf, "Nothing holds this guest: every vCPU sleeps and "
                      "nothing waits that would wake it, so the guest itself "
                      "thinks that it has nothing to do. If it does not "
                      "answer, look at what it waits for: disk, network, "
                      "xenstore");
    else
        diag_add(buf, "Nothing was found that holds this guest");
}

const char *diag_headline(const domctx_diagnosis *diagnosis,
                          char buf[DIAG_ROOM])
{
    const struct domctx_finding *first =
        domctx_report_get(diagnosis->report, 0);
    size_t others = count_warnings(diagnosis);
    char text[DIAG_ROOM];

    buf[0] = '\0';
    if (others == 0) {
        nothing_found(diagnosis, buf);
        return buf;
    }
    snprintf(text, sizeof(text), "%s", first->text);
    if (text[0] >= 'a' && text[0] <= 'z' && text[0] != 'v')
        text[0] = (char)(text[0] - 'a' + 'A');
    diag_add(buf, "%s", text);
    if (others > 1)
        diag_add(buf, "; and %zu more %s below", others - 1,
            others == 2 ? "finding" : "findings");
    return buf;
}

/* -- evidence ------------------------------------------------------------- */

/* The record that a finding names. */
static const struct context_record *find_record(
    const domctx_context *context, const struct found *found,
    const char *name)
{
    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *at = &context->records[i];

        if (!at->known || strcmp(at->known->name, name) != 0)
            continue;
        if (found->of_vcpu && at->known->flags & CAT_VCPU
                ? at->instance == found->vcpu
                : !found->record || found->record->type != at->type ||
                      found->record == at)
            return at;
    }
    return NULL;
}

/* Put a field, "REC.FIELD"; of an array the nonzero elements, or the one that
 * matched. */
static void put_field(const domctx_diagnosis *diagnosis,
                      const struct found *found, const char *name,
                      size_t size, evidence_fn *put, void *arg)
{
    const char *field_name = memchr(name, '.', size);
    char record_name[32], text[64];
    const struct context_record *record;
    const struct cat_field *field;
    struct evidence evidence;
    uint64_t value;

    snprintf(record_name, sizeof(record_name), "%.*s",
             (int)(field_name - name), name);
    snprintf(text, sizeof(text), "%.*s",
             (int)(size - (size_t)(field_name - name) - 1), field_name + 1);
    record = find_record(diag_last(diagnosis)->context, found, record_name);
    if (!record || !record->layout ||
        !(field = rule_field(record->known, record->layout, text)))
        return;
    snprintf(evidence.record, sizeof(evidence.record), "%s/%" PRIu32,
             record_name, record->instance);
    for (size_t i = 0; context_get(record, field, i, &value); i++) {
        bool meant = record == found->record && i == found->i;

        if (field->count != 1 && !meant && (value == 0 || field->count > 8))
            continue;
        cat_label(field, i, 1, evidence.field);
        evidence.value = value;
        put(&evidence, arg);
    }
}

void diag_evidence(const domctx_diagnosis *diagnosis,
                   const struct found *found, evidence_fn *put, void *arg)
{
    const char *name = found->pattern->evidence;

    while (name && *name) {
        size_t size = strcspn(name, " ");

        put_field(diagnosis, found, name, size, put, arg);
        name += size + (name[size] == ' ');
    }
}
