/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kind of input, a line for each record, and the trailer. */
#include "text/text.h"
#include "catalogue/release-set.h"
#include "format/hvm.h"
#include "format/image.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- the kind of input ------------------------------------------------- */

static const char *form_words(const domctx_image *image)
{
    switch (domctx_image_form(image)) {
    case DOMCTX_FORM_WRAPPED:
        return "wrapped";
    case DOMCTX_FORM_MIGRATED:
        return "migrated";
    case DOMCTX_FORM_NO_HVM:
    default:
        return "without HVM state";
    }
}

/* Write the inferred release: a blob does not name it. */
static void put_inferred(struct text *text)
{
    domctx_inference *inference;

    if (domctx_infer(text->context, NULL, NULL, &inference, NULL) < 0) {
        text->no_memory = true;
        return;
    }
    out_f(&text->out, "legacy HVM blob, little-endian, Xen version not "
          "said\nsaved by: Xen %s, as far as it shows\n",
          domctx_inference_text(inference));
    domctx_inference_free(inference);
}

/* Write the point releases.  START has one series, the oldest of several if a
 * blob did not name it; PROVENANCE has the others and the points, and the
 * content narrows the points, too. */
static void put_points(struct text *text)
{
    const domctx_context *context = text->context;
    struct domctx_release start = { context->xen_major, context->xen_minor,
                                    DOMCTX_POINT_ANY };
    struct domctx_releases said, set, both, all;
    domctx_inference *inference;
    char words[DOMCTX_RELEASES_ROOM];

    domctx_releases_of(&start, &all);
    if (set_empty(&all) ||
        domctx_image_form(context->image) == DOMCTX_FORM_NO_HVM)
        return;
    if (domctx_infer(context, &start, &start, &inference, NULL) < 0) {
        text->no_memory = true;
        return;
    }
    domctx_inference_releases(inference, &set);
    domctx_inference_free(inference);
    if (domctx_image_releases(context->image, &said)) {
        both = set_and(&set, &said);
        if (!set_empty(&both)) {
            set = set_without(&said, &all);
            set_or(&set, &both);
        }
    }
    out_f(&text->out, "saved by: Xen %s, as far as it shows\n",
          domctx_releases_text(&set, words));
}

void text_kind(struct text *text)
{
    const domctx_context *context = text->context;

    if (context->image) {
        out_f(&text->out, "domain context image, %s, %s-endian, START "
              "version %" PRIu32 ".%" PRIu32 "\n",
              form_words(context->image),
              context->image->big ? "big" : "little", context->xen_major,
              context->xen_minor);
        put_points(text);
    } else if (context->has_version) {
        out_f(&text->out, "legacy HVM blob, little-endian, saved by Xen "
              "%" PRIu32 ".%" PRIu32 "\n", context->xen_major,
              context->xen_minor);
    } else {
        put_inferred(text);
    }
}

/* -- the list ---------------------------------------------------------- */

static void put_heading(struct text *text)
{
    char line[80];

    snprintf(line, sizeof(line), "%5s  %-10s  %-10s  %-20s %8s %8s", "no",
             "offset", "type", "name", "instance", "length");
    text_styled(text, TEXT_HEADING, line);
    out_put(&text->out, "\n", 1);
}

/* Write a record; number < 0: it is inside another and not counted. */
static void put_record(struct text *text, long number, const char *name,
                       uint64_t base, const struct domctx_record *record)
{
    char digits[24] = "-";

    if (number >= 0)
        snprintf(digits, sizeof(digits), "%ld", number);
    out_f(&text->out, "%5s  0x%08" PRIx64 "  0x%08" PRIx32 "  %s%-*s %8"
          PRIu32 " %8" PRIu64 "\n", digits, base + record->offset,
          record->type, number < 0 ? "  " : "", number < 0 ? 18 : 20,
          name ? name : "(unknown)", record->instance, record->length);
}

static void list_blob(struct text *text, const domctx_hvm *hvm, uint64_t base,
                      bool counted)
{
    const struct domctx_record *record;

    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        put_record(text, counted ? (long)i : -1,
                   domctx_hvm_name(record->type), base, record);
}

static void list_image(struct text *text, const domctx_image *image)
{
    const struct domctx_record *record;

    for (size_t i = 0; (record = domctx_image_get(image, i)); i++) {
        put_record(text, (long)i, domctx_type_name(record->type), 0, record);
        if (record->type == DOMCTX_HVM_CONTEXT)
            list_blob(text, text->context->wrapped, 0, false);
    }
}

/* -- the trailer ------------------------------------------------------- */

static void put_pair(struct text *text, const char *name, const char *value)
{
    if (!*value)
        return;
    out_f(&text->out, "  %-14s ", name);
    out_clean(&text->out, value, strlen(value));
    out_put(&text->out, "\n", 1);
}

static void put_provenance(struct text *text, const domctx_image *image)
{
    struct domctx_provenance from;
    int found = domctx_image_provenance(image, &from, text->report);

    text->failed |= found < 0;
    if (found <= 0)
        return;
    out_text(&text->out, "provenance:\n");
    put_pair(text, "tool", from.tool);
    put_pair(text, "host", from.host);
    put_pair(text, "time", from.time);
    put_pair(text, "domain", from.domain_name);
    put_pair(text, "uuid", from.uuid);
    if (from.has_domid)
        out_f(&text->out, "  %-14s %" PRIu32 "\n", "domid", from.domid);
    if (from.has_cpu_time)
        out_f(&text->out, "  %-14s %" PRIu64 " ns\n", "cpu time",
              from.cpu_time_ns);
    put_pair(text, "xen version", from.xen_version);
    put_pair(text, "xen changeset", from.xen_changeset);
    put_pair(text, "source", from.source);
}

static void image_trailer_words(struct text *text, const domctx_image *image)
{
    bool origin = domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    bool digest = domctx_image_has_digest(image);

    out_f(&text->out, "image: %" PRIu64 " bytes, START to END\n",
          domctx_image_consumed(image));
    out_f(&text->out, "trailer: %s%s%s\n", origin ? "PROVENANCE" : "",
          origin && digest ? ", " : "",
          digest ? "DIGEST, verified" : origin ? "" : "none");
    if (domctx_image_trailing(image))
        out_text(&text->out, "after it: bytes that are no trailer\n");
    put_provenance(text, image);
}

void text_trailer(struct text *text)
{
    const domctx_hvm *blob = text->context->blob;

    if (!blob) {
        image_trailer_words(text, text->context->image);
        return;
    }
    out_f(&text->out, "blob: %" PRIu64 " bytes, HEADER to END\n",
          domctx_hvm_consumed(blob));
    if (domctx_hvm_repaired(blob))
        out_f(&text->out, "repaired: %zu CPU_MSR lengths\n",
              domctx_hvm_repaired(blob));
}

void text_list(struct text *text)
{
    text_kind(text);
    put_heading(text);
    if (text->context->image)
        list_image(text, text->context->image);
    else
        list_blob(text, text->context->blob, 0, true);
    text_trailer(text);
}
