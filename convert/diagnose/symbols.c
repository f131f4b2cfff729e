/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading System.map, or the output of /proc/kallsyms: lines "ADDRESS TYPE
 * NAME", followed by a tab and "[MODULE]" for symbols outside the kernel
 * itself (Linux kernel/kallsyms.c:s_show()).
 *
 * A first pass counts and checks, a second one fills memory that was allocated
 * once.
 */
#include "diagnose/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/chars.h"
#include "base/messages.h"

/* KSYM_NAME_LEN since Linux 6.1, NUL included; 128 before. */
#define NAME_MAX_SIZE 511u
/* A distribution's kernel has some 60,000 functions. */
#define FUNCTIONS_MAX (1u << 20)
#define ADDRESS_DIGITS 16u

struct function {
    uint64_t address;
    size_t name;        /* offset in names */
};

struct domctx_symbols {
    struct function *functions;   /* sorted by address */
    size_t n_functions;
    char *names;                  /* NUL-terminated, one after the other */
    uint64_t address[SYMBOL_COUNT];
    bool has[SYMBOL_COUNT], twice[SYMBOL_COUNT];
};

static const char *const wanted[SYMBOL_COUNT] = {
    [SYMBOL_ENTRY] = "entry_SYSCALL_64", [SYMBOL_STEXT] = "_stext",
    [SYMBOL_ETEXT] = "_etext",           [SYMBOL_END] = "_end",
    [SYMBOL_BANNER] = "linux_banner",    [SYMBOL_JIFFIES] = "jiffies_64",
    [SYMBOL_PANIC] = "panic_cpu",        [SYMBOL_RUNSTATE] = "xen_runstate",
    [SYMBOL_VCPU_INFO] = "xen_vcpu_info",
};

/* -- a line --------------------------------------------------------------- */

struct line {
    uint64_t address;
    char type;
    const char *name;
    size_t size;        /* of name */
    bool of_module, empty;
};

/* Read hexadecimal digits; returns how many, 0 if there are none or too
 * many. */
static size_t read_address(const char *p, size_t size, uint64_t *address)
{
    size_t n = 0;

    *address = 0;
    while (n < size && char_is_hex(p[n])) {
        if (n == ADDRESS_DIGITS)
            return 0;
        *address = *address << 4 | char_digit(p[n++]);
    }
    return n;
}

static bool is_type(char c)
{
    char low = char_lower(c);

    return (low >= 'a' && low <= 'z') || c == '?' || c == '-';
}

/* The length of a name of printable characters: names reach terminals. */
static size_t name_size(const char *p, size_t size)
{
    size_t n = 0;

    while (n < size && p[n] > ' ' && p[n] <= '~')
        n++;
    return n <= NAME_MAX_SIZE ? n : 0;
}

/* Whether the rest of the line is "\t[MODULE]". */
static bool is_module(const char *p, size_t size)
{
    return size > 3 && p[0] == '\t' && p[1] == '[' && p[size - 1] == ']' &&
           name_size(p + 1, size - 1) == size - 1;
}

/* Parse a line of size characters, without its newline. */
static bool read_line(const char *p, size_t size, struct line *line)
{
    size_t digits = read_address(p, size, &line->address);
    const char *rest = p + digits;
    size_t left = size - digits;

    line->empty = size == 0;
    if (line->empty)
        return true;
    if (digits == 0 || left < 4 || rest[0] != ' ' || !is_type(rest[1]) ||
        rest[2] != ' ')
        return false;
    line->type = rest[1];
    line->name = rest + 3;
    line->size = name_size(rest + 3, left - 3);
    left -= 3 + line->size;
    line->of_module = left > 0;
    return line->size > 0 &&
           (left == 0 || is_module(line->name + line->size, left));
}

static bool is_function(const struct line *line)
{
    char type = char_lower(line->type);

    return !line->empty && !line->of_module && (type == 't' || type == 'w');
}

/* -- all lines ------------------------------------------------------------ */

typedef void line_fn(domctx_symbols *symbols, const struct line *line,
                     void *arg);

/* Call take for every line; false at a malformed line, with its number in
 * *number. */
static bool each_line(domctx_symbols *symbols, const char *text, size_t size,
                      line_fn *take, void *arg, size_t *number)
{
    const char *end = text + size, *p = text;

    for (*number = 1; p < end; ++*number) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        size_t length = (size_t)((stop ? stop : end) - p);
        struct line line = { .name = NULL };

        if (length && p[length - 1] == '\r')
            length--;
        if (!read_line(p, length, &line))
            return false;
        take(symbols, &line, arg);
        if (!stop)
            break;
        p = stop + 1;
    }
    return true;
}

struct count {
    size_t functions, names;
    uint64_t all;          /* the OR of all addresses */
};

static void count_line(domctx_symbols *symbols, const struct line *line,
                       void *arg)
{
    struct count *count = arg;

    if (line->empty || line->of_module)
        return;
    count->all |= line->address;
    if (is_function(line)) {
        count->functions++;
        count->names += line->size + 1;
    }
    for (size_t i = 0; i < SYMBOL_COUNT; i++) {
        if (!text_is(line->name, line->size, wanted[i]))
            continue;
        symbols->twice[i] = symbols->twice[i] ||
                            (symbols->has[i] &&
                             symbols->address[i] != line->address);
        symbols->has[i] = true;
        symbols->address[i] = line->address;
    }
}

static bool in_code(const domctx_symbols *symbols, uint64_t address)
{
    return address >= symbols->address[SYMBOL_STEXT] &&
           address < symbols->address[SYMBOL_ETEXT];
}

/* arg: where to store the next name. */
static void keep_line(domctx_symbols *symbols, const struct line *line,
                      void *arg)
{
    size_t *used = arg;
    struct function *function = &symbols->functions[symbols->n_functions];

    if (!is_function(line) || !in_code(symbols, line->address))
        return;
    *function = (struct function){ line->address, *used };
    memcpy(symbols->names + *used, line->name, line->size);
    symbols->names[*used + line->size] = '\0';
    *used += line->size + 1;
    symbols->n_functions++;
}

/* By address; of several names for one address the first stays first. */
static int by_address(const void *a, const void *b)
{
    const struct function *one = a, *other = b;

    if (one->address != other->address)
        return one->address < other->address ? -1 : 1;
    return one->name < other->name ? -1 : one->name > other->name;
}

/* -- all of it ------------------------------------------------------------ */

/* Refuse a file without the symbols that are indispensable. */
static int judge(const domctx_symbols *symbols, const struct count *count,
                 domctx_report *report)
{
    if (count->all == 0)
        return msg_raise(report, MSG_SYMBOLS_NONE, NULL, "%s",
                         count->names ? "all addresses are 0"
                                      : "there are no symbols");
    for (size_t i = SYMBOL_ENTRY; i <= SYMBOL_ETEXT; i++)
        if (!symbols->has[i] || symbols->twice[i])
            return msg_raise(report, MSG_SYMBOLS_NONE, NULL, "%s %s",
                             wanted[i], symbols->has[i]
                                 ? "has more than one address"
                                 : "is missing");
    if (count->functions > FUNCTIONS_MAX)
        return msg_raise(report, MSG_SYMBOLS_NONE,
                         &(struct msg_at){ .expected = DEC(FUNCTIONS_MAX),
                                           .found = DEC(count->functions) },
                         "no kernel has so many functions");
    return 0;
}

static int fill(domctx_symbols *symbols, const char *text, size_t size,
                domctx_report *report)
{
    struct count count = { 0 };
    size_t number, used = 0;

    if (!each_line(symbols, text, size, count_line, &count, &number))
        return msg_raise(report, MSG_SYMBOLS_LINE, NULL,
                         "line %zu is no symbol", number);
    if (judge(symbols, &count, report) < 0)
        return -1;
    /* one more, so that the size is never 0 */
    symbols->functions = calloc(count.functions + 1,
                                sizeof(*symbols->functions));
    symbols->names = malloc(count.names + 1);
    if (!symbols->functions || !symbols->names)
        return msg_no_memory(report, count.names);
    each_line(symbols, text, size, keep_line, &used, &number);
    qsort(symbols->functions, symbols->n_functions,
          sizeof(*symbols->functions), by_address);
    return 0;
}

int domctx_symbols_read(const void *text, size_t size,
                        domctx_symbols **symbols, domctx_report *report)
{
    domctx_symbols *made = calloc(1, sizeof(*made));

    *symbols = NULL;
    if (!made)
        return msg_no_memory(report, sizeof(*made));
    if (fill(made, size ? text : "", size, report) < 0) {
        domctx_symbols_free(made);
        return -1;
    }
    *symbols = made;
    return 0;
}

void domctx_symbols_free(domctx_symbols *symbols)
{
    if (!symbols)
        return;
    free(symbols->functions);
    free(symbols->names);
    free(symbols);
}

bool symbols_find(const domctx_symbols *symbols, enum symbol symbol,
                  uint64_t *address)
{
    *address = symbols->address[symbol];
    return symbols->has[symbol] && !symbols->twice[symbol];
}

const char *symbols_name(const domctx_symbols *symbols, uint64_t address,
                         uint64_t *start)
{
    size_t low = 0, high = symbols->n_functions;

    if (!in_code(symbols, address))
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (symbols->functions[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *start = symbols->functions[low - 1].address;
    while (low > 1 && symbols->functions[low - 2].address == *start)
        low--;
    return symbols->names + symbols->functions[low - 1].name;
}
