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

# guest_says NAME KEY...: what the newest complete lines of a guest's console
# say, a line for each key: ready (number of vCPUs), counters (of all of them),
# cpuN (counter), patN, sysN, mtrr.  One process: each costs a tenth of a
# second and more here.
guest_says() {
    says_log=$(guest_log "$1")
    shift
    awk -v keys="$*" '
        function word_after(word, line,    f, i, n) {
            n = split(line, f, " ")
            for (i = 3; i < n; i++)
                if (f[i] == word)
                    return f[i + 1]
        }
        function count(cpu,    f) {
            split(last["cpu" cpu], f, " ")
            return f[2]
        }
        # the line before this one is complete
        have ~ /^(cpu|ready)/ {
            sub(/\r$/, "", have)
            last[substr(have, 1, index(have " ", " ") - 1)] = have
        }
        { have = $0 }
        END {
            split(last["ready"], ready, " ")
            n = split(keys, key, " ")
            for (k = 1; k <= n; k++) {
                word = number = key[k]
                sub(/[0-9]+$/, "", word)
                sub(/^[a-z]+/, "", number)
                said = ""
                if (word == "ready")
                    said = ready[2]
                else if (word == "cpu")
                    said = count(number)
                else if (word == "counters")
                    for (i = 0; i < ready[2]; i++)
                        said = said (i ? " " : "") count(i)
                else
                    said = word_after(word, last["cpu" (number + 0)])
                print said
            }
        }' "$says_log" 2>/dev/null
}

# The number of CPUs that the guest's init has found, or nothing.
guest_cpus() {
    guest_says "$1" ready
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
        [ "$(guest_says "$1" "pat$has_pat")" = 0407050600070106 ] || return 1
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
    # shellcheck disable=SC2046 # words
    set -- $(guest_says "$1" ready counters)
    [ $# -gt 1 ] && [ $# -eq $(($1 + 1)) ] || return 1
    shift
    for up_count; do
        [ "$up_count" -ge 2 ] || return 1
    done
}

guest_counters() {
    guest_says "$1" counters
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
# p1, p2: PVH with 1 and 2 vCPUs; h2: HVM with 2 and Viridian; v1: PV.  p1 has
# the older ABI of event channels, p2 as many of them as the newer one allows.

# guest_shared COMMAND NAME: run guest_create or guest_up for it.
guest_shared() {
    case $2 in
    p1) (GUEST_ARGS=xen.fifo_events=0; "$1" p1 pvh 1) ;;
    p2) "$1" p2 pvh 2 'max_event_channels=131071' ;;
    h2) "$1" h2 hvm 2 'viridian=1' ;;
    v1) "$1" v1 pv 1 ;;
    esac
}

# guest_park NAME: pause one that counts, until guest_need wants it: an
# emulated guest takes a good part of a CPU even when it does next to nothing.
guest_park() {
    hostxl pause "$1" && : >"/tmp/parked.$1"
}
