/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hypervisor's log: the reason for a refused context is nowhere else.
 * Nothing is cleared, so that 'xl dmesg' still shows all of it. */
#include "xlcontext-internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 16384u
#define TEXT_MAX (1024u * 1024)

/* Read from *index on; the piece's length, or -1.  Where the ring no longer
 * has what was there, the piece begins in a line, and in what a guest wrote
 * into it: of that line nothing is left. */
static int read_piece(xlcontext *xlc, char *piece, uint32_t *index)
{
    unsigned int length = PIECE;
    uint32_t from = *index;

    if (xc_readconsolering(xlc->xch, piece, &length, 0, 1, index) != 0 ||
        length > PIECE)
        return -1;
    if (*index - length != from)
        for (size_t i = 0; i < length && piece[i] != '\n'; i++)
            piece[i] = '\n';
    return (int)length;
}

void console_mark(xlcontext *xlc, struct console *console)
{
    char *piece = malloc(PIECE);
    size_t seen = 0;
    int length = -1;

    console->index = 0;
    console->usable = false;
    while (piece && seen < TEXT_MAX &&
           (length = read_piece(xlc, piece, &console->index)) > 0)
        seen += (size_t)length;
    console->usable = piece && length >= 0;
    free(piece);
}

#define OWN "(XEN) "

const char *console_words(const char *line)
{
    const char *end;

    if (strncmp(line, OWN, strlen(OWN)) != 0)
        return NULL;
    line += strlen(OWN);
    end = *line == '[' ? strstr(line, "] ") : NULL;
    return end ? end + strlen("] ") : line;
}

/* Xen writes a domain as "HVM1 restore", "HVM1.0", "d1v0", "restore d1:"
 * or "dom 1" according to release: the words in front of its number. */
static const char *const before[] = { "d", "HVM", "dom", "dom ", "domain ",
                                      "Dom", "Domain " };
#define N_BEFORE (sizeof(before) / sizeof(before[0]))

static bool names_domain(const char *line, uint32_t domid)
{
    char token[32];

    for (size_t i = 0; i < N_BEFORE; i++) {
        size_t length = (size_t)snprintf(token, sizeof(token), "%s%u",
                                         before[i], domid);

        for (const char *at = line; (at = strstr(at, token)); at++) {
            if ((at == line || !isalnum((unsigned char)at[-1])) &&
                !isdigit((unsigned char)at[length]))
                return true;
        }
    }
    return false;
}

/* With guest_loglvl=all Xen names each record that it saves and loads ("HVM1
 * restore: CPU 0"): no reason for anything.  A reason has words. */
static bool is_progress(const char *line)
{
    const char *what = strstr(line, "save: ");

    if (!what)
        what = strstr(line, "restore: ");
    if (!what)
        return false;
    for (what = strchr(what, ':'); *what; what++)
        if (islower((unsigned char)*what))
            return false;
    return true;
}

/* "d1", "HVM1", "dom1" in a word of its own: the line is of some domain.  The
 * vCPU of dom0 stands in front of lines about what dom0 asked for. */
static bool names_any_domain(const char *line)
{
    for (size_t i = 0; i < N_BEFORE; i++) {
        size_t length = strlen(before[i]);

        for (const char *at = line; (at = strstr(at, before[i])); at++)
            if ((at == line || !isalnum((unsigned char)at[-1])) &&
                isdigit((unsigned char)at[length]) && at[length] != '0')
                return true;
    }
    return false;
}

/* Some refusals of a record name no domain ("bad flags value in CPU context"
 * of all releases since 4.7).  They came after the mark, while this one was
 * loaded. */
static bool is_of(const char *line, uint32_t domid)
{
    if (!console_words(line))
        return false;
    return names_domain(line, domid) ||
           (!names_any_domain(line) && domctx_explain_knows_line(line));
}

/* Keep the lines of text that are about the domain and say something, in
 * place. */
static void keep_lines(char *text, uint32_t domid)
{
    char *to = text, *line, *rest = text;

    while ((line = strsep(&rest, "\n"))) {
        size_t length = strlen(line);

        if (!is_of(line, domid) || is_progress(line))
            continue;
        memmove(to, line, length);
        to += length;
        *to++ = '\n';
    }
    if (to > text)
        to--;
    *to = '\0';
}

/* The log from the mark on, with no zero byte in it; or NULL. */
static char *read_since(xlcontext *xlc, struct console *console)
{
    char *text = NULL, *more;
    size_t used = 0;
    int length;

    if (!console->usable)
        return NULL;
    while (used < TEXT_MAX) {
        more = realloc(text, used + PIECE + 1);
        if (!more)
            break;
        text = more;
        length = read_piece(xlc, text + used, &console->index);
        if (length <= 0)
            break;
        used += (size_t)length;
    }
    if (!text)
        return NULL;
    for (size_t i = 0; i < used; i++)
        if (!text[i])
            text[i] = ' ';
    text[used] = '\0';
    return text;
}

char *console_all(xlcontext *xlc)
{
    struct console console = { .index = 0, .usable = true };

    return read_since(xlc, &console);
}

char *console_since(xlcontext *xlc, struct console *console, uint32_t domid)
{
    char *text = read_since(xlc, console);

    if (!text)
        return NULL;
    keep_lines(text, domid);
    if (!*text) {
        free(text);
        return NULL;
    }
    return text;
}
