#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# seeds.sh FOLDER: sound inputs of every kind, for the fuzzers to begin with.
out=$PWD/$1
srcdir=${srcdir:-.}/../commands
. "$srcdir/lib.sh"
. "$srcdir/corpus.sh"

corpus seeds 1 7 || exit 1
# logs, a host, releases
for name in "$srcdir/../data/explain"/* "$srcdir/../data/log-lines.txt"; do
    [ ! -f "$name" ] || head -c 20000 "$name" >"seeds/log-${name##*/}"
done
printf '{"format":"xl-context-host-1","xen_version":"4.17.3"}' >seeds/host
printf '4.17.5-3' >seeds/release
mkdir -p "$out" && cp seeds/* "$out"
