/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input.h"

#include <stdlib.h>
#include <string.h>

#include <messages.h>

#include "file.h"

static int parse(struct input *input, domctx_report *report)
{
    switch (domctx_detect(input->buf, input->size)) {
    case DOMCTX_FORMAT_IMAGE:
        return domctx_image_parse(input->buf, input->size, &input->image,
                                  report);
    case DOMCTX_FORMAT_HVM:
        return domctx_hvm_parse(input->buf, input->size, &input->hvm,
                                report);
    case DOMCTX_FORMAT_UNKNOWN:
    case DOMCTX_FORMAT_SAVE:
    default:
        return msg_raise(report, MSG_FILE_UNKNOWN, NULL, "%s",
                         input->size == 0
                             ? "is empty"
                             : "neither an image nor an HVM blob");
    }
}

int input_load(struct input *input, const char *path, domctx_report *report)
{
    memset(input, 0, sizeof(*input));
    if (file_read(path, &input->buf, &input->size, report) < 0)
        return -1;
    if (parse(input, report) < 0) {
        input_free(input);
        return -1;
    }
    return 0;
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
            result = domctx_infer(context, NULL, NULL, &input->inference,
                                  report);
        domctx_context_free(context);
    }
    if (result == 0 && domctx_inference_range(input->inference, 0, &range)) {
        *xen_major = range.first.xen_major;
        *xen_minor = range.first.xen_minor;
    }
    return result;
}

int input_view(struct input *input, bool has_xen, uint32_t xen_major,
               uint32_t xen_minor, domctx_context **context,
               domctx_report *report)
{
    if (input->image)
        return domctx_context_of_image(input->image, context, report);
    if (!has_xen && input_infer(input, &xen_major, &xen_minor, report) < 0)
        return -1;
    return domctx_context_of_hvm(input->hvm, true, xen_major, xen_minor,
                                 context, report);
}

void input_free(struct input *input)
{
    domctx_image_free(input->image);
    domctx_hvm_free(input->hvm);
    domctx_inference_free(input->inference);
    free(input->buf);
    memset(input, 0, sizeof(*input));
}
