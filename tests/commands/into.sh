#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# convert --into: a context put into a copy of a save file, every other byte
# unchanged, whatever the container and wherever the bytes come from.
# shellcheck disable=SC2086 # the programs and the words of files are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

blob 8 9 13 >old.hvm          # 88 bytes
blob 8 9 13 19 >new.hvm       # 104: the record grows
blob 8 >short.hvm             # 56: it shrinks
blob_header >odd.hvm          # 61: with padding, where there is any
{ le 2 0x13; le 2 0; le 4 13; printf abcdefgh; zeros 5; blob_end; } >>odd.hvm
mkfifo pipe

# A legacy stream up to its context, in words for mklegacy.
body="p2m=0x100 chunk=-7:5 batch=0:3,3:2:u chunk=-2 chunk=-9 end pfns"
xml="<domain><name>old</name></domain>"
inner="$PWD/inner"
"$MKSAVE" -llibxl -c old.hvm inner || exit 99
"$MKSAVE" -llibxc -c old.hvm inner-c || exit 99

# make NAME: old.save in that container.
make_save() {
    case $1 in
    xl) "$MKSAVE" -t -c old.hvm old.save ;;
    xl-v2) "$MKSAVE" -v2 -c old.hvm old.save ;;
    xl-v4) "$MKSAVE" -v4 -t -c old.hvm old.save ;;
    libxl) "$MKSAVE" -llibxl -c old.hvm old.save ;;
    libxc) "$MKSAVE" -llibxc -c old.hvm old.save ;;
    memory) "$MKSAVE" -m 70 -c old.hvm old.save ;;
    legacy-*) "$MKLEGACY" old.save w=${1#*-} $body context=old.hvm qemu=9 ;;
    bare-4.0) "$MKLEGACY" old.save p2m=9 chunk=-7 batch=0:2 chunk=-2 end \
        pfns context=old.hvm qemu-eof=9 ;;
    xl-4.4) "$MKLEGACY" old.save xl=0:name=\'old\' $body context=old.hvm \
        qemu=9 ;;
    xl-4.5) "$MKLEGACY" old.save xl=1:'{"c_info":{"name":"old"}}' w=32 \
        $body context=old.hvm qemu=9 ;;
    xend) "$MKLEGACY" old.save xend='(domain (name old) (image (hvm)))' \
        $body context=old.hvm qemu-eof=9 ;;
    libvirt-1) "$MKLEGACY" old.save libvirt=1:"$xml" $body context=old.hvm \
        qemu=9 ;;
    libvirt-2) "$MKLEGACY" old.save libvirt=2:"$xml" file="$inner" ;;
    xenops) "$MKLEGACY" old.save xenops2 xenrec=0xf:3 text='(a)' xenrec=0xf0 \
        file="$PWD/inner-c" xenrec=0xf00:4 text=QEVM xenrec=0xffff ;;
    xenops-2) "$MKLEGACY" old.save xenops2 xenrec=0xf2 w=32 $body \
        context=old.hvm xenrec=0xffff ;;
    xenops-old) "$MKLEGACY" old.save xenops w=32 $body context=old.hvm \
        qemu-xenops=9 ;;
    esac
}

# release: one that reads the container.
release() {
    case $container in
    xl-v2) echo 4.13 ;;
    xend) echo 4.4 ;;
    legacy-* | bare-* | xl-4.* | libvirt-1 | xenops-*) echo 4.5 ;;
    *) echo 4.17 ;;
    esac
}

# where FILE TEXT: the offset of the text, the last one.
where() { grep -obUaF "$2" "$1" | tail -n 1 | cut -d: -f1; }

# number FILE OFFSET: 32 bits there.
number() { od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '; }

# same_around: old.save and new.save are the same up to the length of the
# context and behind its padding; the length in between is right.  The blobs
# are found by the magic number of their HEADER.
magic=$(le 4 $((0x54381286)))
same_around() { # BLOB
    from=$(($(where old.save "$magic") - 8))
    to=$(($(where new.save "$magic") - 8))
    size=$(stat -c %s "$1")
    padded=$size was=88
    case $container in
    xl | xl-v* | lib* | memory | xenops)
        [ "$container" = libvirt-1 ] || padded=$(((size + 7) / 8 * 8)) ;;
    esac
    [ "$from" = "$to" ] &&
        cmp -n $((from - 4)) old.save new.save &&
        [ "$(number new.save $((from - 4)))" = "$size" ] &&
        tail -c +$((from + 1)) new.save | head -c "$size" | cmp - "$1" &&
        tail -c +$((from + size + 1)) new.save |
        head -c $((padded - size)) | cmp -n $((padded - size)) - /dev/zero &&
        tail -c +$((from + was + 1)) old.save >old.rest &&
        tail -c +$((from + padded + 1)) new.save | cmp - old.rest
}

for container in xl xl-v2 xl-v4 libxl libxc memory legacy-64 legacy-32 \
    bare-4.0 xl-4.4 xl-4.5 xend libvirt-1 libvirt-2 xenops xenops-2 \
    xenops-old; do
    make_save $container || exit 99
    xen="--xen=$(release) --target=$(release)" sound=0
    # which no release reads
    [ $container != xl-v4 ] ||
        xen="$xen --allow-loss" sound="1 libxc-v4"
    for blob in new short odd old; do
        rm -f new.save
        allow='' wanted=$sound
        # no release has a record of that length, nor loads it
        [ $blob != odd ] || allow=--force wanted="1 record-length"
        run $XL_CONTEXT convert $xen $allow \
            --into=old.save $blob.hvm new.save
        judge "$container: a context of $(stat -c %s $blob.hvm) bytes" \
            $wanted
        ok "all other bytes as they were" same_around $blob.hvm
    done
    ok "with its own context nothing changes" cmp old.save new.save
    run $XL_CONTEXT convert $xen --into=old.save new.hvm new.save
    cat old.save >pipe &
    run $XL_CONTEXT convert $xen --into=- new.hvm x.save <pipe
    judge "$container: from a pipe" $sound
    ok "the same file" cmp new.save x.save
    cat old.save >pipe &
    run $XL_CONTEXT convert $xen --into=- short.hvm x.save <pipe
    judge "$container: from a pipe, shrinking" $sound
    run $XL_CONTEXT convert $xen --into=old.save short.hvm y.save
    ok "the same file" cmp x.save y.save
    run $XL_CONTEXT convert --to=hvm new.save b.hvm
    ok "and it is taken out again" cmp new.hvm b.hvm
done
wait
no_leftovers "no temporary file stays"

# -- from here to there -------------------------------------------------------
make_save memory
# few_blocks FILE: less than a quarter of it is on the disk.
few_blocks() {
    [ $(($(stat -c %b "$1") * 4 * 512)) -lt "$(stat -c %s "$1")" ]
}
ok "the guest's memory is a hole" few_blocks old.save
gives "onto itself" 0 "" convert --xen=4.17 --into=old.save new.hvm old.save
ok "holes stay holes" few_blocks old.save
ok "the context is there" sh -c "$XL_CONTEXT convert --to=hvm old.save - |
    cmp - new.hvm"
is "of mode 600" "$(stat -c %a old.save)" 600
make_save xl
gives "a wanted one" 0 "" convert --xen=4.17 --into=old.save new.hvm new.save
run $XL_CONTEXT convert --xen=4.17 --into=old.save new.hvm - <old.save
judge "onto standard output" 0 ""
ok "the same file" cmp out new.save
cat old.save >pipe &
status=0
TMPDIR=$PWD $XL_CONTEXT convert --xen=4.17 --into=- new.hvm - <pipe \
    2>err | cat >out || status=$?
judge "from a pipe into a pipe" 0 ""
ok "the same file" cmp out new.save
cat old.save >pipe &
status=0
TMPDIR=none $XL_CONTEXT convert --xen=4.17 --into=- new.hvm - <pipe \
    2>err | cat >out || status=$?
judge "a TMPDIR that is not absolute is not taken" 0 ""
ok "the same file" cmp out new.save
cat old.save >pipe &
status=0
TMPDIR=$PWD/none $XL_CONTEXT convert --xen=4.17 --into=- new.hvm - <pipe \
    2>err >out || status=$?
judge "without a folder for what is between" 2 file-temp
wait
run $XL_CONTEXT convert --xen=4.17 --into=- new.hvm x.save <old.save
judge "a file on standard input" 0 ""
ok "the same file" cmp x.save new.save
gives "the context from standard input" 0 "" \
    convert --xen=4.17 --into=old.save - x.save <new.hvm
ok "the same file" cmp x.save new.save
gives "the context of another save file" 0 "" \
    convert --into=new.save old.save x.save
ok "the old one is back" cmp x.save old.save
{ start 4 17; tsc_info; end; } >none.img
gives "an image without HVM state" 3 image-no-hvm \
    convert --into=old.save none.img x.save
$XL_CONTEXT convert old.save old.img
gives "with records that the save file has itself" 0 into-left \
    convert --into=old.save old.img x.save
says "which are named" err "TSC_INFO: not put in"
ok "it is the old file" cmp x.save old.save
gives "JSON" 0 "" convert --to=json old.save old.json
gives "is a context, too" 0 into-left \
    convert --into=old.save old.json x.save
ok "it is the old file" cmp x.save old.save
run $XL_CONTEXT -N -v convert --xen=4.17 --into=old.save new.hvm dry
is "a dry run" "$status" 0
says "says what it would do" err "104 bytes in the place of 88"
not_ok "writes nothing" test -e dry
cat old.save >pipe &
run $XL_CONTEXT -N convert --xen=4.17 --into=- new.hvm dry <pipe
judge "a dry run on a pipe" 0 ""
not_ok "writes nothing" test -e dry

# -- which release ------------------------------------------------------------
sample=$srcdir/../data/xen-4.17-hvm2.ctx
"$MKSAVE" -v2 -x 4.13 -c old.hvm old-4.13.save
"$MKSAVE" -v4 -t -c old.hvm v4.save
"$MKLEGACY" inner-3.4 p2m=9 batch=0:2 chunk=-2 end pfns \
    context=old.hvm qemu-eof=9
"$MKLEGACY" fip.save p2m=9 chunk=-7:5 batch=0:2 chunk=-2 chunk=-21:4 \
    chunk=-9 end pfns context=old.hvm qemu=9
run $XL_CONTEXT convert --xen=4.17 --target=4.13 --to=hvm "$sample" \
    4.13.hvm
is "a context can be had for an older release" "$status" 0
not_ok "which is another one" cmp "$sample" 4.13.hvm
run $XL_CONTEXT convert --xen=4.17 --target=4.13 --into=old-4.13.save \
    "$sample" x.save
is "into a save file of that release" "$status" 0
run $XL_CONTEXT convert --to=hvm x.save b.hvm
ok "this is what comes" cmp b.hvm 4.13.hvm
gives "into a newer file for that release" 4 container-stream \
    convert --xen=4.17 --target=4.13 --into=old.save "$sample" kept
says "which does not read it" err "version 3 of the libxc stream is not read"
not_ok "it does not come" test -e kept
gives "unless it is allowed" 1 container-stream convert --allow-loss \
    --xen=4.17 --target=4.13 --into=old.save "$sample" x.save
rm b.hvm
gives "and taken out" 1 libxc-era convert --to=hvm x.save b.hvm
ok "as well" cmp b.hvm 4.13.hvm
gives "into version 4 of the stream" 4 libxc-v4 \
    convert --xen=4.17 --into=v4.save "$sample" kept
gives "which can be wanted" 1 libxc-v4 \
    convert --xen=4.17 --allow-loss --into=v4.save "$sample" x.save
gives "into a legacy file that 4.17 cannot convert" 4 container-converter \
    convert --target=4.17 --into=fip.save "$sample" kept
gives "nor 4.4 read" 4 container-chunk \
    convert --xen=4.4 --target=4.4 --into=fip.save new.hvm kept
gives "but 4.5.4 does" 0 "" \
    convert --xen=4.5 --target=4.5.4 --into=fip.save new.hvm x.save
run $XL_CONTEXT convert --xen=4.17 --into=old.save "$sample" x.save
run $XL_CONTEXT convert --to=hvm x.save b.hvm
ok "of the very release, it comes as it is" cmp b.hvm "$sample"
run $XL_CONTEXT convert --into=old.save "$sample" x.save
run $XL_CONTEXT convert --to=hvm x.save b.hvm
ok "and where only the bytes tell, too" cmp b.hvm "$sample"
gives "one that the older release cannot have" 4 tsc-adjust-lost \
    convert --xen=4.17 --target=3.4 --into=inner-3.4 new.hvm kept
says "it is the context that is at fault" err new.hvm
not_ok "does not come" test -e kept
gives "a release that never was" 2 release-unknown \
    convert --target=4.99 --into=old.save new.hvm x.save
gives "no release" 2 release-malformed \
    convert --target=four --into=old.save new.hvm x.save
{ blob_header; le 2 8; le 2 0; le 4 8388600; zeros 8388600; blob_end; } \
    >large.hvm
"$MKSAVE" -v2 -x 4.9 -c old.hvm old.save
gives "more than 4.9 reads" 4 record-length \
    convert --xen=4.9 --into=old.save large.hvm x.save
gives "even when asked for" 4 splice-limit \
    convert --force --xen=4.9 --into=old.save large.hvm x.save
gives "4.10 does" 1 record-length convert --force --target=4.10 \
    --xen=4.10 --into=old.save large.hvm x.save
rm -f large.hvm x.save

# -- several ------------------------------------------------------------------
"$MKSAVE" -k 2 -c old.hvm old.save
run $XL_CONTEXT convert --xen=4.17 --into=old.save new.hvm new.save
is "checkpoints: a warning" "$status" 1
is "two contexts stay, and are named" "$(grep -c splice-others err)" 2
run $XL_CONTEXT convert --to=hvm new.save b.hvm
ok "the last is the new one" cmp b.hvm new.hvm

# -- what is refused ----------------------------------------------------------
make_save xl
echo precious >kept
gives "no save file" 3 into-no-save-file convert --into=old.hvm new.hvm kept
gives "no file" 2 file-open convert --into=nowhere new.hvm kept
gives "no context" 2 file-open convert --into=old.save nowhere kept
gives "a context that is none" 3 kind-unknown \
    convert --into=old.save kept kept
head -c 400 old.save >cut.save
gives "a save file that is cut" 3 source-rest-cut convert --into=cut.save \
    new.hvm kept
cat cut.save >pipe &
run $XL_CONTEXT convert --into=- new.hvm kept <pipe
judge "the same from a pipe" 3 source-rest-cut
"$MKLEGACY" pv.save p2m=9 u64=-1 zeros=99
gives "a PV guest" 3 source-pv convert --into=pv.save new.hvm kept
blob 8 8 >twice.hvm
gives "a context that would not load" 4 hvm-duplicate \
    convert --into=old.save twice.hvm kept
is "an old file is as it was" "$(cat kept)" precious
printf '\001\0\0\0' >broken.hvm
zeros 60 >>broken.hvm
"$MKLEGACY" legacy.save $body context=broken.hvm qemu=9
gives "a legacy file whose context tells nothing" 2 into-target-needed \
    convert --into=legacy.save new.hvm kept
for option in --force --allow-loss; do
    gives "nor with $option" 2 into-target-needed \
        convert $option --into=legacy.save new.hvm kept
    is "an old file is as it was, $option" "$(cat kept)" precious
done
$XL_CONTEXT convert --xen=4.17 "$sample" sample.img
gives "an image of another Xen than --xen says" 4 convert-xen-known \
    convert --xen=4.14 --allow-loss --into=old.save sample.img kept
is "an old file is as it was" "$(cat kept)" precious
gives "with --target" 0 "" convert --xen=4.4 --target=4.4 \
    --into=legacy.save new.hvm x.save
for words in "--to=hvm" "--from=hvm" "--bare"; do
    gives "--into with $words" 2 usage \
        convert $words --into=old.save new.hvm x
done
gives "standard input twice" 2 usage convert --into=- - x
gives "into a folder that is not there" 2 file-temp \
    convert --into=old.save new.hvm nowhere/x
status=0
$XL_CONTEXT convert --xen=4.17 --into=old.save new.hvm - >/dev/full 2>err ||
    status=$?
judge "a full disk" 2 file-write
make_save memory
status=0
(ulimit -f 100; $XL_CONTEXT convert --xen=4.17 --into=old.save new.hvm kept \
    >out 2>err) || status=$?
judge "a file longer than may be" 2 file-write
is "an old file is as it was" "$(cat kept)" precious
cat old.save >pipe 2>/dev/null &
status=0
(ulimit -f 100; $XL_CONTEXT convert --xen=4.17 --into=- new.hvm kept \
    <pipe >out 2>err) || status=$?
wait
is "the same from a pipe" "$status" 2
is "an old file is as it was" "$(cat kept)" precious
no_leftovers "no temporary file stays"
done_testing
