# SPDX-License-Identifier: LGPL-2.1-or-later
# Each kind of error that check can tell of this release, made in a blob of a
# domain that never runs, and loaded as it is: the hypervisor refuses it, or
# crashes the domain, exactly as check said.  What crashes the host goes out
# with the results: tests/xen/run loads each into a machine that may die of it.
#
# Machine: unborn

. /job/dom0/verdict.sh
throwaway

hex_of() {   # DOMAIN RECORD
    ctxedit "$1.hvm" hex "$2" | tr -d ' \n'
}
zeros() {
    printf "%0$(($1 * 2))d" 0
}
# le WIDTH HEX: a number, lowest byte first.
le() {
    le_rest=$(printf "%$(($1 * 2))s" "$2" | tr ' ' 0)
    while [ "$le_rest" ]; do
        le_last=${le_rest#"${le_rest%??}"}
        printf %s "$le_last"
        le_rest=${le_rest%??}
    done
}

# xsave ACCUM BV XCOMP RESERVED [MORE]: a CPU_XSAVE with the FCW and MXCSR of
# a reset; numbers are hex.
xsave() {
    le 8 7; le 8 "$1"; le 8 "$1"
    printf 7f03; zeros 22; printf 801f0000; zeros 484
    le 8 "$2"; le 8 "$3"; le 8 "$4"; zeros 40; printf %s "${5:-}"
}
# msr COUNT INDEX RESERVED VALUE: a CPU_MSR with one entry
msr() {
    le 8 "$1"; le 4 "$2"; le 4 "$3"; le 8 "$4"
}

# provoke DOMAIN ID EDITS...: a blob to be judged and loaded.  ID may be
# several, with | between them, where releases differ.
: >wanted
number=100
provoke() {
    provoke_from=$1
    number=$((number + 1))
    echo "$1.d/$number $2" >>wanted
    shift 2
    ctxedit "$provoke_from.hvm" "$provoke_from.d/$number" "$@" ||
        not_ok "provoke" "$*"
}

provoke x2 load-typecode add 0x48560015/0 "$(zeros 8)"
provoke x2 load-length drop PIT/0 add PIT/0 "$(zeros 55)"
# longer than on any release: 24 bytes, 32 since 4.20.1
provoke x2 load-length drop LAPIC/1 add LAPIC/1 "$(zeros 40)"
provoke x2 load-length drop RTC/0 add RTC/0 "$(zeros 25)"
provoke x2 load-length drop VMCE_VCPU/0 add VMCE_VCPU/0 "$(zeros 40)"
provoke x2 load-vcpus add TSC_ADJUST/5 "$(zeros 8)"
provoke x2 load-cpu-pad put CPU/0 pad0 1
provoke x2 load-cr0 put CPU/0 cr0 0x80000000
provoke x2 load-cr4 put CPU/0 cr4 0x80000000000006b0
provoke x2 load-efer put CPU/0 msr_efer 0x8000000000000000
provoke x2 load-efer-mode put CPU/0 msr_efer 0x400
provoke x2 load-cr3 put CPU/0 cr3 0x1000000000000000
provoke x2 load-cpu-flags put CPU/0 flags 2
provoke x2 load-tsc-aux put CPU/0 msr_tsc_aux 0x100000000
provoke x2 live-crash-pending-event put CPU/0 pending_event 0x80000780
provoke x2 live-crash-pending-event put CPU/0 pending_event 0x80100020
provoke x2 live-crash-error-code \
    put CPU/0 pending_event 0x80000b0d put CPU/0 error_code 0x10000
provoke x2 load-apic-base put LAPIC/0 apic_base_msr 0xfee00400
provoke x2 load-mtrr-count put MTRR/0 224:8 0x509
provoke x2 load-viridian-pad put VIRIDIAN_VCPU/0 9:1 1
provoke x2 load-mce-caps put VMCE_VCPU/0 caps 0x10000000000
provoke x2 load-mce-caps put VMCE_VCPU/0 caps 0x1000802
provoke x2 load-host-lacks put CPU/0 cr4 0x2006b0
provoke x2 'live-crash-pic-role|load-pic-role' put PIC/1 5:1 0x40
provoke x2 live-crash-timer-divisor put LAPIC/0 timer_divisor 0
provoke x1 live-crash-timer-divisor put LAPIC/1 timer_divisor 0x80000000
provoke x1 'live-crash-pci-link|load-link-route' put PCI_LINK 0:1 255
provoke x2 'live-crash-synthetic-timer|load-synthetic-timer|loads' \
    put VIRIDIAN_VCPU/0 152:8 0x10003 put VIRIDIAN_VCPU/0 16:8 0x7001
provoke x2 'live-crash-reference-tsc|load-viridian' \
    put VIRIDIAN_DOMAIN/0 24:8 0xffffffffffffffff
# of one that runs once, or is lazy, nothing is divided
provoke x2 loads put VIRIDIAN_VCPU/0 152:8 0x10001 \
    put VIRIDIAN_VCPU/0 160:8 0x10007 put VIRIDIAN_VCPU/0 16:8 0x7001
provoke x2 'live-crash-message-page|loads' put VIRIDIAN_VCPU/0 152:8 0x30001 \
    put VIRIDIAN_VCPU/0 184:8 1
provoke x1 load-kind add PIC/0 "$(hex_of x2 PIC/0)"
provoke x1 load-xsave-length add CPU_XSAVE/0 "$(xsave 3 3 0 0 | cut -c 1-1198)"
provoke x1 load-xsave-state add CPU_XSAVE/0 "$(xsave 3 4 0 0)"
provoke x1 load-xsave-state add CPU_XSAVE/0 "$(xsave 2 2 0 0)"
provoke x1 load-xsave-component \
    add CPU_XSAVE/0 "$(xsave 4000000000000003 3 0 0)"
provoke x1 load-xsave-compact \
    add CPU_XSAVE/0 "$(xsave 3 3 8000000000000003 0)"
provoke x1 load-xsave-reserved add CPU_XSAVE/0 "$(xsave 3 3 0 1)"
provoke x1 load-xsave-excess \
    add CPU_XSAVE/0 "$(xsave 3 3 0 0 0100000000000000)"
provoke x1 load-msr-length add CPU_MSR/0 "$(le 8 1)$(zeros 8)"
provoke x1 load-msr-length add CPU_MSR/0 "$(msr 2 140 0 1)"
provoke x1 load-msr-reserved add CPU_MSR/0 "$(msr 1 140 1 1)"
# one that no release knows, and one that none keeps there
provoke x1 load-msr-unknown add CPU_MSR/0 "$(msr 1 9999 0 1)"
provoke x1 load-msr-unknown add CPU_MSR/0 "$(msr 1 10 0 1)"
provoke x1 load-msr-value add CPU_MSR/0 "$(msr 1 140 0 2)"
provoke x1 load-msr-value add CPU_MSR/0 "$(msr 1 da0 0 1)"
provoke x1 load-host-lacks add CPU_MSR/0 "$(msr 1 c0011027 0 1)"

# harmless NAME: what does not crash the host.
harmless() {
    awk -v its="$1.d/" 'index($1, its) == 1 && $2 != "host" { print $1 }' \
        judged.txt
}

# The frame of a blob.  What is damaged is refused with whatever errno.
provoke x2 hvm-magic put HEADER/0 magic 0x54381287
provoke x2 hvm-version put HEADER/0 version 2
provoke x2 load-typecode add HEADER/1 "$(hex_of x2 HEADER/0)"
provoke x2 load-instance add PIC/2 "$(hex_of x2 PIC/0)"
# no END: the descriptor that each blob ends with
number=$((number + 1))
head -c -8 x2.hvm >"x2.d/$number"
echo "x2.d/$number hvm-end-missing" >>wanted

# And what is clean: the contexts themselves, and what loads with a word.
cp x1.hvm x1.d/000 && cp x2.hvm x2.d/000
provoke x1 loads add CPU_XSAVE/0 "$(xsave 3 3 0 0)"
provoke x1 loads add CPU_XSAVE/0 "$(xsave 3 3 0 0 0000000000000000)"
provoke x1 loads add CPU_MSR/0 "$(msr 1 140 0 1)"
provoke x2 loads drop RTC/0 add RTC/0 "$(zeros 16)"
provoke x2 loads drop MTRR/0
provoke x2 loads put MTRR/0 8:8 0x2

{ judged x1 x1.d/* && judged x2 x2.d/*; } >judged.txt
# shellcheck disable=SC2046 # lists
{ loaded_raw x1 $(harmless x1) && loaded_raw x2 $(harmless x2); } >raw.txt ||
    not_ok "raw loads" "raw_set stopped after $(tail -n 1 raw.txt)"

agreement judged.txt raw.txt >agreement
mkdir -p "$RESULTS/fatal"
while read -r file id; do
    is=$(awk -v file="$file" '$1 == file { print $2 }' raw.txt)
    first=$(first_rule "$file")
    if [ -z "$is" ] && echo "$first" | grep -Exq "$id"; then
        cp "$file" "$RESULTS/fatal/${file%%.*}-$first"
        ok "$first: left to a machine that may die of it"
    elif [ -z "$is" ]; then
        not_ok "$id ($file)" "check says it crashes the host"
        said_of "$file" | diag_file
    elif grep "^$file: " agreement >differs; then
        not_ok "$id ($file)" "$(cat differs)"
    elif [ "$id" = loads ] && [ "$is" != loaded ]; then
        not_ok "$id ($file)" "it is refused, as check says: $is"
    elif [ "$is" = loaded ] && echo loads | grep -Exq "$id"; then
        ok "$id: loaded"
    elif [ "$id" != loads ] && ! said_of "$file" | grep -qE "\[($id)\]"; then
        not_ok "$id ($file)" "check has another reason"
        said_of "$file" | diag_file
    else
        ok "$id: $is"
    fi
done <wanted
for name in x1 x2; do
    check_same "$name: its own context" "$name.d/000 loaded" \
        "$(grep "^$name.d/000 " raw.txt)"
done
diag "check and the hypervisor agree in $(head -n 1 agreement |
    sed 's/ / of /') blobs"
guest_destroy x1
guest_destroy x2
