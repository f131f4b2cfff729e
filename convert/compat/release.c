/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the point release of a series that has the layouts of a blob. */
#include "compat/compat.h"

static bool has_layouts(const domctx_hvm *hvm, struct release release)
{
    const struct domctx_record *record;

    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++) {
        const struct cat_record *known = cat_record(record->type);
        const struct cat_layout *layout =
            known ? rules_layout(known, release) : NULL;

        if (layout && !(known->flags & CAT_VARIABLE) &&
            record->type != DOMCTX_HVM_END &&
            record->length != layout->length)
            return false;
    }
    return true;
}

void domctx_release_narrow(struct domctx_release *release,
                           const domctx_hvm *saved)
{
    struct release wide = release_of(release);
    int last = release_last_point(wide.series);

    if (wide.point != RELEASE_ANY || has_layouts(saved, wide))
        return;
    for (int point = 0; point <= last; point++)
        if (has_layouts(saved, (struct release){ wide.series,
                                                 (uint8_t)point })) {
            release->point = (uint32_t)point;
            return;
        }
}
