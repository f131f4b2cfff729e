/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Marks of another hypervisor.  QEMU and libvirt serve KVM, too, and print
 * the same lines there; our pages explain Xen's alone.
 */
#include "explain/other.h"

#include "base/chars.h"

#include <string.h>

struct mark {
    const char *text;   /* in lower case */
    bool word;          /* no letter stands beside it */
};

/* They stand near the lines that libvirt's QEMU driver (libvirt, src/qemu/)
 * and its QEMU print. */
static const struct mark others[] = {
    { "kvm", true },
    { "qemu:///", false },
    { "/libvirt/qemu/", false },
    { "svirt_", false },
    { "qemu unexpectedly closed the monitor", false },
    { "connecting to monitor", false },
    { "execute qemu command", false },
    { "guest cpu doesn't match specification", false },
    { "qemu-system-aarch64", false },
    { "qemu-system-ppc64", false },
    { "qemu-system-riscv", false },
    { "qemu-system-x86_64: -", false },   /* Xen's is -i386, mostly */
    { "qemu-system-s390x", false },
    { "qemuprocess", false },
    { "qemumigration", false },
    { "qemumonitor", false },
    { "qemudomain", false },
};

static const struct mark own[] = {
    { "xen", false }, { "libxl", false }, { "xl", true },
    { "dom0", true }, { "domu", true },   { "xcp", true },
};

static bool is_letter(const char *text, size_t size, size_t at)
{
    char c = at < size ? char_lower(text[at]) : ' ';

    return c >= 'a' && c <= 'z';
}

static bool stands_at(const struct mark *mark, const char *text, size_t size,
                      size_t at)
{
    size_t length = strlen(mark->text);

    if (char_lower(text[at]) != *mark->text || size - at < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (char_lower(text[at + i]) != mark->text[i])
            return false;
    return !mark->word || ((at == 0 || !is_letter(text, size, at - 1)) &&
                           !is_letter(text, size, at + length));
}

static bool has_any(const struct mark *marks, size_t n, const char *text,
                    size_t size)
{
    for (size_t at = 0; at < size; at++)
        for (size_t i = 0; i < n; i++)
            if (stands_at(&marks[i], text, size, at))
                return true;
    return false;
}

bool is_of_other(const char *text, size_t size)
{
    return has_any(others, sizeof(others) / sizeof(others[0]), text, size) &&
           !has_any(own, sizeof(own) / sizeof(own[0]), text, size);
}
