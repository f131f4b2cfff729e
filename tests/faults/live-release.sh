#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Images of other releases than the running one, restored on the fake Xen.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# A guest paused by a save, its image in the layouts of another release, one
# register changed.  In "old".
older() {   # type, release
    saved "$1"
    xlc convert --target="$2" --allow-loss saved converted
    [ "$status" -le 1 ] || cat err >&2
    ce converted old put CPU/0 rbx 0xdeadbeef
}

# -- the layouts of before -------------------------------------------------
for type in pvh hvm; do
    for target in 3.4 4.0 4.4 4.6 4.9 4.10 4.13; do
        older $type $target
        state g >before
        xlc restore g old
        ended "$type: $target on 4.17" 0
        is "$type: $target: the register is there" \
            "$(fx peek g 2 0 520 8)" 0xdeadbeef
        is "$type: $target: with those after what came in between" \
            "$(fx peek g 2 0 992 8)" 0xd01
        is "$type: $target: FPU state counts as in use" \
            "$(fx peek g 2 0 1024 4)" 0x1
        is "$type: $target: both vCPUs are up" "$(fx get g up)" 3
        is "$type: $target: one pause, one load" \
            "$(calls xc_domain_pause) $(calls xc_domain_hvm_setcontext)" \
            "1 1"
        goes_on "$type: $target: the guest goes on"
        unharmed "$type: $target: nothing forbidden was done"
    done
done
older pvh 4.13
state g >before
xlc restore g old
fx put g 2 0 520 8 0x2222
same "nothing but the register changed"
older pvh 4.6
xlc convert --to=wrapped old wrapped
xlc restore g wrapped
ended "the wrapped form" 0 cpu-flags-assumed
is "loads the same" "$(fx peek g 2 0 520 8)" 0xdeadbeef
older pvh 4.6
xlc -N restore g old
ended "a dry run" 0 cpu-flags-assumed
is "loads nothing" "$(fx peek g 2 0 520 8)" 0x2222

# -- a never-run guest of a newer host --------------------------------------
running
fx set g uuid 00112233-4455-6677-8899-aabbccddeeff
xlc save g image
xlc convert --target=4.4 --allow-loss image old
fx destroy g
fx xen 4 21
fx built g pvh 2 >/dev/null
fx set g uuid 00112233-4455-6677-8899-aabbccddeeff
xlc restore g old
ended "4.4 on 4.21" 0 lapic-esr-assumed
is "registers are the image's" "$(fx peek g 2 1 640 8)" \
    "$(ce image get CPU/1 rip)"
is "no error waits" "$(fx peek g 5 0 24 8)" 0
goes_on "and it runs"

# -- later ones --------------------------------------------------------------
release=21
saved pvh
ce saved later put LAPIC/1 24:4 4
fx xen 4 17
for lapic in 0 1; do
    fx resize g 5 $lapic 24
done
refused "an error that waits, for a host that keeps none" lapic-esr-lost \
    g later
xlc restore --allow-loss g later
ended "--allow-loss leaves it out" 1 lapic-esr-lost
ce saved later put CPU/0 rbx 0x77
xlc restore g later
ended "no error that waits" 0
is "the register is there" "$(fx peek g 2 0 520 8)" 0x77
release=17

# The point release is told from the present context.
saved pvh
ce saved image put CPU/0 rbx 0x99
fx xen 4 20
for lapic in 0 1; do
    fx resize g 5 $lapic 32
done
xlc restore g image
ended "4.17 on 4.20.1, whose LAPIC is longer" 0 lapic-esr-assumed
is "loads it" "$(fx peek g 2 0 520 8)" 0x99

# -- what cannot be -----------------------------------------------------------
older pvh 4.6
ce old broken put CPU/0 pending_event 0x80000100
refused "what crashes is found after the conversion" \
    live-crash-pending-event g broken
older pvh 4.6
ce old broken add TSC_ADJUST/3 0000000000000000
refused "a vCPU that the domain does not have" live-no-vcpu g broken
done_testing
