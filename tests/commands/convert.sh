#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# convert: every form to every form, and what is refused.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

blob 8 9 13 >a.hvm
gives "a blob to an image" 0 "" convert --xen=4.17 a.hvm a.img
gives "a blob to a wrapped image" 0 "" convert --xen=4.17 --to=wrapped \
    a.hvm a.wrapped
for from in img wrapped; do
    gives "$from back to a blob" 0 "" convert --to=hvm "a.$from" b.hvm
    ok "byte for byte" cmp a.hvm b.hvm
done
# With no trailer, in which the time stands, all ways lead to one image.
gives "a bare image" 0 "" convert --xen=4.17 --bare a.hvm bare.img
gives "a bare wrapped image" 0 "" convert --xen=4.17 --bare --to=wrapped \
    a.hvm bare.wrapped
for from in img wrapped; do
    gives "bare $from to image" 0 "" convert --bare "bare.$from" c.img
    ok "the same image" cmp bare.img c.img
    gives "bare $from to wrapped" 0 "" convert --bare --to=wrapped \
        "bare.$from" c.wrapped
    ok "the same wrapped image" cmp bare.wrapped c.wrapped
done
gives "blob to blob" 0 "" convert --to=hvm a.hvm c.hvm
ok "the same blob" cmp a.hvm c.hvm
is "a bare image ends with END" "$(tail -c 16 bare.img | od -An -v -tx1)" \
    "$(zeros 16 | od -An -v -tx1)"
gives "--to=image is the default" 0 "" convert --to=image --bare \
    bare.wrapped d.img
ok "and gives the same" cmp bare.img d.img

for name in hvm2 hvmnopv pvhoff; do
    real=$srcdir/../data/xen-4.17-$name.ctx
    if [ ! -f "$real" ]; then
        skip "a real blob of $name" "tests/data has no $name"
        continue
    fi
    for form in image wrapped; do
        gives "real $name to $form" 0 "" convert --xen=4.17 --to=$form \
            "$real" r.img
        gives "and back" 0 "" convert --to=hvm r.img r.hvm
        ok "byte for byte ($name, $form)" cmp "$real" r.hvm
    done
done

# -- --from, --to, --xen -------------------------------------------------
gives "--from=hvm of a blob" 0 "" convert --from=hvm --to=hvm a.hvm o
gives "--from=image of an image" 0 "" convert --from=image a.img o
gives "--from=image of a wrapped image" 0 "" convert --from=image a.wrapped o
gives "--from=wrapped of one" 0 "" convert --from=wrapped a.wrapped o
gives "--from=wrapped of a migrated image" 3 convert-from \
    convert --from=wrapped a.img o2
says "with both words" err "expected wrapped, found image"
gives "--from=hvm of an image" 3 convert-from convert --from=hvm a.img o2
gives "--from=image of a blob" 3 convert-from \
    convert --from=image --xen=4.17 a.hvm o2
gives "no such format" 2 usage convert --to=xml a.img o2
gives "--bare is nothing for JSON" 2 usage convert --bare --to=json a.img o2
gives "no such format to read" 2 usage convert --from=xml a.img o2
gives "--xen with an image that says the same" 0 "" \
    convert --xen=4.17 a.img o
gives "--xen with an image that says another" 4 convert-xen-known \
    convert --xen=4.16 a.img o2
says "names both" err "expected 4.16, found 4.17"
for word in 4 4. .17 4..1 4,17 4.x 4.1700 -4.1 "" 999.999; do
    gives "--xen='$word'" 2 release-malformed convert "--xen=$word" a.hvm o2
done
for word in 4.99 4.23 3.0 3.5 5.0; do
    gives "--xen=$word" 2 release-unknown convert --xen=$word a.hvm o2
done
is "nothing was written by any of them" "$(ls o2 2>/dev/null)" ""
gives "--xen with a blank" 0 "" convert --xen 4.9 a.hvm o
$XL_CONTEXT show o >out
says "is written to START" out "START version 4.9"

# -- --xen against the bytes ---------------------------------------------
captured=$srcdir/../data/xen-4.17-hvm2.ctx
for word in 4.14 4.17 4.17.3 4.17.7 4.17.5-3 4.18 4.18.4 4.19.1 4.20.0; do
    case $word in *-*) id=release-extra ;; *) id= ;; esac
    gives "--xen=$word may be" 0 "$id" convert --bare --xen=$word \
        "$captured" o
done
for word in 3.1 3.4 4.0 4.4 4.6 4.9 4.12 4.13 4.18.5 4.19.2 4.20.1 4.21 \
    4.22; do
    rm -f o2
    gives "--xen=$word cannot be" 4 convert-xen-contradicted \
        convert --xen=$word "$captured" o2
    is "nothing is written ($word)" "$(ls o2 2>/dev/null)" ""
    gives "but with --force ($word)" 1 convert-xen-contradicted \
        convert --force --xen=$word "$captured" o
done
gives "a length of another release" 4 convert-xen-contradicted \
    convert --xen=4.13 "$captured" o2
says "is named with the record and the releases" err \
    "RTC: the context contradicts the named Xen: has 24 bytes: expected 4.13"
gives "a point release of an image's series" 0 "" \
    convert --xen=4.17.3 --bare a.img o
gives "(an image of 4.18)" 0 "" convert --xen=4.18 "$captured" c.img
gives "the bytes of an image count, too" 4 convert-xen-contradicted \
    convert --xen=4.18.5 c.img o2

# -- which Xen wrote it -------------------------------------------------
# A part of a context: its HEADER alone tells, by a TSC frequency.
gives "a blob without --xen" 0 convert-xen-inferred convert a.hvm o
says "the range is told" err "saved by Xen 4.0 to 4.22 as far as"
$XL_CONTEXT show o >out
says "the oldest is written to START" out "START version 4.0"
gives "the same to wrapped" 0 convert-xen-inferred \
    convert --to=wrapped a.hvm o
gives "with --xen nothing is inferred" 0 "" convert --xen=4.9 a.hvm o
gives "nor for a blob from a blob" 0 "" convert --to=hvm a.hvm o
run $XL_CONTEXT -v convert a.hvm o
says "-v tells what it rests on" err \
    "HEADER/0 gtsc_khz is not 0: saved by 4.0 to 4.22"
{
    blob_header
    le 2 2; le 2 0; le 4 1016; zeros 1016  # CPU as up to 3.4
    blob_end
} >mixed.hvm
gives "a blob that fits no release" 1 infer-contradiction \
    convert mixed.hvm o
says "both sides are told" err "expected 3.1 to 3.4, found 4.0 to 4.22"
says "and what was made of it" err "taken for 3.1"
gives "--xen settles it" 0 "" convert --xen=3.4 mixed.hvm o
if [ -f "$srcdir/../data/xen-4.17-hvm2.ctx" ]; then
    run $XL_CONTEXT convert "$srcdir/../data/xen-4.17-hvm2.ctx" o
    says "a real blob of 4.17" err \
        "saved by Xen 4.17.3 to 4.17.7, 4.18.1 to 4.18.4, 4.19.0 to"
fi

# -- what is not carried -------------------------------------------------
{ head -c 24 bare.img; tsc_info; tail -c +25 bare.img; } >tsc.img
gives "an image with TSC_INFO to a blob" 0 convert-left \
    convert --to=hvm tsc.img t.hvm
says "is told of as a note" err "note: TSC_INFO: not carried by an HVM blob"
ok "the blob is all there" cmp a.hvm t.hvm
gives "to wrapped it is carried" 0 "" convert --to=wrapped --bare \
    tsc.img tsc.wrapped
gives "and back" 0 "" convert --bare tsc.wrapped tsc2.img
ok "the same image again" cmp tsc.img tsc2.img
# The short form of TSC_INFO becomes the written form.
{ head -c 24 bare.img; record 3 0 20; le 4 0; le 4 2000000; le 8 77; le 4 1
  le 4 0; tail -c +25 bare.img; } >tsc20.img
gives "a short TSC_INFO is read" 0 "" convert --bare tsc20.img tsc3.img
ok "and written in the long form" cmp tsc.img tsc3.img
{ start 4 17; end; } >none.img
gives "an image without HVM state to a blob" 3 image-no-hvm \
    convert --to=hvm none.img o2
gives "the same to an image" 0 "" convert --bare none.img o
ok "is the same image" cmp none.img o
{
    be 4 1; be 4 0; be 8 8; be 4 4; be 4 12
    be 4 3; be 4 0; be 8 24; be 4 0; be 4 2000000; be 8 77; be 4 1; be 4 0
    be 4 0; be 4 0; be 8 0
} >be.img
{ start 4 12; tsc_info; end; } >le.img
gives "a big-endian image" 0 "" convert --bare be.img o
ok "is written little-endian" cmp le.img o

{ cat a.hvm; zeros 24; } >after.hvm
gives "bytes after the blob's END are dropped" 0 hvm-after-end \
    convert --xen=4.17 --bare after.hvm o
says "and told of as a note" err "note: "
ok "the image is the same" cmp bare.img o
{ cat bare.img; echo "and more of it"; } >after.img
gives "bytes after an image's END" 1 image-after-end \
    convert --bare after.img o
ok "are not taken over" cmp bare.img o

# -- refused -------------------------------------------------------------
blob 13 200 >unknown.hvm
gives "an unknown typecode is not migrated" 4 hvm-typecode \
    convert --xen=4.17 unknown.hvm o2
is "nothing is written" "$(ls o2 2>/dev/null)" ""
gives "wrapping takes it, with a warning" 1 hvm-typecode \
    convert --xen=4.17 --to=wrapped unknown.hvm u.wrapped
says "as a warning" err "warning: "
gives "and so does unwrapping" 1 hvm-typecode \
    convert --to=hvm u.wrapped u.hvm
ok "byte for byte" cmp unknown.hvm u.hvm
gives "--allow-loss migrates it, with a warning" 1 hvm-typecode \
    convert --allow-loss --xen=4.17 unknown.hvm u.img
blob 13 13 >twice.hvm
gives "a duplicate is not migrated" 4 hvm-duplicate \
    convert --xen=4.17 twice.hvm o2
gives "not with --allow-loss either: no image can hold it" 4 \
    migrate-duplicate convert --allow-loss --xen=4.17 twice.hvm o2
is "nothing is written" "$(ls o2 2>/dev/null)" ""
gives "wrapping takes it" 1 hvm-duplicate \
    convert --xen=4.17 --to=wrapped twice.hvm t.wrapped
head -c 60 a.hvm >cut.hvm
gives "damage is refused" 3 hvm-truncated \
    convert --allow-loss --xen=4.17 cut.hvm o2
gives "no such input" 2 file-open convert nowhere o2
says "is named" err "nowhere: cannot open"
is "nothing is written" "$(ls o2 2>/dev/null)" ""

# -- dry run, -, -v ------------------------------------------------------
gives "a dry run" 0 "" -N convert a.img o2
is "writes nothing" "$(ls o2 2>/dev/null)" ""
gives "but finds what is wrong with the input" 4 hvm-typecode \
    -N convert --xen=4.17 unknown.hvm o2
gives "and with the output" 2 file-folder -N convert a.img .
gives "and with its folder" 2 file-temp -N convert a.img nowhere/o2
run $XL_CONTEXT -N -v convert a.img o2
says "-v says that it was one" err "dry run"
status=0
$XL_CONTEXT convert --bare --xen=4.17 - - <a.hvm >o 2>err || status=$?
judge "from stdin to stdout" 0
ok "gives the same" cmp bare.img o
status=0
# shellcheck disable=SC2002 # a pipe is what is tested
cat a.hvm | $XL_CONTEXT convert --bare --xen=4.17 - - 2>err | cat >o ||
    status=$?
judge "from pipe to pipe" 0
ok "gives the same from a pipe" cmp bare.img o
status=0
$XL_CONTEXT convert --to=hvm --bare - - <a.img >/dev/full 2>err || status=$?
judge "stdout full" 2 file-write
says "stdout has a name" err "standard output: cannot write"
cp a.img same.img
gives "a file onto itself" 0 "" convert --to=wrapped same.img same.img
$XL_CONTEXT show same.img >out
says "is converted" out "wrapped"
no_leftovers "no temporary file stays"
done_testing
