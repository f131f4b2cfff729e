/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which row of lines.def a line is. */
#include "explain/find.h"
#include "base/chars.h"
#include "explain/index-piece.h"
#include "explain/pasted.h"
#include "explain/words.h"

#include <string.h>

/* ------------------------------------------------------------------ */
/* One line                                                            */
/* ------------------------------------------------------------------ */
static void add_candidate(struct candidates *candidates, uint16_t row)
{
    if (candidates->n == CANDIDATES_MAX)
        return;
    for (size_t i = 0; i < candidates->n; i++)
        if (candidates->row[i] == row)
            return;
    candidates->row[candidates->n++] = row;
}

/* memmem(), which takes longer to begin than lines are. */
static const char *find_words(const char *text, const char *end,
                              const char *words, size_t length)
{
    while ((size_t)(end - text) >= length) {
        text = memchr(text, *words, (size_t)(end - text) - length + 1);
        if (!text || memcmp(text, words, length) == 0)
            return text;
        text++;
    }
    return NULL;
}

bool has_words(const char *pattern, const char *text, size_t size)
{
    const char *end = text + size;

    while (*pattern) {
        size_t length = piece_words(pattern);

        if (length > 0) {
            text = find_words(text, end, pattern, length);
            if (!text)
                return false;
            text += length;
        }
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return true;
}

static void add_poor(const struct scan *scan, const struct index_row *head,
                     const char *text, size_t size,
                     struct candidates *candidates)
{
    size_t n;
    const struct index_poor *poor = index_poor(scan->index, &n);
    enum component component = index_head_of(head);
    struct pairs pairs;

    index_pairs(text, size, &pairs);
    for (size_t i = 0; i < n; i++)
        if (lines[poor[i].row].component == component &&
            index_may_be(&poor[i], &pairs) &&
            has_words(lines[poor[i].row].pattern, text, size))
            add_candidate(candidates, poor[i].row);
}

bool has_poor(const struct scan *scan, const struct index_row *head,
              const char *text, size_t size)
{
    struct candidates candidates = { .n = 0 };

    add_poor(scan, head, text, size, &candidates);
    return candidates.n > 0;
}

void find_candidates(const struct scan *scan, const char *text,
                     struct span line, struct candidates *candidates)
{
    const struct index_row *rows;
    size_t n, at = line.at;

    while ((at = index_find(scan->index, text, at, line.end, &rows, &n)) <
           line.end) {
        for (size_t i = 0; i < n; i++)
            if (index_may_fit(&rows[i], text, at, line.end) &&
                index_fits(&rows[i], text, at, line.end)) {
                if (rows[i].row == INDEX_HEAD)
                    add_poor(scan, &rows[i], text + at, line.end - at,
                             candidates);
                else
                    add_candidate(candidates, rows[i].row);
            }
        at += STRIDE;
    }
}

/* Whether nothing but a time, a level and what a paste has stand before a
 * place. */
static bool is_first_word(const char *text, const char *at)
{
    static const char levels[] = "error.|warning.|info.";
    const char *behind;
    char head[WORDS_ROOM], plain[WORDS_ROOM];
    size_t n = 0;

    behind = over_pasted(text);
    if (behind && behind <= at)
        text = behind;
    if (at - text >= 11 && memcmp(at - 11, "\"MESSAGE\":\"", 11) == 0)
        return true;
    while ((behind = over_lead(text)) > text && behind <= at)
        text = behind;
    behind = over_stream(text);
    if (behind && behind <= at)
        text = behind;
    for (; text < at && n + 1 < sizeof(head); text++) {
        if (strchr("{\"", *text))
            return false;   /* a member of something larger */
        if (!strchr("[](|<>:-", *text))
            head[n++] = *text;
    }
    head[n] = '\0';
    words_of(head, plain);
    return words_are(plain, levels, strlen(levels));
}

/* Names of XAPI's errors that other programs have, too, are XAPI's where they
 * begin a line or where something else of it is said. */
static bool is_of_pool(const struct window *window, const struct line *line,
                       const char *at)
{
    static const char *const shared[] = {
        "INTERNAL_ERROR", "\"code\": ", "VDI_", "MIRROR_FAILED",
        "VM_CRASHED", "VM_REBOOTED", "DOMAIN_EXISTS", "HOST_OFFLINE",
        "HOST_DISABLED", "DEVICE_ATTACH_TIMEOUT",
    };
    static const char *const around[] = {
        "OpaqueRef", "xenops", "Xenops", "xapi", "Xapi", "XAPI", "XenAPI",
        "XENAPI", "XenServer", "xcp", "XCP", "SR_", "Server_error", "xe ",
        "xl[", "dom0", "xenguest", "emu-manager", "XoError",
    };
    bool is_shared = false;

    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        is_shared |= strncmp(line->pattern, shared[i],
                             strlen(shared[i])) == 0;
    if (line->component != LINE_XAPI || !is_shared ||
        is_first_word(window->text, at))
        return true;
    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
        const char *found = strstr(window->text, around[i]);

        if (found && (found == window->text || !char_is_name(found[-1])))
            return true;
    }
    return false;
}

/* XAPI's errors are words of their own, wherever before end they stand. */
static void find_anywhere(const struct window *window, const char *end,
                          const struct line *line, struct found *found)
{
    size_t length = strcspn(line->pattern, "{");
    char head[160];
    const char *at;
    struct match match;

    if (length == 0 || length >= sizeof(head))
        return;
    memcpy(head, line->pattern, length);
    head[length] = '\0';
    at = strstr(window->text, head);
    if (at && at < end &&
        (at == window->text || !char_is_name(at[-1])) &&
        is_of_pool(window, line, at) && line_match(line, at, &match) &&
        (!found->line || line_weight(line) > line_weight(found->line))) {
        found->line = line;
        found->match = match;
        found->start = (struct start){ at, at, LINE_XAPI, -1 };
    }
}

/* An error of XAPI that only passes on another has that one behind it, as
 * VM_MIGRATE_FAILED(..., Failed_to_suspend). */
static void find_reason(const struct window *window,
                        const struct candidates *candidates,
                        struct found *found)
{
    struct found reason = { 0 };

    if (found->line->component != LINE_XAPI ||
        found->line->kind != LINE_CONSEQUENCE)
        return;
    for (size_t i = 0; i < candidates->n; i++)
        if (lines[candidates->row[i]].component == LINE_XAPI &&
            lines[candidates->row[i]].kind == LINE_CAUSE)
            find_anywhere(window, found->match.end,
                          &lines[candidates->row[i]], &reason);
    if (reason.line && reason.start.at > found->start.at)
        *found = reason;
}

/* Of all rows that match from one place the one with most fixed words. */
static void find_from(const struct scan *scan,
                      const struct candidates *candidates,
                      const struct start *start, struct found *found,
                      bool *ran_out)
{
    for (size_t i = 0; i < candidates->n; i++) {
        const struct line *line = &lines[candidates->row[i]];
        struct match match;

        if (start->component != LINE_UNNAMED &&
            start->component != line->component)
            continue;
        if (line_match(line, start->at, &match) &&
            (start->component != LINE_UNNAMED || !line_is_weak(line) ||
             (scan->bare && start->at == scan->window.text &&
              !line_is_open(line))) &&
            is_of_pool(&scan->window, line, start->at) &&
            (!found->line || line_weight(line) > line_weight(found->line))) {
            found->line = line;
            found->match = match;
            found->start = *start;
        }
        *ran_out |= match.ran_out;
    }
}

/* *ran_out: more lines may make another row of it. */
static bool find(struct scan *scan, const struct candidates *candidates,
                 struct found *found, bool *ran_out)
{
    bool begun;

    found->line = NULL;
    window_starts(&scan->window, &scan->starts);
    for (size_t i = 0; i < scan->starts.n && !found->line; i++)
        find_from(scan, candidates, &scan->starts.start[i], found,
                  ran_out);
    begun = found->line != NULL;
    for (size_t i = 0; i < candidates->n && !begun; i++)
        if (lines[candidates->row[i]].component == LINE_XAPI)
            find_anywhere(&scan->window,
                          scan->window.text + scan->window.first,
                          &lines[candidates->row[i]], found);
    if (found->line)
        find_reason(&scan->window, candidates, found);
    return found->line != NULL;
}
/* ------------------------------------------------------------------ */
/* Lines that were broken                                              */
/* ------------------------------------------------------------------ */

bool line_before(const struct scan *scan, struct span line,
                 struct span *before)
{
    size_t end = line.at;

    if (end == 0 || (scan->buffer[end - 1] != '\n' &&
                     scan->buffer[end - 1] != '\r'))
        return false;
    end--;
    if (end > 0 && scan->buffer[end] == '\n' &&
        scan->buffer[end - 1] == '\r')
        end--;
    *before = line_around(scan->buffer, end, end);
    return true;
}

/* Whether more lines made more of it than it was alone: another row, or the
 * error that its logger puts behind it. */
static bool is_more(const struct found *found, const struct found *alone)
{
    return !alone->line ||
           line_weight(found->line) > line_weight(alone->line) ||
           (found->line == alone->line && found->match.n > alone->match.n);
}

/* The line alone, and when it may go on, with those behind it. */
static bool find_line(struct scan *scan, struct span line,
                      const struct candidates *candidates,
                      struct found *found)
{
    struct candidates more = *candidates;
    struct span whole = { 0, 0 };
    struct found alone;
    bool ran_out = false;

    window_one(&scan->window, scan->buffer, line);
    find(scan, candidates, &alone, &ran_out);
    *found = alone;
    if (!ran_out)
        return found->line != NULL;
    window_more(&scan->window, scan->buffer, line, scan->size);
    whole.end = scan->window.size;
    find_candidates(scan, scan->window.text, whole, &more);
    if (!find(scan, &more, found, &ran_out) || !is_more(found, &alone))
        *found = alone;
    return found->line != NULL;
}

bool find_longer(struct scan *scan, struct span line, struct found *found)
{
    struct candidates candidates = { .n = 0 };
    struct span whole = { 0, 0 };
    char text[WINDOW_MAX + 1];
    bool ran_out = false;

    window_one(&scan->window, scan->buffer, line);
    window_more(&scan->window, scan->buffer, line, scan->size);
    whole.end = scan->window.size;
    for (size_t i = 0; i <= whole.end; i++)
        text[i] = scan->window.text[i] == '\n' ? ' ' : scan->window.text[i];
    find_candidates(scan, text, whole, &candidates);
    return candidates.n > 0 && find(scan, &candidates, found, &ran_out);
}

bool find_broken(struct scan *scan, struct span line,
                 const struct candidates *candidates, struct found *found,
                 size_t *at)
{
    size_t hit = line.at;

    for (size_t back = 0; back < WINDOW_LINES; back++) {
        if (find_line(scan, line, candidates, found)) {
            size_t end = (size_t)(found->match.end - scan->window.text);

            *at = line.at;
            if (back == 0 || scan->window.base +
                                 scan->window.raw[end - 1] >= hit)
                return true;
        }
        if ((back == 0 && window_is_led(&scan->window)) ||
            !line_before(scan, line, &line))
            return false;
    }
    return false;
}

/* ------------------------------------------------------------------ */
/* Where two lines meet                                                */
/* ------------------------------------------------------------------ */

/* Mail is broken at blanks, or behind a '=', terminals anywhere, also within
 * the piece that a line is known by: the characters around a line end as
 * they were, with the blank or without it. */
static size_t put_joint(const struct scan *scan, size_t end, bool blank,
                        char joint[2 * PIECE])
{
    const char *text = scan->buffer;
    size_t from = end, to, n = 0;

    while (from > 0 && strchr("\r ", text[from - 1]))
        from--;
    if (!blank && from > 0 && text[from - 1] == '=')
        from--;
    to = over_quotes(text, end + 1, scan->size);
    for (size_t i = from > PIECE - 1 ? from - (PIECE - 1) : 0; i < from; i++)
        joint[n++] = text[i];
    if (blank)
        joint[n++] = ' ';
    for (size_t i = to; i < scan->size && i < to + PIECE - 1; i++)
        joint[n++] = text[i];
    return n;
}

void find_joined(const struct scan *scan, size_t end, bool blank,
                 struct candidates *candidates)
{
    char joint[2 * PIECE];
    size_t size = put_joint(scan, end, blank, joint);
    const struct index_row *rows;
    size_t n;

    for (size_t from = 0; from < STRIDE; from++)
        for (size_t at = from;
             (at = index_find(scan->index, joint, at, size, &rows, &n)) <
             size; at += STRIDE)
            for (size_t i = 0; i < n; i++)
                if (rows[i].row != INDEX_HEAD &&
                    index_may_fit(&rows[i], joint, at, size) &&
                    index_fits(&rows[i], joint, at, size))
                    add_candidate(candidates, rows[i].row);
}
