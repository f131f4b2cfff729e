/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/json-support.h"

#include "base/json.h"
#include <unistd.h>

static int take(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static int any_token(void *arg, const struct json_token *token)
{
    (void)arg;
    (void)token;
    return 0;
}

static void write_json(const domctx_context *context, struct bytes *text)
{
    struct bytes again = { 0 };
    struct json_error error;

    text->size = 0;
    ck_assert_int_eq(domctx_json_write(context, take, text, NULL), 0);
    ck_assert_int_eq(domctx_json_write(context, take, &again, NULL), 0);
    ck_assert_uint_eq(text->size, again.size);
    ck_assert_int_eq(memcmp(text->p, again.p, again.size), 0);
    ck_assert_int_eq(json_parse(text->p, text->size, any_token, NULL,
                                &error), JSON_OK);
    ck_assert_int_eq(domctx_detect(text->p, 32), DOMCTX_FORMAT_JSON);
    put_raw(text, "", 1);
    text->size--;
    bytes_free(&again);
}

void json_of_image(const domctx_image *image, struct bytes *text)
{
    domctx_context *context;

    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    write_json(context, text);
    domctx_context_free(context);
}

void json_of_hvm(const domctx_hvm *hvm, bool has_version,
                 unsigned int xen_major, unsigned int xen_minor,
                 struct bytes *text)
{
    domctx_context *context;

    ck_assert_int_eq(domctx_context_of_hvm(hvm, has_version, xen_major,
                                           xen_minor, &context, NULL), 0);
    write_json(context, text);
    domctx_context_free(context);
}

void json_document(const struct bytes *text)
{
    const char *folder = getenv("JSON_DOCUMENTS");
    char name[400];
    FILE *file;
    int fd;

    if (!folder)
        return;
    snprintf(name, sizeof(name), "%s/XXXXXX.json", folder);
    fd = mkstemps(name, 5);
    ck_assert_int_ge(fd, 0);
    file = fdopen(fd, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text->p, 1, text->size, file), text->size);
    ck_assert_int_eq(fclose(file), 0);
}

void json_gives(const struct bytes *text, const uint8_t *p, size_t size)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf;
    size_t got;
    int result = domctx_json_read(text->p, text->size, &buf, &got, report);

    if (result)
        fprintf(stderr, "# %s\n", domctx_report_get(report, 0)->text);
    ck_assert_int_eq(result, 0);
    expect_only(report, NULL);
    ck_assert_uint_eq(got, size);
    ck_assert_int_eq(memcmp(buf, p, size), 0);
    free(buf);
    domctx_report_free(report);
}

void json_refused(const struct bytes *text, const char *id,
                  const char *place)
{
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    size_t size;
    uint8_t *buf;
    const char *at;

    ck_assert_int_eq(domctx_json_read(text->p, text->size, &buf, &size,
                                      report), -1);
    ck_assert_ptr_null(buf);
    expect_only(report, id);
    finding = domctx_report_get(report, 0);
    at = strrchr(finding->text, '$');
    if (place)
        ck_assert_msg(at && !strcmp(at, place), "%s, not %s", finding->text,
                      place);
    domctx_report_free(report);
}

void image_round_trip(const domctx_image *image, const struct bytes *b,
                      bool kept)
{
    struct bytes text = { 0 };

    json_of_image(image, &text);
    json_gives(&text, b->p, b->size - domctx_image_trailing(image));
    if (kept)
        json_document(&text);
    bytes_free(&text);
}

void hvm_round_trip(const domctx_hvm *hvm, bool has_version,
                    unsigned int xen_major, unsigned int xen_minor,
                    const struct bytes *b, bool kept)
{
    struct bytes text = { 0 };

    json_of_hvm(hvm, has_version, xen_major, xen_minor, &text);
    json_gives(&text, b->p, domctx_hvm_consumed(hvm));
    if (kept)
        json_document(&text);
    bytes_free(&text);
}

void text_replace(struct bytes *text, const char *old, const char *new_text)
{
    struct bytes changed = { 0 };
    const char *at;
    size_t before;

    put_raw(text, "", 1);
    at = strstr((char *)text->p, old);
    ck_assert_msg(at != NULL, "no %s", old);
    before = (size_t)(at - (char *)text->p);
    put_raw(&changed, text->p, before);
    put_raw(&changed, new_text, strlen(new_text));
    put_raw(&changed, at + strlen(old),
            text->size - 1 - before - strlen(old));
    bytes_free(text);
    *text = changed;
}

void put_migrated(struct bytes *image, const struct bytes *blob)
{
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(blob->p, blob->size, &hvm, NULL), 0);
    for (size_t i = 0; i + 1 < domctx_hvm_count(hvm); i++) {
        const struct domctx_record *record = domctx_hvm_get(hvm, i);

        put_record(image, DOMCTX_HVM_RECORD(record->type), record->instance,
                   record->body, record->length);
    }
    domctx_hvm_free(hvm);
}
