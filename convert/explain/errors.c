/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Errors and signals that a text tells, wherever in it: a line that is quoted
 * in another one, or cut, has them outside of the holes of its pattern.
 */
#include "explain/numbers.h"

#include "base/chars.h"
#include "explain/page-text.h"
#include "explain/words.h"

#include <stdio.h>
#include <string.h>

#define NAME_ROOM 32

/* Behind a number with its sign, NULL for none. */
static const char *over_number(const char *text)
{
    const char *p = text + (*text == '-');

    if (p[0] == '0' && p[1] == 'x')
        for (p += 2; char_is_hex(*p);)
            p++;
    while (char_is_digit(*p))
        p++;
    return p > text && char_is_digit(p[-1]) ? p : NULL;
}

/* "(28 = No space", which libxc prints, also where the text ends in it. */
static bool in_brackets(const char *text, struct hole *hole)
{
    const char *end = *text == '(' ? over_number(text + 1) : NULL;

    if (!end || (*end && strncmp(end, " = ", 3) != 0))
        return false;
    *hole = (struct hole){ HOLE_ERRNO, text + 1, (size_t)(end - text - 1) };
    return true;
}

/* "errno=22", "err -22", "rc -22"; libxl: it is libxl that says "rc". */
static bool behind_word(const char *text, bool libxl, struct hole *hole)
{
    static const char *const words[] = { "errno", "err", "rc" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i]);
        const char *at = text + length, *end;
        bool own;

        if (strncmp(text, words[i], length) != 0)
            continue;
        own = *words[i] == 'r' && (libxl || *at == '=');
        at += strspn(at, " =:");
        end = at > text + length ? over_number(at) : NULL;
        if (!end || char_is_name(*end))
            continue;
        *hole = (struct hole){ own ? HOLE_RC : HOLE_ERRNO, at,
                               (size_t)(end - at) };
        return true;
    }
    return false;
}

/* Whether a place was told of as a hole of the line. */
static bool is_told(const struct hole *holes, size_t n, const char *at)
{
    for (size_t i = 0; i < n; i++)
        if (at >= holes[i].at && at < holes[i].at + holes[i].length &&
            holes[i].id != HOLE_TEXT && holes[i].id != HOLE_WORD &&
            holes[i].id != HOLE_PATH)
            return true;
    return false;
}

static bool put_one(struct out *out, const char *name, const char *kind,
                    const struct number_name *number)
{
    char words[160];

    if (!number)
        return false;
    snprintf(words, sizeof(words), "%s is the %s %u: %s.", name, kind,
             number->number, number->words);
    put_wrapped(out, words, 4);
    return true;
}

/* "EINVAL", "SIGSEGV". */
static bool put_error_name(struct out *out, const char *text)
{
    char name[NAME_ROOM];
    size_t n = 0;

    while (char_is_name(text[n]) && n + 1 < sizeof(name)) {
        name[n] = text[n];
        n++;
    }
    name[n] = '\0';
    return n > 2 &&
           (put_one(out, name, "error", number_named(&numbers_errno, name)) ||
            put_one(out, name, "signal",
                    number_named(&numbers_signal, name)));
}

/* Whether xl or libxl is named, which have numbers of their own; those that
 * the hypervisor prints are none of them. */
static bool is_of_libxl(const char *text)
{
    static const char words[] = "xl.|xl:.|xl[|libxl";
    char plain[WORDS_ROOM];

    words_of(text, plain);
    return words_have(plain, words, strlen(words)) &&
           !strstr(text, "(XEN)") && !strstr(plain, " dmesg");
}

/* Of each value once. */
struct said_errors {
    uint64_t value[8];
    size_t n;
};

static bool is_new(struct said_errors *said, const struct hole *hole)
{
    const struct number_table *table =
        hole->id == HOLE_RC ? &numbers_libxl_error : &numbers_errno;
    uint64_t value;
    bool negative;

    if (!hole_number(hole, &value, &negative) || value == 0 ||
        !number_find(table, value))
        return false;
    for (size_t i = 0; i < said->n; i++)
        if (said->value[i] == value)
            return false;
    if (said->n < sizeof(said->value) / sizeof(said->value[0]))
        said->value[said->n++] = value;
    return true;
}

bool put_errors(struct out *out, const char *text, const struct hole *holes,
                size_t n)
{
    struct said_errors said = { .n = 0 };
    bool libxl = is_of_libxl(text), any = false;

    for (size_t i = 0; i < n; i++)
        if (holes[i].id == HOLE_ERRNO)
            is_new(&said, &holes[i]);
    for (const char *p = text; *p; p++) {
        struct hole hole;

        if (p > text && char_is_name(p[-1]))
            continue;
        if (in_brackets(p, &hole) || behind_word(p, libxl, &hole))
            any |= !is_told(holes, n, hole.at) && is_new(&said, &hole) &&
                   put_holes(out, &hole, 1);
        else if ((*p == 'E' || *p == 'S') && !is_told(holes, n, p))
            any |= put_error_name(out, p);
    }
    return any;
}
