/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Symbols of a guest's kernel: which texts are some, what is named by them,
 * and whose they are. */
#include "diagnose/diagnose.h"
#include "diagnose/symbols.h"

#include "support.h"

#define NEEDED \
    "ffffffff81000000 T _stext\n" \
    "ffffffff81200000 T entry_SYSCALL_64\n" \
    "ffffffff81400000 T _etext\n"

static domctx_symbols *read_text(const char *text, size_t size,
                                 const char *id)
{
    domctx_report *report = domctx_report_new();
    domctx_symbols *symbols;
    int result = domctx_symbols_read(text, size, &symbols, report);

    ck_assert_msg(result == (id ? -1 : 0), "%.60s", text);
    ck_assert_ptr_eq(id ? (void *)symbols : NULL, NULL);
    expect_only(report, id);
    domctx_report_free(report);
    return symbols;
}

/* -- texts ---------------------------------------------------------------- */

static const struct text {
    const char *what, *text, *id;
} texts[] = {
    { "a System.map", NEEDED, NULL },
    { "no line end at the end",
      NEEDED "ffffffff81000010 t a", NULL },
    { "ends of DOS", "ffffffff81000000 T _stext\r\n"
      "ffffffff81200000 T entry_SYSCALL_64\r\n\r\n"
      "ffffffff81400000 T _etext\r\n", NULL },
    { "modules", NEEDED "ffffffffc0000000 t a\t[xen_netfront]\n"
      "ffffffffc0000000 t bpf_prog_6deef7357e7b4530\t[bpf]\n", NULL },
    { "a module's entry", NEEDED
      "ffffffffc0000000 t entry_SYSCALL_64\t[mine]\n", NULL },
    { "other types", NEEDED "0000000000000000 A fixed_percpu_data\n"
      "ffffffff81000010 ? a\nffffffff82000000 B __bss_start\n", NULL },
    { "small addresses", NEEDED "0 A a\n1f000 D b\n", NULL },
    { "the same twice", NEEDED NEEDED, NULL },
    { "odd names", NEEDED "ffffffff81000010 t a.constprop.0$1<T>\n", NULL },
    { "nothing", "", "symbols-none" },
    { "an empty line", "\n", "symbols-none" },
    { "all addresses 0", "0000000000000000 T _stext\n"
      "0000000000000000 T entry_SYSCALL_64\n0000000000000000 T _etext\n",
      "symbols-none" },
    { "no entry", "ffffffff81000000 T _stext\nffffffff81400000 T _etext\n",
      "symbols-none" },
    { "no end of the code", "ffffffff81000000 T _stext\n"
      "ffffffff81200000 T entry_SYSCALL_64\n", "symbols-none" },
    { "two kernels", NEEDED "ffffffff81300000 T entry_SYSCALL_64\n",
      "symbols-none" },
    { "Debian's System.map", "ffffffffffffffff B The real System.map is in "
      "the linux-image-<version>-dbg package\n", "symbols-line" },
    { "words", NEEDED "hello\n", "symbols-line" },
    { "no name", NEEDED "ffffffff81000010 t \n", "symbols-line" },
    { "no type", NEEDED "ffffffff81000010 a\n", "symbols-line" },
    { "two blanks", NEEDED "ffffffff81000010  t a\n", "symbols-line" },
    { "a wide address", NEEDED "0ffffffff81000010 t a\n", "symbols-line" },
    { "0x", NEEDED "0xffffffff81000010 t a\n", "symbols-line" },
    { "a sign", NEEDED "-1 t a\n", "symbols-line" },
    { "a blank behind", NEEDED "ffffffff81000010 t a \n", "symbols-line" },
    { "half a module", NEEDED "ffffffff81000010 t a\t[b\n", "symbols-line" },
    { "a module of no name", NEEDED "ffffffff81000010 t a\t[]\n",
      "symbols-line" },
    { "what a terminal obeys", NEEDED "ffffffff81000010 t a\033[2J\n",
      "symbols-line" },
    { "what is no ASCII", NEEDED "ffffffff81000010 t \xc3\xa4\n",
      "symbols-line" },
};
#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

static void a_text(int at)
{
    const struct text *row = &texts[at];

    domctx_symbols_free(read_text(row->text, strlen(row->text), row->id));
}

START_TEST(long_names)
{
    for (size_t size = 510; size < 514; size++) {
        struct bytes bytes = { .p = NULL };

        put_raw(&bytes, NEEDED "ffffffff81000010 t ",
                strlen(NEEDED "ffffffff81000010 t "));
        for (size_t i = 0; i < size; i++)
            put_raw(&bytes, "n", 1);
        domctx_symbols_free(read_text((char *)bytes.p, bytes.size,
                                      size > 511 ? "symbols-line" : NULL));
        bytes_free(&bytes);
    }
    /* a NUL is no end */
    domctx_symbols_free(read_text(NEEDED "1 t a\0b\n", sizeof(NEEDED) + 7,
                                  "symbols-line"));
}
END_TEST

/* Of each function that many kernels together do not have. */
START_TEST(many_functions)
{
    struct bytes bytes = { .p = NULL };
    const char line[] = "ffffffff81000010 t a\n";
    size_t n = (1u << 20) - 3;

    put_raw(&bytes, NEEDED, strlen(NEEDED));
    for (size_t i = 0; i < n; i++)
        put_raw(&bytes, line, sizeof(line) - 1);
    domctx_symbols_free(read_text((char *)bytes.p, bytes.size, NULL));
    put_raw(&bytes, line, sizeof(line) - 1);
    domctx_symbols_free(read_text((char *)bytes.p, bytes.size,
                                  "symbols-none"));
    bytes_free(&bytes);
}
END_TEST

/* Cut anywhere, or with any byte changed, it is symbols or it is refused. */
START_TEST(any_text)
{
    static const char text[] = NEEDED "ffffffff81000010 t a\t[m]\n"
                               "0 A xen_runstate\nffffffff81000010 W b\n";
    char *copy = malloc(sizeof(text));
    unsigned int seed = 15;
    domctx_symbols *symbols;

    ck_assert_ptr_nonnull(copy);
    for (int round = rounds_of(20000); round > 0; round--) {
        size_t size = (size_t)rand_r(&seed) % sizeof(text);
        char *exact = malloc(size + 1);
        uint64_t start = 0;

        memcpy(copy, text, sizeof(text));
        for (int n = rand_r(&seed) % 3; n > 0; n--)
            copy[(size_t)rand_r(&seed) % sizeof(text)] = (char)rand_r(&seed);
        ck_assert_ptr_nonnull(exact);
        memcpy(exact, copy, size);
        if (domctx_symbols_read(exact, size, &symbols, NULL) == 0)
            for (uint64_t at = 0; at < 64; at++)
                ck_assert(!symbols_name(symbols,
                                        UINT64_C(0xffffffff80fffff0) + at,
                                        &start) ||
                          start <= UINT64_C(0xffffffff80fffff0) + at);
        domctx_symbols_free(symbols);
        free(exact);
    }
    free(copy);
}
END_TEST

/* -- names ---------------------------------------------------------------- */

START_TEST(names)
{
    static const char text[] =
        "ffffffff81000020 t second\n" NEEDED
        "ffffffff81000020 T twin\n"
        "ffffffff81000010 w weak\n"
        "ffffffff81000018 D data\n"
        "ffffffff81000018 t of_module\t[m]\n"
        "ffffffff81500000 T init\n";
    static const struct {
        uint64_t address;
        const char *name;
        uint64_t start;
    } rows[] = {
        { 0xffffffff80ffffff, NULL, 0 },
        { 0xffffffff81000000, "_stext", 0xffffffff81000000 },
        { 0xffffffff8100000f, "_stext", 0xffffffff81000000 },
        { 0xffffffff81000018, "weak", 0xffffffff81000010 },
        { 0xffffffff81000020, "second", 0xffffffff81000020 },
        { 0xffffffff811fffff, "second", 0xffffffff81000020 },
        { 0xffffffff813fffff, "entry_SYSCALL_64", 0xffffffff81200000 },
        { 0xffffffff81400000, NULL, 0 },
        { 0xffffffff81500000, NULL, 0 },
        { 0, NULL, 0 },
        { UINT64_MAX, NULL, 0 },
    };
    domctx_symbols *symbols = read_text(text, sizeof(text) - 1, NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t start = 0;
        const char *name = symbols_name(symbols, rows[i].address, &start);

        ck_assert_pstr_eq(name, rows[i].name);
        ck_assert_uint_eq(start, rows[i].start);
    }
    domctx_symbols_free(symbols);
}
END_TEST

/* -- whose they are ------------------------------------------------------- */

struct machine {
    struct bytes bytes;
    domctx_image *image;
    domctx_context *context;
};

static void set_cpu(struct machine *machine, uint32_t vcpu, const char *name,
                    uint64_t value)
{
    const struct context_record *cpu =
        context_find(machine->context, LIVE_TYPE(CPU), vcpu);

    cat_set(cat_field(cpu->known, cpu->layout, name),
            machine->bytes.p + cpu->offset, 0, value);
}

static void boot(struct machine *machine)
{
    memset(machine, 0, sizeof(*machine));
    put_start(&machine->bytes, 4, 17);
    for (uint32_t v = 0; v < 2; v++)
        put_zeros(&machine->bytes, LIVE_TYPE(CPU), v, 1032);
    put_end(&machine->bytes);
    ck_assert_int_eq(domctx_image_parse(machine->bytes.p,
                                        machine->bytes.size, &machine->image,
                                        NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(machine->image,
                                             &machine->context, NULL), 0);
}

static void halt(struct machine *machine)
{
    domctx_context_free(machine->context);
    domctx_image_free(machine->image);
    bytes_free(&machine->bytes);
}

START_TEST(fit)
{
    static const struct {
        uint64_t lstar[2], rip;
        enum kernel_fit fit;
    } rows[] = {
        { { 0xffffffff81200000, 0xffffffff81200000 }, 0, FIT_YES },
        { { 0xffffffff81200000, 0 }, 0, FIT_YES },
        { { 0, 0xffffffff81200000 }, 0, FIT_YES },
        { { 0xffffffffbc400000, 0xffffffffbc400000 }, 0, FIT_YES },
        { { 0, 0 }, 0, FIT_NOTHING },
        { { 0xffffffff81200000, 0xffffffff81400000 }, 0, FIT_OTHER },
        { { 0xffffffff81200040, 0xffffffff81200040 }, 0, FIT_OTHER },
        { { 0xffffffff81300000, 0xffffffff81300000 }, 0, FIT_OTHER },
        { { 0xffffffff81000000, 0xffffffff81000000 }, 0, FIT_OTHER },
        { { 0xffffffffc1200000, 0xffffffffc1200000 }, 0, FIT_OTHER },
        { { 0xfffffe0000006000, 0xfffffe0000006000 }, 0, FIT_TRAMPOLINE },
        /* in the kernel; behind its end; among modules; elsewhere */
        { { 0xffffffff81200000, 0 }, 0xffffffff81ffffff, FIT_YES },
        { { 0xffffffff81200000, 0 }, 0xffffffff82000000, FIT_OTHER },
        { { 0xffffffff81200000, 0 }, 0xffffffffa0000000, FIT_YES },
        { { 0xffffffff81400000, 0 }, 0xffffffff82000000, FIT_YES },
        { { 0xffffffff81400000, 0 }, 0xffffffffa0000000, FIT_OTHER },
        { { 0xffffffff81400000, 0 }, 0xffffffffc0000000, FIT_YES },
        { { 0xffffffff81200000, 0 }, 0x401000, FIT_YES },
    };
    static const char text[] = NEEDED "ffffffff82000000 B _end\n";
    domctx_symbols *symbols = read_text(text, sizeof(text) - 1, NULL);
    struct machine machine;
    uint64_t offset;

    boot(&machine);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (uint32_t v = 0; v < 2; v++)
            set_cpu(&machine, v, "msr_lstar", rows[i].lstar[v]);
        set_cpu(&machine, 0, "rip", rows[i].rip);
        ck_assert_msg(kernel_fit(symbols, machine.context, &offset) ==
                          rows[i].fit, "row %zu", i);
    }
    halt(&machine);
    domctx_symbols_free(symbols);
}
END_TEST

/* Variables of a CPU are counted from 0, or since Linux 6.15 have addresses as
 * others do. */
START_TEST(variables_of_a_cpu)
{
    static const struct {
        const char *line;
        uint64_t distance;
    } rows[] = {
        { "", 0 },
        { "000000000001b000 D xen_vcpu_info\n", 0x1b000 },
        { "ffffffff82a1b000 D xen_vcpu_info\n", 0xffffffff83a1b000 },
        { "1000 D xen_vcpu_info\n2000 d xen_vcpu_info\n", 0 },
    };
    struct machine machine;

    boot(&machine);
    set_cpu(&machine, 0, "msr_lstar", 0xffffffff82200000);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bytes bytes = { .p = NULL };
        domctx_symbols *symbols;

        put_raw(&bytes, NEEDED, strlen(NEEDED));
        put_raw(&bytes, rows[i].line, strlen(rows[i].line));
        symbols = read_text((char *)bytes.p, bytes.size, NULL);
        ck_assert_uint_eq(domctx_symbols_vcpu_info(symbols, machine.context,
                                                   NULL, NULL),
                          rows[i].distance);
        domctx_symbols_free(symbols);
        bytes_free(&bytes);
    }
    halt(&machine);
}
END_TEST

struct at_banner {
    const char *text;
    size_t reads;
};

static size_t read_banner(void *arg, uint32_t vcpu, uint64_t address,
                          void *buf, size_t size)
{
    struct at_banner *at = arg;
    size_t length = strlen(at->text);

    ck_assert_uint_lt(vcpu, 2);
    ck_assert_uint_eq(address, 0xffffffff83300000);
    at->reads++;
    memcpy(buf, at->text, length < size ? length : size);
    return length < size ? length : size;
}

/* The registers fit, but other bytes are at linux_banner: of another kernel.
 * What cannot be read tells nothing. */
START_TEST(variables_behind_a_banner)
{
    static const struct {
        const char *text;
        uint64_t distance;
        size_t reads;
    } rows[] = {
        { "Linux version 6.1", 0x1b000, 1 },
        { "linux version 6.1", 0, 1 },
        { "Linux", 0x1b000, 2 },
    };
    static const char text[] = NEEDED "000000000001b000 D xen_vcpu_info\n"
                               "ffffffff82300000 R linux_banner\n";
    domctx_symbols *symbols = read_text(text, sizeof(text) - 1, NULL);
    struct machine machine;

    boot(&machine);
    set_cpu(&machine, 0, "msr_lstar", 0xffffffff82200000);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct at_banner at = { rows[i].text, 0 };

        ck_assert_uint_eq(domctx_symbols_vcpu_info(symbols, machine.context,
                                                   read_banner, &at),
                          rows[i].distance);
        ck_assert_uint_eq(at.reads, rows[i].reads);
    }
    halt(&machine);
    domctx_symbols_free(symbols);
}
END_TEST

/* -- what is read of memory ----------------------------------------------- */

/* How often, how much, and the lowest and highest address. */
struct seen_reads {
    size_t count, bytes;
    uint64_t low, high;
    size_t gives;
};

static size_t note_read(void *arg, uint32_t vcpu, uint64_t address, void *buf,
                        size_t size)
{
    struct seen_reads *reads = arg;
    size_t given = size < reads->gives ? size : reads->gives;

    ck_assert_uint_lt(vcpu, 2);
    memset(buf, 0x5a, given);
    reads->count++;
    reads->bytes += size;
    if (address < reads->low)
        reads->low = address;
    if (address > reads->high)
        reads->high = address;
    return given;
}

/* No more than a page of a stack and a few variables; none with symbols of
 * another kernel, and none of a program. */
START_TEST(reads_are_bounded)
{
    static const char text[] = NEEDED "100 A xen_runstate\n"
                               "ffffffff82000000 D jiffies_64\n"
                               "ffffffff82000100 D panic_cpu\n";
    domctx_symbols *symbols = read_text(text, sizeof(text) - 1, NULL);
    struct machine machine;
    domctx_memory *memory;

    boot(&machine);
    for (size_t gives = 0; gives < 5000; gives += 7) {
        for (int kind = 0; kind < 3; kind++) {
            struct seen_reads reads = { .low = UINT64_MAX, .gives = gives };

            for (uint32_t v = 0; v < 2; v++) {
                set_cpu(&machine, v, "msr_lstar",
                        0xffffffff81200000 + (kind == 1));
                set_cpu(&machine, v, "rsp", kind == 2 ? 0x7fff0000
                                                      : 0xffffc90000000008);
                set_cpu(&machine, v, "gs_base", 0xffff888000000000);
            }
            ck_assert_int_eq(domctx_memory_read(symbols, machine.context,
                                                note_read, &reads, &memory,
                                                NULL), 0);
            ck_assert_uint_le(reads.bytes, 2 * (4096 + 48 + 12));
            ck_assert_uint_eq(reads.count == 0, kind == 1);
            ck_assert_uint_le(memory->vcpu[0].words, gives / 8);
            ck_assert_uint_eq(memory->vcpu[1].words > 0,
                              kind == 0 && gives >= 8);
            ck_assert_int_eq(memory->has_panic, kind != 1 && gives >= 4);
            ck_assert_int_eq(memory->vcpu[0].has_runstate,
                             kind != 1 && gives >= 48);
            domctx_memory_free(memory);
        }
    }
    halt(&machine);
    domctx_symbols_free(symbols);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("symbols");
    TCase *tc = tcase_create("symbols");

    for (size_t i = 0; i < N_TEXTS; i++)
        add_named(tc, a_text, (int)i, "%s", texts[i].what);
    tcase_add_test(tc, long_names);
    tcase_add_test(tc, many_functions);
    tcase_add_test(tc, any_text);
    tcase_add_test(tc, names);
    tcase_add_test(tc, fit);
    tcase_add_test(tc, variables_of_a_cpu);
    tcase_add_test(tc, variables_behind_a_banner);
    tcase_add_test(tc, reads_are_bounded);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
