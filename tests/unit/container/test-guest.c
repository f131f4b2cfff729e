/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Name, uuid and kind of guest out of the configurations of toolstacks. */
#include "support.h"

#include "container/guest.h"

#define UUID "12345678-9abc-def0-1234-56789abcdef0"
#define UUID_TEXT "<uuid>" UUID "</uuid>"
#define XML(inside) "<domain type='xen' id='7'>" inside "</domain>"
#define LONG_50 "12345678901234567890123456789012345678901234567890"
#define LONG_250 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50

typedef void reader(struct domctx_source_info *info, const char *text,
                    size_t size);

static const struct {
    const char *what;
    reader *read;
    const char *text, *name, *uuid;
    enum domctx_guest guest;
} rows[] = {
    { "xml", guest_from_xml,
      "<?xml version='1.0'?>\n<!-- <domain><name>no</name> -->\n"
      XML("<name>web</name>" UUID_TEXT "<os><type arch='x86_64' "
          "machine='xenfv'>hvm</type></os>"),
      "web", UUID, DOMCTX_GUEST_HVM },
    { "xml-attribute-with-bracket", guest_from_xml,
      "<domain note='a>b' other=\"<name>no</name>\"><name>web</name></domain>",
      "web", "", DOMCTX_GUEST_UNKNOWN },
    { "xml-entities", guest_from_xml,
      XML("<name>a&amp;b&lt;&gt;&quot;&apos;&#65;&#x20ac;&#x1F600;</name>"),
      "a&b<>\"'A\xe2\x82\xac\xf0\x9f\x98\x80", "", DOMCTX_GUEST_UNKNOWN },
    { "xml-entity-unknown", guest_from_xml, XML("<name>a&nbsp;b</name>"), "",
      "", DOMCTX_GUEST_UNKNOWN },
    { "xml-entity-without-end", guest_from_xml, XML("<name>a&amp</name>"),
      "", "", DOMCTX_GUEST_UNKNOWN },
    { "xml-entity-no-character", guest_from_xml,
      XML("<name>a&#xd800;&#1114112;</name>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-entity-control", guest_from_xml, XML("<name>a&#10;b</name>"), "",
      "", DOMCTX_GUEST_UNKNOWN },
    { "xml-entity-empty", guest_from_xml, XML("<name>&#;&#x;</name>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-name-elsewhere", guest_from_xml,
      XML("<metadata><name>no</name><uuid>" UUID "</uuid></metadata>"
          "<os><type>linux</type><name>no</name></os>"),
      "", "", DOMCTX_GUEST_PV },
    { "xml-type-elsewhere", guest_from_xml,
      XML("<type>hvm</type><devices><type>hvm</type></devices>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-other-root", guest_from_xml,
      "<network><name>no</name></network>", "", "", DOMCTX_GUEST_UNKNOWN },
    { "xml-second-root", guest_from_xml,
      XML("<name>web</name>") XML(UUID_TEXT), "web", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-first-counts", guest_from_xml,
      XML("<name>web</name><name>no</name>"), "web", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-empty-elements", guest_from_xml,
      XML("<pae/><acpi  /><name>web</name>"), "web", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-cdata", guest_from_xml,
      XML("<![CDATA[<name>no</name>]]><name>web</name>"), "web", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-doctype", guest_from_xml,
      "<!DOCTYPE d [<!ENTITY a 'b'>]>" XML("<name>no</name>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-long-name-of-element", guest_from_xml,
      XML("<nameandmorethanfifteen>no</nameandmorethanfifteen>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-name-of-250", guest_from_xml, XML("<name>" LONG_250 "</name>"),
      LONG_250, "", DOMCTX_GUEST_UNKNOWN },
    { "xml-name-of-300", guest_from_xml,
      XML("<name>" LONG_250 LONG_50 "</name>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-comment-without-end", guest_from_xml, "<domain><!-- ", "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "xml-nothing", guest_from_xml, "", "", "", DOMCTX_GUEST_UNKNOWN },
    { "xml-pvh", guest_from_xml, XML("<os><type>xenpvh</type></os>"), "", "",
      DOMCTX_GUEST_PVH },
    { "uuid-upper-case", guest_from_xml,
      XML("<uuid>12345678-9ABC-DEF0-1234-56789ABCDEF0</uuid>"), "", UUID,
      DOMCTX_GUEST_UNKNOWN },
    { "uuid-without-dashes", guest_from_xml,
      XML("<uuid>123456789abcdef0123456789abcdef0</uuid>"), "", UUID,
      DOMCTX_GUEST_UNKNOWN },
    { "uuid-too-short", guest_from_xml,
      XML("<uuid>12345678-9abc-def0-1234-56789abcdef</uuid>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "uuid-no-digit", guest_from_xml,
      XML("<uuid>12345678-9abc-def0-1234-56789abcdefg</uuid>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "uuid-dash-elsewhere", guest_from_xml,
      XML("<uuid>1234567-89abc-def0-1234-56789abcdef0</uuid>"), "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "sxp", guest_from_sxp,
      "(domain (domid 3) (on_crash restart) (uuid " UUID ") "
      "(name web) (image (hvm (kernel /usr/lib/xen/boot/hvmloader) "
      "(name no))))",
      "web", UUID, DOMCTX_GUEST_HVM },
    { "sxp-quoted", guest_from_sxp,
      "(domain (name 'it\\'s \"(web)\"') (image (linux)))",
      "it's \"(web)\"", "", DOMCTX_GUEST_PV },
    { "sxp-double-quotes", guest_from_sxp, "(domain (name \"a b\"))", "a b",
      "", DOMCTX_GUEST_UNKNOWN },
    { "sxp-comment", guest_from_sxp,
      "# (domain (name no))\n(domain (name web))", "web", "",
      DOMCTX_GUEST_UNKNOWN },
    { "sxp-name-elsewhere", guest_from_sxp,
      "(domain (device (vif (name no) (uuid " UUID "))) (name))", "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "sxp-second-word-is-a-list", guest_from_sxp,
      "(domain (name (no) web))", "", "", DOMCTX_GUEST_UNKNOWN },
    { "sxp-image-behind-a-list", guest_from_sxp,
      "(domain (image) ((a) (hvm)))", "", "", DOMCTX_GUEST_UNKNOWN },
    { "sxp-after-the-end", guest_from_sxp, "(domain) (x (name no))", "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "sxp-too-long", guest_from_sxp,
      "(domain (name " LONG_250 LONG_250 "))", "", "",
      DOMCTX_GUEST_UNKNOWN },
    { "sxp-quote-without-end", guest_from_sxp, "(domain (name 'web))", "",
      "", DOMCTX_GUEST_UNKNOWN },
    { "sxp-closed-too-often", guest_from_sxp, ")))(((name web", "", "",
      DOMCTX_GUEST_UNKNOWN },
};
#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static void check_row(int i)
{
    struct domctx_source_info info = { .n_layers = 0 };

    rows[i].read(&info, rows[i].text, strlen(rows[i].text));
    ck_assert_str_eq(info.name, rows[i].name);
    ck_assert_str_eq(info.uuid, rows[i].uuid);
    ck_assert_int_eq(info.guest, rows[i].guest);
}

static void check_cut(int i)
{
    /* Every beginning, at the edge of readable memory; and with each byte
     * replaced by what means something. */
    static const char odd[] = "<>\"'&();#\\/!-]\0";
    struct bytes b = { 0 };

    put_raw(&b, rows[i].text, strlen(rows[i].text));
    for (size_t size = b.size; size > 0; size--) {
        struct bytes part = { .p = b.p, .size = size };
        struct domctx_source_info info = { .n_layers = 0 };
        void *mapping;
        size_t length;
        const uint8_t *p = at_edge(&part, &mapping, &length);

        rows[i].read(&info, (const char *)p, size);
        ck_assert_uint_lt(strlen(info.name), sizeof(info.name));
        edge_free(mapping, length);
        for (size_t k = 0; k < sizeof(odd); k++) {
            uint8_t was = b.p[size - 1];

            b.p[size - 1] = (uint8_t)odd[k];
            rows[i].read(&info, (const char *)b.p, b.size);
            b.p[size - 1] = was;
        }
    }
    bytes_free(&b);
}

/* How many vCPUs it may have; 0: that is not said. */
static const struct {
    reader *read;
    const char *text;
    uint32_t vcpus;
} vcpus[] = {
    { guest_from_xml, XML("<vcpu>4</vcpu>"), 4 },
    { guest_from_xml, XML("<vcpu placement='static'> 12\n</vcpu>"), 12 },
    { guest_from_xml, XML("<vcpu>2</vcpu><vcpu>3</vcpu>"), 2 },
    { guest_from_xml, XML("<cputune><vcpu>5</vcpu></cputune>"), 0 },
    { guest_from_xml, XML("<vcpu>four</vcpu>"), 0 },
    { guest_from_xml, XML("<vcpu></vcpu>"), 0 },
    { guest_from_xml, XML("<vcpu>99999999999999999999</vcpu>"), 0 },
    { guest_from_sxp, "(domain (name web) (vcpus 4))", 4 },
    { guest_from_sxp, "(domain (vcpus 2) (vcpus 3))", 2 },
    { guest_from_sxp, "(domain (vcpus -2))", 0 },
    { guest_from_sxp, "(domain (vcpus))", 0 },
};

static void check_vcpus(int i)
{
    struct domctx_source_info info = { .guest = DOMCTX_GUEST_UNKNOWN };

    vcpus[i].read(&info, vcpus[i].text, strlen(vcpus[i].text));
    ck_assert_msg(info.domain.keys.max_vcpus == vcpus[i].vcpus, "%s: %u",
                  vcpus[i].text, info.domain.keys.max_vcpus);
}

int main(void)
{
    Suite *suite = suite_create("guest");
    TCase *tc = tcase_create("guest");

    for (int i = 0; i < N_ROWS; i++) {
        add_named(tc, check_row, i, "%s", rows[i].what);
        add_named(tc, check_cut, i, "%s-cut-and-changed", rows[i].what);
    }
    for (size_t i = 0; i < sizeof(vcpus) / sizeof(vcpus[0]); i++)
        add_named(tc, check_vcpus, (int)i, "vcpus-%zu", i);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
