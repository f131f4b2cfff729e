#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each fuzz target on sound inputs of every kind, made by the tools, and on
# changed ones.
# shellcheck disable=SC2086 # the programs are words
srcdir=${srcdir:-.}/../commands
. "$srcdir/lib.sh"
. "$srcdir/corpus.sh"
: "${FUZZ_BUILD:?}" "${COUNT:=200}"

corpus seeds 3 11 || exit 99
for target in context stream source; do
    ok "$target: all that has to hold does" \
        "$FUZZ_BUILD/replay-$target" "$COUNT" seeds/*
done
not_ok "no file is no success" "$FUZZ_BUILD/replay-stream" 1 nowhere
done_testing
