/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chapters of pages. */
#include "explain/pages.h"

#include <string.h>

static const struct chapter {
    const char *title;
    bool file;      /* a look at the save file settles it */
    const struct page *pages;
    const size_t *n;
} chapters[] = {
    { "Known failures", true, pages_known, &n_pages_known },
    { "What the hypervisor says", true, pages_log, &n_pages_log },
    { "CPU policy and parameters", true, pages_policy, &n_pages_policy },
    { "Reading the stream", false, pages_stream, &n_pages_stream },
    { "Making the domain and its device model", false, pages_build,
      &n_pages_build },
    { "Saving", false, pages_save, &n_pages_save },
    { "Migrating", false, pages_migrate, &n_pages_migrate },
    { "What is seen where no log helps", false, pages_seen,
      &n_pages_seen },
};

static const struct page *find_at(size_t i, const struct chapter **chapter,
                                  bool *first)
{
    for (size_t k = 0; k < sizeof(chapters) / sizeof(chapters[0]); k++) {
        if (i < *chapters[k].n) {
            *chapter = &chapters[k];
            *first = i == 0;
            return &chapters[k].pages[i];
        }
        i -= *chapters[k].n;
    }
    return NULL;
}

const struct page *page_at(size_t i, const char **title)
{
    const struct chapter *chapter;
    bool first;
    const struct page *page = find_at(i, &chapter, &first);

    if (page && title)
        *title = first ? chapter->title : NULL;
    return page;
}

bool is_about_file(const char *leads)
{
    const struct chapter *chapter;
    const struct page *page;
    bool first;

    for (size_t i = 0; (page = find_at(i, &chapter, &first)); i++)
        if (strcmp(page->name, leads) == 0)
            return chapter->file ||
                   strcmp(leads, "restore-ended") == 0;
    return domctx_message_find(leads) != NULL;
}

const struct page *page_named(const char *name)
{
    const struct page *page;

    for (size_t i = 0; (page = page_at(i, NULL)); i++)
        if (strcmp(page->name, name) == 0)
            return page;
    return NULL;
}

const struct page *page_about(const struct domctx_message *message, size_t i)
{
    const struct page *page;

    for (size_t n = 0; (page = page_at(n, NULL)); n++)
        for (size_t k = 0; k < PAGE_IDS && page->ids[k] != PAGE_NO_ID; k++)
            if (domctx_message_at(page->ids[k]) == message && i-- == 0)
                return page;
    return NULL;
}
