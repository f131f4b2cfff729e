#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the hypervisor's log says of a load that it refuses is explained at
# once: the lines of this domain and of this load, and no others.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# An image that is refused by the hypervisor when it is forced.
refusing() {   # edits
    edited
    ce image image "$@"
}

has() {   # what, words
    ok "$1" grep -q -e "$2" err
}

lacks() {   # what, words
    not_ok "$1" grep -q -e "$2" err
}

refusing put CPU/1 cr0 0x1
xlc restore g image
ended "a bad CR0" 4 load-cr0
has "names the page of its id" "more about it: xl-context explain load-cr0"
xlc restore --force g image
ended "forced, it is the hypervisor that refuses it" 5 live-set-failed
has "its words" "the hypervisor says: (XEN) HVM1 restore: bad CR0 0x1"
has "their page" "^    bad-cr0: "
has "the cause" "^    Cause: "
has "the cure" "^    What to do: "
has "where more is" "^    More of it: xl-context explain bad-cr0"
lacks "once" "more about it"

# A line that names no domain was printed while this one was loaded.
refusing put CPU/0 flags 2
xlc restore --force g image
ended "flags that no Xen knows" 5
has "a line without a domain is shown" "says: (XEN) d0v1 bad flags value"
has "and explained" "^    bad-flags: "

# Lines that are not about it.
refusing put CPU/1 rbx 0x77
fx set g refuse 1
xlc restore g image
ended "a refusal without a word" 5 live-set-failed
lacks "nothing is said" "hypervisor says"
lacks "nothing is explained" "More of it"
has "the message has a page" "explain live-set-failed"

refusing put CPU/1 rbx 0x77
fx set g refuse 1
printf '%s\n' '(XEN) HVM7 restore: bad CR4 0x2000' \
    '(XEN) HVM7 restore: failed to load entry 2/0 rc -22' \
    '(XEN) d11v0: HVM restore: bad MSR_TSC_AUX 0x1234567890' \
    '(XEN) Scrubbing Free RAM in background' >"$FAKE_XEN/beside"
xlc restore g image
ended "with words about other domains" 5 live-set-failed
lacks "they are not shown" "hypervisor says"
lacks "nor explained" "More of it"

# What guests and dom0 write is not the hypervisor's.
refusing put CPU/1 rbx 0x77
fx set g refuse 1
printf '%s\n' '(d3) HVM1 restore: bad CR4 0x2000' \
    '(d1) (XEN) HVM1 restore: bad CR4 0x2000' \
    'HVM1 restore: bad CR4 0x2000' >"$FAKE_XEN/beside"
xlc restore g image
ended "with words of guests about it" 5 live-set-failed
lacks "they are not shown" "hypervisor says"
lacks "nor explained" "More of it"
refusing put CPU/1 rbx 0x77
fx set g refuse 1
echo '(XEN) [   17.000001] HVM1 restore: bad CR0 0x1' >"$FAKE_XEN/beside"
xlc restore g image
has "behind the time they are" \
    "the hypervisor says: (XEN) \[   17.000001\] HVM1"
has "explained" "^    bad-cr0: "

refusing put CPU/1 cr0 0x1
printf '%s\n' '(XEN) HVM7 restore: bad CR4 0x2000' >"$FAKE_XEN/beside"
xlc restore --force g image
has "between words about others the own ones are explained" \
    "^    bad-cr0: "
lacks "alone" "CR4 0x2000"

# A ring of more than a MiB: what was there before is no reason.
refusing put CPU/1 cr0 0x1
{
    yes '(XEN) d0 of no domain in particular' | head -n 40000
    echo '(XEN) HVM1 restore: bad CR4 0x2000'
    yes '(XEN) d0 of no domain in particular' | head -n 40000
} >>"$FAKE_XEN/console"
xlc restore --force g image
has "behind a long log the own ones are shown" \
    "the hypervisor says: (XEN) HVM1 restore: bad CR0 0x1"
lacks "and none of before" "CR4 0x2000"

# Without the right to read the log the refusal is told all the same.
refusing put CPU/1 cr0 0x1
FAKE_XEN_FAIL=xc_readconsolering#1+:EPERM
export FAKE_XEN_FAIL
xlc restore --force g image
unset FAKE_XEN_FAIL
ended "without the right to read the log" 5 live-set-failed
lacks "nothing is said" "hypervisor says"
has "the message has a page" "explain live-set-failed"

# What goes well is not explained.
edited
xlc restore g image
ended "a restore that goes well" 0
lacks "says nothing of it" "explain"
done_testing
