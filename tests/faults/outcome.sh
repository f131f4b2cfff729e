# SPDX-License-Identifier: LGPL-2.1-or-later
# A command that meets a fault, and what must hold afterwards: the user's file,
# the guest, and what was said of both.

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
    if ! echo old | cmp -s - run/kept; then
        ce run/kept list >names 2>&1 || problem "the file is neither"
        tail -n 1 names | grep -q DIGEST || problem "the new file is cut"
        [ "$status" -le 1 ] || [ "$status" -eq 6 ] ||
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

# A scenario: its world stands, its image is in "image".  After its good run
# the calls of that are in good_calls.
good_run() {   # what, wanted status, arguments...
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
    [ "$status" -eq "$good" ]
}

# The problems that were found, as one test.
result() {   # what
    tap_status=0
    [ -z "$problems" ] || tap_status=1
    tap_result $tap_status "$1"
    [ -z "$problems" ] || echo "$problems" | sed 1d
}
