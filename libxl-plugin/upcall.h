/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving back lost upcalls: cure.c. */
#ifndef LIBXL_PLUGIN_UPCALL_H
#define LIBXL_PLUGIN_UPCALL_H

#include "save.h"

/* How a guest with this HVM_PARAM_CALLBACK_IRQ receives its upcalls. */
enum upcall_way {
    UPCALL_NONE,     /* not set up */
    UPCALL_PER_VCPU, /* through each local APIC, once: one can be lost with
                      * its state, and be given back */
    UPCALL_VECTOR,   /* Xen looks at the flag of the vCPU at each entry
                      * (hvm_vcpu_has_pending_irq()): none can be lost */
    UPCALL_LINE,     /* a GSI or a PCI interrupt */
};
enum upcall_way upcall_way(uint64_t callback);

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
