#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every public function that takes a report is in the test that gives it none.
# TAP on standard output.
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
test=$here/whole/test-null.c

# The functions that have "domctx_report *report" among their parameters.
functions=$(cat "$here"/../../include/domctx/*.h | awk '
    /^[a-z].*[( ]\*?domctx_[a-z0-9_]+\(/ { text = ""; on = 1 }
    on { text = text " " $0 }
    on && /;/ {
        on = 0
        if (text ~ /domctx_report \*report[,)]/ &&
            text !~ /domctx_report_[a-z_]+\(/ &&
            match(text, /domctx_[a-z0-9_]+\(/))
            print substr(text, RSTART, RLENGTH - 1)
    }')
is "there are functions that take a report" \
    "$([ "$(echo "$functions" | wc -l)" -gt 30 ] && echo yes)" yes
for function in $functions; do
    ok "$function() is given none" grep -q "[^a-z_]$function(.*" "$test"
done
done_testing
