/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest that patterns are made of: healthy, but for what a row changes. */
#include "diagnose/diagnose.h"

#include "base/bytes.h"
#include "diagnose/test-diagnose.h"
#include "support.h"

/* -- the memory of its kernel --------------------------------------------- */

/* It was moved by 16 MiB; its entry for system calls is at
 * 0xffffffff81200000. */
#define MOVED UINT64_C(0x1000000)
static const char system_map[] =
    "0000000000000100 A xen_runstate\n"
    "ffffffff80000000 T _stext\n"
    "ffffffff80200000 T entry_SYSCALL_64\n"
    "ffffffff80300000 T runs\n"
    "ffffffff80400000 T _etext\n"
    "ffffffff80500000 D jiffies_64\n"
    "ffffffff80500100 D panic_cpu\n"
    "ffffffff80500200 R linux_banner\n"
    "ffffffff80600000 B _end\n";

static domctx_symbols *read_symbols(void)
{
    domctx_symbols *symbols;

    ck_assert_int_eq(domctx_symbols_read(system_map, sizeof(system_map) - 1,
                                         &symbols, NULL), 0);
    return symbols;
}

static void put_word(uint8_t *buf, size_t at, uint64_t word)
{
    memcpy(buf + at, &word, 8);
}

/* A call in the entry, and one that ends "runs"; what points at the beginning
 * of a function, or behind the code; a call of "runs".  The stack ends with
 * its page. */
static size_t read_stack(uint8_t *buf)
{
    put_word(buf, 16, UINT64_C(0xffffffff80200020) + MOVED);
    put_word(buf, 24, UINT64_C(0xffffffff80400000) + MOVED);
    put_word(buf, 32, UINT64_C(0xffffffff80300000) + MOVED);
    put_word(buf, 40, UINT64_C(0xffffffff80400001) + MOVED);
    put_word(buf, 48, UINT64_C(0xffffffff80300008) + MOVED);
    return STACK_BYTES_READ;
}

static size_t read_memory(void *arg, uint32_t vcpu, uint64_t address,
                          void *buf, size_t size)
{
    const struct kernel *kernel = arg;

    memset(buf, 0, size);
    if (address == STACK)
        return read_stack(buf);
    if (address == UINT64_C(0xffffffff80500000) + MOVED)
        memcpy(buf, &kernel->jiffies, 8);
    else if (address == UINT64_C(0xffffffff80500100) + MOVED)
        memcpy(buf, &kernel->panic_cpu, 4);
    else if (address == UINT64_C(0xffffffff80500200) + MOVED)
        memcpy(buf, kernel->is_other ? "another kernel" : "Linux version ",
               14);
    else if (address == CPU_AREA((uint64_t)vcpu) + 0x100)
        put_word(buf, 24, kernel->runnable_ns[vcpu]);
    else
        return 0;
    return size;
}

domctx_memory *memory_of(const domctx_symbols *symbols,
                         const domctx_context *context,
                         const struct kernel *kernel)
{
    struct kernel copy = *kernel;
    domctx_memory *memory;

    ck_assert_int_eq(domctx_memory_read(symbols, context, read_memory, &copy,
                                        &memory, NULL), 0);
    return memory;
}

/* -- its records and what is live ----------------------------------------- */

static const struct context_record *
record_of(const struct guest *guest, size_t n, const struct change *change)
{
    const struct context_record *record = context_find(
        guest->context[n],
        change->kind == BESIDE ? change->code
                               : DOMCTX_HVM_RECORD(change->code),
        change->instance);

    ck_assert_msg(record && record->layout, "no record %u", change->code);
    return record;
}

static void set_field(struct guest *guest, size_t n,
                      const struct change *change)
{
    const struct context_record *record = record_of(guest, n, change);
    const struct cat_field *field = cat_field(record->known, record->layout,
                                              change->field);

    ck_assert_msg(field != NULL, "no field %s", change->field);
    cat_set(field, guest->bytes[n].p + record->offset, change->i,
            change->value);
}

/* Its typecode becomes one that nobody knows. */
static void drop_record(struct guest *guest, size_t n,
                        const struct change *change)
{
    set32(&guest->bytes[n], record_of(guest, n, change)->offset - 16,
          DOMCTX_HVM_RECORD(200));
}

static void look_at_memory(struct guest *guest, size_t n)
{
    domctx_memory_free(guest->memory[n]);
    guest->memory[n] = memory_of(guest->symbols, guest->context[n],
                                 &guest->kernel[n]);
    guest->look[n].symbols = guest->symbols;
    guest->look[n].memory = guest->memory[n];
}

static void parse(struct guest *guest, size_t n)
{
    domctx_context_free(guest->context[n]);
    domctx_image_free(guest->image[n]);
    ck_assert_int_eq(domctx_image_parse(guest->bytes[n].p,
                                        guest->bytes[n].size,
                                        &guest->image[n], NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(guest->image[n],
                                             &guest->context[n], NULL), 0);
    guest->look[n] = (struct domctx_look){ guest->context[n],
                                           &guest->live[n] };
    look_at_memory(guest, n);
}

/* Channels 1, to xenstore, and 2, to the console; a grant table of one frame,
 * all of it granted, which may have more. */
static void put_beside(struct bytes *bytes)
{
    static uint8_t evtchn[48 + 2 * 24], grants[32 + 4096];
    static const uint32_t head[] = { 32, 1, 4096, 1, 64, 0, 0, 1 };

    put_le32(evtchn, 48);
    put_le32(evtchn + 4, 24);
    put_le32(evtchn + 8, 2);
    put_le32(evtchn + 12, DOMCTX_EVTCHN_COMPLETE);
    put_le32(evtchn + 16, 64);
    put_le64(evtchn + 24, 1);
    for (uint32_t port = 1; port < 3; port++) {
        put_le32(evtchn + 28 + 4 * port, port);
        put_le32(evtchn + 24 + 24 * port, port);
        evtchn[24 + 24 * port + 4] = DOMCTX_PORT_INTERDOMAIN;
    }
    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        put_le32(grants + 4 * i, head[i]);
    for (size_t i = 32; i < sizeof(grants); i += 8)
        grants[i] = 1;
    put_record(bytes, DOMCTX_EVTCHN, 0, evtchn, sizeof(evtchn));
    put_record(bytes, DOMCTX_GRANT_TABLE, 0, grants, sizeof(grants));
}

/* The sample as an image, with a shared info of 64 bits. */
static void put_guest(struct bytes *bytes)
{
    struct bytes blob = { .p = NULL };
    const domctx_context *context;
    struct viewed viewed;

    load_sample(&blob, "xen-4.17-hvm2.ctx");
    viewed = view_blob(&blob, 4, 17);
    context = viewed.context;
    put_start(bytes, 4, 17);
    put_zeros(bytes, DOMCTX_SHARED_INFO, 0, 3144);
    for (size_t i = 0; i < context->count; i++)
        put_record(bytes, context->records[i].type,
                   context->records[i].instance, context->records[i].body,
                   (size_t)context->records[i].length);
    put_beside(bytes);
    put_end(bytes);
    viewed_free(&viewed);
    bytes_free(&blob);
}

static void live_change(struct guest *guest, size_t n,
                        const struct change *change)
{
    struct domctx_live *live = &guest->live[n];
    struct domctx_live_vcpu *vcpu = &live->vcpu[change->instance];

    switch (change->kind) {
    case SHUT_DOWN:
        live->shut_down = true;
        live->reason = (uint32_t)change->value;
        break;
    case PAUSED:
        live->paused = true;
        break;
    case DEBUGGED:
        live->debugged = true;
        break;
    case PARAM:
        live->param[change->i] = change->value;
        break;
    case TIME:
        vcpu->cpu_time_ns = change->value;
        break;
    case USED:
        if (n == 1)
            vcpu->cpu_time_ns = guest->live[0].vcpu[change->instance]
                                    .cpu_time_ns + change->value;
        break;
    case AWAKE:
        vcpu->blocked = false;
        vcpu->running = true;
        break;
    case WAITING:
        vcpu->blocked = false;
        vcpu->waiting = true;
        break;
    case OFFLINE:
        vcpu->online = vcpu->blocked = false;
        break;
    case UPCALL:
        vcpu->upcall_pending = true;
        break;
    case PANIC:
        guest->kernel[n].panic_cpu = (int32_t)change->value;
        break;
    case JIFFIES:
        guest->kernel[n].jiffies = change->value;
        break;
    case STOLEN:
        guest->kernel[n].runnable_ns[change->instance] = change->value * n;
        break;
    case FIELD:
    case BESIDE:
    case DROP:
    case NO_CHANGE:
    default:
        break;
    }
}

void guest_apply(struct guest *guest, size_t n, const struct change *change)
{
    if (!(change->looks >> n & 1))
        return;
    if (change->kind == FIELD || change->kind == BESIDE)
        set_field(guest, n, change);
    else if (change->kind == DROP)
        drop_record(guest, n, change);
    else
        live_change(guest, n, change);
}

static const struct change healthy[] = {
    CPU_IS(0, "rip", 0xffffffff81000010), CPU_IS(1, "rip", 0xffffffff81000010),
    CPU_IS(0, "rflags", 0x246), CPU_IS(1, "rflags", 0x246),
    REGS_IS(0, "svr", 0x1ff), REGS_IS(1, "svr", 0x1ff),
    REGS_ARE(0, "irr", 7, 0), REGS_ARE(1, "irr", 7, 0),
    REGS_ARE(0, "isr", 7, 0), REGS_ARE(1, "isr", 7, 0),
    SET(HPET, 0, "mc64", 0, 0), SET(HPET, 0, "config", 0, 0),
    SET(HPET, 0, "timers[].cmp", 1, 0),
    SHARED_IS("evtchn_mask", UINT64_MAX),
    PARAM_IS(0, 1),
    CPU_IS(0, "msr_lstar", 0xffffffff81200000),
    CPU_IS(1, "msr_lstar", 0xffffffff81200000),
    CPU_IS(0, "gs_base", CPU_AREA(0)), CPU_IS(1, "gs_base", CPU_AREA(1)),
    CPU_IS(0, "rsp", STACK), CPU_IS(1, "rsp", STACK),
};

static void make_live(struct domctx_live *live, uint64_t seconds)
{
    memset(live, 0, sizeof(*live));
    live->time_ns = (50 + seconds) * 1000000000u;
    live->pages = 32768;
    live->n_vcpus = 2;
    live->params_known = (UINT64_C(1) << 39) - 1;
    for (uint32_t v = 0; v < 2; v++)
        live->vcpu[v] = (struct domctx_live_vcpu){
            .known = true, .online = true, .blocked = true,
            .upcall_known = true,
            .cpu_time_ns = 9000000000u + 1000000u * seconds };
}

void guest_make(struct guest *guest, const struct row *row, size_t without)
{
    memset(guest, 0, sizeof(*guest));
    guest->symbols = read_symbols();
    for (size_t n = 0; n < 2; n++) {
        guest->kernel[n] = (struct kernel){
            .panic_cpu = -1, .jiffies = UINT64_C(4294937296) + 250 * n };
        put_guest(&guest->bytes[n]);
        make_live(&guest->live[n], n);
        parse(guest, n);
        for (size_t i = 0; i < sizeof(healthy) / sizeof(healthy[0]); i++)
            guest_apply(guest, n, &healthy[i]);
        for (size_t i = 0; row && row->changes[i].kind; i++)
            if (i != without)
                guest_apply(guest, n, &row->changes[i]);
        parse(guest, n);
    }
}

void guest_drop(struct guest *guest)
{
    for (size_t n = 0; n < 2; n++) {
        domctx_context_free(guest->context[n]);
        domctx_image_free(guest->image[n]);
        bytes_free(&guest->bytes[n]);
        domctx_memory_free(guest->memory[n]);
    }
    domctx_symbols_free(guest->symbols);
}
