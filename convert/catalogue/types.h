/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Record types of an image, and how findings name a record. */
#ifndef CONVERT_CATALOGUE_TYPES_H
#define CONVERT_CATALOGUE_TYPES_H

#include "base/messages.h"

/* Bytes of struct shared_info, the same in every release since 3.1: x86_64,
 * x86_32 (compat) and both ARMs. */
#define SHARED_INFO_X86_64 3136
#define SHARED_INFO_X86_32 2344
#define SHARED_INFO_ARM 1088

/* A record of the migrated form; its legacy typecode. */
static inline bool type_is_hvm(uint32_t type)
{
    return type > DOMCTX_HVM_CONTEXT && type <= DOMCTX_HVM_LAST;
}

static inline uint32_t type_to_hvm(uint32_t type)
{
    return type - DOMCTX_HVM_CONTEXT;
}

/* A record of paravirtual state. */
static inline bool type_is_pv(uint32_t type)
{
    return type >= DOMCTX_EVTCHN && type <= DOMCTX_MSR_POLICY;
}

/* Whether a reader of this version knows the type. */
bool type_known(uint32_t type);

/* Whether the type may only stand after END. */
static inline bool type_in_trailer(uint32_t type)
{
    return type == DOMCTX_PROVENANCE || type == DOMCTX_DIGEST;
}

/*
 * The highest number of records in an image or a blob, START or HEADER, END
 * and trailer included: 32 for each of the 4,096 vCPUs that a stream may have;
 * no release saves more than 9.  A verdict takes some 200 bytes for each, so
 * without a limit a file of empty records would take many times its size.
 */
#define RECORDS_MAX 131072

/* The place that findings give for a record of an image: name, instance,
 * offset. */
struct msg_at at_record(const struct domctx_record *record);

/* The same for a record of a legacy blob. */
struct msg_at at_hvm(const struct domctx_record *record);

/* Report that there are more than RECORDS_MAX records; returns -1. */
int records_many(struct msg_at at, domctx_report *report);

#endif /* CONVERT_CATALOGUE_TYPES_H */
