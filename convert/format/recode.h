/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is left of a binary file that a transfer took for text: an FTP in its
 * ASCII mode, an editor, a database's text column, a shell's variable.
 */
#ifndef CONVERT_FORMAT_RECODE_H
#define CONVERT_FORMAT_RECODE_H

#include "base/messages.h"

struct recode;

/* What happened to a file, one thing or two in turn; the second may be
 * NULL. */
struct recoded {
    const struct recode *first, *second;
    bool is_stream;     /* it is no image and no blob */
    bool is_lost;       /* the way back was tried, and gives no sound file */
};

/*
 * Whether the size bytes at p begin as the start of a save file, of an image
 * or of a blob does after such a transfer.  size: those of the file that the
 * caller has; of more than the start it is held against what no transfer of
 * that kind makes.
 */
bool recode_find(const uint8_t *p, size_t size, struct recoded *recoded);

/* How many ways back there are, which recode_undo() tries by number. */
size_t recode_ways(void);

/*
 * Turn the size bytes at p back, into as much room at out; how many they are
 * then, 0: that cannot be what happened, or nothing would change.
 */
size_t recode_undo(size_t way, const uint8_t *p, size_t size, uint8_t *out);

/* Report what happened, and the command of the way back if there is one;
 * -1. */
int recode_tell(const struct recoded *recoded, const struct msg_at *at,
                domctx_report *report);
int recode_tell_way(size_t way, domctx_report *report);

#endif /* CONVERT_FORMAT_RECODE_H */
