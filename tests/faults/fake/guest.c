/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest itself: what it is made of, and what moves. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "hvm.h"
#include "world.h"

struct fake_record *fake_record(struct fake_domain *d, unsigned int typecode,
                                unsigned int instance)
{
    for (uint32_t i = 0; i < d->n_records; i++) {
        if (d->records[i].typecode == typecode &&
            d->records[i].instance == instance) {
            return &d->records[i];
        }
    }
    return NULL;
}

uint8_t *fake_body(struct fake_domain *d, unsigned int typecode,
                   unsigned int instance)
{
    struct fake_record *r = fake_record(d, typecode, instance);
    if (r == NULL) {
        abort();
    }
    return r->body;
}

/* Kept in the saver's order.  Never NULL. */
struct fake_record *fake_add(struct fake_domain *d, unsigned int typecode,
                             unsigned int instance, uint32_t length)
{
    uint32_t at = 0;
    while (at < d->n_records &&
           (d->records[at].typecode < typecode ||
            (d->records[at].typecode == typecode &&
             d->records[at].instance < instance))) {
        at++;
    }
    if (d->n_records == FAKE_RECORDS || length > FAKE_BODY) {
        abort();
    }
    struct fake_record *r = &d->records[at];
    memmove(r + 1, r, (d->n_records - at) * sizeof(*r));
    memset(r, 0, sizeof(*r));
    r->typecode = (uint16_t)typecode;
    r->instance = (uint16_t)instance;
    r->length = length;
    r->present = true;
    d->n_records++;
    return r;
}

static void build_cpu(struct fake_domain *d, unsigned int vcpu)
{
    struct fake_record *r = fake_add(d, HVM_SAVE_CODE(CPU), vcpu,
                                     sizeof(struct hvm_hw_cpu));
    struct hvm_hw_cpu *cpu = (void *)r->body;
    fake_put(cpu->fpu_regs, 0x37f, 2);
    fake_put(cpu->fpu_regs + 24, 0x1f80, 4);
    for (size_t i = 160; i < 416; i++) {
        cpu->fpu_regs[i] = (uint8_t)(i + vcpu);
    }
    cpu->rax = 0x1111 + vcpu;
    cpu->rbx = 0x2222 + vcpu;
    cpu->rsp = 0xffffc90000010000u + 0x4000u * vcpu;
    cpu->r15 = 0xf1f1f1f1f1f1f1f1u;
    cpu->rip = 0xffffffff81000000u + 0x1000u * vcpu;
    cpu->rflags = 0x246;
    cpu->cr0 = 0x80050033;
    cpu->cr3 = 0x2a0c000 + 0x1000u * vcpu;
    cpu->cr4 = 0x6f0;
    cpu->dr6 = 0xffff0ff0;
    cpu->dr7 = 0x400;
    cpu->cs_sel = 0x10;
    cpu->cs_limit = cpu->ss_limit = 0xffffffff;
    cpu->cs_arbytes = 0xa9b;
    cpu->ss_arbytes = 0xc93;
    cpu->tr_sel = 0x40;
    cpu->tr_limit = 0x206f;
    cpu->tr_arbytes = 0x8b;
    cpu->msr_efer = 0xd01;
    cpu->msr_lstar = 0xffffffff81e00000u;
    cpu->msr_tsc_aux = vcpu;
    cpu->tsc = 0x100000;
    cpu->flags = 1;
    fake_correct(d, r, NULL);
}

static void build_lapic(struct fake_domain *d, unsigned int vcpu)
{
    uint32_t length = fake_host()->xen_minor >= 21 ? 32 : 24;
    uint8_t *p = fake_add(d, HVM_SAVE_CODE(LAPIC), vcpu, length)->body;
    fake_put(p, 0xfee00800u | (vcpu == 0 ? 0x100u : 0), 8);
    fake_put(p + 12, 16, 4);
    p = fake_add(d, HVM_SAVE_CODE(LAPIC_REGS), vcpu, 1024)->body;
    fake_put(p + 0x20, vcpu << 24, 4);
    fake_put(p + 0x30, 0x50014, 4);
    fake_put(p + 0xf0, 0x1ff, 4);
    fake_put(p + 0x320, 0x200ec, 4);
    fake_put(p + APIC_TMICT, 0x3d090, 4);
    fake_put(p + APIC_TMCCT, 0x30000, 4);
}

static void build_mtrr(struct fake_domain *d, unsigned int vcpu)
{
    struct hvm_hw_mtrr *m = (void *)fake_add(
        d, HVM_SAVE_CODE(MTRR), vcpu, sizeof(*m))->body;
    m->msr_pat_cr = 0x0407050600070106u;   /* what Linux sets */
    m->msr_mtrr_var[0] = 0xf0000000;
    m->msr_mtrr_var[1] = 0xfffff8000800;
    m->msr_mtrr_var[2] = 0xf8000000;
    m->msr_mtrr_var[3] = 0xfffffc000800;
    for (size_t i = 0; i < 11; i++) {
        m->msr_mtrr_fixed[i] = 0x0606060606060606u;
    }
    m->msr_mtrr_cap = 0x508;
    m->msr_mtrr_def_type = 0xc06;
}

static void build_rest(struct fake_domain *d, unsigned int vcpu)
{
    struct hvm_vmce_vcpu *vmce = (void *)fake_add(
        d, HVM_SAVE_CODE(VMCE_VCPU), vcpu, sizeof(*vmce))->body;
    vmce->caps = 0x102;
    fake_add(d, HVM_SAVE_CODE(TSC_ADJUST), vcpu, 8);
    if (d->type == FAKE_HVM) {
        fake_add(d, HVM_SAVE_CODE(VIRIDIAN_VCPU), vcpu, 216);
    }
}

/* The BIOS sets up channel 0; nobody sets up channel 1.  Since 4.19 its mode
 * is 7 until then, before it was 0xff. */
static void build_pit(struct fake_domain *d)
{
    struct hvm_hw_pit *pit = (void *)fake_add(
        d, HVM_SAVE_CODE(PIT), 0, sizeof(*pit))->body;
    for (size_t i = 0; i < 3; i++) {
        pit->channels[i].count = 0x10000;
        pit->channels[i].gate = i != 2;
        pit->channels[i].mode = fake_host()->xen_minor >= 19 ? 7 : 0xff;
    }
    pit->channels[0].mode = 2;
}

static void build_devices(struct fake_domain *d)
{
    for (unsigned int i = 0; i < 2; i++) {
        uint8_t *pic = fake_add(d, HVM_SAVE_CODE(PIC), i, 8)->body;
        pic[1] = 0xff;                    /* everything masked */
        pic[5] = i == 0 ? 0x40 : 0;       /* is_master */
        pic[6] = i == 0 ? 4 : 0;          /* the cascade is level */
    }
    uint8_t *io = fake_add(d, HVM_SAVE_CODE(IOAPIC), 0, 400)->body;
    fake_put(io, 0xfec00000, 8);
    for (size_t i = 0; i < 48; i++) {
        fake_put(io + 16 + 8 * i, 0x10000, 8);
    }
    build_pit(d);
    uint32_t rtc = fake_host()->xen_minor >= 14 ? 24 : 16;
    fake_add(d, HVM_SAVE_CODE(RTC), 0, rtc)->body[0xa] = 0x26;
    fake_put(fake_add(d, HVM_SAVE_CODE(HPET), 0, 1048)->body,
             0x0f424000a201, 8);
    fake_put(fake_add(d, HVM_SAVE_CODE(PMTIMER), 0, 8)->body, 0x1000, 4);
    fake_put(fake_add(d, HVM_SAVE_CODE(VIRIDIAN_DOMAIN), 0, 32)->body,
             0x1000, 8);
}

struct fake_port *fake_port(struct fake_domain *d, uint32_t port, bool add)
{
    for (size_t i = 0; i < FAKE_PORTS; i++) {
        if (d->ports[i].port == port) {
            return &d->ports[i];
        }
        if (d->ports[i].port == 0) {
            d->ports[i].port = add ? port : 0;
            return add ? &d->ports[i] : NULL;
        }
    }
    return NULL;
}

void fake_bind(struct fake_domain *d, const struct fake_port *as)
{
    struct fake_port *p = fake_port(d, as->port, true);
    if (p == NULL) {
        abort();
    }
    *p = *as;
}

static void bind(struct fake_domain *d, uint32_t port, uint32_t status,
                 uint32_t vcpu, uint32_t value)
{
    fake_bind(d, &(struct fake_port){ .port = port, .status = status,
                                      .vcpu = vcpu, .value = value,
                                      .of_xen = port >= 3 && port < 8 });
}

/* The store's and the console's channel, and what Linux binds. */
static void build_ports(struct fake_domain *d)
{
    d->ports_valid = 16;
    bind(d, 1, EVTCHNSTAT_interdomain, 0, 21);
    bind(d, 2, EVTCHNSTAT_interdomain, 0, 22);
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        if (d->type == FAKE_HVM) {
            bind(d, 3 + vcpu, EVTCHNSTAT_unbound, vcpu, 0);
        }
        bind(d, 8 + vcpu, EVTCHNSTAT_ipi, vcpu, 0);
    }
    bind(d, 12, EVTCHNSTAT_virq, 0, VIRQ_TIMER);
}

/* Two grants to domain 0, in two frames. */
static void build_grants(struct fake_domain *d)
{
    d->grant_version = 1;
    d->grant_frames = 2;
    d->grant_max = 64;
    fake_put(d->grants[0] + 8, 1, 2);            /* permit access */
    fake_put(d->grants[0] + 12, 0xfeffc, 4);
    fake_put(d->grants[1], 1 | 1u << 3, 2);      /* and it is read */
    fake_put(d->grants[1] + 4, 0x1234, 4);
}

void fake_build(struct fake_domain *d)
{
    d->n_records = 0;
    build_ports(d);
    build_grants(d);
    for (size_t i = 0; i < sizeof(d->shared_info); i++) {
        d->shared_info[i] = (uint8_t)(i * 7);
    }
    if (d->type == FAKE_PV) {
        return;
    }
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        build_cpu(d, vcpu);
        build_lapic(d, vcpu);
        build_mtrr(d, vcpu);
        build_rest(d, vcpu);
    }
    fake_add(d, HVM_SAVE_CODE(PCI_IRQ), 0, 16);
    fake_add(d, HVM_SAVE_CODE(ISA_IRQ), 0, 8);
    fake_put(fake_add(d, HVM_SAVE_CODE(PCI_LINK), 0, 8)->body,
             0x0b0a0b05, 4);
    if (d->type == FAKE_HVM) {
        build_devices(d);
    }
    fake_count_gsis(d);
}

/* -- what moves ------------------------------------------------------- */

/* Where the upcall's vector waits. */
static uint8_t *irr_of(struct fake_domain *d, unsigned int vcpu)
{
    return fake_body(d, HVM_SAVE_CODE(LAPIC_REGS), vcpu) + APIC_IRR +
           d->vector / 32 * 16 + d->vector % 32 / 8;
}

void fake_arrive(struct fake_domain *d, unsigned int vcpu)
{
    uint8_t *irr = irr_of(d, vcpu);
    *irr = (uint8_t)(*irr | 1u << d->vector % 8);
    d->upcall |= 1u << vcpu;
}

/* The vector once more, whether or not anything is pending: a vCPU that had
 * lost it wakes. */
void fake_give(struct fake_domain *d, unsigned int vcpu)
{
    uint8_t *irr = irr_of(d, vcpu);
    if (d->upcall & 1u << vcpu) {
        *irr = (uint8_t)(*irr | 1u << d->vector % 8);
        d->lost &= ~(1u << vcpu);
    }
}

uint64_t fake_apic_id(struct fake_domain *d, unsigned int vcpu)
{
    return fake_get(fake_body(d, HVM_SAVE_CODE(LAPIC_REGS), vcpu) + APIC_ID,
                    4) >> 24;
}

static bool take_upcall(struct fake_domain *d, unsigned int vcpu)
{
    uint8_t bit = (uint8_t)(1u << d->vector % 8);
    uint8_t *irr = irr_of(d, vcpu);
    if (!(d->upcall & 1u << vcpu)) {
        return true;
    }
    if (!(*irr & bit)) {
        return false;   /* flag set, vector gone: no upcall ever comes */
    }
    *irr = (uint8_t)(*irr & ~bit);
    d->upcall &= ~(1u << vcpu);
    return true;
}

void fake_look(struct fake_domain *d)
{
    if (d->type == FAKE_PV || d->still || d->crashed) {
        return;
    }
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        struct hvm_hw_cpu *cpu =
            (void *)fake_body(d, HVM_SAVE_CODE(CPU), vcpu);
        uint8_t *tmcct = fake_body(d, HVM_SAVE_CODE(LAPIC_REGS), vcpu) +
                         APIC_TMCCT;
        cpu->tsc += 1000;
        fake_put(tmcct, fake_get(tmcct, 4) - 16, 4);
        if (d->delay == 0 && d->arrive != 0) {
            fake_arrive(d, vcpu);
        }
    }
    if (d->delay != 0) {
        d->delay--;
    } else if (d->arrive != 0) {
        d->arrive--;
    }
    if (d->pauses == 0) {
        fake_run(d);
    }
}

void fake_run(struct fake_domain *d)
{
    if (d->crashed || d->type == FAKE_PV) {
        d->cpu_time += 1000000;
        return;
    }
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        struct hvm_hw_cpu *cpu =
            (void *)fake_body(d, HVM_SAVE_CODE(CPU), vcpu);
        if (!(d->up & 1u << vcpu)) {
            continue;
        }
        if (!take_upcall(d, vcpu)) {
            d->lost |= 1u << vcpu;
        }
        if (!(d->lost & 1u << vcpu)) {
            cpu->rip += 5;
            cpu->rax++;
            d->cpu_time += 1000000;
        }
    }
}

void fake_pause(struct fake_domain *d)
{
    d->pauses++;
}

int fake_unpause(struct fake_domain *d)
{
    if (d->pauses == 0) {
        return EINVAL;
    }
    d->pauses--;
    if (d->pauses == 0 && !d->still) {
        fake_run(d);
    }
    return 0;
}
