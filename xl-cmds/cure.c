/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cure.h"

#include <string.h>

#include "convert-target.h"

bool cure_converts(const struct domctx_finding *finding)
{
    static const char words[] = "convert the context";
    const struct domctx_message *message = domctx_message_find(finding->id);

    return message && strncmp(message->mend, words, sizeof(words) - 1) == 0;
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

/* What is no matter of the context stays as it is. */
static bool rest_refused(const domctx_report *findings)
{
    static const char *const beside[] = { "container-", "guest-", "source-",
                                          "libxl-", "libxc-", "legacy-",
                                          "libvirt-" };
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(findings, i)); i++)
        for (size_t k = 0; k < sizeof(beside) / sizeof(beside[0]); k++)
            if (finding->severity >= DOMCTX_ERROR &&
                strncmp(finding->id, beside[k], strlen(beside[k])) == 0)
                return true;
    return false;
}

static bool is_error(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    return finding->severity >= DOMCTX_ERROR;
}

static int try(struct input *input, const struct domctx_release *saver,
               const struct domctx_release *release,
               const struct domctx_description *host, bool allow_loss,
               domctx_report *report)
{
    struct target target = { .wanted = true };
    int result;

    if (host)
        target.known = host->host;
    target.release = *release;
    result = target_convert(&target, input, saver->xen_major,
                            saver->xen_minor, allow_loss, false, report);
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
        if (!rest_refused(findings)) {
            if (try(input, saver, target, host, false, lost) == 0)
                cure->kind = CURE_FREE;
            else if (try(input, saver, target, host, true, left) == 0)
                cure->kind = CURE_LOSSY;
        }
        cure->loss = domctx_report_new();
        domctx_report_forward(cure->loss,
                              cure->kind == CURE_NONE ? left : lost,
                              is_error, NULL);
    }
    domctx_report_free(lost);
    domctx_report_free(left);
}

void cure_free(struct cure *cure)
{
    domctx_report_free(cure->loss);
    cure->loss = NULL;
}
