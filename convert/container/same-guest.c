/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a context can belong to the guest of a save file, by uuid, kind and
 * vCPUs.
 */
#include "container/source.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <string.h>

/* What the records of a context show of its guest. */
struct traits {
    bool has_devices;  /* devices that PVH guests lack; PVH has LAPIC, and
                        * every release saves PCI_IRQ, ISA_IRQ and PCI_LINK of
                        * it */
    bool has_lapic;
    uint32_t vcpus;    /* the highest vCPU plus one; a vCPU that is down has a
                        * LAPIC record, too */
};

static void look_at(struct traits *traits, const struct domctx_record *record)
{
    switch (record->type) {
    case CODE_PIC:
    case CODE_IOAPIC:
    case CODE_PIT:
    case CODE_RTC:
    case CODE_HPET:
    case CODE_PMTIMER:
        traits->has_devices = true;
        break;
    case CODE_CPU:
    case CODE_LAPIC:
    case CODE_LAPIC_REGS:
        if (record->type == CODE_LAPIC)
            traits->has_lapic = true;
        if (record->instance >= traits->vcpus)
            traits->vcpus = record->instance + 1;
        break;
    default:
        break;
    }
}

static struct traits traits_of(const domctx_hvm *hvm)
{
    struct traits traits = { .vcpus = 0 };
    const struct domctx_record *record;

    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        look_at(&traits, record);
    return traits;
}

static const char *kind(const struct traits *traits)
{
    return traits->has_devices ? "HVM" : "PVH";
}

/* The save file's guest is PVH by its configuration, or by its own context. */
static int compare_kinds(const struct domctx_source_info *info,
                         const struct traits *own,
                         const struct traits *context, domctx_report *report)
{
    struct traits said = { .has_devices = own->has_devices };
    bool known = own->has_lapic || info->guest == DOMCTX_GUEST_PVH;
    struct msg_at at = { .found = TEXT(kind(context)) };

    if (info->guest == DOMCTX_GUEST_PVH)
        said.has_devices = false;
    at.expected = (struct msg_value)TEXT(kind(&said));
    if (!known || !context->has_lapic ||
        said.has_devices == context->has_devices)
        return 0;
    return msg_raise(report, MSG_INTO_KIND, &at,
                     "the context is of a guest of another kind than the save "
                     "file");
}

static int compare_vcpus(const struct traits *own,
                         const struct traits *context, domctx_report *report)
{
    struct msg_at at = { .record = "LAPIC", .expected = DEC(own->vcpus),
                         .found = DEC(context->vcpus) };

    if (!own->has_lapic || context->vcpus <= own->vcpus)
        return 0;
    return msg_raise(report, MSG_INTO_VCPUS, &at,
                     "the context has more vCPUs than the guest of the save "
                     "file");
}

static int compare_uuids(const struct domctx_source_info *info,
                         const char *uuid, domctx_report *report)
{
    struct msg_at at = { .expected = TEXT(info->uuid), .found = TEXT(uuid) };

    if (!*uuid || !*info->uuid || strcmp(uuid, info->uuid) == 0)
        return 0;
    return msg_raise(report, MSG_INTO_UUID, &at,
                     "the context is of another domain than the save file");
}

int domctx_source_same_guest(const domctx_source *source,
                             const domctx_hvm *context, const char *uuid,
                             domctx_report *report)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    struct traits own = { .vcpus = 0 }, other = traits_of(context);
    domctx_hvm *hvm;
    int result = compare_uuids(info, uuid, report);

    /* a faulty context tells nothing */
    if (domctx_source_hvm(source, &hvm, NULL) == 0)
        own = traits_of(hvm);
    domctx_hvm_free(hvm);
    if (compare_kinds(info, &own, &other, report) < 0 ||
        compare_vcpus(&own, &other, report) < 0)
        result = -1;
    return result;
}
