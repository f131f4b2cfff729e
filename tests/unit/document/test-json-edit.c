/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An edit of JSON changes what was edited, and what cannot be is refused with
 * its place. */
#include "document/json-support.h"

#include "base/bytes.h"

/* An image with every record of 4.17, and its JSON. */
static void make_edited(struct bytes *b, struct bytes *text)
{
    struct bytes blob = { 0 };
    domctx_image *image;

    put_release(&blob, 4, 17, 2);
    put_start(b, 4, 17);
    put_migrated(b, &blob);
    put_end(b);
    put_record(b, DOMCTX_PROVENANCE, 0, PROVENANCE, strlen(PROVENANCE));
    put_digest(b);
    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    json_of_image(image, text);
    domctx_image_free(image);
    bytes_free(&blob);
}

/* Its DIGEST. */
#define LAST_RECORD "33"

/* Give the member in text, as it was last written there, another value. */
static void set_member(struct bytes *text, const char *key,
                       const char *value)
{
    char old[200], new_text[200];
    const char *at;
    int size;

    put_raw(text, "", 1);
    text->size--;
    at = strstr((char *)text->p, key);
    ck_assert_ptr_nonnull(at);
    size = (int)strcspn(at, "\n");
    snprintf(old, sizeof(old), "%.*s", size, at);
    snprintf(new_text, sizeof(new_text), "%s: %s%s", key, value,
             old[size - 1] == ',' ? "," : "");
    text_replace(text, old, new_text);
}

START_TEST(an_edit_of_rip_changes_rip_and_the_digest)
{
    struct bytes b = { 0 }, text = { 0 };
    domctx_image *image;
    uint64_t rip;
    uint8_t *buf;
    size_t size;

    make_edited(&b, &text);
    set_member(&text, "\"rip\"", "\"0xffffFFFF82caa497\"");
    ck_assert_int_eq(domctx_json_read(text.p, text.size, &buf, &size, NULL),
                     0);
    ck_assert_uint_eq(size, b.size);
    image = image_taken(&(struct bytes){ .p = buf, .size = size }, NULL);
    rip = (uint64_t)(domctx_image_find(image, DOMCTX_HVM_RECORD(2), 0)->body -
                     buf) + 640;
    ck_assert_uint_eq(le64(buf + rip), 0xffffffff82caa497);
    ck_assert(domctx_image_has_digest(image));
    for (size_t i = 0; i < size; i++)
        if (i < rip || (i >= rip + 8 && i < size - 8))
            ck_assert_uint_eq(buf[i], b.p[i]);
    ck_assert_int_ne(memcmp(buf + size - 8, b.p + size - 8, 8), 0);
    domctx_image_free(image);
    free(buf);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* What may be written in another way gives the same bytes. */
static const struct {
    const char *old, *new_text;
} same[] = {
    { "\"magic\": 1412960902", "\"magic\": \"0x54381286\"" },
    { "\"xen_major\": 4", "\"xen_major\": \"0x00000004\"" },
    { "{\n  \"schema\"", " \r\n\t{\n  \"schema\"" },
    { "\"xen_minor\": 17", "\"xen_minor\" :\t17\n" },
    { "\"record\": \"HEADER\",\n      \"instance\": 0,\n      \"length\": 24,",
      "\"length\":24,\"instance\":0,\"record\":\"\\u0048EADER\"," },
    { "\"record\": \"CPU\"", "\"record\": \"typecode 2\"" },
    /* DIGEST is made anew, whatever it says */
    { "\"value\": \"0x", "\"value\": \"0x0" },
};

START_TEST(other_words_for_the_same)
{
    struct bytes b = { 0 }, text = { 0 };

    make_edited(&b, &text);
    text_replace(&text, same[_i].old, same[_i].new_text);
    json_gives(&text, b.p, b.size);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* Programs that sort members put the head behind the records. */
START_TEST(the_head_may_come_last)
{
    static const char head[] = "\"schema\": \"xl-context-2\",\n"
                               "  \"format\": \"image\",\n"
                               "  \"byte_order\": \"little\",\n  ";
    struct bytes b = { 0 }, text = { 0 };

    make_edited(&b, &text);
    text_replace(&text, head, "");
    text.size -= strlen("\n}\n");
    put_raw(&text, ",", 1);
    put_raw(&text, head, strlen(head) - strlen(",\n  "));
    put_raw(&text, "}", 1);
    json_gives(&text, b.p, b.size);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* -- what is refused, and where ---------------------------------------- */

static const struct {
    const char *old, *new_text, *id, *place;
} wrong[] = {
    /* the document */
    { "{\n  \"schema\"", "{]", "json-syntax", NULL },
    { "{\n  \"schema\"", "\xef\xbb\xbf\xef\xbb\xbf{\n  \"schema\"",
      "json-syntax", NULL },
    { "xl-context-2", "xl-context-check-1", "kind-json", NULL },
    { "xl-context-2", "xl-context-diff-9", "kind-json", NULL },
    { "xl-context-2", "xl-context-check-", "json-schema", "$.schema" },
    { "\"schema\"", "\"schema", "json-syntax", NULL },
    { "\"schema\"", "\"\xff\"", "json-syntax", NULL },
    { "xl-context-2", "xl-context-3", "json-schema", "$.schema" },
    { "\"xl-context-2\"", "1", "json-schema", "$.schema" },
    { "\"image\"", "\"picture\"", "json-schema", "$.format" },
    { "\"little\"", "\"middle\"", "json-schema", "$.byte_order" },
    { "\"little\"", "[]", "json-schema", "$.byte_order" },
    { "\"schema\": \"xl-context-2\",", "", "json-schema", "$.schema" },
    { "\"byte_order\": \"little\",", "", "json-schema", "$.byte_order" },
    { "\"byte_order\"", "\"xen\": null, \"byte_order\"",
      "json-member-unknown", "$.xen" },
    { "\"records\"", "\"extra\": 1, \"records\"", "json-member-unknown",
      "$.extra" },
    { "\"records\"", "\"format\": \"hvm\", \"records\"", "json-member-twice",
      "$.format" },
    { "\"records\"", "\"record\"", "json-member-unknown", "$.record" },
    { "\"records\": [", "\"records\": {}, \"records\": [", "json-type",
      "$.records" },
    { "\"records\": [", "\"records\": [7,", "json-type", "$.records[0]" },
    { "\"records\": [", "\"records\": [[],", "json-type", "$.records[0]" },
    { "\"records\": [", "\"records\": [], \"records\": [",
      "json-member-twice", "$.records" },
    /* a record */
    { "\"record\": \"HEADER\",", "", "json-member-missing",
      "$.records[1].record" },
    { "\"HEADER\"", "\"HEAD\"", "json-record", "$.records[1].record" },
    { "\"HEADER\"", "7", "json-record", "$.records[1].record" },
    { "\"HEADER\"", "\"typecode 0\"", "json-record", "$.records[1].record" },
    { "\"HEADER\"", "\"typecode 65536\"", "json-record",
      "$.records[1].record" },
    { "\"HEADER\"", "\"typecode \"", "json-record", "$.records[1].record" },
    { "\"HEADER\"", "\"typecode 33\"", "json-length",
      "$.records[1].length" },
    { "\"instance\": 1,", "", "json-member-missing",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": -1,", "json-range",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": 4294967296,", "json-range",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": 65536,", "json-range",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": 1.0,", "json-type",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": 1e3,", "json-type",
      "$.records[3].instance" },
    { "\"instance\": 1,", "\"instance\": 1, \"instance\": 1,",
      "json-member-twice", "$.records[3].instance" },
    { "\"length\": 24,", "", "json-member-missing", "$.records[1].length" },
    { "\"length\": 24,", "\"length\": 25,", "json-length",
      "$.records[1].length" },
    { "\"length\": 24,", "\"length\": 99999999999999999999,", "json-range",
      "$.records[1].length" },
    { "\"length\": 24,", "\"hex\": \"00\",", "json-member-unknown",
      "$.records[1].gtsc_khz" },
    { "\"length\": 24,", "\"length\": 24, \"hex\": \"00\",",
      "json-member-unknown", "$.records[1].length" },
    { "\"length\": 24,", "\"length\": 24, \"descriptor_length\": 24,",
      "json-member-unknown", "$.records[1].descriptor_length" },
    { "\"length\": 24,", "\"length\": 24, \"tail\": \"\",",
      "json-member-unknown", "$.records[1].tail" },
    { "\"length\": 24,", "\"length\": 24, \"records\": [],",
      "json-member-unknown", "$.records[1].records" },
    { "\"length\": 24,", "\"length\": 24, \"text\": \"\",",
      "json-member-unknown", "$.records[1].text" },
    { "\"length\": 24,", "\"length\": 24, \"after_end\": \"\",",
      "json-member-unknown", "$.records[1].after_end" },
    /* fields */
    { "\"cr0\"", "\"cr9\"", "json-member-unknown", "$.records[2].cr9" },
    { "\"version\": 1,", "", "json-member-missing",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": 1, \"version\": 1,",
      "json-member-twice", "$.records[1].version" },
    { "\"version\": 1,", "\"version\": null,", "json-type",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": \"1\",", "json-type",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": \"0x\",", "json-type",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": \"0x1g\",", "json-type",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": \"0x100000000\",", "json-range",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": 4294967296,", "json-range",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": -1,", "json-range",
      "$.records[1].version" },
    { "\"version\": 1,", "\"version\": {\"a\": [1]},", "json-type",
      "$.records[1].version" },
    { "\"changeset\": \"0x0\"", "\"changeset\": 0", "json-type",
      "$.records[1].changeset" },
    { "\"changeset\": \"0x0\"", "\"changeset\": \"0x10000000000000000\"",
      "json-range", "$.records[1].changeset" },
    { "\"fpu_regs\": {", "\"fpu_regs\": 1, \"x\": {", "json-type",
      "$.records[2].fpu_regs" },
    { "\"fpu_regs\": {", "\"fpu_regs\": {\"x\": 1, ", "json-member-unknown",
      "$.records[2].fpu_regs.x" },
    { "\"st\": [", "\"st\": [\"0x0\", ", "json-count",
      "$.records[2].fpu_regs.st[8]" },
    { "\"st\": [", "\"st\": [], \"x\": [", "json-count",
      "$.records[2].fpu_regs.st[0]" },
    { "\"st\": [", "\"st\": [0, ", "json-type",
      "$.records[2].fpu_regs.st[0]" },
    { "\"st\": [\"0x", "\"st\": [\"0x1", "json-range",
      "$.records[2].fpu_regs.st[0]" },
    { "\"st\": [\"0x", "\"st\": [\"0xg", "json-type",
      "$.records[2].fpu_regs.st[0]" },
    { "\"st\": [\"0x", "\"st\": [\"", "json-type",
      "$.records[2].fpu_regs.st[0]" },
    { "\"st\": [", "\"st\": 0, \"x\": [", "json-type",
      "$.records[2].fpu_regs.st" },
    { "\"redirtbl\": [", "\"redirtbl\": [],\"x\": [", "json-count",
      "$.records[6].redirtbl[0]" },
    { "\"redirtbl\": [", "\"redirtbl\": 0,\"x\": [", "json-type",
      "$.records[6].redirtbl" },
    { "\"redirtbl\": [", "\"redirtbl\": [0,", "json-type",
      "$.records[6].redirtbl[0]" },
    { "\"redirtbl\": [", "\"redirtbl\": [{},", "json-member-missing",
      "$.records[6].redirtbl[0].fields" },
    { "\"redirtbl\": [", "\"redirtbl\": [{\"fields\": {\"vector\": 256}},",
      "json-range", "$.records[6].redirtbl[0].fields.vector" },
    { "\"redirtbl\": [", "\"redirtbl\": [{\"fields\": {\"dest_mode\": 2}},",
      "json-range", "$.records[6].redirtbl[0].fields.dest_mode" },
    { "\"redirtbl\": [", "\"redirtbl\": [{\"fields\": {\"reserved\": "
      "\"000000\"}},", "json-hex",
      "$.records[6].redirtbl[0].fields.reserved" },
    { "\"redirtbl\": [", "\"redirtbl\": [{\"fields\": {\"reserved\": "
      "\"0000000g\"}},", "json-hex",
      "$.records[6].redirtbl[0].fields.reserved" },
    { "\"tail\": \"", "\"tail\": \"00", "json-hex", "$.records[21].tail" },
    { "\"tail\": \"", "\"tail\": \"zz", "json-hex",
      "$.records[21].tail" },
    { "\"tail\"", "\"hex\"", "json-member-unknown", "$.records[21].length" },
    /* what no field has */
    { "\"rest\": {", "\"rest\": {\"4\": \"01\",", "json-rest",
      "$.records[2].rest.4" },
    { "\"rest\": {", "\"rest\": {\"5\": \"\",", "json-rest",
      "$.records[2].rest.5" },
    { "\"rest\": {", "\"rest\": {\"05\": \"01\",", "json-rest",
      "$.records[2].rest.05" },
    { "\"rest\": {", "\"rest\": {\"-5\": \"01\",", "json-rest",
      "$.records[2].rest.-5" },
    { "\"rest\": {", "\"rest\": {\"1032\": \"01\",", "json-rest",
      "$.records[2].rest.1032" },
    { "\"rest\": {", "\"rest\": {\"4294967295\": \"01\",", "json-rest",
      "$.records[2].rest.4294967295" },
    { "\"rest\": {", "\"rest\": {\"99999999999\": \"01\",", "json-rest",
      "$.records[2].rest.99999999999" },
    { "\"rest\": {", "\"rest\": {\"5\": \"011\",", "json-rest",
      "$.records[2].rest.5" },
    { "\"rest\": {", "\"rest\": {\"5\": 1,", "json-type",
      "$.records[2].rest.5" },
    { "\"rest\": {", "\"rest\": {\"5\": \"01\", \"5\": \"01\",",
      "json-member-twice", "$.records[2].rest.5" },
    { "\"rest\": {", "\"rest\": {\"5\": \"00\", \"5\": \"00\",",
      "json-member-twice", "$.records[2].rest.5" },
    { "\"rest\": {", "\"rest\": 5, \"x\": {", "json-member-unknown",
      "$.records[2].x" },
    /* what only the framing refuses */
    { "\"record\": \"START\"", "\"record\": \"TSC_INFO\"", "json-length",
      "$.records[0].length" },
    { "\"record\": \"CPU\",\n      \"instance\": 0",
      "\"record\": \"CPU\",\n      \"instance\": 1", "image-duplicate",
      "$.records[3]" },
    { "\"algorithm\": 1", "\"algorithm\": 2", "digest-algorithm",
      "$.records[" LAST_RECORD "]" },
};

START_TEST(is_refused)
{
    struct bytes b = { 0 }, text = { 0 };

    make_edited(&b, &text);
    text_replace(&text, wrong[_i].old, wrong[_i].new_text);
    json_refused(&text, wrong[_i].id, wrong[_i].place);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* Texts that are short enough to stand here. */
static const struct {
    const char *text, *id, *place;
} short_ones[] = {
    { "", "json-syntax", NULL },
    { "{", "json-syntax", NULL },
    { "[]", "json-schema", "$" },
    { "1", "json-schema", "$" },
    { "{}", "json-schema", "$.schema" },
    { "{} {}", "json-syntax", NULL },
    { "{\"domid\": 1}", "kind-json", NULL },
    { "{\"format\": \"qcow2\", \"xen\": []}", "kind-json", NULL },
    { "{\"c\": {\"schema\": 1}}", "kind-json", NULL },
    { "{\"domid\": 1", "json-syntax", NULL },
    { "{\"records\": []}", "json-schema", "$.schema" },
    { "{\"domid\": 1, \"schema\": \"x\"}", "json-schema", "$.schema" },
    { "{\"byte_order\": \"little\"}", "json-schema", "$.schema" },
#define IMAGE(records) \
    "{\"schema\":\"xl-context-2\",\"format\":\"image\"," \
    "\"byte_order\":\"little\"" records "}"
#define HVM(records) \
    "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":null" \
    records "}"
    { IMAGE(""), "json-member-missing", "$.records" },
    { IMAGE(",\"records\":[]"), "image-truncated", "$.records" },
    { HVM(",\"records\":[]"), "hvm-truncated", "$.records" },
#define RECORD(name, hex) \
    "{\"record\":\"" name "\",\"instance\":0,\"hex\":\"" hex "\"}"
#define START_417 RECORD("START", "0400000011000000")
    { IMAGE(",\"records\":[" START_417 "]"), "image-end-missing",
      "$.records" },
    { IMAGE(",\"records\":[" START_417 ","
            RECORD("TSC_INFO", "010000000000000000000000000000000000000001"
                               "000000") "," RECORD("END", "") "]"),
      "tsc-info-reserved", "$.records[1]" },
    { IMAGE(",\"records\":[" START_417 ",{\"record\":\"HVM_CONTEXT\","
            "\"instance\":0,\"records\":["
            "{\"record\":\"PIC\",\"instance\":0,\"hex\":\"\"},"
            "{\"record\":\"END\",\"instance\":0}]}]"),
      "hvm-header-missing", "$.records[1].records[0]" },
    { IMAGE(",\"records\":[" START_417 ",{\"record\":\"HVM_CONTEXT\","
            "\"instance\":0,\"records\":["
            "{\"record\":\"HEADER\",\"instance\":65536,\"hex\":\"\"}"
            "]}]"), "json-range", "$.records[1].records[0].instance" },
    { HVM(",\"records\":[{\"record\":\"PIC\",\"instance\":70000,"
          "\"hex\":\"\"}]"), "json-range", "$.records[0].instance" },
    { HVM(",\"records\":[" RECORD("PIC", "0000000000000000") "]"),
      "hvm-header-missing", "$.records[0]" },
    { HVM(",\"records\":[" RECORD("HEADER", "8612385401000000000000000000"
                                   "00000000000000000000") "," RECORD("PIC",
          "0000000000000000") "]"), "hvm-end-missing", "$.records" },
    { HVM(",\"byte_order\":\"big\""), "json-member-unknown",
      "$.byte_order" },
    { "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":\"4\"}",
      "json-schema", "$.xen" },
    { "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":\"4.x\"}",
      "json-schema", "$.xen" },
    { "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":\"-4.1\"}",
      "json-schema", "$.xen" },
    { "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":4.1}",
      "json-schema", "$.xen" },
    { "{\"schema\":\"xl-context-2\",\"format\":\"hvm\"}", "json-schema",
      "$.xen" },
    { HVM(",\"records\":[{\"record\":\"END\",\"instance\":0,"
          "\"hex\":\"\"}]"), "json-member-unknown", "$.records[0].hex" },
    { HVM(",\"records\":[{\"record\":\"END\",\"instance\":0,\"x\":1}]"),
      "json-member-unknown", "$.records[0].x" },
    { HVM(",\"records\":[{\"record\":\"END\",\"instance\":65536}]"),
      "json-range", "$.records[0].instance" },
    { HVM(",\"records\":[{\"record\":\"START\",\"instance\":0,"
          "\"hex\":\"\"}]"), "json-record", "$.records[0].record" },
    { HVM(",\"records\":[{\"record\":\"CPU\",\"instance\":0,"
          "\"hex\":\"0\"}]"), "json-hex", "$.records[0].hex" },
    { HVM(",\"records\":[{\"record\":\"CPU\",\"instance\":0,"
          "\"hex\":[]}]"), "json-hex", "$.records[0].hex" },
    { HVM(",\"records\":[{\"record\":\"CPU\",\"instance\":0,\"hex\":\"\","
          "\"descriptor_length\":\"x\"}]"), "json-type",
      "$.records[0].descriptor_length" },
    { HVM(",\"records\":[{\"record\":\"CPU_XSAVE\",\"instance\":0,"
          "\"length\":4294967295}]"), "json-length",
      "$.records[0].length" },
    { HVM(",\"records\":[{\"record\":\"CPU_MSR\",\"instance\":0,"
          "\"length\":4294967288}]"), "json-length",
      "$.records[0].length" },
    { HVM(",\"records\":[{\"record\":\"CPU_MSR\",\"instance\":0,"
          "\"length\":24,\"count\":1,\"msr\":[]}]"), "json-count",
      "$.records[0].msr[0]" },
    { HVM(",\"records\":[{\"record\":\"TSC_ADJUST\",\"instance\":0,"
          "\"length\":8,\"tsc_adjust\":\"0x0\",\"rest\":7}]"), "json-type",
      "$.records[0].rest" },
    { HVM(",\"records\":[{\"record\":\"CPU\",\"instance\":0,\"records\":["
          "{\"record\":\"CPU\",\"instance\":0,\"hex\":\"\"}]}]"),
      "json-member-unknown", "$.records[0].records" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":7}]"), "json-type", "$.records[0].records" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":[7]}]"), "json-type",
      "$.records[0].records[0]" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":{}}]"), "json-type", "$.records[0].records" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":[{\"record\":\"HEADER\",\"instance\":0,"
            "\"hex\":\"\"},{\"record\":\"CPU\",\"instance\":0,"
            "\"records\":[{}]}]}]"), "json-member-unknown",
      "$.records[0].records[1].records" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":[],\"records\":[]}]"), "json-member-twice",
      "$.records[0].records" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":[],\"after_end\":1}]"), "json-hex",
      "$.records[0].after_end" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"length\":0}]"), "json-member-missing",
      "$.records[0].tail" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"records\":[]}]"), "hvm-truncated", "$.records[0]" },
    { IMAGE(",\"records\":[{\"record\":\"HVM_CONTEXT\",\"instance\":0,"
            "\"hex\":\"0000000000000000\"}]"), "hvm-header-missing",
      "$.records[0]" },
    { IMAGE(",\"records\":[{\"record\":\"PROVENANCE\",\"instance\":0,"
            "\"text\":{}}]"), "json-type", "$.records[0].text" },
    { IMAGE(",\"records\":[{\"record\":\"PROVENANCE\",\"instance\":0,"
            "\"text\":\"\",\"length\":0}]"), "json-member-unknown",
      "$.records[0].length" },
};

START_TEST(is_refused_too)
{
    struct bytes text = { 0 };

    put_raw(&text, short_ones[_i].text, strlen(short_ones[_i].text));
    json_refused(&text, short_ones[_i].id, short_ones[_i].place);
    bytes_free(&text);
}
END_TEST

/* A reader takes this document, and its finding names the record. */
START_TEST(is_taken_with_a_warning)
{
    static const char made[] = IMAGE(",\"records\":[" START_417 ","
        RECORD("END", "") "," RECORD("TSC_INFO", "0100000000000000"
                                     "0000000000000000"
                                     "0000000000000000") "]");
    domctx_report *report = domctx_report_new();
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(domctx_json_read(made, strlen(made), &buf, &size,
                                      report), 0);
    expect_only(report, "image-after-end");
    ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->text,
                                 ": $.records[2]"));
    domctx_report_free(report);
    free(buf);
}
END_TEST

/* The words for a number below what there is, and for what an editor may put
 * in front of the text. */
START_TEST(words)
{
    static const struct {
        const char *old, *new_text, *words;
    } rows[] = {
        { "\"version\": 1,", "\"version\": -1,",
          "the number is out of range for the field: $.records[1].version" },
        { "\"instance\": 1,", "\"instance\": -1,",
          "the number is out of range: $.records[3].instance" },
    };
    struct bytes b = { 0 }, text = { 0 };
    domctx_report *report = domctx_report_new();
    uint8_t *buf;
    size_t size;

    make_edited(&b, &text);
    text_replace(&text, rows[_i].old, rows[_i].new_text);
    ck_assert_int_eq(domctx_detect(text.p, text.size), DOMCTX_FORMAT_JSON);
    ck_assert_int_eq(domctx_json_read(text.p, text.size, &buf, &size,
                                      report), -1);
    ck_assert_str_eq(domctx_report_get(report, 0)->text, rows[_i].words);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* Names of any length, with any bytes, are shown as far as there is room. */
START_TEST(long_names)
{
    static const char end[] = "\":1,\"schema\":\"xl-context-2\","
                              "\"format\":\"hvm\",\"xen\":null}";
    struct bytes text = { 0 };

    put_raw(&text, "{\"", 2);
    for (int i = 0; i < 100000; i++)
        put_raw(&text, "\\u0001", 6);
    put_raw(&text, end, strlen(end));
    json_refused(&text, "json-member-unknown", NULL);
    bytes_free(&text);
}
END_TEST

/* Texts around the length at which they are kept in another way. */
START_TEST(long_texts)
{
    for (size_t size = 120; size < 136; size++) {
        struct bytes b = { 0 };
        domctx_hvm *hvm;

        put_hvm_header(&b);
        put_hvm_zeros(&b, 200, 0, (uint32_t)size);
        put_hvm_end(&b);
        ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
        hvm_round_trip(hvm, false, 0, 0, &b, false);
        domctx_hvm_free(hvm);
        bytes_free(&b);
    }
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

static TCase *tcase_edits(void)
{
    TCase *tcase = tcase_create("edits");

    tcase_add_test(tcase, an_edit_of_rip_changes_rip_and_the_digest);
    tcase_add_loop_test(tcase, other_words_for_the_same, 0, ROWS(same));
    tcase_add_test(tcase, the_head_may_come_last);
    tcase_add_loop_test(tcase, is_refused, 0, ROWS(wrong));
    tcase_add_loop_test(tcase, is_refused_too, 0, ROWS(short_ones));
    tcase_add_test(tcase, is_taken_with_a_warning);
    tcase_add_loop_test(tcase, words, 0, 2);
    tcase_add_test(tcase, long_names);
    tcase_add_test(tcase, long_texts);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("json-edit");

    suite_add_tcase(suite, tcase_edits());
    return run_suite(suite);
}
