/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HVM parameters of a domain by number. */
#ifndef CONVERT_CATALOGUE_HVM_PARAMS_H
#define CONVERT_CATALOGUE_HVM_PARAMS_H

#include "catalogue/release.h"

enum hvm_param {
    PARAM_CALLBACK_IRQ = 0, PARAM_STORE_PFN = 1,
    PARAM_IOREQ_PFN = 5, PARAM_BUFIOREQ_PFN = 6,
    PARAM_VIRIDIAN = 9, PARAM_VM86_TSS = 15, PARAM_ACPI_IOPORTS = 19,
    PARAM_NESTEDHVM = 24, PARAM_IOREQ_SERVER_PFN = 32,
    PARAM_IOREQ_SERVER_PAGES = 33, PARAM_ALTP2M = 35,
    PARAM_X87_FIP_WIDTH = 36, PARAM_VM86_TSS_SIZED = 37, PARAM_MCA_CAP = 38,
};

/* "VIRIDIAN"; NULL for an unknown number. */
const char *hvm_param_name(uint64_t index);

/* The number of parameters of the release, which refuses higher indexes.  With
 * RELEASE_ANY, the least of the series; 0: not known, before 4.6. */
unsigned int hvm_param_count(struct release release);

/* The bits of VIRIDIAN that the release accepts; RELEASE_ANY likewise. */
uint64_t hvm_viridian_mask(struct release release);

/* The value that "viridian = 1" of a configuration gives to VIRIDIAN before
 * the stream is read; 0 where the stream alone sets it (4.15 and later, before
 * 4.6). */
uint64_t hvm_viridian_default(struct release release);

/* The meaning of a value of CALLBACK_IRQ or VIRIDIAN, in buf; "" for other
 * parameters. */
const char *hvm_param_words(uint64_t index, uint64_t value, char *buf,
                            size_t room);

#endif /* CONVERT_CATALOGUE_HVM_PARAMS_H */
