/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sound files of another kind, named by their first bytes: a compressed save
 * file or a disk is not damaged.  Above all rooms, since domctx_detect() looks
 * at what is decoded or shifted back.
 */
#include "base/chars.h"
#include "base/bytes.h"
#include "base/messages.h"
#include "base/utf8.h"

#include <string.h>

/* What the first 32 bytes have to be.  The magic numbers are those of the
 * formats' own documents. */
static const struct kind {
    enum msg_id id;
    unsigned int at;
    unsigned int size;
    const char *magic;
    const char *words;
} kinds[] = {
#define KIND(id, at, magic, words) \
    { id, at, sizeof(magic) - 1, magic, words }
    KIND(MSG_KIND_COMPRESSED, 0, "\x1f\x8b", "compressed by gzip: gzip -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\xfd" "7zXZ", "compressed by xz: xz -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\x28\xb5\x2f\xfd",
         "compressed by zstd: zstd -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "BZh", "compressed by bzip2: bzip2 -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\x04\x22\x4d\x18",
         "compressed by lz4: lz4 -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\x89LZO", "compressed by lzop: lzop -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "PK\x03\x04", "a zip archive: unzip -p"),
    KIND(MSG_KIND_DISK, 0, "conectix", "a VHD disk image"),
    KIND(MSG_KIND_DISK, 0, "cxsparse", "a VHD disk image"),
    KIND(MSG_KIND_DISK, 0, "vhdxfile", "a VHDX disk image"),
    KIND(MSG_KIND_DISK, 0, "QFI\xfb", "a qcow2 disk image"),
    KIND(MSG_KIND_DISK, 0, "KDMV", "a VMDK disk image"),
    KIND(MSG_KIND_QEMU, 0, "QEVM", "a stream of QEMU (QEVM)"),
    KIND(MSG_KIND_KVM, 0, "LibvirtQemudSave",
         "a save file of libvirt for KVM"),
    KIND(MSG_KIND_KVM, 0, "LibvirtQemudPart",
         "a save file of libvirt for KVM, unfinished"),
    KIND(MSG_KIND_DUMP, 0, "HVM save record",
         "the text that xen-hvmctx prints"),
#undef KIND
};

#define ELF_TYPE 16
#define ET_CORE 4

/* Records that stand in front of a context inside a stream: the header of
 * libxc's HVM_CONTEXT has 8 bytes, that of an image's HVM_CONTEXT 16. */
static const unsigned int headers[] = { 8, 16 };

static bool is_elf(const uint8_t *p, size_t size)
{
    return size >= ELF_TYPE + 2 && memcmp(p, "\177ELF", 4) == 0;
}

/* Bytes of the hexadecimal digits at p, up to what is none. */
static size_t from_hex(const uint8_t *p, size_t size, uint8_t *out)
{
    size_t n = 0;

    while (size >= 2 && char_is_hex((char)p[0]) && char_is_hex((char)p[1])) {
        out[n++] = (uint8_t)(char_digit((char)p[0]) << 4 |
                             char_digit((char)p[1]));
        p += 2;
        size -= 2;
    }
    return n;
}

/* Bytes of whole groups of base64 (RFC 4648) at p. */
static size_t from_base64(const uint8_t *p, size_t size, uint8_t *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;

    for (; size >= 4; p += 4, size -= 4) {
        uint32_t bits = 0;

        for (size_t i = 0; i < 4; i++) {
            const char *at = p[i] ? strchr(digits, p[i]) : NULL;

            if (!at)
                return n;
            bits = bits << 6 | (uint32_t)(at - digits);
        }
        out[n++] = (uint8_t)(bits >> 16);
        out[n++] = (uint8_t)(bits >> 8);
        out[n++] = (uint8_t)bits;
    }
    return n;
}

/* Whether bytes begin something that is read here.  JSON does not count: a
 * brace begins too much. */
static bool begins(const uint8_t *p, size_t size)
{
    static const char xl[] = "Xen saved domain";
    enum domctx_format format = domctx_detect(p, size);

    return format == DOMCTX_FORMAT_HVM || format == DOMCTX_FORMAT_SAVE ||
           format == DOMCTX_FORMAT_IMAGE ||
           (size >= sizeof(xl) - 1 && memcmp(p, xl, sizeof(xl) - 1) == 0);
}

/* How many bytes stand in front of something that is read here; 0: none. */
static size_t in_front(const uint8_t *p, size_t size)
{
    size_t i = utf8_mark(p, size);

    while (i < size && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' ||
                        p[i] == '\r'))
        i++;
    if (i > 0 && begins(p + i, size - i))
        return i;
    for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (size > headers[i] &&
            domctx_detect(p + headers[i], size - headers[i]) ==
                DOMCTX_FORMAT_HVM)
            return headers[i];
    return 0;
}

/* The command that turns text back into what it codes, or NULL. */
static const char *decoder(const uint8_t *p, size_t size)
{
    uint8_t bytes[64];

    if (size > sizeof(bytes))
        size = sizeof(bytes);
    if (begins(bytes, from_hex(p, size, bytes)))
        return "xxd -r -p";
    if (begins(bytes, from_base64(p, size, bytes)))
        return "base64 -d";
    /* xxd's own dump: an offset of 0, and groups of digits */
    return size >= 10 && memcmp(p, "00000000: ", 10) == 0 ? "xxd -r" : NULL;
}

int domctx_unknown(const void *head, size_t size, domctx_report *report)
{
    const uint8_t *p = head;
    const char *command;
    size_t front;

    if (size == 0)
        return msg_raise(report, MSG_FILE_UNKNOWN, NULL, "is empty");
    if (is_elf(p, size))
        return msg_raise(report, MSG_KIND_ELF, NULL, "this is %s",
                         le16(p + ELF_TYPE) == ET_CORE
                             ? "an ELF core, as xl dump-core writes it"
                             : "an ELF file, a program or a kernel");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (size >= kinds[i].at + kinds[i].size &&
            memcmp(p + kinds[i].at, kinds[i].magic, kinds[i].size) == 0)
            return msg_raise(report, kinds[i].id, NULL, "this is %s",
                             kinds[i].words);
    front = in_front(p, size);
    if (front)
        return msg_raise(report, MSG_KIND_SHIFTED, NULL,
                         "%zu bytes stand in front of what would be read: "
                         "tail -c +%zu", front, front + 1);
    command = decoder(p, size);
    if (command)
        return msg_raise(report, MSG_KIND_CODED, NULL,
                         "this is a context or save file as text: %s",
                         command);
    return msg_raise(report, MSG_FILE_UNKNOWN, NULL,
                     "no image, HVM blob, save file or JSON");
}
