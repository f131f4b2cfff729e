#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each fuzz target on sound inputs of every kind, made by the tools, and on
# changed ones: COUNT of each, or COUNT=every for each bit and each length of
# the contexts ("make hardening").
# shellcheck disable=SC2086 # the programs are words
here=$(cd "${srcdir:-.}" && pwd)
sh "$here/seeds.sh" seeds.$$ || exit 99
trap 'rm -rf "seeds.$$"' EXIT
srcdir=$here/../commands
. "$srcdir/../tools/tap.sh"
: "${FUZZ_BUILD:?}" "${COUNT:=15}"

inputs="seeds.$$/*"
[ "$COUNT" != every ] ||
    inputs="seeds.$$/hvm seeds.$$/image seeds.$$/bare seeds.$$/wrapped"
for target in parse context stream source convert splice edit words command; do
    count=$COUNT
    # 20 ms each; nothing to flip in a context, or all that tests/commands run
    case $target in words | command) count=1 ;; esac
    ok "$target: all that has to hold does" \
        "$FUZZ_BUILD/replay-$target" "$count" $inputs
    sed -n 's/^.* files, /# /p' tap.out
done
not_ok "no file is no success" "$FUZZ_BUILD/replay-stream" 1 nowhere
done_testing
