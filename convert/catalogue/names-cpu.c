/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers of a vCPU, after the Intel SDM (volumes 1, 3A and 4) and the AMD
 * APM (volume 2).  Bits that are always one have no word.
 */
#include "catalogue/names.h"

NAMES(names_cr0,
    FLAG(0, "PE"), FLAG(1, "MP"), FLAG(2, "EM"), FLAG(3, "TS"),
    FLAG(4, "ET"), FLAG(5, "NE"), FLAG(16, "WP"), FLAG(18, "AM"),
    FLAG(29, "NW"), FLAG(30, "CD"), FLAG(31, "PG"));

NAMES(names_cr4,
    FLAG(0, "VME"), FLAG(1, "PVI"), FLAG(2, "TSD"), FLAG(3, "DE"),
    FLAG(4, "PSE"), FLAG(5, "PAE"), FLAG(6, "MCE"), FLAG(7, "PGE"),
    FLAG(8, "PCE"), FLAG(9, "OSFXSR"), FLAG(10, "OSXMMEXCPT"),
    FLAG(11, "UMIP"), FLAG(12, "LA57"), FLAG(13, "VMXE"), FLAG(14, "SMXE"),
    FLAG(16, "FSGSBASE"), FLAG(17, "PCIDE"), FLAG(18, "OSXSAVE"),
    FLAG(19, "KL"), FLAG(20, "SMEP"), FLAG(21, "SMAP"), FLAG(22, "PKE"),
    FLAG(23, "CET"), FLAG(24, "PKS"), FLAG(25, "UINTR"), FLAG(27, "LASS"),
    FLAG(28, "LAM_SUP"), FLAG(32, "FRED"));

NAMES(names_efer,
    FLAG(0, "SCE"), FLAG(8, "LME"), FLAG(10, "LMA"), FLAG(11, "NXE"),
    FLAG(12, "SVME"), FLAG(13, "LMSLE"), FLAG(14, "FFXSR"), FLAG(15, "TCE"),
    FLAG(17, "MCOMMIT"), FLAG(18, "INTWB"), FLAG(20, "UAIE"),
    FLAG(21, "AIBRSE"));

NAMES(names_rflags,
    FLAG(0, "CF"), SILENT(1, 1), FLAG(2, "PF"), FLAG(4, "AF"),
    FLAG(6, "ZF"), FLAG(7, "SF"), FLAG(8, "TF"), FLAG(9, "IF"),
    FLAG(10, "DF"), FLAG(11, "OF"), NUMBER(12, 2, "IOPL"), FLAG(14, "NT"),
    FLAG(16, "RF"), FLAG(17, "VM"), FLAG(18, "AC"), FLAG(19, "VIF"),
    FLAG(20, "VIP"), FLAG(21, "ID"));

/* BLD and RTM are inverted: 0 reports the event. */
NAMES(names_dr6,
    FLAG(0, "B0"), FLAG(1, "B1"), FLAG(2, "B2"), FLAG(3, "B3"),
    SILENT(4, 7), CLEAR(11, "BLD"), SILENT(11, 1), FLAG(13, "BD"),
    FLAG(14, "BS"), FLAG(15, "BT"), CLEAR(16, "RTM"), SILENT(16, 16));

#define BREAKPOINT(i, b, n) \
    IS((b), 2, 1, n "=write"), IS((b), 2, 2, n "=io"), \
    IS((b), 2, 3, n "=access"), IS((b) + 2, 2, 1, n "=2bytes"), \
    IS((b) + 2, 2, 2, n "=8bytes"), IS((b) + 2, 2, 3, n "=4bytes")
NAMES(names_dr7,
    FLAG(0, "L0"), FLAG(1, "G0"), FLAG(2, "L1"), FLAG(3, "G1"),
    FLAG(4, "L2"), FLAG(5, "G2"), FLAG(6, "L3"), FLAG(7, "G3"),
    FLAG(8, "LE"), FLAG(9, "GE"), SILENT(10, 1), FLAG(11, "RTM"),
    FLAG(13, "GD"), BREAKPOINT(0, 16, "BP0"), BREAKPOINT(1, 20, "BP1"),
    BREAKPOINT(2, 24, "BP2"), BREAKPOINT(3, 28, "BP3"));

NAMES(names_mxcsr,
    FLAG(0, "IE"), FLAG(1, "DE"), FLAG(2, "ZE"), FLAG(3, "OE"),
    FLAG(4, "UE"), FLAG(5, "PE"), FLAG(6, "DAZ"), FLAG(7, "IM"),
    FLAG(8, "DM"), FLAG(9, "ZM"), FLAG(10, "OM"), FLAG(11, "UM"),
    FLAG(12, "PM"), IS(13, 2, 1, "RC=down"), IS(13, 2, 2, "RC=up"),
    IS(13, 2, 3, "RC=zero"), FLAG(15, "FZ"), FLAG(17, "MM"));

NAMES(names_fcw,
    FLAG(0, "IM"), FLAG(1, "DM"), FLAG(2, "ZM"), FLAG(3, "OM"),
    FLAG(4, "UM"), FLAG(5, "PM"), SILENT(6, 1), IS(8, 2, 0, "PC=single"),
    IS(8, 2, 2, "PC=double"), IS(8, 2, 3, "PC=extended"),
    IS(10, 2, 1, "RC=down"), IS(10, 2, 2, "RC=up"),
    IS(10, 2, 3, "RC=zero"), FLAG(12, "X"));

NAMES(names_fsw,
    FLAG(0, "IE"), FLAG(1, "DE"), FLAG(2, "ZE"), FLAG(3, "OE"),
    FLAG(4, "UE"), FLAG(5, "PE"), FLAG(6, "SF"), FLAG(7, "ES"),
    FLAG(8, "C0"), FLAG(9, "C1"), FLAG(10, "C2"), NUMBER(11, 3, "TOP"),
    FLAG(14, "C3"), FLAG(15, "B"));

/* XCR0, and the two words of an XSAVE header; those of IA32_XSS, too. */
NAMES(names_xstate,
    FLAG(0, "X87"), FLAG(1, "SSE"), FLAG(2, "AVX"), FLAG(3, "BNDREGS"),
    FLAG(4, "BNDCSR"), FLAG(5, "OPMASK"), FLAG(6, "ZMM_HI256"),
    FLAG(7, "HI16_ZMM"), FLAG(8, "PT"), FLAG(9, "PKRU"), FLAG(10, "PASID"),
    FLAG(11, "CET_U"), FLAG(12, "CET_S"), FLAG(13, "HDC"),
    FLAG(14, "UINTR"), FLAG(15, "LBR"), FLAG(16, "HWP"),
    FLAG(17, "TILECFG"), FLAG(18, "TILEDATA"), FLAG(19, "APX"),
    FLAG(62, "LWP"), FLAG(63, "compacted"));

/* The attributes as Xen packs them: bits 8-15 and 20-23 of the upper word of
 * a descriptor.  The type has S in front. */
NAMES(names_arbytes,
    IS(0, 5, 0x01, "TSS16"), IS(0, 5, 0x02, "LDT"),
    IS(0, 5, 0x03, "TSS16-busy"), IS(0, 5, 0x04, "call-gate16"),
    IS(0, 5, 0x05, "task-gate"), IS(0, 5, 0x06, "interrupt-gate16"),
    IS(0, 5, 0x07, "trap-gate16"), IS(0, 5, 0x09, "TSS"),
    IS(0, 5, 0x0b, "TSS-busy"), IS(0, 5, 0x0c, "call-gate"),
    IS(0, 5, 0x0e, "interrupt-gate"), IS(0, 5, 0x0f, "trap-gate"),
    IS(0, 5, 0x10, "data-r"), IS(0, 5, 0x11, "data-r-accessed"),
    IS(0, 5, 0x12, "data-rw"), IS(0, 5, 0x13, "data-rw-accessed"),
    IS(0, 5, 0x14, "data-r-down"), IS(0, 5, 0x15, "data-r-down-accessed"),
    IS(0, 5, 0x16, "data-rw-down"), IS(0, 5, 0x17, "data-rw-down-accessed"),
    IS(0, 5, 0x18, "code-x"), IS(0, 5, 0x19, "code-x-accessed"),
    IS(0, 5, 0x1a, "code-rx"), IS(0, 5, 0x1b, "code-rx-accessed"),
    IS(0, 5, 0x1c, "code-x-conforming"),
    IS(0, 5, 0x1d, "code-x-conforming-accessed"),
    IS(0, 5, 0x1e, "code-rx-conforming"),
    IS(0, 5, 0x1f, "code-rx-conforming-accessed"),
    IS(5, 2, 0, "DPL0"), IS(5, 2, 1, "DPL1"), IS(5, 2, 2, "DPL2"),
    IS(5, 2, 3, "DPL3"), SILENT(7, 1), CLEAR(7, "not-present"),
    FLAG(8, "AVL"), FLAG(9, "L"), FLAG(10, "D/B"), FLAG(11, "G"));

/* pending_event, in the format that VMX and SVM share. */
#define EVENT_BUT_EXTERNAL(b) \
    IS((b), 3, 2, "NMI"), IS((b), 3, 3, "exception"), \
    IS((b), 3, 4, "software-interrupt"), \
    IS((b), 3, 5, "privileged-software-exception"), \
    IS((b), 3, 6, "software-exception"), IS((b), 3, 7, "other-event")
NAMES(names_event_type,
    IS(0, 3, 0, "external-interrupt"), EVENT_BUT_EXTERNAL(0));
NAMES(names_event,
    CLEAR(31, "none"), FLAG(31, "valid"), HEXA(0, 8, "vector"),
    EVENT_BUT_EXTERNAL(8), FLAG(11, "error-code"));

NAMES(names_cpu_flags, FLAG(0, "FPU_INITIALISED"));

/* EAX of CPUID leaf 1. */
NAMES(names_signature,
    NUMBER(20, 8, "extended-family"), NUMBER(8, 4, "family"),
    NUMBER(16, 4, "extended-model"), NUMBER(4, 4, "model"),
    NUMBER(0, 4, "stepping"), NUMBER(12, 2, "type"));

/* Memory types: the same numbers in PAT and MTRRs, UC- in PAT only. */
#define TYPE(b, n) \
    IS((b), (n), 0, "UC"), IS((b), (n), 1, "WC"), IS((b), (n), 4, "WT"), \
    IS((b), (n), 5, "WP"), IS((b), (n), 6, "WB"), IS((b), (n), 7, "UC-")
NAMES(names_pat,
    TYPE(0, 8), TYPE(8, 8), TYPE(16, 8), TYPE(24, 8), TYPE(32, 8),
    TYPE(40, 8), TYPE(48, 8), TYPE(56, 8));

NAMES(names_mtrr_cap,
    NUMBER(0, 8, "variable"), FLAG(8, "fixed"), FLAG(10, "WC"),
    FLAG(11, "SMRR"));
NAMES(names_mtrr_def_type,
    FLAG(11, "enabled"), FLAG(10, "fixed"), TYPE(0, 8));

NAMES(names_mcg_cap,
    NUMBER(0, 8, "banks"), FLAG(8, "CTL_P"), FLAG(9, "EXT_P"),
    FLAG(10, "CMCI_P"), FLAG(11, "TES_P"), NUMBER(16, 8, "EXT_CNT"),
    FLAG(24, "SER_P"), FLAG(26, "ELOG_P"), FLAG(27, "LMCE_P"));
NAMES(names_mcg_ext_ctl, FLAG(0, "LMCE_EN"));
NAMES(names_mci_ctl2, NUMBER(0, 15, "threshold"), FLAG(30, "CMCI_EN"));
