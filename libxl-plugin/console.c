/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hypervisor's log: the reason for a refused context is nowhere else.
 * Nothing is cleared, so that 'xl dmesg' still shows all of it. */
#include "xlcontext-internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 16384u
/* A ring is as large as the administrator wants it (conring_size=), and goes
 * on while it is read: so much of it is read at most. */
#define READ_MAX (UINT64_C(64) * 1024 * 1024)
/* Xen's own lines have 1024 bytes at most (printk()); the rest of a longer one
 * is dropped. */
#define LINE_ROOM 2048u
/* Of what is kept of it. */
#define TEXT_MAX (1024u * 1024)

/* Read from *index on; the piece's length, or -1.  *torn: the ring no longer
 * has what was there, so the piece begins in a line, and in what a guest wrote
 * into it: of that line nothing is left. */
static int read_piece(xlcontext *xlc, char *piece, uint32_t *index,
                      bool *torn)
{
    unsigned int length = PIECE;
    uint32_t from = *index;

    if (xc_readconsolering(xlc->xch, piece, &length, 0, 1, index) != 0 ||
        length > PIECE)
        return -1;
    *torn = *index - length != from;
    if (*torn)
        for (size_t i = 0; i < length && piece[i] != '\n'; i++)
            piece[i] = '\n';
    return (int)length;
}

void console_mark(xlcontext *xlc, struct console *console)
{
    char *piece = malloc(PIECE);
    uint64_t seen = 0;
    int length = -1;
    bool torn;

    console->index = 0;
    while (piece && seen < READ_MAX &&
           (length = read_piece(xlc, piece, &console->index, &torn)) > 0)
        seen += (uint64_t)length;
    console->usable = piece && length == 0;
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

/* A line on its way from piece to piece. */
struct lines {
    console_line *tell;
    void *arg;
    char line[LINE_ROOM];
    size_t used;
};

static void tell_line(struct lines *lines)
{
    lines->line[lines->used] = '\0';
    if (lines->used)
        lines->tell(lines->line, lines->arg);
    lines->used = 0;
}

/* No line has a zero byte in it. */
static void take_piece(struct lines *lines, const char *piece, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (piece[i] == '\n')
            tell_line(lines);
        else if (lines->used + 1 < LINE_ROOM)
            lines->line[lines->used++] = piece[i] ? piece[i] : ' ';
    }
}

void console_lines(xlcontext *xlc, const struct console *from,
                   console_line *tell, void *arg)
{
    struct lines lines = { .tell = tell, .arg = arg };
    char *piece = malloc(PIECE);
    uint32_t index = from ? from->index : 0;
    uint64_t seen = 0;
    bool torn;
    int length;

    while (piece && seen < READ_MAX &&
           (length = read_piece(xlc, piece, &index, &torn)) > 0) {
        if (torn)
            lines.used = 0;
        take_piece(&lines, piece, (size_t)length);
        seen += (uint64_t)length;
    }
    tell_line(&lines);
    free(piece);
}

/* The lines that are about a domain and say something. */
struct told {
    uint32_t domid;
    char *text;
    size_t used;
};

static void keep_line(const char *line, void *arg)
{
    struct told *told = arg;
    size_t length = strlen(line);
    char *more;

    if (!is_of(line, told->domid) || is_progress(line) ||
        told->used + length + 1 > TEXT_MAX)
        return;
    more = realloc(told->text, told->used + length + 2);
    if (!more)
        return;
    told->text = more;
    if (told->used)
        more[told->used++] = '\n';
    memcpy(more + told->used, line, length + 1);
    told->used += length;
}

char *console_since(xlcontext *xlc, const struct console *console,
                    uint32_t domid)
{
    struct told told = { .domid = domid };

    if (console->usable)
        console_lines(xlc, console, keep_line, &told);
    return told.text;
}
