/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* convert --target: the HVM state of an input as another release loads it. */
#ifndef XL_CMDS_CONVERT_TARGET_H
#define XL_CMDS_CONVERT_TARGET_H

#include "input.h"
#include "verbs.h"

struct target {
    bool wanted;                   /* --target was given */
    struct domctx_release release;
    struct domctx_host known;      /* what is known of it beside that, */
    struct domctx_description *host; /* and what that points into, or NULL */
    char text[DOMCTX_RELEASE_ROOM];
    const char *typed;             /* as the user gave it */
    const struct domctx_domain *domain; /* that is to be made there; NULL:
                                         * that of the input */
    bool no_config;                /* the input's is for another toolstack */
    uint32_t vcpus;                /* another one gives so many; 0: none */
    domctx_report *warnings;       /* about what was made; NULL: not told */
    uint8_t *blob;                 /* what was made */
    size_t size;
    domctx_hvm *hvm;
};

/* That domain, of the source; room is for a changed copy. */
const struct domctx_domain *target_domain(const struct target *target,
                                          const domctx_source *source,
                                          struct domctx_domain *room);

/* Read the option; false, reported, when it is no release. */
bool target_parse(struct session *session, const struct arguments *arguments,
                  struct target *target, const char *text);

/* Convert what xen_major.xen_minor saved, and judge it.  -1 with the
 * findings. */
int target_convert(struct target *target, struct input *input,
                   uint32_t xen_major, uint32_t xen_minor, bool allow_loss,
                   bool let_pass, domctx_report *report);

/*
 * All that a save file is changed by for the release of a target that was
 * asked for: its policies (domctx_source_fit()), which stay so, and its
 * context.  What was made is judged with all that stands beside it.  -1 with
 * the findings.
 */
int target_make(struct target *target, struct input *input,
                const struct domctx_release *saver, bool allow_loss,
                domctx_report *report);

/* Free what was made; that and the description. */
void target_free_made(struct target *target);
void target_free(struct target *target);

#endif /* XL_CMDS_CONVERT_TARGET_H */
