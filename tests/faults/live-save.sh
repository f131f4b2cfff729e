#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context save on the fake Xen.
set -u
. "${FAULTS_SRC:-$(dirname "$0")}/env.sh"
. "$FAULTS_SRC/scenarios.sh"

# -- a running guest -----------------------------------------------------
for type in pvh hvm; do
    running $type
    xlc save g image
    ended "$type: save of a running guest" 0
    is "$type: one pause" "$(calls xc_domain_pause)" 1
    is "$type: one unpause" "$(calls xc_domain_unpause)" 1
    is "$type: one fetch, one query" "$(calls xc_domain_hvm_getcontext)" 2
    ok "$type: the guest goes on on every vCPU" fx alive g
    unharmed "$type: nothing forbidden was done"
    # Unpausing moved the guest on, so this compares another moment; what
    # does not move has to be equal.
    fx blob g blob
    ce image list | sed -n 's/^\([A-Z_]*\/[0-9]* [0-9]*\)$/\1/p' |
        grep -v -e START -e TSC_INFO -e SHARED -e '^END' -e PROV -e DIGEST \
        >names
    is "$type: the image has the records of the context" \
        "$(cat names)" "$(ce blob list | grep -v HVM_END)"
    is "$type: registers are those of the guest" \
        "$(ce image get CPU/1 rbx)" 0x2223
    is "$type: START is the hypervisor's" \
        "$(ce image get START 0:8)" 0x1100000004
    is "$type: SHARED_INFO, with the reserved word" \
        "$(ce image list | grep SHARED)" "SHARED_INFO/0 3144"
    is "$type: TSC_INFO of 24" "$(ce image list | grep TSC_INFO)" \
        "TSC_INFO/0 24"
    ok "$type: PROVENANCE and DIGEST" \
        grep -q DIGEST/0 <<X
$(ce image list | tr '\n' ' ')
X
    is "$type: the file is private" "$(stat -c %a image)" 600
done
running
xlc save --wrap g image
ended "save --wrap" 0
is "one wrapped record" \
    "$(xlc show --list image; grep -c 'HVM_CONTEXT' out)" 1
xlc save --bare g image
ended "save --bare" 0
is "no trailer" "$(ce image list | tail -n 1)" "END/0 0"
xlc save g -
ended "save to standard output" 0
ok "is an image" ce out list
xlc save 1 image
ended "save by number" 0

# -- a pause that is gone ---------------------------------------------------
# Somebody unpauses the domain, or it goes, at any moment of a save: that is
# told, and no pause is said to be left.
for what in resume vanish doom; do
    bad=
    gone=0
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        running
        rm -f image
        fx set g still 1
        fx set g $what $i
        xlc save g image
        case $status in
        0) ;;
        2) grep -q -e live-no-domain -e live-dying err || bad="$bad $i:2" ;;
        1)
            if ! grep -q live-pause-gone err || ! ce image list >names; then
                bad="$bad $i:1"
            fi
            gone=$((gone + 1))
            ;;
        *) bad="$bad $i:$status" ;;
        esac
        ! grep -q live-still-paused err || bad="$bad $i:paused"
        [ $what = vanish ] || ! grep -q destroyed err ||
            [ $what = doom ] || bad="$bad $i:destroyed"
        [ $what = vanish ] || [ "$(fx get g pauses)" -eq 0 ] ||
            bad="$bad $i:left"
    done
    is "$what at any moment leaves no pause" "$bad" ""
    [ $what = doom ] || ok "$what in the pause is told" [ "$gone" -gt 0 ]
done
# A pause that is there is no pause that is gone, whatever the hypervisor says.
for fail in xc_domain_unpause#1:EINVAL xc_domain_unpause#1:ESRCH \
    xc_domain_unpause#1:EPERM; do
    running
    FAKE_XEN_FAIL=$fail
    export FAKE_XEN_FAIL
    xlc save g image
    unset FAKE_XEN_FAIL
    ended "$fail" 6 "live-still-paused"
    is "$fail: it is there" "$(fx get g pauses)" 1
done

# -- --bare, byte for byte -------------------------------------------------
# What the specification has: START, a record a part of the domain, END, each
# padded to 8 bytes; here written by hand from what the fake Xen holds.

# number AT WIDTH: of the blob.
number() { od -An -v -j"$1" -N"$2" -tu"$2" blob | tr -d ' '; }

# by_hand_hvm: a record for each of the blob, but for its END.
by_hand_hvm() {
    hand_at=0
    while [ "$(number "$hand_at" 2)" -ne 0 ]; do
        hand_size=$(number $((hand_at + 4)) 4)
        record $((0x48560000 + $(number "$hand_at" 2))) \
            "$(number $((hand_at + 2)) 2)" "$hand_size"
        tail -c +$((hand_at + 9)) blob | head -c "$hand_size"
        zeros $((-hand_size & 7))
        hand_at=$((hand_at + 8 + hand_size))
    done
}

# by_hand: of domain 1.
by_hand() {
    start 4 17
    record 2 0 3144   # SHARED_INFO of 64 bits: flags, a reserved word
    le 4 0; le 4 0
    head -c 3136 "$FAKE_XEN/dom-1"
    record 3 0 24     # TSC_INFO: mode, kHz, ns, incarnation, a zero
    le 4 2; le 4 2500000; le 8 77; le 4 5; le 4 0
    [ ! -s blob ] || by_hand_hvm
    end
}

for type in pv pvh hvm; do
    world
    fx xen 4 17
    fx create g $type 2 >/dev/null
    for set in "still 1" "tsc_mode 2" "tsc_ns 77" "tsc_incarnation 5"; do
        # shellcheck disable=SC2086 # words
        fx set g $set
    done
    fx pause g
    : >blob
    [ $type = pv ] || fx blob g blob
    by_hand >wanted
    xlc save --bare g image
    ended "$type: save --bare" 0
    ok "$type: is what the specification says, byte for byte" \
        cmp image wanted
    xlc save g image
    head -c "$(stat -c %s wanted)" image >begins
    ok "$type: without it a trailer follows, and nothing else differs" \
        cmp begins wanted
    : >blob
    by_hand >begins
    [ $type = pv ] || not_ok "$type: the comparison compares" \
        cmp -s begins wanted
done

# -- pauses are counted --------------------------------------------------
running
fx pause g
xlc save g image
ended "save of a paused guest" 0
is "it stays paused" "$(fx get g pauses)" 1
xlc save -p g image
ended "save -p of a paused guest" 0
is "has no pause of ours" "$(fx get g pauses)" 1
fx unpause g
ok "one unpause wakes it" fx alive g
running
xlc save -p g image
ended "save -p of a running guest" 0
is "leaves it paused, once" "$(fx get g pauses)" 1
fx unpause g
ok "one unpause wakes that, too" fx alive g
running
fx pause g
fx pause g
xlc save g image
is "two pauses of others stay two" "$(fx get g pauses)" 2

# -- who is refused ------------------------------------------------------
running
rm -f image
for name in 0 Domain-0; do
    xlc save $name image
    ended "domain 0 is refused ($name)" 2 live-self
done
for name in nobody 17 4294967295 1x; do
    xlc save "$name" image
    ended "no domain '$name'" 2 live-no-domain
done
FAKE_XEN_FAIL=libxl_name_to_domid#1:EINVAL,libxl_domid_to_name#1:ENOENT
export FAKE_XEN_FAIL
xlc save g image
unset FAKE_XEN_FAIL
ended "xenstore does not answer: that, not that there is no such domain" 2 \
    live-no-names
not_ok "and no file was made" test -e image
FAKE_XEN_FAIL=xc_domain_pause#1:EINVAL
export FAKE_XEN_FAIL
xlc save g image
unset FAKE_XEN_FAIL
ended "the caller's own domain is refused" 2 live-self
fx set g dying 1
xlc save g image
ended "a dying domain is refused" 2 live-dying
not_ok "and no file was made" test -e image

# -- no Xen, no privilege, no memory --------------------------------------
failing() {   # what fails, errno, status, message
    running
    rm -f image
    export FAKE_XEN_FAIL="$1:$2"
    xlc save g image
    unset FAKE_XEN_FAIL
    ended "$1 fails with $2" "$3" "$4"
    is "$1 fails with $2: the guest runs" "$(fx get g pauses)" 0
    not_ok "$1 fails with $2: no file" test -e image
}
failing libxl_ctx_alloc#1 ENOENT 2 live-no-xen
failing xc_interface_open#1 ENOENT 2 live-no-xen
failing xc_interface_open#1 EACCES 2 live-no-privilege
failing xenforeignmemory_open#1 EACCES 2 live-no-privilege
failing xc_domain_pause#1 EPERM 2 live-no-privilege
failing xc_domain_pause#1 ENOMEM 2 live-no-memory
failing xc_domain_pause#1 ESRCH 2 live-no-domain
failing xc_domain_pause#1 EFAULT 5 live-call-failed
failing xc_domain_hvm_getcontext#2 ENODATA 5 live-call-failed
running
mkdir -p tree/xl-cmds/.libs tree/libxl-plugin/.libs
cp "$program" tree/xl-cmds/.libs/xl-context
echo "not a library" >tree/libxl-plugin/.libs/libxlcontext.so.0
rm -f image
on_fake tree/xl-cmds/.libs/xl-context save g image
ended "libxlcontext cannot be loaded" 2 no-xen-libraries
not_ok "no file was made" test -e image

# -- PV ------------------------------------------------------------------
world
fx create g pv 2 >/dev/null
xlc save g image
ended "save of a PV guest" 0
is "START, SHARED_INFO and TSC_INFO" \
    "$(ce image list | cut -d' ' -f1 | tr '\n' ' ')" \
    "START/0 SHARED_INFO/0 TSC_INFO/0 END/0 PROVENANCE/0 DIGEST/0 "
is "it runs" "$(fx get g pauses)" 0
xlc restore g image
ended "restore into a PV guest is refused" 4 live-pv-restore
is "and touched nothing" "$(calls xc_domain_pause)" 0

# -- no shared info ------------------------------------------------------
running
fx set g shared_frame 18446744073709551615
xlc save g image
ended "a guest that has not placed its shared info" 0
not_ok "has no SHARED_INFO" grep -q SHARED <<X
$(ce image list)
X

# -- the context grows ---------------------------------------------------
running
fx set g grow 3
xlc save g image
ended "it outgrew the buffer three times" 0
is "each time with a pause of its own" \
    "$(calls xc_domain_pause) $(calls xc_domain_unpause)" "4 4"
fx set g grow 100
rm -f image
xlc save g image
ended "it always outgrows the buffer" 5 live-growing
is "the guest runs" "$(fx get g pauses)" 0
not_ok "no file was made" test -e image
ok "the guest goes on" fx alive g

release=13
running hvm
release=17
xlc save g image
ended "4.13.0 copies out more than it has written" 0
is "which is not saved" "$(ce image list | tail -n 1)" "DIGEST/0 16"
is "START says 4.13" "$(ce image get START 0:8)" 0xd00000004

# -- the pause window ----------------------------------------------------
# With -p the window has no end, so what is watched is a save without.
watch=$fake_libs/libpausewatch.so
if nm -D "$program" 2>/dev/null | grep -q __asan_init; then
    skip "nothing is allocated in the pause window" \
        "the sanitizer has an allocator of its own"
else
    for args in "" --wrap; do
        running hvm
        preload=$watch
        # shellcheck disable=SC2086
        xlc save $args g image
        preload=
        ended "save $args under the watch" 0
        unharmed "save $args allocates nothing and touches no file"
    done
    edited
    preload=$watch
    xlc restore g image
    preload=
    ended "restore under the watch" 0
    is "restore touches no file in the window" \
        "$(grep -v -e alloc -e free "$FAKE_XEN/violations" 2>/dev/null)" ""
    # And the watch does watch: this one stays in its window to the end.
    running
    preload=$watch
    xlc save -p g image
    preload=
    ok "the watch sees what it has to see" \
        grep -q fsync "$FAKE_XEN/violations"
fi

# -- twenty lines of C ---------------------------------------------------
running
example=$FAULTS_BUILD/.libs/twenty-lines
[ -x "$example" ] || example=$FAULTS_BUILD/twenty-lines
on_fake "$example" g
ended "a program of twenty lines saves a domain" 0
ok "its output is an image" ce out list
mv out image
xlc show image
ended "that show takes" 0
for call in xc_domain_pause#1 xc_domain_hvm_getcontext#2; do
    running
    export FAKE_XEN_FAIL="$call:SIGTERM"
    on_fake "$example" g
    unset FAKE_XEN_FAIL
    is "killed by SIGTERM during $call" "$status" 143
    is "but not before the guest was resumed" "$(fx get g pauses)" 0
done
on_fake "$example" nobody
ended "it says why it cannot" 1 "no domain"
done_testing
