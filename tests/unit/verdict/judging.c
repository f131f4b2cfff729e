/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/judging.h"

struct judged judge_context(const domctx_context *context,
                            struct release target,
                            const struct domctx_host *host)
{
    struct judged judged = { .report = domctx_report_new() };
    struct domctx_release release = release_public(target);

    ck_assert_int_eq(domctx_check(context, &release, host, NULL,
                                  &judged.verdict, judged.report), 0);
    return judged;
}

/* A blob of that saver, for that target. */
struct judged judge(const struct bytes *b, struct release saver,
                    struct release target, const struct domctx_host *host)
{
    struct viewed viewed = view_blob(b, saver.series >> 8,
                                     saver.series & 0xff);
    struct judged judged = judge_context(viewed.context, target, host);

    viewed_free(&viewed);
    return judged;
}

void judged_free(struct judged *judged)
{
    domctx_report_free(judged->report);
}

void show_judged(const char *what, const domctx_report *report)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++)
        if (finding->severity > DOMCTX_NOTE)
            fprintf(stderr, "%s: [%s] %s %s: %s, found %s\n", what,
                    finding->id, finding->record, finding->field,
                    finding->text, finding->found);
}

bool set_field(struct bytes *b, struct release release,
                      enum code code, uint32_t instance,
                      const struct setting *setting)
{
    const struct cat_record *record = cat_record(code);
    const struct domctx_record *found;
    const struct cat_layout *layout;
    const struct cat_field *field;
    domctx_hvm *hvm;
    bool set = false;

    if (!setting->field)
        return true;
    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    found = domctx_hvm_find(hvm, code, instance);
    layout = found ? cat_layout(record, found->length, release.series)
                   : NULL;
    field = layout ? cat_field(record, layout, setting->field) : NULL;
    if (field && setting->i < cat_count(field, found->length)) {
        cat_set(field, b->p + (found->body - b->p), setting->i,
                setting->value);
        set = true;
    }
    domctx_hvm_free(hvm);
    return set;
}

