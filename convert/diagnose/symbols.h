/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The symbols of a Linux kernel: its functions, and some variables by name. */
#ifndef CONVERT_DIAGNOSE_SYMBOLS_H
#define CONVERT_DIAGNOSE_SYMBOLS_H

#include <domctx.h>

enum symbol {
    SYMBOL_ENTRY,      /* entry_SYSCALL_64 */
    SYMBOL_STEXT,      /* start of the code */
    SYMBOL_ETEXT,      /* end of the code */
    SYMBOL_END,        /* end of the kernel */
    SYMBOL_BANNER,     /* linux_banner, a text */
    SYMBOL_JIFFIES,    /* jiffies_64 */
    SYMBOL_PANIC,      /* panic_cpu */
    SYMBOL_RUNSTATE,   /* xen_runstate, per CPU */
    SYMBOL_VCPU_INFO,  /* xen_vcpu_info, per CPU */
    SYMBOL_COUNT
};

/* The address of a symbol in a kernel that was not moved; false if it is
 * missing or ambiguous. */
bool symbols_find(const domctx_symbols *symbols, enum symbol symbol,
                  uint64_t *address);

/* The function at an address of a kernel that was not moved, and its start;
 * NULL outside the code. */
const char *symbols_name(const domctx_symbols *symbols, uint64_t address,
                         uint64_t *start);

#endif /* CONVERT_DIAGNOSE_SYMBOLS_H */
