#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The rooms of convert/ use each other as rooms.txt allows: no include and no
# call leads upwards.  A symbol that is not static has a user in another
# object, typecodes have one table, and the commands use nothing of convert/
# but its public headers.  TAP on standard output.
#
# lint-rooms.sh [SOURCE-TREE BUILD-TREE]
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
top=${1:-$here/../..}
build=${2:-../..}
table=$here/lint/rooms.txt
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-rooms.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# "FROM TO" for each pair that is not allowed, of "FROM TO WHERE" lines.
not_allowed() {
    awk 'NR == FNR {
             if (/^#/ || NF == 0) next
             known[$1] = 1
             allowed[$1, $1] = 1
             for (i = 2; i <= NF; i++) allowed[$1, $i] = 1
             next
         }
         !($1 in known) { print "no room:", $1, $3; next }
         !(($1, $2) in allowed) { print $1, "->", $2 ":", $3 }' "$table" - |
        sort -u
}

# "FROM TO WHERE" for each include of a room's header.
includes() {
    cd "$top/convert" || exit 99
    grep -n '^#include "[a-z]*/' -- *.[ch] */*.[ch] 2>/dev/null |
        awk -F: '{
            room = index($1, "/") ? substr($1, 1, index($1, "/") - 1) : "top"
            to = $3
            sub(/^#include "/, "", to)
            if (to ~ /^domctx\//) next
            sub(/\/.*/, "", to)
            print room, to, $1 ":" $2
        }'
}

# The objects whose sources are there: one whose source was renamed stays in a
# build folder.  Of an object for both kinds of library, the shared one's.
objects() {
    for folder in convert libxl-plugin xl-cmds docs tests/unit; do
        find "$build/$folder" -name '*.o' 2>/dev/null
    done | while read -r object; do
        [ ! -e "${object%/*}/.libs/${object##*/}" ] || continue
        source=${object#"$build"/}
        source=${source%.o}.c
        case $source in
        */.libs/*) source=${source%%/.libs/*}/${source#*/.libs/} ;;
        esac
        name=${source##*/}
        if [ -e "$top/$source" ] ||
            [ -e "$top/${source%/*}/${name#*-}" ]; then
            echo "$object"
        fi
    done
}

# "KIND SYMBOL OBJECT" for each symbol of the product's objects, KIND being
# def or use; of the programs that make pages and of the tests the uses alone.
symbols() {
    objects | tr '\n' '\0' | xargs -0 nm -A -P | awk -v build="$build/" '
        {
            end = index($0, ": ")
            object = substr($0, 1, end - 1)
            if (index(object, build) == 1)
                object = substr(object, length(build) + 1)
            sub(/\/\.libs\//, "/", object)
            split(substr($0, end + 2), word, " ")
        }
        word[2] ~ /^[TDRBV]$/ && object ~ /^(convert|libxl|xl-)/ {
            print "def", word[1], object
        }
        word[2] == "U" { print "use", word[1], object }' >"$work/symbols"
}

# "FROM TO WHERE" for each use of a symbol that a room of convert/ defines.
calls() {
    awk 'function room(object) {
             if (object !~ /^convert\//) return ""
             sub(/^convert\//, "", object)
             return object ~ /\// ? substr(object, 1, index(object, "/") - 1) \
                                  : "top"
         }
         $1 == "def" { at[$2] = room($3); next }
         { user[NR] = room($3); symbol[NR] = $2; object[NR] = $3 }
         END {
             for (i in user)
                 if (user[i] != "" && at[symbol[i]] != "")
                     print user[i], at[symbol[i]], symbol[i] "(" object[i] ")"
         }' "$work/symbols"
}

# Symbols that no other object uses; those of the public headers, and main(),
# are for others to use.
lonely() {
    awk '$1 == "def" { at[$2] = $3 }
         $1 == "use" { used[$2] = 1 }
         END {
             for (symbol in at)
                 if (!(symbol in used) &&
                     symbol !~ /^(domctx_|xlcontext_|main$|_)/)
                     print symbol, at[symbol]
         }' "$work/symbols" | sort
}

is "every include keeps to the table of rooms" \
    "$(includes | not_allowed)" ""
tap_result "$([ -n "$(includes)" ]; echo $?)" "there are includes to look at"

symbols
if grep -q '^def ' "$work/symbols"; then
    is "every call keeps to the table of rooms" "$(calls | not_allowed)" ""
    if grep -q '^use __asan_' "$work/symbols"; then
        skip "every symbol has a user in another object" \
            "the sandbox's layers are left out of a build with sanitizers"
    else
        is "every symbol has a user in another object" "$(lonely)" ""
    fi
else
    skip "calls and users of symbols" "nothing is built here"
fi
is "each room has one header that says what it is for" \
    "$(cd "$top/convert" && awk '/^ \* Room [a-z]*: / {
           split(FILENAME, at, "/")
           print at[1] (at[1] ":" == $3 ? "" : " says " $3)
       }' */*.h | sort)" \
    "$(cd "$top/convert" && find . -mindepth 2 -name '*.h' |
       sed 's|^\./||; s|/.*||' | sort -u)"

# The table of messages is data; utf8.h, which is inline, serves the front
# end, which has no library.
is "the commands use the public headers alone" \
    "$(cd "$top/xl-cmds" && grep -Hn '^#include ["<][a-z]*/' -- *.[ch] |
       grep -vE '<(arpa|linux|net|sys)/|[<"]base/(messages\.def|utf8\.h)')" ""

is "typecodes are in one table" \
    "$(cd "$top" && grep -nE '^ *(enum \{ *)?CPU = 2|^#define CPU +2' -- \
        convert/*.[ch] convert/*/*.[ch] libxl-plugin/*.[ch] xl-cmds/*.[ch] \
        2>/dev/null | grep -v '^convert/catalogue/')" ""
done_testing
[ "$tap_bad" -eq 0 ]
