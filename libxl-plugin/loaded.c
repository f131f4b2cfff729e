/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a loader makes of a record: it corrects values, and the saver shows
 * them corrected ever after.  So a record is never compared as it stands, but
 * both bodies as the loader of this hypervisor leaves them.
 *
 * Read in xen/arch/x86 of 4.14 to 4.22; the live part runs on no other.
 */
#include "plan.h"

#include "catalogue/codes.h"
#include "catalogue/x2apic.h"

#include <string.h>

/* Two bodies of a record, to be compared. */
struct pair {
    const struct plan *plan;
    const struct plan_record *record;
    uint8_t *wanted, *seen;
    const uint8_t *before;   /* seen before the load; NULL: no load yet */
};

static const struct cat_field *field_of(const struct pair *pair,
                                        const char *name)
{
    return cat_field(pair->record->type, pair->record->layout, name);
}

static uint64_t get(const struct pair *pair, const uint8_t *body,
                    const char *name, size_t i)
{
    const struct cat_field *field = field_of(pair, name);

    return field ? cat_get(field, body, i) : 0;
}

static void set(const struct pair *pair, uint8_t *body, const char *name,
                size_t i, uint64_t value)
{
    const struct cat_field *field = field_of(pair, name);

    if (field)
        cat_set(field, body, i, value);
}

/* ------------------------------------------------------------------ */
/* CPU                                                                  */
/* ------------------------------------------------------------------ */

/* Attributes as in struct segment_register. */
#define ATTR_ACCESSED UINT64_C(0x001)
#define ATTR_BUSY     UINT64_C(0x002)
#define ATTR_S        UINT64_C(0x010)
#define ATTR_P        UINT64_C(0x080)
#define ATTR_DB       UINT64_C(0x400)
#define ATTR_G        UINT64_C(0x800)

static const struct segment {
    const char *attributes, *limit;
    bool user;              /* a code or data segment */
    uint64_t always;        /* bits that are always set */
} segments[] = {
    { "cs_arbytes", "cs_limit", true, ATTR_P },
    { "ds_arbytes", "ds_limit", true, 0 },
    { "es_arbytes", "es_limit", true, 0 },
    { "fs_arbytes", "fs_limit", true, 0 },
    { "gs_arbytes", "gs_limit", true, 0 },
    { "ss_arbytes", "ss_limit", true, 0 },
    { "tr_arbytes", "tr_limit", false, ATTR_P | ATTR_BUSY },
    { "ldtr_arbytes", "ldtr_limit", false, 0 },
};

/* hvm_load_cpu_ctxt() unfolds what old savers took from the VMCS as it stood;
 * hvm_get_segment_register() cooks what a processor does not track. */
static void cook_segments(const struct pair *pair, uint8_t *body)
{
    for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
        const struct segment *segment = &segments[i];
        uint64_t value = get(pair, body, segment->attributes, 0);

        if ((value & 0xf000) && !(value & 0x0f00))
            value = (value & 0xff) | (value >> 4 & 0xf00);
        value |= segment->always;
        if (value & ATTR_P) {
            bool granular = get(pair, body, segment->limit, 0) >> 20;

            value &= ~(ATTR_S | ATTR_G);
            value |= (segment->user ? ATTR_S | ATTR_ACCESSED : 0) |
                     (granular ? ATTR_G : 0);
        } else if (strcmp(segment->attributes, "ss_arbytes") == 0) {
            value &= ~ATTR_DB;
        }
        set(pair, body, segment->attributes, 0, value);
    }
}

/* hvm_event_needs_reinjection(): external interrupts, NMIs, and exceptions
 * but for those of INT3 and INTO. */
static bool is_reinjected(const struct pair *pair, const uint8_t *body)
{
    uint64_t type = get(pair, body, "pending_type", 0);
    uint64_t vector = get(pair, body, "pending_vector", 0);

    return get(pair, body, "pending_valid", 0) &&
           (type == 0 || type == 2 ||
            (type == 3 && vector != 3 && vector != 4));
}

static void cook_cpu(const struct pair *pair, uint8_t *body)
{
    cook_segments(pair, body);
    set(pair, body, "rflags", 0, get(pair, body, "rflags", 0) | 2);
    if (!is_reinjected(pair, body)) {
        set(pair, body, "pending_event", 0, 0);
        set(pair, body, "error_code", 0, 0);
    }
}

static void change_cpu(const struct pair *pair)
{
    cook_cpu(pair, pair->wanted);
    cook_cpu(pair, pair->seen);
}

/* x86_adj_dr6_rsvd() and x86_adj_dr7_rsvd().  Which way the bits of
 * transactional memory and of bus locks go depends on the domain's policy:
 * the loader may set them in DR6 and clear them in DR7. */
#define DR6_ONES   UINT64_C(0xfffe07f0)
#define DR6_ZEROS  UINT64_C(0x1000)
#define DR6_POLICY UINT64_C(0x10800)
#define DR7_ONES   UINT64_C(0x400)
#define DR7_ZEROS  UINT64_C(0xd000)
#define DR7_POLICY UINT64_C(0x800)

static void change_debug(const struct pair *pair)
{
    uint64_t dr6 = get(pair, pair->wanted, "dr6", 0);
    uint64_t dr7 = get(pair, pair->wanted, "dr7", 0);
    uint64_t seen6 = get(pair, pair->seen, "dr6", 0);
    uint64_t seen7 = get(pair, pair->seen, "dr7", 0);

    seen6 = (seen6 | DR6_ONES) & ~DR6_ZEROS;
    seen7 = (seen7 | DR7_ONES) & ~DR7_ZEROS;
    dr6 = ((dr6 | DR6_ONES) & ~DR6_ZEROS) | (seen6 & DR6_POLICY);
    dr7 = ((dr7 | DR7_ONES) & ~DR7_ZEROS) & (seen7 | ~DR7_POLICY);
    set(pair, pair->wanted, "dr6", 0, dr6);
    set(pair, pair->wanted, "dr7", 0, dr7);
    set(pair, pair->seen, "dr6", 0, seen6);
    set(pair, pair->seen, "dr7", 0, seen7);
}

/* ------------------------------------------------------------------ */
/* Interrupt controllers                                                */
/* ------------------------------------------------------------------ */

/* vpic_load(): the cascade of the master is level triggered. */
static void change_pic(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2; i++)
        if (get(pair, bodies[i], "is_master", 0))
            set(pair, bodies[i], "elcr", 0,
                get(pair, bodies[i], "elcr", 0) | 4);
}

/* lapic_load_fixup(): savers up to 4.4 gave every x2APIC the LDR 1.  It is
 * made of the vCPU's number; since 4.18.1 and 4.19 of the APIC's, unless the
 * domain has others of the former kind. */
static void change_lapic_regs(const struct pair *pair)
{
    const struct plan_record *record = pair->record;
    const struct plan_record *lapic =
        plan_find(pair->plan, CODE_LAPIC, record->instance);
    const struct cat_field *base =
        lapic && lapic->wanted && lapic->layout
            ? cat_field(lapic->type, lapic->layout, "apic_base_msr") : NULL;
    uint64_t id = get(pair, pair->wanted, "id", 0);
    uint64_t seen_id = get(pair, pair->seen, "id", 0);
    uint64_t seen_ldr = get(pair, pair->seen, "ldr", 0);
    uint64_t good = UINT64_C(2) * record->instance;

    if (!base || !(cat_get(base, lapic->wanted, 0) & CAT_APIC_BASE_EXTD) ||
        id == 0 || get(pair, pair->wanted, "ldr", 0) != 1 ||
        seen_id != good ||
        (seen_ldr != cat_x2apic_ldr(record->instance) &&
         seen_ldr != cat_x2apic_ldr(good)))
        return;
    set(pair, pair->wanted, "id", 0, seen_id);
    set(pair, pair->wanted, "ldr", 0, seen_ldr);
}

/* ------------------------------------------------------------------ */
/* Timers                                                               */
/* ------------------------------------------------------------------ */

#define PIT_CHANNELS 3

/* pit_load_count(): 0 counts as far as 65536, and becomes it. */
static void change_pit_count(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2 * PIT_CHANNELS; i++) {
        uint8_t *body = bodies[i / PIT_CHANNELS];
        size_t channel = i % PIT_CHANNELS;

        if (get(pair, body, "channels[].count", channel) == 0)
            set(pair, body, "channels[].count", channel, 0x10000);
    }
}

/* pit_load(): older hypervisors save 0xff for a channel that was never set
 * up. */
static void change_pit_mode(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2 * PIT_CHANNELS; i++) {
        uint8_t *body = bodies[i / PIT_CHANNELS];
        size_t channel = i % PIT_CHANNELS;
        uint64_t mode = get(pair, body, "channels[].mode", channel) & 7;

        set(pair, body, "channels[].mode", channel,
            mode > 5 ? mode - 4 : mode);
    }
}

#define HPET_TIMERS 3
#define HPET_ENABLE UINT64_C(0x4)
#define HPET_ROUTE  UINT64_C(0x3e00)
#define HPET_ROUTE_SHIFT 9

/* timer_sanitize_int_route(): a route that the timer cannot have becomes 0,
 * or the first that it can have if it is enabled.  Where legacy routing is on
 * the route of timers 0 and 1 says nothing, and 4.22 leaves it alone (as
 * 4.19.5, 4.20.3, 4.21.1): that is no difference either. */
static void change_hpet(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2 * HPET_TIMERS; i++) {
        uint8_t *body = bodies[i / HPET_TIMERS];
        uint64_t config = get(pair, body, "timers[].config",
                              i % HPET_TIMERS);
        uint64_t can = config >> 32, first = 0;

        if (can >> ((config & HPET_ROUTE) >> HPET_ROUTE_SHIFT) & 1)
            continue;
        config &= ~HPET_ROUTE;
        while (can && !(can >> first & 1))
            first++;
        if (config & HPET_ENABLE)
            config |= first << HPET_ROUTE_SHIFT;
        set(pair, body, "timers[].config", i % HPET_TIMERS, config);
    }
}

/* rtc_load(): the domain's own offset stays if the toolstack has set one, and
 * the saver shows it. */
static void change_rtc(const struct pair *pair)
{
    uint64_t seen = get(pair, pair->seen, "rtc_offset", 0);

    if (pair->before && seen == get(pair, pair->before, "rtc_offset", 0))
        set(pair, pair->wanted, "rtc_offset", 0, seen);
}

/* ------------------------------------------------------------------ */
/* Viridian                                                             */
/* ------------------------------------------------------------------ */

/* viridian_synic_load_vcpu_ctxt(): a flag. */
static void change_assist(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2; i++)
        set(pair, bodies[i], "apic_assist_pending", 0,
            get(pair, bodies[i], "apic_assist_pending", 0) != 0);
}

#define STIMERS 4
#define STIMER_ENABLE UINT64_C(0x1)
#define STIMER_SINTX  UINT64_C(0xf0000)

/* viridian_time_load_vcpu_ctxt() of 4.22 and of 4.17.7, 4.18.6, 4.19.6,
 * 4.20.4, 4.21.2 (XSA-504): a timer without a source or a count is loaded
 * disabled.  A guest cannot enable such a timer, and one without a count is
 * never loaded (crash-rules.c), so it is the same for all points of these
 * releases. */
static void change_stimers(const struct pair *pair)
{
    uint8_t *bodies[] = { pair->wanted, pair->seen };

    for (size_t i = 0; i < 2 * STIMERS; i++) {
        uint8_t *body = bodies[i / STIMERS];
        size_t timer = i % STIMERS;
        uint64_t config = get(pair, body, "stimer_config_msr", timer);

        if (!(config & STIMER_SINTX) ||
            get(pair, body, "stimer_count_msr", timer) == 0)
            set(pair, body, "stimer_config_msr", timer,
                config & ~STIMER_ENABLE);
    }
}

/* ------------------------------------------------------------------ */
/* The table                                                            */
/* ------------------------------------------------------------------ */

static const struct change {
    uint32_t typecode;
    cat_version since;
    void (*change)(const struct pair *pair);
} changes[] = {
    { CODE_CPU, 0, change_cpu },
    { CODE_CPU, CAT_V(4, 18), change_debug },
    { CODE_PIC, 0, change_pic },
    { CODE_LAPIC_REGS, CAT_V(4, 5), change_lapic_regs },
    { CODE_PIT, 0, change_pit_count },
    { CODE_PIT, CAT_V(4, 19), change_pit_mode },
    { CODE_RTC, CAT_V(4, 14), change_rtc },
    { CODE_HPET, CAT_V(4, 12), change_hpet },
    { CODE_VIRIDIAN_VCPU, CAT_V(4, 12), change_assist },
    { CODE_VIRIDIAN_VCPU, CAT_V(4, 17), change_stimers },
};

/* The longest of these records is HPET, 1048 bytes. */
#define BODY_MAX 1048

const struct cat_field *loaded_differs(const struct plan *plan,
                                       const struct plan_record *record,
                                       const uint8_t *seen,
                                       const uint8_t *before,
                                       unsigned int ignore, size_t *index)
{
    uint8_t room[2][BODY_MAX];
    struct pair pair = { plan, record, room[0], room[1], before };
    const uint8_t *left = record->wanted, *right = seen;

    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        if (changes[i].typecode != record->typecode ||
            plan->version < changes[i].since || record->length > BODY_MAX)
            continue;
        if (left == record->wanted) {
            memcpy(room[0], record->wanted, record->length);
            memcpy(room[1], seen, record->length);
            left = room[0];
            right = room[1];
        }
        changes[i].change(&pair);
    }
    return cat_differs(record->type, record->layout, left, right,
                       record->length, ignore, index);
}
