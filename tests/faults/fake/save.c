/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hypervisor writes, as the savers of Xen 4.12 and later do. */
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "hvm.h"
#include "world.h"

/* Worst case of every registered type; on a host with the uncompressed
 * XSAVE area of 832 bytes. */
size_t fake_worst(const struct fake_domain *d)
{
    size_t domain = 8 + 24 + 8 + 2 * (8 + 8) + 8 + 400 + 8 + 16 + 8 + 8 +
                    8 + 8 + 8 + 56 + 8 + 24 + 8 + 1048 + 8 + 8 + 8 + 32;
    size_t vcpu = 8 + 1032 + 8 + 32 + 8 + 1024 + 8 + 240 + 8 + 24 + 832 +
                  8 + 216 + 8 + 32 + 8 + 8 + 8 + 8 + 16 * FAKE_MSRS;
    return domain + d->vcpus * vcpu + d->extra;
}

struct out {
    uint8_t *p;
    size_t used, room;
};

static void emit(struct out *out, unsigned int typecode,
                 unsigned int instance, const uint8_t *body, size_t length)
{
    if (out->room - out->used < 8 + length) {
        return;   /* cannot be: room is the worst case */
    }
    uint8_t *p = out->p + out->used;
    fake_put(p, typecode, 2);
    fake_put(p + 2, instance, 2);
    fake_put(p + 4, length, 4);
    if (length != 0) {
        memcpy(p + 8, body, length);
    }
    out->used += 8 + length;
}

/* Since 4.12.0 the saver writes variable pair 0 in every place. */
static void emit_mtrr(struct out *out, const struct fake_record *r)
{
    struct hvm_hw_mtrr m;
    memcpy(&m, r->body, sizeof(m));
    for (size_t i = 1; fake_host()->xen_minor >= 12 && i < 8; i++) {
        m.msr_mtrr_var[2 * i] = m.msr_mtrr_var[0];
        m.msr_mtrr_var[2 * i + 1] = m.msr_mtrr_var[1];
    }
    emit(out, r->typecode, r->instance, (uint8_t *)&m, sizeof(m));
}

/* Since 4.22 the FPU always counts as initialised. */
static void emit_cpu(struct out *out, const struct fake_record *r)
{
    struct hvm_hw_cpu cpu;
    memcpy(&cpu, r->body, sizeof(cpu));
    if (fake_host()->xen_minor >= 22) {
        cpu.flags |= XEN_X86_FPU_INITIALISED;
    }
    emit(out, r->typecode, r->instance, (uint8_t *)&cpu, sizeof(cpu));
}

static void emit_msrs(struct out *out, const struct fake_domain *d,
                      unsigned int vcpu)
{
    uint8_t body[8 + 16 * FAKE_MSRS] = { 0 };
    uint32_t n = 0;
    for (size_t i = 0; i < FAKE_MSRS; i++) {
        if (d->msr[vcpu][i].value != 0) {
            fake_put(body + 8 + 16 * n, d->msr[vcpu][i].index, 4);
            fake_put(body + 16 + 16 * n, d->msr[vcpu][i].value, 8);
            n++;
        }
    }
    fake_put(body, n, 4);
    if (n != 0) {
        emit(out, CPU_MSR_CODE, vcpu, body, 8 + 16 * (size_t)n);
    }
}

/* The callback's line is not part of the context. */
static void emit_pci(struct out *out, const struct fake_domain *d,
                     const struct fake_record *r)
{
    uint8_t body[16];
    memcpy(body, r->body, sizeof(body));
    if (d->callback_asserted && d->callback >> 56 == 1) {
        unsigned int line = (unsigned int)(d->callback >> 11 & 31) * 4 +
                            (unsigned int)(d->callback & 3);
        body[line / 8] = (uint8_t)(body[line / 8] & ~(1u << line % 8));
    }
    emit(out, r->typecode, r->instance, body, sizeof(body));
}

size_t fake_save(struct fake_domain *d, uint8_t *buffer, size_t room)
{
    struct out out = { buffer, 0, room };
    struct hvm_save_header header = {
        .magic = HVM_FILE_MAGIC, .version = HVM_FILE_VERSION,
        .cpuid = 0x800f12, .gtsc_khz = d->header_khz,
    };
    emit(&out, HVM_SAVE_CODE(HEADER), 0, (uint8_t *)&header,
         sizeof(header));
    for (uint32_t i = 0; i < d->n_records; i++) {
        const struct fake_record *r = &d->records[i];
        bool up = d->up & 1u << r->instance;
        if (!r->present ||
            (r->typecode == HVM_SAVE_CODE(CPU) && !up)) {
            continue;
        } else if (r->typecode == HVM_SAVE_CODE(CPU)) {
            emit_cpu(&out, r);
        } else if (r->typecode == HVM_SAVE_CODE(MTRR)) {
            emit_mtrr(&out, r);
        } else if (r->typecode == HVM_SAVE_CODE(PCI_IRQ)) {
            emit_pci(&out, d, r);
        } else {
            emit(&out, r->typecode, r->instance, r->body, r->length);
        }
    }
    for (unsigned int vcpu = 0; vcpu < d->vcpus; vcpu++) {
        emit_msrs(&out, d, vcpu);
    }
    emit(&out, 0, 0, NULL, 0);
    return out.used;
}
