#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context restore on the fake Xen: what crashes a domain, what the
# hypervisor refuses, and putting back.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# -- what crashes a domain -----------------------------------------------
crash() {   # what, message, edits...
    crash_what=$1
    crash_id=$2
    shift 2
    ce image image "$@"
    refused "$crash_what" "$crash_id" g image
    state g >before
    xlc restore --force --allow-loss g image
    ended "$crash_what: with --force, too" 4 "$crash_id"
    is "$crash_what: never loaded" "$(loads)" ""
    same "$crash_what: guest untouched by --force"
}
edited
crash "an invalid pending event" live-crash-pending-event \
    put CPU/1 pending_event 0x80000100
edited
crash "reserved bits of a pending event" live-crash-pending-event \
    put CPU/1 pending_event 0x80001030
edited
crash "an error code of 17 bits" live-crash-error-code \
    put CPU/0 pending_event 0x80000b0e put CPU/0 error_code 0x10000
# What only VMX hands to the processor as it stands depends on the host.
if grep -q -m 1 GenuineIntel /proc/cpuinfo; then
    edited
    crash "the upper half of DR7" live-crash-dr7 \
        put CPU/0 dr7 0x100000400
    edited
    crash "an address that is not canonical" live-crash-address \
        put CPU/0 960:8 0x8000000000000000
else
    skip "the upper half of DR7, live-crash-dr7" "not an Intel host"
    skip "an address that is not canonical, live-crash-address" \
        "not an Intel host"
fi
edited
crash "a timer divided by 0" live-crash-timer-divisor \
    put LAPIC/1 timer_divisor 0
edited
crash "a PCI link out of range" live-crash-pci-link put PCI_LINK 2:1 16
edited hvm
crash "two master PICs" live-crash-pic-role put PIC/1 5:1 0x40
edited hvm
crash "a running synthetic timer without a count" \
    live-crash-synthetic-timer put VIRIDIAN_VCPU/0 152:8 0x10003
edited hvm
crash "a reference TSC page that cannot be" live-crash-reference-tsc \
    put VIRIDIAN_DOMAIN/0 24:8 0xffffffffffffffff
edited
fx set g shadow 1
crash "a CR3 outside RAM under shadow paging" live-crash-cr3 \
    put CPU/0 cr3 0x7000000000
edited
ce image image put CPU/0 cr3 0x7000000000
xlc restore g image
ended "the same CR3 under hardware paging" 0
edited
fx set g shadow 1
xlc restore g image
ended "a good CR3 under shadow paging" 0

# -- what the hypervisor refuses -----------------------------------------
edited
ce image image put CPU/1 cr0 0x1
refused "a bad CR0" load-cr0 g image
state g >before
xlc restore --force g image
ended "with --force the hypervisor refuses it" 5 live-set-failed
ok "its own words are shown" grep -q "HVM1 restore: bad CR0 0x1" err
same "and the guest was put back"
goes_on "on every vCPU"
for change in "CPU/1 cr4 0x80000006f0" "CPU/0 msr_efer 0x10d01" \
    "CPU/0 msr_tsc_aux 0x100000000" "VMCE_VCPU/0 0:8 0xfff" \
    "CPU/1 flags 2"; do
    edited hvm
    fx set g arrive 30
    # shellcheck disable=SC2086
    ce image image put $change
    state g >before
    xlc restore --force g image
    ended "refused by the hypervisor ($change)" 5
    ok "its own words are shown" grep -q "failed to load entry" err
    fx set g arrive 0
    goes_on "put back, on every vCPU, no upcall lost"
    is "PAT is the guest's" "$(fx peek g 14 0 0 8) $(fx peek g 14 1 0 8)" \
        "0x407050600070106 0x407050600070106"
    is "the AVX pair of MTRRs, too" "$(fx peek g 14 0 24 8)" 0xf8000000
done

# An upcall that comes at any moment of a load that fails after LAPIC_REGS.
# Between a fetch and a load of LAPIC_REGS it is lost, and nobody can tell:
# that is what --force warns of.
interrupted() {   # the moment
    edited
    ce image image or LAPIC_REGS/1 0x210:4 0x100 put VMCE_VCPU/0 0:8 0xfff
    fx set g delay "$1"
    fx set g arrive 1
    xlc restore --force g image
}
interrupted 100
looks=$(awk '
    $2 == "xc_domain_hvm_setcontext" { printf " load" }
    $2 == "xc_domain_getinfolist" { printf " look" }
    $2 == "xc_domain_hvm_getcontext" && $4 != "query" { printf " look" }
    ' "$FAKE_XEN/calls")
ok "there are moments" test -n "$looks"
moment=0
for look in $looks; do
    interrupted $moment
    ended "interrupt state loaded, then refused, upcall at $moment" 5
    [ $look = load ] || goes_on "the upcall at $moment is not lost"
    moment=$((moment + 1))
done

running
fx xsave g 0 7
fx msr g 0 0x48 1
xlc save -p g saved
ce saved image put CPU_XSAVE/0 600:8 0 put CPU_MSR/0 16:8 9 \
    put VMCE_VCPU/0 0:8 0xfff
fx msr g 0 0x140 1
state g >before
xlc restore --force g image
ended "a load that fails after MSRs or XSAVE were in" 5
same "everything is put back"

edited
fx set g ignore 1
state g >before
xlc restore g image
ended "a load that had no effect" 5 live-read-back
ok "names the field" grep -q rbx err
same "the guest is as before"

edited
ce image image put CPU/0 dr6 0x1ffff0ff0
state g >before
xlc restore g image
ended "a register that the hypervisor cuts" 5 live-read-back
ok "names it" grep -q dr6 err
same "the guest is as before"

# -- rollback that fails -------------------------------------------------
lost() {   # what, FAKE_XEN_FAIL
    FAKE_XEN_FAIL=$2
    export FAKE_XEN_FAIL
    rm -rf ./*rollback*
    xlc restore --force g image
    unset FAKE_XEN_FAIL
    ended "$1" 6 live-rollback-failed
    ok "$1: whose pause it is, is told" grep -q "a pause of this command" err
    copy=$(find . -name '*rollback*' -type f | head -n 1)
    copy=${copy#./}
    ok "$1: the rollback copy is in a file" test -s "$copy"
    ok "$1: whose name is told" grep -q -F "${copy:-(none)}" err
    is "$1: and private" "$(stat -c %a "$copy")" 600
    xlc show "$copy"
    ended "$1: which is sound" 0
    is "$1: a pause of ours is on it" "$(fx get g pauses)" $((pauses + 1))
    # Whoever else paused it lets go: it stands.
    rip=$(fx peek g 2 0 640 8)
    [ $pauses -eq 0 ] || fx unpause g
    is "$1: the guest does not run" "$(fx get g pauses)" 1
    is "$1: nobody else's unpause lets it go" "$(fx peek g 2 0 640 8)" "$rip"
    [ $pauses -eq 0 ] || fx pause g
}
pauses=1
edited
state g >before
lost "the rollback is refused" xc_domain_hvm_setcontext#1+:EINVAL
xlc restore --force g "$copy"
ended "the copy can be restored by hand" 0
fx unpause g
same "the guest is whole again"
# The other one lets go while we are at it.
edited
fx set g let_go 2
lost_during() {
    FAKE_XEN_FAIL=xc_domain_hvm_setcontext#1+:EINVAL:after
    export FAKE_XEN_FAIL
    xlc restore --force g image
    unset FAKE_XEN_FAIL
    ended "another's pause ends during the rollback, which fails" 6
    is "our pause is there" "$(fx get g pauses)" 1
}
lost_during
edited
ce image image put CPU/1 cr0 0x1
state g >before
lost "half loaded, rollback refused" xc_domain_hvm_setcontext#2+:EBUSY
is "vCPU 1 is down" "$(fx get g up)" 1
edited
lost "rollback refused, and once no context" \
    xc_domain_hvm_setcontext#1+:EINVAL,xc_domain_hvm_getcontext#7:EINVAL
for fail in 4 5 6; do
    edited
    FAKE_XEN_FAIL=xc_domain_hvm_setcontext#1+:EINVAL
    FAKE_XEN_FAIL=$FAKE_XEN_FAIL,xc_domain_hvm_getcontext#$fail:EINVAL
    export FAKE_XEN_FAIL
    xlc restore --force g image
    unset FAKE_XEN_FAIL
    ended "refused, and context $fail: no domain that goes" 6 \
        live-rollback-failed
done
running
pauses=0
xlc save g image
ce image image put CPU/1 cr0 0x1
lost "a running guest, half loaded" xc_domain_hvm_setcontext#2+:EINVAL

# -- no place for the copy ------------------------------------------------
# Files may have 4 KiB: enough for the fake's own, too little for a context.
edited
export FAKE_XEN_FAIL=xc_domain_hvm_setcontext#1+:EINVAL
rm -rf "$FAKE_XEN/calls" ./*rollback*
on_fake sh -c 'trap "" XFSZ; ulimit -f 8; exec "$0" restore g image' \
    "$program"
unset FAKE_XEN_FAIL
ended "the rollback copy fits nowhere" 6 restore-rollback-unkept
is "and no part of one is left" "$(find . -name '*rollback*')" ""
is "the guest does not run" "$(fx get g pauses)" 2

# -- nobody answers any more when the copy is made ------------------------
edited
FAKE_XEN_FAIL=xc_domain_hvm_setcontext#1+:EINVAL
FAKE_XEN_FAIL=$FAKE_XEN_FAIL,libxl_get_version_info#3+:EPERM
FAKE_XEN_FAIL=$FAKE_XEN_FAIL,libxl_domid_to_name#2+:ENOENT
export FAKE_XEN_FAIL
rm -rf ./*rollback*
xlc restore --force g image
unset FAKE_XEN_FAIL
ended "the version is not told any more" 6 restore-rollback-kept
copy=$(find . -name '*rollback*' -type f)
xlc show --record=PROVENANCE "$copy"
ended "the copy is an image all the same" 0
ok "that says of whom it is" grep -q '"domain_name": *"g"' out

# -- a number that another domain has ------------------------------------
for force in "" --force; do
    edited
    fx set g reborn 1
    state g >before
    # shellcheck disable=SC2086
    xlc restore $force g image
    ended "the domain is gone, another has its number $force" 2 \
        live-no-domain
    same "which is not touched $force"
done

# -- records whose layout is not known -------------------------------------
fx xen 4 17
for length in 20 28; do
    edited pvh
    fx resize g 5 0 $length
    fx resize g 5 1 $length
    xlc save -p g image
    fx unpause g
    ce image image put LAPIC/1 4:1 0 put CPU/1 rbx 0x55
    ce image image put LAPIC/1 12:4 8
    xlc restore --force g image
    ended "a LAPIC of $length bytes, forced" 1 record-length
    is "is loaded" "$(fx peek g 5 1 12 4)" 0x8
    ce image image put LAPIC/1 12:4 4
    fx set g ignore 1
    xlc restore --force g image
    ended "and read back, byte by byte, $length" 5 live-read-back
done

unharmed "nothing forbidden was done"
done_testing
