/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The policies, parameters and configuration of a live domain, as its save
 * file would have them. */
#include "xlcontext-internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xen/hvm/params.h>

/* What write_hvm_params() of libxenguest puts into a stream, 4.14 to 4.22. */
static const uint32_t saved_params[] = {
    HVM_PARAM_STORE_PFN, HVM_PARAM_IOREQ_PFN, HVM_PARAM_BUFIOREQ_PFN,
    HVM_PARAM_PAGING_RING_PFN, HVM_PARAM_MONITOR_RING_PFN,
    HVM_PARAM_SHARING_RING_PFN, HVM_PARAM_VM86_TSS_SIZED,
    HVM_PARAM_CONSOLE_PFN, HVM_PARAM_ACPI_IOPORTS_LOCATION,
    HVM_PARAM_VIRIDIAN, HVM_PARAM_IDENT_PT, HVM_PARAM_VM_GENERATION_ID_ADDR,
    HVM_PARAM_IOREQ_SERVER_PFN, HVM_PARAM_NR_IOREQ_SERVER_PAGES,
    HVM_PARAM_X87_FIP_WIDTH, HVM_PARAM_MCA_CAP,
};
#define N_PARAMS (sizeof(saved_params) / sizeof(saved_params[0]))

struct xlcontext_guest {
    struct domctx_domain domain;
    struct domctx_policy policy;
    struct domctx_hvm_param params[N_PARAMS];
};

static void untold(domctx_report *report, const char *what, const char *why)
{
    struct msg_at at = { .found = TEXT(why) };

    msg_raise(report, MSG_LIVE_UNTOLD, &at,
              "what is not told of the domain: %s", what);
}

static void put_policy(xlcontext *xlc, uint32_t domid,
                       xlcontext_guest *guest, domctx_report *report)
{
    struct domctx_domain *domain = &guest->domain;

    if (call_domain_policy(xlc, domid, &guest->policy) < 0) {
        untold(report, "its CPUID and MSR policies", ERROR_TEXT(errno));
        return;
    }
    domain->leaves = guest->policy.leaves;
    domain->n_leaves = guest->policy.n_leaves;
    domain->leaves_at.entries = domain->n_leaves;
    domain->msrs = guest->policy.msrs;
    domain->n_msrs = guest->policy.n_msrs;
    domain->msrs_at.entries = domain->n_msrs;
}

/* A value of 0 is in no stream. */
static void put_params(xlcontext *xlc, uint32_t domid,
                       xlcontext_guest *guest, domctx_report *report)
{
    struct domctx_domain *domain = &guest->domain;

    domain->params = guest->params;
    for (size_t i = 0; i < N_PARAMS; i++) {
        struct domctx_hvm_param *param = &guest->params[domain->n_params];

        param->index = saved_params[i];
        if (call_param(xlc, domid, saved_params[i], &param->value) < 0) {
            untold(report, "its HVM parameters", ERROR_TEXT(errno));
            domain->params = NULL;
            domain->n_params = 0;
            return;
        }
        domain->n_params += param->value != 0;
    }
    domain->params_at.entries = domain->n_params;
}

/* The configuration goes along as JSON, and is read from there. */
static void read_config(libxl_ctx *ctx, libxl_domain_config *config,
                        xlcontext_guest *guest, domctx_report *report)
{
    struct domctx_domain *domain = &guest->domain;
    char *json = libxl_domain_config_to_json(ctx, config);
    enum domctx_guest type;

    if (!json) {
        untold(report, "its configuration", "no JSON of it");
        return;
    }
    if (domctx_keys_read(json, strlen(json), &domain->keys, &type, NULL) < 0)
        untold(report, "its configuration", "JSON that cannot be read");
    else if (type == DOMCTX_GUEST_PVH)
        domain->guest = type;
    free(json);
}

static void put_config(xlcontext *xlc, uint32_t domid,
                       xlcontext_guest *guest, domctx_report *report)
{
    libxl_domain_config config;

    libxl_domain_config_init(&config);
    if (libxl_retrieve_domain_configuration(xlc->ctx, domid, &config,
                                            NULL) == 0)
        read_config(xlc->ctx, &config, guest, report);
    else
        untold(report, "its configuration", "libxl has none");
    libxl_domain_config_dispose(&config);
}

int xlcontext_guest_ask(xlcontext *xlc, uint32_t domid,
                        xlcontext_guest **guest, domctx_report *report)
{
    struct domain domain;
    xlcontext_guest *made;
    struct tsc_info tsc;

    *guest = NULL;
    if (domain_look(xlc, domid, &domain, report) < 0)
        return -1;
    made = calloc(1, sizeof(*made));
    if (!made)
        return msg_no_memory(report, sizeof(*made));
    made->domain.guest = domain.hvm ? DOMCTX_GUEST_HVM : DOMCTX_GUEST_PV;
    made->domain.stream = 3;
    if (domain.hvm) {
        put_policy(xlc, domid, made, report);
        put_params(xlc, domid, made, report);
    }
    if (call_tsc_info(xlc, domid, &tsc) == 0) {
        made->domain.has_tsc = true;
        made->domain.tsc_mode = tsc.mode;
    }
    put_config(xlc, domid, made, report);
    *guest = made;
    return 0;
}

void xlcontext_guest_free(xlcontext_guest *guest)
{
    free(guest);
}

const struct domctx_domain *xlcontext_guest_domain(
    const xlcontext_guest *guest)
{
    return &guest->domain;
}
