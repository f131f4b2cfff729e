#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# --into on file systems that can share blocks: the guest's memory is not
# written again, however large it is.
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
PATH=$PATH:/usr/sbin:/sbin

[ "$(id -u)" = 0 ] || skip_all "only root can mount a file system"
trap 'umount "$work/disk" 2>/dev/null
    chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
context=$srcdir/../data/xen-4.17-hvm2.ctx
mkdir disk

free_kib() {
    sync -f disk
    df -Pk disk | awk 'NR == 2 { print $4 }'
}

# takes WHAT LEAST MOST COMMAND...: so many KiB of the disk.
takes() {
    takes_what=$1 takes_least=$2 takes_most=$3
    shift 3
    before=$(free_kib)
    run "$@"
    after=$((before - $(free_kib)))
    judge "$takes_what" 0 ""
    ok "$takes_what: $after KiB of the disk" \
        test "$after" -ge "$takes_least" -a "$after" -le "$takes_most"
}

# The sum of what the calls of that name returned, in bytes.
returned() {
    awk -F' = ' -v call="$1(" \
        'index($0, call) == 1 && $NF > 0 { n += $NF } END { print n + 0 }' trace
}

# by_which_call WHAT CALL [FOLDER]: --into once more, into that folder, and by
# what the bytes come.
by_which_call() {
    if [ -n "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] ||
        ! strace -o /dev/null true 2>/dev/null; then
        skip "$1: by which call" "no strace here"
        return
    fi
    # shellcheck disable=SC2086 # XL_CONTEXT is words
    program=$(real_program $XL_CONTEXT)
    LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}" \
        strace -o trace "$program" convert --into=disk/a.save "$context" \
        "${3:-disk}/d.save"
    grep -E 'FICLONERANGE|copy_file_range|sendfile' trace >calls
    case $2 in
    FICLONERANGE)
        ok "$1: the kernel shares the blocks" \
            grep -q 'FICLONERANGE.* = 0$' calls
        ok "$1: few bytes are written" test "$(returned write)" -le 262144
        ;;
    copy_file_range)
        not_ok "$1: no block is shared" grep -q 'FICLONERANGE.* = 0$' calls
        ok "$1: the kernel copies" test "$(returned copy_file_range)" \
            -ge 33554432
        ok "$1: few bytes are written" test "$(returned write)" -le 262144
        ok "$1: the disk begins before the end" \
            grep -q 'sync_file_range.*SYNC_FILE_RANGE_WRITE' trace
        ;;
    write)
        ok "$1: all is written" test "$(returned write)" -ge 33554432
        ok "$1: the disk begins before the end" \
            grep -q 'sync_file_range.*SYNC_FILE_RANGE_WRITE' trace
        ;;
    esac
    ok "$1: the same bytes again" cmp disk/a.save "${3:-disk}/d.save"
}

on() {   # KIND
    if ! command -v "mkfs.$1" >/dev/null; then
        skip "--into on $1" "no mkfs.$1 here"
        return
    fi
    rm -f image
    truncate -s 640M image
    if ! "mkfs.$1" -q image >mkfs.out 2>&1 ||
        ! mount -o loop image disk 2>/dev/null; then
        skip "--into on $1" "$1 cannot be mounted here"
        return
    fi
    for mib in 32 96; do
        "$MKSAVE" -d -m $mib -c "$context" holes.save
        cp --sparse=never holes.save disk/a.save
        # shellcheck disable=SC2086 # XL_CONTEXT is words
        takes "$1, $mib MiB: shared" 0 2048 $XL_CONTEXT convert \
            --into=disk/a.save "$context" disk/b.save
        [ "$mib" -eq 96 ] || by_which_call "$1" FICLONERANGE
        ok "$1, $mib MiB: the same bytes" cmp disk/a.save disk/b.save
        takes "$1, $mib MiB: a copy would be seen" $((mib * 1000)) \
            $((mib * 2048)) cp --reflink=never disk/a.save disk/c.save
        rm disk/?.save
    done
    umount disk
}
on btrfs
on xfs
# where blocks cannot be shared
if mount -t tmpfs -o size=200m none disk 2>/dev/null; then
    "$MKSAVE" -d -m 32 -c "$context" holes.save
    cp --sparse=never holes.save disk/a.save
    by_which_call tmpfs copy_file_range
    by_which_call "from tmpfs to another" write .
    umount disk
else
    skip "--into on tmpfs" "it cannot be mounted here"
fi
done_testing
