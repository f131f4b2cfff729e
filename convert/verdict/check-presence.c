/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Missing records.  Loaders require only HEADER and END: a vCPU or device
 * without a record is in its reset state.
 */
#include "verdict/check.h"
#include "rules/descriptor.h"
#include "rules/guest.h"
#include "catalogue/hvm-params.h"
#include "catalogue/types.h"

#include <stdio.h>

/* Devices of an HVM domain that a PVH domain lacks. */
static const struct device {
    uint16_t typecode, instance;
} devices[] = {
    { CODE_PIC, 0 },  { CODE_PIC, 1 },  { CODE_IOAPIC, 0 }, { CODE_PIT, 0 },
    { CODE_RTC, 0 },  { CODE_HPET, 0 }, { CODE_PMTIMER, 0 },
};
#define N_DEVICES (sizeof(devices) / sizeof(devices[0]))

bool check_is_device(uint32_t typecode)
{
    for (size_t i = 0; i < N_DEVICES; i++)
        if (devices[i].typecode == typecode)
            return true;
    return false;
}

bool check_is_pvh(const struct check *check)
{
    return check->host->domain &&
           check->host->domain->guest == DOMCTX_GUEST_PVH;
}

/* Records that every domain has once. */
static const struct device lines[] = {
    { CODE_PCI_IRQ, 0 }, { CODE_ISA_IRQ, 0 }, { CODE_PCI_LINK, 0 },
};

static void tell_missing(struct check *check, uint32_t typecode,
                         uint32_t instance, const char *words)
{
    struct msg_at at = { .record = cat_record(typecode)->name,
                         .has_instance = true, .instance = instance };

    check_raise(check, MSG_LOAD_MISSING, typecode, &at,
                &frame_rows[FRAME_MISSING].outcome, true, "%s", words);
}

/* Check that the context has either all records of a set or none. */
static void check_set(struct check *check, const struct device *set,
                      size_t count, const char *words)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any |= check->has[set[i].instance][set[i].typecode];
    for (size_t i = 0; any && i < count; i++)
        if (!check->has[set[i].instance][set[i].typecode])
            tell_missing(check, set[i].typecode, set[i].instance, words);
}

static bool is_vcpu_record(uint32_t typecode)
{
    const struct cat_record *record = cat_record(typecode);

    return record && record->flags & CAT_VCPU;
}

/* Check that every vCPU has the record if one has it. */
static void check_vcpu_record(struct check *check, uint32_t typecode)
{
    bool any = false;

    for (uint32_t vcpu = 0; vcpu < VCPUS_MAX; vcpu++)
        any |= check->has[vcpu][typecode];
    for (uint32_t vcpu = 0; any && vcpu < VCPUS_MAX; vcpu++)
        if (check->has_vcpu[vcpu] && !check->has[vcpu][typecode]) {
            tell_missing(check, typecode, vcpu,
                         "missing, and other vCPUs have it");
            return;
        }
}

/* Parameter 9 of the stream; 0: none. */
static uint64_t viridian_of(const struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;
    uint64_t value = 0;

    for (size_t i = 0; domain && i < domain->n_params; i++)
        if (domain->params[i].index == PARAM_VIRIDIAN)
            value = domain->params[i].value;
    return value;
}

/* Savers write both records of a guest with the parameter: that of the domain
 * since 3.4, that of the vCPU since 4.2, and groups above these since 4.6. */
#define GROUPS_OF_OLD UINT64_C(7)

static void check_viridian(struct check *check)
{
    const char *uses = "missing, and the guest uses Viridian (parameter 9)";
    uint64_t groups = viridian_of(check);
    bool vcpu = false;

    for (uint32_t i = 0; i < VCPUS_MAX; i++)
        vcpu |= check->has[i][CODE_VIRIDIAN_VCPU];
    if (!check->has[0][CODE_VIRIDIAN_DOMAIN] && (vcpu || groups))
        tell_missing(check, CODE_VIRIDIAN_DOMAIN, 0,
                     vcpu ? "missing, and VIRIDIAN_VCPU is there" : uses);
    if (!vcpu && check->has[0][CODE_CPU] && groups & ~GROUPS_OF_OLD)
        tell_missing(check, CODE_VIRIDIAN_VCPU, 0, uses);
}

/* Check how many vCPUs there are, and which are down. */
static void check_vcpus(struct check *check)
{
    struct msg_at at = { .record = cat_record(CODE_CPU)->name };
    uint32_t needed = 0, up = 0, down = 0, first_down = 0;

    for (uint32_t vcpu = 0; vcpu < VCPUS_MAX; vcpu++) {
        if (!check->has_vcpu[vcpu])
            continue;
        needed = vcpu + 1;
        if (check->has[vcpu][CODE_CPU])
            up++;
        else if (down++ == 0)
            first_down = vcpu;
    }
    if (up == 0) {
        check_raise(check, MSG_LOAD_NO_CPU, CODE_CPU, &at,
                    &frame_rows[FRAME_NO_CPU].outcome, true, "%s",
                    frame_rows[FRAME_NO_CPU].reason);
    } else if (down) {
        at.found = (struct msg_value)DEC(down);
        at.has_instance = true;
        at.instance = first_down;
        check_raise(check, MSG_LOAD_VCPU_DOWN, CODE_CPU, &at,
                    &frame_rows[FRAME_DOWN].outcome, true,
                    "vCPUs that stay down, this one the first");
        at.has_instance = false;
    }
    if (needed == 0 || guest_vcpus_of(check->host->domain))
        return;
    at.found = (struct msg_value)DEC(needed);
    check_raise(check, MSG_LOAD_VCPUS, CODE_CPU, &at,
                &frame_rows[FRAME_VCPUS].outcome, true,
                "vCPUs that the domain must have");
}

/* Tell of the kind of domain that the context needs, unless the configuration
 * makes a PVH domain, whose records are judged.  Today's PVH came with 4.7,
 * and with it the loader's ENODEV. */
static void check_kind(struct check *check, bool hvm)
{
    struct msg_at at = { .found = TEXT(hvm ? "HVM" : "PVH") };
    bool old = !since_some(&frame_rows[FRAME_KIND_HVM].since, check->target);
    enum frame_check row = old   ? FRAME_KIND_OLD
                           : hvm ? FRAME_KIND_HVM
                                 : FRAME_KIND_PVH;

    if ((old && hvm) || (!old && check_is_pvh(check)))
        return;
    check_raise(check, MSG_LOAD_KIND, CODE_PIC, &at, &frame_rows[row].outcome,
                true, "%s",
                old ? "of a domain without emulated devices, which this "
                      "release does not have"
                    : "the kind of domain that it loads into");
}

void check_presence(struct check *check)
{
    check_set(check, devices, N_DEVICES,
              "missing, and other devices are there");
    check_set(check, lines, sizeof(lines) / sizeof(lines[0]),
              "missing, and other interrupt lines are there");
    for (uint32_t code = 0; code < CODE_COUNT; code++)
        if (is_vcpu_record(code) && code != CODE_CPU &&
            !(cat_record(code)->flags & CAT_OPTIONAL))
            check_vcpu_record(check, code);
    check_viridian(check);
    check_vcpus(check);
    check_kind(check, check->has_device);
}
