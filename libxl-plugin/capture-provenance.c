/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known about a live domain, for the image's PROVENANCE. */
#include "save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}
#define COPY(to, from) copy((to), sizeof(to), (from))

void live_time(char *to, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;

    if (!gmtime_r(&now, &utc) ||
        !strftime(to, size, "%Y-%m-%dT%H:%M:%SZ", &utc))
        to[0] = '\0';
}

static void put_xen(xlcontext *xlc, struct domctx_provenance *provenance)
{
    const libxl_version_info *version = libxl_get_version_info(xlc->ctx);

    if (!version)
        return;
    snprintf(provenance->xen_version, sizeof(provenance->xen_version),
             "%d.%d%s", version->xen_version_major,
             version->xen_version_minor,
             version->xen_version_extra ? version->xen_version_extra : "");
    COPY(provenance->xen_changeset, version->changeset);
}

int origin_ask(xlcontext *xlc, uint32_t domid, struct origin *origin,
               domctx_report *report)
{
    struct domctx_provenance *provenance = &origin->provenance;
    char *name;

    *origin = (struct origin){ .xen_major = 0 };
    if (host_version(xlc, &origin->xen_major, &origin->xen_minor,
                     report) < 0)
        return -1;
    name = libxl_domid_to_name(xlc->ctx, domid);
    COPY(provenance->domain_name, name);
    free(name);
    COPY(provenance->tool, "xl-context " PACKAGE_VERSION);
    if (gethostname(provenance->host, sizeof(provenance->host)) < 0)
        provenance->host[0] = '\0';
    provenance->host[sizeof(provenance->host) - 1] = '\0';
    put_xen(xlc, provenance);
    COPY(provenance->source, "live");
    return 0;
}

char *live_provenance(const struct origin *origin,
                      const struct domain *domain)
{
    struct domctx_provenance provenance = origin->provenance;

    live_time(provenance.time, sizeof(provenance.time));
    COPY(provenance.uuid, domain->uuid);
    provenance.has_domid = true;
    provenance.domid = domain->domid;
    provenance.has_cpu_time = true;
    provenance.cpu_time_ns = domain->info.cpu_time;
    return domctx_provenance_json(&provenance);
}
