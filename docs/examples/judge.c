/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a file comes back on a release: judge FILE X.Y. */
#include <domctx.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    struct domctx_judging how = { .parsed = report };
    const struct domctx_finding *finding;
    domctx_context *context = NULL;
    struct domctx_release target;
    struct domctx_verdict verdict;
    char words[DOMCTX_CHECKED_ROOM];
    int bad = argc != 3 || domctx_open(argv[1], NULL, &context, report) < 0 ||
              domctx_release_parse(argv[2], &target, report) < 0;

    how.target = &target;
    if (!bad && domctx_judge(context, &how, &verdict, report) == 0)
        puts(domctx_checked_text(&(struct domctx_checked){
                 .target = &target, .verdict = &verdict, .report = report },
                 words));
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        printf("%s: %s %s: %s; cure: %s [%s]\n",
               domctx_severity_name(finding->severity), finding->record,
               finding->field, finding->text,
               domctx_message_find(finding->id)->mend, finding->id);
    bad = bad || domctx_report_worst(report) >= DOMCTX_ERROR;
    domctx_context_free(context);
    domctx_report_free(report);
    return bad;
}
