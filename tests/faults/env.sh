# SPDX-License-Identifier: LGPL-2.1-or-later
# The surroundings of the tests on the fake Xen.  A world of its own for
# each test, in $work; commands:
#   fx ...       the fakexen tool
#   ce ...       the ctxedit tool
#   xlc ...      xl-context on the fake libraries; $status, files out, err
#   world        begin with an empty world
: "${FAULTS_SRC:=$(cd "$(dirname "$0")" && pwd)}"
: "${FAULTS_BUILD:=$(pwd)}"
. "$FAULTS_SRC/../tools/tap.sh"
. "$FAULTS_SRC/../tools/bytes.sh"
. "$FAULTS_SRC/../tools/sanitizers.sh"
top=$(cd "$FAULTS_BUILD/../.." && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-faults.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99
export LC_ALL=C

# The binary itself where there is one: libtool's script costs more than the
# program.  It needs our own libraries from the build folder, too.
own=$top/convert/.libs:$top/libxl-plugin/.libs
program=$top/xl-cmds/.libs/xl-context
[ -x "$program" ] || program=$top/xl-cmds/xl-context
fake_libs=$FAULTS_BUILD/libs
preload=                        # libraries, such as ../tools/clock.c
# a lock for each test: they have domains of the same numbers
XL_CONTEXT_TEST_LOCKS=$work/locks
export XL_CONTEXT_TEST_LOCKS

# From the caller: a program with its options to run ours under, such as
# valgrind.
: "${XL_CONTEXT_UNDER:=}"

fx() {
    "$FAULTS_BUILD/fakexen" "$@"
}

ce() {
    "$top/tests/tools/ctxedit" "$@"
}

# Any program, on the fake libraries.
on_fake() {
    status=0
    next_run
    # shellcheck disable=SC2086
    env LD_LIBRARY_PATH="$fake_libs:$own" ${preload:+LD_PRELOAD=$preload} \
        FAKE_XEN="$FAKE_XEN" $XL_CONTEXT_UNDER "$@" >out 2>err </dev/null ||
        status=$?
    # -v names the layers of the sandbox that are missing here, as in a build
    # with sanitizers
    ! grep -q '^xl-context: sandbox: ' err ||
        sed -i '/^xl-context: sandbox: /d' err
}

# The same in the background, with files of its own; as process $behind.
behind() {   # what the files are called, arguments...
    behind_name=$1
    shift
    env LD_LIBRARY_PATH="$fake_libs:$own" ${preload:+LD_PRELOAD=$preload} \
        FAKE_XEN="$FAKE_XEN" "$program" "$@" >"out.$behind_name" \
        2>"err.$behind_name" </dev/null &
    behind=$!
}

xlc() {
    rm -f "$FAKE_XEN/calls"
    on_fake "$program" "$@"
}

world() {
    FAKE_XEN=$work/world
    export FAKE_XEN
    rm -rf "$FAKE_XEN"
    mkdir "$FAKE_XEN"
}

# How often a call was made in the last xlc.
calls() {
    cat "$FAKE_XEN/calls" 2>/dev/null | grep -c "^[0-9]* $1 "
}

# The records of the loads, "1/0,2/0,...", a line a load.
loads() {
    sed -n 's/^[0-9]* xc_domain_hvm_setcontext [0-9]* //p' \
        "$FAKE_XEN/calls"
}

state() {
    fx state "$1"
}

# What the last program said and called, after a failed test.
tap_show() {
    echo "#   status ${status-}"
    for tap_file in out err "${FAKE_XEN-}/calls"; do
        [ ! -e "$tap_file" ] ||
            tail -n 30 "$tap_file" | tr -cd '\11\12\40-\176' |
            sed "s,^,#   ${tap_file##*/}: ,"
    done
}

# The last xlc ended with this status, and said this.
ended() {   # what, status, words that standard error has
    tap_status=0
    [ "$status" -eq "$2" ] || tap_status=1
    if [ -n "${3-}" ]; then
        grep -q -e "$3" err || tap_status=1
    fi
    tap_result "$tap_status" "$1"
    [ "$tap_status" -eq 0 ] ||
        echo "#   status $status, wanted $2${3:+ and '$3'}"
}

# No domain was harmed, and nothing was done that must never be done.
unharmed() {   # what
    tap_status=0
    if [ -s "$FAKE_XEN/violations" ]; then
        tap_status=1
        sort "$FAKE_XEN/violations" | uniq -c >&2
    fi
    tap_result "$tap_status" "$1"
    [ "$tap_status" -eq 0 ] ||
        sort "$FAKE_XEN/violations" | uniq -c | sed 's/^/#   /'
}
