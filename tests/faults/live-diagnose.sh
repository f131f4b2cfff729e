#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context diagnose on the fake Xen.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

look() {
    xlc diagnose --interval=0.05 "$@"
}

# found WHAT ID: the last look found it, and nothing else.
found() {
    tap_status=0
    [ "$status" -eq 1 ] || tap_status=1
    [ "$(grep -o '\[diag-[a-z0-9-]*\]' out | sort -u | tr -d '\n')" = \
        "[$2]" ] || tap_status=1
    tap_result "$tap_status" "$1"
    explain
}

for type in pvh hvm; do
    running $type
    look g
    ended "$type: a healthy guest" 0
    not_ok "$type: has nothing" grep -q '\[diag-' out
    ok "$type: its vCPUs sleep" grep -q '^vCPU 1: blocked' out
    is "$type: two looks, two pauses" "$(calls xc_domain_pause)" 2
    is "$type: and two unpauses" "$(calls xc_domain_unpause)" 2
    is "$type: nothing is left paused" "$(fx get g pauses)" 0
    ok "$type: the guest goes on" fx alive g
    unharmed "$type: nothing forbidden was done"
done
running
look --interval=0 g
ended "one look" 0
is "is one pause" "$(calls xc_domain_pause)" 1
ok "and says that it is one" grep -q "one look shows a moment" out
look --json g
ended "JSON" 0
ok "is live" grep -q '"live": true' out
xlc diagnose --interval=-1 g
ended "an interval below 0" 2 '\[usage\]'
xlc diagnose --interval=1s g
ended "an interval with a unit" 2 '\[usage\]'
xlc diagnose --interval=nan g
ended "an interval that is none" 2 '\[usage\]'
xlc diagnose 0
ended "domain 0" 2 '\[live-self\]'
xlc diagnose nobody
ended "no such domain" 2 '\[live-no-domain\]'
look 1
ended "by number" 0
touch g
xlc diagnose g
ended "a file of that name is the file" 3
rm g

# -- guests that stand ------------------------------------------------------
running
fx pause g
look g
found "paused by somebody else" diag-paused
is "it stays so" "$(fx get g pauses)" 1
look --interval=0 g
ended "one look at it decides nothing" 0
running
fx set g crashed 1
look g
found "crashed" diag-shut-down
ok "the reason is told" grep -q "has shut down: crash" out
running
fx set g s_state 3
look g
found "asleep in S3" diag-s3
running
fx set g busy 2
look g
found "a kernel that spins" diag-spin
ok "that vCPU is busy" grep -q '^vCPU 1: busy' out
running
fx set g busy 2
fx put g 2 1 648 8 0x46
look g
found "with interrupts off" diag-spin-off
running
fx put g 2 1 648 8 0x46
fx set g still 1
look g
found "asleep with interrupts off" diag-lock-wait
running
fx run g
fx put g 6 1 0x270 4 0x80000
look g
found "a wake-up that was lost" diag-wakeup-lost
ok "the vector is told" grep -q "vector 0xf3" out
fx put g 6 1 0x270 4 0
look g
ended "and nothing without it" 0
running hvm
fx set g waiting 1
look g
found "a device model that stands" diag-not-running
fx set g monitor 77
look g
found "or a monitor" diag-vm-event
running
fx set g callback 0
look g
ended "no callback is worth knowing" 0
ok "and told" grep -q '\[diag-no-callback\]' out

# -- what the hypervisor does not tell ---------------------------------------
running
for errno in $(fx errnos xc_vcpu_getinfo); do
    [ "$errno" != EINTR ] || continue
    FAKE_XEN_FAIL=xc_vcpu_getinfo#5:$errno
    export FAKE_XEN_FAIL
    look --interval=0 g
    ended "vCPUs it does not tell of, $errno" 0
done
FAKE_XEN_FAIL=xc_hvm_param_get#1:EPERM
look --interval=0 g
ended "a parameter that it does not tell" 0
unset FAKE_XEN_FAIL
world
fx create g pv 2 >/dev/null
look g
ended "a PV guest" 0
ok "its vCPUs sleep" grep -q '^vCPU 1: blocked' out
done_testing
