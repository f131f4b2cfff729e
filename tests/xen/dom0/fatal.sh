# SPDX-License-Identifier: LGPL-2.1-or-later
# Load /job/blob, which check says crashes the host by RULE, into the domain
# DOMAIN, which has never run; then do what makes it take effect: for some
# rules that is more than to load it, to fetch the context and to run the
# domain.  A script of tests/xen/run.
. /job/conf
. /job/dom0/lib.sh

# hex_of RECORD
hex_of() {
    ctxedit /job/blob hex "$1" | tr -d ' \n'
}

# runs OCTETS [EDIT...]: with the edits, too, load it; each vCPU runs these
# octets, over and over, from where vCPU 0 is to begin.
runs() {
    runs_octets=$1
    shift
    ctxedit /job/blob list | grep -q '^CPU/1 ' ||
        set -- add CPU/1 "$(hex_of CPU/0)" "$@"
    ctxedit /job/blob run.hvm "$@"
    raw_set "$(domid "$DOMAIN")" run.hvm run.hvm
    trigger octets "$(domid "$DOMAIN")" \
        "$(ctxedit run.hvm get CPU/0 rip)" "$runs_octets"
}

# hvm_irq ends with 48 octets, at 68 (4.14, 4.17), which count who asserts an
# interrupt.  The route of a PCI link chooses the one to count up: above 47 it
# is another's memory, and these are where its heap may keep the length of what
# is allocated next.
count_beyond() {
    for route in 68 84 100 116 132 148 164 180; do
        ctxedit /job/blob link.hvm put PCI_LINK 0:1 "$route"
        raw_set "$(domid "$DOMAIN")" link.hvm link.hvm
        trigger intx "$(domid "$DOMAIN")" 0
    done
    hostxl destroy "$DOMAIN"
    sleep 5
}

xl-context check --target=host /job/blob
sync
case $RULE in
live-crash-pci-link) count_beyond ;;
# It divides when the guest reads the current count of a timer that has an
# initial one: mov 0xfee00390,%eax; jmp .-5
live-crash-timer-divisor)
    runs a19003e0feebf9 put LAPIC_REGS/0 0x380:4 0x1000000 \
        put LAPIC_REGS/1 0x380:4 0x1000000
    ;;
# It takes the lock of a domain that is not there when the guest writes to a
# PIC: out %al,$0x21; out %al,$0xa1; jmp .-4
live-crash-pic-role) runs e621e6a1ebfa ;;
*) raw_set "$(domid "$DOMAIN")" /job/blob /job/blob ;;
esac
echo "# loaded"
"$XENBIN/xen-hvmctx" "$(domid "$DOMAIN")" >/dev/null
hostxl unpause "$DOMAIN"
sleep 5
"$XENBIN/xen-hvmctx" "$(domid "$DOMAIN")" >/dev/null
hostxl destroy "$DOMAIN"
