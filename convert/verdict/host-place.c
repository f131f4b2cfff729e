/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place in the description of a host that a path names. */
#include "verdict/host.h"

#include <string.h>

/* The rest of path after prefix; NULL if path does not begin with it. */
static const char *behind(const char *path, const char *prefix)
{
    size_t size = strlen(prefix);

    return strncmp(path, prefix, size) == 0 ? path + size : NULL;
}

static bool find_cell(const char *key, const struct host_cell *cells,
                      size_t n, size_t *cell)
{
    for (*cell = 0; *cell < n; ++*cell)
        if (strcmp(key, cells[*cell].key) == 0)
            return true;
    return false;
}

static struct host_place in_features(const char *rest, size_t which)
{
    struct host_place found = { PLACE_NONE, which, 0 };

    if (strcmp(rest, "") == 0)
        found.place = PLACE_OBJECT;
    else if (strcmp(rest, ".words") == 0)
        found.place = PLACE_WORDS;
    else if (strcmp(rest, ".words[]") == 0)
        found.place = PLACE_WORD;
    else if (strcmp(rest, ".names") == 0 || strcmp(rest, ".names[]") == 0)
        found.place = PLACE_NAMES;
    return found;
}

static struct host_place in_policy(const char *rest, size_t which)
{
    struct host_place found = { PLACE_NONE, which, 0 };
    const char *key;

    if (strcmp(rest, "") == 0)
        found.place = PLACE_OBJECT;
    else if (strcmp(rest, ".cpuid") == 0)
        found.place = PLACE_LEAVES;
    else if (strcmp(rest, ".cpuid[]") == 0)
        found.place = PLACE_LEAF;
    else if (strcmp(rest, ".msr") == 0)
        found.place = PLACE_MSRS;
    else if (strcmp(rest, ".msr[]") == 0)
        found.place = PLACE_MSR;
    else if ((key = behind(rest, ".cpuid[].")) &&
             find_cell(key, host_leaf, N_HOST_LEAF, &found.cell))
        found.place = PLACE_LEAF_CELL;
    else if ((key = behind(rest, ".msr[].")) &&
             find_cell(key, host_msr, N_HOST_MSR, &found.cell))
        found.place = PLACE_MSR_CELL;
    return found;
}

struct host_place host_place_of(const char *path)
{
    static const char *const objects[] = { "", ".domains", ".features",
                                           ".policies" };
    static const char *const names[] = { ".xcr0_names", ".xcr0_names[]" };
    const char *rest;

    if (strcmp(path, ".schema") == 0)
        return (struct host_place){ PLACE_SCHEMA, 0, 0 };
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        if (strcmp(path, objects[i]) == 0)
            return (struct host_place){ PLACE_OBJECT, 0, 0 };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(path, names[i]) == 0)
            return (struct host_place){ PLACE_NAMES, 0, 0 };
    for (size_t i = 0; i < n_host_members; i++)
        if (strcmp(path, host_members[i].path) == 0)
            return (struct host_place){ PLACE_MEMBER, i, 0 };
    for (size_t i = 0; i < N_HOST_FEATURES; i++)
        if ((rest = behind(path, host_features[i].path)) &&
            (!*rest || *rest == '.'))
            return in_features(rest, i);
    for (size_t i = 0; i < N_HOST_POLICIES; i++)
        if ((rest = behind(path, host_policies[i].path)) &&
            (!*rest || *rest == '.'))
            return in_policy(rest, i);
    return (struct host_place){ PLACE_NONE, 0, 0 };
}
