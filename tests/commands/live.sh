#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# save and restore, with a stand-in for libxlcontext that gives every answer.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

if [ -z "$FAKE_LIVE_LIB" ]; then
    skip_all "the stand-in for libxlcontext is not built"
fi

blob 8 9 13 >a.hvm
$XL_CONTEXT convert --xen=4.17 a.hvm saved.img || exit 99
export FAKE_IMAGE="$work/saved.img" FAKE_LOG="$work/calls"

# live WHAT STATUS ID WORDS ARGUMENTS...: run with the stand-in told WORDS.
live() {
    live_what=$1 live_status=$2 live_id=$3 FAKE_LIVE=$4
    shift 4
    rm -f calls
    export FAKE_LIVE
    run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT "$@"
    # The Xen libraries' own lines are no messages of ours.
    grep -v '^fake: ' err >err.ours
    mv err err.all
    mv err.ours err
    judge "$live_what" "$live_status" "$live_id"
}
# calls WHAT WORDS: the calls made, between connect and close.
calls() {
    is "$1" "$(sed '/^connect/d; /^close/d' calls 2>/dev/null |
        tr '\n' ';')" "$2"
}

# -- save ----------------------------------------------------------------
live "save" 0 "" "" save guest g.img
calls "captures once" "save 7 0;saved 7 0;"
ok "and writes what was captured" cmp saved.img g.img
is "for the owner only" "$(stat -c %a g.img)" 600
is "closes the connection" "$(tail -n 1 calls)" "close 0 0"
live "save -p" 0 "" "" save -p guest g.img
calls "leaves the pause" "save 7 0x1;saved 7 0;"
live "save --paused --wrap --bare" 0 "" "" \
    save --paused --wrap --bare guest g.img
calls "hands on all of it" "save 7 0x7;saved 7 0;"
live "save to stdout" 0 "" "" save guest -
ok "gives the image" cmp saved.img out
rm -f g.img
live "context-save" 0 "" "" context-save guest g.img
ok "is the same" cmp saved.img g.img

# A FIFO of a stranger: nobody reads a guest's state out of it.
if [ "$(id -u)" = 0 ] && mkfifo fifo && chown 65534 fifo; then
    open_both fifo
    cat <&7 >got 8>&- &
    live "save to a stranger's FIFO" 2 file-fifo-foreign "" save guest fifo
    calls "nothing is captured" ""
    live "save -N" 2 file-fifo-foreign "" -N save guest fifo
    exec 7<&- 8>&-
    wait
    is "got nothing" "$(wc -c <got)" 0
else
    skip "a stranger's FIFO" "only root can make one"
fi

# -v: the window, and the libraries' log, a level more for each.
FAKE_LIVE='' run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT -v save \
    guest g.img
is "save -v succeeds" "$status" 0
says "save -v tells the pause" err "paused for 1.235 ms"
says "and a detail of the log" err "fake: detail"
says "cleaned of what a terminal obeys" err 'fake: error \x1b[1m'
is "but no debug words" "$(grep -c debug err)" 0
run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT -vvv save guest g.img
says "-vvv shows those, too" err "fake: debug"
run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT -T save guest g.img
is "-T puts time and process in front" \
    "$(grep -cE '^[0-9]{4}-[0-9]{2}-[0-9]{2} .* \[[0-9]+\] fake: error' err)" 1

rm -f g.img
live "save -N" 0 "" "" -N save -p guest g.img
calls "captures, and leaves no pause" "save 7 0;saved 7 0;"
is "writes nothing" "$(ls g.img 2>/dev/null)" ""
live "save -N to a folder" 2 file-folder "" -N save guest .
calls "does not touch the domain" ""

echo old >g.img
live "no Xen" 2 live-no-xen no-xen save guest g.img
live "no such domain" 2 live-no-domain "" save nobody g.img
says "names the domain" err "xl-context: nobody: "
calls "touches nothing" ""
live "a failed capture" 5 live-call-failed fails save guest g.img
live "a guest that stays paused" 6 live-still-paused still-paused \
    save guest g.img
is "the old file is whole after all that" "$(cat g.img)" old
no_leftovers "and no temporary file stays"

# What is wrong with the file is found before the domain is touched.
live "a folder as file" 2 file-folder "" save guest .
calls "is found first" ""
live "a file in no folder" 2 file-temp "" save guest nowhere/g.img
calls "is found first, too" ""
if [ -c /dev/full ]; then
    live "a full device" 2 file-write "" save guest /dev/full
    calls "needs no unpause" "save 7 0;saved 7 0;"
    live "a full device, -p" 2 file-write "" save -p guest /dev/full
    calls "takes the pause back" "save 7 0x1;saved 7 0;unpause 7 0;"
    live "a full device, -p, paused before" 2 file-write was-paused \
        save -p guest /dev/full
    calls "has no pause of ours to take back" "save 7 0x1;saved 7 0;"
    live "and if that fails" 6 live-still-paused stays-paused \
        save -p guest /dev/full
    says "both are told" err "[file-write]"
else
    skip "a full device" "no /dev/full"
fi

# A signal in the pause ends us after it, with the guest as before.
for signal in term int; do
    number=15
    [ $signal = int ] && number=2
    rm -f g.img
    live "SIG$signal in the pause" $((128 + number)) interrupted $signal \
        save guest g.img
    calls "lets the capture end ($signal)" "save 7 0;saved 7 0;"
    is "nothing is written ($signal)" "$(ls g.img 2>/dev/null)" ""
    live "SIG$signal in the pause, -p" $((128 + number)) interrupted \
        $signal save -p guest g.img
    calls "takes the pause back ($signal)" \
        "save 7 0x1;saved 7 0;unpause 7 0;"
done
no_leftovers "no temporary file stays"
# A reader that hangs while the guest is paused on our account.
mkfifo pipe
open_both pipe
head -c 1000000 /dev/zero >big
FAKE_IMAGE=$work/big
rm -f calls
(
    FAKE_LIVE=''
    export FAKE_LIVE FAKE_IMAGE
    LD_PRELOAD=$FAKE_LIVE_LIB exec $XL_CONTEXT save -p guest pipe 2>err
) &
saver=$!
await grep -qs saved calls
rests $saver
kill -TERM $saver
status=0
wait $saver || status=$?
exec 7<&- 8>&-
is "SIGTERM while a pipe is full" "$status" 143
calls "takes the pause back" "save 7 0x1;saved 7 0;unpause 7 0;"
FAKE_IMAGE=$work/saved.img

# -- restore -------------------------------------------------------------
live "restore" 0 "" "" restore guest saved.img
calls "loads once" "restore 7 0;restored 7 0;"
$XL_CONTEXT convert --to=json saved.img saved.json || exit 99
live "restore of JSON" 0 "" "" restore guest saved.json
calls "loads what that stands for" "restore 7 0;restored 7 0;"
live "show --json of a domain" 0 "" "" show --json --domain=guest
ok "is that of its image" cmp saved.json out
live "restore with all options" 0 "" "" restore -p --allow-loss \
    --restore-time --force guest saved.img
calls "hands on all of them" "restore 7 0xf;restored 7 0;"
for pair in -p:0x1 --paused:0x1 --force:0x2 --allow-loss:0x4 \
    --restore-time:0x8; do
    live "restore ${pair%:*}" 0 "" "" restore "${pair%:*}" guest saved.img
    calls "hands on ${pair%:*}" "restore 7 ${pair#*:};restored 7 0;"
done
live "restore -N" 0 "" "" -N restore guest saved.img
calls "is a dry run" "restore 7 0x10;restored 7 0;"
run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT -v restore guest saved.img
says "restore -v tells what was done" err \
    "3 records loaded, 20 as they were, paused for 7.654 ms"
# shellcheck disable=SC2002
cat saved.img >piped.img
run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT restore guest - <piped.img
is "restore from stdin" "$status" 0

live "what does not fit" 4 live-ran-on ran-on restore guest saved.img
says "tells why" err "guest: the guest ran for 10 s"
live "is loaded with --force, with a warning" 1 live-ran-on ran-on \
    restore --force guest saved.img
says "as a warning" err "warning: the guest ran"
live "a refused load" 5 live-set-failed fails restore guest saved.img
says "the hypervisor's words are shown" err \
    "guest: the hypervisor says: d7 refuses CR0"
says "cleaned" err 'second \x1b[2J line'
says "unknown words are not explained" err \
    "more about it: xl-context explain live-set-failed"
FAKE_XEN_LOG='(XEN) HVM7 restore: bad CR4 0x2000
(XEN) HVM7 restore: failed to load entry 2/0 rc -22'
export FAKE_XEN_LOG
live "a refused load with a known reason" 5 live-set-failed fails \
    restore guest saved.img
says "its words are shown" err "the hypervisor says: (XEN) HVM7 restore: bad"
says "and mean" err "policy-of-cr4-and-efer: "
says "by the names of the bits" err "VMXE"
says "with what there is to do" err "What to do: "
says "and the page" err \
    "More of it: xl-context explain policy-of-cr4-and-efer"
not_ok "and nothing else" grep -q "more about it" err
FAKE_XEN_LOG=
live "a refused load without a word" 5 live-set-failed fails \
    restore guest saved.img
not_ok "has nothing to explain" grep -q "hypervisor says" err
says "but a page of its own" err "explain live-set-failed"
unset FAKE_XEN_LOG
live "no Xen" 2 live-no-xen no-xen restore guest saved.img
live "no such domain" 2 live-no-domain "" restore nobody saved.img

# What needs no Xen is judged without it.
live "a file that is not there" 2 file-open no-xen restore guest nowhere
calls "asks no Xen" ""
head -c 100 saved.img >cut.img
live "a damaged image" 3 image-truncated no-xen restore guest cut.img
calls "asks no Xen" ""
"$MKSAVE" -c a.hvm guest.save
live "a save file" 0 "" "" restore guest guest.save
calls "is loaded" "restore 7 0;restored 7 0;"
"$MKSAVE" -llibxc -c a.hvm pv.save
{ head -c 24 pv.save && printf '\001' && tail -c +26 pv.save; } >odd.save
live "that of a PV guest" 3 source-pv no-xen restore guest odd.save
{ head -c 40 pv.save && printf '\024' && tail -c +42 pv.save; } >odd.save
live "one that no release restores" 4 libxc-mandatory no-xen \
    restore guest odd.save
live "with --allow-loss" 1 libxc-mandatory "" \
    restore --allow-loss guest odd.save
calls "it is loaded" "restore 7 0x4;restored 7 0;"
live "a blob" 2 convert-xen-needed no-xen restore guest a.hvm
calls "asks no Xen" ""

# -- lost: the rollback copy ---------------------------------------------
mkdir sub
cp saved.img sub/s.img
live "a lost guest" 6 live-rollback-failed lost restore guest sub/s.img
says "the copy is announced" err "[restore-rollback-kept]"
copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
is "by its name, beside the image" "$copy" sub/s.img.rollback-7
ok "it holds the context from before" cmp saved.img "$copy"
is "for the owner only" "$(stat -c %a "$copy")" 600
run env FAKE_LIVE=lost LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT restore \
    guest - <saved.img
is "a lost guest, image on stdin" "$status" 6
copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
is "the copy is in the current folder" "$copy" stdin.rollback-7
# The device folder keeps nothing over a reboot.
run env FAKE_LIVE=lost LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT restore \
    guest /dev/stdin <saved.img
copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
is "nor is it put beside a device" "$copy" stdin.rollback-7-2
# A folder that nobody can write, root neither.
if [ -d /proc/self ]; then
    (
        cd /proc || exit
        status=0
        FAKE_LIVE=lost LD_PRELOAD=$FAKE_LIVE_LIB $XL_CONTEXT restore guest \
            "$work/saved.img" >"$work/out" 2>"$work/err" || status=$?
        cp "$work/err" "$work/first"
        FAKE_LIVE=lost LD_PRELOAD=$FAKE_LIVE_LIB $XL_CONTEXT restore guest \
            - <"$work/saved.img" >"$work/out" 2>"$work/err"
    )
    copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' first)
    is "beside the image wherever we are" "$copy" \
        "$work/saved.img.rollback-7"
    copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
    is "in no folder that can be written: /var/tmp" \
        "${copy%%rollback-7*}" /var/tmp/stdin.
    ok "it holds the context from before" cmp saved.img "$copy"
    case $copy in /var/tmp/stdin.rollback-7*) rm -f "$copy" ;; esac
else
    skip "a folder that cannot be written" "no /proc"
fi
# A process that may write no file at all.
if [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    {
        trap '' XFSZ
        ulimit -f 0
        status=0
        FAKE_LIVE=lost LD_PRELOAD=$FAKE_LIVE_LIB $XL_CONTEXT restore guest \
            "$work/sub/s.img" 2>&1 >/dev/null || status=$?
        echo "status $status"
    } | cat >unkept
    is "a lost guest, and no file can be written" \
        "$(tail -n 1 unkept)" "status 6"
    says "that is said" unkept "[restore-rollback-unkept]"
else
    skip "no file can be written" "$XL_CONTEXT_UNDER writes files itself"
fi
mkdir -m 1777 shared
cp saved.img shared/s.img
for i in 1 2; do
    live "a lost guest, in a folder for everybody" 6 live-rollback-failed \
        lost restore guest shared/s.img
done
is "copies have names that nobody guesses" \
    "$(find shared -name "s.img.rollback-7-????????????????" | wc -l)" 2
is "and no other" "$(find shared -type f | wc -l)" 3
# Names that are taken, be it by a link of somebody else's: no file of theirs
# is written to, and the copy is kept all the same.
mkdir taken
cp saved.img taken/s.img
echo theirs >victim
ln -s ../victim taken/s.img.rollback-7
mkfifo taken/s.img.rollback-7-2
live "a lost guest, two names taken" 6 restore-rollback-kept \
    lost restore guest taken/s.img
ok "the third one is ours" cmp saved.img taken/s.img.rollback-7-3
for i in $(seq 4 100); do
    : >"taken/s.img.rollback-7-$i"
done
live "a lost guest, all names taken" 6 restore-rollback-kept \
    lost restore guest taken/s.img
copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
is "the copy is in another folder" "$copy" s.img.rollback-7
ok "and whole" cmp saved.img "$copy"
is "nothing was written into what was there" \
    "$(cat victim; find taken -size +0 -type f ! -name '*-3' ! -name s.img)" \
    theirs
rm -f "$copy"
# traced OPTIONS...: the same under strace.
traced() {
    rm -rf disk
    mkdir disk
    cp saved.img disk/s.img
    FAKE_LIVE=lost run strace -f -qq -o trace -e signal=none \
        -e trace=fsync,linkat -E LD_PRELOAD="$FAKE_LIVE_LIB" \
        -E LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}" "$@" \
        "$(real_program $XL_CONTEXT)" restore guest disk/s.img
    copy=$(sed -n 's/^xl-context: \(.*rollback[^:]*\): note: .*/\1/p' err)
}
if [ -n "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] ||
    ! strace -o /dev/null true 2>/dev/null; then
    skip "a copy that is on the disk" "strace is not here or may not trace"
else
    traced
    is "a copy is on the disk, then has its name, which is, too" \
        "$(sed 's/^[0-9]* *//; s/(.*= /=/' trace | tr '\n' ' ')" \
        "fsync=0 linkat=0 fsync=0 "
    is "by that name" "$copy" disk/s.img.rollback-7
    traced -e inject=linkat:error=EPERM
    is "where there are no links it has its name, too" "$copy" \
        disk/s.img.rollback-7
    ok "and is whole" cmp saved.img "$copy"
    for when in 1 2; do
        traced -e inject=fsync:error=EIO:when=$when
        is "fsync $when fails: another folder has it" "$copy" \
            s.img.rollback-7
        ok "and whole" cmp saved.img "$copy"
        is "nothing is left of the first" "$(ls -A disk)" s.img
        rm -f "$copy"
    done
fi
live "a signal then" 143 restore-rollback-kept "lost term" restore guest \
    saved.img

# -- a host without Xen's libraries ------------------------------------------
bare=$(real_program $XL_CONTEXT)
if [ ! -x "$bare" ]; then
    skip "no Xen libraries" "xl-context is not run from a build folder"
elif ldconfig -p 2>/dev/null | grep -q libxlcontext; then
    skip "no Xen libraries" "libxlcontext is installed on this machine"
else
    # away from its build tree it takes the one that is installed
    cp "$bare" alone
    run env LD_LIBRARY_PATH="$LIBDOMCTX_DIR" ./alone save guest g.img
    judge "no Xen libraries" 2 no-xen-libraries
    says "the name in full" err "/libxlcontext.so.0"
    run env LD_LIBRARY_PATH="$LIBDOMCTX_DIR" ./alone show saved.img
    is "what needs none works" "$status" 0
    # What lies in the current folder, or on LD_LIBRARY_PATH, is not run.
    cp "$FAKE_LIVE_LIB" libxlcontext.so.0
    for folders in "" "$PWD:" .; do
        FAKE_LIVE="" run env LD_LIBRARY_PATH="$LIBDOMCTX_DIR:$folders" \
            ./alone save guest g.img
        judge "with one in '$folders'" 2 no-xen-libraries
        run env LD_LIBRARY_PATH="$LIBDOMCTX_DIR:$folders" "$bare" save \
            guest g.img
        not_ok "with one in '$folders', in the build tree" test -e g.img
    done
fi
# An installed program takes no folder for its locks from the environment.
# It is a copy here; what root leaves in its own folder is taken away again.
# shellcheck disable=SC2046 # words of a program
if [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    FAKE_LIVE=
    had=$(ls -d /run/xl-context 2>/dev/null)
    cp "$(real_program $XL_CONTEXT)" installed
    XL_CONTEXT_TEST_LOCKS=$work/theirs LD_LIBRARY_PATH=$LIBDOMCTX_DIR \
        LD_PRELOAD=$FAKE_LIVE_LIB ./installed show --domain=guest >out 2>err
    is "an installed program works" $? 0
    ok "and leaves alone what a test's environment names" \
        test ! -e theirs
    if [ -z "$had" ] && [ -d /run/xl-context ]; then
        rm -f /run/xl-context/domain-7
        rmdir /run/xl-context
    fi
    LD_PRELOAD=$FAKE_LIVE_LIB $XL_CONTEXT show --domain=guest >out 2>err
    ok "which one of a build tree takes" test -e "$work/locks/domain-7"
fi
done_testing
