# SPDX-License-Identifier: LGPL-2.1-or-later
# One vCPU: pausing and what it leaves, agreement with xen-hvmctx, the
# host's own save and restore through the front end.

guest_need p1

check "save of a running guest" xl -v context-save p1 run.ctx
check_match "-v tells the length of the pause" 'paus.* [0-9.]+ *m?s' /tmp/check.out
check "it runs on" is_running p1
guest_alive p1 "it counts on"
check_same "the image's mode is 0600" 600 "$(stat -c %a run.ctx)"

hostxl pause p1
check "save of a paused guest" xl context-save p1 paused.ctx
check "it stays paused" is_paused p1
check_exit "restore into dom0 is refused" 2 xl context-restore 0 paused.ctx
check_match "and the message says why" 'live-self' /tmp/err
check "save -p of a paused guest" xl context-save -p p1 paused.ctx
check "it stays paused" is_paused p1
check "restore into a paused guest" xl context-restore p1 paused.ctx
check "it stays paused" is_paused p1
check "restore -p into a paused guest" xl context-restore -p p1 paused.ctx
hostxl unpause p1
check "one unpause wakes it" is_running p1
guest_alive p1 "it counts on after that"

# The same paused domain, as xen-hvmctx prints it and as show does.
hostxl pause p1
xl context-save p1 a.ctx
"$XENBIN/xen-hvmctx" "$(domid p1)" >hvmctx.txt
xl-context show a.ctx >image.txt
for name in SHARED_INFO TSC_INFO PROVENANCE DIGEST; do
    check_match "the image has $name" "$name" image.txt
done
xl-context convert --to=hvm a.ctx a.hvm
xl-context show --list a.hvm >show.txt
awk '/^Entry/ { gsub(/[:,]/, ""); print $4, $6, $8 }' hvmctx.txt >theirs
awk '$1 ~ /^[0-9]+$/ { print $3, $5, $6 }' show.txt |
    while read -r type instance length; do
        echo "$((type)) $instance $length"
    done >ours
check "show lists what xen-hvmctx lists" diff theirs ours
check "and that is not nothing" test "$(wc -l <ours)" -gt 10
plain() {
    echo "$1" | sed 's/^0x0*//'
}
for reg in rip rsp cr0 cr3 msr_efer; do
    case $reg in
    msr_efer) word='msr_efer|efer' ;;
    *) word=$reg ;;
    esac
    want=$(tr -s ' ' '\n' <hvmctx.txt | grep -A1 -E -x "($word)" |
        sed -n 2p)
    check_same "xen-hvmctx and the image agree on $reg" \
        "$(plain "$want")" "$(plain "$(ctxedit a.ctx get CPU/0 $reg)")"
done
xl context-save --wrap p1 wrapped.ctx
check "a wrapped image has the same context" sh -c '
    xl-context convert --to=hvm wrapped.ctx w.hvm &&
    . /job/dom0/lib.sh && same_context a.hvm w.hvm ^LAPIC_REGS'
check "a wrapped image is restored" xl context-restore p1 wrapped.ctx
check "dry run of restore" xl -N context-restore p1 a.ctx
check "an image through a pipe" sh -c \
    'xl context-save p1 - | xl context-restore p1 -'
hostxl unpause p1
guest_alive p1 "it counts on after all that"

xl save p1 p1.save >/tmp/save.out 2>&1
check_same "xl save through the front end" 0 $?
check "the guest is gone" guest_gone p1
check "xl restore through the front end" xl restore p1.save
guest_alive p1 "it counts on after xl restore"

# It has a new domid and has run since: the old image fits no more.
check_exit "an image of its former life is refused" 4 \
    xl context-restore p1 a.ctx
check_match "and the message says so" 'live-(another-life|ran-on)' /tmp/err
guest_alive p1 "it counts on"
