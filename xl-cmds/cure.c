/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cure.h"

#include <string.h>

#include "convert-target.h"

bool cure_converts(const struct domctx_finding *finding)
{
    static const char *const words[] = { "convert the context",
                                         "convert the save file" };
    const struct domctx_message *message = domctx_message_find(finding->id);

    for (size_t i = 0; message && i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(message->mend, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* What is refused; *asked: a conversion is what mends some of it. */
static bool is_refused(const domctx_report *findings, bool partly,
                       bool *asked)
{
    enum domctx_severity least = partly ? DOMCTX_WARNING : DOMCTX_ERROR;
    const struct domctx_finding *finding;
    bool refused = false;

    *asked = false;
    for (size_t i = 0; (finding = domctx_report_get(findings, i)); i++)
        if (finding->severity >= least) {
            refused |= !partly || cure_converts(finding);
            *asked |= cure_converts(finding);
        }
    return refused;
}

bool cure_is_beside(const struct domctx_finding *finding)
{
    static const char *const beside[] = { "container-", "source-", "libxl-",
                                          "libxc-", "legacy-", "libvirt-" };

    for (size_t i = 0; finding->severity >= DOMCTX_ERROR &&
                       i < sizeof(beside) / sizeof(beside[0]); i++)
        if (strncmp(finding->id, beside[i], strlen(beside[i])) == 0)
            return true;
    return false;
}

bool cure_is_never(const struct domctx_finding *finding)
{
    return strcmp(finding->id, "libxc-checkpoint") == 0;
}

/* What no conversion changes. */
static bool is_rest(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    return cure_is_beside(finding) || cure_is_never(finding);
}

static bool is_in_the_way(struct domctx_finding *finding, void *arg)
{
    return finding->severity >= DOMCTX_ERROR || is_rest(finding, arg);
}

/* As fix does; the policies are as before then. */
static int try(struct input *input, const struct domctx_release *saver,
               const struct domctx_release *release,
               const struct domctx_description *host, bool allow_loss,
               domctx_report *report)
{
    struct target target = { .wanted = host };
    int result;

    if (host)
        target.known = host->host;
    target.release = *release;
    result = target_make(&target, input, saver, allow_loss, report);
    if (input->source)
        domctx_source_fit(input->source, NULL, 0, NULL);
    target_free(&target);
    return result;
}

void cure_find(struct cure *cure, struct input *input,
               const struct domctx_release *saver,
               const struct domctx_release *target,
               const struct domctx_description *host, bool partly,
               const domctx_report *findings)
{
    domctx_report *lost = domctx_report_new();
    domctx_report *left = domctx_report_new();
    bool asked;

    *cure = (struct cure){ .kind = CURE_NOT_ASKED };
    if (is_refused(findings, partly, &asked) && lost && left) {
        if (asked)
            cure->kind = CURE_NONE;
        domctx_report_forward(left, findings, is_rest, NULL);
        if (domctx_report_count(left) == 0) {
            if (try(input, saver, target, host, false, lost) == 0)
                cure->kind = CURE_FREE;
            else if (try(input, saver, target, host, true, left) == 0)
                cure->kind = CURE_LOSSY;
        }
        cure->loss = domctx_report_new();
        if (cure->kind != CURE_NOT_ASKED)
            domctx_report_forward(cure->loss,
                                  cure->kind == CURE_NONE ? left : lost,
                                  is_in_the_way, NULL);
    }
    domctx_report_free(lost);
    domctx_report_free(left);
}

void cure_free(struct cure *cure)
{
    domctx_report_free(cure->loss);
    cure->loss = NULL;
}
