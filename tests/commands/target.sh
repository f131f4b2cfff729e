#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# convert --target: from release to release.  What becomes of which field is
# for the unit tests.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

real=$srcdir/../data/xen-4.17-hvm2.ctx

gives "up to 4.22" 0 lapic-esr-assumed convert --xen=4.17 --target=4.22 \
    "$real" up.img
says "as often as was done" err "in 2 records"
gives "it is of that release" 0 "" show up.img
says "in START" out "START version 4.22"
gives "and down again" 0 "" convert --target=4.17 --to=hvm up.img back.ctx
ok "the same bytes" cmp "$real" back.ctx
gives "to itself" 0 "" convert --xen=4.17 --target=4.17.3 --to=hvm "$real" \
    same.ctx
ok "the same bytes" cmp "$real" same.ctx

gives "down with a warning" 1 mtrr-pairs-repeated convert --xen=4.17 \
    --target=4.6 "$real" down.img
gives "what would be lost" 4 viridian-time-lost convert --xen=4.17 \
    --target=4.0 "$real" lost.img
says "the record is named" err "VIRIDIAN_DOMAIN: "
says "the field too" err "time_ref_count"
says "the value too" err "is 0x319e1a4c"
says "with each of the rest" err "CPU_XSAVE of vCPU"
not_ok "nothing is written" test -e lost.img
gives "what is lost" 1 viridian-time-lost convert --xen=4.17 --target=4.4 \
    --allow-loss "$real" lost.img
says "is said again" err "VIRIDIAN_DOMAIN: "
gives "and made" 0 "" show lost.img
says "for that release" out "START version 4.4"
run $XL_CONTEXT check --target=4.4 lost.img
ok "which loads it" test "$status" -le 1
gives "a point release has more than the series" 0 "" convert --xen=4.17 \
    --target=4.18 --to=hvm "$real" series.ctx
gives "namely more" 0 lapic-esr-assumed convert --xen=4.17 \
    --target=4.18.5 --to=hvm "$real" point.ctx
is "8 bytes a vCPU" "$(wc -c <point.ctx)" "$(($(wc -c <series.ctx) + 16))"

gives "as JSON" 0 "" convert --xen=4.17 --to=json "$real" r.json
sed 's/"cr4": "0x[0-9a-f]*"/"cr4": "0x8006f0"/' r.json >cr4.json
gives "what no conversion helps" 4 load-cr4 convert --target=4.15 \
    cr4.json cr4.img
not_ok "nothing is written" test -e cr4.img
gives "no loss would help either" 4 load-cr4 convert --target=4.15 \
    --allow-loss cr4.json cr4.img
gives "what loses something, and is refused then" 4 xsave-lost convert \
    --xen=4.17 --target=4.0 --allow-loss "$real" cr4.img
says "says what refuses it" err "[load-cr4]"
not_ok "nothing is written" test -e cr4.img
gives "is written with --force" 1 load-cr4 convert --target=4.15 --force \
    cr4.json cr4.img
ok "is there" test -s cr4.img
gives "with both" 1 load-cr4 convert --xen=4.17 --target=4.0 --allow-loss \
    --force "$real" cr4.img
says "what is lost is told" err "[xsave-lost]"

# -- forms: one conversion, whatever it comes as and goes to ---------------
gives "to a blob" 1 "mtrr-pairs-repeated" convert --xen=4.17 --target=4.9 \
    --to=hvm "$real" a.ctx
gives "to a wrapped image" 1 "mtrr-pairs-repeated" convert --xen=4.17 \
    --target=4.9 --to=wrapped "$real" a.wrapped
gives "to JSON" 1 "mtrr-pairs-repeated" convert --xen=4.17 --target=4.9 \
    --to=json "$real" a.json
gives "that to a blob" 0 "" convert --to=hvm a.wrapped b.ctx
ok "the same bytes" cmp a.ctx b.ctx
says "JSON has the target's names" a.json '"vp_assist_vector"'
gives "an image" 0 "" convert --xen=4.17 "$real" i.img
gives "a wrapped image" 0 "" convert --xen=4.17 --to=wrapped "$real" w.img
for form in i w; do
    gives "$form converted" 1 mtrr-pairs-repeated convert --target=4.9 \
        --to=hvm $form.img b.ctx
    ok "the same bytes" cmp a.ctx b.ctx
done
gives "no --xen: inferred" 1 convert-xen-inferred convert --target=4.9 \
    --to=hvm "$real" b.ctx

# -- what is not HVM state stays --------------------------------------------
{
    start 4 17; tsc_info
    record $((0x48560000)) 0 "$(wc -c <"$real")"; cat "$real"
    zeros $((-$(wc -c <"$real") & 7)); end
} >t.img
gives "an image with TSC_INFO" 1 mtrr-pairs-repeated convert --target=4.9 \
    --bare t.img u.img
gives "keeps it" 0 "" show u.img
says "in its place" out "TSC_INFO"
ok "unchanged" test "$(dd if=u.img bs=1 skip=24 count=40 2>/dev/null |
    od -An -v -tx1)" = "$(tsc_info | od -An -v -tx1)"
{ start 4 17; tsc_info; end; } >pv.img
gives "without HVM state" 3 image-no-hvm convert --target=4.9 pv.img o.img

# -- the option --------------------------------------------------------------
gives "no release" 2 release-malformed convert --target=new "$real" o.img
gives "two points" 2 release-malformed convert --target=4..17 "$real" o.img
gives "a newer one" 2 release-unknown convert --target=4.23 "$real" o.img
says "the newest known is named" err "4.22"
gives "one that never was" 2 release-unknown convert --target=3.7 "$real" \
    o.img
gives "a newer point release" 1 release-point-newer convert --xen=4.17 \
    --target=4.17.200 "$real" o.img
ok "is taken all the same" test -s o.img
gives "4.9 is before 4.10" 0 vmce-ext-assumed convert --target=4.10 u.img o.img

# -- a saver that is newer than the table ------------------------------------
gives "an image for 4.22" 0 lapic-esr-assumed convert --xen=4.17 \
    --target=4.22 --bare "$real" new.img
{ start 4 40; tail -c +25 new.img; } >newer.img
gives "of 4.40" 1 image-newer convert --target=4.17 --to=hvm newer.img n.ctx
says "the newest known is named" err "newer than 4.22"
ok "its layouts are those of the newest" cmp "$real" n.ctx

# -- the Xen that runs here: the stand-in is 4.17.7 ---------------------------
if [ -n "$FAKE_LIVE_LIB" ]; then
    # here WHAT STATUS WORDS ID FILE OUT: for the host, told WORDS.
    here() {
        here_what=$1 here_status=$2 FAKE_LIVE=$3 here_id=$4
        export FAKE_LIVE
        run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT convert \
            --target=host --to=hvm "$5" "$6"
        grep -v '^fake: ' err >err.ours
        mv err.ours err
        judge "$here_what" "$here_status" "$here_id"
    }
    here "for the host" 0 "" "" up.img host.ctx
    ok "its release" cmp "$real" host.ctx
    here "whose processor lacks what the guest uses" 4 no-avx \
        load-host-lacks up.img lacks.ctx
    not_ok "is not written" test -e lacks.ctx
    here "no Xen" 2 no-xen live-no-xen up.img lacks.ctx
    unset FAKE_LIVE
else
    skip "the Xen that runs here" "the stand-in is not built"
fi

# -- content that loads nowhere is not for --target --------------------------
{ blob_header; le 2 33; le 2 0; le 4 8; le 8 1; blob_end; } >odd.hvm
gives "an unknown typecode" 4 hvm-typecode convert --xen=4.17 --target=4.18 \
    odd.hvm o2.img
gives "left out" 1 compat-typecode convert --xen=4.17 --target=4.18 \
    --allow-loss --to=hvm odd.hvm o2.hvm
is "with its bytes" "$(wc -c <o2.hvm)" 40

# -- a series of which some points take it as it is: convert says so ----------
gives "CR4.SMEP for 4.1" 1 load-cr4 convert --force --allow-loss \
    --target=4.1 --to=hvm "$real" smep.hvm
gives "is refused for all of 4.1" 4 load-cr4 convert --xen=4.1 --target=4.1 \
    --to=hvm smep.hvm o3.hvm
says "with those that take it" err "as it is it loads on 4.1.2 and later"
gives "for one of these" 0 "" convert --xen=4.1 --target=4.1.2 --to=hvm \
    smep.hvm o3.hvm
no_leftovers "no temporary file is left"
done_testing
