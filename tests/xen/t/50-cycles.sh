# SPDX-License-Identifier: LGPL-2.1-or-later
# CYCLES times (15, or what the environment says): save -p, seconds, restore,
# unpause, on two guests under interrupt load at once.

guest_need p2 h2
for name in p2 h2; do
    guest_sees "$name" >"before.$name"
    case $(cat "before.$name") in
    *"pat0 0407050600070106 pat1 0407050600070106"*)
        ok "$name: PAT is not the reset value" ;;
    *)
        not_ok "$name: PAT is not the reset value" "$(cat "before.$name")" ;;
    esac
done
check_match "h2: it has variable MTRRs" 'mtrr reg0*0' before.h2

cycle_all() {
    for name in p2 h2; do
        xl context-save -p "$name" "$name.ctx" || return 1
    done
    sleep 3
    for name in p2 h2; do
        # What is equal is not loaded: one register that no guest uses
        # makes each cycle load the vCPUs and what goes with them.
        ctxedit "$name.ctx" "$name.new" put CPU/1 dr3 "$((cycle + 4096))"
        xl context-restore "$name" "$name.new" || return 1
        xl context-save "$name" "$name.now" || return 1
        dr3=$(ctxedit "$name.now" get CPU/1 dr3)
        [ $((dr3)) = $((cycle + 4096)) ] || {
            echo "$name: dr3 is $dr3 after the load of $((cycle + 4096))"
            return 1
        }
        guest_counters "$name" >"from.$name"
        hostxl unpause "$name"
    done
    for name in p2 h2; do
        wait_for 60 counters_beyond "$name" "$(cat "from.$name")" || {
            echo "$name: counters were $(cat "from.$name")," \
                "now $(guest_counters "$name")"
            hostxl vcpu-list "$name"
            return 1
        }
        [ "$(guest_sees "$name")" = "$(cat "before.$name")" ] || {
            echo "$name: saw $(cat "before.$name"), now $(guest_sees "$name")"
            return 1
        }
    done
}

cycle=0
while [ "$cycle" -lt "${CYCLES:-15}" ]; do
    cycle=$((cycle + 1))
    check "cycle $cycle" cycle_all || break
done
check_same "all cycles done" "${CYCLES:-15}" "$cycle"
guest_alive p2 "every vCPU counts at the end"
guest_alive h2 "every vCPU counts at the end"
