/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turning one record of a JSON document into bytes: its name and instance. */
#include "document/filling.h"
#include "base/chars.h"
#include "document/document.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

/* The members that every record may have, in the order of the enumeration. */
static const struct {
    const char *key;
    size_t size;
} own[M_COUNT] = {
#define KEY(key) { (key), sizeof(key) - 1 }
    KEY(KEY_RECORD), KEY(KEY_INSTANCE), KEY(KEY_CLAIMED), KEY(KEY_LENGTH),
    KEY(KEY_TAIL), KEY(KEY_YMM_HIGH), KEY(KEY_REST), KEY(KEY_HEX),
    KEY(KEY_PROVENANCE), KEY(KEY_TEXT), KEY(KEY_RECORDS), KEY(KEY_AFTER_END),
#undef KEY
};

static int own_member(const struct json_token *key)
{
    for (int i = 0; i < M_COUNT; i++)
        if (key->size == own[i].size &&
            memcmp(key->text, own[i].key, key->size) == 0)
            return i;
    return M_COUNT;
}

bool filling_is_own(const struct json_token *key)
{
    return own_member(key) != M_COUNT;
}

bool filling_has(const struct filling *filling, int member)
{
    return filling->has & BIT(member);
}

struct json_token filling_token(const struct filling *filling, int member)
{
    struct json_token token = { .kind = JSON_NULL };
    size_t at = filling->value[member];

    json_next(filling->kept, &at, &token);
    return token;
}

int filling_refuse(const struct filling *filling, enum msg_id id, int member,
                   const char *text)
{
    struct json_place place = { filling->place, own[member].key,
                                own[member].size, 0 };

    return json_refuse(filling->fill->report, id, &place, &filling->at, text);
}

/* Find these members in the record. */
static int scan(struct filling *filling)
{
    size_t at = filling->first;
    struct json_token key;

    while (json_next(filling->kept, &at, &key)) {
        int member = own_member(&key);

        if (member == M_COUNT) {
            filling->has_fields = true;
            filling->other =
                (struct json_place){ filling->place, key.text, key.size, 0 };
        } else if (filling_has(filling, member)) {
            return filling_refuse(filling, MSG_JSON_MEMBER_TWICE, member,
                                  "a member is there twice");
        } else {
            filling->has |= BIT(member);
            filling->value[member] = at;
        }
        json_skip(filling->kept, &at);
    }
    return 0;
}

int filling_number(const struct filling *filling, int member, uint64_t *value)
{
    struct json_token token = filling_token(filling, member);
    enum msg_id id;

    if (!filling_has(filling, member))
        return filling_refuse(filling, MSG_JSON_MEMBER_MISSING, member,
                              "a member is missing");
    if (json_number(&token, 32, false, value, &id))
        return 0;
    return filling_refuse(filling, id, member,
                          id == MSG_JSON_RANGE ? "the number is out of range"
                                               : "a whole number is wanted");
}

/* -- which record ------------------------------------------------------ */

static bool find_typecode(const struct json_token *token, uint32_t *typecode)
{
    const size_t prefix = strlen(TYPECODE_PREFIX);
    struct json_token number = { JSON_NUMBER, 0, token->text + prefix, 0 };
    enum msg_id id;
    uint64_t value;

    for (size_t i = 0; i < cat_table_size; i++) {
        *typecode = cat_table[i].typecode;
        if (*typecode != DOMCTX_HVM_END &&
            text_is(token->text, token->size, cat_table[i].name))
            return true;
    }
    if (token->size <= prefix ||
        memcmp(token->text, TYPECODE_PREFIX, prefix) != 0)
        return false;
    number.size = token->size - prefix;
    if (!json_number(&number, 16, false, &value, &id) || value == 0)
        return false;
    *typecode = (uint32_t)value;
    return true;
}

static bool find_type(const struct json_fill *fill,
                      const struct json_token *token, uint32_t *type)
{
    for (size_t i = 0; !fill->in_blob && i < cat_image_table_size; i++) {
        *type = cat_image_table[i].typecode;
        if (text_is(token->text, token->size, cat_image_table[i].name))
            return true;
    }
    *type = DOMCTX_HVM_END;
    if (fill->in_blob && text_is(token->text, token->size, NAME_END))
        return true;
    if (!find_typecode(token, type))
        return false;
    if (!fill->in_blob)
        *type = DOMCTX_HVM_RECORD(*type);
    return true;
}

/* A legacy descriptor has 16 bits for it. */
#define LAST_INSTANCE UINT16_MAX

static int take_identity(struct filling *filling)
{
    struct json_fill *fill = filling->fill;
    struct json_token name = filling_token(filling, M_RECORD);
    uint64_t instance;

    if (!filling_has(filling, M_RECORD))
        return filling_refuse(filling, MSG_JSON_MEMBER_MISSING, M_RECORD,
                              "a member is missing");
    if (name.kind != JSON_STRING || !find_type(fill, &name, &fill->type))
        return filling_refuse(filling, MSG_JSON_RECORD, M_RECORD,
                              "no record has this name");
    filling->known = fill->in_blob ? cat_record(fill->type)
                                   : cat_record_of_type(fill->type);
    filling->at.record = filling->known ? filling->known->name : "typecode";
    if (!filling->known)
        filling->at.typecode =
            fill->in_blob ? fill->type : type_to_hvm(fill->type);
    if (filling_number(filling, M_INSTANCE, &instance))
        return -1;
    if (instance > LAST_INSTANCE && (fill->in_blob || type_is_hvm(fill->type)))
        return filling_refuse(filling, MSG_JSON_RANGE, M_INSTANCE,
                              "a legacy record has no such instance");
    fill->instance = (uint32_t)instance;
    filling->at.has_instance = true;
    filling->at.instance = fill->instance;
    return 0;
}

int json_fill(struct json_fill *fill, const struct json_kept *kept,
              size_t first, const struct json_place *place)
{
    struct filling filling = {
        .fill = fill,
        .kept = kept,
        .place = place,
        .first = first,
    };

    if (scan(&filling) || take_identity(&filling) || filling_body(&filling))
        return -1;
    fill->claimed = fill->length;
    return filling_has(&filling, M_CLAIMED)
               ? filling_number(&filling, M_CLAIMED, &fill->claimed)
               : 0;
}

void json_fill_free(struct json_fill *fill)
{
    shapes_free(&fill->shapes);
    free(fill->body);
    free(fill->seen);
    free(fill->rest_seen);
}
