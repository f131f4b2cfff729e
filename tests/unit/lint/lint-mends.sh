#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every message that is an error of the input ends in what to type: its cure
# has a command, or a row of xl-cmds/mend.def has one or says why there is
# none.  Rows that no message needs are refused.  TAP on standard output.
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
top=${1:-$here/../..}
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-mends.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# "ID<tab>CURE" of each: the strings of a row, joined; the cause ends with
# the first comma behind a string.
cat "$top"/convert/base/messages/*.def | awk '
    function done() {
        if (severity ~ /^(ERROR|FOREIGN|DAMAGED)$/)
            print id "\t" text
        id = ""
    }
    /^M\(/ {
        if (id != "")
            done()
        split($0, part, "\"")
        id = part[2]
        severity = part[3]
        gsub(/[ ,]/, "", severity)
        text = ""
        next
    }
    /^ *"/ && id != "" {
        line = $0
        sub(/^ *"/, "", line)
        last = line ~ /",$/
        sub(/"[,)]*$/, "", line)
        text = last ? "" : text line
    }
    END { done() }' >"$work/messages"
row='^\(ID\|FIRST\|WORDS\)("\([^"]*\)", *\([^,]*\|"[^"]*"\), *"\(.*\)")$'
sed -n "s/$row/\\1	\\2	\\3	\\4/p" \
    "$top/xl-cmds/mend.def" >"$work/kinds"
ok "there are errors" test "$(wc -l <"$work/messages")" -gt 200
is "every row can be read" "$(wc -l <"$work/kinds" | tr -d ' ')" \
    "$(grep -cE '^(ID|FIRST|WORDS)\(' "$top/xl-cmds/mend.def")"
is "a row without a command says why" \
    "$(awk -F'\t' '$3 == "NULL" && $4 == "" && $2 !~ /^(xl context-|--| .)$/' \
        "$work/kinds")" ""
awk -F'\t' '
    function fits(i) {
        if (by[i] == "WORDS")
            return index($2, words[i])
        return index(by[i] == "ID" ? $1 : $2, words[i]) == 1
    }
    NR == FNR { by[++n] = $1; words[n] = $2; next }
    {
        for (i = 1; i <= n; i++)
            if (fits(i)) {
                used[i] = 1
                next
            }
        print "no row: " $1 ": " $2
    }
    END {
        for (i = 1; i <= n; i++)
            if (!used[i])
                print "no use: " by[i] " " words[i]
    }' "$work/kinds" "$work/messages" >"$work/wrong"
is "each error has its row, each row an error" "$(cat "$work/wrong")" ""
done_testing
