/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "raise.h"


/* A million names of ordinary length; a list of empty lines would have 64
 * times as many, each with pointers to it. */
#define LIST_MAX ((size_t)64 << 20)
#define NAMES_MAX ((size_t)1 << 20)

/* -- names that are empty ------------------------------------------------- */

static bool none_is_empty(struct session *session, const struct verb *verb,
                          const struct arguments *arguments)
{
    static const struct { enum option_id id; const char *name; } options[] = {
        { OPT_INTO, "into" }, { OPT_HTML, "html" }, { OPT_DOMAIN, "domain" },
        { OPT_OUTPUT_DIR, "output-dir" }, { OPT_FILES_FROM, "files-from" },
        { OPT_FILES0_FROM, "files0-from" }, { OPT_SYMBOLS, "symbols" },
    };

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const char *name = arguments->option[options[i].id];

        if (name && !*name) {
            usage_error(session, verb, "--%s has an empty name",
                        options[i].name);
            return false;
        }
    }
    for (int i = 0; i < arguments->n_operands; i++)
        if (!*arguments->operand[i] && verb->run != cmd_explain) {
            usage_error(session, verb, "argument %d is an empty name", i + 1);
            return false;
        }
    return true;
}

/* -- standard input ------------------------------------------------------- */

static bool is_standard(const char *name)
{
    return name && strcmp(name, "-") == 0;
}

/* How many operands and options stand for it: it is there once, and whoever
 * comes second finds it empty. */
static int count_standard(const struct verb *verb,
                          const struct arguments *arguments)
{
    static const enum option_id options[] = {
        OPT_INTO, OPT_FILES_FROM, OPT_FILES0_FROM, OPT_SYMBOLS,
    };
    int inputs = arguments->option[OPT_OUTPUT_DIR] ? INT_MAX
                                                   : verb->n_inputs;
    const char *target;
    size_t at = 0;
    int n = 0;

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        n += is_standard(arguments->option[options[i]]);
    while ((target = arguments_next(arguments, OPT_TARGET, &at)))
        n += is_standard(target);
    for (int i = 0; i < arguments->n_operands && i < inputs; i++)
        n += is_standard(arguments->operand[i]);
    return n;
}

bool names_given(struct session *session, const struct verb *verb,
                 const struct arguments *arguments)
{
    if (!none_is_empty(session, verb, arguments))
        return false;
    if (count_standard(verb, arguments) <= 1)
        return true;
    usage_error(session, verb, "standard input is one file: '-' can be given "
                "for it once");
    return false;
}

/* -- lists ------------------------------------------------------------ */

struct list {
    const char *option, *path;
    char end;            /* what stands behind each name */
    bool standard;       /* standard input is taken */
    char *text;
    size_t size;
};

static bool refuse(struct session *session, const struct list *list,
                   const char *id, const char *what)
{
    cmd_raise(session->report, id, NULL, "%s: %s", list->option, what);
    session_tell(session, is_standard(list->path) ? "standard input"
                                                  : list->path);
    return false;
}

/* All of it, and room for an end behind it. */
static bool read_stream(struct session *session, struct list *list, FILE *in)
{
    size_t room = 0, got;

    do {
        if (list->size + 1 >= room) {
            char *more = realloc(list->text, room = room ? 2 * room : 65536);

            if (!more)
                return refuse(session, list, MSG_NO_MEMORY,
                              "not enough memory");
            list->text = more;
        }
        got = fread(list->text + list->size, 1, room - list->size - 1, in);
        list->size += got;
        if (list->size > LIST_MAX)
            return refuse(session, list, MSG_FILE_TOO_LARGE,
                          "more than 64 MiB of names");
    } while (got);
    if (ferror(in))
        return refuse(session, list, MSG_FILE_READ, strerror(errno));
    return true;
}

static bool read_list(struct session *session, struct list *list)
{
    bool standard = is_standard(list->path), good;
    FILE *in = standard ? stdin : fopen(list->path, "re");

    if (!in)
        return refuse(session, list, MSG_FILE_OPEN, strerror(errno));
    good = read_stream(session, list, in);
    if (!standard)
        fclose(in);
    return good;
}

static size_t count_ends(const struct list *list)
{
    size_t n = 1;

    for (size_t i = 0; i < list->size; i++)
        n += list->text[i] == list->end;
    return n;
}

/* Cut the list into names.  Skip empty lines; a list with NULs must have no
 * empty name. */
static bool cut(struct session *session, struct list *list,
                struct names *names)
{
    char *at = list->text, *behind = at + list->size;

    while (at < behind) {
        char *end = memchr(at, list->end, (size_t)(behind - at));

        if (!end)
            end = behind;
        *end = '\0';
        if (strlen(at) != (size_t)(end - at))
            return refuse(session, list, MSG_USAGE,
                          "a name with a NUL: is --files0-from meant?");
        if (!*at && !list->end)
            return refuse(session, list, MSG_USAGE, "an empty name");
        if (is_standard(at) && list->standard)
            return refuse(session, list, MSG_USAGE,
                          is_standard(list->path)
                              ? "standard input cannot be a file, too"
                              : "standard input is one file, and '-' is "
                                "given for it twice");
        list->standard |= is_standard(at);
        if (*at)
            names->name[names->n++] = at;
        at = end + 1;
    }
    return true;
}

static bool take_operands(struct session *session,
                          const struct arguments *arguments, size_t more,
                          struct names *names)
{
    names->name = calloc((size_t)arguments->n_operands + more + 1,
                         sizeof(*names->name));
    if (!names->name) {
        cmd_no_memory(session->report, more);
        session_tell(session, NULL);
        return false;
    }
    for (int i = 0; i < arguments->n_operands; i++)
        names->name[names->n++] = arguments->operand[i];
    return true;
}

bool names_take(struct session *session, const struct verb *verb,
                const struct arguments *arguments, struct names *names)
{
    const char *lines = arguments->option[OPT_FILES_FROM];
    const char *nuls = arguments->option[OPT_FILES0_FROM];
    struct list list = {
        .option = lines ? "--files-from" : "--files0-from",
        .path = lines ? lines : nuls, .end = lines ? '\n' : '\0',
        .standard = count_standard(verb, arguments) > 0,
    };

    *names = (struct names){ .listed = list.path };
    if (!list.path)
        return take_operands(session, arguments, 0, names);
    if (lines && nuls) {
        usage_error(session, verb, "--files-from and --files0-from are two "
                    "forms of one list");
        return false;
    }
    if (!read_list(session, &list)) {
        free(list.text);
        return false;
    }
    list.text[list.size] = '\0';
    names->list = list.text;
    if (count_ends(&list) > NAMES_MAX + 1)
        return refuse(session, &list, MSG_FILE_TOO_LARGE,
                      "more than 1048576 names");
    return take_operands(session, arguments, count_ends(&list), names) &&
           cut(session, &list, names);
}

void names_free(struct names *names)
{
    free((void *)names->name);
    free(names->list);
    *names = (struct names){ .n = 0 };
}

/* -- outputs ---------------------------------------------------------- */

/* The part of a name behind its folders. */
static const char *name_base(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash ? slash + 1 : name;
}

bool name_in_folder(char path[PATH_MAX], const char *folder,
                    const char *name)
{
    int size = snprintf(path, PATH_MAX, "%s/%s", folder, name_base(name));

    return size > 0 && size < PATH_MAX;
}

static int by_base(const void *a, const void *b)
{
    return strcmp(name_base(*(const char *const *)a),
                  name_base(*(const char *const *)b));
}

/* Once sorted, equal names are neighbours. */
static bool judge_sorted(struct session *session, const struct verb *verb,
                         const char **sorted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *base = name_base(sorted[i]);

        if (!*base || strcmp(base, "-") == 0 || strcmp(base, ".") == 0 ||
            strcmp(base, "..") == 0) {
            usage_error(session, verb,
                        "--output-dir needs files with names, and '%.80s' "
                        "has none", sorted[i]);
            return false;
        }
        if (i > 0 && strcmp(name_base(sorted[i - 1]), base) == 0) {
            usage_error(session, verb,
                        "'%.60s' and '%.60s' would be one file in "
                        "--output-dir", sorted[i - 1], sorted[i]);
            return false;
        }
    }
    return true;
}

bool names_differ(struct session *session, const struct verb *verb,
                  const struct names *names)
{
    const char **sorted = calloc(names->n + 1, sizeof(*sorted));
    bool good;

    if (!sorted) {
        cmd_no_memory(session->report, names->n * sizeof(*sorted));
        session_tell(session, NULL);
        return false;
    }
    memcpy((void *)sorted, names->name, names->n * sizeof(*sorted));
    qsort((void *)sorted, names->n, sizeof(*sorted), by_base);
    good = judge_sorted(session, verb, sorted, names->n);
    free((void *)sorted);
    return good;
}
