/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The global options of xl that may stand before a verb: letters without an
 * argument, several in one word if need be. */
#ifndef XL_CMDS_GLOBALS_H
#define XL_CMDS_GLOBALS_H

#define GLOBAL_LETTERS "vftTN"

/* The front end calls xl-context with one of these first: use the form "xl
 * context-VERB" in texts; list the verbs for "xl help". */
#define OPTION_AS_XL "--as-xl"
#define OPTION_LIST_VERBS "--list-verbs"

/* For the completion functions of shells: the words after it are those of the
 * command line. */
#define OPTION_COMPLETE "--complete"

#endif /* XL_CMDS_GLOBALS_H */
