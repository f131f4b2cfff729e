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

int input_view(const struct input *input, bool has_xen, uint32_t xen_major,
               uint32_t xen_minor, domctx_context **context,
               domctx_report *report)
{
    if (input->image)
        return domctx_context_of_image(input->image, context, report);
    return domctx_context_of_hvm(input->hvm, has_xen, xen_major, xen_minor,
                                 context, report);
}

void input_free(struct input *input)
{
    domctx_image_free(input->image);
    domctx_hvm_free(input->hvm);
    free(input->buf);
    memset(input, 0, sizeof(*input));
}
