#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Run the topics of /job/topics, each in a shell of its own.
. /job/conf
. /job/dom0/lib.sh

# One run of a topic.
run_topic() {
    mkdir -p "/tmp/t/$topic"
    cd "/tmp/t/$topic" || exit 1
    tap_before=$(wc -l <"$RESULTS/tap")
    faults_before=$(triple_faults)
    timeout "${TOPIC_TIMEOUT:-$((600 + CYCLES * 40))}" sh -c \
        '. /job/conf; . /job/dom0/lib.sh; . "$0"' "/job/t/$topic.sh" \
        >"$RESULTS/$topic.out" 2>&1 </dev/null
    rc=$?
    [ $rc = 0 ] || {
        not_ok "script" "the script itself ended with $rc"
        diag_file "$RESULTS/$topic.out"
    }
    [ "$(wc -l <"$RESULTS/tap")" != "$tap_before" ] ||
        not_ok "script" "it reported nothing"
}

# Whether the topic failed and a guest crashed meanwhile.  An emulated guest
# triple-faults now and then with nothing done to it but a pause, so such a
# topic gets another chance, and it is said; a fault of ours comes back each
# time.
fell_to_emulation() {
    tail -n +$((tap_before + 1)) "$RESULTS/tap" | grep -q '^not ok' &&
        [ "$(triple_faults)" -gt "$faults_before" ]
}

# What the topic reported becomes comments.
take_back() {
    sed -i "$((tap_before + 1)),\$s/^\(not ok\|ok\|skip\)/# crashed: \1/" \
        "$RESULTS/tap"
    diag "$topic: a guest crashed with $(last_triple_fault);" \
        "the topic is run again"
    for guest in p1 p2 h2; do
        guest_destroy "$guest"
    done
}

while read -r topic; do
    start=$(uptime_s)
    TOPIC=$topic
    export TOPIC
    run_topic
    for again in 1 2; do
        fell_to_emulation || break
        take_back
        run_topic
    done
    diag "$topic: $(($(uptime_s) - start)) s"
    rm -rf "/tmp/t/$topic"   # which is memory
done </job/topics
