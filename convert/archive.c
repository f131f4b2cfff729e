/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "archive.h"

#include "base/chars.h"

#include <string.h>

#define BLOCK 512

/* A member: its name, and where its bytes are and the next header. */
struct member {
    const char *name;
    size_t name_size;
    size_t at, size, next;
};

/* A number in a header; false: there is another character. */
static bool number(const uint8_t *p, size_t digits, unsigned int base,
                   size_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (char_digit((char)p[i]) >= base)
            return i > 0 && (p[i] == 0 || p[i] == ' ');
        *value = *value * base + char_digit((char)p[i]);
    }
    return true;
}

static size_t round_up(size_t size, size_t to)
{
    return (size + to - 1) / to * to;
}

/* A header of tar (POSIX, ustar): the name, and the size in octal digits. */
static bool tar_member(const uint8_t *p, size_t size, size_t at,
                       struct member *member)
{
    if (size < BLOCK || at > size - BLOCK ||
        !number(p + at + 124, 11, 8, &member->size))
        return false;
    member->name = (const char *)p + at;
    member->name_size = strnlen(member->name, 100);
    member->at = at + BLOCK;
    member->next = member->at + round_up(member->size, BLOCK);
    return member->name_size > 0;
}

/* A header of cpio (its newc format): numbers of eight hexadecimal digits. */
static bool cpio_member(const uint8_t *p, size_t size, size_t at,
                        struct member *member)
{
    enum { HEADER = 110 };

    if (size < HEADER || at > size - HEADER ||
        memcmp(p + at, "07070", 5) != 0 ||
        !number(p + at + 54, 8, 16, &member->size) ||
        !number(p + at + 94, 8, 16, &member->name_size) ||
        member->name_size == 0 || member->name_size > size - at - HEADER)
        return false;
    member->name = (const char *)p + at + HEADER;
    member->at = round_up(at + HEADER + member->name_size, 4);
    member->next = round_up(member->at + member->size, 4);
    member->name_size--; /* its NUL */
    return true;
}

/* A pattern, an option or a word of the shell is more than a name. */
static bool is_plain(const struct member *member)
{
    if (member->name_size >= ARCHIVE_NAME || *member->name == '-')
        return false;
    for (size_t i = 0; i < member->name_size; i++) {
        char c = char_lower(member->name[i]);

        if (!(c >= 'a' && c <= 'z') && !char_is_digit(c) &&
            (!c || !strchr("_./+,:=@%-", c)))
            return false;
    }
    return !memmem(member->name, member->name_size, "FILE", 4);
}

bool archive_member(const uint8_t *p, size_t size, coded_is *is,
                    char name[ARCHIVE_NAME])
{
    bool cpio = size >= 5 && memcmp(p, "07070", 5) == 0;
    struct member member;

    for (size_t at = 0; at < size; at = member.next) {
        if (!(cpio ? cpio_member : tar_member)(p, size, at, &member) ||
            member.at > size)
            return false;
        if (member.size && is(p + member.at, size - member.at)) {
            if (!is_plain(&member))
                return false;
            memcpy(name, member.name, member.name_size);
            name[member.name_size] = '\0';
            return true;
        }
    }
    return false;
}
