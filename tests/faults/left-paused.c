/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads a file into a domain, and prints what xlcontext_restore() returned and
 * whether it says that it left the domain paused. */
#include <stdio.h>
#include <stdlib.h>
#include <xlcontext.h>

static void no_log(void *arg, int level, const char *line)
{
    (void)arg;
    (void)level;
    (void)line;
}

int main(int argc, char **argv)
{
    static uint8_t image[1 << 20];
    struct xlcontext_restored restored = { 0 };
    domctx_report *report = domctx_report_new();
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    size_t size = file ? fread(image, 1, sizeof(image), file) : 0;
    xlcontext *xlc = NULL;
    uint32_t domid;

    if (!file || xlcontext_connect(&xlc, no_log, NULL, report) < 0 ||
        xlcontext_find(xlc, argv[1], &domid, report) < 0)
        return 99;
    printf("%d ", xlcontext_restore(xlc, domid, image, size, 0, &restored,
                                    report));
    puts(restored.left_paused ? "left paused" : "as before");
    for (size_t i = 0; i < domctx_report_count(report); i++)
        fprintf(stderr, "%s\n", domctx_report_get(report, i)->id);
    free(restored.rollback);
    free(restored.log);
    xlcontext_close(xlc);
    domctx_report_free(report);
    fclose(file);
    return 0;
}
