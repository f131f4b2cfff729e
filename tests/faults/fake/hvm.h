/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FAKE_HVM_H
#define FAKE_HVM_H

/* Registers of the local APIC page. */
#define APIC_ID 0x20
#define APIC_ISR 0x100
#define APIC_TMR 0x180
#define APIC_IRR 0x200
#define APIC_TMICT 0x380
#define APIC_TMCCT 0x390

/* What a CPU load resets PAT to on AMD hosts. */
#define PAT_RESET UINT64_C(0x0007040600070406)

#endif
