#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What dom0 runs: /job holds dom0/ (this folder), t/ (the test scripts),
# conf (variables from the host) and stage/ (what is under test).
#
# The third disk takes the results as a tar; the second serial port shows
# each result as it comes.
mkdir -p /job/results /job/stage
RESULTS=/job/results
LIVE=/dev/ttyS1
export RESULTS LIVE
: >"$RESULTS/tap"
stty -F $LIVE raw 2>/dev/null || :
[ -c $LIVE ] && (echo '# dom0 is up' >$LIVE) 2>/dev/null || LIVE=/dev/console

. /job/conf
. /job/dom0/lib.sh

cp -a /job/stage/. / && ldconfig
if ! start_xen_services; then
    TOPIC=boot not_ok services "xenstored or xenconsoled does not start"
elif [ "${SCRIPT:-}" ]; then
    cd /root || exit 1
    (
        sh /job/script 2>&1
        echo $? >/job/results/status
    ) | tee /job/results/output >$LIVE
else
    sh /job/dom0/runner.sh
fi
mkdir -p "$RESULTS/log"
cp -a /var/log/xen "$RESULTS/log/" 2>/dev/null
xl dmesg >"$RESULTS/log/xl-dmesg" 2>&1
echo done >"$RESULTS/complete"
tar -C "$RESULTS" -cf "$RESULT_DISK" .
sync
