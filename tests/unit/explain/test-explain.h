/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of explain share. */
#ifndef TEST_EXPLAIN_H
#define TEST_EXPLAIN_H

#include "support.h"

struct text {
    char p[131072];
    size_t size;
};

/* A sink into a struct text. */
int collect(void *arg, const char *p, size_t size);

/* domctx_explain(), which must succeed and raise nothing. */
void explained(const char *what, struct text *text);

/* Whether the first page that is written is that one. */
bool first_page_is(const struct text *text, const char *name);

/* test-explain-lines.c: the table of lines. */
TCase *lines_tests(void);

/* test-explain-numbers.c: the numbers in them. */
TCase *numbers_tests(void);

/* test-explain-releases.c: the lines of each release. */
TCase *releases_tests(void);

/* test-explain-innocent.c: lines of others. */
TCase *innocent_tests(void);

/* test-explain-logs.c: logs, and where they may be cut. */
TCase *logs_tests(void);

/* test-explain-dress.c: logs that came another way. */
TCase *dress_tests(void);

/* test-explain-stories.c: whole logs. */
TCase *stories_tests(void);
TCase *errors_tests(void);

/* test-explain-words.c: symptoms in people's words. */
TCase *words_tests(void);

#endif /* TEST_EXPLAIN_H */
