/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An image in memory for one that has no memory of its own. */
#include "support.h"

#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u

/* START of a release that does not exist yet, records of all kinds, one that
 * nobody knows, END, and what follows it in a bootmem of whole pages. */
static void put_whole(struct bytes *b)
{
    put_start(b, 9, 99);
    put_zeros(b, DOMCTX_TSC_INFO, 0, 24);
    put_zeros(b, DOMCTX_EVTCHN, 0, 13);
    put_record(b, 0x7abcdef0, 77, "unknown", 7);
    put_zeros(b, DOMCTX_HVM_RECORD(2), 0, 3 * PAGE);
    put_zeros(b, DOMCTX_HVM_RECORD(2), 1, 0);
    put_end(b);
}
#define WHOLE_RECORDS 6   /* END counted, START not */

/* Records, or what is wrong. */
static int count(const void *buf, uint64_t size)
{
    struct domctx_record record;
    struct domctx_walk walk;
    int rc = domctx_walk_open(&walk, buf, size), n = 0;

    if (rc < 0)
        return rc;
    do {
        rc = domctx_walk_next(&walk, &record);
        n++;
    } while (rc > 0);
    ck_assert_uint_le(domctx_walk_consumed(&walk), size);
    return rc < 0 ? rc : n;
}

/* The last byte lies before a page that nobody may touch, and the pages are
 * read-only; each is a mapping of its own, the last one of the file first. */
struct pages {
    uint8_t *base;
    size_t size;      /* of the whole mapping */
    uint8_t *image;
};

static void map_pages(struct pages *pages, const struct bytes *b)
{
    size_t n = (b->size + PAGE - 1) / PAGE, skip = n * PAGE - b->size;
    FILE *file = tmpfile();
    uint8_t page[PAGE];

    ck_assert_ptr_nonnull(file);
    pages->size = (n + 1) * PAGE;
    pages->base = mmap(NULL, pages->size, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages->base != MAP_FAILED);
    for (size_t i = n; i-- > 0;) {
        size_t head = i == 0 ? skip : 0;

        memset(page, 0xee, sizeof(page));
        memcpy(page + head, b->p + (i == 0 ? 0 : i * PAGE - skip),
               PAGE - head);
        ck_assert_uint_eq(fwrite(page, PAGE, 1, file), 1);
    }
    ck_assert_int_eq(fflush(file), 0);
    for (size_t i = 0; i < n; i++)
        ck_assert(mmap(pages->base + i * PAGE, PAGE, PROT_READ,
                       MAP_PRIVATE | MAP_FIXED, fileno(file),
                       (off_t)((n - 1 - i) * PAGE)) != MAP_FAILED);
    fclose(file);
    pages->image = pages->base + skip;
}

START_TEST(pages_that_are_only_read)
{
    struct bytes b = { .big = _i };
    struct pages pages;

    put_whole(&b);
    map_pages(&pages, &b);
    ck_assert_int_eq(count(pages.image, b.size), WHOLE_RECORDS);
    munmap(pages.base, pages.size);
    bytes_free(&b);
}
END_TEST

START_TEST(any_base)
{
    struct bytes b = { .big = _i };
    uint8_t *copy;

    put_whole(&b);
    copy = malloc(b.size + 16);
    ck_assert_ptr_nonnull(copy);
    for (size_t at = 0; at < 16; at++) {
        memcpy(copy + at, b.p, b.size);
        ck_assert_int_eq(count(copy + at, b.size), WHOLE_RECORDS);
    }
    free(copy);
    bytes_free(&b);
}
END_TEST

START_TEST(the_records_are_those_of_the_parser)
{
    struct bytes b = { .big = _i };
    const struct domctx_record *wanted;
    struct domctx_record record;
    struct domctx_walk walk;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
    put_zeros(&b, DOMCTX_EVTCHN, 0, 5);
    put_zeros(&b, DOMCTX_HVM_RECORD(5), 3, 24);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    for (int pass = 0; pass < 3; pass++) {
        if (pass == 0)
            ck_assert_int_eq(domctx_walk_open(&walk, b.p, b.size), 0);
        else
            domctx_walk_rewind(&walk);
        for (size_t i = 1; i < domctx_image_count(image); i++) {
            wanted = domctx_image_get(image, i);
            ck_assert_int_eq(domctx_walk_next(&walk, &record),
                             wanted->type != DOMCTX_END);
            ck_assert_uint_eq(record.type, wanted->type);
            ck_assert_uint_eq(record.instance, wanted->instance);
            ck_assert_uint_eq(record.length, wanted->length);
            ck_assert_uint_eq(record.offset, wanted->offset);
            ck_assert_ptr_eq(record.body, wanted->body);
        }
        ck_assert_uint_eq(domctx_walk_consumed(&walk), b.size);
        ck_assert_int_eq(domctx_walk_next(&walk, &record),
                         DOMCTX_CORE_ORDER);
    }
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(one_is_found)
{
    struct bytes b = { .big = _i };
    struct domctx_record record;
    struct domctx_walk walk;

    put_whole(&b);
    put_zero(&b, PAGE);   /* behind END there may be anything */
    ck_assert_int_eq(domctx_walk_open(&walk, b.p, b.size), 0);
    ck_assert_uint_eq(walk.xen_major, 9);
    ck_assert_uint_eq(walk.xen_minor, 99);
    ck_assert_int_eq(domctx_walk_find(&walk, 0x7abcdef0, 77, &record), 1);
    ck_assert_mem_eq(record.body, "unknown", 7);
    ck_assert_int_eq(domctx_walk_find(&walk, 0x7abcdef0, 78, &record), 0);
    ck_assert_int_eq(domctx_walk_find(&walk, DOMCTX_HVM_RECORD(2), 1,
                                      &record), 1);
    ck_assert_uint_eq(record.length, 0);
    ck_assert_uint_eq(domctx_walk_consumed(&walk), 24);
    bytes_free(&b);
}
END_TEST

/* -- what is wrong -------------------------------------------------------- */

/* Cut anywhere, it is said, and nothing behind the end is read. */
START_TEST(cut_anywhere)
{
    struct bytes b = { .big = _i };

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 20);
    put_record(&b, 0x7abcdef0, 0, "odd", 3);
    put_end(&b);
    for (size_t size = 0; size < b.size; size++) {
        struct bytes part = { .p = b.p, .size = size };
        struct pages pages;

        map_pages(&pages, &part);
        ck_assert_int_lt(count(pages.image, size), 0);
        munmap(pages.base, pages.size);
    }
    bytes_free(&b);
}
END_TEST

/* Any byte may be any other: the walk ends, inside the input. */
START_TEST(any_byte)
{
    struct bytes b = { .big = _i };

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 20);
    put_record(&b, 0x7abcdef0, 0, "odd", 3);
    put_end(&b);
    for (size_t at = 0; at < b.size; at++)
        for (unsigned int value = 0; value < 256; value++) {
            uint8_t was = b.p[at];

            b.p[at] = (uint8_t)value;
            count(b.p, b.size);
            b.p[at] = was;
        }
    bytes_free(&b);
}
END_TEST

static const struct {
    size_t at;
    uint8_t value;
    int status;
} faults[] = {
    { 0, 2, DOMCTX_CORE_NO_IMAGE },
    { 4, 1, DOMCTX_CORE_START },       /* its instance */
    { 8, 0, DOMCTX_CORE_START },       /* its length */
    { 32, 0xff, DOMCTX_CORE_LENGTH },
    { 39, 0x80, DOMCTX_CORE_LENGTH },  /* that overflows */
    { 47, 1, DOMCTX_CORE_PADDING },
    { 52, 1, DOMCTX_CORE_END },        /* its instance */
    { 48, 7, DOMCTX_CORE_CUT },        /* no END */
};

START_TEST(each_fault)
{
    struct bytes b = { .p = NULL };

    put_start(&b, 4, 17);
    put_record(&b, 0x7abcdef0, 0, "seven..", 7);
    put_end(&b);
    ck_assert_int_eq(count(b.p, b.size), 2);
    b.p[faults[_i].at] = faults[_i].value;
    ck_assert_int_eq(count(b.p, b.size), faults[_i].status);
    bytes_free(&b);
}
END_TEST

START_TEST(an_end_with_a_body)
{
    struct bytes b = { .p = NULL };

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_END, 0, 8);
    ck_assert_int_eq(count(b.p, b.size), DOMCTX_CORE_END);
    bytes_free(&b);
}
END_TEST

START_TEST(a_second_start)
{
    struct bytes b = { .big = _i };

    put_start(&b, 4, 17);
    put_start(&b, 4, 17);
    put_end(&b);
    ck_assert_int_eq(count(b.p, b.size), DOMCTX_CORE_START);
    bytes_free(&b);
}
END_TEST

/* -- several at once ------------------------------------------------------ */

static void *walk_often(void *arg)
{
    const struct bytes *b = arg;
    intptr_t wrong = 0;

    for (int i = 0; i < 1000; i++)
        wrong += count(b->p, b->size) != WHOLE_RECORDS;
    return (void *)wrong;
}

START_TEST(several_at_once)
{
    struct bytes b = { .p = NULL };
    pthread_t thread[4];
    void *wrong;

    put_whole(&b);
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, walk_often, &b),
                         0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_join(thread[i], &wrong), 0);
        ck_assert_ptr_null(wrong);
    }
    bytes_free(&b);
}
END_TEST

/* -- filling -------------------------------------------------------------- */

/* The image of put_start() and so on, in so much room; or what is wrong. */
static int fill_all(uint8_t *buf, uint64_t room, uint64_t *size)
{
    struct domctx_fill fill;
    uint8_t *body;
    int rc = domctx_fill_open(&fill, buf, room, 4, 17);

    if (rc == 0)
        rc = domctx_fill_reserve(&fill, DOMCTX_TSC_INFO, 0, 24, &body);
    if (rc == 0) {
        memset(body, 0, 24);
        rc = domctx_fill_commit(&fill, 24);
    }
    if (rc == 0)
        rc = domctx_fill_reserve(&fill, DOMCTX_EVTCHN, 0, 7, &body);
    if (rc == 0) {
        memset(body, 0, 5);
        body[5] = body[6] = 0xaa;   /* not committed */
        rc = domctx_fill_commit(&fill, 5);
    }
    return rc == 0 ? domctx_fill_close(&fill, size) : rc;
}

START_TEST(what_is_filled_is_the_same)
{
    struct bytes b = { .p = NULL };
    uint8_t buf[256];
    uint64_t size;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
    put_zeros(&b, DOMCTX_EVTCHN, 0, 5);
    put_end(&b);
    memset(buf, 0xee, sizeof(buf));
    ck_assert_int_eq(fill_all(buf, sizeof(buf), &size), 0);
    ck_assert_uint_eq(size, b.size);
    ck_assert_mem_eq(buf, b.p, b.size);
    ck_assert_uint_eq(buf[size], 0xee);
    for (uint64_t room = 0; room < b.size; room++) {
        memset(buf, 0xee, sizeof(buf));
        ck_assert_int_eq(fill_all(buf, room, &size), DOMCTX_CORE_ROOM);
        ck_assert_uint_eq(buf[room], 0xee);
    }
    ck_assert_int_eq(fill_all(buf, b.size, &size), 0);
    bytes_free(&b);
}
END_TEST

START_TEST(calls_in_a_wrong_order)
{
    struct domctx_fill fill = { .used = 0 };
    uint64_t size;
    uint8_t buf[256], *body;

    ck_assert_int_eq(domctx_fill_close(&fill, &size), DOMCTX_CORE_ORDER);
    ck_assert_int_eq(domctx_fill_open(&fill, buf, sizeof(buf), 4, 17), 0);
    ck_assert_int_eq(domctx_fill_commit(&fill, 0), DOMCTX_CORE_ORDER);
    ck_assert_int_eq(domctx_fill_reserve(&fill, DOMCTX_START, 0, 8, &body),
                     DOMCTX_CORE_ORDER);
    ck_assert_int_eq(domctx_fill_reserve(&fill, DOMCTX_EVTCHN, 0, UINT64_MAX,
                                         &body), DOMCTX_CORE_ROOM);
    ck_assert_int_eq(domctx_fill_commit(&fill, 0), DOMCTX_CORE_ORDER);
    ck_assert_int_eq(domctx_fill_reserve(&fill, DOMCTX_EVTCHN, 0, 4, &body),
                     0);
    ck_assert_int_eq(domctx_fill_commit(&fill, 5), DOMCTX_CORE_ROOM);
    /* what is reserved and not committed is no record */
    ck_assert_int_eq(domctx_fill_close(&fill, &size), 0);
    ck_assert_int_eq(count(buf, size), 1);
    ck_assert_int_eq(domctx_fill_close(&fill, &size), DOMCTX_CORE_ORDER);
    ck_assert_int_eq(domctx_fill_reserve(&fill, DOMCTX_EVTCHN, 0, 4, &body),
                     DOMCTX_CORE_ORDER);
}
END_TEST

/* No system call: the kernel kills whoever makes one but to read, to write
 * and to end.  Sanitizers and valgrind make their own. */
START_TEST(nothing_is_asked_of_the_kernel)
{
    struct bytes b = { .p = NULL };
    const char *fork_mode = getenv("CK_FORK");
    uint8_t buf[256];
    uint64_t size;
    pid_t child;
    int status;

    if (fork_mode && strcmp(fork_mode, "no") == 0)
        return;
    put_whole(&b);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        bool good;

        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
            _exit(2);
        good = count(b.p, b.size) == WHOLE_RECORDS &&
               fill_all(buf, sizeof(buf), &size) == 0;
        syscall(SYS_exit, good ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
                                        WEXITSTATUS(status) == 2),
                  "status 0x%x", (unsigned int)status);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("core");
    TCase *tc = tcase_create("walk");

    tcase_add_loop_test(tc, pages_that_are_only_read, 0, 2);
    tcase_add_loop_test(tc, any_base, 0, 2);
    tcase_add_loop_test(tc, the_records_are_those_of_the_parser, 0, 2);
    tcase_add_loop_test(tc, one_is_found, 0, 2);
    tcase_add_loop_test(tc, cut_anywhere, 0, 2);
    tcase_add_loop_test(tc, any_byte, 0, 2);
    tcase_add_loop_test(tc, each_fault, 0,
                        sizeof(faults) / sizeof(faults[0]));
    tcase_add_test(tc, an_end_with_a_body);
    tcase_add_loop_test(tc, a_second_start, 0, 2);
    tcase_add_test(tc, several_at_once);
    suite_add_tcase(suite, tc);
    tc = tcase_create("fill");
    tcase_add_test(tc, what_is_filled_is_the_same);
    tcase_add_test(tc, calls_in_a_wrong_order);
    tcase_add_test(tc, nothing_is_asked_of_the_kernel);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
