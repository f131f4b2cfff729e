/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines as programs print them, with random values, and reading them. */
#include "explain/make-lines.h"

static unsigned int seed = 1;

unsigned int any_below(unsigned int below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static const char *one_of(const char *const *words)
{
    unsigned int n = 0;

    while (words[n])
        n++;
    return words[any_below(n)];
}

/* ------------------------------------------------------------------ */
/* Making lines                                                        */
/* ------------------------------------------------------------------ */

static size_t put_hole(char *to, enum hole_id id)
{
    static const char *const names[] = { "CPU", "LAPIC", "CPU_XSAVE", NULL };
    static const char *const words[] = { "load", "abc", "x-1", NULL };
    static const char *const texts[] = {
        "some name", "abc", "/var/lib/xen/file", "domain 7 helper", NULL
    };

    switch (hole_kinds[id].lexeme) {
    case LEX_NAME:
        return (size_t)sprintf(to, "%s", one_of(names));
    case LEX_WORD:
        return (size_t)sprintf(to, "%s", one_of(words));
    case LEX_TEXT:
        return (size_t)sprintf(to, "%s", one_of(texts));
    case LEX_VCPU:
        return (size_t)sprintf(to, "d%uv%u", any_below(999), any_below(128));
    case LEX_DOM:
        return (size_t)sprintf(to, "d%u", any_below(999));
    case LEX_HEX:
        return (size_t)sprintf(to, any_below(2) ? "0x%x" : "%08x",
                               1000 + any_below(1u << 24));
    case LEX_NUMBER:
    default:
        return (size_t)sprintf(to, any_below(8) ? "%u" : "0x%x",
                               100 + any_below(1u << 20));
    }
}

/* A text right behind a number begins with a blank: digits of it would be the
 * number's. */
void fill_pattern(const char *pattern, char *to)
{
    for (bool behind = false; *pattern; behind = pattern[-1] == '}') {
        if (*pattern == '{') {
            enum hole_id id = hole_at(pattern);

            ck_assert_msg(id != HOLE_COUNT, "%s", pattern);
            if (behind && hole_kinds[id].lexeme == LEX_TEXT)
                *to++ = ' ';
            to += put_hole(to, id);
            pattern += strcspn(pattern, "}") + 1;
        } else {
            *to++ = *pattern++;
        }
    }
    *to = '\0';
}

/* What the program's own logger puts around it. */
void dress(enum component component, const char *line, char *to)
{
    static const char *const xen[] = {
        "(XEN) ", "(XEN) [2026-02-03 10:11:12.123] ", "(XEN) [  123.456] ",
        "(XEN) hvm.c:123:d1v0 ", "(XEN) [2026-02-03 10:11:12] save.c:1:d0 ",
        NULL
    };
    static const char *const xc[] = {
        "xc: error: ", "xc: info: ", "xc: detail: ",
        "ERROR Internal error: ", "xc: error: panic: xg_dom_boot.c:120: ",
        NULL
    };
    static const char *const tails[] = {
        ": Internal error", ": Out of memory", ": Invalid kernel",
        " (22 = Invalid argument): Internal error",
        " (0 = Success): Internal error",
        " (75 = Value too large for defined dat): Internal error", "", NULL
    };
    static const char *const xl[] = {
        "libxl: error: libxl_create.c:12:func: ",
        "libxl: error: libxl_dom.c:1:func: Domain 4:",
        "libxl: error: ", NULL
    };
    static const char *const xl_tails[] = { "", ": Invalid argument", NULL };
    static const char *const qemu[] = {
        "qemu-system-i386: ", "qemu-system-x86_64: ", "qemu-dm: ", NULL
    };

    switch (component) {
    case LINE_HV:
        sprintf(to, "%s%s", one_of(xen), line);
        return;
    case LINE_XC:
        sprintf(to, "%s%s%s", one_of(xc), line, one_of(tails));
        return;
    case LINE_LIBXL:
        sprintf(to, "%s%s%s", one_of(xl), line, one_of(xl_tails));
        return;
    case LINE_QEMU:
        /* of its options: that of x86_64 is KVM's, where nothing is of Xen */
        sprintf(to, "%s%s", *line == '-' ? qemu[0] : one_of(qemu), line);
        return;
    case LINE_XL:
    case LINE_XAPI:
    case LINE_LIBVIRT:
    case LINE_XEND:
    case LINE_GUEST:
    case LINE_DOM0:
    case LINE_SCRIPT:
    case LINE_UNNAMED:
    default:
        sprintf(to, "%s", line);
    }
}

/* What others put before and behind a line: mail, journals, terminals. */
static const struct surrounding {
    const char *before, *behind;
} surroundings[] = {
    { "", "\n" },
    { "", "" },
    { "> ", "\n" },
    { ">>> ", "\r\n" },
    { "&gt; ", " \n" },
    { "\t", "\r\n" },
    { "Nov 28 10:11:12 host xl[123]: ", "\n" },
    { "Nov 28 10:11:12 dom0 hypervisor: ", "\n" },
    { "Nov 28 10:11:12 xcp xenopsd-xc[23]: ", "\r\n" },
    { "Nov 28 10:11:12 xcp xenguest-4-restore[9021]: ", "\n" },
    { "2026-11-28T10:11:12.123456+00:00 dom0 xl[1]: ", "\n" },
    { "2026-11-28T10:11:12Z dom0 xl[1]: ", "\r\n" },
    { "[2026-11-28 10:11:12] ", "" },
    { "[ 1234.567890] ", "\n" },
    { "2026-11-28 10:11:12.123+0000: ", " \n" },
    { "2026-11-28 10:11:12.123+0000: 4711: error : ", "\n" },
    { "> Nov 28 10:11:12 host xl[123]: ", "\n" },
    { "\033[1;31m", "\033[0m\n" },
    { "{\"PRIORITY\":\"3\",\"MESSAGE\":\"", "\",\"_PID\":\"812\"}\n" },
    { "{\"_PID\":\"812\",\"MESSAGE\":\"", "\"}\n" },
    { "| ", "\n" },
    { "| | ", "\r\n" },
    { "| 3 | dom0 | ", " |\n" },
    { "\342\224\202 ", "   \342\224\202\n" },
    { "* `", "`\n" },
    { "<pre>", "</pre>\n" },
    { "&gt;&gt; ", "<br/>\n" },
    { "<span class=\"err\">", "</span><br>\n" },
    { "&lt;pre&gt;", "&lt;/pre&gt;\n" },
    { "<bob> ", "\n" },
    { "  12  ", "\n" },
    { "12:", "\n" },
    { "/var/log/xen/xl-a.log:12:", "\n" },
    { "xl-a.log:", "\n" },
    { "toolstack-1  | ", "\n" },
    { "2026-11-28T10:11:12.123456789+00:00 stderr F ", "\n" },
    { "$ sudo xl restore guest.save\n", "\n$ \n" },
    { "something else\n", "\nand something more\n" },
};
const size_t n_surroundings = sizeof(surroundings) / sizeof(surroundings[0]);

void surround_with(const char *line, size_t i, char *to)
{
    sprintf(to, "%s%s%s", surroundings[i].before, line,
            surroundings[i].behind);
}

/* A mail program breaks a line at a blank, and quotes the rest, too. */
static void break_line(char *line)
{
    char *blank = strrchr(line, ' ');

    if (blank && blank > line + 40 && line[0] != '[' && line[0] != '{' &&
        (blank[1] < '0' || blank[1] > '9') && !strchr("\r\n$", blank[1]))
        *blank = '\n';
}

void surround(const char *line, bool wrap, char *to)
{
    size_t i = any_below((unsigned int)n_surroundings);

    to += sprintf(to, "%s", any_below(2) ? "something else\n" : "");
    surround_with(line, i, to);
    if (wrap && surroundings[i].before[0] != '[')
        break_line(to);
}

/* ------------------------------------------------------------------ */
/* Of a format as in printf                                            */
/* ------------------------------------------------------------------ */

static size_t fill_conversion(const char *format, char *to, bool record)
{
    static const char *const names[] = {
        "x86 HVM", "abc", "migration receiver stream", "/var/lib/xen/f", NULL
    };
    size_t length = 1 + strspn(format + 1, "-#0.123456789lzhL");
    unsigned int number = any_below(3) ? any_below(100000) : any_below(4);
    char last = format[length];

    if (last == 'p') {
        sprintf(to, format[length + 1] == 'v' ? "d%uv%u" : "d%u",
                any_below(99), any_below(99));
        return length + 2;
    }
    if (last == 's')
        sprintf(to, "%s", record ? "CPU_MSR" : one_of(names));
    else if (last == 'x' || last == 'X')
        sprintf(to, strchr(format, '#') == format + 1 ? "0x%x" : "%08x",
                number);
    else
        sprintf(to, "%u", number);
    return length + 1;
}

void fill_format(const char *format, char *to, bool record)
{
    while (*format) {
        if (*format == '%') {
            format += fill_conversion(format, to, record);
            to += strlen(to);
        } else {
            *to++ = *format++;
        }
    }
    *to = '\0';
}

/* ------------------------------------------------------------------ */
/* Reading them                                                        */
/* ------------------------------------------------------------------ */

/* One for all: its index takes longer than a line. */
struct scan *scanned(const char *text)
{
    static struct scan *scan;

    if (!scan)
        scan = scan_new();
    ck_assert_ptr_nonnull(scan);
    memset(&scan->stories, 0, sizeof(scan->stories));
    scan->size = scan->next = scan->taken = scan->counted = 0;
    scan_feed(scan, text, strlen(text));
    scan_end(scan);
    return scan;
}
