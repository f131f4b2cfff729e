/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* convert: one file made into another. */
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
    struct domctx_release xen;       /* as --xen says it */
    struct target target;
    struct input in;
    uint8_t *out;
    size_t out_size;
};

/* False where nothing was made, and why is in the session or has been
 * told. */
bool convert_file(struct conversion *job, const char *from, const char *to);

/* Free what was read and made: the job is ready for the next file. */
void convert_free_made(struct conversion *job);

#endif /* XL_CMDS_CONVERT_FILE_H */
