/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest that stands still waits for.  Each pattern is made of a healthy
 * guest by a few changes, of which none can be left out: without any one of
 * them it is not found.
 */
#include "diagnose/diagnose.h"

#include "diagnose/test-diagnose.h"
#include "document/json-support.h"
#include "support.h"

/* A healthy guest, seen twice, and what was changed of it. */
struct guest {
    struct bytes bytes[2];      /* an image */
    domctx_image *image[2];
    domctx_context *context[2];
    struct domctx_live live[2];
    struct domctx_look look[2];
    struct kernel kernel[2];
    domctx_symbols *symbols;
    domctx_memory *memory[2];
};

static const struct context_record *
record_of(const struct guest *guest, size_t n, const struct change *change)
{
    const struct context_record *record = context_find(
        guest->context[n],
        change->kind == SHARED ? (uint32_t)DOMCTX_SHARED_INFO
                               : DOMCTX_HVM_RECORD(change->code),
        change->instance);

    ck_assert_msg(record && record->layout, "no record %u", change->code);
    return record;
}

static void set_field(struct guest *guest, size_t n,
                      const struct change *change)
{
    const struct context_record *record = record_of(guest, n, change);
    const struct cat_field *field = cat_field(record->known, record->layout,
                                              change->field);

    ck_assert_msg(field != NULL, "no field %s", change->field);
    cat_set(field, guest->bytes[n].p + record->offset, change->i,
            change->value);
}

/* Its typecode becomes one that nobody knows. */
static void drop_record(struct guest *guest, size_t n,
                        const struct change *change)
{
    set32(&guest->bytes[n], record_of(guest, n, change)->offset - 16,
          DOMCTX_HVM_RECORD(200));
}

static void look_at_memory(struct guest *guest, size_t n)
{
    domctx_memory_free(guest->memory[n]);
    guest->memory[n] = memory_of(guest->symbols, guest->context[n],
                                 &guest->kernel[n]);
    guest->look[n].symbols = guest->symbols;
    guest->look[n].memory = guest->memory[n];
}

static void parse(struct guest *guest, size_t n)
{
    domctx_context_free(guest->context[n]);
    domctx_image_free(guest->image[n]);
    ck_assert_int_eq(domctx_image_parse(guest->bytes[n].p,
                                        guest->bytes[n].size,
                                        &guest->image[n], NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(guest->image[n],
                                             &guest->context[n], NULL), 0);
    guest->look[n] = (struct domctx_look){ guest->context[n],
                                           &guest->live[n] };
    look_at_memory(guest, n);
}

/* The sample as an image, with a shared info of 64 bits. */
static void put_guest(struct bytes *bytes)
{
    struct bytes blob = { .p = NULL };
    domctx_context *context;
    domctx_hvm *hvm;

    load_sample(&blob, "xen-4.17-hvm2.ctx");
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    put_start(bytes, 4, 17);
    put_zeros(bytes, DOMCTX_SHARED_INFO, 0, 3144);
    for (size_t i = 0; i < context->count; i++)
        put_record(bytes, context->records[i].type,
                   context->records[i].instance, context->records[i].body,
                   (size_t)context->records[i].length);
    put_end(bytes);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&blob);
}

static void live_change(struct guest *guest, size_t n,
                        const struct change *change)
{
    struct domctx_live *live = &guest->live[n];
    struct domctx_live_vcpu *vcpu = &live->vcpu[change->instance];

    switch (change->kind) {
    case SHUT_DOWN:
        live->shut_down = true;
        live->reason = (uint32_t)change->value;
        break;
    case PAUSED:
        live->paused = true;
        break;
    case DEBUGGED:
        live->debugged = true;
        break;
    case PARAM:
        live->param[change->i] = change->value;
        break;
    case TIME:
        vcpu->cpu_time_ns = change->value;
        break;
    case USED:
        if (n == 1)
            vcpu->cpu_time_ns = guest->live[0].vcpu[change->instance]
                                    .cpu_time_ns + change->value;
        break;
    case AWAKE:
        vcpu->blocked = false;
        vcpu->running = true;
        break;
    case WAITING:
        vcpu->blocked = false;
        vcpu->waiting = true;
        break;
    case OFFLINE:
        vcpu->online = vcpu->blocked = false;
        break;
    case UPCALL:
        vcpu->upcall_pending = true;
        break;
    case PANIC:
        guest->kernel[n].panic_cpu = (int32_t)change->value;
        break;
    case JIFFIES:
        guest->kernel[n].jiffies = change->value;
        break;
    case STOLEN:
        guest->kernel[n].runnable_ns[change->instance] = change->value * n;
        break;
    case FIELD:
    case SHARED:
    case DROP:
    case NO_CHANGE:
    default:
        break;
    }
}

static void apply(struct guest *guest, size_t n, const struct change *change)
{
    if (!(change->looks >> n & 1))
        return;
    if (change->kind == FIELD || change->kind == SHARED)
        set_field(guest, n, change);
    else if (change->kind == DROP)
        drop_record(guest, n, change);
    else
        live_change(guest, n, change);
}

static const struct change healthy[] = {
    CPU_IS(0, "rip", 0xffffffff81000010), CPU_IS(1, "rip", 0xffffffff81000010),
    CPU_IS(0, "rflags", 0x246), CPU_IS(1, "rflags", 0x246),
    REGS_IS(0, "svr", 0x1ff), REGS_IS(1, "svr", 0x1ff),
    REGS_ARE(0, "irr", 7, 0), REGS_ARE(1, "irr", 7, 0),
    REGS_ARE(0, "isr", 7, 0), REGS_ARE(1, "isr", 7, 0),
    SET(HPET, 0, "mc64", 0, 0), SET(HPET, 0, "config", 0, 0),
    SET(HPET, 0, "timers[].cmp", 1, 0),
    SHARED_IS("evtchn_mask", UINT64_MAX),
    PARAM_IS(0, 1),
    CPU_IS(0, "msr_lstar", 0xffffffff81200000),
    CPU_IS(1, "msr_lstar", 0xffffffff81200000),
    CPU_IS(0, "gs_base", CPU_AREA(0)), CPU_IS(1, "gs_base", CPU_AREA(1)),
    CPU_IS(0, "rsp", STACK), CPU_IS(1, "rsp", STACK),
};

static void make_live(struct domctx_live *live, uint64_t seconds)
{
    memset(live, 0, sizeof(*live));
    live->time_ns = (50 + seconds) * 1000000000u;
    live->pages = 32768;
    live->n_vcpus = 2;
    live->params_known = (UINT64_C(1) << 39) - 1;
    for (uint32_t v = 0; v < 2; v++)
        live->vcpu[v] = (struct domctx_live_vcpu){
            .known = true, .online = true, .blocked = true,
            .upcall_known = true,
            .cpu_time_ns = 9000000000u + 1000000u * seconds };
}

/* But for change number without (none: SIZE_MAX). */
static void make(struct guest *guest, const struct row *row, size_t without)
{
    memset(guest, 0, sizeof(*guest));
    guest->symbols = read_symbols();
    for (size_t n = 0; n < 2; n++) {
        guest->kernel[n] = (struct kernel){
            .panic_cpu = -1, .jiffies = UINT64_C(4294937296) + 250 * n };
        put_guest(&guest->bytes[n]);
        make_live(&guest->live[n], n);
        parse(guest, n);
        for (size_t i = 0; i < sizeof(healthy) / sizeof(healthy[0]); i++)
            apply(guest, n, &healthy[i]);
        for (size_t i = 0; row && row->changes[i].kind; i++)
            if (i != without)
                apply(guest, n, &row->changes[i]);
        parse(guest, n);
    }
}

static void drop(struct guest *guest)
{
    for (size_t n = 0; n < 2; n++) {
        domctx_context_free(guest->context[n]);
        domctx_image_free(guest->image[n]);
        bytes_free(&guest->bytes[n]);
        domctx_memory_free(guest->memory[n]);
    }
    domctx_symbols_free(guest->symbols);
}

static domctx_diagnosis *diagnose(const struct guest *guest, size_t first,
                                  size_t n)
{
    domctx_diagnosis *diagnosis;
    domctx_report *report = domctx_report_new();

    ck_assert_int_eq(domctx_diagnose(&guest->look[first], n, &diagnosis,
                                     report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    return diagnosis;
}

static size_t how_often(const struct guest *guest, const char *id)
{
    domctx_diagnosis *diagnosis = diagnose(guest, 0, 2);
    size_t count = count_id(domctx_diagnosis_report(diagnosis), id);

    domctx_diagnosis_free(diagnosis);
    return count;
}

/* It, and what else the row says comes with it, and nothing more. */
static void expect_row(const struct guest *guest, const struct row *row)
{
    domctx_diagnosis *diagnosis = diagnose(guest, 0, 2);
    const domctx_report *report = domctx_diagnosis_report(diagnosis);
    const struct domctx_finding *finding;
    bool seen = false;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++) {
        seen = seen || strcmp(finding->id, row->id) == 0;
        ck_assert_msg(strcmp(finding->id, row->id) == 0 ||
                          (row->too && strstr(row->too, finding->id)),
                      "%s comes with %s: %s", finding->id, row->id,
                      finding->text);
        ck_assert_ptr_null(strchr(finding->text, '{'));
    }
    ck_assert_msg(seen, "%s is not found", row->id);
    domctx_diagnosis_free(diagnosis);
}

static void all_of_it_is_needed(int at)
{
    const struct row *row = &rows[at];
    struct guest guest;

    make(&guest, row, SIZE_MAX);
    expect_row(&guest, row);
    drop(&guest);
    for (size_t i = 0; row->changes[i].kind; i++) {
        make(&guest, row, i);
        ck_assert_msg(how_often(&guest, row->id) == 0,
                      "%s is found without change %zu", row->id, i);
        drop(&guest);
    }
}

/* The number of the pattern with that id; n_patterns: none. */
static size_t pattern_of(const char *id)
{
    size_t i = 0;

    while (i < n_patterns &&
           strcmp(domctx_message_at((size_t)patterns[i].rule.id)->id, id))
        i++;
    return i;
}

/* What needs two looks is not found in one, nor where the first look was
 * another. */
static void one_look_decides_nothing(int at)
{
    const struct row *row = &rows[at];
    struct guest guest, other;
    struct domctx_look looks[2];
    domctx_diagnosis *diagnosis;

    if (!patterns[pattern_of(row->id)].both)
        return;
    make(&guest, row, SIZE_MAX);
    make(&other, NULL, 0);
    diagnosis = diagnose(&guest, 1, 1);
    ck_assert_uint_eq(count_id(domctx_diagnosis_report(diagnosis), row->id),
                      0);
    domctx_diagnosis_free(diagnosis);
    /* that a vCPU was busy, or stopped, is one fact of two looks */
    looks[0] = patterns[pattern_of(row->id)].is &
                       (V_BUSY | V_STOPPED | V_STOLEN)
                   ? guest.look[1]
                   : other.look[0];
    looks[1] = guest.look[1];
    ck_assert_int_eq(domctx_diagnose(looks, 2, &diagnosis, NULL), 0);
    ck_assert_uint_eq(count_id(domctx_diagnosis_report(diagnosis), row->id),
                      0);
    domctx_diagnosis_free(diagnosis);
    drop(&guest);
    drop(&other);
}

/* A third look confirms what two have found, or takes it back. */
static void each_look_confirms(int at)
{
    const struct row *row = &rows[at];
    struct guest guest, other;
    struct domctx_look looks[3];
    struct domctx_live live;
    domctx_diagnosis *diagnosis;
    domctx_memory *memory;
    struct kernel kernel;
    bool taken_back = patterns[pattern_of(row->id)].both;

    make(&guest, row, SIZE_MAX);
    make(&other, NULL, 0);
    looks[0] = guest.look[0];
    looks[1] = guest.look[1];
    live = guest.live[1];
    live.time_ns += 1000000000u;
    for (uint32_t v = 0; v < 2; v++)
        live.vcpu[v].cpu_time_ns += live.vcpu[v].cpu_time_ns -
                                    guest.live[0].vcpu[v].cpu_time_ns;
    kernel = guest.kernel[1];
    kernel.jiffies += kernel.jiffies - guest.kernel[0].jiffies;
    for (size_t v = 0; v < 2; v++)
        kernel.runnable_ns[v] *= 2;
    memory = memory_of(guest.symbols, guest.context[1], &kernel);
    looks[2] = (struct domctx_look){ guest.context[1], &live, guest.symbols,
                                     memory, { 0 } };
    ck_assert_int_eq(domctx_diagnose(looks, 3, &diagnosis, NULL), 0);
    ck_assert_uint_gt(count_id(domctx_diagnosis_report(diagnosis), row->id),
                      0);
    domctx_diagnosis_free(diagnosis);
    looks[2] = other.look[1];
    ck_assert_int_eq(domctx_diagnose(looks, 3, &diagnosis, NULL), 0);
    ck_assert_msg(!taken_back ||
                      !count_id(domctx_diagnosis_report(diagnosis), row->id),
                  "%s is not taken back", row->id);
    domctx_diagnosis_free(diagnosis);
    domctx_memory_free(memory);
    drop(&guest);
    drop(&other);
}

/* A busy kernel is caught with interrupts off now and then: in another place,
 * or on another stack. */
START_TEST(a_busy_kernel_does_not_spin)
{
    static const struct change elsewhere[] = {
        { FIELD, 2, CODE_CPU, 1, "rip", 0, 0xffffffff81234560 },
        { FIELD, 2, CODE_CPU, 1, "rsp", 0, 0xffffc90000123000 },
    };
    const char *const ids[] = { "diag-spin-off", "diag-spin" };

    for (size_t i = 0; i < 4; i++) {
        struct guest guest;
        size_t n = 0;

        while (strcmp(rows[n].id, ids[i / 2]) != 0)
            n++;
        make(&guest, &rows[n], SIZE_MAX);
        apply(&guest, 1, &elsewhere[i % 2]);
        ck_assert_uint_eq(how_often(&guest, ids[i / 2]), 0);
        drop(&guest);
    }
}
END_TEST

/* Every pattern has a row that makes it, and every row a pattern. */
START_TEST(each_has_a_row)
{
    for (size_t i = 0; i < n_patterns; i++) {
        const char *id =
            domctx_message_at((size_t)patterns[i].rule.id)->id;
        size_t n = 0;

        while (n < n_rows && strcmp(rows[n].id, id) != 0)
            n++;
        ck_assert_msg(n < n_rows, "%s has no row", id);
        ck_assert_ptr_nonnull(patterns[i].rule.source);
    }
    for (size_t n = 0; n < n_rows; n++)
        ck_assert_msg(pattern_of(rows[n].id) < n_patterns, "%s", rows[n].id);
}
END_TEST

/* -- guests that are well ----------------------------------------------- */

START_TEST(a_healthy_guest_has_nothing)
{
    struct guest guest;
    domctx_diagnosis *diagnosis;

    make(&guest, NULL, 0);
    for (size_t n = 1; n <= 2; n++) {
        diagnosis = diagnose(&guest, 0, n);
        expect_only(domctx_diagnosis_report(diagnosis), NULL);
        ck_assert_uint_eq(diagnosis->n_once, 0);
        domctx_diagnosis_free(diagnosis);
    }
    drop(&guest);
}
END_TEST

/* Each sample, as a file, once and twice: what stays may be worth knowing,
 * but is no cause. */
static void samples_have_nothing(int at)
{
    struct bytes blob = { .p = NULL };
    domctx_diagnosis *diagnosis;
    domctx_context *context;
    struct domctx_look looks[2];
    domctx_hvm *hvm;

    load_sample(&blob, samples[at]);
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    looks[0] = looks[1] = (struct domctx_look){ context, NULL };
    for (size_t n = 1; n <= 2; n++) {
        ck_assert_int_eq(domctx_diagnose(looks, n, &diagnosis, NULL), 0);
        ck_assert_uint_eq(
            domctx_report_total(domctx_diagnosis_report(diagnosis),
                                DOMCTX_WARNING), 0);
        domctx_diagnosis_free(diagnosis);
    }
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&blob);
}

/* -- what is not known -------------------------------------------------- */

/* A pattern that needs what is not known is open, neither found nor not. */
static void what_is_not_known_is_open(int at)
{
    const struct row *row = &rows[at];
    struct domctx_look looks[2];
    domctx_diagnosis *diagnosis;
    const struct pattern *pattern = &patterns[pattern_of(row->id)];
    struct guest guest;

    make(&guest, row, SIZE_MAX);
    for (size_t n = 0; n < 2; n++)
        looks[n] = (struct domctx_look){ guest.context[n], NULL };
    ck_assert_int_eq(domctx_diagnose(looks, 2, &diagnosis, NULL), 0);
    if (pattern->domain | pattern->domain_not |
        ((pattern->is | pattern->not) &
         (V_ONLINE | V_BLOCKED | V_WAITING | V_RAN | V_BUSY | V_QUIET |
          V_STOPPED | V_UPCALL | V_STOLEN))) {
        ck_assert_uint_eq(
            count_id(domctx_diagnosis_report(diagnosis), row->id), 0);
        ck_assert_uint_gt(diagnosis->n_undecided, 0);
    } else {
        ck_assert_uint_gt(
            count_id(domctx_diagnosis_report(diagnosis), row->id), 0);
    }
    domctx_diagnosis_free(diagnosis);
    drop(&guest);
}

/* -- how it is told ----------------------------------------------------- */

static int append(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static int stop(void *arg, const char *text, size_t size)
{
    (void)arg;
    (void)text;
    (void)size;
    return -1;
}

/* Every finding is in the text and in the JSON, with its evidence; no line is
 * too long, and a sink that stops is told. */
static void it_is_told(int at)
{
    const struct row *row = &rows[at];
    domctx_report *report = domctx_report_new();
    struct bytes text = { .p = NULL }, json = { .p = NULL };
    domctx_diagnosis *diagnosis;
    struct guest guest;
    size_t column = 0;

    make(&guest, row, SIZE_MAX);
    diagnosis = diagnose(&guest, 0, 2);
    ck_assert_int_eq(domctx_diagnosis_text(diagnosis, append, &text, report),
                     0);
    ck_assert_int_eq(domctx_diagnosis_json(diagnosis, "guest", append, &json,
                                           report), 0);
    expect_only(report, NULL);
    json_document(&json);
    put_zero(&text, 1);
    put_zero(&json, 1);
    ck_assert_ptr_nonnull(strstr((char *)text.p, row->id));
    ck_assert_ptr_nonnull(strstr((char *)json.p, row->id));
    ck_assert_ptr_null(strchr((char *)text.p, '{'));
    for (size_t i = 0; i + 1 < text.size; i++) {
        column = text.p[i] == '\n' ? 0 : column + 1;
        ck_assert_msg(column < 80, "%.79s", text.p + i + 1 - column);
        ck_assert_msg(text.p[i] != '\n' || !i || text.p[i - 1] != ' ',
                      "a blank at the end of a line of %s", row->id);
    }
    if (patterns[pattern_of(row->id)].evidence)
        ck_assert_ptr_nonnull(strstr((char *)json.p, "\"value\": \"0x"));
    ck_assert_int_eq(domctx_diagnosis_text(diagnosis, stop, NULL, report),
                     -1);
    ck_assert_int_eq(domctx_diagnosis_json(diagnosis, "guest", stop, NULL,
                                           report), -1);
    ck_assert_uint_eq(count_id(report, "sink-failed"), 2);
    bytes_free(&text);
    bytes_free(&json);
    domctx_diagnosis_free(diagnosis);
    domctx_report_free(report);
    drop(&guest);
}

/* Of the stack what a call may come back to: not data that points at the
 * beginning of a function, nor what is no code. */
START_TEST(names_are_told)
{
    struct bytes text = { .p = NULL }, json = { .p = NULL };
    domctx_diagnosis *diagnosis;
    struct guest guest;

    make(&guest, NULL, 0);
    diagnosis = diagnose(&guest, 0, 2);
    domctx_diagnosis_text(diagnosis, append, &text, NULL);
    domctx_diagnosis_json(diagnosis, "guest", append, &json, NULL);
    json_document(&json);
    put_zero(&text, 1);
    put_zero(&json, 1);
    ck_assert_ptr_nonnull(strstr((char *)text.p,
                                 "    in     _stext+0x10\n"
                                 "    stack  entry_SYSCALL_64+0x20, "
                                 "runs+0x100000, runs+0x8\n"));
    ck_assert_ptr_nonnull(strstr((char *)json.p, "\"moved\": \"0x1000000\""));
    bytes_free(&text);
    bytes_free(&json);
    domctx_diagnosis_free(diagnosis);
    drop(&guest);
}
END_TEST

/* -- hostile contexts --------------------------------------------------- */

/* A byte of each of up to eight records becomes any other. */
static void spoil(struct bytes *bytes, unsigned int *seed)
{
    for (int n = rand_r(seed) % 8 + 1; n > 0; n--)
        set8(bytes, (size_t)rand_r(seed) % bytes->size,
             (uint8_t)rand_r(seed));
}

static void tell_both(const struct domctx_look *looks, size_t n)
{
    struct bytes text = { .p = NULL };
    domctx_diagnosis *diagnosis;

    ck_assert_int_eq(domctx_diagnose(looks, n, &diagnosis, NULL), 0);
    ck_assert_int_eq(domctx_diagnosis_text(diagnosis, append, &text, NULL),
                     0);
    ck_assert_int_eq(domctx_diagnosis_json(diagnosis, "x", append, &text,
                                           NULL), 0);
    ck_assert_uint_gt(text.size, 0);
    domctx_diagnosis_free(diagnosis);
    bytes_free(&text);
}

/* Whatever is in it, it is told; also beside a look that has other vCPUs. */
START_TEST(any_context_is_told)
{
    unsigned int seed = 27;
    struct guest guest;
    int taken = 0;

    make(&guest, NULL, 0);
    for (int round = rounds_of(2000); round > 0; round--) {
        struct bytes bytes = { .p = NULL };
        domctx_context *context;
        domctx_image *image;
        struct domctx_look looks[2];

        put_raw(&bytes, guest.bytes[1].p, guest.bytes[1].size);
        spoil(&bytes, &seed);
        if (domctx_image_parse(bytes.p, bytes.size, &image, NULL) == 0) {
            ck_assert_int_eq(domctx_context_of_image(image, &context, NULL),
                             0);
            looks[0] = guest.look[0];
            looks[1] = (struct domctx_look){ .context = context,
                                             .live = &guest.live[1] };
            tell_both(looks, 2);
            tell_both(&looks[1], 1);
            domctx_context_free(context);
            domctx_image_free(image);
            taken++;
        }
        bytes_free(&bytes);
    }
    ck_assert_int_gt(taken, 10);
    drop(&guest);
}
END_TEST

/* As many vCPUs as an instance can name, and records at odd instances. */
START_TEST(odd_instances)
{
    struct bytes bytes = { .p = NULL };
    struct domctx_live live = { .n_vcpus = DOMCTX_LIVE_VCPUS };
    struct domctx_look look = { .live = &live };
    domctx_context *context;
    domctx_image *image;

    put_start(&bytes, 4, 17);
    for (uint32_t i = 0; i < 300; i += 7) {
        put_zeros(&bytes, DOMCTX_HVM_RECORD(CODE_CPU), i, 1032);
        put_zeros(&bytes, DOMCTX_HVM_RECORD(CODE_IOAPIC), i * 211, 400);
        put_zeros(&bytes, DOMCTX_HVM_RECORD(CODE_LAPIC_REGS), i + 1, 1024);
    }
    put_zeros(&bytes, DOMCTX_HVM_RECORD(CODE_CPU), 65535, 1032);
    put_zeros(&bytes, DOMCTX_HVM_RECORD(CODE_PIC), 9, 5);
    put_end(&bytes);
    ck_assert_int_eq(domctx_image_parse(bytes.p, bytes.size, &image, NULL),
                     0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    look.context = context;
    tell_both(&look, 1);
    domctx_context_free(context);
    domctx_image_free(image);
    bytes_free(&bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diagnose");
    TCase *tc = tcase_create("patterns");

    for (size_t i = 0; i < n_rows; i++) {
        add_named(tc, all_of_it_is_needed, (int)i, "%s", rows[i].id);
        add_named(tc, one_look_decides_nothing, (int)i, "%s, one look",
                  rows[i].id);
        add_named(tc, each_look_confirms, (int)i, "%s, a third look",
                  rows[i].id);
        add_named(tc, what_is_not_known_is_open, (int)i, "%s, a file",
                  rows[i].id);
        add_named(tc, it_is_told, (int)i, "%s is told", rows[i].id);
    }
    tcase_add_test(tc, each_has_a_row);
    tcase_add_test(tc, a_busy_kernel_does_not_spin);
    tcase_add_test(tc, names_are_told);
    tcase_add_test(tc, any_context_is_told);
    tcase_add_test(tc, odd_instances);
    tcase_add_test(tc, a_healthy_guest_has_nothing);
    for (size_t i = 0; i < n_samples; i++)
        add_named(tc, samples_have_nothing, (int)i, "%s has nothing",
                  samples[i]);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
