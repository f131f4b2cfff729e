/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions with which libxl ends what has failed: libxl prints their
 * names in front of its words, so a line of theirs that no row is of, as one
 * of a downstream, is known to be a consequence.
 */
#include "explain/ends.h"
#include "base/chars.h"

#include <string.h>

#define END(function, leads) \
    { LINE_LIBXL, "", "", LINE_CONSEQUENCE, leads, function }

/* The pattern is the function's name. */
static const struct line ends[] = {
    END("domcreate_complete", "build-ended"),
    END("domcreate_destruction_cb", "build-ended"),
    END("domcreate_rebuild_done", "build-ended"),
    END("domcreate_stream_done", "build-ended"),
    END("domain_create_cb", "build-ended"),
    END("domcreate_devmodel_started", "device-model-start"),
    END("device_model_spawn_outcome", "device-model-start"),
    END("device_model_postconfig_done", "device-model-start"),
    END("device_model_startup_failed", "device-model-start"),
    END("domain_destroy_callback", "destroyed-after"),
    END("domain_destroy_cb", "destroyed-after"),
    END("domain_destroy_domid_cb", "destroyed-after"),
    END("destroy_finish_check", "destroyed-after"),
    END("devices_destroy_cb", "destroyed-after"),
    END("stubdom_destroy_callback", "destroyed-after"),
    END("libxl__destroy_domid", "destroyed-after"),
    END("libxl__xc_domain_restore_done", "restore-ended"),
    END("libxl__xc_domain_save_done", "save-ended"),
    END("domain_save_done", "save-ended"),
    END("libxl_report_child_exitstatus", "helper-ended"),
    END("helper_exited", "helper-ended"),
};

static const struct line *end_named(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (strncmp(ends[i].pattern, name, length) == 0 &&
            !ends[i].pattern[length])
            return &ends[i];
    return NULL;
}

/* The name of a function stands before a ':', or alone. */
const struct line *end_of(const char *text)
{
    const char *colon = text + strcspn(text, ":");
    const struct line *line = NULL;

    if (!*colon)
        return end_named(text, strlen(text));
    for (; colon && !line; colon = strchr(colon + 1, ':')) {
        const char *name = colon;

        while (name > text && char_is_name(name[-1]))
            name--;
        line = end_named(name, (size_t)(colon - name));
    }
    return line;
}
