/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does the image still fit the domain?  Registers that point into memory
 * which went on changing are a hung guest, and no file shows it. */
#include "xlcontext-internal.h"

#include <inttypes.h>
#include <strings.h>

bool fit_never_run(const struct domain *domain)
{
    return domain->info.cpu_time == 0;
}

static int ran_since(const struct domctx_provenance *was,
                     const struct domain *domain, domctx_report *report)
{
    uint64_t now = domain->info.cpu_time;
    struct msg_at at = { .record = "PROVENANCE", .field = "cpu_time_ns",
                         .expected = DEC(was->cpu_time_ns),
                         .found = DEC(now) };
    uint64_t ran_ms = (now - was->cpu_time_ns) / 1000000;

    if (now < was->cpu_time_ns || domain->domid != was->domid)
        return msg_raise(report, MSG_LIVE_ANOTHER_LIFE, &at,
                         "the guest was saved as domain %u and has been "
                         "built anew since, and has run: its memory is not "
                         "the one this context was taken with", was->domid);
    return msg_raise(report, MSG_LIVE_RAN_ON, &at,
                     "the guest has run on for %" PRIu64 ".%03" PRIu64
                     " s of CPU time since this context was taken",
                     ran_ms / 1000, ran_ms % 1000);
}

int fit_check(const struct domctx_provenance *was, bool known,
              const struct domain *domain, domctx_report *report)
{
    struct msg_at uuids = { .record = "PROVENANCE", .field = "uuid",
                            .expected = TEXT(domain->uuid),
                            .found = TEXT(known ? was->uuid : "") };

    if (!known || !was->uuid[0])
        return msg_raise(report, MSG_LIVE_NO_PROVENANCE, NULL,
                         "the image does not tell which guest it was taken "
                         "from, nor when");
    if (strcasecmp(was->uuid, domain->uuid) != 0)
        return msg_raise(report, MSG_LIVE_OTHER_GUEST, &uuids,
                         "the image was taken from another guest%s%s%s",
                         was->domain_name[0] ? ", '" : "", was->domain_name,
                         was->domain_name[0] ? "'" : "");
    if (fit_never_run(domain))
        return 0;
    if (!was->has_domid || !was->has_cpu_time)
        return msg_raise(report, MSG_LIVE_NO_PROVENANCE, NULL,
                         "the image does not tell how long its guest had "
                         "run when it was taken");
    if (was->domid == domain->domid &&
        was->cpu_time_ns == domain->info.cpu_time)
        return 0;
    return ran_since(was, domain, report);
}
