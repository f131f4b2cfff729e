/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which a restore meets what findings are about: xl's header, the
 * configuration, of which libxl makes the domain, then the stream from its
 * first byte on, and the emulator when everything is read.
 */
#include "container/source.h"

#include <string.h>

#define WHEN_HEADER 0
#define WHEN_CONFIG 1
#define WHEN_STREAM 2            /* and the offset */
#define WHEN_START UINT64_MAX    /* the emulator starts */

static uint64_t in_stream(uint64_t offset)
{
    return offset > WHEN_START - WHEN_STREAM - 2 ? WHEN_START - 1
                                                 : WHEN_STREAM + offset;
}

/* Where the stream was not followed to this place, it comes late. */
static uint64_t at_place(uint64_t offset)
{
    return offset ? in_stream(offset) : WHEN_START - 1;
}

static uint64_t of_container(const struct domctx_finding *finding)
{
    static const char *const headers[] = {
        "container-xl-flags", "container-toolstack", "libvirt-", "xl-",
    };
    const char *emulator = domctx_message_at(MSG_CONTAINER_EMULATOR)->id;

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (strncmp(finding->id, headers[i], strlen(headers[i])) == 0)
            return WHEN_HEADER;
    if (strcmp(finding->id, emulator) == 0 &&
        finding->offset == DOMCTX_NO_OFFSET)
        return WHEN_START;
    return in_stream(finding->offset == DOMCTX_NO_OFFSET ? 0
                                                         : finding->offset);
}

uint64_t source_when(const domctx_source *source,
                     const struct domctx_finding *finding, bool of_context)
{
    const char *record = finding->record;

    if (!of_context)
        return of_container(finding);
    if (strcmp(record, "configuration") == 0)
        return WHEN_CONFIG;
    if (strcmp(record, "X86_CPUID_POLICY") == 0 ||
        strcmp(record, "X86_MSR_POLICY") == 0)
        return at_place(source->policies_at);
    if (strcmp(record, "X86_TSC_INFO") == 0)
        return at_place(source->tsc_at);
    if (strcmp(record, "HVM_PARAMS") == 0)
        return at_place(source->info.domain.params_at.offset);
    return at_place(source->loaded_at);
}
