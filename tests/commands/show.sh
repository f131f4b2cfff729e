#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# show: every kind of file, sound and not.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

# line WHAT WORDS: a line of the output, blanks squeezed.
line() {
    is "$1" "$(sed 's/^ *//; s/  */ /g' out | grep -cxF -- "$2")" 1
}

{ start 4 17; tsc_info; end; } >pv.img
gives "an image without HVM state" 0 "" show --list pv.img
says "its kind" out "domain context image, without HVM state, little-endian"
says "its version" out "START version 4.17"
line "START" "0 0x00000000 0x00000001 START 0 8"
line "TSC_INFO" "1 0x00000018 0x00000003 TSC_INFO 0 24"
line "END" "2 0x00000040 0x00000000 END 0 0"
line "no trailer" "trailer: none"

blob 9 13 >good.hvm
gives "a legacy blob" 0 "" show --list good.hvm
says "its kind" out "legacy HVM blob"
line "HEADER" "0 0x00000000 0x00000001 HEADER 0 24"
line "PCI_LINK" "1 0x00000020 0x00000009 PCI_LINK 0 8"
line "PMTIMER" "2 0x00000030 0x0000000d PMTIMER 0 8"
line "the blob's END" "3 0x00000040 0x00000000 END 0 0"

gives "(an image is made)" 0 "" convert --xen=4.16 good.hvm m.img
gives "a migrated image" 0 "" show --list m.img
says "its form" out "domain context image, migrated"
says "the version it was given" out "START version 4.16"
line "a record of it" "2 0x00000040 0x48560009 HVM_PCI_LINK 0 8"
line "its trailer" "trailer: PROVENANCE, DIGEST, verified"
line "where it comes from" "source hvm"

gives "(a wrapped image is made)" 0 "" convert --to=wrapped m.img w.img
gives "a wrapped image" 0 "" show --list w.img
says "its form" out "domain context image, wrapped"
line "the record" "1 0x00000018 0x48560000 HVM_CONTEXT 0 72"
line "a record in it" "- 0x00000048 0x00000009 PCI_LINK 0 8"

# Big-endian framing.
{
    be 4 1; be 4 0; be 8 8; be 4 4; be 4 12
    be 4 3; be 4 0; be 8 24; be 4 1; be 4 2000; be 8 77; be 4 1; be 4 0
    be 4 0; be 4 0; be 8 0
} >be.img
gives "a big-endian image" 0 "" show --list be.img
says "says so" out "big-endian"
says "and its version" out "START version 4.12"

# A domain's name is the guest owner's to choose: no terminal obeys it, no
# reader overlooks it, whatever writes it.
# provenance JSON: an image with nothing else.
provenance() {
    start 4 17; end
    record $((0x584c0001)) 0 ${#1}
    printf '%s' "$1"
    zeros $((-${#1} & 7))
}
provenance '{"tool":"t\u001b[31mred","host":"h\u0085i"}' >evil.img
gives "a provenance with control characters" 0 "" show --list evil.img
is "none of them is written" \
    "$(LC_ALL=C tr -d '\12\40-\176' <out | wc -c)" 0
says "they are shown instead" out 't\x1b[31mred'
# C1; SHY, ZWSP, RLO, an isolate, LS, BOM, and a tag
for hidden in '\302\233' '\302\255' '\342\200\213' '\342\200\256' \
    '\342\201\246' '\342\200\250' '\357\273\277' '\363\240\200\201'; do
    # shellcheck disable=SC2059 # the format is the bytes
    hidden=$(printf "$hidden")
    provenance "{\"tool\":\"a${hidden}b\",\"$hidden\":1}" >evil.img
    cp evil.img "evil$hidden.img"
    for verb in "show --list" show "show --json" check "check --json" \
        "convert --to=json" diff; do
        set -- "evil$hidden.img"
        case $verb in convert*) set -- "$1" - ;; diff) set -- "$1" "$1" ;; esac
        run $XL_CONTEXT $verb "$@"
        is "$verb: not written" \
            "$(cat out err | LC_ALL=C tr -d '\12\40-\176' | wc -c)" 0
    done
    gives "it goes through JSON" 0 "" convert --to=json evil.img evil.json
    gives "and back" 0 "" convert --bare --to=image evil.json back.img
    ok "the same records" cmp -n 40 evil.img back.img
done
printf '{"format":"xl-context 1","\302\233\342\200\256":[]}' >evil.json
run $XL_CONTEXT show evil.json
is "a key of a document" "$(LC_ALL=C tr -d '\12\40-\176' <err | wc -c)" 0

# -- not sound -----------------------------------------------------------
: >empty
gives "an empty file" 3 kind-empty show empty
echo "hello, I am no context at all, not one bit" >text
gives "a text" 3 kind-unknown show text
gives "a file that is not there" 2 file-open show nowhere
says "named first" err "xl-context: nowhere: cannot open: No such file"
gives "a folder" 2 file-folder show .
{ start 4 17; } >cut.img
gives "an image without END" 3 image-end-missing show cut.img
head -c 30 good.hvm >cut.hvm
gives "a blob that was cut" 3 hvm-truncated show cut.hvm
{ cat pv.img; echo "more and more"; } >after.img
gives "bytes after END" 1 image-after-end show after.img
says "as a warning" err "after.img: warning: "
says "and the records all the same" out "TSC_INFO"
{ cat good.hvm; zeros 8; } >after.hvm
gives "bytes after the blob's END" 0 hvm-after-end show after.hvm
says "as a note" err "after.hvm: note: "
blob 200 >unknown.hvm
gives "an unknown typecode" 4 hvm-typecode show unknown.hvm
says "shown all the same" out "typecode 200/0"
says "with its place" err "at offset 0x20"
cp m.img digest.img
printf 'X' | dd of=digest.img bs=1 seek=89 conv=notrunc 2>/dev/null
gives "a changed bit under a digest" 3 digest-mismatch show digest.img
says "both values are told" err ", expected 0x"
is "nothing is shown of it" "$(cat out)" ""
truncate -s 300M large.hvm
dd if=good.hvm of=large.hvm conv=notrunc 2>/dev/null
gives "a file larger than any context" 2 file-too-large show large.hvm
{ start 4 17; record 3 0 $((1 << 40)); } >claim.img
gives "a length that the file does not have" 3 image-limit show claim.img
{ start 4 17; record 3 0 $((1 << 20)); } >short.img
gives "a smaller one" 3 image-length show short.img
# A pipe that nobody closes: we hold both its ends.
mkfifo open
exec 7<>open
cat claim.img >&7
status=0
timeout 600 $XL_CONTEXT show - <open >out 2>err || status=$?
judge "the same from a pipe, without waiting for it" 3 image-limit

# A name that would upset a terminal.
odd=$(printf 'odd\033[1mname')
cp text "$odd"
gives "a file of an odd name" 3 kind-unknown show "$odd"
says "shown in the clear" err 'odd\x1b[1mname'
odd=$(printf 'odd\233name')
gives "a file of a name that is no UTF-8" 2 file-open show "$odd"
says "shown in the clear" err 'odd\x9bname'

# -- pipes and stdin -----------------------------------------------------
for file in pv.img m.img w.img good.hvm be.img; do
    $XL_CONTEXT show "$file" >wanted 2>&1
    status=0
    $XL_CONTEXT show - <"$file" >out 2>err || status=$?
    judge "$file on stdin" 0
    is "$file shows the same there" "$(cat out)" "$(cat wanted)"
    # which the reader has to join
    in_pieces "$file" "7 30" $XL_CONTEXT show -
    judge "$file from a pipe in pieces" 0
    is "$file shows the same there, too" "$(cat out)" "$(cat wanted)"
done
gives "a named pipe does as a file" 0 "" show m.img
mkfifo pipe
cat m.img >pipe &
gives "a named pipe" 0 "" show pipe
wait
# What follows on the pipe is somebody else's.
{ cat m.img; echo next; } | { $XL_CONTEXT show - >out 2>err; cat >rest; }
is "a pipe is read to the end of the image and no further" \
    "$(cat rest)" next
exec 7<>open
cat m.img >&7
status=0
timeout 600 $XL_CONTEXT show - <open >out 2>err || status=$?
judge "a pipe that stays open behind a digest" 0
exec 7>&-
# Behind an image without one, a trailer may still come: until the pipe ends.
in_pieces pv.img "$(wc -c <pv.img)" $XL_CONTEXT show -
is "a pipe that ends late behind no trailer" "$status" 0
# A file on stdin begins where it stands.
{ echo skipped; cat m.img; } >shifted
status=0
{ dd bs=1 count=8 2>/dev/null >/dev/null
  $XL_CONTEXT show - >out 2>err || status=$?
  echo "$status" >code; } <shifted
is "stdin is read from where it stands" "$(cat code)" 0

# Several --record: each of them, in the order given.
blob 8 9 13 >three.hvm
gives "two records" 0 "" show --record=PMTIMER -r ISA_IRQ three.hvm
is "both are there, in that order" \
    "$(grep -oE '^(PMTIMER|ISA_IRQ|PCI_LINK)' out | tr '\n' ' ')" \
    "PMTIMER ISA_IRQ "
gives "two, the second is not there" 2 select-record show \
    --record=PMTIMER --record=HPET three.hvm
gives "two in a document" 2 usage show --json --record=PMTIMER \
    --record=ISA_IRQ three.hvm
sound=$srcdir/../data/xen-4.17-hvm2.ctx
gives "two fields of two records" 0 "" show -r CPU/0 -r CPU/1 --field=rip \
    -F rsp "$sound"
is "each of each, in the order given" \
    "$(awk '{ print $1, $2 }' out | tr '\n' ',')" \
    "CPU/0 rip,CPU/0 rsp,CPU/1 rip,CPU/1 rsp,"
gives "two fields, the second is not there" 2 select-field show \
    --field=rip --field=rop "$sound"
gives "two fields in a document" 2 usage show --json --field=rip \
    --field=rsp "$sound"
done_testing
