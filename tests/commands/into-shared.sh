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
        ok "$1, $mib MiB: the same bytes" cmp disk/a.save disk/b.save
        takes "$1, $mib MiB: a copy would be seen" $((mib * 1000)) \
            $((mib * 2048)) cp --reflink=never disk/a.save disk/c.save
        rm disk/?.save
    done
    umount disk
}
on btrfs
on xfs
done_testing
