#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The public headers against abi.txt, which has the declarations that programs
# were built with: what is there stays as it is.  An enum may have more values
# behind, a struct more members in the place of its reserved words (its size
# is for base/test-abi.c to hold), and there may be new declarations.  TAP on
# standard output.
#
# lint-abi.sh [HEADERS-FOLDER]
# lint-abi.sh --update   store the declarations as they are now: with each
#                        release, and where a change is meant to break
#                        programs, which is for a new soname
set -u
here=${srcdir:-.}
dir=$here/lint
[ -e "$dir/abi.awk" ] || dir=$here
stored=$dir/abi.txt

declarations() { # FOLDER
    cat "$1/domctx.h" "$1"/domctx/*.h "$1/xlcontext.h" |
        awk -f "$dir/abi.awk" | LC_ALL=C sort
}
if [ "${1:-}" = --update ]; then
    declarations "$dir/../../../include" >"$stored"
    exit
fi
. "$here/../tools/tap.sh"
headers=${1:-$here/../../include}
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-abi.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# What of the stored declarations is no longer so.
broken() { # FOLDER
    declarations "$1" >"$work/now"
    awk '
    # the name that a declaration is known by
    function name(line) {
        if (line ~ /^#define /) {
            sub(/^#define /, "", line)
            sub(/[ (].*/, "", line)
            return "#" line
        }
        if (line ~ /^(struct|enum) [a-z0-9_]+ \{/) {
            sub(/ \{.*/, "", line)
            return line
        }
        sub(/\(.*/, "", line)
        sub(/;$/, "", line)
        sub(/.*[ *]/, "", line)
        return line
    }
    # what a struct or an enum has, but for what a later version may replace
    function inside(line, kind) {
        sub(/^[^{]*\{ ?/, "", line)
        sub(/[,;]? ?\};$/, "", line)
        if (kind == "struct")
            sub(/;? ?(uint64_t|void \*)[ ]?reserved\[[0-9]+\]$/, "", line)
        return line
    }
    # the library alone allocates these, and they may grow
    function grows(what) {
        return what == "struct domctx_description" ||
               what == "struct domctx_source_info"
    }
    function may_follow(old, new, what,    kind, had, has) {
        kind = what
        sub(/ .*/, "", kind)
        if (old == new) return 1
        if (kind != "struct" && kind != "enum") return 0
        if (kind == "struct" && old !~ /reserved\[[0-9]+\]; ?\};$/ &&
            !grows(what)) return 0
        had = inside(old, kind)
        has = inside(new, kind)
        return has == had ||
               index(has, had (kind == "enum" ? "," : ";")) == 1
    }
    NR == FNR { now[name($0)] = $0; next }
    {
        what = name($0)
        if (!(what in now)) print what " is gone"
        else if (!may_follow($0, now[what], what)) {
            print what " was: " $0
            print what "  is: " now[what]
        }
    }' "$work/now" "$stored" || echo "awk failed"
}

ok "there are declarations" test "$(wc -l <"$stored")" -gt 200
is "none that a program was built with has changed" "$(broken "$headers")" ""

# The lint itself: a change that programs do not survive is seen, another one
# is let be.
changed() { # SED-EXPRESSION FILE
    rm -rf "$work/headers"
    cp -r "$headers" "$work/headers"
    chmod -R u+w "$work/headers"
    sed "$1" "$headers/$2" >"$work/headers/$2"
    cmp -s "$headers/$2" "$work/headers/$2" && echo "nothing was changed"
    broken "$work/headers"
}
sees() { # WHAT SED-EXPRESSION FILE
    changed "$2" "$3" >"$work/told"
    ok "$1 is seen" grep -q ' is' "$work/told"
}
lets() { # WHAT SED-EXPRESSION FILE
    is "$1 is let be" "$(changed "$2" "$3")" ""
}
sees "another type of a parameter" \
    's/size_t domctx_report_count(const /size_t domctx_report_count(/' \
    domctx/report.h
sees "another type of a result" \
    's/^size_t domctx_hvm_count/uint64_t domctx_hvm_count/' domctx/hvm.h
sees "a function that is gone" '/^void domctx_hvm_free/d' domctx/hvm.h
sees "a value in the middle of an enum" \
    's/^    DOMCTX_WARNING,/    DOMCTX_HINT, DOMCTX_WARNING,/' \
    domctx/report.h
sees "a value that is gone" '/^    DOMCTX_TO_JSON/d' domctx/make.h
sees "a member in the middle" \
    's/^    unsigned int walk;/    int more; unsigned int walk;/' \
    domctx/open.h
sees "a member of another type" \
    's/^    unsigned int walk;/    uint64_t walk;/' domctx/open.h
sees "a member more where nothing is reserved" \
    's/^    uint32_t point; .*/    uint32_t point; uint32_t build;/' \
    domctx/context.h
sees "another value of a macro" \
    's/DOMCTX_BARE 4u/DOMCTX_BARE 8u/' domctx/make.h
lets "a member in the place of reserved words" \
    's/^    uint64_t reserved\[4\];/    uint64_t more, reserved[3];/' \
    domctx/open.h
lets "a value behind the others" \
    's/^    DOMCTX_TO_JSON,/    DOMCTX_TO_JSON, DOMCTX_TO_XML,/' \
    domctx/make.h
lets "a new function" \
    's/^void domctx_hvm_free/void domctx_more(void);\n&/' domctx/hvm.h
lets "another comment" 's/Number of records/How many records/' domctx/hvm.h
done_testing
[ "$tap_bad" -eq 0 ]
