#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each system call from opening the input to the end made to fail in turn, and
# the program ended at each: the old file is whole or the new one is.  The
# calls are those of a good run, so that a new one is among them by itself.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

# Both take the calls of their own making that fail for a reason to loop.
program_for_strace

blob 8 9 13 >in.hvm
"$program" convert --xen=4.17 --bare in.hvm in.img || exit 99
"$program" convert --bare in.img wanted || exit 99
mkdir d

# without the broker, which strace would not see: its calls are the same
run_convert="convert --no-sandbox --bare in.img d/target"

echo old >d/target
strace -o good "$program" $run_convert
is "a good run" "$(cmp d/target wanted && echo new)" new
calls_after good 'openat(AT_FDCWD, "in.img"' >calls
for name in read write fsync renameat openat close; do
    says "it calls $name" calls "$name "
done

: >wrong

# Killed: nothing cleans up, and the target is whole all the same.
while read -r name number; do
    try "$name:signal=KILL:when=$number" $run_convert 2>/dev/null
    case $status:$target in
    137:old | 137:new) ;;
    *) echo "$name $number: status $status, target $target" >>wrong ;;
    esac
done <calls
all "killed at each of $(wc -l <calls) calls, the target is whole"

# Ended by a signal that can be caught: the temporary file goes, too.
for signal in HUP INT TERM XCPU; do
    while read -r name number; do
        try "$name:signal=$signal:when=$number" $run_convert
        case $status:$target:$left in
        129:old: | 130:old: | 143:old: | 152:old:) ;;
        129:new: | 130:new: | 143:new: | 152:new:) ;;
        *) echo "$name $number: status $status, $target, $left" >>wrong ;;
        esac
    done <calls
    all "SIG$signal at each call leaves nothing behind"
done

# A call that fails.  Status 0 (it did not matter) means the new file, status
# 2 the old one, with one exception: the new name stands, but the folder could
# not be flushed, and the message says so.
for error in ENOSPC EIO EDQUOT ENOMEM EACCES EINTR; do
    while read -r name number; do
        try "$name:error=$error:when=$number" $run_convert
        case $status:$target:$left in
        0:new: | 2:old:) ;;
        2:new:) grep -q 'perhaps not on the disk' err ||
            echo "$name $number: new, and a failure" >>wrong ;;
        *) echo "$name $number: status $status, $target, $left" >>wrong ;;
        esac
        # Words with an id, or success.
        [ "$status" -eq 0 ] || grep -q '^xl-context: .*\[[a-z-]*\]$' err ||
            echo "$name $number: no message" >>wrong
    done <calls
    all "$error at each call: the old file, or the new one"
done

# The calls that matter do fail, with the reason in words.
for pair in write:ENOSPC:file-write:'No space left on device' \
    write:EDQUOT:file-write:'Disk quota exceeded' \
    write:EIO:file-write:'Input/output error' \
    fsync:EIO:file-write:'Input/output error' \
    fsync:ENOSPC:file-write:'No space left on device' \
    renameat:EROFS:file-write:'Read-only file system' \
    read:EIO:file-read:'Input/output error'; do
    name=${pair%%:*} rest=${pair#*:}
    error=${rest%%:*} rest=${rest#*:}
    number=$(sed -n "s/^$name //p" calls | head -n 1)
    try "$name:error=$error:when=$number" $run_convert
    judge "$name: $error" 2 "${rest%%:*}"
    says "in words" err "${rest#*:}"
    is "the old file is whole" "$target$left" old
done
number=$(sed -n 's/^close //p' calls | tail -n 2 | head -n 1)
try "close:error=EDQUOT:when=$number" $run_convert
judge "a quota that close() tells of" 2 file-write
is "the old file is whole" "$target" old
number=$(sed -n 's/^fsync //p' calls | tail -n 1)
try "fsync:error=EIO:when=$number" $run_convert
judge "a folder that cannot be flushed" 2 file-write
says "is told of as such" err "perhaps not on the disk"
is "the new file is there" "$target$left" new
number=$(sed -n 's/^write //p' calls | head -n 1)
try "write:error=EINTR:when=$number" $run_convert
judge "an interrupted write goes on" 0
is "to the end" "$target$left" new
number=$(sed -n 's/^openat //p' calls | tail -n 1)
try "openat:error=EEXIST:when=$number" $run_convert
judge "a temporary name that is taken: another" 0
is "does as well" "$target$left" new
try "openat:error=EEXIST:when=$number+" $run_convert
judge "but not for ever" 2 file-temp

# The same onto standard output, which has no old file.
strace -o good "$program" convert --no-sandbox --bare in.img - >out
calls_after good 'openat(AT_FDCWD, "in.img"' >calls
says "it reads" calls "read "
says "it writes" calls "write "
for error in EIO ENOSPC; do
    while read -r name number; do
        status=0
        timeout 600 strace -o trace \
            -e inject="$name:error=$error:when=$number" \
            "$program" convert --no-sandbox --bare in.img - >out 2>err ||
            status=$?
        case $status in
        0) cmp -s out wanted || echo "$name $number: not all" >>wrong ;;
        2) [ -s err ] || echo "$name $number: no message" >>wrong ;;
        *) echo "$name $number: status $status" >>wrong ;;
        esac
    done <calls
    all "$error at each call, onto standard output"
done

# A save file that somebody cuts between the look at it and its copy: what is
# missing is no hole of the new one.
if [ -n "${MKSAVE:-}" ]; then
    good=$srcdir/../data/xen-4.17-hvm2.ctx
    "$MKSAVE" -m 16 -x 4.17 -c "$good" whole.save
    "$program" convert --xen=4.17 --into=whole.save "$good" wanted.save
    for size in 0 4096 9000000; do
        cp whole.save big.save
        rm -f new.save
        ok "it is held between both" hold_at fadvise64 2 \
            convert --no-sandbox --xen=4.17 --into=big.save "$good" new.save
        truncate -s $size big.save
        go_on
        case $status in
        0) ok "cut to $size later: the new one is whole" \
            cmp new.save wanted.save ;;
        *) not_ok "cut to $size: status $status, nothing is written" \
            test -e new.save ;;
        esac
    done
fi
done_testing
