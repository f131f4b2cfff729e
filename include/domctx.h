/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libdomctx: domain context images and legacy hvm_save blobs.
 *
 * The library works on buffers that the caller owns; domctx_open() reads
 * files, and nothing writes one.  It never prints, never exits, has no global
 * state and may be used from several threads as long as one object is used by
 * one thread at a time.  It needs no Xen library and no privilege.
 *
 * Conventions, unless a function says otherwise:
 *  - a function that can fail returns 0 for success and -1 for failure, and
 *    says why in the domctx_report it was given (which may be NULL).  "Ids:"
 *    lists the message ids that it can raise, "image-*" those that begin so;
 *  - sizes, lengths and offsets are in bytes;
 *  - a pointer to const bytes handed in must stay valid and unchanged as long
 *    as the object made from it; nothing is copied;
 *  - without a report the reason of a failure is lost: nothing else has it;
 *  - a callback (sink, filter, reader, writer) runs in the calling thread; it
 *    may call the library with other objects, not with those of the call that
 *    it is in;
 *  - a struct that the caller allocates ends with reserved words, which later
 *    versions turn into members: zero it ("= { 0 }") before you fill it in.
 *    What the library allocates may grow, so copy no more than its members;
 *  - without reserved words are structs that will not grow, because they are
 *    values that stand in arrays and in other structs: domctx_cpuid_leaf,
 *    domctx_features, domctx_fill, domctx_hvm_param, domctx_odd_word,
 *    domctx_piece, domctx_policy, domctx_policy_msr, domctx_port,
 *    domctx_record, domctx_release, domctx_release_range, domctx_releases;
 *  - no function needs more than 128 KiB of stack;
 *  - every symbol is available since version 0.1 of the library.
 *
 * Words:
 *  finding   one message: what is wrong, where, and how bad it is
 *  severity  how bad a finding is for what was asked: enum domctx_severity
 *  outcome   what a loader of Xen does about a value: enum domctx_outcome
 *  verdict   what comes of a load as a whole: struct domctx_verdict
 *  judge     to find the outcomes of a load, and so its verdict
 *  blob      the HVM context as Xen itself saves it: HEADER through END
 *  image     a domain context image, see xen-domain-context(5)
 *  wrapped   an image that has the blob in one record, HVM_CONTEXT
 *  migrated  an image that has a record for each record of the blob
 *  trailer   PROVENANCE and DIGEST, which a file has after END
 *  source    a save file or stream, and the layers in it
 *
 * This is the header to include; its chapters, in domctx/, cannot be had one
 * by one, as each needs those before it.
 */
#ifndef DOMCTX_H
#define DOMCTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these headers, as in configure.ac: for the preprocessor,
 * and as text.  Since 0.1. */
#define DOMCTX_VERSION_MAJOR 0
#define DOMCTX_VERSION_MINOR 1
#define DOMCTX_VERSION_MICRO 0
#define DOMCTX_VERSION "0.1.0"

/* The version of the library at run time, such as "0.1.0"; constant, never
 * NULL.  Within a major version, and for 0 within a minor one, a newer library
 * serves programs that were built with an older header. */
const char *domctx_version(void);

#include <domctx/report.h>
#include <domctx/record.h>
#include <domctx/core.h>
#include <domctx/image.h>
#include <domctx/hvm.h>
#include <domctx/context.h>
#include <domctx/guest.h>
#include <domctx/source.h>
#include <domctx/view.h>
#include <domctx/check.h>
#include <domctx/host.h>
#include <domctx/explain.h>
#include <domctx/diagnose.h>
#include <domctx/build.h>
#include <domctx/pv.h>
#include <domctx/open.h>
#include <domctx/field.h>
#include <domctx/edit.h>
#include <domctx/judge.h>
#include <domctx/make.h>

#ifdef __cplusplus
}
#endif

#endif /* DOMCTX_H */
