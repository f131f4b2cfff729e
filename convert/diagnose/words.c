/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis in words: sentences of findings, states of vCPUs, what could
 * not be seen. */
#include "diagnose/diagnose.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Append, cut off where the room ends. */
__attribute__((format(printf, 2, 3)))
static void add(char buf[DIAG_ROOM], const char *format, ...)
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
    add(buf, "%" PRIu32, found->vcpu);
}

static void put_value(const domctx_diagnosis *diagnosis,
                      const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    add(buf, "0x%" PRIx64, found->value);
}

static void put_element(const domctx_diagnosis *diagnosis,
                        const struct found *found, char buf[DIAG_ROOM])
{
    (void)diagnosis;
    add(buf, "%zu", found->i);
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
    add(buf, "0x%02x",
        (unsigned int)diag_highest(regs_of(diagnosis, found), "irr"));
}

static void put_isr(const domctx_diagnosis *diagnosis,
                    const struct found *found, char buf[DIAG_ROOM])
{
    add(buf, "0x%02x",
        (unsigned int)diag_highest(regs_of(diagnosis, found), "isr"));
}

static void put_rip(const domctx_diagnosis *diagnosis,
                    const struct found *found, char buf[DIAG_ROOM])
{
    add(buf, "0x%" PRIx64, diag_value(diag_last(diagnosis)->context,
                                      LIVE_TYPE(CPU), found->vcpu, "rip"));
}

/* Numbers of the bits, of the whole array. */
static void put_bits(const domctx_diagnosis *diagnosis,
                     const struct found *found, char buf[DIAG_ROOM])
{
    const char *separator = "";

    (void)diagnosis;
    for (unsigned int bit = 0; bit < 64; bit++)
        if (found->value >> bit & 1) {
            add(buf, "%s%zu", separator, 64 * found->i + bit);
            separator = ", ";
        }
}

/* SHUTDOWN_* of sched.h. */
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
        add(buf, "%s", reasons[reason]);
    else
        add(buf, "reason %" PRIu32, reason);
}

static const struct {
    const char *name;
    word_fn *put;
} words[] = {
    { "vcpu", put_vcpu }, { "value", put_value }, { "i", put_element },
    { "irr", put_irr },   { "isr", put_isr },     { "rip", put_rip },
    { "bits", put_bits }, { "shutdown", put_shutdown },
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

        add(buf, "%.*s", (int)size, p);
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

    if (!live || vcpu >= live->n_vcpus || !live->vcpu[vcpu].known)
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
        add(buf, facts->holds & V_KERNEL ? ", kernel" : ", program");
    if (facts->known & V_IF)
        add(buf, facts->holds & V_IF ? ", interrupts on"
                                     : ", interrupts off");
    add(buf, ", rip 0x%" PRIx64,
        diag_value(diag_last(diagnosis)->context, LIVE_TYPE(CPU), vcpu,
                   "rip"));
    if (between && facts->known & V_STOPPED)
        add(buf, ", %" PRIu64 " %% used",
            diag_used(diagnosis, last, vcpu) / (between / 100 + 1));
    return buf;
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
        add(buf, "Nothing in this context keeps the guest from running, as "
            "far as a file can tell");
    else if (up && count_state(diagnosis, "blocked") == up)
        add(buf, "Nothing holds this guest: every vCPU sleeps and nothing "
            "waits that would wake it, so the guest itself thinks that it "
            "has nothing to do. If it does not answer, look at what it waits "
            "for: disk, network, xenstore");
    else
        add(buf, "Nothing was found that holds this guest");
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
    add(buf, "%s", text);
    if (others > 1)
        add(buf, "; and %zu more %s below", others - 1,
            others == 2 ? "finding" : "findings");
    return buf;
}

/* -- what could not be seen ----------------------------------------------- */

static bool no_live(const domctx_diagnosis *diagnosis)
{
    return !diag_last(diagnosis)->live;
}

static bool one_look(const domctx_diagnosis *diagnosis)
{
    return diagnosis->n_looks == 1;
}

static bool vcpu_unknown(const domctx_diagnosis *diagnosis)
{
    const struct domctx_live *live = diag_last(diagnosis)->live;

    for (uint32_t v = 0; live && v < live->n_vcpus; v++)
        if (!live->vcpu[v].known)
            return true;
    return live && live->n_vcpus < diagnosis->n_vcpus;
}

static bool params_unknown(const domctx_diagnosis *diagnosis)
{
    const struct domctx_live *live = diag_last(diagnosis)->live;

    return live && !live->params_known;
}

static bool is_open(const domctx_diagnosis *diagnosis)
{
    return diagnosis->n_undecided > 0;
}

static bool always(const domctx_diagnosis *diagnosis)
{
    (void)diagnosis;
    return true;
}

static const struct {
    bool (*holds)(const domctx_diagnosis *diagnosis);
    const char *text;
} unseen[] = {
    { no_live, "whether a vCPU runs, sleeps or uses time, whether the domain "
      "is paused or shut down, and its parameters: a file has none of that; "
      "diagnose the domain itself" },
    { one_look, "whether it stays so: one look shows a moment; a second one "
      "tells" },
    { vcpu_unknown, "some vCPUs, of which the hypervisor did not tell" },
    { params_unknown, "the parameters, which the hypervisor did not tell" },
    { is_open, "patterns that fit as far as they can be seen" },
    { always, "event channels under FIFO, grants, the guest's memory: its "
      "stacks, symbols and tasks" },
    { always, "what no interface shows: blocked NMIs, the shadow of STI, "
      "upcall vectors" },
};

const char *diag_unseen(const domctx_diagnosis *diagnosis, size_t i,
                        char buf[DIAG_ROOM])
{
    buf[0] = '\0';
    for (size_t n = 0; n < sizeof(unseen) / sizeof(unseen[0]); n++) {
        if (!unseen[n].holds(diagnosis) || i-- > 0)
            continue;
        if (unseen[n].holds == is_open)
            add(buf, "%zu of %zu ", diagnosis->n_undecided, n_patterns);
        add(buf, "%s", unseen[n].text);
        return buf;
    }
    return NULL;
}

/* -- evidence ------------------------------------------------------------- */

/* One field, "REC.FIELD"; of an array what is not 0, or the element that was
 * found. */
static void put_field(const domctx_diagnosis *diagnosis,
                      const struct found *found, const char *name,
                      size_t size, evidence_fn *put, void *arg)
{
    const domctx_context *context = diag_last(diagnosis)->context;
    const char *field_name = memchr(name, '.', size);
    char record_name[32], text[64];
    const struct context_record *record = NULL;
    const struct cat_field *field;
    struct evidence evidence;
    uint64_t value;

    snprintf(record_name, sizeof(record_name), "%.*s",
             (int)(field_name - name), name);
    snprintf(text, sizeof(text), "%.*s",
             (int)(size - (size_t)(field_name - name) - 1), field_name + 1);
    for (size_t i = 0; i < context->count && !record; i++) {
        const struct context_record *at = &context->records[i];

        if (!at->known || strcmp(at->known->name, record_name) != 0)
            continue;
        if (found->of_vcpu && at->known->flags & CAT_VCPU
                ? at->instance == found->vcpu
                : !found->record || found->record->type != at->type ||
                      found->record == at)
            record = at;
    }
    if (!record || !record->layout ||
        !(field = rule_field(record->known, record->layout, text)))
        return;
    snprintf(evidence.record, sizeof(evidence.record), "%s/%" PRIu32,
             record_name, record->instance);
    for (size_t i = 0; context_get(record, field, i, &value); i++) {
        bool meant = record == found->record && i == found->i;

        if (field->count != 1 && !meant && (value == 0 || field->count > 8))
            continue;
        cat_label(field, i, evidence.field);
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
