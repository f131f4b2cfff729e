/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis for people. */
#include "base/out.h"
#include "diagnose/diagnose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Room for the names of all return addresses. */
#define STACK_ROOM 4096u

/* Write a paragraph in lines of at most 79 columns, indented; the first line
 * begins at column. */
#define COLUMNS 79
static void put_wrapped(struct out *out, const char *text, size_t indent,
                        size_t column)
{
    bool first = true;

    while (*text) {
        size_t size = strcspn(text, " ");

        if (!first && column + 1 + size > COLUMNS) {
            out_text(out, "\n");
            out_fill(out, ' ', indent);
            column = indent;
        } else if (!first) {
            out_text(out, " ");
            column++;
        }
        out_clean(out, text, size);
        column += size;
        first = false;
        text += size + (text[size] == ' ');
    }
    out_text(out, "\n");
}

#define PART_INDENT 11
static void put_part(struct out *out, const char *head, const char *text)
{
    out_f(out, "    %-7s", head);
    put_wrapped(out, text, PART_INDENT, PART_INDENT);
}

/* Write the place in the kernel, and the return addresses. */
static void put_places(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       struct out *out)
{
    char all[STACK_ROOM], buf[DIAG_ROOM];
    size_t used = 0;
    uint64_t rip = diag_value(diag_last(diagnosis)->context, LIVE_TYPE(CPU),
                              vcpu, "rip");

    if (*diag_symbol(diagnosis, rip, false, buf))
        put_part(out, "in", buf);
    for (size_t i = 0; diag_stack(diagnosis, vcpu, i, buf) &&
                       used < sizeof(all) - DIAG_ROOM; i++)
        used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
                                 i ? ", " : "", buf);
    if (used)
        put_part(out, "stack", all);
}

static void put_vcpus(const domctx_diagnosis *diagnosis, struct out *out)
{
    char buf[DIAG_ROOM];

    for (uint32_t v = 0; v < diagnosis->n_vcpus; v++) {
        out_f(out, "vCPU %" PRIu32 ": %s%s\n", v, diag_state(diagnosis, v),
              diag_place(diagnosis, v, buf));
        put_places(diagnosis, v, out);
    }
}

struct evidence_line {
    struct out *out;
    size_t column;
};

static void put_evidence(const struct evidence *evidence, void *arg)
{
    struct evidence_line *line = arg;
    char text[160];
    int size = snprintf(text, sizeof(text), "%s %s 0x%" PRIx64,
                        evidence->record, evidence->field, evidence->value);

    if (line->column && line->column + 3 + (size_t)size > COLUMNS) {
        out_text(line->out, ",\n");
        line->column = 0;
    } else if (line->column) {
        out_text(line->out, ", ");
        line->column += 2;
    }
    if (!line->column) {
        out_fill(line->out, ' ', PART_INDENT);
        line->column = PART_INDENT;
    }
    out_text(line->out, text);
    line->column += (size_t)size;
}

static void put_found(const domctx_diagnosis *diagnosis,
                      const struct found *found, struct out *out)
{
    const struct domctx_message *message =
        domctx_message_at((size_t)found->pattern->rule.id);
    struct evidence_line line = { .out = out };
    char buf[DIAG_ROOM];

    out_text(out, "  ");
    diag_sentence(diagnosis, found, buf);
    put_wrapped(out, buf, 2, 2);
    diag_evidence(diagnosis, found, put_evidence, &line);
    if (line.column)
        out_text(out, "\n");
    put_part(out, "cause", message->cause);
    put_part(out, "do", message->mend);
    if (found->pattern->unless)
        put_part(out, "unless", found->pattern->unless);
    out_f(out, "    [%s]\n", message->id);
}

/* Write the findings of a severity under a heading. */
static void put_list(const domctx_diagnosis *diagnosis, const char *heading,
                     const struct found *found, size_t count,
                     enum domctx_severity severity, struct out *out)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        const struct domctx_message *message =
            domctx_message_at((size_t)found[i].pattern->rule.id);

        if (message->severity != severity)
            continue;
        if (!any)
            out_f(out, "\n%s:\n", heading);
        any = true;
        put_found(diagnosis, &found[i], out);
    }
}

/* Write a line for each match that one look cannot decide. */
static void put_once(const domctx_diagnosis *diagnosis, struct out *out)
{
    char buf[DIAG_ROOM];

    if (diagnosis->n_once)
        out_text(out, "\nso at this moment, which is normal if it passes:\n");
    for (size_t i = 0; i < diagnosis->n_once; i++) {
        const struct found *found = &diagnosis->once[i];

        out_text(out, "  ");
        diag_sentence(diagnosis, found, buf);
        put_wrapped(out, buf, 2, 2);
        out_f(out, "    [%s]\n",
              domctx_message_at((size_t)found->pattern->rule.id)->id);
    }
}

int domctx_diagnosis_text(const domctx_diagnosis *diagnosis,
                          domctx_sink *sink, void *arg,
                          domctx_report *report)
{
    const char *sentence;
    char buf[DIAG_ROOM];
    struct out out;

    out_begin(&out, sink, arg);
    diag_headline(diagnosis, buf);
    put_wrapped(&out, strcat(buf, "."), 0, 0);
    out_text(&out, "\n");
    put_vcpus(diagnosis, &out);
    put_list(diagnosis, "found", diagnosis->found, diagnosis->n_found,
             DOMCTX_WARNING, &out);
    put_list(diagnosis, "worth knowing", diagnosis->found,
             diagnosis->n_found, DOMCTX_NOTE, &out);
    put_once(diagnosis, &out);
    out_text(&out, "\nnot seen:\n");
    for (size_t i = 0; (sentence = diag_unseen(diagnosis, i, buf)); i++) {
        out_text(&out, "  ");
        put_wrapped(&out, sentence, 2, 2);
    }
    return out_end(&out, report);
}
