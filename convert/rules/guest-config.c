/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of guest.c about the configuration and what belongs to it. */
#include "rules/guest.h"
#include "base/bytes.h"
#include "catalogue/config-words.h"
#include "catalogue/cpuid.h"
#include "catalogue/types.h"
#include "format/image.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VCPUS_MOST 128

/* Set subject->at to a key of the configuration. */
static void at_key(struct guest_subject *subject, const char *key,
                   const char *value)
{
    subject->at = (struct msg_at){ .record = "configuration", .field = key };
    snprintf(subject->found, sizeof(subject->found), "%s", value);
}

static bool is_word(const char *value, const char *word)
{
    return strcmp(value, word) == 0;
}

/* What the stream says of the emulator is judged with its container: readers
 * do not look at it. */
bool guest_traditional(struct guest_subject *subject)
{
    at_key(subject, "device_model_version", "qemu_xen_traditional");
    return is_word(subject->domain->keys.device_model,
                   "qemu_xen_traditional");
}

/* Without device_model_version it is QEMU; but for a stub domain, as long as
 * there was qemu-traditional, that. */
static bool defaults_to_traditional(const struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    return !*keys->device_model && keys->stubdomain == DOMCTX_YES &&
           subject->target.series < CAT_V(4, 21);
}

bool guest_rombios(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    at_key(subject, "bios", keys->bios);
    return is_word(keys->bios, "rombios") &&
           (is_word(keys->device_model, "qemu_xen") ||
            (subject->target.series >= CAT_V(4, 21) &&
             !*keys->device_model));
}

/* Where the host has no QEMU, it is qemu-traditional even so. */
bool guest_default_rombios(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    at_key(subject, "bios", keys->bios);
    return is_word(keys->bios, "rombios") && !*keys->device_model &&
           !defaults_to_traditional(subject);
}

/* The firmware that both device models can have goes with QEMU alone. */
bool guest_traditional_bios(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    at_key(subject, "bios", keys->bios);
    return (is_word(keys->device_model, "qemu_xen_traditional") ||
            defaults_to_traditional(subject)) &&
           (is_word(keys->bios, "seabios") || is_word(keys->bios, "ovmf"));
}

bool guest_passthrough_off(struct guest_subject *subject)
{
    at_key(subject, "passthrough", "disabled");
    return subject->domain->keys.passthrough == DOMCTX_NO &&
           subject->domain->keys.devices;
}

bool guest_unread(struct guest_subject *subject)
{
    subject->at = (struct msg_at){ .record = "configuration" };
    return subject->domain->keys.unread;
}

bool guest_untyped(struct guest_subject *subject)
{
    at_key(subject, "type", "");
    return subject->domain->keys.untyped;
}

bool guest_pvrdtscp(struct guest_subject *subject)
{
    const char *mode = subject->domain->keys.tsc_mode;

    at_key(subject, "tsc_mode", mode);
    return is_word(mode, "native_paravirt") || is_word(mode, "3");
}

/* The word of the configuration that the release does not know and reads
 * first; NULL: none. */
static const struct domctx_odd_word *first_odd(
    const struct guest_subject *subject, const struct config_key **key)
{
    const struct domctx_keys *keys = &subject->domain->keys;
    cat_version release = subject->target.series;

    for (size_t i = 0; i < n_config_keys; i++)
        for (size_t k = 0; k < keys->n_odd; k++)
            if (strcmp(keys->odd[k].key, config_keys[i].path) == 0 &&
                config_key_read(&config_keys[i], release) &&
                !config_word_known(&config_keys[i], keys->odd[k].word,
                                   release)) {
                *key = &config_keys[i];
                return &keys->odd[k];
            }
    return NULL;
}

static bool is_odd(struct guest_subject *subject, enum config_part part)
{
    const struct config_key *key = NULL;
    const struct domctx_odd_word *odd = first_odd(subject, &key);

    if (!odd || key->part != part)
        return false;
    at_key(subject, key->name, odd->word);
    return true;
}

bool guest_odd_word(struct guest_subject *subject)
{
    return is_odd(subject, CONFIG_BEFORE_TYPE);
}

bool guest_odd_behind(struct guest_subject *subject)
{
    return is_odd(subject, CONFIG_BEHIND_TYPE);
}

bool guest_odd_device(struct guest_subject *subject)
{
    return is_odd(subject, CONFIG_DEVICES);
}

bool guest_odd_text(struct guest_subject *subject)
{
    return is_odd(subject, CONFIG_TEXT);
}

/* PVHv1, up to 4.9, was a kind of PV domain. */
bool guest_is_pvh(struct guest_subject *subject)
{
    at_key(subject, "type", "pvh");
    return subject->domain->guest == DOMCTX_GUEST_PVH &&
           subject->domain->keys.pvh != DOMCTX_YES;
}

uint32_t guest_vcpus_of(const struct domctx_domain *domain)
{
    if (!domain)
        return 0;
    if (!domain->keys.max_vcpus && domain->keys.known)
        return 1;
    return domain->keys.max_vcpus;
}

bool guest_many_vcpus(struct guest_subject *subject)
{
    uint32_t n = subject->domain->keys.max_vcpus;

    at_key(subject, "max_vcpus", "");
    subject->at.expected = (struct msg_value)DEC(VCPUS_MOST);
    snprintf(subject->found, sizeof(subject->found), "%" PRIu32, n);
    return n > VCPUS_MOST;
}

bool guest_nested_without_hap(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    at_key(subject, "hap", "false");
    return keys->nested_hvm == DOMCTX_YES && keys->hap == DOMCTX_NO;
}

/* If a host is described, its features decide instead. */
bool guest_is_nested(struct guest_subject *subject)
{
    at_key(subject, "nested_hvm", "true");
    return subject->domain->keys.nested_hvm == DOMCTX_YES &&
           subject->host->nested_hvm == DOMCTX_UNSAID;
}

bool guest_is_altp2m(struct guest_subject *subject)
{
    at_key(subject, "altp2m", "true");
    return subject->domain->keys.altp2m == DOMCTX_YES;
}

bool guest_altp2m_nested(struct guest_subject *subject)
{
    return guest_is_altp2m(subject) &&
           subject->domain->keys.nested_hvm == DOMCTX_YES;
}

bool guest_altp2m_without_hap(struct guest_subject *subject)
{
    return guest_is_altp2m(subject) &&
           subject->domain->keys.hap == DOMCTX_NO;
}

/* Inner guests need it: the configuration gives it, a parameter did up to
 * 4.14, and a policy shows that it was given. */
bool guest_may_nest(struct guest_subject *subject)
{
    const struct domctx_domain *domain = subject->domain;
    const struct domctx_cpuid_leaf *vmx = guest_leaf(domain, 1,
                                                     CPUID_NO_SUBLEAF);
    const struct domctx_cpuid_leaf *svm = guest_leaf(domain, 0x80000001,
                                                     CPUID_NO_SUBLEAF);

    if ((vmx && vmx->c >> 5 & 1) || (svm && svm->c >> 2 & 1)) {
        subject->at = (struct msg_at){ .record = "X86_CPUID_POLICY" };
        snprintf(subject->found, sizeof(subject->found), "%s",
                 vmx && vmx->c >> 5 & 1 ? "vmx" : "svm");
        return true;
    }
    at_key(subject, "nested_hvm", "true");
    return domain->keys.nested_hvm == DOMCTX_YES;
}

/* -- what the host makes ------------------------------------------------ */

bool guest_host_no_nested(struct guest_subject *subject)
{
    at_key(subject, "nested_hvm", "true");
    return subject->domain->keys.nested_hvm == DOMCTX_YES &&
           subject->host->nested_hvm == DOMCTX_NO;
}

bool guest_host_no_hvm(struct guest_subject *subject)
{
    at_key(subject, "type", "hvm");
    return subject->host->hvm == DOMCTX_NO;
}

bool guest_host_no_hap(struct guest_subject *subject)
{
    at_key(subject, "hap", "true");
    return subject->domain->keys.hap == DOMCTX_YES &&
           subject->host->hap == DOMCTX_NO;
}

/* If the configuration does not name the paging, the host chooses. */
bool guest_host_no_shadow(struct guest_subject *subject)
{
    const struct domctx_keys *keys = &subject->domain->keys;

    at_key(subject, "hap", "false");
    return subject->host->shadow == DOMCTX_NO &&
           (keys->hap == DOMCTX_NO ||
            (keys->hap == DOMCTX_UNSAID && keys->known &&
             subject->host->hap == DOMCTX_NO));
}

/* The TSC mode in X86_TSC_INFO of the stream, or in TSC_INFO of the image. */
static bool find_tsc_mode(struct guest_subject *subject, uint32_t *mode)
{
    const struct domctx_domain *domain = subject->domain;
    const domctx_image *image = subject->context->image;
    const struct domctx_record *record;

    if (domain) {
        subject->at = (struct msg_at){ .record = "X86_TSC_INFO" };
        *mode = domain->tsc_mode;
        return domain->has_tsc;
    }
    record = image ? domctx_image_find(image, DOMCTX_TSC_INFO, 0) : NULL;
    if (!record || record->length < sizeof(*mode))
        return false;
    subject->at = at_record(record);
    *mode = get32(record->body, image->big);
    return true;
}

bool guest_tsc_mode(struct guest_subject *subject)
{
    uint32_t mode, last = cat_tsc_mode_last(subject->target.series);

    if (!find_tsc_mode(subject, &mode))
        return false;
    subject->at.field = "mode";
    snprintf(subject->expected, sizeof(subject->expected), "0 to %" PRIu32,
             last);
    subject->at.expected = (struct msg_value)TEXT(subject->expected);
    snprintf(subject->found, sizeof(subject->found), "%" PRIu32, mode);
    return mode > last;
}
