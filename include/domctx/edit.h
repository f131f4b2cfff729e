/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A context with other values in some of its fields.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_EDIT_H
#define DOMCTX_EDIT_H

/* A copy of a context that is changed.  Opaque. */
typedef struct domctx_edit domctx_edit;

/* Begin with a copy of the image or blob that context is of, or that its
 * container holds.  On success *edit is new, for domctx_edit_free(), and
 * needs the context no more; on failure it is NULL.  Since 0.1.
 * Ids: no-memory. */
int domctx_edit_begin(const domctx_context *context, domctx_edit **edit,
                      domctx_report *report);

/* Free an edit.  NULL is allowed.  Since 0.1. */
void domctx_edit_free(domctx_edit *edit);

/* Give a field a value; see domctx/field.h for the names.  "edit-range" for
 * what the field has no room for, and "edit-fixed" for what the framing
 * decides (DIGEST, which is made anew anyway, and the number of MSRs).  What
 * is refused changes nothing.  Since 0.1.
 * Ids: edit-range, edit-fixed, select-*. */
int domctx_edit_set(domctx_edit *edit, const char *record, uint32_t instance,
                    const char *field, uint64_t value,
                    domctx_report *report);

/*
 * The same in words, as of `xl-context edit --set`:
 *
 *   CPU/1.rip=0xffffffff81000000    a number: decimal, "0x..." or "-5"
 *   CPU/0.cr4=PAE|PGE               the bits or the value of that name
 *   CPU/0.cr4+=UMIP                 a bit more, and all others as they are
 *   CPU/0.cr4-=SMEP|SMAP            bits less
 *   LAPIC_REGS/0.irr-=48            of a bitmap, a bit by its number
 *   CPU_MSR/0.SPEC_CTRL=1           an MSR that the record has
 *   CPU_XSAVE/0.ymm3=0x1f           a register: st0, xmm0, ymm0, zmm0, k0, ...
 *
 * Without "/INSTANCE" it is 0.  "edit-assign" for what is none of these,
 * "edit-word" for a word that the field does not have.  Since 0.1.
 * Ids: edit-*, select-*.
 */
int domctx_edit_assign(domctx_edit *edit, const char *text,
                       domctx_report *report);

/* Take the records of a JSON document, as domctx_json_show() writes some of
 * them, in the place of those of the same name and instance.  They keep their
 * lengths ("edit-fixed"); else as domctx_json_read(), and what is refused
 * changes nothing.  Since 0.1.
 * Ids: edit-fixed, select-record, those of domctx_json_read(). */
int domctx_edit_json(domctx_edit *edit, const void *text, size_t size,
                     domctx_report *report);

/*
 * The image or blob with the changes: all else is byte for byte what it was,
 * but for DIGEST, which is made anew where there was one.  provenance: the
 * JSON text for PROVENANCE, as domctx_provenance_convert() makes it, in place
 * of what there was; NULL: as it was.  Only an image has one.
 *
 * What the parse functions do not read is refused as they refuse it; whether
 * it loads, domctx_check() tells.  On success *buf is malloc'ed memory of
 * *size bytes for the caller to free(), and the edit can go on.  Since 0.1.
 * Ids: those of domctx_image_parse(), domctx_hvm_parse().
 */
int domctx_edit_take(const domctx_edit *edit, const char *provenance,
                     uint8_t **buf, size_t *size, domctx_report *report);

#endif /* DOMCTX_EDIT_H */
