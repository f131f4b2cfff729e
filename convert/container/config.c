/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the domain's configuration in a container. */
#include "container/source.h"
#include "container/guest.h"
#include "container/keys.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* libxl's JSON has these members in "c_info". */
struct reading {
    struct domctx_source_info *info;
    struct keys_path path;
    bool in_c_info;
    enum { OTHER, C_INFO, NAME, UUID, TYPE } value;
};

static void take_value(struct reading *reading,
                       const struct json_token *token)
{
    struct domctx_source_info *info = reading->info;

    if (token->kind != JSON_STRING)
        return;
    if (reading->value == NAME)
        guest_name(info, token->text, token->size);
    else if (reading->value == UUID)
        guest_uuid(info, token->text, token->size);
    else if (reading->value == TYPE)
        guest_kind(info, token->text, token->size);
}

static int read_token(void *arg, const struct json_token *token)
{
    struct reading *reading = arg;

    keys_token(&reading->info->domain.keys, &reading->path, token);
    if (token->depth == 1 && token->kind == JSON_KEY) {
        reading->value = json_is(token, "c_info") ? C_INFO : OTHER;
    } else if (token->depth == 1) {
        reading->in_c_info = token->kind == JSON_OBJECT &&
                             reading->value == C_INFO;
    } else if (token->depth == 2 && reading->in_c_info) {
        if (token->kind != JSON_KEY)
            take_value(reading, token);
        reading->value = token->kind != JSON_KEY  ? OTHER
                         : json_is(token, "name") ? NAME
                         : json_is(token, "uuid") ? UUID
                         : json_is(token, "type") ? TYPE
                                                  : OTHER;
    }
    return 0;
}

/* libxl takes no default for the type.  What has no b_info is no whole
 * configuration, and a word that is no type is told as such. */
static void find_untyped(struct domctx_source_info *info)
{
    struct domctx_keys *keys = &info->domain.keys;

    keys->untyped = keys->known && info->guest == DOMCTX_GUEST_UNKNOWN;
    for (size_t i = 0; i < keys->n_odd; i++)
        keys->untyped = keys->untyped &&
                        strcmp(keys->odd[i].key, "c_info/type") != 0;
}

int domctx_keys_read(const char *json, size_t size, struct domctx_keys *keys,
                     enum domctx_guest *type, domctx_report *report)
{
    struct domctx_source_info *info = calloc(1, sizeof(*info));
    struct reading reading = { .info = info };
    struct json_error error;
    enum json_result result;

    if (!info)
        return msg_no_memory(report, sizeof(*info));
    result = json_parse(json, size, read_token, &reading, &error);
    find_untyped(info);
    *keys = info->domain.keys;
    if (type)
        *type = info->guest;
    free(info);
    if (result == JSON_NO_MEMORY)
        return msg_no_memory(report, size);
    if (result == JSON_OK)
        return 0;
    msg_raise(report, MSG_SOURCE_CONFIG, NULL,
              "the configuration is no JSON: %s", error.text);
    return -1;
}

static int read_json(struct domctx_source *source, size_t size)
{
    struct reading reading = { .info = &source->info };
    struct msg_at at = source_here(source);
    struct json_error error;

    switch (json_parse(source->config, size, read_token, &reading, &error)) {
    case JSON_OK:
        find_untyped(&source->info);
        return 0;
    case JSON_NO_MEMORY:
        return msg_no_memory(source->report, size);
    case JSON_STOPPED:
    case JSON_SYNTAX:
    default:
        source->info.domain.keys.unread = true;
        return msg_raise(source->report, MSG_SOURCE_CONFIG, &at,
                         "the configuration is no JSON: %s", error.text);
    }
}

/* Read a line of an xl configuration file: key = "value" or 'value', with or
 * without blanks before it. */
static void read_line(struct domctx_source_info *info, const char *line,
                      size_t size)
{
    const char *end = line + size, *value;
    const char *key = line + strspn(line, " \t");
    size_t key_size = strspn(key, "abcdefghijklmnopqrstuvwxyz_");
    char quote;

    for (value = key + key_size; value < end && strchr(" \t=", *value);
         value++)
        ;
    if (value >= end || (*value != '"' && *value != '\''))
        return;
    quote = *value++;
    for (size = 0; value + size < end && value[size] != quote; size++)
        ;
    if (value + size == end)
        return;
    if (key_size == 4 && memcmp(key, "name", 4) == 0)
        guest_name(info, value, size);
    else if (key_size == 4 && memcmp(key, "uuid", 4) == 0)
        guest_uuid(info, value, size);
    else if ((key_size == 7 && memcmp(key, "builder", 7) == 0) ||
             (key_size == 4 && memcmp(key, "type", 4) == 0))
        guest_kind(info, value, size);
}

/* xl's default is a PV guest (xl_parse.c; before 4.10 xl_cmdimpl.c), but for a
 * word that is refused anyway.  What has neither memory nor kind is no whole
 * configuration. */
static void default_kind(struct domctx_source_info *info)
{
    const struct domctx_keys *keys = &info->domain.keys;

    for (size_t i = 0; i < keys->n_odd; i++)
        if (strcmp(keys->odd[i].key, "type") == 0 ||
            strcmp(keys->odd[i].key, "builder") == 0)
            return;
    if (info->guest == DOMCTX_GUEST_UNKNOWN && keys->known)
        info->guest = DOMCTX_GUEST_PV;
}

static void read_xl(struct domctx_source *source)
{
    const char *line = source->config;

    while (*line) {
        size_t size = strcspn(line, "\n");

        read_line(&source->info, line, size);
        keys_line(&source->info.domain.keys, line, size);
        line += size + (line[size] == '\n');
    }
    default_kind(&source->info);
}

static int read_config(struct domctx_source *source, enum domctx_config kind,
                       size_t size)
{
    struct domctx_source_info *info = &source->info;

    switch (kind) {
    case DOMCTX_CONFIG_JSON:
        return read_json(source, size);
    case DOMCTX_CONFIG_XL:
        read_xl(source);
        return 0;
    case DOMCTX_CONFIG_XML:
        guest_from_xml(info, source->config, size);
        return 0;
    case DOMCTX_CONFIG_SXP:
    case DOMCTX_CONFIG_NONE:
    default:
        guest_from_sxp(info, source->config, size);
        return 0;
    }
}

int source_config(struct domctx_source *source, enum domctx_config kind,
                  uint64_t size)
{
    struct msg_at at = source_here(source);
    struct held held;

    source->info.config_kind = kind;
    if (size > SOURCE_CONFIG_MAX) {
        at.expected = (struct msg_value)DEC(SOURCE_CONFIG_MAX);
        at.found = (struct msg_value)DEC(size);
        msg_raise(source->report, MSG_SOURCE_CONFIG_LARGE, &at,
                  "the configuration is too large to be looked at");
        return source_skip(source, size);
    }
    if (source_hold(source, size, &held) < 0)
        return -1;
    free(source->config);
    source->config = (char *)held.p;
    source->info.config = source->config;
    /* xl counts the NUL after its JSON */
    if (size > 0 && held.p[size - 1] == '\0')
        size--;
    source->info.config_size = size;
    if (read_config(source, kind, size) < 0)
        return -1;
    if (source->info.left_out)
        msg_raise(source->report, MSG_SOURCE_NAME, &at,
                  "the name or uuid in the configuration is too long, or has "
                  "what no such has: it is left out");
    return 0;
}

void source_is_hvm(struct domctx_source *source)
{
    struct msg_at at = source_here(source);

    at.field = "type";
    if (source->info.guest == DOMCTX_GUEST_PV)
        msg_raise(source->report, MSG_LIBXC_GUEST, &at,
                  "an HVM guest, and the configuration has a PV guest");
    if (source->info.guest != DOMCTX_GUEST_PVH)
        source->info.guest = DOMCTX_GUEST_HVM;
}

int source_pv(struct domctx_source *source)
{
    struct msg_at at = source_here(source);

    source->info.guest = DOMCTX_GUEST_PV;
    return msg_raise(source->report, MSG_SOURCE_PV, &at,
                     "this is a PV guest, it has no HVM context");
}
