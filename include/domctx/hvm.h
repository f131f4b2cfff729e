/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a legacy blob.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_HVM_H
#define DOMCTX_HVM_H

/* A parsed blob.  Opaque. */
typedef struct domctx_hvm domctx_hvm;

/*
 * Parse the legacy blob at buf: HEADER first, END last.
 *
 * The CPU_MSR length defect of Xen 4.5 to 4.9 is recognised, undone in the
 * records that domctx_hvm_get() returns, and reported.  Bytes after END are
 * reported.  A duplicate instance and an unknown typecode are reported with
 * DOMCTX_ERROR and do not make it fail; broken framing does
 * (DOMCTX_DAMAGED).
 *
 * On success *hvm is a new object over buf, to be freed with
 * domctx_hvm_free(); on failure it is NULL.
 * Ids: hvm-*, record-instance, record-length, records-many, no-memory.
 */
int domctx_hvm_parse(const void *buf, size_t size, domctx_hvm **hvm,
                     domctx_report *report);

/* Free a blob object (not the buffer).  NULL is allowed. */
void domctx_hvm_free(domctx_hvm *hvm);

/* Number of records, HEADER and END included. */
size_t domctx_hvm_count(const domctx_hvm *hvm);

/* Record number i in file order, or NULL past the last.  Of every record,
 * length bytes are there at body; END has length 0, whatever its descriptor
 * claims, as no loader reads that. */
const struct domctx_record *domctx_hvm_get(const domctx_hvm *hvm, size_t i);

/* The first record of that typecode and instance, or NULL. */
const struct domctx_record *domctx_hvm_find(const domctx_hvm *hvm,
                                            uint32_t typecode,
                                            uint32_t instance);

/* Bytes from HEADER through END. */
uint64_t domctx_hvm_consumed(const domctx_hvm *hvm);

/* Number of CPU_MSR descriptors that had to be repaired. */
size_t domctx_hvm_repaired(const domctx_hvm *hvm);

#endif /* DOMCTX_HVM_H */
