# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of the commands share.  The Makefile says where the programs
# are: XL_CONTEXT, XL (words of a command line), and where the sources are.
# shellcheck shell=sh
set -u
: "${XL_CONTEXT:?}" "${XL:?}" "${srcdir:?}" "${FAKE_LIVE_LIB:=}"
case $srcdir in /*) ;; *) srcdir=$PWD/$srcdir ;; esac
. "$srcdir/../tools/tap.sh"
. "$srcdir/../tools/bytes.sh"
. "$srcdir/../tools/sanitizers.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-test.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99
export LC_ALL=C
# what is tried on a terminal does not wait for a key; summary.sh has pagers
export PAGER=cat
unset XL_CONTEXT_TRACE
# a lock for each test: their domains have the same number
XL_CONTEXT_TEST_LOCKS=$work/locks
export XL_CONTEXT_TEST_LOCKS

# quiet FILE: without the layers of the sandbox that -v says are missing here,
# as in a build with sanitizers.
quiet() {
    [ ! -s "$1" ] || ! grep -q '^xl-context: sandbox: ' "$1" ||
        sed -i '/^xl-context: sandbox: /d' "$1"
}

# Run a command; its status in $status, its words in the files out and err.
run() {
    status=0
    next_run
    "$@" >out 2>err || status=$?
    # dash says it of a program that it waited for
    [ "$status" -ne 143 ] || sed -i '/^Terminated$/d' err
    quiet err
}

# What the last run said, after a failed test.
tap_show() {
    echo "#   status ${status-}"
    for tap_file in out err; do
        [ ! -e $tap_file ] || sed "s/^/#   $tap_file: /" $tap_file |
            head -n 20 | tr -cd '\11\12\40-\176'
    done
}

# judge WHAT STATUS [ID]: the last run ended with STATUS; its words on stderr
# have the message ID, or are none when no ID is given.
judge() {
    judge_bad=0
    [ "$status" -eq "$2" ] || judge_bad=1
    if [ -n "${3-}" ]; then
        grep -qF -- "[$3]" err || judge_bad=1
    elif [ -s err ]; then
        judge_bad=1
    fi
    tap_result "$judge_bad" "$1"
}

# gives WHAT STATUS ID ARGUMENTS...: run xl-context and judge.
gives() {
    gives_what=$1 gives_status=$2 gives_id=$3
    shift 3
    # shellcheck disable=SC2086 # XL_CONTEXT is words
    run $XL_CONTEXT "$@"
    judge "$gives_what" "$gives_status" "$gives_id"
}

# says WHAT FILE TEXT: the file has a line with the text.
says() {
    if grep -qF -- "$3" "$2"; then
        tap_result 0 "$1"
    else
        tap_result 1 "$1"
        echo "#   wanted: $3"
    fi
}

# no_leftovers WHAT [FOLDER]: no temporary file of ours is there.
no_leftovers() {
    is "$1" "$(find "${2:-.}" -name '.*.????????????????' | sort)" ""
}

# type_it FILE: the first command that FILE says to type, or has in quotes, for
# a file "new".
type_it() {
    type_words=$(grep -o -e "'xl-context [^']* NEW'" \
        -e "what to type: xl-context .* NEW" "$1" |
        sed -n "s/.*xl-context \(.*\) NEW'*/\1/p;q")
    rm -f new
    # shellcheck disable=SC2086 # both are words
    run $XL_CONTEXT ${type_words:-no command in $1} new
}

# -- bytes ---------------------------------------------------------------

tsc_info() { record 3 0 24; le 4 0; le 4 2000000; le 8 77; le 4 1; le 4 0; }

# A legacy blob: HEADER, a record of 8 bytes for each typecode given, END.
blob_header() {
    le 2 1; le 2 0; le 4 24
    le 4 $((0x54381286)); le 4 1; le 8 0; le 4 0; le 4 2000000
}
blob_end() { zeros 8; }
blob() {
    blob_header
    for blob_code; do
        le 2 "$blob_code"; le 2 0; le 4 8; le 8 1
    done
    blob_end
}

# -- strace --------------------------------------------------------------

# The program without the words before it: for what has to look at one process
# alone.
real_program() { # WORDS OF THE PROGRAM
    for real_word; do :; done
    echo "$real_word"
}

# program_for_strace: the program in $program, fit to run under strace; what
# cannot be traced here skips the whole test.
program_for_strace() {
    if [ -n "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ]; then
        skip_all "no strace with ${XL_CONTEXT_UNDER:-$NO_STRACE}"
    fi
    strace -o /dev/null true 2>/dev/null ||
        skip_all "strace is not here or may not trace"
    # shellcheck disable=SC2086 # the program is words
    program=$(real_program $XL_CONTEXT)
    LD_LIBRARY_PATH=${LIBDOMCTX_DIR:-}
    export LD_LIBRARY_PATH
}

# calls_after FILE PATTERN: of an strace output, the calls from the first
# that has PATTERN on, each as "name number": the number counts the calls of
# that name from the beginning, as strace does.
calls_after() {
    awk -F'(' -v pattern="$2" '
        /^[a-z]/ { n[$1]++; if (index($0, pattern)) on = 1 }
        on && /^[a-z]/ && $1 != "exit_group" { print $1, n[$1] }' "$1"
}

# try INJECTION ARGUMENTS...: one run of $program onto an old file d/target,
# from $try_input; what the folder holds afterwards in $left, which of both
# files (wanted is the new one) the target is in $target.
try() {
    try_inject=$1
    shift
    rm -rf d
    mkdir d
    echo old >d/target
    status=0
    timeout 600 strace -o trace -e inject="$try_inject" "$program" "$@" \
        <"${try_input:-/dev/null}" >out 2>err || status=$?
    sed -i '/^xl-context: no sandbox/d' err
    left=$(find d -mindepth 1 ! -name target)
    if cmp -s d/target wanted; then
        target=new
    elif [ "$(cat d/target)" = old ]; then
        target=old
    else
        target=torn
    fi
}

# by_clock NANOSECONDS COMMAND...: run it with a clock of which each look takes
# so long, and nothing else any time.
by_clock() {
    by_look=$1
    shift
    CLOCK_LOOK=$by_look LD_PRELOAD=$CLOCK "$@"
}

# -- other processes -----------------------------------------------------

# processes PARENT: those that it has started.
processes() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v parent="$1" '
        { pid = $1; sub(/.*\) /, ""); if ($2 == parent) print pid }'
}

# gone PROCESS: whoever has to wait for an orphan may not do so.
gone() {
    ! kill -0 "$1" 2>/dev/null ||
        grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}
ends() {
    await gone "$1"
}

# rests PROCESS: until it waits, and those that it has started do, so that
# nothing goes on without us; or until it has ended.
works() {
    for working in $1 $(processes "$1"); do
        ! grep -qs '^State:.*[RD] (' "/proc/$working/status" || return 0
    done
    return 1
}
is_at_rest() {
    gone "$1" && return
    ! works "$1" && sleep 0.02 && ! works "$1"
}
rests() {
    await is_at_rest "$1"
}

# in_pieces FILE SIZES COMMAND...: run it with the file on a pipe, in pieces of
# these sizes and what is left; each comes when it waits for that.
in_pieces() {
    pieces_file=$1 pieces_sizes=$2 pieces_at=0
    shift 2
    rm -f pieces
    mkfifo pieces
    "$@" <pieces >out 2>err &
    pieces_pid=$!
    exec 8>pieces
    for pieces_size in $pieces_sizes; do
        rests $pieces_pid
        tail -c +$((pieces_at + 1)) "$pieces_file" 2>/dev/null |
            head -c "$pieces_size" >&8
        pieces_at=$((pieces_at + pieces_size))
    done
    rests $pieces_pid
    tail -c +$((pieces_at + 1)) "$pieces_file" >&8 2>/dev/null
    exec 8>&-
    status=0
    wait $pieces_pid || status=$?
    quiet err
}

# open_both FIFO: as descriptor 7 its end to read, as 8 that to write.
open_both() {
    exec 9<>"$1"
    exec 7<"$1" 8>"$1" 9>&-
}

# unread COMMAND...: run it with a pipe as standard output, whose reader has
# gone; its words are in the file err.
unread() {
    rm -f unread
    mkfifo unread
    open_both unread
    exec 7<&-
    status=0
    "$@" >&8 2>err 8>&- || status=$?
    exec 8>&-
    quiet err
}

# hold_at CALL NUMBER ARGUMENTS...: start $program, as process $pid, and hold
# it just before its call of that number, until go_on.  False if it never came
# there.
hold_at() {
    hold_call=$1 hold_number=$2
    shift 2
    rm -f trace
    strace -D -o trace -e trace="$hold_call" \
        -e inject="$hold_call:delay_enter=1000000000:when=$hold_number" \
        "$program" "$@" >out 2>err &
    pid=$!
    await is_held && ! gone $pid
}
is_held() {
    gone $pid || { [ -e trace ] &&
        [ "$(grep -c "^$hold_call(" trace)" -ge "$hold_number" ]; }
}
# go_on: without the tracer, which is the one that waits; then $status
go_on() {
    hold_tracer=$(sed -n 's/^TracerPid:[^0-9]*//p' "/proc/$pid/status" \
        2>/dev/null)
    [ "${hold_tracer:-0}" -eq 0 ] || kill -KILL "$hold_tracer"
    status=0
    wait $pid || status=$?
}

# all WHAT: the list of calls that went wrong, in the file wrong, is empty.
all() {
    is "$1" "$(cat wrong)" ""
    : >wrong
}
