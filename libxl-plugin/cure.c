/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xlcontext_cure_upcall(): a lost upcall given back.
 *
 * A guest with upcall vectors per vCPU (HVMOP_set_evtchn_upcall_vector) is
 * told of an event once, when the flag in its vcpu_info goes from 0 to 1
 * (vcpu_mark_events_pending()); where that interrupt is lost no later event
 * helps.  Its handler looks at all that is pending, so any interrupt with that
 * vector cures it, and one too many finds nothing to do.
 */
#include "catalogue/codes.h"
#include "catalogue/catalogue.h"
#include "catalogue/x2apic.h"
#include "upcall.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HVM_PARAM_CALLBACK_IRQ of a guest that uses vectors per vCPU, where Xen
 * offers that (4.17, e2d2b9fd7a): "GSI 1", which stands for none. */
#define CALLBACK_PER_VCPU 1u
#define CALLBACK_TYPE_SHIFT 56
enum { CALLBACK_GSI, CALLBACK_PCI_INTX, CALLBACK_VECTOR };

/* Messages of an interrupt: Intel SDM volume 3, 11.11. */
#define MSI_ADDRESS UINT64_C(0xfee00000)
#define MSI_ID_SHIFT 12
#define MSI_ID_MAX 0xffu

/* Those below are of exceptions (Intel SDM volume 3, 6.2): no guest has its
 * upcall there, and one of them in a guest that runs would crash it. */
#define VECTOR_MIN 32u
#define VECTOR_MAX 0xffu

static int refuse(domctx_report *report, uint32_t domid, const char *why)
{
    return msg_raise(report, MSG_LIVE_NO_UPCALL, NULL,
                     "domain %" PRIu32 " cannot be given an upcall: %s",
                     domid, why);
}

enum upcall_way upcall_way(uint64_t callback)
{
    if (callback == 0)
        return UPCALL_NONE;
    if (callback == CALLBACK_PER_VCPU)
        return UPCALL_PER_VCPU;
    switch (callback >> CALLBACK_TYPE_SHIFT) {
    case CALLBACK_GSI:
    case CALLBACK_PCI_INTX:
        return UPCALL_LINE;
    case CALLBACK_VECTOR:
        return UPCALL_VECTOR;
    default: /* Xen takes it as none */
        return UPCALL_NONE;
    }
}

static int judge_callback(xlcontext *xlc, uint32_t domid, uint64_t *callback,
                          domctx_report *report)
{
    if (call_param(xlc, domid, HVM_PARAM_CALLBACK_IRQ, callback) < 0)
        return call_failed(report, domid, "asking for the callback", errno);
    switch (upcall_way(*callback)) {
    case UPCALL_PER_VCPU:
        return 0;
    case UPCALL_NONE:
        return refuse(report, domid, "it has set no callback");
    case UPCALL_VECTOR:
        return refuse(report, domid, "its callback is a vector of the whole "
                      "domain, which Xen looks for whenever a vCPU is "
                      "entered: none can be lost, and one that Xen does not "
                      "know of would block its local APIC");
    case UPCALL_LINE:
    default:
        return refuse(report, domid, "its callback is an interrupt line");
    }
}

/* A field of a record of this hypervisor, whatever its release. */
static uint64_t field_of(const domctx_hvm *hvm, uint16_t code, uint32_t vcpu,
                         const char *name, bool *known)
{
    const struct cat_record *type = cat_record(code);
    const struct domctx_record *record = domctx_hvm_find(hvm, code, vcpu);
    const struct cat_layout *layout =
        record ? cat_some_layout(type, record->length) : NULL;
    const struct cat_field *field =
        layout ? cat_field(type, layout, name) : NULL;

    *known = field != NULL;
    return field ? cat_get(field, record->body, 0) : 0;
}

static bool has_record(const domctx_hvm *hvm, uint16_t code, uint32_t instance)
{
    return domctx_hvm_find(hvm, code, instance) != NULL;
}

static bool apic_id(const domctx_hvm *hvm, uint32_t vcpu, uint64_t *id)
{
    bool known[2];
    uint64_t base = field_of(hvm, CODE_LAPIC, vcpu, "apic_base_msr",
                             &known[0]);
    uint64_t reg = field_of(hvm, CODE_LAPIC_REGS, vcpu, "id", &known[1]);

    *id = cat_apic_id(base, reg);
    return known[0] && known[1] && *id <= MSI_ID_MAX;
}

/* Either each vCPU can be given its upcall or none is. */
static bool have_ids(const domctx_hvm *hvm)
{
    uint64_t id;

    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++)
        if (has_record(hvm, CODE_CPU, v) && !apic_id(hvm, v, &id))
            return false;
    return true;
}

static int inject(xlcontext *xlc, uint32_t domid, const domctx_hvm *hvm,
                  unsigned int vector, unsigned int *given,
                  domctx_report *report)
{
    uint64_t id;

    if (!have_ids(hvm))
        return refuse(report, domid, "the id of a vCPU's local APIC is not "
                      "known or above 255");
    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++) {
        if (!has_record(hvm, CODE_CPU, v) || !apic_id(hvm, v, &id))
            continue;
        if (call_inject_msi(xlc, domid, MSI_ADDRESS | id << MSI_ID_SHIFT,
                            vector) < 0)
            return call_failed(report, domid, "injecting the upcall", errno);
        ++*given;
    }
    return 0;
}

/* A domain with interrupt controllers of a PC: Xen itself asserts the upcall
 * of each vCPU when the parameter is written (hvm_set_callback_via()).  It
 * gets the value that it has. */
static int write_back(xlcontext *xlc, uint32_t domid, const domctx_hvm *hvm,
                      uint64_t callback, unsigned int *given,
                      domctx_report *report)
{
    if (call_set_param(xlc, domid, HVM_PARAM_CALLBACK_IRQ, callback) < 0)
        return call_failed(report, domid, "writing the callback", errno);
    for (uint32_t v = 0; v < DOMCTX_LIVE_VCPUS; v++)
        *given += has_record(hvm, CODE_CPU, v);
    return 0;
}

bool upcall_needs_vector(const domctx_hvm *hvm)
{
    return !has_record(hvm, CODE_PIC, 0);
}

int upcall_give(xlcontext *xlc, uint32_t domid, const domctx_hvm *hvm,
                unsigned int vector, unsigned int *given,
                domctx_report *report)
{
    uint64_t callback;

    *given = 0;
    if (judge_callback(xlc, domid, &callback, report) < 0)
        return -1;
    if (!upcall_needs_vector(hvm))
        return write_back(xlc, domid, hvm, callback, given, report);
    if (vector < VECTOR_MIN || vector > VECTOR_MAX)
        return msg_raise(report, MSG_LIVE_UPCALL_VECTOR, NULL,
                         "the upcall vector of domain %" PRIu32 " is not "
                         "known", domid);
    return inject(xlc, domid, hvm, vector, given, report);
}

#define LOG_WORDS ": upcall vector "

struct told_vector {
    uint32_t domid;
    unsigned long vector;
};

/* "d1v0: upcall vector f3" (hvmop_set_evtchn_upcall_vector()), in these words
 * alone: Xen says of which domain, and no guest does.  The last counts. */
static void take_vector(const char *line, void *arg)
{
    struct told_vector *told = arg;
    const char *words = console_words(line);
    char token[32];

    snprintf(token, sizeof(token), "d%" PRIu32 "v", told->domid);
    if (!words || strncmp(words, token, strlen(token)) != 0)
        return;
    words += strlen(token);
    words += strspn(words, "0123456789");
    if (strncmp(words, LOG_WORDS, strlen(LOG_WORDS)) == 0)
        told->vector = strtoul(words + strlen(LOG_WORDS), NULL, 16);
}

unsigned int upcall_vector(xlcontext *xlc, uint32_t domid)
{
    struct told_vector told = { .domid = domid };

    console_lines(xlc, NULL, take_vector, &told);
    return told.vector >= VECTOR_MIN && told.vector <= VECTOR_MAX
               ? (unsigned int)told.vector : 0;
}

/* What a cure knows of the domain before the pause. */
struct cure {
    xlcontext *xlc;
    struct domain domain;
    struct capture capture;
    unsigned int vector;
};

/* In the pause: the guest must not set another callback between the look at it
 * and the writing of it. */
static int cure_paused(struct cure *job, struct xlcontext_cured *cured,
                       domctx_report *report)
{
    uint32_t domid = job->domain.domid;
    domctx_hvm *hvm = NULL;
    int rc = capture_fetch(job->xlc, &job->domain, &job->capture, report);

    if (rc == 1)
        return capture_outgrown(domid, report);
    if (rc == 0)
        rc = domctx_hvm_parse(job->capture.context, job->capture.size, &hvm,
                              report);
    if (rc == 0)
        rc = upcall_give(job->xlc, domid, hvm, job->vector, &cured->vcpus,
                         report);
    if (rc == 0 && upcall_needs_vector(hvm))
        cured->vector = job->vector;
    domctx_hvm_free(hvm);
    return rc;
}

static int cure(struct cure *job, struct xlcontext_cured *cured,
                domctx_report *report)
{
    uint32_t domid = job->domain.domid;
    struct window window;
    uint64_t callback;
    int rc;

    if (!job->domain.hvm)
        return refuse(report, domid, "it is a PV domain");
    if (judge_callback(job->xlc, domid, &callback, report) < 0)
        return -1;
    if (job->vector == 0)
        job->vector = upcall_vector(job->xlc, domid);
    if (capture_prepare(job->xlc, &job->domain, 0, &job->capture,
                        report) < 0)
        return -1;
    if (window_open(job->xlc, &window, &job->domain, report) == 0) {
        rc = cure_paused(job, cured, report);
        if (window_close(job->xlc, &window, false, report) < 0)
            rc = -1;
    } else {
        rc = -1;
    }
    capture_release(job->xlc, &job->capture);
    return rc;
}

int xlcontext_cure_upcall(xlcontext *xlc, uint32_t domid,
                          unsigned int vector, struct xlcontext_cured *cured,
                          domctx_report *report)
{
    struct cure job = { .xlc = xlc, .vector = vector };

    *cured = (struct xlcontext_cured){ .vcpus = 0 };
    if (domain_look(xlc, domid, &job.domain, report) < 0)
        return -1;
    return cure(&job, cured, report);
}
