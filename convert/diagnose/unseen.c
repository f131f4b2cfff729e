/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a diagnosis could not see, and why. */
#include "diagnose/diagnose.h"

#include <inttypes.h>
#include <stdio.h>

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

    for (uint32_t v = 0; v < diag_live_vcpus(live); v++)
        if (!live->vcpu[v].known)
            return true;
    return live && diag_live_vcpus(live) < diagnosis->n_vcpus;
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

/* Whether symbols would have allowed reading the memory. */
static bool no_symbols(const domctx_diagnosis *diagnosis)
{
    return diag_last(diagnosis)->live && !diag_last(diagnosis)->symbols;
}

static bool no_memory(const domctx_diagnosis *diagnosis)
{
    return diag_last(diagnosis)->symbols && diagnosis->fit == FIT_YES &&
           !diag_last(diagnosis)->memory;
}

static bool no_fit(const domctx_diagnosis *diagnosis)
{
    return diag_last(diagnosis)->symbols && diagnosis->fit != FIT_YES;
}

static const char *why_no_fit(const domctx_diagnosis *diagnosis)
{
    switch (diagnosis->fit) {
    case FIT_NOTHING:
        return "no vCPU has an entry for system calls (MSR_LSTAR): the guest "
               "has not come so far, or is none of 64 bits";
    case FIT_TRAMPOLINE:
        return "MSR_LSTAR leads to a trampoline of page table isolation "
               "(Linux 4.15 to 4.19), which tells nothing";
    case FIT_YES:
    case FIT_OTHER:
    case FIT_NO_BANNER:
    default:
        return "the symbols are of another kernel than the guest's";
    }
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
    { no_symbols, "the guest's stacks, its clock, and whether its kernel has "
      "panicked: --symbols has the names of its kernel" },
    { no_memory, "the guest's stacks, its clock, and whether its kernel has "
      "panicked: a file has no memory" },
    { no_fit, "names, stacks and clock of the kernel: " },
    { always, "events that wait under FIFO, who maps a grant, the guest's "
      "tasks" },
    { always, "what no interface shows: blocked NMIs, the shadow of STI, "
      "upcall vectors" },
};

/* Append why the symbols do not fit; for another kernel's, the distance that
 * shows it. */
static void add_no_fit(const domctx_diagnosis *diagnosis, char buf[DIAG_ROOM])
{
    diag_add(buf, "%s", why_no_fit(diagnosis));
    if (diagnosis->fit == FIT_OTHER)
        diag_add(buf, " (MSR_LSTAR is 0x%" PRIx64 " behind entry_SYSCALL_64; "
            "a kernel is moved by a multiple of 0x200000 below 0x40000000)",
            diagnosis->moved);
    else if (diagnosis->fit == FIT_NO_BANNER)
        diag_add(buf, " (there is no \"Linux version\" at linux_banner)");
}

const char *diag_unseen(const domctx_diagnosis *diagnosis, size_t i,
                        char buf[DIAG_ROOM])
{
    buf[0] = '\0';
    for (size_t n = 0; n < sizeof(unseen) / sizeof(unseen[0]); n++) {
        if (!unseen[n].holds(diagnosis) || i-- > 0)
            continue;
        if (unseen[n].holds == is_open)
            diag_add(buf, "%zu of %zu ", diagnosis->n_undecided, n_patterns);
        diag_add(buf, "%s", unseen[n].text);
        if (unseen[n].holds == no_fit)
            add_no_fit(diagnosis, buf);
        return buf;
    }
    return NULL;
}
