/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matching the patterns against the looks. */
#include "diagnose/diagnose.h"

#include <stdlib.h>
#include <string.h>

enum answer { ANSWER_NO, ANSWER_OPEN, ANSWER_YES };

/* The state of matching one pattern. */
struct asking {
    domctx_diagnosis *diagnosis;
    const struct pattern *pattern;
    bool failed;             /* out of memory */
    bool open;               /* it was undecided for a vCPU or record */
};

/* Whether all facts in is hold, and none of those in not. */
static enum answer hold(const struct facts *facts, uint32_t is, uint32_t not)
{
    uint32_t wrong = (is & ~facts->holds) | (not & facts->holds);

    if (wrong & facts->known)
        return ANSWER_NO;
    return (is | not) & ~facts->known ? ANSWER_OPEN : ANSWER_YES;
}

static enum answer facts_of(const struct asking *asking, size_t n,
                            const uint32_t *vcpu)
{
    const struct pattern *pattern = asking->pattern;
    const struct seen *seen = &asking->diagnosis->seen[n];
    enum answer answer, more;

    answer = hold(&seen->domain, pattern->domain, pattern->domain_not);
    if (!vcpu || answer == ANSWER_NO)
        return answer;
    more = hold(&seen->vcpu[*vcpu], pattern->is, pattern->not);
    return more < answer ? more : answer;
}

/* Whether the pattern's facts hold in all looks that count. */
static enum answer all_facts(const struct asking *asking,
                             const uint32_t *vcpu)
{
    size_t n = asking->diagnosis->n_looks - 1;
    enum answer answer = facts_of(asking, n, vcpu), other;

    while (asking->pattern->both && n-- > 0) {
        other = facts_of(asking, n, vcpu);
        if (other < answer)
            answer = other;
    }
    return answer;
}

/* Whether an element of the record, in look n, from *i on, meets the
 * condition. */
static bool meets(const struct asking *asking, size_t n, uint32_t instance,
                  struct rule_subject *subject)
{
    const struct pattern *pattern = asking->pattern;
    const domctx_context *context = asking->diagnosis->look[n].context;

    subject->context = context;
    subject->record = context_find(context, pattern->type, instance);
    return subject->record && subject->record->layout &&
           rule_find(&pattern->rule, subject);
}

static void keep(struct asking *asking, struct found **list, size_t *count,
                 size_t *room, const struct found *found)
{
    struct found *more;

    if (*count == *room) {
        *room = *room ? 2 * *room : 16;
        more = realloc(*list, *room * sizeof(*more));
        if (!more) {
            asking->failed = true;
            *room = *count;
            return;
        }
        *list = more;
    }
    (*list)[(*count)++] = *found;
}

static void take(struct asking *asking, enum answer answer,
                 const uint32_t *vcpu, const struct rule_subject *subject)
{
    domctx_diagnosis *diagnosis = asking->diagnosis;
    struct found found = { .pattern = asking->pattern };

    if (answer == ANSWER_OPEN)
        asking->open = true;
    if (answer != ANSWER_YES)
        return;
    if (vcpu) {
        found.of_vcpu = true;
        found.vcpu = *vcpu;
    }
    if (subject) {
        found.record = subject->record;
        found.i = subject->i;
        found.value = subject->value;
    }
    if (asking->pattern->both && diagnosis->n_looks == 1)
        keep(asking, &diagnosis->once, &diagnosis->n_once,
             &diagnosis->once_room, &found);
    else
        keep(asking, &diagnosis->found, &diagnosis->n_found,
             &diagnosis->room, &found);
}

/* Whether the other looks show the same; if the pattern says so, in that very
 * element. */
static bool agrees(const struct asking *asking, uint32_t instance,
                   const struct rule_subject *last)
{
    const struct pattern *pattern = asking->pattern;

    size_t n = asking->diagnosis->n_looks - 1;

    while (pattern->both && n-- > 0) {
        struct rule_subject other = { .i = last->i };

        if (!meets(asking, n, instance, &other) || other.i != last->i ||
            (pattern->same && other.value != last->value))
            return false;
    }
    return true;
}

static void ask_record(struct asking *asking, uint32_t instance,
                       const uint32_t *vcpu)
{
    struct rule_subject subject = { .i = 0 };
    enum answer answer = all_facts(asking, vcpu);

    if (answer == ANSWER_NO)
        return;
    while (meets(asking, asking->diagnosis->n_looks - 1, instance,
                 &subject)) {
        if (agrees(asking, instance, &subject))
            take(asking, answer, vcpu, &subject);
        subject.i++;
    }
}

/* Match against the records of the domain. */
static void ask_records(struct asking *asking)
{
    const struct cat_record *known =
        cat_record_of_type(asking->pattern->type);

    for (uint32_t v = 0; known->flags & CAT_VCPU &&
                         v < asking->diagnosis->n_vcpus; v++)
        ask_record(asking, v, &v);
    for (uint32_t i = 0; !(known->flags & CAT_VCPU) && i < known->instances;
         i++)
        ask_record(asking, i, NULL);
}

static void ask(struct asking *asking)
{
    const struct pattern *pattern = asking->pattern;

    asking->open = false;
    if (pattern->type != NO_RECORD)
        ask_records(asking);
    else if (!pattern->each)
        take(asking, all_facts(asking, NULL), NULL, NULL);
    for (uint32_t v = 0; pattern->each && v < asking->diagnosis->n_vcpus; v++)
        take(asking, all_facts(asking, &v), &v, NULL);
    if (asking->open)
        asking->diagnosis->n_undecided++;
}

/* Whether the whole domain is stopped, which explains everything. */
static bool stands(const domctx_diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->n_found; i++)
        if (diagnosis->found[i].pattern->stops)
            return true;
    return false;
}

static void report_all(domctx_diagnosis *diagnosis)
{
    char buf[DIAG_ROOM];

    for (size_t i = 0; i < diagnosis->n_found; i++) {
        const struct found *found = &diagnosis->found[i];
        struct msg_at at = { .record = NULL };

        if (found->record) {
            at = context_at(found->record);
            at.field = found->pattern->rule.field;
            at.found = (struct msg_value)HEX(found->value);
        }
        msg_raise(diagnosis->report, found->pattern->rule.id, &at, "%s",
                  diag_sentence(diagnosis, found, buf));
    }
}

uint32_t diag_live_vcpus(const struct domctx_live *live)
{
    if (!live)
        return 0;
    return live->n_vcpus < DOMCTX_LIVE_VCPUS ? live->n_vcpus
                                             : DOMCTX_LIVE_VCPUS;
}

static uint32_t count_vcpus(const domctx_diagnosis *diagnosis)
{
    uint32_t count = 0;

    for (size_t n = 0; n < diagnosis->n_looks; n++) {
        const struct domctx_look *look = &diagnosis->look[n];

        if (diag_live_vcpus(look->live) > count)
            count = diag_live_vcpus(look->live);
        for (size_t i = 0; i < look->context->count; i++) {
            const struct context_record *record = &look->context->records[i];

            if (record->known && record->known->flags & CAT_VCPU &&
                record->instance >= count)
                count = record->instance + 1;
        }
    }
    return count < DOMCTX_LIVE_VCPUS ? count : DOMCTX_LIVE_VCPUS;
}

static bool ask_all(domctx_diagnosis *diagnosis)
{
    struct asking asking = { .diagnosis = diagnosis };

    diag_facts(diagnosis);
    for (size_t i = 0; i < n_patterns && !stands(diagnosis); i++) {
        asking.pattern = &patterns[i];
        ask(&asking);
    }
    return !asking.failed;
}

/* Find out whether the symbols fit, by the registers and the memory, if that
 * was read. */
static void find_fit(domctx_diagnosis *diagnosis)
{
    const struct domctx_look *last = diag_last(diagnosis);

    diagnosis->fit = kernel_fit(last->symbols, last->context,
                                &diagnosis->moved);
    if (last->memory && last->memory->has_no_banner)
        diagnosis->fit = FIT_NO_BANNER;
}

int domctx_diagnose(const struct domctx_look *looks, size_t n_looks,
                    domctx_diagnosis **out, domctx_report *report)
{
    domctx_diagnosis *diagnosis;

    *out = NULL;
    if (n_looks == 0)
        return msg_raise(report, MSG_CALL_ARGUMENT, NULL,
                         "a diagnosis of no look at a guest");
    diagnosis = calloc(1, sizeof(*diagnosis));
    if (!diagnosis)
        return msg_no_memory(report, sizeof(*diagnosis));
    diagnosis->n_looks = n_looks < DOMCTX_LOOKS_MAX ? n_looks
                                                    : DOMCTX_LOOKS_MAX;
    memcpy(diagnosis->look, looks + n_looks - diagnosis->n_looks,
           diagnosis->n_looks * sizeof(diagnosis->look[0]));
    diagnosis->n_vcpus = count_vcpus(diagnosis);
    if (n_looks && diag_last(diagnosis)->symbols)
        find_fit(diagnosis);
    diagnosis->report = domctx_report_new();
    if (!diagnosis->report || !ask_all(diagnosis)) {
        domctx_diagnosis_free(diagnosis);
        return msg_no_memory(report, sizeof(struct found));
    }
    report_all(diagnosis);
    *out = diagnosis;
    return 0;
}

void domctx_diagnosis_free(domctx_diagnosis *diagnosis)
{
    if (!diagnosis)
        return;
    domctx_report_free(diagnosis->report);
    free(diagnosis->found);
    free(diagnosis->once);
    free(diagnosis);
}

const domctx_report *domctx_diagnosis_report(
    const domctx_diagnosis *diagnosis)
{
    return diagnosis->report;
}
