#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults in pairs: a call of a save or of a restore fails, with each errno that
# it can give, and then each call that follows in that run, with each of its
# own.  And a domain that goes, crashes or is renamed during each call.
#
# From the caller: EVERY=1 tries all pairs ("make hardening"), EVERY=N the
# first and one of N, other ones of the scenarios in turn; a share of the calls
# fails first, one of five at least.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"
. "$FAULTS_SRC/outcome.sh"
: "${EVERY:=197}"
[ -z "$XL_CONTEXT_UNDER" ] || EVERY=1999

tried=0
known=0

# A run with $fail, and what must hold after it.
one_run() {
    again
    run_once
    check_guest
    check_file
    check_alive
}

# The second fault of those pairs of which the first is $1.
second_faults() {   # first, number of its call
    first=$1
    while read -r number name rest; do
        [ "$number" -gt "$2" ] || continue
        for errno in $(fx errnos "$name"); do
            known=$((known + 1))
            [ $tried -eq 0 ] || [ $((known % EVERY)) -eq 0 ] || continue
            tried=$((tried + 1))
            fail=$first,$number:$errno
            one_run
        done
    done <then_calls
}

# What follows a fault differs by it, so that is seen first.
pairs() {   # what, wanted status, arguments...
    good_run "$@" || return
    (SHARE=$((${SHARE:-1} > 5 ? 5 : ${SHARE:-1})) && share_lines) \
        <good_calls >some_calls
    tried=0
    problems=
    while read -r at call rest; do
        for error in $(fx errnos "$call"); do
            fail=$at:$error
            again
            run_once
            cp "$FAKE_XEN/calls" then_calls
            second_faults "$fail" "$at"
        done
    done <some_calls
    result "$what: $tried pairs of faults"
    ok "$what: pairs were tried" test "$tried" -gt 0
    all_tried=$((all_tried + tried))
}
all_tried=0

# -- other people's doings -------------------------------------------------
# A domain that has gone leaves nothing but that error and the old file: no
# fault of the hypervisor's, nothing that stands paused or is to be put back.
check_gone() {   # what happened
    case $1:$status in
    *:0 | *:1 | *:2) ;;
    vanish:* | doom:*) problem "not a status of one that has gone" ;;
    *:5 | *:6) ;;
    *) problem "not a status of it" ;;
    esac
    case $1:$status in
    vanish:2 | doom:2)
        grep -q -e '\[live-no-domain\]' -e '\[live-dying\]' err ||
            problem "not that it has gone"
        ;;
    esac
    [ "$status" -eq 0 ] || grep -q '\[[a-z0-9-]*\]' err ||
        problem "no message"
}

# It stands in no pause of ours, and what was loaded is whole or not at all.
check_still_there() {
    [ "$status" -eq 6 ] || [ "$(fx get g2 pauses)" -eq "$pauses" ] ||
        [ "$(fx get g2 pauses)" -eq "$good_pauses" ] ||
        problem "pauses: $(fx get g2 pauses)"
}

happens() {   # what, key
    problems=
    n=$(wc -l <good_calls)
    i=1
    while [ $i -le "$n" ]; do
        fail=999999:EIO
        again
        fx set g "$2" $i
        run_once
        fail="$2 after $i calls"
        check_file
        check_gone "$2"
        if [ "$2" != vanish ] && [ "$2" != doom ]; then
            fx set g name g2 2>/dev/null || fx set another name g2
            check_still_there
        fi
        i=$((i + ${SHARE:-1}))
    done
    result "$what: the domain $1 during calls 1 to $n, by ${SHARE:-1}"
}

doings() {   # what, wanted status, arguments...
    good_run "$@" || return
    happens "goes" vanish
    happens "begins to go" doom
    happens "crashes" collapse
    happens "gets another name" rename
}

running
pairs "save" 0 save g kept
running hvm
pairs "save -p" 0 save -p g kept
edited
pairs "restore" 0 restore g image
edited hvm
ce image image put CPU/1 cr4 0x80000006f0 or LAPIC_REGS/0 0x210:4 0x100
pairs "restore --force that is refused and put back" 5 \
    restore --force g image
echo "# $all_tried of $known pairs tried"

running
doings "save" 0 save g kept
running
doings "save -p" 0 save -p g kept
edited
doings "restore" 0 restore g image
done_testing
