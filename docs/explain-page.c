/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages of explain for xl-context-messages(7), as POD on standard
 * output, each with a line that leads to it where there is one. */
#include "explain/lines.h"
#include "explain/match.h"
#include "explain/pages.h"
#include "explain/refine.h"

#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands in the holes of an example. */
static const char *sample(enum hole_id id)
{
    static const char *const samples[HOLE_COUNT] = {
        [HOLE_WORD] = "load",       [HOLE_TEXT] = "NAME",
        [HOLE_PATH] = "FILE",       [HOLE_RECORD] = "CPU",
        [HOLE_VCPU] = "d3v0",       [HOLE_DOM] = "d3",
        [HOLE_DOMID] = "3",         [HOLE_TYPECODE] = "2",
        [HOLE_INSTANCE] = "0",      [HOLE_ERRNO] = "-22",
        [HOLE_RC] = "-3",           [HOLE_MSR] = "0xd90",
        [HOLE_MSR_VALUE] = "0x1",   [HOLE_CR0] = "0x80000000",
        [HOLE_CR4] = "0x3506f0",    [HOLE_EFER] = "0xd01",
        [HOLE_XCR0] = "0x1f",       [HOLE_PARAM] = "9",
        [HOLE_LEAF] = "00000007",   [HOLE_SUBLEAF] = "00000000",
        [HOLE_BYTES] = "4096",      [HOLE_XLFLAGS] = "0x2",
        [HOLE_BATCH] = "1970103633", [HOLE_IDENT] = "0x01f00f0000000000",
    };

    if (samples[id])
        return samples[id];
    return hole_kinds[id].lexeme == LEX_HEX ? "0x10" : "1";
}

/* A record's name for the typecode that is wanted. */
static const char *record_wanted(const char *when)
{
    const char *code = strstr(when, "typecode=");
    const struct cat_record *record =
        code ? cat_record((uint32_t)strtoul(code + 9, NULL, 10)) : NULL;

    return record ? record->name : sample(HOLE_RECORD);
}

/* What when, "errno=22 leaf=7", wants there; the next of the same kind
 * begins behind it. */
static const char *wanted(const char **when, enum hole_id id, char value[24])
{
    size_t name = strlen(hole_kinds[id].name);

    if (id == HOLE_RECORD)
        return record_wanted(*when);

    for (const char *p = *when; p; p = strchr(p, ' ')) {
        p += *p == ' ';
        if (strncmp(p, hole_kinds[id].name, name) == 0 && p[name] == '=' &&
            strncmp(p + name + 1, "legacy", 6) != 0) {
            snprintf(value, 24, "%.*s", (int)strcspn(p + name + 1, " "),
                     p + name + 1);
            *when = id == HOLE_BYTES ? p + name : *when;
            return value;
        }
    }
    return sample(id);
}

/* Whether the row has holes for all that when wants. */
static bool has_holes(const struct line *line, const char *when)
{
    if (!strchr(when, '='))   /* "stream" */
        return true;
    for (; *when; when += *when == ' ') {
        char hole[24];
        bool none = strncmp(when + strcspn(when, "="), "=none", 5) == 0;

        snprintf(hole, sizeof(hole), "{%.*s}", (int)strcspn(when, "="),
                 when);
        if (!strstr(line->pattern, hole) != none &&
            !(strcmp(hole, "{typecode}") == 0 &&
              strstr(line->pattern, "{record}")) &&
            !(strcmp(hole, "{errno}") == 0 && line->component == LINE_XC))
            return false;
        when += strcspn(when, " ");
    }
    return true;
}

/* The newest of those. */
static const struct line *row_for(const char *leads, const char *when)
{
    const struct line *best = NULL;

    for (size_t i = 0; i < n_lines; i++)
        if (strcmp(lines[i].leads, leads) == 0 &&
            has_holes(&lines[i], when) &&
            (!best || (strcmp(best->last, "4.22.0") != 0 &&
                       strcmp(lines[i].last, "4.22.0") == 0)))
            best = &lines[i];
    return best;
}

/* What libxc puts behind a fault. */
static void put_tail(const char *number)
{
    size_t n = (size_t)labs(strtol(number, NULL, 10));
    const char *text = NULL;

    for (size_t i = 0; !text && errno_text(i); i++)
        if ((size_t)errno_of_text(errno_text(i), strlen(errno_text(i))) == n)
            text = errno_text(i);
    printf(" (%zu = %s): Internal error", n, text ? text : "");
}

static void put_example(const struct line *line, const char *when)
{
    static const char *const prefixes[LINE_UNNAMED] = {
        [LINE_HV] = "(XEN) ", [LINE_XC] = "xc: ",
        [LINE_LIBXL] = "libxl: ",
        [LINE_QEMU] = "qemu-system-i386: ",
    };
    const char *p = line->pattern, *prefix = prefixes[line->component];
    char value[24];

    bool fault = line->kind == LINE_CAUSE ||
                 line->kind == LINE_CONSEQUENCE;

    printf(" %s%s", prefix ? prefix : "",
           line->component != LINE_XC && line->component != LINE_LIBXL ? ""
           : fault ? "error: " : "info: ");
    while (*p) {
        if (*p == '{') {
            if (hole_at(p) == HOLE_TEXT && p > line->pattern &&
                p[-1] >= 'A' && p[-1] <= 'Z')
                fputs("(OpaqueRef:1, ...)", stdout);
            else
                fputs(wanted(&when, hole_at(p), value), stdout);
            p += strcspn(p, "}") + 1;
        } else {
            putchar(*p++);
        }
    }
    if (line->component == LINE_XC && fault &&
        !strstr(line->pattern, "{errno}"))
        put_tail(wanted(&when, HOLE_ERRNO, value));
    puts("\n");
}

/* A sentence: its capital, and what POD would take for its own. */
static void put_words(const char *lead, const char *text)
{
    fputs(lead, stdout);
    for (const char *p = text; *p; p++) {
        if (*p == '<')
            fputs("E<lt>", stdout);
        else if (*p == '>')
            fputs("E<gt>", stdout);
        else
            putchar(p == text && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A'
                                                        : *p);
    }
    puts(".\n");
}

static void put_page(const struct page *page)
{
    const char *from, *when = "";
    const struct line *line;

    printf("=item B<%s>\n\n", page->name);
    put_words("", page->symptom);
    from = refined_from(page->name, &when);
    line = row_for(page->name, "");
    if (!line && from)
        line = row_for(from, when);
    if (line)
        put_example(line, strcmp(line->leads, page->name) == 0 ? "" : when);
    else
        printf(" xl context-explain '%s'\n\n", page->symptom);
    put_words("I<Cause:> ", page->cause);
    put_words("I<Releases:> ", page->releases);
    put_words("I<What to do:> ", page->mend);
    if (page->ids[0] == PAGE_NO_ID)
        return;
    fputs("See also", stdout);
    for (size_t i = 0; i < PAGE_IDS && page->ids[i] != PAGE_NO_ID; i++)
        printf("%s B<%s>", i ? "," : "", domctx_message_at(page->ids[i])->id);
    puts(".\n");
}

int main(void)
{
    const struct page *page;
    const char *title;

    puts("=head1 PAGES\n\n"
         "What goes wrong between saving and restoring a guest, as\n"
         "C<xl context-explain> tells it. The line, where there is one, is\n"
         "an example of what leads to the page.\n");
    for (size_t i = 0; (page = page_at(i, &title)); i++) {
        if (title)
            printf("%s=head2 %s\n\n=over 4\n\n", i ? "=back\n\n" : "",
                   title);
        put_page(page);
    }
    puts("=back\n");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
