/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "base/messages.h"

#include "file.h"
#include "live.h"
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
    OPTION_LAST
};

static unsigned int save_flags(const struct session *session,
                               const struct arguments *arguments)
{
    unsigned int flags = 0;

    /* A dry run leaves nothing behind, a pause neither. */
    if (arguments->option[OPT_PAUSED] && !session->dry_run)
        flags |= XLCONTEXT_SAVE_LEAVE_PAUSED;
    if (arguments->option[OPT_WRAP])
        flags |= XLCONTEXT_SAVE_WRAP;
    if (arguments->option[OPT_BARE])
        flags |= XLCONTEXT_SAVE_BARE;
    return flags;
}

/* Keep what was captured; takes a pause of ours back when that fails. */
static int keep(struct session *session, const struct live *live,
                uint32_t domid, const struct xlcontext_saved *saved,
                struct file_out *out, const char *file)
{
    int result = -1;

    if (session->dry_run)
        return 0;
    if (signals_caught()) {
        msg_raise(session->report, MSG_INTERRUPTED, NULL,
                  "interrupted, nothing written");
        file_discard(out);
    } else if (file_write(out, saved->image, saved->size,
                          session->report) == 0) {
        result = file_commit(out, session->report);
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
                    struct file_out *out)
{
    const char *domain = arguments->operand[0];
    const char *file = arguments->operand[1];
    struct xlcontext_saved saved;
    int result;

    /* Who stops us in the middle must not leave the domain paused. */
    signals_hold();
    watch_begin("saving the context");
    result = live->save(live->xlc, domid, save_flags(session, arguments),
                        &saved, session->report);
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
    uint32_t domid;
    int result;

    /* What is wrong with the file is found before the domain is touched. */
    result = session->dry_run ? file_check(file, session->report)
                              : file_create(&out, file, session->report);
    session_tell(session, output_name(file));
    if (result < 0)
        return;
    if (live_open(&live, session, domain, &domid) == 0) {
        capture(session, &live, domid, arguments, &out);
        live_close(&live);
    }
    session_tell(session, domain);
    file_discard(&out);
    signals_release();
}
