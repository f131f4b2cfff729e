#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What reads an image for a hypervisor calls nothing but functions of memory.
# TAP on standard output.
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
object=../../convert/format/core.o
[ -f "$object" ] || object=../../convert/format/.libs/core.o

memory='^(mem(cpy|set|cmp|move))?$|_GLOBAL_OFFSET|__stack_chk'
calls=$(nm -u "$object" 2>/dev/null | awk '{ print $NF }')
if [ ! -f "$object" ]; then
    skip "core.o calls memory functions alone" "no $object"
elif echo "$calls" | grep -Eq 'san_|gcov|llvm'; then
    skip "core.o calls memory functions alone" "instrumented"
else
    is "core.o calls memory functions alone" \
        "$(echo "$calls" | grep -vE "$memory")" ""
fi
ok "core.c has no variable that is written" sh -c \
    "! nm '$object' 2>/dev/null | grep -q ' [BDbd] '"

# A hypervisor has a stack of a page or two.  Each frame has a size known when
# it is built, and no function calls itself, so they add up to less than their
# sum.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
top=$(cd "$here/../.." && pwd)
STACK_MAX=1024
if (cd "$work" && ${CC:-cc} -std=gnu11 -O2 -fstack-usage -I"$top/include" \
    -I"$top/convert" -c "$top/convert/format/core.c" -o core.o) \
    2>"$work/err" && [ -s "$work/core.su" ]; then
    is "the stack of core.c does not depend on what it reads" \
        "$(grep -v '\<static$' "$work/core.su")" ""
    ok "and has less than $STACK_MAX bytes in all" [ "$(
        awk -F'\t' '{ sum += $2 } END { print sum + 0 }' "$work/core.su"
        )" -lt $STACK_MAX ]
else
    skip "the stack of core.c" "$(head -n 1 "$work/err")"
    skip "its bytes" "no -fstack-usage"
fi

# Several threads on one mapping.  A compiler may have no such sanitizer, and
# a kernel no addresses that suit it.
echo 'int main(void) { return 0; }' >"$work/empty.c"
if ${CC:-cc} -fsanitize=thread -o "$work/empty" "$work/empty.c" \
    2>"$work/err" && "$work/empty" 2>>"$work/err"; then
    is "threads that walk one image race for nothing" "$({
        ${CC:-cc} -std=gnu11 -g -O1 -fsanitize=thread -pthread \
            -I"$top/include" -I"$top/convert" -o "$work/threads" \
            "$here/lint/core-threads.c" "$top/convert/format/core.c" &&
            "$work/threads"
    } 2>&1)" good
else
    skip "threads that walk one image" "no thread sanitizer: $(
        head -n 1 "$work/err")"
fi
done_testing
