/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stand-in for libxlcontext, to see what the commands do with each of its
 * answers.  It is preloaded, and dlopen() of the real one gives what is loaded
 * already.
 *
 * FAKE_LIVE: words that say what happens.  FAKE_LOG: a file that gets a line
 * for each call.  FAKE_IMAGE: the image that a save brings.  FAKE_XEN_LOG:
 * what the hypervisor says of a load that fails.
 */
#include <xlcontext.h>

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/messages.h"

/* The shell of a libtool wrapper gets us preloaded, too, and has no
 * libdomctx. */
#pragma weak msg_raise
#pragma weak domctx_description_new
#pragma weak domctx_description_settle

void *dlopen(const char *name, int flags)
{
    void *(*real)(const char *, int);
    void *symbol = dlsym(RTLD_NEXT, "dlopen");

    if (name && strstr(name, "/libxlcontext.so.0"))
        name = NULL;   /* the program, and us with it */
    memcpy(&real, &symbol, sizeof(real));
    return real(name, flags);
}

struct xlcontext {
    xlcontext_log *log;
    void *arg;
};

static bool told(const char *word)
{
    const char *words = getenv("FAKE_LIVE");
    size_t length = strlen(word);

    while (words && *words) {
        size_t part = strcspn(words, " ");

        if (part == length && strncmp(words, word, length) == 0)
            return true;
        words += part + (words[part] == ' ');
    }
    return false;
}

static void note(const char *call, uint32_t domid, unsigned int flags)
{
    const char *name = getenv("FAKE_LOG");
    FILE *file = name ? fopen(name, "a") : NULL;

    if (!file)
        return;
    fprintf(file, "%s %u %#x\n", call, domid, flags);
    fclose(file);
}

int xlcontext_connect(xlcontext **xlc, xlcontext_log *log, void *arg,
                      domctx_report *report)
{
    note("connect", 0, 0);
    if (told("no-xen"))
        return msg_raise(report, MSG_LIVE_NO_XEN, NULL, "no Xen");
    *xlc = malloc(sizeof(**xlc));
    if (!*xlc)
        return msg_raise(report, MSG_NO_MEMORY, NULL, "no memory");
    (*xlc)->log = log;
    (*xlc)->arg = arg;
    log(arg, 1, "fake: debug");
    log(arg, 3, "fake: detail");
    log(arg, 8, "fake: error \033[1m");
    return 0;
}

void xlcontext_close(xlcontext *xlc)
{
    note("close", 0, 0);
    free(xlc);
}

/* AMD, with all that 4.17 gives to a guest there, or without AVX. */
int xlcontext_describe(xlcontext *xlc,
                       struct domctx_description **description,
                       domctx_report *report)
{
    struct domctx_description *to;

    (void)xlc;
    note("describe", 0, 0);
    *description = NULL;
    if (told("no-version"))
        return msg_raise(report, MSG_LIVE_NO_XEN, NULL, "no version");
    to = domctx_description_new(report);
    if (!to)
        return -1;
    strcpy(to->name, "here");
    strcpy(to->xen_version, "4.17.7");
    strcpy(to->vendor, "AuthenticAMD");
    if (told("no-features"))
        msg_raise(report, MSG_HOST_UNTOLD, NULL, "no features");
    else
        memset(to->hvm_max.word, 0xff, sizeof(to->hvm_max.word));
    if (told("no-avx"))
        to->hvm_max.word[1] &= ~(UINT32_C(1) << 28);
    to->hvm_max.n = told("no-features") ? 0 : DOMCTX_FEATURE_WORDS;
    *description = to;
    return domctx_description_settle(to, report);
}

/* With every feature, or without AVX; with 128 vCPUs, or one. */
struct xlcontext_guest {
    struct domctx_domain domain;
    struct domctx_cpuid_leaf leaves[2];
};

int xlcontext_guest_ask(xlcontext *xlc, uint32_t domid,
                        xlcontext_guest **guest, domctx_report *report)
{
    xlcontext_guest *made = calloc(1, sizeof(*made));

    (void)xlc;
    note("guest", domid, 0);
    *guest = made;
    if (!made)
        return msg_raise(report, MSG_NO_MEMORY, NULL, "no memory");
    made->leaves[0] = (struct domctx_cpuid_leaf){
        0, UINT32_MAX, 0xd, 0x68747541, 0x444d4163, 0x69746e65 };
    made->leaves[1] = (struct domctx_cpuid_leaf){
        1, UINT32_MAX, 0, 0,
        told("guest-no-avx") ? ~(UINT32_C(1) << 28) : UINT32_MAX, UINT32_MAX };
    made->domain = (struct domctx_domain){ .guest = DOMCTX_GUEST_HVM,
        .stream = 3, .leaves = made->leaves, .n_leaves = 2,
        .keys = { .known = true,
                  .max_vcpus = told("one-vcpu") ? 1 : 128 } };
    if (told("guest-untold"))
        msg_raise(report, MSG_LIVE_UNTOLD, NULL, "no parameters");
    return 0;
}

void xlcontext_guest_free(xlcontext_guest *guest)
{
    free(guest);
}

const struct domctx_domain *xlcontext_guest_domain(
    const xlcontext_guest *guest)
{
    return &guest->domain;
}

int xlcontext_find(xlcontext *xlc, const char *name, uint32_t *domid,
                   domctx_report *report)
{
    (void)xlc;
    if (strcmp(name, "guest") != 0)
        return msg_raise(report, MSG_LIVE_NO_DOMAIN, NULL, "no such domain");
    *domid = 7;
    return 0;
}

/* The file of FAKE_IMAGE. */
static int load_image(uint8_t **image, size_t *size)
{
    const char *name = getenv("FAKE_IMAGE");
    FILE *file = name ? fopen(name, "r") : NULL;

    if (!file)
        return -1;
    *image = malloc(1 << 20);
    *size = *image ? fread(*image, 1, 1 << 20, file) : 0;
    fclose(file);
    return *image ? 0 : -1;
}

/* What may come while the guest is paused. */
static void disturb(void)
{
    if (told("term"))
        kill(getpid(), SIGTERM);
    if (told("int"))
        kill(getpid(), SIGINT);
    if (told("stop"))
        kill(getpid(), SIGTSTP);
}

int xlcontext_save(xlcontext *xlc, uint32_t domid, unsigned int flags,
                   struct xlcontext_saved *saved, domctx_report *report)
{
    (void)xlc;
    memset(saved, 0, sizeof(*saved));
    note("save", domid, flags);
    disturb();
    if (told("fails"))
        return msg_raise(report, MSG_LIVE_CALL_FAILED, NULL, "no luck");
    if (told("still-paused"))
        return msg_raise(report, MSG_LIVE_STILL_PAUSED, NULL, "no resume");
    if (load_image(&saved->image, &saved->size) < 0)
        return msg_raise(report, MSG_NO_MEMORY, NULL, "no FAKE_IMAGE");
    saved->paused_ns = 1234567;
    saved->left_paused = (flags & XLCONTEXT_SAVE_LEAVE_PAUSED) &&
                         !told("was-paused");
    note("saved", domid, 0);
    return 0;
}

/* Every look a second later; the vCPUs sleep, or what is told of them. */
int xlcontext_look_with(xlcontext *xlc, uint32_t domid,
                        const domctx_symbols *symbols,
                        struct xlcontext_looked *looked,
                        domctx_report *report)
{
    static uint64_t seconds;
    struct domctx_live *live = &looked->live;

    (void)xlc;
    (void)symbols;
    memset(looked, 0, sizeof(*looked));
    note("look", domid, 0);
    disturb();
    if (told("fails") || (told("fails-later") && seconds))
        return msg_raise(report, MSG_LIVE_CALL_FAILED, NULL, "no luck");
    if (load_image(&looked->image, &looked->size) < 0)
        return msg_raise(report, MSG_NO_MEMORY, NULL, "no FAKE_IMAGE");
    live->time_ns = ++seconds * 1000000000;
    live->paused = told("was-paused");
    live->n_vcpus = 2;
    live->params_known = UINT64_C(1) << 0 | UINT64_C(1) << 14;
    live->param[0] = 1;
    live->param[14] = told("s3") ? 3 : 0;
    for (uint32_t v = 0; v < 2; v++)
        live->vcpu[v] = (struct domctx_live_vcpu){
            .known = true, .online = true, .blocked = !told("busy"),
            .running = told("busy"),
            .cpu_time_ns = 5 + (told("busy") ? live->time_ns : 0) };
    note("looked", domid, 0);
    return 0;
}

/* Nothing gets stuck here: tests/faults has what does. */
void xlcontext_hold(xlcontext *xlc, struct xlcontext_held *held)
{
    (void)xlc;
    memset(held, 0, sizeof(*held));
}

/* Every vCPU that there is gets its upcall, with the vector asked for. */
int xlcontext_cure_upcall(xlcontext *xlc, uint32_t domid,
                          unsigned int vector, struct xlcontext_cured *cured,
                          domctx_report *report)
{
    (void)xlc;
    memset(cured, 0, sizeof(*cured));
    note("cure", domid, vector);
    if (told("fails"))
        return msg_raise(report, MSG_LIVE_CALL_FAILED, NULL, "no luck");
    cured->vcpus = 2;
    cured->vector = vector;
    return 0;
}

int xlcontext_unpause(xlcontext *xlc, uint32_t domid, domctx_report *report)
{
    (void)xlc;
    note("unpause", domid, 0);
    if (told("stays-paused"))
        return msg_raise(report, MSG_LIVE_STILL_PAUSED, NULL, "no resume");
    return 0;
}

/* What the hypervisor says of a refused load: FAKE_XEN_LOG, "" for
 * nothing. */
static char *xen_log(void)
{
    const char *text = getenv("FAKE_XEN_LOG");

    if (!text)
        text = "d7 refuses CR0\n\nsecond \033[2J line\n";
    return *text ? strdup(text) : NULL;
}

static int lost(const void *image, size_t size,
                struct xlcontext_restored *restored, domctx_report *report)
{
    restored->rollback = malloc(size);
    restored->rollback_size = size;
    if (restored->rollback)
        memcpy(restored->rollback, image, size);
    return msg_raise(report, MSG_LIVE_ROLLBACK_FAILED, NULL, "not put back");
}

int xlcontext_restore(xlcontext *xlc, uint32_t domid, const void *image,
                      size_t size, unsigned int flags,
                      struct xlcontext_restored *restored,
                      domctx_report *report)
{
    (void)xlc;
    memset(restored, 0, sizeof(*restored));
    note("restore", domid, flags);
    disturb();
    if (told("ran-on")) {
        msg_raise(report, MSG_LIVE_RAN_ON, NULL, "the guest ran for 10 s");
        if (!(flags & XLCONTEXT_RESTORE_FORCE))
            return -1;
    }
    if (told("fails") || told("lost"))
        restored->log = xen_log();
    if (told("fails"))
        return msg_raise(report, MSG_LIVE_SET_FAILED, NULL, "refused");
    if (told("lost"))
        return lost(image, size, restored, report);
    restored->loaded = 3;
    restored->kept = 20;
    restored->paused_ns = 7654321;
    note("restored", domid, 0);
    return 0;
}
