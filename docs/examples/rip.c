/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints where each vCPU of a saved domain stands, whatever the file is. */
#include <domctx.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    domctx_context *context = NULL;
    struct domctx_entry entry;
    uint64_t rip;

    if (argc == 2 && domctx_open(argv[1], NULL, &context, report) == 0)
        for (size_t i = 0; domctx_context_entry(context, i, &entry); i++)
            if (strcmp(entry.name, "CPU") == 0 &&
                domctx_field(context, "CPU", entry.instance, "rip", &rip,
                             report) == 0)
                printf("vCPU %" PRIu32 ": 0x%" PRIx64 "\n", entry.instance,
                       rip);
    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        fprintf(stderr, "%s: %s [%s]\n",
                domctx_severity_name(finding->severity), finding->text,
                finding->id);
    int status = context ? 0 : 1;
    domctx_context_free(context);
    domctx_report_free(report);
    return status;
}
