/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paravirtual state, after the public headers event_channel.h, grant_table.h
 * and hvm/params.h at RELEASE-4.22.0.  Flags of our own are those of
 * domctx/pv.h.
 */
#include "catalogue/hvm-params.h"
#include "catalogue/names.h"

/* -- event channels --------------------------------------------------- */

NAMES(names_evtchn_flags,
    FLAG(0, "paused"), FLAG(1, "ABI-known"), FLAG(2, "FIFO"),
    FLAG(3, "32-bit"), FLAG(4, "complete"), FLAG(5, "Xen-owned-hidden"));
NAMES(names_port_status,
    IS(0, 8, 0, "closed"), IS(0, 8, 1, "unbound"),
    IS(0, 8, 2, "interdomain"), IS(0, 8, 3, "pirq"), IS(0, 8, 4, "virq"),
    IS(0, 8, 5, "ipi"), IS(0, 8, 255, "refused"));
NAMES(names_virq, /* xen.h */
    IS(0, 32, 0, "TIMER"), IS(0, 32, 1, "DEBUG"), IS(0, 32, 2, "CONSOLE"),
    IS(0, 32, 3, "DOM_EXC"), IS(0, 32, 4, "TBUF"), IS(0, 32, 6, "DEBUGGER"),
    IS(0, 32, 7, "XENOPROF"), IS(0, 32, 8, "CON_RING"),
    IS(0, 32, 9, "PCPU_STATE"), IS(0, 32, 10, "MEM_EVENT"),
    IS(0, 32, 11, "ARGO"), IS(0, 32, 12, "ENOMEM"), IS(0, 32, 13, "XENPMU"));
NAMES(names_port_flags,
    FLAG(0, "pending"), FLAG(1, "masked"), FLAG(2, "known"),
    FLAG(3, "linked"));

/* -- grants ----------------------------------------------------------- */

NAMES(names_grant_table_flags, FLAG(0, "paused"));

/* Bits 2 and 3 of a transfer mean something else than those of an access. */
#define TYPE_BIT(t, b, w) \
    { 3 | 1 << (b), (t) | 1 << (b), 0, CAT_IS, (w) }
NAMES(names_grant_flags,
    IS(0, 2, 1, "access"), IS(0, 2, 2, "transfer"),
    IS(0, 2, 3, "transitive"), TYPE_BIT(1, 2, "readonly"),
    TYPE_BIT(3, 2, "readonly"), TYPE_BIT(2, 2, "committed"),
    TYPE_BIT(1, 3, "reading"), TYPE_BIT(2, 3, "completed"),
    TYPE_BIT(3, 3, "reading"), TYPE_BIT(1, 4, "writing"),
    TYPE_BIT(3, 4, "writing"), FLAG(5, "PWT"), FLAG(6, "PCD"),
    FLAG(7, "PAT"), FLAG(8, "sub-page"));
NAMES(names_grant_status, FLAG(3, "reading"), FLAG(4, "writing"));

/* -- vCPUs ------------------------------------------------------------ */

NAMES(names_vcpu_flags,
    FLAG(0, "online"), FLAG(1, "blocked"), FLAG(2, "running"),
    FLAG(3, "waiting"), FLAG(4, "upcall-known"), FLAG(5, "upcall-pending"));

/* -- parameters of an HVM domain -------------------------------------- */

static const struct cat_word names_hvm_params_words[] = {
#define PARAM(number, name, words) IS(0, 64, number, name),
#include "catalogue/hvm-params.def"
#undef PARAM
};
const struct cat_names names_hvm_params = {
    names_hvm_params_words,
    sizeof(names_hvm_params_words) / sizeof(names_hvm_params_words[0]) };

const char *hvm_param_name(uint64_t index)
{
    for (size_t i = 0; i < names_hvm_params.n; i++)
        if (names_hvm_params.words[i].value == index)
            return names_hvm_params.words[i].word;
    return NULL;
}
