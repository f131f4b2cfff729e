/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views of event channels, parameters and policies: tables. */
#include "text/text.h"
#include "catalogue/cpuid.h"
#include "catalogue/hvm-params.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- EVTCHN: a line for each port --------------------------------------- */

enum { FLAGS, CALLBACK, STORE, CONSOLE, PORT, STATUS, PORT_FLAGS, PRIORITY,
       VCPU, REMOTE, DOMID };
static const char *const evtchn_names[] = {
    "flags", "callback_irq", "store_port", "console_port", "port[].port",
    "port[].status", "port[].flags", "port[].priority", "port[].vcpu",
    "port[].remote", "port[].domid", NULL,
};
static const char *const evtchn_claims[] = { "port[]", NULL };

#define VIRQ_DEBUG 1

static uint64_t number(const struct context_record *record,
                       const struct text_plan *plan, size_t field, size_t i)
{
    uint64_t value = 0;

    text_get(record, plan->fields[field], i, &value);
    return value;
}

/* Find the port of that status and remote number (a VIRQ, say). */
static bool find_port(const struct context_record *record,
                      const struct text_plan *plan, uint64_t status,
                      uint64_t remote, uint64_t *port)
{
    for (size_t i = 0; text_get(record, plan->fields[PORT], i, port); i++)
        if (number(record, plan, STATUS, i) == status &&
            number(record, plan, REMOTE, i) == remote)
            return true;
    return false;
}

/* Write the ABI.  No interface tells it.  The capture decided by the signs in
 * the record's flags; if they left it open, there is one more, which a guest
 * need not give (Linux registers VIRQ_DEBUG only with 2-level since
 * d04b1ae5a9b0, 5.11). */
static void put_abi(struct text *text, const struct context_record *record,
                    const struct text_plan *plan)
{
    uint64_t flags = number(record, plan, FLAGS, 0), port = 0, last = 0;

    for (size_t i = 0; text_get(record, plan->fields[PORT], i, &port); i++)
        last = port;
    if (flags & DOMCTX_EVTCHN_ABI && flags & DOMCTX_EVTCHN_FIFO) {
        if (last >= (flags & DOMCTX_EVTCHN_32BIT ? 1024 : 4096))
            text_line_f(text, "ABI", "FIFO, for 2-level has no port %" PRIu64,
                        last);
        else
            text_words(text, "ABI", "FIFO, for the guest's ports leave the "
                                    "2-level bits clear");
    } else if (flags & DOMCTX_EVTCHN_ABI) {
        text_words(text, "ABI", "2-level, for all closed ports are masked");
    } else if (find_port(record, plan, DOMCTX_PORT_VIRQ, VIRQ_DEBUG, &port)) {
        text_line_f(text, "ABI", "not known; port %" PRIu64 " is VIRQ DEBUG, "
                    "which Linux 5.11 binds for 2-level alone", port);
    } else {
        text_words(text, "ABI", "not known");
    }
}

/* Write how events are delivered, in the words for the parameter of a save
 * file. */
static void put_callback(struct text *text,
                         const struct context_record *record,
                         const struct text_plan *plan)
{
    uint64_t value = number(record, plan, CALLBACK, 0);
    char words[160];

    if (value == DOMCTX_NOT_READ)
        text_words(text, "callback", "not read");
    else
        text_words(text, "callback",
                   hvm_param_words(PARAM_CALLBACK_IRQ, value, words,
                                   sizeof(words)));
}

/* Write the remote end of a channel. */
#define TO_ROOM 64
static void to_text(const struct context_record *record,
                    const struct text_plan *plan, size_t i,
                    char buf[TO_ROOM])
{
    uint64_t remote = number(record, plan, REMOTE, i);
    uint64_t domid = number(record, plan, DOMID, i);
    char name[32];

    buf[0] = '\0';
    switch (number(record, plan, STATUS, i)) {
    case DOMCTX_PORT_UNBOUND:
        snprintf(buf, TO_ROOM, "waits for domain %" PRIu64, domid);
        break;
    case DOMCTX_PORT_INTERDOMAIN:
        snprintf(buf, TO_ROOM, "domain %" PRIu64 " port %" PRIu64, domid,
                 remote);
        break;
    case DOMCTX_PORT_PIRQ:
        snprintf(buf, TO_ROOM, "%" PRIu64, remote);
        break;
    case DOMCTX_PORT_VIRQ:
        value_names(&names_virq, remote, false, name, sizeof(name));
        snprintf(buf, TO_ROOM, "%" PRIu64 "%s%s", remote, *name ? " " : "",
                 name);
        break;
    default:
        break;
    }
}

/* "pending", "masked"; known for 2-level ports only. */
static const char *state_words(uint64_t flags)
{
    static const char *const words[] = { "-", "pending", "masked",
                                         "pending masked" };

    if (!(flags & DOMCTX_PORT_KNOWN))
        return "not known";
    return words[flags & (DOMCTX_PORT_PENDING | DOMCTX_PORT_MASKED)];
}

static void put_port(struct text *text, const struct context_record *record,
                     const struct text_plan *plan, size_t i, uint64_t port)
{
    uint64_t flags = number(record, plan, PORT_FLAGS, i);
    uint64_t priority = number(record, plan, PRIORITY, i);
    char status[32], to[TO_ROOM];

    value_names(&names_port_status, number(record, plan, STATUS, i), false,
                status, sizeof(status));
    to_text(record, plan, i, to);
    out_f(&text->out, "  %-9" PRIu64 " %-12s %-27s %-5" PRIu64 " %s", port,
          *status ? status : "unknown", to, number(record, plan, VCPU, i),
          state_words(flags));
    if (flags & DOMCTX_PORT_LINKED)
        out_text(&text->out, " linked");
    if (priority != DOMCTX_PRIORITY_UNKNOWN)
        out_f(&text->out, " priority %" PRIu64, priority);
    if (port && port == number(record, plan, STORE, 0))
        out_text(&text->out, " (store)");
    if (port && port == number(record, plan, CONSOLE, 0))
        out_text(&text->out, " (console)");
    out_put(&text->out, "\n", 1);
}

static void put_evtchn(struct text *text,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    uint64_t port;

    if (!plan->fields[PORT])
        return;
    put_abi(text, record, plan);
    put_callback(text, record, plan);
    text_flush(text);
    if (text_get(record, plan->fields[PORT], 0, &port))
        out_f(&text->out, "  %-9s %-12s %-27s %-5s %s\n", "port", "status",
              "to", "vCPU", "state");
    for (size_t i = 0; text_get(record, plan->fields[PORT], i, &port); i++)
        put_port(text, record, plan, i, port);
}

const struct text_view text_view_evtchn = {
    .type = DOMCTX_EVTCHN, .names = evtchn_names, .claims = evtchn_claims,
    .put = put_evtchn,
};

/* -- HVM_PARAMS: a line for each ---------------------------------------- */

enum { INDEX, VALUE };
static const char *const param_names[] = { "param[].index", "param[].value",
                                           NULL };
static const char *const param_claims[] = { "param[]", NULL };

static void put_params(struct text *text,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    uint64_t index, value;
    char name[40], words[160];

    text_widen(text, 21); /* fits all names but two; ACPI_IOPORTS_LOCATION has
                           * 21 */
    for (size_t i = 0; text_get(record, plan->fields[INDEX], i, &index) &&
                       text_get(record, plan->fields[VALUE], i, &value);
         i++) {
        if (hvm_param_name(index))
            snprintf(name, sizeof(name), "%s", hvm_param_name(index));
        else
            snprintf(name, sizeof(name), "parameter %" PRIu64, index);
        hvm_param_words(index, value, words, sizeof(words));
        text_line_f(text, name, "0x%" PRIx64 "%s%s", value,
                    *words ? " " : "", words);
    }
    text_widen(text, 0);
}

const struct text_view text_view_params = {
    .type = DOMCTX_HVM_PARAMS, .names = param_names,
    .claims = param_claims, .put = put_params,
};

/* -- the policies: their features by name ------------------------------- */

#define LINE_WIDTH 79
#define FEATURES_AT 20

/* Write names under the value that has them, as many in a line as fit. */
static void put_features(struct text *text, const char *const names[],
                         size_t n)
{
    size_t used = LINE_WIDTH;

    for (size_t i = 0; i < n; i++) {
        size_t size = strlen(names[i]);

        if (used + 1 + size > LINE_WIDTH) {
            if (i > 0)
                out_put(&text->out, "\n", 1);
            out_fill(&text->out, ' ', FEATURES_AT);
            used = FEATURES_AT;
        } else {
            out_put(&text->out, " ", 1);
            used++;
        }
        out_put(&text->out, names[i], size);
        used += size;
    }
    if (n > 0)
        out_put(&text->out, "\n", 1);
}

enum { LEAF, SUBLEAF, REGISTERS };
static const char *const leaf_names[] = {
    "leaf[].leaf", "leaf[].subleaf", "leaf[].a", "leaf[].b", "leaf[].c",
    "leaf[].d", NULL,
};
static const char *const leaf_claims[] = { "leaf[]", NULL };

static void put_leaf(struct text *text, const struct context_record *record,
                     const struct text_plan *plan, size_t i)
{
    uint32_t leaf = (uint32_t)number(record, plan, LEAF, i);
    uint32_t subleaf = (uint32_t)number(record, plan, SUBLEAF, i);
    const char *names[4 * 32];
    char name[32], value[4 * 9 + 1] = "";
    size_t n = 0;

    if (subleaf == CPUID_NO_SUBLEAF)
        snprintf(name, sizeof(name), "0x%08" PRIx32, leaf);
    else
        snprintf(name, sizeof(name), "0x%08" PRIx32 ":%" PRIx32, leaf,
                 subleaf);
    for (unsigned int reg = CPUID_A; reg <= CPUID_D; reg++) {
        uint32_t bits = (uint32_t)number(record, plan, REGISTERS + reg, i);

        snprintf(value + 9 * reg, sizeof(value) - 9 * reg, "%08" PRIx32 "%s",
                 bits, reg < CPUID_D ? " " : "");
        n += cpuid_names_in(leaf, subleaf, (enum cpuid_register)reg, bits,
                            names + n);
    }
    text_words(text, name, value);
    put_features(text, names, n);
}

static void put_cpuid(struct text *text, const struct context_record *record,
                      const struct text_plan *plan)
{
    uint64_t last;

    if (text_get(record, plan->fields[REGISTERS + CPUID_D], 0, &last))
        text_words(text, "leaf:subleaf", "eax      ebx      ecx      edx");
    for (size_t i = 0;
         text_get(record, plan->fields[REGISTERS + CPUID_D], i, &last); i++)
        put_leaf(text, record, plan, i);
}

const struct text_view text_view_cpuid = {
    .type = DOMCTX_CPUID_POLICY, .names = leaf_names, .claims = leaf_claims,
    .put = put_cpuid,
};

enum { MSR_INDEX, MSR_FLAGS, MSR_VALUE };
static const char *const msr_names[] = { "msr[].idx", "msr[].flags",
                                         "msr[].val", NULL };
static const char *const msr_claims[] = { "msr[]", NULL };

static void put_msrs(struct text *text, const struct context_record *record,
                     const struct text_plan *plan)
{
    const struct cat_field *row = plan->fields[MSR_INDEX];
    const char *names[CPUID_NAMES];
    char name[VALUE_ROOM];
    uint64_t index, value;

    text_widen(text, strlen("0x0000010a ARCH_CAPABILITIES"));
    for (size_t i = 0; text_get(record, row, i, &index) &&
                       text_get(record, plan->fields[MSR_VALUE], i, &value);
         i++) {
        value_text(row, i, index, name, sizeof(name));
        text_line_f(text, name, "0x%" PRIx64, value);
        put_features(text, names,
                     cpuid_names_in_msr((uint32_t)index, value, names));
        if (number(record, plan, MSR_FLAGS, i) != 0)
            text_field(text, record, plan->fields[MSR_FLAGS], i);
    }
    text_widen(text, 0);
}

const struct text_view text_view_msrs = {
    .type = DOMCTX_MSR_POLICY, .names = msr_names, .claims = msr_claims,
    .put = put_msrs,
};
