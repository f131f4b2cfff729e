#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# No limit makes a bad file a good one: there are more findings than a report
# keeps, and the one that counts comes last.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

# many: the bytes of standard input $old times.
old=8192
many() {
    cat >once
    many_n=1
    while [ "$many_n" -lt "$old" ]; do
        cat once once >more
        mv more once
        many_n=$((2 * many_n))
    done
    cat once
}

# notes FILE: as many records that a reader may skip as no report holds,
# behind the headers of the libxc stream.
notes() {
    head -c 40 "$1"
    { le 4 $((0x80000001)); zeros 4; } | many
    tail -c +41 "$1"
}

# ends WHAT STATUS ID FILE: the last run ended so, and FILE names the id.
ends() {
    ends_bad=0
    [ "$status" -eq "$2" ] || ends_bad=1
    grep -qF -e "[$3]" -e "\"id\": \"$3\"" "$4" || ends_bad=1
    tap_result "$ends_bad" "$1"
    [ "$ends_bad" -eq 0 ] || tail -n 3 out err | sed 's/^/#   /'
}

good=$srcdir/../data/xen-4.17-hvm2.ctx
"$MKSAVE" -llibxc -c "$good" a.save || exit 99
notes a.save >whole.save
head -c -20 whole.save >cut.save
blob 200 >bad.hvm # no release has the typecode
"$MKSAVE" -llibxc -c bad.hvm b.save || exit 99
notes b.save >bad.save

# -- what is only notes stays good -------------------------------------------
gives "check: notes alone" 0 "" check --target=4.17 whole.save
ok "are all counted" grep -q '(8[12][0-9][0-9] notes)' out
gives "check --json: notes alone" 0 "" check --json --target=4.17 whole.save
says "says how many are missing" out '"more": '
says "and that they are notes" out '"worst_of_more": "note"'
run $XL_CONTEXT convert --to=hvm whole.save whole.hvm
ends "convert: notes alone" 0 libxc-optional err
says "says how many are missing" err "more, the worst a note"

# -- the input ends too early ------------------------------------------------
for verb in check "check --json" "check --target=4.17" show "show --json" \
    "diff a.save" "convert --to=image" "convert --target=4.16" \
    "convert --to=json" "convert --into=a.save"; do
    case $verb in
    check*) words=out ;;
    *) words=err ;;
    esac
    case $verb in convert*) output=o.out ;; *) output= ;; esac
    run $XL_CONTEXT $verb cut.save $output
    ends "$verb: cut short behind $old notes" 3 source-rest-cut "$words"
    ok "$verb: no output" test ! -e o.out
done
run $XL_CONTEXT diff cut.save a.save
ends "diff: the first one cut short" 3 source-rest-cut err
run $XL_CONTEXT convert --into=cut.save "$good" o.out
ends "--into a file that is cut short" 3 source-rest-cut err
ok "no output" test ! -e o.out
run $XL_CONTEXT check cut.save
says "check calls it damaged" out "cut.save: damaged"
says "and says what is missing" out "more, the worst a note"
run $XL_CONTEXT check --json cut.save
says "so it does in JSON" out '"verdict": "damaged"'

# -- the context is refused ---------------------------------------------------
for target in 4.17 4.22; do
    run $XL_CONTEXT check --target=$target bad.save
    ends "check: refused behind $old notes" 4 load-typecode out
    says "is the verdict" out "refused, EINVAL (1 error, "
    run $XL_CONTEXT check --json --target=$target bad.save
    ends "check --json: refused" 4 load-typecode out
    says "and the verdict" out '"verdict": "refused"'
    run $XL_CONTEXT convert --target=$target bad.save o.out
    ends "convert --target: refused" 4 hvm-typecode err
    run $XL_CONTEXT convert --into=a.save --target=$target bad.save o.out
    ends "convert --into: refused" 4 hvm-typecode err
    ok "no output" test ! -e o.out
done

# -- as many errors as no report holds ----------------------------------------
{ blob_header; { le 2 200; le 2 0; zeros 4; } | many; blob_end; } >errors.hvm
run $XL_CONTEXT check --target=4.17 errors.hvm
ends "check: too many errors" 4 load-typecode out
ok "are all counted" grep -q 'refused, EINVAL ([0-9]* errors, 1 w' out
says "as errors" out " more, the worst an error"
run $XL_CONTEXT check --json --target=4.17 errors.hvm
ends "check --json: too many errors" 4 load-typecode out
says "how many" out '"more": '
says "and how bad" out '"worst_of_more": "error"'
run $XL_CONTEXT convert --xen=4.17 errors.hvm o.out
ends "convert: too many errors" 4 hvm-typecode err
says "says so" err "more, the worst an error"
gives "convert --allow-loss" 1 hvm-typecode \
	convert --to=wrapped --xen=4.17 --allow-loss errors.hvm o.out

# -- a parameter is refused, behind as many as are kept -----------------------
# params N FILE: insert a record of N equal parameters before HVM_PARAMS.
params() {
    run $XL_CONTEXT show "$2"
    at=$(($(sed -n 's/.*HVM parameters .* at offset //p' out)))
    old=$1
    head -c "$at" "$2"
    le 4 10; le 4 $((8 + 16 * $1)); le 4 "$1"; zeros 4
    { le 8 1; le 8 $((0xfeffc)); } | many
    tail -c +$((at + 1)) "$2"
}
$XL_CONTEXT convert --to=hvm --bare "$good" good.hvm 2>err
"$MKSAVE" -llibxc -c good.hvm -a 9=0x80000001 one.save || exit 99
"$MKSAVE" -llibxc -c good.hvm -a 9=0x3 other.save || exit 99
for file in one other; do
    params 1024 $file.save >$file-1024.save
    params 512 $file.save >$file-512.save
done
run $XL_CONTEXT check --target=4.17 one.save
ends "check: a parameter is refused" 4 guest-hvm-param out
run $XL_CONTEXT check --target=4.17 one-512.save
ends "check: refused behind 512 others" 4 guest-hvm-param out
run $XL_CONTEXT check --target=4.17 one-1024.save
ends "check: not judged behind 1,024 others" 1 source-entries out
says "how many there are" out '1026'
run $XL_CONTEXT diff one-512.save other-512.save
says "diff: the parameter differs" out 'HVM_PARAMS/0 VIRIDIAN: 0x80000001'
run $XL_CONTEXT diff one-1024.save other-1024.save
ends "diff: not compared behind 1,024 others" 1 source-entries err

# -- what is written is read again --------------------------------------------
most=$((16 << 20)) # FILE_MAX
# sized SIZE: a blob of that many bytes, with one long record
sized() {
    blob_header
    le 2 16; le 2 7; le 4 $(($1 - 32 - 8 - 8)); zeros $(($1 - 32 - 8 - 8))
    blob_end
}
reread() { # WHAT: a verb that ended so wrote nothing, or what can be read
    case $status in
    0 | 1)
        run $XL_CONTEXT show --list new
        ok "$1: it is read again" test "$status" -le 1 ;;
    *)
        judge "$1: it says why" 2 result-too-large
        not_ok "$1: there is no file" test -e new ;;
    esac
    rm -f new
}
for size in $(share_of $((most - 400)) $((most - 65536)) $((most - 8)) \
    $most); do
    sized "$size" >sized.hvm
    is "$size bytes" "$(wc -c <sized.hvm)" "$size"
    written=
    for to in hvm image wrapped json "image --bare" "wrapped --bare"; do
        run $XL_CONTEXT convert --allow-loss --xen=4.17 --to=$to sized.hvm new
        written="$written$status"
        [ "$to" != image ] || image=$status
        reread "$size bytes to $to"
    done
    if [ "$size" = "$most" ]; then
        is "at the limit a blob and JSON fit alone" "$written" 022022
    elif [ "$size" -lt $((most - 60000)) ]; then
        is "well below it all do" "$written" 000000
    fi
    run $XL_CONTEXT convert --allow-loss --xen=4.17 --to=image -N sized.hvm new
    is "$size bytes: a dry run ends alike" "$status" "$image"
    run $XL_CONTEXT -f edit --force --set CPU_XSAVE/7.xcr0=1 sized.hvm new
    reread "$size bytes edited"
done
# an image that is edited gets a line of history
image_of() { # SIZE: an image of as many bytes
    sized $(($1 - 4096)) >image.hvm
    $XL_CONTEXT convert --allow-loss --xen=4.17 image.hvm image.ctx 2>/dev/null
    sized $(($1 - 4096 + $1 - $(wc -c <image.ctx))) >image.hvm
    $XL_CONTEXT convert --allow-loss --xen=4.17 image.hvm image.ctx 2>/dev/null
}
for size in $((most - 4096)) $((most - 8)); do
    image_of "$size"
    for to in image.ctx new -; do
        run $XL_CONTEXT -N edit --force --set CPU_XSAVE/7.xcr0=1 image.ctx $to
        dry=$status
        not_ok "a dry run writes nothing" test -e new
        run $XL_CONTEXT -f edit --force --set CPU_XSAVE/7.xcr0=1 image.ctx $to
        is "$size bytes: edit -N into $to ends as edit" "$dry" "$status"
        [ "$to" = new ] && reread "$size bytes edited"
    done
    [ "$size" -lt $((most - 8)) ] || is "which refuses" "$status" 2
done
sized $((most + 1)) >sized.hvm
gives "a byte past it" 2 file-too-large \
    convert --allow-loss --xen=4.17 --to=hvm sized.hvm new
not_ok "there is no file" test -e new

done_testing
