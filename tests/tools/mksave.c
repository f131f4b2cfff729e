/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mksave [OPTION]... OUT: a save file or stream as Xen 4.6 and later write
 * it.  Guest memory is a hole in the file, so any size can be made.
 *
 *   -l LAYER   the outermost: xl (default), libxl or libxc
 *   -v N       version of the libxc stream: 2, 3 (default) or 4
 *   -x X.Y     the Xen that saved it (default 4.17, or 4.13 for version 2)
 *   -m MIB     memory, laid out as that of an HVM guest (default: one page
 *              that is not there)
 *   -d         memory without holes: full records alone
 *   -c FILE    the HVM context (default: HEADER and END)
 *   -j FILE    the configuration (default: a name, uuid and type)
 *   -t, -T     with (default) or without X86_TSC_INFO; in version 4
 *              DOMAIN_CONTEXT
 *   -k N       N checkpoints before the end, each with the context
 *   -e BYTES   size of the emulator's record; 0: none, as in a PVH guest
 *   -E ID      the emulator: 1 qemu-traditional, 2 QEMU (default)
 *   -p FILE    the CPUID policy: a line a leaf, of its number, subleaf, EAX,
 *              EBX, ECX and EDX in hexadecimal
 *   -s I=V     an MSR of the MSR policy, in hexadecimal; again for more
 *   -S         without STATIC_DATA_END, which versions 3 and 4 have
 *   -a I=V     an HVM parameter beside STORE_PFN, in hexadecimal; likewise
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096
#define BATCH 1024
#define LOW_PAGES 0xf0000   /* up to 3.75 GiB; then from 4 GiB on */
#define HIGH_PAGE 0x100000
#define SPECIAL 0xfeff8     /* 8 pages below 0xff000 */
#define XTAB (UINT64_C(15) << 60)

#define UUID "5a6c0d0e-1c24-4b3c-9d2e-0123456789ab"
static const char default_config[] =
    "{\"c_info\": {\"type\": \"hvm\", \"name\": \"old\", "
    "\"uuid\": \"" UUID "\"}}";

struct job {
    int fd;
    bool xl, libxl, dense, tsc, no_static_end;
    unsigned int version, xen_major, xen_minor, checkpoints;
    uint64_t pages;
    uint32_t emulator, emulator_id;
    struct list {               /* as the stream has them */
        uint8_t bytes[8192];
        size_t size;
    } leaves, msrs, params;
    uint8_t *context, *config;
    size_t context_size, config_size;
};

/* -- bytes ----------------------------------------------------------- */

static void put(const struct job *job, const void *p, size_t size)
{
    if (size && write(job->fd, p, size) != (ssize_t)size)
        err(2, "write");
}

static void hole(const struct job *job, uint64_t size)
{
    if (size && lseek(job->fd, (off_t)size, SEEK_CUR) < 0)
        err(2, "lseek");
}

static void put_number(const struct job *job, uint64_t value, size_t width,
                       bool big)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < width; i++)
        bytes[big ? width - 1 - i : i] = (uint8_t)(value >> 8 * i);
    put(job, bytes, width);
}

static void le32(const struct job *job, uint64_t value)
{
    put_number(job, value, 4, false);
}

static void be32(const struct job *job, uint64_t value)
{
    put_number(job, value, 4, true);
}

static void le64(const struct job *job, uint64_t value)
{
    put_number(job, value, 8, false);
}

/* Numbers for a record to come. */
static void add(struct list *list, uint64_t value, size_t width)
{
    if (list->size + width > sizeof(list->bytes))
        errx(2, "too many entries");
    for (size_t i = 0; i < width; i++)
        list->bytes[list->size++] = (uint8_t)(value >> 8 * i);
}

/* A record of either stream. */
static void record(const struct job *job, uint32_t type, const void *body,
                   size_t size)
{
    static const uint8_t zeros[8];

    le32(job, type);
    le32(job, size);
    put(job, body, size);
    put(job, zeros, -size & 7);
}

/* -- parts ----------------------------------------------------------- */

static void put_xl(const struct job *job)
{
    put(job, "Xen saved domain, xl format\n \0 \r", 32);
    le32(job, 0x01020304);
    le32(job, 3); /* JSON, libxl stream */
    le32(job, 0);
    le32(job, job->config_size + 4);
    le32(job, job->config_size);
    put(job, job->config, job->config_size);
}

static void put_headers(const struct job *job)
{
    static const uint8_t ones[8] = { 255, 255, 255, 255, 255, 255, 255,
                                     255 };

    if (job->libxl) {
        put(job, "LibxlFmt", 8);
        be32(job, 2);
        be32(job, 0);
        record(job, 1, NULL, 0);
    }
    put(job, ones, 8);
    be32(job, 0x58454e46);
    be32(job, job->version);
    le64(job, 0);
    le32(job, 2);          /* HVM */
    le32(job, 12);         /* page shift */
    le32(job, job->xen_major);
    le32(job, job->xen_minor);
    if (job->leaves.size)
        record(job, 0x11, job->leaves.bytes, job->leaves.size);
    if (job->msrs.size)
        record(job, 0x12, job->msrs.bytes, job->msrs.size);
    if (job->version >= 3 && !job->no_static_end)
        record(job, 0x10, NULL, 0);
}

static bool is_populated(const struct job *job, uint64_t page)
{
    uint64_t low = job->pages < LOW_PAGES ? job->pages : LOW_PAGES;

    if (job->dense)
        return page < job->pages;
    return page < low || (page >= SPECIAL && page < SPECIAL + 8) ||
           (page >= HIGH_PAGE && page < HIGH_PAGE + job->pages - low);
}

/* The saver sends every page up to the highest, those that are not there by
 * their number alone. */
static void put_memory(const struct job *job)
{
    uint64_t entries[BATCH], end = SPECIAL + 8;

    if (job->dense || job->pages == 0)
        end = job->pages ? job->pages : 1;
    else if (job->pages > LOW_PAGES)
        end = HIGH_PAGE + job->pages - LOW_PAGES;
    for (uint64_t first = 0; first < end; first += BATCH) {
        uint64_t n = end - first < BATCH ? end - first : BATCH, here = 0;

        for (uint64_t i = 0; i < n; i++) {
            bool populated = is_populated(job, first + i);

            here += populated;
            entries[i] = (first + i) | (populated ? 0 : XTAB);
        }
        le32(job, 1);
        le32(job, 8 + 8 * n + PAGE * here);
        le64(job, n);
        put(job, entries, 8 * n); /* x86 alone: little-endian */
        hole(job, PAGE * here);
    }
}

static void put_tsc(const struct job *job)
{
    if (job->version < 4) {
        le32(job, 8);
        le32(job, 24);
    } else {
        le32(job, 0x13);
        le32(job, 24 + 40 + 16); /* three records */
        le32(job, 1);      /* START */
        le32(job, 0);
        le64(job, 8);
        le32(job, job->xen_major);
        le32(job, job->xen_minor);
        le32(job, 3);      /* TSC_INFO */
        le32(job, 0);
        le64(job, 24);
    }
    le32(job, 1);
    le32(job, 2400000);
    le64(job, 77);
    le32(job, 2);
    le32(job, 0);
    if (job->version >= 4) {
        le64(job, 0);      /* END */
        le64(job, 0);
    }
}

/* What ends an interval: the state of the domain. */
static void put_state(const struct job *job)
{
    struct list params = { .size = 0 };

    add(&params, 1 + job->params.size / 16, 8);
    add(&params, 1 /* STORE_PFN */, 8);
    add(&params, 0xfeffc, 8);
    if (params.size + job->params.size > sizeof(params.bytes))
        errx(2, "too many entries");
    memcpy(params.bytes + params.size, job->params.bytes, job->params.size);
    params.size += job->params.size;
    if (job->tsc)
        put_tsc(job);
    record(job, 9, job->context, job->context_size);
    record(job, 0xa, params.bytes, params.size);
}

static void put_emulator(const struct job *job)
{
    uint8_t *body = calloc(1, job->emulator + 8);

    if (!job->libxl || !job->emulator || !body) {
        free(body);
        return;
    }
    body[0] = (uint8_t)job->emulator_id;
    memcpy(body + 8, "QEVM", job->emulator < 4 ? job->emulator : 4);
    record(job, 3, body, job->emulator + 8);
    free(body);
}

static void put_all(const struct job *job)
{
    if (job->xl)
        put_xl(job);
    put_headers(job);
    put_memory(job);
    for (unsigned int i = 0; i < job->checkpoints; i++) {
        put_state(job);
        record(job, 0xe, NULL, 0);
        if (job->libxl) {
            put_emulator(job);
            record(job, 4, NULL, 0);
        }
    }
    put_state(job);
    record(job, 0, NULL, 0);
    put_emulator(job);
    if (job->libxl)
        record(job, 0, NULL, 0);
}

/* -- command line ------------------------------------------------------ */

static uint8_t *load(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *p = NULL;
    long end;

    if (!file || fseek(file, 0, SEEK_END) || (end = ftell(file)) < 0)
        err(2, "%s", path);
    rewind(file);
    *size = (size_t)end;
    p = malloc(*size + 1);
    if (!p || fread(p, 1, *size, file) != *size)
        err(2, "%s", path);
    fclose(file);
    p[*size] = '\0';
    return p;
}

static void set_defaults(struct job *job)
{
    static const uint8_t context[40] = {
        1, 0, 0, 0, 24, 0, 0, 0, 0x86, 0x12, 0x38, 0x54, 1,
        [25] = 6, [26] = 3, [29] = 0x9f, [30] = 0x24,
    };

    if (!job->context) {
        job->context_size = sizeof(context);
        job->context = malloc(sizeof(context));
        memcpy(job->context, context, sizeof(context));
    }
    if (!job->config) {
        job->config_size = sizeof(default_config);
        job->config = malloc(sizeof(default_config));
        memcpy(job->config, default_config, sizeof(default_config));
    }
    if (job->xen_major == 0 && job->xen_minor == 0) {
        job->xen_major = 4;
        job->xen_minor = job->version == 2 ? 13 : 17;
    }
}

static void load_leaves(struct list *list, const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned int n[6];

    if (!file)
        err(2, "%s", path);
    while (fscanf(file, "%x %x %x %x %x %x", &n[0], &n[1], &n[2], &n[3],
                  &n[4], &n[5]) == 6)
        for (size_t i = 0; i < 6; i++)
            add(list, n[i], 4);
    fclose(file);
}

/* "I=V": in a parameter both have 64 bits. */
static void add_pair(struct list *list, const char *text, bool msr)
{
    uint64_t index, value;

    if (sscanf(text, "%" SCNx64 "=%" SCNx64, &index, &value) != 2)
        errx(2, "no pair '%s'", text);
    add(list, index, msr ? 4 : 8);
    if (msr)
        add(list, 0, 4);
    add(list, value, 8);
}

static void set_layer(struct job *job, const char *layer)
{
    job->xl = strcmp(layer, "xl") == 0;
    job->libxl = job->xl || strcmp(layer, "libxl") == 0;
    if (!job->libxl && strcmp(layer, "libxc") != 0)
        errx(2, "no layer '%s'", layer);
}

int main(int argc, char **argv)
{
    struct job job = { .xl = true, .libxl = true, .version = 3,
                       .emulator = 100, .emulator_id = 2, .tsc = true };
    static const char letters[] = "l:v:x:m:dc:j:tTk:e:E:p:s:a:S";

    for (int letter; (letter = getopt(argc, argv, letters)) != -1;) {
        switch (letter) {
        case 'l': set_layer(&job, optarg); break;
        case 'v': job.version = (unsigned int)atoi(optarg); break;
        case 'x':
            if (sscanf(optarg, "%u.%u", &job.xen_major, &job.xen_minor) != 2)
                errx(2, "no release '%s'", optarg);
            break;
        case 'm': job.pages = strtoull(optarg, NULL, 10) * 256; break;
        case 'd': job.dense = true; break;
        case 'c': job.context = load(optarg, &job.context_size); break;
        case 'j':
            job.config = load(optarg, &job.config_size);
            job.config_size++; /* the NUL counts */
            break;
        case 't':
        case 'T': job.tsc = letter == 't'; break;
        case 'S': job.no_static_end = true; break;
        case 'k': job.checkpoints = (unsigned int)atoi(optarg); break;
        case 'E': job.emulator_id = (uint32_t)atoi(optarg); break;
        case 'p': load_leaves(&job.leaves, optarg); break;
        case 's': add_pair(&job.msrs, optarg, true); break;
        case 'a': add_pair(&job.params, optarg, false); break;
        case 'e': job.emulator = (uint32_t)atoi(optarg); break;
        default: return 2;
        }
    }
    if (optind + 1 != argc)
        errx(2, "one file to write");
    set_defaults(&job);
    job.fd = open(argv[optind], O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (job.fd < 0)
        err(2, "%s", argv[optind]);
    put_all(&job);
    if (close(job.fd) < 0)
        err(2, "%s", argv[optind]);
    free(job.context);
    free(job.config);
    return 0;
}
