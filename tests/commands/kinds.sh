#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sound files of another kind are named, with a way on where there is one, and
# never called damaged; what is damaged is.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
"$MKSAVE" -c "$data" guest.save
"$MKSAVE" -llibxc -c "$data" guest.libxc
$XL_CONTEXT convert --xen=4.17 "$data" guest.img 2>/dev/null

# kind WHAT ID PATTERN FILE: named by each verb that reads, exit 3.
kind() {
    for verb in check show "convert --to=hvm"; do
        operands=$4
        [ "${verb%% *}" = convert ] && operands="$4 out.hvm"
        run $XL_CONTEXT $verb $operands
        cat out err >words
        is "$1, $verb: status" "$status" 3
        ok "$1, $verb: named" grep -qF "[$2]" words
        ok "$1, $verb: in words" grep -qE "$3" words
        not_ok "$1, $verb: not called damaged" grep -qi damaged words
    done
    run $XL_CONTEXT check --json "$4"
    ok "$1: in JSON" grep -qF '"severity": "another kind"' out
    is "$1: from a pipe" "$($XL_CONTEXT check - <"$4" 2>&1 |
        grep -cF "[$2]")" 1
}
bytes() { printf '%b' "$1"; zeros=$2; head -c "$zeros" /dev/zero; }

for file in guest.save guest.libxc guest.img "$data"; do
    name=${file##*/}
    for tool in gzip xz bzip2 zstd lz4; do
        command -v $tool >/dev/null || continue
        $tool -c <"$file" >packed 2>/dev/null
        kind "$name by $tool" kind-compressed "$tool -dc" packed
        is "$name by $tool: the way that is said works" \
            "$($tool -dc <packed | $XL_CONTEXT check - 2>&1 |
               grep -c ': loads')" 1
    done
    od -An -v -tx1 "$file" | tr -d ' \n' >hex
    kind "$name as hexadecimal digits" kind-coded "xxd -r -p" hex
    base64 "$file" >coded
    kind "$name as base64" kind-coded "base64 -d" coded
    for front in '\n' '\r\n' '\357\273\277' ' \n'; do
        { printf "$front"; cat "$file"; } >shifted
        count=$(printf "$front" | wc -c)
        kind "$name behind $count bytes" kind-shifted \
            "tail -c \\+$((count + 1))" shifted
        is "$name behind $count bytes: the way that is said works" \
            "$(tail -c +$((count + 1)) shifted | $XL_CONTEXT check - 2>&1 |
               grep -c ': loads')" 1
    done
done
{ bytes '\011\0\0\0\0\020\0\0' 0; cat "$data"; } >shifted
kind "the header of a record in front" kind-shifted 'tail -c \+9' shifted
head -c 600 "$data" | od -A n -t x1 | head -n 2 >/dev/null
{ echo "00000000: 0100 0000 1800 0000"; } >dump
kind "a dump of xxd" kind-coded "xxd -r" dump

bytes '\0177ELF\002\001\001\0\0\0\0\0\0\0\0\0\004\0' 100 >core
kind "a core" kind-elf "core" core
bytes '\0177ELF\002\001\001\0\0\0\0\0\0\0\0\0\002\0' 100 >program
kind "a program" kind-elf "a program or a kernel" program
bytes 'conectix\0\0' 100 >disk
kind "a VHD" kind-disk "VHD" disk
bytes 'cxsparse\0\0' 100 >disk
kind "a dynamic VHD" kind-disk "VHD" disk
bytes 'vhdxfile' 100 >disk
kind "a VHDX" kind-disk "VHDX" disk
bytes 'QFI\0373\0\0\0\003' 100 >disk
kind "a qcow2" kind-disk "qcow2" disk
bytes 'KDMV\001\0' 100 >disk
kind "a VMDK" kind-disk "VMDK" disk
bytes 'QEVM\0\0\0\003' 100 >qemu
kind "a stream of QEMU" kind-qemu "QEVM" qemu
bytes 'LibvirtQemudSave' 100 >kvm
kind "a guest of KVM" kind-kvm "KVM" kvm
bytes 'LibvirtQemudPart' 100 >kvm
kind "an unfinished one" kind-kvm "unfinished" kvm
kind "the text of xen-hvmctx" kind-dump "xen-hvmctx" \
    "${data%.ctx}.hvmctx.txt"
"$MKLEGACY" pv.save p2m=9 u64=-1 zeros=99
kind "a PV guest" source-pv "PV guest" pv.save

# -- what is none of these -------------------------------------------------
# damaged WHAT FILE
damaged() {
    run $XL_CONTEXT check "$2"
    judge "$1" 3
    ok "$1: damaged, or not known" grep -q ': damaged' out
}
: >empty
damaged "an empty file" empty
bytes '' 4096 >zero
damaged "zeros" zero
seq 1000 >text
damaged "numbers" text
echo "deadbeefdeadbeefdeadbeefdeadbeef" >hexes
damaged "digits of something else" hexes
printf '\n\nhello\n' >lines
damaged "lines of text" lines
printf '\037' >one
damaged "half a magic number" one
bytes '\0177ELF' 0 >short
damaged "an ELF file of four bytes" short
head -c 2000 guest.save >cut
damaged "a save file that is cut" cut
{ printf '\n'; head -c 9 guest.save; } >little
damaged "too little behind a line end" little
done_testing
