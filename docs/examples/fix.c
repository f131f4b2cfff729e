/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A save file that comes back on a release: fix OLD X.Y NEW. */
#include <domctx.h>
#include <stdio.h>
#include <stdlib.h>

static int copy(FILE *from, FILE *to, uint64_t offset, uint64_t size)
{
    char buf[65536];

    if (fseeko(from, (off_t)offset, SEEK_SET) < 0)
        return -1;
    for (size_t part; size > 0; size -= part) {
        part = size < sizeof(buf) ? size : sizeof(buf);
        if (fread(buf, 1, part, from) != part ||
            fwrite(buf, 1, part, to) != part)
            return -1;
    }
    return 0;
}

/* The old file with another context and other policies in it. */
static int make(domctx_context *context, const struct domctx_release *target,
                FILE *from, FILE *to, domctx_report *report)
{
    domctx_source *source = domctx_context_source(context);
    struct domctx_piece piece[DOMCTX_FITTED_MAX];
    struct domctx_host host = { 0 };
    struct domctx_splice splice;
    domctx_hvm *hvm = NULL;
    uint8_t *blob = NULL;
    size_t size, n = 0;
    uint64_t all;
    int bad = !source || domctx_source_fit(source, target, 0, report) < 0;

    if (!bad) {
        host.domain = &domctx_source_info(source)->domain;
        bad = domctx_convert_judged(context, target, &host, 0, &blob, &size,
                                    &hvm, report) < 0 ||
              domctx_source_splice(source, blob, size, target, &splice,
                                   report) < 0;
    }
    if (!bad)
        n = domctx_source_pieces(source, &splice, piece, &all);
    for (size_t i = 0; i < n && !bad; i++)
        bad = piece[i].bytes
                  ? fwrite(piece[i].bytes, 1, piece[i].size, to) !=
                        piece[i].size
                  : copy(from, to, piece[i].offset, piece[i].size);
    domctx_hvm_free(hvm);
    free(blob);
    return bad || fflush(to) ? -1 : 0;
}

/* Whether what was made loads there, as a whole. */
static int loads(const char *path, const struct domctx_release *target,
                 domctx_report *report)
{
    struct domctx_judging how = { .target = target, .parsed = report };
    domctx_context *context;
    struct domctx_verdict verdict;
    int bad = domctx_open(path, NULL, &context, report) < 0 ||
              domctx_judge(context, &how, &verdict, report) < 0 ||
              verdict.outcome != DOMCTX_NO_OUTCOME;

    domctx_context_free(context);
    return !bad;
}

int main(int argc, char **argv)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;
    struct domctx_release target;
    FILE *from = argc == 4 ? fopen(argv[1], "r") : NULL;
    FILE *to = from ? fopen(argv[3], "wx") : NULL;
    int bad = !to || domctx_open(argv[1], NULL, &context, report) < 0 ||
              domctx_release_parse(argv[2], &target, report) < 0 ||
              make(context, &target, from, to, report) < 0;

    bad = bad || !loads(argv[3], &target, report);
    for (size_t i = 0; i < domctx_report_count(report); i++)
        fprintf(stderr, "%s\n", domctx_report_get(report, i)->text);
    if (to && bad)
        remove(argv[3]);
    if (to)
        fclose(to);
    if (from)
        fclose(from);
    domctx_context_free(context);
    domctx_report_free(report);
    return bad;
}
