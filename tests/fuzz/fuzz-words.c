/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts that are no context: logs, the description of a host, the
 * configuration of a domain, releases, symbols of a kernel. */
#include <stdbool.h>

#include "text.h"

#define WORDS_MAX 256

/* Nothing that a terminal obeys. */
static bool is_clean(const struct text *text)
{
    for (size_t i = 0; i < text->size; i++)
        if (((unsigned char)text->p[i] < 0x20 && text->p[i] != '\n') ||
            text->p[i] == 0x7f)
            return false;
    return true;
}

/* A log in pieces tells what it tells in one. */
static int explain(const uint8_t *data, size_t size, size_t piece,
                   struct text *text)
{
    domctx_explainer *explainer = domctx_explain_begin(NULL);
    int result;

    for (size_t at = 0; explainer && at < size; at += piece)
        domctx_explain_feed(explainer, data + at,
                            piece < size - at ? piece : size - at);
    result = explainer ? domctx_explain_end(explainer, text_put, text, NULL)
                       : -1;
    HOLDS(is_clean(text));
    return result;
}

static void explain_log(const uint8_t *data, size_t size)
{
    struct text whole = { NULL, 0 }, pieces = { NULL, 0 };
    int result = explain(data, size, size + 1, &whole);

    HOLDS(explain(data, size, 1 + size % 7, &pieces) == result);
    HOLDS(whole.size == pieces.size);
    HOLDS(whole.size == 0 || memcmp(whole.p, pieces.p, whole.size) == 0);
    free(whole.p);
    free(pieces.p);
}

static void explain_words(const char *words)
{
    domctx_report *report = domctx_report_new();
    struct text text = { NULL, 0 };

    if (report && domctx_explain(words, text_put, &text, report) < 0)
        FAILS_FOR_A_REASON(report);
    HOLDS(is_clean(&text));
    free(text.p);
    domctx_report_free(report);
}

/* What was read is written, and read again, as the same. */
static void use_host(const void *data, size_t size)
{
    struct domctx_description *one = NULL, *other = NULL;
    struct text first = { NULL, 0 }, second = { NULL, 0 };
    domctx_report *report = domctx_report_new();

    if (report && domctx_description_read(data, size, &one, report) < 0)
        FAILS_FOR_A_REASON(report);
    if (one && domctx_description_write(one, text_put, &first, NULL) == 0) {
        HOLDS(domctx_description_read(first.p, first.size, &other, NULL) ==
              0);
        if (domctx_description_write(other, text_put, &second, NULL) == 0)
            HOLDS(first.size == second.size &&
                  memcmp(first.p, second.p, first.size) == 0);
    }
    free(first.p);
    free(second.p);
    domctx_description_free(one);
    domctx_description_free(other);
    domctx_report_free(report);
}

static void use_symbols(const void *data, size_t size)
{
    domctx_report *report = domctx_report_new();
    domctx_symbols *symbols = NULL;

    if (report && domctx_symbols_read(data, size, &symbols, report) < 0)
        FAILS_FOR_A_REASON(report);
    domctx_symbols_free(symbols);
    domctx_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct domctx_release release;
    struct domctx_keys keys;
    enum domctx_guest guest;
    char *words = malloc(size + 1);

    if (!words)
        return 0;
    if (size)
        memcpy(words, data, size);
    words[size] = '\0';
    explain_log(data, size);
    /* a user's own words are compared with all that is known */
    if (size < WORDS_MAX)
        explain_words(words);
    use_host(data, size);
    use_symbols(data, size);
    domctx_keys_read(words, size, &keys, &guest, NULL);
    domctx_release_parse(words, &release, NULL);
    free(words);
    return 0;
}
