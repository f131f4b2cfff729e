#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The host as a target: its release, its vendor, its features.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"

# judged WORDS...: check --target=host, with the host's features in
# FAKE_XEN_FEATURES.
judged() {
    xlc -v check --target=host "$FAULTS_SRC/../data/xen-4.17-hvm2.ctx"
}
all=ffffffff
features=$all,$all,$all,$all,$all,$all,$all,$all,$all,$all,$all,$all

world
unset FAKE_XEN_FEATURES
judged
is "a host that tells no features: nothing is refused" "$status" 0
ok "what to compare is told" grep -q '\[load-host-cr4\]' out
not_ok "nothing was said on stderr" test -s err

FAKE_XEN_FEATURES=$features
export FAKE_XEN_FEATURES
judged
is "a host with every feature" "$status" 0
not_ok "nothing is left to compare" grep -q '\[load-host-cr4\]' out

# SMEP is bit 7 of word 5.
FAKE_XEN_FEATURES=$all,$all,$all,$all,$all,ffffff7f,$all,$all,$all,$all
judged
is "a host without SMEP, which the guest uses" "$status" 4
ok "the bit of CR4 is named" grep -q 'cr4 is 0x100000 \[load-host-lacks\]' out

# Words that the hypervisor does not tell are words without features.
FAKE_XEN_FEATURES=$all,$all
judged
is "a host that tells two words" "$status" 4

for errno in $(fx errnos xc_get_cpu_featureset); do
    FAKE_XEN_FEATURES=$features FAKE_XEN_FAIL=xc_get_cpu_featureset#1:$errno
    export FAKE_XEN_FAIL
    judged
    is "the features cannot be had, $errno: not known" "$status" 0
    ok "what to compare is told, $errno" grep -q '\[load-host-cr4\]' out
done
FAKE_XEN_FAIL=libxl_get_version_info#1:EPERM
judged
is "no version" "$status" 2
ok "is told" grep -q '\[live-no-xen\]' err
FAKE_XEN_FAIL=xc_interface_open#1:ENOENT
judged
is "no Xen" "$status" 2
unset FAKE_XEN_FAIL

# The point release, as the hypervisor tells it.
point() {   # extra version, what it is
    fx extra "$1"
    unset FAKE_XEN_FAIL
    xlc check --target=host "$FAULTS_SRC/../data/xen-4.17-hvm2.ctx"
    is "4.17$1 is taken for" \
        "$(sed -n 's/.*: Xen \(4[.0-9]*\):.*/\1/p' out | head -n 1)" "$2"
}
point .7 4.17.7
point .7-1~deb12u1 4.17.7
point .6-pre 4.17.5
point .6-pre-foo 4.17.5
point .5-rc1 4.17.4
point .0-rc3 4.17.0
point -rc 4.17
point -unstable 4.17
point "" 4.17
point .x 4.17
point .3.1 4.17.3
fx extra .7-fake

fx xen 4 12
judged
is "an older host refuses the context" "$status" 4
ok "by its release" grep -q ': Xen 4.12' out
done_testing
