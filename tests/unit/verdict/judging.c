/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/judging.h"

static struct domctx_release public_of(struct release release)
{
    return (struct domctx_release){
        .xen_major = release.series >> 8, .xen_minor = release.series & 0xff,
        .point = release.point == RELEASE_ANY ? DOMCTX_POINT_ANY
                                              : release.point,
    };
}

struct judged judge_context(const domctx_context *context,
                                   struct release target,
                                   const struct domctx_host *host)
{
    struct judged judged = { .report = domctx_report_new() };
    struct domctx_release release = public_of(target);

    ck_assert_int_eq(domctx_check(context, &release, host, NULL,
                                  &judged.verdict, judged.report), 0);
    return judged;
}

/* A blob of that saver, for that target. */
struct judged judge(const struct bytes *b, struct release saver,
                           struct release target,
                           const struct domctx_host *host)
{
    domctx_context *context;
    struct judged judged;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    ck_assert_int_eq(
        domctx_context_of_hvm(hvm, true, saver.series >> 8,
                              saver.series & 0xff, &context, NULL), 0);
    judged = judge_context(context, target, host);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
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

