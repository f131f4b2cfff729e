/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format/recode.h"
#include "base/bytes.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define WIDEST 3        /* bytes that one becomes */
#define MARK_ROOM 48  /* the longest start */

/* -- forwards: a byte becomes none to WIDEST ---------------------------- */

static size_t put_latin1(uint8_t byte, uint8_t *out)
{
    return utf8_put((char *)out, byte);
}

/* What Windows-1252 has where Latin-1 has control characters: its table in
 * the WHATWG's Encoding Standard. */
static const uint16_t cp1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
    0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static size_t put_cp1252(uint8_t byte, uint8_t *out)
{
    return utf8_put((char *)out, byte >= 0x80 && byte < 0xa0
                                     ? cp1252[byte - 0x80] : byte);
}

static size_t put_utf16(uint8_t byte, uint8_t *out)
{
    out[0] = byte;
    out[1] = 0;
    return 2;
}

static size_t put_replaced(uint8_t byte, uint8_t *out)
{
    return utf8_put((char *)out, byte < 0x80 ? byte : 0xfffd);
}

static size_t put_asked(uint8_t byte, uint8_t *out)
{
    out[0] = byte < 0x80 ? byte : '?';
    return 1;
}

static size_t put_stripped(uint8_t byte, uint8_t *out)
{
    out[0] = byte & 0x7f;
    return 1;
}

static size_t put_low(uint8_t byte, uint8_t *out)
{
    out[0] = byte;
    return byte < 0x80;
}

static size_t put_some(uint8_t byte, uint8_t *out)
{
    out[0] = byte;
    return byte != 0;
}

static size_t put_blank(uint8_t byte, uint8_t *out)
{
    out[0] = byte ? byte : ' ';
    return 1;
}

/* -- back: all of it, or 0 ----------------------------------------------- */

static size_t get_utf8(const uint8_t *p, size_t size, uint8_t *out,
                       bool (*byte_of)(uint32_t code, uint8_t *byte))
{
    size_t n = 0, length;

    for (size_t i = 0; i < size; i += length) {
        length = utf8_length(p + i, size - i);
        /* the last one may be cut where the caller has no more */
        if (length == 0)
            return size - i < WIDEST && p[i] >= 0xc0 ? n : 0;
        if (!byte_of(utf8_decode(p + i, length), &out[n++]))
            return 0;
    }
    return n;
}

static bool byte_of_latin1(uint32_t code, uint8_t *byte)
{
    *byte = (uint8_t)code;
    return code <= 0xff;
}

/* iconv has nothing for those that stand for themselves in the table. */
static bool byte_of_cp1252(uint32_t code, uint8_t *byte)
{
    *byte = (uint8_t)code;
    for (size_t i = 0; i < sizeof(cp1252) / sizeof(cp1252[0]); i++)
        if (code == cp1252[i]) {
            *byte = (uint8_t)(0x80 + i);
            return code > 0xff;
        }
    return code < 0x80 || (code >= 0xa0 && code <= 0xff);
}

static size_t get_latin1(const uint8_t *p, size_t size, uint8_t *out)
{
    return get_utf8(p, size, out, byte_of_latin1);
}

static size_t get_cp1252(const uint8_t *p, size_t size, uint8_t *out)
{
    return get_utf8(p, size, out, byte_of_cp1252);
}

/* With its mark in front or without. */
static size_t get_utf16(const uint8_t *p, size_t size, uint8_t *out)
{
    size_t n = 0;

    for (size_t i = size >= 2 && le16(p) == 0xfeff ? 2 : 0; i + 1 < size;
         i += 2) {
        if (p[i + 1])
            return 0;
        out[n++] = p[i];
    }
    return n;
}

/* Each line feed has a carriage return in front. */
static size_t get_unix(const uint8_t *p, size_t size, uint8_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        if (p[i] == '\n' && (i == 0 || p[i - 1] != '\r'))
            return 0;
        if (p[i] != '\r' || i + 1 == size || p[i + 1] != '\n')
            out[n++] = p[i];
    }
    return n;
}

/* Those without a way back come last.  Where two do the same to a start, the
 * way back of the first is tried on the rest. */
static const struct recode {
    const char *words;
    size_t (*put)(uint8_t byte, uint8_t *out);      /* NULL: no start shows
                                                     * it */
    size_t (*get)(const uint8_t *p, size_t size, uint8_t *out);
    const char *command;                            /* of get */
} recodes[] = {
    { "bytes over 0x7f became two, as those of Latin-1 do in UTF-8",
      put_latin1, get_latin1, "iconv -f UTF-8 -t LATIN1" },
    { "bytes over 0x7f became characters of Windows-1252 in UTF-8",
      put_cp1252, get_cp1252, "iconv -f UTF-8 -t CP1252" },
    { "each byte became two, as those of Latin-1 do in UTF-16", put_utf16,
      get_utf16, "iconv -f UTF-16 -t LATIN1" },
    { "line feeds became the line ends of DOS", NULL, get_unix,
      "LC_ALL=C sed 's/\\r$//'" },
    { "bytes over 0x7f became U+FFFD, as what is no UTF-8 does",
      put_replaced, NULL, NULL },
    { "bytes over 0x7f became question marks", put_asked, NULL, NULL },
    { "bytes over 0x7f lost their top bit", put_stripped, NULL, NULL },
    { "bytes over 0x7f are missing", put_low, NULL, NULL },
    { "bytes of 0 are missing", put_some, NULL, NULL },
    { "bytes of 0 became blanks", put_blank, NULL, NULL },
};
#define N_RECODES (sizeof(recodes) / sizeof(recodes[0]))

/* What a file that is read here begins with: streams first, which have a blob
 * in them. */
static const struct mark {
    const char *bytes;
    size_t size;
} marks[] = {
#define MARK(bytes) { bytes, sizeof(bytes) - 1 }
    MARK("\xff\xff\xff\xff\xff\xff\xff\xff" "XENF\0\0\0"),
    MARK("LibxlFmt\0\0\0\2"),
    MARK("Xen saved domain, xl format\n \0 \r\x04\x03\x02\x01"),
    MARK("libvirt-xml\n \0 \r"),
    MARK("\x01\0\0\0\x18\0\0\0\x86\x12\x38\x54\x01\0\0\0"), /* HEADER */
    /* the same, behind START and as a record of an image */
    MARK("\x01\0VH\0\0\0\0\x18\0\0\0\0\0\0\0\x86\x12\x38\x54"),
#undef MARK
};

#define N_MARKS (sizeof(marks) / sizeof(marks[0]))

/* The last two may stand behind the START of an image, so far. */
#define BEHIND_START 512

static bool is_behind(const struct mark *mark)
{
    return mark >= &marks[N_MARKS - 2];
}

static size_t put_all(const struct recode *recode, const uint8_t *p,
                      size_t size, uint8_t *out)
{
    size_t n = 0;

    if (!recode || !recode->put) {
        memcpy(out, p, size);
        return size;
    }
    for (size_t i = 0; i < size; i++)
        n += recode->put(p[i], out + n);
    return n;
}

/* Whether the start of a file, of which *recoded happened to the mark, is
 * there; a mark that nothing happened to says nothing. */
static bool shows(const struct mark *mark, const struct recoded *recoded,
                  const uint8_t *p, size_t size)
{
    uint8_t once[WIDEST * MARK_ROOM], twice[WIDEST * WIDEST * MARK_ROOM];
    size_t n = put_all(recoded->first, (const uint8_t *)mark->bytes,
                       mark->size, once);
    size_t m = put_all(recoded->second, once, n, twice);
    const uint8_t *at;

    if ((n == mark->size && memcmp(once, mark->bytes, n) == 0) ||
        (recoded->second && m == n && memcmp(twice, once, n) == 0))
        return false;
    at = memmem(p, size < BEHIND_START ? size : BEHIND_START, twice, m);
    return at && (at == p || is_behind(mark));
}

/* Whether it can be what happened to all that is there. */
static bool can_be(const struct recode *recode, const uint8_t *p, size_t size)
{
    uint8_t *back;
    size_t n;

    if (!recode->get)
        return true;
    back = malloc(size);
    n = back ? recode->get(p, size, back) : 1;
    free(back);
    return n > 0;
}

static bool find(const uint8_t *p, size_t size, struct recoded *recoded)
{
    for (size_t i = 0; i < N_MARKS; i++)
        if (shows(&marks[i], recoded, p, size)) {
            recoded->is_stream = !is_behind(&marks[i]);
            return can_be(recoded->second ? recoded->second : recoded->first,
                          p, size);
        }
    return false;
}

bool recode_find(const uint8_t *p, size_t size, struct recoded *recoded)
{
    if (size >= 2 && le16(p) == 0xfeff) { /* UTF-16's mark */
        p += 2;
        size -= 2;
    }
    for (size_t i = 0; i < N_RECODES; i++) {
        *recoded = (struct recoded){ .first = &recodes[i] };
        if (find(p, size, recoded))
            return true;
    }
    for (size_t i = 0; i < N_RECODES; i++)
        for (size_t k = 0; k < N_RECODES; k++) {
            *recoded = (struct recoded){ .first = &recodes[i],
                                          .second = &recodes[k] };
            if (i != k && find(p, size, recoded))
                return true;
        }
    return false;
}

size_t recode_ways(void)
{
    size_t n = 0;

    while (n < N_RECODES && recodes[n].get)
        n++;
    return n;
}

size_t recode_undo(size_t way, const uint8_t *p, size_t size, uint8_t *out)
{
    size_t n = recodes[way].get(p, size, out);

    return n == size ? 0 : n;
}

int recode_tell(const struct recoded *recoded, const struct msg_at *at,
                domctx_report *report)
{
    const struct recode *first = recoded->first, *second = recoded->second;

    if (first->command && !second && !recoded->is_lost)
        return msg_raise(report, MSG_KIND_CODED, at, "%s: %s", first->words,
                         first->command);
    return msg_raise(report, MSG_FILE_AS_TEXT, at,
                     "a transfer as text has changed it: %s%s%s", first->words,
                     second ? ", and then " : "",
                     second ? second->words : "");
}

int recode_tell_way(size_t way, domctx_report *report)
{
    const struct recoded recoded = { .first = &recodes[way] };

    return recode_tell(&recoded, NULL, report);
}
