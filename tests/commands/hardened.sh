#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# How the programs are built, and what they keep to themselves.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${TOP_BUILD:?}"

program=$(real_program $XL_CONTEXT)
cat >try.c <<'END'
int main(void) { return 0; }
END
if ! command -v readelf >/dev/null; then
    skip "how the programs are linked" "no readelf"
elif ! cc -Wl,-z,relro -Wl,-z,now -o try try.c 2>/dev/null; then
    skip "how the programs are linked" "the linker has neither relro nor now"
else
    for file in "$program" "$TOP_BUILD/xl-cmds/xl" \
        "$TOP_BUILD"/convert/.libs/libdomctx.so.0 \
        "$TOP_BUILD"/libxl-plugin/.libs/libxlcontext.so.0; do
        [ -e "$file" ] || continue
        name=${file##*/}
        readelf -dlW "$file" >elf
        # NO_STRACE names the sanitizers: configure asks for no -z now there
        if [ -n "${NO_STRACE:-}" ]; then
            skip "$name: bound at once" "$NO_STRACE resolve symbols late"
        else
            ok "$name: bound at once" grep -qE 'BIND_NOW|FLAGS_1.*NOW' elf
        fi
        ok "$name: read-only after that" grep -q GNU_RELRO elf
        ok "$name: no stack of code" grep -q 'GNU_STACK.* RW ' elf
        not_ok "$name: no text that is written to" grep -q TEXTREL elf
    done
fi

# While it waits for its input: no core dump, and not another's to look into.
mkfifo pipe
exec 9<>pipe
(ulimit -c unlimited 2>/dev/null
    exec env LD_LIBRARY_PATH="$LIBDOMCTX_DIR" "$program" show - <pipe \
    >out 2>err) &
child=$!
dumps_nothing() {
    [ ! -r /proc/self/limits ] || gone $child ||
        grep -q 'Max core file size *0 *0 ' /proc/$child/limits
}
await dumps_nothing
if [ -r /proc/$child/limits ]; then
    is "no core dump" \
        "$(sed -n 's/Max core file size  *\([^ ]*\)  *\([^ ]*\).*/\1 \2/p' \
            /proc/$child/limits)" "0 0"
else
    skip "no core dump" "no /proc"
fi
kill $child
exec 9>&-
wait $child 2>/dev/null
done_testing
