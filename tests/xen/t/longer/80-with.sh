# SPDX-License-Identifier: LGPL-2.1-or-later
# save --with: what domain 0 can see of a guest beside its context, on a real
# Xen.  Xen's own tools say what is right; the guest, and its grant table, are
# as they were.

# value RECORD PLACE: of with.ctx, in decimal.
value() {
    echo $(($(ctxedit with.ctx get "$1" "$2")))
}

# ports FILE: a line for each entry of EVTCHN: port, status, flags, vCPU,
# remote, domain.
ports() {
    ctxedit "$1" hex EVTCHN | tr -d ' \n' | awk '
        function le(at, n,    i, v) {
            for (i = n - 1; i >= 0; i--)
                v = v * 256 + hex(substr($0, 2 * (at + i) + 1, 2))
            return v
        }
        function digit(c) {
            return index("0123456789abcdef", c) - 1
        }
        function hex(s) {
            return 16 * digit(substr(s, 1, 1)) + digit(substr(s, 2, 1))
        }
        { n = le(8, 4)
          for (p = 0; p < n; p++) {
              at = 48 + 24 * p
              print le(at, 4), le(at + 4, 1), le(at + 5, 1), le(at + 8, 4),
                  le(at + 12, 4), le(at + 16, 2)
          } }'
}

# port_is FILE NUMBER: its status
port_is() {
    ports "$1" | awk -v port="$2" '$1 == port { print $2 }'
}

# What Xen's own tool says of the grant table: "D: nr_frames=N, max..."
table_size() {
    "$XENBIN/xen-diag" gnttab_query_size "$(domid "$1")"
}

# The length of the pause, in ms, of a save with these options.
pause_of() {
    pause_name=$1
    shift
    xl -v context-save "$@" "$pause_name" window.ctx 2>&1 |
        sed -n 's/.*paused for \([0-9.]*\) ms.*/\1/p'
}

# windows NAME WHAT OPTION...: the least and the middle of TIMES.
windows() {
    windows_name=$1 windows_what=$2 windows_i=0
    shift 2
    while [ "$windows_i" -lt "$TIMES" ]; do
        pause_of "$windows_name" "$@"
        windows_i=$((windows_i + 1))
    done | sort -n >windows.out
    diag "pause of $windows_name, $windows_what: least" \
        "$(head -n 1 windows.out) ms, middle" \
        "$(sed -n $(((TIMES + 1) / 2))p windows.out) ms"
    check_same "$windows_name: $windows_what: each pause is told" "$TIMES" \
        "$(wc -l <windows.out)"
}

# -- guests of each kind ---------------------------------------------------
# taken NAME: save it with everything, and what must hold of any.
taken() {
    before=$(table_size "$1")
    xl context-save --with=all "$1" with.ctx >with.out 2>&1
    check_same "$1: save --with=all" 0 $?
    after=$(table_size "$1")
    diag "$1: $before"
    check_same "$1: its grant table has not grown" "$before" "$after"
    guest_alive "$1" "it counts on"
    xl-context show --list with.ctx >list.txt 2>&1
    for record in EVTCHN GRANT_TABLE VCPU_STATE CPUID_POLICY MSR_POLICY; do
        check_match "$1: the image has $record" "$record" list.txt
    done
    check "$1: show reads it" xl-context show with.ctx
    check_same "$1: the frames of the table" \
        "$(echo "$before" | sed 's/.* nr_frames=\([0-9]*\).*/\1/')" \
        "$(value GRANT_TABLE 12:4)"
    check_same "$1: paused, and the walk is complete" 17 \
        $(($(value EVTCHN 12:4) & 17))
    ports with.ctx >ports.txt
    diag "$1: flags $(value EVTCHN 12:4), $(wc -l <ports.txt) channels of" \
        "$(value EVTCHN 16:4), limit $(value EVTCHN 20:4)"
    diag_file ports.txt
}

# Every line of lsevtchn is a port of ours, of that vCPU; up to 4.20 it stops
# at the first port that Xen hides.
like_lsevtchn() {
    "$XENBIN/lsevtchn" "$(domid "$1")" 2>/dev/null |
        sed -n 's/^ *\([0-9]*\): VCPU \([0-9]*\):.*/\1 \2/p' >theirs
    awk '{ print $1, $4 }' ports.txt >ours
    diag "$1: lsevtchn shows $(wc -l <theirs)"
    check_same "$1: lsevtchn shows no other" 0 \
        "$(grep -v -x -c -F -f ours theirs)"
}

for name in p2 h2; do
    guest_need "$name"
    taken "$name"
    check_same "$name: nothing is missing" "" "$(cat with.out)"
    check_match "$name: the image has HVM_PARAMS" HVM_PARAMS list.txt
    like_lsevtchn "$name"
    check_same "$name: the store's channel is bound" 2 \
        "$(port_is with.ctx "$(value EVTCHN 32:4)")"
    check_same "$name: the console's channel is bound" 2 \
        "$(port_is with.ctx "$(value EVTCHN 36:4)")"
    check_same "$name: which ABI the guest has is known" 2 \
        $(($(value EVTCHN 12:4) & 2))
    check_same "$name: each vCPU has IPIs" "0 1" \
        "$(awk '$2 == 5 { print $4 }' ports.txt | sort -u | tr '\n' ' ' |
            sed 's/ $//')"
    check_same "$name: two vCPUs are up" "1 1" \
        "$(($(value VCPU_STATE/0 0:4) & 1)) $(($(value VCPU_STATE/1 0:4) & 1))"
    check "$name: and have used time" test "$(value VCPU_STATE/0 8:8)" -gt 0
    check "$name: granted pages are there" \
        test "$(value GRANT_TABLE 28:4)" -gt 0
    windows "$name" plain
    windows "$name" "with all" --with=all
    guest_alive "$name" "it counts on after all that"
done

# The same guest: nothing of it is written, and what is the same is not told.
guest_need p2
check "save -p --with=all" xl context-save -p --with=all p2 with.ctx
xl context-restore p2 with.ctx >restored.out 2>&1
check_same "and the image is restored" 0 $?
check_match "its channels are as they were" \
    'event channels are not written.*are as they were' restored.out
check_match "its policy, too" 'CPUID leaves are not.*are as they were' \
    restored.out
hostxl unpause p2
guest_alive p2 "it counts on after a restore of that"

# The same guest, of which domain 0 knows more channels than were saved: one
# for a driver that was plugged in meanwhile, say.
check "save -p --with=all again" xl context-save -p --with=all p2 with.ctx
had=$(ports with.ctx | wc -l)
check_same "two channels are made" 2 "$(fill ports "$(domid p2)" 2)"
xl context-restore p2 with.ctx >restored.out 2>&1
check_same "the same guest is restored, with other channels" 0 $?
check_match "which is told, with the first of them" \
    'event channels .*have changed: .*the first: EVTCHN/0 port' restored.out
check_match "its policy is as it was" 'CPUID leaves are not.*are as they were' \
    restored.out
xl context-save --with=evtchn p2 with.ctx
check_same "and they stay: a restore writes none" $((had + 2)) \
    "$(ports with.ctx | wc -l)"
diag_file restored.out
hostxl unpause p2
guest_alive p2 "it counts on with them"

# -- a kernel that uses the older ABI --------------------------------------
guest_need p1
taken p1
check_same "2-level: the ABI is known, and not FIFO" 2 \
    $(($(value EVTCHN 12:4) & 6))
check_same "2-level: whether each is pending and masked is known" "" \
    "$(awk 'int($3 / 4) % 2 == 0' ports.txt)"
# Linux masks those that it waits for in SCHEDOP_poll: IPIs.
check_same "2-level: no bound channel is masked" "" \
    "$(awk 'int($3 / 2) % 2 == 1 && $2 == 2' ports.txt)"

# -- as many as there can be -----------------------------------------------
# The guest must have chosen the FIFO ABI before there can be so many.  For a
# new channel Xen tries each port from 0 on (evtchn_allocate_port()), so that
# all 131072 of that ABI take it many minutes here; these take some seconds.
guest_need p2
made=$(fill ports "$(domid p2)" 8192)
full=$(fill grants "$(domid p2)" 64)
diag "$made channels more, and $full frames"
xl -v context-save --with=all p2 with.ctx >with.out 2>&1
check_same "many channels and a full table of grants" 0 $?
check_same "all of those channels were made" 8192 "$made"
# A walk ends after a second, which emulation makes of about so many.
if grep -q 'a walk over all ports takes too long' with.out; then
    check_same "a walk that was ended does not call itself complete" 0 \
        $(($(value EVTCHN 12:4) & 16))
else
    check_same "a walk of which nothing is said is complete" 16 \
        $(($(value EVTCHN 12:4) & 16))
    check "and has them all" test "$(value EVTCHN 8:4)" -gt 8192
fi
diag_file with.out
diag "$(value EVTCHN 8:4) channels of $(value EVTCHN 16:4)," \
    "$(stat -c %s with.ctx) bytes"
check_same "all frames are there" 64 "$(value GRANT_TABLE 12:4)"
check "the pause is bounded" sh -c \
    'sed -n "s/.*paused for \([0-9]*\)[.].*/\1/p" with.out |
        { read -r ms && test "$ms" -lt 3000; }'
guest_alive p2 "full of channels, it counts on"
guest_destroy p2

# -- PV --------------------------------------------------------------------
guest_need v1
taken v1
check_match "v1: it has no parameters" 'a PV domain has none' with.out
like_lsevtchn v1
windows v1 plain
windows v1 "with all" --with=all
guest_destroy v1
