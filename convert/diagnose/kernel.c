/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the symbols of a guest's kernel make of its registers, and of its
 * memory.
 *
 * Linux: arch/x86/kernel/cpu/common.c:syscall_init() puts entry_SYSCALL_64
 * into MSR_LSTAR; arch/x86/boot/compressed/kaslr.c moves the kernel by a
 * multiple of CONFIG_PHYSICAL_ALIGN, which is 2 MiB or more, within 1 GiB.
 * Two kernels may have the entry at the same distance from 2 MiB, at the begin
 * of their code for entries; init/version.c:linux_banner tells them apart.
 */
#include "diagnose/kernel.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/messages.h"
#include "diagnose/diagnose.h"

#define MOVE_STEP (UINT64_C(2) << 20)
#define MOVE_MAX (UINT64_C(1) << 30)
/* The kernel's address range, followed by modules: half a GiB, or one GiB for
 * a kernel that may be moved
 * (arch/x86/include/asm/page_64_types.h:KERNEL_IMAGE_SIZE). */
#define KERNEL_START UINT64_C(0xffffffff80000000)
#define KERNEL_ROOM (UINT64_C(512) << 20)
/* cpu_entry_area, with the trampolines of page table isolation */
#define TRAMPOLINES UINT64_C(0xfffffe0000000000)
#define TRAMPOLINES_END UINT64_C(0xffffff0000000000)
#define KERNEL_HALF UINT64_C(0xff00000000000000)
/* Up to Linux 6.14 the per-CPU variables have offsets from 0; since then
 * (9d7de2aa8b41) they have addresses like others. */
#define FROM_ZERO_MAX (UINT64_C(1) << 32)

/* struct vcpu_runstate_info of Xen's vcpu.h: state, entry time, four times of
 * which the second one is that of RUNSTATE_runnable. */
#define RUNSTATE_SIZE 48u
#define RUNSTATE_RUNNABLE 24u

static uint64_t of_cpu(const domctx_context *context, uint32_t vcpu,
                       const char *field)
{
    return diag_value(context, LIVE_TYPE(CPU), vcpu, field);
}

/* The address of a symbol in a moved kernel; false if it has none. */
static bool find_moved(const domctx_symbols *symbols, enum symbol symbol,
                       uint64_t offset, uint64_t *address)
{
    bool found = symbols_find(symbols, symbol, address);

    *address += offset;
    return found;
}

/* -- whether the symbols fit
 * ------------------------------------------------ */

static bool in_kernel(const domctx_context *context, uint32_t vcpu)
{
    return (of_cpu(context, vcpu, "ss_arbytes") >> 5 & 3) == 0;
}

/* Whether a vCPU executes in the kernel's range, but behind the kernel's
 * end. */
static bool is_outside(const domctx_symbols *symbols,
                       const domctx_context *context, uint32_t vcpu,
                       uint64_t offset)
{
    uint64_t rip = of_cpu(context, vcpu, "rip"), end;
    uint64_t room = offset ? 2 * KERNEL_ROOM : KERNEL_ROOM;

    return in_kernel(context, vcpu) && rip >= KERNEL_START &&
           rip - KERNEL_START < room &&
           find_moved(symbols, SYMBOL_END, offset, &end) && rip >= end;
}

static enum kernel_fit fit_one(const domctx_symbols *symbols,
                               const domctx_context *context, uint32_t vcpu,
                               uint64_t *offset)
{
    uint64_t lstar = of_cpu(context, vcpu, "msr_lstar"), entry;

    if (lstar == 0)
        return FIT_NOTHING;
    if (lstar >= TRAMPOLINES && lstar < TRAMPOLINES_END)
        return FIT_TRAMPOLINE;
    symbols_find(symbols, SYMBOL_ENTRY, &entry);
    *offset = lstar - entry;
    return *offset % MOVE_STEP || *offset >= MOVE_MAX ||
                   is_outside(symbols, context, vcpu, *offset)
               ? FIT_OTHER : FIT_YES;
}

enum kernel_fit kernel_fit(const domctx_symbols *symbols,
                           const domctx_context *context, uint64_t *offset)
{
    enum kernel_fit fit = FIT_NOTHING;

    *offset = 0;
    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++) {
        uint64_t of_this = *offset;
        enum kernel_fit one = fit_one(symbols, context, v, &of_this);

        if (one == FIT_NOTHING)
            continue;
        if (one == FIT_YES && fit == FIT_YES && of_this != *offset)
            one = FIT_OTHER;
        *offset = of_this;
        fit = one;
        if (fit != FIT_YES)
            break;
    }
    return fit;
}

/* -- memory --------------------------------------------------------------- */

/* Access to memory, and the kernel in it. */
struct reading {
    const domctx_symbols *symbols;
    const domctx_context *context;
    domctx_memory_fn *read;
    void *arg;
    uint64_t offset;
};

/* The base of a CPU's variables; 0: unknown. */
static uint64_t base_of(const domctx_context *context, uint32_t vcpu)
{
    uint64_t base = of_cpu(context, vcpu, "gs_base");

    if (base < KERNEL_HALF)     /* a program runs */
        base = of_cpu(context, vcpu, "shadow_gs");
    return base < KERNEL_HALF ? 0 : base;
}

/* The offset of a variable from that base. */
static bool find_behind(const struct reading *reading, enum symbol symbol,
                        uint64_t *distance)
{
    bool found = symbols_find(reading->symbols, symbol, distance);

    if (*distance >= FROM_ZERO_MAX)
        *distance += reading->offset;
    return found;
}

static void read_stack(const struct reading *reading, uint32_t vcpu,
                       struct kernel_vcpu *to)
{
    uint64_t rsp = of_cpu(reading->context, vcpu, "rsp");
    uint8_t bytes[KERNEL_STACK_MAX];
    size_t size;

    if (!in_kernel(reading->context, vcpu) || rsp < KERNEL_HALF || rsp % 8)
        return;
    size = reading->read(reading->arg, vcpu, rsp, bytes, sizeof(bytes));
    if (size > sizeof(bytes))
        size = sizeof(bytes);
    for (size_t i = 0; i < size / 8; i++)
        to->stack[i] = le64(bytes + 8 * i);
    to->words = (uint32_t)(size / 8);
}

static void read_runstate(const struct reading *reading, uint32_t vcpu,
                          struct kernel_vcpu *to)
{
    uint64_t base = base_of(reading->context, vcpu), distance;
    uint8_t bytes[RUNSTATE_SIZE];

    if (!base || !find_behind(reading, SYMBOL_RUNSTATE, &distance) ||
        reading->read(reading->arg, vcpu, base + distance, bytes,
                      sizeof(bytes)) != sizeof(bytes))
        return;
    to->runnable_ns = le64(bytes + RUNSTATE_RUNNABLE);
    to->has_runstate = true;
}

static bool read_variable(const struct reading *reading, uint32_t vcpu,
                          enum symbol symbol, uint8_t *bytes, size_t size)
{
    uint64_t address;

    return find_moved(reading->symbols, symbol, reading->offset, &address) &&
           reading->read(reading->arg, vcpu, address, bytes, size) == size;
}

#define BANNER "Linux version "

/* Whether other bytes are at the place of the banner. */
static bool lacks_banner(const struct reading *reading, uint32_t n_vcpus)
{
    uint8_t bytes[sizeof(BANNER) - 1];

    for (uint32_t v = 0; v < n_vcpus; v++)
        if (read_variable(reading, v, SYMBOL_BANNER, bytes, sizeof(bytes)))
            return memcmp(bytes, BANNER, sizeof(bytes)) != 0;
    return false;
}

/* Read variables, through the page tables of any vCPU that maps them. */
static void read_variables(const struct reading *reading, uint32_t vcpu,
                           domctx_memory *memory)
{
    uint8_t bytes[8];

    if (!memory->has_jiffies &&
        read_variable(reading, vcpu, SYMBOL_JIFFIES, bytes, 8)) {
        memory->has_jiffies = true;
        memory->jiffies = le64(bytes);
    }
    if (!memory->has_panic &&
        read_variable(reading, vcpu, SYMBOL_PANIC, bytes, 4)) {
        memory->has_panic = true;
        memory->panic_cpu = (int32_t)le32(bytes);
    }
}

static uint32_t count_cpus(const domctx_context *context)
{
    uint32_t count = 0;

    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++)
        if (context_find(context, LIVE_TYPE(CPU), v))
            count = v + 1;
    return count;
}

int domctx_memory_read(const domctx_symbols *symbols,
                       const domctx_context *context, domctx_memory_fn *read,
                       void *arg, domctx_memory **memory,
                       domctx_report *report)
{
    struct reading reading = { symbols, context, read, arg, 0 };
    uint32_t n = count_cpus(context);
    size_t size = sizeof(**memory) + n * sizeof((*memory)->vcpu[0]);

    *memory = calloc(1, size);
    if (!*memory)
        return msg_no_memory(report, size);
    (*memory)->n_vcpus = n;
    if (kernel_fit(symbols, context, &reading.offset) != FIT_YES)
        return 0;
    (*memory)->has_no_banner = lacks_banner(&reading, n);
    if ((*memory)->has_no_banner)
        return 0;
    for (uint32_t v = 0; v < n; v++) {
        if (!context_find(context, LIVE_TYPE(CPU), v))
            continue;
        read_stack(&reading, v, &(*memory)->vcpu[v]);
        read_runstate(&reading, v, &(*memory)->vcpu[v]);
        read_variables(&reading, v, *memory);
    }
    return 0;
}

void domctx_memory_free(domctx_memory *memory)
{
    free(memory);
}

uint64_t domctx_symbols_vcpu_info(const domctx_symbols *symbols,
                                  const domctx_context *context,
                                  domctx_memory_fn *read, void *arg)
{
    struct reading reading = { symbols, context, read, arg, 0 };
    uint64_t distance;

    if (kernel_fit(symbols, context, &reading.offset) != FIT_YES ||
        (read && lacks_banner(&reading, count_cpus(context))) ||
        !find_behind(&reading, SYMBOL_VCPU_INFO, &distance))
        return 0;
    return distance;
}
