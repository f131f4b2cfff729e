/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sound files of another kind, named by their first bytes: a compressed save
 * file or a disk is not damaged.  Above all rooms, since domctx_detect() looks
 * at what is decoded or shifted back.
 */
#include "archive.h"
#include "as-text.h"
#include "base/bytes.h"
#include "base/chars.h"
#include "base/messages.h"
#include "base/utf8.h"
#include "coded.h"
#include "container/source.h"
#include "format/hvm.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What follows the hypervisor's part in a legacy stream. */
#define LEGACY_TAIL "the end of a save file, with the state of QEMU alone"

#define BY_GPG "encrypted by gpg: gpg -d"
/* The file has the salt alone. */
#define BY_OPENSSL(coded) \
    "encrypted by openssl, with a cipher that it does not tell, as usual: " \
    "openssl enc -d" coded " -aes-256-cbc -pbkdf2 -in"

/* What the first bytes have to be.  The magic numbers are those of the
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
    KIND(MSG_KIND_COMPRESSED, 0, "LZIP", "compressed by lzip: lzip -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "LRZI", "compressed by lrzip: lrzcat"),
    KIND(MSG_KIND_COMPRESSED, 0, "\x5d\0\0\x80\0",
         "compressed by lzma: xz --format=lzma -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\x1f\x9d",
         "compressed by compress: gzip -dc"),
    KIND(MSG_KIND_COMPRESSED, 0, "\xff\x06\0\0sNaPpY",
         "compressed by snappy: snzip -dc"),
    KIND(MSG_KIND_ARCHIVE, 0, "ova.xml",
         "an XVA, an exported guest of XenServer: tar -xO -f"),
    KIND(MSG_KIND_ARCHIVE, 257, "ustar", "a tar archive: tar -xO -f"),
    KIND(MSG_KIND_ARCHIVE, 0, "PK\x03\x04", "a zip archive: unzip -p"),
    KIND(MSG_KIND_ARCHIVE, 0, "7z\xbc\xaf\x27\x1c",
         "a 7z archive: 7z x -so"),
    KIND(MSG_KIND_ARCHIVE, 0, "Rar!\x1a\x07", "a rar archive: unrar p -inul"),
    KIND(MSG_KIND_ARCHIVE, 0, "070701",
         "a cpio archive: cpio -i --to-stdout <FILE"),
    KIND(MSG_KIND_ARCHIVE, 0, "070702",
         "a cpio archive: cpio -i --to-stdout <FILE"),
    KIND(MSG_KIND_ARCHIVE, 0, "\xc7\x71",
         "a cpio archive: cpio -i --to-stdout <FILE"),
    KIND(MSG_KIND_ARCHIVE, 0, "070707",
         "a cpio archive: cpio -i --to-stdout <FILE"),
    KIND(MSG_KIND_ARCHIVE, 0, "!<arch>\n", "an archive of ar: ar p"),
    KIND(MSG_KIND_ENCRYPTED, 0, "-----BEGIN PGP MESSAGE", BY_GPG),
    /* packets of a passphrase (tag 3), of public keys (tag 1): RSA of 2048,
     * 3072 and 4096 bits, and ECDH (RFC 9580, 4.2 and 5.1) */
    KIND(MSG_KIND_ENCRYPTED, 0, "\x8c\x0d\x04", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\xc3\x0d\x04", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\x85\x01\x0c\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\x85\x01\x8c\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\x85\x02\x0c\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\x84\x5e\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\xc1\xc0\x4c\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "\xc1\xc1\x4c\x03", BY_GPG),
    KIND(MSG_KIND_ENCRYPTED, 0, "Salted__", BY_OPENSSL("")),
    KIND(MSG_KIND_ENCRYPTED, 0, "U2FsdGVkX1", BY_OPENSSL(" -a")),
    KIND(MSG_KIND_ENCRYPTED, 0, "age-encryption.org/",
         "encrypted by age: age -d"),
    KIND(MSG_KIND_ENCRYPTED, 0, "-----BEGIN AGE ENCRYPTED FILE",
         "encrypted by age: age -d"),
    KIND(MSG_KIND_DISK, 0, "conectix", "a VHD disk image"),
    KIND(MSG_KIND_DISK, 0, "cxsparse", "a VHD disk image"),
    KIND(MSG_KIND_DISK, 0, "vhdxfile", "a VHDX disk image"),
    KIND(MSG_KIND_DISK, 0, "QFI\xfb", "a qcow2 disk image"),
    KIND(MSG_KIND_DISK, 0, "QED\0", "a QED disk image"),
    KIND(MSG_KIND_DISK, 0, "KDMV", "a VMDK disk image"),
    KIND(MSG_KIND_DISK, 0, "# Disk DescriptorFile",
         "the description of a VMDK disk image"),
    KIND(MSG_KIND_DISK, 0x40, "\x7f\x10\xda\xbe", "a VDI disk image"),
    KIND(MSG_KIND_DISK, 0, "LUKS\xba\xbe", "a disk encrypted by LUKS"),
    KIND(MSG_KIND_DISK, 0, "hsqs", "a squashfs file system"),
    KIND(MSG_KIND_DISK, 0, "XFSB", "an XFS file system"),
    KIND(MSG_KIND_DISK, 0, "COWD", "a VMDK disk image"),
    KIND(MSG_KIND_DISK, 0, "WithoutFreeSpace", "a disk image of Parallels"),
    KIND(MSG_KIND_DISK, 0, "WithouFreSpacExt", "a disk image of Parallels"),
    KIND(MSG_KIND_DISK, 0x8001, "CD001", "an ISO 9660 image, as of a CD"),
    KIND(MSG_KIND_DISK, 1080, "\x53\xef", "an ext2, ext3 or ext4 file system"),
    KIND(MSG_KIND_DISK, 512, "LABELONE", "a physical volume of LVM"),
    KIND(MSG_KIND_DISK, 512, "EFI PART", "a disk with a GPT"),
    KIND(MSG_KIND_DISK, 4086, "SWAPSPACE2", "swap space of Linux"),
    KIND(MSG_KIND_QEMU, 0, "QEVM", "a stream of QEMU (QEVM)"),
    KIND(MSG_KIND_QEMU, 0, "DeviceModelRecord0002", LEGACY_TAIL),
    KIND(MSG_KIND_QEMU, 0, "QemuDeviceModelRecord", LEGACY_TAIL),
    KIND(MSG_KIND_QEMU, 0, "RemusDeviceModelState", LEGACY_TAIL),
    KIND(MSG_KIND_KVM, 0, "LibvirtQemudSave",
         "a save file of libvirt for KVM"),
    KIND(MSG_KIND_KVM, 0, "LibvirtQemudPart",
         "a save file of libvirt for KVM, unfinished"),
    KIND(MSG_KIND_OTHER_VMM, 0, "\x7fVirtualBox SavedState",
         "a saved state of VirtualBox"),
    KIND(MSG_KIND_OTHER_VMM, 0, "\xd0\xbe\xd2\xbe",
         "a suspended state of VMware"),
    KIND(MSG_KIND_OTHER_VMM, 0, "\xd1\xba\xd1\xba",
         "a suspended state of VMware"),
    KIND(MSG_KIND_OTHER_VMM, 0, "\xd2\xbe\xd2\xbe",
         "a suspended state of VMware"),
    KIND(MSG_KIND_OTHER_VMM, 0, "\xd3\xbe\xd3\xbe",
         "a suspended state of VMware"),
    KIND(MSG_KIND_OTHER_DUMP, 0, "KDUMP   ", "a dump of a kernel (kdump)"),
    KIND(MSG_KIND_OTHER_DUMP, 0, "makedumpfile",
         "a dump of a kernel (makedumpfile)"),
    KIND(MSG_KIND_OTHER_DUMP, 0, "PAGEDU", "a crash dump of Windows"),
    KIND(MSG_KIND_OTHER_DUMP, 0, "MDMP", "a minidump of Windows"),
    KIND(MSG_KIND_DUMP, 0, "HVM save record",
         "the text that xen-hvmctx prints"),
    KIND(MSG_KIND_CONFIG, 0, "<domain", "libvirt's description of a guest"),
    KIND(MSG_KIND_CONFIG, 0, "<?xml", "a text of XML"),
#undef KIND
};

#define LIBXC_HVM_CONTEXT 9 /* a record type of its streams */
#define SHORTEST 40         /* a context's lengths: of a blob with END alone */
#define LONGEST (UINT64_C(1) << 40)
#define START_SIZE 24   /* of the first record of an image, and its header */
#define ELF_TYPE 16
#define ET_CORE 4

/* Records that stand in front of a context inside a stream: the header of
 * libxc's HVM_CONTEXT has 8 bytes, that of an image's HVM_CONTEXT 16. */
static const unsigned int headers[] = { 8, 16 };

static bool is_elf(const uint8_t *p, size_t size)
{
    return size >= ELF_TYPE + 2 && memcmp(p, "\177ELF", 4) == 0;
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

/* How many bytes stand in front of something that is read here; 0: none.  A
 * brace behind nothing but blanks is JSON's. */
static size_t in_front(const uint8_t *p, size_t size)
{
    size_t i = utf8_mark(p, size);

    while (i < size && char_is_white((char)p[i]))
        i++;
    if (i > 0 && i < size && (p[i] == '{' || begins(p + i, size - i)))
        return i;
    for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (size > headers[i] &&
            domctx_detect(p + headers[i], size - headers[i]) ==
                DOMCTX_FORMAT_HVM)
            return headers[i];
    return 0;
}

/* -- text that is known by its first line -------------------------------- */

/* What the tools' and the hypervisor's lines begin with, or have behind a time
 * stamp. */
static const char *const of_a_log[] = { "(XEN) ", "libxl: ", "xc: ",
                                        "xenguest", "qemu-system-",
                                        "Loading new save file " };

/* Keys of xl.cfg(5) that a configuration begins with. */
static const char *const keys[] = { "name", "builder", "type", "kernel",
                                    "memory", "maxmem", "vcpus", "maxvcpus",
                                    "uuid", "firmware", "disk", "vif",
                                    "import", "pae", "acpi", "bios" };

static size_t line_at(const uint8_t *p, size_t size)
{
    const uint8_t *end = memchr(p, '\n', size);

    return end ? (size_t)(end - p) : size;
}

static bool is_log(const uint8_t *p, size_t size)
{
    size_t line = line_at(p, size);

    for (size_t i = 0; i < sizeof(of_a_log) / sizeof(of_a_log[0]); i++)
        if (memmem(p, line, of_a_log[i], strlen(of_a_log[i])))
            return true;
    return false;
}

static size_t blanks(const uint8_t *p, size_t size)
{
    size_t i = 0;

    while (i < size && char_is_blank((char)p[i]))
        i++;
    return i;
}

/* Lines of comment or without a word do not count. */
static bool is_config(const uint8_t *p, size_t size)
{
    size_t word = 0, after;

    while (size && (*p == '#' || blanks(p, size) == line_at(p, size))) {
        size_t line = line_at(p, size);

        line += line < size;
        p += line;
        size -= line;
    }
    while (word < size && ((p[word] >= 'a' && p[word] <= 'z') ||
                           p[word] == '_'))
        word++;
    after = word + blanks(p + word, size - word);
    if (after == size || p[after] != '=')
        return false;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (text_is((const char *)p, word, keys[i]))
            return true;
    return false;
}

/* -- contexts and save files with changed bytes ------------------------ */

/* What each begins with; a part of it that is as it should be means damage to
 * the rest. */
static const struct start {
    const char *magic;
    unsigned int size;
    const char *words;
} starts[] = {
#define START(magic, words) { magic, sizeof(magic) - 1, words }
    START("Xen saved domain, xl format\n \0 \r", "an xl save file"),
    START("LibxlFmt", "a libxl stream"),
    START("\xff\xff\xff\xff\xff\xff\xff\xff" "XENF", "a libxc stream"),
    START("LinuxGuestRecord", "a save file of xend"),
    START("XenSavedDomain\n", "a suspend image of xapi"),
    START("\x01\0\0\0\x18\0\0\0\x86\x12\x38\x54", "an HVM blob"),
#undef START
};

/* What all that a cut file has is the beginning of.  Four bytes of a blob
 * could be those of an image, three of a save file those of two kinds. */
static const struct start *cut_start(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (size >= 4 && size < starts[i].size && (size > 4 || p[3]) &&
            memcmp(p, starts[i].magic, size) == 0)
            return &starts[i];
    return NULL;
}

/* Three quarters of its bytes that are not 0 have to be right. */
static const char *nearly(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t same = 0, all = 0;

        for (size_t k = 0; k < starts[i].size; k++)
            if (starts[i].magic[k] != 0) {
                all++;
                same += k < size && p[k] == (uint8_t)starts[i].magic[k];
            }
        if (same * 4 >= all * 3)
            return starts[i].words;
    }
    return NULL;
}

/* How many bytes of any kind stand in front of one of those; 0: none. */
static size_t within(const uint8_t *p, size_t size)
{
    /* HVM_HEADER and HVM_CONTEXT, which follow START in an image */
    static const char *const types[] = { "\x01\0VH", "\0\0VH" };
    const uint8_t *at;

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        at = memmem(p, size, starts[i].magic, starts[i].size);
        if (at && begins(at, size - (size_t)(at - p)))
            return (size_t)(at - p);
    }
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        at = memmem(p, size, types[i], 4);
        if (at && at - p > START_SIZE &&
            begins(at - START_SIZE, size - (size_t)(at - p) + START_SIZE))
            return (size_t)(at - p) - START_SIZE;
    }
    return 0;
}

/* A list, as "check --json" writes it; a log may begin with "[ 0.1234]". */
static bool is_list(const uint8_t *p, size_t size)
{
    size_t i = 0;

    while (i < size && char_is_white((char)p[i]))
        i++;
    if (i == size || p[i++] != '[' || memchr(p, 0, size))
        return false;
    while (i < size && char_is_white((char)p[i]))
        i++;
    return i < size && strchr("{[]\"", p[i]);
}

/* The first bytes in hexadecimal, for a reader who knows the format. */
static int not_known(const uint8_t *p, size_t size, domctx_report *report)
{
    const struct start *start = cut_start(p, size);
    const char *words = nearly(p, size);
    char digits[3 * 8 + 1] = "";

    if (size == 0)
        return msg_raise(report, MSG_KIND_EMPTY, NULL, "the file is empty");
    if (all_zero(p, size))
        return msg_raise(report, MSG_KIND_EMPTY, NULL,
                         "nothing but zeros, %zu bytes of them at least",
                         size);
    if (start)
        return msg_raise(report, MSG_SOURCE_CUT, NULL,
                         "the file ends after %zu bytes, within the first "
                         "%u of %s", size, start->size, start->words);
    if (words)
        return msg_raise(report, MSG_FILE_UNKNOWN, NULL,
                         "its first bytes are nearly those of %s", words);
    for (size_t i = 0; i < 8 && i < size; i++)
        snprintf(digits + 3 * i, 4, " %02x", p[i]);
    return msg_raise(report, MSG_KIND_UNKNOWN, NULL,
                     "no image, HVM blob, save file or JSON: it begins "
                     "with%s", digits);
}

static bool is_kind(const struct kind *kind, const uint8_t *p, size_t size)
{
    return size >= kind->at + kind->size &&
           memcmp(p + kind->at, kind->magic, kind->size) == 0;
}

/* What bytes in front of the rest bytes at p + front say of them. */
struct front {
    const char *words;
    uint64_t length;    /* of what they belong to; 0: they tell none */
};

/* Sizes of a length in front, as programs put one before a message. */
static const struct { size_t size; bool big; const char *words; } words[] = {
    { 4, false, ", its length as a little-endian word" },
    { 4, true, ", its length as a big-endian word" },
    { 8, false, ", its length as two little-endian words" },
    { 8, true, ", its length as two big-endian words" },
};

static uint64_t word_at(const uint8_t *p, size_t size, bool big)
{
    if (size == 4)
        return big ? be32(p) : le32(p);
    return big ? be64(p) : le64(p);
}

/* whole: all that there is was seen.  A length that counts itself is one,
 * too; one that is shorter than what is there has other bytes behind. */
static struct front front_of(const uint8_t *p, size_t front, size_t rest,
                             bool whole)
{
    struct front found = { "", 0 };

    if (front == 8 && le32(p) == LIBXC_HVM_CONTEXT &&
        (whole ? le32(p + 4) <= rest : le32(p + 4) >= rest))
        found.words = ", the header of its record in a stream";
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        uint64_t length = word_at(p, words[i].size, words[i].big);

        if (front != words[i].size || *found.words ||
            length < SHORTEST || length > LONGEST ||
            (!whole && length < rest) || (whole && length > rest + front))
            continue;
        found.words = words[i].words;
        found.length = whole && length < rest ? length : 0;
    }
    return found;
}

static int tell_shifted(const uint8_t *p, size_t size, size_t front,
                        domctx_report *report)
{
    struct front is = front_of(p, front, size - front,
                               size < DOMCTX_UNKNOWN_HEAD);
    char tail[48] = "";

    if (is.length)
        snprintf(tail, sizeof(tail), " FILE | head -c %" PRIu64, is.length);
    return msg_raise(report, MSG_KIND_SHIFTED, NULL,
                     "%zu byte%s in front of what would be read%s: "
                     "tail -c +%zu%s", front,
                     front == 1 ? " stands" : "s stand", is.words,
                     front + 1, tail);
}

/* An archive, and which member of it is read here, if that tells. */
static int tell_kind(const struct kind *kind, const uint8_t *p, size_t size,
                     domctx_report *report)
{
    char name[ARCHIVE_NAME];

    if (kind->id == MSG_KIND_ARCHIVE && archive_member(p, size, begins, name))
        return msg_raise(report, kind->id, NULL, "this is %s%s %s",
                         kind->words,
                         strstr(kind->words, "FILE") ? "" : " FILE", name);
    return msg_raise(report, kind->id, NULL, "this is %s", kind->words);
}

int domctx_unknown(const void *head, size_t size, domctx_report *report)
{
    const uint8_t *p = head;
    const char *wide = coded_wide(p, size);
    char command[CODED_ROOM];
    size_t front;

    if (is_elf(p, size))
        return msg_raise(report, MSG_KIND_ELF, NULL, "this is %s",
                         le16(p + ELF_TYPE) == ET_CORE
                             ? "an ELF core, as xl dump-core writes it"
                             : "an ELF file, a program or a kernel");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (is_kind(&kinds[i], p, size))
            return tell_kind(&kinds[i], p, size, report);
    if (wide)
        return msg_raise(report, MSG_KIND_CODED, NULL,
                         "this is JSON in %s: iconv -f %s -t UTF-8", wide,
                         wide);
    if (as_text(p, size, size < DOMCTX_UNKNOWN_HEAD, report) < 0)
        return -1;
    front = in_front(p, size);
    if (front)
        return tell_shifted(p, size, front, report);
    if (coded_by(p, size, begins, command))
        return msg_raise(report, MSG_KIND_CODED, NULL,
                         "a context or save file as text: %s",
                         command);
    if (is_log(p, size))
        return msg_raise(report, MSG_KIND_LOG, NULL,
                         "this is a log, not what was saved");
    if (is_config(p, size))
        return msg_raise(report, MSG_KIND_CONFIG, NULL,
                         "this is the configuration of a guest");
    if (size >= 512 && p[510] == 0x55 && p[511] == 0xaa)
        return msg_raise(report, MSG_KIND_DISK, NULL,
                         "this is a disk with a boot sector");
    if (is_list(p, size))
        return msg_raise(report, MSG_KIND_JSON, NULL,
                         "this JSON is a list, as of findings, not the "
                         "document of a context");
    front = cut_start(p, size) || nearly(p, size) ? 0 : within(p, size);
    return front ? tell_shifted(p, size, front, report)
                 : not_known(p, size, report);
}
