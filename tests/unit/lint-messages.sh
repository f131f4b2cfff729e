#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every row of convert/messages.def: its id is well-formed and unique, the
# sources raise it, and a test names it.  TAP on standard output.
#
# lint-messages.sh [SOURCE-TREE]
set -eu
top=${1:-${srcdir:-.}/../..}
table=$top/convert/messages.def
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT

# one line "SYMBOL id" a row
sed -n 's/^M(\([A-Z0-9_]*\), *"\([^"]*\)".*/\1 \2/p' "$table" > "$rows"
starts=$(grep -c '^M(' "$table" || true)
found=$(wc -l < "$rows")

n=0
failed=0
result() { # truth description
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        failed=1
    fi
}
truth() {
    if "$@" > /dev/null 2>&1; then echo 0; else echo 1; fi
}

result "$(truth test "$starts" -eq "$found")" \
    "every row of messages.def can be read ($found)"
result "$(truth test "$found" -gt 0)" "there are rows"
result "$(truth test -z "$(sort "$rows" | cut -d' ' -f2 | uniq -d)")" \
    "ids are unique"
result "$(truth test -z "$(cut -d' ' -f1 "$rows" | sort | uniq -d)")" \
    "symbols are unique"

raised() { # symbol: anywhere but in the table and in the tests
    find "$top/convert" "$top/libxl-plugin" "$top/xl-cmds" -name '*.[ch]' \
        -exec grep -qw "MSG_$1" {} \; -print | grep -q .
}
tested() { # id: as a whole word in a test, the lints excepted
    find "$top/tests" -type f ! -name 'lint-*' ! -name '*.log' \
        ! -name '*.trs' -exec grep -qE "(^|[^a-z0-9-])$1([^a-z0-9-]|\$)" \
        {} \; -print | grep -q .
}
while read -r symbol id; do
    case $id in
    *[!a-z0-9-]* | -* | *- | *--* | "") bad=1 ;;
    *) bad=0 ;;
    esac
    result "$bad" "$id is well-formed"
    result "$(truth raised "$symbol")" "$id is raised"
    result "$(truth tested "$id")" "$id is tested"
done < "$rows"
echo "1..$n"
exit "$failed"
