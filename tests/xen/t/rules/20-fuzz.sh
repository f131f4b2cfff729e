# SPDX-License-Identifier: LGPL-2.1-or-later
# Contexts with one thing changed at random, judged by check and loaded as
# they are.

. /job/dom0/verdict.sh
throwaway

seed=$FUZZ_SEED count=$FUZZ_COUNT
for name in x1 x2; do
    ctxfuzz "$name.hvm" "$name.d" "$count" "$seed" >"$name.what"
    judged "$name" "$name.d"/* >"$name.judged"
    # What would crash the host is believed.
    awk '$2 == "host" { print $1 }' "$name.judged" >"$name.left"
    files=$(awk '$2 != "host" { print $1 }' "$name.judged")
    # shellcheck disable=SC2086 # a list
    loaded_raw "$name" $files >"$name.raw" ||
        not_ok "$name: raw loads" "stopped after $(tail -n 1 "$name.raw")"
    agreement "$name.judged" "$name.raw" >"$name.agreement"
    read -r agree all <"$name.agreement"
    check_same "$name: all were judged and loaded" "$count" \
        "$((all + $(wc -l <"$name.left")))"
    loads=$(grep -c ' loaded$' "$name.raw")
    crash=$(grep -c ' crashed$' "$name.raw")
    diag "$name, seed $seed: check and the hypervisor agree in $agree of" \
        "$all blobs ($loads load, $crash crash the domain," \
        "$(wc -l <"$name.left") that would crash the host left out)"
    check_same "$name: they agree" "$all" "$agree"
    sed 1d "$name.agreement" | while IFS= read -r line; do
        [ -z "$line" ] && continue
        file=${line%%:*}
        diag "  $line ($(grep "^${file##*/} " "$name.what"))"
    done
    guest_destroy "$name"
done
