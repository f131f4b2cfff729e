/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context for another release, as an image: convert FILE X.Y >NEW. */
#include <domctx.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;
    struct domctx_release target;
    struct domctx_making how = { .target = &target, .tool = "convert 1" };
    uint8_t *image = NULL;
    size_t size = 0;
    int bad = argc != 3 || domctx_open(argv[1], NULL, &context, report) < 0 ||
              domctx_release_parse(argv[2], &target, report) < 0 ||
              domctx_make(context, &how, &image, &size, report) < 0;

    for (size_t i = 0; i < domctx_report_count(report); i++)
        fprintf(stderr, "%s\n", domctx_report_get(report, i)->text);
    bad = bad || fwrite(image, 1, size, stdout) != size || fflush(stdout);
    free(image);
    domctx_context_free(context);
    domctx_report_free(report);
    return bad;
}
