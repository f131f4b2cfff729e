#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The comment of every public function that takes a report names the ids that
# it can raise ("Ids: image-*, no-memory, those of domctx_hvm_parse()."): each
# is, or begins, an id of convert/base/messages/, and each id that the
# libraries raise is named.  TAP on standard output.
#
# lint-ids.sh [SOURCE-TREE]
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
top=${1:-$here/../..}
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-ids.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

sed -n 's/^M(\([A-Z0-9_]*\), *"\([^"]*\)".*/MSG_\1 \2/p' \
    "$top"/convert/base/messages/*.def | sort >"$work/table"
cut -d' ' -f2 "$work/table" >"$work/ids"

# "FUNCTION WORD" for each word behind "Ids:", and "FUNCTION -" for a function
# that takes a report and names none.
cat "$top"/include/*.h "$top"/include/*/*.h 2>/dev/null | awk '
    function words(name, text,    list, n, i) {
        if (!sub(/.*Ids: /, "", text)) {
            print name, "-"
            return
        }
        sub(/\.( .*)?$/, "", text)
        gsub(/,/, "", text)
        n = split(text, list, " ")
        for (i = 1; i <= n; i++)
            print name, list[i]
    }
    /^\/\*/ { comment = ""; in_comment = 1 }
    in_comment {
        line = $0
        sub(/^ ?\/?\*+ */, "", line)
        sub(/ *\*\/ *$/, "", line)
        comment = comment line " "
        if (/\*\//) in_comment = 0
        next
    }
    /^[a-z]/ && /[ *](domctx|xlcontext)_[a-z0-9_]+\(/ { text = ""; on = 1 }
    on { text = text " " $0 }
    on && /;/ {
        on = 0
        if (text ~ /domctx_report \*report[,)]/ && text !~ /^ typedef/ &&
            text !~ /[ *]domctx_report_[a-z_]*\(/) {
            match(text, /(domctx|xlcontext)_[a-z0-9_]+\(/)
            sub(/ +$/, "", comment)
            words(substr(text, RSTART, RLENGTH - 1), comment)
        }
        comment = ""
    }
    /^$/ { if (!on) comment = "" }' >"$work/words"

cut -d' ' -f1 "$work/words" | sort -u >"$work/functions"
ok "there are functions that take a report" test -s "$work/functions"
is "each of them names its ids" "$(awk '$2 == "-" { print $1 }' \
    "$work/words")" ""
is "each id, or what it begins with, is one of the table" \
    "$(awk 'NR == FNR { id[$1] = 1; next }
            $2 !~ /-./ { next }
            $2 ~ /\*$/ {
                found = 0
                start = substr($2, 1, length($2) - 1)
                for (i in id)
                    if (index(i, start) == 1) found = 1
                if (!found) print
                next
            }
            !($2 in id)' "$work/ids" "$work/words")" ""
is "each function that is referred to names ids" \
    "$(awk 'NR == FNR { known[$1 "()"] = 1; next }
            $2 ~ /\(\)$/ && !($2 in known)' \
        "$work/functions" "$work/words")" ""

find "$top/convert" "$top/libxl-plugin" -name '*.[ch]' -exec cat {} + |
    grep -oE '\bMSG_[A-Z0-9_]+' | sort -u >"$work/raised"
is "each id that a library raises is named" \
    "$(join -o 2.2 "$work/raised" "$work/table" |
       awk 'NR == FNR { if ($2 ~ /-/) name[$2] = 1; next }
            {
                found = $1 in name
                for (i in name)
                    if (i ~ /\*$/ &&
                        index($1, substr(i, 1, length(i) - 1)) == 1)
                        found = 1
                if (!found) print
            }' "$work/words" -)" ""
done_testing
[ "$tap_bad" -eq 0 ]
