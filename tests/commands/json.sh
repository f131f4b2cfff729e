#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# JSON as what a file holds: to it, from it, and where it is refused.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

blob 8 9 13 >a.hvm
gives "an image" 0 "" convert --xen=4.17 a.hvm a.img
gives "a wrapped image" 0 "" convert --xen=4.17 --to=wrapped a.hvm a.wrapped
gives "a bare image" 0 "" convert --xen=4.17 --bare a.hvm bare.img

for from in img wrapped hvm; do
    to=image
    said=
    [ "$from" != hvm ] || to=hvm said=convert-xen-inferred
    gives "$from to JSON" 0 "$said" convert --to=json "a.$from" a.json
    gives "and back" 0 "" convert --to=$to a.json b
    ok "byte for byte, trailer and all ($from)" cmp "a.$from" b
    gives "JSON to JSON" 0 "$said" convert --from=json --to=json a.json b.json
    ok "is the same text" cmp a.json b.json
done
gives "a wrapped image as JSON" 0 "" convert --to=json a.wrapped w.json
gives "to wrapped" 0 "" convert --to=wrapped w.json b
ok "is the very image" cmp a.wrapped b
gives "to a blob" 0 "" convert --to=hvm w.json b
ok "is the blob" cmp a.hvm b
gives "to a bare image" 0 "" convert --bare w.json b
ok "is the image made anew" cmp bare.img b
gives "a blob as JSON with its release" 0 "" \
    convert --xen=4.9 --to=json a.hvm x.json
says "has it" x.json '"xen": "4.9"'
gives "an image from that" 0 "" convert --xen=4.17 --bare x.json b
ok "is that of the blob" cmp bare.img b
gives "--from=image of JSON" 3 convert-from convert --from=image w.json o2
says "names it" err "expected image, found json"
gives "--from=json of an image" 3 convert-from convert --from=json a.img o2
sed 's/"gtsc_khz": 2000000/"gtsc_khz": 4000000000000/' w.json >bad.json
gives "JSON with a number that is too large" 3 json-range \
    convert bad.json o2
# shellcheck disable=SC2016 # a place in the document
says "names the place" err '$.records[1].records[0].gtsc_khz'
sed 's/"gtsc_khz": 2000000/"gtsc_khz": 4000000/' w.json >edited.json
gives "an edit is taken" 0 "" convert edited.json b
is "and changes these bytes and the digest" "$(cmp -l a.wrapped b | wc -l)" \
    "$(cmp -l -n 100 a.wrapped b | wc -l | awk '{ print $1 + 8 }')"
gives "and shown" 0 "" show b
head -c 100 w.json >cut.json
gives "JSON that was cut" 3 json-syntax convert cut.json o2
is "nothing was written by any of them" "$(ls o2 2>/dev/null)" ""
status=0
# shellcheck disable=SC2002 # a pipe is what is tested
cat a.img | $XL_CONTEXT convert --to=json - - 2>err |
    $XL_CONTEXT convert - - 2>>err >b || status=$?
judge "from pipe to pipe" 0
ok "gives the same" cmp a.img b
status=0
$XL_CONTEXT convert --to=json a.img /dev/full 2>err || status=$?
judge "a full disk" 2 file-write
gives "a dry run writes no JSON" 0 "" -N convert --to=json a.img o2
is "nothing is written" "$(ls o2 2>/dev/null)" ""
no_leftovers "no temporary file stays of JSON"

# -- show --json ---------------------------------------------------------
# values: each field and its value of the last run.
values() {
    sed -n 's/.*"field": "\(.*\)",/\1/p; s/.*"value": \(.*\)/\1/p' out |
        paste -s -d ' '
}

gives "an image as JSON" 0 "" convert --to=json a.img a.json
gives "show --json" 0 "" show --json a.img
ok "is what convert writes" cmp a.json out
gives "a blob as JSON" 0 convert-xen-inferred convert --to=json a.hvm a.json
gives "show --json of a blob" 0 "" show --json a.hvm
ok "has the release that is inferred, too" cmp a.json out
gives "some records" 0 "" show --json --record=PCI_LINK a.img
says "are there" out '"record": "PCI_LINK"'
is "and no other" "$(grep -c '"record"' out)" 1
says "with all their fields" out '"route": [1, 0, 0, 0]'
gives "a record of a wrapped image" 0 "" show --json -r PCI_LINK/0 a.wrapped
is "is the same" "$(grep -c '"route": \[1, 0, 0, 0\]' out)" 1
cp out some.json
gives "but is no context" 3 image-start-missing show some.json
gives "a field" 0 "" show --json --field=gtsc_khz a.img
says "is named" out '"field": "gtsc_khz"'
says "and has its value" out '"value": 2000000'
gives "an array" 0 "" show --json --field=route a.img
is "has a value each" "$(values)" \
    "route[0] 1 route[1] 0 route[2] 0 route[3] 0"
gives "an element" 0 "" show --json --field='route[0]' a.img
is "has its own" "$(values)" "route[0] 1"
gives "an array of bytes" 0 "" show --json --record=PCI_LINK --field=pad0 a.img
says "is one value" out '"value": "00000000"'
gives "a name that no record has" 2 select-record show --json -r NONE a.img
gives "a name that no field has" 2 select-field show --json -F none a.img
gives "a list is no JSON" 2 usage show --json --list a.img
done_testing
