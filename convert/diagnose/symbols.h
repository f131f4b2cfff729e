/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The symbols of a Linux kernel: those of its code, and some by their name. */
#ifndef CONVERT_DIAGNOSE_SYMBOLS_H
#define CONVERT_DIAGNOSE_SYMBOLS_H

#include <domctx.h>

enum symbol {
    SYMBOL_ENTRY,      /* entry_SYSCALL_64 */
    SYMBOL_STEXT,      /* its code, to */
    SYMBOL_ETEXT,      /* here */
    SYMBOL_END,        /* of all of it */
    SYMBOL_BANNER,     /* linux_banner, a text */
    SYMBOL_JIFFIES,    /* jiffies_64 */
    SYMBOL_PANIC,      /* panic_cpu */
    SYMBOL_RUNSTATE,   /* xen_runstate, of each CPU */
    SYMBOL_VCPU_INFO,  /* xen_vcpu_info, of each CPU */
    SYMBOL_COUNT
};

/* Where it is in a kernel that was not moved; false: nowhere, or in two
 * places. */
bool symbols_find(const domctx_symbols *symbols, enum symbol symbol,
                  uint64_t *address);

/* The function that an address of a kernel that was not moved is in, and where
 * that begins; NULL outside of its code. */
const char *symbols_name(const domctx_symbols *symbols, uint64_t address,
                         uint64_t *start);

#endif /* CONVERT_DIAGNOSE_SYMBOLS_H */
