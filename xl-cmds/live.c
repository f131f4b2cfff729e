/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <dlfcn.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "domain-lock.h"
#include "input.h"
#include "own-place.h"
#include "raise.h"
#include "signals.h"
#include "watch.h"

#define LIBRARY "libxlcontext.so.0"

/* The library of a build tree, seen from the program there. */
#define BESIDE "../../libxl-plugin/.libs/" LIBRARY

/* Levels of the Xen libraries' log; xl shows PROGRESS and above, and each -v
 * shows one level more. */
#define LEVEL_DEBUG 1
#define LEVEL_PROGRESS 4

#define SYMBOL(member, name) { offsetof(struct live, member), name }

static const struct {
    size_t offset;
    const char *name;
} symbols[] = {
    SYMBOL(connect, "xlcontext_connect"), SYMBOL(close, "xlcontext_close"),
    SYMBOL(describe, "xlcontext_describe"),
    SYMBOL(find, "xlcontext_find"),       SYMBOL(save, "xlcontext_save"),
    SYMBOL(guest_ask, "xlcontext_guest_ask"),
    SYMBOL(guest_domain, "xlcontext_guest_domain"),
    SYMBOL(guest_free, "xlcontext_guest_free"),
    SYMBOL(look, "xlcontext_look_with"),
    SYMBOL(cure_upcall, "xlcontext_cure_upcall"),
    SYMBOL(unpause, "xlcontext_unpause"),
    SYMBOL(restore, "xlcontext_restore"), SYMBOL(hold, "xlcontext_hold"),
};

static void put_log(void *arg, int level, const char *line)
{
    const struct session *session = arg;
    int least = LEVEL_PROGRESS - session->verbose;
    char when[32];
    struct tm parts;
    time_t now;

    if (least < LEVEL_DEBUG)
        least = LEVEL_DEBUG;
    if (level < least)
        return;
    if (session->timestamps) {
        now = time(NULL);
        localtime_r(&now, &parts);
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %Z", &parts);
        fprintf(stderr, "%s [%ld] ", when, (long)getpid());
    }
    put_clean(stderr, line);
    putc('\n', stderr);
}

/* By its full name: LD_LIBRARY_PATH, which may well have an empty part, does
 * not decide what runs as root. */
static const char *library_name(char room[PATH_MAX])
{
    const char *built = build_tree(BESIDE, room);

    return built ? built : LIBDIR "/" LIBRARY;
}

static int load(struct live *live, domctx_report *report)
{
    char room[PATH_MAX];

    live->library = dlopen(library_name(room), RTLD_NOW | RTLD_LOCAL);
    if (!live->library)
        return cmd_raise(report, MSG_NO_XEN_LIBRARIES, NULL,
                         "no Xen libraries here: %s", dlerror());
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *symbol = dlsym(live->library, symbols[i].name);

        if (!symbol)
            return cmd_raise(report, MSG_NO_XEN_LIBRARIES, NULL,
                             LIBRARY " is of another version: %s",
                             dlerror());
        memcpy((char *)live + symbols[i].offset, &symbol, sizeof(symbol));
    }
    return 0;
}

/* Each of them asks Xen or xenstored. */
static int connect_watched(struct live *live, struct session *session,
                           domctx_report *report)
{
    int result;

    watch_begin("connecting to Xen");
    result = live->connect(&live->xlc, put_log, session, report);
    watch_end();
    return result;
}

static int find_watched(const struct live *live, const char *domain,
                        uint32_t *domid, domctx_report *report)
{
    int result;

    watch_begin("asking for the domain");
    result = live->find(live->xlc, domain, domid, report);
    watch_end();
    return result;
}

int live_open(struct live *live, struct session *session, const char *domain,
              uint32_t *domid)
{
    *live = (struct live){ .lock = -1 };
    if (load(live, session->report) < 0)
        return -1;
    watch_start(session, live, domain);
    if (connect_watched(live, session, session->report) < 0 ||
        find_watched(live, domain, domid, session->report) < 0 ||
        domain_lock(session, *domid, &live->lock) < 0) {
        live_close(live);
        return -1;
    }
    return 0;
}

/* Where no lock could be had, that has been told. */
int live_rest(struct live *live, struct session *session, uint32_t domid,
              const struct timespec *interval)
{
    bool locked = live->lock >= 0;

    domain_unlock(live->lock);
    live->lock = -1;
    nanosleep(interval, NULL);
    return locked ? domain_lock(session, domid, &live->lock) : 0;
}

int live_input(const struct live *live, uint32_t domid, struct input *input,
               domctx_report *report)
{
    struct xlcontext_saved saved;
    int result;

    /* Who stops us in the middle must not leave the domain paused. */
    signals_hold();
    watch_begin("saving the context");
    result = live->save(live->xlc, domid, 0, &saved, report);
    watch_end();
    signals_release();
    if (result < 0)
        return -1;
    input->buf = saved.image;
    input->size = saved.size;
    return 0;
}

struct domctx_description *live_describe(struct session *session, bool told)
{
    struct domctx_description *description = NULL;
    domctx_report *report = domctx_report_new();
    struct live live = { .lock = -1 };

    if (!report) {
        cmd_no_memory(session->report, 0);
        return NULL;
    }
    if (load(&live, report) == 0) {
        watch_start(session, &live, NULL);
        if (connect_watched(&live, session, report) == 0) {
            watch_begin("asking what the host is");
            live.describe(live.xlc, &description, report);
            watch_end();
        }
    }
    live_close(&live);
    domctx_report_forward(session->report, report,
                          told ? NULL : cmd_is_no_note, NULL);
    domctx_report_free(report);
    return description;
}

void live_close(struct live *live)
{
    if (live->xlc) {
        watch_begin("closing the connection to Xen");
        live->close(live->xlc);
        watch_end();
    }
    watch_stop();
    domain_unlock(live->lock);
    /* Not unloaded: the Xen libraries may leave threads and handlers. */
    *live = (struct live){ .lock = -1 };
}
