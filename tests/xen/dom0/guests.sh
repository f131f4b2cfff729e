# SPDX-License-Identifier: LGPL-2.1-or-later
# Shell library of the scripts that run inside dom0: Xen's services, and
# guests.  Sourced by lib.sh.  What frozen machines hold was made by it, so a
# change here makes them anew: what judges guests is in lib.sh.
#
# It calls diag TEXT of lib.sh.

GUEST_LOGS=/var/log/xen/console
for XENBIN in /usr/lib/xen-4.*/bin; do
    :
done

# The host's own xl for the harness itself; "xl" is what is under test.
hostxl() {
    "$XENBIN/xl" "$@"
}

# --- Xen's own services ---------------------------------------------------

start_xen_services() {
    for module in xenfs xen-privcmd xen-evtchn xen-gntdev xen-gntalloc; do
        modprobe "$module" 2>/dev/null || :
    done
    mount -t xenfs xenfs /proc/xen
    mkdir -p /run/xen /var/run/xen /var/log/xen/console /run/xenstored \
        /var/lib/xen /var/lib/xenstored
    "$XENBIN/oxenstored" >/dev/null 2>&1 ||
        "$XENBIN/xenstored" >/dev/null 2>&1 || return 1
    wait_for 60 xenstore-ls || return 1
    "$XENBIN/xen-init-dom0" >/dev/null 2>&1 || return 1
    "$XENBIN/xenconsoled" --log=all
}

# wait_for SECONDS COMMAND...: try twice a second, then more rarely: looking
# takes most of an emulated processor, which is what a booting guest's device
# model waits for.
wait_for() {
    wait_until=$(($(uptime_s) + $1))
    wait_tries=0
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(uptime_s)" -lt "$wait_until" ] || return 1
        wait_tries=$((wait_tries + 1))
        if [ "$wait_tries" -lt 5 ]; then
            sleep 0.5
        else
            sleep 3
        fi
    done
}

uptime_s() {
    read -r uptime_now _ </proc/uptime
    echo "${uptime_now%.*}"
}

# --- guests ---------------------------------------------------------------

# vcpu_places NAME TYPE VCPUS: each vCPU has an emulated processor that no other
# vCPU running beside it has.  QEMU's SVM does not survive it for long that one
# processor switches between two: a vCPU comes back with Xen's own registers.
vcpu_places() {
    case $1:$2 in
    p1:*) place=5 ;;
    *:hvm) place=3 ;;
    *) place=1 ;;
    esac
    places=$(seq -f '"%g"' -s , "$place" $((place + $3 - 1)))
    echo "cpus=[$places]"
}

# guest_config NAME TYPE VCPUS [CONFIG-LINE...]: write /tmp/NAME.cfg.  TYPE is
# pvh, hvm or pv.  Kernel arguments for the guest's init: GUEST_ARGS.
guest_config() {
    guest=$1 guest_type=$2 guest_vcpus=$3
    shift 3
    guest_cfg=/tmp/$guest.cfg
    {
        echo "name=\"$guest\""
        echo "type=\"$guest_type\""
        echo "vcpus=$guest_vcpus"
        vcpu_places "$guest" "$guest_type" "$guest_vcpus"
        echo 'kernel="/guest/vmlinuz"'
        echo 'ramdisk="/guest/initrd"'
        # QEMU 7.2 does not intercept XSETBV: a guest that enables XSAVE
        # changes XCR0 under the hypervisor and dom0, whose AVX registers
        # are then lost (crashes and wrong results at random).
        [ "${GUEST_XSAVE:-no}" = yes ] || echo 'cpuid="host,xsave=0"'
        echo 'on_crash="preserve"'
        echo 'on_reboot="preserve"'
        case $guest_type in
        hvm)
            echo 'memory=192'
            echo "cmdline=\"console=hvc0 quiet noxsave ${GUEST_ARGS:-}\""
            echo 'vga="none"'
            echo 'vnc=0'
            echo 'usb=0'
            ;;
        *)
            echo 'memory=128'
            echo "extra=\"console=hvc0 quiet noxsave ${GUEST_ARGS:-}\""
            ;;
        esac
        for guest_line; do
            echo "$guest_line"
        done
    } >"$guest_cfg"
}

# guest_create: the same, and start it.
guest_create() {
    guest_config "$@"
    rm -f "$GUEST_LOGS/guest-$guest.log"
    create_from "$guest_cfg"
}

# guest_unborn NAME: anew from its configuration, paused: it has never run.
guest_unborn() {
    guest_destroy "$1"
    create_from -p "/tmp/$1.cfg"
}

create_from() {
    hostxl create -q "$@" >/tmp/create.out 2>&1 || {
        diag "xl create $* failed:"
        diag_file /tmp/create.out
        return 1
    }
}

guest_log() {
    echo "$GUEST_LOGS/guest-$1.log"
}

# The end of a guest's console, which gets a line a second of each vCPU; all
# of it for what is said once.
guest_tail() {
    case $2 in
    ready) cat "$(guest_log "$1")" ;;
    *) tail -c 32768 "$(guest_log "$1")" ;;
    esac 2>/dev/null | tr -d '\r'
}

# guest_last NAME KEY: what the newest complete line of a guest's console
# says: ready (number of vCPUs), cpuN (counter), patN, sysN, mtrr.
guest_last() {
    guest_tail "$1" "$2" | awk -v key="$2" '
        BEGIN { word = key; sub(/[0-9]+$/, "", word)
                line = key; sub(/^[a-z]+/, "cpu", line)
                if (key == "ready") line = key
                if (key == "mtrr") line = "cpu0" }
        { if (have) { split(have, f, " "); if (f[1] == line) last = have }
          have = $0 }
        END { n = split(last, f, " ")
              if (word == "ready" || word == "cpu") print f[2]
              else for (i = 3; i < n; i++) if (f[i] == word) print f[i + 1]
            }'
}

# The number of CPUs that the guest's init has found, or nothing.
guest_cpus() {
    guest_last "$1" ready
}

# guest_wait_count NAME [SECONDS]: until every vCPU has counted to 2.
guest_wait_count() {
    wait_for "${2:-150}" guest_up_or_crashed "$1" && ! guest_crashed "$1"
}

guest_up_or_crashed() {
    guest_counts_up "$1" || guest_crashed "$1"
}

# Every vCPU reads the PAT that the guest's init wrote.
guest_has_pat() {
    has_pat=$(guest_cpus "$1")
    while [ "${has_pat:-0}" -gt 0 ]; do
        has_pat=$((has_pat - 1))
        [ "$(guest_last "$1" "pat$has_pat")" = 0407050600070106 ] || return 1
    done
}

# guest_up NAME TYPE VCPUS [CONFIG-LINE...]: created and counting.  An
# emulated boot fails at times (QEMU's SVM loses or doubles an interrupt of
# the guest), before anything that is tested here has run: up to 5 tries.
guest_up() {
    for up_try in 1 2 3 4 5; do
        domid "$1" >/dev/null || guest_create "$@" || return 1
        if ! guest_wait_count "$1" "${BOOT_TIMEOUT:-400}"; then
            diag "guest $1 did not boot (try $up_try):" \
                "$(hostxl list "$1" | awk 'NR == 2 { print "state", $5 }')"
        elif [ "$2" = pv ] || guest_has_pat "$1"; then
            return 0
        else
            # Under nested paging PAT is the processor's to switch, and the
            # emulated one does not always: such a guest cannot show
            # whether its PAT was kept.
            diag "guest $1 does not read the PAT it wrote (try $up_try)"
        fi
        guest_destroy "$1"
    done
    return 1
}

guest_crashed() {
    in_state "$1" sc
}

# How often Xen has said that a guest triple-faulted (its log is large enough
# to hold all of a run), and where the last one was.
triple_faults() {
    hostxl dmesg | grep -c 'Triple fault'
}
last_triple_fault() {
    hostxl dmesg | grep -A 5 'Triple fault' | grep -o 'RIP: .*' | tail -n 1
}

guest_counts_up() {
    up_n=$(guest_cpus "$1")
    [ -n "$up_n" ] || return 1
    up_cpu=0
    while [ "$up_cpu" -lt "$up_n" ]; do
        up_c=$(guest_last "$1" "cpu$up_cpu")
        [ "${up_c:-0}" -ge 2 ] || return 1
        up_cpu=$((up_cpu + 1))
    done
}

guest_counters() {
    gc_n=$(guest_cpus "$1")
    gc_cpu=0
    gc_all=
    while [ "$gc_cpu" -lt "${gc_n:-0}" ]; do
        gc_all="$gc_all $(guest_last "$1" "cpu$gc_cpu")"
        gc_cpu=$((gc_cpu + 1))
    done
    echo "${gc_all# }"
}

# in_state NAME LETTERS: xl list's state column has one of them.
in_state() {
    hostxl list "$1" 2>/dev/null | awk -v letters="[$2]" '
        NR == 2 && $5 ~ letters { found = 1 }
        END { exit !found }'
}

is_paused() {
    in_state "$1" p
}

is_running() {
    domid "$1" >/dev/null && ! is_paused "$1"
}

domid() {
    hostxl domid "$1" 2>/dev/null
}

domuuid() {
    hostxl list -v "$1" 2>/dev/null | awk 'NR == 2 { print $7 }'
}

guest_destroy() {
    rm -f "/tmp/parked.$1"
    hostxl destroy "$1" >/dev/null 2>&1 || :
    wait_for 60 guest_gone "$1"
}

guest_gone() {
    ! domid "$1"
}

# --- the guests that the topics share --------------------------------------
# p1, p2: PVH with 1 and 2 vCPUs; h2: HVM with 2 and Viridian; v1: PV.

# guest_shared COMMAND NAME: run guest_create or guest_up for it.
guest_shared() {
    case $2 in
    p1) "$1" p1 pvh 1 ;;
    p2) "$1" p2 pvh 2 ;;
    h2) "$1" h2 hvm 2 'viridian=1' ;;
    v1) "$1" v1 pv 1 ;;
    esac
}

# guest_park NAME: pause one that counts, until guest_need wants it: an
# emulated guest takes a good part of a CPU even when it does next to nothing.
guest_park() {
    hostxl pause "$1" && : >"/tmp/parked.$1"
}
