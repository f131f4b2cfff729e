# SPDX-License-Identifier: LGPL-2.1-or-later
# What "xl save" writes of real guests: the context in the file is that of the
# domain which it leaves paused.
#
# To be saved a guest suspends itself, so a capture before it is of another
# moment.  "xl save -p" leaves the domain as the file has it but for one
# register: resuming it puts the answer of the suspend call, 1 for "it was
# cancelled", into RAX of the vCPU that made it.

compare() {
    check "$1: xl save -p" hostxl save -p "$1" "$1.save" || return
    check "$1: it is paused" is_paused "$1"
    check "$1: a live capture" xl context-save "$1" "$1.ctx"
    diag "$1: $(stat -c %s "$1.save") bytes"
    check_exit "$1: the save file is shown" 0 xl-context show --list "$1.save"
    check_match "$1: as what it is" \
        'xl save file, libxl stream 2, libxc stream 3' /tmp/out
    check_match "$1: of this Xen" "saved by *Xen $RELEASE" /tmp/out
    check_match "$1: of this kind" "type *$2" /tmp/out
    check_match "$1: of this domain" \
        "uuid *$(xenstore-read "/local/domain/$(domid "$1")/vm" |
            sed 's|/vm/||')" /tmp/out
    check_match "$1: with its TSC" '^ *TSC *mode' /tmp/out
    check "$1: nothing is odd about it" xl-context check "$1.save"
    diag_file /tmp/check.out
    check "$1: it differs from the capture in no more than RAX" \
        xl-context diff --ignore=moving,CPU/0.rax,PROVENANCE \
        "$1.ctx" "$1.save"
    check_exit "$1: and in that" 1 \
        xl-context diff --ignore=moving,PROVENANCE "$1.ctx" "$1.save"
    check_match "$1: which has the answer in the live domain" \
        '^CPU/0 rax: (0x0*)?1 -> ' /tmp/out
    check "$1: the context is taken out" \
        xl-context convert "$1.save" "$1.img"
    check "$1: and out of a pipe" sh -c \
        'xl-context convert --to=hvm - "$0.hvm" <"$0.save" &&
         cat "$0.save" | xl-context convert --to=hvm - - | cmp - "$0.hvm"' \
        "$1"
    if command -v python3 >/dev/null; then
        check "$1: Xen's own verifier accepts it, too" \
            env PYTHONPATH="$XENBIN/../lib/python" \
            "$XENBIN/verify-stream-v2" -q -f xl -i "$1.save"
    else
        skip "$1: Xen's own verifier" "no Python in this dom0"
    fi
    rm "$1.save" # it is in memory here
    hostxl unpause "$1"
    guest_alive "$1" "it counts on"
}

guest_need p1
compare p1 pvh
guest_need h2
compare h2 hvm
