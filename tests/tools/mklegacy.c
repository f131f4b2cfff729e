/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes save files in the format of Xen 3.1 to 4.5, and what other programs
 * put around save files, for tests: whole ones, and ones with any defect.
 * On purpose it shares nothing with libdomctx.
 *
 * mklegacy OUT WORD...: each word appends something; see usage() below.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096
#define BATCH_MAX 1024
#define NO_PAGE_FROM 13       /* types of entries that no page follows */

static FILE *out;
static bool sparse;           /* pages are holes in the file */
static unsigned int width = 8; /* of the toolstack's unsigned long */

__attribute__((noreturn, format(printf, 1, 2)))
static void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("mklegacy: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static void usage(void)
{
    fputs("usage: mklegacy OUT WORD...\n"
          "bytes:    raw=HEX text=T zeros=N file=PATH u32=N u64=N be32=N\n"
          "around:   xl=FLAGS:CONFIG xend=SXP libvirt=VERSION:XML\n"
          "          xenops xenops2 xenrec=TYPE:LENGTH\n"
          "stream:   w=32|64 p2m=N pages=FIRST:COUNT id=N end\n"
          "          batch=FIRST:COUNT[:TYPE][,...]  TYPE 0..15, u unmapped\n"
          "          chunk=ID[:VALUE]  as Xen wrote it\n"
          "tail:     pfns context=PATH\n"
          "          qemu=N qemu-eof=N qemu-remus=N qemu-xenops=N\n",
          stderr);
    exit(2);
}

/* -- bytes ------------------------------------------------------------- */

static void put(const void *p, size_t size)
{
    if (size && fwrite(p, 1, size, out) != size)
        die("cannot write: %s", strerror(errno));
}

static void put_number(uint64_t value, unsigned int bytes)
{
    for (unsigned int i = 0; i < bytes; i++, value >>= 8)
        put(&(uint8_t){ (uint8_t)value }, 1);
}

static void put_be32(uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put_number(value >> shift, 1);
}

static void put_zeros(uint64_t n)
{
    static const uint8_t zeros[PAGE];

    if (sparse) {
        if (fseeko(out, (off_t)n, SEEK_CUR) < 0)
            die("cannot seek: %s", strerror(errno));
        return;
    }
    for (; n > PAGE; n -= PAGE)
        put(zeros, PAGE);
    put(zeros, (size_t)n);
}

static uint64_t number(const char *text)
{
    char *end;
    uint64_t value;

    errno = 0;
    value = (uint64_t)strtoll(text, &end, 0);
    if (errno == ERANGE) {
        errno = 0;
        value = strtoull(text, &end, 0);
    }
    if (errno || end == text || *end)
        die("'%s' is no number", text);
    return value;
}

/* Cut text at the first c: what stands behind it, or NULL. */
static char *cut(char *text, char c)
{
    char *at = strchr(text, c);

    if (at)
        *at++ = '\0';
    return at;
}

static uint8_t *load(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *buf = NULL;
    size_t got;

    *size = 0;
    if (!file)
        die("cannot open %s: %s", path, strerror(errno));
    do {
        buf = realloc(buf, *size + 65536);
        if (!buf)
            die("no memory");
        got = fread(buf + *size, 1, 65536, file);
        *size += got;
    } while (got == 65536);
    fclose(file);
    return buf;
}

static void word_raw(char *hex)
{
    for (; hex[0] && hex[1]; hex += 2) {
        char byte[3] = { hex[0], hex[1], '\0' };

        put_number(strtoul(byte, NULL, 16), 1);
    }
}

static void word_text(char *text) { put(text, strlen(text)); }
static void word_zeros(char *n) { put_zeros(number(n)); }
static void word_u32(char *n) { put_number(number(n), 4); }
static void word_u64(char *n) { put_number(number(n), 8); }
static void word_be32(char *n) { put_be32((uint32_t)number(n)); }

static void word_file(char *path)
{
    size_t size;
    uint8_t *buf = load(path, &size);

    put(buf, size);
    free(buf);
}

/* -- what other programs put around it ------------------------------------ */

/* xl: bit 0 of the flags: the configuration is JSON and ends with NUL. */
static void word_xl(char *flags)
{
    const char *config = cut(flags, ':');
    uint64_t bits = number(flags);
    size_t length = config ? strlen(config) + (bits & 1) : 0;

    put("Xen saved domain, xl format\n \0 \r", 32);
    put_number(0x01020304, 4);
    put_number(bits, 4);
    put_number(0, 4);
    put_number(config ? length + 4 : 0, 4);
    if (config) {
        put_number(length, 4);
        put(config, length);
    }
}

static void word_xend(char *sxp)
{
    put("LinuxGuestRecord", 16);
    put_be32((uint32_t)strlen(sxp));
    put(sxp, strlen(sxp));
}

static void word_libvirt(char *version)
{
    char *xml = cut(version, ':');
    size_t length = xml ? strlen(xml) + 1 : 0;

    put("libvirt-xml\n \0 \r", 16);
    put_number(number(version), 4);
    put_number(length, 4);
    for (int i = 0; i < 5; i++) /* reserved */
        put_number(0, 8);
    put(xml ? xml : "", length);
}

static void word_xenops(char *nothing)
{
    (void)nothing;
    put("XenSavedDomain\n", 15);
}

static void word_xenops2(char *nothing)
{
    (void)nothing;
    put("XenSavedDomv2-\n", 15);
}

static void word_xenrec(char *type)
{
    const char *length = cut(type, ':');

    put_number(number(type), 8);
    put_number(length ? number(length) : 0, 8);
}

/* -- the stream --------------------------------------------------------- */

static void word_w(char *bits)
{
    width = (unsigned int)number(bits) / 8;
}

static void word_p2m(char *n) { put_number(number(n), width); }
static void word_id(char *n) { put_number(number(n), 4); }

static void word_end(char *nothing)
{
    (void)nothing;
    put_number(0, 4);
}

/* One batch of groups of like entries. */
static void word_batch(char *groups)
{
    uint64_t entries[2 * BATCH_MAX], n = 0, pages = 0;

    for (char *next; groups; groups = next) {
        char *count, *type;
        uint64_t first, how_many, kind;
        bool unmapped;

        next = cut(groups, ',');
        count = cut(groups, ':');
        type = count ? cut(count, ':') : NULL;
        first = number(groups);
        how_many = count ? number(count) : 1;
        unmapped = type && *type == 'u';
        kind = unmapped ? 15 : type ? number(type) : 0;
        if (how_many > 2 * BATCH_MAX - n)
            die("too many entries in a batch");
        for (uint64_t i = 0; i < how_many; i++)
            entries[n++] = kind << 28 | (unmapped ? 0 : first + i);
        pages += kind < NO_PAGE_FROM ? how_many : 0;
    }
    put_number(n, 4);
    for (uint64_t i = 0; i < n; i++)
        put_number(entries[i], width);
    put_zeros(pages * PAGE);
}

static void word_pages(char *first)
{
    const char *count = cut(first, ':');
    uint64_t at = number(first), left = count ? number(count) : 1, now;

    for (; left > 0; left -= now, at += now) {
        char group[48];

        now = left < BATCH_MAX ? left : BATCH_MAX;
        snprintf(group, sizeof(group), "%llu:%llu", (unsigned long long)at,
                 (unsigned long long)now);
        word_batch(group);
    }
}

/* A chunk with the body that its id has. */
static void word_chunk(char *id)
{
    const char *text = cut(id, ':');
    int32_t which = (int32_t)number(id);
    uint64_t value = text ? number(text) : 0;

    put_number((uint32_t)which, 4);
    switch (which) {
    case -1: case -9: case -13:
        return;
    case -2: /* the highest vCPU's number and a map with all of them */
        put_number(value, 4);
        for (uint64_t i = 0; i <= value / 64; i++)
            put_number(UINT64_MAX, 8);
        return;
    case -7: /* mode, nsec, khz, incarnation */
        put_number(0, 4);
        put_number(value, 8);
        put_number(2000000, 4);
        put_number(3, 4);
        return;
    case -12: /* as many bytes */
        put_number(value, width);
        put_zeros(value);
        return;
    case -18:
        put_number(value, 4);
        put_zeros(value);
        return;
    default:
        put_number(0, 4);
        put_number(value, 8);
    }
}

/* -- the tail ------------------------------------------------------------ */

static void word_pfns(char *nothing)
{
    (void)nothing;
    put_number(0xff000, 8);
    put_number(0xff001, 8);
    put_number(0xff002, 8);
}

static void word_context(char *path)
{
    size_t size;
    uint8_t *buf = load(path, &size);

    put_number(size, 4);
    put(buf, size);
    free(buf);
}

/* QEMU's state, n bytes in all. */
static void qemu_bytes(uint64_t n)
{
    put("QEVM", n < 4 ? (size_t)n : 4);
    for (uint64_t i = 4; i < n; i++)
        put_number(i % 251, 1);
}

static void word_qemu(char *n)
{
    put("DeviceModelRecord0002", 21);
    put_number(number(n), 4);
    qemu_bytes(number(n));
}

static void word_qemu_remus(char *n)
{
    put("RemusDeviceModelState", 21);
    put_number(number(n), 4);
    qemu_bytes(number(n));
}

static void word_qemu_eof(char *n)
{
    put("QemuDeviceModelRecord", 21);
    qemu_bytes(number(n));
}

static void word_qemu_xenops(char *n)
{
    put("QemuDeviceModelRecord\n", 22);
    put_be32((uint32_t)number(n));
    qemu_bytes(number(n));
}

static const struct {
    const char *name;
    void (*run)(char *argument);
} words[] = {
    { "raw", word_raw },           { "text", word_text },
    { "zeros", word_zeros },       { "file", word_file },
    { "u32", word_u32 },           { "u64", word_u64 },
    { "be32", word_be32 },         { "xl", word_xl },
    { "xend", word_xend },         { "libvirt", word_libvirt },
    { "xenops", word_xenops },     { "xenops2", word_xenops2 },
    { "xenrec", word_xenrec },     { "w", word_w },
    { "p2m", word_p2m },           { "pages", word_pages },
    { "id", word_id },             { "end", word_end },
    { "batch", word_batch },       { "chunk", word_chunk },
    { "pfns", word_pfns },         { "context", word_context },
    { "qemu", word_qemu },         { "qemu-eof", word_qemu_eof },
    { "qemu-remus", word_qemu_remus },
    { "qemu-xenops", word_qemu_xenops },
};

static void run(const char *word)
{
    char *copy = strdup(word), *argument;

    if (!copy)
        die("no memory");
    argument = cut(copy, '=');
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(copy, words[i].name) == 0) {
            words[i].run(argument ? argument : copy + strlen(copy));
            free(copy);
            return;
        }
    }
    die("no word '%s'", word);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        usage();
    out = strcmp(argv[1], "-") == 0 ? stdout : fopen(argv[1], "wb");
    if (!out)
        die("cannot create %s: %s", argv[1], strerror(errno));
    sparse = out != stdout;
    for (int i = 2; i < argc; i++)
        run(argv[i]);
    /* A hole at the end needs its last byte. */
    if (sparse && ftello(out) > 0) {
        off_t size = ftello(out);

        if (fflush(out) || fseeko(out, 0, SEEK_END) < 0)
            die("cannot write: %s", strerror(errno));
        if (ftello(out) < size &&
            (fseeko(out, size - 1, SEEK_SET) < 0 || fputc(0, out) == EOF))
            die("cannot write: %s", strerror(errno));
    }
    if (fclose(out))
        die("cannot write: %s", strerror(errno));
    return 0;
}
