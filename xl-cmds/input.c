/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "mend.h"
#include "raise.h"
#include "unpack.h"

/* A description of a host is no context: name the host. */
static int is_host(const struct input *input, domctx_report *report)
{
    struct domctx_description *host;
    int result = domctx_description_read(input->buf, input->size, &host,
                                         report);

    if (result == 0)
        result = cmd_raise(report, MSG_KIND_HOST, NULL,
                           "this is the description of a host%s%.60s: Xen "
                           "%.40s, %.20s", *host->name ? ", " : "",
                           host->name, host->xen_version,
                           *host->vendor ? host->vendor : "vendor unknown");
    domctx_description_free(host);
    return result;
}

/* Replace the JSON by the bytes that it describes. */
static int decode(struct input *input, domctx_report *report)
{
    uint8_t *buf;
    size_t size;

    if (domctx_is_description(input->buf, input->size))
        return is_host(input, report);
    if (domctx_json_read(input->buf, input->size, &buf, &size, report) < 0)
        return -1;
    free(input->buf);
    input->buf = buf;
    input->size = size;
    input->json = true;
    return 0;
}

static int parse_bytes(struct input *input, domctx_report *report)
{
    switch (domctx_detect(input->buf, input->size)) {
    case DOMCTX_FORMAT_IMAGE:
        return domctx_image_parse(input->buf, input->size, &input->image,
                                  report);
    case DOMCTX_FORMAT_HVM:
        return domctx_hvm_parse(input->buf, input->size, &input->hvm,
                                report);
    case DOMCTX_FORMAT_JSON:
    case DOMCTX_FORMAT_SAVE:
    case DOMCTX_FORMAT_UNKNOWN:
    default:
        return 0; /* not read whole */
    }
}

/* Report how many records are whole: the first and count more. */
static int tell_part(const char *first, size_t count, domctx_report *report)
{
    if (count == 0)
        return cmd_raise(report, MSG_DAMAGED_PART, NULL,
                         "damaged: only its %s is whole", first);
    return cmd_raise(report, MSG_DAMAGED_PART, NULL,
                     "damaged: only %zu whole records of it are here, %s "
                     "counted", count + 1, first);
}

/* Keep only the whole records of the size bytes at buf. */
static int salvage(struct input *input, const uint8_t *buf, size_t size,
                   domctx_report *report)
{
    uint8_t *whole;
    size_t length, count;

    if (domctx_salvage(buf, size, &whole, &length, &count, report) < 0)
        return -1;
    free(input->buf);
    input->buf = whole;
    input->size = length;
    if (parse_bytes(input, report) < 0)
        return -1;
    input->damaged = true;
    return tell_part(input->image ? "START" : "HEADER", count, report);
}

/* A transfer as text that explains why it cannot be parsed is all that is
 * reported. */
static int parse_file(struct input *input, domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result;

    if (!found)
        return cmd_no_memory(report, 0);
    result = parse_bytes(input, found);
    if (result == 0 || domctx_as_text(input->buf, input->size, report) == 0)
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    return result;
}

static int parse(struct input *input, bool damaged, domctx_report *report)
{
    if (domctx_detect(input->buf, input->size) == DOMCTX_FORMAT_JSON &&
        decode(input, report) < 0)
        return -1;
    if ((input->json ? parse_bytes : parse_file)(input, report) == 0)
        return 0;
    return damaged && !input->json
               ? salvage(input, input->buf, input->size, report) : -1;
}

/* Walk a container, for the context in it. */
static int walk(struct input *input, struct file_in *in,
                unsigned int options, domctx_report *report)
{
    struct domctx_reader reader = file_walk(in);
    const struct domctx_source_info *info;

    input->source = domctx_source_new(&reader, in->head, in->head_size);
    if (!input->source)
        return cmd_no_memory(report, 0);
    domctx_source_options(input->source, options);
    if (domctx_source_walk(input->source, report) < 0)
        return -1;
    info = domctx_source_info(input->source);
    input->size = info->context_size;
    if (domctx_source_hvm(input->source, &input->hvm, report) == 0)
        return 0;
    return options & DOMCTX_WALK_DAMAGED
               ? salvage(input, info->context, info->context_size, report)
               : -1;
}

static int load(struct input *input, struct file_in *in,
                unsigned int options, domctx_report *report)
{
    switch (domctx_detect(in->head, in->head_size)) {
    case DOMCTX_FORMAT_SAVE:
        return walk(input, in, options, report);
    case DOMCTX_FORMAT_UNKNOWN:
        in->lost = true;
        return file_unknown(in, report);
    case DOMCTX_FORMAT_IMAGE:
    case DOMCTX_FORMAT_HVM:
    case DOMCTX_FORMAT_JSON:
    default:
        return file_read(in, &input->buf, &input->size, report) < 0
                   ? -1
                   : parse(input, options & DOMCTX_WALK_DAMAGED, report);
    }
}

int input_load(struct input *input, const char *path, domctx_report *report)
{
    return input_load_with(input, path, 0, report);
}

bool input_is_lost(const domctx_source *source)
{
    const struct domctx_source_info *info =
        source ? domctx_source_info(source) : NULL;

    return info && info->n_contexts == 0 && !info->domain_context;
}

/* A damaged compressed file explains all other findings, so report those only
 * if a part of the file is used. */
static int load_unpacked(struct input *input, struct file_in *in,
                         const char *packed, unsigned int options,
                         domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    bool damaged = options & DOMCTX_WALK_DAMAGED;
    int result;

    if (!found)
        return cmd_no_memory(report, 0);
    result = load(input, in, options, found);
    in->lost |= input_is_lost(input->source);
    if (file_unpacked(in, report) == 0) {
        domctx_report_forward(report, found, mend_packed, &packed);
        input->packed_whole = unpack_whole(in->unpack);
    } else if (damaged) {
        domctx_report_forward(report, found, NULL, NULL);
        input->damaged |= result == 0;
    } else {
        result = -1;
    }
    domctx_report_free(found);
    return result;
}

bool input_is_pv(const struct input *input)
{
    return input->source &&
           domctx_source_info(input->source)->guest == DOMCTX_GUEST_PV;
}

static bool as_warning(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    if (finding->severity > DOMCTX_WARNING)
        finding->severity = DOMCTX_WARNING;
    return true;
}

bool input_judge_pv(const struct input *input, const domctx_report *parsed,
                    const struct domctx_release *target,
                    struct domctx_verdict *verdict, domctx_report *report)
{
    const struct domctx_finding *finding;
    bool refused;

    if (!input_is_pv(input))
        return false;
    verdict->judged_as = *target;
    verdict->error = "";
    domctx_source_judge(input->source, target, false, report);
    refused = domctx_report_worst(report) >= DOMCTX_ERROR;
    for (size_t i = 0; refused && (finding = domctx_report_get(report, i));
         i++)
        if (finding->severity >= DOMCTX_ERROR) {
            verdict->outcome = finding->outcome;
            verdict->finding = i;
            break;
        }
    /* the verdict is the container's then, and its exit status */
    domctx_report_forward(report, parsed, refused ? as_warning : NULL,
                          NULL);
    return true;
}

int input_load_with(struct input *input, const char *path,
                    unsigned int options, domctx_report *report)
{
    int result = input_load_kept(input, path, options, report);
    const char *packed = input->packed;

    if (result < 0 && !(options & DOMCTX_WALK_DAMAGED && input->source)) {
        input_free(input);
        input->packed = packed;
    }
    return result;
}

int input_load_kept(struct input *input, const char *path,
                    unsigned int options, domctx_report *report)
{
    struct file_in in;
    const char *packed;
    int result;

    memset(input, 0, sizeof(*input));
    if (file_open(&in, path, report) < 0)
        return -1;
    packed = unpack_name(in.head, in.head_size);
    result = file_unpack(&in, report);
    if (result == 0)
        result = in.unpack ? load_unpacked(input, &in, packed, options,
                                           report)
                           : load(input, &in, options, report);
    file_close(&in);
    input->packed = packed;
    return result;
}

bool input_version(const struct input *input, uint32_t *xen_major,
                   uint32_t *xen_minor)
{
    const struct domctx_source_info *info =
        input->source ? domctx_source_info(input->source) : NULL;

    if (input->image) {
        domctx_image_version(input->image, xen_major, xen_minor);
        return true;
    }
    if (input->is_forced) {
        *xen_major = input->forced.xen_major;
        *xen_minor = input->forced.xen_minor;
        return true;
    }
    if (!info || !info->has_version)
        return false;
    *xen_major = info->xen_major;
    *xen_minor = info->xen_minor;
    return true;
}

int input_infer(struct input *input, uint32_t *xen_major,
                uint32_t *xen_minor, domctx_report *report)
{
    struct domctx_release_range range;
    domctx_context *context;
    int result = 0;

    if (!input->inference) {
        result = domctx_context_of_hvm(input->hvm, false, 0, 0, &context,
                                       report);
        if (result == 0)
            result = domctx_source_infer(input->source, context,
                                         &input->inference, report);
        domctx_context_free(context);
    }
    if (result == 0 && domctx_inference_range(input->inference, 0, &range)) {
        *xen_major = range.first.xen_major;
        *xen_minor = range.first.xen_minor;
    }
    return result;
}

int input_savers(struct input *input, struct domctx_release *oldest,
                 struct domctx_releases *savers, domctx_report *report)
{
    domctx_context *context;
    int result;

    oldest->point = DOMCTX_POINT_ANY;
    if (!input_version(input, &oldest->xen_major, &oldest->xen_minor)) {
        if (input_infer(input, &oldest->xen_major, &oldest->xen_minor,
                        report) < 0)
            return -1;
        domctx_inference_releases(input->inference, savers);
        return 0;
    }
    if (input_view(input, true, oldest->xen_major, oldest->xen_minor,
                   &context, report) < 0)
        return -1;
    result = domctx_context_savers(context, savers, report);
    domctx_context_free(context);
    return result;
}

/* Compare --xen with START or the header of a save file. */
static int hold_named(const struct input *input,
                      const struct domctx_release *xen,
                      domctx_report *report)
{
    struct domctx_release named = { .point = DOMCTX_POINT_ANY }, series = *xen;
    char said[DOMCTX_RELEASE_ROOM], found[DOMCTX_RELEASE_ROOM];
    struct cmd_at at = { .record = input->image ? "START" : "header",
                         .expected = said, .found = found };

    series.point = DOMCTX_POINT_ANY;
    if (!input_version(input, &named.xen_major, &named.xen_minor) ||
        (named.xen_major == xen->xen_major &&
         named.xen_minor == xen->xen_minor))
        return 0;
    domctx_release_text(&series, said);
    domctx_release_text(&named, found);
    return cmd_raise(report, MSG_XEN_KNOWN, &at,
                     "the input names another Xen than --xen");
}

/* Write the release of --xen into START. */
static int restamp(struct input *input, const struct domctx_release *xen,
                   domctx_report *report)
{
    domctx_context *context;
    domctx_edit *edit = NULL;
    uint8_t *buf = NULL;
    size_t size;
    int result = domctx_context_of_image(input->image, &context, report);

    if (result < 0)
        return -1;
    result = domctx_edit_begin(context, &edit, report);
    domctx_context_free(context);
    if (result == 0)
        result = domctx_edit_set(edit, "START", 0, "xen_major",
                                 xen->xen_major, report);
    if (result == 0)
        result = domctx_edit_set(edit, "START", 0, "xen_minor",
                                 xen->xen_minor, report);
    if (result == 0)
        result = domctx_edit_take(edit, NULL, &buf, &size, report);
    domctx_edit_free(edit);
    if (result < 0)
        return -1;
    domctx_image_free(input->image);
    free(input->buf);
    input->image = NULL;
    input->buf = buf;
    input->size = size;
    /* its findings are those of the image as it was */
    return domctx_image_parse(buf, size, &input->image, NULL) == 0
               ? 0 : cmd_no_memory(report, size);
}

/* The user knows better than START or the header of a save file. */
static int name_anew(struct input *input, const struct domctx_release *xen,
                     domctx_report *report)
{
    if (input->image)
        return restamp(input, xen, report);
    input->is_forced = true;
    input->forced = *xen;
    return 0;
}

int input_hold_xen(struct input *input, const struct domctx_release *xen,
                   bool force, domctx_report *report)
{
    domctx_context *context;
    int result;

    if (hold_named(input, xen, report) < 0 &&
        (!force || name_anew(input, xen, report) < 0))
        return -1;
    /* the next caller that needs a view reports the failure */
    if (input_view(input, true, xen->xen_major, xen->xen_minor, &context,
                   NULL) < 0)
        return 0;
    result = domctx_context_saved_by(context, xen, report);
    domctx_context_free(context);
    return force ? 0 : result;
}

int input_view(struct input *input, bool has_xen, uint32_t xen_major,
               uint32_t xen_minor, domctx_context **context,
               domctx_report *report)
{
    if (input->image)
        return domctx_context_of_image(input->image, context, report);
    if (!has_xen && !input_version(input, &xen_major, &xen_minor) &&
        input_infer(input, &xen_major, &xen_minor, report) < 0)
        return -1;
    return domctx_context_of_hvm(input->hvm, true, xen_major, xen_minor,
                                 context, report);
}

int input_to_image(struct input *input, domctx_report *report)
{
    struct domctx_making how = { .source = input->source,
                                 .tool = PACKAGE_STRING };
    struct input made = { .buf = NULL };
    domctx_context *context;
    int result;

    if (input_view(input, false, 0, 0, &context, report) < 0)
        return -1;
    result = domctx_make(context, &how, &made.buf, &made.size, report);
    domctx_context_free(context);
    /* its findings are those of the save file */
    if (result == 0)
        result = domctx_image_parse(made.buf, made.size, &made.image, NULL);
    if (result < 0) {
        free(made.buf);
        return -1;
    }
    input_free(input);
    *input = made;
    return 0;
}

void input_free(struct input *input)
{
    domctx_image_free(input->image);
    domctx_hvm_free(input->hvm);
    domctx_source_free(input->source);
    domctx_inference_free(input->inference);
    free(input->buf);
    memset(input, 0, sizeof(*input));
}
