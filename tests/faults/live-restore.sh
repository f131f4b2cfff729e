#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context restore on the fake Xen: what is loaded, and what is refused.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# -- an image that still fits --------------------------------------------
for type in pvh hvm; do
    saved $type
    state g >before
    xlc restore g saved
    ended "$type: restore of what is there" 0
    is "$type: loads nothing" "$(loads)" ""
    same "$type: changes nothing"

    edited $type
    state g >before
    tsc=$(fx peek g 2 0 1008 8)
    ce image image put CPU/0 tsc 0x10
    xlc restore g image
    ended "$type: one register edited" 0
    ok "$type: the clock did not go back" \
        test $(($(fx peek g 2 0 1008 8))) -gt $((tsc))
    is "$type: CPU and MTRR of both vCPUs are loaded, no interrupt state" \
        "$(loads)" "1/0,2/0,2/1,14/0,14/1,0/0"
    is "$type: the register is there" "$(fx peek g 2 0 520 8)" 0xdeadbeef
    fx put g 2 0 520 8 0x2222
    same "$type: nothing else changed, PAT and MTRR included"
    goes_on "$type: the guest goes on on every vCPU"
    unharmed "$type: nothing forbidden was done"

    edited $type
    ce image image put CPU/0 rbx 0x2222 put MTRR/1 msr_mtrr_def_type 0xc00
    fx put g 2 0 520 8 0x2222
    xlc restore g image
    ended "$type: MTRR edited" 0
    is "$type: is there" "$(fx peek g 14 1 232 8)" 0xc00
    is "$type: pair 1 of the guest stays" "$(fx peek g 14 1 24 8)" \
        0xf8000000
    goes_on "$type: and the guest goes on"
done

# -- a pause that stays, by the library ----------------------------------
restoring=$FAULTS_BUILD/.libs/left-paused
[ -x "$restoring" ] || restoring=$FAULTS_BUILD/left-paused
edited
on_fake "$restoring" g image
is "a restore leaves no pause beside that of the save" \
    "$(cat out) $(fx get g pauses)" "0 as before 1"
edited
export FAKE_XEN_FAIL="xc_domain_unpause#1:EPERM"
on_fake "$restoring" g image
unset FAKE_XEN_FAIL
is "an unpause that fails leaves one more, and that is said" \
    "$(cat out) $(fx get g pauses)" "-1 left paused 2"
ok "with the finding" grep -q live-still-paused err

edited
xlc restore g - <image
ended "an empty standard input is refused" 3
on_fake sh -c '"$0" restore g - <image' "$program"
ended "restore from standard input" 0
edited
xlc convert --to=wrapped image wrapped
xlc restore g wrapped
ended "restore of the wrapped form" 0
is "loads the same" "$(fx peek g 2 0 520 8)" 0xdeadbeef
edited
xlc restore -p g image
ended "restore -p of a paused guest" 0
is "leaves no pause of ours" "$(fx get g pauses)" 1

# -- a new life of the same guest ----------------------------------------
for type in pvh hvm; do
    rebuilt $type
    is "$type: never ran" "$(fx get g cpu_time)" 0
    xlc restore g image
    ended "$type: into a guest of that uuid that never ran" 0
    is "$type: registers are the image's" "$(fx peek g 2 1 640 8)" \
        "$(ce image get CPU/1 rip)"
    goes_on "$type: and it runs"
done

# -- images that do not fit ----------------------------------------------
running
xlc save g image
fx run g
fx pause g
refused "the guest ran on" live-ran-on g image
ok "and it is said for how long" \
    grep -q "run on for 0\.[0-9]* s of CPU time" err
fx unpause g
xlc restore --force g image
ended "--force loads it" 0 live-ran-on
is "with one pause and one unpause" \
    "$(calls xc_domain_pause) $(calls xc_domain_unpause)" "1 1"
running
xlc save g image
ce image image put CPU/0 rbx 0x77
xlc restore --force -p g image
ended "--force -p" 0 live-ran-on
is "leaves the guest paused" "$(fx get g pauses)" 1
is "with the image's register" "$(fx peek g 2 0 520 8)" 0x77
goes_on "it goes on"

edited
fx set g uuid 00112233-4455-6677-8899-aabbccddeeff
refused "another guest" live-other-guest g image
edited
ce image image bare
refused "no PROVENANCE" live-no-provenance g image
xlc restore --force g image
ended "--force loads it" 0 live-no-provenance
edited
ce image image prov domid 9
refused "another life" live-another-life g image
edited
ce image image put HEADER gtsc_khz 1000
refused "another TSC frequency" live-tsc-khz g image
xlc restore --force g image
ended "--force loads it" 0 live-tsc-khz
is "but not the frequency" "$(fx get g header_khz)" 2500000
edited
ce image image put START 4:4 99
xlc restore g image
ended "a release from the future, records as they are known" 1 image-newer
edited
ce image image body LAPIC/0 "$(ce image hex LAPIC/0)0400000000000000" \
    put START 4:4 99 body LAPIC/1 "$(ce image hex LAPIC/1)00"
refused "a release from the future, a record as it is not known" \
    record-length g image
edited pvh
ce image image add PIT 00 body PIT @/dev/null
refused "a record of a length that never was" "" g image
edited
ce image image body LAPIC/0 \
    "$(ce image hex LAPIC/0)0400000000000000" put START 4:4 21 \
    body LAPIC/1 "$(ce image hex LAPIC/1)0000000000000000"
refused "a longer LAPIC of a later release" lapic-esr-lost g image
running hvm
xlc save -p g image
uuid=ffeeddcc-bbaa-9988-7766-554433221100
ce image image prov uuid "\"$uuid\""
fx destroy g
fx built g pvh 2 >/dev/null
fx set g uuid $uuid
refused "a full HVM image for a PVH guest" live-no-device g image
rebuilt
ce image image add TSC_ADJUST/3 0000000000000000
refused "a vCPU that the domain does not have" live-no-vcpu g image
edited
cp image damaged
printf '\377' | dd of=damaged bs=1 seek=200 conv=notrunc 2>/dev/null
xlc restore --force g damaged
ended "damage is refused, --force or not" 3
is "and nothing is touched" "$(calls xc_domain_pause)" 0

# -- vCPUs up on one side ------------------------------------------------
edited
ce image image drop CPU/1
refused "a vCPU up in the domain only" live-vcpu-up g image
xlc restore --force g image
ended "--force leaves it up" 0 live-vcpu-up
is "both are up" "$(fx get g up)" 3
goes_on "and go on"
edited
fx set g up 1
refused "a vCPU up in the image only" live-vcpu-up g image

# -- XSAVE and MSRs ------------------------------------------------------
for minor in 17 20; do
    release=$minor
    running
    release=17
    fx xsave g 0 7
    fx xsave g 1 3
    xlc save -p g saved
    ce saved image put CPU/0 rbx 0x99
    state g >before
    xlc restore g image
    ended "4.$minor: CPU and CPU_XSAVE" 0
    is "4.$minor: go together" "$(loads)" \
        "1/0,2/0,2/1,14/0,14/1,16/0,16/1,0/0"
    fx put g 2 0 520 8 0x2222
    same "4.$minor: the AVX state survived"
done
edited
fx xsave g 0 7
refused "AVX state in the domain only" live-xsave-lost g image
xlc restore --allow-loss g image
ended "--allow-loss loads it" 0
edited
fx xsave g 0 3
xlc restore g image
ended "x87 and SSE state alone is no loss" 0
is "the register is there" "$(fx peek g 2 0 520 8)" 0xdeadbeef
goes_on "it goes on"
x87_xsave() {   # a CPU_XSAVE body with only x87 and SSE, XSTATE_BV
    printf '070000000000000003000000000000000300000000000000'
    ce saved hex CPU/0 | cut -c1-1024
    printf '%s00000000000000%0112d' "$1" 0
}
saved
ce saved image add CPU_XSAVE/0 "$(x87_xsave 03)"
xlc restore g image
ended "CPU_XSAVE in the image only" 0
is "is loaded" "$(fx peek g 16 0 16 8)" 0x3
goes_on "and the guest goes on"
saved
ce saved image add CPU_XSAVE/0 "$(x87_xsave 07)"
state g >before
xlc restore --force g image
ended "a bad CPU_XSAVE in the image only is refused" 5 live-set-failed
same "and put back"
saved
ce saved image add CPU_MSR/1 "0200000000000000
    4800000000000000 0100000000000000
    7800000000000000 ff00000000000000"
state g >before
xlc restore --force g image
ended "an MSR that the hypervisor refuses" 5 live-set-failed
same "is put back, with the one before it"

saved
fx msr g 0 0x48 1
fx msr g 1 0x140 1
xlc restore g saved
ended "MSRs that the image lacks" 0
is "are written as 0" "$(state g | grep -c '^msr')" 0
running
fx msr g 0 0x48 1
xlc save -p g image
fx msr g 0 0x48 2
fx msr g 0 0xc0011027 5
xlc restore g image
ended "MSRs merged" 0
is "to the image's" "$(state g | grep '^msr')" "msr/0 0x48 0x1"
goes_on "it goes on"

# -- interrupts ----------------------------------------------------------
edited
fx event g 0
fx event g 1
xlc restore g image
ended "upcalls that came after the capture" 0
is "are not loaded over" "$(loads)" "1/0,2/0,2/1,14/0,14/1,0/0"
goes_on "nor lost"
edited
fx set g arrive 20
xlc restore g image
ended "upcalls that come during the restore" 0
goes_on "are not lost"

edited
fx set g callback 0
ce image image or LAPIC_REGS/0 0x210:4 0x100
refused "an interrupt that waits in the image only" live-interrupt-state \
    g image
fx set g arrive 20
xlc restore --force g image
ended "--force loads it and says so" 0 "may lose an interrupt"
ok "with LAPIC before LAPIC_REGS" grep -q ",5/0,6/0," <<X
$(loads)
X
is "and what waited on both sides" "$(fx peek g 6 0 0x210 4)" 0x100
goes_on "and nothing is lost"
# The present only has a record: it stays.
edited hvm
ce image image drop HPET
xlc restore g image
ended "a record that only the domain has" 0 live-stays
goes_on "stays, and the guest goes on"
for change in "LAPIC_REGS/1 0x80:4 0x20" "LAPIC/1 timer_divisor 32" \
    "LAPIC/0 tdt_msr 5"; do
    edited
    fx set g callback 0
    # shellcheck disable=SC2086
    ce image image put $change
    refused "interrupt state ($change)" live-interrupt-state g image
done
# Of local APICs it is loaded if no upcall comes through them: one vector of
# the domain, and none of a vCPU.
for type in pvh hvm; do
    for change in "LAPIC_REGS/1 0x80:4 0x20" "LAPIC/1 timer_divisor 32"; do
        edited $type
        # shellcheck disable=SC2086
        ce image image put $change
        wanted=$(ce image get ${change% *})
        fx set g delay 2
        fx set g arrive 20
        xlc restore g image
        ended "$type: a vector of the domain ($change)" 0
        xlc save -p g now
        is "$type: it is loaded" "$(ce now get ${change% *})" "$wanted"
        is "$type: no upcall is given" "$(calls xc_hvm_inject_msi) \
$(calls xc_hvm_param_set)" "0 0"
        unharmed "$type: nothing forbidden was done"
        goes_on "$type: no upcall is lost"
    done
    edited $type
    echo '(XEN) d1v0: upcall vector f3' >>"$FAKE_XEN/console"
    ce image image put LAPIC_REGS/1 0x80:4 0x20
    refused "$type: a vCPU has a vector beside the domain's" \
        live-interrupt-state g image
    edited $type
    fx set g callback $((5 << 56 | 243))
    ce image image put LAPIC_REGS/1 0x80:4 0x20
    refused "$type: a callback of no known kind" live-interrupt-state g image
done
# Or if each vCPU can be given its upcall.
for type in pvh hvm; do
    edited $type
    fx set g callback 1
    echo '(XEN) d1v0: upcall vector f3' >>"$FAKE_XEN/console"
    ce image image put LAPIC_REGS/1 0x80:4 0x20
    fx set g delay 2
    fx set g arrive 20
    xlc restore g image
    ended "$type: interrupt state, upcalls given" 0
    is "$type: it is loaded" "$(fx peek g 6 1 0x80 4)" 0x20
    is "$type: upcalls are given" "$(calls xc_hvm_inject_msi) \
$(calls xc_hvm_param_set)" "$([ $type = pvh ] && echo '2 0' || echo '0 1')"
    unharmed "$type: nothing forbidden was done"
    goes_on "$type: no upcall is lost"
    edited $type
    fx set g callback 1
    echo '(XEN) d1v0: upcall vector f3' >>"$FAKE_XEN/console"
    ce image image put LAPIC_REGS/1 0x80:4 0x20
    call=$([ $type = pvh ] && echo xc_hvm_inject_msi || echo xc_hvm_param_set)
    FAKE_XEN_FAIL=$call#1:EPERM
    export FAKE_XEN_FAIL
    xlc restore g image
    unset FAKE_XEN_FAIL
    ok "$type: an upcall that is refused fails the restore" \
        [ "$status" -ne 0 ]
    is "$type: and all is put back" "$(fx peek g 6 1 0x80 4)" 0
    goes_on "$type: and goes on"
    not_ok "$type: no upcall is said to be lost" grep -q live-upcall-lost err
    edited $type
    fx set g callback 1
    echo '(XEN) d1v0: upcall vector f3' >>"$FAKE_XEN/console"
    ce image image put LAPIC_REGS/1 0x80:4 0x20
    FAKE_XEN_FAIL=$call#1+:EIO
    export FAKE_XEN_FAIL
    xlc restore g image
    unset FAKE_XEN_FAIL
    ended "$type: where none can be given that is told" 5 live-upcall-lost
    is "$type: and all is put back, too" "$(fx peek g 6 1 0x80 4)" 0
done
edited
fx set g callback 1
ce image image put LAPIC_REGS/1 0x80:4 0x20
refused "a vector that is not known" live-interrupt-state g image
for change in "PIC/0 2:1 0x12" "IOAPIC 24:8 0x30" "ISA_IRQ 0:1 2" \
    "PCI_IRQ 4:1 1" "PCI_LINK 0:1 7"; do
    edited hvm
    # shellcheck disable=SC2086
    ce image image put $change
    refused "interrupt state ($change)" live-interrupt-state g image
done
edited hvm
fx put g 8 0 0 1 0x10
fx put g 7 0 4 1 1
ce image image put ISA_IRQ 0:1 0x12 put PCI_IRQ 4:1 1
xlc restore --force g image
ended "--force loads interrupt lines" 0
ok "all three of them" grep -q ",7/0,8/0,9/0," <<X
$(loads)
X
is "and each counts once" "$(state g | sed -n 2p | cut -d' ' -f3,6,7,18)" \
    "1 1 1 1"
rebuilt hvm
ce image image put ISA_IRQ 0:1 2
xlc restore g image
ended "into a guest that never ran they are loaded without force" 0
is "and count once" "$(state g | sed -n 2p | cut -d' ' -f3)" 1

# The upcall as a PCI INTx line of device 3.
intx=$((1 << 56 | 3 << 11))
edited hvm
fx set g callback $intx
fx set g callback_asserted 1
fx put g 7 0 1 1 0x10
xlc restore g image
ended "a callback line that is up, and the same lines otherwise" 0
is "the lines are left alone" "$(loads)" "1/0,2/0,2/1,14/0,14/1,0/0"
goes_on "the upcall is not lost"
edited hvm
fx set g callback $intx
ce image image put PCI_LINK 0:1 7
refused "lines to load, and the callback one of them" live-callback-line \
    g image

# A guest sets another callback at any moment while it runs: what is loaded is
# judged by the one that it has in the pause.
bad=
turned=0
for i in $(seq 40); do
    edited hvm
    fx unpause g
    ce image image put PCI_LINK 0:1 7
    fx set g turn "$i"
    fx set g turn_to $intx
    xlc restore --force g image
    [ "$(fx get g callback)" -eq $intx ] || break
    [ "$status" -eq 0 ] || bad="$bad $i:$status"
    turned=$((turned + 1))
    grep -q live-callback-line err || bad="$bad $i:untold"
done
is "a callback that becomes a line meanwhile is told" "$bad" ""
ok "at several moments" [ $turned -gt 4 ]

# -- the context grows ---------------------------------------------------
# On 4.13.0, which fills the whole buffer that it was given.
for n in 0 1 3; do
    release=13
    edited hvm
    release=17
    fx set g swell $n
    xlc restore g image
    ended "outgrown $n times" 0
    is "each time with a pause of its own" \
        "$(calls xc_domain_pause) $(calls xc_domain_unpause)" \
        "$((n + 1)) $((n + 1))"
    goes_on "the guest goes on"
done
fx pause g
xlc save g saved
ce saved image put CPU/0 rbx 1
fx set g swell 100
xlc restore g image
ended "always outgrown" 5 live-growing
is "its pauses are as before" "$(fx get g pauses)" 1

# -- never written -------------------------------------------------------
edited
fx set g tsc_khz 1234567
printf 'Z' | dd of="$FAKE_XEN/dom-1" bs=1 seek=64 conv=notrunc 2>/dev/null
xlc restore g image
ended "SHARED_INFO and TSC_INFO differ" 0 live-not-written
is "both are told" "$(grep -c live-not-written err)" 2
is "and left" "$(fx get g tsc_khz)" 1234567
# Forced, it may have any length: what is not there is not compared.
for bytes in "" 00 00000000 00000000000000; do
    edited
    ce image image body TSC_INFO "$bytes"
    xlc restore --force g image
    ended "a TSC_INFO of $((${#bytes} / 2)) bytes, forced" 0 tsc-info-length
    is "is not compared" "$(grep -c live-not-written err)" 0
done
edited
ce image image put CPU/0 tsc 0x10
xlc restore --restore-time g image
ended "--restore-time" 0
ok "takes the clock from the image" \
    test $(($(fx peek g 2 0 1008 8))) -lt 100000

# -- a dry run -----------------------------------------------------------
edited
state g >before
xlc -N restore g image
ended "-N restore" 0
is "pauses and loads nothing" \
    "$(calls xc_domain_pause) $(calls xc_domain_hvm_setcontext)" "0 0"
same "and leaves the guest alone"
ce image image put CPU/1 cr0 0x1
xlc -N restore g image
ended "-N restore says what would be refused" 4 load-cr0

# -- again and again -----------------------------------------------------
running hvm
fx set g arrive 1000
bad=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    xlc save -p g cycle || bad=1
    [ "$status" -eq 0 ] || bad=1
    ce cycle cycle put CPU/1 r15 $i
    fx event g 0
    xlc restore g cycle
    [ "$status" -eq 0 ] || bad=1
    fx unpause g
    fx alive g || bad=1
done
is "15 cycles under interrupt load" $bad 0
is "the last register is there" "$(fx peek g 2 1 632 8)" 0xf
is "PAT is the guest's" "$(fx peek g 14 1 0 8)" 0x407050600070106

# -- more findings than a report keeps -------------------------------------
# crowded WORDS: image is the wrapped form of image with 8192 records of
# that typecode (in octal) before its END.
crowded() {
    xlc convert --to=hvm image blob
    # shellcheck disable=SC2059 # the format is the bytes
    {
        head -c -8 blob
        printf "$1\\0\\0\\0\\0\\0\\0\\0%.0s" $(seq 8192)
        tail -c 8 blob
    } >crowd
    xlc convert --xen=4.17 --allow-loss --to=wrapped crowd image
}
edited
crowded '\310'
refused "8192 unknown records" hvm-typecode g image
ok "the others are counted, as errors" \
    grep -q 'more, the worst an error' err

# -- a domain that goes away ---------------------------------------------
# It is destroyed before a call, or Xen has begun to: no context is told of it
# any more, and no fault of ours, no pause and no copy; behind the pause it has
# been restored.
edited
xlc restore g image
cp "$FAKE_XEN/calls" good_calls
n=$(wc -l <good_calls)
for what in vanish doom; do
    bad=
    loaded=0
    i=1
    while [ $i -le $((n + 2)) ]; do
        edited
        rm -f ./*rollback*
        fx set g $what $i
        xlc restore g image
        case $status:$(grep -o -e '\[live-[a-z-]*\]' err | tr -d '\n') in
        0:*) ;;
        2:"[live-no-domain]" | 2:"[live-dying]")
            loaded=$((loaded + $(calls xc_domain_hvm_setcontext))) ;;
        *) bad="$bad $i:$status" ;;
        esac
        [ -z "$(find . -name '*rollback*')" ] || bad="$bad $i:copy"
        i=$((i + 1))
    done
    is "$what before any call: the domain has gone, and that is told" \
        "$bad" ""
    ok "$what: behind a load, too" test $loaded -gt 1
done
unharmed "nothing forbidden was done"
done_testing
