# SPDX-License-Identifier: LGPL-2.1-or-later
# What "diagnose" says on a real Xen: nothing of guests that are well, however
# often it looks; of those that stand still, just why.  Guests of a few bytes
# (tiny_guest) stand still as they are told to.

# well NAME WHAT [OPTION...]: nothing is found in TIMES diagnoses.
well() {
    well_name=$1 well_what=$2 well_n=0 well_bad=0
    shift 2
    : >bad.out
    while [ "$well_n" -lt "$TIMES" ]; do
        xl context-diagnose --interval=0.2 "$@" "$well_name" \
            >well.out 2>&1 || {
            well_bad=$((well_bad + 1))
            cat well.out >>bad.out
        }
        well_n=$((well_n + 1))
    done
    diag "$well_name: $well_n diagnoses, $well_bad with findings"
    check_same "$well_what: nothing is found in $well_n diagnoses" 0 \
        "$well_bad" || diag_file bad.out
}

# look NAME [OPTION...]: what is found is in $looked.
look() {
    look_name=$1
    shift
    look_rc=0
    xl context-diagnose --interval=0.3 "$@" "$look_name" >finds.out 2>&1 ||
        look_rc=$?
    looked=$(awk '/^after the cure/ { found = all = "" }
        /^found:/ { found = 1 } /^(worth knowing|not seen)/ { found = "" }
        found && /^    \[/ { all = all $1 "\n" } END { printf "%s", all }' \
        finds.out | tr -d '[]' | sort -u | paste -s -d ' ')
}

# finds WHAT NAME "ID..." [OPTION...]: those patterns and no other.  A guest
# that spins has all of its time on a processor of hardware; where it is
# emulated on one that others want, too, it is looked at up to ten times.
finds() {
    finds_what=$1 finds_name=$2 finds_ids=$3
    shift 3
    look "$finds_name" "$@"
    for _ in 2 3 4 5 6 7 8 9 10; do
        [ ! "$looked" ] && [ $# -eq 0 ] || break
        case $finds_ids in *spin*) look "$finds_name" ;; esac
    done
    check_same "$finds_what" "$finds_ids" "$looked" || {
        diag_file finds.out
        return 1
    }
    [ "$look_rc" = "$([ "$finds_ids" ] && echo 1 || echo 0)" ] ||
        not_ok "$finds_what" "exit $look_rc"
}

# tiny HEX [VCPUS]: the guest "t" of that program, paused, and its context in
# t.ctx.
tiny() {
    guest_destroy t
    tiny_guest "$1" t.elf
    {
        echo 'name="t"'
        echo 'type="pvh"'
        echo "vcpus=${2:-1}"
        echo 'cpus=["1","2"]'
        echo 'memory=16'
        echo "kernel=\"$PWD/t.elf\""
        echo 'on_poweroff="preserve"'
        echo 'on_reboot="preserve"'
        echo 'on_crash="preserve"'
    } >t.cfg
    create_from -p t.cfg && xl context-save t t.ctx
}

# runs HEX: the same, and it runs.
runs() {
    tiny "$1" && hostxl unpause t && sleep 0.5
}

# begins EDIT...: the guest begins with what ctxedit makes of its context.
begins() {
    ctxedit t.ctx new.ctx "$@" && xl context-restore t new.ctx &&
        hostxl unpause t && sleep 0.5
}

# is_loaded EDIT...: its present context, changed, is loaded under it.
is_loaded() {
    xl context-save t now.ctx && ctxedit now.ctx new.ctx "$@" &&
        xl-context convert --to=hvm new.ctx new.hvm &&
        raw_set "$(domid t)" new.hvm new.hvm | grep -q loaded
}

IRR_F3='or LAPIC_REGS/0 0x270:4 0x80000'
APIC_ON='put LAPIC_REGS/0 0xf0:4 0x1ff put LAPIC/0 8:4 0'
SLEEPS=fbf4ebfd       # sti; hlt; jmp to it

# -- guests that stand still -------------------------------------------------
guests_park ""
runs $SLEEPS
finds "a guest that sleeps has nothing" t ""
hostxl pause t
finds "one that is held paused" t diag-paused
hostxl unpause t
finds "and goes on" t ""
runs ebfe
finds "a loop with interrupts off" t diag-spin-off
runs fbebfe
finds "a loop with interrupts on" t diag-spin
runs faf4
finds "a guest that turned itself off" t diag-shut-down
check_match "why is told" 'shut down: poweroff' finds.out
runs 0f0b
finds "a triple fault" t diag-shut-down
check_match "it counts as a reboot" 'shut down: reboot' finds.out
# mov eax, 29 (sched_op); ebx, 3 (poll); ecx, 0x100800 (of no port); vmmcall
runs b81d000000bb03000000b9000810000f01d9ebfe
finds "a vCPU that waits for a lock" t "diag-deadlock diag-lock-wait"

# A second vCPU that executes cli; hlt behind the program of the first one.
tiny ${SLEEPS}faf4 2
ctxedit t.ctx two.ctx add CPU/1 "$(ctxedit t.ctx hex CPU/0 | tr -d ' \n')" \
    or CPU/1 rip 4 put LAPIC_REGS/1 0xf0:4 0x1ff put LAPIC/1 8:4 0 \
    put LAPIC_REGS/1 0x320:4 0xec
xl-context convert --to=hvm two.ctx two.hvm
raw_set "$(domid t)" two.hvm two.hvm >two.out
check_match "a second vCPU is loaded" loaded two.out
hostxl unpause t
sleep 1
finds "a vCPU that died of cli; hlt" t diag-vcpu-dead

# -- records changed by hand -------------------------------------------------
# shellcheck disable=SC2086 # words
{
    tiny $SLEEPS && begins $APIC_ON
    finds "a local APIC that is on has nothing" t ""
    is_loaded $IRR_F3
    finds "an interrupt that wakes nobody" t diag-wakeup-lost
    check_match "its vector is told" 'vector 0xf3' finds.out
    tiny $SLEEPS && begins $APIC_ON or LAPIC_REGS/0 0x170:4 0x8000
    finds "a vector that was never ended" t diag-no-eoi
    check_match "which one" 'vector 0xef' finds.out
    tiny $SLEEPS && begins $APIC_ON put LAPIC_REGS/0 0x80:4 0xff \
        or LAPIC_REGS/0 0x210:4 0x20000
    finds "a task priority that holds one back" t diag-tpr
    tiny $SLEEPS && begins $APIC_ON put LAPIC_REGS/0 0x280:4 0x40
    finds "an error of the local APIC" t diag-apic-error
}
guest_destroy t

# -- guests that are well ----------------------------------------------------
for name in p1 p2 h2; do
    guest_need "$name"
    well "$name" "$name"
done

# -- the names of its kernel --------------------------------------------------
# named NAME: what dom0's own symbols, of the same kernel, make of it.  dom0 is
# a PV guest, whose kernel is where it was linked; that of an HVM guest moves.
named() {
    check_exit "$1: with symbols" 0 \
        xl context-diagnose --interval=0.2 --symbols=kallsyms "$1"
    check_match "$1: functions have names" '^    in  *[a-z_0-9.]+[+]0x' \
        /tmp/out
    # one that works just then is looked at again
    idle='(do_idle|cpu_startup_entry)[+]0x'
    for _ in 2 3 4 5 6; do
        ! grep -Eq "$idle" /tmp/out || break
        sleep 1
        xl context-diagnose --interval=0.2 --symbols=kallsyms "$1" \
            >/tmp/out 2>&1
    done
    check_match "$1: and the stack has those of the idle loop" "$idle" /tmp/out
    diag "$(grep -A 1 '^    in' /tmp/out | head -n 4)"
    check_exit "$1: as JSON" 0 \
        xl context-diagnose --json --interval=0.2 --symbols=kallsyms "$1"
    check_match "$1: they fit" '"symbols_fit": true' /tmp/out
    check_match "$1: its clock is read" '"jiffies": [1-9]' /tmp/out
    check_match "$1: it has not panicked" '"panicked": false' /tmp/out
    diag "$(grep '"moved"' /tmp/out)"
    well "$1" "$1 with symbols" --symbols=kallsyms
    guest_alive "$1" "every vCPU counts on"
}

cat /proc/kallsyms >kallsyms
for name in p2 h2; do
    guest_need "$name"
    if grep -qaF "$(uname -r) (" /guest/vmlinuz; then
        named "$name"
    else
        check_exit "$name: with dom0's symbols, of another kernel" 0 \
            xl context-diagnose --interval=0.2 --symbols=kallsyms "$name"
        check_match "$name: that is said" 'of another kernel' /tmp/out
    fi
done

# -- an upcall that was lost -------------------------------------------------
# loses NAME: the whole context fetched, and set again two seconds later, wipes
# the upcall that came in between; sooner or later.  A vCPU counts once a
# second.
loses() {
    loses_try=0
    while [ "$loses_try" -lt 10 ]; do
        naive_set "$(domid "$1")" 2
        counters_advance "$1" 8 >loses.out || return 0
        loses_try=$((loses_try + 1))
    done
    return 1
}

# stands NAME: it has lost one and stands still, which a look shows: one that
# was only slow is found well and counts on.
stands() {
    for _ in 1 2 3; do
        loses "$1" || return
        look "$1"
        [ ! "$looked" ] && counters_advance "$1" 60 >loses.out || return 0
        diag "$1: it was slow and has lost none"
    done
    return 1
}

for name in p2 h2; do
    guest_need "$name"
    if ! stands "$name"; then
        skip "$name: a lost upcall" "naive loads lost none"
        continue
    fi
    diag "$name: $(tail -n 3 loses.out | tr '\n' ';')"
    check_same "$name: a lost upcall is found" diag-upcall-lost "$looked" ||
        diag_file finds.out
    # each look fills Xen's log, which then has the vector no more
    vector=
    hostxl dmesg | grep -q 'upcall vector' || vector=--vector=0xf3
    finds "$name: given back, nothing is found" "$name" "" --cure=upcall \
        $vector
    check_match "$name: and it is said" 'given (its|their) upcall' finds.out
    guest_alive "$name" "every vCPU counts on"
done

# -- what the cure is not for ------------------------------------------------
runs $SLEEPS
check_exit "a guest without a callback is refused" 4 \
    xl context-diagnose --interval=0.2 --cure=upcall t
check_match "by name" 'live-no-upcall' /tmp/err
guest_destroy t
