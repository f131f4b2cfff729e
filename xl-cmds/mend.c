/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mend.h"

#include <string.h>

/* Whether the text goes on with that word; if so it is behind it. */
static bool take(const char **at, const char *word)
{
    size_t size = strlen(word);

    if (strncmp(*at, word, size) != 0)
        return false;
    *at += size;
    return true;
}

void mend_put(FILE *stream, const struct session *session, const char *file,
              const struct domctx_release *target, const char *mend)
{
    char release[DOMCTX_RELEASE_ROOM];

    while (*mend) {
        if (file && take(&mend, "FILE"))
            put_clean(stream, file);
        else if (target && take(&mend, "--target=X.Y"))
            fprintf(stream, "--target=%s",
                    domctx_release_text(target, release));
        else if (take(&mend, "xl context-"))
            fputs(session->call, stream);
        else
            putc(*mend++, stream);
    }
}
