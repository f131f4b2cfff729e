/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Records, and telling what is in a buffer.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_RECORD_H
#define DOMCTX_RECORD_H

/* -- Records ------------------------------------------------------------- */

/* Record types: the specification's, then this project's. */
#define DOMCTX_END          UINT32_C(0)
#define DOMCTX_START        UINT32_C(1)
#define DOMCTX_SHARED_INFO  UINT32_C(2)
#define DOMCTX_TSC_INFO     UINT32_C(3)
#define DOMCTX_HVM_CONTEXT  UINT32_C(0x48560000) /* a whole legacy blob */
#define DOMCTX_HVM_RECORD(code) (DOMCTX_HVM_CONTEXT + (uint32_t)(code))
#define DOMCTX_HVM_LAST     UINT32_C(0x4856ffff)
#define DOMCTX_EVTCHN       UINT32_C(0x50560001) /* see domctx/pv.h */
#define DOMCTX_GRANT_TABLE  UINT32_C(0x50560002)
#define DOMCTX_HVM_PARAMS   UINT32_C(0x50560003)
#define DOMCTX_VCPU_STATE   UINT32_C(0x50560004) /* instance: the vCPU */
#define DOMCTX_CPUID_POLICY UINT32_C(0x50560005)
#define DOMCTX_MSR_POLICY   UINT32_C(0x50560006)
#define DOMCTX_PROVENANCE   UINT32_C(0x584c0001) /* trailer, after END */
#define DOMCTX_DIGEST       UINT32_C(0x584c0002) /* trailer, last */

/* Bytes of a record header; records start at multiples of the alignment. */
#define DOMCTX_HEADER_SIZE  16
#define DOMCTX_ALIGN        8

/* Typecodes of a legacy blob that the framing itself knows. */
#define DOMCTX_HVM_END      0
#define DOMCTX_HVM_HEADER   1

/* One record, in an image or in a legacy blob. */
struct domctx_record {
    uint32_t type;       /* image type, or the legacy typecode in a blob */
    uint32_t instance;
    uint64_t length;     /* of the body, without padding */
    uint64_t offset;     /* of the record header, from the start of input */
    const uint8_t *body; /* in the caller's buffer */
};

/* The name of an image record type ("START", "HVM_CPU", "PROVENANCE"), or
 * NULL when the type is not known. */
const char *domctx_type_name(uint32_t type);

/* The name of a legacy typecode ("CPU"), or NULL when it is not known. */
const char *domctx_hvm_name(uint32_t typecode);

/* -- What is in a buffer ------------------------------------------------- */

enum domctx_format {
    DOMCTX_FORMAT_UNKNOWN,
    DOMCTX_FORMAT_IMAGE, /* a domain context image, migrated or bare */
    DOMCTX_FORMAT_HVM,   /* a legacy blob */
    DOMCTX_FORMAT_SAVE,  /* a save file or stream: domctx_source_new() */
    DOMCTX_FORMAT_JSON,  /* a JSON document, for domctx_json_read() */
};

/* Tell the format from the first bytes (32 suffice).  Says nothing about
 * whether the rest is sound. */
enum domctx_format domctx_detect(const void *buf, size_t size);

/* As many first bytes of an input as domctx_unknown() looks at. */
#define DOMCTX_UNKNOWN_HEAD 36864

/*
 * Say what an input is that domctx_detect() does not know, from its first
 * bytes (DOMCTX_UNKNOWN_HEAD of them, or all): compressed, an archive, a disk,
 * a core, a stream of QEMU, a context as hexadecimal digits ("kind-..."), of
 * DOMCTX_FOREIGN, and "kind-unknown" if it is none of them.  What nearly
 * begins like something that is read is damaged: "file-unknown".  Returns -1.
 * Since 0.1.
 * Ids: file-as-text, file-unknown, kind-*, source-cut.
 */
int domctx_unknown(const void *head, size_t size, domctx_report *report);

/*
 * Say whether a transfer as text explains why an image or blob of size bytes
 * cannot be parsed: -1 with a finding that says what it did to which bytes,
 * "kind-coded" with the command that brings back what then can be parsed, or
 * "file-as-text"; 0 if nothing shows that.  Since 0.1.
 * Ids: file-as-text, kind-coded.
 */
int domctx_as_text(const void *buf, size_t size, domctx_report *report);

#endif /* DOMCTX_RECORD_H */
