/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pages that explain: what goes wrong between saving and restoring a guest.
 * Rows of lines.def and symptoms lead to them.
 */
#ifndef CONVERT_EXPLAIN_PAGES_H
#define CONVERT_EXPLAIN_PAGES_H

#include "base/messages.h"

#define PAGE_IDS 6

struct page {
    const char *name;      /* stable, like a message id */
    const char *symptom;   /* what is seen */
    const char *cause;
    const char *releases;  /* which have it, and where it was mended */
    const char *mend;
    enum msg_id ids[PAGE_IDS];  /* findings about it, up to PAGE_NO_ID */
};
#define PAGE_NO_ID MSG_NO_MEMORY   /* row 0 of the table: no page has it */
#define IDS(...) { __VA_ARGS__ }
#define NO_IDS { PAGE_NO_ID }

/* One file each. */
extern const struct page pages_known[], pages_log[], pages_policy[],
    pages_stream[], pages_build[], pages_save[], pages_migrate[],
    pages_seen[];
extern const size_t n_pages_known, n_pages_log, n_pages_policy,
    n_pages_stream, n_pages_build, n_pages_save, n_pages_migrate,
    n_pages_seen;

/* Page number i of all, or NULL past the last; what its chapter is about,
 * at the first of each. */
const struct page *page_at(size_t i, const char **title);

/* Whether check of the save file tells more of what a page or a message is
 * about. */
bool is_about_file(const char *leads);

const struct page *page_named(const char *name);

/* The i-th page that a message stands on, NULL past the last. */
const struct page *page_about(const struct domctx_message *message,
                              size_t i);

#endif /* CONVERT_EXPLAIN_PAGES_H */
