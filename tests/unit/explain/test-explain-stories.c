/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole logs with their surroundings: tests/data/explain/stories.txt. */
#include "explain/test-explain.h"

#define STORIES 181     /* of the file */
#define SAYS_ROOM 12

struct tale {
    char *name, *first;
    char *says[SAYS_ROOM], *not[SAYS_ROOM];
    size_t n_says, n_not;
    char *log;      /* up to the next tale */
};

static struct tale tales[STORIES];
static size_t n_tales;

/* "@first x" and the like; false for what is no directive. */
static bool take(struct tale *tale, char *row)
{
    if (strncmp(row, "@first ", 7) == 0) {
        tale->first = row + 7;
    } else if (strncmp(row, "@says ", 6) == 0) {
        ck_assert_uint_lt(tale->n_says, SAYS_ROOM);
        tale->says[tale->n_says++] = row + 6;
    } else if (strncmp(row, "@not ", 5) == 0) {
        ck_assert_uint_lt(tale->n_not, SAYS_ROOM);
        tale->not[tale->n_not++] = row + 5;
    } else {
        return false;
    }
    return true;
}

/* The rows of the file, in place; the file stays loaded, also for the next
 * test of one process. */
static void load_tales(void)
{
    static struct bytes b;
    struct tale *tale = NULL;
    char *row, *rest, *end;

    if (n_tales > 0)
        return;
    load_sample(&b, "explain/stories.txt");
    put_raw(&b, "", 1);
    for (row = rest = (char *)b.p; row && *row; row = rest) {
        end = strchr(row, '\n');
        rest = end ? end + 1 : NULL;
        if (strncmp(row, "@@ ", 3) == 0 && end) {
            *row = *end = '\0';   /* the end of the log before, too */
            ck_assert_uint_lt(n_tales, STORIES);
            tale = &tales[n_tales++];
            tale->name = row + 3;
        } else if (tale && !tale->log) {
            if (end)
                *end = '\0';
            if (!take(tale, row)) {
                if (end)
                    *end = '\n';
                tale->log = row;
            }
        }
    }
}

/* Sentences that were broken into lines, whole. */
static void flatten(const struct text *text, struct text *flat)
{
    flat->size = 0;
    for (const char *p = text->p; *p; p++) {
        if (strncmp(p, "\n    ", 5) == 0) {
            flat->p[flat->size++] = ' ';
            p += 4;
        } else {
            flat->p[flat->size++] = *p;
        }
    }
    flat->p[flat->size] = '\0';
}

/* A log of something else: nothing is told. */
static void nothing_is_told(const struct tale *tale)
{
    static struct text text;
    domctx_report *report = domctx_report_new();
    domctx_explainer *explainer = domctx_explain_begin(report);

    text.size = 0;
    text.p[0] = '\0';
    domctx_explain_feed(explainer, tale->log, strlen(tale->log));
    ck_assert_msg(domctx_explain_end(explainer, collect, &text, report) == -1,
                  "%s: told\n%s", tale->name, text.p);
    expect_only(report, "explain-unknown");
    domctx_report_free(report);
}

static void a_story_is_told(int i)
{
    static struct text text, flat;
    const struct tale *tale = &tales[i];
    domctx_report *report;
    domctx_explainer *explainer;

    load_tales();
    ck_assert_uint_eq(n_tales, STORIES);
    ck_assert_ptr_nonnull(tale->first);
    ck_assert_ptr_nonnull(tale->log);
    if (strcmp(tale->first, "-") == 0) {
        nothing_is_told(tale);
        return;
    }
    report = domctx_report_new();
    explainer = domctx_explain_begin(report);
    text.size = 0;
    domctx_explain_feed(explainer, tale->log, strlen(tale->log));
    ck_assert_int_eq(domctx_explain_end(explainer, collect, &text, report),
                     0);
    flatten(&text, &flat);
    ck_assert_msg(first_page_is(&text, tale->first),
                  "%s: not %s first\n%s", tale->name, tale->first, text.p);
    for (size_t k = 0; k < tale->n_says; k++)
        ck_assert_msg(strstr(flat.p, tale->says[k]), "%s: lacks %s\n%s",
                      tale->name, tale->says[k], text.p);
    for (size_t k = 0; k < tale->n_not; k++)
        ck_assert_msg(!strstr(flat.p, tale->not[k]), "%s: has %s\n%s",
                      tale->name, tale->not[k], text.p);
    domctx_report_free(report);
}

TCase *stories_tests(void)
{
    TCase *tc = tcase_create("stories");

    tcase_set_timeout(tc, 300);
    for (int i = 0; i < STORIES; i++)
        add_named(tc, a_story_is_told, i, "story %d", i + 1);
    return tc;
}
