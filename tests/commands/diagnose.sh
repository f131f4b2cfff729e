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
