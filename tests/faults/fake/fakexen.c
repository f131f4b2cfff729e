/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets up and looks at the world of the fake Xen.  See usage() below. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "hvm.h"
#include "world.h"

static void usage(void)
{
    fputs(
"fakexen create NAME pv|pvh|hvm VCPUS   prints the domid; running, booted\n"
"fakexen built NAME pvh|hvm VCPUS       paused, never run\n"
"fakexen xen MAJOR MINOR                the hypervisor's version\n"
"fakexen extra TEXT                     what follows it: .7-pre\n"
"fakexen set NAME KEY VALUE             see keys[] in fakexen.c\n"
"fakexen get NAME KEY\n"
"fakexen put NAME CODE INSTANCE OFFSET WIDTH VALUE    of the guest's state\n"
"fakexen peek NAME CODE INSTANCE OFFSET WIDTH\n"
"fakexen resize NAME CODE INSTANCE LENGTH    another point release's record\n"
"fakexen xsave NAME VCPU ACCUM          give the vCPU an XSAVE area\n"
"fakexen msr NAME VCPU INDEX VALUE      set an MSR\n"
"fakexen port NAME PORT STATUS VCPU VALUE DOMID OF-XEN    a channel\n"
"fakexen memory NAME shared|grants|status OFFSET WIDTH VALUE\n"
"fakexen pause|unpause NAME             as xl does\n"
"fakexen run NAME                       let it run for a while\n"
"fakexen event NAME VCPU                an upcall becomes pending\n"
"fakexen state NAME                     all of it, as text, without what\n"
"                                       moves by itself\n"
"fakexen alive NAME                     every vCPU that is up makes headway\n"
"fakexen blob NAME FILE                 the context as the saver writes it\n"
"fakexen load NAME FILE                 status 1: the loader refuses it\n"
"fakexen destroy NAME\n"
"fakexen errnos CALL                    what that call can fail with\n",
          stderr);
    exit(2);
}

static struct fake_domain *find(const char *name)
{
    struct fake_domain *d = fake_domain_named(name);
    if (d == NULL) {
        fprintf(stderr, "fakexen: no domain %s\n", name);
        exit(2);
    }
    return d;
}

#define KEY(field) \
    { #field, offsetof(struct fake_domain, field), \
      sizeof(((struct fake_domain *)0)->field) }
static const struct {
    const char *name;
    size_t offset, width;
} keys[] = {
    KEY(domid), KEY(type), KEY(vcpus), KEY(up), KEY(pauses), KEY(crashed),
    KEY(dying), KEY(cpu_time), KEY(shared_frame), KEY(tsc_mode),
    KEY(tsc_khz), KEY(tsc_incarnation), KEY(tsc_ns), KEY(header_khz),
    KEY(callback), KEY(callback_asserted), KEY(upcall), KEY(lost),
    KEY(vector), KEY(arrive), KEY(delay), KEY(grow), KEY(swell), KEY(extra),
    KEY(still), KEY(intel), KEY(shadow), KEY(refuse), KEY(ignore), KEY(vanish),
    KEY(doom), KEY(resume), KEY(halt), KEY(collapse), KEY(turn),
    KEY(turn_to), KEY(rename),
    KEY(reborn), KEY(heir), KEY(let_go), KEY(offset_set), KEY(policy_debug),
    KEY(busy), KEY(waiting), KEY(s_state), KEY(monitor),
    KEY(ports_valid), KEY(grant_frames), KEY(grant_max), KEY(grant_version),
    KEY(grant_grow), KEY(port_grow),
};

static uint8_t *key_of(struct fake_domain *d, const char *name,
                       size_t *width)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].name, name) == 0) {
            *width = keys[i].width;
            return (uint8_t *)d + keys[i].offset;
        }
    }
    fprintf(stderr, "fakexen: no key %s\n", name);
    exit(2);
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 0);
}

static void set_uuid(struct fake_domain *d, const char *hex)
{
    for (size_t i = 0; i < sizeof(d->uuid); hex += *hex == '-') {
        unsigned int byte = 0;
        sscanf(hex, "%2x", &byte);
        d->uuid[i++] = (uint8_t)byte;
        hex += 2;
    }
}

static int do_set(char **arg)
{
    size_t width;
    struct fake_domain *d = find(arg[0]);
    if (strcmp(arg[1], "uuid") == 0) {
        set_uuid(d, arg[2]);
    } else if (strcmp(arg[1], "name") == 0) {
        snprintf(d->name, sizeof(d->name), "%s", arg[2]);
    } else {
        uint8_t *p = key_of(d, arg[1], &width);
        fake_put(p, number(arg[2]), width);
    }
    return 0;
}

static int do_get(char **arg)
{
    size_t width;
    const uint8_t *p = key_of(find(arg[0]), arg[1], &width);
    printf("%llu\n", (unsigned long long)fake_get(p, width));
    return 0;
}

static void create(char **arg, bool run)
{
    struct fake_host *host = fake_host();
    struct fake_domain *d = fake_create(host->next_domid++);
    snprintf(d->name, sizeof(d->name), "%s", arg[0]);
    d->type = strcmp(arg[1], "pv") == 0 ? FAKE_PV
        : strcmp(arg[1], "pvh") == 0 ? FAKE_PVH : FAKE_HVM;
    d->vcpus = (uint32_t)number(arg[2]);
    if (d->vcpus < 1 || d->vcpus > FAKE_VCPUS) {
        usage();
    }
    d->up = (1u << d->vcpus) - 1;
    d->shared_frame = 0x10;
    d->tsc_khz = d->header_khz = 2500000;
    d->vector = 0xf3;
    d->callback = UINT64_C(2) << 56 | d->vector;
    for (size_t i = 0; i < sizeof(d->uuid); i++) {
        d->uuid[i] = (uint8_t)(0xa0 + i + d->domid);
    }
    fake_build(d);
    if (run) {
        fake_run(d);
    } else {
        d->pauses = 1;
        d->shared_frame = FAKE_NO_FRAME;
    }
    printf("%u\n", d->domid);
}

static uint8_t *place(char **arg, size_t *width)
{
    struct fake_record *r = fake_record(find(arg[0]),
                                        (unsigned int)number(arg[1]),
                                        (unsigned int)number(arg[2]));
    size_t offset = number(arg[3]);
    *width = number(arg[4]);
    if (r == NULL || offset + *width > r->length) {
        fputs("fakexen: no such record or place\n", stderr);
        exit(2);
    }
    return r->body + offset;
}

static int do_xsave(char **arg)
{
    struct fake_domain *d = find(arg[0]);
    unsigned int vcpu = (unsigned int)number(arg[1]);
    uint64_t accum = number(arg[2]);
    uint32_t length = 24 + (accum & 4 ? 832u : 576u);
    uint8_t *p = fake_add(d, CPU_XSAVE_CODE, vcpu, length)->body;
    fake_put(p, 7, 8);
    fake_put(p + 8, accum, 8);
    fake_put(p + 16, accum, 8);
    memcpy(p + 24, fake_body(d, HVM_SAVE_CODE(CPU), vcpu), 512);
    fake_put(p + 24 + 512, accum, 8);
    for (uint32_t i = 24 + 576; i < length; i++) {
        p[i] = (uint8_t)(i ^ vcpu);
    }
    return 0;
}

static int do_msr(char **arg)
{
    struct fake_msr *msr = find(arg[0])->msr[number(arg[1]) % FAKE_VCPUS];
    size_t i = 0;
    while (i < FAKE_MSRS - 1 && msr[i].index != 0 &&
           msr[i].index != number(arg[2])) {
        i++;
    }
    msr[i].index = (uint32_t)number(arg[2]);
    msr[i].value = number(arg[3]);
    return 0;
}

/* Bytes that move by themselves read as zero, so that two states compare. */
static void hide_moving(struct fake_record *r)
{
    if (r->typecode == HVM_SAVE_CODE(CPU)) {
        struct hvm_hw_cpu *cpu = (void *)r->body;
        cpu->tsc = 0;
    } else if (r->typecode == HVM_SAVE_CODE(LAPIC_REGS)) {
        fake_put(r->body + APIC_TMCCT, 0, 4);
    }
}

static void show_state(struct fake_domain *d)
{
    printf("pauses %d crashed %u up %#x cpu_time %llu lost %#x "
           "khz %u upcall %#x ports %u grants %u\ngsi", d->pauses,
           d->crashed, d->up,
           (unsigned long long)d->cpu_time, d->lost,
           d->header_khz, d->upcall, d->ports_valid, d->grant_frames);
    for (size_t i = 0; i < FAKE_GSIS; i++) {
        printf(" %u", d->gsi[i]);
    }
    for (uint32_t i = 0; i < d->n_records; i++) {
        struct fake_record r = d->records[i];
        hide_moving(&r);
        printf("\n%u/%u ", r.typecode, r.instance);
        for (uint32_t j = 0; j < r.length; j++) {
            printf("%02x", r.body[j]);
        }
    }
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        for (size_t i = 0; i < FAKE_MSRS; i++) {
            if (d->msr[vcpu][i].value != 0) {
                printf("\nmsr/%u %#x %#llx", vcpu, d->msr[vcpu][i].index,
                       (unsigned long long)d->msr[vcpu][i].value);
            }
        }
    }
    putchar('\n');
}

static uint64_t rip_of(struct fake_domain *d, unsigned int vcpu)
{
    const struct hvm_hw_cpu *cpu =
        (const void *)fake_body(d, HVM_SAVE_CODE(CPU), vcpu);
    return cpu->rip;
}

/* Exit status 1 when a vCPU that should run does not. */
static int alive(struct fake_domain *d)
{
    uint64_t rip[FAKE_VCPUS];
    if (d->crashed || d->pauses > 0 || d->up != (1u << d->vcpus) - 1) {
        printf("crashed %u pauses %d up %#x\n", d->crashed, d->pauses,
               d->up);
        return 1;
    }
    if (d->type == FAKE_PV) {
        return 0;
    }
    for (unsigned int i = 0; i < d->vcpus; i++) {
        rip[i] = rip_of(d, i);
    }
    fake_run(d);
    for (unsigned int i = 0; i < d->vcpus; i++) {
        if (rip[i] == rip_of(d, i)) {
            printf("vCPU %u hangs\n", i);
            return 1;
        }
    }
    return 0;
}

static int write_blob(struct fake_domain *d, const char *path)
{
    static uint8_t buffer[256 * 1024];
    size_t size = fake_save(d, buffer, sizeof(buffer));
    FILE *out = fopen(path, "wb");
    if (out == NULL || fwrite(buffer, 1, size, out) != size ||
        fclose(out) != 0) {
        perror(path);
        return 2;
    }
    return 0;
}

static int load_blob(struct fake_domain *d, const char *path)
{
    static uint8_t buffer[256 * 1024];
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        return 2;
    }
    size_t size = fread(buffer, 1, sizeof(buffer), in);
    fclose(in);
    return fake_load(d, buffer, size) != 0;
}

static void destroy(const struct fake_domain *d)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/dom-%u", getenv("FAKE_XEN"), d->domid);
    remove(path);
}

static int on_domain(const char *what, char **arg)
{
    struct fake_domain *d = find(arg[0]);
    if (strcmp(what, "pause") == 0) {
        fake_pause(d);
    } else if (strcmp(what, "unpause") == 0) {
        return fake_unpause(d) != 0;
    } else if (strcmp(what, "run") == 0) {
        fake_run(d);
    } else if (strcmp(what, "state") == 0) {
        show_state(d);
    } else if (strcmp(what, "alive") == 0) {
        return alive(d);
    } else if (strcmp(what, "destroy") == 0) {
        destroy(d);
    } else {
        usage();
    }
    return 0;
}

/* Commands with arguments of their own; each returns the exit status. */
static int do_create(char **arg)
{
    create(arg, true);
    return 0;
}

static int do_built(char **arg)
{
    create(arg, false);
    return 0;
}

static int do_xen(char **arg)
{
    fake_host()->xen_major = (uint32_t)number(arg[0]);
    fake_host()->xen_minor = (uint32_t)number(arg[1]);
    return 0;
}

static int do_extra(char **arg)
{
    struct fake_host *host = fake_host();
    snprintf(host->extra, sizeof(host->extra), "%s", arg[0]);
    return 0;
}

static int do_put(char **arg)
{
    size_t width;
    uint8_t *p = place(arg, &width);
    fake_put(p, number(arg[5]), width);
    fake_count_gsis(find(arg[0]));
    return 0;
}

static int do_peek(char **arg)
{
    size_t width;
    const uint8_t *p = place(arg, &width);
    printf("%#llx\n", (unsigned long long)fake_get(p, width));
    return 0;
}

static int do_resize(char **arg)
{
    struct fake_record *r = fake_record(find(arg[0]),
                                        (unsigned int)number(arg[1]),
                                        (unsigned int)number(arg[2]));
    uint64_t length = number(arg[3]);
    if (r == NULL || length > FAKE_BODY) {
        usage();
    }
    r->length = (uint32_t)length;
    return 0;
}

static int do_event(char **arg)
{
    fake_arrive(find(arg[0]), (unsigned int)number(arg[1]));
    return 0;
}

static int do_port(char **arg)
{
    struct fake_port port = {
        .port = (uint32_t)number(arg[1]), .status = (uint32_t)number(arg[2]),
        .vcpu = (uint32_t)number(arg[3]), .value = (uint32_t)number(arg[4]),
        .domid = (uint32_t)number(arg[5]), .of_xen = (uint32_t)number(arg[6])
    };
    fake_bind(find(arg[0]), &port);
    return 0;
}

static int do_memory(char **arg)
{
    struct fake_domain *d = find(arg[0]);
    uint8_t *p = strcmp(arg[1], "shared") == 0   ? d->shared_info
                 : strcmp(arg[1], "grants") == 0 ? d->grants[0]
                                                 : d->grant_status[0];
    fake_put(p + number(arg[2]), number(arg[4]), number(arg[3]));
    return 0;
}

static int do_blob(char **arg)
{
    return write_blob(find(arg[0]), arg[1]);
}

static int do_load(char **arg)
{
    return load_blob(find(arg[0]), arg[1]);
}

static int do_errnos(char **arg)
{
    puts(fake_errnos(arg[0]));
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int args;
        int (*run)(char **arg);
    } commands[] = {
        { "create", 3, do_create }, { "built", 3, do_built },
        { "xen", 2, do_xen }, { "extra", 1, do_extra },
        { "set", 3, do_set }, { "get", 2, do_get },
        { "put", 6, do_put }, { "peek", 5, do_peek },
        { "resize", 4, do_resize },
        { "xsave", 3, do_xsave }, { "msr", 4, do_msr },
        { "port", 7, do_port }, { "memory", 5, do_memory },
        { "event", 2, do_event }, { "blob", 2, do_blob },
        { "load", 2, do_load }, { "errnos", 1, do_errnos },
    };
    if (argc < 2) {
        usage();
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            if (argc != commands[i].args + 2) {
                usage();
            }
            return commands[i].run(argv + 2);
        }
    }
    if (argc != 3) {
        usage();
    }
    return on_domain(argv[1], argv + 2);
}
