#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# diagnose on files: one look, two looks, what is no input.
. "${srcdir:-.}/lib.sh"
sample=$srcdir/../data/xen-4.17-hvm2.ctx

gives "a healthy guest" 0 "" diagnose "$sample"
says "a paragraph first" out "Nothing in this context keeps the guest"
says "a line for each vCPU" out "vCPU 1: up, kernel, interrupts on"
says "what a file lacks" out "a file has none of that"
says "that one look shows a moment" out "one look shows a moment"
gives "the same twice" 0 "" diagnose "$sample" "$sample"
not_ok "is two looks" grep -q "one look shows" out

# A healthy guest is none that hangs, whatever it is and of whichever release
# its context is.
wrong=
n=0
for kind in hvm2 hvmnopv pvhoff; do
    healthy=$srcdir/../data/xen-4.17-$kind.ctx
    # shellcheck disable=SC2086 # words
    for release in $(share_of 3.1 3.2 3.3 3.4 4.0 4.1 4.2 4.3 4.4 4.5 4.6 \
        4.7 4.8 4.9 4.10 4.11 4.12 4.13 4.14 4.15 4.16 4.17 4.18 4.19 4.20 \
        4.21 4.22); do
        rm -f of.img
        $XL_CONTEXT convert --xen=4.17 --target="$release" --allow-loss \
            --force "$healthy" of.img >out 2>err
        $XL_CONTEXT diagnose of.img of.img >out 2>err || {
            wrong="$wrong $kind:$release"
            sed 's/^/#   /' out err
        }
        n=$((n + 1))
    done
done
is "healthy guests of $n kinds and releases have nothing" "$wrong" ""

# changed FILE EDIT: the sample with something else in it, through JSON.
# shellcheck disable=SC2086 # the program is words
changed() {
    $XL_CONTEXT convert --xen=4.17 --to=json "$sample" json 2>err &&
        sed "$2" json >edited && ! cmp -s json edited &&
        $XL_CONTEXT convert edited "$1" 2>err
}

ok "a pin to nobody" changed pin.ctx \
    '/"vector": 48,/s/"dest_id": [0-9]*/"dest_id": 85/'
gives "is found in one look" 1 "" diagnose pin.ctx
says "by its id" out "[diag-to-nobody]"
says "with its evidence" out "IOAPIC/0 redirtbl["
says "and what to do" out "smp_affinity"
ok "and explained" $XL_CONTEXT explain diag-to-nobody

ok "interrupts of the 8259 in service" changed pic.ctx \
    '0,/"isr": /s/"isr": "*[0-9a-fx]*"*/"isr": 4/'
gives "are nothing in one look" 0 "" diagnose pic.ctx
says "but told" out "normal if it passes"
says "with the id" out "[diag-pic-served]"
gives "and a finding in two" 1 "" diagnose pic.ctx pic.ctx
says "at the head" out "8259 has interrupts that were never ended."
gives "not if it passed" 0 "" diagnose pic.ctx "$sample"
gives "nor if it just came" 0 "" diagnose "$sample" pic.ctx

gives "as JSON" 1 "" diagnose --json pic.ctx pic.ctx
says "with a schema" out '"schema": "xl-context-diagnose-1"'
says "and the finding" out '"id": "diag-pic-served"'
is "and nothing else found" "$(grep -c '"id"' out)" 1

# -- symbols ----------------------------------------------------------------
# low FIELD: of CPU/0 of the sample, which begins with ffffffff.
low() {
    $XL_CONTEXT convert --xen=4.17 --to=json "$sample" - 2>/dev/null |
        sed -n "s/.*\"$1\": \"0xffffffff\([0-9a-f]*\)\".*/0x\1/p" |
        head -n 1
}
# map DISTANCE: the System.map of a kernel that is so far below the guest's,
# which is in "waits".
map() {
    map_rip=$(($(low rip) - $1))
    printf 'ffffffff%08x %s %s\n' $((map_rip - 0x100)) T _stext \
        $((map_rip - 0x10)) t waits $((map_rip + 0x10)) t goes_on \
        $(($(low msr_lstar) - $1)) T entry_SYSCALL_64 \
        $((map_rip + 0x100000)) T _etext
    echo "0000000000000000 A xen_vcpu_info"
}
map 0x1000000 >map
gives "symbols" 0 "" diagnose --symbols=map "$sample"
says "name the function" out "in     waits+0x10"
not_ok "a file has no stack" grep -q "^ *stack" out
gives "as JSON" 0 "" diagnose --json --symbols=map "$sample"
says "by how much it was moved" out '"moved": "0x1000000"'
says "the function" out '"in": "waits+0x10"'
says "and that a file has no memory" out "panicked: a file has no memory"
gzip -k map
gives "packed" 0 "" diagnose --symbols=map.gz "$sample"
says "the same" out "in     waits+0x10"
status=0
$XL_CONTEXT diagnose --symbols=- "$sample" <map >out 2>err || status=$?
is "from standard input" "$status" 0
says "too" out "in     waits+0x10"
map 0x1000040 >other
gives "symbols of another kernel" 0 "" diagnose --symbols=other "$sample"
says "name nothing, and say so" out "symbols are of another kernel"
says "by how much they are off" out "(MSR_LSTAR is 0x1000040 behind"
gives "nor as JSON" 0 "" diagnose --json --symbols=other "$sample"
says "which says so" out '"symbols_fit": false'
head -n 4 map >cut
gives "symbols that were cut" 3 symbols-none diagnose --symbols=cut "$sample"
echo "ffffffffffffffff B The real System.map is in another package" >stub
gives "a sentence" 3 symbols-line diagnose --symbols=stub "$sample"
says "where the symbols are" err "linux-image-VERSION-dbg"
gives "a context for symbols" 3 symbols-line diagnose \
    --symbols="$sample" "$sample"
gives "no file of symbols" 2 file-open diagnose --symbols=none "$sample"
: >empty
gives "an empty file" 3 symbols-none diagnose --symbols=empty "$sample"
head -c 70000000 /dev/zero >large
gives "a file too large" 2 file-too-large diagnose --symbols=large "$sample"

# -- the list of why guests stand still -------------------------------------
list=$srcdir/../data/standstill.txt
sed -n 's/^M([A-Z_0-9]*, "\(diag-[a-z0-9-]*\)".*/\1/p' \
    "$srcdir/../../convert/base/messages/diagnose.def" | sort >known
sed '/^#/d; /: - /d' "$list" | grep -o 'diag-[a-z0-9-]*' | sort -u >listed
ok "ids of diagnose" grep -q diag-paused known
ok "each is in the list, and no other" cmp known listed
is "each state has ids or a reason" \
    "$(grep -Ev '^#|^[^:]+: (- .+|diag-[a-z0-9-]+( diag-[a-z0-9-]+)*)$' \
        "$list")" ""
is "and stands once" "$(sed '/^#/d; s/:.*//' "$list" | sort | uniq -d)" ""

gives "no file" 2 file-open diagnose ./none.ctx
head -c 100 "$sample" >cut.ctx
status=0
run $XL_CONTEXT diagnose cut.ctx
is "a damaged file" "$status" 3
run $XL_CONTEXT diagnose "$sample" cut.ctx
is "a damaged second file" "$status" 3
not_ok "says nothing" test -s out
gives "no operand" 2 usage diagnose
gives "too many" 2 usage diagnose a b c
status=0
$XL_CONTEXT diagnose "$sample" >/dev/full 2>err || status=$?
judge "a full disk" 2 file-write
done_testing
