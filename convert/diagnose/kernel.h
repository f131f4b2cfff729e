/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's Linux kernel, as far as its symbols go. */
#ifndef CONVERT_DIAGNOSE_KERNEL_H
#define CONVERT_DIAGNOSE_KERNEL_H

#include "context/context.h"
#include "diagnose/symbols.h"

/* Whether symbols are those of the guest: by MSR_LSTAR, in which a kernel of
 * 64 bits has entry_SYSCALL_64. */
enum kernel_fit {
    FIT_YES,
    FIT_NOTHING,     /* no vCPU has set it */
    FIT_TRAMPOLINE,  /* it leads elsewhere: Linux 4.15 to 4.19 with page table
                      * isolation */
    FIT_OTHER,       /* they are of another kernel, */
    FIT_NO_BANNER,   /* whose entry is at the same place of 2 MiB */
};

/* *offset: by how much the guest's kernel was moved (KASLR); else the
 * distance that is none. */
enum kernel_fit kernel_fit(const domctx_symbols *symbols,
                           const domctx_context *context, uint64_t *offset);

#define KERNEL_STACK_MAX 4096u

struct kernel_vcpu {
    bool has_runstate;
    uint64_t runnable_ns;   /* it has waited so long for a processor */
    uint32_t words;         /* of the stack, */
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
