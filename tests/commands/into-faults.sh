#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# convert --into with each of its calls made to fail in turn, and the program
# ended at each: the old file is whole or the new one is.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

program_for_strace

blob 8 9 13 >old.hvm
blob 8 9 13 19 >new.hvm
"$MKSAVE" -d -m 3 -c old.hvm old.save
mkfifo pipe
mkdir d
: >wrong

# each HOW INPUT CALLS...: what a run from the save file $save does, each call
# failing in turn.  CALLS are among those that it makes.
each() {
    each_how=$1 save=$2
    shift 2
    # without the broker, which strace would not see
    run_into="convert --no-sandbox --xen=4.17 --into=$save new.hvm d/target"
    echo old >d/target
    feed
    strace -o good "$program" $run_into <"${try_input:-/dev/null}"
    cp d/target wanted
    ok "$each_how: a good run" sh -c \
        "'$program' convert --to=hvm wanted - | cmp - new.hvm"
    # brk() does not fail with an error, and the C library knows no other way
    calls_after good 'openat(AT_FDCWD, "d"' | grep -v '^brk ' >calls
    for name; do
        says "it calls $name" calls "$name "
    done
    share_lines <calls >some_calls
    while read -r name number; do
        feed
        try "$name:signal=KILL:when=$number" $run_into 2>/dev/null
        # a pipe may have it all in fewer calls, so that this one is not made
        case $status:$target:${try_input:-} in
        137:old:* | 137:new:* | 0:new:pipe) ;;
        *) echo "$name $number: status $status, target $target" >>wrong ;;
        esac
        feed
        try "$name:signal=TERM:when=$number" $run_into
        case $status:$target:$left:${try_input:-} in
        143:old::* | 143:new::* | 0:new::pipe) ;;
        *) echo "$name $number: TERM, $status, $target, $left" >>wrong ;;
        esac
    done <some_calls
    all "$each_how: ended at each of $(wc -l <some_calls) calls"
    for error in ENOSPC EIO; do
        while read -r name number; do
            feed
            try "$name:error=$error:when=$number" $run_into
            case $status:$target:$left in
            0:new: | 2:old:) ;;
            2:new:) grep -q 'perhaps not on the disk' err ||
                echo "$name $number: new, and a failure" >>wrong ;;
            *) echo "$name $number: $status, $target, $left" >>wrong ;;
            esac
            [ "$status" -eq 0 ] || grep -q '\[[a-z-]*\]$' err ||
                echo "$name $number: no message" >>wrong
        done <some_calls
        all "$each_how: $error at each call"
    done
}

# The writer of the pipe ends with its reader; one at a time.
feed() {
    wait
    [ -z "${try_input:-}" ] || { cat old.save >pipe 2>/dev/null & }
}
each "from a file" old.save pread64 ftruncate copy_file_range write fsync \
    renameat
try_input=pipe
each "from a pipe" - splice pread64 lseek write ftruncate fsync renameat
wait
done_testing
