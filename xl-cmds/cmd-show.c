/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an image or a blob is made of, a line each record. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "input.h"
#include "verbs.h"

const struct option_row show_options[] = { OPTION_HELP, OPTION_LAST };

static const char *name_or_unknown(const char *name)
{
    return name ? name : "(unknown)";
}

static void put_heading(void)
{
    printf("%5s  %-10s  %-10s  %-20s %8s %8s\n", "no", "offset", "type",
           "name", "instance", "length");
}

/* number < 0: a record inside another, not counted. */
static void put_record(long number, const char *name, uint64_t base,
                       const struct domctx_record *record)
{
    char digits[24] = "-";

    if (number >= 0)
        snprintf(digits, sizeof(digits), "%ld", number);
    printf("%5s  0x%08" PRIx64 "  0x%08" PRIx32 "  %-20s %8" PRIu32
           " %8" PRIu64 "\n",
           digits, base + record->offset, record->type, name,
           record->instance, record->length);
}

/* The records of a wrapped blob, under the record that holds it. */
static void show_wrapped(const struct domctx_record *record)
{
    const struct domctx_record *inner;
    domctx_hvm *hvm;
    uint64_t base = record->offset + DOMCTX_HEADER_SIZE;
    char name[64];

    /* Its findings come from the image's own parse. */
    if (domctx_hvm_parse(record->body, record->length, &hvm, NULL) < 0)
        return;
    for (size_t i = 0; (inner = domctx_hvm_get(hvm, i)); i++) {
        snprintf(name, sizeof(name), "  %s",
                 name_or_unknown(domctx_hvm_name(inner->type)));
        put_record(-1, name, base, inner);
    }
    domctx_hvm_free(hvm);
}

static void put_pair(const char *name, const char *value)
{
    if (!*value)
        return;
    printf("  %-14s ", name);
    put_clean(stdout, value);
    putchar('\n');
}

static void show_provenance(const domctx_image *image,
                            domctx_report *report)
{
    struct domctx_provenance from;

    if (domctx_image_provenance(image, &from, report) <= 0)
        return;
    printf("provenance:\n");
    put_pair("tool", from.tool);
    put_pair("host", from.host);
    put_pair("time", from.time);
    put_pair("domain", from.domain_name);
    put_pair("uuid", from.uuid);
    if (from.has_domid)
        printf("  %-14s %" PRIu32 "\n", "domid", from.domid);
    if (from.has_cpu_time)
        printf("  %-14s %" PRIu64 " ns\n", "cpu time", from.cpu_time_ns);
    put_pair("xen version", from.xen_version);
    put_pair("xen changeset", from.xen_changeset);
    put_pair("source", from.source);
}

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

/* What comes after END, in words. */
static void show_trailer(const domctx_image *image, domctx_report *report)
{
    bool origin = domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    bool digest = domctx_image_has_digest(image);

    printf("image: %" PRIu64 " bytes, START to END\n",
           domctx_image_consumed(image));
    printf("trailer: %s%s%s\n", origin ? "PROVENANCE" : "",
           origin && digest ? ", " : "",
           digest ? "DIGEST, verified" : origin ? "" : "none");
    if (domctx_image_trailing(image))
        printf("after it: %" PRIu64 " bytes that are no trailer\n",
               domctx_image_trailing(image));
    show_provenance(image, report);
}

static void show_image(const domctx_image *image, domctx_report *report)
{
    const struct domctx_record *record;
    uint32_t xen_major, xen_minor;

    domctx_image_version(image, &xen_major, &xen_minor);
    printf("domain context image, %s, %s, START version %" PRIu32
           ".%" PRIu32 "\n",
           form_words(image),
           domctx_image_big_endian(image) ? "big-endian" : "little-endian",
           xen_major, xen_minor);
    put_heading();
    for (size_t i = 0; (record = domctx_image_get(image, i)); i++) {
        put_record((long)i, name_or_unknown(domctx_type_name(record->type)),
                   0, record);
        if (record->type == DOMCTX_HVM_CONTEXT)
            show_wrapped(record);
    }
    show_trailer(image, report);
}

static void show_hvm(const domctx_hvm *hvm)
{
    const struct domctx_record *record;

    printf("legacy HVM blob, little-endian, Xen version not said\n");
    put_heading();
    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++)
        put_record((long)i, name_or_unknown(domctx_hvm_name(record->type)),
                   0, record);
    printf("blob: %" PRIu64 " bytes, HEADER to END\n",
           domctx_hvm_consumed(hvm));
    if (domctx_hvm_repaired(hvm))
        printf("repaired: %zu CPU_MSR lengths\n", domctx_hvm_repaired(hvm));
}

void cmd_show(struct session *session, const struct arguments *arguments)
{
    const char *file = arguments->operand[0];
    struct input input;

    if (input_load(&input, file, session->report) == 0) {
        if (input.image)
            show_image(input.image, session->report);
        else
            show_hvm(input.hvm);
        stdout_check(session);
        input_free(&input);
    }
    session_tell(session, input_name(file));
}
