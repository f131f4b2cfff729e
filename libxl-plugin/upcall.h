/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving back lost upcalls: cure.c. */
#ifndef LIBXL_PLUGIN_UPCALL_H
#define LIBXL_PLUGIN_UPCALL_H

#include "save.h"

/* Whether a guest with this HVM_PARAM_CALLBACK_IRQ has a per-vCPU upcall
 * vector: only such upcalls can be lost and given back. */
bool upcall_per_vcpu(uint64_t callback);

/* Whether the vector must be known: without PC interrupt controllers (PVH) Xen
 * does not repeat an upcall by itself. */
bool upcall_needs_vector(const domctx_hvm *hvm);

/* The vector that the guest has set, from Xen's log, or 0.  Xen logs it with
 * guest_loglvl=all, up to 4.18. */
unsigned int upcall_vector(xlcontext *xlc, uint32_t domid);

/* Give each vCPU that is up its upcall; hvm: the present context.  *given: how
 * many. */
int upcall_give(xlcontext *xlc, uint32_t domid, const domctx_hvm *hvm,
                unsigned int vector, unsigned int *given,
                domctx_report *report);

#endif /* LIBXL_PLUGIN_UPCALL_H */
