/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of JSON tokens. */
#include "base/chars.h"
#include "base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool json_is(const struct json_token *token, const char *word)
{
    return text_is(token->text, token->size, word);
}

bool json_take_number(const struct json_token *token, uint64_t max,
                      uint64_t *value)
{
    char digits[24], *end;
    unsigned long long number;
    int base = 10;

    if (token->size == 0 || token->size >= sizeof(digits))
        return false;
    memcpy(digits, token->text, token->size);
    digits[token->size] = '\0';
    if (token->kind == JSON_STRING) {
        if (digits[0] != '0' || digits[1] != 'x' ||
            strspn(digits + 2, "0123456789abcdefABCDEF") + 2 != token->size)
            return false;
        base = 16;
    } else if (token->kind != JSON_NUMBER ||
               strspn(digits, "0123456789") != token->size) {
        return false;
    }
    errno = 0;
    number = strtoull(digits, &end, base);
    if (errno || *end || end == digits || number > max)
        return false;
    *value = number;
    return true;
}

bool json_take_text(const struct json_token *token, char *to, size_t size)
{
    if (token->kind != JSON_STRING || token->size >= size ||
        memchr(token->text, '\0', token->size))
        return false;
    memcpy(to, token->text, token->size);
    to[token->size] = '\0';
    return true;
}
