# SPDX-License-Identifier: LGPL-2.1-or-later
# Worlds to begin with, shared by the tests.  Each makes domain "g".

# A running guest of two vCPUs, on Xen 4.$release.
release=17
running() {   # type
    world
    fx xen 4 "$release"
    fx create g "${1:-pvh}" 2 >/dev/null
    fx event g 1
}

# A guest whose context was saved with -p: it still fits.  In "saved".
saved() {   # type
    running "${1:-pvh}"
    xlc save -p g saved
    [ "$status" -eq 0 ] || cat err >&2
}

# The same, and the image differs from the guest in a register.
edited() {   # type
    saved "${1:-pvh}"
    ce saved image put CPU/0 rbx 0xdeadbeef
}

# A guest that was built and never ran; and an image of its former life.
# The domid differs, the uuid is the same.
rebuilt() {   # type
    running "${1:-pvh}"
    fx set g uuid 00112233-4455-6677-8899-aabbccddeeff
    xlc save g image
    fx destroy g
    fx built g "${1:-pvh}" 2 >/dev/null
    fx set g uuid 00112233-4455-6677-8899-aabbccddeeff
}

# The guest is as it was in "before", apart from what moves by itself.
same() {   # what
    state g >after
    ok "$1" cmp -s before after
}

goes_on() {   # what; unpauses
    [ "$(fx get g pauses)" -eq 0 ] || fx unpause g
    ok "$1" fx alive g
}

# Refused with that message before the guest was touched.
refused() {   # what, message, arguments of restore...
    refused_what=$1
    refused_id=$2
    shift 2
    state g >before
    xlc restore "$@"
    ended "$refused_what: refused" 4 "$refused_id"
    is "$refused_what: not even paused" \
        "$(calls xc_domain_pause) $(calls xc_domain_hvm_setcontext)" "0 0"
    same "$refused_what: guest untouched"
}
