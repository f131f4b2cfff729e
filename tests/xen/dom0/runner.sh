# SPDX-License-Identifier: LGPL-2.1-or-later
# Run the topic of /job/topic in a shell of its own.
. /job/conf
. /job/dom0/lib.sh

read -r topic </job/topic
TOPIC=${topic#*/}
start=$(uptime_s)
TOPIC_END=$((start + TOPIC_SECONDS))
export TOPIC TOPIC_END
mkdir -p /tmp/t
cd /tmp/t || exit 1
tap_before=$(wc -l <"$RESULTS/tap")
sh -c '. /job/conf; . /job/dom0/lib.sh; . "$0"' /job/t/topic.sh \
    >"$RESULTS/$TOPIC.out" 2>&1 </dev/null
rc=$?
[ $rc = 0 ] || {
    not_ok "script" "the script itself ended with $rc"
    diag_file "$RESULTS/$TOPIC.out"
}
[ "$(wc -l <"$RESULTS/tap")" != "$tap_before" ] ||
    not_ok "script" "it reported nothing"
diag "$topic: $(($(uptime_s) - start)) s"
