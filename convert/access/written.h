/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one judgement of what is written for a release.  Used by the commands
 * too. */
#ifndef CONVERT_ACCESS_WRITTEN_H
#define CONVERT_ACCESS_WRITTEN_H

#include <domctx.h>

/*
 * What the release would refuse is told, and is -1, or with let_pass a
 * warning.  What would crash the host or the domain is never let pass.
 * host->domain: of the save file that the context is in, or goes into; what
 * of that itself the release refuses is not told, for it is not what is
 * written.
 */
int written_judge(const domctx_hvm *hvm, const struct domctx_release *release,
                  const struct domctx_host *host, bool let_pass,
                  domctx_report *report);

/* The same of a judgement that was made, of which what it refuses is left and
 * told. */
int written_tell(domctx_report *judged, bool let_pass,
                 domctx_report *report);

#endif /* CONVERT_ACCESS_WRITTEN_H */
