/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenlight, the calls that a context needs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libxl.h>
#include <libxl_utils.h>

#include "world.h"

struct libxl__ctx {
    libxl_version_info version;
};

static int code(int error)
{
    fake_leave();
    return error == 0 ? 0
        : error == ENOMEM ? ERROR_NOMEM
        : error == ESRCH ? ERROR_DOMAIN_NOTFOUND
        : error == EINVAL ? ERROR_INVAL : ERROR_FAIL;
}

int libxl_ctx_alloc(libxl_ctx **pctx, int version, unsigned flags,
                    xentoollog_logger *logger)
{
    (void)flags;
    (void)logger;
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    *pctx = NULL;
    if (version != LIBXL_VERSION) {
        verdict.error = EINVAL;
    }
    if (verdict.error == 0) {
        *pctx = calloc(1, sizeof(**pctx));
    }
    return code(verdict.error);
}

static void clear_version(libxl_ctx *ctx)
{
    free(ctx->version.xen_version_extra);
    free(ctx->version.changeset);
    free(ctx->version.compiler);
    free(ctx->version.capabilities);
    memset(&ctx->version, 0, sizeof(ctx->version));
}

int libxl_ctx_free(libxl_ctx *ctx)
{
    fake_gate(__func__, 0, "");
    if (ctx != NULL) {
        clear_version(ctx);
        free(ctx);
    }
    return code(0);
}

int libxl_name_to_domid(libxl_ctx *ctx, const char *name, uint32_t *domid)
{
    (void)ctx;
    struct fake_verdict verdict = fake_gate(__func__, 0, name);
    int error = verdict.error;
    if (error == 0 && strcmp(name, "Domain-0") == 0) {
        *domid = 0;
    } else if (error == 0) {
        const struct fake_domain *d = fake_domain_named(name);
        error = d == NULL ? EINVAL : 0;
        *domid = d == NULL ? 0 : d->domid;
    }
    return code(error);
}

char *libxl_domid_to_name(libxl_ctx *ctx, uint32_t domid)
{
    (void)ctx;
    struct fake_verdict verdict = fake_gate(__func__, domid, "");
    const struct fake_domain *d = fake_domain(domid);
    char *name = NULL;
    if (verdict.error == 0 && domid == 0) {
        name = strdup("Domain-0");
    } else if (verdict.error == 0 && d != NULL) {
        name = strdup(d->name);
    }
    fake_leave();
    errno = verdict.error;
    return name;
}

void libxl_dominfo_init(libxl_dominfo *info)
{
    memset(info, 0, sizeof(*info));
}

void libxl_dominfo_dispose(libxl_dominfo *info)
{
    if (info != NULL) {
        free(info->ssid_label);
        memset(info, 0, sizeof(*info));
    }
}

int libxl_domain_info(libxl_ctx *ctx, libxl_dominfo *info, uint32_t domid)
{
    (void)ctx;
    struct fake_verdict verdict = fake_gate(__func__, domid, "");
    struct fake_domain *d = domid == 0 ? NULL : fake_domain(domid);
    int error = verdict.error;
    if (error != 0 || (d == NULL && domid != 0)) {
        return code(error ? error : ESRCH);
    }
    libxl_dominfo_init(info);
    info->domid = domid;
    info->ssid_label = strdup("");
    info->running = true;
    info->domain_type = LIBXL_DOMAIN_TYPE_PV;
    info->vcpu_online = 1;
    if (d == NULL) {
        return code(0);
    }
    fake_look(d);
    memcpy(info->uuid.uuid, d->uuid, sizeof(d->uuid));
    info->paused = d->pauses > 0;
    info->running = !info->paused;
    info->dying = d->dying;
    info->shutdown = d->crashed;
    info->shutdown_reason = d->crashed ? LIBXL_SHUTDOWN_REASON_CRASH
                                       : LIBXL_SHUTDOWN_REASON_UNKNOWN;
    info->cpu_time = d->cpu_time;
    info->vcpu_max_id = d->vcpus - 1;
    info->vcpu_online = (uint32_t)__builtin_popcount(d->up);
    info->domain_type = d->type == FAKE_PV ? LIBXL_DOMAIN_TYPE_PV
        : d->type == FAKE_PVH ? LIBXL_DOMAIN_TYPE_PVH
        : LIBXL_DOMAIN_TYPE_HVM;
    return code(0);
}

const libxl_version_info *libxl_get_version_info(libxl_ctx *ctx)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    const struct fake_host *host = fake_host();
    if (verdict.error == 0) {
        clear_version(ctx);
        ctx->version.xen_version_major = (int)host->xen_major;
        ctx->version.xen_version_minor = (int)host->xen_minor;
        ctx->version.xen_version_extra = strdup(host->extra);
        ctx->version.changeset = strdup(host->changeset);
        ctx->version.compiler = strdup("");
        ctx->version.capabilities = strdup("xen-3.0-x86_64 hvm-3.0-x86_64");
        ctx->version.pagesize = 4096;
    }
    fake_leave();
    errno = verdict.error;
    return verdict.error ? NULL : &ctx->version;
}

/* -- what a host can ------------------------------------------------------ */

/* FAKE_XEN_CAPS: words; all of them when it is not set. */
static bool can(const char *word)
{
    const char *caps = getenv("FAKE_XEN_CAPS");

    return caps == NULL || strstr(caps, word) != NULL;
}

void libxl_physinfo_init(libxl_physinfo *info)
{
    memset(info, 0, sizeof(*info));
}

void libxl_physinfo_dispose(libxl_physinfo *info)
{
    memset(info, 0, sizeof(*info));
}

int libxl_get_physinfo(libxl_ctx *ctx, libxl_physinfo *info)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");

    (void)ctx;
    libxl_physinfo_init(info);
    info->cap_hvm = can("hvm");
    info->cap_hap = can("hap");
    info->cap_shadow = can("shadow");
    return code(verdict.error);
}

int libxl_get_scheduler(libxl_ctx *ctx)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");

    (void)ctx;
    return verdict.error ? code(verdict.error)
                         : code(0) + LIBXL_SCHEDULER_CREDIT2;
}

const char *libxl_scheduler_to_string(libxl_scheduler scheduler)
{
    return scheduler == LIBXL_SCHEDULER_CREDIT2 ? "credit2" : NULL;
}

/* -- the configuration of a domain ---------------------------------------- */

void libxl_domain_config_init(libxl_domain_config *config)
{
    memset(config, 0, sizeof(*config));
}

void libxl_domain_config_dispose(libxl_domain_config *config)
{
    memset(config, 0, sizeof(*config));
}

int libxl_retrieve_domain_configuration(libxl_ctx *ctx, uint32_t domid,
                                        libxl_domain_config *config,
                                        const libxl_asyncop_how *how)
{
    struct fake_verdict verdict = fake_gate(__func__, domid, "");
    const struct fake_domain *d = fake_domain(domid);

    (void)ctx;
    (void)how;
    if (d != NULL)
        config->c_info.type = d->type == FAKE_PVH ? LIBXL_DOMAIN_TYPE_PVH
                                                  : LIBXL_DOMAIN_TYPE_HVM;
    config->b_info.event_channels = 1023;
    return code(verdict.error ? verdict.error : d == NULL ? ESRCH : 0);
}

/* FAKE_XEN_CONFIG: another one. */
char *libxl_domain_config_to_json(libxl_ctx *ctx, libxl_domain_config *config)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    const char *other = getenv("FAKE_XEN_CONFIG");

    (void)ctx;
    fake_leave();
    if (verdict.error)
        return NULL;
    if (other != NULL)
        return strdup(other);
    return strdup(config->c_info.type == LIBXL_DOMAIN_TYPE_PVH
                      ? "{\"c_info\": {\"type\": \"pvh\"}, "
                        "\"b_info\": {\"max_vcpus\": 4}}"
                      : "{\"c_info\": {\"type\": \"hvm\"}, "
                        "\"b_info\": {\"max_vcpus\": 4}}");
}
