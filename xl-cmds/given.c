/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the options of a command line say, and how often. */
#include <string.h>

#include "session.h"
#include "verbs.h"

/* The options that may be given again with another argument.  Any other is
 * refused: the first would be lost unsaid. */
static const struct {
    const struct option_row *of; /* NULL: those of any verb */
    enum option_id id;
} repeated[] = {
    /* all of them are taken */
    { NULL, OPT_FIELD },
    { NULL, OPT_IGNORE },
    { NULL, OPT_SET },
    { NULL, OPT_TARGET },
    { NULL, OPT_WITH },
    { diff_options, OPT_RECORD },
    { show_options, OPT_RECORD },
    /* the last counts, as an alias may have said another before: how it is
     * done, not what */
    { NULL, OPT_COLOR },
    { NULL, OPT_INTERVAL },
    { NULL, OPT_JOBS },
};

static bool may_repeat(const struct verb *verb, enum option_id id)
{
    for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
        if (repeated[i].id == id &&
            (!repeated[i].of || repeated[i].of == verb->options))
            return true;
    return false;
}

bool arguments_keep(struct session *session, const struct verb *verb,
                    const struct option_row *row, const char *argument,
                    struct arguments *arguments)
{
    const char *before = arguments->option[row->id];
    const char *now = row->argument && argument ? argument : "";

    if (before && strcmp(before, now) != 0 && !may_repeat(verb, row->id)) {
        usage_error(session, verb, "--%s is given twice: '%.80s' and '%.80s'",
                    row->name, before, now);
        return false;
    }
    if (row->id == OPT_TARGET && ++arguments->n_targets > TARGETS_MAX) {
        usage_error(session, verb, "more than %d times --target",
                    TARGETS_MAX);
        return false;
    }
    arguments->option[row->id] = now;
    if (row->argument && argument)
        arguments->given[arguments->n_given++] =
            (struct given){ row->id, argument };
    return true;
}

const char *arguments_next(const struct arguments *arguments,
                           enum option_id id, size_t *at)
{
    while (*at < arguments->n_given)
        if (arguments->given[(*at)++].id == id)
            return arguments->given[*at - 1].value;
    return NULL;
}

bool arguments_each(const struct arguments *arguments,
                    bool (*take)(void *arg, const char *record,
                                 const char *field), void *arg)
{
    size_t at[2] = { 0 };
    const char *record = arguments_next(arguments, OPT_RECORD, &at[0]);
    const char *field;

    do {
        at[1] = 0;
        field = arguments_next(arguments, OPT_FIELD, &at[1]);
        do {
            if (!take(arg, record, field))
                return false;
            field = arguments_next(arguments, OPT_FIELD, &at[1]);
        } while (field);
        record = arguments_next(arguments, OPT_RECORD, &at[0]);
    } while (record);
    return true;
}
