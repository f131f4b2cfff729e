/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay COUNT FILE...: the target on each file, and on COUNT changed copies
 * of it; the same ones each time.  Stands for libFuzzer where that is not.
 */
#include "fuzz.h"

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

/* In memory of just that size, for the sanitizers. */
static void run(const uint8_t *data, size_t size, int changed)
{
    uint8_t *copy = malloc(size + !size);

    if (!copy)
        exit(2);
    if (size)
        memcpy(copy, data, size);
    if (changed) {
        size_t less = change(copy, size);
        uint8_t *shorter = realloc(copy, less + !less);

        copy = shorter ? shorter : copy;
        size = less;
    }
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void replay(const char *name, unsigned long count)
{
    static uint8_t data[1 << 20];
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
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        replay(argv[i], strtoul(argv[1], NULL, 10));
    printf("%d files\n", argc > 2 ? argc - 2 : 0);
    return 0;
}
