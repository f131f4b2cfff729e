/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging whether a release reads a container, apart from the context in it:
 * one table of obstacles, with the releases that have them.  The last rows are
 * about Xen's own scripts, which treat legacy streams differently from the
 * readers.
 */
#include "container/source.h"
#include "container/libxl.h"

#include <string.h>

#define OLDEST RELEASE(3, 1, 0)
#define FOR_GOOD SERIES(255, 255)

/* What is judged. */
struct judged {
    const struct domctx_source_info *info;
    const struct domctx_release *target; /* NULL: no particular one */
    bool replaced;
};

/* Whether the obstacle is there; *at is set to its place, if it has one. */
typedef bool judge_fn(const struct judged *judged, struct msg_at *at);

struct row {
    enum msg_id id;
    struct release first, last; /* first and last release with the obstacle;
                                 * none: all */
    enum domctx_outcome outcome; /* what a reader makes of it */
    judge_fn *is;
    const char *text;
};

/* -- what a container is ------------------------------------------------- */

static const struct domctx_layer *layer_of(const struct judged *judged,
                                           enum domctx_container container,
                                           struct msg_at *at)
{
    for (size_t i = 0; i < judged->info->n_layers; i++) {
        const struct domctx_layer *layer = &judged->info->layer[i];

        if (layer->container == container) {
            at->record = domctx_container_name(container);
            at->has_offset = true;
            at->offset = layer->offset;
            return layer;
        }
    }
    return NULL;
}

static bool is_version(const struct judged *judged, struct msg_at *at,
                       uint32_t version)
{
    const struct domctx_layer *layer =
        layer_of(judged, DOMCTX_IN_LIBXC, at);

    at->found = (struct msg_value)DEC(version);
    return layer && layer->version == version;
}

static bool is_v4(const struct judged *judged, struct msg_at *at)
{
    return is_version(judged, at, 4);
}

static bool is_v3(const struct judged *judged, struct msg_at *at)
{
    return is_version(judged, at, 3);
}

static bool is_v2(const struct judged *judged, struct msg_at *at)
{
    return is_version(judged, at, 2);
}

/* Whether an xl save file has this mandatory flag. */
static bool has_flag(const struct judged *judged, struct msg_at *at,
                     uint32_t flag)
{
    const struct domctx_layer *layer = layer_of(judged, DOMCTX_IN_XL, at);

    at->field = "mandatory_flags";
    at->found = (struct msg_value)HEX(layer ? layer->version : 0);
    return layer && layer->version & flag;
}

static bool has_json(const struct judged *judged, struct msg_at *at)
{
    return has_flag(judged, at, 1);
}

static bool has_stream(const struct judged *judged, struct msg_at *at)
{
    return has_flag(judged, at, 2);
}

static bool is_xl(const struct judged *judged, struct msg_at *at)
{
    return layer_of(judged, DOMCTX_IN_XL, at);
}

static bool is_xend(const struct judged *judged, struct msg_at *at)
{
    return layer_of(judged, DOMCTX_IN_XEND, at);
}

static bool has_newer(const struct judged *judged, struct msg_at *at)
{
    *at = (struct msg_at){ .has_offset = true,
                           .offset = judged->info->newer_offset };
    return judged->info->has_newer;
}

static bool has_long_params(const struct judged *judged, struct msg_at *at)
{
    *at = (struct msg_at){ .record = "HVM_PARAMS", .has_offset = true,
                           .offset = judged->info->long_params_offset };
    return judged->info->has_long_params;
}

/* Whether a record is longer than the target reads, and the walk has not
 * reported it for the saving release. */
static bool is_long(const struct judged *judged, struct msg_at *at)
{
    const struct domctx_source_info *info = judged->info;
    const struct domctx_place *place =
        info->context ? &info->place[info->last] : NULL;
    uint64_t limit = libxc_length_max(CAT_V(4, 9));

    at->expected = (struct msg_value)DEC(limit);
    at->record = NULL;
    if (!place || place->limit <= limit ||
        !layer_of(judged, DOMCTX_IN_LIBXC, at))
        return false;
    at->offset = info->longest_offset;
    at->found = (struct msg_value)DEC(info->longest);
    if (info->longest > limit)
        return true;
    at->record = "HVM_CONTEXT";
    at->offset = place->offset;
    at->found = (struct msg_value)DEC(place->length);
    return !judged->replaced && place->length > limit;
}

/* -- legacy streams ------------------------------------------------------- */

/* Whether libxl would give the stream to convert-legacy-stream; xenopsd does
 * so for one without QEMU's state. */
static bool is_legacy(const struct judged *judged, struct msg_at *at)
{
    return layer_of(judged, DOMCTX_IN_LEGACY, at);
}

static bool is_xenopsd(const struct judged *judged)
{
    enum domctx_container outer = judged->info->layer[0].container;

    return outer == DOMCTX_IN_XENOPS || outer == DOMCTX_IN_XENOPS_LEGACY;
}

static bool is_legacy_xl(const struct judged *judged, struct msg_at *at)
{
    return is_legacy(judged, at) && layer_of(judged, DOMCTX_IN_XL, at);
}

/* Whether there is a chunk that the target is too old for. */
static bool has_chunk(const struct judged *judged, struct msg_at *at)
{
    struct release since, target = release_of(judged->target);
    const char *name = legacy_newest_chunk(judged->info->chunks, &since);

    at->record = name;
    return name && (since.series > target.series ||
                    (since.series == target.series && since.point > 0 &&
                     (target.point == RELEASE_ANY ||
                      since.point > target.point)));
}

static bool has_id(const struct judged *judged, struct msg_at *at,
                   unsigned int id)
{
    at->record = "chunk";
    at->found = (struct msg_value)TEXT(id == 21 ? "-21" : "-1");
    return judged->info->chunks >> (id - 1) & 1;
}

static bool has_fip_width(const struct judged *judged, struct msg_at *at)
{
    return has_id(judged, at, 21);
}

static bool has_verify(const struct judged *judged, struct msg_at *at)
{
    return has_id(judged, at, 1);
}

static bool has_old_tail(const struct judged *judged, struct msg_at *at)
{
    enum domctx_qemu qemu = judged->info->qemu;

    at->record = "QEMU";
    at->expected = (struct msg_value)TEXT("DeviceModelRecord0002");
    at->found = (struct msg_value)TEXT(qemu == DOMCTX_QEMU_OLD
                                           ? "QemuDeviceModelRecord"
                                           : "RemusDeviceModelState");
    return qemu == DOMCTX_QEMU_OLD || qemu == DOMCTX_QEMU_REMUS;
}

/* The id in the libxl stream names qemu-traditional.  If xl's configuration
 * does, too, that is reported for the guest instead. */
static bool has_traditional_id(const struct judged *judged,
                               struct msg_at *at)
{
    const struct domctx_domain *domain = &judged->info->domain;
    bool told = judged->info->layer[0].container == DOMCTX_IN_XL &&
                strcmp(domain->keys.device_model,
                       "qemu_xen_traditional") == 0;

    if (!domain->has_emulator || told ||
        domain->emulator != EMULATOR_TRADITIONAL)
        return false;
    *at = (struct msg_at){ .record = "EMULATOR_CONTEXT",
                           .field = "emulator_id" };
    at->found = (struct msg_value)DEC(EMULATOR_TRADITIONAL);
    return true;
}

/* xend and the first xl had no other emulator than qemu-traditional. */
static bool is_traditional(const struct judged *judged, struct msg_at *at)
{
    bool is = is_legacy(judged, at) && has_old_tail(judged, at);

    at->expected = (struct msg_value){ .kind = MSG_NONE };
    return is || has_traditional_id(judged, at);
}

static bool has_checkpoints(const struct judged *judged, struct msg_at *at)
{
    return is_legacy(judged, at) && judged->info->n_intervals > 0;
}

/* What is judged is not the first one's state. */
static bool has_later(const struct judged *judged, struct msg_at *at)
{
    const struct domctx_source_info *info = judged->info;

    return is_legacy(judged, at) && info->n_places > 0 &&
           info->place[info->last].interval > 0;
}

/* Today's xl is a 64-bit program; xenopsd always writes 32-bit streams. */
static bool is_misread(const struct judged *judged, struct msg_at *at)
{
    const struct domctx_layer *layer =
        layer_of(judged, DOMCTX_IN_LEGACY, at);
    uint32_t taken_for = is_xenopsd(judged) ? 32 : 64;

    at->expected = (struct msg_value)DEC(taken_for);
    at->found = (struct msg_value)DEC(layer ? layer->version : 0);
    return layer && layer->version != taken_for;
}

/* -- the table ------------------------------------------------------------ */

#define ALWAYS { 0, 0 }, { 0, 0 }

/* In the order in which a restore meets them.  The cure of a later row does
 * not help if an earlier one applies. */
static const struct row rows[] = {
    { MSG_CONTAINER_EMULATOR, SERIES(4, 21), FOR_GOOD,
      DOMCTX_REFUSED, is_traditional,
      "the emulator's state is of qemu-traditional, which is gone" },
    { MSG_CONTAINER_FLAGS, OLDEST, SERIES(4, 4), DOMCTX_REFUSED, has_json,
      "xl before 4.5 refuses a save file with JSON, flag 0x1" },
    { MSG_CONTAINER_FLAGS, OLDEST, SERIES(4, 5), DOMCTX_REFUSED, has_stream,
      "xl before 4.6 refuses a save file with a libxl stream, flag 0x2" },
    { MSG_CONTAINER_TOOLSTACK, OLDEST, SERIES(3, 4), DOMCTX_REFUSED, is_xl,
      "there is no xl before Xen 4.0" },
    { MSG_CONTAINER_TOOLSTACK, SERIES(4, 5), FOR_GOOD, DOMCTX_REFUSED, is_xend,
      "there is no xend since Xen 4.5" },
    { MSG_LIBXC_V4, ALWAYS, DOMCTX_REFUSED, is_v4,
      "no release reads version 4 of the libxc stream" },
    { MSG_CONTAINER_STREAM, OLDEST, SERIES(4, 13), DOMCTX_REFUSED, is_v3,
      "version 3 of the libxc stream is not read before Xen 4.14" },
    { MSG_CONTAINER_STREAM, OLDEST, SERIES(4, 5), DOMCTX_REFUSED, is_v2,
      "libxc streams are not read before Xen 4.6" },
    { MSG_CONTAINER_RECORD, SERIES(4, 6), SERIES(4, 13),
      DOMCTX_REFUSED, has_newer,
      "a record of version 3 is not read before Xen 4.14" },
    { MSG_LIBXC_LIMIT, OLDEST, SERIES(4, 9), DOMCTX_REFUSED, is_long,
      "a record longer than the target takes" },
    { MSG_LIBXC_LENGTH, SERIES(4, 9), FOR_GOOD,
      DOMCTX_REFUSED, has_long_params,
      "HVM_PARAMS longer than their count are not read since Xen 4.9" },
    { MSG_CONTAINER_CHUNK, OLDEST, SERIES(4, 5), DOMCTX_REFUSED, has_chunk,
      "a chunk that the target does not know" },
    { MSG_CONTAINER_CONVERTER, SERIES(4, 6), FOR_GOOD,
      DOMCTX_REFUSED, has_fip_width,
      "convert-legacy-stream refuses this chunk" },
    { MSG_CONTAINER_CONVERTER, RELEASE(4, 6, 0), RELEASE(4, 6, 1),
      DOMCTX_REFUSED, has_verify,
      "convert-legacy-stream refuses verify mode" },
    { MSG_CONTAINER_CONVERTER, SERIES(4, 6), FOR_GOOD,
      DOMCTX_REFUSED, has_old_tail,
      "convert-legacy-stream refuses this mark of QEMU's state" },
    { MSG_CONTAINER_WIDTH, SERIES(4, 6), FOR_GOOD, DOMCTX_DEPENDS, is_misread,
      "the toolstack takes the stream for one of another width" },
    /* a plain restore asks for one checkpoint since then, and the script
     * reads one */
    { MSG_CONTAINER_CHECKPOINT, RELEASE(4, 3, 2), FOR_GOOD,
      DOMCTX_CHANGED, has_later,
      "Xen 4.3.2 and later restore the first checkpoint, and this is the last "
      "complete one" },
    /* the scripts */
    { MSG_LEGACY_VERIFIER, ALWAYS, DOMCTX_NO_OUTCOME, is_legacy_xl,
      "verify-stream-v2 looks for a libxc stream in it, and fails" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, is_legacy_xl,
      "convert-legacy-stream --xl finds no header under Python 3: give it "
      "what follows the header" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, is_xend,
      "convert-legacy-stream has no option for xend's header: give it what "
      "follows the header" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, has_fip_width,
      "convert-legacy-stream fails on this chunk" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, has_verify,
      "convert-legacy-stream of 4.6.0 and 4.6.1 fails on verify mode" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, has_old_tail,
      "convert-legacy-stream fails on this mark of QEMU's state" },
    { MSG_LEGACY_CONVERTER, ALWAYS, DOMCTX_NO_OUTCOME, has_checkpoints,
      "convert-legacy-stream reads up to the first checkpoint" },
};

static unsigned int number(struct release release, uint8_t point)
{
    return (unsigned int)release.series << 8 | point;
}

/* Whether the row applies to a point release that the target stands for. */
static bool holds(const struct row *row, const struct domctx_release *target)
{
    struct release release;
    bool any;

    if (row->last.series == 0)
        return true;
    if (!target)
        return false;
    release = release_of(target);
    any = release.point == RELEASE_ANY;
    return number(release, any ? RELEASE_ANY : release.point) >=
               number(row->first, row->first.point == RELEASE_ANY
                                      ? 0 : row->first.point) &&
           number(release, any ? 0 : release.point) <=
               number(row->last, row->last.point);
}

/* Whether the row is about the libxl stream, which is copied unchanged into
 * another container. */
static bool is_of_stream(const struct row *row)
{
    return row->id == MSG_CONTAINER_EMULATOR || row->id == MSG_LIBXC_V4 ||
           row->id == MSG_CONTAINER_STREAM ||
           row->id == MSG_CONTAINER_RECORD || row->id == MSG_LIBXC_LIMIT ||
           row->id == MSG_LIBXC_LENGTH;
}

/* Report the rows that apply; -1 if one refuses the container. */
static int judge_rows(const struct judged *judged, bool stream_only,
                      domctx_report *report)
{
    int result = 0;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct msg_at at = { .record = NULL };

        if ((stream_only && !is_of_stream(row)) ||
            !holds(row, judged->target) || !row->is(judged, &at))
            continue;
        at.outcome = row->outcome;
        if (at.outcome == DOMCTX_REFUSED)
            result = -1;
        msg_raise(report, row->id, &at, "%s", row->text);
        if (row->id == MSG_CONTAINER_EMULATOR)
            break;
    }
    return result;
}

void domctx_source_judge(const domctx_source *source,
                         const struct domctx_release *target, bool replaced,
                         domctx_report *report)
{
    const struct judged judged = { &source->info, target, replaced };

    if (source->info.n_layers > 0)
        judge_rows(&judged, false, report);
}

int source_judge_stream(const domctx_source *source,
                        const struct domctx_release *target,
                        domctx_report *report)
{
    const struct judged judged = { &source->info, target, true };

    return judge_rows(&judged, true, report);
}
