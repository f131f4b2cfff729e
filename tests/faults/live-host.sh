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

# The second policy that is asked for is the one that counts.
FAKE_XEN_FEATURES=$features
for call in xc_cpu_policy_init xc_cpu_policy_get_system \
    xc_cpu_policy_serialise; do
    for errno in $(fx errnos $call); do
        FAKE_XEN_FAIL=$call#2:$errno
        export FAKE_XEN_FAIL
        judged
        is "the policy cannot be had, $call $errno: not known" "$status" 0
        ok "what to compare is told" grep -q '\[load-host-cr4\]' out
    done
done
for call in xc_get_cpu_featureset libxl_get_physinfo libxl_get_scheduler; do
    for errno in $(fx errnos $call); do
        FAKE_XEN_FAIL=$call#1:$errno
        judged
        is "what does not decide cannot be had, $call $errno" "$status" 0
        not_ok "nothing is left to compare" grep -q '\[load-host-cr4\]' out
        xlc host
        ended "it is described without" 0 host-untold
    done
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
point -rc 4.17.0
point -unstable 4.17.0
point "" 4.17
point .x 4.17
point .3.1 4.17.3
fx extra .7-fake

# A description says the same elsewhere as the host does itself.
for less in ffffffff ffffff7f fffffffe; do
    FAKE_XEN_FEATURES=$all,$all,$all,$all,$all,$less,$all,$all,$all,$all
    judged
    cp out live
    xlc host here.json
    is "a host is described ($less)" "$status" 0
    unset FAKE_XEN_FEATURES
    xlc -v check --target=here.json "$FAULTS_SRC/../data/xen-4.17-hvm2.ctx"
    ok "and judged as it is itself" cmp -s live out
    export FAKE_XEN_FEATURES
done

# -- a live domain as the subject -------------------------------------------
FAKE_XEN_FEATURES=$features
FAKE_XEN_POLICY=$features
export FAKE_XEN_POLICY
fx create g hvm 2 >/dev/null
xlc host here.json
state g >before
xlc -v check --target=here.json --domain=g
ended "a live domain loads where it runs" 1
not_ok "with all of its policy" grep -q '\[host-features\]' out
is "nobody is left paused" "$(fx get g pauses)" 0
unharmed "and it was not harmed"
FAKE_XEN_CONFIG='{"c_info": {"type": "hvm", "hap": "True"},
 "b_info": {"max_vcpus": 1}}'
export FAKE_XEN_CONFIG
xlc check --target=here.json --domain=g
ended "its configuration counts" 4
ok "by id" grep -q '\[load-vcpu-config\]' out
FAKE_XEN_CAPS="hvm shadow"
export FAKE_XEN_CAPS
xlc host small.json
unset FAKE_XEN_CAPS
xlc check --target=small.json --domain=g
ended "a host without hardware assisted paging refuses it" 4
ok "by id" grep -q '\[host-config\]' out
unset FAKE_XEN_CONFIG
FAKE_XEN_LEAF_7=1 xlc host small.json
xlc check --target=small.json --domain=g
ended "a host with fewer subleaves" 4
ok "by id" grep -q '\[host-cpuid-policy\]' out
FAKE_XEN_FEATURES=$all,$all,$all,$all,$all,ffffffdf,$all,$all,$all,$all
xlc host small.json
xlc check --target=small.json --domain=g
ended "a host without AVX2, which the guest was started with" 1
ok "by name" grep -q 'does not give the guest [0-9]* features: avx2.*\[host-features\]' out
for call in xc_cpu_policy_get_domain xc_hvm_param_get xc_domain_get_tsc_info \
    libxl_retrieve_domain_configuration libxl_domain_config_to_json; do
    for errno in $(fx errnos $call); do
        case $errno in EINTR | EAGAIN) continue ;; esac
        FAKE_XEN_FAIL=$call#1:$errno
        export FAKE_XEN_FAIL
        xlc check --target=here.json --domain=g
        [ "$call" = xc_domain_get_tsc_info ] ||
            ended "not told: $call $errno" "$status" live-untold
        is "nobody is left paused" "$(fx get g pauses)" 0
    done
done
unset FAKE_XEN_FAIL FAKE_XEN_POLICY
FAKE_XEN_FEATURES=$features

fx xen 4 12
judged
is "an older host refuses the context" "$status" 4
ok "by its release" grep -q ': Xen 4.12' out

# One that does not tell its version, at the first asking or at a later one.
for n in 1 2 3; do
    FAKE_XEN_FAIL=libxl_get_version_info#$n:EPERM
    export FAKE_XEN_FAIL
    xlc host
    unset FAKE_XEN_FAIL
    if [ $n -eq 1 ]; then
        ended "the version is not told" 2 live-no-xen
    else
        is "it is asked for once, not $n times" "$status" 0
    fi
done
done_testing
