/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole files as releases write them, context and what stands beside it:
 * sound ones load on their own release and later ones, and of every pair of
 * releases the verdict is that of the sources.  The counts are printed.
 */
#include "verdict/judging.h"
#include "verdict/saver-domain.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define N_SERIES 27
#define FIRST 10    /* of the series with libxc streams: 4.6 */

/* Kinds of guests, with the oldest series that has them. */
static const struct {
    unsigned int what;
    cat_version from;
} kinds[] = {
    { SAVER_XSAVE, CAT_V(4, 6) },
    { SAVER_XSAVE | SAVER_VIRIDIAN, CAT_V(4, 6) },
    { SAVER_XSAVE | SAVER_SYSCALL | SAVER_X2APIC, CAT_V(4, 6) },
    { SAVER_XSAVE | SAVER_NESTED, CAT_V(4, 6) },
    { SAVER_XSAVE | SAVER_SHADOW, CAT_V(4, 6) },
    { SAVER_XSAVE | SAVER_PVH, CAT_V(4, 12) },
};

/* A file: k is the number of kind and processor. */
struct file {
    struct release saver;
    struct saver_domain domain;
    unsigned int what;
    enum domctx_vendor vendor;
};

static bool make_file(struct file *file, struct release saver, size_t k)
{
    enum saver_processor processor = k % SAVER_PROCESSORS;

    file->saver = saver;
    file->vendor = saver_vendor(processor);
    file->what = kinds[k / SAVER_PROCESSORS].what |
                 (file->vendor == DOMCTX_VENDOR_AMD ? SAVER_AMD : 0);
    if (saver.series < kinds[k / SAVER_PROCESSORS].from)
        return false;
    saver_domain(&file->domain, saver, processor, file->what);
    return true;
}

/* Whether a point release writes what the one before wrote: then it is not
 * judged again.  with_context: that, too. */
static bool is_again(const struct file *file, struct file *before,
                     bool with_context)
{
    struct bytes now = { 0 }, then = { 0 };
    bool same = before->saver.series == file->saver.series &&
                memcmp(before->domain.leaves, file->domain.leaves,
                       sizeof(file->domain.leaves)) == 0 &&
                memcmp(before->domain.msrs, file->domain.msrs,
                       sizeof(file->domain.msrs)) == 0 &&
                memcmp(before->domain.params, file->domain.params,
                       sizeof(file->domain.params)) == 0;

    if (same && with_context) {
        put_saved(&now, file->saver, file->what & 0xfff);
        put_saved(&then, before->saver, before->what & 0xfff);
        same = now.size == then.size && memcmp(now.p, then.p, now.size) == 0;
        bytes_free(&now);
        bytes_free(&then);
    }
    before->saver = file->saver;
    memcpy(&before->domain, &file->domain, sizeof(file->domain));
    before->what = file->what;
    return same;
}

static struct judged judge_file(const struct file *file,
                                struct release context,
                                struct release target,
                                enum domctx_vendor vendor)
{
    struct domctx_host host = { .vendor = vendor,
                                .domain = &file->domain.domain };
    struct bytes b = { 0 };
    struct judged judged;

    put_saved(&b, context, file->what & 0xfff);
    judged = judge(&b, context, target, &host);
    bytes_free(&b);
    return judged;
}

/* -- what the sources say ------------------------------------------------- */

/* 25ee478662: up to 4.14 the configuration sets the parameter first. */
static uint64_t preset_of(cat_version series)
{
    return series >= CAT_V(4, 15)  ? 0
           : series >= CAT_V(4, 9) ? 0x65
           : series >= CAT_V(4, 7) ? 0x25
                                   : 5;
}

/* 88f30bcdb5, 4.6, 10a674b465, 9c4555801f, 4.13, 948719f3bf and others. */
static uint64_t groups_of(cat_version series)
{
    return series >= CAT_V(4, 15)   ? 0x1fff
           : series >= CAT_V(4, 13) ? 0x3ff
           : series >= CAT_V(4, 9)  ? 0x7f
           : series >= CAT_V(4, 7)  ? 0x3f
                                    : 0xf;
}

/* HVM_NR_PARAMS */
static uint64_t params_of(struct release release)
{
    static const struct since fip = { { RELEASE(4, 6, 3),
                                        RELEASE(4, 7, 0) } };

    return release.series >= CAT_V(4, 10)  ? 39
           : release.series >= CAT_V(4, 9) ? 38
           : since_all(&fip, release)      ? 37
                                           : 36;
}

static bool params_refused(const struct domctx_domain *domain,
                           struct release target)
{
    for (size_t i = 0; i < domain->n_params; i++) {
        const struct domctx_hvm_param *param = &domain->params[i];
        uint64_t preset = preset_of(target.series);

        if (param->index >= params_of(target))
            return true;
        if (param->index == 9 &&
            (param->value & ~groups_of(target.series) ||
             (preset && preset != param->value)))
            return true;
    }
    return false;
}

/* xen/lib/x86/cpuid.c, msr.c: what there is room for. */
static bool policy_refused(const struct domctx_domain *domain,
                           struct release target)
{
    static const struct since leaf_7 = {
        { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 1),
          RELEASE(4, 17, 0) } };
    static const struct since extended = {
        { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 0) } };
    static const struct since arch_caps = { { RELEASE(4, 14, 1) } };
    uint32_t last = since_all(&extended, target) ? 0x80000021 : 0x8000001c;

    if (target.series < CAT_V(4, 14))
        return false;
    if (domain->n_msrs > (since_all(&arch_caps, target) ? 2u : 1u))
        return true;
    for (size_t i = 0; i < domain->n_leaves; i++) {
        const struct domctx_cpuid_leaf *leaf = &domain->leaves[i];

        if (leaf->leaf > last || (leaf->leaf == 7 && leaf->subleaf == 2 &&
                                  !since_all(&leaf_7, target)))
            return true;
    }
    return false;
}

static bool is_refused(const struct file *file, struct release target)
{
    const struct domctx_domain *domain = &file->domain.domain;

    return policy_refused(domain, target) ||
           params_refused(domain, target) ||
           (domain->guest == DOMCTX_GUEST_PVH &&
            target.series < CAT_V(4, 10));
}

/* -- the counts ----------------------------------------------------------- */

struct count {
    size_t judged, loads, false_loads, false_refused;
};

static void count_one(struct count *count, const struct file *file,
                      struct release target, const struct judged *judged,
                      bool refused)
{
    char from[RELEASE_ROOM], to[RELEASE_ROOM];
    bool said = judged->verdict.outcome >= DOMCTX_REFUSED;

    count->judged++;
    count->loads += !said;
    count->false_loads += refused && !said;
    count->false_refused += said && !refused;
    if (refused == said)
        return;
    fprintf(stderr, "%s on %s, kind 0x%x:\n", release_text(file->saver, from),
            release_text(target, to), file->what);
    show_judged(said ? "refused falsely" : "loads falsely", judged->report);
}

/* A comment of TAP: it is in the log of the test. */
static void print_count(const char *what, cat_version series,
                        const struct count *count)
{
    printf("# %s, saved by %u.%u: %zu verdicts, %zu of them \"loads\"; "
           "%zu false \"loads\", %zu false \"refused\"\n", what,
           (unsigned int)(series >> 8), (unsigned int)(series & 0xff),
           count->judged, count->loads, count->false_loads,
           count->false_refused);
    fflush(stdout);
    ck_assert_uint_gt(count->judged, 0);
    ck_assert_uint_eq(count->false_loads, 0);
    ck_assert_uint_eq(count->false_refused, 0);
}

/* What Xen promises: each later point release of the own series, and the
 * newest of each later one.  A mask of Viridian that the configuration of an
 * older toolstack sets to another value is no part of the promise. */
static bool is_promised(const struct file *file, struct release target)
{
    return target.series == file->saver.series
               ? target.point >= file->saver.point
               : target.point == release_last_point(target.series) &&
                     !params_refused(&file->domain.domain, target);
}

static void judge_later(struct count *count, const struct file *file,
                        size_t first)
{
    cat_version series;

    for (size_t i = first; (series = release_series(i)); i++)
        for (int point = 0; point <= release_last_point(series); point++) {
            struct release target = { series, (uint8_t)point };
            struct judged judged;

            if (!is_promised(file, target))
                continue;
            judged = judge_file(file, file->saver, target, file->vendor);
            count_one(count, file, target, &judged, false);
            ck_assert_ptr_null(find_id(judged.report, "guest-features"));
            judged_free(&judged);
        }
}

/* Each kind of each point release of a series, once. */
static void each_file(struct count *count, size_t series, bool with_context,
                      void (*judge_it)(struct count *count,
                                       const struct file *file,
                                       size_t series))
{
    cat_version version = release_series(series);

    for (size_t k = 0; k < N(kinds) * SAVER_PROCESSORS; k++) {
        struct file file, before = { .what = 0 };

        for (int point = 0; point <= release_last_point(version); point++)
            if (make_file(&file,
                          (struct release){ version, (uint8_t)point }, k) &&
                !is_again(&file, &before, with_context))
                judge_it(count, &file, series);
    }
}

START_TEST(sound_files_load_later)
{
    struct count count = { 0 };

    each_file(&count, (size_t)_i, true, judge_later);
    print_count("own and later releases", release_series((size_t)_i),
                &count);
}
END_TEST

/* The context is the target's own: what stands beside it decides, and of that
 * only Viridian and PVH make a difference between kinds. */
static void judge_all(struct count *count, const struct file *file,
                      size_t first)
{
    cat_version series;

    (void)first;
    if (!(file->what & (SAVER_VIRIDIAN | SAVER_PVH)))
        return;
    for (size_t i = FIRST; (series = release_series(i)); i++)
        for (int point = 0; point <= release_last_point(series); point++) {
            struct release target = { series, (uint8_t)point };
            struct judged judged = judge_file(file, target, target,
                                              DOMCTX_VENDOR_UNKNOWN);

            count_one(count, file, target, &judged,
                      is_refused(file, target));
            judged_free(&judged);
        }
}

START_TEST(every_pair_is_judged)
{
    struct count count = { 0 };

    each_file(&count, (size_t)_i, false, judge_all);
    print_count("every release", release_series((size_t)_i), &count);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("savers");
    TCase *tc = tcase_create("savers");

    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, sound_files_load_later, FIRST, N_SERIES);
    tcase_add_loop_test(tc, every_pair_is_judged, FIRST, N_SERIES);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
