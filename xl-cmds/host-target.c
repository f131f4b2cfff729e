/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apart.h"
#include "file.h"
#include "live.h"
#include "raise.h"
#include "verbs.h"

/* -- a file --------------------------------------------------------------- */

static struct domctx_description *read_file(struct session *session,
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
            cmd_raise(session->report, MSG_HOST_NONE, NULL,
                      "not the description of a host");
        free(text);
    }
    file_close(&in);
    return description;
}

/* In the other process: hand over the description. */
static void hand_over(struct session *session, void *arg, int to)
{
    const char *const *path = arg;
    struct domctx_description *description = read_file(session, *path);

    if (description &&
        file_put(to, description, sizeof(*description)) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    domctx_description_free(description);
}

#define ENDS(text) (memchr(text, '\0', sizeof(text)) != NULL)

static bool fits(const struct domctx_policy *policy)
{
    return policy->n_leaves <= DOMCTX_POLICY_LEAVES &&
           policy->n_msrs <= DOMCTX_POLICY_MSRS;
}

/* Check texts, numbers and counts against their limits. */
static bool is_sound(const struct domctx_description *it)
{
    const enum domctx_answer answers[] = { it->hvm, it->pvh, it->hap,
                                           it->shadow, it->nested_hvm,
                                           it->altp2m };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if ((unsigned int)answers[i] > DOMCTX_YES)
            return false;
    return ENDS(it->tool) && ENDS(it->name) && ENDS(it->time) &&
           ENDS(it->xen_version) && ENDS(it->xen_changeset) &&
           ENDS(it->toolstack) && ENDS(it->scheduler) && ENDS(it->vendor) &&
           it->processor.n <= DOMCTX_FEATURE_WORDS &&
           it->hvm_max.n <= DOMCTX_FEATURE_WORDS &&
           it->hvm_default.n <= DOMCTX_FEATURE_WORDS &&
           fits(&it->max_policy) && fits(&it->default_policy);
}

/* What points into it, and what follows from the rest, is made here. */
static struct domctx_description *take_over(struct session *session,
                                            const void *bytes, size_t size)
{
    struct domctx_description *made = domctx_description_new(session->report);

    if (!made)
        return NULL;
    if (size == sizeof(*made)) {
        memcpy(made, bytes, size);
        memset(&made->host, 0, sizeof(made->host));
        made->release = (struct domctx_release){ .point = DOMCTX_POINT_ANY };
        if (is_sound(made) && domctx_description_settle(made, NULL) == 0)
            return made;
    }
    domctx_description_free(made);
    cmd_raise(session->report, MSG_SANDBOX, NULL,
              "the sandbox gave no description of a host");
    return NULL;
}

static struct domctx_description *of_file(struct session *session,
                                          const struct arguments *arguments,
                                          const char *path)
{
    const struct apart apart = { .file = path, .work = hand_over,
                                 .arg = &path };
    struct domctx_description *made = NULL;
    uint8_t *bytes;
    size_t size;

    if (apart_run(session, arguments, &apart, &bytes, &size) == 0 && bytes)
        made = take_over(session, bytes, size);
    free(bytes);
    return made;
}

/* ------------------------------------------------------------------------- */

static bool is_later(const struct domctx_release *a,
                     const struct domctx_release *b)
{
    return a->xen_major != b->xen_major ? a->xen_major > b->xen_major
                                        : a->xen_minor > b->xen_minor;
}

/* One of several words of a target: a release, "all" or "host". */
static bool is_word(const char *word, struct domctx_release *release)
{
    domctx_report *mute = domctx_report_new();
    bool is = mute && strchr(word, '.') &&
              domctx_release_parse(word, release, mute) == 0;

    domctx_report_free(mute);
    return is || strcmp(word, "all") == 0 || strcmp(word, "host") == 0;
}

/* "4.17.7,4.19.6", "4.14..4.17", and "4.14-4.17", unless what is behind the
 * hyphen may be a builder's: it is older, or of no Xen. */
static bool is_several(const char *text)
{
    static const char part[] = "0123456789.alhost";
    struct domctx_release first = { 0, 0, 0 }, release = { 0, 0, 0 };
    char word[32];
    size_t words = 0, size;

    while (*text) {
        const char *dots = strstr(text, "..");

        size = strspn(text, part);
        if (dots && (size_t)(dots - text) < size)
            size = (size_t)(dots - text);
        if (size == 0 || size >= sizeof(word))
            return false;
        memcpy(word, text, size);
        word[size] = '\0';
        release = first;
        if (!is_word(word, &release) || (words > 0 && text[-1] == '-' &&
                                         !is_later(&release, &first)))
            return false;
        first = release;
        words++;
        text += size;
        text += strspn(text, dots == text ? "." : ",;- ");
    }
    return words > 1;
}

static struct domctx_description *of_several(struct session *session,
                                             const char *text)
{
    bool check = strcmp(session->verb, "check") == 0;

    usage_error(session, verb_find(session->verb), "--target=%s: %s", text,
                check ? "give each release a --target of its own, or "
                        "--target=all for a table of all series"
                      : "it goes to one release at a time");
    return NULL;
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
    static const char json[] = ".json";
    struct domctx_release release;
    size_t size = strlen(text);
    domctx_report *mute;
    bool is_release;

    if (strchr(text, '/') || strcmp(text, "-") == 0 ||
        (size > sizeof(json) && strcmp(text + size - sizeof(json) + 1,
                                       json) == 0))
        return true;
    if (access(text, F_OK) != 0)
        return false;
    mute = domctx_report_new();
    is_release = domctx_release_parse(text, &release, mute) == 0;
    domctx_report_free(mute);
    return !is_release;
}

struct domctx_description *host_target(struct session *session,
                                       const struct arguments *arguments,
                                       const char *text)
{
    bool file = strcmp(text, "host") != 0 && is_file(text);
    struct domctx_description *description =
        file                         ? of_file(session, arguments, text)
        : strcmp(text, "host") == 0 ? live_describe(session, false)
        : is_several(text)           ? of_several(session, text)
                                     : of_release(session, text);

    if (!description)
        session_tell(session, file ? text : "--target");
    return description;
}
