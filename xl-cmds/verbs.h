/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs: one table, from which come the dispatch, the option parsing and
 * every word of help.
 */
#ifndef XL_CMDS_VERBS_H
#define XL_CMDS_VERBS_H

#include "session.h"

enum option_id {
    OPT_HELP,
    OPT_PAUSED,
    OPT_WRAP,
    OPT_BARE,
    OPT_WITH,
    OPT_ALLOW_LOSS,
    OPT_RESTORE_TIME,
    OPT_FORCE,
    OPT_FROM,
    OPT_TO,
    OPT_XEN,
    OPT_INTO,
    OPT_JSON,
    OPT_IGNORE,
    OPT_SUMMARY,
    OPT_TARGET,
    OPT_LIST,
    OPT_RECORD,
    OPT_FIELD,
    OPT_DOMAIN,
    OPT_COLOR,
    OPT_EXPLAIN,
    OPT_CONTAINER,
    OPT_INTERVAL,
    OPT_CURE,
    OPT_VECTOR,
    OPT_SYMBOLS,
    OPT_NO_SANDBOX,
    OPT_SET,
    OPT_DAMAGED,
    OPT_FILES_FROM,
    OPT_FILES0_FROM,
    OPT_JOBS,
    OPT_OUTPUT_DIR,
    OPT_HTML,
    OPT_COUNT
};

/* One option of a verb.  A table of them ends with a row without a name. */
struct option_row {
    enum option_id id;
    char letter;          /* '\0': long name only */
    const char *name;     /* without the dashes */
    const char *argument; /* name of its argument, NULL: takes none; in
                           * brackets: may be left out */
    const char *help;
};

#define OPTION_HELP { OPT_HELP, 'h', "help", NULL, "Print this help." }
#define OPTION_NO_SANDBOX { OPT_NO_SANDBOX, '\0', "no-sandbox", NULL, \
                            "Read files without the sandbox, for debugging." }
#define OPTION_LAST { OPT_COUNT, '\0', NULL, NULL, NULL }
/* The same where "-22" is an operand: there is no option but help. */
#define OPTION_WORDS { OPT_HELP, '\0', NULL, NULL, NULL }

/* The command line after the verb. */
#define TARGETS_MAX 40   /* more than there are series of Xen */
struct arguments {
    const char *option[OPT_COUNT]; /* NULL: not given; "": takes none; the
                                    * last one of those that may repeat */
    int n_targets;                 /* how often --target was given */
    struct given {                 /* each of those that take an argument, */
        enum option_id id;         /* in their order */
        const char *value;
    } *given;
    size_t n_given;
    char **operand;
    int n_operands;
};

/* The next argument of an option from given[*at] on, which *at moves behind;
 * NULL: no more. */
const char *arguments_next(const struct arguments *arguments,
                           enum option_id id, size_t *at);

/* take() each --record, or NULL if there is none, with each --field, or NULL;
 * false once that is false. */
bool arguments_each(const struct arguments *arguments,
                    bool (*take)(void *arg, const char *record,
                                 const char *field), void *arg);

/* A verb.  run() leaves what it found in the session. */
struct verb {
    const char *name;
    void (*run)(struct session *session, const struct arguments *arguments);
    int min_operands, max_operands;
    int n_inputs;            /* operands from that one on are written */
    const char *usage;       /* the part after the name */
    const char *description;
    const struct option_row *options;
};

/* Verb number i of the table, or NULL past the last. */
const struct verb *verb_at(size_t i);

/* The verb of that name, with or without "context-" in front; NULL. */
const struct verb *verb_find(const char *name);

/* The same for a name that the user gave: what is no verb is a usage error
 * that names those that are near. */
const struct verb *verb_asked(struct session *session, const char *name);

/* Keep that the option was given, with its argument, NULL if it has none;
 * false, and said, if it was given with another one that would be lost. */
bool arguments_keep(struct session *session, const struct verb *verb,
                    const struct option_row *row, const char *argument,
                    struct arguments *arguments);

/* Parse argv (argv[0] is the verb) and run the verb. */
void verb_run(struct session *session, const struct verb *verb, int argc,
              char **argv);

/* The help of one verb, and the lines of all verbs each with prefix in
 * front of the name, on stream. */
void verb_help(const struct session *session, const struct verb *verb,
               FILE *stream);
void verb_list(const char *prefix, FILE *stream);

/*
 * Read xl's global options from the front of argv.  Returns the index of the
 * first argument that is none of them, or -1 at an unknown option (*unknown
 * is then its letter).
 */
int globals_parse(struct session *session, int argc, char **argv,
                  int *unknown);

/* A wrong command line: reported, with a hint at the help. */
__attribute__((format(printf, 3, 4)))
void usage_error(struct session *session, const struct verb *verb,
                 const char *format, ...);

/* "NAME" or "NAME/INSTANCE" of --record, the name in room bytes at name;
 * false, told, for what is neither. */
bool record_parse(struct session *session, const struct verb *verb,
                  const char *word, char *name, size_t room,
                  struct domctx_text_options *options);

/* A domctx_sink to a stream, with a struct stream_sink as its arg.  After a
 * failure nothing more is written; error is the first reason, an errno. */
struct stream_sink {
    FILE *stream;
    int error;
};
int stream_put(void *arg, const char *text, size_t size);

/* A domctx_sink to stdout; stdout_check() reports a failure. */
int to_stdout(void *arg, const char *text, size_t size);

/* Data went to stdout: make sure that it got there. */
void stdout_check(struct session *session);

/* The commands, one a file. */
void cmd_save(struct session *session, const struct arguments *arguments);
void cmd_restore(struct session *session, const struct arguments *arguments);
void cmd_convert(struct session *session, const struct arguments *arguments);
void cmd_diagnose(struct session *session,
                  const struct arguments *arguments);
void cmd_diff(struct session *session, const struct arguments *arguments);
void cmd_show(struct session *session, const struct arguments *arguments);
void cmd_check(struct session *session, const struct arguments *arguments);
void cmd_explain(struct session *session, const struct arguments *arguments);
void cmd_edit(struct session *session, const struct arguments *arguments);
void cmd_fix(struct session *session, const struct arguments *arguments);
void cmd_host(struct session *session, const struct arguments *arguments);
void cmd_help(struct session *session, const struct arguments *arguments);
extern const struct option_row save_options[];
extern const struct option_row restore_options[];
extern const struct option_row convert_options[];
extern const struct option_row show_options[];
extern const struct option_row diagnose_options[];
extern const struct option_row diff_options[];
extern const struct option_row check_options[];
extern const struct option_row explain_options[];
extern const struct option_row edit_options[];
extern const struct option_row fix_options[];
extern const struct option_row host_options[];
extern const struct option_row help_options[];

/* What --with of save takes, up to NULL. */
extern const char *const save_withs[];

/* What --from and --to of convert take, up to NULL. */
extern const char *const convert_formats[];

#endif /* XL_CMDS_VERBS_H */
