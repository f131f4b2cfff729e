/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the program is: installed, or in a build tree. */
#ifndef XL_CMDS_OWN_PLACE_H
#define XL_CMDS_OWN_PLACE_H

#include <limits.h>

/* The path of a file in the build tree, relative to the program's folder
 * there; NULL if the program is installed. */
const char *build_tree(const char *beside, char room[PATH_MAX]);

/* A setting for tests, from the environment.  Always NULL in an installed
 * program. */
const char *test_setting(const char *name);

#endif /* XL_CMDS_OWN_PLACE_H */
