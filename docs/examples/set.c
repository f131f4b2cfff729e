/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes fields, as "set FILE CPU/0.rip=0x1000 CPU/0.cr4+=UMIP": the new
 * image or blob goes to standard output. */
#include <domctx.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;
    domctx_edit *edit = NULL;
    uint8_t *buf = NULL;
    size_t size = 0;
    int done = argc > 1 ? domctx_open(argv[1], NULL, &context, report) : -1;

    if (done == 0)
        done = domctx_edit_begin(context, &edit, report);
    for (int i = 2; done == 0 && i < argc; i++)
        done = domctx_edit_assign(edit, argv[i], report);
    if (done == 0)
        done = domctx_edit_take(edit, NULL, &buf, &size, report);
    if (done == 0 && fwrite(buf, 1, size, stdout) != size)
        done = -1;
    for (size_t i = 0; i < domctx_report_count(report); i++)
        fprintf(stderr, "%s\n", domctx_report_get(report, i)->text);
    free(buf);
    domctx_edit_free(edit);
    domctx_context_free(context);
    domctx_report_free(report);
    return done == 0 && fflush(stdout) == 0 ? 0 : 1;
}
