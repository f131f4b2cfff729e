/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a sink was given, in memory, with a NUL behind it. */
#ifndef TESTS_FUZZ_TEXT_H
#define TESTS_FUZZ_TEXT_H

#include "fuzz.h"

struct text {
    char *p;
    size_t size;
};

/* A domctx_sink; arg is a struct text. */
static inline int text_put(void *arg, const char *bytes, size_t size)
{
    struct text *text = arg;
    char *more = realloc(text->p, text->size + size + 1);

    if (!more)
        return -1;
    if (size)
        memcpy(more + text->size, bytes, size);
    text->p = more;
    text->size += size;
    text->p[text->size] = '\0';
    return 0;
}

#endif /* TESTS_FUZZ_TEXT_H */
