/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of features are those of Xen's public header cpufeatureset.h, in
 * lower case.  Bounds: the bits that the header marks as given to HVM guests
 * with hardware assisted paging, by default or on demand, at every release
 * tag from 4.9.0 to 4.22.0.
 */
#include "catalogue/cpuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct cpuid_place cpuid_places[CPUID_WORDS] = {
    { 1, CPUID_NO_SUBLEAF, CPUID_D },
    { 1, CPUID_NO_SUBLEAF, CPUID_C },
    { 0x80000001, CPUID_NO_SUBLEAF, CPUID_D },
    { 0x80000001, CPUID_NO_SUBLEAF, CPUID_C },
    { 0xd, 1, CPUID_A },
    { 7, 0, CPUID_B },
    { 7, 0, CPUID_C },
    { 0x80000007, CPUID_NO_SUBLEAF, CPUID_D },
    { 0x80000008, CPUID_NO_SUBLEAF, CPUID_B },
    { 7, 0, CPUID_D },
    { 7, 1, CPUID_A },
    { 0x80000021, CPUID_NO_SUBLEAF, CPUID_A },
    { 7, 1, CPUID_B },
    { 7, 2, CPUID_D },
    { 7, 1, CPUID_C },
    { 7, 1, CPUID_D },
    { 0x10a, CPUID_NO_SUBLEAF, CPUID_LOW },
    { 0x10a, CPUID_NO_SUBLEAF, CPUID_HIGH },
    { 0x80000021, CPUID_NO_SUBLEAF, CPUID_C },
};

static const char *const names[CPUID_WORDS][32] = {
    [0] = {
        [0] = "fpu", [1] = "vme", [2] = "de", [3] = "pse", [4] = "tsc",
        [5] = "msr", [6] = "pae", [7] = "mce", [8] = "cx8", [9] = "apic",
        [11] = "sep", [12] = "mtrr", [13] = "pge", [14] = "mca", [15] = "cmov",
        [16] = "pat", [17] = "pse36", [19] = "clflush", [21] = "ds",
        [22] = "acpi", [23] = "mmx", [24] = "fxsr", [25] = "sse",
        [26] = "sse2", [27] = "ss", [28] = "htt", [29] = "tm1", [31] = "pbe",
    },
    [1] = {
        [0] = "sse3", [1] = "pclmulqdq", [2] = "dtes64", [3] = "monitor",
        [4] = "dscpl", [5] = "vmx", [6] = "smx", [7] = "eist", [8] = "tm2",
        [9] = "ssse3", [11] = "sdbg", [12] = "fma", [13] = "cx16",
        [14] = "xtpr", [15] = "pdcm", [17] = "pcid", [18] = "dca",
        [19] = "sse4_1", [20] = "sse4_2", [21] = "x2apic", [22] = "movbe",
        [23] = "popcnt", [24] = "tsc_deadline", [25] = "aesni", [26] = "xsave",
        [27] = "osxsave", [28] = "avx", [29] = "f16c", [30] = "rdrand",
        [31] = "hypervisor",
    },
    [2] = {
        [11] = "syscall", [20] = "nx", [22] = "mmxext", [25] = "ffxsr",
        [26] = "page1gb", [27] = "rdtscp", [29] = "lm", [30] = "3dnowext",
        [31] = "3dnow",
    },
    [3] = {
        [0] = "lahf_lm", [1] = "cmp_legacy", [2] = "svm", [3] = "extapic",
        [4] = "cr8_legacy", [5] = "abm", [6] = "sse4a", [7] = "misalignsse",
        [8] = "3dnowprefetch", [9] = "osvw", [10] = "ibs", [11] = "xop",
        [12] = "skinit", [13] = "wdt", [15] = "lwp", [16] = "fma4",
        [19] = "nodeid_msr", [21] = "tbm", [22] = "topoext", [26] = "dbext",
        [29] = "monitorx", [30] = "addr_msk_ext",
    },
    [4] = {
        [0] = "xsaveopt", [1] = "xsavec", [2] = "xgetbv1", [3] = "xsaves",
        [4] = "xfd",
    },
    [5] = {
        [0] = "fsgsbase", [1] = "tsc_adjust", [2] = "sgx", [3] = "bmi1",
        [4] = "hle", [5] = "avx2", [6] = "fdp_excp_only", [7] = "smep",
        [8] = "bmi2", [9] = "erms", [10] = "invpcid", [11] = "rtm",
        [12] = "pqm", [13] = "no_fpu_sel", [14] = "mpx", [15] = "pqe",
        [16] = "avx512f", [17] = "avx512dq", [18] = "rdseed", [19] = "adx",
        [20] = "smap", [21] = "avx512_ifma", [23] = "clflushopt",
        [24] = "clwb", [25] = "proc_trace", [26] = "avx512pf",
        [27] = "avx512er", [28] = "avx512cd", [29] = "sha", [30] = "avx512bw",
        [31] = "avx512vl",
    },
    [6] = {
        [0] = "prefetchwt1", [1] = "avx512_vbmi", [2] = "umip", [3] = "pku",
        [4] = "ospke", [5] = "waitpkg", [6] = "avx512_vbmi2", [7] = "cet_ss",
        [8] = "gfni", [9] = "vaes", [10] = "vpclmulqdq", [11] = "avx512_vnni",
        [12] = "avx512_bitalg", [13] = "tme", [14] = "avx512_vpopcntdq",
        [16] = "la57", [22] = "rdpid", [24] = "bld", [25] = "cldemote",
        [27] = "movdiri", [28] = "movdir64b", [29] = "enqcmd", [30] = "sgx_lc",
        [31] = "pks",
    },
    [7] = {
        [7] = "hw_pstate", [8] = "itsc", [9] = "cpb", [10] = "efro",
    },
    [8] = {
        [0] = "clzero", [2] = "rstr_fp_err_ptrs", [9] = "wbnoinvd",
        [12] = "ibpb", [14] = "ibrs", [15] = "amd_stibp", [16] = "ibrs_always",
        [17] = "stibp_always", [18] = "ibrs_fast", [19] = "ibrs_same_mode",
        [20] = "no_lmsl", [23] = "amd_ppin", [24] = "amd_ssbd",
        [25] = "virt_ssbd", [26] = "ssb_no", [27] = "cppc", [28] = "psfd",
        [29] = "btc_no", [30] = "ibpb_ret",
    },
    [9] = {
        [1] = "sgx_keys", [2] = "avx512_4vnniw", [3] = "avx512_4fmaps",
        [4] = "fsrm", [5] = "uintr", [8] = "avx512_vp2intersect",
        [9] = "srbds_ctrl", [10] = "md_clear", [11] = "rtm_always_abort",
        [13] = "tsx_force_abort", [14] = "serialize", [15] = "hybrid",
        [16] = "tsxldtrk", [18] = "pconfig", [19] = "arch_lbr",
        [20] = "cet_ibt", [22] = "amx_bf16", [23] = "avx512_fp16",
        [24] = "amx_tile", [25] = "amx_int8", [26] = "ibrsb", [27] = "stibp",
        [28] = "l1d_flush", [29] = "arch_caps", [30] = "core_caps",
        [31] = "ssbd",
    },
    [10] = {
        [0] = "sha512", [1] = "sm3", [2] = "sm4", [4] = "avx_vnni",
        [5] = "avx512_bf16", [6] = "lass", [7] = "cmpccxadd",
        [8] = "arch_perf_mon", [10] = "fzrm", [11] = "fsrs", [12] = "fsrcs",
        [17] = "fred", [18] = "lkgs", [19] = "wrmsrns", [20] = "nmi_src",
        [21] = "amx_fp16", [23] = "avx_ifma", [26] = "lam", [27] = "msrlist",
        [30] = "no_invd",
    },
    [11] = {
        [0] = "no_nest_bp", [1] = "fs_gs_ns", [2] = "lfence_dispatch",
        [5] = "verw_clear", [6] = "nscb", [8] = "auto_ibrs", [10] = "amd_fsrs",
        [11] = "amd_fsrc", [17] = "cpuid_user_dis", [18] = "epsf",
        [19] = "fsrsc", [20] = "amd_prefetchi", [23] = "avx512_bmm",
        [27] = "sbpb", [28] = "ibpb_brtype", [29] = "srso_no",
        [30] = "srso_us_no", [31] = "srso_msr_fix",
    },
    [12] = {
        [0] = "intel_ppin",
    },
    [13] = {
        [0] = "intel_psfd", [1] = "ipred_ctrl", [2] = "rrsba_ctrl",
        [3] = "ddp_ctrl", [4] = "bhi_ctrl", [5] = "mcdt_no",
        [6] = "uc_lock_dis",
    },
    [14] = {
       
    },
    [15] = {
        [4] = "avx_vnni_int8", [5] = "avx_ne_convert", [8] = "amx_complex",
        [10] = "avx_vnni_int16", [14] = "prefetchi", [17] = "uiret_uif",
        [18] = "cet_sss", [24] = "slsm",
    },
    [16] = {
        [0] = "rdcl_no", [1] = "eibrs", [2] = "rsba", [3] = "skip_l1dfl",
        [4] = "intel_ssb_no", [5] = "mds_no", [6] = "if_pschange_mc_no",
        [7] = "tsx_ctrl", [8] = "taa_no", [9] = "mcu_ctrl",
        [10] = "misc_pkg_ctrl", [11] = "energy_filtering", [12] = "doitm",
        [13] = "sbdr_ssdp_no", [14] = "fbsdp_no", [15] = "psdp_no",
        [16] = "mcu_ext", [17] = "fb_clear", [18] = "fb_clear_ctrl",
        [19] = "rrsba", [20] = "bhi_no", [21] = "xapic_status",
        [23] = "ovrclk_status", [24] = "pbrsb_no", [25] = "gds_ctrl",
        [26] = "gds_no", [27] = "rfds_no", [28] = "rfds_clear",
        [29] = "ign_umonitor", [30] = "mon_umon_mitg",
    },
    [17] = {
        [0] = "pb_opt_ctrl", [30] = "its_no",
    },
    [18] = {
        [1] = "tsa_sq_no", [2] = "tsa_l1_no",
    },
};

/* The header marks these bits with '!'. */
const struct cpuid_set cpuid_special = { {
    0x10000200, 0xc8200000, 0, 0x2, 0, 0x1002850, 0x10, 0, 0x2000000,
    0x28000c00, 0, 0x40000020, 0, 0, 0, 0, 0x100a0004, 0x40000000, 0,
} };

/* fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36
 * clflush mmx fxsr sse sse2, sse3 cx16, syscall nx lm */
const struct cpuid_set cpuid_common = { {
    0x078bfbff, 0x2001, 0x20100800,
} };

/* Dependencies: without the feature (word, bit) the others cannot be. */
static const struct {
    uint8_t word, bit;
    uint8_t in;             /* there are, in this word, */
    uint32_t without;       /* none of these */
} built_on[] = {
    { 0, 0, 0, 0x800000 }, /* fpu: mmx */
    { 0, 0, 8, 0x4 }, /* fpu: rstr_fp_err_ptrs */
    { 0, 3, 0, 0x20000 }, /* pse: pse36 */
    { 0, 6, 2, 0x20100000 }, /* pae: lm nx */
    { 0, 4, 1, 0x1000000 }, /* tsc: tsc_deadline */
    { 0, 4, 2, 0x8000000 }, /* tsc: rdtscp */
    { 0, 4, 5, 0x2 }, /* tsc: tsc_adjust */
    { 0, 4, 7, 0x100 }, /* tsc: itsc */
    { 0, 9, 1, 0x1200000 }, /* apic: x2apic tsc_deadline */
    { 0, 9, 3, 0x8 }, /* apic: extapic */
    { 0, 19, 8, 0x1 }, /* clflush: clzero */
    { 0, 23, 2, 0x80400000 }, /* mmx: mmxext 3dnow */
    { 0, 24, 0, 0x2000000 }, /* fxsr: sse */
    { 0, 24, 2, 0x2000000 }, /* fxsr: ffxsr */
    { 0, 25, 0, 0x4000000 }, /* sse: sse2 */
    { 0, 25, 3, 0x80 }, /* sse: misalignsse */
    { 0, 26, 1, 0x2000003 }, /* sse2: sse3 aesni pclmulqdq */
    { 0, 26, 2, 0x20000000 }, /* sse2: lm */
    { 0, 26, 5, 0x20000000 }, /* sse2: sha */
    { 0, 26, 6, 0x100 }, /* sse2: gfni */
    { 1, 0, 1, 0x200 }, /* sse3: ssse3 */
    { 1, 0, 3, 0x40 }, /* sse3: sse4a */
    { 1, 9, 1, 0x80000 }, /* ssse3: sse4_1 */
    { 1, 19, 1, 0x100000 }, /* sse4_1: sse4_2 */
    { 1, 26, 1, 0x10000000 }, /* xsave: avx */
    { 1, 26, 3, 0x8000 }, /* xsave: lwp */
    { 1, 26, 4, 0xf }, /* xsave: xsaveopt xsavec xgetbv1 xsaves */
    { 1, 26, 5, 0x4000 }, /* xsave: mpx */
    { 1, 26, 6, 0x8 }, /* xsave: pku */
    { 1, 26, 9, 0x1000000 }, /* xsave: amx_tile */
    { 1, 28, 1, 0x20001000 }, /* avx: fma f16c */
    { 1, 28, 3, 0x10800 }, /* avx: fma4 xop */
    { 1, 28, 5, 0x20 }, /* avx: avx2 */
    { 1, 28, 10, 0x2 }, /* avx: sm3 */
    { 1, 28, 15, 0x20 }, /* avx: avx_ne_convert */
    { 2, 20, 5, 0x100000 }, /* nx: smap */
    { 2, 29, 1, 0x22000 }, /* lm: cx16 pcid */
    { 2, 29, 2, 0x4000000 }, /* lm: page1gb */
    { 2, 29, 3, 0x1 }, /* lm: lahf_lm */
    { 2, 29, 6, 0x8 }, /* lm: pku */
    { 2, 29, 8, 0x100000 }, /* lm: no_lmsl */
    { 2, 29, 9, 0x1000000 }, /* lm: amx_tile */
    { 2, 29, 10, 0x40080 }, /* lm: cmpccxadd lkgs */
    { 2, 31, 2, 0x40000000 }, /* 3dnow: 3dnowext */
    { 5, 5, 5, 0x10000 }, /* avx2: avx512f */
    { 5, 5, 6, 0x600 }, /* avx2: vaes vpclmulqdq */
    { 5, 5, 10, 0x800015 }, /* avx2: avx_vnni avx_ifma sha512 sm4 */
    { 5, 5, 15, 0x410 }, /* avx2: avx_vnni_int8 avx_vnni_int16 */
    /* avx512f: avx512dq avx512_ifma avx512pf avx512er avx512cd avx512bw
     * avx512vl */
    { 5, 16, 5, 0xdc220000 },
    { 5, 16, 6, 0x4800 }, /* avx512f: avx512_vnni avx512_vpopcntdq */
    /* avx512f: avx512_4vnniw avx512_4fmaps avx512_vp2intersect */
    { 5, 16, 9, 0x10c },
    /* avx512bw: avx512_vbmi avx512_vbmi2 avx512_bitalg */
    { 5, 30, 6, 0x1042 },
    { 5, 30, 9, 0x800000 }, /* avx512bw: avx512_fp16 */
    { 5, 30, 10, 0x20 }, /* avx512bw: avx512_bf16 */
    { 5, 30, 11, 0x800000 }, /* avx512bw: avx512_bmm */
    { 1, 1, 6, 0x400 }, /* pclmulqdq: vpclmulqdq */
    { 1, 25, 6, 0x200 }, /* aesni: vaes */
    { 9, 26, 9, 0x88000000 }, /* ibrsb: stibp ssbd */
    { 9, 26, 13, 0x17 }, /* ibrsb: intel_psfd ipred_ctrl rrsba_ctrl bhi_ctrl */
    { 9, 26, 16, 0x2 }, /* ibrsb: eibrs */
    /* ibrs: amd_stibp amd_ssbd psfd ibrs_always ibrs_fast ibrs_same_mode */
    { 8, 14, 8, 0x110d8000 },
    { 8, 14, 11, 0x100 }, /* ibrs: auto_ibrs */
    { 8, 12, 8, 0x40000000 }, /* ibpb: ibpb_ret */
    { 8, 12, 11, 0x18000000 }, /* ibpb: sbpb ibpb_brtype */
    { 8, 15, 8, 0x20000 }, /* amd_stibp: stibp_always */
    { 5, 11, 9, 0x10000 }, /* rtm: tsxldtrk */
    { 8, 28, 11, 0x40000 }, /* psfd: epsf */
    { 16, 1, 16, 0x80000 }, /* eibrs: rrsba */
    { 9, 29, 16, 0xffffffff }, /* arch_caps: all of the register */
    { 9, 29, 17, 0xffffffff },
    { 9, 24, 9, 0x2400000 }, /* amx_tile: amx_bf16 amx_int8 */
    { 9, 24, 10, 0x200000 }, /* amx_tile: amx_fp16 */
    { 9, 24, 15, 0x100 }, /* amx_tile: amx_complex */
};

const char *cpuid_name(unsigned int word, unsigned int bit)
{
    return word < CPUID_WORDS && bit < 32 ? names[word][bit] : NULL;
}

/* The word of featuresets that a register of a leaf, or a half of an MSR,
 * contains; CPUID_WORDS: none. */
static unsigned int word_at(uint32_t leaf, uint32_t subleaf,
                            enum cpuid_register reg)
{
    unsigned int word = 0;

    while (word < CPUID_WORDS && (cpuid_places[word].leaf != leaf ||
                                  cpuid_places[word].subleaf != subleaf ||
                                  cpuid_places[word].reg != reg))
        word++;
    return word;
}

size_t cpuid_names_in(uint32_t leaf, uint32_t subleaf,
                      enum cpuid_register reg, uint32_t value,
                      const char *found[32])
{
    unsigned int word = word_at(leaf, subleaf, reg);
    size_t n = 0;

    for (unsigned int bit = 0; word < CPUID_WORDS && bit < 32; bit++)
        if (value >> bit & 1 && names[word][bit])
            found[n++] = names[word][bit];
    return n;
}

size_t cpuid_names_in_msr(uint32_t index, uint64_t value,
                          const char *found[CPUID_NAMES])
{
    size_t n = cpuid_names_in(index, CPUID_NO_SUBLEAF, CPUID_LOW,
                              (uint32_t)value, found);

    return n + cpuid_names_in(index, CPUID_NO_SUBLEAF, CPUID_HIGH,
                              (uint32_t)(value >> 32), found + n);
}

bool cpuid_has(const struct cpuid_set *set, unsigned int word,
               unsigned int bit)
{
    return word < CPUID_WORDS && bit < 32 && set->word[word] >> bit & 1;
}

void cpuid_close(struct cpuid_set *set)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof(built_on) / sizeof(built_on[0]); i++) {
            uint32_t *in = &set->word[built_on[i].in];

            if (!(*in & built_on[i].without) ||
                cpuid_has(set, built_on[i].word, built_on[i].bit))
                continue;
            *in &= ~built_on[i].without;
            again = true;
        }
    }
}

void cpuid_vendor_text(uint32_t b, uint32_t c, uint32_t d,
                       char vendor[CPUID_VENDOR])
{
    const uint32_t words[3] = { b, d, c };

    for (size_t i = 0; i < CPUID_VENDOR; i++)
        vendor[i] = (char)(words[i / 4] >> 8 * (i % 4));
}

const char *cpuid_leaf_text(uint32_t leaf, uint32_t subleaf,
                            char buf[CPUID_LEAF_ROOM])
{
    snprintf(buf, CPUID_LEAF_ROOM,
             subleaf == CPUID_NO_SUBLEAF
                 ? "leaf 0x%" PRIx32
                 : "leaf 0x%" PRIx32 ", subleaf 0x%" PRIx32,
             leaf, subleaf);
    return buf;
}

enum domctx_vendor cpuid_vendor(uint32_t b, uint32_t c, uint32_t d)
{
    static const struct {
        char text[13];       /* EBX, EDX, ECX */
        enum domctx_vendor vendor;
    } vendors[] = {
        { "GenuineIntel", DOMCTX_VENDOR_INTEL },
        { "AuthenticAMD", DOMCTX_VENDOR_AMD },
        { "HygonGenuine", DOMCTX_VENDOR_AMD },
        { "CentaurHauls", DOMCTX_VENDOR_OTHER },
        { "  Shanghai  ", DOMCTX_VENDOR_OTHER },
    };
    char text[CPUID_VENDOR];

    cpuid_vendor_text(b, c, d, text);
    for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
        if (memcmp(text, vendors[i].text, sizeof(text)) == 0)
            return vendors[i].vendor;
    return DOMCTX_VENDOR_UNKNOWN;
}
