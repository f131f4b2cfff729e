#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each library call of a save and of a restore fails in turn, with each
# errno that it can give.  The calls are those of a good run, so a new one is
# covered as soon as it is made.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

problems=
problem() {
    problems="$problems
#   $fail: status $status: $1"
}

# Begin anew with the world and files of the scenario.
again() {
    rm -rf "$FAKE_XEN" run
    cp -r "$work/template" "$FAKE_XEN"
    mkdir run
    cp image run/image
    echo old >run/kept
}

run_once() {
    cd run || exit 99
    # shellcheck disable=SC2086
    FAKE_XEN_FAIL=$fail xlc $args
    cd ..
    mv run/out run/err .
}

# The user's file: the old one whole, or a new one whole; no litter.
check_file() {
    if [ "$(cat run/kept 2>/dev/null)" != old ]; then
        ce run/kept list >names 2>&1 || problem "the file is neither"
        tail -n 1 names | grep -q DIGEST || problem "the new file is cut"
        [ "$status" -eq 0 ] || [ "$status" -eq 6 ] ||
            problem "a new file although it failed"
    elif [ "$status" -eq 0 ] && [ "$saves" = yes ]; then
        problem "no new file although it succeeded"
    fi
    litter=$(cd run && ls -A | grep -v -x -e image -e kept \
        -e '.*rollback.*')
    [ -z "$litter" ] || problem "left behind: $litter"
}

# A guest that could not be put back: said, kept, and standing.
check_lost() {
    copy=$(find run -name '*rollback*' -type f | head -n 1)
    if [ -n "$copy" ]; then
        ce "$copy" list >names 2>&1 || problem "the rollback copy is broken"
    elif ! grep -q live-still-paused err; then
        problem "exit 6 without a rollback copy"
    fi
}

# What holds whenever the process could end by itself.
check_guest() {
    fx state g >after 2>/dev/null || problem "the domain is gone"
    fx get g crashed | grep -q -x 0 || problem "the domain is crashed"
    [ ! -s "$FAKE_XEN/violations" ] ||
        problem "$(sort -u "$FAKE_XEN/violations" | tr '\n' ';')"
    case $status in
    0 | 1) # 1: as good, and something was found
        cmp -s after good_after || problem "not the state of a good run"
        ;;
    2|3|4|5)
        cmp -s after before || problem "the guest is not as before"
        grep -q '\[[a-z0-9-]*\]' err || problem "no message"
        ;;
    6)
        check_lost
        ;;
    *)
        problem "not a status of ours"
        ;;
    esac
}

# Whatever was said, the guest goes on on every vCPU; not when it could not
# be put back.
check_alive() {
    [ "$status" -ne 6 ] || return 0
    [ "$(fx get g pauses)" -eq 0 ] || fx unpause g
    fx alive g >alive_out || problem "$(cat alive_out)"
}

# With one error, once, only a failing unpause may end in 6; what may be
# tried again has to be.
check_status() {   # call, errno
    case $2 in
    EINTR|EAGAIN)
        [ "$status" -eq "$good" ] || problem "not tried again"
        ;;
    *)
        [ "$status" -ne 6 ] || [ "$1" = xc_domain_unpause ] ||
            problem "cannot be that bad"
        ;;
    esac
}

# A line of TAP for each call of the good run.
each_call() {
    while read -r number name rest; do
        problems=
        errnos=$(fx errnos "$name")
        [ -z "$XL_CONTEXT_UNDER" ] || errnos=${errnos%% *}   # it is slow
        for errno in $errnos; do
            fail=$number:$errno
            again
            run_once
            check_status "$name" "$errno"
            check_guest
            check_file
            check_alive
        done
        [ -z "$errnos" ] || {
            tap_status=0
            [ -z "$problems" ] || tap_status=1
            tap_result $tap_status \
                "$what: call $number, $name: $errnos"
            [ -z "$problems" ] || echo "$problems" | sed 1d
        }
    done <good_calls
}

# From some call on nothing works any more: the file is whole, and whatever
# is said about the guest is true.
each_end() {
    problems=
    while read -r number name rest; do
        fail=$number+:EPERM
        again
        run_once
        check_guest
        check_file
        check_alive
    done <good_calls
    tap_status=0
    [ -z "$problems" ] || tap_status=1
    tap_result $tap_status "$what: nothing works from some call on"
    [ -z "$problems" ] || echo "$problems" | sed 1d
}

# A signal during some call: the guest is not left standing, the file is
# whole.  After SIGKILL only the file can be.
each_signal() {
    for signal in SIGTERM SIGINT SIGHUP SIGKILL; do
        problems=
        while read -r number name rest; do
            fail=$number:$signal
            again
            run_once
            [ "$status" -ne 0 ] || [ "$signal" != SIGKILL ] ||
                problem "survived"
            [ "$(cat run/kept)" = old ] || ce run/kept list >/dev/null ||
                problem "the file is cut"
            [ "$signal" = SIGKILL ] ||
                [ "$(fx get g pauses)" -eq "$pauses" ] ||
                [ "$(fx get g pauses)" -eq "$good_pauses" ] ||
                problem "pauses: $(fx get g pauses)"
            [ "$signal" = SIGKILL ] || [ "$(fx get g up)" -eq 3 ] ||
                problem "vCPUs: $(fx get g up)"
            [ "$signal" = SIGKILL ] ||
                [ -z "$(cd run && ls -A | grep -v -x -e image -e kept)" ] ||
                problem "left behind: $(cd run && ls -A | tr '\n' ' ')"
        done <good_calls
        tap_status=0
        [ -z "$problems" ] || tap_status=1
        tap_result $tap_status "$what: $signal during each call"
        [ -z "$problems" ] || echo "$problems" | sed 1d
    done
}

# A scenario: its world stands, its image is in "image".
scenario() {   # what, wanted status, arguments...
    what=$1
    good=$2
    shift 2
    args=$*
    saves=no
    case $args in
    *save*) saves=yes ;;
    esac
    [ -e image ] || echo >image
    rm -f "$FAKE_XEN/calls" "$FAKE_XEN/violations"
    fx set g still 1
    rm -rf template
    cp -r "$FAKE_XEN" template
    state g >before
    pauses=$(fx get g pauses)
    fail=999999:EIO
    again
    run_once
    ended "$what: the good run" "$good"
    state g >good_after
    good_pauses=$(fx get g pauses)
    cp "$FAKE_XEN/calls" good_calls
    ok "$what: makes calls" test -s good_calls
    [ "$status" -eq "$good" ] || return
    each_call
    [ -z "$XL_CONTEXT_UNDER" ] || return
    each_end
    each_signal
}

running
scenario "save" 0 save g kept
if [ -n "$XL_CONTEXT_UNDER" ]; then
    edited
    ce image image put CPU/1 cr4 0x8000000000
    scenario "restore --force that is refused and put back" 5 \
        restore --force g image
    done_testing
    exit
fi
running hvm
scenario "save -p" 0 save -p g kept
running
scenario "diagnose" 1 diagnose --interval=0.001 g
world
fx create g pv 2 >/dev/null
scenario "save of a PV guest" 0 save g kept
edited hvm
scenario "restore" 0 restore g image
rebuilt
scenario "restore into a new life" 0 restore -p g image
edited
ce image image put CPU/1 cr4 0x8000000000 or LAPIC_REGS/0 0x210:4 0x100
scenario "restore --force that is refused and put back" 5 \
    restore --force g image
edited
scenario "dry run" 0 -N restore g image
done_testing
