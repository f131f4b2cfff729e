# SPDX-License-Identifier: LGPL-2.1-or-later
# What does not fit is refused and the guest is not touched; what the
# hypervisor refuses is put back.

guest_need p1 p2

# An image of another guest.
xl context-save p2 p2.ctx
hostxl pause p1
xl context-save p1 before.ctx
check_exit "an image of another guest is refused" 4 \
    xl context-restore p1 p2.ctx
check_match "and the message says whose it is not" 'live-other-guest' /tmp/err
xl context-save p1 after.ctx
check "the guest is untouched" same_context before.ctx after.ctx '^LAPIC_REGS'
check_exit "a bare image is refused" 4 sh -c \
    'xl context-save --bare p1 bare.ctx && xl context-restore p1 bare.ctx'
check_match "and the message says why" 'live-no-provenance' /tmp/err
check_exit "a damaged image is refused" 3 sh -c '
    ctxedit before.ctx bad.ctx keepdigest put CPU/0 rbx 0x1234567 &&
    xl context-restore --force p1 bad.ctx'
xl context-save p1 after.ctx
check "the guest is untouched" same_context before.ctx after.ctx '^LAPIC_REGS'
hostxl unpause p1
guest_alive p1 "it counts on"

# What crashes a domain inside the load is never loaded.
xl context-save -p p2 p2.ctx
ctxedit p2.ctx crash.ctx put CPU/0 pending_event 0x80000780
check_exit "an invalid pending event, --force" 4 \
    xl context-restore --force p2 crash.ctx
check_match "is known to crash the domain" 'live-crash-pending-event' /tmp/err

# A record that the hypervisor refuses.
ctxedit p2.ctx cr0.ctx put CPU/1 cr0 0x80000000
check_exit "a bad CR0 is foreseen" 4 xl context-restore p2 cr0.ctx
check_match "and named" 'load-cr0' /tmp/err
check_exit "a bad CR0, --force: the hypervisor refuses" 5 \
    xl context-restore --force p2 cr0.ctx
cp /tmp/err force.err
check_match "the message says that it was put back" 'live-set-failed' force.err
check_match "the hypervisor's own words are shown" '(CR0|cr0)' force.err
check "it is still paused" is_paused p2
xl context-save p2 after.ctx
check "its context is what it was" \
    same_context p2.ctx after.ctx '^LAPIC_REGS'
hostxl unpause p2
guest_alive p2 "every vCPU counts on"
