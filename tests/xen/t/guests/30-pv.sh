# SPDX-License-Identifier: LGPL-2.1-or-later
# A PV guest: captured for inspection, never restored.

guest_need v1
check "save of a PV guest" xl context-save v1 pv.ctx
xl-context show --list pv.ctx >show.txt
for name in START SHARED_INFO TSC_INFO END; do
    check_match "it has $name" "$name" show.txt
done
check "it has no HVM record" sh -c '! grep -E "HVM_|CPU" show.txt'
check_exit "restore is refused" 4 xl context-restore v1 pv.ctx
check_match "and the message says why" 'live-pv-restore' /tmp/err
check_exit "restore --force is refused" 4 xl context-restore --force v1 pv.ctx
guest_alive v1 "it counts on"
check "it is not paused" is_running v1
guest_destroy v1
