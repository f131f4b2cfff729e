/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of xl's configurations that decide about a restore. */
#ifndef CONVERT_CONTAINER_KEYS_H
#define CONVERT_CONTAINER_KEYS_H

#include "container/source.h"
#include "base/json.h"

/* The path of keys to a token of libxl's JSON.  Initialise to zeros. */
#define KEYS_DEPTH 4
struct keys_path {
    char key[KEYS_DEPTH][32];
};

/* Take the next token of libxl_domain_config. */
void keys_token(struct domctx_keys *keys, struct keys_path *path,
                const struct json_token *token);

/* Take a line of an xl configuration file. */
void keys_line(struct domctx_keys *keys, const char *line, size_t size);

/* Read a decimal number, with or without blanks around it; 0 if malformed. */
uint32_t keys_number(const char *text, size_t size);

#endif /* CONVERT_CONTAINER_KEYS_H */
