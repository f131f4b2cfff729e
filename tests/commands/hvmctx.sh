#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every value that xen-hvmctx prints is the one we have: what it printed on a
# real Xen for captured contexts, and what it prints here for contexts full of
# noise.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
data=$srcdir/../data
compare=$srcdir/../tools/hvmctx.awk

# same JSON TEXT: the comparison, its words in the file out.
same() {
    awk -f "$compare" "$1" "$2" >out 2>err
}

for name in hvm2 hvmnopv pvhoff; do
    gives "($name as JSON)" 0 "" convert --xen=4.17 --to=json \
        "$data/xen-4.17-$name.ctx" $name.json
    cp "$data/xen-4.17-$name.hvmctx.txt" $name.txt
    ok "$name: xen-hvmctx and we agree" same $name.json $name.txt
    ok "$name: on some hundred values" \
        test "$(sed -n 's/ values in .*//p' out)" -gt 450
done

# -- the comparison notices ------------------------------------------------
# The last digit of every fifth line is another one, or a word is added.
total=$(wc -l <pvhoff.txt)
line=2 missed=
while [ $line -le "$total" ]; do
    awk -v at=$line 'NR == at {
        if (match($0, /[0-9][^0-9]*$/))
            $0 = substr($0, 1, RSTART - 1) \
                (substr($0, RSTART, 1) + 1) % 10 substr($0, RSTART + 1)
        else
            $0 = $0 " more" }
        { print }' pvhoff.txt >other.txt
    same pvhoff.json other.txt && missed="$missed $line"
    line=$((line + 5))
done
is "a digit that is another is noticed in every line" "$missed" ""
sed 40d pvhoff.txt >other.txt
not_ok "a line that is missing is noticed" same pvhoff.json other.txt
sed '$d' pvhoff.txt >other.txt
not_ok "the last one, too" same pvhoff.json other.txt
sed '40s/^/extra\n/' pvhoff.txt >other.txt
not_ok "a line more is noticed" same pvhoff.json other.txt
{ cat pvhoff.txt; echo; } >other.txt
not_ok "one at the end, too" same pvhoff.json other.txt
not_ok "another guest's is noticed" same pvhoff.json hvmnopv.txt
: >other.txt
not_ok "nothing is noticed" same pvhoff.json other.txt

# -- what the manual says of it --------------------------------------------
# hvm2 has every record but CPU_MSR.
size=$(wc -c <"$data/xen-4.17-hvm2.ctx")
{
    head -c $((size - 8)) "$data/xen-4.17-hvm2.ctx"
    le 2 20; le 2 0; le 4 24; le 8 1; le 8 $((0x140)); le 8 1
    blob_end
} >all.hvm
gives "(every record)" 0 "" convert --xen=4.17 --to=json all.hvm all.json
awk -v unprinted=1 -f "$compare" all.json hvm2.txt >unprinted
sed -n '/^=for comment the tests/,/^=for comment end/s/^ //p' \
    "$srcdir/../../docs/xl-context.pod" >listed
ok "the manual lists what it does not print" diff unprinted listed
ok "and that is not nothing" test -s listed

# -- noise -----------------------------------------------------------------
# noise IN: the blob with noise in every body but that of HEADER.
noise() {
    od -An -v -tu1 -w1 "$1" | awk '{ b[NR - 1] = $1 + 0 } END {
        for (at = 0; at + 8 <= NR; at += 8 + size) {
            size = b[at + 4] + 256 * (b[at + 5] + 256 * b[at + 6])
            if (b[at] > 1 && size)
                print at + 8, size
        } }' >bodies
    cp "$1" noisy.hvm
    seq 100000 | gzip -n9 >gravel
    while read -r at size; do
        dd if=gravel of=noisy.hvm bs=1 skip=$((at % 1000 + 50)) seek="$at" \
            count="$size" conv=notrunc 2>/dev/null
    done <bodies
}

if program=$("$srcdir/../tools/fake-xenctrl.sh" .); then
    hvmctx() {
        HVMCTX_BLOB=$1 LD_LIBRARY_PATH=. "$program" 0
    }
    for name in hvm2 hvmnopv pvhoff; do
        hvmctx "$data/xen-4.17-$name.ctx" >here.txt
        sed 1d here.txt >here
        sed 1d $name.txt >there
        ok "$name: xen-hvmctx prints here what it did there" cmp here there
        noise "$data/xen-4.17-$name.ctx"
        not_ok "$name: noise is not the same" \
            cmp noisy.hvm "$data/xen-4.17-$name.ctx"
        run $XL_CONTEXT convert --force --allow-loss --xen=4.17 --to=json \
            noisy.hvm noisy.json
        ok "$name: it can be read" test -s noisy.json
        hvmctx noisy.hvm >noisy.txt
        ok "$name: xen-hvmctx and we agree on noise" \
            same noisy.json noisy.txt
        # ES and DS are not zero there
        sed 's/^ *es /&/; t es
            s/^ *ds /&/; t ds
            b
            :es
            s/es /ds /; b
            :ds
            s/ds /es /' noisy.txt >right.txt
        if grep -q '^ *es ' noisy.txt; then
            not_ok "$name: that it has ES and DS in turn is known" \
                same noisy.json right.txt
        fi
    done
    # A LAPIC as 4.0 has it.
    { blob_header; le 2 5; le 2 0; le 4 16; zeros 16
      le 2 9; le 2 0; le 4 8; le 8 1; blob_end; } >short.hvm
    gives "a record of an older length" 0 "" \
        convert --xen=4.0 --to=json short.hvm short.json
    says "ends nothing" short.json PCI_LINK
    run hvmctx short.hvm
    is "where xen-hvmctx loses its way" "$(grep -c 'PCI LINK' out)" 0
else
    skip "what xen-hvmctx prints for noise" "$program"
fi
done_testing
