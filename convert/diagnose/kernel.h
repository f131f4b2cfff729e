/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's Linux kernel, as its symbols describe it. */
#ifndef CONVERT_DIAGNOSE_KERNEL_H
#define CONVERT_DIAGNOSE_KERNEL_H

#include "context/context.h"
#include "diagnose/symbols.h"

/* Whether symbols are the guest's, by MSR_LSTAR, in which a 64-bit kernel has
 * entry_SYSCALL_64. */
enum kernel_fit {
    FIT_YES,
    FIT_NOTHING,     /* no vCPU has set MSR_LSTAR */
    FIT_TRAMPOLINE,  /* it points elsewhere: Linux 4.15 to 4.19 with page table
                      * isolation */
    FIT_OTHER,       /* the symbols are another kernel's */
    FIT_NO_BANNER,   /* the same, although its entry has the same offset from 2
                      * MiB */
};

/* *offset: how far KASLR moved the kernel; if the symbols do not fit, the
 * impossible distance. */
enum kernel_fit kernel_fit(const domctx_symbols *symbols,
                           const domctx_context *context, uint64_t *offset);

#define KERNEL_STACK_MAX 4096u

struct kernel_vcpu {
    bool has_runstate;
    uint64_t runnable_ns;   /* how long it waited for a processor */
    uint32_t words;         /* words read from the stack */
    uint64_t stack[KERNEL_STACK_MAX / 8];  /* from RSP on */
};

struct domctx_memory {
    bool has_no_banner;     /* other bytes are at linux_banner */
    bool has_jiffies, has_panic;
    uint64_t jiffies;
    int32_t panic_cpu;      /* -1: none */
    uint32_t n_vcpus;
    struct kernel_vcpu vcpu[];
};

#endif /* CONVERT_DIAGNOSE_KERNEL_H */
