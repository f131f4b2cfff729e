/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context in another format, for the same release or another one. */
#include <config.h>

#include "access/access.h"
#include "format/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* START, END and the trailer. */
#define TRAILER_ROOM 4096

#define MAKING_FLAGS (DOMCTX_ALLOW_LOSS | DOMCTX_LET_REFUSED | DOMCTX_BARE | \
                      DOMCTX_PART)

/* One conversion. */
struct making {
    const domctx_context *context;
    struct domctx_making how;        /* the caller's, defaults filled in */
    struct domctx_release release;   /* to write into START */
    const domctx_hvm *hvm;           /* the HVM state; NULL: the image's */
    domctx_hvm *converted;           /* owned */
    uint8_t *blob;
    size_t blob_size;
    uint8_t **buf;                   /* the result */
    size_t *size;
    domctx_report *report;
};

static bool is_hvm_type(uint32_t type)
{
    return type >= DOMCTX_HVM_CONTEXT && type <= DOMCTX_HVM_LAST;
}

static enum domctx_output form_of(const domctx_context *context)
{
    if (!context->image)
        return DOMCTX_TO_HVM;
    return domctx_image_form(context->image) == DOMCTX_FORM_WRAPPED
               ? DOMCTX_TO_WRAPPED
               : DOMCTX_TO_IMAGE;
}

static const char *form_name(enum domctx_output form)
{
    static const char *const names[] = { "image", "wrapped", "hvm", "json" };

    return names[form];
}

/* The input's format, as PROVENANCE names it. */
static const char *input_name_of(const struct making *making)
{
    if (making->how.input)
        return making->how.input;
    if (making->how.source)
        return "save file";
    return domctx_context_format(making->context) == DOMCTX_FORMAT_JSON
               ? form_name(DOMCTX_TO_JSON)
               : form_name(form_of(making->context));
}

/* -- a blob ------------------------------------------------------------ */

/* Note the records that have no place in a blob. */
static void note_left_behind(const struct making *making)
{
    const domctx_image *image = making->context->image;
    const struct domctx_record *record;

    for (size_t i = 0; (record = domctx_image_get(image, i)) &&
                       record->type != DOMCTX_END;
         i++)
        if (record->type != DOMCTX_START && !is_hvm_type(record->type))
            msg_raise(making->report, MSG_CONVERT_LEFT,
                      &(struct msg_at){ .record =
                                            domctx_type_name(record->type) },
                      "not carried by an HVM blob");
}

static int make_hvm(const struct making *making)
{
    if (making->context->image)
        note_left_behind(making);
    if (making->hvm)
        return domctx_hvm_rebuild(making->hvm, making->buf, making->size,
                                  making->report);
    return domctx_image_to_hvm(making->context->image, making->buf,
                               making->size, making->report);
}

/* -- an image ---------------------------------------------------------- */

static int add_blob(const struct making *making, domctx_builder *builder,
                    const domctx_hvm *hvm)
{
    return making->how.to == DOMCTX_TO_WRAPPED
               ? domctx_wrap(builder, hvm, making->report)
               : domctx_migrate(builder, hvm, making->report);
}

/* Add the HVM state of an image in the requested form. */
static int add_hvm_state(const struct making *making,
                         domctx_builder *builder)
{
    const domctx_context *context = making->context;
    domctx_hvm *hvm = NULL;
    uint8_t *blob = NULL;
    size_t size;
    int result;

    if (making->hvm || context->wrapped)
        return add_blob(making, builder,
                        making->hvm ? making->hvm : context->wrapped);
    result = image_demigrate(context->image, &blob, &size, &hvm,
                             making->report);
    if (result == 0)
        result = add_blob(making, builder, hvm);
    domctx_hvm_free(hvm);
    free(blob);
    return result;
}

static int add_records(const struct making *making, domctx_builder *builder)
{
    const domctx_image *image = making->context->image;
    const struct domctx_record *record;
    bool hvm_done = false;
    int result = 0;

    /* 1: START was written already */
    for (size_t i = 1; result == 0 && (record = domctx_image_get(image, i)) &&
                       record->type != DOMCTX_END;
         i++) {
        if (!is_hvm_type(record->type)) {
            result = domctx_builder_copy(builder, image, record,
                                         making->report);
        } else if (!hvm_done) {
            result = add_hvm_state(making, builder);
            hvm_done = true;
        }
    }
    return result;
}

/* Set the releases for PROVENANCE: the target's, or what is known of the
 * saver. */
static int find_releases(const struct making *making,
                         struct domctx_releases *releases)
{
    if (making->how.target)
        domctx_releases_of(making->how.target, releases);
    else if (making->how.savers)
        *releases = *making->how.savers;
    else
        return domctx_context_savers(making->context, releases,
                                     making->report);
    return 0;
}

static char *make_provenance(const struct making *making)
{
    const struct domctx_making *how = &making->how;
    struct domctx_provenance origin = { .source = "" };
    const char *when = how->time, *input = input_name_of(making);
    char now[32], release[DOMCTX_RELEASE_ROOM], what[160];
    struct domctx_releases releases;
    time_t seconds = time(NULL);
    struct tm parts;

    if (!when && gmtime_r(&seconds, &parts) &&
        strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &parts))
        when = now;
    snprintf(what, sizeof(what), "%s%.80s to %s%s%s",
             how->flags & DOMCTX_PART ? "part of " : "", input,
             form_name(how->to), how->target ? ", for Xen " : "",
             how->target ? domctx_release_text(how->target, release) : "");
    if (how->source)
        domctx_source_origin(how->source, &origin);
    else
        snprintf(origin.source, sizeof(origin.source), "%s", input);
    if (find_releases(making, &releases) < 0)
        return NULL;
    origin.releases = &releases;
    return domctx_provenance_convert(making->context->image, &origin,
                                     how->tool, when ? when : "", what,
                                     making->report);
}

static int take_image(const struct making *making, domctx_builder *builder)
{
    bool bare = making->how.flags & DOMCTX_BARE;
    char *provenance = NULL;
    int result;

    if (!bare) {
        provenance = make_provenance(making);
        if (!provenance)
            return -1;
    }
    result = domctx_builder_take(builder, provenance, !bare, making->buf,
                                 making->size, making->report);
    free(provenance);
    return result;
}

/* Reserve room for the image: growing it in steps would take 1.5 times as
 * long.  Against a blob, a record has a header 8 bytes longer and up to 7
 * bytes of padding. */
static int reserve(const struct making *making, domctx_builder *builder)
{
    const domctx_image *image = making->context->image;
    const domctx_hvm *blob = making->context->blob;
    uint64_t bytes = image ? domctx_image_consumed(image)
                           : domctx_hvm_consumed(blob);
    size_t count = image ? domctx_image_count(image)
                         : domctx_hvm_count(blob);

    if (making->hvm)
        bytes += domctx_hvm_consumed(making->hvm);
    return domctx_builder_reserve(builder,
                                  (size_t)bytes + 16 * count + TRAILER_ROOM,
                                  making->report);
}

static int make_image(const struct making *making)
{
    const struct domctx_release *release = &making->release;
    domctx_builder *builder = domctx_builder_image(release->xen_major,
                                                   release->xen_minor);
    int result;

    if (!builder)
        return msg_no_memory(making->report, 0);
    result = reserve(making, builder);
    if (result == 0 && making->how.source)
        result = domctx_source_records(making->how.source, builder,
                                       making->report);
    if (result == 0)
        result = making->context->image
                     ? add_records(making, builder)
                     : add_blob(making, builder, making->hvm);
    if (result == 0)
        result = take_image(making, builder);
    domctx_builder_free(builder);
    return result;
}

/* -- what came of it --------------------------------------------------- */

/* What is wrong with an image that was made: its HVM state was judged for the
 * target; the rest was in the input, or is wrong for the target's release. */
struct left {
    bool let_pass, refuses;
};

static bool is_left(struct domctx_finding *finding, void *arg)
{
    struct left *left = arg;

    if (finding->severity < DOMCTX_ERROR)
        return false;
    finding->offset = DOMCTX_NO_OFFSET; /* not in the input */
    if (left->let_pass && finding->severity == DOMCTX_ERROR)
        finding->severity = DOMCTX_WARNING;
    else
        left->refuses = true;
    return true;
}

/* Make an image and read it again: what is wrong with one for a target stops
 * it, as it would stop whoever reads it there. */
static int make_held(const struct making *making, domctx_image **image)
{
    struct left left = {
        .let_pass = making->how.flags & DOMCTX_LET_REFUSED,
    };
    domctx_report *found = domctx_report_new();
    int result = -1;

    *image = NULL;
    if (!found) {
        msg_no_memory(making->report, 0);
    } else if (make_image(making) == 0) {
        result = domctx_image_parse(*making->buf, *making->size, image,
                                    found);
        if (making->how.target)
            domctx_report_forward(making->report, found, is_left, &left);
    }
    domctx_report_free(found);
    return left.refuses ? -1 : result;
}

/* An image that is no more than made where nothing is asked of it. */
static int make_for(const struct making *making)
{
    domctx_image *image = NULL;
    int result;

    if (!making->how.target)
        return make_image(making);
    result = make_held(making, &image);
    domctx_image_free(image);
    return result;
}

/* -- JSON -------------------------------------------------------------- */

/* Text that is collected. */
struct text {
    char *p;
    size_t size, room;
};

static int collect(void *arg, const char *piece, size_t size)
{
    struct text *text = arg;
    size_t room = text->room ? text->room : 4096;
    char *more;

    if (size > SIZE_MAX / 4 || text->size > SIZE_MAX / 4)
        return -1;
    while (room - text->size < size)
        room *= 2;
    if (room > text->room) {
        more = realloc(text->p, room);
        if (!more)
            return -1;
        text->p = more;
        text->room = room;
    }
    memcpy(text->p + text->size, piece, size);
    text->size += size;
    return 0;
}

static int put_json(const struct making *making,
                    const domctx_context *context)
{
    struct text text = { .p = NULL };

    if (domctx_json_write(context, collect, &text, making->report) < 0) {
        free(text.p);
        return -1;
    }
    *making->buf = (uint8_t *)text.p;
    *making->size = text.size;
    return 0;
}

/* For a save file, which holds more than the blob, and for a target, make an
 * image first. */
static int make_json(const struct making *making)
{
    struct making image_of = *making;
    domctx_context *context = NULL;
    domctx_image *image = NULL;
    uint8_t *buf = NULL;
    size_t size = 0;
    int result;

    if (!making->how.source && !making->how.target)
        return put_json(making, making->context);
    image_of.buf = &buf;
    image_of.size = &size;
    result = make_held(&image_of, &image);
    if (result == 0)
        result = domctx_context_of_image(image, &context, making->report);
    if (result == 0)
        result = put_json(making, context);
    domctx_context_free(context);
    domctx_image_free(image);
    free(buf);
    return result;
}

/* -- the whole --------------------------------------------------------- */

/* Whether JSON is to become the bytes that it was made from. */
static bool is_encoding(const struct making *making)
{
    const struct opened *opened = making->context->opened;
    enum domctx_output form = form_of(making->context), to = making->how.to;

    return opened && opened->format == DOMCTX_FORMAT_JSON &&
           !(making->how.flags & DOMCTX_BARE) && !making->how.target &&
           (to == form ||
            (to == DOMCTX_TO_IMAGE && form == DOMCTX_TO_WRAPPED));
}

static int take_encoded(const struct making *making)
{
    const struct opened *opened = making->context->opened;
    uint8_t *copy = malloc(opened->size);

    if (!copy)
        return msg_no_memory(making->report, opened->size);
    memcpy(copy, opened->bytes, opened->size);
    *making->buf = copy;
    *making->size = opened->size;
    return 0;
}

static int convert(struct making *making)
{
    const struct domctx_making *how = &making->how;
    struct domctx_host host = { .domain = NULL };

    making->release = *how->target;
    if (how->converted) {
        making->hvm = how->converted;
        return 0;
    }
    if (how->host)
        host = *how->host;
    if (!host.domain && how->source)
        host.domain = &domctx_source_info(how->source)->domain;
    if (domctx_convert_judged(making->context, how->target, &host,
                              how->flags & (DOMCTX_ALLOW_LOSS |
                                            DOMCTX_LET_REFUSED),
                              &making->blob, &making->blob_size,
                              &making->converted, making->report) < 0)
        return -1;
    making->hvm = making->converted;
    return 0;
}

/* Whether a Xen release for START is known. */
static bool has_release(struct making *making)
{
    return making->how.target ||
           domctx_context_release(making->context, &making->release);
}

static int make(struct making *making)
{
    bool plain = making->how.to == DOMCTX_TO_JSON && !making->how.source;

    if ((size_t)making->how.to > DOMCTX_TO_JSON)
        return msg_raise(making->report, MSG_CALL_ARGUMENT, NULL,
                         "output %u is none that can be made",
                         (unsigned int)making->how.to);
    if (msg_flags(making->report, making->how.flags, MAKING_FLAGS) < 0)
        return -1;
    if (making->how.target && convert(making) < 0)
        return -1;
    if (is_encoding(making))
        return take_encoded(making);
    if (making->how.to == DOMCTX_TO_HVM)
        return make_hvm(making);
    if (!has_release(making) && !plain)
        return msg_raise(making->report, MSG_XEN_NEEDED, NULL,
                         "an HVM blob does not say which Xen saved it");
    return making->how.to == DOMCTX_TO_JSON ? make_json(making)
                                            : make_for(making);
}

int domctx_make(const domctx_context *context,
                const struct domctx_making *how, uint8_t **buf, size_t *size,
                domctx_report *report)
{
    struct making making = {
        .context = context, .hvm = context->blob,
        .buf = buf, .size = size, .report = report,
    };
    int result;

    *buf = NULL;
    *size = 0;
    if (how)
        making.how = *how;
    if (!making.how.tool)
        making.how.tool = "libdomctx " DOMCTX_VERSION;
    if (!making.how.source)
        making.how.source = domctx_context_source(context);
    result = make(&making);
    if (result < 0) {
        free(*buf);
        *buf = NULL;
        *size = 0;
    }
    domctx_hvm_free(making.converted);
    free(making.blob);
    return result;
}
