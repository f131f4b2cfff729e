/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/access-support.h"

static domctx_context *open_with(const struct bytes *b,
                                 const struct domctx_open_options *options)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;

    ck_assert_int_eq(domctx_open_memory(b->p, b->size, options, &context,
                                        report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    return context;
}

domctx_context *opened(const struct bytes *b)
{
    return open_with(b, NULL);
}

domctx_context *opened_417(const struct bytes *b)
{
    static const struct domctx_open_options options = {
        .has_xen = true, .force = true, .xen = { 4, 17, DOMCTX_POINT_ANY },
    };

    return open_with(b, &options);
}

domctx_context *opened_release(struct bytes *b,
                               const struct domctx_release *release)
{
    struct domctx_open_options options = { .has_xen = true, .force = true,
                                           .xen = *release };

    put_release(b, release->xen_major, release->xen_minor, 2);
    return open_with(b, &options);
}

uint64_t value_of(const domctx_context *context, const char *record,
                  uint32_t instance, const char *field)
{
    domctx_report *report = domctx_report_new();
    uint64_t value = 0;
    int result = domctx_field(context, record, instance, field, &value,
                              report);

    if (result < 0)
        ck_abort_msg("%s/%u.%s: %s", record, instance, field,
                     domctx_report_get(report, 0)->text);
    expect_only(report, NULL);
    domctx_report_free(report);
    return value;
}

void put_image_of(struct bytes *b, const struct bytes *blob, bool wrapped)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_hvm *hvm = hvm_taken(blob, NULL);
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(wrapped ? domctx_wrap(builder, hvm, NULL)
                             : domctx_migrate(builder, hvm, NULL), 0);
    buf = take_built(builder, "{\"tool\": \"test\"}", true, &size);
    put_raw(b, buf, size);
    free(buf);
    domctx_hvm_free(hvm);
}

static int put_text(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

void put_json_of(struct bytes *b, const struct bytes *what)
{
    domctx_context *context = opened(what);

    ck_assert_int_eq(domctx_json_write(context, put_text, b, NULL), 0);
    domctx_context_free(context);
}

void put_kind(struct bytes *b, int kind)
{
    struct bytes blob = { 0 }, image = { 0 };
    struct saved saved = { .context = &blob,
                           .n_pages = kind == PAGES ? 20 : 0 };

    load_sample(&blob, samples[0]);
    put_image_of(&image, &blob, kind == WRAPPED);
    if (kind == BLOB)
        put_raw(b, blob.p, blob.size);
    else if (kind == WRAPPED || kind == MIGRATED)
        put_raw(b, image.p, image.size);
    else if (kind == SAVE || kind == PAGES)
        put_save_file(b, &saved);
    else
        put_json_of(b, kind == JSON_BLOB ? &blob : &image);
    bytes_free(&blob);
    bytes_free(&image);
}
