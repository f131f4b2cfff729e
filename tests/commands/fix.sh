#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# context-fix: of a save file one that comes back, of whatever container and
# from whatever release to whatever other.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

real=$srcdir/../data/xen-4.17-hvm2.ctx
mkfifo pipe
xml="<domain><name>old</name></domain>"
text="name='old'
builder='hvm'
vcpus=2"

# context RELEASE: as that release saves it, in RELEASE.hvm.
context() {
    [ -e "$1.hvm" ] || $XL_CONTEXT convert --xen=4.17 --target="$1" \
        --allow-loss --force --to=hvm "$real" "$1.hvm" 2>/dev/null
    [ -s "$1.hvm" ] || exit 99
}

# save CONTAINER RELEASE: old.save, and what it is restored with in $with.
save() {
    context "$2"
    body="p2m=0x100 chunk=-7:5 batch=0:3 chunk=-2 chunk=-9 end pfns"
    body="$body context=$2.hvm"
    with="xl restore"
    case $1 in
    xl) "$MKSAVE" -x "$2" -c "$2.hvm" old.save ;;
    xl-v2) "$MKSAVE" -v2 -x "$2" -c "$2.hvm" old.save ;;
    libxl) "$MKSAVE" -llibxl -x "$2" -c "$2.hvm" old.save; with= ;;
    libxc) "$MKSAVE" -llibxc -x "$2" -c "$2.hvm" old.save; with= ;;
    memory) "$MKSAVE" -m 20 -x "$2" -c "$2.hvm" old.save ;;
    legacy) "$MKLEGACY" old.save $body qemu=9; with= ;;
    xl-legacy) "$MKLEGACY" old.save xl=0:"$text" $body qemu=9 ;;
    xl-json-legacy) "$MKLEGACY" old.save \
        xl=1:'{"c_info":{"name":"old"}}' $body qemu=9 ;;
    libvirt) "$MKSAVE" -llibxl -x "$2" -c "$2.hvm" inner &&
        "$MKLEGACY" old.save libvirt=2:"$xml" file="$PWD/inner"
        with="virsh restore" ;;
    libvirt-legacy) "$MKLEGACY" old.save libvirt=1:"$xml" $body qemu=9
        with="virsh restore" ;;
    xenops) "$MKSAVE" -llibxc -x "$2" -c "$2.hvm" inner &&
        "$MKLEGACY" old.save xenops2 xenrec=0xf:3 text='(a)' xenrec=0xf0 \
            file="$PWD/inner" xenrec=0xf00:4 text=QEVM xenrec=0xffff
        with="xe vm-resume" ;;
    esac || exit 99
}

# fixes WHAT TARGET: old.save becomes a good new.save, old.save stays.
fixes() {
    cp old.save before.save
    rm -f new.save
    run $XL_CONTEXT fix --target=$2 old.save new.save
    fixes_err=$(cat err)
    is "$1 for $2" "$status" 0
    ok "$1 for $2: the old one is as it was" cmp old.save before.save
    run $XL_CONTEXT check --target=$2 old.save
    if [ "$status" -lt 2 ]; then
        ok "$1 for $2: a plain copy" cmp old.save new.save
        ok "which is said" sh -c "echo '$fixes_err' | grep -qF '[fix-copy]'"
    else
        ok "why is said" sh -c "echo '$fixes_err' | grep -qF '[fix-why]'"
        not_ok "$1 for $2: another one" cmp -s old.save new.save
        ok "which is said" sh -c "echo '$fixes_err' | grep -qF '[fix-done]'"
        [ -z "$with" ] || ok "and what restores it" \
            sh -c "echo '$fixes_err' | grep -qF '$with'"
    fi
    run $XL_CONTEXT check --target=$2 new.save
    ok "$1 for $2: it loads there" test "$status" -lt 2
    run $XL_CONTEXT check new.save
    ok "$1 for $2: and where it says that it is from" test "$status" -lt 2
    is "as large as it is to be" "$($XL_CONTEXT show --list old.save |
        grep -c 'bytes at offset')" "$($XL_CONTEXT show --list new.save |
        grep -c 'bytes at offset')"
}

for container in $(share_of xl libxl libxc memory libvirt xenops); do
    for from in 4.14 4.17 4.22; do
        for to in 4.14 4.17 4.20.0 4.20.1 4.22; do
            save $container $from
            fixes "$container of $from" $to
        done
    done
done
for from in $(share_of 4.13 4.6 4.10); do
    for to in 4.6 4.9 4.13 4.17 4.22; do
        save xl-v2 $from
        fixes "xl-v2 of $from" $to
    done
done
for container in $(share_of xl-legacy xl-json-legacy libvirt-legacy legacy); do
    # xl writes its configuration as JSON since 4.5
    froms="4.3 4.4"
    [ $container != xl-json-legacy ] || froms=4.5
    for from in $froms; do
        for to in 4.5 4.14 4.17; do
            save $container $from
            fixes "$container of $from" $to
        done
    done
done

# -- check, fix and its dry run say the same ---------------------------------
# agrees WHAT TARGET [OPTION]: of old.save; what they do not agree about is in
# the file wrong.
agrees() {
    agrees_at="$1 for $2 ${3-}"
    run $XL_CONTEXT check --json --target=$2 old.save
    cp out checked.json
    agrees_check=$status
    rm -f new.save
    run $XL_CONTEXT -N fix ${3-} --target=$2 old.save new.save
    sed 's/would be //' err >dry
    agrees_dry=$status
    [ ! -e new.save ] || echo "$agrees_at: a dry run writes" >>wrong
    rm -f new.save
    run $XL_CONTEXT fix ${3-} --target=$2 old.save new.save
    sed 's/would be //' err >wet
    [ $agrees_dry -eq $status ] && cmp -s dry wet ||
        echo "$agrees_at: $status, and $agrees_dry with -N" >>wrong
    cmp -s old.save before.save || echo "$agrees_at: OLD changed" >>wrong
    case $status in
    0)
        agrees_n=$(wc -c <new.save)
        run $XL_CONTEXT check --target=$2 new.save
        [ $status -lt 2 ] || echo "$agrees_at: $agrees_n bytes that check \
refuses" >>wrong
        ;;
    1)
        [ $agrees_check -eq 1 ] && grep -qF '[fix-partly]' err &&
            cmp -s old.save new.save ||
            echo "$agrees_at: no copy of what loads partly" >>wrong
        ;;
    4)
        [ ! -e new.save ] || echo "$agrees_at: refused and written" >>wrong
        agrees_id=$(sed -n 's/.*\[\([a-z0-9-]*\)\]$/\1/p' err | head -n 1)
        [ "${3-}" = --container=xl ] ||
            { [ $agrees_check -eq 4 ] &&
                grep -qF "\"$agrees_id\"" checked.json; } ||
            echo "$agrees_at: $agrees_id, of which check knows nothing" >>wrong
        ;;
    *) echo "$agrees_at: exit $status" >>wrong ;;
    esac
}
: >wrong
for container in $(share_of xl xl-v2 libxl libxc legacy xl-legacy \
    xl-json-legacy libvirt libvirt-legacy xenops); do
    case $container in
    xl-json-legacy) froms=4.5 ;;
    *legacy) froms="4.1 4.4" ;;
    xl-v2) froms="4.6 4.13" ;;
    *) froms="4.14 4.17 4.22" ;;
    esac
    for from in $froms; do
        save $container $from
        cp old.save before.save
        for to in $(share_of 3.4 4.1 4.2 4.5 4.6.0 4.9 4.13.0 4.14.0 4.17 \
            4.18 4.20.0 4.20 4.21 4.22); do
            agrees "$container of $from" $to
            agrees "$container of $from" $to --allow-loss
            agrees "$container of $from" $to --container=xl
        done
    done
done
all "check, fix and fix -N agree"
# what some point releases of a series load, and no conversion brings to the
# others, stays: CR4.FSGSBASE and SMEP are known since 4.1.2
save legacy 4.1
rm -f new.save
gives "one that 4.1 loads in part" 1 fix-partly \
    fix --target=4.1 old.save new.save
ok "is copied" cmp old.save new.save
says "with the words of check" err \
    "loads on 4.1.2 and later; 4.1.1 and earlier"
rm -f new.save
gives "for a point release that refuses it" 4 load-cr4 fix --target=4.1.1 \
    old.save new.save
rm -f new.save
gives "for one that loads it" 0 fix-copy fix --target=4.1.2 old.save new.save
for to in 4.2 4.5; do
    for option in "" -N; do
        rm -f new
        gives "what no release before 4.6 reads is not written $option" 4 \
            container-rewrite $option fix --container=xl --target=$to \
            old.save new
    done
done

# -- what the conversion cannot mend ----------------------------------------
# cannot WHAT ID OPTION...: old.save stays without a new one.
cannot() {
    cannot_what=$1 cannot_id=$2
    shift 2
    rm -f new.save
    gives "$cannot_what" 4 $cannot_id fix "$@" old.save new.save
    not_ok "$cannot_what: nothing is written" test -e new.save
    rm -f new.save
    run $XL_CONTEXT -N fix "$@" old.save new.save
    judge "$cannot_what: a dry run says so" 4 $cannot_id
    no_leftovers "$cannot_what: no temporary file stays"
}
save xl 4.22
cannot "a stream that 4.13 does not read" container-stream --target=4.13
cannot "nor 4.5" container-xl-flags --target=4.5
cannot "allowed or not" container-stream --target=4.13 --allow-loss
save libxl 4.22
cannot "nor in another container" container-stream --container=xl --target=4.13
save libvirt 4.14
cannot "nor that of libvirt" container-stream --container=xl --target=4.9
save xl-v2 4.9
cannot "nor 4.5 version 2" container-stream --target=4.5
not_ok "no way is shown that leads nowhere" grep -q fix-loss err
save xl-legacy 4.4
cannot "a loss" xsave-lost --target=4.0
says "all that stands in the way is told" err container-chunk
save xl-v2 4.13
$XL_CONTEXT convert --to=json 4.13.hvm c.json 2>/dev/null
sed 's/"cr0": "0x[0-9a-f]*"/"cr0": "0x80000000"/' c.json >d.json
$XL_CONTEXT convert --to=hvm d.json refused.hvm
sed '/"record": "PCI_LINK"/,/}/s/"route": \[[^]]*\]/"route": [255, 17, 34, 51]/' \
    c.json >d.json
$XL_CONTEXT convert --to=hvm d.json crash.hvm
for file in refused crash; do
    for container in xl-v2 legacy; do
        cp $file.hvm 4.13.hvm
        save $container 4.13
        id=load-cr0
        [ $file = refused ] || id=live-crash-pci-link
        for option in --target=4.17 --target=4.13 "" \
            "--target=4.17 --allow-loss"; do
            cannot "$container, $file, '$option'" $id $option
        done
    done
done

# -- a loss that is allowed ---------------------------------------------------
save legacy 4.4
"$MKLEGACY" old.save p2m=9 chunk=-7:5 batch=0:3 chunk=-2 chunk=-9 end pfns \
    context="$real" qemu=9
cannot "a loss alone" viridian-time-lost --target=4.4
rm -f new.save
gives "a loss alone" 4 fix-loss fix --target=4.4 old.save new.save
says "the way is shown" err \
    "fix --allow-loss --target=4.4 old.save new.save leaves that out"
rm -f new.save
gives "allowed" 0 viridian-time-lost fix --allow-loss --target=4.4 old.save \
    new.save
says "what is lost is named" err "VIRIDIAN_DOMAIN: "
gives "it loads there" 0 "" check --target=4.4 new.save

# -- without a target: the Xen that saved it ----------------------------------
context 4.4
save xl 4.17
rm -f new.save
gives "a sound one" 0 fix-copy fix old.save new.save
ok "is copied" cmp old.save new.save
"$MKSAVE" -v2 -x 4.9 -c "$real" old.save
rm -f new.save
gives "whose context is of another than its header" 0 fix-done fix old.save \
    new.save
gives "becomes a good one" 0 "" check new.save

# -- from here to there -------------------------------------------------------
save memory 4.22
gives "from a file" 0 fix-done fix --target=4.17 old.save wanted.save
is "of mode 600" "$(stat -c %a wanted.save)" 600
cat old.save >pipe &
rm -f new.save
run $XL_CONTEXT fix --target=4.17 - new.save <pipe
judge "from a pipe" 0 fix-done
wait
ok "the same" cmp wanted.save new.save
run $XL_CONTEXT fix --target=4.17 old.save -
judge "to standard output" 0 fix-done
ok "the same" cmp wanted.save out
cat old.save >pipe &
$XL_CONTEXT fix --target=4.17 - - <pipe 2>err | cat >out
wait
ok "from a pipe into a pipe: the same" cmp wanted.save out
run $XL_CONTEXT fix --target=4.22 - - <old.save
judge "a copy" 0 fix-copy
ok "the same" cmp old.save out
cat old.save >pipe &
rm -f new.save
run $XL_CONTEXT fix --target=4.22 - new.save <pipe
judge "a copy from a pipe" 0 fix-copy
wait
ok "the same" cmp old.save new.save
cp old.save own.save
ln -s own.save link.save
for way in "own.save own.save" "link.save own.save" "-N own.save own.save"; do
    case $way in -N*) options=-N way=${way#-N } ;; *) options= ;; esac
    gives "onto itself: $options $way" 2 file-is-input \
        $options fix --target=4.17 $way
done
ok "it is as it was" cmp old.save own.save
rm -f new.save
run $XL_CONTEXT -N fix --target=4.17 old.save new.save
judge "a dry run" 0 fix-done
says "says what it would do" err "would be made for Xen 4.17"
not_ok "writes nothing" test -e new.save
cat old.save >pipe &
rm -f new.save
run $XL_CONTEXT -N fix --target=4.17 - new.save <pipe
judge "on a pipe" 0 fix-done
wait
not_ok "writes nothing" test -e new.save
echo precious >new.save
head -c 9000 old.save >cut.save
gives "a file that is cut" 3 source-cut fix cut.save new.save
gives "a blob" 3 into-no-save-file fix "$real" new.save
gives "no file" 2 file-open fix nowhere new.save
gives "no release" 2 release-malformed fix --target=four old.save new.save
is "an old file is as it was" "$(cat new.save)" precious
head -c 400 old.save >broken.save
gives "an unknown option" 2 usage fix --into=x old.save new.save
status=0
(ulimit -f 100; $XL_CONTEXT fix --target=4.17 old.save new.save >out 2>err) ||
    status=$?
judge "a file longer than may be" 2 file-write
is "an old file is as it was" "$(cat new.save)" precious

# -- a save file is the only one with its guest's memory ----------------------
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.22 "$real" 22.hvm \
    2>/dev/null
for container in xl libxl libxc legacy xl-legacy libvirt libvirt-legacy \
    xenops; do
    save $container 4.17
    cp old.save other.save
    $MKSAVE -x 4.17 -c "$real" old.save
    gives "$container is not replaced" 2 file-is-save fix old.save other.save
    gives "nor on a dry run" 2 file-is-save -N fix old.save other.save
    ln -sf other.save link.save
    gives "nor through a link" 2 file-is-save fix old.save link.save
    gives "nor by an image" 2 file-is-save convert old.save other.save
    gives "nor by a page" 2 file-is-save show --html=other.save old.save
    gives "nor by an edited save file" 2 file-is-save \
        edit --set=CPU/0.rax=7 old.save other.save
    gives "nor by an edited context" 2 file-is-save \
        edit --set=CPU/0.rax=7 "$real" other.save
    save $container 4.17
    ok "it is as it was" cmp old.save other.save
    $MKSAVE -x 4.17 -c "$real" old.save
    gives "but with --force" 0 fix-copy fix --force old.save other.save
    ok "it is" cmp old.save other.save
    save $container 4.17
    cp old.save other.save
    gives "by an image, too" 0 "" convert --xen=4.17 --force "$real" other.save
    save $container 4.17
    cp old.save other.save
    run $XL_CONTEXT edit --set=CPU/0.rax=7 old.save old.save
    is "edited in its place" "$status" 0
    run $XL_CONTEXT edit --force --set=CPU/0.rax=7 old.save other.save
    is "and, with --force, over another" "$status" 0
done
save xl 4.17
gives "what is none is replaced" 0 fix-copy fix old.save 22.hvm
ok "as by cp" cmp old.save 22.hvm
no_leftovers "no temporary file stays"
done_testing
