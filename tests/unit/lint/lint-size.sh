#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# No function above 60 lines, no file above 700.
set -u
src=${srcdir:-.}/../..
. "$src/tests/tools/tap.sh"

long_functions() {   # FILE...
    ctags --languages=C --c-kinds=f --fields=+ne -f - "$@" 2>/dev/null |
        awk -F'\t' '{
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) first = substr($i, 6)
                if ($i ~ /^end:/) last = substr($i, 5)
            }
            if (last - first + 1 > 60) print $2 ":" $1, last - first + 1
        }'
}

long_files() {   # FILE...
    wc -l "$@" | awk '$2 != "total" && $1 > 700 { print $2, $1 }'
}

cd "$src" || exit 99
files=$(find convert libxl-plugin xl-cmds include tests bench docs python \
    check demo bootstrap -type f \( -name '*.[ch]' -o -name '*.def' -o \
    -name '*.sh' -o -name '*.py' -o -name '*.awk' -o -name check -o \
    -name demo -o -path 'tests/xen/[a-z]*' \) | sort)
ok "there are files to measure" test "$(echo "$files" | wc -l)" -gt 300
# shellcheck disable=SC2086 # a list
is "no file above 700 lines" "$(long_files $files)" ""

if ctags --version 2>/dev/null | grep -q 'Universal Ctags'; then
    # shellcheck disable=SC2086
    is "no function above 60 lines" "$(long_functions $files)" ""
    work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-size.XXXXXX") || exit 99
    trap 'rm -rf "$work"' EXIT
    { echo "void f(void)"; echo "{"; yes ";" | head -n 59; echo "}"; } \
        >"$work/long.c"
    is "a function of 62 lines is noticed" \
        "$(long_functions "$work/long.c")" "$work/long.c:f 62"
else
    skip "no function above 60 lines" "no Universal Ctags here"
fi
done_testing
