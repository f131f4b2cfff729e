/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "guess.h"
#include "live.h"
#include "raise.h"
#include "signals.h"
#include "verbs.h"
#include "watch.h"

const struct option_row save_options[] = {
    OPTION_HELP,
    { OPT_PAUSED, 'p', "paused", NULL,
      "Leave the domain paused afterwards." },
    { OPT_WRAP, '\0', "wrap", NULL,
      "Keep the HVM state whole, in one record." },
    { OPT_BARE, '\0', "bare", NULL,
      "Write no trailer (origin and checksum)." },
    { OPT_WITH, '\0', "with", "LIST",
      "Save this, too: evtchn,grants,params,policy,vcpus or all." },
    OPTION_LAST
};

const char *const save_withs[] = {
    "evtchn", "grants", "params", "policy", "vcpus", "all", NULL
};
static const unsigned int with_flags[] = {
    XLCONTEXT_SAVE_EVTCHN, XLCONTEXT_SAVE_GRANTS, XLCONTEXT_SAVE_PARAMS,
    XLCONTEXT_SAVE_POLICY, XLCONTEXT_SAVE_VCPUS, XLCONTEXT_SAVE_ALL,
};

/* The flags of one word of the list; 0, with a usage error, for another
 * word. */
static unsigned int with_word(struct session *session, const char *word,
                              size_t length)
{
    const char *meant;

    for (size_t i = 0; save_withs[i]; i++)
        if (strlen(save_withs[i]) == length &&
            strncmp(save_withs[i], word, length) == 0)
            return with_flags[i];
    meant = name_meant(word, length, save_withs);
    if (meant)
        usage_error(session, verb_find("save"),
                    "--with knows no '%.*s': is '%s' meant?",
                    (int)(length < 40 ? length : 40), word, meant);
    else
        usage_error(session, verb_find("save"),
                    "--with takes evtchn, grants, params, policy, vcpus and "
                    "all, with commas between, not '%.*s'",
                    (int)(length < 40 ? length : 40), word);
    return 0;
}

/* Those of all lists that were given; false, told, for a wrong one. */
static bool with_lists(struct session *session,
                       const struct arguments *arguments,
                       unsigned int *flags)
{
    const char *list;
    size_t at = 0;

    while ((list = arguments_next(arguments, OPT_WITH, &at))) {
        for (;;) {
            size_t length = strcspn(list, ",");
            unsigned int flag = with_word(session, list, length);

            if (!flag)
                return false;
            *flags |= flag;
            if (!list[length])
                break;
            list += length + 1;
        }
    }
    return true;
}

static unsigned int save_flags(const struct session *session,
                               const struct arguments *arguments,
                               unsigned int flags)
{
    /* A dry run leaves nothing behind, a pause neither. */
    if (arguments->option[OPT_PAUSED] && !session->dry_run)
        flags |= XLCONTEXT_SAVE_LEAVE_PAUSED;
    if (arguments->option[OPT_WRAP])
        flags |= XLCONTEXT_SAVE_WRAP;
    if (arguments->option[OPT_BARE])
        flags |= XLCONTEXT_SAVE_BARE;
    return flags;
}

/* A dry run finds the same wrong with the capture. */
static int put(struct session *session, const struct xlcontext_saved *saved,
               struct file_out *out)
{
    if (file_fits(saved->size, session->report) < 0)
        return -1;
    if (session->dry_run)
        return 0;
    if (file_write(out, saved->image, saved->size, session->report) < 0)
        return -1;
    return file_commit(out, session->report);
}

/* Write the capture; on failure take our pause back. */
static int keep(struct session *session, const struct live *live,
                uint32_t domid, const struct xlcontext_saved *saved,
                struct file_out *out, const char *file)
{
    int result = -1;

    if (signals_caught()) {
        cmd_raise(session->report, MSG_INTERRUPTED, NULL,
                  "interrupted, nothing written");
        file_discard(out);
    } else {
        result = put(session, saved, out);
    }
    session_tell(session, output_name(file));
    if (result < 0 && saved->left_paused) {
        watch_begin("unpausing");
        live->unpause(live->xlc, domid, session->report);
        watch_end();
    }
    return result;
}

static void capture(struct session *session, const struct live *live,
                    uint32_t domid, const struct arguments *arguments,
                    unsigned int with, struct file_out *out)
{
    const char *domain = arguments->operand[0];
    const char *file = arguments->operand[1];
    struct xlcontext_saved saved;
    int result;

    /* Who stops us in the middle must not leave the domain paused. */
    signals_hold();
    watch_begin("saving the context");
    result = live->save(live->xlc, domid,
                        save_flags(session, arguments, with), &saved,
                        session->report);
    watch_end();
    if (result == 0) {
        session_tell(session, domain);
        if (keep(session, live, domid, &saved, out, file) == 0)
            session_verbose(session,
                            "%s: %zu bytes saved%s, paused for %.3f ms%s",
                            domain, saved.size,
                            session->dry_run ? " (dry run: nowhere)" : "",
                            (double)saved.paused_ns / 1e6,
                            saved.left_paused ? ", left paused" : "");
        free(saved.image);
    }
    session_tell(session, domain);
}

void cmd_save(struct session *session, const struct arguments *arguments)
{
    const char *domain = arguments->operand[0];
    const char *file = arguments->operand[1];
    struct file_out out = { .fd = -1, .dirfd = -1 };
    struct live live;
    unsigned int with = 0;
    uint32_t domid;
    int result;

    if (!with_lists(session, arguments, &with))
        return;
    /* What is wrong with the file is found before the domain is touched. */
    result = session->dry_run ? file_check(file, session->report)
                              : file_create(&out, file, session->report);
    session_tell(session, output_name(file));
    if (result < 0)
        return;
    if (live_open(&live, session, domain, &domid) == 0) {
        capture(session, &live, domid, arguments, with, &out);
        watch_done();
        live_close(&live);
    }
    session_tell(session, domain);
    file_discard(&out);
    signals_release();
}
