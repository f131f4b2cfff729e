# SPDX-License-Identifier: LGPL-2.1-or-later
# A domain that has never run: of the same uuid it takes an image of its
# former life; and the records that this emulation never emits by itself.

guest_need p1
xl context-save p1 p1.ctx
uuid=$(domuuid p1)
guest_destroy p1

guest_config n1 pvh 1 "uuid=\"$uuid\""
check "a domain that has not run" guest_unborn n1
check "takes an image of the same uuid" xl context-restore n1 p1.ctx
xl context-save n1 n1.ctx
check_same "and has its registers" "$(ctxedit p1.ctx get CPU/0 rip)" \
    "$(ctxedit n1.ctx get CPU/0 rip)"
guest_destroy n1

hex64() {
    hex64_v=$1 hex64_n=0
    while [ $hex64_n -lt 8 ]; do
        printf %02x $((hex64_v & 255))
        hex64_v=$((hex64_v >> 8)) hex64_n=$((hex64_n + 1))
    done
}
zeros() {
    printf "%0$(($1 * 2))d" 0
}

# loads_made RECORD HEX: into a domain that has not run.
loads_made() {
    guest_unborn n1 || {
        not_ok "create with XSAVE" "it fails"
        return
    }
    xl context-save n1 fresh.ctx
    ctxedit fresh.ctx made.ctx add "$1/0" "$2"
    if xl context-restore n1 made.ctx >/tmp/out 2>/tmp/err; then
        xl context-save n1 back.ctx
        check_same "a $1 that was loaded is got back" \
            "$2" "$(ctxedit back.ctx hex "$1/0" | tr -d ' \n')"
    else
        diag_file /tmp/err
        skip "a hand-made $1" "$(tail -n 1 /tmp/err)"
    fi
    guest_destroy n1
}

# A domain with XSAVE.
sed -i '/^cpuid=/d' /tmp/n1.cfg

# The area: 24 bytes of masks (features of the host, xcr0, accumulated), 512 of
# x87 and SSE state with the FCW and MXCSR of a reset, a 64-byte header whose
# XSTATE_BV is 3.
loads_made CPU_XSAVE "$(
    hex64 7 && hex64 3 && hex64 3
    printf 7f03 && zeros 22 && printf 801f0000 && zeros 132
    printf 00112233445566778899aabbccddeeff && zeros 336
    hex64 3 && zeros 56)"
# One entry, for MSR 0x140.
loads_made CPU_MSR "$(
    printf 0100000000000000
    printf 4001000000000000 && hex64 1)"
