#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Run the topics of /job/topics, each in a shell of its own.
. /job/conf
. /job/dom0/lib.sh

# The slow guests boot while the first topics run.
for guest in p1 p2 h2; do
    if xargs -n 1 -I{} cat "/job/t/{}.sh" </job/topics |
        grep -q "^guest_need.* $guest\( \|\$\)"; then
        guest_shared guest_create "$guest"
    fi
done

while read -r topic; do
    start=$(uptime_s)
    mkdir -p "/tmp/t/$topic"
    cd "/tmp/t/$topic" || exit 1
    TOPIC=$topic
    export TOPIC
    tap_before=$(wc -l <"$RESULTS/tap")
    timeout "${TOPIC_TIMEOUT:-400}" sh -c \
        '. /job/conf; . /job/dom0/lib.sh; . "$0"' "/job/t/$topic.sh" \
        >"$RESULTS/$topic.out" 2>&1 </dev/null
    rc=$?
    [ $rc = 0 ] || {
        not_ok "script" "the script itself ended with $rc"
        diag_file "$RESULTS/$topic.out"
    }
    [ "$(wc -l <"$RESULTS/tap")" != "$tap_before" ] ||
        not_ok "script" "it reported nothing"
    diag "$topic: $(($(uptime_s) - start)) s"
done </job/topics
