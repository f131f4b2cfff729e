/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* convert --into: a context put into a copy of a save file. */
#ifndef XL_CMDS_CONVERT_INTO_H
#define XL_CMDS_CONVERT_INTO_H

#include "convert-target.h"

struct into_job {
    const char *save, *context, *new_save; /* files */
    bool allow_loss, force;
    const struct domctx_release *xen; /* the saver of the context, as said;
                                       * or NULL */
    struct target *target;        /* the release to convert it for; if not
                                   * wanted, it is put in as it is */
};

/* Do it; what is wrong is reported in the session. */
void convert_into(struct session *session, const struct into_job *job);

#endif /* XL_CMDS_CONVERT_INTO_H */
