#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# No line above 79 columns that can be broken.  These cannot be: an address, a
# string of a shell, of awk or of m4, where a newline would be part of it, a
# word of 60 columns, and in POD what is set in, a table or an example.  TAP on
# standard output.
#
# lint-width.sh [SOURCE-TREE]
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
top=$(cd "${1:-$here/../..}" && pwd)

# What the test machines are made of is left as it is: they are cached by its
# hash.
files() {
    find convert libxl-plugin xl-cmds include docs bench tests python check \
        demo bootstrap configure.ac Makefile.am README CONTRIBUTING \
        -type f \( -name '*.py' -o \
        -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.am' -o \
        -name '*.awk' -o -name '*.ac' -o -name '*.pod' -o -name '*.pod.in' \
        -o -name check -o -name demo -o -name bootstrap -o -name README -o \
        -name CONTRIBUTING -o -path 'tests/xen/run' \) \
        ! -path 'tests/data/*' ! -path 'tests/xen/dom0/*' \
        ! -path 'tests/xen/qemu.sh' 2>/dev/null | sort
}

# "FILE:LINE: COLUMNS" for each line that is too long.
too_long() {
    files | tr '\n' '\0' | LC_ALL=C xargs -0 awk '
        function columns(line) {
            # bytes that go on with a character do not count
            gsub(/[\200-\277]/, "", line)
            return length(line)
        }
        length($0) < 80 || columns($0) < 80 { next }
        /https?:\/\// { next }
        has_long_word() { next }
        FILENAME ~ /\.pod(\.in)?$/ && /^[ \t]/ { next }
        FILENAME !~ /\.([ch]|def|pod|pod\.in|am)$/ &&
            /\047[^\047]*\047|"[^"]*"/ && has_string($0) { next }
        { print FILENAME ":" FNR ": " columns($0) }
        function has_long_word(    i) {
            for (i = 1; i <= NF; i++)
                if (length($i) >= 60) return 1
            return 0
        }
        function has_string(line,    rest) {
            for (rest = line; match(rest, /\047[^\047]*\047|"[^"]*"/);
                 rest = substr(rest, RSTART + RLENGTH))
                if (RLENGTH >= 24) return 1
            return 0
        }'
}

cd "$top" || exit 99
ok "there are files to measure" test -n "$(files)"
is "no line that can be broken has more than 79 columns" "$(too_long)" ""
done_testing
[ "$tap_bad" -eq 0 ]
