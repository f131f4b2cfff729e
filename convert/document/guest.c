/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a save file says apart from its context, as JSON. */
#include "document/document.h"
#include "document/record.h"
#include "catalogue/cpuid.h"
#include "catalogue/hvm-params.h"
#include "catalogue/names.h"
#include "catalogue/value.h"
#include "container/guest-rows.h"

/* Open an object for a list: its number of entries and its offset.  The caller
 * closes it. */
static void open_list(struct json_writer *json, const char *key,
                      const struct domctx_record_place *place)
{
    json_open(json, key, JSON_OBJECT);
    json_pair_u64(json, "count", place->entries);
    json_pair_u64(json, "offset", place->offset);
    json_open(json, "entries", JSON_ARRAY);
}

static void close_list(struct json_writer *json)
{
    json_put_mark(json, JSON_ARRAY_END);
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_names(struct json_writer *json, const char *const names[],
                      size_t n)
{
    json_open(json, "features", JSON_ARRAY);
    for (size_t i = 0; i < n; i++)
        json_put_string(json, names[i]);
    json_put_mark(json, JSON_ARRAY_END);
}

/* -- the policies -------------------------------------------------------- */

static void put_leaf(struct json_writer *json,
                     const struct domctx_cpuid_leaf *leaf)
{
    static const char *const keys[] = { "eax", "ebx", "ecx", "edx" };
    const uint32_t values[] = { leaf->a, leaf->b, leaf->c, leaf->d };
    const char *names[4 * 32];
    size_t n = 0;

    json_open(json, NULL, JSON_OBJECT);
    json_pair_hex(json, "leaf", leaf->leaf);
    if (leaf->subleaf != CPUID_NO_SUBLEAF)
        json_pair_hex(json, "subleaf", leaf->subleaf);
    for (enum cpuid_register reg = CPUID_A; reg <= CPUID_D; reg++) {
        json_pair_hex(json, keys[reg], values[reg]);
        n += cpuid_names_in(leaf->leaf, leaf->subleaf, reg, values[reg],
                            names + n);
    }
    put_names(json, names, n);
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_msr(struct json_writer *json,
                    const struct domctx_policy_msr *msr)
{
    const char *names[CPUID_NAMES];
    char name[64];

    value_names(&names_msr, msr->index, false, name, sizeof(name));
    json_open(json, NULL, JSON_OBJECT);
    json_pair_hex(json, "index", msr->index);
    json_pair_said(json, "name", name);
    json_pair_hex(json, "flags", msr->flags);
    json_pair_hex(json, "value", msr->value);
    put_names(json, names, cpuid_names_in_msr(msr->index, msr->value, names));
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_param(struct json_writer *json,
                      const struct domctx_hvm_param *param)
{
    const char *name = hvm_param_name(param->index);
    char words[160];

    json_open(json, NULL, JSON_OBJECT);
    json_pair_hex(json, "index", param->index);
    json_pair_said(json, "name", name ? name : "");
    json_pair_hex(json, "value", param->value);
    json_pair_said(json, "text",
                   hvm_param_words(param->index, param->value, words,
                                   sizeof(words)));
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_lists(struct json_writer *json,
                      const struct domctx_domain *domain)
{
    if (domain->leaves) {
        open_list(json, "cpuid_policy", &domain->leaves_at);
        for (size_t i = 0; i < domain->n_leaves; i++)
            put_leaf(json, &domain->leaves[i]);
        close_list(json);
    }
    if (domain->msrs) {
        open_list(json, "msr_policy", &domain->msrs_at);
        for (size_t i = 0; i < domain->n_msrs; i++)
            put_msr(json, &domain->msrs[i]);
        close_list(json);
    }
    if (domain->params) {
        open_list(json, "hvm_params", &domain->params_at);
        for (size_t i = 0; i < domain->n_params; i++)
            put_param(json, &domain->params[i]);
        close_list(json);
    }
}

/* -- all of it ----------------------------------------------------------- */

static void put_config(struct json_writer *json,
                       const struct domctx_source_info *info)
{
    struct key_row rows[KEY_ROWS];
    size_t n = key_rows(&info->domain.keys, rows);

    json_open(json, "config", JSON_OBJECT);
    json_pair_said(json, "name", info->name);
    json_pair_said(json, "uuid", info->uuid);
    json_pair_said(json, "type", guest_type(info->guest));
    for (size_t i = 0; i < n; i++)
        json_pair(json, rows[i].key, rows[i].text);
    json_put_mark(json, JSON_OBJECT_END);
}

void json_put_guest(struct json_writer *json,
                    const struct domctx_source_info *info)
{
    json_open(json, KEY_GUEST, JSON_OBJECT);
    json_pair(json, KEY_SCHEMA, JSON_GUEST_SCHEMA);
    json_pair(json, "container", info->words);
    put_config(json, info);
    if (info->domain.has_emulator)
        json_pair(json, "emulator", guest_emulator(&info->domain));
    if (info->has_tsc) {
        json_open(json, "tsc_info", JSON_OBJECT);
        json_pair_u64(json, "mode", info->tsc_mode);
        json_pair_u64(json, "khz", info->tsc_khz);
        json_pair_hex(json, "nsec", info->tsc_nsec);
        json_pair_u64(json, "incarnation", info->tsc_incarnation);
        json_put_mark(json, JSON_OBJECT_END);
    }
    put_lists(json, &info->domain);
    json_put_mark(json, JSON_OBJECT_END);
}
