/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line as the program prints it against a pattern of lines.def: prefix,
 * fixed words, holes, and the tails that loggers add.
 */
#include "explain/match.h"
#include "base/chars.h"
#include "explain/web.h"

#include <string.h>

#define TEXT_HOLE_MAX 400   /* of a name or path in a line */
#define TAIL_MAX 80
#define STEPS_MAX 4000      /* of looking for the end of such holes */

/* ------------------------------------------------------------------ */
/* What stands in a hole                                               */
/* ------------------------------------------------------------------ */

static const char *over(const char *text, bool (*is)(char c))
{
    const char *p = text;

    while (is(*p))
        p++;
    return p == text ? NULL : p;
}

static const char *over_number(const char *text, bool hex)
{
    if (*text == '-')
        text++;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
        (char_is_hex(text[2]) || (text[2] == '\n' && char_is_hex(text[3]))))
        return over(text + 2 + (text[2] == '\n'), char_is_hex);
    return over(text, hex ? char_is_hex : char_is_digit);
}

/* "d1", and the "d[IDLE]" and the like of those without a number. */
static const char *over_dom(const char *text)
{
    if (*text++ != 'd')
        return NULL;
    if (*text == '[') {
        text = over(text + 1, char_is_name);
        return text && *text == ']' ? text + 1 : NULL;
    }
    return over(text, char_is_digit);
}

static const char *over_vcpu(const char *text)
{
    text = over_dom(text);
    return text && *text == 'v' ? over(text + 1, char_is_digit) : NULL;
}

static const char *over_lexeme(const char *text, enum lexeme lexeme)
{
    switch (lexeme) {
    case LEX_NUMBER:
        return over_number(text, false);
    case LEX_HEX:
        return over_number(text, true);
    case LEX_NAME:
        return over(text, char_is_name);
    case LEX_VCPU:
        return over_vcpu(text);
    case LEX_DOM:
        return over_dom(text);
    case LEX_WORD:
    case LEX_TEXT:
    default:
        return NULL;
    }
}

bool hole_number(const struct hole *hole, uint64_t *value, bool *negative)
{
    enum lexeme lexeme = hole_kinds[hole->id].lexeme;
    const char *p = hole->at, *end = hole->at + hole->length;
    unsigned int base = lexeme == LEX_HEX ? 16 : 10;

    *value = 0;
    *negative = p < end && *p == '-';
    p += *negative;
    if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        base = 16;
        p += 2;
    }
    for (; p < end; p++) {
        unsigned int digit = char_digit(*p);

        if (*p == '\n' || *p == ' ')   /* where its line was broken */
            continue;
        if (digit >= base ||
            *value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Prefixes and tails                                                  */
/* ------------------------------------------------------------------ */

#define ANCHOR(prefix, component) { prefix, sizeof(prefix) - 1, component }
static const struct {
    const char *prefix;
    size_t length;
    enum component component;
} anchors[] = {
    ANCHOR("(XEN) ", LINE_HV),
    ANCHOR("xc: ", LINE_XC),
    ANCHOR("ERROR Internal error: ", LINE_XC),    /* up to 4.0 */
    ANCHOR("ERROR: Internal error: ", LINE_XC),
    ANCHOR("libxl: ", LINE_LIBXL),
    ANCHOR("qemu-system-i386: ", LINE_QEMU),
    ANCHOR("qemu-system-x86_64: ", LINE_QEMU),
    ANCHOR("qemu-dm: ", LINE_QEMU),
    ANCHOR("qemu: ", LINE_QEMU),
};
#define ANCHORS (sizeof(anchors) / sizeof(anchors[0]))

const char *anchor_at(const char *text, enum component *component)
{
    for (size_t i = 0; i < ANCHORS; i++) {
        if (*text == *anchors[i].prefix &&
            strncmp(text, anchors[i].prefix, anchors[i].length) == 0) {
            *component = anchors[i].component;
            return text + anchors[i].length;
        }
    }
    return NULL;
}

unsigned int anchors_in(const char *text, size_t size)
{
    unsigned int found = 0;

    for (const char *end = text + size; text < end; text++) {
        if (!anchor_may_begin(*text))
            continue;
        for (size_t i = 0; i < ANCHORS; i++) {
            size_t length = anchors[i].length;

            if (*text == *anchors[i].prefix && (size_t)(end - text) >= length
                && memcmp(text, anchors[i].prefix, length) == 0)
                found |= 1u << anchors[i].component;
        }
    }
    return found;
}

static const char *skip_joints(const char *text)
{
    while (*text == '\n')
        text++;
    return text;
}

/* The words, with joints for blanks, or NULL. */
static const char *over_words(const char *text, const char *words)
{
    for (; *words; words++) {
        if (*words == ' ' && *text == '\n') {
            text++;
            continue;
        }
        text = skip_joints(text);
        if (*text++ != *words)
            return NULL;
    }
    return text;
}

static void add_hole(struct match *match, enum hole_id id, const char *at,
                     const char *end)
{
    if (match->n < HOLES_MAX)
        match->holes[match->n++] =
            (struct hole){ id, at, (size_t)(end - at) };
}

/* The kinds of libxc's errors, which stand behind each. */
static const char *over_xc_kind(const char *text)
{
    static const char *const kinds[] = {
        ": Internal error", ": Invalid kernel", ": Invalid parameter",
        ": Out of memory",
    };
    const char *behind = NULL;

    for (size_t i = 0; !behind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        behind = over_words(text, kinds[i]);
    for (size_t i = 0; !behind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (*text == ':' && strncmp(text, kinds[i], strlen(text)) == 0)
            behind = text + strlen(text);   /* where the line was cut */
    return behind ? behind : text;
}

/* " (22 = Invalid", where the line was cut: all of it, or NULL. */
static const char *over_cut_tail(const char *end)
{
    size_t length = strcspn(end, "\n)");

    return end[length] != ')' && length < TAIL_MAX &&
                   (!*end || strncmp(end, " = ", 3) == 0)
               ? end + length : NULL;
}

/* libxc: " (22 = Invalid argument): Internal error", or half of it. */
static const char *over_xc_tail(const char *text, struct match *match)
{
    const char *number = over_words(text, " (");
    const char *end = number ? over_number(number, false) : NULL;
    const char *equals = end ? over_words(end, " = ") : NULL;
    const char *cut = end ? over_cut_tail(end) : NULL;

    if (end && !equals && *end == '\n')   /* a '=' there breaks mail, too */
        equals = end + 1;
    if (cut && !strchr(end, ')')) {
        add_hole(match, HOLE_ERRNO, number, end);
        match->ran_out = true;
        return cut;
    }
    if (equals) {
        const char *close = strchr(equals, ')');

        if (close && close - equals < 80) {
            add_hole(match, HOLE_ERRNO, number, end);
            text = close + 1;
        }
    }
    return over_xc_kind(text);
}

/* libxl: ": Invalid argument". */
static const char *over_libxl_tail(const char *text, struct match *match)
{
    const char *words = over_words(text, ": "), *end, *error;

    for (size_t i = 0; words && (error = errno_text(i)); i++) {
        end = over_words(words, error);
        if (end && (!*end || strchr("\n .,;\"'`\\)|<", *end))) {
            add_hole(match, HOLE_ERRNO, words, end);
            return end;
        }
    }
    return text;
}

/* What programs that quote a line put behind it, the end of a cell in a table
 * of text, and a tag, which is one yet where a page was quoted in a page. */
static const char *over_closing(const char *text)
{
    static const char bar[] = "\342\224\202";
    char c;

    while (*text) {
        if (strchr(" \"'`),;.]}|", *text))
            text++;
        else if (strncmp(text, bar, strlen(bar)) == 0)
            text += strlen(bar);
        else if (*text == '<' && web_at(text, strnlen(text, TAIL_MAX), &c))
            text += web_at(text, strnlen(text, TAIL_MAX), &c);
        else if (text[0] == '\\' && text[1] == 'n')
            text += 2;
        else
            break;
    }
    return text;
}

/* Whether the line may end here; the place behind it. */
static const char *line_end(const struct line *line, const char *text,
                            struct match *match)
{
    enum component other;

    if (line->component == LINE_XC)
        text = over_xc_tail(text, match);
    else if (line->component == LINE_LIBXL)
        text = over_libxl_tail(text, match);
    if (strncmp(text, "\",\"", 3) == 0 || strncmp(text, "\"}", 2) == 0)
        return text;   /* of a member in JSON */
    text = over_closing(text);
    if (!*text || *text == '\n' || anchor_at(text, &other))
        return text;
    match->ran_out |= strlen(text) < TAIL_MAX;   /* half of a tail */
    return NULL;
}

/* ------------------------------------------------------------------ */
/* The pattern                                                         */
/* ------------------------------------------------------------------ */

struct run {
    const struct line *line;
    struct match *match;
    unsigned int steps;
    bool cut;           /* the text may end before the pattern */
    const char *left;   /* of the pattern then */
};

static const char *run(struct run *r, const char *pattern, const char *text);

/* A word or any text: the shortest that lets the rest match. */
static const char *run_open(struct run *r, enum hole_id id,
                            const char *pattern, const char *text)
{
    bool word = hole_kinds[id].lexeme == LEX_WORD;
    bool head = strchr(r->line->pattern, '}') == pattern - 1 &&
                r->line->pattern[0] == '{';
    size_t n = r->match->n;

    for (const char *end = text + 1; end - text <= TEXT_HOLE_MAX; end++) {
        const char *whole;

        /* what a line begins with is no end of another */
        if (!end[-1] || (word && end[-1] == ' ') ||
            ((word || head) && end[-1] == '\n'))
            return NULL;
        if (*end != *pattern && *pattern && *pattern != '{' &&
            *pattern != '.' && *end && *end != '\n')
            continue;   /* most places cannot be it */
        if (r->steps++ > STEPS_MAX)
            return NULL;
        r->match->n = n;
        add_hole(r->match, id, text, end);
        whole = run(r, pattern, end);
        if (whole)
            return whole;
    }
    return NULL;
}

/* One character of the pattern that is no hole. */
static const char *over_fixed(const char *pattern, const char *text)
{
    if (*pattern == ' ') {
        if (*text != ' ' && *text != '\n')
            return NULL;
        while (*text == ' ' || *text == '\n')
            text++;
        return text;
    }
    text = skip_joints(text);
    return *text == *pattern ? text + 1 : NULL;
}

/* A number whose digits go on behind the line end there. */
static const char *run_broken(struct run *r, enum hole_id id,
                              const char *pattern, const char *text,
                              const char *end)
{
    bool hex = hole_kinds[id].lexeme == LEX_HEX || text[1] == 'x';
    const char *whole = over(end + 1, hex ? char_is_hex : char_is_digit);
    size_t n = r->match->n;

    if (!whole || r->steps++ > STEPS_MAX)
        return NULL;
    add_hole(r->match, id, text, whole);
    whole = run(r, pattern, whole);
    if (!whole)
        r->match->n = n;
    return whole;
}

static const char *run(struct run *r, const char *pattern, const char *text)
{
    while (*pattern && strcmp(pattern, ".") != 0) {
        if (r->cut && !*text) {
            r->left = pattern;
            return text;
        }
        if (*pattern == '{') {
            enum hole_id id = hole_at(pattern);
            enum lexeme lexeme = hole_kinds[id].lexeme;
            const char *end;

            pattern += strcspn(pattern, "}") + 1;
            text = skip_joints(text);
            r->match->ran_out |= !*text;
            if (!*text && !*pattern &&
                (r->line->component == LINE_XAPI ||
                 r->line->component == LINE_DOM0))
                return text;   /* names of errors stand alone, too */
            if (lexeme == LEX_WORD || lexeme == LEX_TEXT)
                return run_open(r, id, pattern, text);
            end = over_lexeme(text, lexeme);
            r->match->ran_out |= (end && !*end) || strcmp(text, "0x") == 0;
            if (!end)
                return NULL;
            if (*end == '\n' && char_is_hex(end[1])) {
                const char *whole = run_broken(r, id, pattern, text, end);

                if (whole)
                    return whole;
            }
            add_hole(r->match, id, text, end);
            text = end;
        } else {
            r->match->ran_out |= !*text;
            text = over_fixed(pattern++, text);
            if (!text)
                return NULL;
        }
    }
    if (*pattern && *text == *pattern)
        text++;   /* the full stop that not every logger keeps */
    return line_end(r->line, text, r->match);
}

static bool match_from(const struct line *line, const char *pattern,
                       const char *text, struct match *match)
{
    struct run r = { .line = line, .match = match };

    match->n = 0;
    match->ran_out = false;
    match->end = run(&r, pattern, text);
    return match->end != NULL;
}

bool line_match(const struct line *line, const char *text,
                struct match *match)
{
    return match_from(line, line->pattern, text, match);
}

bool line_match_rest(const struct line *line, const char *text,
                     struct match *match)
{
    const char *rest = strstr(line->pattern, ": ");

    return rest && rest[2] != '{' && match_from(line, rest + 2, text, match);
}

/* Fixed characters of a rest below which it is chance. */
#define REST_FIXED 10

/* Its number, or the error that libxc puts behind it, shows that it is no
 * person's sentence. */
bool line_match_end(const struct line *line, const char *text,
                    struct match *match)
{
    for (const char *p = strchr(line->pattern, ' '); p;
         p = strchr(p + 1, ' ')) {
        const struct line rest = { .pattern = p + 1 };

        if (p[1] != '{' && line_weight(&rest) >= REST_FIXED &&
            match_from(line, p + 1, text, match) && match->n > 0 &&
            hole_kinds[match->holes[match->n - 1].id].lexeme != LEX_TEXT)
            return true;
    }
    return false;
}

size_t line_match_cut(const struct line *line, const char *text,
                      struct match *match)
{
    struct run r = { .line = line, .match = match, .cut = true };
    struct line left;

    match->n = 0;
    match->ran_out = true;
    match->end = run(&r, line->pattern, text);
    if (!match->end || !r.left)
        return 0;
    while (match->n > 0 && match->holes[match->n - 1].at +
                                   match->holes[match->n - 1].length ==
                               match->end)
        match->n--;
    left.pattern = r.left;
    return line_weight(line) - line_weight(&left);
}
