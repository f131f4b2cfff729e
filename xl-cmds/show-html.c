/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "show-html.h"

#include "file.h"
#include "raise.h"

struct page {
    struct file_out file;
    bool dry_run, failed;
    domctx_report *report;
};

static int take(void *arg, const char *text, size_t size)
{
    struct page *page = arg;

    if (!page->dry_run &&
        file_write(&page->file, text, size, page->report) < 0)
        page->failed = true;
    return page->failed ? -1 : 0;
}

/* What is wrong with the input goes to found, with a page all the same, as the
 * text is printed; what is wrong with the output to page->report. */
static int put_page(struct page *page, const domctx_context *context,
                    const struct domctx_html_options *options,
                    domctx_report *found)
{
    int result = domctx_html(context, options, take, page, found);

    if (page->failed) {
        domctx_report_clear(found); /* the same, of no file */
        return -1;
    }
    if (page->dry_run)
        return 0;
    if (result < 0 && domctx_report_worst(found) >= DOMCTX_SYSTEM) {
        file_discard(&page->file);
        return -1;
    }
    return file_commit(&page->file, page->report);
}

static int write_page(struct session *session, const domctx_context *context,
                      const struct domctx_html_options *options,
                      const char *out, domctx_report *found)
{
    struct page page = { .dry_run = session->dry_run,
                         .report = session->report };

    if ((page.dry_run ? file_check(out, page.report)
                      : file_create_text(&page.file, out, page.report)) < 0)
        return -1;
    return put_page(&page, context, options, found);
}

static void put_and_tell(struct session *session, const char *name,
                         const domctx_context *context,
                         const struct domctx_html_options *options,
                         const char *out)
{
    domctx_report *found = domctx_report_new();

    if (!found) {
        cmd_no_memory(session->report, 0);
        return;
    }
    write_page(session, context, options, out, found);
    session_tell(session, output_name(out));
    domctx_report_forward(session->report, found, NULL, NULL);
    session_tell(session, name);
    domctx_report_free(found);
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
        put_and_tell(session, name, context, &options, out);
    }
    domctx_context_free(context);
    domctx_report_free(found);
}
