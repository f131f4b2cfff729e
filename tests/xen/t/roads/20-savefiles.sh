# SPDX-License-Identifier: LGPL-2.1-or-later
# The roads from each release of Xen to this one, for guests: what the stock
# "xl save" of each wrote is restored by the stock xl of this one, as it is,
# with its context converted for this host, and as "fix" makes it.  As it is
# goes as check foretold; of the others, the guest counts on.
#
# Machine: dom0
# Captures: all

# restored NAME FILE: whether the host's own xl takes it.
restored() {
    rm -f "$(guest_log "$1")"
    hostxl restore "$2" >restore.out 2>&1
}

# foretold FILE: loads, or not
foretold() {
    xl-context check --target=host "$1" >check.out 2>check.err
    case $? in
    0 | 1) echo yes ;;
    *) echo no ;;
    esac
}

# road FROM KIND NAME FILE MUST: MUST=yes if it has to be restored.
road() {
    road_is="$1 to $RELEASE, $2"
    road_said=$(foretold "$4")
    if restored "$3" "$4"; then
        road_did=yes
    else
        road_did=no
    fi
    if [ "$road_did" != "$road_said" ]; then
        not_ok "$road_is" \
            "restored: check foretold $road_said, it is $road_did"
        cat check.out check.err restore.out | diag_file
    elif [ "$5" = yes ] && [ "$road_did" = no ]; then
        not_ok "$road_is" "it is not restored"
        diag_file restore.out
    elif [ "$road_did" = no ]; then
        ok "$road_is: refused, as check foretold"
    elif wait_for 300 guest_counts_on "$3"; then
        ok "$road_is: restored, as check foretold, and it counts on"
    else
        not_ok "$road_is" "restored, but it does not count on"
        diag_file "$(guest_log "$3")"
    fi
    guest_destroy "$3"
}

# Groups of Viridian that this release lacks stand outside the context: up to
# 4.14 no file of a later one that has them is restored, whatever is made of
# its context.
lacks_groups() {
    [ "$RELEASE" = 4.14 ] && xl-context check --target=host "$1" 2>/dev/null |
        grep -q '\[guest-viridian\]'
}

# It has printed counters since it was restored, on both vCPUs.
guest_counts_on() {
    awk '
        /^cpu[01] [0-9]+ / {
            n = substr($1, 4); if (!(n in first)) first[n] = $2
                             last[n] = $2 }
        END { exit !(last[0] >= first[0] + 2 && last[1] >= first[1] + 2) }' \
        "$(guest_log "$1")"
}

if [ -s /job/lacking ]; then
    while read -r release; do
        skip "from $release" "tests/xen/captures $release has not been run"
    done </job/lacking
fi
for from in /job/captures/*; do
    [ -d "$from" ] || continue
    release=${from##*/}
    for guest in p2:PVH h2:HVM; do
        kind=${guest#*:} guest=${guest%:*}
        file=/var/tmp/$guest.save
        gzip -dc "$from/$guest.save.gz" >"$file"
        road "$release" "$kind" "$guest" "$file" no
        xl-context convert --target=host "$file" here.ctx 2>convert.err
        [ $? -le 1 ] &&
            xl-context convert --into="$file" here.ctx "$file.new" \
                2>>convert.err
        if [ $? -gt 1 ]; then
            not_ok "$release to $RELEASE, $kind: it is converted" \
                "$(tail -n 1 convert.err)"
        else
            must=yes
            lacks_groups "$file" && must=no
            road "$release" "$kind, converted" "$guest" "$file.new" $must
        fi
        rm -f "$file.new"
        if xl-context fix --target=host "$file" "$file.new" >fix.out 2>&1
        then
            road "$release" "$kind, fixed" "$guest" "$file.new" yes
        elif lacks_groups "$file"; then
            check_match "$release to $RELEASE, $kind: fix says why not" \
                '\[guest-viridian\]' fix.out
        else
            not_ok "$release to $RELEASE, $kind: it is fixed" \
                "$(tail -n 1 fix.out)"
        fi
        rm -f "$file" "$file.new"
    done
done
