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
cp "$srcdir/../data/xl-context-1.json" seeds/json-old
# a context of an odd length, with other bytes than zeros behind it
head -c 1001 "$srcdir/../data/xen-4.17-hvm2.ctx" >odd.hvm
"$MKSAVE" -c odd.hvm odd.save && perl -e '
local $/;
my ($odd, $save) = map { open my $in, "<:raw", $_ or die; <$in> } @ARGV;
$save =~ s/\Q$odd\E\0{7}/${odd}padding/ or die;
binmode STDOUT;
print $save' odd.hvm odd.save >seeds/padding || exit 1
mkdir -p "$out" && cp seeds/* "$out"
