/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of guest.c about HVM parameters. */
#include "rules/guest.h"
#include "catalogue/hvm-params.h"

#include <inttypes.h>
#include <stdio.h>

/* -- HVM parameters ---------------------------------------------------- */

static void at_param(struct guest_subject *subject, size_t i)
{
    const struct domctx_domain *domain = subject->domain;
    const struct domctx_hvm_param *param = &domain->params[i];
    const char *name = hvm_param_name(param->index);

    guest_at_record(subject, "HVM_PARAMS", &domain->params_at);
    subject->at.field = name;
    snprintf(subject->found, sizeof(subject->found),
             "parameter %" PRIu64 " = 0x%" PRIx64, param->index,
             param->value);
}

/* Find the first parameter for which test holds. */
static bool some_param(struct guest_subject *subject,
                       bool (*is)(const struct guest_subject *subject,
                                  const struct domctx_hvm_param *param))
{
    const struct domctx_domain *domain = subject->domain;

    for (size_t i = 0; i < domain->n_params; i++)
        if (is(subject, &domain->params[i])) {
            at_param(subject, i);
            return true;
        }
    return false;
}

static bool is_above(const struct guest_subject *subject,
                     const struct domctx_hvm_param *param)
{
    return param->index >= hvm_param_count(subject->target);
}

bool guest_param_index(struct guest_subject *subject)
{
    return some_param(subject, is_above);
}

static bool is_key(const struct guest_subject *subject,
                   const struct domctx_hvm_param *param)
{
    return param->index == subject->rule->key;
}

bool guest_param_key(struct guest_subject *subject)
{
    return some_param(subject, is_key);
}

static bool is_obsolete(const struct guest_subject *subject,
                        const struct domctx_hvm_param *param)
{
    static const uint64_t obsolete = UINT64_C(1) << 13 | UINT64_C(1) << 20 |
                                     UINT64_C(1) << 21 | UINT64_C(1) << 22 |
                                     UINT64_C(1) << 23 | UINT64_C(1) << 25 |
                                     UINT64_C(1) << 26 | UINT64_C(1) << 30;

    (void)subject;
    return param->index < 64 && obsolete >> param->index & 1;
}

bool guest_param_obsolete(struct guest_subject *subject)
{
    return some_param(subject, is_obsolete);
}

/* A task state segment has at least 104 bytes. */
static bool is_bad(const struct guest_subject *subject,
                   const struct domctx_hvm_param *param)
{
    bool sized = subject->target.series >= CAT_V(4, 9);
    uint64_t value = param->value;

    if (is_above(subject, param))
        return false;
    switch (param->index) {
    case PARAM_VM86_TSS:
        return sized && value > UINT32_MAX;
    case PARAM_ACPI_IOPORTS:
        return value > 1;
    case PARAM_IOREQ_SERVER_PAGES:
        return value == 0 || value > 64;
    case PARAM_X87_FIP_WIDTH:
        return value != 0 && value != 4 && value != 8;
    case PARAM_VM86_TSS_SIZED:
        return value >> 32 < 104;
    case PARAM_MCA_CAP:
        return value > 1;
    default:
        return false;
    }
}

bool guest_param_value(struct guest_subject *subject)
{
    return some_param(subject, is_bad);
}

static bool is_other_before(const struct guest_subject *subject,
                            const struct domctx_hvm_param *param)
{
    const struct domctx_hvm_param *first = subject->domain->params;

    if (param->index != PARAM_IOREQ_PFN &&
        param->index != PARAM_BUFIOREQ_PFN &&
        param->index != PARAM_IOREQ_SERVER_PFN &&
        param->index != PARAM_IOREQ_SERVER_PAGES &&
        param->index != PARAM_VIRIDIAN)
        return false;
    for (; first < param; first++)
        if (first->index == param->index && first->value &&
            first->value != param->value)
            return true;
    return false;
}

bool guest_param_again(struct guest_subject *subject)
{
    return some_param(subject, is_other_before);
}

static bool is_acpi(const struct guest_subject *subject,
                    const struct domctx_hvm_param *param)
{
    (void)subject;
    return param->index == PARAM_ACPI_IOPORTS;
}

bool guest_param_pvh(struct guest_subject *subject)
{
    return subject->domain->guest == DOMCTX_GUEST_PVH &&
           some_param(subject, is_acpi);
}

static bool is_lmce(const struct guest_subject *subject,
                    const struct domctx_hvm_param *param)
{
    (void)subject;
    return param->index == PARAM_MCA_CAP && param->value == 1;
}

/* Of AMD's processors none has local machine checks. */
bool guest_lmce_on_amd(struct guest_subject *subject)
{
    return subject->host->vendor == DOMCTX_VENDOR_AMD &&
           some_param(subject, is_lmce);
}

bool guest_has_lmce(struct guest_subject *subject)
{
    return subject->host->vendor != DOMCTX_VENDOR_AMD &&
           some_param(subject, is_lmce);
}

/* -- Viridian ---------------------------------------------------------- */

static bool is_beyond(const struct guest_subject *subject,
                      const struct domctx_hvm_param *param)
{
    return param->index == PARAM_VIRIDIAN && param->value &&
           (!(param->value & 1) ||
            param->value & ~hvm_viridian_mask(subject->target));
}

bool guest_viridian_bits(struct guest_subject *subject)
{
    return some_param(subject, is_beyond);
}

static bool is_preset(const struct guest_subject *subject,
                      const struct domctx_hvm_param *param)
{
    uint64_t preset = hvm_viridian_default(subject->target);

    return preset && param->index == PARAM_VIRIDIAN && param->value &&
           param->value != preset;
}

/* A list of groups in the configuration sets just these. */
bool guest_viridian_preset(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    if (keys->viridian != DOMCTX_YES || keys->viridian_groups ||
        !some_param(subject, is_preset))
        return false;
    subject->at.expected =
        (struct msg_value)HEX(hvm_viridian_default(subject->target));
    return true;
}

static bool is_viridian(const struct guest_subject *subject,
                        const struct domctx_hvm_param *param)
{
    (void)subject;
    return param->index == PARAM_VIRIDIAN && param->value;
}

/* Up to 4.14 "viridian" in the configuration sets the parameter, too. */
bool guest_viridian_missing(struct guest_subject *subject)
{
    const struct domctx_domain *domain = subject->domain;
    const struct context_record *record = context_find(
        subject->context, DOMCTX_HVM_RECORD(CODE_VIRIDIAN_DOMAIN), 0);
    uint64_t id = 0, page = 0;

    if (!record || !domain->params || some_param(subject, is_viridian) ||
        (subject->target.series < CAT_V(4, 15) &&
         (!domain->keys.known || domain->keys.viridian == DOMCTX_YES ||
          domain->keys.viridian_groups)))
        return false;
    context_value(record, "guest_os_id", &id);
    context_value(record, "hypercall_gpa", &page);
    subject->at = context_at(record);
    subject->at.field = id ? "guest_os_id" : "hypercall_gpa";
    snprintf(subject->found, sizeof(subject->found), "0x%" PRIx64,
             id ? id : page);
    return id || page;
}

/* What a guest has on that only a group of VIRIDIAN gives: bit 0 of each is
 * its switch.  Without the group the hypervisor refuses the guest the MSRs
 * (#GP), and starts none of the timers again (viridian/time.c, synic.c). */
static const struct group_use {
    uint32_t code;
    const char *field;
    uint64_t group;
} group_uses[] = {
    { CODE_VIRIDIAN_DOMAIN, "reference_tsc", UINT64_C(1) << 3 },
    { CODE_VIRIDIAN_VCPU, "simp_msr", UINT64_C(1) << 7 },
    { CODE_VIRIDIAN_VCPU, "stimer_config_msr", UINT64_C(1) << 8 },
};

static bool is_on(struct guest_subject *subject, const struct group_use *use,
                  const struct context_record *record)
{
    const struct cat_field *field =
        record->layout ? cat_field(record->known, record->layout, use->field)
                       : NULL;
    uint64_t value = 0;
    char name[24];

    for (size_t i = 0; field && i < context_count(record, field); i++) {
        if (!context_get(record, field, i, &value) || !(value & 1))
            continue;
        subject->at = context_at(record);
        subject->at.field = use->field;
        snprintf(subject->found, sizeof(subject->found), "0x%" PRIx64, value);
        snprintf(subject->expected, sizeof(subject->expected),
                 "group %s of VIRIDIAN",
                 hvm_param_words(PARAM_VIRIDIAN, use->group, name,
                                 sizeof(name)));
        subject->at.expected = (struct msg_value)TEXT(subject->expected);
        return true;
    }
    return false;
}

/* The groups that the stream gives; 0 where something else does. */
static uint64_t groups_given(const struct domctx_domain *domain)
{
    for (size_t i = 0; i < domain->n_params; i++)
        if (domain->params[i].index == PARAM_VIRIDIAN)
            return domain->params[i].value;
    return 0;
}

bool guest_viridian_group(struct guest_subject *subject)
{
    const domctx_context *context = subject->context;
    uint64_t given = groups_given(subject->domain);

    for (size_t k = 0; given && k < sizeof(group_uses) / sizeof(group_uses[0]);
         k++) {
        const struct group_use *use = &group_uses[k];

        if (given & use->group ||
            !(hvm_viridian_mask(subject->target) & use->group))
            continue;
        for (size_t i = 0; i < context->count; i++)
            if (context->records[i].type == DOMCTX_HVM_RECORD(use->code) &&
                is_on(subject, use, &context->records[i]))
                return true;
    }
    return false;
}
