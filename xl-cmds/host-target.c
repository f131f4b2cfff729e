/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/messages.h"

#include "file.h"
#include "live.h"

static struct domctx_description *of_file(struct session *session,
                                          const char *path)
{
    struct domctx_description *description = NULL;
    struct file_in in;
    uint8_t *text;
    size_t size;

    if (file_open(&in, path, session->report) < 0)
        return NULL;
    if (file_unpack(&in, session->report) == 0 &&
        file_read(&in, &text, &size, session->report) == 0) {
        if (domctx_is_description(text, size))
            domctx_description_read(text, size, &description,
                                    session->report);
        else
            msg_raise(session->report, MSG_HOST_NONE, NULL,
                      "not the description of a host");
        free(text);
    }
    file_close(&in);
    return description;
}

static struct domctx_description *of_release(struct session *session,
                                             const char *text)
{
    struct domctx_description *made = domctx_description_new(session->report);

    if (made && domctx_release_parse(text, &made->release,
                                     session->report) < 0) {
        domctx_description_free(made);
        return NULL;
    }
    return made;
}

/* A release wins over a file of that name, which can be given with its
 * folder. */
static bool is_file(const char *text)
{
    struct domctx_release release;
    domctx_report *mute;
    bool is_release;

    if (strchr(text, '/') || strcmp(text, "-") == 0)
        return true;
    if (access(text, F_OK) != 0)
        return false;
    mute = domctx_report_new();
    is_release = domctx_release_parse(text, &release, mute) == 0;
    domctx_report_free(mute);
    return !is_release;
}

struct domctx_description *host_target(struct session *session,
                                       const char *text)
{
    bool file = strcmp(text, "host") != 0 && is_file(text);
    struct domctx_description *description =
        file                         ? of_file(session, text)
        : strcmp(text, "host") == 0 ? live_describe(session, false)
                                     : of_release(session, text);

    if (!description)
        session_tell(session, file ? text : "--target");
    return description;
}
