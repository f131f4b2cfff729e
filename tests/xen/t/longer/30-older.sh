# SPDX-License-Identifier: LGPL-2.1-or-later
# Contexts in the layouts of older releases: a paused guest's own context is
# rewritten down and restored through our conversion; it goes on, and what is
# read back is what the old layout carries.

# length IMAGE RECORD
length() {
    ctxedit "$1" list | awk -v name="$2" '$1 == name { print $2 }'
}

# The guest goes back to where it was, whatever happened to it.
older_again() {
    if guest_crashed "$name" || ! domid "$name" >/dev/null; then
        guest_destroy "$name"
    elif is_paused "$name"; then
        hostxl unpause "$name"
    fi
    older_guest "$name"
}

# older_guest NAME: it runs, and nobody else does.
older_guest() {
    time_left 120 || {
        skip "$1 in layouts of older releases" "the time of this boot is over"
        return 1
    }
    guest_need "$1"
    guest_sees "$1" >before
}

# --allow-loss: Viridian's clock is in no layout before 4.5, and it runs.
# --force: an old release would refuse registers that it does not know.
older_try() {
    xl context-save -p "$name" now.ctx || return 1
    # What is equal is not loaded: a register that no guest uses.
    ctxedit now.ctx new.ctx put CPU/1 dr3 "$((count + 8192))"
    xl-context convert --target="$release" --allow-loss --force new.ctx \
        old.ctx >said.down 2>&1
    [ "$(length old.ctx CPU/1)" = "$cpu" ] || {
        cat said.down
        echo "CPU has $(length old.ctx CPU/1) bytes, not $cpu"
        return 1
    }
    xl -v context-restore "$name" old.ctx >said 2>&1
    grep -Eq ' [1-9][0-9]* records loaded' said || {
        cat said
        return 1
    }
    xl context-save "$name" back.ctx &&
        same_context new.ctx back.ctx "^LAPIC_REGS$young" || return 1
    guest_counters "$name" >from
    hostxl unpause "$name"
    wait_for 60 counters_beyond "$name" "$(cat from)" || {
        echo "counters were $(cat from), now $(guest_counters "$name")"
        return 1
    }
    [ "$(guest_sees "$name")" = "$(cat before)" ] || {
        echo "it saw $(cat before), now $(guest_sees "$name")"
        return 1
    }
}

# older NAME RELEASE BYTES-OF-CPU: three tries, as a guest crashes now and
# then in emulation (see guests/50-cycles).
count=0
older() {
    name=$1 release=$2 cpu=$3
    time_left 60 || {
        skip "$name in the layout of $release" "the time of this boot is over"
        return
    }
    # Before 4.13 VIRIDIAN_VCPU had no synthetic interrupts: what a loader
    # takes for them, as it does for every short record, is 0, and not masked.
    young='|^VIRIDIAN_VCPU'
    [ "$release" != 4.13 ] || young=
    for older_number in 1 2 3; do
        count=$((count + 1))
        faults=$(triple_faults)
        if older_try >said.all 2>&1; then
            ok "$name in the layout of $release"
            return
        fi
        [ "$(triple_faults)" -gt "$faults" ] || break
        diag "$name, $release: a guest crashed with $(last_triple_fault)"
        older_again || return
    done
    not_ok "$name in the layout of $release" "$(tail -n 1 said.all)"
    diag_file said.all
    older_again
}

if older_guest h2; then
    older h2 3.4 1016
    older h2 4.0 1024
    older h2 4.4 1024
    older h2 4.6 1024
    older h2 4.9 1032
    older h2 4.10 1032
    older h2 4.13 1032
fi
if older_guest p2; then
    older p2 4.9 1032
    older p2 4.10 1032
    older p2 4.13 1032
fi

# The length defect of 4.5 to 4.9: a CPU_MSR that claims room for two MSRs
# and has one, in a raw blob of a domain that has not run.
guest_config n1 pvh 1
guest_unborn n1 || not_ok "create -p" "n1"
xl context-save n1 fresh.ctx
# count 1; MISC_FEATURES_ENABLES with CPUID faulting
msr=0100000000000000400100000000000001000000$(printf %08d 0)
ctxedit fresh.ctx msr.ctx add CPU_MSR/0 "$msr"
check "a blob in the layout of 4.9.2" \
    xl-context convert --target=4.9.2 --to=hvm msr.ctx msr.hvm
# The descriptor stands before the entries and END: 24 + 8 + 8 bytes.
size=$(wc -c <msr.hvm)
printf '\050' | dd of=msr.hvm bs=1 seek=$((size - 36)) conv=notrunc 2>dd.err
check_exit "its CPU_MSR made to claim 40 bytes: converted" 0 \
    xl-context convert --xen=4.9 --target="$RELEASE" msr.hvm mended.ctx
check_match "and told of" 'hvm-msr-length' /tmp/err
check "restored" xl context-restore --force n1 mended.ctx
xl context-save n1 back.ctx
check_same "the MSR is there" "$msr" \
    "$(ctxedit back.ctx hex CPU_MSR/0 | tr -d ' \n')"
guest_destroy n1
