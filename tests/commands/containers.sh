#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Save files and streams of 4.6 and later: found, taken out, told of.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

blob 8 9 13 >a.hvm
mkfifo pipe

# edited OFFSET BYTES: x.save is a.save with these bytes (in octal) there.
edited() {
    cp a.save x.save
    # shellcheck disable=SC2059 # the format is the bytes
    printf "$2" | dd of=x.save bs=1 seek=$(($1)) conv=notrunc 2>/dev/null
}

# -- every layer, from a file, a pipe, and a file on stdin -------------------
for options in "-lxl" "-v2" "-v4" "-llibxl" "-llibxc" "-llibxc -v2 -x4.6" \
    "-m600" "-d -m64"; do
    "$MKSAVE" -c a.hvm $options a.save || exit 99
    gives "$options: to a blob" 0 "" convert --to=hvm a.save b.hvm
    ok "the blob that is in it" cmp a.hvm b.hvm
    cat a.save >pipe &
    run $XL_CONTEXT convert --to=hvm - c.hvm <pipe
    judge "$options: from a pipe" 0 ""
    ok "the same blob" cmp a.hvm c.hvm
    run $XL_CONTEXT convert --to=hvm - d.hvm <a.save
    judge "$options: on standard input" 0 ""
    ok "the same blob" cmp a.hvm d.hvm
done
wait
{ echo 12345 && cat a.save; } >front.save
run sh -c "{ head -c 6 >/dev/null; exec $XL_CONTEXT convert --to=hvm - e.hvm
    } <front.save"
[ "$status" -eq 0 ] || cp a.hvm e.hvm # head may read ahead
ok "from where standard input stands" cmp a.hvm e.hvm

# -- every output -------------------------------------------------------------
"$MKSAVE" -t -c a.hvm a.save
gives "to JSON" 0 "" convert --to=json a.save b.json
ok "with the TSC record" grep -q TSC_INFO b.json
for to in image wrapped; do
    gives "to $to" 0 convert-no-memory convert --to=$to a.save b.$to
    gives "and on to a blob" 0 convert-left convert --to=hvm b.$to b.hvm
    ok "the same" cmp a.hvm b.hvm
done
gives "it is shown" 0 "" show a.save
says "what it is" out "xl save file, libxl stream 2, libxc stream 3"
says "of which domain" out "domain         old"
says "of which Xen" out "saved by       Xen 4.17"
says "its TSC" out "mode 1, 2400000 kHz, 77 ns, incarnation 2"
says "where the context is" out "88 bytes at offset 0x"
gives "the image is shown" 0 "" show b.image
says "the release of the header is that of START" out "START version 4.17"
says "the TSC record came over" out "TSC_INFO"
says "its name" out "old"
says "its uuid" out "5a6c0d0e-1c24-4b3c-9d2e-0123456789ab"
says "where it comes from" out "xl save file, libxl stream 2, libxc stream 3"
ok "its kind" grep -qa '"domain_type":"hvm"' b.image
not_ok "no domid is invented" grep -qa '"domid"' b.image
not_ok "no CPU time is invented" grep -qa cpu_time b.image
gives "--xen that says the same" 0 convert-no-memory \
    convert --xen=4.17 a.save o
gives "--xen that says another" 4 convert-xen-known \
    convert --xen=4.16 a.save o
"$MKSAVE" -v4 -t -c a.hvm v4.save
gives "the proposed version 4" 0 convert-no-memory convert v4.save v4.img
gives "has TSC_INFO in DOMAIN_CONTEXT" 0 "" show v4.img
says "which comes over" out "TSC_INFO"
echo '{"c_info":{"name":"odd\u0007","uuid":"no-uuid","type":"pvh"}}' >odd.json
"$MKSAVE" -j odd.json -e0 -c a.hvm odd.save
gives "odd names" 0 source-name convert odd.save odd.img
ok "a PVH guest" grep -qa '"domain_type":"pvh"' odd.img
not_ok "what is no uuid is left out" grep -qa no-uuid odd.img

# converted from a legacy stream: the release is lost, and found again
"$MKSAVE" -x 0.1 -c a.hvm conv.save
gives "of a converted stream" 0 convert-xen-inferred convert conv.save o
says "the release is found in the context" err "to 4.5 as far as"

# -- SHARED_INFO --------------------------------------------------------------
# put_in AT: a.save with standard input put in there.
letters() { zeros "$1" | tr '\0' Q; }
put_in() { head -c $(($1)) a.save; cat; tail -c +$(($1 + 1)) a.save; }
letters_of() { tr -cd Q <"$1" | wc -c; }
"$MKSAVE" -llibxc -c a.hvm a.save
$XL_CONTEXT convert --bare a.save without.img
for version in 2 3 4; do
    "$MKSAVE" -llibxc -v$version -T -c a.hvm a.save
    at=$((version == 2 ? 0x40 : 0x48))
    { le 4 7 && le 4 4096 && letters 4096; } | put_in $at >x.save
    gives "readers refuse the record in version $version" 4 libxc-refused \
        convert x.save b.img
    gives "but it can be had" 1 libxc-refused \
        convert --allow-loss --bare x.save b.img
    is "as much as means something" "$(letters_of b.img)" \
        $(($(letters_of without.img) + 3136))
    run $XL_CONTEXT show --list b.img
    says "as a record of its own" out SHARED_INFO
done
{
    le 4 $((0x13)) && le 4 $((24 + 16 + 8 + 3136 + 16))
    start 4 15 && record 2 0 3144 && zeros 8 && letters 3136 && end
} | put_in 0x48 >x.save
gives "in DOMAIN_CONTEXT it belongs there" 0 convert-no-memory \
    convert --bare x.save b.img
is "and comes over" "$(letters_of b.img)" \
    $(($(letters_of without.img) + 3136))
run $XL_CONTEXT show --list b.img
says "as a record" out SHARED_INFO

# -- several contexts ---------------------------------------------------------
"$MKSAVE" -c a.hvm -k 2 k.save
gives "checkpoints" 1 libxc-checkpoint convert --to=hvm k.save b.hvm
says "the last one counts" err "of 3 HVM contexts this one counts"
ok "it is taken" cmp a.hvm b.hvm
gives "shown" 1 libxc-checkpoint show k.save
is "with three places" "$(grep -c 'bytes at offset' out)" 3
is "of which the last counts" \
    "$(grep 'bytes at offset' out | grep -n counts | cut -d: -f1)" 3

# -- what cannot be taken out -------------------------------------------------
"$MKSAVE" -llibxc -c a.hvm a.save
size=$(stat -c %s a.save)
edited 0x18 '\001'
gives "a PV guest" 3 source-pv convert x.save o
says "in words" err "this is a PV guest, it has no HVM context"
gives "shown" 3 source-pv show x.save
run $XL_CONTEXT check --target=4.13 x.save
is "its container is judged" "$status $(head -n 1 out)" \
    "4 x.save: Xen 4.13: refused (1 error, 1 warning)"
says "for what it is" out "[container-stream]"
says "with what is not" out "of its file only the container up to here is judged"
run $XL_CONTEXT check --target=4.14 x.save
is "one that reads it" "$status $(head -n 1 out)" \
    "3 x.save: Xen 4.14: of another kind"
run $XL_CONTEXT check --target=all x.save
is "all series" "$status $(grep -c 'refused: .*\[container-stream\]' out)" \
    "3 18"
run $XL_CONTEXT check --json=lines --target=4.5 --target=4.20 x.save
is "JSON" "$(grep -o '"verdict": "[a-z ]*"' out | tr '\n' ' ')" \
    '"verdict": "refused" "verdict": "of another kind" '
run $XL_CONTEXT check x.save
is "without a target as before" "$status $(head -n 1 out)" \
    "3 x.save: of another kind"
edited 0x6b '\200'
gives "no context" 3 source-context-missing convert x.save o
edited 0x28 '\024'
gives "a mandatory record nobody knows" 4 libxc-mandatory convert x.save o
gives "with --allow-loss" 1 libxc-mandatory \
    convert --allow-loss --to=hvm x.save b.hvm
ok "is stepped over" cmp a.hvm b.hvm
for left in 1 8 9 41 90 128 150 180; do
    head -c $((size - left)) a.save >x.save
    run $XL_CONTEXT convert x.save o
    ok "cut $left bytes short" test "$status" -eq 3
done
head -c $((size - 90)) a.save >x.save
gives "--allow-loss does not make a context whole" 3 source-context-cut \
    convert --allow-loss x.save o
head -c $((size - 9)) a.save >x.save
gives "cut behind the context" 3 source-rest-cut convert --to=hvm x.save o
gives "it is taken out if that is allowed" 1 source-cut-behind \
    convert --allow-loss --to=hvm x.save b.hvm
ok "whole" cmp a.hvm b.hvm
gives "a check does not allow it" 3 "" check x.save
gives "so it is as an image" 1 convert-no-memory \
    convert --allow-loss x.save b.img
not_ok "which no fix mends" grep -q ' fix ' err
gives "nor is it a file to put one into" 3 source-rest-cut \
    convert --allow-loss --into=x.save a.hvm o
gives "but one to take it from" 1 source-cut-behind \
    convert --allow-loss --into=a.save x.save b.save
ok "the same" cmp a.save b.save
head -c 30 a.save >x.save
gives "cut within the header" 3 source-cut convert x.save o

# one truth about a cut, whoever reads how much of the file in which pieces
# cuts WHAT SIZE: a.save cut there; the words of all verbs are the same
cuts() {
    head -c "$2" a.save >x.save
    for cuts_words in "check x.save" "convert x.save o" "show x.save" \
        "fix --target=4.17 x.save o" "convert --into=x.save a.hvm o"; do
        run $XL_CONTEXT $cuts_words
        cat out err | grep -o 'expected [0-9]*, found [0-9]*' | head -n 1
    done | sort | uniq -c | sed 's/^ *//' >told
    is "$1 cut at $2 is told once and alike" \
        "$(sed 's/expected.*/alike/' told)" "5 alike"
}
for options in -lxl -v4 "-llibxl -v2 -x4.6"; do
    "$MKSAVE" -m5 $options -c a.hvm a.save || exit 99
    size=$(wc -c <a.save)
    for at in 47 1000 2999999 $((size - 90)) $((size - 13)); do
        cuts "$options" "$at"
    done
done
# the body of the record is what there is too little of
"$MKSAVE" -m5 -llibxc -c a.hvm a.save
cuts "the first batch" 100000
is "bytes of the whole record" "$(cut -d' ' -f2- told)" \
    "expected $((8 + 1024 * (8 + 4096))), found $((100000 - 40 - 8 - 8))"
: >empty
gives "an empty file" 3 kind-empty convert empty o
says "is called that" err "is empty"
echo 'no save file at all, for there is none' >x.save
gives "anything else" 3 kind-unknown convert x.save o
not_ok "nothing was written" test -e o2

# -- many files ---------------------------------------------------------------
"$MKSAVE" -c "$srcdir/../data/xen-4.17-hvm2.ctx" good.save
gives "many files are judged" 3 "" check good.save k.save empty good.save
is "with a line each" "$(grep -c '^[a-z.]*: ' out)" 4
is "and a summary" "$(tail -n 1 out)" "4 files: 3 loads, 1 of another kind"
says "one of them as the release that its header names" out \
    "k.save: Xen 4.17: loads"
gives "one file" 0 "" check good.save
not_ok "without a summary" grep -q ' files' out
# -- whether a release reads the container ------------------------------------
sample=$srcdir/../data/xen-4.17-hvm2.ctx
for target in "" --target=4.17 --target=4.14; do
    gives "version 3, check ${target:-as saved}" 0 "" check $target good.save
done
gives "4.13 does not read it" 4 "" check --target=4.13 good.save
says "which is said" out "good.save: Xen 4.13: refused"
says "by its id" out "[container-stream]"
"$MKSAVE" -v2 -x 4.13 -c a.hvm v2.save
gives "nor 4.5 version 2" 4 "" check --target=4.5 v2.save
says "a stream" out "[container-stream]"
says "with a flag" out "[container-xl-flags]"
"$MKSAVE" -v4 -t -c "$sample" v4.save
for layer in xl libxl libxc; do
    "$MKSAVE" -v4 -t -l $layer -c "$sample" v4.save
    for target in "" --target=4.13 --target=4.17.7 --target=4.22; do
        what="version 4 in $layer, ${target:-as saved}"
        gives "$what is for none" 4 "" check $target v4.save
        says "$what: the verdict" out ": refused ("
        is "$what: first" "$(sed -n 2p out | grep -c '\[libxc-v4\]')" 1
        gives "$what: no copy is a good one" 4 libxc-v4 \
            fix $target v4.save new.save
        not_ok "$what: nothing is written" test -e new.save
    done
done
gives "as JSON" 4 "" check --json --target=4.13 good.save
says "with its verdict" out '"verdict": "refused"'
gives "what is read is not told of" 0 "" check --target=4.17 good.save
not_ok "not at all" grep -q container out
gives "many files are shown" 3 kind-empty show good.save empty k.save
is "each under its name" "$(grep '^==> ' out | tr '\n' ' ')" \
    "==> good.save <== ==> k.save <== "
is "and a summary" "$(tail -n 1 out)" "3 files: 2 shown, 1 not"
run $XL_CONTEXT show --json good.save k.save
is "as JSON a line each" "$(cut -d, -f1 out | paste -s -d ' ' -)" \
    '{"file": "good.save" {"file": "k.save"'

# -- progress -----------------------------------------------------------------
"$MKSAVE" -llibxc -m 600 -c a.hvm a.save
: >slow.err
# a look at the clock takes a second
cat a.save >pipe &
run by_clock 1000000000 $XL_CONTEXT -t convert --to=hvm - b.hvm <pipe
wait
ok "progress is shown when asked for" grep -q 'standard input: .*iB' err
ok "and taken away" sh -c "tr '\\r' '\\n' <err | tail -n 1 |
    od -c | grep -q '033   \\[   K'"
cat a.save >pipe &
run by_clock 1000000000 $XL_CONTEXT convert --to=hvm - b.hvm <pipe
judge "not elsewhere than on a terminal" 0 ""
wait

# -- a pipe that does not block, and has nothing yet --------------------------
if perl -MFcntl -e 1 2>/dev/null; then
    # unblocked FILE ARGUMENTS...: the file comes in three parts.
    unblocked() {
        unblocked_file=$1
        shift
        in_pieces "$unblocked_file" "20 9000" \
            perl -MFcntl -e 'fcntl(STDIN, F_SETFL, O_NONBLOCK) or die $!;
            exec @ARGV or die $!' $XL_CONTEXT "$@"
    }
    unblocked a.save convert --to=hvm - b.hvm
    judge "a save file" 0 ""
    ok "the context of it" cmp a.hvm b.hvm
    $XL_CONTEXT convert "$sample" sample.img
    unblocked sample.img convert --to=hvm - b.hvm
    judge "an image" 0 ""
    ok "the blob" cmp "$sample" b.hvm
    $XL_CONTEXT convert --to=json sample.img sample.json
    unblocked sample.json convert --to=hvm - b.hvm
    judge "JSON" 0 ""
    unblocked a.save convert --xen=4.17 --into=- a.hvm b.save
    judge "a save file to put a context into" 0 ""
    ok "the same" cmp a.save b.save
else
    skip "a pipe that does not block" "no perl here"
fi
done_testing
