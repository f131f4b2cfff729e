# SPDX-License-Identifier: LGPL-2.1-or-later
# Guests that use XSAVE: what they hold in AVX registers is in the image, and
# what is changed there is what they find.
#
# Machine: xsave
# Not on 4.17: Debian builds its Xen without shadow paging (see make-xsave.sh)
# Not on 4.20: Debian builds its Xen without shadow paging (see make-xsave.sh)

# What guest/xsave.c begins with; what ymm7 becomes by name, all of it; and
# after that in the document, the lowest 64 bits.
was=c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0
set=0123456789abcdef0011223344556677fedcba98765432108899aabbccddeeff
now=0123456789abcdef0011223344556677fedcba9876543210deadbeef00000001

ymm7_in() {   # IMAGE
    xl-context show --record=CPU_XSAVE/0 "$1" | awk '
        $1 == "ymm7_high" { high = substr($2, 3) }
        $1 == "xmm7" { low = substr($2, 3) }
        END { print high low }'
}

# finds NAME: the guest itself says that it has the new value.
finds() {
    wait_for 120 says_now "$1" || {
        echo "it says $(guest_says "$1" ymm0)"
        return 1
    }
}
says_now() {
    [ "$(guest_says "$1" ymm0)" = "$now" ]
}

# 4.14.5 gave policies more leaves: what 4.14.6 writes no earlier one takes
point=$(hostxl info | awk '$1 == "xen_version" { print $3 }')

try() {
    name=$1
    hostxl unpause "$name"
    guest_alive "$name" "it counts" || return 0
    check "$name: save -p" xl context-save -p "$name" was.ctx || return 0
    check_same "$name: ymm7 is in the image" "$was" "$(ymm7_in was.ctx)"
    check "$name: it loads where it came from" \
        xl-context check --target="$RELEASE" was.ctx

    check "$name: edit --set" xl-context edit \
        --set="CPU_XSAVE/0.ymm7=0x$set" was.ctx set.ctx
    check_same "$name: it is set" "$set" "$(ymm7_in set.ctx)"
    check "$name: to JSON" xl-context convert --to=json set.ctx set.json
    sed 's/8899aabbccddeeff"/deadbeef00000001"/' set.json >new.json
    check_same "$name: one line of the document is another" 1 \
        "$(diff set.json new.json | grep -c '^>')"
    check "$name: from JSON" xl-context convert new.json new.ctx
    check "$name: restore" xl context-restore "$name" new.ctx
    xl context-save "$name" now.ctx
    check_same "$name: the hypervisor has it" "$now" "$(ymm7_in now.ctx)"
    hostxl unpause "$name"
    guest_alive "$name" "it counts on" || return 0
    check "$name: the guest finds it in ymm7" finds "$name"

    check "$name: xl save" host_save "$name" "$name.save"
    check "$name: check of the save file" xl-context check \
        --target="$point" "$name.save"
    check "$name: xl restore" hostxl restore "$name.save"
    guest_alive "$name" "it counts on after xl restore" || return 0
    check "$name: with what it had in ymm7" finds "$name"
    guest_destroy "$name"
    rm -f "$name.save"
}

try a1
try a2
