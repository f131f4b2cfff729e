# SPDX-License-Identifier: LGPL-2.1-or-later
# Shell library of the scripts that run inside dom0.  Sourced.
#
# Reporting: ok NAME, not_ok NAME REASON, skip NAME REASON, diag TEXT.
# Every report goes to $RESULTS/tap and, for progress, to $LIVE.

RESULTS=${RESULTS:-/job/results}
LIVE=${LIVE:-/dev/null}
TOPIC=${TOPIC:-none}

. /job/dom0/guests.sh

report() {
    printf '%s\n' "$*" >>"$RESULTS/tap"
    printf '%s\n' "$*" >"$LIVE"
}

ok() {
    report "ok $TOPIC: $1"
}

not_ok() {
    report "not ok $TOPIC: $1: ${2:-no reason given}"
}

skip() {
    report "skip $TOPIC: $1: $2"
}

diag() {
    report "# $*"
}

# The lines of a file (or of stdin) as diagnostics; the last 30 of them.
diag_file() {
    tail -n 30 ${1:+"$1"} | while IFS= read -r diag_line; do
        diag "  $diag_line"
    done
}

# check NAME COMMAND...: ok if the command succeeds; its output is shown
# if it does not.
check() {
    check_name=$1
    shift
    if "$@" >/tmp/check.out 2>&1; then
        ok "$check_name"
    else
        check_rc=$?
        not_ok "$check_name" "exit $check_rc from: $*"
        diag_file /tmp/check.out
        return 1
    fi
}

# check_exit NAME WANTED COMMAND...: ok if it ends with just that code.
# stdout is left in /tmp/out, stderr in /tmp/err.
check_exit() {
    check_name=$1 check_want=$2
    shift 2
    check_rc=0
    "$@" >/tmp/out 2>/tmp/err || check_rc=$?
    if [ "$check_rc" = "$check_want" ]; then
        ok "$check_name"
    else
        not_ok "$check_name" "exit $check_rc, not $check_want, from: $*"
        diag_file /tmp/err
        return 1
    fi
}

# check_match NAME REGEX FILE
check_match() {
    if grep -Eq -e "$2" "$3"; then
        ok "$1"
    else
        not_ok "$1" "nothing in it matches /$2/"
        diag_file "$3"
        return 1
    fi
}

check_same() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "expected '$2', found '$3'"
        return 1
    fi
}

# time_left SECONDS: whether there are as many before the time of this topic
# is over.
time_left() {
    [ "$(($(uptime_s) + $1))" -le "${TOPIC_END:-9999999}" ]
}

# --- guests ---

# counters_advance NAME [SECONDS]: within that time the counter of every
# vCPU grows by at least 2.
counters_advance() {
    adv_from=$(guest_counters "$1")
    [ -n "$adv_from" ] || {
        echo "guest $1 has printed no counter"
        return 1
    }
    wait_for "${2:-30}" counters_beyond "$1" "$adv_from" || {
        echo "guest $1: counters were $adv_from, now $(guest_counters "$1")"
        hostxl list "$1" 2>&1
        hostxl vcpu-list "$1" 2>&1
        return 1
    }
}

# counters_beyond NAME "OLD OLD...": each has grown by 2.
counters_beyond() {
    counted_on "$2" "$(guest_counters "$1")"
}
counted_on() {   # "OLD OLD..." "NEW NEW..."
    echo "$1 $2" | awk '
        { n = NF / 2; if (n != int(n) || n < 1) exit 1
          for (i = 1; i <= n; i++) if ($(n + i) < $i + 2) exit 1 }'
}

# guest_need NAME...: the guests are there, run and count; otherwise the
# topic ends here.
guest_need() {
    guests_park "$*"
    for need; do
        if [ -e "/tmp/parked.$need" ]; then
            rm "/tmp/parked.$need"
            hostxl unpause "$need"
        fi
        if is_paused "$need" || guest_crashed "$need"; then
            diag "guest $need is left paused or crashed; starting it anew"
            guest_destroy "$need"
        fi
        guest_shared guest_up "$need" || {
            not_ok "guest $need" "it does not come up"
            diag_file "$(guest_log "$need")"
            exit 0
        }
    done
}

# Guests that count but are not in that list wait, paused.
guests_park() {
    for park in p1 p2 h2; do
        case " $1 " in
        *" $park "*) continue ;;
        esac
        if [ ! -e "/tmp/parked.$park" ] && is_running "$park" &&
            guest_counts_up "$park"; then
            guest_park "$park"
        fi
    done
}

# guest_alive NAME WHAT: report whether every vCPU still counts.
guest_alive() {
    if counters_advance "$1" "${3:-45}" >/tmp/alive.out 2>&1; then
        ok "$1: $2"
    else
        not_ok "$1: $2" "$(head -n 1 /tmp/alive.out)"
        diag_file /tmp/alive.out
        guest_destroy "$1"
        return 1
    fi
}

# host_save OPTION... NAME FILE: the host's own "xl save".  An emulated guest
# may take longer to suspend than the minute that libxl gives it
# (libxl_dom_suspend.c, suspend_common_wait_guest()), which then lets it run
# on: one that still counts gets a second chance, and it is said.
host_save() {
    hostxl save "$@" && return
    while [ $# -gt 2 ]; do
        shift
    done
    counters_advance "$1" 60 || return
    diag "$1 did not suspend for xl save in time: once more"
    hostxl save "$@"
}

# What must survive a restore, as the guest itself sees it.
guest_sees() {
    guest_says "$1" pat0 pat1 mtrr | paste -s -d ' '
}

# --- images ---------------------------------------------------------------

# same_context A B [PATTERN]: the HVM records are the same but for what
# moves by itself in a paused domain: the TSC of CPU records, clocks, and
# whatever PATTERN names.
same_moves='^(PROVENANCE|DIGEST|SHARED_INFO|TSC_INFO|HPET|PMTIMER|VIRIDIAN_DOM)'
same_context() {
    same_cpus=$(ctxedit "$1" list | awk '$1 ~ /^CPU[/]/ { print $1 }')
    cp "$1" /tmp/same-a
    cp "$2" /tmp/same-b
    for same_cpu in $same_cpus; do
        ctxedit /tmp/same-a /tmp/same-a put "$same_cpu" tsc 0 || return 1
        ctxedit /tmp/same-b /tmp/same-b put "$same_cpu" tsc 0 || return 1
    done
    same_diff=$(ctxedit /tmp/same-a cmp /tmp/same-b |
        grep -Ev "$same_moves${3:+|$3}" || :)
    [ -z "$same_diff" ] || {
        echo "these differ:" $same_diff
        return 1
    }
}
