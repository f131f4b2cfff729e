/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupt controllers and timers, after the Intel SDM (volume 3A, chapter
 * 10), the data sheets of the 82093AA, 8259A, 8254 and MC146818, the HPET
 * specification 1.0a and ACPI; Viridian, after the Hyper-V Top Level
 * Functional Specification 6.0b; the records of an image.
 */
#include "catalogue/names.h"

/* -- local APIC ------------------------------------------------------- */

NAMES(names_apic_base,
    FLAG(8, "BSP"), FLAG(10, "x2APIC"), FLAG(11, "enabled"),
    PLACE(12, 40, "at"));

/* Not architectural; hw_disabled of struct vlapic: cleared by EN of
 * IA32_APIC_BASE and by the spurious vector register. */
NAMES(names_apic_disabled, FLAG(0, "hardware"), FLAG(1, "software"));

NAMES(names_apic_version,
    HEXA(0, 8, "version"), NUMBER(16, 8, "highest-LVT"),
    FLAG(24, "EOI-broadcast-suppression"));

NAMES(names_svr,
    HEXA(0, 8, "vector"), FLAG(8, "enabled"),
    FLAG(9, "no-focus-checking"), FLAG(12, "no-EOI-broadcast"));

NAMES(names_esr,
    FLAG(0, "send-checksum"), FLAG(1, "receive-checksum"),
    FLAG(2, "send-accept"), FLAG(3, "receive-accept"),
    FLAG(4, "redirectable-IPI"), FLAG(5, "send-illegal-vector"),
    FLAG(6, "received-illegal-vector"), FLAG(7, "illegal-register"));

/* The model is in bits 31:28; all others are ones. */
NAMES(names_dfr,
    IS(28, 4, 0xf, "flat"), IS(28, 4, 0, "cluster"), SILENT(0, 28));

#define DELIVERY_BUT_FIXED(b) \
    IS((b), 3, 1, "lowest-priority"), IS((b), 3, 2, "SMI"), \
    IS((b), 3, 4, "NMI"), IS((b), 3, 5, "INIT")
#define LVT HEXA(0, 8, "vector"), FLAG(12, "pending"), FLAG(16, "masked")
#define LVT_DELIVERY \
    IS(8, 3, 0, "fixed"), DELIVERY_BUT_FIXED(8), IS(8, 3, 7, "ExtINT")

NAMES(names_lvt, LVT, LVT_DELIVERY);
NAMES(names_lvtt, LVT,
    IS(17, 2, 0, "one-shot"), IS(17, 2, 1, "periodic"),
    IS(17, 2, 2, "TSC-deadline"));
NAMES(names_lint, LVT, LVT_DELIVERY,
    FLAG(13, "active-low"), FLAG(14, "remote-IRR"), FLAG(15, "level"));

NAMES(names_icr,
    HEXA(0, 8, "vector"), IS(8, 3, 0, "fixed"), DELIVERY_BUT_FIXED(8),
    IS(8, 3, 6, "startup"), FLAG(11, "logical"), FLAG(12, "pending"),
    FLAG(14, "assert"), FLAG(15, "level"), IS(18, 2, 1, "to-self"),
    IS(18, 2, 2, "to-all"), IS(18, 2, 3, "to-others"));

NAMES(names_tdcr,
    IS(0, 4, 0x0, "by-2"), IS(0, 4, 0x1, "by-4"), IS(0, 4, 0x2, "by-8"),
    IS(0, 4, 0x3, "by-16"), IS(0, 4, 0x8, "by-32"), IS(0, 4, 0x9, "by-64"),
    IS(0, 4, 0xa, "by-128"), IS(0, 4, 0xb, "by-1"));

/* -- I/O APIC and PIC ------------------------------------------------- */

NAMES(names_delivery,
    IS(0, 3, 0, "fixed"), DELIVERY_BUT_FIXED(0), IS(0, 3, 7, "ExtINT"));
NAMES(names_dest_mode, IS(0, 1, 0, "physical"), IS(0, 1, 1, "logical"));
NAMES(names_polarity, IS(0, 1, 0, "active-high"), IS(0, 1, 1, "active-low"));
NAMES(names_trigger, IS(0, 1, 0, "edge"), IS(0, 1, 1, "level"));
NAMES(names_redirtbl,
    HEXA(0, 8, "vector"), LVT_DELIVERY, IS(11, 1, 1, "logical"),
    FLAG(12, "pending"), FLAG(13, "active-low"), FLAG(14, "remote-IRR"),
    FLAG(15, "level"), FLAG(16, "masked"), HEXA(56, 8, "to"));

/* The next of ICW1 to ICW4 that the guest has to write; 0: done. */
NAMES(names_pic_init,
    IS(0, 4, 0, "done"), IS(0, 2, 1, "ICW2-next"), IS(0, 2, 2, "ICW3-next"),
    IS(0, 2, 3, "ICW4-next"), SILENT(0, 4));

/* -- PIT -------------------------------------------------------------- */

/* Xen stores modes 6 and 7 as 2 and 3, and 0xff before the guest sets one. */
NAMES(names_pit_mode,
    IS(0, 8, 0, "event"), IS(0, 8, 1, "one-shot"), IS(0, 8, 2, "rate"),
    IS(0, 8, 3, "square-wave"), IS(0, 8, 4, "software-strobe"),
    IS(0, 8, 5, "hardware-strobe"), IS(0, 8, 0xff, "never-set"));
NAMES(names_pit_rw,
    IS(0, 8, 0, "latch"), IS(0, 8, 1, "low-byte"), IS(0, 8, 2, "high-byte"),
    IS(0, 8, 3, "word"));
/* Latch state of struct hvm_hw_pit (RW_STATE_*). */
NAMES(names_pit_state,
    IS(0, 8, 0, "none"), IS(0, 8, 1, "low-byte"), IS(0, 8, 2, "high-byte"),
    IS(0, 8, 3, "word-low"), IS(0, 8, 4, "word-high"));
/* The byte that a read-back command latched. */
NAMES(names_pit_status,
    FLAG(7, "output"), FLAG(6, "null-count"), IS(4, 2, 1, "low-byte"),
    IS(4, 2, 2, "high-byte"), IS(4, 2, 3, "word"), IS(1, 3, 0, "event"),
    IS(1, 3, 1, "one-shot"), IS(1, 3, 2, "rate"), IS(1, 3, 3, "square-wave"),
    IS(1, 3, 4, "software-strobe"), IS(1, 3, 5, "hardware-strobe"),
    FLAG(0, "BCD"));

/* -- RTC -------------------------------------------------------------- */

NAMES(names_rtc_a,
    FLAG(7, "UIP"), NUMBER(4, 3, "divider"), NUMBER(0, 4, "rate"));
NAMES(names_rtc_b,
    FLAG(7, "SET"), FLAG(6, "PIE"), FLAG(5, "AIE"), FLAG(4, "UIE"),
    FLAG(3, "SQWE"), FLAG(2, "binary"), CLEAR(2, "BCD"), FLAG(1, "24h"),
    CLEAR(1, "12h"), FLAG(0, "DSE"));
NAMES(names_rtc_c,
    FLAG(7, "IRQF"), FLAG(6, "PF"), FLAG(5, "AF"), FLAG(4, "UF"));
NAMES(names_rtc_d, FLAG(7, "VRT"));

/* -- HPET and ACPI ---------------------------------------------------- */

NAMES(names_hpet_cap,
    HEXA(0, 8, "revision"), NUMBER(8, 5, "highest-timer"),
    FLAG(13, "64-bit"), FLAG(15, "legacy-capable"), HEXA(16, 16, "vendor"),
    NUMBER(32, 32, "fs"));
NAMES(names_hpet_config, FLAG(0, "enabled"), FLAG(1, "legacy"));
NAMES(names_hpet_timer,
    FLAG(2, "enabled"), FLAG(1, "level"), FLAG(3, "periodic"),
    FLAG(4, "periodic-capable"), FLAG(5, "64-bit-capable"),
    FLAG(6, "set-value"), FLAG(8, "32-bit"), NUMBER(9, 5, "to-pin"),
    FLAG(14, "FSB"), FLAG(15, "FSB-capable"), HEXA(32, 32, "pins"));

NAMES(names_pm1_sts,
    FLAG(0, "TMR"), FLAG(4, "BM"), FLAG(5, "GBL"), FLAG(8, "PWRBTN"),
    FLAG(9, "SLPBTN"), FLAG(10, "RTC"), FLAG(14, "PCIEXP_WAKE"),
    FLAG(15, "WAK"));
NAMES(names_pm1_en,
    FLAG(0, "TMR"), FLAG(5, "GBL"), FLAG(8, "PWRBTN"), FLAG(9, "SLPBTN"),
    FLAG(10, "RTC"), FLAG(14, "PCIEXP_WAKE_DIS"));

/* -- Viridian --------------------------------------------------------- */

/* MSRs with the frame of a page of the guest, and an enable bit. */
NAMES(names_viridian_page,
    FLAG(0, "enabled"), FLAG(1, "locked"), PLACE(12, 52, "page"));
/* Proprietary systems give vendor and system; open source ones set bit 63. */
NAMES(names_viridian_os,
    IS(40, 24, 0x000104, "Windows-NT"), IS(40, 24, 0x000103, "Windows-9x"),
    IS(40, 24, 0x000105, "Windows-CE"), IS(56, 8, 0x81, "Linux"),
    IS(56, 8, 0x82, "FreeBSD"), IS(56, 8, 0x83, "Xen"),
    IS(56, 8, 0x84, "illumos"), NUMBER(32, 8, "major"),
    NUMBER(24, 8, "minor"), NUMBER(16, 8, "service"),
    NUMBER(0, 16, "build"));
NAMES(names_viridian_sint,
    HEXA(0, 8, "vector"), FLAG(16, "masked"), FLAG(17, "auto-EOI"),
    FLAG(18, "polling"));
NAMES(names_viridian_stimer,
    FLAG(0, "enabled"), FLAG(1, "periodic"), FLAG(2, "lazy"),
    FLAG(3, "auto-enable"), HEXA(4, 8, "vector"), FLAG(12, "direct"),
    NUMBER(16, 4, "SINT"));

/* -- records of an image ---------------------------------------------- */

NAMES(names_shared_flags, FLAG(0, "32-bit"));
NAMES(names_time_flags, FLAG(0, "TSC_STABLE"), FLAG(1, "GUEST_STOPPED"));
NAMES(names_tsc_mode,
    IS(0, 32, 0, "default"), IS(0, 32, 1, "always-emulate"),
    IS(0, 32, 2, "never-emulate"));
NAMES(names_digest, IS(0, 32, 1, "CRC-64/XZ"));
