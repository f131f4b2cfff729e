/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis as JSON. */
#include "base/json.h"
#include "diagnose/diagnose.h"

static void put_evidence(const struct evidence *evidence, void *arg)
{
    struct json_writer *writer = arg;

    json_put_mark(writer, JSON_OBJECT);
    json_pair_said(writer, "record", evidence->record);
    json_pair_said(writer, "field", evidence->field);
    json_pair_hex(writer, "value", evidence->value);
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_found(const domctx_diagnosis *diagnosis,
                      const struct found *found, struct json_writer *writer)
{
    const struct domctx_message *message =
        domctx_message_at((size_t)found->pattern->rule.id);
    char buf[DIAG_ROOM];

    json_put_mark(writer, JSON_OBJECT);
    json_pair_said(writer, "id", message->id);
    json_pair_said(writer, "severity",
                   domctx_severity_name(message->severity));
    if (found->of_vcpu) {
        json_pair_u64(writer, "vcpu", found->vcpu);
    }
    json_pair_said(writer, "text", diag_sentence(diagnosis, found, buf));
    json_open(writer, "evidence", JSON_ARRAY);
    diag_evidence(diagnosis, found, put_evidence, writer);
    json_put_mark(writer, JSON_ARRAY_END);
    json_pair_said(writer, "cause", message->cause);
    json_pair_said(writer, "mend", message->mend);
    json_pair_said(writer, "unless", found->pattern->unless);
    json_pair_said(writer, "source", found->pattern->rule.source);
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_all(const domctx_diagnosis *diagnosis, const char *key,
                    const struct found *found, size_t count,
                    struct json_writer *writer)
{
    json_open(writer, key, JSON_ARRAY);
    for (size_t i = 0; i < count; i++)
        put_found(diagnosis, &found[i], writer);
    json_put_mark(writer, JSON_ARRAY_END);
}

/* Write the place in the kernel, and the return addresses. */
static void put_places(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       uint64_t rip, struct json_writer *writer)
{
    char buf[DIAG_ROOM];

    if (*diag_symbol(diagnosis, rip, false, buf)) {
        json_pair_said(writer, "in", buf);
    }
    if (!diag_stack(diagnosis, vcpu, 0, buf))
        return;
    json_open(writer, "stack", JSON_ARRAY);
    for (size_t i = 0; diag_stack(diagnosis, vcpu, i, buf); i++)
        json_put_string(writer, buf);
    json_put_mark(writer, JSON_ARRAY_END);
}

static void put_vcpu(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                     struct json_writer *writer)
{
    size_t last = diagnosis->n_looks - 1;
    const struct facts *facts = &diagnosis->seen[last].vcpu[vcpu];

    json_put_mark(writer, JSON_OBJECT);
    json_pair_u64(writer, "vcpu", vcpu);
    json_pair_said(writer, "state", diag_state(diagnosis, vcpu));
    if (facts->holds & V_UP) {
        uint64_t rip = diag_value(diag_last(diagnosis)->context,
                                  LIVE_TYPE(CPU), vcpu, "rip");

        json_pair_hex(writer, "rip", rip);
        put_places(diagnosis, vcpu, rip, writer);
    }
    if (facts->known & V_UPCALL) {
        json_put_key(writer, "upcall_pending");
        json_put_mark(writer, facts->holds & V_UPCALL ? JSON_TRUE
                                                      : JSON_FALSE);
    }
    if (diag_between(diagnosis, last) && facts->known & V_STOPPED) {
        json_pair_u64(writer, "used_ns", diag_used(diagnosis, last, vcpu));
    }
    json_put_mark(writer, JSON_OBJECT_END);
}

/* Write what the symbols tell about the whole kernel. */
static void put_kernel(const domctx_diagnosis *diagnosis,
                       struct json_writer *writer)
{
    const domctx_memory *memory = diag_last(diagnosis)->memory;

    if (!diag_last(diagnosis)->symbols)
        return;
    json_open(writer, "kernel", JSON_OBJECT);
    json_put_key(writer, "symbols_fit");
    json_put_mark(writer, diagnosis->fit == FIT_YES ? JSON_TRUE : JSON_FALSE);
    if (diagnosis->fit == FIT_YES) {
        json_pair_hex(writer, "moved", diagnosis->moved);
    }
    if (memory && memory->has_jiffies) {
        json_pair_u64(writer, "jiffies", memory->jiffies);
    }
    if (memory && memory->has_panic) {
        json_put_key(writer, "panicked");
        json_put_mark(writer, memory->panic_cpu >= 0 ? JSON_TRUE
                                                     : JSON_FALSE);
    }
    json_put_mark(writer, JSON_OBJECT_END);
}

static void put_lists(const domctx_diagnosis *diagnosis,
                      struct json_writer *writer)
{
    const char *sentence;
    char buf[DIAG_ROOM];

    json_open(writer, "vcpus", JSON_ARRAY);
    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++)
        put_vcpu(diagnosis, v, writer);
    json_put_mark(writer, JSON_ARRAY_END);
    put_all(diagnosis, "findings", diagnosis->found, diagnosis->n_found,
            writer);
    put_all(diagnosis, "seen_once", diagnosis->once, diagnosis->n_once,
            writer);
    json_open(writer, "not_seen", JSON_ARRAY);
    for (size_t i = 0; (sentence = diag_unseen(diagnosis, i, buf)); i++)
        json_put_string(writer, sentence);
    json_put_mark(writer, JSON_ARRAY_END);
}

int domctx_diagnosis_json(const domctx_diagnosis *diagnosis,
                          const char *name, domctx_sink *sink, void *arg,
                          domctx_report *report)
{
    uint64_t between = diag_between(diagnosis, diagnosis->n_looks - 1);
    struct json_writer writer;
    char buf[DIAG_ROOM];

    json_begin(&writer, true);
    json_put_mark(&writer, JSON_OBJECT);
    json_pair_said(&writer, "schema", "xl-context-diagnose-1");
    json_pair_said(&writer, "name", name);
    json_pair_u64(&writer, "looks", diagnosis->n_looks);
    json_put_key(&writer, "live");
    json_put_mark(&writer, diag_last(diagnosis)->live ? JSON_TRUE
                                                      : JSON_FALSE);
    if (between) {
        json_pair_u64(&writer, "between_ns", between);
    }
    json_pair_said(&writer, "summary", diag_headline(diagnosis, buf));
    put_kernel(diagnosis, &writer);
    put_lists(diagnosis, &writer);
    json_put_mark(&writer, JSON_OBJECT_END);
    return json_give(&writer, sink, arg, report);
}
