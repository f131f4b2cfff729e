/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of the bits and values of fields.  The rows of the catalogue refer to
 * these tables; catalogue/value.h prints a value with them.
 */
#ifndef CONVERT_CATALOGUE_NAMES_H
#define CONVERT_CATALOGUE_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* What the word of a row stands for. */
enum cat_word_kind {
    CAT_IS,       /* the word, where they have that value */
    CAT_NUMBER,   /* the word and their number, unless that is 0 */
    CAT_HEXA,     /* likewise, in hexadecimal */
    CAT_PLACE,    /* likewise, left where they are: an address */
};

/* A NULL word: known bits that are not printed. */
struct cat_word {
    uint64_t mask;     /* the bits, */
    uint64_t value;    /* and of CAT_IS what they must be, in their place */
    uint8_t bit;       /* the lowest */
    uint8_t kind;      /* enum cat_word_kind */
    const char *word;
};

struct cat_names {
    const struct cat_word *words;
    size_t n;
};

/* The first bit or value with that name, in any case; or NULL. */
const struct cat_word *names_find(const struct cat_names *names,
                                  const char *word);

/* names-cpu.c: registers of a vCPU */
extern const struct cat_names names_arbytes, names_cpu_flags, names_cr0,
    names_cr4, names_dr6, names_dr7, names_efer, names_event,
    names_event_type, names_fcw, names_fsw, names_mcg_cap,
    names_mcg_ext_ctl, names_mci_ctl2, names_mtrr_cap, names_mtrr_def_type,
    names_mxcsr, names_pat, names_rflags, names_signature, names_xstate;

/* names-device.c: interrupt controllers, timers, Viridian, the image */
extern const struct cat_names names_apic_base, names_apic_disabled,
    names_apic_version, names_delivery, names_dest_mode, names_dfr,
    names_digest, names_esr, names_hpet_cap, names_hpet_config,
    names_hpet_timer, names_icr, names_lint, names_lvt, names_lvtt,
    names_pic_init, names_pit_mode, names_pit_rw, names_pit_state,
    names_pit_status, names_pm1_en, names_pm1_sts, names_polarity,
    names_redirtbl, names_rtc_a, names_rtc_b, names_rtc_c, names_rtc_d,
    names_shared_flags, names_svr, names_tdcr, names_time_flags,
    names_trigger, names_tsc_mode, names_viridian_os, names_viridian_page,
    names_viridian_sint, names_viridian_stimer;

/* names-msr.c: the name of each MSR index */
extern const struct cat_names names_msr;

/* The names of the bits of an MSR, or NULL. */
const struct cat_names *names_of_msr(uint32_t index);

/* names-pv.c: paravirtual state */
extern const struct cat_names names_evtchn_flags, names_grant_flags,
    names_grant_status,
    names_grant_table_flags, names_hvm_params, names_port_flags,
    names_port_status, names_vcpu_flags, names_virq;

/* How the tables are written. */
#define WORD(b, n, v, kind, w) \
    { UINT64_MAX >> (64 - (n)) << (b), (uint64_t)(v) << (b), (b), (kind), \
      (w) }
#define FLAG(b, w)         WORD(b, 1, 1, CAT_IS, w)
#define CLEAR(b, w)        WORD(b, 1, 0, CAT_IS, w)
#define IS(b, n, v, w)     WORD(b, n, v, CAT_IS, w)
#define NUMBER(b, n, w)    WORD(b, n, 0, CAT_NUMBER, w)
#define HEXA(b, n, w)      WORD(b, n, 0, CAT_HEXA, w)
#define PLACE(b, n, w)     WORD(b, n, 0, CAT_PLACE, w)
#define SILENT(b, n)       WORD(b, n, 0, CAT_NUMBER, NULL)
#define NAMES(name, ...) \
    static const struct cat_word name##_words[] = { __VA_ARGS__ }; \
    const struct cat_names name = { \
        name##_words, sizeof(name##_words) / sizeof(name##_words[0]) }
#define LOCAL_NAMES(name, ...) \
    static const struct cat_word name##_words[] = { __VA_ARGS__ }; \
    static const struct cat_names name = { \
        name##_words, sizeof(name##_words) / sizeof(name##_words[0]) }

#endif /* CONVERT_CATALOGUE_NAMES_H */
