/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All of it comes from the tables that the program itself works by: verbs,
 * their options and usage, releases, records, fields, messages.
 */
#include "complete.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "globals.h"

/* What is asked for. */
struct asked {
    char **words;
    int n;                     /* the last of them is to be completed */
    const struct verb *verb;   /* NULL: it is not there yet */
    int at;                    /* where it stands */
    const char *value;         /* the part that counts: behind "--name=" */
};

static const char *last_word(const struct asked *asked)
{
    return asked->words[asked->n - 1];
}

/* Offer name, and what is sure to follow it, if the word begins so. */
static void offer(const struct asked *asked, const char *name,
                  const char *end)
{
    const char *word = last_word(asked);

    if (strncasecmp(name, asked->value, strlen(asked->value)) == 0)
        printf("%.*s%s%s\n", (int)(asked->value - word), word, name, end);
}

static void offer_all(const struct asked *asked, const char *const *names)
{
    for (; *names; names++)
        offer(asked, *names, "");
}

/* -- values -------------------------------------------------------------- */

static void releases(struct asked *asked)
{
    struct domctx_release release;
    char room[DOMCTX_RELEASE_ROOM];

    for (size_t i = 0; domctx_release_series(i, &release); i++)
        offer(asked, domctx_release_text(&release, room), "");
}

static void targets(struct asked *asked)
{
    releases(asked);
    offer(asked, "host", "");
    if (asked->verb->run == cmd_check)
        offer(asked, "all", "");
    puts(COMPLETE_FILES);
}

static void records_then(const struct asked *asked, const char *end)
{
    struct domctx_kind kind;

    for (size_t i = 0; domctx_kind_at(i, &kind); i++)
        offer(asked, kind.name, end);
}

/* Those of an image that no blob has. */
static void image_records(const struct asked *asked, const char *end)
{
    static const uint32_t types[] = {
        DOMCTX_START, DOMCTX_SHARED_INFO, DOMCTX_TSC_INFO, DOMCTX_EVTCHN,
        DOMCTX_GRANT_TABLE, DOMCTX_HVM_PARAMS, DOMCTX_VCPU_STATE,
        DOMCTX_CPUID_POLICY, DOMCTX_MSR_POLICY,
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        offer(asked, domctx_type_name(types[i]), end);
}

static void records(struct asked *asked)
{
    records_then(asked, "");
    image_records(asked, "");
}

/* Whether another record before, or this one, has a field of that name. */
static bool was_offered(size_t r, size_t f, const char *name)
{
    const char *earlier;

    for (size_t i = 0; i <= r; i++)
        for (size_t k = 0; (i < r || k < f) &&
                           (earlier = domctx_kind_field(i, k)); k++)
            if (strcmp(earlier, name) == 0)
                return true;
    return false;
}

/* Whether a record before has a register of that name. */
static bool was_register(size_t r, const char *name)
{
    char other[DOMCTX_REGISTER_ROOM];

    for (size_t i = 0; i < r; i++)
        for (size_t at = 0; domctx_kind_register(i, &at, other);)
            if (strcmp(other, name) == 0)
                return true;
    return false;
}

/* Whether the record's name is the first length bytes of name. */
static bool is_kind(const struct domctx_kind *kind, const char *name,
                    size_t length)
{
    return strlen(kind->name) == length &&
           strncasecmp(kind->name, name, length) == 0;
}

/* Those of the records whose names are the first length bytes of name; of
 * all with NULL. */
static void fields_of(const struct asked *asked, const char *name,
                      size_t length, const char *end)
{
    char reg[DOMCTX_REGISTER_ROOM];
    struct domctx_kind kind;
    const char *field;

    for (size_t i = 0; domctx_kind_at(i, &kind); i++) {
        if (name && !is_kind(&kind, name, length))
            continue;
        for (size_t k = 0; (field = domctx_kind_field(i, k)); k++)
            if (name || !was_offered(i, k, field))
                offer(asked, field, end);
        for (size_t at = 0; domctx_kind_register(i, &at, reg);)
            if (name || !was_register(i, reg))
                offer(asked, reg, end);
    }
}

/* The option that word is, alone or in front of "=", if it takes an
 * argument. */
static const struct option_row *option_of(const struct asked *asked,
                                          const char *word, size_t length)
{
    const struct option_row *row = asked->verb->options;

    for (; row->name; row++)
        if (row->argument &&
            ((length == 2 && word[0] == '-' && word[1] == row->letter) ||
             (length > 2 && length - 2 == strlen(row->name) &&
              strncmp(word, "--", 2) == 0 &&
              strncmp(word + 2, row->name, length - 2) == 0)))
            return row;
    return NULL;
}

/* The option that word is, if the next word is its argument: "--json[=lines]"
 * has none there. */
static const struct option_row *option_before(const struct asked *asked,
                                              const char *word)
{
    const struct option_row *row = option_of(asked, word, strlen(word));

    return row && *row->argument != '[' ? row : NULL;
}

/* The argument of an option that was given before, or NULL. */
static const char *given(const struct asked *asked, enum option_id id)
{
    const char *found = NULL;

    for (int i = asked->at + 1; i < asked->n - 1; i++) {
        const char *word = asked->words[i];
        const struct option_row *row = option_before(asked, word);
        size_t length = strcspn(word, "=");

        if (row && i + 1 < asked->n - 1)
            word = asked->words[++i];
        else if (word[length] && (row = option_of(asked, word, length)))
            word += length + 1;
        else
            row = NULL;
        if (row && row->id == id)
            found = word;
    }
    return found;
}

static void fields(struct asked *asked)
{
    const char *record = given(asked, OPT_RECORD);

    fields_of(asked, record, record ? strcspn(record, "/") : 0, "");
}

/* Of a list with commas the last: "CPU.rip", "rip", "CPU", "moving". */
static void field_list(struct asked *asked)
{
    const char *comma = strrchr(asked->value, ','), *record, *dot;

    if (comma)
        asked->value = comma + 1;
    record = asked->value;
    dot = strchr(record, '.');
    if (dot) {
        asked->value = dot + 1;
        fields_of(asked, record, strcspn(record, "/."), "");
        return;
    }
    fields_of(asked, NULL, 0, "");
    records(asked);
    offer(asked, "moving", "");
}

/* Of a list, the word behind the last comma. */
static void withs(struct asked *asked)
{
    const char *comma = strrchr(asked->value, ',');

    if (comma)
        asked->value = comma + 1;
    offer_all(asked, save_withs);
}

/* Whether that is a field, "redirtbl[5].bits", of the name "redirtbl[].bits".
 */
static bool is_field(const char *field, size_t length, const char *name)
{
    const char *end = field + length;

    for (; *name && field < end; name++, field++) {
        if (tolower((unsigned char)*field) != tolower((unsigned char)*name))
            return false;
        if (*name == '[')
            field += strspn(field + 1, "0123456789");
    }
    return !*name && (field == end || *field == '[');
}

/* The words for the bits or values of a field of a record. */
static void words_of(const struct asked *asked, const char *record,
                     const char *field, size_t length)
{
    size_t record_length = strcspn(record, "/.");
    struct domctx_kind kind;
    const char *name, *word;

    for (size_t i = 0; domctx_kind_at(i, &kind); i++) {
        if (!is_kind(&kind, record, record_length))
            continue;
        for (size_t k = 0; (name = domctx_kind_field(i, k)); k++) {
            if (!is_field(field, length, name))
                continue;
            for (size_t w = 0; (word = domctx_kind_word(i, k, w)); w++)
                offer(asked, word, "");
        }
    }
}

/* "CPU/1.cr4+=UMIP": the record, when that stands there its fields, and when
 * one does its words, of which the last counts. */
static void assignments(struct asked *asked)
{
    const char *record = asked->value, *dot = strchr(record, '.');
    const char *field = dot ? dot + 1 : "";
    size_t length = strcspn(field, "+-&^=");
    const char *value = field[length] ? strchr(field + length, '=') : NULL;

    if (!dot) {
        records_then(asked, "/");
    } else if (!value) {
        asked->value = field;
        fields_of(asked, record, strcspn(record, "/."), "=");
    } else {
        for (asked->value = value + 1; (value = strpbrk(value, "=|, ~"));)
            asked->value = ++value;
        words_of(asked, record, field, length);
    }
}

static void ids(struct asked *asked)
{
    const struct domctx_message *message;
    const char *page;

    for (size_t i = 0; (message = domctx_message_at(i)); i++)
        offer(asked, message->id, "");
    for (size_t i = 0; (page = domctx_explained(i)); i++)
        offer(asked, page, "");
}

static void formats(struct asked *asked)
{
    offer_all(asked, convert_formats);
}

static void colours(struct asked *asked)
{
    static const char *const when[] = { "always", "never", "auto", NULL };

    offer_all(asked, when);
}

static void containers(struct asked *asked)
{
    offer(asked, "xl", "");
}

static void cures(struct asked *asked)
{
    offer(asked, "upcall", "");
}

static void lines(struct asked *asked)
{
    offer(asked, "lines", "");
}

static void domains(struct asked *asked)
{
    (void)asked;
    puts(COMPLETE_DOMAINS);
}

static void files(struct asked *asked)
{
    (void)asked;
    puts(COMPLETE_FILES);
}

static void verb_names(struct asked *asked)
{
    const struct verb *verb;

    for (size_t i = 0; (verb = verb_at(i)); i++)
        offer(asked, verb->name, "");
}

/* Other options have no known values. */
static const struct {
    enum option_id id;
    void (*put)(struct asked *asked);
} values[] = {
    { OPT_TARGET, targets },   { OPT_XEN, releases },
    { OPT_FROM, formats },     { OPT_TO, formats },
    { OPT_INTO, files },       { OPT_RECORD, records },
    { OPT_FIELD, fields },     { OPT_IGNORE, field_list },
    { OPT_SET, assignments },  { OPT_DOMAIN, domains },
    { OPT_COLOR, colours },    { OPT_CONTAINER, containers },
    { OPT_EXPLAIN, ids },      { OPT_WITH, withs },
    { OPT_JSON, lines },       { OPT_FILES_FROM, files },
    { OPT_FILES0_FROM, files }, { OPT_OUTPUT_DIR, files },
    { OPT_HTML, files },       { OPT_SYMBOLS, files },
    { OPT_CURE, cures },
};

static void option_value(struct asked *asked, enum option_id id)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (values[i].id == id)
            values[i].put(asked);
}

/* -- options ------------------------------------------------------------- */

static void option_names(const struct asked *asked)
{
    char name[64];

    for (const struct option_row *row = asked->verb->options; row->name;
         row++) {
        snprintf(name, sizeof(name), "--%s", row->name);
        offer(asked, name, row->argument && *row->argument != '[' ? "="
                                                                 : "");
    }
}

/* -- operands, by the verb's usage ---------------------------------------- */

/* Where operand number n is described: "<Domain>|<File>"; the last one
 * stands for more. */
static const char *operand_usage(const char *usage, int n)
{
    const char *found = NULL;

    for (const char *p = strchr(usage, '<'); p && n >= 0;
         p = strchr(p, '<'), n--) {
        found = p;
        p += strcspn(p, " ");
    }
    return found;
}

static int operands_before(const struct asked *asked)
{
    int n = 0;

    for (int i = asked->at + 1; i < asked->n - 1; i++) {
        const char *word = asked->words[i];

        if (option_before(asked, word))
            i++;
        else
            n += word[0] != '-' || !word[1];
    }
    return n;
}

static void operand(struct asked *asked)
{
    static const struct {
        const char *name;
        void (*put)(struct asked *asked);
    } kinds[] = {
        { "<Domain>", domains }, { "<Id>", ids }, { "<Verb>", verb_names },
    };
    const char *usage = operand_usage(asked->verb->usage,
                                      operands_before(asked));
    size_t length = usage ? strcspn(usage, " ") : 0;
    bool file = usage != NULL;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *found = usage ? strstr(usage, kinds[i].name) : NULL;

        if (!found || (size_t)(found - usage) >= length)
            continue;
        kinds[i].put(asked);
        file = strchr(usage, '|') && strchr(usage, '|') < usage + length;
    }
    if (file)
        files(asked);
}

/* ---------------------------------------------------------------------- */

static void after_verb(struct asked *asked)
{
    const char *word = last_word(asked), *is = strchr(word, '=');
    const char *before = asked->words[asked->n - 2];
    const struct option_row *row;

    row = is && strncmp(word, "--", 2) == 0
              ? option_of(asked, word, (size_t)(is - word))
              : NULL;
    if (row)
        asked->value = is + 1;
    else if (asked->n - 2 > asked->at)
        row = option_before(asked, before);
    if (row)
        option_value(asked, row->id);
    else if (*word == '-' && word[1])
        option_names(asked);
    else
        operand(asked);
}

static void before_verb(struct asked *asked)
{
    static const char *const alone[] = { "--help", "--version", NULL };

    if (*asked->value == '-') {
        if (asked->n == 1)
            offer_all(asked, alone);
    } else if (strncmp(asked->value, "context-", 8) == 0) {
        asked->value += 8;
        verb_names(asked);
    } else {
        verb_names(asked);
    }
}

void complete(struct session *session, int n, char **words)
{
    struct asked asked = { .words = words, .n = n };

    if (n == 0)
        return;
    asked.value = last_word(&asked);
    while (asked.at < n - 1 && words[asked.at][0] == '-')
        asked.at++;
    if (asked.at < n - 1)
        asked.verb = verb_find(words[asked.at]);
    if (asked.verb)
        after_verb(&asked);
    else if (asked.at == n - 1)
        before_verb(&asked);
    stdout_check(session);
}
