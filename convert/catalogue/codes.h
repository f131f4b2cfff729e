/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The legacy typecodes by name, for rules and for code about one record. */
#ifndef CONVERT_CATALOGUE_CODES_H
#define CONVERT_CATALOGUE_CODES_H

enum code {
    CODE_END, CODE_HEADER, CODE_CPU, CODE_PIC, CODE_IOAPIC, CODE_LAPIC,
    CODE_LAPIC_REGS, CODE_PCI_IRQ, CODE_ISA_IRQ, CODE_PCI_LINK, CODE_PIT,
    CODE_RTC, CODE_HPET, CODE_PMTIMER, CODE_MTRR, CODE_VIRIDIAN_DOMAIN,
    CODE_CPU_XSAVE, CODE_VIRIDIAN_VCPU, CODE_VMCE_VCPU, CODE_TSC_ADJUST,
    CODE_CPU_MSR,
    CODE_COUNT,
    CODE_ANY = 0xffff   /* in a rule: whatever record */
};

#endif /* CONVERT_CATALOGUE_CODES_H */
