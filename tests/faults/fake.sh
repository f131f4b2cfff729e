#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The fake Xen itself: that its traps snap, and that it has all that
# libxlcontext calls.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"

world
fx create g pvh 2 >/dev/null
ok "a guest that nobody touched is alive" fx alive g

# The habits of the loader, each of them a guest that is damaged.
load() {   # file
    "$FAULTS_BUILD/fakexen" load g "$1"
}
fx pause g
fx blob g blob
state g >before
ok "a context goes back" load blob
state g >after
not_ok "and has done harm: the saver cannot tell MTRR pairs, PAT is gone" \
    cmp -s before after

world
fx create g pvh 2 >/dev/null
fx pause g
fx blob g blob
fx event g 1
load blob
fx unpause g
not_ok "an old LAPIC_REGS loses the upcall: vCPU 1 hangs" fx alive g

world
fx create g pvh 2 >/dev/null
fx pause g
fx blob g blob
ce blob part drop CPU/1
load part
fx unpause g
not_ok "a vCPU without CPU record stays down" fx alive g

world
fx create g pvh 2 >/dev/null
fx pause g
fx put g 8 0 0 1 0x10
fx blob g blob
state g >before
ce blob part drop PCI_IRQ drop MTRR/0 drop MTRR/1
load part
state g >after
is "ISA_IRQ alone counts twice" \
    "$(sed -n 2p before | cut -d' ' -f6) $(sed -n 2p after | cut -d' ' -f6)" \
    "1 2"

world
fx create g pvh 2 >/dev/null
fx pause g
fx blob g blob
ce blob part put CPU/0 pending_event 0x80000100
not_ok "an invalid pending event is refused" load part
is "and crashes the domain" "$(fx get g crashed)" 1

world
fx create g pvh 2 >/dev/null
fx pause g
fx blob g blob
ce blob part put CPU/1 cr0 0x1
not_ok "a bad CR0 is refused" load part
ok "in the hypervisor's log" grep -q "HVM1 restore: bad CR0 0x1" \
    "$FAKE_XEN/console"
is "and leaves vCPU 1 down" "$(fx get g up)" 1

world
fx create g pvh 1 >/dev/null
fx xsave g 0 7
fx pause g
fx blob g blob
before=$(fx peek g 16 0 600 8)
ce blob part drop CPU_XSAVE put CPU/0 160:8 0
load part
is "a CPU load rewrites the legacy part of the XSAVE area" \
    "$(fx peek g 16 0 184 8)" 0
is "and no more of it on 4.17" "$(fx peek g 16 0 600 8)" "$before"
fx xen 4 20
load part
is "on 4.20 it clears all of it" "$(fx peek g 16 0 600 8)" 0

# Every Xen function that the libraries call is one of ours: else the real
# one would be reached, or nothing.
lib=$top/libxl-plugin/.libs/libxlcontext.so
if [ -e "$lib" ]; then
    nm -D --undefined-only "$lib" |
        sed -n 's/^ *U \([a-z_0-9]*\).*/\1/p' |
        grep -E '^(xc_|libxl_|xenforeignmemory_)' | sort -u >wanted
    for so in "$fake_libs"/libxen*.so.*; do
        nm -D --defined-only "$so" | sed 's/.* T //; s/@.*//'
    done | sort -u >given
    is "the fake has every call of libxlcontext" \
        "$(comm -23 wanted given)" ""
    for so in "$fake_libs"/libxen*.so.*; do
        readelf -d "$so" | sed -n 's/.*soname: \[\(.*\)\]/\1/p'
    done | sort >ours
    readelf -d "$lib" | sed -n 's/.*NEEDED.*\[\(libxen.*\)\]/\1/p' |
        grep -v -e libxentoollog -e libxentoolcore | sort >needed
    is "under the same sonames" "$(comm -13 ours needed)" ""
else
    skip "the fake has every call of libxlcontext" "no shared library"
fi
done_testing
