/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-cure.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mend.h"
#include "message-ids.h"

/* ------------------------------------------------------------------ */
/* Words                                                               */
/* ------------------------------------------------------------------ */

/* Whether it is to be edited for a target that does not take it even so. */
static bool edits_in_vain(const struct told *told,
                          const struct domctx_message *message)
{
    return told->needs_other && mend_edits(mend_command(message));
}

const char *told_mend(const struct told *told,
                      const struct domctx_finding *finding)
{
    const struct domctx_message *message = domctx_message_find(finding->id);

    if (!message || mend_decoder(finding) || edits_in_vain(told, message) ||
        (told->endless && finding->severity == DOMCTX_DAMAGED) ||
        (cure_converts(finding) && told->cure->kind != CURE_NOT_ASKED) ||
        (finding->severity >= DOMCTX_ERROR && told->cure->kind == CURE_FREE))
        return NULL;
    return message->mend;
}

/* The command for an error that its cure stands for, or NULL: one that mends
 * all of it is told below. */
static const char *command_of(const struct told *told,
                              const struct domctx_finding *finding)
{
    return finding->severity >= DOMCTX_ERROR && told_mend(told, finding) &&
                   !cure_converts(finding) && told->cure->kind < CURE_FREE
               ? mend_command(domctx_message_find(finding->id)) : NULL;
}

/* Whether it is the compression of a file that loads; "fix" decompresses one
 * that does not. */
static bool unpacks(const struct told *told,
                    const struct domctx_finding *finding)
{
    return strcmp(finding->id, MSG_PACKED_SAVE) == 0 &&
           domctx_report_worst(told->report) < DOMCTX_ERROR;
}

bool told_types(const struct told *told,
                const struct domctx_finding *finding)
{
    return mend_decoder(finding) || unpacks(told, finding) ||
           command_of(told, finding);
}

static void put(FILE *stream, const struct told *told, const char *command)
{
    mend_put(stream, told->session, told->file,
             told->judged ? told->target : NULL, command);
}

/* A decompressor fails of what stands behind, or does not know that. */
static void put_unpack(FILE *stream, const struct told *told)
{
    /* what was piped in is gone */
    const char *file = strcmp(told->file, "-") == 0 ? NULL : told->file;

    if (!told->packed_whole)
        fprintf(stream, "%s -dc ", told->packed);
    else
        fprintf(stream, "head -c %" PRIu64 " ", told->packed_whole);
    mend_put(stream, told->session, file, NULL, "FILE");
    if (told->packed_whole)
        fprintf(stream, " | %s -dc", told->packed);
    fputs(" >NEW", stream);
}

void told_put_row(FILE *stream, const struct told *told,
                  const struct fold *fold, size_t row)
{
    const struct domctx_finding *finding = fold->rows[row].finding;
    const char *command = command_of(told, finding);

    if (mend_decoder(finding)) {
        mend_pipe(stream, told->session, told->file, mend_decoder(finding));
        return;
    }
    if (unpacks(told, finding)) {
        put_unpack(stream, told);
        return;
    }
    if (command)
        mend_put_row(stream, told->session, told->file,
                     told->judged ? told->target : NULL, fold, row, command);
}

static bool is_edit(const void *told, const struct domctx_finding *finding)
{
    return mend_edits(command_of(told, finding));
}

struct edits told_edits(const struct told *told, const struct fold *fold)
{
    return (struct edits){ .fold = fold, .is = is_edit, .arg = told };
}

bool told_is_edited(const struct told *told, const struct fold *fold)
{
    const struct edits edits = told_edits(told, fold);

    return edits_rows(&edits) > 0;
}

/* Whether it makes NEW of the file, which a second one would begin again. */
static bool makes_new(const char *command, size_t size)
{
    static const char behind[] = " NEW";
    const size_t room = sizeof(behind) - 1;

    return size > room && memcmp(command + size - room, behind, room) == 0;
}

/* Whether its cure has a command beside those that edit which does. */
static bool is_maker(const struct told *told,
                     const struct domctx_finding *finding)
{
    const char *mend = told_mend(told, finding);
    const char *command = command_of(told, finding), *at;
    size_t size;

    if (command)
        return !mend_edits(command) && makes_new(command, strlen(command));
    while (mend && finding->severity >= DOMCTX_ERROR &&
           mend_quoted(&mend, &at, &size))
        if (makes_new(at, size) && !mend_in_vain(told->session, at, size))
            return true;
    return false;
}

/* Whether only one of several cures is made by what is typed: a look at NEW
 * tells the next. */
static bool is_first_alone(const struct told *told, const struct fold *fold)
{
    const char *first = told_is_edited(told, fold) ? "" : NULL;

    for (size_t i = 0; i < fold->count; i++) {
        const struct domctx_finding *finding = fold->rows[i].finding;

        if (!is_maker(told, finding))
            continue;
        if (first && strcmp(first, finding->id) != 0)
            return true;
        first = finding->id;
    }
    return false;
}

bool told_looks_again(const struct told *told, const struct fold *fold)
{
    return told->judged && told->cure->kind < CURE_FREE &&
           ((told->cure->kind == CURE_NONE && told_is_edited(told, fold)) ||
            is_first_alone(told, fold));
}

static void put_target(FILE *stream, const struct told *told)
{
    char release[DOMCTX_RELEASE_ROOM];

    fputs("--target=", stream);
    put_word(stream, told->typed ? told->typed
                                 : domctx_release_text(told->target,
                                                       release));
    putc(' ', stream);
}

bool told_put_command(FILE *stream, const struct told *told,
                      const struct fold *fold)
{
    if (told_looks_again(told, fold)) {
        fprintf(stream, "%scheck ", told->session->call);
        put_target(stream, told);
        fputs("NEW", stream);
        return true;
    }
    if (told->cure->kind < CURE_FREE)
        return false;
    fprintf(stream, "%s%s %s%s", told->session->call,
            told->is_save ? "fix" : "convert",
            told->cure->anew ? "--container=xl " : "",
            told->cure->kind == CURE_LOSSY ? "--allow-loss " : "");
    put_target(stream, told);
    put_word(stream, told->file);
    fputs(" NEW", stream);
    return true;
}

bool told_put_restore(FILE *stream, const struct told *told)
{
    if (told->cure->vcpus)
        fputs("xl restore CONFIG NEW", stream);
    return told->cure->vcpus;
}

/* ------------------------------------------------------------------ */
/* Lists                                                               */
/* ------------------------------------------------------------------ */

/* Take the text over, unless the list is full or has it. */
static void add(char **list, size_t *n, char *text)
{
    for (size_t i = 0; text && *text && i <= *n && i < CURE_WORDS; i++) {
        if (i == *n) {
            list[(*n)++] = text;
            return;
        }
        if (strcmp(list[i], text) == 0)
            break;
    }
    free(text);
}

/* The programs of a pipe that are not this one. */
static void add_tools(struct told_cure *cure, const struct told *told,
                      const char *command)
{
    static const char pipe[] = " | ";
    const char *own = told->session->call;

    while (command) {
        size_t size = strcspn(command, " ");

        if (strncmp(command, own, strlen(own)) != 0)
            add(cure->tools, &cure->cure.n_tools, strndup(command, size));
        command = strstr(command, pipe);
        command = command ? command + sizeof(pipe) - 1 : NULL;
    }
}

/* A stream that writes the text of a command, and what takes that over. */
struct writing {
    FILE *stream;
    char *text;
    size_t size;
};

static bool begin(struct writing *writing)
{
    *writing = (struct writing){ .stream = NULL };
    writing->stream = open_memstream(&writing->text, &writing->size);
    return writing->stream;
}

static void end(struct told_cure *cure, const struct told *told,
                struct writing *writing)
{
    if (fclose(writing->stream) != 0 || !writing->text)
        return;
    if (makes_new(writing->text, strlen(writing->text)))
        cure->makes_new = true;
    if (*writing->text)
        add_tools(cure, told, writing->text);
    add(cure->commands, &cure->cure.n_commands, writing->text);
}

/* What is asked for, or looked at, mends nothing. */
static bool only_asks(const char *at, size_t size)
{
    static const char *const asks[] = { "xl context-check ",
                                        "xl context-explain ",
                                        "xl context-show " };

    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
        if (size > strlen(asks[i]) &&
            strncmp(at, asks[i], strlen(asks[i])) == 0)
            return true;
    return false;
}

/* The commands that stand in the words of a cure. */
static void add_quoted(struct told_cure *cure, const struct told *told,
                       const char *mend)
{
    struct writing writing;
    const char *at;
    size_t size;

    while (mend_quoted(&mend, &at, &size)) {
        if (mend_in_vain(told->session, at, size) || only_asks(at, size) ||
            (cure->makes_new && makes_new(at, size)))
            continue;
        if (!begin(&writing))
            return;
        char *command = strndup(at, size);

        if (command)
            put(writing.stream, told, command);
        free(command);
        end(cure, told, &writing);
    }
}

static void add_edits(struct told_cure *cure, const struct told *told,
                      const struct fold *fold)
{
    const struct edits edits = told_edits(told, fold);
    struct writing writing;

    for (size_t i = 0; i < edits_count(&edits) && begin(&writing); i++) {
        edits_put(writing.stream, &edits, told->session, told->file, i);
        end(cure, told, &writing);
    }
}

/* What is edited stands before. */
static void add_row(struct told_cure *cure, const struct told *told,
                    const struct fold *fold, size_t row)
{
    const struct domctx_finding *finding = fold->rows[row].finding;
    const char *mend = told_mend(told, finding);
    const char *command = command_of(told, finding);
    struct writing writing;

    if (command && (mend_edits(command) ||
                    (cure->makes_new && makes_new(command,
                                                  strlen(command)))))
        return;
    if (!told_types(told, finding)) {
        if (mend && finding->severity >= DOMCTX_ERROR)
            add_quoted(cure, told, mend);
    } else if (begin(&writing)) {
        told_put_row(writing.stream, told, fold, row);
        end(cure, told, &writing);
    }
}

/* The commands for what was found, and the last one; false: none is among
 * them that edits. */
static bool add_rows(struct told_cure *cure, const struct told *told,
                     const domctx_report *report, size_t first)
{
    struct fold fold = { .vcpus = told->vcpus };
    struct writing writing;
    bool edited;

    if (!fold_report(&fold, report, first))
        return true;
    add_edits(cure, told, &fold);
    for (size_t i = 0; i < fold.count; i++)
        add_row(cure, told, &fold, i);
    edited = told_is_edited(told, &fold);
    if (begin(&writing)) {
        told_put_command(writing.stream, told, &fold);
        end(cure, told, &writing);
    }
    if (begin(&writing)) {
        told_put_restore(writing.stream, told);
        end(cure, told, &writing);
    }
    fold_free(&fold);
    return edited;
}

const struct domctx_cure *told_cure(const struct told *told,
                                    struct told_cure *cure)
{
    enum cure_kind kind = told->cure->kind;

    *cure = (struct told_cure){ .cure = { .converts = kind >= CURE_FREE } };
    if (domctx_report_worst(told->report) < DOMCTX_ERROR &&
        kind < CURE_FREE && !told->packed)
        return NULL;
    if (!add_rows(cure, told, told->report, told->first) &&
        kind == CURE_NONE)
        add_rows(cure, told, told->cure->loss, SIZE_MAX);
    cure->cure.commands = (const char *const *)cure->commands;
    cure->cure.tools = (const char *const *)cure->tools;
    if (kind == CURE_LOSSY)
        cure->cure.loses = told->cure->loss;
    if (kind == CURE_NONE)
        cure->cure.in_its_way = told->cure->loss;
    return cure->cure.n_commands || cure->cure.in_its_way ? &cure->cure
                                                          : NULL;
}

void told_cure_free(struct told_cure *cure)
{
    for (size_t i = 0; i < CURE_WORDS; i++) {
        free(cure->commands[i]);
        free(cure->tools[i]);
    }
}
