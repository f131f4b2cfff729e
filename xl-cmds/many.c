/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "many.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crew.h"
#include "sandbox.h"

/* -- how often -------------------------------------------------------- */

void tally_count(struct tally *tally, const char *word, size_t n)
{
    for (size_t i = 0; i < TALLY_ROWS; i++) {
        if (!*tally->row[i].word)
            snprintf(tally->row[i].word, sizeof(tally->row[i].word), "%s",
                     word);
        if (strcmp(tally->row[i].word, word) == 0) {
            tally->row[i].n += n;
            return;
        }
    }
}

size_t tally_of(const struct tally *tally, const char *word)
{
    for (size_t i = 0; i < TALLY_ROWS; i++)
        if (strcmp(tally->row[i].word, word) == 0)
            return tally->row[i].n;
    return 0;
}

static void add_cause(struct tally *tally, const char *id, size_t n,
                      const size_t *first, size_t n_first)
{
    for (size_t i = 0; i < TALLY_CAUSES; i++) {
        if (!*tally->cause[i].id)
            snprintf(tally->cause[i].id, sizeof(tally->cause[i].id), "%s",
                     id);
        if (strcmp(tally->cause[i].id, id) != 0)
            continue;
        for (size_t k = 0; k < n_first; k++)
            if (tally->cause[i].n + k < TALLY_FIRST)
                tally->cause[i].first[tally->cause[i].n + k] = first[k];
        tally->cause[i].n += n;
        return;
    }
}

void tally_cause(struct tally *tally, const char *id, size_t i)
{
    add_cause(tally, id, 1, &i, 1);
}

void tally_merge(struct tally *tally, struct tally *part, size_t n)
{
    for (size_t i = 0; i < TALLY_ROWS; i++) {
        part->row[i].word[sizeof(part->row[i].word) - 1] = '\0';
        if (*part->row[i].word)
            tally_count(tally, part->row[i].word, part->row[i].n);
    }
    for (size_t i = 0; i < TALLY_CAUSES; i++) {
        size_t known = part->cause[i].n < TALLY_FIRST ? part->cause[i].n
                                                      : TALLY_FIRST;
        bool sound = true;

        part->cause[i].id[sizeof(part->cause[i].id) - 1] = '\0';
        for (size_t k = 0; k < known; k++)
            sound &= part->cause[i].first[k] < n;
        if (sound && domctx_message_find(part->cause[i].id))
            add_cause(tally, part->cause[i].id, part->cause[i].n,
                      part->cause[i].first, known);
    }
}

void tally_put(FILE *stream, const struct tally *tally)
{
    for (size_t i = 0; i < TALLY_ROWS && *tally->row[i].word; i++)
        fprintf(stream, "%s%zu %s", i ? ", " : ": ", tally->row[i].n,
                tally->row[i].word);
}

/* -- the command line ------------------------------------------------- */

static bool take_jobs(struct many *many, const struct verb *verb)
{
    const char *word = many->arguments->option[OPT_JOBS];
    unsigned long jobs;
    char *end;

    many->jobs = 1;
    if (!word)
        return true;
    jobs = strtoul(word, &end, 10);
    if (*word < '0' || *word > '9' || *end || jobs < 1) {
        usage_error(many->session, verb,
                    "--jobs is a number from 1 on, not '%.80s'", word);
        return false;
    }
    /* that of a machine's processors may be larger */
    many->jobs = jobs < JOBS_MAX ? (unsigned int)jobs : JOBS_MAX;
    return true;
}

bool many_take(struct many *many, const struct verb *verb)
{
    return take_jobs(many, verb) &&
           names_take(many->session, verb, many->arguments, &many->names);
}

void many_free(struct many *many)
{
    names_free(&many->names);
}

bool many_json(struct session *session, const struct verb *verb,
               const struct arguments *arguments, enum many_json *json)
{
    const char *word = arguments->option[OPT_JSON];

    *json = !word ? JSON_NO : *word ? JSON_LINES : JSON_WHOLE;
    if (*json != JSON_LINES || strcmp(word, "lines") == 0)
        return true;
    usage_error(session, verb, "--json is alone or --json=lines, not '%.80s'",
                word);
    return false;
}

/* -- the work --------------------------------------------------------- */

void many_one(struct many *many, size_t i, const domctx_report *lost)
{
    many->session->worst = DOMCTX_NOTE;
    many->one(many->arg, i, lost);
}

static bool alone(struct many *many)
{
    struct session *session = many->session;

    if (!sandbox_enter_many(session, many->arguments, many->names.name,
                            many->names.n, many->folder))
        return false;
    for (size_t i = 0; i < many->names.n && !ferror(stdout); i++) {
        enum domctx_severity before = session->worst;

        many_one(many, i, NULL);
        session_higher(session, before);
    }
    return true;
}

bool many_run(struct many *many)
{
    static char room[MANY_ROOM];

    if (many->names.n > 1 && !isatty(STDOUT_FILENO))
        setvbuf(stdout, room, _IOFBF, sizeof(room));
    return many->jobs > 1 && many->names.n > 1 ? crew_run(many)
                                               : alone(many);
}

/* -- JSON in a line --------------------------------------------------- */

int to_json_line(void *arg, const char *text, size_t size)
{
    bool *margin = arg; /* at the blanks that begin a line */

    while (size > 0 && !ferror(stdout)) {
        const char *end = memchr(text, '\n', size);
        size_t part = end ? (size_t)(end - text) : size;
        size_t blanks = 0;

        while (*margin && blanks < part && text[blanks] == ' ')
            blanks++;
        *margin = end || (*margin && blanks == part);
        fwrite(text + blanks, 1, part - blanks, stdout);
        text += part + (end != NULL);
        size -= part + (end != NULL);
    }
    return 0;
}

void put_json_string(const char *text)
{
    if (domctx_json_string(text, to_stdout, NULL, NULL) < 0)
        fputs("null", stdout);
}
