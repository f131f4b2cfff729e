#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context diagnose on the fake Xen.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# The time of the program and of its guests is counted.
preload=$fake_libs/libclock.so

look() {
    xlc diagnose "$@"
}

# found WHAT ID: the last look found it, and nothing else.
found() {
    tap_status=0
    [ "$status" -eq 1 ] || tap_status=1
    [ "$(grep -o '\[diag-[a-z0-9-]*\]' out | sort -u | tr -d '\n')" = \
        "[$2]" ] || tap_status=1
    tap_result "$tap_status" "$1"
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

# -- symbols -----------------------------------------------------------------
printf '%s\n' "ffffffff80000000 T _stext" "ffffffff80e00000 T entry_SYSCALL_64" \
    "ffffffff82000000 T _etext" "ffffffff82100000 D jiffies_64" >map
running
look --symbols=map g
ended "symbols" 0
ok "name the function" grep -q '^    in  *_stext+0x' out
is "two looks, two pauses" "$(calls xc_domain_pause)" 2
unharmed "nothing forbidden was done"
look --json --symbols=map g
ended "symbols, JSON" 0
ok "by how much it was moved" grep -q '"moved": "0x1000000"' out
sed 's/80e/80f/' map >other
look --symbols=other g
ended "symbols of another kernel" 0
ok "are said to be so" grep -q 'of another kernel' out
not_ok "and name nothing" grep -q '_stext' out
{ cat map; echo "ffffffff82100100 R linux_banner"; } >bannered
look --symbols=bannered g
ended "symbols with a banner, where no memory can be read" 0
ok "name the function" grep -q '^    in  *_stext+0x' out
echo hello >none
look --symbols=none g
ended "what is no symbols" 3 '\[symbols-line\]'
is "stops before the domain is paused" "$(calls xc_domain_pause)" 0
look --symbols=missing g
ended "no file of symbols" 2 '\[file-open\]'
look --no-sandbox --symbols=map g
ended "symbols without the sandbox" 0
for errno in $(fx errnos xenforeignmemory_map); do
    for n in 2 3 4; do
        FAKE_XEN_FAIL=xenforeignmemory_map#$n:$errno
        export FAKE_XEN_FAIL
        look --interval=0 --symbols=map g
        ended "memory that is not to be had, $errno, $n" 0
        is "leaves nothing paused" "$(fx get g pauses)" 0
    done
done
unset FAKE_XEN_FAIL

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

running
fx set g callback 1
look g
ended "channels to xenstore and the console" 0
not_ok "are nothing" grep -q '\[diag-' out
fx port g 1 1 0 0 0 0
look g
found "a xenstore that has gone" diag-store-closed
ok "its channel is told" grep -q "event channel 1 leads to no xenstore" out
running
fx set g callback 1
fx port g 2 1 0 0 0 0
look g
ended "a console that has gone" 0
ok "is worth knowing" grep -q '\[diag-console-closed\]' out
running
frames=$(fx get g grant_frames)
look g
is "the grant table has not grown" "$(fx get g grant_frames)" "$frames"

# -- an upcall given back ----------------------------------------------------
# hung TYPE: vCPU 1 was never told of an event.
hung() {
    running "$1"
    fx run g
    fx set g callback 1
    fx pause g
    fx blob g blob
    fx event g 1
    "$FAULTS_BUILD/fakexen" load g blob
    fx unpause g
    not_ok "$1: the guest hangs" fx alive g
}

for type in pvh hvm; do
    hung $type
    look --cure=upcall --vector=243 g
    ended "$type: its upcall is given back" 0 "2 vCPUs were given their"
    ok "$type: it is looked at again" grep -q '^after the cure' out
    ok "$type: the guest goes on" fx alive g
    unharmed "$type: nothing forbidden was done"
done
is "an HVM guest by Xen itself" "$(calls xc_hvm_param_set)" 1
is "with no vector of ours" "$(calls xc_hvm_inject_msi)" 0
release=21
hung pvh
look --cure=upcall --vector=243 g
ended "on Xen 4.21, whose LAPIC is longer" 0 "2 vCPUs were given their"
ok "the guest goes on there, too" fx alive g
release=17
hung pvh
look --cure=upcall g
ended "a vector that is not known" 4 '\[live-upcall-vector\]'
is "is not guessed" "$(calls xc_hvm_inject_msi)" 0
printf '(XEN) d11v0: upcall vector 31\n(XEN) d1v0: upcall vector f3\n' \
    >>"$FAKE_XEN/console"
look --cure=upcall --json g
ended "one that Xen's log has" 0 "vector 0xf3"
is "goes to each vCPU" "$(calls xc_hvm_inject_msi)" 2
is "and gives one document" "$(grep -c '"schema"' out)" 1
ok "the guest goes on" fx alive g
# The last one counts, however long the log is.
hung pvh
{
    printf '(XEN) d1v0: upcall vector 31\n'
    yes '(XEN) d0 of no domain in particular' | head -n 40000
    printf '(XEN) d1v0: upcall vector f3\n'
    yes '(XEN) d0 of no domain in particular' | head -n 40000
} >>"$FAKE_XEN/console"
look --cure=upcall g
ended "the last of those in a log of some MiB" 0 "vector 0xf3"
ok "wakes the guest" fx alive g
# Each vCPU is given its upcall, or none.
hung pvh
fx put g 5 1 0 8 0xfee00c00
fx put g 6 1 0x20 4 0x100
look --cure=upcall --vector=0xf3 g
ended "an id of an APIC that no interrupt reaches" 4 '\[live-no-upcall\]'
is "is found before the first is given one" "$(calls xc_hvm_inject_msi)" 0
# A guest may write any words; Xen puts "(d3) " in front of them, dom0's have
# nothing.  The number of the other domain is longer, and the ring may begin in
# the line of a guest.
told='(XEN) d1v0: upcall vector'
for line in '(d3) d1v0: upcall vector 31' "(d3) $told 31" \
    'd1v0: upcall vector 31' '(XEN) d1v0 is told: upcall vector 31' \
    '(XEN) d12v0: upcall vector 31' '(XEN) d3v0: d1v0: upcall vector 31' \
    "$told 1f" "$told 100"; do
    hung pvh
    echo "$line" >>"$FAKE_XEN/console"
    look --cure=upcall g
    ended "no vector is taken from '$line'" 4 '\[live-upcall-vector\]'
    is "and none injected" "$(calls xc_hvm_inject_msi)" 0
done
for line in "(d3) $told 31" '(XEN) d3v0: upcall vector 31'; do
    hung pvh
    printf '%s f3\n%s\n' "$told" "$line" >>"$FAKE_XEN/console"
    look --cure=upcall g
    ended "nor does '$line' hide the right one" 0 "vector 0xf3"
done
for time in '[2026-01-31 00:00:00] ' '[    1.000001] ' \
    '[00000001deadbeef] '; do
    hung pvh
    echo "(XEN) ${time}d1v1: upcall vector f3" >>"$FAKE_XEN/console"
    look --cure=upcall g
    ended "a line with the time $time" 0 "vector 0xf3"
done
hung pvh
printf '%s\n' "(d3) $told 31" '(XEN) the end' >>"$FAKE_XEN/console"
FAKE_XEN_RING=$((${#told} + 4 + 14))
export FAKE_XEN_RING
look --cure=upcall g
ended "a ring that begins in the words of a guest" 4 '\[live-upcall-vector\]'
hung pvh
printf '%s\n' "(XEN) so it begins" "$told f3" >>"$FAKE_XEN/console"
FAKE_XEN_RING=$((${#told} + 4 + 5))
look --cure=upcall g
unset FAKE_XEN_RING
ended "the line behind the one that is cut" 0 "vector 0xf3"
hung pvh
xlc -N diagnose --cure=upcall --vector=0xf3 g
ended "the dry run" 0 "without -N"
is "gives none" "$(calls xc_hvm_inject_msi)" 0
for callback in 0 28 $((2 << 56 | 243)) $((1 << 56)); do
    running
    fx set g callback $callback
    look --cure=upcall --vector=0xf3 g
    ended "callback $callback" 4 '\[live-no-upcall\]'
    is "is refused untouched" "$(calls xc_hvm_inject_msi)" 0
done
for call in xc_hvm_inject_msi xc_hvm_param_set; do
    for errno in $(fx errnos $call); do
        [ "$errno" != EINTR ] && [ "$errno" != EAGAIN ] || continue
        hung "$([ $call = xc_hvm_param_set ] && echo hvm || echo pvh)"
        FAKE_XEN_FAIL=$call#1:$errno
        export FAKE_XEN_FAIL
        xlc diagnose --cure=upcall --vector=0xf3 g
        unset FAKE_XEN_FAIL
        ok "$call, $errno: is told" [ "$status" -ne 0 ]
        is "$call, $errno: nothing is left paused" "$(fx get g pauses)" 0
    done
done
# A guest that sets another callback meanwhile (a kernel that starts another)
# must not get its old one back.
for type in hvm pvh; do
    bad=
    turned=0
    i=1
    while [ $i -le 60 ]; do
        running $type
        fx set g still 1
        fx set g turn $i
        look --cure=upcall --vector=243 g
        [ ! -s "$FAKE_XEN/violations" ] || bad="$bad $i"
        [ "$(fx get g pauses)" -eq 0 ] || bad="$bad $i:paused"
        ! grep -q live-no-upcall err || turned=$((turned + 1))
        i=$((i + 1 + ${SHARE:-1} / 5))
    done
    is "$type: a callback that changes at any moment stays" "$bad" ""
    ok "$type: and is seen" test $turned -gt 0
done
world
fx create g pv 2 >/dev/null
look --cure=upcall g
ended "a PV domain" 4 '\[live-no-upcall\]'
running
for wrong in --cure=all "--cure=upcall --vector=31" --vector=0xf3 \
    "--cure=upcall --vector=256" "--cure=upcall --vector=f3"; do
    # shellcheck disable=SC2086 # words
    xlc diagnose $wrong g
    ended "$wrong" 2 '\[usage\]'
done
xlc diagnose --cure=upcall ./saved
ended "a cure for a file" 2 '\[usage\]'

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
