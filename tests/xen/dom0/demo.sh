#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The part of ./demo that runs inside dom0 of the emulated Xen host.
. /job/dom0/lib.sh

say() {
    printf '\n-- %s\n' "$*"
}

# Show a command and what it prints.
show() {
    echo "dom0# $*"
    "$@" 2>&1 | sed 's/^/      /'
}

# The same, and end the demo if it fails.
must() {
    echo "dom0# $*"
    if "$@" >/tmp/demo.out 2>&1; then
        [ -s /tmp/demo.out ] || echo '(exit status 0)' >/tmp/demo.out
        sed 's/^/      /' /tmp/demo.out
    else
        demo_rc=$?
        sed 's/^/      /' /tmp/demo.out
        echo "The demo stops here: that was not expected (exit $demo_rc)."
        exit 1
    fi
}

counts() {
    set -- $(guest_counters demo)
    echo "The guest counts on each vCPU: vCPU 0 is at ${1:-?}, vCPU 1 at ${2:-?}."
}

echo "Xen and its dom0 are up."
show xl info -n 2>/dev/null | grep -E 'dom0#|xen_version|xen_caps|virt_caps' |
    head -n 4

# The frozen machine may have one that counts already.
if [ -e /tmp/parked.h2 ]; then
    say "An HVM guest with two vCPUs, from a frozen machine: it counts on both"
    hostxl rename h2 demo
    ln -sf "$(guest_log h2)" "$(guest_log demo)"
    hostxl unpause demo
else
    say "Start an HVM guest with two vCPUs, and wait until it counts on both"
    echo "dom0# xl create demo.cfg"
    guest_up demo hvm 2 'viridian=1' || {
        echo "The guest does not come up."
        diag_file "$(guest_log demo)"
        exit 1
    }
fi
show xl list
counts

say "Save its context and leave it paused"
must xl -v context-save -p demo demo.ctx
show ls -l demo.ctx

say "What is in the image"
must xl context-show --list demo.ctx
must xl context-show --record=CPU/0 demo.ctx

say "Would this host take it?"
must xl context-check --target=host demo.ctx

say "A dry run of the restore"
must xl -N context-restore demo demo.ctx

say "Edit a register of both vCPUs, and restore for real"
must xl context-show --field=sysenter_eip demo.ctx
must xl context-edit --set CPU/0.sysenter_eip=0xffffffff81234560 \
    --set CPU/1.sysenter_eip=0xffffffff81234560 demo.ctx edited.ctx
must xl -v context-restore demo edited.ctx
must xl unpause demo

if counters_advance demo 60 >/tmp/demo.out; then
    counts
    echo "In the guest, the register now reads 0x$(guest_says demo sys0)."
else
    cat /tmp/demo.out
    echo "The guest does not count on: that was not expected."
    exit 1
fi

say "The guest has run since: the same image fits no more, and is refused"
echo "dom0# xl context-restore demo demo.ctx"
xl context-restore demo demo.ctx >/tmp/demo.out 2>&1
demo_rc=$?
sed 's/^/      /' /tmp/demo.out
echo "      (exit status $demo_rc)"
counters_advance demo 60 >/tmp/demo.out && counts

[ "$demo_rc" = 4 ] || exit 1
say "Done: saved, edited, restored, and the guest never noticed."
