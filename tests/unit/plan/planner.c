/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/planner.h"

#define XEN_4_17 CAT_V(4, 17)

/* ------------------------------------------------------------------ */
/* Contexts                                                             */
/* ------------------------------------------------------------------ */

static void append(struct context *context, size_t at, uint32_t typecode,
                   uint32_t instance, const void *body, uint32_t length)
{
    struct context_record *records =
        realloc(context->records, (context->count + 1) * sizeof(*records));
    uint8_t *copy = calloc(1, length + 1);

    ck_assert_ptr_nonnull(records);
    ck_assert_ptr_nonnull(copy);
    if (length && body)
        memcpy(copy, body, length);
    context->records = records;
    memmove(records + at + 1, records + at,
            (context->count - at) * sizeof(*records));
    records[at] = (struct context_record){
        .typecode = (uint16_t)typecode, .instance = (uint16_t)instance,
        .length = length, .body = copy,
    };
    context->count++;
}

void context_of_blob(struct context *context, const uint8_t *blob,
                     size_t size)
{
    domctx_hvm *hvm;

    *context = (struct context){ 0 };
    ck_assert_int_eq(domctx_hvm_parse(blob, size, &hvm, NULL), 0);
    for (size_t i = 0; i + 1 < domctx_hvm_count(hvm); i++) {
        const struct domctx_record *record = domctx_hvm_get(hvm, i);

        append(context, i, record->type, record->instance, record->body,
               (uint32_t)record->length);
    }
    domctx_hvm_free(hvm);
}

void context_load(struct context *context, const char *sample)
{
    struct bytes file = { 0 };

    load_sample(&file, sample);
    context_of_blob(context, file.p, file.size);
    bytes_free(&file);
}

void context_copy(struct context *to, const struct context *from)
{
    *to = (struct context){ 0 };
    for (size_t i = 0; i < from->count; i++)
        append(to, i, from->records[i].typecode, from->records[i].instance,
               from->records[i].body, from->records[i].length);
}

void context_free(struct context *context)
{
    for (size_t i = 0; i < context->count; i++)
        free(context->records[i].body);
    free(context->records);
    domctx_hvm_free(context->hvm);
    bytes_free(&context->blob);
    *context = (struct context){ 0 };
}

struct context_record *context_record(struct context *context,
                                      uint32_t typecode, uint32_t instance)
{
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].typecode == typecode &&
            context->records[i].instance == instance)
            return &context->records[i];
    ck_abort_msg("no record %u/%u", typecode, instance);
}

void context_add(struct context *context, uint32_t typecode,
                 uint32_t instance, const void *body, uint32_t length)
{
    size_t at = 0;

    while (at < context->count &&
           (context->records[at].typecode < typecode ||
            (context->records[at].typecode == typecode &&
             context->records[at].instance <= instance)))
        at++;
    append(context, at, typecode, instance, body, length);
}

void context_drop(struct context *context, uint32_t typecode,
                  uint32_t instance)
{
    struct context_record *record = context_record(context, typecode,
                                                   instance);
    size_t at = (size_t)(record - context->records);

    free(record->body);
    context->count--;
    memmove(record, record + 1, (context->count - at) * sizeof(*record));
}

void context_resize(struct context *context, uint32_t typecode,
                    uint32_t instance, uint32_t length)
{
    struct context_record *record = context_record(context, typecode,
                                                   instance);
    uint8_t *body = calloc(1, length + 1);

    ck_assert_ptr_nonnull(body);
    memcpy(body, record->body,
           length < record->length ? length : record->length);
    free(record->body);
    record->body = body;
    record->length = length;
}

static const struct cat_field *field_of(const struct context_record *record,
                                        const char *name)
{
    const struct cat_record *type = cat_record(record->typecode);
    const struct cat_layout *layout = cat_layout(type, record->length,
                                                 XEN_4_17);
    const struct cat_field *field =
        layout ? cat_field(type, layout, name) : NULL;

    if (!field)
        ck_abort_msg("%s has no field %s", type->name, name);
    return field;
}

void context_set(struct context *context, uint32_t typecode,
                 uint32_t instance, const char *field, size_t index,
                 uint64_t value)
{
    struct context_record *record = context_record(context, typecode,
                                                   instance);

    cat_set(field_of(record, field), record->body, index, value);
}

uint64_t planned_get(struct context *context, uint32_t typecode,
                     uint32_t instance, const char *field, size_t index)
{
    struct context_record *record = context_record(context, typecode,
                                                   instance);

    return cat_get(field_of(record, field), record->body, index);
}

void context_msrs(struct context *context, uint32_t instance,
                  const struct msr_value *msrs, uint32_t count)
{
    struct bytes body = { 0 };

    put32le(&body, count);
    put32le(&body, 0);
    for (uint32_t i = 0; i < count; i++) {
        put32le(&body, msrs[i].index);
        put32le(&body, 0);
        put32le(&body, (uint32_t)msrs[i].value);
        put32le(&body, (uint32_t)(msrs[i].value >> 32));
    }
    context_add(context, CPU_MSR, instance, body.p, (uint32_t)body.size);
    bytes_free(&body);
}

const domctx_hvm *context_hvm(struct context *context)
{
    domctx_hvm_free(context->hvm);
    bytes_free(&context->blob);
    context->blob = (struct bytes){ 0 };
    for (size_t i = 0; i < context->count; i++)
        put_hvm(&context->blob, context->records[i].typecode,
                context->records[i].instance, context->records[i].body,
                context->records[i].length);
    put_hvm_end(&context->blob);
    ck_assert_int_eq(domctx_hvm_parse(context->blob.p, context->blob.size,
                                      &context->hvm, NULL), 0);
    return context->hvm;
}

/* ------------------------------------------------------------------ */
/* Plans                                                                */
/* ------------------------------------------------------------------ */

void planner_open(struct planner *p, const char *sample)
{
    *p = (struct planner){
        .facts = { .image_version = XEN_4_17, .present_version = XEN_4_17,
                   .callback = PLAN_CALLBACK_VECTOR, .amd = true },
    };
    context_load(&p->image, sample);
    context_load(&p->present, sample);
    p->report = domctx_report_new();
    ck_assert_ptr_nonnull(p->report);
}

void planner_close(struct planner *p)
{
    plan_free(&p->plan);
    context_free(&p->image);
    context_free(&p->present);
    domctx_report_free(p->report);
}

void planner_make(struct planner *p)
{
    plan_free(&p->plan);
    domctx_report_free(p->report);
    p->report = domctx_report_new();
    ck_assert_ptr_nonnull(p->report);
    ck_assert_int_eq(plan_make(&p->plan, context_hvm(&p->image),
                               context_hvm(&p->present), &p->facts,
                               p->report), 0);
}

static const char *loads_of(const struct plan *plan)
{
    static char text[4096];
    size_t used = 0, n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_record *record = &plan->records[i];

        if (!record->load)
            continue;
        n++;
        ck_assert_ptr_nonnull(record->wanted);
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 "%s%s/%u", used ? " " : "",
                                 record->type ? record->type->name : "?",
                                 record->instance);
    }
    ck_assert_uint_eq(n, plan->n_load);
    return text;
}

const char *planner_loads(const struct planner *p)
{
    return loads_of(&p->plan);
}

void expect_loads(const struct planner *p, const char *loads)
{
    ck_assert_str_eq(planner_loads(p), loads);
}

void expect_ids(const domctx_report *report, const char *ids)
{
    const struct domctx_message *message;
    char text[1024] = "";
    size_t used = 0;

    for (size_t i = 0; (message = domctx_message_at(i)); i++)
        if (message->severity != DOMCTX_NOTE &&
            count_id(report, message->id) > 0)
            used += (size_t)snprintf(text + used, sizeof(text) - used,
                                     "%s%s", used ? " " : "", message->id);
    ck_assert_str_eq(text, ids);
}

uint64_t wanted(const struct planner *p, uint32_t typecode,
                uint32_t instance, const char *field, size_t index)
{
    const struct plan_record *record = plan_find(&p->plan, typecode,
                                                 instance);
    struct context_record view;

    ck_assert_ptr_nonnull(record);
    ck_assert_ptr_nonnull(record->wanted);
    view = (struct context_record){ .typecode = (uint16_t)typecode,
                                    .length = record->length };
    return cat_get(field_of(&view, field), record->wanted, index);
}

void planner_after(struct planner *p, struct context *now)
{
    struct context loaded;
    uint8_t *blob;
    size_t size;

    ck_assert_int_eq(plan_blob(&p->plan, p->present.hvm, &blob,
                               &size, NULL), 0);
    context_of_blob(&loaded, blob, size);
    free(blob);
    context_copy(now, &p->present);
    for (size_t i = 0; i < loaded.count; i++) {
        const struct context_record *from = &loaded.records[i];
        bool there = false;

        for (size_t k = 0; k < now->count && !there; k++)
            there = now->records[k].typecode == from->typecode &&
                    now->records[k].instance == from->instance;
        if (there)
            context_drop(now, from->typecode, from->instance);
        context_add(now, from->typecode, from->instance, from->body,
                    from->length);
    }
    context_free(&loaded);
}
