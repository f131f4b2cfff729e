/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cure.h"
#include "mend.h"
#include "raise.h"

#define VCPUS_ROOM 40
#define WITH_ROOM 400

bool fix_has_config(const struct fix *fix)
{
    return cure_has_config(domctx_source_info(fix->old.found.source));
}

int fix_command(struct fix *fix, const char *id, bool anew, bool allow_loss,
                const char *before, const char *after)
{
    char verb[40];
    char *command;

    snprintf(verb, sizeof(verb), "fix%s%s", anew ? " --container=xl" : "",
             allow_loss ? " --allow-loss" : "");
    command = mend_call(fix->session, verb,
                        fix->target.wanted ? fix->target.typed : fix->release,
                        fix->from, fix->to);
    if (!command)
        return cmd_no_memory(fix->report, 0);
    cmd_raise(fix->report, id, NULL, "%s: %s%s", before, command, after);
    free(command);
    return -1;
}

/* What is not that of the old file. */
static const char *changes(const struct fix *fix)
{
    const struct domctx_source_info *old =
        domctx_source_info(fix->old.found.source);
    bool policy = fix->old.n_pieces > fix->old.splice.n_pieces;
    bool context = old->context_size != fix->target.size ||
                   memcmp(old->context, fix->target.blob,
                          fix->target.size) != 0;

    return !policy   ? "its context is another one"
           : context ? "its context and its CPU policy are others"
                     : "its CPU policy is another one";
}

/* For xl, a bare stream has to become a save file then. */
static void say_next(const struct fix *fix)
{
    const struct domctx_source_info *info =
        domctx_source_info(fix->old.found.source);
    char *command;

    if (cure_restorer(info) || !cure_takes_anew(&fix->target.release) ||
        !cure_can_be_anew(fix->old.found.source, &fix->target.release))
        return;
    command = mend_call(fix->session, "fix --container=xl",
                        fix->target.wanted ? fix->target.typed : fix->release,
                        fix->to, "NEWER");
    if (command)
        cmd_raise(fix->report, MSG_FIX_ANEW, NULL,
                  "for xl restore, make a save file of it: %s", command);
    free(command);
}

/* Whether the state is that of qemu-traditional, which is not xl's default. */
static bool is_traditional(const struct fix *fix)
{
    enum domctx_qemu qemu = domctx_source_info(fix->old.found.source)->qemu;

    return qemu == DOMCTX_QEMU_OLD || qemu == DOMCTX_QEMU_REMUS;
}

static bool wants_config(const struct fix *fix)
{
    return fix->anew && (!fix_has_config(fix) || is_traditional(fix));
}

/* In which it has more vCPUs than its own gives it. */
static const char *vcpus_of(const struct fix *fix, char room[VCPUS_ROOM])
{
    *room = '\0';
    if (fix->target.vcpus)
        snprintf(room, VCPUS_ROOM, ", with maxvcpus=%u in CONFIG",
                 fix->target.vcpus);
    return room;
}

/* "; to be restored with xl restore", or nothing. */
static void put_with(const struct fix *fix, char text[WITH_ROOM])
{
    const struct domctx_source_info *info =
        domctx_source_info(fix->old.found.source);
    const char *with = cure_restorer(info);
    char vcpus[VCPUS_ROOM];

    *text = '\0';
    if (with)
        snprintf(text, WITH_ROOM, "; to be restored with %s%s%s%s", with,
                 fix->target.vcpus ? " CONFIG " : "",
                 fix->target.vcpus ? output_name(fix->to) : "",
                 vcpus_of(fix, vcpus));
}

/* It is no copy of the old one. */
static void say_plain(const struct fix *fix, const char *would)
{
    const struct domctx_source_info *info =
        domctx_source_info(fix->old.found.source);
    uint64_t interval = info->place[info->last].interval;
    char what[100] = "with the END that was missing", with[WITH_ROOM];

    if (info->n_intervals > interval)
        snprintf(what, sizeof(what), "with the guest as it was at checkpoint "
                 "%llu, the last complete one",
                 (unsigned long long)info->n_intervals);
    else if (info->n_intervals > 0)
        snprintf(what, sizeof(what), "with the guest as it was at the end");
    put_with(fix, with);
    cmd_raise(fix->report, MSG_FIX_PLAIN, NULL,
              "%swritten as a plain stream, %s, for Xen %s%s%s%s%s%s",
              would, what, fix->release,
              fix->changed ? ": " : "", fix->changed ? changes(fix) : "",
              *fix->partly ? ", which " : "", fix->partly, with);
    say_next(fix);
}

static void say_config(const struct fix *fix)
{
    if (wants_config(fix))
        cmd_raise(fix->report, MSG_REWRITE_CONFIG, NULL, "%s%s",
                  fix_has_config(fix)
                      ? "its configuration names no emulator: give xl one"
                      : "without a configuration: give xl a file with one",
                  is_traditional(fix)
                      ? ", and in it device_model_version="
                        "\"qemu-xen-traditional\"" : "");
}

void fix_say(const struct fix *fix)
{
    const char *would = fix->session->dry_run ? "would be " : "";
    char with[WITH_ROOM], vcpus[VCPUS_ROOM];

    put_with(fix, with);
    if (fix->plain) {
        say_plain(fix, would);
    } else if (fix->anew) {
        cmd_raise(fix->report, MSG_FIX_DONE, NULL,
                  "%swritten anew for Xen %s, with the guest's memory and the "
                  "emulator's state as they were; to be restored with xl "
                  "restore %s%s%s", would, fix->release,
                  fix->target.vcpus || wants_config(fix) ? "CONFIG " : "",
                  output_name(fix->to), vcpus_of(fix, vcpus));
        say_config(fix);
    } else if (*fix->partly)
        cmd_raise(fix->report, MSG_FIX_PARTLY, NULL,
                  "no conversion brings it to all of Xen %s: %sa plain copy, "
                  "which %s", fix->release, would, fix->partly);
    else if (fix->changed)
        cmd_raise(fix->report, MSG_FIX_DONE, NULL,
                  "%smade for Xen %s: %s, all else is that of the old file"
                  "%s", would, fix->release, changes(fix), with);
    else if (fix->old.packed)
        cmd_raise(fix->report, MSG_FIX_COPY, NULL,
                  "nothing has to be changed for Xen %s: %sa copy that is not "
                  "compressed, as xl wants it", fix->release, would);
    else
        cmd_raise(fix->report, MSG_FIX_COPY, NULL,
                  "nothing has to be changed for Xen %s: %sa plain copy",
                  fix->release, would);
    if (!fix->plain && !fix->changed)
        say_next(fix);
}
