#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What convert --into lets into a save file: nothing that its Xen would refuse
# without being forced, nothing that crashes by any option; for which Xen it is
# then; and what it knows of its own work.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

good=$srcdir/../data/xen-4.17-hvm2.ctx
mkfifo pipe

# -- what is told of which file -----------------------------------------------
# the context that goes contradicts itself, not the one that comes
{
    blob_header
    le 2 2; le 2 0; le 4 1016; zeros 1016  # CPU as up to 3.4
    blob_end
} >mixed.hvm
"$MKLEGACY" mixed.save p2m=0x100 chunk=-7:5 batch=0:3 chunk=-2 chunk=-9 end \
    pfns context=mixed.hvm qemu=9
run $XL_CONTEXT convert --xen=4.17 --into=mixed.save "$good" new.save
says "the old context contradicts itself" err \
    "mixed.save: warning: CPU of vCPU 0: "
not_ok "not the new one" grep -q "${good##*/}: .*infer-contradiction" err
"$MKLEGACY" old.save p2m=0x100 chunk=-7:5 batch=0:3 chunk=-2 chunk=-9 end \
    pfns context="$good" qemu=9
run $XL_CONTEXT convert --target=4.17 --into=old.save mixed.hvm new.save
says "the new one does" err "mixed.hvm: "
not_ok "the old one does not" grep -q "old.save: .*infer-contradiction" err

# -- what is refused, and what crashes ----------------------------------------
$XL_CONTEXT convert --xen=4.17 --to=json "$good" good.json || exit 99
# faulty NAME SED: a blob of the sample with something changed.
faulty() {
    sed "$2" good.json >"$1.json"
    cmp -s good.json "$1.json" && exit 99
    $XL_CONTEXT convert --to=hvm "$1.json" "$1.hvm" || exit 99
}
faulty refused 's/"cr0": "0x[0-9a-f]*"/"cr0": "0x80000000"/'
faulty crash '/"record": "PCI_LINK"/,/}/s/"route": \[[^]]*\]/"route": [255, 17, 34, 51]/'

# save NAME: old.save in that container, and $xen, which reads it.
save() {
    case $1 in
    xl-v3) "$MKSAVE" -c "$good" old.save ;;
    xl-v2) "$MKSAVE" -v2 -x 4.13 -c "$good" old.save ;;
    libxc) "$MKSAVE" -llibxc -c "$good" old.save ;;
    legacy) "$MKLEGACY" old.save p2m=0x100 chunk=-7:5 batch=0:3 chunk=-2 \
        chunk=-9 end pfns context="$good" qemu=9 ;;
    esac || exit 99
}

for container in xl-v3 xl-v2 libxc legacy; do
    save $container
    for way in --xen=4.17 --target=4.17 --target=4.17.5; do
        what="$container, $way"
        rm -f new.save
        gives "$what: refused" 4 load-cr0 convert $way --into=old.save \
            refused.hvm new.save
        not_ok "$what: is not written" test -e new.save
        gives "$what: no loss would be allowed" 4 load-cr0 convert $way \
            --allow-loss --into=old.save refused.hvm new.save
        not_ok "$what: is not written" test -e new.save
        gives "$what: by force" 1 load-cr0 convert $way --force \
            --into=old.save refused.hvm new.save
        ok "$what: is written" test -s new.save
        gives "$what: and is still refused" 4 "" check --target=4.17 new.save
        rm -f new.save
        for option in "" --allow-loss --force "--allow-loss --force"; do
            gives "$what: crashes the host, $option" 4 live-crash-pci-link \
                convert $way $option --into=old.save crash.hvm new.save
            not_ok "$what: is not written" test -e new.save
            gives "$what: its JSON, $option" 4 live-crash-pci-link \
                convert $way $option --into=old.save crash.json new.save
            not_ok "$what: is not written" test -e new.save
        done
    done
done
for option in --allow-loss --force; do
    gives "as a blob: $option" 4 live-crash-pci-link convert --target=4.17 \
        $option --to=hvm crash.json x
    gives "as an image: $option" 4 live-crash-pci-link convert --target=4.17 \
        $option crash.json x
    gives "as JSON: $option" 4 live-crash-pci-link convert --target=4.17 \
        $option --to=json crash.json x
    not_ok "nothing is written" test -e x
    # what is refused goes by force alone
    case $option in *force*) refused=1 ;; *) refused=4 ;; esac
    for to in hvm image wrapped json; do
        gives "refused as $to: $option" $refused load-cr0 convert \
            --target=4.17 $option --to=$to refused.json x
        is "is written: $refused" "$(test -s x || echo 4)" "${refused#1}"
        rm -f x
    done
done

# -- for which Xen ------------------------------------------------------------
$XL_CONTEXT convert --xen=4.17 --target=4.22 --to=hvm "$good" 22.hvm \
    2>/dev/null
"$MKSAVE" -x 4.22 -c 22.hvm old22.save
gives "the old one is not for 4.17" 4 "" check --target=4.17 old22.save
says "which ends in what to type" out \
    "context fix --target=4.17 old22.save NEW"
gives "the blob is not either" 4 "" check --target=4.17 22.hvm
says "which ends in what to type" out "convert --target=4.17 22.hvm NEW"
run $XL_CONTEXT convert --target=4.17 old22.save for17.img
is "in two steps" "$status" 0
gives "the context keeps its release" 0 into-kept \
    convert --into=old22.save for17.img new.save
says "which is said, and the other way" err \
    "it goes in as it is, for 4.17; --target=4.22 converts it for that"
gives "4.17 loads it" 0 "" check --target=4.17 new.save
gives "which it is for" 0 "" check new.save
says "as it says" out "new.save: Xen 4.17"
gives "in one step" 0 "" \
    convert --into=old22.save --target=4.17 old22.save new1.save
ok "the same" cmp new.save new1.save
for form in image wrapped json hvm; do
    run $XL_CONTEXT convert --target=4.17 --to=$form old22.save in.$form
    gives "as $form" 0 into-kept convert --into=old22.save in.$form new1.save
    ok "the same" cmp new.save new1.save
done
gives "back for 4.22" 0 lapic-esr-assumed \
    convert --target=4.22 --into=old22.save for17.img new1.save
ok "is the old file" cmp old22.save new1.save
gives "with the release that both are of there is nothing to say" 0 "" \
    convert --into=new.save new.save new1.save
ok "it stays the same" cmp new.save new1.save
"$MKSAVE" -v2 -x 4.13 -c "$good" v2.save
$XL_CONTEXT convert --xen=4.17 --target=4.6 "$good" for6.img 2>/dev/null
gives "of a release that does not read the save file" 4 container-stream \
    convert --into=old22.save for6.img x
says "what to give is said" err "--target=4.22 converts it"
not_ok "nothing is written" test -e x

# -- its own work -------------------------------------------------------------
# made NAME TARGET: new.save is good for the target, and no word is said of it.
made() {
    gives "$1 for $2: is good there" 0 "" check --target=$2 new.save
    says "$1 for $2: loads" out "new.save: Xen $2: loads"
    gives "$1 for $2: without a target, too" 0 "" check new.save
    not_ok "no warning" grep -q '^  warning' out
    run $XL_CONTEXT convert --to=hvm new.save new.hvm
    is "$1 for $2: is taken out again" "$status" 0
    run $XL_CONTEXT show new.save
    is "$1 for $2: is shown" "$status" 0
    not_ok "without a word" grep -q -e record-length -e contradiction err
}
for target in $(share_of 4.14 4.17 4.20.0 4.20.1 4.22); do
    for from in 4.14 4.17 4.19 4.22; do
        $XL_CONTEXT convert --xen=4.17 --target=$from --to=hvm "$good" f.hvm \
            2>/dev/null
        "$MKSAVE" -x $from -c f.hvm old.save
        run $XL_CONTEXT convert --target=$target --into=old.save old.save \
            new.save
        is "of $from" "$status" 0
        made "of $from" $target
    done
done
$XL_CONTEXT convert --xen=4.17 --target=4.4 --allow-loss --to=hvm "$good" \
    4.4.hvm 2>/dev/null
$XL_CONTEXT convert --xen=4.17 --target=4.9 --to=hvm "$good" 4.9.hvm \
    2>/dev/null
"$MKLEGACY" legacy.save xl=0:name=\'old\' p2m=0x100 chunk=-7:5 batch=0:3 \
    chunk=-2 chunk=-9 end pfns context=4.4.hvm qemu=9
"$MKSAVE" -v2 -x 4.9 -c 4.9.hvm v2.save
"$MKSAVE" -v2 -x 0.1 -c 4.4.hvm converted.save
for file in legacy v2 converted; do
    for target in $(share_of 4.14 4.17 4.20.0 4.22); do
        run $XL_CONTEXT convert --target=$target --into=$file.save \
            $file.save new.save
        ok "of $file.save" test "$status" -le 1
        made $file.save $target
        run $XL_CONTEXT -v check new.save
        case $file in
        v2) says "the header's release is understood" out libxc-made-for ;;
        *) says "that it is later is understood" out source-later-context ;;
        esac
    done
done

# -- another guest ------------------------------------------------------------
one=$srcdir/../data/xen-4.17-hvmnopv.ctx   # HVM, 1 vCPU
pvh=$srcdir/../data/xen-4.17-pvhoff.ctx    # PVH, 3 vCPUs, of which 1 is up
# another WHAT ID FILE...: it goes into old.save by force alone.
another() {
    another_what=$1 another_id=$2
    shift 2
    rm -f x5
    gives "$another_what" 4 $another_id convert --into=old.save "$@" x5
    gives "$another_what, a loss is allowed" 4 $another_id convert \
        --allow-loss --into=old.save "$@" x5
    not_ok "$another_what: nothing is written" test -e x5
    gives "$another_what: by force" 1 $another_id convert --force \
        --into=old.save "$@" x5
    ok "$another_what: is written" test -s x5
}
for container in xl-v3 xl-v2 libxc legacy; do
    real=$good
    good=$one save $container
    another "$container: more vCPUs" into-more-vcpus --xen=4.17 "$real"
    says "their numbers" err "expected 1, found 2"
    another "$container: PVH into HVM" into-other-kind --xen=4.17 "$pvh"
    good=$pvh save $container
    another "$container: HVM into PVH" into-other-kind --xen=4.17 "$one"
    run $XL_CONTEXT convert --xen=4.17 --into=old.save "$pvh" x5
    is "$container: a vCPU that is down has its place" "$status" 0
    good=$real save $container
    run $XL_CONTEXT convert --xen=4.17 --into=old.save "$one" x5
    is "$container: fewer vCPUs" "$status" 0
done
printf '{"c_info":{"type":"hvm","name":"b","uuid":"%s"}}' \
    11111111-2222-3333-4444-555555555555 >other.json
"$MKSAVE" -j other.json -c "$good" other.save
save xl-v3
$XL_CONTEXT convert other.save other.img 2>/dev/null
another "another domain's save file" into-other-uuid other.save
another "another domain's image" into-other-uuid other.img
$XL_CONTEXT convert --to=json other.img other.img.json
another "another domain's JSON" into-other-uuid other.img.json
$XL_CONTEXT convert --bare other.save bare.img 2>/dev/null
gives "a bare image tells none" 0 into-left convert --into=old.save bare.img x5
printf '{"c_info":{"type":"pvh","name":"old"}}' >pvh.json
"$MKSAVE" -j pvh.json -e0 -c old.hvm old.save 2>/dev/null ||
    { blob_header; blob_end; } >old.hvm
"$MKSAVE" -j pvh.json -e0 -c old.hvm old.save
another "HVM into what says that it is PVH" into-other-kind --xen=4.17 "$one"
says "both kinds are told" err "expected PVH, found HVM"

# -- what convert makes of a save file is none --------------------------------
gives "of a save file" 0 convert-no-memory convert old22.save x
says "with the way" err "context fix old22.save NEW"
gives "for a release" 0 convert-no-memory convert --target=4.17 old22.save x
says "with the way" err "context fix --target=4.17 old22.save NEW"
gives "of a blob there is no memory" 0 "" convert --xen=4.17 "$good" x
gives "--from does not mean a save file" 3 convert-from \
    convert --from=hvm --to=hvm old22.save x2
for from in image wrapped json; do
    gives "nor --from=$from" 3 convert-from convert --from=$from old22.save x2
done
not_ok "nothing is written" test -e x2

# -- a pipe that is slow: the checksum is verified all the same ---------------
$XL_CONTEXT convert --xen=4.17 "$good" good.img
cp good.img flipped.img
printf '\125' | dd of=flipped.img bs=1 seek=200 conv=notrunc 2>/dev/null
cmp -s good.img flipped.img && exit 99
# the trailer begins behind END, which is 16 bytes
at=$($XL_CONTEXT convert --xen=4.17 --bare "$good" - | wc -c)
for cut in $at $((at + 5)) $((at + 200)); do
    in_pieces flipped.img "$cut" $XL_CONTEXT convert - slow.img
    judge "damaged, with a pause at $cut" 3 digest-mismatch
    not_ok "nothing is written" test -e slow.img
done
in_pieces good.img "$at" $XL_CONTEXT convert --to=hvm - slow.hvm
judge "sound, with a pause" 0 ""
ok "is the same" cmp "$good" slow.hvm
head -c "$at" good.img >bare.img
in_pieces bare.img "$at" $XL_CONTEXT convert --to=hvm - slow.hvm
judge "without a trailer the end is waited for" 0 ""

# -- a pipe is looked at as it comes ------------------------------------------
: >finished
# 0: the end of the stream, without a context; 377: no record
for byte in '\0' '\377'; do
    : >finished
    {
        head -c 250 old22.save
        head -c 400000000 /dev/zero | tr '\0' "$byte" && echo all >finished
    } >pipe 2>/dev/null &
    run $XL_CONTEXT convert --xen=4.17 --into=- "$good" x3 <pipe
    ok "a fault at the beginning: $byte" test "$status" -eq 3
    wait
    ok "there it ends" test ! -s finished
    not_ok "nothing is written" test -e x3
done
no_leftovers "no temporary file stays"

# -- a FIFO of a stranger -----------------------------------------------------
if [ "$(id -u)" = 0 ] && mkfifo theirs && chown 65534 theirs; then
    ln -s theirs link
    # one that waits, should it be opened
    open_both theirs
    cat <&7 >got 8>&- &
    for name in theirs link ./theirs; do
        gives "a FIFO of a stranger: $name" 2 file-fifo-foreign \
            convert good.img $name
        run $XL_CONTEXT -N convert good.img $name
        judge "a dry run says so, too" 2 file-fifo-foreign
    done
    gives "--into" 2 file-fifo-foreign convert --into=old22.save \
        --target=4.22 old22.save theirs
    gives "fix" 2 file-fifo-foreign fix --target=4.22 old22.save theirs
    gives "edit" 2 file-fifo-foreign edit --set CPU/0.rip=1 good.img theirs
    gives "show --html" 2 file-fifo-foreign show --html=theirs good.img
    gives "without a sandbox" 2 file-fifo-foreign convert --no-sandbox \
        good.img theirs
    exec 7<&- 8>&-
    wait
    is "got nothing" "$(wc -c <got)" 0
    chown 0 theirs
    cat theirs >got &
    gives "one of root" 0 "" convert --bare good.img theirs
    wait
    ok "got it" test -s got
else
    skip "a FIFO of a stranger" "only root can make one"
fi
done_testing
