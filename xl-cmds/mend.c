/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mend.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "file.h"

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

/* Text as a shell takes it between double quotes.  What is hidden, and what
 * an interactive shell takes for its history, stands beside them. */
static void put_quoted(FILE *stream, const char *text)
{
    for (size_t left = strlen(text), n; left > 0; text += n, left -= n) {
        n = utf8_shown(text, left);
        if (n == 0) {
            n = 1;
            fprintf(stream, "\"$'\\x%02x'\"", (unsigned char)*text);
        } else if (*text == '!') {
            fputs("\"\\!\"", stream);
        } else {
            if (strchr("\"$\\`", *text))
                putc('\\', stream);
            fwrite(text, 1, n, stream);
        }
    }
}

/* In double quotes, as cures stand in single ones. */
void put_word(FILE *stream, const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789%+,-./:=@_~";
    const char *lead = name[0] == '-' && name[1] ? "./" : "";

    fputs(lead, stream);
    if (*name && name[0] != '~' && !name[strspn(name, plain)]) {
        fputs(name, stream);
        return;
    }
    putc('"', stream);
    put_quoted(stream, name);
    putc('"', stream);
}

char *mend_call(const struct session *session, const char *verb,
                const char *target, const char *from, const char *to)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    fprintf(stream, "%s%s ", session->call, verb);
    if (target) {
        fputs("--target=", stream);
        put_word(stream, target);
        putc(' ', stream);
    }
    put_word(stream, from);
    if (to) {
        putc(' ', stream);
        put_word(stream, to);
    }
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

/* domctx_source_rewrite() writes for releases since 4.6. */
static bool takes_anew(const struct domctx_release *target)
{
    return target->xen_major > 4 ||
           (target->xen_major == 4 && target->xen_minor >= 6);
}

bool mend_in_vain(const struct session *session, const char *text,
                  size_t size)
{
    for (size_t i = 0; i < IN_VAIN; i++)
        if (session->in_vain[i] &&
            memmem(text, size, session->in_vain[i],
                   strlen(session->in_vain[i])))
            return true;
    return false;
}

/* Up to the end of a part of a cure. */
static void put_part(FILE *stream, const struct session *session,
                     const char *file, const struct domctx_release *target,
                     const char *mend, const char *end)
{
    static const char anew[] = "--container=xl --target=X.Y";
    char release[DOMCTX_RELEASE_ROOM];

    while (mend < end) {
        if (file && strcmp(file, "-") == 0 && take(&mend, " <FILE"))
            continue; /* it stands in the pipe */
        if (file && take(&mend, "FILE"))
            put_word(stream, file);
        else if (target && !takes_anew(target) && take(&mend, anew))
            fputs(anew, stream);
        else if (target && take(&mend, "--target=X.Y"))
            fprintf(stream, "--target=%s",
                    domctx_release_text(target, release));
        else if (take(&mend, "xl context-"))
            fputs(session->call, stream);
        else
            putc(*mend++, stream);
    }
}

void mend_put(FILE *stream, const struct session *session, const char *file,
              const struct domctx_release *target, const char *mend)
{
    static const char between[] = "; ";
    bool first = true;

    if (!target)
        target = session->target;
    if (file && strcmp(file, input_name("-")) == 0)
        file = "-"; /* to be piped in once more */
    while (*mend) {
        const char *end = strstr(mend, between);
        const char *next = end ? end + strlen(between)
                               : mend + strlen(mend);

        end = end ? end : next;
        if (!mend_in_vain(session, mend, (size_t)(end - mend))) {
            if (first)
                take(&mend, "or "); /* what it is another way beside */
            else
                fputs(between, stream);
            put_part(stream, session, file, target, mend, end);
            first = false;
        }
        mend = next;
    }
}

const char *mend_decoder(const struct domctx_finding *finding)
{
    static const char *const ids[] = { "kind-archive", "kind-coded",
                                       "kind-compressed", "kind-encrypted",
                                       "kind-shifted",
                                       "source-inner-other" };
    const char *colon = strstr(finding->text, ": ");

    for (size_t i = 0; colon && i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strcmp(finding->id, ids[i]) == 0)
            return colon + 2;
    return NULL;
}

bool mend_packed(struct domctx_finding *finding, void *arg)
{
    const char *const *tool = arg;
    const char *decoder = mend_decoder(finding);
    struct domctx_finding whole = *finding;
    const char *file;
    int before;

    if (!decoder)
        return true;
    file = strstr(decoder, "FILE");
    before = (int)(file ? (size_t)(file - decoder) : strlen(decoder));
    snprintf(whole.text, sizeof(whole.text), "%.*s%s -dc FILE | %.*s%s%s",
             (int)(decoder - finding->text), finding->text,
             *tool, before, decoder, file ? "-" : " -",
             file ? file + strlen("FILE") : "");
    *finding = whole;
    return true;
}

/* The present verb, with standard input instead of the file. */
static const char *verb_of_pipe(const struct session *session)
{
    static const struct { const char *verb, *call; } verbs[] = {
        { "show", "show -" },
        { "diagnose", "diagnose -" },
        { "convert", "convert - NEW" },
        { "fix", "fix - NEW" },
    };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (session->verb && strcmp(session->verb, verbs[i].verb) == 0)
            return verbs[i].call;
    return "check -";
}

/* The file's name stands where the command has it, or else at the end. */
void mend_pipe(FILE *stream, const struct session *session, const char *file,
               const char *decoder)
{
    mend_put(stream, session, file, NULL, decoder);
    if (!strstr(decoder, "FILE"))
        mend_put(stream, session, file, NULL, " FILE");
    fprintf(stream, " | %s%s", session->call, verb_of_pipe(session));
}

/* A quote that is no apostrophe, on that side of a word. */
static const char *quote(const char *at, bool opens)
{
    const char *start = at;

    for (; (at = strchr(at, '\'')); at++) {
        char beside = opens ? (at > start ? at[-1] : ' ') : at[1];

        if (!isalnum((unsigned char)beside))
            return at;
    }
    return NULL;
}

bool mend_quoted(const char **mend, const char **at, size_t *size)
{
    const char *open, *shut;

    while ((open = quote(*mend, true)) && (shut = quote(open + 1, false))) {
        *mend = shut + 1;
        *at = open + 1;
        *size = (size_t)(shut - open - 1);
        if (memchr(*at, ' ', *size))
            return true;
    }
    return false;
}
