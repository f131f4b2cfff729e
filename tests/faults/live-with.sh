#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# save --with on the fake Xen: what is taken beside the context, that taking it
# changes nothing, and what is said of what cannot be taken.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

FAKE_XEN_FEATURES=178bfbff,fffa3203,2fd3fbff,35c233ff,5,2094209,0,100,0
export FAKE_XEN_FEATURES

value() {   # record, place: of "image"
    ce image get "$@" | sed 's/^0x0$/0/'
}

# The records of "image" beside the context, with their lengths.
beside() {
    ce image list | grep -E '^(EVTCHN|GRANT|HVM_PARAMS|VCPU|CPUID|MSR_)' |
        tr '\n' ' '
}

port() {   # number of the entry: port, status, flags, vcpu, remote, domid
    at=$((48 + 24 * $1))
    for field in "$at:4" "$((at + 4)):1" "$((at + 5)):1" "$((at + 8)):4" \
        "$((at + 12)):4" "$((at + 16)):2"; do
        value EVTCHN "$field"
    done | tr '\n' ' '
}

# -- what it costs who does not ask ----------------------------------------
running hvm
fx set g still 1
xlc save --bare g plain
is "without --with nothing is asked for" \
    "$(grep -c -e evtchn -e gnttab -e resource -e policy "$FAKE_XEN/calls")" 0
xlc save --bare --with=all g image
ended "save --with=all" 0
is "nothing is said" "$(cat err)" ""
is "and has all of them" "$(beside)" \
    "EVTCHN/0 216 GRANT_TABLE/0 8224 HVM_PARAMS/0 88 VCPU_STATE/0 24 \
VCPU_STATE/1 24 CPUID_POLICY/0 288 MSR_POLICY/0 32 "
xlc diff --ignore=moving plain image
ended "the rest is the same" 1
is "apart from the seven" "$(tail -n 1 out)" "7 differences"
unharmed "nothing forbidden was done"
is "the grant table has the frames it had" "$(fx get g grant_frames)" 2
ok "the guest goes on on every vCPU" fx alive g

# -- what the other verbs make of it ---------------------------------------
xlc convert --to=json image image.json
ended "to JSON" 0
xlc convert image.json back
ended "and back" 0
ok "it is the same to the bit" cmp image back
xlc show image
ended "show" 0
xlc check -v image
is "check finds no fault in what was taken" "$(grep -c '\[pv-' out)" 0
while read -r id put; do
    # shellcheck disable=SC2086 # a record, a place and a value
    ce image spoiled put $put
    xlc check spoiled
    ended "check of a spoiled record, $id" 4
    ok "names it" grep -q "\[$id\]" out
    xlc show spoiled
    ended "which show says, too" 4 "\[$id\]"
    ok "and shows it all the same" grep -q "^${put%% *}/0" out
done <<'END'
pv-size EVTCHN 0:4 47
pv-length EVTCHN 8:4 6
pv-range EVTCHN 16:4 3
pv-reserved EVTCHN 12:4 0x40
pv-order EVTCHN 48:4 9
pv-range GRANT_TABLE 16:4 1
pv-duplicate HVM_PARAMS 24:8 0
END
ce image spoiled put EVTCHN 16:4 3
xlc restore -p g spoiled
ended "restore does not begin with it" 4
ok "and names it" grep -q '\[pv-range\]' err
xlc show image
ok "has a line for each port" grep -q '^  1  *interdomain  *domain 0' out
ok "the frames of the grant table" grep -q '^  frame 0 .* in use now$' out
ok "a parameter by name" grep -q '^  CALLBACK_IRQ .* vector 243$' out
ok "and features of the policy" grep -qw sse2 out

# -- in the pause, in the right order --------------------------------------
running hvm
xlc save --with=all g image
is "one pause" "$(calls xc_domain_pause) $(calls xc_domain_unpause)" "1 1"
sed -n '/xc_domain_pause/,/xc_domain_unpause/p' "$FAKE_XEN/calls" |
    awk '{ print $2 }' | uniq >in_pause
is "ports, context, parameters, grants, vCPUs" "$(tr '\n' ' ' <in_pause)" \
    "xc_domain_pause xc_domain_getinfolist xc_evtchn_status \
xc_domain_hvm_getcontext xc_domain_get_tsc_info xc_hvm_param_get \
xc_gnttab_query_size xc_gnttab_get_version xc_vcpu_getinfo \
xc_domain_getinfolist xc_domain_unpause "

# Nothing is allocated, and no file touched, while the guest stands.
running hvm
preload=$fake_libs/libpausewatch.so
xlc save --with=all g image
ended "save --with=all under the watch" 0
preload=
unharmed "allocates nothing in the pause"

# -- what the records say --------------------------------------------------
running hvm
xlc save --with=evtchn g image
is "--with=evtchn: that alone" "$(beside)" "EVTCHN/0 216 "
is "seven ports, of 16; the configured limit" \
    "$(value EVTCHN 8:4) $(value EVTCHN 16:4) \
$(value EVTCHN 20:4)" "0x7 0x10 0x3ff"
is "the callback, the store's port and the console's" \
    "$(value EVTCHN 24:8) $(value EVTCHN 32:4) \
$(value EVTCHN 36:4)" "0x2000000000000f3 0x1 0x2"
is "the store: interdomain, port 21 of domain 0" "$(port 0)" \
    "0x1 0x2 0 0 0x15 0 "
is "Xen's own is refused on 4.17" "$(port 2)" \
    "0x3 0xff 0 0 0 0x7fff "
is "an IPI of vCPU 1" "$(port 5)" "0x9 0x5 0 0x1 0 0x7fff "
is "flags: paused, complete, Xen's own hidden" \
    "$(value EVTCHN 12:4)" 0x31
release=20
running hvm
xlc save --with=evtchn g image
is "on 4.20 it is shown" "$(port 2)" "0x3 0x1 0 0 0 0 "
is "and nothing is hidden" "$(value EVTCHN 12:4)" 0x11
release=17

# -- the ABI ---------------------------------------------------------------
shared() {   # offset in words of 64 bits, how many, value
    i=$1
    while [ "$i" -lt $(($1 + $2)) ]; do
        fx memory g shared $((i * 8)) 8 "$3"
        i=$((i + 1))
    done
}
running
shared 256 64 0
shared 320 64 0xffffffffffffffff
fx memory g shared 2560 8 0xfffffffffffffcf9   # 1, 2, 8, 9 are open
fx memory g shared 2048 8 0x2                  # 1 is pending
xlc save --with=evtchn g image
is "2-level, as closed ports are masked" "$(value EVTCHN 12:4)" 0x13
is "pending, unmasked" "$(port 0)" "0x1 0x2 0x5 0 0x15 0 "
is "masked" "$(port 4)" "0xc 0x4 0x6 0 0 0x7fff "
shared 256 128 0
xlc save --with=evtchn g image
is "FIFO, as nothing is" "$(value EVTCHN 12:4)" 0x17
is "and no state is known" "$(port 0)" "0x1 0x2 0 0 0x15 0 "
fx set g ports_valid 4160
fx port g 4097 5 0 0 0 0
shared 256 128 0x5a5a
# By the clock, the walk over so many takes no time; or a second and more.
preload=$fake_libs/libclock.so
xlc save --with=evtchn g image
ended "FIFO, of many ports" 0
is "FIFO, as the 2-level ABI has no such port" \
    "$(value EVTCHN 12:4)" 0x17
is "which is there" "$(port 5)" "0x1001 0x5 0 0 0 0x7fff "
CLOCK_LOOK=100000000
export CLOCK_LOOK
xlc save --with=evtchn g image
unset CLOCK_LOOK
preload=
ended "a walk that takes longer than a second" 0 \
    "walk over all ports takes too long.*live-not-taken"
ok "the image says so" test $(($(value EVTCHN 12:4) & 0x10)) -eq 0
unharmed "and no guest was held for longer"

# -- the grant table -------------------------------------------------------
running
xlc save --with=grants g image
is "--with=grants: version, frames, limit" \
    "$(value GRANT_TABLE 4:4) $(value GRANT_TABLE 12:4) \
$(value GRANT_TABLE 16:4) $(value GRANT_TABLE 20:4) \
$(value GRANT_TABLE 28:4)" "0x1 0x2 0x40 0 0x2"
is "its entries" "$(value GRANT_TABLE 40:8) \
$(value GRANT_TABLE $((32 + 4096)):8)" \
    "0xfeffc00000001 0x123400000009"
fx set g grant_frames 40
xlc save --with=grants g image
ended "forty frames, of which most are empty" 0
is "those behind are left out" "$(value GRANT_TABLE 12:4) \
$(value GRANT_TABLE 28:4) $(beside)" "0x28 0x2 GRANT_TABLE/0 8224 "
is "no call maps more than 32, nor all that there may be" \
    "$(sed -n 's/.* xenforeignmemory_map_resource [0-9]* *//p' \
        "$FAKE_XEN/calls" | tr '\n' ';')" "0 0 32;0 32 8;"
fx memory g grants $((39 * 4096)) 8 1
fx xen 4 14
xlc save --with=grants g image
ended "4.14" 0
is "the last frame counts" "$(beside)" "GRANT_TABLE/0 163872 "
fx set g grant_version 2
fx memory g status 4094 2 1
xlc save --with=grants g image
is "version 2 has status frames" "$(value GRANT_TABLE 20:4) $(beside)" \
    "0x5 GRANT_TABLE/0 184352 "
fx set g grant_frames 9000
fx set g grant_max 9000
xlc save --with=grants g image
ended "more frames than are taken" 0 live-not-taken
is "are left out" "$(beside)" ""
running
fx set g grant_frames 0
xlc save --with=grants g image
is "a table of no frame" "$(value GRANT_TABLE 12:4) $(beside)" \
    "0 GRANT_TABLE/0 32 "
unharmed "no grant table has grown"

# -- parameters, policies, vCPUs -------------------------------------------
running
xlc save --with=params,policy g image
is "--with=params,policy: those" "$(beside)" \
    "HVM_PARAMS/0 88 CPUID_POLICY/0 288 MSR_POLICY/0 32 "
is "those that are not 0, with their values" \
    "$(value HVM_PARAMS 0:4) $(value HVM_PARAMS 24:8) \
$(value HVM_PARAMS 32:8)" "0x5 0x1 0xfeffc"
fx set g busy 2
fx set g waiting 1
xlc save --with=vcpus g image
is "--with=vcpus: vCPU 0 waits, vCPU 1 runs" \
    "$(value VCPU_STATE/0 0:4) $(value VCPU_STATE/1 0:4)" \
    "0x9 0x5"
fx set g up 1
xlc save --with=vcpus g image
is "one that is down" "$(value VCPU_STATE/1 0:4)" 0
running
xlc save --with=vcpus --with=params g image
is "given twice, both count" "$(beside)" \
    "HVM_PARAMS/0 88 VCPU_STATE/0 24 VCPU_STATE/1 24 "
xlc save --wrap --with=vcpus g image
ended "beside a wrapped context" 0
ok "they are records as well" grep -q . <<X
$(beside)
X

# -- a PV domain -----------------------------------------------------------
world
fx create g pv 2 >/dev/null
xlc save --with=all g image
ended "of a PV domain" 0 'live-not-taken'
is "all but the parameters" "$(beside)" \
    "EVTCHN/0 168 GRANT_TABLE/0 8224 VCPU_STATE/0 24 VCPU_STATE/1 24 \
CPUID_POLICY/0 288 MSR_POLICY/0 32 "
ok "and why" grep -q 'a PV domain has none' err
is "which ports are the store's is not known" \
    "$(value EVTCHN 24:8) $(value EVTCHN 32:4)" \
    "0xffffffffffffffff 0"

# -- what is refused -------------------------------------------------------
# left_out CALL ERRNO RECORD: the rest is there, and the reason is said.
left_out() {
    running
    FAKE_XEN_FAIL=$1#1+:$2
    export FAKE_XEN_FAIL
    xlc save --with=all g image
    unset FAKE_XEN_FAIL
    ended "$1: $2" 0 "live-not-taken"
    is "$1: $2: only $3 is missing" "$(beside | tr ' ' '\n' |
        grep -c "$3/") $(beside | wc -w)" "0 $4"
    ok "$1: $2: the guest goes on" fx alive g
}
left_out xc_evtchn_status EPERM EVTCHN 12
left_out xc_evtchn_status EACCES EVTCHN 12
left_out xc_gnttab_query_size EPERM GRANT_TABLE 12
left_out xc_gnttab_get_version EPERM GRANT_TABLE 12
left_out xenforeignmemory_map_resource EOPNOTSUPP GRANT_TABLE 12
left_out xenforeignmemory_map_resource EPERM GRANT_TABLE 12
left_out xc_hvm_param_get EPERM HVM_PARAMS 12
left_out xc_vcpu_getinfo EPERM VCPU_STATE 10
left_out xc_cpu_policy_get_domain EPERM POLICY 10
unset FAKE_XEN_FEATURES
running
xlc save --with=policy g image
ended "a hypervisor without policies" 0 live-not-taken
is "has none" "$(beside)" ""

# In the pause alone.
running
FAKE_XEN_FAIL=xc_gnttab_query_size#2:EPERM xlc save --with=grants g image
ended "refused in the pause" 0 live-not-taken
is "there is none" "$(beside)" ""
running
FAKE_XEN_FAIL=xc_hvm_param_get#2:EPERM xlc save --with=params g image
ended "one parameter of many" 0 live-not-taken
is "the others are there" "$(beside)" "HVM_PARAMS/0 72 "

# -- a domain that outgrows its preparation --------------------------------
running
fx set g port_grow 1
xlc save --with=evtchn g image
ended "a hundred ports more" 0
is "are all there" "$(value EVTCHN 8:4)" 0x69
is "in a second pause" "$(calls xc_domain_pause)" 2
running
fx set g grant_grow 1
xlc save --with=grants g image
ended "a frame more" 0
is "is there" "$(value GRANT_TABLE 12:4)" 0x3
fx set g grant_grow 100
xlc save --with=grants g image
ended "one at each look" 5 live-growing
unharmed "no grant table has grown by our doing"

# -- an image that has it is restored --------------------------------------
FAKE_XEN_FEATURES=178bfbff,fffa3203,2fd3fbff,35c233ff,5,2094209,0,100,0
export FAKE_XEN_FEATURES
running hvm
xlc save -p --with=all g image
ce image image put CPU/0 rbx 0xdeadbeef
state g >before
xlc restore -p g image
ended "restore of an image with all of it" 0
is "each record is told of, and is as it was" \
    "$(grep live-not-written err | grep -c 'are as they were')" 6
# By when a vCPU was looked at it runs or waits or does not.
for flags in "as they were:0x7" "as they were:0xb" "as they were:0x33" \
    "have changed:0x1" "have changed:0x2"; do
    ce image flagged put VCPU_STATE/1 0:4 "${flags#*:}"
    xlc -N restore --force g flagged
    ok "flags of a vCPU $flags" \
        grep -q "states of vCPUs are not .* ${flags%:*}" err
done
for name in EVTCHN GRANT_TABLE HVM_PARAMS VCPU_STATE CPUID_POLICY MSR_POLICY
do
    ok "$name has a reason" grep -q "$name.*are not written, for " err
done
fx set g pauses 1
fx port g 9 4 1 3 0 0
fx port g 14 1 0 0 7 0
fx memory g grants 16 8 0xabc00000001
fx set g callback 0x200000000000031
ce image image put CPU/0 rbx 0xdeadbee0
xlc restore -p g image
ended "the same guest, of which some has changed" 0
changed() {
    grep live-not-written err | grep -q "$1.*have changed: $2"
}
ok "channels: another one, and one more" changed EVTCHN ''
ok "the first is named" changed EVTCHN '.*the first: EVTCHN'
is "nothing is said of loading it" "$(grep -c 'loads as' err)" 0
ok "grants" changed GRANT_TABLE '2 differences'
ok "parameters" changed HVM_PARAMS '1 difference,'
is "the rest is as it was" \
    "$(grep live-not-written err | grep -c 'are as they were')" 3
unharmed "nothing of it was written"
xlc -N restore g image
ended "a dry run tells the same" 0 'event channels are not.*have changed'
FAKE_XEN_FAIL=xc_evtchn_status#1+:EPERM xlc restore -p g image
ended "what is not told any more" 0 \
    'live-untold'
is "is not compared" "$(grep -c EVTCHN err)" 0
xlc save --bare g plain
xlc -N restore --force g plain
is "an image without it brings no word of it" \
    "$(grep -c -e EVTCHN -e GRANT -e POLICY err) $(calls xc_evtchn_status)" \
    "0 0"
unset FAKE_XEN_FEATURES

# -- what --with takes -----------------------------------------------------
running
xlc save --with=evtchns g image
ended "a word that is near" 2 "is 'evtchn' meant"
xlc save --with=zebra g image
ended "one that is not" 2 "evtchn, grants, params, policy, vcpus and all"
for wrong in '' , evtchn, ,grants all,,vcpus; do
    xlc save "--with=$wrong" g image
    ended "--with=$wrong" 2 usage
    is "--with=$wrong: the domain is not touched" "$(calls xc_domain_pause)" 0
done
done_testing
