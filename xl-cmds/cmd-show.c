/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context, of a file or of a live domain, for people. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apart.h"
#include "clean.h"
#include "file.h"
#include "input.h"
#include "live.h"
#include "many.h"
#include "pager.h"
#include "raise.h"
#include "sandbox.h"
#include "show-html.h"
#include "verbs.h"
#include "watch.h"

const struct option_row show_options[] = {
    OPTION_HELP,
    { OPT_LIST, 'l', "list", NULL, "Only list the records." },
    { OPT_SUMMARY, 's', "summary", NULL,
      "Only a screen: vCPUs, interrupts, a line a device." },
    { OPT_RECORD, 'r', "record", "NAME",
      "Only the records NAME, or NAME/INSTANCE; may be repeated." },
    { OPT_FIELD, 'F', "field", "NAME",
      "Only that field, a line for each value; may be repeated." },
    { OPT_DOMAIN, 'd', "domain", "D",
      "Of the live domain D instead of a file." },
    OPTION_JSON_LINES("Write a JSON document; of several files a line each."),
    OPTION_JOBS,
    OPTIONS_NAMES,
    { OPT_HTML, '\0', "html", "OUT",
      "Write a page for a browser, with the findings of check." },
    { OPT_DAMAGED, '\0', "damaged", NULL,
      "Show what is whole of a damaged file." },
    { OPT_COLOR, '\0', "color", "WHEN",
      "always, never, or auto: on a terminal." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* The command line. */
struct request {
    struct session *session;
    const struct verb *verb;
    const struct arguments *arguments;
    struct domctx_text_options text;
    char record[64];          /* the name in --record */
    bool damaged;
    enum many_json json;
    struct many many;
};

/* A line that begins once there is a document for it. */
struct line {
    const char *file;
    bool begun, margin;
};

/* -- the command line -------------------------------------------------- */

static bool parse_record(struct request *request, const char *word)
{
    return record_parse(request->session, request->verb, word,
                        request->record, sizeof(request->record),
                        &request->text);
}

/* Whether they can be shown, so that errors are reported before anything
 * is. */
static bool take_names(void *arg, const char *record, const char *field)
{
    struct request *request = arg;

    request->text.field = field;
    return !record || parse_record(request, record);
}

static bool is_repeated(const struct arguments *arguments,
                        enum option_id id)
{
    size_t at = 0;

    return arguments_next(arguments, id, &at) &&
           arguments_next(arguments, id, &at);
}

/* Leaves the last ones in the request. */
static bool parse_names(struct request *request,
                        const struct arguments *arguments)
{
    if (!arguments_each(arguments, take_names, request))
        return false;
    if (request->json && (is_repeated(arguments, OPT_RECORD) ||
                          is_repeated(arguments, OPT_FIELD))) {
        usage_error(request->session, request->verb,
                    "--json takes one --record and one --field");
        return false;
    }
    return true;
}

static bool parse_color(struct request *request, const char *word)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (!word || strcmp(word, "auto") == 0)
        request->text.colour = isatty(STDOUT_FILENO) && (!no || !*no) &&
                               term && strcmp(term, "dumb") != 0;
    else if (strcmp(word, "always") == 0)
        request->text.colour = true;
    else if (strcmp(word, "never") != 0) {
        usage_error(request->session, request->verb,
                    "--color is always, never or auto, not '%.80s'", word);
        return false;
    }
    return true;
}

static bool parse_request(struct request *request,
                          const struct arguments *arguments)
{
    bool named = arguments->option[OPT_RECORD] ||
                 arguments->option[OPT_FIELD];
    const char *domain = arguments->option[OPT_DOMAIN];
    bool list = arguments->option[OPT_LIST] != NULL;
    bool summary = arguments->option[OPT_SUMMARY] != NULL;

    request->verb = verb_find("show");
    request->text.list = list;
    request->text.summary = summary;
    request->text.each = request->session->verbose;
    request->damaged = arguments->option[OPT_DAMAGED];
    if (!many_json(request->session, request->verb, arguments,
                   &request->json))
        return false;
    if (arguments->option[OPT_HTML] &&
        (list || summary || named || request->json)) {
        usage_error(request->session, request->verb,
                    "--html shows all, and nothing beside the page");
        return false;
    }
    if (list + summary + (named || request->json) > 1) {
        usage_error(request->session, request->verb,
                    "--%s takes neither --record nor --field nor --json%s",
                    list ? "list" : "summary", summary && list
                        ? " nor --summary" : "");
        return false;
    }
    if (domain && request->damaged) {
        usage_error(request->session, request->verb,
                    "--damaged is for files");
        return false;
    }
    return parse_names(request, arguments) &&
           parse_color(request, arguments->option[OPT_COLOR]);
}

/* Either a live domain or files; a list of them may be empty. */
static bool take_files(struct request *request)
{
    const struct names *names = &request->many.names;
    bool live = request->arguments->option[OPT_DOMAIN];

    if (!many_take(&request->many, request->verb))
        return false;
    if (names->n > 1 && request->json)
        request->json = JSON_LINES;
    if (request->arguments->option[OPT_HTML] &&
        (live || names->listed || names->n != 1)) {
        usage_error(request->session, request->verb, "--html is for one file");
        return false;
    }
    if (live != (names->n || names->listed))
        return true;
    usage_error(request->session, request->verb,
                live ? "--domain takes the place of the file"
                     : "'show' needs a file, or --domain");
    return false;
}

/* -- showing ----------------------------------------------------------- */

/* The view of it.  Where nothing says which Xen saved a blob, its records are
 * read in the newest layouts; a document has a release, so for that it is
 * inferred, as by convert. */
static int view(const struct request *request, struct input *input,
                domctx_context **context)
{
    domctx_report *report = request->session->report;
    uint32_t xen_major = 0, xen_minor = 0;
    bool known;

    if (input->image || request->json)
        return input_view(input, false, 0, 0, context, report);
    known = input_version(input, &xen_major, &xen_minor);
    return domctx_context_of_hvm(input->hvm, known, xen_major, xen_minor,
                                 context, report);
}

/* Where what is asked for goes. */
struct views {
    struct request request;
    const domctx_context *context;
    struct stream_sink *out;
};

static bool put_view(void *arg, const char *record, const char *field)
{
    struct views *views = arg;

    return take_names(&views->request, record, field) &&
           domctx_text(views->context, &views->request.text, stream_put,
                       views->out, views->request.session->report) == 0;
}

/* Each --record in turn, or the whole; of each --field in turn. */
static void put_views(const struct request *request,
                      const domctx_context *context, struct stream_sink *out)
{
    struct views views = { *request, context, out };

    arguments_each(request->arguments, put_view, &views);
}

static void put_json(const struct request *request,
                     const struct input *input,
                     const domctx_context *context, struct stream_sink *out)
{
    struct domctx_text_options options = request->text;

    if (input->source)
        options.guest = domctx_source_info(input->source);
    domctx_json_show(context, &options, stream_put, out,
                     request->session->report);
}

static int to_line(void *arg, const char *text, size_t size)
{
    struct line *line = arg;

    if (!line->begun) {
        fputs("{\"file\": ", stdout);
        put_json_string(input_name(line->file));
        fputs(", \"document\": ", stdout);
        line->begun = true;
    }
    return to_json_line(&line->margin, text, size);
}

/* Every file gets a line; one without a document says why. */
static void put_line(const struct request *request, const char *file,
                     struct input *input)
{
    domctx_report *report = request->session->report;
    const struct domctx_checked checked = { .name = input_name(file),
                                            .report = report };
    struct domctx_text_options options = request->text;
    struct line line = { .file = file };
    domctx_context *context = NULL;

    if (input && input->source)
        options.guest = domctx_source_info(input->source);
    if (input && view(request, input, &context) == 0)
        domctx_json_show(context, &options, to_line, &line, report);
    domctx_context_free(context);
    if (line.begun)
        putchar('}');
    else
        domctx_checked_json(&checked, to_json_line, &line.margin, NULL);
    putchar('\n');
    stdout_check(request->session);
}

/* The head of a summary: what file the context is in, in two lines. */
static void put_file(const struct request *request,
                     const domctx_source *source)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    struct domctx_provenance origin;

    if (!request->text.summary)
        return;
    domctx_source_origin(source, &origin);
    printf("%s, %" PRIu64 " bytes\n", info->words, info->size);
    fputs("domain ", stdout);
    put_clean(stdout, *origin.domain_name ? origin.domain_name
                                          : "without a name");
    if (*origin.domain_type)
        printf(", %s", origin.domain_type);
    if (info->has_version)
        printf(", saved by Xen %" PRIu32 ".%" PRIu32 "\n", info->xen_major,
               info->xen_minor);
    else
        printf(", saved by Xen %" PRIu32 ".%" PRIu32 " to %" PRIu32
               ".%" PRIu32 ", as the container tells\n",
               info->oldest_major, info->oldest_minor, info->newest_major,
               info->newest_minor);
    fflush(stdout);
}

static void show(const struct request *request, struct input *input)
{
    domctx_report *report = request->session->report;
    domctx_context *context;
    struct stream_sink out = { .stream = stdout };

    if (view(request, input, &context) < 0)
        return;
    if (input->source && !request->text.record && !request->text.field &&
        !request->json && !request->text.summary)
        domctx_source_text(input->source, stream_put, &out, report);
    else if (input->source)
        put_file(request, input->source);
    if (request->json)
        put_json(request, input, context, &out);
    else
        put_views(request, context, &out);
    domctx_context_free(context);
    if (out.error)
        errno = out.error;
    stdout_check(request->session);
}

static void put_heading(const char *file)
{
    fputs("==> ", stdout);
    put_clean(stdout, input_name(file));
    puts(" <==");
    fflush(stdout);
}

/* Show the rest of a save file without a whole context. */
static void show_rest(const struct request *request,
                      const struct input *input)
{
    struct stream_sink out = { .stream = stdout };

    if (!request->text.record && !request->text.field && !request->json)
        domctx_source_text(input->source, stream_put, &out,
                           request->session->report);
    stdout_check(request->session);
}

static void show_loaded(const struct request *request, const char *file,
                        struct input *input, bool loaded)
{
    if (request->json == JSON_LINES) {
        put_line(request, file, loaded ? input : NULL);
        return;
    }
    if (request->many.names.n > 1 && (loaded || input->source))
        put_heading(file);
    if (loaded)
        show(request, input);
    else if (input->source)
        show_rest(request, input);
}

static void show_file(void *arg, size_t i, const domctx_report *lost)
{
    struct request *request = arg;
    struct session *session = request->session;
    const char *file = request->many.names.name[i];
    struct input input = { .size = 0 };
    bool loaded = !lost &&
                  input_load_with(&input, file,
                                  request->damaged ? DOMCTX_WALK_DAMAGED : 0,
                                  session->report) == 0;
    bool part = loaded && request->damaged;

    domctx_report_forward(session->report, lost, NULL, NULL);
    show_loaded(request, file, &input, loaded);
    input_free(&input);
    session_tell_as(session, input_name(file),
                    part ? DOMCTX_WARNING : DOMCTX_LOST);
    tally_count(&request->many.tally, loaded ? "shown" : "not", 1);
}

static void show_files(struct request *request)
{
    const struct many *many = &request->many;

    if (!many_run(&request->many) ||
        (many->names.n == 1 && !many->names.listed) ||
        request->text.record || request->text.field)
        return;
    fprintf(request->json ? stderr : stdout,
            "%zu files: %zu shown, %zu not\n", many->names.n,
            tally_of(&many->tally, "shown"), tally_of(&many->tally, "not"));
    stdout_check(request->session);
}

/* What a domain is shown from. */
struct fetched {
    const struct request *request;
    const char *domain;
    struct input input;
};

static void show_fetched(struct session *session, void *arg, int to)
{
    struct fetched *fetched = arg;
    struct input *input = &fetched->input;

    (void)to;
    if (domctx_image_parse(input->buf, input->size, &input->image,
                           session->report) == 0)
        show(fetched->request, input);
    session_tell(session, fetched->domain);
    input_free(input);
}

static void show_domain(const struct request *request, const char *domain)
{
    struct session *session = request->session;
    struct fetched fetched = { .request = request, .domain = domain };
    const struct apart apart = { .work = show_fetched, .arg = &fetched };
    struct live live;
    uint32_t domid;
    uint8_t *none;
    size_t size;

    if (live_open(&live, session, domain, &domid) == 0) {
        if (live_input(&live, domid, &fetched.input, session->report) == 0)
            apart_run(session, request->arguments, &apart, &none, &size);
        input_free(&fetched.input);
        watch_done();
        live_close(&live);
    }
    session_tell(session, domain);
}

/* The page is all that is written, and what is found stands on it. */
static void show_page(struct request *request)
{
    struct session *session = request->session;
    const char *file = request->many.names.name[0];
    const char *out = request->arguments->option[OPT_HTML];
    domctx_report *parsed = domctx_report_new();
    struct input input = { .size = 0 };

    if (!parsed) {
        cmd_no_memory(session->report, 0);
    } else if (file_check_apart(file, out, session->report) < 0) {
        session_tell(session, output_name(out));
    } else if (sandbox_enter(session, request->arguments, 1, NULL, out)) {
        if (input_load_with(&input, file, DOMCTX_WALK_PAGES |
                                (request->damaged ? DOMCTX_WALK_DAMAGED : 0),
                            parsed) == 0)
            show_html(session, &input, input_name(file), out, parsed);
        else
            domctx_report_forward(session->report, parsed, NULL, NULL);
    }
    input_free(&input);
    domctx_report_free(parsed);
    session_tell(session, input_name(file));
}

void cmd_show(struct session *session, const struct arguments *arguments)
{
    struct request request = {
        .session = session, .arguments = arguments,
        .many = { .session = session, .arguments = arguments,
                  .one = show_file, .arg = &request },
    };

    if (parse_request(&request, arguments) && take_files(&request)) {
        if (arguments->option[OPT_HTML]) {
            show_page(&request);
            many_free(&request.many);
            return;
        }
        pager_start();
        if (arguments->option[OPT_DOMAIN])
            show_domain(&request, arguments->option[OPT_DOMAIN]);
        else
            show_files(&request);
    }
    many_free(&request.many);
}
