/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The planner on hostile and on huge contexts, and without memory. */
#include "plan/planner.h"
#include "cost.h"

static void open_with_everything(struct planner *p)
{
    static const struct msr_value image[] = { { 0x48, 2 }, { 0xda0, 3 } };
    static const struct msr_value present[] = { { 0x48, 1 }, { 0x140, 1 } };

    planner_open(p, HVM2);
    context_msrs(&p->image, 0, image, 2);
    context_msrs(&p->present, 0, present, 2);
    context_drop(&p->image, CPU_XSAVE, 1);
    context_set(&p->present, CPU_XSAVE, 1, "xcr0_accum", 0, 3);
    context_set(&p->image, CPU, 0, "cr0", 0, 0);
    context_set(&p->image, LAPIC, 1, "tdt_msr", 0, 7);
    context_set(&p->image, I8259, 0, "imr", 0, 0);
    context_drop(&p->present, HPET, 0);
    context_resize(&p->image, VMCE_VCPU, 0, 24);
}

/* ------------------------------------------------------------------ */
/* Memory runs short                                                    */
/* ------------------------------------------------------------------ */

/* How many more allocations succeed; negative: all.  Then one fails, or all
 * do. */
static long allowed = -1;
static bool only_one, failed;

static bool refuse(void)
{
    if (allowed < 0 || allowed-- > 0)
        return false;
    failed = true;
    allowed = only_one ? -1 : 0;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return refuse() ? NULL : __real_realloc(p, size);
}

struct job {
    struct planner p;
    const domctx_hvm *image, *present;
    struct plan plan, undo;
    uint8_t *blob;
    size_t size;
};

static int make(struct job *job)
{
    return plan_make(&job->plan, job->image, job->present, &job->p.facts,
                     job->p.report);
}

static int make_blob(struct job *job)
{
    return plan_blob(&job->plan, job->present, &job->blob, &job->size,
                     job->p.report);
}

static int verify(struct job *job)
{
    return plan_verify(&job->plan, job->present, MSG_LIVE_READ_BACK,
                       job->p.report);
}

static int roll_back(struct job *job)
{
    return plan_rollback(&job->undo, job->image, job->present, job->present,
                         &job->p.facts, job->p.report);
}

static const struct step {
    const char *name;
    int (*run)(struct job *job);
    long at_least;   /* allocations that it makes */
} steps[] = {
    { "plan_make", make, 30 },
    { "plan_blob", make_blob, 1 },
    { "plan_verify", verify, 5 },
    { "plan_rollback", roll_back, 20 },
};

static void free_step(struct job *job)
{
    plan_free(&job->undo);
    free(job->blob);
    job->blob = NULL;
}

/* What a step says and leaves behind when its allocations failed. */
static void check_step(struct job *job, const struct step *step, int rc)
{
    size_t said = count_id(job->p.report, "no-memory") +
                  domctx_report_dropped(job->p.report);

    if (!failed)
        ck_assert(rc == 0 || step->run == verify);
    else
        ck_assert_uint_gt(said, 0);
    if (step->run == make && rc < 0)
        ck_assert_ptr_null(job->plan.records);
    if (step->run == make_blob && rc < 0)
        ck_assert_ptr_null(job->blob);
    if (step->run == make)
        plan_free(&job->plan);
}

/* Run the step with one more allocation each time, until it has all that it
 * wants; returns how many that are. */
static long run_out(struct job *job, const struct step *step)
{
    long n = -1;

    do {
        int rc;

        failed = false;
        allowed = ++n;
        rc = step->run(job);
        allowed = -1;
        check_step(job, step, rc);
        free_step(job);
        domctx_report_free(job->p.report);
        job->p.report = domctx_report_new();
    } while (failed);
    return n;
}

START_TEST(no_memory)
{
    struct job job = { .blob = NULL };

    only_one = _i % 2;
    open_with_everything(&job.p);
    job.image = context_hvm(&job.p.image);
    job.present = context_hvm(&job.p.present);
    if (steps[_i / 2].run != make)
        ck_assert_int_eq(make(&job), 0);
    ck_assert_int_ge(run_out(&job, &steps[_i / 2]), steps[_i / 2].at_least);
    plan_free(&job.plan);
    planner_close(&job.p);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Anything in any record                                               */
/* ------------------------------------------------------------------ */

static uint64_t state;

static uint64_t roll(uint64_t below)
{
    /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static void spoil(struct context *context)
{
    struct context_record *record =
        &context->records[1 + roll(context->count - 1)];
    uint8_t body[64];

    switch (roll(6)) {
    case 0:
        record->instance = (uint16_t)roll(roll(2) ? 4 : 65536);
        break;
    case 1:
        record->typecode = (uint16_t)(2 + roll(roll(2) ? 22 : 65534));
        break;
    case 2:
        context_resize(context, record->typecode, record->instance,
                       (uint32_t)roll(roll(2) ? record->length + 2 : 1200));
        break;
    case 3:
        if (context->count > 2)
            context_drop(context, record->typecode, record->instance);
        break;
    case 4:
        for (size_t i = 0; i < sizeof(body); i++)
            body[i] = (uint8_t)roll(256);
        context_add(context, (uint32_t)(2 + roll(19)), (uint32_t)roll(3),
                    body, (uint32_t)roll(sizeof(body)));
        break;
    default:
        for (size_t i = 0; record->length && i < 4; i++)
            record->body[roll(record->length)] = (uint8_t)roll(256);
    }
}

/* What no plan may load, whatever it was made from. */
static void check_blob(const uint8_t *blob, size_t size,
                       const struct plan *plan)
{
    struct context loaded;

    context_of_blob(&loaded, blob, size);
    ck_assert_uint_eq(loaded.records[0].typecode, DOMCTX_HVM_HEADER);
    ck_assert_uint_eq(loaded.count, plan->n_load + 1);
    for (size_t i = 1; i < loaded.count; i++) {
        const struct context_record *a = &loaded.records[i - 1],
                                    *b = &loaded.records[i];

        ck_assert(a->typecode < b->typecode ||
                  (a->typecode == b->typecode &&
                   a->instance < b->instance));
    }
    context_free(&loaded);
}

static void run_all(struct planner *p)
{
    struct plan undo;
    domctx_hvm *attempt;
    uint8_t *blob;
    size_t size;

    planner_make(p);
    ck_assert_int_eq(plan_blob(&p->plan, p->present.hvm, &blob, &size, NULL),
                     0);
    check_blob(blob, size, &p->plan);
    plan_verify(&p->plan, p->present.hvm, MSG_LIVE_READ_BACK, p->report);
    plan_verify(&p->plan, p->image.hvm, MSG_LIVE_READ_BACK, p->report);
    ck_assert_int_eq(domctx_hvm_parse(blob, size, &attempt, NULL), 0);
    ck_assert_int_eq(plan_rollback(&undo, attempt, p->present.hvm,
                                   roll(2) ? p->image.hvm : NULL, &p->facts,
                                   p->report), 0);
    plan_verify(&undo, p->present.hvm, MSG_LIVE_ROLLBACK_FAILED, p->report);
    plan_free(&undo);
    domctx_hvm_free(attempt);
    free(blob);
}

static cat_version any_version(void)
{
    return roll(8) ? CAT_V(4, roll(23)) : (cat_version)roll(65536);
}

START_TEST(spoiled)
{
    static const char *const names[] = { HVM2, HVM1, PVH3 };
    struct planner p;

    state = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(_i + 1);
    planner_open(&p, names[_i % 3]);
    for (int i = 0; i < 60; i++) {
        p.facts.image_version = any_version();
        p.facts.present_version = any_version();
        p.facts.never_run = roll(2);
        p.facts.amd = roll(2);
        p.facts.restore_time = roll(2);
        spoil(&p.image);
        if (roll(2))
            spoil(&p.present);
        run_all(&p);
    }
    planner_close(&p);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Size                                                                 */
/* ------------------------------------------------------------------ */

/* A context of that many vCPUs, each with a record of every per-vCPU
 * kind that differs by salt. */
static void many_vcpus(struct bytes *b, struct context *sample,
                       uint32_t vcpus, uint8_t salt)
{
    for (size_t i = 0; i < sample->count; i++) {
        const struct context_record *record = &sample->records[i];
        const struct cat_record *type = cat_record(record->typecode);
        bool each = type->flags & CAT_VCPU;

        if (each && record->instance > 0)
            continue;
        if (record->typecode == TSC_ADJUST || record->typecode == LAPIC)
            record->body[0] = salt;
        for (uint32_t v = 0; v < (each ? vcpus : 1); v++)
            put_hvm(b, record->typecode,
                    (uint16_t)(each ? v : record->instance), record->body,
                    record->length);
    }
    put_hvm_end(b);
}

static double plan_time(uint32_t vcpus)
{
    struct bytes image = { 0 }, present = { 0 };
    domctx_hvm *hvm[2];
    double start;
    struct planner p;

    planner_open(&p, HVM1);
    many_vcpus(&image, &p.image, vcpus, 1);
    many_vcpus(&present, &p.present, vcpus, 0);
    ck_assert_int_eq(domctx_hvm_parse(image.p, image.size, &hvm[0], NULL), 0);
    ck_assert_int_eq(domctx_hvm_parse(present.p, present.size, &hvm[1],
                                      NULL), 0);
    start = cost_now();
    ck_assert_int_eq(plan_make(&p.plan, hvm[0], hvm[1], &p.facts, p.report),
                     0);
    plan_verify(&p.plan, hvm[0], MSG_LIVE_READ_BACK, p.report);
    start = cost_now() - start;
    ck_assert_uint_ge(p.plan.n_load, 6 * vcpus);
    plan_free(&p.plan);
    domctx_hvm_free(hvm[0]);
    domctx_hvm_free(hvm[1]);
    bytes_free(&image);
    bytes_free(&present);
    planner_close(&p);
    return start;
}

START_TEST(many)
{
    expect_no_square(plan_time, 512);
}
END_TEST

static double msrs_time(uint32_t count)
{
    struct msr_value *msrs = calloc(count, sizeof(*msrs));
    struct planner p;
    double start;

    ck_assert_ptr_nonnull(msrs);
    for (uint32_t i = 0; i < count; i++)
        msrs[i] = (struct msr_value){ i / 2, i + 1 };
    planner_open(&p, HVM1);
    context_msrs(&p.image, 0, msrs, count);
    start = cost_now();
    planner_make(&p);
    start = cost_now() - start;
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 0, "count", 0), count / 2);
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 0, "msr[].val", 5), 12);
    planner_close(&p);
    free(msrs);
    return start;
}

/* One vCPU with as many MSRs as fit. */
START_TEST(many_msrs)
{
    expect_no_square(msrs_time, 12500);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan-limits");
    TCase *tc = tcase_create("memory");

    for (size_t i = 0; i < 2 * sizeof(steps) / sizeof(steps[0]); i++)
        add_named(tc, no_memory->fn, (int)i, "%s-%s", steps[i / 2].name,
                  i % 2 ? "one" : "all");
    tcase_set_timeout(tc, 300);
    suite_add_tcase(suite, tc);
    tc = tcase_create("hostile");
    tcase_add_loop_test(tc, spoiled, 0, 24);
    tcase_set_timeout(tc, 300);
    suite_add_tcase(suite, tc);
    tc = tcase_create("size");
    tcase_add_test(tc, many);
    tcase_add_test(tc, many_msrs);
    tcase_set_timeout(tc, 300);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
