#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# diff: exit status, output, every kind of input.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

# cpu_blob BYTE: HEADER, a CPU of 1032 bytes whose rip is BYTE, PMTIMER, END.
cpu_blob() {
    blob_header
    le 2 2; le 2 0; le 4 1032; zeros 640; le 8 "$1"; zeros 360; le 8 "$2"
    zeros 16
    le 2 13; le 2 0; le 4 8; zeros 8
    blob_end
}
cpu_blob 18 5 >a.hvm
cpu_blob 52 5 >b.hvm
cpu_blob 18 6 >clock.hvm

gives "the same file twice" 0 "" diff a.hvm a.hvm
says "no difference" out "0 differences"
gives "two values of a field" 1 "" diff a.hvm b.hvm
says "the difference" out \
    "CPU/0 rip: 0x0000000000000012 -> 0x0000000000000034"
is "and nothing else" "$(grep -c '^CPU/' out)" 1
says "the summary" out "1 difference"
says "names the inputs" out "A: a.hvm, legacy HVM blob, Xen "
says "whose release is inferred" out " by its content"
for layer in xl libxl libxc; do
    "$MKSAVE" -l $layer -c a.hvm $layer.save
    gives "a save file, layer $layer" 0 "" diff $layer.save a.hvm
    says "is called that" out \
        "A: $layer.save, $($XL_CONTEXT show $layer.save | head -n 1), Xen 4.17"
    says "beside a blob" out "B: a.hvm, legacy HVM blob, Xen "
done
gives "the summary alone" 1 "" diff --summary a.hvm b.hvm
is "has no detail" "$(grep -c rip out)" 0
says "but the records" out "PMTIMER "

# -- formats -------------------------------------------------------------
gives "(an image)" 0 "" convert --xen=4.17 a.hvm a.img
gives "(a wrapped one)" 0 "" convert --to=wrapped a.img a.wrap
gives "(JSON)" 0 "" convert --to=json a.img a.json
for file in a.img a.wrap a.json; do
    gives "a blob and $file of it are the same" 0 "" diff a.hvm $file
    says "what a blob cannot hold is said" out "note: START/0: only in B"
    gives "$file against another blob" 1 "" diff $file b.hvm
done
gives "two forms of one image" 0 "" diff a.img a.wrap
{ start 4 17; tsc_info; end; } >pv.img
{ start 4 18; tsc_info; end; } >pv18.img
gives "images of two releases" 1 "" diff pv.img pv18.img
says "START is a record as others" out "START/0 xen_minor: 17 -> 18"
gives "it can be left out" 0 "" diff --ignore=START pv.img pv18.img
says "and that is counted" out "0 differences, 1 ignored"
gives "an image without HVM state" 1 "" diff pv.img a.img
says "lacks every record" out "CPU/0: only in B, 1032 bytes"
status=0
$XL_CONTEXT diff - b.hvm <a.hvm >out 2>err || status=$?
judge "A on standard input" 1
status=0
$XL_CONTEXT diff a.hvm - <a.hvm >out 2>err || status=$?
judge "B on standard input" 0
gives "both cannot be" 2 usage diff - -

# -- what is left out ----------------------------------------------------
gives "a clock" 1 "" diff a.hvm clock.hvm
gives "that is ignored" 0 "" diff --ignore=moving a.hvm clock.hvm
gives "a register is not moving" 1 "" diff --ignore=moving a.hvm b.hvm
for list in CPU CPU/0 CPU.rip CPU/0.rip rip moving,rip PIC,rip; do
    gives "--ignore=$list" 0 "" diff --ignore=$list a.hvm b.hvm
done
for list in CPU/1 PIC CPU.cr0 moving; do
    gives "--ignore=$list is about others" 1 "" \
        diff --ignore=$list a.hvm b.hvm
done
gives "two --ignore are both left out" 0 "" diff --ignore=rip \
    --ignore=moving a.hvm b.hvm
gives "the other way round, too" 0 "" diff --ignore=moving --ignore=rip \
    a.hvm b.hvm
gives "two --field are both compared" 1 "" diff --field=rip --field=rsp \
    a.hvm b.hvm
gives "two --record, too" 1 "" diff -r CPU -r PIC a.hvm b.hvm
gives "each field of each record" 2 diff-ignore diff -r CPU -r LAPIC \
    --field=rip a.hvm b.hvm
says "which one has none" err "'LAPIC.rip'"
for list in EFER IA32_EFER SPEC_CTRL; do
    gives "--ignore=$list is no rip" 1 "" diff --ignore=$list a.hvm b.hvm
done
for list in "" cpu CPU. CPU/ nothing moving,nothing CPU.redirtbl; do
    gives "--ignore=$list names nothing" 2 diff-ignore \
        diff "--ignore=$list" a.hvm b.hvm
    is "and nothing is compared" "$(cat out)" ""
done

# -- content and damage --------------------------------------------------
blob 200 >odd.hvm
gives "an unknown record is compared" 0 hvm-typecode diff odd.hvm odd.hvm
says "as a note" err "note: "
{ blob_header; le 2 200; le 2 0; le 4 8; le 8 2; blob_end; } >odd2.hvm
gives "and its bytes" 1 hvm-typecode diff odd.hvm odd2.hvm
says "in hex" out "typecode 200/0 byte 0: 01 -> 02"
{ blob_header; le 2 18; le 2 0; le 4 5; zeros 5; blob_end; } >short.hvm
gives "a record too short" 0 record-length diff short.hvm short.hvm
head -c 200 a.hvm >cut.hvm
gives "a damaged A" 3 hvm-truncated diff cut.hvm a.hvm
gives "a damaged B" 3 hvm-truncated diff a.hvm cut.hvm
is "nothing on stdout then" "$(cat out)" ""
gives "a file that is not there" 2 file-open diff a.hvm nowhere
gives "one that is nothing" 3 kind-empty diff a.hvm err
gives "one file alone" 2 usage diff a.hvm
if [ -e /dev/full ]; then
    status=0
    $XL_CONTEXT diff a.hvm b.hvm >/dev/full 2>err || status=$?
    judge "a full disk" 2 file-write
fi

# -- JSON ----------------------------------------------------------------
gives "--json" 1 "" diff --json a.hvm b.hvm
says "has a schema" out '"schema": "xl-context-diff-2"'
says "the field" out '"field": "rip"'
says "the values" out '"value": "0x34"'
says "the count" out '"count": 1'
gives "--json of no difference" 0 "" diff --json a.hvm a.img
says "the count" out '"count": 0'
gives "--json --summary" 1 "" diff --json --summary a.hvm b.hvm
is "has no detail" "$(grep -c rip out)" 0
if command -v python3 >/dev/null; then
    gives "--json of more" 1 "" diff --json a.img b.hvm
    ok "is JSON" python3 -m json.tool out
fi

# -- the same bytes, with other layouts nearest on the two sides --------------
# odd CODE BYTE: a blob with a record that is two bytes longer than the longest
# or the shortest that there is; its last byte.
odd() {
    blob_header
    le 2 "$1"; le 2 0; le 4 34; zeros 33; le 1 "$2"
    blob_end
}
for code in 3 4 5 7 8 9 11 13 18 19; do
    odd $code 1 >odd.hvm
    odd $code 2 >other.hvm
    for xen in 4.4 4.10 4.18 4.22; do
        rm -f odd.img
        $XL_CONTEXT convert --force --allow-loss --bare --xen=$xen odd.hvm \
            odd.img 2>/dev/null
        [ -e odd.img ] || continue
        gives "record $code of $xen, the same bytes" 0 record-length \
            diff odd.hvm odd.img
        gives "another byte" 1 record-length diff other.hvm odd.img
    done
done
done_testing
