/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MSRs by index, after the Intel SDM (volume 4) and the AMD APM (volume 2,
 * appendix A).  The first group is what a saver of Xen 4.5 to 4.22 may put
 * into CPU_MSR.
 */
#include "catalogue/names.h"

#define MSR(index, name) IS(0, 32, index, name)

NAMES(names_msr,
    MSR(0x00000048, "SPEC_CTRL"),
    MSR(0x00000140, "MISC_FEATURES_ENABLES"),
    MSR(0x000006e1, "PKRS"),
    MSR(0x00000d90, "BNDCFGS"),
    MSR(0x00000da0, "XSS"),
    MSR(0xc0011019, "DR1_ADDRESS_MASK"),
    MSR(0xc001101a, "DR2_ADDRESS_MASK"),
    MSR(0xc001101b, "DR3_ADDRESS_MASK"),
    MSR(0xc0011027, "DR0_ADDRESS_MASK"),
    MSR(0xc001011f, "VIRT_SPEC_CTRL"),
    /* others, which an edited or a foreign record may have */
    MSR(0x00000010, "TSC"),
    MSR(0x0000001b, "APIC_BASE"),
    MSR(0x0000003a, "FEATURE_CONTROL"),
    MSR(0x0000003b, "TSC_ADJUST"),
    MSR(0x00000049, "PRED_CMD"),
    MSR(0x0000008b, "BIOS_SIGN_ID"),
    MSR(0x000000ce, "PLATFORM_INFO"),
    MSR(0x000000cf, "CORE_CAPABILITIES"),
    MSR(0x000000e7, "MPERF"),
    MSR(0x000000e8, "APERF"),
    MSR(0x000000fe, "MTRRCAP"),
    MSR(0x0000010a, "ARCH_CAPABILITIES"),
    MSR(0x0000010b, "FLUSH_CMD"),
    MSR(0x00000122, "TSX_CTRL"),
    MSR(0x00000123, "MCU_OPT_CTRL"),
    MSR(0x00000174, "SYSENTER_CS"),
    MSR(0x00000175, "SYSENTER_ESP"),
    MSR(0x00000176, "SYSENTER_EIP"),
    MSR(0x00000179, "MCG_CAP"),
    MSR(0x0000017a, "MCG_STATUS"),
    MSR(0x0000017b, "MCG_CTL"),
    MSR(0x000001a0, "MISC_ENABLE"),
    MSR(0x000001d9, "DEBUGCTL"),
    MSR(0x00000277, "PAT"),
    MSR(0x000002ff, "MTRR_DEF_TYPE"),
    MSR(0x00000345, "PERF_CAPABILITIES"),
    MSR(0x0000038f, "PERF_GLOBAL_CTRL"),
    MSR(0x000004d0, "MCG_EXT_CTL"),
    MSR(0x00000600, "DS_AREA"),
    MSR(0x000006a0, "U_CET"),
    MSR(0x000006a2, "S_CET"),
    MSR(0x000006a4, "PL0_SSP"),
    MSR(0x000006a5, "PL1_SSP"),
    MSR(0x000006a6, "PL2_SSP"),
    MSR(0x000006a7, "PL3_SSP"),
    MSR(0x000006a8, "INTERRUPT_SSP_TABLE"),
    MSR(0x000006e0, "TSC_DEADLINE"),
    MSR(0xc0000080, "EFER"),
    MSR(0xc0000081, "STAR"),
    MSR(0xc0000082, "LSTAR"),
    MSR(0xc0000083, "CSTAR"),
    MSR(0xc0000084, "SFMASK"),
    MSR(0xc0000100, "FS_BASE"),
    MSR(0xc0000101, "GS_BASE"),
    MSR(0xc0000102, "KERNEL_GS_BASE"),
    MSR(0xc0000103, "TSC_AUX"),
    MSR(0xc0000104, "TSC_RATIO"),
    MSR(0xc0010010, "SYSCFG"),
    MSR(0xc0010015, "HWCR"),
    MSR(0xc0010114, "VM_CR"),
    MSR(0xc0011020, "LS_CFG"),
    MSR(0xc0011029, "DE_CFG"));

LOCAL_NAMES(names_spec_ctrl,
    FLAG(0, "IBRS"), FLAG(1, "STIBP"), FLAG(2, "SSBD"),
    FLAG(3, "IPRED_DIS_U"), FLAG(4, "IPRED_DIS_S"), FLAG(5, "RRSBA_DIS_U"),
    FLAG(6, "RRSBA_DIS_S"), FLAG(7, "PSFD"), FLAG(8, "DDP_DIS_U"),
    FLAG(10, "BHI_DIS_S"));
LOCAL_NAMES(names_misc_features, FLAG(0, "CPUID_FAULTING"));
LOCAL_NAMES(names_bndcfgs,
    FLAG(0, "enabled"), FLAG(1, "preserve"), PLACE(12, 52, "directory"));

const struct cat_names *names_of_msr(uint32_t index)
{
    static const struct {
        uint32_t index;
        const struct cat_names *names;
    } rows[] = {
        { 0x00000048, &names_spec_ctrl },
        { 0x00000140, &names_misc_features },
        { 0x00000d90, &names_bndcfgs },
        { 0x00000da0, &names_xstate },
        { 0xc001011f, &names_spec_ctrl },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].index == index)
            return rows[i].names;
    return NULL;
}
