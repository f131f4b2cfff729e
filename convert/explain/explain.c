/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a word, a line, a log or a symptom means. */
#include "explain/numbers.h"
#include "explain/page-text.h"
#include "explain/scan.h"
#include "explain/symptoms.h"
#include "explain/utf16.h"
#include "explain/words.h"

#include <stdlib.h>
#include <string.h>

struct domctx_explainer {
    struct scan *scan;
    struct utf16 utf16;
};

/* ------------------------------------------------------------------ */
/* What is near to a name                                              */
/* ------------------------------------------------------------------ */

/* Length of the longest common part. */
static size_t common(const char *a, const char *b)
{
    size_t best = 0;

    for (const char *p = a; *p; p++)
        for (const char *q = b; *q; q++) {
            size_t n = 0;

            while (p[n] && p[n] == q[n])
                n++;
            if (n > best)
                best = n;
        }
    return best;
}

/* Shorter agreement is chance: "load", "live" and their dashes. */
#define NEAR_LEAST 6
#define NAME_MAX_LENGTH 80

struct near {
    const char *name;
    size_t common;
};

static void consider(struct near near[3], const char *name, const char *text)
{
    struct near one = { name, common(name, text) };

    for (size_t i = 0; i < 3; i++) {
        if (one.common >= NEAR_LEAST && one.common > near[i].common) {
            struct near other = near[i];

            near[i] = one;
            one = other;
        }
    }
}

static int tell_unknown(const char *text, domctx_report *report)
{
    const struct domctx_message *message;
    const struct page *page;
    struct near near[3] = { { "", 0 }, { "", 0 }, { "", 0 } };

    if (strlen(text) <= NAME_MAX_LENGTH && !strpbrk(text, " \t\n")) {
        for (size_t i = 0; (message = domctx_message_at(i)); i++)
            consider(near, message->id, text);
        for (size_t i = 0; (page = page_at(i, NULL)); i++)
            consider(near, page->name, text);
    }
    return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                     near[0].common ? "nothing is known about it; near to it "
                                      "are %s %s %s"
                                    : "nothing is known about it%s%s%s",
                     near[0].name, near[1].name, near[2].name);
}

/* ------------------------------------------------------------------ */
/* A log                                                               */
/* ------------------------------------------------------------------ */

domctx_explainer *domctx_explain_begin(domctx_report *report)
{
    domctx_explainer *explainer = calloc(1, sizeof(*explainer));

    if (explainer)
        explainer->scan = scan_new();
    if (explainer && explainer->scan)
        return explainer;
    free(explainer);
    msg_no_memory(report, sizeof(struct scan));
    return NULL;
}

void domctx_explain_feed(domctx_explainer *explainer, const void *bytes,
                         size_t size)
{
    if (explainer)
        utf16_feed(&explainer->utf16, explainer->scan, bytes, size);
}

static int tell_nothing(const struct scan *scan, domctx_report *report)
{
    const struct stories *stories = &scan->stories;

    if (scan->binary)
        return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                         "it is no text; for a save file or an image there "
                         "is 'xl context-check'");
    if (stories->other)
        return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                         "nothing is known about it: it is of another "
                         "hypervisor, such as KVM, not of Xen");
    if (stories->n_unknown)
        return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                         "nothing is known about it; %llu of its lines are "
                         "errors of the toolstack: %.120s",
                         (unsigned long long)stories->n_unknown,
                         stories->unknown[0]);
    return msg_raise(report, MSG_EXPLAIN_UNKNOWN, NULL,
                     "nothing is known about it: no line of a save, a "
                     "restore or a migration is in it");
}

static bool put_symptoms(struct out *out, const char *text)
{
    const char *pages[SYMPTOM_PAGES];
    size_t n = symptom_pages(text, pages);

    for (size_t i = 0; i < n; i++) {
        out_text(out, i ? "\n" : "");
        put_named(out, pages[i]);
    }
    if (n)
        out_text(out, "\nThese are pages about such words, not about a line: "
                      "with a line of a log,\nof 'xl dmesg' or of "
                      "/var/log/xen, it can be told for certain.\n");
    return n > 0;
}

/* ------------------------------------------------------------------ */
/* Anything                                                            */
/* ------------------------------------------------------------------ */

/* Without blanks and brackets around, in which an id is printed; NULL when it
 * is too long for a name. */
static const char *as_name(const char *text, char name[NAME_MAX_LENGTH + 1])
{
    size_t length;

    text += strspn(text, " \t\r\n[");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n]", text[length - 1]))
        length--;
    if (length == 0 || length > NAME_MAX_LENGTH)
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    return name;
}

/* "lapic", "tsc": a word that a file may be called. */
static bool is_low_word(const char *name)
{
    while ((*name >= 'a' && *name <= 'z') || *name == '_')
        name++;
    return !*name;
}

bool domctx_explain_knows(const char *name)
{
    struct out nowhere;
    char buf[NAME_MAX_LENGTH + 1];

    out_nowhere(&nowhere);
    name = as_name(name, buf);
    return name && (domctx_message_find(name) || page_named(name) ||
                    (!is_low_word(name) && put_number(&nowhere, name)));
}

/* "VDI_IN_USE", an error of XAPI: the words with which a row begins. */
static bool put_pool_error(struct out *out, const char *name)
{
    size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    if (length < 6 || name[length + strspn(name + length, "0123456789")])
        return false;
    length -= name[length] && name[length - 1] == '_';   /* "FAILURE_46" */
    for (size_t i = 0; i < n_lines; i++)
        if (lines[i].component == LINE_XAPI &&
            strncmp(lines[i].pattern, name, length) == 0 &&
            strchr("{, ([", lines[i].pattern[length])) {
            put_named(out, lines[i].leads);
            return true;
        }
    return false;
}

/* Words that any person may type: a line that says too little by its words
 * alone, without a prefix. */
static bool is_chance(const struct stories *stories)
{
    return stories->n == 1 && stories->story[0].n == 1 &&
           line_is_weak(stories->story[0].events[0].line) &&
           !stories->story[0].events[0].anchored;
}

/* As a line or a log, which may lack its prefix. */
static bool put_lines(const char *text, struct out *out,
                      domctx_report *report, bool *failed)
{
    struct scan *scan = scan_new();
    const char *pages[SYMPTOM_PAGES];
    bool any;

    if (!scan) {
        *failed = true;
        msg_no_memory(report, sizeof(*scan));
        return false;
    }
    scan->bare = true;
    scan_feed(scan, text, strlen(text));
    scan_end(scan);
    scan_fragment(scan);
    any = (!is_chance(&scan->stories) || symptom_pages(text, pages) == 0) &&
          story_put(&scan->stories, out);
    scan_free(scan);
    return any;
}

/* Whether a text begins with what a program puts before its words: up to a
 * colon that is not the one of "rc: -3".  xl's and libxc's are none. */
static bool has_foreign_head(const char *text)
{
    static const char own[] = "xl.|libxl.|xc:.";
    static const char error[] = "rc.|err.|errno.|error.";
    const char *colon = strstr(text, ": ");
    char plain[WORDS_ROOM], *last;

    if (!colon || colon - text >= WORDS_ROOM - 40)
        return false;
    words_of(text, plain);
    if (word_is_one(plain + 1, strcspn(plain + 1, " "), own, strlen(own)))
        return false;
    last = strchr(plain, ':');
    if (last)
        *last = '\0';
    last = strrchr(plain, ' ');
    return !last || !word_is_one(last + 1, strlen(last + 1), error,
                                 strlen(error));
}

/* "(28 = No space left on device)" alone, or in words about a guest.  A line
 * of a program that is not known says nothing of Xen by its numbers. */
static bool put_loose_errors(struct out *out, const char *text)
{
    bool alone;

    text += strspn(text, " \t\n");
    alone = *text == '(' && text[1] && strchr("-0123456789", text[1]);
    return (alone || (symptom_is_of_xen(text) && *text != '(' &&
                      !has_foreign_head(text))) &&
           put_errors(out, text, NULL, 0);
}

int domctx_explain(const char *text, domctx_sink *sink, void *arg,
                   domctx_report *report)
{
    char buf[NAME_MAX_LENGTH + 1];
    const char *name = as_name(text, buf);
    struct out out;
    bool found, failed = false;

    out_begin(&out, sink, arg);
    found = name && (put_named(&out, name) || put_number(&out, name) ||
                     put_pool_error(&out, name));
    if (!found)
        found = put_lines(text, &out, report, &failed);
    if (!found && !failed)
        found = put_symptoms(&out, text) || put_loose_errors(&out, text);
    if (found && !failed)
        return out_end(&out, report);
    out_drop(&out);
    return failed ? -1 : tell_unknown(text, report);
}

/* ------------------------------------------------------------------ */
/* The end of a log                                                    */
/* ------------------------------------------------------------------ */

/* One line, which may be a person's words. */
static bool put_sentence(const struct scan *scan, struct out *out)
{
    return !scan->binary && scan->stories.lines == 1 &&
           scan->stories.n_unknown == 0 && !scan->stories.other &&
           (put_symptoms(out, scan->buffer) ||
            put_loose_errors(out, scan->buffer));
}

int domctx_explain_end(domctx_explainer *explainer, domctx_sink *sink,
                       void *arg, domctx_report *report)
{
    struct scan *scan;
    struct out out;
    int result;

    if (!explainer)
        return msg_no_memory(report, sizeof(*scan));
    scan = explainer->scan;
    utf16_end(&explainer->utf16, scan);
    scan_end(scan);
    out_begin(&out, sink, arg);
    if (story_put(&scan->stories, &out) || put_sentence(scan, &out)) {
        result = out_end(&out, report);
    } else {
        out_drop(&out);
        result = tell_nothing(scan, report);
    }
    scan_free(scan);
    free(explainer);
    return result;
}

/* ------------------------------------------------------------------ */
/* Beside what a command found                                         */
/* ------------------------------------------------------------------ */

static struct scan *scanned(const char *text)
{
    struct scan *scan = scan_new();

    if (scan) {
        scan_feed(scan, text, strlen(text));
        scan_end(scan);
    }
    return scan;
}

int domctx_explain_briefly(const char *log, domctx_sink *sink, void *arg,
                           domctx_report *report)
{
    struct scan *scan = scanned(log);
    struct out out;
    int result;

    if (!scan)
        return msg_no_memory(report, sizeof(*scan));
    out_begin(&out, sink, arg);
    if (story_put_brief(&scan->stories, &out)) {
        result = out_end(&out, report);
    } else {
        out_drop(&out);
        result = tell_nothing(scan, report);
    }
    scan_free(scan);
    return result;
}

bool domctx_explain_knows_line(const char *line)
{
    struct scan *scan = scanned(line);
    bool known = scan && scan->stories.known > 0;

    scan_free(scan);
    return known;
}

bool domctx_page_about(const char *id, size_t i, struct domctx_page *to)
{
    const struct domctx_message *message = domctx_message_find(id);
    const struct page *page = message ? page_about(message, i) : NULL;

    if (page)
        *to = (struct domctx_page){
            .name = page->name, .symptom = page->symptom,
            .cause = page->cause, .releases = page->releases,
            .mend = page->mend
        };
    return page;
}

int domctx_explain_list(domctx_sink *sink, void *arg, domctx_report *report)
{
    struct out out;

    out_begin(&out, sink, arg);
    put_page_list(&out);
    return out_end(&out, report);
}

const char *domctx_explained(size_t i)
{
    const struct page *page = page_at(i, NULL);

    return page ? page->name : NULL;
}
