/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ids of the messages, of their one table: MSG_FILE_READ is "file-read".
 * A row not used in a file leaves nothing behind there. */
#ifndef XL_CMDS_MESSAGE_IDS_H
#define XL_CMDS_MESSAGE_IDS_H

#define M(symbol, id, severity, cause, cure) \
    __attribute__((unused)) static const char MSG_##symbol[] = id;
#include <base/messages.def>
#undef M

#endif /* XL_CMDS_MESSAGE_IDS_H */
