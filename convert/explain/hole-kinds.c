/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of holes, by the names that the patterns have in braces. */
#include "explain/match.h"

#include <string.h>

const struct hole_kind hole_kinds[HOLE_COUNT] = {
    [HOLE_N] = { "n", LEX_NUMBER },
    [HOLE_X] = { "x", LEX_HEX },
    [HOLE_WORD] = { "word", LEX_WORD },
    [HOLE_TEXT] = { "text", LEX_TEXT },
    [HOLE_PATH] = { "path", LEX_TEXT },
    [HOLE_RECORD] = { "record", LEX_NAME },
    [HOLE_VCPU] = { "vcpu", LEX_VCPU },
    [HOLE_DOM] = { "dom", LEX_DOM },
    [HOLE_DOMID] = { "domid", LEX_NUMBER },
    [HOLE_TYPECODE] = { "typecode", LEX_NUMBER },
    [HOLE_INSTANCE] = { "instance", LEX_NUMBER },
    [HOLE_ERRNO] = { "errno", LEX_NUMBER },
    [HOLE_RC] = { "rc", LEX_NUMBER },
    [HOLE_MSR] = { "msr", LEX_HEX },
    [HOLE_MSR_VALUE] = { "msrvalue", LEX_HEX },
    [HOLE_CR0] = { "cr0", LEX_HEX },
    [HOLE_CR4] = { "cr4", LEX_HEX },
    [HOLE_EFER] = { "efer", LEX_HEX },
    [HOLE_DR6] = { "dr6", LEX_HEX },
    [HOLE_DR7] = { "dr7", LEX_HEX },
    [HOLE_XCR0] = { "xcr0", LEX_HEX },
    [HOLE_MCG_CAP] = { "mcgcap", LEX_HEX },
    [HOLE_EVENT] = { "event", LEX_HEX },
    [HOLE_PARAM] = { "param", LEX_NUMBER },
    [HOLE_LEAF] = { "leaf", LEX_HEX },
    [HOLE_SUBLEAF] = { "subleaf", LEX_HEX },
    [HOLE_RECTYPE] = { "rectype", LEX_NUMBER },
    [HOLE_LXRECTYPE] = { "lxrectype", LEX_NUMBER },
    [HOLE_BYTES] = { "bytes", LEX_NUMBER },
    [HOLE_XLFLAGS] = { "xlflags", LEX_HEX },
    [HOLE_BATCH] = { "batch", LEX_NUMBER },
    [HOLE_IDENT] = { "ident", LEX_HEX },
    [HOLE_MARKER] = { "marker", LEX_HEX },
    [HOLE_STATUS] = { "status", LEX_NUMBER },
    [HOLE_FRAME] = { "frame", LEX_HEX },
    [HOLE_PAGES] = { "pages", LEX_NUMBER },
    [HOLE_KIB] = { "kib", LEX_NUMBER },
    [HOLE_SIGNAL] = { "signal", LEX_NUMBER },
    [HOLE_SIGNAL_TEXT] = { "sigtext", LEX_TEXT },
    [HOLE_PAGE_TYPE] = { "pagetype", LEX_HEX },
    [HOLE_VMX_EXIT] = { "exit", LEX_HEX },
    [HOLE_VMX_EXIT_DECIMAL] = { "exitn", LEX_NUMBER },
    [HOLE_SVM_EXIT] = { "svmexit", LEX_HEX },
    [HOLE_SHUTDOWN] = { "shutdown", LEX_NUMBER },
    [HOLE_CPU_SIGNATURE] = { "cpusig", LEX_HEX },
    [HOLE_IOREQ] = { "ioreq", LEX_NUMBER },
    [HOLE_EMULATION] = { "emul", LEX_HEX },
    [HOLE_POLL] = { "poll", LEX_HEX },
    [HOLE_CPU_FLAGS] = { "cpuflags", LEX_HEX },
    [HOLE_RETURNED] = { "ret", LEX_NUMBER },
};

enum hole_id hole_at(const char *pattern)
{
    size_t length = strcspn(++pattern, "}");

    for (size_t i = 0; i < HOLE_COUNT; i++)
        if (strlen(hole_kinds[i].name) == length &&
            memcmp(hole_kinds[i].name, pattern, length) == 0)
            return (enum hole_id)i;
    return HOLE_COUNT;
}
