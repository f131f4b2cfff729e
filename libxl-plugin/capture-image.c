/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a capture to an image. */
#include "catalogue/codes.h"
#include "catalogue/catalogue.h"
#include "catalogue/types.h"
#include "save.h"

#include <stdlib.h>

#define EFER_LMA UINT64_C(0x400)

/* Xen does not tell whether an HVM guest's shared info has 32-bit form; it
 * latched that from the mode in which the guest set it up.  A guest that has
 * a vCPU in long mode is a 64-bit one. */
static bool in_long_mode(const domctx_hvm *hvm, cat_version version)
{
    const struct cat_record *type = cat_record(CODE_CPU);

    for (size_t i = 0; i < domctx_hvm_count(hvm); i++) {
        const struct domctx_record *cpu = domctx_hvm_get(hvm, i);
        const struct cat_layout *layout;
        const struct cat_field *efer;

        if (cpu->type != CODE_CPU)
            continue;
        layout = cat_layout(type, cpu->length, version);
        efer = layout ? cat_field(type, layout, "msr_efer") : NULL;
        if (efer && (cat_get(efer, cpu->body, 0) & EFER_LMA))
            return true;
    }
    return false;
}

bool capture_is_32bit(const struct capture *capture, const domctx_hvm *hvm,
                      cat_version version)
{
    return hvm ? !in_long_mode(hvm, version) : capture->width == 4;
}

static int add_shared_info(domctx_builder *builder,
                           const struct capture *capture, bool is_32bit,
                           domctx_report *report)
{
    if (!capture->has_shared_info)
        return 0;
    return domctx_builder_shared_info(builder, is_32bit,
                                      capture->shared_info,
                                      is_32bit ? SHARED_INFO_X86_32
                                               : SHARED_INFO_X86_64, report);
}

/* Records in ascending order of their types, as the series writes them. */
static int add_records(domctx_builder *builder,
                       const struct capture *capture, const domctx_hvm *hvm,
                       cat_version version, unsigned int flags,
                       domctx_report *report)
{
    bool is_32bit = capture_is_32bit(capture, hvm, version);

    if (add_shared_info(builder, capture, is_32bit, report) < 0)
        return -1;
    if (capture->has_tsc &&
        domctx_builder_tsc_info(builder, capture->tsc.mode,
                                capture->tsc.khz, capture->tsc.nsec,
                                capture->tsc.incarnation, report) < 0)
        return -1;
    if (hvm && (flags & XLCONTEXT_SAVE_WRAP
                    ? domctx_wrap(builder, hvm, report)
                    : domctx_migrate(builder, hvm, report)) < 0)
        return -1;
    return beside_add(&capture->beside, is_32bit, builder, report);
}

int capture_image(const struct origin *origin, const struct domain *domain,
                  const struct capture *capture, unsigned int flags,
                  uint8_t **image, size_t *size, domctx_report *report)
{
    bool bare = flags & XLCONTEXT_SAVE_BARE;
    domctx_builder *builder = NULL;
    domctx_hvm *hvm = NULL;
    char *provenance = NULL;
    int rc = -1;

    *image = NULL;
    if (domain->hvm && domctx_hvm_parse(capture->context, capture->size,
                                        &hvm, report) < 0)
        return -1;
    builder = domctx_builder_image(origin->xen_major, origin->xen_minor);
    if (!bare)
        provenance = live_provenance(origin, domain);
    if (!builder || (!bare && !provenance)) {
        msg_no_memory(report, 0);
        goto out;
    }
    if (add_records(builder, capture, hvm,
                    cat_version_of(origin->xen_major, origin->xen_minor),
                    flags, report) < 0)
        goto out;
    rc = domctx_builder_take(builder, provenance, !bare, image, size,
                             report);
    if (rc == 0)
        beside_tell(&capture->beside, report);
out:
    free(provenance);
    domctx_builder_free(builder);
    domctx_hvm_free(hvm);
    return rc;
}
