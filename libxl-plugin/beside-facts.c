/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of which each is a list of facts: HVM parameters, policies,
 * vCPUs. */
#include "beside.h"
#include "guest-memory.h"

#include <errno.h>
#include <stdlib.h>

/* -- HVM parameters --------------------------------------------------- */

/* Those that every release from 4.14 on lets dom0 read (hvm.c:
 * hvm_allow_get_param()): the others are numbers that nothing uses any more,
 * or, as 24 (NESTEDHVM) since 4.15, are in the policy. */
static const uint8_t readable[] = {
    HVM_PARAM_CALLBACK_IRQ, HVM_PARAM_STORE_PFN, HVM_PARAM_STORE_EVTCHN,
    HVM_PARAM_IOREQ_PFN, HVM_PARAM_BUFIOREQ_PFN, HVM_PARAM_VIRIDIAN,
    HVM_PARAM_TIMER_MODE, HVM_PARAM_HPET_ENABLED, HVM_PARAM_IDENT_PT,
    HVM_PARAM_ACPI_S_STATE, HVM_PARAM_VM86_TSS, HVM_PARAM_VPT_ALIGN,
    HVM_PARAM_CONSOLE_PFN, HVM_PARAM_CONSOLE_EVTCHN,
    HVM_PARAM_ACPI_IOPORTS_LOCATION, HVM_PARAM_PAGING_RING_PFN,
    HVM_PARAM_MONITOR_RING_PFN, HVM_PARAM_SHARING_RING_PFN,
    HVM_PARAM_TRIPLE_FAULT_REASON, HVM_PARAM_IOREQ_SERVER_PFN,
    HVM_PARAM_NR_IOREQ_SERVER_PAGES, HVM_PARAM_VM_GENERATION_ID_ADDR,
    HVM_PARAM_ALTP2M, HVM_PARAM_X87_FIP_WIDTH, HVM_PARAM_VM86_TSS_SIZED,
    HVM_PARAM_MCA_CAP,
};
#define N_READABLE (sizeof(readable) / sizeof(readable[0]))

/* A value of 0 is in no save stream either. */
void params_read(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_params *params = &beside->params;
    struct beside_fate *fate = &beside->fate[BESIDE_PARAMS];
    uint32_t refused = 0;

    params->count = 0;
    for (size_t i = 0; i < N_READABLE; i++) {
        uint64_t value;

        if (call_param(xlc, domid, readable[i], &value) < 0) {
            fate->lack.error = errno;
            refused++;
        } else if (value != 0) {
            params->value[params->count++] =
                (struct domctx_hvm_param){ readable[i], value };
        }
    }
    fate->taken = refused < N_READABLE;
}

int params_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report)
{
    return domctx_builder_hvm_params(builder, beside->params.value,
                                     beside->params.count, report);
}

/* -- policies --------------------------------------------------------- */

/* Xen refuses to change them once a domain is built (EEXIST,
 * XEN_DOMCTL_set_cpu_policy), so they are read before the pause. */
int policy_prepare(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_fate *fate = &beside->fate[BESIDE_POLICY];

    beside->policy = calloc(1, sizeof(*beside->policy));
    if (!beside->policy)
        return -1;
    if (call_domain_policy(xlc, domid, beside->policy) < 0)
        fate->lack.error = errno;
    else
        fate->taken = true;
    return 0;
}

int policy_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report)
{
    const struct domctx_policy *policy = beside->policy;

    if (domctx_builder_cpuid_policy(builder, policy->leaves,
                                    policy->n_leaves, report) < 0)
        return -1;
    return domctx_builder_msr_policy(builder, policy->msrs, policy->n_msrs,
                                     report);
}

/* -- vCPUs ------------------------------------------------------------ */

/* Before the pause, in which none runs. */
int vcpus_prepare(xlcontext *xlc, const struct domain *domain,
                  struct beside *beside)
{
    beside->n_vcpus = domain->info.max_vcpu_id + 1;
    beside->vcpu = calloc((size_t)beside->n_vcpus + 1,
                          sizeof(*beside->vcpu));
    beside->upcalls = calloc(1, sizeof(*beside->upcalls));
    if (!beside->vcpu || !beside->upcalls)
        return -1;
    for (uint32_t v = 0; v < beside->n_vcpus; v++) {
        xc_vcpuinfo_t info;

        if (call_vcpu_info(xlc, domain->domid, v, &info) < 0)
            continue;
        beside->vcpu[v].running = info.running;
        beside->vcpu[v].waiting = info.online && !info.running &&
                                  !info.blocked;
    }
    return 0;
}

/* Before the context: an event that comes later has set the vector in the
 * IRR of that, too. */
void vcpus_upcalls(struct beside *beside)
{
    for (uint32_t v = 0; v < beside->n_vcpus; v++)
        beside->vcpu[v].upcall = upcall_of(beside->upcalls, v);
}

/* Behind it: an event that came before it has ended the sleep.  A vCPU that
 * the domain does not have is none that is missing. */
void vcpus_read(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_fate *fate = &beside->fate[BESIDE_VCPUS];

    for (uint32_t v = 0; v < beside->n_vcpus; v++) {
        struct beside_vcpu *vcpu = &beside->vcpu[v];
        xc_vcpuinfo_t info;

        vcpu->known = call_vcpu_info(xlc, domid, v, &info) == 0;
        if (vcpu->known) {
            vcpu->online = info.online;
            vcpu->blocked = info.blocked;
            vcpu->cpu = info.cpu;
            vcpu->cpu_time = info.cpu_time;
            fate->taken = true;
        } else if (errno != ESRCH) {
            fate->lack.error = errno;
        }
    }
}

static uint32_t flags_of(const struct beside_vcpu *vcpu)
{
    return (vcpu->online ? DOMCTX_VCPU_ONLINE : 0) |
           (vcpu->blocked ? DOMCTX_VCPU_BLOCKED : 0) |
           (vcpu->running ? DOMCTX_VCPU_RUNNING : 0) |
           (vcpu->waiting ? DOMCTX_VCPU_WAITING : 0) |
           (vcpu->upcall >= 0 ? DOMCTX_VCPU_UPCALL_KNOWN : 0) |
           (vcpu->upcall > 0 ? DOMCTX_VCPU_UPCALL_PENDING : 0);
}

int vcpus_add(const struct beside *beside, domctx_builder *builder,
              domctx_report *report)
{
    for (uint32_t v = 0; v < beside->n_vcpus; v++) {
        const struct beside_vcpu *vcpu = &beside->vcpu[v];
        struct domctx_vcpu_state record = {
            .flags = flags_of(vcpu),
            .cpu = vcpu->cpu,
            .cpu_time_ns = vcpu->cpu_time,
            .time_ns = beside->time_ns,
        };

        if (vcpu->known &&
            domctx_builder_vcpu_state(builder, v, &record, report) < 0)
            return -1;
    }
    return 0;
}
