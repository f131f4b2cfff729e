#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The public headers and debian/*.symbols name the same functions: one that
# comes gets a line there with the release that has it first, and one that
# goes would break programs.  TAP on standard output.
#
# lint-packages.sh [SOURCE-TREE]
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
top=${1:-$here/../..}
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-packages.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

[ -d "$top/debian" ] || skip_all "debian/ is not part of a tarball"
release=$(sed -n 's/^AC_INIT(\[[^]]*\], *\[\([^]]*\)\].*/\1/p' \
    "$top/configure.ac")
ok "configure.ac names a release" test -n "$release"

# same HEADER PREFIX SYMBOLS VERSION
same() {
    cat "$1" "${1%.h}"/*.h 2>/dev/null |
        sed -n "/^typedef/d
            s/^[a-z].*[ *]\($2[a-z0-9_]*\)(.*/ \1@$4/p" | sort -u \
        >"$work/declared"
    sed -n "s/^\( $2[a-z0-9_]*@[A-Z0-9_.]*\) .*/\1/p" "$3" | sort -u \
        >"$work/listed"
    ok "include/${1##*/} declares functions" test -s "$work/declared"
    is "debian/${3##*/} has a line for each of them" \
        "$(comm -23 "$work/declared" "$work/listed" |
            sed "s/\$/ $release/")" ""
    is "debian/${3##*/} has no other" \
        "$(comm -13 "$work/declared" "$work/listed")" ""
}
same "$top/include/domctx.h" domctx_ "$top/debian/libdomctx0.symbols" \
    DOMCTX_0.1
same "$top/include/xlcontext.h" xlcontext_ \
    "$top/debian/libxlcontext0.symbols" XLCONTEXT_0.1
is "debian/changelog is of the release" \
    "$(sed -n '1s/^xl-context (\([^-]*\)-.*/\1/p' "$top/debian/changelog")" \
    "$release"
is "and so is the spec" \
    "$(sed -n 's/^Version: *//p' "$top/rpm/xl-context.spec")" "$release"
ok "NEWS tells of it" grep -qx "$release" "$top/NEWS"
done_testing
[ "$tap_bad" -eq 0 ]
