/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging what is in the records, framing taken as sound. */
#ifndef CONVERT_FORMAT_CONTENT_H
#define CONVERT_FORMAT_CONTENT_H

#include "catalogue/catalogue.h"
#include "format/hvm.h"

/* Findings about one legacy record: typecode, instance, length, CPU_MSR's
 * count.  saver is the release that wrote it, or NULL when that is not
 * known: then a layout of any release will do. */
void content_check_hvm(const struct domctx_record *record,
                       const cat_version *saver, domctx_report *report);

/* The same for all records of a blob, and about the blob itself. */
void content_check_blob(const domctx_hvm *hvm, const cat_version *saver,
                        domctx_report *report);

/* Findings about a record of paravirtual state; -1: no memory. */
int content_check_pv(const struct domctx_record *record, bool big,
                     domctx_report *report);

#endif /* CONVERT_FORMAT_CONTENT_H */
