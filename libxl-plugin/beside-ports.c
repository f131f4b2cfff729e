/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The event channels of a domain: a walk over its ports, by EVTCHNOP_status.
 *
 * Xen allocates ports in buckets and never frees one, so those that there are
 * have the numbers from 0 on, and only EINVAL means that there are no more:
 * EACCES is a port of Xen's own in 4.15 to 4.18 (f60ab5337f, taken back by
 * 2d8d7481ca).  Port 0 is nobody's; EACCES of it comes from a policy of XSM.
 */
#include "beside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* EVTCHN_FIFO_NR_CHANNELS: no ABI has more. */
#define PORTS_MAX (UINT32_C(1) << 17)

/* A bucket holds up to 64 ports, or, with the debug build's larger channels,
 * fewer. */
#define BUCKET 64u

/* A walk of every port of the FIFO ABI takes a tenth of a second; no guest is
 * held for longer than this. */
#define WALK_NS UINT64_C(1000000000)

/* Whatever the answer is, one that there is not gives another. */
static bool port_exists(xlcontext *xlc, uint32_t domid, uint32_t port)
{
    struct port_status status;

    return call_port_status(xlc, domid, port, &status) == 0 ||
           errno != EINVAL;
}

/* The number of the first port that does not exist, by halving; 0 where
 * nothing is told of any. */
static uint32_t count_ports(xlcontext *xlc, uint32_t domid)
{
    uint32_t low = 0, high = PORTS_MAX;
    struct port_status status;

    if (call_port_status(xlc, domid, 0, &status) < 0)
        return 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (port_exists(xlc, domid, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The limit that the toolstack was told; libxl_domain_build_info.  */
static uint32_t configured_max(xlcontext *xlc, uint32_t domid)
{
    libxl_domain_config config;
    uint32_t max = 0;

    libxl_domain_config_init(&config);
    if (libxl_retrieve_domain_configuration(xlc->ctx, domid, &config,
                                            NULL) == 0)
        max = config.b_info.event_channels;
    libxl_domain_config_dispose(&config);
    return max;
}

int ports_prepare(xlcontext *xlc, const struct domain *domain,
                  struct beside *beside)
{
    struct beside_ports *ports = &beside->ports;
    size_t size;

    ports->record.callback_irq = DOMCTX_NOT_READ;
    ports->record.shared_info_gfn = domain->info.shared_info_frame;
    ports->record.max_port = configured_max(xlc, domain->domid);
    ports->room = count_ports(xlc, domain->domid) + BUCKET;
    size = ports->room * sizeof(*ports->port);
    ports->port = malloc(size);
    ports->pending = calloc(1, XC_PAGE_SIZE);
    if (!ports->port || !ports->pending)
        return -1;
    /* The pause must not wait for page faults. */
    memset(ports->port, 0, size);
    return 0;
}

/* -- in the pause ----------------------------------------------------- */

/* One port: 0, or an errno that ends the walk. */
static int walk_port(xlcontext *xlc, uint32_t domid, uint32_t number,
                     struct beside_ports *ports)
{
    struct port_status seen = { .remote = DOMCTX_DOMID_NONE };
    int error = call_port_status(xlc, domid, number, &seen) == 0 ? 0 : errno;

    if (error == EACCES && number != 0) {
        seen.status = DOMCTX_PORT_REFUSED;
        ports->record.flags |= DOMCTX_EVTCHN_HIDDEN;
        error = 0;
    }
    if (error != 0 || seen.status == EVTCHNSTAT_closed)
        return error;
    if (ports->record.n_ports == ports->room)
        return ENOSPC;
    /* No interface tells the priority. */
    ports->port[ports->record.n_ports++] = (struct domctx_port){
        .port = number, .status = (uint8_t)seen.status,
        .priority = DOMCTX_PRIORITY_UNKNOWN, .vcpu = seen.vcpu,
        .remote = seen.value, .domid = seen.remote };
    return 0;
}

int ports_walk(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct domctx_evtchn *record = &beside->ports.record;
    struct beside_fate *fate = &beside->fate[BESIDE_EVTCHN];
    uint64_t until = now_ns() + WALK_NS;
    uint32_t number = 0;
    int error = 0;

    while (error == 0 && number < PORTS_MAX) {
        error = walk_port(xlc, domid, number, &beside->ports);
        number += error == 0;
        if (error == 0 && number % BUCKET == 0 && now_ns() > until)
            error = ETIME;
    }
    if (error == ENOSPC)
        return 1;
    record->nr_valid = number;
    if (error == 0 || error == EINVAL)
        record->flags |= DOMCTX_EVTCHN_COMPLETE;
    else if (error == ETIME)
        fate->lack.words = "a walk over all ports takes too long";
    else
        fate->lack.error = error;
    fate->taken = number > 0;
    return 0;
}

/* What the parameters say of the channels. */
void ports_params(xlcontext *xlc, uint32_t domid, struct beside *beside)
{
    struct beside_ports *ports = &beside->ports;
    uint64_t callback, store, console;

    if (call_param(xlc, domid, HVM_PARAM_CALLBACK_IRQ, &callback) < 0 ||
        call_param(xlc, domid, HVM_PARAM_STORE_EVTCHN, &store) < 0 ||
        call_param(xlc, domid, HVM_PARAM_CONSOLE_EVTCHN, &console) < 0) {
        ports->params.error = errno;
        return;
    }
    ports->record.callback_irq = callback;
    ports->record.store_port = (uint32_t)store;
    ports->record.console_port = (uint32_t)console;
}

/* -- behind it -------------------------------------------------------- */

/* The bits of a 2-level guest's shared info; a word is as long as the
 * guest's. */
#define LEVELS_64 4096u
#define LEVELS_32 1024u
#define PENDING_AT 2048u

struct bits {
    const uint8_t *pending, *mask;
    uint32_t count;
};

static bool bit_of(const uint8_t *bits, uint32_t n)
{
    return bits[n / 8] >> (n % 8) & 1;
}

static bool is_zero(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i] != 0)
            return false;
    return true;
}

/* Whether each port that is closed is masked, as a guest of the 2-level ABI
 * leaves them; false when none is closed. */
static bool closed_are_masked(const struct beside_ports *ports,
                              const struct bits *bits)
{
    size_t next = 0;
    bool closed = false;

    for (uint32_t number = 0; number < bits->count; number++) {
        if (next < ports->record.n_ports &&
            ports->port[next].port == number) {
            next++;
            continue;
        }
        if (!bit_of(bits->mask, number))
            return false;
        closed = true;
    }
    return closed;
}

/* Whether the guest itself has bound ports, and none of these has its bit: the
 * toolstack makes none for an IPI or a VIRQ.  Bits of others are those that
 * the firmware of an HVM guest left behind, which knows the 2-level ABI
 * alone. */
static bool own_have_no_bit(const struct beside_ports *ports,
                            const struct bits *bits)
{
    bool own = false;

    for (size_t i = 0; i < ports->record.n_ports; i++) {
        const struct domctx_port *port = &ports->port[i];

        if (port->status != DOMCTX_PORT_VIRQ &&
            port->status != DOMCTX_PORT_IPI)
            continue;
        if (bit_of(bits->pending, port->port))
            return false;
        own = true;
    }
    return own;
}

/* No interface tells which ABI the guest uses; the signs that it leaves
 * do. */
static uint32_t abi_of(const struct beside_ports *ports,
                       const struct bits *bits)
{
    size_t n = ports->record.n_ports;

    if (n > 0 && ports->port[n - 1].port >= bits->count)
        return DOMCTX_EVTCHN_ABI | DOMCTX_EVTCHN_FIFO;
    if (!ports->has_pending ||
        !(ports->record.flags & DOMCTX_EVTCHN_COMPLETE))
        return 0;
    if (closed_are_masked(ports, bits))
        return DOMCTX_EVTCHN_ABI;
    if (own_have_no_bit(ports, bits) &&
        is_zero(bits->mask, bits->count / 8))
        return DOMCTX_EVTCHN_ABI | DOMCTX_EVTCHN_FIFO;
    return 0;
}

/* The bits of the ports of a 2-level guest. */
static void put_states(const struct beside_ports *ports,
                       const struct bits *bits)
{
    for (size_t i = 0; i < ports->record.n_ports; i++) {
        struct domctx_port *port = &ports->port[i];

        port->flags = DOMCTX_PORT_KNOWN;
        if (bit_of(bits->pending, port->port))
            port->flags |= DOMCTX_PORT_PENDING;
        if (bit_of(bits->mask, port->port))
            port->flags |= DOMCTX_PORT_MASKED;
    }
}

int ports_add(const struct beside *beside, bool is_32bit,
              domctx_builder *builder, domctx_report *report)
{
    const struct beside_ports *ports = &beside->ports;
    struct bits bits = { .count = is_32bit ? LEVELS_32 : LEVELS_64 };
    struct domctx_evtchn record = ports->record;
    uint32_t abi;

    bits.pending = ports->pending + PENDING_AT;
    bits.mask = bits.pending + bits.count / 8;
    abi = abi_of(ports, &bits);
    if (abi == DOMCTX_EVTCHN_ABI)
        put_states(ports, &bits);
    record.flags |= abi | (is_32bit ? DOMCTX_EVTCHN_32BIT : 0) |
                    (beside->paused ? DOMCTX_EVTCHN_PAUSED : 0);
    record.ports = ports->port;
    return domctx_builder_evtchn(builder, &record, report);
}

void ports_release(struct beside_ports *ports)
{
    free(ports->port);
    free(ports->pending);
}
