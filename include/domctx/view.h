/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A context as text and as JSON, and beside another one.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_VIEW_H
#define DOMCTX_VIEW_H

/* -- Text ---------------------------------------------------------------- */

/* What to show; NULL or zeroed: all, a summary first. */
struct domctx_text_options {
    bool list;            /* only a line for each record */
    const char *record;   /* the records of that name ("CPU"); or NULL */
    bool has_instance;    /* and of that instance */
    uint32_t instance;
    const char *field;    /* that field of them ("rip", "irr[3]"), a line
                           * for each element; or NULL */
    bool colour;          /* with escape sequences for a terminal */
    bool summary;         /* only a screen: what each vCPU does, waits for
                           * and has pending, vCPUs of which that is the same
                           * on one line, and a line for each device */
    /* domctx_json_show() of all: what the save file says beside the context,
     * as member "guest"; or NULL. */
    const struct domctx_source_info *guest;
    bool each;            /* summary: a line for each vCPU, however many */
    uint64_t reserved[6]; /* 0 */
};

/*
 * Write the context as text for people.  The text may change from version to
 * version; programs read JSON, or the lines that field gives: record,
 * instance, field and value are "CPU/0 rip 0xffffffff81000000", words may
 * follow.
 *
 * Fails when there is no such record or field ("select-record",
 * "select-instance", "select-field").  On failure the sink may have had a
 * part of it.
 * Ids: select-*, sink-failed, no-memory.
 */
int domctx_text(const domctx_context *context,
                const struct domctx_text_options *options, domctx_sink *sink,
                void *arg, domctx_report *report);

/* -- JSON ---------------------------------------------------------------- */

/* Bytes of the longest document that is written, and that the verbs and
 * domctx_open() read: four times the largest context, since most contexts
 * take three times their size. */
#define DOMCTX_JSON_MAX (UINT64_C(64) << 20)

/*
 * Write the context as a JSON document, see xl-context-json(5): every record
 * and every field, so that domctx_json_read() gives the same bytes again,
 * START through the trailer or HEADER through END.
 *
 * The same context always gives the same text.  One that would be longer than
 * DOMCTX_JSON_MAX bytes is not begun.  On another failure the sink may have
 * had a part of it.
 * Ids: json-long, sink-failed, no-memory.
 */
int domctx_json_write(const domctx_context *context, domctx_sink *sink,
                      void *arg, domctx_report *report);

/*
 * Write what options choose of the context for programs to read: all as
 * domctx_json_write() does; some records in a document of the same kind, none
 * of them in another; or the values of a field one by one.  list and colour
 * are not looked at.  Fails as domctx_text() does.
 * Ids: select-*, json-long, sink-failed, no-memory.
 */
int domctx_json_show(const domctx_context *context,
                     const struct domctx_text_options *options,
                     domctx_sink *sink, void *arg, domctx_report *report);

/* Write the JSON Schema (draft 2020-12) of such documents, which is also
 * installed as a file.
 * Ids: sink-failed, no-memory. */
int domctx_json_schema(domctx_sink *sink, void *arg, domctx_report *report);

/*
 * The image or blob that a JSON document stands for.  DIGEST is made anew.
 * What is wrong is said with its place in the document, "$.records[3].cr0";
 * what the framing of an image or blob does not allow is refused as the
 * parse functions refuse it.
 *
 * Memory: at most some four times the size of the text.  What would be larger
 * than 16 MiB is refused.
 *
 * On success *buf is malloc'ed memory of *buf_size bytes for the caller to
 * free().
 * Ids: json-*, image-limit, build-limit, those of domctx_image_parse().
 */
int domctx_json_read(const void *text, size_t size, uint8_t **buf,
                     size_t *buf_size, domctx_report *report);

/* -- A page for a browser ------------------------------------------------ */

/* What the page says beside the context; NULL or zeroed: nothing. */
struct domctx_html_options {
    const char *name;       /* of the file, or NULL */
    const struct domctx_source_info *guest; /* of the save file that it is in,
                             * for the map; or NULL */
    const struct domctx_checked *checked;   /* how it was judged, for the
                             * findings and their cures; or NULL */
    uint64_t reserved[5];   /* 0 */
};

/*
 * Write the context as one page of HTML: what the file is and how it was
 * judged, maps of the save file and of the context, vCPUs side by side, types
 * of memory, interrupts from pin to vCPU, and the summary of domctx_text().
 * It has no script, loads nothing, and is well-formed XML; every text that
 * comes from the file is escaped.  What is wrong with the context fails it as
 * it fails the summary, with the whole page written; behind another failure
 * the sink may have had a part of it.  Since 0.1.
 * Ids: sink-failed, no-memory, those of the summary.
 */
int domctx_html(const domctx_context *context,
                const struct domctx_html_options *options, domctx_sink *sink,
                void *arg, domctx_report *report);

/* -- Comparing ----------------------------------------------------------- */

/* How to compare; NULL or zeroed: everything, as text. */
struct domctx_diff_options {
    /* What to leave out, separated by commas: RECORD, RECORD/INSTANCE,
     * either with .FIELD, FIELD of any record, and "moving" for the fields
     * that change by themselves while a domain is paused.  Or NULL. */
    const char *ignore;
    bool json;           /* a JSON document, see xl-context(1) */
    bool summary;        /* the summary alone */
    const char *name[2]; /* what to call the two, or NULL */
    bool inferred[2];    /* the release of that one is an inference, as
                          * domctx_open() knows without */
    bool lines;          /* as text: the differences without a summary */
    /* What the two save files say beside their contexts, to be compared, too:
     * policies, HVM parameters, configuration, TSC information; where only
     * one has it, it is not.  NULL: of the save file that the context was
     * opened from. */
    const struct domctx_source_info *guest[2];
    /* What to compare alone, as a list like ignore; or NULL: all. */
    const char *only;
    /* What the files are, as struct domctx_source_info has it in words; NULL:
     * the context tells.  Since 0.1. */
    const char *kind[2];
    uint64_t reserved[3]; /* 0 */
};

/*
 * Compare two contexts record by record and field by field, and write what
 * differs, then a summary.  Fields go by their names, whatever layouts the
 * records have.  What makes no difference to what is loaded is written as a
 * note, and so is what the trailer of an image says.
 *
 * *differences is the number of differences that are neither notes nor left
 * out.  An unknown name in options->ignore or only is refused ("diff-ignore").
 * Ids: diff-ignore, source-entries, sink-failed, no-memory.
 */
int domctx_diff(const domctx_context *a, const domctx_context *b,
                const struct domctx_diff_options *options,
                domctx_sink *sink, void *arg, uint64_t *differences,
                domctx_report *report);

#endif /* DOMCTX_VIEW_H */
