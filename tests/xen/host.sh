# SPDX-License-Identifier: LGPL-2.1-or-later
# Shell library of the scripts that run beside the emulated machine: image,
# machine, chroot, run.  Sourced, with $here set to this folder.
#
# The releases of Xen, each by the Debian suite that packages it; and the
# cache.  What is made once lies in $XEN_CACHE, or else in
# ${XDG_CACHE_HOME:-~/.cache}/xl-context, in folders NAME-KEY, where KEY is
# the hash of all that goes in: what is there under today's key is used, what
# is not is made.  XEN_CACHE_MAX bounds the whole, in MiB.

cache=${XEN_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var}/.cache}/xl-context}
PATH=$PATH:/usr/sbin:/sbin

# What was compiled once is there, too, for whatever folder it is built again.
CCACHE_DIR=$cache/ccache CCACHE_BASEDIR=$(cd "$here/../.." && pwd)
CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G
export CCACHE_DIR CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_MAXSIZE
# configure and libtool start a shell for each line and each file: with
# configure's own choice, bash, that takes half as long again as all else.
export CONFIG_SHELL=/bin/dash

releases='4.14 4.17 4.20'
# All guests run the kernel of this release's suite: bullseye's own cannot
# resume a PVH guest from "xl save -p" (BUG in events_fifo.c).
guest_release=4.17

suite_of() {
    case $1 in
    4.14) echo bullseye ;;
    4.17) echo bookworm ;;
    4.20) echo trixie ;;
    *) return 1 ;;
    esac
}

# The emulator of a kind of frozen machine, where its dom0/make-KIND.sh wants
# that of another suite ("# Emulator: SUITE"): it is the one in PATH then.  Its
# machines have the suite in their names.
use_emulator() {   # KIND
    emulator_suite=$(sed -n 's/^# Emulator: //p; T; q' \
        "$here/dom0/make-$1.sh")
    [ "$emulator_suite" ] && [ "${XEN_EMULATOR:-}" != "$emulator_suite" ] ||
        return 0
    emulator_folder=$("$here/emulator" "$emulator_suite") || return
    PATH=$emulator_folder/bin:$PATH XEN_EMULATOR=$emulator_suite
    export PATH XEN_EMULATOR
}

# What the guests of a kind of machine run, where that is not guest/init.c:
# OUT/KIND.initrd of guest/KIND.c.
make_own_guest() {   # KIND OUT
    [ -f "$here/guest/$1.c" ] || return 0
    mkdir -p "$2" "$2.own"
    ${CC:-gcc} -std=gnu11 -O2 -static -s -o "$2.own/init" "$here/guest/$1.c"
    (cd "$2.own" && echo init | cpio -o -H newc --quiet | gzip -9) \
        >"$2/$1.initrd"
    rm -rf "$2.own"
}

me=${0##*/}
say() {
    echo "$me: $*" >&2
}

die() {
    say "$*"
    exit 2
}

need_tools() {
    for tool; do
        command -v "$tool" >/dev/null ||
            die "$tool is missing (tests/packages xen installs it)"
    done
}

need_root() {
    [ "$(id -u)" = 0 ] || die "$1 needs root"
}

# key_of WORD... : of the words and of what standard input has.
key_of() {
    { echo "$*"; cat; } | sha256sum | cut -c1-16
}

# --- the cache ------------------------------------------------------------

# What a folder holds: each file's name, length and time of change.
contents_of() {
    (cd "$1" && find . -xdev -maxdepth 1 -type f ! -name complete \
        -printf '%P %s %T@\n' | sort)
}

# in_cache NAME-KEY: it is there and as it was made.
in_cache() {
    [ -f "$cache/$1/complete" ] &&
        contents_of "$cache/$1" | cmp -s - "$cache/$1/complete" &&
        touch "$cache/$1"
}

# cached NAME KEY COMMAND...: print the folder NAME-KEY; if it is not there or
# not whole, COMMAND... FOLDER makes it, in an empty folder beside.  One
# process makes, others that want the same wait for it.
cached() {
    cached_name=$1 cached_is=$1-$2
    shift 2
    mkdir -p "$cache"
    exec 9>"$cache/$cached_name.lock"
    flock 9
    if ! in_cache "$cached_is"; then
        cached_tmp=$cache/tmp.$cached_name
        # a run that was killed may have left its work beside it
        rm -rf "${cache:?}/$cached_is" "$cached_tmp" "$cached_tmp.work"
        mkdir "$cached_tmp"
        "$@" "$cached_tmp" 9>&- >&2 || {
            rm -rf "$cached_tmp"
            return 1
        }
        contents_of "$cached_tmp" >"$cached_tmp/complete"
        mv "$cached_tmp" "$cache/$cached_is"
        cache_trim "$cached_name" "$cached_is"
    fi
    exec 9>&-
    echo "$cache/$cached_is"
}

# Of this name, those of other keys go; then those that were not used for the
# longest time, until the whole fits.  Nothing that was used within the hour:
# another checkout may run on it.
cache_trim() {
    find "$cache" -mindepth 1 -maxdepth 1 -type d -mmin +60 \
        -name "$1-????????????????" ! -name "$2" -exec rm -rf {} +
    while [ "$(cache_size)" -gt "${XEN_CACHE_MAX:-16384}" ]; do
        trim_oldest=$(find "$cache" -mindepth 1 -maxdepth 1 -type d \
            -mmin +60 -printf '%T@ %p\n' | sort -n | sed -n '1s/^[^ ]* //p')
        [ "$trim_oldest" ] || break
        rm -rf "$trim_oldest"
    done
}

cache_size() {
    du -sm "$cache" 2>/dev/null | cut -f1
}
