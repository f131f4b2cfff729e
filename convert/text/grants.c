/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A view of the grant table: for each frame the entries that are not free, and
 * those that a peer has in use.  The entries are grant_entry_v1_t and
 * grant_entry_v2_t of the public header grant_table.h; in version 2 the status
 * frames tell which are in use.
 *
 * No interface tells how often, and by whom, an entry is mapped.
 */
#include "text/text.h"
#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_SIZE, TABLE_VERSION, FRAME_SIZE, NR_FRAMES, NR_STATUS,
       NR_STORED };
static const char *const names[] = {
    "header_size", "version", "frame_size", "nr_frames", "nr_status",
    "nr_stored", NULL,
};
static const char *const claims[] = { "grant[]", "grant_status", NULL };

/* Bits of an entry's flags. */
#define TYPE 3u
#define ACCESS 1u
#define TRANSFER 2u
#define TRANSITIVE 3u
#define READING 8u
#define WRITING 16u
#define SUB_PAGE 256u

#define STATUS_SIZE 2

/* The frames of a record. */
struct frames {
    const uint8_t *shared, *status;
    uint64_t stored, nr_status;  /* frames in the record */
    uint64_t of;                 /* frames of the table */
    size_t size;                 /* bytes of a frame */
    size_t entry;                /* bytes of an entry, 8 or 16 */
};

static uint64_t number(const struct context_record *record,
                       const struct text_plan *plan, size_t field)
{
    uint64_t value = 0;

    text_get(record, plan->fields[field], 0, &value);
    return value;
}

/* Find the frames; false if the record is too short for what its header says,
 * or of an unknown version. */
static bool find_frames(const struct context_record *record,
                        const struct text_plan *plan, struct frames *frames)
{
    uint64_t head = number(record, plan, HEADER_SIZE);
    uint64_t version = number(record, plan, TABLE_VERSION), need;

    *frames = (struct frames){
        .stored = number(record, plan, NR_STORED),
        .nr_status = number(record, plan, NR_STATUS),
        .of = number(record, plan, NR_FRAMES),
        .size = (size_t)number(record, plan, FRAME_SIZE),
        .entry = version == 2 ? 16 : 8,
    };
    /* only x86 guests have tables of this layout */
    if (record->big || (version != 1 && version != 2) ||
        frames->size < 4096 || frames->size % 4096 != 0 ||
        head > record->length ||
        MUL_OVERFLOW(frames->stored + frames->nr_status, frames->size,
                     &need) ||
        need != record->length - head)
        return false;
    frames->shared = record->body + head;
    frames->status = frames->shared + frames->stored * frames->size;
    return true;
}

/* -- an entry ------------------------------------------------------------- */

struct entry {
    const uint8_t *at;
    uint64_t ref;
    unsigned int flags;  /* in version 2 with the status */
    bool has_status;     /* reading and writing are known */
    unsigned int size;   /* 8 or 16 bytes */
};

static struct entry entry_of(const struct frames *frames, uint64_t ref)
{
    struct entry entry = {
        .at = frames->shared + ref * frames->entry, .ref = ref,
        .has_status = true, .size = (unsigned int)frames->entry,
    };

    entry.flags = le16(entry.at);
    if (frames->entry == 16) {
        entry.has_status = ref < frames->nr_status * frames->size /
                                     STATUS_SIZE;
        entry.flags &= ~(READING | WRITING);
        if (entry.has_status)
            entry.flags |= le16(frames->status + ref * STATUS_SIZE) &
                           (READING | WRITING);
    }
    return entry;
}

static bool is_free(const struct entry *entry)
{
    return (entry->flags & TYPE) == 0;
}

static bool in_use(const struct entry *entry)
{
    return !is_free(entry) && (entry->flags & TYPE) != TRANSFER &&
           entry->flags & (READING | WRITING);
}

static void put_target(struct text *text, const struct entry *entry)
{
    if (entry->size == 8)
        out_f(&text->out, "frame 0x%" PRIx32, le32(entry->at + 4));
    else if ((entry->flags & TYPE) == TRANSITIVE)
        out_f(&text->out, "domain %u reference %" PRIu32, le16(entry->at + 4),
              le32(entry->at + 8));
    else
        out_f(&text->out, "frame 0x%" PRIx64, le64(entry->at + 8));
    if (entry->size == 16 && entry->flags & SUB_PAGE &&
        (entry->flags & TYPE) == ACCESS)
        out_f(&text->out, " bytes %u-%u", le16(entry->at + 4),
              le16(entry->at + 4) + le16(entry->at + 6));
}

/* Write a line: "  8  domain 0  frame 0x1234  access writing". */
static void put_entry(struct text *text, const struct entry *entry)
{
    char words[VALUE_ROOM];

    value_names(&names_grant_flags, entry->flags, true, words,
                sizeof(words));
    out_f(&text->out, "    %-7" PRIu64 " domain %-5u ", entry->ref,
          le16(entry->at + 2));
    put_target(text, entry);
    out_f(&text->out, "  %s%s\n", words,
          entry->has_status ? "" : " (status not known)");
}

/* -- frames --------------------------------------------------------------- */

struct count {
    uint64_t entries, granted, used;
};

static void count_frame(const struct frames *frames, uint64_t frame,
                        struct count *count)
{
    uint64_t n = frames->size / frames->entry;

    for (uint64_t i = 0; i < n; i++) {
        struct entry entry = entry_of(frames, frame * n + i);

        count->granted += !is_free(&entry);
        count->used += in_use(&entry);
    }
    count->entries += n;
}

static void put_count(struct text *text, const char *name,
                      const struct count *count)
{
    text_line_f(text, name, "%" PRIu64 " of %" PRIu64 " entries granted, "
                "%" PRIu64 " in use now", count->granted, count->entries,
                count->used);
}

static void put_frame(struct text *text, const struct frames *frames,
                      uint64_t frame)
{
    uint64_t n = frames->size / frames->entry;
    char name[TEXT_NUMBER_ROOM];
    struct count count = { 0 };

    count_frame(frames, frame, &count);
    if (count.granted == 0)
        return;
    text_number_name(name, "frame ", (size_t)frame, 1);
    put_count(text, name, &count);
    for (uint64_t i = 0; i < n; i++) {
        struct entry entry = entry_of(frames, frame * n + i);

        if (!is_free(&entry))
            put_entry(text, &entry);
    }
}

static void put_grants(struct text *text,
                       const struct context_record *record,
                       const struct text_plan *plan)
{
    uint64_t head = plan->shape->layout->length;
    struct count count = { 0 };
    struct frames frames;

    if (record->length < head || record->length == 0)
        return;
    if (!find_frames(record, plan, &frames)) {
        text_dump(text, head, record->body + head, record->length - head);
        return;
    }
    text_dump(text, head, record->body + head,
              (uint64_t)(frames.shared - record->body) - head);
    for (uint64_t i = 0; i < frames.stored; i++)
        count_frame(&frames, i, &count);
    if (frames.of > frames.stored) /* frames that are not stored are all
                                    * zero */
        count.entries += (frames.of - frames.stored) *
                         (frames.size / frames.entry);
    put_count(text, "table", &count);
    if (frames.entry == 16 && frames.nr_status == 0 && frames.stored > 0)
        text_mark(text, "without status frames: what is in use is not known");
    for (uint64_t i = 0; i < frames.stored; i++)
        put_frame(text, &frames, i);
}

const struct text_view text_view_grants = {
    .type = DOMCTX_GRANT_TABLE, .names = names, .claims = claims,
    .takes_tail = true, .put = put_grants,
};
