#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Records that the loader changes, on each release of the fake Xen: they are
# expected to read back so, and are not loaded a second time.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# A guest that never ran and the image of its former life; then this is in the
# image.  guest: commands of fakexen on the domain, before the restore.
loaded() {   # type, what, guest, edits...
    loaded_what="4.$release $1: $2" loaded_guest=$3
    rebuilt "$1"
    shift 3
    for command in $loaded_guest; do
        # shellcheck disable=SC2046,SC2086
        fx $(echo "$command" | tr : ' ')
    done
    ce image image "$@"
    xlc restore g image
    ended "$loaded_what" 0
    xlc restore g image
    ended "$loaded_what, again" 0
    is "$loaded_what: nothing is left to load" "$(loads)" ""
    goes_on "$loaded_what: and the guest runs"
    unharmed "$loaded_what: nothing forbidden was done"
}

# The same state in the domain, and a load that is refused: it is put back.
put_back() {   # type, what, record, edit of the image, places of the guest...
    put_back_what="4.$release $1: $2" put_back_edit=$4
    saved "$1"
    shift 4
    for place; do
        # shellcheck disable=SC2046
        fx put g $(echo "$place" | tr : ' ')
    done
    # shellcheck disable=SC2086
    ce saved image put $put_back_edit
    fx set g refuse 1
    xlc restore --force g image
    ended "$put_back_what: refused, and put back" 5 live-set-failed
    goes_on "$put_back_what: the guest goes on"
}

x2apic="put:g:5:0:0:8:0xfee00d00 put:g:5:1:0:8:0xfee00c00"
for release in $(share_of 20 14 15 16 17 18 19 21 22); do
    # PVH has no other loader for these records: once is enough
    types=hvm
    [ $release -ne 20 ] || types="pvh hvm"
    for type in $types; do
        loaded $type "an image as it is" "" put CPU/0 rbx 7
        loaded $type "EFLAGS without the bit that is always 1" "" \
            put CPU/1 rflags 0x244
        loaded $type "attributes as a VMCS has them" "" \
            put CPU/0 888:4 0xa09b put CPU/0 908:4 0xc093
        loaded $type "attributes that no processor tracks" "" \
            put CPU/0 888:4 0x20a put CPU/0 912:4 0x9 \
            put CPU/1 908:4 0x473 put CPU/1 892:4 0xc82
        for event in 0x80000480 0x80000303 0x80000304 0x8000063f; do
            case $event in
            *06*) grep -q -m 1 GenuineIntel /proc/cpuinfo || continue ;;
            esac
            loaded $type "the event $event is not injected again" "" \
                put CPU/0 pending_event $event put CPU/0 error_code 5
        done
        loaded $type "an event that is injected" "" \
            put CPU/0 pending_event 0x80000b0e put CPU/0 error_code 5
        is "it is there" "$(fx peek g 2 0 1016 4)" 0x80000b0e
        for policy in 0 1; do
            loaded $type "DR6 and DR7 of older savers, policy $policy" \
                "set:g:policy_debug:$policy" \
                put CPU/0 dr6 0 put CPU/0 dr7 0 \
                put CPU/1 dr6 0xffff1ff0 put CPU/1 dr7 0xdc00
        done
        if [ $release -ge 18 ]; then
            is "DR6 is as this release has it" "$(fx peek g 2 0 720 8)" \
                0xfffe07f0
        else
            is "DR6 is the image's" "$(fx peek g 2 0 720 8)" 0
        fi
        loaded $type "an x2APIC with the LDR of 4.4" "$x2apic" \
            put LAPIC/0 0:8 0xfee00d00 put LAPIC/1 0:8 0xfee00c00 \
            put LAPIC_REGS/1 0x20:4 2 put LAPIC_REGS/1 0xd0:4 1 \
            put LAPIC_REGS/0 0xd0:4 1
        put_back $type "such attributes" CPU "CPU/1 rbx 9" \
            2:0:888:4:0xa09b 2:1:912:4:0x9
    done

    type=hvm
    for mode in 0xff 7 6 5 0x1a; do
        loaded $type "PIT mode $mode" "" put PIT 29:1 $mode
    done
    mode=0x1a
    [ $release -lt 19 ] || mode=0x2
    is "mode 0x1a becomes" "$(fx peek g 10 0 29 1)" $mode
    loaded $type "a PIT that counts from 0" "" put PIT 0:4 0 put PIT 32:4 0
    is "counts from 65536" "$(fx peek g 10 0 32 4)" 0x10000
    loaded $type "a master PIC whose cascade is no level" "" put PIC/0 6:1 0
    loaded $type "HPET routes that cannot be" "" \
        put HPET 256:8 0x00f0000000000034 put HPET 288:8 0x00f0000000000e30
    is "the first that can be takes its place" "$(fx peek g 12 0 256 8)" \
        0xf0000000002834
    loaded $type "HPET routes that cannot be, in legacy mode" "" \
        put HPET 16:8 2 put HPET 256:8 0x00f0000000000034 \
        put HPET 320:8 0x00f0000000000034
    loaded $type "an offset of the RTC" "" put RTC 16:8 3600
    is "is taken over" "$(fx peek g 11 0 16 8)" 0xe10
    # The toolstack's own stays, which nothing tells beforehand.
    rebuilt $type
    fx set g offset_set 1
    fx put g 11 0 16 8 60
    ce image image put RTC 16:8 3600
    xlc restore g image
    ended "4.$release: an offset of the RTC that the toolstack has set" 0
    is "stays" "$(fx peek g 11 0 16 8)" 0x3c
    loaded $type "an APIC assist that waits" "" put VIRIDIAN_VCPU/0 8:1 5
    loaded $type "a synthetic timer without a source" "" \
        put VIRIDIAN_VCPU/0 16:8 0x7001 put VIRIDIAN_VCPU/0 152:8 1 \
        put VIRIDIAN_VCPU/0 184:8 5
    # From there on it is as on a host that has long run.
    put_back $type "a PIT channel that nobody set up" PIT "PIT 0:4 500" \
        10:0:29:1:0xff 10:0:45:1:7
    put_back $type "HPET routes" HPET "HPET 16:8 3" \
        12:0:256:8:0x00f0000000000034
    put_back $type "a PIC" PIC "PIC/0 2:1 0x12" 3:0:6:1:0
    put_back $type "an APIC assist" VIRIDIAN_VCPU \
        "VIRIDIAN_VCPU/0 0:8 0x1000" 17:0:8:1:5
done
release=17

# What the loader does not change is a difference as ever.
for minor in $(share_of 20 17); do
    release=$minor
    rebuilt hvm
    release=17
    ce image image put PIT 29:1 2
    fx set g ignore 1
    xlc restore g image
    ended "4.$minor: a load without effect" 5 live-read-back
done
done_testing
