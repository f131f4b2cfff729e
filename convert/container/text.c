/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container in words. */
#include "container/source.h"
#include "base/out.h"

#include <inttypes.h>
#include <string.h>

/* The most places to print. */
#define PLACES_TOLD 16

static void put_label(struct out *out, const char *label)
{
    out_f(out, "  %-14s ", label);
}

static void put_line(struct out *out, const char *label, const char *text)
{
    if (!*text)
        return;
    put_label(out, label);
    out_clean(out, text, strlen(text));
    out_text(out, "\n");
}

static void put_release(struct out *out,
                        const struct domctx_source_info *info)
{
    put_label(out, "saved by");
    if (info->has_version)
        out_f(out, "Xen %" PRIu32 ".%" PRIu32 "\n", info->xen_major,
              info->xen_minor);
    else
        out_f(out, "Xen %" PRIu32 ".%" PRIu32 " to %" PRIu32 ".%" PRIu32
                   ", as the container tells%s\n",
              info->oldest_major, info->oldest_minor, info->newest_major,
              info->newest_minor,
              info->converted ? "; converted from a legacy stream" : "");
}

static void put_config(struct out *out,
                       const struct domctx_source_info *info)
{
    static const char *const kinds[] = {
        [DOMCTX_CONFIG_NONE] = "none", [DOMCTX_CONFIG_JSON] = "JSON",
        [DOMCTX_CONFIG_XL] = "xl's",   [DOMCTX_CONFIG_XML] = "libvirt's XML",
        [DOMCTX_CONFIG_SXP] = "xend's s-expression",
    };

    put_label(out, "configuration");
    out_text(out, kinds[info->config_kind]);
    if (info->config)
        out_f(out, ", %zu bytes", info->config_size);
    else if (info->config_kind != DOMCTX_CONFIG_NONE)
        out_text(out, ", too large to be looked at");
    out_text(out, "\n");
}

static void put_place(struct out *out, const struct domctx_source_info *info,
                      size_t i)
{
    const struct domctx_place *place = &info->place[i];

    put_label(out, i ? "" : info->n_places > 1 ? "contexts" : "context");
    out_f(out, "%" PRIu64 " bytes at offset 0x%" PRIx64 ", its length at 0x%"
               PRIx64 "%s\n",
          place->length, place->offset, place->length_offset,
          info->n_places > 1 && i == info->last ? " (this one counts)" : "");
}

static void put_places(struct out *out,
                       const struct domctx_source_info *info)
{
    for (size_t i = 0; i < info->n_places; i++)
        if (i < PLACES_TOLD || i == info->last)
            put_place(out, info, i);
    if (info->n_contexts > PLACES_TOLD + 1) {
        put_label(out, "");
        out_f(out, "of %" PRIu64 " in all\n", info->n_contexts);
    }
}

static void put_tsc(struct out *out, const struct domctx_source_info *info)
{
    put_label(out, "TSC");
    out_f(out, "mode %" PRIu32 ", %" PRIu32 " kHz, %" PRIu64
               " ns, incarnation %" PRIu32 "\n",
          info->tsc_mode, info->tsc_khz, info->tsc_nsec,
          info->tsc_incarnation);
}

int domctx_source_text(const domctx_source *source, domctx_sink *sink,
                       void *arg, domctx_report *report)
{
    const struct domctx_source_info *info = &source->info;
    struct domctx_provenance origin;
    struct out out;

    domctx_source_origin(source, &origin);
    out_begin(&out, sink, arg);
    out_f(&out, "%s\n", info->words);
    put_line(&out, "domain", origin.domain_name);
    put_line(&out, "uuid", origin.uuid);
    put_line(&out, "type", origin.domain_type);
    put_release(&out, info);
    put_config(&out, info);
    source_put_keys(&out, &info->domain.keys);
    if (info->has_tsc)
        put_tsc(&out, info);
    put_places(&out, info);
    put_label(&out, "container");
    out_f(&out, "%" PRIu64 " bytes, %" PRIu64 " records\n", info->size,
          info->n_records);
    if (info->n_intervals) {
        put_label(&out, "checkpoints");
        out_f(&out, "%" PRIu64 "\n", info->n_intervals);
    }
    source_put_domain(&out, &info->domain);
    return out_end(&out, report);
}
