#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every struct that a public header defines has its size held by
# base/test-abi.c.  TAP on standard output.
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"

structs=$(cat "$here"/../../include/*.h "$here"/../../include/domctx/*.h |
    sed -n 's/^struct \([a-z_]*\) {$/\1/p')
ok "there are structs" test "$(echo "$structs" | wc -l)" -gt 20
for struct in $structs; do
    ok "the size of struct $struct is held" \
        grep -q "STRUCT($struct, " "$here/base/test-abi.c"
done
done_testing
[ "$tap_bad" -eq 0 ]
