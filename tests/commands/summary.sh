#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# show --summary, and the pager.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data
hvm2=$data/xen-4.17-hvm2.ctx

# line WHAT WORDS: a line of the output, blanks squeezed.
line() {
    is "$1" "$(sed 's/^ *//; s/  */ /g' out | grep -cxF -- "$2")" 1
}

# summary_of FIELD=VALUE...: of the sample with those.
summary_of() {
    for summary_set; do
        set -- "$@" --set "$summary_set"
        shift
    done
    $XL_CONTEXT edit "$@" --force "$hvm2" made.ctx >/dev/null 2>&1 ||
        [ -s made.ctx ] || echo "# no made.ctx"
    run $XL_CONTEXT show --summary made.ctx
}

# -- what it says ---------------------------------------------------------
gives "a context of Xen 4.17" 0 "" show --summary "$hvm2"
cp out whole
line "mode, CPL, rip, paging, interrupts" \
    "1 64-bit 0 0xffffffff830592eb 4-level on"
line "TPR, in service, pending, timer" \
    "1 0x10 none 243 masked one-shot, not set"
line "a device" "PIC/0 irr 1 4, imr 0-7, isr none, elcr 2 5"
line "asserted" "ISA_IRQ/0 asserted 4"
line "pins" "IOAPIC/0 pins open 1 2 4 8 12, wait for an EOI none"
line "the clock" "RTC/0 date 2026-11-22 20:47:55"
ok "it fits on a screen" test "$(wc -l <out)" -le 40
is "without a field's line" "$(grep -c 'cr0 ' out)" 0
gives "-s" 0 "" show -s "$hvm2"
ok "is the same" cmp out whole
for sample in xen-4.17-hvmnopv xen-4.17-pvhoff; do
    gives "$sample" 0 "" show -s "$data/$sample.ctx"
    ok "has its vCPUs" grep -q '  TPR   in service' out
done
$MKSAVE -x 4.17 -c "$hvm2" guest.save
run $XL_CONTEXT show -s guest.save
ok "a save file" grep -q '  TPR   in service' out
ok "fits on a screen, too" test "$(wc -l <out)" -le 40
gives "several" 0 "" show -s "$hvm2" "$hvm2"
is "each" "$(grep -c '  TPR' out)" 2
{ start 4 17; tsc_info; end; } >bare.ctx
run $XL_CONTEXT show -s bare.ctx
ok "an image without HVM state" test "$status" -le 1
is "has no such table" "$(grep -c TPR out)" 0

# -- what file it is in ----------------------------------------------------
run $XL_CONTEXT show -s guest.save
is "what it is in" "$(head -n 1 out)" "xl save file, libxl stream 2, \
libxc stream 3, $(stat -c %s guest.save) bytes"
is "whose it is, and of which Xen" "$(sed -n 2p out)" \
    "domain old, hvm, saved by Xen 4.17"
$MKSAVE -llibxc -c "$hvm2" bare.save
run $XL_CONTEXT show -s bare.save
is "one that has no name" "$(sed -n 2p out)" \
    "domain without a name, hvm, saved by Xen 4.17"
run $XL_CONTEXT show -s "$hvm2"
is "a blob is in nothing" "$(head -n 1 out | cut -c 1-15)" "legacy HVM blob"

# -- many vCPUs -----------------------------------------------------------
od -An -v -tu1 "$hvm2" >17.txt
# many N SET...: the screen of a guest of so many, and of each of them.
many() {
    LC_ALL=C awk -v n="$1" -v set="${2-}" \
        -f "$srcdir/../tools/manyvcpus.awk" 17.txt >many.ctx
    run $XL_CONTEXT show -v -s many.ctx
    is "$1 vCPUs, -v: each has two lines" \
        "$(grep -c '^ *[0-9]*  \(64-bit\|0x\)' out)" $(($1 * 2))
    run $XL_CONTEXT show -s many.ctx
    ok "$1 vCPUs: they fit on a screen" test "$(wc -l <out)" -le 40
}
alike="64-bit 0 0xffffffff82caa497 4-level off"
many 8
line "few of them have a line each" "7 $alike"
many 9
line "all alike" "0-8 $alike"
line "their interrupts, too" "0-8 0x10 none 243 masked one-shot, not set"
many 128 "2 100 640 1"
line "one is elsewhere" "100 64-bit 0 0xffffffff82caa401 4-level off"
line "as two ranges" "0-99 $alike, also 101-127"
many 64 "2 -2 640 1"
line "every second: some of them, and how many" \
    "0 $alike, also 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 32 34 36 38 and \
more, 32 in all"
many 64 "2 -1 640 i"
line "each is elsewhere: that" "0-63 64-bit 0 at several places 4-level off"
many 64 "6 -1 272 i"
line "vectors in service of each" \
    "0-63 0x10 differ differ masked one-shot, not set"
# LVTT, TMICT and TMCCT at 800, 896 and 912
many 64 "6 -1 802 2 6 -1 898 1 6 -1 912 i"
line "timers that have come to different places" \
    "0-63 0x10 none 243 periodic, runs"
many 64 "6 -1 802 2 6 -1 898 1"
line "or to the same one" \
    "0-63 0x10 none 243 periodic, 0 of 65536 left"
# tdt_msr at 16
many 64 "6 -1 802 4 5 -1 16 i"
line "a deadline that is not set" "0 0x10 none 243 TSC-deadline, not set"
line "others that have gone by" "1-63 0x10 none 243 TSC-deadline, was due"

# -- timers and vectors ---------------------------------------------------
summary_of LAPIC_REGS/1.lvtt=0x200ec LAPIC_REGS/1.tmict=1000 \
    LAPIC_REGS/1.tmcct=250
line "a periodic timer" \
    "1 0x10 none 243 vector 0xec periodic, 250 of 1000 left"
summary_of LAPIC_REGS/0.lvtt=0x400ec LAPIC/0.tdt_msr=0x28a723b9df
line "a deadline to come" \
    "0 0x10 none 243 vector 0xec TSC-deadline, due 10 cycles later"
summary_of LAPIC_REGS/0.lvtt=0x400ec LAPIC/0.tdt_msr=0x28a723b9d0
line "a deadline gone by" \
    "0 0x10 none 243 vector 0xec TSC-deadline, due 5 cycles before"
summary_of LAPIC_REGS/0.lvtt=0x400ec
line "a deadline that is not set" \
    "0 0x10 none 243 vector 0xec TSC-deadline, not set"
summary_of 'LAPIC_REGS/0.isr[1]=0x2' 'LAPIC_REGS/0.irr[2]=0x7' \
    LAPIC_REGS/0.tpr=0xf0
line "vectors of several words" \
    "0 0xf0 33 64-66 243 masked one-shot, not set"
summary_of 'IOAPIC/0.redirtbl[5].bits=0x4030'
line "a pin that waits" \
    "IOAPIC/0 pins open 1 2 4 5 8 12, wait for an EOI 5"
# which edit refuses
$XL_CONTEXT convert --to=json "$hvm2" - 2>/dev/null |
    sed 's/"month": [0-9]*/"month": 19/' >made.json
run $XL_CONTEXT show --summary made.json
line "no date" "RTC/0 date none"

# -- other releases, and what is odd --------------------------------------
bad=
for release in 3.4 4.2 4.6 4.10 4.14 4.20 4.22; do
    $XL_CONTEXT convert --xen=4.17 --target=$release --allow-loss "$hvm2" \
        other.ctx 2>/dev/null
    [ -s other.ctx ] || continue
    run $XL_CONTEXT show -s other.ctx
    [ "$status" -le 1 ] && grep -q '0x10  none' out || bad="$bad $release"
    rm -f other.ctx
done
is "of each release" "$bad" ""
blob 6 33 5 1 >short.hvm
run $XL_CONTEXT show -s short.hvm
ok "records that are cut" grep -q 'its LAPIC_REGS record is cut off' out
ok "and unknown ones" grep -q '^  typecode 33/0 *not known here$' out
for option in --list --json --record=CPU --field=rip; do
    gives "not with $option" 2 usage show --summary $option "$hvm2"
done

# -- the pager ------------------------------------------------------------
gives "no terminal, no pager" 0 "" show -s "$hvm2"
if ! script -qec true /dev/null >/dev/null 2>&1; then
    skip "the pager" "no script(1) here"
    done_testing
    exit
fi
# on_terminal PAGER COMMAND: its output on one.
on_terminal() {
    TERM=vt100 PAGER=$1 script -qec "$2" /dev/null </dev/null 2>err |
        tr -d '\r' >out
}
show="$XL_CONTEXT show -s $hvm2"
on_terminal "sed 's/^/paged: /'" "$show; echo status \$?"
is "each line goes through it" "$(grep -c '^paged: ' out)" "$(wc -l <whole)"
says "its end is waited for" out "status 0"
is "last" "$(tail -n 1 out)" "status 0"
on_terminal "head -n 1" "$show; echo status \$?"
is "one that is left early is no error" "$(tail -n 1 out)" "status 0"
is "and no word" "$(grep -c reader out)" 0
on_terminal "sed 's/^/paged: /'" "$XL_CONTEXT show nosuch; echo status \$?"
says "errors go through it, too" out "paged: xl-context: nosuch: cannot open"
says "with their status" out "status 2"
for none in '' cat; do
    on_terminal "$none" "$show"
    is "PAGER='$none' is none" "$(grep -c '^paged' out)" 0
    ok "and all is there" grep -q 'RTC/0' out
done
TERM=dumb script -qec "PAGER='sed s/^/paged:/' $show" /dev/null </dev/null |
    tr -d '\r' >out
is "nor on a dumb terminal" "$(grep -c '^paged' out)" 0
mkdir no-less
for tool in sh sed env; do
    ln -s "$(command -v $tool)" no-less/$tool
done
TERM=vt100 script -qec "unset PAGER; PATH=$PWD/no-less; export PATH; $show" \
    /dev/null </dev/null | tr -d '\r' >out
ok "without less all is there" grep -q 'RTC/0' out
done_testing
