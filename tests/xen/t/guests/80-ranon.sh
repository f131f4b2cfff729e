# SPDX-License-Identifier: LGPL-2.1-or-later
# Save, let the guest run ten seconds, restore: refused, and the sentence
# says how long it ran; --force loads it (and that is the end of this guest).

guest_need p2
xl context-save p2 old.ctx
sleep 10
check_exit "a guest that ran on: refused" 4 xl context-restore p2 old.ctx
check_match "by name" 'live-ran-on' /tmp/err
check_match "and how long it ran" '[0-9]+([.][0-9]+)? *(ns|us|ms|s|sec)' /tmp/err
check_exit "the dry run says the same" 4 xl -N context-restore p2 old.ctx
guest_alive p2 "every vCPU counts on"

# The harness sees a vCPU that was lost: the whole context fetched, and set
# again three seconds later, wipes the interrupts that came in between.
naive_set "$(domid p2)" 3
if counters_advance p2 20 >/tmp/out; then
    skip "a naive set hangs the guest" "it did not this time"
else
    ok "a naive set hangs the guest, and that is seen"
fi

hostxl pause p2
check "with --force it is loaded" xl context-restore --force p2 old.ctx
xl context-save p2 now.ctx
check_same "the old registers are there" "$(ctxedit old.ctx get CPU/0 rip)" \
    "$(ctxedit now.ctx get CPU/0 rip)"
guest_destroy p2
