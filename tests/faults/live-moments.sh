#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What others do to the domain at any moment of a command, each in a run of its
# own: too many for valgrind, which sees the same code in live-save.sh.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# Somebody pauses it at any moment of a command.  Whoever pauses is who
# unpauses: their pause is there at the end, and one unpause of theirs, and one
# for a pause that -p has left, wake the guest; before that it never ran.
for words in "save g image" "save -p g image" "diagnose --interval=0 g" \
    "restore g saved" "restore -p g saved"; do
    bad=
    came=0
    for i in $(seq 40); do
        running
        fx set g still 1
        fx pause g
        xlc save g saved
        fx unpause g
        fx set g halt "$i"
        rip=$(fx peek g 2 0 640 8)
        # shellcheck disable=SC2086 # words
        xlc $words
        [ "$status" -eq 0 ] || bad="$bad $i:$status"
        [ "$(fx get g halt)" -eq 0 ] || break
        came=$((came + 1))
        left=$(fx get g pauses)
        case $words:$left in
        *:1 | *-p*:2) ;;
        *) bad="$bad $i:left$left" ;;
        esac
        [ "$(fx peek g 2 0 640 8)" = "$rip" ] || bad="$bad $i:ran"
        fx set g still 0
        fx unpause g
        [ "$left" -ne 2 ] || fx unpause g
        fx alive g || bad="$bad $i:dead"
    done
    is "$words, somebody pauses the guest meanwhile: both are counted" \
        "$bad" ""
    ok "$words: that came at several moments" [ "$came" -gt 4 ]
done

# Whoever paused it unpauses it at any moment of a command with -p, or all that
# pauses it is taken back: status 0 means that it stands at the end.
for words in "save -p g image" "restore -p g saved" \
    "restore --force -p g saved"; do
    bad=
    told=0
    for i in $(seq 40); do
        for before in 0 1; do
            running
            fx set g still 1
            fx pause g
            xlc save g saved
            [ $before -eq 1 ] || fx unpause g
            fx set g resume "$i"
            # shellcheck disable=SC2086 # words
            xlc $words
            left=$(fx get g pauses)
            case $status:$left in
            0:1) ;;
            1:0)
                grep -q live-pause-gone err || bad="$bad $before.$i:untold"
                told=$((told + 1))
                ;;
            *) bad="$bad $before.$i:$status:left$left" ;;
            esac
        done
        [ "$(fx get g resume)" -eq 0 ] || break
    done
    is "$words, somebody unpauses the guest meanwhile: it stands, or that is \
told" "$bad" ""
    ok "$words: that is told" [ "$told" -gt 0 ]
done

# Another domain gets its number at any moment, and is being built: what pauses
# it is not ours.  Two moments are left in which nobody can tell: between our
# pause and the first look behind it, and between the last look and our
# unpause.
bad=0
came=0
for i in $(seq 40); do
    running
    fx set g still 1
    fx set g heir "$i"
    xlc save g image
    [ "$(fx get g heir)" -eq 0 ] || break
    came=$((came + 1))
    [ "$(fx get g pauses)" -eq 1 ] || bad=$((bad + 1))
done
ok "another domain of that number keeps its pause" [ $bad -le 2 ]
ok "at several moments" [ $came -gt 4 ]
done_testing
