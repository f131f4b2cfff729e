# SPDX-License-Identifier: LGPL-2.1-or-later
# save -p, edit a register in the image, restore: the value is there and
# the guest goes on, on every vCPU.

# Bytes 936 to 943 of a CPU record are sysenter_eip: a 64-bit AMD guest has
# no use for it, and the guest's init prints what it reads there.
edit_one() {
    name=$1 value=$2
    before=$(guest_sees "$name")
    check "$name: save -p" xl context-save -p "$name" "$name.ctx" || return 0
    check "$name: it is left paused" is_paused "$name"
    ctxedit "$name.ctx" "$name.new" put CPU/0 936:8 "$value" \
        put CPU/1 dr3 0x1234
    check "$name: restore of the edited image" \
        xl context-restore "$name" "$name.new"
    check "$name: still paused" is_paused "$name"
    xl context-save "$name" "$name.now"
    check_same "$name: the edited value is there" "$value" \
        "$(ctxedit "$name.now" get CPU/0 936:8)"
    check_same "$name: on the other vCPU too" 0x1234 \
        "$(ctxedit "$name.now" get CPU/1 dr3)"
    check "$name: and nothing else has changed" \
        same_context "$name.new" "$name.now" '^LAPIC_REGS'
    hostxl unpause "$name"
    guest_alive "$name" "every vCPU counts on" || return 0
    # A value of the guest's own view that was printed after the restore.
    check_same "$name: the guest reads the edited value" "${value#0x}" \
        "$(guest_says "$name" sys0)"
    check_same "$name: PAT and MTRRs are as before" "$before" \
        "$(guest_sees "$name")"
}

guest_need p2
edit_one p2 0xffffffff81234560
guest_need h2
edit_one h2 0xffffffff81234570
