#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two commands on one domain: the second waits a little, says who is at work,
# and does nothing; whoever is dead is in nobody's way.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

[ -x "$top/xl-cmds/.libs/xl-context" ] ||
    skip_all "the lock's folder can only be set in a build tree's program"
locks=$XL_CONTEXT_TEST_LOCKS

# What it waits for the lock, and between two looks, is counted.
preload=$fake_libs/libclock.so

# Another command that holds the lock of domain 1, until let_go.
hold() {   # words of the file
    mkdir -p -m 700 "$locks"
    (
        flock 9
        printf '%s\n' "$1" >&9
        : >held
        exec sleep 3600
    ) 9>"$locks/domain-1" &
    holder=$!
    await test -e held
    rm held
}
let_go() {
    kill "$holder"
    wait "$holder" 2>/dev/null
}

# While the world has a file "stand", whoever naps stands.
go() {
    rm -f "$FAKE_XEN/stand" "$FAKE_XEN/naps"
}

# -- the second one ------------------------------------------------------
saved
state g >before
hold '4321 restore'
for words in "save g new" "save -p g new" "restore g saved" \
    "-N restore g saved" "show --domain=g" "check --domain=g" \
    "diagnose --interval=0 g"; do
    # shellcheck disable=SC2086
    xlc $words
    ended "$words, while another command works" 2 live-busy
    ok "$words: says which" grep -q "restore', process 4321" err
    is "$words: does nothing" "$(calls xc_domain_pause)" 0
    same "$words: the guest is as before"
    ok "$words: writes nothing" test ! -e new
done
fx create other pvh 1 >/dev/null
xlc save other new
ended "another domain is free" 0
let_go
xlc save g new
ended "as is this one when the holder was killed" 0

# What stands in the file is another program's.
for words in '' '4321' 'x restore' '-1 restore' '4321restore'; do
    hold "$words"
    xlc save g new
    ended "a lock of '$words'" 2 live-busy
    ok "has no holder to name" grep -q "another command works on" err
    let_go
done
hold "4321 $(printf 'a\033[2Jb%0100d' 0)"
xlc save g new
ended "a lock with controls of the terminal" 2 live-busy
not_ok "does not show them" grep -q "$(printf '\033')" err
let_go

# -- two at the same time ------------------------------------------------
# Short ones wait for each other; with -p exactly one pause is left.
running
rm -f a b
: >"$FAKE_XEN/stand"
FAKE_XEN_FAIL=xc_domain_pause#1:LATE behind a save g a
first=$behind
await grep -q LATE "$FAKE_XEN/calls"
behind b save -p g b
second=$behind
ok "two at the same time: the second one waits" await test -s "$FAKE_XEN/naps"
is "and has done nothing" "$(calls xc_domain_pause)" 1
: >"$FAKE_XEN/late"
status=0
wait "$first" || status=$?
is "the first one comes to its end" "$status" 0
go
wait "$second" || status=$?
is "and then the second one" "$status" 0
ok "both have written" test -s a -a -s b
is "the pause of -p is left, and no other" "$(fx get g pauses)" 1

# Between its looks diagnose has no lock: the domain is not paused then, and
# the time may be an hour.
looks() {   # until it rests behind the first look
    running
    : >"$FAKE_XEN/stand"
    behind looks diagnose --interval=3600 g
    await test -s "$FAKE_XEN/naps"
}
looked() {   # what, status
    status=0
    wait "$behind" || status=$?
    is "$1: diagnose ends with $2" "$status" "$2"
}
looks
rm -f new
on_fake "$program" save g new
ended "save between two looks" 0
is "does not wait for the second one" "$(calls xc_domain_pause)" 2
go
looked "save between two looks" 0
is "which comes, with a pause of its own" "$(calls xc_domain_pause)" 3
is "and nothing is left paused" "$(fx get g pauses)" 0
looks
hold '4321 restore'
go
looked "a lock that is taken between two looks" 2
ok "says who has it" grep -q "restore', process 4321.*live-busy" err.looks
is "without a second pause" "$(calls xc_domain_pause)" 1
let_go
looks
kill -KILL "$behind"
wait "$behind" 2>/dev/null
go
xlc save g new
ended "killed, it is in nobody's way" 0

# -- no lock to be had ---------------------------------------------------
no_lock() {   # what
    xlc save g new
    ended "$1: it works all the same" 0 live-unlocked
    is "$1: once said" "$(grep -c live-unlocked err)" 1
    rm -f new
}
no_lock_diagnose() {
    xlc diagnose g
    ended "two looks without a lock" 0 live-unlocked
    is "once said for both" "$(grep -c live-unlocked err)" 1
}
rm -rf "$locks"
ln -s "$work" "$locks"
no_lock_diagnose
no_lock "a link in its place"
rm -f "$locks"
: >"$locks"
no_lock "a file in its place"
rm -f "$locks"
mkdir -m 777 "$locks"
chmod 777 "$locks"
no_lock "a folder for everybody"
rm -rf "$locks"
mkdir -m 700 "$locks"
ln -s "$work/elsewhere" "$locks/domain-1"
no_lock "a link for the file"
ok "and nothing is made elsewhere" test ! -e elsewhere
rm -rf "$locks"

done_testing
