/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes that make a healthy guest stand still, a row a pattern. */
#ifndef TEST_DIAGNOSE_H
#define TEST_DIAGNOSE_H

#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

#include "catalogue/codes.h"
#include "support.h"

enum kind {
    NO_CHANGE,
    FIELD,      /* of a record */
    BESIDE,     /* of a record of the image: code is its type */
    DROP,       /* the record */
    SHUT_DOWN, PAUSED, DEBUGGED, PARAM,
    TIME,       /* that a vCPU has used in all */
    USED,       /* between the looks */
    AWAKE, WAITING, OFFLINE, UPCALL,
    PANIC, JIFFIES, STOLEN,   /* in the guest's memory */
};

struct change {
    enum kind kind;
    unsigned int looks;   /* bit 0: the first one, bit 1: the second */
    unsigned int code;
    uint32_t instance;
    const char *field;
    size_t i;
    uint64_t value;
};

#define IN_BOTH 3u
#define SET(code, vcpu, field, i, value) \
    { FIELD, IN_BOTH, CODE_##code, (vcpu), (field), (i), (value) }
#define CPU_IS(vcpu, field, value) SET(CPU, vcpu, field, 0, value)
#define REGS_IS(vcpu, field, value) SET(LAPIC_REGS, vcpu, field, 0, value)
#define REGS_ARE(vcpu, field, i, value) \
    SET(LAPIC_REGS, vcpu, field, i, value)
#define BESIDE_IS(type, field, i, value) \
    { BESIDE, IN_BOTH, DOMCTX_##type, 0, (field), (i), (value) }
#define SHARED_IS(field, value) BESIDE_IS(SHARED_INFO, field, 0, value)
#define PARAM_IS(n, value) { PARAM, IN_BOTH, 0, 0, NULL, (n), (value) }
#define VCPU_IS(kind, vcpu, value) \
    { kind, IN_BOTH, 0, (vcpu), NULL, 0, (value) }
#define DOMAIN_IS(kind, value) { kind, IN_BOTH, 0, 0, NULL, 0, (value) }

#define CHANGES_MAX 12
struct row {
    const char *id;
    const char *too;      /* ids of what cannot but come with it */
    struct change changes[CHANGES_MAX];
};
extern const struct row rows[];
extern const size_t n_rows;

/* What is in the memory of a guest's kernel. */
struct kernel {
    bool is_other;      /* none of the symbols */
    int32_t panic_cpu;
    uint64_t jiffies, runnable_ns[2];
};
#define STACK UINT64_C(0xffffc90000010f00)
#define STACK_BYTES_READ 0x100
#define CPU_AREA(vcpu) (UINT64_C(0xffff888000000000) + ((vcpu) << 20))
/* A healthy guest, seen twice, and what was changed of it. */
struct guest {
    struct bytes bytes[2];      /* an image */
    domctx_image *image[2];
    domctx_context *context[2];
    struct domctx_live live[2];
    struct domctx_look look[2];
    struct kernel kernel[2];
    domctx_symbols *symbols;
    domctx_memory *memory[2];
};

/* Make it of a row, or NULL; but for change number without (none:
 * SIZE_MAX). */
void guest_make(struct guest *guest, const struct row *row, size_t without);
void guest_drop(struct guest *guest);
/* A change, in look n if it is for that one. */
void guest_apply(struct guest *guest, size_t n, const struct change *change);

domctx_memory *memory_of(const domctx_symbols *symbols,
                         const domctx_context *context,
                         const struct kernel *kernel);

#endif
