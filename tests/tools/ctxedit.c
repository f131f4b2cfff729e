/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Edits a context file (image of either form, or legacy blob) for tests.
 * See usage() below.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "ctxfile.h"

#define F(record, type, field) \
    { record, #field, offsetof(struct type, field), \
      sizeof(((struct type *)0)->field) }

/* The fields that tests name; anything else goes by offset and width. */
static const struct {
    const char *record, *field;
    size_t offset, width;
} fields[] = {
    F("HEADER", hvm_save_header, magic),
    F("HEADER", hvm_save_header, version),
    F("HEADER", hvm_save_header, gtsc_khz),
    F("CPU", hvm_hw_cpu, rax), F("CPU", hvm_hw_cpu, rbx),
    F("CPU", hvm_hw_cpu, rcx), F("CPU", hvm_hw_cpu, rdx),
    F("CPU", hvm_hw_cpu, rbp), F("CPU", hvm_hw_cpu, rsi),
    F("CPU", hvm_hw_cpu, rdi), F("CPU", hvm_hw_cpu, rsp),
    F("CPU", hvm_hw_cpu, r8), F("CPU", hvm_hw_cpu, r9),
    F("CPU", hvm_hw_cpu, r10), F("CPU", hvm_hw_cpu, r11),
    F("CPU", hvm_hw_cpu, r12), F("CPU", hvm_hw_cpu, r13),
    F("CPU", hvm_hw_cpu, r14), F("CPU", hvm_hw_cpu, r15),
    F("CPU", hvm_hw_cpu, rip), F("CPU", hvm_hw_cpu, rflags),
    F("CPU", hvm_hw_cpu, cr0), F("CPU", hvm_hw_cpu, cr2),
    F("CPU", hvm_hw_cpu, cr3), F("CPU", hvm_hw_cpu, cr4),
    F("CPU", hvm_hw_cpu, dr0), F("CPU", hvm_hw_cpu, dr1),
    F("CPU", hvm_hw_cpu, dr2), F("CPU", hvm_hw_cpu, dr3),
    F("CPU", hvm_hw_cpu, dr6), F("CPU", hvm_hw_cpu, dr7),
    F("CPU", hvm_hw_cpu, msr_efer), F("CPU", hvm_hw_cpu, msr_tsc_aux),
    F("CPU", hvm_hw_cpu, tsc), F("CPU", hvm_hw_cpu, pending_event),
    F("CPU", hvm_hw_cpu, error_code), F("CPU", hvm_hw_cpu, flags),
    F("CPU", hvm_hw_cpu, pad0),
    F("LAPIC", hvm_hw_lapic, apic_base_msr),
    F("LAPIC", hvm_hw_lapic, timer_divisor),
    F("LAPIC", hvm_hw_lapic, tdt_msr),
    F("MTRR", hvm_hw_mtrr, msr_pat_cr),
    F("MTRR", hvm_hw_mtrr, msr_mtrr_def_type),
    F("CPU_XSAVE", hvm_hw_cpu_xsave, xfeature_mask),
    F("CPU_XSAVE", hvm_hw_cpu_xsave, xcr0),
    F("CPU_XSAVE", hvm_hw_cpu_xsave, xcr0_accum),
    F("TSC_ADJUST", hvm_tsc_adjust, tsc_adjust),
    F("VMCE_VCPU", hvm_vmce_vcpu, caps),
};

static void usage(void)
{
    fputs(
"ctxedit IN OUT COMMAND...      IN and OUT may be - or the same file\n"
"  put REC FIELD VALUE          a named field (rbx, cr0, msr_pat_cr ...), or\n"
"  put REC OFFSET:WIDTH VALUE   little-endian, width 1 to 8\n"
"  or REC FIELD|OFFSET:WIDTH VALUE    same, but OR-ed\n"
"  set REC OFFSET HEX           bytes, e.g. set LAPIC_REGS/0 0x200 00ff\n"
"  body REC HEX|@FILE           replace the whole body\n"
"  drop REC                     leave the record out\n"
"  add REC HEX|@FILE            put in, in the saver's order\n"
"  append REC HEX|@FILE         put in behind everything (before no END)\n"
"  move REC POSITION            to position number POSITION (0 first)\n"
"  prov KEY JSON                replace the value of a key of PROVENANCE\n"
"  bare                         drop PROVENANCE and DIGEST\n"
"  keepdigest                   do not compute DIGEST anew\n"
"  tail HEX|@FILE               bytes after everything\n"
"ctxedit IN get REC FIELD|OFFSET:WIDTH      prints 0x...\n"
"ctxedit IN list                            REC LENGTH, a line a record\n"
"ctxedit IN cmp OTHER                       names of records that differ\n"
"ctxedit IN hex REC                         the body in hex\n"
"REC is NAME[/INSTANCE]: START END SHARED_INFO TSC_INFO PROVENANCE DIGEST\n"
"EVTCHN GRANT_TABLE HVM_PARAMS VCPU_STATE CPUID_POLICY MSR_POLICY\n"
"HEADER CPU ... CPU_MSR HVM_END, or a number (0x48560002/1).\n",
          stderr);
    exit(2);
}

static uint8_t *parse_bytes(const char *text, size_t *size)
{
    uint8_t *out;
    if (text[0] == '@') {
        FILE *in = fopen(text + 1, "rb");
        if (in == NULL) {
            ctx_die("%s: cannot open", text + 1);
        }
        out = ctx_alloc(1 << 20);
        *size = fread(out, 1, 1 << 20, in);
        fclose(in);
        return out;
    }
    out = ctx_alloc(strlen(text) / 2 + 1);
    *size = 0;
    for (const char *p = text; *p != '\0'; p += 2) {
        unsigned int byte;
        p += strspn(p, " \n");
        if (*p == '\0') {
            break;
        }
        if (!isxdigit((unsigned char)p[0]) ||
            !isxdigit((unsigned char)p[1]) || sscanf(p, "%2x", &byte) != 1) {
            ctx_die("%s: not hex", text);
        }
        out[(*size)++] = (uint8_t)byte;
    }
    return out;
}

static struct ctx_record *need(struct ctx_file *file, const char *name)
{
    struct ctx_record *record = ctx_find(file, name);
    if (record == NULL) {
        ctx_die("no record %s", name);
    }
    return record;
}

/* Where a field lies: its name, or OFFSET:WIDTH. */
static uint8_t *locate(struct ctx_record *record, const char *name,
                       const char *field, size_t *width)
{
    size_t offset = 0;
    *width = 0;
    if (isdigit((unsigned char)field[0])) {
        char *end;
        offset = strtoul(field, &end, 0);
        *width = *end == ':' ? strtoul(end + 1, NULL, 0) : 0;
    } else {
        size_t length = strcspn(name, "/");
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
            if (strlen(fields[i].record) == length &&
                memcmp(fields[i].record, name, length) == 0 &&
                strcmp(fields[i].field, field) == 0) {
                offset = fields[i].offset;
                *width = fields[i].width;
            }
        }
    }
    if (*width < 1 || *width > 8 || offset > record->length ||
        *width > record->length - offset) {
        ctx_die("%s: no field %s", name, field);
    }
    return record->body + offset;
}

static void put(struct ctx_file *file, char **arg, bool merge)
{
    size_t width;
    uint8_t *p = locate(need(file, arg[0]), arg[0], arg[1], &width);
    uint64_t value = strtoull(arg[2], NULL, 0);
    for (size_t i = 0; i < width; i++) {
        uint8_t byte = (uint8_t)(value >> (8 * i));
        p[i] = merge ? (uint8_t)(p[i] | byte) : byte;
    }
}

static void set_bytes(struct ctx_file *file, char **arg)
{
    size_t size, offset = strtoul(arg[1], NULL, 0);
    struct ctx_record *record = need(file, arg[0]);
    uint8_t *bytes = parse_bytes(arg[2], &size);
    if (offset > record->length || size > record->length - offset) {
        ctx_die("%s: too short", arg[0]);
    }
    memcpy(record->body + offset, bytes, size);
    free(bytes);
}

static void set_body(struct ctx_file *file, char **arg)
{
    struct ctx_record *record = need(file, arg[0]);
    free(record->body);
    record->body = parse_bytes(arg[1], &record->length);
}

/* Before the first record that the saver would write later. */
static void add(struct ctx_file *file, char **arg, bool at_end)
{
    uint32_t type, instance;
    size_t size, at = file->count;
    uint8_t *bytes = parse_bytes(arg[1], &size);
    ctx_parse_name(arg[0], &type, &instance);
    bool hvm = type > CTX_WRAPPED && type <= 0x4856ffffu;
    for (size_t i = 0; !at_end && at == file->count && i < file->count;
         i++) {
        const struct ctx_record *r = &file->records[i];
        bool ends = r->type == 0 || r->type == CTX_WRAPPED ||
                    (!hvm && r->type > CTX_WRAPPED);
        if (ends || r->type > type ||
            (r->type == type && r->instance > instance)) {
            at = i;
        }
    }
    ctx_insert(file, at, type, instance, bytes, size,
               hvm && file->form != CTX_MIGRATED);
    free(bytes);
}

static void move(struct ctx_file *file, char **arg)
{
    struct ctx_record record = *need(file, arg[0]);
    size_t from = (size_t)(ctx_find(file, arg[0]) - file->records);
    size_t to = strtoul(arg[1], NULL, 0);
    struct ctx_record *r = file->records;
    if (to >= file->count) {
        ctx_die("position %zu is past the end", to);
    }
    memmove(r + from, r + from + 1, (file->count - from - 1) * sizeof(*r));
    memmove(r + to + 1, r + to, (file->count - to - 1) * sizeof(*r));
    r[to] = record;
}

/* Replaces the JSON value after "KEY":, textually. */
static void edit_provenance(struct ctx_file *file, char **arg)
{
    struct ctx_record *record = need(file, "PROVENANCE");
    char key[80], *text = ctx_alloc(record->length + 1);
    memcpy(text, record->body, record->length);
    snprintf(key, sizeof(key), "\"%s\"", arg[0]);
    char *from = strstr(text, key);
    if (from == NULL || (from = strchr(from + strlen(key), ':')) == NULL) {
        ctx_die("PROVENANCE has no %s", key);
    }
    from++;
    char *to = from + strspn(from, " \n");
    if (*to == '"') {
        to++;
        to += strcspn(to, "\"") + 1;
    } else {
        to += strcspn(to, ",}\n");
    }
    size_t size = record->length + strlen(arg[1]) + 2;
    char *out = ctx_alloc(size);
    int used = snprintf(out, size, "%.*s %s%s", (int)(from - text), text,
                        arg[1], to);
    free(text);
    free(record->body);
    record->body = (uint8_t *)out;
    record->length = (size_t)used;
}

static void drop(struct ctx_file *file, const char *name)
{
    ctx_remove(file, (size_t)(need(file, name) - file->records));
}

static void bare(struct ctx_file *file)
{
    if (ctx_find(file, "PROVENANCE")) {
        drop(file, "PROVENANCE");
    }
    if (ctx_find(file, "DIGEST")) {
        drop(file, "DIGEST");
    }
}

/* One editing command; returns how many arguments it took, 0 when it is
 * none. */
static int edit(struct ctx_file *file, char **arg, int have)
{
    static const char *const three[] = { "put", "or", "set" };
    static const char *const two[] = { "body", "add", "append", "move",
                                       "prov" };
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(arg[0], three[i]) == 0 && have > 3) {
            i == 2 ? set_bytes(file, arg + 1) : put(file, arg + 1, i == 1);
            return 4;
        }
    }
    for (size_t i = 0; i < 5; i++) {
        if (strcmp(arg[0], two[i]) == 0 && have > 2) {
            i == 0 ? set_body(file, arg + 1)
                : i == 3 ? move(file, arg + 1)
                : i == 4 ? edit_provenance(file, arg + 1)
                : add(file, arg + 1, i == 2);
            return 3;
        }
    }
    if (strcmp(arg[0], "drop") == 0 && have > 1) {
        drop(file, arg[1]);
        return 2;
    }
    if (strcmp(arg[0], "tail") == 0 && have > 1) {
        free(file->tail);
        file->tail = parse_bytes(arg[1], &file->tail_size);
        return 2;
    }
    if (strcmp(arg[0], "bare") == 0) {
        bare(file);
        return 1;
    }
    if (strcmp(arg[0], "keepdigest") == 0) {
        file->keep_digest = true;
        return 1;
    }
    return 0;
}

static void list(const struct ctx_file *file)
{
    char name[40];
    for (size_t i = 0; i < file->count; i++) {
        ctx_print_name(&file->records[i], name, sizeof(name));
        printf("%s %zu\n", name, file->records[i].length);
    }
    if (file->tail_size != 0) {
        printf("tail %zu\n", file->tail_size);
    }
}

static int compare(struct ctx_file *a, struct ctx_file *b)
{
    char name[40];
    int differs = 0;
    for (size_t i = 0; i < a->count; i++) {
        ctx_print_name(&a->records[i], name, sizeof(name));
        struct ctx_record *other = ctx_find(b, name);
        if (other == NULL) {
            printf("-%s\n", name);
            differs = 1;
        } else if (other->length != a->records[i].length ||
                   memcmp(other->body, a->records[i].body,
                          other->length) != 0) {
            printf("%s\n", name);
            differs = 1;
        }
    }
    for (size_t i = 0; i < b->count; i++) {
        ctx_print_name(&b->records[i], name, sizeof(name));
        if (ctx_find(a, name) == NULL) {
            printf("+%s\n", name);
            differs = 1;
        }
    }
    return differs;
}

static int look(struct ctx_file *file, int argc, char **argv)
{
    size_t width;
    if (strcmp(argv[2], "list") == 0) {
        list(file);
    } else if (strcmp(argv[2], "get") == 0 && argc == 5) {
        uint8_t *p = locate(need(file, argv[3]), argv[3], argv[4], &width);
        uint64_t value = 0;
        for (size_t i = width; i-- > 0;) {
            value = value << 8 | p[i];
        }
        printf("0x%llx\n", (unsigned long long)value);
    } else if (strcmp(argv[2], "hex") == 0 && argc == 4) {
        const struct ctx_record *record = need(file, argv[3]);
        for (size_t i = 0; i < record->length; i++) {
            printf("%02x", record->body[i]);
        }
        putchar('\n');
    } else if (strcmp(argv[2], "cmp") == 0 && argc == 4) {
        struct ctx_file other;
        ctx_read(&other, argv[3]);
        int differs = compare(file, &other);
        ctx_free(&other);
        return differs;
    } else {
        usage();
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const looks[] = { "list", "get", "hex", "cmp" };
    struct ctx_file file;
    if (argc < 3) {
        usage();
    }
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(argv[2], looks[i]) == 0) {
            ctx_read(&file, argv[1]);
            int status = look(&file, argc, argv);
            ctx_free(&file);
            return status;
        }
    }
    ctx_read(&file, argv[1]);
    for (int i = 3; i < argc;) {
        int took = edit(&file, argv + i, argc - i);
        if (took == 0) {
            usage();
        }
        i += took;
    }
    ctx_write(&file, argv[2]);
    ctx_free(&file);
    return 0;
}
