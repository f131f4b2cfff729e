/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the context of a domain, as an image, to standard output. */
#include <libxl.h>
#include <stdio.h>
#include <stdlib.h>
#include <xlcontext.h>

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    struct xlcontext_saved saved = { 0 };
    libxl_ctx *ctx = NULL;
    xlcontext *xlc = NULL;
    uint32_t domid;
    xentoollog_logger *log = (xentoollog_logger *)
        xtl_createlogger_stdiostream(stderr, XTL_WARN, 0);

    if (argc == 2 && libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, log) == 0 &&
        xlcontext_open(ctx, log, &xlc, report) == 0 &&
        xlcontext_find(xlc, argv[1], &domid, report) == 0 &&
        xlcontext_save(xlc, domid, 0, &saved, report) == 0)
        fwrite(saved.image, 1, saved.size, stdout);
    for (size_t i = 0; i < domctx_report_count(report); i++)
        fprintf(stderr, "%s\n", domctx_report_get(report, i)->text);
    int status = saved.size == 0;
    free(saved.image);
    xlcontext_close(xlc);
    libxl_ctx_free(ctx);
    xtl_logger_destroy(log);
    domctx_report_free(report);
    return status;
}
