#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# --damaged: what is whole of a damaged file is shown and can be taken out,
# wherever it is cut, in whatever it is packed.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

context=$srcdir/../data/xen-4.17-hvm2.ctx

# edges FILE: where its records begin, with their names, but for what goes
# before the first of them.
edges() {
    $XL_CONTEXT show --list "$1" 2>/dev/null |
        awk '$2 ~ /^0x/ && $4 !~ /^(HVM_)?(HEADER|START|HVM_CONTEXT)$/ {
            print $2, $4 }'
}
# listed: the records that the last run listed, beside those and END.
listed() {
    awk '$2 ~ /^0x/ && $4 !~ /^(HVM_)?(HEADER|START|END|HVM_CONTEXT)$/' out |
        grep -c .
}

# cuts WHAT FILE: cut it everywhere around its edges.
cuts() {
    cuts_n=0 cuts_bad='' cuts_what=$1 cuts_file=$2 cuts_edges=0
    edges "$2" >edges
    while read -r cuts_edge cuts_name; do
        for cuts_more in $(share_of 0 1 7); do
            cuts_at=$((cuts_edge + cuts_more))
            head -c $cuts_at "$cuts_file" >cut
            run $XL_CONTEXT show cut
            { [ "$status" -eq 3 ] && grep -q "'.*show --damaged cut'" err; } ||
                cuts_bad="$cuts_bad $cuts_at:unnamed:$status"
            run $XL_CONTEXT show --list --damaged cut
            { [ "$status" -eq 1 ] && [ "$(listed)" -eq $cuts_n ]; } ||
                cuts_bad="$cuts_bad $cuts_at:$status:$(listed)/$cuts_n"
            run $XL_CONTEXT convert --damaged --xen=4.17 --to=hvm cut cut.hvm
            run $XL_CONTEXT show --list cut.hvm
            [ "$(listed)" -eq $((cuts_n < ${3:-0} ? 0 : cuts_n - ${3:-0})) ] ||
                cuts_bad="$cuts_bad $cuts_at:out:$(listed)/$cuts_n"
            rm -f cut.hvm
        done
        [ "$cuts_name" = END ] || cuts_n=$((cuts_n + 1))
        cuts_edges=$((cuts_edges + 1))
    done <edges
    ok "$cuts_what: there are edges" test $cuts_edges -ge 3
    is "$cuts_what: cut at each of $cuts_edges" "$cuts_bad" ""
}

# -- images and blobs ----------------------------------------------------
# without this, a record is not worth a line: two of them are whole
blob 8 9 13 >small.hvm
cuts "a blob" small.hvm
gives "(an image)" 0 "" convert --xen=4.17 --bare small.hvm small.img
cuts "an image" small.img
gives "(a wrapped one)" 0 "" convert --xen=4.17 --bare --to=wrapped small.hvm \
    small.wrap
cuts "a wrapped image" small.wrap
cuts "a real blob" "$context"
# what is whole is counted with the first record
for kind in hvm:32:HEADER:16 img:24:START:56 wrap:24:START:96; do
    file=small.${kind%%:*} at=${kind#*:} name=${kind#*:*:}
    head -c $((${at%%:*} + 4)) $file >cut
    run $XL_CONTEXT show --damaged cut
    says "$file: one record" err "only its ${name%:*} is whole"
    head -c $((${at%%:*} + ${name#*:})) $file >cut
    run $XL_CONTEXT show --damaged cut
    says "$file: more" err "whole records of it are here, ${name%:*} counted"
done
head -c 20 small.hvm >cut
gives "not even HEADER" 3 salvage-nothing show --damaged cut
says "names no other try" err "to do: take another copy"
head -c 20 small.img >cut
gives "not even START" 3 salvage-nothing show --damaged cut

# -- faults that can be stepped over -------------------------------------
{ start 4 17; record 99 0 8; zeros 8; tsc_info; tsc_info; record 0 1 0
} >faults.img
gives "an unknown type, one twice, a wrong END" 3 image-type-unknown \
    show faults.img
says "names the option" err "'xl-context show --damaged faults.img'"
gives "shown" 1 damaged-part show --list --damaged faults.img
is "the one record that is sound" "$(listed)" 1
gives "(with a trailer)" 0 "" convert --xen=4.17 small.hvm small.img
printf 'X' | dd of=small.img bs=1 seek=60 conv=notrunc 2>/dev/null
gives "a digest that does not fit" 3 digest-mismatch show small.img
gives "all of it is shown" 1 digest-mismatch show --list --damaged small.img
is "each record" "$(listed)" 4
says "without the digest" out "trailer: PROVENANCE"
gives "taken out" 1 digest-mismatch convert --damaged small.img new.img
gives "it is sound" 0 "" show new.img
says "and says what it is" out "part of image to image"
# -- the types of the trailer: any bit of them, in a file and from a pipe -----
piped() { cat flip.img | $XL_CONTEXT "$@"; }
$XL_CONTEXT convert --xen=4.17 --bare small.hvm bare.img
gives "(with a trailer)" 0 "" convert --xen=4.17 small.hvm small.img
flips_bad=''
for flip_at in "$(wc -c <bare.img)" $(($(wc -c <small.img) - 32)); do
    for flip_bit in 0 1 2 3 7 8 15 16 17 23 24 31; do
        at=$((flip_at + flip_bit / 8))
        was=$(tail -c +$((at + 1)) small.img | head -c 1 | od -An -v -tu1)
        { head -c $at small.img; le 1 $((was ^ 1 << flip_bit % 8))
            tail -c +$((at + 2)) small.img; } >flip.img
        for way in "$XL_CONTEXT show flip.img" "piped show -" \
            "$XL_CONTEXT check flip.img" "piped check -" \
            "$XL_CONTEXT convert flip.img new" "piped convert - new"; do
            run $way
            { [ "$status" -eq 3 ] && [ ! -e new ] &&
                cat out err | grep -qF '[trailer-type]'; } ||
                flips_bad="$flips_bad $at.$flip_bit:${way#"$XL_CONTEXT"}"
        done
    done
done
is "a type of the trailer that is another is damage" "$flips_bad" ""
gives "and shown without the rest" 1 damaged-part show --damaged flip.img
{ start 4 17; tsc_info; end; } >sound.img
gives "a sound file is shown as without" 0 "" show --damaged sound.img
gives "JSON of what is whole" 1 damaged-part \
    show --json --damaged faults.img
cp out back.json
gives "is a document" 0 "" show back.json
gives "of a live domain" 2 usage show --damaged --domain=1

# -- containers ----------------------------------------------------------
# packed WHAT FILE: cut it in the context, before and behind it.
packed() {
    run $XL_CONTEXT show "$2"
    packed_at=$(sed -n 's/.* 72 bytes at offset \(0x[0-9a-f]*\),.*/\1/p' out)
    ok "$1: has the context" test -n "$packed_at"
    packed_n=0 packed_bad=''
    for packed_edge in 32 48 64; do
        for packed_more in $(share_of 1 0 7); do
            head -c $((packed_at + packed_edge + packed_more)) "$2" >cut
            run $XL_CONTEXT show cut
            { [ "$status" -eq 3 ] && grep -q "'.*show --damaged cut'" err; } ||
                packed_bad="$packed_bad $packed_edge:unnamed"
            run $XL_CONTEXT show --damaged cut
            { [ "$status" -eq 1 ] && grep -qF '[source-context-cut]' err; } ||
                packed_bad="$packed_bad $packed_edge:$status"
            run $XL_CONTEXT convert --damaged --to=hvm cut cut.hvm
            head -c $packed_edge small.hvm >wanted
            zeros 8 >>wanted
            cmp -s wanted cut.hvm || packed_bad="$packed_bad $packed_edge:out"
            rm -f cut.hvm
        done
    done
    is "$1: cut within the context" "$packed_bad" ""
    head -c $((packed_at + 73)) "$2" >cut
    run $XL_CONTEXT show --damaged cut
    is "$1: cut behind it: shown" "$status" 1
    run $XL_CONTEXT convert --damaged --to=hvm cut cut.hvm
    ok "$1: and all of it taken out" cmp small.hvm cut.hvm
    head -c $((packed_at - 1)) "$2" >cut
    run $XL_CONTEXT show --damaged cut
    is "$1: cut before it: no context" "$status" 3
    says "$1: what there is is shown" out "  container "
    run $XL_CONTEXT show --damaged --list "$2"
    is "$1: whole" "$status" "${3:-0}"
    rm -f cut.hvm
}
blob 9 13 >small.hvm
for layer in xl libxl libxc; do
    for version in $(share_of 3 2 4); do
        $MKSAVE -l $layer -v $version -c small.hvm old.save
        packed "$layer, libxc stream $version" old.save
    done
done
xml='<domain type="xen"><name>old</name><os><type>hvm</type></os></domain>'
for width in 64 32; do
    body="w=$width p2m=0x100 batch=0:2:u chunk=-2 end pfns"
    body="$body context=$PWD/small.hvm qemu=9"
    for front in "" "xl=0:name='old'" "libvirt=1:$xml" \
        "xend=(domain (image (hvm)))"; do
        if [ -n "$front" ]; then
            "$MKLEGACY" old.save "$front" $body
        else
            "$MKLEGACY" old.save $body
        fi
        packed "legacy of $width${front:+, ${front%%=*}}" old.save
    done
done
done_testing
