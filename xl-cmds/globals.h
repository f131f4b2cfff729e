/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The global options of xl that may stand before a verb: letters without an
 * argument, several in one word if need be. */
#ifndef XL_CMDS_GLOBALS_H
#define XL_CMDS_GLOBALS_H

#define GLOBAL_LETTERS "vftTN"

/* What the front end calls xl-context with, in front of its own arguments:
 * speak of "xl context-VERB"; and list the verbs for "xl help". */
#define OPTION_AS_XL "--as-xl"
#define OPTION_LIST_VERBS "--list-verbs"

/* For the functions of shells that complete a command line: the words after
 * it are those of that line. */
#define OPTION_COMPLETE "--complete"

#endif /* XL_CMDS_GLOBALS_H */
