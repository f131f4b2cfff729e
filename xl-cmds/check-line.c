/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-line.h"

#include <stdio.h>

#include "clean.h"

const char *host_of(const struct subject *subject)
{
    return subject->judged && subject->wanted && *subject->wanted->xen_version
               ? subject->typed : NULL;
}

/* ": Xen 4.23, judged as 4.22"; ": Xen 4.19.2 to 4.19.6" of savers. */
static void put_release(const struct domctx_checked *checked)
{
    char release[DOMCTX_RELEASE_ROOM], savers[DOMCTX_RELEASES_ROOM];

    if (checked->savers) {
        printf(": Xen %s", domctx_releases_text(checked->savers, savers));
        return;
    }
    printf(": Xen %s", domctx_release_text(checked->target, release));
    if (domctx_checked_as(checked))
        printf(", judged as %s",
               domctx_release_text(&checked->verdict->judged_as, release));
}

/* How a file that loads is restored, unless it is by xl restore FILE. */
static void put_restorer(const struct subject *subject)
{
    const struct domctx_source_info *save = subject->save;
    const char *with = save ? cure_restorer(save) : NULL;

    if (!save || subject->verdict.outcome != DOMCTX_NO_OUTCOME ||
        cure_has_never(subject->report))
        return;
    if (!with)
        fputs("; no tool restores a bare stream", stdout);
    else if (save->layer[0].container != DOMCTX_IN_XL)
        printf("; restore it with %s", with);
    else if (!cure_has_config(save))
        printf("; restore it with %s and a CONFIG", with);
}

/* " on guest-1 (A.json)": several hosts may have one release. */
static void put_host(const struct subject *subject)
{
    bool named = *subject->wanted->name;

    fputs(" on ", stdout);
    if (named) {
        put_clean(stdout, subject->wanted->name);
        fputs(" (", stdout);
    }
    put_clean(stdout, host_of(subject));
    if (named)
        putchar(')');
}

void put_line(const struct domctx_checked *checked,
              const struct subject *subject, bool several)
{
    static const struct {
        enum domctx_severity severity;
        const char *one, *more;
    } words[] = {
        { DOMCTX_ERROR, "error", "errors" },
        { DOMCTX_WARNING, "warning", "warnings" },
        { DOMCTX_NOTE, "note", "notes" },
    };
    char text[DOMCTX_CHECKED_ROOM];
    const char *lead = " (";

    put_clean(stdout, checked->name);
    if (subject->judged || subject->contained)
        put_release(checked);
    if (several && host_of(subject))
        put_host(subject);
    printf(": %s", domctx_checked_text(checked, text));
    if (subject->judged)
        put_restorer(subject);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = domctx_report_total(subject->report, words[i].severity);

        if (n) {
            printf("%s%zu %s", lead, n, n == 1 ? words[i].one
                                               : words[i].more);
            lead = ", ";
        }
    }
    puts(*lead == ',' ? ")" : "");
}

void put_row(const struct domctx_checked *checked,
             const struct subject *subject)
{
    const struct domctx_finding *lead = NULL;
    char release[DOMCTX_RELEASE_ROOM], text[DOMCTX_CHECKED_ROOM];

    if (subject->verdict.outcome != DOMCTX_NO_OUTCOME)
        lead = domctx_report_get(subject->report, subject->verdict.finding);
    printf("  %-6s %s", domctx_release_text(checked->target, release),
           domctx_checked_text(checked, text));
    if (lead) {
        fputs(": ", stdout);
        put_clean(stdout, lead->record);
        printf("%s[%s]", *lead->record ? " " : "", lead->id);
    }
    putchar('\n');
}
