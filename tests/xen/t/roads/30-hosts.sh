#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# This host, described: what the description says of the guests of each release
# is what the host says itself, and what comes of their restore by the stock
# xl; also of a guest that has more leaves than this processor.
#
# Machine: guests
# Captures: all

here=/tmp/here.json

check_exit "the host is described" 0 xl-context host "$here"
check_same "and tells all of it" "$(cat /tmp/err)" ""
names='xen_version\|vendor\|phys_bits\|xcr0\|toolstack'
diag "$(sed -n "s/^  \"\($names\)\"/\\1/p" "$here" | tr '\n' ' ')"
check_match "the scheduler" '"scheduler": "credit' "$here"
check_exit "it is read back" 3 xl-context show "$here"
check_match "and says what it is" 'kind-host' /tmp/err

# The number of leaves and MSRs in its policy, as Xen's own program has them.
cpuid=$(ls /usr/lib/xen-*/bin/xen-cpuid /usr/sbin/xen-cpuid 2>/dev/null |
    head -n 1)
if [ -n "$cpuid" ] && "$cpuid" -p >/tmp/policies 2>&1; then
    check_match "$cpuid has as many leaves and MSRs" \
        "^HVM Max policy: $(sed -n '/"policies"/,$p' "$here" |
            sed -n '/"hvm_max"/,/"hvm_default"/p' | grep -c '"leaf"') leaves, \
$(sed -n '/"policies"/,$p' "$here" |
            sed -n '/"hvm_max"/,/"hvm_default"/p' | grep -c '"idx"') MSRs" \
        /tmp/policies
else
    skip "Xen's own program for policies" "it is not here"
fi

# said FILE: what check says of it by the description; the same as by the host.
said() {
    xl-context check --target=host "$1" >/tmp/by-host 2>&1
    xl-context check --target="$here" "$1" >/tmp/by-file 2>&1
    said_rc=$?
    check_same "$2: file and host say the same" "$(cat /tmp/by-file)" \
        "$(cat /tmp/by-host)"
    [ "$said_rc" -le 1 ] && said=yes || said=no
}

# judged FILE NAME WHAT: what check says of it, next to what the host's own xl
# makes of it.
judged() {
    said "$1" "$3"
    rm -f "$(guest_log "$2")"
    if hostxl restore -p "$1" >/tmp/restore.out 2>&1; then
        did=yes
        hostxl destroy "$2"
    else
        did=no
    fi
    if [ "$said" = "$did" ]; then
        ok "$3: check says $said, the stock xl $did"
    else
        not_ok "$3" "check says $said, the stock xl $did"
        cat /tmp/by-file /tmp/restore.out | diag_file
    fi
}

# leaves FILE LEAF EAX: let the policy in the file say that of its leaves; both
# as octal bytes.
leaves() {
    at=$(LC_ALL=C grep -abom 1 -P "$2\\xff\\xff\\xff\\xff" "$1" | head -n 1 |
        cut -d: -f1)
    [ -n "$at" ] || return 1
    printf "$3" | dd of="$1" bs=1 seek=$((at + 8)) conv=notrunc 2>/dev/null
}

# both FILE NAME WHAT: as it is, and with a leaf more than many processors
# have.
both() {
    judged "$1" "$2" "$3"
    leaves "$1" '\x00\x00\x00\x80' '\041\000\000\200' &&
        judged "$1" "$2" "$3, with leaves to 0x80000021"
    rm -f "$1"
}

# A guest that runs here, before it is sent and after.
file=/var/tmp/hosts.save
for name in h2 p2; do
    guest_need "$name"
    xl-context check --target="$here" --domain="$name" >/tmp/out 2>/tmp/err
    check_same "$name: the live guest loads here" "$(($? <= 1))" 1
    check_match "$name: and it is told of it" ': loads' /tmp/out
    check_same "$name: nothing of it is untold" "$(cat /tmp/err)" ""
    check "$name: it goes on" counters_advance "$name"
    if host_save "$name" "$file" >/tmp/save.out 2>&1; then
        both "$file" "$name" "$RELEASE, $name"
    else
        skip "$name: saved" "$(tail -n 1 /tmp/save.out)"
    fi
    guest_destroy "$name"
done

if [ -s /job/lacking ]; then
    while read -r release; do
        skip "from $release" "tests/xen/captures $release has not been run"
    done </job/lacking
fi
for from in /job/captures/*; do
    [ -d "$from" ] || continue
    for name in p2 h2; do
        gzip -dc "$from/$name.save.gz" >"$file"
        both "$file" "$name" "${from##*/}, $name"
    done
done
cp "$here" "$RESULTS/host-$RELEASE.json"
