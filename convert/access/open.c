/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/access.h"
#include "access/reader.h"
#include "container/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The size limit: 128 vCPUs, Xen's maximum for a guest, take half a MiB. */
#define LARGEST (UINT64_C(16) << 20)

#define HEAD 32      /* enough to detect the format; no image is shorter */

static void close_opened(struct opened *opened)
{
    domctx_inference_free(opened->inference);
    domctx_image_free(opened->image);
    domctx_hvm_free(opened->hvm);
    domctx_source_free(opened->source);
    free(opened->buf);
    free(opened);
}

/* -- parsing ---------------------------------------------------------- */

static int parse(struct opened *opened, domctx_report *report)
{
    if (domctx_detect(opened->bytes, opened->size) == DOMCTX_FORMAT_IMAGE)
        return domctx_image_parse(opened->bytes, opened->size,
                                  &opened->image, report);
    return domctx_hvm_parse(opened->bytes, opened->size, &opened->hvm,
                            report);
}

/* A transfer as text that explains why it cannot be parsed is all that is
 * reported. */
static int parse_file(struct opened *opened, domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result;

    if (!found)
        return msg_no_memory(report, 0);
    result = parse(opened, found);
    if (result == 0 ||
        domctx_as_text(opened->bytes, opened->size, report) == 0)
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    return result;
}

/* Replace a JSON document by the image or blob that it describes. */
static int decode(struct opened *opened, domctx_report *report)
{
    uint8_t *buf;
    size_t size;

    if (domctx_json_read(opened->bytes, opened->size, &buf, &size,
                         report) < 0)
        return -1;
    free(opened->buf);
    opened->bytes = opened->buf = buf;
    opened->size = size;
    return parse(opened, report);
}

static int walk(struct opened *opened, struct reader *reader,
                const void *head, size_t head_size, unsigned int options,
                domctx_report *report)
{
    struct domctx_reader bytes = reader_public(reader);

    opened->source = domctx_source_new(&bytes, head, head_size);
    if (!opened->source)
        return msg_no_memory(report, 0);
    domctx_source_options(opened->source, options);
    return domctx_source_walk(opened->source, report) < 0
               ? -1
               : domctx_source_hvm(opened->source, &opened->hvm, report);
}

/* The size limit for that format: JSON may be as long as the writer makes
 * it. */
static size_t largest(const void *head, size_t head_size)
{
    return domctx_detect(head, head_size) == DOMCTX_FORMAT_JSON
               ? (size_t)DOMCTX_JSON_MAX : (size_t)LARGEST;
}

/* Read the whole input: head is copied, input in memory is used in place. */
static int take_all(struct opened *opened, struct reader *reader,
                    const void *head, size_t head_size,
                    domctx_report *report)
{
    struct domctx_reader bytes = reader_public(reader);
    size_t limit = largest(head, head_size);

    if (reader->fd >= 0) {
        if (domctx_read_whole(&bytes, head, head_size, reader->size, limit,
                              &opened->buf, &opened->size, report) < 0)
            return -1;
        opened->bytes = opened->buf;
        return 0;
    }
    if (reader->left > limit - head_size)
        return msg_raise(report, MSG_FILE_TOO_LARGE,
                         &(struct msg_at){ .expected = DEC(limit) },
                         "too large to be a context");
    opened->bytes = head;
    opened->size = head_size + reader->left;
    return 0;
}

/* Read more of an unknown format, to name it. */
static int unknown(struct reader *reader, const void *head, size_t head_size,
                   domctx_report *report)
{
    uint8_t *more = malloc(DOMCTX_UNKNOWN_HEAD);
    int64_t got;

    if (!more)
        return msg_no_memory(report, DOMCTX_UNKNOWN_HEAD);
    if (head_size)
        memcpy(more, head, head_size);
    got = reader_take(reader, more + head_size,
                      DOMCTX_UNKNOWN_HEAD - head_size, report);
    if (got >= 0)
        domctx_unknown(more, head_size + (size_t)got, report);
    free(more);
    return -1;
}

static int load(struct opened *opened, struct reader *reader,
                const void *head, size_t head_size, unsigned int options,
                domctx_report *report)
{
    opened->format = domctx_detect(head, head_size);
    switch (opened->format) {
    case DOMCTX_FORMAT_SAVE:
        return walk(opened, reader, head, head_size, options, report);
    case DOMCTX_FORMAT_JSON:
        return take_all(opened, reader, head, head_size, report) < 0
                   ? -1
                   : decode(opened, report);
    case DOMCTX_FORMAT_IMAGE:
    case DOMCTX_FORMAT_HVM:
        return take_all(opened, reader, head, head_size, report) < 0
                   ? -1
                   : parse_file(opened, report);
    case DOMCTX_FORMAT_UNKNOWN:
    default:
        return unknown(reader, head, head_size, report);
    }
}

/* -- the release ------------------------------------------------------- */

/* The release that START or the container names. */
static bool said(const struct opened *opened, struct domctx_release *release)
{
    const struct domctx_source_info *info =
        opened->source ? domctx_source_info(opened->source) : NULL;

    release->point = DOMCTX_POINT_ANY;
    if (opened->image) {
        domctx_image_version(opened->image, &release->xen_major,
                             &release->xen_minor);
        return true;
    }
    if (!info || !info->has_version)
        return false;
    release->xen_major = info->xen_major;
    release->xen_minor = info->xen_minor;
    return true;
}

static int contradicted(const struct opened *opened,
                        const struct domctx_release *wanted,
                        const struct domctx_release *found,
                        domctx_report *report)
{
    struct domctx_release series = *wanted;
    char one[DOMCTX_RELEASE_ROOM], other[DOMCTX_RELEASE_ROOM];
    struct msg_at at = { .record = opened->image ? "START" : "header" };

    series.point = DOMCTX_POINT_ANY;
    at.expected = (struct msg_value)TEXT(domctx_release_text(&series, one));
    at.found = (struct msg_value)TEXT(domctx_release_text(found, other));
    return msg_raise(report, MSG_XEN_KNOWN, &at,
                     "the input names another Xen than the caller");
}

/* The oldest release that can have saved it; *known: whether there is one. */
static int infer(struct opened *opened, struct domctx_release *release,
                 bool *known, domctx_report *report)
{
    struct domctx_release_range range = { .first = { .xen_major = 0 } };
    domctx_context *context;
    int result;

    if (domctx_context_of_hvm(opened->hvm, false, 0, 0, &context,
                              report) < 0)
        return -1;
    result = domctx_source_infer(opened->source, context,
                                 &opened->inference, report);
    domctx_context_free(context);
    if (result < 0)
        return -1;
    *known = domctx_inference_range(opened->inference, 0, &range);
    *release = range.first;
    return 0;
}

/* Hold the release that the caller names against what the input names. */
static int hold_named(const struct opened *opened,
                      const struct domctx_open_options *options,
                      const struct domctx_release *found, bool is_said,
                      domctx_report *report)
{
    const struct domctx_release *wanted = &options->xen;
    char text[DOMCTX_RELEASE_ROOM];
    struct domctx_release series;

    if (is_said)
        return found->xen_major == wanted->xen_major &&
                       found->xen_minor == wanted->xen_minor
                   ? 0 : contradicted(opened, wanted, found, report);
    if (options->force)
        return 0;
    return domctx_release_parse(domctx_release_text(wanted, text), &series,
                                report);
}

static int view(struct opened *opened,
                const struct domctx_open_options *options,
                domctx_context **context, domctx_report *report)
{
    struct domctx_release release;
    bool is_said = said(opened, &release), known = true;

    if (options->has_xen &&
        hold_named(opened, options, &release, is_said, report) < 0)
        return -1;
    if (opened->image)
        return domctx_context_of_image(opened->image, context, report);
    if (options->has_xen)
        release = options->xen;
    else if (!is_said && infer(opened, &release, &known, report) < 0)
        return -1;
    return domctx_context_of_hvm(opened->hvm, known, release.xen_major,
                                 release.xen_minor, context, report);
}

/* -- the three ways in ------------------------------------------------ */

static int open_reader(struct reader *reader, const void *head,
                       size_t head_size,
                       const struct domctx_open_options *options,
                       domctx_context **context, domctx_report *report)
{
    static const struct domctx_open_options plain = { .has_xen = false };
    struct opened *opened = calloc(1, sizeof(*opened));

    if (!opened)
        return msg_no_memory(report, sizeof(*opened));
    if (!options)
        options = &plain;
    /* also where nothing is walked: it is the program that is wrong */
    if (msg_flags(report, options->walk, WALK_OPTIONS) < 0 ||
        load(opened, reader, head, head_size, options->walk, report) < 0 ||
        view(opened, options, context, report) < 0) {
        close_opened(opened);
        return -1;
    }
    (*context)->opened = opened;
    (*context)->close = close_opened;
    (*context)->inferred = opened->inference;
    if (opened->source)
        (*context)->guest = domctx_source_info(opened->source);
    if (!options->has_xen || options->force ||
        domctx_context_saved_by(*context, &options->xen, report) == 0)
        return 0;
    domctx_context_free(*context);
    *context = NULL;
    return -1;
}

int domctx_open_memory(const void *buf, size_t size,
                       const struct domctx_open_options *options,
                       domctx_context **context, domctx_report *report)
{
    size_t head_size = size < HEAD ? size : HEAD;
    struct reader reader = reader_of_memory(
        head_size > 0 ? (const uint8_t *)buf + head_size : NULL,
        size - head_size);

    *context = NULL;
    return open_reader(&reader, head_size > 0 ? buf : "", head_size, options,
                       context, report);
}

int domctx_open_fd(int fd, const struct domctx_open_options *options,
                   domctx_context **context, domctx_report *report)
{
    struct reader reader;
    uint8_t head[HEAD] = { 0 };
    int64_t got;
    int result = -1;

    *context = NULL;
    if (reader_of_fd(&reader, fd, report) < 0)
        return -1;
    got = reader_take(&reader, head, sizeof(head), report);
    if (got >= 0)
        result = open_reader(&reader, head, (size_t)got, options, context,
                             report);
    reader_free(&reader);
    return result;
}

int domctx_open(const char *path, const struct domctx_open_options *options,
                domctx_context **context, domctx_report *report)
{
    char text[MSG_ERRNO_ROOM];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), result;

    *context = NULL;
    if (fd < 0) {
        int why = errno;

        msg_raise(report, MSG_FILE_OPEN, NULL, "cannot open: %s",
                  msg_errno(why, text));
        errno = why;
        return -1;
    }
    result = domctx_open_fd(fd, options, context, report);
    close(fd);
    return result;
}

/* -- the objects behind a context ------------------------------------- */

enum domctx_format domctx_context_format(const domctx_context *context)
{
    if (context->opened)
        return context->opened->format;
    return context->image ? DOMCTX_FORMAT_IMAGE : DOMCTX_FORMAT_HVM;
}

bool domctx_context_release(const domctx_context *context,
                            struct domctx_release *release)
{
    *release = (struct domctx_release){ context->xen_major,
                                        context->xen_minor,
                                        DOMCTX_POINT_ANY };
    return context->has_version;
}

const domctx_image *domctx_context_image(const domctx_context *context)
{
    return context->image;
}

const domctx_hvm *domctx_context_hvm(const domctx_context *context)
{
    return context->blob ? context->blob : context->wrapped;
}

domctx_source *domctx_context_source(const domctx_context *context)
{
    return context->opened ? context->opened->source : NULL;
}

const domctx_inference *domctx_context_inference(
    const domctx_context *context)
{
    return context->opened ? context->opened->inference : NULL;
}
