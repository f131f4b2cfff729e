# SPDX-License-Identifier: LGPL-2.1-or-later
# The roads from each release of Xen to this one, for contexts: what each wrote
# of its guests, as it is and converted for this host, is loaded into a domain
# that has never run, and that goes as check foretold.
#
# Machine: unborn
# Captures: all

. /job/dom0/verdict.sh
throwaway

# road FROM KIND FILE DOMAIN
road() {
    road_is="$1 to $RELEASE, $2"
    judged "$4" "$3" >judged
    loaded_raw "$4" "$3" >raw || {
        not_ok "$road_is" "it cannot be loaded"
        return
    }
    read -r _ road_said road_instead <judged
    read -r _ road_did <raw
    agreement judged raw >agreement
    read -r road_agree _ <agreement
    if [ "$road_agree" = 1 ]; then
        ok "$road_is: check foretold $road_said${road_instead:+ or $road_instead}, the hypervisor says $road_did"
    else
        not_ok "$road_is" "check foretold $road_said, the hypervisor says $road_did"
        diag_file said
    fi
    rm said
}

if [ -s /job/lacking ]; then
    while read -r release; do
        skip "from $release" "tests/xen/captures $release has not been run"
    done </job/lacking
fi
for from in /job/captures/*; do
    [ -d "$from" ] || continue
    release=${from##*/}
    for guest in p2:PVH:x1 h2:HVM:x2; do
        domain=${guest##*:} kind=${guest%:*}
        kind=${kind#*:} guest=${guest%%:*}
        cp "$from/$guest.hvm" "$guest-$release"
        road "$release" "$kind" "$guest-$release" "$domain"
        xl-context convert --xen="$release" --target=host --to=hvm \
            "$guest-$release" "$guest-$release-here" 2>said.convert
        [ $? -le 1 ] || {
            not_ok "$release to $RELEASE, $kind: it is converted" \
                "$(tail -n 1 said.convert)"
            continue
        }
        road "$release" "$kind, converted" "$guest-$release-here" "$domain"
        check_same "$release to $RELEASE, $kind: converted, it loads" \
            loaded "$road_did"
    done
done
