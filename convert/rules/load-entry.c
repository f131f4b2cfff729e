/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conditions of load-entry-rows.h: what a processor checks when it enters the
 * guest.  Intel's checks are in SDM volume 3, 27.3.1 (checks on the guest
 * state area) and 27.2.1.3; AMD's in APM volume 2, 15.5.1 and 15.20.
 */
#include "rules/load-named.h"

#include <stdio.h>
#include <string.h>

#define CR0_PE UINT64_C(0x1)
#define CR0_NW UINT64_C(0x20000000)
#define CR0_CD UINT64_C(0x40000000)
#define CR0_PG UINT64_C(0x80000000)
#define CR4_PAE UINT64_C(0x20)
#define CR4_PCIDE UINT64_C(0x20000)
#define EFER_LMA UINT64_C(0x400)
#define RFLAGS_IF UINT64_C(0x200)
#define RFLAGS_VM UINT64_C(0x20000)
/* Bits 1, which loaders set, 3, 5, 15 and all from 22 on are fixed. */
#define RFLAGS_KNOWN UINT64_C(0x3f7fd7)
#define DR7_ENABLED UINT64_C(0xff)

/* Attributes as Xen has them. */
#define AR_TYPE 0xfu
#define AR_ACCESSED 0x1u
#define AR_WRITE 0x2u        /* of data; of code, that it can be read */
#define AR_DOWN 0x4u         /* of data; of code, that it is conforming */
#define AR_CODE 0x8u
#define AR_S 0x10u
#define AR_DPL 0x60u
#define AR_P 0x80u
#define AR_L 0x200u
#define AR_D 0x400u

static bool has(const struct rule_subject *subject, const char *field,
                uint64_t bits)
{
    return (load_field(subject, field) & bits) == bits;
}

static bool in_long_mode(const struct rule_subject *subject)
{
    return has(subject, "msr_efer", EFER_LMA);
}

/* The segment's other field, as "limit" of "cs_arbytes". */
static uint64_t part(const struct rule_subject *subject, const char *what)
{
    const char *name = subject->rule->field;
    const char *end = strchr(name, '_');
    char field[16];

    snprintf(field, sizeof(field), "%.*s_%s", (int)(end - name), name, what);
    return load_field(subject, field);
}

/* Loaders fold attributes that are as the VMCS has them. */
static unsigned int folded(uint64_t bytes)
{
    unsigned int low = (unsigned int)bytes & 0xffff;

    return low & 0xf000 && !(low & 0x0f00) ? (low & 0xff) | (low >> 4 & 0xf00)
                                           : low & 0xfff;
}

static unsigned int attributes(const struct rule_subject *subject)
{
    return folded(part(subject, "arbytes"));
}

static unsigned int attributes_of_cs(const struct rule_subject *subject)
{
    return folded(load_field(subject, "cs_arbytes"));
}

static bool in_64_bits(const struct rule_subject *subject)
{
    return in_long_mode(subject) && attributes_of_cs(subject) & AR_L;
}

/* In real mode and in virtual 8086 mode segments are of other kinds, and
 * without the unrestricted guest Xen makes those of real mode itself. */
static bool in_protected_mode(const struct rule_subject *subject)
{
    return has(subject, "cr0", CR0_PE) &&
           !has(subject, "rflags", RFLAGS_VM);
}

/* Processors with five levels of paging take addresses of 57 bits, whatever
 * the guest's own paging. */
static bool is_no_address(uint64_t value)
{
    uint64_t high = value >> 56;

    return high != 0 && high != 0xff;
}

/* --- registers ----------------------------------------------------------- */

bool entry_no_write_through(const struct rule_subject *subject)
{
    return (subject->value & (CR0_NW | CR0_CD)) == CR0_NW;
}

bool entry_long_without_pae(const struct rule_subject *subject)
{
    return in_long_mode(subject) && !(subject->value & CR4_PAE);
}

bool entry_pcid_outside_long(const struct rule_subject *subject)
{
    return subject->value & CR4_PCIDE && !in_long_mode(subject);
}

bool entry_wide_cr3(const struct rule_subject *subject)
{
    return in_long_mode(subject) && has(subject, "cr0", CR0_PG) &&
           subject->value >> 52;
}

/* The address behind the last one of the lower half is accepted: it is where
 * an instruction that ends there leads. */
bool entry_bad_rip(const struct rule_subject *subject)
{
    uint64_t high = subject->value >> 57;

    return in_64_bits(subject) ? high != 0 && high != 0x7f
                               : subject->value >> 32 != 0;
}

/* The processor faults at once, in the guest: as after a jump of a program
 * that went astray. */
bool entry_lost_rip(const struct rule_subject *subject)
{
    return in_64_bits(subject) && load_not_canonical(subject);
}

bool entry_bad_rflags(const struct rule_subject *subject)
{
    return subject->value & ~RFLAGS_KNOWN;
}

bool entry_vm86_in_long(const struct rule_subject *subject)
{
    return subject->value & RFLAGS_VM && in_long_mode(subject);
}

bool entry_no_address(const struct rule_subject *subject)
{
    return is_no_address(subject->value);
}

bool entry_wide_debug(const struct rule_subject *subject)
{
    return subject->value >> 32 && load_field(subject, "dr7") & DR7_ENABLED;
}

/* --- events -------------------------------------------------------------- */

enum { EVENT_EXTERNAL = 0, EVENT_NMI = 2, EVENT_HARDWARE = 3 };
#define VECTOR_NMI 2
#define VECTOR_LAST_EXCEPTION 31

static bool is_pending(const struct rule_subject *subject, uint64_t type)
{
    return load_field(subject, "pending_valid") &&
           load_field(subject, "pending_type") == type &&
           !load_bad_event(subject);
}

bool entry_no_exception(const struct rule_subject *subject)
{
    return is_pending(subject, EVENT_HARDWARE) &&
           load_field(subject, "pending_vector") > VECTOR_LAST_EXCEPTION;
}

bool entry_nmi_as_exception(const struct rule_subject *subject)
{
    return is_pending(subject, EVENT_HARDWARE) &&
           load_field(subject, "pending_vector") == VECTOR_NMI;
}

bool entry_nmi_vector(const struct rule_subject *subject)
{
    return is_pending(subject, EVENT_NMI) &&
           load_field(subject, "pending_vector") != VECTOR_NMI;
}

bool entry_masked_interrupt(const struct rule_subject *subject)
{
    return is_pending(subject, EVENT_EXTERNAL) &&
           !has(subject, "rflags", RFLAGS_IF);
}

/* --- segments ------------------------------------------------------------ */

bool entry_code_of_two_sizes(const struct rule_subject *subject)
{
    return in_64_bits(subject) && attributes(subject) & AR_D;
}

/* A data segment, of type 3, is left over from real mode. */
bool entry_no_code(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);

    return in_protected_mode(subject) &&
           (!(bytes & AR_P) || !(bytes & AR_S) || !(bytes & AR_ACCESSED) ||
            (!(bytes & AR_CODE) && (bytes & AR_TYPE) != 3));
}

/* The privilege level is that of SS; only conforming code runs at another. */
bool entry_other_level(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);
    unsigned int stack = folded(load_field(subject, "ss_arbytes")) & AR_DPL;

    if (!in_protected_mode(subject) || entry_no_code(subject) ||
        !(bytes & AR_CODE))
        return false;
    return bytes & AR_DOWN ? (bytes & AR_DPL) > stack
                           : (bytes & AR_DPL) != stack;
}

static bool is_usable(const struct rule_subject *subject)
{
    return in_protected_mode(subject) && attributes(subject) & AR_P;
}

bool entry_no_stack(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);

    return is_usable(subject) &&
           (!(bytes & AR_S) || bytes & AR_CODE || !(bytes & AR_WRITE) ||
            !(bytes & AR_ACCESSED));
}

bool entry_no_data(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);

    return is_usable(subject) &&
           (!(bytes & AR_S) || !(bytes & AR_ACCESSED) ||
            (bytes & AR_CODE && !(bytes & AR_WRITE)));
}

/* Types 3 and 11 are busy TSS, of 16 bits and of more; older releases set the
 * bit that says busy. */
bool entry_no_task(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);
    unsigned int type = (bytes & AR_TYPE) | 2;

    return in_protected_mode(subject) &&
           (!(bytes & AR_P) || bytes & AR_S ||
            (type != 11 && (type != 3 || in_long_mode(subject))));
}

bool entry_no_table(const struct rule_subject *subject)
{
    unsigned int bytes = attributes(subject);

    return is_usable(subject) && (bytes & (AR_S | AR_TYPE)) != 2;
}

bool entry_wide_base(const struct rule_subject *subject)
{
    return is_usable(subject) && subject->value >> 32;
}

bool entry_base_no_address(const struct rule_subject *subject)
{
    return is_no_address(subject->value) &&
           (strncmp(subject->rule->field, "ldtr", 4) != 0 ||
            is_usable(subject)) &&
           has(subject, "cr0", CR0_PE);
}

/* The limit of a segment above 1 MiB is counted in pages. */
bool entry_limit_in_page(const struct rule_subject *subject)
{
    return is_usable(subject) && subject->value >> 20 &&
           (subject->value & 0xfff) != 0xfff;
}
