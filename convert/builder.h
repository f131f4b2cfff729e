/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other files of the library ask a builder. */
#ifndef CONVERT_BUILDER_H
#define CONVERT_BUILDER_H

#include "messages.h"

/* -1, with the finding, unless builder makes an image and has not failed;
 * type is what was about to be added. */
int builder_need_image(domctx_builder *builder, uint32_t type,
                       domctx_report *report);

/* Bytes so far. */
size_t builder_size(const domctx_builder *builder);

#endif /* CONVERT_BUILDER_H */
