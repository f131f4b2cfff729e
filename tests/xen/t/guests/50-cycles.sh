# SPDX-License-Identifier: LGPL-2.1-or-later
# CYCLES times (15, or what the environment says): save -p, seconds, restore,
# unpause, on two guests under interrupt load at once.

guest_need p2 h2
for name in p2 h2; do
    guest_sees "$name" >"before.$name"
    case $(cat "before.$name") in
    *"0407050600070106 0407050600070106"*)
        ok "$name: PAT is not the reset value" ;;
    *)
        not_ok "$name: PAT is not the reset value" "$(cat "before.$name")" ;;
    esac
done
check_match "h2: it has variable MTRRs" ' reg0*0' before.h2

# went_on NAME: every vCPU of it has counted on, and it sees what it saw.  One
# look at its console: each takes most of a second here.
went_on() {
    guest_says "$1" counters pat0 pat1 mtrr >"now.$1"
    counted_on "$(cat "from.$1")" "$(head -n 1 "now.$1")" &&
        [ "$(tail -n +2 "now.$1" | paste -s -d ' ')" = "$(cat "before.$1")" ]
}

cycle_all() {
    for name in p2 h2; do
        xl context-save -p "$name" "$name.ctx" || return 1
        # What is equal is not loaded: one register that no guest uses
        # makes each cycle load the vCPUs and what goes with them.
        ctxedit "$name.ctx" "$name.new" put CPU/1 dr3 "$((cycle + 4096))"
    done
    sleep 2
    for name in p2 h2; do
        xl -v context-restore "$name" "$name.new" >said 2>&1 &&
            grep -Eq ' [1-9][0-9]* records loaded' said || {
            cat said
            return 1
        }
        guest_counters "$name" >"from.$name"
        hostxl unpause "$name"
    done
    for name in p2 h2; do
        wait_for 60 went_on "$name" || {
            echo "$name: counters were $(cat "from.$name"), it saw" \
                "$(cat "before.$name"); now $(paste -s -d ' ' "now.$name")"
            hostxl vcpu-list "$name"
            return 1
        }
    done
}

# Under QEMU 7.2's SVM a guest's vCPU now and then comes back from VMRUN with
# Xen's own registers (cs e008, RIP in Xen) or others that no guest had, and
# triple-faults; one that was only paused does so, too.  A guest that crashed
# is started anew and its cycle does not count; one that hangs, which is what
# a lost interrupt does, fails the test.  So does a crash that comes often.
crashes=0
replace_crashed() {
    [ "$(triple_faults)" -gt "$faults" ] || return 1
    crashes=$((crashes + 1))
    diag "cycle $cycle: a guest crashed with $(last_triple_fault)"
    guest_destroy p2
    guest_destroy h2
    guest_need p2 h2
    for name in p2 h2; do
        guest_sees "$name" >"before.$name"
    done
}

cycle=1
while [ "$cycle" -le "${CYCLES:-15}" ]; do
    faults=$(triple_faults)
    if cycle_all >said.all 2>&1; then
        ok "cycle $cycle"
    elif [ "$crashes" -lt 8 ] && replace_crashed; then
        continue
    else
        not_ok "cycle $cycle" "$(tail -n 1 said.all)"
        diag_file said.all
        break
    fi
    cycle=$((cycle + 1))
done
check_same "all cycles done" "$((${CYCLES:-15} + 1))" "$cycle"
diag "$crashes times a guest crashed in emulation"
guest_alive p2 "every vCPU counts at the end"
guest_alive h2 "every vCPU counts at the end"
