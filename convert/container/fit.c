/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cutting a stream's policies to what an older release reads.  Later releases
 * have places for more leaves and MSRs and write them all; older ones refuse
 * the whole record for one of these (policy_limits()).
 */
#include "container/source.h"
#include "base/bytes.h"
#include "catalogue/cpuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_CPUID 0x11
#define RECORD_MSR 0x12
#define RECORD_HEADER 8
#define ARCH_CAPABILITIES 0x10a

struct fit {
    struct domctx_source *source;
    struct policy_limits to, most;  /* of the target; of the newest release */
    char target[RELEASE_ROOM];
    unsigned int flags;
    domctx_report *report;
    bool lost, no_memory;
};

__attribute__((format(printf, 5, 6)))
static void raise(struct fit *fit, enum domctx_severity severity,
                  enum msg_id id, const struct msg_at *at,
                  const char *format, ...)
{
    va_list args;

    va_start(args, format);
    msg_add(fit->report, severity, id, at, format, args);
    va_end(args);
}

/* Report that a non-zero entry is lost. */
static void lose(struct fit *fit, const char *record, uint64_t offset,
                 const char *entry, const char *holds)
{
    bool allowed = fit->flags & DOMCTX_ALLOW_LOSS;
    struct msg_at at = { .record = record, .field = entry,
                         .has_offset = true, .offset = offset,
                         .found = TEXT(holds) };

    raise(fit, allowed ? DOMCTX_WARNING : DOMCTX_ERROR, MSG_POLICY_LOST, &at,
          "%s Xen %s, which has no place for it",
          allowed ? "left out for" : "cannot go to", fit->target);
    fit->lost |= !allowed;
}

static void note(struct fit *fit, const char *record,
                 const struct domctx_record_place *place, size_t gone)
{
    struct msg_at at = { .record = record, .has_offset = true,
                         .offset = place->offset };

    msg_raise(fit->report, MSG_POLICY_FIT, &at,
              "for Xen %s %zu of %" PRIu64 " entries left out", fit->target,
              gone, place->entries);
}

/* Allocate a record with its header; *p points behind the header. */
static bool begin(struct fit *fit, uint32_t type, size_t size,
                  const struct domctx_record_place *place, uint64_t was,
                  uint8_t **p)
{
    struct fitted *fitted = &fit->source->fitted;
    uint8_t *record = calloc(1, RECORD_HEADER + size);

    if (!record) {
        fit->no_memory = true;
        return false;
    }
    put_le32(record, type);
    put_le32(record + 4, (uint32_t)size);
    *p = record + RECORD_HEADER;
    fitted->patch[fitted->n++] = (struct patch){
        { record, RECORD_HEADER + size }, place->offset, RECORD_HEADER + was };
    return true;
}

/* -- leaves --------------------------------------------------------------- */

#define HOLDS_ROOM sizeof(((struct domctx_finding *)0)->found)

/* Append a word to the content of an entry; " ..." stands for the words that
 * have no room. */
static void hold_word(char text[HOLDS_ROOM], const char *word)
{
    static const char more[] = " ...";
    size_t size = strlen(text);

    if (size >= sizeof(more) &&
        strcmp(text + size - (sizeof(more) - 1), more) == 0)
        return;
    if (size + 1 + strlen(word) + sizeof(more) > HOLDS_ROOM)
        word = more + 1;
    snprintf(text + size, HOLDS_ROOM - size, "%s%s", size ? " " : "", word);
}

/* The content of a leaf: names of features, or else the registers. */
static const char *leaf_holds(const struct domctx_cpuid_leaf *leaf,
                              char text[HOLDS_ROOM])
{
    const uint32_t values[] = { leaf->a, leaf->b, leaf->c, leaf->d };
    const char *names[32];

    text[0] = '\0';
    for (size_t i = 0; i < 4; i++) {
        size_t n = cpuid_names_in(leaf->leaf, leaf->subleaf,
                                  (enum cpuid_register)(CPUID_A + i),
                                  values[i], names);

        for (size_t k = 0; k < n; k++)
            hold_word(text, names[k]);
    }
    if (!*text)
        snprintf(text, HOLDS_ROOM, "%08" PRIx32 " %08" PRIx32 " %08" PRIx32
                 " %08" PRIx32, leaf->a, leaf->b, leaf->c, leaf->d);
    return text;
}

static bool goes(const struct fit *fit, const struct domctx_cpuid_leaf *leaf)
{
    return !policy_has_leaf(&fit->to, leaf->leaf, leaf->subleaf) &&
           policy_has_leaf(&fit->most, leaf->leaf, leaf->subleaf);
}

static void lose_leaf(struct fit *fit, const struct domctx_cpuid_leaf *leaf,
                      size_t i)
{
    char entry[CPUID_LEAF_ROOM], holds[HOLDS_ROOM];

    if (!(leaf->a | leaf->b | leaf->c | leaf->d))
        return;
    cpuid_leaf_text(leaf->leaf, leaf->subleaf, entry);
    lose(fit, "X86_CPUID_POLICY",
         fit->source->info.domain.leaves_at.offset + RECORD_HEADER +
             CPUID_LEAF_SIZE * i,
         entry, leaf_holds(leaf, holds));
}

/* Lower a leaf's count of others to those that the target has a place for. */
static bool lower(const struct fit *fit, struct domctx_cpuid_leaf *leaf)
{
    uint32_t to = 0, most = 0;

    if (leaf->leaf == 7 && leaf->subleaf == 0) {
        to = fit->to.leaf_7;
        most = fit->most.leaf_7;
    } else if (leaf->leaf == 0x80000000) {
        to = fit->to.extended;
        most = fit->most.extended;
    }
    if (leaf->a <= to || leaf->a > most)
        return false;
    leaf->a = to;
    return true;
}

static void put_leaf(uint8_t *p, const struct domctx_cpuid_leaf *leaf)
{
    const uint32_t words[] = { leaf->leaf, leaf->subleaf, leaf->a,
                               leaf->b, leaf->c, leaf->d };

    for (size_t i = 0; i < 6; i++)
        put_le32(p + 4 * i, words[i]);
}

static void fit_leaves(struct fit *fit)
{
    struct domctx_domain *domain = &fit->source->info.domain;
    struct domctx_cpuid_leaf *leaves;
    size_t kept = 0, lowered = 0;
    uint8_t *p;

    if (!domain->leaves || domain->n_leaves != domain->leaves_at.entries)
        return; /* none, or more than any release reads */
    leaves = calloc(domain->n_leaves + 1, sizeof(*leaves));
    if (!leaves) {
        fit->no_memory = true;
        return;
    }
    fit->source->fitted.leaves = leaves;
    for (size_t i = 0; i < domain->n_leaves; i++) {
        if (goes(fit, &domain->leaves[i])) {
            lose_leaf(fit, &domain->leaves[i], i);
            continue;
        }
        leaves[kept] = domain->leaves[i];
        lowered += lower(fit, &leaves[kept++]);
    }
    if (kept == 0 || (kept == domain->n_leaves && lowered == 0) ||
        !begin(fit, RECORD_CPUID, CPUID_LEAF_SIZE * kept, &domain->leaves_at,
               CPUID_LEAF_SIZE * domain->n_leaves, &p))
        return;
    for (size_t i = 0; i < kept; i++)
        put_leaf(p + CPUID_LEAF_SIZE * i, &leaves[i]);
    note(fit, "X86_CPUID_POLICY", &domain->leaves_at,
         domain->n_leaves - kept);
    domain->leaves = leaves;
    domain->n_leaves = kept;
    domain->leaves_at.entries = kept;
}

/* -- MSRs ----------------------------------------------------------------- */

static void lose_msr(struct fit *fit, const struct domctx_policy_msr *msr,
                     size_t i)
{
    const char *names[CPUID_NAMES];
    size_t n = cpuid_names_in_msr(msr->index, msr->value, names);
    char entry[32], holds[HOLDS_ROOM];

    if (!msr->value)
        return;
    snprintf(holds, sizeof(holds), "0x%" PRIx64, msr->value);
    for (size_t k = 0; k < n; k++)
        hold_word(holds, names[k]);
    snprintf(entry, sizeof(entry), "MSR 0x%" PRIx32, msr->index);
    lose(fit, "X86_MSR_POLICY",
         fit->source->info.domain.msrs_at.offset + RECORD_HEADER +
             MSR_ENTRY_SIZE * i, entry, holds);
}

static void fit_msrs(struct fit *fit)
{
    struct domctx_domain *domain = &fit->source->info.domain;
    struct domctx_policy_msr *msrs;
    size_t kept = 0;
    uint8_t *p;

    if (!domain->msrs || domain->n_msrs != domain->msrs_at.entries ||
        domain->n_msrs <= fit->to.msrs || domain->n_msrs > fit->most.msrs)
        return;
    msrs = calloc(domain->n_msrs + 1, sizeof(*msrs));
    if (!msrs) {
        fit->no_memory = true;
        return;
    }
    fit->source->fitted.msrs = msrs;
    for (size_t i = 0; i < domain->n_msrs; i++) {
        if (domain->msrs[i].index == ARCH_CAPABILITIES)
            lose_msr(fit, &domain->msrs[i], i);
        else
            msrs[kept++] = domain->msrs[i];
    }
    if (kept == 0 || kept == domain->n_msrs ||
        !begin(fit, RECORD_MSR, MSR_ENTRY_SIZE * kept, &domain->msrs_at,
               MSR_ENTRY_SIZE * domain->n_msrs, &p))
        return;
    for (size_t i = 0; i < kept; i++, p += MSR_ENTRY_SIZE) {
        put_le32(p, msrs[i].index);
        put_le32(p + 4, msrs[i].flags);
        put_le64(p + 8, msrs[i].value);
    }
    note(fit, "X86_MSR_POLICY", &domain->msrs_at, domain->n_msrs - kept);
    domain->msrs = msrs;
    domain->n_msrs = kept;
    domain->msrs_at.entries = kept;
}

/* -- both ----------------------------------------------------------------- */

void fitted_free(struct fitted *fitted)
{
    free(fitted->leaves);
    free(fitted->msrs);
    for (size_t i = 0; i < fitted->n; i++)
        free(fitted->patch[i].record.p);
    memset(fitted, 0, sizeof(*fitted));
}

static void as_before(struct domctx_source *source)
{
    if (source->fitted.is)
        source->info.domain = source->fitted.before;
    fitted_free(&source->fitted);
}

static void in_order(struct fitted *fitted)
{
    struct patch first = fitted->patch[0];

    if (fitted->n < 2 || first.offset < fitted->patch[1].offset)
        return;
    fitted->patch[0] = fitted->patch[1];
    fitted->patch[1] = first;
}

int domctx_source_fit(domctx_source *source,
                      const struct domctx_release *target,
                      unsigned int flags, domctx_report *report)
{
    struct fit fit = { .source = source, .flags = flags, .report = report,
                       .most = policy_limits_of_all() };

    as_before(source);
    if (msg_flags(report, flags, DOMCTX_ALLOW_LOSS) < 0)
        return -1;
    if (!target || !policy_limits(release_of(target), &fit.to))
        return 0;
    release_text(release_of(target), fit.target);
    source->fitted.before = source->info.domain;
    source->fitted.is = true;
    fit_leaves(&fit);
    fit_msrs(&fit);
    if (fit.lost || fit.no_memory) {
        as_before(source);
        return fit.no_memory ? msg_no_memory(report, 0) : -1;
    }
    in_order(&source->fitted);
    return 0;
}

/* -- in the container ----------------------------------------------------- */

static void add(struct domctx_piece *piece, size_t *n, const void *bytes,
                uint64_t offset, uint64_t size)
{
    if (size)
        piece[(*n)++] = (struct domctx_piece){ bytes, offset, size };
}

size_t domctx_source_pieces(const domctx_source *source,
                            const struct domctx_splice *splice,
                            struct domctx_piece piece[DOMCTX_FITTED_MAX],
                            uint64_t *size)
{
    const struct fitted *fitted = &source->fitted;
    size_t n = 0, next = 0;

    *size = splice->size;
    for (size_t i = 0; i < splice->n_pieces; i++) {
        struct domctx_piece run = splice->piece[i];
        uint64_t end = run.offset + run.size;

        for (; !run.bytes && next < fitted->n; next++) {
            const struct patch *patch = &fitted->patch[next];

            if (patch->offset < run.offset ||
                patch->offset + patch->was > end)
                break;
            add(piece, &n, NULL, run.offset, patch->offset - run.offset);
            add(piece, &n, patch->record.p, 0, patch->record.size);
            run.offset = patch->offset + patch->was;
            run.size = end - run.offset;
            *size = *size - patch->was + patch->record.size;
        }
        add(piece, &n, run.bytes, run.offset, run.size);
    }
    return n;
}
