/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "apart.h"
#include "called.h"
#include "file.h"
#include "input.h"
#include "live.h"
#include "raise.h"
#include "signals.h"
#include "verbs.h"
#include "watch.h"

/* Names to try for the rollback copy in one folder. */
#define ROLLBACK_NAMES 100

const struct option_row restore_options[] = {
    OPTION_HELP,
    { OPT_PAUSED, 'p', "paused", NULL,
      "Leave the domain paused afterwards." },
    { OPT_ALLOW_LOSS, '\0', "allow-loss", NULL,
      "Go on where something of the image is lost." },
    { OPT_RESTORE_TIME, '\0', "restore-time", NULL,
      "Take clocks and running timers from the image." },
    { OPT_FORCE, '\0', "force", NULL,
      "Load what does not fit, unless it crashes the domain." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

static unsigned int restore_flags(const struct session *session,
                                  const struct arguments *arguments)
{
    unsigned int flags = 0;

    if (arguments->option[OPT_PAUSED])
        flags |= XLCONTEXT_RESTORE_LEAVE_PAUSED;
    if (arguments->option[OPT_ALLOW_LOSS])
        flags |= XLCONTEXT_RESTORE_ALLOW_LOSS;
    if (arguments->option[OPT_RESTORE_TIME])
        flags |= XLCONTEXT_RESTORE_TIME;
    if (arguments->option[OPT_FORCE])
        flags |= XLCONTEXT_RESTORE_FORCE;
    if (session->dry_run)
        flags |= XLCONTEXT_RESTORE_DRY_RUN;
    return flags;
}

/* Make an image of a save file.  Report the file's findings here: the restore
 * sees the image alone. */
static int make_image(struct session *session, struct input *input,
                      const char *file, bool allow_loss)
{
    int result = input_to_image(input, session->report);

    session_tell_as(session, input_name(file),
                    allow_loss && result == 0 ? DOMCTX_WARNING : DOMCTX_LOST);
    if (session->worst < DOMCTX_ERROR)
        return result;
    input_free(input);
    return -1;
}

/* Load the image; refuse other inputs before loading a Xen library. */
static int load_image(struct session *session, struct input *input,
                      const char *file, bool allow_loss)
{
    int result = input_load(input, file, session->report);

    if (result == 0 && input->source)
        return make_image(session, input, file, allow_loss);
    if (result == 0 && input->hvm) {
        result = cmd_raise(session->report, MSG_XEN_NEEDED, NULL,
                           "an HVM blob does not say which Xen saved it: "
                           "make an image of it with 'convert --xen=X.Y'");
        input_free(input);
    }
    return result;
}

/* Explain the hypervisor's lines; unknown ones were already printed. */
static void explain_xen_log(struct session *session, const char *log)
{
    domctx_report *unknown = domctx_report_new();
    struct called called;

    called_open(&called, session, stderr);
    if (unknown &&
        domctx_explain_briefly(log, called_put, &called, unknown) == 0 &&
        !ferror(stderr))
        memset(session->refers, 0, sizeof(session->refers));
    called_close(&called);
    domctx_report_free(unknown);
}

/* The hypervisor's own words, a line each. */
static void put_xen_log(const char *domain, char *log)
{
    char *next = log;
    const char *line;

    while (next && (line = strsep(&next, "\n"))) {
        if (!*line)
            continue;
        fputs("xl-context: ", stderr);
        put_clean(stderr, domain);
        fputs(": the hypervisor says: ", stderr);
        put_clean(stderr, line);
        putc('\n', stderr);
    }
}

static void tell_xen_log(struct session *session, const char *domain,
                         const char *log)
{
    char *lines = strdup(log);

    if (!lines)
        return;
    put_xen_log(domain, lines);
    free(lines);
    explain_xen_log(session, log);
}

/* A folder of devices is no place to keep anything. */
static bool is_special(const char *file)
{
    return strcmp(file, "-") == 0 || strncmp(file, "/dev/", 5) == 0 ||
           strncmp(file, "/proc/", 6) == 0;
}

/* A folder in which everybody may make files, and so take names. */
static bool is_shared(const char *folder)
{
    struct stat status;

    return stat(folder, &status) == 0 && (status.st_mode & S_IWOTH);
}

/* The suffix of the i-th name: none, then a number; in a shared folder always
 * a random one, which cannot be guessed. */
static void vary_name(char number[20], int i, bool shared)
{
    uint64_t random;

    number[0] = '\0';
    if (shared &&
        getrandom(&random, sizeof(random), 0) == sizeof(random))
        snprintf(number, 20, "-%016" PRIx64, random);
    else if (i > 1)
        snprintf(number, 20, "-%d", i);
}

/* The context from before a restore. */
struct copy {
    const char *file;       /* what was restored */
    uint32_t domid;
    const uint8_t *bytes;
    size_t size;
};

/* Write the copy to a new file in folder; its name is left in name. */
static int write_rollback(const char *folder, int length, const char *base,
                          char name[PATH_MAX], const struct copy *copy)
{
    char number[20];
    int result = -1;
    bool shared;

    snprintf(name, PATH_MAX, "%.*s.", length, folder);
    shared = is_shared(name);

    for (int i = 1; i <= ROLLBACK_NAMES; i++) {
        vary_name(number, i, shared);
        snprintf(name, PATH_MAX, "%.*s%.100s.rollback-%u%s", length, folder,
                 base, copy->domid, number);
        result = file_write_new(name, copy->bytes, copy->size);
        if (result == 0 || errno != EEXIST)
            break;
    }
    return result;
}

/* The rollback copy is all that is left of the guest's state: try hard. */
static void keep_rollback(struct session *session, const struct copy *copy)
{
    const char *file = copy->file;
    const char *slash = is_special(file) ? NULL : strrchr(file, '/');
    const char *base = is_special(file) ? "stdin" : slash ? slash + 1 : file;
    const char *const folders[] = { file, "", "/var/tmp/", "/tmp/" };
    char name[PATH_MAX];
    int error = 0;

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        int length = (int)strlen(folders[i]);

        if (i == 0) /* beside the file */
            length = slash ? (int)(slash - file) + 1 : 0;
        if (write_rollback(folders[i], length, base, name, copy) == 0) {
            cmd_raise(session->report, MSG_ROLLBACK_KEPT, NULL,
                      "the former context is in this file");
            session_tell(session, name);
            return;
        }
        error = errno;
    }
    cmd_raise(session->report, MSG_ROLLBACK_UNKEPT, NULL,
              "the former context could not be written to any file: %s",
              strerror(error));
    session_tell(session, NULL);
}

/* The same when the load does not come back. */
static void keep_held(struct session *session, void *arg,
                      const struct xlcontext_held *held)
{
    struct copy copy = *(struct copy *)arg;

    copy.bytes = held->rollback;
    copy.size = held->rollback_size;
    keep_rollback(session, &copy);
}

static void load(struct session *session, const struct live *live,
                 uint32_t domid, const struct arguments *arguments,
                 const struct input *input)
{
    const char *domain = arguments->operand[0];
    struct copy copy = { .file = arguments->operand[1], .domid = domid };
    struct xlcontext_restored restored;
    int result;

    memset(&restored, 0, sizeof(restored));
    watch_keeper(keep_held, &copy);
    signals_hold();
    watch_begin("restoring the context");
    result = live->restore(live->xlc, domid, input->buf, input->size,
                           restore_flags(session, arguments), &restored,
                           session->report);
    watch_end();
    watch_keeper(NULL, NULL);
    /* Errors of a restore that succeeded were allowed by --force or
     * --allow-loss. */
    session_tell_as(session, domain,
                    result == 0 ? DOMCTX_WARNING : DOMCTX_LOST);
    if (restored.log)
        tell_xen_log(session, domain, restored.log);
    copy.bytes = restored.rollback;
    copy.size = restored.rollback_size;
    if (restored.rollback)
        keep_rollback(session, &copy);
    if (result == 0)
        session_verbose(session,
                        "%s: %zu records %s, %zu as they were, paused for "
                        "%.3f ms%s",
                        domain, restored.loaded,
                        session->dry_run ? "would be loaded" : "loaded",
                        restored.kept, (double)restored.paused_ns / 1e6,
                        restored.left_paused ? ", left paused" : "");
    free(restored.log);
    free(restored.rollback);
    signals_release();
}

void cmd_restore(struct session *session, const struct arguments *arguments)
{
    const char *domain = arguments->operand[0];
    const char *file = arguments->operand[1];
    struct input input;
    struct live live;
    uint32_t domid;

    if (apart_image(session, arguments, &input, file, load_image) < 0) {
        session_tell(session, input_name(file));
        session_refer(session);
        return;
    }
    /* The findings on the content are reported once, by the restore. */
    session_forget(session);
    if (live_open(&live, session, domain, &domid) == 0) {
        load(session, &live, domid, arguments, &input);
        watch_done();
        live_close(&live);
    }
    session_tell(session, domain);
    session_refer(session);
    input_free(&input);
}
