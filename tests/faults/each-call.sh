#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each library call of a save and of a restore fails in turn, with each
# errno that it can give.  The calls are those of a good run, so a new one is
# covered as soon as it is made.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"
. "$FAULTS_SRC/outcome.sh"

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
        # shellcheck disable=SC2086 # words
        errnos=$(share_of $errnos | paste -s -d ' ' -)
        for errno in $errnos; do
            fail=$number:$errno
            again
            run_once
            check_status "$name" "$errno"
            check_guest
            check_file
            check_alive
        done
        [ -z "$errnos" ] || result "$what: call $number, $name: $errnos"
    done <tried_calls
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
    done <some_calls
    result "$what: nothing works from some call on"
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
        done <some_calls
        result "$what: $signal during each call"
    done
}

scenario() {   # what, wanted status, arguments...
    good_run "$@" || return
    # the first errno of each call is there for any share up to five
    (SHARE=$(((${SHARE:-1} + 4) / 5)) && share_lines) <good_calls >tried_calls
    each_call
    [ -z "$XL_CONTEXT_UNDER" ] || return
    share_lines <good_calls >some_calls
    each_end
    each_signal
}

running
scenario "save" 0 save g kept
if [ -n "$XL_CONTEXT_UNDER" ]; then
    edited
    ce image image put CPU/1 cr4 0x80000006f0
    scenario "restore --force that is refused and put back" 5 \
        restore --force g image
    done_testing
    exit
fi
running hvm
scenario "save -p" 0 save -p g kept
FAKE_XEN_FEATURES=178bfbff,fffa3203,2fd3fbff,35c233ff,5,2094209,0,100,0
export FAKE_XEN_FEATURES
running hvm
scenario "save --with=all" 0 save --with=all g kept
rm -f image
running
scenario "host" 0 host
unset FAKE_XEN_FEATURES
running
printf '%s\n' "ffffffff80000000 T _stext" "ffffffff80e00000 T entry_SYSCALL_64" \
    "ffffffff82000000 T _etext" "ffffffff82100000 D jiffies_64" >map
scenario "diagnose" 0 diagnose --interval=0 --symbols="$PWD/map" g
running
fx set g callback 1
scenario "diagnose --cure" 0 diagnose --interval=0 --cure=upcall --vector=243 g
world
fx create g pv 2 >/dev/null
scenario "save of a PV guest" 0 save g kept
edited hvm
scenario "restore" 0 restore g image
rebuilt
scenario "restore into a new life" 0 restore -p g image
edited
ce image image put CPU/1 cr4 0x80000006f0 or LAPIC_REGS/0 0x210:4 0x100
scenario "restore --force that is refused and put back" 5 \
    restore --force g image
edited
scenario "dry run" 0 -N restore g image
done_testing
