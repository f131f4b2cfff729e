/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding a domain and looking at it. */
#include "xlcontext-internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_uuid(char *to, size_t size, const uint8_t *handle)
{
    size_t used = 0;

    for (size_t i = 0; i < 16 && used + 4 < size; i++) {
        /* 8-4-4-4-12 */
        if (i == 4 || i == 6 || i == 8 || i == 10)
            to[used++] = '-';
        used += (size_t)snprintf(to + used, size - used, "%02x", handle[i]);
    }
}

static void take_info(struct domain *domain)
{
    domain->hvm = (domain->info.flags & XEN_DOMINF_hvm_guest) != 0;
    domain->paused = (domain->info.flags & XEN_DOMINF_paused) != 0;
}

int domain_refresh(xlcontext *xlc, struct domain *domain)
{
    char uuid[sizeof(domain->uuid)];

    if (call_info(xlc, domain->domid, &domain->info) < 0)
        return -1;
    take_info(domain);
    write_uuid(uuid, sizeof(uuid), domain->info.handle);
    if (domain->uuid[0] && strcmp(domain->uuid, uuid) != 0) {
        errno = ESRCH;
        return -1;
    }
    memcpy(domain->uuid, uuid, sizeof(uuid));
    return 0;
}

bool domain_gone(xlcontext *xlc, struct domain *domain, bool no_context,
                 domctx_report *report)
{
    struct domain now = *domain;

    if (domain_refresh(xlc, &now) < 0) {
        if (errno != ESRCH)
            return false;
        msg_raise(report, MSG_LIVE_NO_DOMAIN, NULL,
                  "domain %u was destroyed in the middle of the work",
                  domain->domid);
    } else {
        if (!no_context && !(now.info.flags & XEN_DOMINF_dying))
            return false;
        msg_raise(report, MSG_LIVE_DYING, NULL,
                  "domain %u is being destroyed, in the middle of the work",
                  domain->domid);
    }
    domain->gone = true;
    return true;
}

static int refuse_self(domctx_report *report)
{
    return msg_raise(report, MSG_LIVE_SELF, NULL,
                     "domain 0 runs the host and this program; its context "
                     "cannot be taken or loaded from within");
}

int domain_look(xlcontext *xlc, uint32_t domid, struct domain *domain,
                domctx_report *report)
{
    *domain = (struct domain){ .domid = domid };
    if (domid == 0)
        return refuse_self(report);
    if (domid >= DOMID_FIRST_RESERVED)
        return call_failed(report, domid, "looking", ESRCH);
    if (domain_refresh(xlc, domain) < 0)
        return call_failed(report, domid, "looking at the state", errno);
    if (domain->info.flags & XEN_DOMINF_dying)
        return msg_raise(report, MSG_LIVE_DYING, NULL,
                         "domain %u is being destroyed", domid);
    return 0;
}

/* All digits are a domid, even if a domain has that name, as in
 * libxl_domain_qualifier_to_domid(), which takes 4294967297 for domain 1. */
static bool read_domid(const char *text, uint32_t *domid)
{
    char *end;
    unsigned long value;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    value = strtoul(text, &end, 10);
    if (*end || errno || value > UINT32_MAX)
        return false;
    *domid = (uint32_t)value;
    return true;
}

/* libxl finds no domain of a name either where xenstore does not answer: then
 * not even domain 0 has one. */
static int not_found(xlcontext *xlc, const char *name, domctx_report *report)
{
    char *dom0 = libxl_domid_to_name(xlc->ctx, 0);

    if (!dom0)
        return msg_raise(report, MSG_LIVE_NO_NAMES, NULL,
                         "the domains' names cannot be read, so '%s' cannot "
                         "be found: xenstore does not answer", name);
    free(dom0);
    return msg_raise(report, MSG_LIVE_NO_DOMAIN, NULL,
                     "there is no domain '%s'", name);
}

int xlcontext_find(xlcontext *xlc, const char *name, uint32_t *domid,
                   domctx_report *report)
{
    struct domain domain;

    if (!read_domid(name, domid) &&
        libxl_name_to_domid(xlc->ctx, name, domid) != 0)
        return not_found(xlc, name, report);
    return domain_look(xlc, *domid, &domain, report);
}
