/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the configuration in front of a saved guest says.  Each toolstack has
 * its own language, of which only the needed part is read.  What cannot be
 * read is left out: a faulty configuration does not stop the walk.
 */
#ifndef CONVERT_CONTAINER_GUEST_H
#define CONVERT_CONTAINER_GUEST_H

#include <domctx.h>

/* Read name, uuid and kind of guest from libvirt's domain element, or from
 * xend's s-expression. */
void guest_from_xml(struct domctx_source_info *info, const char *text,
                    size_t size);
void guest_from_sxp(struct domctx_source_info *info, const char *text,
                    size_t size);

/* Set name, uuid (with or without dashes) or kind of guest, unless the text is
 * malformed or the value is set already. */
void guest_name(struct domctx_source_info *info, const char *text,
                size_t size);
void guest_uuid(struct domctx_source_info *info, const char *text,
                size_t size);
void guest_kind(struct domctx_source_info *info, const char *text,
                size_t size);

/* Set the number of vCPUs, in the same way. */
void guest_vcpus(struct domctx_source_info *info, const char *text,
                 size_t size);

#endif /* CONVERT_CONTAINER_GUEST_H */
