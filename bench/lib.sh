# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by bench/run and what it calls: a figure and its limit.

# at_most VALUE LIMIT, at_least VALUE LIMIT: the words for it.  A limit that
# is not kept is marked, and counted in bench.missed.
at_most() {
    hold "$1" "$2" "$(awk -v a="$1" -v b="$2" 'BEGIN { print (a <= b) }')"
}
at_least() {
    hold "$1" "$2" "$(awk -v a="$1" -v b="$2" 'BEGIN { print (a >= b) }')"
}
hold() {
    if [ "$3" = 1 ]; then
        echo "limit $2"
    else
        echo "$1" >>bench.missed
        echo "MISSES the limit $2"
    fi
}
