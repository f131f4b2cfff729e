/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the loaders change of a record that they take, release by release. */
#include <stddef.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "hvm.h"
#include "world.h"

/* -- CPU --------------------------------------------------------------- */

/* One of the eight segment registers that have attributes. */
static uint32_t cook_attributes(uint32_t ar, uint32_t limit, char kind)
{
    if ((ar & 0xf000) != 0 && (ar & 0x0f00) == 0) {
        ar = (ar & 0xff) | (ar >> 4 & 0xf00);   /* as a VMCS has it */
    }
    if (kind == 't') {
        ar |= 0x82;             /* present, busy */
    } else if (kind == 'c') {
        ar |= 0x80;
    } else if (kind == 's' && !(ar & 0x80)) {
        ar &= ~0x400u;          /* SS.DB */
    }
    if (ar & 0x80) {
        ar &= ~0x810u;
        ar |= limit >> 20 ? 0x800 : 0;
        ar |= kind == 't' || kind == 'l' ? 0 : 0x11;
    }
    return ar;
}

static void correct_event(struct hvm_hw_cpu *cpu)
{
    bool keep = cpu->pending_valid &&
                (cpu->pending_type == 0 || cpu->pending_type == 2 ||
                 (cpu->pending_type == 3 && cpu->pending_vector != 3 &&
                  cpu->pending_vector != 4));
    if (!keep) {
        cpu->pending_event = 0;
        cpu->error_code = 0;
    }
}

static void correct_cpu(const struct fake_domain *d, uint8_t *body)
{
    struct hvm_hw_cpu *cpu = (void *)body;
    cpu->cs_arbytes = cook_attributes(cpu->cs_arbytes, cpu->cs_limit, 'c');
    cpu->ds_arbytes = cook_attributes(cpu->ds_arbytes, cpu->ds_limit, 'd');
    cpu->es_arbytes = cook_attributes(cpu->es_arbytes, cpu->es_limit, 'd');
    cpu->fs_arbytes = cook_attributes(cpu->fs_arbytes, cpu->fs_limit, 'd');
    cpu->gs_arbytes = cook_attributes(cpu->gs_arbytes, cpu->gs_limit, 'd');
    cpu->ss_arbytes = cook_attributes(cpu->ss_arbytes, cpu->ss_limit, 's');
    cpu->tr_arbytes = cook_attributes(cpu->tr_arbytes, cpu->tr_limit, 't');
    cpu->ldtr_arbytes = cook_attributes(cpu->ldtr_arbytes, cpu->ldtr_limit,
                                        'l');
    cpu->rflags |= 2;
    cpu->dr6 = (uint32_t)cpu->dr6;
    cpu->dr7 = (uint32_t)cpu->dr7;
    if (fake_host()->xen_minor >= 18) {
        cpu->dr6 |= d->policy_debug ? 0xfffe07f0 : 0xffff0ff0;
        cpu->dr6 &= ~UINT64_C(0x1000);
        cpu->dr7 |= 0x400;
        cpu->dr7 &= d->policy_debug ? ~UINT64_C(0xd000) : ~UINT64_C(0xd800);
    }
    correct_event(cpu);
}

/* -- interrupt controllers ---------------------------------------------- */

static uint32_t ldr_of(uint32_t id)
{
    return (id & ~0xfu) << 12 | 1u << (id & 0xf);
}

/* The LDR of a saver up to 4.4. */
static void correct_lapic_regs(struct fake_domain *d, unsigned int vcpu,
                               uint8_t *regs)
{
    uint64_t base = fake_get(fake_body(d, HVM_SAVE_CODE(LAPIC), vcpu), 8);
    if (!(base & 0x400) || fake_get(regs + 0x20, 4) == 0 ||
        fake_get(regs + 0xd0, 4) != 1) {
        return;
    }
    fake_put(regs + 0x20, vcpu * 2, 4);
    fake_put(regs + 0xd0, ldr_of(fake_host()->xen_minor >= 19 ? vcpu * 2
                                                              : vcpu), 4);
}

/* -- timers --------------------------------------------------------------- */

static void correct_pit(uint8_t *body)
{
    struct hvm_hw_pit *pit = (void *)body;
    for (size_t i = 0; i < 3; i++) {
        if (pit->channels[i].count == 0) {
            pit->channels[i].count = 0x10000;
        }
        if (fake_host()->xen_minor >= 19) {
            pit->channels[i].mode &= 7;
            if (pit->channels[i].mode > 5) {
                pit->channels[i].mode = (uint8_t)(pit->channels[i].mode - 4);
            }
        }
    }
}

static void correct_hpet(uint8_t *body)
{
    bool legacy = fake_host()->xen_minor >= 22 && (body[16] & 2);
    for (size_t i = legacy ? 2 : 0; i < 3; i++) {
        uint64_t config = fake_get(body + 256 + 32 * i, 8), first = 0;
        if (config >> 32 >> (config >> 9 & 31) & 1) {
            continue;
        }
        config &= ~UINT64_C(0x3e00);
        while (config >> 32 != 0 && !(config >> 32 >> first & 1)) {
            first++;
        }
        config |= config & 4 ? first << 9 : 0;
        fake_put(body + 256 + 32 * i, config, 8);
    }
}

/* -- Viridian ------------------------------------------------------------- */

static void correct_viridian(uint8_t *body)
{
    body[8] = body[8] != 0;
    for (size_t i = 0; fake_host()->xen_minor >= 22 && i < 4; i++) {
        uint64_t config = fake_get(body + 152 + 8 * i, 8);
        if ((config >> 16 & 15) == 0 || fake_get(body + 184 + 8 * i, 8) == 0) {
            fake_put(body + 152 + 8 * i, config & ~UINT64_C(1), 8);
        }
    }
}

void fake_correct(struct fake_domain *d, struct fake_record *r,
                  const uint8_t *before)
{
    switch (r->typecode) {
    case HVM_SAVE_CODE(CPU):
        correct_cpu(d, r->body);
        break;
    case HVM_SAVE_CODE(PIC):
        r->body[6] |= r->instance == 0 ? 4 : 0;
        break;
    case HVM_SAVE_CODE(LAPIC_REGS):
        correct_lapic_regs(d, r->instance, r->body);
        break;
    case HVM_SAVE_CODE(PIT):
        correct_pit(r->body);
        break;
    case HVM_SAVE_CODE(HPET):
        correct_hpet(r->body);
        break;
    case HVM_SAVE_CODE(RTC):
        if (d->offset_set && r->length >= 24 && before != NULL) {
            memcpy(r->body + 16, before + 16, 8);
        }
        break;
    case HVM_SAVE_CODE(VIRIDIAN_VCPU):
        correct_viridian(r->body);
        break;
    default:
        break;
    }
}
