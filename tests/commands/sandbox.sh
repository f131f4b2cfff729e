#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The sandbox in which files are read: what is forbidden there, what becomes of
# the output when either process ends, and that nothing else changes by it.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
. "$srcdir/corpus.sh"
: "${FORBIDDEN:?}" "${LACKING:?}" "${COUNT:=3}" "${SEED:=5}"

cp "$srcdir/../data/xen-4.17-hvm2.ctx" in.hvm
printf '{"schema": "xl-context-host-1", "xen_version": "4.17.7"}\n' >h
program=$(real_program $XL_CONTEXT)
LD_LIBRARY_PATH=${LIBDOMCTX_DIR:-}
export LD_LIBRARY_PATH
[ -n "${XL_CONTEXT_UNDER:-}" ] || XL_CONTEXT=$program

# -- what is said -------------------------------------------------------------
$XL_CONTEXT --version >version 2>&1
ok "--version says what it is made of" grep -q '^sandbox: ' version
run $XL_CONTEXT show --no-sandbox --list in.hvm
says "--no-sandbox says so" err "no sandbox, as --no-sandbox says"
is "and works" "$status" 0
run $XL_CONTEXT show --list in.hvm
is "without it there is nothing to say" "$(cat err)" ""

# -- with and without, the same -----------------------------------------------
corpus any $COUNT $SEED || exit 99
: >wrong
n=0
for file in $(share_of any/*); do
    for verb in show "show --json" check "check --json --target=4.20" \
        "check --target=all" "diff any/hvm" "convert --to=hvm" \
        "convert --to=json" "convert --bare --target=4.14" \
        "convert --xen=4.17 --into=any/xl" fix "fix --target=4.20" diagnose \
        explain
    do
        case $verb in convert* | fix*) output=o ;; *) output= ;; esac
        rm -f o o.wanted
        status=0
        $XL_CONTEXT $verb --no-sandbox "$file" $output >wanted 2>&1 ||
            status=$?
        wanted=$status status=0
        sed -i '/^xl-context: no sandbox/d' wanted
        [ ! -e o ] || mv o o.wanted
        $XL_CONTEXT $verb "$file" $output >got 2>&1 || status=$?
        { [ "$status" = "$wanted" ] && cmp -s got wanted; } ||
            echo "$file: $verb: $status, not $wanted" >>wrong
        if [ -e o ] || [ -e o.wanted ]; then
            # a new PROVENANCE has the time, and DIGEST counts it
            case $verb in
            *json)
                sed -i -e '/^ *"time": /d' -e '/^ *"value": "0x/d' o o.wanted
                ;;
            esac
            cmp -s o o.wanted || echo "$file: $verb: another output" >>wrong
        fi
        n=$((n + 1))
    done
done
all "$n times the same with and without"

# -- what is forbidden --------------------------------------------------------
# tried WHAT ARGUMENTS...: each thing tried from inside, after the arguments.
tried() {
    tried_what=$1
    shift
    echo kept >victim
    : >nine
    status=0
    LD_PRELOAD="$FORBIDDEN ${tried_with:-}" "$program" "$@" 9>>nine >out \
        2>err || status=$?

    ok "$tried_what: is tried" test "$(grep -c '^TRY ' err)" -ge 29
    is "$tried_what: nothing is done" "$(grep '^TRY .* done' err)" ""
    is "$tried_what: the file beside is whole" "$(cat victim)" kept
    is "$tried_what: nothing is made" "$(ls -d made-* victim?* 2>&1 |
        grep -v 'No such')" ""
    is "$tried_what: descriptors of others are closed" "$(cat nine)" ""
}
$XL_CONTEXT -v show --list in.hvm >/dev/null 2>layers
if [ -n "${XL_CONTEXT_UNDER:-}" ] ||
    grep -q 'sandbox: none' version layers; then
    skip "what is forbidden" "no sandbox here: $(cat layers)"
elif [ -s layers ]; then
    skip "what is forbidden" "not all of it here: $(cat layers)"
else
    for verb in show check diagnose explain; do
        tried $verb $verb in.hvm
        # explain reads no context; what it opens is the log
        [ $verb != explain ] || continue
        $XL_CONTEXT $verb in.hvm >wanted
        ok "$verb: and works all the same" cmp out wanted
    done 2>/dev/null
    tried diff diff in.hvm in.hvm
    tried convert convert --xen=4.17 in.hvm o
    ok "convert: and works all the same" test -s o
    tried "check -j" check -j2 in.hvm in.hvm
    mkdir many
    tried "convert --output-dir" convert --xen=4.17 -j2 --output-dir=many \
        in.hvm any/blob
    tried "convert -" convert --xen=4.17 in.hvm -
    tried "onto an image" convert --xen=4.17 in.hvm o
    rm -f o
    echo of that name >./-
    FORBIDDEN_DASH=1
    export FORBIDDEN_DASH
    tried "convert - of a pipe" convert --xen=4.17 - o <in.hvm
    unset FORBIDDEN_DASH
    rm ./-
    tried "a save file" check any/xl
    tried --into convert --xen=4.17 --into=any/xl in.hvm o2
    ok "--into: and works all the same" test -s o2
    tried fix fix any/xl o3
    ok "fix: and works all the same" test -s o3
    cp in.hvm o4
    tried "edit --set" edit --set CPU/1.rip=0x1234 o4
    is "edit --set: and works all the same" "$status" 0
    # in the one process that reads it, and in the other that writes
    cp in.hvm o4
    cat >ed <<'END'
#!/bin/sh
sed -i 's/"rip": "0x[0-9a-f]*"/"rip": "0x0000000000004321"/' "$1"
END
    chmod +x ed
    EDITOR=$work/ed
    export EDITOR
    tried "an editor" edit --record=CPU/1 o4
    is "an editor: is tried twice" "$(grep -c '^TRY open ' err)" 2
    # -- what is no context
    FORBIDDEN_AT=domctx_is_description
    export FORBIDDEN_AT
    for verb in check fix convert; do
        case $verb in check) output= ;; *) output=o5 ;; esac
        rm -f o5
        tried "$verb for a host" $verb --target=./h any/xl $output
        ok "$verb for a host: and works all the same" test "$status" -le 1
    done
    FORBIDDEN_AT=domctx_image_parse
    FAKE_LIVE="" FAKE_IMAGE=$work/any/image FAKE_LOG=$work/log
    export FAKE_LIVE FAKE_IMAGE FAKE_LOG
    if [ -n "$FAKE_LIVE_LIB" ]; then
        tried_with=$FAKE_LIVE_LIB
        tried "show --domain" show --list --domain=guest
        ok "show --domain: and works all the same" grep -q CPU out
        tried "check --domain" check --domain=guest
        ok "check --domain: and works all the same" grep -q ': loads' out
        FORBIDDEN_AT=domctx_diagnose
        tried "diagnose of a domain" diagnose --interval=0 guest
        ok "and works all the same" test -s out
        tried_with=
    else
        skip "what a domain has" "the stand-in is not built"
    fi
    unset FORBIDDEN_AT EDITOR
    # without it these would be done
    FORBIDDEN_ONLY="open create fork code" LD_PRELOAD=$FORBIDDEN \
        "$program" show --no-sandbox in.hvm >out 2>err
    is "without a sandbox it is another matter" \
        "$(grep -cE '^TRY (open|create|fork|code) done' err)" 4
    rm -rf made-*
fi

# -- what a kernel lacks ------------------------------------------------------
# layers_in FILE: those that it says are missing.
layers_in() {
    sed -n 's/^xl-context: sandbox: without \([^:]*\): .*/\1/p' "$1" |
        sort -u | paste -sd, -
}

# lacks TOLD MORE LAYER...: without them every verb does its work, and says
# what is missing: TOLD without -v, MORE with it.
lacks() {
    lacks_told=$1 lacks_more=$2
    shift 2
    for verb in show check "check -j2 in.hvm" "diff in.hvm" fix \
        "convert --xen=4.17 --to=hvm" "edit --set CPU/1.rip=0x1" diagnose \
        explain "check --target=./h"; do
        case $verb in convert* | fix) output=o ;; *) output= ;; esac
        case $verb in fix) file=any/xl ;; *) file=in ;; esac
        for option in "" -v; do
            cp in.hvm in
            rm -f o
            status=0
            "$LACKING" "$@" -- "$program" $option $verb $file $output \
                >out 2>err || status=$?
            # explain: it is no log
            [ $status -le 1 ] || [ "$verb$status" = explain2 ] ||
                echo "$verb: status $status" >>wrong
            [ -z "$output" ] || [ -s o ] || echo "$verb: no output" >>wrong
            case $option in -v) wanted=$lacks_more ;; *) wanted=$lacks_told ;;
            esac
            got=$(layers_in err)
            [ "$got" = "$wanted" ] ||
                echo "$verb $option: said '$got', not '$wanted'" >>wrong
        done
    done
    all "without $*: every verb works, and says it"
}
status=0
"$LACKING" landlock -- /bin/true || status=$?
if [ -n "${XL_CONTEXT_UNDER:-}" ] || [ -s layers ] || [ $status = 77 ] ||
    ! grep -q '^sandbox: seccomp' version; then
    skip "what a kernel lacks" "no whole sandbox here, or no filter"
else
    lacks "" Landlock landlock
    lacks seccomp seccomp seccomp
    lacks Landlock,seccomp Landlock,seccomp landlock seccomp
    if [ "$(id -u)" = 0 ]; then
        lacks "another user" "another user" user
    else
        skip "without another user" "only root becomes one"
    fi
    # what is left keeps the file from opening others
    for layer in landlock seccomp; do
        FORBIDDEN_ONLY="open create" "$LACKING" $layer -- /usr/bin/env \
            LD_PRELOAD="$FORBIDDEN" "$program" show in.hvm >out 2>err
        is "without $layer: opening is tried" \
            "$(grep -cE '^TRY (open|create) ' err)" 2
        is "without $layer: nothing is opened" "$(grep '^TRY .* done' err)" ""
    done
fi

# The one that reads the file ends with the one that waits for it, also where
# it has become another user on the way.
if [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    mkfifo never
    exec 9<>never
    "$program" restore 1 - <never >out 2>err 9>&- &
    waits=$!
    reader=
    seccomp=
    ! grep -q '^sandbox: seccomp' version || seccomp=2
    is_in_its_sandbox() {
        reader=$(processes $waits | head -n 1)
        gone $waits ||
            grep -qs "^Seccomp:.*$seccomp" "/proc/${reader:-none}/status"
    }
    await is_in_its_sandbox
    # the first limit sends a signal that lets it clean up
    [ ! "$seccomp" ] ||
        is "restore: the seconds that a reader has" "$(awk '
            /^Max cpu time/ { print $4, $5 }' \
            "/proc/${reader:-none}/limits")" "3600 3660"
    kill -KILL $waits
    ok "restore: a reader ends with who waits for it" ends "${reader:-none}"
    ok "restore: there was one" [ "$reader" ]
    exec 9>&-
    wait $waits 2>/dev/null
fi

# One that dies of the file; of its domain nothing is asked.
if [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    status=0
    FORBIDDEN_ONLY=crash LD_PRELOAD=$FORBIDDEN "$program" restore 1 \
        any/image >out 2>err || status=$?
    is "restore: a file that ends its reader" "$status" 3
    says "is told" err "[sandbox-killed]"
    not_ok "no library was loaded" grep -q no-xen err
fi

# -- a file system that answers the user alone who mounted it -----------------
mkdir private
if ! bindfs --no-allow-other "$work/any" "$work/private" 2>/dev/null; then
    skip "a file of FUSE" "no bindfs, or no FUSE here"
else
    for verb in check show diagnose; do
        $XL_CONTEXT $verb any/image >wanted 2>&1
        run $XL_CONTEXT $verb private/image
        cat out err >both
        sed -i 's,private/,any/,' both
        ok "$verb: a file of FUSE" cmp both wanted
        run $XL_CONTEXT $verb - <private/image
        cat out err >both
        sed -i 's,standard input,any/image,' both
        ok "$verb: as standard input" cmp both wanted
    done
    gives "diff: files of FUSE" 0 "" diff private/image private/image
    gives "convert: a file of FUSE" 0 "" convert --bare private/image o
    $XL_CONTEXT convert --bare any/image wanted
    ok "convert: the same comes out" cmp o wanted
    run $XL_CONTEXT fix --target=4.17 private/xl o.save
    is "fix: a file of FUSE" "$status" 0
    run $XL_CONTEXT edit --set=CPU/0.rax=7 private/image o
    is "edit: a file of FUSE" "$status" 0
    umount private
fi

# -- limits of the user's own -------------------------------------------------
run sh -c 'ulimit -n 20; exec "$@"' sh $XL_CONTEXT show --list in.hvm
is "few descriptors" "$status" 0
many=
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    many="$many any/image any/xl"
done
run sh -c 'ulimit -n 12; exec "$@"' sh $XL_CONTEXT check $many
is "many files with few descriptors" "$status" 0
says "all are read" out "40 files: 40 loads"

# -- the two processes --------------------------------------------------------
if [ -z "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] &&
    strace -o /dev/null true 2>/dev/null; then
    $XL_CONTEXT convert --bare any/image wanted
    run_convert="convert --bare any/image d/target"
    # traced CALL WHAT...: strace both.
    traced() {
        rm -rf d
        mkdir d
        echo old >d/target
        status=0
        timeout 600 strace -f -o trace -e inject="$1" "$program" \
            $run_convert >out 2>err || status=$?
        # strace ends with the last of both
        left=$(find d -mindepth 1 ! -name target)
        target=torn
        if cmp -s d/target wanted; then
            target=new
        elif [ "$(cat d/target)" = old ]; then
            target=old
        fi
    }
    traced clone,clone3:error=EAGAIN
    is "no second process: old file" "$status$target$left" 2old
    says "is told" err "[sandbox-failed]"
    traced renameat:error=EIO
    is "no new name: old file, nothing left" "$status$target$left" 2old
    says "in words" err "Input/output error"
    traced fsync:error=ENOSPC
    is "no flush: old file, nothing left" "$status$target$left" 2old
    says "in words" err "No space left on device"
    traced write:error=ENOSPC
    is "no write: old file, nothing left" "$status$target$left" 2old
    traced openat:error=EMFILE:when=3+
    is "no descriptors" "$target$left" old
    for call in write sendmsg recvmsg fsync renameat close; do
        for number in $(share_of 1 2 3 4 5 6); do
            for signal in KILL TERM; do
                traced $call:signal=$signal:when=$number
                case $target in
                old | new) ;;
                *) echo "$call $number: $signal: $target" >>wrong ;;
                esac
                # not even SIGKILL leaves anything, if one of the two is left
                [ -z "$left" ] || [ $signal = KILL ] ||
                    echo "$call $number: $signal: $left" >>wrong
            done
        done
    done
    all "either process ended: the old file or the new one"
else
    skip "faults of both processes" "no strace here"
fi
no_leftovers "no temporary file stays"
done_testing
