/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "container/guest-rows.h"
#include "base/chars.h"
#include "catalogue/cpuid.h"
#include "catalogue/hvm-params.h"
#include "catalogue/names.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Size of an MSR entry and of a parameter. */
#define PAIR_SIZE 16
#define TSC_SIZE 24

/* above the index of every parameter */
#define PARAMS_END 256

/* -- the configuration --------------------------------------------------- */

/* These rows come before the keys that decide about a restore. */
static const char *const head_keys[] = { "name", "uuid", "type", "emulator" };
#define HEAD_KEYS (sizeof(head_keys) / sizeof(head_keys[0]))

static const char *const key_names[KEY_ROWS] = {
    "max_vcpus", "hap", "nested_hvm", "pvh", "viridian",
    "viridian_enable, _disable", "device_model_version", "bios", "tsc_mode",
    "altp2m",
};

static const char *answer(enum domctx_answer said)
{
    return said == DOMCTX_YES ? "yes" : said == DOMCTX_NO ? "no" : "";
}

/* The keys that are set, each with its index into the names. */
static size_t keys_said(const struct domctx_keys *keys,
                        struct key_row rows[KEY_ROWS], size_t at[KEY_ROWS])
{
    const char *text[KEY_ROWS] = {
        keys->max_vcpus ? NULL : "", answer(keys->hap),
        answer(keys->nested_hvm), answer(keys->pvh), answer(keys->viridian),
        keys->viridian_groups ? "yes" : "", keys->device_model, keys->bios,
        keys->tsc_mode, answer(keys->altp2m),
    };
    size_t n = 0;

    for (size_t i = 0; i < KEY_ROWS; i++) {
        if (text[i] && !*text[i])
            continue;
        rows[n].key = key_names[i];
        snprintf(rows[n].number, sizeof(rows[n].number), "%" PRIu32,
                 keys->max_vcpus);
        rows[n].text = text[i] ? text[i] : rows[n].number;
        at[n++] = i;
    }
    return n;
}

size_t key_rows(const struct domctx_keys *keys,
                struct key_row rows[KEY_ROWS])
{
    size_t at[KEY_ROWS];

    return keys_said(keys, rows, at);
}

const char *guest_type(enum domctx_guest guest)
{
    static const char *const types[] = {
        [DOMCTX_GUEST_UNKNOWN] = "", [DOMCTX_GUEST_PV] = "pv",
        [DOMCTX_GUEST_HVM] = "hvm",  [DOMCTX_GUEST_PVH] = "pvh",
    };

    return types[guest];
}

const char *guest_emulator(const struct domctx_domain *domain)
{
    static const char *const emulators[] = { "of an unknown kind",
                                             "qemu-traditional", "QEMU" };

    return emulators[domain->emulator < 3 ? domain->emulator : 0];
}

/* -- entries ------------------------------------------------------------- */

struct rows {
    struct guest_row *row;
    size_t n;
};

static struct guest_row *add(struct rows *rows, enum guest_part part,
                             uint64_t key, uint64_t second, uint64_t value)
{
    struct guest_row *row = &rows->row[rows->n];

    row->part = part;
    row->key[0] = key;
    row->key[1] = second;
    row->order = rows->n++;
    row->value = value;
    return row;
}

static void add_text(struct rows *rows, size_t key, const char *text)
{
    if (*text)
        snprintf(add(rows, GUEST_CONFIG, key, 0, 0)->text,
                 sizeof(rows->row->text), "%s", text);
}

static void add_config(struct rows *rows,
                       const struct domctx_source_info *info)
{
    const struct domctx_domain *domain = &info->domain;
    struct key_row said[KEY_ROWS];
    size_t at[KEY_ROWS], n;

    add_text(rows, 0, info->name);
    add_text(rows, 1, info->uuid);
    add_text(rows, 2, guest_type(info->guest));
    add_text(rows, 3, domain->has_emulator ? guest_emulator(domain) : "");
    n = keys_said(&domain->keys, said, at);
    for (size_t i = 0; i < n; i++)
        add_text(rows, HEAD_KEYS + at[i], said[i].text);
}

static const char *const tsc_keys[] = { "mode", "khz", "nsec",
                                        "incarnation" };
#define TSC_KEYS (sizeof(tsc_keys) / sizeof(tsc_keys[0]))

static void add_tsc(struct rows *rows, const struct domctx_source_info *info)
{
    const uint64_t values[TSC_KEYS] = { info->tsc_mode, info->tsc_khz,
                                        info->tsc_nsec,
                                        info->tsc_incarnation };

    for (size_t i = 0; info->has_tsc && i < TSC_KEYS; i++)
        add(rows, GUEST_TSC, i, 0, values[i]);
}

static void add_leaf(struct rows *rows, const struct domctx_cpuid_leaf *leaf)
{
    uint64_t second = (uint64_t)leaf->subleaf << 2;

    add(rows, GUEST_CPUID, leaf->leaf, second | CPUID_A, leaf->a);
    add(rows, GUEST_CPUID, leaf->leaf, second | CPUID_B, leaf->b);
    add(rows, GUEST_CPUID, leaf->leaf, second | CPUID_C, leaf->c);
    add(rows, GUEST_CPUID, leaf->leaf, second | CPUID_D, leaf->d);
}

/* The flags are 0 in every stream that a release wrote. */
static void add_msr(struct rows *rows, const struct domctx_policy_msr *msr)
{
    add(rows, GUEST_MSR, msr->index, 0, msr->value);
    if (msr->flags)
        add(rows, GUEST_MSR, msr->index, 1, msr->flags);
}

int guest_row_order(const struct guest_row *a, const struct guest_row *b)
{
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    for (int i = 0; i < 2; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return 0;
}

static int by_order(const void *left, const void *right)
{
    const struct guest_row *a = left, *b = right;
    int order = guest_row_order(a, b);

    return order ? order : (a->order > b->order) - (a->order < b->order);
}

struct guest_row *guest_rows(const struct domctx_source_info *info,
                             size_t *n)
{
    const struct domctx_domain *domain = &info->domain;
    size_t room = HEAD_KEYS + KEY_ROWS + TSC_KEYS + 4 * domain->n_leaves +
                  2 * domain->n_msrs + domain->n_params;
    struct rows rows = { calloc(room, sizeof(*rows.row)), 0 };

    if (!rows.row)
        return NULL;
    add_config(&rows, info);
    add_tsc(&rows, info);
    for (size_t i = 0; i < domain->n_leaves; i++)
        add_leaf(&rows, &domain->leaves[i]);
    for (size_t i = 0; i < domain->n_msrs; i++)
        add_msr(&rows, &domain->msrs[i]);
    for (size_t i = 0; i < domain->n_params; i++)
        add(&rows, GUEST_PARAMS, domain->params[i].index, 0,
            domain->params[i].value);
    qsort(rows.row, rows.n, sizeof(*rows.row), by_order);
    *n = rows.n;
    return rows.row;
}

uint64_t guest_part_size(const struct domctx_source_info *info,
                         enum guest_part part)
{
    const struct domctx_domain *domain = &info->domain;

    switch (part) {
    case GUEST_TSC:
        return info->has_tsc ? TSC_SIZE : 0;
    case GUEST_CPUID:
        return domain->leaves_at.entries * CPUID_LEAF_SIZE;
    case GUEST_MSR:
        return domain->msrs_at.entries * PAIR_SIZE;
    case GUEST_PARAMS:
        return domain->params_at.entries * PAIR_SIZE;
    case GUEST_CONFIG:
    case GUEST_PARTS:
    default:
        return info->config_size;
    }
}

/* -- words --------------------------------------------------------------- */

static void name_register(const struct guest_row *row,
                          char buf[GUEST_NAME_ROOM])
{
    uint32_t subleaf = (uint32_t)(row->key[1] >> 2);
    char reg = (char)('a' + (row->key[1] & 3));

    if (subleaf == CPUID_NO_SUBLEAF)
        snprintf(buf, GUEST_NAME_ROOM, "0x%08" PRIx64 ".e%cx", row->key[0],
                 reg);
    else
        snprintf(buf, GUEST_NAME_ROOM, "0x%08" PRIx64 ":%" PRIx32 ".e%cx",
                 row->key[0], subleaf, reg);
}

static void name_msr(const struct guest_row *row, char buf[GUEST_NAME_ROOM])
{
    char name[GUEST_NAME_ROOM - 8];

    value_names(&names_msr, row->key[0], false, name, sizeof(name));
    if (!*name)
        snprintf(name, sizeof(name), "0x%08" PRIx64, row->key[0]);
    snprintf(buf, GUEST_NAME_ROOM, "%s%s", name, row->key[1] ? ".flags" : "");
}

const char *guest_row_name(const struct guest_row *row,
                           char buf[GUEST_NAME_ROOM])
{
    const char *name;

    switch (row->part) {
    case GUEST_CONFIG:
        return row->key[0] < HEAD_KEYS ? head_keys[row->key[0]]
                                       : key_names[row->key[0] - HEAD_KEYS];
    case GUEST_TSC:
        return tsc_keys[row->key[0]];
    case GUEST_CPUID:
        name_register(row, buf);
        return buf;
    case GUEST_MSR:
        name_msr(row, buf);
        return buf;
    case GUEST_PARAMS:
    case GUEST_PARTS:
    default:
        name = hvm_param_name(row->key[0]);
        if (!name)
            snprintf(buf, GUEST_NAME_ROOM, "parameter %" PRIu64,
                     row->key[0]);
        return name ? name : buf;
    }
}

static size_t names_of(const struct guest_row *row, uint64_t value,
                       const char *names[CPUID_NAMES])
{
    if (row->part == GUEST_MSR && !row->key[1])
        return cpuid_names_in_msr((uint32_t)row->key[0], value, names);
    if (row->part == GUEST_CPUID)
        return cpuid_names_in((uint32_t)row->key[0],
                              (uint32_t)(row->key[1] >> 2),
                              (enum cpuid_register)(row->key[1] & 3),
                              (uint32_t)value, names);
    return 0;
}

const char *guest_row_words(const struct guest_row *row,
                            const struct guest_row *other,
                            char buf[GUEST_WORDS_ROOM])
{
    const char *names[CPUID_NAMES];
    size_t n, used = 0;

    buf[0] = '\0';
    if (row->part == GUEST_PARAMS)
        return hvm_param_words(row->key[0], row->value, buf,
                               GUEST_WORDS_ROOM);
    n = names_of(row, row->value & ~(other ? other->value : 0), names);
    for (size_t i = 0; i < n && used < GUEST_WORDS_ROOM - 1; i++)
        used += (size_t)snprintf(buf + used, GUEST_WORDS_ROOM - used, "%s%s",
                                 i ? " " : "", names[i]);
    return buf;
}

bool guest_row_is_eax(const struct guest_row *row)
{
    return row->part == GUEST_CPUID && (row->key[1] & 3) == CPUID_A;
}

bool guest_row_moves(const struct guest_row *row)
{
    return row->part == GUEST_TSC && row->key[0] == 2;
}

static bool is_one_of(const char *name, size_t size,
                      const char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(name, size, names[i]))
            return true;
    return false;
}

bool guest_names(enum guest_part part, const char *name, size_t size)
{
    bool number = size > 2 && memcmp(name, "0x", 2) == 0;

    switch (part) {
    case GUEST_CONFIG:
        return is_one_of(name, size, head_keys, HEAD_KEYS) ||
               is_one_of(name, size, key_names, KEY_ROWS) ||
               text_is(name, size, "text");
    case GUEST_TSC:
        return is_one_of(name, size, tsc_keys, TSC_KEYS);
    case GUEST_CPUID:
        return number;
    case GUEST_MSR:
        for (size_t i = 0; i < names_msr.n; i++)
            if (names_msr.words[i].word &&
                text_is(name, size, names_msr.words[i].word))
                return true;
        return number;
    case GUEST_PARAMS:
    case GUEST_PARTS:
    default:
        for (uint64_t i = 0; i < PARAMS_END; i++)
            if (hvm_param_name(i) && text_is(name, size, hvm_param_name(i)))
                return true;
        return false;
    }
}
