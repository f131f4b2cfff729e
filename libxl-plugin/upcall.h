/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Upcalls that were lost: cure.c. */
#ifndef LIBXL_PLUGIN_UPCALL_H
#define LIBXL_PLUGIN_UPCALL_H

#include "save.h"

/* Whether a guest with this HVM_PARAM_CALLBACK_IRQ has an upcall vector of
 * each vCPU: the only ones that can be lost, and given back. */
bool upcall_per_vcpu(uint64_t callback);

/* Whether the vector must be known: without the interrupt controllers of a PC
 * (PVH) Xen gives no upcall of its own accord. */
bool upcall_needs_vector(const domctx_hvm *hvm);

/* The vector that the guest has set, by Xen's log, or 0: Xen has a line for
 * it with guest_loglvl=all, and up to 4.18 only. */
unsigned int upcall_vector(xlcontext *xlc, uint32_t domid);

/* Give each vCPU that is up its upcall; hvm: the present context.  *given: to
 * so many. */
int upcall_give(xlcontext *xlc, uint32_t domid, const domctx_hvm *hvm,
                unsigned int vector, unsigned int *given,
                domctx_report *report);

#endif /* LIBXL_PLUGIN_UPCALL_H */
