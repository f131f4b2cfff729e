/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "symbols.h"

#include <stdlib.h>

#include "apart.h"
#include "file.h"

/* A kernel with hundreds of modules has some 300,000 symbols, which take 15
 * MiB. */
#define TEXT_MAX (UINT64_C(32) << 20)

/* All of the file, out of what gzip or xz made of it. */
static int read_text(const char *file, uint8_t **text, size_t *size,
                     domctx_report *report)
{
    struct file_in in;
    int result;

    if (file_open(&in, file, report) < 0)
        return -1;
    in.most = TEXT_MAX;
    result = file_unpack(&in, report);
    if (result == 0)
        result = file_read(&in, text, size, report);
    if (result == 0 && file_unpacked(&in, report) < 0) {
        free(*text);
        result = -1;
    }
    file_close(&in);
    return result;
}

domctx_symbols *symbols_load(struct session *session, const char *file)
{
    domctx_symbols *symbols = NULL;
    uint8_t *text;
    size_t size;

    if (read_text(file, &text, &size, session->report) == 0) {
        domctx_symbols_read(text, size, &symbols, session->report);
        free(text);
    }
    session_tell(session, input_name(file));
    return symbols;
}

/* What is no text of symbols goes no further. */
static void hand_over(struct session *session, void *arg, int to)
{
    const char *const *file = arg;
    domctx_symbols *symbols;
    uint8_t *text;
    size_t size;

    if (read_text(*file, &text, &size, session->report) < 0)
        return;
    if (domctx_symbols_read(text, size, &symbols, session->report) == 0 &&
        file_put(to, text, size) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    domctx_symbols_free(symbols);
    free(text);
}

domctx_symbols *symbols_apart(struct session *session,
                              const struct arguments *arguments,
                              const char *file)
{
    const struct apart apart = { .file = file, .work = hand_over,
                                 .arg = &file };
    domctx_symbols *symbols = NULL;
    uint8_t *text;
    size_t size;

    if (apart_run(session, arguments, &apart, &text, &size) == 0 && text)
        domctx_symbols_read(text, size, &symbols, session->report);
    free(text);
    session_tell(session, input_name(file));
    return symbols;
}
