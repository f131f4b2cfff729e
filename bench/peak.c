/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * peak BLOB VCPUS OUT
 *
 * Make a blob of VCPUS vCPUs out of a captured one, migrate it to an image
 * and back, and print the greatest amount of heap that the library held at a
 * time, as a ratio to the blob's size.  Heap is counted, not sampled: this
 * program's malloc() stands before the C library's for every library it
 * uses.
 */
#include <domctx.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *memory);

static size_t held, most;

static void *took(void *memory)
{
    held += malloc_usable_size(memory);
    if (held > most)
        most = held;
    return memory;
}

void *malloc(size_t size)
{
    return took(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return took(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    size_t before = malloc_usable_size(old);
    void *memory = __libc_realloc(old, size);

    if (memory || size == 0)
        held -= before;
    return took(memory);
}

void free(void *memory)
{
    held -= malloc_usable_size(memory);
    __libc_free(memory);
}

static uint8_t *read_file(const char *name, size_t *size)
{
    static uint8_t buffer[1 << 20];
    FILE *file = fopen(name, "rb");

    if (!file)
        return NULL;
    *size = fread(buffer, 1, sizeof(buffer), file);
    fclose(file);
    return buffer;
}

/* The captured blob, with every record of vCPU 0 once for each vCPU. */
static int multiply(const domctx_hvm *from, uint32_t vcpus, uint8_t **blob,
                    size_t *size)
{
    domctx_builder *builder = domctx_builder_hvm();
    const struct domctx_record *record;
    int rc = 0;

    for (size_t i = 0; (record = domctx_hvm_get(from, i)); i++) {
        /* per vCPU: CPU, LAPIC, LAPIC_REGS, and from MTRR on */
        bool each = record->type == 2 || record->type == 5 ||
                    record->type == 6 ||
                    (record->type >= 14 && record->type != 15);

        if (record->type == DOMCTX_HVM_END || (each && record->instance))
            continue;
        for (uint32_t vcpu = 0; vcpu < (each ? vcpus : 1); vcpu++)
            rc |= domctx_builder_add(builder, record->type,
                                     each ? vcpu : record->instance,
                                     record->body, (size_t)record->length,
                                     NULL);
    }
    rc |= domctx_builder_take(builder, NULL, false, blob, size, NULL);
    domctx_builder_free(builder);
    return rc;
}

static int there_and_back(const uint8_t *blob, size_t size, bool *same)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    uint8_t *image_bytes = NULL, *back = NULL;
    size_t image_size, back_size;
    domctx_image *image = NULL;
    domctx_hvm *hvm = NULL;
    int rc = -1;

    if (domctx_hvm_parse(blob, size, &hvm, NULL) == 0 &&
        domctx_migrate(builder, hvm, NULL) == 0 &&
        domctx_builder_take(builder, NULL, true, &image_bytes, &image_size,
                            NULL) == 0) {
        domctx_builder_free(builder);
        domctx_hvm_free(hvm);
        builder = NULL;
        hvm = NULL;
        rc = domctx_image_parse(image_bytes, image_size, &image, NULL);
        if (rc == 0)
            rc = domctx_image_to_hvm(image, &back, &back_size, NULL);
    }
    *same = rc == 0 && back_size == size && memcmp(back, blob, size) == 0;
    domctx_builder_free(builder);
    domctx_hvm_free(hvm);
    domctx_image_free(image);
    free(image_bytes);
    free(back);
    return rc;
}

int main(int argc, char **argv)
{
    uint32_t vcpus = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    size_t size = 0, blob_size = 0, before;
    uint8_t *captured, *blob = NULL;
    domctx_hvm *hvm = NULL;
    bool same = false;
    FILE *out;

    if (!vcpus || !(captured = read_file(argv[1], &size)) ||
        domctx_hvm_parse(captured, size, &hvm, NULL) < 0 ||
        multiply(hvm, vcpus, &blob, &blob_size) != 0 ||
        !(out = fopen(argv[3], "wb"))) {
        fprintf(stderr, "usage: peak BLOB VCPUS OUT\n");
        return 2;
    }
    fwrite(blob, 1, blob_size, out);
    fclose(out);
    domctx_hvm_free(hvm);

    before = held;
    most = held;
    if (there_and_back(blob, blob_size, &same) < 0 || !same) {
        fprintf(stderr, "peak: the blob did not come back the same\n");
        return 1;
    }
    printf("%zu %.2f\n", blob_size,
           (double)(most - before) / (double)blob_size);
    free(blob);
    return 0;
}
