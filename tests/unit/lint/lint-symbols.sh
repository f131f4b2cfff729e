#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a library exports and what its public header declares are the same,
# and every declaration has a comment right above it.  TAP on standard output.
#
# lint-symbols.sh [HEADER PREFIX LIBRARY]...   (default: both libraries)
set -u
if [ $# -eq 0 ]; then
    top=${srcdir:-.}/../..
    set -- "$top/include/domctx.h" domctx_ \
        ../../convert/.libs/libdomctx.so \
        "$top/include/xlcontext.h" xlcontext_ \
        ../../libxl-plugin/.libs/libxlcontext.so
fi

. "${srcdir:-.}/../tools/tap.sh"

# "name documented" a line for each function that the header declares: the
# line that names it begins a declaration, and a comment ends on the line
# before.  The chapters of NAME.h are in NAME/.
declared() { # header prefix
    cat "$1" "${1%.h}"/*.h 2>/dev/null | awk -v prefix="$2" '
        /\/\*/ { comment = 1 }
        !comment && !continued && $0 ~ "^[a-z].*[ *]" prefix "[a-z0-9_]*\\(" \
            && $0 !~ /^typedef/ {
            name = $0
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            print name, (above ? 0 : 1)
        }
        !comment { continued = /[,(]$/ }
        { above = /\*\/$/ }
        /\*\// { comment = 0 }' | sort
}
exported() { # library prefix
    nm -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' |
        grep "^$2" | sort
}

while [ $# -ge 3 ]; do
    header=$1 prefix=$2 library=$3
    shift 3
    if [ ! -e "$library" ]; then
        skip "the names of $library" "not built"
        continue
    fi
    names=$(declared "$header" "$prefix")
    if [ -z "$names" ]; then
        tap_result 1 "$header declares functions"
    fi
    symbols=$(exported "$library" "$prefix")
    for symbol in $symbols; do
        case "
$names
" in
        *"
$symbol "*) tap_result 0 "$symbol is in the header" ;;
        *) tap_result 1 "$symbol is in the header" ;;
        esac
    done
    while read -r name bare; do
        [ -n "$name" ] || continue
        tap_result "$bare" "$name has a comment"
        case "
$symbols
" in
        *"
$name
"*) tap_result 0 "$name is exported" ;;
        *) tap_result 1 "$name is exported" ;;
        esac
    done <<END
$names
END
done
done_testing
[ "$tap_bad" -eq 0 ]
