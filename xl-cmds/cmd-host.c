/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of the host that runs here. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "live.h"
#include "raise.h"
#include "verbs.h"

const struct option_row host_options[] = { OPTION_HELP, OPTION_LAST };

/* The function that writes the file reports a failure, once. */
static int write_out(struct session *session,
                     const struct domctx_description *description,
                     struct file_out *out)
{
    struct file_sink sink = { out, session->report };

    if (domctx_description_write(description, file_sink_put, &sink,
                                 NULL) < 0) {
        if (domctx_report_worst(session->report) < DOMCTX_ERROR)
            cmd_no_memory(session->report, 0);
        return -1;
    }
    if (file_write(out, "\n", 1, session->report) < 0)
        return -1;
    return file_commit(out, session->report);
}

void cmd_host(struct session *session, const struct arguments *arguments)
{
    const char *file = arguments->n_operands ? arguments->operand[0] : "-";
    struct file_out out = { .fd = -1, .dirfd = -1 };
    struct domctx_description *description;
    int result;

    /* What is wrong with the file is found first. */
    result = session->dry_run ? file_check(file, session->report)
                              : file_create_text(&out, file, session->report);
    session_tell(session, output_name(file));
    if (result < 0)
        return;
    description = live_describe(session, true);
    session_tell(session, "host");
    if (description && !session->dry_run)
        write_out(session, description, &out);
    session_tell(session, output_name(file));
    if (description)
        session_verbose(session, "Xen %s, %s: %zu leaves, %zu MSRs%s",
                        description->xen_version,
                        *description->vendor ? description->vendor
                                             : "vendor unknown",
                        description->max_policy.n_leaves,
                        description->max_policy.n_msrs,
                        session->dry_run ? " (dry run: nowhere)" : "");
    domctx_description_free(description);
    file_discard(&out);
}
