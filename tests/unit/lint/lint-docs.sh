#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The programs in the manuals are those that the tests compile and run.
set -u
src=${srcdir:-.}/../..
. "$src/tests/tools/tap.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-docs.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# The indented lines of EXAMPLES, as they were.
in_manual() {
    sed -n '/^=head1 EXAMPLES/,/^=head1 ERRORS/p' "$1" |
        sed -n '/^ #include/,/^ }$/p' | sed 's/^ //'
}

in_manual "$src/docs/libxlcontext.pod.in" >"$work/manual.c"
sed 1,2d "$src/tests/faults/twenty-lines.c" >"$work/program.c"
ok "there is a program in the manual" test -s "$work/manual.c"
ok "it is the one that is run" diff "$work/program.c" "$work/manual.c"
sed 's/XTL_WARN/XTL_ERROR/' "$src/docs/libxlcontext.pod.in" >"$work/other.pod"
in_manual "$work/other.pod" >"$work/other.c"
not_ok "another one would be noticed" cmp -s "$work/program.c" "$work/other.c"

# Of libdomctx(3), from each #include to the end of main().
programs() {
    sed -n '/^=head1 EXAMPLES/,/^=head1 DESCRIPTION/p' "$1" |
        sed -n '/^ #include/,/^ }$/p' | sed 's/^ //'
}
for example in rip set judge convert; do
    sed -n '/^#include/,$p' "$src/docs/examples/$example.c"
done >"$work/examples.c"
programs "$src/docs/libdomctx.pod.in" >"$work/libdomctx.c"
ok "libdomctx(3) has programs" test -s "$work/libdomctx.c"
ok "they are those that are run" diff "$work/examples.c" "$work/libdomctx.c"
done_testing
