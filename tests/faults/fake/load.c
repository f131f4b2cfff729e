/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the hypervisor does with a context, as the loaders of Xen 4.14 to 4.22
 * do: one pass (so did those before 4.19), so that a refused record leaves
 * what came before loaded and the vCPUs that were not reached down.  What
 * they change of a record that they take is in correct.c.
 */
#include <errno.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "hvm.h"
#include "world.h"

struct entry {
    struct fake_domain *d;
    unsigned int typecode, instance;
    const uint8_t *body;
    size_t length;
};

static struct fake_record *slot(const struct entry *e)
{
    return fake_record(e->d, e->typecode, e->instance);
}

static int mismatch(const struct entry *e, bool strict, size_t native)
{
    fake_console("(XEN) HVM%u restore mismatch: expected %s type %u length "
                 "%zu, saw type %u length %zu.  0 bytes remaining",
                 e->d->domid, strict ? "strict" : "zeroextended",
                 e->typecode, native, e->typecode, e->length);
    return EINVAL;
}

static int bad_cpu(const struct entry *e, const char *what, uint64_t value)
{
    fake_console("(XEN) HVM%u restore: bad %s %#llx", e->d->domid, what,
                 (unsigned long long)value);
    return EINVAL;
}

/* A guest that gets an event that cannot be injected is crashed. */
static bool crashes(const struct hvm_hw_cpu *cpu)
{
    unsigned int type = cpu->pending_type;
    if (!cpu->pending_valid) {
        return false;
    }
    return type == 1 || type > 4 || cpu->pending_reserved != 0 ||
           (cpu->pending_error_valid && cpu->error_code >> 16 != 0);
}

static int check_cpu(const struct entry *e, const struct hvm_hw_cpu *cpu)
{
    const uint64_t cr0 = cpu->cr0, known = 0xe005003f;
    if (cpu->pad0 != 0) {
        return EINVAL;
    }
    if (cr0 & ~known || !(cr0 & 0x10) ||
        ((cr0 & 0x80000000u) && !(cr0 & 1))) {
        return bad_cpu(e, "CR0", cr0);
    }
    if (cpu->cr4 & ~UINT64_C(0x370fff)) {
        return bad_cpu(e, "CR4", cpu->cr4);
    }
    if (cpu->msr_efer & ~UINT64_C(0x7d01)) {
        return bad_cpu(e, "EFER", cpu->msr_efer);
    }
    if (cpu->cr3 >> 48 != 0) {
        return bad_cpu(e, "CR3", cpu->cr3);
    }
    if (cpu->flags & ~1u) {
        /* about the vCPU that asks, as Xen's gdprintk() */
        fake_console("(XEN) d0v1 bad flags value in CPU context: "
                     "%#x", cpu->flags);
        return EINVAL;
    }
    if (cpu->msr_tsc_aux >> 32 != 0) {
        return bad_cpu(e, "MSR_TSC_AUX", cpu->msr_tsc_aux);
    }
    if (fake_host()->xen_minor >= 18 && (cpu->dr6 | cpu->dr7) >> 32 != 0) {
        return bad_cpu(e, "DR6 or DR7", cpu->dr6);
    }
    if (crashes(cpu) || (e->d->shadow && (cr0 & 0x80000000u) &&
                         cpu->cr3 >> 12 >= FAKE_FRAMES)) {
        fake_console("(XEN) domain_crash called from hvm.c");
        fake_console("(XEN) Domain %u crashed", e->d->domid);
        e->d->crashed = 1;
        return EINVAL;
    }
    return 0;
}

/* A CPU load resets PAT on AMD hosts and rewrites the FPU part of XSAVE:
 * the legacy 512 bytes, from 4.20 the whole area. */
static void cpu_side_effects(const struct entry *e,
                             const struct hvm_hw_cpu *cpu)
{
    if (!e->d->intel) {
        fake_put(fake_body(e->d, HVM_SAVE_CODE(MTRR), e->instance),
                 PAT_RESET, 8);
    }
    struct fake_record *r = fake_record(e->d, CPU_XSAVE_CODE, e->instance);
    if (r == NULL) {
        return;
    }
    if (fake_host()->xen_minor >= 20) {
        memset(r->body + 24, 0, r->length - 24);
        fake_put(r->body + 24 + 512, 3, 8);
    }
    memcpy(r->body + 24, cpu->fpu_regs, 512);
}

static int load_cpu(const struct entry *e)
{
    struct hvm_hw_cpu cpu = { 0 };
    struct fake_record *r = slot(e);
    if (r == NULL) {
        return EINVAL;
    }
    if (e->length > sizeof(cpu)) {
        return mismatch(e, false, sizeof(cpu));
    }
    memcpy(&cpu, e->body, e->length);
    if (e->length != sizeof(cpu)) {
        cpu.flags = 1;
    }
    int error = check_cpu(e, &cpu);
    if (error != 0) {
        return error;
    }
    cpu.msr_flags = 0;
    memcpy(r->body, &cpu, sizeof(cpu));
    fake_correct(e->d, r, NULL);
    cpu_side_effects(e, &cpu);
    e->d->up |= 1u << e->instance;
    return 0;
}

static bool good_type(uint64_t type)
{
    return type == 0 || type == 1 || (type >= 4 && type <= 6);
}

static bool good_pat(uint64_t pat)
{
    for (int i = 0; i < 8; i++) {
        uint64_t type = pat >> (8 * i) & 0xff;
        if (!good_type(type) && type != 7) {
            return false;
        }
    }
    return true;
}

/* Every register that is not valid is silently left as it is. */
static int load_mtrr(const struct entry *e)
{
    struct fake_record *r = slot(e);
    struct hvm_hw_mtrr in, *now = r == NULL ? NULL : (void *)r->body;
    if (now == NULL) {
        return EINVAL;
    }
    memcpy(&in, e->body, sizeof(in));
    if ((in.msr_mtrr_cap & 0xff) > 8) {
        return EINVAL;
    }
    if (good_pat(in.msr_pat_cr)) {
        now->msr_pat_cr = in.msr_pat_cr;
    }
    for (size_t i = 0; i < 8; i++) {
        uint64_t base = in.msr_mtrr_var[2 * i];
        uint64_t mask = in.msr_mtrr_var[2 * i + 1];
        if (good_type(base & 0xff) && !(base & 0xf00)) {
            now->msr_mtrr_var[2 * i] = base;
        }
        if (!(mask & 0x7ff)) {
            now->msr_mtrr_var[2 * i + 1] = mask;
        }
    }
    memcpy(now->msr_mtrr_fixed, in.msr_mtrr_fixed,
           sizeof(in.msr_mtrr_fixed));
    if (good_type(in.msr_mtrr_def_type & 0xff)) {
        now->msr_mtrr_def_type = in.msr_mtrr_def_type;
    }
    return 0;
}

static int bad_xsave(const struct entry *e, const char *gist)
{
    fake_console("(XEN) HVM%u.%u restore: inconsistent xsave state (%s)",
                 e->d->domid, e->instance, gist);
    return EINVAL;
}

static int load_xsave(const struct entry *e)
{
    if (e->instance >= e->d->vcpus) {
        return EINVAL;
    }
    if (e->length < 600) {
        return EINVAL;
    }
    uint64_t xcr0 = fake_get(e->body + 8, 8);
    uint64_t accum = fake_get(e->body + 16, 8);
    uint64_t bv = fake_get(e->body + 24 + 512, 8);
    uint64_t comp = fake_get(e->body + 24 + 520, 8);
    size_t wanted = 24 + (accum & 4 ? 832u : 576u);
    if (e->length != wanted) {
        fake_console("(XEN) HVM%u.%u restore mismatch: xsave length %zu != "
                     "%zu", e->d->domid, e->instance, e->length, wanted);
        return EINVAL;
    }
    if (comp != 0) {
        return EOPNOTSUPP;
    }
    if (accum & ~7u || xcr0 & ~accum || bv & ~accum || !(xcr0 & 1) ||
        (xcr0 & 6) == 4) {
        return bad_xsave(e, "err=-22");
    }
    struct fake_record *r = slot(e);
    if (r == NULL) {
        r = fake_add(e->d, e->typecode, e->instance, (uint32_t)e->length);
    }
    r->length = (uint32_t)e->length;
    memcpy(r->body, e->body, e->length);
    return 0;
}

static bool known_msr(uint64_t index)
{
    return index == 0x48 || index == 0x140 || index == 0xc001011f ||
           index == 0xc0011027 ||
           (index >= 0xc0011019 && index <= 0xc001101b);
}

static void set_msr(struct fake_msr *msr, uint32_t index, uint64_t value)
{
    size_t i = 0;
    while (i < FAKE_MSRS - 1 && msr[i].index != 0 && msr[i].index != index) {
        i++;
    }
    msr[i].index = index;
    msr[i].value = value;
}

/* What the record lacks keeps its value. */
static int load_msr(const struct entry *e)
{
    if (e->instance >= e->d->vcpus) {
        return EINVAL;
    }
    if (e->length < 24) {
        fake_console("(XEN) HVM%u.%u restore mismatch: MSR length %zu < 24",
                     e->d->domid, e->instance, e->length);
        return EINVAL;
    }
    uint64_t count = fake_get(e->body, 4);
    if (e->length != 8 + 16 * count) {
        fake_console("(XEN) HVM%u.%u restore mismatch: MSR length %zu != "
                     "%llu", e->d->domid, e->instance, e->length,
                     (unsigned long long)(8 + 16 * count));
        return EOPNOTSUPP;
    }
    for (const uint8_t *p = e->body + 8; count > 0; count--, p += 16) {
        if (fake_get(p + 4, 4) != 0) {
            return EOPNOTSUPP;
        }
        if (!known_msr(fake_get(p, 4))) {
            return ENXIO;
        }
        set_msr(e->d->msr[e->instance], (uint32_t)fake_get(p, 4),
                fake_get(p + 8, 8));
    }
    return 0;
}

static int load_irqs(const struct entry *e)
{
    if (e->typecode == HVM_SAVE_CODE(PCI_LINK)) {
        for (size_t i = 0; i < 4; i++) {
            if (e->body[i] > 15) {
                fake_console("(XEN) HVM%u restore: PCI-ISA link %zu out of "
                             "range (%u)", e->d->domid, i, e->body[i]);
                return EINVAL;
            }
        }
    }
    memcpy(fake_body(e->d, e->typecode, 0), e->body, e->length);
    if (e->typecode == HVM_SAVE_CODE(PCI_IRQ)) {
        fake_count_pci(e->d);
        if (e->d->callback_asserted) {
            e->d->lost |= 1;   /* the line is down, Xen thinks it is up */
        }
    } else if (e->typecode == HVM_SAVE_CODE(ISA_IRQ)) {
        fake_count_isa(e->d);
    } else {
        fake_count_links(e->d);
    }
    return 0;
}

static int copy(const struct entry *e)
{
    struct fake_record *r = slot(e), before;
    if (r == NULL) {
        return EINVAL;
    }
    before = *r;
    memset(r->body, 0, r->length);
    memcpy(r->body, e->body, e->length);
    fake_correct(e->d, r, before.body);
    return 0;
}

/* Not looked at by this loader, and relied upon later. */
static void host_stops(const struct entry *e, bool bad)
{
    if (bad) {
        fake_append("violations", "the host stopped\n");
        e->d->crashed = 1;
    }
}

static int load_pic(const struct entry *e)
{
    host_stops(e, (e->body[5] >> 6 & 1) != (e->instance == 0));
    return copy(e);
}

static int load_lapic(const struct entry *e)
{
    uint64_t base = e->length < 8 ? 0 : fake_get(e->body, 8);
    uint64_t divisor = e->length < 16 ? 0 : fake_get(e->body + 12, 4);
    host_stops(e, divisor == 0 || (divisor & (divisor - 1)) != 0);
    if ((base & 0xc00) == 0x400) {
        return EINVAL;
    }
    return copy(e);
}

static int load_vmce(const struct entry *e)
{
    uint64_t caps = fake_get(e->body, 8);
    if (caps & ~UINT64_C(0x1ff)) {
        fake_console("(XEN) HVM restore: d%uv%u unsupported MCA "
                     "capabilities %#llx", e->d->domid, e->instance,
                     (unsigned long long)caps);
        return EINVAL;
    }
    return copy(e);
}

/* A type's rule: strict takes the native length only. */
static const struct rule {
    unsigned int typecode;
    bool strict;
    int size_error;
    int (*load)(const struct entry *e);
} rules[] = {
    { HVM_SAVE_CODE(PIC), true, EINVAL, load_pic },
    { HVM_SAVE_CODE(IOAPIC), true, ENODATA, copy },
    { HVM_SAVE_CODE(LAPIC), false, EINVAL, load_lapic },
    { HVM_SAVE_CODE(LAPIC_REGS), true, EINVAL, copy },
    { HVM_SAVE_CODE(PCI_IRQ), true, EINVAL, load_irqs },
    { HVM_SAVE_CODE(ISA_IRQ), true, EINVAL, load_irqs },
    { HVM_SAVE_CODE(PCI_LINK), true, EINVAL, load_irqs },
    { HVM_SAVE_CODE(PIT), true, EINVAL, copy },
    { HVM_SAVE_CODE(RTC), false, EINVAL, copy },
    { HVM_SAVE_CODE(HPET), true, EINVAL, copy },
    { HVM_SAVE_CODE(PMTIMER), true, EINVAL, copy },
    { HVM_SAVE_CODE(MTRR), true, EINVAL, load_mtrr },
    { HVM_SAVE_CODE(VIRIDIAN_DOMAIN), false, EINVAL, copy },
    { HVM_SAVE_CODE(VIRIDIAN_VCPU), false, EINVAL, copy },
    { HVM_SAVE_CODE(VMCE_VCPU), false, EPERM, load_vmce },
    { HVM_SAVE_CODE(TSC_ADJUST), true, EINVAL, copy },
};

static int load_entry(const struct entry *e)
{
    if (e->typecode == HVM_SAVE_CODE(CPU)) {
        return load_cpu(e);
    } else if (e->typecode == CPU_XSAVE_CODE) {
        return load_xsave(e);
    } else if (e->typecode == CPU_MSR_CODE) {
        return load_msr(e);
    }
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct rule *rule = &rules[i];
        if (rule->typecode != e->typecode) {
            continue;
        }
        const struct fake_record *r = slot(e);
        if (r == NULL) {
            return e->d->type == FAKE_HVM ? EINVAL : ENODEV;
        }
        if (e->length > r->length ||
            (rule->strict && e->length != r->length)) {
            mismatch(e, rule->strict, r->length);
            return rule->size_error;
        }
        return rule->load(e);
    }
    fake_console("(XEN) HVM%u restore: unknown entry typecode %u",
                 e->d->domid, e->typecode);
    return EINVAL;
}

static int load_header(struct fake_domain *d, const uint8_t *p, size_t size)
{
    if (size < 32 || fake_get(p, 2) != 1 || fake_get(p + 4, 4) != 24) {
        return EINVAL;
    }
    if (fake_get(p + 8, 4) != HVM_FILE_MAGIC) {
        fake_console("(XEN) HVM%u restore: bad magic number %#llx", d->domid,
                     (unsigned long long)fake_get(p + 8, 4));
        return EINVAL;
    }
    if (fake_get(p + 12, 4) != HVM_FILE_VERSION) {
        fake_console("(XEN) HVM%u restore: unsupported version %llu",
                     d->domid, (unsigned long long)fake_get(p + 12, 4));
        return EINVAL;
    }
    uint32_t khz = (uint32_t)fake_get(p + 28, 4);
    if (khz != 0) {
        d->header_khz = khz;
    }
    return 0;
}

int fake_load(struct fake_domain *d, const uint8_t *p, size_t size)
{
    if (d->type == FAKE_PV || d->dying) {
        return EINVAL;
    }
    fake_console_beside();
    int error = load_header(d, p, size);
    if (error != 0) {
        return error;
    }
    d->up = 0;
    for (size_t at = 32; size - at >= 8;) {
        struct entry e = { d, (unsigned int)fake_get(p + at, 2),
                           (unsigned int)fake_get(p + at + 2, 2),
                           p + at + 8, fake_get(p + at + 4, 4) };
        if (e.typecode == 0) {
            return 0;
        }
        if (e.length > size - at - 8) {
            fake_console("(XEN) HVM%u restore: not enough data left to read "
                         "%zu bytes for type %u", d->domid, e.length,
                         e.typecode);
            return ENODATA;
        }
        fake_console("(XEN) HVM%u restore: %u %u", d->domid, e.typecode,
                     e.instance);
        error = load_entry(&e);
        if (error != 0) {
            fake_console("(XEN) HVM%u restore: failed to load entry %u/%u "
                         "rc %d", d->domid, e.typecode, e.instance, -error);
            return error;
        }
        at += 8 + e.length;
    }
    fake_console("(XEN) HVM%u restore: save did not end with a null entry",
                 d->domid);
    return EINVAL;
}
