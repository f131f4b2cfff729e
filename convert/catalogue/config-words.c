/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read in tools/libxl/libxl_types.idl, later tools/libs/light, at every
 * release tag from 4.5.0 to 4.22.0, and in xl_cmdimpl.c and xl_parse.c for
 * xl's own language.
 */
#include "catalogue/config-words.h"

#include <string.h>

#define WORDS(name, ...) \
    static const struct config_word name[] = { __VA_ARGS__, { NULL, 0, 0 } }
#define WORD(word) { word, 0, 0 }
#define SINCE(word, x, y) { word, CAT_V(x, y), 0 }

WORDS(types, WORD("invalid"), WORD("hvm"), WORD("pv"), WORD("pvh"));
WORDS(passthroughs, WORD("default"), WORD("disabled"), WORD("enabled"),
      WORD("sync_pt"), WORD("share_pt"));
WORDS(tsc_modes, WORD("default"), WORD("always_emulate"), WORD("native"),
      WORD("native_paravirt"));
WORDS(models, WORD("unknown"), WORD("qemu_xen_traditional"),
      WORD("qemu_xen"), { "none", CAT_V(4, 7), CAT_V(4, 10) });
WORDS(schedulers, WORD("unknown"), WORD("sedf"), WORD("credit"),
      WORD("credit2"), WORD("arinc653"), WORD("rtds"), SINCE("null", 4, 9));
WORDS(timer_modes, WORD("unknown"), WORD("delay_for_missed_ticks"),
      WORD("no_delay_for_missed_ticks"), WORD("no_missed_ticks_pending"),
      WORD("one_missed_tick_pending"));
WORDS(tees, WORD("none"), WORD("optee"), SINCE("ffa", 4, 18));
WORDS(bioses, WORD("unknown"), WORD("rombios"), WORD("seabios"),
      WORD("ovmf"));
WORDS(hdtypes, WORD("ide"), WORD("ahci"));
WORDS(vgas, SINCE("unknown", 4, 7), WORD("cirrus"), WORD("std"),
      WORD("none"), SINCE("qxl", 4, 6));
WORDS(gfx_kinds, WORD("default"), WORD("igd"));
WORDS(vendors, WORD("none"), WORD("xenserver"));
WORDS(rdm_strategies, WORD("ignore"), WORD("host"));
WORDS(rdm_policies, WORD("invalid"), WORD("strict"), WORD("relaxed"));
WORDS(altp2ms, WORD("disabled"), WORD("mixed"), WORD("external"),
      WORD("limited"));
WORDS(disk_backends, WORD("unknown"), WORD("phy"), WORD("tap"),
      WORD("qdisk"), SINCE("standalone", 4, 17));
WORDS(disk_formats, WORD("unknown"), WORD("qcow"), WORD("qcow2"),
      WORD("vhd"), WORD("raw"), WORD("empty"), SINCE("qed", 4, 9));
WORDS(disk_specifications, WORD("unknown"), WORD("xen"), WORD("virtio"));
WORDS(disk_transports, WORD("unknown"), WORD("mmio"));
WORDS(nic_types, WORD("unknown"), WORD("vif_ioemu"), WORD("vif"));
WORDS(vkb_backends, WORD("unknown"), WORD("qemu"), WORD("linux"));
WORDS(usbctrls, WORD("auto"), WORD("pv"), WORD("devicemodel"),
      WORD("qusb"));

/* xl's own language */
WORDS(xl_types, WORD("hvm"), WORD("pv"), WORD("pvh"));
WORDS(xl_builders, WORD("hvm"), WORD("generic"));
WORDS(xl_tsc_modes, WORD("default"), WORD("always_emulate"), WORD("native"),
      WORD("native_paravirt"), WORD("0"), WORD("1"), WORD("2"), WORD("3"));
WORDS(xl_models, WORD("qemu-xen-traditional"),
      WORD("qemu-xen"));
WORDS(xl_actions, WORD("destroy"), WORD("restart"), WORD("rename-restart"),
      WORD("preserve"), WORD("coredump-destroy"), WORD("coredump-restart"),
      SINCE("soft-reset", 4, 7));

#define C_INFO(name, words_, ...) \
    { "c_info/" name, name, CONFIG_BEFORE_TYPE, .words = words_, __VA_ARGS__ }
#define B_INFO(path, name, words_, ...) \
    { "b_info/" path, name, CONFIG_BEFORE_TYPE, .words = words_, __VA_ARGS__ }
#define BEHIND(path, name, words_, ...) \
    { "b_info/" path, name, CONFIG_BEHIND_TYPE, .words = words_, __VA_ARGS__ }
#define DEVICE(list, name, words_, ...) \
    { list "//" name, name, CONFIG_DEVICES, .words = words_, __VA_ARGS__ }
#define XL(name, words_, ...) \
    { name, name, CONFIG_TEXT, .words = words_, __VA_ARGS__ }
#define FROM(x, y) .since = CAT_V(x, y)

const struct config_key config_keys[] = {
    C_INFO("type", types, FROM(4, 5)),
    C_INFO("passthrough", passthroughs, FROM(4, 13)),
    B_INFO("tsc_mode", "tsc_mode", tsc_modes, FROM(4, 5)),
    B_INFO("device_model_version", "device_model_version", models,
           FROM(4, 5)),
    B_INFO("sched_params/sched", "sched", schedulers, FROM(4, 5)),
    B_INFO("timer_mode", "timer_mode", timer_modes, FROM(4, 10)),
    B_INFO("tee", "tee", tees, FROM(4, 13)),
    BEHIND("type.hvm/bios", "bios", bioses, FROM(4, 5)),
    BEHIND("type.hvm/timer_mode", "timer_mode", timer_modes, FROM(4, 5)),
    BEHIND("type.hvm/hdtype", "hdtype", hdtypes, FROM(4, 6)),
    BEHIND("type.hvm/vga/kind", "vga", vgas, FROM(4, 5)),
    BEHIND("type.hvm/gfx_passthru_kind", "gfx_passthru_kind", gfx_kinds,
           FROM(4, 7)),
    BEHIND("type.hvm/vendor_device", "vendor_device", vendors, FROM(4, 5)),
    BEHIND("type.hvm/rdm/strategy", "rdm", rdm_strategies, FROM(4, 6)),
    BEHIND("type.hvm/rdm/policy", "rdm", rdm_policies, FROM(4, 6)),
    BEHIND("altp2m", "altp2m", altp2ms, FROM(4, 9)),
    DEVICE("disks", "backend", disk_backends, FROM(4, 5)),
    DEVICE("disks", "format", disk_formats, FROM(4, 5)),
    DEVICE("disks", "specification", disk_specifications, FROM(4, 17)),
    DEVICE("disks", "transport", disk_transports, FROM(4, 17)),
    DEVICE("nics", "nictype", nic_types, FROM(4, 5)),
    DEVICE("pcidevs", "rdm_policy", rdm_policies, FROM(4, 6)),
    DEVICE("vkbs", "backend_type", vkb_backends, FROM(4, 12)),
    DEVICE("usbctrls", "type", usbctrls, FROM(4, 7)),
    XL("type", xl_types, FROM(4, 10), .begins = true),
    XL("builder", xl_builders, FROM(4, 10), .begins = true),
    XL("on_poweroff", xl_actions, FROM(4, 1)),
    XL("on_reboot", xl_actions, FROM(4, 1)),
    XL("on_watchdog", xl_actions, FROM(4, 1)),
    XL("on_crash", xl_actions, FROM(4, 1)),
    XL("on_soft_reset", xl_actions, FROM(4, 7)),
    XL("passthrough", passthroughs, FROM(4, 13)),
    XL("tsc_mode", xl_tsc_modes, FROM(4, 2)),
    XL("bios", bioses, FROM(4, 2)),
    XL("device_model_version", xl_models, FROM(4, 1)),
};
const size_t n_config_keys = sizeof(config_keys) / sizeof(config_keys[0]);

static bool is_there(cat_version since, cat_version until,
                     cat_version release)
{
    return since <= release && (!until || release < until);
}

bool config_key_read(const struct config_key *key, cat_version release)
{
    return is_there(key->since, 0, release);
}

static bool is_word(const struct config_key *key, const char *known,
                    const char *word)
{
    return key->begins ? strncmp(known, word, strlen(word)) == 0
                       : strcmp(known, word) == 0;
}

bool config_word_known(const struct config_key *key, const char *word,
                       cat_version release)
{
    for (const struct config_word *known = key->words; known->word; known++)
        if (is_word(key, known->word, word) &&
            (release ? is_there(known->since, known->until, release)
                     : known->since <= key->since && !known->until))
            return true;
    return false;
}
