#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The releases that can have saved a context: kept in an image, shown, and held
# against what the user says.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

context=$srcdir/../data/xen-4.17-hvm2.ctx
known='4.17.3 to 4.17.7, 4.18.1 to 4.18.4, 4.19.0 to 4.19.1, 4.20.0'
pairs='[["4.17.3","4.17.7"],["4.18.1","4.18.4"],["4.19.0","4.19.1"]'
pairs="\"xen_releases\":$pairs,[\"4.20.0\",\"4.20.0\"]]"

# saver FILE: what show says of it.
saver() {
    run $XL_CONTEXT show --list "$1"
    sed -n 's/^saved by: Xen \(.*\), as far as it shows$/\1/p' out
}

gives "an image of a blob" 0 convert-xen-inferred convert "$context" all.img
is "has all that can have saved it" "$(saver all.img)" "$known"
says "in PROVENANCE" all.img "$pairs"
gives "of a series" 0 "" convert --xen=4.18 "$context" series.img
is "has those points of it that fit" "$(saver series.img)" "4.18.1 to 4.18.4"
gives "of a point release" 0 "" convert --xen=4.17.5 "$context" one.img
is "has that one" "$(saver one.img)" "4.17.5"
gives "for another release" 0 lapic-esr-assumed \
    convert --target=4.20.1 one.img for.img
is "has the other one" "$(saver for.img)" "4.20.1"
is "in place of the first" "$(grep -ao xen_releases for.img | wc -l)" 1
gives "wrapped" 0 "" convert --to=wrapped one.img wrapped.img
is "has the same" "$(saver wrapped.img)" "4.17.5"
gives "through JSON" 0 "" convert --to=json one.img one.json
gives "and back" 0 "" convert one.json back.img
ok "is the same" cmp one.img back.img
$MKSAVE -c "$context" old.save
run $XL_CONTEXT convert old.save save.img
is "of a save file of 4.17" "$(saver save.img)" "4.17.3 to 4.17.7"
gives "without a trailer" 0 "" convert --bare one.img bare.img
is "has what START and the bytes say" "$(saver bare.img)" "4.17.3 to 4.17.7"

# what check judges without --target
run $XL_CONTEXT check one.img
says "check goes by it" out "one.img: Xen 4.17.5: loads"
run $XL_CONTEXT check bare.img
says "or by START and the bytes" out "bare.img: Xen 4.17.3 to 4.17.7: loads"

# provenance JSON: with these releases instead.
provenance() {
    $XL_CONTEXT convert --to=json one.img - | awk -v releases="$1" '
        /^ *"xen_releases": / { end = $0; sub(/"xen.*/, "]", end)
            sub(/: .*/, ": "); print $0 releases ","; next }
        end && index($0, end) == 1 { end = ""; next }
        !end' >odd.json
    run $XL_CONTEXT convert odd.json odd.img
    is "(made with $1)" "$status" 0
}
for odd in '[]' '17' '[17]' '[["4.17.5"]]' '[["4.17.5","4.17.5","4.18.0"]]' \
    '[["x","y"]]' '[["4.5.0","4.6.0"]]' '[["4.17.6","4.17.5"]]' \
    '[[["4.17.5","4.17.5"]]]' '{"a":["4.17.5","4.17.5"]}'; do
    provenance "$odd"
    is "what is no such list, or contradicts, is passed over: $odd" \
        "$(saver odd.img)" "4.17.3 to 4.17.7"
done
provenance '[["4.17.4","4.17.6"],["99.1","99.2"]]'
is "a release to come does no harm" "$(saver odd.img)" "4.17.4 to 4.17.6"

# what the user says is held against all of it
gives "another series than START" 4 convert-xen-known \
    convert --xen=4.16 one.img new.img
gives "another point than the bytes" 4 convert-xen-contradicted \
    convert --xen=4.20.1 "$context" new.img
says "names the evidence" err "(24 bytes): expected 4.20.1, found "
gives "another point than PROVENANCE" 4 convert-xen-contradicted \
    convert --xen=4.17.6 one.img new.img
says "names it" err "PROVENANCE"
not_ok "nothing is written" test -e new.img
gives "by force" 1 convert-xen-contradicted \
    convert --force --xen=4.17.6 one.img new.img
is "it is what the user says" "$(saver new.img)" "4.17.6"

# by force over START and over the header of a save file: every series that the
# bytes can be of and one that they cannot, of each kind of input
for file in one.img wrapped.img bare.img old.save back.img; do
    for xen in 4.14 4.18.2 4.20.0 4.22; do
        rm -f new.img
        gives "$file of $xen" 4 convert-xen-known \
            convert --xen=$xen "$file" new.img
        not_ok "$file of $xen: nothing is written" test -e new.img
        gives "$file of $xen by force" 1 convert-xen-known \
            convert --force --xen=$xen "$file" new.img
        run $XL_CONTEXT show new.img
        says "$file of $xen by force: START" out \
            "START version $(echo $xen | cut -d. -f1-2)"
        case $(saver new.img) in
        "$xen" | "$xen".*) known=0 ;;
        *) known=1 ;;
        esac
        tap_result $known "$file of $xen by force: its saver"
    done
done
# and for a target it is converted from what the user says
gives "to another by force" 1 convert-xen-known \
    convert --force --xen=4.18.2 --target=4.21.0 old.save new.img
is "is for that" "$(saver new.img)" "4.21.0"

# -- several at once ----------------------------------------------------------
for several in 4.14-4.17 4.17.7,4.19.6 4.17..4.19 "4.17 4.18" 4.14.5-4.17.7 \
    3.4-4.1 4.17.7,host all,4.17 "4.17, 4.18" "4.17;4.18" "4.14 - 4.17"; do
    gives "check for $several" 2 usage check --target="$several" new.img
    says "names the way for $several" err "--target=$several: give each \
release a --target of its own, or --target=all"
    for verb in convert fix; do
        rm -f x
        gives "$verb for $several" 2 usage $verb --target="$several" new.img x
        says "$verb for $several: one" err "goes to one release at a time"
        not_ok "$verb for $several writes nothing" test -e x
    done
done
# a builder's own number is none of them
for one in 4.17.5-13 4.17-4 4.13.4-10.22 4.14.5+94-ge3ef6a0f7e 4.17.5-4.13 \
    4.19.0-rc2 4.17-; do
    run $XL_CONTEXT check --target=$one new.img
    not_ok "$one is not several" grep -q "a --target of its own" err
done
done_testing
