/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/check.h"
#include "format/hvm.h"
#include "rules/descriptor.h"
#include "catalogue/types.h"
#include "rules/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Findings                                                            */
/* ------------------------------------------------------------------ */

/* Since 96e5ad4c47 the toolstack gets the handler's own error number; before,
 * hvm_load() turns each into -1, which is EPERM. */
const struct since own_errors = {
    { RELEASE(4, 13, 4), RELEASE(4, 14, 3), RELEASE(4, 15, 1),
      RELEASE(4, 16, 0) },
};

const char *error_name(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        { EPERM, "EPERM" },   { ENOENT, "ENOENT" }, { EIO, "EIO" },
        { ENXIO, "ENXIO" },   { ENODEV, "ENODEV" }, { EINVAL, "EINVAL" },
        { EDOM, "EDOM" },     { ENODATA, "ENODATA" },
        { EOPNOTSUPP, "EOPNOTSUPP" }, { E2BIG, "E2BIG" },
        { ERANGE, "ERANGE" }, { EOVERFLOW, "EOVERFLOW" },
        { EEXIST, "EEXIST" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].error == error)
            return names[i].name;
    return "";
}

/* The pass that a record belongs to: since 4.19 a first pass checks these
 * records before any is loaded. */
static int phase_of(const struct check *check, uint32_t typecode)
{
    cat_version version = check->target.series;

    if (version < CAT_V(4, 19))
        return 0;
    switch (typecode) {
    case CODE_HEADER:
    case CODE_PIC:
    case CODE_PIT:
    case CODE_PCI_LINK:
        return 0;
    case CODE_LAPIC:
    case CODE_LAPIC_REGS:
        return version < CAT_V(4, 20);
    default:
        return 1;
    }
}

/* For a series without point release, the newest one's errors are reported;
 * text gets those of the older ones. */
static void put_older(const struct check *check, char text[32])
{
    text[0] = '\0';
    if (check->verdict->error[0] == '\0' ||
        strcmp(check->verdict->error, error_name(EPERM)) == 0 ||
        since_all(&own_errors, check->target))
        return;
    for (size_t i = 0; i < SINCE_MAX; i++) {
        char since[RELEASE_ROOM];

        if (own_errors.points[i].series == check->target.series)
            snprintf(text, 32, "%s before %s", error_name(EPERM),
                     release_text(own_errors.points[i], since));
    }
}

/* The verdict is the first finding that ends the restore: before the context
 * is loaded, then in the order of the loader's passes; if none does, what
 * happens after the load. */
#define PHASE_EARLY (-1)
#define PHASE_AFTER 2
#define PHASE_NONE 3

static bool does_decide(const struct check *check, int phase,
                        enum domctx_outcome outcome)
{
    return outcome >= DOMCTX_REFUSED && phase < check->phase;
}

static void decide(struct check *check, int phase,
                   const struct domctx_finding *finding)
{
    check->phase = phase;
    check->decides = *finding;
    check->verdict->outcome = finding->outcome;
    check->verdict->error = finding->error;
    check->verdict->older_error[0] = '\0';
    if (phase != PHASE_EARLY)
        put_older(check, check->verdict->older_error);
}

/* The severity of what happens on some processors only: a possible crash is a
 * warning, all else a note. */
static enum domctx_severity uncertain(enum domctx_outcome outcome)
{
    return outcome > DOMCTX_REFUSED ? DOMCTX_WARNING : DOMCTX_NOTE;
}

/* Set the line of the log, if the release prints it. */
static void put_log(const struct check *check,
                    const struct rule_outcome *outcome, struct msg_at *at)
{
    const struct rule_log *row = &rule_logs[outcome->logged];

    if (!outcome->log || !since_some(&row->any, check->target))
        return;
    at->log = outcome->log;
    at->debug = !since_some(&row->release, check->target);
}

__attribute__((format(printf, 6, 0)))
static void add(struct check *check, int phase, enum domctx_severity severity,
                enum msg_id id, const struct msg_at *at, const char *format,
                va_list args)
{
    struct domctx_finding finding = {
        .severity = severity, .outcome = at->outcome, .error = at->error,
    };
    va_list again;

    if (severity > check->worst)
        check->worst = severity;
    if (at->outcome == DOMCTX_DEPENDS)
        check->verdict->depends++;
    if (does_decide(check, phase, at->outcome)) {
        va_copy(again, args);
        if (check->report)
            msg_make(&finding, severity, id, at, format, again);
        va_end(again);
        decide(check, phase, &finding);
    }
    msg_add(check->report, severity, id, at, format, args);
}

void check_raise(struct check *check, enum msg_id id, uint32_t typecode,
                 struct msg_at *at, const struct rule_outcome *outcome,
                 bool certain, const char *format, ...)
{
    int error = outcome->error;
    enum domctx_severity severity = domctx_message_at(id)->severity;
    va_list args;

    if (error && !since_some(&own_errors, check->target))
        error = EPERM;
    at->outcome = outcome->verdict;
    at->error = error_name(error);
    put_log(check, outcome, at);
    if (!certain) {
        at->outcome = DOMCTX_DEPENDS;
        if (severity > uncertain(outcome->verdict))
            severity = uncertain(outcome->verdict);
    }
    va_start(args, format);
    add(check, *at->error ? phase_of(check, typecode) : PHASE_AFTER, severity,
        id, at, format, args);
    va_end(args);
}

void check_raise_early(struct check *check, enum msg_id id,
                       struct msg_at *at, const struct rule_outcome *outcome,
                       const char *format, ...)
{
    va_list args;

    at->outcome = outcome->verdict;
    at->error = error_name(outcome->error);
    at->log = outcome->log;
    va_start(args, format);
    add(check, PHASE_EARLY, domctx_message_at(id)->severity, id, at, format,
        args);
    va_end(args);
}

/* ------------------------------------------------------------------ */
/* Values                                                              */
/* ------------------------------------------------------------------ */

/* The value that a field must not exceed.  A register of 32 bits in a wider
 * field loses the upper ones, and its value follows; of other limits the cure
 * is not the limit. */
static struct msg_value at_most(uint64_t value, uint64_t limit)
{
    if (limit == UINT32_MAX)
        return (struct msg_value)HEX(value & limit);
    return (struct msg_value)MOST(limit);
}

static struct msg_at place_of(const struct rule_subject *subject)
{
    const struct rule *rule = subject->rule;
    struct msg_at at = context_at(subject->record);

    if (!subject->field) {
        at.field = "length";
        at.found = (struct msg_value)DEC(subject->record->length);
        return at;
    }
    at.field = rule->field;
    at.offset += cat_offset(subject->field, subject->i);
    at.found = (struct msg_value)HEX(subject->value);
    if (rule->cond.test == RULE_ABOVE)
        at.expected = at_most(subject->value, rule->cond.operand);
    if (rule->cond.test == RULE_UNEQUAL)
        at.expected = (struct msg_value)HEX(
            (subject->value & ~rule->cond.mask) | rule->cond.operand);
    return at;
}

/* Name the bits of a field that are at fault. */
static void name_bits(const struct rule_subject *subject, char *buf,
                      size_t room)
{
    const struct rule *rule = subject->rule;

    buf[0] = '\0';
    if (subject->field && rule->cond.test == RULE_UNEQUAL &&
        ~rule->cond.mask)
        rule_bits_text(rule, (subject->value ^ rule->cond.operand) &
                                 rule->cond.mask, buf, room);
    if (strstr(rule->reason, buf))
        buf[0] = '\0'; /* the reason names the bits */
}

/* Report a value; in an array, with its index. */
static void tell(struct check *check, const struct rule_subject *subject,
                 bool certain)
{
    const struct rule *rule = subject->rule;
    struct msg_at at = place_of(subject);
    char which[32] = "", bits[100] = "";

    if (check->report && subject->field &&
        cat_count(subject->field, subject->record->length) > 1)
        snprintf(which, sizeof(which), "element %zu: ", subject->i);
    if (check->report)
        name_bits(subject, bits, sizeof(bits));
    check_raise(check, rule->id, rule->typecode, &at, &rule->outcome,
                certain, "%s%s%s%s", which, rule->reason, *bits ? ": " : "",
                bits);
}

/* Keep what the host decides, in one finding for all records: all bits of the
 * field, or the largest length. */
static void keep_pending(struct check *check, size_t rule,
                         const struct rule_subject *subject)
{
    struct check_pending *pending = &check->pending[rule];

    pending->met = true;
    if (subject->field)
        pending->value |= subject->value;
    else if (subject->record->length > pending->value)
        pending->value = subject->record->length;
}

/* The vendor of the processors that load what the given vendor's refuse. */
static const char *other_vendor(enum domctx_vendor vendor)
{
    return vendor == DOMCTX_VENDOR_AMD ? "GenuineIntel" : "AuthenticAMD";
}

/* Whether some record meets the rule. */
static bool is_met(const struct check *check, const struct rule *rule)
{
    for (size_t i = 0; i < check->context->count; i++) {
        struct rule_subject subject = {
            .context = check->context, .record = &check->context->records[i],
            .target = check->target,
        };

        if (subject.record->type == DOMCTX_HVM_RECORD(rule->typecode) &&
            rule_find(rule, &subject))
            return true;
    }
    return false;
}

/* The vendor of the host; if it is not known, the only one whose processors do
 * not refuse the context, as Intel's for a guest with Intel's MCA
 * capabilities. */
static enum domctx_vendor vendor_of_host(const struct check *check)
{
    static const struct release anyone;

    for (size_t i = 0; i < n_rules_load && !check->host->vendor; i++) {
        const struct rule *rule = &rules_load[i];

        if (rule->vendor && rule->outcome.verdict == DOMCTX_REFUSED &&
            rule_holds(rule, anyone, check->target) && is_met(check, rule))
            return rule->vendor == DOMCTX_VENDOR_AMD ? DOMCTX_VENDOR_INTEL
                                                     : DOMCTX_VENDOR_AMD;
    }
    return check->host->vendor;
}

/* Whether the domain is known to run without hardware assisted paging. */
static bool is_shadow(const struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;
    enum domctx_answer hap = domain ? domain->keys.hap : DOMCTX_UNSAID;

    return hap == DOMCTX_NO ||
           (hap != DOMCTX_YES && check->host->hap == DOMCTX_NO);
}

/* Apply a rule; true if no value in the record can meet it on any target. */
static bool apply(struct check *check, const struct rule_row *row,
                  const struct context_record *record)
{
    const struct rule *rule = &rules_load[row->rule];
    struct rule_subject subject = {
        .context = check->context, .record = record,
        .target = check->target,
    };
    bool certain = !rule->vendor || check->vendor == rule->vendor;
    bool silent = !rule->by_target;

    /* VIA and Zhaoxin behave like Intel in some rules and like AMD in
     * others */
    if (!certain && check->host->vendor &&
        check->host->vendor != DOMCTX_VENDOR_OTHER)
        return false;
    if (rule->hap && is_shadow(check))
        return false;
    for (; rule_find_in(rule, row->field, &subject); subject.i++) {
        silent = false;
        if (rule->outcome.verdict == DOMCTX_DEPENDS) {
            keep_pending(check, row->rule, &subject);
            continue;
        }
        tell(check, &subject, certain);
        if (!certain && rule->outcome.verdict >= DOMCTX_REFUSED)
            check_needs(check, other_vendor(rule->vendor));
    }
    return silent;
}

/* The flag that the row has nothing to say about the record; NULL in a view
 * that was made for a single target. */
static bool *silent_of(const struct check *check,
                       const struct context_record *record,
                       const struct context_record *view)
{
    size_t i = (size_t)(record - check->context->records);

    return check->memo->silent && view == record
               ? check->memo->silent + i * n_rules_load : NULL;
}

static int check_values(struct check *check,
                        const struct context_record *record)
{
    struct check_seen seen;
    const struct context_record *view = check_see(check, record, &seen);
    const struct rule_rows *rows = rule_rows(check->memo, view);
    bool *silent = silent_of(check, record, view);
    static const struct release anyone;

    for (size_t i = 0; rows && i < rows->count; i++) {
        size_t rule = rows->row[i].rule;

        if ((silent && silent[rule]) ||
            !rule_holds(&rules_load[rule], anyone, check->target))
            continue;
        if (apply(check, &rows->row[i], view) && silent)
            silent[rule] = true;
    }
    return rows ? 0 : msg_no_memory(check->report, sizeof(*rows));
}

/* ------------------------------------------------------------------ */
/* The whole                                                           */
/* ------------------------------------------------------------------ */

static bool has_id(const struct domctx_finding *finding, enum msg_id id)
{
    return strcmp(finding->id, domctx_message_at(id)->id) == 0;
}

/* Whether judging raises this finding itself, for the target instead of the
 * saver. */
static bool is_ours(const struct domctx_finding *finding)
{
    static const enum msg_id ids[] = {
        MSG_RECORD_INSTANCE, MSG_HVM_DUPLICATE, MSG_HVM_TYPECODE,
        MSG_HVM_MSR_COUNT, MSG_HVM_HEADER_AGAIN, MSG_IMAGE_HEADER_MISSING,
        MSG_IMAGE_HEADER_MAGIC, MSG_IMAGE_HEADER_VERSION,
    };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (has_id(finding, ids[i]))
            return true;
    return false;
}

/* Take over a finding from reading.  A length that the saver never wrote does
 * not stop a loader that accepts it. */
static bool take_over(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    if (has_id(finding, MSG_RECORD_LENGTH))
        finding->severity = DOMCTX_WARNING;
    return !is_ours(finding);
}

/* The size of a record in the blob. */
#define AS_BLOB(record) (HVM_DESCRIPTOR + (record)->length)

static uint64_t blob_size(const domctx_context *context)
{
    const domctx_hvm *blob = context->blob ? context->blob
                                           : context->wrapped;
    uint64_t size = HVM_DESCRIPTOR; /* END */

    for (size_t i = 0; i < context->count; i++)
        if (type_is_hvm(context->records[i].type))
            size += AS_BLOB(&context->records[i]);
    return blob ? size + (blob->size - blob->consumed) : size;
}

static int check_records(struct check *check)
{
    const domctx_context *context = check->context;
    size_t seen = 0;

    check->whole = check->left = blob_size(context);
    check->vendor = vendor_of_host(check);
    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!type_is_hvm(record->type))
            continue;
        if (check_frame(check, record) && check_values(check, record) < 0)
            return -1;
        check->left -= AS_BLOB(record);
        seen++;
    }
    if (seen)
        check_presence(check);
    else
        check_raise(check, MSG_LOAD_NO_HVM, CODE_HEADER,
                    &(struct msg_at){ .record = NULL },
                    &frame_rows[FRAME_NOTHING].outcome, true, "%s",
                    frame_rows[FRAME_NOTHING].reason);
    for (size_t i = 0; i < n_rules_load; i++)
        if (check->pending[i].met)
            check_settle(check, &rules_load[i], check->pending[i].value);
    check_lost_features(check);
    return 0;
}

int check_take_over(const domctx_report *parsed, domctx_report *report)
{
    return domctx_report_forward(report, parsed, take_over, NULL);
}

static int run(struct check *check)
{
    check->pending = calloc(n_rules_load, sizeof(*check->pending));
    if (!check->pending)
        return msg_no_memory(check->report,
                             n_rules_load * sizeof(*check->pending));
    check_policy(check);
    check_guest(check);
    if (check_records(check) < 0)
        return -1;
    if (check->verdict->outcome != DOMCTX_NO_OUTCOME)
        check->verdict->finding = msg_keep(check->report, &check->decides);
    return 0;
}

int check_one(const domctx_context *context, struct release target,
              const struct domctx_host *host, struct rule_memo *memo,
              struct domctx_verdict *verdict, domctx_report *report)
{
    static const struct domctx_host unknown;
    struct check *check = calloc(1, sizeof(*check));
    int result;

    if (!check)
        return msg_no_memory(report, sizeof(*check));
    check->context = context;
    check->target = target;
    check->host = host ? host : &unknown;
    check->memo = memo;
    check->report = report;
    check->verdict = verdict;
    *verdict = (struct domctx_verdict){
        .error = "", .judged_as = release_public(target) };
    check->phase = PHASE_NONE;
    result = run(check) < 0 ? -1 : (int)check->worst;
    free(check->pending);
    free(check);
    return result;
}

int domctx_check(const domctx_context *context,
                 const struct domctx_release *target,
                 const struct domctx_host *host,
                 const domctx_report *parsed, struct domctx_verdict *verdict,
                 domctx_report *report)
{
    struct release release = release_of(target);
    struct rule_memo memo = { .silent = NULL };
    struct domctx_verdict own;
    int result;

    if (release.series > CAT_NEWEST)
        release = (struct release){ CAT_NEWEST, RELEASE_ANY };
    if (check_take_over(parsed, report) < 0)
        return -1;
    result = check_one(context, release, host, &memo,
                       verdict ? verdict : &own, report);
    rule_memo_free(&memo);
    return result < 0 ? -1 : 0;
}
