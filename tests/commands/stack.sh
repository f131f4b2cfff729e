#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every verb for files works with a stack of 128 KiB, as a thread of musl has.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

[ -z "${NO_STRACE:-}${XL_CONTEXT_UNDER:-}" ] ||
    skip_all "sanitizers and valgrind need a larger stack"

# small WHAT STATUS ID ARGUMENTS...: as gives(), with the small stack.
small() {
    small_what=$1 small_status=$2 small_id=$3
    shift 3
    status=0
    (ulimit -s 128 && exec $XL_CONTEXT "$@") >out 2>err || status=$?
    judge "$small_what" "$small_status" "$small_id"
}

ctx=$srcdir/../data/xen-4.17-hvm2.ctx
gives "(a blob is made)" 0 "" convert --to=hvm "$ctx" a.hvm
"$MKSAVE" -c a.hvm a.save || exit 99
small "show" 0 "" show "$ctx"
small "show --json" 0 "" show --json "$ctx"
small "show of a save file" 0 "" show a.save
small "check" 0 "" check --target=all "$ctx"
small "check --json" 0 "" check --json --target=all "$ctx"
small "check of a save file" 0 "" check --target=4.20 a.save
small "diff" 0 "" diff "$ctx" "$ctx"
small "diff --json" 0 "" diff --json "$ctx" a.hvm
small "convert to JSON" 0 convert-xen-inferred convert --to=json "$ctx" a.json
small "convert from JSON" 0 convert-xen-inferred convert a.json b.ctx
small "convert to a release" 0 convert-xen-inferred \
    convert --target=4.20 "$ctx" c.ctx
small "convert --into" 0 "" convert --into=a.save "$ctx" b.save
small "fix" 0 fix-copy fix --target=4.20 a.save c.save
cp "$ctx" e.hvm
small "edit" 0 "" edit --set CPU/0.rip=1 e.hvm
small "edit of a save file" 0 "" edit --set CPU/0.rip=1 a.save
small "explain" 0 "" explain load-cr0
small "explain all" 0 "" explain
small "help" 0 "" help
done_testing
