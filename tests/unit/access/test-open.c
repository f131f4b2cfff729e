/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever holds a context is opened, from memory, from a descriptor and by
 * its name; what does not is refused. */
#include "access/access-support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static enum domctx_format format_of(int kind)
{
    static const enum domctx_format formats[KINDS] = {
        DOMCTX_FORMAT_HVM, DOMCTX_FORMAT_IMAGE, DOMCTX_FORMAT_IMAGE,
        DOMCTX_FORMAT_JSON, DOMCTX_FORMAT_JSON, DOMCTX_FORMAT_SAVE,
    };

    return formats[kind];
}

/* The same guest, wherever it was. */
static void expect_context(const domctx_context *context, int kind)
{
    struct domctx_release release;
    struct bytes blob = { 0 };
    domctx_context *plain;

    if (kind == PAGES)
        kind = SAVE;
    load_sample(&blob, samples[0]);
    plain = opened(&blob);
    ck_assert_int_eq(domctx_context_format(context), format_of(kind));
    ck_assert_uint_eq(value_of(context, "CPU", 1, "rip"),
                      value_of(plain, "CPU", 1, "rip"));
    ck_assert(domctx_context_release(context, &release));
    ck_assert_uint_eq(release.xen_major, 4);
    if (kind == WRAPPED || kind == MIGRATED || kind == SAVE)
        ck_assert_uint_eq(release.xen_minor, 17);
    ck_assert_int_eq(domctx_context_source(context) != NULL, kind == SAVE);
    ck_assert_int_eq(domctx_context_image(context) != NULL,
                     kind == WRAPPED || kind == MIGRATED ||
                         kind == JSON_IMAGE);
    ck_assert_int_eq(domctx_context_hvm(context) != NULL,
                     kind != MIGRATED && kind != JSON_IMAGE);
    ck_assert_int_eq(domctx_context_inference(context) != NULL,
                     kind == BLOB || kind == JSON_BLOB);
    domctx_context_free(plain);
    bytes_free(&blob);
}

START_TEST(from_memory)
{
    struct bytes b = { 0 };
    domctx_context *context;

    put_kind(&b, _i);
    context = opened(&b);
    expect_context(context, _i);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

static void write_file(const char *name, const struct bytes *b)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(b->p, 1, b->size, file), b->size);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(by_name)
{
    char name[] = "/tmp/test-open.XXXXXX";
    int fd = mkstemp(name);
    struct bytes b = { 0 };
    domctx_context *context;

    put_kind(&b, _i);
    write_file(name, &b);
    bytes_free(&b);
    ck_assert_int_eq(domctx_open(name, NULL, &context, NULL), 0);
    unlink(name);
    expect_context(context, _i);
    domctx_context_free(context);
    close(fd);
}
END_TEST

/* A file that does not begin where the descriptor stands. */
START_TEST(from_the_middle)
{
    char name[] = "/tmp/test-open.XXXXXX";
    int fd = mkstemp(name);
    struct bytes b = { 0 };
    domctx_context *context;

    unlink(name);
    put_zero(&b, 100);
    put_kind(&b, _i);
    ck_assert_int_eq(write(fd, b.p, b.size), (ssize_t)b.size);
    bytes_free(&b);
    ck_assert_int_eq(lseek(fd, 100, SEEK_SET), 100);
    ck_assert_int_eq(domctx_open_fd(fd, NULL, &context, NULL), 0);
    /* it is still the caller's */
    ck_assert_int_eq(close(fd), 0);
    expect_context(context, _i);
    domctx_context_free(context);
}
END_TEST

static void expect_opened(int fd, int kind)
{
    domctx_context *context;

    ck_assert_int_eq(domctx_open_fd(fd, NULL, &context, NULL), 0);
    expect_context(context, kind);
    domctx_context_free(context);
}

/* A pipe that gives a few bytes at a time and does not block. */
START_TEST(from_a_pipe)
{
    struct bytes b = { 0 };
    int ends[2];
    pid_t child;

    put_kind(&b, _i);
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        for (size_t at = 0, n; at < b.size; at += n) {
            n = b.size - at < 501 ? b.size - at : 501;
            if (write(ends[1], b.p + at, n) != (ssize_t)n)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    expect_opened(ends[0], _i);
    close(ends[0]);
    waitpid(child, NULL, 0);
    bytes_free(&b);
}
END_TEST

/* An image ends where its framing says: the writer may keep the pipe open. */
START_TEST(from_a_pipe_that_stays_open)
{
    struct bytes b = { 0 };
    int ends[2];
    pid_t child;

    put_kind(&b, _i);
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        if (write(ends[1], b.p, b.size) == (ssize_t)b.size)
            pause();
        _exit(1);
    }
    close(ends[1]);
    expect_opened(ends[0], _i);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    bytes_free(&b);
}
END_TEST

/* As on a disk: more bytes behind the image than any image has. */
START_TEST(from_the_head_of_a_disk)
{
    char name[] = "/tmp/test-open.XXXXXX";
    int fd = mkstemp(name);
    struct bytes b = { 0 };
    domctx_context *context;

    put_kind(&b, _i);
    write_file(name, &b);
    ck_assert_int_eq(ftruncate(fd, (off_t)17 << 20), 0);
    ck_assert_int_eq(domctx_open(name, NULL, &context, NULL), 0);
    unlink(name);
    expect_context(context, _i);
    domctx_context_free(context);
    close(fd);
    bytes_free(&b);
}
END_TEST

/* -- read whole ------------------------------------------------------- */

static int64_t no_read(void *arg, void *buf, size_t size)
{
    (void)arg;
    (void)buf;
    (void)size;
    errno = EIO;
    return -1;
}

static int64_t read_zeros(void *arg, void *buf, size_t size)
{
    size_t *left = arg, n = *left < size ? *left : size;

    memset(buf, 0, n);
    *left -= n;
    return (int64_t)n;
}

static void whole_refused(const struct domctx_reader *reader,
                          uint64_t left, uint64_t most, const char *id)
{
    domctx_report *report = domctx_report_new();
    uint8_t byte, *buf = &byte;
    size_t size = 1;

    ck_assert_int_eq(domctx_read_whole(reader, "head", 4, left, most, &buf,
                                       &size, report), -1);
    ck_assert_ptr_null(buf);
    ck_assert_uint_eq(size, 0);
    expect_only(report, id);
    domctx_report_free(report);
}

START_TEST(read_whole)
{
    size_t left = 100000;
    struct domctx_reader zeros = { .read = read_zeros, .arg = &left };
    struct domctx_reader none = { .read = no_read };
    uint8_t *buf;
    size_t size;

    whole_refused(&none, 0, 1000, "file-read");
    whole_refused(&zeros, 1001, 1000, "file-too-large");
    ck_assert_uint_eq(left, 100000);
    whole_refused(&zeros, 0, 1000, "file-too-large");
    left = 100000;
    ck_assert_int_eq(domctx_read_whole(&zeros, "head", 4, 0, 100004, &buf,
                                       &size, NULL), 0);
    ck_assert_uint_eq(size, 100004);
    ck_assert_mem_eq(buf, "head\0", 5);
    free(buf);
}
END_TEST

/* Whatever it is cut at, there is a context or a reason, and never both. */
START_TEST(cut_anywhere)
{
    struct bytes b = { 0 };
    size_t step;

    put_kind(&b, _i);
    step = b.size > 20000 ? 211 : 17;
    for (size_t size = 0; size < b.size; size += step * stride()) {
        domctx_report *report = domctx_report_new();
        domctx_context *context = (domctx_context *)&b;
        int result = domctx_open_memory(b.p, size, NULL, &context, report);

        ck_assert_int_eq(result < 0, context == NULL);
        ck_assert(result == 0 ||
                  domctx_report_worst(report) >= DOMCTX_ERROR);
        domctx_context_free(context);
        domctx_report_free(report);
    }
    bytes_free(&b);
}
END_TEST

/* -- refused ---------------------------------------------------------- */

static void expect_refused(int result, domctx_context *context,
                           domctx_report *report, const char *id)
{
    ck_assert_int_eq(result, -1);
    ck_assert_ptr_null(context);
    expect_only(report, id);
    domctx_report_free(report);
}

static void name_refused(const char *name, const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = (domctx_context *)report;
    int result = domctx_open(name, NULL, &context, report);

    expect_refused(result, context, report, id);
}

static void bytes_refused(const void *bytes, size_t size, const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context = (domctx_context *)report;
    int result = domctx_open_memory(bytes, size, NULL, &context, report);

    expect_refused(result, context, report, id);
}

START_TEST(no_context)
{
    char name[] = "/tmp/test-open.XXXXXX";
    int fd = mkstemp(name);
    domctx_report *report = domctx_report_new();
    domctx_context *context;

    name_refused("/nonexistent/file", "file-open");
    name_refused("", "file-open");
    name_refused("/tmp", "file-folder");
    name_refused(name, "kind-empty");
    bytes_refused(NULL, 0, "kind-empty");
    bytes_refused("QEVM....", 8, "kind-qemu");
    bytes_refused("{}", 2, "json-schema");
    ck_assert_int_eq(ftruncate(fd, (off_t)65 << 20), 0);
    ck_assert_int_eq(pwrite(fd, "{", 1, 0), 1);
    name_refused(name, "kind-unknown"); /* a NUL follows */
    ck_assert_int_eq(pwrite(fd, "{                               ", 32, 0),
                     32);
    name_refused(name, "file-too-large");
    unlink(name);
    close(fd);
    ck_assert_int_eq(domctx_open_fd(fd, NULL, &context, report), -1);
    expect_refused(-1, context, report, "file-read");
}
END_TEST

/* What the caller says of the release counts where nothing else does. */
START_TEST(the_release_that_was_said)
{
    struct domctx_open_options options = {
        .has_xen = true, .xen = { 4, 16, DOMCTX_POINT_ANY },
    };
    domctx_report *report = domctx_report_new();
    struct domctx_release release;
    domctx_context *context;
    struct bytes b = { 0 };
    int result;

    put_kind(&b, BLOB);
    ck_assert_int_eq(domctx_open_memory(b.p, b.size, &options, &context,
                                        report), 0);
    ck_assert(domctx_context_release(context, &release));
    ck_assert_uint_eq(release.xen_minor, 16);
    ck_assert_ptr_null(domctx_context_inference(context));
    domctx_context_free(context);
    b.size = 0;
    put_kind(&b, MIGRATED);
    result = domctx_open_memory(b.p, b.size, &options, &context, report);
    expect_refused(result, context, report, "convert-xen-known");
    options.xen.xen_minor = 17;
    ck_assert_int_eq(domctx_open_memory(b.p, b.size, &options, &context,
                                        NULL), 0);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* No release is believed that the bytes contradict, or that never was. */
START_TEST(a_release_that_cannot_be)
{
    static const struct {
        int kind;
        struct domctx_release xen;
        const char *id;
    } rows[] = {
        { BLOB, { 3, 1, DOMCTX_POINT_ANY }, "convert-xen-contradicted" },
        { BLOB, { 4, 9, DOMCTX_POINT_ANY }, "convert-xen-contradicted" },
        { JSON_BLOB, { 4, 9, 0 }, "convert-xen-contradicted" },
        { SAVE, { 4, 9, DOMCTX_POINT_ANY }, "convert-xen-known" },
        { BLOB, { 0, 0, 0 }, "release-unknown" },
        { BLOB, { 4, 99, DOMCTX_POINT_ANY }, "release-unknown" },
        { MIGRATED, { 0, 0, 0 }, "convert-xen-known" },
    };
    struct domctx_open_options options = { .has_xen = true };
    domctx_report *report = domctx_report_new();
    domctx_context *context;
    struct bytes b = { 0 };
    int result;

    put_kind(&b, rows[_i].kind);
    options.xen = rows[_i].xen;
    result = domctx_open_memory(b.p, b.size, &options, &context, report);
    ck_assert_int_eq(result, -1);
    ck_assert_ptr_null(context);
    ck_assert_str_eq(domctx_report_get(report, 0)->id, rows[_i].id);
    options.force = true;
    result = domctx_open_memory(b.p, b.size, &options, &context, NULL);
    ck_assert_int_eq(result, strcmp(rows[_i].id, "convert-xen-known") == 0
                                 ? -1 : 0);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(unknown_options)
{
    struct domctx_open_options options = { .walk = 16 };
    domctx_report *report = domctx_report_new();
    domctx_context *context;
    struct bytes b = { 0 };
    int result;

    put_kind(&b, _i);
    result = domctx_open_memory(b.p, b.size, &options, &context, report);
    expect_refused(result, context, report, "call-argument");
    options.walk = DOMCTX_WALK_PAGES | DOMCTX_WALK_NO_END;
    ck_assert_int_eq(domctx_open_memory(b.p, b.size, &options, &context,
                                        NULL), 0);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* A view over what the caller parsed has the same getters. */
START_TEST(a_view_by_hand)
{
    struct domctx_release release;
    struct bytes b = { 0 };
    domctx_context *view;
    domctx_hvm *hvm;

    load_sample(&b, samples[0]);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &view, NULL), 0);
    ck_assert_int_eq(domctx_context_format(view), DOMCTX_FORMAT_HVM);
    ck_assert(!domctx_context_release(view, &release));
    ck_assert_ptr_eq(domctx_context_hvm(view), hvm);
    ck_assert_ptr_null(domctx_context_source(view));
    ck_assert_ptr_null(domctx_context_inference(view));
    value_of(view, "CPU", 0, "rip");
    domctx_context_free(view);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("open");
    TCase *tc = tcase_create("open");

    tcase_add_loop_test(tc, from_memory, 0, KINDS_AND_PAGES);
    tcase_add_loop_test(tc, by_name, 0, KINDS_AND_PAGES);
    tcase_add_loop_test(tc, from_the_middle, 0, KINDS_AND_PAGES);
    tcase_add_loop_test(tc, from_a_pipe, 0, KINDS_AND_PAGES);
    tcase_add_loop_test(tc, from_a_pipe_that_stays_open, WRAPPED,
                        MIGRATED + 1);
    tcase_add_loop_test(tc, from_the_head_of_a_disk, WRAPPED, MIGRATED + 1);
    tcase_add_test(tc, read_whole);
    tcase_add_loop_test(tc, cut_anywhere, 0, KINDS);
    tcase_add_test(tc, no_context);
    tcase_add_test(tc, the_release_that_was_said);
    tcase_add_loop_test(tc, a_release_that_cannot_be, 0, 7);
    tcase_add_loop_test(tc, unknown_options, 0, KINDS);
    tcase_add_test(tc, a_view_by_hand);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
