/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the targets share.  A target is one function, which libFuzzer calls
 * with any bytes, or replay.c with those of files. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <domctx.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold for every input; the fuzzer keeps one for which it does
 * not. */
#define HOLDS(condition)                                                   \
    do {                                                                   \
        if (!(condition)) {                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,        \
                    __LINE__, #condition);                                 \
            abort();                                                       \
        }                                                                  \
    } while (0)

/* What failed says why, by a finding that is an error or worse. */
#define FAILS_FOR_A_REASON(report)                                         \
    HOLDS(domctx_report_worst(report) >= DOMCTX_ERROR)

#endif /* TESTS_FUZZ_FUZZ_H */
