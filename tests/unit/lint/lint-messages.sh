#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every row of the chapters of convert/base/messages.def: its id is well-formed
# and unique, the sources raise it, and a test names it; and every chapter is
# included.  TAP on standard output.
#
# lint-messages.sh [SOURCE-TREE]
set -u
. "${srcdir:-.}/../tools/tap.sh"
top=${1:-${srcdir:-.}/../..}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

cat "$top"/convert/base/messages/*.def >"$work/table" || exit 99
# one line "SYMBOL id" a row
sed -n 's/^M(\([A-Z0-9_]*\), *"\([^"]*\)".*/\1 \2/p' "$work/table" \
    >"$work/rows"
starts=$(grep -c '^M(' "$work/table" || true)
found=$(wc -l <"$work/rows")

# anywhere but in the table and in the tests
find "$top/convert" "$top/libxl-plugin" "$top/xl-cmds" -name '*.[ch]' \
    -exec cat {} + | grep -oE '\bMSG_[A-Z0-9_]+' | sort -u >"$work/raised"
# whole words in the tests, the lints excepted
find "$top/tests" -type f ! -name 'lint-*' ! -name '*.log' ! -name '*.trs' \
    -exec cat {} + | grep -aoE '[A-Za-z0-9_-]+' | sort -u >"$work/tested"

is "every chapter is included once" \
    "$(sed -n 's/^#include "\(.*\)"$/\1/p' \
        "$top/convert/base/messages.def" | sort)" \
    "$(cd "$top/convert/base" && ls messages/*.def)"
is "every row can be read ($found)" "$found" "$starts"
ok "there are rows" test "$found" -gt 0
is "ids are unique" "$(cut -d' ' -f2 "$work/rows" | sort | uniq -d)" ""
is "symbols are unique" "$(cut -d' ' -f1 "$work/rows" | sort | uniq -d)" ""

while read -r symbol id; do
    case $id in
    *[!a-z0-9-]* | -* | *- | *--* | "") bad=1 ;;
    *) bad=0 ;;
    esac
    tap_result "$bad" "$id is well-formed"
    ok "$id is raised" grep -qx "MSG_$symbol" "$work/raised"
    ok "$id is tested" grep -qx -e "$id" "$work/tested"
done <"$work/rows"
done_testing
[ "$tap_bad" -eq 0 ]
