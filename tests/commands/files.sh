#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a name given for output stands for, and what becomes of it.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

{ start 4 17; end; } >in.img
gives "(what is to be written)" 0 "" convert --bare in.img new.img
ok "is there" cmp in.img new.img

# gone WHAT NAME: nothing of that name is there, not even a link.
gone() { is "$1" "$(ls -d "$2" 2>/dev/null)" ""; }

# -- plain files ---------------------------------------------------------
is "a new file is for the owner only" "$(stat -c %a new.img)" 600
echo old >plain
chmod 644 plain
gives "over an old file" 0 "" convert --bare in.img plain
ok "is the new one" cmp in.img plain
is "for the owner only" "$(stat -c %a plain)" 600
echo old >first
ln first second
gives "over one of two names" 0 "" convert --bare in.img first
is "the other name keeps the old file" "$(cat second)" old
mkdir "a folder"
gives "in a folder" 0 "" convert --bare in.img "a folder/x y"
ok "is there" cmp in.img "a folder/x y"
gives "by its full name" 0 "" convert --bare in.img "$work/a folder/z"
ok "is there, too" cmp in.img "a folder/z"
gives "a name that begins with a dash" 0 "" convert --bare -- in.img -x
ok "is there as well" cmp in.img ./-x
long=$(printf '%0255d' 0)
gives "the longest name there is" 0 "" convert --bare in.img "$long"
ok "is written" cmp in.img "$long"
gives "a longer one" 2 file-write convert in.img "${long}0"
says "says why" err "File name too long"
gives "no name at all" 2 usage convert in.img ""
gives "a file as folder" 2 file-write convert in.img plain/x
says "says why" err "Not a directory"
gives "no such folder" 2 file-temp convert in.img nowhere/x
says "says why" err "No such file or directory"
(umask 0777; $XL_CONTEXT convert --bare in.img masked)
ok "no umask stands in the way" test -e masked

# -- links ---------------------------------------------------------------
mkdir there
echo old >there/target
ln -s there/target link
gives "a link" 0 "" convert --bare in.img link
ok "stays a link" test -L link
ok "what it points at is new" cmp in.img there/target
no_leftovers "no temporary file beside the target" there
ln -s dangling-target dangling
gives "a dangling link" 0 "" convert --bare in.img dangling
ok "stays a link" test -L dangling
ok "what it points at is made" cmp in.img dangling-target
ln -s ../link there/back
echo old >there/target
gives "a link to a link" 0 "" convert --bare in.img there/back
ok "stays a link" test -L there/back
ok "and the other one" test -L link
ok "the last target is new" cmp in.img there/target
ln -s "$work/there/target" absolute
gives "an absolute link" 0 "" convert --bare in.img absolute
ln -s loop-b loop-a
ln -s loop-a loop-b
gives "a loop of links" 2 file-write convert in.img loop-a
says "says why" err "Too many levels of symbolic links"
ln -s there link-to-folder
gives "a link to a folder" 2 file-folder convert in.img link-to-folder
gives "in a linked folder" 0 "" convert --bare in.img link-to-folder/new
ok "is in the real one" cmp in.img there/new
ln -s nowhere/x dangling-deep
gives "a link into no folder" 2 file-temp convert in.img dangling-deep

# -- what is no file -----------------------------------------------------
gives "a folder" 2 file-folder convert in.img there
gives "the current folder" 2 file-folder convert in.img .
gives "a name that ends with a slash" 2 file-folder convert in.img newdir/
gone "makes nothing" newdir
gives "/dev/null" 0 "" convert in.img /dev/null
ok "is still a device" test -c /dev/null
if [ -c /dev/full ]; then
    gives "/dev/full" 2 file-write convert in.img /dev/full
    says "says why" err "No space left on device"
    ok "is still a device" test -c /dev/full
else
    skip "/dev/full" "there is none"
fi
mkfifo pipe
cat pipe >got &
gives "a named pipe" 0 "" convert --bare in.img pipe
wait
ok "gets it" cmp in.img got
ok "is still a pipe" test -p pipe
ln -s pipe link-to-pipe
cat pipe >got &
gives "a link to a named pipe" 0 "" convert --bare in.img link-to-pipe
wait
ok "gets it, too" cmp in.img got
if [ -e /dev/stdout ]; then
    gives "/dev/stdout, a file" 0 "" convert --bare in.img /dev/stdout
    ok "gets it" cmp in.img out
    { echo before; $XL_CONTEXT convert --bare in.img /dev/stdout; echo after
    } >all
    { echo before; cat in.img; echo after; } >wanted
    ok "in its place in the output" cmp wanted all
    $XL_CONTEXT convert --bare in.img /dev/stdout | cat >got
    ok "/dev/stdout, a pipe" cmp in.img got
    exec 5>five
    gives "/dev/fd/5" 0 "" convert --bare in.img /dev/fd/5
    exec 5>&-
    ok "gets it" cmp in.img five
    exec 5>five
    rm five
    gives "a file without a name" 0 "" convert --bare in.img /dev/fd/5
    exec 5>&-
    gone "gets none" five
else
    skip "/dev/stdout" "there is none"
fi
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket",
    Listen => 1) or die' 2>/dev/null
if [ -S socket ]; then
    gives "a socket" 2 file-write convert in.img socket
    ok "is still there" test -S socket
else
    skip "a socket" "perl cannot make one here"
fi
gives "input that is a folder" 2 file-folder convert . o

# -- what may not be written ---------------------------------------------
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    echo old >locked/file
    chmod a-w locked
    gives "a read-only folder" 2 file-temp convert in.img locked/new
    says "says why" err "Permission denied"
    gives "an old file in it" 2 file-temp convert in.img locked/file
    is "is whole" "$(cat locked/file)" old
    chmod u+w locked
    echo old >protected
    chmod a-w protected
    gives "a protected file" 2 file-write convert in.img protected
    is "is whole" "$(cat protected)" old
    mkdir unlisted
    chmod a-r unlisted
    gives "a folder that cannot be listed" 0 "" \
        convert --bare in.img unlisted/new
    chmod u+r unlisted
    ok "has the file" cmp in.img unlisted/new
    gives "-N sees a read-only folder" 2 file-temp -N convert in.img /new
elif setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
    # Root writes everywhere: be somebody else for a while.
    chmod 755 . 
    chmod 644 in.img
    mkdir locked open
    chmod 777 open
    echo old >locked/file
    chmod 666 locked/file
    echo old >open/protected
    chmod 644 open/protected
    mkdir open/unlisted
    chmod 333 open/unlisted
    as="setpriv --reuid=65534 --clear-groups"
    if $as $XL_CONTEXT --version >/dev/null 2>&1; then
        run $as $XL_CONTEXT convert --bare in.img locked/new
        judge "a read-only folder" 2 file-temp
        says "says why" err "Permission denied"
        run $as $XL_CONTEXT convert --bare in.img locked/file
        judge "an old file in it" 2 file-temp
        is "is whole" "$(cat locked/file)" old
        run $as $XL_CONTEXT convert --bare in.img open/protected
        judge "a protected file" 2 file-write
        is "is whole" "$(cat open/protected)" old
        run $as $XL_CONTEXT convert --bare in.img open/unlisted/new
        judge "a folder that cannot be listed" 0
        ok "has the file" cmp in.img open/unlisted/new
        run $as $XL_CONTEXT -N convert in.img locked/new
        judge "-N sees a read-only folder" 2 file-temp
    else
        skip "read-only folders" "the build cannot be run by another user"
    fi
else
    skip "read-only folders" "root, and no setpriv"
fi
# Whose links are followed in a folder that everybody may write to, as the
# kernel does with fs.protected_symlinks: not those of somebody else, there or
# gone when the kernel is asked.
if [ "$(id -u)" = 0 ]; then
    # leads OWNER FOLDER-OWNER MODE: a link in such a folder.
    leads() {
        rm -rf shared
        mkdir -m "$3" shared
        chmod 755 .
        echo precious >precious
        ln -s ../precious shared/link
        chown -h "$1" shared/link
        chown "$2" shared
    }
    for gone in '' shared/link; do
        leads 65534 0 1777
        run env VANISHING=$gone LD_PRELOAD="$VANISHING_LIB" \
            $XL_CONTEXT convert --bare in.img shared/link
        judge "a link of somebody else${gone:+, that vanishes}" 2 file-write
        says "says why" err "Permission denied"
        is "its target is whole" "$(cat precious)" precious
    done
    while read -r owner folder mode; do
        leads $owner $folder $mode
        run $XL_CONTEXT convert --bare in.img shared/link
        judge "a link of $owner in a folder of $folder, $mode" 0
        ok "is followed" cmp in.img precious
    done <<'END'
0 65534 1777
65534 65534 1777
65534 0 1755
65534 0 777
END
else
    skip "links of somebody else" "only root makes them"
fi
if unshare --mount true 2>/dev/null; then
    mkdir mounted
    cat >small.sh <<'SCRIPT'
mount -t tmpfs -o size=8k none mounted || exit 77
cd mounted && echo old >old && head -c 100000 /dev/zero >fill 2>/dev/null
status=0
$XL_CONTEXT convert --bare ../large.img old 2>../err || status=$?
cat old; ls -A; echo "status $status"
rm fill
mount -o remount,ro . || exit 77
$XL_CONTEXT convert --bare ../in.img old 2>>../err || echo "status $?"
cat old
SCRIPT
    blob 8 9 13 >a.hvm
    $XL_CONTEXT convert --xen=4.17 a.hvm large.img
    status=0
    unshare --mount sh small.sh >out 2>err.mount || status=$?
    if [ "$status" -eq 77 ]; then
        skip "a full disk" "no tmpfs may be mounted"
    else
        says "a full disk" err "No space left on device"
        is "the old file is whole, nothing else stays" \
            "$(head -n 4 out | tr '\n' ' ')" "old fill old status 2 "
        says "a read-only disk" err "Read-only file system"
        is "the old file is whole" "$(tail -n 2 out | tr '\n' ' ')" \
            "status 2 old "
    fi
else
    skip "a full disk" "no mount namespace"
fi
no_leftovers "no temporary file stays"

# A reader that has had enough is no accident: no words, but a status
# (file-reader-gone).
unread $XL_CONTEXT convert --bare in.img -
is "a reader that is gone" "$status" 2
is "gets no words" "$(cat err)" ""
# The same of output in pieces.
for options in --json '' --explain=load-host-cr4; do
    case $options in
    --explain=*) set -- ;;
    *) set -- in.img in.img in.img in.img in.img in.img in.img in.img ;;
    esac
    unread $XL_CONTEXT -v check $options "$@"
    is "a reader of check $options that is gone" "$status" 2
    is "gets no words" "$(cat err)" ""
done

# A pipe that does not block, as a parent may leave it: its reader is slow.
cat >unblocked.pl <<'PERL'
use Fcntl;
fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK) or die;
exec @ARGV or die;
PERL
n=4000
{ blob_header; for_each=$n; while [ $for_each -gt 0 ]; do
    printf '\010\000\000\000\000\000\000\000'
    for_each=$((for_each - 1))
done; blob_end; } >many.hvm
$XL_CONTEXT convert --xen=4.17 --allow-loss --to=wrapped many.hvm many.img \
    2>/dev/null
for words in "convert --to=json many.img -" "show --json many.img" \
    "show many.img"; do
    run $XL_CONTEXT $words
    mv out wanted
    mv err wanted.err
    of_a_file=$status
    perl unblocked.pl $XL_CONTEXT $words >pipe 2>err &
    pid=$!
    exec 8<pipe
    rests $pid
    cat <&8 >got
    exec 8<&-
    status=0
    wait $pid || status=$?
    quiet err
    is "a pipe that does not block: ${words%% many*}" "$status" $of_a_file
    ok "is more than it holds" [ "$(wc -c <got)" -gt 70000 ]
    ok "all of it" cmp got wanted
    ok "no other words" cmp err wanted.err
done

# What is copied piece by piece is not written where it is read from.
if [ -n "${MKSAVE:-}" ]; then
    good=$srcdir/../data/xen-4.17-hvm2.ctx
    "$MKSAVE" -x 4.17 -c "$good" place.save
    cp place.save before
    # in_place WHERE: the file, or its device, stays as it is.
    in_place() {
        for words in "fix --target=4.21 $1 $2" "-N fix --target=4.21 $1 $2" \
            "edit --set=CPU/0.rip=0x10 $1 $2" \
            "convert --xen=4.17 --into=$1 $good $2" "convert $1 $2"; do
            status=0
            $XL_CONTEXT $words 1<>place.save 2>err || status=$?
            quiet err
            judge "onto itself: $words" 2 file-is-input
        done
    }
    in_place place.save -
    in_place place.save /dev/stdout
    ok "it stays" cmp place.save before
    truncate -s %512 place.save
    cp place.save before
    if device=$(losetup -f --show place.save 2>/dev/null); then
        in_place "$device" "$device"
        run $XL_CONTEXT edit --set CPU/0.rip=0x10 "$device"
        judge "an edit in its place" 2 file-is-input
        losetup -d "$device"
        ok "it stays" cmp place.save before
    else
        skip "a device that holds a save file" "no loop device here"
    fi
    # the new file gets the name of the old one when it is whole
    run $XL_CONTEXT edit --set=CPU/0.rip=0x10 place.save
    is "an edit in the place of a file" "$status" 0
    not_ok "is written" cmp -s place.save before
    for to in hvm json image; do
        cp before place.save
        gives "but no $to in the place of a save file" 2 file-is-input \
            convert --to=$to place.save place.save
        gives "nor by -N" 2 file-is-input -N convert --to=$to place.save \
            place.save
        ok "which has the guest's memory" cmp place.save before
    done
fi
done_testing
