/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging the records of paravirtual state by tables: their sizes, the range
 * of each number, and that no entry is repeated.  The layouts are those of
 * xen-domain-context(5).
 *
 * A newer writer may make headers and entries longer: their known beginnings
 * are judged, at the offsets that the record's sizes give.
 */
#include "format/content.h"
#include "base/bytes.h"
#include "catalogue/types.h"

#include <stdlib.h>

/* Channels, after xen/include/public/event_channel.h and event_fifo.h. */
#define PORTS_2LEVEL_32 1024u
#define PORTS_2LEVEL_64 4096u
#define PORTS_FIFO 131072u
#define PRIORITY_LOWEST 15

/* A grant table has 2 bytes of status for each entry of 16 bytes. */
#define FRAMES_A_STATUS 8

/* A record, divided by the sizes that it names. */
struct parts {
    const struct domctx_record *record;
    const struct cat_record *known;
    const struct cat_layout *layout;  /* the first layout, whose fields are
                                       * known */
    bool big;
    uint64_t head, unit, units;       /* bytes of the header and of a unit;
                                       * number of units */
    domctx_report *report;
};

static const struct cat_field *row_of(const struct parts *parts,
                                      const char *name)
{
    return cat_field(parts->known, parts->layout, name);
}

static bool in_units(const struct parts *parts, const struct cat_field *field)
{
    return parts->layout->tail && field->offset >= parts->layout->length;
}

/* By how much a longer header or unit moves element i of a field. */
static uint64_t shift_of(const struct parts *parts,
                         const struct cat_field *field, uint64_t i)
{
    return in_units(parts, field)
               ? parts->head - parts->layout->length + i * parts->unit
               : 0;
}

static uint64_t number(const struct parts *parts,
                       const struct cat_field *field, uint64_t i)
{
    const uint8_t *body = parts->record->body + shift_of(parts, field, i);

    return parts->big ? cat_get_big(field, body, 0)
                      : cat_get(field, body, 0);
}

static uint64_t get(const struct parts *parts, const char *name)
{
    return number(parts, row_of(parts, name), 0);
}

static struct msg_value as_printed(const struct cat_field *field,
                                   uint64_t value)
{
    return field->print == CAT_HEX || field->print == CAT_FLAGS
               ? (struct msg_value)HEX(value)
               : (struct msg_value)DEC(value);
}

static void tell(const struct parts *parts, enum msg_id id,
                 const struct cat_field *field, uint64_t i,
                 struct msg_value expected, const char *words)
{
    struct msg_at at = at_record(parts->record);
    char label[CAT_LABEL_ROOM];

    at.field = cat_label(field, (size_t)i, 1, label);
    at.offset += DOMCTX_HEADER_SIZE + field->offset +
                 shift_of(parts, field, i);
    at.expected = expected;
    at.found = as_printed(field, number(parts, field, i));
    msg_raise(parts->report, id, &at, "%s", words);
}

/* -- sizes ---------------------------------------------------------------- */

/* Records whose length follows from numbers in the header. */
static const struct sized {
    uint32_t type;
    const char *head, *unit;     /* fields with the size of header and unit;
                                  * NULL: as in the layout */
    const char *units[2];        /* fields whose sum is the number of units */
} sized[] = {
    { DOMCTX_EVTCHN, "header_size", "entry_size", { "nr_entries", NULL } },
    { DOMCTX_GRANT_TABLE, "header_size", "frame_size",
      { "nr_stored", "nr_status" } },
    { DOMCTX_HVM_PARAMS, NULL, NULL, { "count", NULL } },
};

static bool length_fault(const struct parts *parts,
                         struct msg_value expected, const char *words)
{
    struct msg_at at = at_record(parts->record);

    at.field = "length";
    at.expected = expected;
    at.found = (struct msg_value)DEC(parts->record->length);
    msg_raise(parts->report, MSG_PV_LENGTH, &at, "%s", words);
    return false;
}

/* Read a size from the header; smaller than the known layout is a fault. */
static bool size_of(const struct parts *parts, const char *name,
                    uint64_t least, uint64_t *size)
{
    *size = least;
    if (!name)
        return true;
    *size = get(parts, name);
    if (*size >= least)
        return true;
    tell(parts, MSG_PV_SIZE, row_of(parts, name), 0,
         (struct msg_value)DEC(least), "the size is too small");
    return false;
}

/* Read header size, unit size and number of units; false, with a finding, if
 * the record's length does not match them. */
static bool measure_sized(struct parts *parts, const struct sized *row)
{
    uint64_t length;

    if (!size_of(parts, row->head, parts->layout->length, &parts->head) ||
        !size_of(parts, row->unit, parts->layout->tail, &parts->unit))
        return false;
    parts->units = 0;
    for (size_t i = 0; i < 2 && row->units[i]; i++)
        parts->units += get(parts, row->units[i]);
    if (MUL_OVERFLOW(parts->units, parts->unit, &length) ||
        ADD_OVERFLOW(length, parts->head, &length))
        length = UINT64_MAX;
    if (length == parts->record->length)
        return true;
    return length_fault(parts, (struct msg_value)DEC(length),
                        "the record has another length than its counts give");
}

static bool measure(struct parts *parts)
{
    uint64_t length = parts->record->length;

    parts->head = parts->layout->length;
    parts->unit = parts->layout->tail;
    if (length < parts->head)
        return length_fault(parts, (struct msg_value)DEC(parts->head),
                            "the record is too short");
    for (size_t i = 0; i < sizeof(sized) / sizeof(sized[0]); i++)
        if (sized[i].type == parts->record->type)
            return measure_sized(parts, &sized[i]);
    if (!parts->unit)
        return true;
    parts->units = length / parts->unit;
    if (length % parts->unit == 0)
        return true;
    return length_fault(parts,
                        (struct msg_value)DEC(length - length % parts->unit),
                        "the record ends within an entry");
}

/* -- numbers -------------------------------------------------------------- */

/* How the operand limits a number. */
enum limit { LEAST, MOST, BITS };
static const struct value_rule {
    uint32_t type;
    enum msg_id id;
    const char *field;
    enum limit limit;
    uint64_t operand, also;      /* also: a second operand, unless 0 */
    const char *words;
} value_rules[] = {
#define RANGE(type, field, limit, operand, also, words) \
    { DOMCTX_##type, MSG_PV_RANGE, field, limit, operand, also, words }
#define RESERVED(type, field, bits) \
    { DOMCTX_##type, MSG_PV_RESERVED, field, BITS, bits, 0, \
      (bits) ? "flags without a meaning" : "a reserved number is not zero" }
    RANGE(EVTCHN, "nr_valid", MOST, PORTS_FIFO, 0,
          "no domain has as many ports"),
    RANGE(EVTCHN, "port[].port", LEAST, 1, 0, "port 0 is always closed"),
    RANGE(EVTCHN, "port[].status", LEAST, DOMCTX_PORT_UNBOUND, 0,
          "a closed port has no entry"),
    RANGE(EVTCHN, "port[].status", MOST, DOMCTX_PORT_IPI,
          DOMCTX_PORT_REFUSED, "Xen has no such status"),
    RANGE(EVTCHN, "port[].priority", MOST, PRIORITY_LOWEST,
          DOMCTX_PRIORITY_UNKNOWN, "no port has such a priority"),
    RANGE(EVTCHN, "port[].domid", MOST, DOMCTX_DOMID_NONE, 0,
          "no domain has such a number"),
    RANGE(GRANT_TABLE, "version", LEAST, 1, 0,
          "no release knows this version of the table"),
    RANGE(GRANT_TABLE, "version", MOST, 2, 0,
          "no release knows this version of the table"),
    RESERVED(EVTCHN, "flags", 0x3f),
    RESERVED(EVTCHN, "port[].flags", 0x0f),
    RESERVED(EVTCHN, "port[].reserved0", 0),
    RESERVED(EVTCHN, "port[].reserved1", 0),
    RESERVED(EVTCHN, "port[].reserved2", 0),
    RESERVED(GRANT_TABLE, "flags", 0x01),
    RESERVED(HVM_PARAMS, "reserved", 0),
    RESERVED(VCPU_STATE, "flags", 0x3f),
    RESERVED(MSR_POLICY, "msr[].flags", 0),
};

static bool meets(const struct value_rule *rule, uint64_t value)
{
    if (rule->also && value == rule->also)
        return true;
    switch (rule->limit) {
    case LEAST:
        return value >= rule->operand;
    case BITS:
        return (value & ~rule->operand) == 0;
    case MOST:
    default:
        return value <= rule->operand;
    }
}

/* Report the first element that breaks a rule. */
static void check_value(const struct parts *parts,
                        const struct value_rule *rule)
{
    const struct cat_field *field = row_of(parts, rule->field);
    uint64_t n = in_units(parts, field) ? parts->units : 1, value, wanted;

    for (uint64_t i = 0; i < n; i++) {
        value = number(parts, field, i);
        if (meets(rule, value))
            continue;
        wanted = rule->limit == BITS ? value & rule->operand : rule->operand;
        tell(parts, rule->id, field, i, as_printed(field, wanted),
             rule->words);
        return;
    }
}

/* Check a number against the limit in another field. */
static void at_most(const struct parts *parts, const char *name,
                    uint64_t most, const char *words)
{
    const struct cat_field *field = row_of(parts, name);
    uint64_t n = in_units(parts, field) ? parts->units : 1;

    for (uint64_t i = 0; i < n; i++)
        if (number(parts, field, i) > most) {
            tell(parts, MSG_PV_RANGE, field, i, (struct msg_value)DEC(most),
                 words);
            return;
        }
}

static void check_frames(const struct parts *parts)
{
    uint64_t frames = get(parts, "nr_frames");

    at_most(parts, "nr_frames", get(parts, "max_nr_frames"),
            "the table has more frames than it may have");
    at_most(parts, "nr_stored", frames,
            "more frames are stored than the table has");
    at_most(parts, "nr_status", get(parts, "version") == 2
                ? (frames + FRAMES_A_STATUS - 1) / FRAMES_A_STATUS : 0,
            "more status frames are stored than the table has");
}

/* The number of ports of the ABI, if that is known. */
static uint64_t ports_of(uint64_t flags)
{
    if (!(flags & DOMCTX_EVTCHN_ABI) || flags & DOMCTX_EVTCHN_FIFO)
        return PORTS_FIFO;
    return flags & DOMCTX_EVTCHN_32BIT ? PORTS_2LEVEL_32 : PORTS_2LEVEL_64;
}

/* Fields that belong to one kind of channel must be 0 for the others. */
static void check_remotes(const struct parts *parts)
{
    const struct cat_field *status = row_of(parts, "port[].status");
    const struct cat_field *remote = row_of(parts, "port[].remote");
    const struct cat_field *domid = row_of(parts, "port[].domid");

    for (uint64_t i = 0; i < parts->units; i++) {
        uint64_t kind = number(parts, status, i);
        bool with_domain = kind == DOMCTX_PORT_UNBOUND ||
                           kind == DOMCTX_PORT_INTERDOMAIN;
        bool with_number = kind >= DOMCTX_PORT_INTERDOMAIN &&
                           kind <= DOMCTX_PORT_VIRQ;

        if (!with_number && number(parts, remote, i) != 0) {
            tell(parts, MSG_PV_RANGE, remote, i, (struct msg_value)DEC(0),
                 "such a port has no remote port, pirq or virq");
            return;
        }
        if (!with_domain && number(parts, domid, i) != DOMCTX_DOMID_NONE) {
            tell(parts, MSG_PV_RANGE, domid, i,
                 (struct msg_value)DEC(DOMCTX_DOMID_NONE),
                 "such a port has no remote domain");
            return;
        }
    }
}

static void check_ports(const struct parts *parts)
{
    const struct cat_field *port = row_of(parts, "port[].port");
    uint64_t valid = get(parts, "nr_valid");
    uint64_t ports = ports_of(get(parts, "flags"));

    if (ports > valid)
        ports = valid;
    at_most(parts, "port[].port", ports ? ports - 1 : 0,
            "a domain with these flags and nr_valid has no such port");
    for (uint64_t i = 1; i < parts->units; i++)
        if (number(parts, port, i) <= number(parts, port, i - 1)) {
            tell(parts, MSG_PV_ORDER, port, i,
                 (struct msg_value)DEC(number(parts, port, i - 1) + 1),
                 "the ports do not ascend");
            break;
        }
    check_remotes(parts);
}

/* -- entries that are there twice ----------------------------------------- */

struct entry {
    uint64_t key, i;
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

/* Find entries with equal keys; the finding names the field shown. */
static int check_unique(const struct parts *parts, const char *key,
                        const char *told)
{
    const struct cat_field *field = row_of(parts, key);
    struct entry *entries;
    size_t size;

    if (parts->units < 2)
        return 0;
    if (!bytes_of(parts->units, sizeof(*entries), &size))
        return msg_no_memory(parts->report, SIZE_MAX);
    entries = malloc(size);
    if (!entries)
        return msg_no_memory(parts->report, size);
    for (uint64_t i = 0; i < parts->units; i++)
        entries[i] = (struct entry){ number(parts, field, i), i };
    qsort(entries, parts->units, sizeof(*entries), by_key);
    for (uint64_t i = 1; i < parts->units; i++)
        if (entries[i].key == entries[i - 1].key) {
            tell(parts, MSG_PV_DUPLICATE, row_of(parts, told), entries[i].i,
                 (struct msg_value){ MSG_NONE, 0, NULL },
                 "an entry for the same came before");
            break;
        }
    free(entries);
    return 0;
}

/* -- a record ------------------------------------------------------------- */

int content_check_pv(const struct domctx_record *record, bool big,
                     domctx_report *report)
{
    const struct cat_record *known = cat_record_of_type(record->type);
    struct parts parts = { .record = record, .known = known, .big = big,
                           .layout = &known->layouts[0], .report = report };

    if (!measure(&parts))
        return 0;
    for (size_t i = 0; i < sizeof(value_rules) / sizeof(value_rules[0]); i++)
        if (value_rules[i].type == record->type)
            check_value(&parts, &value_rules[i]);
    switch (record->type) {
    case DOMCTX_EVTCHN:
        check_ports(&parts);
        return 0;
    case DOMCTX_GRANT_TABLE:
        check_frames(&parts);
        return 0;
    case DOMCTX_HVM_PARAMS:
        return check_unique(&parts, "param[].index", "param[].index");
    case DOMCTX_CPUID_POLICY:
        return check_unique(&parts, "leaf[].place", "leaf[].leaf");
    case DOMCTX_MSR_POLICY:
        return check_unique(&parts, "msr[].idx", "msr[].idx");
    default:
        return 0;
    }
}
