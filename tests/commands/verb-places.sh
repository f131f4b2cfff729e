#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every verb that writes, onto places that do not take it: a full file system,
# a limit, a read-only one, one of another device through links, and a name
# that becomes something else meanwhile.  What was there stays byte for byte,
# nothing else stays, and the words say which file and why.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
unset VISUAL EDITOR

# mounts of our own, which end with the process
if [ "${1-}" != inside ] && [ "$(id -u)" = 0 ] &&
    unshare --mount true 2>/dev/null; then
    cd "$srcdir" || exit 99
    rm -rf "$work"
    exec unshare --mount "${SHELL:-sh}" "$srcdir/verb-places.sh" inside
fi

$XL_CONTEXT convert "$data" good.ctx 2>/dev/null
$XL_CONTEXT convert --to=json good.ctx good.json 2>/dev/null
"$MKSAVE" -d -m 1 -c "$data" good.save || exit 99
echo old >old
mkdir d disk
: >wrong

# What is there before, and the verb that writes T; of --output-dir the name
# comes from the input.
cat >verbs <<'END'
old convert good.ctx T
old convert --to=json good.ctx T
old convert --allow-loss --into=good.save good.ctx T
old fix --target=4.18 good.save T
old edit --set=CPU/0.rip=5 good.ctx T
old edit --set=CPU/0.rip=5 good.save T
good.ctx edit --set=CPU/0.rip=5 T
good.json edit --set=CPU/0.rip=5 T
good.save edit --set=CPU/0.rip=5 T
old show --html=T good.save
none convert --output-dir=D good.ctx
END

# each COMMAND: for every verb, with its file in d and $words to be run.
each() {
    while read -r before words; do
        target=d/target
        case $before in none) target=d/good.ctx before='' ;; esac
        words=$(echo "$words" | sed "s,=D,=d,; s,T\$,$target,; s,=T,=$target,")
        "$@"
    done <verbs
}

# put: what is there before.  intact WHAT: is what is there after.
put() { rm -rf d/* && { [ -z "$before" ] || cp $before $target; }; }
intact() {
    if [ -n "$before" ]; then
        cmp -s $before $target
    else
        [ ! -e $target ]
    fi || echo "$1: $words: $target is another" >>wrong
    left=$(find d disk -name '.*')
    [ -z "$left" ] || echo "$1: $words: $left is left" >>wrong
}
# failed WHAT ID WORDS: the last run says so of the file.
failed() {
    [ "$status" -eq 2 ] &&
        grep -q "^xl-context: $target: .*$3.*\[$2\]\$" err &&
        [ "$(grep -c "$2\|sink-failed" err)" -eq 1 ] && return
    { echo "$1: $words: status $status"; cat err; } >>wrong
}

# -- no room -----------------------------------------------------------------

limited() {
    put
    status=0
    # 512 bytes: less than any output
    (ulimit -f 1 && exec $XL_CONTEXT $words) >/dev/null 2>err || status=$?
    quiet err
    failed limit file-write 'File too large'
    intact limit
}
each limited
all "a limit of the size of files"

# ours WHAT COMMAND...: whether root lets us; else the test is skipped.
ours() {
    ours_what=$1
    shift
    "$@" >/dev/null 2>&1 && return
    skip "$ours_what" "only root, where mounts are allowed, can try it"
    return 1
}

on_disk() {
    umount d 2>/dev/null
    mount -t tmpfs -o size=4m,nr_inodes=40 none d && put
}
full() {
    on_disk
    head -c 8000000 /dev/zero >d/fill 2>/dev/null
    run timeout 600 $XL_CONTEXT $words
    failed full 'file-[a-z]*' 'No space left on device'
    intact full
}
no_inodes() {
    on_disk
    n=0
    # a ":" that cannot be redirected would end the shell
    while [ $n -lt 60 ] && true >d/$n; do n=$((n + 1)); done 2>/dev/null
    run timeout 600 $XL_CONTEXT $words
    failed inodes file-temp 'No space left on device'
    intact inodes
}
read_only() {
    on_disk
    mount -o remount,ro d
    for dry in '' -N; do
        run $XL_CONTEXT $dry $words
        failed "read-only $dry" 'file-[a-z]*' 'Read-only file system'
        intact "read-only $dry"
    done
}
if ours "a full and a read-only file system" [ "${1-}" = inside ] &&
    ours "a full and a read-only file system" mount -t tmpfs none d; then
    each full
    all "a full file system"
    each no_inodes
    all "one without inodes"
    each read_only
    all "a read-only one, by a dry run as well"
    umount d
fi

# -- no right ----------------------------------------------------------------

as=
[ "$(id -u)" != 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
forbidden() {
    put
    # what it replaces may be written, but where it is may not
    [ -z "$before" ] || chmod 666 $target
    chmod 555 d
    for dry in '' -N; do
        run $as $XL_CONTEXT $dry $words
        failed "folder $dry" file-temp 'Permission denied'
        intact "folder $dry"
    done
    chmod 777 d
    [ -n "$before" ] || return
    chmod 444 $target
    run $as $XL_CONTEXT $words
    failed "protected file" file-write 'Permission denied'
    intact "protected file"
    chmod 755 d
}
chmod 755 .
chmod 644 good.* old
if [ -n "$as" ] && ! $as $XL_CONTEXT --version >/dev/null 2>&1; then
    skip "a folder of somebody else" "the build cannot be run by another user"
else
    each forbidden
    all "a folder of somebody else, and a file that is protected"
fi

immutable() {
    put
    [ -n "$before" ] || return
    chattr +i $target
    run $XL_CONTEXT $words
    chattr -i $target
    failed immutable 'file-[a-z]*' 'Operation not permitted'
    intact immutable
}
cp old disk/try
if chattr +i disk/try 2>/dev/null && chattr -i disk/try; then
    each immutable
    all "a file that may not be changed"
else
    skip "a file that may not be changed" "chattr +i is not possible here"
fi
rm disk/try

# -- links -------------------------------------------------------------------

# The last run has put its output in the place of FILE.
written() {
    if [ "$status" -gt 1 ] || cmp -s "${before:-/dev/null}" "$1" ||
        [ "$(find d disk -name '.*')" ]; then
        { echo "$words: $1: status $status"; cat err; } >>wrong
    fi
}
# what is at the other end is written, in a file system of its own
through_links() {
    put
    rm -f disk/*
    [ -n "$before" ] || return
    mv $target disk/real
    ln -s "$work/disk/real" disk/link
    ln -s ../disk/link $target
    run $XL_CONTEXT $words
    written disk/real
    [ -L $target ] && [ -L disk/link ] || echo "$words: no link" >>wrong
    cp $before disk/real
    head -c 8000000 /dev/zero >disk/fill 2>/dev/null
    run $XL_CONTEXT $words
    [ "${1-}" != full ] || failed "through links" 'file-[a-z]*' 'No space left'
    [ "${1-}" != full ] || intact "through links"
    [ -L $target ] && [ -L disk/link ] || echo "$words: no link" >>wrong
}
if [ "${1-}" = inside ] && mount -t tmpfs -o size=4m none disk 2>/dev/null
then
    each through_links full
    all "through links onto another file system, full and not"
    umount disk
else
    each through_links
    all "through links"
fi

# the other name of the file keeps what it has
hard() {
    put
    [ -n "$before" ] || return
    ln $target disk/other
    run $XL_CONTEXT $words
    written $target
    cmp -s $before disk/other || echo "$words: both names" >>wrong
    rm disk/other
}
each hard
all "a file of two names"

# -- meanwhile ---------------------------------------------------------------

# The call that waits while the name becomes something else: the last one
# before an edit looks at its file again, or the one that gives the name.
waits() {
    case $before:$words in
    :*) echo linkat ;;
    good.*:*) echo fchown ;;
    *) echo renameat ;;
    esac
}
temporary() { find d moved disk -name '.*' 2>/dev/null; }
becomes() {
    case $1 in
    gone) rm -f $target ;;
    other) cp disk/other disk/new && mv disk/new $target ;;
    folder) rm -f $target && mkdir $target && echo kept >$target/kept ;;
    link) ln -s ../disk/other disk/new && mv disk/new $target ;;
    moved) mv d moved && ln -s elsewhere d ;;
    esac
}
# with a share every third pair of verb and kind: each takes a while
race() {
    kind=$1 raced=$((raced + 1))
    [ "${SHARE:-1}" -eq 1 ] || [ $((raced % 3)) -eq 0 ] || return 0
    rm -rf d elsewhere moved disk/*
    mkdir d elsewhere
    put
    echo other >disk/other
    hold_at "$(waits)" 1 ${words%% *} --no-sandbox ${words#* } ||
        echo "$words: does not come to $(waits)" >>wrong
    [ "$(temporary)" ] || echo "$words: has no new file yet" >>wrong
    becomes $kind
    go_on
    sed -i '/^xl-context: no sandbox/d' err
    # nobody else's file is written to, and none is left
    [ "$(cat disk/other)" = other ] || echo "$words: $kind: other" >>wrong
    [ -z "$(temporary)" ] || echo "$words: $kind: something is left" >>wrong
    case $kind:$before:$status in
    folder:*:2) [ "$(cat $target/kept)" = kept ] ;;
    # a file that is edited is not another one, and no new one of many
    other:good.*:[23] | other::2 | gone:good.*:2)
        [ ! -e $target ] || [ "$(cat $target)" = other ] ;;
    link:good.*:[23] | link::2) [ -L $target ] ;;
    gone:good.*:* | other:good.*:* | other::* | link:good.*:* | link::*)
        false ;;
    # the folder that it had before, whatever is called so now
    moved:*:*) [ -z "$(ls elsewhere)" ] ;;
    *:[01]) [ -f $target ] && [ ! -L $target ] ;;
    *) false ;;
    esac || { echo "$words: $kind: $status"; cat err; } >>wrong
    [ "$status" -le 1 ] || grep -q '\[[a-z-]*\]$' err ||
        echo "$words: $kind: no message" >>wrong
}
if [ -n "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] ||
    ! strace -o /dev/null true 2>/dev/null; then
    skip "a name that becomes something else" "no strace"
else
    program=$(real_program $XL_CONTEXT)
    raced=0
    export LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}"
    for kind in gone other folder link moved; do
        each race $kind
        all "the name becomes something else: $kind"
    done
fi
done_testing
