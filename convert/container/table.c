/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of containers, in the order of detection. */
#include "container/source.h"
#include "format/recode.h"

#include <inttypes.h>
#include <string.h>

#define MAGIC(text) (text), sizeof(text) - 1

static const struct walker walkers[] = {
    { DOMCTX_IN_XL, "xl save file",
      MAGIC("Xen saved domain, xl format\n \0 \r"), NULL, source_walk_xl },
    { DOMCTX_IN_LIBVIRT, "libvirt save file",
      MAGIC("libvirt-xml\n \0 \r"), NULL, source_walk_libvirt },
    { DOMCTX_IN_XEND, "xend save file",
      MAGIC("LinuxGuestRecord"), NULL, source_walk_xend },
    { DOMCTX_IN_XENOPS, "xenopsd suspend image",
      MAGIC("XenSavedDomv2-\n"), NULL, source_walk_xenops },
    { DOMCTX_IN_XENOPS_LEGACY, "old xenopsd suspend image",
      MAGIC("XenSavedDomain\n"), NULL, source_walk_xenops_legacy },
    { DOMCTX_IN_LIBXL, "libxl stream",
      MAGIC("LibxlFmt"), NULL, source_walk_libxl },
    { DOMCTX_IN_LIBXC, "libxc stream",
      MAGIC("\xff\xff\xff\xff\xff\xff\xff\xff" "XENF"), NULL,
      source_walk_libxc },
    /* has no magic, so it is tried last */
    { DOMCTX_IN_LEGACY, "legacy stream", NULL, 0, source_is_legacy,
      source_walk_legacy },
};
#define N_WALKERS (sizeof(walkers) / sizeof(walkers[0]))

static bool begins_with(const struct walker *walker, const uint8_t *head,
                        size_t size)
{
    if (walker->magic)
        return size >= walker->magic_size &&
               memcmp(head, walker->magic, walker->magic_size) == 0;
    return walker->is(head, size);
}

/* Whether the input ends inside the magic. */
static bool ends_within(const struct walker *walker, const uint8_t *head,
                        size_t size)
{
    return walker->magic && size < walker->magic_size &&
           memcmp(head, walker->magic, size) == 0;
}

const struct walker *walker_of(const uint8_t *head, size_t size)
{
    for (size_t i = 0; i < N_WALKERS; i++)
        if (begins_with(&walkers[i], head, size))
            return &walkers[i];
    return NULL;
}

static const struct walker *find(enum domctx_container container)
{
    for (size_t i = 0; i < N_WALKERS; i++)
        if (walkers[i].container == container)
            return &walkers[i];
    return NULL;
}

const char *domctx_container_name(enum domctx_container container)
{
    const struct walker *walker = find(container);

    return walker ? walker->name : "no container";
}

int source_inner(struct domctx_source *source,
                 enum domctx_container container)
{
    const struct walker *walker = find(container), *other;
    struct msg_at at = { .has_offset = true, .offset = source->at };
    const uint8_t *head;
    size_t got;
    struct recoded recoded;

    if (source_peek(source, 64, &head, &got) < 0)
        return -1;
    if (!walker || (!begins_with(walker, head, got) &&
                    !ends_within(walker, head, got))) {
        at.expected =
            (struct msg_value)TEXT(domctx_container_name(container));
        other = walker_of(head, got);
        if (other && other->magic) { /* a magic: no mere guess */
            at.found = (struct msg_value)TEXT(other->name);
            return msg_raise(source->report, MSG_SOURCE_INNER_OTHER, &at,
                             "another stream follows than the head promises: "
                             "tail -c +%" PRIu64, at.offset + 1);
        }
        if (recode_find(head, got, &recoded))
            return recode_tell(&recoded, NULL, source->report);
        return msg_raise(source->report, MSG_SOURCE_INNER, &at,
                         "what the container holds does not begin as it "
                         "should");
    }
    return walker->walk(source);
}
