/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making texts, and looking for lines in them. */
#include "text/test-text.h"

static int take(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

char *text_of_context(const domctx_context *context,
                      const struct domctx_text_options *options)
{
    static const struct domctx_text_options all;
    domctx_report *report = domctx_report_new();
    struct bytes text = { 0 };

    ck_assert_int_eq(domctx_text(context, options ? options : &all, take,
                                 &text, report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    put_raw(&text, "", 1);
    return (char *)text.p;
}

static char *text_of(const struct bytes *blob, bool has_version,
                     uint32_t xen_major, uint32_t xen_minor,
                     const struct domctx_text_options *options)
{
    domctx_context *context;
    domctx_hvm *hvm;
    char *text;

    ck_assert_int_eq(domctx_hvm_parse(blob->p, blob->size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, has_version, xen_major,
                                           xen_minor, &context, NULL), 0);
    text = text_of_context(context, options);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    return text;
}

char *text_of_blob(const struct bytes *blob,
                   const struct domctx_text_options *options)
{
    return text_of(blob, false, 0, 0, options);
}

char *text_of_saver(const struct bytes *blob, uint32_t xen_major,
                    uint32_t xen_minor,
                    const struct domctx_text_options *options)
{
    return text_of(blob, true, xen_major, xen_minor, options);
}

char *text_of_record(uint32_t typecode, const uint8_t *body, size_t length)
{
    struct bytes b = { 0 };
    char *text;

    put_hvm_header(&b);
    put_hvm(&b, (uint16_t)typecode, 0, body, (uint32_t)length);
    put_hvm_end(&b);
    text = text_of_blob(&b, NULL);
    bytes_free(&b);
    return text;
}

/* The next line, blanks squeezed and none at its ends; NULL after the
 * last. */
static const char *next_line(const char *text, char *line, size_t room)
{
    size_t n = 0;

    if (!*text)
        return NULL;
    for (; *text && *text != '\n'; text++) {
        ck_assert_uint_lt(n + 1, room);
        if (*text != ' ')
            line[n++] = *text;
        else if (n > 0 && line[n - 1] != ' ')
            line[n++] = ' ';
    }
    while (n > 0 && line[n - 1] == ' ')
        n--;
    line[n] = '\0';
    return *text ? text + 1 : text;
}

/* A name and a value alone may share their line with others. */
static bool has_cell(const char *line, const char *wanted)
{
    const char *p = strstr(line, wanted);
    size_t n = strlen(wanted);

    return p && strchr(wanted, ' ') == strrchr(wanted, ' ') &&
           (p == line || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' ');
}

void expect_line(const char *text, const char *wanted, bool there)
{
    char line[4096];
    bool found = false;

    for (const char *p = text; (p = next_line(p, line, sizeof(line)));)
        found |= strcmp(line, wanted) == 0 || has_cell(line, wanted);
    if (found != there)
        fputs(text, stderr);
    ck_assert_msg(found == there, "%s: %s", there ? "not there" : "there",
                  wanted);
}

void expect_lines(const char *text, const char *wanted)
{
    char a[4096], b[4096];
    unsigned int number = 1;

    for (const char *p = text, *q = wanted;; number++) {
        p = next_line(p, a, sizeof(a));
        q = next_line(q, b, sizeof(b));
        ck_assert_msg(!p == !q, "line %u: %s", number, p ? a : b);
        if (!p)
            break;
        ck_assert_msg(strcmp(a, b) == 0, "line %u: '%s', not '%s'", number,
                      a, b);
    }
    ck_assert_str_eq(text, wanted);
}
