# SPDX-License-Identifier: LGPL-2.1-or-later
# What Xen's own xen-hvmctx prints of paused guests is what we have: every
# value of the bytes that it got, and our own save of the same guest differs
# from those bytes in nothing but clocks.

# differs_in_clocks NAME: a save against what xen-hvmctx got.  An interrupt
# that arrives between the two is no difference of ours: another try.
differs_in_clocks() {
    for try in 1 2 3 4 5; do
        KEEP_CONTEXT=kept.hvm LD_PRELOAD=/usr/local/lib/keep_context.so \
            "$XENBIN/xen-hvmctx" "$(domid "$1")" >theirs.txt || return 2
        xl-context save "$1" ours.ctx || return 2
        xl-context diff --ignore=moving kept.hvm ours.ctx && return 0
    done
    return 1
}

compare() {
    hostxl pause "$1"
    check "$1: our save and what xen-hvmctx gets differ in clocks alone" \
        differs_in_clocks "$1"
    check "$1: the kept bytes are a context" \
        xl-context convert --xen="$RELEASE" --to=json kept.hvm kept.json
    check "$1: xen-hvmctx and we agree on every value" \
        awk -f /job/tools/hvmctx.awk kept.json theirs.txt
    diag "$1: $(tail -n 1 /tmp/check.out)"
    hostxl unpause "$1"
    guest_alive "$1" "it counts on"
}

# The comparison can fail: another guest's, and one with a digit changed.
notices() {
    awk -f /job/tools/hvmctx.awk kept.json "$1" >/dev/null
    [ $? -eq 1 ]
}

guest_need p1
compare p1
cp theirs.txt p1.txt
guest_need p2
compare p2
guest_need h2
compare h2
check "another guest's values are noticed" notices p1.txt
sed 's/^\( *rip 0x[0-9a-f]*\)[0-9a-f] /\1g /' theirs.txt >changed.txt
check "a digit of rip is noticed" notices changed.txt

# ES (bytes 744 to 747 of a CPU record) as no 64-bit Linux has it: xen-hvmctx
# prints it as DS, and that is known.
guest_need p1
hostxl pause p1
xl context-save p1 before.ctx
ctxedit before.ctx es.ctx put CPU/0 744:4 0x2b
check "a guest with another ES" xl context-restore p1 es.ctx
check "xen-hvmctx of it" differs_in_clocks p1
check_match "has it as DS" '^ *ds 0x002b ' theirs.txt
xl-context convert --xen="$RELEASE" --to=json kept.hvm kept.json
check "which is known" awk -f /job/tools/hvmctx.awk kept.json theirs.txt
sed 's/^\( *\)ds 0x002b /\1es 0x002b /' theirs.txt >changed.txt
check "and noticed where it is not so" notices changed.txt
check "ES as it was" xl context-restore p1 before.ctx
hostxl unpause p1
guest_alive p1 "it counts on with that"
