/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing. */
#include "xlcontext-internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int no_xen(domctx_report *report, const char *what, int error)
{
    if (error == EACCES || error == EPERM)
        return msg_raise(report, MSG_LIVE_NO_PRIVILEGE,
                         &(struct msg_at){ .found = TEXT(ERROR_TEXT(error)) },
                         "%s needs root in domain 0", what);
    return msg_raise(report, MSG_LIVE_NO_XEN,
                     &(struct msg_at){ .found = TEXT(ERROR_TEXT(error)) },
                     "%s failed: this does not look like domain 0 of a Xen "
                     "host", what);
}

int xlcontext_open(libxl_ctx *ctx, xentoollog_logger *logger,
                   xlcontext **out, domctx_report *report)
{
    xlcontext *xlc = calloc(1, sizeof(*xlc));

    *out = NULL;
    if (!xlc)
        return msg_no_memory(report, sizeof(*xlc));
    pthread_mutex_init(&xlc->holding, NULL);
    xlc->ctx = ctx;
    xlc->logger = logger;
    xlc->xch = xc_interface_open(logger, logger, 0);
    if (!xlc->xch) {
        no_xen(report, "opening the hypervisor interface", errno);
        goto fail;
    }
    xlc->fmem = xenforeignmemory_open(logger, 0);
    if (!xlc->fmem) {
        no_xen(report, "opening the foreign memory interface", errno);
        goto fail;
    }
    *out = xlc;
    return 0;

fail:
    xlcontext_close(xlc);
    return -1;
}

/* ------------------------------------------------------------------ */
/* A logger for callers that have no xentoollog of their own            */
/* ------------------------------------------------------------------ */

struct line_logger {
    xentoollog_logger vtable;
    xlcontext_log *log;
    void *arg;
};

static struct line_logger *line_logger_of(xentoollog_logger *logger)
{
    return (struct line_logger *)(void *)logger;
}

__attribute__((format(printf, 5, 0)))
static void line_message(xentoollog_logger *logger, xentoollog_level level,
                         int error, const char *context, const char *format,
                         va_list args)
{
    struct line_logger *lines = line_logger_of(logger);
    char text[512], line[640];

    vsnprintf(text, sizeof(text), format, args);
    snprintf(line, sizeof(line), "%s%s%s%s%s", context ? context : "",
             context ? ": " : "", text, error > 0 ? ": " : "",
             error > 0 ? ERROR_TEXT(error) : "");
    lines->log(lines->arg, (int)level, line);
}

static void line_progress(xentoollog_logger *logger, const char *context,
                          const char *doing_what, int percent,
                          unsigned long done, unsigned long total)
{
    (void)logger, (void)context, (void)doing_what, (void)percent;
    (void)done, (void)total;
}

static void line_destroy(xentoollog_logger *logger)
{
    free(line_logger_of(logger));
}

static xentoollog_logger *line_logger_new(xlcontext_log *log, void *arg)
{
    struct line_logger *lines = calloc(1, sizeof(*lines));

    if (!lines)
        return NULL;
    lines->vtable.vmessage = line_message;
    lines->vtable.progress = line_progress;
    lines->vtable.destroy = line_destroy;
    lines->log = log;
    lines->arg = arg;
    return &lines->vtable;
}

int xlcontext_connect(xlcontext **out, xlcontext_log *log, void *arg,
                      domctx_report *report)
{
    xentoollog_logger *logger = line_logger_new(log, arg);
    libxl_ctx *ctx = NULL;

    *out = NULL;
    if (!logger)
        return msg_no_memory(report, sizeof(struct line_logger));
    if (libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, logger) != 0) {
        no_xen(report, "opening libxenlight", errno ? errno : ENODEV);
        xtl_logger_destroy(logger);
        return -1;
    }
    if (xlcontext_open(ctx, logger, out, report) < 0) {
        libxl_ctx_free(ctx);
        xtl_logger_destroy(logger);
        return -1;
    }
    (*out)->owned = true;
    return 0;
}

void xlcontext_close(xlcontext *xlc)
{
    if (!xlc)
        return;
    if (xlc->fmem)
        xenforeignmemory_close(xlc->fmem);
    if (xlc->xch)
        xc_interface_close(xlc->xch);
    if (xlc->owned) {
        libxl_ctx_free(xlc->ctx);
        xtl_logger_destroy(xlc->logger);
    }
    pthread_mutex_destroy(&xlc->holding);
    free(xlc);
}
