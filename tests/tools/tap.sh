# SPDX-License-Identifier: LGPL-2.1-or-later
# TAP from shell.  A test says: ok "what" command...; not_ok "what" command
# (the command has to fail by itself: that it is not found or that a signal
# ends it is no pass, nor that a tool that compares cannot read its files), is
# "what" got wanted; and "done_testing" last.  What the program did is shown
# after each failure, by the function tap_show of whoever has one.
tap_n=0
tap_bad=0
tap_show() { :; }

tap_result() {   # 0 or not, words
    tap_n=$((tap_n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tap_n - $2"
    else
        tap_bad=$((tap_bad + 1))
        echo "not ok $tap_n - $2"
        tap_show
    fi
}

# await COMMAND...: until it succeeds, for what another process does: that may
# be stopped at any moment.  False after so many tries that it never will.
await() {
    await_n=0
    until "$@"; do
        [ $((await_n += 1)) -lt 15000 ] || return 1
        sleep 0.02
    done
}

ok() {
    tap_what=$1
    shift
    tap_status=0
    "$@" >tap.out 2>&1 || tap_status=$?
    tap_result "$tap_status" "$tap_what"
    [ "$tap_status" -eq 0 ] || sed 's/^/#   /' tap.out
}

not_ok() {
    tap_what=$1
    shift
    tap_status=0
    case $1 in
    grep | cmp | diff | test | \[) tap_most=1 ;; # 2: trouble
    *) tap_most=125 ;;
    esac
    "$@" >tap.out 2>&1 || tap_status=$?
    if [ "$tap_status" -gt 0 ] && [ "$tap_status" -le "$tap_most" ]; then
        tap_result 0 "$tap_what"
    else
        tap_result 1 "$tap_what"
        sed 's/^/#   /' tap.out
        echo "#   exit status $tap_status"
    fi
}

is() {
    if [ "$2" = "$3" ]; then
        tap_result 0 "$1"
    else
        tap_result 1 "$1"
        printf '%s\n' "got:    $2" "wanted: $3" | sed 's/^/#   /'
    fi
}

# share_of ITEM...: all of them, or with SHARE=N in the environment one of N.
share_of() {
    tap_item=0
    for tap_what; do
        [ $((tap_item % ${SHARE:-1})) -ne 0 ] || echo "$tap_what"
        tap_item=$((tap_item + 1))
    done
}

# share_lines: of the lines of standard input.
share_lines() { awk -v share="${SHARE:-1}" '(NR - 1) % share == 0'; }

skip() {   # words, reason
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1 # SKIP $2"
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

done_testing() {
    # "1..0" would be taken for a skip
    if [ "$tap_n" -eq 0 ]; then
        echo "Bail out! no test was run"
        exit 1
    fi
    echo "1..$tap_n"
    if [ "$tap_bad" -ne 0 ]; then
        echo "# $tap_bad of $tap_n failed"
    fi
}
