/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One table of keys, for libxl's JSON and for xl's configuration files.  A
 * value that libxl would not understand counts as not set.
 */
#include "container/keys.h"
#include "base/chars.h"
#include "catalogue/config-words.h"

#include <string.h>

enum key_kind {
    KEY_NUMBER,      /* uint32_t */
    KEY_ANSWER,      /* enum domctx_answer */
    KEY_WORD,        /* char[32] */
    KEY_MODE,        /* enum domctx_answer: any word but "disabled" */
    KEY_GROUPS,      /* bool: a list with elements */
    KEY_PRESENT,     /* bool: present, with any value */
    KEY_DEVICES,     /* bool: a list with objects */
};

#define AT(member) offsetof(struct domctx_keys, member)
static const struct key {
    const char *json;  /* NULL: none */
    const char *xl;
    enum key_kind kind;
    size_t at;
} keys_known[] = {
    /* every description of a domain has one of them */
    { NULL, "memory", KEY_PRESENT, AT(known) },
    { NULL, "builder", KEY_PRESENT, AT(known) },
    { NULL, "type", KEY_PRESENT, AT(known) },
    { "b_info/max_vcpus", "maxvcpus", KEY_NUMBER, AT(max_vcpus) },
    { NULL, "vcpus", KEY_NUMBER, AT(max_vcpus) },
    { "c_info/hap", "hap", KEY_ANSWER, AT(hap) },
    { "c_info/pvh", "pvh", KEY_ANSWER, AT(pvh) },
    { "b_info/nested_hvm", "nestedhvm", KEY_ANSWER, AT(nested_hvm) },
    { "b_info/type.hvm/nested_hvm", NULL, KEY_ANSWER, AT(nested_hvm) },
    { "b_info/type.hvm/viridian", "viridian", KEY_ANSWER, AT(viridian) },
    { "b_info/type.hvm/viridian_enable", "viridian", KEY_GROUPS,
      AT(viridian_groups) },
    { "b_info/type.hvm/viridian_disable", NULL, KEY_GROUPS,
      AT(viridian_groups) },
    { "b_info/device_model_version", "device_model_version", KEY_WORD,
      AT(device_model) },
    { "b_info/device_model_stubdomain", "device_model_stubdomain_override",
      KEY_ANSWER, AT(stubdomain) },
    { "b_info/type.hvm/bios", "bios", KEY_WORD, AT(bios) },
    { "b_info/tsc_mode", "tsc_mode", KEY_WORD, AT(tsc_mode) },
    { "b_info/type.hvm/pae", "pae", KEY_ANSWER, AT(pae) },
    { "c_info/passthrough", "passthrough", KEY_MODE, AT(passthrough) },
    { "pcidevs", NULL, KEY_DEVICES, AT(devices) },
    { "dtdevs", NULL, KEY_DEVICES, AT(devices) },
    { "b_info/altp2m", "altp2m", KEY_MODE, AT(altp2m) },
    { "b_info/type.hvm/altp2m", "altp2mhvm", KEY_ANSWER, AT(altp2m) },
};
#undef AT
#define N_KEYS (sizeof(keys_known) / sizeof(keys_known[0]))

/* -- values -------------------------------------------------------------- */

uint32_t keys_number(const char *text, size_t size)
{
    uint32_t value = 0;

    for (; size > 0 && char_is_space(text[size - 1]); size--)
        ;
    for (; size > 0 && char_is_space(*text); size--)
        text++;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || value > UINT32_MAX / 10 - 1)
            return 0;
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    return value;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    if (size != strlen(word))
        return false;
    for (size_t i = 0; i < size; i++)
        if (char_lower(text[i]) != word[i])
            return false;
    return true;
}

/* Copy a word in JSON's spelling: xl's files have '-' where JSON has '_'. A
 * value that is too long, or not a word, counts as not set. */
static void set_word(char word[32], const char *text, size_t size)
{
    if (size >= 32)
        return;
    for (size_t i = 0; i < size; i++) {
        char c = text[i] == '-' ? '_' : char_lower(text[i]);

        if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return;
    }
    for (size_t i = 0; i < size; i++)
        word[i] = text[i] == '-' ? '_' : char_lower(text[i]);
    word[size] = '\0';
}

static void set_answer(enum domctx_answer *answer, const char *text,
                       size_t size)
{
    if (is_word(text, size, "true") || is_word(text, size, "1"))
        *answer = DOMCTX_YES;
    else if (is_word(text, size, "false") || is_word(text, size, "0"))
        *answer = DOMCTX_NO;
}

/* libxl_altp2m_mode, for which xl accepts numbers, too; libxl_passthrough. */
static void set_mode(enum domctx_answer *answer, const char *text,
                     size_t size)
{
    static const char *const on[] = { "mixed", "external", "limited", "1",
                                      "2", "3", "enabled", "sync_pt",
                                      "share_pt" };

    if (is_word(text, size, "disabled") || is_word(text, size, "0"))
        *answer = DOMCTX_NO;
    for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
        if (is_word(text, size, on[i]))
            *answer = DOMCTX_YES;
}

static void set(struct domctx_keys *keys, const struct key *key,
                const char *text, size_t size)
{
    void *at = (char *)keys + key->at;

    switch (key->kind) {
    case KEY_NUMBER:
        *(uint32_t *)at = keys_number(text, size);
        break;
    case KEY_ANSWER:
        set_answer(at, text, size);
        break;
    case KEY_WORD:
        set_word(at, text, size);
        break;
    case KEY_MODE:
        set_mode(at, text, size);
        break;
    case KEY_PRESENT:
        *(bool *)at = true;
        break;
    case KEY_GROUPS:
    case KEY_DEVICES:
    default:
        break;
    }
}

/* Keep the word of a key that not every release knows.  Of what is in no
 * word '?' is left. */
static void take_odd(struct domctx_keys *keys, const struct config_key *key,
                     const char *text, size_t size)
{
    struct domctx_odd_word odd = { .key = key->path };

    if (size >= sizeof(odd.word))
        size = sizeof(odd.word) - 1;
    for (size_t i = 0; i < size; i++)
        odd.word[i] = text[i] > ' ' && text[i] < 0x7f ? char_lower(text[i])
                                                      : '?';
    if (!config_word_known(key, odd.word, 0) &&
        keys->n_odd < DOMCTX_ODD_MAX)
        keys->odd[keys->n_odd++] = odd;
}

/* -- JSON ---------------------------------------------------------------- */

static bool is_path(const struct keys_path *path, unsigned int depth,
                    const char *words)
{
    for (unsigned int i = 0; i < depth; i++) {
        size_t n = strcspn(words, "/");

        if (strlen(path->key[i]) != n ||
            memcmp(path->key[i], words, n) != 0)
            return false;
        words += n;
        if (!*words)
            return i + 1 == depth;
        words++;
    }
    return false;
}

static const char *text_of(const struct json_token *token, size_t *size)
{
    *size = token->size;
    switch (token->kind) {
    case JSON_TRUE:
        *size = 4;
        return "true";
    case JSON_FALSE:
        *size = 5;
        return "false";
    case JSON_STRING:
    case JSON_NUMBER:
        return token->text;
    case JSON_OBJECT:
    case JSON_OBJECT_END:
    case JSON_ARRAY:
    case JSON_ARRAY_END:
    case JSON_KEY:
    case JSON_NULL:
    default:
        return NULL;
    }
}

/* Whether the token has the type of the key: a number in a string, for one,
 * does not count. */
static bool is_right(const struct key *key, enum json_kind kind)
{
    switch (key->kind) {
    case KEY_NUMBER:
        return kind == JSON_NUMBER;
    case KEY_ANSWER:
        return kind == JSON_TRUE || kind == JSON_FALSE ||
               kind == JSON_STRING;
    case KEY_WORD:
    case KEY_MODE:
        return kind == JSON_STRING;
    case KEY_GROUPS:
    case KEY_PRESENT:
    case KEY_DEVICES:
    default:
        return false;
    }
}

static void take(struct domctx_keys *keys, const struct keys_path *path,
                 const struct json_token *token)
{
    size_t size;
    const char *text = text_of(token, &size);

    for (size_t i = 0; i < N_KEYS; i++) {
        const struct key *key = &keys_known[i];

        if (!key->json)
            continue;
        if (text && is_right(key, token->kind) &&
            is_path(path, token->depth, key->json))
            set(keys, key, text, size);
        /* an element of the list */
        if (text && key->kind == KEY_GROUPS && token->depth > 1 &&
            !*path->key[token->depth - 1] &&
            is_path(path, token->depth - 1, key->json))
            *(bool *)((char *)keys + key->at) = true;
    }
}

/* Note an object in a list of devices. */
static void take_object(struct domctx_keys *keys,
                        const struct keys_path *path, unsigned int depth)
{
    for (size_t i = 0; depth > 1 && depth <= KEYS_DEPTH && i < N_KEYS; i++)
        if (keys_known[i].kind == KEY_DEVICES && !*path->key[depth - 1] &&
            is_path(path, depth - 1, keys_known[i].json))
            *(bool *)((char *)keys + keys_known[i].at) = true;
}

static void take_words(struct domctx_keys *keys,
                       const struct keys_path *path,
                       const struct json_token *token)
{
    for (size_t i = 0; token->kind == JSON_STRING && i < n_config_keys; i++)
        if (config_keys[i].part != CONFIG_TEXT &&
            is_path(path, token->depth, config_keys[i].path))
            take_odd(keys, &config_keys[i], token->text, token->size);
}

void keys_token(struct domctx_keys *keys, struct keys_path *path,
                const struct json_token *token)
{
    unsigned int depth = token->depth;
    size_t room = sizeof(path->key[0]);

    if (token->kind == JSON_KEY && depth > 0 && depth <= KEYS_DEPTH) {
        size_t size = token->size < room ? token->size : 0;

        memcpy(path->key[depth - 1], token->text, size);
        path->key[depth - 1][size] = '\0';
        return;
    }
    if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY) {
        if (token->kind == JSON_OBJECT)
            take_object(keys, path, depth);
        if (depth < KEYS_DEPTH)
            path->key[depth][0] = '\0';
        keys->known = keys->known ||
                      (token->kind == JSON_OBJECT && depth == 1 &&
                       is_path(path, 1, "b_info"));
        return;
    }
    if (depth > 0 && depth <= KEYS_DEPTH) {
        take(keys, path, token);
        take_words(keys, path, token);
    }
}

/* -- xl's own language --------------------------------------------------- */

/* The value after "key =", without quotes; a list begins with '['. */
static const char *value_of(const char *p, const char *end, size_t *size)
{
    const char *begin;
    char quote = '\0';

    for (; p < end && (char_is_space(*p) || *p == '='); p++)
        ;
    if (p < end && (*p == '"' || *p == '\''))
        quote = *p++;
    begin = p;
    while (p < end && (quote ? *p != quote
                             : !char_is_space(*p) && *p != '#' && *p != ';'))
        p++;
    *size = (size_t)(p - begin);
    return begin;
}

void keys_line(struct domctx_keys *keys, const char *line, size_t size)
{
    const char *end = line + size, *value;
    const char *name = line;
    size_t name_size;

    for (; name < end && char_is_space(*name); name++)
        ;
    for (name_size = 0; name + name_size < end &&
         (name[name_size] == '_' ||
          (name[name_size] >= 'a' && name[name_size] <= 'z')); name_size++)
        ;
    value = value_of(name + name_size, end, &size);
    for (size_t i = 0; name_size && size && i < n_config_keys; i++)
        if (config_keys[i].part == CONFIG_TEXT &&
            is_word(name, name_size, config_keys[i].path))
            take_odd(keys, &config_keys[i], value, size);
    for (size_t i = 0; name_size && i < N_KEYS; i++) {
        const struct key *key = &keys_known[i];

        if (!key->xl || !is_word(name, name_size, key->xl))
            continue;
        if (key->kind == KEY_GROUPS)
            *(bool *)((char *)keys + key->at) = size > 0 && *value == '[';
        else if (key->kind != KEY_NUMBER || strcmp(key->xl, "vcpus") != 0 ||
                 keys->max_vcpus == 0)
            set(keys, key, value, size);
    }
}
