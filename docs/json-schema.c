/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json-schema: prints the schema of our JSON, for the file that is
 * installed. */
#include <domctx.h>
#include <stdio.h>
#include <stdlib.h>

static int put(void *arg, const char *text, size_t size)
{
    (void)arg;
    return fwrite(text, 1, size, stdout) != size;
}

int main(void)
{
    return domctx_json_schema(put, NULL, NULL) || fflush(stdout)
               ? EXIT_FAILURE
               : EXIT_SUCCESS;
}
