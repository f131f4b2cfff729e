/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mend.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cure.h"
#include "file.h"
#include "verbs.h"

#define DAMAGED "xl context-convert --damaged FILE NEW"
#define JSON "xl context-convert --to=json FILE NEW.json"
#define EDIT_VERB "xl context-edit "
#define EDIT EDIT_VERB "FILE NEW"

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

static void put_target(FILE *stream, const char *target)
{
    fputs("--target=", stream);
    put_word(stream, target);
}

void mend_lead(FILE *stream, const char *file)
{
    if (file && (strcmp(file, "-") == 0 ||
                 strcmp(file, input_name("-")) == 0))
        fputs("... | ", stream);
}

char *mend_call(const struct session *session, const char *verb,
                const char *target, const char *from, const char *to)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    mend_lead(stream, from);
    fprintf(stream, "%s%s ", session->call, verb);
    if (target) {
        put_target(stream, target);
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

/* Behind "xl context-": fix and check have the target that was typed, and fix
 * a loss that was allowed, unless the words of the cure give another. */
static void put_verb(FILE *stream, const struct session *session,
                     const char **mend, const char *end)
{
    static const char target[] = "--target", loss[] = "--allow-loss";
    bool fixes = take(mend, "fix ");
    const char *quoted;
    size_t size;

    if (!fixes && !take(mend, "check "))
        return;
    quoted = memchr(*mend, '\'', (size_t)(end - *mend));
    size = (size_t)((quoted ? quoted : end) - *mend);
    fputs(fixes ? "fix " : "check ", stream);
    if (fixes && session->given && session->given->option[OPT_ALLOW_LOSS] &&
        !memmem(*mend, size, loss, sizeof(loss) - 1))
        fprintf(stream, "%s ", loss);
    if (session->typed && !memmem(*mend, size, target, sizeof(target) - 1)) {
        put_target(stream, session->typed);
        putc(' ', stream);
    }
}

static void put_release(FILE *stream, const struct session *session,
                        const struct domctx_release *target)
{
    char release[DOMCTX_RELEASE_ROOM];

    put_target(stream, session->typed ? session->typed
                                      : domctx_release_text(target, release));
}

/* Up to the end of a part of a cure. */
static void put_part(FILE *stream, const struct session *session,
                     const char *file, const struct domctx_release *target,
                     const char *mend, const char *end)
{
    static const char anew[] = "--container=xl --target=X.Y";

    while (mend < end) {
        if (file && strcmp(file, "-") == 0 && take(&mend, " <FILE"))
            continue; /* it stands in the pipe */
        if (file && take(&mend, "FILE"))
            put_word(stream, file);
        else if (target && !cure_takes_anew(target) && take(&mend, anew))
            fputs(anew, stream);
        else if (target && take(&mend, "--target=X.Y"))
            put_release(stream, session, target);
        else if (take(&mend, "xl context-")) {
            fputs(session->call, stream);
            put_verb(stream, session, &mend, end);
        } else
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

bool mend_edits(const char *command)
{
    return command && strncmp(command, EDIT_VERB, sizeof(EDIT_VERB) - 1) == 0;
}

void mend_put_row(FILE *stream, const struct session *session,
                  const char *file, const struct domctx_release *target,
                  const struct fold *fold, size_t row, const char *command)
{
    bool piped = file && strcmp(file, input_name("-")) == 0;

    if (mend_edits(command)) {
        fprintf(stream, "%sedit ", session->call);
        fold_put_edit(stream, fold, row);
        command += sizeof(EDIT_VERB) - 1;
        file = piped ? NULL : file; /* it is edited by its name */
    }
    mend_put(stream, session, file, target, command);
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
    const char *file, *in;
    int before;

    if (!decoder)
        return true;
    file = strstr(decoder, "FILE");
    in = strstr(decoder, " <FILE");
    before = (int)(file ? (size_t)((in ? in : file) - decoder)
                        : strlen(decoder));
    snprintf(whole.text, sizeof(whole.text), "%.*s%s -dc FILE | %.*s%s%s",
             (int)(decoder - finding->text), finding->text,
             *tool, before, decoder, in ? "" : file ? "-" : " -",
             file ? file + strlen("FILE") : "");
    *finding = whole;
    return true;
}

/* How it is told, and of which files, is not what the verb does. */
static bool is_done(enum option_id id)
{
    static const enum option_id told[] = {
        OPT_HELP, OPT_JSON, OPT_COLOR, OPT_HTML, OPT_JOBS, OPT_FILES_FROM,
        OPT_FILES0_FROM, OPT_OUTPUT_DIR, OPT_NO_SANDBOX, OPT_EXPLAIN,
    };

    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        if (id == told[i])
            return false;
    return true;
}

/* The options that were typed, each with a space behind; one of the file is
 * one of standard input, too. */
static void put_given(FILE *stream, const struct arguments *given,
                      const struct verb *verb, const char *file)
{
    for (const struct option_row *row = verb->options; row->name; row++) {
        const char *value;
        size_t at = 0;

        if (!is_done(row->id) || !given->option[row->id])
            continue;
        if (!row->argument)
            fprintf(stream, "--%s ", row->name);
        while (row->argument &&
               (value = arguments_next(given, row->id, &at))) {
            fprintf(stream, "--%s=", row->name);
            put_word(stream, file && strcmp(value, file) == 0 ? "-" : value);
            putc(' ', stream);
        }
    }
}

/* Whether it is the save file that a context is put into. */
static bool is_into(const struct arguments *given, const char *file)
{
    const char *into = given ? given->option[OPT_INTO] : NULL;

    return into && strcmp(into, file) == 0;
}

/* The present verb, with standard input instead of the file. */
static void put_piped(FILE *stream, const struct session *session,
                      const char *file)
{
    static const struct { const char *verb, *to; } verbs[] = {
        { "show", "" },
        { "diagnose", "" },
        { "convert", " NEW" },
        { "fix", " NEW" },
        { "check", "" }, /* also for one that is none of these */
    };
    const size_t last = sizeof(verbs) / sizeof(verbs[0]) - 1;
    const struct arguments *given = session->given;
    const char *verb = session->verb;
    size_t i = 0;

    while (i < last && (!verb || strcmp(verb, verbs[i].verb) != 0))
        i++;
    fprintf(stream, "%s%s ", session->call, verbs[i].verb);
    if (given && verb && strcmp(verb, verbs[i].verb) == 0)
        put_given(stream, given, verb_find(verb), file);
    put_word(stream, file && is_into(given, file) ? given->operand[0] : "-");
    fputs(verbs[i].to, stream);
}

/* The file's name stands where the command has it, or else at the end. */
void mend_decode(FILE *stream, const struct session *session,
                 const char *file, const char *decoder)
{
    mend_put(stream, session, file, NULL, decoder);
    if (!strstr(decoder, "FILE"))
        mend_put(stream, session, file, NULL, " FILE");
}

void mend_pipe(FILE *stream, const struct session *session, const char *file,
               const char *decoder)
{
    mend_decode(stream, session, file, decoder);
    fputs(" | ", stream);
    put_piped(stream, session, file);
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
