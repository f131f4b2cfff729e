# SPDX-License-Identifier: LGPL-2.1-or-later
# Worlds to begin with, shared by the tests.  Each makes domain "g".

# A running guest of two vCPUs.
running() {   # type
    world
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
