/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a guest's kernel, which was moved by 16 MiB; its entry for
 * system calls is at 0xffffffff81200000. */
#include "diagnose/test-diagnose.h"

#include "support.h"

#define MOVED UINT64_C(0x1000000)
static const char system_map[] =
    "0000000000000100 A xen_runstate\n"
    "ffffffff80000000 T _stext\n"
    "ffffffff80200000 T entry_SYSCALL_64\n"
    "ffffffff80300000 T runs\n"
    "ffffffff80400000 T _etext\n"
    "ffffffff80500000 D jiffies_64\n"
    "ffffffff80500100 D panic_cpu\n"
    "ffffffff80600000 B _end\n";

domctx_symbols *read_symbols(void)
{
    domctx_symbols *symbols;

    ck_assert_int_eq(domctx_symbols_read(system_map, sizeof(system_map) - 1,
                                         &symbols, NULL), 0);
    return symbols;
}

static void put_word(uint8_t *buf, size_t at, uint64_t word)
{
    memcpy(buf + at, &word, 8);
}

/* A call in the entry, and one that ends "runs"; what points at the beginning
 * of a function, or behind the code; a call of "runs".  The stack ends with
 * its page. */
static size_t read_stack(uint8_t *buf)
{
    put_word(buf, 16, UINT64_C(0xffffffff80200020) + MOVED);
    put_word(buf, 24, UINT64_C(0xffffffff80400000) + MOVED);
    put_word(buf, 32, UINT64_C(0xffffffff80300000) + MOVED);
    put_word(buf, 40, UINT64_C(0xffffffff80400001) + MOVED);
    put_word(buf, 48, UINT64_C(0xffffffff80300008) + MOVED);
    return STACK_BYTES_READ;
}

static size_t read_memory(void *arg, uint32_t vcpu, uint64_t address,
                          void *buf, size_t size)
{
    const struct kernel *kernel = arg;

    memset(buf, 0, size);
    if (address == STACK)
        return read_stack(buf);
    if (address == UINT64_C(0xffffffff80500000) + MOVED)
        memcpy(buf, &kernel->jiffies, 8);
    else if (address == UINT64_C(0xffffffff80500100) + MOVED)
        memcpy(buf, &kernel->panic_cpu, 4);
    else if (address == CPU_AREA((uint64_t)vcpu) + 0x100)
        put_word(buf, 24, kernel->runnable_ns[vcpu]);
    else
        return 0;
    return size;
}

domctx_memory *memory_of(const domctx_symbols *symbols,
                         const domctx_context *context,
                         const struct kernel *kernel)
{
    struct kernel copy = *kernel;
    domctx_memory *memory;

    ck_assert_int_eq(domctx_memory_read(symbols, context, read_memory, &copy,
                                        &memory, NULL), 0);
    return memory;
}
