/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* convert: making one file of another. */
#ifndef XL_CMDS_CONVERT_FILE_H
#define XL_CMDS_CONVERT_FILE_H

#include "convert-target.h"
#include "input.h"

/* One conversion. */
struct conversion {
    struct session *session;
    domctx_report *report;
    bool has_from, has_xen, bare, allow_loss, force, damaged;
    bool onto_itself;                /* the output is the input */
    enum domctx_output from, to;
    uint32_t xen_major, xen_minor;   /* of the saver */
    struct domctx_release xen;       /* as given with --xen */
    struct target target;
    struct input in;
    uint8_t *out;
    size_t out_size;
};

/* False if nothing was made; the reason is in the session, or printed. */
bool convert_file(struct conversion *job, const char *from, const char *to);

/* Free the results, to convert the next file. */
void convert_free_made(struct conversion *job);

#endif /* XL_CMDS_CONVERT_FILE_H */
