/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "globals.h"
#include "guess.h"
#include "mend.h"
#include "names.h"
#include "pager.h"
#include "progress.h"
#include "raise.h"

/* getopt_long() returns this plus the option's id. */
#define VALUE_BASE 256
#define PREFIX "context-"

static const struct verb verbs[] = {
    { "save", cmd_save, 2, 2, 0,
      "[-p] [--wrap] [--bare] [--with=LIST] <Domain> <File>",
      "Save the hypervisor context of a live domain.", save_options },
    { "restore", cmd_restore, 2, 2, 2,
      "[-p] [--allow-loss] [--restore-time] [--force] <Domain> <File>",
      "Load a saved context into a live domain.", restore_options },
    { "convert", cmd_convert, 0, INT_MAX, 1,
      "[--from=F] [--to=F] [--xen=X.Y[.Z]] "
      "[--target=X.Y[.Z]|host|HOSTFILE] "
      "[--bare] [--allow-loss] [--force] [--damaged] [--into=SAVEFILE] "
      "[--output-dir=DIR [-j N] [--files-from=LIST|--files0-from=LIST] "
      "[--json=lines]] <In> <Out> | <In>...",
      "Convert between formats, and for another release of Xen.",
      convert_options },
    { "show", cmd_show, 0, INT_MAX, INT_MAX,
      "[--summary] [--list] [--json[=lines]] [--record=NAME[/INST]]... "
      "[--field=NAME]... [--color=WHEN] [--damaged] [--domain=D] [-j N] "
      "[--files-from=LIST|--files0-from=LIST] [--html=OUT] <File>...",
      "Show what is in a context, of a file or of a live domain.",
      show_options },
    { "diff", cmd_diff, 2, 2, 2,
      "[--json] [--record=NAME[/INST]]... [--field=NAME]... "
      "[--ignore=LIST]... [--summary] <A> <B>",
      "Compare two contexts field by field.", diff_options },
    { "edit", cmd_edit, 1, 2, 1,
      "[--set=FIELD=VALUE]... [--record=NAME[/INST]] [--force] <File> "
      "[<Out>]",
      "Change fields of a context, in an editor or by option.",
      edit_options },
    { "check", cmd_check, 0, INT_MAX, INT_MAX,
      "[--target=X.Y[.Z]|host|all|HOSTFILE]... [--domain=D] "
      "[--json[=lines]] [-j N] [--files-from=LIST|--files0-from=LIST] "
      "<File>... | --explain=ID|TEXT",
      "Judge whether a release of Xen would load a context.",
      check_options },
    { "explain", cmd_explain, 0, INT_MAX, INT_MAX, "[<Id>|<Text>|<File>|-]...",
      "Say what a message, a log or a symptom means.", explain_options },
    { "fix", cmd_fix, 0, INT_MAX, 1,
      "[--target=X.Y[.Z]|host|HOSTFILE] [--allow-loss] [--container=xl] "
      "[--force] [--output-dir=DIR [-j N] "
      "[--files-from=LIST|--files0-from=LIST] [--json=lines]] "
      "<Old> <New> | <Old>...",
      "Make of a save file one that comes back on a release of Xen.",
      fix_options },
    { "diagnose", cmd_diagnose, 1, 2, 2,
      "[--interval=SECONDS] [--json] [--cure=upcall [--vector=N]] "
      "[--symbols=FILE] <Domain>|<File> [<Later>]",
      "Find out what a guest that stands still waits for.",
      diagnose_options },
    { "host", cmd_host, 0, 1, 0, "[<File>]",
      "Describe this host, to judge guests against it elsewhere.",
      host_options },
    { "help", cmd_help, 0, 1, 0, "[<Verb>]", "Print help on the verbs.",
      help_options },
};

const struct verb *verb_at(size_t i)
{
    return i < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[i] : NULL;
}

const struct verb *verb_find(const char *name)
{
    const struct verb *verb;

    if (strncmp(name, PREFIX, strlen(PREFIX)) == 0)
        name += strlen(PREFIX);
    for (size_t i = 0; (verb = verb_at(i)); i++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

/* ------------------------------------------------------------------ */
/* What was probably meant                                              */
/* ------------------------------------------------------------------ */

const struct verb *verb_asked(struct session *session, const char *name)
{
    const struct verb *verb = verb_find(name);
    struct guess guess;

    if (verb)
        return verb;
    if (strncmp(name, PREFIX, strlen(PREFIX)) == 0)
        name += strlen(PREFIX);
    guess_begin(&guess, name, strlen(name));
    for (size_t i = 0; (verb = verb_at(i)); i++)
        guess_offer(&guess, verb->name);
    if (guess.name)
        usage_error(session, NULL, "no verb '%.80s': is '%s' meant?", name,
                    guess.name);
    else
        usage_error(session, NULL, "no verb '%.80s'", name);
    return NULL;
}

/* word is "--recrod=CPU" or the like. */
static void unknown_option(struct session *session, const struct verb *verb,
                           const char *word)
{
    size_t length = strcspn(word, "=");
    struct guess guess;

    guess_begin(&guess, word + 2, length > 2 ? length - 2 : 0);
    for (const struct option_row *row = verb->options; row->name; row++)
        guess_offer(&guess, row->name);
    if (guess.name)
        usage_error(session, verb, "unknown option '%.*s': is '--%s' meant?",
                    (int)(length < 80 ? length : 80), word, guess.name);
    else
        usage_error(session, verb, "unknown option '%.80s'", word);
}

/* ------------------------------------------------------------------ */

/* xl's own global options; false: the letter is none. */
static bool take_global(struct session *session, int letter)
{
    switch (letter) {
    case 'v':
        session->verbose++;
        return true;
    case 'N':
        session->dry_run = true;
        return true;
    case 'T':
        session->timestamps = true;
        return true;
    case 't':
        progress_everywhere();
        return true;
    case 'f':
        session->ask_nothing = true;
        return true;
    default:
        return false;
    }
}

int globals_parse(struct session *session, int argc, char **argv,
                  int *unknown)
{
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        for (const char *p = argv[i] + 1; *p; p++) {
            if (!take_global(session, *p)) {
                *unknown = *p;
                return -1;
            }
        }
    }
    return i;
}

void usage_error(struct session *session, const struct verb *verb,
                 const char *format, ...)
{
    char text[200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cmd_raise(session->report, MSG_USAGE, NULL, "%s", text);
    session_tell(session, NULL);
    if (verb)
        fprintf(stderr, "usage: %s%s %s\n", session->call, verb->name,
                verb->usage);
    fprintf(stderr, "try '%shelp%s%s'\n", session->call, verb ? " " : "",
            verb ? verb->name : "");
}

bool record_parse(struct session *session, const struct verb *verb,
                  const char *word, char *name, size_t room,
                  struct domctx_text_options *options)
{
    size_t n = strcspn(word, "/");
    char *end;
    unsigned long long number;

    if (n == 0 || n >= room) {
        usage_error(session, verb, "'%.80s' is no name of a record", word);
        return false;
    }
    memcpy(name, word, n);
    name[n] = '\0';
    options->record = name;
    options->has_instance = false;
    if (!word[n])
        return true;
    number = strtoull(word + n + 1, &end, 10);
    if (word[n + 1] < '0' || word[n + 1] > '9' || *end ||
        number > UINT32_MAX) {
        usage_error(session, verb, "'%.80s' is no instance of a record",
                    word + n + 1);
        return false;
    }
    options->has_instance = true;
    options->instance = (uint32_t)number;
    return true;
}

/* "  -p, --paused" and what it does, in two columns. */
static void option_help(const struct option_row *row, FILE *stream)
{
    char names[64];

    const char *argument = row->argument ? row->argument : "";
    bool optional = *argument == '[';

    snprintf(names, sizeof(names), "%c%c%c --%s%s%s",
             row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
             row->letter ? ',' : ' ', row->name,
             optional ? "[=" : *argument ? "=" : "", argument + optional);
    fprintf(stream, "  %-22s %s\n", names, row->help);
}

void verb_help(const struct session *session, const struct verb *verb,
               FILE *stream)
{
    fprintf(stream, "usage: %s%s %s\n\n%s\n\noptions:\n", session->call,
            verb->name, verb->usage, verb->description);
    for (const struct option_row *row = verb->options; row->name; row++)
        option_help(row, stream);
    fprintf(stream, "\nexamples and all else: man xl-context%s%s\n",
            verb->run == cmd_help ? "" : "-",
            verb->run == cmd_help ? "" : verb->name);
}

void verb_list(const char *prefix, FILE *stream)
{
    const struct verb *verb;
    char name[32];

    for (size_t i = 0; (verb = verb_at(i)); i++) {
        snprintf(name, sizeof(name), "%s%s", prefix, verb->name);
        fprintf(stream, " %-19s %s\n", name, verb->description);
    }
}

/* The write that failed for it may be long ago, and errno another's. */
static bool is_reader_gone(void)
{
    struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

    return poll(&output, 1, 0) == 1 && output.revents & POLLERR;
}

int stream_put(void *arg, const char *text, size_t size)
{
    struct stream_sink *sink = arg;

    if (sink->error == 0 && fwrite(text, 1, size, sink->stream) != size)
        sink->error = errno;
    return 0;
}

int to_stdout(void *arg, const char *text, size_t size)
{
    (void)arg;
    if (!ferror(stdout))
        fwrite(text, 1, size, stdout);
    return 0;
}

void stdout_check(struct session *session)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    if (errno == EPIPE && pager_runs())
        return;
    if (errno == EPIPE || is_reader_gone())
        cmd_raise(session->report, MSG_READER_GONE, NULL,
                  "the reader of the output has gone");
    else
        cmd_raise(session->report, MSG_FILE_WRITE, NULL,
                  "cannot write to standard output: %s", strerror(errno));
    session_tell(session, NULL);
}

/* What getopt_long() wants, made from the verb's rows. */
struct getopt_tables {
    struct option names[OPT_COUNT + 1];
    char letters[2 * OPT_COUNT + 2 + sizeof(GLOBAL_LETTERS)];
};

static void make_tables(const struct option_row *row,
                        struct getopt_tables *tables)
{
    struct option *name = tables->names;
    char *letter = tables->letters;

    memset(tables, 0, sizeof(*tables));
    *letter++ = ':'; /* tell a missing argument from an unknown option */
    for (; row->name; row++, name++) {
        name->name = row->name;
        name->has_arg = !row->argument ? no_argument
                        : *row->argument == '[' ? optional_argument
                                                : required_argument;
        name->val = VALUE_BASE + (int)row->id;
        if (row->letter) {
            *letter++ = row->letter;
            if (row->argument)
                *letter++ = ':';
        }
    }
    /* xl's global options stand after the verb just as well. */
    strcpy(letter, GLOBAL_LETTERS);
}

static const struct option_row *find_row(const struct option_row *row,
                                         int value)
{
    for (; row->name; row++)
        if (value == VALUE_BASE + (int)row->id ||
            (row->letter && value == row->letter))
            return row;
    return NULL;
}

/* An option that cannot be: value and optopt as getopt_long() left them. */
static void bad_option(struct session *session, const struct verb *verb,
                       int value, char **argv)
{
    const struct option_row *row = find_row(verb->options, optopt);

    if (value == ':' && row)
        usage_error(session, verb, "option '--%s' needs an argument",
                    row->name);
    else if (row)
        usage_error(session, verb, "option '--%s' takes no argument",
                    row->name);
    else if (optopt)
        usage_error(session, verb, "unknown option '-%c'", optopt);
    else
        unknown_option(session, verb, argv[optind - 1]);
}

static bool takes_words(const struct verb *verb, int argc, char **argv)
{
    const struct option_row *row = verb->options;

    while (row->name)
        row++;
    return row->id == OPT_HELP &&
           (argc < 2 || strncmp(argv[1], "--", 2) != 0 || !argv[1][2] ||
            strcmp(argv[1], "--help") == 0);
}

/* All but help are operands, "-" and "-22" among them. */
static void take_words(int argc, char **argv, struct arguments *arguments)
{
    bool help = argc == 2 && (strcmp(argv[1], "-h") == 0 ||
                              strcmp(argv[1], "--help") == 0);
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;

    if (help)
        arguments->option[OPT_HELP] = "";
    arguments->operand = argv + first;
    arguments->n_operands = argc - first;
}

/* Take an option that getopt_long() found. */
static bool take_option(struct session *session, const struct verb *verb,
                        int value, char **argv, struct arguments *arguments)
{
    bool bad = value == '?' || value == ':';
    const struct option_row *row = bad ? NULL
                                       : find_row(verb->options, value);

    if (!row && !bad && take_global(session, value))
        return true;
    if (!row) {
        bad_option(session, verb, value, argv);
        return false;
    }
    return arguments_keep(session, verb, row, optarg, arguments);
}

static bool parse(struct session *session, const struct verb *verb, int argc,
                  char **argv, struct arguments *arguments)
{
    struct getopt_tables tables;
    int value;

    memset(arguments, 0, sizeof(*arguments));
    if (takes_words(verb, argc, argv)) {
        take_words(argc, argv, arguments);
        return true;
    }
    arguments->given = calloc((size_t)argc, sizeof(*arguments->given));
    if (!arguments->given) {
        cmd_no_memory(session->report, 0);
        session_tell(session, NULL);
        return false;
    }
    make_tables(verb->options, &tables);
    opterr = 0;
    optind = 0;
    while ((value = getopt_long(argc, argv, tables.letters, tables.names,
                                NULL)) != -1)
        if (!take_option(session, verb, value, argv, arguments))
            return false;
    arguments->operand = argv + optind;
    arguments->n_operands = argc - optind;
    return true;
}

/* Somebody who has only his save file may want what xl's own verb does. */
static void too_few(struct session *session, const struct verb *verb,
                    const struct arguments *arguments)
{
    usage_error(session, verb, "'%s' needs more arguments", verb->name);
    if (verb->run != cmd_restore || arguments->n_operands != 1 ||
        access(arguments->operand[0], F_OK) < 0)
        return;
    fputs("this verb loads a context into a domain that is there; a guest "
          "comes back\nfrom its save file with: ", stderr);
    mend_put(stderr, session, arguments->operand[0], NULL,
             "xl restore FILE");
    putc('\n', stderr);
}

static void run_parsed(struct session *session, const struct verb *verb,
                       const struct arguments *arguments)
{
    if (arguments->option[OPT_HELP]) {
        verb_help(session, verb, stdout);
        stdout_check(session);
    } else if (arguments->n_operands < verb->min_operands) {
        too_few(session, verb, arguments);
    } else if (arguments->n_operands > verb->max_operands) {
        usage_error(session, verb, "unexpected argument '%s'",
                    arguments->operand[verb->max_operands]);
    } else if (arguments->n_targets > 1 && verb->run != cmd_check) {
        usage_error(session, verb, "'%s' is for one --target, not for %d",
                    verb->name, arguments->n_targets);
    } else if (names_given(session, verb, arguments)) {
        verb->run(session, arguments);
    }
}

void verb_run(struct session *session, const struct verb *verb, int argc,
              char **argv)
{
    struct arguments arguments;

    session->verb = verb->name;
    if (parse(session, verb, argc, argv, &arguments)) {
        session->given = &arguments;
        session->typed = arguments.option[OPT_TARGET];
        run_parsed(session, verb, &arguments);
    }
    session->given = NULL;
    session->typed = NULL;
    free(arguments.given);
}
