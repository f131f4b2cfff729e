/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging the content of records whose framing is sound. */
#ifndef CONVERT_FORMAT_CONTENT_H
#define CONVERT_FORMAT_CONTENT_H

#include "catalogue/catalogue.h"
#include "format/hvm.h"

/* Judge one legacy record: typecode, instance, length, CPU_MSR's count.  saver
 * is the release that wrote it, or NULL if unknown: then any release's layout
 * will do. */
void content_check_hvm(const struct domctx_record *record,
                       const cat_version *saver, domctx_report *report);

/* Judge all records of a blob, and the blob as a whole. */
void content_check_blob(const domctx_hvm *hvm, const cat_version *saver,
                        domctx_report *report);

/* Judge a record of paravirtual state; -1 when memory is short. */
int content_check_pv(const struct domctx_record *record, bool big,
                     domctx_report *report);

#endif /* CONVERT_FORMAT_CONTENT_H */
