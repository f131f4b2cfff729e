#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# context-fix --container=xl: a stream that no living toolstack reads as a save
# file of today's xl: page for page what it was, good for Xen's own verifier,
# and like what Xen's own converter makes of what that reads.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

theirs=
for tools in /usr/lib/xen-*; do
    [ -x "$tools/bin/verify-stream-v2" ] &&
        [ -d "$tools/lib/python/xen/migration" ] && theirs=$tools
done
if [ -n "$theirs" ]; then
    PYTHONPATH=$theirs/lib/python
    export PYTHONPATH
    "$theirs/bin/verify-stream-v2" --help >/dev/null 2>&1 || theirs=
fi

$XL_CONTEXT convert --xen=4.17 --target=4.4 --allow-loss --to=hvm \
    "$srcdir/../data/xen-4.17-hvm2.ctx" c.hvm 2>/dev/null
[ -s c.hvm ] || exit 99
cp c.hvm first.hvm
awk 'BEGIN { srand(7); for (i = 0; i < 12288; i++)
    printf "%c", 33 + int(90 * rand()) }' </dev/null | head -c 12288 >pages
mkfifo pipe
xml="<domain><name>old</name></domain>"

# batch WIDTH: three pages with bytes in them, and what has no page.
batch() {
    u=u$1
    echo "id=5 $u=0x10 $u=0xf0000000 $u=0x11 $u=0x12 $u=0xf0000020" \
        "file=$PWD/pages batch=0:2:u"
}

# stream WIDTH TAIL...: words for mklegacy, up to the emulator's state.
stream() {
    stream_width=$1
    shift
    echo "w=$stream_width p2m=0x100 $(batch $stream_width) chunk=-2 chunk=-3:5" \
        "chunk=-4:6 chunk=-8:7 chunk=-10:1 chunk=-11:1 chunk=-7 chunk=-9 end" \
        "pfns context=$PWD/c.hvm $*"
}

# 32 bits at OFFSET of FILE.
number() { od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '; }

# anew WHAT TARGET CONFIG: old.save becomes new.save.
anew() {
    cp old.save before.save
    rm -f new.save
    gives "$1 for $2" 0 fix-done fix --container=xl --target=$2 old.save \
        new.save
    ok "the old one is as it was" cmp old.save before.save
    [ -s new.save ] || return
    gives "$1 for $2: is good there" 0 "" check --target=$2 new.save
    gives "$1 for $2: and by itself" 0 "" check new.save
    run $XL_CONTEXT show new.save
    case $2 in 4.6 | 4.13) version=2 ;; *) version=3 ;; esac
    named=$2
    [ $2 != 4.20.0 ] || named=4.20
    says "$1 for $2: is an xl save file" out \
        "xl save file, libxl stream 2, libxc stream $version"
    says "$1 for $2: for that Xen" out "saved by       Xen $named"
    # behind the headers: PAGE_DATA of 4 entries, one without a page
    at=$(grep -obUaF XENF new.save | head -n 1 | cut -d: -f1)
    at=$((at + 32 + (version == 3) * 8))
    is "PAGE_DATA comes first" "$(number new.save $at)" 1
    is "of 3 pages" "$(number new.save $((at + 4)))" $((8 + 4 * 8 + 12288))
    ok "the very pages" sh -c "tail -c +$((at + 17 + 32)) new.save |
        cmp -n 12288 - pages"
    is "entries: numbers" "$(od -An -tx8 -j $((at + 16)) -N 32 new.save |
        tr -s ' \n' ' ')" " 0000000000000010 0000000000000011 \
0000000000000012 f000000000000020 "
    if [ -n "$theirs" ]; then
        ok "$1 for $2: Xen's own verifier takes it" \
            "$theirs/bin/verify-stream-v2" -q -f xl -i new.save
    else
        skip "$1 for $2: Xen's own verifier" "no verify-stream-v2 here"
    fi
    case $3 in
    yes) not_ok "$1: has a configuration" grep -q rewrite-config err ;;
    esac
}

for width in 64 32; do
    for target in $(share_of 4.17 4.6 4.13 4.14 4.20.0 4.22); do
        s=$(stream $width qemu=9)
        "$MKLEGACY" old.save $s
        anew "bare, $width" $target no
        "$MKLEGACY" old.save xl=0:name=\'old\' $s
        anew "xl of 4.4, $width" $target yes
        "$MKLEGACY" old.save xl=1:'{"c_info":{"name":"old"}}' $s
        anew "xl of 4.5, $width" $target yes
        "$MKLEGACY" old.save libvirt=1:"$xml" $s
        anew "libvirt, $width" $target no
    done
    for target in $(share_of 4.17 4.14 4.20.0); do
        s=$(stream $width qemu-eof=40)
        "$MKLEGACY" old.save xend='(domain (name old) (image (hvm)))' $s
        run $XL_CONTEXT check --target=$target old.save
        is "what xend wrote is refused" "$status" 4
        says "and ends in what to type" out "what to type: xl-context fix \
--container=xl --target=$target old.save NEW    (nothing is lost)"
        type_it out
        is "what check says to type works" "$status" 0
        gives "and makes what $target loads" 0 "" check --target=$target new
        anew "xend, $width" $target no
        says "the state of QEMU is there" new.save QEVM
        "$MKLEGACY" old.save $(stream $width qemu-remus=40)
        anew "of Remus, $width" $target no
        "$MKLEGACY" old.save $(stream $width qemu=9 | sed \
            's/ chunk=-9/ chunk=-21:4 chunk=-9/')
        anew "with a chunk of 4.5.4, $width" $target no
        run $XL_CONTEXT check --target=$target old.save
        is "that is refused" "$status" 4
        says "names the same way" out \
            "fix --container=xl --target=$target old.save NEW"
        rm -f new
        gives "fix without it" 4 fix-anew fix --target=$target old.save new
        says "says that it is needed" err \
            "fix --container=xl --target=$target old.save new"
        run $XL_CONTEXT check --json --target=$target old.save
        says "for a program, too" out "\"xl-context fix --container=xl \
--target=$target old.save NEW\""
    done
    # before 4.0 there was no mode of the TSC, and none is made up
    for target in $(share_of 4.17 4.6 4.13 4.22); do
        s=$(stream $width qemu=9 | sed 's/ chunk=-7//')
        for front in xl=0:name=\'old\' libvirt=1:"$xml" raw=; do
            "$MKLEGACY" old.save "$front" $s
            rm -f new.save
            gives "no TSC, $width" 0 fix-done fix --container=xl \
                --target=$target old.save new.save
            gives "no TSC for $target: is good there" 0 "" \
                check --target=$target new.save
            gives "no TSC for $target: and by itself" 0 "" check new.save
        done
    done
    # what Xen's own converter makes of it, as far as that goes: a batch
    # without any page becomes a record that its verifier refuses
    [ -n "$theirs" ] || continue
    "$MKLEGACY" old.save $(stream $width qemu=9 | sed 's/batch=0:2:u//')
    "$theirs/bin/convert-legacy-stream" -w $width -g hvm -f libxl \
        -i old.save -o their.save >their.out 2>&1 || exit 99
    rm -f new.save
    $XL_CONTEXT fix --container=xl --target=4.17 old.save new.save 2>/dev/null
    ours=$(grep -obUaF XENF new.save | head -n 1 | cut -d: -f1)
    its=$(grep -obUaF XENF their.save | head -n 1 | cut -d: -f1)
    ok "the pages are theirs, TSC too" cmp -i $((ours + 32)):$((its + 32)) \
        -n $((8 + 8 + 8 + 32 + 12288 + 32)) new.save their.save
    tail -c 40 new.save >ours.tail
    tail -c 40 their.save >their.tail
    ok "and the emulator's record" cmp ours.tail their.tail
done
"$MKSAVE" -llibxl -x 4.17 -c "$srcdir/../data/xen-4.17-hvm2.ctx" inner
"$MKLEGACY" old.save libvirt=2:"$xml" file="$PWD/inner"
rm -f new.save
gives "libvirt's libxl stream" 0 fix-done fix --container=xl --target=4.22 \
    old.save new.save
says "comes without a configuration" err container-rewrite-config
gives "is good there" 0 "" check --target=4.22 new.save
run $XL_CONTEXT show new.save
says "as a save file" out "xl save file, libxl stream 2"
"$MKLEGACY" old.save xl=0:name=\'old\' $(stream 64 qemu=9)
$XL_CONTEXT fix --container=xl --target=4.17 old.save wanted.save 2>/dev/null
cat old.save >pipe &
rm -f new.save
run $XL_CONTEXT fix --container=xl --target=4.17 - new.save <pipe
judge "from a pipe" 0 fix-done
wait
ok "the same" cmp wanted.save new.save
run $XL_CONTEXT fix --container=xl --target=4.17 old.save -
judge "to standard output" 0 fix-done
ok "the same" cmp wanted.save out
rm new.save
rm -f new.save
run $XL_CONTEXT -N fix --container=xl --target=4.17 old.save new.save
judge "a dry run" 0 fix-done
not_ok "writes nothing" test -e new.save
rm -f new.save
gives "what is xl's already" 0 fix-copy fix --container=xl --target=4.17 \
    wanted.save new.save
ok "is a copy" cmp wanted.save new.save

# -- a loss besides -----------------------------------------------------------
# What fix tells to type, over and over, ends in a file that loads.
xend='(domain (name old) (image (hvm (vcpus 2))))'
od -An -v -tu1 "$srcdir/../data/xen-4.17-hvm2.ctx" >17.txt
awk -v n=2 -v msr='72 1025' -f "$srcdir/../tools/manyvcpus.awk" 17.txt >c.ctx
$XL_CONTEXT convert --to=hvm c.ctx c.hvm 2>/dev/null
"$MKLEGACY" "an old.save" xend="$xend" $(stream 64 qemu=9)
rm -f new.save
gives "an old stream with a loss" 4 fix-anew fix --target=4.17.3 \
    "an old.save" new.save
says "says all of it" err "fix --container=xl --allow-loss --target=4.17.3 \
\"an old.save\" new.save"
rm -f new.save
gives "with the loss alone" 4 fix-anew fix --allow-loss --target=4.17.3 \
    "an old.save" new.save
says "says the rest" err "fix --container=xl --allow-loss --target=4.17.3 \"an"
rm -f new.save
gives "with the container alone" 4 fix-loss fix --container=xl \
    --target=4.17.3 "an old.save" new.save
says "says the rest" err "fix --container=xl --allow-loss --target=4.17.3 \"an"
rm -f new.save
gives "with both" 0 fix-done fix --container=xl --allow-loss --target=4.17.3 \
    "an old.save" new.save
gives "it loads" 0 "" check --target=4.17.3 new.save
# and where the context is refused there is no way to tell
$XL_CONTEXT convert --to=json "$srcdir/../data/xen-4.17-hvm2.ctx" c.json \
    2>/dev/null
sed 's/"cr4": "0x[0-9a-f]*"/"cr4": "0x80001506f0"/' c.json >d.json
$XL_CONTEXT convert --to=hvm d.json c.hvm 2>/dev/null
"$MKLEGACY" old.save xend="$xend" $(stream 64 qemu=9)
for options in "" --allow-loss; do
    rm -f new.save
    gives "a refused context${options:+, $options}" 4 load-cr4 fix $options \
        --target=4.17 old.save new.save
    not_ok "no way is told" grep -q '\[fix-anew\]' err
done

# -- what is not written anew ------------------------------------------------
# cannot WHAT TARGET
cannot() {
    rm -f new.save
    gives "$1" 4 container-rewrite fix --container=xl --target=$2 old.save \
        new.save
    not_ok "nothing is written" test -e new.save
    no_leftovers "nor stays"
}
cannot "for a Xen that does not read it" 4.5
"$MKLEGACY" old.save xend='(domain (image (hvm)))' $(stream 64 qemu-eof=40)
cannot "qemu-traditional where that is gone" 4.21
says "with the reason" err "of qemu-traditional"
# check names no cure that leads there
for target in 4.21.0 4.21 4.22.0; do
    for tail in qemu-eof=40 qemu-remus=40; do
        "$MKLEGACY" old.save xend='(domain (image (hvm)))' \
            $(stream 64 $tail)
        run $XL_CONTEXT check --target=$target old.save
        is "$tail for $target" "$status" 4
        says "why" out "[container-emulator]"
        not_ok "nothing of fix" grep -q 'fix --container' out
        says "where it can go" out "check --target=4.20 old.save"
    done
done
run $XL_CONTEXT check --target=4.20 old.save
is "where it can" "$status" 4
says "how" out "fix --container=xl --target=4.20 old.save"
"$MKLEGACY" old.save xenops $(stream 32) qemu-xenops=9
cannot "xenopsd's" 4.17
says "says what restores it" err "xe alone restores it"
rm -f new.save
gives "another container" 2 usage fix --container=xend --target=4.17 \
    old.save new.save
rm -f new.save
gives "for no release" 2 usage fix --container=xl old.save new.save

points() {
    stream 64 qemu-remus=40 | sed 's/c\.hvm/first.hvm/; s/ chunk=-9//'
}
# readers of a legacy stream take one with checkpoints as it is, so that no
# plain one is to be made of it
"$MKLEGACY" old.save xend='(domain (image (hvm)))' \
    $(points) $(points | sed 's/.*p2m=0x100 //')
head -c -2000 old.save >cut.save
run $XL_CONTEXT check cut.save
is "checkpoints in a file of xend" "$status" 1
says "the last complete one counts" out "[source-checkpoint-end]"
rm -f new.save
gives "fix of it" 1 source-checkpoint-end fix cut.save new.save
ok "is a copy" cmp cut.save new.save
not_ok "with no word against it" grep -q -e container-plain -e receive err
# which one comes back, the release decides; cut, there is no other
for row in "4.2 0" "4.3.1 0" "4.3.2 1" "4.3 1" "4.4 1"; do
    run $XL_CONTEXT check --target=${row% *} old.save
    is "the first comes back with ${row% *}" \
        "$(grep -c '\[container-checkpoint\]' out)" ${row#* }
    run $XL_CONTEXT check --target=${row% *} cut.save
    is "there is but one for ${row% *}" \
        "$(grep -c '\[container-checkpoint\]' out)" 0
done
# the receiver of Remus reads what begins with xl's header alone
for layer in libxl xl; do
    $MKSAVE -l $layer -k 2 -c "$srcdir/../data/xen-4.17-hvm2.ctx" inner
    "$MKLEGACY" outer libvirt=2:"$xml" file="$PWD/inner"
    [ $layer = xl ] || cp outer inner
    run $XL_CONTEXT check inner
    says "$layer: what makes it plain" out "xl-context fix inner NEW"
    is "$layer: the receiver where it can read it" \
        "$(grep -c "migrate-receive" out)" $([ $layer = xl ]; echo $((1 - $?)))
done
done_testing
