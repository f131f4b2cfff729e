/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "show-html.h"

#include "file.h"
#include "raise.h"

struct page {
    struct file_out file;
    domctx_report *report;
};

static int take(void *arg, const char *text, size_t size)
{
    struct page *page = arg;

    return file_write(&page->file, text, size, page->report);
}

static int write_page(const domctx_context *context,
                      const struct domctx_html_options *options,
                      const char *out, domctx_report *report)
{
    struct page page = { .report = report };

    if (file_create_text(&page.file, out, report) < 0)
        return -1;
    if (domctx_html(context, options, take, &page, report) < 0) {
        file_discard(&page.file);
        return -1;
    }
    return file_commit(&page.file, report);
}

/* As check without a target. */
static int judge(struct input *input, const domctx_report *parsed,
                 domctx_context **context, struct domctx_releases *savers,
                 struct domctx_verdict *verdict, domctx_report *found)
{
    struct domctx_judging how = { .savers = savers, .source = input->source,
                                  .parsed = parsed };
    struct domctx_release oldest;

    if (input_savers(input, &oldest, savers, found) < 0 ||
        input_view(input, true, oldest.xen_major, oldest.xen_minor, context,
                   found) < 0)
        return -1;
    return domctx_judge(*context, &how, verdict, found);
}

void show_html(struct session *session, struct input *input,
               const char *name, const char *out,
               const domctx_report *parsed)
{
    domctx_report *report = session->report, *found = domctx_report_new();
    domctx_context *context = NULL;
    struct domctx_releases savers;
    struct domctx_verdict verdict;
    struct domctx_checked checked = { .name = name, .verdict = &verdict,
                                      .savers = &savers, .report = found };
    const struct domctx_html_options options = {
        .name = name, .checked = &checked,
        .guest = input->source ? domctx_source_info(input->source) : NULL,
    };
    int result;

    if (!found) {
        cmd_no_memory(report, 0);
        return;
    }
    result = judge(input, parsed, &context, &savers, &verdict, found);
    if (result < 0) {
        domctx_report_forward(report, found, NULL, NULL);
        session_tell(session, name);
    } else {
        result = session->dry_run
                     ? file_check(out, report)
                     : write_page(context, &options, out, report);
        session_tell(session, output_name(out));
    }
    domctx_context_free(context);
    domctx_report_free(found);
}
