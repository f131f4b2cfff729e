/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "called.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "raise.h"
#include "verbs.h"

#define OURS "xl context-"

void called_open(struct called *called, struct session *session, FILE *to)
{
    *called = (struct called){ .session = session, .to = to };
    if (strcmp(session->call, OURS) == 0)
        return;
    called->stream = open_memstream(&called->text, &called->size);
    if (!called->stream)
        cmd_no_memory(session->report, 0);
}

int called_put(void *arg, const char *text, size_t size)
{
    struct called *called = arg;

    FILE *stream = called->stream ? called->stream : called->to;

    if (!ferror(stream))
        fwrite(text, 1, size, stream);
    return 0;
}

/* The length of "xl context-" at the start of text, which may begin with a
 * quote and go on in the next line; 0: something else is there.  *blanks: what
 * is between. */
static size_t match(const char *text, const char **blanks, size_t *n_blanks)
{
    static const char verb[] = "context-";
    size_t quote = *text == '\'';

    if (strncmp(text + quote, "xl", 2) != 0)
        return 0;
    *blanks = text + quote + 2;
    *n_blanks = strspn(*blanks, " \n");
    if (*n_blanks == 0 ||
        strncmp(*blanks + *n_blanks, verb, sizeof(verb) - 1) != 0)
        return 0;
    return quote + 2 + *n_blanks + sizeof(verb) - 1;
}

static void put_line(const struct called *called, const char **at)
{
    const char *blanks, *start = *at;
    size_t n_blanks, size;
    bool quoted = *start == '>'; /* a line of the user's log */

    for (char before = ' '; **at && before != '\n'; before = *(*at)++) {
        size = quoted || isalnum((unsigned char)before)
                   ? 0 : match(*at, &blanks, &n_blanks);
        if (size == 0) {
            putc(**at, called->to);
            continue;
        }
        if (memchr(blanks, '\n', n_blanks))
            fwrite(blanks, 1, n_blanks, called->to);
        if (**at == '\'')
            putc('\'', called->to);
        fputs(called->session->call, called->to);
        *at += size - 1;
    }
}

void called_close(struct called *called)
{
    const char *at;
    bool whole;

    if (!called->stream)
        return;
    whole = !ferror(called->stream);
    if (fclose(called->stream) == 0 && whole)
        for (at = called->text; *at && !ferror(called->to);)
            put_line(called, &at);
    else
        cmd_no_memory(called->session->report, 0);
    free(called->text);
}
