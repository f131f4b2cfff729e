# SPDX-License-Identifier: LGPL-2.1-or-later
# A context put back into an "xl save" file: as it was, which changes nothing;
# with one field edited as JSON, and after a way down to the layout of an old
# release and up again, which the host's own xl restores.

# renew NAME: save the guest, which ends it, and restore it from what the
# command makes of $1.save, $1.new; it goes on counting.
renew() {
    renew_name=$1 renew_what=$2
    shift 2
    check "$renew_name: xl save, $renew_what" \
        host_save "$renew_name" "$renew_name.save" || return
    check "$renew_name: convert, $renew_what" "$@" || return
    diag "$renew_name: $renew_what: $(stat -c %s "$renew_name.new") bytes of" \
        "$(stat -c %s "$renew_name.save")"
    rm "$renew_name.save" # it is in memory here
    check "$renew_name: xl restore, $renew_what" \
        hostxl restore "$renew_name.new" || return
    rm "$renew_name.new"
    guest_alive "$renew_name" "it counts on, $renew_what" 90
}

# Its own context leaves the file as it is.  No guest of 64 bits on an AMD
# processor uses sysenter_eip, and the guest's init prints what it reads there.
edited() {
    xl-context convert --to=hvm "$1.save" "$1.hvm" &&
        xl-context convert --into="$1.save" "$1.hvm" "$1.new" &&
        cmp "$1.save" "$1.new" &&
        rm "$1.new" && # it is in memory here
        xl-context convert --to=json "$1.save" "$1.json" &&
        sed -i "s/\(\"sysenter_eip\": \)\"0x[0-9a-f]*\"/\1\"$2\"/" "$1.json" &&
        xl-context convert --into="$1.save" "$1.json" "$1.new" &&
        ! cmp "$1.save" "$1.new"
}

# There are warnings on the way: each release since 4.12 has written one MTRR
# pair eight times.
down_and_up() {
    warned xl-context convert --target=4.5 "$1.save" "$1.old" &&
        xl-context show "$1.old" | grep -q 'Xen 4\.5' &&
        warned xl-context convert --target="$RELEASE" "$1.old" "$1.again" &&
        warned xl-context convert --into="$1.save" "$1.again" "$1.new"
}

warned() {
    "$@" || [ $? -eq 1 ]
}

put_back() {
    renew "$1" "with an edited field" edited "$1" "$2" || return 0
    check_same "$1: the guest reads the edited value" "${2#0x}" \
        "$(guest_says "$1" sys0)"
    renew "$1" "by way of Xen 4.5" down_and_up "$1" || return 0
    check_same "$1: where the edited value is still there" "${2#0x}" \
        "$(guest_says "$1" sys0)"
}

guest_need p1
put_back p1 0xffffffff81234590
guest_need h2
put_back h2 0xffffffff812345a0
