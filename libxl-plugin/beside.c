/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All parts of what is beside the context, in the order in which one taken
 * later tells nothing that contradicts one taken earlier. */
#include "beside.h"
#include "guest-memory.h"

#include <stdlib.h>
#include <string.h>

/* Names of the parts, for notes about missing ones. */
static const char *const names[BESIDE_PARTS] = {
    [BESIDE_EVTCHN] = "event channels",
    [BESIDE_GRANTS] = "the grant table",
    [BESIDE_PARAMS] = "HVM parameters",
    [BESIDE_POLICY] = "the CPUID and MSR policies",
    [BESIDE_VCPUS] = "the state of vCPUs",
};

static bool wants(const struct beside *beside, enum beside_part part)
{
    return beside->fate[part].wanted;
}

static int prepare(xlcontext *xlc, const struct domain *domain,
                   struct beside *beside)
{
    if ((wants(beside, BESIDE_POLICY) &&
         policy_prepare(xlc, domain->domid, beside) < 0) ||
        (wants(beside, BESIDE_EVTCHN) &&
         ports_prepare(xlc, domain, beside) < 0) ||
        (wants(beside, BESIDE_GRANTS) &&
         grants_prepare(xlc, domain->domid, beside) < 0) ||
        (wants(beside, BESIDE_VCPUS) &&
         vcpus_prepare(xlc, domain, beside) < 0))
        return -1;
    return 0;
}

int beside_prepare(xlcontext *xlc, const struct domain *domain,
                   unsigned int with, struct beside *beside,
                   domctx_report *report)
{
    *beside = (struct beside){ 0 };
    for (unsigned int i = 0; i < BESIDE_PARTS; i++)
        beside->fate[i].wanted = with & XLCONTEXT_SAVE_EVTCHN << i;
    if (prepare(xlc, domain, beside) == 0)
        return 0;
    beside_release(xlc, beside);
    return msg_no_memory(report, 0);
}

int beside_before(xlcontext *xlc, const struct domain *domain,
                  const uint8_t *shared_info, struct beside *beside)
{
    int rc = 0;

    beside->time_ns = now_ns();
    if (wants(beside, BESIDE_EVTCHN)) {
        rc = ports_walk(xlc, domain->domid, beside);
        beside->ports.has_pending = shared_info != NULL;
        if (shared_info)
            memcpy(beside->ports.pending, shared_info, XC_PAGE_SIZE);
    }
    if (wants(beside, BESIDE_VCPUS))
        vcpus_upcalls(beside);
    return rc;
}

int beside_after(xlcontext *xlc, const struct domain *domain,
                 struct beside *beside)
{
    uint32_t domid = domain->domid;
    int rc = 0;

    if (wants(beside, BESIDE_EVTCHN) && domain->hvm)
        ports_params(xlc, domid, beside);
    if (wants(beside, BESIDE_PARAMS) && domain->hvm)
        params_read(xlc, domid, beside);
    else if (wants(beside, BESIDE_PARAMS))
        beside->fate[BESIDE_PARAMS].lack.words = "a PV domain has none";
    if (wants(beside, BESIDE_GRANTS))
        rc = grants_copy(xlc, domid, beside);
    if (wants(beside, BESIDE_VCPUS))
        vcpus_read(xlc, domid, beside);
    return rc;
}

static bool is_taken(const struct beside *beside, enum beside_part part)
{
    return beside->fate[part].taken;
}

/* In ascending order of the records' types. */
int beside_add(const struct beside *beside, bool is_32bit,
               domctx_builder *builder, domctx_report *report)
{
    if ((is_taken(beside, BESIDE_EVTCHN) &&
         ports_add(beside, is_32bit, builder, report) < 0) ||
        (is_taken(beside, BESIDE_GRANTS) &&
         grants_add(beside, builder, report) < 0) ||
        (is_taken(beside, BESIDE_PARAMS) &&
         params_add(beside, builder, report) < 0) ||
        (is_taken(beside, BESIDE_VCPUS) &&
         vcpus_add(beside, builder, report) < 0) ||
        (is_taken(beside, BESIDE_POLICY) &&
         policy_add(beside, builder, report) < 0))
        return -1;
    return 0;
}

static void tell(const struct beside_lack *lack, const char *what, bool some,
                 domctx_report *report)
{
    struct msg_at at = {
        .found = TEXT(lack->words ? lack->words : ERROR_TEXT(lack->error)),
    };

    if (lack->words || lack->error)
        msg_raise(report, MSG_LIVE_NOT_TAKEN, &at, "%s: %s",
                  some ? "not in the image, at least in part"
                       : "not in the image", what);
}

void beside_tell(const struct beside *beside, domctx_report *report)
{
    for (unsigned int i = 0; i < BESIDE_PARTS; i++)
        tell(&beside->fate[i].lack, names[i], beside->fate[i].taken, report);
    tell(&beside->ports.params,
         "what the HVM parameters say of event channels", false, report);
}

void beside_release(xlcontext *xlc, struct beside *beside)
{
    ports_release(&beside->ports);
    grants_release(xlc, &beside->grants);
    if (beside->upcalls)
        upcalls_release(xlc, beside->upcalls);
    free(beside->upcalls);
    free(beside->policy);
    free(beside->vcpu);
    *beside = (struct beside){ 0 };
}
