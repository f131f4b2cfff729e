/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a conversion brings a guest back, and what it would cost: tried,
 * and not guessed. */
#ifndef XL_CMDS_CURE_H
#define XL_CMDS_CURE_H

#include <xlcontext.h>

#include "input.h"

struct cure {
    enum cure_kind {
        CURE_NOT_ASKED,  /* no finding asks for a conversion, and none helps */
        CURE_NONE,       /* one does, but something else stands in the way */
        CURE_FREE,       /* nothing is lost */
        CURE_LOSSY,      /* what loss has to be left out */
    } kind;
    bool anew;           /* with the container written anew */
    uint32_t vcpus;      /* that a configuration for it has to give, for its
                          * own gives fewer; 0: it does not matter */
    domctx_report *loss; /* of CURE_NONE what stands in the way */
};

/* Whether the message says that a conversion mends it. */
bool cure_converts(const struct domctx_finding *finding);

/* Whether nothing but another host or another release mends it; and whether
 * one of the errors is so: nothing that is typed about the others brings it
 * back there. */
bool cure_is_elsewhere(const struct domctx_finding *finding);
bool cure_needs_other(const domctx_report *report);

/* Whether it is about the container; and an error, which no conversion
 * mends. */
bool cure_is_container(const struct domctx_finding *finding);
bool cure_is_beside(const struct domctx_finding *finding);

/* Whether its stream is of before 4.6. */
bool cure_is_stream_legacy(const domctx_source *source);

/* Whether it is in another container than a save file of today's xl. */
bool cure_is_legacy(const domctx_source *source);

/* Whether the source can be written anew as such a file for the release, and
 * that mends all errors of a container (cure_is_beside) among the findings,
 * of which there is one. */
bool cure_is_anew(const domctx_source *source,
                  const struct domctx_release *release,
                  const domctx_report *findings);

/* Whether the release reads such a file: xl does since 4.6. */
bool cure_takes_anew(const struct domctx_release *release);

/* Whether it can for that release, or for 4.6 if that is older. */
bool cure_can_be_anew(const domctx_source *source,
                      const struct domctx_release *release);

/* Whether that has a configuration that xl reads. */
bool cure_has_config(const struct domctx_source_info *info);

/* What is in vain for such a file: the receiver of "xl remus" reads the header
 * of xl, which a file of another program has not; NULL where it may be. */
const char *cure_no_receiver(const struct domctx_source_info *info);

/* The command that restores such a file; NULL for a stream without the file
 * around it, which none restores by itself. */
const char *cure_restorer(const struct domctx_source_info *info);

/* How many vCPUs a configuration has to give the guest, where that of the
 * source, whose findings these are, gives fewer and xl takes another in its
 * place; 0: nothing of the kind, or it is all that is wrong. */
uint32_t cure_vcpus(const struct input *input,
                    const domctx_report *findings);

/* Whether no plain restore takes the file: of these, a warning says so, for
 * the context is whole. */
bool cure_has_never(const domctx_report *findings);

/* Whether the file ends where its END was to come (DOMCTX_WALK_NO_END).  For
 * domctx_report_forward(): what a walk finds that does not accept that; arg
 * NULL, or a bool, false at first: without what was found behind it. */
bool cure_is_endless(const domctx_report *findings);
bool cure_as_cut(struct domctx_finding *finding, void *arg);

/* Whether a plain stream in the place of the old one mends that
 * (domctx_source_plain()): nothing of it is true of what is written then. */
bool cure_is_plain(const struct domctx_finding *finding);

/*
 * Try it, if something is refused: what the release saver saved, for the
 * target; host is what is known of it, or NULL.  partly: point releases of the
 * target refuse what others load, so that it is told as warnings.  Free it
 * with cure_free().
 */
void cure_find(struct cure *cure, struct input *input,
               const struct domctx_release *saver,
               const struct domctx_release *target,
               const struct domctx_description *host, bool partly,
               const domctx_report *findings);
void cure_free(struct cure *cure);

#endif /* XL_CMDS_CURE_H */
