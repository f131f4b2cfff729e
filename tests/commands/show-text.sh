#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# show: the summary, records and fields by name, colour, a live domain.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
data=$srcdir/../data

# line WHAT WORDS: a line of the output, blanks squeezed.
line() {
    is "$1" "$(sed 's/^ *//; s/  */ /g' out | grep -cxF -- "$2")" 1
}

hvm2=$data/xen-4.17-hvm2.ctx
cp "$data/xen-4.17-pvhoff.ctx" pvh.hvm
gives "(an image is made)" 0 "" convert --xen=4.17 pvh.hvm pvh.img

# -- the summary ---------------------------------------------------------
gives "a PVH context" 0 "" show pvh.img
is "begins with what it is" "$(head -n 1 out)" \
    "domain context image, migrated, little-endian, START version 4.17"
says "counts the vCPUs" out "vCPUs: 3, 1 up"
line "one is up" "0 64-bit 0 0xffffffff81a592eb 4-level on"
line "one is not" "2 not up (no CPU record)"
says "and shows records" out "LAPIC_REGS/2  1024 bytes at 0x"
line "and fields" "cr0 0x0000000080050033 PE MP ET NE WP AM PG"
is "without an escape, on no terminal" "$(grep -c "$(printf '\033')" out)" 0
gives "a blob" 0 "" show pvh.hvm
says "tells who can have saved it" out "saved by: Xen 4.10 to 4.18.4"
for verb in "show" "context-show"; do
    gives "-l with $verb" 0 "" $verb -l pvh.img
    is "is the list alone" "$(grep -c cr0 out)" 0
    line "with lengths" "2 0x00000040 0x48560002 HVM_CPU 0 1032"
done

# -- records and fields --------------------------------------------------
for name in CPU/1 cpu/1 HVM_CPU/1; do
    gives "--record=$name" 0 "" show --record=$name "$hvm2"
    is "shows one record" "$(grep -c '^[A-Z_]*/' out)" 1
    says "that one" out "CPU/1  1032 bytes at 0x438"
    is "without the summary" "$(grep -c vCPU out)" 0
done
gives "--record=LAPIC" 0 "" show --record=LAPIC "$hvm2"
is "shows all of that name and no other" \
    "$(grep '/[0-9]*  ' out | cut -d' ' -f1 | tr '\n' ' ')" "LAPIC/0 LAPIC/1 "
gives "--field=rip" 0 "" show --field=rip "$hvm2"
is "is a line each" "$(cat out)" "CPU/0 rip 0xffffffff82caa497
CPU/1 rip 0xffffffff830592eb"
gives "-F and -r" 0 "" show -F CR0 -r CPU/1 "$hvm2"
is "is one line, with words" "$(cat out)" \
    "CPU/1 cr0 0x0000000080050033 PE MP ET NE WP AM PG"
gives "an element by its index" 0 "" show '--field=redirtbl[2].bits' "$hvm2"
is "is that one" "$(cat out)" \
    "IOAPIC/0 redirtbl[2].bits 0x0000000000000030 vector 0x30 fixed"
gives "an array without an index" 0 "" show --field=route "$hvm2"
is "is all elements" "$(cat out)" "PCI_LINK/0 route[0] 0
PCI_LINK/0 route[1] 0
PCI_LINK/0 route[2] 0
PCI_LINK/0 route[3] 0"
gives "the last part of a name" 0 "" show --field=xstate_bv "$hvm2"
is "finds it" "$(head -n 1 out)" "CPU_XSAVE/0 \
save_area.xsave_hdr.xstate_bv 0x0000000000000007 X87 SSE AVX"
for field in 'route[9]' 'redirtbl[99].vector' 'irr[9]' 'r[0]ip'; do
    gives "$field, past the end" 2 select-field show "--field=$field" "$hvm2"
    is "shows nothing" "$(cat out)" ""
done

gives "an unknown record" 2 select-record show --record=CPUS "$hvm2"
says "names near ones" err "near it: CPU"
gives "one that is near to none" 2 select-record show -r florence "$hvm2"
says "names what there is" err "there are HEADER, CPU, PIC, IOAPIC,"
gives "an instance that is not there" 2 select-instance \
    show --record=CPU/2 pvh.img
says "names those there are" err "there are 0"
gives "an unknown field" 2 select-field show --field=ripp "$hvm2"
says "names near ones" err "near it: rip"
gives "a field of another record" 2 select-field \
    show --record=MTRR --field=rip "$hvm2"
says "names the record that has it" err "but CPU has one"
is "and shows nothing" "$(cat out)" ""
for name in / "" /1 CPU/ CPU/x CPU/-1 CPU/4294967296 CPU/1/2; do
    gives "--record='$name'" 2 usage show "--record=$name" "$hvm2"
done
gives "--list and --record" 2 usage show --list --record=CPU "$hvm2"
gives "--list and --field" 2 usage show --list --field=rip "$hvm2"
{ blob_header; le 2 14; le 2 0; le 4 12; le 4 6; le 8 0; blob_end; } >odd.hvm
run $XL_CONTEXT show odd.hvm
judge "a record of a wrong length" 4 record-length
says "is shown as far as it goes" out "msr_pat_cr"
says "and marked" out "** cut off: 228 of 240 bytes are missing"

# -- colour --------------------------------------------------------------
esc=$(printf '\033')
gives "--color=always" 0 "" show --color=always "$hvm2"
says "has headings in bold" out "${esc}[1mCPU/0${esc}[0m  1032 bytes"
NO_COLOR=1 run $XL_CONTEXT show --color=always "$hvm2"
says "whatever NO_COLOR says" out "${esc}[1mCPU/0"
gives "--color=never" 0 "" show --color=never "$hvm2"
is "has none" "$(grep -c "$esc" out)" 0
gives "--color=auto" 0 "" show --color=auto "$hvm2"
is "has none off a terminal" "$(grep -c "$esc" out)" 0
gives "--color=green" 2 usage show --color=green "$hvm2"
if script -qec true /dev/null >/dev/null 2>&1; then
    on_terminal() { # WORDS
        TERM=xterm script -qec "$1 $XL_CONTEXT show $2 '$hvm2'" /dev/null \
            >out </dev/null
    }
    on_terminal "" ""
    says "on a terminal there is colour" out "${esc}[1mCPU/0"
    on_terminal "env NO_COLOR=1" ""
    is "but not with NO_COLOR" "$(grep -c "$esc" out)" 0
    on_terminal "env NO_COLOR=" ""
    says "an empty NO_COLOR is none" out "${esc}[1mCPU/0"
    on_terminal "env TERM=dumb" ""
    is "nor on a dumb one" "$(grep -c "$esc" out)" 0
    on_terminal "" --color=never
    is "nor with --color=never" "$(grep -c "$esc" out)" 0
else
    skip "colour on a terminal" "script(1) does not run here"
fi

# -- a live domain -------------------------------------------------------
if [ -n "$FAKE_LIVE_LIB" ]; then
    export FAKE_IMAGE="$work/pvh.img" FAKE_LOG="$work/calls"
    live() { # WHAT STATUS ID WORDS ARGUMENTS...
        live_what=$1 live_status=$2 live_id=$3 FAKE_LIVE=$4
        shift 4
        rm -f calls
        export FAKE_LIVE
        run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT "$@"
        grep -v '^fake: ' err >err.ours
        mv err.ours err
        judge "$live_what" "$live_status" "$live_id"
    }
    live "--domain" 0 "" "" show --domain=guest
    mv out live.out
    is "captures once, and leaves no pause" \
        "$(sed '/^connect/d; /^close/d' calls | tr '\n' ';')" \
        "save 7 0;saved 7 0;"
    $XL_CONTEXT show pvh.img >out
    ok "shows what a file of it shows" cmp out live.out
    live "with a field" 0 "" "" show -d guest --field=rip
    is "shows that" "$(cat out)" "CPU/0 rip 0xffffffff81a592eb"
    live "no such domain" 2 live-no-domain "" show --domain=nobody
    live "a capture that fails" 5 live-call-failed fails show --domain=guest
    is "shows nothing" "$(cat out)" ""
    live "a wrong name" 2 select-field "" show --domain=guest --field=riq
    live "a signal in the middle" 143 "" term show --domain=guest
    is "waits until the domain runs again" "$(grep -c 'saved 7' calls)" 1
fi
gives "--domain and a file" 2 usage show --domain=guest pvh.img
gives "neither" 2 usage show
done_testing
