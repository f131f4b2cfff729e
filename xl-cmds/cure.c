/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cure.h"

#include <stdlib.h>
#include <string.h>

#include "convert-target.h"
#include "raise.h"

/* Of each vCPU there is one of these. */
#define TYPECODE_CPU 2
#define TYPECODE_LAPIC 5

/* Whether its cure begins with one of the words, up to NULL. */
static bool begins(const struct domctx_finding *finding,
                   const char *const words[])
{
    const struct domctx_message *message = domctx_message_find(finding->id);

    for (size_t i = 0; message && words[i]; i++)
        if (strncmp(message->mend, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

bool cure_converts(const struct domctx_finding *finding)
{
    static const char *const words[] = { "convert the context",
                                         "convert the save file", NULL };

    return begins(finding, words);
}

bool cure_is_elsewhere(const struct domctx_finding *finding)
{
    static const char *const words[] = { "load it on ", "load it where ",
                                         "restore it on ", NULL };

    /* an MSR can be left out */
    return finding->severity == DOMCTX_ERROR && begins(finding, words) &&
           strncmp(finding->record, "CPU_MSR", strlen("CPU_MSR")) != 0;
}

static bool has(const domctx_report *report,
                bool (*is)(const struct domctx_finding *finding))
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        if (is(finding))
            return true;
    return false;
}

bool cure_needs_other(const domctx_report *report)
{
    return has(report, cure_is_elsewhere);
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

bool cure_is_container(const struct domctx_finding *finding)
{
    static const char *const ids[] = { "container-", "source-", "libxl-",
                                       "libxc-", "legacy-", "libvirt-" };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strncmp(finding->id, ids[i], strlen(ids[i])) == 0)
            return true;
    return false;
}

bool cure_is_beside(const struct domctx_finding *finding)
{
    return finding->severity >= DOMCTX_ERROR && cure_is_container(finding);
}

static bool is_never(const struct domctx_finding *finding)
{
    return strcmp(finding->id, "libxc-checkpoint") == 0;
}

bool cure_has_never(const domctx_report *findings)
{
    return has(findings, is_never);
}

bool cure_is_plain(const struct domctx_finding *finding)
{
    static const char *const ids[] = {
        "libxc-checkpoint", "source-checkpoint-damaged",
        "source-checkpoint-end", "source-end-missing",
    };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strcmp(finding->id, ids[i]) == 0)
            return true;
    return false;
}

static bool is_endless(const struct domctx_finding *finding)
{
    return strcmp(finding->id, "source-end-missing") == 0;
}

bool cure_is_endless(const domctx_report *findings)
{
    return has(findings, is_endless);
}

bool cure_as_cut(struct domctx_finding *finding, void *arg)
{
    bool *behind = arg;

    if (behind && *behind)
        return false;
    if (!is_endless(finding))
        return true;
    if (behind)
        *behind = true;
    finding->id = domctx_message_find("source-cut-end")->id;
    finding->severity = DOMCTX_DAMAGED;
    snprintf(finding->text, sizeof(finding->text),
             "the input ends too early, and all that is missing is its END; "
             "the HVM context before is whole");
    return true;
}

bool cure_is_stream_legacy(const domctx_source *source)
{
    const struct domctx_source_info *info = domctx_source_info(source);

    return info->layer[info->n_layers - 1].container == DOMCTX_IN_LEGACY;
}

bool cure_is_legacy(const domctx_source *source)
{
    const struct domctx_source_info *info = domctx_source_info(source);

    return info->layer[0].container != DOMCTX_IN_XL ||
           cure_is_stream_legacy(source);
}

/* What is wrong with nothing but the container. */
static bool is_old_form(const struct domctx_finding *finding)
{
    return strcmp(finding->id, "container-toolstack") == 0 ||
           strcmp(finding->id, "container-converter") == 0;
}

/* What "fix" does not change in that source. */
static bool is_rest(struct domctx_finding *finding, void *arg)
{
    return is_never(finding)
               ? domctx_source_plain(arg, NULL, NULL, 0, NULL, NULL) < 0
               : cure_is_beside(finding);
}

bool cure_takes_anew(const struct domctx_release *release)
{
    return release->xen_major > 4 ||
           (release->xen_major == 4 && release->xen_minor >= 6);
}

static bool is_rewritten(const domctx_source *source,
                         const struct domctx_release *release)
{
    return cure_is_legacy(source) &&
           domctx_source_rewrite(source, NULL, NULL, 0, release, NULL,
                                 NULL) == 0;
}

bool cure_is_anew(const domctx_source *source,
                  const struct domctx_release *release,
                  const domctx_report *findings)
{
    const struct domctx_finding *finding;
    bool some = false;

    for (size_t i = 0; (finding = domctx_report_get(findings, i)); i++) {
        if (is_never(finding))
            return false;
        if (!cure_is_beside(finding))
            continue;
        if (!is_old_form(finding))
            return false;
        some = true;
    }
    return some && source && is_rewritten(source, release);
}

bool cure_can_be_anew(const domctx_source *source,
                      const struct domctx_release *release)
{
    static const struct domctx_release oldest = { 4, 6, DOMCTX_POINT_ANY };

    return is_rewritten(source,
                        cure_takes_anew(release) ? release : &oldest);
}

bool cure_has_config(const struct domctx_source_info *info)
{
    return info->config_kind == DOMCTX_CONFIG_JSON ||
           info->config_kind == DOMCTX_CONFIG_XL;
}

const char *cure_no_receiver(const struct domctx_source_info *info)
{
    if (!info || info->n_layers == 0)
        return NULL;
    switch (info->layer[0].container) {
    case DOMCTX_IN_LIBVIRT:
    case DOMCTX_IN_XEND:
    case DOMCTX_IN_XENOPS:
    case DOMCTX_IN_XENOPS_LEGACY:
        return "xl migrate-receive";
    case DOMCTX_IN_XL:
    case DOMCTX_IN_LIBXL:
    case DOMCTX_IN_LIBXC:
    case DOMCTX_IN_LEGACY:
    case DOMCTX_IN_NONE:
    default:
        return NULL;
    }
}

const char *cure_restorer(const struct domctx_source_info *info)
{
    switch (info->layer[0].container) {
    case DOMCTX_IN_XL:
        return "xl restore";
    case DOMCTX_IN_LIBVIRT:
        return "virsh restore";
    case DOMCTX_IN_XEND:
        return "xm restore";
    case DOMCTX_IN_XENOPS:
    case DOMCTX_IN_XENOPS_LEGACY:
        return "xe vm-resume, in its own place";
    case DOMCTX_IN_LIBXL:
    case DOMCTX_IN_LIBXC:
    case DOMCTX_IN_LEGACY:
    case DOMCTX_IN_NONE:
    default:
        return NULL;
    }
}

/* As many as the records of the context are of. */
static uint32_t vcpus_of(const domctx_hvm *hvm)
{
    const struct domctx_record *record;
    uint32_t n = 0;

    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        if ((record->type == TYPECODE_CPU ||
             record->type == TYPECODE_LAPIC) && record->instance >= n)
            n = record->instance + 1u;
    return n;
}

uint32_t cure_vcpus(const struct input *input, const domctx_report *findings)
{
    const struct domctx_finding *finding;
    bool fewer = false, more = false;

    for (size_t i = 0; (finding = domctx_report_get(findings, i)); i++) {
        bool is = strcmp(finding->id, "load-vcpu-config") == 0;

        fewer |= is;
        more |= !is && finding->severity >= DOMCTX_ERROR;
    }
    return fewer && more && input->source && input->hvm &&
                   cure_has_config(domctx_source_info(input->source))
               ? vcpus_of(input->hvm) : 0;
}

static bool is_in_the_way(struct domctx_finding *finding, void *arg)
{
    return finding->severity >= DOMCTX_ERROR || is_rest(finding, arg);
}

/* What is tried. */
struct trial {
    struct input *input;
    const struct domctx_release *saver, *release;
    const struct domctx_description *host;
    uint32_t vcpus;
    bool anew;
};

/* What was wrong in the input stops a conversion of it where no loss is
 * allowed. */
static int hold_input(const struct input *input, bool allow_loss,
                      domctx_report *report)
{
    domctx_report *parsed = domctx_report_new();
    domctx_image *image = NULL;
    domctx_hvm *hvm = NULL;
    bool bad;

    if (!parsed)
        return cmd_no_memory(report, 0);
    if (input->image)
        domctx_image_parse(input->buf, input->size, &image, parsed);
    else
        domctx_hvm_parse(input->buf, input->size, &hvm, parsed);
    bad = domctx_report_worst(parsed) >= DOMCTX_ERROR && !allow_loss;
    if (bad)
        domctx_report_forward(report, parsed, cmd_is_error, NULL);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    domctx_report_free(parsed);
    return bad ? -1 : 0;
}

/* Whether "convert" makes an image of it, with what it has beside its HVM
 * state. */
static int make(const struct trial *trial, const struct target *target,
                domctx_report *report)
{
    struct domctx_making how = { .target = &target->release,
                                 .converted = target->hvm,
                                 .flags = DOMCTX_BARE };
    domctx_context *context;
    uint8_t *buf = NULL;
    size_t size;
    int result;

    if (input_view(trial->input, true, trial->saver->xen_major,
                   trial->saver->xen_minor, &context, report) < 0)
        return -1;
    result = domctx_make(context, &how, &buf, &size, report);
    free(buf);
    domctx_context_free(context);
    return result;
}

/* As fix does, or for what is no save file convert; the policies are as before
 * then. */
static int try(const struct trial *trial, bool allow_loss,
               domctx_report *report)
{
    struct input *input = trial->input;
    struct target target = { .wanted = trial->host };
    int result;

    if (trial->host)
        target.known = trial->host->host;
    target.release = *trial->release;
    target.vcpus = trial->vcpus;
    target.no_config =
        trial->anew && !cure_has_config(domctx_source_info(input->source));
    result = target_make(&target, input, trial->saver, allow_loss, report);
    if (input->source)
        domctx_source_fit(input->source, NULL, 0, NULL);
    else if (result == 0 && (hold_input(input, allow_loss, report) < 0 ||
                             make(trial, &target, report) < 0))
        result = -1;
    target_free(&target);
    return result;
}

/* What a conversion does about it; left: what it leaves. */
static void find(struct cure *cure, struct trial *trial,
                 const domctx_report *findings, domctx_report *lost,
                 domctx_report *left)
{
    domctx_report_forward(left, findings, is_rest, trial->input->source);
    trial->anew = domctx_report_count(left) > 0;
    if (trial->anew &&
        (!trial->host ||
         !cure_is_anew(trial->input->source, trial->release, left)))
        return;
    if (try(trial, false, lost) == 0)
        cure->kind = CURE_FREE;
    else if (try(trial, true, left) == 0)
        cure->kind = CURE_LOSSY;
    cure->anew = trial->anew && cure->kind >= CURE_FREE;
}

void cure_find(struct cure *cure, struct input *input,
               const struct domctx_release *saver,
               const struct domctx_release *target,
               const struct domctx_description *host, bool partly,
               const domctx_report *findings)
{
    uint32_t vcpus = cure_vcpus(input, findings);
    struct trial trial = { input, saver, target, host, vcpus, false };
    domctx_report *lost = domctx_report_new();
    domctx_report *left = domctx_report_new();
    bool asked;

    *cure = (struct cure){ .kind = CURE_NOT_ASKED };
    if (is_refused(findings, partly, &asked) && lost && left) {
        if (asked)
            cure->kind = CURE_NONE;
        find(cure, &trial, findings, lost, left);
        if (cure->kind >= CURE_FREE)
            cure->vcpus = vcpus;
        cure->loss = domctx_report_new();
        if (cure->kind != CURE_NOT_ASKED)
            domctx_report_forward(cure->loss,
                                  cure->kind == CURE_NONE ? left : lost,
                                  is_in_the_way, input->source);
    }
    domctx_report_free(lost);
    domctx_report_free(left);
}

void cure_free(struct cure *cure)
{
    domctx_report_free(cure->loss);
    cure->loss = NULL;
}
