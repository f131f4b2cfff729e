/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay COUNT FILE...: the target on each file, and on COUNT changed copies
 * of it; the same ones each time.  Stands for libFuzzer where that is not.
 *
 * replay every FILE...: on each file with each of its bits flipped, and cut at
 * each of its bytes.
 */
#include <time.h>

#include "fuzz.h"
#include "mutate.h"

/* What a change may add. */
#define MORE 4096

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 11) % n;
}

/* Some bytes changed to values that are often at the edge of something, or the
 * end cut off. */
static size_t change(uint8_t *p, size_t size)
{
    static const uint8_t edges[] = { 0, 1, 2, 8, 0x7f, 0x80, 0xfe, 0xff };

    for (size_t n = 1 + below(4); n > 0 && size > 0; n--) {
        size_t at = below(size);

        if (below(16) == 0)
            size = at;
        else if (below(2))
            p[at] = edges[below(sizeof(edges))];
        else
            p[at] ^= (uint8_t)(1u << below(8));
    }
    return size;
}

/* Every other change is one of a field or a record. */
static size_t change_somehow(uint8_t *p, size_t size, size_t max)
{
    size_t changed = below(2) ? mutate(p, size, max, state) : 0;

    return changed ? changed : change(p, size);
}

static unsigned long executed;
static double took; /* by the target alone */

/* Of processor time: the same on a machine that does other things. */
static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* In memory of just that size, for the sanitizers. */
static void run(const uint8_t *data, size_t size, int changed)
{
    size_t max = size + MORE;
    uint8_t *copy = malloc(max), *fitting;

    if (!copy)
        exit(2);
    if (size)
        memcpy(copy, data, size);
    if (changed)
        size = change_somehow(copy, size, max);
    fitting = realloc(copy, size + !size);
    copy = fitting ? fitting : copy;
    took -= seconds();
    LLVMFuzzerTestOneInput(copy, size);
    took += seconds();
    executed++;
    free(copy);
}

static void flip_and_cut(uint8_t *data, size_t size)
{
    for (size_t bit = 0; bit < 8 * size; bit++) {
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        run(data, size, 0);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++)
        run(data, cut, 0);
}

static void replay(const char *name, const char *how)
{
    static uint8_t data[1 << 20];
    unsigned long count = strtoul(how, NULL, 10);
    FILE *file = fopen(name, "rb");
    size_t size;

    if (!file) {
        perror(name);
        exit(2);
    }
    size = fread(data, 1, sizeof(data), file);
    fclose(file);
    run(data, size, 0);
    for (unsigned long i = 0; i < count; i++)
        run(data, size, 1);
    if (strcmp(how, "every") == 0)
        flip_and_cut(data, size);
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        replay(argv[i], argv[1]);
    printf("%d files, %lu executions, %.0f a second\n",
           argc > 2 ? argc - 2 : 0, executed,
           took > 0 ? (double)executed / took : 0.0);
    return 0;
}
