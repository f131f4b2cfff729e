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

    guest_make(&guest, row, SIZE_MAX);
    expect_row(&guest, row);
    guest_drop(&guest);
    for (size_t i = 0; row->changes[i].kind; i++) {
        guest_make(&guest, row, i);
        ck_assert_msg(how_often(&guest, row->id) == 0,
                      "%s is found without change %zu", row->id, i);
        guest_drop(&guest);
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
    guest_make(&guest, row, SIZE_MAX);
    guest_make(&other, NULL, 0);
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
    guest_drop(&guest);
    guest_drop(&other);
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

    guest_make(&guest, row, SIZE_MAX);
    guest_make(&other, NULL, 0);
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
    guest_drop(&guest);
    guest_drop(&other);
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
        guest_make(&guest, &rows[n], SIZE_MAX);
        guest_apply(&guest, 1, &elsewhere[i % 2]);
        ck_assert_uint_eq(how_often(&guest, ids[i / 2]), 0);
        guest_drop(&guest);
    }
}
END_TEST

/* The vCPU that counts the ticks may be the one that waits, or the looks be
 * close. */
START_TEST(a_clock_that_is_held_up_does_not_stand)
{
    static const struct change waits = VCPU_IS(STOLEN, 0, 300000000);
    size_t n = 0, last = 0;

    while (strcmp(rows[n].id, "diag-clock-stands") != 0)
        n++;
    while (rows[n].changes[last].kind)
        last++;
    for (size_t i = 0; i < 3; i++) {
        struct row row = rows[n];
        struct guest guest;

        if (i == 1)
            row.changes[last] = waits;
        guest_make(&guest, &row, SIZE_MAX);
        if (i == 2)
            guest.live[1].time_ns = guest.live[0].time_ns + 400000000;
        ck_assert_uint_eq(how_often(&guest, row.id), i == 0);
        guest_drop(&guest);
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

    guest_make(&guest, NULL, 0);
    for (size_t n = 1; n <= 2; n++) {
        diagnosis = diagnose(&guest, 0, n);
        expect_only(domctx_diagnosis_report(diagnosis), NULL);
        ck_assert_uint_eq(diagnosis->n_once, 0);
        domctx_diagnosis_free(diagnosis);
    }
    guest_drop(&guest);
}
END_TEST

/* Each sample, as a file, once and twice: what stays may be worth knowing,
 * but is no cause. */
static void samples_have_nothing(int at)
{
    struct bytes blob = { .p = NULL };
    domctx_diagnosis *diagnosis;
    struct domctx_look looks[2];
    struct viewed viewed;

    load_sample(&blob, samples[at]);
    viewed = view_blob(&blob, 4, 17);
    looks[0] = looks[1] = (struct domctx_look){ viewed.context, NULL };
    for (size_t n = 1; n <= 2; n++) {
        ck_assert_int_eq(domctx_diagnose(looks, n, &diagnosis, NULL), 0);
        ck_assert_uint_eq(
            domctx_report_total(domctx_diagnosis_report(diagnosis),
                                DOMCTX_WARNING), 0);
        domctx_diagnosis_free(diagnosis);
    }
    viewed_free(&viewed);
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

    guest_make(&guest, row, SIZE_MAX);
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
    guest_drop(&guest);
}

/* What a pattern does not take for it, and what it takes all the same: one
 * change more, of both looks. */
START_TEST(neighbours_are_silent)
{
    static const struct {
        const char *id;
        struct change change;
        bool found;
    } neighbours[] = {
        /* it ran for less than the clock shows */
        { "diag-vcpu-dead", VCPU_IS(TIME, 1, 0), true },
        { "diag-store-closed",
          BESIDE_IS(EVTCHN, "port[].status", 0, DOMCTX_PORT_REFUSED), false },
        { "diag-store-closed", BESIDE_IS(EVTCHN, "store_port", 0, 0), false },
        { "diag-store-closed", BESIDE_IS(EVTCHN, "store_port", 0, 3), true },
        { "diag-store-closed", BESIDE_IS(EVTCHN, "flags", 0, 0), false },
        { "diag-store-closed", BESIDE_IS(EVTCHN, "callback_irq", 0, 0),
          false },
        { "diag-store-closed",
          BESIDE_IS(EVTCHN, "callback_irq", 0, UINT64_MAX), false },
        { "diag-ports-used-up", BESIDE_IS(EVTCHN, "max_port", 0, 5), false },
        { "diag-ports-used-up", BESIDE_IS(EVTCHN, "max_port", 0, 0), false },
        { "diag-grants-used-up", BESIDE_IS(GRANT_TABLE, "nr_stored", 0, 0),
          false },
        { "diag-grants-used-up", BESIDE_IS(GRANT_TABLE, "version", 0, 2),
          true },
        { "diag-grants-used-up", BESIDE_IS(GRANT_TABLE, "version", 0, 3),
          false },
    };

    for (size_t i = 0; i < sizeof(neighbours) / sizeof(neighbours[0]); i++) {
        struct guest guest;
        size_t row = 0;

        while (strcmp(rows[row].id, neighbours[i].id) != 0)
            row++;
        guest_make(&guest, &rows[row], SIZE_MAX);
        for (size_t n = 0; n < 2; n++)
            guest_apply(&guest, n, &neighbours[i].change);
        ck_assert_msg((how_often(&guest, neighbours[i].id) > 0) ==
                          neighbours[i].found, "neighbour %zu", i);
        guest_drop(&guest);
    }
}
END_TEST

/* Sixteen free entries are enough, in either version of the table. */
START_TEST(a_table_with_room)
{
    const struct change version = BESIDE_IS(GRANT_TABLE, "version", 0,
                                            (unsigned int)_i);
    struct guest guest;
    size_t row = 0;

    while (strcmp(rows[row].id, "diag-grants-used-up") != 0)
        row++;
    guest_make(&guest, &rows[row], SIZE_MAX);
    for (size_t n = 0; n < 2; n++)
        guest_apply(&guest, n, &version);
    for (size_t i = 0; i < 16; i++) {
        struct change change = BESIDE_IS(GRANT_TABLE, "grant[].flags",
                                         512u / (unsigned int)_i - 1 - 7 * i,
                                         0);

        ck_assert_uint_eq(how_often(&guest, rows[row].id), 1);
        for (size_t n = 0; n < 2; n++)
            guest_apply(&guest, n, &change);
    }
    ck_assert_uint_eq(how_often(&guest, rows[row].id), 0);
    guest_drop(&guest);
}
END_TEST

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

    guest_make(&guest, row, SIZE_MAX);
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
    guest_drop(&guest);
}

/* Of the stack what a call may come back to: not data that points at the
 * beginning of a function, nor what is no code. */
START_TEST(names_are_told)
{
    struct bytes text = { .p = NULL }, json = { .p = NULL };
    domctx_diagnosis *diagnosis;
    struct guest guest;

    guest_make(&guest, NULL, 0);
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
    guest_drop(&guest);
}
END_TEST

/* Symbols whose entry is where the guest has its own. */
START_TEST(another_kernel_has_no_names)
{
    struct bytes text = { .p = NULL };
    domctx_diagnosis *diagnosis;
    struct guest guest;

    guest_make(&guest, NULL, 0);
    for (size_t n = 0; n < 2; n++) {
        guest.kernel[n].is_other = true;
        domctx_memory_free(guest.memory[n]);
        guest.memory[n] = memory_of(guest.symbols, guest.context[n],
                                    &guest.kernel[n]);
        guest.look[n].memory = guest.memory[n];
    }
    diagnosis = diagnose(&guest, 0, 2);
    domctx_diagnosis_text(diagnosis, append, &text, NULL);
    put_zero(&text, 1);
    ck_assert_ptr_null(strstr((char *)text.p, "_stext"));
    ck_assert_ptr_nonnull(strstr((char *)text.p, "no \"Linux version\""));
    bytes_free(&text);
    domctx_diagnosis_free(diagnosis);
    guest_drop(&guest);
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

    guest_make(&guest, NULL, 0);
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
    guest_drop(&guest);
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
    tcase_add_test(tc, a_clock_that_is_held_up_does_not_stand);
    tcase_add_test(tc, neighbours_are_silent);
    tcase_add_loop_test(tc, a_table_with_room, 1, 3);
    tcase_add_test(tc, names_are_told);
    tcase_add_test(tc, another_kernel_has_no_names);
    tcase_add_test(tc, any_context_is_told);
    tcase_add_test(tc, odd_instances);
    tcase_add_test(tc, a_healthy_guest_has_nothing);
    for (size_t i = 0; i < n_samples; i++)
        add_named(tc, samples_have_nothing, (int)i, "%s has nothing",
                  samples[i]);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
