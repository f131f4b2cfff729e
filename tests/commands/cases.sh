#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What people met, each with its whole kind: guests as a release saves them,
# and what every release makes of them.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"
data=$srcdir/../data
od -An -v -tu1 "$data/xen-4.17-hvm2.ctx" >17.txt
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.21 \
    "$data/xen-4.17-hvm2.ctx" long.ctx 2>/dev/null

# guest [OPTION]...: the captured context, changed (see manyvcpus.awk).
guest() { awk -v n=2 "$@" -f "$srcdir/../tools/manyvcpus.awk" 17.txt; }

# comes WHAT STATUSES WORDS ARGUMENTS...: check; one of the exit statuses, and
# words in it ("": any).
comes() {
    comes_what=$1 comes_status=$2 comes_words=$3
    shift 3
    run $XL_CONTEXT check "$@"
    comes_bad=0
    case " $comes_status " in *" $status "*) ;; *) comes_bad=1 ;; esac
    [ -z "$comes_words" ] || grep -qF -- "$comes_words" out || comes_bad=1
    tap_result $comes_bad "$comes_what"
}

v3="4.14 4.15 4.16 4.17 4.18 4.19 4.20 4.21 4.22"

# commands FILE: each command of ours that FILE names, typed, does something;
# in the file wrong what does not, with WHAT before it.
commands() { # WHAT FILE
    { grep -o "'xl-context [^']*'" "$2"
      sed -n 's/^ *what to type: \(xl-context .*\)/\1/p' "$2"; } |
        sed "s/^'*xl-context //; s/'$//; s/ *([^()]*)$//" |
        sort -u >typed
    while read -r commands_words; do
        rm -f NEW
        commands_status=0
        # shellcheck disable=SC2086 # the command is words
        $XL_CONTEXT $commands_words >typed.out 2>&1 </dev/null ||
            commands_status=$?
        case $commands_status:$commands_words in
        [01]:* | [34]:check* | [34]:show*) ;;
        *) echo "$1: exit $commands_status of $commands_words" >>wrong ;;
        esac
    done <typed
    rm -f NEW
}
: >wrong

# -- a sound file of any release is not refused by it -------------------------
for xen in $v3; do
    $MKSAVE -x $xen -c "$data/xen-4.17-hvm2.ctx" short.save
    case $xen in
    4.21 | 4.22) ;; # these write 32 bytes of LAPIC
    *) comes "a file of $xen" "0 1" ": loads" short.save ;;
    esac
    case $xen in
    4.1[89] | 4.2?)
        $MKSAVE -x $xen -c long.ctx long.save
        comes "a file of $xen with the longer LAPIC" "0 1" ": loads" \
            long.save
        ;;
    esac
done
comes "the blob of which several series are the saver" "0 1" ": loads" \
    long.ctx
$XL_CONTEXT convert long.ctx long.img 2>/dev/null
comes "the image that is made of it" "0 1" ": loads" long.img

# -- what every Intel host gives every guest ----------------------------------
# MCG_CAP 0x1000c02 (4.3 and later); bit 40 no host gives
guest -v set="18 -1 0 2 18 -1 1 12 18 -1 2 0 18 -1 3 1" >intel.ctx
guest -v set="18 1 5 1" >nobody.ctx
for to in 4.3 4.4 4.5 4.6 4.7 4.8 4.9 4.10 4.11 4.12 4.13 $v3; do
    run $XL_CONTEXT convert --xen=4.17 --to=hvm --allow-loss --target=$to \
        intel.ctx intel.$to
    comes "MCG_CAP of Intel on $to" "0 1" "" --target=$to intel.$to
    not_ok "no word of the bits on $to" grep -q 'error.*load-mce-caps' out
    says "the headline says which host on $to" out "GenuineIntel"
    run $XL_CONTEXT convert --xen=4.17 --to=hvm --force --allow-loss \
        --target=$to nobody.ctx nobody.to
    comes "a bit of nobody on $to" 4 "[load-mce-caps]" --target=$to nobody.to
done

# -- a policy of garbage ------------------------------------------------------
for leaf in "a5a5a5a5 a5a5a5a5" "e ffffffff" "7 9" "40000200 ffffffff" \
    "80000100 ffffffff"; do
    echo "$leaf 0 0 0 0" >garbage.txt
    $MKSAVE -p garbage.txt -c "$data/xen-4.17-hvm2.ctx" garbage.save
    for to in 4.14.6 4.15.5 4.16.7 4.17.7 4.18.6 4.19.4 4.20.2; do
        comes "leaf $leaf on $to" 4 "found leaf 0x${leaf%% *}" \
            --target=$to garbage.save
    done
done

# -- a stream without a policy, and what the toolstack makes up ---------------
# SPEC_CTRL of every bit: 4.18.4, 4.19.2 and 4.20 make up a policy with leaf
# 7:2 (28301682f4), so BHI_DIS_S may be there; the others do not
for bit in "1 ibrsb" "1024 bhi_ctrl" "1025 bhi_ctrl"; do
    guest -v msr="72 ${bit% *}" >spec.ctx
    $MKSAVE -v 2 -c spec.ctx spec.save
    for to in 4.14.6 4.15.5 4.16.7 4.17.7 4.18.3 4.19.1; do
        case $bit in
        102*) comes "BHI_DIS_S on $to" 4 "lacks bhi_ctrl" \
            --target=$to spec.save
            says "by name on $to" out "the guest uses BHI_DIS_S"
            says "what it takes" out "fix --allow-loss --target=$to spec.save"
            says "where nothing is lost" out "it loads as it is on Xen 4.18.4"
            rm -f new
            gives "fix for $to" 4 fix-loss fix --target=$to spec.save new
            rm -f new
            gives "with the loss" 0 msr-spec-ctrl-bits-lost fix --allow-loss \
                --target=$to spec.save new
            comes "it loads on $to" "0 1" ": loads" --target=$to new
            run $XL_CONTEXT show --json --record=CPU_MSR new
            not_ok "without the bit" grep -qi '"0x0*4[0-9a-f][0-9a-f]"' out ;;
        *) comes "IBRS on $to" "0 1" "if the host has: " --target=$to \
            spec.save ;;
        esac
    done
    for to in 4.18.4 4.19.2 4.20.0 4.21.0; do
        comes "SPEC_CTRL ${bit% *} on $to" "0 1" "${bit#* }" --target=$to \
            spec.save
    done
done

# -- words of the configuration that no release knows -------------------------
word() { # KEY VALUE KEY-OF-HVM
    printf '{"c_info": {"type": "hvm", "name": "old"}, "b_info": {%s
        "max_vcpus": 2, "type.hvm": {%s}}}' "$1" "$2" >word.json
    $MKSAVE -x 4.17 -j word.json -c "$data/xen-4.17-hvm2.ctx" word.save
}
for to in 4.14.6 4.17.7 4.22.0; do
    for key in tsc_mode device_model_version timer_mode; do
        word "\"$key\": \"mars\"," ""
        comes "$key of mars on $to" 4 "[guest-config]" --target=$to word.save
        says "$key of mars on $to: by name" out "$key is mars"
    done
    for key in bios hdtype vendor_device gfx_passthru_kind; do
        word "" "\"$key\": \"mars\""
        comes "a $key of mars on $to" 1 "no disks" --target=$to word.save
    done
    word "" '"vga": {"kind": "mars"}'
    comes "a kind of vga of mars on $to" 1 "no disks" --target=$to word.save
    word '"altp2m": "mars",' ""
    comes "altp2m of mars on $to" 1 "no disks" --target=$to word.save
    word "" '"bios": 7, "hdtype": "AHCI", "vga": {"kind": "std"}'
    comes "a number and words in capitals on $to" "0 1" ": loads" \
        --target=$to word.save
    not_ok "no word of them on $to" grep -q "guest-config" out
    sed 's/"hvm"/"mars"/' word.json >mars.json
    $MKSAVE -x 4.17 -j mars.json -c "$data/xen-4.17-hvm2.ctx" word.save
    comes "a type of mars on $to" 4 "type is mars" --target=$to word.save
    for device in disks.backend nics.nictype vkbs.backend_type; do
        list="\"${device%.*}\": [{\"vdev\": \"x\"}, "
        list="$list{\"${device#*.}\": \"MARS\"}]"
        sed "s/^{/{$list, /" word.json >device.json
        $MKSAVE -x 4.17 -j device.json -c "$data/xen-4.17-hvm2.ctx" word.save
        comes "$device of mars on $to" 1 "none of the devices behind" \
            --target=$to word.save
    done
    for bios in seabios ovmf; do
        word '"tsc_mode": "native",' "\"bios\": \"$bios\""
        comes "$bios on $to" "0 1" ": loads" --target=$to word.save
        not_ok "$bios on $to: no word of it" grep -q "guest-config" out
    done
done

# -- what no plain restore takes becomes what one takes -----------------------
# a receiver takes it, and check says so in the same line; fix writes a plain
# stream, of one that breaks off with the last complete checkpoint: just what
# a saver writes that makes none
plain() { # FILE PLAIN: fix, from a pipe, into one, and dry
    rm -f new
    gives "-N fix of $1" 0 fix-plain -N fix $1 new
    not_ok "writes nothing" test -e new
    sed 's/would be //' err >dry
    rm -f new
    gives "fix of $1" 0 fix-plain fix $1 new
    ok "in the same words" cmp err dry
    ok "a plain one" cmp new $2
    $XL_CONTEXT fix - piped <$1 2>/dev/null
    ok "from a pipe, too" cmp piped $2
    $XL_CONTEXT fix $1 - 2>/dev/null | cmp -s - $2
    is "and into one" $? 0
    comes "a plain restore takes it" "0 1" ": loads" new
    not_ok "with no word of checkpoints" grep -q -e Remus -e checkpoint out
    rm -f new piped
}
for layer in xl libxl libxc; do
    for x in 4.13 4.17; do
        v=3
        [ $x = 4.17 ] || v=2
        $XL_CONTEXT convert --xen=4.17 --target=$x --allow-loss --to=hvm \
            "$data/xen-4.17-hvm2.ctx" $x.hvm 2>/dev/null
        $MKSAVE -l $layer -v $v -x $x -m 2 -c $x.hvm plain.save
        for n in 1 2 5; do
            $MKSAVE -l $layer -v $v -x $x -m 2 -k $n -c $x.hvm points.save
            comes "$n checkpoints in $layer of $x" 1 \
                ": loads, by a Remus receiver alone" points.save
            says "names what takes it" out "xl migrate-receive -r <points.save"
            says "what makes it plain" out "xl-context fix points.save NEW"
            type_it out
            ok "and that does" cmp new plain.save
            rm -f new
            head -c -20 points.save >broken.save
            comes "one that breaks off in $layer of $x" 1 \
                ": loads, by a Remus receiver alone" broken.save
            [ $n -gt 1 ] || plain points.save plain.save
            [ $n -gt 2 ] || plain broken.save plain.save
        done
    done
    for to in 4.17.7 4.20.4 4.22; do
        comes "checkpoints in $layer for $to" "1 4" "libxc-checkpoint" \
            --target=$to broken.save
        rm -f new
        gives "fix of them for $to" 0 fix-plain fix --target=$to \
            broken.save new
        comes "loads there" "0 1" ": loads" --target=$to new
        not_ok "plainly" grep -q Remus out
        rm -f new
    done
done
$MKSAVE -l libxl -m 2 -k 2 -c "$data/xen-4.17-hvm2.ctx" points.save
rm -f new
run $XL_CONTEXT fix points.save new
sed -n 's/.*make a save file of it: xl-context \(.*\) NEWER .*/\1/p' err >next
# shellcheck disable=SC2046 # words
gives "as is said" 0 fix-done $(cat next) newer
comes "and that is one" "0 1" ": loads" newer
rm -f new newer
gives "it has to be plain before" 4 fix-never-restored fix --container=xl \
    --target=4.17 points.save new
says "which is said, too" err "xl-context fix --target=4.17 points.save new"
# no complete checkpoint: it is damage, and nothing is written
head -c 1048576 points.save >cut.save
rm -f new
gives "cut before the first checkpoint" 3 source-cut fix cut.save new
not_ok "nothing is written" test -e new
$MKSAVE -l libxl -k 2 -c "$data/xen-4.17-hvm2.ctx" points
comes "a whole one" 1 "writes the last complete checkpoint" points
# the first record of type 14 without a body
cut=$(od -An -v -tx1 -w8 points | awk '$0 == " 0e 00 00 00 00 00 00 00" {
    print 8 * (NR - 1); exit }')
head -c $((cut + 8)) points >cut.save
comes "one cut behind its first CHECKPOINT" 3 "[libxc-checkpoint]" cut.save
not_ok "has no complete one to be written" \
    grep -q "last complete checkpoint" out

# -- of a file that lacks only its END nothing is lost ------------------------
for layer in xl libxl libxc; do
    $MKSAVE -l $layer -m 2 -c "$data/xen-4.17-hvm2.ctx" whole.save
    for by in 1 5 8; do
        head -c -$by whole.save >cut.save
        comes "$layer without $by bytes of its END" 3 "[source-cut-end]" \
            cut.save
        says "says what is lost" out "nothing is lost"
        type_it out
        ok "what to type makes it whole" cmp new whole.save
        rm -f new
        gives "-N fix says it" 0 fix-plain -N fix cut.save new
        rm -f new
        $XL_CONTEXT fix - new <cut.save 2>/dev/null
        ok "from a pipe, too" cmp new whole.save
        rm -f new
        gives "the context alone" 1 source-cut-behind convert --allow-loss \
            cut.save new
        rm -f new
    done
    for by in 9 20 30; do
        head -c -$by whole.save >cut.save
        comes "$layer without $by bytes" 3 "[source-rest-cut]" cut.save
        type_it out
        gives "the context is taken out" 0 "" check --target=4.17 new
        rm -f new
        gives "fix of it" 3 source-rest-cut fix cut.save new
        not_ok "writes nothing" test -e new
    done
done
$MKSAVE -x 4.17 -c "$data/xen-4.17-hvm2.ctx" plain.save
run $XL_CONTEXT check plain.save
not_ok "a plain one needs none" grep -q Remus out

# -- who restores what loads ---------------------------------------------
not_ok "xl restore is not named" grep -q "restore it with" out
xml="<domain type='xen'><name>old</name><vcpu>2</vcpu></domain>"
context=$data/xen-4.17-hvm2.ctx
for xen in 4.14 4.17 4.20; do
    $MKSAVE -x $xen -l libxl -c "$context" inner
    comes "a bare libxl stream of $xen" 0 \
        "loads; no tool restores a bare stream" inner
    says "what makes a file of it" out "(a file for xl restore)"
    type_it out
    comes "which one restores" 0 "loads; restore it with xl restore and" new
    rm -f new
    $MKSAVE -x $xen -l libxc -c "$context" libxc
    comes "a bare libxc stream of $xen" 0 "no tool restores a bare" libxc
    not_ok "of which nothing makes a file" grep -q "what to type" out
    "$MKLEGACY" virsh.save "libvirt=2:$xml" file="$PWD/inner"
    comes "libvirt's file of $xen" 0 "loads; restore it with virsh restore" \
        virsh.save
done

# -- Viridian in use, and the parameter that gives it -------------------------
guest -v set="15 0 8 1 15 0 0 1" >windows.ctx
for xen in 4.15 4.17 4.20; do
    $MKSAVE -x $xen -c windows.ctx without.save
    $MKSAVE -x $xen -a 9=65 -c windows.ctx with.save
    comes "a file of $xen without parameter 9" 1 "[guest-viridian-missing]" \
        --target=$xen without.save
    for dry in "" -N; do
        rm -f new
        gives "fix $dry warns of it, too" 1 guest-viridian-missing $dry fix \
            --target=$xen without.save new
        says "beside what it does" err "[fix-copy]"
        rm -f new
        gives "fix $dry of the other" 0 fix-copy $dry fix --target=$xen \
            with.save new
    done
    comes "a file of $xen with it" "0 1" "" --target=$xen with.save
    not_ok "has no such word" grep -q guest-viridian- out
done
# the reference TSC (at 24 of VIRIDIAN_DOMAIN) is on: group 3, in 0x6d
guest -v set="15 0 8 1 15 0 0 1 15 0 24 1" >windows.ctx
for xen in 4.15 4.17 4.20; do
    for groups in 65 6d; do
        $MKSAVE -x $xen -a 9=$groups -c windows.ctx $groups.save
    done
    comes "a file of $xen without a group that is used" 1 \
        "[guest-viridian-group]" --target=$xen 65.save
    comes "a file of $xen with it" "0 1" "" --target=$xen 6d.save
    not_ok "has no such word" grep -q guest-viridian- out
done

# -- state that a guest has in use, by name -----------------------------------
# CR4.VMXE (bit 13 of cr4, at 0x2a8 of CPU)
guest -v set="2 0 681 39" >nested.ctx
for to in 4.13 4.14.6 4.15.0 4.17.7 4.20.0 4.22.0; do
    run $XL_CONTEXT convert --xen=4.17 --to=hvm --allow-loss --target=$to \
        nested.ctx nested.to
    comes "VMXE on $to" 1 "CR4.VMXE is set: the guest runs guests of its own" \
        --target=$to nested.to
done
guest -v set="16 0 16 31" >mpx.ctx
run $XL_CONTEXT -v check --target=4.20.0 mpx.ctx
says "components of XCR0 by name" out "X87 SSE AVX BNDREGS BNDCSR"
# an LDR that follows from nothing: one advice, wherever it is asked for
guest -v set="5 1 1 13 6 1 208 4 6 1 210 4" >ldr.ctx
comes "a bogus LDR" 1 "[load-ldr-bogus]" --target=4.19.0 ldr.ctx
says "stays" out "to do: leave id and ldr of LAPIC_REGS as they were saved"
run $XL_CONTEXT explain load-ldr-bogus
says "explain says the same" out "Leave id and ldr of LAPIC_REGS"

# -- where it comes back, when nothing mends it for this target ---------------
# BHI_DIS_S without a policy; qemu-traditional; a policy that lacks XSAVE
guest -v msr="72 1024" >spec.ctx
$MKSAVE -v 2 -c spec.ctx spec.save
word '"device_model_version": "qemu_xen_traditional",' ""
mv word.save traditional.save
none=ffffffff
{ echo "0 $none d 68747541 444d4163 69746e65"
  echo "1 $none 800f12 10800 f2f83203 178bfbff"; } >lacks.txt
$MKSAVE -p lacks.txt -c "$data/xen-4.17-hvm2.ctx" lacks.save
for file in "spec 4.18.3 on Xen 4.18.4 to 4.18.6, 4.19.2 to 4.22" \
    "spec 4.19.1 on Xen 4.18.4 to 4.18.6, 4.19.2 to 4.22" \
    "traditional 4.21.0 on Xen 4.14" "traditional 4.22 on Xen 4.14" \
    "lacks 4.17.7 on no release of Xen" "lacks 4.20 on no release of Xen"; do
    name=${file%% *} where=${file#* }
    to=${where%% *} where=${where#* }
    comes "$name on $to" 4 "it loads as it is $where" --target=$to $name.save
    gives "fix of $name for $to" 4 fix-elsewhere fix --target=$to $name.save n
    says "says so, too" err "it comes back as it is $where"
done
comes "what a conversion mends" 4 "what to type: " --target=4.17.7 long.ctx
not_ok "needs no other release" grep -q "it loads as it is" out

# -- what no release restores is not said to come back on one that keeps it ---
comes "a policy that lacks XSAVE" 4 "a file that no release restores" lacks.save
not_ok "is not looked for on all" grep -q -e --target=all out
rm -f new
gives "nor by fix" 4 load-policy fix lacks.save new
not_ok "which is as short" grep -q -e --target=all err
comes "where one does" 4 "'xl-context check --target=all spec.save' tells" \
    --target=4.18.3 spec.save

# another vendor's host: where it loads has the vendor
echo '{"schema": "xl-context-host-1", "xen_version": "4.17.7",
    "vendor": "AuthenticAMD"}' >amd.json
awk -v n=2 -v set="18 1 1 12 18 1 3 1" \
    -f "$srcdir/../tools/manyvcpus.awk" 17.txt >caps.ctx
{ echo "0 $none d 756e6547 6c65746e 49656e69"; } >intel.txt
$MKSAVE -x 4.17 -p intel.txt -c caps.ctx intel.save
comes "an Intel guest on AMD" 4 "if the host has: " --target=amd.json \
    intel.save
says "where it loads" out "if the host has: GenuineIntel"

# -- what is named to type does it, of old containers -------------------------
for to in 4.1 4.4; do
    $XL_CONTEXT convert --xen=4.17 --target=$to --allow-loss --force --to=hvm \
        "$data/xen-4.17-hvm2.ctx" $to.hvm 2>/dev/null
done
# old FILE WORDS BEFORE THE STREAM -- WORDS BEHIND THE CONTEXT
old() {
    old_file=$1 old_before=$2 old_context=$3
    shift 3
    # shellcheck disable=SC2086 # words
    "$MKLEGACY" "$old_file" $old_before p2m=0x100 chunk=-7:5 batch=0:3 \
        chunk=-2 chunk=-9 end pfns context=$old_context.hvm "$@" || exit 99
}
# xl makes a PV guest of a text that names no other
for text in memory=512 builder=\'hvm\' name=\'old\'; do
    old text "xl=0:$text" 4.4 qemu=9
    run $XL_CONTEXT check text
    case $text in
    memory=512) says "a PV guest of $text" out "[libxc-guest]" ;;
    *) not_ok "no PV guest of $text" grep -q libxc-guest out ;;
    esac
done
sxp="xend=(domain(name:old))"
old xend "$sxp" 4.1 qemu-eof=9
old xend-32 "$sxp w=32" 4.1 qemu-eof=9
old xend-remus "$sxp" 4.1 qemu-remus=9
old xend-alone "$sxp" 4.1
old legacy "" 4.4 qemu=9
old legacy-32 w=32 4.4 qemu=9
old legacy-old "" 4.4 qemu-eof=9
old legacy-bad w=32 4.4 qemu-xenops=9
old legacy-none "" 4.4 text=nothingofanemulator......
xml="<domain><name>old</name><vcpu>1</vcpu></domain>"
$MKSAVE -llibxl -c "$data/xen-4.17-hvm2.ctx" inner
"$MKLEGACY" libvirt "libvirt=2:$xml" file="$PWD/inner"
old libvirt-32 "libvirt=1:<domain><name>old</name></domain> w=32" 4.4 qemu=9
old xenops "xenops w=32" 4.4 qemu-xenops=9
for file in xend xend-32 xend-remus xend-alone legacy legacy-32 legacy-old \
    legacy-bad legacy-none libvirt libvirt-32 xenops; do
    for to in 4.6 4.13 4.17.7 4.20.4 4.22; do
        run $XL_CONTEXT check --target=$to $file
        cp out told
        commands "check of $file for $to" told
        rm -f new
        run $XL_CONTEXT fix --target=$to $file new
        cp err told
        commands "fix of $file for $to" told
        rm -f new
    done
done
all "each command does something"
# a bare stream of xl 4.0 to 4.5 that loads: what makes a file for xl of it
comes "a bare legacy stream" 0 "(a file for xl restore)" --target=4.17.7 legacy
type_it out
comes "which xl restores" "0 1" ": loads" --target=4.17.7 new
rm -f new
gives "as it stands, fix copies it" 0 fix-anew fix --target=4.17.7 legacy new
says "and says what is next" err \
    "xl-context fix --container=xl --target=4.17.7 new NEWER"
rm -f new
run $XL_CONTEXT check --target=4.4 legacy
not_ok "for a release that reads the old form: none" \
    grep -q "container=xl" out
# qemu-traditional left with 4.21, and what was written anew says whose it is
for file in xend xend-remus legacy-old; do
    gives "$file anew" 0 container-rewrite-config fix --container=xl \
        --target=4.20 $file anew.save
    says "$file: the configuration" err \
        'device_model_version="qemu-xen-traditional"'
    comes "$file anew for 4.20" "0 1" ": loads" --target=4.20 anew.save
    for to in 4.21 4.22.0; do
        comes "$file anew for $to" 4 "[container-emulator]" --target=$to \
            anew.save
        rm -f new
        gives "$file anew: fix for $to" 4 container-emulator \
            fix --target=$to anew.save new
    done
    rm -f anew.save
done
gives "legacy anew" 0 fix-done fix --container=xl --target=4.20 legacy \
    anew.save
not_ok "legacy: of no emulator that is known" grep -q traditional err
comes "legacy anew for 4.22" "0 1" ": loads" --target=4.22 anew.save
rm -f anew.save
# convert names the fix that makes a save file of it, tried
for file in xend legacy xend-alone; do
    run $XL_CONTEXT convert --target=4.17 $file new
    rm -f new
    case $file in
    xend-alone) not_ok "$file: none" grep -q "xl-context fix" err
        continue ;;
    xend) says "$file: it is named" err \
        "xl-context fix --container=xl --target=4.17 xend NEW" ;;
    esac
    run $XL_CONTEXT $(sed -n 's/.*xl-context \(fix .*\) NEW.*/\1/p' err) new
    is "$file: it does" "$status" 0
    rm -f new
done
comes "xend without QEMU" 4 "[container-toolstack]" --target=4.17 xend-alone
says "goes to a host of its own" out "to do: restore it with 'xm restore"
not_ok "and is not written anew" grep -q -e --container out
rm -f new
gives "which fails" 4 container-rewrite fix --container=xl --target=4.17 \
    xend-alone new
says "for the right reason" err "the emulator's state is not in it"
not_ok "which is no matter of xe" grep -q 'xe alone' err
comes "xend with it" 4 "fix --container=xl --target=4.17 xend NEW" \
    --target=4.17 xend
comes "32 bits" 1 "fix --container=xl --target=4.17 legacy-32 NEW'" \
    --target=4.17 legacy-32
rm -f new
gives "QEMU's state that is none" 4 container-rewrite fix --container=xl \
    --target=4.17 legacy-bad new
not_ok "nothing is written" test -e new
comes "nor is it said" 4 "takes it out, without the guest's memory" \
    --target=4.17 legacy-bad
not_ok "to do that" grep -q -e --container out
gives "the context alone" 1 legacy-qemu convert --allow-loss legacy-bad new
not_ok "names no fix that fails" grep -q 'a save file comes of' err
rm -f new
$XL_CONTEXT convert --target=4.17 plain.save new 2>err
says "of a sound file it does" err "a save file comes of xl-context fix"
rm -f new

# -- an offset is one in the file ---------------------------------------------
rm -f new
gives "more vCPUs than the configuration has" 4 load-vcpu-config fix libvirt \
    new
not_ok "no offset of what is not written" grep -q 'load-vcpu.*at offset' err
comes "and as check has it" 4 "at offset 0x" libvirt
says "for the release at hand" out "--container=xl --target=4.17"

# -- a file that is cut: what check says to type takes the context out --------
$MKSAVE -c "$data/xen-4.17-hvm2.ctx" whole.save
for by in 12 20 60; do
    head -c -$by whole.save >cut.save
    comes "cut by $by bytes" 3 "the HVM context before is whole" cut.save
    type_it out
    is "the command takes the context out" "$status" 1
    run $XL_CONTEXT diff --ignore=moving "$data/xen-4.17-hvm2.ctx" new
    is "all of it" "$status" 0
done

# -- processors of two vendors ------------------------------------------------
comes "another vendor in the log" 0 "" --explain="(XEN) HVM6.0 restore \
mismatch: xsave length 0x9a0 != 0xaa0"
says "is told as that" out "vendor"
for line in "0xaa0 > 0x9a0" "0xaa0 > 0x9a0 (non-zero data at 0xa98)"; do
    comes "in the other direction, $line," 0 "of the other vendor" \
        --explain="(XEN) HVM6.0 restore mismatch: xsave length $line"
done
comes "another length is none of a vendor" 0 "" \
    --explain="(XEN) HVM6.0 restore mismatch: xsave length 0x9a0 > 0x360"
not_ok "is told as that" grep -q vendor out

# -- a host that is described in a file ---------------------------------------
# The guest's policy: leaves 0 (up to 0xd) and 1, of an AMD processor.
none=ffffffff
amd() {
    echo "0 $none ${1:-d} 68747541 444d4163 69746e65"
    echo "1 $none 800f12 10800 f6f83203 178bfbff"
    echo "7 0 0 208c01a9 0 0"
    echo "d 0 7 0 340 0"
    echo "d 1 1 0 0 0"
}
amd >amd.txt
# host RELEASE MAXIMUM VENDOR EBX EDX ECX: its leaf 0.
host() {
    printf '{"schema": "xl-context-host-1", "xen_version": "%s",
        "vendor": "%s", "policies": {"hvm_max": {"cpuid": [{"leaf": 0,
        "subleaf": null, "a": "0x%s", "b": "0x%s", "d": "0x%s",
        "c": "0x%s"}]}}}\n' "$1" "$3" "$2" "$4" "$5" "$6" >host.json
}
intel="GenuineIntel 756e6547 49656e69 6c65746e"
amd="AuthenticAMD 68747541 69746e65 444d4163"
for xen in 4.14.6 4.17.7 4.20.4 4.21.0 4.22.0; do
    series=${xen%.*}
    case $series in 4.21 | 4.22) blob=long.ctx ;; *)
        blob=$data/xen-4.17-hvm2.ctx ;; esac
    $MKSAVE -x 4.17 -p amd.txt -c "$blob" amd.save
    host $xen d $intel
    run $XL_CONTEXT check --target=host.json amd.save
    case $series in
    4.22) says "an AMD guest on an Intel host of $xen" out "[guest-vendor]"
        is "is refused" "$status" 4
        says "and that 4.22 alone wants its vendor" out \
            "AuthenticAMD (on 4.22)" ;;
    *) says "an AMD guest on an Intel host of $xen" out "Xen $xen: "
        not_ok "not refused for that" grep -q '\[guest-vendor\]' out ;;
    esac
    host $xen d $amd
    run $XL_CONTEXT check --target=host.json amd.save
    says "on an AMD host of $xen" out "Xen $xen: "
    not_ok "with nothing of the policy" grep -qE \
        '\[(guest-vendor|host-cpuid-policy)\]' out
    host $xen 7 $amd
    run $XL_CONTEXT check --target=host.json amd.save
    is "with more leaves than the host of $xen has" "$status" 4
    says "names the leaf on $xen" out "[host-cpuid-policy]"
done
ones='"0xffffffff","0xffffffff","0xffffffff","0xffffffff","0xffffffff"'
features() { # WORD-5
    printf '{"schema": "xl-context-host-1", "xen_version": "4.17.7",
        "features": {"hvm_max": {"words": [%s,"%s",%s]}}}\n' "$ones" "$1" \
        "$ones,$ones" >host.json
}
$MKSAVE -x 4.17 -p amd.txt -c "$data/xen-4.17-hvm2.ctx" amd.save
features 0xffffffff
comes "a host with all features" "0 1" ": loads" --target=host.json amd.save
features 0xffffffdf
comes "a host without one that the policy has" 1 avx2 --target=host.json \
    amd.save
features 0xffffff7f
comes "a host without one that the guest has in use" 4 smep \
    --target=host.json amd.save

# -- a release as xl info prints it: what is not known of it is said ----------
for version in 4.14.5+94-ge3ef6a0f7e 4.17.3_01 4.18.0-xcp 4.17.5-13; do
    run $XL_CONTEXT check --target=$version short.save
    says "$version" err "what its builder has added is not known here"
done
for version in 4.20-unstable 4.19.0-rc2; do
    run $XL_CONTEXT check --target=$version short.save
    says "$version" err "not yet that release"
done
run $XL_CONTEXT check --target=4.17.x short.save
is "any point release" "$(cat err)" ""

# -- one target to make a file for --------------------------------------------
for verb in fix convert "convert --to=hvm" "convert --into=short.save"; do
    gives "$verb for all" 2 usage $verb --target=all short.save new
    says "names the way" err "xl-context check --target=all short.save"
    not_ok "and calls it no release" grep -q release-malformed err
done
done_testing
