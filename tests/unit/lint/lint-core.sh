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
done_testing
