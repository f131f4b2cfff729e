# SPDX-License-Identifier: LGPL-2.1-or-later
# Interrupt state loaded into guests that have run.  Each load comes two
# seconds after the context was fetched (slow_set), so that upcalls are lost
# with it, as a naive load shows, where a local APIC delivers them (Linux 6.0
# on Xen 4.17); each vCPU is given its own, and all count on.  On Xen 4.14 the
# guests have one vector for all vCPUs, and none is lost.

# a cycle takes as long as five of 50-cycles
cycles=$((CYCLES / 5))

# cycle NAME: save, and restore with another vector in a masked local
# interrupt, which only a load of LAPIC_REGS brings.
cycle() {
    xl context-save -p "$1" "$1.ctx" || return 1
    for vcpu in $vcpus; do
        ctxedit "$1.ctx" "$1.ctx" put "LAPIC_REGS/$vcpu" 0x370:4 \
            $((0x10000 + 32 + n)) || return 1
    done
    LD_PRELOAD=/usr/local/lib/slow_set.so SLOW_SET=2 \
        xl-context -v restore "$1" "$1.ctx" >said 2>&1 || {
        cat said
        return 1
    }
    for vcpu in $vcpus; do
        xl context-save "$1" now.ctx
        [ "$(ctxedit now.ctx get "LAPIC_REGS/$vcpu" 0x370:4)" = \
            "$(printf '0x%x' $((0x10000 + 32 + n)))" ] || {
            echo "vCPU $vcpu: the value is not there"
            return 1
        }
    done
    hostxl unpause "$1"
    counters_advance "$1" 30
}

for name in p1 p2 h2; do
    guest_need "$name"
    vcpus=$(seq 0 $(($(guest_cpus "$name") - 1)))
    n=1
    while [ "$n" -le "$cycles" ]; do
        cycle "$name" >cycle.out 2>&1 || {
            diag_file cycle.out
            break
        }
        n=$((n + 1))
    done
    check_same "$name: cycles after which every vCPU counts on" "$cycles" \
        $((n - 1))
done
