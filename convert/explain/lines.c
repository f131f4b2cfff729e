/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of lines. */
#include "explain/lines.h"

#include <string.h>

#define L(component, first, last, kind, leads, pattern) \
    { LINE_##component, first, last, LINE_##kind, leads, pattern },
const struct line lines[] = {
#include "explain/lines.def"
};
#undef L
const size_t n_lines = sizeof(lines) / sizeof(lines[0]);

const char *component_name(enum component component)
{
    static const char *const names[] = {
        [LINE_HV] = "hypervisor", [LINE_XC] = "libxc",
        [LINE_LIBXL] = "libxl",   [LINE_XL] = "xl",
        [LINE_QEMU] = "QEMU",     [LINE_XAPI] = "xenopsd or XAPI",
        [LINE_LIBVIRT] = "libvirt's libxl driver",
        [LINE_XEND] = "xend",     [LINE_GUEST] = "the guest's kernel",
        [LINE_DOM0] = "dom0's kernel",
        [LINE_SCRIPT] = "a script or daemon of dom0",
    };

    return component < LINE_UNNAMED ? names[component] : "";
}

size_t line_weight(const struct line *line)
{
    size_t weight = 0;
    bool inside = false;

    for (const char *p = line->pattern; *p; p++) {
        inside |= *p == '{';
        weight += !inside && *p != ' ';
        inside &= *p != '}';
    }
    return weight;
}

bool line_is_open(const struct line *line)
{
    return strncmp(line->pattern, "{text}", 6) == 0 ||
           strncmp(line->pattern, "{word}", 6) == 0;
}

/* Many programs print "pfn out of range", more "NAME exited with error status
 * 1".  A program that prints its name first lacks it only in a line that was
 * cut.  The bounds lie between what only these programs print and what others
 * print, too. */
bool line_is_weak(const struct line *line)
{
    bool named = line->component == LINE_HV ||
                 line->component == LINE_XC ||
                 line->component == LINE_LIBXL ||
                 line->component == LINE_QEMU;

    return line_weight(line) < (line_is_open(line) ? 30u : named ? 20u : 14u);
}
