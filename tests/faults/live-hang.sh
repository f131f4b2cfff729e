#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A hypervisor or a xenstored that does not answer: each call of a save and of
# a restore does not come back in turn.  The command ends, and says what stays
# paused.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"
. "$FAULTS_SRC/outcome.sh"
[ -z "$XL_CONTEXT_UNDER" ] || skip_all "no limit holds under another program"
# the limit is over as soon as a call hangs, and not before
preload=$fake_libs/libclock.so

# The first call of each name, and the last: what hangs are calls, not places.
some_calls() {
    awk '{ if (!($2 in first)) first[$2] = $1; last[$2] = $1 }
         END { for (n in first) { print first[n], n
                   if (last[n] != first[n]) print last[n], n } }' good_calls |
        sort -n
}

check_hang() {
    now=$(fx get g pauses)
    case $status:$name in
    0:xc_interface_close | 0:xenforeignmemory_close | 0:libxl_ctx_free)
        # all was done by then
        grep -q '\[live-no-answer\]' err || problem "no message"
        ;;
    5:*)
        grep -q '\[live-no-answer\]' err || problem "no message"
        [ "$now" -eq "$pauses" ] || problem "paused, and not said: $now"
        # the last unmapping waits for no hypervisor: it may be behind all
        state g >after
        [ "$name" = xenforeignmemory_unmap ] || cmp -s after before ||
            problem "not as before, as status 5 has it"
        ;;
    6:*)
        grep -q '\[live-no-answer-paused\]' err || problem "no message"
        grep -q "xl unpause" err || problem "no command"
        # the call that pauses may hang before it does it
        [ "$now" -le $((pauses + 1)) ] || problem "pauses: $now"
        # all was loaded by then
        [ "$name" != xc_domain_unpause ] ||
            ! grep -q rollback-kept err || problem "a copy for nothing"
        ;;
    *) problem "not a status of it" ;;
    esac
    check_file
}

hangs() {   # what, wanted status, arguments...
    good_run "$@" || return
    some_calls >calls_to_try
    problems=
    n=0
    while read -r number name; do
        fail=$number:HANG
        again
        run_once
        check_hang
        n=$((n + 1))
    done <calls_to_try
    result "$what: each of $n calls does not come back"
}

running
hangs "save" 0 save g kept
hangs "save -p" 0 save -p g kept
edited
hangs "restore" 0 restore g image
running
xlc save -p --with=evtchn,vcpus g image
ce image image put CPU/0 rbx 0xdeadbeef
hangs "restore of what has channels, too" 0 restore g image

# A load that does not come back: the context from before is kept.
edited
fx blob g before.hvm
fail=xc_domain_hvm_setcontext#1:HANG
fx set g still 1
rm -rf template
cp -r "$FAKE_XEN" template
cp image run-image
again
cd run || exit 99
FAKE_XEN_FAIL=$fail xlc restore g image
ended "a load that does not come back" 6 live-no-answer-paused
copy=$(find . -name '*rollback*')
ok "the context from before is in a file" test -s "$copy"
ok "says in which" grep -q "rollback.*rollback-kept" err
ce "$copy" list >names
ok "an image, with its trailer" grep -q DIGEST names
xlc check --target=4.17 "$copy"
ok "that loads" test "$status" -le 1
xlc show --record=PROVENANCE "$copy"
ok "which says of whom it is" grep -q '"domain_name": *"g"' out
ok "and of which Xen" grep -q '4\.17\.7-fake' out
state g >before
xlc restore g "$copy"
ended "and fits the guest that stands" 0

cd ..

# The load took place, and nothing was heard of it: the copy undoes it.
edited
state g >before
FAKE_XEN_FAIL=xc_domain_hvm_getcontext#4:HANG \
    xlc restore g image
ended "the reading back does not come back" 6 live-no-answer-paused
is "the guest is another" "$(fx peek g 2 0 520 8)" 0xdeadbeef
copy=$(find . -maxdepth 1 -name '*rollback*')
fx unpause g
xlc restore --force g "$copy"
ended "its copy is loaded" 0
same "the guest is as before"

# A connection that does not close.  What was not written or judged by then is
# not, which is an error; what was done is done.
for end in xenforeignmemory_close xc_interface_close libxl_ctx_free; do
    for args in "diagnose --interval=0 g" "host new" \
        "check --target=host image"; do
        edited
        rm -f new
        FAKE_XEN_FAIL=$end#1:HANG
        export FAKE_XEN_FAIL
        # shellcheck disable=SC2086 # words
        xlc $args
        unset FAKE_XEN_FAIL
        ended "$args: $end" 5 '\[live-no-answer\]'
        is "$args: $end: writes nothing" \
            "$(cat out; ls -A | grep -e '^new' -e '^\.')" ""
    done
    FAKE_XEN_FAIL=$end#1:HANG xlc show --domain=g
    ended "show: $end" 0 '\[live-no-answer\]'
    ok "show: $end: shows all" grep -q '^TSC_INFO' out
done

# A call that comes back while the program is ending: nothing of what was told
# changes any more, by the library.
holding=$FAULTS_BUILD/.libs/held
[ -x "$holding" ] || holding=$FAULTS_BUILD/held
while read -r call wanted; do
    edited
    FAKE_XEN_FAIL=$call#1:LATE
    export FAKE_XEN_FAIL
    on_fake "$holding" g image
    unset FAKE_XEN_FAIL
    is "$call comes back late" "$(cat out) $(fx get g pauses)" "$wanted"
done <<X
xc_domain_pause paused, no copy, standing 2
xc_domain_hvm_setcontext paused, a copy, standing 2
xc_domain_unpause paused, no copy, standing 1
xc_readconsolering not paused, no copy, standing 1
X

# What answers is left alone.
running
xlc save g new
ended "in time" 0
done_testing
