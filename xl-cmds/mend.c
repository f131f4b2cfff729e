/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mend.h"
#include "file.h"

#include <string.h>

#define DAMAGED "xl context-convert --damaged FILE NEW"
#define JSON "xl context-convert --to=json FILE NEW.json"
#define EDIT "xl context-edit FILE NEW"

static const struct kind {
    enum { BY_ID, BY_FIRST, BY_WORDS } by;
    const char *text, *command;
} kinds[] = {
#define ID(text, command, why) { BY_ID, text, command },
#define FIRST(text, command, why) { BY_FIRST, text, command },
#define WORDS(text, command, why) { BY_WORDS, text, command },
#include "mend.def"
#undef ID
#undef FIRST
#undef WORDS
};

static bool fits(const struct kind *kind,
                 const struct domctx_message *message)
{
    size_t size = strlen(kind->text);

    if (kind->by == BY_WORDS)
        return strstr(message->mend, kind->text);
    return strncmp(kind->by == BY_ID ? message->id : message->mend,
                   kind->text, size) == 0;
}

const char *mend_command(const struct domctx_message *message)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (fits(&kinds[i], message))
            return kinds[i].command;
    return NULL;
}

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

    if (file && strcmp(file, input_name("-")) == 0)
        file = "-"; /* to be piped in once more */
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
