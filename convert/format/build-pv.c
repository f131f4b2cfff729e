/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building the records of paravirtual state, by the rows of the catalogue. */
#include "format/builder.h"
#include "base/bytes.h"
#include "catalogue/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* A body under construction, in the first layout of its record. */
struct making {
    domctx_builder *builder;
    domctx_report *report;
    const struct cat_record *record;
    uint8_t *body;
    size_t length;
};

/* Allocate a zeroed body: the fixed part and so many bytes after it. */
static int begin(struct making *making, domctx_builder *builder,
                 uint32_t type, uint64_t tail, domctx_report *report)
{
    const struct cat_record *record = cat_record_of_type(type);
    size_t room;

    *making = (struct making){ .builder = builder, .report = report,
                               .record = record };
    if (builder_need_image(builder, type, report))
        return -1;
    if (ADD_OVERFLOW(tail, record->layouts[0].length, &making->length) ||
        ADD_OVERFLOW(making->length, 1, &room))
        return msg_no_memory(report, SIZE_MAX);
    making->body = calloc(1, room);
    return making->body ? 0 : msg_no_memory(report, room);
}

/* Allocate a zeroed body with room for units of the layout. */
static int begin_units(struct making *making, domctx_builder *builder,
                       uint32_t type, size_t count, domctx_report *report)
{
    uint64_t tail;

    if (MUL_OVERFLOW(count, cat_record_of_type(type)->layouts[0].tail, &tail))
        return msg_no_memory(report, SIZE_MAX);
    return begin(making, builder, type, tail, report);
}

static const struct cat_field *row(const struct making *making,
                                   const char *name)
{
    return cat_field(making->record, &making->record->layouts[0], name);
}

static void set(const struct making *making, const char *name,
                uint64_t value)
{
    cat_set(row(making, name), making->body, 0, value);
}

/* Set a member of each unit from the structures at p, count of them, size
 * bytes apart. */
static void set_all(const struct making *making, const char *name,
                    const void *p, size_t width, size_t size, size_t count)
{
    const struct cat_field *field = row(making, name);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = (const uint8_t *)p + i * size;
        uint64_t value = 0;
        uint32_t word;
        uint16_t half;

        if (width == sizeof(value)) {
            memcpy(&value, at, sizeof(value));
        } else if (width == sizeof(word)) {
            memcpy(&word, at, sizeof(word));
            value = word;
        } else if (width == sizeof(half)) {
            memcpy(&half, at, sizeof(half));
            value = half;
        } else {
            value = *at;
        }
        cat_set(field, making->body, i, value);
    }
}
#define SET_ALL(making, name, array, member, count) \
    do { \
        if (count) \
            set_all(making, name, &(array)->member, \
                    sizeof((array)->member), sizeof(*(array)), count); \
    } while (0)

static int finish(struct making *making, uint32_t instance)
{
    int result = domctx_builder_add(making->builder,
                                    making->record->typecode, instance,
                                    making->body, making->length,
                                    making->report);

    free(making->body);
    return result;
}

/* -- the records ---------------------------------------------------------- */

int domctx_builder_evtchn(domctx_builder *builder,
                          const struct domctx_evtchn *evtchn,
                          domctx_report *report)
{
    const struct domctx_port *ports = evtchn->ports;
    size_t n = evtchn->n_ports;
    struct making making;

    if (begin_units(&making, builder, DOMCTX_EVTCHN, n, report))
        return -1;
    set(&making, "header_size", making.record->layouts[0].length);
    set(&making, "entry_size", making.record->layouts[0].tail);
    set(&making, "nr_entries", n);
    set(&making, "flags", evtchn->flags);
    set(&making, "nr_valid", evtchn->nr_valid);
    set(&making, "max_port", evtchn->max_port);
    set(&making, "callback_irq", evtchn->callback_irq);
    set(&making, "store_port", evtchn->store_port);
    set(&making, "console_port", evtchn->console_port);
    set(&making, "shared_info_gfn", evtchn->shared_info_gfn);
    SET_ALL(&making, "port[].port", ports, port, n);
    SET_ALL(&making, "port[].status", ports, status, n);
    SET_ALL(&making, "port[].flags", ports, flags, n);
    SET_ALL(&making, "port[].priority", ports, priority, n);
    SET_ALL(&making, "port[].vcpu", ports, vcpu, n);
    SET_ALL(&making, "port[].remote", ports, remote, n);
    SET_ALL(&making, "port[].domid", ports, domid, n);
    return finish(&making, 0);
}

int domctx_builder_grant_table(domctx_builder *builder,
                               const struct domctx_grant_table *table,
                               domctx_report *report)
{
    uint64_t shared = (uint64_t)table->nr_stored * DOMCTX_FRAME_SIZE;
    uint64_t status = (uint64_t)table->nr_status * DOMCTX_FRAME_SIZE;
    struct making making;
    uint8_t *frames;

    if (begin(&making, builder, DOMCTX_GRANT_TABLE, shared + status, report))
        return -1;
    frames = making.body + making.record->layouts[0].length;
    set(&making, "header_size", making.record->layouts[0].length);
    set(&making, "version", table->version);
    set(&making, "frame_size", DOMCTX_FRAME_SIZE);
    set(&making, "nr_frames", table->nr_frames);
    set(&making, "max_nr_frames", table->max_nr_frames);
    set(&making, "nr_status", table->nr_status);
    set(&making, "flags", table->flags);
    set(&making, "nr_stored", table->nr_stored);
    if (shared)
        memcpy(frames, table->shared, shared);
    if (status)
        memcpy(frames + shared, table->status, status);
    return finish(&making, 0);
}

int domctx_builder_hvm_params(domctx_builder *builder,
                              const struct domctx_hvm_param *params,
                              size_t count, domctx_report *report)
{
    struct making making;

    if (begin_units(&making, builder, DOMCTX_HVM_PARAMS, count, report))
        return -1;
    set(&making, "count", count);
    SET_ALL(&making, "param[].index", params, index, count);
    SET_ALL(&making, "param[].value", params, value, count);
    return finish(&making, 0);
}

int domctx_builder_vcpu_state(domctx_builder *builder, uint32_t vcpu,
                              const struct domctx_vcpu_state *state,
                              domctx_report *report)
{
    struct making making;

    if (begin(&making, builder, DOMCTX_VCPU_STATE, 0, report))
        return -1;
    set(&making, "flags", state->flags);
    set(&making, "last_cpu", state->cpu);
    set(&making, "cpu_time", state->cpu_time_ns);
    set(&making, "time", state->time_ns);
    return finish(&making, vcpu);
}

int domctx_builder_cpuid_policy(domctx_builder *builder,
                                const struct domctx_cpuid_leaf *leaves,
                                size_t count, domctx_report *report)
{
    struct making making;

    if (begin_units(&making, builder, DOMCTX_CPUID_POLICY, count, report))
        return -1;
    SET_ALL(&making, "leaf[].leaf", leaves, leaf, count);
    SET_ALL(&making, "leaf[].subleaf", leaves, subleaf, count);
    SET_ALL(&making, "leaf[].a", leaves, a, count);
    SET_ALL(&making, "leaf[].b", leaves, b, count);
    SET_ALL(&making, "leaf[].c", leaves, c, count);
    SET_ALL(&making, "leaf[].d", leaves, d, count);
    return finish(&making, 0);
}

int domctx_builder_msr_policy(domctx_builder *builder,
                              const struct domctx_policy_msr *msrs,
                              size_t count, domctx_report *report)
{
    struct making making;

    if (begin_units(&making, builder, DOMCTX_MSR_POLICY, count, report))
        return -1;
    SET_ALL(&making, "msr[].idx", msrs, index, count);
    SET_ALL(&making, "msr[].flags", msrs, flags, count);
    SET_ALL(&making, "msr[].val", msrs, value, count);
    return finish(&making, 0);
}
