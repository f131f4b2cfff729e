/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domain, apart from its context, in words. */
#include "container/source.h"
#include "container/guest-rows.h"
#include "catalogue/cpuid.h"
#include "catalogue/hvm-params.h"
#include "catalogue/names.h"
#include "catalogue/value.h"
#include "base/out.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE 79
#define INDENT 6

/* The most entries to print, more than any release writes. */
#define ENTRIES_TOLD 256

static void put_label(struct out *out, const char *label)
{
    out_f(out, "  %-14s ", label);
}

/* Words in lines of limited width. */
struct flow {
    struct out *out;
    size_t column;      /* 0: at the beginning of a line */
};

static void flow_word(struct flow *flow, const char *word)
{
    size_t size = strlen(word);

    if (flow->column && flow->column + 1 + size > LINE) {
        out_text(flow->out, "\n");
        flow->column = 0;
    }
    if (flow->column == 0) {
        out_fill(flow->out, ' ', INDENT);
        flow->column = INDENT + size;
    } else {
        out_text(flow->out, " ");
        flow->column += 1 + size;
    }
    out_text(flow->out, word);
}

static void flow_end(struct flow *flow)
{
    if (flow->column)
        out_text(flow->out, "\n");
}

/* -- CPUID --------------------------------------------------------------- */

static void put_names(struct out *out, const char *const names[], size_t n)
{
    struct flow flow = { .out = out };

    for (size_t i = 0; i < n; i++)
        flow_word(&flow, names[i]);
    flow_end(&flow);
}

static void put_features(struct out *out,
                         const struct domctx_cpuid_leaf *leaf)
{
    const uint32_t registers[] = { leaf->a, leaf->b, leaf->c, leaf->d };
    const char *names[4 * 32];
    size_t n = 0;

    for (enum cpuid_register reg = CPUID_A; reg <= CPUID_D; reg++)
        n += cpuid_names_in(leaf->leaf, leaf->subleaf, reg, registers[reg],
                            names + n);
    put_names(out, names, n);
}

static void put_leaf(struct out *out, const struct domctx_cpuid_leaf *leaf)
{
    char subleaf[16] = "";

    if (!(leaf->a | leaf->b | leaf->c | leaf->d))
        return;
    if (leaf->subleaf != CPUID_NO_SUBLEAF)
        snprintf(subleaf, sizeof(subleaf), ":%" PRIx32, leaf->subleaf);
    out_f(out, "    %08" PRIx32 "%-9s %08" PRIx32 " %08" PRIx32 " %08" PRIx32
               " %08" PRIx32 "\n",
          leaf->leaf, subleaf, leaf->a, leaf->b, leaf->c, leaf->d);
    put_features(out, leaf);
}

static const struct domctx_cpuid_leaf *
find_leaf(const struct domctx_domain *domain, uint32_t leaf)
{
    const struct domctx_cpuid_leaf *found = NULL;

    for (size_t i = 0; i < domain->n_leaves; i++)
        if (domain->leaves[i].leaf == leaf)
            found = &domain->leaves[i];
    return found;
}

/* "AuthenticAMD, family 0x17, model 0x1, stepping 2" */
static void put_processor(struct out *out,
                          const struct domctx_domain *domain)
{
    const struct domctx_cpuid_leaf *first = find_leaf(domain, 0);
    const struct domctx_cpuid_leaf *second = find_leaf(domain, 1);
    char vendor[CPUID_VENDOR];

    if (first) {
        cpuid_vendor_text(first->b, first->c, first->d, vendor);
        out_text(out, ", ");
        out_clean(out, vendor, sizeof(vendor));
    }
    if (second) {
        uint32_t family = second->a >> 8 & 0xf;
        uint32_t model = second->a >> 4 & 0xf;

        if (family == 6 || family == 15)
            model |= second->a >> 12 & 0xf0;
        if (family == 15)
            family += second->a >> 20 & 0xff;
        out_f(out, ", family 0x%" PRIx32 ", model 0x%" PRIx32
                   ", stepping %" PRIu32, family, model, second->a & 0xf);
    }
}

static void put_cpuid(struct out *out, const struct domctx_domain *domain)
{
    put_label(out, "CPUID policy");
    if (!domain->leaves) {
        out_text(out, "none in the stream\n");
        return;
    }
    out_f(out, "%" PRIu64 " leaves at offset 0x%" PRIx64,
          domain->leaves_at.entries, domain->leaves_at.offset);
    put_processor(out, domain);
    out_text(out, "\n");
    for (size_t i = 0; i < domain->n_leaves && i < ENTRIES_TOLD; i++)
        put_leaf(out, &domain->leaves[i]);
}

/* -- MSRs ---------------------------------------------------------------- */

/* The bits of ARCH_CAPABILITIES have names of features, too. */
static void put_msr(struct out *out, const struct domctx_policy_msr *msr)
{
    const char *names[CPUID_NAMES];
    char name[64];

    value_names(&names_msr, msr->index, false, name, sizeof(name));
    out_f(out, "    %08" PRIx32 "          0x%" PRIx64, msr->index,
          msr->value);
    if (*name)
        out_f(out, "  %s", name);
    if (msr->flags)
        out_f(out, ", flags 0x%" PRIx32, msr->flags);
    out_text(out, "\n");
    put_names(out, names, cpuid_names_in_msr(msr->index, msr->value, names));
}

static void put_msrs(struct out *out, const struct domctx_domain *domain)
{
    if (!domain->msrs)
        return;
    put_label(out, "MSR policy");
    out_f(out, "%" PRIu64 " MSRs at offset 0x%" PRIx64 "\n",
          domain->msrs_at.entries, domain->msrs_at.offset);
    for (size_t i = 0; i < domain->n_msrs && i < ENTRIES_TOLD; i++)
        put_msr(out, &domain->msrs[i]);
}

/* -- HVM parameters ------------------------------------------------------ */

static void put_param(struct out *out, const struct domctx_hvm_param *param)
{
    const char *name = hvm_param_name(param->index);
    char words[160];

    out_f(out, "    %-3" PRIu64 " %-22s 0x%" PRIx64, param->index,
          name ? name : "unknown", param->value);
    if (*hvm_param_words(param->index, param->value, words, sizeof(words)))
        out_f(out, "  %s", words);
    out_text(out, "\n");
}

static void put_params(struct out *out, const struct domctx_domain *domain)
{
    if (!domain->params)
        return;
    put_label(out, "HVM parameters");
    if (domain->stream)
        out_f(out, "%" PRIu64 " at offset 0x%" PRIx64 "\n",
              domain->params_at.entries, domain->params_at.offset);
    else
        out_f(out, "%" PRIu64 "\n", domain->params_at.entries);
    for (size_t i = 0; i < domain->n_params && i < ENTRIES_TOLD; i++)
        put_param(out, &domain->params[i]);
}

/* -- configuration ------------------------------------------------------- */

void source_put_keys(struct out *out, const struct domctx_keys *keys)
{
    struct key_row rows[KEY_ROWS];
    size_t n = key_rows(keys, rows);

    for (size_t i = 0; i < n; i++)
        out_f(out, "    %-26s %s\n", rows[i].key, rows[i].text);
}

void source_put_domain(struct out *out, const struct domctx_domain *domain)
{
    if (domain->has_emulator) {
        put_label(out, "device model");
        out_f(out, "%s\n", guest_emulator(domain));
    }
    if (domain->stream)
        put_cpuid(out, domain);
    put_msrs(out, domain);
    put_params(out, domain);
}
