/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the configuration in front of a saved guest says of it.  Each
 * toolstack has its own language; of each only the little that is wanted is
 * read, and what cannot be made out is left out: a faulty configuration stops
 * nothing.
 */
#ifndef CONVERT_CONTAINER_GUEST_H
#define CONVERT_CONTAINER_GUEST_H

#include <domctx.h>

/* Take name, uuid and kind of guest from the domain element of libvirt, or
 * from the s-expression of xend. */
void guest_from_xml(struct domctx_source_info *info, const char *text,
                    size_t size);
void guest_from_sxp(struct domctx_source_info *info, const char *text,
                    size_t size);

/* Take a name, a uuid (with its dashes or without) or a word for the kind,
 * unless it is none or there is one already. */
void guest_name(struct domctx_source_info *info, const char *text,
                size_t size);
void guest_uuid(struct domctx_source_info *info, const char *text,
                size_t size);
void guest_kind(struct domctx_source_info *info, const char *text,
                size_t size);

/* Take the number of vCPUs, likewise. */
void guest_vcpus(struct domctx_source_info *info, const char *text,
                 size_t size);

#endif /* CONVERT_CONTAINER_GUEST_H */
