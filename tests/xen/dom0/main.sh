# SPDX-License-Identifier: LGPL-2.1-or-later
# What dom0 runs of a job.  /job holds dom0/ (this folder), conf (variables
# from the host), guest/ (what the guests boot), and in a job of tests t/ (the
# scripts) and stage/ (what is under test).  conf has in MAKE the machines to
# make of this one before; FREEZE=yes if that is all, which ends with 99.
#
# The third disk takes the results as a tar; the second serial port shows
# each result as it comes.
mkdir -p /job/results /job/stage
RESULTS=/job/results
LIVE=/dev/ttyS1
export RESULTS LIVE
: >"$RESULTS/tap"
stty -F $LIVE raw 2>/dev/null || :
echo '# machine: dom0 is up' >$LIVE

. /job/conf
. /job/dom0/lib.sh

for kind in $MAKE; do
    (. "/job/dom0/make-$kind.sh") || {
        TOPIC=boot not_ok "the machine $kind" "it cannot be made"
        FREEZE=no SCRIPT=no SHELL_THERE=no
        : >/job/topics
        break
    }
done
[ "${FREEZE:-no}" != yes ] || {
    sync
    echo "# made" >$LIVE
    exit 99
}

cp -a /job/stage/. / && ldconfig
if [ "${SHELL_THERE:-no}" = yes ]; then
    cd /root || exit 1
    stty -F $LIVE sane
    setsid -c bash -i <$LIVE >$LIVE 2>&1
elif [ "${SCRIPT:-no}" = yes ]; then
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
hostxl dmesg >"$RESULTS/log/xl-dmesg" 2>&1
triple_faults >"$RESULTS/triple-faults"
echo done >"$RESULTS/complete"
tar -C "$RESULTS" -cf "$RESULT_DISK" .
sync
echo '# machine: all is written' >$LIVE
