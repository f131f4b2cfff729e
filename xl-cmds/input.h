/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of the user, read and parsed. */
#ifndef XL_CMDS_INPUT_H
#define XL_CMDS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

struct input {
    uint8_t *buf;
    size_t size;
    domctx_image *image; /* one of the two */
    domctx_hvm *hvm;
    domctx_source *source; /* the save file or stream that the blob is in */
    const char *packed;  /* what compressed it, or NULL */
    uint64_t packed_whole; /* unpack_whole() */
    bool json;           /* it came as JSON: buf is what that stands for */
    bool damaged;        /* no more than what was whole of it */
    bool is_forced;      /* another Xen than the save file says: */
    struct domctx_release forced;
    domctx_inference *inference; /* of a blob, once input_infer() ran */
};

/* Read and parse path.  On failure, in the report, input is empty but for
 * what compressed it. */
int input_load(struct input *input, const char *path, domctx_report *report);

/* The same; options: how a save file is walked (DOMCTX_WALK_*).  With
 * DOMCTX_WALK_DAMAGED a damaged image, blob or context of a save file becomes
 * what is whole of it, and input->damaged is set; where that is nothing
 * (-1), input->source may have what was found of a save file. */
int input_load_with(struct input *input, const char *path,
                    unsigned int options, domctx_report *report);

/* The same; on failure input->source stays, for input_judge_pv(). */
int input_load_kept(struct input *input, const char *path,
                    unsigned int options, domctx_report *report);

/* Of the save file of a PV guest, which has no context: judge for the target
 * the container alone, and then what was found in parsed.  False: it is
 * none. */
bool input_is_pv(const struct input *input);
bool input_judge_pv(const struct input *input, const domctx_report *parsed,
                    const struct domctx_release *target,
                    struct domctx_verdict *verdict, domctx_report *report);

/* Whether it is a save file of which no context was reached. */
bool input_is_lost(const domctx_source *source);

/* Whether the input says which Xen saved it, and which. */
bool input_version(const struct input *input, uint32_t *xen_major,
                   uint32_t *xen_minor);

/* Infer which releases can have saved a blob, into input->inference; the
 * oldest of them into *xen_major and *xen_minor. */
int input_infer(struct input *input, uint32_t *xen_major,
                uint32_t *xen_minor, domctx_report *report);

/* All that can have saved it, by START or the container and by what is in it:
 * none if START names a release that is not known.  *oldest is the series of
 * the oldest of them, or what START names. */
int input_savers(struct input *input, struct domctx_release *oldest,
                 struct domctx_releases *savers, domctx_report *report);

/* Compare --xen with the release that the input names, and with its bytes.  A
 * contradiction is an error that names the evidence; with force it is a
 * warning, and --xen counts. -1 for an error. */
int input_hold_xen(struct input *input, const struct domctx_release *xen,
                   bool force, domctx_report *report);

/* The one view of it; has_xen: what the user said of a blob.  Otherwise it
 * is as the input says, or inferred. */
int input_view(struct input *input, bool has_xen, uint32_t xen_major,
               uint32_t xen_minor, domctx_context **context,
               domctx_report *report);

/* Turn a save file into an image: HVM state, other records, and PROVENANCE as
 * far as it is known.  On failure input is unchanged. */
int input_to_image(struct input *input, domctx_report *report);

/* Free what input_load() made; harmless on an empty input. */
void input_free(struct input *input);

#endif /* XL_CMDS_INPUT_H */
