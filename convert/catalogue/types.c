/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How findings name a record. */
#include "catalogue/types.h"

bool type_known(uint32_t type)
{
    return type_is_hvm(type) || domctx_type_name(type);
}

struct msg_at at_record(const struct domctx_record *record)
{
    struct msg_at at = {
        .record = domctx_type_name(record->type),
        .has_instance = true, .instance = record->instance,
        .has_offset = true, .offset = record->offset,
    };

    if (type_is_hvm(record->type)) {
        at.typecode = type_to_hvm(record->type);
        at.record = domctx_hvm_name(at.typecode);
    }
    if (at.record)
        at.typecode = 0;
    else
        at.record = at.typecode ? "typecode" : "?";
    return at;
}

struct msg_at at_hvm(const struct domctx_record *record)
{
    struct domctx_record named = *record;

    named.type = DOMCTX_HVM_RECORD(record->type);
    return at_record(&named);
}

int records_many(struct msg_at at, domctx_report *report)
{
    at.expected = (struct msg_value)DEC(RECORDS_MAX);
    return msg_raise(report, MSG_RECORDS_MANY, &at,
                     "more records than any context has");
}
