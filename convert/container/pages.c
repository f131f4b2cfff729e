/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PAGE_DATA: judging the list of pages; the pages are skipped. */
#include "container/record.h"
#include "base/bytes.h"

#define BATCH_MAX 1024     /* pages in a record, at most, in every release */
#define PAGE 4096
#define AT_ONCE (SOURCE_AHEAD / 8) /* entries read at once */

/* An entry: type, 8 zero bits, page number. */
#define TYPE_SHIFT 60
#define RESERVED_SHIFT 52
#define RESERVED_MASK 0xff

#define TYPE_TABLES_LAST 4 /* 1 to 4: page tables; 9 to 12: pinned ones */
#define TYPE_PINNED 9
#define TYPE_BROKEN 13     /* no page follows for these */

/* Summary of a record's entries. */
struct list {
    uint64_t pages;            /* pages that follow the entries */
    uint64_t refused, tables, reserved; /* the first entry of each kind, or
                                         * 0 */
};

static void look_at(struct list *list, uint64_t entry)
{
    unsigned int type = (unsigned int)(entry >> TYPE_SHIFT);
    bool refused = type > TYPE_TABLES_LAST && type < TYPE_PINNED;

    if (entry >> RESERVED_SHIFT & RESERVED_MASK && !list->reserved)
        list->reserved = entry;
    if (refused && !list->refused)
        list->refused = entry;
    if (type >= TYPE_BROKEN || refused)
        return;
    list->pages++;
    if (type > 0 && !list->tables)
        list->tables = entry;
}

static int read_list(struct domctx_source *source, uint64_t n,
                     struct list *list)
{
    const uint8_t *p;
    size_t got;

    for (uint64_t part; n > 0; n -= part) {
        part = n < AT_ONCE ? n : AT_ONCE;
        if (source_peek(source, (size_t)part * 8, &p, &got) < 0)
            return -1;
        for (size_t i = 0; i + 8 <= got; i += 8)
            look_at(list, le64(p + i));
        if (source_skip(source, part * 8) < 0)
            return -1;
    }
    return 0;
}

/* Report each kind of oddity once per stream. */
static void tell_once(struct domctx_source *source, bool *told,
                      enum msg_id id, uint64_t entry, const char *text)
{
    struct msg_at at = source_here(source);

    at.found = (struct msg_value)HEX(entry);
    if (entry && !*told) {
        *told = true;
        msg_raise(source->report, id, &at, "%s", text);
    }
}

static int judge_list(struct domctx_source *source, struct libxc *libxc,
                      uint32_t n, uint32_t length)
{
    struct list list = { .pages = 0 };
    uint64_t expected;

    if (read_list(source, n, &list) < 0)
        return -1;
    tell_once(source, &libxc->told_page_type, MSG_LIBXC_PAGE_TYPE,
              list.refused, "readers refuse a page of that type");
    tell_once(source, &libxc->told_page_table, MSG_LIBXC_PAGE_TABLE,
              list.tables, "a page table, which a page of an HVM guest never "
                           "is");
    if (list.reserved && !libxc->told_page_bits)
        libxc_reserved(source, "pfn", list.reserved);
    libxc->told_page_bits = libxc->told_page_bits || list.reserved;
    expected = 8 + 8 * (uint64_t)n + PAGE * list.pages;
    if (!list.refused && length != expected)
        libxc_bad_length(source, expected, length);
    return 0;
}

int libxc_pages(struct domctx_source *source, struct libxc *libxc, uint32_t n,
                uint32_t length)
{
    uint64_t head = 8 + 8 * (uint64_t)n;
    struct msg_at at = source_here(source);

    at.field = "count";
    at.found = (struct msg_value)DEC(n);
    if (n == 0) {
        msg_raise(source->report, MSG_LIBXC_PAGES, &at,
                  "readers refuse a record of no pages");
        return 0;
    }
    /* each entry with a page has 4096 bytes in the rest of the record */
    if (length < head || (length - head) % PAGE ||
        (length - head) / PAGE > n) {
        libxc_bad_length(source, head + PAGE * (uint64_t)n, length);
        return 0;
    }
    at.expected = (struct msg_value)DEC(BATCH_MAX);
    if (n > BATCH_MAX)
        msg_raise(source->report, MSG_LIBXC_BATCH, &at,
                  "more pages than any release puts into a record");
    return n <= STREAM_GLANCE_PAGES || source->options & DOMCTX_WALK_PAGES
               ? judge_list(source, libxc, n, length)
               : 0;
}
